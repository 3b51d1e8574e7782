"""The executor for many records: Ibis expressions on DuckDB (or another database), measured once, decided many times.

For each record type every rule says which measures it needs; the frames compute them together; then each rule is a
column expression over its frame, and all rules of a frame are one query. What is asked is compiled once for rules, an
as-of day and a kind of database, and kept with the rules: a second run only asks.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import ibis
from ibis import _
from ibis.common.deferred import Deferred

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE, assessment
from lawgov_rules.columns import Frame, truth_of
from lawgov_rules.condition import negation, put
from lawgov_rules.frames import NO_INSTANCE
from lawgov_rules.judgement import SHIFT, conclude_column
from lawgov_rules.kinds._contract import Columns
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.tables import Compiler, Database, Program, Words, give_common, name_of, rows_of
from lawgov_rules.verdict import Assessment, Verdict

EXCUSE = (int(Verdict.excused) - int(Verdict.violated)) * SHIFT

# measures that no assessment keeps, but that name the missing facts
INTERNAL = ("unknown", "check", "lacking", "as_of")
# the columns of every query: then as many measures as its rules have
ROW = ("rule", "id", "organ", "key", "code", "reading", "verdicts", "missing", "in_doubt")
VERDICTS = 8  # more than there are verdicts: each reading's verdict is a digit of one number


class Row(NamedTuple):
    """A row of a result: the number of the rule, the record, the instance, what was decided, the measures."""

    rule: int
    id: Any
    organ: str | None
    key: int
    code: int
    reading: int
    verdicts: int
    missing: int
    in_doubt: bool
    measures: tuple[int | None, ...]

    @classmethod
    def of(cls, values: Sequence[Any]) -> Row:
        """The row of a result."""
        return cls._make((*values[: len(ROW)], tuple(values[len(ROW) :])))


def assess(
    records: Sequence[Record], rules: Rulesets, as_of: int, database: Database | None = None
) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type; the same as `live.assess`, in no fixed order."""
    mine = database or Database()
    try:
        by_type: dict[str, list[Record]] = {}
        for record in records:
            by_type.setdefault(record.type, []).append(record)
        give_common(mine, rules, {r.jurisdiction for r in records})
        words = words_of(rules)
        given: set[str] = set()
        for type_ in sorted(by_type):
            plans = planned(type_, rules, as_of, mine)
            for other in sorted(plans.program.types - given):
                for table, rows in rows_of(by_type.get(other, []), other, words, rules, as_of).items():
                    mine.give(name_of(other, table), rows)
                given.add(other)
            yield from judged(plans, mine, rules)
    finally:
        mine.close()


@dataclass(frozen=True)
class Plans:
    """The rules of one record type, and the program that judges by them."""

    plans: list[Plan]
    program: Program
    most: list[int]  # measures of each query


def words_of(rules: Rulesets) -> Words:
    """The canonical columns under these rules, made once."""
    if "words" not in rules.kept:
        rules.kept["words"] = Words(rules)
    found: Words = rules.kept["words"]
    return found


def planned(type_: str, rules: Rulesets, as_of: int, database: Database) -> Plans:
    """What judging the records of a type takes, compiled once."""
    key = (type_, rules.level, as_of, database.kind)
    if key not in rules.kept:
        chosen = [rule for rule in rules if rule.record == type_]
        compiler = Compiler(database, type_, words_of(rules), as_of)
        rules.kept[key] = Plans(*_plan(chosen, compiler))
    found: Plans = rules.kept[key]
    return found


class Count(NamedTuple):
    """How often a rule gave records of an organ a verdict."""

    rule: Rule
    organ: str | None
    verdict: Verdict
    number: int


def judged(plans: Plans, database: Database, rules: Rulesets) -> Iterator[Assessment]:
    """Every assessment that the program makes of what is in the database."""
    for plan, row in _run(plans, database):
        yield plan.assessment(row, rules)


def _run(plans: Plans, database: Database) -> Iterator[tuple[Plan, Row]]:
    """The rows of every query."""
    for query, _most in queries(plans, database):
        for row in database.rows(query):
            yield plans.plans[row[0]], Row.of(row)


def queries(plans: Plans, database: Database, verdicts: Iterable[Verdict] | None = None) -> Iterator[tuple[str, int]]:
    """Each query under `ROW` and measures ``m_0`` ..., and how many measures: to be asked before the next is taken.

    With ``verdicts`` it gives the rows of these, and rows without a record, whose ``key`` counts the rows of a rule, an
    organ and a ``code``: no more need leave the database.
    """
    for name, sql in plans.program.steps:
        database.keep(name, sql)
    for query, most in zip(plans.program.queries, plans.most, strict=True):
        yield (query if verdicts is None else _counted(query, most, verdicts)), most
    database.forget(*(name for name, _sql in plans.program.steps))


def _counted(query: str, most: int, verdicts: Iterable[Verdict]) -> str:
    """The rows of a query that are wanted, and its counts."""
    wanted = " OR ".join(f"code BETWEEN {v * SHIFT} AND {v * SHIFT + SHIFT - 1}" for v in verdicts) or "1 = 0"
    rest = ", ".join(["NULL", "NULL", "NULL", "NULL", *["NULL"] * most])
    counts = f"SELECT rule, NULL, organ, count(*), code, {rest} FROM judged GROUP BY rule, organ, code"
    return f"WITH judged AS MATERIALIZED ({query}) SELECT * FROM judged WHERE {wanted} UNION ALL {counts}"


@dataclass(frozen=True)
class Plan:
    """One rule, its number among those of its type, and the facts that its missing mask counts."""

    rule: Rule
    number: int
    facts: list[str]

    @property
    def measures(self) -> list[str]:
        """The measures of its rows, in order."""
        return _measures(self.rule)

    def assessment(self, row: Row, rules: Rulesets) -> Assessment:
        """A row of the result as an assessment."""
        key = None if row.key == NO_INSTANCE else row.key
        if row.code in (OUTSIDE, CONDITION_FALSE):
            return assessment(self.rule, row.id, None, row.code, vocabulary=rules.vocabulary)
        digits = [row.verdicts // VERDICTS**n % VERDICTS for n in range(len(self.rule.constraints))]
        return assessment(
            self.rule,
            row.id,
            key,
            row.code,
            reading=row.reading,
            verdicts=digits,
            missing=frozenset(name for n, name in enumerate(self.facts) if row.missing >> n & 1),
            in_doubt=row.in_doubt,
            measures=dict(zip(_measures(self.rule), row.measures, strict=False)),
            vocabulary=rules.vocabulary,
        )


def _measures(rule: Rule) -> list[str]:
    """The measures that the result of a rule carries, in order."""
    return list(dict.fromkeys((*INTERNAL, *next(iter(rule.constraints.values())).MEASURES)))


def _plan(chosen: list[Rule], compiler: Compiler) -> tuple[list[Plan], Program, list[int]]:
    """Ask every rule for its columns first, so that the frames are built once; then all rules of a frame together."""
    sources = compiler.sources(compiler.type_)
    records = Frame(sources, sources.records)
    asked: dict[int, list[tuple[Plan, list[Columns], list[Any]]]] = {}
    plans: list[Plan] = []
    most: list[int] = []
    for number, rule in enumerate(chosen):
        columns = [kind.columns(records, rule.force) for kind in rule.constraints.values()]
        if any(reading.frame is not columns[0].frame for reading in columns):
            raise AssertionError(f"the readings of {rule.key} have different instances")
        conditions = [
            truth_of(c, columns[0].frame, records.sources.as_of) if c else None for c in rule.condition_columns()
        ]
        plans.append(Plan(rule, number, []))
        asked.setdefault(id(columns[0].frame), []).append((plans[-1], columns, conditions))
    for together in asked.values():
        built = together[0][1][0].frame.build()
        most.append(max(len(_measures(plan.rule)) for plan, _c, _d in together))
        inside = compiler.words.inside
        each = [_judge(plan, columns, conditions, built, inside, most[-1]) for plan, columns, conditions in together]
        compiler.program.queries.append(" UNION ALL ".join(f"SELECT * FROM ({compiler.sql(e)}) AS q" for e in each))
    return plans, compiler.program, most


def _judge(plan: Plan, columns: list[Columns], conditions: list[Any], table: Any, inside_of: Any, most: int) -> Any:
    """The rows of a rule; its plan learns the names of the facts."""
    rule = plan.rule
    force = {"force_from": rule.force.first, "force_to": rule.force.last}
    excuse = _[f"r_{rule.excused_by}"] if rule.excused_by else None
    if excuse is not None and table.schema()[f"r_{rule.excused_by}"].is_boolean():
        excuse = ibis.ifelse(excuse, True, ibis.null("boolean"))
    codes: dict[str, Any] = {}
    for n, (kind, reading) in enumerate(zip(rule.constraints.values(), columns, strict=True)):
        for w, world in enumerate(reading.worlds):
            judged = kind.JUDGEMENT.column({**world, **force})
            judged = ibis.literal(judged) if isinstance(judged, int) else judged
            if excuse is not None:
                violated = judged // SHIFT == int(Verdict.violated)
                judged = ibis.ifelse(excuse.notnull() & violated, judged + EXCUSE, judged)
            codes[f"o_{n}_{w}"] = judged
    inside, applies, lacking = _applicability(conditions, _[inside_of(rule.places)])
    names = (*INTERNAL, *next(iter(rule.constraints.values())).MEASURES)
    read = [world.get(name) for r in columns for world in r.worlds for name in names]
    read += [gone for r in columns for gone in r.doubts.values()]
    table = _narrow(table, [inside, applies, *lacking.values(), *codes.values(), *read])
    table = table.mutate(inside=inside, applies=applies, **codes)
    certain = _.certain if "certain" in table.columns else True
    asked = [[_[f"o_{n}_{w}"] for w in range(len(reading.worlds))] for n, reading in enumerate(columns)]
    table = table.mutate(**conclude_column(asked, certain, _.applies, next(iter(rule.constraints.values())).IF_NOT))
    doubts: dict[str, Any] = {name: _.in_condition & gone for name, gone in lacking.items()}
    for reading in columns:
        for name, gone in reading.doubts.items():
            put(doubts, name, _.in_worlds & gone)
    facts = sorted(doubts)
    bits = [ibis.ifelse(doubts[fact], 1 << n, 0) for n, fact in enumerate(facts)]
    mask = functools.reduce(operator.add, bits)
    number = ibis.cases(
        (~ibis.coalesce(_.inside, True), OUTSIDE),
        (~ibis.coalesce(_.applies, True), CONDITION_FALSE),
        else_=_.code,
    )
    plan.facts.extend(facts)
    table = table.mutate(missing=mask, code=number, in_doubt=_.in_worlds | _.in_condition)
    return _selected(plan, columns, table, most)


def _narrow(table: Any, values: Iterable[Any]) -> Any:
    """The table with the columns that the values read: Ibis takes its time over every column it carries along."""
    known = dict.fromkeys(name for name in ("rid", "id", "organ", "key", "certain") if name in table.columns)
    for value in values:
        if isinstance(value, Deferred):
            (bound,) = table.bind(value)
            known |= dict.fromkeys(field.name for field in bound.op().find(ibis.expr.operations.Field))
    return table.select(*(name for name in table.columns if name in known))


def _selected(plan: Plan, columns: list[Columns], table: Any, most: int) -> Any:
    """The rows of a rule: one for a record it does not apply to, else one for each instance."""
    kept: dict[str, Any] = {}
    for n, name in enumerate(_measures(plan.rule)):
        values = [_int(reading.worlds[0].get(name)) for reading in columns]
        kept[f"m_{n}"] = (
            values[0]
            if len(values) == 1
            else ibis.cases(*((_.reading == r, v) for r, v in enumerate(values)), else_=ibis.null("int64"))
        )
    kept |= {f"m_{n}": ibis.null("int64") for n in range(len(kept), most)}
    digits = [_[f"verdict_{n}"] * VERDICTS**n for n in range(len(columns))]
    keyed = "key" in table.columns
    more = {} if keyed else {"key": ibis.literal(NO_INSTANCE, "int64")}
    table = table.mutate(rule=plan.number, verdicts=functools.reduce(operator.add, digits), **more, **kept)
    table = table.select(
        *(_[name].cast(CASTS[name]).name(name) if name in CASTS else name for name in ROW), "rid", *kept
    )
    excluded = _.code.isin([OUTSIDE, CONDITION_FALSE])
    found = table if not keyed else table.filter(~excluded).union(_one_each(table.filter(excluded)))
    return found.drop("rid")


# so that the rules of one query can stand under each other
CASTS = dict.fromkeys(("rule", "key", "code", "reading", "verdicts", "missing"), "int64")


def _one_each(table: Any) -> Any:
    """One row a record, whichever: they are the same but for their instance."""
    window = ibis.window(group_by="rid", order_by="key")
    return table.mutate(_n=ibis.row_number().over(window)).filter(_._n == 0).drop("_n")


def _int(value: Any) -> Any:
    return ibis.null("int64") if value is None else ibis.literal(value, "int64") if isinstance(value, int) else value


def _applicability(conditions: list[Any], inside: Any) -> tuple[Any, Any, dict[str, Any]]:
    """Whether the place is inside, whether the rule applies (NULL: unknown), and the facts that would tell."""
    when, unless = conditions
    applies: Any = inside
    lacking: dict[str, Any] = {"jurisdiction": _.jurisdiction.isnull()}
    for condition, holds in ((when, True), (unless, False)):
        if condition is not None:
            truth, missing = condition
            applies = applies & (truth if holds else negation(truth))
            for name, gone in missing.items():
                put(lacking, name, truth.isnull() & gone)
    return inside, applies, lacking

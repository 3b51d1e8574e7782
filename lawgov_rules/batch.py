"""The executor for many records: Ibis expressions on DuckDB (or another database), measured once, decided many times.

For each record type every rule says which measures it needs; the frames compute them together; then each rule is a
column expression over its frame, and all rules of a type are one query.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import _
from ibis.common.deferred import Deferred

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE, assessment
from lawgov_rules.columns import Frame, truth_of
from lawgov_rules.condition import negation, put
from lawgov_rules.frames import NO_INSTANCE, Sources
from lawgov_rules.judgement import SHIFT, conclude_column
from lawgov_rules.kinds._contract import Columns
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.tables import Database, Shared, calendar_tables, place_table, sources_of
from lawgov_rules.verdict import Assessment, Verdict

EXCUSE = (int(Verdict.excused) - int(Verdict.violated)) * SHIFT

# measures that no assessment keeps, but that name the missing facts
INTERNAL = ("unknown", "check", "lacking", "as_of")


def assess(
    records: Sequence[Record], rules: Rulesets, as_of: int, database: Database | None = None
) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type; the same as `live.assess`, in no fixed order."""
    mine = database or Database()
    try:
        yield from _assess(records, rules, as_of, mine)
    finally:
        if database is None:
            mine.close()


def _assess(records: Sequence[Record], rules: Rulesets, as_of: int, database: Database) -> Iterator[Assessment]:
    days, nth = calendar_tables(rules.calendar, [r.jurisdiction for r in records])
    by_type: dict[str, list[Record]] = {}
    for record in records:
        by_type.setdefault(record.type, []).append(record)

    @functools.cache
    def sources(type_: str) -> Sources:
        mine = by_type.get(type_, [])
        return sources_of(mine, type_, rules.vocabulary, rules.calendar, as_of, database, shared)

    shared = Shared(days, nth, place_table(rules.jurisdictions, (r.jurisdiction for r in records)), sources)
    for type_, mine in sorted(by_type.items()):
        chosen = [rule for rule in rules if rule.record == type_]
        if not chosen:
            continue
        places = sorted({r.jurisdiction for r in mine if r.jurisdiction})
        for plan, table in _plan(chosen, Frame(sources(type_), sources(type_).records), places, rules):
            for row in database.fetch(table).to_pylist():
                yield plan.assessment(mine[row["rid"]].id, row, rules)


@dataclass(frozen=True)
class _Plan:
    """One rule, what its columns mean, and the names of the facts that its missing mask counts."""

    rule: Rule
    columns: list[Columns]
    facts: list[str]

    def assessment(self, record: str, row: dict[str, Any], rules: Rulesets) -> Assessment:
        """A row of the result as an assessment."""
        key = None if row["key"] == NO_INSTANCE else row["key"]
        number = row["code"]
        if number in (OUTSIDE, CONDITION_FALSE):
            return assessment(self.rule, record, None, number, vocabulary=rules.vocabulary)
        reading = row["reading"]
        kind = list(self.rule.constraints.values())[reading]
        named = {*kind.MEASURES, *INTERNAL}
        measures = {name: row.get(f"m_{name}") for name in named}
        verdicts = [row[f"verdict_{n}"] for n in range(len(self.columns))]
        missing = frozenset(name for n, name in enumerate(self.facts) if row["missing"] >> n & 1)
        return assessment(
            self.rule,
            record,
            key,
            number,
            reading=reading,
            verdicts=verdicts,
            missing=missing,
            in_doubt=row["in_doubt"],
            measures=measures,
            vocabulary=rules.vocabulary,
        )


def _plan(chosen: list[Rule], records: Frame, places: list[str], rules: Rulesets) -> Iterator[tuple[_Plan, Any]]:
    """Ask every rule for its columns first, so that the frames are built once; then judge rule by rule."""
    asked = []
    for rule in chosen:
        columns = [kind.columns(records, rule.force) for kind in rule.constraints.values()]
        if any(reading.frame is not columns[0].frame for reading in columns):
            raise AssertionError(f"the readings of {rule.key} have different instances")
        conditions = [
            truth_of(c, columns[0].frame, records.sources.as_of) if c else None for c in rule.condition_columns()
        ]
        asked.append((rule, columns, conditions))
    built: dict[int, Any] = {}
    for rule, columns, conditions in asked:
        frame = columns[0].frame
        if id(frame) not in built:
            built[id(frame)] = frame.build()
        yield _judge(rule, columns, conditions, built[id(frame)], places, rules)


def _judge(
    rule: Rule, columns: list[Columns], conditions: list[Any], table: Any, places: list[str], rules: Rulesets
) -> tuple[_Plan, Any]:
    force = {"force_from": rule.force.first, "force_to": rule.force.last}
    excuse = _[f"r_{rule.excused_by}"] if rule.excused_by else None
    if excuse is not None and rules.vocabulary.attributes[str(rule.excused_by)].type == "boolean":
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
    inside, applies, lacking = _applicability(rule, conditions, places, rules)
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
    plan = _Plan(rule, columns, facts)
    table = table.mutate(missing=mask, code=number, in_doubt=_.in_worlds | _.in_condition)
    return plan, _selected(rule, columns, table)


def _narrow(table: Any, values: Iterable[Any]) -> Any:
    """The table with the columns that the values read: Ibis takes its time over every column it carries along."""
    known = dict.fromkeys(name for name in ("rid", "key", "certain") if name in table.columns)
    for value in values:
        if isinstance(value, Deferred):
            (bound,) = table.bind(value)
            known |= dict.fromkeys(field.name for field in bound.op().find(ibis.expr.operations.Field))
    return table.select(*(name for name in table.columns if name in known))


def _selected(rule: Rule, columns: list[Columns], table: Any) -> Any:
    """The rows of a rule: one for a record it does not apply to, else one for each instance."""
    kept: dict[str, Any] = {}
    for name in dict.fromkeys((*INTERNAL, *next(iter(rule.constraints.values())).MEASURES)):
        values = [_int(reading.worlds[0].get(name)) for reading in columns]
        kept[f"m_{name}"] = (
            values[0]
            if len(values) == 1
            else ibis.cases(*((_.reading == n, v) for n, v in enumerate(values)), else_=ibis.null("int64"))
        )
    verdicts = [f"verdict_{n}" for n in range(len(columns))]
    keyed = "key" in table.columns
    table = table.mutate(**kept)
    if not keyed:
        table = table.mutate(key=ibis.literal(NO_INSTANCE))
    table = table.select("rid", "key", "code", "reading", *verdicts, "missing", "in_doubt", *kept)
    excluded = _.code.isin([OUTSIDE, CONDITION_FALSE])
    return table if not keyed else table.filter(~excluded).union(_one_each(table.filter(excluded)))


def _one_each(table: Any) -> Any:
    """One row a record, whichever: they are the same but for their instance."""
    window = ibis.window(group_by="rid", order_by="key")
    return table.mutate(_n=ibis.row_number().over(window)).filter(_._n == 0).drop("_n")


def _int(value: Any) -> Any:
    return ibis.null("int64") if value is None else ibis.literal(value, "int64") if isinstance(value, int) else value


def _applicability(
    rule: Rule, conditions: list[Any], places: list[str], rules: Rulesets
) -> tuple[Any, Any, dict[str, Any]]:
    """Whether the place is inside, whether the rule applies (NULL: unknown), and the facts that would tell."""
    mine = [code for code in places if rules.inside(rule, code)]
    inside = ibis.ifelse(_.jurisdiction.isnull(), ibis.null("boolean"), _.jurisdiction.isin(mine))
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

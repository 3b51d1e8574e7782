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

from ibis import _

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE, assessment
from lawgov_rules.columns import Frame, truth_of
from lawgov_rules.database import Database
from lawgov_rules.frames import NO_INSTANCE, identity
from lawgov_rules.judgement import SHIFT
from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.rule_query import ROW, VERDICTS, RuleQuery, measures_of
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.tables import Compiler, Program, Words, give_common, name_of, rows_of
from lawgov_rules.verdict import Assessment, Verdict


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
        (database.keep if name in plans.program.shared else database.once)(name, sql)
    for query, most in zip(plans.program.queries, plans.most, strict=True):
        yield (query if verdicts is None else _counted(query, most, verdicts)), most
    database.forget(*(name for name, _sql in plans.program.steps))


def _counted(query: str, most: int, verdicts: Iterable[Verdict]) -> str:
    """The rows of a query that are wanted, and its counts."""
    wanted = " OR ".join(f"code BETWEEN {v * SHIFT} AND {v * SHIFT + SHIFT - 1}" for v in verdicts)
    rest = ", ".join(f"NULL AS {name}" for name in (*ROW[5:], *(f"m_{n}" for n in range(most))))
    own = "rule, CAST(NULL AS TEXT) AS id, organ, count(*) AS key, code"
    counts = f"SELECT {own}, {rest} FROM judged GROUP BY rule, organ, code"
    if not wanted:  # nothing but what they count need be computed
        return f"WITH judged AS ({query}) {counts}"
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
        return measures_of(self.rule)

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
            measures=dict(zip(measures_of(self.rule), row.measures, strict=False)),
            vocabulary=rules.vocabulary,
        )


def _plan(chosen: list[Rule], compiler: Compiler) -> tuple[list[Plan], Program, list[int]]:
    """Ask every rule for its columns first, so that the frames are built once; then all rules of a frame together."""
    sources = compiler.sources(compiler.type_)
    records = Frame(sources, sources.records)
    asked: dict[int, list[RuleQuery]] = {}
    plans: list[Plan] = []
    for number, rule in enumerate(chosen):
        columns = [kind.columns(records, rule.force) for kind in rule.constraints.values()]
        frame = columns[0].frame
        if any(reading.frame is not frame for reading in columns):
            raise AssertionError(f"the readings of {rule.key} have different instances")
        conditions = [truth_of(c, frame, sources.as_of) if c else None for c in rule.condition_columns()]
        query = RuleQuery(rule, number, columns, conditions, _[compiler.words.inside(rule.places)])
        plans.append(Plan(rule, number, query.facts()))
        asked.setdefault(id(frame), []).append(query)
    most: list[int] = []
    for together in asked.values():
        scopes = {identity(query.scope): query.scope for query in together}
        scope = functools.reduce(operator.or_, scopes.values())
        built = together[0].columns[0].frame.build(set().union(*(query.reads() for query in together)), scope)
        most.append(max(len(measures_of(query.rule)) for query in together))
        each = [part for query in together for part in query.queries(sources.records, built, most[-1])]
        compiler.program.queries.append(" UNION ALL ".join(f"SELECT * FROM ({compiler.sql(e)}) AS q" for e in each))
    return plans, compiler.program, most

"""What `batch` works out in columns, beside the same worked out one by one in Python or by hand."""

from __future__ import annotations

import datetime as dt
import itertools

import ibis
import pyarrow as pa
import pytest
from ibis import _

import lawgov_rules as lr
from lawgov_rules.database import Database
from lawgov_rules.days import to_day
from lawgov_rules.frames import fields_read
from lawgov_rules.judgement import code, conclude, conclude_steps
from lawgov_rules.kinds.quota import Quota
from lawgov_rules.tables import Program
from lawgov_rules.verdict import Verdict
from tests.kinds.build import rules_of

# every verdict that decides how readings are settled, and two that do not
CODES = [
    code(Verdict.compliant, "on_time"),
    code(Verdict.violated, "late"),
    code(Verdict.pending, "not_due"),
    code(Verdict.undetermined, "fact_missing"),
    code(Verdict.excused, "late"),
    code(Verdict.not_applicable, "not_triggered"),
]
PERIODS = {"year": 12, "half": 6, "quarter": 3, "month": 1}


def asked(
    table: pa.Table, made: ibis.Deferred | list[dict[str, ibis.Deferred]], *names: str
) -> list[tuple[object, ...]]:
    """The columns of a table after steps, each of which reads those before."""
    database = Database()
    try:
        expression = ibis.memtable(table)
        for step in made:
            expression = expression.mutate(**step)
        return list(database.rows(database.compile(expression.select(*names), fused=False)))
    finally:
        database.close()


@pytest.mark.parametrize("if_not", [int(Verdict.not_applicable), int(Verdict.compliant)])
def test_readings_and_worlds_are_concluded_as_for_one_record(if_not: int) -> None:
    """Every combination of two readings with two worlds each, an instance in doubt, and an unknown condition."""
    cases = list(itertools.product(*[CODES] * 4, (True, False), (True, None)))
    names = ("a", "b", "c", "d", "certain", "applies")
    table = pa.table({name: list(column) for name, column in zip(names, zip(*cases, strict=True), strict=True)})
    steps = conclude_steps([[_.a, _.b], [_.c, _.d]], _.certain, _.applies, if_not)
    found = ("code", "reading", "verdict_0", "verdict_1", "in_worlds", "in_condition")
    rows = asked(table, steps, *names, *found)
    assert len(rows) == len(cases)
    for a, b, c, d, certain, applies, *answer in rows:
        expected = conclude([[a, b], [c, d]], certain, applies, if_not)  # type: ignore[list-item]
        told = (expected.code, expected.reading, *expected.verdicts, expected.in_worlds, expected.in_condition)
        assert tuple(answer) == told, (a, b, c, d, certain, applies)


@pytest.mark.parametrize("per", ["day", *PERIODS])
def test_a_day_lies_in_one_period(per: str) -> None:
    """Five years of days, one before 1970 and a leap day among them, beside the periods that are listed."""
    (rule,) = rules_of(f"{{kind: quota, of: a, at_least: 1, per: {per}}}", ("1968-01-01", "1972-12-31"))
    (quota,) = rule.constraints.values()
    assert isinstance(quota, Quota)
    first, last = to_day(dt.date(1968, 1, 1)), to_day(dt.date(1972, 12, 31))
    begins = {day: begin for begin, end in quota.periods(first, last, last) for day in range(begin, end + 1)}
    table = pa.table({"day": range(first, last + 1)})
    rows = asked(table, [{"period": quota._period_of(_.day)}], "day", "period")
    assert dict(rows) == begins  # type: ignore[comparison-overlap]


def test_the_columns_that_are_read_are_told() -> None:
    deep = ibis.ifelse(_["a b"].isin(["x"]) & (_.c > 3), _.d + 1, ibis.null("int64")).max(where=_.e == "f")
    assert fields_read([deep, {"g": _.g}]) >= {"a b", "c", "d", "e", "g"}
    assert not {"x", "f", "where", "h"} & fields_read(deep)
    assert fields_read([None, 3, "a", True]) == set()


def test_a_step_that_is_read_twice_is_kept() -> None:
    """``p`` is read by ``q`` and by a query, ``q`` by two queries, ``r`` by one alone."""
    steps = [("p", "SELECT 1"), ("q", 'SELECT * FROM "p"'), ("r", 'SELECT * FROM "q"')]
    program = Program(steps, ['SELECT * FROM "r"', 'SELECT * FROM "p"'], set())
    assert program.shared == {"p"}


@pytest.mark.parametrize("show", [(), ("violated",), ("violated", "compliant", "not_applicable")])
def test_what_is_shown_changes_no_count(show: tuple[str, ...]) -> None:
    """Counts alone, and with findings, are two queries; a record outside the place is counted once by every rule."""
    rules = lr.load_rulesets().at("core")
    records = {
        "record": ["甲", "乙", "丙"],
        "type": ["normative_document"] * 3,
        "jurisdiction": ["450800", "140500", None],
        "organ": ["丁", "丁", "戊"],
    }
    events = {"record": ["甲", "乙"], "event": ["published"] * 2, "date": ["2012-03-01", "2012-03-01"]}
    tables = {"records": pa.table(records), "events": pa.table(events)}
    batch = lr.check(tables, rules, as_of="2013-12-31", engine="batch", show=show)
    live = lr.check(tables, rules, as_of="2013-12-31", engine="live", show=show)
    assert batch.summary == live.summary
    one, other = ([{**f, "source": None} for f in report.findings] for report in (batch, live))
    assert one == other

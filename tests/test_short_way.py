"""Rows that are written plainly throughout are taken as they stand; one cell that is not sends all rows of its word the
long way, and only those. Either way a report says what Python says of the same rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from lawgov_rules import short_way
from lawgov_rules.intake import Intake
from lawgov_rules.ruleset import Rulesets
from tests.test_databases import compare, in_duckdb

AS_OF = (dt.date(2014, 6, 30) - dt.date(1970, 1, 1)).days
RULES = {"jincheng-2009/nd-county-filing-15d", "jincheng-2009/study-hours-40", "guigang-2011/recon-two-handlers"}
TYPES = {
    **dict.fromkeys(("record", "type", "jurisdiction", "organ", "issuer_level", "issued_in_name_of"), pa.string()),
    **dict.fromkeys(("event", "to", "topic", "role", "person", "shortening_reason"), pa.string()),
    "service_from": pa.date32(), "hours": pa.float64(), "sequence": pa.string(),
}  # fmt: skip
DATES = {"days": pa.date32(), "moments": pa.timestamp("us"), "text": pa.string()}
Rows = dict[str, list[dict[str, Any]]]
ALL = {
    "records": {"normative_document", "staff_member", "reconsideration_case"},
    "events": {"published", "filed", "trained", "decided"},
    "participants": {"handler", "clerk"},
}


def plain() -> Rows:
    """Two documents, two people and a case, all written as their reader writes them."""
    document = {
        "type": "normative_document",
        "jurisdiction": "140581",
        "organ": "甲县人民政府",
        "issuer_level": "county",
    }
    document["issued_in_name_of"] = "government"
    person: dict[str, Any] = {"type": "staff_member", "jurisdiction": "140581", "organ": "甲县人民政府"}
    day = dt.date
    return {
        "records": [
            {"record": "甲政发〔2012〕3号", **document},
            {"record": "nd-2", **document},
            {"record": "张三", **person, "service_from": day(2011, 5, 1)},
            {"record": "sm-2", **person},
            {"record": "rc-1", "type": "reconsideration_case", "jurisdiction": "450821", "organ": "乙县人民政府"},
        ],
        "events": [
            {"record": "甲政发〔2012〕3号", "event": "published", "date": day(2012, 3, 1)},
            {"record": "甲政发〔2012〕3号", "event": "filed", "date": day(2012, 3, 20), "to": "city_government"},
            {"record": "nd-2", "event": "published", "date": day(2013, 5, 6)},
            {"record": "张三", "event": "trained", "date": day(2012, 6, 1), "topic": "law", "hours": 39.5},
            {"record": "sm-2", "event": "trained", "date": day(2012, 6, 1), "topic": "law", "hours": 44.0},
            {"record": "rc-1", "event": "decided", "date": day(2013, 2, 3)},
        ],
        "participants": [
            {"record": "rc-1", "role": "handler", "person": "李四"},
            {"record": "rc-1", "role": "clerk", "person": "P7"},
        ],
    }


def tables_of(rows: Rows, dates: str) -> dict[str, pa.Table]:
    types = TYPES | {"date": DATES[dates]}
    found = {}
    for name, lines in rows.items():
        columns = list(dict.fromkeys(c for row in lines for c in row))
        found[name] = pa.table({c: pa.array([_cell(r.get(c), c, dates) for r in lines], types[c]) for c in columns})
    return found


def _cell(value: Any, column: str, dates: str) -> Any:
    if column != "date" or not value or dates == "days":
        return value
    return value.isoformat() if dates == "text" else dt.datetime.combine(value, dt.time(9, 30))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The words of each table whose rows go the short way, once the tables are read."""
    found: dict[str, set[str]] = {}
    words = Intake._words

    def spied(self: Intake, table: str) -> Any:
        read = words(self, table)
        found[table] = set(read[1])
        return read

    monkeypatch.setattr(Intake, "_words", spied)
    return found


@pytest.fixture(scope="module")
def asked(rules: Rulesets) -> Rulesets:
    """Three rules, compiled once for all tests."""
    return rules.only(RULES)


def judge(rows: Rows, asked: Rulesets, dates: str = "days") -> Any:
    tables = tables_of(rows, dates)
    return compare(tables, asked, AS_OF, *in_duckdb(tables))


@pytest.mark.parametrize("dates", DATES)
def test_what_is_plain_goes_the_short_way(dates: str, asked: Rulesets, short: dict[str, set[str]]) -> None:
    """Filed on the 19th day: late; the other document not at all, which is late as well. 39.5 hours are too few."""
    judged = judge(plain(), asked, dates)
    assert short == ALL
    assert (judged.read, judged.checked, judged.problems) == (5, 5, [])
    late = {(a.record, a.verdict.name) for a in judged.found.assessments() if a.rule.endswith("filing-15d")}
    assert late == {("甲政发〔2012〕3号", "violated"), ("nd-2", "violated")}
    hours = {(a.record, a.verdict.name) for a in judged.found.assessments() if a.instance == "2012"}
    assert hours == {("张三", "violated"), ("sm-2", "compliant")}


# table, row, what its cells become, the words that go the long way for it
CELLS: dict[str, tuple[str, int, dict[str, Any], set[str]]] = {
    "an id with a blank, of an event": ("events", 1, {"record": "甲政发〔2012〕3号 "}, set()),
    "an id in other brackets, of an event": ("events", 1, {"record": "甲政发[2012]第03号"}, set()),
    "an id of nobody": ("events", 2, {"record": "nd-9"}, set()),
    "no id, of an event": ("events", 2, {"record": None}, set()),
    "an id in other brackets": ("records", 0, {"record": "甲政发[2012]第03号"}, set()),
    "an id with a blank": ("records", 3, {"record": " sm-2"}, {"staff_member"}),
    "an id with a blank that Python knows": ("records", 3, {"record": "sm-2\u2003"}, set()),
    "no id": ("records", 3, {"record": None}, {"staff_member"}),
    "the id of an example": ("records", 3, {"record": "Example"}, {"staff_member"}),
    "an id twice": ("records", 1, {"record": "甲政发〔2012〕3号"}, set()),
    "an id of two types": ("records", 1, {"record": "张三"}, set()),
    "a type by its label": ("records", 1, {"type": "规范性文件"}, set()),
    "no type": ("records", 1, {"type": ""}, set()),
    "a place that is none": ("records", 3, {"jurisdiction": "14058x"}, {"staff_member"}),
    "an organ with a blank": ("records", 3, {"organ": "甲县人民政府　"}, {"staff_member"}),
    "an empty cell": ("records", 3, {"organ": ""}, set()),
    "a word that is none": ("records", 1, {"issuer_level": "shire"}, {"normative_document"}),
    "a word by its label": ("records", 1, {"issuer_level": "县级"}, {"normative_document"}),
    "an attribute of another type": ("records", 4, {"issuer_level": "county"}, {"reconsideration_case"}),
    "an event that is none": ("events", 2, {"event": "publishd"}, set()),
    "no event": ("events", 2, {"event": None}, set()),
    "an event of another type": ("events", 2, {"event": "decided"}, set()),
    "a day out of reach": ("events", 2, {"date": dt.date(1948, 12, 31)}, {"published"}),
    "a day to come": ("events", 2, {"date": dt.date(2014, 7, 1)}, set()),
    "no day": ("events", 3, {"date": None}, {"trained"}),
    "a figure that is none": ("events", 3, {"hours": float("nan")}, {"trained"}),
    "a figure that is too fine": ("events", 3, {"hours": 4.0000001}, {"trained"}),
    "a figure where none may be": ("events", 2, {"hours": 4.0}, {"published"}),
    "a word where none may be": ("events", 2, {"topic": "law"}, {"published"}),
    "a word with a blank": ("events", 1, {"to": "city_government "}, {"filed"}),
    "a name with a blank within": ("participants", 0, {"person": "李　四"}, {"handler"}),
    "two names": ("participants", 1, {"person": "李四 王五"}, {"clerk"}),
    "no name": ("participants", 0, {"person": ""}, {"handler"}),
    "a role that is none": ("participants", 0, {"role": "cook"}, set()),
}


@pytest.mark.parametrize("case", CELLS)
def test_what_is_not_goes_the_long_way(case: str, asked: Rulesets, short: dict[str, set[str]]) -> None:
    table, row, cells, gone = CELLS[case]
    rows = plain()
    rows[table][row] |= cells
    judge(rows, asked, "text" if "day" in case else "days")
    words = {"records": "type", "events": "event", "participants": "role"}
    there = {name: {r[words[name]] for r in rows[name]} & known for name, known in ALL.items()}
    assert short == there | {table: there[table] - gone}


@pytest.mark.parametrize(
    "types", [["normative_document", ""], ["normative_document", "staff_member"], ["规范性文件", None]]
)
def test_events_that_name_the_type_of_their_record(types: list[str], asked: Rulesets) -> None:
    """Right, not at all, wrong, and by its label."""
    rows = plain()
    for row, type_ in zip(rows["events"][:2], types, strict=True):
        row["type"] = type_
    judge(rows, asked)


def test_an_order_within_a_day(asked: Rulesets, short: dict[str, set[str]]) -> None:
    """Published and filed on the same day, in the other order."""
    rows = plain()
    rows["events"][1]["date"] = dt.date(2012, 3, 1)
    for row, place in zip(rows["events"][:2], ("2", "1"), strict=True):
        row["sequence"] = place
    judge(rows, asked)
    assert short == ALL


@pytest.mark.parametrize(
    ("limit", "dates", "closed"), [("MOST_TYPES", "days", set(ALL)), ("MOST_DATES", "text", {"events"})]
)
def test_what_is_too_much_goes_the_long_way(
    limit: str,
    dates: str,
    closed: set[str],
    asked: Rulesets,
    short: dict[str, set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(short_way, limit, 2)
    judge(plain(), asked, dates)
    assert short == {name: set() if name in closed else words for name, words in ALL.items()}

"""The three tables say the same as the documents, whatever holds them; stray rows are reported."""

from __future__ import annotations

import copy
import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lawgov_rules as lr
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Reading
from lawgov_rules.verdict import Verdict
from lawgov_rules.yaml_file import Document
from tests.conftest import CASES
from tests.test_input import DAY_HELP, counts, put, said

RULES = lr.load_rulesets()
ALL = [verdict.name for verdict in Verdict]
Rows = list[dict[str, str]]
RECORDS = "record,type,jurisdiction,issuer_level,issued_in_name_of\n"
EVENTS = "record,event,date,to\n"
A = "a,normative_document,140581,county,government\n"
B = "b,normative_document,140581,county,government\n"
LATE = "a,published,2012-03-01,\na,filed,2012-03-20,city_government\n"


def flatten(values: list[dict[str, Any]]) -> dict[str, Rows]:
    """Records of YAML as rows of the three tables; ids repeat between types, so each row names its type."""
    tables: dict[str, Rows] = {"records": [], "events": [], "participants": []}
    for value in values:
        own = {"record": value["record"], "type": value["type"]}
        place = {key: value[key] for key in ("jurisdiction", "organ") if key in value}
        tables["records"].append(own | place | (value.get("attributes") or {}))
        for name in ("events", "participants"):
            tables[name] += [own | row for row in value.get(name) or []]
    return {
        name: [{key: text for key, text in row.items() if text is not None} for row in rows]
        for name, rows in tables.items()
    }


def columns(rows: Rows) -> dict[str, list[str | None]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def as_csv(tables: dict[str, Rows], folder: Path) -> Any:
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(columns(rows)))
            writer.writeheader()
            # several values in one cell stand side by side, as a person writes them
            writer.writerows({k: "、".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows)
    return folder


def as_parquet(tables: dict[str, Rows], folder: Path) -> Any:
    for name, rows in tables.items():
        pq.write_table(pa.table(columns(rows)), folder / f"{name}.parquet")
    return folder


def as_arrow(tables: dict[str, Rows], _folder: Path) -> Any:
    return {name: pa.table(columns(rows)) for name, rows in tables.items()}


def as_frames(tables: dict[str, Rows], _folder: Path) -> Any:
    return {name: pd.DataFrame(columns(rows)) for name, rows in tables.items()}


FORMS: list[Callable[[dict[str, Rows], Path], Any]] = [as_csv, as_parquet, as_arrow, as_frames]


def without_source(report: lr.Report) -> list[dict[str, Any]]:
    return [{key: value for key, value in found.items() if key != "source"} for found in report.findings]


@pytest.fixture(scope="module")
def cases() -> tuple[lr.Report, dict[str, Rows]]:
    """The report on every case as YAML, and the cases as rows."""
    found = [item.value for item in documents.read(CASES, Reading(RULES.vocabulary)) if isinstance(item, Document)]
    return lr.check(CASES, RULES, as_of="2013-12-31", show=ALL), flatten(found)


@pytest.mark.parametrize("form", FORMS)
def test_every_case_says_the_same_from_tables(
    form: Callable[[dict[str, Rows], Path], Any], cases: tuple[lr.Report, dict[str, Rows]], tmp_path: Path
) -> None:
    """Every finding of every verdict, in every field but the place where the record stands."""
    expected, tables = cases
    report = lr.check(form(tables, tmp_path), RULES, as_of="2013-12-31", show=ALL)
    assert report.problems == [] and len(report.findings) > 1000
    assert report.summary == expected.summary
    assert without_source(report) == without_source(expected)


def test_typed_columns_say_the_same_as_text() -> None:
    """Dates, moments, numbers and truth values as the libraries keep them."""
    officer = {"record": "a", "type": "staff_member", "jurisdiction": "140500"}
    text = {
        "records": [officer | {"organ_kind": "government", "level": "city", "service_from": "2012-07-01"}],
        "events": [
            {"record": "a", "event": "trained", "date": "2013-03-01", "hours": "19.5", "topic": "law"},
            {
                "record": "a",
                "event": "trained",
                "date": "2013-04-01T08:30:00",
                "hours": "20.5",
                "topic": "law",
            },
            {"record": "a", "event": "law_study_day", "date": "2013-05-01"},
        ],
    }
    typed = copy.deepcopy(text)
    typed["records"][0].update(jurisdiction=140500, service_from=dt.date(2012, 7, 1))  # type: ignore[arg-type]
    for row in typed["events"]:
        row["date"] = dt.datetime.fromisoformat(row["date"])  # type: ignore[assignment]
        row["hours"] = float(row["hours"]) if "hours" in row else None  # type: ignore[assignment]
    expected = lr.check(as_arrow(text, Path()), RULES, as_of="2013-12-31", show=ALL)
    assert expected.summary["verdicts"]["compliant"] >= 1  # 19.5 + 20.5 hours are the 40 of a year
    for form in (as_arrow, as_frames):
        report = lr.check(form(typed, Path()), RULES, as_of="2013-12-31", show=ALL)
        assert (report.problems, without_source(report)) == ([], without_source(expected))


def test_a_frame_of_mixed_types_is_read() -> None:
    """A column of a sheet easily holds numbers and words; it is text to us."""
    frame = pd.DataFrame({"record": [1, "b"], "type": ["organ", "organ"]}, dtype=object)
    report = lr.check({"records": frame}, RULES, as_of="2013-12-31")
    assert (report.problems, counts(report)) == ([], (2, 2, 0))
    assert {found["record"] for found in report.findings} <= {"1", "b"}


# the files of a folder, the counts, and the problems
TABLES: dict[str, tuple[dict[str, str | bytes], tuple[int, int, int], list[str]]] = {
    "a good one": ({"records.csv": RECORDS + A, "events.csv": EVENTS + LATE}, (1, 1, 0), []),
    "headings only": ({"records.csv": RECORDS, "events.csv": EVENTS}, (0, 0, 0), []),
    "orphans": (
        {"records.csv": RECORDS + A, "events.csv": EVENTS + LATE + LATE.replace("a,", "b,")},
        (2, 1, 1),
        ["events.csv:4: `b` is not in the records table (2 rows) (add the record, or mend its id or type here)"],
    ),
    "a bad event": (
        {"records.csv": RECORDS + A + B, "events.csv": EVENTS + "a,published,2012-02-30,\n"},
        (2, 1, 1),
        [f"events.csv:2:3: the date of `published`: `2012-02-30` is not a day of the calendar {DAY_HELP}"],
    ),
    "an unknown column": (
        {"records.csv": RECORDS.replace("issuer_level", "isuer_level") + A},
        (1, 0, 1),
        ["records.csv:1:4: `isuer_level` is not a known heading (did you mean `issuer_level`)"],
    ),
    "a duplicate": (
        {"records.csv": RECORDS + A + A, "events.csv": EVENTS + LATE},
        (2, 1, 1),
        ["records.csv:3:1: `a` stands at records.csv:2:1 already (ids are unique within a record type)"],
    ),
    # the line is that of the file, not the number of the row
    "a line break in a cell": (
        {"records.csv": 'record,type,organ,level\na,organ,"x\ny",city\nb,organ,x,cty\n'},
        (2, 1, 1),
        ["records.csv:4:4: `level`: `cty` is not a known value; did you mean `city`"],
    ),
    "an empty line": (
        {"records.csv": "record,type,level\na,organ,city\n\nb,organ,cty\n"},
        (2, 1, 1),
        ["records.csv:4:3: `level`: `cty` is not a known value; did you mean `city`"],
    ),
    "a short row": (
        {"records.csv": "record,type,level\na,organ,city\nb,organ\nc,organ,city\n"},
        (3, 2, 1),
        ["records.csv:3: 2 cells where the headings have 3 (fill in or take out cells, or quote commas)"],
    ),
    "a column twice": (
        {"records.csv": "record,type,type\na,organ,staff_member\n"},
        (1, 0, 1),
        ["records.csv:1:3: `type` stands twice (keep one of the two)"],
    ),
    # only an empty cell is unknown; some people are called Na
    "words that libraries take for nothing": (
        {"records.csv": "record,type,organ\nNA,organ,null\n"},
        (1, 1, 0),
        [],
    ),
    # no event on record means that it did not happen: without the table, every verdict would be an invention
    "events that cannot be read": (
        {"records.csv": RECORDS + A, "events.csv": (EVENTS + "a,published,2012-03-01,市\n").encode() + b"\xe5"},
        (1, 0, 1),
        ["events.csv:3: not a text in UTF-8 (save it as CSV UTF-8)"],
    ),
    "an event of two records": (
        {
            "records.csv": "record,type\na,organ\na,staff_member\n",
            "events.csv": "record,event,date\na,law_study_day,2012-01-05\n",
        },
        # the event may belong to either, so neither is judged
        (2, 0, 2),
        ["events.csv:2: `a` names several records (write its `type` here too)"],
    ),
    "another file beside them": (
        {"records.csv": RECORDS + A, "b.yaml": "record: b\ntype: organ\n"},
        (2, 2, 0),
        [],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str, tmp_path: Path) -> None:
    """A bad row costs its record only, and no row is passed over."""
    files, expected, problems = TABLES[name]
    report = lr.check(put(tmp_path, files), RULES, as_of="2013-12-31")
    assert (said(report, tmp_path), counts(report)) == (problems, expected)


def test_what_is_late_is_late(tmp_path: Path) -> None:
    """By hand: published on 1 March, due on the 16th, filed on the 20th. Agreement alone could be about nothing."""
    put(tmp_path, {"records.csv": RECORDS + A, "events.csv": EVENTS + LATE})
    [found] = lr.check(tmp_path, RULES, as_of="2013-12-31").findings
    assert (found["rule"], found["verdict"], found["due"], found["actual"]) == (
        "jincheng-2009/nd-county-filing-15d",
        "violated",
        "2012-03-16",
        "2012-03-20",
    )
    assert found["source"] == {"file": (tmp_path / "records.csv").as_posix(), "line": 2}


def test_an_unknown_table_is_refused() -> None:
    rows = pa.table({"record": ["a"], "type": ["organ"]})
    report = lr.check({"records": rows, "event": rows}, RULES, as_of="2013-12-31")
    assert [str(p) for p in report.problems] == [
        "event: `event` is not one of the three tables (did you mean `events`)"
    ]

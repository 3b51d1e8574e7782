"""Mappings: what is refused and where, and how rows become records."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.cli import main
from lawgov_rules.importers._mapped import _times, documents
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._rows import Row, Rows
from lawgov_rules.mapping import Mapping
from lawgov_rules.problems_zh import zh
from lawgov_rules.schema import SCHEMAS
from lawgov_rules.yaml_file import Document, parse_documents
from tests.conftest import ROOT
from tests.test_problems_zh import _is_chinese

RULES = lr.load_rulesets(ROOT / "tests" / "logs" / "rules")
LOGS = sorted((ROOT / "tests" / "logs").glob("*.yaml"))
FINES = "type: road_fine\nrecord: case\n"
PLACE = 'jurisdiction: "990000"\n'
LONG = FINES + "events:\n  - {event: {column: act, values: {Create: created, Pay: paid, Note: }}, date: day}\n"


def loaded(text: str, folder: Path) -> Mapping:
    (folder / "m.yaml").write_text(text, "utf-8")
    return Mapping.load(folder / "m.yaml")


def refused(text: str, folder: Path) -> list[str]:
    """The problems of a mapping, without the file's name."""
    with pytest.raises(lr.MappingError) as error:
        loaded(text, folder).check(RULES.vocabulary)
    for problem in error.value.problems:
        for said in (problem.reason, problem.help):
            assert _is_chinese(zh(said)), zh(said)
    return [str(p).partition("m.yaml")[2].removeprefix(":") for p in error.value.problems]


def records(mapping: Mapping, *rows: dict[str, str]) -> list[dict[str, Any]]:
    """The documents of rows; those that are no documents as their text."""
    columns = {column for row in rows for column in row}
    source = Rows("f", (Row(n, row) for n, row in enumerate(rows, 2)), columns, complete=True)
    found = documents(source, mapping, Reading(RULES.vocabulary))
    return [item.value if isinstance(item, Document) else {"problem": str(item)} for item in found]


REFUSED = {
    "typo and missing": (
        "typ: road_fine\nrecord: case\n",
        ["1:1: `type` is missing (add `type:`)", "1:6: `typ` is not a known key (did you mean `type`)"],
    ),
    "unknown type": (
        "type: road_fin\nrecord: case\n",
        ["1:7: `road_fin` is not a known record type (did you mean `road_fine`)"],
    ),
    "a zone": (
        FINES + "zone: Asia/Beijing\n",
        ["3:7: `Asia/Beijing` is not a time zone (such as `Asia/Shanghai`, or `as_written`)"],
    ),
    "a zone that is a path": (
        FINES + "zone: ../../etc\n",
        ["3:7: `../../etc` is not a time zone (such as `Asia/Shanghai`, or `as_written`)"],
    ),
    "unmarked needs a zone": (
        FINES + "zone: as_written\nunmarked: UTC\n",
        ["4:11: `unmarked` needs a `zone` to bring moments to"],
    ),
    "two sources": (
        FINES + "attributes:\n  article: {column: a, constant: b}\n",
        ["4:12: a value has a `column` or a `constant`, and not both"],
    ),
    "a factor": (
        FINES + "attributes:\n  article: {column: a, factor: 1e9}\n",
        ["4:32: `1e9` is not a factor (such as `10000`, `0.01` or `1/60`)"],
    ),
    "a factor of a text": (
        FINES + "attributes:\n  article: {column: a, factor: '2'}\n",
        ["4:12: `factor` is for numbers, and `article` is none (take it out)"],
    ),
    "words, all at once": (
        FINES
        + "jurisdiction: 1405\nattributes:\n  artikel: a\n  vehicle_class: {column: v, values: {A: bike}}\n"
        + "events:\n  - {event: creatd, date: d}\n"
        + "  - {event: {column: a, values: {X: payed}}, date: d, attributes: {points: p, amount: q}}\n"
        + "participants: [{role: officr, person: r}]\n",
        [
            "3:15: `1405` is not a code of six digits such as `140581`",
            "5:12: `artikel` is not an attribute of a road_fine (did you mean `article`)",
            "6:42: `vehicle_class`: `bike` is not a known value; known: `car`, `lorry`, `motorcycle`",
            "8:13: `creatd` is not an event of a road_fine (did you mean `created`)",
            "9:37: `payed` is not an event of a road_fine (did you mean `paid`)",
            "9:87: `amount` is not an attribute of this event (known: `notification_type`, `points`, `total_paid`)",
            "10:23: `officr` is not a role of a road_fine (did you mean `officer`)",
        ],
    ),
    "empty": ("", [" the mapping is empty (`lawgov mapping` proposes one)"]),
    "no mapping at all": ("- a\n", ["1:1: this must be a mapping (write names and values)"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str, tmp_path: Path) -> None:
    text, expected = REFUSED[name]
    assert refused(text, tmp_path) == expected


def test_the_mappings_of_the_samples_meet_the_schema() -> None:
    schema = SCHEMAS["mapping"](RULES)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert len(LOGS) == 4
    for file in LOGS:
        Mapping.load(file).check(RULES.vocabulary)
        assert [e.message for e in validator.iter_errors(yaml.safe_load(file.read_text("utf-8")))] == [], file.name
    assert not validator.is_valid(yaml.safe_load("{type: road_fine, record: case, zones: UTC}"))


def test_a_long_table(tmp_path: Path) -> None:
    """Rows of a record stand anywhere; `Note` is left out; an event needs its day, a row without an event none."""
    mapping = loaded(LONG + "attributes: {article: art}\n", tmp_path)
    found = records(
        mapping,
        {"case": "1", "act": "Create", "day": "2012-03-01", "art": "7"},
        {"case": "2", "act": "Create", "day": "2012-03-02"},
        {"case": "1", "act": "Pay", "day": "2012-03-04", "art": "7"},
        {"case": "1", "act": "Note", "day": "2012-03-05"},
        {"case": "2", "art": "8"},
        {"case": "2", "act": "Pay"},
        {"act": "Pay", "day": "2012-03-01"},
    )
    one, two, stray = found
    assert one["events"] == [{"event": "created", "date": "2012-03-01"}, {"event": "paid", "date": "2012-03-04"}]
    assert (one["record"], one["type"], one["attributes"]) == ("1", "road_fine", {"article": "7"})
    assert two["events"][1] == {"event": "paid", "date": None}
    assert stray["problem"] == (
        "f:8: `case` is empty, so the row belongs to no record (1 rows) (fill in the record's id)"
    )


def test_a_wide_table(tmp_path: Path) -> None:
    """A column for each event; an empty one has not happened. The attribute goes to the event that carries it."""
    events = "events:\n  - {event: created, date: made, attributes: {points: p, total_paid: t}}\n"
    events += "  - {event: paid, date: paid}\n"
    mapping = loaded(FINES + events, tmp_path)
    (found,) = records(mapping, {"case": "1", "made": "2012-03-01", "p": "2", "t": "3", "paid": ""})
    assert found["events"] == [{"event": "created", "date": "2012-03-01", "points": "2"}]


def test_rows_that_differ(tmp_path: Path) -> None:
    """Of three rows the second says otherwise: a problem there, or the first or the last one."""
    rows = [{"case": "1", "art": a} for a in ("7", "8", "8")]
    table = pd.DataFrame(rows)
    report = lr.check(table, RULES, mapping=loaded(FINES + "attributes: {article: art}\n", tmp_path))
    assert [str(p) for p in report.problems] == [
        "(table):2: `article` is `8` here and `7` in line 1 of the same record (write `take: first` or `take: last` in "
        "the mapping, or make it part of an event)",
        "(table):3: `article` is `8` here and `7` in line 2 of the same record (write `take: first` or `take: last` in "
        "the mapping, or make it part of an event)",
    ]
    assert report.summary["checked"] == 0
    for take, expected in (("first", "7"), ("last", "8")):
        mapping = loaded(FINES + f"attributes: {{article: {{column: art, take: {take}}}}}\n", tmp_path)
        assert records(mapping, *rows)[0]["attributes"] == {"article": expected}


MOMENTS = [
    # written, zone, unmarked, the event's date, the day of an attribute
    ("2012-03-01T23:30:00+01:00", "as_written", None, "2012-03-01T23:30:00", "2012-03-01"),
    ("2012-03-01T23:30:00+01:00", "Asia/Shanghai", None, "2012-03-02T06:30:00", "2012-03-02"),
    ("2012-03-01T23:30:00+01:00", "Europe/Rome", None, "2012-03-01T23:30:00", "2012-03-01"),
    ("2012-07-01 00:30:00.123+02:00", "UTC", None, "2012-06-30T22:30:00", "2012-06-30"),
    ("2012-03-01T20:00:00Z", "Asia/Shanghai", None, "2012-03-02T04:00:00", "2012-03-02"),
    ("2012-03-01 20:00", "Asia/Shanghai", None, "2012-03-01T20:00:00", "2012-03-01"),
    ("2012-03-01 20:00", "Asia/Shanghai", "UTC", "2012-03-02T04:00:00", "2012-03-02"),
    ("2012-03-01", "Asia/Shanghai", "UTC", "2012-03-01", "2012-03-01"),
    ("soon", "Asia/Shanghai", None, "soon", "soon"),
    ("2012-02-30T10:00:00Z", "Asia/Shanghai", None, "2012-02-30T10:00:00Z", "2012-02-30T10:00:00Z"),
    ("9999-12-31T23:00:00Z", "Asia/Shanghai", None, "9999-12-31T23:00:00Z", "9999-12-31T23:00:00Z"),
]


@pytest.mark.parametrize(("written", "zone", "unmarked", "moment", "day"), MOMENTS)
def test_zones(written: str, zone: str, unmarked: str | None, moment: str, day: str, tmp_path: Path) -> None:
    """Worked by hand: Rome is an hour ahead of UTC in winter and two in summer, Shanghai eight always."""
    text = f"type: permit_application\nrecord: case\nzone: {zone}\nattributes: {{deadline: day}}\n"
    text += f"unmarked: {unmarked}\n" if unmarked else ""
    mapping = loaded(text + "events: [{event: received, date: day}]\n", tmp_path)
    (found,) = records(mapping, {"case": "1", "day": written})
    assert (found["events"][0]["date"], found["attributes"]["deadline"]) == (moment, day)


def test_a_form_of_dates(tmp_path: Path) -> None:
    """The form decides what 03/04/2012 is; what does not fit it stays, to be refused where dates are read."""
    mapping = loaded(FINES + "events: [{event: paid, date: {column: d, form: '%d/%m/%Y'}}]\n", tmp_path)
    found = records(mapping, {"case": "1", "d": "03/04/2012"}, {"case": "2", "d": "2012/13"})
    assert [f["events"][0]["date"] for f in found] == ["2012-04-03", "2012/13"]
    report = lr.check(pd.DataFrame([{"case": "2", "d": "2012/13"}]), RULES, mapping=mapping)
    (problem,) = report.problems
    assert (problem.place.line, problem.value) == (1, "2012/13")


@given(st.decimals(-(10**9), 10**9, places=3), st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_factor_is_exact(number: Decimal, over: int, under: int) -> None:
    """What comes out is the product, or its first 28 digits where it has no end."""
    exact = Fraction(number) * over / under
    found = Decimal(_times(str(number), Fraction(over, under)))
    assert abs(Fraction(found) - exact) <= abs(exact) / 10**27


def test_a_factor_and_what_is_no_number(tmp_path: Path) -> None:
    mapping = loaded(
        FINES + "events: [{event: paid, date: d, attributes: {total_paid: {column: c, factor: '0.01'}}}]\n", tmp_path
    )
    rows = [{"case": str(n), "d": "2012-03-01", "c": c} for n, c in enumerate(("3650", "much", "1e999999999"))]
    found = records(mapping, *rows)
    assert [f["events"][0]["total_paid"] for f in found] == ["36.5", "much", "1e999999999"]


def test_people_and_values_left_out(tmp_path: Path) -> None:
    """The same person of the same role counts once; a role that is not listed is left out."""
    people = "participants: [{role: {column: act, values: {Create: officer}, others: leave_out}, person: who}]\n"
    rows = [
        {"case": "1", "act": a, "who": w}
        for a, w in (("Create", "甲"), ("Create", "甲"), ("Pay", "乙"), ("Create", "丙"))
    ]
    (found,) = records(loaded(FINES + people, tmp_path), *rows)
    assert found["participants"] == [{"role": "officer", "person": "甲"}, {"role": "officer", "person": "丙"}]


def test_an_event_of_the_whole_record(tmp_path: Path) -> None:
    mapping = loaded(FINES + "events: [{event: paid, date: d, per: record}]\n", tmp_path)
    (found,) = records(mapping, {"case": "1", "d": "2012-03-01"}, {"case": "1"}, {"case": "1", "d": "2012-03-01"})
    assert found["events"] == [{"event": "paid", "date": "2012-03-01"}]
    report = lr.check(
        pd.DataFrame([{"case": "1", "d": d} for d in ("2012-03-01", "2012-03-02")]), RULES, mapping=mapping
    )
    assert [p.reason for p in report.problems] == [
        "`paid` is `2012-03-02` here and `2012-03-01` in line 1 of the same record"
    ]


def test_a_column_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is judged: the events of that column are not known. The place is the mapping's."""
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("case,act,days\n1,Create,2012-03-01\n", "utf-8")
    Path("m.yaml").write_text(LONG, "utf-8")
    report = lr.check("t.csv", RULES, mapping="m.yaml")
    assert [str(p) for p in report.problems] == [
        "m.yaml:4:80: `day` is not a column of what is read (did you mean `days`)"
    ]
    assert report.summary["checked"] == 0
    Path("m.yaml").write_text(LONG.replace("date: day", "date: {column: day, optional: true}"), "utf-8")
    assert lr.check("t.csv", RULES, mapping="m.yaml").summary["rejected"] == 1  # a day is missing


def test_only(tmp_path: Path) -> None:
    mapping = loaded(FINES + "only: {state: [done, over]}\n", tmp_path)
    found = records(
        mapping, *({"case": str(n), "state": s} for n, s in enumerate(("done", "begun", "over"))), {"case": "9"}
    )
    assert [f["record"] for f in found] == ["0", "2"]


def test_tables_of_all_kinds_are_read_alike(tmp_path: Path) -> None:
    rows = [{"case": "1", "act": "Create", "day": "2012-03-01"}, {"case": "1", "act": "Pay", "day": "2012-12-04"}]
    frame, mapping = pd.DataFrame(rows), loaded(LONG + PLACE, tmp_path)
    frame.to_csv(tmp_path / "t.csv", index=False)
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "t.parquet")
    sources: list[Any] = [tmp_path / "t.csv", tmp_path / "t.parquet", frame, pa.Table.from_pandas(frame)]
    found = []
    for source in sources:
        report = lr.check(source, RULES, mapping=mapping, as_of="2012-12-31", show=["violated", "compliant", "pending"])
        found.append([{k: v for k, v in f.items() if k != "source"} for f in report.findings])
    assert found[0] and all(f == found[0] for f in found)


def test_a_row_that_is_ragged_stops_its_record(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("case,act,day\n1,Create,2012-03-01\n2,Create\n2,Pay,2012-03-01\n", "utf-8")
    report = lr.check(tmp_path / "t.csv", RULES, mapping=loaded(LONG, tmp_path))
    assert (report.summary["checked"], report.summary["rejected"]) == (1, 1)
    assert "t.csv:3: 2 cells where the headings have 3" in str(report.problems[0])


def test_a_folder_with_its_mapping(tmp_path: Path) -> None:
    """The mapping is no case file; case files in our own form are read beside the table."""
    loaded(LONG, tmp_path)
    (tmp_path / "t.csv").write_text("case,act,day\n1,Create,2012-03-01\n", "utf-8")
    (tmp_path / "own.yaml").write_text("record: x\ntype: road_fine\n", "utf-8")
    report = lr.check(tmp_path, RULES, mapping=tmp_path / "m.yaml")
    assert sorted(record for _, record in report.records) == ["1", "x"] and report.problems == []
    assert len(report.receipt["inputs"]) == 3


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("case,act,day\n1,Create,2012-03-01\n1,Create,2012-03-02\n", "utf-8")
    Path("m.yaml").write_text(LONG + PLACE, "utf-8")
    rules = str(ROOT / "tests" / "logs" / "rules" / "road-fines")
    assert (
        main(["check", "t.csv", "--rules", rules, "--mapping", "m.yaml", "--as-of", "2012-12-31", "--format", "json"])
        == 1
    )
    report = json.loads(capsys.readouterr().out)
    assert {f["rule"]: f["detail"] for f in report["findings"]} == {"road-fines/fine-sent-90d": "missing"}
    assert main(["due", "t.csv", "--rules", rules, "--mapping", "m.yaml", "--as-of", "2012-04-01"]) == 0
    assert "2012-05-30" in capsys.readouterr().out  # 1 March + 90 days
    for command in ("check", "due"):
        Path("m.yaml").write_text("type: road_fin\nrecord: case\n", "utf-8")
        assert main([command, "t.csv", "--rules", rules, "--mapping", "m.yaml"]) == 2
        assert capsys.readouterr().err == (
            "lawgov: m.yaml:1:7: `road_fin` is not a known record type (did you mean `road_fine`)\n"
        )
        assert main([command, "t.csv", "--rules", rules, "--mapping", "none.yaml"]) == 2
        assert "none.yaml: cannot be read" in capsys.readouterr().err


CELL = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.dictionaries(st.sampled_from(["case", "act", "day", "who", "art"]), CELL, max_size=5), max_size=12))
def test_every_row_is_told_of(rows: list[dict[str, str]]) -> None:
    """Whatever stands in the cells, each row is in a record or in the count of the strays."""
    document = next(parse_documents(LONG + "attributes: {article: {column: art, take: last}}\n", "m.yaml"))
    assert isinstance(document, Document)
    mapping = Mapping.model_validate(document.value)
    filled = [{k: v.strip() for k, v in row.items() if v.strip()} for row in rows]
    source = Rows("f", (Row(n, row) for n, row in enumerate(filled, 1)), {"case", "act", "day", "art"}, complete=True)
    items = list(documents(source, mapping, Reading(RULES.vocabulary)))
    found = [item.value["record"] for item in items if isinstance(item, Document)]
    assert sorted(found) == sorted({row["case"] for row in filled if "case" in row})
    strays = sum("case" not in row for row in filled)
    assert [f"({strays} rows)" in p.reason for p in items if not isinstance(p, Document)] == [True] * bool(strays)
    told = sum(len(item.value["events"]) for item in items if isinstance(item, Document))
    assert told == sum("case" in r and r.get("act") != "Note" and ("act" in r or "day" in r) for r in filled)

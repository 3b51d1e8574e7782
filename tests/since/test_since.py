"""What is judged anew, worked out by hand; and what every way in gives a second time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

import lawgov_rules as lr
from lawgov_rules.ruleset import Rulesets
from tests.conftest import CASES
from tests.since.build import assert_equal
from tests.small import document, filing, write_rules


def put(folder: Path, name: str, *records: Any) -> Path:
    """A file of records; JSON is YAML, and each stands on a line of its own."""
    folder.mkdir(exist_ok=True)
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    (folder / name).write_text("\n---\n".join(lines), "utf-8")
    return folder


@pytest.fixture
def one(tmp_path: Path) -> Rulesets:
    """One rule: filed within 15 days of publication."""
    return lr.load_rulesets(write_rules(tmp_path / "rules", filing()))


def test_only_what_time_turns_is_judged(one: Rulesets, tmp_path: Path) -> None:
    """Published on 1 and 5 March 2012: due on the 16th and on the 20th, both working days. So the first turns on the
    17th, the second on the 21st; the third was filed in time and never turns."""
    records = document("a", "2012-03-01"), document("b", "2012-03-05"), document("c", "2012-03-01", "2012-03-09")
    folder, state = put(tmp_path / "cases", "a.yaml", *records), tmp_path / "state"
    assert assert_equal(folder, one, state, as_of="2012-03-10") == (3, 0)
    assert assert_equal(folder, one, state, as_of="2012-03-10") == (0, 3)
    assert assert_equal(folder, one, state, as_of="2012-03-16") == (0, 3)
    assert assert_equal(folder, one, state, as_of="2012-03-17") == (1, 2)
    report = lr.check(folder, one, as_of="2012-03-21", since=state)
    assert report.receipt["since"] == {"judged": 1, "taken_over": 2}
    assert [(f["record"], f["detail"]) for f in report.findings] == [("a", "missing"), ("b", "missing")]


def test_what_is_not_known_yet_comes_to_hand(one: Rulesets, tmp_path: Path) -> None:
    """An event of 12 March is invisible on the 10th, and is there on the 12th."""
    folder, state = put(tmp_path / "cases", "a.yaml", document("a", "2012-03-01", "2012-03-12")), tmp_path / "state"
    assert assert_equal(folder, one, state, as_of="2012-03-10") == (1, 0)
    assert assert_equal(folder, one, state, as_of="2012-03-11") == (0, 1)
    assert assert_equal(folder, one, state, as_of="2012-03-12") == (1, 0)


def test_what_is_written_elsewhere_is_the_same_record(one: Rulesets, tmp_path: Path) -> None:
    """Moved, renamed, lines shifted, keys in another order, a day written in another form: only its place is new."""
    written = document("a", "2012-03-01")
    folder, state = put(tmp_path / "cases", "a.yaml", written), tmp_path / "state"
    given = {"as_of": "2012-04-01"}
    assert assert_equal(folder, one, state, **given) == (1, 0)
    (folder / "a.yaml").replace(folder / "b.yaml")
    assert assert_equal(folder, one, state, **given) == (0, 1)
    written["events"][0]["date"] = "2012年3月1日"
    text = "\n\n" + json.dumps(dict(reversed(written.items())), ensure_ascii=False)
    (folder / "b.yaml").write_text(text, "utf-8")
    assert assert_equal(folder, one, state, **given) == (0, 1)
    (found,) = lr.check(folder, one, since=state, as_of="2012-04-01").findings
    assert found["source"] == {"file": (folder / "b.yaml").as_posix(), "line": 3}


def test_what_changes_comes_and_goes(one: Rulesets, tmp_path: Path) -> None:
    folder, state, given = tmp_path / "cases", tmp_path / "state", {"as_of": "2012-04-01"}
    put(folder, "a.yaml", document("a", "2012-03-01"), document("b", "2012-03-01"))
    assert assert_equal(folder, one, state, **given) == (2, 0)
    put(folder, "a.yaml", document("a", "2012-03-01", "2012-03-09"), document("b", "2012-03-01"))
    assert assert_equal(folder, one, state, **given) == (1, 1)
    put(folder, "b.yaml", document("c", "2012-03-01"))
    assert assert_equal(folder, one, state, **given) == (1, 2)
    put(folder, "a.yaml", document("b", "2012-03-01"))
    assert assert_equal(folder, one, state, **given) == (0, 2)


def test_an_id_that_stands_twice(one: Rulesets, tmp_path: Path) -> None:
    """The second is rejected as long as the first is there, also where both files are as they were."""
    folder, state, given = tmp_path / "cases", tmp_path / "state", {"as_of": "2012-04-01"}
    put(folder, "a.yaml", document("a", "2012-03-01"))
    put(folder, "b.yaml", document("a", "2012-03-01", "2012-03-09"), document("a", "2012-03-02"))
    assert assert_equal(folder, one, state, **given) == (1, 0)
    assert assert_equal(folder, one, state, **given) == (0, 1)
    (folder / "a.yaml").unlink()
    assert assert_equal(folder, one, state, **given) == (1, 0)
    assert len(lr.check(folder, one, since=state, as_of="2012-04-01").problems) == 1


def test_problems_and_notes_stay(one: Rulesets, tmp_path: Path) -> None:
    folder, state = put(tmp_path / "cases", "a.yaml", document("a", "2012-03-01"), {"record": "b"}), tmp_path / "state"
    (folder / "empty.yaml").write_text("", "utf-8")
    (folder / "broken.json").write_text("{", "utf-8")
    for judged in (1, 0):
        assert assert_equal(folder, one, state, as_of="2012-04-01") == (judged, 1 - judged)
        report = lr.check(folder, one, as_of="2012-04-01", since=state)
        assert (report.summary["read"], len(report.problems)) == (3, 2)
        assert [note.reason for note in report.advice] == ["no record stands in it"]


def test_other_rules_judge_everything(one: Rulesets, tmp_path: Path) -> None:
    folder, state, given = put(tmp_path / "cases", "a.yaml", document("a", "2012-03-01")), tmp_path / "s", "2012-03-20"
    assert assert_equal(folder, one, state, as_of=given) == (1, 0)
    longer = filing(constraint=filing()["constraint"] | {"within": "30 days"})
    other = lr.load_rulesets(write_rules(tmp_path / "rules", longer))
    assert assert_equal(folder, other, state, as_of=given) == (1, 0)
    assert assert_equal(folder, other, state, as_of=given) == (0, 1)
    report = lr.check(folder, one, as_of=given, since=state)
    assert [note.reason for note in report.advice] == [
        "rules, words, places, calendar or version are others than before; everything was judged anew"
    ]


def test_an_earlier_day_judges_everything(one: Rulesets, tmp_path: Path) -> None:
    """A day back hides events again, so nothing is taken over; the files are the same and not read again."""
    folder, state = put(tmp_path / "cases", "a.yaml", document("a", "2012-03-01")), tmp_path / "state"
    assert assert_equal(folder, one, state, as_of="2012-04-01") == (1, 0)
    assert assert_equal(folder, one, state, as_of="2012-03-10") == (1, 0)
    assert assert_equal(folder, one, state, as_of="2012-03-10") == (0, 1)
    assert assert_equal(folder, one, state, as_of="2012-04-01") == (1, 0)


def test_one_that_looks_at_another_is_judged_with_it(rules: Rulesets, tmp_path: Path) -> None:
    """All officers of a place are trained each year. One of a county changes: with him the county's organ is judged,
    and the city's, in which the county lies, but not the other county's. The same when a day of training comes."""
    one = rules.only({"guigang-2011/officer-training-coverage-100"})
    organs = [organ("甲县人民政府", "450821"), organ("乙市人民政府", "450881"), organ("某市人民政府", "450800")]
    officers = [officer("甲", "450821"), officer("乙", "450821"), officer("丙", "450881")]
    folder, state = put(tmp_path / "cases", "a.yaml", *officers, *organs), tmp_path / "state"
    assert assert_equal(folder, one, state, as_of="2013-06-01") == (6, 0)
    officers[0] = officer("甲", "450821", "2012-05-01", "2013-06-10")
    put(folder, "a.yaml", *officers, *organs)
    assert assert_equal(folder, one, state, as_of="2013-06-01") == (3, 3)
    assert assert_equal(folder, one, state, as_of="2013-06-09") == (0, 6)
    assert assert_equal(folder, one, state, as_of="2013-06-10") == (3, 3)
    put(folder, "a.yaml", *officers[1:], *organs)
    assert assert_equal(folder, one, state, as_of="2013-06-10") == (2, 3)


def officer(name: str, place: str, *trained: str) -> dict[str, Any]:
    events = [{"event": "trained", "date": day} for day in trained]
    return {"record": name, "type": "enforcement_officer", "jurisdiction": place, "events": events}


def organ(name: str, place: str) -> dict[str, Any]:
    return {"record": name, "type": "organ", "jurisdiction": place, "events": []}


def test_the_bundled_cases(rules: Rulesets, tmp_path: Path) -> None:
    """All kinds on bundled rules: two folders, over five years."""
    state, both = tmp_path / "state", [CASES / "jincheng-2009", CASES / "guigang-2011"]
    judged, none = assert_equal(both, rules, state, as_of="2010-01-01")
    assert judged > 1000
    assert none == 0
    for day in ("2010-01-02", "2012-02-29", "2014-12-31"):
        judged, taken_over = assert_equal(both, rules, state, as_of=day)
        assert judged > 0
        assert taken_over > 0


WAYS = ("csv", "xlsx", "tables", "parquet", "mapping", "json")


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in(way: str, rules: Rulesets, tmp_path: Path) -> None:
    """A file that is the same is not read again, one that changed is; both times as a whole check has it."""
    folder, more = tmp_path / "cases", {"as_of": "2012-12-31"}
    folder.mkdir()
    if way == "mapping":
        (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
        more["mapping"] = str(tmp_path / "mapping.yaml")
    for filed, judged in (("2012-03-20", 2), ("2012-03-20", 0), ("2012-03-16", 1)):
        write(way, folder, filed)
        assert assert_equal(folder, rules, tmp_path / "state", **more) == (judged, 2 - judged)


MAPPING = """\
type: normative_document
record: no
jurisdiction: "140581"
attributes: {issuer_level: {constant: county}, issued_in_name_of: {constant: government}}
events:
  - {event: published, date: published}
  - {event: filed, date: filed, attributes: {to: {constant: city_government}}}
"""
HEADINGS = ("文号", "行政区划", "制定机关层级", "发文名义", "公布", "报送备案", "报送备案·报送对象")


def write(way: str, folder: Path, filed: str) -> None:
    """Two documents, the first of which was filed on a day."""
    rows = [
        (f"甲{n}", "140581", "县级", "政府", "2012-03-01", day, "市政府") for n, day in ((1, filed), (2, "2012-03-09"))
    ]
    if way == "csv":
        (folder / "规范性文件.csv").write_text("\n".join(map(",".join, [HEADINGS, *rows])), "utf-8")
    elif way == "xlsx":
        book = openpyxl.Workbook()
        book.active.title = "规范性文件"
        for row in [HEADINGS, *rows]:
            book.active.append(row)
        # a workbook carries the time at which it was saved
        if not (folder / "表.xlsx").exists() or filed != "2012-03-20":
            book.save(folder / "表.xlsx")
    elif way == "mapping":
        lines = ["no,published,filed", *(f"{row[0]},{row[4]},{row[5]}" for row in rows)]
        (folder / "台账.csv").write_text("\n".join(lines), "utf-8")
    elif way == "json":
        named = {"issuer_level": "county", "issued_in_name_of": "government"}
        found = [document(row[0], row[4], row[5], attributes=named) for row in rows]
        (folder / "a.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    else:
        write_tables(folder, rows, "parquet" if way == "parquet" else "csv")


def write_tables(folder: Path, rows: list[tuple[str, ...]], suffix: str) -> None:
    with duckdb.connect() as made:
        made.execute("CREATE TABLE records (record TEXT, type TEXT, jurisdiction TEXT, issuer_level TEXT)")
        made.execute('CREATE TABLE events (record TEXT, event TEXT, date DATE, "to" TEXT)')
        for id_, place, _, _, published, filed, _ in rows:
            made.execute("INSERT INTO records VALUES (?, 'normative_document', ?, 'county')", [id_, place])
            made.execute("INSERT INTO events VALUES (?, 'published', ?, NULL)", [id_, published])
            made.execute("INSERT INTO events VALUES (?, 'filed', ?, 'city_government')", [id_, filed])
        for name in ("records", "events"):
            made.execute(f"COPY {name} TO '{folder / name}.{suffix}' (FORMAT {suffix})")


def test_records_of_a_program(one: Rulesets, tmp_path: Path) -> None:
    """Without a file to tell by, each is told by what it says."""
    folder = put(tmp_path / "cases", "a.yaml", document("a", "2012-03-01"), document("b", "2012-03-01"))
    records = list(lr.check(folder, one, as_of="2012-04-01").records.values())
    state, given = tmp_path / "state", {"as_of": "2012-04-01"}
    assert assert_equal(records, one, state, **given) == (2, 0)
    assert assert_equal(records[:1], one, state, **given) == (0, 1)


def test_what_is_refused(one: Rulesets, tmp_path: Path) -> None:
    for engine in ("batch", "durable"):
        with pytest.raises(ValueError, match="`since` goes with `live`"):
            lr.check([], one, since=tmp_path / "state", engine=engine)  # type: ignore[arg-type]
    with duckdb.connect(tmp_path / "a.duckdb"):
        pass
    with pytest.raises(lr.InputError) as refused:
        lr.check(tmp_path / "a.duckdb", one, since=tmp_path / "state")
    assert str(refused.value) == (
        f"{tmp_path / 'a.duckdb'}: a check with `--since` reads files and tables, or a table of a database through a "
        "mapping (check the database without it)"
    )
    assert not (tmp_path / "state").exists()

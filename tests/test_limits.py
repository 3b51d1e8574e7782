"""How large an input may be: told on the command line, and kept for every kind of file."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lawgov_rules as lr
from lawgov_rules.cli import main
from lawgov_rules.importers._reading import Limits, Reading
from lawgov_rules.problems_zh import zh
from tests.test_problems_zh import _is_chinese

RULES = lr.load_rulesets()
CSV = "案卷号,行政区划,公布\n" + "".join(f"甲政发〔2012〕{n}号,140581,2012-03-01\n" for n in range(1, 6))
Out = pytest.CaptureFixture[str]


def told(path: Path, **limits: int) -> list[tuple[str, str]]:
    found = lr.check(path, RULES, as_of="2013-12-31", limits=Limits(**limits)).problems
    assert all(_is_chinese(zh(text)) for p in found for text in (p.reason, p.help)), [zh(p.reason) for p in found]
    return [(str(p.place).removeprefix(f"{path.parent.as_posix()}/"), p.reason) for p in found]


def test_every_kind_of_table_keeps_them(tmp_path: Path) -> None:
    """Five rows below the headings: 4 rows, 2 columns or 8 characters a line are too few, 5, 3 and 80 are not."""
    path = tmp_path / "规范性文件.csv"
    path.write_text(CSV, "utf-8")
    assert told(path, rows=5, columns=3, piece_bytes=80) == []
    assert told(path, rows=4) == [("规范性文件.csv:6", "more than 4 rows")]
    assert told(path, columns=2) == [("规范性文件.csv:1", "more than 2 columns")]
    assert told(path, piece_bytes=8) == [("规范性文件.csv:1", "a line is longer than 8 characters")]
    assert told(path, file_bytes=100) == [("规范性文件.csv", "larger than 9.53674e-05 MB")]


def test_a_parquet_file_says_its_size_before_it_is_read(tmp_path: Path) -> None:
    """A hundred thousand rows of one word are a few kilobytes."""
    path = tmp_path / "records.parquet"
    pq.write_table(pa.table({"record": [str(n % 7) for n in range(100_000)], "type": ["organ"] * 100_000}), path)
    assert path.stat().st_size < 100_000
    assert told(path, rows=99_999) == [("records.parquet", "more than 99999 rows")]
    assert told(path, columns=1) == [("records.parquet", "more than 1 columns")]
    assert told(path, unpacked_bytes=1000)[0][1].startswith("unpacks to more than")


def test_nesting(tmp_path: Path) -> None:
    """Within `attributes` stands a value: two levels, and a list a third."""
    path = tmp_path / "a.yaml"
    path.write_text("record: a\ntype: organ\nattributes: {organ_kind: [a]}\n", "utf-8")
    assert told(path, depth=2) == [("a.yaml:3:26", "nested deeper than 2 levels")]
    assert "nested" not in told(path, depth=3)[0][1]


def test_a_view_of_a_database_is_not_read(tmp_path: Path) -> None:
    """A log in SQLite whose objects never end: it would fill the memory from a file of a few kilobytes."""
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW object AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS ocel_id, 'x' AS ocel_type FROM n"
        )
    database.close()
    from lawgov_rules.errors import InputError
    from lawgov_rules.importers import ocel

    with pytest.raises(InputError, match="`object` is a view"):
        ocel.rows(path, Reading(RULES.vocabulary))


@pytest.mark.parametrize(
    ("texts", "expected"),
    {
        "one": (["rows=2000000"], Limits(rows=2_000_000)),
        "several, with units": (["file_bytes=512M", "depth=40"], Limits(file_bytes=512 * 2**20, depth=40)),
        "none": ([], Limits()),
    }.values(),
    ids=["one", "several", "none"],
)
def test_limits_that_a_command_names(texts: list[str], expected: Limits) -> None:
    assert Limits.of(texts) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("row=5", "`row` is not a limit; known: `file_bytes`, `unpacked_bytes`, `unfolding`, `piece_bytes`, `rows`, "
                  "`columns`, `cells`, `values`, `depth`, `memory`, `disk`, `findings`"),
        ("rows", "`rows` is not a limit such as `rows=2000000` or `file_bytes=512M`"),
        ("rows=-1", "`rows=-1` is not a limit such as `rows=2000000` or `file_bytes=512M`"),
        ("rows=1e6", "`rows=1e6` is not a limit such as `rows=2000000` or `file_bytes=512M`"),
        ("rows=0", "`rows` must be a whole number from 1 to 1125899906842624"),
        ("depth=201", "`depth` must be a whole number from 1 to 200"),
    ],
)  # fmt: skip
def test_what_is_no_limit(text: str, reason: str, tmp_path: Path, capsys: Out) -> None:
    for command in ("check", "due"):
        assert main([command, str(tmp_path), "--limit", text]) == 2
        assert capsys.readouterr().err == f"lawgov: --limit: {reason}\n"
    assert main(["check", str(tmp_path), "--limit", text, "--lang", "zh"]) == 2
    assert _is_chinese(capsys.readouterr().err.removeprefix("lawgov: "))


def test_on_the_command_line(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "规范性文件.csv"
    path.write_text(CSV, "utf-8")
    for command in ("check", "due"):
        assert main([command, str(path), "--as-of", "2013-12-31", "--limit", "rows=4", "--lang", "zh"]) == 2
        assert "超过4行" in capsys.readouterr().out
        assert main([command, str(path), "--as-of", "2013-12-31", "--limit", "rows=5", "--lang", "zh"]) == 0
        capsys.readouterr()


def test_due_says_what_check_says_of_the_input(tmp_path: Path, capsys: Out) -> None:
    """The example row that is passed over, and a report that lies among the files."""
    (tmp_path / "规范性文件.csv").write_text(CSV + "示例,140581,2012-03-01\n", "utf-8")
    assert (
        main(["check", str(tmp_path), "--as-of", "2013-12-31", "--format", "json", "-o", str(tmp_path / "r.json")]) == 0
    )
    capsys.readouterr()
    said = []
    for command in ("check", "due"):
        assert main([command, str(tmp_path), "--as-of", "2013-12-31", "--lang", "zh"]) == 0
        said.append(capsys.readouterr().err)
    assert said[0] == said[1]
    assert "A7" not in said[0] and ":7:1: 示例行已略过" in said[0] and "不当作案卷读取" in said[0]


@pytest.mark.parametrize("what", ["written", "replaced", "taken away"])
def test_a_file_that_changes_while_it_is_read(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its hash was taken another hand writes it: still a sound table, but not the one that the receipt names."""
    from lawgov_rules.importers import csv

    path, other = tmp_path / "规范性文件.csv", tmp_path / "new"
    path.write_text(CSV, "utf-8")
    (tmp_path / "工作人员.csv").write_text("案卷号,行政区划\n张甲,140581\n", "utf-8")
    read = csv.rows_of

    def meanwhile(changed: Path, *rest: Any) -> Any:
        yield from read(changed, *rest)
        if changed == path and what == "written":
            path.write_text(CSV.replace("2012-03-01", "2012-03-02"), "utf-8")
        elif changed == path and what == "replaced":
            other.write_text(CSV, "utf-8")
            other.rename(path)
        elif changed == path:
            path.unlink()

    monkeypatch.setattr(csv, "rows_of", meanwhile)
    report = lr.check(tmp_path, RULES, as_of="2013-12-31")
    assert [(str(p.place), p.reason) for p in report.problems] == [(path.as_posix(), "changed while it was read")]
    assert (report.summary["read"], report.summary["checked"], report.summary["rejected"]) == (6, 1, 5)
    assert list(report.records) == [("staff_member", "张甲")]


def test_files_without_a_record_are_told(tmp_path: Path) -> None:
    (tmp_path / "规范性文件.csv").write_text("案卷号,公布\n", "utf-8")
    (tmp_path / "a.yaml").write_text("# nothing yet\n", "utf-8")
    report = lr.check(tmp_path, RULES, as_of="2013-12-31")
    assert report.problems == [] and report.summary["read"] == 0
    told = [(Path(a.place.file).name, a.reason) for a in report.advice]
    assert sorted(told) == [("a.yaml", "no record stands in it"), ("规范性文件.csv", "no record stands in it")]

"""Of more findings than people read, reports for people list the gravest and say where the rest is."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lawgov_rules import reports
from lawgov_rules.cli import main
from tests.conftest import ROOT
from tests.test_stored import FILED

RULES = str(ROOT / "rulesets" / "jincheng-2009")
Out = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four findings: 1 is 4 days late, 2 is 290 days late, of 4 two rules lack the same fact."""
    (tmp_path / "in").mkdir()
    for name, table in FILED.items():
        pq.write_table(table, tmp_path / "in" / f"{name}.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*words: str) -> int:
    return main(["check", "in", "--rules", RULES, "--as-of", "2012-12-31", *words])


def said(file: Path) -> str:
    """The text of a report."""
    if file.suffix != ".xlsx":
        return file.read_text("utf-8")
    with zipfile.ZipFile(file) as parts:
        return parts.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("engine", ["batch", "live"])
def test_the_gravest_and_where_the_rest_is(engine: str, folder: Path) -> None:
    """Violated comes before undetermined, so the record 4 is left out, in every such format and in no other."""
    files = {name: folder / f"r.{name}" for name in reports.formats()}
    words = [word for name, file in files.items() for word in ("--format", name, "-o", file.name)]
    assert check(*words, "--engine", engine, "--limit", "findings=2", "--lang", "en") == 1
    people = [name for name in files if reports.for_people(name)]
    assert people == ["html", "markdown", "text", "xlsx"]
    rest = (
        "4 findings, of which the 2 gravest are listed (by verdict, violated first; then by severity; then the longest"
    )
    every = "all are in r.csv, r.json, r.jsonl, r.junit, r.parquet, r.sarif."
    for name in people:
        text = said(files[name]).replace("\\", "")
        assert rest in text and every in text, name
    found = json.loads(files["json"].read_text("utf-8"))["findings"]
    assert [f["record"] for f in found] == pq.read_table(files["parquet"])["record"].to_pylist() == ["1", "2", "4", "4"]
    for name in ("html", "xlsx"):
        assert [f["fingerprint"] in said(files[name]) for f in found] == [True, True, False, False]


def test_in_chinese_and_without_another_file(folder: Path, capsys: Out) -> None:
    assert check("--limit", "findings=1", "--lang", "zh") == 1
    out = capsys.readouterr().out
    assert "结论共4项，这里只列最重的1项（先违反，再存疑、待查、未到期；再按违反程度；逾期久的在前）" in out
    assert "要全部结论，请加`--format parquet -o 结论.parquet`（或`jsonl`）。" in out
    assert "迟4天" not in out and "逾期290天" in out
    assert check("--limit", "findings=4", "--lang", "zh") == 1
    assert "结论共" not in capsys.readouterr().out


def test_a_table_of_findings_beside_the_tables_is_no_table(folder: Path, capsys: Out) -> None:
    """It is known by its metadata, and told; the tables beside it are judged as before."""
    assert check("--format", "parquet", "-o", "in/found.parquet", "--engine", "batch") == 1
    capsys.readouterr()
    assert check("--format", "json", "--engine", "batch", "--lang", "en") == 1
    told = capsys.readouterr()
    assert told.err == "lawgov: `in/found.parquet` is a report of lawgov_rules and was not read as case files\n"
    report = json.loads(told.out)
    assert (report["summary"]["read"], report["summary"]["rejected"], len(report["findings"])) == (4, 0, 4)
    assert report["findings"][0]["source"]["file"].endswith("in#records 1")

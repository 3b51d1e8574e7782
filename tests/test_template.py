"""What a template writes and somebody fills in, `check` reads: for every record type, as it reads YAML."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

import lawgov_rules as lr
from lawgov_rules import template
from lawgov_rules.cli import main
from lawgov_rules.verdict import Verdict
from tests.forms import drawn, filled, save
from tests.test_input_tables import without_source

RULES = lr.load_rulesets().at("full")
WORDS = RULES.vocabulary
ALL = [verdict.name for verdict in Verdict]
TYPES = list(WORDS.record_types)


def check(path: Path) -> lr.Report:
    return lr.check(path, RULES, as_of="2013-12-31", show=ALL, engine="live")


def as_yaml(values: list[dict[str, Any]], folder: Path) -> Path:
    path = folder / "a.json"
    path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("type_", TYPES)
def test_a_filled_in_template_says_the_same_as_yaml(type_: str, lang: str, tmp_path: Path) -> None:
    """Every finding of every verdict, in every field but the place; nothing is lost and nothing is made up."""
    values = drawn(type_, WORDS, 6, Random(f"{type_} {lang}"))
    expected = check(as_yaml(values, tmp_path))
    report = check(save(filled(type_, RULES, values, lang), tmp_path / "表.xlsx"))
    assert (report.problems, expected.problems) == ([], [])
    assert report.summary == expected.summary and report.summary["checked"] == 6
    assert without_source(report) == without_source(expected)
    assert {f["source"]["line"] for f in report.findings} <= set(range(3, 9))
    assert [advice.reason for advice in report.advice] == ["the example row is passed over"]


@pytest.mark.parametrize("type_", TYPES)
def test_the_example_fits_its_own_form(type_: str, tmp_path: Path) -> None:
    """Under another id, the example row is a record without a problem, every column used."""
    book = openpyxl.load_workbook(save(filled(type_, RULES, []), tmp_path / "a.xlsx"))
    book.worksheets[0].cell(2, 1).value = "甲政发〔2012〕1号"
    assert all(cell.value is not None for cell in book.worksheets[0][2])
    report = check(save(book, tmp_path / "b.xlsx"))
    assert (report.problems, report.summary["checked"], list(report.advice)) == ([], 1, [])


def test_what_rules_use_stands_first() -> None:
    """By hand: nd-county-filing-15d, a headline rule, asks for issuer_level, published and where it was filed to."""
    fields = template.fields("normative_document", RULES, "zh")
    headings = [field.heading for field in fields]
    assert headings[:3] == ["案卷号", "机关", "行政区划"]
    ranks = [field.rank for field in fields]
    assert ranks == sorted(ranks)
    for heading in ("制定机关层级", "公布", "报送备案", "报送备案·报送对象"):
        field = fields[headings.index(heading)]
        assert field.rank == 0 and "jincheng-2009/nd-county-filing-15d" in {rule.key for rule in field.rules}


def test_lists_dates_and_frozen_headings(tmp_path: Path) -> None:
    """What Excel is told: the values of a choice, days only in a column of days, the first row and column stay."""
    sheet = openpyxl.load_workbook(save(filled("normative_document", RULES, []), tmp_path / "a.xlsx")).worksheets[0]
    by_heading = {cell.value: cell.column_letter for cell in sheet[1]}
    found = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}
    level, published = found[by_heading["制定机关层级"] + "2"], found[by_heading["公布"] + "2"]
    listed = sheet.parent["_lawgov"][level.formula1.split("!")[1].replace("$", "")]
    assert [row[0].value for row in listed] == ["省级", "市级", "县级", "乡镇", "部门"]
    # 1949-01-01 to 2100-12-31 as Excel counts
    assert (published.type, published.formula1, published.formula2) == ("date", "17899", "73415")
    assert sheet.freeze_panes == "B2" and sheet.parent["_lawgov"].sheet_state == "veryHidden"


def test_a_renamed_sheet_is_still_known_by_its_marker(tmp_path: Path) -> None:
    book = filled("normative_document", RULES, drawn("normative_document", WORDS, 1, Random(1)))
    book.worksheets[0].title = "Sheet1"
    report = check(save(book, tmp_path / "a.xlsx"))
    assert (report.problems, report.summary["checked"]) == ([], 1)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["template", "规范性文件", "-o", "表.xlsx", "--lang", "zh"]) == 0
    assert main(["template", "normative_document", "-o", "表.xlsx"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["template", "行政复议", "-o", "b.xlsx"]) == 2
    assert "did you mean `reconsideration_case`" in capsys.readouterr().err
    assert main(["template", "机关", "-o", "b.csv"]) == 2
    capsys.readouterr()
    assert main(["template"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(TYPES)


def test_the_same_template_is_the_same_bytes() -> None:
    assert template.write("petition", RULES, "zh") == template.write("petition", RULES, "zh")


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xls", "ods", "csv", "gb18030.csv", "utf16.csv"])
@pytest.mark.parametrize("type_", ["normative_document", "reconsideration_case", "staff_member"])
def test_as_other_programs_save_it(type_: str, to: str, tmp_path: Path) -> None:
    """LibreOffice makes of the filled-in form what an office would send; it says the same."""
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice here")
    values = drawn(type_, WORDS, 5, Random(type_))
    expected = check(as_yaml(values, tmp_path))
    book = filled(type_, RULES, values, plain=to.endswith("csv"))
    made = save(book, tmp_path / f"{WORDS.record_types[type_].zh}.xlsx")
    # comma, quotes, character set (76 UTF-8, 85 GB18030, 65535 Unicode), from the first line
    sets = {"csv": "76", "gb18030.csv": "85", "utf16.csv": "65535"}
    filter = f"csv:Text - txt - csv (StarCalc):44,34,{sets[to]},1" if to in sets else to
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    run = ["soffice", profile, "--headless", "--convert-to", filter, "--outdir", str(tmp_path / "out"), str(made)]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    [path] = (tmp_path / "out").iterdir()
    report = check(path)
    assert report.problems == []
    assert report.summary == expected.summary
    assert without_source(report) == without_source(expected)

"""What a template writes and somebody fills in, `check` reads: for every record type, as it reads YAML."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
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
    for word, meant in {"行政复议": "行政复议案件", "reconsideration": "reconsideration_case"}.items():
        assert main(["template", word, "-o", "b.xlsx"]) == 2
        assert f"did you mean `{meant}`" in capsys.readouterr().err
    assert main(["template", "火星", "-o", "b.xlsx", "--lang", "zh"]) == 2
    assert capsys.readouterr().err == "lawgov: `火星`不是规定的案卷类型（可用的类型见`lawgov template`）\n"
    # the form is in Chinese unless asked otherwise, whatever the machine speaks
    assert main(["template", "normative_document", "-o", "c.xlsx"]) == 0
    assert openpyxl.load_workbook("c.xlsx").worksheets[0]["A1"].value == "案卷号"
    assert main(["template", "机关", "-o", "b.csv"]) == 2
    capsys.readouterr()
    assert main(["template"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(TYPES)


def test_the_same_template_is_the_same_bytes() -> None:
    assert template.write("petition", RULES, "zh") == template.write("petition", RULES, "zh")


def saved_as(to: str, path: Path) -> Path:
    """The file that LibreOffice makes of a workbook, beside it in ``out``."""
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice here")
    # comma, quotes, character set (76 UTF-8, 85 GB18030, 65535 Unicode), from the first line
    sets = {"csv": "76", "gb18030.csv": "85", "utf16.csv": "65535"}
    filter = f"csv:Text - txt - csv (StarCalc):44,34,{sets[to]},1" if to in sets else to
    out, profile = path.parent / "out" / to, f"-env:UserInstallation=file://{path.parent}/profile"
    run = ["soffice", profile, "--headless", "--convert-to", filter, "--outdir", str(out), str(path)]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    [made] = out.iterdir()
    return made


@pytest.mark.slow
def test_the_sample_from_the_command_line(tmp_path: Path) -> None:
    """An officer's whole way: the form, filled in, saved by LibreOffice as XLSX and as CSV in GB18030, and checked.

    By hand: published on 1 March 2012, due by the 16th; the first was filed on the 20th, 4 days late, the second on
    the 16th, in time. The third is dated by month only.
    """
    form = tmp_path / "规范性文件.xlsx"
    lawgov = [sys.executable, "-m", "lawgov_rules"]
    subprocess.run([*lawgov, "template", "规范性文件", "-o", str(form)], check=True, timeout=120)
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    common = {
        "机关": "甲县人民政府",
        "行政区划": "140581",
        "制定机关层级": "县级",
        "发文名义": "政府",
        "报送备案·报送对象": "市政府",
    }
    filed = ["2012.3.20", dt.date(2012, 3, 16), "2012年3月"]
    for number, day in enumerate(filed, 1):
        told = common | {"案卷号": f"甲县政发[2012]{number}号", "公布": "二〇一二年三月一日", "报送备案": day}
        for heading, value in told.items():
            sheet.cell(number + 2, columns[heading]).value = value
    book.save(form)
    said = []
    for to in ("xlsx", "gb18030.csv"):
        path = saved_as(to, form)
        if to != "xlsx":
            with pytest.raises(UnicodeDecodeError):
                path.read_text("utf-8")
        run = [*lawgov, "check", str(path), "--as-of", "2012-12-31", "--lang", "zh"]
        done = subprocess.run(run, capture_output=True, encoding="utf-8", timeout=120)
        assert done.returncode == 2, done.stderr
        assert "读入 3，已核查 2，未能读取 1" in done.stdout
        assert "报送备案（市政府）：2012-03-20，迟4天" in done.stdout
        assert "`报送备案`的日期：`2012年3月`没有写明哪一日" in done.stdout
        letter = openpyxl.utils.get_column_letter(columns["报送备案"])
        cell = f"规范性文件.xlsx#规范性文件!{letter}5" if to == "xlsx" else f"规范性文件.csv:5:{columns['报送备案']}"
        assert cell in done.stdout and "示例行已略过" in done.stderr
        said.append([line for line in done.stdout.splitlines() if line.startswith("      ")])
    assert said[0] == said[1]  # every sentence; only the places differ


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xls", "ods", "csv", "gb18030.csv", "utf16.csv"])
@pytest.mark.parametrize("type_", ["normative_document", "reconsideration_case", "staff_member"])
def test_as_other_programs_save_it(type_: str, to: str, tmp_path: Path) -> None:
    """LibreOffice makes of the filled-in form what an office would send; it says the same."""
    values = drawn(type_, WORDS, 5, Random(type_))
    expected = check(as_yaml(values, tmp_path))
    book = filled(type_, RULES, values, plain=to.endswith("csv"))
    made = save(book, tmp_path / f"{WORDS.record_types[type_].zh}.xlsx")
    path = saved_as(to, made)
    report = check(path)
    assert report.problems == []
    assert report.summary == expected.summary
    assert without_source(report) == without_source(expected)

"""The Excel work-paper, read back by another library, and by the XML where it is about what a reader sees or may do."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import lawgov_rules as lr
from lawgov_rules.reports import _xlsx_findings, _xlsx_sheet
from lawgov_rules.reports._xlsx_sheet import Quantity, cut
from tests.reports.conftest import HOSTILE, written

Check = Callable[..., lr.Report]
SHEETS = ["汇总", "结论", "按机关", "问题", "依据", "核查凭据"]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows(found: bytes, sheet: str) -> list[list[Any]]:
    """The cells of a sheet, an empty one as an empty text."""
    return CalamineWorkbook.from_filelike(io.BytesIO(found)).get_sheet_by_name(sheet).to_python()


def table(found: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings."""
    head, *body = rows(found, sheet)
    return [dict(zip(head, row, strict=True)) for row in body]


def parts(found: bytes) -> dict[str, bytes]:
    """The files within the workbook."""
    with zipfile.ZipFile(io.BytesIO(found)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def sheets(found: bytes) -> dict[str, ElementTree.Element]:
    """The XML of each sheet, in order."""
    files = parts(found)
    names = [s.get("name", "") for s in ElementTree.fromstring(files["xl/workbook.xml"]).iter(f"{MAIN}sheet")]
    return {name: ElementTree.fromstring(files[f"xl/worksheets/sheet{n}.xml"]) for n, name in enumerate(names, 1)}


@pytest.fixture
def paper(check: Check, small: lr.Rulesets) -> bytes:
    return written("xlsx", check(), "zh", small)


def test_a_late_filing_is_a_row(paper: bytes) -> None:
    """Published on 1 March, due on the 16th, filed on the 20th: four days, nineteen after publication."""
    [row] = [row for row in table(paper, "结论") if row["案卷"] == "甲政发〔2012〕2号"]
    day = dt.date(2012, 3, 16), dt.date(2012, 3, 20)
    assert (row["应办日期"], row["实办日期"]) == day
    assert (row["结论"], row["情形"], row["违反程度"]) == ("违反", "逾期", "错误")
    assert (row["要求"], row["实际"], row["相差"]) == ("15天", 19, 4)
    assert (row["机关"], row["规则"], row["规则编号"]) == ("甲县人民政府", "备案", "example-2009/nd-filing")
    assert (row["文件"], row["条款"], row["原文"]) == ("示例规划", "二（三）2", "公布之日起15日内")
    assert row["说明"].startswith("公布后15日内报备案。公布：2012-03-01；") and "迟4天" in row["说明"]
    assert re.fullmatch(r"案卷/a\.yaml:\d+", row["案卷所在"])
    assert [row[name] for name in ("机关答复", "整改情况", "整改状态", "签字", "签字日期")] == [""] * 5


def test_the_gravest_stand_first(paper: bytes) -> None:
    """Violated, then arguable, undetermined, excused, pending, compliant, not applicable; organs in order within."""
    found = [(row["序号"], row["结论"], row["案卷"]) for row in table(paper, "结论")]
    assert found == [
        (1, "违反", "草案2"),
        (2, "违反", "甲政发〔2012〕2号"),
        (3, "存疑（读法不同）", "甲政发〔2012〕3号"),
        (4, "待查", "甲政发〔2012〕5号"),
        (5, "说明理由", "草案1"),
        (6, "未到期", "甲政发〔2012〕4号"),
        (7, "合规", "甲政发〔2012〕1号"),
        (8, "不适用", "甲政发〔2012〕6号"),
    ]


def test_units_stand_behind_numbers(paper: bytes) -> None:
    """A number is a number, whatever is shown behind it."""
    styles = ElementTree.fromstring(parts(paper)["xl/styles.xml"])
    assert 'General"天"' in {form.get("formatCode") for form in styles.iter(f"{MAIN}numFmt")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2012-03-16", dt.date(2012, 3, 16)),
        ("4天", Quantity(4, "天")),
        ("15 working days", Quantity(15, " working days")),
        ("-0.5", Quantity(-0.5, "")),
        ("98.4%", Quantity(98.4, "%")),
        ("0/5", "0/5"),
        ("不少于15天", "不少于15天"),
        ("1234567890123456", "1234567890123456"),  # more digits than a spreadsheet keeps
        ("", ""),
    ],
)
def test_figures_are_native(text: str, value: object) -> None:
    assert _xlsx_findings.native(text) == value


def test_the_summary_counts(paper: bytes) -> None:
    """One of each verdict, but two violated: an error (the filing) and a warning (eight days for comments, not 30)."""
    found = rows(paper, "汇总")
    labels = {row[0]: row[1:] for row in found}
    assert found[0][0] == "程序合规检查底稿"
    assert labels["核查截止日"][0] == dt.date(2012, 12, 31)
    assert labels["案卷"][0] == "读入9份，已核查8份，未能读取1份"
    assert labels["规则"][0] == "核心级，共2条"
    counts = {
        name: labels[name][0] for name in ("违反", "存疑（读法不同）", "待查", "说明理由", "未到期", "合规", "不适用")
    }
    assert list(counts.values()) == [2, 1, 1, 1, 1, 1, 1]
    assert "错误 1，警告 1，提示 0" in labels["违反"][1]
    assert labels["示例规划"][:9] == ["example-2009", "1.0.0", 2, 1, 1, 1, 1, 1, 1]
    assert {row[3]: row[4] for row in found if row[3] in SHEETS} == {
        "结论": 8,
        "按机关": 3,
        "问题": 1,
        "依据": 2,
        "核查凭据": 9,
    }


def test_organs_with_the_most_violations_first(paper: bytes) -> None:
    """One violation each; the first has something arguable too. Two records name no organ."""
    assert rows(paper, "按机关")[1:] == [
        ["甲县人民政府", 4, 1, 1, 0, 0, 1, 1, 0],
        ["乙市人民政府", 2, 1, 0, 0, 1, 0, 0, 0],
        ["（未写机关）", 1, 0, 0, 1, 0, 0, 0, 1],
    ]


def test_problems_rules_and_receipt(paper: bytes) -> None:
    [problem] = table(paper, "问题")
    assert (problem["文件"], problem["原文"]) == ("案卷/a.yaml", "2012-02-30")
    assert problem["办法"].endswith("写明发生的日期")
    comments, filing = table(paper, "依据")
    assert (filing["规则编号"], filing["约束力"], filing["违反"], filing["合规"]) == (
        "example-2009/nd-filing",
        "必须",
        1,
        1,
    )
    assert (comments["约束力"], comments["违反"], comments["说明理由"]) == ("一般应当", 1, 1)
    assert (filing["条款"], filing["定位语"], filing["义务主体"]) == ("二（三）2", "公布之日起15日内", "县级人民政府")
    receipt = {row["项目"]: (row["内容"], row["SHA-256"]) for row in table(paper, "核查凭据")}
    assert receipt["核查截止日"][0] == "2012-12-31"
    assert receipt["规则集"][0] == "example-2009 1.0.0" and len(receipt["规则集"][1]) == 64
    assert receipt["输入文件"][0] == "案卷/a.yaml" and len(receipt["输入文件"][1]) == 64


def test_english(check: Check, small: lr.Rulesets) -> None:
    found = written("xlsx", check(), "en", small)
    assert CalamineWorkbook.from_filelike(io.BytesIO(found)).sheet_names == [
        "Summary",
        "Findings",
        "By organ",
        "Problems",
        "Rules",
        "Receipt",
    ]
    [row] = [row for row in table(found, "Findings") if row["record"] == "甲政发〔2012〕2号"]
    assert (row["verdict"], row["detail"], row["due"], row["off by"]) == ("violated", "late", dt.date(2012, 3, 16), 4)
    assert row["organ's reply"] == ""


def test_status_is_chosen_and_the_day_is_a_day(paper: bytes) -> None:
    """Rows 2 to 9 hold the eight findings; K is the status, M the day of the signature."""
    found = {v.get("sqref"): v for v in sheets(paper)["结论"].iter(f"{MAIN}dataValidation")}
    choices = found["K2:K9"].findtext(f"{MAIN}formula1")
    assert (found["K2:K9"].get("type"), choices) == ("list", '"未整改,整改中,已整改,无需整改"')
    assert found["M2:M9"].get("type") == "date"


def test_only_the_progress_of_rectification_is_a_formula(paper: bytes) -> None:
    formulas = {name: [f.text for f in sheet.iter(f"{MAIN}f")] for name, sheet in sheets(paper).items()}
    counted = [f"COUNTIF('结论'!$K$2:$K$9,\"{status}\")" for status in ("未整改", "整改中", "已整改", "无需整改")]
    assert formulas.pop("汇总") == [*counted, "COUNTBLANK('结论'!$K$2:$K$9)"]
    assert not any(formulas.values())


def test_verdicts_are_coloured_and_charts_are_native(paper: bytes) -> None:
    rules = sheets(paper)["结论"].iter(f"{MAIN}cfRule")
    assert {rule.findtext(f"{MAIN}formula") for rule in rules} >= {'"违反"', '"合规"', '"待查"', '"存疑（读法不同）"'}
    charts = [content.decode() for name, content in parts(paper).items() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2
    assert "'汇总'!" in charts[0] or "汇总!" in charts[0]


def test_set_up_for_the_screen_and_for_paper(paper: bytes) -> None:
    """Headings stay and are printed on every page of A4 landscape; pages are numbered; rows may grow."""
    files, found = parts(paper), sheets(paper)
    for name, sheet in found.items():
        setup = sheet.find(f"{MAIN}pageSetup")
        assert setup is not None
        assert (setup.get("paperSize"), setup.get("orientation")) == ("9", "landscape"), name
        assert setup.get("fitToHeight") == ("0" if name != "汇总" else None)
        assert "第 &P 页，共 &N 页" in str(sheet.findtext(f"{MAIN}headerFooter/{MAIN}oddFooter"))
        assert not any("customHeight" in row.attrib for row in sheet.iter(f"{MAIN}row"))
    for name in SHEETS[1:]:
        pane, autofilter = found[name].find(f".//{MAIN}pane"), found[name].find(f"{MAIN}autoFilter")
        assert pane is not None and (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
        assert autofilter is not None and str(autofilter.get("ref")).startswith("A1:")
    names = files["xl/workbook.xml"].decode()
    assert names.count("_xlnm.Print_Titles") == len(SHEETS) - 1
    assert "结论!$A$1:$M$9" in names.replace("'", "")  # what is printed ends with the signature


def test_bytes_depend_on_the_report_alone(paper: bytes) -> None:
    """No clock: files within are of 1980, the workbook of the as-of day. `written` compares two runs."""
    with zipfile.ZipFile(io.BytesIO(paper)) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = parts(paper)["docProps/core.xml"].decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2012-12-31T00:00:00Z"}


def test_hostile_words_stay_words(hostile: tuple[str, lr.Report], small: lr.Rulesets) -> None:
    text, report = hostile
    for lang in ("zh", "en"):
        found = written("xlsx", report, lang, small)
        files = parts(found)
        for name, content in files.items():
            ElementTree.fromstring(content)  # a spreadsheet refuses what is not XML
            assert not re.search(rb'TargetMode="External"', content), name
        names = CalamineWorkbook.from_filelike(io.BytesIO(found)).sheet_names
        cells = [cell for name in names for row in rows(found, name) for cell in row if isinstance(cell, str)]
        assert max(map(len, cells)) < 2_000
        assert all(cell.replace("\n", "").isprintable() or text == HOSTILE["emoji"] for cell in cells)
        formulas = [f.text for sheet in sheets(found).values() for f in sheet.iter(f"{MAIN}f")]
        assert len(formulas) == 5 and all(str(f).startswith(("COUNTIF('", "COUNTBLANK('")) for f in formulas)
        assert table(found, names[1])[0]["record" if lang == "en" else "案卷"]


@pytest.mark.parametrize("name", ["formula", "plus", "at", "full width"])
def test_what_looks_like_a_formula_is_marked_as_text(name: str, check: Check, small: lr.Rulesets) -> None:
    """So that it is still text after a reader has opened the cell and pressed enter."""
    report = check()
    spoilt = dataclasses.replace(report, findings=[f | {"record": HOSTILE[name]} for f in report.findings])
    found = written("xlsx", spoilt, "zh", small)
    assert {row["案卷"] for row in table(found, "结论")} == {HOSTILE[name]}
    marked = [
        n
        for n, xf in enumerate(next(ElementTree.fromstring(parts(found)["xl/styles.xml"]).iter(f"{MAIN}cellXfs")))
        if xf.get("quotePrefix") == "1"
    ]
    cell = next(c for c in sheets(found)["结论"].iter(f"{MAIN}c") if c.get("r") == "D2")
    assert (cell.get("t"), int(cell.get("s", 0)) in marked) == ("s", True)


def test_a_word_that_looks_like_an_escape_is_not_one(check: Check, small: lr.Rulesets) -> None:
    """`_x000D_` means a line break in a workbook, unless it is escaped itself."""
    report = check()
    spoilt = dataclasses.replace(report, findings=[f | {"record": "a_x000D_b"} for f in report.findings])
    assert b"a_x005F_x000D_b" in parts(written("xlsx", spoilt, "zh", small))["xl/sharedStrings.xml"]


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("甲乙丙", 6, "甲乙丙"),  # three of two each
        ("“甲”", 6, "“甲”"),  # a Chinese font shows the marks full width
        ("甲\n乙\t丙\u202e", 20, "甲⏎乙 丙\ufffd"),
        # the mark takes 24 of the 40, which leaves eight characters
        ("长" * 10_000, 40, "长" * 7 + "……（共10000字，此处略）"),
    ],
)
def test_a_long_text_says_that_it_was_cut(text: str, most: int, shown: str) -> None:
    found = cut(text, most, "zh")
    assert found == shown
    assert _xlsx_sheet.width(found) <= most


def test_rows_are_as_high_as_their_text(paper: bytes) -> None:
    """14 points a line, and 4 around; the message is the longest: 54 characters wide, 53 of them counted on."""
    message = next(row["说明"] for row in table(paper, "结论"))
    lines = -(-_xlsx_sheet.width(message) // 53)
    row = next(row for row in sheets(paper)["结论"].iter(f"{MAIN}row") if row.get("r") == "2")
    assert lines > 1 and float(row.get("ht", 0)) == 14 * lines + 4


def test_days_that_spreadsheets_disagree_about_are_text(check: Check, small: lr.Rulesets) -> None:
    report = check()
    old = dataclasses.replace(report, findings=[f | {"due": "1899-12-31"} for f in report.findings])
    assert {row["应办日期"] for row in table(written("xlsx", old, "zh", small), "结论")} == {"1899-12-31"}


def test_nothing_found(check: Check, small: lr.Rulesets) -> None:
    """Every sheet is there, and says that there is nothing."""
    found = written("xlsx", dataclasses.replace(check(), findings=[], problems=[]), "zh", small)
    assert CalamineWorkbook.from_filelike(io.BytesIO(found)).sheet_names == SHEETS
    assert rows(found, "结论")[1][0] == rows(found, "问题")[1][0] == "（没有）"


def test_more_findings_than_a_sheet_holds(check: Check, small: lr.Rulesets, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight findings on sheets of three rows; the progress is counted over all of them."""
    monkeypatch.setattr(_xlsx_sheet, "ROWS", 3)
    found = written("xlsx", check(), "zh", small)
    assert [len(table(found, name)) for name in ("结论", "结论2", "结论3")] == [3, 3, 2]
    first = next(str(f.text) for f in sheets(found)["汇总"].iter(f"{MAIN}f"))
    assert first == (
        "COUNTIF('结论'!$K$2:$K$4,\"未整改\")+COUNTIF('结论2'!$K$2:$K$4,\"未整改\")+COUNTIF('结论3'!$K$2:$K$3,\"未整改\")"
    )


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_opens_and_prints_it(paper: bytes, tmp_path: Path) -> None:
    (tmp_path / "paper.xlsx").write_bytes(paper)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    run = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "paper.xlsx"),
    ]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")

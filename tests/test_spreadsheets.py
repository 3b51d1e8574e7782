"""Workbooks and CSV files as offices keep them: what is read, what is refused, and where the problem is said to be."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

import lawgov_rules as lr
from lawgov_rules.importers._reading import Limits
from lawgov_rules.importers.csv import encoding_of
from tests.test_input import counts, said
from tests.test_input_tables import ALL, without_source

RULES = lr.load_rulesets()
LATE = "jincheng-2009/nd-county-filing-15d"
HEAD = ["文号", "机关", "行政区划", "制定机关层级", "发文名义", "公布", "报送备案", "报送备案·报送对象"]
PLACE = ["甲县人民政府", 140581, "县级", "政府"]
Rows = list[list[Any]]
# published on 1 March 2012, due on the 16th, filed on the 20th
ROW = ["甲县政发〔2012〕3号", *PLACE, dt.date(2012, 3, 1), dt.date(2012, 3, 20), "市政府"]


def book(path: Path, sheets: dict[str, Rows], change: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(made)
    made.save(path)
    return path


def check(path: Path, limits: Limits | None = None) -> lr.Report:
    return lr.check(path, RULES, as_of="2013-12-31", show=ALL, limits=limits)


def verdicts(report: lr.Report) -> dict[str, str]:
    """By record, what came of the 15 days."""
    return {f["record"]: f"{f['verdict']} {f['detail']}" for f in report.findings if f["rule"] == LATE}


def problems(report: lr.Report, folder: Path) -> list[str]:
    return [text.partition(" (")[0] for text in said(report, folder)]


def test_a_wide_sheet(tmp_path: Path) -> None:
    """By hand: 1 March + 15 days = 16 March; filed on the 20th is late, on the 16th on time, on 9 and 12 March too."""
    rows = [
        ["甲县规范性文件登记表（2012年）"],
        ["序号", *HEAD, "备注"],
        [1, *ROW, "问过市局"],
        [2, "甲县政发[2012]4号", *PLACE, "二〇一二年三月一日", "2012.3.16", "市政府"],
        [None] * 9,
        [3, "甲县政发 (2012) 5号", *PLACE, "２０１２年３月１日", "2012/3/9；2012/3/12", "省政府；市政府"],
    ]
    report = check(book(tmp_path / "表.xlsx", {"规范性文件": rows, "Sheet2": []}))
    assert (report.problems, counts(report)) == ([], (3, 3, 0))
    assert verdicts(report) == {
        "甲县政发〔2012〕3号": "violated late",
        "甲县政发〔2012〕4号": "compliant on_time",
        "甲县政发〔2012〕5号": "compliant on_time",
    }
    [late] = [f for f in report.findings if f["rule"] == LATE and f["verdict"] == "violated"]
    assert late["source"] == {"file": f"{(tmp_path / '表.xlsx').as_posix()}#规范性文件", "line": 3}


def test_three_sheets(tmp_path: Path) -> None:
    """The long form says the same as the wide one; an id is found however its brackets are written."""
    sheets = {
        "案卷": [["案卷号", "类型", *HEAD[1:5]], ["甲县政发[2012]3号", "规范性文件", *PLACE]],
        "事项": [
            ["案卷号", "事项", "日期", "报送对象"],
            ["甲县政发（2012）3号", "公布", dt.date(2012, 3, 1), None],
            ["甲县政发〔2012〕03号", "报送备案", "2012年3月20日", "市政府"],
        ],
    }
    wide = check(book(tmp_path / "a.xlsx", {"规范性文件": [HEAD, ROW]}))
    long = check(book(tmp_path / "b.xlsx", sheets))
    assert (long.problems, without_source(long)) == ([], without_source(wide))
    assert verdicts(long) == {"甲县政发〔2012〕3号": "violated late"}


def test_people_in_a_wide_sheet(tmp_path: Path) -> None:
    """Names with 、 between them are people; 张　三 is 张三; names with blanks between may be one person or two."""
    rows = [["案号", "承办人员", "结案"], ["1", "张　三、李四", "2012-05-01"], ["2", "张三 李四", "2012-05-01"]]
    report = check(book(tmp_path / "a.xlsx", {"行政复议案件": rows}))
    assert problems(report, tmp_path) == ["a.xlsx#行政复议案件!B3: `张三 李四` has blanks between names"]
    [record] = report.records.values()
    assert [person.person for person in record.participants] == ["张三", "李四"]


def test_words_of_choices_numbers_and_truth(tmp_path: Path) -> None:
    """Labels, units, thousands separators, ticks; a cell that shows 85% holds 0.85."""
    made = Workbook(path := tmp_path / "a.xlsx")
    sheet, percent = made.add_worksheet("统计报告"), made.add_format({"num_format": "0%"})
    attributes = RULES.vocabulary.attributes
    rate = next(attributes[a] for a in RULES.vocabulary.record_types["statistics_report"].attributes
                if attributes[a].unit == "percent" and attributes[a].type == "number")  # fmt: skip
    case = next(attributes[a] for a in RULES.vocabulary.record_types["statistics_report"].attributes
                if attributes[a].unit == "case" and attributes[a].type == "integer")  # fmt: skip
    sheet.write_row(0, 0, ["编号", rate.zh, case.zh])
    sheet.write_row(1, 0, ["1"])
    sheet.write_number(1, 1, 0.85, percent)
    sheet.write_string(1, 2, "１,２００ 件")
    sheet.write_row(2, 0, ["2", "85.5%", 1200])
    made.close()
    report = check(path)
    assert report.problems == []
    names = {attributes[name].zh: name for name in RULES.vocabulary.record_types["statistics_report"].attributes}
    found = [(r.attributes[names[rate.zh]], r.attributes[names[case.zh]]) for r in report.records.values()]
    assert found == [(85_000_000, 1200), (85_500_000, 1200)]  # millionths of a number


WRONG: dict[str, tuple[Rows, list[str]]] = {
    "a month": ([HEAD, [*ROW[:5], "2012年3月"]], ["F2: the date of `公布`: `2012年3月` names no day"]),
    "a bare number": (
        [HEAD, [*ROW[:5], 41628]],
        ["F2: the date of `公布`: `41628` is a bare number, not a date; if a spreadsheet means 2013-12-20, "
         "format the cell as a date"],
    ),
    "day and month": (
        [HEAD, [*ROW[:5], "1/2/2012"]],
        ["F2: the date of `公布`: `1/2/2012` has the year last, so day and month cannot be told apart"],
    ),
    "an error": ([HEAD, [*ROW[:5], "#REF!"]], ["F2: the formula's result is `#REF!`"]),
    "a formula never computed": ([HEAD, [*ROW[:5], "=A1&B1"]], ["F2: the formula was never computed"]),
    "an unknown heading": ([[*HEAD, "上报日"], [*ROW, "2012-03-02"]], ["I1: `上报日` is not a known heading"]),
    "an unknown value": (
        [HEAD, [*ROW[:3], "县级政府"]],
        ["D2: `制定机关层级`: `县级政府` is not a known value; did you mean `县级`"],
    ),
    "no id": ([HEAD, ["", *PLACE]], ["A2: the row has values, and no record's id"]),
    "no heading over a value": ([HEAD, [*ROW, "x"]], ["I2: a value stands in a column without a heading"]),
    "an attribute of no event": (
        [HEAD, [*ROW[:5], None, None, "市政府"]],
        ["H2: the date of `报送备案`: a date is missing"],
    ),
    "values that do not match": ([HEAD, [*ROW[:6], "2012-03-02；2012-03-03；2012-03-05", "市政府；省政府"]],
                                 ["H2: `市政府；省政府` does not give a value for each of 3"]),
    "one number in two spellings": (
        [HEAD, ROW, ["甲县政发[2012] 03号", *ROW[1:]]],
        ["A3: `甲县政发〔2012〕3号` stands at {0}!A2 already"],
    ),
    "no column of ids": (
        [["机关", "公布"], ["甲县人民政府", "2012-03-01"]],
        [":1: no column holds the ids of records"],
    ),
    "two headings for one thing": (
        [[*HEAD, "报备日期"], [*ROW, "2012-03-02"]],
        ["I1: `报备日期` means the same as `报送备案`"],
    ),
    "a heading twice": ([["文号", "公布", "公 布"], ["1", "2012-03-01", "2012-04-01"]], ["C1: `公 布` stands twice"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_cell(name: str, tmp_path: Path) -> None:
    """The good record beside it is checked all the same."""
    rows, expected = WRONG[name]
    sheets = {"规范性文件": rows, "行政复议案件": [["案号", "结案"], ["1", "2012-05-01"]]}

    def error(made: openpyxl.Workbook) -> None:
        for cell in made["规范性文件"][2] if made["规范性文件"].max_row > 1 else ():
            cell.data_type = "e" if cell.value == "#REF!" else cell.data_type

    report = check(book(tmp_path / "a.xlsx", sheets, error))
    place = f"{tmp_path.as_posix()}/a.xlsx#规范性文件"
    texts = [(place.removeprefix(f"{tmp_path.as_posix()}/") + ("" if e.startswith(":") else "!") + e) for e in expected]
    assert problems(report, tmp_path) == [text.format("a.xlsx#规范性文件") for text in texts]
    assert ("reconsideration_case", "1") in report.records
    read, checked, rejected = counts(report)
    assert rejected == 1 and read == checked + 1


def test_a_column_that_nobody_knows_stops_the_records_that_have_a_value_there(tmp_path: Path) -> None:
    """Events are closed-world: 上报日 may be the filing itself. One problem, two records, the third is checked."""
    rows = [[*HEAD, "上报日"], [*ROW, "x"], ["b", *ROW[1:], "y"], ["c", *ROW[1:], None]]
    report = check(book(tmp_path / "a.xlsx", {"规范性文件": rows}))
    assert (len(report.problems), counts(report)) == (1, (3, 1, 2))


def test_merged_cells(tmp_path: Path) -> None:
    """A value merged over rows is that of each of them; an id merged over rows is a problem of the lower ones."""
    rows = [HEAD, ROW, ["甲县政发〔2012〕4号", *[None] * 4, *ROW[5:]], [None, *ROW[1:]]]

    def merge(made: openpyxl.Workbook) -> None:
        for cells in ("B2:B3", "C2:C3", "D2:D3", "E2:E3", "A3:A4"):
            made.worksheets[0].merge_cells(cells)

    report = check(book(tmp_path / "a.xlsx", {"规范性文件": rows}, merge))
    assert problems(report, tmp_path) == ["a.xlsx#规范性文件!A4: the record's id is merged over several rows"]
    assert verdicts(report) == dict.fromkeys(("甲县政发〔2012〕3号", "甲县政发〔2012〕4号"), "violated late")


def test_an_id_merged_over_its_events(tmp_path: Path) -> None:
    """On a sheet of events the same is how people write it."""
    sheets = {
        "规范性文件": [HEAD[:5], ROW[:5]],
        "事项": [
            ["案卷号", "事项", "日期", "报送对象"],
            [ROW[0], "公布", "2012-03-01"],
            [None, "报送备案", "2012-03-20", "市政府"],
        ],
    }
    report = check(book(tmp_path / "a.xlsx", sheets, lambda made: made["事项"].merge_cells("A2:A3")))
    assert (report.problems, verdicts(report)) == ([], {ROW[0]: "violated late"})


def test_hidden_things_are_read_and_said_to_be(tmp_path: Path) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made.worksheets[0].row_dimensions[2].hidden = True
        made.worksheets[1].sheet_state = "hidden"

    report = check(book(tmp_path / "a.xlsx", {"规范性文件": [HEAD, ROW], "信访事项": [["编号"], ["1"]]}, hide))
    assert (report.problems, counts(report)) == ([], (2, 2, 0))
    assert [str(a).replace(f"{tmp_path.as_posix()}/", "").partition(" (")[0] for a in report.advice] == [
        "a.xlsx#信访事项: the sheet is hidden, and was read",
        "a.xlsx#规范性文件: hidden rows or columns were read too",
    ]


def test_sheets_that_are_none_of_ours(tmp_path: Path) -> None:
    """An explanation and empty sheets are passed over; anything else is a problem, and the rest is read."""
    sheets = {"规范性文件": [HEAD, ROW], "说明": [["随便写"]], "Sheet2": [], "汇总": [["合计", 3]]}
    report = check(book(tmp_path / "a.xlsx", sheets))
    assert problems(report, tmp_path) == ["a.xlsx#汇总:1: no column holds the ids of records"]
    assert verdicts(report) == {ROW[0]: "violated late"}


def test_dates_in_every_format_and_epoch(tmp_path: Path) -> None:
    """Built-in formats without text in the file (31, 57, 58: what Chinese Excel writes) and the count from 1904."""
    formats = ["yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"', "[$-F800]dddd, mmmm dd, yyyy", 14, 31, 57, 58,
               '[DBNum1][$-804]yyyy"年"m"月"d"日"', "m/d/yyyy", "yyyy/m/d h:mm"]  # fmt: skip
    for since_1904 in (False, True):
        made = Workbook(path := tmp_path / f"{since_1904}.xlsx", {"date_1904": since_1904})
        sheet = made.add_worksheet("规范性文件")
        sheet.write_row(0, 0, ["文号", "公布"])
        for row, text in enumerate(formats, 1):
            sheet.write_string(row, 0, str(row))
            sheet.write_datetime(row, 1, dt.datetime(2012, 3, 1), made.add_format({"num_format": text}))
        made.close()
        report = check(path)
        assert report.problems == []
        days = {event.day for record in report.records.values() for event in record.events}
        assert (days, len(report.records)) == ({(dt.date(2012, 3, 1) - dt.date(1970, 1, 1)).days}, len(formats))


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xls", "ods"])
def test_other_programs_tell_the_same_of_their_cells(to: str, tmp_path: Path) -> None:
    """Errors, merged, hidden cells and percentages, as LibreOffice computes and saves them."""
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice here")
    rows = [HEAD, ROW, ["甲县政发〔2012〕4号", *[None] * 4, *ROW[5:]], [None, *ROW[1:]], ["d", *PLACE, "=1/0"]]

    def change(made: openpyxl.Workbook) -> None:
        for cells in ("B2:B3", "C2:C3", "D2:D3", "E2:E3", "A3:A4"):
            made.worksheets[0].merge_cells(cells)
        made.worksheets[0].row_dimensions[2].hidden = True
        rate = made["统计报告"]["B2"]
        rate.value, rate.number_format = 0.855, "0.0%"

    words = RULES.vocabulary
    percent = next(a for a in words.record_types["statistics_report"].attributes
                   if (words.attributes[a].unit, words.attributes[a].type) == ("percent", "number"))  # fmt: skip
    sheets = {"规范性文件": rows, "统计报告": [["编号", words.attributes[percent].zh], ["1"]]}
    made = book(tmp_path / "a.xlsx", sheets, change)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    run = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(tmp_path), str(made)]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    report = check(tmp_path / f"a.{to}")
    assert f"a.{to}#规范性文件!F5: the formula's result is `#DIV/0!`" in problems(report, tmp_path)
    merged = f"a.{to}#规范性文件!A4: the record's id is merged over several rows"
    assert merged in problems(report, tmp_path)
    assert report.records["statistics_report", "1"].attributes[percent] == 85_500_000
    assert "hidden rows or columns were read too" in [advice.reason for advice in report.advice]
    assert verdicts(report) == dict.fromkeys((ROW[0], "甲县政发〔2012〕4号"), "violated late")


# CSV

WIDE = "文号,机关,行政区划,制定机关层级,发文名义,公布,报送备案,报送备案·报送对象\n"
LINE = "甲县政发〔2012〕3号,甲县人民政府,140581,县级,政府,2012年3月1日,2012.3.20,市政府\n"
BYTES = {
    "UTF-8": (WIDE + LINE).encode(),
    "a byte order mark": (WIDE + LINE).encode("utf-8-sig"),
    "UTF-16": (WIDE + LINE).replace(",", "\t").encode("utf-16"),
    "UTF-16, other end first": "\ufeff".encode("utf-16-be") + (WIDE + LINE).encode("utf-16-be"),
    "GB18030": (WIDE + LINE).encode("gb18030"),
    "semicolons": (WIDE + LINE).replace(",", ";").encode(),
    "tabs": (WIDE + LINE).replace(",", "\t").encode(),
    "line ends of Windows": (WIDE + LINE).replace("\n", "\r\n").encode("gb18030"),
    "a title above": ("规范性文件登记表,,,,,,,\n" + WIDE + LINE).encode(),
    "empty cells behind": (WIDE.replace("\n", ",,\n") + LINE.replace("\n", ",,\n")).encode(),
}


@pytest.mark.parametrize("name", BYTES)
def test_csv_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "2012年规范性文件.csv"
    path.write_bytes(BYTES[name])
    report = check(path)
    assert (report.problems, verdicts(report)) == ([], {"甲县政发〔2012〕3号": "violated late"})


def test_a_broken_byte_in_utf8_is_a_place_and_no_other_encoding(tmp_path: Path) -> None:
    path = tmp_path / "规范性文件.csv"
    path.write_bytes((WIDE + LINE).encode() + LINE.encode()[:-2] + b"\n" + LINE.encode())
    report = check(path)
    assert problems(report, tmp_path) == ["规范性文件.csv:3: not a text in UTF-8"]


def test_a_line_is_the_one_an_editor_shows(tmp_path: Path) -> None:
    path = tmp_path / "规范性文件.csv"
    path.write_text(
        WIDE + LINE.replace("甲县人民", '"甲县\n人民').replace("政府,14", '政府",14') + "b,,,县级政府,,,,\n", "utf-8"
    )
    report = check(path)
    assert problems(report, tmp_path) == [
        "规范性文件.csv:4:4: `制定机关层级`: `县级政府` is not a known value; did you mean `县级`"
    ]


def test_naming_one_of_three_tables_names_all(tmp_path: Path) -> None:
    """Alone, the records would be judged as if nothing had happened to them."""
    (tmp_path / "案卷.csv").write_text(
        "案卷号,类型,行政区划,制定机关层级,发文名义\na,规范性文件,140581,县级,政府\n", "gb18030"
    )
    (tmp_path / "事件.csv").write_text(
        "案卷号,事项,日期,报送对象\na,公布,2012-03-01,\na,报送备案,2012-03-20,市政府\n", "utf-8"
    )
    for path in (tmp_path / "案卷.csv", tmp_path):
        report = check(path)
        assert (report.problems, verdicts(report)) == ([], {"a": "violated late"})


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(codec="gb18030", exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=0))
def test_every_text_is_read_in_the_encoding_it_was_written_in(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With Chinese headings in front, whatever comes behind them."""
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        path.write_bytes((WIDE + text).encode(encoding))
        assert path.read_bytes().decode(encoding_of(path, "drawn.csv")).removeprefix("\ufeff") == WIDE + text


# damage and size


def _bomb(columns: str) -> bytes:
    """A sheet of two cells, far from each other."""
    made = openpyxl.Workbook()
    made.active.title = "规范性文件"  # type: ignore[union-attr]
    made.active["A1"], made.active[f"{columns}1048576"] = "文号", "x"  # type: ignore[index]
    made.save(stream := io.BytesIO())
    return stream.getvalue()


def _zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 40_000_000)
    return stream.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SMALL = Limits(file_bytes=2**20, unpacked_bytes=32 * 2**20, rows=5, columns=20, cells=1_000)
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "two cells in far corners": (
        "a.xlsx",
        _bomb("XFD"),
        "a.xlsx#规范性文件!XFD1048576: the used cells span more than 1000",
    ),
    "a zip bomb": ("a.xlsx", _zip_bomb(), "a.xlsx: unpacks to more than 32 MB"),
    "a large file": ("a.xlsx", b"PK\3\4" + bytes(2**20), "a.xlsx: larger than 1 MB"),
    "an empty zip": ("a.xlsx", b"PK\5\6" + bytes(18), "a.xlsx: not a workbook of Excel or LibreOffice"),
    "cut short": ("a.xlsx", _bomb("B")[:2000], "a.xlsx: the workbook is damaged"),
    "a web page called .xls": ("a.xls", b"<html><table>", "a.xls: not a workbook of Excel or LibreOffice"),
    "an old one cut short": ("a.xls", OLD + bytes(600), "a.xls: the workbook is damaged"),
    "nothing": ("a.ods", b"", "a.ods: not a workbook of Excel or LibreOffice"),
    "many rows": ("规范性文件.csv", WIDE.encode() + LINE.encode() * 9, "规范性文件.csv:7: more than 5 rows"),
    "many columns": ("规范性文件.csv", ("文号" + ",x" * 30 + "\n").encode(), "规范性文件.csv:1: more than 20 columns"),
    "one long line": ("规范性文件.csv", WIDE.encode() + b"x" * 200_000,
                      "规范性文件.csv:2: not readable as a table: field larger than field limit"),
    "a large text": ("规范性文件.csv", b"x" * (2**20 + 1), "规范性文件.csv: larger than 1 MB"),
    "a quote that does not end": (
        "规范性文件.csv",
        WIDE.encode() + b'"a',
        "规范性文件.csv:2: not readable as a table: unexpected end of data",
    ),
    "NUL": ("规范性文件.csv", WIDE.encode() + b"\0", "规范性文件.csv:2: not a text: the character U+0000 stands in it"),
    "neither encoding": ("规范性文件.csv", b"a\n\xff\xff", "规范性文件.csv:2: not a text in UTF-8 or GB18030"),
    "no type": ("表.csv", (WIDE + LINE).encode(), "表.csv:1: no column `type`"),
    "empty": ("规范性文件.csv", b"", "规范性文件.csv: the table is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_said_before_memory_is_gone(name: str, tmp_path: Path) -> None:
    file, content, expected = REFUSED[name]
    (tmp_path / file).write_bytes(content)
    report = check(tmp_path / file, SMALL)
    assert problems(report, tmp_path) == [expected]
    assert counts(report) == (1, 0, 1)

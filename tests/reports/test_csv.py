"""The table for spreadsheets: what is in it, and that no cell of it becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

import lawgov_rules as lr
from lawgov_rules.reports.csv import cell
from tests.reports.conftest import written

SIGNS = "=+-@＝＋－＠"


def rows(report: lr.Report, lang: str, rules: lr.Rulesets) -> list[dict[str, str]]:
    text = written("csv", report, lang, rules).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_findings_in_the_words_of_a_legal_office(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """Published on 1 March, due on the 16th, filed on the 20th."""
    found = next(row for row in rows(check(), "zh", small) if row["案卷"] == "甲政发〔2012〕2号")
    assert {key: found[key] for key in ("类别", "案卷类型", "结论", "情形", "应办日期", "要求", "实际", "相差")} == {
        "类别": "结论",
        "案卷类型": "规范性文件",
        "结论": "违反",
        "情形": "逾期",
        "应办日期": "2012-03-16",
        "要求": "15天",
        "实际": "19天",
        "相差": "4天",
    }
    assert found["所据事项"] == "公布：2012-03-01；报送备案：2012-03-20"


def test_every_row_says_what_it_is(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """Eight findings, one problem, four figures and the seven verdicts, nine lines of receipt."""
    kinds = [row["row"] for row in rows(check(), "en", small)]
    assert kinds == ["finding"] * 8 + ["problem"] + ["summary"] * 11 + ["receipt"] * 9


CELLS = {
    "=1+1": "'=1+1",
    "@SUM(1)": "'@SUM(1)",
    "+86": "'+86",
    "-a": "'-a",
    "-3": "-3",
    "-3.5": "-3.5",
    "-1+1": "'-1+1",
    "\t =1": "  '=1",
    "\r=1": "⏎=1",
    "＝1": "'＝1",
    "a;=1;  @b": "a;'=1;  '@b",
    "a=b-c": "a=b-c",
    "≥ 3": "≥ 3",
    "= 8": "'= 8",
}


@pytest.mark.parametrize("text", CELLS, ids=range(len(CELLS)))
def test_cell(text: str) -> None:
    assert cell(text) == CELLS[text]


def test_a_cell_holds_what_excel_holds() -> None:
    assert len(cell("长" * 10_000)) == 10_000
    assert cell("长" * 40_000) == "长" * 31_999 + "…"


def test_no_hostile_word_becomes_a_formula_or_a_row(hostile: tuple[str, lr.Report], small: lr.Rulesets) -> None:
    found = rows(hostile[1], "zh", small)
    assert len(found) == 30
    for row in found:
        assert None not in row and None not in row.values()
        for text in row.values():
            for part in text.split(";"):
                assert part.lstrip()[:1] not in tuple(SIGNS)
                assert "\n" not in part and "\r" not in part

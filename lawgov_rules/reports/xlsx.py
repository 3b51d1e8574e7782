"""The Excel work-paper (检查底稿): findings one row each, with room for the organ's reply, rectification and signature.

Sheets: summary, findings, by organ, problems, rules, receipt. For a legal office that hands findings to the organs
and writes down what became of them. Dates are dates, figures are numbers, and every text is only a text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from lawgov_rules.explain import LEVELS, MODALITIES, SEVERITIES
from lawgov_rules.report import Report
from lawgov_rules.reports import _receipt
from lawgov_rules.reports._words import FindingWords
from lawgov_rules.reports._xlsx_findings import counted, write_findings
from lawgov_rules.reports._xlsx_sheet import ASIDE, CELL, MIDDLE, NUMBER, SMALL, Book, Column, Value
from lawgov_rules.reports._xlsx_summary import COLOURS, TITLE, VERDICTS, Summary, counts_of
from lawgov_rules.ruleset import Rulesets

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

BINARY = True
FOR_PEOPLE = True
NAMES = {
    "summary": ("汇总", "Summary"),
    "findings": ("结论", "Findings"),
    "organs": ("按机关", "By organ"),
    "problems": ("问题", "Problems"),
    "rules": ("依据", "Rules"),
    "receipt": ("核查凭据", "Receipt"),
}
CONTENTS = {
    "findings": (
        "每项结论一行，供填写机关答复、整改情况并签字",
        "one row each, with room for the organ's reply",
    ),
    "organs": ("各机关的各类结论数，违反多的在前", "counts by verdict, the most violations first"),
    "problems": ("未能读取的内容和办法", "what could not be read, and what to do"),
    "rules": ("得出结论的规则：要求、条款、定位语、约束力", "the rules that gave a finding"),
    "receipt": ("软件、规则集、日历和输入文件的版本与校验值", "versions and checksums that give the same report again"),
}
PROBLEMS = (
    Column("序号", "no.", 6, MIDDLE),
    Column("文件", "file", 36),
    Column("行", "line", 7, NUMBER),
    Column("列", "column", 7, NUMBER),
    Column("原文", "value", 30),
    Column("问题", "what is wrong", 44),
    Column("办法", "what to do", 44),
)
RULES = (
    Column("规则编号", "rule", 26, SMALL),
    Column("事项", "title", 18),
    Column("文件", "document", 24),
    Column("条款", "clause", 11),
    Column("定位语", "locator", 20),
    Column("要求", "requirement", 40),
    Column("约束力", "force", 9, MIDDLE),
    *counts_of(VERDICTS[:-1], 8),
    *counts_of(VERDICTS[-1:], 8, ASIDE),
    Column("严重程度", "severity", 9, MIDDLE, ASIDE),
    Column("级别", "level", 10, MIDDLE, ASIDE),
    Column("义务主体", "bearer", 20, CELL, ASIDE),
)
ORGANS = (
    Column("机关", "organ", 34, lines=2),  # a chart shows it too
    Column("合计\n（不含不适用）", "all that apply", 15, NUMBER),
    *counts_of(VERDICTS, 10),
)
RECEIPT = (
    Column("项目", "item", 22),
    Column("内容", "value", 60, {**CELL, "align": "left"}),
    Column("SHA-256", "SHA-256", 56, SMALL),
)
RULES_PRINTED = 12  # the last column on paper


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the work-paper; the same report gives the same bytes."""
    day = dt.date.fromisoformat(report.receipt["as_of"])
    words = FindingWords(rules, lang)
    title = words.t(*TITLE)
    header = f"&L{title}&R{words.t('核查截止日', 'as of')} {day}"
    footer = f"&L&A&C{words.t('第 &P 页，共 &N 页', 'page &P of &N')}&R{report.receipt['product']}"
    book = Book(lang, title, day, header, footer)
    names = {key: words.t(*pair) for key, pair in NAMES.items()}
    summary = Summary(book, names["summary"], report, rules)
    tables: dict[str, tuple[Sequence[Column], Sequence[Sequence[Value]]]] = {
        "organs": (ORGANS, list(_organs(report, words))),
        "problems": (PROBLEMS, list(_problems(report, lang))),
        "rules": (RULES, list(_rules(report, rules, words))),
        "receipt": (RECEIPT, list(_receipt.receipt(report, lang))),
    }
    parts = write_findings(book, report.findings, words, names["findings"])
    contents = [(name, words.t(*CONTENTS["findings"]), rows) for name, rows in parts]
    for key, (columns, rows) in tables.items():
        sheet = book.table(names[key], columns, rows, 0 if key == "receipt" else 2)
        contents.append((names[key], words.t(*CONTENTS[key]), len(rows)))
        if key == "organs":
            _organ_bars(sheet, len(rows))
        elif key == "rules":
            sheet.print_area(0, 0, len(rows), RULES_PRINTED)
    guilty = sum("violated" in counts for counts in report.summary["organs"].values())
    summary.write(contents, counted(parts, words), (names["organs"], guilty))
    out.write(book.to_bytes())


def _organs(report: Report, words: FindingWords) -> Iterator[list[Value]]:
    """Each organ and its counts, the most violations first."""
    order = [verdict.name for verdict in VERDICTS[:-1]]
    counts = report.summary["organs"]
    for organ in sorted(counts, key=lambda o: ([-counts[o].get(name, 0) for name in order], o)):
        numbers = [counts[organ].get(verdict.name, 0) for verdict in VERDICTS]
        yield [organ or words.t("（未写机关）", "(no organ on record)"), sum(numbers[:-1]), *numbers]


def _organ_bars(sheet: Worksheet, rows: int) -> None:
    """A bar behind each number, so that the eye finds the tall ones."""
    for column, verdict in enumerate(VERDICTS[:-1], 2):
        colour, from_zero = f"#{COLOURS[verdict][0]}", {"min_type": "num", "min_value": 0}
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": colour, **from_zero}
        sheet.conditional_format(1, column, max(rows, 1), column, bar)


def _problems(report: Report, lang: str) -> Iterator[list[Value]]:
    for number, problem in enumerate(report.problems, 1):
        where = problem.place
        yield [
            number,
            where.file,
            where.line or None,
            where.column or None,
            problem.value,
            *_receipt.told(problem, lang),
        ]


def _rules(report: Report, rules: Rulesets, words: FindingWords) -> Iterator[list[Value]]:
    """The rules of which a finding is listed, each with its counts over all records."""
    n = 0 if words.lang == "zh" else 1
    cited = {finding["rule"] for finding in report.findings}
    for rule in rules:
        if rule.key in cited:
            counts = report.summary["rules"].get(rule.key, {})
            yield [
                rule.key,
                getattr(rule.title, words.lang),
                rule.document.title,
                rule.clause,
                rule.locator,
                getattr(rule.requirement, words.lang),
                MODALITIES[rule.modality][n],
                *(counts.get(verdict.name, 0) for verdict in VERDICTS),
                SEVERITIES[rule.severity][0] if n == 0 else rule.severity,
                LEVELS[rule.level][n],
                rule.bearer,
            ]

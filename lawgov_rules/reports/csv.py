"""Findings as a table for Excel and statistics: a row each, headings and words in Chinese or English.

The first column says what a row is: a finding, a problem of the input, a figure of the summary, or a line of the
receipt. The file is UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding. Text that a
spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from lawgov_rules.checking import Check
    from lawgov_rules.report import Report
    from lawgov_rules.ruleset import Rulesets

STREAMS = True
ROW = ("类别", "row")
KINDS = {
    "finding": ("结论", "finding"),
    "problem": ("未能读取", "problem"),
    "figure": ("汇总", "summary"),
    "receipt": ("核查凭据", "receipt"),
}
# what a cell of Excel holds, less what the apostrophe may add
LONGEST = 32_000
# full-width signs too, which Chinese and Japanese spreadsheets take for the same; and after a semicolon, which is where
# a spreadsheet of another country begins a new cell
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠])")
_NUMBER = re.compile(r"-\d+(\.\d+)?")


def write(report: Report | Check, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write findings, problems, figures and receipt as CSV."""
    import csv
    import io

    from lawgov_rules.reports._columns import COLUMNS

    n = 0 if lang == "zh" else 1
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    try:
        # every line ends as RFC 4180 has it; all cells in quotes, so that none is taken for two
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow([ROW[n], *((column.zh, column.en)[n] for column in COLUMNS)])
        for kind, row in _rows(report, lang, rules):
            writer.writerow([KINDS[kind][n], *(cell(row.get(column.name, "")) for column in COLUMNS)])
    finally:
        text.detach()


def cell(text: str) -> str:
    """A text that stays a text: one line, no formula, not longer than a cell."""
    from lawgov_rules.reports._plain import line

    if _NUMBER.fullmatch(text):
        return text
    return _FORMULA.sub(r"\1\2'", line(text, LONGEST))


def _rows(report: Report | Check, lang: str, rules: Rulesets) -> Iterator[tuple[str, dict[str, str]]]:
    """What each row is, and its cells by the names of their columns."""
    from lawgov_rules.reports._columns import COLUMNS
    from lawgov_rules.reports._receipt import figures, receipt, told
    from lawgov_rules.reports._words import FindingWords

    words = FindingWords(rules, lang)
    for found in report.findings:
        yield "finding", {column.name: column.value(words, found) for column in COLUMNS}
    for problem in report.problems:
        place = problem.place
        said = words.t("；", "; ").join(filter(None, told(problem, lang)))
        yield "problem", {"message": said, "file": place.file, "line": str(place.line or "")}
    for label, number in figures(report, lang):
        yield "figure", {"message": f"{label}{words.t('：', ': ')}{number}"}
    for item in receipt(report, lang):
        yield (
            "receipt",
            {
                "message": f"{item.label}{words.t('：', ': ')}{item.value}",
                "fingerprint": item.sha256,
            },
        )

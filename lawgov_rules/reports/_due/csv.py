"""The due list as a table for Excel: a row each, headings and words in Chinese or English.

The first column says what a row is: a duty, a problem of the input, what is not listed, or a line of the receipt.
UTF-8 with a byte order mark; what a spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from lawgov_rules.reports._due._words import DutyWords
from lawgov_rules.reports._receipt import receipt, told
from lawgov_rules.reports.csv import KINDS, ROW, cell

if TYPE_CHECKING:
    from lawgov_rules.duties import DueList, Duty
    from lawgov_rules.ruleset import Rulesets

DUTY = ("应办事项", "duty")
LEFT_OUT = ("未列入", "not listed")


def _plain(name: str) -> Callable[[DutyWords, Duty], Any]:
    return lambda _words, duty: getattr(duty, name)


def _citation(name: str) -> Callable[[DutyWords, Duty], Any]:
    return lambda _words, duty: duty.citation[name]


def _source(name: str) -> Callable[[DutyWords, Duty], Any]:
    return lambda _words, duty: (duty.source or {}).get(name)


# the headings of each column, and what stands in it
COLUMNS: tuple[tuple[tuple[str, str], Callable[[DutyWords, Duty], Any]], ...] = (
    (("状况", "status"), DutyWords.status),
    (("到期日", "due"), _plain("due")),
    (("最晚到期日", "due at the latest"), _plain("latest")),
    (("剩余天数", "days left"), _plain("days_left")),
    (("剩余工作日", "working days left"), _plain("working_days_left")),
    (("日期是否确定", "certainty"), DutyWords.certainty),
    (("机关", "organ"), _plain("organ")),
    (("义务主体", "obliged"), _plain("bearer")),
    (("案卷", "record"), _plain("record")),
    (("案卷类型", "type"), DutyWords.record_type),
    (("期间或项", "instance"), DutyWords.instance),
    (("规则", "rule"), lambda words, duty: duty.title[words.lang]),
    (("要求", "requirement"), lambda words, duty: duty.requirement[words.lang]),
    (("说明", "explanation"), lambda words, duty: duty.message[words.lang]),
    (("各种读法", "by reading"), DutyWords.readings),
    (("程度", "severity"), DutyWords.severity),
    (("提醒日", "reminder"), _plain("remind")),
    (("补办截止", "counts until"), _plain("counts_until")),
    (("文件", "document"), lambda words, duty: duty.citation["title" if words.lang == "zh" else "document"]),
    (("条款", "clause"), _citation("clause")),
    (("原文", "locator"), _citation("locator")),
    (("规则编号", "rule id"), _plain("rule")),
    (("案卷文件", "file"), _source("file")),
    (("行", "line"), _source("line")),
    (("指纹", "fingerprint"), _plain("fingerprint")),
)
SAID, FILE, LINE, SUM = (
    next(n for n, (names, _value) in enumerate(COLUMNS) if names[1] == name)
    for name in ("explanation", "file", "line", "fingerprint")
)


def write(found: DueList, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write duties, problems, what is not listed, and the receipt as CSV."""
    import csv
    import io

    n = 0 if lang == "zh" else 1
    words = DutyWords(rules, lang)
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow([ROW[n], *(names[n] for names, _value in COLUMNS)])
        for kind, cells in _rows(found, words):
            writer.writerow([kind[n], *("" if value is None else cell(str(value)) for value in cells)])
    finally:
        text.detach()


def _rows(found: DueList, words: DutyWords) -> Iterator[tuple[tuple[str, str], list[Any]]]:
    """What each row is, and its cells."""
    for duty in found.duties:
        yield DUTY, [value(words, duty) for _names, value in COLUMNS]
    for problem in found.problems:
        said = words.t("；", "; ").join(filter(None, told(problem, words.lang)))
        yield KINDS["problem"], _row({SAID: said, FILE: problem.place.file, LINE: problem.place.line or None})
    for said in words.left_out(found):
        yield LEFT_OUT, _row({SAID: said})
    for item in receipt(found, words.lang):
        yield KINDS["receipt"], _row({SAID: f"{item.label}{words.t('：', ': ')}{item.value}", SUM: item.sha256})


def _row(cells: dict[int, Any]) -> list[Any]:
    return [cells.get(n) for n in range(len(COLUMNS))]

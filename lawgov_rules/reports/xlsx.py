"""The Excel work-paper (检查底稿): findings one row each, with room for the organ's reply, rectification and signature.

Sheets: summary, findings, by organ, problems, rules, receipt. For a legal office that hands findings to the organs
and writes down what became of them. Dates are dates, figures are numbers, and every text is only a text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from lawgov_rules.checking import Report
from lawgov_rules.explain import LEVELS, MODALITIES, SEVERITIES
from lawgov_rules.findings import Finding
from lawgov_rules.kinds._wording import Words
from lawgov_rules.problems_zh import zh
from lawgov_rules.reports import _xlsx_sheet
from lawgov_rules.reports._amounts import amount, named, phrase
from lawgov_rules.reports._xlsx_sheet import ASIDE, CELL, FILL_IN, NUMBER, Book, Column, Value
from lawgov_rules.reports._xlsx_summary import COLOURS, STATUSES, TITLE, VERDICTS, Summary, counts_of, verdict_look
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import DETAILS, Verdict

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NAMES = {
    "summary": ("汇总", "Summary"),
    "findings": ("结论", "Findings"),
    "organs": ("按机关", "By organ"),
    "problems": ("问题", "Problems"),
    "rules": ("依据", "Rules"),
    "receipt": ("回执", "Receipt"),
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
MIDDLE = {**CELL, "align": "center"}
SMALL = {**CELL, "font_size": 8, "font_color": "595959"}
EMPTY = {**CELL, "bg_color": FILL_IN}
EMPTY_DAY = {**EMPTY, "num_format": _xlsx_sheet.DAY, "align": "center"}
DONE = {"bg_color": "C6EFCE", "font_color": "006100"}
TO_FILL = "BF8F00"
FINDINGS = (
    Column("序号", "no.", 6, MIDDLE),
    Column("结论", "verdict", 9, MIDDLE),
    Column("机关", "organ", 15),
    Column("案卷", "record", 17),
    Column("情形", "detail", 10, MIDDLE),
    Column("事项", "title", 17),
    Column("期次", "instance", 11, MIDDLE),
    Column("说明", "explanation", 54),
    Column("机关答复", "organ's reply", 18, EMPTY, TO_FILL),
    Column("整改情况", "rectification", 18, EMPTY, TO_FILL),
    Column("整改状态", "status", 9, {**EMPTY, "align": "center"}, TO_FILL),
    Column("签字", "signed by", 8, EMPTY, TO_FILL),
    Column("签字日期", "signed on", 11, EMPTY_DAY, TO_FILL),
    Column("应完成日", "due", 11, CELL, ASIDE),
    Column("实际完成日", "done", 11, CELL, ASIDE),
    Column("超出", "over by", 12, CELL, ASIDE),
    Column("要求", "required", 16, CELL, ASIDE),
    Column("实测", "measured", 12, CELL, ASIDE),
    Column("待查信息", "missing facts", 18, CELL, ASIDE),
    Column("严重程度", "severity", 9, MIDDLE, ASIDE),
    Column("依据文件", "document", 26, CELL, ASIDE),
    Column("条款", "clause", 12, CELL, ASIDE),
    Column("定位语", "locator", 20, CELL, ASIDE),
    Column("案卷类型", "record type", 14, CELL, ASIDE),
    Column("案卷所在", "source", 26, SMALL, ASIDE),
    Column("规则编号", "rule", 26, SMALL, ASIDE),
    Column("指纹", "fingerprint", 18, SMALL, ASIDE),
)
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
    Column("机关", "organ", 34),
    Column("合计\n（不含不适用）", "all that apply", 15, NUMBER),
    *counts_of(VERDICTS, 11),
)
RECEIPT = (
    Column("项目", "item", 22),
    Column("内容", "value", 60, {**CELL, "align": "left"}),
    Column("SHA-256", "SHA-256", 56, SMALL),
)
VERDICT, REPLY, STATUS, SIGNED_ON = 1, 8, 10, 12
FROZEN = 4
# the columns after these say in parts what others say whole; they are for the screen
PRINTED, RULES_PRINTED = SIGNED_ON, 12


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the work-paper; the same report gives the same bytes."""
    day = dt.date.fromisoformat(report.receipt["as_of"])
    words = Words(rules.vocabulary, lang)
    title = words.t(*TITLE)
    header = f"&L{title}&R{words.t('核查截止日', 'as of')} {day}"
    footer = f"&L&A&C{words.t('第 &P 页，共 &N 页', 'page &P of &N')}&R{report.receipt['product']}"
    book = Book(lang, title, day, header, footer)
    names = {key: words.t(*pair) for key, pair in NAMES.items()}
    summary = Summary(book, names["summary"], report, rules)
    tables = {
        "organs": (ORGANS, list(_organs(report, words))),
        "problems": (PROBLEMS, list(_problems(report, lang))),
        "rules": (RULES, list(_rules(report, rules, words))),
        "receipt": (RECEIPT, list(_receipt(report, words))),
    }
    parts = _findings(book, report, rules, words, names["findings"])
    contents = [(name, words.t(*CONTENTS["findings"]), rows) for name, rows in parts]
    for key, (columns, rows) in tables.items():
        sheet = book.table(names[key], columns, rows, 0 if key == "receipt" else 2)
        contents.append((names[key], words.t(*CONTENTS[key]), len(rows)))
        if key == "organs":
            _organ_bars(sheet, len(rows))
        elif key == "rules":
            sheet.print_area(0, 0, len(rows), RULES_PRINTED)
    guilty = sum("violated" in counts for counts in report.summary["organs"].values())
    summary.write(contents, _counted(parts, words), (names["organs"], guilty))
    out.write(book.to_bytes())


def _findings(book: Book, report: Report, rules: Rulesets, words: Words, name: str) -> list[tuple[str, int]]:
    """The sheets of findings (one, up to a million), each with its number of rows."""
    rows = list(_finding_rows(report.findings, {rule.key: rule for rule in rules}, words))
    parts = []
    for number, first in enumerate(range(0, max(len(rows), 1), _xlsx_sheet.ROWS), 1):
        part = rows[first : first + _xlsx_sheet.ROWS]
        parts.append((name if number == 1 else f"{name}{number}", len(part)))
        sheet = book.table(parts[-1][0], FINDINGS, part, FROZEN)
        _fill_in(book, sheet, len(part), words)
        sheet.print_area(0, 0, len(part), PRINTED)
    return parts


def _finding_rows(findings: Sequence[Finding], rules: Mapping[str, Rule], words: Words) -> Iterator[list[Value]]:
    """Each finding as a row: the gravest verdicts first, then organ by organ, in the order of the report."""
    rank = {verdict.name: n for n, verdict in enumerate(VERDICTS)}
    n = 0 if words.lang == "zh" else 1
    ordered = sorted(findings, key=lambda f: (rank[f["verdict"]], f.get("organ", "")))
    for number, f in enumerate(ordered, 1):
        rule, verdict, source = rules.get(f["rule"]), Verdict[f["verdict"]], f.get("source")
        yield [
            number,
            words.t(verdict.zh, verdict.en),
            f.get("organ"),
            f["record"],
            DETAILS[f["detail"]][n],
            getattr(rule.title, words.lang) if rule else None,
            named(f["instance"], rule, words),
            f["message"][words.lang],
            *(None for _ in range(REPLY, SIGNED_ON + 1)),
            _day(f.get("due")),
            _day(f.get("actual")),
            amount(f.get("over_by", ""), rule, words),
            phrase(f.get("required", ""), rule, words),
            amount(f.get("measured", ""), rule, words),
            words.t("、", ", ").join(words.fact(fact) for fact in f.get("missing", ())),
            SEVERITIES[f["severity"]][0] if n == 0 else f["severity"],
            f["citation"]["title"],
            f["citation"]["clause"],
            f["citation"]["locator"],
            words.vocabulary.record_types[f["type"]].label(words.lang),
            f"{source['file']}:{source['line']}" if source else None,
            f["rule"],
            f["fingerprint"],
        ]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _fill_in(book: Book, sheet: Worksheet, rows: int, words: Words) -> None:
    """The colours of the verdicts, and what may be chosen where the paper is filled in."""
    for verdict in VERDICTS:
        label = words.t(verdict.zh, verdict.en)
        colours = book.format(verdict_look(verdict))
        equal = {"type": "cell", "criteria": "==", "value": f'"{label}"', "format": colours}
        sheet.conditional_format(1, VERDICT, max(rows, 1), VERDICT, equal)
    choices = [words.t(*pair) for pair in STATUSES]
    done = {"type": "cell", "criteria": "==", "value": f'"{choices[2]}"', "format": book.format(DONE)}
    sheet.conditional_format(1, STATUS, max(rows, 1), STATUS, done)
    chosen = {
        "validate": "list",
        "source": choices,
        "error_title": words.t("整改状态", "status"),
        "error_message": words.t("请从列表中选择。", "Please choose from the list."),
    }
    sheet.data_validation(1, STATUS, max(rows, 1), STATUS, chosen)
    dated = {
        "validate": "date",
        "criteria": ">=",
        "value": _xlsx_sheet.FIRST_DAY,
        "error_title": words.t("签字日期", "signed on"),
        "error_message": words.t("请填写日期，如 2014-01-31。", "Please give a date such as 2014-01-31."),
    }
    sheet.data_validation(1, SIGNED_ON, max(rows, 1), SIGNED_ON, dated)


def _counted(parts: Sequence[tuple[str, int]], words: Words) -> dict[str, str]:
    """The formula that counts each status over the sheets of findings, and those not yet filled in."""
    column = chr(ord("A") + STATUS)
    ranges = [f"'{name}'!${column}$2:${column}${rows + 1}" for name, rows in parts if rows]
    wanted = {words.t(*pair): 'COUNTIF({0},"' + words.t(*pair) + '")' for pair in STATUSES}
    wanted[words.t("未填写", "not filled in")] = "COUNTBLANK({0})"
    return {label: "=" + ("+".join(f.format(r) for r in ranges) or "0") for label, f in wanted.items()}


def _organs(report: Report, words: Words) -> Iterator[list[Value]]:
    """Each organ and its counts, the most violations first."""
    order = [verdict.name for verdict in VERDICTS[:-1]]
    counts = report.summary["organs"]
    for organ in sorted(counts, key=lambda o: ([-counts[o].get(name, 0) for name in order], o)):
        numbers = [counts[organ].get(verdict.name, 0) for verdict in VERDICTS]
        yield [organ or words.t("（未写机关）", "(no organ on record)"), sum(numbers[:-1]), *numbers]


def _organ_bars(sheet: Worksheet, rows: int) -> None:
    """A bar behind each number, so that the eye finds the tall ones."""
    for column, verdict in enumerate(VERDICTS[:-1], 2):
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": f"#{COLOURS[verdict][0]}", "min_type": "num"}
        sheet.conditional_format(1, column, max(rows, 1), column, bar)


def _problems(report: Report, lang: str) -> Iterator[list[Value]]:
    for number, problem in enumerate(report.problems, 1):
        place = problem.place
        said = [zh(text) if lang == "zh" else text for text in (problem.reason, problem.help)]
        yield [number, place.file, place.line or None, place.column or None, problem.value, *said]


def _rules(report: Report, rules: Rulesets, words: Words) -> Iterator[list[Value]]:
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


def _receipt(report: Report, words: Words) -> Iterator[list[Value]]:
    """What gives the same report again: product, options, rulesets, calendar, vocabulary, input."""
    receipt, t = report.receipt, words.t
    options, calendar = receipt["options"], receipt["calendar"]
    yield [t("软件", "product"), f"{receipt['product']} {receipt['version']}", None]
    yield [t("执行器", "executor"), receipt["executor"], None]
    yield [t("核查截止日", "as of"), dt.date.fromisoformat(receipt["as_of"]), None]
    yield [t("规则级别", "level"), options["level"], None]
    yield [t("列出的结论", "verdicts listed"), ", ".join(options["show"]), None]
    for ruleset in receipt["rulesets"]:
        yield [t("规则集", "ruleset"), f"{ruleset['id']} {ruleset['version']}", ruleset["sha256"]]
    through = t("公布至", "published through ") + str(calendar["published_through"])
    yield [t("工作日历", "calendar"), f"{calendar['version']} {through}", calendar["sha256"]]
    yield [t("词汇表", "vocabulary"), None, receipt["vocabulary"]]
    for read in receipt["inputs"]:
        yield [t("输入文件", "input"), read["file"], read["sha256"]]

"""The sheet of findings, one row each: what was found, room for the organ's reply, and the parts one sorts by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lawgov_rules.findings import Finding
from lawgov_rules.reports import _xlsx_sheet
from lawgov_rules.reports._columns import COLUMNS
from lawgov_rules.reports._groups import place
from lawgov_rules.reports._words import FindingWords
from lawgov_rules.reports._xlsx_sheet import (
    ASIDE,
    CELL,
    DARK,
    FILL_IN,
    MIDDLE,
    SMALL,
    Book,
    Column,
    Look,
    Quantity,
    Value,
)
from lawgov_rules.reports._xlsx_summary import DONE, STATUSES, VERDICTS, verdict_look
from lawgov_rules.verdict import Verdict

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

EMPTY = {**CELL, "bg_color": FILL_IN}
EMPTY_DAY = {**EMPTY, "num_format": _xlsx_sheet.DAY, "align": "center"}
TO_FILL = "BF8F00"
_KNOWN = {column.name: column for column in COLUMNS}


def _known(name: str, width: float, look: Look = CELL, group: str = DARK) -> tuple[str, Column]:
    """A column that every table of findings has, under its name."""
    return name, Column(_KNOWN[name].zh, _KNOWN[name].en, width, look, group)


FOUND = dict(
    (
        _known("verdict", 9, MIDDLE),
        _known("organ", 15),
        _known("record", 17),
        _known("detail", 10, MIDDLE),
        _known("title", 17),
        _known("instance", 11, MIDDLE),
        _known("message", 54),
    )
)
TO_FILL_IN = (
    Column("机关答复", "organ's reply", 18, EMPTY, TO_FILL),
    Column("整改情况", "rectification", 18, EMPTY, TO_FILL),
    Column("整改状态", "status", 9, {**EMPTY, "align": "center"}, TO_FILL),
    Column("签字", "signed by", 8, EMPTY, TO_FILL),
    Column("签字日期", "signed on", 11, EMPTY_DAY, TO_FILL),
)
# what says in parts what the message says whole: for the screen, to sort and to filter
PARTS = dict(
    (
        _known("due", 11, CELL, ASIDE),
        _known("actual", 11, CELL, ASIDE),
        _known("over_by", 12, CELL, ASIDE),
        _known("required", 16, CELL, ASIDE),
        _known("measured", 12, CELL, ASIDE),
        _known("missing", 18, CELL, ASIDE),
        _known("readings", 18, CELL, ASIDE),
        _known("evidence", 24, CELL, ASIDE),
        _known("severity", 9, MIDDLE, ASIDE),
        _known("document", 26, CELL, ASIDE),
        _known("clause", 12, CELL, ASIDE),
        _known("locator", 20, CELL, ASIDE),
        _known("type", 14, CELL, ASIDE),
        ("source", Column("案卷所在", "source", 26, SMALL, ASIDE)),
        _known("rule", 26, SMALL, ASIDE),
        _known("fingerprint", 18, SMALL, ASIDE),
    )
)
FIGURES = ("due", "actual", "over_by", "measured")
FINDINGS = (Column("序号", "no.", 6, MIDDLE), *FOUND.values(), *TO_FILL_IN, *PARTS.values())
VERDICT, FROZEN = 1, 4
STATUS, SIGNED_ON = len(FOUND) + 3, len(FOUND) + len(TO_FILL_IN)
_QUANTITY = re.compile(r"(-?\d{1,15}(?:\.\d{1,6})?)([^\d\"/-]*)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def write_findings(book: Book, findings: Sequence[Finding], words: FindingWords, name: str) -> list[tuple[str, int]]:
    """The sheets of findings (one, up to a million), each with its number of rows."""
    rows = list(_finding_rows(findings, words))
    parts = []
    for number, first in enumerate(range(0, max(len(rows), 1), _xlsx_sheet.ROWS), 1):
        part = rows[first : first + _xlsx_sheet.ROWS]
        parts.append((name if number == 1 else f"{name}{number}", len(part)))
        sheet = book.table(parts[-1][0], FINDINGS, part, FROZEN)
        _fill_in(book, sheet, max(len(part), 1))
        sheet.print_area(0, 0, len(part), SIGNED_ON)
    return parts


def _finding_rows(findings: Sequence[Finding], words: FindingWords) -> Iterator[list[Value]]:
    """Each finding as a row: the gravest verdicts first, then organ by organ, in the order of the report."""
    rank = {verdict.name: n for n, verdict in enumerate(VERDICTS)}
    ordered = sorted(findings, key=lambda f: (rank[f["verdict"]], f.get("organ", "")))
    for number, found in enumerate(ordered, 1):
        texts = {name: _KNOWN[name].value(words, found) for name in (*FOUND, *PARTS) if name in _KNOWN}
        texts["source"] = place(found)
        values = {name: texts[name] for name in FOUND}
        parts = {name: native(texts[name]) if name in FIGURES else texts[name] for name in PARTS}
        yield [number, *values.values(), *(None for _ in TO_FILL_IN), *parts.values()]


def native(text: str) -> Value:
    """A day as a day, a number with its unit as a number; other text as it is."""
    if _DAY.fullmatch(text):
        return dt.date.fromisoformat(text)
    if alone := _QUANTITY.fullmatch(text):
        return Quantity(float(alone[1]) if "." in alone[1] else int(alone[1]), alone[2])
    return text


def _fill_in(book: Book, sheet: Worksheet, last: int) -> None:
    """The colours of the verdicts, and what may be chosen where the paper is filled in."""
    t = book.t
    choices = [t(*pair) for pair in STATUSES]
    looks = [(VERDICT, t(v.zh, v.en), verdict_look(v)) for v in VERDICTS]
    for column, label, look in (*looks, (STATUS, choices[DONE], verdict_look(Verdict.compliant))):
        equal = {"type": "cell", "criteria": "==", "value": f'"{label}"', "format": book.format(look)}
        sheet.conditional_format(1, column, last, column, equal)
    chosen = {
        "validate": "list",
        "source": choices,
        "error_title": t("整改状态", "status"),
        "error_message": t("请从列表中选择。", "Please choose from the list."),
    }
    sheet.data_validation(1, STATUS, last, STATUS, chosen)
    dated = {
        "validate": "date",
        "criteria": ">=",
        "value": _xlsx_sheet.FIRST_DAY,
        "error_title": t("签字日期", "signed on"),
        "error_message": t("请填写日期，如 2014-01-31。", "Please give a date such as 2014-01-31."),
    }
    sheet.data_validation(1, SIGNED_ON, last, SIGNED_ON, dated)


def counted(parts: Sequence[tuple[str, int]], words: FindingWords) -> dict[str, str]:
    """The formula that counts each status over the sheets of findings, and those not yet filled in."""
    column = chr(ord("A") + STATUS)
    ranges = [f"'{name}'!${column}$2:${column}${rows + 1}" for name, rows in parts if rows]
    wanted = {words.t(*pair): 'COUNTIF({0},"' + words.t(*pair) + '")' for pair in STATUSES}
    wanted[words.t("未填写", "not filled in")] = "COUNTBLANK({0})"
    return {label: "=" + ("+".join(f.format(r) for r in ranges) or "0") for label, f in wanted.items()}

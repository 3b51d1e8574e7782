"""The form of one record type to fill in: a workbook in Chinese or English that `check` reads.

Headings are labels of the vocabulary: first what the rules on the type ask for, the headline rules' before the others',
then the rest. Choices drop down, days are checked while one types, a row shows an example (its id is 示例, and such a
row is passed over), a second sheet explains every column, and a hidden sheet says for which type and version it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lawgov_rules.importers._headings import DOT, OWN, Column, words_of
from lawgov_rules.importers._headings import key as heading_key
from lawgov_rules.importers.excel import EXPLANATION, MARKER
from lawgov_rules.records import EARLIEST_YEAR, LATEST_YEAR
from lawgov_rules.reports import _xlsx_sheet as xlsx
from lawgov_rules.template_words import ABOUT, ASKED, KINDS, OURS, WHOSE
from lawgov_rules.vocabulary import Attribute, Vocabulary

if TYPE_CHECKING:
    from lawgov_rules.rule import Rule
    from lawgov_rules.ruleset import Rulesets

FILLED_ROWS = 1_000  # that have drop-down lists and are checked while one types
FIRST_DAY = dt.date(2012, 3, 1)  # of the example
MADE = dt.date(2000, 1, 1)  # the same workbook, the same bytes
COLOURS = (xlsx.DARK, "2F5597", "7F7F7F")
TOLD_RULES = 2  # of a column; the rest are counted
MESSAGE = 255  # characters that Excel shows beside a cell
YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


@dataclass(frozen=True)
class Field:
    """A column of the form. ``rank`` is 0 for what headline rules use, 1 for what others use, 2 for the rest."""

    heading: str
    column: Column
    attribute: Attribute | None
    rank: int
    rules: tuple[Rule, ...]

    @property
    def is_date(self) -> bool:
        if self.attribute:
            return self.attribute.type == "date"
        return self.column.part == "event" and not self.column.of


def type_of(word: str, vocabulary: Vocabulary) -> str | None:
    """The record type that an id or a label names."""
    return words_of(vocabulary.record_types, vocabulary.record_types).get(heading_key(word))


def fields(type_: str, rules: Rulesets, lang: str) -> list[Field]:
    """The columns of the form in their order."""
    vocabulary, index = rules.vocabulary, int(lang != "zh")
    record = vocabulary.record_types[type_]
    uses = [rule for rule in rules if rule.record == type_ or type_ in rule.words]
    found = [Field(OWN[name][index], Column(name), None, -1, ()) for name in ("record", "organ", "jurisdiction")]

    def add(heading: str, column: Column, attribute: Attribute | None, *words: str) -> None:
        mine = tuple(rule for rule in uses if rule.words.issuperset(words))
        rank = 0 if any(rule.level == "core" for rule in mine) else 1 if mine else 2
        found.append(Field(heading, column, attribute, rank, mine))

    for name in record.attributes:
        attribute = vocabulary.attributes[name]
        add(attribute.label(lang), Column("attribute", name), attribute, name)
    for part, names in (("event", record.events), ("role", record.roles)):
        for name in names:
            owner = vocabulary.events[name] if part == "event" else vocabulary.roles[name]
            add(owner.label(lang), Column(part, name), None, name)
            for inner in owner.attributes:
                held = vocabulary.of_event(name, inner) if part == "event" else vocabulary.attributes[inner]
                heading = f"{owner.label(lang)}{DOT}{held.label(lang)}"
                add(heading, Column(part, inner, name), held, name, inner)
    return sorted(found, key=lambda field: field.rank)


def write(type_: str, rules: Rulesets, lang: str) -> bytes:
    """The form as a workbook (.xlsx)."""
    from importlib import metadata

    label = rules.vocabulary.record_types[type_].label(lang)
    book = xlsx.Book(lang, label, MADE, f"&C{label}", "&C&P / &N", is_report=False)
    columns = fields(type_, rules, lang)
    form = book.sheet(label[:31], [_width(field, lang) for field in columns])
    lists = _marker(book, type_, metadata.version("lawgov-rules"), columns)
    for number, field in enumerate(columns):
        _column(book, form, number, field, lists.get(number, ""))
    form.set_row(0, 48)
    form.set_row(1, book.height(2))
    form.freeze_panes(1, 1)
    form.repeat_rows(0)
    form.repeat_columns(0)
    form.set_print_scale(80)  # a form of many columns takes several pages
    _explain(book, columns, rules.vocabulary)
    form.activate()
    return book.to_bytes()


def _width(field: Field, lang: str) -> float:
    wide = xlsx.width(field.heading)
    return max(22 if field.column.part == "record" else 13, min(wide / (2 if wide > 24 else 1), 26) + 2)


def _column(book: xlsx.Book, form: Any, number: int, field: Field, values: str) -> None:
    """The heading, the example and what may be written below."""
    head = {**xlsx.HEAD, "bg_color": COLOURS[max(field.rank, 0)], "border": 1, "border_color": xlsx.LINE}
    form.write_string(0, number, field.heading, book.format(head))
    example = {**xlsx.CELL, "italic": True, "font_color": xlsx.ASIDE, "bg_color": xlsx.PALE}
    shown, plain = _example(field, number, book.lang), {"num_format": "@"}
    below = {"num_format": xlsx.DAY} if field.is_date else plain if _is_text(field) else {}
    book.put(form, 1, number, shown, {**example, **below})
    form.set_column(number, number, _width(field, book.lang), book.format({"valign": "top", **below}))
    title, message = field.heading[:32], _how(field, book.lang)[:MESSAGE]
    rule: dict[str, Any] = {"input_title": title, "input_message": message, "error_type": "warning"}
    if values:
        rule |= {"validate": "list", "source": values}
    elif field.is_date:
        first, last = dt.date(EARLIEST_YEAR, 1, 1), dt.date(LATEST_YEAR, 12, 31)
        wrong = book.t("请写完整的日期，如 2012-03-01", "write a full date such as 2012-03-01")
        rule |= {"validate": "date", "criteria": "between", "minimum": first, "maximum": last, "error_message": wrong}
    else:
        rule |= {"validate": "any"}
    form.data_validation(1, number, FILLED_ROWS, number, rule)


def _is_text(field: Field) -> bool:
    return field.attribute is None or field.attribute.type == "text"


def _values(field: Field, lang: str) -> Sequence[str]:
    """The labels that drop down."""
    if field.attribute and field.attribute.type == "boolean":
        return YES_NO[lang]
    if field.attribute and field.attribute.type == "choice":
        return [value.label(lang) for value in field.attribute.values.values()]
    return ()


def _marker(book: xlsx.Book, type_: str, version: str, columns: Sequence[Field]) -> dict[int, str]:
    """The hidden sheet: type, version, and the values that drop down; by column, where these stand."""
    sheet = book.workbook.add_worksheet(MARKER)
    sheet.very_hidden()
    for row, (name, value) in enumerate((("type", type_), ("product", "lawgov_rules"), ("version", version))):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    found: dict[int, str] = {}
    places: dict[tuple[str, ...], str] = {}
    for number, field in enumerate(columns):
        if values := tuple(_values(field, book.lang)):
            if values not in places:
                at = len(places) + 3
                for row, value in enumerate(values):
                    sheet.write_string(row, at, value)
                from xlsxwriter.utility import xl_col_to_name

                letters = xl_col_to_name(at, col_abs=True)
                places[values] = f"='{MARKER}'!{letters}$1:{letters}${len(values)}"
            found[number] = places[values]
    return found


def _example(field: Field, number: int, lang: str) -> xlsx.Value:
    column, attribute = field.column, field.attribute
    zh = lang == "zh"
    ours = {"record": "示例" if zh else "example", "organ": "甲县人民政府", "jurisdiction": "140581"}
    if column.part in ours:
        return ours[column.part]
    if field.is_date:
        return FIRST_DAY + dt.timedelta(days=3 * number)
    if attribute is None:
        return "张甲、李乙"
    if attribute.type in ("choice", "choices"):
        labels = [value.label(lang) for value in attribute.values.values()]
        return labels[0] if attribute.type == "choice" else ("、" if zh else "; ").join(labels[:2])
    if attribute.type == "boolean":
        return YES_NO[lang][0]
    return 1 if attribute.type in ("integer", "number") else ("（文字）" if zh else "(text)")


def _how(field: Field, lang: str) -> str:
    """How a column is filled in."""
    zh, attribute = lang == "zh", field.attribute
    if field.column.part in OURS:
        return OURS[field.column.part][int(not zh)]
    if field.column.part == "event" and attribute is None:
        return (
            "发生的日期，如 2012-03-01 或 2012年3月1日；没有发生的留空；发生多次的用“；”隔开，或另加一列，表头写“"
            + field.heading + "2”"
            if zh
            else "the day it happened, such as 2012-03-01; empty if it has not; several days with `;` between them, or "
            f"in further columns headed `{field.heading}2`"
        )  # fmt: skip
    if field.column.part == "role" and attribute is None:
        return "姓名；多人用“、”隔开" if zh else "the name; several with `;` between them"
    assert attribute is not None
    known = KINDS[attribute.type][int(not zh)]
    if field.column.of:
        known += "；对应多次时用“；”隔开" if zh else "; for several, as many values with `;` between them"
    return known + ("；不清楚的留空" if zh else "; empty if unknown")


def _explain(book: xlsx.Book, columns: Sequence[Field], vocabulary: Vocabulary) -> None:
    """The sheet that explains every column."""
    zh = book.lang == "zh"
    table = [
        xlsx.Column("列", "column", 26),
        xlsx.Column("含义", "meaning", 34),
        xlsx.Column("怎样填写", "how to fill it in", 40),
        xlsx.Column("可选的值", "values", 34),
        xlsx.Column("单位", "unit", 8),
        xlsx.Column("哪些规则用到它，要求什么", "rules that use it, and what they ask for", 60),
    ]
    rows: list[list[xlsx.Value]] = [["（全表）" if zh else "(all)", "", text, "", "", ""] for text in ABOUT[book.lang]]
    for field in columns:
        attribute = field.attribute
        values = [] if attribute is None else [value.label(book.lang) for value in attribute.values.values()]
        unit = vocabulary.units.get(attribute.unit or "") if attribute else None
        # headline rules come first; what they ask for says best why the column is there
        mine = sorted(field.rules, key=lambda rule: rule.level != "core")
        named = [f"{getattr(rule.requirement, book.lang).rstrip('。.')} ({rule.key})" for rule in mine[:TOLD_RULES]]
        if len(mine) > TOLD_RULES:
            named.append(
                f"另有{len(mine) - TOLD_RULES}条规则用到" if zh else f"and {len(mine) - TOLD_RULES} more rules"
            )
        mark = ("、" if zh else "; ").join(values)
        rows.append([field.heading, _meaning(field, vocabulary, zh), _how(field, book.lang), mark,
                     unit.label(book.lang) if unit else "", "；".join(named) if zh else "; ".join(named)])  # fmt: skip
    book.table(EXPLANATION[int(not zh)], table, rows, frozen=1)


def _meaning(field: Field, vocabulary: Vocabulary, zh: bool) -> str:
    column = field.column
    if column.part in OWN:
        return WHOSE[column.part][int(not zh)]
    owners = {"attribute": vocabulary.attributes, "event": vocabulary.events, "role": vocabulary.roles}[column.part]
    word: Any = vocabulary.attributes[column.name] if column.of else owners[column.name]  # type: ignore[index]
    if not zh:
        return str(word.definition)
    whole = owners[column.of or column.name].zh  # type: ignore[index]
    if field.attribute is None:
        return f"谁担任“{whole}”" if column.part == "role" else f"“{whole}”发生在哪一天"
    asked = ASKED[field.attribute.type].format(word.zh)
    if not column.of:
        return asked
    return f"每名{whole}：{asked}" if column.part == "role" else f"每次“{whole}”：{asked}"

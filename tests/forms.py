"""Records of every type drawn at random, and the same as a filled-in template, for the tests of spreadsheets."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

from lawgov_rules import template
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.vocabulary import Attribute, Vocabulary

Value = dict[str, Any]
Book = openpyxl.Workbook
NAMES = ("张甲", "李乙", "王丙", "阿不都·热合曼")


def drawn(type_: str, vocabulary: Vocabulary, number: int, random: Random) -> list[Value]:
    """Records in the words of YAML: some attributes, events once or several times, people."""
    return [_record(type_, vocabulary, n, random) for n in range(1, number + 1)]


def _record(type_: str, words: Vocabulary, number: int, random: Random) -> Value:
    known = words.record_types[type_]
    events = [
        {"event": name, "date": _day(random)} | _some(words.events[name].attributes, words, random, 0.6, name)
        for name in known.events
        for _ in range(random.choice((0, 0, 1, 1, 1, 3)))
    ]
    participants = [
        {"role": role, "person": person} | _some(words.roles[role].attributes, words, random, 0.6)
        for role in known.roles
        for person in random.sample(NAMES, random.choice((0, 1, 2, 3)))
    ]
    return {
        "record": f"甲{type_[:3]}发〔2012〕{number}号",
        "type": type_,
        "jurisdiction": random.choice(("140581", "450800", "220200", "140400")),
        "organ": "甲县人民政府",
        "attributes": _some(known.attributes, words, random, 0.5),
        "participants": participants,
        "events": events,
    }


def _day(random: Random) -> str:
    return (dt.date(2011, 11, 1) + dt.timedelta(days=random.randrange(900))).isoformat()


def _some(names: tuple[str, ...], words: Vocabulary, random: Random, odds: float, event: str = "") -> Value:
    attributes = {n: words.of_event(event, n) if event else words.attributes[n] for n in names}
    return {name: _value(a, random) for name, a in attributes.items() if random.random() < odds}


def _value(attribute: Attribute, random: Random) -> Any:
    values = list(attribute.values)
    plain = {
        "text": lambda: random.choice(("理由", "甲政发〔2011〕5号", "一；二")),
        "choice": lambda: random.choice(values),
        "choices": lambda: random.sample(values, random.randrange(min(4, len(values) + 1))),
        "boolean": lambda: random.choice(("true", "false")),
        "integer": lambda: str(random.randrange(0, 3000)),
        "number": lambda: random.choice(("19.5", "1200", "0.25", "40")),
        "date": lambda: _day(random),
    }
    return plain[attribute.type]()


def filled(
    type_: str, rules: Rulesets, values: list[Value], lang: str = "zh", plain: bool = False
) -> openpyxl.Workbook:
    """The template with these records below its example; further columns where something happened several times.

    ``plain`` writes every cell as text, as a CSV has it.
    """
    book = openpyxl.load_workbook(BytesIO(template.write(type_, rules, lang)))
    sheet = book.worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[1]}
    for row, value in enumerate(values, 3):
        for heading, text in _cells(value, rules.vocabulary, lang).items():
            if heading not in headings:
                headings[heading] = len(headings) + 1
                sheet.cell(1, headings[heading], heading)
            cell = sheet.cell(row, headings[heading])
            cell.value = text.isoformat() if plain and isinstance(text, dt.date) else text
            if isinstance(text, str):
                cell.number_format = "@"
    return book


def _cells(value: Value, words: Vocabulary, lang: str) -> Value:
    """A record as the cells of a row by their headings; all in labels, days as days."""
    ours = ("案卷号", "机关", "行政区划") if lang == "zh" else ("record", "organ", "jurisdiction")
    found: Value = dict(zip(ours, (value["record"], value["organ"], value["jurisdiction"]), strict=True))
    for name, inner in value["attributes"].items():
        found[words.attributes[name].label(lang)] = _shown(words.attributes[name], inner, lang)
    for part, head, tail in (("events", "event", "date"), ("participants", "role", "person")):
        times: dict[str, int] = {}
        for one in value[part]:
            name = one[head]
            owner = words.events[name] if head == "event" else words.roles[name]
            times[name] = times.get(name, 0) + 1
            heading = owner.label(lang) + (str(times[name]) if times[name] > 1 else "")
            found[heading] = dt.date.fromisoformat(one[tail]) if tail == "date" else one[tail]
            for inner, text in one.items():
                if inner not in (head, tail):
                    attribute = words.attributes[inner]
                    found[f"{heading}·{attribute.label(lang)}"] = _shown(attribute, text, lang)
    return found


def _shown(attribute: Attribute, value: Any, lang: str) -> Any:
    """A value as a person fills it in."""
    if attribute.type == "choice":
        return attribute.values[value].label(lang)
    if attribute.type == "choices":
        return ("、" if lang == "zh" else "; ").join(attribute.values[v].label(lang) for v in value) or "[]"
    if attribute.type == "boolean":
        return {"zh": {"true": "是", "false": "否"}, "en": {"true": "yes", "false": "no"}}[lang][value]
    if attribute.type in ("integer", "number"):
        return float(value) if "." in value else int(value)
    return dt.date.fromisoformat(value) if attribute.type == "date" else value


def save(book: Book, path: Path) -> Path:
    book.save(path)
    return path

"""The figures of a finding (`required`, `measured`, `over_by`) for a reader: ``at least 1 times`` is 至少1次.

A finding carries them in the rule's words, the same in every language; a table needs them in the reader's. What stands
alone with its unit comes back as a number, so that a spreadsheet can sort it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lawgov_rules.kinds._wording import Words
from lawgov_rules.ruleset import Rule

UNITS = {
    "day": ("天", "days"),
    "working day": ("个工作日", "working days"),
    "month": ("个月", "months"),
    "year": ("年", "years"),
    "time": ("次", "times"),
    "%": ("%", "%"),
    "": ("", ""),
}
_SPAN = r"(?:working )?(?:day|month|year)s?"
_NUMBER = re.compile(r"(-?\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z_ %]*)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NAMES = re.compile(r"(?:\d{4}/)?[a-z][a-z0-9_]*(?:(?:, |\|)[a-z][a-z0-9_]*)*(?: \d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIGN = re.compile(r"[=<>≤≥≠]")
# from the longest phrase to the shortest; each says what follows it too
_PHRASES = (
    (re.compile(r"by (\d{4}-\d{2}-\d{2})"), "不迟于{0}"),
    (re.compile(r"by (\d{1,2})-(\d{1,2})"), "不迟于{0}月{1}日"),
    (re.compile(r"at least (.+)"), "至少{0}"),
    (re.compile(rf"every (\d+ {_SPAN})"), "每{0}"),
    (re.compile(r"(\d+) of (\d+)"), "{1}项中有{0}项"),
    (re.compile(r"(\d+) not in order"), "{0}项不符合要求"),
    (re.compile(r"nobody in both"), "不得由同一人担任"),
    (re.compile(r"(.+) and (.+)"), "{0}且{1}"),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit in the reader's language."""

    number: int | float
    unit: str


def amount(text: str, rule: Rule | None, words: Words) -> Quantity | dt.date | str:
    """A figure of a finding of a rule, as a number with its unit, a day, or a phrase."""
    if _DAY.fullmatch(text):
        return dt.date.fromisoformat(text)
    if alone := _NUMBER.fullmatch(text):
        known = _unit(alone[2].strip(), words)
        if known is not None:
            return Quantity(float(alone[1]) if "." in alone[1] else int(alone[1]), known)
    return phrase(text, rule, words)


def phrase(text: str, rule: Rule | None, words: Words) -> str:
    """A figure as text: phrases said in Chinese, names by their labels; nothing of a bare sign."""
    if _SIGN.fullmatch(text):
        return ""
    if words.lang == "zh":
        for pattern, said in _PHRASES:
            if found := pattern.fullmatch(text):
                return said.format(*(phrase(part, rule, words) for part in found.groups()))
    if (alone := _NUMBER.fullmatch(text)) and (unit := _unit(alone[2].strip(), words)) is not None:
        return alone[1] + words.t(unit, f" {unit}".rstrip() if unit != "%" else unit)
    return named(text, rule, words)


def named(text: str, rule: Rule | None, words: Words) -> str:
    """Names that a rule writes, or an instance of it, by their labels; all else as it stands."""
    if rule is None or not _NAMES.fullmatch(text):
        return text
    # a rule may ask for several events of one name
    parts = [part + (f"×{n}" if n > 1 else "") for part, n in Counter(text.split(", ")).items()]
    joined = words.t("、", ", ").join(parts).replace("|", words.t("或", " or ")).replace("/", " / ")
    return _NAME.sub(lambda name: _label(name[0], rule, words), joined)


def _unit(word: str, words: Words) -> str | None:
    """The label of a unit, or of the unit of the attribute that was summed up; None where it is no unit."""
    for name in (word, word.removesuffix("s")):
        if name in UNITS:
            return words.t(*UNITS[name])
    if word in words.vocabulary.attributes:
        return words.unit(word) or None
    return None


def _label(name: str, rule: Rule | None, words: Words) -> str:
    """What the vocabulary calls a name that a rule writes: of its own attributes' values first."""
    known = words.vocabulary
    for attribute in _attributes(rule, words):
        if name in known.attributes[attribute].values:
            return words.value(attribute, name)
    for kind in (known.events, known.roles, known.attributes, known.readings, known.record_types):
        if name in kind:
            return str(kind[name].label(words.lang))  # type: ignore[index]
    return name


def _attributes(rule: Rule | None, words: Words) -> Iterator[str]:
    """The attributes that a rule's constraint names."""
    todo: list[Any] = [rule.source.value.get("constraint")] if rule else []
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            todo += [*part, *part.values()]
        elif isinstance(part, list):
            todo += part
        elif part in words.vocabulary.attributes:
            yield part

"""The figures of a finding in words a reader knows: ``at least 40 hours`` → 至少40学时, ``filed`` → 报送备案.

Findings name figures in one way for all languages, with the words of the rules. A figure of an unknown shape is shown
as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lawgov_rules.days import Duration
from lawgov_rules.kinds._wording import Words
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.vocabulary import Vocabulary

_BOUND = {"at least": ("至少", "at least "), "at most": ("至多", "at most "), "every": ("每", "every ")}
_SPAN = re.compile(r"\d+ (?:working )?(?:day|month|year)s?")
_AMOUNT = re.compile(r"(-?[\d.]+) (\w+)")
_NAME = re.compile(r"[a-z]\w*")
# controls, and the marks that turn the direction of what follows: they are shown, not obeyed
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)


def visible(value: Any) -> Any:
    """A text in which what cannot be seen can be: ``[U+202E]``. Lists and mappings likewise; all else as it is."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n")
        return _UNSEEN.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", text) if _UNSEEN.search(text) else text
    if isinstance(value, (list, tuple)):
        return [visible(item) for item in value]
    if isinstance(value, dict):
        return {visible(key): visible(item) for key, item in value.items()}
    return value


class Figures:
    """The words and figures of the findings of one rule, in one language."""

    def __init__(self, rules: Rulesets, rule: Rule | None, lang: str) -> None:
        self.words = Words(rules.vocabulary, lang)
        self.known = _labels(rules.vocabulary, rule, lang)
        self.figure = lru_cache(maxsize=None)(self._figure)

    def name(self, name: str) -> str:
        """The label of a word of the rule: ``a|b`` is 甲或乙, ``a&b`` 甲和乙; a word without a label as it is."""
        t = self.words.t
        for mark, joint in (("|", t("或", " or ")), ("&", t("和", " and "))):
            if mark in name:
                return joint.join(self.name(part) for part in name.split(mark))
        return self.known.get(name, name)

    def instance(self, instance: str) -> str:
        """The label of an instance: periods and days as they are, words of the rule by their labels."""
        return " ".join(self.name(part) if _NAME.fullmatch(part) else part for part in instance.split(" "))

    def fact(self, fact: str) -> str:
        """The name of a missing fact."""
        return self.words.fact(fact)

    def measure(self, text: str) -> str:
        """What was found, and by how much it is off; days are counted, not set."""
        found = re.fullmatch(r"(-?\d+) days?", text)
        return self.words.days(int(found[1])) if found else self.figure(text)

    def _figure(self, text: str) -> str:
        """``15 days``, ``at least 40 hours``, ``by 12-20``, ``4 of 5``, ``plan, content`` in words."""
        t = self.words.t
        if " and at most " in text:
            return t("，", " and ").join(self._figure(part) for part in text.split(" and "))
        for word, (zh, en) in _BOUND.items():
            if text.startswith(f"{word} "):
                return t(zh, en) + self._figure(text.removeprefix(f"{word} "))
        if text.startswith("by "):
            return t(f"不迟于{text[3:]}", text)
        if found := re.fullmatch(r"(\d+) of (\d+)", text):
            return t(f"{found[2]}项中有{found[1]}项", text)
        if found := re.fullmatch(r"(\d+) not in order", text):
            return t(f"{found[1]}件不符合要求", text)
        if text == "nobody in both":
            return t("无人兼任", text)
        if _SPAN.fullmatch(text):
            return self._span(text)
        if found := _AMOUNT.fullmatch(text):
            return self._amount(found[1], found[2])
        return t("、", ", ").join(self.name(part) for part in text.split(", "))

    def _span(self, text: str) -> str:
        try:
            return Duration.parse(text).label(self.words.lang)
        except ValueError:  # such as `0 days`, which no rule writes
            return text

    def _amount(self, number: str, unit: str) -> str:
        t = self.words.t
        if unit in ("time", "times"):
            return t(f"{number}次", f"{number} {unit}")
        if unit in self.words.vocabulary.attributes:
            named = self.words.unit(unit)
            return t(f"{number}{named}", f"{number} {named}".rstrip())
        return f"{number} {unit}"


def _labels(vocabulary: Vocabulary, rule: Rule | None, lang: str) -> dict[str, str]:
    """The labels of the words that a rule may name; of a word that several attributes have, as the rule uses it."""
    found: dict[str, str] = {}
    for known in (vocabulary.record_types, vocabulary.attributes, vocabulary.roles, vocabulary.events):
        found |= {name: word.label(lang) for name, word in known.items()}
    values: dict[str, str] = {}
    used = dict.fromkeys(_words(rule.source.value)) if rule else {}
    for attribute in used:
        if attribute in vocabulary.attributes:
            for name, word in vocabulary.attributes[attribute].values.items():
                if name in used:
                    values.setdefault(name, word.label(lang))
    return found | values


def _words(value: Any) -> Iterator[str]:
    """Every key and every value of a rule as its file writes it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _words(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str):
        yield value

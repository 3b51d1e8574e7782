"""The words that every kind's sentence is made of, in one language at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lawgov_rules.occurrence import Occurrence
from lawgov_rules.step import Step
from lawgov_rules.vocabulary import Vocabulary, show_day


@dataclass(slots=True)
class Explanation:
    """The figures of a finding, as text: days as ``2012-03-16``, spans as ``4 days``; empty where there is none."""

    due: str = ""
    actual: str = ""
    required: str = ""
    measured: str = ""
    over_by: str = ""
    evidence: list[dict[str, Any]] = field(default_factory=list)


class Words:
    """Labels of the vocabulary and small phrases, in one language (``zh`` or ``en``)."""

    def __init__(self, vocabulary: Vocabulary, lang: str) -> None:
        self.vocabulary = vocabulary
        self.lang = lang

    def t(self, zh: str, en: str) -> str:
        """The one of the two that is in the language."""
        return zh if self.lang == "zh" else en

    def event(self, what: Occurrence, step: int | None = None) -> str:
        """The label of the event that happened, or of all that are meant."""
        key = (self.lang, step)
        if key not in what.labels:
            what.labels[key] = self._event(what, step)
        return what.labels[key]

    def _event(self, what: Occurrence, step: int | None) -> str:
        if what.attribute:
            return self.attribute(what.attribute)
        meant = what.every_step() if step is None else (what.every_step()[step],)
        joint = self.t("和", " and ") if what.all_of else self.t("或", " or ")
        return joint.join(dict.fromkeys(self._step(one) for one in meant))

    def _step(self, step: Step) -> str:
        """An event with what its ``where`` asks plainly: ``报送备案（市政府）``."""
        label = self.vocabulary.events[step.event].label(self.lang)
        said = [text for name, value in plain(step.where) if (text := self._choice(name, value))]
        joint = self.t("，", ", ")
        return label + (self.t(f"（{joint.join(said)}）", f" ({joint.join(said)})") if said else "")

    def _choice(self, attribute: str, value: Any) -> str:
        """The labels of the values that a condition names of a choice; nothing of other conditions."""
        known = self.vocabulary.attributes[attribute].values
        names = value if isinstance(value, list) else [value]
        if not known or not all(isinstance(name, str) and name in known for name in names):
            return ""
        return self.t("或", " or ").join(known[name].label(self.lang) for name in names)

    def record(self, what: Occurrence) -> str:
        """``符合要求的“报送备案”记录``: what one looks for in the file."""
        fit = any(step.condition for step in what.steps)
        return self.t(
            f"{'符合要求的' if fit else ''}“{self.event(what)}”记录",
            f"{'fitting ' if fit else ''}record of “{self.event(what)}”",
        )

    def days(self, n: int) -> str:
        return self.t(f"{n}天", days_en(n))

    def attribute(self, name: str) -> str:
        return self.vocabulary.attributes[name].label(self.lang)

    def value(self, attribute: str, value: str) -> str:
        """The label of one value of a choice."""
        return self.vocabulary.attributes[attribute].values[value].label(self.lang)

    def unit(self, attribute: str) -> str:
        unit = self.vocabulary.attributes[attribute].unit or ""
        return self.vocabulary.units[unit].label(self.lang) if unit in self.vocabulary.units else unit

    def role(self, name: str) -> str:
        return self.vocabulary.roles[name].label(self.lang)

    def reading(self, name: str) -> str:
        """The label of a reading; its name where the vocabulary has none."""
        known = self.vocabulary.readings.get(name)
        return known.label(self.lang) if known else name

    def fact(self, fact: str) -> str:
        """The name of a missing fact: ``filed.to`` → 报送备案的报送对象."""
        if fact.startswith("calendar:"):
            year = fact.removeprefix("calendar:")
            return self.t(f"{year}年放假安排", f"the calendar of {year}")
        if fact == "jurisdiction":
            return self.t("所属地域", "jurisdiction")
        if fact == "participants":
            return self.t("参与人员", "participants")
        if "/" in fact:  # of another record: its type, and the fact, or nothing if the record itself is missing
            type_, _, rest = fact.partition("/")
            label = self.vocabulary.record_types[type_].label(self.lang)
            if not rest:
                return self.t(f"{label}的案卷", f"the record of the {label}")
            return self.t(f"{label}的{self.fact(rest)}", f"{self.fact(rest)} of the {label}")
        owner, _, name = fact.rpartition(".")
        label = self._fact_name(name)
        if not owner:
            return label
        whose: Any = self.vocabulary.events.get(owner) or self.vocabulary.roles.get(owner)
        if not whose:
            return label
        joint = "" if label.startswith("是否") else "的"
        return self.t(f"{whose.zh}{joint}{label}", f"{label} of {whose.en}")

    def _fact_name(self, name: str) -> str:
        if name == "sequence":
            return self.t("同日先后顺序", "order within the day")
        known: Mapping[str, Any] = self.vocabulary.attributes
        if name not in known:
            known = self.vocabulary.events
            return self.t(f"“{known[name].zh}”的日期", f"date of “{known[name].en}”") if name in known else name
        label = str(known[name].label(self.lang))
        return self.t(f"是否{label}", f"whether {label}") if known[name].type == "boolean" else label


def plain(where: Any) -> Iterator[tuple[str, Any]]:
    """The attributes that a condition compares with values, all of which must hold."""
    for name, value in where.items() if isinstance(where, dict) else ():
        if name == "all":
            for part in value:
                yield from plain(part)
        elif name not in ("any", "none", "happened"):
            yield name, value


def days_en(n: int) -> str:
    """``1 day``, ``4 days``."""
    return f"{n} day" if n == 1 else f"{n} days"


def shown_day(day: int | None) -> str:
    """A day as text; empty where there is none."""
    return "" if day is None else show_day(day)


def evidence(what: Occurrence | None, day: int | None, step: int | None = None) -> list[dict[str, Any]]:
    """An event and its day, as a finding shows it; nothing where it is not on record."""
    if day is None or what is None:
        return []
    if what.attribute:
        return [{"attribute": what.attribute, "date": show_day(day)}]
    names = what.names()
    return [{"event": names[step] if step is not None else "|".join(dict.fromkeys(names)), "date": show_day(day)}]

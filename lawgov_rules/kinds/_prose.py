"""Conditions, occurrences and people in words that can be read aloud, in one language at a time.

A rule is data; this is how it sounds: ``{issuer_level: county, secret_by_law: false}`` is
「制定机关层级为县级，且不符合“依法保密”」. Labels come from the vocabulary; those of events and of qualities stand in
quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from lawgov_rules.condition import Compare, Condition, Group
from lawgov_rules.days import Duration
from lawgov_rules.kinds._wording import Words
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.people import People
from lawgov_rules.step import Happened, Step

# how an order is said of numbers and of days
_ORDER = {
    "gte": (("不少于", "at least"), ("不早于", "on or after")),
    "gt": (("多于", "more than"), ("晚于", "after")),
    "lte": (("不超过", "at most"), ("不晚于", "on or before")),
    "lt": (("少于", "less than"), ("早于", "before")),
}


class Prose(Words):
    """What a rule says, in one language (``zh`` or ``en``)."""

    def condition(self, condition: Condition) -> str:
        """A condition as a clause of a sentence."""
        if isinstance(condition, Compare):
            return self._compare(condition)
        if isinstance(condition, Happened):
            step = self.step(condition.step)
            return self.t(f"已有{step}", f"there has been {step}")
        assert isinstance(condition, Group)
        if condition.how == "none":
            return self._none(condition)
        joint = self.t("，且", " and ") if condition.how == "all" else self.t("，或者", " or ")
        return joint.join(self._inner(part, condition) for part in condition.parts)

    def _inner(self, part: Condition, group: Group) -> str:
        """A part of a group, in brackets where it is joined otherwise than the group."""
        said = self.condition(part)
        apart = isinstance(part, Group) and len(part.parts) > 1 and part.how not in (group.how, "none")
        return self.t(f"（{said}）", f"({said})") if apart else said

    def _none(self, group: Group) -> str:
        [first, *rest] = group.parts
        if not rest and isinstance(first, Compare) and first.op in ("eq", "has", "known"):
            return self._compare(first, negated=True)
        said = self.joined(*(self.condition(part) for part in group.parts))
        if rest:
            return self.t(f"以下情形都不存在（{said}）", f"none of this holds ({said})")
        return self.t(f"并非（{said}）", f"it is not so that {said}")

    def _compare(self, compare: Compare, negated: bool = False) -> str:
        attribute, label = compare.attribute, compare.attribute.label(self.lang)
        yes = compare.values[0] is not negated  # of a boolean, and of whether something is known
        if compare.op == "known":
            return self.t(f"{'有' if yes else '没有'}“{label}”的记录", f"“{label}” is {'' if yes else 'not '}on record")
        if attribute.type == "boolean" and len(set(compare.values)) == 1:
            return self.t(f"{'' if yes else '不'}符合“{label}”", f"“{label}” {'holds' if yes else 'does not hold'}")
        shown = [self._shown(compare, value) for value in compare.values]
        said = self.t("、", " or ").join(shown) if negated else self.any_of(shown)
        no_zh, no_en = ("不", "not ") if negated else ("", "")
        if compare.op == "has":
            verb = "does not include" if negated else "includes"
            return self.t(f"{label}{no_zh}包括{said}", f"{label} {verb} {said}")
        if compare.op == "eq":
            return self.t(f"{label}{no_zh}为{said}", f"{label} is {no_en}{said}")
        zh, en = _ORDER[compare.op][attribute.type == "date"]
        return self.t(f"{label}{zh}{said}", f"{label} is {en} {said}")

    def _shown(self, compare: Compare, value: object) -> str:
        """A value with its unit; text in quotation marks; several choices of a mask by their labels."""
        attribute = compare.attribute
        if attribute.type == "choices":
            words = [attribute.values[word].label(self.lang) for word in attribute.chosen(int(str(value)))]
            return self.any_of(words)
        said = attribute.show(value, self.lang)  # type: ignore[arg-type]
        if attribute.type == "text":
            return f"“{said}”"
        unit = self.unit(compare.name) if attribute.unit else ""
        return said + (self.t(unit, f" {unit}") if unit else "")

    def step(self, step: Step) -> str:
        """``“报送备案”（报送对象为市政府）``."""
        label = self.vocabulary.events[step.event].label(self.lang)
        return f"“{label}”" + (self._bracket(self.condition(step.condition)) if step.condition else "")

    def _bracket(self, said: str) -> str:
        return self.t(f"（{said}）", f" ({said})")

    def occurrence(self, what: Occurrence) -> str:
        """Which event counts; the latest one with what it must meet."""
        if what.attribute:
            label = self.attribute(what.attribute)
            return self.t(f"“{label}”所载日期", f"the date of “{label}”")
        if what.pick == "latest":
            return self._latest(what)
        said = (self.all_of if what.all_of else self.any_of)(self.step(step) for step in what.steps)
        if what.pick == "each":
            said = self.t(f"每一次{said}", f"each {said}")
        if what.otherwise:
            other = self.occurrence(what.otherwise)
            said += self.t(f"（没有记录的，看{other}）", f" (where it is not on record: {other})")
        return said

    def _latest(self, what: Occurrence) -> str:
        """``最近一次“合法性审查”（审查机构为其他）须结论为合法``."""
        told = []
        for step in what.steps:
            label = f"“{self.vocabulary.events[step.event].label(self.lang)}”"
            among = self._bracket(self.condition(step.latest_among)) if step.latest_among else ""
            must = self.condition(step.condition) if step.condition else ""
            told.append(label + among + (self.t(f"须{must}", f" must be one whose {must}") if must else ""))
        return self.t("最近一次", "the latest ") + self.any_of(told)

    def people(self, people: People) -> str:
        """Who counts: ``承办人（符合“符合法定条件”）``."""
        said = [self.condition(people.condition)] if people.condition else []
        if dates := [self.attribute(name) for name in (people.valid.from_, people.valid.to) if name]:
            span = self.t("至", " to ").join(f"“{label}”" for label in dates)
            said.append(self.t(f"当日在{span}的期间之内", f"on that day within {span}"))
        return self.role(people.role) + (self._bracket(self.t("，且", " and ").join(said)) if said else "")

    def span(self, duration: Duration) -> str:
        return duration.label(self.lang)

    def date(self, written: str) -> str:
        """``2013-12-31``, or ``12-20`` of every year, as 2013年12月31日 and 12月20日."""
        *year, month, day = map(int, written.split("-"))
        return self.t(f"{f'{year[0]}年' if year else ''}{month}月{day}日", written)

    def rolls(self) -> str:
        return self.t("末日遇休息日的，顺延到下一工作日", "a last day on a rest day moves to the next working day")

    def all_of(self, words: Iterable[str]) -> str:
        """``甲、乙和丙``."""
        return self._listed(words, self.t("和", " and "))

    def any_of(self, words: Iterable[str]) -> str:
        """``甲、乙或丙``."""
        return self._listed(words, self.t("或", " or "))

    def _listed(self, words: Iterable[str], joint: str) -> str:
        *first, last = words
        return self.t("、", ", ").join(first) + joint + last if first else last

    def times(self, number: object) -> str:
        """``2次``."""
        return self.t(f"{number}次", f"{number} time{'' if str(number) == '1' else 's'}")

    def joined(self, *parts: str) -> str:
        """Parts of a sentence, empty ones left out."""
        return self.t("；", "; ").join(filter(None, parts))

    def parameters(self, constraint: BaseModel) -> str:
        """Any constraint, by what it names: for a kind that has no sentence of its own."""
        usual = {name: field.default for name, field in type(constraint).model_fields.items()}
        named = ((n, v) for n, v in constraint if n != "kind" and v != usual[n])
        return self.joined(*(f"{name.rstrip('_')}: {self._value(value)}" for name, value in named))

    def _value(self, value: object) -> str:
        if isinstance(value, Occurrence):
            return self.occurrence(value)
        if isinstance(value, Step):
            return self.step(value)
        if isinstance(value, People):
            return self.people(value)
        if isinstance(value, Duration):
            return self.span(value)
        return self.t("、", ", ").join(map(self._value, value)) if isinstance(value, (list, tuple)) else str(value)

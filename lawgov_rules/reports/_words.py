"""What a finding says, field by field, in the words of one language: for tables, where there is a cell for each.

A finding's ``required``, ``measured`` and ``over_by`` are short English for programs (``15 days``, ``0 of 3``); here
they become what a reader of the language expects (``15天``, ``0/3``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lawgov_rules.explain import SEVERITIES
from lawgov_rules.kinds._wording import Words
from lawgov_rules.verdict import DETAILS, Verdict

if TYPE_CHECKING:
    from lawgov_rules.findings import Finding
    from lawgov_rules.ruleset import Rule, Rulesets
    from lawgov_rules.vocabulary import Attribute

_N = r"(-?\d+(?:\.\d+)?)"
# what the kinds say of figures, and how it is said in Chinese; ``rest`` is itself such a figure
_ZH = [
    (re.compile(pattern), template)
    for pattern, template in {
        f"{_N} working days?": "{0}个工作日",
        f"{_N} days?": "{0}天",
        f"{_N} weeks?": "{0}周",
        f"{_N} months?": "{0}个月",
        f"{_N} years?": "{0}年",
        f"{_N} hours?": "{0}小时",
        f"{_N} times?": "{0}次",
        f"{_N} of {_N}": "{0}/{1}",
        f"{_N} not in order": "{0}项不符合要求",
        "nobody in both": "不得兼任",
        "at least (?P<rest>.+)": "不少于{rest}",
        "every (?P<rest>.+)": "每{rest}",
        r"by (\d\d)-(\d\d)": "不晚于{0}月{1}日",
        "by (.+)": "不晚于{0}",
    }.items()
]
_WORD = re.compile(r"[a-z][a-z0-9_]*")


class FindingWords(Words):
    """The fields of findings in one language (``zh`` or ``en``)."""

    def __init__(self, rules: Rulesets, lang: str) -> None:
        super().__init__(rules.vocabulary, lang)
        self.rules = {rule.key: rule for rule in rules}
        self.titles = {ruleset.document.id: ruleset.document.title for ruleset in rules.rulesets}

    def verdict(self, found: Finding) -> str:
        return self.verdict_label(found["verdict"])

    def verdict_label(self, name: str) -> str:
        return str(getattr(Verdict[name], self.lang))

    def detail(self, found: Finding) -> str:
        return self.t(*DETAILS[found["detail"]])

    def severity(self, found: Finding) -> str:
        zh, en = SEVERITIES[found["severity"]]
        return self.t(zh, en.split()[-1])

    def record_type(self, found: Finding) -> str:
        return self.vocabulary.record_types[found["type"]].label(self.lang)

    def title(self, found: Finding) -> str:
        """The rule's title."""
        return str(getattr(self.rules[found["rule"]].title, self.lang))

    def requirement(self, found: Finding) -> str:
        return str(getattr(self.rules[found["rule"]].requirement, self.lang))

    def document(self, id: str) -> str:
        """A document: its title, or in English its id."""
        return self.titles[id] if self.lang == "zh" else id

    def figure(self, found: Finding, key: str) -> str:
        """One of ``required``, ``measured``, ``over_by``."""
        text = str(found.get(key, ""))
        if re.fullmatch("[=<>≤≥]", text):  # of figures that are not on record
            return ""
        if re.fullmatch(rf"({_WORD.pattern}(\|{_WORD.pattern})*(, )?)+", text):
            return self._elements(text, self.rules[found["rule"]])
        figure, _, attribute = text.rpartition(" ")
        if attribute in self.vocabulary.attributes and self.unit(attribute):  # a sum: `at least 40 hours`
            return self.t(f"{_zh(figure)}{self.unit(attribute)}", f"{figure} {self.unit(attribute)}")
        return _zh(text) if self.lang == "zh" else re.sub(r"^1 times$", "1 time", text)

    def instance(self, found: Finding) -> str:
        """A period or a day as it stands; to whom, or which figures, by their labels."""
        text = str(found["instance"])
        if year := re.fullmatch(rf"(\d{{4}})/({_WORD.pattern})", text):
            return f"{year[1]} / {self._elements(year[2], self.rules[found['rule']])}"
        if (check := re.fullmatch(rf"({_WORD.pattern})( \d+)?", text)) and check[1] in self.vocabulary.attributes:
            return self.attribute(check[1]) + (check[2] or "")
        return text

    def evidence(self, found: Finding) -> str:
        """``公布：2012-03-01；报送备案：2012-03-20``."""
        return self.t("；", "; ").join(filter(None, map(self._seen, found.get("evidence", ()))))

    def missing(self, found: Finding) -> str:
        return self.t("、", ", ").join(self.fact(name) for name in found.get("missing", ()))

    def readings(self, found: Finding) -> str:
        """Each reading's verdict."""
        said = (
            f"{self.reading(name)}{self.t('：', ': ')}{self.verdict_label(verdict)}"
            for name, verdict in found.get("readings", {}).items()
        )
        return self.t("；", "; ").join(said)

    def _seen(self, item: dict[str, Any]) -> str:
        name = self._names(item["event"]) if "event" in item else ""
        name = name or (self.attribute(item["attribute"]) if "attribute" in item else "")
        what = str(item.get("date") or "")
        if "count" in item:
            of = f"/{item['of']}" if "of" in item else ""
            what = f"{item['count']}{of}"
        return f"{name}{self.t('：', ' ')}{what}" if name else what

    def _names(self, events: str) -> str:
        """``published|filed``: either, in words."""
        known = self.vocabulary.events
        names = (known[name].label(self.lang) if name in known else name for name in events.split("|"))
        return self.t("或", " or ").join(names)

    def _elements(self, text: str, rule: Rule) -> str:
        """A list of elements: events, roles, or values of one attribute of the record or its events."""
        names = text.split(", ")
        events, roles = self.vocabulary.events, self.vocabulary.roles
        if all(word in events for name in names for word in name.split("|")):
            labels = [self._names(name) for name in names]
        elif all(name in roles for name in names):
            labels = [self.role(name) for name in names]
        else:
            of = self._attribute_with(names, rule)
            labels = [of.values[name].label(self.lang) for name in names] if of else names
        # a rule may ask for several events of one name
        counted = (label if n == 1 else f"{label}×{n}" for label, n in Counter(labels).items())
        return self.t("、", ", ").join(counted)

    def _attribute_with(self, values: Sequence[str], rule: Rule) -> Attribute | None:
        """The rule's own attribute, or the first of its records or their events, that has all these values."""
        words = self.vocabulary
        type_ = words.record_types[rule.record]
        of_events = (name for event in type_.events for name in words.events[event].attributes)
        known = (words.attributes[name] for name in (*_named(rule), *type_.attributes, *of_events))
        return next((a for a in known if a.values and all(value in a.values for value in values)), None)


def _named(rule: Rule) -> Iterator[str]:
    """The attribute whose values a rule asks for one by one."""
    yield from getattr(rule.constraint, "elements", None) or ()
    if recipients := getattr(rule.constraint, "recipients", None):
        yield recipients.attribute


def _zh(figure: str) -> str:
    """A figure in Chinese; as it is where it is a number, a day or something else."""
    for pattern, template in _ZH:
        if match := pattern.fullmatch(figure):
            named = match.groupdict()
            rest = {"rest": _zh(named["rest"])} if "rest" in named else {}
            return template.format(*match.groups(), **rest)
    return figure

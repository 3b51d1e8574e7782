"""What a finding says, field by field, in the words of one language: for tables, where there is a cell for each.

A finding's ``required``, ``measured`` and ``over_by`` are short English for programs (``15 days``, ``0 of 3``); here
they become what a reader of the language expects (``15天``, ``0/3``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lawgov_rules.explain import SEVERITIES
from lawgov_rules.kinds._wording import Words
from lawgov_rules.kinds.composition import Composition
from lawgov_rules.verdict import DETAILS, Verdict

if TYPE_CHECKING:
    from lawgov_rules.findings import Finding
    from lawgov_rules.ruleset import Rulesets

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
        r"at least (\d+) and at most (\d+)": "{0}至{1}",
        "at least (?P<rest>.+)": "不少于{rest}",
        "at most (?P<rest>.+)": "不多于{rest}",
        "every (?P<rest>.+)": "每{rest}",
        r"by (\d\d)-(\d\d)": "不晚于{0}月{1}日",
        "by (.+)": "不晚于{0}",
    }.items()
]
# how two figures of an identity compare
COMPARED = {
    "=": ("等于", "equal to"),
    "≤": ("不大于", "at most"),
    "≥": ("不小于", "at least"),
    "<": ("小于", "less than"),
    ">": ("大于", "more than"),
}
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
        """How grave a violation is; empty for what is none: nobody is to read `error` beside `compliant`."""
        if found["verdict"] != "violated":
            return ""
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
        if labels := self._elements(found):
            names = text.split(", ")
            return self.t("、", ", ").join(labels[name] for name in names) if all(n in labels for n in names) else text
        figure, _, attribute = text.rpartition(" ")
        if attribute in self.vocabulary.attributes and self.unit(attribute):  # a sum: `at least 40 hours`
            return self.t(f"{_zh(figure)}{self.unit(attribute)}", f"{figure} {self.unit(attribute)}")
        if (sign := text[:1]) in COMPARED:  # which a spreadsheet would take for a formula
            return self.t(COMPARED[sign][0] + text[1:].lstrip(), COMPARED[sign][1] + text[1:])
        return _zh(text) if self.lang == "zh" else re.sub(r"\b1 times$", "1 time", text)

    def instance(self, found: Finding) -> str:
        """A period or a day as it stands; to whom, or which figures, by their labels."""
        text, rule = str(found["instance"]), self.rules.get(found["rule"])
        recipients = getattr(rule.constraint, "recipients", None) if rule else None
        if recipients and (year := re.fullmatch(rf"(\d{{4}})/({_WORD.pattern})", text)):
            return f"{year[1]} / {self.value(recipients.attribute, year[2])}"
        if (check := re.fullmatch(rf"({_WORD.pattern})( \d+)?", text)) and check[1] in self.vocabulary.attributes:
            return self.attribute(check[1]) + (check[2] or "")
        return text

    def named(self, name: str) -> str:
        """The label of an event, attribute, role or record type: ``a|b`` is 甲或乙, ``a&b`` 甲和乙."""
        for mark, joint in (("|", self.t("或", " or ")), ("&", self.t("和", " and "))):
            if mark in name:
                return joint.join(self.named(part) for part in name.split(mark))
        known = self.vocabulary
        for kind in (known.events, known.attributes, known.roles, known.record_types):
            if name in kind:
                return str(kind[name].label(self.lang))  # type: ignore[index]
        return name

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
        """What was found, and when, or how often."""
        what = str(item["count"] if "count" in item else item.get("date") or "")
        name = self.named(str(item.get("event") or item.get("attribute") or item.get("of") or ""))
        return f"{name}{self.t('：', ' ')}{what}" if name else what

    def _elements(self, found: Finding) -> dict[str, str]:
        """The labels of what a rule asks for one by one; none for other rules."""
        rule = self.rules.get(found["rule"])
        kinds = rule.constraints.values() if rule else ()
        return {
            name: label for kind in kinds if isinstance(kind, Composition) for name, label in kind.labels(self).items()
        }


def _zh(figure: str) -> str:
    """A figure in Chinese; as it is where it is a number, a day or something else."""
    for pattern, template in _ZH:
        if match := pattern.fullmatch(figure):
            named = match.groupdict()
            rest = {"rest": _zh(named["rest"])} if "rest" in named else {}
            return template.format(*match.groups(), **rest)
    return figure

"""The findings as the page's script reads them: rows of values, with everything that repeats written once.

Both languages travel, so a sentence is stored without the words of its rule (what is required, and where that is
written), which stand once with the rule.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from lawgov_rules.checking import Report
from lawgov_rules.explain import rows as rule_rows
from lawgov_rules.findings import Finding
from lawgov_rules.reports._figures import Figures, visible
from lawgov_rules.reports._html_words import SEVERITIES, WORDS
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import DETAILS, Verdict

# the verdicts as a reader wants them: what is wrong, what is open, what is well
ORDER = ("violated", "arguable", "undetermined", "pending", "excused", "compliant", "not_applicable")
LANGS = ("zh", "en")
# the values of a finding's row, in order; the script reads them by these names
FIELDS = (
    "fingerprint",
    "rule",
    "record",
    "instance",
    "verdict",
    "detail",
    "due",
    "actual",
    "figures",
    "evidence",
    "missing",
    "readings",
    "happened",
    "line",
    "late",
)


class _Once:
    """Values numbered in the order in which they are first met."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        return self.numbers.setdefault(value, len(self.numbers))

    def values(self) -> list[Any]:
        return list(self.numbers)


def lateness(finding: Finding) -> int | None:
    """By how many days a time limit was, or still is, exceeded; None of what is not about lateness.

    What counts towards a number (40 hours, 30 days of study) is short of it, not late.
    """
    days = re.fullmatch(r"(\d+) days?", finding.get("over_by", ""))
    counted = any("count" in item for item in finding.get("evidence", ()))
    if not days or counted or finding["verdict"] != "violated" or finding["detail"] not in ("late", "missing"):
        return None
    return int(days[1])


def when(finding: Finding) -> str:
    """The day a finding belongs to: when it was due, or else when it happened; empty if neither is known."""
    return str(finding.get("due") or finding.get("actual") or "")


def epoch(day: str) -> int:
    """A day as days since 1970-01-01."""
    return dt.date.fromisoformat(day).toordinal() - dt.date(1970, 1, 1).toordinal()


class Table:
    """Collects the rows of a report's findings and what they share."""

    def __init__(self, report: Report, rules: Rulesets) -> None:
        self.report, self.rules = report, rules
        self.by_key = {rule.key: rule for rule in rules}
        self.figures: dict[str, dict[str, Figures]] = {}
        self.rule, self.record, self.text = _Once(), _Once(), _Once()
        self.citations: dict[str, dict[str, str]] = {}
        self.severity: dict[str, str] = {}

    def data(self) -> dict[str, Any]:
        """Everything that the script needs, as plain values; texts of users are made visible."""
        rows = [self._row(finding) for finding in self.report.findings]
        return {
            "fields": FIELDS,
            "rows": rows,
            "rules": [self._rule(key) for key in self.rule.values()],
            "records": visible(self.record.values()),
            "texts": self.text.values(),
            "types": {name: self._both(word) for name, word in self.rules.vocabulary.record_types.items()},
            "documents": {s.document.id: visible(s.document.title) for s in self.rules.rulesets},
            "verdicts": {name: [Verdict[name].zh, Verdict[name].en] for name in ORDER},
            "details": DETAILS,
            "severities": SEVERITIES,
            "words": WORDS,
            "as_of": self.report.receipt["as_of"],
        }

    def _row(self, finding: Finding) -> Sequence[Any]:
        source = finding.get("source") or {}
        rule = finding["rule"]
        if rule not in self.figures:
            self.figures[rule] = {lang: Figures(self.rules, self.by_key.get(rule), lang) for lang in LANGS}
            self.citations[rule], self.severity[rule] = finding["citation"], finding["severity"]
        record = (finding["record"], finding["type"], finding.get("organ", ""), source.get("file", ""))
        return (
            finding.get("fingerprint", ""),
            self.rule(rule),
            self.record(record),
            self._each(rule, "instance", finding["instance"]),
            finding["verdict"],
            finding["detail"],
            finding.get("due", ""),
            finding.get("actual", ""),
            self._shown(finding),
            self._evidence(finding),
            [[visible(fact), *self._each(rule, "fact", fact)] for fact in finding.get("missing", ())],
            [[*self._reading(name), verdict] for name, verdict in finding.get("readings", {}).items()],
            [self._happened(finding, lang) for lang in LANGS],
            source.get("line", 0),
            lateness(finding) or 0,
        )

    def _each(self, rule: str, kind: str, text: str) -> list[str]:
        """A text in both languages, told by a method of the rule's figures."""
        said = (getattr(self.figures[rule][lang], kind)(text) for lang in LANGS) if text else ("", "")
        return [str(visible(one)) for one in said]

    def _shown(self, finding: Finding) -> list[int]:
        """What was required, found, and by how much it is off, in both languages, as numbers of texts."""
        told = (("required", "figure"), ("measured", "measure"), ("over_by", "measure"))
        return [
            self.text(text) for key, kind in told for text in self._each(finding["rule"], kind, finding.get(key, ""))
        ]

    def _evidence(self, finding: Finding) -> list[list[Any]]:
        """What decided it: its label in both languages, its day, its count."""
        found = []
        for item in finding.get("evidence", ()):
            name = str(item.get("event") or item.get("attribute") or item.get("of") or "")
            labels = [self.text(label) for label in self._each(finding["rule"], "name", name)]
            found.append([*labels, item.get("date", ""), str(item.get("count", ""))])
        return found

    def _reading(self, name: str) -> list[str]:
        known = self.rules.vocabulary.readings.get(name)
        return [known.zh, known.en] if known else [name, name]

    def _happened(self, finding: Finding, lang: str) -> str | list[str]:
        """A finding's sentence without what its rule says anyway; whole, as a list of one, where it is another."""
        message = str(finding["message"][lang])
        before, after = _frame(self.by_key.get(finding["rule"]), lang)
        if before and message.startswith(before) and message.endswith(after) and len(message) >= len(before + after):
            return str(visible(message[len(before) : len(message) - len(after)]))
        return [str(visible(message))]

    def _rule(self, key: str) -> dict[str, Any]:
        rule, cited = self.by_key.get(key), visible(self.citations[key])
        told = {
            "key": key,
            "document": cited["document"],
            "title": [rule.title.zh, rule.title.en] if rule else [key, key],
            "severity": self.severity[key],
            "cited": [cited["title"], cited["clause"], cited["locator"]],
            "frame": [visible(_frame(rule, lang)) for lang in LANGS],
        }
        if rule:
            told["rows"] = [visible(list(rule_rows(rule, self.rules, lang))) for lang in LANGS]
        return told

    def _both(self, word: Any) -> list[str]:
        return [word.zh, word.en]


def _frame(rule: Rule | None, lang: str) -> tuple[str, str]:
    """What a sentence of `findings.sentence` begins and ends with, by the rule alone."""
    if rule is None:
        return "", ""
    requirement, citation = getattr(rule.requirement, lang), rule.citation.label(lang)
    if lang == "zh":
        return f"{requirement}。", f"。依据{citation}。"
    return f"{requirement}. ", f". See {citation}."

"""The findings as the page's script reads them: rows of values, with everything that repeats written once.

Both languages travel, so a sentence is stored without the words of its rule (what is required, and where that is
written), which stand once with the rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lawgov_rules.explain import rows as rule_rows
from lawgov_rules.findings import Finding
from lawgov_rules.records import Event
from lawgov_rules.report import Report
from lawgov_rules.reports._groups import ORDER
from lawgov_rules.reports._plain import line
from lawgov_rules.reports._words import FindingWords
from lawgov_rules.reports.html._labels import LABELS, SEVERITIES
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import DETAILS, Verdict
from lawgov_rules.vocabulary import show_day

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


def visible(value: Any) -> Any:
    """Texts, and lists of them, on one line each, in which what cannot be seen can be."""
    if isinstance(value, str):
        return line(value)
    return [visible(item) for item in value] if isinstance(value, (list, tuple)) else value


class Table:
    """Collects the rows of a report's findings and what they share."""

    def __init__(self, report: Report, rules: Rulesets) -> None:
        self.report, self.rules = report, rules
        self.by_key = {rule.key: rule for rule in rules}
        self.words = [FindingWords(rules, lang) for lang in LANGS]
        self.rule, self.record, self.text = _Once(), _Once(), _Once()
        self.cited: dict[str, Finding] = {}

    def data(self) -> dict[str, Any]:
        """Everything that the script needs, as plain values; texts of users are made visible."""
        vocabulary = self.rules.vocabulary
        rows = [self._row(finding) for finding in self.report.findings]
        return {
            "fields": FIELDS,
            "rows": rows,
            "rules": [self._rule(key) for key in self.rule.values()],
            "records": [[*visible(key), self._events(key)] for key in self.record.values()],
            "types": {name: [word.zh, word.en] for name, word in vocabulary.record_types.items()},
            "documents": {s.document.id: s.document.title for s in self.rules.rulesets},
            "verdicts": {name: [Verdict[name].zh, Verdict[name].en] for name in ORDER},
            "details": DETAILS,
            "severities": SEVERITIES,
            "labels": LABELS,
            "as_of": self.report.receipt["as_of"],
            "checked": self.report.summary["checked"],
            # last, since everything above adds to it
            "texts": self.text.values(),
        }

    def _row(self, finding: Finding) -> Sequence[Any]:
        source, words = finding.get("source") or {}, self.words
        self.cited.setdefault(finding["rule"], finding)
        record = (finding["record"], finding["type"], finding.get("organ", ""), source.get("file", ""))
        readings = finding.get("readings", {}).items()
        return (
            finding.get("fingerprint", ""),
            self.rule(finding["rule"]),
            self.record(record),
            self._text(w.instance(finding) for w in words),
            finding["verdict"],
            finding["detail"],
            finding.get("due", ""),
            finding.get("actual", ""),
            [self._text(w.figure(finding, key) for w in words) for key in ("required", "measured", "over_by")],
            [self._evidence(item) for item in finding.get("evidence", ())],
            [[line(fact), self._text(w.fact(fact) for w in words)] for fact in finding.get("missing", ())],
            [[self._text(w.reading(name) for w in words), verdict] for name, verdict in readings],
            [self._happened(finding, lang) for lang in LANGS],
            source.get("line", 0),
            lateness(finding) or 0,
        )

    def _text(self, both: Any) -> int:
        """The number of a text in both languages."""
        return self.text(tuple(map(line, both)))

    def _evidence(self, item: dict[str, Any]) -> list[Any]:
        """What decided it: its label, its day, its count."""
        name = str(item.get("event") or item.get("attribute") or item.get("of") or "")
        label = self._text(w.named(name) for w in self.words)
        return [label, item.get("date", ""), str(item.get("count", "")), name]

    def _events(self, key: tuple[str, str, str, str]) -> list[list[Any]]:
        """What happened in a record by the as-of day: label with the choices on record, day and name."""
        found, as_of = self.report.records.get((key[1], key[0])), self.report.receipt["as_of"]
        days = sorted((e for e in found.events if show_day(e.day) <= as_of), key=lambda e: e.low) if found else ()
        return [[self._text(_event(e, w) for w in self.words), show_day(e.day), e.name] for e in days]

    def _happened(self, finding: Finding, lang: str) -> str | list[str]:
        """A finding's sentence without what its rule says anyway; whole, as a list of one, where it is another."""
        message = str(finding["message"][lang])
        before, after = _frame(self.by_key.get(finding["rule"]), lang)
        if before and message.startswith(before) and message.endswith(after) and len(message) >= len(before + after):
            return line(message[len(before) : len(message) - len(after)])
        return [line(message)]

    def _rule(self, key: str) -> dict[str, Any]:
        rule, finding = self.by_key.get(key), self.cited[key]
        cited = finding["citation"]
        told = {
            "key": key,
            "document": cited["document"],
            "title": [rule.title.zh, rule.title.en] if rule else [key, key],
            "severity": finding["severity"],
            "cited": visible([cited["title"], cited["clause"], cited["locator"]]),
            "frame": [visible(_frame(rule, lang)) for lang in LANGS],
        }
        if rule:
            told["rows"] = [visible(list(rule_rows(rule, self.rules, lang))) for lang in LANGS]
        return told


def _event(event: Event, words: FindingWords) -> str:
    """``报送备案（市政府）``: an event with the choices that stand with it."""
    known = words.vocabulary.attributes
    said = [known[n].show(v, words.lang) for n, v in event.attributes.items() if known[n].type == "choice"]
    label, joined = words.vocabulary.events[event.name].label(words.lang), words.t("，", ", ").join(said)
    return label + (words.t(f"（{joined}）", f" ({joined})") if said else "")


def _frame(rule: Rule | None, lang: str) -> tuple[str, str]:
    """What a sentence of `findings.sentence` begins and ends with, by the rule alone."""
    if rule is None:
        return "", ""
    requirement, citation = getattr(rule.requirement, lang), rule.citation.label(lang)
    if lang == "zh":
        return f"{requirement}。", f"。依据{citation}。"
    return f"{requirement}. ", f". See {citation}."

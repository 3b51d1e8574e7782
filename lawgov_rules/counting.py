"""The counts of a report, and the receipt that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any

from lawgov_rules.days import to_date
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict


class Counts:
    """The summary: every assessment is counted, whether shown or not."""

    def __init__(self, rules: Rulesets) -> None:
        self.assessed = 0
        self.rules: dict[str, Counter[str]] = {rule.key: Counter() for rule in rules}
        self.by_organ: dict[str, Counter[str]] = {}
        self.documents: dict[str, Counter[str]] = {s.document.id: Counter() for s in rules.rulesets}
        self.verdicts: Counter[str] = Counter()
        self.fatal: Counter[str] = Counter()

    def add(self, verdict: Verdict, rule: Rule, organ: str | None, number: int = 1) -> None:
        """Count assessments of a rule on records of an organ."""
        name = verdict.name
        self.assessed += number
        self.verdicts[name] += number
        self.fatal[f"{name}:{rule.severity}"] += number
        self.rules[rule.key][name] += number
        self.documents[rule.document.id][name] += number
        self.by_organ.setdefault(organ or "", Counter())[name] += number

    def summary(self, read: int, checked: int) -> dict[str, Any]:
        return {
            "read": read,
            "checked": checked,
            "rejected": read - checked,
            "assessed": self.assessed,
            "verdicts": _ordered(self.verdicts),
            "severities": dict(sorted(self.fatal.items())),
            "rules": {k: _ordered(v) for k, v in sorted(self.rules.items()) if v},
            "organs": {k: _ordered(v) for k, v in sorted(self.by_organ.items())},
            "documents": {k: _ordered(v) for k, v in sorted(self.documents.items()) if v},
        }


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {v.name: counts[v.name] for v in Verdict if counts[v.name]}


def receipt(
    executor: str, rules: Rulesets, day: int, hashes: Mapping[str, str], options: Mapping[str, Any]
) -> dict[str, Any]:
    """What a report rests on: the same receipt, the same report. ``hashes``: SHA-256 by input; none of a server."""
    calendar = rules.calendar
    return {
        "product": "lawgov_rules",
        "version": metadata.version("lawgov-rules"),
        "executor": executor,
        "as_of": to_date(day).isoformat(),
        "rulesets": [{"id": s.document.id, "version": s.document.version, "sha256": s.sha256} for s in rules.rulesets],
        "calendar": {
            "version": calendar.version,
            "published_through": calendar.published_through,
            "sha256": calendar.sha256,
        },
        "vocabulary": rules.vocabulary_sha256,
        "inputs": [{"file": name, **({"sha256": digest} if digest else {})} for name, digest in sorted(hashes.items())],
        "options": dict(options),
    }


def options(rules: Rulesets, wanted: Iterable[Verdict], note: str) -> dict[str, Any]:
    """The options of a receipt."""
    return {"level": rules.level, "show": sorted(v.name for v in wanted), **({"note": note} if note else {})}

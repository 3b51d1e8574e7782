"""The rows of findings: what stands in them is what the finding says, for every kind."""

from __future__ import annotations

from collections import Counter

from lawgov_rules import live
from lawgov_rules.checking import as_of_day, read_input
from lawgov_rules.days import to_date
from lawgov_rules.findings import finding_of
from lawgov_rules.found import row_of
from lawgov_rules.reports.html._data import lateness
from lawgov_rules.ruleset import Rulesets
from tests.conftest import CASES

DAY = as_of_day("2016-06-30")


def test_a_row_says_what_its_finding_says(rules: Rulesets) -> None:
    """Of every rule on every record of the cases, which are of all kinds."""
    rules = rules.at("full")
    data = read_input(CASES, rules)
    by_key, by_id = {rule.key: rule for rule in rules}, {(r.type, r.id): r for r in data.records}
    seen: Counter[tuple[str, str]] = Counter()
    for a in live.assess(data.records, rules, DAY):
        rule, record = by_key[a.rule], by_id[a.type, a.record]
        finding = finding_of(a, rule, record, rules, DAY, record.source)
        row = row_of(a, rule, record.organ, record.jurisdiction, DAY)
        shown = [None if day is None else to_date(day).isoformat() for day in (row.due, row.done)]
        assert shown == [finding.get("due"), finding.get("actual")], a
        assert row.days_late == lateness(finding), a
        assert row.due is None or row.due_latest is None or row.due <= row.due_latest
        assert (list(row.missing), dict(row.readings)) == (finding.get("missing", []), finding.get("readings", {}))
        seen[next(iter(rule.constraints.values())).kind, a.detail] += 1
    assert {kind for kind, _ in seen} == {next(iter(rule.constraints.values())).kind for rule in rules}
    assert {kind for kind, detail in seen if detail == "late"} >= {"deadline", "fixed_date", "recurrence"}

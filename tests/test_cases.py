"""Every case gets the verdict it expects, from every executor and from the three tables."""

from __future__ import annotations

from collections import defaultdict

import pytest

from lawgov_rules import batch, live
from lawgov_rules.cases import Case, read_cases
from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment
from tests.conftest import CASES

RULES = load_rulesets()
FOUND, PROBLEMS = read_cases(CASES, RULES)


def test_every_case_can_be_read() -> None:
    assert [str(p) for p in PROBLEMS] == []
    assert len(FOUND) > 150


@pytest.mark.parametrize("case", FOUND, ids=lambda c: c.record.id)
def test_case(case: Case) -> None:
    assert case.disagreements(live.assess([case.record], RULES, case.as_of)) == [], case.because


def _by_record(assessments: list[Assessment]) -> dict[tuple[str, str], list[Assessment]]:
    found: dict[tuple[str, str], list[Assessment]] = defaultdict(list)
    for assessment in sorted(assessments, key=Assessment.key):
        found[assessment.type, assessment.record].append(assessment)
    return found


@pytest.mark.slow
def test_batch_says_the_same_of_every_case(rules: Rulesets) -> None:
    """All cases of one as-of day in one run, compared in every field: verdict, detail, measures, missing, readings."""
    by_day: dict[int, list[Case]] = defaultdict(list)
    for case in FOUND:
        by_day[case.as_of].append(case)
    for day, cases in by_day.items():
        records = [case.record for case in cases]
        one = _by_record(list(live.assess(records, rules, day)))
        many = _by_record(list(batch.assess(records, rules, day)))
        assert one == many


def test_every_rule_has_five_cases() -> None:
    cases = {rule.key: sum(any(k[0] == rule.key for k in case.expect) for case in FOUND) for rule in RULES}
    assert {key: n for key, n in cases.items() if n < 5} == {}

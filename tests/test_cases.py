"""Every case gets the verdict it expects, from every executor and from the three tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from lawgov_rules import batch, live
from lawgov_rules.cases import Case, read_cases
from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.testing import run
from lawgov_rules.verdict import Assessment
from lawgov_rules.vocabulary import read_date
from tests.conftest import CASES

RULES = load_rulesets()
FOUND, PROBLEMS = read_cases(CASES, RULES)


def test_every_case_can_be_read() -> None:
    assert [str(p) for p in PROBLEMS] == []
    assert len(FOUND) > 150


@pytest.mark.parametrize("case", FOUND, ids=lambda c: c.record.id)
def test_case(case: Case) -> None:
    """By all rules that it names, of whatever level, with the other records of its file at hand."""
    outcome = next(run([case], RULES.at("full")))
    assert outcome.disagreements == [], case.because


def _by_record(assessments: list[Assessment]) -> dict[tuple[str, str], list[Assessment]]:
    found: dict[tuple[str, str], list[Assessment]] = defaultdict(list)
    for assessment in sorted(assessments, key=Assessment.key):
        found[assessment.type, assessment.record].append(assessment)
    return found


def _only(rules: Rulesets, keys: set[str]) -> Rulesets:
    """The rulesets with these rules only."""
    kept = (replace(s, rules=tuple(r for r in s.rules if r.key in keys)) for s in rules.rulesets)
    return replace(rules, rulesets=tuple(kept))


def _agree(cases: list[Case], rules: Rulesets, day: int) -> None:
    """Compared in every field: verdict, detail, measures, missing facts, readings."""
    records = [case.record for case in cases]
    assert _by_record(list(live.assess(records, rules, day))) == _by_record(list(batch.assess(records, rules, day)))


@pytest.mark.slow
def test_batch_says_the_same_of_every_case(rules: Rulesets) -> None:
    """Each case on its own as-of day, by the rules it is a case of."""
    by_day: dict[int, list[Case]] = defaultdict(list)
    for case in FOUND:
        by_day[case.as_of].append(case)
    for day, cases in by_day.items():
        _agree(cases, _only(rules, {rule for case in cases for rule, _ in case.expect}), day)


@pytest.mark.slow
def test_batch_says_the_same_of_all_cases_by_all_rules(rules: Rulesets) -> None:
    for day in ("2011-06-30", "2013-12-31", "2018-03-31"):
        _agree(FOUND, rules, read_date(day))


def test_every_rule_has_five_cases() -> None:
    cases = {rule.key: sum(any(k[0] == rule.key for k in case.expect) for case in FOUND) for rule in RULES}
    assert {key: n for key, n in cases.items() if n < 5} == {}

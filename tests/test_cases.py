"""Every case gets the verdict it expects, from every executor and from the three tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from lawgov_rules.cases import Case, read_cases
from lawgov_rules.dates import read_date
from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.testing import run
from tests.agreement import disagreements
from tests.conftest import CASES

RULES = load_rulesets()
ALL = RULES.at("full")
FOUND, PROBLEMS = read_cases(CASES, RULES)


def test_every_case_can_be_read() -> None:
    assert [str(p) for p in PROBLEMS] == []
    assert len(FOUND) > 150


BY_FILE = {file: list(cases) for file, cases in groupby(FOUND, key=lambda case: Path(case.record.source.file))}


@pytest.mark.parametrize("file", BY_FILE, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_cases_of(file: Path) -> None:
    """By all rules that they name, of whatever level, with the other records of their file at hand."""
    wrong = [(outcome.case.record.id, outcome.disagreements) for outcome in run(BY_FILE[file], ALL)]
    assert [found for found in wrong if found[1]] == []


def _only(rules: Rulesets, keys: set[str]) -> Rulesets:
    """The rulesets with these rules only."""
    kept = (replace(s, rules=tuple(r for r in s.rules if r.key in keys)) for s in rules.rulesets)
    return replace(rules, rulesets=tuple(kept))


def _agree(cases: list[Case], rules: Rulesets, day: int) -> None:
    """Compared by every executor that is installed, in every field: verdict, detail, measures, missing, readings."""
    records = list({(r.type, r.id): r for case in cases for r in case.population or (case.record,)}.values())
    assert disagreements(rules, records, day) == []


@pytest.mark.slow
def test_the_executors_say_the_same_of_every_case(rules: Rulesets) -> None:
    """Every rule on all its cases, on the day that most of them name: a query takes a while to compile. Each case on
    its own day is `lawgov test --engine both`."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for case in FOUND:
        for rule in {rule for rule, _ in case.expect}:
            cases[rule].append(case)
    by_day: dict[int, list[str]] = defaultdict(list)
    for rule, mine in cases.items():
        by_day[Counter(case.as_of for case in mine).most_common(1)[0][0]].append(rule)
    for day, keys in by_day.items():
        _agree([case for rule in keys for case in cases[rule]], _only(rules.at("full"), set(keys)), day)


@pytest.mark.slow
def test_the_executors_say_the_same_of_all_cases_by_all_rules(rules: Rulesets) -> None:
    """The headline rules, far from the cases' own days."""
    _agree(FOUND, rules, read_date("2013-12-31"))


def test_every_rule_has_five_cases() -> None:
    cases = {rule.key: sum(any(k[0] == rule.key for k in case.expect) for case in FOUND) for rule in RULES}
    assert {key: n for key, n in cases.items() if n < 5} == {}

"""Rules that the cases do not try. Codes: ``no-case``, ``readings-never-differ``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lawgov_rules.cases import Case
from lawgov_rules.lint._flaw import Flaw
from lawgov_rules.reach import verdicts
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.testing import run
from lawgov_rules.verdict import Verdict


def check(rules: Rulesets, cases: Sequence[Case]) -> Iterator[Flaw]:
    """The rules without a case, and those whose readings part in none of their cases."""
    tried = {rule for case in cases for rule in case.rules}
    parted = _parted(rules, cases)
    for rule in rules:
        if rule.key not in tried:
            yield _flaw(rule, ("id",), "no-case", "no case tries it", "write one under `cases`")
        elif Verdict.arguable in verdicts(rule) and rule.key not in parted:
            reason = "its readings give one verdict in every case"
            yield _flaw(rule, ("readings",), "readings-never-differ", reason, "write a case where they part")


def _parted(rules: Rulesets, cases: Sequence[Case]) -> set[str]:
    """The rules whose readings part in some case."""
    open_ = rules.only({rule.key for rule in rules if len(rule.constraints) > 1})
    keys = {rule.key for rule in open_}
    mine = [case for case in cases if case.rules & keys]
    return {a.rule for outcome in run(mine, open_) for a in outcome.assessments if a.readings}


def _flaw(rule: Rule, at: tuple[str, ...], code: str, reason: str, help: str) -> Flaw:
    return Flaw(rule.source.place(*at), code, rule.key, reason, help)

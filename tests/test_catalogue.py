"""The rules beside the catalogue of constraints from which they were made, where it is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lawgov_rules.reach import verdicts
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict

# what the catalogue calls a number that it made up, because the text has none
ASSUMED = ("interval_is_assumed", "n_is_assumed", "default_n")
LEVEL = {"core": "core", "normal": "standard"}


@pytest.fixture
def constraints(shared: Path) -> dict[str, dict[str, object]]:
    """The constraints of the catalogue that are to be rules, by the key of the rule."""
    found = {}
    for file in sorted((shared / "catalogue").glob("*.yaml")):
        catalogue = yaml.safe_load(file.read_text("utf-8"))
        for constraint in catalogue["constraints"]:
            if constraint["priority"] in LEVEL:
                found[f"{catalogue['document']['id']}/{constraint['id']}"] = constraint
    return found


def test_every_constraint_is_a_rule_of_its_level(constraints: dict[str, dict[str, object]], rules: Rulesets) -> None:
    """124 headlines and 411 ordinary duties."""
    level = {rule.key: rule.level for rule in rules.at("full")}
    wanted = {key: LEVEL[str(constraint["priority"])] for key, constraint in constraints.items()}
    assert sorted(wanted.values()) == ["core"] * 124 + ["standard"] * 411
    assert {key: level.get(key) for key in wanted} == wanted


def test_a_number_that_the_text_does_not_have_is_never_a_breach(
    constraints: dict[str, dict[str, object]], rules: Rulesets
) -> None:
    made_up = {key for key, c in constraints.items() if set(c["parameters"] or {}) & set(ASSUMED)}  # type: ignore[call-overload]
    assert len(made_up) > 10
    wrong = [rule.key for rule in rules.at("full") if rule.key in made_up and Verdict.violated in verdicts(rule)]
    assert wrong == []

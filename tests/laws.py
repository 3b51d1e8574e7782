"""Random rules and records for the laws that every kind must keep, drawn once for all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lawgov_rules import live
from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment
from tests.agreement import KINDS, draw
from tests.conftest import SEED

# a message names the seed, and LAWGOV_SEED=seed brings it back
FIRST, SEEDS = SEED, 24
seeds = st.integers(min_value=FIRST, max_value=FIRST + SEEDS - 1)
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
any_kind = pytest.mark.parametrize("kind", KINDS)


@cache
def drawn(kind: str, seed: int) -> tuple[Rulesets, list[Record], int]:
    """Two rules of a kind, sixteen records, and an as-of day."""
    return draw(Random(seed), kind, 16)


def assess(records: list[Record], rules: Rulesets, as_of: int) -> list[Assessment]:
    return list(live.assess(records, rules, as_of))


def in_order(found: list[Assessment]) -> list[Assessment]:
    return sorted(found, key=lambda a: (a.key(), a.measures.get("check") or 0))


def without_measures(found: list[Assessment]) -> list[Assessment]:
    return [dataclasses.replace(a, measures={}) for a in found]


def words_of(value: Any) -> Iterator[str]:
    """Every word in a plain value."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from words_of(part)
    if isinstance(value, str):
        yield value


def parts_of(rule: Rule) -> list[Any]:
    """Everything in a rule that can name an event: its conditions, its constraint, its readings."""
    return [rule.source.value.get(key) for key in ("when", "unless", "constraint", "readings")]

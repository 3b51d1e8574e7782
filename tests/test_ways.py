"""Whether a condition can hold, and which parts of it. Every truth here was worked out by hand."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from lawgov_rules.condition import NO_ITEM, Condition
from lawgov_rules.loading import load_rulesets
from lawgov_rules.step import Context, parse
from lawgov_rules.view import View
from lawgov_rules.ways import alternatives, can_hold, negation_of, written
from tests.agreement import Draw, vocabulary

OWN = Context(load_rulesets().vocabulary, "normative_document")
STAFF = Context(load_rulesets().vocabulary, "statistics_report")


def condition(raw: Any, context: Context = OWN) -> Condition:
    return parse(raw, context)


def number(**comparisons: Any) -> dict[str, Any]:
    return {"recon_received_all": comparisons}


HOLDS: list[tuple[Any, bool]] = [
    ({"issuer_level": "county"}, True),
    ({"issuer_level": {"not": "county"}}, True),
    ({"all": [{"issuer_level": "county"}, {"issuer_level": "city"}]}, False),
    ({"all": [{"issuer_level": ["county", "city"]}, {"issuer_level": ["city", "department"]}]}, True),
    # unknown is not something else than county
    ({"all": [{"issuer_level": {"not": "county"}}, {"issuer_level": {"known": "false"}}]}, False),
    ({"all": [{"issuer_level": "county"}, {"issuer_level": {"known": "false"}}]}, False),
    ({"any": [{"issuer_level": {"known": "true"}}, {"issuer_level": {"known": "false"}}]}, True),
    # of five levels three are excluded, and then all
    ({"issuer_level": {"not": ["province", "city", "county"]}}, True),
    ({"issuer_level": {"not": ["province", "city", "county", "department", "township"]}}, False),
    ({"all": [{"issuer_level": "county"}, {"none": [{"issuer_level": "county"}]}]}, False),
    (
        {"all": [{"issuer_level": "county"}, {"any": [{"issuer_level": "city"}, {"issued_in_name_of": "department"}]}]},
        True,
    ),
    ({"none": [{"any": [{"issuer_level": "county"}, {"issuer_level": {"not": "county"}}]}]}, False),
    ({"happened": "signed"}, True),
    ({"all": [{"happened": "signed"}, {"none": [{"happened": "signed"}]}]}, False),
    # the one may have happened and not the other
    ({"all": [{"happened": "signed"}, {"none": [{"happened": "published"}]}]}, True),
]
NUMBERS: list[tuple[dict[str, Any], bool]] = [
    (number(gte="5", lt="3"), False),
    (number(gte="3", lte="3"), True),
    (number(gt="3", lt="4"), False),  # no whole number lies between
    (number(gt="3", lt="5"), True),
    ({"all": [number(gte="5"), number(**{"not": "5"}), number(lte="5")]}, False),
]


@pytest.mark.parametrize(("raw", "expected"), HOLDS, ids=str)
def test_can_hold(raw: Any, expected: bool) -> None:
    assert can_hold(condition(raw)) is expected


@pytest.mark.parametrize(("raw", "expected"), NUMBERS, ids=str)
def test_numbers(raw: Any, expected: bool) -> None:
    assert can_hold(condition(raw, STAFF)) is expected


def test_several_values_at_once() -> None:
    """An attribute that holds several values can hold two that are asked for one by one."""
    context = Context(vocabulary(), "thing")
    assert can_hold(parse({"all": [{"several": "k"}, {"several": "l"}]}, context))
    assert can_hold(parse({"all": [{"several": "k"}, {"none": [{"several": "l"}]}]}, context))
    assert not can_hold(parse({"all": [{"several": "k"}, {"none": [{"several": ["k", "l"]}]}]}, context))


def test_several_conditions() -> None:
    county, city = condition({"issuer_level": "county"}), condition({"issuer_level": "city"})
    assert not can_hold(county, city)
    assert can_hold(county, negation_of(city))
    assert not can_hold(county, negation_of(county))


def test_alternatives() -> None:
    raw = {"issued_in_name_of": "department", "any": [{"issuer_level": ["county", "city"]}, {"happened": "signed"}]}
    assert [(said, written(alone)) for said, alone in alternatives(condition(raw))] == [
        (
            "issuer_level: [county, city]",
            "all: [{issued_in_name_of: department}, {issuer_level: [county, city]}]",
        ),
        ("issuer_level: county", "all: [{issued_in_name_of: department}, {issuer_level: county}]"),
        ("issuer_level: city", "all: [{issued_in_name_of: department}, {issuer_level: city}]"),
        ("happened: signed", "all: [{issued_in_name_of: department}, {happened: signed}]"),
    ]


def test_what_holds_of_a_random_record_can_hold() -> None:
    """And what can hold, holds of some record of a grid over its attributes, where it asks for no events."""
    draw = Draw(Random(7))
    context = Context(vocabulary(), "thing")
    region = load_rulesets().calendar.region("140581")
    grid = {"flag": ("true", "false", None), "level": ("u", "v", "w", None), "f1": ("1", "2", "3", "5", None)}
    records = []
    for values in product(*grid.values()):
        found = draw.records(1)[0]
        attributes = {
            name: context.vocabulary.attributes[name].read(value)
            for name, value in zip(grid, values, strict=True)
            if value is not None
        }
        records.append(type(found)("r", "thing", None, None, attributes, (), ()))
    leaves = [{"flag": "true"}, {"flag": "false"}, {"level": "u"}, {"level": ["v", "w"]}, {"level": {"not": "u"}}]
    leaves += [{"f1": {"gte": "2"}}, {"f1": {"lt": "2"}}, {"f1": {"known": "false"}}, {"flag": {"known": "true"}}]
    for seed in range(300):
        random = Random(seed)
        raw: dict[str, Any] = {"all": [_drawn(random, leaves) for _ in range(3)]}
        parsed = parse(raw, context)
        held = any(parsed.truth(NO_ITEM, View(r, 0, region), 0) for r in records)
        assert can_hold(parsed) is held, raw


def _drawn(random: Random, leaves: list[dict[str, Any]]) -> dict[str, Any]:
    how = random.choice(("leaf", "any", "none", "all"))
    return random.choice(leaves) if how == "leaf" else {how: random.sample(leaves, 2)}

"""What must hold of every rule and record, whatever they are: laws over random ones, by the live executor."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgov_rules import live
from lawgov_rules.days import to_date
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict
from lawgov_rules.view import Population, View
from tests.agreement import KINDS, draw
from tests.kinds.build import calendar

LOOK_AT_OTHERS = ("coverage", "reference")
FIRST_OCCURRENCES = ("deadline", "minimum_gap", "precedence", "recurrence", "fixed_date", "forbidden")
few = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example]
)
randoms = st.randoms(use_true_random=False)


def drawn(random: Random, kind: str) -> tuple[Rulesets, list[Record], int]:
    rules, records, as_of = draw(random, kind, 6)
    rules.__dict__["calendar"] = calendar()  # read once for all examples
    return rules, records, as_of


def assess(records: list[Record], rules: Rulesets, as_of: int) -> list[Assessment]:
    return list(live.assess(records, rules, as_of))


def in_order(found: list[Assessment]) -> list[Assessment]:
    return sorted(found, key=Assessment.key)


def without_measures(found: list[Assessment]) -> list[Assessment]:
    return [dataclasses.replace(a, measures={}) for a in found]


@pytest.mark.parametrize("kind", KINDS)
@few
@given(random=randoms)
def test_the_order_of_events_and_people_in_a_record_is_irrelevant(kind: str, random: Random) -> None:
    rules, records, as_of = drawn(random, kind)
    shuffled = []
    for record in records:
        events, people = list(record.events), list(record.participants)
        random.shuffle(events)
        random.shuffle(people)
        shuffled.append(dataclasses.replace(record, events=tuple(events), participants=tuple(people)))
    assert assess(shuffled, rules, as_of) == assess(records, rules, as_of)


@pytest.mark.parametrize("kind", FIRST_OCCURRENCES)
@few
@given(random=randoms)
def test_a_duplicate_changes_nothing_where_first_occurrences_count(kind: str, random: Random) -> None:
    """Neither a copy of an event nor one of a person (of whom entries are counted as well, so measures may differ)."""
    rules, records, as_of = drawn(random, kind)
    doubled = []
    for record in records:
        events, people = list(record.events), list(record.participants)
        events += [random.choice(events)] if events else []
        people += [random.choice(people)] if people else []
        doubled.append(dataclasses.replace(record, events=tuple(events), participants=tuple(people)))
    assert without_measures(assess(doubled, rules, as_of)) == without_measures(assess(records, rules, as_of))


@pytest.mark.parametrize("kind", KINDS)
@few
@given(random=randoms)
def test_events_after_the_as_of_date_are_invisible(kind: str, random: Random) -> None:
    rules, records, as_of = drawn(random, kind)
    past = [dataclasses.replace(record, events=tuple(e for e in record.events if e.day <= as_of)) for record in records]
    assert assess(past, rules, as_of) == assess(records, rules, as_of)


def _may_begin_anew(rules: Rulesets) -> bool:
    """A later event may take the place of another as the trigger (`otherwise`): the duty then begins anew."""
    return any("otherwise" in rule.constraint.model_dump_json(exclude_none=True) for rule in rules)


@pytest.mark.parametrize("kind", KINDS)
@few
@given(random=randoms, days=st.integers(min_value=1, max_value=400))
def test_what_is_violated_is_never_pending_again(kind: str, random: Random, days: int) -> None:
    rules, records, as_of = drawn(random, kind)
    if _may_begin_anew(rules):
        return
    before = {a.key(): a for a in assess(records, rules, as_of)}
    for after in assess(records, rules, as_of + days):
        was = before.get(after.key())
        back = was is not None and was.verdict == Verdict.violated and after.verdict == Verdict.pending
        assert not back, (was, after)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LOOK_AT_OTHERS])
@few
@given(random=randoms, cut=st.integers(min_value=0, max_value=6))
def test_two_parts_of_the_records_give_the_union(kind: str, random: Random, cut: int) -> None:
    rules, records, as_of = drawn(random, kind)
    parts = assess(records[:cut], rules, as_of) + assess(records[cut:], rules, as_of)
    assert in_order(parts) == in_order(assess(records, rules, as_of))


@pytest.mark.parametrize("kind", KINDS)
@few
@given(random=randoms)
def test_every_rule_says_something_of_every_record_and_says_why(kind: str, random: Random) -> None:
    """One verdict at least, an instance never twice, `undetermined` always with what is missing or out of order."""
    rules, records, as_of = drawn(random, kind)
    found = assess(records, rules, as_of)
    assert {(a.record, a.rule) for a in found} == {(r.id, rule.key) for r in records for rule in rules}
    if kind != "identity":  # two checks drawn with the same first term have one label
        assert len({a.key() for a in found}) == len(found)
    for a in found:
        assert a.detail != "unforeseen"
        assert bool(a.readings) == (len(set(a.readings.values())) > 1)
        assert (a.verdict == Verdict.undetermined and a.detail != "wrong_order") == bool(a.missing), a


def test_the_drawn_days_lie_where_the_calendar_is_known() -> None:
    """Most random dates lie in published years, some after them: both are tried."""
    published = dt.date(calendar().published_through, 12, 31)
    days = [to_date(draw(Random(seed), KINDS[0], 1)[2]) for seed in range(60)]
    assert 0 < sum(day > published for day in days) < 30


@pytest.mark.parametrize("kind", KINDS)
@few
@given(random=randoms)
def test_a_table_folded_for_its_rule_decides_as_the_whole_table(kind: str, random: Random) -> None:
    """What a kind calls constant is what it measures, in every instance and world, wherever the table looks at it."""
    rules, records, as_of = drawn(random, kind)
    population = Population(records, rules.jurisdictions.contains)
    for rule, record in itertools.product(rules, records):
        view = View(record, as_of, rules.calendar.region(record.jurisdiction), population)
        force = {"force_from": rule.force.first, "force_to": rule.force.last}
        for constraint in rule.constraints.values():
            whole = constraint.JUDGEMENT.given({})
            folded = constraint.JUDGEMENT.given(constraint.constants | force)
            for instance in constraint.measure(view, rule.force):
                for world in instance.worlds:
                    assert folded(world) == whole({**world, **force}), world

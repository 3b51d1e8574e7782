"""What must hold of every rule and record, whatever they are: laws over random ones, by the live executor.

No second judge is needed for them. Where a law does not hold of a kind, it stands here why, and what holds instead.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawgov_rules.days import to_date
from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import Population, View
from tests.agreement import KINDS, draw
from tests.kinds.build import calendar
from tests.laws import any_kind, assess, drawn, few, in_order, parts_of, seeds, without_measures, words_of

# order


@any_kind
@few
@given(seed=seeds)
def test_the_order_of_records_events_and_people_is_irrelevant(kind: str, seed: int) -> None:
    """In the file; what happened first on one day is told by its time or its `sequence`, which move with the event."""
    rules, records, as_of = drawn(kind, seed)
    random = Random(seed)

    def shuffled(record: Record) -> Record:
        events, people = list(record.events), list(record.participants)
        random.shuffle(events)
        random.shuffle(people)
        return dataclasses.replace(record, events=tuple(events), participants=tuple(people))

    changed = [shuffled(record) for record in records]
    random.shuffle(changed)
    assert in_order(assess(changed, rules, as_of)) == in_order(assess(records, rules, as_of))


# duplicates


def counts_events(rule: Rule) -> bool:
    """A copy of an event is one more: `count` of `events`, and a `quota` that does not count distinct days."""
    of_rule = (
        getattr(c, "events", None)
        if c.kind == "count"
        else c.kind == "quota" and not getattr(c, "distinct_days", False)
        for c in rule.constraints.values()
    )
    return any(of_rule)


@any_kind
@few
@given(seed=seeds)
def test_a_duplicate_changes_nothing_where_first_occurrences_count(kind: str, seed: int) -> None:
    """Neither a copy of an event nor one of a person (of whom entries are counted as well, so measures may differ)."""
    rules, records, as_of = drawn(kind, seed)
    random = Random(seed)

    def doubled(record: Record) -> Record:
        events, people = list(record.events), list(record.participants)
        events += [random.choice(events)] if events else []
        people += [random.choice(people)] if people else []
        return dataclasses.replace(record, events=tuple(events), participants=tuple(people))

    counting = {rule.key for rule in rules if counts_events(rule)}
    before, after = assess(records, rules, as_of), assess([doubled(record) for record in records], rules, as_of)
    assert [a for a in without_measures(after) if a.rule not in counting] == [
        a for a in without_measures(before) if a.rule not in counting
    ]


@pytest.mark.parametrize("kind", ["count", "quota"])
@few
@given(seed=seeds)
def test_where_events_are_counted_a_duplicate_never_lowers_the_number(kind: str, seed: int) -> None:
    """The narrower law of `count` and `quota`: a figure in a sum may be negative, so only numbers are looked at."""
    rules, records, as_of = drawn(kind, seed)
    changed = [dataclasses.replace(r, events=r.events + r.events[:1]) for r in records]
    before = {a.key(): a for a in assess(records, rules, as_of)}
    of_sums = {rule.key for rule in rules if any(getattr(c, "sum", None) for c in rule.constraints.values())}
    name = {"count": "number", "quota": "total"}[kind]
    for a in assess(changed, rules, as_of):
        was, now = before[a.key()].measures.get(name), a.measures.get(name)
        if a.rule not in of_sums and before[a.key()].readings == a.readings and was is not None and now is not None:
            assert was <= now


# what is not known yet


@any_kind
@few
@given(seed=seeds)
def test_events_after_the_as_of_date_are_invisible(kind: str, seed: int) -> None:
    rules, records, as_of = drawn(kind, seed)
    past = [dataclasses.replace(record, events=tuple(e for e in record.events if e.day <= as_of)) for record in records]
    assert assess(past, rules, as_of) == assess(records, rules, as_of)


@any_kind
@few
@given(seed=seeds)
def test_an_event_that_no_rule_names_says_nothing(kind: str, seed: int) -> None:
    rules, records, as_of = drawn(kind, seed)
    named = {word for rule in rules for word in words_of(parts_of(rule))}
    fewer = [dataclasses.replace(r, events=tuple(e for e in r.events if e.name in named)) for r in records]
    assert assess(fewer, rules, as_of) == assess(records, rules, as_of)


# time


def begins_anew(rule: Rule) -> bool:
    """A later event may take the place of another as the trigger (`otherwise`): the duty then begins anew."""
    return "otherwise" in words_of(parts_of(rule))


@any_kind
@few
@given(seed=seeds, days=st.integers(min_value=1, max_value=400))
def test_what_is_violated_is_never_pending_again(kind: str, seed: int, days: int) -> None:
    """Of every kind, except where an event with a stand-in (`otherwise`) happens after its stand-in did."""
    rules, records, as_of = drawn(kind, seed)
    anew = {rule.key for rule in rules if begins_anew(rule)}
    before = {a.key(): a for a in assess(records, rules, as_of)}
    for after in assess(records, rules, as_of + days):
        was = before.get(after.key())
        back = was is not None and was.verdict == Verdict.violated and after.verdict == Verdict.pending
        assert after.rule in anew or not back, (was, after)


# parts of a folder


def province(record: Record) -> str:
    return (record.jurisdiction or "")[:2]


def seen_from(rule: Rule, record: Record, records: list[Record]) -> list[Record]:
    """The record, and the others that a rule looks at from it: none, its organ's, its place's, those it refers to."""
    if not rule.others:
        return [record]
    if rule.constraint.kind == "reference":
        named = {value for event in record.events for value in event.attributes.values()}
        return [r for r in records if r is record or r.id in named]
    if getattr(rule.constraint, "same", "") == "organ":
        return [r for r in records if r is record or r.organ == record.organ]
    return [r for r in records if r is record or province(r) == province(record)]


@any_kind
@few
@given(seed=seeds)
def test_a_record_is_judged_by_itself_and_what_it_is_compared_with(kind: str, seed: int) -> None:
    """So two parts of a folder give the union. A `reference` needs the record referred to in its part, a `coverage`
    all of its organ or place, and both need nothing else."""
    rules, records, as_of = drawn(kind, seed)
    for rule in rules:
        alone = rules.only({rule.key})
        found = {
            r.id: [a for a in assess(seen_from(rule, r, records), alone, as_of) if a.record == r.id] for r in records
        }
        parts = [a for record in records for a in found[record.id]]
        assert in_order(parts) == in_order(assess(records, alone, as_of))


@any_kind
@few
@given(seed=seeds)
def test_every_rule_says_something_of_every_record_and_says_why(kind: str, seed: int) -> None:
    """One verdict at least, an instance never twice, `undetermined` always with what is missing or out of order."""
    rules, records, as_of = drawn(kind, seed)
    found = assess(records, rules, as_of)
    assert {(a.record, a.rule) for a in found} == {
        (r.id, rule.key) for r in records for rule in rules if r.type == rule.record
    }
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


# tables


@any_kind
@few
@given(seed=seeds)
def test_a_table_folded_for_its_rule_decides_as_the_whole_table(kind: str, seed: int) -> None:
    """What a kind calls constant is what it measures, in every instance and world, wherever the table looks at it."""
    rules, records, as_of = drawn(kind, seed)
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

"""What must hold of every rule and record, whatever they are: laws over random ones, by the live executor.

No second judge is needed for them. Where a law does not hold of a kind, it stands here why, and what holds instead.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgov_rules import live
from lawgov_rules.days import to_date
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import Assessment, Verdict
from tests.agreement import KINDS, draw
from tests.kinds.build import calendar

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Seeded(Random):
    """A source of chance that a message can name. (One that Hypothesis shrinks would be asked for too much.)"""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.name = f"Seeded({seed})"

    def __repr__(self) -> str:
        return self.name


randoms = st.integers(min_value=0, max_value=10**9).map(Seeded)
any_kind = pytest.mark.parametrize("kind", KINDS)


def assess(records: list[Record], rules: Rulesets, as_of: int) -> list[Assessment]:
    return list(live.assess(records, rules, as_of))


def in_order(found: list[Assessment]) -> list[Assessment]:
    return sorted(found, key=lambda a: (a.key(), a.measures.get("check") or 0))


def without_measures(found: list[Assessment]) -> list[Assessment]:
    return [dataclasses.replace(a, measures={}) for a in found]


def each_changed(records: list[Record], change: Callable[[Record], Record]) -> list[Record]:
    return [change(record) for record in records]


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


# order


@any_kind
@few
@given(random=randoms)
def test_the_order_of_records_events_and_people_is_irrelevant(kind: str, random: Random) -> None:
    """In the file; what happened first on one day is told by its time or its `sequence`, which move with the event."""
    rules, records, as_of = draw(random, kind, 8)

    def shuffled(record: Record) -> Record:
        events, people = list(record.events), list(record.participants)
        random.shuffle(events)
        random.shuffle(people)
        return dataclasses.replace(record, events=tuple(events), participants=tuple(people))

    changed = each_changed(records, shuffled)
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
@given(random=randoms)
def test_a_duplicate_changes_nothing_where_first_occurrences_count(kind: str, random: Random) -> None:
    """Neither a copy of an event nor one of a person (of whom entries are counted as well, so measures may differ)."""
    rules, records, as_of = draw(random, kind, 8)

    def doubled(record: Record) -> Record:
        events, people = list(record.events), list(record.participants)
        events += [random.choice(events)] if events else []
        people += [random.choice(people)] if people else []
        return dataclasses.replace(record, events=tuple(events), participants=tuple(people))

    counting = {rule.key for rule in rules if counts_events(rule)}
    before, after = assess(records, rules, as_of), assess(each_changed(records, doubled), rules, as_of)
    assert [a for a in without_measures(after) if a.rule not in counting] == [
        a for a in without_measures(before) if a.rule not in counting
    ]


@pytest.mark.parametrize("kind", ["count", "quota"])
@few
@given(random=randoms)
def test_where_events_are_counted_a_duplicate_never_lowers_the_number(kind: str, random: Random) -> None:
    """The narrower law of `count` and `quota`: a figure in a sum may be negative, so only numbers are looked at."""
    rules, records, as_of = draw(random, kind, 8)
    changed = each_changed(records, lambda r: dataclasses.replace(r, events=r.events + r.events[:1]))
    before = {a.key(): a for a in assess(records, rules, as_of)}
    of_sums = {rule.key for rule in rules if any(getattr(c, "sum", None) for c in rule.constraints.values())}
    name = {"count": "number", "quota": "total"}[kind]
    for a in assess(changed, rules, as_of):
        was, now = before[a.key()].measures.get(name), a.measures.get(name)
        if a.rule not in of_sums and before[a.key()].readings == a.readings and was is not None and now is not None:
            assert was <= now


# what is not done


FULFILLED_BY: dict[str, tuple[str, ...]] = {
    "deadline": ("do",),
    "precedence": ("require",),
    "fixed_date": ("do",),
    "count": ("events",),
    "quota": ("of",),
    "recurrence": ("of",),
    "composition": ("steps", "of"),
    "coverage": ("done",),
}
NOT_FULFILLED_BY_AN_EVENT = {
    "minimum_gap": "`to` ends a time that must pass: without it the time still runs, or has passed",
    "forbidden": "the event is what must not happen",
    "reference": "the event is what makes the reference",
    "identity": "figures fulfil it",
    "separation": "people fulfil it",
}
RANK = dict.fromkeys(Verdict, 1) | {Verdict.violated: 0, Verdict.excused: 0, Verdict.compliant: 2}


def fulfilling(rule: Rule) -> tuple[set[str], bool]:
    """The events that fulfil a rule and that it names for nothing else; and whether the latest of them decides.

    None where the law does not hold: a stand-in (`otherwise`) comes to the fore when the first choice is left out, a
    number may be too great (`at_most`), a figure may be negative (`sum`), what is judged `each` is not missed.
    """
    keys = FULFILLED_BY[rule.constraint.kind]
    plain = rule.source.value["constraint"]
    slots = [part.get(key) for part in (plain, *(rule.readings or {}).values()) for key in keys]
    words = set(words_of([slot for slot in slots if slot is not None]))
    if {"otherwise", "each", "attribute"} & words or any(
        getattr(c, "at_most", None) is not None for c in readings(rule)
    ):
        return set(), False
    if any(getattr(c, "sum", None) for c in readings(rule)):
        return set(), False
    rest = [{k: v for k, v in part.items() if k not in keys} for part in (plain, *(rule.readings or {}).values())]
    elsewhere = set(words_of([rest, [rule.source.value.get(key) for key in ("when", "unless")]]))
    return words - elsewhere, "latest" in words


def readings(rule: Rule) -> list[Any]:
    return list(rule.constraints.values())


def worsened(kind: str, random: Random) -> Iterator[tuple[Assessment, Assessment]]:
    """Assessments before and after one event that fulfils the rule was left out of one record."""
    rules, records, as_of = draw(random, kind, 16)
    for rule in rules:
        names, latest = fulfilling(rule)
        chosen = [(n, e) for n, r in enumerate(records) for e in r.events if e.name in names and e.day <= as_of]
        if latest:  # the one before it would be the latest, and may have passed
            chosen = [(n, e) for n, e in chosen if sum(f.name in names for f in records[n].events) == 1]
        if not chosen:
            continue
        number, gone = random.choice(chosen)
        fewer = list(records)
        kept = tuple(e for e in records[number].events if e is not gone)
        fewer[number] = dataclasses.replace(records[number], events=kept)
        before = {a.key(): a for a in assess(records, rules.only({rule.key}), as_of)}
        # the gap that began with the event is gone with it
        after = assess(fewer, rules.only({rule.key}), as_of)
        yield from ((before[a.key()], a) for a in after if a.key() in before)


@pytest.mark.parametrize("kind", FULFILLED_BY)
@few
@given(random=randoms)
def test_leaving_out_what_fulfils_a_duty_never_improves_its_verdict(kind: str, random: Random) -> None:
    """From breach to anything else, or from anything else to compliance."""
    for before, after in worsened(kind, random):
        assert RANK[after.verdict] <= RANK[before.verdict], (before, after)


@pytest.mark.parametrize("kind", FULFILLED_BY)
def test_leaving_it_out_is_tried(kind: str) -> None:
    """Of some hundred drawn rules a few verdicts at least get worse: the law above is about something."""
    pairs = [pair for seed in range(60) for pair in worsened(kind, Random(seed))]
    assert sum(RANK[after.verdict] < RANK[before.verdict] for before, after in pairs) >= 2


def test_every_kind_has_this_law_or_a_reason() -> None:
    assert set(FULFILLED_BY) | set(NOT_FULFILLED_BY_AN_EVENT) == set(KINDS)
    assert not set(FULFILLED_BY) & set(NOT_FULFILLED_BY_AN_EVENT)


@few
@given(random=randoms)
def test_a_gap_that_was_long_enough_stays_so_without_its_end(random: Random) -> None:
    """The narrower law of `minimum_gap`: the time had passed when it ended, so it has passed."""
    rules, records, as_of = draw(random, "minimum_gap", 16)
    for rule in rules:
        ends = {word for part in (rule.source.value["constraint"],) for word in words_of(part["to"])}
        begin = set(
            words_of([rule.source.value["constraint"]["from"], *map(rule.source.value.get, ("when", "unless"))])
        )
        if "attribute" in ends:
            continue
        fewer = [
            dataclasses.replace(r, events=tuple(e for e in r.events if e.name not in ends - begin)) for r in records
        ]
        only = rules.only({rule.key})
        after = {a.key(): a for a in assess(fewer, only, as_of)}
        for a in assess(records, only, as_of):
            if a.verdict == Verdict.compliant and not ends & begin:
                assert after[a.key()].verdict == Verdict.compliant


@few
@given(random=randoms)
def test_a_forbidden_act_less_leaves_the_others_as_they_are(random: Random) -> None:
    """The narrower law of `forbidden`: every day on which it happened is judged by itself."""
    rules, records, as_of = draw(random, "forbidden", 16)
    for rule in rules:
        plain = rule.source.value["constraint"]
        names = set(words_of(plain.get("what")))
        rest = [
            {k: v for k, v in plain.items() if k != "what"},
            *map(rule.source.value.get, ("when", "unless", "readings")),
        ]
        if not names or names & set(words_of(rest)):
            continue
        day = {r.id: min((e.day for e in r.events if e.name in names), default=None) for r in records}
        fewer = [
            dataclasses.replace(r, events=tuple(e for e in r.events if e.name not in names or e.day != day[r.id]))
            for r in records
        ]
        only = rules.only({rule.key})
        before = {a.key(): a for a in assess(records, only, as_of)}
        assert [a for a in assess(fewer, only, as_of) if a.instance and a != before[a.key()]] == []


# what is not known yet


@any_kind
@few
@given(random=randoms)
def test_events_after_the_as_of_date_are_invisible(kind: str, random: Random) -> None:
    rules, records, as_of = draw(random, kind, 8)
    past = [dataclasses.replace(record, events=tuple(e for e in record.events if e.day <= as_of)) for record in records]
    assert assess(past, rules, as_of) == assess(records, rules, as_of)


@any_kind
@few
@given(random=randoms)
def test_an_event_that_no_rule_names_says_nothing(kind: str, random: Random) -> None:
    rules, records, as_of = draw(random, kind, 8)
    named = {word for rule in rules for word in words_of(parts_of(rule))}
    fewer = [dataclasses.replace(r, events=tuple(e for e in r.events if e.name in named)) for r in records]
    assert assess(fewer, rules, as_of) == assess(records, rules, as_of)


# time


def begins_anew(rule: Rule) -> bool:
    """A later event may take the place of another as the trigger (`otherwise`): the duty then begins anew."""
    return "otherwise" in words_of(parts_of(rule))


@any_kind
@few
@given(random=randoms, days=st.integers(min_value=1, max_value=400))
def test_what_is_violated_is_never_pending_again(kind: str, random: Random, days: int) -> None:
    """Of every kind, except where an event with a stand-in (`otherwise`) happens after its stand-in did."""
    rules, records, as_of = draw(random, kind, 8)
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
@given(random=randoms)
def test_a_record_is_judged_by_itself_and_what_it_is_compared_with(kind: str, random: Random) -> None:
    """So two parts of a folder give the union. A `reference` needs the record referred to in its part, a `coverage`
    all of its organ or place, and both need nothing else."""
    rules, records, as_of = draw(random, kind, 16)
    for rule in rules:
        alone = rules.only({rule.key})
        found = {
            r.id: [a for a in assess(seen_from(rule, r, records), alone, as_of) if a.record == r.id] for r in records
        }
        parts = [a for record in records for a in found[record.id]]
        assert in_order(parts) == in_order(assess(records, alone, as_of))


@any_kind
@few
@given(random=randoms)
def test_every_rule_says_something_of_every_record_and_says_why(kind: str, random: Random) -> None:
    """One verdict at least, an instance never twice, `undetermined` always with what is missing or out of order."""
    rules, records, as_of = draw(random, kind, 8)
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

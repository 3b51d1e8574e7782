"""What must hold of every duty when what fulfils it is left out; see test_laws.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given

from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict
from tests.agreement import KINDS, draw_trial
from tests.laws import assess, drawn, few, seeds, words_of

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


def leave_out(record: Record, names: set[str], latest: bool, random: Random) -> Record:
    """The record without some of these events; without all where the latest decides, for the one before may pass."""
    mine = [event for event in record.events if event.name in names]
    gone = mine if latest or random.random() < 0.6 else mine[: random.randint(1, len(mine))] if mine else []
    return dataclasses.replace(record, events=tuple(e for e in record.events if not any(e is g for g in gone)))


@cache
def drawn_to_comply(kind: str, seed: int) -> tuple[Rulesets, list[Record], int]:
    """Rules of a kind with few conditions, so that many records comply."""
    return draw_trial(Random(seed), [kind] * 4, 24, wish=Verdict.compliant).read()


def worsened(kind: str, seed: int) -> Iterator[tuple[Assessment, Assessment]]:
    """Assessments before and after events that fulfil the rule were left out of every record.

    Under each reading by itself: where readings differ, `arguable` is neither better nor worse than any of them.
    """
    rules, records, as_of = drawn_to_comply(kind, seed)
    random = Random(seed)
    for rule in rules:
        names, latest = fulfilling(rule)
        fewer = [leave_out(r, names, latest, random) for r in records]
        for reading in rules.only({rule.key}).by_reading() if names else ():
            before = {a.key(): a for a in assess(records, reading, as_of)}
            # the gap that began with an event is gone with it; an act before its trigger comes to the fore when the
            # one after it is left out
            after = [a for a in assess(fewer, reading, as_of) if a.detail != "wrong_order"]
            yield from ((before[a.key()], a) for a in after if a.key() in before)


@pytest.mark.parametrize("kind", FULFILLED_BY)
@few
@given(seed=seeds)
def test_leaving_out_what_fulfils_a_duty_never_improves_its_verdict(kind: str, seed: int) -> None:
    """From breach to anything else, or from anything else to compliance."""
    for before, after in worsened(kind, seed):
        assert RANK[after.verdict] <= RANK[before.verdict], (before, after)


@pytest.mark.parametrize("kind", FULFILLED_BY)
def test_leaving_it_out_is_tried(kind: str) -> None:
    """Some verdicts get worse: the law above is about something."""
    pairs = (pair for seed in range(40) for pair in worsened(kind, seed))
    assert any(RANK[after.verdict] < RANK[before.verdict] for before, after in pairs)


def test_every_kind_has_this_law_or_a_reason() -> None:
    assert set(FULFILLED_BY) | set(NOT_FULFILLED_BY_AN_EVENT) == set(KINDS)
    assert not set(FULFILLED_BY) & set(NOT_FULFILLED_BY_AN_EVENT)


@few
@given(seed=seeds)
def test_a_gap_that_was_long_enough_stays_so_without_its_end(seed: int) -> None:
    """The narrower law of `minimum_gap`: the time had passed when it ended, so it has passed."""
    rules, records, as_of = drawn("minimum_gap", seed)
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
@given(seed=seeds)
def test_a_forbidden_act_less_leaves_the_others_as_they_are(seed: int) -> None:
    """The narrower law of `forbidden`: every day on which it happened is judged by itself."""
    rules, records, as_of = drawn("forbidden", seed)
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

"""The second and the third unit say of several worlds and readings what `judgement.conclude` says, in every field."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgov_rules.durable import chain
from lawgov_rules.durable.cage import Cage, Fact
from lawgov_rules.durable.chain import UNITS, Instance
from lawgov_rules.judgement import DISAGREE, DOUBT, SHIFT, Answer, code, conclude
from lawgov_rules.verdict import DETAILS, Verdict
from tests.durable.faulty import holds

VERDICTS = list(map(int, Verdict))
UNKNOWN = [*VERDICTS, None]
# an instance surely exists, or may not and would be one or the other then
EXISTS = [(True, 0), *((False, verdict) for verdict in VERDICTS)]
APPLIES = (True, None)


def by_hand(groups: Sequence[Sequence[Fact]]) -> list[list[int] | str]:
    """The tables by their documentation: the first row that holds."""
    return [[_first(number or 0, values) for number, *values in group] for group in groups]


def _first(number: int, values: Sequence[int | None]) -> int:
    table = UNITS[number]
    return next(n for row, n in zip(table.rows, table.codes, strict=True) if all(holds(c, values) for c in row))


def told_apart(readings: Sequence[Sequence[int]]) -> list[list[int]]:
    """Codes of these verdicts, each with a detail of its own, so that the wrong one is seen."""
    details = itertools.count(1)
    return [[verdict * SHIFT + next(details) % len(DETAILS) for verdict in worlds] for worlds in readings]


def small() -> Iterator[Instance]:
    """One or two readings of one or two worlds; and one world for each of up to seven readings, in every order."""
    worlds = [list(w) for n in (1, 2) for w in itertools.product(VERDICTS, repeat=n)]
    readings = [*([w] for w in worlds), *([v, w] for v in worlds for w in worlds)]
    for some, (certain, if_not), applies in itertools.product(readings, EXISTS, APPLIES):
        yield Instance(told_apart(some), certain, applies, if_not)
    for number, applies in itertools.product(range(1, 8), APPLIES):
        for order in itertools.permutations(VERDICTS, number):
            yield Instance(told_apart([[verdict] for verdict in order]), True, applies, 0)


def test_all_small_cases() -> None:
    """(56 + 56 * 56) * 8 * 2 of one or two readings, 13,699 * 2 of more."""
    asked = list(small())
    assert len(asked) == (56 + 56 * 56) * 8 * 2 + 13_699 * 2
    (found,) = chain.conclude([asked], by_hand)
    assert found == [conclude(*instance) for instance in asked]


@pytest.mark.usefixtures("durable_rules")
def test_small_cases_in_durable_rules() -> None:
    asked = Random(1).sample(list(small()), 5000)
    with Cage(UNITS) as cage:
        (found,) = chain.conclude([asked], cage.judge)
    assert found == [conclude(*instance) for instance in asked]


CODES = st.sampled_from([code(verdict, detail) for verdict in Verdict for detail in DETAILS])
INSTANCES = st.builds(
    Instance,
    st.lists(st.lists(CODES, min_size=1, max_size=4), min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from(APPLIES),
    st.sampled_from(VERDICTS),
)


@settings(max_examples=1000, deadline=None)
@given(groups=st.lists(st.lists(INSTANCES, max_size=4), max_size=3))
def test_any_worlds_and_readings(groups: list[list[Instance]]) -> None:
    assert chain.conclude(groups, by_hand) == [[conclude(*instance) for instance in group] for group in groups]


@pytest.mark.usefixtures("durable_rules")
def test_every_fact_in_durable_rules() -> None:
    """Verdicts 7 * 7 * 8 ways for the second unit; 2^7 sets of them for the third, with each ``applies``."""
    draw = Random(1)
    facts: list[Fact] = [
        (0, *chain.READING.values({"lowest": low, "highest": high, "if_not": if_not}))
        for low, high, if_not in itertools.product(VERDICTS, VERDICTS, UNKNOWN)
    ]
    for there in itertools.product((True, False), repeat=len(Verdict)):
        firsts = {v.name: draw.randrange(9) if t else None for v, t in zip(Verdict, there, strict=True)}
        facts += [(1, *chain.CONCLUSION.values({**firsts, "applies": applies})) for applies in (1, None)]
    assert len(facts) == 392 + 256
    with Cage(UNITS) as cage:
        assert cage.judge([facts]) == by_hand([facts])


LATE, IN_TIME = code(Verdict.violated, "late"), code(Verdict.compliant, "on_time")
WORKED = [
    ("two readings that part", [[LATE], [IN_TIME]], True, Answer(DISAGREE, 0, (2, 1), False, False)),
    ("a world in which it is late", [[IN_TIME, LATE]], True, Answer(DOUBT, 0, (5,), True, False)),
    ("late, if the rule applies", [[LATE]], None, Answer(DOUBT, 0, (2,), False, True)),
    ("a reading in doubt is told first", [[LATE], [IN_TIME, LATE]], True, Answer(DOUBT, 1, (2, 5), True, False)),
    (
        "undetermined in every world is no doubt between them",
        [[DOUBT, DOUBT]],
        True,
        Answer(DOUBT, 0, (5,), False, False),
    ),
    ("late either way", [[LATE, LATE + 1], [LATE]], True, Answer(LATE, 0, (2, 2), False, False)),
]


@pytest.mark.parametrize(("why", "readings", "applies", "expected"), WORKED, ids=[line[0] for line in WORKED])
def test_worked(why: str, readings: list[list[int]], applies: bool | None, expected: Answer) -> None:
    assert chain.conclude([[Instance(readings, True, applies, 0)]], by_hand) == [[expected]]


@pytest.mark.parametrize("unit", [0, 1])
def test_a_group_that_fails_in_a_unit_is_asked_no_more(unit: int) -> None:
    """The second of three fails in one unit or the other; its neighbours are answered."""
    asked: list[int] = []

    def judge(groups: Sequence[Sequence[Fact]]) -> list[list[int] | str]:
        asked.append(len(groups))
        found = by_hand(groups)
        if groups[0][0][0] == unit:
            found[1] = "died (SIGSEGV)"
        return found

    one = Instance([[LATE]], True, True, 0)
    answer = conclude(*one)
    assert chain.conclude([[one], [one, one], [one]], judge) == [[answer], "died (SIGSEGV)", [answer]]
    assert asked == [3, 2 if unit == 0 else 3]


def test_what_failed_before_and_what_is_empty() -> None:
    """Neither is posted; and a fact that a group has twice is posted once."""
    asked: list[list[list[Fact]]] = []

    def judge(groups: Sequence[Sequence[Fact]]) -> list[list[int] | str]:
        asked.append([list(group) for group in groups])
        return by_hand(groups)

    one = Instance([[LATE], [LATE]], True, True, 0)
    assert chain.conclude(["hung", [], [one, one]], judge) == ["hung", [], [conclude(*one)] * 2]
    assert [[len(group) for group in groups] for groups in asked] == [[1], [1]]

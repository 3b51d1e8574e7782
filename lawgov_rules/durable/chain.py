"""Forward chaining: what the worlds of a record were judged to be is posted as facts to a second unit, and its answers
to a third, which concludes. Both are decision tables in the cage, beside those of the kinds; the posting is done here,
since the library's own is outside the dialect.

1. A kind's table has answered for every world (`executor`).
2. `READING`, a fact for each reading of an instance: ``lowest`` and ``highest`` verdict of its worlds, and ``if_not``,
   its verdict should the instance not exist (absent: it surely does). The reading agrees with itself, or is in doubt.
3. `CONCLUSION`, a fact for each instance: under the name of each verdict the first reading that has it (absent: none
   has), and ``applies`` (absent: nobody knows whether the rule does). One reading is told, or they disagree, or the
   instance is in doubt.

It says the same as `judgement.conclude`, by which the other executors go; a test compares them on all small cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from lawgov_rules.durable.cage import Fact
from lawgov_rules.durable.table import table_of_rows
from lawgov_rules.judgement import (
    DISAGREE,
    DOUBT,
    NOT_APPLICABLE,
    SETTLED,
    SHIFT,
    WAITING,
    Answer,
    Comparison,
    absent,
    compare,
    present,
)
from lawgov_rules.verdict import Verdict

Judge = Callable[[Sequence[Sequence[Fact]]], list[list[int] | str]]
"""`Cage.judge`: for each group of facts the answers, or why there are none."""


S = TypeVar("S")
T = TypeVar("T")
Facts = Callable[[S], Iterable[Fact]]
Then = Callable[[S, Sequence[int]], T]


class Instance(NamedTuple):
    """What is concluded from, as `judgement.conclude` takes it: codes by reading and world, and what is in doubt."""

    readings: Sequence[Sequence[int]]
    certain: bool
    applies: bool | None
    if_not: int


class Conclusion(NamedTuple):
    """An answer of the third unit: the verdict whose first reading explains (None: the first of all), and the code
    (None: that reading's)."""

    explained_by: Verdict | None
    code: int | None


AGREES = 0
READING = table_of_rows(
    [
        (AGREES, [compare("highest <= lowest"), absent("if_not")]),
        (AGREES, [compare("highest <= lowest"), compare("if_not >= lowest"), compare("if_not <= highest")]),
    ],
    otherwise=DOUBT,
)

KNOWN = [verdict for verdict in Verdict if verdict != Verdict.undetermined]
# the readings do not disagree if one has the verdict and no other has one that is not beside it
AGREEMENTS = {
    **{verdict: frozenset({verdict}) for verdict in Verdict},
    Verdict.excused: SETTLED,
    Verdict.pending: WAITING,
}


def _conclusions() -> Iterator[tuple[Conclusion, Sequence[Comparison]]]:
    """The rows of `CONCLUSION` but the last: that the readings disagree."""
    for verdict, beside in AGREEMENTS.items():
        agreed = [present(verdict.name), *(absent(other.name) for other in KNOWN if other not in beside)]
        # a reading that is undetermined is told before one that is known
        for told in dict.fromkeys((Verdict.undetermined, verdict)):
            if told != NOT_APPLICABLE:
                yield Conclusion(told, DOUBT), [absent("applies"), present(told.name), *agreed]
            yield Conclusion(told, None), [present(told.name), *agreed]
    yield Conclusion(None, DOUBT), [absent("applies")]


_ROWS = list(_conclusions())
CONCLUSIONS = [*(conclusion for conclusion, _ in _ROWS), Conclusion(None, DISAGREE)]
CONCLUSION = table_of_rows([(n, when) for n, (_, when) in enumerate(_ROWS)], otherwise=len(_ROWS))

UNITS = (READING, CONCLUSION)
"""The first tables in the cage; those of the kinds come after them."""
TO_READING, TO_CONCLUSION = range(len(UNITS))


def post(groups: Sequence[S | str], facts: Facts[S], then: Then[S, T], judge: Judge) -> list[T | str]:
    """One unit: post the facts that come of each group, and make of their answers what the next one begins with.

    A group that has failed before, or fails now, is the reason instead. A fact that it has twice is judged once.
    """
    posted = [() if isinstance(group, str) else [tuple(fact) for fact in facts(group)] for group in groups]
    once = [list(dict.fromkeys(mine)) for mine in posted]
    asked = [mine for mine in once if mine]
    answers = iter(judge(asked) if asked else ())
    found: list[T | str] = []
    for group, mine, different in zip(groups, posted, once, strict=True):
        answer = next(answers) if mine else []
        if isinstance(group, str) or isinstance(answer, str):
            found.append(group if isinstance(group, str) else str(answer))
        else:
            known = dict(zip(different, answer, strict=True))
            found.append(then(group, [known[fact] for fact in mine]))
    return found


def conclude(groups: Sequence[Sequence[Instance] | str], judge: Judge) -> list[list[Answer] | str]:
    """The answer to each instance, by group, from the second and the third unit; or why the group failed."""
    return post(post(groups, _of_readings, _read, judge), _of_instances, _answers, judge)


class _Read(NamedTuple):
    """What the second unit has said of an instance: a code for each reading, and whether one of them is in doubt."""

    codes: Sequence[int]
    in_worlds: bool
    applies: bool | None

    @property
    def verdicts(self) -> list[int]:
        return [code // SHIFT for code in self.codes]


def _of_readings(group: Sequence[Instance]) -> Iterator[Fact]:
    """The facts for the second unit: one for each reading of each instance."""
    for instance in group:
        if_not = None if instance.certain else instance.if_not
        for worlds in instance.readings:
            verdicts = [code // SHIFT for code in worlds]
            yield (TO_READING, *READING.values({"lowest": min(verdicts), "highest": max(verdicts), "if_not": if_not}))


def _read(group: Sequence[Instance], answers: Sequence[int]) -> list[_Read]:
    rest = iter(answers)
    found = []
    for instance in group:
        agree = [next(rest) == AGREES for _ in instance.readings]
        codes = [worlds[0] if sure else DOUBT for worlds, sure in zip(instance.readings, agree, strict=True)]
        found.append(_Read(codes, not all(agree), instance.applies))
    return found


def _of_instances(group: Sequence[_Read]) -> Iterator[Fact]:
    """The facts for the third unit: one for each instance."""
    for one in group:
        firsts: dict[str, int | None] = {Verdict(v).name: one.verdicts.index(v) for v in set(one.verdicts)}
        yield (TO_CONCLUSION, *CONCLUSION.values({**firsts, "applies": None if one.applies is None else 1}))


def _answers(group: Sequence[_Read], answers: Sequence[int]) -> list[Answer]:
    found = []
    for one, number in zip(group, answers, strict=True):
        told, code = CONCLUSIONS[number]
        verdicts = one.verdicts
        reading = 0 if told is None else verdicts.index(told)
        told_code = one.codes[reading] if code is None else code
        found.append(Answer(told_code, reading, tuple(verdicts), one.in_worlds, one.applies is None))
    return found

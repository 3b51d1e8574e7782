"""The executors say the same of random rules and records: verdict, detail, instance, missing, readings, measures.

The long run is `python -m tests.agreement --minutes N`; here a few rules of every kind in every test run (others with
another LAWGOV_SEED), what was once found, and what the comparison itself must be able to do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lawgov_rules import live
from lawgov_rules.judgement import Judgement, row
from lawgov_rules.kinds import discover
from lawgov_rules.kinds._contract import Constraint
from lawgov_rules.verdict import Assessment, Verdict
from tests.agreement import KINDS, compared, draw_trial
from tests.agreement.constraints import GENERATORS
from tests.agreement.counterexamples import FOUND, disagree, shrink, store
from tests.agreement.coverage import WANTED, Coverage, why_not
from tests.agreement.readings import READINGS
from tests.agreement.trial import Trial
from tests.conftest import SEED

SIDES = ("measure", "columns", "explain", "say", "describe", "JUDGEMENT", "MEASURES")
STORED = sorted(FOUND.glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [KINDS[n : n + 3] for n in range(0, len(KINDS), 3)], ids="-".join)
def test_the_executors_agree(kinds: tuple[str, ...]) -> None:
    rules, records, as_of = draw_trial(Random(SEED), list(kinds), 200).read()
    said, wrong = compared(records, rules, as_of)
    assert wrong == []
    assert len(said) >= sum(record.type == rule.record for record in records for rule in rules)


@pytest.mark.slow
@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_where_they_once_disagreed(file: Path) -> None:
    rules, records, as_of = Trial.load(file).read()
    said, wrong = compared(records, rules, as_of)
    assert (wrong, bool(said)) == ([], True)


def test_a_stored_disagreement_says_why() -> None:
    assert [file.name for file in STORED if not Trial.load(file).about] == []


def test_every_kind_is_drawn() -> None:
    """A new kind is compared from the day it is there."""
    assert set(GENERATORS) == set(READINGS) == set(discover())


def lacking(kind: type[Constraint]) -> list[str]:
    """The sides that a kind takes over from the base, which has none."""
    return [side for side in SIDES if getattr(kind, side, None) in (None, getattr(Constraint, side, None))]


@pytest.mark.parametrize("kind", discover().values(), ids=lambda kind: kind.__name__)
def test_every_kind_has_every_side(kind: type[Constraint]) -> None:
    assert lacking(kind) == []


def test_a_kind_that_lacks_a_side_is_seen() -> None:
    class Half(Constraint):
        MEASURES = ("a",)
        JUDGEMENT = Judgement(row("compliant", "enough"))

        def measure(self, view: Any, force: Any) -> Any:
            return []

    assert lacking(Half) == ["columns", "explain", "say", "describe"]


def lenient(records: Any, rules: Any, as_of: int) -> Iterator[Assessment]:
    """An executor that overlooks what is late."""
    for a in live.assess(records, rules, as_of):
        yield dataclasses.replace(a, verdict=Verdict.compliant) if a.detail == "late" else a


def crashing(records: Any, rules: Any, as_of: int) -> Iterator[Assessment]:
    """An executor that cannot count to two."""
    for a in live.assess(records, rules, as_of):
        if a.measures.get("number") == 2:
            raise ValueError("two")
        yield a


def against(monkeypatch: pytest.MonkeyPatch, other: Any) -> None:
    monkeypatch.setattr("tests.agreement.compare.executors", lambda: {"live": live.assess, "other": other})


def test_a_disagreement_is_found_made_small_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is late needs one rule, one record and at most two events; the file is the same trial, by a stable name."""
    against(monkeypatch, lenient)
    trial = next(t for t in _trials(["deadline", "fixed_date"]) if disagree(t))
    small = shrink(trial)
    assert (len(small.rules), len(small.records)) == (1, 1)
    assert 1 <= len(small.records[0]["events"]) <= 2
    assert small.records[0].keys() <= {"record", "type", "jurisdiction", "attributes", "events"}
    found = disagree(small)[0]
    assert {said.verdict.name for said in found.said.values()} == {"compliant", "violated"}
    file = store(small, found, tmp_path)
    again = Trial.load(file)
    assert dataclasses.replace(again, about="") == small
    assert str(disagree(again)[0]) == str(found) == again.about
    assert store(again, found, tmp_path) == file


def test_an_executor_that_fails_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    against(monkeypatch, crashing)
    trial = next(t for t in _trials(["count"]) if disagree(t))
    small = shrink(trial)
    assert disagree(small)[0].said == {"live": None, "other": "ValueError: two"}
    assert len(small.records) == 1


def _trials(kinds: list[str]) -> Iterator[Trial]:
    yield from (draw_trial(Random(seed), kinds, 30) for seed in range(100))


def test_an_executor_that_says_too_much_or_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, records, as_of = draw_trial(Random(1), ["count"], 5).read()
    against(monkeypatch, lambda *given: list(live.assess(*given))[1:])
    _said, wrong = compared(records, rules, as_of)
    assert [d.said["other"] for d in wrong] == [None]
    against(monkeypatch, lambda *given: [*live.assess(*given), *live.assess(*given)])
    assert "stands twice" in str(compared(records, rules, as_of)[1][0])


def test_what_is_rare_is_wanted() -> None:
    """Of two reachable verdicts the one with 10,000 is not; what no row gives is explained, and not wanted."""
    coverage = Coverage(reachable={("forbidden", Verdict.violated), ("forbidden", Verdict.compliant)})
    coverage.counts["live", "forbidden", Verdict.violated, "happened"] = WANTED
    assert {coverage.rare(Random(seed)) for seed in range(20)} == {("forbidden", Verdict.compliant)}
    coverage.counts["live", "forbidden", Verdict.compliant, "excepted"] = WANTED
    assert coverage.rare(Random(1)) is None
    assert why_not("forbidden", Verdict.pending) == "no row of its judgement is pending"
    assert sum("forbidden pending 0 (no row" in line for line in coverage.table()) == 1

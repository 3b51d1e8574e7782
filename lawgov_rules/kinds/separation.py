"""Nobody may do two things that must be kept apart (four eyes).

Requires: no person on record is both among `first` and among `second` (who meet their `where`), judged `at` a step
(without it: at the as-of date).

Verdicts: compliant `separate`; violated `same_person`; pending `open` before the step; undetermined
`people_unrecorded` (no participant at all on record), `fact_missing`.

Readings: another `where` or `at`.

Example:
    kind: separation
    first: handler
    second: reviewer

Limits: participants are complete once one is recorded; one person has one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from lawgov_rules.condition import put
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    LACKING,
    Columns,
    Constraint,
    Force,
    Measured,
    day_of,
    gather,
    gather_columns,
    step_columns,
    step_of,
)
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, evidence, shown_day
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.people import People
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import show_day


class Separation(Constraint):
    kind: Literal["separation"]
    first: People
    second: People
    at: Occurrence | None = None

    MEASURES = ("gate", "gate_step", "both")
    DONE = ("gate",)
    INSTANCES: ClassVar = ("at",)
    FIRST = "gate"
    JUDGEMENT = Judgement(
        LACKING,
        row("pending", "open", present("gated"), absent("gate")),
        row("undetermined", "people_unrecorded", "recorded <= 0"),
        row("violated", "same_person", "both > 0"),
        row("compliant", "separate", present("both")),
    )

    @model_validator(mode="after")
    def _shape(self) -> Separation:
        if self.at and self.at.pick != "first":
            raise ValueError("`at` is picked as `first`")
        return self

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.at,) if self.at else ()

    @cached_property
    def constants(self) -> dict[str, int | None]:
        return super().constants | ({"gated": 1} if self.at else {"gated": None, "gate": None})

    def _worlds(self, view: View | None) -> list[tuple[bool, bool]]:
        doubtful = len(self.first.choices_in(view)) > 1 or len(self.second.choices_in(view)) > 1
        gates = self.at.choices_in(view) if self.at else (True,)
        return list(product(gates, (True, False) if doubtful else (True,)))

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        gates = {c: self.at.first(view, c) for c in self.at.choices_in(view)} if self.at else {True: None}
        yield Measured(None, True, [self._world(view, gates[a], c) for a, c in self._worlds(view)])

    def _world(self, view: View, gate: Moment | None, certain: bool) -> Measures:
        day = gate.day if gate else view.as_of
        return {
            "gate": day_of(gate),
            "gate_step": step_of(gate),
            "both": len(self.first.persons(view, day, certain) & self.second.persons(view, day, certain)),
            "recorded": len(view.record.participants),
            **self.fixed(view),
            "as_of": view.as_of,
            "governs_from": day,
            "governs_to": day,
        }

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis

        frame, as_of = records, records.sources.as_of
        gates = {c: frame.first(self.at, c) for c in self.at.choices} if self.at else {True: None}
        doubts = gather_columns(frame, self.at)
        cases = []
        for choice, certain in self._worlds(None):
            gate = gates[choice]
            day = ibis.coalesce(gate.day, as_of) if gate else as_of
            cases.append(
                {
                    "gate": gate.day if gate else None,
                    **step_columns(gate=gate),
                    "both": self._both(frame, gate, certain),
                    "recorded": frame.any_person(),
                    **self.constants,
                    **self.lacking_columns(),
                    "as_of": as_of,
                    "governs_from": day,
                    "governs_to": day,
                }
            )
        for people in (self.first, self.second):
            for gate in gates.values():
                for name, gone in people.doubt_columns(frame, gate).items():
                    put(doubts, name, gone)
        return Columns(frame, cases, doubts)

    def _both(self, frame: Any, gate: Any, certain: bool) -> Any:
        """Persons in both groups: those of the one and of the other, less those of either."""
        from ibis import _

        groups = []
        for people in (self.first, self.second):
            sure, may, _doubts, stage = people.columns(frame, gate)
            groups.append((_.role == people.role) & (sure if certain else may))
        first, second, either = (
            frame.count_people(group, role=None, distinct=True, stage=stage)
            for group in (groups[0], groups[1], groups[0] | groups[1])
        )
        return first + second - either

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        found = gather(view, self.at)
        for choice in self.at.choices if self.at else (True,):
            gate = self.at.first(view, choice) if self.at else None
            day = gate.day if gate else view.as_of
            found |= self.first.missing(view, day) | self.second.missing(view, day)
        return found

    def describe(self, prose: Prose) -> str:
        first, second = prose.people(self.first), prose.people(self.second)
        at = prose.occurrence(self.at) if self.at else ""
        said = prose.t(f"{first}和{second}不得是同一人", f"nobody is both {first} and {second}")
        return prose.t(f"到{at}时，{said}", f"by {at}, {said}") if at else said

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        gate, both = measures["gate"], measures["both"]
        counted: list[dict[str, Any]] = [{"count": both, "of": f"{self.first.role}&{self.second.role}"}]
        return Explanation(
            actual=shown_day(gate),
            required="nobody in both",
            measured=str(both),
            evidence=counted + evidence(self.at, gate, measures["gate_step"]),
        )

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        gate, both = measures["gate"], int(measures["both"] or 0)
        first, second = words.role(self.first.role), words.role(self.second.role)
        said = words.t(f"{first}和{second}不得为同一人", f"{first} and {second} must be different people")
        said += words.t(f"，同时担任的有{both}人", f", {both} in both")
        if self.at is None or gate is None:
            return said
        label = words.event(self.at, measures["gate_step"])
        return words.t(f"{label}：{show_day(gate)}；{said}", f"{label} {show_day(gate)}; {said}")

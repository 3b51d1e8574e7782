"""A number of people or events must be reached, or not exceeded, by a given step.

Requires: the number of distinct `people` of a role (who meet its `where`), or of `events`, is `at_least` and
`at_most` what is given, judged at the step `at` (without it: at the as-of date). With `valid` in `people` a person
counts only if the dates of those two attributes enclose the day of the step.

Verdicts: compliant `enough`; violated `short`, `over`; pending `open` before the step; undetermined
`people_unrecorded` (no participant at all on record), `fact_missing`.

Readings: another number, `where` or `at`.

Example:
    kind: count
    people: {role: handler, where: {qualified: true}}
    at: {any_of: [decided, mediated, closed]}
    at_least: 2

Limits: participants are complete once one is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import Any, Literal

from pydantic import Field, model_validator

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
from lawgov_rules.records import DAY
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import show_day


class Count(Constraint):
    kind: Literal["count"]
    people: People | None = None
    events: Occurrence | None = None
    at: Occurrence | None = None
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)

    MEASURES = ("gate", "gate_step", "number", "at_least", "at_most")
    DONE = ("gate",)
    INSTANCES = ("at",)
    FIRST = "gate"
    COUNTS = ("number",)
    JUDGEMENT = Judgement(
        LACKING,
        row("pending", "open", present("gated"), absent("gate")),
        row("undetermined", "people_unrecorded", "recorded <= 0"),
        row("violated", "short", "number < at_least"),
        row("violated", "over", "number > at_most"),
        row("compliant", "enough", present("number")),
    )

    @model_validator(mode="after")
    def _shape(self) -> Count:
        if (self.people is None) == (self.events is None):
            raise ValueError("a count needs `people` or `events`, and not both")
        if self.at_least is None and self.at_most is None:
            raise ValueError("a count needs `at_least` or `at_most`")
        counted = self.events
        if counted and (counted.attribute or counted.all_of or counted.otherwise):
            raise ValueError("`events` must be an event, or any of several")
        if (self.at and self.at.pick == "latest") or (self.events and self.events.pick != "first"):
            raise ValueError("`at` is picked as `first` or `each`, and `events` are all counted")
        return self

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.at,) if self.at else ()

    def _worlds(self, view: View | None) -> list[tuple[bool, bool]]:
        counted = self.people or self.events
        return list(
            product(self.at.choices_in(view) if self.at else (True,), counted.choices_in(view) if counted else (True,))
        )

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        if self.at is None:
            yield Measured(None, True, [self._world(view, None, c) for _, c in self._worlds(view)])
            return
        for anchor in self.at.anchors(view):
            yield Measured(
                anchor.key,
                anchor.certain,
                [self._world(view, anchor.moments[a], c) for a, c in self._worlds(view)],
            )

    def _world(self, view: View, gate: Moment | None, certain: bool) -> Measures:
        day = gate.day if gate else view.as_of
        if self.people:
            number, recorded = self.people.count(view, day, certain), len(view.record.participants)
        else:
            until = gate or Moment(view.as_of * DAY, view.as_of * DAY + DAY - 1)
            number, recorded = self._count_events(view, certain, until), None
        return {
            "gate": day_of(gate),
            "gate_step": step_of(gate),
            "number": number,
            "recorded": recorded,
            **self.fixed(view),
            "as_of": view.as_of,
            "governs_from": day,
            "governs_to": day,
        }

    @cached_property
    def constants(self) -> dict[str, int | None]:
        found = {"gated": 1 if self.at else None, "at_least": self.at_least, "at_most": self.at_most}
        if self.people is None:
            found |= {"recorded": None}
        return super().constants | found

    def _count_events(self, view: View, certain: bool, until: Moment) -> int:
        assert self.events is not None
        return sum(
            event.low <= until.high and (truth is True or not certain) for event, truth in self.events.events(view)
        )

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis

        from lawgov_rules.columns import anchors

        frame, moments = anchors(records, self.at) if self.at else (records, {True: None})
        as_of = frame.sources.as_of
        cases, doubts = [], gather_columns(frame, self.at, self.events)
        for choice, certain in self._worlds(None):
            gate = moments[choice]
            number, recorded = self._count_columns(frame, gate, certain)
            day = ibis.coalesce(gate.day, as_of) if gate else as_of
            cases.append(
                {
                    "gate": gate.day if gate else None,
                    **step_columns(gate=gate),
                    "number": number,
                    "recorded": recorded,
                    **self.constants,
                    "as_of": as_of,
                    **self.lacking_columns(),
                    "governs_from": day,
                    "governs_to": day,
                }
            )
            if self.people:
                for name, absent_ in self.people.doubt_columns(frame, gate).items():
                    put(doubts, name, absent_)
        return Columns(frame, cases, doubts)

    def _count_columns(self, frame: Any, gate: Any, certain: bool) -> tuple[Any, Any]:
        if self.people is None:
            return frame.count_events(self.events, certain, gate), None
        sure, may, _, stage = self.people.columns(frame, gate)
        number = frame.count_people(sure if certain else may, role=self.people.role, distinct=True, stage=stage)
        return number, frame.any_person()

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        found = gather(view, self.at, self.events)
        if self.people:
            for anchor in self.at.anchors(view) if self.at else []:
                for moment in anchor.moments.values() if anchor.key == key else []:
                    found |= self.people.missing(view, moment.day if moment else view.as_of)
            if self.at is None:
                found |= self.people.missing(view, view.as_of)
        return found

    def describe(self, prose: Prose) -> str:
        at, t = prose.occurrence(self.at) if self.at else "", prose.t
        what = prose.people(self.people) if self.people else prose.occurrence(self.events) if self.events else ""
        bounds = ((self.at_least, t("不少于", "at least ")), (self.at_most, t("不多于", "at most ")))
        number = t("、", ", ").join(
            word + (t(f"{n}人", f"{n} of them") if self.people else prose.times(n))
            for n, word in bounds
            if n is not None
        )
        said = t(f"{f'到{at}时，' if at else ''}{what}应{number}", f"{f'by {at}, ' if at else ''}{what}: {number}")
        return prose.joined(said, t("同一人只计一次", "one person counts once") if self.people else "")

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        gate, number = measures["gate"], measures["number"]
        counted = self.people.role if self.people else "|".join(self.events.names() if self.events else ())
        shown: list[dict[str, Any]] = [{"count": number, "of": counted}]
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        return Explanation(
            actual=shown_day(gate),
            required=" and ".join(f"{sign} {n}" for sign, n in bounds if n is not None),
            measured=str(number),
            over_by=str(self._off(number or 0)) if verdict == Verdict.violated else "",
            evidence=shown + evidence(self.at, gate, measures["gate_step"]),
        )

    def _off(self, number: int) -> int:
        """By how much the number misses its bounds."""
        below = self.at_least - number if self.at_least is not None else 0
        above = number - self.at_most if self.at_most is not None else 0
        return max(below, above)

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        gate, number = measures["gate"], measures["number"] or 0
        unit = words.t("名" if self.people else "次", "")
        bounds = ((words.t("至少", "at least "), self.at_least), (words.t("至多", "at most "), self.at_most))
        wanted = words.t("、", " and ").join(f"{sign}{n}{unit}" for sign, n in bounds if n is not None)
        if self.people:
            fit = words.t("符合条件的", "qualified ") if len(self.people.choices) > 1 else ""
            who = fit + words.role(self.people.role)
        else:
            who = words.t("“", "“") + (words.event(self.events) if self.events else "") + "”"
        said = words.t(f"{who}{number}{unit}，应{wanted}", f"{number} {who}, {wanted} required")
        if verdict == Verdict.violated:
            off = self._off(number)
            short = self.at_least is not None and number < self.at_least
            said += words.t(f"，{'缺' if short else '多'}{off}{unit}", f", {off} too {'few' if short else 'many'}")
        if self.at is None:
            return said
        label = words.event(self.at, measures["gate_step"])
        if gate is None:
            return words.t(f"尚无“{label}”；目前{said}", f"no “{label}” yet; so far {said}")
        return words.t(f"{label}：{show_day(gate)}；{said}", f"{label} {show_day(gate)}; {said}")

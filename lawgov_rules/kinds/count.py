"""A number of people or events must be reached, or not exceeded, by a given step.

Requires: the number of distinct persons with the role `people` (meeting `where`), or of `events`, is `at_least` and
`at_most` what is given, judged at the step `at` (without it: at the as-of date). With `valid` a person counts only if
the dates of those two attributes enclose the day of the step.

Verdicts: compliant `enough`; violated `short`, `over`; pending `open` before the step; undetermined
`people_unrecorded` (no participant at all on record), `fact_missing`.

Readings: another number, `where` or `at`.

Example:
    kind: count
    people: handler
    where: {qualified: true}
    at: {any_of: [decided, mediated, closed]}
    at_least: 2

Limits: participants are complete once one is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

from pydantic import Field, model_validator

from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    LACKING,
    Columns,
    Constraint,
    Explanation,
    Force,
    Measured,
    Words,
    day_of,
    evidence,
    gather,
    gather_columns,
)
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.people import People
from lawgov_rules.records import DAY, View
from lawgov_rules.verdict import Verdict
from lawgov_rules.vocabulary import Vocabulary, show_day


class Count(Constraint):
    kind: Literal["count"]
    people: People | None = None
    events: Occurrence | None = None
    at: Occurrence | None = None
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)

    MEASURES = ("gate", "number", "at_least", "at_most")
    INSTANCES = ("at",)
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
        if (self.at and self.at.pick == "latest") or (self.events and self.events.pick != "first"):
            raise ValueError("`at` is picked as `first` or `each`, and `events` are all counted")
        return self

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.at,) if self.at else ()

    def _worlds(self) -> list[tuple[bool, bool]]:
        counted = self.people.choices if self.people else self.events.choices if self.events else (True,)
        return list(product(self.at.choices if self.at else (True,), counted))

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        if self.at is None:
            yield Measured(None, True, [self._world(view, None, c) for _, c in self._worlds()])
            return
        for anchor in self.at.anchors(view):
            yield Measured(
                anchor.key,
                anchor.certain,
                [self._world(view, anchor.moments[a], c) for a, c in self._worlds()],
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
            "number": number,
            "recorded": recorded,
            **self._constants(),
            "lacking": self.lacking(view),
            "as_of": view.as_of,
            "governs_from": day,
            "governs_to": day,
        }

    def _constants(self) -> dict[str, int | None]:
        return {"gated": 1 if self.at else None, "at_least": self.at_least, "at_most": self.at_most}

    def _count_events(self, view: View, certain: bool, until: Moment) -> int:
        assert self.events is not None
        return sum(
            event.low <= until.high and (truth is True or not certain)
            for event, truth in self.events.events(view)
        )

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis

        from lawgov_rules.columns import anchors

        frame, moments = anchors(records, self.at) if self.at else (records, {True: None})
        as_of = frame.sources.as_of
        cases, doubts = [], gather_columns(frame, self.at, self.events)
        for choice, certain in self._worlds():
            gate = moments[choice]
            number, recorded = self._count_columns(frame, gate, certain)
            day = ibis.coalesce(gate.day, as_of) if gate else as_of
            cases.append(
                {
                    "gate": gate.day if gate else None,
                    "number": number,
                    "recorded": recorded,
                    **self._constants(),
                    "as_of": as_of,
                    "lacking": self.lacking_column(),
                    "governs_from": day,
                    "governs_to": day,
                }
            )
            if self.people:
                for name, absent_ in self.people.doubt_columns(frame, gate).items():
                    doubts[name] = doubts[name] | absent_ if name in doubts else absent_
        return Columns(frame, cases, doubts)

    def _count_columns(self, frame: Any, gate: Any, certain: bool) -> tuple[Any, Any]:
        if self.people is None:
            return frame.count_events(self.events, certain, gate), None
        sure, may, _, stage = self.people.columns(frame, gate)
        number = frame.count_people(
            sure if certain else may, role=self.people.role, distinct=True, stage=stage
        )
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

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        return (
            ("participants",)
            if detail == "people_unrecorded"
            else super().facts(detail, measures, vocabulary)
        )

    def explain(self, measures: Measures, verdict: Verdict, detail: str, words: Words) -> Explanation:
        gate, number = measures["gate"], measures["number"]
        what = {"zh": "人", "en": "people"} if self.people else {"zh": "次", "en": "times"}
        who = {
            lang: words.role(self.people.role, lang) if self.people else words.events(self.events, lang)
            for lang in ("zh", "en")
            if self.people or self.events
        }
        limits_zh = [
            f"{sign}{n}{what['zh']}"
            for sign, n in (("至少", self.at_least), ("至多", self.at_most))
            if n is not None
        ]
        limits_en = [
            f"{sign} {n}"
            for sign, n in (("at least", self.at_least), ("at most", self.at_most))
            if n is not None
        ]
        shown = [
            {
                "count": number,
                "of": self.people.role
                if self.people
                else "|".join(self.events.names() if self.events else ()),
            }
        ]
        when_zh = when_en = ""
        if self.at:
            shown += evidence(self.at, gate)
            when_zh = (
                f"{words.events(self.at, 'zh')}{show_day(gate)}时，"
                if gate is not None
                else f"尚未{words.events(self.at, 'zh')}；现有"
            )
            when_en = (
                f"at {words.events(self.at, 'en')} {show_day(gate)}: "
                if gate is not None
                else f"no {words.events(self.at, 'en')} yet; so far "
            )
        over = ""
        if detail == "short" and number is not None and self.at_least is not None:
            over = str(self.at_least - number)
        elif detail == "over" and number is not None and self.at_most is not None:
            over = str(number - self.at_most)
        return Explanation(
            f"{when_zh}{who['zh']}{number}{what['zh']}，应{'、'.join(limits_zh)}"
            if detail != "people_unrecorded"
            else f"{when_zh}没有登记任何人员，应{'、'.join(limits_zh)}",
            f"{when_en}{number} {who['en']}, {' and '.join(limits_en)} required"
            if detail != "people_unrecorded"
            else f"{when_en}nobody on record, {' and '.join(limits_en)} required",
            actual=show_day(gate) if gate is not None else "",
            required=" and ".join(limits_en),
            measured=str(number),
            over_by=over,
            evidence=shown,
        )

"""Before one step (the gate), another must have been taken.

Requires: `require` on or before `before`. `require` may be one event, any of several, or all of several steps; with
`pick: latest` the last one on or before the gate must meet its `where` (a failed review after a passed one counts as
failed). With `valid_to` it must not have expired by then. With `before: {pick: each}` every gate is an instance.

Verdicts: compliant `in_order`; violated `missing_before`, `wrong_order` (taken after the gate), `not_passed`,
`expired`; pending `open` before the gate; undetermined `fact_missing`.

Readings: another `require` or `before`.

Example:
    kind: precedence
    before: {event: submitted_for_discussion, otherwise: collectively_discussed}
    require: {event: legality_reviewed, where: {result: {not: unlawful}}, pick: latest}

Limits: events of one day satisfy an order, except where the record gives their sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import model_validator

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
    worlds,
)
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.records import View
from lawgov_rules.verdict import Verdict
from lawgov_rules.vocabulary import show_day


class Precedence(Constraint):
    kind: Literal["precedence"]
    before: Occurrence
    require: Occurrence
    valid_to: str | None = None

    MEASURES = ("gate", "done", "later", "tried")
    INSTANCES = ("before",)
    JUDGEMENT = Judgement(
        LACKING,
        row("pending", "open", absent("gate")),
        row("compliant", "in_order", present("done")),
        row("violated", "not_passed", present("tried"), present("judged")),
        row("violated", "expired", present("tried"), present("expires")),
        row("violated", "wrong_order", present("later")),
        row("violated", "missing_before", absent("later")),
    )

    @model_validator(mode="after")
    def _shape(self) -> Precedence:
        if self.before.pick == "latest" or self.require.pick == "each":
            raise ValueError("`before` is picked as `first` or `each`, `require` as `first` or `latest`")
        if self.valid_to and self.require.pick == "latest":
            raise ValueError("`valid_to` stands with `pick: first`")
        return self

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.before, self.require)

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        for anchor in self.before.anchors(view):
            cases = [self._world(view, anchor.moments[g], c) for g, c in worlds(self.before, self.require)]
            yield Measured(anchor.key, anchor.certain, cases)

    def _world(self, view: View, gate: Moment | None, certain: bool) -> Measures:
        governs = gate.day if gate else view.as_of
        latest = self.require.pick == "latest"
        found = (
            self.require.first(view, certain, until=gate, valid_to=self.valid_to)
            if gate and not latest
            else None
        )
        tried = self._tried(view, gate, certain)
        if latest and gate and self.require.latest(view, certain, gate):
            found, tried = tried, None
        later = self._any(view, certain) if gate and found is None and tried is None else None
        return {
            "gate": day_of(gate),
            "done": day_of(found),
            "tried": day_of(tried) if found is None else None,
            "later": day_of(later),
            "judged": 1 if latest else None,
            "expires": 1 if self.valid_to else None,
            "lacking": self.lacking(view),
            "as_of": view.as_of,
            "governs_from": governs,
            "governs_to": governs,
        }

    def _tried(self, view: View, gate: Moment | None, certain: bool) -> Moment | None:
        """An act before the gate that does not count: the last one judged, or the first one that has expired."""
        if gate is None:
            return None
        if self.require.pick == "latest":
            last = [e for _, e, _ in self.require.last_group(view, gate)]
            return Moment(max(e.low for e in last), max(e.high for e in last)) if last else None
        return self.require.first(view, certain, until=gate) if self.valid_to else None

    def _any(self, view: View, certain: bool) -> Moment | None:
        if self.require.pick != "latest":
            return self.require.first(view, certain)
        events = [e for step in self.require.steps for e in view.events(step.event)]
        return Moment(min(e.low for e in events), min(e.high for e in events)) if events else None

    def columns(self, records: Any, force: Force) -> Columns:
        from lawgov_rules.columns import anchors

        frame, gate = anchors(records, self.before)
        doubts = gather_columns(frame, self.before)
        cases = []
        for g, c in worlds(self.before, self.require):
            case, more = self._column_world(frame, gate[g], c)
            cases.append(case)
            for name, absent_ in more.items():
                doubts[name] = doubts[name] | absent_ if name in doubts else absent_
        return Columns(frame, cases, doubts)

    def _column_world(self, frame: Any, gate: Any, certain: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        import ibis

        null, here, as_of = ibis.null("int64"), gate.low.notnull(), frame.sources.as_of
        governs = ibis.coalesce(gate.day, as_of)
        measures: dict[str, Any] = {
            "gate": gate.day,
            "as_of": as_of,
            "governs_from": governs,
            "governs_to": governs,
            "judged": None,
            "lacking": self.lacking_column(),
            "expires": 1 if self.valid_to else None,
            "tried": None,
        }
        if self.require.pick == "latest":
            last, passes, doubts = frame.latest(self.require, gate)
            passed = ibis.coalesce(passes[certain], False)
            later = ibis.ifelse(here & last.isnull(), frame.first_named(self.require), null)
            return {
                **measures,
                "judged": 1,
                "done": ibis.ifelse(here & passed, last, null),
                "later": later,
                "tried": ibis.ifelse(here & ~passed, last, null),
            }, doubts
        found = frame.first(self.require, certain, until=gate, valid_to=self.valid_to)
        done = ibis.ifelse(here, found.day, null)
        lost = here & found.low.isnull()
        if self.valid_to:
            tried = frame.first(self.require, certain, until=gate)
            measures["tried"] = ibis.ifelse(lost, tried.day, null)
            lost = lost & tried.low.isnull()
        later = ibis.ifelse(lost, frame.first(self.require, certain).day, null)
        return {**measures, "done": done, "later": later}, gather_columns(frame, self.require)

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        found = gather(view, self.before)
        if self.require.pick != "latest":
            return found | gather(view, self.require)
        for anchor in self.before.anchors(view):
            for moment in anchor.moments.values() if anchor.key == key else ():
                found |= self.require.missing_latest(view, moment)
        return found

    def explain(self, measures: Measures, verdict: Verdict, detail: str, words: Words) -> Explanation:
        gate, done = measures["gate"], measures["done"]
        other = measures["tried"] if measures["tried"] is not None else measures["later"]
        shown = evidence(self.require, done if done is not None else other) + evidence(self.before, gate)
        zh, en = (words.events(self.require, lang) for lang in ("zh", "en"))
        gate_zh, gate_en = (words.events(self.before, lang) for lang in ("zh", "en"))
        if gate is None:
            return Explanation(
                f"尚未{gate_zh}；此前应有{zh}", f"no {gate_en} yet; {en} must come first", evidence=shown
            )
        sentences = {
            "in_order": ("，此前已有{zh}（{day}）", ", {en} before it ({day})"),
            "missing_before": ("，此前没有{zh}", ", no {en} before it"),
            "wrong_order": ("，{zh}却在其后（{day}）", ", {en} only after it ({day})"),
            "not_passed": (
                "，此前最近一次{zh}（{day}）结果不合格",
                ", the latest {en} before it ({day}) did not pass",
            ),
            "expired": ("，此前的{zh}（{day}）当日已过有效期", ", {en} before it ({day}) had expired"),
        }
        rest = sentences.get(detail, ("，此前的{zh}情况不明", ", the {en} before it is not clear"))
        day = done if done is not None else other
        values = {"zh": zh, "en": en, "day": show_day(day) if day is not None else ""}
        return Explanation(
            f"{gate_zh}{show_day(gate)}" + rest[0].format(**values),
            f"{gate_en} {show_day(gate)}" + rest[1].format(**values),
            due=show_day(gate),
            actual=values["day"],
            evidence=shown,
        )

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

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import Any, Literal

from pydantic import ValidationInfo, model_validator

from lawgov_rules.condition import put
from lawgov_rules.errors import did_you_mean, shown
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    LACKING,
    LACKS_FIRST,
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
from lawgov_rules.step import Context
from lawgov_rules.validation import wrong
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import show_day


class Precedence(Constraint):
    kind: Literal["precedence"]
    before: Occurrence
    require: Occurrence
    valid_to: str | None = None

    MEASURES = ("gate", "gate_step", "done", "later", "tried", "act_step")
    DUE = ("gate", "gate")
    DONE = ("done", "tried", "later")
    INSTANCES = ("before",)
    FIRST = "gate"
    JUDGEMENT = Judgement(
        LACKS_FIRST,
        row("pending", "open", absent("gate")),
        LACKING,
        row("compliant", "in_order", present("done")),
        row("violated", "not_passed", present("tried"), present("judged")),
        row("violated", "expired", present("tried"), present("expires")),
        row("violated", "wrong_order", present("later")),
        row("violated", "missing_before", absent("later")),
    )

    @model_validator(mode="after")
    def _shape(self, info: ValidationInfo) -> Precedence:
        if self.before.pick == "latest" or self.require.pick == "each":
            raise ValueError("`before` is picked as `first` or `each`, `require` as `first` or `latest`")
        if self.valid_to:
            self._check_valid_to(info.context)  # type: ignore[arg-type]
        return self

    def _check_valid_to(self, context: Context) -> None:
        if self.require.pick == "latest" or self.require.attribute:
            raise ValueError("`valid_to` stands with events that are picked as `first`")
        words = context.vocabulary
        for event in self.require.names():
            dates = [a for a in words.events[event].attributes if words.attributes[a].type == "date"]
            if self.valid_to not in dates:
                raise wrong(
                    ("valid_to",),
                    f"`{shown(self.valid_to)}` is not a date of `{event}`",
                    str(self.valid_to),
                    did_you_mean(str(self.valid_to), dates),
                )

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.before, self.require)

    @cached_property
    def constants(self) -> dict[str, int | None]:
        latest = self.require.pick == "latest"
        found = {"judged": 1 if latest else None, "expires": 1 if self.valid_to else None}
        return super().constants | found | ({} if latest or self.valid_to else {"tried": None})

    def _worlds(self, view: View | None) -> list[tuple[bool, Any]]:
        """By gate and requirement, as `worlds`; the latest one has its own ways to be in doubt."""
        require, latest = self.require, self.require.pick == "latest"
        ways = require.latest_choices_in(view) if latest else require.choices_in(view)
        return list(product(self.before.choices_in(view), ways))

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        for anchor in self.before.anchors(view):
            cases = [self._world(view, anchor.moments[g], c) for g, c in self._worlds(view)]
            yield Measured(anchor.key, anchor.certain, cases)

    def _world(self, view: View, gate: Moment | None, choice: Any) -> Measures:
        governs = gate.day if gate else view.as_of
        latest = self.require.pick == "latest"
        found = tried = later = None
        if gate and latest:
            last, passes = self.require.latest(view, choice, gate)
            found, tried = (last, None) if passes else (None, last)
        elif gate:
            found = self.require.first(view, choice, until=gate, valid_to=self.valid_to)
            if found is None and self.valid_to:
                tried = self.require.first(view, choice, until=gate)
        if gate and found is None and tried is None:
            later = self.require.first_candidate(view, choice[0]) if latest else self.require.first(view, choice)
        return {
            "gate": day_of(gate),
            "done": day_of(found),
            "tried": day_of(tried),
            "later": day_of(later),
            "gate_step": step_of(gate),
            "act_step": step_of(found or tried or later),
            **self.fixed(view),
            "as_of": view.as_of,
            "governs_from": governs,
            "governs_to": governs,
        }

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        from lawgov_rules.columns import anchors

        frame, gate = anchors(records, self.before)
        doubts = gather_columns(frame, self.before)
        cases = []
        for g, c in self._worlds(None):
            case, more = self._column_world(frame, gate[g], c)
            cases.append(case)
            for name, absent_ in more.items():
                put(doubts, name, absent_)
        return Columns(frame, cases, doubts)

    def _column_world(self, frame: Any, gate: Any, choice: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        import ibis

        as_of = frame.sources.as_of
        governs = ibis.coalesce(gate.day, as_of)
        latest = self.require.pick == "latest"
        found, doubts = (self._latest_columns if latest else self._first_columns)(frame, gate, choice)
        same = {
            "gate": gate.day,
            **step_columns(gate=gate),
            "as_of": as_of,
            "governs_from": governs,
            "governs_to": governs,
            **self.constants,
            **self.lacking_columns(),
        }
        return {**same, **found}, doubts

    def _latest_columns(
        self, frame: Any, gate: Any, choice: tuple[bool, bool]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        import ibis

        null, here, (inside, fails) = ibis.null("int64"), gate.low.notnull(), choice
        last, passes, doubts = frame.latest(self.require, gate, inside)
        passed, none = ibis.coalesce(passes[fails], False), here & last.low.isnull()
        later = frame.first_candidate(self.require, inside)
        step = ibis.ifelse(none, ibis.ifelse(later.low.notnull(), later.step, null), last.step)
        return {
            "done": ibis.ifelse(here & passed, last.day, null),
            "tried": ibis.ifelse(here & ~passed, last.day, null),
            "later": ibis.ifelse(none, later.day, null),
            "act_step": ibis.ifelse(here, step, null),
        }, doubts

    def _first_columns(self, frame: Any, gate: Any, certain: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        import ibis

        null, here = ibis.null("int64"), gate.low.notnull()
        found = frame.first(self.require, certain, until=gate, valid_to=self.valid_to)
        anyhow = frame.first(self.require, certain)
        lost, tried, step, acted = here & found.low.isnull(), None, found.step, found.low.notnull()
        if self.valid_to:
            expired = frame.first(self.require, certain, until=gate)
            tried = ibis.ifelse(lost, expired.day, null)
            step = ibis.ifelse(acted, found.step, expired.step)
            acted, lost = expired.low.notnull(), lost & expired.low.isnull()
        act = ibis.ifelse(acted, step, ibis.ifelse(anyhow.low.notnull(), anyhow.step, null))
        return {
            "done": ibis.ifelse(here, found.day, null),
            "tried": tried,
            "later": ibis.ifelse(lost, anyhow.day, null),
            "act_step": ibis.ifelse(here, act, null),
        }, gather_columns(frame, self.require)

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        found = gather(view, self.before)
        if self.require.pick != "latest":
            return found | gather(view, self.require)
        for anchor in self.before.anchors(view):
            for moment in anchor.moments.values() if anchor.key == key else ():
                found |= self.require.missing_latest(view, moment)
        return found

    def describe(self, prose: Prose) -> str:
        gate, step = prose.occurrence(self.before), prose.occurrence(self.require)
        valid = prose.attribute(self.valid_to) if self.valid_to else ""
        if self.require.pick == "latest":
            said = prose.t(f"在{gate}之前，{step}", f"before {gate}, {step}")
        else:
            said = prose.t(f"在{gate}之前，应先有{step}", f"before {gate} there must have been {step}")
        return prose.joined(said, prose.t(f"当日未过“{valid}”", f"not past “{valid}” on that day") if valid else "")

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        act, step = self._act(measures), measures["act_step"]
        return Explanation(
            due=shown_day(measures["gate"]),
            actual=shown_day(act),
            evidence=evidence(self.require, act, step) + evidence(self.before, measures["gate"], measures["gate_step"]),
        )

    def _act(self, measures: Measures) -> int | None:
        """The day of the step that was taken, in time or not."""
        return next((measures[n] for n in ("done", "tried", "later") if measures[n] is not None), None)

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        gate, act, step = measures["gate"], self._act(measures), measures["act_step"]
        record = words.record(self.require)
        if gate is None:
            label = words.event(self.before)
            return words.t(f"尚无“{label}”；此前应有{record}", f"no “{label}” yet; a {record} must come first")
        label = words.event(self.before, measures["gate_step"])
        said = words.t(f"{label}：{show_day(gate)}", f"{label} {show_day(gate)}")
        if act is None:
            return said + words.t(f"，此前没有{record}", f", no {record} before it")
        what, day = words.event(self.require, step), show_day(act)
        if measures["done"] is not None:
            return said + words.t(f"，此前已有“{what}”（{day}）", f", “{what}” before it ({day})")
        if measures["tried"] is None:
            same = words.t("同日，但登记的顺序在后", "the same day, but after it in sequence") if act == gate else day
            return said + words.t(f"，“{what}”却在其后（{same}）", f", “{what}” only after it ({same})")
        if self.require.pick == "latest":
            return said + words.t(
                f"，此前最近一次“{what}”（{day}）没有合格",
                f", the latest “{what}” before it ({day}) did not pass",
            )
        return said + words.t(f"，此前的“{what}”（{day}）当日已过有效期", f", “{what}” of {day} had expired by then")

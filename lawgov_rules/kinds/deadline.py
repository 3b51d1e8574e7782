"""Something must be done within a time after something else.

Requires: `do` on or before the due day that `within` counts from `after` (the day of `after` not counted), or on or
before the date attribute `by`. With `after: {pick: each}` every trigger is an instance of its own. Without `within`
and `by` the duty has no end; without `after` too nothing is known but that it must be done. `extended: {by: 30 days,
when: extension_approved}` moves the due day if the extension happened on or before the original one; `suspended:
{from: a, to: b}` stops the clock from the first `a` to the `b` that follows it: those days do not count. With
`act_needs_trigger: false` the act also happens for other reasons, and then says nothing.

Verdicts: compliant `on_time`; violated `late`, `missing`; pending `not_due`, `suspended`, `open` (no limit); not
applicable `not_triggered`; undetermined `trigger_missing` (done, but nothing triggered it), `wrong_order` (done only
before the trigger), `calendar_unpublished`, `fact_missing`.

Readings: `roll` (a due day on a rest day moves to the next working day), `start_day_counts`.

Example:
    kind: deadline
    after: published
    do: {event: filed, where: {to: city_government}}
    within: 15 days

Limits: an act before the trigger does not fulfil the duty. Moves by other rest-day rules than "next working day" are
not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal

from pydantic import model_validator

from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    LACKING,
    LACKS_FIRST,
    Columns,
    Constraint,
    Force,
    Measured,
    Outstanding,
    Span,
    day_of,
    gather,
    gather_columns,
    step_columns,
    step_of,
    worlds,
)
from lawgov_rules.kinds._limit import Due, Extended, Suspended, check, due, due_columns, slots
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, days_en, evidence, shown_day
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import Vocabulary, show_day


class Deadline(Constraint):
    kind: Literal["deadline"]
    after: Occurrence | None = None
    do: Occurrence
    within: Span | None = None
    by: Occurrence | None = None
    extended: Extended | None = None
    suspended: Suspended | None = None
    roll: bool = False
    start_day_counts: bool = False
    act_needs_trigger: bool = True

    MEASURES = ("trigger", "trigger_step", "response", "due_lo", "due_hi", "early", "anyhow", "act_step")
    DUE = ("due_lo", "due_hi")
    DONE = ("response", "anyhow")
    COUNTS_DAYS = True
    INSTANCES = ("after",)
    FIRST = "trigger"
    JUDGEMENT = Judgement(
        LACKS_FIRST,
        row("undetermined", "trigger_missing", absent("trigger"), present("presupposed"), present("anyhow")),
        row("not_applicable", "not_triggered", absent("trigger"), present("triggered")),
        LACKING,
        row("compliant", "on_time", "response <= due_lo"),
        row("violated", "late", "response > due_hi"),
        row("compliant", "on_time", present("response"), absent("limited")),
        row("compliant", "on_time", present("response"), present("stopped")),
        row("undetermined", "calendar_unpublished", present("response")),
        row("undetermined", "wrong_order", present("early"), present("presupposed")),
        row("pending", "open", absent("limited")),
        row("pending", "suspended", present("stopped")),
        row("pending", "not_due", "as_of <= due_lo"),
        row("violated", "missing", "as_of > due_hi"),
        row("undetermined", "calendar_unpublished", present("limited")),
    )

    @model_validator(mode="after")
    def _one_limit(self) -> Deadline:
        if self.within and (self.by or self.after is None):
            raise ValueError("`within` counts from `after`, and stands without `by`")
        check(self)
        if self.by and not self.by.attribute:
            raise ValueError("`by` must be {attribute: name} of a date")
        for name in ("after", "do"):
            if (slot := getattr(self, name)) and slot.pick not in (
                ("first", "each") if name == "after" else ("first",)
            ):
                raise ValueError(f"`{name}` cannot be picked as `{slot.pick}`")
        return self

    def slots(self) -> tuple[Occurrence, ...]:
        return tuple(slot for slot in (self.after, self.do, self.by) if slot)

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        if self.after is None:
            yield Measured(None, True, [self._world(view, None, c, ()) for (c,) in worlds(view, self.do)])
            return
        every = list(worlds(view, self.after, self.do, *self._clock))
        for anchor in self.after.anchors(view):
            cases = [self._world(view, anchor.moments[a], c, clock) for a, c, *clock in every]
            yield Measured(anchor.key, anchor.certain, cases)

    def _world(self, view: View, trigger: Moment | None, certain: bool, clock: Sequence[bool]) -> Measures:
        anyhow = self.do.first(view, certain)
        response = self.do.first(view, certain, since=trigger) if trigger or not self.after else None
        limit = self._due(view, trigger, clock)
        named = view.record.attributes.get(str(self.by.attribute)) if self.by else None
        started = day_of(trigger) if self.after else named
        governs = view.as_of if started is None else int(started)
        early = day_of(anyhow) if trigger and response is None and not self._answers(view, anyhow) else None
        return {
            "trigger": day_of(trigger),
            "response": day_of(response),
            "due_lo": limit.low,
            "due_hi": limit.high,
            "stopped": limit.stopped,
            "early": early,
            "anyhow": day_of(anyhow),
            "trigger_step": step_of(trigger),
            "act_step": step_of(response or anyhow),
            **self.fixed(view),
            "governs_from": governs,
            "governs_to": governs,
            "as_of": view.as_of,
        }

    @cached_property
    def constants(self) -> dict[str, int | None]:
        limited = self.within or self.by
        found = {**super().constants, "triggered": 1 if self.after else None, "limited": 1 if limited else None}
        found["presupposed"] = 1 if self.after and self.act_needs_trigger else None
        never = [] if self.after else ["trigger", "early"]
        never += [] if limited else ["due_lo", "due_hi"]
        never += [] if self.suspended else ["stopped"]
        return found | dict.fromkeys(never)

    def _answers(self, view: View, act: Moment | None) -> bool:
        """Whether an act before a trigger followed an earlier one: then it was an answer, and no error of order."""
        first = self._any_trigger.first(view, False) if self._any_trigger and act else None
        return first is not None and act is not None and first.low <= act.high

    @cached_property
    def _clock(self) -> tuple[Occurrence, ...]:
        """The events that move the last day."""
        return slots(self)

    @cached_property
    def _any_trigger(self) -> Occurrence | None:
        return self.after if self.after and self.after.pick == "each" else None

    def _due(self, view: View, trigger: Moment | None, clock: Sequence[bool]) -> Due:
        """Earliest and latest due day."""
        if self.by:
            named = view.record.attributes.get(str(self.by.attribute))
            if named is None:
                return Due(None, None)
            return Due(*view.region.roll(int(named))) if self.roll else Due(int(named), int(named))
        return Due(None, None) if self.within is None or trigger is None else due(self, view, trigger, clock)

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        from lawgov_rules.columns import anchors

        if self.after is None:
            cases = [self._column_world(records, None, c, ()) for (c,) in worlds(None, self.do)]
            return Columns(records, cases, gather_columns(records, self.do))
        frame, trigger = anchors(records, self.after)
        every = worlds(None, self.after, self.do, *slots(self))
        cases = [self._column_world(frame, trigger[a], c, clock) for a, c, *clock in every]
        return Columns(frame, cases, gather_columns(frame, self.after, self.do, *slots(self)))

    def _column_world(self, frame: Any, trigger: Any, certain: bool, clock: Sequence[bool]) -> dict[str, Any]:
        import ibis

        as_of, null = frame.sources.as_of, ibis.null("int64")
        anyhow = frame.first(self.do, certain)
        limit = self._due_columns(frame, trigger, clock)
        same = {
            "due_lo": limit.low,
            "due_hi": limit.high,
            "stopped": limit.stopped,
            "anyhow": anyhow.day,
            **self.constants,
            "as_of": as_of,
            **self.lacking_columns(),
        }
        if trigger is None:
            governs = ibis.coalesce(self._named(), as_of)
            return {
                **same,
                "response": anyhow.day,
                **step_columns(act=anyhow),
                "governs_from": governs,
                "governs_to": governs,
            }
        response = frame.first(self.do, certain, since=trigger)
        here, governs = trigger.low.notnull(), ibis.coalesce(trigger.day, as_of)
        done = here & response.low.notnull()
        early = here & response.low.isnull()
        if self._any_trigger:
            early = early & ~ibis.coalesce(frame.first(self._any_trigger, False).low <= anyhow.high, False)
        step = ibis.ifelse(done, response.step, ibis.ifelse(anyhow.low.notnull(), anyhow.step, null))
        return {
            **same,
            "trigger": trigger.day,
            "response": ibis.ifelse(here, response.day, null),
            "early": ibis.ifelse(early, anyhow.day, null),
            **step_columns(trigger=trigger),
            "act_step": step,
            "governs_from": governs,
            "governs_to": governs,
        }

    def _named(self) -> Any:
        """The day that the attribute of `by` names, as a column."""
        from ibis import _

        return _[f"r_{self.by.attribute}"] if self.by else None

    def _due_columns(self, frame: Any, trigger: Any, clock: Sequence[bool]) -> Due:
        if self.by:
            day = self._named()
            return Due(*frame.roll(day, 0)) if self.roll else Due(day, day)
        return Due(None, None) if self.within is None or trigger is None else due_columns(self, frame, trigger, clock)

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return gather(view, self.after, self.do, *slots(self))

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        if detail == "trigger_missing" and self.after:
            return tuple(dict.fromkeys(self.after.names())) or (str(self.after.attribute),)
        return super().facts(detail, measures, vocabulary)

    def describe(self, prose: Prose) -> str:
        act, t = prose.occurrence(self.do), prose.t
        if self.within and self.after:
            start, span = prose.occurrence(self.after), prose.span(self.within)
            said = t(f"自{start}之日起{span}内，应完成{act}", f"{act} must follow within {span} of {start}")
        elif self.by:
            day = prose.occurrence(self.by)
            said = t(f"不迟于{day}，应完成{act}", f"{act} must follow by {day}")
        else:
            start = prose.occurrence(self.after) if self.after else ""
            zh, en = (f"{start}之后，", f" after {start}") if start else ("", "")
            said = t(f"{zh}应完成{act}，没有规定期限", f"{act} must follow{en}; no time limit is written")
        return prose.joined(said, *self._describe_clock(prose))

    def _describe_clock(self, prose: Prose) -> Iterator[str]:
        """What moves the last day."""
        if self.start_day_counts:
            yield prose.t("起算当日计入", "the first day counts")
        if self.suspended:
            stop, go = prose.occurrence(self.suspended.from_), prose.occurrence(self.suspended.to)
            yield prose.t(f"从{stop}到{go}的期间不计", f"the time from {stop} to {go} does not count")
        if self.extended:
            when, span = prose.occurrence(self.extended.when), prose.span(self.extended.by)
            yield prose.t(f"届满前有{when}的，延长{span}", f"{when} by then adds {span}")
        if self.roll:
            yield prose.rolls()

    def outstanding(self, measures: Measures) -> Outstanding | None:
        if measures["response"] is not None or not (self.within or self.by):
            return None
        counted = self.within is not None and self.within.unit == "working_days"
        return Outstanding(measures["due_lo"], measures["due_hi"], by_calendar=counted or self.roll)

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        trigger, response, act, low = (measures[n] for n in ("trigger", "response", "anyhow", "due_lo"))
        act = response if response is not None else act
        over = self._over(measures) if verdict == Verdict.violated else None
        return Explanation(
            due=shown_day(low),
            actual=shown_day(act),
            required=str(self.within or ""),
            measured=days_en(response - trigger) if response is not None and trigger is not None else "",
            over_by="" if over is None else days_en(over),
            evidence=evidence(self.after, trigger, measures["trigger_step"])
            + evidence(self.by, low)
            + evidence(self.do, act, measures["act_step"]),
        )

    def _over(self, measures: Measures) -> int | None:
        """By how many days the act came, or is still missing, after the latest due day."""
        end = measures["response"] if measures["response"] is not None else measures["as_of"]
        high = measures["due_hi"]
        return None if end is None or high is None else end - high

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        trigger = measures["trigger"]
        parts = []
        if self.after and trigger is not None:
            label = words.event(self.after, measures["trigger_step"])
            parts.append(words.t(f"{label}：{show_day(trigger)}", f"{label} {show_day(trigger)}"))
            parts.append(self._say_limit(measures, words))
        elif self.by:
            parts.append(self._say_limit(measures, words))
        elif self.after:
            record = words.record(self.after)
            parts.append(words.t(f"没有{record}", f"no {record}"))
        else:
            parts.append(words.t("没有规定期限", "no time limit"))
        parts.append(self._say_act(measures, verdict, words))
        return words.t("；", "; ").join(parts)

    def _say_limit(self, measures: Measures, words: Words) -> str:
        low, high = measures["due_lo"], measures["due_hi"]
        if not self.within and not self.by:
            return words.t("没有规定期限", "no time limit")
        if low is None and self.suspended:
            return words.t("期限中止计算", "the clock is stopped")
        if low is not None and low == high:
            return words.t(f"应不迟于{show_day(low)}", f"due by {show_day(low)}")
        if self.by and low is None:
            return words.t(f"{words.event(self.by)}未登记", f"{words.event(self.by)} not on record")
        span = f"{shown_day(low) or '?'} – {shown_day(high) or '?'}"
        return words.t(f"到期日在 {span} 之间，视放假安排而定", f"due between {span}, as the calendar will say")

    def _say_act(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        response, anyhow, step = measures["response"], measures["anyhow"], measures["act_step"]
        over = self._over(measures) if verdict == Verdict.violated else None
        if response is not None:
            label = words.event(self.do, step)
            late = words.t(f"，迟{over}天", f", {days_en(over)} late") if over is not None else ""
            return words.t(f"{label}：{show_day(response)}", f"{label} {show_day(response)}") + late
        if anyhow is not None:
            label, day = words.event(self.do, step), show_day(anyhow)
            return (
                words.t(f"只有{day}的“{label}”，在起算之前", f"“{label}” only on {day}, before the trigger")
                if measures["trigger"] is not None
                else words.t(f"已有“{label}”：{day}", f"“{label}” {day}")
            )
        as_of, record = shown_day(measures["as_of"]), words.record(self.do)
        late = words.t(f"，已逾期{over}天", f", {days_en(over)} overdue") if over is not None else ""
        return words.t(f"至{as_of}没有{record}", f"no {record} by {as_of}") + late

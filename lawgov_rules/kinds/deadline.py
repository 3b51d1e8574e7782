"""Something must be done within a time after something else.

Requires: `do` on or before the due day that `within` counts from `after` (the day of `after` not counted), or on or
before the date attribute `by`. With `after: {pick: each}` every trigger is an instance of its own. Without `within`
and `by` the duty has no end.

Verdicts: compliant `on_time`; violated `late`, `missing`; pending `not_due`, `open` (no limit); not applicable
`not_triggered`; undetermined `trigger_missing` (done, but nothing triggered it), `wrong_order` (done only before the
trigger), `calendar_unpublished`, `fact_missing`.

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
    Span,
    Words,
    day_of,
    days_en,
    evidence,
    gather,
    gather_columns,
    worlds,
)
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.records import View
from lawgov_rules.verdict import Verdict
from lawgov_rules.vocabulary import Vocabulary, show_day


class Deadline(Constraint):
    kind: Literal["deadline"]
    after: Occurrence | None = None
    do: Occurrence
    within: Span | None = None
    by: Occurrence | None = None
    roll: bool = False
    start_day_counts: bool = False

    MEASURES = ("trigger", "response", "due_lo", "due_hi", "early", "anyhow", "literal")
    INSTANCES = ("after",)
    JUDGEMENT = Judgement(
        LACKING,
        row("undetermined", "trigger_missing", absent("trigger"), present("triggered"), present("anyhow")),
        row("not_applicable", "not_triggered", absent("trigger"), present("triggered")),
        row("compliant", "on_time", "response <= due_lo"),
        row("violated", "late", "response > due_hi"),
        row("compliant", "on_time", present("response"), absent("limited")),
        row("undetermined", "calendar_unpublished", present("response")),
        row("undetermined", "wrong_order", present("early")),
        row("pending", "open", absent("limited")),
        row("pending", "not_due", "as_of <= due_lo"),
        row("violated", "missing", "as_of > due_hi"),
        row("undetermined", "calendar_unpublished", present("limited")),
    )

    @model_validator(mode="after")
    def _one_limit(self) -> Deadline:
        if self.after is None and self.by is None:
            raise ValueError("a deadline needs `after`, or a date attribute `by`")
        if self.within and (self.by or self.after is None):
            raise ValueError("`within` counts from `after`, and stands without `by`")
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
            yield Measured(None, True, [self._world(view, None, c) for (c,) in worlds(self.do)])
            return
        for anchor in self.after.anchors(view):
            yield Measured(
                anchor.key,
                anchor.certain,
                [self._world(view, anchor.moments[a], c) for a, c in worlds(self.after, self.do)],
            )

    def _world(self, view: View, trigger: Moment | None, certain: bool) -> Measures:
        anyhow = self.do.first(view, certain)
        response = self.do.first(view, certain, since=trigger) if trigger or not self.after else None
        low, high, literal = self._due(view, trigger)
        started = day_of(trigger) if self.after else low
        governs = view.as_of if started is None else started
        early = day_of(anyhow) if trigger and response is None else None
        return {
            "trigger": day_of(trigger),
            "response": day_of(response),
            "due_lo": low,
            "due_hi": high,
            "early": early,
            "anyhow": day_of(anyhow),
            "literal": literal,
            "lacking": self.lacking(view),
            **self._constants(),
            "governs_from": governs,
            "governs_to": governs,
            "as_of": view.as_of,
        }

    def _constants(self) -> dict[str, int | None]:
        return {
            "triggered": 1 if self.after else None,
            "limited": 1 if self.within or self.by else None,
        }

    def _due(self, view: View, trigger: Moment | None) -> tuple[int | None, int | None, int | None]:
        """Earliest and latest due day, and the due day before any move (None for working days)."""
        if self.by:
            moment = self.by.first(view, True)
            if moment is None:
                return None, None, None
            return (*(view.region.roll(moment.day) if self.roll else (moment.day, moment.day)), moment.day)
        if self.within is None or trigger is None:
            return None, None, None
        counts = self.start_day_counts
        low, high = view.region.due(trigger.day, self.within, roll=self.roll, start_day_counts=counts)
        if self.within.unit == "working_days":
            return low, high, None
        return low, high, view.region.due(trigger.day, self.within, start_day_counts=counts)[0]

    def columns(self, records: Any, force: Force) -> Columns:
        from lawgov_rules.columns import anchors

        if self.after is None:
            cases = [self._column_world(records, None, c) for (c,) in worlds(self.do)]
            return Columns(records, cases, gather_columns(records, self.do))
        frame, trigger = anchors(records, self.after)
        cases = [self._column_world(frame, trigger[a], c) for a, c in worlds(self.after, self.do)]
        return Columns(frame, cases, gather_columns(frame, self.after, self.do))

    def _column_world(self, frame: Any, trigger: Any, certain: bool) -> dict[str, Any]:
        import ibis

        anyhow = frame.first(self.do, certain)
        response = frame.first(self.do, certain, since=trigger) if trigger else anyhow
        low: Any = None
        high: Any = None
        literal: Any = None
        if self.by:
            literal = frame.first(self.by, True).day
            low, high = frame.roll(literal, 0) if self.roll else (literal, literal)
        elif self.within and trigger:
            low, high = frame.due(
                trigger, self.within, roll=self.roll, start_day_counts=self.start_day_counts
            )
            if self.within.unit != "working_days":
                literal = frame.due(trigger, self.within, roll=False, start_day_counts=self.start_day_counts)[
                    0
                ]
        as_of = frame.sources.as_of
        started = trigger.day if trigger else low
        null = ibis.null("int64")
        return {
            "trigger": trigger.day if trigger else None,
            "response": ibis.ifelse(trigger.low.notnull(), response.day, null) if trigger else response.day,
            "due_lo": low,
            "due_hi": high,
            "literal": literal,
            "anyhow": anyhow.day,
            "early": ibis.ifelse(trigger.low.notnull() & response.low.isnull(), anyhow.day, null)
            if trigger
            else None,
            **self._constants(),
            "as_of": as_of,
            "lacking": self.lacking_column(),
            **dict.fromkeys(("governs_from", "governs_to"), ibis.coalesce(started, as_of)),
        }

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return gather(view, self.after, self.do)

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        if detail == "trigger_missing" and self.after:
            return tuple(dict.fromkeys(self.after.names()))
        if detail == "calendar_unpublished" and measures["literal"] is None and measures["due_hi"] is None:
            return ("calendar:" + show_day(measures["trigger"] or 0)[:4],)
        return super().facts(detail, measures, vocabulary)

    def explain(self, measures: Measures, verdict: Verdict, detail: str, words: Words) -> Explanation:
        trigger, response = measures["trigger"], measures["response"]
        low, high = measures["due_lo"], measures["due_hi"]
        do_zh, do_en = (words.events(self.do, lang) for lang in ("zh", "en"))
        shown = evidence(self.after, trigger) if self.after else evidence(self.by, low) if self.by else []
        act = response if response is not None else measures["anyhow"]
        base = {
            "required": str(self.within or ""),
            "evidence": shown + evidence(self.do, act),
            "due": show_day(low) if low is not None else "",
            "actual": show_day(act) if act is not None else "",
        }
        start_zh = (
            f"{words.events(self.after, 'zh')}{show_day(trigger)}，"
            if self.after and trigger is not None
            else ""
        )
        start_en = (
            f"{words.events(self.after, 'en')} {show_day(trigger)}, "
            if self.after and trigger is not None
            else ""
        )
        limit_zh = f"应于{show_day(low)}前（含当日）" if low is not None else "没有期限"
        limit_en = f"due {show_day(low)}" if low is not None else "no time limit"
        if low != high and low is not None:
            end = show_day(high) if high is not None else "?"
            limit_zh = f"到期日在{show_day(low)}至{end}之间，视放假安排而定"
            limit_en = f"due between {show_day(low)} and {end}, as the calendar will say"
        if response is not None:
            done_zh, done_en = f"{do_zh}于{show_day(response)}", f"{do_en} {show_day(response)}"
            if trigger is not None:
                base["measured"] = days_en(response - trigger)
        elif act is not None:
            done_zh, done_en = (
                f"仅有{show_day(act)}的{do_zh}，早于起算日",
                f"{do_en} {show_day(act)} only, before the trigger",
            )
        else:
            done_zh, done_en = (
                f"至{show_day(measures['as_of'] or 0)}没有{do_zh}",
                f"no {do_en} by {show_day(measures['as_of'] or 0)}",
            )
        if verdict == Verdict.violated and high is not None:
            over = (response if response is not None else measures["as_of"] or 0) - high
            base["over_by"] = days_en(over)
            late = "迟" if response is not None else "已逾期"
            done_zh, done_en = (
                f"{done_zh}，{late}{over}天",
                f"{done_en}, {days_en(over)} {'late' if response is not None else 'overdue'}",
            )
        return Explanation(f"{start_zh}{limit_zh}；{done_zh}", f"{start_en}{limit_en}; {done_en}", **base)

"""Between two events at least a given time must pass.

Requires: `to` no earlier than `from` plus `at_least` (the day of `from` not counted). With `from: {pick: each}` every
opening is an instance of its own.

Verdicts: compliant `enough` (also while `to` is missing, once the time has passed); violated `short`; pending
`not_due`; not applicable `not_triggered`; undetermined `trigger_missing`, `wrong_order`, `calendar_unpublished`.

Readings: `start_day_counts`, another `at_least`.

Example:
    kind: minimum_gap
    from: comments_opened
    to: comments_closed
    at_least: 30 days

Limits: a gap never moves because of rest days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    LACKING,
    LACKS_FIRST,
    Columns,
    Constraint,
    Force,
    Measured,
    Span,
    day_of,
    gather,
    gather_columns,
    step_columns,
    step_of,
    worlds,
)
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, days_en, evidence, shown_day
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import Vocabulary, show_day


class MinimumGap(Constraint):
    kind: Literal["minimum_gap"]
    from_: Occurrence = Field(alias="from")
    to: Occurrence
    at_least: Span
    start_day_counts: bool = False

    MEASURES = ("trigger", "trigger_step", "response", "due_lo", "due_hi", "early", "anyhow", "act_step")
    DUE = ("due_lo", "due_hi")
    DONE = ("response", "anyhow")
    INSTANCES = ("from_",)
    FIRST = "trigger"
    JUDGEMENT = Judgement(
        LACKS_FIRST,
        row("undetermined", "trigger_missing", absent("trigger"), present("anyhow")),
        row("not_applicable", "not_triggered", absent("trigger")),
        LACKING,
        row("compliant", "enough", "response >= due_hi"),
        row("violated", "short", "response < due_lo"),
        row("undetermined", "calendar_unpublished", present("response")),
        row("undetermined", "wrong_order", present("early")),
        row("compliant", "enough", "as_of >= due_hi"),
        row("pending", "not_due", "as_of < due_lo"),
        row("undetermined", "calendar_unpublished"),
    )

    @model_validator(mode="after")
    def _picks(self) -> MinimumGap:
        if self.from_.pick == "latest" or self.to.pick != "first":
            raise ValueError("`from` is picked as `first` or `each`, `to` as `first`")
        return self

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.from_, self.to)

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        for anchor in self.from_.anchors(view):
            cases = [self._world(view, anchor.moments[a], c) for a, c in worlds(view, self.from_, self.to)]
            yield Measured(anchor.key, anchor.certain, cases)

    def _world(self, view: View, start: Moment | None, certain: bool) -> Measures:
        anyhow = self.to.first(view, certain)
        end = self.to.first(view, certain, since=start) if start else None
        low, high = (
            view.region.due(start.day, self.at_least, start_day_counts=self.start_day_counts) if start else (None, None)
        )
        governs = start.day if start else view.as_of
        return {
            "trigger": day_of(start),
            "response": day_of(end),
            "due_lo": low,
            "due_hi": high,
            "early": day_of(anyhow) if start and end is None else None,
            "anyhow": day_of(anyhow),
            "trigger_step": step_of(start),
            "act_step": step_of(end or anyhow),
            **self.fixed(view),
            "as_of": view.as_of,
            "governs_from": governs,
            "governs_to": governs,
        }

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        from lawgov_rules.columns import anchors

        frame, start = anchors(records, self.from_)
        cases = [self._column_world(frame, start[a], c) for a, c in worlds(None, self.from_, self.to)]
        return Columns(frame, cases, gather_columns(frame, self.from_, self.to))

    def _column_world(self, frame: Any, start: Any, certain: bool) -> dict[str, Any]:
        import ibis

        anyhow, end = frame.first(self.to, certain), frame.first(self.to, certain, since=start)
        low, high = frame.due(start, self.at_least, roll=False, start_day_counts=self.start_day_counts)
        as_of, null = frame.sources.as_of, ibis.null("int64")
        governs = ibis.coalesce(start.day, as_of)
        return {
            "trigger": start.day,
            "response": ibis.ifelse(start.low.notnull(), end.day, null),
            "due_lo": low,
            "due_hi": high,
            "anyhow": anyhow.day,
            "as_of": as_of,
            **step_columns(trigger=start),
            "act_step": ibis.ifelse(
                start.low.notnull() & end.low.notnull(),
                end.step,
                ibis.ifelse(anyhow.low.notnull(), anyhow.step, null),
            ),
            **self.lacking_columns(),
            "governs_from": governs,
            "governs_to": governs,
            "early": ibis.ifelse(start.low.notnull() & end.low.isnull(), anyhow.day, null),
        }

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return gather(view, self.from_, self.to)

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        if detail == "trigger_missing":
            return tuple(dict.fromkeys(self.from_.names())) or (str(self.from_.attribute),)
        return super().facts(detail, measures, vocabulary)

    def describe(self, prose: Prose) -> str:
        start, end, span = prose.occurrence(self.from_), prose.occurrence(self.to), prose.span(self.at_least)
        said = prose.t(f"从{start}到{end}，至少应满{span}", f"from {start} to {end} at least {span} must pass")
        return prose.joined(said, prose.t("首日计入", "the first day counts") if self.start_day_counts else "")

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        start, end, low = measures["trigger"], measures["response"], measures["due_lo"]
        act = end if end is not None else measures["anyhow"]
        passed = end if end is not None else measures["as_of"]
        short = verdict in (Verdict.violated, Verdict.excused) and low is not None and end is not None
        return Explanation(
            due=shown_day(low),
            actual=shown_day(act),
            required=str(self.at_least),
            measured=days_en(passed - start) if passed is not None and start is not None else "",
            over_by=days_en(low - end) if short and low is not None and end is not None else "",
            evidence=evidence(self.from_, start, measures["trigger_step"])
            + evidence(self.to, act, measures["act_step"]),
        )

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        start, end, low = measures["trigger"], measures["response"], measures["due_lo"]
        record = words.record(self.to)
        if start is None or low is None:
            missing = words.record(self.from_)
            return words.t(f"没有{missing}", f"no {missing}")
        label, span = words.event(self.from_, measures["trigger_step"]), self.at_least.label(words.lang)
        said = words.t(
            f"{label}：{show_day(start)}，应满{span}，至{show_day(low)}；",
            f"{label} {show_day(start)}, at least {span}, until {show_day(low)}; ",
        )
        if end is None:
            as_of = measures["as_of"] or 0
            return said + words.t(
                f"至{show_day(as_of)}没有{record}，已过{as_of - start}天",
                f"no {record} by {show_day(as_of)}, {days_en(as_of - start)} so far",
            )
        act = words.event(self.to, measures["act_step"])
        said += words.t(f"{act}：{show_day(end)}，共{end - start}天", f"{act} {show_day(end)}, {days_en(end - start)}")
        if end < low:
            said += words.t(f"，少{low - end}天", f", {days_en(low - end)} short")
        return said

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

from collections.abc import Iterator
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


class MinimumGap(Constraint):
    kind: Literal["minimum_gap"]
    from_: Occurrence = Field(alias="from")
    to: Occurrence
    at_least: Span
    start_day_counts: bool = False

    MEASURES = ("trigger", "response", "due_lo", "due_hi", "early", "anyhow")
    INSTANCES = ("from_",)
    JUDGEMENT = Judgement(
        LACKING,
        row("undetermined", "trigger_missing", absent("trigger"), present("anyhow")),
        row("not_applicable", "not_triggered", absent("trigger")),
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
            cases = [self._world(view, anchor.moments[a], c) for a, c in worlds(self.from_, self.to)]
            yield Measured(anchor.key, anchor.certain, cases)

    def _world(self, view: View, start: Moment | None, certain: bool) -> Measures:
        anyhow = self.to.first(view, certain)
        end = self.to.first(view, certain, since=start) if start else None
        low, high = (
            view.region.due(start.day, self.at_least, start_day_counts=self.start_day_counts)
            if start
            else (None, None)
        )
        governs = start.day if start else view.as_of
        return {
            "trigger": day_of(start),
            "response": day_of(end),
            "due_lo": low,
            "due_hi": high,
            "early": day_of(anyhow) if start and end is None else None,
            "anyhow": day_of(anyhow),
            "lacking": self.lacking(view),
            "as_of": view.as_of,
            "governs_from": governs,
            "governs_to": governs,
        }

    def columns(self, records: Any, force: Force) -> Columns:
        from lawgov_rules.columns import anchors

        frame, start = anchors(records, self.from_)
        cases = [self._column_world(frame, start[a], c) for a, c in worlds(self.from_, self.to)]
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
            "lacking": self.lacking_column(),
            "governs_from": governs,
            "governs_to": governs,
            "early": ibis.ifelse(start.low.notnull() & end.low.isnull(), anyhow.day, null),
        }

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return gather(view, self.from_, self.to)

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        if detail == "trigger_missing":
            return tuple(dict.fromkeys(self.from_.names()))
        return super().facts(detail, measures, vocabulary)

    def explain(self, measures: Measures, verdict: Verdict, detail: str, words: Words) -> Explanation:
        start, end, low = measures["trigger"], measures["response"], measures["due_lo"]
        as_of = measures["as_of"] or 0
        shown = evidence(self.from_, start) + evidence(
            self.to, end if end is not None else measures["anyhow"]
        )
        if start is None or low is None:
            return Explanation(
                f"没有{words.events(self.from_, 'zh')}的记录",
                f"no {words.events(self.from_, 'en')} on record",
                required=str(self.at_least),
                evidence=shown,
            )
        passed = (as_of if end is None else end) - start
        zh = f"{words.events(self.from_, 'zh')}{show_day(start)}，应满{self.at_least.label('zh')}（至{show_day(low)}）；"
        en = f"{words.events(self.from_, 'en')} {show_day(start)}, at least {self.at_least} (until {show_day(low)}); "
        if end is None:
            zh += f"至{show_day(as_of)}尚无{words.events(self.to, 'zh')}，已过{passed}天"
            en += f"no {words.events(self.to, 'en')} by {show_day(as_of)}, {days_en(passed)} so far"
        else:
            zh += (
                f"{words.events(self.to, 'zh')}于{show_day(end)}，仅{passed}天"
                if detail == "short"
                else f"{words.events(self.to, 'zh')}于{show_day(end)}，共{passed}天"
            )
            en += f"{words.events(self.to, 'en')} {show_day(end)}, after {days_en(passed)}"
        over = days_en(low - end) if detail == "short" and end is not None else ""
        if over and end is not None:
            zh, en = f"{zh}，少{low - end}天", f"{en}, {over} short"
        return Explanation(
            zh,
            en,
            show_day(low),
            show_day(end) if end is not None else "",
            str(self.at_least),
            days_en(passed),
            over,
            shown,
        )

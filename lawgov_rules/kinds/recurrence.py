"""Something must be done again and again, never more than a given time apart.

Requires: never more than `every` from one `of` to the next. The first gap runs from the day before the duty begins
(duty from 2009-01-01, every 2 years: due 2010-12-31); each gap is an instance, labelled by the day it starts.

Verdicts: compliant `on_time`; violated `late`, `missing`; pending `not_due`; not applicable `part_period` (force ends
before the gap falls due), `no_period`.

Readings: another `every`; `blocks: true` reads it as one act in each block of that many calendar years: a gap then
fails only if a whole block lies inside it without an act.

Example:
    kind: recurrence
    of: {event: cleanup_done, where: {scope: full}}
    every: 2 years

Limits: acts before the duty begins do not count. Several acts on one day are one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from lawgov_rules.days import add_months, to_date, to_day
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import Columns, Constraint, Force, Measured, Outstanding, Span, gather, gather_columns
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, days_en, evidence, shown_day
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import show_day


class Recurrence(Constraint):
    kind: Literal["recurrence"]
    of: Occurrence
    every: Span
    blocks: bool = False

    MEASURES = ("start", "next", "due", "cut")
    DUE = ("due", "due")
    DONE = ("next",)
    COUNTS_DAYS = True
    INSTANCES: ClassVar = ("of",)
    JUDGEMENT = Judgement(
        row("not_applicable", "no_period", absent("start")),
        row("compliant", "on_time", "next <= due"),
        row("pending", "not_due", present("cut"), "as_of <= force_to"),
        row("not_applicable", "part_period", present("cut")),
        row("violated", "late", "next > due"),
        row("pending", "not_due", "as_of <= due"),
        row("violated", "missing", "as_of > due"),
    )

    @model_validator(mode="after")
    def _shape(self) -> Recurrence:
        if self.of.pick != "first" or self.of.otherwise or self.of.all_of or self.of.attribute:
            raise ValueError("`of` must be an event, or any of several")
        if self.every.unit == "working_days" or not self.every.n:
            raise ValueError("`every` is written in days, months or years")
        if self.blocks and self.every.unit != "years":
            raise ValueError("`blocks` are of whole years")
        return self

    def _first_year(self, force: Force) -> int:
        """The first whole calendar year of the duty, from which blocks are counted."""
        first = to_date(force.first)
        return first.year if (first.month, first.day) == (1, 1) else first.year + 1

    def _due(self, start: int, force: Force) -> int:
        if self.blocks:
            year = self._first_year(force)
            block = (to_date(start).year - year) // self.every.n + 1
            return to_day(dt.date(year + (block + 1) * self.every.n - 1, 12, 31))
        if self.every.unit == "days":
            return start + self.every.n
        return add_months(start, self.every.n * (12 if self.every.unit == "years" else 1))

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        if view.as_of < force.first:
            yield Measured(None, True, [{"as_of": view.as_of}])
            return
        days: dict[int, bool] = {}
        for event, truth in self.of.events(view):
            if event.day >= force.first:
                days[event.day] = days.get(event.day, False) or truth is True
        starts = [(force.first - 1, True)]
        starts += [(d, c) for d, c in sorted(days.items()) if force.last is None or d <= force.last]
        for start, certain in starts:
            due = self._due(start, force)
            cut = 1 if force.last is not None and due > force.last else None
            cases: list[Measures] = []
            for choice in self.of.choices:
                later = [d for d, sure in days.items() if d > start and (sure or not choice)]
                cases.append(
                    {
                        "start": start,
                        "next": min(later, default=None),
                        "due": due,
                        "cut": cut,
                        "as_of": view.as_of,
                    }
                )
            yield Measured(start, certain, cases)

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return force.first if as_of < force.first else self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis
        from ibis import _

        from lawgov_rules.columns import listed

        as_of = records.sources.as_of
        if as_of < force.first:
            return Columns(listed(records, []), [{"as_of": as_of} for _c in self.of.choices], {})
        frame = records.instances(("gaps", repr(self.of), force), lambda: self._gaps(records, force))
        due = self._due_column(_.key, force)
        cut = None if force.last is None else ibis.ifelse(due > force.last, 1, ibis.null("int64"))
        cases = [
            {
                "start": _.key,
                "next": _.next_sure if choice else _.next_may,
                "due": due,
                "cut": cut,
                "as_of": as_of,
            }
            for choice in self.of.choices
        ]
        return Columns(frame, cases, gather_columns(frame, self.of))

    def _gaps(self, records: Any, force: Force) -> Any:
        """Every record with the start of each gap: key, certain, and the next act (a sure one, a possible one)."""
        import ibis
        from ibis import _

        from lawgov_rules.columns import possible_days

        acts = possible_days(records, self.of).filter(_.key >= force.first).select("_rid", "key", "certain")
        origin = records.base.select(
            _rid=records.base.rid, key=ibis.literal(force.first - 1, "int64"), certain=ibis.literal(True)
        )
        ahead = ibis.window(group_by="_rid", order_by="key", rows=(1, None))
        rows = origin.union(acts)
        sure = ibis.ifelse(_.certain, _.key, ibis.null("int64"))
        rows = rows.mutate(next_sure=sure.min().over(ahead), next_may=_.key.min().over(ahead))
        if force.last is not None:
            rows = rows.filter(_.key <= force.last)
        return records.base.inner_join(rows, records.base.rid == rows._rid).drop("_rid")

    def _due_column(self, start: Any, force: Force) -> Any:
        import ibis

        from lawgov_rules import frames

        if not self.blocks:
            return frames.plus(start, self.every)
        first, size = self._first_year(force), self.every.n
        block = (frames.to_date(start).year() - first) // size + 1
        return frames.to_day(ibis.date((block + 1) * size + (first - 1), 12, 31))

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return gather(view, self.of)

    def describe(self, prose: Prose) -> str:
        what, span = prose.occurrence(self.of), prose.span(self.every)
        if self.blocks:
            return prose.t(f"以日历年每{span}为一段，每段应有{what}", f"in every block of {span}, {what}")
        return prose.t(
            f"{what}应反复进行，两次相隔不超过{span}", f"{what} again and again, never more than {span} apart"
        )

    def outstanding(self, measures: Measures) -> Outstanding | None:
        due = measures["due"]
        if due is None or measures["next"] is not None or measures["cut"]:
            return None
        return Outstanding(due, due)

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        start, next_, due = measures["start"], measures["next"], measures["due"]
        if start is None or due is None:
            return Explanation()
        done = next_ if next_ is not None else int(measures["as_of"] or 0)
        return Explanation(
            due=show_day(due),
            actual=shown_day(next_),
            required=f"every {self.every}",
            measured=days_en(done - start),
            over_by=days_en(done - due) if verdict in (Verdict.violated, Verdict.excused) else "",
            evidence=evidence(self.of, next_, 0 if len(self.of.steps) == 1 else None),
        )

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        start, next_, due = measures["start"], measures["next"], measures["due"]
        if start is None or due is None:
            return ""
        done, record = next_ if next_ is not None else int(measures["as_of"] or 0), words.record(self.of)
        said = words.t(
            f"自{show_day(start)}起，应不迟于{show_day(due)}再有{record}；",
            f"counted from {show_day(start)}, the next {record} is due by {show_day(due)}; ",
        )
        said += (
            words.t(f"其后第一次在{show_day(next_)}", f"the next was on {show_day(next_)}")
            if next_ is not None
            else words.t(f"至{show_day(done)}没有", f"none by {show_day(done)}")
        )
        if verdict in (Verdict.violated, Verdict.excused):
            said += words.t(f"，超过{done - due}天", f", {days_en(done - due)} over")
        return said

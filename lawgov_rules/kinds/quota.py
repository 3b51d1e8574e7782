"""In every calendar period, enough of something must be done.

Requires: in each whole `per` (year, half, quarter, month, day) of the duty, the number of `of` (or its
`distinct_days`, or the sum of its attribute `sum`) is `at_least` the given number. The duty is the time in force,
within the record's own `service` dates where it has them.

Verdicts: compliant `enough`; violated `short` (some), `missing` (none); pending `not_due` while the period runs; not
applicable `part_period`, `no_period`; undetermined `fact_missing` (a sum with an unknown term).

Readings: another number, or what counts; `at_least: 0` is the reading that the text names no period at all.

Example:
    kind: quota
    per: year
    of: {event: trained, where: {topic: law}}
    sum: hours
    at_least: 40
    service: {from: service_from, to: service_to}

Limits: a part period at either end is not scored. Periods are calendar periods.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import ValidationInfo, model_validator

from lawgov_rules.days import add_months, to_date, to_day
from lawgov_rules.errors import a, did_you_mean, shown
from lawgov_rules.judgement import Judgement, Measures, absent, row
from lawgov_rules.kinds._contract import Columns, Constraint, Force, Measured, Outstanding, gather, gather_columns
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, shown_day
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.people import Valid
from lawgov_rules.records import DAY
from lawgov_rules.step import Context
from lawgov_rules.turning import earliest
from lawgov_rules.validation import wrong
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import MILLION, Vocabulary, show_number

MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
# how each period is called in a sentence
PER = {
    "year": ("每年", "year"),
    "half": ("每半年", "half year"),
    "quarter": ("每季度", "quarter"),
    "month": ("每月", "month"),
    "day": ("每日", "day"),
}
FOREVER = to_day(dt.date.max)


class Quota(Constraint):
    kind: Literal["quota"]
    per: Literal["year", "half", "quarter", "month", "day"]
    of: Occurrence
    sum: str | None = None
    distinct_days: bool = False
    at_least: Decimal
    service: Valid = Valid()

    MEASURES = ("start", "end", "whole", "total", "target", "unknown")
    DUE = ("end", "end")
    INSTANCES: ClassVar = ("per", "service")
    ONE: ClassVar = MILLION
    COUNTS: ClassVar = ("total",)
    JUDGEMENT = Judgement(
        row("not_applicable", "no_period", absent("start")),
        row("not_applicable", "part_period", absent("whole")),
        # a reading that asks for nothing is not met before the period has ended
        row("pending", "not_due", "target <= 0", "total <= 0", "as_of <= end"),
        row("compliant", "enough", "total >= target"),
        row("undetermined", "fact_missing", "unknown > 0"),
        row("pending", "not_due", "as_of <= end"),
        row("violated", "missing", "total <= 0"),
        row("violated", "short", "total < target"),
    )

    @model_validator(mode="after")
    def _shape(self, info: ValidationInfo) -> Quota:
        context: Context = info.context  # type: ignore[assignment]
        words, type_ = context.vocabulary, context.record_type
        if self.of.pick != "first" or self.of.otherwise or self.of.all_of or self.of.attribute:
            raise ValueError("`of` must be an event, or any of several")
        if self.sum and self.distinct_days:
            raise ValueError("`sum` and `distinct_days` do not stand together")
        if not 0 <= self.at_least <= MILLION or (self.sum is None and self.at_least % 1):
            raise ValueError("`at_least` must not be negative, and a whole one unless it is a sum")
        numbers = [
            a
            for e in self.of.names()
            for a in words.events[e].attributes
            if words.attributes[a].type in ("integer", "number")
        ]
        if self.sum and self.sum not in numbers:
            raise wrong(
                ("sum",),
                f"`{shown(self.sum)}` is not a number of these events",
                self.sum,
                did_you_mean(self.sum, numbers),
            )
        dates = [a for a in words.record_types[type_].attributes if words.attributes[a].type == "date"]
        for name in (self.service.from_, self.service.to):
            if name and name not in dates:
                raise wrong(
                    ("service",),
                    f"`{shown(name)}` is not a date of {a(type_)}",
                    name,
                    did_you_mean(name, dates),
                )
        # a number is kept in millionths, a whole number as it is; a sum of either is compared in millionths
        self._scale = 1 if self.sum and words.attributes[self.sum].type == "number" else MILLION
        return self

    _scale: int = MILLION

    @property
    def _target(self) -> int:
        return int(self.at_least * MILLION)

    @cached_property
    def constants(self) -> dict[str, int | None]:
        return super().constants | {"target": self._target}

    def periods(self, first: int, last: int, as_of: int) -> list[tuple[int, int]]:
        """First and last day of every period that touches first..last and has begun by ``as_of``."""
        last = min(last, as_of)
        if last < first:
            return []
        if self.per == "day":
            return [(day, day) for day in range(first, last + 1)]
        size, start = MONTHS[self.per], to_date(first)
        begin = to_day(dt.date(start.year, (start.month - 1) // size * size + 1, 1))
        found = []
        while begin <= last:
            following = add_months(begin, size)
            found.append((begin, following - 1))
            begin = following
        return found

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        own = view.record.attributes
        start, end = (own.get(name) if name else None for name in (self.service.from_, self.service.to))
        first = max(force.first, int(start)) if start is not None else force.first
        last = FOREVER if force.last is None else force.last
        last = min(last, int(end)) if end is not None else last
        periods = self.periods(first, last, view.as_of)
        for begin, finish in periods:
            whole = 1 if first <= begin and finish <= last else None
            cases = [self._world(view, certain, begin, finish, whole) for certain in self.of.choices]
            yield Measured(begin, True, cases)
        if not periods:
            yield Measured(None, True, [{"as_of": view.as_of}])

    def _world(self, view: View, certain: bool, begin: int, end: int, whole: int | None) -> Measures:
        events = [e for e, truth in self.of.events(view) if begin <= e.day <= end and (truth or not certain)]
        unknown = 0
        if self.sum:
            hours = [e.attributes.get(self.sum) for e in events]
            total = sum(int(h) for h in hours if h is not None) * self._scale
            lost = {e.name for e in events if self.sum not in e.attributes}
            unknown = sum(1 << n for n, step in enumerate(self.of.steps) if step.event in lost)
        else:
            total = (len({e.day for e in events}) if self.distinct_days else len(events)) * MILLION
        return {
            "start": begin,
            "end": end,
            "whole": whole,
            "total": total,
            "target": self._target,
            "unknown": unknown,
            "as_of": view.as_of,
        }

    def _unknown_events(self, mask: int) -> list[str]:
        """The events of which one has no figure, by the bits of the measure ``unknown``."""
        return [step.event for n, step in enumerate(self.of.steps) if mask >> n & 1]

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        every = list(measured)
        ends = [end for one in every for world in one.worlds if (end := world.get("end")) is not None]
        begins = [end + 1 for end in ends if end >= as_of] + [force.first] * (as_of < force.first)
        return earliest([self.turns(force, every), *begins])

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis
        from ibis import _

        from lawgov_rules.columns import listed

        as_of = records.sources.as_of
        end = FOREVER if force.last is None else force.last
        rows = [{"key": b, "end": e} for b, e in self.periods(force.first, end, as_of)]
        served = tuple(f"r_{a}" if a else None for a in (self.service.from_, self.service.to))

        def duty(of: Any) -> tuple[Any, Any]:
            """First and last day of the duty, as columns where the record's own dates bound it."""
            start, last = served
            return (
                ibis.greatest(force.first, ibis.coalesce(of[start], force.first)) if start else force.first,
                ibis.least(end, ibis.coalesce(of[last], end)) if last else end,
            )

        def serves(base: Any, periods: Any) -> list[Any]:
            first, last = (ibis.literal(day) if isinstance(day, int) else day for day in duty(base))
            return [first <= periods.end, first <= as_of, last >= periods.key, first <= last]

        frame = listed(records, rows, serves if any(served) else None, served)
        if not rows:
            return Columns(frame, [{"as_of": as_of} for _c in self.of.choices], {})
        first, last = duty(_)
        begun = ibis.ifelse(_.end.isnull(), ibis.null("int64"), _.key)
        whole = ibis.ifelse((first <= begun) & (_.end <= last), 1, ibis.null("int64"))
        cases = []
        for certain in self.of.choices:
            total, unknown = self._totals(frame, certain)
            here = {"total": total, "target": self._target, "unknown": unknown}
            here = {name: ibis.ifelse(_.end.isnull(), ibis.null("int64"), value) for name, value in here.items()}
            cases.append({"start": begun, "end": _.end, "whole": whole, **here, "as_of": as_of})
        return Columns(frame, cases, gather_columns(frame, self.of))

    def _totals(self, frame: Any, certain: bool) -> tuple[Any, Any]:
        import ibis
        from ibis import _

        where, period = frame.meant(self.of.steps, certain), self._period_of(_.low // DAY)
        if self.sum:
            hours = _[f"e_{self.sum}"]
            total = frame.total(self.of, hours.sum(where=where), period) * self._scale
            lost = [where & hours.isnull() & (_.event == step.event) for step in self.of.steps]
            sums = [frame.total(self.of, gone.sum(), period) for gone in lost]
            bits = [ibis.ifelse(number > 0, 1 << n, 0) for n, number in enumerate(sums)]
            return total, functools.reduce(operator.add, bits)
        counted = (_.low // DAY).nunique(where=where) if self.distinct_days else where.sum()
        return frame.total(self.of, counted, period) * MILLION, ibis.literal(0)

    def _period_of(self, day: Any) -> Any:
        """The first day of the period in which a day lies, as a column: one of `periods`."""
        import ibis

        from lawgov_rules import frames

        if self.per == "day":
            return day
        date, size = frames.to_date(day), MONTHS[self.per]
        month = ((date.month() - 1) // size * size + 1).cast("int32") if size < 12 else 1
        return frames.to_day(ibis.date(date.year(), month, 1))

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return gather(view, self.of)

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        if detail != "fact_missing":
            return ()
        return tuple(f"{event}.{self.sum}" for event in self._unknown_events(int(measures["unknown"] or 0)))

    def label(self, key: int) -> str:
        day = to_date(key)
        return {
            "year": f"{day.year}",
            "half": f"{day.year}-H{(day.month + 5) // 6}",
            "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
            "month": f"{day:%Y-%m}",
        }.get(self.per, f"{day}")

    def describe(self, prose: Prose) -> str:
        t, number = prose.t, f"{self.at_least.normalize():f}"
        if not self.at_least:
            return t("文中没有规定期间，不按期间考核", "the text names no period, so none is judged")
        zh, en = PER[self.per]
        what = prose.occurrence(self.of)
        if self.sum:
            sum_, unit = prose.attribute(self.sum), prose.unit(self.sum)
            said = t(
                f"{zh}{what}的{sum_}合计应不少于{number}{unit}",
                f"every {en} the {sum_} of {what} add up to at least {number} {unit}".rstrip(),
            )
        else:
            least = t(f"{number}天", f"on {number} days") if self.distinct_days else prose.times(number)
            said = t(f"{zh}{what}应不少于{least}", f"every {en} {what}, at least {least}")
        dates = [prose.attribute(name) for name in (self.service.from_, self.service.to) if name]
        span = t("至", " to ").join(f"“{label}”" for label in dates)
        return prose.joined(said, t(f"只计{span}期间", f"only within {span}") if span else "")

    def outstanding(self, measures: Measures) -> Outstanding | None:
        end = measures["end"]
        if end is None or int(measures["total"] or 0) >= self._target:
            return None
        return Outstanding(end, end, counts_until=end)

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        if measures.get("start") is None:
            return Explanation()
        total, unit = int(measures["total"] or 0), self.sum or ("days" if self.distinct_days else "times")
        short = verdict in (Verdict.violated, Verdict.excused)
        return Explanation(
            due=shown_day(measures["end"]),
            required=f"at least {show_number(self._target)} {unit}",
            measured=f"{show_number(total)} {unit}",
            over_by=f"{show_number(self._target - total)} {unit}" if short else "",
            evidence=[{"event": "|".join(dict.fromkeys(self.of.names())), "count": show_number(total)}],
        )

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        total, target, start = int(measures["total"] or 0), self._target, measures.get("start")
        if start is None:
            return ""
        unit = (
            words.unit(self.sum)
            if self.sum
            else words.t("天", "days")
            if self.distinct_days
            else words.t("次", "times")
        )
        gap = words.t("", " ")
        period, number, wanted = self._period(start, words), show_number(total), show_number(target)
        said = words.t(
            f"{period}{words.event(self.of)}合计{number}{unit}，应不少于{wanted}{unit}",
            f"{period}: {words.event(self.of)} {number} {unit}, at least {wanted} required",
        )
        if unknown := int(measures.get("unknown") or 0):
            names = [words.vocabulary.events[n].label(words.lang) for n in self._unknown_events(unknown)]
            label = words.attribute(str(self.sum))
            return said + words.t(
                f"；另有未登记{label}的{'、'.join(names)}", f"; more of unknown {label}: {', '.join(names)}"
            )
        if total < target and verdict in (Verdict.violated, Verdict.pending, Verdict.excused):
            said += words.t(
                f"，尚缺{show_number(target - total)}{unit}",
                f", {show_number(target - total)}{gap}{unit} short",
            )
        return said

    def _period(self, start: int, words: Words) -> str:
        """``2016年``, ``2009年第1季度``, ``2012年3月``; in English the label of the instance."""
        day = to_date(start)
        zh = {
            "year": f"{day.year}年",
            "half": f"{day.year}年{'上' if day.month == 1 else '下'}半年",
            "quarter": f"{day.year}年第{(day.month + 2) // 3}季度",
            "month": f"{day.year}年{day.month}月",
        }
        return words.t(zh.get(self.per, f"{day}"), self.label(start))

"""Something must be done by a date, once or every year.

Requires: `do` on or before `by` (`2009-12-31` once, `12-20` every year), not earlier than `not_before`. With
`report_year` an act belongs to the year it reports on (plus `offset` for a report on another year than the one it
falls due in), so that a January report is late and not next year's; an act without a reported year belongs to the
year of its date. With `recipients` every recipient is owed its own act. A `not_before` later in the year than `by` lies
in the year before (from October to the end of January). `replaced_by` names a date attribute that, where the record
has it, stands in the place of a single `by`.

Verdicts: compliant `on_time`; violated `late`, `missing`, `early` (only before the window); pending `not_due`; not
applicable `no_period` (no due day in force has come near); undetermined `calendar_unpublished`, `fact_missing`.

Readings: `inclusive: false` (the day itself is too late), `roll` (a due day on a rest day moves to the next working
day).

Example:
    kind: fixed_date
    do: {event: annual_report_submitted, where: {to: city_government}}
    by: 12-20
    report_year: {attribute: report_year}

Limits: without a reported year, an act in January counts for the new year.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationInfo, field_validator, model_validator

from lawgov_rules.condition import put
from lawgov_rules.days import new_year, to_date, to_day
from lawgov_rules.errors import did_you_mean, shown
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    Columns,
    Constraint,
    Force,
    Measured,
    Outstanding,
    day_of,
    gather,
    gather_columns,
)
from lawgov_rules.kinds._others import check_date
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, days_en, evidence, shown_day
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.records import DAY, Event
from lawgov_rules.step import Context
from lawgov_rules.turning import earliest
from lawgov_rules.validation import wrong
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import show_day


class ReportYear(BaseModel):
    """The event attribute that names the year an act belongs to; due year = that year - offset."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    attribute: str
    offset: int = 0


class Recipients(BaseModel):
    """The event attribute that names to whom, and everyone who is owed an act."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    attribute: str
    each: list[str]


class FixedDate(Constraint):
    kind: Literal["fixed_date"]
    do: Occurrence
    by: str
    not_before: str | None = None
    report_year: ReportYear | None = None
    recipients: Recipients | None = None
    inclusive: bool = True
    roll: bool = False
    replaced_by: str | None = None
    _targets: tuple[Occurrence, ...] = PrivateAttr(default=())

    MEASURES = ("response", "due_lo", "due_hi", "early", "year", "recipient")
    DUE = ("due_lo", "due_hi")
    DONE = ("response", "early")
    COUNTS_DAYS = True
    INSTANCES: ClassVar = ("by", "recipients", "not_before")
    JUDGEMENT = Judgement(
        row("not_applicable", "no_period", absent("due_lo")),
        row("compliant", "on_time", "response <= due_lo"),
        row("violated", "late", "response > due_hi"),
        row("undetermined", "calendar_unpublished", present("response")),
        row("pending", "not_due", "as_of <= due_lo"),
        row("violated", "early", "as_of > due_hi", present("early")),
        row("violated", "missing", "as_of > due_hi"),
        row("undetermined", "calendar_unpublished"),
    )

    @field_validator("by", "not_before")
    @classmethod
    def _a_date(cls, value: str | None) -> str | None:
        try:
            if value and not re.fullmatch(r"(\d{4}-)?\d{2}-\d{2}", value):
                raise ValueError
            if value:
                dt.date.fromisoformat(value if len(value) > 5 else f"2001-{value}")
        except ValueError:
            raise ValueError(
                f"`{shown(value)}` is neither a date such as `2009-12-31` nor a day of every year such as `12-20`"
            ) from None
        return value

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> FixedDate:
        context: Context = info.context  # type: ignore[assignment]
        if self.do.pick != "first" or self.do.attribute:
            raise ValueError("`do` must be an event that is picked as `first`")
        if self.not_before and len(self.not_before) != len(self.by):
            raise ValueError("`not_before` and `by` are both dates, or both days of every year")
        if self.not_before and self.not_before > self.by and not self._yearly:
            raise ValueError("`not_before` lies after `by`")
        if self.replaced_by:
            check_date(self.replaced_by, context, alone=self._yearly)
        if self.recipients and (not self.recipients.each or not self.do.event or self.do.otherwise):
            raise ValueError("`recipients` stand with one event, and `each` names at least one of them")
        if self.report_year and len(self.by) > 5:
            raise ValueError("`report_year` belongs to a day of every year")
        names = set(self.do.names())
        for key, part in (("report_year", self.report_year), ("recipients", self.recipients)):
            for event in names if part else ():
                words = context.vocabulary
                known = [
                    a
                    for a in words.events[event].attributes
                    if key == "recipients" or words.attributes[a].type == "integer"
                ]
                if part and part.attribute not in known:
                    raise wrong(
                        (key, "attribute"),
                        f"`{shown(part.attribute)}` is not an attribute of `{event}`",
                        part.attribute,
                        did_you_mean(part.attribute, known),
                    )
        self._targets = self._for_each_recipient(context) if self.recipients else (self.do,)
        return self

    def _for_each_recipient(self, context: Context) -> tuple[Occurrence, ...]:
        assert self.recipients is not None
        found = []
        for name in self.recipients.each:
            where: dict[str, Any] = {self.recipients.attribute: name}
            if self.do.where is not None:
                where = {"all": [self.do.where, where]}
            found.append(Occurrence.model_validate({"event": self.do.event, "where": where}, context=context))
        return tuple(found)

    @property
    def _yearly(self) -> bool:
        return len(self.by) == 5

    def instances(self, force: Force, as_of: int) -> list[dict[str, int]]:
        """Every due day in force whose year (or, for a single date, whose duty) has begun, and its window."""
        found = []
        years = range(to_date(force.first).year, to_date(as_of).year + 1) if self._yearly else [int(self.by[:4])]
        for year in years:
            due = _day(self.by, year)
            begun = as_of >= (to_day(dt.date(year, 1, 1)) if self._yearly else force.first)
            if begun and force.first <= due and (force.last is None or due <= force.last):
                window, until = self._window(year)
                for number in range(len(self._targets)):
                    found.append(
                        {
                            "key": year * 100 + number,
                            "year": year,
                            "recipient": number,
                            "window": window,
                            "until": until,
                            "named": due,
                        }
                    )
        return found

    @property
    def _wraps(self) -> bool:
        """The window begins in the year before."""
        return self._yearly and self.not_before is not None and self.not_before > self.by

    def _window(self, year: int) -> tuple[int, int]:
        """The first day of the window of a due year, and the day before the next one begins."""
        if not self.not_before:
            return to_day(dt.date.min), to_day(dt.date.max)
        if not self._wraps:
            return _day(self.not_before, year), to_day(dt.date.max)
        return _day(self.not_before, year - 1), _day(self.not_before, year) - 1

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        rows = self.instances(force, view.as_of)
        for line in rows:
            target = self._targets[line["recipient"]]
            named = view.record.attributes.get(self.replaced_by) if self.replaced_by else None
            due = (line["named"] if named is None else int(named)) - (not self.inclusive)
            low, high = view.region.roll(due) if self.roll else (due, due)
            fixed = {
                "year": line["year"],
                "recipient": line["recipient"],
                "due_lo": low,
                "due_hi": high,
                "as_of": view.as_of,
            }
            since = Moment(line["window"] * DAY, line["window"] * DAY)
            cases: list[Measures] = []
            for certain in target.choices:
                only = self._of_year(line)
                response = target.first(view, certain, since=since, only=only)
                early = target.first(view, certain, only=only) if response is None else None
                cases.append({"response": day_of(response), "early": day_of(early), **fixed})
            yield Measured(line["key"], True, cases)
        if not rows:
            yield Measured(None, True, [{"as_of": view.as_of}])

    def _of_year(self, line: dict[str, int]) -> Callable[[Event], bool] | None:
        if not self._yearly:
            return None
        reported, year = self.report_year, line["year"]

        def belongs(event: Event) -> bool:
            named = event.attributes.get(reported.attribute) if reported else None
            if reported and named is not None:
                return int(named) - reported.offset == year
            return line["window"] <= event.day <= line["until"] if self._wraps else to_date(event.day).year == year

        return belongs

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        begins = new_year(as_of) if self._yearly else force.first if as_of < force.first else None
        return earliest([self.turns(force, measured), begins])

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis
        from ibis import _

        from lawgov_rules.columns import listed

        as_of = records.sources.as_of
        rows = self.instances(force, as_of)
        frame = listed(records, rows)
        if not rows:
            return Columns(frame, [{"as_of": as_of} for _c in self._targets[0].choices], {})
        named = ibis.coalesce(_[f"r_{self.replaced_by}"], _.named) if self.replaced_by else _.named
        due = named - (0 if self.inclusive else 1)
        low, high = frame.roll(due, 0) if self.roll else (due, due)
        cases = [
            {
                "response": self._by_recipient(frame, certain)[0],
                "early": self._by_recipient(frame, certain)[1],
                "year": _.year,
                "recipient": _.recipient,
                "due_lo": low,
                "due_hi": high,
                "as_of": as_of,
            }
            for certain in self._targets[0].choices
        ]
        doubts: dict[str, Any] = {}
        for number, target in enumerate(self._targets):
            for name, absent_ in gather_columns(frame, target).items():
                put(doubts, name, absent_ & (_.recipient == number))
        return Columns(frame, cases, doubts)

    def _by_recipient(self, frame: Any, certain: bool) -> tuple[Any, Any]:
        import ibis
        from ibis import _

        from lawgov_rules.frames import Moment as Moments

        since = Moments(_.window * DAY, _.window * DAY, 0)
        only = self._of_year_column() if self._yearly else None
        answers = []
        for number, target in enumerate(self._targets):
            response = frame.first(target, certain, since=since, only=only)
            early = ibis.ifelse(response.low.isnull(), frame.first(target, certain, only=only).day, ibis.null("int64"))
            answers.append((number, response.day, early))
        if len(answers) == 1:
            return answers[0][1], answers[0][2]
        null = ibis.null("int64")
        return (
            ibis.cases(*((_.recipient == n, r) for n, r, _e in answers), else_=null),
            ibis.cases(*((_.recipient == n, e) for n, _r, e in answers), else_=null),
        )

    def _of_year_column(self) -> Any:
        import ibis
        from ibis import _

        from lawgov_rules.frames import to_date as date_column

        day = _.low // DAY
        dated = (day >= _.window) & (day <= _.until) if self._wraps else date_column(day).year() == _.year
        if self.report_year is None:
            return dated
        named = _[f"e_{self.report_year.attribute}"]
        return ibis.ifelse(named.isnull(), dated, named - self.report_year.offset == _.year)

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return gather(view, self._targets[key % 100]) if key is not None else frozenset()

    def label(self, key: int) -> str:
        year, number = divmod(key, 100)
        return f"{year}/{self.recipients.each[number]}" if self.recipients else f"{year}"

    def describe(self, prose: Prose) -> str:
        t, act = prose.t, prose.occurrence(self.do)
        by, since = prose.date(self.by), prose.date(self.not_before) if self.not_before else ""
        zh, en = ("每年", " every year") if self._yearly else ("", "")
        last = t("含当日", "that day included") if self.inclusive else t("不含当日", "that day excluded")
        window = t(f"{since}至{by}" if since else f"{by}前", f"between {since} and {by}" if since else f"by {by}")
        said = t(f"{zh}{window}（{last}），应完成{act}", f"{act} {window}{en} ({last})")
        return prose.joined(said, *self._describe_rest(prose))

    def _describe_rest(self, prose: Prose) -> Iterator[str]:
        """To whom, about which year, and what moves the day."""
        t = prose.t
        if self.recipients:
            names = prose.all_of(prose.value(self.recipients.attribute, name) for name in self.recipients.each)
            yield t(f"分别向{names}", f"one to each: {names}")
        if self.report_year:
            offset = -self.report_year.offset
            zh, en = {0: ("当年", "the same year"), 1: ("上一年度", "the year before")}.get(offset, ("", ""))
            yield t(f"所报告的是{zh or f'{offset}年前的年度'}", f"about {en or f'the year {offset} years before'}")
        if self.replaced_by:
            label = prose.attribute(self.replaced_by)
            yield t(f"记有“{label}”的，以该日为准", f"where “{label}” is on record, that day decides")
        if self.roll:
            yield prose.rolls()

    def outstanding(self, measures: Measures) -> Outstanding | None:
        if measures["due_lo"] is None or measures["response"] is not None:
            return None
        until = None
        if self._yearly and not self.report_year:  # what is done in the next year counts for the next year
            year = int(measures["year"] or 0)
            until = self._window(year)[1] if self._wraps else _day("12-31", year)
        return Outstanding(measures["due_lo"], measures["due_hi"], by_calendar=self.roll, counts_until=until)

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        response, over = measures.get("response"), self._over(measures)
        act = response if response is not None else measures.get("early")
        late = verdict in (Verdict.violated, Verdict.excused) and over is not None
        return Explanation(
            due=shown_day(measures.get("due_lo")),
            actual=shown_day(act),
            required=f"by {self.by}",
            over_by=days_en(over) if late and over is not None else "",
            evidence=evidence(self.do, act, 0 if len(self.do.names()) == 1 else None),
        )

    def _over(self, measures: Measures) -> int | None:
        """By how many days the act came, or is still missing, after the due day."""
        end = measures.get("response") if measures.get("response") is not None else measures["as_of"]
        high = measures.get("due_hi")
        return None if end is None or high is None else end - high

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        low, response, early = (measures.get(name) for name in ("due_lo", "response", "early"))
        if low is None:
            return ""
        label = words.event(self.do)
        if self.recipients:
            name = words.value(self.recipients.attribute, self.recipients.each[int(measures["recipient"] or 0)])
            label = words.t(f"向{name}{label}", f"{label} to the {name}")
        over = self._over(measures) if verdict in (Verdict.violated, Verdict.excused) else None
        said = words.t(f"{label}应不迟于{show_day(low)}；", f"{label} is due by {show_day(low)}; ")
        if response is not None:
            late = words.t(f"，迟{over}天", f", {days_en(over)} late") if over is not None else ""
            return said + words.t(f"实际{show_day(response)}", f"done {show_day(response)}") + late
        late = words.t(f"，已逾期{over}天", f", {days_en(over)} overdue") if over is not None else ""
        if early is not None:
            return (
                said
                + words.t(
                    f"规定时段内没有记录，只有{show_day(early)}的一次，早于规定时段",
                    f"none within the window, only one of {show_day(early)} before it",
                )
                + late
            )
        as_of, record = show_day(int(measures["as_of"] or 0)), words.record(self.do)
        return said + words.t(f"至{as_of}没有{record}", f"no {record} by {as_of}") + late


def _day(text: str, year: int) -> int:
    return to_day(dt.date.fromisoformat(text if len(text) > 5 else f"{year}-{text}"))

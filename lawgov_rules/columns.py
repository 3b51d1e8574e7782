"""The column form of occurrences: one pass over the events gives every record its measures.

A `Frame` is a table of records (or of instances of records) that grows columns. Kinds ask it for moments, counts,
sums and due dates and get deferred expressions back; nothing is computed until `Frame.build`, which answers all that
was asked in a few grouped passes: a stage holds what can be computed together, the next one what depends on it.

Everything here is the mirror of occurrence.py (one record); both are compared on random records.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import ibis
import pyarrow as pa
from ibis import _

from lawgov_rules.condition import Condition, Step
from lawgov_rules.days import Duration
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.records import DAY

NO_INSTANCE = -1_000_000_000
PACK = 64  # more steps than any occurrence has
Expr = Any  # an Ibis expression or deferred; Ibis does not type them


class Moment(NamedTuple):
    """First and last second as columns, the stage that computes them, and which of the names it was."""

    low: Expr
    high: Expr
    stage: int
    step: Expr = 0

    @property
    def day(self) -> Expr:
        return self.low // DAY


Latest = tuple[Moment, dict[bool, Expr], dict[str, Expr]]


@dataclass(frozen=True)
class Sources:
    """The tables of one record type, known on the as-of day.

    records: rid, jurisdiction, region, r_<attribute>; events: erid, event, low, high, e_<attribute>;
    participants: prid, role, person, p_<attribute>; days: region, day, roll_lo, roll_hi, ord_lo, ord_hi;
    nth: region, ord, day_lo, day_hi. Canonical values, see vocabulary.py.
    """

    records: Expr
    events: Expr
    participants: Expr
    days: Expr
    nth: Expr
    as_of: int
    materialise: Callable[[Expr], Expr]


class _Row:
    """The attributes of an event (or participant) and its record, for a condition to read."""

    def __init__(self, frame: Frame | None, prefix: str, day: Expr) -> None:
        self.frame = frame
        self.prefix = prefix
        self.day = day
        self.needs_record = False

    def attribute(self, name: str, of_item: bool) -> Expr:
        if of_item:
            return _[f"{self.prefix}{name}"]
        self.needs_record = True
        return _[f"r_{name}"]

    def happened(self, step: Step) -> tuple[Expr, dict[str, Expr]]:
        if self.frame is None:
            raise NotImplementedError("`happened` inside the `where` of an event")
        return self.frame.happened(step, self.day)


@dataclass
class _Asked:
    """What one stage computes: grouped columns by source, and joins against the calendar."""

    events: dict[str, Expr] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    participants: dict[str, Expr] = field(default_factory=dict)
    lookups: list[Callable[[Expr], Expr]] = field(default_factory=list)


class Frame:
    """Records or instances that grow columns; see the module. ``keys`` tell its rows apart."""

    def __init__(self, sources: Sources, base: Expr, keys: Sequence[str] = ("rid",)) -> None:
        self.sources = sources
        self.base = base
        self.keys = tuple(keys)
        self._stages: dict[int, _Asked] = {}
        self._known: dict[object, Any] = {}
        self._frames: dict[object, Frame] = {}

    def _stage(self, number: int) -> _Asked:
        return self._stages.setdefault(number, _Asked())

    def instances(self, key: object, base: Callable[[], Expr]) -> Frame:
        """The frame of instances under a key: the same one for all who ask, so that it is computed once."""
        if key not in self._frames:
            self._frames[key] = Frame(self.sources, base(), ("rid", "key"))
        return self._frames[key]

    def _ask(self, key: object, make: Callable[[], Any]) -> Any:
        """The answer to the same question asked before, or a new one."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _reduce(self, stage: int, source: str, value: Expr, names: Sequence[str] = ()) -> Expr:
        asked = self._stage(stage)
        columns = asked.events if source == "events" else asked.participants
        name = f"s{stage}{source[0]}{len(columns)}"
        columns[name] = value
        asked.names.update(names)
        return _[name]

    # occurrences

    def first(
        self,
        what: Occurrence,
        certain: bool,
        *,
        since: Moment | None = None,
        until: Moment | None = None,
        valid_to: str | None = None,
        only: Expr = None,
    ) -> Moment:
        """When it first happened; the arguments are those of `Occurrence.first`."""
        if what.attribute:
            day = _[f"r_{what.attribute}"]
            return Moment(day * DAY, day * DAY + (DAY - 1), 0)
        key = ("first", repr(what), certain, repr(since), repr(until), valid_to, repr(only))
        return self._ask(key, lambda: self._first(what, certain, since, until, valid_to, only))  # type: ignore[no-any-return]

    def _first(
        self,
        what: Occurrence,
        certain: bool,
        since: Moment | None,
        until: Moment | None,
        valid_to: str | None,
        only: Expr,
    ) -> Moment:
        stage = 1 + max((m.stage for m in (since, until) if m), default=0)
        groups = [(s,) for s in what.steps] if what.all_of else [what.steps]
        lows, highs, steps_ = [], [], []
        for steps in groups:
            where = self.meant(steps, certain)
            if only is not None:
                where = where & only
            if since is not None:
                where = where & (_.high >= since.low)
            if until is not None:
                where = where & (_.low <= until.high)
                if valid_to:
                    where = where & (_[f"e_{valid_to}"].isnull() | (_[f"e_{valid_to}"] >= until.day))
            names = [s.event for s in steps]
            lows.append(self._reduce(stage, "events", _.low.min(where=where), names))
            highs.append(self._reduce(stage, "events", _.high.min(where=where), names))
            steps_.append(self._step(stage, steps, where, lows[-1]))
        found = Moment(lows[0], highs[0], stage, steps_[0])
        if what.all_of:
            low = _greatest(lows)
            found = Moment(low, _greatest(highs), stage, _first_equal(lows, low))
        if what.otherwise is None:
            return found
        other = self.first(what.otherwise, certain, since=since, until=until, valid_to=valid_to, only=only)
        low, high = ibis.coalesce(found.low, other.low), ibis.coalesce(found.high, other.high)
        step = ibis.ifelse(found.low.notnull(), found.step, other.step + len(what.steps))
        return Moment(low, high, max(stage, other.stage), step)

    def _step(self, stage: int, steps: Sequence[Step], where: Expr, low: Expr) -> Expr:
        """Which of several steps came first: the least number packed behind the moment."""
        if len(steps) == 1:
            return 0
        packed = self._reduce(stage, "events", (_.low * PACK + _numbered(steps)).min(where=where))
        return packed - low * PACK

    def meant(self, steps: Sequence[Step], certain: bool) -> Expr:
        """Over the events table: the event is one of the steps and its ``where`` holds (or may hold)."""
        return functools.reduce(lambda a, b: a | b, (self._is(s, certain) for s in steps))

    def _is(self, step: Step, certain: bool) -> Expr:
        named = _.event == step.event
        if step.condition is None:
            return named
        return named & ibis.coalesce(_on_event(step.condition)[0], not certain)

    def doubts(self, what: Occurrence) -> dict[str, Expr]:
        """By fact: whether it is missing for an event in doubt; the mirror of `Occurrence.missing`."""
        return self._ask(("doubts", repr(what)), lambda: self._doubts(what))  # type: ignore[no-any-return]

    def _doubts(self, what: Occurrence) -> dict[str, Expr]:
        found: dict[str, Expr] = {}
        for step in what.steps:
            if step.condition:
                for name, absent in _absent(step.condition).items():
                    wanted = (_.event == step.event) & absent
                    _put(
                        found,
                        name,
                        ibis.coalesce(self._reduce(1, "events", wanted.any(), [step.event]), False),
                    )
        if what.otherwise:
            for name, absent in self.doubts(what.otherwise).items():
                _put(found, name, absent)
        return found

    def latest(self, what: Occurrence, until: Moment) -> Latest:
        """The last one on or before ``until``, by ``certain`` whether it passes, and the facts in doubt."""
        key = ("latest", repr(what), repr(until))
        return self._ask(key, lambda: self._latest(what, until))  # type: ignore[no-any-return]

    def _latest(self, what: Occurrence, until: Moment) -> Latest:
        stage, names = until.stage + 1, [s.event for s in what.steps]
        before = self._candidate(what) & (_.low <= until.high)
        newest = self._reduce(stage, "events", _.low.max(where=before), names)
        last = before & (_.high >= newest)
        stage += 1
        passes = self._passes(what)
        certain = self._reduce(stage, "events", ibis.coalesce(passes, False).all(where=last), names)
        possible = self._reduce(stage, "events", ibis.coalesce(passes, True).any(where=last), names)
        failed = self._reduce(stage, "events", (~ibis.coalesce(passes, True)).any(where=last), names)
        passed = self._reduce(stage, "events", ibis.coalesce(passes, False).any(where=last), names)
        doubts: dict[str, Expr] = {}
        for step in what.steps:
            here = last & (_.event == step.event)
            for condition in (step.condition, step.latest_among):
                for name, absent in _absent(condition).items():
                    wanted = self._reduce(stage, "events", absent.any(where=here), names)
                    _put(doubts, name, ibis.coalesce(wanted, False))
            there = self._reduce(stage, "events", here.any(), names)
            _put(doubts, f"{step.event}.sequence", ibis.coalesce(failed & passed & there, False))
        number: Expr = 0
        if len(names) > 1:
            number = self._reduce(stage, "events", _numbered(what.steps).min(where=last), names)
        return Moment(newest, newest, stage, number), {True: certain, False: possible}, doubts

    def _candidate(self, what: Occurrence) -> Expr:
        """Over the events: one of the occurrence that is not outside its ``among``."""
        found = []
        for step in what.steps:
            named = _.event == step.event
            inside = _on_event(step.latest_among)[0] if step.latest_among else None
            found.append(named if inside is None else named & ibis.coalesce(inside, True))
        return functools.reduce(operator.or_, found)

    def _passes(self, what: Occurrence) -> Expr:
        """Over the events: whether it meets its step's ``where``; NULL if unknown, or if it may be outside ``among``."""
        branches = []
        for step in what.steps:
            truth = _on_event(step.condition)[0] if step.condition else ibis.literal(True)
            if step.latest_among:
                inside = _on_event(step.latest_among)[0]
                truth = ibis.ifelse(inside.notnull(), truth, ibis.null("boolean"))
            branches.append((_.event == step.event, truth))
        return ibis.cases(*branches, else_=ibis.null("boolean"))

    def first_candidate(self, what: Occurrence) -> Moment:
        """The first of its events that is not outside its ``among``, whatever its ``where``."""
        where, names = self._candidate(what), [s.event for s in what.steps]

        def make() -> Moment:
            low = self._reduce(1, "events", _.low.min(where=where), names)
            high = self._reduce(1, "events", _.high.min(where=where), names)
            return Moment(low, high, 1, self._step(1, what.steps, where, low))

        return self._ask(("candidate", repr(what)), make)  # type: ignore[no-any-return]

    def happened(self, step: Step, on: Expr) -> tuple[Expr, dict[str, Expr]]:
        """Whether it happened on or before the day ``on`` (NULL: in doubt), and the facts missing for it."""
        what = step_as_occurrence(step)
        sure, maybe = self.first(what, True), self.first(what, False)
        before = ibis.coalesce(sure.day <= on, False)
        possible = ibis.coalesce(maybe.day <= on, False)
        truth = ibis.cases((before, True), (~possible, False), else_=ibis.null("boolean"))
        missing = {name: absent & truth.isnull() for name, absent in self._doubts_by(what, on).items()}
        return truth, missing

    def _doubts_by(self, what: Occurrence, on: Expr) -> dict[str, Expr]:
        """Like `doubts`, of the events up to a day only."""
        return self._ask(("doubts_by", repr(what), repr(on)), lambda: self._doubts_until(what, on))  # type: ignore[no-any-return]

    def _doubts_until(self, what: Occurrence, on: Expr) -> dict[str, Expr]:
        found: dict[str, Expr] = {}
        for step in what.steps:
            if step.condition:
                for name, absent in _absent(step.condition).items():
                    wanted = (_.event == step.event) & absent & (_.low // DAY <= on)
                    _put(
                        found,
                        name,
                        ibis.coalesce(self._reduce(1, "events", wanted.any(), [step.event]), False),
                    )
        return found

    # people

    def count_people(self, truth: Expr, *, role: str, distinct: bool, stage: int) -> Expr:
        """How many participants of a role satisfy ``truth`` (None: all); distinct persons if asked."""
        where = _.role == role if truth is None else (_.role == role) & truth
        value = _.person.nunique(where=where) if distinct else where.sum()
        return ibis.coalesce(self._reduce(stage, "participants", value), 0)

    def any_person(self, role: str | None = None) -> Expr:
        """How many participants are on record, of the role if one is named."""
        where: Expr = _.role.notnull() if role is None else _.role == role
        return self._ask(
            ("people", role), lambda: ibis.coalesce(self._reduce(1, "participants", where.sum()), 0)
        )

    def total(self, what: Occurrence, value: Expr) -> Expr:
        """A sum or count over the events; 0 where there are none."""
        return ibis.coalesce(self._reduce(1, "events", value, [s.event for s in what.steps]), 0)

    def count_events(self, what: Occurrence, certain: bool, until: Moment | None) -> Expr:
        """How many events match on or before ``until``."""
        where = self.meant(what.steps, certain)
        if until is not None:
            where = where & (_.low <= ibis.coalesce(until.high, (self.sources.as_of + 1) * DAY))
        stage = 1 + (until.stage if until else 0)
        return ibis.coalesce(self._reduce(stage, "events", where.sum(), [s.event for s in what.steps]), 0)

    # time

    def due(
        self, anchor: Moment, within: Duration, *, roll: bool, start_day_counts: bool
    ) -> tuple[Expr, Expr]:
        """Earliest and latest due day; the mirror of `Region.due`."""
        key = ("due", repr(anchor), within, roll, start_day_counts)
        return self._ask(key, lambda: self._due(anchor, within, roll, start_day_counts))  # type: ignore[no-any-return]

    def _due(self, anchor: Moment, within: Duration, roll: bool, start_day_counts: bool) -> tuple[Expr, Expr]:
        # months and years run to the corresponding day, whichever day counts as the first
        counts = start_day_counts and within.unit in ("days", "working_days") and within.n > 0
        start = anchor.day - 1 if counts else anchor.day
        stage = anchor.stage + 1
        if within.unit == "working_days" and within.n:
            return self._nth_working_day(start, within.n, stage)
        literal = plus(start, within)
        return self.roll(literal, anchor.stage) if roll else (literal, literal)

    def roll(self, day: Expr, stage: int) -> tuple[Expr, Expr]:
        """A day, or the next working day if it is a rest day (earliest and latest)."""
        number = len(self._stage(stage + 1).lookups)
        low, high = f"s{stage + 1}r{number}_lo", f"s{stage + 1}r{number}_hi"
        days = self.sources.days

        def join(table: Expr) -> Expr:
            table = table.mutate(_due=day)
            found = days.select(_region=days.region, _day=days.day, **{low: days.roll_lo, high: days.roll_hi})
            joined = table.left_join(found, [table.region == found._region, table._due == found._day])
            # beyond the table a day is at the earliest itself, and its latest is not known
            joined = joined.mutate(**{low: ibis.ifelse(_._day.isnull(), _._due, _[low])})
            return joined.drop("_due", "_region", "_day")

        self._stage(stage + 1).lookups.append(join)
        return _[low], _[high]

    def _nth_working_day(self, start: Expr, n: int, stage: int) -> tuple[Expr, Expr]:
        number = len(self._stage(stage).lookups)
        low, high = f"s{stage}w{number}_lo", f"s{stage}w{number}_hi"
        days, nth = self.sources.days, self.sources.nth

        def join(table: Expr) -> Expr:
            table = table.mutate(_start=start)
            at = days.select(_region=days.region, _day=days.day, _lo=days.ord_lo + n, _hi=days.ord_hi + n)
            table = table.left_join(at, [table.region == at._region, table._start == at._day]).drop(
                "_region", "_day"
            )
            early = nth.select(_region=nth.region, _ord=nth.ord, **{low: nth.day_lo})
            table = table.left_join(early, [table.region == early._region, table._lo == early._ord])
            table = table.drop("_region", "_ord")
            late = nth.select(_region=nth.region, _ord=nth.ord, **{high: nth.day_hi})
            table = table.left_join(late, [table.region == late._region, table._hi == late._ord])
            return table.drop("_region", "_ord", "_lo", "_hi", "_start")

        self._stage(stage).lookups.append(join)
        return _[low], _[high]

    # building

    def build(self) -> Expr:
        """The table with every column that was asked for, computed once."""
        table = self.base
        for number in sorted(self._stages):
            asked = self._stages[number]
            if asked.events:
                events = self.sources.events
                events = events.filter(events.event.isin(sorted(asked.names)))
                table = self._grouped(table, events, "erid", asked.events)
            if asked.participants:
                table = self._grouped(table, self.sources.participants, "prid", asked.participants)
            for join in asked.lookups:
                table = join(table)
        return self.sources.materialise(table)

    def _grouped(self, table: Expr, source: Expr, id_: str, columns: dict[str, Expr]) -> Expr:
        joined = source.inner_join(table, source[id_] == table.rid)
        found = joined.group_by([f"{key}" for key in self.keys]).agg(**columns)
        renamed = found.rename({f"_{key}": key for key in self.keys})
        joined = table.left_join(renamed, [table[key] == renamed[f"_{key}"] for key in self.keys])
        return joined.drop(*(f"_{key}" for key in self.keys))


def anchors(records: Frame, what: Occurrence) -> tuple[Frame, dict[bool, Moment]]:
    """The frame whose rows are an occurrence's instances, and its moments by ``certain``; see `Occurrence.anchors`."""
    if what.pick != "each":
        return records, {choice: records.first(what, choice) for choice in what.choices}
    frame = records.instances(("each", repr(what)), lambda: each_day(records, what))
    return frame, dict.fromkeys(what.choices, Moment(_.at_low, _.at_high, 0, _.at_step))


def each_day(records: Frame, what: Occurrence) -> Expr:
    """Every record with every day on which the occurrence may have happened: rid, key, certain, at_low, at_high, r_*.

    A record without any has one row with the key NO_INSTANCE and no moment.
    """
    days = possible_days(records, what)
    base = records.base
    joined = base.left_join(days, base.rid == days._rid).drop("_rid")
    return joined.mutate(key=ibis.coalesce(_.key, NO_INSTANCE), certain=ibis.coalesce(_.certain, True))


def listed(
    records: Frame,
    rows: list[dict[str, int]],
    on: Callable[[Expr, Expr], list[Expr]] | None = None,
    key: object = None,
) -> Frame:
    """Every record with each of the instances in ``rows`` (their ``key`` and further columns) that ``on`` admits.

    A record without any has one row with the key NO_INSTANCE and NULLs. ``key`` tells one ``on`` from another.
    """

    def base() -> Expr:
        if not rows:
            return records.base.mutate(key=ibis.literal(NO_INSTANCE, "int64"))
        instances = ibis.memtable(pa.Table.from_pylist(rows))
        if on is None:
            return records.base.cross_join(instances)
        joined = records.base.left_join(instances, on(records.base, instances))
        return joined.mutate(key=ibis.coalesce(_.key, NO_INSTANCE))

    return records.instances(("listed", repr(rows), key), base)


def possible_days(records: Frame, what: Occurrence) -> Expr:
    """The days on which the occurrence may have happened: _rid, key (the day), certain, at_low, at_high."""
    events, base = records.sources.events, records.base
    joined = events.inner_join(base, events.erid == base.rid).filter(records.meant(what.steps, False))
    sure, packed = records.meant(what.steps, True), _.low * PACK + _numbered(what.steps)
    joined = joined.mutate(_sure=sure, key=_.low // DAY, _packed=packed)
    grouped = joined.group_by(["rid", "key"]).agg(
        certain=_._sure.any(), at_low=_.low.min(), at_high=_.high.min(), _packed=_._packed.min()
    )
    return grouped.mutate(at_step=_._packed - _.at_low * PACK).drop("_packed").rename(_rid="rid")


def truth_of(condition: Condition, frame: Frame, on: Expr) -> tuple[Expr, dict[str, Expr]]:
    """A condition on the record itself as a column of a frame; ``happened`` looks back from the day ``on``."""
    return condition.column(_Row(frame, "", on))


def truth_of_person(condition: Condition, frame: Frame) -> tuple[Expr, dict[str, Expr]]:
    """A condition on a participant, over the participants table."""
    return condition.column(_Row(frame, "p_", ibis.literal(frame.sources.as_of)))


def plus(day: Expr, duration: Duration) -> Expr:
    """A day plus days, months or years: the corresponding day, else the month's end."""
    if duration.unit in ("days", "working_days"):  # no working days at all are the day itself
        return day + duration.n
    months = duration.n * (12 if duration.unit == "years" else 1)
    return to_day((to_date(day) + ibis.interval(months=months)).cast("date"))


def to_date(day: Expr) -> Expr:
    """Days since 1970-01-01 as a date."""
    return (day.as_interval("D") + ibis.date(1970, 1, 1)).cast("date")


def to_day(date: Expr) -> Expr:
    """A date as days since 1970-01-01."""
    return date.delta(ibis.date(1970, 1, 1), unit="day")


def step_as_occurrence(step: Step) -> Occurrence:
    """A step that is already bound to its words, as an occurrence."""
    found = Occurrence.model_construct(any_of=[step], pick="first")
    found._steps = (step,)
    return found


def _on_event(condition: Condition) -> tuple[Expr, dict[str, Expr]]:
    """Over the events table: the truth of a condition on an event, and the facts missing for it."""
    return condition.column(_Row(None, "e_", _.low // DAY))


def _absent(condition: Condition | None) -> dict[str, Expr]:
    """Over the events table, by fact: the condition is unknown for want of it."""
    if condition is None:
        return {}
    truth, missing = _on_event(condition)
    return {name: truth.isnull() & gone for name, gone in missing.items()}


def _numbered(steps: Sequence[Step]) -> Expr:
    return ibis.cases(*((_.event == s.event, n) for n, s in enumerate(steps)), else_=0)


def _first_equal(columns: list[Expr], value: Expr) -> Expr:
    return ibis.cases(*((c == value, n) for n, c in enumerate(columns)), else_=0)


def _greatest(columns: list[Expr]) -> Expr:
    """The latest of several columns; NULL if any is NULL (SQL's GREATEST would pass over it)."""
    missing = functools.reduce(lambda a, b: a | b, (c.isnull() for c in columns))
    return ibis.ifelse(missing, ibis.null("int64"), ibis.greatest(*columns))


def _put(found: dict[str, Expr], name: str, truth: Expr) -> None:
    found[name] = found[name] | truth if name in found else truth

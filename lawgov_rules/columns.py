"""The column form of occurrences: one pass over the events gives every record its measures.

Kinds ask a `Frame` for moments, counts, sums and due days (frames.py says how it computes them). Everything here is
the mirror of occurrence.py and people.py (one record); both are compared on random records.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence

import ibis
import pyarrow as pa
from ibis import _

from lawgov_rules.condition import Condition, put
from lawgov_rules.frames import NO_INSTANCE, Expr, Moment, Stages, identity
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.records import DAY
from lawgov_rules.step import Step

PACK = 64  # more steps than any occurrence has

Latest = tuple[Moment, dict[bool, Expr], dict[str, Expr]]


class _Row:
    """The attributes of an event (or participant) and its record, for a condition to read."""

    def __init__(self, frame: Frame | None, prefix: str, day: Expr) -> None:
        self.frame = frame
        self.prefix = prefix
        self.day = day

    def attribute(self, name: str, of_item: bool) -> Expr:
        return _[f"{self.prefix}{name}"] if of_item else _[f"r_{name}"]

    def happened(self, step: Step) -> tuple[Expr, dict[str, Expr]]:
        assert self.frame is not None, "a ruleset with `happened` of an event is refused"
        return self.frame.happened(step, self.day)


class Frame(Stages):
    """A frame that answers for occurrences and people; see the module."""

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
            return self._dated(what.attribute, since, until)
        key = ("first", repr(what), certain, identity((since, until)), valid_to, identity(only))
        return self.ask(key, lambda: self._first(what, certain, since, until, valid_to, only))  # type: ignore[no-any-return]

    def _dated(self, attribute: str, since: Moment | None, until: Moment | None) -> Moment:
        """The mirror of `Occurrence._dated`."""
        day = _[f"r_{attribute}"]
        low, high = day * DAY, day * DAY + (DAY - 1)
        here = day <= self.sources.as_of
        if since is not None:
            here = here & (high >= since.low)
        if until is not None:
            here = here & (low <= until.high)
        null = ibis.null("int64")
        stage = max((m.stage for m in (since, until) if m), default=0)
        return Moment(ibis.ifelse(here, low, null), ibis.ifelse(here, high, null), stage)

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

    def doubts(self, what: Occurrence, by: Expr = None) -> dict[str, Expr]:
        """By fact: whether it is missing for an event in doubt (up to the day ``by``, if given); the mirror of
        `Occurrence.missing`."""
        return self.ask(("doubts", repr(what), identity(by)), lambda: self._doubts(what, by))  # type: ignore[no-any-return]

    def _doubts(self, what: Occurrence, by: Expr) -> dict[str, Expr]:
        found: dict[str, Expr] = {}
        for step in what.steps:
            for name, absent in _absent(step.condition).items():
                wanted = (_.event == step.event) & absent
                if by is not None:
                    wanted = wanted & (_.low // DAY <= by)
                put(found, name, ibis.coalesce(self._reduce(1, "events", wanted.any(), [step.event]), False))
        if what.otherwise:
            for name, absent in self.doubts(what.otherwise, by).items():
                put(found, name, absent)
        return found

    def latest(self, what: Occurrence, until: Moment, inside: bool) -> Latest:
        """The last one on or before ``until``, whether it passes by whether an unknown fails, the facts in doubt."""
        key = ("latest", repr(what), identity(until), inside)
        return self.ask(key, lambda: self._latest(what, until, inside))  # type: ignore[no-any-return]

    def _latest(self, what: Occurrence, until: Moment, inside: bool) -> Latest:
        stage, names = until.stage + 1, [s.event for s in what.steps]
        before = _candidate(what, inside) & (_.low <= until.high)
        newest = self._reduce(stage, "events", _.low.max(where=before), names)
        last = before & (_.high >= newest)
        stage += 1
        passes = _passes(what)
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
                    put(doubts, name, ibis.coalesce(wanted, False))
            there = self._reduce(stage, "events", here.any(), names)
            put(doubts, f"{step.event}.sequence", ibis.coalesce(failed & passed & there, False))
        number: Expr = 0
        if len(names) > 1:
            number = self._reduce(stage, "events", _numbered(what.steps).min(where=last), names)
        return Moment(newest, newest, stage, number), {True: certain, False: possible}, doubts

    def first_candidate(self, what: Occurrence, inside: bool) -> Moment:
        """The first of its events that is (or may be) inside its ``among``, whatever its ``where``."""
        where, names = _candidate(what, inside), [s.event for s in what.steps]

        def make() -> Moment:
            low = self._reduce(1, "events", _.low.min(where=where), names)
            high = self._reduce(1, "events", _.high.min(where=where), names)
            return Moment(low, high, 1, self._step(1, what.steps, where, low))

        return self.ask(("candidate", repr(what), inside), make)  # type: ignore[no-any-return]

    def happened(self, step: Step, on: Expr) -> tuple[Expr, dict[str, Expr]]:
        """Whether it happened on or before the day ``on`` (NULL: in doubt), and the facts missing for it."""
        what = step_as_occurrence(step)
        sure, maybe = self.first(what, True), self.first(what, False)
        before = ibis.coalesce(sure.day <= on, False)
        possible = ibis.coalesce(maybe.day <= on, False)
        truth = ibis.cases((before, True), (~possible, False), else_=ibis.null("boolean"))
        missing = {name: absent & truth.isnull() for name, absent in self.doubts(what, on).items()}
        return truth, missing

    # people

    def count_people(self, truth: Expr, *, role: str | None, distinct: bool, stage: int) -> Expr:
        """How many participants of a role (None: of any) satisfy ``truth`` (None: all); distinct persons if asked."""
        parts = [part for part in (None if role is None else _.role == role, truth) if part is not None]
        where = functools.reduce(operator.and_, parts)
        value = _.person.nunique(where=where) if distinct else where.sum()
        return ibis.coalesce(self._reduce(stage, "participants", value), 0)

    def any_person(self, role: str | None = None) -> Expr:
        """How many participants are on record, of the role if one is named."""
        where: Expr = _.role.notnull() if role is None else _.role == role
        return self.ask(("people", role), lambda: ibis.coalesce(self._reduce(1, "participants", where.sum()), 0))

    def total(self, what: Occurrence, value: Expr, at: Expr) -> Expr:
        """A sum or count over the events, each of which belongs to the instance whose key is ``at``; 0 where there are
        none."""
        return ibis.coalesce(self._reduce(1, "events", value, [s.event for s in what.steps], at), 0)

    def count_events(self, what: Occurrence, certain: bool, until: Moment | None) -> Expr:
        """How many events match on or before ``until``."""
        where = self.meant(what.steps, certain)
        if until is not None:
            where = where & (_.low <= ibis.coalesce(until.high, (self.sources.as_of + 1) * DAY))
        stage = 1 + (until.stage if until else 0)
        return ibis.coalesce(self._reduce(stage, "events", where.sum(), [s.event for s in what.steps]), 0)


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


def step_as_occurrence(step: Step) -> Occurrence:
    """A step that is already bound to its words, as an occurrence."""
    found = Occurrence.model_construct(any_of=[step], pick="first")
    found._steps = (step,)
    return found


def _on_event(condition: Condition) -> tuple[Expr, dict[str, Expr]]:
    """Over the events table: the truth of a condition on an event, and the facts missing for it."""
    return condition.column(_Row(None, "e_", _.low // DAY))


def _candidate(what: Occurrence, inside: bool) -> Expr:
    """Over the events: one of the occurrence that is (or may be) inside its ``among``."""
    found = []
    for step in what.steps:
        named = _.event == step.event
        among = _on_event(step.latest_among)[0] if step.latest_among else None
        found.append(named if among is None else named & ibis.coalesce(among, not inside))
    return functools.reduce(operator.or_, found)


def _passes(what: Occurrence) -> Expr:
    """Over the events: whether it meets its step's ``where``; NULL if unknown."""
    branches = [
        (_.event == s.event, _on_event(s.condition)[0] if s.condition else ibis.literal(True)) for s in what.steps
    ]
    return ibis.cases(*branches, else_=ibis.null("boolean"))


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

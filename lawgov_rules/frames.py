"""Tables that grow columns in stages, and time as columns.

A frame is asked for columns and gives deferred expressions back; nothing is computed until `Stages.build`, which
answers all that was asked in a few grouped passes over the events and participants: a stage holds what can be
computed together, the next one what depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Self

import ibis
from ibis import _
from ibis.common.deferred import Attr, Deferred, Item, Resolver, Variable

from lawgov_rules.days import Duration
from lawgov_rules.records import DAY

NO_INSTANCE = -1_000_000_000
DEEPEST = 8  # steps that may nest before their table is computed: readers of SQL have a bottom
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


@dataclass(frozen=True)
class Sources:
    """The tables of one record type, known on the as-of day.

    records: rid, id, organ, jurisdiction, region, r_<attribute>; events: erid, event, low, high, e_<attribute>;
    participants: prid, role, person, p_<attribute>; days: region, day, roll_lo, roll_hi, ord_lo, ord_hi;
    nth: region, ord, day_lo, day_hi. ``other`` gives the tables of another type; within: outer, inner, every pair of
    places of which the one contains the other. Canonical values, see vocabulary.py.
    """

    records: Expr
    events: Expr
    participants: Expr
    days: Expr
    nth: Expr
    as_of: int
    materialise: Callable[[Expr], Expr]
    other: Callable[[str], Sources]
    within: Expr


@dataclass
class _Asked:
    """What one stage computes: grouped columns by source with the events they look at, and joins against the
    calendar."""

    events: dict[str, _Reduced] = field(default_factory=dict)
    participants: dict[str, _Reduced] = field(default_factory=dict)
    lookups: list[_Lookup] = field(default_factory=list)


class _Reduced(NamedTuple):
    """A value over the events (or participants) of a record, and the names of the events that it looks at.

    ``at``: the instance that an event belongs to, where there is one at most.
    """

    value: Expr
    names: frozenset[str]
    at: Expr = None


class _Lookup(NamedTuple):
    """A step that adds columns to a table, and the columns that it reads."""

    step: Callable[[Expr], Expr]
    read: set[str]


class Stages:
    """A table of records, or of instances of records, that grows columns. ``keys`` tell its rows apart."""

    def __init__(self, sources: Sources, base: Expr, keys: Sequence[str] = ("rid",)) -> None:
        self.sources = sources
        self.base = base
        self.keys = tuple(keys)
        self._stages: dict[int, _Asked] = {}
        self._known: dict[object, Any] = {}
        self._frames: dict[object, Self] = {}
        self._scope: Expr = None

    def _stage(self, number: int) -> _Asked:
        return self._stages.setdefault(number, _Asked())

    def instances(self, key: object, base: Callable[[], Expr]) -> Self:
        """The frame of instances under a key: the same one for all who ask, so that it is computed once."""
        if key not in self._frames:
            self._frames[key] = type(self)(self.sources, base(), ("rid", "key"))
        return self._frames[key]

    def ask(self, key: object, make: Callable[[], Any]) -> Any:
        """The answer to the same question asked before, or a new one."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _reduce(self, stage: int, source: str, value: Expr, names: Sequence[str] = (), at: Expr = None) -> Expr:
        asked = self._stage(stage)
        columns = asked.events if source == "events" else asked.participants

        def make() -> str:
            name = f"s{stage}{source[0]}{len(columns)}"
            columns[name] = _Reduced(value, frozenset(names), at)
            return name

        return _[self.ask(("reduce", stage, source, identity((value, at))), make)]

    def column(self, value: Expr, stage: int) -> Expr:
        """A value, computed once behind ``stage`` and known by a name from then on: expressions that are used again
        and again would grow beyond what a database reads."""
        number = len(self._stage(stage + 1).lookups)
        name = f"s{stage + 1}c{number}"
        lookup = _Lookup(lambda table: table.mutate(**{name: value}), fields_read(value))
        self._stage(stage + 1).lookups.append(lookup)
        return _[name]

    def joined(self, other: Expr, on: Sequence[str], names: Sequence[str]) -> dict[str, Expr]:
        """Columns of another table whose ``on`` are this table's keys, by their names."""
        number = len(self._stage(1).lookups)
        mine = {name: f"s1j{number}_{name}" for name in names}

        def join(table: Expr) -> Expr:
            found = other.select(*on, **{mine[name]: other[name] for name in names})
            pairs = [table[key] == found[name] for key, name in zip(self.keys, on, strict=True)]
            return table.left_join(found, pairs).drop(*on)

        self._stage(1).lookups.append(_Lookup(join, set(self.keys)))
        return {name: _[column] for name, column in mine.items()}

    # time

    def due(self, anchor: Moment, within: Duration, *, roll: bool, start_day_counts: bool) -> tuple[Expr, Expr]:
        """Earliest and latest due day; the mirror of `Region.due`."""
        key = ("due", identity(anchor), within, roll, start_day_counts)
        return self.ask(key, lambda: self._due(anchor, within, roll, start_day_counts))  # type: ignore[no-any-return]

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

        self._stage(stage + 1).lookups.append(_Lookup(join, {"region"} | fields_read(day)))
        return _[low], _[high]

    def _nth_working_day(self, start: Expr, n: int, stage: int) -> tuple[Expr, Expr]:
        number = len(self._stage(stage).lookups)
        low, high = f"s{stage}w{number}_lo", f"s{stage}w{number}_hi"
        days, nth = self.sources.days, self.sources.nth

        def join(table: Expr) -> Expr:
            table = table.mutate(_start=start)
            at = days.select(_region=days.region, _day=days.day, _lo=days.ord_lo + n, _hi=days.ord_hi + n)
            table = table.left_join(at, [table.region == at._region, table._start == at._day]).drop("_region", "_day")
            early = nth.select(_region=nth.region, _ord=nth.ord, **{low: nth.day_lo})
            table = table.left_join(early, [table.region == early._region, table._lo == early._ord])
            table = table.drop("_region", "_ord")
            late = nth.select(_region=nth.region, _ord=nth.ord, **{high: nth.day_hi})
            table = table.left_join(late, [table.region == late._region, table._hi == late._ord])
            return table.drop("_region", "_ord", "_lo", "_hi", "_start")

        self._stage(stage).lookups.append(_Lookup(join, {"region"} | fields_read(start)))
        return _[low], _[high]

    # building

    def build(self, wanted: Collection[str], scope: Expr = None) -> Expr:
        """The table with the columns that are wanted of it, computed once; of the records that are in ``scope``, a
        condition on their own columns, if one is given."""
        self._scope, read = scope, self._read() | set(wanted)
        base = self._scoped(self.base)
        table, depth = base.select(*(column for column in base.columns if column in read)), 0
        for number in sorted(self._stages):
            asked = self._stages[number]
            steps: list[Callable[[Expr], Expr]] = []
            for columns, source, id_ in (
                (asked.events, self.sources.events, "erid"),
                (asked.participants, self.sources.participants, "prid"),
            ):
                if columns:
                    steps.append(partial(self._grouped, source=source, id_=id_, columns=columns))
            for step in (*steps, *(lookup.step for lookup in asked.lookups)):
                table, depth = step(table), depth + 1
                if depth == DEEPEST:
                    table, depth = self.sources.materialise(table), 0
        return self.sources.materialise(table.select(*(column for column in table.columns if column in wanted)))

    def _scoped(self, table: Expr) -> Expr:
        return table if self._scope is None else table.filter(self._scope)

    def _read(self) -> set[str]:
        """The columns that its stages read."""
        found = set(self.keys)
        for asked in self._stages.values():
            values = [one.value for columns in (asked.events, asked.participants) for one in columns.values()]
            found |= fields_read(values).union(*(lookup.read for lookup in asked.lookups))
        return found

    def _grouped(self, table: Expr, source: Expr, id_: str, columns: Mapping[str, _Reduced]) -> Expr:
        """The table with columns of its records' events; those that look at the same events are computed together."""
        records = self._scoped(self.sources.records)
        groups = _together(columns, table, source, records)
        if any(group.of_instance for group in groups):
            table = self.sources.materialise(table)  # it is read again for each
        joined = table
        for number, group in enumerate(groups):
            values = {name: columns[name].value for name in group.columns}
            wanted = fields_read([group.at, *values.values()])
            rows = source.select(id_, *(c for c in source.columns if c in wanted | {"event"} and c != id_))
            if group.names:
                rows = rows.filter(rows.event.isin(sorted(group.names)))
            # what does not depend on the instance is the same for all of a record
            keys = self.keys[1:] if group.of_instance else ()
            if group.read or self._scope is not None:
                mine = table if group.of_instance else records
                mine = mine.select("rid", *keys, *(c for c in mine.columns if c in group.read - {"rid", *keys}))
                rows = rows.inner_join(mine, rows[id_] == mine.rid)
            if group.at is not None:
                keys = self.keys[1:]
                rows = rows.mutate(**{keys[0]: group.at})
            found = rows.group_by(id_, *keys).agg(**values)
            found = found.rename({f"_{key}{number}": key for key in (id_, *keys)})
            pairs = [joined["rid"] == found[f"_{id_}{number}"], *(joined[k] == found[f"_{k}{number}"] for k in keys)]
            joined = joined.left_join(found, pairs)
        return joined.select(*table.columns, *columns)


@dataclass
class _Group:
    """Columns that are computed together: they look at the same events (of the same instances, if so)."""

    names: frozenset[str]
    columns: list[str]
    read: set[str]
    of_instance: bool
    at: Expr


def _together(columns: Mapping[str, _Reduced], table: Expr, source: Expr, records: Expr) -> list[_Group]:
    """What is computed together, and what it reads of the records or of the table's own columns."""
    own = set(table.columns) - set(source.columns)
    found: list[_Group] = []
    for name, (value, names, at) in columns.items():
        read = fields_read(value) & own
        group = _Group(names, [name], read, not read <= set(records.columns), at)
        rest = []
        for other in found:
            alike = other.of_instance == group.of_instance and identity(other.at) == identity(at)
            if alike and (other.names & group.names or other.names == group.names):
                group.names, group.read = other.names | group.names, other.read | group.read
                group.columns = other.columns + group.columns
            else:
                rest.append(other)
        found = [*rest, group]
    return found


def fields_read(value: Any) -> set[str]:
    """The names of the columns that a deferred expression reads."""
    found: set[str] = set()
    seen: set[int] = set()
    open_: list[Any] = [value]
    while open_:
        part = open_.pop()
        part = part._resolver if isinstance(part, Deferred) else part
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, (Attr, Item)) and isinstance(part.obj, Variable):
            name = part.name if isinstance(part, Attr) else part.indexer
            found.add(str(name.value))
        elif isinstance(part, Resolver):
            open_ += [getattr(part, name) for name in part.__fields__]
        elif isinstance(part, (tuple, list)):
            open_ += part
        elif isinstance(part, Mapping):
            open_ += part.values()
    return found


def identity(value: Any) -> Any:
    """What tells a column from others, by which an answer is found again: its repr would hide the literals in it."""
    if isinstance(value, Deferred):
        value = value._resolver
    if isinstance(value, Resolver):
        return (type(value), *(identity(getattr(value, name)) for name in value.__fields__))
    if isinstance(value, ibis.Expr):
        return value.op()
    if isinstance(value, (tuple, list)):
        return tuple(map(identity, value))
    if isinstance(value, Mapping):
        return tuple((name, identity(part)) for name, part in value.items())
    return value


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

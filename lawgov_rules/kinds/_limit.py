"""The last day of a time limit: counted, stopped and extended, for one record and in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lawgov_rules.days import Duration
from lawgov_rules.kinds._contract import Span
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.records import DAY
from lawgov_rules.view import View

if TYPE_CHECKING:
    from lawgov_rules.columns import Frame


class Extended(BaseModel):
    """A limit that ``when`` makes longer ``by`` some time, if it happens on or before the original last day."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    by: Span
    when: Occurrence

    @model_validator(mode="after")
    def _first(self) -> Extended:
        if self.when.pick != "first":
            raise ValueError("`when` is picked as `first`")
        return self


class Suspended(BaseModel):
    """A clock that stands still from one event to another; the first time it is stopped counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    from_: Occurrence = Field(alias="from")
    to: Occurrence

    @model_validator(mode="after")
    def _first(self) -> Suspended:
        if self.from_.pick != "first" or self.to.pick != "first":
            raise ValueError("`from` and `to` are picked as `first`")
        return self


class Limit(Protocol):
    """What a kind with a limit says of it."""

    @property
    def within(self) -> Duration | None: ...
    @property
    def roll(self) -> bool: ...
    @property
    def start_day_counts(self) -> bool: ...
    @property
    def extended(self) -> Extended | None: ...
    @property
    def suspended(self) -> Suspended | None: ...


class Due(NamedTuple):
    """Earliest and latest last day; ``stopped`` (1 or None) while the clock stands still."""

    low: Any
    high: Any
    stopped: Any = None


Choice = Sequence[bool]
"""For each of `slots`, whether only what surely happened counts."""


def check(limit: Limit) -> None:
    """Refuse what cannot be counted together."""
    unit = limit.within.unit if limit.within else None
    if (limit.extended or limit.suspended) and unit is None:
        raise ValueError("`extended` and `suspended` stand with `within`")
    if limit.suspended and unit == "working_days":
        raise ValueError("a limit in working days cannot be `suspended`: natural days only")
    if limit.extended and (limit.extended.by.unit == "working_days") != (unit == "working_days"):
        raise ValueError("`extended` and `within` are both in working days, or neither is")


def slots(limit: Limit) -> tuple[Occurrence, ...]:
    """The events that move the last day."""
    stop = (limit.suspended.from_, limit.suspended.to) if limit.suspended else ()
    return (*((limit.extended.when,) if limit.extended else ()), *stop)


def due(limit: Limit, view: View, trigger: Moment, choice: Choice) -> Due:
    """The last day of a limit that runs from a moment."""
    assert limit.within is not None
    region, counts = view.region, limit.start_day_counts
    if limit.within.unit != "working_days" and not limit.extended and not limit.suspended:
        return Due(*region.due(trigger.day, limit.within, roll=limit.roll, start_day_counts=counts))
    if limit.within.unit == "working_days":
        days = region.due(trigger.day, limit.within, start_day_counts=counts)
        if limit.extended:
            longer = Duration(limit.within.n + limit.extended.by.n, "working_days")
            further = region.due(trigger.day, longer, start_day_counts=counts)
            asked = limit.extended.when.first(view, choice[0], since=trigger)
            days = tuple(  # type: ignore[assignment]
                f if asked and d is not None and asked.day <= d else d for d, f in zip(days, further, strict=True)
            )
        return Due(*days)
    end, _ = region.due(trigger.day, limit.within, start_day_counts=counts)
    if limit.suspended and end is not None:
        stop = limit.suspended.from_.first(view, choice[-2], since=trigger)
        if stop and stop.day <= end:
            resumed = limit.suspended.to.first(view, choice[-1], since=stop)
            if resumed is None:
                return Due(None, None, 1)
            end += resumed.day - stop.day
    original = _rolled(limit, view, end)
    if not limit.extended or end is None:
        return Due(*original)
    asked = limit.extended.when.first(view, choice[0], since=trigger)
    extended = _rolled(limit, view, region.due(end, limit.extended.by)[0])
    later = [e if asked and o is not None and asked.day <= o else o for o, e in zip(original, extended, strict=True)]
    return Due(*later)


def _rolled(limit: Limit, view: View, end: int | None) -> tuple[int | None, int | None]:
    return view.region.roll(end) if limit.roll and end is not None else (end, end)


def due_columns(limit: Limit, frame: Frame, trigger: Any, choice: Choice) -> Due:
    """The mirror of `due`."""
    import ibis

    assert limit.within is not None
    counts, null = limit.start_day_counts, ibis.null("int64")
    asked: Any = None
    if limit.extended:
        asked = frame.first(limit.extended.when, choice[0], since=trigger)
    if limit.within.unit == "working_days":
        days: Any = frame.due(trigger, limit.within, roll=False, start_day_counts=counts)
        if limit.extended:
            longer = Duration(limit.within.n + limit.extended.by.n, "working_days")
            further = frame.due(trigger, longer, roll=False, start_day_counts=counts)
            days = _later(asked, days, further)
        return Due(*days)
    end: Any = frame.due(trigger, limit.within, roll=False, start_day_counts=counts)[0]
    stage, stopped = trigger.stage, None
    if limit.suspended:
        stop = frame.first(limit.suspended.from_, choice[-2], since=trigger)
        resumed = frame.first(limit.suspended.to, choice[-1], since=stop)
        counted = ibis.coalesce(stop.day <= end, False)
        stage = resumed.stage + 2
        stopped = frame.column(ibis.ifelse(counted & resumed.low.isnull(), 1, null), stage - 2)
        end = frame.column(ibis.ifelse(counted, end + (resumed.day - stop.day), end), stage - 2)
    original = frame.roll(end, stage) if limit.roll else (end, end)
    if limit.extended is None:
        return Due(*original, stopped)
    moment = type(trigger)(end * DAY, end * DAY, stage)
    longer_end = frame.due(moment, limit.extended.by, roll=False, start_day_counts=False)[0]
    extended = frame.roll(longer_end, stage) if limit.roll else (longer_end, longer_end)
    stage = max(stage, asked.stage) + 1
    low, high = (frame.column(day, stage) for day in _later(asked, original, extended))
    return Due(low, high, stopped)


def _later(asked: Any, original: tuple[Any, Any], extended: tuple[Any, Any]) -> tuple[Any, Any]:
    """The extended day where it was asked for on or before the original one."""
    import ibis

    low, high = (
        ibis.ifelse(ibis.coalesce(asked.day <= o, False), e, o) for o, e in zip(original, extended, strict=True)
    )
    return low, high

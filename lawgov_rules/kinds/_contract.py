"""What every kind of constraint provides, in five parts and in this order in its file.

1. a docstring with the headings *Requires, Verdicts, Readings, Example, Limits*;
2. parameters: frozen pydantic fields, unknown keys refused;
3. measures: `measure` for one record and `columns` for many, the same integers from both;
4. the judgement: one decision table over those measures;
5. `explain` and `say`: the measures as the figures and the sentence of a finding; `describe`: what it requires.

Beside the measures stands `wakes`: on which day, at the earliest, time alone makes another assessment of them (the
monitor looks at a record on such days only). A kind that looks at other records says at which ones in `looks_at`.

A file in this folder that defines a `Constraint` with a ``kind`` is found by `kinds.discover`; there is no list.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from lawgov_rules.condition import put
from lawgov_rules.dates import read_date, show_day
from lawgov_rules.days import Duration
from lawgov_rules.errors import shown
from lawgov_rules.judgement import Judgement, Measures, Row, row
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.records import DAY, Record
from lawgov_rules.turning import earliest, turn
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from lawgov_rules.columns import Frame


class Force(NamedTuple):
    """The days on which a ruleset is in force (inclusive; None: no end)."""

    first: int
    last: int | None


class Measured(NamedTuple):
    """One instance of one record: its key (None: not told apart), whether it surely exists, its measures by world."""

    key: int | None
    certain: bool
    worlds: list[Measures]


class Columns(NamedTuple):
    """The same for many records: a frame with a row an instance, measures by world, and the facts in doubt by name."""

    frame: Frame
    worlds: list[dict[str, Any]]
    doubts: dict[str, Any]


class Link(NamedTuple):
    """Other records that a record depends on: those of a type, by ``id``, ``organ`` or ``place``, or ``any`` of them.

    ``name`` is the id, the organ, or the code within which their place lies (of ``any``: empty).
    """

    by: Literal["id", "organ", "place", "any"]
    type: str
    name: str


class Outstanding(NamedTuple):
    """What is still to be done: its earliest and latest last day (None: nobody can tell yet).

    ``by_calendar``: which days are working days decides the last day. ``counts_until``: the last day on which an act
    counts for it at all, late or not (None: always); what a year's quota lacks cannot be made up in the next year.
    """

    low: int | None
    high: int | None
    by_calendar: bool = False
    counts_until: int | None = None


class Constraint(BaseModel):
    """The base of every kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    # the measures that an assessment keeps, in order
    MEASURES: ClassVar[tuple[str, ...]] = ()
    JUDGEMENT: ClassVar[Judgement]
    # of these, the earliest and the latest last day
    DUE: ClassVar[tuple[str, ...]] = ()
    # and the day of the act; see `acts`
    DONE: ClassVar[tuple[str, ...]] = ()
    # whether its acts are late by days
    COUNTS_DAYS: ClassVar[bool] = False
    # parameters that decide which instances there are; a reading may not change them
    INSTANCES: ClassVar[tuple[str, ...]] = ()
    # one of what its limits count, in its measures
    ONE: ClassVar[int] = 1
    # the measures that are always there when they are asked for, and never negative
    COUNTS: ClassVar[tuple[str, ...]] = ()
    # the measure that is there once the first of its `slots` has come
    FIRST: ClassVar[str] = ""
    # the measures that follow the as-of day and not the record
    DAILY: ClassVar[tuple[str, ...]] = ()
    # what an instance in doubt would be if it did not exist
    IF_NOT: ClassVar[Verdict] = Verdict.not_applicable

    kind: str

    @classmethod
    def model_for(cls, value: Any) -> type[Constraint]:
        """The kind that a value names, for telling its keys."""
        kind = value.get("kind") if isinstance(value, dict) else None
        return next((c for c in cls.__subclasses__() if c.__module__.rpartition(".")[2] == kind), cls)

    def measure(self, view: View, force: Force) -> Iterable[Measured]:
        """The measures of one record, an item for each instance (at least one)."""
        raise NotImplementedError

    def columns(self, records: Frame, force: Force) -> Columns:
        """The measures of all records as deferred columns."""
        raise NotImplementedError

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        """The facts that would decide between the worlds of an instance."""
        raise NotImplementedError

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        """The first day after ``as_of`` on which, by the passing of time alone, an assessment may be another.

        That is its verdict, detail, instances, missing facts, or measures other than `DAILY`; None: never. Too early
        costs a look, too late is wrong. Facts that time brings to hand are not its affair: an event or a date of the
        record, a participant's dates, other records; whoever keeps records looks at them on those days anyway.
        A kind whose instances are the same until a fact comes to hand returns `turns`; one with periods adds the day
        on which the next begins. Unless a kind says better: tomorrow.
        """
        return as_of + 1

    def turns(self, force: Force, measured: Iterable[Measured]) -> int | None:
        """The first day on which the judgement of one of these measures turns, all else being equal."""
        limits: dict[str, int | None] = {"force_from": force.first, "force_to": force.last}
        worlds = (world for one in measured for world in one.worlds)
        return earliest(turn(self.JUDGEMENT, {**world, **self.constants, **limits}) for world in worlds)

    def looks_at(self, record: Record) -> Iterable[Link]:
        """The other records that its measures of a record depend on, now or on a later day; unless a kind says which,
        every record of the types in `others`."""
        return [Link("any", type_, "") for type_ in self.others()]

    def slots(self) -> tuple[Occurrence, ...]:
        """The occurrences whose dates it compares."""
        return ()

    @cached_property
    def constants(self) -> dict[str, int | None]:
        """The measures that the parameters alone decide, the same for every record (None: never there)."""
        return {} if any(slot.attribute for slot in self.slots()) else {"lacking": None, "lacks_first": None}

    def possible(self, begun: bool = False) -> list[Row]:
        """The rows of its judgement that can decide with these parameters; ``begun`` if its first slot has come."""
        return self.JUDGEMENT.possible(self.constants, self.COUNTS, {self.FIRST} if begun else ())

    def others(self) -> frozenset[str]:
        """The types of other records that it looks at."""
        return frozenset()

    def fixed(self, view: View) -> dict[str, int | None]:
        """The measures that are the same in every instance and world of a record: the `constants`, and which slots are
        dates kept as attributes and not known (``lacking``, a bit each; ``lacks_first``, of the first slot alone).

        An event that is not on record has not happened; an attribute that is not on record is unknown.
        """
        if not self._dated_slots:
            return self.constants
        mask = sum(1 << n for n, name in self._dated_slots if name not in view.attributes)
        return self.constants | {"lacking": mask, "lacks_first": mask & 1}

    @cached_property
    def _dated_slots(self) -> list[tuple[int, str]]:
        return [(n, slot.attribute) for n, slot in enumerate(self.slots()) if slot.attribute]

    def lacking_columns(self) -> dict[str, Any]:
        """The mirror of `fixed`, without the constants."""
        import ibis
        from ibis import _

        slots = self.slots()
        bits = [ibis.ifelse(_[f"r_{s.attribute}"].isnull(), 1 << n, 0) for n, s in enumerate(slots) if s.attribute]
        first = bits[0] if bits and slots[0].attribute else None
        return {"lacking": functools.reduce(operator.add, bits) if bits else None, "lacks_first": first}

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The facts that an undetermined detail of this kind lacks, by the measures."""
        if detail == "people_unrecorded":
            return ("participants",)
        if lacking := measures.get("lacking"):
            return tuple(str(slot.attribute) for n, slot in enumerate(self.slots()) if lacking >> n & 1)
        if detail != "calendar_unpublished":
            return ()
        days = [day for name in ("due_lo", "due_hi") if (day := measures.get(name)) is not None]
        return (f"calendar:{show_day(max(days, default=measures.get('trigger') or 0))[:4]}",)

    def label(self, key: int) -> str:
        """The instance's label: the day on which it begins, unless a kind says otherwise."""
        return show_day(key)

    def acts(self) -> tuple[str, ...]:
        """The measures that are the day of the act: the first that there is."""
        return self.DONE

    def outstanding(self, measures: Measures) -> Outstanding | None:
        """What is still to be done by a day; None where it has been done, or no day is set for it.

        A kind that sets no day has none: what it asks for may be open, but it is never due.
        """
        return None

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        """The measures as the figures of a finding."""
        raise NotImplementedError

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        """The measures as the middle of a sentence: what happened when, and by how much it is off."""
        raise NotImplementedError

    def describe(self, prose: Prose) -> str:
        """What it requires, in a sentence that can be read aloud."""
        return prose.parameters(self)


LACKING = row("undetermined", "fact_missing", "lacking > 0")
"""The row of every kind that compares dates: one of them is kept as an attribute and not known."""


LACKS_FIRST = row("undetermined", "fact_missing", "lacks_first > 0")
"""The same of the date that starts everything; it stands before the rows that say that it has not come."""


def worlds(view: View | None, *slots: Occurrence) -> Iterator[tuple[bool, ...]]:
    """Every way to count events in doubt: for each slot, as not happened (certain only) and as happened.

    For a record, ways that are the same for it are counted once; columns (no view) need them all.
    """
    return itertools.product(*[slot.choices_in(view) for slot in slots])


def gather(view: View, *slots: Occurrence | None) -> frozenset[str]:
    """The facts in doubt of several slots."""
    return frozenset().union(*(slot.missing(view) for slot in slots if slot))


def gather_columns(frame: Frame, *slots: Occurrence | None) -> dict[str, Any]:
    """The same as columns."""
    found: dict[str, Any] = {}
    for slot in slots:
        for name, absent in (frame.doubts(slot) if slot else {}).items():
            put(found, name, absent)
    return found


def step_of(moment: Moment | None) -> int | None:
    """Which of its names a moment was, for a measure ``<name>_step``."""
    return moment.step if moment else None


def step_columns(**moments: Any) -> dict[str, Any]:
    """The mirror of `step_of`, by ``<name>_step``."""
    import ibis

    null = ibis.null("int64")
    return {f"{n}_step": None if m is None else ibis.ifelse(m.low.notnull(), m.step, null) for n, m in moments.items()}


def day_of(moment: Moment | None) -> int | None:
    return moment.low // DAY if moment else None


def _duration(value: Any) -> Any:
    return Duration.parse(value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return read_date(value)
    except ValueError as error:
        raise ValueError(f"`{shown(value)}` {error}") from None


Day = Annotated[int, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{1,2}-\d{1,2}$"})]
"""A date written as ``2013-12-31``, as days since 1970-01-01."""

Span = Annotated[
    Duration,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": "^\\d{1,5} +(day|working day|month|year)s?$"}),
]
"""A duration written as ``15 days``, ``5 working days``, ``2 years``."""

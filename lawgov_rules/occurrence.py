"""Which event counts: the YAML form of an occurrence and its one-record form (the column form is in columns.py).

``published`` is the first one; ``{event: e, where: {...}}`` the first that matches; ``any_of`` whichever of several
came first; ``all_of`` the moment when the last of several steps was done; ``otherwise`` stands in where the first
choice is not on record; ``attribute`` is a date kept as an attribute. ``pick: each`` makes every day on which it
happened an instance of its own; ``pick: latest`` looks at the last one on or before the date it is compared with.

An event whose ``where`` is unknown is judged both ways. So every question has two answers: with ``certain`` only
those that surely match count, without it also those that may.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, ValidationInfo, model_validator

from lawgov_rules.condition import Truth
from lawgov_rules.errors import a, did_you_mean, shown
from lawgov_rules.records import DAY, Event
from lawgov_rules.step import Context, Step
from lawgov_rules.validation import wrong
from lawgov_rules.view import View


class Moment(NamedTuple):
    """The first and last second at which something can have happened, and which of the names it was.

    Columns hold the same numbers; ``step`` counts along `Occurrence.names`.
    """

    low: int
    high: int
    step: int = 0

    @property
    def day(self) -> int:
        return self.low // DAY


class Anchor(NamedTuple):
    """What an instance hangs on: its key (None: not told apart), whether it surely exists, and its moment by
    ``certain``."""

    key: int | None
    certain: bool
    moments: dict[bool, Moment | None]


class Occurrence(BaseModel):
    """One or several events (see the module), bound to the vocabulary when it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    event: str | None = None
    where: Any = None
    among: Any = None
    any_of: list[Step] = []
    all_of: list[Step] = []
    attribute: str | None = None
    pick: Literal["first", "each", "latest"] = "first"
    otherwise: Occurrence | None = None
    _steps: tuple[Step, ...] = PrivateAttr(default=())

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"event": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Occurrence:
        context: Context = info.context  # type: ignore[assignment]
        self._check_shape()
        if self.attribute:
            known = context.vocabulary.record_types[context.record_type].attributes
            dates = [name for name in known if context.vocabulary.attributes[name].type == "date"]
            if self.attribute not in dates:
                reason = f"`{shown(self.attribute)}` is not a date of {a(context.record_type)}"
                raise wrong(("attribute",), reason, self.attribute, did_you_mean(self.attribute, dates))
        elif self.event:
            parts = {"event": self.event, "where": self.where, "among": self.among}
            try:
                self._steps = (Step.model_validate(parts, context=context),)
            except ValidationError as error:
                raise error.errors()[0]["ctx"]["error"] from None
        else:
            self._steps = tuple(self.any_of or self.all_of)
        return self

    def _check_shape(self) -> None:
        """What a schema cannot say: which keys stand together."""
        forms = [name for name in ("event", "any_of", "all_of", "attribute") if getattr(self, name)]
        if len(forms) != 1:
            raise wrong((), "must name exactly one of `event`, `any_of`, `all_of`, `attribute`")
        if self.otherwise and (self.attribute or self.otherwise.attribute):
            raise wrong(("otherwise",), "a date kept as an attribute stands alone", help="without `otherwise`")
        for key in ("where", "among"):
            if getattr(self, key) is not None and forms != ["event"]:
                advice = "write it beside each event of the list"
                raise wrong((key,), f"`{key}` belongs to one event", help=advice)
        if self.pick != "first" and (self.otherwise or forms[0] in ("attribute", "all_of")):
            raise wrong(("pick",), f"`pick: {self.pick}` needs plain events", self.pick)
        if self.pick != "latest" and (self.among is not None or any(s.latest_among for s in self.any_of)):
            raise wrong((), "`among` stands with `pick: latest`", help="use `where`")
        named = [step.event for step in self.any_of]
        for number, name in enumerate(named):
            if name in named[:number]:
                advice = "name it once, with `any: [...]` inside its `where`"
                raise wrong(("any_of", number), f"`{name}` stands twice", name, advice)

    # cached: pydantic looks a private attribute up slowly, and these are asked for every record
    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return self._steps

    @cached_property
    def choices(self) -> tuple[bool, ...]:
        """The values of ``certain`` that can differ: one where no event's ``where`` can be unknown, and one where
        the doubt is whether the instance exists at all."""
        if self.pick == "each":
            return (True,)
        doubtful = any(step.condition for step in self.steps) or (self.otherwise and len(self.otherwise.choices) > 1)
        return (True, False) if doubtful else (True,)

    @cached_property
    def keys(self) -> tuple[str, str, str]:
        """The same for every occurrence that asks the same: when it surely was, when it may have been, and each day."""
        said = (self.attribute, bool(self.all_of), *(step.key for step in self.steps))
        other = self.otherwise.keys if self.otherwise else None
        sure, may, each = (sys.intern(repr((question, said, other))) for question in ("sure", "may", "each"))
        return sure, may, each

    @cached_property
    def labels(self) -> dict[tuple[str, int | None], str]:
        """Its labels by language and step, as they are asked for: it is bound to one vocabulary."""
        return {}

    def choices_in(self, view: View | None) -> tuple[bool, ...]:
        """Of `choices`, those that differ for this record; all of them for columns, which hold many."""
        if view is None or len(self.choices) == 1:
            return self.choices
        return self.choices if self.doubtful(view) else (True,)

    def doubtful(self, view: View) -> bool:
        """Whether it is not known of an event of the record if it is meant."""
        for step in self.steps:
            if step.condition and step.matching(view).doubtful:
                return True
        return self.otherwise is not None and self.otherwise.doubtful(view)

    @cached_property
    def latest_choices(self) -> tuple[tuple[bool, bool], ...]:
        """Where the latest is asked for: whether events count that may be outside ``among``, and whether a ``where``
        that is unknown fails; as (only those surely inside, unknown fails)."""
        inside = (True, False) if any(step.latest_among for step in self.steps) else (True,)
        return tuple((i, fails) for i in inside for fails in (True, False))

    def latest_choices_in(self, view: View | None) -> tuple[tuple[bool, bool], ...]:
        """Of `latest_choices`, those that differ for this record; all of them for columns.

        One such event, of which all is known, leaves no choice.
        """
        if view is None:
            return self.latest_choices
        tried = [found for step in self.steps for found in step.candidates(view)]
        plain = not tried or (len(tried) == 1 and tried[0][1] and tried[0][2] is not None)
        return ((True, True),) if plain else self.latest_choices

    def every_step(self) -> tuple[Step, ...]:
        """Its steps, those of its stand-in included."""
        return self.steps + (self.otherwise.every_step() if self.otherwise else ())

    def names(self) -> tuple[str, ...]:
        """The events it speaks of, its stand-in included."""
        return tuple(step.event for step in self.every_step())

    # one record

    def first(
        self,
        view: View,
        certain: bool,
        *,
        since: Moment | None = None,
        until: Moment | None = None,
        valid_to: str | None = None,
        only: Callable[[Event], bool] | None = None,
    ) -> Moment | None:
        """When it first happened: on or after ``since``, on or before ``until`` and still valid on that day, counting
        the events for which ``only`` holds."""
        if self.attribute:
            return self._dated(view, since, until)
        if only:
            return self._first(view, certain, since, until, valid_to, only)
        key = (self.keys[not certain], since, until, valid_to)
        if key not in view.known:
            view.known[key] = self._first(view, certain, since, until, valid_to)
        found: Moment | None = view.known[key]
        return found

    def _first(
        self,
        view: View,
        certain: bool,
        since: Moment | None = None,
        until: Moment | None = None,
        valid_to: str | None = None,
        only: Callable[[Event], bool] | None = None,
    ) -> Moment | None:
        moments: list[Moment] = []
        for number, step in enumerate(self.steps):
            matching = step.matching(view)
            events = matching.sure if certain else matching.may
            if since:
                events = [e for e in events if e.high >= since.low]
            if until:
                events = [e for e in events if e.low <= until.high and _valid(e, until, valid_to)]
            if only:
                events = [e for e in events if only(e)]
            if events:
                moments.append(_earliest(events, number))
            elif self.all_of:
                moments = []
                break
        if len(moments) == 1:
            return moments[0]
        if moments:
            pick = max if self.all_of else min
            low = pick(m.low for m in moments)
            named = next(m.step for m in moments if m.low == low)
            return Moment(low, pick(m.high for m in moments), named)
        if self.otherwise is None:
            return None
        other = self.otherwise._first(view, certain, since, until, valid_to, only)
        return other and other._replace(step=other.step + len(self.steps))

    def _dated(self, view: View, since: Moment | None, until: Moment | None) -> Moment | None:
        """A date kept as an attribute, once it has come: what lies after the as-of day has not happened yet."""
        day = view.record.attributes.get(str(self.attribute))
        if day is None or int(day) > view.as_of:
            return None
        moment = Moment(int(day) * DAY, int(day) * DAY + DAY - 1)
        early = since is not None and moment.high < since.low
        late = until is not None and moment.low > until.high
        return None if early or late else moment

    def anchors(self, view: View) -> list[Anchor]:
        """The instances it gives a rule: one for the first, or one for each day on which it may have happened."""
        key = (self.keys[2], self.pick)
        if key not in view.known:
            view.known[key] = self._anchors(view)
        found: list[Anchor] = view.known[key]
        return found

    def _anchors(self, view: View) -> list[Anchor]:
        if self.pick != "each":
            return [Anchor(None, True, {choice: self.first(view, choice) for choice in self.choices_in(view)})]
        days: dict[int, list[tuple[Event, Truth, int]]] = {}
        for number, step in enumerate(self.steps):
            for event, truth in step.events(view):
                days.setdefault(event.day, []).append((event, truth, number))
        found = []
        for day, events in sorted(days.items()):
            first, certain, named = events[0]
            moment = Moment(first.low, first.high, named)
            if len(events) > 1:
                low = min(e.low for e, _, _ in events)
                named = next(n for e, _, n in events if e.low == low)
                moment = Moment(low, min(e.high for e, _, _ in events), named)
                certain = any(t for _, t, _ in events)
            found.append(Anchor(day, bool(certain), dict.fromkeys(self.choices, moment)))
        return found or [Anchor(None, True, dict.fromkeys(self.choices))]

    def latest(self, view: View, choice: tuple[bool, bool], until: Moment) -> tuple[Moment | None, bool]:
        """The last one on or before ``until`` (None: there is none), and whether it meets its ``where``.

        Where the order within a day is not on record, all that can have been the last must meet it.
        """
        inside, fails = choice
        last = self.last_group(view, until, inside)
        if not last:
            return None, False
        truths = [truth for _, _, truth in last]
        passes = all(truths) if fails else any(truth is not False for truth in truths)
        first = min([number for number, _, _ in last])
        return Moment(max([e.low for _, e, _ in last]), max([e.high for _, e, _ in last]), first), passes

    def last_group(self, view: View, until: Moment, inside: bool) -> list[tuple[int, Event, Truth]]:
        """The events that can have been the last on or before ``until``, each with its step and whether it passes."""
        before = [
            (number, event, passes)
            for number, step in enumerate(self.steps)
            for event, among, passes in step.candidates(view)
            if event.low <= until.high and (among or not inside)
        ]
        if len(before) <= 1:
            return before
        newest = max(event.low for _, event, _ in before)
        return [found for found in before if found[1].high >= newest]

    def first_candidate(self, view: View, inside: bool) -> Moment | None:
        """The first of its events that is (or may be) inside its ``among``, whatever its ``where``."""
        found = [
            (event, number)
            for number, step in enumerate(self.steps)
            for event, among, _ in step.candidates(view)
            if among or not inside
        ]
        if not found:
            return None
        low = min(e.low for e, _ in found)
        return Moment(low, min(e.high for e, _ in found), next(n for e, n in found if e.low == low))

    def events(self, view: View) -> Iterator[tuple[Event, Truth]]:
        """All visible events that match or may match."""
        for step in self.steps:
            yield from step.events(view)

    def missing(self, view: View) -> frozenset[str]:
        """The facts that would tell, of each event in doubt, whether it is meant."""
        found: frozenset[str] = frozenset()
        for step in self.steps:
            if step.condition:
                for event, truth in step.events(view):
                    if truth is None:
                        found |= step.missing(event, view)
        return found | self.otherwise.missing(view) if self.otherwise else found

    def missing_latest(self, view: View, until: Moment | None) -> frozenset[str]:
        """The facts that would tell whether the last one on or before ``until`` passes."""
        found: frozenset[str] = frozenset()
        for inside in dict.fromkeys(i for i, _ in self.latest_choices) if until else ():
            last = self.last_group(view, until, inside) if until else []
            found |= frozenset().union(*(self.steps[n].missing(e, view) for n, e, _ in last))
            if {True, False} <= {t for _, _, t in last}:
                found |= {f"{self.steps[n].event}.sequence" for n, _, _ in last}
        return found


def _earliest(events: Sequence[Event], step: int) -> Moment:
    first = events[0]
    if len(events) == 1:
        return Moment(first.low, first.high, step)
    return Moment(min([e.low for e in events]), min([e.high for e in events]), step)


def _valid(event: Event, until: Moment, valid_to: str | None) -> bool:
    """Whether the event has not expired on a day."""
    end = event.attributes.get(valid_to) if valid_to else None
    return end is None or int(end) >= until.day

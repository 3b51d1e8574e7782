"""Events with a condition, and the YAML form of conditions, bound to the vocabulary.

A step is an event, or those occurrences of it whose attributes meet a condition; a condition may ask whether a step
has happened. So the two are read together, here.
"""

from __future__ import annotations

import functools
import operator
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, ValidationInfo, model_validator

from lawgov_rules.condition import COMPARISONS, Check, Compare, Condition, Group, Item, Scope, Truth
from lawgov_rules.errors import a, did_you_mean, shown
from lawgov_rules.records import Event
from lawgov_rules.validation import Item as Wrong
from lawgov_rules.validation import WordErrors, items_of, wrong
from lawgov_rules.view import View
from lawgov_rules.vocabulary import Attribute, Value, Vocabulary
from lawgov_rules.yaml_file import Path_

if TYPE_CHECKING:
    from ibis.common.deferred import Deferred


@dataclass(frozen=True, slots=True)
class Context:
    """The words that a ruleset may use at one place: those of a record type, and of an event or role of it."""

    vocabulary: Vocabulary
    record_type: str
    item: tuple[str, ...] = ()
    prefix: str = ""
    of_event: bool = False  # a role may have the name of an event


@dataclass(frozen=True)
class Happened(Condition):
    """An event has happened on or before the day."""

    step: Step

    @cached_property
    def truth(self) -> Check:
        step = self.step

        def check(item: Item, view: View, on: int) -> Truth:
            truths = [truth for event, truth in step.events(view) if event.day <= on]
            return True if True in truths else None if truths else False

        return check

    def missing(self, item: Item, view: View, on: int) -> frozenset[str]:
        if self.truth(item, view, on) is not None:
            return frozenset()
        return frozenset().union(*(self.step.missing(e, view) for e, _ in self.step.events(view) if e.day <= on))

    def column(self, scope: Scope) -> tuple[Deferred, dict[str, Deferred]]:
        return scope.happened(self.step)


class Matching(NamedTuple):
    """The visible events of a step whose ``where`` is not false: each with its truth, those that surely match, and all
    that may."""

    truths: Sequence[tuple[Event, Truth]]
    sure: Sequence[Event]
    may: Sequence[Event]

    @property
    def doubtful(self) -> bool:
        """Whether it is not known of one of them."""
        return len(self.may) > len(self.sure)


class Step(BaseModel):
    """An event, or those occurrences of it whose attributes meet ``where``. The shortest form is its name.

    Where the latest one is asked for, ``where`` is what it must meet; ``among`` then says among which it is the
    latest (the last review by the legal office, not the last by anyone).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    event: str
    where: Any = None
    among: Any = None
    _where: Condition | None = PrivateAttr(default=None)
    _among: Condition | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"event": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Step:
        context: Context = info.context  # type: ignore[assignment]
        known = context.vocabulary.record_types[context.record_type].events
        if self.event not in known:
            raise wrong(
                (),
                f"`{shown(self.event)}` is not an event of {a(context.record_type)}",
                self.event,
                did_you_mean(self.event, known),
            )
        item = context.vocabulary.events[self.event].attributes
        inner = Context(context.vocabulary, context.record_type, item, self.event, of_event=True)
        if self.where is not None:
            self._where = parse(self.where, inner, ("where",))
        if self.among is not None:
            self._among = parse(self.among, inner, ("among",))
        return self

    @cached_property
    def condition(self) -> Condition | None:
        return self._where

    @cached_property
    def latest_among(self) -> Condition | None:
        return self._among

    @cached_property
    def key(self) -> str:
        """The same for every step that says the same, so that it is looked for once in each record."""
        return sys.intern(repr((self.event, self.where, self.among)))

    def matching(self, view: View) -> Matching:
        """The visible events of the name whose ``where`` is not false; looked for once."""
        found: Matching | None = view.known.get(self.key)
        if found is None:
            events, where = view.events(self.event), self.condition
            if where is None:
                found = Matching([(event, True) for event in events], events, events)
            else:
                truths = [(event, where.truth(event.attributes, view, event.day)) for event in events]
                truths = [(event, truth) for event, truth in truths if truth is not False]
                found = Matching(truths, [e for e, truth in truths if truth], [e for e, _ in truths])
            view.known[self.key] = found
        return found

    def events(self, view: View) -> Sequence[tuple[Event, Truth]]:
        """The visible events of the name whose ``where`` is not false, each with its truth."""
        return self.matching(view).truths

    def candidates(self, view: View) -> Sequence[tuple[Event, Truth, Truth]]:
        """The visible events of the name that are or may be inside ``among``: each with whether it surely is, and
        whether it passes (meets ``where``); looked for once."""
        key = ("candidates", self.key)
        if key not in view.known:
            found = []
            for event in view.events(self.event):
                inside, passes = (
                    True if asked is None else asked.truth(event.attributes, view, event.day)
                    for asked in (self.latest_among, self.condition)
                )
                if inside is not False:
                    found.append((event, inside, passes))
            view.known[key] = found
        known: Sequence[tuple[Event, Truth, Truth]] = view.known[key]
        return known

    def missing(self, event: Event, view: View) -> frozenset[str]:
        """The facts that would tell whether the event is meant, or passes."""
        conditions = [c for c in (self.condition, self.latest_among) if c]
        return frozenset().union(*(c.missing(event.attributes, view, event.day) for c in conditions))


def parse(raw: Any, context: Context, at: Path_ = ()) -> Condition:
    """The condition that YAML wrote. Raises WordErrors with every wrong word, its path and a way out."""
    wrongs: list[Wrong] = []
    condition = _parse(raw, context, at, wrongs)
    if wrongs or condition is None:
        raise WordErrors(wrongs)
    return condition


def _parse(raw: Any, context: Context, at: Path_, wrongs: list[Wrong]) -> Condition | None:
    if not isinstance(raw, dict):
        advice = "a condition is a mapping of attributes to values"
        wrongs.append((at, f"`{shown(raw)}` is not a condition", shown(raw), advice))
        return None
    if not raw:
        name = next((str(step) for step in reversed(at) if isinstance(step, str)), "this")
        inner = at and isinstance(at[-1], int)
        reason = f"`{name}` has an empty condition" if inner else f"`{name}` is empty"
        wrongs.append((at, reason, "", f"leave {'it' if inner else 'the key'} out, or name a condition"))
        return None
    parts: list[Condition | None] = []
    for key, value in raw.items():
        here = (*at, key)
        if key in ("any", "all", "none"):
            if not isinstance(value, list) or not value:
                wrongs.append((here, f"`{key}` must be a list of conditions", shown(value), "begin each with `- `"))
                continue
            group = [_parse(part, context, (*here, n), wrongs) for n, part in enumerate(value)]
            parts.append(Group(key, tuple(part for part in group if part)))
        elif key == "happened" and context.prefix:
            reason = "`happened` is asked of a record, not of an event or a participant"
            wrongs.append((here, reason, "", "write it in the `when` of the rule"))
        elif key == "happened":
            try:
                parts.append(Happened(Step.model_validate(value, context=context)))
            except ValidationError as error:
                wrongs.extend(((*here, *path), *rest) for path, *rest in items_of(error, Step, value))  # type: ignore[misc]
        else:
            parts.append(_compare(key, value, context, here, wrongs))
    found = tuple(part for part in parts if part)
    return found[0] if len(found) == 1 else Group("all", found) if found else None


def _compare(name: str, raw: Any, context: Context, at: Path_, wrong: list[Wrong]) -> Condition | None:
    own = context.vocabulary.record_types[context.record_type].attributes
    if name not in context.item and name not in own:
        where = f"`{context.prefix}` or {a(context.record_type)}" if context.prefix else f"{a(context.record_type)}"
        wrong.append(
            (
                at,
                f"`{shown(name)}` is not an attribute of {where}",
                name,
                did_you_mean(name, (*context.item, *own, "any", "all", "none", "happened")),
            )
        )
        return None
    of_item = name in context.item
    fact = f"{context.prefix}.{name}" if of_item else name
    words = context.vocabulary
    attribute = words.of_event(context.prefix, name) if of_item and context.of_event else words.attributes[name]

    def leaf(op: str, values: Any) -> Condition | None:
        found = _canonical(attribute, name, values, at, wrong)
        if found and attribute.type == "choices":
            op, found = "has", (functools.reduce(operator.or_, map(int, found)),)
        return Compare(name, fact, of_item, op, found, attribute) if found else None

    if not isinstance(raw, dict):
        return leaf("eq", raw)
    parts: list[Condition | None] = []
    for op, value in raw.items():
        if op == "known" and value in ("true", "false"):
            parts.append(Compare(name, fact, of_item, "known", (value == "true",), attribute))
        elif op == "not":
            inner = leaf("eq", value)
            parts.append(Group("none", (inner,)) if inner else None)
        elif op in COMPARISONS and not isinstance(value, list) and attribute.type in ("integer", "number", "date"):
            parts.append(leaf(op, value))
        else:
            ordered = attribute.type in ("integer", "number", "date")
            known = (*COMPARISONS, "not", "known") if ordered else ("not", "known")
            help = did_you_mean(op, [word for word in known if word != op])
            wrong.append(((*at, op), f"`{shown(op)}` cannot be asked of `{name}` like this", op, help))
    found = tuple(part for part in parts if part)
    return found[0] if len(found) == 1 else Group("all", found) if found else None


def _canonical(attribute: Attribute, name: str, values: Any, at: Path_, wrong: list[Wrong]) -> tuple[Value, ...]:
    """The canonical values that a condition names; what cannot be read is put among the wrong."""
    found: list[Value] = []
    for value in values if isinstance(values, list) else [values]:
        try:
            canonical = attribute.read(value)
            if canonical is None:
                raise ValueError("is empty")
            found.append(canonical)
        except ValueError as error:
            wrong.append((at, f"`{name}`: `{shown(value)}` {error}", shown(value), ""))
    return tuple(found)

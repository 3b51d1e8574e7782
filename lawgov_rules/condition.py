"""Conditions (``when``, ``unless``, ``where``) are data: their one-record form and their column form (step.py: YAML).

A mapping is "all of", a list of values is "one of"; ``{gte: 3}``, ``{not: x}``, ``{known: true}``, ``any: [...]``,
``all: [...]``, ``none: [...]``, ``happened: event``. Truth has three values: True, False and None (unknown); a false
conjunct decides, an unknown one does not. In columns NULL is the unknown, and SQL's own logic does the rest.

A condition on an event or a participant reads its attributes first and those of the record after.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from lawgov_rules.view import View
from lawgov_rules.vocabulary import Attribute, Value

if TYPE_CHECKING:
    from ibis.common.deferred import Deferred

Truth = bool | None
Item = Mapping[str, Value]
NO_ITEM: Item = {}
Check = Callable[[Item, View, int], Truth]
"""Whether a condition holds for an event or participant of a record; ``happened`` looks back from the day given."""
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
}


class Scope(Protocol):
    """What a condition needs to become a column: the attributes of the row, and whether a step had happened."""

    def attribute(self, name: str, of_item: bool) -> Deferred: ...

    def happened(self, step: Any) -> tuple[Deferred, dict[str, Deferred]]: ...


class Condition(ABC):
    """A node of a condition. What it asks is worked out once, as a closure, and then called for every record."""

    @property
    @abstractmethod
    def truth(self) -> Check:
        """Its one-record form."""

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "truth"}  # closures are not pickled

    @abstractmethod
    def missing(self, item: Item, view: View, on: int) -> frozenset[str]:
        """The facts that would decide it: none where it is known."""

    @abstractmethod
    def column(self, scope: Scope) -> tuple[Deferred, dict[str, Deferred]]:
        """Its truth (NULL: unknown) and, by name, whether that fact is missing where it is unknown, as columns."""


@dataclass(frozen=True)
class Compare(Condition):
    """One attribute against values: ``eq`` (one of several), ``has`` (holds one of several), ``known``, or an order."""

    name: str
    fact: str
    of_item: bool
    op: str
    values: tuple[Value, ...]
    attribute: Attribute

    @cached_property
    def truth(self) -> Check:
        name, holds, values = self.name, self._holds(), self.values
        if self.op == "eq" and not self.of_item:  # the commonest question, in one step

            def equals(item: Item, view: View, on: int) -> Truth:
                value = view.attributes.get(name)
                return None if value is None else value in values

            return equals
        if self.of_item:
            return lambda item, view, on: holds(item.get(name))
        return lambda item, view, on: holds(view.attributes.get(name))

    def _holds(self) -> Callable[[Any], Truth]:
        """Its truth for a value, which may be unknown."""
        values, first = self.values, self.values[0]
        if self.op == "known":
            return lambda value: (value is not None) == first
        if self.op == "eq":
            return lambda value: None if value is None else value in values
        if self.op == "has":
            bits = int(first)
            return lambda value: None if value is None else value & bits != 0
        compare = COMPARISONS[self.op]
        return lambda value: None if value is None else compare(value, first)

    def missing(self, item: Item, view: View, on: int) -> frozenset[str]:
        return frozenset() if self.truth(item, view, on) is not None else frozenset({self.fact})

    def column(self, scope: Scope) -> tuple[Deferred, dict[str, Deferred]]:
        column: Any = scope.attribute(self.name, self.of_item)
        if self.op == "known":
            return (column.notnull() if self.values[0] else column.isnull()), {}
        if self.op == "eq":
            truth = column == self.values[0] if len(self.values) == 1 else column.isin(list(self.values))
        elif self.op == "has":
            truth = (column & self.values[0]) != 0
        else:
            truth = COMPARISONS[self.op](column, self.values[0])
        return truth, {self.fact: column.isnull()}


@dataclass(frozen=True)
class Group(Condition):
    """All of, any of, or none of several conditions."""

    how: str
    parts: tuple[Condition, ...]

    @cached_property
    def truth(self) -> Check:
        checks = tuple(part.truth for part in self.parts)
        decisive = self.how != "all"  # one true part decides `any` and `none`, one false part decides `all`
        decided = self.how == "any"

        def check(item: Item, view: View, on: int) -> Truth:
            unknown = False
            for part in checks:
                truth = part(item, view, on)
                if truth is None:
                    unknown = True
                elif truth is decisive:
                    return decided
            return None if unknown else not decided

        return check

    def missing(self, item: Item, view: View, on: int) -> frozenset[str]:
        if self.truth(item, view, on) is not None:
            return frozenset()
        return frozenset().union(*(part.missing(item, view, on) for part in self.parts))

    def column(self, scope: Scope) -> tuple[Deferred, dict[str, Deferred]]:
        columns: list[tuple[Any, dict[str, Any]]] = [part.column(scope) for part in self.parts]
        truth = columns[0][0]
        for other, _ in columns[1:]:
            truth = truth & other if self.how == "all" else truth | other
        if self.how == "none":
            truth = negation(truth)
        missing: dict[str, Any] = {}
        for part, (known, names) in zip(self.parts, columns, strict=True):
            for name, absent in names.items():
                put(missing, name, known.isnull() & absent if isinstance(part, Group) else absent)
        return truth, missing


def put(found: dict[str, Any], name: str, truth: Any) -> None:
    """Add a boolean column under a name: the fact is missing if it is missing for any of the reasons put there."""
    found[name] = found[name] | truth if name in found else truth


def negation(truth: Any) -> Any:
    """NOT as a column, NULL staying NULL. Written as a comparison, because Ibis 12 writes ``~x`` without brackets, and
    SQL reads ``NOT x IS NULL`` as NOT (x IS NULL)."""
    return truth == False  # noqa: E712

"""The ways in which a condition can hold: what the attributes may be, so that what can never hold is seen.

A way leads from a fact to the values that it may have. Numbers and dates are looked at where a condition compares them
and one beside; a condition never turns anywhere else. What has happened and what has not are two independent facts.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lawgov_rules.condition import COMPARISONS, Compare, Condition, Group
from lawgov_rules.step import Happened
from lawgov_rules.vocabulary import Attribute, Value, show_day, show_number

Way = Mapping[str, frozenset[Value | None]]
FEW_BITS = 8


def can_hold(*conditions: Condition) -> bool:
    """Whether some record meets all conditions."""
    leaves: dict[str, list[Compare]] = {}
    for condition in conditions:
        _collect(condition, leaves)
    points = {fact: {None, *_points(of)} for fact, of in leaves.items()}
    return next(_all({}, conditions, True, points), None) is not None


def negation_of(condition: Condition) -> Condition:
    return Group("none", (condition,))


def alternatives(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Each branch of each `any` and each value of a list, as it is written, and the condition with it alone."""
    if isinstance(condition, Compare) and condition.op == "eq" and len(condition.values) > 1:
        for value in condition.values:
            one = replace(condition, values=(value,))
            yield written(one), one
    elif isinstance(condition, Group) and condition.how != "none":
        for number, part in enumerate(condition.parts):
            if condition.how == "any" and len(condition.parts) > 1:
                yield written(part), part
            for said, alone in alternatives(part):
                rest = (*condition.parts[:number], alone, *condition.parts[number + 1 :])
                yield said, alone if condition.how == "any" else Group("all", rest)


def written(condition: Condition) -> str:
    """A condition as YAML writes it, on one line."""
    if isinstance(condition, Happened):
        return f"happened: {condition.step.event}"
    if isinstance(condition, Group):
        parts = ", ".join(f"{{{written(part)}}}" for part in condition.parts)
        return f"{condition.how}: [{parts}]"
    assert isinstance(condition, Compare)
    values = [_shown(condition.attribute, value) for value in condition.values]
    if condition.op == "known":
        return f"{condition.name}: {{known: {str(condition.values[0]).lower()}}}"
    if condition.op in COMPARISONS:
        return f"{condition.name}: {{{condition.op}: {values[0]}}}"
    return f"{condition.name}: " + (values[0] if len(values) == 1 else f"[{', '.join(values)}]")


def _shown(attribute: Attribute, value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if attribute.type == "choices":
        return ", ".join(attribute.chosen(int(value)))
    if attribute.type == "number":
        return show_number(int(value))
    return show_day(int(value)) if attribute.type == "date" else str(value)


def _collect(condition: Condition, leaves: dict[str, list[Compare]]) -> None:
    """The comparisons of each fact."""
    if isinstance(condition, Group):
        for part in condition.parts:
            _collect(part, leaves)
    elif isinstance(condition, Compare):
        leaves.setdefault(condition.fact, []).append(condition)


def _points(leaves: Sequence[Compare]) -> Iterator[Value]:
    """The values of a fact between which its comparisons can tell."""
    attribute = leaves[0].attribute
    compared = [value for leaf in leaves if leaf.op != "known" for value in leaf.values]
    if attribute.type == "boolean":
        yield from (True, False)
    elif attribute.type == "choice":
        yield from attribute.values
    elif attribute.type == "choices":
        asked = functools.reduce(operator.or_, map(int, compared), 0)
        bits = [1 << n for n in range(asked.bit_length()) if asked >> n & 1]
        sizes = range(len(bits) + 1) if len(bits) <= FEW_BITS else (0, 1, len(bits))
        yield from (sum(some) for size in sizes for some in itertools.combinations(bits, size))
    elif attribute.type == "text":
        yield from (*compared, "\0")  # and any other text
    else:
        yield from (beside for value in compared or (0,) for beside in (int(value) - 1, int(value), int(value) + 1))


def _all(way: Way, parts: Sequence[Condition], wanted: bool, points: Mapping[str, set[Value | None]]) -> Iterator[Way]:
    """The ways within ``way`` in which every part is true (or false, as ``wanted``)."""
    if not parts:
        yield way
        return
    for narrower in _ways(way, parts[0], wanted, points):
        yield from _all(narrower, parts[1:], wanted, points)


def _ways(way: Way, condition: Condition, wanted: bool, points: Mapping[str, set[Value | None]]) -> Iterator[Way]:
    if isinstance(condition, Group):
        inner = wanted if condition.how != "none" else not wanted
        if inner == (condition.how == "all"):
            yield from _all(way, condition.parts, inner, points)
        else:
            for part in condition.parts:
                yield from _ways(way, part, inner, points)
        return
    if isinstance(condition, Compare):
        fact, allowed = condition.fact, _allowed(condition, wanted, points[condition.fact])
    else:
        fact, allowed = repr(condition), frozenset({wanted})
    narrowed = allowed & way[fact] if fact in way else allowed
    if narrowed:
        yield {**way, fact: narrowed}


def _allowed(leaf: Compare, wanted: bool, points: set[Value | None]) -> frozenset[Value | None]:
    """The values that make a comparison true, or false; an unknown value does neither."""
    if leaf.op == "known":
        return frozenset(v for v in points if (v is not None) == (leaf.values[0] == wanted))
    return frozenset(v for v in points if v is not None and _meets(leaf, v) == wanted)


def _meets(leaf: Compare, value: Value) -> bool:
    if leaf.op == "eq":
        return value in leaf.values
    if leaf.op == "has":
        return int(value) & int(leaf.values[0]) != 0
    return COMPARISONS[leaf.op](value, leaf.values[0])

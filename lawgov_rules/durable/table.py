"""A decision table as integers, which cross to the worker, and as rules of the dialect, which it builds from them.

A fact is one world, or what was derived from several: for every measure ``i`` of the table ``m<i>``, its value (0 where
it is unknown), and ``k<i>``, 1 where it is known. So a comparison with an unknown measure does not hold, as in
`Judgement.given`. Every row that holds fires; the first of them is the answer. The last row always fires: silence is a
fault, never a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lawgov_rules.judgement import Comparison, Judgement, Measures

OPERATORS = ("absent", "present", "gte", "gt", "lte", "lt")
PRIME = "p"
"""The property that is 1 in the facts that warm a ruleset up, and 0 in all others."""

Condition = tuple[int, int, int, int]
"""Operator (its place in `OPERATORS`), left measure, whether the right side is a measure, right measure or number."""
Rows = Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table: the names of its measures, its rows over their places, and each row's code."""

    measures: tuple[str, ...]
    rows: tuple[tuple[Condition, ...], ...]
    codes: tuple[int, ...]

    def values(self, measures: Measures) -> list[int | None]:
        """The measures in the table's order."""
        return [measures.get(name) for name in self.measures]

    def to_wire(self) -> list[Any]:
        """What the worker builds it from: integers alone."""
        return [len(self.measures), self.rows]


def table_of(judgement: Judgement, unforeseen: int) -> Table:
    """The table of a judgement; ``unforeseen`` is the code where no row holds."""
    return table_of_rows([(row.code, row.when) for row in judgement.rows], unforeseen)


def table_of_rows(lines: Sequence[tuple[int, Sequence[Comparison]]], otherwise: int) -> Table:
    """A table of codes and the comparisons that must all hold for them; ``otherwise`` is the code where none do."""
    names: dict[str, int] = {}
    rows = tuple(tuple(_condition(comparison, names) for comparison in when) for _, when in lines)
    return Table(tuple(names), (*rows, ()), (*(code for code, _ in lines), otherwise))


def _condition(comparison: Comparison, names: dict[str, int]) -> Condition:
    left, operator, right = comparison
    place = names.setdefault(left, len(names))
    if isinstance(right, str):
        return OPERATORS.index(operator), place, 1, names.setdefault(right, len(names))
    return OPERATORS.index(operator), place, 0, right


def definition(rows: Rows, action: Callable[[int], Any]) -> dict[str, Any]:
    """The rows as rules of durable-rules, with the action of each; one more answers the facts that warm it up."""
    rules = {f"r{n}": _rule(_conditions(row) or [{PRIME: 0}], action(n)) for n, row in enumerate(rows)}
    return {**rules, "prime": _rule([{PRIME: 1}], action(len(rows)))}


def _rule(conditions: list[dict[str, Any]], action: Any) -> dict[str, Any]:
    return {"all": [{"m": {"$and": conditions} if len(conditions) > 1 else conditions[0]}], "run": action}


def _conditions(row: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    """The comparisons of a row, each behind the flags that its measures are known."""
    found: list[dict[str, Any]] = []
    for operator, left, is_measure, right in row:
        name = OPERATORS[operator]
        asked: list[dict[str, Any]] = [{f"k{left}": 0 if name == "absent" else 1}]
        if name not in ("absent", "present"):
            asked += [{f"k{right}": 1}] if is_measure else []
            asked.append({f"${name}": {f"m{left}": {"$m": f"m{right}"} if is_measure else right}})
        found += [one for one in asked if one not in found]
    return found


def fact(values: Sequence[int | None]) -> dict[str, int]:
    """The properties of a fact: every measure with its flag."""
    found = {PRIME: 0}
    for n, value in enumerate(values):
        found[f"m{n}"] = 0 if value is None else value
        found[f"k{n}"] = 0 if value is None else 1
    return found


def properties(width: int) -> frozenset[str]:
    """Every property of a fact of so many measures."""
    return frozenset(fact([None] * width))

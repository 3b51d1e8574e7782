"""What a rule can say: its verdicts and its edges, by the rows of its judgement that its parameters leave possible.

A verdict that no row can give is no gap in the cases; one that a row can give and no case expects is. An edge is where
a figure of the constraint decides: the last day in time, and the day after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lawgov_rules.condition import COMPARISONS, Group
from lawgov_rules.judgement import FORCE, Comparison, Measures, Row
from lawgov_rules.kinds._contract import Constraint
from lawgov_rules.rule import Rule
from lawgov_rules.step import Happened
from lawgov_rules.verdict import Assessment, Verdict
from lawgov_rules.ways import can_hold

# always within reach: a record outside the jurisdiction, and one whose jurisdiction is not on record
ALWAYS = frozenset({Verdict.not_applicable, Verdict.undetermined})
# where a comparison turns: the last value on the one side, the first on the other
SIDES = {"lte": (0, 1), "gt": (0, 1), "gte": (0, -1), "lt": (0, -1)}


class Edge(NamedTuple):
    """A measure at its limit (``beyond`` 0), or one beside it."""

    measure: str
    limit: str
    beyond: int

    def __str__(self) -> str:
        beside = f" {'+' if self.beyond > 0 else '-'} 1" if self.beyond else ""
        return f"{self.measure} = {self.limit}{beside}"


def verdicts(rule: Rule) -> frozenset[Verdict]:
    """The verdicts that a rule can give some record, on some day."""
    readings = list(rule.constraints.values())
    each = [frozenset(line.verdict for line in rows(rule, reading)) for reading in readings]
    # readings that part are arguable, so a verdict needs all of them
    found = frozenset.intersection(*each) | ALWAYS
    if any(reading != readings[0] for reading in readings):
        found |= {Verdict.arguable}
    if rule.excused_by and any(Verdict.violated in known for known in each):
        found |= {Verdict.excused}
    return found


def breached_by_time(rule: Rule) -> bool:
    """Whether the rule can find a breach, under every reading, because a time has passed."""
    breaches = (
        {line.detail for line in rows(rule, reading) if line.verdict == Verdict.violated}
        for reading in rule.constraints.values()
    )
    return all(details & {"late", "missing"} for details in breaches)


def edges(rule: Rule) -> list[Edge]:
    """The edges of a rule that its assessments show, in the order of its judgement."""
    found: dict[Edge, None] = {}
    for constraint in rule.constraints.values():
        shown = {*constraint.MEASURES, *constraint.constants, "as_of"}
        for line in rows(rule, constraint):
            for left, op, right in line.when:
                if op in SIDES and left in shown and right in shown:
                    found |= dict.fromkeys(Edge(left, _family(right), beyond) for beyond in SIDES[op])
    return list(found)


def edges_met(rule: Rule, assessment: Assessment, as_of: int) -> set[Edge]:
    """The edges on which an assessment stands: those that were looked at before it was decided."""
    found: set[Edge] = set()
    for name, constraint in rule.constraints.items():
        given = assessment.readings.get(name, assessment.verdict.name)
        measures = {**constraint.constants, **assessment.measures, "as_of": as_of}
        way = list(_way(rows(rule, constraint), measures))
        # what decided may be a fact that the assessment does not carry; then nothing is said
        if way and way[-1].verdict.name == ("violated" if given == "excused" else given):
            found |= {edge for line in way for edge in _at(line, measures, constraint.ONE)}
    return found


def rows(rule: Rule, constraint: Constraint) -> list[Row]:
    """The rows about the constraint itself that can decide of a record to which the rule applies."""
    return [line for line in constraint.possible(_begun(rule, constraint)) if line not in FORCE]


def _begun(rule: Rule, constraint: Constraint) -> bool:
    """Whether `when` says that the first slot has come: that it has happened."""
    when, _ = rule.condition_columns()
    first = next(iter(constraint.slots()), None)
    if when is None or first is None or not first.steps or first.all_of or not constraint.FIRST:
        return False
    return not can_hold(when, Group("none", tuple(Happened(step) for step in first.steps)))


def _way(possible: Iterable[Row], measures: Measures) -> Iterator[Row]:
    """The rows that are looked at, the last one being the one that holds."""
    for line in possible:
        yield line
        if all(_holds(comparison, measures) for comparison in line.when):
            return


def _holds(comparison: Comparison, measures: Mapping[str, int | None]) -> bool:
    left, op, right = comparison
    value, other = measures.get(left), measures.get(right) if isinstance(right, str) else right
    if op in ("absent", "present"):
        return (value is None) == (op == "absent")
    return value is not None and other is not None and COMPARISONS[op](value, other)


def _at(line: Row, measures: Measures, one: int) -> Iterator[Edge]:
    for comparison in line.when:
        left, op, right = comparison
        value, limit = measures.get(left), measures.get(right) if isinstance(right, str) else None
        if op in SIDES and value is not None and limit is not None:
            off = value - limit
            # between two whole numbers lies a sum such as 39.5
            if -one <= off <= one:
                yield Edge(left, _family(right), (off > 0) - (off < 0))
        if not _holds(comparison, measures):
            return


def _family(limit: str | int) -> str:
    """An earliest and a latest due day are one limit."""
    return str(limit).removesuffix("_lo").removesuffix("_hi")

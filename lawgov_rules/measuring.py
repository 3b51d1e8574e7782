"""One record at a time, measured in Python and not yet judged, for an executor that judges elsewhere.

Between `measure` and `Measurement.answer` stands the judgement of the worlds. `live` compiles all three into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE, assessment, excused
from lawgov_rules.condition import NO_ITEM
from lawgov_rules.judgement import Measures, conclude
from lawgov_rules.kinds._contract import Constraint, Force, Measured
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import Assessment
from lawgov_rules.view import Population, View


class Measurement(NamedTuple):
    """One rule that applies, or may apply, to one record: by instance, what each reading measured."""

    rule: Rule
    view: View
    applies: bool | None
    lacking: frozenset[str]
    kinds: list[Constraint]
    instances: list[tuple[Measured, ...]]

    def answer(self, instance: int, codes: Sequence[Sequence[int]], rules: Rulesets) -> Assessment:
        """The assessment of an instance, from the codes of its worlds by reading."""
        rule, view, kinds, measured = self.rule, self.view, self.kinds, self.instances[instance]
        if rule.excused_by and view.record.attributes.get(rule.excused_by):
            codes = [[excused(c) for c in judged] for judged in codes]
        key, certain = measured[0].key, measured[0].certain
        answer = conclude(codes, certain, self.applies, kinds[0].IF_NOT)
        missing = self.lacking if answer.in_condition else frozenset()
        if answer.in_worlds:
            missing |= frozenset().union(*(kind.doubts(view, key) for kind in kinds))
        return assessment(
            rule,
            view.record.id,
            key,
            answer.code,
            reading=answer.reading,
            verdicts=answer.verdicts,
            missing=missing,
            in_doubt=answer.in_worlds or answer.in_condition,
            measures=measured[answer.reading].worlds[0],
            vocabulary=rules.vocabulary,
        )


def views(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[tuple[View, list[Rule]]]:
    """Each record as known on the day, with the rules of its type; records of a type without rules are left out."""
    by_type: dict[str, list[Rule]] = {}
    for rule in rules:
        by_type.setdefault(rule.record, []).append(rule)
    population = None
    if any(rule.others for rule in rules):
        records = list(records)
        population = Population(records, rules.jurisdictions.contains)
    for record in records:
        if mine := by_type.get(record.type):
            yield View(record, as_of, rules.calendar.region(record.jurisdiction), population), mine


def measure(rule: Rule, view: View, rules: Rulesets) -> Measurement | Assessment:
    """One rule on one record: its measurement, or the assessment that it does not apply."""
    record = view.record
    inside = rules.inside(rule, record.jurisdiction)
    if inside is False:
        return assessment(rule, record.id, None, OUTSIDE, vocabulary=rules.vocabulary)
    applies, lacking = _applies(rule, view)
    if applies is False:
        return assessment(rule, record.id, None, CONDITION_FALSE, vocabulary=rules.vocabulary)
    if inside is None:
        applies, lacking = None, lacking | {"jurisdiction"}
    kinds = list(rule.constraints.values())
    instances = list(zip(*(list(kind.measure(view, rule.force)) for kind in kinds), strict=True))
    for reading in instances:
        for instance in reading:
            for world in instance.worlds:
                _date(world, rule.force)
    return Measurement(rule, view, applies, lacking, kinds, instances)


def _applies(rule: Rule, view: View) -> tuple[bool | None, frozenset[str]]:
    """Whether the condition of a rule holds of a record, and the facts that would tell."""
    truth: bool | None = True
    missing: frozenset[str] = frozenset()
    for condition, wanted in zip(rule.condition_columns(), (True, False), strict=True):
        found = condition.truth(NO_ITEM, view, view.as_of) if condition else wanted
        if found is (not wanted):
            return False, frozenset()
        if found is None and condition:
            truth, missing = None, missing | condition.missing(NO_ITEM, view, view.as_of)
    return truth, missing


def _date(measures: Measures, force: Force) -> None:
    """Put the days of force among the measures, since every table compares with them."""
    measures["force_from"], measures["force_to"] = force.first, force.last  # type: ignore[index]

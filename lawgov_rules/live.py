"""The executor for one record: plain Python, no dependency beyond the base install."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE, assessment, excused
from lawgov_rules.judgement import conclude
from lawgov_rules.kinds._contract import Measured
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import Assessment
from lawgov_rules.view import Population, View


def assess(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type, as known on the day ``as_of``."""
    by_type: dict[str, list[Rule]] = {}
    for rule in rules:
        by_type.setdefault(rule.record, []).append(rule)
    population = None
    if any(rule.others for rule in rules):
        records = list(records)
        population = Population(records, rules.jurisdictions.contains)
    for record in records:
        if mine := by_type.get(record.type):
            view = View(record, as_of, rules.calendar.region(record.jurisdiction), population)
            for rule in mine:
                yield from assess_rule(rule, view, rules)


def assess_rule(rule: Rule, view: View, rules: Rulesets) -> Iterator[Assessment]:
    """One rule on one record: an assessment for each instance, at least one."""
    record, words = view.record, rules.vocabulary
    inside = rules.inside(rule, record.jurisdiction)
    if inside is False:
        yield assessment(rule, record.id, None, OUTSIDE, vocabulary=words)
        return
    applies, lacking = rule.applies(view)
    if applies is False:
        yield assessment(rule, record.id, None, CONDITION_FALSE, vocabulary=words)
        return
    if inside is None:
        applies, lacking = None, lacking | {"jurisdiction"}
    yield from _instances(rule, view, applies, lacking, rules)


def _instances(
    rule: Rule, view: View, applies: bool | None, lacking: frozenset[str], rules: Rulesets
) -> Iterator[Assessment]:
    force = rule.force
    reason = view.record.attributes.get(rule.excused_by) if rule.excused_by else None
    kinds = list(rule.constraints.values())
    measured: list[list[Measured]] = [list(kind.measure(view, force)) for kind in kinds]
    for instances in zip(*measured, strict=True):
        codes: list[list[int]] = []
        for kind, instance in zip(kinds, instances, strict=True):
            judged = [kind.JUDGEMENT.decide(_dated(world, force)) for world in instance.worlds]
            codes.append([excused(c) for c in judged] if reason else judged)
        key, certain = instances[0].key, instances[0].certain
        answer = conclude(codes, certain, applies, kinds[0].IF_NOT)
        missing = lacking if answer.in_condition else frozenset()
        if answer.in_worlds:
            missing |= frozenset().union(*(kind.doubts(view, key) for kind in kinds))
        yield assessment(
            rule,
            view.record.id,
            key,
            answer.code,
            reading=answer.reading,
            verdicts=answer.verdicts,
            missing=missing,
            in_doubt=answer.in_worlds or answer.in_condition,
            measures=instances[answer.reading].worlds[0],
            vocabulary=rules.vocabulary,
        )


def _dated(measures: Any, force: Any) -> Any:
    """The measures with the days of force, which every table compares with."""
    measures["force_from"], measures["force_to"] = force.first, force.last
    return measures

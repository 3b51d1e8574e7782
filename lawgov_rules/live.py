"""The executor for one record: plain Python, no dependency beyond the base install."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lawgov_rules.measuring import measure, views
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import Assessment
from lawgov_rules.view import View


def assess(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type, as known on the day ``as_of``."""
    for view, mine in views(records, rules, as_of):
        for rule in mine:
            yield from assess_rule(rule, view, rules)


def assess_rule(rule: Rule, view: View, rules: Rulesets) -> Iterator[Assessment]:
    """One rule on one record: an assessment for each instance, at least one."""
    found = measure(rule, view, rules)
    if isinstance(found, Assessment):
        yield found
        return
    for n, instance in enumerate(found.instances):
        codes = [
            [kind.JUDGEMENT.decide(world) for world in reading.worlds]
            for kind, reading in zip(found.kinds, instance, strict=True)
        ]
        yield found.answer(n, codes, rules)

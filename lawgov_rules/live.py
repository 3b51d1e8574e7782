"""The executor for one record: plain Python, no dependency beyond the base install."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lawgov_rules.measuring import measured
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment


def assess(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type, as known on the day ``as_of``."""
    for _, found in measured(records, rules, as_of):
        for item in found:
            if isinstance(item, Assessment):
                yield item
                continue
            for n, instance in enumerate(item.instances):
                codes = [
                    [kind.JUDGEMENT.decide(world) for world in reading.worlds]
                    for kind, reading in zip(item.kinds, instance, strict=True)
                ]
                yield item.answer(n, codes, rules)

"""The executor for one record: plain Python, no dependency beyond the base install.

A record is measured (`measuring`), and the decision table of each rule, folded once with what is the same for every
record, decides each of its worlds, from which `judgement.conclude` makes one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lawgov_rules.judgement import conclude
from lawgov_rules.measuring import Judged, Measurement, Prepared
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment
from lawgov_rules.view import Population


def judge(record: Record, rules: Rulesets, as_of: int, population: Population | None = None) -> list[Judged]:
    """Every verdict on one record as known on a day; see `Prepared.measure`."""
    return [one for item in Prepared.of(rules).measure(record, as_of, population) for one in judged(item)]


def judged(item: Measurement | Judged) -> Iterable[Judged]:
    """A verdict for each instance that was measured."""
    if isinstance(item, Judged):
        return (item,)
    found = []
    for instance in item.instances:
        both = zip(item.of.decide, instance, strict=True)
        codes = item.excused([list(map(decide, reading.worlds)) for decide, reading in both])
        found.append(item.judged(instance, conclude(codes, instance[0].certain, item.applies, item.if_not)))
    return found


def assess(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type, as known on the day ``as_of``."""
    for record, measured in Prepared.of(rules).measure_all(records, as_of):
        for item in measured:
            for one in judged(item):
                yield one.assessment(record, rules)

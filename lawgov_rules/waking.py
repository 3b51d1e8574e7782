"""One record judged anew: its assessments, and the next day on which they can be others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lawgov_rules import live
from lawgov_rules.kinds._contract import Link
from lawgov_rules.measuring import Measurement, Prepared
from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.turning import earliest
from lawgov_rules.verdict import Assessment
from lawgov_rules.view import Population
from lawgov_rules.vocabulary import Value


class Judged(NamedTuple):
    """The assessments of a record, and the first day on which time makes others of them (None: never)."""

    assessments: list[Assessment]
    wake: int | None


class Judge:
    """What every record is judged by: the compiled rules, and which of the known attributes are dates."""

    def __init__(self, rules: Rulesets) -> None:
        self.rules = rules
        self.by_key = {rule.key: rule for rule in rules}
        self._prepared = Prepared.of(rules)
        # the types of records that rules look at beside the record they judge, and by type the rules that do
        self.looked_at = frozenset[str]().union(*(rule.others for rule in rules))
        self.lookers: dict[str, list[Rule]] = {}
        for rule in rules:
            if rule.others:
                self.lookers.setdefault(rule.record, []).append(rule)
        attributes = rules.vocabulary.attributes
        self._dates = frozenset(name for name in attributes if attributes[name].type == "date")

    def assess(self, record: Record, as_of: int, others: Population) -> list[Assessment]:
        """The assessments of a record among others, by every rule of its type."""
        judged = live.judge(record, self.rules, as_of, others if self.looked_at else None)
        return [one.assessment(record, self.rules) for one in judged]

    def __call__(self, record: Record, as_of: int, others: Population) -> Judged:
        """The same, and when to look again."""
        found: list[Assessment] = []
        days = [self.next_fact(record, as_of)]
        for item in self._prepared.measure(record, as_of, others if self.looked_at else None):
            found += [one.assessment(record, self.rules) for one in live.judged(item)]
            # a rule that does not concern the record does so only when another fact comes to hand
            if isinstance(item, Measurement):
                for n, kind in enumerate(item.of.kinds):
                    days.append(kind.wakes(as_of, item.of.force, [instance[n] for instance in item.instances]))
        return Judged(found, earliest(days))

    def next_fact(self, record: Record, as_of: int) -> int | None:
        """The first day after ``as_of`` on which a dated fact of a record comes to hand or lapses.

        An event or a date kept as an attribute comes to hand on its day; what is valid to a day lapses the day after.
        """
        days = [event.day for event in record.events]
        for attributes in (record.attributes, *(person.attributes for person in record.participants)):
            days += self._days(attributes)
        return min((day for day in days if day > as_of), default=None)

    def _days(self, attributes: Mapping[str, Value]) -> Iterator[int]:
        for name in self._dates & attributes.keys():
            yield from (int(attributes[name]), int(attributes[name]) + 1)

    def links(self, record: Record) -> Sequence[Link]:
        """The other records that the assessments of a record depend on; see `Constraint.looks_at`."""
        found: dict[Link, None] = {}
        for rule in self.lookers.get(record.type, ()):
            if self.rules.inside(rule, record.jurisdiction) is not False:
                for kind in rule.constraints.values():
                    found |= dict.fromkeys(kind.looks_at(record))
        return list(found)

"""One record judged anew: its assessments, and the next day on which they can be others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from lawgov_rules.kinds._contract import Link
from lawgov_rules.live import Compiled
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.turning import earliest
from lawgov_rules.verdict import Assessment
from lawgov_rules.view import View
from lawgov_rules.vocabulary import Value

# the details of a rule that does not concern the record until another fact comes to hand
UNCONCERNED = ("outside_jurisdiction", "condition_false")


class Judged(NamedTuple):
    """The assessments of a record, and the first day on which time makes others of them (None: never)."""

    assessments: list[Assessment]
    wake: int | None


class Judge:
    """What every record is judged by: the rules of each type, and which of the known attributes are dates."""

    def __init__(self, rules: Rulesets) -> None:
        self.rules = rules
        self._compiled = Compiled.of(rules)
        self.by_type: dict[str, list[Rule]] = {}
        self._by_key = {rule.key: rule for rule in rules}
        for rule in rules:
            self.by_type.setdefault(rule.record, []).append(rule)
        # the types of records that rules look at beside the record they judge
        self.looked_at = frozenset[str]().union(*(rule.others for rule in rules))
        attributes = rules.vocabulary.attributes
        self._dates = frozenset(name for name in attributes if attributes[name].type == "date")

    def __call__(self, view: View) -> Judged:
        """Judge the record of a view by every rule of its type."""
        found: list[Assessment] = []
        days = [self.next_fact(view.record, view.as_of)]
        for rule, several in groupby(self.assess(view), key=lambda a: self._by_key[a.rule]):
            mine = list(several)
            found += mine
            if mine[0].detail not in UNCONCERNED:
                kinds = rule.constraints.values()
                days += [kind.wakes(view.as_of, rule.force, kind.measure(view, rule.force)) for kind in kinds]
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

    def assess(self, view: View) -> Iterator[Assessment]:
        """The assessments of a record alone."""
        for judged in self._compiled.judge(view.record, view.as_of, view.population):
            yield judged.assessment(view.record, self.rules)

    def links(self, record: Record) -> Sequence[Link]:
        """The other records that the assessments of a record depend on; see `Constraint.looks_at`."""
        found: dict[Link, None] = {}
        for rule in self.by_type.get(record.type, ()):
            if rule.others and self.rules.inside(rule, record.jurisdiction) is not False:
                for kind in rule.constraints.values():
                    found |= dict.fromkeys(kind.looks_at(record))
        return list(found)

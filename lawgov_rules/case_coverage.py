"""How much of the rules the cases try: the verdicts that a rule can give and some case expects, and its edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lawgov_rules.reach import Edge, edges, edges_met, verdicts
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import LEVELS, Rulesets
from lawgov_rules.testing import Outcome
from lawgov_rules.verdict import Verdict


@dataclass
class RuleCoverage:
    """One rule: the verdicts within its reach, those that cases expect, and the edges that cases stand on."""

    rule: Rule
    reachable: frozenset[Verdict]
    expected: set[Verdict] = field(default_factory=set)
    edges_met: set[Edge] = field(default_factory=set)

    @property
    def missing(self) -> list[Verdict]:
        """The verdicts that no case expects."""
        return sorted(self.reachable - self.expected)

    @property
    def edges_missing(self) -> list[Edge]:
        return [edge for edge in edges(self.rule) if edge not in self.edges_met]


@dataclass(frozen=True)
class Share:
    """So many of so many verdicts."""

    name: str
    level: str
    tried: int
    reachable: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return self.tried * 100 // self.reachable if self.reachable else 100


def coverage(outcomes: Iterable[Outcome], rules: Rulesets) -> list[RuleCoverage]:
    """The coverage of every rule, in the order of the rules."""
    found = {rule.key: RuleCoverage(rule, verdicts(rule)) for rule in rules}
    for outcome in outcomes:
        case = outcome.case
        for (rule, _), (verdict, _) in case.expect.items():
            found[rule].expected.add(Verdict[verdict])
        for assessment in outcome.assessments:
            if (assessment.rule, assessment.instance) in case.expect:
                own = found[assessment.rule]
                own.edges_met |= edges_met(own.rule, assessment, case.as_of)
    return list(found.values())


def complete(found: Sequence[RuleCoverage]) -> bool:
    """Whether cases expect every verdict that the core rules can give."""
    return not any(own.missing for own in found if own.rule.level == "core")


def shares(found: Sequence[RuleCoverage]) -> list[Share]:
    """By document and level, then by level alone (its name is empty)."""
    documents = list(dict.fromkeys(own.rule.document.id for own in found))
    said = []
    for name in (*documents, ""):
        for level in LEVELS:
            of = [own for own in found if own.rule.level == level and name in ("", own.rule.document.id)]
            tried, reachable = sum(len(o.expected & o.reachable) for o in of), sum(len(o.reachable) for o in of)
            said += [Share(name, level, tried, reachable)] if of else []
    return said

"""Which verdicts a rule can give: by the rows of its kind's judgement that its parameters leave possible.

A verdict that no row can give is no gap in the cases; one that a row can give and no case expects is.
"""

from __future__ import annotations

from lawgov_rules.ruleset import Rule
from lawgov_rules.verdict import Verdict

# always within reach: a record outside the jurisdiction, and one whose jurisdiction is not on record
ALWAYS = frozenset({Verdict.not_applicable, Verdict.undetermined})


def verdicts(rule: Rule) -> frozenset[Verdict]:
    """The verdicts that a rule can give some record, on some day."""
    readings = list(rule.constraints.values())
    each = [frozenset(line.verdict for line in reading.possible()) for reading in readings]
    # readings that part are arguable, so a verdict needs all of them
    found = frozenset.intersection(*each) | ALWAYS
    if any(reading != readings[0] for reading in readings):
        found |= {Verdict.arguable}
    if rule.excused_by and any(Verdict.violated in verdicts for verdicts in each):
        found |= {Verdict.excused}
    return found


def by_limit(rule: Rule) -> bool:
    """Whether the rule can find a breach because a time has passed."""
    rows = [line for reading in rule.constraints.values() for line in reading.possible()]
    return any(line.verdict == Verdict.violated and line.detail in ("late", "missing") for line in rows)

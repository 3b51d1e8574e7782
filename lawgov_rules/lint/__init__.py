"""Rules about rules: what loads, and yet is not what its author meant. What the command `lawgov lint` finds.

Each file here is one subject, and names its codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lawgov_rules.cases import Case
from lawgov_rules.lint import conditions, limits, tried, words
from lawgov_rules.lint._flaw import Flaw
from lawgov_rules.ruleset import Rulesets


def lint(rules: Rulesets, cases: Sequence[Case] | None, *, with_words: bool) -> list[Flaw]:
    """Every flaw, in the order of their places.

    Args:
        rules: at the level at which they are looked at. cases: None where there are none to hold them against.
        with_words: whether the vocabulary belongs to these rulesets, and is looked at too.
    """
    return sorted(_flaws(rules, cases, with_words))


def _flaws(rules: Rulesets, cases: Sequence[Case] | None, with_words: bool) -> Iterator[Flaw]:
    for rule in rules:
        yield from conditions.check(rule)
        yield from limits.check(rule)
    for ruleset in rules.rulesets:
        yield from conditions.same_rules(rule for rule in rules if rule.document.id == ruleset.document.id)
    if cases is not None:
        yield from tried.check(rules, cases)
    if with_words:
        yield from words.check(rules.vocabulary)
        yield from words.unused(rules.vocabulary, rules)

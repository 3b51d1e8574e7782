"""The executor for one record: plain Python, no dependency beyond the base install.

What depends on the rules alone is worked out once and kept with them (`Compiled`): conditions and decision tables as
closures, the rules of a record type, and those of them that speak of a place. What depends on the record and the day
is looked for once by its `View`. What is left for each rule are its measures and the table.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE, assessment, excused
from lawgov_rules.condition import NO_ITEM, Truth
from lawgov_rules.days import Region
from lawgov_rules.judgement import Answer, Decide, Measures, conclude
from lawgov_rules.kinds._contract import Constraint, Force, Measured
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import Assessment
from lawgov_rules.view import Population, View

NOTHING: frozenset[str] = frozenset()


class Judged(NamedTuple):
    """One instance judged: everything that its assessment needs but the record.

    ``key`` tells the instance apart. ``measures`` are those of the reading that decided; None where nothing was
    measured. ``missing`` are the facts in doubt.
    """

    rule: Rule
    key: int | None
    answer: Answer
    measures: Measures | None = None
    missing: frozenset[str] = NOTHING

    def assessment(self, record: Record, rules: Rulesets) -> Assessment:
        answer = self.answer
        return assessment(
            self.rule,
            record.id,
            self.key,
            answer.code,
            reading=answer.reading,
            verdicts=answer.verdicts,
            missing=self.missing,
            in_doubt=answer.in_worlds or answer.in_condition,
            measures=self.measures,
            vocabulary=rules.vocabulary,
        )


class _Place(NamedTuple):
    """The rules of a record type as they stand to one place: each with whether the place is inside (None: unknown)."""

    region: Region
    rules: Sequence[tuple[_Rule, bool | None]]


class Compiled:
    """Rules, ready to judge one record after another; any number of threads may use it."""

    def __init__(self, rules: Rulesets) -> None:
        self._rules = rules
        self._by_type: dict[str, list[_Rule]] = {}
        for rule in rules:
            self._by_type.setdefault(rule.record, []).append(_Rule(rule))
        self.others = any(rule.others for rule in rules)
        self._of_others = {rule.record for rule in rules if rule.others}
        # more places than there are counties; what is made up is worked out anew each time
        self._place = functools.lru_cache(maxsize=4096)(self._placed)

    @classmethod
    def of(cls, rules: Rulesets) -> Compiled:
        """The compiled form of rules, made at the first call."""
        found: Compiled = rules.kept.get("live") or rules.kept.setdefault("live", cls(rules))
        return found

    def _placed(self, type_: str, code: str | None) -> _Place:
        mine = self._by_type.get(type_, ())
        return _Place(self._rules.calendar.region(code), [(rule, self._rules.inside(rule.rule, code)) for rule in mine])

    def judge(self, record: Record, as_of: int, population: Population | None = None) -> list[Judged]:
        """Every verdict on a record as known on a day. Rules that look at others find them in the ``population``;
        without one, this record alone."""
        place = self._place(record.type, record.jurisdiction)
        if population is None and record.type in self._of_others:
            population = Population([record], self._rules.jurisdictions.contains)
        view = View(record, as_of, place.region, population)
        found: list[Judged] = []
        for rule, inside in place.rules:
            found += rule.outside if inside is False else rule.judge(view, inside)
        return found


class _Rule:
    """One rule, compiled."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.kinds: Sequence[Constraint] = tuple(rule.constraints.values())
        self._force: Force = rule.force
        force = {"force_from": rule.force.first, "force_to": rule.force.last}
        self._decide: Sequence[Decide] = [kind.JUDGEMENT.given(kind.constants | force) for kind in self.kinds]
        when, unless = rule.condition_columns()
        self._conditions = [(c, wanted) for c, wanted in ((when, True), (unless, False)) if c]
        self.outside = (Judged(rule, None, Answer(OUTSIDE, 0, (), False, False)),)
        self._condition_false = (Judged(rule, None, Answer(CONDITION_FALSE, 0, (), False, False)),)

    def judge(self, view: View, inside: bool | None) -> Sequence[Judged]:
        """A verdict for each instance, at least one. ``inside``: whether the record is of its place, None: unknown."""
        applies, lacking = self._applies(view)
        if applies is False:
            return self._condition_false
        if inside is None:
            applies, lacking = None, lacking | {"jurisdiction"}
        reason = view.attributes.get(self.rule.excused_by) if self.rule.excused_by else None
        measured = zip(*[kind.measure(view, self._force) for kind in self.kinds], strict=True)
        return [self._judged(view, instances, applies, lacking, reason) for instances in measured]

    def _applies(self, view: View) -> tuple[Truth, frozenset[str]]:
        """Whether the condition holds of a record, and the facts that would tell."""
        truth: Truth = True
        missing = NOTHING
        for condition, wanted in self._conditions:
            found = condition.truth(NO_ITEM, view, view.as_of)
            if found is (not wanted):
                return False, NOTHING
            if found is None:
                truth, missing = None, missing | condition.missing(NO_ITEM, view, view.as_of)
        return truth, missing

    def _judged(
        self, view: View, instances: Sequence[Measured], applies: Truth, lacking: frozenset[str], reason: object
    ) -> Judged:
        """One instance, as each reading measures it."""
        codes = [list(map(decide, instance.worlds)) for decide, instance in zip(self._decide, instances, strict=True)]
        if reason:
            codes = [[excused(code) for code in worlds] for worlds in codes]
        key, certain = instances[0].key, instances[0].certain
        answer = conclude(codes, certain, applies, self.kinds[0].IF_NOT)
        missing = lacking if answer.in_condition else NOTHING
        if answer.in_worlds:
            missing = missing.union(*(kind.doubts(view, key) for kind in self.kinds))
        return Judged(self.rule, key, answer, instances[answer.reading].worlds[0], missing)


def assess(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type, as known on the day ``as_of``."""
    compiled = Compiled.of(rules)
    population = None
    if compiled.others:
        records = list(records)
        population = Population(records, rules.jurisdictions.contains)
    for record in records:
        for judged in compiled.judge(record, as_of, population):
            yield judged.assessment(record, rules)

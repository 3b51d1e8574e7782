"""One record at a time, measured in Python and not yet judged: what the executors of single records share.

What depends on the rules alone is worked out once and kept with them (`Prepared`): conditions and decision tables as
closures, the rules of a record type, and those of them that speak of a place. What depends on the record and the day
is looked for once by its `View`. What is left for each rule are its measures; between them and `Measurement.judged`
stand the judgement of each world and what is concluded from several, which every executor does its own way.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE, assessment, excused
from lawgov_rules.condition import NO_ITEM, Truth
from lawgov_rules.days import Region
from lawgov_rules.judgement import Answer, Decide, Measures
from lawgov_rules.kinds._contract import Constraint, Measured
from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
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


class PreparedRule:
    """One rule, ready to be asked of records.

    ``outside`` and ``not_concerned`` are what it says of a record that is not of its place, or that its condition
    leaves out.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.kinds: Sequence[Constraint] = tuple(rule.constraints.values())
        self.force = rule.force
        when, unless = rule.condition_columns()
        self._conditions = [(c, wanted) for c, wanted in ((when, True), (unless, False)) if c]
        self.outside = Judged(rule, None, Answer(OUTSIDE, 0, (), False, False))
        self.not_concerned = Judged(rule, None, Answer(CONDITION_FALSE, 0, (), False, False))

    @functools.cached_property
    def constants(self) -> Sequence[Measures]:
        """The measures of each reading that are the same for every record."""
        force = {"force_from": self.force.first, "force_to": self.force.last}
        return [kind.constants | force for kind in self.kinds]

    @functools.cached_property
    def decide(self) -> Sequence[Decide]:
        """The decision table of each reading, folded with its constants."""
        return [kind.JUDGEMENT.given(known) for kind, known in zip(self.kinds, self.constants, strict=True)]

    def measure(self, view: View, inside: bool | None) -> Measurement | Judged:
        """What each reading measures. ``inside``: whether the record is of its place (None: unknown)."""
        applies, lacking = self._applies(view)
        if applies is False:
            return self.not_concerned
        if inside is None:
            applies, lacking = None, lacking | {"jurisdiction"}
        measured = zip(*[kind.measure(view, self.force) for kind in self.kinds], strict=True)
        return Measurement(self, view, applies, lacking, list(measured))

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


class Measurement(NamedTuple):
    """A rule that applies, or may apply, to a record: by instance, what each reading measured."""

    of: PreparedRule
    view: View
    applies: Truth
    lacking: frozenset[str]
    instances: Sequence[Sequence[Measured]]

    @property
    def if_not(self) -> int:
        """The verdict of an instance in doubt, should it not exist."""
        return self.of.kinds[0].IF_NOT

    def excused(self, codes: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
        """Codes by reading and world, as they are with the reason that the record may give."""
        excuse = self.of.rule.excused_by
        if excuse and self.view.attributes.get(excuse):
            return [[excused(code) for code in worlds] for worlds in codes]
        return codes

    def judged(self, instance: Sequence[Measured], answer: Answer) -> Judged:
        """An instance, by the answer that was concluded from the codes of its worlds."""
        key = instance[0].key
        missing = self.lacking if answer.in_condition else NOTHING
        if answer.in_worlds:
            missing = missing.union(*(kind.doubts(self.view, key) for kind in self.of.kinds))
        return Judged(self.of.rule, key, answer, instance[answer.reading].worlds[0], missing)


class _Place(NamedTuple):
    """The rules of a record type as they stand to one place: each with whether the place is inside (None: unknown)."""

    region: Region
    rules: Sequence[tuple[PreparedRule, bool | None]]


class Prepared:
    """Rules, ready to be asked of one record after another; any number of threads may use it."""

    def __init__(self, rules: Rulesets) -> None:
        self._rules = rules
        self._by_type: dict[str, list[PreparedRule]] = {}
        for rule in rules:
            self._by_type.setdefault(rule.record, []).append(PreparedRule(rule))
        self._others = any(rule.others for rule in rules)
        self._of_others = {rule.record for rule in rules if rule.others}
        # more places than there are counties; what is made up is worked out anew each time
        self._place = functools.lru_cache(maxsize=4096)(self._placed)

    @classmethod
    def of(cls, rules: Rulesets) -> Prepared:
        """The prepared form of rules, made at the first call."""
        found: Prepared = rules.kept.get("prepared") or rules.kept.setdefault("prepared", cls(rules))
        return found

    def _placed(self, type_: str, code: str | None) -> _Place:
        mine = self._by_type.get(type_, ())
        return _Place(self._rules.calendar.region(code), [(rule, self._rules.inside(rule.rule, code)) for rule in mine])

    def measure(
        self, record: Record, as_of: int, population: Population | None = None
    ) -> Iterator[Measurement | Judged]:
        """Every rule of a record's type on the record as known on a day. Rules that look at others find them in the
        ``population``; without one, this record alone."""
        place = self._place(record.type, record.jurisdiction)
        if population is None and record.type in self._of_others:
            population = Population([record], self._rules.jurisdictions.contains)
        view = View(record, as_of, place.region, population)
        for rule, inside in place.rules:
            yield rule.outside if inside is False else rule.measure(view, inside)

    def measure_all(
        self, records: Iterable[Record], as_of: int
    ) -> Iterator[tuple[Record, Iterator[Measurement | Judged]]]:
        """The same of records that are one another's population."""
        population = None
        if self._others:
            records = list(records)
            population = Population(records, self._rules.jurisdictions.contains)
        for record in records:
            yield record, self.measure(record, as_of, population)

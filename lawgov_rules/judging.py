"""Which executor judges records that were read, and what it says of them, in the fixed order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from lawgov_rules.counting import Counts
from lawgov_rules.errors import Problem, shown
from lawgov_rules.findings import Finding, finding_of
from lawgov_rules.found import Listed, Row, batches, row_of
from lawgov_rules.importers._reading import Progress
from lawgov_rules.input import Input
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.said import Told
from lawgov_rules.verdict import Assessment, Verdict

Engine = Literal["auto", "batch", "live", "durable"]
# assessments a rule from which Ibis, with a quarter of a second to compile each, is done before plain Python
BATCH_FROM = 4_000
TOLD_EVERY = 500  # verdicts given


class _Assessed(ABC):
    """Records that were read, and what is said of them."""

    data: Input
    counts: Counts
    records: Mapping[tuple[str, str], Record]

    def __init__(self, rules: Rulesets, day: int, wanted: set[Verdict]) -> None:
        self._rules, self._day, self._wanted = rules, day, wanted
        self._by_key = {rule.key: rule for rule in rules}

    def findings(self) -> Iterator[Finding]:
        """The findings, each made when it is asked for."""
        return map(self._finding, self._assessments())

    def batches(self) -> Iterator[Any]:
        """The findings as Arrow under `found.COLUMNS`."""
        return batches(map(self._row, self._assessments()))

    def listed(self) -> Listed:
        """All findings in memory."""
        return Listed((self._finding(a), self._row(a)) for a in self._assessments())

    def _finding(self, a: Assessment) -> Finding:
        key = (a.type, a.record)
        record, place = self.records[key], self.data.places[key]
        return finding_of(a, self._by_key[a.rule], record, self._rules, self._day, place)

    def _row(self, a: Assessment) -> Row:
        record = self.records[a.type, a.record]
        return row_of(a, self._by_key[a.rule], record.organ, record.jurisdiction, self._day)

    @abstractmethod
    def _assessments(self) -> Iterator[Assessment]:
        """Those of the verdicts asked for, by record and rule; all are counted."""


class Read(_Assessed):
    """Records that were read, to be judged once: `live` judges a record when its turn comes, `durable` some at a time;
    `batch` judges all before the first finding.

    Args:
        data: what was read so far; an executor adds the records on which it fails. wanted: the verdicts of the findings
            that are given; ``counts`` has all.
    """

    def __init__(
        self, data: Input, rules: Rulesets, day: int, wanted: set[Verdict], engine: Engine, progress: Progress
    ) -> None:
        super().__init__(rules, day, wanted)
        data.records.sort(key=lambda record: (record.type, record.id))
        self.data, self.counts = data, Counts(rules)
        self.executor = engine if engine != "auto" else quicker(data.records, rules)
        if self.executor == "durable":
            from lawgov_rules import durable

            durable.require()  # before anything is written
        self.records = {(r.type, r.id): r for r in data.records}
        self.checked, self._progress = len(data.records), progress

    def _assessments(self) -> Iterator[Assessment]:
        """By record and rule: executors of single records keep their order, `batch` has none."""
        if self.executor == "batch":
            yield from sorted(self._counted(), key=Assessment.key)
            return
        for _record, own in groupby(self._counted(), key=lambda a: (a.type, a.record)):
            yield from sorted(own, key=Assessment.key)

    def _counted(self) -> Iterator[Assessment]:
        """Every assessment is counted; those of the verdicts asked for go on."""
        self._progress("verdicts", 0, 0)
        found = assess(self.executor, self.data.records, self._rules, self._day, self.data.problems)
        for n, assessment in enumerate(found, 1):
            if n % TOLD_EVERY == 0:
                self._progress("verdicts", n, 0)
            organ = self.records[assessment.type, assessment.record].organ
            self.counts.add(assessment.verdict, self._by_key[assessment.rule], organ)
            if assessment.verdict in self._wanted:
                yield assessment


class Since(_Assessed):
    """Records of which most were judged by an earlier run; those that had to be are judged already."""

    executor = "live"

    def __init__(self, data: Input, told: Told, rules: Rulesets, day: int, wanted: set[Verdict]) -> None:
        super().__init__(rules, day, wanted)
        self.data, self.counts, self.records = data, Counts(rules), told.records
        self.checked, self._told = told.judged + told.taken_over, told

    def _assessments(self) -> Iterator[Assessment]:
        for verdict, rule, organ, number in self._told.counts():
            self.counts.add(verdict, rule, organ, number)
        return self._told.assessments(self._wanted)


def quicker(records: Sequence[Record], rules: Rulesets) -> str:
    """The executor that will be done first: Ibis takes its time over every rule, Python over every assessment."""
    by_type = Counter(record.type for record in records)
    asked = Counter(rule.record for rule in rules if rule.record in by_type)
    assessments = sum(by_type[type_] * number for type_, number in asked.items())
    return "batch" if assessments >= BATCH_FROM * sum(asked.values()) > 0 else "live"


def assess(
    executor: str, records: list[Record], rules: Rulesets, day: int, problems: list[Problem]
) -> Iterator[Assessment]:
    """Every assessment of the records, by the executor of that name; records on which it fails join the problems."""
    if executor == "durable":
        from lawgov_rules import durable

        def failed(record: Record, why: str) -> None:
            reason = f"`durable` failed on `{shown(record.id)}` ({why})"
            problem = Problem(record.source, reason, shown(record.id), "judge it with `--engine live`")
            if problem not in problems:
                problems.append(problem)

        return durable.assess(records, rules, day, failed=failed)
    if executor == "batch":
        from lawgov_rules import batch

        return batch.assess(records, rules, day)
    from lawgov_rules import live

    return live.assess(records, rules, day)

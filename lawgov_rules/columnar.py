"""One check where the records lie: a database evaluates, and only what is asked for leaves it.

The same report as `checking.check` makes of files; Python sees the counts, the findings that are shown, and the rows
that a database cannot read by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lawgov_rules import batch
from lawgov_rules.errors import InputError, Problem
from lawgov_rules.importers import in_database
from lawgov_rules.intake import Intake
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.tables import Database
from lawgov_rules.verdict import Assessment, Verdict


@dataclass
class Judged:
    """What a database says.

    Args:
        read, checked: records. counts: of every rule, organ and verdict. found: the assessments that were asked for,
            with their records' organs. numbers: of its ids, see `Ids`.
    """

    read: int
    checked: int
    problems: list[Problem]
    counts: list[batch.Count]
    found: list[tuple[Assessment, str | None]]
    records: Mapping[tuple[str, str], Record] = field(default_factory=dict)
    advice: list[Problem] = field(default_factory=list)
    numbers: Mapping[str, str] = field(default_factory=dict)


Opened = tuple[Database, Mapping[str, Any]]


def judge(open_: Callable[[], Opened], rules: Rulesets, as_of: int, verdicts: set[Verdict], name: str) -> Judged:
    """Judge the three tables of a database.

    Args:
        open_: gives the database and its tables, now and whenever records are asked for later. name: what the database
            is called in places.
    """
    database, tables = open_()
    try:
        found = _judge(database, tables, rules, as_of, verdicts, name)
    finally:
        database.close()
    found.records = Lazily(open_, rules, {(a.type, a.record) for a, _organ in found.found}, name, found.numbers)
    return found


def _judge(
    database: Database, tables: Mapping[str, Any], rules: Rulesets, as_of: int, verdicts: set[Verdict], name: str
) -> Judged:
    intake = Intake(database, tables, rules, batch.words_of(rules))
    if faults := in_database.headings(intake.headings, intake.there, name, rules.vocabulary):
        raise InputError(*faults)
    types = sorted({rule.record for rule in rules} & intake.there)
    plans = {type_: batch.planned(type_, rules, as_of, database) for type_ in types}
    intake.ask([p.program for p in plans.values()], as_of)
    _rows, plain = intake.merge()
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)
    odd = in_database.read_odd(intake, reader, name) if intake.odd else in_database.Read()
    intake.canonical(odd.accepted)
    accepted = sum(map(len, odd.accepted.values()))
    found = Judged(plain + accepted + odd.rejected, plain + accepted, odd.problems + odd.rest(), [], [])
    found.advice, found.numbers = odd.advice, intake.ids.numbers
    for type_ in types:
        for item in batch.shown(plans[type_], database, rules, verdicts):
            if isinstance(item, batch.Count):
                found.counts.append(item)
            else:
                found.found.append(item)
    found.found.sort(key=lambda each: each[0].key())
    return found


class Lazily(Mapping[tuple[str, str], Record]):
    """The records of the findings that are shown, read when they are first asked for."""

    def __init__(
        self,
        open_: Callable[[], Opened],
        rules: Rulesets,
        keys: set[tuple[str, str]],
        name: str,
        numbers: Mapping[str, str],
    ) -> None:
        self._open, self._rules, self._keys, self._name, self._numbers = open_, rules, keys, name, numbers
        self._read: dict[tuple[str, str], Record] | None = None

    def _all(self) -> dict[tuple[str, str], Record]:
        if self._read is None:
            self._read = {}
            database, tables = self._open()
            try:
                reader = RecordReader(self._rules.vocabulary, self._rules.jurisdictions)
                intake = Intake(database, tables, self._rules, batch.words_of(self._rules), self._numbers)
                ids = {id_ for _type, id_ in self._keys}
                for record in in_database.read_some(intake, reader, ids, self._name) if ids else ():
                    self._read.setdefault((record.type, record.id), record)
            finally:
                database.close()
        return self._read

    def __getitem__(self, key: tuple[str, str]) -> Record:
        return self._all()[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

"""One check where the records lie: a database evaluates, and only what is asked for leaves it.

The same report as `checking.check` makes of files; Python sees the counts, the findings as they are read, and the rows
that a database cannot read by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from lawgov_rules import batch
from lawgov_rules.counting import Counts
from lawgov_rules.database import Database
from lawgov_rules.databases import Where
from lawgov_rules.errors import InputError, Problem
from lawgov_rules.findings import Finding
from lawgov_rules.found import Found, Listed
from lawgov_rules.importers import in_database
from lawgov_rules.importers._reading import Limits
from lawgov_rules.input import Input
from lawgov_rules.intake import Intake
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.room import room_for
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.store import Store
from lawgov_rules.stored import Stored
from lawgov_rules.verdict import Verdict


@dataclass
class Judged:
    """What a database says.

    Args:
        read, checked: records. numbers: of their ids, see `Ids`. counts: of every rule, organ and verdict. found: the
            findings that were asked for.
    """

    read: int
    checked: int
    problems: list[Problem]
    advice: list[Problem]
    numbers: Mapping[str, str]
    counts: list[batch.Count]
    found: Stored


class InDatabase:
    """Records that a database judges; the findings stay in it, or near it, and can be taken several times.

    Args:
        verdicts: of the findings that are wanted; all are counted.
    """

    executor = "batch"

    def __init__(self, where: Where, rules: Rulesets, as_of: int, verdicts: set[Verdict], limits: Limits) -> None:
        self.data, self.counts, self.checked = Input(hashes=where.hashes, skipped=[*where.skipped]), Counts(rules), 0
        self.records: Mapping[tuple[str, str], Record] = {}
        self._found: Found = Listed()
        try:
            judged = judge(where, rules, as_of, verdicts, limits)
        except InputError as error:
            self.data.read = 1
            self.data.problems += error.problems
            return
        for rule, organ, verdict, number in judged.counts:
            self.counts.add(verdict, rule, organ, number)
        self.data.read, self.checked = judged.read, judged.checked
        self.data.problems += judged.problems
        self.data.advice += judged.advice
        self.records = Lazily(where, rules, limits, judged.numbers, judged.found.keys)
        self._found = judged.found

    def findings(self) -> Iterator[Finding]:
        return iter(self._found)

    def batches(self) -> Iterator[Any]:
        return self._found.batches()

    def listed(self) -> Found:
        return self._found


def judge(where: Where, rules: Rulesets, as_of: int, verdicts: set[Verdict], limits: Limits) -> Judged:
    """Judge the three tables of a database.

    Raises:
        InputError: there are no such tables, their columns cannot be told apart, or memory or disk is not enough.
    """
    database, tables = where.open()
    with ExitStack() as failed:
        failed.callback(database.close)
        with room_for(where.name):
            store = Store(database, limits.memory, limits.disk)
            failed.callback(store.close)
            judged = _judge(database, tables, rules, as_of, verdicts, Stored(store, rules, as_of, where.name))
        failed.pop_all()
    if database.ours:
        database.rest()
    else:
        database.close()
    return judged


def _judge(
    database: Database, tables: Mapping[str, Any], rules: Rulesets, as_of: int, verdicts: set[Verdict], found: Stored
) -> Judged:
    taken, plans = taken_in(database, tables, rules, as_of, found.name)
    counts = [count for type_ in plans for count in found.add(type_, plans[type_], database, verdicts)]
    return Judged(*taken, counts, found)


class Taken(NamedTuple):
    """What was read; see `Judged`."""

    read: int
    checked: int
    problems: list[Problem]
    advice: list[Problem]
    numbers: Mapping[str, str]


def taken_in(
    database: Database, tables: Mapping[str, Any], rules: Rulesets, as_of: int, name: str
) -> tuple[Taken, dict[str, batch.Plans]]:
    """Make the tables canonical ones in their database; what was read, and by record type what is to be asked.

    Raises:
        InputError: their columns cannot be told apart.
    """
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
    read, problems = plain + accepted + odd.rejected, odd.problems + odd.rest()
    return Taken(read, plain + accepted, problems, odd.advice, intake.ids.numbers), plans


class Lazily(Mapping[tuple[str, str], Record]):
    """The records of some findings, read when they are first asked for.

    Args:
        numbers: see `Ids`. keys: gives the types and ids of the records.
    """

    def __init__(
        self,
        where: Where,
        rules: Rulesets,
        limits: Limits,
        numbers: Mapping[str, str],
        keys: Callable[[], set[tuple[str, str]]],
    ) -> None:
        self._where, self._rules, self._limits, self._numbers, self._keys = where, rules, limits, numbers, keys
        self._read: dict[tuple[str, str], Record] | None = None

    def only(self, keys: set[tuple[str, str]]) -> Lazily:
        """The same of these records alone."""
        return Lazily(self._where, self._rules, self._limits, self._numbers, lambda: keys)

    def _all(self) -> dict[tuple[str, str], Record]:
        if self._read is None:
            keys = self._keys()
            self._read = {}
            database, tables = self._where.open()
            if database.ours:
                database.bound(self._limits.memory, self._limits.disk)
            try:
                reader = RecordReader(self._rules.vocabulary, self._rules.jurisdictions)
                intake = Intake(database, tables, self._rules, batch.words_of(self._rules), self._numbers)
                ids = {id_ for _type, id_ in keys}
                for record in in_database.read_some(intake, reader, ids, self._where.name) if ids else ():
                    if (record.type, record.id) in keys:
                        self._read.setdefault((record.type, record.id), record)
            finally:
                database.close()
        return self._read

    def __getitem__(self, key: tuple[str, str]) -> Record:
        return self._all()[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

"""The three tables where they lie in a database; see intake.py. What is not written plainly there is read here.

The rows of an odd record are read as those of a file are, so it is accepted or refused for the same reasons and in
the same words; a problem stands at the table and the record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from lawgov_rules.errors import Place, Problem, shown
from lawgov_rules.importers import three_tables
from lawgov_rules.importers._headings import TABLES
from lawgov_rules.importers._reading import Reading
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.vocabulary import Vocabulary
from lawgov_rules.yaml_file import Document

if TYPE_CHECKING:
    from lawgov_rules.intake import Intake, Written

LISTED = 1_000  # problems that are listed one by one; all are counted
AT_ONCE = 500  # records that are read together


@dataclass
class Read:
    """What Python made of the odd records.

    Args:
        accepted: by record type. problems: the first of them, and one for each kind of the rest. rejected: how many
            records, and rows of no record, were refused.
    """

    accepted: dict[str, list[Record]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rejected: int = 0
    _more: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Note a record that is refused."""
        self.rejected += 1
        for problem in problems:
            if len(self.problems) < LISTED:
                self.problems.append(problem)
            else:
                self._more[problem.place.file.partition(" ")[0], re.sub("`[^`]*`", "`…`", problem.reason)] += 1

    def rest(self) -> list[Problem]:
        """The problems that are not listed, counted by kind."""
        return [
            Problem(
                Place(table), f"{number} more like this: {reason}", help="mend those that are listed, then ask again"
            )
            for (table, reason), number in sorted(self._more.items())
        ]


def read_odd(intake: Intake, reader: RecordReader, names: Mapping[str, str]) -> Read:
    """Read the odd records of tables that are being taken in; ``names`` are what the tables are called in places."""
    found = Read()
    seen: dict[tuple[str, str], Place] = {}
    for batch in _batches(intake.odd_rows()):
        for item in _documents(batch, names, reader.vocabulary):
            record, problems = (None, [item]) if isinstance(item, Problem) else reader.read(item)
            if record is None:
                found.refuse(problems)
            elif (key := (record.type, record.id)) in seen:
                reason = f"`{record.id}` stands at {seen[key]} already"
                found.refuse([Problem(record.source, reason, record.id, "ids are unique within a record type")])
            else:
                seen[key] = record.source
                found.accepted.setdefault(record.type, []).append(record)
    return found


def read_some(
    intake: Intake, reader: RecordReader, keys: Collection[str], names: Mapping[str, str]
) -> Iterator[Record]:
    """The records of some ids."""
    for batch in _batches(intake.rows_of(keys)):
        for item in _documents(batch, names, reader.vocabulary):
            if isinstance(item, Document) and (record := reader.read(item)[0]):
                yield record


def _batches(rows: Iterator[Written]) -> Iterator[list[Written]]:
    """The rows of some records at a time, all of each."""
    batch: list[Written] = []
    for number, (_key, mine) in enumerate(groupby(rows, key=lambda row: row.key), 1):
        batch.extend(mine)
        if number % AT_ONCE == 0:
            yield batch
            batch = []
    if batch:
        yield batch


def _documents(batch: list[Written], names: Mapping[str, str], words: Vocabulary) -> Iterator[Document | Problem]:
    """The records among some rows, as three tables of a file would give them; each stands at its table and record."""
    tables: dict[str, _Table] = {table: _Table() for table in TABLES}
    keys: dict[str, list[str]] = {f"({table})": [] for table in TABLES}
    for row in batch:
        tables[row.table].append(row.cells)
        keys[f"({row.table})"].append(row.key)
    where = _Where(names, keys)
    for item in three_tables.read(tables, Reading(words)):
        if isinstance(item, Problem):
            yield replace(item, place=where(item.place))
        else:
            yield _InDatabase(item, where)


class _Where:
    """From a row of a batch to its table and record."""

    def __init__(self, names: Mapping[str, str], keys: dict[str, list[str]]) -> None:
        self.names, self.keys = names, keys

    def __call__(self, place: Place) -> Place:
        keys = self.keys.get(place.file, [])
        key = keys[place.line - 1] if 0 < place.line <= len(keys) else ""
        table = place.file.strip("()")
        return Place(f"{self.names.get(table, table)} {shown(key)}".rstrip())


class _InDatabase(Document):
    """A document whose places are tables and records."""

    __slots__ = ("_document", "_where")

    def __init__(self, document: Document, where: _Where) -> None:
        super().__init__(document.file, document.value, {})
        self._document, self._where = document, where

    def place(self, *path: str | int) -> Place:
        return self._where(self._document.place(*path))


class _Table(list[dict[str, str]]):
    """Rows as `three_tables` takes them."""

    def to_pylist(self) -> list[dict[str, str]]:
        return self

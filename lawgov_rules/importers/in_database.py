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
    from lawgov_rules.intake import Intake
    from lawgov_rules.written_rows import Written

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
    advice: list[Problem] = field(default_factory=list)
    _more: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refuse(self, problems: Iterable[Problem], records: int = 1) -> None:
        """Note that so many records are refused."""
        self.rejected += records
        for problem in problems:
            if problem in self.problems and records != 1:
                continue  # a column that nothing is called spoils records of many batches
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


def read_odd(intake: Intake, reader: RecordReader, name: str) -> Read:
    """Read the odd records of tables that are being taken in; ``name`` is what the database is called in places."""
    found = Read()
    seen: dict[tuple[str, str], Place] = {}
    types = intake.there  # asked before the rows, which are read to the end first
    for batch in _batches(intake.odd_rows()):
        for item in _documents(batch, name, reader.vocabulary, types, found.advice):
            if isinstance(item, Problem):
                found.refuse([item], item.records)
                continue
            record, problems = reader.read(item)
            if record is None:
                found.refuse(problems)
            elif (key := (record.type, record.id)) in seen:
                reason = f"`{record.id}` stands at {seen[key]} already"
                found.refuse([Problem(record.source, reason, record.id, "ids are unique within a record type")])
            else:
                seen[key] = record.source
                found.accepted.setdefault(record.type, []).append(record)
    return found


def read_some(intake: Intake, reader: RecordReader, keys: Collection[str], name: str) -> Iterator[Record]:
    """The records of some ids."""
    types = intake.there
    for batch in _batches(intake.rows_of(keys)):
        for item in _documents(batch, name, reader.vocabulary, types, []):
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


def headings(
    tables: Mapping[str, Mapping[str, str]], types: Collection[str], name: str, words: Vocabulary
) -> list[Problem]:
    """Why the columns of the tables cannot be used, for records of some types.

    Args:
        tables: the heading of each column by our name, of each table.
    """
    rows = {table: _Table([dict.fromkeys(columns.values(), "")]) for table, columns in tables.items()}
    own = tables["records"]
    if not types or not {"record", "type"} <= set(own):
        return []
    # a row of each type; none has a value but what every row has
    rows["records"] = _Table(
        [{**rows["records"][0], own["record"]: f"{n}", own["type"]: t} for n, t in enumerate(sorted(types))]
    )
    found = three_tables.read(rows, Reading(words))
    return [
        replace(item, place=Place(f"{name}#{item.place.file.strip('()')}"))
        for item in found
        if isinstance(item, Problem) and item.place.line == 0
    ]


def _documents(
    batch: list[Written], name: str, words: Vocabulary, types: Collection[str], advice: list[Problem]
) -> Iterator[Document | Problem]:
    """The records among some rows, as three tables of a file would give them; each stands at its table and record."""
    tables: dict[str, _Table] = {table: _Table() for table in TABLES}
    keys: dict[str, list[str]] = {f"({table})": [] for table in TABLES}
    for row in batch:
        tables[row.table].append(row.cells)
        keys[f"({row.table})"].append(row.key)
    where = _Where(name, keys)
    reading = Reading(words, types=frozenset(types))
    for item in three_tables.read(tables, reading):
        if isinstance(item, Problem):
            yield replace(item, place=where(item.place))
        else:
            yield _InDatabase(item, where)
    advice += [replace(found, place=where(found.place)) for found in reading.advice]


class _Where:
    """From a row of a batch to its table and record."""

    def __init__(self, name: str, keys: dict[str, list[str]]) -> None:
        self.name, self.keys = name, keys

    def __call__(self, place: Place) -> Place:
        keys = self.keys.get(place.file, [])
        key = keys[place.line - 1] if 0 < place.line <= len(keys) else ""
        return Place(f"{self.name}#{place.file.strip('()')} {shown(key)}".rstrip())


class _InDatabase(Document):
    """A document whose places are tables and records."""

    __slots__ = ("_document", "_where")

    def __init__(self, document: Document, where: _Where) -> None:
        problems = tuple(replace(problem, place=where(problem.place)) for problem in document.problems)
        super().__init__(document.file, document.value, {}, problems, document.labelled)
        self._document, self._where = document, where

    def place(self, *path: str | int) -> Place:
        return self._where(self._document.place(*path))


class _Table(list[dict[str, str]]):
    """Rows as `three_tables` takes them."""

    def to_pylist(self) -> list[dict[str, str]]:
        return self

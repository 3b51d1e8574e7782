"""Records as a run keeps them for the next one: as lines of text, by the file that they were read from.

A file whose bytes are the same holds the same records, so it is not read again; and in a table that changed, the rows
that are the same are the same records. What stood there is taken from the lines, and made a record only where somebody
looks into it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lawgov_rules.errors import Place, Problem
from lawgov_rules.importers._reading import Item, Reading
from lawgov_rules.importers._wide import RowsDocument
from lawgov_rules.links import Key
from lawgov_rules.records import Event, Participant, Record
from lawgov_rules.yaml_file import Document, file_name, sha256_of

TAB = b"\t"
Sums = tuple[tuple[str, str], ...]
"""Files by name, each with its SHA-256."""

Read = Callable[[Document | Problem], Item[Record]]


class Kept:
    """A record, or the text of one. ``sum`` is of all that it says, whatever the order and wherever it stands;
    ``rows`` of the rows that it was read from, if it was."""

    __slots__ = ("_body", "_head", "_record", "id", "jurisdiction", "key", "organ", "rows", "source", "sum", "type")

    def __init__(self, head: list[Any], source: Place, body: bytes = b"", record: Record | None = None) -> None:
        self.type, self.id, self.sum, self.organ, self.jurisdiction, self.rows = self._head = head
        self.key: Key = (self.type, self.id)
        self.source, self._body, self._record = source, body, record

    @classmethod
    def of(cls, record: Record, rows: str = "") -> Kept:
        """A record that has just been read."""
        values = _values(record)
        type_, id_, organ, place = record.type, record.id, record.organ, record.jurisdiction
        said = json.dumps([type_, id_, organ, place, values], sort_keys=True)
        digest = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
        return cls([type_, id_, digest, organ, place, rows], record.source, _json(values), record)

    def at(self, source: Place) -> Kept:
        """The same, standing elsewhere."""
        return Kept(self._head, source, self._body)

    def record(self) -> Record:
        """The record."""
        if self._record is None:
            attributes, people, events = json.loads(self._body)
            self._record = Record(
                self.id,
                self.type,
                self.jurisdiction,
                self.organ,
                attributes,
                tuple([Participant(*person) for person in people]),
                tuple([Event(*event) for event in events]),
                self.source,
            )
        return self._record

    def line(self, place: Place) -> bytes:
        """As a line; ``place`` is where a report says that it stands."""
        return _json([*self._head, _place(self.source), _place(place)]) + TAB + self._body

    @classmethod
    def read(cls, line: bytes) -> Item[Kept]:
        """A line again."""
        head, _, body = line.partition(TAB)
        *values, source, place = json.loads(head)
        return Item(1, cls(values, Place(*source), body), Place(*place))


def _values(record: Record) -> list[Any]:
    people = [(person.role, person.person, dict(person.attributes)) for person in record.participants]
    events = [(event.name, event.low, event.high, dict(event.attributes)) for event in record.events]
    return [dict(record.attributes), people, events]


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _place(place: Place) -> tuple[str, int, int]:
    return place.file, place.line, place.column


def _plain(problem: Problem) -> list[Any]:
    return [_place(problem.place), problem.reason, problem.value, problem.help, problem.records]


def _problem(plain: list[Any]) -> Problem:
    return Problem(Place(*plain[0]), *plain[1:])


class Files:
    """What stood in each file of the former run, and what stands in those of this one.

    Args:
        lines: those of the former run, from `lines`.
    """

    def __init__(self, lines: Iterable[bytes] = ()) -> None:
        self._was: dict[tuple[str, ...], tuple[Sums, bytes, list[bytes]]] = {}
        self._now: dict[tuple[str, ...], tuple[Sums, bytes, list[bytes]]] = {}
        found: list[bytes] = []
        for line in lines:
            if line.startswith(b"{"):
                found = []
                sums = tuple((name, digest) for name, digest in json.loads(line)["files"])
                self._was[tuple(name for name, _ in sums)] = sums, line, found
            else:
                found.append(line)

    def lines(self) -> Iterator[bytes]:
        """What to keep for the next run."""
        for _sums, head, found in self._now.values():
            yield head
            yield from found

    def items(
        self, paths: list[Path], documents: Iterable[Document | Problem], read: Read, reading: Reading
    ) -> Iterator[Item[Kept]]:
        """What stands in files that belong together: as it was if they are the same, or else as it is ``read``."""
        names = tuple(map(file_name, paths))
        was = self._was.get(names) if paths else None
        if was is None or was[0] != _sums(paths):
            yield from self._read(names, documents, read, reading)
            return
        self._now[names] = was
        reading.hashes.update(was[0])
        reading.advice += map(_problem, json.loads(was[1])["advice"])
        for line in was[2]:
            if line.startswith(b"[["):
                number, place, problems = json.loads(line)[0]
                yield Item(number, None, Place(*place), [_problem(plain) for plain in problems])
            else:
                yield Kept.read(line)

    def _read(
        self, names: tuple[str, ...], documents: Iterable[Document | Problem], read: Read, reading: Reading
    ) -> Iterator[Item[Kept]]:
        found, advised, known = [], len(reading.advice), self._rows(names)
        for document in documents:
            item = _item(document, read, known)
            if item.record is None:
                problems = [_plain(problem) for problem in item.problems]
                found.append(_json([[item.read, _place(item.place), problems]]))
            else:
                found.append(item.record.line(item.place))
            yield item
        # one that could not be read, or changed meanwhile, has no sum to tell it by
        if names and all(name in reading.hashes for name in names) and not reading.changed & set(names):
            sums = tuple((name, reading.hashes[name]) for name in names)
            advice = [_plain(problem) for problem in reading.advice[advised:]]
            self._now[names] = sums, _json({"files": sums, "advice": advice}), found

    def _rows(self, names: tuple[str, ...]) -> dict[str, Item[Kept]]:
        """The records that stood in files, by the rows that they were read from."""
        lines = self._was[names][2] if names in self._was else []
        items = (Kept.read(line) for line in lines if not line.startswith(b"[["))
        return {item.record.rows: item for item in items if item.record and item.record.rows}


def _item(document: Document | Problem, read: Read, known: Mapping[str, Item[Kept]]) -> Item[Kept]:
    """A document that was read before, or is read now."""
    rows = ""
    if isinstance(document, RowsDocument):
        rows = hashlib.blake2b(repr(document.rows()).encode(), digest_size=16).hexdigest()
        if (was := known.get(rows)) and was.record:
            source = document.place()
            # the id stands in the row that the record begins with
            place = replace(was.place, file=source.file, line=source.line)
            return Item(1, was.record.at(source), place)
    item = read(document)
    return Item(item.read, Kept.of(item.record, rows) if item.record else None, item.place, item.problems)


def _sums(paths: list[Path]) -> Sums:
    try:
        return tuple((file_name(path), sha256_of(path)) for path in paths)
    except OSError:
        return ()

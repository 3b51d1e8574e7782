"""Rows of a foreign table or log as documents, by a mapping (see `lawgov_rules.mapping`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from lawgov_rules.errors import Place, Problem, shown
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._rows import Row, Rows
from lawgov_rules.importers._values import Read, moments, reader
from lawgov_rules.mapping import Cell, Mapping
from lawgov_rules.yaml_file import Document, Lines

TOLD_EVERY = 2_000  # rows


def documents(rows: Rows, mapping: Mapping, reading: Reading) -> Iterator[Document | Problem]:
    """One document a record. Where a column is missing nothing is read: what it would have told is not known.

    A log shows its columns as it goes, so its first records wait until every column of the mapping has been seen.
    """
    if rows.complete and (absent := mapping.absent(rows.columns)):
        yield from _costing(absent, 1)
        return
    wanted, seen = set(mapping.columns(attributes=False)), rows.columns
    waiting: list[Document | Problem] | None = None if rows.complete or wanted <= seen else []
    for item in _Records(rows, mapping, reading).documents():
        if waiting is None:
            yield item
            continue
        waiting.append(item)
        if wanted <= seen:
            yield from waiting
            waiting = None
    if waiting:
        broken = [item for item in waiting if isinstance(item, Problem)]
        yield from broken
        if lost := len(waiting) - len(broken):
            yield from _costing(mapping.absent(seen, attributes=False), lost)


def _costing(problems: list[Problem], records: int) -> Iterator[Problem]:
    """Problems because of which together so many records are not judged; they are counted once."""
    for number, problem in enumerate(problems):
        yield replace(problem, records=0 if number else records)


class _Event(NamedTuple):
    cell: Cell
    name: Read
    date: Read
    sequence: Read | None
    attributes: dict[str, Read]
    once: str  # how differing rows are settled, for an event that all rows of a record tell of


class _Person(NamedTuple):
    role: Read
    person: Read
    attributes: dict[str, Read]


class _Records:
    """The records that rows tell of."""

    def __init__(self, rows: Rows, mapping: Mapping, reading: Reading) -> None:
        self.rows, self.mapping, self.vocabulary, self.progress = rows, mapping, reading.vocabulary, reading.progress
        moment = moments(mapping)
        self.id = reader(mapping.record)
        heads = {name: getattr(mapping, name) for name in ("type", "jurisdiction", "organ")}
        self.heads = {name: (reader(cell), cell.take) for name, cell in heads.items() if cell}
        self.attributes = {n: (self._attribute(n, cell, moment), cell.take) for n, cell in mapping.attributes.items()}
        self.events = [
            _Event(
                e.event,
                reader(e.event),
                moment(e.date, False),
                reader(e.sequence) if e.sequence else None,
                {n: self._attribute(n, cell, moment) for n, cell in e.attributes.items()},
                e.date.take if e.per == "record" else "",
            )
            for e in mapping.events
        ]
        self.people = [
            _Person(
                reader(p.role),
                reader(p.person),
                {n: self._attribute(n, cell, moment) for n, cell in p.attributes.items()},
            )
            for p in mapping.participants
        ]

    def _attribute(self, name: str, cell: Cell, moment: Callable[[Cell, bool], Read]) -> Read:
        attribute = self.vocabulary.attributes.get(name)
        return moment(cell, True) if attribute and attribute.type == "date" else reader(cell)

    def documents(self) -> Iterator[Document | Problem]:
        together = self.rows.key is not None and self.rows.key == self.mapping.record.column
        found: dict[Any, _Record] = {}
        strays: list[int] = []
        for number, row in enumerate(self.rows.rows, 1):
            if not together and number % TOLD_EVERY == 0:
                self.progress(self.rows.file, number, 0)
            if isinstance(row, Problem):
                yield row if together else replace(row, records=max(len(found), 1))
                if together:
                    continue
                return  # what is not read may be events of any record, so none is judged
            self.rows.columns.update(row.cells)
            if not all(row.cells.get(column) in values for column, values in self.mapping.only.items()):
                continue
            id_ = self.id(row.cells)
            if together and row.group not in found:
                yield from _told(found)
            elif id_ is None and not together:
                strays.append(row.line)
                continue
            key = row.group if together else id_
            record = found.get(key)
            if record is None:
                record = found[key] = _Record(self, row.line, id_)
            record.add(row)
        yield from _told(found)
        if strays:
            column = str(self.mapping.record.column)
            reason = f"`{shown(column)}` is empty, so the row belongs to no record ({len(strays)} rows)"
            yield Problem(Place(self.rows.file, strays[0]), reason, shown(column), "fill in the record's id")


def _told(records: dict[Any, _Record]) -> Iterator[Document]:
    """The documents of the records, each of which is let go at once."""
    for key in list(records):
        yield records.pop(key).document()


class _Record:
    """One record while its rows are read."""

    def __init__(self, source: _Records, line: int, id_: str | None) -> None:
        self.source, self.id = source, id_
        self.lines: Lines = {(): (line, 0)}
        self.problems: list[Problem] = []
        self.heads: dict[str, tuple[Any, int]] = {}
        self.attributes: dict[str, tuple[Any, int]] = {}
        self.once: dict[str, tuple[Any, int]] = {}
        self.events: list[tuple[dict[str, Any], int]] = []
        self.people: dict[tuple[Any, ...], tuple[dict[str, Any], int]] = {}

    def add(self, row: Row) -> None:
        if row.problem:
            self.problems.append(row.problem)
        for store, cells in ((self.heads, self.source.heads), (self.attributes, self.source.attributes)):
            for name, (read, take) in cells.items():
                if (value := read(row.cells)) is not None:
                    self._settle(store, name, value, take, row.line)
        for number, entry in enumerate(self.source.events):
            if event := self._event(entry, row):
                if entry.once:
                    self._settle(self.once, str(number), event, entry.once, row.line)
                else:
                    self.events.append((event, row.line))
        for person in self.source.people:
            self._person(person, row)

    def _settle(self, store: dict[str, tuple[Any, int]], name: str, value: Any, take: str, line: int) -> None:
        """A value of the record that several rows give: one, or the first or last as the mapping says."""
        there = store.get(name)
        if there is None or (take == "last" and there[0] != value):
            store[name] = (value, line)
        elif take == "one" and there[0] != value:
            given, before = (str(v.get("date") if isinstance(v, dict) else v) for v in (value, there[0]))
            named = value.get("event", name) if isinstance(value, dict) else name
            reason = f"`{named}` is `{shown(given)}` here and `{shown(before)}` in line {there[1]} of the same record"
            advice = "write `take: first` or `take: last` in the mapping, or make it part of an event"
            self.problems.append(Problem(Place(self.source.rows.file, line), reason, shown(given), advice))
            store[name] = (there[0], line)  # told once for each change

    def _event(self, entry: _Event, row: Row) -> dict[str, Any] | None:
        name, date = entry.name(row.cells), entry.date(row.cells)
        if entry.cell.constant is not None:
            if date is None:
                return None
        elif name is None:
            written = row.cells.get(str(entry.cell.column))
            if written or (date is None and not row.is_event):
                return None
        event: dict[str, Any] = {"event": name, "date": date}
        if entry.sequence and (order := entry.sequence(row.cells)):
            event["sequence"] = order
        known = self.source.vocabulary.events.get(str(name))
        event |= self._carried(entry.attributes, known, row)
        return event

    def _person(self, entry: _Person, row: Row) -> None:
        role, person = entry.role(row.cells), entry.person(row.cells)
        if role is None or person is None:
            return
        known = self.source.vocabulary.roles.get(role)
        found = {"role": role, "person": person, **self._carried(entry.attributes, known, row)}
        self.people.setdefault(tuple(found.items()), (found, row.line))

    @staticmethod
    def _carried(attributes: dict[str, Read], known: Any, row: Row) -> dict[str, str]:
        """The attributes of a row that an event or a role carries."""
        carried = known.attributes if known else ()
        values = ((name, read(row.cells)) for name, read in attributes.items() if name in carried)
        return {name: value for name, value in values if value is not None}

    def document(self) -> Document:
        type_ = self.source.vocabulary.record_types.get(str(self.heads.get("type", ("",))[0]))
        carried = type_.attributes if type_ else ()
        attributes = {n: found for n, found in self.attributes.items() if n in carried}
        events = [*self.events, *self.once.values()]
        value: dict[str, Any] = {"record": self.id, **{name: v for name, (v, _) in self.heads.items()}}
        value["attributes"] = {name: v for name, (v, _) in attributes.items()}
        value["events"] = [event for event, _ in events]
        value["participants"] = [person for person, _ in self.people.values()]
        self.lines.update({(name,): (line, 0) for name, (_, line) in self.heads.items()})
        self.lines.update({("attributes", name): (line, 0) for name, (_, line) in attributes.items()})
        self.lines.update({("events", n): (line, 0) for n, (_, line) in enumerate(events)})
        self.lines.update({("participants", n): (line, 0) for n, (_, line) in enumerate(self.people.values())})
        return Document(self.source.rows.file, value, self.lines, tuple(self.problems))

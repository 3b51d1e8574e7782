"""Rows of a foreign table or log as documents, by a mapping (see `lawgov_rules.mapping`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from lawgov_rules.errors import Place, Problem, shown
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._rows import Cells, Row, Rows
from lawgov_rules.mapping import AS_WRITTEN, Cell, Mapping
from lawgov_rules.yaml_file import Document, Lines

Read = Callable[[Cells], str | None]
TOLD_EVERY = 2_000  # rows
REMEMBERED = 10_000  # different texts of a column whose reading is kept, since logs repeat themselves
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?")


def documents(rows: Rows, mapping: Mapping, reading: Reading) -> Iterator[Document | Problem]:
    """One document a record. Where a column is missing nothing is read: what it would have told is not known.

    A log shows its columns as it goes, so its first records wait until every column of the mapping has been seen.
    """
    if rows.complete and (absent := mapping.absent(rows.columns)):
        yield from absent
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
        if len(broken) < len(waiting):
            yield from mapping.absent(seen, attributes=False)


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
        moment = _moments(mapping)
        self.id = _reader(mapping.record)
        heads = {name: getattr(mapping, name) for name in ("type", "jurisdiction", "organ")}
        self.heads = {name: (_reader(cell), cell.take) for name, cell in heads.items() if cell}
        self.attributes = {n: (self._attribute(n, cell, moment), cell.take) for n, cell in mapping.attributes.items()}
        self.events = [
            _Event(
                e.event,
                _reader(e.event),
                moment(e.date, False),
                _reader(e.sequence) if e.sequence else None,
                {n: self._attribute(n, cell, moment) for n, cell in e.attributes.items()},
                e.date.take if e.per == "record" else "",
            )
            for e in mapping.events
        ]
        self.people = [
            _Person(
                _reader(p.role),
                _reader(p.person),
                {n: self._attribute(n, cell, moment) for n, cell in p.attributes.items()},
            )
            for p in mapping.participants
        ]

    def _attribute(self, name: str, cell: Cell, moment: Callable[[Cell, bool], Read]) -> Read:
        attribute = self.vocabulary.attributes.get(name)
        return moment(cell, True) if attribute and attribute.type == "date" else _reader(cell)

    def documents(self) -> Iterator[Document | Problem]:
        together = self.rows.key is not None and self.rows.key == self.mapping.record.column
        found: dict[Any, _Record] = {}
        strays: list[int] = []
        for number, row in enumerate(self.rows.rows, 1):
            if not together and number % TOLD_EVERY == 0:
                self.progress(self.rows.file, number, 0)
            if isinstance(row, Problem):
                yield row
                continue
            self.rows.columns.update(row.cells)
            if not all(row.cells.get(column) in values for column, values in self.mapping.only.items()):
                continue
            id_ = self.id(row.cells)
            if together and row.group not in found:
                yield from self._told(found.values())
                found.clear()
            elif id_ is None and not together:
                strays.append(row.line)
                continue
            key = row.group if together else id_
            record = found.get(key)
            if record is None:
                record = found[key] = _Record(self, row.line, id_)
            record.add(row)
        yield from self._told(found.values())
        if strays:
            column = str(self.mapping.record.column)
            reason = f"`{shown(column)}` is empty, so the row belongs to no record ({len(strays)} rows)"
            yield Problem(Place(self.rows.file, strays[0]), reason, shown(column), "fill in the record's id")

    def _told(self, records: Iterable[_Record]) -> Iterator[Document]:
        for record in records:
            yield record.document()


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


def _reader(cell: Cell, turn: Callable[[str], str] | None = None) -> Read:
    """How a cell is read from a row: None where it is empty or left out."""
    if cell.constant is not None:
        constant = cell.constant
        return lambda _row: constant
    column, known = str(cell.column), dict[str, str | None](cell.values)
    keep, factor = cell.others == "keep", Fraction(cell.factor) if cell.factor else None
    remembered: dict[str, str | None] = {}

    def read(row: Cells) -> str | None:
        text = row.get(column)
        if not text:
            return None
        if text in remembered:
            return remembered[text]
        found = known.get(text, text if keep else None)
        if found and factor:
            found = _times(found, factor)
        if found and turn:
            found = turn(found)
        if len(remembered) < REMEMBERED:
            remembered[text] = found
        return found

    return read


def _times(text: str, factor: Fraction) -> str:
    """A number in another unit, exactly; what is no number stays, for the vocabulary to refuse."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    # the exponent is asked first: 1e999999999 as a fraction would fill the memory
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text
    exact = Fraction(number) * factor
    if exact.denominator == 1:
        return str(exact.numerator)
    return str(Decimal(exact.numerator) / Decimal(exact.denominator))


def _moments(mapping: Mapping) -> Callable[[Cell, bool], Read]:
    """How dates are read: brought to the mapping's zone, or left as written; the day alone where asked for."""
    zone = None if mapping.zone == AS_WRITTEN else ZoneInfo(mapping.zone)
    unmarked = ZoneInfo(mapping.unmarked) if mapping.unmarked else None

    def local(text: str, form: str | None, day: bool) -> str:
        moment = _parse(text, form)
        if not isinstance(moment, dt.datetime):
            return moment.isoformat() if moment else text
        if moment.tzinfo is None and unmarked:
            moment = moment.replace(tzinfo=unmarked)
        if moment.tzinfo is not None and zone:
            try:
                moment = moment.astimezone(zone)
            except OverflowError:  # before the year 1 or after 9999: refused where dates are judged
                return text
        return moment.date().isoformat() if day else moment.replace(tzinfo=None).isoformat(timespec="seconds")

    return lambda cell, day: _reader(cell, lambda text: local(text, cell.form, day))


def _parse(text: str, form: str | None) -> dt.date | dt.datetime | None:
    """A moment, or a day by the ``form`` of the mapping; None for what is left to the record's own reading."""
    try:
        if form:
            moment = dt.datetime.strptime(text, form)
            return moment if re.search(r"%[HIcXT]", form) else moment.date()
        if stamp := _STAMP.fullmatch(text):
            return dt.datetime.fromisoformat(f"{stamp[1]}T{stamp[2]}{stamp[3] or ''}")
    except ValueError:
        pass
    return None

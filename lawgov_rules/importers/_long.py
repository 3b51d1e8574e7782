"""A table with a row an event, or a participant, of records that stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lawgov_rules.document_number import canonical
from lawgov_rules.errors import InputError, Place, Problem, did_you_mean, shown
from lawgov_rules.importers._cells import person, plain
from lawgov_rules.importers._grid import Row, Table
from lawgov_rules.importers._headings import EVENT, OWN, PERSON, is_remark, key, own, words_of
from lawgov_rules.vocabulary import Vocabulary

Found = tuple[dict[str, Any], dict[str, Place], list[Problem]]
MEND = "mend the row; until then its record is not judged"


class LongTable:
    """The rows of a table of events or participants by the type and id of their record.

    Raises InputError where a column is missing without which no row can be read.
    """

    def __init__(self, table: Table, vocabulary: Vocabulary) -> None:
        self.table, self.vocabulary = table, vocabulary
        is_events = table.kind == "events"
        self.head, self.tail = ("event", "date") if is_events else ("role", "person")
        ours = own(EVENT if is_events else PERSON) | own({name: OWN[name] for name in ("record", "type")})
        headings = [key(h) for h in table.headings]
        self.at = {ours[h]: n for n, h in reversed(list(enumerate(headings))) if h in ours}
        for name in (self.head, self.tail):
            if name not in self.at:
                word = (EVENT if is_events else PERSON)[name][0]
                raise InputError(Problem(table.place(table.line), f"no column `{name}`", help=f"add a column `{word}`"))
        owners = vocabulary.events if is_events else vocabulary.roles
        every = dict.fromkeys(name for owner in owners.values() for name in owner.attributes)
        known = words_of(every, vocabulary.attributes)
        others = [n for n, h in enumerate(headings) if h and n not in self.at.values() and not is_remark(h)]
        # one label may be that of several attributes, each of another event
        self.attributes = [n for n in others if headings[n] in known or headings[n] in _labels(every, vocabulary)]
        self.unknown = {n: self._unknown(n, every) for n in others if n not in self.attributes}
        # the words of a type's events or roles, and of the attributes of one, worked out when they are first met
        self._heads: dict[str, dict[str, str]] = {}
        self._tails: dict[str, dict[str, str]] = {}
        self.by_record: dict[tuple[str, str], list[Row]] = {}
        types = words_of(vocabulary.record_types, vocabulary.record_types)
        for row in table.rows:
            row.cells += [""] * (len(headings) - len(row.cells))
            type_ = self._cell(row, "type")
            place = types.get(key(type_), type_), canonical(self._cell(row, "record"))
            self.by_record.setdefault(place, []).append(row)

    def _cell(self, row: Row, name: str) -> str:
        return row.cells[self.at[name]] if name in self.at else ""

    def _unknown(self, number: int, known: Mapping[str, Any]) -> Problem:
        heading = self.table.headings[number]
        labels = [text for name in known for text in (name, self.vocabulary.attributes[name].zh)]
        help = did_you_mean(heading, labels) or "begin a heading for notes with 备注"
        reason = f"`{shown(heading)}` is not a known heading"
        return Problem(self.table.place(self.table.line, number), reason, shown(heading), help)

    def faults(self, types: Mapping[str, set[str]]) -> Iterator[tuple[str, Problem]]:
        """The records whose rows cannot be given to them, and why."""
        wide = len(self.table.headings)
        for (type_, record), rows in self.by_record.items():
            for row in rows:
                for column, reason, help in row.faults:
                    yield record, self.table.refuse(row, column, reason, help or MEND)
                for column, text in enumerate(row.cells):
                    if text and column in self.unknown:
                        yield record, self.unknown[column]
                    elif text and (column >= wide or not self.table.headings[column]):
                        yield (
                            record,
                            self.table.refuse(row, column, "a value stands in a column without a heading", MEND),
                        )
                if not type_ and len(types.get(record, ())) > 1:
                    place, reason = self.table.place(row.line), f"`{shown(record)}` names several records"
                    yield record, Problem(place, reason, shown(record), "write its `type` here too")

    def of(self, type_: str, record: str) -> Iterator[Found]:
        """The parts of a record: rows count for it if they name its type, or no type at all."""
        return (self._part(row, type_) for row in self._rows(type_, record))

    def cells(self, type_: str, record: str) -> list[list[str]]:
        """The cells of the rows that count for a record."""
        return [row.cells for row in self._rows(type_, record)]

    def _rows(self, type_: str, record: str) -> Iterator[Row]:
        for named in (type_, ""):
            yield from self.by_record.get((named, record), ())

    def _part(self, row: Row, type_: str) -> Found:
        """A row as an event or a participant, the places of its values, and what is wrong with it."""
        words, is_events = self.vocabulary, self.table.kind == "events"
        known = self._known_heads(type_)
        written, problems = self._cell(row, self.head), []
        name = known.get(key(written), written)
        found: dict[str, Any] = {self.head: name} if name else {}
        columns = {self.head: self.at[self.head]}
        for ours in (self.tail, "sequence"):
            if text := self._cell(row, ours):
                found[ours], columns[ours] = text, self.at[ours]
        if not is_events and self.tail in found:
            found[self.tail], is_one = person(found[self.tail])
            if not is_one:
                reason = f"`{shown(found[self.tail])}` has blanks between names"
                problems.append(self.table.refuse(row, self.at[self.tail], reason, "write each person in a row"))
        mine = self._known_tails(name)
        for number in self.attributes:
            if text := row.cells[number]:
                heading = self.table.headings[number]
                attribute = mine.get(key(heading))
                if attribute:
                    held = words.of_event(name, attribute) if is_events else words.attributes[attribute]
                    found[attribute] = plain(held, text, words)
                else:
                    found[heading] = text
                columns[attribute or heading] = number
        return found, {n: self.table.place(row.line, column) for n, column in columns.items()}, problems

    def _known_heads(self, type_: str) -> dict[str, str]:
        if type_ not in self._heads:
            record = self.vocabulary.record_types[type_]
            names = record.events if self.table.kind == "events" else record.roles
            self._heads[type_] = words_of(names, self._owners())
        return self._heads[type_]

    def _known_tails(self, name: str) -> dict[str, str]:
        owner = self._owners().get(name)
        if owner is None:
            return {}
        if name not in self._tails:
            self._tails[name] = words_of(owner.attributes, self.vocabulary.attributes)
        return self._tails[name]

    def _owners(self) -> Mapping[str, Any]:
        return self.vocabulary.events if self.table.kind == "events" else self.vocabulary.roles


def _labels(names: Mapping[str, Any], vocabulary: Vocabulary) -> set[str]:
    return {key(text) for name in names for text in (vocabulary.attributes[name].zh, vocabulary.attributes[name].en)}

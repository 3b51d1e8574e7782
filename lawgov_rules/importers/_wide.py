"""A row of a wide table as one record: columns of attributes, of events with their days, of roles with their people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lawgov_rules.errors import Place, Problem, shown
from lawgov_rules.importers._cells import BETWEEN, BETWEEN_SHORT, person, plain
from lawgov_rules.importers._grid import Row, Table
from lawgov_rules.importers._headings import OWN, Column
from lawgov_rules.vocabulary import Vocabulary
from lawgov_rules.yaml_file import Document, Path_

Faults = list[tuple[int, str, str]]


class TableDocument(Document):
    """A record of a table: each value has the place of its cell."""

    __slots__ = ("_places",)

    def __init__(
        self,
        place: Place,
        value: dict[str, Any],
        places: dict[Path_, Place],
        problems: Sequence[Problem] = (),
        labelled: bool = False,
    ) -> None:
        super().__init__(place.file, value, {}, tuple(problems), labelled)
        self._places = {(): place} | places

    def place(self, *path: str | int) -> Place:
        while path and path not in self._places:
            path = path[:-1]
        return self._places[path]


class RowsDocument(Document):
    """A record of rows of tables that are looked into when its values are asked for.

    Args:
        place: its first row. rows: all that they hold, as it was written; equal rows are read equally. read: gives the
            document that they are.
    """

    __slots__ = ("_place", "_read", "rows")

    def __init__(self, place: Place, rows: Callable[[], object], read: Callable[[], TableDocument]) -> None:
        self.file, self._place, self.rows, self._read = place.file, place, rows, read

    def __getattr__(self, name: str) -> Any:
        """What is not there before it is read."""
        if name not in ("value", "problems", "labelled"):
            raise AttributeError(name)
        found = self._read()
        self.value, self.problems, self.labelled, self._read = (
            found.value,
            found.problems,
            found.labelled,
            lambda: found,
        )
        return getattr(self, name)

    def place(self, *path: str | int) -> Place:
        return self._read().place(*path) if path else self._place


@dataclass
class Group:
    """The columns of one event or role: ``main`` holds days or names, the others what belongs to each."""

    part: str
    name: str
    main: int | None = None
    others: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Layout:
    """What the columns of a table hold, for records of one type. ``unknown`` mean nothing for this type."""

    own: dict[str, int] = field(default_factory=dict)
    attributes: list[tuple[int, str]] = field(default_factory=list)
    groups: dict[tuple[str, str, int], Group] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, columns: Sequence[Column | None]) -> Layout:
        layout = cls()
        for number, column in enumerate(columns):
            if column is None:
                layout.unknown.append(number)
            elif column.part in OWN:
                layout.own.setdefault(column.part, number)
            elif column.part == "attribute":
                layout.attributes.append((number, column.name))
            elif column.part in ("event", "role"):
                name = column.of or column.name
                group = layout.groups.setdefault((column.part, name, column.number), Group(column.part, name))
                if column.of:
                    group.others.append((number, column.name))
                else:
                    group.main = number
        return layout


class RowReader:
    """Reads the rows of one table for one type of record."""

    def __init__(self, table: Table, layout: Layout, vocabulary: Vocabulary) -> None:
        self.table, self.layout, self.vocabulary = table, layout, vocabulary

    def read(self, row: Row, type_: str) -> tuple[dict[str, Any], dict[Path_, Place], Faults]:
        """The values of a record, the places of their cells, and what is wrong with some of these."""
        faults: Faults = []
        value: dict[str, Any] = {"type": type_, "attributes": {}, "events": [], "participants": []}
        places: dict[Path_, Place] = {}
        for name, column in self.layout.own.items():
            if text := row.cells[column]:
                value[name] = text if name != "type" else type_
                places[(name,)] = self.table.place(row.line, column)
        found: list[tuple[int, str, str | list[str]]]
        found = [(n, name, self._plain(name, row.cells[n])) for n, name in self.layout.attributes if row.cells[n]]
        # a column that this type does not know is told with the values, as an attribute of no record of its type
        found += [(n, self.table.headings[n], row.cells[n]) for n in self.layout.unknown if row.cells[n]]
        for column, name, plain_text in found:
            value["attributes"][name] = plain_text
            places["attributes", name] = self.table.place(row.line, column)
        for group in self.layout.groups.values():
            part = "events" if group.part == "event" else "participants"
            for one, at in self._parts(row, group, faults):
                number = len(value[part])
                value[part].append(one)
                places[part, number] = self.table.place(row.line, next(iter(at.values())))
                places |= {(part, number, name): self.table.place(row.line, column) for name, column in at.items()}
        return value, places, faults

    def _plain(self, name: str, text: str, event: str = "") -> str | list[str]:
        words = self.vocabulary
        return plain(words.of_event(event, name) if event else words.attributes[name], text, words)

    def _parts(self, row: Row, group: Group, faults: Faults) -> list[tuple[dict[str, Any], dict[str, int]]]:
        """Each event or participant that a group of cells tells of, with the column of each of its values."""
        head, tail = ("event", "date") if group.part == "event" else ("role", "person")
        main = "" if group.main is None else row.cells[group.main]
        texts = [text for text in BETWEEN_SHORT.split(main) if text]
        others = [(n, name, row.cells[n]) for n, name in group.others if row.cells[n]]
        if not texts and not others:
            return []
        found: list[tuple[dict[str, Any], dict[str, int]]] = []
        for text in texts or [""]:
            column = group.main if texts and group.main is not None else others[0][0]
            one: dict[str, Any] = {head: group.name}
            at = {head: column}
            if text:
                one[tail], at[tail] = text, column
            if text and group.part == "role":
                one[tail], is_one = person(text)
                if not is_one:
                    faults.append((column, f"`{shown(text)}` has blanks between names", "write `、` between people"))
            found.append((one, at))
        for column, name, text in others:
            values = self._each(text, len(found))
            if values is None:
                reason = f"`{shown(text)}` does not give a value for each of {len(found)}"
                faults.append((column, reason, "give one value for all, or as many, with `；` between them"))
                continue
            for (one, at), single in zip(found, values, strict=True):
                if single:
                    event = group.name if group.part == "event" and name != "sequence" else ""
                    one[name] = single if name == "sequence" else self._plain(name, single, event)
                    at[name] = column
        return found

    @staticmethod
    def _each(text: str, number: int) -> list[str] | None:
        """The text for each of several: one for all, or as many as there are."""
        parts = [text] if number == 1 else BETWEEN.split(text)
        if len(parts) == 1:
            return parts * number
        return parts if len(parts) == number else None

"""What one-record evaluation reads: a record as known on a day, and the other records that were given with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lawgov_rules.days import Region
from lawgov_rules.records import DAY, Event, Record

_NOTHING: list[Event] = []
Within = Callable[[str, str], bool]


class Population:
    """All records of one check, found by id, by organ, or by place."""

    def __init__(self, records: Iterable[Record], within: Within) -> None:
        self._within = within
        self._by_id: dict[tuple[str, str], Record] = {}
        self._by_organ: dict[tuple[str, str], list[Record]] = {}
        self._by_place: dict[str, dict[str, list[Record]]] = {}
        for record in records:
            self._by_id[record.type, record.id] = record
            if record.organ:
                self._by_organ.setdefault((record.type, record.organ), []).append(record)
            if record.jurisdiction:
                self._by_place.setdefault(record.type, {}).setdefault(record.jurisdiction, []).append(record)

    def record(self, type_: str, id_: str) -> Record | None:
        """The record of a type with an id."""
        return self._by_id.get((type_, id_))

    def of_organ(self, type_: str, organ: str | None) -> list[Record]:
        """The records of a type that belong to an organ."""
        return self._by_organ.get((type_, organ), []) if organ else []

    def of_place(self, type_: str, jurisdiction: str | None) -> Iterator[Record]:
        """The records of a type whose place lies within a place."""
        for code, records in self._by_place.get(type_, {}).items() if jurisdiction else ():
            if self._within(str(jurisdiction), code):
                yield from records


class View:
    """A record as known on a day: events dated later are invisible.

    ``attributes`` are the record's. ``known`` holds what has been looked for in this record on this day, by what was
    asked: many rules, and many readings of a rule, ask the same.
    """

    __slots__ = ("_by_name", "as_of", "attributes", "known", "population", "record", "region")

    def __init__(self, record: Record, as_of: int, region: Region, population: Population | None = None) -> None:
        self.record = record
        self.as_of = as_of
        self.region = region
        self.population = population
        self.attributes = record.attributes
        self.known: dict[Any, Any] = {}
        self._by_name: dict[str, list[Event]] = {}
        by_name, end = self._by_name, (as_of + 1) * DAY
        for event in record.events:
            if event.low < end:
                if event.name in by_name:
                    by_name[event.name].append(event)
                else:
                    by_name[event.name] = [event]

    def events(self, name: str) -> list[Event]:
        """The visible events of that name, in the order of the record."""
        return self._by_name.get(name, _NOTHING)

    def of(self, other: Record) -> View:
        """Another record, as known on the same day."""
        return View(other, self.as_of, self.region, self.population)

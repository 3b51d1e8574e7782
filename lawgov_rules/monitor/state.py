"""The records of a monitor, kept small, and which of them depend on which."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator

from lawgov_rules import links as linked
from lawgov_rules.errors import Place
from lawgov_rules.kinds._contract import Link
from lawgov_rules.links import Index, Key
from lawgov_rules.records import Event, Participant, Record
from lawgov_rules.view import Population, Within


def pack(record: Record) -> bytes:
    """A record as a few hundred bytes, for this process only."""
    people = [(person.role, person.person, dict(person.attributes)) for person in record.participants]
    events = [(event.name, event.low, event.high, dict(event.attributes)) for event in record.events]
    source = (record.source.file, record.source.line, record.source.column)
    head = (record.id, record.type, record.jurisdiction, record.organ, dict(record.attributes))
    return marshal.dumps((*head, people, events, source))


def unpack(packed: bytes) -> Record:
    """The record again."""
    id_, type_, jurisdiction, organ, attributes, people, events, source = marshal.loads(packed)
    participants = tuple([Participant(*person) for person in people])
    return Record(
        id_, type_, jurisdiction, organ, attributes, participants, tuple([Event(*e) for e in events]), Place(*source)
    )


class Records(Population):
    """All records of a monitor by type and id; those that rules look at, by organ and place as well.

    ``links`` says which others a record depends on. Everything it says is taken from the records as they are now.
    """

    def __init__(self, within: Within, looked_at: frozenset[str], links: Callable[[Record], Iterable[Link]]) -> None:
        super().__init__((), within)
        self._looked_at, self._links = looked_at, links
        self._packed: dict[Key, bytes] = {}
        self._groups: Index = {}
        self._watchers: Index = {}

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._packed)

    def get(self, key: Key) -> Record | None:
        """The record of a type and id, if there is one."""
        packed = self._packed.get(key)
        return None if packed is None else unpack(packed)

    def put(self, key: Key, record: Record | None) -> None:
        """Keep a record in the place of what stood there; None: keep nothing there."""
        if (old := self.get(key)) is not None:
            self._index(old, linked.drop)
            del self._packed[key]
        if record is not None:
            self._packed[key] = pack(record)
            self._index(record, linked.put)

    def _index(self, record: Record, change: Callable[[Index, Iterable[Link], Key], None]) -> None:
        key = (record.type, record.id)
        if record.type in self._looked_at:
            change(self._groups, self._memberships(record), key)
        change(self._watchers, self._links(record), key)

    def _memberships(self, record: Record) -> Iterator[Link]:
        if record.organ:
            yield Link("organ", record.type, record.organ)
        if record.jurisdiction:
            yield Link("place", record.type, record.jurisdiction)

    def watchers(self, record: Record) -> set[Key]:
        """The records that depend on this one."""
        if record.type not in self._looked_at:
            return set()
        return linked.watchers(self._watchers, self._within, record.type, record.id, record.organ, record.jurisdiction)

    # as the other records of a check

    def record(self, type_: str, id_: str) -> Record | None:
        return self.get((type_, id_))

    def of_organ(self, type_: str, organ: str | None) -> list[Record]:
        keys = self._groups.get(("organ", type_), {}).get(str(organ), ()) if organ else ()
        return [unpack(self._packed[key]) for key in keys]

    def of_place(self, type_: str, jurisdiction: str | None) -> Iterator[Record]:
        for code, keys in self._groups.get(("place", type_), {}).items() if jurisdiction else ():
            if self._within(str(jurisdiction), code):
                yield from (unpack(self._packed[key]) for key in keys)

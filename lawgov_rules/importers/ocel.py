"""Object-centric event logs in OCEL 2.0: JSON, XML and SQLite; read through a mapping.

Objects are the records, and the events that are related to one are its events; ``only: {ocel:type: Invoice}`` in the
mapping picks the type of object. Rows of an object stand together: first one for each state of its attributes, in the
order of their times (so ``take: last`` is the latest value), then one for each event, in the order of the log. Columns:

==================  ==================================================================================
``ocel:oid``        the object, and its ``ocel:type``
``object:NAME``     an attribute of the object
``link:QUALIFIER``  the objects that it is linked with
``ocel:eid``        the event, its type ``ocel:activity`` and its ``ocel:timestamp``
``ocel:qualifier``  how the object takes part in the event: an attribute, or a role
``NAME``            an attribute of the event
``related:TYPE``    the other objects of that type that take part in the event
==================  ==================================================================================

Several in one cell stand side by side with ``; ``. Dates stay as they are written (of the three forms of one log one
may have UTC and the others local time: the mapping's ``zone`` and ``unmarked`` make them the same).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._rows import Row, Rows, needs_mapping
from lawgov_rules.importers._xml import elements
from lawgov_rules.yaml_file import Document, file_name, parse_documents, sha256_of

FORMS = {"json": (".jsonocel", ".ocel.json"), "xml": (".xmlocel", ".ocel.xml"), "sqlite": (".sqlite", ".sqliteocel")}
SUFFIXES = tuple(suffix for form in FORMS.values() for suffix in form)
HELP = "OCEL 2.0 (.jsonocel, .xmlocel, .sqlite)"
EVENT_OBJECT = "ocel_event_id, ocel_object_id, ocel_qualifier FROM event_object"
OBJECT_OBJECT = "ocel_source_id, ocel_target_id, ocel_qualifier FROM object_object"
OBJECT, TYPE, EVENT, ACTIVITY, TIME, QUALIFIER = (
    f"ocel:{name}" for name in ("oid", "type", "eid", "activity", "timestamp", "qualifier")
)


def read(path: Path, reading: Reading) -> Iterator[Document | Problem]:
    """Nothing but a problem: without a mapping a log is no records."""
    yield needs_mapping(path)


def rows(path: Path, reading: Reading) -> Rows:
    """The objects of a log with their events. InputError if it cannot be read: a part of it would be no use."""
    name = file_name(path)
    form = next(form for form, suffixes in FORMS.items() if path.name.lower().endswith(suffixes))
    try:
        reading.hashes[name] = sha256_of(path)
        reading.limits.file(path.stat().st_size, name)
        log = {"json": _from_json, "xml": _from_xml, "sqlite": _from_sqlite}[form](path, name, reading)
    except OSError as error:
        advice = "check that it exists and is yours to read"
        raise InputError(Problem(Place(name), f"cannot be read: {error.strerror}", help=advice)) from None
    if not log.objects:
        raise InputError(Problem(Place(name), "the log has no objects", help="give a log in OCEL 2.0"))
    return Rows(name, log.rows(), {OBJECT, TYPE, EVENT, ACTIVITY, TIME, QUALIFIER}, key=OBJECT)


@dataclass
class _Object:
    type: str
    line: int = 0
    attributes: list[tuple[str, str, str, int]] = field(default_factory=list)  # name, value, time, line
    links: list[tuple[str, str]] = field(default_factory=list)  # qualifier, object
    events: list[str] = field(default_factory=list)


@dataclass
class _Event:
    type: str
    time: str
    line: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    objects: list[tuple[str, str]] = field(default_factory=list)  # qualifier, object


class _Log:
    """Objects and events by their ids, in the order of the log."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.objects: dict[str, _Object] = {}
        self.events: dict[str, _Event] = {}
        self.problems: list[Problem] = []

    def add(self, store: dict[str, Any], id_: str, found: Any) -> None:
        """An object or an event; ids are unique, and events without one have a number."""
        if id_ in store:
            reason = f"`{shown(id_)}` stands twice"
            self.problems.append(Problem(Place(self.name, found.line), reason, shown(id_), "keep one of the two"))
            return
        store[id_ or f"#{len(store) + 1}"] = found

    def rows(self) -> Iterator[Row | Problem]:
        yield from self.problems
        for id_, event in self.events.items():
            for object_ in dict.fromkeys(o for _, o in event.objects):
                if object_ in self.objects:
                    self.objects[object_].events.append(id_)
                else:
                    reason = f"`{shown(object_)}` is not an object of this log (event `{shown(id_)}`)"
                    place = Place(self.name, event.line)
                    yield Problem(place, reason, shown(object_), "add the object, or mend its id here")
        for number, (id_, found) in enumerate(self.objects.items(), 1):
            own = {OBJECT: id_, TYPE: found.type} | _joined(("link:", found.links))
            for line, cells in self._states(found):
                yield Row(line, own | cells, number)
            for event_id in found.events:
                event = self.events[event_id]
                yield Row(event.line, own | self._cells(id_, event_id, event), number, True)

    @staticmethod
    def _states(found: _Object) -> Iterator[tuple[int, dict[str, str]]]:
        """The object's attributes at each time; times of one log are written alike, so their texts sort."""
        times = sorted({time for _, _, time, _ in found.attributes}) or [""]
        for time in times:
            mine = [(f"object:{name}", value, line) for name, value, at, line in found.attributes if at == time]
            yield (mine[0][2] if mine else found.line), {name: value for name, value, _ in mine if value}

    def _cells(self, id_: str, event_id: str, event: _Event) -> dict[str, str]:
        others = [(self.objects[o].type, o) for _, o in event.objects if o != id_ and o in self.objects]
        how = "; ".join(dict.fromkeys(q for q, o in event.objects if o == id_ and q))
        cells = {EVENT: event_id, ACTIVITY: event.type, TIME: event.time, QUALIFIER: how, **event.attributes}
        return {name: text for name, text in cells.items() if text} | _joined(("related:", others))


def _joined(named: tuple[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Ids by a name, side by side: ``{"link:Invoice from PO": "R1; R2"}``."""
    prefix, pairs = named
    found: dict[str, dict[str, None]] = {}
    for name, id_ in pairs:
        found.setdefault(prefix + name, {})[id_] = None
    return {name: "; ".join(ids) for name, ids in found.items()}


def _from_json(path: Path, name: str, reading: Reading) -> _Log:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise InputError(Problem(Place(name), "not a text in UTF-8", where, "save it as UTF-8 text")) from None
    log = _Log(name)
    for document in parse_documents(text, name, json=True, most_depth=reading.limits.depth):
        if isinstance(document, Problem):
            raise InputError(document)
        for place, item in _items(document, "objects"):
            found = _Object(_text(item, "type"), document.place(*place).line)
            for at, part in _items(document, *place, "attributes"):
                line = document.place(*at).line
                found.attributes.append((_text(part, "name"), _text(part, "value"), _text(part, "time"), line))
            found.links = _relations(document, place)
            log.add(log.objects, _text(item, "id"), found)
        for place, item in _items(document, "events"):
            event = _Event(_text(item, "type"), _text(item, "time"), document.place(*place).line)
            parts = _items(document, *place, "attributes")
            event.attributes = {_text(part, "name"): _text(part, "value") for _, part in parts}
            event.objects = _relations(document, place)
            log.add(log.events, _text(item, "id"), event)
    return log


def _relations(document: Document, place: tuple[str | int, ...]) -> list[tuple[str, str]]:
    found = _items(document, *place, "relationships")
    return [(_text(part, "qualifier"), _text(part, "objectId")) for _, part in found]


def _items(document: Document, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """The mappings of the list at a path, with their own paths; an absent list is empty. InputError for others."""
    value = document.value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step] if isinstance(value, list) else None  # type: ignore[index]
    for number, item in enumerate(value if isinstance(value, list) else []):
        at = (*path, number)
        if not isinstance(item, dict):
            reason = f"an item of `{path[-1]}` must be a mapping"
            raise InputError(Problem(document.place(*at), reason, shown(item), "give a log in OCEL 2.0"))
        yield at, item


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value.strip() if isinstance(value, str) else ""


def _from_xml(path: Path, name: str, reading: Reading) -> _Log:
    log = _Log(name)
    owner: Any = None
    attribute: tuple[str, str, int] | None = None
    for element in elements(path, reading.progress, reading.limits):
        values, line = element.values, element.line
        if not element.start:
            if element.name == "attribute" and attribute and owner is not None:
                key, time, at = attribute
                if isinstance(owner, _Event):
                    owner.attributes[key] = element.text.strip()
                else:
                    owner.attributes.append((key, element.text.strip(), time, at))
            attribute = None if element.name == "attribute" else attribute
            owner = None if element.name in ("object", "event") else owner
        elif element.name == "object" and "type" in values and owner is None:
            owner = _Object(values["type"].strip(), line)
            log.add(log.objects, values.get("id", "").strip(), owner)
        elif element.name == "event":
            owner = _Event(values.get("type", "").strip(), values.get("time", "").strip(), line)
            log.add(log.events, values.get("id", "").strip(), owner)
        elif element.name == "attribute":
            attribute = (values.get("name", "").strip(), values.get("time", "").strip(), line)
        elif "object-id" in values and owner is not None:
            related = (values.get("qualifier", "").strip(), values["object-id"].strip())
            (owner.objects if isinstance(owner, _Event) else owner.links).append(related)
    return log


def _from_sqlite(path: Path, name: str, reading: Reading) -> _Log:
    import sqlite3

    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(reading.limits.piece_bytes, 2**31 - 1))
            # a view may go on for ever, from a file of a few kilobytes
            if view := database.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchone():
                reason = f"`{shown(view[0])}` is a view, and these are not read"
                raise InputError(Problem(Place(name), reason, help="save its rows as a table"))
            return _from_tables(database, name)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        reason = f"not readable as a database of OCEL 2.0: {shown(str(error), 80)}"
        raise InputError(Problem(Place(name), reason, help="give a log in OCEL 2.0")) from None


def _from_tables(database: Any, name: str) -> _Log:
    log = _Log(name)
    for id_, type_ in database.execute("SELECT ocel_id, ocel_type FROM object ORDER BY rowid"):
        log.add(log.objects, str(id_), _Object(str(type_)))
    for id_, type_ in database.execute("SELECT ocel_id, ocel_type FROM event ORDER BY rowid"):
        log.add(log.events, str(id_), _Event(str(type_), ""))
    for row in _of_types(database, "object"):
        id_, time, changed = (row.pop(key, "") for key in ("ocel_id", "ocel_time", "ocel_changed_field"))
        if found := log.objects.get(id_):
            told = [(key, row[key]) for key in row if key == changed or not changed]
            found.attributes += [(key, value, time, 0) for key, value in told]
    for row in _of_types(database, "event"):
        id_, time = row.pop("ocel_id", ""), row.pop("ocel_time", "")
        if event := log.events.get(id_):
            event.time, event.attributes = time, row
    for id_, related, how in database.execute(f"SELECT {EVENT_OBJECT} ORDER BY rowid"):
        if event := log.events.get(str(id_)):
            event.objects.append((str(how or ""), str(related)))
    for id_, related, how in database.execute(f"SELECT {OBJECT_OBJECT} ORDER BY rowid"):
        if found := log.objects.get(str(id_)):
            found.links.append((str(how or ""), str(related)))
    return log


def _of_types(database: Any, what: str) -> Iterator[dict[str, str]]:
    """The rows of every table of a type of object or event, without empty cells."""
    for (suffix,) in database.execute(f"SELECT ocel_type_map FROM {what}_map_type").fetchall():
        table = f"{what}_{suffix}".replace('"', '""')
        cursor = database.execute(f'SELECT * FROM "{table}" ORDER BY rowid')
        names = [column[0] for column in cursor.description]
        for values in cursor:
            yield {key: str(value).strip() for key, value in zip(names, values, strict=True) if value is not None}

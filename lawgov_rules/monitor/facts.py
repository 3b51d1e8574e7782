"""Facts that come in piecemeal: read like any record, then added to one or taken away from it.

Everything is done twice, to the record that is judged and to the plain values that are saved, by the same positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Reading
from lawgov_rules.links import Key
from lawgov_rules.records import Event, Record, RecordReader
from lawgov_rules.yaml_file import Document, document_of

Plain = dict[str, Any]
LISTS = ("events", "participants")


def read(reader: RecordReader, document: Document) -> Record:
    """The record of a document; InputError, with every problem, if it is none."""
    record, problems = reader.read(document)
    if record is None:
        raise InputError(*problems)
    return record


def read_source(reader: RecordReader, source: Any) -> tuple[dict[Key, Record], dict[Key, Plain | None], list[Problem]]:
    """The records of files, folders or tables, the plain values of each, and the problems of the others."""
    found: dict[Key, Record] = {}
    saved: dict[Key, Plain | None] = {}
    problems: list[Problem] = []
    for item in documents.read(source, Reading(reader.vocabulary)):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        record, wrong = reader.read(item)
        problems += wrong
        if record is None:
            continue
        key = (record.type, record.id)
        if first := found.get(key):
            reason = f"`{record.id}` stands at {first.source} already"
            problems.append(Problem(record.source, reason, record.id, "ids are unique within a record type"))
        else:
            found[key], saved[key] = record, item.value
    return found, saved, problems


def read_part(reader: RecordReader, key: Key, told: Mapping[str, Any]) -> tuple[Record, Plain]:
    """Facts of a record, as a record of their own and as plain values; InputError if they cannot be used.

    ``told`` is an event, a participant, or a mapping with the keys of a record except its type and id.
    """
    listed = {"event": "events", "role": "participants"}
    name = next((listed[word] for word in listed if word in told), None)
    document = document_of({name: [dict(told)]} if name else dict(told))
    for word in ("record", "type"):
        if word in document.value:
            help = "retract the record, and post it anew"
            raise InputError(Problem(document.place(word), f"`{word}` cannot be changed", word, help))
    plain: Plain = document.value
    document.value = {**plain, "type": key[0], "record": key[1]}
    return read(reader, document), plain


def added(record: Record, part: Record, plain: Plain) -> Record:
    """The record with more events and participants, and with the attributes, organ or place that ``plain`` names.

    An attribute that is named without a value is unknown again, or has the vocabulary's default.
    """
    attributes = dict(record.attributes)
    for name in plain.get("attributes") or ():
        attributes.pop(name, None)
        if name in part.attributes:
            attributes[name] = part.attributes[name]
    return replace(
        record,
        attributes=attributes,
        participants=record.participants + part.participants,
        events=record.events + part.events,
        organ=part.organ if "organ" in plain else record.organ,
        jurisdiction=part.jurisdiction if "jurisdiction" in plain else record.jurisdiction,
    )


def added_plain(whole: Plain, plain: Plain) -> Plain:
    """The same of plain values."""
    lists = {name: [*(whole.get(name) or ()), *(plain.get(name) or ())] for name in LISTS}
    attributes = {**(whole.get("attributes") or {}), **(plain.get("attributes") or {})}
    return {**whole, **plain, **lists, "attributes": attributes}


def positions(record: Record, part: Record, plain: Plain) -> dict[str, list[int]]:
    """Where in a record the events and participants of a part stand, the last such ones; InputError if one does not."""
    for word in plain:
        if word not in LISTS:
            help = "take back an event or a participant; an attribute is taken back by posting it without a value"
            raise InputError(Problem(Place(word), f"`{shown(word)}` is nothing to retract", shown(word), help))
    found: dict[str, list[int]] = {}
    for name in LISTS:
        left: list[Any] = list(getattr(record, name))
        for number, item in enumerate(getattr(part, name)):
            at = next((n for n in reversed(range(len(left))) if left[n] == item), None)
            if at is None:
                word = shown(item.name if isinstance(item, Event) else item.person)
                help = "its date and attributes must be as they were posted"
                raise InputError(Problem(Place(f"{name}[{number}]"), f"no such `{word}` is on record", word, help))
            left[at] = None
            found.setdefault(name, []).append(at)
    return found


def without(record: Record, at: Mapping[str, list[int]]) -> Record:
    """The record without the events and participants at these positions."""
    return replace(record, **{name: tuple(_left(getattr(record, name), ns)) for name, ns in at.items()})  # type: ignore[arg-type]


def without_plain(whole: Plain, at: Mapping[str, list[int]]) -> Plain:
    """The same of plain values."""
    return {**whole, **{name: _left(whole[name], numbers) for name, numbers in at.items()}}


def _left(items: Any, numbers: list[int]) -> list[Any]:
    return [item for n, item in enumerate(items) if n not in numbers]

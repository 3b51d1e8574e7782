"""What is read of files, tables and records that are given: the good records, and what is wrong with the others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lawgov_rules.errors import Place, Problem
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Item, Limits, Progress, R, Reading, silent
from lawgov_rules.mapping import Mapping
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.yaml_file import Document, file_name, sha256_of

TOLD_EVERY = 500  # records read


@dataclass
class Input:
    """What was read: the good records, the problems of the others, and what was read from where."""

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    hashes: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    advice: list[Problem] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def read_input(
    source: Any,
    rules: Rulesets,
    mapping: Mapping | str | Path | None = None,
    progress: Progress = silent,
    limits: Limits | None = None,
) -> Input:
    """Read and check every record of the source; ids are unique within their type, and both places are named.

    Raises MappingError where the mapping is no good.
    """
    data = Input()
    reading = reading_of(data, rules, mapping, progress, limits)
    if (given := given_records(source)) is not None:
        data.read, data.records = len(given), given
        data.places = {(r.type, r.id): r.source for r in data.records}
        return data
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)
    found = (item_of(one, reader) for one in documents.read(source, reading))
    data.records = gathered(found, data, reading)
    return data


def reading_of(
    data: Input,
    rules: Rulesets,
    mapping: Mapping | str | Path | None,
    progress: Progress,
    limits: Limits | None,
) -> Reading:
    """What the ways in are given; what they note goes to the ``data``. Raises MappingError."""
    if isinstance(mapping, (str, Path)):
        path = Path(mapping)
        mapping = Mapping.load(path)
        data.hashes[file_name(path)] = sha256_of(path)
    elif mapping:
        data.hashes["(mapping)"] = hashlib.sha256(mapping.model_dump_json().encode()).hexdigest()
    if mapping:
        mapping.check(rules.vocabulary)
    return Reading(rules.vocabulary, data.hashes, data.skipped, mapping, progress, limits or Limits(), data.advice)


def given_records(source: Any) -> list[Record] | None:
    """The records of a source that is nothing else."""
    if isinstance(source, (list, tuple)) and all(isinstance(item, Record) for item in source):
        return list(source)
    return None


def item_of(found: Document | Problem, reader: RecordReader) -> Item[Record]:
    """What a document is: a record, or problems."""
    if isinstance(found, Problem):
        return Item(found.records, None, found.place, [found])
    record, problems = reader.read(found)
    return Item(1, record, _place(record, found) if record else found.place(), problems)


def gathered(found: Iterable[Item[R]], data: Input, reading: Reading) -> list[R]:
    """The records, each id of a type once; the problems of the others, and the places, go to the ``data``."""
    records: list[R] = []
    for number, item in enumerate(found):
        data.read += item.read
        if number % TOLD_EVERY == 0:
            reading.progress("records", data.read, 0)
        record = item.record
        if record is None:
            data.problems.extend(item.problems)
            continue
        key = (record.type, record.id)
        if key in data.places:
            reason = f"`{record.id}` stands at {data.places[key]} already"
            help = "ids are unique within a record type"
            data.problems.append(Problem(item.place, reason, record.id, help))
            continue
        data.places[key] = item.place
        records.append(record)
    if reading.changed:
        records = [r for r in records if _file(r.source) not in reading.changed]
    return records


def _file(place: Place) -> str:
    """The file of a place; of a workbook without the sheet."""
    return place.file.rpartition("#")[0] if place.in_workbook else place.file


def _place(record: Record, item: Document) -> Place:
    """Where a record stands; of a row of a table, the cell with its id."""
    return record.source if record.source.column else item.place("record")

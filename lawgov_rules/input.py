"""What is read of files, tables and records that are given: the good records, and what is wrong with the others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lawgov_rules.errors import Place, Problem
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Limits, Progress, Reading, silent
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
    if isinstance(mapping, (str, Path)):
        path = Path(mapping)
        mapping = Mapping.load(path)
        data.hashes[file_name(path)] = sha256_of(path)
    elif mapping:
        data.hashes["(mapping)"] = hashlib.sha256(mapping.model_dump_json().encode()).hexdigest()
    if mapping:
        mapping.check(rules.vocabulary)
    if isinstance(source, (list, tuple)) and all(isinstance(item, Record) for item in source):
        data.read, data.records = len(source), list(source)
        data.places = {(r.type, r.id): r.source for r in data.records}
        return data
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)
    reading = Reading(rules.vocabulary, data.hashes, data.skipped, mapping, progress, limits or Limits(), data.advice)
    for number, item in enumerate(documents.read(source, reading)):
        data.read += item.records if isinstance(item, Problem) else 1
        if number % TOLD_EVERY == 0:
            progress("records", data.read, 0)
        record, problems = (None, [item]) if isinstance(item, Problem) else reader.read(item)
        if record is None:
            data.problems.extend(problems)
            continue
        key, place = (record.type, record.id), _place(record, item)
        if key in data.places:
            reason = f"`{record.id}` stands at {data.places[key]} already"
            help = "ids are unique within a record type"
            data.problems.append(Problem(place, reason, record.id, help))
            continue
        data.places[key] = place
        data.records.append(record)
    if reading.changed:
        data.records = [r for r in data.records if _file(r.source) not in reading.changed]
    return data


def _file(place: Place) -> str:
    """The file of a place; of a workbook without the sheet."""
    return place.file.rpartition("#")[0] if place.in_workbook else place.file


def _place(record: Record, item: Document | Problem) -> Place:
    """Where a record stands; of a row of a table, the cell with its id."""
    return record.source if record.source.column or isinstance(item, Problem) else item.place("record")

"""Rows of named cells: what tables and logs have in common, whatever file they come from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers.three_tables import RAGGED, _cells, _csv_rows, _plain_rows
from lawgov_rules.yaml_file import file_name, sha256_of

TABLES = (".csv", ".parquet")
Cells = Mapping[str, str]
BATCH = 10_000  # rows of a Parquet file that are in memory at once


class Row(NamedTuple):
    """One row: its line, its cells that are not empty, as text.

    ``group``: rows of one record stand together and have the same number (None: they stand anywhere). ``is_event``: it
    is an event by its nature, also where no cell says which. ``problem``: what makes it unusable.
    """

    line: int
    cells: Cells
    group: int | None = None
    is_event: bool = False
    problem: Problem | None = None


@dataclass
class Rows:
    """The rows of one source, to be gone through once.

    ``columns``: those that are known to be there; all of them if ``complete``, else rows may show more. ``key``: the
    column that tells the groups apart, where rows of one record stand together.
    """

    file: str
    rows: Iterable[Row | Problem]
    columns: set[str] = field(default_factory=set)
    complete: bool = False
    key: str | None = None


def needs_mapping(path: Path) -> Problem:
    """The problem of a log that is read without a mapping."""
    advice = "give `--mapping`; `lawgov mapping` proposes one"
    return Problem(Place(file_name(path)), "a log is read through a mapping", help=advice)


def of_file(path: Path, reading: Reading) -> Rows:
    """The rows of a CSV or Parquet file. InputError if it cannot be read at all."""
    name = file_name(path)
    try:
        reading.hashes[name] = sha256_of(path)
        if path.suffix.lower() == ".parquet":
            return _of_parquet(path, name)
        with path.open(encoding="utf-8-sig", newline="") as text:
            headings = {heading.strip() for heading in next(csv.reader(text), [])}
        return Rows(name, _guarded(_of_csv(path, name), name), headings, complete=True)
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(_unreadable(error, name)) from None


def of_table(table: Any) -> Rows:
    """The rows of an Arrow table or a DataFrame. InputError if it is neither."""
    columns = getattr(table, "column_names", None) or list(getattr(table, "columns", ()))
    found = (Row(n, _cells(row)) for n, row in enumerate(_plain_rows(table), 1))
    return Rows("(table)", found, {str(column) for column in columns}, complete=True)


def _of_csv(path: Path, name: str) -> Iterator[Row]:
    for line, cells in _csv_rows(path, name):
        ragged = cells.pop(RAGGED, None)
        advice = "mend the row; until then its record is not judged"
        yield Row(line, cells, problem=Problem(Place(name, line), ragged, help=advice) if ragged else None)


def _of_parquet(path: Path, name: str) -> Rows:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    plain = (row for batch in file.iter_batches(BATCH) for row in batch.to_pylist())
    found = (Row(n, _cells(row)) for n, row in enumerate(plain, 1))
    return Rows(name, _guarded(found, name), set(file.schema_arrow.names), complete=True)


def _guarded(rows: Iterable[Row], name: str) -> Iterator[Row | Problem]:
    """The rows up to where the file stops being readable, and a problem there."""
    try:
        yield from rows
    except InputError as error:
        yield error.problem
    except (OSError, ValueError, csv.Error) as error:
        yield _unreadable(error, name)


def _unreadable(error: Exception, name: str) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        return Problem(Place(name), "not a text in UTF-8", help="save it as UTF-8 text")
    reason = f"not readable as a table: {shown(' '.join(str(error).split()), 120)}"
    return Problem(Place(name), reason, help="give CSV in UTF-8 with headings, or Parquet")

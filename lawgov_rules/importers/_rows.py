"""Rows of named cells: what tables and logs have in common, whatever file they come from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._cells import text_of
from lawgov_rules.importers._grid import Row as TextRow
from lawgov_rules.importers._reading import Limits, Reading
from lawgov_rules.importers.csv import delimiter_of, encoding_of, rows_of
from lawgov_rules.importers.three_tables import parquet_of, plain_rows
from lawgov_rules.yaml_file import file_name, sha256_of

TABLES = (".csv", ".tsv", ".parquet")
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
        reading.limits.file(path.stat().st_size, name)
        if path.suffix.lower() == ".parquet":
            return _of_parquet(path, name, reading.limits)
        return _of_csv(path, name, reading.limits)
    except FileNotFoundError:
        reason, help = "there is no such file or folder", "check the path"
        raise InputError(Problem(Place(name), reason, shown(name), help)) from None
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(_unreadable(error, name)) from None


def of_table(table: Any) -> Rows:
    """The rows of an Arrow table or a DataFrame. InputError if it is neither."""
    columns = getattr(table, "column_names", None) or list(getattr(table, "columns", ()))
    found = (Row(n, _cells(row)) for n, row in enumerate(plain_rows(table), 1))
    return Rows("(table)", found, {str(column) for column in columns}, complete=True)


def of_texts(name: str, rows: Iterator[TextRow], *, even: bool) -> Rows:
    """The rows of a table of texts, whose first row has the headings. InputError where two are alike, or none is.

    Args:
        name: as places name it. even: a row must have as many cells as the headings.
    """
    first = next(rows, None)
    if first is None:
        raise InputError(Problem(Place(name), "the table is empty", help="write the headings into the first line"))
    for number, heading in enumerate(first.cells):
        if heading and heading in first.cells[:number]:
            place, reason = Place(name, first.line, number + 1), f"`{shown(heading)}` stands twice"
            raise InputError(Problem(place, reason, shown(heading), "keep one of the two"))
    found = _named(first.cells, rows, name, even)
    return Rows(name, _guarded(found, name), set(first.cells) - {""}, complete=True)


def _of_csv(path: Path, name: str, limits: Limits) -> Rows:
    encoding = encoding_of(path, name)
    return of_texts(name, rows_of(path, name, encoding, delimiter_of(path, encoding), limits), even=True)


def _named(headings: list[str], rows: Iterable[TextRow], name: str, even: bool) -> Iterator[Row]:
    wide, advice = len(headings), "mend the row; until then its record is not judged"
    for row in rows:
        problem = None
        if row.faults:
            column, reason, help = row.faults[0]
            problem = Problem(Place(name, row.line, column + 1), reason, help=help)
        elif any(row.cells[wide:]) or (even and len(row.cells) < wide):
            reason = f"{len(row.cells)} cells where the headings have {wide}"
            problem = Problem(Place(name, row.line), reason, help=advice)
        cells = {heading: cell for heading, cell in zip(headings, row.cells, strict=False) if heading and cell}
        yield Row(row.line, cells, problem=problem)


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    """A row of typed values as texts; what is empty is left out."""
    return {str(key): text for key, value in row.items() if (text := text_of(value))}


def _of_parquet(path: Path, name: str, limits: Limits) -> Rows:
    file = parquet_of(path, name, limits)
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
    return Problem(Place(name), reason, help="give CSV with headings, or Parquet")

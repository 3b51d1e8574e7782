"""The three tables ``records``, ``events``, ``participants``: CSV, Parquet, Arrow tables or DataFrames.

How their columns are read stands in `_joined`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lawgov_rules.errors import InputError, Place, Problem, did_you_mean, shown
from lawgov_rules.importers._cells import text_of
from lawgov_rules.importers._grid import Grid, Row
from lawgov_rules.importers._headings import TABLES
from lawgov_rules.importers._joined import documents
from lawgov_rules.importers._reading import RAISE, Limits, Reading
from lawgov_rules.yaml_file import Document, file_name, sha256_of

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

# of a table without rows, which says nothing of its columns
HEADINGS = {
    "records": ["record", "type"],
    "events": ["record", "event", "date"],
    "participants": ["record", "role", "person"],
}


def read(tables: Mapping[str, Any], reading: Reading) -> Iterator[Document | Problem]:
    """A document for each row of ``records``, with its events and participants; a problem for what belongs to none."""
    for name in tables:
        if name not in TABLES:
            reason = f"`{shown(name)}` is not one of the three tables"
            yield Problem(Place(shown(name)), reason, shown(name), did_you_mean(str(name), TABLES))
    grids, all_read = [], True
    for name in TABLES:
        try:
            if grid := _grid(name, tables.get(name), reading):
                grids.append(grid)
        except InputError as error:
            all_read = False
            yield error.problem
    if all_read:
        yield from documents(grids, reading)


def _grid(name: str, table: Any, reading: Reading) -> Grid | None:
    """One of the tables. InputError if it cannot be used."""
    if table is None:
        if name == "records":
            reason = "the table `records` is missing"
            raise InputError(Problem(Place(f"({name})"), reason, help="give the three tables by name"))
        return None
    if not isinstance(table, (str, Path)):
        return Grid(f"({name})", _rows(plain_rows(table), name), name)
    path = Path(table)
    file = file_name(path)
    if path.suffix.lower() != ".parquet":
        from lawgov_rules.importers.csv import grid_of

        return grid_of(path, reading, name)
    try:
        reading.hashes[file] = sha256_of(path)
        found = parquet_of(path, file, reading.limits).read()
        return Grid(file, _rows(found.to_pylist(), name), name)
    except (OSError, ValueError) as error:
        reason = f"not readable as a table: {shown(' '.join(str(error).split()), 120)}"
        raise InputError(Problem(Place(file), reason, help="give CSV with headings, or Parquet")) from None


def parquet_of(path: Path, file: str, limits: Limits) -> ParquetFile:
    """A Parquet file, opened. InputError where it says of itself that it is too large to be read."""
    from pyarrow.parquet import ParquetFile

    limits.file(path.stat().st_size, file)
    found = ParquetFile(path)
    about = found.metadata
    if about.num_rows > limits.rows:
        raise InputError(Problem(Place(file), f"more than {limits.rows} rows", help=RAISE))
    if about.num_columns > limits.columns:
        raise InputError(Problem(Place(file), f"more than {limits.columns} columns", help=RAISE))
    if sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups)) > limits.unpacked_bytes:
        raise InputError(Problem(Place(file), f"unpacks to more than {limits.unpacked_bytes / 2**20:g} MB", help=RAISE))
    return found


def _rows(rows: list[dict[str, Any]], table: str) -> Iterator[Row]:
    """The headings as line 0, then each row by its number."""
    headings = list(dict.fromkeys(str(name) for row in rows for name in row)) or HEADINGS[table]
    yield Row(0, headings)
    for number, row in enumerate(rows, 1):
        texts = {str(name): text_of(value) for name, value in row.items()}
        yield Row(number, [texts.get(heading, "") for heading in headings])


def plain_rows(table: Any) -> list[dict[str, Any]]:
    """The rows of an Arrow table or a DataFrame."""
    if hasattr(table, "to_pylist"):
        return table.to_pylist()  # type: ignore[no-any-return]
    if hasattr(table, "to_dicts"):
        return table.to_dicts()  # type: ignore[no-any-return]
    if hasattr(table, "to_dict"):
        return table.to_dict(orient="records")  # type: ignore[no-any-return]
    reason = f"`{shown(type(table).__name__)}` is not a table"
    raise InputError(Problem(Place(), reason, help="give a path, an Arrow table or a DataFrame"))

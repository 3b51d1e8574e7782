"""The three tables ``records``, ``events``, ``participants`` as documents: CSV, Parquet, Arrow tables or DataFrames.

``records`` has a row a record: ``record``, ``type``, ``jurisdiction``, ``organ``, and a column an attribute. The other
two name the record in ``record`` (and its ``type`` where ids repeat between types) and have a row an event (``event``,
``date``, optionally ``sequence``) or a participant (``role``, ``person``). Empty cells are unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lawgov_rules.errors import Place, Problem, did_you_mean, shown
from lawgov_rules.importers.documents import sha256_of
from lawgov_rules.yaml_file import Document, Path_

NAMES = ("records", "events", "participants")
OWN = ("record", "type", "jurisdiction", "organ")
Row = tuple[int, dict[str, str]]


def read(tables: Mapping[str, Any], hashes: dict[str, str]) -> Iterator[Document | Problem]:
    """A document for each row of ``records``, with its events and participants; a problem for what belongs to none."""
    unknown = [name for name in tables if name not in NAMES]
    for name in unknown:
        yield Problem(
            Place(shown(name)),
            f"`{shown(name)}` is not one of the three tables",
            name,
            did_you_mean(name, NAMES),
        )
    rows: dict[str, list[Row]] = {}
    files: dict[str, str] = {}
    for name in NAMES:
        files[name], found = _rows(name, tables.get(name), hashes)
        if isinstance(found, Problem):
            yield found
            found = []
        rows[name] = found
    parts: dict[str, dict[tuple[str, str], list[Row]]] = {"events": {}, "participants": {}}
    for name, by_record in parts.items():
        for row in rows[name]:
            by_record.setdefault((row[1].get("type", ""), row[1].get("record", "")), []).append(row)
    for number, row_ in rows["records"]:
        yield _document(number, row_, parts, files)
    yield from _orphans(parts, files)


def _document(
    number: int,
    row: dict[str, str],
    parts: dict[str, dict[tuple[str, str], list[Row]]],
    files: dict[str, str],
) -> Document:
    """One record. Rows of the other tables count for it if they name its type, or no type at all."""
    value: dict[str, Any] = {key: row[key] for key in OWN if key in row}
    value["attributes"] = {key: text for key, text in row.items() if key not in OWN}
    lines: dict[Path_, tuple[int, int]] = {(): (number, 0)}
    for name, by_record in parts.items():
        found: list[dict[str, str]] = []
        for type_ in dict.fromkeys((row.get("type", ""), "")):
            for line, cells in by_record.pop((type_, row.get("record", "")), []):
                lines[name, len(found)] = (line, 0)
                found.append({k: v for k, v in cells.items() if k not in ("record", "type")})
        value[name] = found
    return _Tables(files, value, lines)


class _Tables(Document):
    """A document whose parts stand in different files."""

    __slots__ = ("_files",)

    def __init__(self, files: dict[str, str], value: Any, lines: dict[Path_, tuple[int, int]]) -> None:
        super().__init__(files["records"], value, lines)
        self._files = files

    def place(self, *path: str | int) -> Place:
        found = super().place(*path)
        return Place(self._files[str(path[0])], found.line, found.column) if path and path[0] in self._files else found


def _orphans(parts: dict[str, dict[tuple[str, str], list[Row]]], files: dict[str, str]) -> Iterator[Problem]:
    for name, by_record in parts.items():
        for (_type, record), rows in by_record.items():
            yield Problem(
                Place(files[name], rows[0][0]),
                f"`{shown(record)}` is not in the records table ({len(rows)} rows)",
                shown(record),
                "add the record, or mend its id or type here",
            )


def _rows(name: str, table: Any, hashes: dict[str, str]) -> tuple[str, list[Row] | Problem]:
    """The file's name and the rows with their line; every cell as text, empty cells left out."""
    if table is None:
        missing = Problem(Place(f"({name})"), "the table `records` is missing", help="give the three tables by name")
        return f"({name})", [] if name != "records" else missing
    if isinstance(table, (str, Path)):
        path = Path(table)
        file = path.as_posix()
        try:
            hashes[file] = sha256_of(path)
            arrow, first = _read_file(path)
        except (OSError, ValueError) as error:
            return file, Problem(
                Place(file),
                f"not readable as a table: {shown(str(error), 120)}",
                help="give CSV in UTF-8 with headings, or Parquet",
            )
    else:
        file, first = f"({name})", 1
        arrow = table if hasattr(table, "to_pylist") else _from_frame(table)
    return file, [
        (first + n, {k: t for k, v in row.items() if (t := _text(v))}) for n, row in enumerate(arrow.to_pylist())
    ]


def _read_file(path: Path) -> tuple[Any, int]:
    """An Arrow table, and the number of its first row as a reader of the file counts it."""
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        return pq.read_table(path), 1
    from pyarrow import csv, string

    with path.open(encoding="utf-8-sig") as file:
        names = file.readline().strip().split(",")
    options = csv.ConvertOptions(column_types={n.strip('"'): string() for n in names}, strings_can_be_null=True)
    parse = csv.ParseOptions(newlines_in_values=True)
    return csv.read_csv(path, convert_options=options, parse_options=parse), 2


def _from_frame(frame: Any) -> Any:
    import pyarrow as pa

    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    return pa.Table.from_pandas(frame, preserve_index=False)


def _text(value: Any) -> str:
    """A cell as the text that a user would have written."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() and value.tzinfo is None else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()

"""The three tables ``records``, ``events``, ``participants`` as documents: CSV, Parquet, Arrow tables or DataFrames.

``records`` has a row a record: ``record``, ``type``, ``jurisdiction``, ``organ``, and a column an attribute. The other
two name the record in ``record`` (and its ``type`` where ids repeat between types) and have a row an event (``event``,
``date``, optionally ``sequence``) or a participant (``role``, ``person``). Empty cells are unknown.

Events are complete by their nature: what is not in the table has not happened. So a table that cannot be read stops
the whole, and a row that cannot be read stops its record; neither is judged as if nothing had happened.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem, did_you_mean, shown
from lawgov_rules.yaml_file import Document, Path_, file_name, sha256_of

NAMES = ("records", "events", "participants")
OWN = ("record", "type", "jurisdiction", "organ")
RAGGED = "\0ragged"
Row = tuple[int, dict[str, str]]


def read(tables: Mapping[str, Any], hashes: dict[str, str]) -> Iterator[Document | Problem]:
    """A document for each row of ``records``, with its events and participants; a problem for what belongs to none."""
    problems = [
        Problem(Place(shown(n)), f"`{shown(n)}` is not one of the three tables", shown(n), did_you_mean(str(n), NAMES))
        for n in tables
        if n not in NAMES
    ]
    rows: dict[str, list[Row]] = {}
    files: dict[str, str] = {}
    for name in NAMES:
        files[name] = file_name(Path(tables[name])) if isinstance(tables.get(name), (str, Path)) else f"({name})"
        try:
            rows[name] = _rows(name, tables.get(name), files[name], hashes)
        except InputError as error:
            problems.append(error.problem)
    yield from problems
    if len(rows) == len(NAMES):
        yield from _Joined(rows, files).documents()


class _Joined:
    """The rows of the three tables by record."""

    def __init__(self, rows: dict[str, list[Row]], files: dict[str, str]) -> None:
        self.rows = rows
        self.files = files
        self.types: dict[str, set[str]] = {}
        for _, row in rows["records"]:
            self.types.setdefault(row.get("record", ""), set()).add(row.get("type", ""))
        self.parts: dict[str, dict[tuple[str, str], list[Row]]] = {"events": {}, "participants": {}}
        self.spoilt: dict[str, Problem] = {}
        for name, by_record in self.parts.items():
            for line, row in rows[name]:
                by_record.setdefault((row.get("type", ""), row.get("record", "")), []).append((line, row))
                if problem := self._unusable(name, line, row):
                    self.spoilt.setdefault(row.get("record", ""), problem)

    def _unusable(self, name: str, line: int, row: dict[str, str]) -> Problem | None:
        """Why a row cannot be given to a record; its record is then not judged."""
        place, record = Place(self.files[name], line), row.get("record", "")
        if RAGGED in row:
            return Problem(place, row[RAGGED], shown(record), "mend the row; until then its record is not judged")
        if "type" not in row and len(self.types.get(record, ())) > 1:
            reason = f"`{shown(record)}` names several records"
            return Problem(place, reason, shown(record), "write its `type` here too")
        return None

    def documents(self) -> Iterator[Document | Problem]:
        for line, row in self.rows["records"]:
            record = row.get("record", "")
            if RAGGED in row:
                advice = "fill in or take out cells, or quote commas"
                yield Problem(Place(self.files["records"], line), row[RAGGED], shown(record), advice)
            elif record in self.spoilt:
                yield self.spoilt[record]
            else:
                yield self._document(line, row)
        for name, by_record in self.parts.items():
            for (type_, record), rows in by_record.items():
                known = self.types.get(record, set())
                if not known or (type_ and type_ not in known):
                    reason = f"`{shown(record)}` is not in the records table ({len(rows)} rows)"
                    place = Place(self.files[name], rows[0][0])
                    yield Problem(place, reason, shown(record), "add the record, or mend its id or type here")

    def _document(self, number: int, row: dict[str, str]) -> Document:
        """One record. Rows of the other tables count for it if they name its type, or no type at all."""
        value: dict[str, Any] = {key: row[key] for key in OWN if key in row}
        value["attributes"] = {key: text for key, text in row.items() if key not in OWN}
        lines: dict[Path_, tuple[int, int]] = {(): (number, 0)}
        for name, by_record in self.parts.items():
            found: list[dict[str, str]] = []
            for type_ in dict.fromkeys((row.get("type", ""), "")):
                for line, cells in by_record.get((type_, row.get("record", "")), []):
                    lines[name, len(found)] = (line, 0)
                    found.append({k: v for k, v in cells.items() if k not in ("record", "type")})
            value[name] = found
        return _Tables(self.files, value, lines)


class _Tables(Document):
    """A document whose parts stand in different files."""

    __slots__ = ("_files",)

    def __init__(self, files: dict[str, str], value: Any, lines: dict[Path_, tuple[int, int]]) -> None:
        super().__init__(files["records"], value, lines)
        self._files = files

    def place(self, *path: str | int) -> Place:
        found = super().place(*path)
        return Place(self._files[str(path[0])], found.line, found.column) if path and path[0] in self._files else found


def _rows(name: str, table: Any, file: str, hashes: dict[str, str]) -> list[Row]:
    """The rows with their line, every cell as text, empty cells left out. InputError if the table cannot be used."""
    if table is None:
        if name == "records":
            raise InputError(
                Problem(Place(file), "the table `records` is missing", help="give the three tables by name")
            )
        return []
    if not isinstance(table, (str, Path)):
        return [(n, _cells(row)) for n, row in enumerate(_plain_rows(table), 1)]
    path = Path(table)
    try:
        hashes[file] = sha256_of(path)
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq

            return [(n, _cells(row)) for n, row in enumerate(pq.read_table(path).to_pylist(), 1)]
        return list(_csv_rows(path, file))
    except UnicodeDecodeError:
        help = "save it as UTF-8 text"
        raise InputError(Problem(Place(file), "not a text in UTF-8", help=help)) from None
    except (OSError, ValueError, csv.Error) as error:
        reason = f"not readable as a table: {shown(' '.join(str(error).split()), 120)}"
        raise InputError(Problem(Place(file), reason, help="give CSV in UTF-8 with headings, or Parquet")) from None


def _csv_rows(path: Path, file: str) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, strict=True)
        headings = [heading.strip() for heading in next(reader, [])]
        if not headings:
            raise InputError(Problem(Place(file), "the table is empty", help="write the headings into the first line"))
        for number, heading in enumerate(headings):
            if heading in headings[:number]:
                raise InputError(
                    Problem(
                        Place(file, 1),
                        f"`{shown(heading)}` stands twice",
                        shown(heading),
                        "keep one of the two",
                    )
                )
        line = reader.line_num
        for cells in reader:
            start, line = line + 1, reader.line_num
            if cells:
                row = {h: c.strip() for h, c in zip(headings, cells, strict=False) if c.strip()}
                if len(cells) != len(headings):
                    row[RAGGED] = f"{len(cells)} cells where the headings have {len(headings)}"
                yield start, row


def _plain_rows(table: Any) -> list[dict[str, Any]]:
    """The rows of an Arrow table or a DataFrame."""
    if hasattr(table, "to_pylist"):
        return table.to_pylist()  # type: ignore[no-any-return]
    if hasattr(table, "to_dicts"):
        return table.to_dicts()  # type: ignore[no-any-return]
    if hasattr(table, "to_dict"):
        return table.to_dict(orient="records")  # type: ignore[no-any-return]
    reason = f"`{shown(type(table).__name__)}` is not a table"
    raise InputError(Problem(Place(), reason, help="give a path, an Arrow table or a DataFrame"))


def _cells(row: dict[str, Any]) -> dict[str, str]:
    return {str(key): text for key, value in row.items() if (text := _text(value))}


def _text(value: Any) -> str:
    """A cell as the text that a user would have written."""
    if hasattr(value, "tolist"):  # several values in one cell, as Parquet keeps them
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_text, value))
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
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

"""Paths, folders and tables as a stream of documents, each of which should be one record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lawgov_rules import databases
from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers import importer_of, importers, own_reports
from lawgov_rules.importers._headings import table_named
from lawgov_rules.importers._reading import CHANGED, Reading
from lawgov_rules.yaml_file import Document, file_name

if TYPE_CHECKING:
    from lawgov_rules.importers._rows import Rows
    from lawgov_rules.mapping import Mapping as Words

TABLES = (".csv", ".tsv", ".parquet")
# notes to people that lie beside the case files
NOTES = frozenset({"说明.txt", "README", "README.txt", "README.md"})


Part = tuple[list[Path], Iterator[Document | Problem]]
"""What one file, or three tables together, holds; without a path what is no file."""


def read(source: Any, reading: Reading) -> Iterator[Document | Problem]:
    """Every document of a source, or the problem that stands in its place; see `lawgov_rules.check`."""
    for _paths, items in parts(source, reading):
        yield from items


def parts(source: Any, reading: Reading) -> Iterator[Part]:
    """The same by file, in a fixed order. A file is not opened before its documents are taken."""
    table = reading.mapping.table if reading.mapping else None
    if databases.is_database(source, mapped=table is not None):
        yield [], _database(source, reading)
        return
    if table is not None and reading.mapping:
        yield [], iter([Problem(reading.mapping.place("table"), "`table` is for a database", help="take it out")])
        return
    if isinstance(source, Mapping):
        from lawgov_rules.importers import three_tables

        yield [], three_tables.read(source, reading)
        return
    if reading.mapping and not isinstance(source, (str, Path, list, tuple)):
        from lawgov_rules.importers._rows import of_table

        yield [], _mapped(lambda: of_table(source), reading.mapping, reading)
        return
    yield from _parts([source] if isinstance(source, (str, Path)) else list(source), reading)


def _parts(paths: list[Any], reading: Reading) -> Iterator[Part]:
    # a mapping may lie beside what it is for
    seen = {reading.mapping.file.resolve()} if reading.mapping and reading.mapping.file else set()
    for one in paths:
        if databases.is_database(one):
            name, reason = databases.shown_name(one), "a database is checked by itself, and by `lawgov check` only"
            yield [], iter([Problem(Place(name), reason, help="name it alone")])
            continue
        for found in _files(Path(one), seen, reading.mapping is None):
            if isinstance(found, Problem):
                yield [], iter([found])
            elif isinstance(found, Path) and own_reports.is_report(found):
                reading.skipped.append(file_name(found))
            else:
                yield list(found.values()) if isinstance(found, dict) else [found], _unchanged(found, reading)


def _unchanged(found: Path | dict[str, Path], reading: Reading) -> Iterator[Document | Problem]:
    """What `_read_file` reads, and a problem where a file was changed meanwhile: what was read then fits no receipt."""
    paths = list(found.values()) if isinstance(found, dict) else [found]
    before, number = [_state(path) for path in paths], 0
    for item in _read_file(found, reading):
        number += 1
        yield item
    if not number:
        reading.advise(Place(file_name(paths[0])), "no record stands in it")
    for path, state in zip(paths, before, strict=True):
        if number and state and _state(path) != state:
            reading.changed |= {file_name(p) for p in paths}
            yield Problem(Place(file_name(path)), CHANGED, help="read it again", records=0)


def _state(path: Path) -> tuple[int, ...]:
    """What changes when a file is written, replaced or taken away."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _database(source: Any, reading: Reading) -> Iterator[Document | Problem]:
    """The records of a table of a database, by a mapping; the three tables are not read here but asked there."""
    from lawgov_rules.importers._database_rows import of_database

    one = databases.alone(source)
    if reading.mapping is None:
        name, reason = databases.shown_name(one), "a database is checked by itself, and by `lawgov check` only"
        yield Problem(Place(name), reason, help="name it alone")
        return
    reading.hashes |= databases.hashes(one)
    mapping = reading.mapping
    yield from _mapped(lambda: of_database(one, mapping), mapping, reading)


Found = Path | dict[str, Path] | Problem


def files(path: str | Path) -> Iterator[Found]:
    """The files of a path; three tables as one."""
    return _files(Path(path), set(), True)


def _files(path: Path, seen: set[Path], three: bool) -> Iterator[Found]:
    """The files of a path in a fixed order, each once; three tables of a folder as one, if they are looked for."""
    name = file_name(path)
    try:
        if not path.exists():
            yield Problem(Place(name), "there is no such file or folder", shown(name), "check the path")
            return
        if (real := path.resolve()) in seen:
            return
        seen.add(real)
        if not path.is_dir():
            # whoever names one of the three tables means all three
            beside, _ = _tables_among(sorted(path.parent.iterdir())) if three and _table_of(path) else ({}, [])
            if path in beside.values():
                seen.update(p.resolve() for p in beside.values())
                yield beside
            else:
                yield path
            return
        children = sorted(
            (p for p in path.iterdir() if not p.name.startswith(".") and p.name not in NOTES), key=lambda p: p.name
        )
    except OSError as error:
        yield Problem(
            Place(name), f"cannot be read: {error.strerror}", help="check that it exists and is yours to read"
        )
        return
    tables, rest = _tables_among(children) if three else ({}, children)
    if tables:
        seen.update(p.resolve() for p in tables.values())
        yield tables
    for child in rest:
        yield from _files(child, seen, three)


def _tables_among(children: list[Path]) -> tuple[dict[str, Path], list[Path]]:
    """The three tables of a folder, where it has ``records``, and the other files."""
    tables: dict[str, Path] = {}
    rest = []
    for child in children:
        name = _table_of(child)
        if name and name not in tables:
            tables[name] = child
        else:
            rest.append(child)
    return (tables, rest) if "records" in tables else ({}, children)


def _table_of(path: Path) -> str | None:
    """Which of the three tables a file is by its name."""
    return table_named(path.stem) if path.suffix.lower() in TABLES else None


def _read_file(found: Path | dict[str, Path], reading: Reading) -> Iterator[Document | Problem]:
    if isinstance(found, dict):
        from lawgov_rules.importers import three_tables

        yield from three_tables.read(found, reading)
    elif reading.mapping and (rows := rows_of(found)):
        yield from _mapped(lambda: rows(found, reading), reading.mapping, reading)
    elif importer := importer_of(found):
        yield from importer.read(found, reading)
    else:
        word = shown(found.suffix or file_name(Path(found.name)))
        known = ", ".join(dict.fromkeys(i.HELP for i in importers().values()))
        help = f"give {known}, or a folder with records.csv and events.csv"
        yield Problem(Place(file_name(found)), f"`{word}` is not a kind of file read here", word, help)


def rows_of(path: Path) -> Callable[[Path, Reading], Rows] | None:
    """How the rows of a table or log are read, for a mapping; None for files that hold records in our own form."""
    from lawgov_rules.importers import _rows

    own: Callable[[Path, Reading], Rows] | None = getattr(importer_of(path), "rows", None)
    return own or (_rows.of_file if path.suffix.lower() in _rows.TABLES else None)


def _mapped(rows: Callable[[], Rows], mapping: Words, reading: Reading) -> Iterator[Document | Problem]:
    from lawgov_rules.importers._mapped import documents

    try:
        yield from documents(rows(), mapping, reading)
    except InputError as error:
        yield error.problem

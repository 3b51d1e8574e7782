"""Paths, folders and tables as a stream of documents, each of which should be one record."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lawgov_rules.errors import Place, Problem, shown
from lawgov_rules.yaml_file import Document, read_documents

TEXT = frozenset({".yaml", ".yml", ".json"})
TABLES = (".csv", ".parquet")


def read(source: Any, hashes: dict[str, str]) -> Iterator[Document | Problem]:
    """Every document of a source, or the problem that stands in its place; see `lawgov_rules.check`.

    ``hashes`` receives the SHA-256 of every file read.
    """
    if isinstance(source, Mapping):
        from lawgov_rules.importers import three_tables

        yield from three_tables.read(source, hashes)
        return
    paths = [source] if isinstance(source, (str, Path)) else list(source)
    seen: set[Path] = set()
    for path in map(Path, paths):
        for found in _files(path):
            if isinstance(found, Problem):
                yield found
            elif found.resolve() not in seen:
                seen.add(found.resolve())
                yield from _read_path(found, hashes)


def _files(path: Path) -> Iterator[Path | Problem]:
    """The files of a path in a fixed order; a folder of three tables stands for itself."""
    if not path.exists():
        yield Problem(Place(path.as_posix()), "there is no such file or folder", shown(str(path)), "check the path")
    elif not path.is_dir() or _tables_in(path):
        yield path
    else:
        for child in sorted(path.iterdir(), key=lambda p: p.name):
            if not child.name.startswith("."):
                yield from _files(child)


def _tables_in(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name in ("records", "events", "participants"):
        for suffix in TABLES:
            if (folder / f"{name}{suffix}").is_file():
                found.setdefault(name, folder / f"{name}{suffix}")
    return found if "records" in found else {}


def _read_path(path: Path, hashes: dict[str, str]) -> Iterator[Document | Problem]:
    if path.is_dir():
        from lawgov_rules.importers import three_tables

        yield from three_tables.read(_tables_in(path), hashes)
    elif path.suffix.lower() in TEXT:
        with contextlib.suppress(OSError):  # read_documents says what is wrong with it
            hashes[path.as_posix()] = sha256_of(path)
        yield from _records(read_documents(path))
    else:
        help = "give YAML or JSON (.yaml, .yml, .json), or a folder with records.csv and events.csv"
        yield Problem(
            Place(path.as_posix()),
            f"`{shown(path.suffix or path.name)}` is not a kind of file read here",
            path.name,
            help,
        )


def _records(found: Iterable[Document | Problem]) -> Iterator[Document | Problem]:
    """One document a record: a list at the top is several; an empty document is none."""
    for item in found:
        if isinstance(item, Document) and isinstance(item.value, list):
            yield from item.parts()
        elif isinstance(item, Problem) or item.value is not None:
            yield item


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

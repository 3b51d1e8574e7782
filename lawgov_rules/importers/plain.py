"""YAML and JSON: one record, several in a list, or several documents in a file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from lawgov_rules.errors import Problem
from lawgov_rules.importers._reading import Reading
from lawgov_rules.yaml_file import Document, file_name, read_documents, sha256_of

SUFFIXES = (".yaml", ".yml", ".json")
HELP = "YAML or JSON (.yaml, .yml, .json)"


def read(path: Path, reading: Reading) -> Iterator[Document | Problem]:
    """One document a record: a list at the top is several; an empty document is none."""
    with contextlib.suppress(OSError):  # read_documents says what is wrong with it
        reading.hashes[file_name(path)] = sha256_of(path)
    for item in read_documents(path, None, reading.limits.file_bytes, reading.limits.depth):
        if isinstance(item, Document) and isinstance(item.value, list):
            yield from item.parts()
        elif isinstance(item, Problem) or item.value is not None:
            yield item

"""Ways in: each module reads some kinds of file into plain documents and is found by its `SUFFIXES`.

A module has a docstring that says what it reads, and

    SUFFIXES: tuple[str, ...]                   # how its files' names end, in lower case: ".yaml", ".xes.gz"
    HELP: str                                   # what to give, in a few words, for the message about other files
    def read(path: Path, reading: Reading) -> Iterator[Document | Problem]

A document is the plain text of one record (see `records.RecordReader`) with the place of every value; a problem stands
where something could not be read. Nothing here decides anything, and nothing raises for what a file contains. What it
needs to do so is imported within the function. Names with an underscore in front are what ways in share.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from lawgov_rules.errors import Problem
    from lawgov_rules.importers._reading import Reading
    from lawgov_rules.yaml_file import Document


class Importer(Protocol):
    """What a module of a way in holds."""

    SUFFIXES: tuple[str, ...]
    HELP: str

    def read(self, path: Path, reading: Reading) -> Iterator[Document | Problem]:
        """The documents of one file."""


@cache
def importers() -> dict[str, Importer]:
    """Every way in by the ending of its files' names."""
    names = [m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")]
    modules = [cast(Importer, importlib.import_module(f"{__name__}.{name}")) for name in sorted(names)]
    return {suffix: module for module in modules for suffix in getattr(module, "SUFFIXES", ())}


def importer_of(path: Path) -> Importer | None:
    """The way in for a file, by the longest ending that fits: ``.xes.gz`` before ``.gz``."""
    name = path.name.lower()
    fitting = [suffix for suffix in importers() if name.endswith(suffix)]
    return importers()[max(fitting, key=len)] if fitting else None

"""Ways out of the due list, found by their names like those of a report.

A module `<format>` has a docstring that says what the format is for, and

    def write(found: DueList, out: BinaryIO, lang: str, rules: Rulesets) -> None

which writes the same bytes for the same list.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from lawgov_rules.duties import DueList
    from lawgov_rules.ruleset import Rulesets

DEFAULT = "text"


class Format(Protocol):
    """What a module of a format holds."""

    def write(self, found: DueList, out: BinaryIO, lang: str, rules: Rulesets) -> None:
        """Write the list in one language; ``rules`` are those that it was made by."""


def formats() -> tuple[str, ...]:
    """The names of all formats; nothing is loaded."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def load(name: str) -> Format:
    """The module of a format."""
    return cast(Format, importlib.import_module(f"{__name__}.{name}"))

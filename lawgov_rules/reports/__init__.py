"""Ways out: each module writes a report in one format and is found by its name. Nothing here decides anything.

A module (or a package) `<format>` has a docstring that says what the format is for, and

    def write(report: Report | Check, out: BinaryIO, lang: str, rules: Rulesets) -> None

which writes UTF-8 in lines of its own, the same bytes for the same report: no clocks, no chance. ``lang`` is ``zh`` or
``en``. ``BINARY = True`` says that the format is nothing for a terminal; ``STREAMS = True`` that it takes each finding
once and the summary after them, so that it may be given a `Check` whose findings are still to come; ``FOR_PEOPLE =
True`` that of many findings it lists the gravest, and says so (`Report.gravest`). What it needs to do so is imported
within the function. Names with an underscore in front are what formats share.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from lawgov_rules.checking import Check
    from lawgov_rules.report import Report
    from lawgov_rules.ruleset import Rulesets

DEFAULT = "text"


class Format(Protocol):
    """What a module of a format holds."""

    def write(self, report: Report | Check, out: BinaryIO, lang: str, rules: Rulesets) -> None:
        """Write the report in one language; ``rules`` are those that it was checked against."""


def formats() -> tuple[str, ...]:
    """The names of all formats; nothing is loaded."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def load(name: str) -> Format:
    """The module of a format."""
    return cast(Format, importlib.import_module(f"{__name__}.{name}"))


def is_binary(name: str) -> bool:
    """Whether the format is nothing for a terminal."""
    return bool(getattr(load(name), "BINARY", False))


def for_people(name: str) -> bool:
    """Whether the format lists the gravest findings where there are too many to read."""
    return bool(getattr(load(name), "FOR_PEOPLE", False))


def streams(name: str) -> bool:
    """Whether the format writes findings as they come."""
    return bool(getattr(load(name), "STREAMS", False))

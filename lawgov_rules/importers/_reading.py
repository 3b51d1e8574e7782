"""What every way in is given: the words, how much it may read, and where to note what was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lawgov_rules.errors import Place, Problem
from lawgov_rules.mapping import Mapping
from lawgov_rules.vocabulary import Vocabulary

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _whole: int) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True)
class Limits:
    """How large an input may be; what is larger is refused before it fills the memory.

    Args:
        file_bytes: of a file. unpacked_bytes: of all that a packed workbook holds. rows: of a table. columns: of a
            table. cells: of the rectangle that a sheet's first and last used cells span.
    """

    file_bytes: int = 256 * 2**20
    unpacked_bytes: int = 2**30
    rows: int = 1_048_576
    columns: int = 2_000
    cells: int = 20_000_000


@dataclass
class Reading:
    """One reading of a source.

    Args:
        vocabulary: the words of the rules, whose labels may head columns. hashes: receives the SHA-256 of every file
            that was read, by its name. skipped: receives the names of files that are reports of our own. mapping: how
            foreign tables and logs are records; None: they are not. progress: is told what is being read and how far,
            as a number done and a number in all (0: not known); see `silent`. limits: how large an input may be.
            advice: receives what a user should know of input that was used. types: the record types of a table of
            which only some rows are read.
    """

    vocabulary: Vocabulary
    hashes: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    mapping: Mapping | None = None
    progress: Progress = silent
    limits: Limits = field(default_factory=Limits)
    advice: list[Problem] = field(default_factory=list)
    types: frozenset[str] = frozenset()

    def advise(self, place: Place, reason: str, help: str = "") -> None:
        self.advice.append(Problem(place, reason, "", help))

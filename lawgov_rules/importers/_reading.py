"""What every way in is given: the words, and where to note what was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lawgov_rules.mapping import Mapping
from lawgov_rules.vocabulary import Vocabulary

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _whole: int) -> None:
    """Tells nobody how far it is."""


@dataclass
class Reading:
    """One reading of a source.

    Args:
        vocabulary: the words of the rules, whose labels may head columns. hashes: receives the SHA-256 of every file
            that was read, by its name. skipped: receives the names of files that are reports of our own. mapping: how
            foreign tables and logs are records; None: they are not. progress: is told what is being read and how far,
            as a number done and a number in all (0: not known); see `silent`.
    """

    vocabulary: Vocabulary
    hashes: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    mapping: Mapping | None = None
    progress: Progress = silent

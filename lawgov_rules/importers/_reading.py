"""What every way in is given: the words, and where to note what was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from lawgov_rules.mapping import Mapping
from lawgov_rules.vocabulary import Vocabulary


@dataclass
class Reading:
    """One reading of a source.

    Args:
        vocabulary: the words of the rules, whose labels may head columns. hashes: receives the SHA-256 of every file
            that was read, by its name. skipped: receives the names of files that are reports of our own. mapping: how
            foreign tables and logs are records; None: they are not.
    """

    vocabulary: Vocabulary
    hashes: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    mapping: Mapping | None = None

"""What every way in is given: the words, how much it may read, and where to note what was read; what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Generic, NamedTuple, Protocol, TypeVar

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.mapping import Mapping
from lawgov_rules.vocabulary import Vocabulary

Progress = Callable[[str, int, int], None]
DEEPEST = 200  # values within values are read by recursion
LARGEST = 2**50
CHANGED = "changed while it was read"
RAISE = "split the file, or raise the limit"
_NUMBER = re.compile(r"([0-9]{1,15})([KMGkmg]?)[Bb]?")
_TIMES = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}


def silent(_what: str, _done: int, _whole: int) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True)
class Limits:
    """How large an input may be; what is larger is refused before it fills the memory.

    Args:
        file_bytes: of a file; a log in XES, which is read as a stream, may be larger. unpacked_bytes: of all that a
            packed workbook or a Parquet file holds. unfolding: how many times its size a file packed with gzip may
            unfold to (event logs reach about 40, gzip at most 1032). piece_bytes: of an element of XML, or of a line
            of a text table (in characters). rows, columns: of a table. cells: of the rectangle that a sheet's first
            and last used cells span. values: of one trace of a log. depth: of values within values, at most 200.
    """

    file_bytes: int = 256 * 2**20
    unpacked_bytes: int = 2**30
    unfolding: int = 250
    piece_bytes: int = 16 * 2**20
    rows: int = 1_048_576
    columns: int = 2_000
    cells: int = 20_000_000
    values: int = 1_000_000
    depth: int = 32
    memory: int | None = None
    disk: int | None = None
    findings: int = 5_000

    def __post_init__(self) -> None:
        for name, number in vars(self).items():
            most = DEEPEST if name == "depth" else LARGEST
            if number is None and name in ("memory", "disk"):
                continue
            if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
                raise ValueError(f"`{name}` must be a whole number from 1 to {most}")

    @classmethod
    def of(cls, texts: Iterable[str]) -> Limits:
        """Limits as a command names them: ``rows=2000000``, ``file_bytes=512M`` (K, M, G are 2^10, 2^20, 2^30).

        Raises:
            ValueError: one is not known, stands twice or is no number that it can be.
        """
        found: dict[str, int] = {}
        names = [field.name for field in fields(cls)]
        for text in texts:
            name, _, written = text.partition("=")
            if name not in names:
                raise ValueError(f"`{shown(name)}` is not a limit; known: " + ", ".join(f"`{n}`" for n in names))
            if name in found:
                raise ValueError(f"`{name}` stands twice")
            match = _NUMBER.fullmatch(written)
            if match is None:
                raise ValueError(f"`{shown(text)}` is not a limit such as `rows=2000000` or `file_bytes=512M`")
            found[name] = int(match[1]) * _TIMES[match[2].upper()]
        return cls(**found)

    def file(self, size: int, name: str) -> None:
        """InputError for a file that is larger."""
        if size > self.file_bytes:
            reason = f"larger than {self.file_bytes / 2**20:g} MB"
            raise InputError(Problem(Place(name), reason, help=RAISE))


@dataclass
class Reading:
    """One reading of a source.

    Args:
        vocabulary: the words of the rules, whose labels may head columns. hashes: receives the SHA-256 of every file
            that was read, by its name. skipped: receives the names of files that are reports of our own. mapping: how
            foreign tables and logs are records; None: they are not. progress: is told what is being read and how far,
            as a number done and a number in all (0: not known); see `silent`. limits: how large an input may be.
            advice: receives what a user should know of input that was used. changed: receives the names of files that
            were changed while they were read, whose records are not to be used. types: the record types of a table of
            which only some rows are read.
    """

    vocabulary: Vocabulary
    hashes: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    mapping: Mapping | None = None
    progress: Progress = silent
    limits: Limits = field(default_factory=Limits)
    advice: list[Problem] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    types: frozenset[str] = frozenset()

    def advise(self, place: Place, reason: str, help: str = "") -> None:
        self.advice.append(Problem(place, reason, "", help))


class HasPlace(Protocol):
    """What is asked of a record to tell it from others: a `Record`, or one kept from an earlier run."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def source(self) -> Place: ...


R = TypeVar("R", bound=HasPlace)


class Item(NamedTuple, Generic[R]):
    """A record and where it stands, or what is wrong in its place with so many records (``read``)."""

    read: int
    record: R | None
    place: Place
    problems: Sequence[Problem] = ()

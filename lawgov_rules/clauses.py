"""The clauses of a document: the list that its ledger keeps, and where each of them stands in the document's text.

A clause begins where its number is printed at the beginning of a line, in one of four forms:

=======  =========================
section  ``一、``
part     ``（一）`` or ``(一)``
item     ``1．`` or ``1.``
point    ``（1）`` or ``(1)``
=======  =========================

It is named by the numbers on the way to it (``二（一）1``), or by its own number alone where that form is numbered
through the whole document (``34.``, ``(121)``). Full and half width, blanks and the dot make no difference. What has no
number of its own (a preamble, a paragraph, the foot of a page) is found by the words with which it ``begins``. A
clause ends where the next one begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from lawgov_rules.citation import LONGEST_LOCATOR
from lawgov_rules.errors import Place, Problem, RulesetError, shown
from lawgov_rules.validation import read_as, wrong
from lawgov_rules.yaml_file import Document, read_documents

Reason = Annotated[str, Field(min_length=1)]
_FORMS = (
    re.compile(r"[一二三四五六七八九十]{1,3}(?=、)"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,3}(?=[.．](?!\d))"),
    re.compile(r"[（(]\d{1,3}[)）]"),
)
_LINE = re.compile(r"^[^\S\n]*", re.MULTILINE)


class Entry(BaseModel):
    """A clause of the ledger. With nothing more it is encoded: by the rules that cite it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    clause: Reason
    # the first words of a clause that has no number of its own
    begins: str | None = Field(default=None, min_length=1, max_length=LONGEST_LOCATOR)
    # why nothing in it can be checked
    declared: Reason | None = None
    # duties that are on record in the catalogue of the document and are no rules: id and why
    recorded_only: dict[str, Reason] = {}
    # what else it says, beyond its rules and what is only recorded
    rest: Reason | None = None
    # figures that no rule of the clause names, and why
    figures: dict[str, Reason] = {}

    @model_validator(mode="after")
    def _one_answer(self) -> Entry:
        if self.declared and (self.recorded_only or self.rest):
            raise wrong(("declared",), "`declared` speaks of the whole clause", help="write `rest` for what remains")
        return self


class Ledger(BaseModel):
    """Every clause of a document, in its order."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_: str | None = Field(default=None, alias="$schema")
    clauses: list[Entry] = Field(min_length=1)
    _places: tuple[Place, ...] = PrivateAttr(default=())

    @classmethod
    def read(cls, document: Document) -> Ledger | list[Problem]:
        """The ledger of a file, or every problem in it."""
        ledger = read_as(cls, document)
        if isinstance(ledger, list):
            return ledger
        ledger._places = tuple(document.place("clauses", n) for n in range(len(ledger.clauses)))
        times = Counter(same(entry.clause) for entry in ledger.clauses)
        twice = [(e, p) for e, p in zip(ledger.clauses, ledger._places, strict=True) if times[same(e.clause)] > 1]
        reason = "`{}` stands in the ledger twice"
        return [Problem(p, reason.format(shown(e.clause)), e.clause, "keep one") for e, p in twice] or ledger

    @classmethod
    def load(cls, file: Path) -> Ledger:
        """The ledger of a file. Raises RulesetError with every problem."""
        for document in read_documents(file):
            found = cls.read(document) if isinstance(document, Document) else [document]
            if isinstance(found, list):
                raise RulesetError(found)
            return found
        raise RulesetError([Problem(Place(file.as_posix()), "the ledger is empty", help="list the clauses here")])

    @cached_property
    def by_name(self) -> dict[str, tuple[Entry, Place]]:
        """Entries and their places by the name of the clause, as `same` writes it."""
        return {same(e.clause): (e, p) for e, p in zip(self.clauses, self._places, strict=True)}


def same(clause: str) -> str:
    """One spelling of a clause's name: half width, without blanks and dots."""
    return re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", clause))


def squeeze(text: str) -> str:
    """A text without its blanks and line breaks, as locators and figures are compared."""
    return re.sub(r"\s", "", text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A number printed at the beginning of a line, and the names by which a clause may be called for it."""

    at: int
    names: frozenset[str]
    printed: str


def headings(text: str) -> list[Heading]:
    """Every number that stands at the beginning of a line, in order."""
    found = list(_numbers(text))
    times = Counter((level, path[-1]) for _, level, path in found)
    return [
        Heading(at, frozenset({"".join(path)} | ({path[-1]} if times[level, path[-1]] == 1 else set())), path[-1])
        for at, level, path in found
    ]


def _numbers(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where each number stands, its form, and the numbers on the way to it."""
    way: dict[int, str] = {}
    for line in _LINE.finditer(text):
        for level, form in enumerate(_FORMS):
            if number := form.match(text, line.end()):
                way = {wider: n for wider, n in way.items() if wider < level} | {level: same(number[0])}
                yield line.end(), level, tuple(way.values())


@dataclass(frozen=True)
class Split:
    """A text by its clauses: the text of each by its name, and what could not be placed."""

    texts: dict[str, str]
    outside: str
    absent: tuple[Entry, ...]
    unlisted: tuple[tuple[Heading, int], ...]  # with the number of its line


def split(text: str, entries: Iterable[Entry]) -> Split:
    """The text of every clause that the entries name, in their order."""
    numbers = headings(text)
    starts: dict[str, int] = {}
    absent, here = [], -1
    for entry in entries:
        at = _begins(text, entry.begins, here + 1) if entry.begins else _printed(numbers, same(entry.clause), here)
        if at is None:
            absent.append(entry)
        else:
            starts[same(entry.clause)] = here = at
    ends = [*starts.values(), len(text)]
    texts = {name: text[a:b] for name, (a, b) in zip(starts, pairwise(ends), strict=True)}
    taken = set(starts.values())
    unlisted = tuple((h, text.count("\n", 0, h.at) + 1) for h in numbers if h.at not in taken)
    return Split(texts, text[: ends[0]], tuple(absent), unlisted)


def _printed(numbers: list[Heading], name: str, after: int) -> int | None:
    return next((h.at for h in numbers if h.at > after and name in h.names), None)


def _begins(text: str, words: str, start: int) -> int | None:
    """Where the words stand, however the lines are broken."""
    found = re.compile(r"\s*".join(map(re.escape, squeeze(words)))).search(text, start)
    return found.start() if found else None

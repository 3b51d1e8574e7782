"""Everything that can be wrong with a file a user hands us: where it is, what is wrong, what to do.

A problem is not a finding. A finding says that a record breaks a rule; a problem says that something could not be
read, and so was not judged. The wording is the same everywhere: the user's own word in backticks, lower case, no
full stop, and a way out.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_IN_WORKBOOK = re.compile(r"\.(xlsx|xlsm|xls|ods)#", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file, a line and a column counted from 1 (0: not known).

    In a workbook the file is ``a.xlsx#Sheet1``, with the sheet behind it; as text, a cell is ``a.xlsx#Sheet1!G4``.
    """

    file: str = ""
    line: int = 0
    column: int = 0

    @property
    def in_workbook(self) -> bool:
        return bool(_IN_WORKBOOK.search(self.file))

    def __str__(self) -> str:
        if self.line and self.column and self.in_workbook:
            return f"{self.file}!{letters(self.column)}{self.line}"
        parts = [self.file or "(input)"]
        if self.line:
            parts.append(str(self.line))
        if self.line and self.column:
            parts.append(str(self.column))
        return ":".join(parts)


def letters(column: int) -> str:
    """A column counted from 1 as a spreadsheet names it: A, Z, AA."""
    found = ""
    while column:
        column, last = divmod(column - 1, 26)
        found = chr(ord("A") + last) + found
    return found


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that could not be used, with the way out. ``value`` is the user's own text, cut to 80 characters.

    ``records`` is how many records are not judged because of it.
    """

    place: Place
    reason: str
    value: str = ""
    help: str = ""
    records: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" + (f" ({self.help})" if self.help else "")

    def to_json(self) -> dict[str, object]:
        """The problem as SPEC's report writes it: file, line, column, value, reason, help (absent keys omitted)."""
        found = {
            "file": self.place.file,
            "line": self.place.line or None,
            "column": self.place.column or None,
            "value": self.value,
            "reason": self.reason,
            "help": self.help,
        }
        return {key: value for key, value in found.items() if value not in (None, "")}


class RulesetError(Exception):
    """A ruleset or the vocabulary cannot be used. Carries every problem found, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


class MappingError(Exception):
    """A mapping cannot be used. Carries every problem found, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


class InputError(Exception):
    """One file, one document of a file, or one record cannot be used. Carries every problem found; ``problem`` is the
    first."""

    def __init__(self, problem: Problem, *others: Problem) -> None:
        self.problem = problem
        self.problems = (problem, *others)
        super().__init__("\n".join(map(str, self.problems)))


class ExecutorError(Exception):
    """The executor that was asked for cannot run here; the text says what to do about it."""


def shown(value: object, limit: int = 80) -> str:
    """A user's value as one line of at most ``limit`` characters, safe to print on a terminal."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def a(word: str) -> str:
    """The word with its article: ``a record``, ``an organ``."""
    return f"an {word}" if word[:1] in "aeiou" else f"a {word}"


def did_you_mean(word: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> str:
    """``did you mean `published```, or the known words where there are few, or nothing.

    ``labels`` leads from a label (公布) to its word, for those who write the label.
    """
    words = sorted(set(known))
    names = {label: name for label, name in (labels or {}).items() if name in words}
    if word in names:
        return f"did you mean `{names[word]}`"
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`"
    # 复议案件 is part of 行政复议案件, and of no other label
    around = {name for label, name in names.items() if len(word) > 1 and (word in label or label in word)}
    if len(around) == 1:
        return f"did you mean `{around.pop()}`"
    if near := difflib.get_close_matches(word, names, n=1, cutoff=0.6):
        return f"did you mean `{names[near[0]]}`"
    if words and len(words) <= 12:
        return "known: " + ", ".join(f"`{w}`" for w in words)
    return ""

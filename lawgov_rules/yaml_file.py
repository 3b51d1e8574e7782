"""YAML and JSON as plain strings with the line of every value.

PyYAML's own typing turns ``on`` into True, ``0101`` into 65 and ``2012-02-30`` into a crash. Here every scalar stays
the text that the user wrote; the vocabulary decides what it means. Values are built from parser events with a limit
on depth, so a hostile file costs a message and not the process. JSON values come from the standard library's parser,
their lines from the YAML one, which reads the same text once what JSON alone allows is blanked out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json as json_
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from lawgov_rules.errors import InputError, Place, Problem, shown

MAX_DEPTH = 32
MAX_BYTES = 256 * 1024 * 1024
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
Path_ = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPES = re.compile(r"\\u[0-9a-fA-F]{4}")
Lines = dict[Path_, tuple[int, int]]


class Document:
    """One document of a file: ``value`` (dicts, lists, strings, None) and the place of every value by its path.

    ``problems``: what was found wrong with it while it was put together; it is then not to be used. ``labelled``:
    whether its author wrote Chinese labels where others write ids; problems speak to them in labels.
    """

    __slots__ = ("_lines", "file", "labelled", "problems", "value")

    def __init__(
        self, file: str, value: Any, lines: Lines, problems: tuple[Problem, ...] = (), labelled: bool = False
    ) -> None:
        self.file = file
        self.value = value
        self.problems = problems
        self.labelled = labelled
        self._lines = lines

    def place(self, *path: str | int) -> Place:
        """The place of the value at ``path``, or of the nearest one that contains it."""
        while path and path not in self._lines:
            path = path[:-1]
        return Place(self.file, *self._lines.get(path, (0, 0)))

    def part(self, *path: str | int) -> Document:
        """The value at ``path`` as a document of its own, with the places it has in this file."""
        value, size = self.value, len(path)
        for step in path:
            value = value[step]
        lines = {p[size:]: line for p, line in self._lines.items() if p[:size] == path}
        return Document(self.file, value, lines)

    def parts(self) -> list[Document]:
        """Each item of a list as a document of its own, in one pass over the places."""
        split: list[Lines] = [{} for _ in self.value]
        for path, line in self._lines.items():
            if path:
                split[int(path[0])][path[1:]] = line
        return [Document(self.file, value, lines) for value, lines in zip(self.value, split, strict=True)]


def read_documents(
    path: Path, name: str | None = None, most_bytes: int = MAX_BYTES, most_depth: int = MAX_DEPTH
) -> Iterator[Document | Problem]:
    """Each document of a YAML or JSON file; a problem, and nothing after it, where the file stops being readable.

    Args:
        path: the file. name: what to call it in messages (default: the path as given). most_bytes: how large it
            may be. most_depth: how deeply its values may be nested.
    """
    file = name or file_name(path)
    try:
        if path.stat().st_size > most_bytes:
            raise InputError(Problem(Place(file), f"larger than {most_bytes / 2**20:g} MB", help="split the file"))
        text = path.read_bytes().decode("utf-8-sig")
    except InputError as error:
        yield error.problem
        return
    except UnicodeDecodeError as error:
        yield Problem(Place(file), "not a text in UTF-8", f"byte {error.start}", "save it as UTF-8 text")
        return
    except OSError as error:
        yield Problem(
            Place(file), f"cannot be read: {error.strerror}", help="check that it exists and is yours to read"
        )
        return
    yield from parse_documents(text, file, json=path.suffix.lower() == ".json", most_depth=most_depth)


def file_name(path: Path) -> str:
    """A path as text that can be written anywhere, also where its bytes are no UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parse_documents(
    text: str, file: str = "", *, json: bool = False, most_depth: int = MAX_DEPTH
) -> Iterator[Document | Problem]:
    """Each document of a YAML (or JSON) text; see `read_documents`."""
    if json:
        yield from _parse_json(text, file, most_depth)
        return
    try:
        events = yaml.parse(text, Loader=_Loader)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                lines: Lines = {}
                try:
                    yield Document(file, _build(next(events), events, file, lines, (), most_depth), lines)
                except InputError as error:
                    yield error.problem
                    # the rest of this document is lost, the documents after it are not
                    while not isinstance(next(events), yaml.DocumentEndEvent):
                        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        advice = "check indentation, colons, quotes and brackets at this line"
        yield Problem(place, f"not readable as YAML: {error.problem or error.context}", help=advice)
    except yaml.YAMLError:
        found = next((n for n, c in enumerate(text) if not c.isprintable() and c not in "\n\r\t\x85"), len(text))
        place = Place(file, text.count("\n", 0, found) + 1, found - text.rfind("\n", 0, found))
        reason = (
            f"not a text: the character U+{ord(text[found]):04X} stands in it" if found < len(text) else "not a text"
        )
        yield Problem(place, reason, help="is this a binary file")


def document_of(value: Any) -> Document:
    """A value that a program made, as if it had been read from a file.

    Numbers, booleans and dates become the text that a file would have. Its problems have paths for places:
    ``events[2].date``. InputError, with every problem, if it holds anything else or is nested too deeply.
    """
    problems: list[Problem] = []
    found = _Made("", _text_of(value, (), problems), {})
    if problems:
        raise InputError(*problems)
    return found


class _Made(Document):
    """A document without a file: what stands where is told by its path."""

    __slots__ = ()

    def place(self, *path: str | int) -> Place:
        steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
        return Place(shown("".join(steps).removeprefix(".")))


def _text_of(value: Any, path: Path_, problems: list[Problem]) -> Any:
    if value is None or isinstance(value, str):
        return value and _whole(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, dt.date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, (dict, list, tuple)):
        if len(path) < MAX_DEPTH:
            if isinstance(value, dict):
                return {_whole(str(key)): _text_of(v, (*path, str(key)), problems) for key, v in value.items()}
            return [_text_of(v, (*path, n), problems) for n, v in enumerate(value)]
        reason, word, help = f"nested deeper than {MAX_DEPTH} levels", "", "a record needs at most six"
    else:
        word = shown(type(value).__name__)
        reason, help = f"`{word}` is not a kind of value", "give text, numbers, dates, lists and mappings"
    problems.append(Problem(_Made("", None, {}).place(*path), reason, word, help))
    return None


def _parse_json(text: str, file: str, most_depth: int) -> Iterator[Document | Problem]:
    if not text.strip():
        return
    try:
        value = json_.loads(text, object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str)
        lines = _lines_of_json(text, most_depth)
        yield Document(file, _plain(value, file, lines, (), most_depth), lines)
    except json_.JSONDecodeError as error:
        advice = "check commas, quotes and brackets at this line"
        yield Problem(Place(file, error.lineno, error.colno), f"not readable as JSON: {error.msg.lower()}", help=advice)
    except InputError as error:
        yield Problem(Place(file), error.problem.reason, error.problem.value, error.problem.help)
    except RecursionError:
        yield Problem(Place(file), f"nested deeper than {most_depth} levels", help="a record needs at most six")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(Problem(Place(), f"`{shown(key)}` stands twice", shown(key), "keep one of the two"))
        found[key] = value
    return found


def _plain(value: Any, file: str, lines: Lines, path: Path_, most_depth: int) -> Any:
    """A JSON value as the text a YAML file would have; lone surrogates, which no text may have, are replaced."""
    if isinstance(value, (dict, list)) and len(path) >= most_depth:
        raise InputError(
            Problem(Place(file), f"nested deeper than {most_depth} levels", help="a record needs at most six")
        )
    if isinstance(value, dict):
        return {_whole(k): _plain(v, file, lines, (*path, k), most_depth) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v, file, lines, (*path, n), most_depth) for n, v in enumerate(value)]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else _whole(value)


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATES.search(text) else text


def _lines_of_json(text: str, most_depth: int) -> Lines:
    """Where each value stands, by reading the text as YAML; nothing where YAML cannot read it."""
    text = _ESCAPES.sub(lambda m: " " * len(m[0]), text.replace("\t", " "))
    text = "".join(c if c.isprintable() or c in "\n\r" else " " for c in text)
    lines: Lines = {}
    try:
        events = yaml.parse(text, Loader=_Loader)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                _build(next(events), events, "", lines, (), most_depth)
    except (yaml.YAMLError, InputError):
        return {}
    return lines


def _build(event: Any, events: Iterator[Any], file: str, lines: Lines, path: Path_, most_depth: int) -> Any:
    """The value that starts at ``event``. Recursion is bounded by ``most_depth``, so it cannot exhaust the stack."""
    mark = event.start_mark
    lines[path] = (mark.line + 1, mark.column + 1)
    kind = type(event)
    if kind is yaml.AliasEvent or event.anchor:
        raise _refused(event, file, "anchors and aliases are not read", "", "write the value out in full")
    if kind is yaml.ScalarEvent:
        text: str = event.value
        return None if text in NULLS and not event.style else text
    if len(path) >= most_depth:
        raise _refused(event, file, f"nested deeper than {most_depth} levels", "", "a record needs at most six")
    if kind is yaml.SequenceStartEvent:
        items: list[Any] = []
        while type(event := next(events)) is not yaml.SequenceEndEvent:
            items.append(_build(event, events, file, lines, (*path, len(items)), most_depth))
        return items
    found: dict[str, Any] = {}
    while type(event := next(events)) is not yaml.MappingEndEvent:
        if type(event) is not yaml.ScalarEvent:
            raise _refused(event, file, "a key must be a word", "", "quote it, or check the indentation")
        key = event.value
        if key in found:
            raise _refused(event, file, f"`{shown(key)}` stands twice", shown(key), "keep one of the two")
        found[key] = _build(next(events), events, file, lines, (*path, key), most_depth)
    return found


def _refused(event: Any, file: str, reason: str, word: str, help: str) -> InputError:
    mark = event.start_mark
    return InputError(Problem(Place(file, mark.line + 1, mark.column + 1), reason, word, help))

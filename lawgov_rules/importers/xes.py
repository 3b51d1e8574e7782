"""Event logs in XES (IEEE 1849), plain or packed with gzip; read through a mapping.

A row an event. Its columns are the keys of its attributes; those of its trace begin with ``case:``, as in tables made
of logs by other tools, so that one mapping serves both. Nested attributes are ``key/inner key``; the values of a list
stand side by side with ``; ``. Attributes of the log itself are not read, nor are the defaults of its ``global``
elements: they are for writers, and what a trace does not say is unknown.

Dates keep the offset they are written with, and the mapping says what becomes of it. That is why this reader is our
own: rustxes 0.2.11 and r4pm 0.6.2 turn every date into UTC and drop the offset, so that a fine of 23 March 2005 in
Italy (``2005-03-23T00:00:00.000+01:00``) becomes one of the 22nd; rustxes also gives a case that has no end date the
``global`` one of 1970; both give no lines, and need polars (170 MB). The log is read as a stream, a trace at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lawgov_rules.errors import InputError, Place, Problem
from lawgov_rules.importers._reading import Limits, Reading
from lawgov_rules.importers._rows import Row, Rows, needs_mapping
from lawgov_rules.importers._xml import elements
from lawgov_rules.yaml_file import Document, file_name, sha256_of

SUFFIXES = (".xes", ".xes.gz")
HELP = "XES (.xes, .xes.gz)"
CASE = "case:"
ID = "case:concept:name"
SIMPLE = frozenset({"string", "date", "int", "float", "boolean", "id"})
NESTING = frozenset({"list", "container"})


def read(path: Path, reading: Reading) -> Iterator[Document | Problem]:
    """Nothing but a problem: without a mapping a log is no records."""
    yield needs_mapping(path)


def rows(path: Path, reading: Reading) -> Rows:
    """The events of a log, by trace; a trace without events is a row of its own. InputError if it cannot be opened."""
    name = file_name(path)
    try:
        reading.hashes[name] = sha256_of(path)
    except OSError as error:
        advice = "check that it exists and is yours to read"
        raise InputError(Problem(Place(name), f"cannot be read: {error.strerror}", help=advice)) from None
    return Rows(name, _rows(path, name, reading), key=ID)


def _rows(path: Path, name: str, reading: Reading) -> Iterator[Row | Problem]:
    log = _Log(name, reading.limits)
    try:
        for element in elements(path, reading.progress, reading.limits):
            if element.start:
                log.begins(element.name, dict(element.values), element.line)
            elif element.name == "trace" and not log.depth:
                yield from log.trace()
            else:
                log.ends(element.name)
        if not log.is_log:
            yield Problem(Place(name, 1), "not an event log: it has no `log` element", help="give an XES file")
    except InputError as error:
        # the trace that is cut off is not judged: its later events are not known
        yield error.problem


class _Log:
    """The trace being read. ``path`` holds the keys of the attributes that are open, ``depth`` passes over others."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.is_log = False
        self.number = 0
        self.depth = 0  # within something that is not read: the log's own attributes, globals, extensions
        self._empty(0)

    def _empty(self, line: int) -> None:
        self.line = line
        self.inside = ""
        self.path: list[str] = []
        self.case: dict[str, str] = {}
        self.events: list[tuple[int, dict[str, str]]] = []
        self.problem: Problem | None = None
        self.values = 0

    def begins(self, element: str, values: dict[str, str], line: int) -> None:
        if self.depth or (not self.inside and element not in ("log", "trace")):
            self.depth += 1
        elif element == "log":
            self.is_log = True
        elif element == "trace":
            self._empty(line)
            self.inside, self.number = "trace", self.number + 1
        elif element == "event" and self.inside == "trace" and not self.path:
            self.inside = "event"
            self.events.append((line, {}))
        elif element in SIMPLE or element in NESTING:
            self.path.append(values.get("key", ""))
            if element in SIMPLE:
                self._keep(values.get("value", ""), line)
        elif element == "values":
            self.path.append("")  # a list holds its values in an element of their own
        else:
            self.depth += 1

    def ends(self, element: str) -> None:
        if self.depth:
            self.depth -= 1
        elif element == "event":
            self.inside = "trace"
        elif self.path:
            self.path.pop()

    def _keep(self, text: str, line: int) -> None:
        self.values += 1
        if self.values > self.limits.values:  # a trace is in memory as a whole
            reason = f"a trace has more than {self.limits.values} values"
            raise InputError(Problem(Place(self.name, line), reason, help="is this the right file"))
        key, text = "/".join(filter(None, self.path)), text.strip()
        cells = self.events[-1][1] if self.inside == "event" else self.case
        key = key if self.inside == "event" else CASE + key
        if not text:
            return
        if key not in cells:
            cells[key] = text
        elif "" in self.path:
            cells[key] += f"; {text}"
        else:
            reason, advice = f"`{self.path[-1]}` stands twice", "keep one of the two"
            self.problem = self.problem or Problem(Place(self.name, line), reason, self.path[-1], advice)

    def trace(self) -> Iterator[Row]:
        """The rows of the trace that ends here."""
        for line, cells in self.events or [(self.line, {})]:
            yield Row(line, self.case | cells, self.number, bool(self.events), self.problem)
            self.problem = None
        self._empty(0)

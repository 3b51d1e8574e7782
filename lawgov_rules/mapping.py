"""A mapping: how the columns of a foreign table or log are records in our words.

It knows nothing of where the columns come from: a CSV file, an event log, a table of a database. A cell of it says
where one value comes from. Where a value is mostly the same for all (``type``, ``jurisdiction``, ``organ``, ``event``,
``role``) a plain word is that value; elsewhere (``record``, ``date``, ``person``, attributes) it is a column::

    type: permit_application
    record: case:concept:name
    zone: as_written                   # or a zone such as Asia/Shanghai, to which moments are brought
    attributes: {deadline: case:deadline}
    events:
      - event: {column: concept:name, values: {Confirmation of receipt: received}, others: leave_out}
        date: time:timestamp
      - {event: closed, date: case:enddate, per: record}
    participants:
      - {role: handler, person: org:resource}

Rows with one record id make one record. Every row may give an event by each entry of ``events`` (``per: record``: all
rows give it once), and a participant by each entry of ``participants``. An empty date under a fixed event means that it
has not happened; an event that a column names needs its date. An attribute is given only to those record types, events
and roles that carry it in the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from lawgov_rules.errors import MappingError, Place, Problem, a, did_you_mean, shown
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.validation import read_as, wrong
from lawgov_rules.vocabulary import Vocabulary, labels
from lawgov_rules.yaml_file import Document, Path_, file_name, read_documents

AS_WRITTEN = "as_written"
ATTRIBUTES = "attributes"
DECISIVE = ("type", "record", "event", "date")  # without these columns an event of the source would be lost
_FACTOR = re.compile(r"(?=.*[1-9])\d{1,12}(\.\d{1,12})?(/[1-9]\d{0,11})?", re.ASCII)


class Cell(BaseModel):
    """Where a value comes from: a ``column``, or a ``constant``.

    ``values`` renames what stands in the column (a name without a value: as if the cell were empty); what it does not
    name is kept, or left out by ``others``. ``factor`` turns numbers into the unit of the vocabulary: ``1/60``.
    ``form`` is how a date is written, by the signs of `strptime`: ``%d/%m/%Y``. ``take`` decides where rows of one
    record differ in a value of the record. ``optional``: the column need not be there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    column: str | None = None
    constant: str | None = None
    values: dict[str, str | None] = {}
    others: Literal["keep", "leave_out"] = "keep"
    factor: str | None = None
    form: str | None = None
    take: Literal["one", "first", "last"] = "one"
    optional: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Cell:
        if (self.column is None) == (self.constant is None):
            raise ValueError("a value has a `column` or a `constant`, and not both")
        return self

    @field_validator("factor")
    @classmethod
    def _a_number(cls, value: str | None) -> str | None:
        if value is not None and not _FACTOR.fullmatch(value):
            raise wrong((), f"`{shown(value)}` is not a factor", str(value), "such as `10000`, `0.01` or `1/60`")
        return value


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _constant(value: Any) -> Any:
    return {"constant": value} if isinstance(value, str) else value


Column = Annotated[Cell, BeforeValidator(_column, json_schema_input_type=str | Cell)]
Fixed = Annotated[Cell, BeforeValidator(_constant, json_schema_input_type=str | Cell)]


class EventCells(BaseModel):
    """An event that a row tells of, or that all rows of a record tell of together (``per: record``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    event: Fixed
    date: Column
    sequence: Column | None = None
    attributes: dict[str, Column] = {}
    per: Literal["row", "record"] = "row"


class PersonCells(BaseModel):
    """A participant that a row tells of."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    role: Fixed
    person: Column
    attributes: dict[str, Column] = {}


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(_several, json_schema_input_type=str | list[str])]


class Mapping(BaseModel):
    """How the columns of one table or log are records; see the module.

    ``zone``: moments that name an offset are brought to this zone, or stay ``as_written``; those that name none are of
    the zone ``unmarked``, or as written. ``only`` keeps the rows whose column has one of the values. ``table``: the
    table or view of a database that it is for, with its schema if need be: ``archive.cases``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_: str | None = Field(default=None, alias="$schema")
    type: Fixed
    record: Column
    jurisdiction: Fixed | None = None
    organ: Fixed | None = None
    zone: str = "Asia/Shanghai"
    unmarked: str | None = None
    table: str | None = None
    only: dict[str, Texts] = {}
    attributes: dict[str, Column] = {}
    events: list[EventCells] = []
    participants: list[PersonCells] = []
    _source: Document | None = PrivateAttr(default=None)

    @field_validator("zone", "unmarked")
    @classmethod
    def _a_zone(cls, value: str | None, info: Any) -> str | None:
        if value is None or (info.field_name == "zone" and value == AS_WRITTEN):
            return value
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError):  # not found, or no name of a file
            advice = "such as `Asia/Shanghai`" + (f", or `{AS_WRITTEN}`" if info.field_name == "zone" else "")
            raise wrong((), f"`{shown(value)}` is not a time zone", value, advice) from None
        return value

    @model_validator(mode="after")
    def _zones_agree(self) -> Mapping:
        if self.zone == AS_WRITTEN and self.unmarked:
            raise wrong(("unmarked",), "`unmarked` needs a `zone` to bring moments to", self.unmarked)
        return self

    def place(self, *path: str | int) -> Place:
        """Where a part of the mapping stands: ``place("events", 0, "date")``."""
        return self._source.place(*path) if self._source else Place("(mapping)")

    @property
    def file(self) -> Path | None:
        """The file that it was read from."""
        return Path(self._source.file) if self._source else None

    def cells(self) -> Iterator[tuple[Path_, Cell]]:
        """Every cell with its path."""
        for name in ("type", "record", "jurisdiction", "organ"):
            if cell := getattr(self, name):
                yield (name,), cell
        yield from (((("attributes", name)), cell) for name, cell in self.attributes.items())
        for part, names in (("events", ("event", "date", "sequence")), ("participants", ("role", "person"))):
            for number, entry in enumerate(getattr(self, part)):
                yield from (((part, number, n), c) for n in names if (c := getattr(entry, n)))
                yield from (((part, number, "attributes", n), c) for n, c in entry.attributes.items())

    def columns(self, *, attributes: bool = True) -> dict[str, Path_]:
        """The columns that must be there, and where the mapping first names each.

        Args:
            attributes: also those of attributes and persons. A log shows no column that it has no value for; such
                facts are unknown then, and findings say so, while an event would count as one that has not happened.
        """
        found: dict[str, Path_] = {column: ("only", column) for column in self.only}
        for path, cell in self.cells():
            if (
                cell.column is not None
                and not cell.optional
                and (attributes or (path[-1] in DECISIVE and ATTRIBUTES not in path))
            ):
                found.setdefault(cell.column, path)
        return found

    def absent(self, columns: Iterable[str], *, attributes: bool = True) -> list[Problem]:
        """A problem for each column that must be there and is not among ``columns``, those of the source."""
        known = set(columns)
        found = []
        for column, path in self.columns(attributes=attributes).items():
            if column not in known:
                reason = f"`{shown(column)}` is not a column of what is read"
                advice = did_you_mean(column, known) or "mend it, or write `optional: true` beside it"
                found.append(Problem(self.place(*path), reason, shown(column), advice))
        return found

    def check(self, vocabulary: Vocabulary) -> None:
        """Hold the mapping to the words of the rules. Raises MappingError with every problem."""
        if problems := list(_Words(self, vocabulary).problems()):
            raise MappingError(problems)

    @classmethod
    def load(cls, path: str | Path) -> Mapping:
        """Read a mapping file (YAML or JSON). Raises MappingError with every problem, each with its line."""
        file = file_name(Path(path))
        for document in read_documents(Path(path)):
            found = read_as(cls, document) if isinstance(document, Document) else [document]
            if isinstance(found, list):
                raise MappingError(found)
            found._source = document  # type: ignore[assignment]
            return found
        raise MappingError([Problem(Place(file), "the mapping is empty", help="`lawgov mapping` proposes one")])


class _Words:
    """The words of a mapping against the vocabulary."""

    def __init__(self, mapping: Mapping, vocabulary: Vocabulary) -> None:
        self.mapping, self.vocabulary = mapping, vocabulary
        self.types = [vocabulary.record_types[t] for t in self._meant(mapping.type, vocabulary.record_types)]

    @staticmethod
    def _meant(cell: Cell, known: Iterable[str]) -> list[str]:
        """The known words that a cell can give."""
        words = list(known)
        if cell.constant is not None:
            return [cell.constant] if cell.constant in words else []
        named = [value for value in cell.values.values() if value in words]
        return named if cell.others == "leave_out" else words

    def problems(self) -> Iterator[Problem]:
        mapping, words = self.mapping, self.vocabulary
        yield from self._word(("type",), mapping.type, words.record_types, "a known record type", words.record_types)
        code = mapping.jurisdiction.constant if mapping.jurisdiction else None
        if code and (reason := Jurisdictions({}, {}).check(code)):
            yield Problem(mapping.place("jurisdiction"), reason, shown(code))
        if not self.types:
            return
        what = a(mapping.type.constant) if mapping.type.constant else "these records"
        own = {name for type_ in self.types for name in type_.attributes}
        yield from self._attributes(("attributes",), mapping.attributes, own, what)
        parts: tuple[tuple[str, str, Any], ...] = (
            ("events", "event", words.events),
            ("participants", "role", words.roles),
        )
        for part, key, entries in parts:
            declared = "events" if part == "events" else "roles"
            known = {name for type_ in self.types for name in getattr(type_, declared)}
            for number, entry in enumerate(getattr(mapping, part)):
                cell = getattr(entry, key)
                yield from self._word((part, number, key), cell, known, f"{a(key)} of {what}", entries)
                carried = {n for word in self._meant(cell, known) for n in entries[word].attributes}
                yield from self._attributes((part, number, "attributes"), entry.attributes, carried, f"this {key}")

    def _word(self, path: Path_, cell: Cell, known: Iterable[str], what: str, entries: Any) -> Iterator[Problem]:
        """The words that a cell gives and that are not known here."""
        given = [((*path, "values", k), v) for k, v in cell.values.items() if v is not None]
        given += [(path, cell.constant)] if cell.constant is not None else []
        for at, word in given:
            if word not in known:
                help = did_you_mean(word, known, labels(entries))
                yield Problem(self.mapping.place(*at), f"`{shown(word)}` is not {what}", shown(word), help)

    def _attributes(self, path: Path_, cells: dict[str, Cell], known: set[str], what: str) -> Iterator[Problem]:
        for name, cell in cells.items():
            if name not in known:
                help = did_you_mean(name, known, labels(self.vocabulary.attributes))
                reason = f"`{shown(name)}` is not an attribute of {what}"
                yield Problem(self.mapping.place(*path, name), reason, shown(name), help)
                continue
            attribute = self.vocabulary.attributes[name]
            given = [((*path, name, "values", k), v) for k, v in cell.values.items() if v is not None]
            given += [((*path, name), cell.constant)] if cell.constant is not None else []
            for at, value in given:
                try:
                    attribute.read(value)
                except ValueError as error:
                    yield Problem(self.mapping.place(*at), f"`{name}`: `{shown(value)}` {error}", shown(value))
            if cell.factor and attribute.type not in ("integer", "number"):
                reason = f"`factor` is for numbers, and `{name}` is none"
                yield Problem(self.mapping.place(*path, name), reason, name, "take it out")

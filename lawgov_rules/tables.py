"""Many records as tables, and what is asked of them: written once, run on any data.

The canonical tables of a record type (`Sources` of frames.py) have fixed names and columns, decided by the vocabulary
alone. So what a rule asks of them can be compiled once, without data, and run on any data behind those names: a
`Program`. A database that lets us keep temporary tables computes each step of it once; one that we may only read gets
the steps as common table expressions in front of each query, the calendar and all.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import ibis
import pyarrow as pa
from pydantic import BaseModel

from lawgov_rules.database import Database, quoted
from lawgov_rules.days import Calendar
from lawgov_rules.frames import Sources
from lawgov_rules.records import DAY, Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.vocabulary import Vocabulary

IBIS = {
    "text": "string",
    "choice": "string",
    "choices": "int64",
    "boolean": "boolean",
    "integer": "int64",
    "number": "int64",
    "date": "int64",
}
TABLES = ("records", "events", "participants")
# the column of each that names the record
NUMBER = {"records": "rid", "events": "erid", "participants": "prid"}
PREFIX = "lawgov_"
DAYS, NTH, WITHIN = f"{PREFIX}days", f"{PREFIX}nth", f"{PREFIX}within"
CALENDAR = {
    DAYS: dict.fromkeys(("day", "ord_lo", "ord_hi", "roll_lo", "roll_hi"), "int64"),
    NTH: dict.fromkeys(("ord", "day_lo", "day_hi"), "int64"),
}
Columns = dict[str, str]


class Words:
    """The columns of the canonical tables of each record type, as Ibis types by name: of the attributes, those that the
    rules mention.

    ``in_<n>`` of records says whether the record lies in one of the places of the n-th of ``places``: the places of
    the rules, each once.
    """

    def __init__(self, rules: Rulesets) -> None:
        self.vocabulary: Vocabulary = rules.vocabulary
        self.places = tuple(sorted({rule.places for rule in rules}))
        said = [(r.constraints, r.when, r.unless, r.excused_by) for r in rules]
        written = "\n".join({text for value in said for text in _texts(value)})
        self.mentioned = frozenset(name for name in self.vocabulary.attributes if name in written)

    def inside(self, places: tuple[str, ...]) -> str:
        """The column that says whether a record lies in these places."""
        return f"in_{self.places.index(places)}"

    def attributes(self, type_: str, table: str) -> list[str]:
        """The attributes that the records, events or participants of a type may carry and that a rule mentions."""
        known, words = self.vocabulary.record_types[type_], self.vocabulary
        if table == "records":
            found = set(known.attributes)
        elif table == "events":
            found = {a for e in known.events for a in words.events[e].attributes}
        else:
            found = {a for r in known.roles for a in words.roles[r].attributes}
        return sorted(found & self.mentioned)

    @functools.cache  # noqa: B019 - lives as long as the rules
    def columns(self, type_: str, table: str) -> Columns:
        fixed: Columns = {
            "records": {"rid": "int64", **dict.fromkeys(("id", "organ", "jurisdiction", "region"), "string")},
            "events": {"erid": "int64", "event": "string", "low": "int64", "high": "int64"},
            "participants": {"prid": "int64", "role": "string", "person": "string"},
        }[table]
        if table == "records":
            fixed = fixed | {f"in_{n}": "boolean" for n in range(len(self.places))}
        attributes = self.vocabulary.attributes
        return fixed | {f"{table[0]}_{a}": IBIS[attributes[a].type] for a in self.attributes(type_, table)}


def _texts(value: Any) -> Iterator[str]:
    """Every text within the parameters of a rule."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from _texts([getattr(value, name) for name in type(value).model_fields])
    elif is_dataclass(value):
        yield from _texts([getattr(value, part.name) for part in fields(value)])
    elif isinstance(value, Mapping):
        yield from value
        yield from _texts(list(value.values()))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _texts(item)
    else:
        yield repr(value)


def name_of(type_: str, table: str) -> str:
    """What a canonical table is called."""
    return f"{PREFIX}{type_}_{table}"


@dataclass
class Program:
    """What is asked of the canonical tables of one record type, compiled.

    Args:
        steps: intermediate tables in the order of their making: name and SQL. queries: SQL, each of which gives rows of
            `batch.ROW`. types: the record types whose tables are read.
    """

    steps: list[tuple[str, str]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    types: set[str] = field(default_factory=set)

    @functools.cached_property
    def shared(self) -> frozenset[str]:
        """The steps that more than one other step or query reads."""
        every = [*(body for _name, body in self.steps), *self.queries]
        return frozenset(n for n, _body in self.steps if sum(quoted(n) in text for text in every) > 1)

    @functools.cached_property
    def text(self) -> str:
        """All its SQL."""
        return "\n".join((*(body for _name, body in self.steps), *self.queries))


class Compiler:
    """Compiles expressions over the canonical tables of one record type, for one kind of database."""

    def __init__(self, database: Database, type_: str, words: Words, as_of: int) -> None:
        self.database, self.type_, self.words, self.as_of = database, type_, words, as_of
        self.program = Program()

    def sql(self, expression: Any, *, fused: bool = False) -> str:
        return self.database.compile(expression, fused=fused)

    def materialise(self, expression: Any) -> Any:
        """An intermediate table, computed once when the program runs."""
        name = f"{PREFIX}{self.type_}_{len(self.program.steps)}"
        # fused, so that what is read twice, and therefore kept, is narrow
        self.program.steps.append((name, self.sql(expression, fused=True)))
        return ibis.table(expression.schema(), name=name)

    def sources(self, type_: str) -> Sources:
        """The canonical tables of a type, by name."""
        self.program.types.add(type_)
        made = {t: ibis.table(self.words.columns(type_, t), name=name_of(type_, t)) for t in TABLES}
        calendar = {n: ibis.table({"region": "string", **columns}, name=n) for n, columns in CALENDAR.items()}
        return Sources(
            **made,
            days=calendar[DAYS],
            nth=calendar[NTH],
            as_of=self.as_of,
            materialise=self.materialise,
            other=self.sources,
            within=ibis.table({"outer": "string", "inner": "string"}, name=WITHIN),
        )


# a query of some seconds would draw a bar into the results on stdout


def give_common(database: Database, rules: Rulesets, codes: Iterable[str | None]) -> None:
    """The calendar of the regions that the codes lie in, and which of the places contains which."""
    known = {code for code in codes if code}
    for name, rows in calendar_rows(rules.calendar, known).items():
        database.give(name, rows)
    pairs = [(a, b) for b in sorted(known) for a in rules.jurisdictions.around(b) if a in known]
    text = pa.string()
    columns = {"outer": pa.array([a for a, _ in pairs], text), "inner": pa.array([b for _, b in pairs], text)}
    database.give(WITHIN, pa.table(columns))


def calendar_rows(calendar: Calendar, codes: Iterable[str]) -> dict[str, pa.Table]:
    """``days`` and ``nth`` of `frames.Sources` for the regions that the codes lie in."""
    found: dict[str, list[pa.Table]] = {DAYS: [], NTH: []}
    for name in sorted({calendar.region_name(c) for c in codes} | {""}):
        region = calendar.region(name or None)
        for table, columns in ((DAYS, region.columns()), (NTH, region.nth_columns())):
            arrays = {k: pa.array(columns[k], pa.int64()) for k in CALENDAR[table]}
            size = len(next(iter(columns.values())))
            found[table].append(pa.table({"region": pa.array([name] * size, pa.string()), **arrays}))
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


# records of ours as canonical tables

ARROW = {"string": pa.string(), "int64": pa.int64(), "boolean": pa.bool_()}


def rows_of(
    records: Sequence[Record], type_: str, words: Words, rules: Rulesets, as_of: int, first: int | None = 0
) -> dict[str, pa.Table]:
    """The canonical tables of records of one type; they are numbered from ``first``, or by their ids if it is None."""
    tables: dict[str, dict[str, list[Any]]] = {t: {c: [] for c in words.columns(type_, t)} for t in TABLES}
    names = {t: words.attributes(type_, t) for t in TABLES}
    insides: dict[str | None, list[bool | None]] = {}
    for number, record in enumerate(records):
        code, mine = record.jurisdiction, record.id if first is None else first + number
        if code not in insides:
            insides[code] = places_of(code, words, rules)
        fixed = (mine, record.id, record.organ, code, rules.calendar.region_name(code), *insides[code])
        _add(tables["records"], fixed, names["records"], record.attributes)
        for e in record.events:
            if e.low // DAY <= as_of:
                _add(tables["events"], (mine, e.name, e.low, e.high), names["events"], e.attributes)
        for p in record.participants:
            _add(tables["participants"], (mine, p.role, p.person), names["participants"], p.attributes)
    numbers = pa.int64() if first is not None else pa.string()
    types = {t: {c: ARROW[k] for c, k in words.columns(type_, t).items()} | {NUMBER[t]: numbers} for t in TABLES}
    return {
        t: pa.table({c: pa.array(values, types[t][c]) for c, values in columns.items()})
        for t, columns in tables.items()
    }


def places_of(code: str | None, words: Words, rules: Rulesets) -> list[bool | None]:
    """Whether a place lies in each of the places of the rules; None where it is not known."""
    contains = rules.jurisdictions.contains
    return [None if code is None else any(contains(outer, code) for outer in outers) for outers in words.places]


def _add(table: dict[str, list[Any]], fixed: tuple[Any, ...], names: Sequence[str], values: Any) -> None:
    columns = list(table.values())
    for column, value in zip(columns, fixed, strict=False):
        column.append(value)
    for column, name in zip(columns[len(fixed) :], names, strict=True):
        column.append(values.get(name))

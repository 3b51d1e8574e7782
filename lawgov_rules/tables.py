"""Many records as tables, and where they are evaluated: with databases.py the only place that knows a database.

The canonical tables of a record type (`Sources` of frames.py) have fixed names and columns, decided by the vocabulary
alone. So what a rule asks of them can be compiled once, without data, and run on any data behind those names: a
`Program`. A database that lets us keep temporary tables computes each step of it once; one that we may only read gets
the steps as common table expressions in front of each query, the calendar and all.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
from pydantic import BaseModel

from lawgov_rules.days import Calendar
from lawgov_rules.frames import Sources
from lawgov_rules.records import DAY, Record
from lawgov_rules.room import Room
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
_COMPILING = threading.Lock()


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
QUIET = "SET enable_progress_bar = false"


class Database:
    """A connection that evaluates; DuckDB in memory by default.

    Args:
        connection: of Ibis. temporary: whether temporary tables may be kept in it; if not, nothing is written.
        own: whether to give the connection back on closing.
    """

    def __init__(self, connection: Any = None, *, temporary: bool = True, own: bool = False) -> None:
        self._own = own or connection is None
        self.connection = ibis.duckdb.connect() if connection is None else connection
        if self._own and self.kind == "duckdb":
            self.connection.raw_sql(QUIET)
        self.temporary = temporary
        # what stands before a query as common table expressions: name and SQL
        self.named: dict[str, str] = {}
        self._room: Room | None = None
        self._made: dict[str, str] = {}
        self._begun = False

    @property
    def kind(self) -> str:
        """Which SQL it speaks."""
        return str(self.connection.name)

    @property
    def by_column(self) -> bool:
        """Whether it keeps tables of ours, and by column, so that looking through some columns costs little."""
        return self.kind == "duckdb" and self.temporary

    @property
    def ours(self) -> bool:
        """Whether it is evaluated in this process and nobody else uses it."""
        return self._own and self.kind == "duckdb"

    def bound(self, memory: int | None, disk: int | None) -> None:
        """Let one of `ours` take so many bytes of memory, and of disk for what does not fit; None: what is there."""
        self._room = Room(self.connection.con, memory, disk)

    @classmethod
    def of_files(cls, tables: Mapping[str, Any]) -> tuple[Database, dict[str, Any]]:
        """A database in memory over Parquet files and Arrow tables, which are read where they lie; and its tables."""
        found = cls()
        # rows are told apart by their content, and need not stay in the order of a file
        found.connection.con.execute("SET preserve_insertion_order = false")
        for name, table in tables.items():
            if isinstance(table, Path):
                found.connection.con.from_parquet(str(table)).create_view(name)
            else:
                found.connection.con.register(name, table)
        return found, {name: found.connection.table(name) for name in tables}

    def compile(self, expression: Any, *, fused: bool = True) -> str:
        """The SQL of an expression over named tables; rows that it carries along stand in it as VALUES.

        ``fused``: one SELECT may take in another, which repeats what the inner one computes.
        """
        fenced = self.kind == "postgres"
        with _COMPILING:  # Ibis knows this option for the whole process only
            before, ibis.options.sql.fuse_selects = ibis.options.sql.fuse_selects, fused and not fenced
            try:
                inlined = _inlined(expression, self.connection)
                return _fenced(inlined, self.connection) if fenced else str(self.connection.compile(inlined))
            finally:
                ibis.options.sql.fuse_selects = before

    def keep(self, name: str, sql: str, *, copied: bool = True) -> None:
        """Let a name stand for the rows of a query; unless they are to be ``copied``, they may be a view."""
        if self.temporary:
            kind = "TABLE" if copied or self.kind != "duckdb" else "VIEW"
            self.execute(f'CREATE TEMP {kind} "{name}" AS {self.full(sql)}')
            self._made[name] = kind
        else:
            self.named[name] = sql

    def once(self, name: str, sql: str) -> None:
        """Let a name stand for the rows of a query that one other query reads: they become a part of it."""
        self.named[name] = sql

    def append(self, name: str, sql: str) -> None:
        """Add the rows of a query to those of a temporary table that was kept."""
        self.execute(f'INSERT INTO "{name}" {self.full(sql)}')

    def give(self, name: str, table: pa.Table) -> None:
        """Let a name stand for rows of ours."""
        if self.temporary and self.kind == "duckdb":
            self.connection.con.register(f"{name}_given", table)
            self.keep(name, f'SELECT * FROM "{name}_given"')
            self.connection.con.unregister(f"{name}_given")
        else:
            self.keep(name, values(table))

    def forget(self, *names: str) -> None:
        """Drop what stood behind the names."""
        for name in names:
            self.named.pop(name, None)
            if kind := self._made.pop(name, ""):
                self.execute(f'DROP {kind} "{name}"')

    def full(self, sql: str) -> str:
        """A query with the names that it needs in front."""
        needed: dict[str, str] = {}
        self._needs(sql, needed)
        if not needed:
            return sql
        every = [*needed.values(), sql]
        parts = []
        for name, body in needed.items():
            # DuckDB need not keep what is read once
            again = self.kind != "duckdb" or sum(text.count(quoted(name)) for text in every) > 1
            parts.append(f"{quoted(name)} AS {'MATERIALIZED ' if again else ''}({body})")
        return f"WITH {', '.join(parts)} SELECT * FROM ({sql}) AS lawgov_asked"

    def _needs(self, sql: str, found: dict[str, str]) -> None:
        for name, body in self.named.items():
            if name not in found and f'"{name}"' in sql:
                self._needs(body, found)
                found[name] = body

    def execute(self, sql: str) -> None:
        """Run a statement that gives no rows."""
        self._begin()
        self.connection.con.execute(sql)

    def rows(self, sql: str, batch: int = 10_000) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, a batch at a time. Read them to the end before asking again."""
        sql = self.full(sql)
        if self.kind == "duckdb":
            cursor = self.connection.con.execute(sql)
            while found := cursor.fetchmany(batch):
                yield from found
            return
        self._begin()
        with self.connection.con.cursor(name="lawgov") as cursor:
            cursor.itersize = batch
            yield from cursor.execute(sql)

    def _begin(self) -> None:
        """See one state of the data throughout, however many queries it takes, and write nothing that stays."""
        if self.kind != "duckdb" and not self._begun and not self.connection.con.info.transaction_status:
            access = "READ WRITE" if self.temporary else "READ ONLY"
            self.connection.con.execute(f"BEGIN ISOLATION LEVEL REPEATABLE READ {access}")
            # compiling such statements to machine code takes longer than running them
            self.connection.con.execute("SET LOCAL jit = off")
            self._begun = True

    def rest(self) -> None:
        """Drop what was kept, and hold nothing in the database until it is asked again."""
        if self._begun:
            self.connection.con.execute("ROLLBACK")
            self._begun, self._made = False, {}
        self.forget(*reversed(self._made))
        self.named.clear()

    def close(self) -> None:
        """Rest, and give back a connection that nobody else uses."""
        if not (self._own and self.kind == "duckdb"):  # there all that is temporary goes with the connection
            self.rest()
        if self._own:
            self.connection.disconnect()
        if self._room:
            self._room.leave()


def _fenced(expression: Any, connection: Any) -> str:
    """The SQL of an expression each of whose steps is computed once.

    PostgreSQL would write a step out wherever the next one reads it, and so compute it once for each mention;
    ``OFFSET 0`` keeps it from that.
    """
    import sqlglot.expressions as sql

    query = connection.compiler.to_sqlglot(expression)
    for part in query.find_all(sql.Subquery, sql.CTE):
        step = part.this
        computes = isinstance(step, sql.Select) and any(
            not isinstance(column.unalias(), (sql.Column, sql.Literal)) for column in step.expressions
        )
        if computes and not step.args.get("limit"):
            step.set("offset", sql.Offset(expression=sql.Literal.number(0)))
    return str(query.sql(dialect=connection.dialect))


def _inlined(expression: Any, connection: Any) -> Any:
    """The expression with the rows that it carries written out."""
    import ibis.expr.operations as ops

    node = expression.op()
    carried = {
        op: ops.SQLQueryResult(values(op.data.to_pyarrow(op.schema)), op.schema, connection)
        for op in node.find(ops.InMemoryTable)
    }
    return node.replace(carried).to_expr() if carried else expression


TYPES = {pa.int64(): "BIGINT", pa.string(): "TEXT", pa.bool_(): "BOOLEAN"}


def values(table: pa.Table) -> str:
    """Rows as a query of literals: whole numbers, text, booleans."""
    types = [TYPES[column.type] for column in table.schema]
    names = ", ".join(
        f"CAST(c{n} AS {t}) AS {quoted(f.name)}" for n, (f, t) in enumerate(zip(table.schema, types, strict=True))
    )
    plain = ", ".join(f"c{n}" for n in range(len(types)))
    if not table.num_rows:
        return f"SELECT {names} FROM (SELECT {', '.join(f'NULL AS c{n}' for n in range(len(types)))}) AS t WHERE 1 = 0"
    columns = [map(_literal, column.to_pylist()) for column in table.columns]
    rows = ", ".join(f"({', '.join(row)})" for row in zip(*columns, strict=True))
    return f"SELECT {names} FROM (VALUES {rows}) AS t({plain})"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else quoted(value, "'")


def quoted(text: str, mark: str = '"') -> str:
    """A name, or a text with its mark, as it stands in SQL."""
    return mark + text.replace(mark, mark * 2) + mark


# what records have in common: the calendar, and the places


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

"""Where tables are evaluated: a connection, what stands behind names in it, and the SQL that it is asked.

With databases.py the only place that knows a database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from lawgov_rules.room import Room

_COMPILING = threading.Lock()
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

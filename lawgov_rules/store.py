"""A place for rows beside the tables of a database in this process: they stay until it is closed, may be read several
times at once, and are spilled to disk where memory does not hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any

import pyarrow as pa

from lawgov_rules.database import Database, quoted

NAME, GIVEN = "lawgov_store", "lawgov_given"


class Store:
    """The place in a database of `ours`, or else, for what others hold, in a new one."""

    def __init__(self, database: Database, memory: int | None, disk: int | None) -> None:
        self.database = database if database.ours else Database()
        self.database.bound(memory, disk)
        self.database.execute(f"ATTACH ':memory:' AS {NAME} (READ_WRITE)")

    @staticmethod
    def name(*names: str) -> str:
        """What a table is called."""
        return f"{NAME}.{quoted(' '.join(names))}"

    def make(self, table: str, columns: Mapping[str, str]) -> None:
        """An empty table; its columns and their types in SQL."""
        self.database.execute(
            f"CREATE TABLE {table} ({', '.join(f'{name} {type_}' for name, type_ in columns.items())})"
        )

    def take(self, table: str, columns: Iterable[str], query: str, database: Database) -> None:
        """Add what a query of a database gives."""
        names = list(columns)
        if database is self.database:
            database.execute(f"INSERT INTO {table} ({', '.join(names)}) {database.full(query)}")
        else:
            self.add(table, names, database.rows(query))

    def add(self, table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]], batch: int = 10_000) -> None:
        """Add rows, a batch at a time."""
        names, left, connection = list(columns), iter(rows), self.database.connection.con
        while part := list(islice(left, batch)):
            given = pa.table([pa.array(column) for column in zip(*part, strict=True)], names=names)
            connection.register(GIVEN, given)
            connection.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT * FROM {GIVEN}")
            connection.unregister(GIVEN)

    def rows(self, sql: str, batch: int = 10_000) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, while others are being read."""
        with closing(self.database.connection.con.cursor()) as cursor:
            cursor.execute(sql)
            while found := cursor.fetchmany(batch):
                yield from found

    def batches(self, sql: str, size: int) -> Iterator[pa.RecordBatch]:
        """The same as Arrow."""
        with closing(self.database.connection.con.cursor()) as cursor, cursor.sql(sql).to_arrow_reader(size) as reader:
            yield from reader

    def close(self) -> None:
        """Give back the memory and the disk."""
        self.database.close()

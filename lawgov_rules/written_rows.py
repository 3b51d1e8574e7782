"""The rows of some records of a database as they are written, for Python to read."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import ibis

from lawgov_rules import cells
from lawgov_rules.database import Database
from lawgov_rules.importers._cells import text_of
from lawgov_rules.tables import TABLES

Expr = Any


class Written(NamedTuple):
    """A row as text: the id of its record, its table, its cells."""

    key: str
    table: str
    cells: dict[str, str]


def written(
    database: Database, tables: Mapping[str, Expr], headings: Mapping[str, Mapping[str, str]], keys: Expr
) -> Iterator[Written]:
    """Rows as text, by record. A table has no order of its own: rows of a record always come by their content.

    Args:
        headings: of each column of each table. keys: the ids that are asked for, and their order: key, n.
    """
    parts = []
    for number, table in enumerate(TABLES):
        if (rows := tables.get(table)) is not None:
            key = cells.text(rows["record"]) if "record" in rows.columns else ibis.null("string")
            row = ibis.array([ibis.coalesce(cells.text(rows[c]), "") for c in rows.columns])
            shown = rows.select(key_=ibis.coalesce(key, ""), part=ibis.literal(number, "int64"), row=row)
            parts.append(shown.inner_join(keys, shown.key_ == keys.key).select("n", "key_", "part", "row"))
    whole = functools.reduce(lambda a, b: a.union(b), parts).order_by("n", "part", "row")
    readers = {name: [(headings[name][c], _reader(rows[c])) for c in rows.columns] for name, rows in tables.items()}
    for _n, key_, part, row in database.rows(database.compile(whole)):
        table = TABLES[part]
        yield Written(key_, table, {c: read(text) for (c, read), text in zip(readers[table], row, strict=True)})


def _reader(column: Expr) -> Callable[[str], str]:
    """How the text that a database makes of a cell becomes that of Python."""
    return (lambda text: text_of(float(text)) if text else "") if column.type().is_floating() else str

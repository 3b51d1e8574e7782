"""The rows of a table or view of a database, for a mapping: they are judged here, not in the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis

from lawgov_rules import cells, databases
from lawgov_rules.database import Database
from lawgov_rules.errors import InputError, Problem, did_you_mean, shown
from lawgov_rules.importers._cells import text_of
from lawgov_rules.importers._rows import Row, Rows
from lawgov_rules.mapping import Mapping


def of_database(source: Any, mapping: Mapping) -> Rows:
    """The rows of the table that a mapping names, by record and day; a table has no other order.

    Raises:
        InputError: the database cannot be opened, or has no such table.
    """
    if mapping.table is None:
        help = "add `table:` with the name of the table or view"
        raise InputError(Problem(mapping.place(), "the mapping names no table of the database", help=help))
    database, table = databases.open_table(source, mapping.table)
    if table is None:
        names = [n for (n,) in database.rows("SELECT table_name FROM information_schema.tables")]
        database.close()
        reason, value = f"`{shown(mapping.table)}` is not a table or view of the database", shown(mapping.table)
        raise InputError(Problem(mapping.place("table"), reason, value, did_you_mean(mapping.table, names)))
    name = f"{databases.shown_name(source)}#{mapping.table}"
    if mapping.absent(table.columns):
        database.close()
        return Rows(name, (), set(table.columns), complete=True)
    column = mapping.record.column
    # ids that stand for others, by the mapping, stand anywhere
    together = column in table.columns and not mapping.record.values and not mapping.record.factor
    found = _rows(database, table, str(column) if together else None, mapping)
    return Rows(name, found, set(table.columns), complete=True, key=column if together else None)


def _rows(database: Database, table: Any, record: str | None, mapping: Mapping) -> Iterator[Row]:
    """The rows with their cells as text; where they stand by record, those of one have the same group."""
    written = {name: cells.text(table[name]) for name in table.columns}
    days = [e.date.column for e in mapping.events if e.date.column in written]
    order = [written[name] for name in dict.fromkeys([*([record] if record else []), *days, *table.columns])]
    floats = {name for name in table.columns if table[name].type().is_floating()}
    asked = table.select(row=ibis.array([ibis.coalesce(text, "") for text in written.values()]), **{
        f"o{n}": text for n, text in enumerate(order)
    })  # fmt: skip
    asked = asked.order_by([f"o{n}" for n in range(len(order))]).select("row")
    group, last = 0, None
    try:
        for number, (texts,) in enumerate(database.rows(database.compile(asked)), 1):
            found = {n: text_of(float(t)) if n in floats else t for n, t in zip(written, texts, strict=True) if t}
            if record and found.get(record, "") != last:
                group, last = group + 1, found.get(record, "")
            yield Row(number, found, group if record else None)
    finally:
        database.close()

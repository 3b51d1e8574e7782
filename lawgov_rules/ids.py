"""The ids of records that are document numbers: written in several ways, one identity (document_number.py).

Which ways there are in a table is decided by Python, for the ids that look like it; the database is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis
import pyarrow as pa

from lawgov_rules import cells
from lawgov_rules.database import Database
from lawgov_rules.document_number import canonical
from lawgov_rules.importers._headings import key
from lawgov_rules.importers._joined import EXAMPLES
from lawgov_rules.tables import TABLES

Expr = Any
Ask = Callable[[object, Callable[[], Expr]], list[tuple[Any, ...]]]
NUMBERS = "lawgov__numbers"
_COLUMNS = ("lawgov__written", "lawgov__number")


class Ids:
    """The ids of three tables, in their one way of writing.

    Args:
        ask: gives the rows of an expression, which a key tells from others. known: what was found of the same tables
            before.

    ``numbers``: the ids that are written in another way than their own, and their one way.
    """

    def __init__(self, database: Database, ask: Ask, known: Mapping[str, str] | None) -> None:
        self._database, self._ask = database, ask
        self._seen = set(TABLES) if known is not None else set()
        self.numbers: dict[str, str] = {}
        self._learn(known or {})

    def look(self, table: str, rows: Expr, *more: object) -> None:
        """Look for such ids in a table, once. ``rows``: of it, or those whose ids are not seen elsewhere, which
        ``more`` tells from others."""
        if table in self._seen:
            return
        self._seen.add(table)
        if not _is_text(rows):
            return

        def looking() -> Expr:
            ids = rows.select(raw=rows["record"])
            ids = ids.filter(~ibis.coalesce(cells.is_sure(ids.raw), False))
            ids = ids.select(id=cells.text(ids.raw))
            return ids.filter(cells.may_be_other_id(ids.id)).distinct()

        found = [id_ for (id_,) in self._ask(("ids", table, *more), looking)]
        self._learn({id_: "示例" if key(id_) in EXAMPLES else canonical(id_) for id_ in found})

    def pass_over(self, table: str) -> None:
        """Take it that the ids of a table that were not looked for are those of other tables."""
        self._seen.add(table)

    def _learn(self, found: Mapping[str, str]) -> None:
        more = {id_: number for id_, number in found.items() if number != id_ and id_ not in self.numbers}
        if more:
            self._database.forget(NUMBERS)
            self.numbers |= more
            rows = zip(*self.numbers.items(), strict=True)
            self._database.give(NUMBERS, pa.table(dict(zip(_COLUMNS, rows, strict=True))))

    def put(self, rows: Expr) -> Expr:
        """Rows with their ids in the one way of writing."""
        if not self.numbers or not _is_text(rows):
            return rows
        numbers = ibis.table(dict.fromkeys(_COLUMNS, "string"), name=NUMBERS)
        joined = rows.mutate(lawgov__id=cells.text(rows["record"]))
        joined = joined.left_join(numbers, joined.lawgov__id == numbers.lawgov__written)
        number = ibis.coalesce(joined.lawgov__number, joined.lawgov__id).nullif("")
        return joined.mutate(record=number).drop("lawgov__id", *_COLUMNS)


def _is_text(rows: Expr) -> bool:
    return "record" in rows.columns and bool(rows["record"].type().is_string())

"""Many records as tables, and the only place that knows a database.

The three tables of chapter "Records" (``records``, ``events``, ``participants``) are brought into one canonical form
for each record type: attributes as columns ``r_``, ``e_``, ``p_`` with canonical values, moments as two numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from lawgov_rules.days import Calendar
from lawgov_rules.frames import Sources
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.records import DAY, Record
from lawgov_rules.vocabulary import Attribute, Vocabulary

ARROW = {
    "text": pa.string(),
    "choice": pa.string(),
    "choices": pa.int64(),
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.int64(),
    "date": pa.int64(),
}


class Database:
    """A connection that evaluates; DuckDB in memory by default."""

    def __init__(self, connection: Any = None) -> None:
        self._own = connection is None
        self.connection = ibis.duckdb.connect() if connection is None else connection
        self._made = 0

    def materialise(self, expression: Any) -> Any:
        """Compute an expression once and give back the table that holds it."""
        self._made += 1
        return self.connection.create_table(f"lawgov_{self._made}", expression, temp=True)

    def close(self) -> None:
        """Give back the memory of a connection that this object opened itself."""
        if self._own:
            self.connection.disconnect()

    def fetch(self, expression: Any) -> pa.Table:
        """The rows of an expression."""
        return self.connection.to_pyarrow(expression)


def calendar_tables(calendar: Calendar, codes: Sequence[str | None]) -> tuple[Any, Any]:
    """``days`` and ``nth`` of `columns.Sources` for the regions that the codes lie in."""
    days: list[pa.Table] = []
    nth: list[pa.Table] = []
    for name in sorted({calendar.region_name(c) for c in codes} | {""}):
        region = calendar.region(name or None)
        for tables, columns in ((days, region.columns()), (nth, region.nth_columns())):
            size = len(next(iter(columns.values())))
            arrays = {k: pa.array(v, pa.int64()) for k, v in columns.items()}
            tables.append(pa.table({"region": pa.array([name] * size, pa.string()), **arrays}))
    return ibis.memtable(pa.concat_tables(days)), ibis.memtable(pa.concat_tables(nth))


@dataclass(frozen=True)
class Shared:
    """What the tables of all record types share; see `Sources`."""

    days: Any
    nth: Any
    within: Any
    other: Callable[[str], Sources]


def place_table(jurisdictions: Jurisdictions, codes: Iterable[str | None]) -> Any:
    """Every pair of the places (outer, inner) of which the one contains the other."""
    known = sorted({code for code in codes if code})
    pairs = [(a, b) for a in known for b in known if jurisdictions.contains(a, b)]
    text = pa.string()
    columns = {"outer": pa.array([a for a, _ in pairs], text), "inner": pa.array([b for _, b in pairs], text)}
    return ibis.memtable(pa.table(columns))


def sources_of(
    records: Sequence[Record],
    type_: str,
    vocabulary: Vocabulary,
    calendar: Calendar,
    as_of: int,
    database: Database,
    shared: Shared,
) -> Sources:
    """The canonical tables of the records of one type; ``rid`` is the position in ``records``."""
    known = vocabulary.record_types[type_]
    attributes = vocabulary.attributes
    base: dict[str, list[Any]] = {"rid": [], "id": [], "organ": [], "jurisdiction": [], "region": []}
    events: dict[str, list[Any]] = {"erid": [], "event": [], "low": [], "high": []}
    people: dict[str, list[Any]] = {"prid": [], "role": [], "person": []}
    event_names = sorted({a for e in known.events for a in vocabulary.events[e].attributes})
    person_names = sorted({a for r in known.roles for a in vocabulary.roles[r].attributes})
    for table, prefix, names in (
        (base, "r_", known.attributes),
        (events, "e_", event_names),
        (people, "p_", person_names),
    ):
        table.update({f"{prefix}{name}": [] for name in names})
    for rid, record in enumerate(records):
        _add(
            base,
            (rid, record.id, record.organ, record.jurisdiction, calendar.region_name(record.jurisdiction)),
            "r_",
            known.attributes,
            record.attributes,
        )
        for e in record.events:
            if e.low // DAY <= as_of:
                _add(events, (rid, e.name, e.low, e.high), "e_", event_names, e.attributes)
        for p in record.participants:
            _add(people, (rid, p.role, p.person), "p_", person_names, p.attributes)
    made = [_memtable(t, attributes) for t in (base, events, people)]
    return Sources(
        records=made[0],
        events=made[1],
        participants=made[2],
        days=shared.days,
        nth=shared.nth,
        as_of=as_of,
        materialise=database.materialise,
        other=shared.other,
        within=shared.within,
    )


def _add(table: dict[str, list[Any]], fixed: tuple[Any, ...], prefix: str, names: Sequence[str], values: Any) -> None:
    for column, value in zip(table.values(), fixed, strict=False):
        column.append(value)
    for name in names:
        table[f"{prefix}{name}"].append(values.get(name))


def _memtable(columns: dict[str, list[Any]], attributes: dict[str, Attribute]) -> Any:
    plain = {"rid": pa.int64(), "erid": pa.int64(), "prid": pa.int64(), "low": pa.int64(), "high": pa.int64()}
    arrays = {}
    for name, values in columns.items():
        known = attributes.get(name[2:]) if name[1:2] == "_" else None
        arrays[name] = pa.array(values, ARROW[known.type] if known else plain.get(name, pa.string()))
    return ibis.memtable(pa.table(arrays))

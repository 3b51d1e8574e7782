"""Parquet files and Arrow tables as the tables of a database in memory, which reads them where they lie.

Only three tables whose columns are called as ours and hold what a database can read: anything else goes the way of
other files, which knows headings in both languages and says what is wrong with a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lawgov_rules.databases import TABLES
from lawgov_rules.importers import documents
from lawgov_rules.importers.own_reports import is_report
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.yaml_file import file_name, sha256_of

if TYPE_CHECKING:
    from lawgov_rules.database import Database

OWN = frozenset({"record", "type", "jurisdiction", "organ", "event", "date", "sequence", "role", "person"})


class Files(NamedTuple):
    """Three tables: each a path or an Arrow table, the number of records, and the reports of our own beside them."""

    tables: Mapping[str, Any]
    records: int
    skipped: Sequence[str] = ()

    @property
    def name(self) -> str:
        """What they are called in places: their folder."""
        first = self.tables["records"]
        return file_name(first.resolve().parent) if isinstance(first, Path) else "(tables)"

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each file by its name."""
        return {file_name(t): sha256_of(t) for t in self.tables.values() if isinstance(t, Path)}

    def open(self) -> tuple[Database, dict[str, Any]]:
        """A new database in memory and the tables in it."""
        from lawgov_rules.database import Database

        return Database.of_files(self.tables)


def files_of(source: Any, rules: Rulesets) -> Files | None:
    """The three tables that a source is, if a database can read them all."""
    skipped: list[str] = []
    if isinstance(source, (list, tuple)) and len(source) == 1:
        source = source[0]
    if isinstance(source, (str, Path)):
        every = list(documents.files(source))
        found = [one for one in every if not isinstance(one, Path) or not is_report(one)]
        skipped = [file_name(one) for one in every if isinstance(one, Path) and one not in found]
        source = found[0] if len(found) == 1 else None
    if not isinstance(source, Mapping) or not {"records", "events"} <= set(source) <= set(TABLES):
        return None
    tables = {name: Path(t) if isinstance(t, str) else t for name, t in source.items()}
    sizes = {name: _size(table, OWN | rules.vocabulary.attributes.keys()) for name, table in tables.items()}
    return None if None in sizes.values() else Files(tables, sizes["records"] or 0, skipped)


def _size(table: Any, known: frozenset[str]) -> int | None:
    """How many rows a table has; None if it is none, or has columns that a database would not read as Python does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if isinstance(table, Path):
        if table.suffix.lower() != ".parquet":
            return None
        try:
            file = pq.read_metadata(table)
            schema, rows = file.schema.to_arrow_schema(), file.num_rows
        except (OSError, ValueError):
            return None
    elif isinstance(table, pa.Table):
        schema, rows = table.schema, table.num_rows
    else:
        return None
    plain = len(set(schema.names)) == len(schema.names) and set(schema.names) <= known
    return rows if plain and all(_readable(field.type) for field in schema) else None


def _readable(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return bool(kind.unit != "ns")
    simple = (pa.types.is_string, pa.types.is_large_string, pa.types.is_boolean, pa.types.is_date32)
    return any(is_(kind) for is_ in simple) or pa.types.is_signed_integer(kind) or pa.types.is_float64(kind)

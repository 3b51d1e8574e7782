"""Databases by their names: what a user writes for one, and how it is opened.

=====================================  ==========================================================
``postgresql://user@host:5432/name``   evaluated in the server, which is only read
``duckdb://file``, ``file.duckdb``     evaluated in the file's own engine, which is opened for reading
``sqlite://file``, ``file.sqlite``     read into DuckDB first: SQLite has no types to rely on, and too few functions
=====================================  ==========================================================

A schema may follow the name of a PostgreSQL database: ``postgresql://host/name/schema``. A password belongs into
``PGPASSWORD`` or ``~/.pgpass``; one that stands in the address is never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.yaml_file import sha256_of

if TYPE_CHECKING:
    from lawgov_rules.tables import Database

SCHEMES = {"postgresql": "postgres", "postgres": "postgres", "duckdb": "duckdb", "sqlite": "sqlite"}
SUFFIXES = {".duckdb": "duckdb", ".ddb": "duckdb", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite"}
TABLES = ("records", "events", "participants")


def kind_of(source: object) -> str | None:
    """Which kind of database a path or address names; None for anything else."""
    text = str(source) if isinstance(source, (str, Path)) else ""
    scheme, marks, _rest = text.partition("://")
    if marks:
        return SCHEMES.get(scheme.lower())
    kind = SUFFIXES.get(Path(text).suffix.lower())
    return None if kind == "sqlite" and not _has_records(Path(text)) else kind


def _has_records(path: Path) -> bool:
    """Whether a SQLite file holds a table ``records``: other files of this kind are logs of another form."""
    import sqlite3

    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            return bool(file.execute("SELECT 1 FROM sqlite_master WHERE name = 'records'").fetchall())
    except sqlite3.Error:
        return False


def name_of(source: object) -> str:
    """A path or address as it may be shown: without its password."""
    text = str(source)
    if "://" not in text:
        return text
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2]
    user = parts.username or ""
    # what follows `?` may hold a password as well
    return urlunsplit((parts.scheme, f"{user}@{host}" if user else host, parts.path, "", ""))


def shown_name(source: object) -> str:
    """What a database is called in a report."""
    return "(connection)" if is_connection(source) else name_of(source)


def hashes(source: object) -> dict[str, str]:
    """The SHA-256 of a database that is a file, by its name; nothing to compute of a server."""
    if is_connection(source):
        return {"(connection)": ""}
    path = Path(str(source).partition("://")[2] if "://" in str(source) else str(source))
    is_file = kind_of(source) in ("duckdb", "sqlite") and path.is_file()
    return {name_of(source): sha256_of(path) if is_file else ""}


def is_connection(source: object) -> bool:
    """Whether it is a connection of Ibis."""
    return hasattr(source, "list_tables") and hasattr(source, "compile")


def open_database(source: Any, *, temporary: bool = False) -> tuple[Database, dict[str, Any]]:
    """A database and its three tables, as Ibis expressions by name.

    Args:
        source: a path, an address or a connection of Ibis. temporary: keep temporary tables in a PostgreSQL server.

    Raises:
        InputError: it cannot be opened, or has no table ``records``.
    """
    from lawgov_rules.tables import Database

    title = shown_name(source)
    try:
        connection = source if is_connection(source) else _connect(source)
        if connection.name not in ("duckdb", "postgres"):
            raise _refused(
                title, f"`{connection.name}` is not a database that rules run in", "give DuckDB or PostgreSQL"
            )
        found = {name: table for name in TABLES if (table := _table(connection, name)) is not None}
    except InputError:
        raise
    except ImportError:
        raise _refused(
            title, "the extra for this database is not installed", "pip install 'lawgov-rules[postgres]'"
        ) from None
    except Exception as error:
        # whatever a driver raises; its first line says what is wrong, and the address stands in none of ours
        reason = shown(_without_secret(str(error), source).strip().partition("\n")[0], 160)
        raise _refused(title, f"cannot be opened: {reason}", "check the address, and that you may read it") from None
    for name in TABLES[:2]:
        # without any events it would seem that nothing ever happened
        if name not in found:
            raise _refused(title, f"the table `{name}` is missing", "give the three tables by name")
    temporary = temporary or connection.name == "duckdb"
    return Database(connection, temporary=temporary, own=not is_connection(source)), found


def _table(connection: Any, name: str) -> Any:
    from ibis.common.exceptions import TableNotFound

    try:
        return connection.table(name)
    except TableNotFound:
        return None


def _without_secret(text: str, source: object) -> str:
    secret = urlsplit(str(source)).password if isinstance(source, str) and "://" in source else None
    return text.replace(secret, "…") if secret else text


def _refused(name: str, reason: str, help: str) -> InputError:
    return InputError(Problem(Place(name), reason, help=help))


def _connect(source: Any) -> Any:
    import ibis

    kind, text = kind_of(source), str(source)
    if kind == "postgres":
        return ibis.connect(text.replace("postgresql://", "postgres://", 1))
    path = Path(text.partition("://")[2] if "://" in text else text)
    if not path.is_file():
        raise _refused(name_of(source), "there is no such file", "check the path")
    if kind == "sqlite":
        return _copied(path)
    return ibis.duckdb.connect(path, read_only=True)


def _copied(path: Path) -> Any:
    """The tables of a SQLite file as tables of text in memory: its columns hold values of any type."""
    import sqlite3

    import ibis
    import pyarrow as pa

    found = ibis.duckdb.connect()
    found.con.execute("SET enable_progress_bar = false")
    address = f"{path.resolve().as_uri()}?mode=ro"
    # its rows are fetched by a thread of the other database, one at a time
    with closing(sqlite3.connect(address, uri=True, check_same_thread=False)) as file:
        for table in TABLES:
            columns = [row[1] for row in file.execute(f'PRAGMA table_info("{table}")')]
            if columns:
                schema = pa.schema([(column, pa.string()) for column in columns])
                batches = _batches(file.execute(f'SELECT * FROM "{table}"'), schema)
                found.con.register("given", pa.RecordBatchReader.from_batches(schema, batches))
                found.con.execute(f'CREATE TABLE "{table}" AS SELECT * FROM given')
                found.con.unregister("given")
    return found


def _batches(rows: Any, schema: Any, size: int = 50_000) -> Iterator[Any]:
    import pyarrow as pa

    while found := rows.fetchmany(size):
        columns = [pa.array([_text(row[n]) for row in found], pa.string()) for n in range(len(schema))]
        yield pa.record_batch(columns, schema=schema)


def _text(value: object) -> str | None:
    """A value of SQLite as the text that a user would have written."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

"""Databases by their names: what a user writes for one, and how it is opened.

=====================================  ==========================================================
``postgresql://user@host:5432/name``   evaluated in the server, which is only read
``duckdb://file``, ``file.duckdb``     evaluated in the file's own engine, which is opened for reading
``sqlite://file``, ``file.sqlite``     read into DuckDB first: SQLite has no types to rely on, and too few functions
=====================================  ==========================================================

A schema may follow the name of a PostgreSQL database: ``postgresql://host/name/schema``. In an address ``@``, ``:``,
``/``, ``?`` and ``%`` of a name or password are written as ``%40``, ``%3A``, ``%2F``, ``%3F`` and ``%25``. A password
belongs into ``PGPASSWORD`` or ``~/.pgpass``; one that stands in the address is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._cells import text_of
from lawgov_rules.yaml_file import sha256_of

if TYPE_CHECKING:
    from lawgov_rules.database import Database

SCHEMES = {"postgresql": "postgres", "postgres": "postgres", "duckdb": "duckdb", "sqlite": "sqlite"}
SUFFIXES = {".duckdb": "duckdb", ".ddb": "duckdb", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite"}
TABLES = ("records", "events", "participants")
SCHEMA = "lawgov_schema"  # of a connection: the schema that its address names


def kind_of(source: object, *, mapped: bool = False) -> str | None:
    """Which kind of database a path or address names; None for anything else.

    Args:
        mapped: a mapping names a table of it, so it need not hold the three tables.
    """
    text = str(source) if isinstance(source, (str, Path)) else ""
    scheme, marks, _rest = text.partition("://")
    if marks:
        return SCHEMES.get(scheme.lower())
    kind = SUFFIXES.get(Path(text).suffix.lower())
    return None if kind == "sqlite" and not mapped and not _has_records(Path(text)) else kind


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
    scheme, _, rest = text.partition("://")
    if SCHEMES.get(scheme.lower()) != "postgres":
        return text
    # what follows `?` may hold a password as well; and an address may be written wrongly
    rest = re.split(r"\?\w+=", rest, maxsplit=1)[0]
    before, at, host = rest.rpartition("@")
    user = re.split("[:/?#]", before, maxsplit=1)[0]
    host = re.sub(r":(?!\d*(/|$))[^/]*", "", host)
    return f"{scheme}://{user}{at}{host}"


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


class Where(NamedTuple):
    """A database to be asked: what it is called in places, the SHA-256 of its files by their names, how it is opened
    (it and its three tables), and the reports of our own that lie among its files."""

    name: str
    hashes: dict[str, str]
    open: Callable[[], tuple[Database, dict[str, Any]]]
    skipped: Sequence[str] = ()


def where(source: Any, *, temporary: bool = False) -> Where:
    """A database by its path, address or connection; see `open_database`."""
    return Where(shown_name(source), hashes(source), partial(open_database, source, temporary=temporary))


def alone(source: Any) -> Any:
    """The one path or address of a list of one."""
    return source[0] if isinstance(source, (list, tuple)) and len(source) == 1 else source


def is_database(source: Any, *, mapped: bool = False) -> bool:
    """Whether a source is one database and nothing else; see `kind_of`."""
    one = alone(source)
    return is_connection(one) or kind_of(one, mapped=mapped) is not None


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
    database = _opened(source, TABLES, temporary)
    found = {name: table for name in TABLES if (table := _table(database.connection, name)) is not None}
    for name in TABLES[:2]:
        # without any events it would seem that nothing ever happened
        if name not in found:
            database.close()
            raise _refused(shown_name(source), f"the table `{name}` is missing", "give the three tables by name")
    return database, found


def open_table(source: Any, name: str) -> tuple[Database, Any]:
    """A database and one of its tables or views, None where there is none of that name.

    Raises:
        InputError: it cannot be opened.
    """
    database = _opened(source, (name,), False)
    return database, _table(database.connection, name)


def _opened(source: Any, tables: tuple[str, ...], temporary: bool) -> Database:
    """A connection to a database that holds some tables, of which it may be read only."""
    from lawgov_rules.database import Database

    title = shown_name(source)
    try:
        connection = source if is_connection(source) else _connect(source, tables)
    except InputError:
        raise
    except ImportError:
        reason, help = "the extra for this database is not installed", "pip install 'lawgov-rules[postgres]'"
        raise _refused(title, reason, help) from None
    except Exception as error:
        # whatever a driver raises; its first line says what is wrong
        reason = shown(_without_secret(str(error), source).strip().partition("\n")[0], 160)
        raise _refused(title, f"cannot be opened: {reason}", "check the address, and that you may read it") from None
    if connection.name not in ("duckdb", "postgres"):
        reason = f"`{connection.name}` is not a database that rules run in"
        raise _refused(title, reason, "give DuckDB or PostgreSQL")
    temporary = temporary or connection.name == "duckdb"
    return Database(connection, temporary=temporary, own=not is_connection(source))


def _table(connection: Any, name: str) -> Any:
    """A table or view, in a schema that its name or the address says."""
    from ibis.common.exceptions import TableNotFound

    schema, _, own = name.rpartition(".")
    for database, table in ((schema or getattr(connection, SCHEMA, None), own), (None, name)):
        try:
            return connection.table(table, database=database)
        except TableNotFound:
            continue
    return None


def _without_secret(text: str, source: object) -> str:
    """What a driver says, without the passwords of the address."""
    for secret in _secrets(str(source)) if isinstance(source, str) and "://" in source else ():
        text = text.replace(secret, "…")
    return text


def _secrets(address: str) -> set[str]:
    parts = urlsplit(address)
    found = {value for name, value in parse_qsl(parts.query) if "password" in name}
    found |= {part for part in (parts.password, unquote(parts.password or "")) if part}
    return found


def _refused(name: str, reason: str, help: str) -> InputError:
    return InputError(Problem(Place(name), reason, help=help))


def _connect(source: Any, tables: tuple[str, ...]) -> Any:
    import ibis

    kind, text = kind_of(source, mapped=True), str(source)
    if kind == "postgres":
        return _server(text)
    path = Path(text.partition("://")[2] if "://" in text else text)
    if not path.is_file():
        raise _refused(name_of(source), "there is no such file", "check the path")
    if kind == "sqlite":
        return _copied(path, tables)
    return ibis.duckdb.connect(path, read_only=True)


def _server(address: str) -> Any:
    """A PostgreSQL server; its driver is given the parts of the address, so that it repeats no password."""
    import ibis
    import psycopg

    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        help = "write `@`, `:`, `/`, `?` and `%` in names and passwords as `%40`, `%3A`, `%2F`, `%3F` and `%25`"
        raise _refused(name_of(address), "is not an address of a server", help) from None
    name, _, schema = unquote(parts.path).removeprefix("/").partition("/")
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    given: dict[str, Any] = {
        "host": unquote(parts.hostname or ""),
        "port": port,
        "user": unquote(user),
        "password": unquote(password),
        "dbname": name,
        **dict(parse_qsl(parts.query)),
    }
    connection = psycopg.connect(**{key: value for key, value in given.items() if value}, autocommit=True)
    found = ibis.postgres.from_connection(connection)
    setattr(found, SCHEMA, schema or None)
    return found


def _copied(path: Path, tables: tuple[str, ...]) -> Any:
    """Tables of a SQLite file as tables of text in memory: its columns hold values of any type."""
    import sqlite3

    import ibis
    import pyarrow as pa

    found = ibis.duckdb.connect()
    found.con.execute("SET enable_progress_bar = false")
    address = f"{path.resolve().as_uri()}?mode=ro"
    # its rows are fetched by a thread of the other database, one at a time
    with closing(sqlite3.connect(address, uri=True, check_same_thread=False)) as file:
        for table in tables:
            table = table.replace('"', '""')
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
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else text_of(value)

"""The records in a PostgreSQL server that the benchmark starts itself, and what the server's processes use."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from tests.databases import postgres

TYPES = {pa.string(): "text", pa.bool_(): "boolean", pa.date32(): "date", pa.float64(): "double precision"}
USER = "tester"


@contextmanager
def served(tables: dict[str, Path]) -> Iterator[str]:
    """The address of a server that holds the tables, as an office would have them: no index, statistics up to date.

    Raises FileNotFoundError where PostgreSQL is not installed.
    """
    # the server's user must reach the folder, and the path of a socket is short
    with TemporaryDirectory(prefix="lawgov-") as folder, postgres(Path(folder)) as socket:
        import psycopg

        with psycopg.connect(host=socket, user=USER, dbname="postgres", autocommit=True) as connection:
            for name, path in tables.items():
                _load(connection, name, path)
        yield f"postgresql://{USER}@/postgres?host={socket}"


def _load(connection: Any, name: str, path: Path) -> None:
    file = pq.ParquetFile(path)
    columns = ", ".join(f'"{field.name}" {TYPES[field.type]}' for field in file.schema_arrow)
    connection.execute(f'CREATE TABLE "{name}" ({columns})')
    with connection.cursor() as cursor, cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT csv)') as into:
        for batch in file.iter_batches(50_000):
            text = io.BytesIO()
            # NULL is written as nothing, an empty text as ""
            pc.write_csv(batch, text, pc.WriteOptions(include_header=False))
            into.write(text.getvalue())
    connection.execute(f'ANALYZE "{name}"')


def used(address: str) -> float:
    """Seconds of processor time that the server at an address has used so far; 0 where the system does not tell."""
    folder = Path(address.partition("host=")[2])
    main = int((folder / "data" / "postmaster.pid").read_text("utf-8").split()[0])
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # what follows the name, which is in brackets: state, parent, ...
            fields = entry.read_text("utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
        if int(entry.parent.name) == main:
            ticks += sum(map(int, fields[11:15]))  # its own and those of its children that have ended
        elif int(fields[1]) == main:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")

"""How much memory a database in this process may take, and the temporary folder for what does not fit into it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem

# what a thread of DuckDB should have; with more threads on less memory it fails where it could have spilled
PER_THREAD = 128 * 2**20
MEMORY = (
    "the memory that may be taken is not enough",
    "allow more by `--limit memory=4G`",
)
DISK = (
    "the disk has no room for what does not fit into memory",
    "free some, name another folder in `TMPDIR`, or allow more by `--limit disk=100G`",
)


class Room:
    """The room of one connection of DuckDB. The connection is closed and its folder gone when it is left, or forgotten,
    or the program ends.

    Args:
        memory, disk: bytes; None: as DuckDB has it, four fifths of the memory and nine tenths of the free disk.
    """

    def __init__(self, connection: Any, memory: int | None, disk: int | None) -> None:
        # by itself DuckDB would spill into the folder in which the user stands, or beside his file
        folder = tempfile.mkdtemp(prefix="lawgov-")
        self.leave = weakref.finalize(self, _leave, connection, folder)
        connection.execute(f"SET temp_directory = '{folder.replace(chr(39), chr(39) * 2)}'")
        if disk is not None:
            connection.execute(f"SET max_temp_directory_size = '{disk} B'")
        if memory is not None:
            (threads,) = connection.execute("SELECT current_setting('threads')").fetchone()
            connection.execute(f"SET threads = {min(threads, max(1, memory // PER_THREAD))}")
            connection.execute(f"SET memory_limit = '{memory} B'")


def _leave(connection: Any, folder: str) -> None:
    connection.close()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def room_for(name: str) -> Iterator[None]:
    """What is done within raises InputError at ``name`` if memory or disk is not enough."""
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        said = str(error)
        if isinstance(error, duckdb.IOException) and "No space left" not in said:
            raise
        reason, help = DISK if "temp_directory_size" in said or "No space left" in said else MEMORY
        raise InputError(Problem(Place(name), reason, help=help)) from None

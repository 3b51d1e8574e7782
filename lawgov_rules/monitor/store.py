"""The saved state of a monitor: one SQLite file, in which a post is written before it is acknowledged.

What is saved is what was posted, as plain text, so that newer rules and words read it anew. Write-ahead logging with
``synchronous=FULL``: a committed post survives a kill and a power cut, an unfinished one leaves no trace.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.links import Key
from lawgov_rules.monitor.facts import Plain

# marks a file as ours ("lawg"), and its form
APPLICATION, FORM = 0x6C617767, 1
TABLES = (
    "CREATE TABLE record (type TEXT, id TEXT, plain TEXT NOT NULL, file TEXT, line INTEGER, column INTEGER, "
    "PRIMARY KEY (type, id)) WITHOUT ROWID",
    "CREATE TABLE clock (day INTEGER NOT NULL)",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {FORM}",
)
Saved = tuple[Key, Plain | None, Place]
"""A record's key, its plain values (None: it is gone), and where it was read."""


class Store:
    """One file, held by one monitor at a time. InputError if it is not ours or held by another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        opened = None
        try:
            # the monitor's own lock lets one thread in at a time
            opened = self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
            self._open()
        except sqlite3.Error as error:
            if opened:
                opened.close()
            held = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            reason = "is held by another monitor" if held else f"cannot be used as saved state: {shown(str(error))}"
            help = "close it there first" if held else "name a file of a monitor, or a new one"
            raise InputError(Problem(Place(str(path)), reason, help=help)) from error

    def _open(self) -> None:
        self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.execute("BEGIN IMMEDIATE")
        (mark,), (form,) = (self._file.execute(f"PRAGMA {n}").fetchone() for n in ("application_id", "user_version"))
        if (mark, form) == (0, 0) and not self._file.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in TABLES:
                self._file.execute(statement)
        elif (mark, form) != (APPLICATION, FORM):
            raise sqlite3.DatabaseError("it is not the saved state of this version")
        self._file.execute("COMMIT")

    def day(self) -> int | None:
        """The as-of day that was saved; None in a new file."""
        found = self._file.execute("SELECT day FROM clock").fetchone()
        return None if found is None else int(found[0])

    def records(self) -> Iterator[Saved]:
        """Everything saved, in order of type and id."""
        rows = self._file.execute("SELECT type, id, plain, file, line, column FROM record ORDER BY type, id")
        for type_, id_, plain, file, line, column in rows:
            yield (type_, id_), json.loads(plain), Place(file, line, column)

    def plain(self, key: Key) -> Plain:
        """What is saved of a record."""
        found = self._file.execute("SELECT plain FROM record WHERE type = ? AND id = ?", key).fetchone()
        plain: Plain = json.loads(found[0])
        return plain

    def save(self, records: Iterable[Saved], day: int) -> None:
        """Write records and the as-of day, all or nothing; on return they are on the disk."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            for key, plain, source in records:
                if plain is None:
                    self._file.execute("DELETE FROM record WHERE type = ? AND id = ?", key)
                else:
                    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
                    row = (*key, text, source.file, source.line, source.column)
                    self._file.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)", row)
            if day != self.day():
                self._file.execute("DELETE FROM clock")
                self._file.execute("INSERT INTO clock VALUES (?)", (day,))
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

"""Records as the three tables of a database, plain or damaged, and a PostgreSQL server that a test starts itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa

from lawgov_rules.days import to_date
from lawgov_rules.importers._headings import EVENT, OWN, PERSON, REMARKS, key, own
from lawgov_rules.records import DAY, Record
from lawgov_rules.vocabulary import Value, Vocabulary

Rows = list[dict[str, Any]]
Tables = dict[str, pa.Table]
TAKEN = {**own(OWN), **own(EVENT), **own(PERSON), **dict.fromkeys(map(key, REMARKS))}
NEEDED = {
    "records": ["record", "type"],
    "events": ["record", "event", "date"],
    "participants": ["record", "role", "person"],
}
DAMAGES = (
    "2012-02-30", "2012-13-01", "0000-01-01", "1948-12-31", "2101-01-01", "2012-3-1", "２０１２-03-01",
    "2012-03-01T10:30", "2012-03-01 25:00:00", "2012-03-01T10:30:00+02:00", "2012-03-01T10:30:15.5", "2012-02-29",
    "2013-02-29", "x", "", " ", "　", " u", "u　", "\tv\n", "u\x1fv", "TRUE", "True ", "是", "1", "01", "-0",
    "+1", "1.0",
    "1.50", "1e3", "１", "4.0000001", "999999999999", "1000000000001", "nan", "Infinity", "k; l", "k，m", "k;k", "k;",
    ";", "k,,l", "'; drop table records; --", "86400", "0", "thing", "other", "e", "a", "b", "p", "140581", "140081",
    "14058", "14058１", "t0", "t1", "t0 ",
)  # fmt: skip


def rows_of(records: list[Record], vocabulary: Vocabulary) -> dict[str, Rows]:
    """The rows of the three tables, all text."""
    found: dict[str, Rows] = {"records": [], "events": [], "participants": []}

    def written(values: Any) -> dict[str, str]:
        # a table has its own column of that name
        return {name: _written(vocabulary, name, value) for name, value in values.items() if key(name) not in TAKEN}

    for r in records:
        own = {"record": r.id, "type": r.type}
        found["records"].append({**own, "jurisdiction": r.jurisdiction, "organ": r.organ, **written(r.attributes)})
        for e in r.events:
            day, second = to_date(e.day).isoformat(), e.low % DAY
            narrow = {"sequence": str(second)} if e.low == e.high and second else {}
            date = day if narrow or e.low != e.high else f"{day}T00:00:00"
            found["events"].append({**own, "event": e.name, "date": date, **narrow, **written(e.attributes)})
        for p in r.participants:
            found["participants"].append({**own, "role": p.role, "person": p.person, **written(p.attributes)})
    return found


def _written(vocabulary: Vocabulary, name: str, value: Value) -> str:
    attribute = vocabulary.attributes[name]
    if attribute.type == "choices":
        return ";".join(attribute.chosen(int(value)))
    return str(value) if attribute.type == "choice" else attribute.show(value)


def tables_of(rows: dict[str, Rows]) -> Tables:
    """The rows as Arrow tables of text; a table without rows has the columns that it cannot lack."""
    found = {}
    for name, lines in rows.items():
        columns = list(dict.fromkeys(key for row in lines for key in row)) or NEEDED[name]
        found[name] = pa.table({c: pa.array([row.get(c) for row in lines], pa.string()) for c in columns})
    return found


def damaged(rows: dict[str, Rows], random: Random, share: float) -> dict[str, Rows]:
    """The rows with cells of another kind, repeated rows, rows that lead nowhere, and columns nobody knows."""
    found = {name: [dict(row) for row in lines] for name, lines in rows.items()}
    for name, lines in found.items():
        columns = sorted({key for row in lines for key in row})
        for row in lines:
            if random.random() < share:
                row[random.choice(columns)] = random.choice(DAMAGES)
            if random.random() < share / 8:
                row["unheard_of"] = random.choice(("", "x"))
        for row in list(lines):
            if random.random() < share / 6:
                copy = dict(row)
                if random.random() < 0.5:
                    copy[random.choice(columns)] = random.choice(DAMAGES)
                lines.append(copy)
            if name != "records" and random.random() < share / 6:
                row.pop("type", None)
    return found


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A server of its own in a folder, reached by a socket there; gives the folder of the socket.

    Raises FileNotFoundError where PostgreSQL is not installed. Root starts it as the user that its package made.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(programs[-1]) if programs else shutil.which("initdb")
    if initdb is None:
        raise FileNotFoundError("initdb")
    ctl = str(Path(initdb).with_name("pg_ctl"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    at, socket = str(folder / "data"), str(folder)

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, timeout=60, stdout=subprocess.DEVNULL, cwd="/")

    run(initdb, "-D", at, "-U", "tester", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{socket}' -c fsync=off"
    run(ctl, "-D", at, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield socket
    finally:
        run(ctl, "-D", at, "-m", "immediate", "stop")

"""A database says what Python says of the same rows: the same findings, and the same records refused for the same
reasons."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest

import lawgov_rules as lr
from lawgov_rules import columnar, databases, live
from lawgov_rules.checking import read_input
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.tables import Database, values
from lawgov_rules.verdict import Verdict
from tests.agreement import KINDS, draw
from tests.conftest import CASES
from tests.databases import Tables, damaged, postgres, rows_of, tables_of

DAY = lr.checking.as_of_day("2014-06-30")


def in_order(tables: Tables) -> Tables:
    """Rows of a record by their content, as a database gives them: it is the first of two that counts."""
    found = {}
    for name, table in tables.items():
        keys = [[(cell or "").strip() for cell in row.values()] for row in table.to_pylist()]
        found[name] = table.take(pa.array(sorted(range(len(keys)), key=keys.__getitem__), pa.int64()))
    return found


def compare(tables: Tables, rules: Rulesets, as_of: int, database: Database, where: dict[str, Any]) -> columnar.Judged:
    """Judge by both ways and hold the one against the other."""
    data = read_input(tables, rules)
    judged = columnar.judge(lambda: (database, where), rules, as_of, set(Verdict), "db")
    one = {a.key(): a for a in live.assess(data.records, rules, as_of)}
    many = {a.key(): a for a, _organ in judged.found}
    assert [(one.get(k), many.get(k)) for k in sorted({*one, *many}) if one.get(k) != many.get(k)] == []
    assert (judged.read, judged.checked) == (data.read, len(data.records))
    # the places differ, and one reason names a place
    mine, theirs = ([p.reason.partition(" stands at ")[0] for p in of.problems] for of in (judged, data))
    assert sorted(mine) == sorted(theirs)
    assert sum(count.number for count in judged.counts) == len(one)
    return judged


def in_duckdb(tables: Tables) -> tuple[Database, dict[str, Any]]:
    connection = ibis.duckdb.connect()
    for name, table in tables.items():
        connection.con.register("given", table)
        connection.con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    return Database(connection), {name: connection.table(name) for name in tables}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_tables_are_read_alike(kind: str) -> None:
    seed = KINDS.index(kind)
    rules, records, as_of = draw(Random(seed), kind, 40)
    tables = in_order(tables_of(damaged(rows_of(records, rules.vocabulary), Random(seed), 0.15)))
    judged = compare(tables, rules, as_of, *in_duckdb(tables))
    assert judged.read > judged.checked > 0


@pytest.mark.slow
@pytest.mark.parametrize("type_", ["normative_document", "enforcement_action", "reconsideration_case"])
def test_all_cases_of_a_type(type_: str, rules: Rulesets) -> None:
    found = [r for r in read_input(CASES, rules).records if r.type == type_]
    tables = tables_of(rows_of(found, rules.vocabulary))
    judged = compare(tables, rules, DAY, *in_duckdb(tables))
    assert (judged.read, judged.problems) == (len(found), [])


FILED = {
    "records": pa.table(
        {"record": ["甲政发〔2012〕3号", "乙"], "type": ["normative_document"] * 2, "jurisdiction": ["140581"] * 2,
         "organ": ["甲县人民政府"] * 2, "issuer_level": ["county"] * 2, "issued_in_name_of": ["government"] * 2}
    ),
    "events": pa.table(
        {"record": ["甲政发〔2012〕3号"] * 2 + ["乙"], "event": ["published", "filed", "publishd"],
         "date": ["2012-03-01", "2012-03-20", "2012-03-01"], "to": [None, "city_government", None]}
    ),
}  # fmt: skip


@pytest.fixture
def filing(rules: Rulesets) -> Rulesets:
    return rules.only({"jincheng-2009/nd-county-filing-15d"})


def check_filing(report: lr.Report) -> None:
    """Published 2012-03-01, due 2012-03-16, filed 2012-03-20: late; the other has an event that nobody knows."""
    assert (report.summary["read"], report.summary["checked"]) == (2, 1)
    (found,) = report.findings
    assert (found["record"], found["detail"], found["due"]) == ("甲政发〔2012〕3号", "late", "2012-03-16")
    assert found["organ"] == "甲县人民政府"
    (problem,) = report.problems
    assert problem.reason == "`publishd` is not an event of a normative_document"
    assert problem.place.file.endswith("#events 乙")
    assert [r.id for r in report.records.values()] == ["甲政发〔2012〕3号"]


@pytest.mark.parametrize("name", ["案卷.duckdb", "案卷.sqlite"])
@pytest.mark.parametrize("scheme", [False, True], ids=["path", "address"])
def test_files(name: str, scheme: bool, tmp_path: Path, filing: Rulesets) -> None:
    file = tmp_path / name
    if file.suffix == ".duckdb":
        with duckdb.connect(file) as made:
            for table, given in FILED.items():
                made.register("given", given)
                made.execute(f"CREATE TABLE {table} AS SELECT * FROM given")
    else:
        to = sqlite3.connect(file)
        for table, given in FILED.items():
            to.execute(f"CREATE TABLE {table} ({', '.join(f'{chr(34)}{c}{chr(34)}' for c in given.column_names)})")
            to.executemany(
                f"INSERT INTO {table} VALUES ({', '.join('?' * given.num_columns)})",
                [tuple(row.values()) for row in given.to_pylist()],
            )
        to.commit()
        to.close()
    source = f"{file.suffix[1:]}://{file}" if scheme else file
    report = lr.check(source, filing, as_of="2012-12-31")
    check_filing(report)
    assert len(report.receipt["inputs"][0]["sha256"]) == 64


def test_a_connection(filing: Rulesets) -> None:
    database, _tables = in_duckdb(FILED)
    check_filing(lr.check(database.connection, filing, as_of="2012-12-31"))


def test_what_cannot_be_opened_is_a_problem(tmp_path: Path, filing: Rulesets) -> None:
    empty = tmp_path / "空.duckdb"
    duckdb.connect(empty).close()
    for source, reason in (
        (empty, "the table `records` is missing"),
        (f"duckdb://{tmp_path}/没有.duckdb", "there is no such file"),
        ("postgresql://someone:s3cret@localhost:1/none?password=s3cret", "cannot be opened: "),
    ):
        report = lr.check(source, filing, as_of="2012-12-31")
        (problem,) = report.problems
        assert problem.reason.startswith(reason)
        assert "s3cret" not in report.to_json()


def test_a_password_is_never_shown() -> None:
    shown = databases.name_of("postgresql://someone:s3cret@host:5432/cases?sslmode=require&password=s3cret")
    assert shown == "postgresql://someone@host:5432/cases"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        # the folders of pytest are closed to the server's user, and too long for the path of a socket
        with TemporaryDirectory(prefix="lawgov-") as folder, postgres(Path(folder)) as socket:
            yield socket
    except FileNotFoundError:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")


def in_postgres(tables: Tables, socket: str, options: str = "") -> Any:
    owner = ibis.postgres.connect(host=socket, user="tester", database="postgres")
    owner.con.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
    owner.con.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    if not owner.con.execute("SELECT 1 FROM pg_roles WHERE rolname = 'reader'").fetchall():
        owner.con.execute("CREATE ROLE reader LOGIN; ALTER ROLE reader SET default_transaction_read_only = on")
    for name, table in tables.items():
        owner.con.execute(f"CREATE TABLE {name} AS {values(table)}; GRANT SELECT ON {name} TO reader")
    owner.disconnect()


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_may_only_be_read(kind: str, server: str) -> None:
    """The account can make no table at all, not even a temporary one."""
    seed = 20 + KINDS.index(kind)
    rules, records, as_of = draw(Random(seed), kind, 25)
    tables = in_order(tables_of(damaged(rows_of(records, rules.vocabulary), Random(seed), 0.1)))
    in_postgres(tables, server)
    reader = ibis.postgres.connect(host=server, user="reader", database="postgres")
    database = Database(reader, temporary=False)
    compare(tables, rules, as_of, database, {name: reader.table(name) for name in tables})
    database.close()
    reader.disconnect()


@pytest.mark.postgres
@pytest.mark.parametrize("user", ["reader", "tester"])
def test_the_address_of_a_server(user: str, server: str, filing: Rulesets) -> None:
    """By the reader without, by the owner with temporary tables."""
    in_postgres(FILED, server)
    source = f"postgresql://{user}@/postgres?host={server}"
    report = lr.check(source, filing, as_of="2012-12-31", temporary_tables=user == "tester")
    check_filing(report)
    assert report.receipt["inputs"] == [{"file": f"postgresql://{user}@/postgres"}]

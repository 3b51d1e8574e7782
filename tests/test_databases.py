"""A database says what Python says of the same rows: the same findings, and the same records refused for the same
reasons."""

from __future__ import annotations

import json
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
from lawgov_rules.cli import main
from lawgov_rules.database import Database, values
from lawgov_rules.found import batches, row_of, schema
from lawgov_rules.importers._headings import key
from lawgov_rules.importers._reading import Limits
from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict
from tests.agreement import KINDS, draw
from tests.conftest import CASES
from tests.databases import TAKEN, Tables, damaged, postgres, rows_of, tables_of

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
    place = databases.Where("db", {}, lambda: (database, where))
    judged = columnar.judge(place, rules, as_of, set(Verdict), Limits())
    one = {a.key(): a for a in live.assess(data.records, rules, as_of)}
    found = list(judged.found.assessments())
    many = {a.key(): a for a in found}
    assert [a.key() for a in found] == sorted(many)
    assert [(one.get(k), many.get(k)) for k in sorted({*one, *many}) if one.get(k) != many.get(k)] == []
    by_key, by_id = {rule.key: rule for rule in rules}, {(r.type, r.id): r for r in data.records}
    rows = (
        row_of(a, by_key[a.rule], by_id[a.type, a.record].organ, by_id[a.type, a.record].jurisdiction, as_of)
        for _key, a in sorted(one.items())
    )
    of_python, of_database = (pa.Table.from_batches(of, schema()) for of in (batches(rows), judged.found.batches()))
    assert of_database.to_pylist() == of_python.to_pylist()
    assert (judged.read, judged.checked) == (data.read, len(data.records))
    # the places differ, and one reason names a place
    mine, theirs = ([p.reason.partition(" stands at ")[0] for p in of.problems] for of in (judged, data))
    assert sorted(mine) == sorted(theirs)
    assert sum(count.number for count in judged.counts) == len(one)
    return judged


def drawn(seed: int, kind: str, number: int) -> tuple[int, tuple[Rulesets, list[lr.Record], int]]:
    """A draw in a vocabulary of which no attribute is called as one of the tables' own columns; and its seed."""
    for later in range(seed, seed + 10_000, 100):
        found = draw(Random(later), kind, number)
        if not {key(name) for name in found[0].vocabulary.attributes} & set(TAKEN):
            return later, found
    raise LookupError(kind)


def in_duckdb(tables: Tables) -> tuple[Database, dict[str, Any]]:
    connection = ibis.duckdb.connect()
    for name, table in tables.items():
        connection.con.register("given", table)
        connection.con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    return Database(connection), {name: connection.table(name) for name in tables}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_tables_are_read_alike(kind: str) -> None:
    seed, (rules, records, as_of) = drawn(KINDS.index(kind), kind, 40)
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


def write(file: Path, tables: Tables) -> None:
    """Tables into a new database file."""
    if file.suffix == ".duckdb":
        with duckdb.connect(file) as made:
            for table, given in tables.items():
                made.register("given", given)
                made.execute(f'CREATE TABLE "{table}" AS SELECT * FROM given')
        return
    to = sqlite3.connect(file)
    for table, given in tables.items():
        to.execute(f"CREATE TABLE {table} ({', '.join(f'{chr(34)}{c}{chr(34)}' for c in given.column_names)})")
        to.executemany(
            f"INSERT INTO {table} VALUES ({', '.join('?' * given.num_columns)})",
            [tuple(row.values()) for row in given.to_pylist()],
        )
    to.commit()
    to.close()


@pytest.mark.parametrize("name", ["案卷.duckdb", "案卷.sqlite"])
@pytest.mark.parametrize("scheme", [False, True], ids=["path", "address"])
def test_files(name: str, scheme: bool, tmp_path: Path, filing: Rulesets) -> None:
    file = tmp_path / name
    write(file, FILED)
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


ADDRESSES = {
    "postgresql://u:s3cret@localhost:1/db?sslmode=require&password=s3cret": "postgresql://u@localhost:1/db",
    "postgresql://u%40x%25:s3cret@localhost:1/db": "postgresql://u%40x%25@localhost:1/db",
    "postgresql://u:s3cret/s3cret@localhost:1/db": "postgresql://u@localhost:1/db",
    "postgresql://u:s3cret?s3cret@localhost:1/db": "postgresql://u@localhost:1/db",
    "postgresql://u:s3cret@s3cret@localhost:1/db": "postgresql://u@localhost:1/db",
    "postgresql://u:x@localhost:s3cret/db": "postgresql://u@localhost/db",
    "postgresql://localhost:1/db?nothing=s3cret": "postgresql://localhost:1/db",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_password_is_never_shown(address: str, filing: Rulesets) -> None:
    """Not even of an address that is written wrongly."""
    assert databases.name_of(address) == ADDRESSES[address]
    report = lr.check(address, filing, as_of="2012-12-31")
    assert len(report.problems) == 1
    assert "s3cret" not in report.to_json()


def test_a_database_among_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file beside it is checked; the exit code says that not all could be."""
    file = tmp_path / "a.yaml"
    file.write_text("record: 甲\ntype: normative_document\n", "utf-8")
    assert main(["check", str(file), "postgresql://u:s3cret@h/db", "--lang", "zh", "--show", "violated"]) == 2
    said = capsys.readouterr().out
    assert "postgresql://u@h/db" in said
    assert "数据库须单独核查，且只能用`lawgov check`" in said
    assert "已核查 1" in said
    assert "s3cret" not in said


def test_ways_of_writing_a_document_number_are_one_identity(filing: Rulesets) -> None:
    """The records table has one way and events two others; as in files, all are 甲政发〔2012〕3号. Filed in time."""
    records = FILED["records"].slice(0, 1)
    ids = pa.array(["甲政发（２０１２）第03号", " 甲政发[2012]3号"])
    tables = {
        "records": records.set_column(0, "案卷号", pa.array(["甲政发【2012】 3号"])),
        "events": pa.table({"文号": ids, "事项": ["published", "报送备案"], "日期": ["2012-03-01", "2012年3月9日"],
                            "报送对象": [None, "市政府"], "备注": ["x", None]}),
    }  # fmt: skip
    database, _tables = in_duckdb(tables)
    of_tables = lr.check(tables, filing, as_of="2012-12-31", show=["compliant"])
    of_database = lr.check(database.connection, filing, as_of="2012-12-31", show=["compliant"])
    for report in (of_tables, of_database):
        assert (report.summary["read"], report.summary["checked"], report.problems) == (1, 1, [])
        assert [(f["record"], f["detail"]) for f in report.findings] == [("甲政发〔2012〕3号", "on_time")]


def test_columns_that_mean_the_same_are_refused(filing: Rulesets) -> None:
    """Which of the two counts is not for us to choose."""
    for name, texts in (("发文名义", ["party_committee"] * 2), ("案卷号", ["丙", "丁"])):
        tables = FILED | {"records": FILED["records"].append_column(name, pa.array(texts))}
        report = lr.check(in_duckdb(tables)[0].connection, filing, as_of="2012-12-31")
        assert [p.reason.partition(" ")[2] for p in report.problems] == [
            f"means the same as `{'issued_in_name_of' if name == '发文名义' else 'record'}`"
        ]
        assert report.summary["checked"] == 0


def test_a_type_by_its_label_and_an_example_row(filing: Rulesets) -> None:
    """规范性文件 is a normative_document; the example is passed over, and it is said so."""
    label, example = ["规范性文件"] * 2, pa.array(["甲政发〔2012〕3号", "示例"])
    records = FILED["records"].set_column(1, "type", pa.array(label)).set_column(0, "record", example)
    tables = {"records": records, "events": FILED["events"].slice(0, 2)}
    report = lr.check(in_duckdb(tables)[0].connection, filing, as_of="2012-12-31")
    assert (report.summary["read"], report.summary["checked"], report.problems) == (1, 1, [])
    assert [f["detail"] for f in report.findings] == ["late"]
    assert [a.reason for a in report.advice] == ["the example row is passed over"]


MAPPING = """
type: normative_document
table: 台账
record: no
jurisdiction: "140581"
attributes: {issuer_level: {constant: county}, issued_in_name_of: {constant: government}}
events:
  - event: {column: step, values: {印发: published, 报备: filed}, others: leave_out}
    date: day
    attributes: {to: {constant: city_government}}
"""
# a table of its own; of each record the rows stand anywhere
LEDGER = pa.table(
    {"no": ["甲政发〔2012〕3号", "乙", "甲政发〔2012〕3号", "乙", "乙"],
     "step": ["报备", "印发", "印发", "报备", "归档"],
     "day": ["2012-03-20 09:10", "2012-03-01", "2012-03-01 17:40", "2012-03-09", "2012-03-32"],
     "by": [None, "张三", "李四", None, None]}
)  # fmt: skip


def check_ledger(source: Any, rules: Rulesets, folder: Path) -> None:
    """Two documents published on 2012-03-01, one filed on the 20th and one, in time, on the 9th."""
    file = folder / "mapping.yaml"
    file.write_text(MAPPING, "utf-8")
    report = lr.check(source, rules, as_of="2012-12-31", mapping=file, show=["violated", "compliant"])
    assert report.problems == []
    assert [(f["record"], f["detail"]) for f in report.findings] == [("乙", "on_time"), ("甲政发〔2012〕3号", "late")]
    assert report.findings[0]["source"]["file"].endswith("#台账")
    assert report.summary["read"] == 2
    for wrong, line, reason in (
        (MAPPING.replace("台账", "台帐"), 3, "`台帐` is not a table or view of the database"),
        (MAPPING.replace("table: 台账\n", ""), 2, "the mapping names no table of the database"),
        (MAPPING.replace("date: day", "date: days"), 9, "`days` is not a column of what is read"),
    ):
        if "table:" not in wrong and str(source).endswith(".db"):
            continue  # other files of that name are logs
        file.write_text(wrong, "utf-8")
        report = lr.check(source, rules, as_of="2012-12-31", mapping=file)
        (problem,) = report.problems
        assert (problem.place.file, problem.place.line, problem.reason) == (str(file), line, reason)
        assert report.summary["checked"] == 0


@pytest.mark.parametrize("name", ["台账.duckdb", "台账.db"])
def test_an_existing_table_by_a_mapping(name: str, tmp_path: Path, filing: Rulesets) -> None:
    write(tmp_path / name, {"台账": LEDGER})
    check_ledger(tmp_path / name, filing, tmp_path)


def test_a_table_named_for_a_file_is_refused(tmp_path: Path, filing: Rulesets) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "a.csv").write_text("no,step,day\n", "utf-8")
    report = lr.check(tmp_path / "a.csv", filing, as_of="2012-12-31", mapping=tmp_path / "mapping.yaml")
    assert [(p.place.line, p.reason) for p in report.problems] == [(3, "`table` is for a database")]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        # the folders of pytest are closed to the server's user, and too long for the path of a socket
        with TemporaryDirectory(prefix="lawgov-") as folder, postgres(Path(folder)) as socket:
            yield socket
    except FileNotFoundError:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")


def in_postgres(tables: Tables, socket: str) -> None:
    owner = ibis.postgres.connect(host=socket, user="tester", database="postgres")
    owner.con.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
    owner.con.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    if not owner.con.execute("SELECT 1 FROM pg_roles WHERE rolname = 'reader'").fetchall():
        owner.con.execute('CREATE ROLE "us@r%/:" LOGIN IN ROLE pg_read_all_data')
        owner.con.execute("CREATE ROLE reader LOGIN; ALTER ROLE reader SET default_transaction_read_only = on")
    for name, table in tables.items():
        owner.con.execute(f'CREATE TABLE "{name}" AS {values(table)}; GRANT SELECT ON "{name}" TO reader')
    owner.disconnect()


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_may_only_be_read(kind: str, server: str) -> None:
    """The account can make no table at all, not even a temporary one."""
    seed, (rules, records, as_of) = drawn(20 + KINDS.index(kind), kind, 25)
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


@pytest.mark.postgres
def test_an_existing_table_of_a_server(server: str, tmp_path: Path, filing: Rulesets) -> None:
    """By a user whose name is full of the marks of addresses; also a view, in a schema."""
    in_postgres({"台账": LEDGER}, server)
    check_ledger(f"postgresql://us%40r%25%2F%3A@/postgres?host={server}", filing, tmp_path)
    owner = ibis.postgres.connect(host=server, user="tester", database="postgres")
    owner.con.execute('DROP SCHEMA IF EXISTS archive CASCADE; CREATE SCHEMA archive; ALTER TABLE "台账" RENAME TO t')
    owner.con.execute('CREATE VIEW archive."台账" AS SELECT * FROM t')
    owner.con.execute("GRANT USAGE ON SCHEMA archive TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA archive TO PUBLIC")
    owner.disconnect()
    check_ledger(f"postgresql://reader@/postgres/archive?host={server}", filing, tmp_path)


def told(report: lr.Report) -> dict[str, Any]:
    """What a report says, but for where it was read."""
    found = json.loads(report.to_json())
    findings = [{k: v for k, v in f.items() if k != "source"} for f in found["findings"]]
    return {"summary": found["summary"], "findings": findings}


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("type_", sorted({r.record for r in load_rulesets()}))
def test_the_same_report_from_everywhere(type_: str, server: str, tmp_path: Path) -> None:
    """Files, DuckDB, SQLite and PostgreSQL: all cases of a type, all rules, all verdicts that are shown."""
    rules = load_rulesets()
    records = [r for r in read_input(CASES, rules).records if r.type == type_]
    tables = {n: t for n, t in in_order(tables_of(rows_of(records, rules.vocabulary))).items() if len(t)}
    tables.setdefault("events", pa.table({c: pa.array([], pa.string()) for c in ("record", "event", "date")}))
    expected = told(lr.check(records, rules, as_of="2014-06-30"))
    assert expected["summary"]["read"] == len(records) > 0
    in_postgres(tables, server)
    sources = [tmp_path / "a.duckdb", tmp_path / "a.sqlite", f"postgresql://reader@/postgres?host={server}"]
    for source in sources:
        if isinstance(source, Path):
            write(source, tables)
        report = lr.check(source, rules, as_of="2014-06-30")
        assert report.problems == []
        assert told(report) == expected

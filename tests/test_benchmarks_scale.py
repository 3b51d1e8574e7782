"""The benchmark compares equals: queries written by hand for seven rules count what the product counts."""

from __future__ import annotations

import json
import operator
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lawgov_rules as lr
from tests.benchmarks import by_hand, by_sql, workload
from tests.benchmarks.__main__ import AGAINST, COMPARED, FIXED, PEERS, main
from tests.benchmarks.decisions import KINDS, Case, rows
from tests.benchmarks.engines import ENGINES
from tests.benchmarks.implementations import IMPLEMENTATIONS, SERVED, decided, product, product_live, rest_days
from tests.benchmarks.results import Pair, exponent_lines, exponents, row, table
from tests.benchmarks.server import served, used

RECORDS = 3_000


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return workload.generate(tmp_path_factory.mktemp("workload"), RECORDS)


# within the term of each document, and after all of them but one
@pytest.mark.parametrize("as_of", [workload.AS_OF, "2012-10-03", "2018-02-11"])
def test_hand_written_queries_count_what_the_product_counts(tables: dict[str, Path], as_of: str) -> None:
    counts = decided(product_live(tables, as_of)())
    assert sum(sum(found.values()) for found in counts.values()) > RECORDS / 4
    assert decided(by_sql.run(tables, as_of, rest_days())) == counts
    polars = pytest.importorskip("polars", reason="the extra `benchmark` is not installed")
    assert polars.__version__
    from tests.benchmarks import by_polars

    assert decided(by_polars.run(tables, as_of, rest_days())) == counts


def test_the_product_counts_the_same_without_findings(tables: dict[str, Path]) -> None:
    """Where no finding is asked for, a database computes what is counted and nothing else."""
    assert decided(product(tables, workload.AS_OF)()) == decided(by_sql.run(tables, workload.AS_OF, rest_days()))


def test_the_violated_rows_are_those_of_the_product(tables: dict[str, Path], tmp_path: Path) -> None:
    """Row by row: rule and record."""
    import pyarrow.parquet as pq

    by_sql.run(tables, workload.AS_OF, rest_days(), tmp_path / "violated.parquet")
    rows = pq.read_table(tmp_path / "violated.parquet").to_pylist()
    rules = lr.load_rulesets().at("full").only(workload.RULES)
    report = lr.check(tables, rules, as_of=workload.AS_OF, engine="live", show=["violated"])
    assert len(rows) > 500
    assert sorted((r["rule"], r["record"]) for r in rows) == sorted((f["rule"], f["record"]) for f in report.findings)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (workload.generate(tmp_path / name, 500) for name in "ab")
    assert [p.read_bytes() for p in first.values()] == [p.read_bytes() for p in second.values()]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("as_of", [workload.AS_OF, "2012-10-03", "2018-02-11"])
def test_engines_count_what_hand_written_queries_count(tables: dict[str, Path], as_of: str, name: str) -> None:
    try:
        decide = ENGINES[name]()
    except ImportError:
        pytest.skip("the extra `benchmark` is not installed")
    days = rest_days()
    assert decided(by_hand.run(tables, as_of, days, decide)) == decided(by_sql.run(tables, as_of, days))


FLAGS = ("outside", "early", "reason", "perhaps", "part", "unknown")
VALUES = {name: [0, 1] for name in FLAGS} | {"surely": [-1, 0, 1], "persons": [-1, 0, 1, 2, 3], "tenths": [0, 399, 400]}
SIGNS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_the_tables_for_engines_say_what_is_written_by_hand(kind: type[Case], data: st.DataObject) -> None:
    facts = {name: data.draw(st.sampled_from(VALUES.get(name, range(5))), name) for name in kind._fields}

    def value(word: str) -> int:
        return facts[word] if word in facts else int(word)

    said = [
        verdict
        for comparisons, verdict in rows(kind)
        if all(SIGNS[c.sign](value(c.fact), value(c.other)) for c in comparisons)
    ]
    assert said[0] == kind(**facts).verdict()


def test_the_table_tells_ratio_and_exponent() -> None:
    """Pairs of 2 s to 1 s, 6 to 2 and 5 to 1: ratios 2, 3 and 5. Ten times the records in twenty times the time:
    exponent log 20 / log 10 = 1.30."""

    def run(seconds: float, cpu: float) -> dict[str, float]:
        return {"seconds": seconds, "cpu": cpu, "peak_mb": 90.0}

    pairs = [Pair(run(1, 1), run(2, 3)), Pair(run(2, 1), run(6, 4)), Pair(run(1, 2), run(5, 4))]
    small = row("product", 1_000, "sql", pairs)
    assert (small["seconds"], small["ratio"], small["ratio_range"]) == (5, 3, [2, 5])
    assert (small["cpu_ratio"], small["records_per_second"]) == (3, 200)
    lines = table([small, row("command", 10, None, pairs), {"implementation": "x", "records": 1, "missing": "y"}])
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    expected = [
        "product",
        "1,000",
        "3",
        "5.00",
        "4.00",
        "200",
        "3.00 [2.00-5.00]",
        "3.00 [2.00-4.00]",
        "sql",
        "90",
        "1.00",
    ]
    assert cells[2] == expected
    assert cells[3] == ["command", "10", "3", "5.00", "4.00", "2", "", "", "", "90", ""]
    assert cells[4][:3] == ["x", "1", "not installed"]
    assert len({len(line) for line in lines}) == 1
    large = row("product", 10_000, "sql", [Pair(run(1, 1), run(100, 40))])
    (grown,) = exponents([large, small])
    assert (round(grown["seconds"], 2), round(grown["cpu"], 2)) == (1.30, 1.00)
    assert "from 1,000 to 10,000 records time grows with an exponent of 1.30" in exponent_lines([grown])[0]


def test_what_is_compared_exists() -> None:
    assert {*COMPARED, *FIXED, *PEERS, "sql"} <= IMPLEMENTATIONS.keys()
    assert {name for name in AGAINST.values() if name} <= IMPLEMENTATIONS.keys()
    assert AGAINST.keys() <= IMPLEMENTATIONS.keys() | SERVED.keys()


@pytest.mark.slow
def test_the_benchmark_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts that differ would end it; nothing is said of how long it takes."""
    file = tmp_path / "found.json"
    sizes = ["--records", "10000", "2000", "--sample", "300", "--pairs", "1"]
    assert main([*sizes, "--of", "floor", "product", "--peers", "--fixed", "--json", str(file)]) == 0
    printed = capsys.readouterr().out.splitlines()
    found = json.loads(file.read_text("utf-8"))
    both = ["sql", "floor", "product"]
    names = [r["implementation"] for r in found["rows"]]
    assert names == [*both, *both, *FIXED, "sql", *PEERS]
    assert [each["implementation"] for each in found["exponents"]] == both
    assert [line.split("|")[1].strip() for line in printed[2 : 2 + len(names)]] == names
    product = next(r for r in found["rows"] if (r["implementation"], r["records"]) == ("product", 10_000))
    counts = product["runs"][0]["own"]["counts"]
    assert set(counts) == set(workload.RULES)
    # of 10,000 records 260 in a thousand are documents, each with one verdict of the rule on filing
    assert sum(counts["guigang-2011/nd-filing-15-days"].values()) == 2_600
    assert all(r["seconds"] > 0 and r["cpu"] > 0 and r["peak_mb"] > 1 for r in found["rows"] if "missing" not in r)


@pytest.mark.postgres
def test_a_server_gets_every_row(tmp_path: Path) -> None:
    """Also what is nothing, what is empty, and what holds the marks of CSV."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"record": pa.array(["甲", '"a",\n', "", None]), "hours": pa.array([39.5, None, 0.0, 8.0])}
    pq.write_table(pa.table(columns), tmp_path / "events.parquet")
    try:
        with served({"events": tmp_path / "events.parquet"}) as address:
            import psycopg

            host = re.search("host=(.*)", address)
            assert host
            before = used(address)
            with psycopg.connect(host=host[1], user="tester", dbname="postgres") as connection:
                rows = connection.execute("SELECT record, hours FROM events").fetchall()
                connection.execute("SELECT sum(n) FROM generate_series(1, 3000000) AS n").fetchall()
            assert used(address) > before
    except FileNotFoundError:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    assert rows == list(zip(*(column.to_pylist() for column in columns.values()), strict=True))


@pytest.mark.slow
@pytest.mark.postgres
def test_the_benchmark_runs_in_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        with TemporaryDirectory() as folder:
            asked = ["--records", "1000", "--pairs", "1", "--of", "floor", "--postgres", "--folder", folder]
            assert main(asked) == 0
    except FileNotFoundError:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    last = capsys.readouterr().out.splitlines()[-1]
    assert [cell.strip() for cell in last.split("|")][1:4] == ["postgres", "1,000", "1"]
    assert "| product |" in last

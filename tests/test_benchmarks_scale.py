"""The benchmark compares equals: queries written by hand for seven rules count what the product counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import lawgov_rules as lr
from tests.benchmarks import by_sql, workload
from tests.benchmarks.__main__ import exponents, table
from tests.benchmarks.implementations import decided, product_live, rest_days

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


def test_the_table_tells_ratio_and_exponent() -> None:
    """Ten times the records in twenty times the time: exponent log 20 / log 10 = 1.30."""
    row = {"implementation": "sql", "ratio": 1.5, "ratio_range": [1.0, 2.0], "peak_mb": 90.0, "peak_ratio": 1.1}
    rows = [row | {"records": 1_000, "seconds": 1.0}, row | {"records": 10_000, "seconds": 20.0}]
    assert "1,000" in table(rows)[1] and "1.50" in table(rows)[1]
    assert exponents(rows) == ["sql: exponent 1.30 from 1,000 to 10,000"]
    assert json.loads(json.dumps(rows)) == rows

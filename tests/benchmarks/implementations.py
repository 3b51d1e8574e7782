"""What is measured: each takes the three tables and gives the number of assessments by rule and verdict.

`python -m tests.benchmarks.implementations NAME FOLDER AS_OF` runs one in a process of its own and prints seconds
(without imports), the peak of its memory in MB, and the counts as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.workload import RULES

Tables = dict[str, Path]
Counts = dict[str, dict[str, int]]
Prepared = Callable[[], Counts]


def rest_days() -> Any:
    """For every day around the records the next working day, itself included, as the hand-written queries join it."""
    import pyarrow as pa

    from lawgov_rules import load_rulesets
    from lawgov_rules.days import to_date, to_day

    calendar = load_rulesets().calendar
    # the rules of Guigang, which has holidays of its own, end in 2015; those of Changzhi begin in 2017
    regions, later = (calendar.region("450800"), calendar.region("140400")), to_day(dt.date(2016, 7, 1))
    days = range(to_day(dt.date(2008, 1, 1)), to_day(dt.date(2022, 1, 1)))
    rolled = [to_date(regions[day >= later].roll(day)[0]) for day in days]
    return pa.table({"day": pa.array(map(to_date, days)), "rolled": pa.array(rolled)})


def floor(tables: Tables, as_of: str) -> Prepared:
    """Reading the events and one group-by: nothing can be faster."""
    import duckdb

    query = f"select count(*) from (select record, count(*), min(date) from '{tables['events']}' group by record)"

    def run() -> Counts:
        duckdb.connect().execute(query).fetchall()
        return {}

    return run


def sql(tables: Tables, as_of: str) -> Prepared:
    """(a) DuckDB SQL, written by hand for these seven rules."""
    import duckdb  # noqa: F401 (imports are not measured)

    from tests.benchmarks import by_sql

    days = rest_days()
    return lambda: by_sql.run(tables, as_of, days)


def sql_rows(tables: Tables, as_of: str) -> Prepared:
    """(a) with the violated rows written to Parquet."""
    import duckdb  # noqa: F401

    from tests.benchmarks import by_sql

    days = rest_days()
    return lambda: by_sql.run(tables, as_of, days, tables["records"].with_name("violated-sql.parquet"))


def polars(tables: Tables, as_of: str) -> Prepared:
    """(b) Polars, written by hand."""
    from tests.benchmarks import by_polars

    days = rest_days()
    return lambda: by_polars.run(tables, as_of, days)


def product(tables: Tables, as_of: str) -> Prepared:
    """The product: the seven rules, verdict counts."""
    return _product(tables, as_of, RULES)


def product_core(tables: Tables, as_of: str) -> Prepared:
    """The product: all headline rules of the five documents."""
    return _product(tables, as_of, None)


def product_live(tables: Tables, as_of: str) -> Prepared:
    """The product's executor for single records, reading included."""
    return _product(tables, as_of, RULES, "live")


def _product(tables: Tables, as_of: str, keys: tuple[str, ...] | None, engine: Any = "batch") -> Prepared:
    import lawgov_rules as lr
    from lawgov_rules import batch, checking  # noqa: F401

    rules = lr.load_rulesets().at("full")
    rules = rules.only(keys) if keys else rules.at("core")

    def run() -> Counts:
        report = lr.check(tables, rules, as_of=as_of, engine=engine, show=())
        assert report.summary["rejected"] == 0
        return {rule: dict(counts) for rule, counts in report.summary["rules"].items()}

    return run


IMPLEMENTATIONS: dict[str, Callable[[Tables, str], Prepared]] = {
    "floor": floor,
    "sql": sql,
    "sql-rows": sql_rows,
    "polars": polars,
    "product": product,
    "product-live": product_live,
    "product-core": product_core,
}


def decided(counts: Counts) -> Counts:
    """The counts that can be compared: hand-written queries leave out the records that a rule does not concern."""
    found = {rule: Counter(counts.get(rule, {})) for rule in RULES}
    return {rule: {v: n for v, n in sorted(c.items()) if v != "not_applicable"} for rule, c in found.items()}


def main(name: str, folder: str, as_of: str) -> None:
    tables = {table: Path(folder) / f"{table}.parquet" for table in ("records", "events", "participants")}
    run = IMPLEMENTATIONS[name](tables, as_of)
    begun = time.perf_counter()
    counts = run()
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "counts": counts}))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What is measured: each takes the three tables and gives the number of assessments by rule and verdict.

`python -m tests.benchmarks.implementations NAME FOLDER AS_OF [ADDRESS]` runs one in a process of its own and prints
seconds (without imports and without loading rules), the processor's seconds for it, the peak of its memory in MB, and
the counts as JSON; or what is not installed. With the address of a server the product runs inside it.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lawgov_rules.errors import ExecutorError
from tests.benchmarks.workload import RULES

Tables = dict[str, Path]
Counts = dict[str, dict[str, int]]
Prepared = Callable[[], Counts]
CALENDAR = Path(__file__).resolve().parents[2] / "rulesets" / "calendar"


def rest_days() -> Any:
    """For every day around the records the next working day, itself included, as the hand-written queries join it."""
    import numpy as np
    import pyarrow as pa

    from lawgov_rules.days import Calendar, to_day

    calendar = Calendar.load(CALENDAR)
    # the rules of Guigang, which has holidays of its own, end in 2015; those of Changzhi begin in 2017
    regions, later = (calendar.region("450800"), calendar.region("140400")), to_day(dt.date(2016, 7, 1))
    days = range(to_day(dt.date(2008, 1, 1)), to_day(dt.date(2022, 1, 1)))
    columns = {"day": list(days), "rolled": [regions[day >= later].roll(day)[0] for day in days]}
    # rulesets, and Pandas, which `pyarrow.array` loads, would count as memory of the hand-written queries
    buffers = {name: pa.py_buffer(np.array(column, "int32")) for name, column in columns.items()}
    return pa.table({k: pa.Array.from_buffers(pa.date32(), len(days), [None, v]) for k, v in buffers.items()})


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


def product_rows(tables: Tables, as_of: str) -> Prepared:
    """The seven rules, with all violated findings written to Parquet."""
    import pyarrow.parquet as pq

    from lawgov_rules import batch, checking  # noqa: F401
    from lawgov_rules.reports import parquet

    rules = _rules(RULES)

    def run() -> Counts:
        check = checking.begin(tables, rules, as_of=as_of, engine="batch", show=["violated"])
        with tempfile.TemporaryFile() as out:
            parquet.write(check, out, "en", rules)
            written = pq.read_metadata(out).num_rows
        counts = _counts(check)
        assert written == sum(found.get("violated", 0) for found in counts.values())
        return counts

    return run


def product_core(tables: Tables, as_of: str) -> Prepared:
    """The product: all headline rules of the five documents."""
    return _product(tables, as_of, None)


def product_live(tables: Tables, as_of: str) -> Prepared:
    """The product's executor for single records, reading included."""
    return _product(tables, as_of, RULES, "live")


def product_durable(tables: Tables, as_of: str) -> Prepared:
    """The product's executor on durable-rules, in its safe dialect and caged."""
    from lawgov_rules import durable

    durable.require()
    return _product(tables, as_of, RULES, "durable")


def product_again(tables: Tables, as_of: str) -> Prepared:
    """The seven rules once more, in a process that has them compiled: what is left is the fixed cost."""
    return _again(product(tables, as_of))


def product_core_again(tables: Tables, as_of: str) -> Prepared:
    """All headline rules once more."""
    return _again(product_core(tables, as_of))


def _again(run: Prepared) -> Prepared:
    run()
    return run


def command(tables: Tables, as_of: str) -> Prepared:
    """`lawgov check` with all bundled rules, from the start of Python to its end."""
    begin = "import sys; from lawgov_rules.cli import main; sys.exit(main(sys.argv[1:]))"

    def run() -> Counts:
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder) / "report.json"
            more = ["check", str(tables["records"].parent), "--as-of", as_of, "--format", "json", "-o", str(said)]
            done = subprocess.run([sys.executable, "-c", begin, *more], capture_output=True, text=True, check=False)
            if done.returncode not in (0, 1):  # 1: something is violated
                raise RuntimeError(done.stderr)
            found: Counts = json.loads(said.read_text("utf-8"))["summary"]["rules"]
            return found

    return run


def _product(source: Any, as_of: str, keys: tuple[str, ...] | None, engine: Any = "batch", **more: Any) -> Prepared:
    import lawgov_rules as lr
    from lawgov_rules import batch, checking  # noqa: F401

    rules = _rules(keys)
    return lambda: _counts(lr.check(source, rules, as_of=as_of, engine=engine, show=(), **more))


def _rules(keys: tuple[str, ...] | None) -> Any:
    import lawgov_rules as lr

    rules = lr.load_rulesets().at("full")
    return rules.only(keys) if keys else rules.at("core")


def _counts(report: Any) -> Counts:
    assert report.summary["rejected"] == 0, report.problems[:9]
    return {rule: dict(counts) for rule, counts in report.summary["rules"].items()}


def peer(name: str) -> Callable[[Tables, str], Prepared]:
    """An engine that decides what plain Python has measured, reading included."""

    def prepare(tables: Tables, as_of: str) -> Prepared:
        from tests.benchmarks import by_hand
        from tests.benchmarks.engines import ENGINES

        days, decide = rest_days(), ENGINES[name]()
        return lambda: by_hand.run(tables, as_of, days, decide)

    return prepare


IMPLEMENTATIONS: dict[str, Callable[[Tables, str], Prepared]] = {
    "floor": floor,
    "sql": sql,
    "sql-rows": sql_rows,
    "polars": polars,
    "product": product,
    "product-rows": product_rows,
    "product-core": product_core,
    "product-live": product_live,
    "durable": product_durable,
    "product-again": product_again,
    "core-again": product_core_again,
    "command": command,
    **{name: peer(name) for name in ("closures", "zen-engine", "CLIPS")},
}
# inside a server: whether it may keep temporary tables
SERVED = {"postgres": True, "postgres-read-only": False}


def decided(counts: Counts) -> Counts:
    """The counts that can be compared: hand-written queries leave out the records that a rule does not concern."""
    found = {rule: Counter(counts.get(rule, {})) for rule in RULES}
    return {rule: {v: n for v, n in sorted(c.items()) if v != "not_applicable"} for rule, c in found.items()}


def main(name: str, folder: str, as_of: str, address: str = "") -> None:
    tables = {table: Path(folder) / f"{table}.parquet" for table in ("records", "events", "participants")}
    try:
        if name in SERVED:
            run = _product(address, as_of, RULES, temporary_tables=SERVED[name])
        else:
            run = IMPLEMENTATIONS[name](tables, as_of)
    except (ImportError, ExecutorError) as error:
        print(json.dumps({"missing": str(error)}))
        return
    begun, used = time.perf_counter(), cpu()
    counts = run()
    seconds, used = time.perf_counter() - begun, cpu() - used
    print(json.dumps({"seconds": seconds, "cpu": used, "peak_mb": peak_mb(), "counts": counts}))


def cpu() -> float:
    """Seconds of processor time of this process and of those that it started and that have ended."""
    usages = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_mb() -> float:
    """The most memory that this process, or one that it started, has used."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status")
    if status.exists():  # Linux hands down what the parent used; this line begins anew with a program
        own = next(int(line.split()[1]) for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])

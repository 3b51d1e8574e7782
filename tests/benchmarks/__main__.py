"""The product beside hand-written queries and rules engines, on the same invented records.

Each implementation runs in a fresh process, in pairs with what it is compared with just before it: mostly (a), the
hand-written SQL. The ratio of a pair is what can be trusted on a machine that is not quiet. The verdicts of every run
are counted, and must be equal. The peers are asked on a sample of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks import workload
from tests.benchmarks.implementations import IMPLEMENTATIONS, SERVED, decided
from tests.benchmarks.results import Pair, Row, exponent_lines, exponents, row, table

ROOT = Path(__file__).resolve().parents[2]
COMPARED = ("floor", "polars", "sql-rows", "product", "product-rows", "product-core")
PEERS = ("closures", "zen-engine", "CLIPS", "durable", "product-live")
FIXED = ("product-again", "core-again", "command")
FEW = 10  # records, where the fixed cost is measured
# what each is compared with, if not with (a); None: with (a), but only its counts
AGAINST: dict[str, str | None] = {"product-core": "product", **dict.fromkeys(SERVED, "product"), **dict.fromkeys(FIXED)}
NOTE = """zen-engine, CLIPS and durable-rules decide all seven rules and measure none: which occurrence counts, working
days, sums by year and the next of several acts are computed in Python (by hand but for durable-rules)."""
PACKAGES = ("duckdb", "ibis-framework", "polars", "zen-engine", "clipspy", "durable-rules", "pyarrow", "psycopg")
Told = Callable[[str], None]


def measure(name: str, folder: Path, as_of: str, address: str = "") -> Row:
    """One run in a process of its own; only `missing` where what it needs is not installed."""
    command = [sys.executable, "-m", "tests.benchmarks.implementations", name, str(folder), as_of, address]
    before = _server_cpu(address)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    found: Row = json.loads(done.stdout.splitlines()[-1])
    if address and "cpu" in found:
        found["server_cpu"] = _server_cpu(address) - before
        found["cpu"] += found["server_cpu"]
    return found


def _server_cpu(address: str) -> float:
    if not address:
        return 0
    from tests.benchmarks.server import used

    return used(address)


def compare(name: str, folder: Path, records: int, asked: argparse.Namespace, told: Told, address: str = "") -> Row:
    """Pairs of runs; SystemExit if their counts differ."""
    against = AGAINST.get(name, "sql")
    base = against or "sql"
    pairs = []
    for number in range(asked.pairs):
        first, own = measure(base, folder, asked.as_of), measure(name, folder, asked.as_of, address)
        if "missing" in own:
            told(f"  {name} is not installed: {own['missing']}")
            return {"implementation": name, "records": records, "missing": own["missing"]}
        if own["counts"] and decided(first["counts"]) != decided(own["counts"]):
            counts = f"{decided(own['counts'])}\n{decided(first['counts'])}"
            raise SystemExit(f"{name} counts otherwise than {base}:\n{counts}")
        pairs.append(Pair(first, own))
        told(f"  {name} {number + 1}/{asked.pairs}: {own['seconds']:.2f} s, {base} {first['seconds']:.2f} s")
    return row(name, records, against, pairs)


def with_bases(rows: list[Row]) -> list[Row]:
    """The rows, and before those of each size one for (a), of all its runs in pairs."""
    found = []
    for records in dict.fromkeys(each["records"] for each in rows):
        mine = [each for each in rows if each["records"] == records]
        paired = [run["base"] for each in mine if each.get("against") == "sql" for run in each["runs"]]
        found += [row("sql", records, "sql", [Pair(run, run) for run in paired])] if paired else []
        found += mine
    return found


def run(asked: argparse.Namespace, folder: Path, told: Told) -> dict[str, Any]:
    """Everything that is asked for: ``rows``, ``exponents``, ``generated``, ``machine``."""
    rows: list[Row] = []
    generated: list[Row] = []

    def compared(records: int, names: tuple[str, ...], address: str = "") -> None:
        for name in names:
            rows.append(compare(name, folder / str(records), records, asked, told, address))

    def made(records: int) -> dict[str, Path]:
        begun = time.perf_counter()
        found = workload.generate(folder / str(records), records)
        generated.append({"records": records, "seconds": time.perf_counter() - begun})
        told(f"{records:,} records, made in {generated[-1]['seconds']:.1f} s")
        return found

    for records in sorted(asked.records):
        tables = made(records)
        compared(records, tuple(asked.of))
        if asked.postgres:
            _in_server(tables, asked.postgres, lambda names, at, n=records: compared(n, names, at), told)
    scaled = len(rows)
    if asked.fixed:
        made(FEW)
        compared(FEW, FIXED)
    if asked.peers:
        made(asked.sample)
        compared(asked.sample, PEERS)
    return {
        "machine": machine(),
        "as_of": asked.as_of,
        "rules": workload.RULES,
        "generated": generated,
        "rows": with_bases(rows),
        "exponents": exponents(with_bases(rows[:scaled])),
    }


def _in_server(tables: dict[str, Path], names: list[str], compared: Any, told: Told) -> None:
    from tests.benchmarks.server import served

    begun = time.perf_counter()
    with served(tables) as address:
        told(f"  copied into a PostgreSQL server in {time.perf_counter() - begun:.1f} s")
        compared(tuple(names), address)


def machine() -> dict[str, Any]:
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    found = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    return {**found, "load": os.getloadavg(), "versions": versions}


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[100_000], help="sizes; several give an exponent")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--of", nargs="+", choices=sorted(IMPLEMENTATIONS), default=list(COMPARED), metavar="NAME")
    parser.add_argument("--fixed", action="store_true", help="also what ten records take")
    parser.add_argument("--peers", action="store_true", help="also rules engines and plain Python, on a sample")
    parser.add_argument("--sample", type=int, default=10_000)
    parser.add_argument("--postgres", nargs="*", choices=sorted(SERVED), help="also in a server started here")
    parser.add_argument("--as-of", default=workload.AS_OF)
    parser.add_argument("--folder", type=Path, help="keep the records there; else they are removed")
    parser.add_argument("--json", type=Path, help="write all runs to this file")
    asked = parser.parse_args(arguments)
    if asked.postgres is not None:
        asked.postgres = asked.postgres or ["postgres"]
    return asked


def main(arguments: list[str] | None = None) -> int:
    asked = parse(arguments)
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(TemporaryDirectory(prefix="lawgov-benchmark-")))
        found = run(asked, folder, lambda line: print(line, file=sys.stderr, flush=True))
    print("\n".join(table(found["rows"]) + exponent_lines(found["exponents"]) + [NOTE] * asked.peers))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The product beside hand-written queries: ``python -m tests.benchmarks --records N [--pairs 7] [--of NAME ...]``.

Each implementation runs in a fresh process on the same files, in pairs with (a), the hand-written SQL, just before it;
the ratio of a pair is what can be trusted on a machine that is not quiet. The counts of every run must be equal.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.benchmarks import workload
from tests.benchmarks.implementations import IMPLEMENTATIONS, decided

ROOT = Path(__file__).resolve().parents[2]
COMPARED = ("product", "product-core", "polars", "floor")


def measure(name: str, folder: Path, as_of: str) -> dict[str, Any]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.implementations", name, str(folder), as_of]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(name: str, folder: Path, as_of: str, pairs: int, progress: Any = sys.stderr) -> dict[str, Any]:
    """Pairs of (a) and the other; SystemExit if their counts differ."""
    base = "sql-rows" if name.endswith("-rows") else "sql"
    times, ratios, peaks, memory = [], [], [], []
    for number in range(pairs):
        first, second = measure(base, folder, as_of), measure(name, folder, as_of)
        if second["counts"] and decided(first["counts"]) != decided(second["counts"]):
            raise SystemExit(
                f"{name} counts otherwise than {base}: {decided(second['counts'])}\n{decided(first['counts'])}"
            )
        times.append(second["seconds"])
        ratios.append(second["seconds"] / first["seconds"])
        peaks.append(second["peak_mb"])
        memory.append(second["peak_mb"] / first["peak_mb"])
        print(f"  {name} {number + 1}/{pairs}: {times[-1]:.2f} s, {ratios[-1]:.2f} times {base}", file=progress)
    return {
        "implementation": name,
        "pairs": pairs,
        "seconds": statistics.median(times),
        "ratio": statistics.median(ratios),
        "ratio_range": [min(ratios), max(ratios)],
        "peak_mb": statistics.median(peaks),
        "peak_ratio": statistics.median(memory),
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """The results as a table."""
    lines = [
        f"{'':14}{'records':>10}{'s':>9}{'records/s':>11}{'ratio to (a)':>14}{'range':>15}{'peak MB':>9}{'ratio':>7}"
    ]
    for row in rows:
        low, high = row["ratio_range"]
        lines.append(
            f"{row['implementation']:14}{row['records']:>10,}{row['seconds']:>9.2f}"
            f"{row['records'] / row['seconds']:>11,.0f}"
            f"{row['ratio']:>14.2f}{f'{low:.2f}-{high:.2f}':>15}{row['peak_mb']:>9,.0f}{row['peak_ratio']:>7.2f}"
        )
    return lines


def exponents(rows: list[dict[str, Any]]) -> list[str]:
    """How time grows with size: 1 is in proportion."""
    lines = []
    for name in dict.fromkeys(row["implementation"] for row in rows):
        mine = [row for row in rows if row["implementation"] == name]
        for small, large in pairwise(mine):
            grown = math.log(large["seconds"] / small["seconds"]) / math.log(large["records"] / small["records"])
            lines.append(f"{name}: exponent {grown:.2f} from {small['records']:,} to {large['records']:,}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[100_000])
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--of", nargs="+", choices=sorted(IMPLEMENTATIONS), default=list(COMPARED))
    parser.add_argument("--as-of", default=workload.AS_OF)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/lawgov-benchmark"))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = []
    for records in sorted(asked.records):
        folder = asked.folder / str(records)
        workload.generate(folder, records)
        for name in asked.of:
            rows.append({"records": records, **compare(name, folder, asked.as_of, asked.pairs)})
    print("\n".join(table(rows) + exponents(rows)))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=2), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

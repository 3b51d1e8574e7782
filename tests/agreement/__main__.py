"""Run for some minutes; print what was compared; exit with 1 if executors disagreed."""

from __future__ import annotations

import argparse
import time

from tests.agreement.compare import executors
from tests.agreement.run import run_all


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    begun = time.monotonic()
    done = run_all(arguments.seed, arguments.minutes, arguments.processes)
    spent = time.monotonic() - begun
    print("\n".join([*done.coverage.table(), "", *done.coverage.rows(), ""]))
    cases, rules = done.coverage.cases, done.coverage.rules
    print(f"{cases:,} cases ({rules:,} rules) by {', '.join(executors())}: {cases / spent:,.0f} cases/s, {spent:.0f} s")
    for found in done.found:
        print(f"disagreement, stored as tests/agreement/found/{found}")
    print(f"seed {arguments.seed}, {len(done.found)} disagreements")
    return 1 if done.found else 0


if __name__ == "__main__":
    raise SystemExit(main())

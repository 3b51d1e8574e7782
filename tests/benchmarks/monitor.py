"""How long a monitor takes and how much it holds; `python -m tests.benchmarks.monitor [RECORDS]` prints a table.

Every record is a county document with ten events, judged by all core rules of its type. The documents are published
over two years, so that a day has its share of what falls due.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lawgov_rules.loading import load_rulesets
from lawgov_rules.monitor import Monitor
from tests.monitor.build import document, published

FIRST = dt.date(2011, 6, 1)
STEPS = ("drafting_opened", "comments_opened", "comments_closed", "legality_reviewed", "collectively_discussed")


def record(number: int, days: int) -> dict[str, Any]:
    """A document with ten events, the publication last, not filed."""
    known = [name for name in STEPS if name in EVENTS]
    last = FIRST + dt.timedelta(number % days)
    events = [{"event": known[n % len(known)], "date": last - dt.timedelta(40 - 3 * n)} for n in range(9)]
    return document(number, *events, published(last))


def timed(work: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each run, in order of size."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


def shown(name: str, found: list[float]) -> None:
    print(f"{name:44} p50 {found[len(found) // 2]:9.3f} ms   p99 {found[len(found) * 99 // 100]:9.3f} ms")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    monitor = Monitor(RULES, FIRST)
    every = [record(n, 730) for n in range(number)]
    tracemalloc.start()
    for one in every[: min(number, 10_000)]:
        monitor.post(one)
    taken, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{'bytes a record':44} {taken / min(number, 10_000):9.0f}")
    again = iter(every)
    shown("post of a whole record", timed(lambda: monitor.post(next(again)), min(1000, number)))
    for one in every[10_000:]:
        monitor.post(one)
    names = iter(one["record"] for one in every)
    event = {"event": "filed", "date": dt.date(2013, 6, 1), "to": "city_government"}
    shown("post of an event", timed(lambda: monitor.post(next(names), event), min(1000, number)))
    changed = []

    def turn() -> None:
        changed.append(len(monitor.advance(monitor.as_of + dt.timedelta(1))))

    monitor.advance(dt.date(2012, 2, 1))
    shown(f"advance by a day, {number} records", timed(turn, 40))
    print(f"{'findings changed a day':44} {sum(changed) / len(changed):9.1f}")
    with tempfile.TemporaryDirectory() as folder, Monitor(RULES, FIRST, state=Path(folder) / "state") as saved:
        few = iter(every)
        shown("post of a whole record, saved", timed(lambda: saved.post(next(few)), min(500, number)))


RULES = load_rulesets()
EVENTS = RULES.vocabulary.record_types["normative_document"].events

if __name__ == "__main__":
    main()

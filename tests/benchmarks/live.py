"""How fast one record is judged; `python -m tests.benchmarks.live` prints it beside its peers, as ratios in one run.

Seconds depend on the machine and on who else works on it; the ratios are what to compare. Peers that are not installed
are named so: `pip install '.[benchmark]'`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import lawgov_rules as lr
from lawgov_rules import durable
from lawgov_rules.days import to_day
from lawgov_rules.errors import ExecutorError
from lawgov_rules.records import Record
from tests.benchmarks import peers
from tests.benchmarks.records import AS_OF, records, values

Verdicts = Counter[str]


class Timing(NamedTuple):
    """Calls a second; the median and 99th percentile of one call, and of the processor's time for it, in ms.

    Where others work on the machine too, their share of the processor shows in ``p99`` and not in ``cpu99``.
    """

    rate: float
    p50: float
    p99: float
    cpu99: float


class Line(NamedTuple):
    """A line of the table: who judged, how fast (None: not installed), and what was said."""

    name: str
    timing: Timing | None
    verdicts: Verdicts
    note: str = ""


def timed(judge: Callable[[Any], Any], items: Sequence[Any], *, warm: bool = True) -> Timing:
    """Each call by itself, after a tenth of them to ``warm`` up (not where a call cannot be made twice)."""
    for item in items[: max(1, len(items) // 10)] if warm else ():
        judge(item)
    taken, worked = [], []
    gc.collect()
    for item in items:
        start, begun = time.perf_counter(), time.thread_time()
        judge(item)
        taken.append(time.perf_counter() - start)
        worked.append(time.thread_time() - begun)
    rate, last = len(taken) / sum(taken), len(taken) * 99 // 100
    taken.sort()
    worked.sort()
    return Timing(rate, taken[len(taken) // 2] * 1e3, taken[last] * 1e3, worked[last] * 1e3)


def core_rules(rules: lr.Rulesets, number: int) -> Iterator[Line]:
    """All core rules of the type, findings with their evidence and sentences included."""
    known = records(number, rules)
    counts: Verdicts = Counter()
    with_findings = []
    for record in known:
        report = lr.check_record(record, rules, AS_OF)
        counts.update(report.verdicts)
        if report.findings:
            with_findings.append(record)

    def check(record: Any) -> Any:
        return lr.check_record(record, rules, AS_OF)

    yield Line("check_record", timed(check, known), counts, "findings with evidence and sentences")
    yield Line("  of those with findings", timed(check, with_findings), Counter(), f"{len(with_findings)} records")
    bare = timed(lambda record: lr.check_record(record, rules, AS_OF, show=()), known)
    yield Line("  verdicts alone", bare, Counter())
    yield Line("  from plain values", timed(check, values(number)), Counter(), "reading the record included")


def deadlines(rules: lr.Rulesets, number: int) -> Iterator[Line]:
    """The two filing deadlines alone, by us and by the others, who must say the same."""
    mine, known, day = rules.only(peers.RULES), records(number, rules), to_day(AS_OF)

    def ours(record: Record) -> list[str]:
        report = lr.check_record(record, mine, AS_OF, show=())
        return [verdict for verdict, count in report.verdicts.items() for _ in range(count)]

    def peer(make: Callable[[], peers.Decide]) -> Callable[[Record], list[str]]:
        return peers.judge(mine, day, make())

    with ExitStack() as open_:

        def by_durable() -> Callable[[Record], list[str]]:
            cage = durable.open_cage()
            open_.callback(cage.close)
            cage.start()
            return lambda record: [a.verdict.name for a in durable.assess([record], mine, day, cage)]

        for name, make in (
            ("bare closures", lambda: peer(lambda: peers.by_hand)),
            ("check_record, verdicts alone", lambda: ours),
            ("zen-engine", lambda: peer(peers.zen)),
            ("CLIPS", lambda: peer(peers.clips)),
            ("durable, one open worker", by_durable),
        ):
            try:
                judged = make()
            except (ImportError, ExecutorError):
                yield Line(name, None, Counter(), "not installed")
                continue
            counts = Counter(verdict for record in known for verdict in judged(record))
            yield Line(name, timed(judged, known), counts)


def monitor(rules: lr.Rulesets, number: int) -> Iterator[Line]:
    """`Monitor`: an event posted, a day's turn over many open records, and what an idle record costs."""
    some, each = values(min(number, 1000)), 0.0
    watched = lr.Monitor(rules, AS_OF)
    begin, end = number // 4, number // 4 + min(number // 2, 1000)  # counting bytes is slow: for some, once it is warm
    for n in range(number):
        if n == begin:
            gc.collect()
            tracemalloc.start()
        elif n == end:
            each = _traced(end - begin)
        watched.post({**some[n % len(some)], "record": f"文件{n}"})
    event = {"event": "filed", "date": AS_OF, "to": "city_government"}
    names = [f"文件{n}" for n in range(min(number, 1000))]
    note = f"{number} open records, {each / 1000:.1f} kB each"
    yield Line("Monitor.post", timed(lambda name: watched.post(name, event), names), Counter(), note)
    days = [AS_OF + dt.timedelta(days=n) for n in range(1, 31)]
    yield Line("Monitor.advance, a day", timed(watched.advance, days, warm=False), Counter(), "days/s")


def _traced(records: int) -> float:
    """Bytes in use for each of the records, and the end of counting them."""
    gc.collect()
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return used / records


def agree(lines: Sequence[Line]) -> None:
    """All that judged the same records count the same verdicts; AssertionError else."""
    counted = {line.name: line.verdicts for line in lines if line.verdicts}
    first, *others = counted.values()
    assert all(other == first for other in others), counted


def show(title: str, lines: Sequence[Line]) -> None:
    """The table, with the median of the first line as 1."""
    base = lines[0].timing
    print(f"\n{title}")
    print(f"{'':32}{'records/s':>11}{'p50 ms':>10}{'p99 ms':>10}{'p99 cpu':>10}{'p50 ratio':>11}")
    for line in lines:
        if line.timing is None:
            print(f"{line.name:32}{line.note:>11}")
            continue
        rate, p50, p99, cpu99 = line.timing
        ratio = p50 / base.p50 if base else 1
        print(f"{line.name:32}{rate:>11,.0f}{p50:>10.4f}{p99:>10.4f}{cpu99:>10.4f}{ratio:>11.2f}  {line.note}")
    if lines[0].verdicts:
        print("verdicts: " + ", ".join(f"{word} {n}" for word, n in sorted(lines[0].verdicts.items())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5_000, help="records a measurement")
    parser.add_argument("--open", type=int, default=100_000, help="open records of the monitor")
    arguments = parser.parse_args()
    rules = lr.load_rulesets()
    number = sum(rule.record == "normative_document" for rule in rules)
    show(f"a record of ten events, all {number} core rules of its type", list(core_rules(rules, arguments.records)))
    lines = list(deadlines(rules, arguments.records))
    agree(lines)
    show("the two filing deadlines alone (all say the same)", lines)
    show("the monitor", list(monitor(rules, arguments.open)))


if __name__ == "__main__":
    main()

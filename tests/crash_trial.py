"""The cage under fire: `python -m tests.crash_trial --facts 2000000`.

Four threads have the executor on durable-rules judge the bundled cases, random records by random rules, and hostile
records: two share a cage whose worker is killed or stopped at random, one has such a cage for itself, and one a cage
whose worker is left alone and never replaced, so that its memory is seen. Every answer is compared with `live`.

It fails where an answer is missing or differs, where a record was given up that could be judged, where a record that
cannot be judged was answered, where memory grows, and where a process or an open file is left behind.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lawgov_rules import durable, live
from lawgov_rules.durable.cage import Cage
from lawgov_rules.durable.executor import all_tables, tables
from lawgov_rules.verdict import Assessment
from tests.durable.portions import Bundled, Portion, drawn, hostile, read

MEBIBYTE = 1 << 20


class Sample(NamedTuple):
    """The memory of the worker that is left alone after so many facts, and the host's, in MiB."""

    facts: int
    worker: float
    host: float


class Outcome(NamedTuple):
    """What a trial leaves: its counts, memory over time, the cages, and whatever was not cleared away."""

    counts: Counts
    samples: list[Sample]
    cages: list[Cage]
    left: list[str]


@dataclass
class Counts:
    """What happened, for all threads."""

    records: int = 0
    assessments: int = 0
    mismatches: list[str] = field(default_factory=list)
    given_up: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    signals: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def judge(portion: Portion, cage: Cage, counts: Counts) -> None:
    """Both executors on one portion; a record is given up only where a measure is beyond the bounds."""
    rules, records, as_of = portion
    failed: dict[tuple[str, str], str] = {}
    expected = list(live.assess(records, rules, as_of))
    found = list(
        durable.assess(records, rules, as_of, cage, lambda record, why: failed.update({(record.type, record.id): why}))
    )
    with counts.lock:
        counts.records += len(records)
        counts.assessments += len(expected)
        counts.given_up.update(failed.values())
        if len(expected) != len(found):
            counts.mismatches.append(f"{len(expected)} assessments, {len(found)} answered")
        for one, two in zip(expected, found, strict=False):
            if (one.type, one.record) in failed:
                if not _is_given_up(one, two):
                    counts.mismatches.append(f"given up, yet answered: {two}")
            elif one != two:
                counts.mismatches.append(f"live {one}\ndurable {two}")


def _is_given_up(one: Assessment, two: Assessment) -> bool:
    asked = one.detail not in ("condition_false", "outside_jurisdiction")
    same_place = (one.rule, one.record, one.instance) == (two.rule, two.record, two.instance)
    return same_place and ((two.verdict.name, two.detail) == ("undetermined", "engine_failed") if asked else one == two)


def beyond(cage: Cage, chance: random.Random, counts: Counts) -> None:
    """Facts that the dialect does not allow, among good ones: exactly theirs are refused."""
    groups: list[list[list[int | None]]] = []
    for _ in range(20):
        number, table = chance.choice(list(tables().values()))
        values: list[int | None] = [chance.choice([None, 0, 1, 2**62, -(2**62)]) for _ in table.measures]
        if chance.random() < 0.3:
            values[chance.randrange(len(values))] = chance.choice([2**62 + 1, -(2**63), 10**40])
        groups.append([[number, *values]])
    found = cage.judge(groups)
    with counts.lock:
        for ((_, *values),), answer in zip(groups, found, strict=True):
            bad = any(value is not None and abs(value) > 2**62 for value in values)
            counts.refused += bad
            if bad != (answer == "a measure beyond 2^62"):
                counts.mismatches.append(f"{values}: {answer}")


def work(cage: Cage, seed: int, bundled: Bundled, counts: Counts, done: threading.Event) -> None:
    """One thread: portion after portion."""
    chance = random.Random(seed)
    while not done.is_set():
        form = chance.choices(("bundled", "random", "hostile", "beyond"), (3, 5, 2, 1))[0]
        try:
            if form == "beyond":
                beyond(cage, chance, counts)
            elif form == "bundled":
                judge(bundled.draw(chance), cage, counts)
            else:
                trial = drawn(chance)
                if portion := read(hostile(trial, chance) if form == "hostile" else trial):
                    judge(portion, cage, counts)
        except Exception as error:  # whatever it is, the host must not meet it
            with counts.lock:
                counts.faults.append(f"{form}: {type(error).__name__}: {error}")
        with counts.lock:
            counts.sources[form] += 1


def harass(cages: Sequence[Cage], seconds: float, seed: int, counts: Counts, done: threading.Event) -> None:
    """Kill or stop a worker now and then; a stopped one does not answer and is found by its deadline."""
    chance = random.Random(seed)
    while not done.wait(chance.expovariate(1 / seconds) + 0.5):
        pid = chance.choice(cages).pid
        sent = chance.choice([signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM, signal.SIGSTOP])
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sent)
                counts.signals[sent.name] += 1


def resident(pid: int | None) -> float:
    """A process's resident memory in MiB."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / MEBIBYTE
    return 0.0


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def children() -> list[str]:
    """The processes that this one has started and not yet buried."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text("utf-8").split()


@contextlib.contextmanager
def cages() -> Iterator[list[Cage]]:
    """Two that are shot at, and one that is left alone."""
    made = all_tables()
    shot_at = Cage(made, deadline=2.0, recycle=20_000), Cage(made, deadline=2.0)
    with shot_at[0] as first, shot_at[1] as second, Cage(made, deadline=60.0, recycle=10**9) as third:
        yield [first, second, third]


def watch(cages: Sequence[Cage], facts: int, counts: Counts, say: Callable[[str], None]) -> Iterator[Sample]:
    """Some twenty samples, until so many facts are judged."""
    begun, judged, next_ = time.monotonic(), 0, 0
    while judged < facts:
        time.sleep(0.1)
        judged = sum(cage.judged for cage in cages)
        if judged >= min(next_, facts):
            sample = Sample(cages[-1].judged, resident(cages[-1].pid), resident(os.getpid()))
            yield sample
            workers, starts = [round(resident(cage.pid)) for cage in cages], [cage.starts for cage in cages]
            say(
                f"{time.monotonic() - begun:6.0f} s {judged:8} facts {counts.assessments:8} assessments  "
                f"workers {starts} MiB {workers} host {sample.host:.0f}  mismatches {len(counts.mismatches)}"
            )
            next_ = judged + facts // 20


def run(facts: int, seed: int, say: Callable[[str], None]) -> Outcome:
    """The trial, until so many facts are judged."""
    counts, done, bundled = Counts(), threading.Event(), Bundled()
    files = open_files()
    with cages() as (first, second, third):
        all_ = [first, second, third]
        for cage in all_:
            cage.start()
        threads = [
            threading.Thread(target=work, args=[cage, seed * 10 + n, bundled, counts, done])
            for n, cage in enumerate((first, first, second, third))
        ]
        threads.append(threading.Thread(target=harass, args=[[first, second], 2.0, seed, counts, done]))
        for thread in threads:
            thread.start()
        samples = list(watch(all_, facts, counts, say))
        done.set()
        for thread in threads:
            thread.join()
    left = [f"thread {t.name}" for t in threads if t.is_alive()] + [f"process {pid}" for pid in children()]
    if open_files() != files:
        left.append(f"{open_files() - files} open files")
    return Outcome(counts, samples, all_, left)


def complaints(outcome: Outcome) -> list[str]:
    """Why the trial failed; nothing if it passed."""
    counts, samples, cages, left = outcome
    found = [*counts.mismatches[:5], *counts.faults[:5], *left]
    found += [f"{n} records given up: {why}" for why, n in counts.given_up.items() if why != "a measure beyond 2^62"]
    if cages[2].starts != 1:
        found.append(f"the worker left alone was started {cages[2].starts} times")
    early, late = samples[len(samples) // 4].worker, samples[-1].worker
    if late > 1.2 * early + 10:
        found.append(f"the worker that was left alone grew from {early:.0f} to {late:.0f} MiB")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    durable.require()
    begun = time.monotonic()
    outcome = run(arguments.facts, arguments.seed, lambda line: print(line, flush=True))
    counts, samples, cages, _ = outcome
    judged, seconds = sum(cage.judged for cage in cages), time.monotonic() - begun
    print(f"{judged} facts in {seconds:.0f} s; {counts.records} records, {counts.assessments} assessments compared")
    print(
        f"{len(counts.mismatches)} mismatches with live, {len(counts.faults)} faults; given up {dict(counts.given_up)}"
    )
    print(
        f"portions {dict(counts.sources)}; signals {dict(counts.signals)}; workers started {[c.starts for c in cages]}"
    )
    print(f"{counts.refused} facts outside the dialect, all refused")
    told = samples[:: max(1, len(samples) // 6)]
    print("memory of the worker left alone:", ", ".join(f"{s.worker:.1f} MiB at {s.facts}" for s in told))
    found = complaints(outcome)
    for line in found:
        print(f"FAILED: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())

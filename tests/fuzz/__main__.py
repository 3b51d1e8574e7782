"""``python -m tests.fuzz --files N [--seed S]``: N damaged files are read, each in a process that may die.

Prints what became of them by kind of file; fails if one crashed the reader, hung it (over 20 s), or if nothing at all
was said of it. The file that did so is kept and its name printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.conftest import ROOT
from tests.fuzz.seeds import load_seeds, make_seeds

LIMIT = 20.0  # seconds for one file
SOME = 400  # files a process
GIVE_UP = 50  # failures


class Tally:
    """What became of the files, by kind."""

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()
        self.records: Counter[str] = Counter()
        self.problems: Counter[str] = Counter()
        self.silent: Counter[str] = Counter()
        self.slowest: dict[str, float] = defaultdict(float)
        self.failed: list[str] = []

    def add(self, kind: str, number: int, said: dict[str, Any]) -> None:
        self.files[kind] += 1
        if "error" in said:
            self.failed.append(f"{kind} {number}: {said['error']}")
            return
        self.records[kind] += said["records"]
        self.problems[kind] += said["problems"]
        self.silent[kind] += not said["records"] and not said["problems"]
        self.slowest[kind] = max(self.slowest[kind], said["seconds"])

    def lines(self) -> list[str]:
        lines = [f"{'':26}{'files':>8}{'records':>9}{'problems':>10}{'empty':>7}{'slowest s':>11}"]
        for kind in sorted(self.files):
            lines.append(
                f"{kind:26}{self.files[kind]:>8,}{self.records[kind]:>9,}{self.problems[kind]:>10,}"
                f"{self.silent[kind]:>7}{self.slowest[kind]:>11.2f}"
            )
        total = f"{'':26}{self.files.total():>8,}{self.records.total():>9,}{self.problems.total():>10,}"
        return [*lines, total, f"crashed, hung, or unanswered: {len(self.failed)}", *self.failed[:20]]


def run(folder: Path, first: int, last: int, tally: Tally) -> None:
    """Files ``first`` to ``last``; the process is started again behind a file that killed it."""
    kinds = [seed.name for seed in load_seeds(folder)]
    while first < last and len(tally.failed) < GIVE_UP:
        command = [sys.executable, "-m", "tests.fuzz.worker", str(folder), str(first), str(min(last, first + SOME))]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None and worker.stderr is not None
            current, answered = first, False
            for line in _timed(worker):
                said = json.loads(line)
                if "number" in said:
                    current, answered = said["number"], False
                else:
                    tally.add(kinds[current % len(kinds)], current, said)
                    answered = True
            worker.wait()
            if not answered:
                error = f"the reader ended with {worker.returncode}: {worker.stderr.read()[-300:]}"
                tally.add(kinds[current % len(kinds)], current, {"error": error})
        first = current + 1


def _timed(worker: Any) -> Any:
    """The lines of a worker, which is killed where one takes too long."""
    while True:
        timer = threading.Timer(LIMIT, worker.kill)
        timer.start()
        line = worker.stdout.readline()
        timer.cancel()
        if not line:
            return
        yield line


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0, help="where the numbering of the damages begins")
    asked = parser.parse_args()
    shared = Path(os.environ.get("LAWGOV_SHARED", ROOT.parent / "shared"))
    tally = Tally()
    with TemporaryDirectory() as place:
        make_seeds(Path(place), shared if shared.is_dir() else None)
        run(Path(place), asked.seed, asked.seed + asked.files, tally)
    print("\n".join(tally.lines()))
    return 1 if tally.failed or tally.files.total() != asked.files else 0


if __name__ == "__main__":
    raise SystemExit(main())

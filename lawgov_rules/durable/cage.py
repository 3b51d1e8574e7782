"""The supervisor of the worker process: what goes wrong in durable-rules stays in there, and costs one record.

The worker is started anew, not forked, with bounds on memory and processor time, and has a deadline for every batch.
If it dies, hangs or answers wrongly, it is killed, another is started, and the batch is halved until the one group of
facts is found with which it happens again. That group gets the reason instead of an answer.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from lawgov_rules.durable.table import Table
from lawgov_rules.errors import ExecutorError

MEMORY = 1 << 30
RECYCLE = 100_000
PER_FACT = 0.02  # seconds that a fact adds to a batch's deadline; it takes a tenth of a thousandth of one
STARTS = 3
ALONE = 2  # more tries for a group that is alone
REFUSED = -1
PACKAGE = Path(__file__).resolve().parents[2]

Fact = Sequence[int | None]
"""A table's number, and the measures in the table's order."""


class _Fault(Exception):
    """The worker died, hung, or answered wrongly; the text says which, with the last line that it wrote to stderr."""


class _Worker:
    """One worker process."""

    MODULE = "lawgov_rules.durable.worker"

    def __init__(self, tables: Sequence[Table], memory: int, deadline: float) -> None:
        self._tables = tables
        self._deadline = deadline
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        path = os.pathsep.join(filter(None, (str(PACKAGE), os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            # -P: a file in the folder that one happens to stand in is no module of ours
            [sys.executable, "-P", "-m", self.MODULE, str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # the keys that interrupt the host are not the worker's business
        )
        self.stop = weakref.finalize(self, _stop, self.process, self._stderr)
        self.judged = 0

    def greet(self) -> None:
        """Bring the tables; `ExecutorError` if the worker says that it cannot work, `_Fault` if it says nothing."""
        reply = self._exchange([table.to_wire() for table in self._tables], 1 << 16, 6 * self._deadline)
        if isinstance(reply, str):
            raise ExecutorError(reply)
        if reply != 1:
            raise _Fault("wrong greeting")

    def ask(self, facts: Sequence[Fact]) -> list[int]:
        """The row that holds for each fact, or `REFUSED`."""
        self.judged += len(facts)
        reply = self._exchange(facts, 16 * len(facts) + 64, self._deadline + PER_FACT * len(facts))
        if not isinstance(reply, list) or len(reply) != len(facts):
            raise _Fault("wrong answer: not one for each fact")
        for row, (number, *_) in zip(reply, facts, strict=True):
            if type(row) is not int or not REFUSED <= row < len(self._tables[number or 0].rows):
                raise _Fault("wrong answer: no such row")
        return reply

    def _exchange(self, message: Any, longest: int, seconds: float) -> Any:
        """Send a line, read a line. A worker that does not answer in time is killed, which ends both."""
        late, process = threading.Event(), self.process

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        into, out = process.stdin, process.stdout
        assert into is not None and out is not None
        try:
            into.write(json.dumps(message).encode() + b"\n")
            into.flush()
            line = out.readline(longest)
        except OSError:
            line = b""
        finally:
            timer.cancel()
        if len(line) >= longest:
            raise _Fault("wrong answer: too long")
        if not line.endswith(b"\n"):
            raise _Fault(f"no answer within {seconds:.0f} s" if late.is_set() else self._death())
        try:
            return json.loads(line)
        except ValueError:
            raise _Fault("wrong answer: not JSON") from None

    def _death(self) -> str:
        """How the process ended: it has closed its end, so it is about to."""
        try:
            code = self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, self._stderr.tell() - 2000))
        said = self._stderr.read().decode(errors="replace").strip().splitlines()
        return f"died ({how})" + (f": {said[-1][:200]}" if said else "")


def _stop(process: subprocess.Popen[bytes], stderr: IO[bytes]) -> None:
    """End a process and close all that led to it; also when a worker is forgotten, and at exit."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, stderr):
        try:
            if stream:
                stream.close()
        except OSError:  # what was not yet written to a process that is gone
            pass


class Cage:
    """A worker kept running, for groups of facts; usable from several threads, which take turns.

    Args:
        tables: the decision tables that facts name by their place.
        memory: the most that the worker may take, in bytes.
        deadline: seconds that a batch may take, and `PER_FACT` more for each fact.
        recycle: facts after which the worker is replaced.
    """

    def __init__(
        self, tables: Sequence[Table], *, memory: int = MEMORY, deadline: float = 5.0, recycle: int = RECYCLE
    ) -> None:
        self._tables, self._memory, self._deadline, self._recycle = tuple(tables), memory, deadline, recycle
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self.starts = 0  # of workers
        self.judged = 0  # facts

    def __enter__(self) -> Cage:
        return self

    def __exit__(self, _type: type[BaseException] | None, _: BaseException | None, _tb: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The worker's process, if one runs."""
        worker = self._worker
        return worker.process.pid if worker else None

    def close(self) -> None:
        """End the worker. Another is started if anything is asked again."""
        with self._lock:
            self._end()

    def start(self) -> None:
        """Have a worker running; `ExecutorError` where durable-rules cannot be used, naming what to do."""
        with self._lock:
            try:
                self._started()
            except _Fault as fault:
                raise ExecutorError(f"the worker of durable-rules does not start: {fault}") from None

    def judge(self, groups: Sequence[Sequence[Fact]]) -> list[list[int] | str]:
        """For each group the codes of its facts, in order; or why the engine could not judge it, as text.

        The first time `ExecutorError` where durable-rules cannot be used.
        """
        if not self.starts:
            self.start()
        with self._lock:
            try:
                return self._judge(groups)
            except BaseException:
                self._end()  # an answer may still be on its way
                raise

    def _judge(self, groups: Sequence[Sequence[Fact]]) -> list[list[int] | str]:
        try:
            return self._ask(groups)
        except _Fault:
            self._end()
        if len(groups) > 1:
            half = len(groups) // 2
            return self._judge(groups[:half]) + self._judge(groups[half:])
        why = ""
        for _ in range(ALONE):  # what ended the worker may have come from outside
            try:
                return self._ask(groups)
            except _Fault as fault:
                self._end()
                why = str(fault)
        return [why]

    def _ask(self, groups: Sequence[Sequence[Fact]]) -> list[list[int] | str]:
        facts = [fact for group in groups for fact in group]
        rows = iter(self._started().ask(facts))
        self.judged += len(facts)
        found: list[list[int] | str] = []
        for group in groups:
            mine = [(next(rows), fact[0] or 0) for fact in group]
            refused = any(row == REFUSED for row, _ in mine)
            found.append("a measure beyond 2^62" if refused else [self._tables[t].codes[row] for row, t in mine])
        return found

    def _started(self) -> _Worker:
        """The worker, replaced when it has judged its share."""
        if self._worker and self._worker.judged >= self._recycle:
            self._end()
        tries = 0
        while self._worker is None:
            tries += 1
            self.starts += 1
            worker = _Worker(self._tables, self._memory, self._deadline)
            try:
                worker.greet()
                self._worker = worker
            except _Fault:
                worker.stop()
                if tries == STARTS:
                    raise
            except BaseException:
                worker.stop()
                raise
        return self._worker

    def _end(self) -> None:
        if self._worker:
            self._worker.stop()
            self._worker = None

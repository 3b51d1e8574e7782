"""The cage, with a worker in plain Python that misbehaves: whatever it does, one group is lost and no other.

The table has one row, ``a > 10``, and the last: 11 is violated, 5 unforeseen. So no compiler is needed here.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawgov_rules.durable.cage import Cage, _Worker
from lawgov_rules.durable.table import table_of
from lawgov_rules.errors import ExecutorError
from lawgov_rules.judgement import UNFORESEEN, Judgement, code, row
from lawgov_rules.verdict import Verdict
from tests.conftest import ROOT
from tests.durable import faulty

TABLE = table_of(Judgement(row("violated", "over", "a > 10")), UNFORESEEN)
PLACE = TABLE.measures.index("a")
OVER = code(Verdict.violated, "over")
LOST = "lost"


def fact(a: int | None) -> list[int | None]:
    """A fact of the first table; its first measure tells the worker to misbehave."""
    values: list[int | None] = [None] * len(TABLE.measures)
    values[PLACE] = a
    if a is not None and a > 1000:
        values[0] = a
    return [0, *values]


def said(found: list[list[int] | str]) -> list[list[int] | str]:
    """With one word for every reason."""
    return [LOST if isinstance(one, str) else one for one in found]


@pytest.fixture
def faulty_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Worker, "MODULE", "tests.durable.faulty")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def cage(faulty_worker: None) -> Iterator[Cage]:
    with Cage([TABLE], memory=1 << 29, deadline=1.0) as found:
        yield found


def is_alive(pid: int) -> bool:
    """Whether there is such a process, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_answers(cage: Cage) -> None:
    assert cage.judge([[fact(11), fact(5)], [fact(None)], []]) == [[OVER, UNFORESEEN], [UNFORESEEN], []]
    assert cage.starts == 1


@pytest.mark.parametrize("fault", faulty.FAULTS)
def test_the_one_guilty_group_is_lost(fault: int, cage: Cage) -> None:
    """The third of five; the others are answered all the same, and the next batch too."""
    groups = [[fact(11)], [fact(5)], [fact(11), fact(fault)], [fact(12)], [fact(1)]]
    assert said(cage.judge(groups)) == [[OVER], [UNFORESEEN], LOST, [OVER], [UNFORESEEN]]
    assert cage.judge([[fact(11)]]) == [[OVER]]


def test_several_guilty_groups(cage: Cage) -> None:
    groups = [[fact(faulty.DIES if n % 7 == 3 else n)] for n in range(20)]
    expected = [LOST if n % 7 == 3 else [OVER if n > 10 else UNFORESEEN] for n in range(20)]
    assert said(cage.judge(groups)) == expected


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faulty.DIES, "died (SIGSEGV): the last words"),
        (faulty.HANGS, "no answer within 1 s"),
        (faulty.EXITS, "died (exit code 0)"),
        (faulty.SHORT, "wrong answer: not one for each fact"),
        (faulty.OUT_OF_TABLE, "wrong answer: no such row"),
        (faulty.NOT_JSON, "wrong answer: not JSON"),
        (faulty.LONG, "wrong answer: too long"),
    ],
)
def test_why(fault: int, reason: str, cage: Cage) -> None:
    assert cage.judge([[fact(fault)]]) == [reason]


def test_memory_is_bounded(cage: Cage) -> None:
    (reason,) = cage.judge([[fact(faulty.TAKES_MEMORY)]])
    assert reason == "died (exit code 1): MemoryError"


def test_what_the_engine_prints_is_no_answer(cage: Cage) -> None:
    assert cage.judge([[fact(faulty.PRINTS)]]) == [[OVER]]
    assert cage.starts == 1


def test_a_worker_killed_from_outside_costs_nothing(cage: Cage) -> None:
    cage.start()
    for _ in range(3):
        assert cage.pid
        os.kill(cage.pid, signal.SIGKILL)
        assert cage.judge([[fact(11)]]) == [[OVER]]
    assert cage.starts == 4


def test_recycled(faulty_worker: None) -> None:
    """After four facts another worker takes over: 2 + 2, 2 + 2, 2."""
    with Cage([TABLE], recycle=4) as cage:
        for _ in range(5):
            assert cage.judge([[fact(11)], [fact(12)]]) == [[OVER], [OVER]]
        assert cage.starts == 3


def test_closing_leaves_nothing(faulty_worker: None) -> None:
    """No process, not even a zombie, and no open file; and a closed cage starts again if asked."""
    files = len(list(Path("/proc/self/fd").iterdir()))
    cage = Cage([TABLE])
    for _ in range(3):
        cage.judge([[fact(11)], [fact(faulty.DIES)]])
        pid = cage.pid
        cage.close()
        assert pid is None or not is_alive(pid)
        assert len(list(Path("/proc/self/fd").iterdir())) == files
    cage.close()


def test_a_forgotten_cage_ends_its_worker(faulty_worker: None) -> None:
    cage = Cage([TABLE])
    cage.start()
    pid = cage.pid
    assert pid and is_alive(pid)
    del cage
    gc.collect()
    assert not is_alive(pid)


@pytest.mark.parametrize(
    "end", ["", "import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_a_host_that_ends_takes_its_worker_along(end: str, faulty_worker: None) -> None:
    """In the ordinary way, at once, or killed: the worker's input ends."""
    code = (
        "from tests.durable.test_cage import TABLE, Cage, _Worker\n"
        "_Worker.MODULE = 'tests.durable.faulty'\n"
        f"cage = Cage([TABLE]); cage.start(); print(cage.pid, flush=True)\n{end}"
    )
    host = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=False)
    pid = int(host.stdout)
    for _ in range(200):  # it may take a moment to notice
        if not _runs(pid):
            break
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    """Whether the process runs; one that has ended may wait for whoever adopts orphans here."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_an_interrupted_question_does_not_answer_the_next(cage: Cage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answer would be taken for that of the next."""
    cage.start()
    with monkeypatch.context() as patch:
        patch.setattr(_Worker, "_exchange", _send_and_be_interrupted)
        with pytest.raises(KeyboardInterrupt):
            cage.judge([[fact(11)]])
    assert cage.judge([[fact(5)]]) == [[UNFORESEEN]]
    assert cage.starts == 2


def _send_and_be_interrupted(worker: _Worker, message: object, _longest: int, _seconds: float) -> object:
    assert worker.process.stdin
    worker.process.stdin.write(str(message).encode() + b"\n")
    worker.process.stdin.flush()
    raise KeyboardInterrupt


def test_threads_share_a_cage(cage: Cage) -> None:
    """Each gets its own answers, also while some of the questions end the worker."""
    wrong: list[object] = []

    def ask(n: int) -> None:
        for turn in range(20):
            a = faulty.DIES if (n, turn) == (1, 10) else n * 20 + turn - 30
            found = said(cage.judge([[fact(a)], [fact(11)]]))
            if found != [LOST if a == faulty.DIES else [OVER if a > 10 else UNFORESEEN], [OVER]]:
                wrong.append((n, turn, found))

    threads = [threading.Thread(target=ask, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


@pytest.mark.parametrize(
    ("raises", "words"),
    [
        ("ModuleNotFoundError(\"No module named 'durable'\", name='durable')", "pip install 'lawgov-rules[durable]'"),
        ("ImportError('undefined symbol: PyEval_CallObject')", "undefined symbol: PyEval_CallObject"),
    ],
)
def test_without_durable_rules(raises: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package in its place that does not load; on Python 3.13 it never does, and the version is named instead."""
    (tmp_path / "durable").mkdir()
    (tmp_path / "durable" / "__init__.py").write_text(f"raise {raises}", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Cage([TABLE]) as cage, pytest.raises(ExecutorError) as refused:
        cage.judge([[fact(11)]])
    assert (words if sys.version_info < (3, 13) else "use Python 3.11 or 3.12") in str(refused.value)


def test_a_worker_that_never_starts(faulty_worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Worker, "MODULE", "tests.durable.no_such_module")
    with Cage([TABLE]) as cage, pytest.raises(ExecutorError, match="does not start: died"):
        cage.start()

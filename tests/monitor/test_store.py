"""Saved state: what was acknowledged is there after a kill, at any moment, and nothing else is."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

import lawgov_rules as lr
from lawgov_rules.days import to_date
from lawgov_rules.monitor import Monitor
from lawgov_rules.problems_zh import zh
from lawgov_rules.ruleset import Rulesets
from tests.agreement import KINDS
from tests.conftest import CASES, ROOT
from tests.monitor.build import PUBLISHED, document, filing, published
from tests.monitor.test_equals_check import Life

NAME = document()["record"]
# posts one event after the other, and says so once each is acknowledged
POSTING = """
import sys
import lawgov_rules as lr
from tests.monitor.build import document, filing, published
import datetime as dt
monitor = lr.Monitor(filing(lr.load_rulesets()), "2012-03-20", state=sys.argv[1])
monitor.post(document())
name, day = document()["record"], dt.date(2000, 1, 1)
for number in range(100_000):
    monitor.post(name, published(day + dt.timedelta(number)))
    print(number, flush=True)
"""


@pytest.mark.parametrize("kind", ["deadline", "coverage", "reference", "quota"])
@pytest.mark.parametrize("seed", range(3))
def test_a_restored_monitor_says_the_same(kind: str, seed: int, tmp_path: Path) -> None:
    """Also under rules that were read anew; and it goes on from there."""
    life = Life(Random(seed), kind, state=tmp_path / "state")
    for _ in range(15):
        life.step()
    before = (life.monitor.as_of, life.monitor.findings(), life.monitor.due())
    life.monitor.close()
    with Monitor(life.rules, "1999-01-01", state=tmp_path / "state") as restored:
        assert (restored.as_of, restored.findings(), restored.due()) == before
        assert restored.problems == []
        life.monitor = restored
        for _ in range(5):
            life.step()
        records = life.records()
        report = lr.check(records, life.rules, as_of=to_date(life.day), engine="live")
        assert restored.findings() == list(report.findings)
    assert kind in KINDS


def test_where_a_record_was_read_is_restored_too(rules: Rulesets, tmp_path: Path) -> None:
    with Monitor(rules, "2013-12-31", state=tmp_path / "state") as monitor:
        monitor.load(CASES / "guigang-2011")
        before = monitor.findings()
        assert any(f.get("source") for f in before)
    with Monitor(rules, state=tmp_path / "state") as restored:
        assert restored.findings() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_loses_nothing_acknowledged(rules: Rulesets, tmp_path: Path) -> None:
    """Killed after a random number of acknowledged posts: they are all there, and at most the one under way."""
    random = Random(7)
    for trial in range(3):
        state = tmp_path / f"state{trial}"
        command = [sys.executable, "-c", POSTING, str(state)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(random.randint(1, 60)):
            acknowledged = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
        process.stdout.close()
        with Monitor(filing(rules), state=state) as restored:
            days = [event.day for event in restored.record(NAME).events]
            first = (dt.date(2000, 1, 1) - dt.date(1970, 1, 1)).days
            assert days == list(range(first, first + len(days)))
            assert acknowledged + 1 <= len(days) <= acknowledged + 2


def test_a_torn_end_of_the_file_is_left_out(rules: Rulesets, tmp_path: Path) -> None:
    """The log cut at any byte: the posts before the cut, in order, and no part of a post."""
    state = tmp_path / "state"
    monitor = Monitor(filing(rules), "2012-03-20", state=state)
    monitor.post(document(3))
    for n in range(1, 13):
        monitor.post(NAME, {"events": [published(dt.date(2012, 3, n)), {**PUBLISHED, "date": f"2012-04-{n:02}"}]})
    log = (tmp_path / "state-wal").read_bytes()
    found = set()
    for cut in sorted({0, len(log), *(Random(1).sample(range(len(log)), 40))}):
        torn = tmp_path / f"torn{cut}"
        shutil.copy(state, torn)
        Path(f"{torn}-wal").write_bytes(log[:cut])
        with Monitor(filing(rules), state=torn) as restored:
            events = restored.record(NAME).events if len(restored) else ()
            assert len(events) % 2 == 0
            assert [e.day for e in events[::2]] == [15400 + n for n in range(len(events) // 2)]
            found.add(len(events))
    monitor.close()
    assert {0, 24} <= found
    assert len(found) > 5


def test_a_file_is_held_by_one_monitor(rules: Rulesets, tmp_path: Path) -> None:
    state = tmp_path / "state"
    with Monitor(filing(rules), state=state):
        with pytest.raises(lr.InputError, match="is held by another monitor") as refused:
            Monitor(filing(rules), state=state)
        assert zh(refused.value.problem.reason) != refused.value.problem.reason
    Monitor(filing(rules), state=state).close()


def test_another_file_is_refused_and_left_as_it_is(rules: Rulesets, tmp_path: Path) -> None:
    note = tmp_path / "说明.txt"
    note.write_text("这不是状态文件。" * 100, "utf-8")
    for path in (note, tmp_path / "no" / "folder"):
        with pytest.raises(lr.InputError, match="cannot be used as saved state") as refused:
            Monitor(filing(rules), state=path)
        assert zh(refused.value.problem.reason) != refused.value.problem.reason
        assert zh(refused.value.problem.help) != refused.value.problem.help
    assert note.read_text("utf-8").startswith("这不是")


def test_what_newer_words_cannot_read_is_told_and_kept(rules: Rulesets, tmp_path: Path) -> None:
    """A record type that is gone from the vocabulary: the other records are there, and so is this one with the old
    words."""
    state = tmp_path / "state"
    with Monitor(rules, "2012-03-20", state=state) as monitor:
        monitor.post(document(3, PUBLISHED))
        monitor.post({"record": "甲局", "type": "organ"})
    types = {name: type_ for name, type_ in rules.vocabulary.record_types.items() if name != "organ"}
    words = rules.vocabulary.model_copy(update={"record_types": types})
    with Monitor(replace(filing(rules), vocabulary=words), state=state) as monitor:
        assert len(monitor) == 1
        assert [str(p) for p in monitor.problems] == ["organ 甲局: `organ` is not a known record type"]
    with Monitor(rules, state=state) as monitor:
        assert len(monitor) == 2

"""A state that is not ours, of another form, cut, changed, or not to be written: never a wrong report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules import state_file
from lawgov_rules.cli import main
from lawgov_rules.problems_zh import zh
from lawgov_rules.ruleset import Rulesets
from tests.conftest import ROOT
from tests.since.build import assert_equal
from tests.small import document, filing, write_rules

DAY = "2012-04-01"
DAMAGED = "it is damaged; everything was judged anew"


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Rulesets:
    return lr.load_rulesets(write_rules(tmp_path_factory.mktemp("rules"), filing()))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    for n in range(3):
        (folder / f"{n}.yaml").write_text(json.dumps(document(f"甲{n}", "2012-03-01")), "utf-8")
    return folder


@pytest.fixture(scope="module")
def written(one: Rulesets, cases: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole state."""
    state = tmp_path_factory.mktemp("state") / "state"
    lr.check(cases, one, as_of=DAY, since=state)
    return state.read_bytes()


def notes(report: lr.Report) -> list[str]:
    return [note.reason for note in report.advice]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), to=st.integers(0, 255), cut=st.booleans())
def test_damaged_bytes(one: Rulesets, cases: Path, written: bytes, where: float, to: int, cut: bool) -> None:
    """A byte becomes another, or the file ends there: refused as somebody else's file, or all is judged anew."""
    at = int(where * len(written))
    damaged = written[:at] + (b"" if cut else bytes([to]) + written[at + 1 :])
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        state.write_bytes(damaged)
        if not damaged.startswith(state_file.MARK):
            with pytest.raises(lr.InputError, match="is not the state of a check with `--since`"):
                lr.check(cases, one, as_of=DAY, since=state)
            assert state.read_bytes() == damaged
            return
        report = lr.check(cases, one, as_of=DAY, since=state)
        assert notes(report) == ([] if damaged == written else [DAMAGED])
        assert [f["record"] for f in report.findings] == ["甲0", "甲1", "甲2"]
        assert assert_equal(cases, one, state, as_of=DAY) == (0, 3)


def test_another_form(one: Rulesets, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    with monkeypatch.context() as later:
        later.setattr(state_file, "FORM", state_file.FORM + 1)
        lr.check(cases, one, as_of=DAY, since=state)
    report = lr.check(cases, one, as_of=DAY, since=state)
    assert notes(report) == ["it has the form of another version; everything was judged anew"]
    assert assert_equal(cases, one, state, as_of=DAY) == (0, 3)


def test_other_code_of_the_same_version(
    one: Rulesets, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lawgov_rules import since

    state = tmp_path / "state"
    lr.check(cases, one, as_of=DAY, since=state)
    monkeypatch.setattr(since, "_code", lambda: "another")
    one.kept.pop("basis")
    assert lr.check(cases, one, as_of=DAY, since=state).receipt["since"] == {"judged": 3, "taken_over": 0}
    one.kept.pop("basis")


@pytest.mark.parametrize(
    "content", [b"", b"record: a\n", b'{"lawgov_rules": 1}', None], ids=["empty", "yaml", "json", "folder"]
)
def test_what_is_no_state(content: bytes | None, one: Rulesets, cases: Path, tmp_path: Path) -> None:
    """It is refused, and stays what it was."""
    state = tmp_path / "state"
    state.mkdir() if content is None else state.write_bytes(content)
    with pytest.raises(lr.InputError) as refused:
        lr.check(cases, one, as_of=DAY, since=state)
    assert refused.value.problem.place.file == str(state)
    assert content is None or state.read_bytes() == content
    assert list(tmp_path.iterdir()) == [state]


def test_no_folder_for_it(one: Rulesets, cases: Path, tmp_path: Path) -> None:
    with pytest.raises(lr.InputError, match="there is no such folder"):
        lr.check(cases, one, since=tmp_path / "none" / "state")


def test_it_cannot_be_written(
    one: Rulesets, cases: Path, written: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is whole, the state is the former one, and the run says that it could not do all."""
    state = tmp_path / "state"
    state.write_bytes(written)

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    report = lr.check(cases, one, as_of="2012-04-02", since=state)
    assert [str(problem) for problem in report.problems] == [
        f"{state}: cannot be written: No space left on device (write elsewhere)"
    ]
    assert len(report.findings) == 3
    assert state.read_bytes() == written
    assert list(tmp_path.iterdir()) == [state]


KILLED = """\
import os, signal, sys
import lawgov_rules as lr
os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)
rules, cases, state = sys.argv[1:]
lr.check(cases, lr.load_rulesets(rules), as_of="2013-01-01", since=state)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_kill_leaves_the_former_one(one: Rulesets, cases: Path, written: bytes, tmp_path: Path) -> None:
    """Killed when all is written and nothing is in its place yet."""
    state, rules = tmp_path / "state", write_rules(tmp_path / "rules", filing())
    state.write_bytes(written)
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", KILLED, str(rules), str(cases), str(state)], env=env, check=False)
    assert run.returncode == -signal.SIGKILL
    assert state.read_bytes() == written
    assert assert_equal(cases, one, state, as_of=DAY) == (0, 3)


Out = pytest.CaptureFixture[str]


def test_the_command(cases: Path, tmp_path: Path, capsys: Out) -> None:
    """The state among the case files is passed over, with a note."""
    state, rules = tmp_path / "state", str(write_rules(tmp_path / "rules", filing()))
    words = ["check", str(cases), "--rules", rules, "--as-of", DAY, "--lang", "en", "--since", str(state)]
    for told in ("judged anew 3, taken over 0", "judged anew 0, taken over 3"):
        assert main(words) == 1
        assert told in capsys.readouterr().out
    assert main([*words, "--lang", "zh", "--format", "markdown"]) == 1
    assert "本次重新核查" in capsys.readouterr().out
    assert main([*words, "--format", "json", "-o", str(state)]) == 2
    assert "is one of the files that were read" in capsys.readouterr().err
    assert main(["check", str(state), *words[1:]]) == 1
    assert f"`{state.as_posix()}` is a report of lawgov_rules" in capsys.readouterr().err
    assert main([*words, "--engine", "batch"]) == 2
    assert "`--since` goes with `--engine live`, and not with `batch`" in capsys.readouterr().err
    assert main([*words[:-1], str(cases / "0.yaml"), "--lang", "zh"]) == 2
    assert "不是`--since`的状态文件" in capsys.readouterr().err


SENTENCES = (
    DAMAGED,
    "it has the form of another version; everything was judged anew",
    "rules, words, places, calendar or version are others than before; everything was judged anew",
    "its day is 2012-04-01, after the as-of day; everything was judged anew",
    "is not the state of a check with `--since`",
    "name another file, or a new one",
    "there is no such folder",
    "make it first",
    "cannot be written: No space left on device",
    "write elsewhere",
    "a check with `--since` reads files and tables, or a table of a database through a mapping",
    "check the database without it",
    "`--since` goes with `--engine live`, and not with `batch`",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_it_is_told_in_chinese(sentence: str) -> None:
    assert zh(sentence) != sentence
    assert not sentence.startswith("its day") or "2012-04-01" in zh(sentence)


def test_an_earlier_day_is_told(one: Rulesets, cases: Path, tmp_path: Path) -> None:
    state: Any = tmp_path / "state"
    lr.check(cases, one, as_of=DAY, since=state)
    assert notes(lr.check(cases, one, as_of="2012-03-10", since=state)) == [SENTENCES[3]]

"""A short run over damaged files of every kind; `python -m tests.fuzz --files N` runs on."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests import fuzz
from tests.conftest import ROOT
from tests.fuzz import __main__ as runner
from tests.fuzz.mutations import damaged
from tests.fuzz.seeds import load_seeds, make_seeds

assert fuzz.__doc__


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shared = Path(os.environ.get("LAWGOV_SHARED", ROOT.parent / "shared"))
    made = tmp_path_factory.mktemp("whole")
    make_seeds(made, shared if shared.is_dir() else None)
    return made


def test_the_same_number_does_the_same_damage(folder: Path) -> None:
    for seed in load_seeds(folder):
        data = seed.path.read_bytes()
        first, again, other = (damaged(data, b"", random.Random(number)) for number in (7, 7, 8))
        assert first == again
        assert other != first or other != data


def test_damaged_files_are_answered(folder: Path) -> None:
    """Sixty files: each is read, or there is a problem with its place."""
    tally = runner.Tally()
    runner.run(folder, 0, 60, tally)
    assert tally.failed == []
    assert tally.files.total() == 60
    assert tally.records.total() and tally.problems.total()


def test_a_reader_that_hangs_is_killed_and_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No time at all for a file: the worker is killed at each, and the next one is tried."""
    monkeypatch.setattr(runner, "LIMIT", 0.0)
    tally = runner.Tally()
    runner.run(folder, 0, 2, tally)
    assert [line.split(": ")[0] for line in tally.failed] == ["YAML 0", "JSON 1"]

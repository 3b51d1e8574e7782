"""Progress is told on a terminal, once the work has taken a while, and nowhere else."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import lawgov_rules as lr
from lawgov_rules.commands import _progress
from tests.conftest import ROOT

RULES = ROOT / "tests" / "logs" / "rules" / "road-fines"
MAPPING = ROOT / "tests" / "logs" / "road-fines-csv.yaml"


class Terminal(io.StringIO):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def shown(monkeypatch: pytest.MonkeyPatch, after: float, is_terminal: bool) -> str:
    stderr = Terminal(is_terminal)
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_progress, "AFTER", after)
    with _progress.Bar() as bar:
        for done in (1, 2):
            bar("[a] file\x1b", done, 2)
        bar("records", 1234, 0)
    bar("verdicts", 1, 0)  # the work goes on while its results are printed
    return stderr.getvalue()


def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, 0, True)
    assert "1,234" in text and "records 案卷" in text and "verdicts" not in text
    assert "file\x1b" not in text


def test_short_work_and_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 3600, True) == shown(monkeypatch, 0, False) == ""


def test_what_is_told(tmp_path: Path) -> None:
    """2,500 rows of 1,250 records: the rows, then the records, then the verdicts of 6 rules."""
    lines = [f"{n},{act},2012-03-01" for n in range(1250) for act in ("Create Fine", "Payment")]
    (tmp_path / "t.csv").write_text("\n".join(["case,activity,date", *lines]), "utf-8")
    text = MAPPING.read_text("utf-8").partition("attributes:")[0] + "events:\n  - event: {column: activity, "
    (tmp_path / "m.yaml").write_text(text + "values: {Create Fine: created, Payment: paid}}\n    date: date\n", "utf-8")
    told: list[tuple[str, int, int]] = []
    rules = lr.load_rulesets(RULES)
    lr.check(
        tmp_path / "t.csv", rules, mapping=tmp_path / "m.yaml", progress=lambda *step: told.append(step), engine="live"
    )
    file = (tmp_path / "t.csv").as_posix()
    expected = [(file, 2000, 0), ("records", 500, 0), ("records", 1000, 0), ("verdicts", 0, 0)]
    assert told == expected + [("verdicts", n, 0) for n in range(500, 7501, 500)]

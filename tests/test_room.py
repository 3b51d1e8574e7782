"""Memory and disk for large tables: kept to, spilled into a folder of its own, and said where they are not enough."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import lawgov_rules as lr
from lawgov_rules.cli import main
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.stored import Stored
from tests.benchmarks import workload
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary folders, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def tables(folder: Path, records: int) -> Path:
    workload.generate(folder / "tables", records)
    return folder / "tables" / "records.parquet"


def asked(rules: Rulesets) -> Rulesets:
    return rules.at("full").only(workload.RULES)


@pytest.mark.parametrize(
    ("limits", "lang", "said"),
    [
        ({"memory": 2**20}, "en", "the memory that may be taken is not enough (allow more by `--limit memory=4G`)"),
        ({"memory": 2**20}, "zh", "可用内存不够（请用`--limit memory=4G`放宽内存）"),
        ({"memory": 24 * 2**20, "disk": 1}, "zh", "磁盘放不下内存容纳不了的中间数据（请腾出空间，"),
        ({"memory": 24 * 2**20, "disk": 1}, "en", "the disk has no room for what does not fit into memory (free "),
    ],
)  # fmt: skip
def test_what_is_not_enough_is_a_problem(
    limits: dict[str, int], lang: str, said: str, tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A megabyte holds nothing; 24 do not hold twenty thousand records, and a byte of disk does not help."""
    source = tables(tmp_path, 20_000)
    words = [word for name, number in limits.items() for word in ("--limit", f"{name}={number}")]
    only = ["--rules", str(ROOT / "rulesets" / "jincheng-2009"), "--engine", "batch", "--lang", lang]
    assert main(["check", str(source), "--as-of", workload.AS_OF, *only, *words]) == 2
    text = capsys.readouterr().out.replace("\n      办法：", "（").replace("\n      what to do: ", " (")
    assert said.rstrip(")）") in text
    assert list(temporary.iterdir()) == []


def test_the_folder_is_there_as_long_as_the_findings(rules: Rulesets, tmp_path: Path, temporary: Path) -> None:
    report = lr.check(tables(tmp_path, 500), asked(rules), as_of=workload.AS_OF, engine="batch")
    assert len(list(temporary.iterdir())) == 1 and report.findings
    assert isinstance(report.findings, Stored)
    report.findings.close()
    assert list(temporary.iterdir()) == [] and list(report.findings) == []
    report = lr.check(tables(tmp_path, 500), asked(rules), as_of=workload.AS_OF, engine="batch")
    assert len(list(temporary.iterdir())) == 1
    del report
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_a_program_that_ends_with_its_findings_open_says_nothing(tmp_path: Path) -> None:
    """And leaves no folder behind."""
    program = f"""
import lawgov_rules as lr
rules = lr.load_rulesets().only({{"jincheng-2009/study-hours-40"}})
report = lr.check({str(tables(tmp_path, 500))!r}, rules, as_of="2013-12-31", engine="batch")
started = iter(report.findings)
print(next(started)["rule"])
"""
    left = tmp_path / "left"
    left.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"TMPDIR": str(left), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("jincheng-2009/study-hours-40\n", "")
    assert list(left.iterdir()) == []


@pytest.mark.slow
def test_larger_than_memory(rules: Rulesets, tmp_path: Path, temporary: Path) -> None:
    """Two hundred thousand records, 1.4 million events, in 80 MB: what does not fit is spilled, and the counts are
    those of a check without a limit."""
    source = tables(tmp_path, 200_000)
    free = lr.check(source, asked(rules), as_of=workload.AS_OF, engine="batch", show=())
    limits = lr.Limits.of(["memory=80MB"])
    bound = lr.check(source, asked(rules), as_of=workload.AS_OF, engine="batch", limits=limits)
    assert bound.problems == [] and bound.summary == free.summary
    assert len(bound.findings) > 90_000
    assert sum(file.stat().st_size for folder in temporary.iterdir() for file in folder.iterdir()) > 2**20
    rows = sum(batch.num_rows for batch in bound.batches())
    assert rows == len(bound.findings)

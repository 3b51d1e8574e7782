"""On a cluster of two workers: the counts, the problems and the findings that one machine gives, also when a worker is
killed meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pytest

import lawgov_rules as lr
from tests.conftest import ROOT
from tests.spark.cluster import Cluster, cluster, lacking, surroundings
from tests.spark.data import AS_OF, SHOWN, asked, divided, tables

pytestmark = [pytest.mark.spark, pytest.mark.skipif(bool(lacking()), reason=lacking() or "all is there")]
LONGEST = 500  # seconds, on a machine that is busy with other things


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, pa.Table], Path]:
    folder = tmp_path_factory.mktemp("given")
    found = tables(folder / "whole")
    return found, divided(found, folder / "divided")


@pytest.fixture(scope="module")
def here(given: tuple[dict[str, pa.Table], Path]) -> list[lr.Report]:
    """What DuckDB says of the same tables."""
    return [lr.check(given[0], asked(n), as_of=AS_OF, show=SHOWN, engine="batch") for n in (0, 1)]


def run(two: Cluster, data: Path, outputs: list[Path]) -> list[dict[str, Any]]:
    """Two checks on the cluster; when the second has read its tables and begins to judge, a worker is killed."""
    command = [sys.executable, "-m", "tests.spark.driver", two.address, str(data), *map(str, outputs)]
    log = two.folder / "driver.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, cwd=ROOT, env=surroundings(), stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        try:
            # what it prints fits into the pipe
            half = "check 1: verdicts 0 of 1"
            two.wait_for(lambda: half in two.log("driver") or process.poll() is not None, half, LONGEST)
            two.kill("worker0")
            out, _ = process.communicate(timeout=LONGEST)
        finally:
            process.kill()
    assert process.returncode == 0, two.log("driver")[-4000:]
    found: list[dict[str, Any]] = json.loads(out)
    return found


def rows(table: pa.Table) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row.values())) for row in table.to_pylist())


def compare(done: dict[str, Any], output: Path, here: lr.Report) -> None:
    assert done["summary"] == here.summary
    reasons = [problem["reason"] for problem in done["problems"]]
    assert sorted(reasons) == sorted(problem.reason for problem in here.problems)
    assert "`publishd` is not an event of a normative_document" in reasons
    expected = pa.Table.from_batches(list(here.batches()))
    found = ds.dataset(output, format="parquet").to_table()
    assert found.schema.names == expected.schema.names
    assert rows(found) == rows(expected)
    assert found.num_rows > 5
    assert (output / "_SUCCESS").exists()


def test_a_cluster_says_what_one_machine_says(
    given: tuple[dict[str, pa.Table], Path], here: list[lr.Report], tmp_path: Path
) -> None:
    """With both workers, and when one of them, with all that it had kept, is killed in the midst."""
    outputs = [tmp_path / "whole", tmp_path / "killed"]
    with cluster(tmp_path) as two:
        first, second = run(two, given[1], outputs)
        log = two.log("driver")
    if keep := os.environ.get("LAWGOV_SPARK_LOG"):
        Path(keep).write_text(log, "utf-8")
    compare(first, outputs[0], here[0])
    compare(second, outputs[1], here[1])
    before, _, after = log.partition("check 1: verdicts 0 of 1")
    assert "Lost executor" in after, log[-4000:]
    assert "Lost executor" not in before

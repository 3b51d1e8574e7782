"""Every kind says in Spark what it says in Python, in a process of this machine alone."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.spark.cluster import lacking, surroundings

pytestmark = [pytest.mark.spark, pytest.mark.skipif(bool(lacking()), reason=lacking() or "all is there")]


def test_every_kind_agrees() -> None:
    command = [sys.executable, "-m", "tests.spark.agreement"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    found = re.search(r"(\d+) assessments, 13 kinds, 0 differ", done.stdout)
    # two rules are asked of each of 30 records of each kind, but those of other types
    assert found and int(found[1]) > 300, done.stdout


def test_the_command_names_what_is_missing(tmp_path: object) -> None:
    command = [
        sys.executable,
        "-m",
        "lawgov_rules.spark",
        f"{tmp_path}/none",
        f"{tmp_path}/out",
        "--master",
        "local[1]",
    ]
    env = {**surroundings(), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=200)
    assert done.returncode == 2, done.stderr[-3000:]
    assert "the table `records` is missing" in done.stderr

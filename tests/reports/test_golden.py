"""One small report in every format, word for word, as somebody has read it: the files of `tests/golden/`.

``LAWGOV_GOLDEN=write`` writes them anew; then read what has changed.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from typing import Any

import pytest

import lawgov_rules as lr
from tests.reports.conftest import EVERY, GOLDEN, written

# two violations are enough where a finding takes a page
FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "report.zh.txt": ("text", EVERY),
    "report.en.txt": ("text", EVERY),
    "report.zh.csv": ("csv", EVERY),
    "report.zh.md": ("markdown", EVERY),
    "report.en.xml": ("junit", EVERY),
    "report.jsonl": ("jsonl", EVERY),
    "report.json": ("json", ("violated",)),
    "report.zh.sarif": ("sarif", ("violated",)),
}


def settled(report: lr.Report) -> lr.Report:
    """The report with a receipt that stays the same when the product or the calendar has a new version."""
    receipt: dict[str, Any] = dict(report.receipt)
    receipt["version"] = "1.2.3"
    receipt["calendar"] = {"version": "2011-12-06", "published_through": 2012, "sha256": "c" * 64}
    receipt["vocabulary"] = "d" * 64
    return dataclasses.replace(report, receipt=receipt)


@pytest.mark.parametrize("file", FILES)
def test_golden(file: str, check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    format, show = FILES[file]
    found = written(format, settled(check(show)), "en" if ".en." in file else "zh", small)
    if os.environ.get("LAWGOV_GOLDEN") == "write":
        (GOLDEN / file).write_bytes(found)
    assert found.decode() == (GOLDEN / file).read_bytes().decode()


def test_the_golden_report_has_every_verdict(check: Callable[..., lr.Report]) -> None:
    assert {found["verdict"] for found in check().findings} == set(EVERY)

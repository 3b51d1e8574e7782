"""Parquet files and Arrow tables that a database reads where they lie, without records in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lawgov_rules as lr
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.table_files import files_of

RULE = "jincheng-2009/nd-county-filing-15d"
# published 2012-03-01, due 2012-03-16: the first was filed four days late, the second has an event nobody knows
TABLES = {
    "records": pa.table(
        {"record": ["a", "b"], "type": ["normative_document"] * 2, "jurisdiction": ["140581"] * 2,
         "organ": ["甲县人民政府"] * 2, "issuer_level": ["county"] * 2, "issued_in_name_of": ["government"] * 2}
    ),
    "events": pa.table(
        {"record": ["a", "a", "b"], "event": ["published", "filed", "publishd"],
         "date": pa.array([15400, 15419, 15400], pa.int32()).cast(pa.date32()), "to": [None, "city_government", None]}
    ),
}  # fmt: skip


def as_parquet(folder: Path) -> Any:
    for name, table in TABLES.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("form", ["folder", "paths", "arrow"])
def test_batch_says_what_live_says(form: str, tmp_path: Path, rules: Rulesets) -> None:
    folder = as_parquet(tmp_path)
    paths = {name: folder / f"{name}.parquet" for name in TABLES}
    source: Any = {"folder": folder, "paths": paths, "arrow": TABLES}[form]
    asked = rules.only({RULE})
    assert files_of(source, asked) is not None
    batch, live = (lr.check(source, asked, as_of="2012-12-31", engine=engine) for engine in ("batch", "live"))
    assert batch.summary == live.summary
    ((mine,), (theirs,)) = (report.findings for report in (batch, live))
    assert (mine["record"], mine["detail"], mine["due"]) == ("a", "late", "2012-03-16")
    assert {k: v for k, v in mine.items() if k != "source"} == {k: v for k, v in theirs.items() if k != "source"}
    assert [p.reason for p in batch.problems] == [p.reason for p in live.problems]
    assert batch.problems[0].place.file.endswith("#events b")
    assert batch.receipt["inputs"] == live.receipt["inputs"]


def test_counts_alone(rules: Rulesets) -> None:
    """No finding is asked for: one late record is counted all the same."""
    report = lr.check(TABLES, rules.only({RULE}), as_of="2012-12-31", engine="batch", show=())
    assert (report.findings, report.summary["rules"]) == ([], {RULE: {"violated": 1}})


@pytest.mark.parametrize("column", ["编号", "RECORD", "unheard_of"])
def test_other_headings_go_the_way_of_files(column: str, rules: Rulesets) -> None:
    """Only Python knows headings in both languages, and says what is wrong with one."""
    events = TABLES["events"].append_column(column, pa.array(["x"] * 3))
    assert files_of({**TABLES, "events": events}, rules) is None


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, rules: Rulesets) -> None:
    folder = as_parquet(tmp_path)
    (folder / "events.parquet").write_bytes(b"PAR1")
    report = lr.check(folder, rules.only({RULE}), as_of="2012-12-31", engine="batch")
    assert [Path(p.place.file).name for p in report.problems] == ["events.parquet"]

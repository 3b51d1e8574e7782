"""Findings that stay in a database: the same as those in memory, in the same order, in rows as well as in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lawgov_rules as lr
from lawgov_rules import found, reports
from lawgov_rules.checking import begin
from lawgov_rules.ruleset import Rulesets
from tests.benchmarks import workload

EVERY = tuple(verdict.name for verdict in lr.Verdict)
RULE = "jincheng-2009/nd-county-filing-15d"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand invented records of seven types."""
    made = tmp_path_factory.mktemp("workload")
    workload.generate(made, 2_000)
    return made / "records.parquet"


@pytest.fixture(scope="module")
def asked(rules: Rulesets) -> Rulesets:
    """The seven rules of the workload: five kinds, one with readings, one that may be excused."""
    return rules.at("full").only(workload.RULES)


@pytest.fixture(scope="module")
def both(folder: Path, asked: Rulesets) -> list[lr.Report]:
    """All findings by a database, and by Python record by record."""
    return [lr.check(folder, asked, as_of=workload.AS_OF, engine=e, show=EVERY) for e in ("batch", "live")]


def plain(findings: Any) -> list[dict[str, Any]]:
    """Findings without the place of their record, which a database tells otherwise."""
    return [{name: value for name, value in finding.items() if name != "source"} for finding in findings]


def table(report: lr.Report) -> pa.Table:
    return pa.Table.from_batches(report.batches(), found.schema())


def test_findings_and_rows_are_those_of_live(both: list[lr.Report]) -> None:
    batch, live = both
    assert {f["verdict"] for f in live.findings} >= {"violated", "undetermined", "excused", "compliant"}
    assert (len(batch.findings), plain(batch.findings)) == (len(live.findings), plain(live.findings))
    assert table(batch).equals(table(live))


@pytest.mark.parametrize("number", [1, 7, 40, 10_000])
def test_the_gravest_are_the_same(number: int, both: list[lr.Report]) -> None:
    batch, live = (report.gravest(number) for report in both)
    assert plain(batch.findings) == plain(live.findings)
    assert batch.left_out == live.left_out == max(0, batch.summary["assessed"] - number)
    keys = {(f["type"], f["record"]) for f in batch.findings}
    assert all(batch.records[key].id == live.records[key].id for key in keys)


def test_findings_can_be_read_again_and_at_once(both: list[lr.Report]) -> None:
    findings, every = both[0].findings, []
    for number, finding in enumerate(findings):
        every.append(finding)
        if number in (0, 30):
            assert findings[0] == every[0]
    assert len(every) > 50
    assert findings == every and findings[-1] == every[-1] and findings[3:9:2] == every[3:9:2]
    assert findings != every[1:]
    with pytest.raises(IndexError):
        findings[len(every)]


# published on 2012-03-01 and due on the 16th: 1 was filed on the 20th, 4 days late; 2 never, 290 days late on the last
# day of the year; 3 on the 9th, in time; of 4 it is not known who issued it
FILED = {
    "records": pa.table(
        {"record": ["1", "2", "3", "4"], "type": ["normative_document"] * 4, "jurisdiction": ["140581"] * 4,
         "organ": ["甲", "乙", "甲", None], "issuer_level": ["county"] * 3 + [None],
         "issued_in_name_of": ["government"] * 4}
    ),
    "events": pa.table(
        {"record": ["1", "1", "2", "3", "3", "4"], "event": ["published", "filed", "published"] * 2,
         "date": pa.array([15400, 15419, 15400, 15400, 15408, 15400], pa.int32()).cast(pa.date32()),
         "to": [None, "city_government", None, None, "city_government", None]}
    ),
}  # fmt: skip
FILED["events"] = FILED["events"].set_column(
    1, "event", pa.array(["published", "filed", "published", "published", "filed", "published"])
)


@pytest.mark.parametrize("engine", ["batch", "live"])
def test_the_columns_of_a_parquet_table(engine: Any, rules: Rulesets, tmp_path: Path) -> None:
    """By hand: four rows, the last without the fact that would decide."""
    one = rules.only({RULE})
    report = lr.check(FILED, one, as_of="2012-12-31", engine=engine, show=EVERY)
    file = tmp_path / "findings.parquet"
    with file.open("wb") as out:
        reports.load("parquet").write(report, out, "zh", one)
    rows = pq.read_table(file).to_pylist()
    decided = ("record", "organ", "verdict", "detail", "days_late", "missing")
    assert [tuple(row[name] for name in decided) for row in rows] == [
        ("1", "甲", "violated", "late", 4, []),
        ("2", "乙", "violated", "missing", 290, []),
        ("3", "甲", "compliant", "on_time", None, []),
        ("4", None, "undetermined", "fact_missing", None, ["issuer_level"]),
    ]
    days = [tuple(str(row[name]) for name in ("due", "due_latest", "done")) for row in rows[:2]]
    assert days == [("2012-03-16", "2012-03-16", "2012-03-20"), ("2012-03-16", "2012-03-16", "None")]
    names = ("rule", "document", "clause", "locator", "severity", "type", "jurisdiction")
    assert [rows[0][name] for name in names] == [
        RULE, "jincheng-2009", "二（三）2", "公布之日起15日内报送市政府", "error", "normative_document", "140581",
    ]  # fmt: skip
    told = json.loads(pq.read_metadata(file).metadata[b"lawgov_rules"])
    assert told["summary"]["verdicts"] == {"compliant": 1, "violated": 2, "undetermined": 1}
    assert told["receipt"]["executor"] == engine and told["problems"] == []


def test_a_check_gives_rows_as_they_come(folder: Path, asked: Rulesets) -> None:
    """Without a report, of records that were read and of those in a database; the summary is there afterwards."""
    for engine in ("batch", "live"):
        begun = begin(folder, asked, as_of=workload.AS_OF, engine=engine)
        rows = sum(batch.num_rows for batch in begun.batches())
        counts = begun.summary["verdicts"]
        assert rows == sum(number for verdict, number in counts.items() if verdict in lr.checking.SHOWN)


def test_the_gravest_by_hand(rules: Rulesets) -> None:
    """Violated before undetermined, and the longest late first: 2, 1, 4, 3; listed by record."""
    for engine in ("batch", "live"):
        report = lr.check(FILED, rules.only({RULE}), as_of="2012-12-31", engine=engine, show=EVERY)
        first = [[f["record"] for f in report.gravest(n).findings] for n in (1, 2, 3, 4)]
        assert first == [["2"], ["1", "2"], ["1", "2", "4"], ["1", "2", "3", "4"]]

"""The demonstration data: the same bytes everywhere, believable as a whole, and honest about what it is."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from lawgov_rules.checking import check
from lawgov_rules.cli import main
from lawgov_rules.days import to_date
from lawgov_rules.demo import AS_OF, BROKEN, NOTE, data_set, write
from lawgov_rules.demo.draw import Draw
from lawgov_rules.demo.page import flow
from lawgov_rules.input import read_input
from lawgov_rules.records import Record
from lawgov_rules.report import Report
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict
from tests.conftest import ROOT

# the main record types; more are there
TYPES = {
    *("normative_document", "reconsideration_case", "major_decision", "organ", "enforcement_action"),
    *("enforcement_officer", "staff_member", "legislative_draft", "review_request", "litigation_case"),
    *("rectification", "statistics_report", "plan_task", "community_or_village", "approval_case", "approval_item"),
    *("public_complaint", "petition", "meeting", "civil_act"),
}
Findings = dict[tuple[str, str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "演示"
    write(made)
    return made


@pytest.fixture(scope="module")
def records(folder: Path, rules: Rulesets) -> list[Record]:
    """The good records, without those of the broken file."""
    data = read_input([path for path in folder.iterdir() if path.is_dir()], rules)
    assert data.problems == []
    return data.records


@pytest.fixture(scope="module")
def remarks(folder: Path) -> dict[tuple[str, str], list[str]]:
    """What was arranged in each record, from the remarks above it."""
    found = {}
    for path in folder.glob("*/*.yaml"):
        for part in path.read_text("utf-8").split("---\n")[1:]:
            [id_] = re.findall(r'^record: "?(.*?)"?$', part, re.M)
            [type_] = re.findall(r"^type: (.*)$", part, re.M)
            found[type_, id_] = re.findall(r"^# 情形：(.*)$", part, re.M)
    return found


@pytest.fixture(scope="module")
def report(records: list[Record], rules: Rulesets) -> Report:
    return check(records, rules.at("standard"), as_of=AS_OF, engine="live", show=[v.name for v in Verdict if v])


@pytest.fixture(scope="module")
def findings(report: Report) -> Findings:
    found: Findings = defaultdict(list)
    for finding in report.findings:
        found[finding["type"], finding["record"]].append(dict(finding))
    return found


def test_the_same_bytes_in_another_process() -> None:
    """Another process, with other hashes of strings, makes the same files."""
    code = "import hashlib, lawgov_rules.demo as d; print(hashlib.sha256(repr(d.data_set()).encode()).hexdigest())"
    ran = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    ]
    assert ran[0] == ran[1] != b""


def test_draws_are_those_of_every_python() -> None:
    """Worked out once; another version of Python must draw them too."""
    draw = Draw("甲县", 7)
    assert [draw.between(1, 100) for _ in range(5)] == [94, 6, 86, 35, 33]
    assert sorted(draw.shuffled("赵钱孙李")) == sorted("赵钱孙李")
    assert {draw.between(3, 4) for _ in range(50)} == {3, 4}


def test_what_is_in_it(records: list[Record]) -> None:
    made = data_set()
    assert (made.records, made.organs) == (len(records), 20)
    assert 300 <= len(records) <= 360
    assert {record.type for record in records} >= TYPES
    assert len({record.organ for record in records}) == 20
    assert {name.partition("/")[0] for name in made.files} == {
        *("changzhi-2017", "guigang-2011", "jilin-2015", "jincheng-2009", "shanxi-2013"),
        *(NOTE, BROKEN),
    }
    years = {event.day // 365 + 1970 for record in records if record.type == "organ" for event in record.events}
    assert years >= set(range(2009, 2020))


def test_it_says_that_it_is_invented(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        head = path.read_text("utf-8").splitlines()[:3]
        assert any("虚构" in line for line in head), path
    note = (folder / NOTE).read_text("utf-8")
    assert f"--as-of {AS_OF}" in note and BROKEN in note


def test_no_real_names(records: list[Record], rules: Rulesets) -> None:
    """Organs bear stems for names and people a surname alone; no place of the rulesets occurs."""
    places = {name for name in rules.jurisdictions._names.values() if len(name) > 2}
    places |= {name.rstrip("省市县区") for name in places if len(name.rstrip("省市县区")) > 1}
    for record in records:
        text = f"{record.id} {record.organ} {dict(record.attributes)}"
        assert not [place for place in places if place in text], text
        assert re.match("[甲乙丙丁戊己庚辛壬癸子][省市县]", record.organ or ""), record.organ
        people = [p.person for p in record.participants] + re.findall("（(.某)）", record.id)
        assert all(re.fullmatch("[\u4e00-\u9fff]某", person) for person in people), people


def test_dates_are_plausible(records: list[Record], rules: Rulesets) -> None:
    """Up to the last day of the set, on working days but for what happens on any day."""
    resting = Counter[str]()
    for record in records:
        region = rules.calendar.region(record.jurisdiction)
        for event in record.events:
            assert dt.date(2009, 1, 1) <= to_date(event.day) <= AS_OF, record.id
            resting[event.name] += region.state(event.day) == "rest"
    assert 20 < resting.total() < 120
    assert {name for name, times in resting.items() if times} >= {"took_effect", "case_opened", "investigated"}
    assert not resting["collectively_discussed"] and not resting["legality_reviewed"] and not resting["decided"]


def test_records_without_a_remark_are_in_order(findings: Findings, remarks: dict[tuple[str, str], list[str]]) -> None:
    off = {"violated", "arguable", "undetermined", "excused"}
    unexpected = {key: f["rule"] for key, found in findings.items() for f in found if f["verdict"] in off}
    assert {key: rule for key, rule in unexpected.items() if not remarks[key]} == {}


def test_about_seven_tenths_are_in_order(findings: Findings, remarks: dict[tuple[str, str], list[str]]) -> None:
    off = {"violated", "arguable", "undetermined"}
    bad = sum(any(f["verdict"] in off for f in findings[key]) for key in remarks)
    assert 0.62 <= 1 - bad / len(remarks) <= 0.75


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("core", {"compliant": 855, "violated": 80, "pending": 20, "arguable": 19, "undetermined": 20, "excused": 4}),
        (
            "standard",
            {"compliant": 2560, "violated": 133, "pending": 98, "arguable": 28, "undetermined": 33, "excused": 8},
        ),
    ],
)
def test_every_verdict_occurs(records: list[Record], rules: Rulesets, level: str, expected: dict[str, int]) -> None:
    """In these numbers, give or take a tenth (and two) for readings that are corrected."""
    counted = check(records, rules.at(level), as_of=AS_OF, engine="live", show=[]).summary["verdicts"]
    assert {*counted} == {verdict.name for verdict in Verdict}
    assert {name: counted[name] for name in expected} == pytest.approx(expected, rel=0.1, abs=2)


def test_every_organ_is_worth_a_report(report: Report) -> None:
    for organ, verdicts in report.summary["organs"].items():
        assert verdicts["compliant"] > 20 and verdicts["violated"] >= 1, organ
        assert {"pending", "arguable", "undetermined", "excused"} & {*verdicts}, organ


def test_breaches_are_of_many_kinds(report: Report) -> None:
    details = Counter(f["detail"] for f in report.findings if f["verdict"] == "violated")
    assert details["late"] >= 15 and details["missing"] >= 10 and details["wrong_order"] >= 8
    assert {"missing_before", "not_passed", "short", "incomplete", "unequal", "unqualified", "happened"} <= {*details}


def test_the_broken_file_is_broken_in_many_ways(folder: Path, rules: Rulesets) -> None:
    data = read_input(folder / BROKEN, rules)
    assert (data.read, len(data.records)) == (8, 1)
    assert [problem.value for problem in sorted(data.problems)] == [
        *("publishd", "报送备案", "simple", "2013-02-30", "22022"),
        *("", "", "review_requests", "癸县规审〔2018〕106号"),
    ]


@pytest.mark.slow
def test_batch_and_live_agree(records: list[Record], rules: Rulesets) -> None:
    """By the headline rules: every rule on its cases is compared elsewhere, and each takes its time to compile."""
    every = [verdict.name for verdict in Verdict]
    batch, live = (
        check(records, rules, as_of=AS_OF, engine=engine, show=every).to_dict() for engine in ("batch", "live")
    )
    assert batch.pop("receipt") | {"executor": "live"} == live.pop("receipt")
    assert batch == live


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "演示"
    assert main(["demo", str(folder), "--lang", "zh"]) == 0
    told = capsys.readouterr()
    assert told.err == "" and "20个虚构机关" in told.out and f"lawgov check {folder} --as-of 2019-12-06" in told.out
    assert main(["check", str(folder), "--as-of", "2019-12-06", "--level", "standard", "--lang", "zh"]) == 2
    assert "未能读取 7 " in capsys.readouterr().out.splitlines()[0]


def test_command_spares_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.yaml").write_text("mine", "utf-8")
    assert main(["demo", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
    assert "is not empty; name another folder, or add --force" in capsys.readouterr().err
    assert main(["demo", str(tmp_path), "--force"]) == 0
    assert (tmp_path / "mine.yaml").read_text("utf-8") == "mine" and (tmp_path / NOTE).exists()
    assert main(["demo", str(tmp_path / "mine.yaml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("甲县政发〔2012〕3号", "甲县政发〔2012〕3号"),
        ("2012-03-01", "2012-03-01"),
        ("a: b", '"a: b"'),
        ("甲，“乙” {丙}", '"甲，“乙” {丙}"'),
        ("- x", '"- x"'),
        (["a", "b"], "[a, b]"),
        ({"event": "published", "to": "x"}, "{event: published, to: x}"),
    ],
)
def test_values_on_a_page(value: Any, text: str) -> None:
    assert flow(value) == text

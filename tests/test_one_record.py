"""`check_record`: the findings that `check` has for the record alone, from a record or from plain values."""

from __future__ import annotations

import datetime as dt
import gc
import json
import pickle
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import lawgov_rules as lr
from lawgov_rules.cases import read_cases
from lawgov_rules.live import Compiled
from lawgov_rules.loading import load_rulesets
from lawgov_rules.problems_zh import zh
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict
from tests.benchmarks.records import AS_OF
from tests.benchmarks.records import records as drawn_records
from tests.conftest import CASES

RULES = load_rulesets()
ALL = [verdict.name for verdict in Verdict]
# published on 1 March 2012, due on the 16th, filed on the 20th: four days late
LATE: dict[str, Any] = {
    "record": "甲县政发〔2012〕3号",
    "type": "normative_document",
    "jurisdiction": "140581",
    "organ": "甲县人民政府",
    "attributes": {"issuer_level": "county", "issued_in_name_of": "government"},
    "events": [
        {"event": "published", "date": "2012-03-01"},
        {"event": "filed", "date": "2012-03-20", "to": "city_government"},
    ],
}


def changed(**keys: Any) -> dict[str, Any]:
    return LATE | keys


def test_plain_values_give_a_finding_with_evidence(rules: Rulesets) -> None:
    """Ten headline rules speak of documents; one concerns this one, the others another place or condition."""
    report = lr.check_record(LATE, rules, "2012-12-31")
    (found,) = report.findings
    assert (found["rule"], found["verdict"], found["detail"]) == (
        "jincheng-2009/nd-county-filing-15d",
        "violated",
        "late",
    )
    assert (found["due"], found["actual"], found["over_by"]) == ("2012-03-16", "2012-03-20", "4 days")
    assert [e["date"] for e in found["evidence"]] == ["2012-03-01", "2012-03-20"]
    assert report.verdicts == {"not_applicable": 9, "violated": 1}
    assert (report.as_of, report.record.id) == (dt.date(2012, 12, 31), "甲县政发〔2012〕3号")


def test_typed_values_mean_what_their_text_means(rules: Rulesets) -> None:
    typed = changed(
        attributes={**LATE["attributes"], "affects_rights": True},
        events=(
            {"event": "published", "date": dt.date(2012, 3, 1)},
            dict(LATE["events"][1], date=dt.datetime(2012, 3, 20)),
        ),
    )
    text = changed(attributes={**LATE["attributes"], "affects_rights": "true"})
    one, other = (lr.check_record(value, rules, dt.date(2012, 12, 31), show=ALL) for value in (typed, text))
    assert one.findings == other.findings


@pytest.mark.parametrize("value", [19.5, Decimal("19.5"), "19.5"])
def test_numbers_are_exact(rules: Rulesets, value: Any) -> None:
    """Numbers are kept in millionths: 19.5 is 19500000."""
    events = [{"event": "training_class_held", "date": "2012-03-01", "hours": value}]
    record = lr.check_record({"record": "a", "type": "organ", "events": events}, rules, "2012-12-31").record
    assert record.events[0].attributes["hours"] == 19_500_000


def test_it_says_what_check_says_of_the_record_alone(rules: Rulesets) -> None:
    cases, _problems = read_cases(CASES, rules)
    for case in cases[::40]:
        whole = lr.check([case.record], rules, as_of="2013-12-31", engine="live", show=ALL)
        report = lr.check_record(case.record, rules, "2013-12-31", show=ALL)
        assert report.findings == whole.findings
        assert report.verdicts == whole.summary["verdicts"]


def test_only_the_verdicts_asked_for_are_listed_and_all_are_counted(rules: Rulesets) -> None:
    report = lr.check_record(LATE, rules, "2012-12-31", show=["compliant"])
    assert report.findings == []
    assert report.verdicts == {"not_applicable": 9, "violated": 1}


def test_a_bad_record_is_refused_with_every_problem(rules: Rulesets) -> None:
    """Nothing is judged: an answer without findings would look like a record in order."""
    events = [{"event": "publishd", "date": "2012-03-01"}, {"event": "filed", "date": "2012-02-30"}]
    with pytest.raises(lr.InputError) as refused:
        lr.check_record(changed(events=events, type_="x"), rules, "2012-12-31")
    assert [(p.place.file, p.value) for p in refused.value.problems] == [
        ("type_", "type_"),
        ("events[0].event", "publishd"),
        ("events[1].date", "2012-02-30"),
    ]


@pytest.mark.parametrize("value", [None, [], "record: a", 3])
def test_what_is_no_mapping_is_no_record(rules: Rulesets, value: Any) -> None:
    with pytest.raises(lr.InputError):
        lr.check_record(value, rules, "2012-12-31")


def test_what_is_no_value_is_refused_with_its_place(rules: Rulesets) -> None:
    with pytest.raises(lr.InputError) as refused:
        lr.check_record(changed(organ=object(), attributes={"issuer_level": {1, 2}}), rules, "2012-12-31")
    assert [p.place.file for p in refused.value.problems] == ["organ", "attributes.issuer_level"]
    assert [zh(p.reason) for p in refused.value.problems] == ["`object`不是可用的值", "`set`不是可用的值"]


def test_values_that_contain_themselves_are_refused(rules: Rulesets) -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(lr.InputError, match="nested deeper"):
        lr.check_record(changed(participants=endless), rules, "2012-12-31")


@pytest.mark.usefixtures("durable_rules")
def test_durable_rules_say_the_same(rules: Rulesets) -> None:
    report = lr.check_record(LATE, rules, "2012-12-31", engine="durable", show=ALL)
    assert report == lr.check_record(LATE, rules, "2012-12-31", show=ALL)


def test_an_executor_that_is_not_known_is_refused(rules: Rulesets) -> None:
    with pytest.raises(ValueError, match="`batch` is not an executor for one record"):
        lr.check_record(LATE, rules, "2012-12-31", engine="batch")  # type: ignore[arg-type]


def test_an_executor_that_is_not_there_is_said_so(
    rules: Rulesets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that does not load stands in the place of durable-rules."""
    (tmp_path / "durable.py").write_text("raise ModuleNotFoundError", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(lr.ExecutorError, match=r"lawgov-rules\[durable\]|use Python 3.11 or 3.12"):
        lr.check_record(LATE, rules, "2012-12-31", engine="durable")


def test_a_record_of_a_type_without_rules_has_no_verdicts(rules: Rulesets) -> None:
    none = rules.only(())
    assert lr.check_record(LATE, none, "2012-12-31").verdicts == {}


def test_findings_are_plain_values(rules: Rulesets) -> None:
    report = lr.check_record(LATE, rules, "2012-12-31", show=ALL)
    assert json.loads(json.dumps(report.findings)) == list(report.findings)


def test_the_record_may_come_from_a_file(rules: Rulesets) -> None:
    record = lr.check_record(LATE, rules, "2012-12-31").record
    assert isinstance(record, Record)
    assert lr.check_record(record, rules, "2012-12-31").findings == lr.check_record(LATE, rules, "2012-12-31").findings


def test_threads_that_share_rules_say_the_same() -> None:
    """Also at the first call, when the rules are compiled: each thread finds them as loaded."""
    records = drawn_records(60, RULES)
    alone = [lr.check_record(record, RULES, AS_OF, show=ALL).findings for record in records]
    fresh = RULES.at("core")
    begin = threading.Barrier(4)

    def check(number: int) -> bool:
        begin.wait()
        mine = records[number:] + records[:number]
        said = alone[number:] + alone[:number]
        return [lr.check_record(record, fresh, AS_OF, show=ALL).findings for record in mine] == said

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(check, (0, 15, 30, 45))) == [True] * 4


def test_rules_are_compiled_once_and_go_with_their_rulesets() -> None:
    fresh = RULES.at("core")
    lr.check_record(LATE, fresh, "2012-12-31")
    compiled = Compiled.of(fresh)
    assert Compiled.of(fresh) is compiled
    assert Compiled.of(fresh.at("full")) is not compiled
    gone = weakref.ref(compiled)
    del fresh, compiled
    gc.collect()
    assert gone() is None


def test_rules_can_be_sent_to_another_process_after_use() -> None:
    lr.check_record(LATE, RULES, "2012-12-31")
    sent = pickle.loads(pickle.dumps(RULES))
    assert lr.check_record(LATE, sent, "2012-12-31").findings == lr.check_record(LATE, RULES, "2012-12-31").findings

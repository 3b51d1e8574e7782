"""A monitor day by day: what each call returns, worked out by hand."""

from __future__ import annotations

import datetime as dt
import threading
import tracemalloc
from typing import Any

import pytest

import lawgov_rules as lr
from lawgov_rules.monitor import Monitor
from lawgov_rules.problems_zh import zh
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.view import Population
from lawgov_rules.waking import Judge, Judged
from tests.conftest import CASES
from tests.monitor.build import FILED, FILING, PUBLISHED, document, filing, published, told

NAME = "甲县政发〔2012〕3号"
KEY = ("normative_document", NAME)


def march(day: int) -> dt.date:
    return dt.date(2012, 3, day)


def test_from_publication_to_the_morning_after_the_deadline(rules: Rulesets) -> None:
    """Published on 1 March: due on the 16th, a Friday. On the 17th it is missing. On the 21st the filing of the 20th
    is recorded, 4 days late; then that it had been filed on the 15th already, in time."""
    monitor = Monitor(filing(rules), march(1))
    assert monitor.post(document()) == []
    assert told(monitor.post(NAME, PUBLISHED)) == [("new", "pending", "not_due", "", "")]
    assert monitor.advance("2012-03-16") == []
    (missing,) = monitor.advance("2012-03-17")
    assert (missing.record, missing.rule, missing.instance) == (NAME, FILING, "")
    assert told([missing]) == [("changed", "violated", "missing", "pending", "not_due")]
    found = monitor.explain(missing)
    assert found is not None
    assert (found["due"], found["citation"]["clause"]) == ("2012-03-16", "二（三）2")
    assert told(monitor.advance("2012-03-21")) == []
    assert told(monitor.post(NAME, FILED)) == [("changed", "violated", "late", "violated", "missing")]
    assert [f["over_by"] for f in monitor.findings()] == ["4 days"]
    earlier = {**FILED, "date": "2012-03-15"}
    (cleared,) = monitor.post(KEY, earlier)
    assert told([cleared]) == [("cleared", "compliant", "on_time", "violated", "late")]
    assert monitor.findings() == []
    assert (monitor.explain(cleared) or {})["verdict"] == "compliant"
    assert told(monitor.retract(NAME, earlier)) == [("new", "violated", "late", "", "")]
    assert told(monitor.retract(NAME)) == [("cleared", "", "", "violated", "late")]
    assert monitor.explain(cleared) is None
    assert len(monitor) == 0


def test_an_event_of_the_future_counts_when_its_day_comes(rules: Rulesets) -> None:
    monitor = Monitor(filing(rules), march(1))
    monitor.post(document(3, PUBLISHED))
    assert monitor.post(NAME, {**FILED, "date": "2012-03-05"}) == []
    assert monitor.advance(march(4)) == []
    assert told(monitor.advance(march(5))) == [("cleared", "compliant", "on_time", "pending", "not_due")]
    assert told(monitor.advance(march(4))) == [("new", "pending", "not_due", "", "")]  # a day back


def test_attributes_are_set_and_taken_back(rules: Rulesets) -> None:
    """A city's document is none of the rule's; one of which nobody says whose it is may be."""
    monitor = Monitor(filing(rules), march(2))
    monitor.post(document(3, PUBLISHED))
    assert told(monitor.post(NAME, {"attributes": {"issuer_level": "city"}}))[0][:3] == (
        "cleared",
        "not_applicable",
        "condition_false",
    )
    (unknown,) = monitor.post(NAME, {"attributes": {"issuer_level": None}})
    assert (unknown.verdict, (monitor.explain(unknown) or {})["missing"]) == ("undetermined", ["issuer_level"])
    assert monitor.record(NAME).organ == "甲县人民政府"
    monitor.post(NAME, {"organ": None, "events": [FILED], "attributes": {"issuer_level": "county"}})
    assert (monitor.record(NAME).organ, len(monitor.record(NAME).events)) == (None, 2)


def test_what_falls_due(rules: Rulesets) -> None:
    """Due on 16 and 30 March (15 days after the 1st and the 15th); overdue from the day after."""
    monitor = Monitor(filing(rules), march(15))
    monitor.post(document(1, published(march(1))))
    monitor.post(document(2, published(march(15))))
    assert [(d.record[-2:], d.days_left) for d in monitor.due(within=10)] == [("1号", 1)]
    assert [(d.record[-2:], d.days_left) for d in monitor.due()] == [("1号", 1), ("2号", 15)]
    assert [(d.status, str(d.due)) for d in monitor.due("30d")] == [("due", "2012-03-16"), ("due", "2012-03-30")]
    monitor.advance(march(20))
    assert [(d.status, d.days_left) for d in monitor.due(within=3)] == [("overdue", -4)]


REFUSED: list[tuple[Any, Any, str, str]] = [
    (NAME, {"event": "publishd", "date": "2012-03-01"}, "events[0].event", "did you mean `published`"),
    (NAME, {"event": "filed", "date": "2012-02-30"}, "events[0].date", "year-month-day"),
    (NAME, {"role": "judge", "person": "甲"}, "participants[0].role", ""),
    (NAME, {"attributes": {"issuer_level": "galaxy"}}, "attributes.issuer_level", ""),
    (NAME, {"happened": "filed"}, "happened", ""),
    (NAME, {"type": "organ"}, "type", "retract the record"),
    ("甲县政发〔2012〕4号", PUBLISHED, "(input)", "post the whole record first"),
    (document(4, {"event": "filed"}), None, "events[0].event", "year-month-day"),
]


@pytest.mark.parametrize(("record", "fact", "place", "help"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_a_wrong_post_is_refused_with_its_place_and_changes_nothing(
    rules: Rulesets, record: Any, fact: Any, place: str, help: str
) -> None:
    monitor = Monitor(filing(rules), march(20))
    monitor.post(document(3, PUBLISHED))
    before = (monitor.findings(), monitor.record(NAME))
    with pytest.raises(lr.InputError) as refused:
        monitor.post(record, fact)
    problem = refused.value.problems[0]
    assert str(problem.place) == place
    assert help in problem.help
    assert zh(problem.reason) != problem.reason
    assert zh(problem.help) != problem.help or not problem.help
    assert (monitor.findings(), monitor.record(NAME), len(monitor)) == (*before, 1)


def test_what_is_not_on_record_cannot_be_retracted(rules: Rulesets) -> None:
    monitor = Monitor(filing(rules), march(20))
    monitor.post(document(3, PUBLISHED))
    for fact in (FILED, {**PUBLISHED, "date": "2012-03-02"}, {"attributes": {"issuer_level": "county"}}):
        with pytest.raises(lr.InputError) as refused:
            monitor.retract(NAME, fact)
        assert zh(refused.value.problem.reason) != refused.value.problem.reason
        assert zh(refused.value.problem.help) != refused.value.problem.help
    assert len(monitor.record(NAME).events) == 1


def test_an_id_of_two_types_needs_its_type(rules: Rulesets) -> None:
    monitor = Monitor(rules, march(20))
    monitor.post({**document(), "record": "7"})
    monitor.post({"record": "7", "type": "organ"})
    with pytest.raises(lr.InputError, match="`7` names several records") as refused:
        monitor.post("7", PUBLISHED)
    assert zh(refused.value.problem.help) != refused.value.problem.help
    assert monitor.record(("organ", "7")).type == "organ"


def test_a_day_costs_what_falls_due(rules: Rulesets, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 60 documents published on the 1st to the 20th, three a day, those of the 5th are missing from the 21st on
    (due on the 20th); no other record is judged on that day, and none on a day on which nothing falls due."""
    judged: list[str] = []
    real = Judge.__call__

    def counting(self: Judge, record: Record, as_of: int, others: Population) -> Judged:
        judged.append(record.id)
        return real(self, record, as_of, others)

    monitor = Monitor(filing(rules), march(20))
    for number in range(60):
        monitor.post(document(number, published(march(number // 3 + 1))))
    monkeypatch.setattr(Judge, "__call__", counting)
    assert len(monitor.advance(march(21))) == 3
    assert sorted(judged) == sorted(document(n)["record"] for n in (12, 13, 14))
    judged.clear()
    monitor.advance(dt.date(2012, 4, 10))  # the last are due on 4 April; those of the 15th on the 30th
    assert len(judged) == 45
    judged.clear()
    assert monitor.advance(dt.date(2013, 6, 1)) == []
    assert judged == []


def test_a_fact_of_another_record_is_heard_on_its_day(rules: Rulesets) -> None:
    """All main systems of a place were to be in place by the end of 2018: one task, its system issued on 1 June."""
    goal = "changzhi-2017/goal-2018-main-systems"
    monitor = Monitor(rules.only({goal}), dt.date(2018, 5, 30))
    place = {"jurisdiction": "140400", "organ": "甲市人民政府"}
    government = {"organ_kind": "government", "level": "city"}
    (alone,) = monitor.post({"record": "甲市人民政府", "type": "organ", **place, "attributes": government})
    assert (alone.verdict, alone.detail) == ("undetermined", "record_missing")
    task = {"task_mode": ["establish_system"], "main_system": True}
    issued = {"event": "deliverable_issued", "date": dt.date(2018, 6, 1)}
    changed = monitor.post({"record": "1", "type": "plan_task", **place, "attributes": task, "events": [issued]})
    assert told(changed) == [("changed", "pending", "not_due", "undetermined", "record_missing")]
    assert changed[0].record == "甲市人民政府"
    assert monitor.advance("2018-05-31") == []
    assert told(monitor.advance("2018-06-01")) == [("cleared", "compliant", "enough", "pending", "not_due")]
    assert told(monitor.retract("1", issued)) == [("new", "pending", "not_due", "", "")]
    assert told(monitor.post("1", {"jurisdiction": "450800"}))[0][:3] == ("changed", "undetermined", "record_missing")


def test_files_are_loaded_at_once_and_their_problems_told(rules: Rulesets) -> None:
    monitor = Monitor(rules, "2013-12-31")
    changed, problems = monitor.load(CASES / "jincheng-2009")
    report = lr.check(CASES / "jincheng-2009", rules, as_of="2013-12-31", engine="live")
    assert problems == list(report.problems)
    assert len(monitor) == report.summary["checked"]
    assert monitor.findings() == list(report.findings)
    assert len(changed) == len(report.findings)


def test_many_threads_and_monitors(rules: Rulesets) -> None:
    """Eight threads post 40 documents to one monitor while another turns its days; a second monitor stays apart."""
    monitor, apart = Monitor(filing(rules), march(20)), Monitor(filing(rules), march(20))

    def work(thread: int) -> None:
        for n in range(5):
            record = document(thread * 10 + n)
            monitor.post(record)
            monitor.post(record["record"], published(march(thread + 1)))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    threads.append(threading.Thread(target=lambda: [monitor.advance(march(20 + n)) for n in range(5)]))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = [monitor.record(document(t * 10 + n)["record"]) for t in range(8) for n in range(5)]
    assert all(len(record.events) == 1 for record in records)
    assert monitor.findings() == list(lr.check(records, filing(rules), as_of=march(24), engine="live").findings)
    assert len(apart) == 0


def test_an_idle_record_of_ten_events_takes_less_than_four_kilobytes(rules: Rulesets) -> None:
    """With all core rules; findings kept and the day on which it wakes included."""
    monitor = Monitor(rules, march(20))
    events = [{**PUBLISHED, "date": march(n)} for n in range(1, 10)] + [FILED]
    monitor.post(document(9999, *events))
    tracemalloc.start()
    for number in range(200):
        monitor.post(document(number, *events))
    taken, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / 200 < 4096

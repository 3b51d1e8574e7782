"""Object-centric logs: the three forms of OCEL 2.0 say the same, and what is wrong has its place."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.importers import ocel
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._rows import Row
from lawgov_rules.problems_zh import zh
from tests.conftest import ROOT
from tests.test_problems_zh import _is_chinese

LOGS = ROOT / "tests" / "logs"
MAPPING = LOGS / "purchases.yaml"
RULES = lr.load_rulesets(LOGS / "rules" / "purchases")
FORMS = ("jsonocel", "xmlocel", "sqlite")
SMALL: dict[str, Any] = {
    "objects": [
        {
            "id": "R1",
            "type": "Invoice",
            "attributes": [
                {"name": "is_blocked", "time": "2022-02-03T06:30:00Z", "value": "Yes"},
                {"name": "is_blocked", "time": "1970-01-01T00:00:00Z", "value": "No"},
                {"name": "amount", "time": "1970-01-01T00:00:00Z", "value": 7},
            ],
            "relationships": [{"objectId": "P1", "qualifier": "paid by"}, {"objectId": "P2", "qualifier": "paid by"}],
        },
        {"id": "P1", "type": "Payment"},
        {"id": "P2", "type": "Payment"},
    ],
    "events": [
        {
            "id": "e1",
            "type": "Insert Payment",
            "time": "2022-02-01T23:30:00+01:00",
            "attributes": [{"name": "payment_inserter", "value": "甲"}],
            "relationships": [
                {"objectId": "R1", "qualifier": "for"},
                {"objectId": "R1", "qualifier": "closes"},
                {"objectId": "P1", "qualifier": "by"},
                {"objectId": "P2", "qualifier": "by"},
            ],
        }
    ],
}


def rows(value: Any, folder: Path) -> list[Row]:
    file = folder / "a.jsonocel"
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")
    found = list(ocel.rows(file, Reading(RULES.vocabulary)).rows)
    return [row for row in found if isinstance(row, Row)]


def refused(file: Path) -> tuple[int, str]:
    (problem,) = lr.check(file, RULES, mapping=MAPPING).problems
    assert _is_chinese(zh(problem.reason)) and _is_chinese(zh(problem.help)), problem
    return problem.place.line, problem.reason


def test_the_three_forms_give_the_same_findings(shared: Path) -> None:
    """By hand: R1 was inserted on 14 January and paid on the 30th, a day late; R2 on the 16th and the 31st, in time; R3
    on 2 February and the 28th, 11 days late, ordered at 17:00 of the day on which it was inserted at 9:00, and freed by
    the person who had blocked it. The JSON has UTC (23:00 is 22:00), the others local time."""
    found = []
    for form in FORMS:
        report = lr.check(shared / "data" / f"ocel20_example.{form}", RULES, mapping=MAPPING, as_of="2022-12-31")
        assert report.problems == []
        found.append([{k: v for k, v in f.items() if k != "source"} for f in report.findings])
        invoice = report.records["invoice", "R3"]
        assert (invoice.attributes, {p.role: p.person for p in invoice.participants}) == (
            {"blocked": False},
            {"blocker": "Mario", "unblocker": "Mario", "payer": "Robot"},
        )
        (order,) = (e for e in invoice.events if e.name == "ordered")
        assert order.attributes == {"order": "PO2", "how": "Purchase order created with maverick buying from"}
        assert order.low % 86_400 == 17 * 3600
    assert found[0] == found[1] == found[2]
    said = {(f["rule"].partition("/")[2], f["record"]): (f["detail"], f.get("over_by", "")) for f in found[0]}
    assert said == {
        ("paid-15d", "R1"): ("late", "1 day"),
        ("paid-15d", "R3"): ("late", "11 days"),
        ("ordered-before", "R3"): ("wrong_order", ""),
        ("four-eyes", "R3"): ("same_person", ""),
    }


def test_rows(tmp_path: Path) -> None:
    """States of the object first, by their times; then its events, an event once however it is related."""
    first, second, event = (row for row in rows(SMALL, tmp_path) if row.group == 1)
    own = {"ocel:oid": "R1", "ocel:type": "Invoice", "link:paid by": "P1; P2"}
    assert first.cells == own | {"object:is_blocked": "No", "object:amount": "7"}
    assert second.cells == own | {"object:is_blocked": "Yes"}
    assert event.cells == own | {
        "ocel:eid": "e1",
        "ocel:activity": "Insert Payment",
        "ocel:timestamp": "2022-02-01T23:30:00+01:00",
        "ocel:qualifier": "for; closes",
        "payment_inserter": "甲",
        "related:Payment": "P1; P2",
    }
    assert event.is_event and not first.is_event
    lines = (tmp_path / "a.jsonocel").read_text("utf-8").splitlines()
    assert '"e1"' in lines[event.line]  # the line of the bracket that opens the event


def test_damaged_logs(tmp_path: Path) -> None:
    (tmp_path / "a.jsonocel").write_text('{"objects": [', "utf-8")
    assert refused(tmp_path / "a.jsonocel")[1].startswith("not readable as JSON")
    (tmp_path / "b.jsonocel").write_text('{"objects": [\n3]}', "utf-8")
    assert refused(tmp_path / "b.jsonocel") == (2, "an item of `objects` must be a mapping")
    for name, text in {"c.jsonocel": "{}", "c.xmlocel": "<log/>"}.items():
        (tmp_path / name).write_text(text, "utf-8")
        assert refused(tmp_path / name) == (0, "the log has no objects")
    (tmp_path / "d.xmlocel").write_text('<!DOCTYPE log [<!ENTITY a "b">]>\n<log/>', "utf-8")
    assert refused(tmp_path / "d.xmlocel") == (1, "declares an entity: `a`")
    (tmp_path / "e.sqlite").write_bytes(b"SQLite format 3\0" + b"\1" * 200)
    assert refused(tmp_path / "e.sqlite")[1].startswith("not readable as a database of OCEL 2.0")
    with closing(sqlite3.connect(tmp_path / "f.sqlite")) as database:
        database.execute("CREATE TABLE other (a)")
    assert refused(tmp_path / "f.sqlite") == (0, "not readable as a database of OCEL 2.0: no such table: object")
    (tmp_path / "g.jsonocel").write_bytes('{"对象": []}'.encode("gb18030"))
    assert refused(tmp_path / "g.jsonocel") == (0, "not a text in UTF-8")


def test_what_does_not_fit_together(tmp_path: Path) -> None:
    """An object that is there twice, and an event of an object that is not there: told, and the rest is judged."""
    value = json.loads(json.dumps(SMALL))
    value["objects"].append({"id": "R1", "type": "Invoice"})
    value["events"][0]["relationships"].append({"objectId": "R9", "qualifier": "for"})
    file = tmp_path / "a.jsonocel"
    file.write_text(json.dumps(value), "utf-8")
    report = lr.check(file, RULES, mapping=MAPPING)
    assert sorted(p.reason for p in report.problems) == [
        "`R1` stands twice",
        "`R9` is not an object of this log (event `e1`)",
    ]
    assert report.summary["checked"] == 1
    for problem in report.problems:
        assert _is_chinese(zh(problem.reason)) and _is_chinese(zh(problem.help))


@pytest.mark.parametrize("form", FORMS)
def test_damaged_bytes(form: str, shared: Path, tmp_path: Path) -> None:
    """Whatever stands in the file: records and problems, and nothing raises."""
    raw = (shared / "data" / f"ocel20_example.{form}").read_bytes()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8), st.floats(0.3, 1))
    def damaged(damage: list[tuple[float, int]], kept: float) -> None:
        changed = bytearray(raw[: int(kept * len(raw))])
        for where, byte in damage:
            changed[int(where * (len(changed) - 1))] = byte
        file = tmp_path / f"a.{form}"
        file.write_bytes(changed)
        summary = lr.check(file, RULES, mapping=MAPPING, as_of="2022-12-31").summary
        assert summary["read"] == summary["checked"] + summary["rejected"]

    damaged()

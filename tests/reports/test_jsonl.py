"""JSON lines: each line is one value that can be told by itself."""

from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema

import lawgov_rules as lr
from lawgov_rules.reports.jsonl import TYPES
from lawgov_rules.schema.finding import finding_schema
from tests.reports.conftest import written


def test_lines(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """The receipt, eight findings, one problem, the summary; findings as the schema has them."""
    report = check()
    values = [json.loads(line) for line in written("jsonl", report, "zh", small).splitlines()]
    findings = [value for value in values if value["type"] not in TYPES]
    assert [value["type"] for value in values if value["type"] in TYPES] == ["receipt", "problem", "summary"]
    assert (values[0]["type"], values[-1]["type"], len(values)) == ("receipt", "summary", 11)
    assert findings == list(report.findings)
    schema = finding_schema()
    for found in findings:
        jsonschema.validate(found, schema)
    assert values[-1]["verdicts"] == report.summary["verdicts"]


def test_the_marks_are_no_type_of_record(rules: lr.Rulesets) -> None:
    assert set(TYPES) & set(rules.vocabulary.record_types) == set()


def test_a_hostile_word_stays_on_its_line(hostile: tuple[str, lr.Report], small: lr.Rulesets) -> None:
    text, report = hostile
    lines = written("jsonl", report, "zh", small).split(b"\n")
    assert len(lines) == 12 and lines[-1] == b""
    assert json.loads(lines[1])["record"] == text

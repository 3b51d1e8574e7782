"""JUnit: what a build server counts, and that any word makes well-formed XML."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from xml.etree import ElementTree

import lawgov_rules as lr
from tests.reports.conftest import written

COUNTS = ("tests", "failures", "errors", "skipped")


def suites(report: lr.Report, rules: lr.Rulesets) -> ElementTree.Element:
    return ElementTree.fromstring(written("junit", report, "en", rules))


def counts(element: ElementTree.Element) -> tuple[int, ...]:
    return tuple(int(element.attrib[name]) for name in COUNTS)


def test_counts(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """Two violations; one compliant; the five others are skipped; a record that could not be read is an error."""
    root = suites(check(), small)
    assert [(suite.attrib["name"], counts(suite)) for suite in root] == [
        ("input", (1, 0, 1, 0)),
        ("example-2009", (8, 2, 0, 5)),
    ]
    assert counts(root) == (9, 2, 1, 5)


def test_skipped_with_the_reason(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    found = {skipped.attrib["type"]: skipped for skipped in suites(check(), small).iter("skipped")}
    assert set(found) == {"pending", "arguable", "undetermined", "excused", "not_applicable"}
    assert found["pending"].attrib["message"] == "Filing: pending not due yet"
    assert "due by 2013-01-04" in (found["pending"].text or "")


def test_one_case_for_a_rule_and_a_record(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """Of three instances, one compliant and two late, the late ones are told."""
    report = check()
    late = next(f for f in report.findings if f["detail"] == "late")
    on_time = {**late, "instance": "2010", "verdict": "compliant", "detail": "on_time"}
    several = [on_time, {**late, "instance": "2011"}, {**late, "instance": "2012"}]
    root = suites(dataclasses.replace(report, findings=several, problems=[]), small)
    assert counts(root) == (1, 1, 0, 0)
    [failure] = root.iter("failure")
    assert failure.attrib["message"] == "Filing: violated late (2 times)"
    assert [text[:6] for text in (failure.text or "").splitlines()] == ["[2011]", "[2012]"]


def test_any_word_makes_xml(hostile: tuple[str, lr.Report], small: lr.Rulesets) -> None:
    """All records have the same id now, so there are two cases; the two that violate are told."""
    root = suites(hostile[1], small)
    assert counts(root) == (3, 2, 1, 0)
    for element in root.iter():
        for text in (element.text or "", *element.attrib.values()):
            assert "\u202e" not in text and "\x00" not in text

"""Figures and instances of findings in the reader's words."""

from __future__ import annotations

from typing import Any

import pytest

import lawgov_rules as lr
from lawgov_rules.kinds.composition import Composition
from lawgov_rules.reports._words import FindingWords

FIGURES = [
    # the unit of what is summed up: class hours, not hours of a clock
    ("jilin-2015/dept-training-40-hours", "at least 40 hours", "不少于40学时", "at least 40 class hours"),
    ("jilin-2015/dept-training-40-hours", "0.5 hours", "0.5学时", "0.5 class hours"),
    ("jincheng-2009/annual-report-dec-20", "by 12-20", "不晚于12月20日", "by 12-20"),
    ("changzhi-2017/approval-items-catalogued-and-coded", "by 2019-12-31", "不晚于2019-12-31", "by 2019-12-31"),
    # several steps of one event, told apart by what each asks of it
    (
        "changzhi-2017/legal-counsel-team-composition",
        "body_established{members: expert}, body_established{members: lawyer}",
        "组建机构队伍（法律顾问队伍，专家）、组建机构队伍（法律顾问队伍，律师）",
        "body established (team of legal counsel, experts), body established (team of legal counsel, lawyers)",
    ),
    # `procedure` is a word of several attributes; this rule asks for those of a penalty
    ("jincheng-2009/discretion-three-aspects", "procedure", "处罚程序", "procedure"),
    # nothing that a spreadsheet takes for a formula
    ("shanxi-2013/recon-remainder-identity", "= 134", "等于134", "equal to 134"),
    ("shanxi-2013/recon-remainder-identity", "≤ 8.5", "不大于8.5", "at most 8.5"),
    ("jincheng-2009/executive-study-quarterly", "at least 2 and at most 5", "2至5", "at least 2 and at most 5"),
    ("jincheng-2009/executive-study-quarterly", "at least 1 times", "不少于1次", "at least 1 time"),
]
INSTANCES = [
    ("guigang-2011/annual-commendation", "2012/counties", "2012 / 先进县（市、区）", "2012 / outstanding counties"),
    (
        "shanxi-2013/recon-open-cases-consistent",
        "recon_open_prov 2",
        "省本级未结案 2",
        "open cases, provincial level 2",
    ),
    ("jincheng-2009/executive-study-quarterly", "2009-Q1", "2009-Q1", "2009-Q1"),
    ("jincheng-2009/executive-study-quarterly", "", "", ""),
]


EVIDENCE = [
    ({"event": "published", "date": "2012-03-01"}, "公布：2012-03-01", "published 2012-03-01"),
    ({"event": "published", "count": "2"}, "公布：2", "published 2"),
    ({"count": 1, "of": "handler"}, "承办人：1", "handler 1"),
    ({"count": 1, "of": "handler&clerk"}, "承办人和书记员：1", "handler and clerk 1"),
    ({"count": 3}, "3", "3"),
]


@pytest.fixture(scope="module")
def every(rules: lr.Rulesets) -> lr.Rulesets:
    return rules.at("full")


@pytest.mark.parametrize(("rule", "figure", "zh", "en"), FIGURES)
def test_figures(rule: str, figure: str, zh: str, en: str, every: lr.Rulesets) -> None:
    found = {"rule": rule, "required": figure}
    assert [FindingWords(every, lang).figure(found, "required") for lang in ("zh", "en")] == [zh, en]


@pytest.mark.parametrize(("item", "zh", "en"), EVIDENCE)
def test_evidence(item: dict[str, Any], zh: str, en: str, every: lr.Rulesets) -> None:
    assert [FindingWords(every, lang).evidence({"evidence": [item]}) for lang in ("zh", "en")] == [zh, en]


def test_elements_of_one_event_are_told_apart(every: lr.Rulesets) -> None:
    """Of every rule: a missing element is named so that one knows which."""
    for rule in every:
        for kind in rule.constraints.values():
            if isinstance(kind, Composition):
                assert len(set(kind.names)) == len(kind.names), rule.key


@pytest.mark.parametrize(("rule", "instance", "zh", "en"), INSTANCES)
def test_instances(rule: str, instance: str, zh: str, en: str, every: lr.Rulesets) -> None:
    found = {"rule": rule, "instance": instance}
    assert [FindingWords(every, lang).instance(found) for lang in ("zh", "en")] == [zh, en]

"""Figures and instances of findings in the reader's words."""

from __future__ import annotations

import pytest

import lawgov_rules as lr
from lawgov_rules.reports._words import FindingWords

FIGURES = [
    # the unit of what is summed up: class hours, not hours of a clock
    ("jilin-2015/dept-training-40-hours", "at least 40 hours", "不少于40学时", "at least 40 class hours"),
    ("jilin-2015/dept-training-40-hours", "0.5 hours", "0.5学时", "0.5 class hours"),
    ("jincheng-2009/annual-report-dec-20", "by 12-20", "不晚于12月20日", "by 12-20"),
    ("changzhi-2017/approval-items-catalogued-and-coded", "by 2019-12-31", "不晚于2019-12-31", "by 2019-12-31"),
    # four bodies are asked for by one event
    (
        "changzhi-2017/legal-counsel-team-composition",
        "body_established, body_established",
        "组建机构队伍×2",
        "body established×2",
    ),
    # `procedure` is a word of several attributes; this rule asks for those of a penalty
    ("jincheng-2009/discretion-three-aspects", "procedure", "处罚程序", "procedure"),
    # no figures are on record
    ("shanxi-2013/recon-remainder-identity", "=", "", ""),
    ("shanxi-2013/recon-remainder-identity", "= 134", "= 134", "= 134"),
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


@pytest.fixture(scope="module")
def every(rules: lr.Rulesets) -> lr.Rulesets:
    return rules.at("full")


@pytest.mark.parametrize(("rule", "figure", "zh", "en"), FIGURES)
def test_figures(rule: str, figure: str, zh: str, en: str, every: lr.Rulesets) -> None:
    found = {"rule": rule, "required": figure}
    assert [FindingWords(every, lang).figure(found, "required") for lang in ("zh", "en")] == [zh, en]


@pytest.mark.parametrize(("rule", "instance", "zh", "en"), INSTANCES)
def test_instances(rule: str, instance: str, zh: str, en: str, every: lr.Rulesets) -> None:
    found = {"rule": rule, "instance": instance}
    assert [FindingWords(every, lang).instance(found) for lang in ("zh", "en")] == [zh, en]

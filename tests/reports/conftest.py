"""What the tests of formats share: a small report with every verdict, and one in which every word is hostile."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lawgov_rules as lr
from lawgov_rules import reports
from tests.conftest import ROOT
from tests.small import document, filing, write_rules

GOLDEN = ROOT / "tests" / "golden"
EVERY = tuple(verdict.name for verdict in lr.Verdict)
READINGS = {"literal": {"roll": False}, "rest_day_rolls": {"roll": True}}
COMMENTS: dict[str, Any] = {
    "id": "draft-comments",
    "clause": "三（一）",
    "locator": "一般不少于30日",
    "title": {"zh": "草案征求意见", "en": "Comments on drafts"},
    "requirement": {"zh": "草案征求意见一般不少于30日", "en": "A draft is open for comments for 30 days"},
    "modality": "default",
    "level": "core",
    "bearer": "起草单位",
    "record": "legislative_draft",
    "constraint": {"kind": "minimum_gap", "from": "comments_opened", "to": "comments_closed", "at_least": "30 days"},
    "excused_by": "shortening_reason",
    "because": "natural days",
}
ORGAN = "甲县人民政府"


def draft(record: str, **attributes: Any) -> dict[str, Any]:
    """A draft that was open for comments for eight days."""
    return {
        "record": record,
        "type": "legislative_draft",
        "jurisdiction": "140500",
        "organ": "乙市人民政府",
        "attributes": attributes,
        "events": [
            {"event": "comments_opened", "date": "2012-03-01"},
            {"event": "comments_closed", "date": "2012-03-09"},
        ],
    }


# published on Thursday 1 March 2012, due on Friday the 16th; the third on Friday 2 March, due on Saturday the 17th,
# filed on Monday the 19th; the fourth on 20 December, due on 4 January, as of 31 December
RECORDS = [
    document("甲政发〔2012〕1号", "2012-03-01", "2012-03-16", organ=ORGAN),
    document("甲政发〔2012〕2号", "2012-03-01", "2012-03-20", organ=ORGAN),
    document("甲政发〔2012〕3号", "2012-03-02", "2012-03-19", organ=ORGAN),
    document("甲政发〔2012〕4号", "2012-12-20", organ=ORGAN),
    document("甲政发〔2012〕5号", "2012-03-01", "2012-03-16", attributes={}),
    document("甲政发〔2012〕6号", "2012-03-01", "2012-03-16", attributes={"issuer_level": "city"}),
    draft("草案1", shortening_reason="应对突发事件"),
    draft("草案2"),
]
WRONG = document("甲政发〔2012〕7号", "2012-02-30")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two rules, a vocabulary that stays as it is, eight records and a bad one."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "rules").mkdir()
    (folder / "rules" / "vocabulary.yaml").write_bytes((ROOT / "tests" / "words.yaml").read_bytes())
    write_rules(folder / "rules" / "example-2009", filing(readings=READINGS), COMMENTS)
    (folder / "案卷").mkdir()
    text = "\n---\n".join(json.dumps(record, ensure_ascii=False) for record in [*RECORDS, WRONG])
    (folder / "案卷" / "a.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def small(world: Path) -> lr.Rulesets:
    return lr.load_rulesets(world / "rules")


@pytest.fixture
def check(world: Path, small: lr.Rulesets, monkeypatch: pytest.MonkeyPatch) -> Callable[..., lr.Report]:
    """The report on those records; its files are relative to the folder."""
    monkeypatch.chdir(world)

    def run(show: Any = EVERY, **options: Any) -> lr.Report:
        return lr.check("案卷", small, as_of="2012-12-31", show=show, **options)

    return run


def written(format: str, report: lr.Report, lang: str, rules: lr.Rulesets) -> bytes:
    """A report in a format; written twice, since the same report gives the same bytes."""
    found = []
    for _ in range(2):
        out = io.BytesIO()
        reports.load(format).write(report, out, lang, rules)
        assert not out.closed
        found.append(out.getvalue())
    assert found[0] == found[1]
    return found[0]


HOSTILE = {
    "formula": "=cmd|'/C calc'!A0",
    "plus": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "full width": "＝1+1",
    "new cell": 'x;=1+1,"=1+1"',
    "script": "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "cdata": "]]><!-- --> &amp; &lt; <![CDATA[",
    "bidi": "甲\u202e政\u2066发\u200f",
    "emoji": "👩‍👩‍👧 🇨🇳 🏴\U000e0067",
    "long": "长" * 10_000,
    "lines": "甲\n# 乙\r\n- 丙\u2028| 丁 |",
    "terminal": "\x1b[2J\x1b]0;x\x07\x00",
    "markdown": "![x](http://x.example/) [y](javascript:alert(1)) `z` **b** www.x.example | 1 | $x$ :smile:",
    "numbered": "1. 甲",
    "braces": "{0} [甲](1) {{}}",
    "half": "\udc80",
    "nothing": "\ufffe\uffff",
}


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest, check: Callable[..., lr.Report]) -> tuple[str, lr.Report]:
    """A hostile text, and the report with this text wherever a user's words can stand."""
    text = HOSTILE[request.param]
    report = check()

    def spoilt(found: dict[str, Any]) -> dict[str, Any]:
        changed = {"record": text, "organ": text, "instance": text, "message": {"zh": text, "en": text}}
        return found | changed | {"source": {"file": text, "line": 1}}

    place = lr.Place(text, 1, 1)
    return text, dataclasses.replace(
        report,
        receipt={
            **report.receipt,
            "options": {**report.receipt["options"], "note": text},
            "inputs": [{"file": text, "sha256": "0" * 64}],
        },
        summary={**report.summary, "organs": {text: {"violated": 1}}},
        findings=[spoilt(found) for found in report.findings],
        problems=[lr.Problem(place, f"`{text}` is not a record", text, text)],
    )

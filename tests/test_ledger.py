"""The clause ledger: what counts as a gap, what the command says, and the bundled ledgers themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from lawgov_rules.clauses import same
from lawgov_rules.cli import main
from lawgov_rules.ledger import account
from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets
from tests.test_clauses import TEXT

Out = pytest.CaptureFixture[str]

DOCUMENT = """\
id: x-2009
title: 某市规划
issuer: 某市人民政府
jurisdiction: "140500"
in_force: {from: "2009-01-01", basis: x}
version: 1.0.0
"""
RULE = """\
- id: filing
  clause: 一(一)1
  locator: 15日内报送
  title: {zh: 备案, en: filing}
  requirement: {zh: 备案, en: filing}
  modality: must
  level: core
  bearer: 市政府
  record: normative_document
  constraint: {kind: deadline, after: published, do: filed, within: 15 days}
  because: x
- id: report
  clause: 二1
  locator: 报告
  title: {zh: 报告, en: report}
  requirement: {zh: 报告, en: report}
  modality: must
  level: full
  bearer: 市政府
  record: normative_document
  constraint: {kind: fixed_date, do: filed, by: 12-20}
  because: x
"""
LEDGER = """\
clauses:
  - {clause: 标题, begins: 某市规划, declared: title}
  - {clause: 前言, begins: 为了做好工作, declared: purpose}
  - {clause: 一, declared: heading only}
  - {clause: 一（一）, declared: heading only}
  - clause: 一（一）1
  - {clause: 一（一）2, recorded_only: {cleanup: no date}}
  - {clause: （1）, declared: no act}
  - {clause: 二, declared: heading only}
  - {clause: 二1, rest: the rest}
  - {clause: （2）, declared: no act}
  - {clause: 尾段, begins: 各部门要落实, declared: no act}
"""


def ruleset(folder: Path, ledger: str = LEDGER, rules: str = RULE, text: str = TEXT) -> Path:
    (folder / "sources").mkdir()
    for name, content in (("document", DOCUMENT), ("normative_document", rules), ("ledger", ledger)):
        if content:
            (folder / f"{name}.yaml").write_text(content, "utf-8")
    (folder / "sources" / "x-2009.txt").write_text(text, "utf-8")
    return folder


def gaps(folder: Path) -> list[str]:
    [one] = load_rulesets(folder).rulesets
    return [f"{gap.place.line} {gap.reason}" for gap in account(one, folder / "sources").gaps]


def test_account(tmp_path: Path) -> None:
    """15日 is in a locator, 12月20日 in a constraint; 每两年 and 一次 are of a clause that is only recorded."""
    [one] = load_rulesets(ruleset(tmp_path)).rulesets
    found = account(one, tmp_path / "sources")
    assert found.gaps == ()
    assert [found.count(status) for status in ("encoded", "recorded_only", "declared", "open")] == [2, 1, 8, 0]
    assert (len(found.clauses), found.rules, found.locators) == (11, 2, 2)
    assert (found.found, found.covered) == (6, 6)  # 15日, 每两年, 一次, 12月20日, 每年, 3.5次
    unmatched = {clause.entry.clause: clause.unmatched for clause in found.clauses if clause.unmatched}
    assert unmatched == {"一（一）2": ["每两年", "一次"]}


def test_figures_that_the_ledger_explains_are_not_listed(tmp_path: Path) -> None:
    explained = "{cleanup: no date}, figures: {每两年: x, 一次: x}}"
    [one] = load_rulesets(ruleset(tmp_path, LEDGER.replace("{cleanup: no date}}", explained))).rulesets
    assert [clause.unmatched for clause in account(one, tmp_path / "sources").clauses if clause.unmatched] == []


GAPS = {
    "a clause left open": (
        {"ledger": LEDGER.replace(", recorded_only: {cleanup: no date}", "")},
        ["7 `一（一）2` is neither encoded nor declared"],
    ),
    "declared, and yet encoded": (
        {"ledger": LEDGER.replace("rest: the rest", "declared: nothing")},
        ["10 `二1` is declared not checkable, and `report` encodes it"],
    ),
    "recorded only, and a rule by now": (
        {"ledger": LEDGER.replace("cleanup:", "filing:")},
        ["7 `filing` is recorded only, and a rule by now"],
    ),
    "a rule of no clause": (
        {"rules": RULE.replace("clause: 二1", "clause: 二4")},
        ["0 `report` cites `二4`, which is not in the ledger", "10 `二1` is neither encoded nor declared"],
    ),
    "a clause that the text has not": (
        {"text": TEXT.replace("二、保障", "保障").replace("1．报告", "三、报告")},
        [
            "9 `二` is not found in `x-2009.txt`",
            "10 `二1` is not found in `x-2009.txt`",
            "10 `三` is not in the ledger",
        ],
    ),
    "a preamble that begins otherwise": (
        {"text": TEXT.replace("为了做好", "为做好")},
        ["3 `前言` is not found in `x-2009.txt`"],
    ),
    "a clause that the ledger has not": (
        {"text": TEXT.replace("二、保障", "3．评估。定期评估。\n二、保障")},
        ["9 `一(一)3` is not in the ledger"],
    ),
    "a locator of another clause": (
        {"text": TEXT.replace("报告", "汇报").replace("检查。", "检查并报告。")},
        ["0 `report`: the locator `报告` does not stand in `二1`"],
    ),
    "a figure outside every clause": (
        {
            "ledger": LEDGER.replace("  - {clause: 标题, begins: 某市规划, declared: title}\n", ""),
            "text": "2009年" + TEXT,
        },
        ["0 `2009年` stands in no clause"],
    ),
    "no ledger": ({"ledger": ""}, ["0 has no clause ledger"]),
}


@pytest.mark.parametrize("case", GAPS)
def test_gap(case: str, tmp_path: Path) -> None:
    changed, expected = GAPS[case]
    assert gaps(ruleset(tmp_path, **changed)) == expected


def test_figures_of_an_open_clause_are_not_covered(tmp_path: Path) -> None:
    [one] = load_rulesets(ruleset(tmp_path, LEDGER.replace(", recorded_only: {cleanup: no date}", ""))).rulesets
    found = account(one, tmp_path / "sources")
    assert (found.found, found.covered) == (6, 4)


REFUSED = {
    LEDGER + "  - {clause: 二（1）}\n  - {clause: 二(1)}\n": [
        "ledger.yaml:13:5: `二（1）` stands in the ledger twice (keep one)",
        "ledger.yaml:14:5: `二(1)` stands in the ledger twice (keep one)",
    ],
    LEDGER.replace("declared: purpose", "declared: purpose, rest: x"): [
        "ledger.yaml:3:44: `declared` speaks of the whole clause (write `rest` for what remains)"
    ],
    LEDGER.replace("declared: purpose", "declraed: purpose"): [
        "ledger.yaml:3:44: `declraed` is not a known key (did you mean `declared`)"
    ],
    LEDGER.replace("某市规划,", "某市规划为了做好工作，制定本规划。主要任务,"): [
        "ledger.yaml:2:26: `begins`: `某市规划为了做好工作，制定本规划。主要任务` "
        "is longer than 20 characters (shorten it)"
    ],
    "clauses: []\n": ["ledger.yaml:1:10: `clauses` is empty (name at least one)"],
}


@pytest.mark.parametrize("ledger", REFUSED)
def test_refused_ledger(ledger: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    """No account is given of a ledger that cannot be read."""
    monkeypatch.chdir(ruleset(tmp_path, ledger))
    assert main(["ledger", "--rules", "."]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.splitlines()) == ("", [f"lawgov: {line}" for line in REFUSED[ledger]])


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    monkeypatch.chdir(ruleset(tmp_path))
    assert main(["ledger", "--rules", ".", "--sources", "sources"]) == 0
    assert capsys.readouterr().out == (
        "document  clauses  encoded  declared  recorded only  rules  locators  figures  covered  gaps\n"
        "x-2009         11        2         8              1      2         2        6        6     0\n"
        "\n"
        "figures that no rule of their clause names (for information)\n"
        "  x-2009 一（一）2: 每两年, 一次\n"
    )
    (tmp_path / "ledger.yaml").write_text(LEDGER.replace("{cleanup: no date}", "{filing: no date}"), "utf-8")
    assert main(["ledger", "--rules", "."]) == 1
    assert capsys.readouterr().out == (
        "document  clauses  encoded  declared  recorded only  rules  gaps\n"
        "x-2009         11        2         8              1      2     1\n"
        "\n"
        "gaps (1)\n"
        "  ledger.yaml:7:5: `filing` is recorded only, and a rule by now (strike it out of `recorded_only`)\n"
    )
    assert main(["ledger", "--rules", ".", "--sources", "elsewhere"]) == 2
    assert capsys.readouterr().err == "lawgov: `elsewhere/x-2009.txt` cannot be read: No such file or directory\n"


def test_command_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    monkeypatch.chdir(ruleset(tmp_path))
    assert main(["ledger", "--rules", ".", "--sources", "sources", "--format", "json"]) == 0
    [found] = json.loads(capsys.readouterr().out)["documents"]
    assert {key: found[key] for key in ("document", "clauses", "encoded", "locators", "figures", "gaps")} == {
        "document": "x-2009",
        "clauses": 11,
        "encoded": 2,
        "locators": 2,
        "figures": 6,
        "gaps": [],
    }
    assert found["ledger"][5] == {
        "clause": "一（一）2",
        "status": "recorded_only",
        "recorded_only": {"cleanup": "no date"},
        "unmatched": ["每两年", "一次"],
    }


CLAUSES = {"changzhi-2017": 189, "guigang-2011": 60, "jilin-2015": 49, "jincheng-2009": 45, "shanxi-2013": 31}


def catalogue(shared: Path, document: str) -> list[dict[str, Any]]:
    text = (shared / "catalogue" / f"{document}.yaml").read_text("utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)["constraints"]
    return found


@pytest.mark.parametrize("document", CLAUSES)
def test_bundled_ledger(document: str, shared: Path, rules: Rulesets) -> None:
    """Every number printed in the text is a clause, no figure stands outside, every locator stands in its clause.

    A clause may be open only while rules that the catalogue announces for it have not arrived.
    """
    [one] = [r for r in rules.rulesets if r.document.id == document]
    found = account(one, shared / "sources")
    here = {rule.id for rule in one.rules}
    awaited = {
        same(c["clause"]) for c in catalogue(shared, document) if c["priority"] != "thin" and c["id"] not in here
    }
    wrong = [
        str(gap)
        for gap in found.gaps
        if not (gap.reason.endswith("encoded nor declared") and same(gap.value) in awaited)
    ]
    assert (len(found.clauses), wrong, found.locators, found.outside) == (CLAUSES[document], [], found.rules, ())


@pytest.mark.parametrize("document", CLAUSES)
def test_nothing_of_the_catalogue_is_lost(document: str, shared: Path, rules: Rulesets) -> None:
    """What is no headline and no ordinary duty is a rule or stands under `recorded_only` of its clause."""
    [one] = [r for r in rules.rulesets if r.document.id == document]
    ledger = one.ledger()
    assert ledger is not None
    here = {rule.id for rule in one.rules}
    told = {(same(e.clause), id_) for e in ledger.clauses for id_ in e.recorded_only}
    thin = {(same(c["clause"]), c["id"]) for c in catalogue(shared, document) if c["priority"] == "thin"}
    assert {(clause, id_) for clause, id_ in thin if id_ not in here} == told


def test_every_headline_and_ordinary_duty_is_a_rule(shared: Path, rules: Rulesets) -> None:
    """Each constraint of the catalogue that is not thin is a rule under its id, or recorded with a reason."""
    known = {rule.key for one in rules.rulesets for rule in one.rules}
    for one in rules.rulesets:
        known |= {f"{one.document.id}/{id_}" for e in getattr(one.ledger(), "clauses", ()) for id_ in e.recorded_only}
    wanted = {f"{d}/{c['id']}" for d in CLAUSES for c in catalogue(shared, d) if c["priority"] != "thin"}
    assert sorted(wanted - known) == []


def test_command_on_the_bundled_rulesets(shared: Path, capsys: Out) -> None:
    """Every clause is accounted for, every locator in its clause, every figure in a clause and named by a rule."""
    assert main(["ledger", "--sources", str(shared / "sources")]) == 0
    assert "for information" not in capsys.readouterr().out

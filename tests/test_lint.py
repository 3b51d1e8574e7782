"""`lawgov lint`: each flaw in a rule that has no other. The plain rule of `tests/small.py` has none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lawgov_rules.cli import main
from lawgov_rules.lint import lint
from lawgov_rules.loading import load_rulesets
from tests.conftest import ROOT
from tests.small import case, document, filing, write_cases, write_rules

Out = pytest.CaptureFixture[str]
DEADLINE: dict[str, Any] = filing()["constraint"]
COUNTY = {"issuer_level": "county"}
OPEN = {key: value for key, value in DEADLINE.items() if key != "within"}
PEOPLE = {"kind": "count", "people": {"role": "handler"}, "at": "decided", "at_least": 2}
RECON = {"record": "reconsideration_case", "when": None}
BY_DATE = {"kind": "fixed_date", "do": "cleanup_done", "by": "12-20"}
ORGAN = {"record": "organ", "when": None}
EVERY = {"kind": "recurrence", "of": "cleanup_done", "every": "2 years"}
YEARLY = {"kind": "quota", "per": "year", "of": "law_study_day", "at_least": 1}
QUARTER = {"kind": "quota", "per": "quarter", "of": "law_study_day", "at_least": 1}


def figures(locator: str, constraint: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"locator": locator, "constraint": constraint, **more}


def differs(figure: str) -> list[str]:
    return [f"locator figure-differs: the locator says `{figure}`, and the constraint does not"]


SOFT = ["constraint soft-word-with-limit: `及时` sets no limit, and the rule finds a breach when a time has passed"]
NOBODY = {"all": [{"to": "city_government"}, {"to": {"known": False}}]}
FLAWS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    # conditions
    (
        {"when": {"all": [COUNTY, {"issuer_level": "city"}]}},
        ["when never-holds: `when` can never hold"],
    ),
    (
        {"constraint": DEADLINE | {"do": {"event": "filed", "where": NOBODY}}},
        ["constraint.do.where never-holds: `where` can never hold"],
    ),
    ({"unless": COUNTY}, ["unless never-applies: `unless` holds wherever `when` does, so the rule never applies"]),
    (
        {"when": None, "unless": {"any": [COUNTY, {"none": [COUNTY]}, {"issuer_level": {"known": False}}]}},
        ["unless never-applies: `unless` always holds, so the rule never applies"],
    ),
    ({"unless": {"issuer_level": "city"}}, ["unless idle-unless: `unless` never holds where `when` does"]),
    (
        {"when": {"all": [{"issuer_level": ["city", "county"]}, {"issuer_level": {"not": "city"}}]}},
        ["when dead-part: `issuer_level: city` can never hold beside the rest of `when`"],
    ),
    (
        {"when": COUNTY | {"any": [{"issuer_level": "city"}, {"happened": "signed"}]}},
        ["when dead-part: `issuer_level: city` can never hold beside the rest of `when`"],
    ),
    (
        {"readings": {"literal": {}, "rest_day_rolls": {"roll": False}}},
        ["readings.rest_day_rolls same-readings: the reading `rest_day_rolls` is the reading `literal` once more"],
    ),
    # figures of the locator: the same, in another unit, in Chinese; the year of a date; what is no limit
    (figures("公布之日起十五日内", DEADLINE), []),
    (figures("公布之日起30日内", DEADLINE), differs("30日")),
    (
        figures("公布之日起15个工作日内", DEADLINE),
        differs("15个工作日"),
    ),
    (figures("公布之日起15日内", OPEN), differs("15日")),
    (figures("公布之日起半年内", DEADLINE | {"within": "6 months"}), []),
    (figures("公布之日起15日内", DEADLINE, readings={"literal": {}, "rest_day_rolls": {"within": "16 days"}}), []),
    (figures("由2名以上复议人员办理", PEOPLE, **RECON), []),
    (figures("由3名以上复议人员办理", PEOPLE, **RECON), differs("3名")),
    (figures("每年12月20日前", BY_DATE, **ORGAN), []),
    (figures("每年12月25日前", BY_DATE, **ORGAN), differs("12月25日")),
    (figures("2009年下半年完成", BY_DATE | {"by": "2009-12-31"}, **ORGAN), []),
    (figures("2010年下半年完成", BY_DATE | {"by": "2009-12-31"}, **ORGAN), differs("2010年下半年")),
    (figures("第一季度", BY_DATE | {"by": "03-31"}, **ORGAN), []),
    (figures("每两年进行一次全面清理", EVERY, **ORGAN), []),
    (figures("每三年进行一次全面清理", EVERY, **ORGAN), differs("每三年")),
    (figures("每季度至少一次", QUARTER, **ORGAN), []),
    (figures("每月至少一次", QUARTER, **ORGAN), differs("每月")),
    (figures("〔2012〕3号第十五条的五个方面", DEADLINE), []),
    # soft words
    (figures("及时报送备案", DEADLINE), SOFT),
    (figures("公布之日起15日内及时报送", DEADLINE), []),
    (figures("及时报送备案", OPEN), []),
    (figures("按照规定期限报送", DEADLINE), []),
    # a breach under one reading only is arguable
    (figures("定期学法", YEARLY, **ORGAN, readings={"once_a_year": {}, "no_interval": {"at_least": 0}}), []),
    (figures("定期学法", YEARLY, **ORGAN), [SOFT[0].replace("及时", "定期")]),
    # the plan's own end is a limit, whatever the words
    (figures("及时清理", BY_DATE | {"by": "2013-12-31"}, **ORGAN), []),
    (figures("及时清理", BY_DATE | {"by": "2012-12-31"}, **ORGAN), SOFT),
]


@pytest.mark.parametrize(("changes", "expected"), FLAWS, ids=lambda v: json.dumps(v, ensure_ascii=False)[:70])
def test_flaws_of_a_rule(changes: dict[str, Any], expected: list[str], tmp_path: Path) -> None:
    """Each at the line of the key that is named first."""
    rules = load_rulesets(write_rules(tmp_path, filing(**changes))).at("full")
    rule = next(iter(rules))
    wanted = []
    for line in expected:
        path, _, said = line.partition(" ")
        wanted.append((rule.source.place(*path.split(".")).line, said))
    found = lint(rules, None, with_words=False)
    assert [(flaw.place.line, f"{flaw.code}: {flaw.reason}") for flaw in found] == wanted
    assert all(flaw.help and flaw.rule == "example-2009/nd-filing" for flaw in found)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test stands in a folder of its own, with two cases of the rule."""
    monkeypatch.chdir(tmp_path)
    late = case(document("b", "2012-03-01", "2012-03-17"), "violated late")
    write_cases(tmp_path / "cases", case(document("a", "2012-03-01", "2012-03-16"), "compliant on_time"), late)
    return tmp_path


def test_two_rules_that_say_the_same(folder: Path, capsys: Out) -> None:
    """In another clause too; unless the second says that the text says it twice. Another document is another matter."""
    second = filing(id="nd-filing-again", clause="三2", locator="15日内")
    write_rules(folder / "rules" / "one", filing(), second)
    write_rules(folder / "rules" / "two", filing(), document=DOCUMENT_TWO)
    assert main(["lint", "rules", "--cases", "cases"]) == 1
    flaws = [line for line in capsys.readouterr().out.splitlines() if "no-case" not in line]
    assert flaws[0].endswith(
        "same-rule [example-2009/nd-filing-again]: asks the same of the same records as `nd-filing` "
        "(keep one of the two, or name `nd-filing` in `because` where the text says it twice)"
    )
    assert flaws[1:] == ["3 rules: 3 flaws"]
    write_rules(folder / "rules" / "one", filing(), second | {"because": "the plan says nd-filing twice"})
    assert main(["lint", "rules", "--cases", "cases"]) == 1
    assert "same-rule" not in capsys.readouterr().out


DOCUMENT_TWO = """\
id: example-2010
title: 示例规划二
issuer: 示例市人民政府
jurisdiction: "140500"
in_force: {from: "2010-01-01", basis: b}
version: 1.0.0
"""


def test_clean(folder: Path, capsys: Out) -> None:
    write_rules(folder / "rules", filing())
    assert main(["lint", "rules"]) == 0
    assert capsys.readouterr() == ("1 rule: no flaws\n", "")


def test_a_rule_without_cases_and_readings_that_never_part(folder: Path, capsys: Out) -> None:
    """16 March 2012 is a Friday: no rest day. From 2 March the 15 days end on Saturday the 17th."""
    two = {"literal": {}, "rest_day_rolls": {"roll": True}}
    write_rules(
        folder / "rules",
        filing(readings=two),
        filing(id="nd-deep", level="full", within=None, clause="3", unless={"happened": "signed"}),
    )
    assert main(["lint", "rules"]) == 1
    said = [line.partition(": ")[2] for line in capsys.readouterr().out.splitlines()]
    assert said == [
        "readings-never-differ [example-2009/nd-filing]: its readings give one verdict in every case "
        "(write a case where they part)",
        "no-case [example-2009/nd-deep]: no case tries it (write one under `cases`)",
        "2 flaws",
    ]
    parted = case(document("c", "2012-03-02", "2012-03-19"), "arguable")
    write_cases(folder / "cases", parted, name="b.yaml")
    assert main(["lint", "rules"]) == 1
    assert "readings-never-differ" not in capsys.readouterr().out


def test_what_cannot_be_loaded_is_listed(folder: Path, capsys: Out) -> None:
    """The good ruleset beside it is looked at all the same."""
    write_rules(folder / "bad", filing(when={"isuer_level": "county"}), filing(), filing())
    write_rules(folder / "good", filing(locator="公布之日起30日内"))
    assert main(["lint", "bad", "good"]) == 2
    out = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2] for line in out[:-1]] == [
        "not-loaded: `isuer_level` is not an attribute of a normative_document (did you mean `issuer_level`)",
        "not-loaded: `nd-filing` stands at bad/normative_document.yaml:35:9 already (give one of the two another id)",
        "figure-differs [example-2009/nd-filing]: the locator says `30日`, and the constraint does not "
        "(mend the figure, or choose a locator that says what the constraint does)",
    ]
    assert out[-1] == "not everything could be looked at"


def test_a_case_that_cannot_be_read(folder: Path, capsys: Out) -> None:
    write_rules(folder / "rules", filing())
    write_cases(folder / "cases", case(document("x", "2012-13-01"), "pending"), name="b.yaml")
    assert main(["lint", "rules"]) == 2
    assert "`2012-13-01` is not a day of the calendar" in capsys.readouterr().err


def test_without_cases(folder: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said, and not taken for rules that no case tries."""
    monkeypatch.setattr("lawgov_rules.testing.bundled", lambda: folder / "elsewhere" / "rulesets")
    (folder / "cases").rename(folder / "elsewhere")
    write_rules(folder / "rules", filing())
    assert main(["lint", "rules"]) == 0
    said = capsys.readouterr()
    assert said.out == "1 rule: no flaws\n" and "no folder `cases` here" in said.err


VOCABULARY = """\
record_types:
  normative_document:
    zh: 文件
    en: document
    definition: d
    attributes: [issuer_level, other_level]
    events: [published, filed]
events:
  published: {zh: 公布, en: published, definition: d}
  filed: {zh: 公布, en: filed, definition: d, attributes: [to]}
attributes:
  issuer_level: {zh: 层级, en: l, type: choice, definition: d, values: {county: {zh: 县, en: c}, city: {zh: 县, en: t}}}
  other_level: {zh: 另, en: o, type: text}
  to: {zh: 层级, en: to, type: choice, definition: d, values: {city_government: {zh: 市政府, en: c}}}
"""


def test_words(folder: Path, capsys: Out) -> None:
    """Two events with one label, two values with one label, a word that means nothing and is not used.

    `to` and `issuer_level` stand on different things, so their label may be the same.
    """
    write_rules(folder / "rules" / "one", filing())
    (folder / "rules" / "vocabulary.yaml").write_text(VOCABULARY, "utf-8")
    assert main(["lint", "rules"]) == 1
    name = "rules/vocabulary.yaml"
    column = VOCABULARY.splitlines()[11].index("{zh: 县, en: t}") + 1
    assert capsys.readouterr().out.splitlines() == [
        f"{name}:10:10: same-label: `filed` and `published` are both called 公布 in normative_document "
        "(give one of them another label)",
        f"{name}:12:{column}: same-label: the values `city` and `county` of `issuer_level` are both called 县 "
        "(give one of them another label)",
        f"{name}:13:16: no-definition: `other_level` has no `definition` (say in a line what it means)",
        f"{name}:13:16: note: unused-word: no rule uses `other_level`",
        "1 rule: 3 flaws, 1 note",
    ]
    # the vocabulary is that of the whole folder, and not of one ruleset in it
    assert main(["lint", "rules/one"]) == 0


def test_the_bundled_rulesets_have_no_flaws() -> None:
    from lawgov_rules.testing import read_known_cases

    rules = load_rulesets().at("full")
    cases, problems = read_known_cases([ROOT / "cases"], rules)
    assert problems == []
    assert [str(flaw) for flaw in lint(rules, cases, with_words=True) if flaw.level != "note"] == []

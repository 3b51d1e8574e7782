"""SARIF, held to the schema of OASIS, to what it says of kinds and levels, and to fingerprints that stay."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import lawgov_rules as lr
from lawgov_rules.reports.sarif import KINDS, escaped, uri
from tests.conftest import CASES
from tests.reports.conftest import EVERY, written


def log(report: lr.Report, lang: str, rules: lr.Rulesets) -> dict[str, Any]:
    return json.loads(written("sarif", report, lang, rules))  # type: ignore[no-any-return]


def validator(shared: Path) -> Any:
    schema = json.loads((shared / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def test_meets_the_schema(shared: Path, check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    judge = validator(shared)
    for lang in ("zh", "en"):
        assert list(judge.iter_errors(log(check(), lang, small))) == []
    wrong = log(check(), "en", small)
    wrong["runs"][0]["results"][0]["kind"] = "maybe"
    assert len(list(judge.iter_errors(wrong))) == 1


def test_meets_the_schema_whatever_stands_in_a_record(
    shared: Path, hostile: tuple[str, lr.Report], small: lr.Rulesets
) -> None:
    assert list(validator(shared).iter_errors(log(hostile[1], "zh", small))) == []


@pytest.mark.slow
def test_the_cases_meet_the_schema(shared: Path, rules: lr.Rulesets) -> None:
    """Every rule of every document, with its help."""
    every = rules.at("full")
    report = lr.check(CASES, every, as_of="2013-12-31", show=[v for v in EVERY if v != "not_applicable"])
    found = log(report, "zh", every)
    assert len(found["runs"][0]["results"]) > 10_000
    del found["runs"][0]["results"][2000:]  # the schema is checked slowly
    assert list(validator(shared).iter_errors(found)) == []


def test_kind_and_level(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """Only what fails has a level: that of the rule's modality."""
    results = log(check(), "en", small)["runs"][0]["results"]
    found = {(r["properties"]["verdict"], r["kind"], r["level"]) for r in results}
    assert found == {
        ("violated", "fail", "error"),
        ("violated", "fail", "warning"),
        ("compliant", "pass", "none"),
        ("pending", "open", "none"),
        ("arguable", "review", "none"),
        ("undetermined", "review", "none"),
        ("excused", "informational", "none"),
        ("not_applicable", "notApplicable", "none"),
    }
    assert set(KINDS) == set(EVERY)


def test_a_result_says_where_and_by_which_rule(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """The second record stands on line 3 of a file with a Chinese name; its rule is the second of two."""
    run = log(check(), "zh", small)["runs"][0]
    found = next(r for r in run["results"] if r["properties"]["record"] == "甲政发〔2012〕2号")
    place = found["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "%E6%A1%88%E5%8D%B7/a.yaml", "index": 0},
        "region": {"startLine": 3},
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "normative_document/甲政发〔2012〕2号"
    assert found["ruleId"] == run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == "example-2009/nd-filing"
    assert "迟4天" in found["message"]["text"]


@pytest.mark.parametrize(("lang", "first"), [("zh", "规则: 备案"), ("en", "rule: Filing")])
def test_help_is_in_both_languages(lang: str, first: str, check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    driver = log(check(), lang, small)["runs"][0]["tool"]["driver"]
    help = driver["rules"][1]["help"]
    assert help["text"].startswith(first)
    for said in ("自“公布”之日起15日内", "must follow within 15 days"):
        assert said in help["text"] and said in help["markdown"]


def test_what_could_not_be_read_is_told(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    told = log(check(), "en", small)["runs"][0]["invocations"][0]
    assert told["executionSuccessful"] is False
    [problem] = told["toolExecutionNotifications"]
    assert "`2012-02-30` is not a day of the calendar" in problem["message"]["text"]
    assert problem["locations"][0]["physicalLocation"]["region"]["startLine"] == 17


def test_fingerprints_stay_when_a_file_moves_or_a_line_shifts(
    check: Callable[..., lr.Report], small: lr.Rulesets, tmp_path: Path
) -> None:
    before = log(check(), "en", small)["runs"][0]["results"]
    (tmp_path / "elsewhere.yaml").write_bytes(b"# a line\n\n" + Path("案卷/a.yaml").read_bytes())
    report = lr.check(tmp_path / "elsewhere.yaml", small, as_of="2012-12-31", show=EVERY)
    after = log(report, "zh", small)["runs"][0]["results"]
    for name in ("fingerprints", "partialFingerprints"):
        assert [r[name] for r in after] == [r[name] for r in before]
    assert len({r["fingerprints"]["lawgov/v1"] for r in after}) == len(after) == 8
    line = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in after]
    assert line == [n + 2 for n in (13, 15, 1, 3, 5, 7, 9, 11)]


URIS = {
    "cases/a b.yaml": "cases/a%20b.yaml",
    "/srv/案卷/a.yaml": "file:///srv/%E6%A1%88%E5%8D%B7/a.yaml",
    "C:/x/a.yaml": "file:///C:/x/a.yaml",
    "javascript:alert(1)": "javascript%3Aalert%281%29",
    "../a#1?b.yaml": "../a%231%3Fb.yaml",
}


@pytest.mark.parametrize("file", URIS, ids=range(len(URIS)))
def test_uri(file: str) -> None:
    assert uri(file) == URIS[file]


def test_a_message_holds_no_placeholder_and_no_link() -> None:
    """§ 3.11.5 and 3.11.6: braces stand for arguments, and brackets make a link in plain text too."""
    assert escaped("{0} 甲[2012]3号") == "{{0}} 甲[2012]3号"
    assert escaped("[x](1)") == r"\[x\](1)"
    assert not re.search(r"(?<!\\)\[[^\]]*(?<!\\)\]\(", escaped("[[a]](b) [c](d)"))

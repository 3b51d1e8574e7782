"""What a rule can say. The verdicts are read off the kinds' documentation, and no random record ever gets another."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lawgov_rules import live
from lawgov_rules.loading import load_rulesets
from lawgov_rules.reach import breached_by_time, edges, verdicts
from lawgov_rules.rule import Rule
from lawgov_rules.verdict import Verdict
from tests.agreement import KINDS, draw
from tests.small import filing, write_rules
from tests.test_cases import FOUND, RULES

FILED = {"event": "filed", "where": {"to": "city_government"}}
COMMENTS = {
    "record": "legislative_draft",
    "when": None,
    "constraint": {"kind": "minimum_gap", "from": "comments_opened", "to": "comments_closed", "at_least": "30 days"},
}
REVIEWED = {"kind": "precedence", "before": "signed", "require": "legality_reviewed"}
QUOTA = {"kind": "quota", "per": "year", "of": "law_study_day"}
TWO = {"literal": {}, "rest_day_rolls": {"roll": True}}
# constraint and other keys; the verdicts besides not_applicable and undetermined, which every rule can give
REACH: list[tuple[dict[str, Any], str]] = [
    ({}, "compliant violated pending"),
    # without `within` nothing is late
    ({"constraint": {"kind": "deadline", "after": "published", "do": "filed"}}, "compliant pending"),
    ({"readings": TWO}, "compliant violated pending arguable"),
    # two names for one reading cannot part
    ({"readings": {"literal": {}, "rest_day_rolls": {"roll": False}}}, "compliant violated pending"),
    (COMMENTS | {"excused_by": "secret_by_law"}, "compliant violated pending excused"),
    # a reading that asks for none is met in any case, but not before the end of the year
    (
        {
            "record": "organ",
            "when": None,
            "constraint": QUOTA | {"at_least": 1},
            "readings": {"once_a_year": {}, "no_interval": {"at_least": 0}},
        },
        "compliant pending arguable",
    ),
    # no limit under the one reading, so a breach under the other is arguable
    ({"readings": {"literal": {}, "rest_day_rolls": {"within": None}}}, "compliant pending arguable"),
    # a breach of a gap is found only when it is closed; until then it is pending, and after it compliant
    (
        {"constraint": {"kind": "minimum_gap", "from": "published", "to": "filed", "at_least": "30 days"}},
        "compliant violated pending",
    ),
    # the rule is only for documents on which it was done, so the day has come; without that it waits for it
    (
        {"when": {"happened": "signed"}, "constraint": REVIEWED},
        "compliant violated",
    ),
    (
        {"when": {"any": [{"happened": "signed"}, {"issuer_level": "county"}]}, "constraint": REVIEWED},
        "compliant violated pending",
    ),
    # nobody waits for a forbidden act
    ({"constraint": {"kind": "forbidden", "what": "published"}}, "compliant violated"),
    ({"constraint": {"kind": "count", "events": "filed", "at_least": 1}}, "compliant violated"),
    (
        {"constraint": {"kind": "count", "events": "filed", "at": "published", "at_least": 1}},
        "compliant violated pending",
    ),
]


def bound(folder: Path, **changes: Any) -> Rule:
    return next(iter(load_rulesets(write_rules(folder, filing(**changes)))))


@pytest.mark.parametrize(("changes", "expected"), REACH)
def test_verdicts_within_reach(changes: dict[str, Any], expected: str, tmp_path: Path) -> None:
    wanted = {"not_applicable", "undetermined", *expected.split()}
    assert {v.name for v in verdicts(bound(tmp_path, **changes))} == wanted


def test_no_case_expects_what_is_out_of_reach() -> None:
    wrong = {
        (rule, verdict)
        for case in FOUND
        for (rule, _), (verdict, _) in case.expect.items()
        if Verdict[verdict] not in verdicts(next(r for r in RULES.at("full") if r.key == rule))
    }
    assert wrong == set()


@pytest.mark.parametrize("kind", KINDS)
def test_no_random_record_gets_a_verdict_out_of_reach(kind: str) -> None:
    """And where a kind is drawn ten times, all its verdicts are seen but for a few: reach promises not much more."""
    seen: dict[str, set[Verdict]] = defaultdict(set)
    promised: set[Verdict] = set()
    for seed in range(10):
        rules, records, as_of = draw(Random(f"{kind}{seed}"), kind, 40)
        mine: dict[str, set[Verdict]] = defaultdict(set)
        for day in (as_of - 30, as_of, as_of + 60):
            for assessment in live.assess(records, rules, day):
                mine[assessment.rule].add(assessment.verdict)
        for rule in rules:
            assert mine[rule.key] <= verdicts(rule)
            promised |= verdicts(rule)
            seen[kind] |= mine[rule.key]
    assert promised - seen[kind] <= {Verdict.arguable, Verdict.excused}


def test_edges(tmp_path: Path) -> None:
    """15 days: done on the last day or the day after, not done on the last day or the day after."""
    rule = bound(tmp_path)
    assert [str(e) for e in edges(rule)] == [
        "response = due",
        "response = due + 1",
        "as_of = due",
        "as_of = due + 1",
    ]
    assert breached_by_time(rule)


def test_edges_of_a_count(tmp_path: Path) -> None:
    """Two at least: two, and one less. No time runs out."""
    rule = bound(tmp_path, constraint={"kind": "count", "events": "filed", "at_least": 2})
    assert [str(e) for e in edges(rule)] == ["number = at_least", "number = at_least - 1"]
    assert not breached_by_time(rule)

"""The benchmark runs, and what it compares says the same; how long anything takes is asserted nowhere."""

from __future__ import annotations

from collections import Counter

import lawgov_rules as lr
from lawgov_rules import live
from lawgov_rules.days import to_day
from lawgov_rules.ruleset import Rulesets
from tests.benchmarks import peers
from tests.benchmarks.live import agree, core_rules, deadlines, monitor, show
from tests.benchmarks.records import AS_OF, records
from tests.benchmarks.since import FORMS, lines

FEW = 150


def test_the_records_have_ten_events_and_many_verdicts(rules: Rulesets) -> None:
    known = records(FEW, rules)
    assert {len(record.events) for record in known} == {10}
    counted = Counter(a.verdict.name for a in live.assess(known, rules, to_day(AS_OF)))
    assert {"compliant", "violated", "undetermined", "arguable", "not_applicable"} <= counted.keys()
    first = next(core_rules(rules, FEW))
    assert first.verdicts == counted


def test_closures_by_hand_say_what_the_rules_say(rules: Rulesets) -> None:
    """Rule by rule, record by record."""
    known, mine = records(FEW, rules, seed=1), rules.only(peers.RULES)
    by_hand = peers.judge(mine, to_day(AS_OF), peers.by_hand)
    for record in known:
        assert by_hand(record) == [a.verdict.name for a in live.assess([record], mine, to_day(AS_OF))]


def test_everybody_counts_the_same_verdicts(rules: Rulesets) -> None:
    lines = list(deadlines(rules, FEW))
    agree(lines)
    assert [line.name for line in lines if line.verdicts][:2] == ["bare closures", "check_record, verdicts alone"]
    assert lines[0].verdicts.keys() >= {"compliant", "violated", "undetermined", "not_applicable"}
    assert sum(lines[0].verdicts.values()) == 2 * FEW


def test_the_table_names_everybody(rules: lr.Rulesets, capsys: object) -> None:
    lines = list(deadlines(rules, 5))
    show("title", lines)
    printed = capsys.readouterr().out  # type: ignore[attr-defined]
    assert [line.name for line in lines if line.name not in printed] == []


def test_the_monitor_is_measured(rules: Rulesets) -> None:
    assert [line.name for line in monitor(rules, 20)] == ["Monitor.post", "Monitor.advance, a day"]


def test_a_check_that_goes_on_is_a_whole_one(rules: Rulesets) -> None:
    """`lines` holds the reports against each other, for each form of input; two records in two hundred change."""
    for line in lines(200, 1, list(FORMS)):
        assert 2 <= line.judged < 200

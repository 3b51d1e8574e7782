"""Until the day on which a record wakes, nothing that is said of it changes: for every kind, and the bundled rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgov_rules import live
from lawgov_rules.days import to_day
from lawgov_rules.input import read_input
from lawgov_rules.kinds import discover
from lawgov_rules.records import DAY, Event, Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.view import Population
from lawgov_rules.waking import Judge
from tests.agreement import KINDS, draw
from tests.conftest import CASES
from tests.kinds.build import calendar

Told = list[tuple[object, ...]]
FAR = 500  # days of sleep of which some are tried


def drawn(random: Random, kind: str, number: int = 6) -> tuple[Rulesets, list[Record], int]:
    rules, records, as_of = draw(random, kind, number)
    rules.__dict__["calendar"] = calendar()  # read once for all examples
    return rules, records, as_of


def told(records: list[Record], rules: Rulesets, day: int) -> dict[tuple[str, str], Told]:
    """What is said of each record on a day, without what follows the day itself."""
    daily = {rule.key: next(iter(rule.constraints.values())).DAILY for rule in rules}
    found: dict[tuple[str, str], Told] = {(r.type, r.id): [] for r in records}
    for a in live.assess(records, rules, day):
        measures = {name: value for name, value in a.measures.items() if name not in daily[a.rule]}
        found[a.type, a.record].append(dataclasses.astuple(dataclasses.replace(a, measures=measures)))
    return found


def wakes(records: list[Record], rules: Rulesets, day: int) -> dict[tuple[str, str], int | None]:
    """When each record wakes; one that looks at others no later than a fact of any of them comes to hand."""
    judge = Judge(rules)
    population = Population(records, rules.jurisdictions.contains)
    facts = [judge.next_fact(record, day) for record in records] if judge.looked_at else []
    found = {}
    for record in records:
        wake = judge(record, day, population).wake
        found[record.type, record.id] = min((d for d in (wake, *facts) if d is not None), default=None)
    return found


def slept_through(
    records: list[Record], rules: Rulesets, as_of: int, days: Iterable[int]
) -> list[tuple[tuple[str, str], int, Told, Told]]:
    """Where something changed on one of the days although the record was asleep."""
    wake, before, found = wakes(records, rules, as_of), told(records, rules, as_of), []
    for day in days:
        now = told(records, rules, day)
        for key, until in wake.items():
            if (until is None or day < until) and now[key] != before[key]:
                found.append((key, day, before[key], now[key]))
    return found


def tried(random: Random, records: list[Record], rules: Rulesets, as_of: int) -> set[int]:
    """Days to try: the next one, the last of each sleep, and some between and far behind."""
    last = {until - 1 for until in wakes(records, rules, as_of).values() if until is not None}
    some = {random.randint(as_of + 1, as_of + FAR) for _ in range(3)} | {random.randint(as_of + 1, as_of + 40)}
    return {day for day in last | some | {as_of + 1, as_of + 4000} if day > as_of}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_nothing_changes_before_a_record_wakes(kind: str, seed: int) -> None:
    random = Random(seed)
    rules, records, as_of = drawn(random, kind)
    assert slept_through(records, rules, as_of, sorted(tried(random, records, rules, as_of))) == []


@pytest.mark.parametrize("kind", sorted(discover()))
def test_every_kind_says_when_it_wakes(kind: str) -> None:
    """The default, tomorrow, is right but dear; a kind without random rules would be held to nothing."""
    assert "wakes" in vars(discover()[kind])
    assert "looks_at" in vars(discover()[kind]) or not kind_looks_at_others(kind)
    assert kind in KINDS


def kind_looks_at_others(kind: str) -> bool:
    return "others" in vars(discover()[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_law_notices_a_kind_that_sleeps_on(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a kind that never wakes the law above fails: every kind has assessments that time alone turns."""
    monkeypatch.setattr(discover()[kind], "wakes", lambda self, as_of, force, measured: None)
    for seed in range(400):
        random = Random(seed)
        rules, records, as_of = drawn(random, kind, random.choice([1, 6]))
        if slept_through(records, rules, as_of, [as_of + days for days in (1, 5, 20, 60, 200, 900, 4000)]):
            return
    pytest.fail("no record ever turned by time alone")


def _bundled(file: Path, rules: Rulesets) -> list[Record]:
    return read_input(file, rules).records


@pytest.mark.slow
@pytest.mark.parametrize("folder", sorted(p.name for p in CASES.iterdir() if p.is_dir()))
def test_bundled_rules_on_the_cases(folder: str, rules: Rulesets) -> None:
    """From half a year before the last event of a file to that day, to the last day of sleep, and a year on."""
    for file in sorted((CASES / folder).glob("*.yaml")):
        records = _bundled(file, rules)
        last = max((e.day for r in records for e in r.events), default=to_day(dt.date(2013, 6, 30)))
        sleep = [until - 1 for until in wakes(records, rules, last - 180).values() if until is not None]
        days = {last - 179, last, last + 185, *sorted(d for d in sleep if d >= last - 179)[:1]}
        assert slept_through(records, rules, last - 180, sorted(days)) == [], file


def test_a_deadline_wakes_the_day_after_it_and_never_once_it_is_met(rules: Rulesets) -> None:
    """Published on 1 March 2012, to be filed within 15 days: 16 March, a Friday and a working day, so the 17th is the
    first on which it is missing. Nothing that was done in 2012 turns when force ends with 2013."""
    one = rules.only({"jincheng-2009/nd-county-filing-15d"})
    day = to_day(dt.date(2012, 3, 1))
    published = Event("published", day * DAY, day * DAY + DAY - 1, {})
    filed = dataclasses.replace(published, name="filed", attributes={"to": "city_government"})
    county = {"issuer_level": "county", "issued_in_name_of": "government"}
    open_ = Record("甲县政发〔2012〕3号", "normative_document", "140581", "甲县人民政府", county, (), (published,))
    done = dataclasses.replace(open_, events=(published, filed))
    key = (open_.type, open_.id)
    assert wakes([open_], one, day + 3)[key] == to_day(dt.date(2012, 3, 17))
    assert wakes([done], one, day + 3)[key] is None
    assert wakes([dataclasses.replace(open_, events=())], one, day)[key] == to_day(dt.date(2014, 1, 1))

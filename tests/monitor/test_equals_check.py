"""Whatever is posted, retracted and turned, in any order: the findings and duties are those of a check."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.days import to_date, to_day
from lawgov_rules.links import Key
from lawgov_rules.monitor import Change, Monitor
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.yaml_file import document_of
from tests.agreement import KINDS, Draw
from tests.agreement.vocabularies import Words, draw_words
from tests.kinds.build import calendar

Plain = dict[str, Any]


class Life:
    """A monitor, and beside it the plain records that it should have. Ids are few, and of several types."""

    def __init__(self, random: Random, kind: str, **more: Any) -> None:
        self.random, self.drawing = random, Draw(random, draw_words(random))
        self.rules = self.drawing.rules(kind)
        self.rules.__dict__["calendar"] = calendar()  # read once for all examples
        # most events lie a few days behind the drawing's day: some are to come
        self.day = to_day(self.drawing.base) + random.randint(-15, 25)
        self.plain: dict[Key, Plain] = {}
        self.monitor = Monitor(self.rules, to_date(self.day), **more)
        self.told: dict[tuple[str, ...], tuple[str, str]] = {}

    def step(self) -> None:
        """One random step, of the monitor and of the plain records."""
        steps = ["whole", "whole", "advance", "advance", "event", "event", "person", "attribute", "organ", "retract"]
        name = self.random.choice(["whole", *(steps if self.plain else ())])
        self.heed(getattr(self, name)())

    def some(self) -> tuple[Key, Plain, Words, int]:
        """A record, the words of its type, and its number."""
        key = self.random.choice(sorted(self.plain))
        return key, self.plain[key], self.drawing.words.of(key[0]), int(key[1][1:])

    def whole(self) -> list[Change]:
        record = self.drawing.record(self.random.randrange(6))
        self.plain[record["type"], record["record"]] = record
        return self.monitor.post(record)

    def event(self) -> list[Change]:
        key, record, words, number = self.some()
        event = self.drawing.event(words, number)
        record["events"] = [*record["events"], event]
        return self.monitor.post(key, event)

    def person(self) -> list[Change]:
        key, record, words, number = self.some()
        people = [self.drawing.participant(words, number)] if words.roles else []
        record["participants"] = [*record["participants"], *people]
        return self.monitor.post(key, people[0] if people else {"participants": []})

    def attribute(self) -> list[Change]:
        key, record, words, number = self.some()
        drawn = dict.fromkeys(words.own) | self.drawing.some(words.own, number)
        change = {name: drawn[name] for name in self.random.sample(sorted(drawn), min(3, len(drawn)))}
        record["attributes"] = {**record["attributes"], **change}
        return self.monitor.post(key, {"attributes": change})

    def organ(self) -> list[Change]:
        key, record, _, number = self.some()
        drawn = self.drawing.record(number)
        change = {name: drawn[name] for name in ("organ", "jurisdiction")}
        record.update(change)
        return self.monitor.post(key, change)

    def retract(self) -> list[Change]:
        key, record, _, _ = self.some()
        name = self.random.choice(["events", "participants"])
        if not record[name]:
            del self.plain[key]
            return self.monitor.retract(key)
        item = self.random.choice(record[name])
        record[name] = [other for other in record[name] if other is not item]
        return self.monitor.retract(key, item)

    def advance(self) -> list[Change]:
        self.day += self.random.choice([1, 1, 2, 3, 5, 9, 30, 90, 400, 1000, -20])
        return self.monitor.advance(to_date(self.day))

    def heed(self, changes: list[Change]) -> None:
        """Follow what changed, as a listener would."""
        for change in changes:
            key = (change.type, change.record, change.rule, change.instance)
            assert self.told.get(key, ("", "")) == (change.was, change.was_detail), change
            if change.what == "cleared":
                del self.told[key]
            else:
                assert (change.what == "new") == (key not in self.told)
                self.told[key] = (change.verdict, change.detail)

    def records(self) -> list[Record]:
        reader = RecordReader(self.rules.vocabulary, self.rules.jurisdictions)
        found = [reader.read(document_of(self.plain[key]))[0] for key in sorted(self.plain)]
        return [record for record in found if record]


def in_order(findings: Any) -> list[Any]:
    return sorted(findings, key=lambda f: (f["type"], f["record"], f["rule"], f["instance"]))


def assert_equals_check(life: Life) -> None:
    """Findings, what a listener knows, and the duties."""
    report = lr.check(life.records(), life.rules, as_of=to_date(life.day), engine="live")
    assert life.monitor.findings() == list(report.findings)
    known = {(f["type"], f["record"], f["rule"], f["instance"]): (f["verdict"], f["detail"]) for f in report.findings}
    assert life.told == known
    for within in (None, 30):
        expected = lr.due(life.records(), life.rules, as_of=to_date(life.day), within=within, engine="live")
        assert life.monitor.due(within) == list(expected.duties)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "identity"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 14))
def test_findings_are_those_of_a_check(kind: str, seed: int, steps: int) -> None:
    random = Random(seed)
    life = Life(random, kind)
    for _ in range(steps):
        life.step()
        if random.random() < 0.4:
            assert_equals_check(life)
    assert_equals_check(life)


def _unambiguous(rules: Rulesets) -> bool:
    """Two checks of an identity with one label make findings that a listener cannot tell apart."""
    return all(len(set(c.labels)) == len(c.labels) for rule in rules for c in rule.constraints.values())  # type: ignore[attr-defined]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 14))
def test_findings_of_identities_are_those_of_a_check(seed: int, steps: int) -> None:
    life = Life(Random(seed), "identity")
    if _unambiguous(life.rules):
        for _ in range(steps):
            life.step()
        assert_equals_check(life)

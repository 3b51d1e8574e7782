"""Folders of case files that change, and checks of them that go on from one another."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import lawgov_rules as lr
from lawgov_rules import live
from lawgov_rules.checking import as_of_day
from lawgov_rules.days import to_date, to_day
from lawgov_rules.importers._reading import silent
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.since import judge_since
from lawgov_rules.verdict import Assessment
from tests.agreement import Draw
from tests.agreement.vocabularies import draw_words
from tests.kinds.build import calendar

EVERY = tuple(verdict.name for verdict in lr.Verdict)
BROKEN = "{record: t99, type: nothing_known"


def assert_equal(source: Any, rules: Rulesets, state: Path, **more: Any) -> tuple[int, int]:
    """The report that goes on is that of a whole check; how many records were judged, and how many taken over."""
    given = {"show": EVERY, **more}
    whole = lr.check(source, rules, engine="live", **given)
    found = lr.check(source, rules, since=state, **given)
    receipt = dict(found.receipt)
    since = receipt.pop("since")
    assert {**found.to_dict(), "receipt": receipt} == whole.to_dict()
    assert dict(found.records) == dict(whole.records)
    assert found.skipped == whole.skipped
    assert since["judged"] + since["taken_over"] == whole.summary["checked"]
    # what was kept is what is said, to the last figure, though no finding may show it
    day, records = as_of_day(more["as_of"]), list(found.records.values())
    _, told = judge_since(source, rules, day, state, more.get("mapping"), silent, None)
    said = sorted(live.assess(records, rules, day), key=Assessment.key)
    assert (told.judged, list(told.assessments(set(lr.Verdict)))) == (0, said)
    return since["judged"], since["taken_over"]


class Archive:
    """A folder with files of random records, which people change, break, move and take away."""

    def __init__(self, random: Random, kind: str, folder: Path) -> None:
        self.random, self.kind, self.folder, self.state = random, kind, folder / "cases", folder / "state"
        self.folder.mkdir()
        self.drawing = Draw(random, draw_words(random))
        self.redraw()
        self.day = to_day(self.drawing.base) + random.randint(-15, 25)
        self.files: dict[str, list[Any]] = {}
        for _ in range(random.randint(1, 4)):
            self.add()

    def redraw(self) -> None:
        """Other rules on the same words."""
        self.rules = self.drawing.rules(self.kind)
        self.rules.__dict__["calendar"] = calendar()  # read once for all examples

    def check(self, show: tuple[str, ...] = EVERY) -> tuple[int, int]:
        return assert_equal(self.folder, self.rules, self.state, as_of=to_date(self.day), show=show)

    def step(self) -> None:
        """One random change."""
        steps = [*["change"] * 4, *["pass_days"] * 3, "add", "take_away", "move", "shift", "break_one", "redraw"]
        getattr(self, self.random.choice(steps))()

    def add(self) -> None:
        """Another file; ids are few, so that some stand in two."""
        name = f"{self.random.randrange(100):02}.yaml"
        self.files[name] = [self.drawing.record(self.random.randrange(8)) for _ in range(self.random.randint(0, 3))]
        self.write(name)

    def change(self) -> None:
        """Another record in the place of one."""
        name = self.some()
        if name and self.files[name]:
            at = self.random.randrange(len(self.files[name]))
            old = self.files[name][at]
            number = int(old["record"][1:]) if isinstance(old, dict) else 3
            self.files[name][at] = self.drawing.record(number)
            self.write(name)

    def break_one(self) -> None:
        if name := self.some():
            self.files[name].append(BROKEN)
            self.write(name)

    def take_away(self) -> None:
        if name := self.some():
            (self.folder / name).unlink()
            del self.files[name]

    def move(self) -> None:
        """The same content under another name: no record is another."""
        if name := self.some():
            other = f"{self.random.randrange(100, 200)}.yaml"
            (self.folder / name).replace(self.folder / other)
            self.files[other] = self.files.pop(name)

    def shift(self) -> None:
        if name := self.some():
            self.write(name, before="# moved down\n\n")

    def pass_days(self) -> None:
        self.day += self.random.choice([1, 1, 2, 3, 5, 9, 30, 90, 400, 1000, -20])

    def some(self) -> str:
        return self.random.choice(sorted(self.files)) if self.files else ""

    def write(self, name: str, before: str = "") -> None:
        texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in self.files[name]]
        (self.folder / name).write_text(before + "\n---\n".join(texts), "utf-8")

"""What all generators share: chance, one day around which most dates lie, and values of attributes."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from lawgov_rules.vocabulary import LARGEST, Attribute
from tests.agreement.vocabularies import TEXTS, Words, small

BASES = ("2012-09-15", "2013-12-20", "2014-03-20", "2016-02-20", "2024-02-10", "2026-12-10")
PLACES = ("140581", "140581", "140581", "140502", "140500", "140522", "450821", "450800", "220200")


class Chance:
    """Draws around ``base``: dates lie close together, so that repeated, same-day and out-of-order ones are the rule.

    Everything comes from a `random.Random`: Hypothesis hands in one it can shrink, the long run a plain one.
    """

    def __init__(self, random: Random, words: Words | None = None) -> None:
        self.random = random
        self.words = words or small()
        self.base = dt.date.fromisoformat(self.pick(*BASES))
        # how much is unknown, and how far apart things happen: whole batches of one kind and of another
        self.unknown = self.pick(0.03, 0.03, 0.1, 0.3)
        self.near = self.pick(8, 40, 40, 120)

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def odds(self, odds: float) -> bool:
        return self.random.random() < odds

    def maybe(self, value: Any, odds: float = 0.5) -> Any:
        return value if self.odds(odds) else None

    def day(self, wide: bool = False) -> str:
        span = self.pick(400, 1500) if wide else self.near
        return (self.base + dt.timedelta(days=self.random.randint(-span // 4, span))).isoformat()

    def value(self, attribute: Attribute) -> Any:
        """A value as a user writes it, from so few that a condition often meets the one it names."""
        if attribute.type == "boolean":
            return self.pick("true", "false")
        if attribute.type == "choice":
            return self.pick(*attribute.values)
        if attribute.type == "choices":
            return [word for word in attribute.values if self.odds(0.5)]
        if attribute.type == "date":
            return self.day(wide=self.odds(0.3))
        if attribute.type == "text":
            return self.pick(*TEXTS)
        return self.number(attribute.type)

    def number(self, type_: str) -> str:
        if self.odds(0.01):
            return str(self.pick(LARGEST, -LARGEST))
        if type_ == "number":
            return str(self.pick("0", "1", "1.5", "2.5", "3", "4.000001", "-0.5"))
        if self.odds(0.35):
            return str(self.base.year - self.pick(0, 0, 1, 2))
        return str(self.pick("0", "1", "2", "3", "5", "-2"))

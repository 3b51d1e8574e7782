"""A story: the normal course of a record's events with offsets, and the ways in which it may be told otherwise.

Stories stand in ``stories/<document>/<record type>.yaml``, a list each:

    story         what it is about
    organs        whose it is; records are dealt to them in turn (``one_each``: one record for each)
    id            with {short} {year} {number} {self}; numbers run through a year
    begins        the days on which it may begin; ``dated_by``: the event whose year the id carries
    times         how many go as they should
    attributes    a value; [a, b] several values; {one_of: [..]}; ``decided + 30`` a day; ``year of decided``
    from_organ    attributes taken from the organ
    people        participants; {p1} {p2} .. are people of the organ
    use, course   parts of ``shared.yaml``, then the events; see `Item`
    otherwise     disturbances; see `Change`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lawgov_rules.demo.draw import Draw

PERIODS = {"year": 1, "half": 2, "quarter": 4, "month": 12}
LABELS = {"year": "{}", "half": "{}-H{}", "quarter": "{}-Q{}", "month": "{}-{:02}"}
Texts = Mapping[str, object]


@dataclass(frozen=True)
class Item:
    """One event of a course.

    ``after`` (5..10) counts days from the event before, or from ``since``, and ends on a working day not later;
    ``at_least`` ends on one not earlier. ``on`` is a day, or a span of which a working day is taken: 2013-08-01, or
    03-01..03-20 for ``every: year`` of ``years``, or days of the period (6..26) for every half, quarter and month.
    ``any_day`` takes rest days too. What else stands there are the event's attributes.
    """

    event: str
    name: str = ""
    after: str = ""
    at_least: str = ""
    since: str = ""
    on: str = ""
    every: str = ""
    years: str = ""
    any_day: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    start: date | None = None

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Item:
        own = {key: value for key, value in written.items() if key in cls.__dataclass_fields__}
        attributes = {key: value for key, value in written.items() if key not in own}
        return cls(**{"name": written["event"]} | own, attributes=attributes)

    def instances(self) -> Iterator[Item]:
        """The item, or one for each of its periods: ``study@2012-Q1``."""
        if not self.every:
            yield self
            return
        count = PERIODS[self.every]
        first, last = span(self.years)
        for year in range(first, last + 1):
            for n in range(count):
                label = LABELS[self.every].format(year, n + 1)
                yield Item(
                    **{key: getattr(self, key) for key in ("event", "on", "any_day", "attributes")},
                    name=f"{self.name}@{label}",
                    texts={"year": year, "last": year - 1, "next": year + 1},
                    start=date(year, n * 12 // count + 1, 1),
                )


@dataclass(frozen=True)
class Change:
    """How a record departs from the normal course; names are of items, ``name@?`` is one of its periods by chance.

    ``says`` what was arranged, ``times`` how often, ``organs`` with whom, ``begins`` when; ``without`` items; items
    ``later`` or ``earlier`` by days, with all that follow (``delay``), or ``on`` a day; ``swap`` two; ``attributes`` of
    the record and ``events``' attributes set anew, or taken away (empty); other ``people``; items to ``add``; the item
    ``until`` which it has come.
    """

    says: str = ""
    times: str = "1"
    organs: Sequence[str] = ()
    begins: str = ""
    without: Sequence[str] = ()
    later: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)
    delay: Mapping[str, str] = field(default_factory=dict)
    on: Mapping[str, str] = field(default_factory=dict)
    swap: Sequence[str] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    events: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: Sequence[Mapping[str, str]] | None = None
    add: Sequence[Mapping[str, Any]] = ()
    until: str = ""


@dataclass(frozen=True)
class Story:
    """A story as it stands in its file; see the module."""

    document: str
    type: str
    story: str
    organs: Sequence[str]
    id: str
    course: Sequence[Item]
    begins: str = ""
    dated_by: str = ""
    times: int = 0
    one_each: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    from_organ: Sequence[str] = ()
    people: Sequence[Mapping[str, str]] = ()
    otherwise: Sequence[Change] = ()

    @classmethod
    def read(cls, document: str, type_: str, written: Mapping[str, Any], shared: Mapping[str, Any]) -> Story:
        """The story of a file's list item; TypeError for a key that no story has."""
        words = dict(written)
        course = [item for name in words.pop("use", ()) for item in shared[name]] + (words.pop("course", None) or [])
        return cls(
            document,
            type_,
            course=[Item.read(item) for item in course],
            times=int(words.pop("times", 0)),
            one_each=words.pop("one_each", "") == "true",
            otherwise=[Change(**change) for change in words.pop("otherwise", ())],
            **words,
        )


def span(text: str) -> tuple[int, int]:
    """``5..10`` or ``5`` as two numbers."""
    low, _, high = str(text).partition("..")
    return int(low), int(high or low)


def days(text: str) -> tuple[date, date]:
    """``2013-08-01..2013-08-20`` or one day as two dates."""
    low, _, high = text.partition("..")
    return date.fromisoformat(low), date.fromisoformat(high or low)


def filled(value: Any, texts: Texts, draw: Draw, dates: Mapping[str, date]) -> Any:
    """A written value with what depends on the telling: names, chance, and days counted from an event."""
    if isinstance(value, list):
        return [filled(each, texts, draw, dates) for each in value]
    if isinstance(value, dict):
        return filled(draw.one_of(value["one_of"]), texts, draw, dates)
    if found := re.fullmatch(r"(\S+) ([+-]) (\d+)", value):
        anchor, sign, number = found.groups()
        return (dates[anchor] + timedelta(days=int(sign + number))).isoformat()
    if value.startswith("year of "):
        return str(dates[value.removeprefix("year of ")].year)
    return value.format_map(texts) if "{" in value else value

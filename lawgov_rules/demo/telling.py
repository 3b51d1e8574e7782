"""Telling a story once: its events get their days, the disturbance is worked in, and a record comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lawgov_rules.demo.draw import Draw
from lawgov_rules.demo.story import Change, Item, Story, Texts, days, filled, span

IsRest = Callable[[date], bool]
ONE = timedelta(days=1)


@dataclass
class Told:
    """A record in the making: ``dates`` and ``attributes`` of its events by the items' names."""

    story: Story
    organ: str
    begin: date
    changes: list[Change]
    draw: Draw
    texts: dict[str, object]
    items: dict[str, Item] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    event_attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def dated(self) -> date:
        """The day whose year the id carries."""
        return self.dates.get(self.story.dated_by, self.begin)

    @property
    def says(self) -> list[str]:
        return [change.says for change in self.changes if change.says]

    def record(self, number: int | None) -> dict[str, Any]:
        """The record as it will be written, with the number that its id got."""
        texts = {**self.texts, "year": self.dated.year, "number": number}
        return {
            "record": self.story.id.format_map(texts),
            "type": self.story.type,
            "jurisdiction": texts["code"],
            "organ": self.organ,
            "attributes": self.attributes,
            "participants": [{k: v.format_map(texts) for k, v in p.items()} for p in self._people()],
            "events": [
                {"event": self.items[name].event, "date": day.isoformat(), **self.event_attributes[name]}
                for name, day in sorted(self.dates.items(), key=lambda each: each[1])
            ],
        }

    def _people(self) -> list[Mapping[str, str]]:
        told = [change.people for change in self.changes if change.people is not None]
        return list(told[-1] if told else self.story.people)


def tell(told: Told, organ: Mapping[str, Any], as_of: date, is_rest: IsRest) -> None:
    """Fill in what happened until ``as_of``."""
    story, draw = told.story, told.draw
    added = [Item.read(item) for change in told.changes for item in change.add]
    told.items = {each.name: each for item in [*story.course, *added] for each in item.instances()}
    _place(told, is_rest)
    own = {name: organ[name] for name in story.from_organ if name in organ} | dict(story.attributes)
    told.attributes = {name: filled(value, told.texts, draw, told.dates) for name, value in own.items()}
    for name, item in told.items.items():
        texts = {**told.texts, **item.texts}
        told.event_attributes[name] = {k: filled(v, texts, draw, told.dates) for k, v in item.attributes.items()}
    for change in told.changes:
        _work_in(told, change, is_rest)
    told.dates = {name: day for name, day in told.dates.items() if day <= as_of}


def _place(told: Told, is_rest: IsRest) -> None:
    """The day of every item in the normal course; what follows a delayed item, or one set on a day, moves with it."""
    delays = {name: by for change in told.changes for name, by in change.delay.items()}
    fixed = {name: day for change in told.changes for name, day in change.on.items()}
    last = told.begin
    for name, item in told.items.items():
        anchor = told.dates[item.since] if item.since else last
        rest = (lambda _: False) if item.any_day else is_rest
        day = _day(item, anchor, told.draw, rest)
        if name in fixed:
            day = date.fromisoformat(fixed[name])
        if name in delays:
            day = _forward(day + told.draw.between(*span(delays[name])) * ONE, rest)
        told.dates[name] = last = day


def _day(item: Item, anchor: date, draw: Draw, is_rest: IsRest) -> date:
    if item.on:
        low, high = _window(item)
        if low == high:
            return low
        day = low + draw.between(0, (high - low).days) * ONE
        back = _back(day, is_rest)
        return back if back >= low else _forward(day, is_rest)
    if item.at_least:
        return _forward(anchor + draw.between(*span(item.at_least)) * ONE, is_rest)
    day = anchor + draw.between(*span(item.after or "0")) * ONE
    back = _back(day, is_rest)
    return back if back >= anchor else _forward(day, is_rest)


def _window(item: Item) -> tuple[date, date]:
    if item.start is None:
        return days(item.on)
    low, _, high = item.on.partition("..")
    if "-" in low:
        return days(f"{item.start.year}-{low}..{item.start.year}-{high or low}")
    first, last = span(item.on)
    return item.start + (first - 1) * ONE, item.start + (last - 1) * ONE


def _back(day: date, is_rest: IsRest) -> date:
    while is_rest(day):
        day -= ONE
    return day


def _forward(day: date, is_rest: IsRest) -> date:
    while is_rest(day):
        day += ONE
    return day


def _work_in(told: Told, change: Change, is_rest: IsRest) -> None:
    dates, draw = told.dates, told.draw
    for name, by in _named(change.later, told):
        dates[name] = _forward(dates[name] + draw.between(*span(by)) * ONE, is_rest)
    for name, by in _named(change.earlier, told):
        dates[name] = _back(dates[name] - draw.between(*span(by)) * ONE, is_rest)
    if change.swap:
        one, other = change.swap
        dates[one], dates[other] = dates[other], dates[one]
    for name, attributes in _named(change.events, told):
        texts: Texts = {**told.texts, **told.items[name].texts}
        for key, value in attributes.items():
            _set(told.event_attributes[name], key, value, told, texts)
    for key, value in change.attributes.items():
        _set(told.attributes, key, value, told, told.texts)
    for name, _ in _named(dict.fromkeys(change.without), told):
        del dates[name]
    if change.until:
        end = dates[change.until]
        told.dates = {name: day for name, day in dates.items() if day <= end}


def _set(attributes: dict[str, Any], key: str, value: Any, told: Told, texts: Texts) -> None:
    """An empty value means that it is not on record."""
    if value is None:
        attributes.pop(key, None)
    else:
        attributes[key] = filled(value, texts, told.draw, told.dates)


def _named(changes: Mapping[str, Any], told: Told) -> Iterator[tuple[str, Any]]:
    """The items that are meant: by name, ``name@?`` one of its periods, ``name@*`` all, ``name@2012*`` of a year."""
    for pattern, value in changes.items():
        if pattern.endswith("@?"):
            yield told.draw.one_of([name for name in told.dates if name.startswith(pattern[:-1])]), value
        elif pattern.endswith("*"):
            found = [name for name in told.dates if name.startswith(pattern[:-1])]
            assert found, f"{told.story.story}: no {pattern}"
            yield from ((name, value) for name in found)
        else:
            assert pattern in told.dates, f"{told.story.story}: no {pattern}"
            yield pattern, value

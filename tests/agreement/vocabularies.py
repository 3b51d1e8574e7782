"""Vocabularies: the small fixed one that hand-written tests use, and random ones, as a generator looks at them."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import Any

from lawgov_rules.days import Calendar
from lawgov_rules.errors import RulesetError
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.loading import bundled
from lawgov_rules.validation import read_as
from lawgov_rules.vocabulary import Attribute, Vocabulary
from lawgov_rules.yaml_file import Document, parse_documents

WORD = {"zh": "词", "en": "word"}
EVENTS = ("a", "b", "c", "d")
ITEM = ["x", "n", "year", "until", "to", "set", "ref"]
SMALL: dict[str, Any] = {
    "record_types": {
        "thing": {
            **WORD,
            "attributes": [
                "flag",
                "level",
                "due",
                "first_day",
                "last_day",
                "f1",
                "f2",
                "f3",
                "year",
                "reason",
                "several",
            ],
            "events": list(EVENTS),
            "roles": ["p", "q"],
        }
    },
    "events": {e: {**WORD, "attributes": ITEM} for e in EVENTS},
    "attributes": {
        **{name: {**WORD, "type": "boolean"} for name in ("flag", "ok")},
        **{name: {**WORD, "type": "choice", "values": dict.fromkeys(("u", "v", "w"), WORD)} for name in ("level", "x")},
        "to": {**WORD, "type": "choice", "values": dict.fromkeys(("r", "s"), WORD)},
        **{
            name: {**WORD, "type": "choices", "values": dict.fromkeys(("k", "l", "m"), WORD)}
            for name in ("set", "several")
        },
        **{name: {**WORD, "type": "number"} for name in ("n", "f2")},
        **{name: {**WORD, "type": "integer"} for name in ("f1", "f3", "year")},
        **{name: {**WORD, "type": "text"} for name in ("reason", "ref")},
        **{name: {**WORD, "type": "date"} for name in ("due", "first_day", "last_day", "until", "since")},
    },
    "readings": dict.fromkeys(("one", "two", "three"), WORD),
    "roles": {r: {**WORD, "attributes": ["ok", "since", "until"]} for r in ("p", "q")},
}

# words that a database, a table of ours or a careless quotation might stumble over
NAMES = (
    "flag", "level", "due", "x", "n", "until", "to", "ref", "id", "day", "low", "high", "key", "select", "order", "end",
    "window", "certain", "code", "reading", "organ", "jurisdiction", "record", "type", "rid", "year", "recipient",
    "named", "named_2", "total", "met", "start", "link", "级别", "办结日期", "a-b", "it's", "r_id", "e_low",
    "participants", "count", "first", "two words", 'q"q',
)  # fmt: skip
STEPS = ("a", "b", "published", "filed", "select", "where", "e_low", "受理", "first", "last", "two steps", "it's")
ROLES = ("p", "q", "承办人", "it's")
VALUES = ("u", "v", "w", "甲", "it's", 'say "no"', "%", "NULL", "true", "1", "a b")
TEXTS = ("r", "it's", 'say "no"', "%_", "a b", "NULL", "说明")
TYPES = ("boolean", "choice", "choices", "integer", "number", "date", "text")


def document_of(value: Any) -> Document:
    """A value as if it had been read from a file."""
    found = next(parse_documents(json.dumps(value), "drawn.json", json=True))
    assert isinstance(found, Document)
    return found


class Words:
    """A vocabulary and one of its record types, by what a generator asks of them."""

    def __init__(self, raw: dict[str, Any], type_: str) -> None:
        self.raw, self.type = raw, type_
        self.vocabulary = read_vocabulary(raw)
        entry = self.vocabulary.record_types[type_]
        self.events, self.roles = entry.events, entry.roles
        self.own = {name: self.vocabulary.attributes[name] for name in entry.attributes}

    @property
    def types(self) -> list[str]:
        return list(self.vocabulary.record_types)

    def of(self, type_: str) -> Words:
        """The same vocabulary, another record type."""
        return self if type_ == self.type else Words(self.raw, type_)

    def named(self, *types: str) -> list[str]:
        """The record's attributes of these types."""
        return [name for name, attribute in self.own.items() if attribute.type in types]

    def of_event(self, event: str) -> dict[str, Attribute]:
        """What one occurrence of an event carries."""
        return {name: self.vocabulary.of_event(event, name) for name in self.vocabulary.events[event].attributes}

    def of_role(self, role: str) -> dict[str, Attribute]:
        """What a participant of a role carries."""
        return {name: self.vocabulary.attributes[name] for name in self.vocabulary.roles[role].attributes}

    def carrying(self, *types: str) -> dict[str, list[str]]:
        """The events that carry each attribute of these types."""
        found: dict[str, list[str]] = {}
        for event in self.events:
            for name, attribute in self.of_event(event).items():
                if attribute.type in types:
                    found.setdefault(name, []).append(event)
        return found


def read_vocabulary(raw: dict[str, Any]) -> Vocabulary:
    """A vocabulary as its file would be read; RulesetError with every problem."""
    document = Document("drawn.yaml", raw, {})
    found = read_as(Vocabulary, document)
    problems = found if isinstance(found, list) else found._cross_check(document)
    if isinstance(found, list) or problems:
        raise RulesetError(problems)
    return found


@cache
def small() -> Words:
    return Words(SMALL, "thing")


def vocabulary() -> Vocabulary:
    """The small fixed vocabulary, whose one record type is `thing`."""
    return small().vocabulary


@cache
def jurisdictions() -> Jurisdictions:
    return Jurisdictions.load(bundled() / "jurisdictions.yaml")


@cache
def calendar() -> Calendar:
    """The bundled calendar, read once."""
    return Calendar.load(bundled() / "calendar")


def draw_words(random: Random) -> Words:
    """A random vocabulary of one or two record types, looked at from the first."""
    names = random.sample(NAMES, random.randint(14, 22))
    attributes = {name: _attribute(random, TYPES[n % len(TYPES)]) for n, name in enumerate(names)}
    steps = random.sample(STEPS, random.randint(3, 6))
    # the first event carries something of every type, so that every kind finds what it needs
    events = {step: _event(random, attributes, 1.0 if step == steps[0] else 0.6) for step in steps}
    roles = {role: {**WORD, "attributes": _some(random, names, 0.5)} for role in random.sample(ROLES, 2)}
    types = {
        type_: {
            **WORD,
            "attributes": sorted({*names[:7], *_some(random, names[7:], 0.8)}, key=names.index),
            "events": steps if n == 0 else [steps[0], *_some(random, steps[1:], 0.7)],
            "roles": list(roles) if n == 0 else list(roles)[:1],
        }
        for n, type_ in enumerate(random.sample(["thing", "organ", "案 卷"], random.choice((1, 2))))
    }
    raw = {
        "record_types": types,
        "events": events,
        "attributes": attributes,
        "roles": roles,
        "readings": dict.fromkeys(("one", "two", "three"), WORD),
    }
    return Words(raw, next(iter(types)))


def _some(random: Random, words: list[str], odds: float) -> list[str]:
    return [word for word in words if random.random() < odds]


def _attribute(random: Random, type_: str) -> dict[str, Any]:
    found: dict[str, Any] = {**WORD, "type": type_}
    if type_.startswith("choice"):
        found["values"] = dict.fromkeys(random.sample(VALUES, random.randint(2, 4)), WORD)
    if random.random() < 0.1:
        plain = {"boolean": "false", "integer": "3", "number": "1.5", "date": "2012-10-01", "text": "r"}
        found |= {"default": plain.get(type_) or next(iter(found["values"])), "because": "b"}
    return found


def _event(random: Random, attributes: dict[str, Any], odds: float) -> dict[str, Any]:
    """An event; now and then it admits only some of the values of a choice (never less than its default)."""
    carried = _some(random, list(attributes), odds)
    values = {
        name: _narrowed(random, attributes[name])
        for name in carried
        if attributes[name]["type"].startswith("choice") and random.random() < 0.2
    }
    return {**WORD, "attributes": carried, **({"values": values} if values else {})}


def _narrowed(random: Random, attribute: dict[str, Any]) -> list[str]:
    return [v for n, v in enumerate(attribute["values"]) if n == 0 or random.random() < 0.6]

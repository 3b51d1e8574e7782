"""One record (案卷), checked against the vocabulary: what happened, when, to whom, and what is known about it.

Events carry the first and the last second at which they can have happened (``low``, ``high``, counted from
1970-01-01 local time): a bare date spans its day, a timestamp or a ``sequence`` within the day narrows it. Whether
one event came before another is decided by these two numbers everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lawgov_rules.dates import read_stamp
from lawgov_rules.document_number import canonical
from lawgov_rules.errors import Place, Problem, a, did_you_mean, shown
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.vocabulary import Attribute, Value, Vocabulary, Word, near
from lawgov_rules.yaml_file import Document

DAY = 86_400
DAY_HELP = "write the day the event happened as year-month-day"
EARLIEST_YEAR, LATEST_YEAR = 1949, 2100
RECORD_KEYS = ("record", "type", "jurisdiction", "organ", "attributes", "participants", "events")
CASE_KEYS = ("because", "as_of", "expect", "complete")
# the keys of a record as a table heads them in Chinese
HEADINGS = {
    "record": "案卷号",
    "type": "类型",
    "jurisdiction": "行政区划",
    "organ": "机关",
    "event": "事项",
    "date": "日期",
    "sequence": "次序",
    "role": "角色",
    "person": "姓名",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One dated event. ``low`` and ``high`` are seconds since 1970-01-01 local time, both within the same day."""

    name: str
    low: int
    high: int
    attributes: Mapping[str, Value]

    @property
    def day(self) -> int:
        return self.low // DAY


@dataclass(frozen=True, slots=True)
class Participant:
    """A person (or organ) with a role in the record."""

    role: str
    person: str
    attributes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Record:
    """A checked record. Attributes hold canonical values, vocabulary defaults included; unknown ones are absent."""

    id: str
    type: str
    jurisdiction: str | None
    organ: str | None
    attributes: Mapping[str, Value]
    participants: tuple[Participant, ...]
    events: tuple[Event, ...]
    source: Place = field(default=Place(), compare=False)


class RecordReader:
    """Turns the plain values of a file or a table row into records, with every problem of each."""

    def __init__(self, vocabulary: Vocabulary, jurisdictions: Jurisdictions) -> None:
        self.vocabulary = vocabulary
        self.jurisdictions = jurisdictions

    def read(self, document: Document) -> tuple[Record | None, list[Problem]]:
        """The record in ``document``, or None and what is wrong with it; all problems at once."""
        return _Reading(self, document).record()


class _Reading:
    """The reading of one record: collects its problems with their places."""

    def __init__(self, reader: RecordReader, document: Document) -> None:
        self.vocabulary = reader.vocabulary
        self.jurisdictions = reader.jurisdictions
        self.document = document
        self.problems: list[Problem] = list(document.problems)

    def complain(self, path: tuple[str | int, ...], reason: str, value: object = "", help: str = "") -> None:
        self.problems.append(Problem(self.document.place(*path), reason, shown(value) if value else "", help))

    def said(self, name: str, words: Mapping[str, Word] = {}) -> str:
        """A word, or a key, as the author of the document would write it."""
        if not self.document.labelled:
            return name
        return words[name].zh if name in words else HEADINGS.get(name, name)

    def near(self, word: str, names: Iterable[str], words: Mapping[str, Word]) -> str:
        return near(word, names, words, self.document.labelled)

    def record(self) -> tuple[Record | None, list[Problem]]:
        value = self.document.value
        if not isinstance(value, dict):
            reason = f"`{shown(value)}` is not a record"
            self.complain((), reason, value, "a record is a mapping with `record`, `type` and `events`")
            return None, self.problems
        for key in value:
            if key not in RECORD_KEYS + CASE_KEYS:
                self.complain((key,), f"`{shown(key)}` is not a key of a record", key, did_you_mean(key, RECORD_KEYS))
        id_, type_ = self.text("record", required=True), self.text("type", required=True)
        known = self.vocabulary.record_types.get(type_ or "")
        if type_ and known is None:
            self.complain(
                ("type",),
                f"`{shown(type_)}` is not a known record type",
                type_,
                self.near(type_, self.vocabulary.record_types, self.vocabulary.record_types),
            )
        code = self.text("jurisdiction")
        if code and (fault := self.jurisdictions.check(code)):
            self.complain(("jurisdiction",), fault, code)
        organ = self.text("organ")
        if known is None:
            return None, self.problems
        what = a(self.said(str(type_), self.vocabulary.record_types))
        attributes = self.attributes(("attributes",), value.get("attributes"), known.attributes, what)
        participants = tuple(self.participant(n, p, known.roles) for n, p in enumerate(self.items("participants")))
        events = tuple(self.event(n, e, known.events) for n, e in enumerate(self.items("events")))
        if self.problems or id_ is None:
            return None, self.problems
        return Record(
            canonical(id_),
            str(type_),
            code,
            organ,
            attributes,
            tuple(p for p in participants if p),
            tuple(e for e in events if e),
            self.document.place(),
        ), []

    def text(self, key: str, required: bool = False) -> str | None:
        value = self.document.value.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None and not isinstance(value, str):
            self.complain((key,), f"`{self.said(key)}` must be one value", value)
        elif required:
            help = f"add a column `{self.said(key)}`" if self.document.labelled else f"add `{key}:`"
            self.complain((key,), f"`{self.said(key)}` is missing", help=help)
        return None

    def items(self, key: str) -> list[Any]:
        value = self.document.value.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.complain((key,), f"`{key}` must be a list", value, "begin each item with `- `")
        return []

    def attributes(
        self,
        path: tuple[str | int, ...],
        value: Any,
        known: tuple[str, ...],
        what: str,
        skip: tuple[str, ...] = (),
        event: str | None = None,
    ) -> dict[str, Value]:
        """The canonical values of a mapping, with the vocabulary's defaults for what it leaves out."""
        found: dict[str, Value] = {}
        if value is not None and not isinstance(value, dict):
            self.complain(path, f"`{path[-1]}` must be a mapping of names to values", value)
            value = None
        for name, text in (value or {}).items():
            if name in skip:
                continue
            if name not in known:
                help = self.near(name, known, self.vocabulary.attributes)
                if not help and name in self.vocabulary.attributes:
                    help = "the vocabulary has this attribute for something else"
                self.complain((*path, name), f"`{shown(name)}` is not an attribute of {what}", name, help)
                continue
            words = self.vocabulary
            attribute = words.of_event(event, name) if event else words.attributes[name]
            canonical = self.value((*path, name), attribute, name, text)
            if canonical is not None:
                found[name] = canonical
        for name in known:
            default = self.vocabulary.attributes[name].absent
            if default is not None:
                found.setdefault(name, default)
        return found

    def value(self, path: tuple[str | int, ...], attribute: Attribute, name: str, text: Any) -> Value | None:
        try:
            return attribute.read(text, self.document.labelled)
        except ValueError as error:
            word = self.said(name, self.vocabulary.attributes)
            self.complain(path, f"`{word}`: `{shown(text)}` {error}", text)
            return None

    def participant(self, number: int, value: Any, roles: tuple[str, ...]) -> Participant | None:
        path = ("participants", number)
        if not isinstance(value, dict):
            self.complain(path, "a participant must be a mapping with `role` and `person`", value)
            return None
        role, person = value.get("role"), value.get("person")
        if not isinstance(role, str) or role not in roles:
            word = shown(role) if role else ""
            self.complain(
                (*path, "role"),
                f"`{word}` is not a role here" if role else f"`{self.said('role')}` is missing",
                word,
                self.near(word, roles, self.vocabulary.roles),
            )
            return None
        if not isinstance(person, str) or not person.strip():
            help = "name the person, or give a number of your own"
            self.complain((*path, "person"), f"`{self.said('person')}` is missing", help=help)
            return None
        known, what = self.vocabulary.roles[role].attributes, a(self.said(role, self.vocabulary.roles))
        return Participant(role, person.strip(), self.attributes(path, value, known, what, ("role", "person")))

    def event(self, number: int, value: Any, events: tuple[str, ...]) -> Event | None:
        path = ("events", number)
        if not isinstance(value, dict):
            self.complain(path, "an event must be a mapping with `event` and `date`", value)
            return None
        name = value.get("event")
        if not isinstance(name, str) or name not in events:
            word, missing = shown(name) if name else "", f"`{self.said('event')}` is missing"
            type_ = self.said(self.document.value["type"], self.vocabulary.record_types)
            reason = f"`{word}` is not an event of {a(type_)}" if name else missing
            self.complain((*path, "event"), reason, word, self.near(word, events, self.vocabulary.events))
            return None
        known, label = self.vocabulary.events[name].attributes, self.said(name, self.vocabulary.events)
        attributes = self.attributes(path, value, known, f"`{label}`", ("event", "date", "sequence"), name)
        order = self.sequence(path, value.get("sequence"))
        try:
            low, high = read_moment(value.get("date"))
        except ValueError as error:
            written = value.get("date")
            self.complain(
                (*path, "date" if "date" in value else "event"),
                f"the date of `{label}`: " + (f"`{shown(written)}` {error}" if written else str(error)),
                written,
                "check the year" if "lies outside" in str(error) else DAY_HELP,
            )
            return None
        if order is not None:
            low = high = low // DAY * DAY + order
        return Event(name, low, high, attributes)

    def sequence(self, path: tuple[str | int, ...], value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, str) and value.isascii() and value.isdecimal() and 1 <= int(value[:9]) < DAY:
            return int(value)
        self.complain(
            (*path, "sequence"), f"`{self.said('sequence')}`: `{shown(value)}` must be a whole number from 1", value
        )
        return None


def read_moment(date: Any) -> tuple[int, int]:
    """The first and last second of an event, local time. ValueError says what is wrong with the date.

    ``date`` is a day or a timestamp as `dates` reads them.
    """
    if date is None or date == "":
        raise ValueError("a date is missing")
    if not isinstance(date, str):
        raise ValueError("must be one date")
    day, second = read_stamp(date)
    year = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    if not EARLIEST_YEAR <= year.year <= LATEST_YEAR:
        raise ValueError(f"lies outside {EARLIEST_YEAR} to {LATEST_YEAR}")
    return (day * DAY, day * DAY + DAY - 1) if second is None else (day * DAY + second, day * DAY + second)

"""Random records, as a user would write them, and as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lawgov_rules.errors import RulesetError
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.vocabulary import Attribute, Vocabulary
from lawgov_rules.yaml_file import Document
from tests.agreement.chance import PLACES, Chance
from tests.agreement.vocabularies import Words, jurisdictions


class RecordDraw(Chance):
    """Draws records: events repeated, missing, on one day, out of order and in the future; much of them unknown."""

    def records(self, number: int) -> list[Record]:
        """So many records of all types of the vocabulary, most of the one that the rules speak of."""
        return read_records([self.record(n) for n in range(number)], self.words.vocabulary)

    def record(self, number: int) -> dict[str, Any]:
        """A record as plain values; ids are ``t0``, ``t1`` ..., an organ has a handful of records."""
        type_ = self.words.type if self.odds(0.8) else self.pick(*self.words.types)
        words = self.words.of(type_)
        people = self.pick(0, 0, 1, 2, 3) if words.roles else 0
        most = self.pick(2, 4, 7, 12)
        return {
            "record": f"t{number}",
            "type": type_,
            "organ": self.maybe(f"o{number // 8 + self.pick(0, 0, 1)}", 0.9),
            "jurisdiction": self.maybe(self.pick(*PLACES), 1 - self.unknown / 2),
            "attributes": self.some(words.own, number),
            "participants": [self.participant(words, number) for _ in range(people)],
            "events": [self.event(words, number) for _ in range(self.random.randint(0, most))],
        }

    def some(self, known: dict[str, Attribute], number: int) -> dict[str, Any]:
        """Values of the attributes that happen to be known."""
        return {
            name: self.reference(number) if attribute.type == "text" and self.odds(0.4) else self.value(attribute)
            for name, attribute in known.items()
            if not self.odds(self.unknown)
        }

    def reference(self, number: int) -> str:
        """The id of a record nearby, which may not exist."""
        return f"t{number + self.pick(-3, -2, -1, -1, 0, 1, 2)}"

    def participant(self, words: Words, number: int) -> dict[str, Any]:
        role = self.pick(*words.roles)
        return {**self.some(words.of_role(role), number), "role": role, "person": self.pick("m", "n", "甲")}

    def event(self, words: Words, number: int) -> dict[str, Any]:
        name = self.pick(*words.events)
        return {
            **self.some(words.of_event(name), number),
            "event": name,
            "date": self.moment(),
            **({"sequence": self.pick("1", "2", "3")} if self.odds(0.2) else {}),
        }

    def moment(self) -> str:
        """A day, or now and then a moment of it; one given in universal time may fall on the next day here."""
        day = self.day(wide=self.odds(0.25))
        return day + (self.pick("T00:00", "T09:30", "T23:59:59", "T20:15:00Z", "T09:30+08:00") * self.odds(0.12))


def read_records(values: Sequence[dict[str, Any]], vocabulary: Vocabulary) -> list[Record]:
    """Plain values as records; RulesetError with every problem."""
    reader = RecordReader(vocabulary, jurisdictions())
    found = []
    for value in values:
        record, problems = reader.read(Document("drawn.yaml", value, {}))
        if record is None:
            raise RulesetError(problems)
        found.append(record)
    return found

"""What was said of records, as a run keeps it for the next one, and as a report takes it over."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lawgov_rules.kept_records import TAB, Kept
from lawgov_rules.links import Key
from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.verdict import Assessment, Verdict

SAID = b"!"  # how a line begins that keeps what was said


class Said(NamedTuple):
    """What was said of a record, and all that one must know to take it over.

    ``wake``: the first day on which time may make it another. ``links``: the records it depends on. ``tally``: how
    often which rule gave which verdict, and ``told`` the assessments, both as text; rules by their number.
    """

    sum: str
    organ: str | None
    jurisdiction: str | None
    wake: int | None
    links: Sequence[Sequence[str]]
    tally: bytes
    told: bytes

    def line(self, key: Key) -> bytes:
        head = json.dumps([*key, *self[:5]], separators=(",", ":")).encode()
        return SAID + TAB.join((head, self.tally, self.told))

    @classmethod
    def read(cls, line: bytes) -> tuple[Key, Said]:
        head, tally, told = line[len(SAID) :].split(TAB)
        type_, id_, digest, organ, jurisdiction, wake, links = json.loads(head)
        return (type_, id_), cls(digest, organ, jurisdiction, wake, links, tally, told)


class Told:
    """What is said of records after the check, taken over or new.

    Args:
        rules: in the order in which lines number them.
    """

    def __init__(self, rules: Sequence[Rule], records: list[Kept], said: dict[Key, Said]) -> None:
        self._rules, self._said = rules, said
        self._kept = records
        self.records: Mapping[Key, Record] = _Records({one.key: one for one in records})
        self.judged = 0

    @property
    def taken_over(self) -> int:
        return len(self._kept) - self.judged

    def counts(self) -> Iterator[tuple[Verdict, Rule, str | None, int]]:
        """How often a rule gave a verdict on the records of an organ."""
        alike = Counter((one.organ, self._said[one.key].tally) for one in self._kept)
        for (organ, tally), number in alike.items():
            for rule, verdict, times in json.loads(tally):
                yield Verdict(verdict), self._rules[rule], organ, number * times

    def assessments(self, wanted: set[Verdict]) -> Iterator[Assessment]:
        """Those of some verdicts, by record and rule."""
        asked: dict[bytes, bool] = {}
        for one in self._kept:
            said = self._said[one.key]
            if said.tally not in asked:
                asked[said.tally] = any(verdict in wanted for _, verdict, _ in json.loads(said.tally))
            if asked[said.tally]:
                found = (self._assessment(one, *told) for told in json.loads(said.told) if told[2] in wanted)
                yield from sorted(found, key=Assessment.key)

    def _assessment(
        self,
        record: Kept,
        rule: int,
        instance: str,
        verdict: int,
        detail: str,
        missing: list[str],
        readings: dict[str, str],
        measures: dict[str, int | None],
    ) -> Assessment:
        name = self._rules[rule].key
        found = (name, record.type, record.id, instance, Verdict(verdict), detail, tuple(missing), readings, measures)
        return Assessment(*found)


class _Records(Mapping[Key, Record]):
    """Records by key, made when they are asked for."""

    def __init__(self, kept: dict[Key, Kept]) -> None:
        self._kept = kept

    def __getitem__(self, key: Key) -> Record:
        return self._kept[key].record()

    def __iter__(self) -> Iterator[Key]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

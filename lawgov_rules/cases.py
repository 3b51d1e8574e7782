"""Cases: records with the verdicts they should get, and why. They are the court of appeal of every executor.

A case is a record with three further keys: ``because`` (one sentence), ``as_of``, and ``expect``, which names the
verdict (and, after a blank, the detail) by rule, or by rule and instance::

    because: due on 16 March, sent on 20 March
    as_of: 2012-12-31
    expect:
      jincheng-2009/nd-county-filing-15d: violated late
      jincheng-2009/nd-cleanup-2y: {2008-12-31: compliant on_time, 2010-03-01: pending}

With ``complete: true`` (a story) nothing else may be found: every assessment that is not ``not_applicable`` is named.

The records of one file are one world: each case of the file is judged with all of them at hand, those without
``expect`` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from lawgov_rules.dates import read_date
from lawgov_rules.errors import Place, Problem, did_you_mean, shown
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Reading
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import DETAILS, Assessment, Verdict
from lawgov_rules.yaml_file import Document

Said = tuple[str, str]  # verdict and detail; an empty detail is any


class Disagreement(NamedTuple):
    """One verdict that is not the one expected. ``expected`` is empty where nothing should have been found."""

    place: Place
    rule: str
    instance: str
    expected: str
    got: str

    def __str__(self) -> str:
        at = f"{self.rule} [{self.instance}]" if self.instance else self.rule
        return f"{at}: expected {self.expected or 'nothing'}, got {self.got}"


@dataclass(frozen=True)
class Case:
    """A record, and what should be found. ``expect`` is by rule and instance, as are the ``places`` it stands at."""

    record: Record
    because: str
    as_of: int
    expect: Mapping[tuple[str, str], Said]
    complete: bool = False
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict, repr=False)
    # all records of its file, itself among them
    population: Sequence[Record] = field(default=(), repr=False)

    @property
    def rules(self) -> set[str]:
        """The keys of the rules of which it expects something."""
        return {rule for rule, _ in self.expect}

    def disagreements(self, assessments: Iterable[Assessment]) -> list[Disagreement]:
        """What the assessments of this record say differently; none if all is as expected."""
        found = {(a.rule, a.instance): a for a in assessments}
        said = []
        for (rule, instance), (verdict, detail) in self.expect.items():
            got = found.get((rule, instance))
            if got and got.verdict.name == verdict and detail in ("", got.detail):
                continue
            known = ", ".join(i or '""' for r, i in found if r == rule) or "none"
            answer = f"{got.verdict.name} {got.detail}" if got else f"no such instance (there are: {known})"
            place = self.places.get((rule, instance), self.record.source)
            said.append(Disagreement(place, rule, instance, f"{verdict} {detail}".strip(), answer))
        for (rule, instance), got in found.items() if self.complete else ():
            if (rule, instance) not in self.expect and got.verdict != Verdict.not_applicable:
                answer = f"{got.verdict.name} {got.detail}"
                said.append(Disagreement(self.record.source, rule, instance, "", answer))
        return said


def read_cases(source: Any, rules: Rulesets, elsewhere: Iterable[str] = ()) -> tuple[list[Case], list[Problem]]:
    """Every case of a path, and what is wrong with the others.

    Files without any ``expect`` are passed over, and so is what is expected of rules of the documents ``elsewhere``.
    """
    reader = _CaseReader(rules, frozenset(elsewhere))
    for _, items in groupby(documents.read(source, Reading(rules.vocabulary)), key=_file_of):
        reader.read_file(list(items))
    return reader.cases, reader.problems


def _file_of(item: Document | Problem) -> str:
    return item.place.file if isinstance(item, Problem) else item.file


def _is_case(item: Document | Problem) -> bool:
    return isinstance(item, Document) and isinstance(item.value, dict) and "expect" in item.value


class _CaseReader:
    """Reads cases file by file and collects what is wrong with them."""

    def __init__(self, rules: Rulesets, elsewhere: frozenset[str]) -> None:
        self.records = RecordReader(rules.vocabulary, rules.jurisdictions)
        self.rules = {rule.key: rule for s in rules.rulesets for rule in s.rules}
        self.elsewhere = elsewhere - {s.document.id for s in rules.rulesets}
        self.cases: list[Case] = []
        self.problems: list[Problem] = []

    def read_file(self, items: list[Document | Problem]) -> None:
        has_cases = any(map(_is_case, items))
        population: dict[tuple[str, str], Record] = {}
        world: list[Record] = []
        for item in items:
            if isinstance(item, Problem):
                self.problems.append(item)
            elif has_cases:
                self._read(item, population, world)
        world.extend(population.values())

    def _read(self, document: Document, population: dict[tuple[str, str], Record], world: list[Record]) -> None:
        record, wrong = self.records.read(document)
        self.problems.extend(wrong)
        if record is None:
            return
        key = (record.type, record.id)
        if key in population:
            reason = f"`{record.id}` stands at {population[key].source} already"
            advice = "ids are unique within a record type"
            self.problems.append(Problem(record.source, reason, record.id, advice))
            return
        population[key] = record
        if _is_case(document) and (case := self._case(document, record, world)):
            self.cases.append(case)

    def _case(self, document: Document, record: Record, world: Sequence[Record]) -> Case | None:
        value, before = document.value, len(self.problems)
        as_of = 0
        try:
            as_of = read_date(str(value.get("as_of") or ""))
        except ValueError as error:
            self.complain(document.place("as_of"), f"`as_of` {error}", value.get("as_of") or "")
        if not isinstance(value.get("because"), str):
            self.complain(document.place(), "`because` is missing", "", "say in one sentence why the verdict is right")
        if not isinstance(value["expect"], dict):
            self.complain(document.place("expect"), "`expect` is a mapping of rules to verdicts", value["expect"] or "")
            return None
        expect: dict[tuple[str, str], Said] = {}
        places = {}
        for rule, path, instance, text in _expected(value["expect"]):
            place = document.place("expect", *path)
            if rule.partition("/")[0] in self.elsewhere:
                continue
            if said := self._said(rule, text, record, place):
                expect[rule, instance], places[rule, instance] = said, place
        if len(self.problems) > before or not expect:
            return None
        return Case(record, str(value["because"]), as_of, expect, value.get("complete") == "true", places, world)

    def _said(self, rule: str, text: Any, record: Record, place: Place) -> Said | None:
        """The verdict and detail that a case expects of a rule; what is wrong with it goes to the problems."""
        known: Rule | None = self.rules.get(rule)
        if known is None:
            self.complain(place, f"`{shown(rule)}` is not a rule", rule, did_you_mean(rule, self.rules))
        elif known.record != record.type:
            reason = f"`{rule}` speaks of another type of record than `{record.type}`"
            self.complain(place, reason, rule, f"it is a rule on `{known.record}`")
        words = str(text).split()
        right = 1 <= len(words) <= 2 and words[0] in Verdict.__members__ and (not words[1:] or words[1] in DETAILS)
        if right:
            return words[0], words[1] if words[1:] else ""
        word = words[1] if len(words) == 2 and words[0] in Verdict.__members__ else words[0] if words else ""
        among: Iterable[str] = DETAILS if words[1:2] == [word] else Verdict.__members__
        self.complain(place, f"`{shown(text)}` is not a verdict and a detail", text, did_you_mean(word, among))
        return None

    def complain(self, place: Place, reason: str, value: Any, help: str = "") -> None:
        self.problems.append(Problem(place, reason, shown(value) if value else "", help))


def _expected(expect: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], str, Any]]:
    """Rule, path below ``expect``, instance, and the verdict as it is written."""
    for rule, said in expect.items():
        if isinstance(said, dict):
            for instance, text in said.items():
                yield rule, (rule, instance), instance, text
        else:
            yield rule, (rule,), "", said

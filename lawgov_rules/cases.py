"""Cases: records with the verdicts they should get, and why. They are the court of appeal of every executor.

A case is a record with three further keys: ``because`` (one sentence), ``as_of``, and ``expect``, which names the
verdict (and, after a blank, the detail) by rule, or by rule and instance::

    because: due on 16 March, sent on 20 March
    as_of: 2012-12-31
    expect:
      jincheng-2009/nd-county-filing-15d: violated late
      jincheng-2009/nd-cleanup-2y: {2008-12-31: compliant on_time, 2010-03-01: pending}

With ``complete: true`` (a story) nothing else may be found: every assessment that is not ``not_applicable`` is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lawgov_rules.errors import Problem, did_you_mean, shown
from lawgov_rules.importers import documents
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import DETAILS, Assessment, Verdict
from lawgov_rules.vocabulary import read_date
from lawgov_rules.yaml_file import Document

Said = tuple[str, str]  # verdict and detail; an empty detail is any


@dataclass(frozen=True)
class Case:
    """A record, and what should be found. ``expect`` is by rule and instance."""

    record: Record
    because: str
    as_of: int
    expect: dict[tuple[str, str], Said]
    complete: bool = False

    def disagreements(self, assessments: Iterable[Assessment]) -> list[str]:
        """What the assessments of this record say differently, a line each; none if all is as expected."""
        found = {(a.rule, a.instance): a for a in assessments}
        said = []
        for (rule, instance), (verdict, detail) in self.expect.items():
            got = found.get((rule, instance))
            at = f"{rule} [{instance}]" if instance else rule
            if got is None:
                known = ", ".join(i or '""' for r, i in found if r == rule) or "none"
                said.append(f"{at}: expected {verdict}, there is no such instance (there are: {known})")
            elif got.verdict.name != verdict or (detail and got.detail != detail):
                said.append(f"{at}: expected {verdict} {detail}".rstrip() + f", got {got.verdict.name} {got.detail}")
        if self.complete:
            for (rule, instance), got in found.items():
                if (rule, instance) not in self.expect and got.verdict != Verdict.not_applicable:
                    said.append(f"{rule} [{instance}]: {got.verdict.name} {got.detail} is not expected here")
        return said


def read_cases(source: Any, rules: Rulesets) -> tuple[list[Case], list[Problem]]:
    """Every case of a path (records without ``expect`` are passed over), and what is wrong with the others."""
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)
    known = {rule.key for s in rules.rulesets for rule in s.rules}
    cases: list[Case] = []
    problems: list[Problem] = []
    for document in documents.read(source, {}):
        if isinstance(document, Problem):
            problems.append(document)
        elif isinstance(document.value, dict) and "expect" in document.value:
            record, wrong = reader.read(document)
            problems.extend(wrong)
            if record:
                case = _case(document, record, known, problems)
                cases.extend([case] if case else [])
    return cases, problems


def _case(document: Document, record: Record, known: set[str], problems: list[Problem]) -> Case | None:
    value, before = document.value, len(problems)
    try:
        as_of = read_date(str(value.get("as_of") or ""))
    except ValueError as error:
        problems.append(Problem(document.place("as_of"), f"`as_of` {error}", shown(value.get("as_of") or "")))
    if not isinstance(value.get("because"), str):
        problems.append(
            Problem(document.place(), "`because` is missing", help="say in one sentence why the verdict is right")
        )
    expect: dict[tuple[str, str], Said] = {}
    for rule, said in value["expect"].items() if isinstance(value["expect"], dict) else ():
        if rule not in known:
            problems.append(
                Problem(
                    document.place("expect", rule),
                    f"`{shown(rule)}` is not a rule",
                    rule,
                    did_you_mean(rule, known),
                )
            )
        for path, instance, text in _said(rule, said):
            words = str(text).split()
            if (
                not 1 <= len(words) <= 2
                or words[0] not in Verdict.__members__
                or (words[1:] and words[1] not in DETAILS)
            ):
                problems.append(
                    Problem(
                        document.place("expect", *path),
                        f"`{shown(text)}` is not a verdict and a detail",
                        shown(text),
                        did_you_mean(words[0] if words else "", Verdict.__members__),
                    )
                )
                continue
            expect[rule, instance] = (words[0], words[1] if words[1:] else "")
    if len(problems) > before:
        return None
    return Case(record, str(value["because"]), as_of, expect, value.get("complete") == "true")


def _said(rule: str, said: Any) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    if isinstance(said, dict):
        for instance, text in said.items():
            yield (rule, instance), instance, text
    else:
        yield (rule,), "", said

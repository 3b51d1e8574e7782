"""Rules and records of the `thing` vocabulary in a few words, judged by both executors at once.

`thing("late", "a 2012-03-01", "b 2012-03-17 x=u", people=["p 甲 ok=true"], flag="true")` is a record; `judge` runs
the live and the batch executor on records and a constraint, insists that they agree, and gives what they say; `said`
makes that short enough to read beside the figures that were worked out by hand.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import zip_longest
from typing import Any
from unittest.mock import patch

from lawgov_rules import batch, live
from lawgov_rules.days import Calendar, to_date, to_day
from lawgov_rules.errors import Problem
from lawgov_rules.judgement import FORCE, UNFORESEEN, Decide, Judgement, Measures, Row
from lawgov_rules.kinds import discover
from lawgov_rules.loading import bundled, read_rule
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.rule import Act, Rule
from lawgov_rules.ruleset import Ruleset, Rulesets
from lawgov_rules.validation import read_as
from lawgov_rules.verdict import Assessment
from lawgov_rules.yaml_file import Document, parse_documents
from tests.agreement import PLAIN_RULE, document_of, jurisdictions, vocabulary

Said = dict[str, str]
REACHED: set[Row] = set()
"""The rows of decision tables that decided something since the running test file began."""


@cache
def calendar(slack: int = 2) -> Calendar:
    """The bundled calendar, read once; ``slack`` as in `Calendar.load`."""
    return Calendar.load(bundled() / "calendar", slack)


def day(text: str) -> int:
    """``2012-03-01`` as the number that measures carry."""
    return to_day(dt.date.fromisoformat(text))


def yaml(text: str) -> Any:
    """A value as the rulesets' own reader reads it: every scalar a string."""
    found = next(parse_documents(text, "here.yaml"))
    assert isinstance(found, Document), found
    return found.value


def _words(text: str, *names: str) -> dict[str, str]:
    """``b 2012-03-17 x=u``: the leading words by their names, then ``key=value``."""
    words = text.split()
    return dict(zip(names, words, strict=False)) | dict(w.split("=", 1) for w in words[len(names) :])


def thing(
    name: str,
    *events: str,
    people: Sequence[str] = (),
    place: str | None = "140581",
    organ: str | None = None,
    **attributes: str,
) -> dict[str, Any]:
    """A record: events as ``b 2012-03-17 x=u sequence=1``, people as ``p 甲 ok=true``; several values as ``k,l``."""
    return {
        "record": name,
        "type": "thing",
        "jurisdiction": place,
        "organ": organ,
        "attributes": attributes,
        "participants": [_words(p, "role", "person") for p in people],
        "events": [_words(e, "event", "date") for e in events],
    }


def read_record(value: dict[str, Any]) -> Record:
    record, problems = RecordReader(vocabulary(), jurisdictions()).read(document_of(value))
    assert record is not None, [str(p) for p in problems]
    return record


def rule_value(constraint: str, **more: Any) -> dict[str, Any]:
    """A rule on things as its YAML would read."""
    return {
        "id": "r",
        **PLAIN_RULE,
        "constraint": yaml(constraint),
        **{key: yaml(text) for key, text in more.items() if text},
    }


def problems_of(constraint: str, **more: str) -> list[str]:
    """Why a ruleset refuses the constraint; nothing where it takes it."""
    problems: list[Problem] = []
    read_rule(document_of(rule_value(constraint, **more)), vocabulary(), "thing", problems)
    return [str(problem) for problem in problems]


def rules_of(constraint: str, force: tuple[str, str | None], slack: int = 2, **more: str | None) -> Rulesets:
    """One rule of a document of 晋城 (140500) in force on the days of ``force``."""
    in_force = {"from": force[0], "to": force[1], "basis": "b"}
    document = {"id": "drawn", "title": "t", "issuer": "i", "jurisdiction": "140500", "version": "1"}
    act = read_as(Act, document_of({**document, "in_force": in_force}))
    assert isinstance(act, Act), act
    problems: list[Problem] = []
    rule = read_rule(document_of(rule_value(constraint, **more)), vocabulary(), "thing", problems)
    assert isinstance(rule, Rule), [str(p) for p in problems]
    rule._document = act
    found = Rulesets((Ruleset(act, (rule,), ""),), vocabulary(), jurisdictions(), bundled() / "calendar", "")
    found.__dict__["calendar"] = calendar(slack)  # read once for all tests
    return found


def judge(
    constraint: str,
    records: dict[str, Any] | Sequence[dict[str, Any]],
    as_of: str,
    *,
    when: str | None = None,
    unless: str | None = None,
    readings: str | None = None,
    excused_by: str | None = None,
    force: tuple[str, str | None] = ("2000-01-01", None),
    slack: int = 2,
) -> list[Assessment]:
    """What both executors say of the records, in the order of records and instances.

    Args:
        constraint, when, unless, readings: as a ruleset writes them, in YAML. records: made by `thing`.
        force: first and last day of the rule (None: no end). slack: of the calendar of years not yet published.
    """
    more = {"when": when, "unless": unless, "readings": readings, "excused_by": excused_by}
    rules = rules_of(constraint, force, slack, **more)
    read = [read_record(r) for r in ([records] if isinstance(records, dict) else records)]
    with _recording():
        one = list(live.assess(read, rules, day(as_of)))
    many = list(batch.assess(read, rules, day(as_of)))
    one_by_one, together = (sorted(found, key=Assessment.key) for found in (one, many))
    for live_says, batch_says in zip_longest(one_by_one, together):
        assert live_says == batch_says, f"live says {live_says}\nbatch says {batch_says}"
    return one


def said(found: Sequence[Assessment]) -> Said:
    """By ``record instance``: the verdict, the detail, the missing facts, and each reading's verdict if they differ."""
    lines: Said = {}
    for a in found:
        key = f"{a.record} {a.instance}".strip()
        assert key not in lines, f"two verdicts for one instance: {key}"
        readings = "/".join(f"{name}={verdict}" for name, verdict in a.readings.items())
        lines[key] = " ".join(w for w in (a.verdict.name, a.detail, *a.missing, readings) if w)
    return lines


def dates(found: Assessment, *measures: str) -> list[str | None]:
    """Measures that are days, as dates."""
    values = [found.measures[name] for name in measures]
    return [None if value is None else to_date(value).isoformat() for value in values]


def table(constraint: str, as_of: str, expected: dict[str, tuple[dict[str, Any], str]], **more: Any) -> None:
    """Judge several records in one run; ``expected`` holds, by name, a record (renamed so) and what is said of it."""
    records = [{**record, "record": name} for name, (record, _said) in expected.items()]
    found = said(judge(constraint, records, as_of, **more))
    wanted = {name: text for name, (_record, text) in expected.items()}
    wrong = [
        f"{n}: {found.get(n)!r}, not {wanted.get(n)!r}" for n in {**wanted, **found} if found.get(n) != wanted.get(n)
    ]
    assert not wrong, "\n".join(wrong)


@contextmanager
def _recording() -> Iterator[None]:
    """Notes in REACHED which row of a decision table decides."""
    given = Judgement.given

    def noting(self: Judgement, constants: Measures) -> Decide:
        alone = []
        for line in self.rows:
            only = Judgement.__new__(Judgement)
            only.rows = (line,)
            alone.append((line, given(only, {})))
        decide = given(self, constants)

        def noted(measures: Measures) -> int:
            first = (line for line, holds in alone if holds({**measures, **constants}) != UNFORESEEN)
            REACHED.update(itertools.islice(first, 1))
            return decide(measures)

        return noted

    with patch.object(Judgement, "given", noting):
        yield


def unreached(kind: str, *, dated: bool = True) -> list[str]:
    """The rows of a kind's table that no test of the file has reached.

    Args:
        dated: whether a governing date can put the rule out of force (periods are cut to the duty instead).
    """
    rows = discover()[kind].JUDGEMENT.rows
    return [
        f"{r.verdict.name} {r.detail} when {r.when}" for r in rows if r not in REACHED and (dated or r not in FORCE)
    ]

"""Cases judged by the executors and compared with what they expect: what the command `lawgov test` shares with tests.

Every case is judged on its own as-of day, by the rules that it names (a complete one by all), with all records of its
file at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

from lawgov_rules.cases import Case, Disagreement, read_cases
from lawgov_rules.errors import Place, Problem
from lawgov_rules.loading import bundled
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment

Engine = Literal["live", "batch", "durable", "both"]


@dataclass(frozen=True)
class Outcome:
    """One case judged by one executor."""

    case: Case
    executor: str
    assessments: Sequence[Assessment]
    disagreements: Sequence[Disagreement]


def find_cases(rules: str | None = None) -> Path | None:
    """The folder `cases` here, or beside the rulesets; None where there is none."""
    places = [Path()]
    if rules and Path(rules).is_dir():
        places += [Path(rules), Path(rules).parent]
    places.append(bundled().parent)
    return next((p / "cases" for p in places if (p / "cases").is_dir()), None)


def read_known_cases(source: Iterable[str | Path], rules: Rulesets) -> tuple[list[Case], list[Problem]]:
    """The cases of a path; what they expect of bundled documents that are not among the rules is passed over."""
    return read_cases(list(source), rules, [p.parent.name for p in bundled().glob("*/document.yaml")])


def cases_at_level(source: Iterable[str | Path], rules: Rulesets) -> tuple[list[Case], list[Problem]]:
    """The cases of a path, each with what it expects of the rules of the chosen level and no others."""
    cases, problems = read_known_cases(source, rules)
    chosen = {rule.key for rule in rules}
    narrowed = []
    for case in cases:
        expect = {key: said for key, said in case.expect.items() if key[0] in chosen}
        if expect:
            narrowed.append(replace(case, expect=expect))
    if not narrowed and not problems:
        where = ", ".join(Path(path).as_posix() for path in source)
        advice = "a case is a record with `because`, `as_of` and `expect`"
        problems.append(Problem(Place(where), "no case of these rules here", help=advice))
    return narrowed, problems


def run(cases: Sequence[Case], rules: Rulesets, engine: Engine = "live") -> Iterator[Outcome]:
    """Every case judged by the executor, or by `live` and `batch`, in the order of the cases."""
    judges = {"live": _live, "batch": _batch, "durable": _durable}
    for name in ("live", "batch") if engine == "both" else (engine,):
        for case, assessments in judges[name](cases, rules):
            yield Outcome(case, name, assessments, case.disagreements(assessments))


def _rules_of(cases: Iterable[Case], rules: Rulesets) -> Rulesets:
    """The rules that the cases need: those that they name, or all where one is complete."""
    cases = list(cases)
    return rules if any(case.complete for case in cases) else rules.only({r for c in cases for r in c.rules})


def _live(cases: Sequence[Case], rules: Rulesets) -> Iterator[tuple[Case, list[Assessment]]]:
    from lawgov_rules import live

    for case in cases:
        yield case, _own(case, live.assess(_world(case), _rules_of([case], rules), case.as_of))


def _durable(cases: Sequence[Case], rules: Rulesets) -> Iterator[tuple[Case, list[Assessment]]]:
    from lawgov_rules import durable

    with durable.open_cage() as cage:
        for case in cases:
            yield case, _own(case, durable.assess(_world(case), _rules_of([case], rules), case.as_of, cage))


def _own(case: Case, found: Iterable[Assessment]) -> list[Assessment]:
    """The assessments of the case's own record."""
    return [a for a in found if (a.type, a.record) == (case.record.type, case.record.id)]


def _batch(cases: Sequence[Case], rules: Rulesets) -> Iterator[tuple[Case, list[Assessment]]]:
    """By file and as-of day: the records of two files are not one world."""
    from lawgov_rules import batch

    for _, of_file in groupby(cases, key=lambda case: case.record.source.file):
        here = list(of_file)
        judged: dict[int, list[Assessment]] = {}
        for day in sorted({case.as_of for case in here}):
            mine = [case for case in here if case.as_of == day]
            judged[day] = list(batch.assess(_world(mine[0]), _rules_of(mine, rules), day))
        for case in here:
            yield case, _own(case, judged[case.as_of])


def _world(case: Case) -> list[Record]:
    """All records of the case's file."""
    return list(case.population) or [case.record]

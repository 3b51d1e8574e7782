"""The clause ledger held to account: what became of every clause of a document.

A clause is *encoded* when a rule cites it, *recorded only* when the duties it states are on record and are no rules,
*declared* when the ledger says why nothing in it can be checked. Any other clause is a gap, and so is a ledger that
says of a clause what is no longer true. With the document's text at hand each clause must stand in it and each number
printed in it must be a clause; each locator must stand in its own clause; each figure must belong to a clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lawgov_rules.clauses import Entry, Ledger, Split, same, split, squeeze
from lawgov_rules.errors import Place, Problem, did_you_mean, shown
from lawgov_rules.figures import Figure, find
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Ruleset

ENCODED, RECORDED, DECLARED, OPEN = "encoded", "recorded_only", "declared", "open"
_DAY = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)")
# the words by which a constraint names a period
_PERIODS = {"年": "year", "半年": "half", "季度": "quarter", "月": "month", "日": "day"}


@dataclass(frozen=True)
class Clause:
    """One clause: what the ledger says of it, the rules that cite it and, where the text is at hand, its figures."""

    entry: Entry
    place: Place
    rules: tuple[Rule, ...]
    figures: tuple[Figure, ...] = ()

    @property
    def status(self) -> str:
        """What became of it: `encoded`, `recorded_only`, `declared`, or `open`."""
        recorded = RECORDED if self.entry.recorded_only else DECLARED if self.entry.declared else OPEN
        return ENCODED if self.rules else recorded

    @cached_property
    def unmatched(self) -> list[str]:
        """The figures that neither a rule of the clause nor its ledger entry names."""
        if self.status == DECLARED:
            return []
        locators = [squeeze(rule.locator) for rule in self.rules]
        numbers = frozenset().union(*(_numbers(rule) for rule in self.rules))
        named = [f for f in self.figures if any(f.text in told for told in (*locators, *self.entry.figures))]
        left = [f for f in self.figures if f not in named and not _forms(f) & numbers]
        return list(dict.fromkeys(f.text for f in left))


@dataclass(frozen=True)
class Account:
    """What became of the clauses of one document. ``sources``: whether its text was at hand."""

    document: str
    title: str
    clauses: tuple[Clause, ...]
    gaps: tuple[Problem, ...]
    sources: bool = False
    locators: int = 0  # that stand in their clause
    outside: tuple[Figure, ...] = field(default=())  # figures that belong to no clause

    def count(self, status: str) -> int:
        return sum(clause.status == status for clause in self.clauses)

    @property
    def rules(self) -> int:
        return sum(len(clause.rules) for clause in self.clauses)

    @property
    def found(self) -> int:
        """Figures in the whole text."""
        return sum(len(clause.figures) for clause in self.clauses) + len(self.outside)

    @property
    def covered(self) -> int:
        """Figures of clauses that are not open."""
        return sum(len(clause.figures) for clause in self.clauses if clause.status != OPEN)

    def to_json(self) -> dict[str, Any]:
        listed = [_clause_json(clause) for clause in self.clauses]
        counts = {status: self.count(status) for status in (ENCODED, RECORDED, DECLARED, OPEN)}
        told: dict[str, Any] = {"document": self.document, "title": self.title, "clauses": len(listed), **counts}
        told |= {"rules": self.rules}
        if self.sources:
            told |= {"locators": self.locators, "figures": self.found, "covered": self.covered}
        return told | {"gaps": [gap.to_json() for gap in self.gaps], "ledger": listed}


def _clause_json(clause: Clause) -> dict[str, Any]:
    entry = clause.entry
    told = {
        "clause": entry.clause,
        "status": clause.status,
        "rules": [rule.id for rule in clause.rules],
        "declared": entry.declared,
        "recorded_only": entry.recorded_only,
        "rest": entry.rest,
        "unmatched": clause.unmatched,
    }
    return {key: value for key, value in told.items() if value}


def account(ruleset: Ruleset, sources: Path | None = None) -> Account:
    """What became of each clause of a document.

    Args:
        sources: the folder with the document's text, ``<document id>.txt``; without it nothing is said of the text.
    Raises:
        OSError: the text cannot be read.
    """
    act, ledger = ruleset.document, ruleset.ledger()
    if ledger is None:
        lost = Problem(Place(act.id), "has no clause ledger", act.id, "list its clauses in `ledger.yaml`")
        return Account(act.id, act.title, (), (lost,))
    clauses = list(_clauses(ledger, ruleset.rules))
    gaps = [*_uncited(ruleset, ledger), *(gap for clause in clauses for gap in _gaps(clause, ruleset.rules))]
    if sources is None:
        return Account(act.id, act.title, tuple(clauses), tuple(gaps))
    file = sources / f"{act.id}.txt"
    found = split(file.read_text("utf-8-sig"), ledger.clauses)
    clauses = [_with_figures(clause, found) for clause in clauses]
    outside = tuple(_figures(found.outside))
    lost_locators = list(_locators(clauses, found))
    gaps += [*_text_gaps(found, file.name, ledger), *lost_locators]
    gaps += [Problem(Place(file.name), f"`{f.text}` stands in no clause", f.text) for f in outside]
    placed = sum(len(clause.rules) for clause in clauses if same(clause.entry.clause) in found.texts)
    return Account(act.id, act.title, tuple(clauses), tuple(gaps), True, placed - len(lost_locators), outside)


def _clauses(ledger: Ledger, rules: Iterable[Rule]) -> Iterator[Clause]:
    cited: dict[str, list[Rule]] = {}
    for rule in rules:
        cited.setdefault(same(rule.clause), []).append(rule)
    for name, (entry, place) in ledger.by_name.items():
        yield Clause(entry, place, tuple(cited.get(name, ())))


def _uncited(ruleset: Ruleset, ledger: Ledger) -> Iterator[Problem]:
    """Rules that cite what the ledger does not list."""
    known = [entry.clause for entry in ledger.clauses]
    for rule in ruleset.rules:
        if same(rule.clause) not in ledger.by_name:
            reason = f"`{rule.id}` cites `{shown(rule.clause)}`, which is not in the ledger"
            near = did_you_mean(rule.clause, known)
            yield Problem(Place(rule.document.id), reason, rule.clause, near or "list the clause")


def _gaps(clause: Clause, rules: Iterable[Rule]) -> Iterator[Problem]:
    """What the ledger leaves open, or says and is no longer true."""
    entry, name, ids = clause.entry, shown(clause.entry.clause), {rule.id for rule in rules}
    if clause.status == OPEN:
        help = "write a rule that cites it, or `declared` and why"
        yield Problem(clause.place, f"`{name}` is neither encoded nor declared", name, help)
    if clause.rules and entry.declared:
        reason = f"`{name}` is declared not checkable, and `{clause.rules[0].id}` encodes it"
        yield Problem(clause.place, reason, name, "write `rest` for what remains")
    for id_ in entry.recorded_only:
        if id_ in ids:
            reason = f"`{shown(id_)}` is recorded only, and a rule by now"
            yield Problem(clause.place, reason, id_, "strike it out of `recorded_only`")


def _with_figures(clause: Clause, found: Split) -> Clause:
    text = found.texts.get(same(clause.entry.clause), "")
    return Clause(clause.entry, clause.place, clause.rules, tuple(_figures(text)))


def _figures(text: str) -> list[Figure]:
    """The figures that may be limits; what only counts, orders or names is none. Lines may break within a figure."""
    return [figure for figure in find(squeeze(text)) if figure.kind != "number"]


def _text_gaps(found: Split, file: str, ledger: Ledger) -> Iterator[Problem]:
    for entry in found.absent:
        _, place = ledger.by_name[same(entry.clause)]
        help = "mend `begins`" if entry.begins else "mend its name, or say with which words it `begins`"
        yield Problem(place, f"`{shown(entry.clause)}` is not found in `{file}`", entry.clause, help)
    for heading, line in found.unlisted:
        name = max(heading.names, key=len)
        yield Problem(Place(file, line), f"`{name}` is not in the ledger", heading.printed, "list the clause")


def _locators(clauses: Iterable[Clause], found: Split) -> Iterator[Problem]:
    """Locators that do not stand in their clause."""
    for clause in clauses:
        text = squeeze(found.texts.get(same(clause.entry.clause), ""))
        for rule in clause.rules if text else ():
            if squeeze(rule.locator) not in text:
                reason = f"`{rule.id}`: the locator `{shown(rule.locator)}` does not stand in `{rule.clause}`"
                yield Problem(Place(rule.document.id), reason, rule.locator, "take words of the clause")


def _numbers(rule: Rule) -> frozenset[str]:
    """What the constraints of a rule name: numbers, days (``2017``, ``201712``, ``20171231``; ``1220``) and words."""
    told = " ".join(str(constraint.model_dump()) for constraint in rule.constraints.values())
    found = set(re.findall(r"\d+(?:\.\d+)?|[a-z]+", _DAY.sub("", told)))
    for year, month, day in _DAY.findall(told):
        found |= {year, year + month, year + month + day} if year else {month + day, "year"}
    return frozenset(found)


def _forms(figure: Figure) -> set[str]:
    """The ways in which a constraint may name a figure."""
    if figure.kind == "date":
        whole = f"{figure.value:08f}" if figure.value > 9999 else f"{figure.value:04f}"
        return {re.sub(r"(00)+$", "", whole)}
    number = {f"{figure.value.normalize():f}"}
    return number | {_PERIODS.get(figure.unit, "")} if figure.kind == "period" and figure.value == 1 else number

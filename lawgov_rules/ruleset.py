"""Rulesets: the rules of documents and what they share (loading.py reads the files).

A ruleset is a folder: ``document.yaml`` (the document, its force and place), one ``<record_type>.yaml`` for each type
of record it speaks of, and ``ledger.yaml`` (its clauses). Beside the rulesets stand the vocabulary, the jurisdictions
and the calendar they share.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from lawgov_rules.clauses import Ledger
from lawgov_rules.days import Calendar
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.rule import Act, Rule
from lawgov_rules.vocabulary import Vocabulary

LEVELS = ("core", "standard", "full")


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A document, its rules and its clause ledger. ``sha256`` is over the files that decide: those of the first two."""

    document: Act
    rules: tuple[Rule, ...]
    sha256: str
    ledger_file: Path = Path()

    def ledger(self) -> Ledger | None:
        """Its clause ledger, read when it is asked for: no check needs it. None where it keeps none.

        Raises RulesetError with every problem.
        """
        return Ledger.load(self.ledger_file) if self.ledger_file.is_file() else None


@dataclass(frozen=True)
class Rulesets:
    """Everything a check needs: rulesets, the words they share, the places and the calendar."""

    rulesets: tuple[Ruleset, ...]
    vocabulary: Vocabulary
    jurisdictions: Jurisdictions
    calendar_folder: Path
    vocabulary_sha256: str
    level: str = "core"

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.load(self.calendar_folder)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules up to the chosen level, in order of their keys."""
        wanted = LEVELS[: LEVELS.index(self.level) + 1]
        return tuple(sorted((r for s in self.rulesets for r in s.rules if r.level in wanted), key=lambda r: r.key))

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What executors work out of the rules once, by what it depends on; it goes when the rules go."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "kept"}  # it may hold closures

    def inside(self, rule: Rule, code: str | None) -> bool | None:
        """Whether a place lies in one of the places of a rule; None where it is not known."""
        return None if code is None else any(self.jurisdictions.contains(outer, code) for outer in rule.places)

    def at(self, level: str) -> Rulesets:
        """The same up to another level (``core``, ``standard``, ``full``)."""
        return replace(self, level=level)

    def only(self, keys: Container[str]) -> Rulesets:
        """The same with these rules alone."""
        return self._with(replace(s, rules=tuple(r for r in s.rules if r.key in keys)) for s in self.rulesets)

    def by_reading(self) -> Sequence[Rulesets]:
        """As many as the most readings of a rule: the n-th has every rule that has an n-th one, under that alone."""
        found: Sequence[Rulesets] = self.kept.get("by_reading") or tuple(self._by_reading())
        return self.kept.setdefault("by_reading", found)  # type: ignore[no-any-return]

    def _by_reading(self) -> Iterator[Rulesets]:
        names = {id(rule): list(rule.constraints) for s in self.rulesets for rule in s.rules}
        for n in range(max(map(len, names.values()), default=0)):
            kept = (
                replace(s, rules=tuple(r.under(names[id(r)][n]) for r in s.rules if n < len(names[id(r)])))
                for s in self.rulesets
            )
            yield self._with(kept)

    def _with(self, rulesets: Iterable[Ruleset]) -> Rulesets:
        found = replace(self, rulesets=tuple(rulesets))
        found.__dict__["calendar"] = self.calendar  # read once
        return found

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

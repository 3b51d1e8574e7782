"""One rule over the rows of its frame, as two queries: the records it does not apply to, and the rows that it judges.

Every step is a table of few columns that the next one reads by name: an expression written into others would be
repeated in each, and Ibis and the database take their time over every part of it.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import _

from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE
from lawgov_rules.condition import negation, put
from lawgov_rules.frames import NO_INSTANCE, fields_read, identity
from lawgov_rules.judgement import SHIFT, conclude_steps
from lawgov_rules.kinds._contract import Columns
from lawgov_rules.rule import Rule
from lawgov_rules.verdict import Verdict

EXCUSE = (int(Verdict.excused) - int(Verdict.violated)) * SHIFT
# measures that no assessment keeps, but that name the missing facts
INTERNAL = ("unknown", "check", "lacking", "as_of")
# the columns of every query: then as many measures as its rules have
ROW = ("rule", "id", "organ", "key", "code", "reading", "verdicts", "missing", "in_doubt")
VERDICTS = 8  # more than there are verdicts: each reading's verdict is a digit of one number
# so that the rules of one query can stand under each other
CASTS = dict.fromkeys(("rule", "key", "code", "reading", "verdicts", "missing"), "int64")


class _Named:
    """Values that become columns of one table; the same value is the same column."""

    def __init__(self) -> None:
        self.columns: dict[str, Any] = {}
        self._names: dict[Any, str] = {}

    def __call__(self, value: Any) -> Any:
        if value is None or isinstance(value, int):
            return value
        name = self._names.setdefault(identity(value), f"x{len(self._names)}")
        self.columns.setdefault(name, value)
        return _[name]


def measures_of(rule: Rule) -> list[str]:
    """The measures that the result of a rule carries, in order."""
    return list(dict.fromkeys((*INTERNAL, *next(iter(rule.constraints.values())).MEASURES)))


@dataclass
class RuleQuery:
    """A rule, its number among those of its type, and what it asks of its frame.

    Args:
        columns: of each reading. conditions: `when` and `unless`, each its truth and the facts that would tell, if
            there is one. inside: whether the record lies in the places of the rule.
    """

    rule: Rule
    number: int
    columns: list[Columns]
    conditions: Sequence[tuple[Any, Mapping[str, Any]] | None]
    inside: Any

    def facts(self) -> list[str]:
        """The facts that the mask ``missing`` counts."""
        found = {"jurisdiction"}.union(*(condition[1] for condition in self.conditions if condition))
        return sorted(found.union(*(reading.doubts for reading in self.columns)))

    def reads(self) -> set[str]:
        """The columns of the frame that it reads."""
        names = {*measures_of(self.rule), *next(iter(self.rule.constraints.values())).JUDGEMENT.measures}
        asked = [world.get(name) for name in names for reading in self.columns for world in reading.worlds]
        doubts = [reading.doubts for reading in self.columns]
        excuse = {f"r_{self.rule.excused_by}"} if self.rule.excused_by else set()
        own = {"rid", "id", "organ", "key", "certain", "jurisdiction"}
        return fields_read([asked, doubts, list(self.conditions), self.inside]) | excuse | own

    @functools.cached_property
    def scope(self) -> Any:
        """Whether the rule may apply, as far as the columns of the record itself tell."""
        parts = [self.inside, *(truth for truth in self._truths().values() if _of_record(truth))]
        return functools.reduce(operator.and_, (ibis.coalesce(part, True) for part in parts))

    def _truths(self) -> dict[int, Any]:
        """Whether `when` holds, and whether `unless` does not."""
        found = {n: condition[0] for n, condition in enumerate(self.conditions) if condition}
        return {n: negation(truth) if n else truth for n, truth in found.items()}

    def queries(self, records: Any, table: Any, most: int) -> list[Any]:
        """The rows of its result; see the module.

        Args:
            records: of the type. table: its frame's, in which those may lack that are out of its scope. most: how many
                measures the query has.
        """
        return [*self._excluded(records, table, most), self._judged(table, most)]

    def _excluded(self, records: Any, table: Any, most: int) -> list[Any]:
        """A row for each record that the rule does not apply to."""
        why = ibis.ifelse(ibis.coalesce(self.inside, True), CONDITION_FALSE, OUTSIDE)
        found = [records.filter(self.scope == False).select("id", "organ", code=why)]  # noqa: E712
        late = [truth for truth in self._truths().values() if not _of_record(truth)]
        if late:
            holds = functools.reduce(operator.and_, (ibis.coalesce(truth, True) for truth in late))
            several = len(self.columns[0].frame.keys) > 1
            false = table.select("rid", "id", "organ", scope=self.scope, holds=holds)
            false = false.filter(_.scope & (_.holds == False))  # noqa: E712
            false = (false.distinct() if several else false).select("id", "organ", code=ibis.literal(CONDITION_FALSE))
            found.append(false)
        none = {"key": NO_INSTANCE, "reading": 0, "verdicts": 0, "missing": 0, "in_doubt": ibis.literal(False)}
        measures = {f"m_{n}": ibis.null("int64") for n in range(most)}
        return [_row(part.mutate(rule=self.number, **none), measures) for part in found]

    def _judged(self, table: Any, most: int) -> Any:
        """A row for each instance that the rule judges."""
        value = _Named()
        truths = {n: value(truth) for n, truth in self._truths().items()}
        excuse = None if self.rule.excused_by is None else value(self._excuse(table))
        codes, readings = self._codes(value)
        found = {"inside": self.inside, "in_worlds_missing": self._mask(self._doubts())}
        lacking = self._mask(self._lacking(value, truths))
        measures = self._measures(value, most)
        own = [name for name in ("id", "organ", "key", "certain") if name in table.columns]
        known = table.select(*own, **found, **value.columns)
        applies = functools.reduce(operator.and_, truths.values(), _.inside)
        known = known.mutate(applies=applies, in_condition_missing=lacking, **codes)
        known = known.filter(ibis.coalesce(_.applies, True))
        if excuse is not None:
            low = int(Verdict.violated) * SHIFT
            violated = {name: _[name].between(low, low + SHIFT - 1) for name in codes}
            known = known.mutate(**{n: ibis.ifelse(excuse & v, _[n] + EXCUSE, _[n]) for n, v in violated.items()})
        certain = _.certain if "certain" in own else True
        for step in conclude_steps(readings, certain, _.applies, next(iter(self.rule.constraints.values())).IF_NOT):
            known = known.mutate(**step)
        missing = ibis.ifelse(_.in_condition, _.in_condition_missing, 0)
        missing = missing | ibis.ifelse(_.in_worlds, _.in_worlds_missing, 0)
        digits = [_[f"verdict_{n}"] * VERDICTS**n for n in range(len(self.columns))]
        more = {} if "key" in own else {"key": ibis.literal(NO_INSTANCE, "int64")}
        verdicts = functools.reduce(operator.add, digits)
        doubt = _.in_worlds | _.in_condition
        return _row(
            known.mutate(rule=self.number, verdicts=verdicts, missing=missing, in_doubt=doubt, **more), measures
        )

    def _excuse(self, table: Any) -> Any:
        """Whether a reason is on record."""
        name = f"r_{self.rule.excused_by}"
        return ibis.coalesce(_[name], False) if table.schema()[name].is_boolean() else _[name].notnull()

    def _codes(self, value: _Named) -> tuple[dict[str, Any], list[list[Any]]]:
        """The codes by name, and those of each reading's worlds: the same code is one column."""
        names: dict[Any, str] = {}
        codes: dict[str, Any] = {}
        readings: list[list[Any]] = []
        force = {"force_from": self.rule.force.first, "force_to": self.rule.force.last}
        for kind, reading in zip(self.rule.constraints.values(), self.columns, strict=True):
            asked = kind.JUDGEMENT.measures
            worlds = []
            for world in reading.worlds:
                read = {name: value(world[name]) for name in asked if name in world}
                code = kind.JUDGEMENT.column({**read, **force})
                name = names.setdefault(identity(code), f"o{len(names)}")
                codes[name] = ibis.literal(code) if isinstance(code, int) else code
                worlds.append(name)
            readings.append([_[name] for name in dict.fromkeys(worlds)])
        return codes, readings

    def _measures(self, value: _Named, most: int) -> dict[str, Any]:
        """The measures of the result by name: those of the first world of the reading that is told."""
        found = {}
        for n, name in enumerate(measures_of(self.rule)):
            values = [_int(value(reading.worlds[0].get(name))) for reading in self.columns]
            several = len({identity(each) for each in values}) > 1
            branches = [(_.reading == r, each) for r, each in enumerate(values)]
            found[f"m_{n}"] = ibis.cases(*branches, else_=ibis.null("int64")) if several else values[0]
        return found | {f"m_{n}": ibis.null("int64") for n in range(len(found), most)}

    def _doubts(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for reading in self.columns:
            for name, gone in reading.doubts.items():
                put(found, name, gone)
        return found

    def _lacking(self, value: _Named, truths: Mapping[int, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"jurisdiction": value(_.jurisdiction.isnull())}
        for n, condition in enumerate(self.conditions):
            for name, gone in condition[1].items() if condition else ():
                put(found, name, truths[n].isnull() & value(gone))
        return found

    def _mask(self, gone: Mapping[str, Any]) -> Any:
        """Facts as bits of one number."""
        bits = [ibis.ifelse(gone[fact], 1 << n, 0) for n, fact in enumerate(self.facts()) if fact in gone]
        return functools.reduce(operator.add, bits) if bits else ibis.literal(0)


def _of_record(truth: Any) -> bool:
    """Whether a truth is told by the record's own attributes."""
    return all(name.startswith("r_") for name in fields_read(truth))


def _row(table: Any, measures: Mapping[str, Any]) -> Any:
    """The columns of `ROW` and the measures."""
    fixed = {name: _[name].cast(CASTS[name]) if name in CASTS else _[name] for name in ROW}
    return table.select(**fixed, **measures)


def _int(value: Any) -> Any:
    return ibis.null("int64") if value is None else ibis.literal(value, "int64") if isinstance(value, int) else value

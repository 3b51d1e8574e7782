"""Findings that a database made and keeps: of any number, since they are read some at a time, in the fixed order.

The rows of an executor lie in a table for each record type, in memory or spilled to a temporary folder; found_sql.py
says how they read.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, overload

import pyarrow as pa

from lawgov_rules import found, found_sql
from lawgov_rules.batch import Count, Plans, Row, queries
from lawgov_rules.database import Database, quoted
from lawgov_rules.errors import Place
from lawgov_rules.findings import Finding, finding
from lawgov_rules.frames import NO_INSTANCE
from lawgov_rules.judgement import SHIFT
from lawgov_rules.room import room_for
from lawgov_rules.rule_query import ROW
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.store import Store
from lawgov_rules.tables import name_of
from lawgov_rules.verdict import Assessment, Verdict

# what a finding takes from its record besides
OWN = ("jurisdiction", "reason")
TYPES = {**dict.fromkeys(("id", "organ", *OWN), "VARCHAR"), "in_doubt": "BOOLEAN"}


class Stored(found.Found):
    """The findings of one check, in the fixed order.

    Args:
        store: where they lie; closed with `close`, or when nobody holds the findings any more. name: what the database
            of the records is called in places.
    """

    def __init__(self, store: Store, rules: Rulesets, as_of: int, name: str) -> None:
        self._store, self._rules, self._as_of, self.name = store, rules, as_of, name
        self._by_key = {rule.key: rule for rule in rules}
        self._plans: dict[str, tuple[Plans, int]] = {}
        self._length = 0

    def close(self) -> None:
        """Give back the memory and the disk; there are no findings any more."""
        self._plans, self._length = {}, 0
        self._store.close()

    # storing

    def add(self, type_: str, plans: Plans, database: Database, verdicts: set[Verdict]) -> list[Count]:
        """Let the database judge the records of a type, keep the findings of some verdicts; the counts of all."""
        most = max(plans.most, default=0)
        names = [*ROW, *OWN, *(f"m_{n}" for n in range(most))]
        table, store = self._store.name(type_), self._store
        store.make(table, {name: TYPES.get(name, "BIGINT") for name in names})
        for query, number in queries(plans, database, verdicts):
            mine = names[: len(names) - most + number]
            asked = self._with_own(query, mine, type_, plans)
            store.take(table, mine, asked, database)
        counted = list(store.rows(f"SELECT rule, organ, code, key FROM {table} WHERE id IS NULL"))
        store.database.execute(f"DELETE FROM {table} WHERE id IS NULL")
        ((number,),) = store.rows(f"SELECT count(*) FROM {table}")
        if number:
            self._say(type_, plans, most)
            self._plans[type_] = plans, most
            self._length += number
        return [Count(plans.plans[rule].rule, organ, Verdict(code // SHIFT), n) for rule, organ, code, n in counted]

    def _with_own(self, query: str, names: Sequence[str], type_: str, plans: Plans) -> str:
        """A query with what its findings take from their records: the place, and the reason on record that excuses."""
        reasons = ""
        for plan in plans.plans:
            if name := plan.rule.excused_by:
                column = quoted(f"r_{name}")
                boolean = self._rules.vocabulary.attributes[name].type == "boolean"
                reason = f"CASE WHEN {column} THEN 'True' END" if boolean else f"CAST({column} AS TEXT)"
                reasons += f" WHEN rule = {plan.number} THEN {reason}"
        first, last = (int(Verdict.excused) * SHIFT + n for n in (0, SHIFT - 1))
        excused = f"CASE WHEN code NOT BETWEEN {first} AND {last} THEN NULL{reasons} END"
        own = {"id": "q.id", "organ": "q.organ", "jurisdiction": "r.jurisdiction", "reason": excused}
        chosen = ", ".join(f"{own[name]} AS {name}" if name in own else name for name in names)
        return f'SELECT {chosen} FROM ({query}) AS q LEFT JOIN "{name_of(type_, "records")}" AS r ON r.id = q.id'

    def _say(self, type_: str, plans: Plans, most: int) -> None:
        """Let Python say what only it can."""
        table = self._store.name(type_)
        ranks = {key: n for n, key in enumerate(sorted(plan.rule.key for plan in plans.plans))}
        rules = [(p.number, ranks[p.rule.key], *found.of_rule(p.rule)) for p in plans.plans]
        self._beside((type_, "rules"), found_sql.RULES, rules)
        keys = f"SELECT DISTINCT rule, reading, key FROM {table} WHERE {found_sql.APART} AND key <> {NO_INSTANCE}"
        labels = [
            (rule, reading, key, list(plans.plans[rule].rule.constraints.values())[reading].label(key))
            for rule, reading, key in self._store.rows(keys)
        ]
        self._beside((type_, "labels"), found_sql.LABELS, labels)
        text, row = found_sql.about(plans, most)
        told = []
        for said, *rest in self._store.rows(
            f"SELECT DISTINCT {text}, {', '.join(row)} FROM {table} WHERE {text} <> ''"
        ):
            a = plans.plans[rest[0]].assessment(Row.of(rest), self._rules)
            told.append((said, list(a.missing), list(a.readings), list(a.readings.values())))
        self._beside((type_, "told"), found_sql.TOLD, told)

    def _beside(self, names: Sequence[str], columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
        name = self._store.name(*names)
        self._store.make(name, columns)
        self._store.add(name, columns, rows)

    # reading

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Finding]:
        for assessment, organ, reason in self._read():
            yield self._finding(assessment, organ, reason)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        """One finding, or some; each time they are looked up anew."""
        wanted = range(self._length)[index]
        if isinstance(wanted, int):
            return next(islice(iter(self), wanted, None))
        places = {place: n for n, place in enumerate(wanted)}
        within = islice(enumerate(self), max(wanted, default=-1) + 1)
        chosen = [(places[n], finding) for n, finding in within if n in places]
        return [finding for _n, finding in sorted(chosen, key=lambda each: each[0])]

    def __eq__(self, other: object) -> bool:
        """Whether another sequence holds equal findings in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def assessments(self) -> Iterator[Assessment]:
        """What each finding rests on."""
        return (assessment for assessment, _organ, _reason in self._read())

    def keys(self) -> set[tuple[str, str]]:
        """The types and ids of the records of the findings."""
        asked = {type_: f"SELECT DISTINCT id FROM {self._store.name(type_)}" for type_ in self._plans}
        return {(type_, id_) for type_, sql in asked.items() for (id_,) in self._rows(sql)}

    def batches(self) -> Iterator[pa.RecordBatch]:
        schema = found.schema()
        for type_, (plans, _most) in self._plans.items():
            columns = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in found_sql.published(plans).items())
            with room_for(self.name):
                for batch in self._store.batches(self._select(type_, columns), found.BATCH):
                    yield batch.cast(schema)

    def gravest(self, number: int) -> Sequence[Finding]:
        parts = []
        for type_, (plans, most) in self._plans.items():
            gravity = ", ".join(found_sql.gravity(plans))
            order = f"{gravity}, {found_sql.ORDER} LIMIT {number}"
            parts.append(
                [
                    (row[:3], type_, row[3:])
                    for row in self._rows(self._select(type_, f"{gravity}, {_raw(most)}", order))
                ]
            )
        # each part is in order, and of equals `merge` takes the one of the first type
        first = islice(heapq.merge(*parts, key=lambda each: each[0]), number)
        made = [self._assessed(type_, row) for _gravity, type_, row in first]
        return [self._finding(*each) for each in sorted(made, key=lambda each: each[0].key())]

    def _read(self) -> Iterator[tuple[Assessment, str | None, str | None]]:
        for type_, (_plans, most) in self._plans.items():
            for row in self._rows(self._select(type_, _raw(most))):
                yield self._assessed(type_, row)

    def _select(self, type_: str, columns: str, order: str = found_sql.ORDER) -> str:
        plans, most = self._plans[type_]
        rows = found_sql.joined(self._store.name, type_, plans, most, self._as_of)
        return f"SELECT {columns} FROM {rows} ORDER BY {order}"

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        with room_for(self.name):
            yield from self._store.rows(sql)

    def _assessed(self, type_: str, row: Sequence[Any]) -> tuple[Assessment, str | None, str | None]:
        """An assessment, its record's organ, and the reason that excuses it."""
        plans, _most = self._plans[type_]
        _place, reason, *rest = row
        made = Row.of(rest)
        return plans.plans[made.rule].assessment(made, self._rules), made.organ, reason

    def _finding(self, a: Assessment, organ: str | None, reason: str | None) -> Finding:
        place = Place(f"{self.name}#records {a.record}")
        return finding(a, self._by_key[a.rule], self._rules.vocabulary, self._as_of, organ, place, reason or "")


def _raw(most: int) -> str:
    """The columns of an executor's row, behind what it takes from its record."""
    return ", ".join((*OWN, *(f"made.{name}" for name in ROW), *(f"m_{n}" for n in range(most))))

"""Every kind's columns are SQL on every backend that is promised, without a server and without a JVM."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator
from typing import Any

import ibis
import pytest

import lawgov_rules as lr
from lawgov_rules import batch
from lawgov_rules.columns import Frame
from lawgov_rules.frames import Sources
from lawgov_rules.kinds import discover
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.vocabulary import Vocabulary
from tests.kinds.build import rules_of

DIALECTS = ("duckdb", "postgres", "pyspark")
TYPES = {"choices": "int64", "boolean": "boolean", "integer": "int64", "number": "int64", "date": "int64"}
RULES = lr.load_rulesets().at("full")


# kinds that no bundled rule uses
UNUSED = {
    "separation": "{kind: separation, first: p, second: {role: q, where: {ok: true}}, at: b}",
    "reference": "{kind: reference, of: a, refers_by: ref, to: thing, meets: {happened: b, level: u}}",
}


def kind_of(rule: Rule) -> str:
    return next(iter(rule.constraints.values())).kind


def of_each_kind() -> Iterator[Rulesets]:
    """For each kind the bundled rule with the most parameters, and the one with the most readings."""
    for kind in discover():
        rules = [rule for rule in RULES if kind_of(rule) == kind]
        if not rules:
            yield rules_of(UNUSED[kind], ("2009-01-01", "2013-12-31"))
            continue
        most = max(rules, key=lambda r: len(next(iter(r.constraints.values())).model_fields_set))
        readings = max(rules, key=lambda r: len(r.constraints))
        yield from (RULES.only([key]) for key in dict.fromkeys((most.key, readings.key)))


CHOSEN = {f"{kind_of(rule)}:{rule.key}": rules for rules in of_each_kind() for rule in rules}


class Compiling:
    """Tables that have columns and no rows: what would be computed is compiled instead."""

    def __init__(self, dialect: str) -> None:
        self.dialect, self.made = dialect, 0

    def materialise(self, expression: Any) -> Any:
        self.sql(expression)
        self.made += 1
        return ibis.table(expression.schema(), name=f"step_{self.made}")

    def sql(self, expression: Any) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a dialect warns of is not the question here
            return str(ibis.to_sql(expression, dialect=self.dialect))

    def sources(self, type_: str, words: Vocabulary) -> Sources:
        known = words.record_types[type_]

        def table(name: str, fixed: dict[str, str], prefix: str, names: list[str]) -> Any:
            columns = {f"{prefix}{a}": TYPES.get(words.attributes[a].type, "string") for a in names}
            return ibis.table(fixed | columns, name=f"{type_}_{name}")

        of_events = sorted({a for e in known.events for a in words.events[e].attributes})
        of_people = sorted({a for r in known.roles for a in words.roles[r].attributes})
        base = {"rid": "int64", "id": "string", "organ": "string", "jurisdiction": "string", "region": "string"}
        event = {"erid": "int64", "event": "string", "low": "int64", "high": "int64"}
        days = {"region": "string", "day": "int64"} | dict.fromkeys(("roll_lo", "roll_hi", "ord_lo", "ord_hi"), "int64")
        nth = {"region": "string", "ord": "int64", "day_lo": "int64", "day_hi": "int64"}
        return Sources(
            records=table("records", base, "r_", list(known.attributes)),
            events=table("events", event, "e_", of_events),
            participants=table("people", {"prid": "int64", "role": "string", "person": "string"}, "p_", of_people),
            days=ibis.table(days, name="days"),
            nth=ibis.table(nth, name="nth"),
            as_of=17_000,
            materialise=self.materialise,
            other=functools.partial(self.sources, words=words),
            within=ibis.table({"outer": "string", "inner": "string"}, name="within"),
        )


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CHOSEN)
def test_a_rule_compiles(name: str, dialect: str) -> None:
    rules = CHOSEN[name]
    (rule,) = rules
    database = Compiling(dialect)
    sources = database.sources(rule.record, rules.vocabulary)
    texts = [
        database.sql(table)
        for _, table in batch._plan([rule], Frame(sources, sources.records), ["140400", "450800"], rules)
    ]
    assert len(texts) == 1
    assert texts[0].upper().startswith(("SELECT", "WITH"))


def test_every_kind_is_compiled() -> None:
    assert {name.partition(":")[0] for name in CHOSEN} == set(discover())


def test_no_bar_is_drawn_into_results() -> None:
    """DuckDB draws one on stdout after two seconds, where the report goes."""
    from lawgov_rules.tables import Database

    database = Database()
    assert database.connection.con.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
    database.close()

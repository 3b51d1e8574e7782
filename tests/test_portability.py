"""Every kind's columns are SQL on every backend that is promised, without a server and without a JVM."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import ibis
import pytest
from ibis.backends.sql.compilers import DuckDBCompiler, PostgresCompiler

import lawgov_rules as lr
from lawgov_rules import batch
from lawgov_rules.database import Database
from lawgov_rules.days import to_day
from lawgov_rules.kinds import discover
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.spark import dialect as spark
from tests.kinds.build import rules_of

DIALECTS = ("duckdb", "postgres", "pyspark")
AS_OF = dt.date(2016, 6, 30)
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


class Dialect(Database):
    """A database of which only the language is there."""

    def __init__(self, name: str) -> None:
        super().__init__(spark.Dialect() if name == "pyspark" else Language(name))


COMPILERS = {"duckdb": DuckDBCompiler, "postgres": PostgresCompiler}


class Language:
    """What `Database` needs of a connection to compile for it."""

    def __init__(self, name: str) -> None:
        self.name, self.compiler = name, COMPILERS[name]()
        self.dialect = self.compiler.dialect

    def compile(self, expression: ibis.Table) -> str:
        return str(ibis.to_sql(expression, dialect=self.name))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CHOSEN)
def test_a_rule_compiles(name: str, dialect: str) -> None:
    """All that is asked for it: the intermediate tables, and the judgement."""
    rules = CHOSEN[name]
    (rule,) = rules
    program = batch.planned(rule.record, rules, to_day(AS_OF), Dialect(dialect)).program
    assert len(program.queries) == 1
    for text in (*program.queries, *(sql for _name, sql in program.steps)):
        assert text.upper().startswith(("SELECT", "WITH"))


def test_every_kind_is_compiled() -> None:
    assert {name.partition(":")[0] for name in CHOSEN} == set(discover())


def test_no_bar_is_drawn_into_results() -> None:
    """DuckDB draws one on stdout after two seconds, where the report goes."""
    database = Database()
    assert database.connection.con.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
    database.close()


def test_postgresql_computes_each_step_once() -> None:
    """It writes out a step wherever it is read; that the product of 6 and 7 is read thrice must not be seen."""

    class Server:
        name, dialect = "postgres", "postgres"
        compiler = PostgresCompiler()

    table = ibis.table({"a": "int64"}, name="t")
    steps = table.mutate(b=table.a * 42).mutate(c=ibis._.b + ibis._.b).mutate(d=ibis._.c - ibis._.b)
    sql = Database(Server()).compile(steps)
    assert sql.count("42") == 1
    assert sql.count("OFFSET 0") == 2  # the last step is read by nobody

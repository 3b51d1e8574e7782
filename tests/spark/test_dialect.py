"""Where Spark reads the same words otherwise than other databases, its SQL says it in its own; no JVM is needed."""

from __future__ import annotations

import subprocess
import sys

import ibis
import pytest
from ibis import _

from lawgov_rules.days import Duration
from lawgov_rules.frames import plus, to_date
from lawgov_rules.spark.dialect import Dialect
from tests.conftest import ROOT

ROWS = ibis.table({"a": "int64", "b": "int64", "day": "int64", "text": "string"}, name="rows")


def sql(**values: object) -> str:
    return Dialect().compile(ROWS.select(**values))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        # an operand of IS or = is no test unless it stands in brackets
        (_.a.isin([1, 2]).isnull(), "((`t0`.`a` IN (1, 2)) IS NULL)"),
        (_.a.between(1, 2) == (_.b > 0), "(`t0`.`a` BETWEEN 1 AND 2) = (`t0`.`b` > 0)"),
        # whole numbers are divided as such: -1 // 64 is -1
        (_.a // 64, "SHIFTRIGHT(`t0`.`a`, 6)"),
        (_.a // 86_400, "FLOOR((`t0`.`a`) / (86400))"),
        # days by number; months by the calendar
        (to_date(_.day), "DATE_ADD(MAKE_DATE(1970, 1, 1), CAST(`t0`.`day` AS INT))"),
        (plus(_.day, Duration(2, "months")), "+ INTERVAL '2' MONTH"),
        (plus(_.day, Duration(2, "months")), "DATEDIFF("),
        # Java's `$` stands before a last line break as well
        (_.text.re_search("^[0-9]$"), r"'^[0-9]\\z'"),
        (_.text.re_replace("x$", ""), r"'x\\z'"),
    ],
)
def test_it_is_said_in_its_own_words(value: object, written: str) -> None:
    assert written in sql(found=value)


def test_what_is_used_twice_is_computed_once() -> None:
    """``a + b * 2`` stands in three places of two values, and its own part ``b * 2`` in no other."""
    twice = _.a + _.b * 2
    found = sql(one=twice > 3, two=ibis.ifelse(twice > _.a, twice, 0))
    assert found.count("* 2") == 1
    assert found.count("lawgov_0") == 4


def test_neither_pyspark_nor_java_is_needed() -> None:
    code = """
import sys
sys.modules["pyspark"] = None  # as if it were not installed
import ibis
from lawgov_rules.spark.dialect import Dialect
print(Dialect().compile(ibis.table({"a": "float64"}, name="rows").select(b=ibis._.a + 1.5)))
"""
    env = {"PATH": "", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == "SELECT `t0`.`a` + 1.5 AS `b` FROM `rows` AS `t0`", done.stderr

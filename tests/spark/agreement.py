"""Rules of every kind on random records, some of them damaged, in Spark and in plain Python; as a process of its own.

``python -m tests.spark.agreement SEED`` prints what was compared, and exits with 1 if anything differs.
"""

from __future__ import annotations

import sys
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from lawgov_rules import batch, columnar, live
from lawgov_rules.checking import read_input
from lawgov_rules.importers._headings import key
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.spark.database import Spark
from tests.agreement import KINDS
from tests.agreement.trial import draw_trial
from tests.databases import TAKEN, Tables, damaged, rows_of, tables_of
from tests.spark.settings import SMALL
from tests.test_databases import in_order

RECORDS = 60


def drawn(seed: int) -> Any:
    """Rules of all kinds in one vocabulary, none of whose attributes is called as a column of ours."""
    for later in range(seed, seed + 100_000, 1000):
        rules, records, as_of = draw_trial(Random(later), list(KINDS), RECORDS).read()
        if not {key(name) for name in rules.vocabulary.attributes} & set(TAKEN):
            return rules, records, as_of
    raise LookupError(seed)


def main(seed: int) -> int:
    rules, records, as_of = drawn(seed)
    tables = in_order(tables_of(damaged(rows_of(records, rules.vocabulary), Random(seed), 0.03)))
    builder = SparkSession.builder.master("local[1]").appName("a test")
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    with TemporaryDirectory() as folder:
        return compare(session, folder, tables, rules, as_of)


def compare(session: Any, folder: str, tables: Tables, rules: Rulesets, as_of: int) -> int:
    """Write the tables, and hold what Spark says of them against what Python says."""
    for name, table in tables.items():
        pq.write_table(table, f"{folder}/{name}")
    database = Spark(session)
    taken, plans = columnar.taken_in(database, database.read(folder), rules, as_of, "db")
    mine = {(*a.key(), a.measures.get("check")): a for p in plans.values() for a in batch.judged(p, database, rules)}
    data = read_input(tables, rules)
    said = live.assess(data.records, rules, as_of)
    theirs = {(*a.key(), a.measures.get("check")): a for a in said}
    wrong = [k for k in {*mine, *theirs} if mine.get(k) != theirs.get(k)]
    for found in sorted(wrong, key=repr)[:5]:
        print(f"live  {theirs.get(found)}\nspark {mine.get(found)}")
    reasons = [sorted(p.reason.partition(" stands at ")[0] for p in of.problems) for of in (taken, data)]
    if reasons[0] != reasons[1] or (taken.read, taken.checked) != (data.read, len(data.records)):
        print(f"read otherwise: {taken[:2]} {data.read} {len(data.records)}\n{reasons[0]}\n{reasons[1]}")
        wrong.append("read")
    compared = {next(iter(rule.constraints.values())).kind for rule in rules if any(k[2] == rule.key for k in theirs)}
    print(
        f"{len(theirs)} assessments, {taken.read - taken.checked} refused, {len(compared)} kinds, {len(wrong)} differ"
    )
    session.stop()
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1])))

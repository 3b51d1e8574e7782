"""Rules of every kind on random records, in Spark and in plain Python; as a process of its own.

``python -m tests.spark.agreement`` prints what was compared, and exits with 1 if anything differs.
"""

from __future__ import annotations

from random import Random

from pyspark.sql import SparkSession

from lawgov_rules import batch, live
from lawgov_rules.spark.database import Spark
from tests.agreement import KINDS, draw
from tests.spark.settings import SMALL

RECORDS = 30


def main() -> int:
    builder = SparkSession.builder.master("local[1]").appName("a test")
    for name, value in {**SMALL, "spark.driver.memory": "2g"}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    number = wrong = 0
    for seed, kind in enumerate(KINDS):
        rules, records, as_of = draw(Random(seed), kind, RECORDS)
        said = live.assess(records, rules, as_of), batch.assess(records, rules, as_of, Spark(session))
        theirs, mine = ({(*a.key(), a.measures.get("check")): a for a in of} for of in said)
        differ = [key for key in {*mine, *theirs} if mine.get(key) != theirs.get(key)]
        for key in sorted(differ, key=repr)[:3]:
            print(f"{kind}\nlive  {theirs.get(key)}\nspark {mine.get(key)}")
        number, wrong = number + len(theirs), wrong + len(differ)
    print(f"{number} assessments, {len(KINDS)} kinds, {wrong} differ")
    session.stop()
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())

"""Checks on a cluster, as a process of its own: ``python -m tests.spark.driver MASTER DATA OUTPUT ...``.

One check, by a rule of its own, for each output. Prints what each has counted as JSON, and on stderr how far they have
come.
"""

from __future__ import annotations

import json
import sys

from pyspark.sql import SparkSession

from lawgov_rules import spark
from tests.spark.data import AS_OF, SHOWN, asked
from tests.spark.settings import SMALL


def main(master: str, data: str, *outputs: str) -> None:
    builder = SparkSession.builder.master(master).appName("a test")
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    done = []
    for number, output in enumerate(outputs):

        def tell(what: str, n: int, of: int, number: int = number) -> None:
            print(f"check {number}: {what} {n} of {of}", file=sys.stderr, flush=True)

        found = spark.check(data, output, asked(number), session=session, as_of=AS_OF, show=SHOWN, progress=tell)
        done.append(found.to_dict())
    json.dump(done, sys.stdout)
    session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

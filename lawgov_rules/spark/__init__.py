"""One check on a cluster of Spark, for those who outgrow one machine: `check`, and ``python -m lawgov_rules.spark``.

The tables are read where they lie, judged by the same expressions as in a database, and the findings are written by the
executors; the counts and what cannot be read plainly come to the driver. Every executor needs this package in its
Python. See the README on how to submit it.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lawgov_rules.checking import SHOWN, as_of_day
from lawgov_rules.counting import Counts, options, receipt
from lawgov_rules.errors import Problem
from lawgov_rules.importers._reading import Progress, silent
from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict


@dataclass(frozen=True)
class Checked:
    """What a report says beside its findings, which stand in a folder."""

    receipt: Mapping[str, Any]
    summary: Mapping[str, Any]
    problems: list[Problem]
    advice: list[Problem]

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        problems = [problem.to_json() for problem in self.problems]
        return {"receipt": self.receipt, "summary": self.summary, "problems": problems}


def check(
    source: str | Mapping[str, str],
    output: str,
    rules: Rulesets | None = None,
    *,
    session: Any,
    as_of: dt.date | str | None = None,
    show: Iterable[str] = SHOWN,
    note: str = "",
    progress: Progress = silent,
) -> Checked:
    """Check the three tables against rules, on the cluster of a session.

    Args:
        source: a folder with the folders (or files) of Parquet ``records``, ``events`` and ``participants``, as Spark
            names it; or a mapping of these names to their paths. output: the folder for the findings,
            Parquet with the columns of ``--format parquet``; it must not be there, and holds ``_SUCCESS`` when it is
            whole. session: a `SparkSession`.
        rules, as_of, show, note, progress: as of `lawgov_rules.check`.

    Raises:
        InputError: a table is missing or cannot be read, or the output is there.
    """
    from lawgov_rules import columnar
    from lawgov_rules.spark.database import Spark
    from lawgov_rules.spark.folder import Findings

    rules = rules if rules is not None else load_rulesets()
    day, wanted = as_of_day(as_of), {Verdict[name] for name in show}
    database = Spark(session)
    try:
        tables = database.read(source)
        name = source if isinstance(source, str) else "(tables)"
        findings = Findings(database, output, rules, day, wanted)
        taken, plans = columnar.taken_in(database, tables, rules, day, name)
        counts = Counts(rules)
        for number, plan in enumerate(plans.values()):
            progress("verdicts", number, len(plans))
            for rule, organ, verdict, count in findings.of(plan):
                counts.add(verdict, rule, organ, count)
        findings.finish()
    finally:
        database.close()
    told = receipt("batch", rules, day, {name: ""}, options(rules, wanted, note))
    summary = counts.summary(taken.read, taken.checked)
    return Checked(told, summary, sorted(taken.problems), sorted(set(taken.advice)))


def session(master: str | None = None) -> Any:
    """A session of Spark, on the cluster of that address; without one, the one of ``spark-submit`` or of this machine.

    The executors run the Python at this one's path, unless ``PYSPARK_PYTHON`` names another.

    Raises:
        ImportError: the extra ``[spark]`` is not installed.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("lawgov_rules")
    return (builder.master(master) if master else builder).getOrCreate()

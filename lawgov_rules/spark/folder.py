"""The findings of a check as a folder of Parquet, written by the executors of Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from lawgov_rules import batch, found
from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.judgement import SHIFT
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.spark.database import Spark
from lawgov_rules.tables import name_of
from lawgov_rules.verdict import Verdict

if TYPE_CHECKING:
    import pyarrow as pa

# Spark marks a folder that was written to its end; ours is when all its parts are
UNMARKED = {"mapreduce.fileoutputcommitter.marksuccessfuljobs": "false"}
Batches = Iterator["pa.RecordBatch"]


class Findings:
    """A folder of findings, being written.

    Args:
        output: its path; there must be none. wanted: the verdicts that are written; all are counted.

    Raises:
        InputError: the folder is there, or cannot be written.
    """

    def __init__(self, database: Spark, output: str, rules: Rulesets, as_of: int, wanted: set[Verdict]) -> None:
        from pyspark.errors import AnalysisException
        from pyspark.sql.pandas.types import from_arrow_schema

        self._database, self._output, self._rules, self._as_of = database, output, rules, as_of
        self._wanted = [n for v in wanted for n in range(int(v) * SHIFT, int(v) * SHIFT + SHIFT)]
        self._schema = from_arrow_schema(found.schema())
        self._nothing = database.session.createDataFrame([], self._schema)
        try:
            self._nothing.write.options(**UNMARKED).parquet(output)
        except AnalysisException as error:
            if error.getCondition() != "PATH_ALREADY_EXISTS":
                raise
            reason, help = f"`{shown(output)}` is there already", "name a folder that is not"
            raise InputError(Problem(Place(output), reason, shown(output), help)) from None

    def of(self, plans: batch.Plans) -> Iterator[batch.Count]:
        """Write the findings of one record type, and count its verdicts."""
        session = self._database.session
        rules = self._rules.only({plan.rule.key for plan in plans.plans})
        records = session.table(f"`{name_of(plans.plans[0].rule.record, 'records')}`").select("id", "jurisdiction")
        explain = explaining(plans.plans, rules, self._as_of)
        for query, _most in batch.queries(plans, self._database):
            judged = session.sql(query).persist()
            for rule, organ, code, number in judged.groupBy("rule", "organ", "code").count().toLocalIterator():
                yield batch.Count(plans.plans[rule].rule, organ, Verdict(code // SHIFT), number)
            wanted = judged.filter(judged["code"].isin(self._wanted)).join(records, "id", "left")
            rows = wanted.select("jurisdiction", *judged.columns).mapInArrow(explain, self._schema)
            rows.write.mode("append").options(**UNMARKED).parquet(self._output)
            judged.unpersist()

    def finish(self) -> None:
        """Mark the folder as whole."""
        self._nothing.write.mode("append").parquet(self._output)


def explaining(plans: list[batch.Plan], rules: Rulesets, as_of: int) -> Callable[[Batches], Batches]:
    """What the executors do: rows of a result and the place of each record become findings."""

    def rows(batches: Iterable[pa.RecordBatch]) -> Iterator[found.Row]:
        for part in batches:
            for place, *values in zip(*(column.to_pylist() for column in part.columns), strict=True):
                row = batch.Row.of(values)
                plan = plans[row.rule]
                yield found.row_of(plan.assessment(row, rules), plan.rule, row.organ, place, as_of)

    return lambda batches: found.batches(rows(batches))

"""Spark as a database: names stand for views, and what is computed once is kept by the executors.

Nothing is numbered: a partition that is lost with its executor is computed again, and a number given by chance would
then be another. Records are told apart by their ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import pyarrow as pa

from lawgov_rules.database import Database
from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.spark.dialect import Dialect
from lawgov_rules.tables import TABLES

SETTINGS = {
    # names stand in double quotes, as in other databases
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.caseSensitive": "true",
    # a moment without a zone is what is written
    "spark.sql.session.timeZone": "UTC",
    # a filter that is pushed down takes with it all that its columns are computed from: plans grow without bound
    "spark.sql.optimizer.excludedRules": ",".join(
        f"org.apache.spark.sql.catalyst.optimizer.{rule}"
        for rule in ("PushDownPredicates", "PushPredicateThroughNonJoin")
    ),
    "spark.sql.constraintPropagation.enabled": "false",
    # `jurisdiction=014000` is text
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}


class Spark(Database):
    """A session of Spark.

    Args:
        session: a `SparkSession`; its settings and views stay as they are.
    """

    def __init__(self, session: Any) -> None:
        self.session = session.newSession()
        for name, value in SETTINGS.items():
            self.session.conf.set(name, value)
        self.connection = Dialect()
        self.temporary = False
        self._kept: dict[str, Any] = {}

    def compile(self, expression: Any, *, fused: bool = True) -> str:
        """The SQL of an expression; never fused, because Spark computes what is repeated as often as it stands."""
        return super().compile(expression, fused=False)

    def read(self, source: str | Mapping[str, str]) -> dict[str, Any]:
        """The three tables of a folder, or at paths by their names, as tables of Ibis.

        Raises:
            InputError: one is missing or cannot be read.
        """
        given = source if isinstance(source, Mapping) else {name: f"{source.rstrip('/')}/{name}" for name in TABLES}
        return {name: self._table(name, given.get(name)) for name in TABLES}

    def _table(self, name: str, path: str | None) -> Any:
        """A table of Ibis of that name over Parquet."""
        from pyspark.errors import AnalysisException
        from pyspark.sql.pandas.types import to_arrow_schema

        place, rows = Place(path or "(tables)"), None
        try:
            rows = self.session.read.parquet(path) if path else None
        except AnalysisException as error:
            if error.getCondition() != "PATH_NOT_FOUND":
                reason = f"cannot be opened: {shown(str(error).strip().partition(chr(10))[0], 160)}"
                help = "give a folder of Parquet files"
                raise InputError(Problem(place, reason, help=help)) from None
        if rows is None and name == "participants":
            rows = self.session.createDataFrame([], "record string, role string, person string")
        if rows is None:
            # without any events it would seem that nothing ever happened
            reason, help = f"the table `{name}` is missing", "give the three tables by name"
            raise InputError(Problem(place, reason, help=help))
        rows.createOrReplaceTempView(name)
        self._kept[name] = rows
        return ibis.table(ibis.Schema.from_pyarrow(to_arrow_schema(rows.schema)), name=name)

    def keep(self, name: str, sql: str, *, copied: bool = True) -> None:
        """Let a name stand for the rows of a query, which is computed when they are first asked for."""
        rows = self.session.sql(sql)
        self._kept[name] = rows.persist() if copied else rows
        rows.createOrReplaceTempView(_quoted(name))

    def once(self, name: str, sql: str) -> None:
        self.keep(name, sql, copied=False)

    def give(self, name: str, table: pa.Table) -> None:
        """Let a name stand for rows of ours."""
        self._kept[name] = rows = self.session.createDataFrame(table)
        rows.createOrReplaceTempView(_quoted(name))

    def forget(self, *names: str) -> None:
        for name in names:
            if (rows := self._kept.pop(name, None)) is not None:
                rows.unpersist()
                self.session.catalog.dropTempView(_quoted(name))

    def rows(self, sql: str, batch: int = 10_000) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, a partition at a time."""
        yield from map(tuple, self.session.sql(sql).toLocalIterator())

    def rest(self) -> None:
        self.forget(*reversed(self._kept))

    def close(self) -> None:
        """Forget everything; the session goes on."""
        self.rest()


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"

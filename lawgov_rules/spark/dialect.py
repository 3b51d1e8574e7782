"""Ibis expressions as the SQL of Spark; neither PySpark nor Java is needed for it.

Where Spark reads the same words otherwise than the databases do, it is mended here, and the expressions stay as they
are.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.common.graph import Graph

Node = Any  # an operation of Ibis; Ibis does not type them
_LEAVES = (ops.Field, ops.Literal)
# what is computed over many rows, and what is no value by itself
_WHOLE = (ops.Reduction, ops.Analytic, ops.WindowFunction, ops.SortKey)


class Dialect:
    """What `tables.Database` needs of a connection to compile for it."""

    name = "pyspark"

    def compile(self, expression: ibis.Table) -> str:
        """The SQL of a table expression. Spark repeats what stands twice, so that gets a name before."""
        compiler = _Compiler()
        return str(compiler.to_sqlglot(_named(expression.op()).to_expr()).sql(dialect=compiler.dialect))


class _Compiler(PySparkCompiler):  # type: ignore[misc]
    """The compiler of Ibis, with what we found missing in it."""

    __slots__ = ()

    # Spark takes no test for an operand: `a IN (1) IS NULL` and `a BETWEEN 1 AND 2 = b` want brackets
    def visit_InValues(self, op: Any, **parts: Any) -> Any:  # noqa: N802
        return sge.paren(super().visit_InValues(op, **parts), copy=False)

    def visit_Between(self, op: Any, **parts: Any) -> Any:  # noqa: N802
        return sge.paren(super().visit_Between(op, **parts), copy=False)

    def visit_IsNull(self, op: Any, **parts: Any) -> Any:  # noqa: N802
        return sge.paren(super().visit_IsNull(op, **parts), copy=False)

    def visit_NotNull(self, op: Any, **parts: Any) -> Any:  # noqa: N802
        return sge.paren(super().visit_NotNull(op, **parts), copy=False)

    # Java's `$` stands before a last line break as well
    def visit_RegexSearch(self, op: Any, *, arg: Any, pattern: Any) -> Any:  # noqa: N802
        return super().visit_RegexSearch(op, arg=arg, pattern=_to_the_end(pattern))

    def visit_RegexReplace(self, op: Any, *, arg: Any, pattern: Any, replacement: Any) -> Any:  # noqa: N802
        return super().visit_RegexReplace(op, arg=arg, pattern=_to_the_end(pattern), replacement=replacement)

    # Ibis adds days by way of a text, takes days between two moments, and divides by way of a fraction
    def visit_IntervalFromInteger(self, op: Any, *, arg: Any, unit: Any) -> Any:  # noqa: N802
        return arg if unit.short == "D" else super().visit_IntervalFromInteger(op, arg=arg, unit=unit)

    def visit_DateAdd(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802
        if isinstance(op.right, ops.IntervalFromInteger) and op.right.unit.short == "D":
            return self.f.anon.date_add(left, self.cast(right, dt.int32))
        return super().visit_DateAdd(op, left=left, right=right)

    def visit_DateDelta(self, op: Any, *, left: Any, right: Any, **_parts: Any) -> Any:  # noqa: N802
        return self.cast(self.f.anon.datediff(left, right), op.dtype)

    def visit_FloorDivide(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802
        by = op.right.value if isinstance(op.right, ops.Literal) else 0
        if by & (by - 1) or by < 1:
            return super().visit_FloorDivide(op, left=left, right=right)
        return self.cast(self.f.anon.shiftright(left, sge.convert(by.bit_length() - 1)), op.dtype)

    # what is no number stays so; Ibis would ask an option that is there with PySpark only
    def visit_Field(self, op: Any, **parts: Any) -> Any:  # noqa: N802
        return SQLGlotCompiler.visit_Field(self, op, **parts)

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:  # noqa: N802
        return None if dtype.is_floating() else super().visit_NonNullLiteral(op, value=value, dtype=dtype)


def _to_the_end(pattern: Any) -> Any:
    text = pattern.this if isinstance(pattern, sge.Literal) else ""
    return sge.Literal.string(text.removesuffix("$") + r"\z") if text.endswith("$") else pattern


def _named(table: Node) -> Node:
    """The table with every value that is used twice in one step computed in a step before, under a name."""

    def replaced(node: Node, parts: dict[str, Any] | None) -> Node:
        node = node.__recreate__(parts) if parts else node
        if isinstance(node, ops.Project):
            parent, values = _apart(node.parent, list(node.values.values()))
            return ops.Project(parent, dict(zip(node.values, values, strict=True)))
        if isinstance(node, ops.Aggregate):
            parent, values = _apart(node.parent, [*node.groups.values(), *node.metrics.values()])
            named, size = list(zip([*node.groups, *node.metrics], values, strict=True)), len(node.groups)
            return ops.Aggregate(parent, dict(named[:size]), dict(named[size:]))
        return node

    return table.replace(replaced)


def _apart(parent: Node, values: list[Node]) -> tuple[Node, list[Node]]:
    """Values over a table as values over steps behind it: what is used twice and uses nothing that is comes first."""
    number = 0
    while shared := _shared(values):
        known = {name: ops.Field(parent, name) for name in parent.schema.names}
        new = {f"lawgov_{number + n}": value for n, value in enumerate(shared)}
        number += len(new)
        step = ops.Project(parent, {**known, **new})
        names = {value: ops.Field(step, name) for name, value in (*known.items(), *new.items())}
        values = [value.replace(names, filter=ops.Value) for value in values]
        parent = step
    return parent, values


def _shared(values: list[Node]) -> list[Node]:
    """What several of the values, or one of them several times, have in common, from the bottom."""
    graph: dict[Node, Any] = {}
    for value in values:
        graph |= Graph.from_bfs(value, filter=ops.Value)
    uses = Counter([*values, *(part for parts in graph.values() for part in parts)])
    found: dict[Node, bool] = {}  # whether it has one beneath, or is one
    several: list[Node] = []
    for node, parts in Graph(graph).toposort()[0].items():
        beneath = any(found[part] for part in parts)
        plain = all(isinstance(part, _LEAVES) for part in parts) or isinstance(node, _WHOLE)
        found[node] = beneath or isinstance(node, _WHOLE)
        if not found[node] and not plain and uses[node] > 1:
            several.append(node)
            found[node] = True
    return several

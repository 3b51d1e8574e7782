"""The import table: a module imports only from layers below its own, so the house can be read from the ground up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "lawgov_rules"
KIND = "kinds.*"
# every module and its layer; `kinds.*` stands for each file of a kind, `importers.*` for each way in,
# `reports.*` for each way out
LAYERS = {
    "errors": 0,
    "verdict": 0,
    "problems_zh": 0,
    "yaml_file": 1,
    "days": 1,
    "document_number": 1,
    "dates": 2,
    "jurisdiction": 1,
    "citation": 1,
    "figures": 1,
    "validation": 2,
    "clauses": 3,
    "vocabulary": 3,
    "records": 4,
    "mapping": 4,
    "likeness": 4,
    "view": 5,
    "condition": 6,
    "step": 7,
    "occurrence": 8,
    "ways": 8,
    "frames": 9,
    "cells": 10,
    "columns": 10,
    "people": 11,
    "judgement": 11,
    "turning": 12,
    "kinds._wording": 12,
    "kinds._prose": 13,
    "kinds._contract": 14,
    "kinds._limit": 15,
    "kinds._others": 15,
    KIND: 16,
    "kinds": 17,
    "rule": 18,
    "ruleset": 19,
    "reach": 20,
    "loading": 20,
    "assessing": 20,
    "ledger": 20,
    "tables": 21,
    "rule_query": 21,
    "measuring": 21,
    "durable.dialect": 0,
    "durable.table": 0,
    "durable.worker": 1,
    "durable.cage": 1,
    "durable.chain": 12,
    "durable.executor": 22,
    "durable": 23,
    "databases": 22,
    "plain_rows": 22,
    "written_rows": 22,
    "ids": 22,
    "short_way": 23,
    "long_way": 23,
    "intake": 24,
    "live": 22,
    "links": 15,
    "waking": 23,
    "batch": 22,
    "findings": 23,
    "found": 24,
    "found_sql": 25,
    "room": 1,
    "database": 2,
    "store": 22,
    "stored": 26,
    "importers": 24,
    "importers._reading": 5,
    "importers._headings": 5,
    "importers._cells": 6,
    "importers._naming": 6,
    "importers._grid": 6,
    "importers._package": 6,
    "importers._old_excel": 7,
    "importers._wide": 7,
    "importers._long": 7,
    "importers._joined": 8,
    "importers.csv": 9,
    "importers.three_tables": 10,
    "importers._xml": 6,
    "importers._rows": 11,
    "importers._values": 12,
    "importers._database_rows": 23,
    "importers._mapped": 13,
    "importers.xes": 12,
    "importers.ocel": 13,
    "importers.excel": 12,
    "importers.*": 24,
    "importers.own_reports": 1,
    "importers.documents": 25,
    "proposal_words": 0,
    "template_words": 0,
    "proposal": 26,
    "importers.in_database": 25,
    "cases": 26,
    "input": 26,
    "counting": 26,
    "report": 26,
    "table_files": 26,
    "state_file": 1,
    "kept_records": 16,
    "said": 20,
    "since": 27,
    "columnar": 27,
    "judging": 27,
    "checking": 28,
    "one_record": 29,
    "explain": 28,
    "outstanding": 28,
    "duties": 29,
    "testing": 28,
    "case_coverage": 29,
    "lint._flaw": 1,
    "lint.*": 29,
    "lint": 30,
    "monitor.state": 29,
    "monitor.*": 30,
    "monitor.store": 31,
    "monitor": 32,
    "reports": 29,
    "reports._table": 29,
    "reports._plain": 29,
    "reports._terminal": 30,
    "reports._groups": 30,
    "reports._markup": 30,
    "reports._words": 30,
    "reports._columns": 31,
    "reports._receipt": 31,
    "reports._xlsx_sheet": 31,
    "reports._xlsx_summary": 32,
    "reports._xlsx_findings": 33,
    "reports.*": 34,
    "reports._due": 30,
    "reports._due._words": 31,
    "reports._due.*": 35,
    "reports.html._labels": 29,
    "reports.html._data": 31,
    "reports.html._charts": 32,
    "reports.html": 33,
    "template": 35,
    "demo.draw": 0,
    "demo.page": 0,
    "demo.story": 1,
    "demo.telling": 2,
    "demo": 21,
    "schema._shapes": 29,
    "schema.*": 30,
    "schema": 31,
    "spark.dialect": 0,
    "spark.database": 22,
    "spark.folder": 26,
    "spark": 29,
    "spark.__main__": 38,
    "commands": 36,
    "commands._outputs": 36,
    "commands._progress": 36,
    "commands.*": 37,
    "cli": 38,
    "__main__": 39,
    "": 38,
}


def modules() -> dict[str, Path]:
    """Every module of the package by its name below `lawgov_rules`; the package itself is ``""``."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def layer(module: str) -> int:
    if module in LAYERS:
        return LAYERS[module]
    return LAYERS[f"{module.rpartition('.')[0]}.*"]


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def statements(node: ast.AST, inside: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Every import and whether it stands inside a function; those for the type checker alone are left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, inside
        elif _is_type_checking(child):
            assert isinstance(child, ast.If)
            yield from statements(ast.Module(child.orelse, []), inside)
        else:
            yield from statements(child, inside or isinstance(child, (ast.FunctionDef, ast.Lambda)))


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The full name of everything a file imports, and whether only inside a function."""
    for node, inside in statements(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, inside) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: imports are written in full"
            for name in node.names:
                full = f"{node.module}.{name.name}"
                is_module = full.removeprefix("lawgov_rules.") in MODULES
                yield (full if is_module else str(node.module)), inside


def own(module: str) -> set[str]:
    """The modules of this package that a module imports."""
    found = (name for name, _ in imports(MODULES[module]))
    return {
        name.removeprefix("lawgov_rules").removeprefix(".") for name in found if re.match(r"lawgov_rules(\.|$)", name)
    }


def foreign(module: str, *, anywhere: bool = True) -> set[str]:
    """The other packages that a module imports; only those outside functions if not ``anywhere``."""
    return {name.partition(".")[0] for name, inside in imports(MODULES[module]) if anywhere or not inside}


KINDS = [name for name in MODULES if re.fullmatch(r"kinds\.[a-z]\w*", name)]


def test_every_module_has_a_layer() -> None:
    """And no layer is of a module that is gone."""
    assert [m for m in MODULES if m not in LAYERS and f"{m.rpartition('.')[0]}.*" not in LAYERS] == []
    assert [m for m in LAYERS if not m.endswith("*") and m not in MODULES] == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_downwards(module: str) -> None:
    upward = {other: layer(other) for other in own(module) if layer(other) >= layer(module)}
    assert upward == {}, f"{module} is in layer {layer(module)}"


def test_kinds_do_not_know_each_other() -> None:
    """A kind is read, written and removed alone; they are found by discovery."""
    assert len(KINDS) >= 9
    assert {kind: own(kind) & set(KINDS) for kind in KINDS if own(kind) & set(KINDS)} == {}


def test_kinds_know_no_database_and_no_engine() -> None:
    forbidden = {"duckdb", "pyspark", "durable", "pyarrow", "pandas"}
    assert {kind: foreign(kind) & forbidden for kind in KINDS if foreign(kind) & forbidden} == {}


EXECUTORS = {"live": {"live"}, "batch": {"batch"}, "durable": {name for name in MODULES if name.startswith("durable")}}


@pytest.mark.parametrize("executor", EXECUTORS)
def test_executors_do_not_know_each_other(executor: str) -> None:
    """They are compared with each other, so none may lean on another."""
    others = {name for other, names in EXECUTORS.items() if other != executor for name in names}
    assert set().union(*(own(module) for module in EXECUTORS[executor])) & others == set()


def test_durable_rules_is_loaded_by_the_worker_alone() -> None:
    """And the worker loads nothing of ours but what it speaks: it starts in a twentieth of a second."""
    assert {module for module in MODULES if "durable" in foreign(module)} == {"durable.worker"}
    assert own("durable.worker") == {"durable.dialect", "durable.table"}


def test_live_needs_no_columns() -> None:
    """What runs within a request carries no database: nothing that `live` imports imports Ibis on loading."""
    todo, seen = ["live", "findings", "one_record"], set()
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            outside = {name for name, inside in imports(MODULES[module]) if not inside}
            todo += [m for m in (n.removeprefix("lawgov_rules.") for n in outside) if m in MODULES]
    assert {module for module in seen if "ibis" in foreign(module, anywhere=False)} == set()


def test_ibis_is_loaded_by_few_modules_only() -> None:
    """Everywhere else it is imported where it is needed, since it costs about a second."""
    found = {module for module in MODULES if "ibis" in foreign(module, anywhere=False)}
    known = {"frames", "columns", "cells", "database", "tables", "batch", "rule_query", "importers._database_rows"}
    known |= {"ids", "plain_rows", "short_way", "long_way", "written_rows", "intake"}
    known |= {"spark.dialect", "spark.database"}  # loaded by those who ask for Spark
    assert found == known


def _documentation(tree: ast.AST) -> set[int]:
    """The constants that are documentation: text that stands alone as a statement."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


SPARK = [name for name in MODULES if name.partition(".")[0] == "spark"]


# one of the three forms of an OCEL log is a file of SQLite: a format to read, not a place to evaluate
@pytest.mark.parametrize(
    "module",
    [
        n
        for n in MODULES
        if n not in ("database", "databases", "room", "monitor.store", "importers.ocel", "problems_zh", *SPARK)
    ],
)
def test_few_modules_name_a_database(module: str) -> None:
    """`database` evaluates and `databases` opens: a new backend is a branch in each; `room` bounds the one in this
    process; documentation and comments may speak of it. The monitor's own file is no source of records, one form of an
    OCEL log is a file of SQLite, and what is said of databases is said in Chinese too."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    documentation = _documentation(tree)
    words = {name for name, _ in imports(MODULES[module])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            words.add(node.value)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Name):
            words.add(node.id)
    named = re.compile(r"duckdb|spark|postgres|sqlite|mysql|clickhouse", re.IGNORECASE)
    assert sorted(word for word in words if named.search(word)) == []

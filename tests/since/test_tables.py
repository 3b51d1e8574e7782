"""Rows that are the same are the same records, wherever they stand; whatever else changes in a table is seen."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.importers._joined import _Joined
from lawgov_rules.ruleset import Rulesets
from tests.since.build import assert_equal
from tests.small import filing, write_rules

Rows = list[list[str]]
DAYS = ("2012-03-01", "2012年3月9日", "2012-03-16", "2012-03-17", "2012-03", "")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Rulesets:
    return lr.load_rulesets(write_rules(tmp_path_factory.mktemp("rules"), filing()))


class Tables:
    """Three tables, or one wide one, that people edit."""

    def __init__(self, random: Random, folder: Path) -> None:
        self.random, self.folder = random, folder
        self.wide = random.random() < 0.5
        self.tables = dict(self.wide_table() if self.wide else self.three_tables())
        self.write()

    def three_tables(self) -> Iterator[tuple[str, Rows]]:
        records = [[f"n{n}", "normative_document", "140581", "county"] for n in range(6)]
        yield "records", [["record", "type", "jurisdiction", "issuer_level"], *records]
        events = [[f"n{n}", "published", self.random.choice(DAYS[:2]), ""] for n in range(6)]
        events += [[f"n{n}", "filed", self.random.choice(DAYS[1:4]), "city_government"] for n in range(4)]
        yield "events", [["record", "event", "date", "to"], *events]

    def wide_table(self) -> Iterator[tuple[str, Rows]]:
        rows = [[f"n{n}", "140581", "县级", "2012-03-01", self.random.choice(DAYS[1:4]), "市政府"] for n in range(6)]
        yield "规范性文件", [["文号", "行政区划", "制定机关层级", "公布", "报送备案", "报送备案·报送对象"], *rows]

    def write(self) -> None:
        for name, rows in self.tables.items():
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)

    def edit(self) -> None:
        rows = self.tables[self.random.choice(sorted(self.tables))]
        getattr(self, self.random.choice(["day", "day", "cell", "shuffle", "columns", "drop", "twice", "title"]))(rows)
        self.write()

    def some(self, rows: Rows) -> list[str]:
        return self.random.choice(rows[1:] or [["", "", "", "", "", ""]])

    def day(self, rows: Rows) -> None:
        row = self.some(rows)
        at = next((n for n, text in enumerate(row) if text in DAYS), 0)
        row[at] = self.random.choice(DAYS)

    def cell(self, rows: Rows) -> None:
        """Any cell becomes another of its column, empty, or something that cannot be."""
        row = self.some(rows)
        at = self.random.randrange(len(row))
        row[at] = self.random.choice([self.some(rows)[at], "", "?"])

    def shuffle(self, rows: Rows) -> None:
        body = rows[1:]
        self.random.shuffle(body)
        rows[1:] = body

    def columns(self, rows: Rows) -> None:
        """In another order."""
        order = list(range(len(rows[0])))
        self.random.shuffle(order)
        rows[:] = [[row[n] for n in order if n < len(row)] for row in rows]

    def drop(self, rows: Rows) -> None:
        if len(rows) > 2:
            del rows[self.random.randrange(1, len(rows))]

    def twice(self, rows: Rows) -> None:
        rows.append(list(self.some(rows)))

    def title(self, rows: Rows) -> None:
        """A heading, or a line above, that means nothing."""
        rows[0][self.random.randrange(len(rows[0]))] = self.random.choice(["备注", "什么", "date", "报送备案"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), edits=st.integers(1, 8))
def test_the_report_is_that_of_a_whole_check(one: Rulesets, seed: int, edits: int) -> None:
    lived(one, seed, edits)


def lived(one: Rulesets, seed: int, edits: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "cases"
        folder.mkdir()
        tables = Tables(Random(seed), folder)
        for _ in range(edits):
            assert_equal(folder, one, Path(name) / "state", as_of="2012-04-01")
            tables.edit()
        assert_equal(folder, one, Path(name) / "state", as_of="2012-04-01")


def test_only_rows_that_are_others_are_read(one: Rulesets, tmp_path: Path) -> None:
    """Six records; a day of one changes, and the records stand in another order. (The order of a record's own events
    is part of what it says.)"""
    folder, read = tmp_path / "cases", _Joined._document
    folder.mkdir()
    tables = Tables(Random(2), folder)
    lr.check(folder, one, as_of="2012-04-01", since=tmp_path / "state")
    tables.tables["records"][1:] = reversed(tables.tables["records"][1:])
    tables.tables["events"][1][2] = "2012-03-02"
    tables.write()
    asked: list[str] = []

    def counted(self: _Joined, part: Any, row: Any, record: str, type_: str) -> Any:
        asked.append(record)
        return read(self, part, row, record, type_)

    with patch.object(_Joined, "_document", counted):
        report = lr.check(folder, one, as_of="2012-04-01", since=tmp_path / "state")
    assert (len(asked), report.receipt["since"]) == (1, {"judged": 1, "taken_over": 5})


def test_the_law_notices_rows_that_are_not_looked_at(one: Rulesets) -> None:
    """As if a record were told by its own row alone."""

    def own(self: _Joined, part: Any, row: Any, record: str, type_: str) -> object:
        return type_, record

    with patch.object(_Joined, "_rows", own):
        for seed in range(40):
            try:
                lived(one, seed, 6)
            except AssertionError:
                return
    pytest.fail("other rows were never noticed to be missed")

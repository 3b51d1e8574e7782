"""A cell that a database reads as plain has the value that Python reads of it; see cells.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgov_rules import cells
from lawgov_rules.importers._cells import plain, text_of
from lawgov_rules.records import read_moment
from lawgov_rules.vocabulary import Attribute, Vocabulary
from tests.databases import DAMAGES

WORD = {"zh": "词", "en": "word"}
VALUES = dict.fromkeys(("k", "l", "m", "u", "true", "1"), WORD)
TYPES = ("text", "choice", "choices", "boolean", "integer", "number", "date")
ATTRIBUTES = {
    name: Attribute.model_validate({**WORD, "type": name, "values": VALUES if name.startswith("choice") else {}})
    for name in TYPES
}
NO_UNITS = Vocabulary(record_types={}, events={}, attributes={})
DAYS = st.dates(dt.date(1, 1, 2), dt.date(9999, 12, 30)) | st.dates(dt.date(1948, 12, 1), dt.date(2101, 2, 1))
SECONDS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30)).map(lambda d: d.replace(microsecond=0))
MOMENTS = SECONDS | DAYS.map(lambda d: dt.datetime(d.year, d.month, d.day)) | st.datetimes(dt.datetime(1940, 1, 1))
ISO = DAYS.map(dt.date.isoformat) | SECONDS.map(dt.datetime.isoformat) | SECONDS.map(lambda d: d.isoformat(" "))
# document and case numbers in every way of writing
NUMBERS = st.from_regex(
    r"[ 　]?(甲政发|甲A)[\[〔（(【]?[2２][0０]12[\]〕）)】]?-?第?0?[1-9１]号[ \x1f]?"
    r"|[(（\[]2012[)）\]]甲行初字第?0?5号",
    fullmatch=True,
)
NATIVE: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (
        pa.string(),
        st.sampled_from(DAMAGES) | NUMBERS | ISO | st.text(max_size=6) | st.text("0123456789-.+ ;kl", max_size=9),
    ),
    "boolean": (pa.bool_(), st.booleans()),
    "whole": (pa.int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)),
    "float": (pa.float64(), st.floats() | st.decimals(-(10**6), 10**6, places=3).map(float)),
    "decimal": (pa.decimal128(30, 8), st.decimals(-(10**13), 10**13, places=8) | st.decimals(-99, 99, places=2)),
    "day": (pa.date32(), DAYS),
    "moment": (pa.timestamp("us"), MOMENTS),
    "zoned": (pa.timestamp("us", "UTC"), MOMENTS.map(lambda d: d.replace(tzinfo=dt.UTC))),
    "several": (pa.list_(pa.string()), st.lists(st.sampled_from(("k", "l", "x", " m")), max_size=3)),
}
SETTINGS = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


CONNECTION = ibis.duckdb.connect()
MADE: dict[str, Callable[[Any], list[Any]]] = {
    **{name: lambda c, a=a: list(cells.cell(c, cells.text(c), a)) for name, a in ATTRIBUTES.items()},
    "moment": lambda c: list(cells.moment(c, cells.text(c))),
    "text of it": lambda c: [cells.text(c)],
}


@cache
def query(kind: str, what: str) -> str:
    table = ibis.table(ibis.schema(pa.schema([("n", pa.int64()), ("cell", NATIVE[kind][0])])), name="given")
    made = {f"v{n}": e for n, e in enumerate(MADE[what](table.cell))}
    return str(CONNECTION.compile(table.select("n", **made).order_by("n").drop("n")))


def rows(kind: str, values: list[Any], what: str) -> list[tuple[Any, ...]]:
    """A column of values, read in one way, in its order."""
    given = pa.table({"n": range(len(values)), "cell": pa.array(values, NATIVE[kind][0])})
    CONNECTION.con.register("given", given)
    return CONNECTION.con.execute(query(kind, what)).fetchall()  # type: ignore[no-any-return]


def drawn(kind: str, data: st.DataObject) -> list[Any]:
    """Values as a column of that type holds them."""
    type_, one = NATIVE[kind]
    return pa.array(data.draw(st.lists(st.none() | one, min_size=20, max_size=60)), type_).to_pylist()  # type: ignore[no-any-return]


def in_python(attribute: Attribute, value: Any) -> Any:
    """A cell as a table of a file gives it to the reader of records."""
    text = text_of(value)
    return attribute.read(plain(attribute, text, NO_UNITS)) if text else None


@pytest.mark.parametrize("kind", NATIVE)
@SETTINGS
@given(data=st.data())
def test_what_is_plain_has_the_value_that_python_reads(kind: str, data: st.DataObject) -> None:
    values = drawn(kind, data)
    for name, attribute in ATTRIBUTES.items():
        for value, (read, is_plain) in zip(values, rows(kind, values, name), strict=True):
            assert not is_plain or read == in_python(attribute, value), (name, value)


@pytest.mark.slow
@pytest.mark.parametrize("kind", NATIVE)
@SETTINGS
@given(data=st.data())
def test_what_is_a_plain_date_is_the_moment_that_python_reads(kind: str, data: st.DataObject) -> None:
    values = drawn(kind, data)
    for value, (low, high, is_plain) in zip(values, rows(kind, values, "moment"), strict=True):
        assert not is_plain or (low, high) == read_moment(text_of(value)), value


@pytest.mark.parametrize("kind", NATIVE)
@SETTINGS
@given(data=st.data())
def test_text_is_what_python_makes_of_a_cell(kind: str, data: st.DataObject) -> None:
    """Of what is not plain, Python is given the text: it must mean the same as the cell itself."""
    values = drawn(kind, data)
    for value, (found,) in zip(values, rows(kind, values, "text of it"), strict=True):
        written, read = found or "", text_of(value)
        if kind in ("text", "boolean", "whole", "decimal", "day"):
            assert written == read
        elif kind == "several":  # blanks between values mean nothing
            assert written.replace(" ", "") == read.replace(" ", "")
        elif kind == "float" and read:
            assert text_of(float(written)) == read
        elif read:
            # parts of a second decide nothing
            assert dt.datetime.fromisoformat(written) == dt.datetime.fromisoformat(read).replace(microsecond=0)


def test_what_is_written_as_usual_is_plain() -> None:
    """Hand-worked: 2012-03-01 is day 15400, 19.5 is 19500000 millionths, k and m are the bits 1 and 4."""
    plain = {
        "text": ("甲", "甲"), "choice": ("k", "k"), "choices": ("k；m", 5), "boolean": ("是", True),
        "integer": ("-40", -40), "number": ("19.5", 19_500_000), "date": ("2012-03-01", 15_400),
    }  # fmt: skip
    for name, (written, value) in plain.items():
        assert rows("text", [written], name) == [(value, True)], name

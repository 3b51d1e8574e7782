"""A decision table as rules of durable-rules says the same as in Python, whatever the table and whatever is unknown."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawgov_rules.durable.cage import Cage
from lawgov_rules.durable.executor import open_cage, tables
from lawgov_rules.durable.table import Table, definition, fact, table_of
from lawgov_rules.errors import ExecutorError
from lawgov_rules.judgement import UNFORESEEN, Comparison, Judgement, Row
from lawgov_rules.kinds import discover
from lawgov_rules.verdict import DETAIL_WORD, Verdict

NAMES = ("a", "b", "c", "force_from")
COMPARISON: st.SearchStrategy[Comparison] = st.one_of(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["present", "absent"]), st.just(0)),
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(["lt", "lte", "gt", "gte"]),
        st.one_of(st.sampled_from(NAMES), st.integers(-2, 2)),
    ),
)
ROWS = st.lists(st.lists(COMPARISON, max_size=4), max_size=8)
MEASURES = st.dictionaries(st.sampled_from((*NAMES, "governs_to")), st.none() | st.integers(-2, 2))
SIGNS = {"$lt": int.__lt__, "$lte": int.__le__, "$gt": int.__gt__, "$gte": int.__ge__}


def judgement(rows: list[list[Comparison]]) -> Judgement:
    """A table whose every row has a detail of its own, so that the wrong row is seen."""
    return Judgement(*(Row(Verdict.violated, DETAIL_WORD[n], tuple(when)) for n, when in enumerate(rows)))


def fires(rule: dict[str, Any], found: dict[str, int]) -> bool:
    """Whether a rule of durable-rules holds for a fact, by its documentation."""
    pattern = rule["all"][0]["m"]
    for condition in pattern.get("$and", [pattern]):
        ((word, right),) = condition.items()
        if word not in SIGNS:
            truth = found[word] == right
        else:
            ((name, other),) = right.items()
            truth = SIGNS[word](found[name], found[other["$m"]] if isinstance(other, dict) else other)
        if not truth:
            return False
    return True


@given(rows=ROWS, measures=MEASURES)
def test_the_first_rule_that_fires_is_the_row_that_decides(
    rows: list[list[Comparison]], measures: dict[str, int | None]
) -> None:
    table = table_of(judgement(rows), UNFORESEEN)
    rules = definition(table.rows, lambda row: row)
    found = fact(table.values(measures))
    fired = [n for n in range(len(table.rows)) if fires(rules[f"r{n}"], found)]
    assert fired[-1] == len(table.rows) - 1, "the last row always fires"
    assert table.codes[fired[0]] == judgement(rows).given({})(measures)


def random_rows(draw: random.Random, number: int) -> list[list[Comparison]]:
    def comparison() -> Comparison:
        left = draw.choice(NAMES)
        if draw.random() < 0.3:
            return left, draw.choice(["present", "absent"]), 0
        right = draw.choice(NAMES) if draw.random() < 0.8 else draw.randint(-3, 3)
        return left, draw.choice(["lt", "lte", "gt", "gte"]), right

    return [[comparison() for _ in range(draw.randint(0, 5))] for _ in range(number)]


def ask(cage: Cage, tables: list[Table], worlds: list[tuple[int, dict[str, int | None]]]) -> list[int]:
    (found,) = cage.judge([[[n, *tables[n].values(measures)] for n, measures in worlds]])
    assert not isinstance(found, str), found
    return found


@pytest.mark.usefixtures("durable_rules")
@pytest.mark.parametrize("seed", range(4))
def test_random_tables_in_durable_rules(seed: int) -> None:
    draw = random.Random(seed)
    judgements = [judgement(random_rows(draw, rows)) for rows in (0, 1, 5, 5, 5, 20, 20, 45)]
    made = [table_of(j, UNFORESEEN) for j in judgements]
    worlds: list[tuple[int, dict[str, int | None]]] = [
        (n, {name: draw.choice([None, -3, -2, -1, 0, 1, 2, 3, -(2**62), 2**62]) for name in table.measures})
        for n, table in enumerate(made)
        for _ in range(200)
    ]
    with Cage(made) as cage:
        assert ask(cage, made, worlds) == [judgements[n].given({})(measures) for n, measures in worlds]


@pytest.mark.usefixtures("durable_rules")
def test_the_largest_table() -> None:
    """56 rows that all hold, with those of the law in force, the last and the one that warms up: 60 rules, 57 fire."""
    one = Judgement(*(Row(Verdict.violated, DETAIL_WORD[n % 40], (("a", "gt", -n),)) for n in range(56)))
    table = table_of(one, UNFORESEEN)
    with Cage([table]) as cage:
        worlds = [(0, {"a": a}) for a in (1, 0, -20, -54, -55, -56, None)]
        assert ask(cage, [table], worlds) == [one.given({})(measures) for _, measures in worlds]


@pytest.mark.usefixtures("durable_rules")
@pytest.mark.parametrize("kind", tables())
def test_the_tables_of_the_kinds_in_durable_rules(kind: str) -> None:
    """Measures close together, so that every comparison is now met, now just missed, now unknown."""
    draw = random.Random(kind)
    number, table = tables()[kind]
    worlds = [{name: draw.choice([None, 0, 1, 2, 3]) for name in table.measures} for _ in range(300)]
    with open_cage() as cage:
        (found,) = cage.judge([[[number, *table.values(measures)] for measures in worlds]])
    assert found == [discover()[kind].JUDGEMENT.given({})(measures) for measures in worlds]


@pytest.mark.usefixtures("durable_rules")
def test_a_measure_beyond_the_bounds_is_refused() -> None:
    """At 2^62 it is judged; beyond it the group gets the reason, and the worker lives on."""
    table = table_of(Judgement(Row(Verdict.violated, "over", (("a", "gt", 10),))), UNFORESEEN)
    place = table.measures.index("a")

    def world(a: int) -> list[list[int | None]]:
        values: list[int | None] = [None] * len(table.measures)
        values[place] = a
        return [[0, *values]]

    with Cage([table]) as cage:
        found = cage.judge([world(2**62), world(2**62 + 1), world(-(2**62) - 1), world(10**30), world(-(2**62))])
        assert [isinstance(one, str) for one in found] == [False, True, True, True, False]
        assert cage.starts == 1


@pytest.mark.usefixtures("durable_rules")
def test_a_table_that_does_not_fit_is_refused() -> None:
    one = Judgement(*(Row(Verdict.violated, "over", (("a", "gt", n),)) for n in range(57)))
    with Cage([table_of(one, UNFORESEEN)]) as cage, pytest.raises(ExecutorError, match="1 to 60 rules, not 61"):
        cage.start()

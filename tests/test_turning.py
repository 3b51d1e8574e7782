"""The day on which a table decides otherwise, worked out by hand."""

from __future__ import annotations

import pytest

from lawgov_rules.judgement import Judgement, absent, present, row
from lawgov_rules.kinds import discover
from lawgov_rules.turning import GOVERNING, turn

DUE = Judgement(
    row("compliant", "on_time", present("done")),
    row("pending", "not_due", "as_of <= low"),
    row("violated", "missing", "as_of > high"),
    row("undetermined", "calendar_unpublished"),
)
FORCE = {"force_from": 100, "force_to": 200}


@pytest.mark.parametrize(
    ("measures", "day"),
    [
        # in time until day 110 is over; then in doubt; from 116 on missing for good
        ({"as_of": 105, "low": 110, "high": 115}, 111),
        ({"as_of": 110, "low": 110, "high": 115}, 111),
        ({"as_of": 111, "low": 110, "high": 115}, 116),
        ({"as_of": 116, "low": 110, "high": 115}, None),
        ({"as_of": 105, "low": 110, "high": 115, "done": 104}, None),  # done: nothing turns
        ({"as_of": 105, "low": None, "high": None}, None),
        # the day itself governs: out of force before 100 and after 200
        ({"as_of": 90, "low": 95, "high": 95, "governs_from": 90, "governs_to": 90}, 100),
        ({"as_of": 96, "low": 95, "high": 95, "governs_from": 96, "governs_to": 96}, 100),
        ({"as_of": 150, "low": 95, "high": 95, "governs_from": 150, "governs_to": 150}, 201),
        ({"as_of": 201, "low": 95, "high": 95, "governs_from": 201, "governs_to": 201}, None),
        # a trigger of day 90 governs: out of force for good
        ({"as_of": 150, "low": 195, "high": 195, "governs_from": 90, "governs_to": 90}, None),
    ],
)
def test_when_a_table_turns(measures: dict[str, int | None], day: int | None) -> None:
    assert turn(DUE, {**measures, **FORCE}) == day


def test_a_day_that_is_to_come_is_reached_on_that_day() -> None:
    gap = Judgement(row("compliant", "enough", "as_of >= due"), row("pending", "not_due", "as_of < due", absent("to")))
    assert turn(gap, {"as_of": 5, "due": 9}) == 9
    assert turn(gap, {"as_of": 9, "due": 9}) is None


def test_tables_compare_the_day_on_the_left() -> None:
    """What moves with the day stands on the left of a comparison, where `turn` looks for it."""
    moving = {"as_of", *GOVERNING}
    for kind in discover().values():
        assert [line for line in kind.JUDGEMENT.rows for _, _, right in line.when if right in moving] == []

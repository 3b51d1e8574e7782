"""Where the limit of a deadline lies: units, moves, readings, years without a calendar. See test_deadline."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, day, judge, said, table, thing

FIFTEEN = "{kind: deadline, after: a, do: b, within: 15 days}"


def test_roll() -> None:
    """Published 2013-09-20: 15 days end on 10-05 in National Day week, the next working day is Tuesday 8 October."""
    late, on_time = thing("9th", "a 2013-09-20", "b 2013-10-09"), thing("8th", "a 2013-09-20", "b 2013-10-08")
    rolled = "{kind: deadline, after: a, do: b, within: 15 days, roll: true}"
    assert said(judge(rolled, [late, on_time], "2013-10-31")) == {
        "9th": "violated late",
        "8th": "compliant on_time",
    }
    assert said(judge(FIFTEEN, [late, on_time], "2013-10-31")) == {"9th": "violated late", "8th": "violated late"}
    (found,) = judge(rolled, on_time, "2013-10-31")
    assert dates(found, "due_lo", "due_hi") == ["2013-10-08", "2013-10-08"]
    # the make-up Saturday 2019-10-12 is a working day: no move
    (found,) = judge(
        "{kind: deadline, after: a, do: b, within: 30 days, roll: true}",
        thing("t", "a 2019-09-12"),
        "2019-10-01",
    )
    assert found.measures["due_lo"] == found.measures["due_hi"] == day("2019-10-12")


def test_readings_of_the_roll() -> None:
    """Between the literal day (10-05) and the moved one (10-08) the readings disagree, done or not."""
    both = "{one: {roll: false}, two: {roll: true}}"
    records = [
        thing("done 7th", "a 2013-09-20", "b 2013-10-07"),
        thing("done 5th", "a 2013-09-20", "b 2013-10-05"),
        thing("done 9th", "a 2013-09-20", "b 2013-10-09"),
    ]
    assert said(judge(FIFTEEN, records, "2013-10-31", readings=both)) == {
        "done 7th": "arguable readings_differ one=violated/two=compliant",
        "done 5th": "compliant on_time",
        "done 9th": "violated late",
    }
    undone = thing("t", "a 2013-09-20")
    said_on = {
        d: said(judge(FIFTEEN, undone, d, readings=both))["t"] for d in ("2013-10-05", "2013-10-08", "2013-10-09")
    }
    assert said_on == {
        "2013-10-05": "pending not_due",
        "2013-10-08": "arguable readings_differ one=violated/two=pending",
        "2013-10-09": "violated missing",
    }


def test_start_day_counts() -> None:
    """With 1 March as the first of fifteen days the last is 15 March; a month ends on its day whichever counts."""
    other = "{kind: deadline, after: a, do: b, within: 15 days, start_day_counts: true}"
    expected = {
        "15th": (thing("", "a 2012-03-01", "b 2012-03-15"), "compliant on_time"),
        "16th": (thing("", "a 2012-03-01", "b 2012-03-16"), "violated late"),
    }
    table(other, "2012-03-31", expected)
    (found,) = judge(other.replace("15 days", "1 month"), thing("t", "a 2012-03-01"), "2012-03-02")
    assert found.measures["due_lo"] == day("2012-04-01")


@pytest.mark.parametrize(
    ("within", "start", "due"),
    [
        ("5 working days", "2013-09-27", "2013-10-10"),  # Friday; Sunday 29th works, 1-7 October do not
        ("5 working days", "2013-10-05", "2013-10-12"),  # from a rest day; Saturday 12th works
        ("2 years", "2012-02-29", "2014-02-28"),
        ("1 month", "2023-01-31", "2023-02-28"),
        ("0 days", "2012-03-01", "2012-03-01"),
        ("0 working days", "2012-03-03", "2012-03-03"),  # a Saturday
    ],
)
def test_units(within: str, start: str, due: str) -> None:
    records = [thing("on the day", f"a {start}", f"b {due}"), thing("open", f"a {start}")]
    constraint = f"{{kind: deadline, after: a, do: b, within: {within}}}"
    done, undone = judge(constraint, records, due)
    assert (done.detail, done.measures["due_lo"], done.measures["due_hi"]) == ("on_time", day(due), day(due))
    assert undone.detail == "not_due"


def test_years_outside_the_calendar() -> None:
    """The table of days begins with 2004 and ends with 2045: working days outside are not known."""
    working = "{kind: deadline, after: a, do: b, within: 5 working days}"
    expected = {
        "before": (thing("", "a 1999-03-01", "b 1999-03-02"), "undetermined calendar_unpublished calendar:1999"),
        "before, undone": (thing("", "a 1999-03-01"), "undetermined calendar_unpublished calendar:1999"),
        "after": (thing("", "a 2046-03-01"), "undetermined calendar_unpublished calendar:2046"),
    }
    table(working, "2046-06-01", expected, force=("1990-01-01", None))
    natural = "{kind: deadline, after: a, do: b, within: 5 days}"
    expected = {
        "before": (thing("", "a 1999-03-01", "b 1999-03-06"), "compliant on_time"),
        "after": (thing("", "a 2046-03-01"), "violated missing"),
    }
    table(natural, "2046-06-01", expected, force=("1990-01-01", None))
    rolled = "{kind: deadline, after: a, do: b, within: 5 days, roll: true}"
    expected = {
        "literal day": (thing("", "a 1999-03-01", "b 1999-03-06"), "compliant on_time"),
        "day after": (
            thing("", "a 1999-03-01", "b 1999-03-07"),
            "undetermined calendar_unpublished calendar:1999",
        ),
    }
    table(rolled, "2012-06-01", expected, force=("1990-01-01", None))


def test_by_rolls_too() -> None:
    """Saturday 2013-10-05 in National Day week moves to Tuesday 8 October."""
    expected = {
        "8th": (thing("", "b 2013-10-08", due="2013-10-05"), "compliant on_time"),
        "9th": (thing("", "b 2013-10-09", due="2013-10-05"), "violated late"),
    }
    table("{kind: deadline, do: b, by: {attribute: due}, roll: true}", "2013-10-31", expected)


def test_a_due_date_governs_where_there_is_no_trigger() -> None:
    """The last day in force is Saturday 2013-10-05, the date named; that it moves to the 8th does not end the duty."""
    constraint = "{kind: deadline, do: b, by: {attribute: due}, roll: true}"
    record = thing("t", "b 2013-10-07", due="2013-10-05")
    found = judge(constraint, record, "2013-10-31", force=("2013-01-01", "2013-10-05"))
    assert said(found) == {"t": "compliant on_time"}

"""Between two events at least a given time must pass. `a` opens, `b` closes."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, table, thing, unreached

THIRTY = "{kind: minimum_gap, from: a, to: b, at_least: 30 days}"


def test_thirty_days_between() -> None:
    """Open on 1 May: 31 May minus 1 May are 30 days."""
    expected = {
        "31 May": (thing("", "a 2023-05-01", "b 2023-05-31"), "compliant enough"),
        "30 May": (thing("", "a 2023-05-01", "b 2023-05-30"), "violated short"),
        "the same day": (thing("", "a 2023-05-01", "b 2023-05-01"), "violated short"),
        "still open": (thing("", "a 2023-05-01"), "compliant enough"),
        "opened lately": (thing("", "a 2023-06-01"), "pending not_due"),
        "nothing": (thing(""), "not_applicable not_triggered"),
        "closed only": (thing("", "b 2023-05-31"), "undetermined trigger_missing a"),
        "closed before": (thing("", "a 2023-05-01", "b 2023-04-30"), "undetermined wrong_order"),
    }
    table(THIRTY, "2023-06-10", expected)


def test_an_open_window_is_compliant_once_the_time_is_reached() -> None:
    window = thing("t", "a 2023-05-01")
    assert said(judge(THIRTY, window, "2023-05-30")) == {"t": "pending not_due"}
    assert said(judge(THIRTY, window, "2023-05-31")) == {"t": "compliant enough"}


def test_measures() -> None:
    (found,) = judge(THIRTY, thing("t", "a 2023-05-01", "b 2023-05-20"), "2023-06-10")
    assert found.instance == ""
    assert dates(found, "trigger", "response", "due_lo", "due_hi") == [
        "2023-05-01",
        "2023-05-20",
        "2023-05-31",
        "2023-05-31",
    ]


def test_a_gap_never_moves_because_of_rest_days() -> None:
    """Fifteen days from 2013-09-20 end on 10-05 in National Day week: closing that day is enough."""
    found = judge(THIRTY.replace("30", "15"), thing("t", "a 2013-09-20", "b 2013-10-05"), "2013-10-31")
    assert said(found) == {"t": "compliant enough"}
    assert "roll" in problems_of("{kind: minimum_gap, from: a, to: b, at_least: 30 days, roll: true}")[0]


def test_start_day_counts() -> None:
    """With 1 May as the first of thirty days, closing on 30 May is enough; as a reading it is arguable."""
    counted = "{kind: minimum_gap, from: a, to: b, at_least: 30 days, start_day_counts: true}"
    dates = ("29", "30", "31")
    records = [thing(f"{n} May", "a 2023-05-01", f"b 2023-05-{n}") for n in dates]
    assert said(judge(counted, records, "2023-06-10")) == {
        "29 May": "violated short",
        "30 May": "compliant enough",
        "31 May": "compliant enough",
    }
    readings = "{one: {}, two: {start_day_counts: true}}"
    assert said(judge(THIRTY, records, "2023-06-10", readings=readings)) == {
        "29 May": "violated short",
        "30 May": "arguable readings_differ one=violated/two=compliant",
        "31 May": "compliant enough",
    }


@pytest.mark.parametrize(
    ("at_least", "start", "end", "day_before"),
    [
        ("7 working days", "2022-05-31", "2022-06-10", "2022-06-09"),  # 1, 2, 6-10 June; 3-5 Dragon Boat
        ("1 month", "2023-01-31", "2023-02-28", "2023-02-27"),
        ("2 years", "2012-02-29", "2014-02-28", "2014-02-27"),
        ("1 day", "2023-05-01", "2023-05-02", "2023-05-01"),
    ],
)
def test_units(at_least: str, start: str, end: str, day_before: str) -> None:
    constraint = f"{{kind: minimum_gap, from: a, to: b, at_least: {at_least}}}"
    records = [thing("enough", f"a {start}", f"b {end}"), thing("short", f"a {start}", f"b {day_before}")]
    found = judge(constraint, records, "2024-01-01")
    assert said(found) == {"enough": "compliant enough", "short": "violated short"}


def test_a_year_not_yet_published() -> None:
    """Seven working days from 2026-12-24: between 2027-01-03 and 2027-01-12 (see test_deadline)."""
    constraint = "{kind: minimum_gap, from: a, to: b, at_least: 7 working days}"
    unknown = "undetermined calendar_unpublished calendar:2027"
    expected = {
        "12th": (thing("", "a 2026-12-24", "b 2027-01-12"), "compliant enough"),
        "11th": (thing("", "a 2026-12-24", "b 2027-01-11"), unknown),
        "3rd": (thing("", "a 2026-12-24", "b 2027-01-03"), unknown),
        "2nd": (thing("", "a 2026-12-24", "b 2027-01-02"), "violated short"),
        "open": (thing("", "a 2026-12-24"), "compliant enough"),
    }
    table(constraint, "2027-01-12", expected)
    window = thing("t", "a 2026-12-24")
    assert said(judge(constraint, window, "2027-01-11"))["t"] == unknown
    assert said(judge(constraint, window, "2027-01-02"))["t"] == "pending not_due"


def test_an_event_after_the_as_of_date_is_invisible() -> None:
    expected = {
        "closed tomorrow": (thing("", "a 2023-05-01", "b 2023-05-21"), "pending not_due"),
        "opened tomorrow": (thing("", "a 2023-05-21"), "not_applicable not_triggered"),
    }
    table(THIRTY, "2023-05-20", expected)


def test_the_first_of_repeated_events_counts() -> None:
    """The first opening and the first closing after it; a copy of either changes nothing."""
    expected = {
        "closed twice": (thing("", "a 2023-05-01", "b 2023-05-20", "b 2023-06-05"), "violated short"),
        "opened twice": (thing("", "a 2023-05-20", "a 2023-05-01", "b 2023-05-31"), "compliant enough"),
        "copies": (thing("", *["a 2023-05-01"] * 2, *["b 2023-05-31"] * 2), "compliant enough"),
    }
    table(THIRTY, "2023-06-10", expected)


def test_sequence_within_the_day() -> None:
    """With no time to wait, closing on the day is enough unless the record says that it came first."""
    expected = {
        "not ordered": (thing("", "b 2023-05-01", "a 2023-05-01"), "compliant enough"),
        "in order": (thing("", "a 2023-05-01 sequence=1", "b 2023-05-01 sequence=2"), "compliant enough"),
        "turned round": (
            thing("", "a 2023-05-01 sequence=2", "b 2023-05-01 sequence=1"),
            "undetermined wrong_order",
        ),
    }
    table("{kind: minimum_gap, from: a, to: b, at_least: 0 days}", "2023-06-10", expected)


def test_each_opening_is_an_instance() -> None:
    """Openings on 1 and 12 May, closed on 2 June: 32 and 21 days."""
    constraint = "{kind: minimum_gap, from: {event: a, pick: each}, to: b, at_least: 30 days}"
    records = [thing("t", "a 2023-05-01", "a 2023-05-12", "a 2023-05-12", "b 2023-06-02"), thing("none")]
    assert said(judge(constraint, records, "2023-06-10")) == {
        "t 2023-05-01": "compliant enough",
        "t 2023-05-12": "violated short",
        "none": "not_applicable not_triggered",
    }


def test_dates_kept_as_attributes() -> None:
    constraint = "{kind: minimum_gap, from: {attribute: due}, to: {attribute: last_day}, at_least: 30 days}"
    expected = {
        "enough": (thing("", due="2023-05-01", last_day="2023-05-31"), "compliant enough"),
        "short": (thing("", due="2023-05-01", last_day="2023-05-30"), "violated short"),
        "no end": (thing("", due="2023-05-01"), "undetermined fact_missing last_day"),
        "no start": (thing("", last_day="2023-05-01"), "undetermined fact_missing due"),
    }
    table(constraint, "2023-06-10", expected)


def test_a_closing_kept_as_an_attribute_before_the_opening() -> None:
    """The same as for events: closed before it was opened is an order that cannot be."""
    constraint = "{kind: minimum_gap, from: a, to: {attribute: last_day}, at_least: 30 days}"
    found = judge(constraint, thing("t", "a 2023-05-01", last_day="2023-04-30"), "2023-06-10")
    assert said(found) == {"t": "undetermined wrong_order"}


def test_an_event_that_may_be_meant_is_judged_both_ways() -> None:
    """A closing in doubt on 20 May: short if meant, else the window is open for 40 days by 10 June."""
    constraint = "{kind: minimum_gap, from: a, to: {event: b, where: {x: u}}, at_least: 30 days}"
    expected = {
        "in doubt": (thing("", "a 2023-05-01", "b 2023-05-20"), "undetermined fact_missing b.x"),
        "late enough": (thing("", "a 2023-05-01", "b 2023-06-02"), "compliant enough"),
        "short anyhow": (thing("", "a 2023-05-01", "b 2023-05-20", "b 2023-05-22 x=u"), "violated short"),
        "not meant": (thing("", "a 2023-05-01", "b 2023-05-20 x=v"), "compliant enough"),
    }
    table(constraint, "2023-06-10", expected)
    opening = "{kind: minimum_gap, from: {event: a, where: {x: u}, pick: each}, to: b, at_least: 30 days}"
    found = judge(opening, thing("t", "a 2023-05-01", "b 2023-05-20"), "2023-06-10")
    assert said(found) == {"t 2023-05-01": "undetermined fact_missing a.x"}


def test_the_law_in_force_on_the_day_of_opening() -> None:
    expected = {
        "before": (thing("", "a 2023-04-30", "b 2023-05-20"), "not_applicable out_of_force"),
        "first day": (thing("", "a 2023-05-01", "b 2023-05-20"), "violated short"),
        "last day": (thing("", "a 2023-05-31", "b 2023-06-05"), "violated short"),
        "after": (thing("", "a 2023-06-01", "b 2023-06-05"), "not_applicable out_of_force"),
    }
    table(THIRTY, "2023-06-10", expected, force=("2023-05-01", "2023-05-31"))


def test_unknown_applicability() -> None:
    expected = {
        "applies": (thing("", "a 2023-05-01", "b 2023-05-20", flag="true"), "violated short"),
        "unknown": (thing("", "a 2023-05-01", "b 2023-05-20"), "undetermined fact_missing flag"),
        "untriggered": (thing(""), "not_applicable not_triggered"),
    }
    table(THIRTY, "2023-06-10", expected, when="{flag: true}")


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: minimum_gap, from: a, to: b}",
        "{kind: minimum_gap, from: {event: a, pick: latest}, to: b, at_least: 30 days}",
        "{kind: minimum_gap, from: a, to: {event: b, pick: each}, at_least: 30 days}",
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    assert unreached("minimum_gap") == []

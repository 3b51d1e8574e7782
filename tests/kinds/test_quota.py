"""In every calendar period, enough of something must be done. `a` counts, `n` is what is summed."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, thing, unreached

QUARTERLY = "{kind: quota, per: quarter, of: a, at_least: 1}"
HOURS = "{kind: quota, per: year, of: a, sum: n, at_least: 40, service: {from: first_day, to: last_day}}"
FROM_2013 = ("2013-01-01", None)


def test_quarters() -> None:
    """Judged on 2013-11-15: three quarters are over, the fourth runs, the first of 2014 has not begun."""
    record = thing("t", "a 2013-03-31", "a 2013-07-01", "a 2013-09-30")
    found = judge(QUARTERLY, record, "2013-11-15", force=FROM_2013)
    assert said(found) == {
        "t 2013-Q1": "compliant enough",
        "t 2013-Q2": "violated missing",
        "t 2013-Q3": "compliant enough",
        "t 2013-Q4": "pending not_due",
    }
    assert dates(found[1], "start", "end") == ["2013-04-01", "2013-06-30"]
    assert [found[2].measures[m] for m in ("whole", "total", "target")] == [1, 2_000_000, 1_000_000]


def test_the_running_period() -> None:
    """Compliant once reached; on its last day still pending, the day after missing."""
    assert said(judge(QUARTERLY, thing("t", "a 2013-01-02"), "2013-02-01", force=FROM_2013)) == {
        "t 2013-Q1": "compliant enough"
    }
    assert said(judge(QUARTERLY, thing("t"), "2013-03-31", force=FROM_2013)) == {"t 2013-Q1": "pending not_due"}
    assert said(judge(QUARTERLY, thing("t"), "2013-04-01", force=FROM_2013)) == {
        "t 2013-Q1": "violated missing",
        "t 2013-Q2": "pending not_due",
    }


@pytest.mark.parametrize(
    ("per", "as_of", "labels"),
    [
        ("year", "2014-01-01", ["2013", "2014"]),
        ("half", "2013-12-31", ["2013-H1", "2013-H2"]),
        ("quarter", "2013-06-30", ["2013-Q1", "2013-Q2"]),
        ("month", "2013-03-01", ["2013-01", "2013-02", "2013-03"]),
        ("day", "2013-01-02", ["2013-01-01", "2013-01-02"]),
    ],
)
def test_labels_of_periods(per: str, as_of: str, labels: list[str]) -> None:
    constraint = f"{{kind: quota, per: {per}, of: a, at_least: 1}}"
    assert [a.instance for a in judge(constraint, thing("t"), as_of, force=FROM_2013)] == labels


def test_part_periods_are_not_scored() -> None:
    """In force from 2013-02-01 to 2013-11-30: the first and the last quarter are parts, whatever was done in them."""
    found = judge(QUARTERLY, thing("t", "a 2013-02-05"), "2014-02-01", force=("2013-02-01", "2013-11-30"))
    assert said(found) == {
        "t 2013-Q1": "not_applicable part_period",
        "t 2013-Q2": "violated missing",
        "t 2013-Q3": "violated missing",
        "t 2013-Q4": "not_applicable part_period",
    }


def test_the_duty_is_the_time_in_force_within_the_service() -> None:
    """Served from 2013-04-01 to 2013-09-30: two whole quarters; service outside the time in force has none."""
    constraint = "{kind: quota, per: quarter, of: a, at_least: 1, service: {from: first_day, to: last_day}}"
    records = [
        thing("t", first_day="2013-04-01", last_day="2013-09-30"),
        thing("part", first_day="2013-04-02", last_day="2013-06-30"),
        thing("since", first_day="2013-12-01"),
        thing("before", last_day="2012-12-31"),
        thing("later", first_day="2014-02-01"),
        thing("turned", first_day="2013-06-01", last_day="2013-05-01"),
    ]
    assert said(judge(constraint, records, "2014-01-15", force=FROM_2013)) == {
        "t 2013-Q2": "violated missing",
        "t 2013-Q3": "violated missing",
        "part 2013-Q2": "not_applicable part_period",
        "since 2013-Q4": "not_applicable part_period",
        "since 2014-Q1": "pending not_due",
        "before": "not_applicable no_period",
        "later": "not_applicable no_period",
        "turned": "not_applicable no_period",
    }


def test_before_the_rule_begins_there_is_no_period() -> None:
    found = judge(QUARTERLY, thing("t", "a 2012-12-31"), "2012-12-31", force=FROM_2013)
    assert said(found) == {"t": "not_applicable no_period"}
    assert found[0].instance == ""


def test_sums_are_exact_decimals() -> None:
    """19.5 and 20.4 are 39.9, and 20.5 makes 40; 0.1 forty times ten is 40 and not a hair less."""
    expected = {
        "short": (["a 2013-03-01 n=19.5", "a 2013-05-01 n=20.4"], "violated short"),
        "enough": (["a 2013-03-01 n=19.5", "a 2013-05-01 n=20.5"], "compliant enough"),
        "tenths": (["a 2013-03-01 n=0.1"] * 400, "compliant enough"),
        "a hair less": (["a 2013-03-01 n=0.1"] * 399 + ["a 2013-03-01 n=0.099999"], "violated short"),
        "none": ([], "violated missing"),
        "none that count": (["a 2013-03-01 n=0"], "violated missing"),
    }
    records = [thing(name, *events) for name, (events, _text) in expected.items()]
    found = judge(HOURS, records, "2014-01-01", force=("2013-01-01", "2013-12-31"))
    assert said(found) == {f"{name} 2013": text for name, (_events, text) in expected.items()}
    assert found[0].measures["total"] == 39_900_000


def test_a_sum_with_an_unknown_term() -> None:
    """40 reached without it: compliant; else it would decide, in the running year as well."""
    records = [
        thing("reached", "a 2013-03-01 n=40", "a 2013-05-01"),
        thing("not reached", "a 2013-03-01 n=39", "a 2013-05-01"),
        thing("nothing else", "a 2013-05-01"),
    ]
    wanted = {
        "reached 2013": "compliant enough",
        "not reached 2013": "undetermined fact_missing a.n",
        "nothing else 2013": "undetermined fact_missing a.n",
    }
    for as_of in ("2013-06-01", "2014-01-01"):
        assert said(judge(HOURS, records, as_of, force=("2013-01-01", "2013-12-31"))) == wanted


def test_only_the_missing_figure_is_named() -> None:
    constraint = "{kind: quota, per: year, of: {any_of: [a, c]}, sum: n, at_least: 40}"
    record = thing("t", "a 2013-03-01 n=10", "c 2013-05-01")
    found = judge(constraint, record, "2014-01-01", force=("2013-01-01", "2013-12-31"))
    assert said(found) == {"t 2013": "undetermined fact_missing c.n"}


def test_distinct_days() -> None:
    """Two entries of one day are one day; as events they are two."""
    days = "{kind: quota, per: year, of: a, distinct_days: true, at_least: 2}"
    times = "{kind: quota, per: year, of: a, at_least: 2}"
    records = [
        thing("one day", "a 2013-03-01", "a 2013-03-01"),
        thing("two days", "a 2013-03-01", "a 2013-03-02"),
        thing("none"),
    ]
    year = ("2013-01-01", "2013-12-31")
    assert said(judge(days, records, "2014-01-01", force=year)) == {
        "one day 2013": "violated short",
        "two days 2013": "compliant enough",
        "none 2013": "violated missing",
    }
    assert said(judge(times, records, "2014-01-01", force=year)) == {
        "one day 2013": "compliant enough",
        "two days 2013": "compliant enough",
        "none 2013": "violated missing",
    }


def test_an_event_after_the_as_of_date_is_invisible() -> None:
    found = judge(QUARTERLY, thing("t", "a 2013-02-02"), "2013-02-01", force=FROM_2013)
    assert said(found) == {"t 2013-Q1": "pending not_due"}


def test_any_of_several() -> None:
    constraint = "{kind: quota, per: year, of: {any_of: [a, {event: c, where: {x: u}}]}, at_least: 2}"
    records = [
        thing("both", "a 2013-03-01", "c 2013-03-01 x=u"),
        thing("another", "a 2013-03-01", "c 2013-03-01 x=v"),
    ]
    found = judge(constraint, records, "2014-01-01", force=("2013-01-01", "2013-12-31"))
    assert said(found) == {"both 2013": "compliant enough", "another 2013": "violated short"}


def test_events_that_may_be_meant_are_judged_both_ways() -> None:
    """It matters only where it decides; while the quarter runs too, since it may have been reached."""
    constraint = "{kind: quota, per: quarter, of: {event: a, where: {x: u}}, at_least: 2}"
    sure = "a 2013-01-05 x=u"
    records = [
        thing("enough anyhow", sure, sure, "a 2013-02-01"),
        thing("decides", sure, "a 2013-02-01"),
        thing("short anyhow", "a 2013-02-01"),
        thing("not meant", sure, "a 2013-02-01 x=v"),
    ]
    assert said(judge(constraint, records, "2013-04-01", force=("2013-01-01", "2013-03-31"))) == {
        "enough anyhow 2013-Q1": "compliant enough",
        "decides 2013-Q1": "undetermined fact_missing a.x",
        "short anyhow 2013-Q1": "violated missing",
        "not meant 2013-Q1": "violated short",
    }
    found = judge(constraint, records[1], "2013-03-01", force=("2013-01-01", "2013-03-31"))
    assert said(found) == {"decides 2013-Q1": "undetermined fact_missing a.x"}


def test_only_the_doubts_of_the_period_matter() -> None:
    """The event in doubt lies in the first quarter: the second is decided."""
    constraint = "{kind: quota, per: quarter, of: {event: a, where: {x: u}}, at_least: 1}"
    found = judge(constraint, thing("t", "a 2013-02-01"), "2013-07-01", force=("2013-01-01", "2013-06-30"))
    assert said(found) == {
        "t 2013-Q1": "undetermined fact_missing a.x",
        "t 2013-Q2": "violated missing",
    }


def test_readings() -> None:
    readings = "{one: {}, two: {at_least: 2}}"
    record = thing("t", "a 2013-02-01")
    found = judge(QUARTERLY, record, "2013-07-01", force=("2013-01-01", "2013-06-30"), readings=readings)
    assert said(found) == {
        "t 2013-Q1": "arguable readings_differ one=compliant/two=violated",
        "t 2013-Q2": "violated missing",
    }


def test_unknown_applicability_does_not_touch_what_is_not_scored() -> None:
    found = judge(QUARTERLY, thing("t"), "2013-05-01", force=("2013-02-01", "2013-06-30"), when="{flag: true}")
    assert said(found) == {
        "t 2013-Q1": "not_applicable part_period",
        "t 2013-Q2": "undetermined fact_missing flag",
    }
    found = judge(QUARTERLY, thing("t", flag="false"), "2013-05-01", force=FROM_2013, when="{flag: true}")
    assert said(found) == {"t": "not_applicable condition_false"}


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: quota, per: week, of: a, at_least: 1}",
        "{kind: quota, per: year, of: a, at_least: 1.5}",
        "{kind: quota, per: year, of: a, sum: x, at_least: 1}",
        "{kind: quota, per: year, of: {event: a, pick: latest}, at_least: 1}",
        "{kind: quota, per: year, of: {all_of: [a, c]}, at_least: 1}",
        "{kind: quota, per: year, of: {attribute: due}, at_least: 1}",
        "{kind: quota, per: year, of: {event: a, otherwise: c}, at_least: 1}",
        "{kind: quota, per: year, of: a, at_least: 1, service: {from: flag}}",
        "{kind: quota, per: year, of: a, sum: n, distinct_days: true, at_least: 1}",  # either, not both
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


def test_a_reading_cannot_change_the_periods() -> None:
    assert len(problems_of(QUARTERLY, readings="{one: {}, two: {per: month}}")) == 1


def test_a_reading_that_names_no_period() -> None:
    """2012 without any act is arguable; 2013, still running, is pending under both; one act is enough under both."""
    constraint, readings = "{kind: quota, per: year, of: a, at_least: 1}", "{one: {}, two: {at_least: 0}}"
    found = said(judge(constraint, thing("t"), "2013-06-30", readings=readings, force=("2012-01-01", None)))
    assert found == {"t 2012": "arguable readings_differ one=violated/two=compliant", "t 2013": "pending not_due"}
    acts = thing("t", "a 2012-05-01", "a 2013-05-01")
    found = said(judge(constraint, acts, "2013-06-30", readings=readings, force=("2012-01-01", None)))
    assert found == {"t 2012": "compliant enough", "t 2013": "compliant enough"}
    alone = constraint.replace("at_least: 1", "at_least: 0")
    assert said(judge(alone, thing("t"), "2012-06-30", force=("2012-01-01", None))) == {"t 2012": "pending not_due"}


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    """Force cuts the periods, so no governing date can put one out of force."""
    assert unreached("quota", dated=False) == []

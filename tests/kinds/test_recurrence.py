"""Something must be done again and again. `a` is what recurs."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, thing, unreached

EVERY_TWO = "{kind: recurrence, of: a, every: 2 years}"
FROM_2009 = ("2009-01-01", None)


def test_the_first_gap_runs_from_the_day_before_the_duty() -> None:
    """Duty from 2009-01-01, every two years: due 2010-12-31."""
    (found,) = judge(EVERY_TWO, thing("t"), "2010-12-31", force=FROM_2009)
    assert said([found]) == {"t 2008-12-31": "pending not_due"}
    assert dates(found, "start", "next", "due") == ["2008-12-31", None, "2010-12-31"]
    assert said(judge(EVERY_TWO, thing("t"), "2011-01-01", force=FROM_2009)) == {"t 2008-12-31": "violated missing"}


def test_gaps() -> None:
    """2010-12-31 is in time; then due 2012-12-31, done a day late; then due 2015-01-01, running on 2014-06-01."""
    record = thing("t", "a 2010-12-31", "a 2013-01-01")
    found = judge(EVERY_TWO, record, "2014-06-01", force=FROM_2009)
    assert said(found) == {
        "t 2008-12-31": "compliant on_time",
        "t 2010-12-31": "violated late",
        "t 2013-01-01": "pending not_due",
    }
    assert dates(found[2], "start", "next", "due") == ["2013-01-01", None, "2015-01-01"]


def test_order_copies_and_acts_outside() -> None:
    """The order in the record is nothing, a copy is no new gap, acts before the duty or after as-of do not count."""
    record = thing("t", "a 2011-05-01", "a 2010-03-01", "a 2010-03-01", "a 2008-12-30", "a 2011-06-02")
    assert said(judge(EVERY_TWO, record, "2011-06-01", force=FROM_2009)) == {
        "t 2008-12-31": "compliant on_time",
        "t 2010-03-01": "compliant on_time",
        "t 2011-05-01": "pending not_due",
    }


def test_the_day_before_the_duty_is_no_act() -> None:
    found = judge(EVERY_TWO, thing("t", "a 2008-12-31"), "2011-01-01", force=FROM_2009)
    assert said(found) == {"t 2008-12-31": "violated missing"}


def test_the_tail_is_not_failed_when_force_ends_first() -> None:
    """In force to 2012-06-30; done 2010-09-01, so due 2012-09-01: pending until the end, then a part."""
    force = ("2009-01-01", "2012-06-30")
    record = thing("t", "a 2010-09-01")
    by_day = {d: said(judge(EVERY_TWO, record, d, force=force))["t 2010-09-01"] for d in ("2012-06-30", "2012-07-01")}
    assert by_day == {"2012-06-30": "pending not_due", "2012-07-01": "not_applicable part_period"}
    late = thing("t", "a 2010-09-01", "a 2012-12-01")  # an act after the end begins no gap and saves none
    assert said(judge(EVERY_TWO, late, "2013-01-01", force=force)) == {
        "t 2008-12-31": "compliant on_time",
        "t 2010-09-01": "not_applicable part_period",
    }


def test_a_gap_that_falls_due_on_the_last_day_counts() -> None:
    found = judge(EVERY_TWO, thing("t"), "2011-01-01", force=("2009-01-01", "2010-12-31"))
    assert said(found) == {"t 2008-12-31": "violated missing"}


def test_before_the_duty_begins_there_is_no_gap() -> None:
    found = judge(EVERY_TWO, thing("t", "a 2008-06-01"), "2008-12-31", force=FROM_2009)
    assert said(found) == {"t": "not_applicable no_period"}


@pytest.mark.parametrize(
    ("every", "act", "due"),
    [
        ("10 days", "2012-02-20", "2012-03-01"),
        ("1 month", "2012-01-31", "2012-02-29"),
        ("6 months", "2013-08-31", "2014-02-28"),
        ("1 year", "2012-02-29", "2013-02-28"),
    ],
)
def test_units(every: str, act: str, due: str) -> None:
    constraint = f"{{kind: recurrence, of: a, every: {every}}}"
    found = judge(constraint, thing("t", f"a {act}"), act, force=("2012-01-01", None))
    assert dates(found[-1], "start", "due") == [act, due]


def test_any_of_several() -> None:
    constraint = "{kind: recurrence, of: {any_of: [a, c]}, every: 2 years}"
    assert said(judge(constraint, thing("t", "a 2010-12-31", "c 2012-12-31"), "2013-01-01", force=FROM_2009)) == {
        "t 2008-12-31": "compliant on_time",
        "t 2010-12-31": "compliant on_time",
        "t 2012-12-31": "pending not_due",
    }


def test_blocks_of_calendar_years() -> None:
    """Blocks 2009-10, 2011-12, 2013-14 ...: from an act in 2009 the next is due by the end of 2012."""
    constraint = "{kind: recurrence, of: a, every: 2 years, blocks: true}"
    record = thing("t", "a 2009-02-01", "a 2012-12-31", "a 2015-01-01")
    found = judge(constraint, record, "2015-06-01", force=FROM_2009)
    assert said(found) == {
        "t 2008-12-31": "compliant on_time",
        "t 2009-02-01": "compliant on_time",  # 2009-10 has its act, 2011-12 on its last day
        "t 2012-12-31": "violated late",  # 2013-14 lies inside without one
        "t 2015-01-01": "pending not_due",
    }
    assert [dates(a, "due")[0] for a in found] == ["2010-12-31", "2012-12-31", "2014-12-31", "2018-12-31"]


def test_blocks_begin_with_the_first_whole_year() -> None:
    """Duty from 2009-07-01: the first block is 2010-11."""
    constraint = "{kind: recurrence, of: a, every: 2 years, blocks: true}"
    found = judge(constraint, thing("t", "a 2009-09-01"), "2009-10-01", force=("2009-07-01", None))
    assert [dates(a, "start", "due") for a in found] == [["2009-06-30", "2011-12-31"], ["2009-09-01", "2011-12-31"]]


def test_readings_rolling_and_blocks() -> None:
    """Acts 2009-02 and 2012-12: 46 months apart, yet each in its block."""
    record = thing("t", "a 2009-02-01", "a 2012-12-31")
    readings = "{one: {}, two: {blocks: true}}"
    assert said(judge(EVERY_TWO, record, "2013-01-01", force=FROM_2009, readings=readings)) == {
        "t 2008-12-31": "compliant on_time",
        "t 2009-02-01": "arguable readings_differ one=violated/two=compliant",
        "t 2012-12-31": "pending not_due",
    }


def test_an_act_that_may_be_meant_is_judged_both_ways() -> None:
    """With the act in doubt there are two short gaps, without it one long one."""
    constraint = "{kind: recurrence, of: {event: a, where: {x: u}}, every: 2 years}"
    record = thing("t", "a 2010-06-01 x=u", "a 2011-06-01", "a 2013-05-31 x=u")
    assert said(judge(constraint, record, "2013-06-15", force=FROM_2009)) == {
        "t 2008-12-31": "compliant on_time",
        "t 2010-06-01": "undetermined fact_missing a.x",  # 2011-06-01 in time, or 2013-05-31 late
        "t 2011-06-01": "undetermined fact_missing a.x",  # in time, or no gap at all
        "t 2013-05-31": "pending not_due",
    }
    near = thing("t", "a 2010-06-01 x=u", "a 2011-06-01", "a 2012-05-31 x=u")
    found = said(judge(constraint, near, "2012-06-15", force=FROM_2009))
    assert found["t 2010-06-01"] == "compliant on_time"  # the next act is in time either way


def test_a_day_with_a_sure_and_a_doubtful_act_is_sure() -> None:
    constraint = "{kind: recurrence, of: {event: a, where: {x: u}}, every: 2 years}"
    record = thing("t", "a 2010-06-01", "a 2010-06-01 x=u")
    assert said(judge(constraint, record, "2010-07-01", force=FROM_2009)) == {
        "t 2008-12-31": "compliant on_time",
        "t 2010-06-01": "pending not_due",
    }


def test_unknown_applicability() -> None:
    expected = {
        "applies": (thing("", flag="true"), "violated missing"),
        "unknown": (thing(""), "undetermined fact_missing flag"),
    }
    renamed = {f"{name} 2008-12-31": value for name, value in expected.items()}
    records = [{**record, "record": name} for name, (record, _text) in expected.items()]
    found = judge(EVERY_TWO, records, "2011-01-01", force=FROM_2009, when="{flag: true}")
    assert said(found) == {name: text for name, (_record, text) in renamed.items()}


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: recurrence, of: a, every: 5 working days}",
        "{kind: recurrence, of: a, every: 0 days}",
        "{kind: recurrence, of: a, every: 24 months, blocks: true}",
        "{kind: recurrence, of: {event: a, pick: each}, every: 2 years}",
        "{kind: recurrence, of: {all_of: [a, c]}, every: 2 years}",
        "{kind: recurrence, of: {attribute: due}, every: 2 years}",
        "{kind: recurrence, of: a}",
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    """Gaps lie within the time in force, so no governing date can put one out of force."""
    assert unreached("recurrence", dated=False) == []

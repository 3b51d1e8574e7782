"""Limits that are extended or stopped, and duties without a trigger. `a` starts the clock, `b` is due."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, table, thing

TEN = "{kind: deadline, after: a, do: b, within: 10 days"
EXTENDED = TEN + ", extended: {by: 5 days, when: c}}"
STOPPED = TEN + ", suspended: {from: c, to: d}}"


def test_an_extension_counts_on_or_before_the_original_day() -> None:
    """1 March + 10 = 11 March; extended by 5: 16 March. An extension of the 12th comes too late."""
    start = "a 2012-03-01"
    expected = {
        "last day": (thing("", start, "c 2012-03-05", "b 2012-03-16"), "compliant on_time"),
        "day after": (thing("", start, "c 2012-03-05", "b 2012-03-17"), "violated late"),
        "extended on the last day": (thing("", start, "c 2012-03-11", "b 2012-03-16"), "compliant on_time"),
        "extended too late": (thing("", start, "c 2012-03-12", "b 2012-03-16"), "violated late"),
        "extended before it began": (thing("", "c 2012-02-28", start, "b 2012-03-16"), "violated late"),
        "not extended": (thing("", start, "b 2012-03-12"), "violated late"),
    }
    table(EXTENDED, "2012-03-30", expected)
    (found,) = judge(EXTENDED, thing("t", start, "c 2012-03-05"), "2012-03-12")
    assert (found.detail, dates(found, "due_lo", "due_hi")) == ("not_due", ["2012-03-16", "2012-03-16"])


def test_an_extension_in_doubt() -> None:
    constraint = TEN + ", extended: {by: 5 days, when: {event: c, where: {x: u}}}}"
    expected = {
        "it matters": (thing("", "a 2012-03-01", "c 2012-03-05", "b 2012-03-16"), "undetermined fact_missing c.x"),
        "in time anyhow": (thing("", "a 2012-03-01", "c 2012-03-05", "b 2012-03-11"), "compliant on_time"),
        "late anyhow": (thing("", "a 2012-03-01", "c 2012-03-05", "b 2012-03-17"), "violated late"),
    }
    table(constraint, "2012-03-30", expected)


def test_an_extension_and_a_rest_day() -> None:
    """Friday 2 March + 8 = Saturday 10 March, moved to Monday 12th; extended: the 10th + 7 = Saturday 17th, moved to
    Monday 19th. An extension of the 12th still comes in time."""
    constraint = "{kind: deadline, after: a, do: b, within: 8 days, roll: true, extended: {by: 7 days, when: c}}"
    (found,) = judge(constraint, thing("t", "a 2012-03-02", "c 2012-03-12", "b 2012-03-19"), "2012-03-30")
    assert (found.verdict.name, dates(found, "due_lo")) == ("compliant", ["2012-03-19"])


def test_an_extension_in_working_days() -> None:
    """5 working days after Thursday 1 March: 2, 5, 6, 7, 8 March; 3 more: 9, 12, 13 March."""
    constraint = "{kind: deadline, after: a, do: b, within: 5 working days, extended: {by: 3 working days, when: c}}"
    expected = {
        "last day": (thing("", "a 2012-03-01", "c 2012-03-08", "b 2012-03-13"), "compliant on_time"),
        "day after": (thing("", "a 2012-03-01", "c 2012-03-08", "b 2012-03-14"), "violated late"),
        "extended too late": (thing("", "a 2012-03-01", "c 2012-03-09", "b 2012-03-13"), "violated late"),
    }
    table(constraint, "2012-03-30", expected)


def test_a_stopped_clock() -> None:
    """Due 11 March; stopped from the 5th to the 9th: 4 days more, 15 March."""
    start, stop = "a 2012-03-01", "c 2012-03-05"
    expected = {
        "last day": (thing("", start, stop, "d 2012-03-09", "b 2012-03-15"), "compliant on_time"),
        "day after": (thing("", start, stop, "d 2012-03-09", "b 2012-03-16"), "violated late"),
        "still stopped": (thing("", start, stop), "pending suspended"),
        "done while stopped": (thing("", start, stop, "b 2012-03-20"), "compliant on_time"),
        "stopped on the last day": (
            thing("", start, "c 2012-03-11", "d 2012-03-14", "b 2012-03-14"),
            "compliant on_time",
        ),
        "stopped too late": (thing("", start, "c 2012-03-12", "d 2012-03-20", "b 2012-03-14"), "violated late"),
    }
    table(STOPPED, "2012-03-30", expected)


def test_stopped_and_extended() -> None:
    """11 March + 4 days' stop = 15 March, + 5 = 20 March; an extension of the 15th counts."""
    constraint = TEN + ", extended: {by: 5 days, when: {event: b, where: {x: v}}}, suspended: {from: c, to: d}}"
    constraint = constraint.replace("do: b", "do: {event: b, where: {x: u}}")
    events = ("a 2012-03-01", "c 2012-03-05", "d 2012-03-09", "b 2012-03-15 x=v")
    (found,) = judge(constraint, thing("t", *events, "b 2012-03-20 x=u"), "2012-03-30")
    assert (found.verdict.name, dates(found, "due_lo")) == ("compliant", ["2012-03-20"])


def test_a_duty_without_a_trigger() -> None:
    """Nothing says when: done or open, never late."""
    expected = {
        "done": (thing("", "b 2012-03-09"), "compliant on_time"),
        "not done": (thing(""), "pending open"),
        "may be done": (thing("", "a 2012-03-01"), "pending open"),
    }
    table("{kind: deadline, do: b}", "2012-03-30", expected)
    assert said(judge("{kind: deadline, do: b}", thing("t"), "2012-03-30", force=("2012-04-01", None))) == {
        "t": "not_applicable out_of_force"
    }


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        ("{kind: deadline, after: a, do: b, extended: {by: 5 days, when: c}}", "stand with `within`"),
        (TEN + ", extended: {by: 5 working days, when: c}}", "both in working days"),
        ("{kind: deadline, after: a, do: b, within: 5 working days, suspended: {from: c, to: d}}", "natural days only"),
        (TEN + ", extended: {by: 5 days, when: {event: c, pick: each}}}", "picked as `first`"),
        (TEN + ", suspended: {from: {event: c, pick: each}, to: d}}", "picked as `first`"),
    ],
)
def test_what_is_refused(constraint: str, reason: str) -> None:
    assert reason in " ".join(problems_of(constraint))

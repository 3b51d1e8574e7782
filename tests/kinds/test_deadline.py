"""Something must be done within a time after something else. `a` triggers, `b` is what must be done."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, day, judge, problems_of, said, table, thing, unreached

FIFTEEN = "{kind: deadline, after: a, do: b, within: 15 days}"


def test_the_fifteenth_day_is_on_time() -> None:
    """Fifteen days from 1 March, that day not counted: 16 March. Nothing is done: the day itself is still time."""
    expected = {
        "on the same day": (thing("", "a 2012-03-01", "b 2012-03-01"), "compliant on_time"),
        "on the due day": (thing("", "a 2012-03-01", "b 2012-03-16"), "compliant on_time"),
        "a day later": (thing("", "a 2012-03-01", "b 2012-03-17"), "violated late"),
        "not at all": (thing("", "a 2012-03-01"), "violated missing"),
        "due today": (thing("", "a 2012-03-15"), "pending not_due"),
        "nothing to do": (thing(""), "not_applicable not_triggered"),
        "no trigger": (thing("", "b 2012-03-10"), "undetermined trigger_missing a"),
        "before the trigger only": (thing("", "a 2012-03-10", "b 2012-03-09"), "undetermined wrong_order"),
        "before and after it": (thing("", "a 2012-03-10", "b 2012-03-09", "b 2012-03-20"), "compliant on_time"),
    }
    table(FIFTEEN, "2012-03-30", expected)


def test_the_day_after_the_due_day_is_missing() -> None:
    assert said(judge(FIFTEEN, thing("t", "a 2012-03-01"), "2012-03-16")) == {"t": "pending not_due"}
    assert said(judge(FIFTEEN, thing("t", "a 2012-03-01"), "2012-03-17")) == {"t": "violated missing"}


def test_measures() -> None:
    """Trigger, response and due day as integers; the due day of natural days without a move has no spread."""
    (found,) = judge(FIFTEEN, thing("t", "a 2012-03-01", "b 2012-03-20"), "2012-03-30")
    assert found.instance == "" and found.readings == {}
    assert dates(found, "trigger", "response", "due_lo", "due_hi", "early", "anyhow") == [
        "2012-03-01",
        "2012-03-20",
        "2012-03-16",
        "2012-03-16",
        None,
        "2012-03-20",
    ]


def test_an_event_after_the_as_of_date_is_invisible() -> None:
    expected = {
        "done later": (thing("", "a 2012-03-01", "b 2012-03-12"), "pending not_due"),
        "triggered later": (thing("", "a 2012-03-11"), "not_applicable not_triggered"),
        "done today": (thing("", "a 2012-03-01", "b 2012-03-10"), "compliant on_time"),
    }
    table(FIFTEEN, "2012-03-10", expected)


def test_the_first_of_repeated_events_counts() -> None:
    """The first trigger (1 March) sets the due day, and the first act after it (18 March) is judged."""
    table(
        FIFTEEN,
        "2012-04-30",
        {
            "twice published": (
                thing("", "a 2012-03-10", "a 2012-03-01", "b 2012-03-18", "b 2012-03-19"),
                "violated late",
            ),
            "a copy": (thing("", "a 2012-03-01", "a 2012-03-01", "b 2012-03-16", "b 2012-03-16"), "compliant on_time"),
        },
    )


def test_sequence_within_the_day() -> None:
    """Events of one day satisfy an order, except where the record gives it: then `b` came before its trigger."""
    expected = {
        "not ordered": (thing("", "b 2012-03-01", "a 2012-03-01"), "compliant on_time"),
        "in order": (thing("", "a 2012-03-01 sequence=1", "b 2012-03-01 sequence=2"), "compliant on_time"),
        "turned round": (
            thing("", "a 2012-03-01 sequence=2", "b 2012-03-01 sequence=1"),
            "undetermined wrong_order",
        ),
        "half known": (thing("", "a 2012-03-01 sequence=2", "b 2012-03-01"), "compliant on_time"),
        "by the clock": (thing("", "a 2012-03-01T15:00", "b 2012-03-01T09:00"), "undetermined wrong_order"),
    }
    table(FIFTEEN, "2012-03-30", expected)


def test_a_timestamp_is_first_a_local_date() -> None:
    """2012-02-29T16:30Z is 1 March, 00:30 in Shanghai: due 16 March and not the 15th."""
    (found,) = judge(FIFTEEN, thing("t", "a 2012-02-29T16:30Z"), "2012-03-10")
    assert found.measures["due_lo"] == day("2012-03-16")


def test_a_year_not_yet_published() -> None:
    """Seven working days from 2026-12-24 while 29 December to 5 January are open.

    If all of those are worked on, 2 and 3 January too: 25, 28, 29, 30, 31 December, 2, 3 January. If none is: 25, 28
    December, 6, 7, 8, 11, 12 January.
    """
    constraint = "{kind: deadline, after: a, do: b, within: 7 working days}"
    unknown = "undetermined calendar_unpublished calendar:2027"
    expected = {
        "3rd": (thing("", "a 2026-12-24", "b 2027-01-03"), "compliant on_time"),
        "4th": (thing("", "a 2026-12-24", "b 2027-01-04"), unknown),
        "12th": (thing("", "a 2026-12-24", "b 2027-01-12"), unknown),
        "13th": (thing("", "a 2026-12-24", "b 2027-01-13"), "violated late"),
        "never": (thing("", "a 2026-12-24"), "violated missing"),
    }
    table(constraint, "2027-01-13", expected)
    undone = thing("t", "a 2026-12-24")
    assert said(judge(constraint, undone, "2027-01-12"))["t"] == unknown
    assert said(judge(constraint, undone, "2027-01-03"))["t"] == "pending not_due"


def test_no_limit_is_never_overdue() -> None:
    expected = {
        "undone": (thing("", "a 2001-03-01"), "pending open"),
        "done": (thing("", "a 2001-03-01", "b 2012-03-01"), "compliant on_time"),
        "done before only": (thing("", "a 2012-03-01", "b 2001-03-01"), "undetermined wrong_order"),
    }
    table("{kind: deadline, after: a, do: b}", "2012-03-30", expected)


def test_by_a_date_attribute() -> None:
    """`by` alone, then with a trigger; without the trigger nothing is owed, whatever the date."""
    alone = "{kind: deadline, do: b, by: {attribute: due}}"
    expected = {
        "on the day": (thing("", "b 2012-03-16", due="2012-03-16"), "compliant on_time"),
        "after it": (thing("", "b 2012-03-17", due="2012-03-16"), "violated late"),
        "undone": (thing("", due="2012-03-16"), "violated missing"),
        "still time": (thing("", due="2012-03-30"), "pending not_due"),
        "unknown": (thing("", "b 2012-03-17"), "undetermined fact_missing due"),
    }
    table(alone, "2012-03-30", expected)
    with_trigger = "{kind: deadline, after: a, do: b, by: {attribute: due}}"
    expected = {
        "on the day": (thing("", "a 2012-03-01", "b 2012-03-16", due="2012-03-16"), "compliant on_time"),
        "after it": (thing("", "a 2012-03-01", "b 2012-03-17", due="2012-03-16"), "violated late"),
        "no trigger": (thing("", due="2012-03-16"), "not_applicable not_triggered"),
        "unknown": (thing("", "a 2012-03-01"), "undetermined fact_missing due"),
    }
    table(with_trigger, "2012-03-30", expected)


def test_an_unknown_limit_does_not_matter_where_nothing_is_triggered() -> None:
    """Whatever `due` is, without `a` nothing is owed: that verdict is given."""
    found = judge("{kind: deadline, after: a, do: b, by: {attribute: due}}", thing("t"), "2012-03-30")
    assert said(found) == {"t": "not_applicable not_triggered"}


def test_dates_kept_as_attributes() -> None:
    """The trigger or the act is a date on the record; not on record, it is unknown and has not simply not happened."""
    expected = {
        "on time": (thing("", due="2012-03-01", last_day="2012-03-16"), "compliant on_time"),
        "late": (thing("", due="2012-03-01", last_day="2012-03-17"), "violated late"),
        "no act": (thing("", due="2012-03-01"), "undetermined fact_missing last_day"),
        "neither": (thing(""), "undetermined fact_missing due last_day"),
    }
    constraint = "{kind: deadline, after: {attribute: due}, do: {attribute: last_day}, within: 15 days}"
    table(constraint, "2012-03-30", expected)


def test_an_act_kept_as_an_attribute_before_the_trigger() -> None:
    """An act before the trigger does not fulfil the duty, whether it is an event or a date of the record."""
    constraint = "{kind: deadline, after: a, do: {attribute: last_day}, within: 15 days}"
    found = judge(constraint, thing("t", "a 2012-03-10", last_day="2012-03-09"), "2012-03-30")
    assert said(found) == {"t": "undetermined wrong_order"}


def test_each_trigger_is_an_instance() -> None:
    """Two triggers on 1 March are one instance; the act of 10 March answers both that came before it, and so
    it does not stand in the wrong order to the third, which nothing answered by 27 March."""
    constraint = "{kind: deadline, after: {event: a, pick: each}, do: b, within: 15 days}"
    records = [
        thing("t", "a 2012-03-01", "a 2012-03-01", "a 2012-03-05", "a 2012-03-12", "b 2012-03-10"),
        thing("none"),
    ]
    assert said(judge(constraint, records, "2012-03-28")) == {
        "t 2012-03-01": "compliant on_time",
        "t 2012-03-05": "compliant on_time",
        "t 2012-03-12": "violated missing",
        "none": "not_applicable not_triggered",
    }


def test_occurrences() -> None:
    """Any of several: whichever came first; all of several: the last step; otherwise: where the first is missing."""
    either = "{kind: deadline, after: {any_of: [a, c]}, do: b, within: 15 days}"
    both = "{kind: deadline, after: {all_of: [a, c]}, do: b, within: 15 days}"
    instead = "{kind: deadline, after: {event: a, otherwise: c}, do: b, within: 15 days}"
    records = [thing("both", "a 2012-03-05", "c 2012-03-01"), thing("one", "c 2012-03-01")]
    due = {}
    for name, constraint in (("either", either), ("both", both), ("instead", instead)):
        for found in judge(constraint, records, "2012-03-06"):
            due[name, found.record] = found.measures["due_lo"]
    assert due == {
        ("either", "both"): day("2012-03-16"),
        ("either", "one"): day("2012-03-16"),
        ("both", "both"): day("2012-03-20"),
        ("both", "one"): None,
        ("instead", "both"): day("2012-03-20"),
        ("instead", "one"): day("2012-03-16"),
    }


def test_an_act_that_may_be_meant_is_judged_both_ways() -> None:
    """`b` to whom? If it was meant it is on time, if not nothing was done. A late one is a violation either way."""
    constraint = "{kind: deadline, after: a, do: {event: b, where: {to: r}}, within: 15 days}"
    expected = {
        "on time": (thing("", "a 2012-03-01", "b 2012-03-16 to=r"), "compliant on_time"),
        "to another": (thing("", "a 2012-03-01", "b 2012-03-16 to=s"), "violated missing"),
        "to whom": (thing("", "a 2012-03-01", "b 2012-03-16"), "undetermined fact_missing b.to"),
        "late to whom": (thing("", "a 2012-03-01", "b 2012-03-17"), "violated missing"),
        "to r as well": (thing("", "a 2012-03-01", "b 2012-03-12", "b 2012-03-15 to=r"), "compliant on_time"),
    }
    table(constraint, "2012-03-30", expected)


def test_a_trigger_that_may_be_meant_is_judged_both_ways() -> None:
    """If `a` is not meant nothing was triggered; as an instance of its own it may not exist at all."""
    once = "{kind: deadline, after: {event: a, where: {x: u}}, do: c, within: 15 days}"
    each = "{kind: deadline, after: {event: a, where: {x: u}, pick: each}, do: c, within: 15 days}"
    record = thing("t", "a 2012-03-01")
    assert said(judge(once, record, "2012-03-30")) == {"t": "undetermined fact_missing a.x"}
    assert said(judge(each, record, "2012-03-30")) == {"t 2012-03-01": "undetermined fact_missing a.x"}
    record = thing("t", "a 2012-03-01", "a 2012-03-05 x=u")  # due on the 16th or on the 20th
    assert said(judge(once, record, "2012-03-10")) == {"t": "pending not_due"}
    assert said(judge(once, record, "2012-03-18")) == {"t": "undetermined fact_missing a.x"}
    assert said(judge(once, record, "2012-03-21")) == {"t": "violated missing"}


def test_the_law_in_force_on_the_day_of_the_trigger() -> None:
    """In force from 1 March to 31 March: the trigger's day decides, and while it is missing the as-of date."""
    expected = {
        "before": (thing("", "a 2012-02-29"), "not_applicable out_of_force"),
        "first day": (thing("", "a 2012-03-01"), "violated missing"),
        "last day": (thing("", "a 2012-03-31", "b 2012-05-01"), "violated late"),
        "after": (thing("", "a 2012-04-01"), "not_applicable out_of_force"),
        "no trigger": (thing(""), "not_applicable out_of_force"),
    }
    table(FIFTEEN, "2012-05-31", expected, force=("2012-03-01", "2012-03-31"))


def test_applicability() -> None:
    """Unknown facts matter only where they would change the verdict; force and place exclude before them."""
    expected = {
        "applies": (thing("", "a 2012-03-01", flag="true"), "violated missing"),
        "does not": (thing("", "a 2012-03-01", flag="false"), "not_applicable condition_false"),
        "unknown": (thing("", "a 2012-03-01"), "undetermined fact_missing flag"),
        "untriggered": (thing(""), "not_applicable not_triggered"),
        "too early": (thing("", "a 2009-03-01"), "not_applicable out_of_force"),
        "elsewhere": (thing("", "a 2012-03-01", place="220200"), "not_applicable outside_jurisdiction"),
        "nowhere": (thing("", "a 2012-03-01", flag="true", place=None), "undetermined fact_missing jurisdiction"),
    }
    table(FIFTEEN, "2012-04-30", expected, when="{flag: true}", force=("2010-01-01", None))


def test_excused() -> None:
    """Only a breach is excused, and only by a reason on record."""
    expected = {
        "with a reason": (thing("", "a 2012-03-01", reason="flood"), "excused missing"),
        "without": (thing("", "a 2012-03-01"), "violated missing"),
        "late, with a reason": (thing("", "a 2012-03-01", "b 2012-03-20", reason="flood"), "excused late"),
        "no breach": (thing("", "a 2012-03-01", "b 2012-03-10", reason="flood"), "compliant on_time"),
    }
    table(FIFTEEN, "2012-04-30", expected, excused_by="reason")


def test_a_reason_that_is_a_number() -> None:
    """Nought is on record too; whatever is made of it, both executors make the same of it (or it is refused)."""
    if not problems_of(FIFTEEN, excused_by="f1"):
        judge(
            FIFTEEN,
            [thing("0", "a 2012-03-01", f1="0"), thing("1", "a 2012-03-01", f1="1")],
            "2012-04-30",
            excused_by="f1",
        )


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: deadline, do: b, within: 15 days}",
        "{kind: deadline, after: a, do: b, within: 15 days, by: {attribute: due}}",
        "{kind: deadline, after: a, do: b, by: c}",
        "{kind: deadline, after: {event: a, pick: latest}, do: b, within: 15 days}",
        "{kind: deadline, after: a, do: {event: b, pick: each}, within: 15 days}",
        "{kind: deadline, after: a, do: b, within: 15 day s}",
        "{kind: deadline, after: a, do: b, days: 15}",
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


def test_an_act_that_happens_for_other_reasons_too() -> None:
    """Decided without any mediation: the rule on failed mediation has nothing to say."""
    constraint = "{kind: deadline, after: a, do: b, act_needs_trigger: false}"
    expected = {
        "no trigger": (thing("", "b 2012-03-09"), "not_applicable not_triggered"),
        "after it": (thing("", "a 2012-03-01", "b 2012-03-09"), "compliant on_time"),
        "only before it": (thing("", "b 2012-02-09", "a 2012-03-01"), "pending open"),
    }
    table(constraint, "2012-03-30", expected)


def test_a_stopped_clock() -> None:
    """More in test_deadline_clock.py."""
    constraint = "{kind: deadline, after: a, do: b, within: 10 days, suspended: {from: c, to: d}}"
    expected = {
        "still stopped": (thing("", "a 2012-03-01", "c 2012-03-05"), "pending suspended"),
        "done while stopped": (thing("", "a 2012-03-01", "c 2012-03-05", "b 2012-03-20"), "compliant on_time"),
    }
    table(constraint, "2012-03-30", expected)


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    assert unreached("deadline") == []

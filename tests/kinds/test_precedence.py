"""Before one step (the gate), another must have been taken. `b` is the gate, `a` (and `c`) must come before."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, table, thing, unreached

FIRST = "{kind: precedence, before: b, require: a}"
LATEST = "{kind: precedence, before: b, require: {event: a, where: {x: {not: w}}, pick: latest}}"


def test_order() -> None:
    expected = {
        "before": (thing("", "a 2012-03-01", "b 2012-03-02"), "compliant in_order"),
        "long before": (thing("", "a 2002-03-01", "b 2012-03-02"), "compliant in_order"),
        "never": (thing("", "b 2012-03-02"), "violated missing_before"),
        "after": (thing("", "b 2012-03-02", "a 2012-03-03"), "violated wrong_order"),
        "before and after": (thing("", "a 2012-03-01", "b 2012-03-02", "a 2012-03-03"), "compliant in_order"),
        "no gate yet": (thing("", "a 2012-03-01"), "pending open"),
        "nothing": (thing(""), "pending open"),
    }
    table(FIRST, "2012-03-30", expected)


def test_measures() -> None:
    done, late = judge(
        FIRST,
        [thing("done", "a 2012-03-01", "b 2012-03-02"), thing("late", "b 2012-03-02", "a 2012-03-03")],
        "2012-03-30",
    )
    assert done.instance == ""
    assert dates(done, "gate", "done", "later", "tried") == ["2012-03-02", "2012-03-01", None, None]
    assert dates(late, "gate", "done", "later", "tried") == ["2012-03-02", None, "2012-03-03", None]


def test_an_event_after_the_as_of_date_is_invisible() -> None:
    expected = {
        "gate tomorrow": (thing("", "b 2012-03-03"), "pending open"),
        "act tomorrow": (thing("", "b 2012-03-02", "a 2012-03-03"), "violated missing_before"),
    }
    table(FIRST, "2012-03-02", expected)


def test_one_day_satisfies_an_order_unless_its_sequence_is_known() -> None:
    expected = {
        "not ordered": (thing("", "b 2012-03-02", "a 2012-03-02"), "compliant in_order"),
        "in order": (thing("", "a 2012-03-02 sequence=1", "b 2012-03-02 sequence=2"), "compliant in_order"),
        "turned": (thing("", "a 2012-03-02 sequence=2", "b 2012-03-02 sequence=1"), "violated wrong_order"),
        "half known": (thing("", "a 2012-03-02 sequence=2", "b 2012-03-02"), "compliant in_order"),
        "by the clock": (thing("", "a 2012-03-02T10:01", "b 2012-03-02T10:00"), "violated wrong_order"),
    }
    table(FIRST, "2012-03-30", expected)


def test_any_of_several_and_all_of_several() -> None:
    records = [
        thing("one", "a 2012-03-01", "b 2012-03-02"),
        thing("both", "a 2012-03-01", "c 2012-03-02", "b 2012-03-02"),
        thing("one late", "a 2012-03-01", "b 2012-03-02", "c 2012-03-05"),
        thing("none", "b 2012-03-02"),
    ]
    assert said(judge("{kind: precedence, before: b, require: {any_of: [a, c]}}", records, "2012-03-30")) == {
        "one": "compliant in_order",
        "both": "compliant in_order",
        "one late": "compliant in_order",
        "none": "violated missing_before",
    }
    assert said(judge("{kind: precedence, before: b, require: {all_of: [a, c]}}", records, "2012-03-30")) == {
        "one": "violated missing_before",
        "both": "compliant in_order",
        "one late": "violated wrong_order",
        "none": "violated missing_before",
    }


def test_the_latest_must_pass() -> None:
    """A failed review after a passed one counts as failed; one that passes after a failed one as passed."""
    expected = {
        "passed": (thing("", "a 2012-03-01 x=u", "b 2012-03-09"), "compliant in_order"),
        "failed": (thing("", "a 2012-03-01 x=w", "b 2012-03-09"), "violated not_passed"),
        "failed after": (thing("", "a 2012-03-01 x=u", "a 2012-03-05 x=w", "b 2012-03-09"), "violated not_passed"),
        "passed after": (thing("", "a 2012-03-01 x=w", "a 2012-03-05 x=u", "b 2012-03-09"), "compliant in_order"),
        "fails later": (thing("", "a 2012-03-01 x=u", "b 2012-03-09", "a 2012-03-12 x=w"), "compliant in_order"),
        "passes later": (thing("", "a 2012-03-01 x=w", "b 2012-03-09", "a 2012-03-12 x=u"), "violated not_passed"),
        "only later": (thing("", "b 2012-03-09", "a 2012-03-12 x=u"), "violated wrong_order"),
        "never": (thing("", "b 2012-03-09"), "violated missing_before"),
        "a copy": (thing("", *["a 2012-03-05 x=u"] * 2, "b 2012-03-09"), "compliant in_order"),
        "no gate": (thing("", "a 2012-03-05 x=w"), "pending open"),
    }  # fmt: skip
    table(LATEST, "2012-03-30", expected)


def test_the_latest_of_one_day() -> None:
    """Both results on 5 March: which was the last is not on record, so it is judged both ways and the order asked for.

    With their sequence the last one decides; a bare date on the day of a dated sequence may be the last or not.
    """
    expected = {
        "not ordered": (
            thing("", "a 2012-03-05 x=u", "a 2012-03-05 x=w", "b 2012-03-09"),
            "undetermined fact_missing a.sequence",
        ),
        "passed last": (
            thing("", "a 2012-03-05 x=w sequence=1", "a 2012-03-05 x=u sequence=2", "b 2012-03-09"),
            "compliant in_order",
        ),
        "failed last": (
            thing("", "a 2012-03-05 x=w sequence=2", "a 2012-03-05 x=u sequence=1", "b 2012-03-09"),
            "violated not_passed",
        ),
        "same result": (thing("", "a 2012-03-05 x=w", "a 2012-03-05 x=w", "b 2012-03-09"), "violated not_passed"),
        "on the gate's day": (thing("", "a 2012-03-09 x=w", "b 2012-03-09"), "violated not_passed"),
        "after the gate that day": (
            thing("", "a 2012-03-01 x=u", "b 2012-03-09 sequence=1", "a 2012-03-09 x=w sequence=2"),
            "compliant in_order",
        ),
    }
    table(LATEST, "2012-03-30", expected)


def test_a_result_in_doubt() -> None:
    expected = {
        "unknown": (thing("", "a 2012-03-01", "b 2012-03-09"), "undetermined fact_missing a.x"),
        "unknown after passed": (
            thing("", "a 2012-03-01 x=u", "a 2012-03-02", "b 2012-03-09"),
            "undetermined fact_missing a.x",
        ),
        "passed after unknown": (thing("", "a 2012-03-01", "a 2012-03-02 x=u", "b 2012-03-09"), "compliant in_order"),
        "failed after unknown": (thing("", "a 2012-03-01", "a 2012-03-02 x=w", "b 2012-03-09"), "violated not_passed"),
        "unknown after the gate": (thing("", "b 2012-03-09", "a 2012-03-12"), "violated wrong_order"),
    }  # fmt: skip
    table(LATEST, "2012-03-30", expected)


def test_the_latest_of_any() -> None:
    """The last of either review decides, whichever it was."""
    either = "{any_of: [{event: a, where: {x: u}}, {event: c, where: {x: u}}], pick: latest}"
    expected = {
        "c passes last": (thing("", "a 2012-03-01 x=w", "c 2012-03-02 x=u", "b 2012-03-09"), "compliant in_order"),
        "c fails last": (thing("", "a 2012-03-01 x=u", "c 2012-03-02 x=w", "b 2012-03-09"), "violated not_passed"),
        "one day": (
            thing("", "a 2012-03-02 x=u", "c 2012-03-02 x=w", "b 2012-03-09"),
            "undetermined fact_missing a.sequence c.sequence",
        ),
    }  # fmt: skip
    table(f"{{kind: precedence, before: b, require: {either}}}", "2012-03-30", expected)


def test_the_latest_among_some() -> None:
    """Only reviews to `r` are looked at: the last of them decides, whatever a later one to `s` found."""
    among = "{event: a, where: {x: u}, among: {to: r}, pick: latest}"
    constraint = f"{{kind: precedence, before: b, require: {among}}}"
    gate = "b 2012-03-09"
    expected = {
        "another later": (thing("", "a 2012-03-01 x=u to=r", "a 2012-03-05 x=w to=s", gate), "compliant in_order"),
        "failed": (thing("", "a 2012-03-01 x=w to=r", "a 2012-03-05 x=u to=s", gate), "violated not_passed"),
        "others only": (thing("", "a 2012-03-05 x=u to=s", gate), "violated missing_before"),
        "to whom": (thing("", "a 2012-03-05 x=u", gate), "undetermined fact_missing a.to"),
        "to whom, first": (thing("", "a 2012-03-01 x=w", "a 2012-03-05 x=u to=r", gate), "compliant in_order"),
        "to whom, last": (
            thing("", "a 2012-03-01 x=w to=r", "a 2012-03-05 x=u", gate),
            "undetermined fact_missing a.to",
        ),
        "after the gate": (thing("", gate, "a 2012-03-12 x=u to=r"), "violated wrong_order"),
    }
    table(constraint, "2012-03-30", expected)


def test_whose_latest_it_was_does_not_matter_where_all_agree() -> None:
    """The last review may not be one to `r`, but then the one before it says the same."""
    constraint = "{kind: precedence, before: b, require: {event: a, where: {x: u}, among: {to: r}, pick: latest}}"
    expected = {
        "all fail": (thing("", "a 2012-03-01 x=w to=r", "a 2012-03-05 x=w", "b 2012-03-09"), "violated not_passed"),
        "all pass": (thing("", "a 2012-03-01 x=u to=r", "a 2012-03-05 x=u", "b 2012-03-09"), "compliant in_order"),
    }
    table(constraint, "2012-03-30", expected)


def test_an_event_that_may_be_meant_is_judged_both_ways() -> None:
    constraint = "{kind: precedence, before: b, require: {event: a, where: {x: u}}}"
    expected = {
        "in doubt": (thing("", "a 2012-03-01", "b 2012-03-09"), "undetermined fact_missing a.x"),
        "another is sure": (thing("", "a 2012-03-01", "a 2012-03-05 x=u", "b 2012-03-09"), "compliant in_order"),
        "after the gate": (thing("", "b 2012-03-09", "a 2012-03-12"), "violated missing_before"),
        "not meant": (thing("", "a 2012-03-01 x=v", "b 2012-03-09"), "violated missing_before"),
    }
    table(constraint, "2012-03-30", expected)
    gate = "{kind: precedence, before: {event: b, where: {x: u}}, require: a}"
    expected = {
        "a gate in doubt": (thing("", "b 2012-03-09"), "undetermined fact_missing b.x"),
        "two gates": (thing("", "b 2012-03-01", "b 2012-03-09 x=u"), "violated missing_before"),
        "between": (thing("", "b 2012-03-01", "a 2012-03-05", "b 2012-03-09 x=u"), "undetermined fact_missing b.x"),
    }  # fmt: skip
    table(gate, "2012-03-30", expected)


def test_valid_to() -> None:
    """A certificate valid to 9 March serves on that day and not on the 10th; without an end it serves always."""
    constraint = "{kind: precedence, before: b, require: a, valid_to: until}"
    expected = {
        "last day": (thing("", "a 2012-03-01 until=2012-03-09", "b 2012-03-09"), "compliant in_order"),
        "expired": (thing("", "a 2012-03-01 until=2012-03-09", "b 2012-03-10"), "violated expired"),
        "renewed": (
            thing("", "a 2012-03-01 until=2012-03-09", "a 2012-03-05 until=2012-04-09", "b 2012-03-10"),
            "compliant in_order",
        ),
        "no end": (thing("", "a 2012-03-01", "b 2012-03-10"), "compliant in_order"),
        "after": (thing("", "b 2012-03-10", "a 2012-03-11 until=2012-04-09"), "violated wrong_order"),
    }
    table(constraint, "2012-03-30", expected)


def test_each_gate_is_an_instance() -> None:
    constraint = "{kind: precedence, before: {event: b, pick: each}, require: a}"
    records = [thing("t", "b 2012-03-01", "a 2012-03-05", "b 2012-03-09", "b 2012-03-09"), thing("none")]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "t 2012-03-01": "violated wrong_order",
        "t 2012-03-09": "compliant in_order",
        "none": "pending open",
    }
    doubtful = "{kind: precedence, before: {event: b, where: {x: u}, pick: each}, require: a}"
    assert said(judge(doubtful, thing("t", "b 2012-03-01", "b 2012-03-09 x=u"), "2012-03-30")) == {
        "t 2012-03-01": "undetermined fact_missing b.x",
        "t 2012-03-09": "violated missing_before",
    }


def test_dates_kept_as_attributes() -> None:
    gate = "{kind: precedence, before: {attribute: due}, require: a}"
    expected = {
        "before": (thing("", "a 2012-03-01", due="2012-03-09"), "compliant in_order"),
        "never": (thing("", due="2012-03-09"), "violated missing_before"),
        "unknown": (thing("", "a 2012-03-01"), "undetermined fact_missing due"),
    }
    table(gate, "2012-03-30", expected)
    required = "{kind: precedence, before: b, require: {attribute: due}}"
    expected = {
        "on the day": (thing("", "b 2012-03-09", due="2012-03-09"), "compliant in_order"),
        "unknown": (thing("", "b 2012-03-09"), "undetermined fact_missing due"),
    }
    table(required, "2012-03-30", expected)


def test_a_required_date_after_the_gate() -> None:
    """A date kept as an attribute is compared with the gate as an event is."""
    constraint = "{kind: precedence, before: b, require: {attribute: due}}"
    found = judge(constraint, thing("t", "b 2012-03-09", due="2012-03-10"), "2012-03-30")
    assert said(found) == {"t": "violated wrong_order"}


def test_a_gate_that_is_still_to_come_is_open() -> None:
    """The gate's date lies after the as-of date: there is time left, nothing is violated yet."""
    constraint = "{kind: precedence, before: {attribute: due}, require: a}"
    assert said(judge(constraint, thing("t", due="2012-04-09"), "2012-03-30")) == {"t": "pending open"}


def test_an_unknown_date_does_not_matter_before_the_gate() -> None:
    """Whatever `due` is, there is no gate yet: that verdict is given."""
    constraint = "{kind: precedence, before: b, require: {attribute: due}}"
    assert said(judge(constraint, thing("t"), "2012-03-30")) == {"t": "pending open"}


def test_readings() -> None:
    """Whether `c` will do as well is left open."""
    readings = "{one: {}, two: {require: {any_of: [a, c]}}}"
    records = [thing("a", "a 2012-03-01", "b 2012-03-09"), thing("c", "c 2012-03-01", "b 2012-03-09")]
    assert said(judge(FIRST, records, "2012-03-30", readings=readings)) == {
        "a": "compliant in_order",
        "c": "arguable readings_differ one=violated/two=compliant",
    }


def test_the_law_in_force_on_the_day_of_the_gate() -> None:
    expected = {
        "gate before": (thing("", "b 2012-02-29"), "not_applicable out_of_force"),
        "first day": (thing("", "b 2012-03-01"), "violated missing_before"),
        "last day": (thing("", "b 2012-03-31"), "violated missing_before"),
        "gate after": (thing("", "b 2012-04-01"), "not_applicable out_of_force"),
        "no gate": (thing("", "a 2012-03-05"), "not_applicable out_of_force"),
    }
    table(FIRST, "2012-05-01", expected, force=("2012-03-01", "2012-03-31"))


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: precedence, before: {event: b, pick: latest}, require: a}",
        "{kind: precedence, before: b, require: {event: a, pick: each}}",
        "{kind: precedence, before: b, require: {event: a, pick: latest}, valid_to: until}",
        "{kind: precedence, before: b, require: {all_of: [a, c], pick: latest}}",
        "{kind: precedence, before: b, require: a, valid_to: untill}",
        "{kind: precedence, before: b, require: {event: a, among: {to: r}}}",
        "{kind: precedence, require: a}",
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    assert unreached("precedence") == []

"""A set of required elements must be complete. k, l, m are elements; u, v those of events that name one each."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, table, thing, unreached

REPORT = "{kind: composition, of: {event: a, pick: each}, elements: {set: [k, l]}}"
SYSTEMS = "{kind: composition, of: a, elements: {x: [u, v]}}"


def test_what_one_event_lists() -> None:
    """Each event by itself: two that together are complete are both incomplete."""
    expected = {
        "both": (thing("", "a 2012-03-01 set=k,l"), "compliant complete"),
        "more": (thing("", "a 2012-03-01 set=k,l,m"), "compliant complete"),
        "one": (thing("", "a 2012-03-01 set=k"), "violated incomplete"),
        "another": (thing("", "a 2012-03-01 set=m"), "violated incomplete"),
        "not written down": (thing("", "a 2012-03-01"), "undetermined fact_missing a.set"),
    }
    expected = {f"{name} 2012-03-01": value for name, value in expected.items()}
    records = [{**record, "record": name.split(" 2012")[0]} for name, (record, _) in expected.items()]
    assert said(judge(REPORT, records, "2012-03-30")) == {name: text for name, (_, text) in expected.items()}
    two = thing("t", "a 2012-03-01 set=k", "a 2012-03-02 set=l")
    assert said(judge(REPORT, [two, thing("none")], "2012-03-30")) == {
        "t 2012-03-01": "violated incomplete",
        "t 2012-03-02": "violated incomplete",
        "none": "not_applicable not_triggered",
    }


def test_measures() -> None:
    """Of k, l the second is missing: bit 1, the number 2."""
    (found,) = judge(REPORT, thing("t", "a 2012-03-01 set=k"), "2012-03-30")
    assert found.instance == "2012-03-01" and dates(found, "gate") == ["2012-03-01"]
    assert (found.measures["absent"], found.measures["late"], found.measures["due"]) == (2, 0, None)


def test_elements_that_several_events_bring() -> None:
    """Without a date it is never overdue: what is missing is open."""
    expected = {
        "both": (thing("", "a 2012-03-01 x=u", "a 2012-03-09 x=v"), "compliant complete"),
        "one twice": (thing("", "a 2012-03-01 x=u", "a 2012-03-09 x=u"), "pending open"),
        "none": (thing(""), "pending open"),
        "one may be": (thing("", "a 2012-03-01 x=u", "a 2012-03-09"), "undetermined fact_missing a.x"),
        "doubt does not matter": (
            thing("", "a 2012-03-01 x=u", "a 2012-03-05", "a 2012-03-09 x=v"),
            "compliant complete",
        ),
        "tomorrow": (thing("", "a 2012-03-01 x=u", "a 2012-03-31 x=v"), "pending open"),
    }
    table(SYSTEMS, "2012-03-30", expected)


def test_any_of_several_events_brings_an_element() -> None:
    constraint = "{kind: composition, of: {any_of: [a, {event: b, where: {to: r}}]}, elements: {x: [u, v]}}"
    expected = {
        "one each": (thing("", "a 2012-03-01 x=u", "b 2012-03-02 x=v to=r"), "compliant complete"),
        "not meant": (thing("", "a 2012-03-01 x=u", "b 2012-03-02 x=v to=s"), "pending open"),
        "may be meant": (thing("", "a 2012-03-01 x=u", "b 2012-03-02 x=v"), "undetermined fact_missing b.to"),
    }
    table(constraint, "2012-03-30", expected)


def test_by_a_date() -> None:
    """Due on 9 March: the last element on the 8th and 9th is in time, on the 10th late."""
    constraint = "{kind: composition, of: a, elements: {x: [u, v]}, by: 2012-03-09}"
    first = "a 2012-03-01 x=u"
    expected = {
        "day before": (thing("", first, "a 2012-03-08 x=v"), "compliant complete"),
        "that day": (thing("", first, "a 2012-03-09 x=v"), "compliant complete"),
        "day after": (thing("", first, "a 2012-03-10 x=v"), "violated late"),
        "never": (thing("", first), "violated incomplete"),
    }
    table(constraint, "2012-03-30", expected)
    assert said(judge(constraint, thing("t", first), "2012-03-09")) == {"t": "pending not_due"}
    assert said(judge(constraint, thing("t", first), "2012-03-10")) == {"t": "violated incomplete"}
    assert said(judge(constraint, thing("t"), "2012-03-30", force=("2012-03-10", None))) == {
        "t": "not_applicable out_of_force"
    }
    assert said(judge(constraint, thing("t"), "2012-03-30", force=("2000-01-01", "2012-03-08"))) == {
        "t": "not_applicable out_of_force"
    }


def test_at_a_step() -> None:
    """What is there when `b` happens counts; what comes later does not."""
    constraint = "{kind: composition, steps: [a, {event: c, where: {x: u}}], at: b}"
    expected = {
        "both": (thing("", "a 2012-03-01", "c 2012-03-02 x=u", "b 2012-03-09"), "compliant complete"),
        "that day": (thing("", "a 2012-03-01", "c 2012-03-09 x=u", "b 2012-03-09"), "compliant complete"),
        "too late": (thing("", "a 2012-03-01", "c 2012-03-10 x=u", "b 2012-03-09"), "violated incomplete"),
        "not meant": (thing("", "a 2012-03-01", "c 2012-03-02 x=v", "b 2012-03-09"), "violated incomplete"),
        "in doubt": (thing("", "a 2012-03-01", "c 2012-03-02", "b 2012-03-09"), "undetermined fact_missing c.x"),
        "not yet": (thing("", "a 2012-03-01"), "pending open"),
    }
    table(constraint, "2012-03-30", expected)
    dated = "{kind: composition, steps: [a], at: {attribute: due}}"
    assert said(judge(dated, thing("t", "a 2012-03-01"), "2012-03-30")) == {"t": "undetermined fact_missing due"}


def test_what_the_record_itself_lists() -> None:
    constraint = "{kind: composition, elements: {several: [k, l]}}"
    expected = {
        "both": (thing("", several="k,l"), "compliant complete"),
        "one": (thing("", several="k"), "pending open"),
        "unknown": (thing(""), "undetermined fact_missing several"),
    }
    table(constraint, "2012-03-30", expected)
    empty = {**thing("t"), "attributes": {"several": []}}
    assert said(judge("{kind: composition, elements: {several: [k]}, at: b}", [empty], "2012-03-30")) == {
        "t": "pending open"
    }


def test_somebody_for_each_role() -> None:
    constraint = "{kind: composition, roles: [{role: p, where: {ok: true}}, q], at: b}"
    step = "b 2012-03-09"
    expected = {
        "both": (thing("", step, people=["p 甲 ok=true", "q 乙"]), "compliant complete"),
        "one role": (thing("", step, people=["p 甲 ok=true"]), "violated incomplete"),
        "does not count": (thing("", step, people=["p 甲 ok=false", "q 乙"]), "violated incomplete"),
        "may count": (thing("", step, people=["p 甲", "q 乙"]), "undetermined fact_missing p.ok"),
        "nobody on record": (thing("", step), "undetermined people_unrecorded participants"),
    }
    table(constraint, "2012-03-30", expected)


def test_another_list_as_a_reading() -> None:
    readings = "{one: {}, two: {elements: {set: [k]}}}"
    found = judge(REPORT, thing("t", "a 2012-03-01 set=k"), "2012-03-30", readings=readings)
    assert said(found) == {"t 2012-03-01": "arguable readings_differ one=violated/two=compliant"}


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        ("{kind: composition}", "names one of `elements`, `steps`, `roles`"),
        ("{kind: composition, steps: [a], roles: [p]}", "names one of `elements`, `steps`, `roles`"),
        ("{kind: composition, elements: {x: [u], to: [r]}}", "one attribute and its values"),
        ("{kind: composition, of: a, steps: [b]}", "that carries the attribute of `elements`"),
        ("{kind: composition, of: a, elements: {x: [z]}}", "`z` is not a known value"),
        ("{kind: composition, of: a, elements: {x: []}}", "`x` names no values"),
        ("{kind: composition, of: {event: a, pick: each}, elements: {x: [u]}, at: b}", "without `of: {pick: each}`"),
        ("{kind: composition, steps: [a], at: b, by: 2012-03-09}", "`by` stands without `at`"),
        ("{kind: composition, steps: [a], by: 2012-02-30}", "`2012-02-30` is not a day of the calendar"),
    ],
)
def test_what_is_refused(constraint: str, reason: str) -> None:
    assert reason in " ".join(problems_of(constraint))


def test_every_row_is_reached(whole_file: None) -> None:
    assert unreached("composition") == []

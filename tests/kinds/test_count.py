"""A number of people or events must be reached, or not exceeded, by a step. `b` is the step."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, table, thing, unreached

TWO = "{kind: count, people: p, at: b, at_least: 2}"


def test_two_people_at_the_step() -> None:
    """One person with two entries counts once; another role does not count."""
    step = "b 2012-03-09"
    expected = {
        "two": (thing("", step, people=["p 甲", "p 乙"]), "compliant enough"),
        "three": (thing("", step, people=["p 甲", "p 乙", "p 丙"]), "compliant enough"),
        "one": (thing("", step, people=["p 甲"]), "violated short"),
        "one twice": (thing("", step, people=["p 甲", "p 甲"]), "violated short"),
        "another role": (thing("", step, people=["p 甲", "q 乙"]), "violated short"),
        "other roles only": (thing("", step, people=["q 甲", "q 乙"]), "violated short"),
        "nobody on record": (thing("", step), "undetermined people_unrecorded participants"),
        "before the step": (thing("", people=["p 甲"]), "pending open"),
        "step tomorrow": (thing("", "b 2012-03-31", people=["p 甲"]), "pending open"),
    }
    table(TWO, "2012-03-30", expected)


def test_measures() -> None:
    (found,) = judge(TWO, thing("t", "b 2012-03-09", people=["p 甲"]), "2012-03-30")
    assert found.instance == "" and dates(found, "gate") == ["2012-03-09"]
    assert [found.measures[m] for m in ("number", "at_least", "at_most")] == [1, 2, None]


def test_at_most() -> None:
    expected = {
        "one": (thing("", "b 2012-03-09", people=["p 甲", "q 乙"]), "compliant enough"),
        "two": (thing("", "b 2012-03-09", people=["p 甲", "p 乙"]), "violated over"),
        "nobody on record": (thing("", "b 2012-03-09"), "undetermined people_unrecorded participants"),
    }
    table("{kind: count, people: p, at: b, at_most: 1}", "2012-03-30", expected)
    expected = {
        "none": (thing("", "b 2012-03-09", people=["q 乙"]), "violated short"),
        "one": (thing("", "b 2012-03-09", people=["p 甲"]), "compliant enough"),
        "three": (thing("", "b 2012-03-09", people=["p 甲", "p 乙", "p 丙"]), "violated over"),
    }
    table("{kind: count, people: p, at: b, at_least: 1, at_most: 2}", "2012-03-30", expected)


def test_people_who_meet_a_condition() -> None:
    """Who may be qualified is counted both ways: it matters only where it decides."""
    constraint = "{kind: count, people: {role: p, where: {ok: true}}, at: b, at_least: 2}"
    step = "b 2012-03-09"
    expected = {
        "both are": (thing("", step, people=["p 甲 ok=true", "p 乙 ok=true"]), "compliant enough"),
        "one is not": (thing("", step, people=["p 甲 ok=true", "p 乙 ok=false"]), "violated short"),
        "one may be": (thing("", step, people=["p 甲 ok=true", "p 乙"]), "undetermined fact_missing p.ok"),
        "two are": (thing("", step, people=["p 甲 ok=true", "p 乙", "p 丙 ok=true"]), "compliant enough"),
        "not enough anyhow": (thing("", step, people=["p 甲", "p 乙 ok=false"]), "violated short"),
        "before the step": (thing("", people=["p 甲", "p 乙 ok=true"]), "pending open"),
    }
    table(constraint, "2012-03-30", expected)


def test_people_who_are_qualified_on_the_day() -> None:
    """Valid from 1 March to 9 March, both days included; a date that is not on record is no condition."""
    constraint = "{kind: count, people: {role: p, valid: {from: since, to: until}}, at: b, at_least: 1}"
    person = ["p 甲 since=2012-03-01 until=2012-03-09"]
    expected = {
        "day before": (thing("", "b 2012-02-29", people=person), "violated short"),
        "first day": (thing("", "b 2012-03-01", people=person), "compliant enough"),
        "last day": (thing("", "b 2012-03-09", people=person), "compliant enough"),
        "day after": (thing("", "b 2012-03-10", people=person), "violated short"),
        "no dates": (thing("", "b 2012-03-10", people=["p 甲"]), "compliant enough"),
    }
    table(constraint, "2012-03-30", expected)


def test_without_a_step_it_is_judged_on_the_as_of_date() -> None:
    constraint = "{kind: count, people: {role: p, valid: {to: until}}, at_least: 1}"
    record = thing("t", people=["p 甲 until=2012-03-09"])
    assert said(judge(constraint, record, "2012-03-09")) == {"t": "compliant enough"}
    assert said(judge(constraint, record, "2012-03-10")) == {"t": "violated short"}
    found = judge(constraint, record, "2012-03-10", force=("2012-03-11", None))
    assert said(found) == {"t": "not_applicable out_of_force"}


def test_events() -> None:
    """Events up to the step count, each entry for itself; on its day too unless they are known to come after it."""
    constraint = "{kind: count, events: a, at: b, at_least: 2}"
    expected = {
        "two": (thing("", "a 2012-03-01", "a 2012-03-05", "b 2012-03-09"), "compliant enough"),
        "one": (thing("", "a 2012-03-01", "b 2012-03-09"), "violated short"),
        "two entries of one day": (thing("", *["a 2012-03-01"] * 2, "b 2012-03-09"), "compliant enough"),
        "one later": (thing("", "a 2012-03-01", "a 2012-03-10", "b 2012-03-09"), "violated short"),
        "on the day": (thing("", "a 2012-03-01", "a 2012-03-09", "b 2012-03-09"), "compliant enough"),
        "after it that day": (
            thing("", "a 2012-03-01", "a 2012-03-09 sequence=2", "b 2012-03-09 sequence=1"),
            "violated short",
        ),
        "none": (thing("", "b 2012-03-09"), "violated short"),
        "no step": (thing("", "a 2012-03-01"), "pending open"),
    }
    table(constraint, "2012-03-30", expected)
    expected = {
        "one and one": (thing("", "a 2012-03-01", "c 2012-03-05"), "compliant enough"),
        "one": (thing("", "c 2012-03-05", "d 2012-03-05"), "violated short"),
        "one tomorrow": (thing("", "c 2012-03-05", "c 2012-03-31"), "violated short"),
    }
    table("{kind: count, events: {any_of: [a, c]}, at_least: 2}", "2012-03-30", expected)


def test_events_that_may_be_meant_are_judged_both_ways() -> None:
    constraint = "{kind: count, events: {event: a, where: {x: u}}, at_least: 1, at_most: 2}"
    sure, doubtful = "a 2012-03-01 x=u", "a 2012-03-02"
    expected = {
        "one doubtful": (thing("", doubtful), "undetermined fact_missing a.x"),
        "one sure": (thing("", sure, doubtful), "compliant enough"),
        "two sure": (thing("", sure, sure, doubtful), "undetermined fact_missing a.x"),
        "three sure": (thing("", sure, sure, sure, doubtful), "violated over"),
    }
    table(constraint, "2012-03-30", expected)


def test_each_step_is_an_instance() -> None:
    constraint = "{kind: count, events: a, at: {event: b, pick: each}, at_least: 2}"
    records = [thing("t", "a 2012-03-01", "b 2012-03-02", "a 2012-03-05", "b 2012-03-09"), thing("none")]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "t 2012-03-02": "violated short",
        "t 2012-03-09": "compliant enough",
        "none": "pending open",
    }


def test_a_step_in_doubt() -> None:
    """If `b` was not the step, the step has not come."""
    constraint = "{kind: count, people: p, at: {event: b, where: {x: u}}, at_least: 2}"
    found = judge(constraint, thing("t", "b 2012-03-09", people=["p 甲"]), "2012-03-30")
    assert said(found) == {"t": "undetermined fact_missing b.x"}


def test_a_step_kept_as_an_attribute() -> None:
    constraint = "{kind: count, events: a, at: {attribute: due}, at_least: 2}"
    expected = {
        "reached": (thing("", "a 2012-03-01", "a 2012-03-02", due="2012-03-02"), "compliant enough"),
        "short": (thing("", "a 2012-03-01", "a 2012-03-03", due="2012-03-02"), "violated short"),
        "unknown": (thing("", "a 2012-03-01"), "undetermined fact_missing due"),
    }
    table(constraint, "2012-03-30", expected)


def test_a_step_that_is_still_to_come_is_open() -> None:
    """The step's date lies after the as-of date: more may come until then."""
    constraint = "{kind: count, events: a, at: {attribute: due}, at_least: 2}"
    found = judge(constraint, thing("t", "a 2012-03-01", due="2012-04-02"), "2012-03-30")
    assert said(found) == {"t": "pending open"}


def test_readings() -> None:
    records = [thing(f"{n}", "b 2012-03-09", people=["p 甲", "p 乙", "p 丙"][:n]) for n in (1, 2, 3)]
    assert said(judge(TWO, records, "2012-03-30", readings="{one: {}, two: {at_least: 3}}")) == {
        "1": "violated short",
        "2": "arguable readings_differ one=compliant/two=violated",
        "3": "compliant enough",
    }


def test_the_law_in_force_on_the_day_of_the_step() -> None:
    people = ["p 甲"]
    expected = {
        "before": (thing("", "b 2012-02-29", people=people), "not_applicable out_of_force"),
        "first day": (thing("", "b 2012-03-01", people=people), "violated short"),
        "after": (thing("", "b 2012-04-01", people=people), "not_applicable out_of_force"),
        "no step": (thing("", people=people), "not_applicable out_of_force"),
    }
    table(TWO, "2012-05-01", expected, force=("2012-03-01", "2012-03-31"))


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: count, people: p, events: a, at_least: 1}",
        "{kind: count, at_least: 1}",
        "{kind: count, people: p}",
        "{kind: count, people: p, at_least: -1}",
        "{kind: count, people: x, at_least: 1}",
        "{kind: count, people: {role: p, where: {okay: true}}, at_least: 1}",
        "{kind: count, people: {role: p, valid: {to: ok}}, at_least: 1}",
        "{kind: count, events: {event: a, pick: each}, at_least: 1}",
        "{kind: count, events: a, at: {event: b, pick: latest}, at_least: 1}",
        "{kind: count, events: {attribute: due}, at_least: 1}",  # a date is no event to count
        "{kind: count, events: {all_of: [a, c]}, at_least: 1}",  # nor are several steps one event
        "{kind: count, events: {event: a, otherwise: c}, at_least: 1}",
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    assert unreached("count") == []

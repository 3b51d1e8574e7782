"""What is still to be done and by when. Days are worked out by hand beside each test; `a` starts, `b` is the act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.days import to_date
from lawgov_rules.duties import DueList, Duty, until
from lawgov_rules.kinds import discover
from lawgov_rules.kinds._contract import Constraint
from lawgov_rules.outstanding import STATUSES
from lawgov_rules.ruleset import Rulesets
from tests.kinds.build import day, read_record, rules_of, thing

FIFTEEN = "{kind: deadline, after: a, do: b, within: 15 days}"
READINGS = "{one: {roll: false}, two: {roll: true}}"


def due(
    constraint: str,
    records: dict[str, Any] | Sequence[dict[str, Any]],
    as_of: str,
    *,
    force: tuple[str, str | None] = ("2000-01-01", None),
    within: int | str | None = None,
    with_open: bool = False,
    with_lapsed: bool = False,
    slack: int = 2,
    **more: str,
) -> DueList:
    """The due list of one rule, which both executors give alike."""
    rules = rules_of(constraint, force, slack, **more)
    read = [read_record(r) for r in ([records] if isinstance(records, dict) else records)]
    one, many = (
        lr.due(read, rules, as_of=as_of, within=within, with_open=with_open, with_lapsed=with_lapsed, engine=engine)
        for engine in ("live", "batch")
    )
    assert one.duties == many.duties and one.summary == many.summary
    return one


def said(found: DueList) -> dict[str, str]:
    """By ``record instance``: status, day or days, days left, working days left, and how sure the day is."""
    lines = {}
    for d in found.duties:
        days = f"{d.due}" if d.due == d.latest else f"{d.due}..{d.latest}"
        left = "" if d.working_days_left is None else f"/{d.working_days_left}"
        parts = (d.status, days if d.due else "", "" if d.days_left is None else f"{d.days_left}{left}", d.certainty)
        lines[f"{d.record} {d.instance}".strip()] = " ".join(part for part in parts if part)
    return lines


def test_a_day_in_natural_days() -> None:
    """Published on Thursday 1 March 2012; the 16th is a Friday. From the 12th: four days, and four working days."""
    record = thing("t", "a 2012-03-01")
    by_day = {d: said(due(FIFTEEN, record, d))["t"] for d in ("2012-03-12", "2012-03-16", "2012-03-17")}
    assert by_day == {
        "2012-03-12": "due 2012-03-16 4/4 certain",
        "2012-03-16": "due 2012-03-16 0/0 certain",
        "2012-03-17": "overdue 2012-03-16 -1 certain",
    }


def test_what_is_done_or_never_began_is_not_listed() -> None:
    records = [thing("late", "a 2012-03-01", "b 2012-04-01"), thing("on time", "a 2012-03-01", "b 2012-03-05")]
    records += [thing("no trigger"), thing("later", "a 2012-05-02")]
    assert said(due(FIFTEEN, records, "2012-05-01")) == {}


def test_readings_give_two_days() -> None:
    """Friday 2 March + 15 = Saturday the 17th, or Monday the 19th. On the 20th three days late, or one."""
    record = thing("t", "a 2012-03-02")
    days = ("2012-03-12", "2012-03-17", "2012-03-18", "2012-03-19", "2012-03-20")
    found = {d: due(FIFTEEN, record, d, readings=READINGS) for d in days}
    assert {d: said(f)["t"] for d, f in found.items()} == {
        "2012-03-12": "due 2012-03-17..2012-03-19 5/4 readings_differ",
        "2012-03-17": "due 2012-03-17..2012-03-19 0/0 readings_differ",
        "2012-03-18": "perhaps_overdue 2012-03-17..2012-03-19 -1 readings_differ",
        "2012-03-19": "perhaps_overdue 2012-03-17..2012-03-19 -2 readings_differ",
        "2012-03-20": "overdue 2012-03-17..2012-03-19 -3 readings_differ",
    }
    (duty,) = found["2012-03-18"].duties
    assert duty.readings == {
        "one": {"verdict": "violated", "due": "2012-03-17", "latest": "2012-03-17"},
        "two": {"verdict": "pending", "due": "2012-03-19", "latest": "2012-03-19"},
    }
    assert "overdue" not in duty.message["en"] and duty.detail == "readings_differ"


def test_readings_that_agree_are_one_day() -> None:
    """Thursday 1 March + 15 = Friday the 16th under both."""
    (duty,) = due(FIFTEEN, thing("t", "a 2012-03-01"), "2012-03-12", readings=READINGS).duties
    assert (duty.certainty, duty.readings, duty.due) == ("certain", {}, duty.latest)


def test_working_days_and_the_reminder() -> None:
    """Friday 30 March 2012. Saturday 31 March and Sunday 1 April were worked for the holiday of 2 to 4 April, so the
    third working day is Thursday the 5th, before which the last one is that Sunday; the fifth is Monday the 9th."""
    record = thing("t", "a 2012-03-30")
    for n, last, left, before in ((3, "2012-04-05", "6/3", "2012-04-01"), (5, "2012-04-09", "10/5", "2012-04-06")):
        found = due(f"{{kind: deadline, after: a, do: b, within: {n} working days}}", record, "2012-03-30")
        assert said(found) == {"t": f"due {last} {left} certain"}
        assert str(found.duties[0].remind) == before


def test_the_region_has_its_own_working_days() -> None:
    """Monday 8 April 2024 was a working day, and the 11th and 12th (三月三) were rest days in Guangxi alone."""
    constraint = "{kind: deadline, after: a, do: b, within: 5 days}"
    records = [thing(place, "a 2024-04-08", place=place) for place in ("140581", "450800")]
    rules = rules_of(constraint, ("2000-01-01", None))
    rules.rulesets[0].rules[0].__dict__["places"] = ("140500", "450000")
    found = lr.due([read_record(r) for r in records], rules, as_of="2024-04-08")
    assert {d.record: (d.working_days_left, str(d.remind)) for d in found.duties} == {
        "140581": (4, "2024-04-12"),
        "450800": (2, "2024-04-10"),
    }


def test_a_calendar_that_is_not_published_gives_two_days() -> None:
    """Seven working days after 24 December 2026 end between 3 and 6 January 2027 (see test_days)."""
    constraint = "{kind: deadline, after: a, do: b, within: 7 working days}"
    record = thing("t", "a 2026-12-24")
    days = ("2026-12-28", "2027-01-03", "2027-01-04", "2027-01-07")
    found = {d: said(due(constraint, record, d, slack=0))["t"].partition(" ") for d in days}
    assert {d: status for d, (status, _, _) in found.items()} == {
        "2026-12-28": "due",
        "2027-01-03": "due",
        "2027-01-04": "perhaps_overdue",
        "2027-01-07": "overdue",
    }
    assert all("2027-01-03..2027-01-06" in rest and "calendar_unpublished" in rest for _, _, rest in found.values())


def test_a_day_that_is_only_presumed() -> None:
    """Twenty working days after Monday 1 March 2027 are four weeks, if nothing is moved; in natural days it is sure."""
    record = thing("t", "a 2027-03-01")
    working = due("{kind: deadline, after: a, do: b, within: 20 working days}", record, "2027-03-01")
    natural = due("{kind: deadline, after: a, do: b, within: 28 days}", record, "2027-03-01")
    assert said(working) == {"t": "due 2027-03-29 28/20 presumed"}
    assert said(natural) == {"t": "due 2027-03-29 28/20 certain"}


def test_extension_and_a_stopped_clock() -> None:
    """1 March + 15 + 10 = 26 March; stopped on the 5th there is no day until it goes on."""
    extended = "{kind: deadline, after: a, do: b, within: 15 days, extended: {by: 10 days, when: c}}"
    assert said(due(extended, thing("t", "a 2012-03-01", "c 2012-03-10"), "2012-03-12")) == {
        "t": "due 2012-03-26 14/10 certain"
    }
    stopped = "{kind: deadline, after: a, do: b, within: 15 days, suspended: {from: c, to: d}}"
    record = thing("t", "a 2012-03-01", "c 2012-03-05")
    assert said(due(stopped, record, "2012-12-31")) == {}
    assert said(due(stopped, record, "2012-12-31", with_open=True)) == {"t": "open"}


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: deadline, after: a, do: b}",
        "{kind: precedence, before: b, require: a}",
        "{kind: composition, steps: [a, b]}",
    ],
)
def test_without_a_limit_only_when_asked(constraint: str) -> None:
    record = thing("t", "a 2012-03-01")
    without = due(constraint, record, "2020-12-31")
    assert (said(without), without.summary["left_out"]["open"]) == ({}, 1)
    asked = due(constraint, record, "2020-12-31", with_open=True)
    assert (said(asked), asked.summary["left_out"]["open"]) == ({"t": "open"}, 0)


def test_what_may_not_yet_be_done_is_no_duty() -> None:
    """Thirty days for comments are no day by which something is due."""
    constraint = "{kind: minimum_gap, from: a, to: b, at_least: 30 days}"
    assert said(due(constraint, thing("t", "a 2012-03-01"), "2012-03-02", with_open=True)) == {}


def test_a_day_of_every_year() -> None:
    """By 20 December: what is reported later counts for its year if the report names it; else until the year's end.

    From Sunday 30 June 2013 there are 24 weeks and five days to that Friday, 125 weekdays; mid-autumn and the national
    holiday took seven of them, and three days at weekends were worked for it.
    """
    record = thing("t", "b 2011-12-01 year=2011")
    force = ("2011-01-01", None)
    named = "{kind: fixed_date, do: b, by: 12-20, report_year: {attribute: year}}"
    assert said(due(named, record, "2013-06-30", force=force)) == {
        "t 2012": "overdue 2012-12-20 -192 certain",
        "t 2013": "due 2013-12-20 173/121 certain",
    }
    plain = "{kind: fixed_date, do: b, by: 12-20}"
    by_day = {d: said(due(plain, record, d, force=force)) for d in ("2012-12-20", "2012-12-31", "2013-01-01")}
    assert {d: lines.get("t 2012") for d, lines in by_day.items()} == {
        "2012-12-20": "due 2012-12-20 0/0 certain",
        "2012-12-31": "overdue 2012-12-20 -11 certain",
        "2013-01-01": None,
    }
    lapsed = due(plain, record, "2013-01-01", force=force, with_lapsed=True)
    assert said(lapsed)["t 2012"] == "lapsed 2012-12-20 -12 certain"
    assert str(lapsed.duties[-1].counts_until) == "2012-12-31"


def test_a_window_over_the_new_year_counts_until_the_next_one_begins() -> None:
    """From October to the end of January: an act of September 2012 still counts for January 2012."""
    constraint = "{kind: fixed_date, do: b, not_before: 10-01, by: 01-31}"
    for as_of, status in (("2012-09-30", "overdue"), ("2012-10-01", "lapsed")):
        found = due(constraint, thing("t"), as_of, force=("2012-01-01", None), with_lapsed=True)
        (duty,) = [d for d in found.duties if d.instance == "2012"]
        assert (duty.status, str(duty.counts_until)) == (status, "2012-09-30")


def test_a_gap_again_and_again() -> None:
    """Done on 1 August 2011, so due two years later, or in the block 2013-2014 by its end."""
    constraint, force = "{kind: recurrence, of: a, every: 2 years}", ("2009-01-01", None)
    record = thing("t", "a 2010-05-01", "a 2011-08-01")
    assert said(due(constraint, record, "2013-07-31", force=force)) == {"t 2011-08-01": "due 2013-08-01 1/1 certain"}
    found = due(constraint, record, "2013-08-02", force=force, readings="{one: {}, two: {blocks: true}}")
    assert said(found) == {"t 2011-08-01": "perhaps_overdue 2013-08-01..2014-12-31 -1 readings_differ"}


def test_a_gap_that_force_ends_before_it_falls_due_is_no_duty() -> None:
    """In force to 30 June 2012, so nothing is due on 1 August 2013."""
    found = due(
        "{kind: recurrence, of: a, every: 2 years}",
        thing("t", "a 2011-08-01"),
        "2012-01-01",
        force=("2009-01-01", "2012-06-30"),
        with_open=True,
    )
    assert said(found) == {}


def test_a_quota_is_due_at_the_end_of_its_period() -> None:
    """One a month: February was done, March is not; January is over, and nothing done in March counts for it."""
    constraint, force = "{kind: quota, per: month, of: a, at_least: 1}", ("2012-01-01", None)
    record = thing("t", "a 2012-02-10")
    found = due(constraint, record, "2012-03-12", force=force)
    assert said(found) == {"t 2012-03": "due 2012-03-31 19/15 certain"}  # Saturday the 31st was worked
    assert found.summary["left_out"]["lapsed"] == 1
    everything = due(constraint, record, "2012-03-12", force=force, with_lapsed=True)
    assert list(said(everything).items()) == [
        ("t 2012-03", "due 2012-03-31 19/15 certain"),
        ("t 2012-01", "lapsed 2012-01-31 -41 certain"),
    ]


def test_a_reading_that_asks_for_nothing() -> None:
    """It leaves the day standing for the other reading, and says so."""
    readings = "{one: {}, two: {at_least: 0}}"
    constraint = "{kind: quota, per: year, of: a, at_least: 1}"
    found = due(constraint, thing("t"), "2012-12-30", force=("2012-01-01", None), readings=readings)
    assert said(found) == {"t 2012": "due 2012-12-31 1/1 readings_differ"}


def test_elements_by_a_day() -> None:
    constraint = "{kind: composition, steps: [a, b], by: 2012-12-31}"
    records = [thing("one", "a 2012-05-01"), thing("both", "a 2012-05-01", "b 2013-02-01")]
    assert said(due(constraint, records, "2012-12-01")) == {
        "both": "due 2012-12-31 30/21 certain",
        "one": "due 2012-12-31 30/21 certain",
    }
    assert said(due(constraint, records, "2013-03-01")) == {"one": "overdue 2012-12-31 -60 certain"}


def test_a_share_by_a_day() -> None:
    """Two of three have done it, and 100 % are asked for; afterwards nothing counts any more."""
    constraint = "{kind: coverage, population: {record: thing}, same: organ, done: a, by: 2012-12-31, at_least: 100}"
    records = [
        thing(n, *events, organ="o") for n, events in (("x", ["a 2012-01-05"]), ("y", ["a 2012-02-05"]), ("z", []))
    ]
    found = due(constraint, records, "2012-12-30")
    assert set(said(found).values()) == {"due 2012-12-31 1/1 certain"} and len(found.duties) == 3
    after = due(constraint, records, "2013-01-01")
    assert (said(after), after.summary["left_out"]["lapsed"]) == ({}, 3)


def test_a_reason_on_record_ends_the_duty() -> None:
    found = due(
        FIFTEEN, [thing("t", "a 2012-03-01", reason="r"), thing("u", "a 2012-03-01")], "2012-04-01", excused_by="reason"
    )
    assert list(said(found)) == ["u"]


def test_a_missing_fact_is_counted_and_not_guessed() -> None:
    """Whether the act was the one that is meant is not on record: `lawgov check` names the fact."""
    constraint = "{kind: deadline, after: a, do: {event: b, where: {x: u}}, within: 15 days}"
    found = due(constraint, thing("t", "a 2012-03-01", "b 2012-03-05"), "2012-04-01")
    assert (said(found), found.summary["left_out"]["unknown"]) == ({}, 1)


def test_every_kind_with_a_day_is_tried_here() -> None:
    kinds = {name for name, kind in discover().items() if kind.outstanding is not Constraint.outstanding}
    assert kinds == {"deadline", "fixed_date", "recurrence", "quota", "composition", "coverage"}


# --- what holds whatever the records are --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("within", "last"),
    [
        (0, "2012-01-31"),
        (30, "2012-03-01"),
        ("30d", "2012-03-01"),
        ("30 days", "2012-03-01"),
        ("2w", "2012-02-14"),
        ("1m", "2012-02-29"),
        ("1y", "2013-01-31"),
    ],
)
def test_within(within: int | str, last: str) -> None:
    """From 31 January 2012, a leap year."""
    assert until(day("2012-01-31"), within) == day(last)


@pytest.mark.parametrize("within", ["", "d", "-3d", "3 fortnights", "1.5d", "30d30d", "９d", "99999y"])
def test_within_that_is_no_time(within: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time such as|leads beyond the year 9999"):
        until(day("2012-01-31"), within)


DAYS = st.dates(dt.date(2011, 6, 1), dt.date(2013, 6, 1))
EVENTS = st.lists(st.tuples(st.sampled_from("abc"), DAYS), max_size=6)
CONSTRAINTS = {
    "deadline": ("{kind: deadline, after: {event: a, pick: each}, do: b, within: 15 days}", READINGS),
    "working": ("{kind: deadline, after: a, do: b, within: 5 working days}", None),
    "quota": ("{kind: quota, per: quarter, of: a, at_least: 2}", "{one: {}, two: {at_least: 0}}"),
    "recurrence": ("{kind: recurrence, of: a, every: 3 months}", None),
    "fixed_date": ("{kind: fixed_date, do: b, by: 12-20}", "{one: {inclusive: false}, two: {roll: true}}"),
}
RULES: dict[str, Rulesets] = {
    name: rules_of(constraint, ("2011-01-01", None), readings=readings)
    for name, (constraint, readings) in CONSTRAINTS.items()
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(RULES)), st.lists(EVENTS, min_size=1, max_size=4), DAYS, st.integers(0, 200))
def test_laws(name: str, records: list[list[tuple[str, dt.date]]], as_of: dt.date, within: int) -> None:
    read = [read_record(thing(f"r{n}", *(f"{e} {d}" for e, d in events))) for n, events in enumerate(records)]

    def listed(**more: Any) -> DueList:
        return lr.due(read, RULES[name], as_of=as_of, engine="live", with_open=True, **more)

    everything = listed(with_lapsed=True)
    _check_order(everything.duties)
    for duty in everything.duties:
        _check_days(duty, as_of)
    # a time asked for leaves out what falls due later, and nothing else
    some = listed(with_lapsed=True, within=within)
    last = as_of + dt.timedelta(days=within)
    kept = [d for d in everything.duties if d.status != "due" or (d.due is not None and d.due <= last)]
    assert some.duties == kept
    assert some.summary["left_out"]["later"] == len(everything.duties) - len(kept)
    # lapsed ones are counted where they are not listed
    usual = listed()
    assert usual.summary["left_out"]["lapsed"] == len(everything.duties) - len(usual.duties)
    # what a check finds missing or pending is what is listed
    if not RULES[name].rules[0].readings:
        report = lr.check(read, RULES[name], as_of=as_of, engine="live", show=["pending", "violated"])
        open_ = {f["fingerprint"] for f in report.findings if f["detail"] not in ("late", "early")}
        assert {d.fingerprint for d in everything.duties} == open_


def _check_order(duties: Sequence[Duty]) -> None:
    ranks = [list(STATUSES).index(duty.status) for duty in duties]
    assert ranks == sorted(ranks)
    for status in STATUSES:
        days = [(d.due or dt.date.max, d.latest or dt.date.max) for d in duties if d.status == status]
        assert days == sorted(days)
    assert len({duty.fingerprint for duty in duties}) == len(duties)


def _check_days(duty: Duty, as_of: dt.date) -> None:
    if duty.due is None:
        assert duty.status == "open"
        return
    assert duty.latest is not None and duty.due <= duty.latest
    assert duty.days_left == (duty.due - as_of).days
    if duty.status == "due":
        assert duty.due >= as_of
        assert duty.working_days_left is not None and duty.working_days_left <= (duty.latest - as_of).days
    elif duty.status == "overdue":
        assert duty.latest < as_of
    elif duty.status == "perhaps_overdue":
        assert duty.due < as_of
    assert duty.remind is not None and duty.remind < duty.due


def test_working_days_before_and_between() -> None:
    """Against a count day by day, at the edges of the table and beyond them."""
    region = rules_of(FIFTEEN, ("2000-01-01", None)).calendar.region(None)
    for start in ("2012-01-19", "2026-12-20"):
        for n in range(30):
            days = [day(start) + k for k in range(1, n + 1)]
            states = [region.state(d) for d in days]
            most = sum(state != "rest" for state in states)
            assert region.working_days(day(start), day(start) + n) == (states.count("work"), most)
    assert region.working_days(region.first - 1, region.first) == (None, None)
    assert region.working_days(region.last, region.last + 1) == (None, None)
    for edge in (region.first, region.last):
        for d in range(edge - 9, edge + 9):
            found = region.working_day_before(d)
            inside = region.first <= found <= region.last
            assert found < d and (region.state(found) == "work" if inside else to_date(found).weekday() < 5)
            between = range(found + 1, d)
            assert all(
                region.state(x) != "work" if region.first <= x <= region.last else to_date(x).weekday() > 4
                for x in between
            )

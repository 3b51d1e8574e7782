"""Something must be done by a date, once or every year. `a` is what must be done."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, table, thing, unreached

YEARLY = "{kind: fixed_date, do: a, by: 12-20}"
ONCE = "{kind: fixed_date, do: a, by: 2009-12-31}"
YEAR_2013 = ("2013-01-01", "2013-12-31")


def by_year(constraint: str, as_of: str, expected: dict[str, tuple[list[str], str]], **more: str) -> None:
    """What is said of the year 2013, by record."""
    records = [thing(name, *events) for name, (events, _text) in expected.items()]
    found = said(judge(constraint, records, as_of, force=YEAR_2013, **more))
    assert found == {f"{name} 2013": text for name, (_events, text) in expected.items()}


def test_every_year() -> None:
    """20 December itself is on time; after it an act is late, and none is missing."""
    expected = {
        "on the day": (["a 2013-12-20"], "compliant on_time"),
        "long before": (["a 2013-01-01"], "compliant on_time"),
        "day after": (["a 2013-12-21"], "violated late"),
        "never": ([], "violated missing"),
        "twice": (["a 2013-12-25", "a 2013-12-19"], "compliant on_time"),
        "a copy": (["a 2013-12-21", "a 2013-12-21"], "violated late"),
        "of another year": (["a 2012-12-31", "a 2014-01-01"], "violated missing"),
    }
    by_year(YEARLY, "2014-02-01", expected)
    by_year(YEARLY, "2013-12-20", {"today": ([], "pending not_due"), "tomorrow": (["a 2013-12-21"], "pending not_due")})
    by_year(YEARLY, "2013-12-21", {"a day over": ([], "violated missing")})


def test_instances() -> None:
    """In force 2012-12-21 to 2015-12-19: of the due days only those of 2013 and 2014 lie in it; 2015 has not begun."""
    force = ("2012-12-21", "2015-12-19")
    found = judge(YEARLY, thing("t", "a 2013-12-20"), "2014-12-31", force=force)
    assert said(found) == {"t 2013": "compliant on_time", "t 2014": "violated missing"}
    assert dates(found[0], "response", "due_lo", "due_hi") == ["2013-12-20"] * 3
    assert found[0].measures["year"] == 2013
    (found_on,) = judge(YEARLY, thing("t"), "2013-12-31", force=force)
    assert found_on.instance == "2013"
    (found_on,) = judge(YEARLY, thing("t"), "2012-12-31", force=force)
    assert (found_on.verdict.name, found_on.detail, found_on.instance) == ("not_applicable", "no_period", "")


def test_a_year_begins_with_its_first_day() -> None:
    force = ("2013-01-01", None)
    assert list(said(judge(YEARLY, thing("t"), "2013-12-31", force=force))) == ["t 2013"]
    assert list(said(judge(YEARLY, thing("t"), "2014-01-01", force=force))) == ["t 2013", "t 2014"]


def test_the_due_day_must_be_in_force() -> None:
    for force in (("2013-12-20", None), ("2000-01-01", "2013-12-20")):
        found = said(judge(YEARLY, thing("t"), "2013-12-31", force=force))
        assert found["t 2013"] == "violated missing"
    found = said(judge(YEARLY, thing("t"), "2013-12-31", force=("2013-12-21", None)))
    assert found == {"t": "not_applicable no_period"}


def test_once() -> None:
    """By 2009-12-31, whatever the year of the act; the label is the year of the due date."""
    expected = {
        "on the day": (["a 2009-12-31"], "compliant on_time"),
        "years before": (["a 2007-05-01"], "compliant on_time"),
        "next year": (["a 2010-01-05"], "violated late"),
        "never": ([], "violated missing"),
    }
    records = [thing(name, *events) for name, (events, _text) in expected.items()]
    found = said(judge(ONCE, records, "2012-01-01", force=("2009-01-01", None)))
    assert found == {f"{name} 2009": text for name, (_events, text) in expected.items()}
    assert said(judge(ONCE, thing("t"), "2009-12-31", force=("2009-01-01", None))) == {"t 2009": "pending not_due"}
    assert said(judge(ONCE, thing("t"), "2008-12-31", force=("2009-01-01", None))) == {"t": "not_applicable no_period"}


def test_the_reported_year() -> None:
    """A report on 2013 of January 2014 is late and not next year's; without a year on it, it is next year's."""
    constraint = "{kind: fixed_date, do: a, by: 12-20, report_year: {attribute: year}}"
    records = [
        thing("in January", "a 2014-01-05 year=2013"),
        thing("without a year", "a 2014-01-05"),
        thing("on time", "a 2013-12-01 year=2013"),
        thing("next year's early", "a 2013-12-01 year=2014"),
    ]
    assert said(judge(constraint, records, "2014-06-01", force=("2013-01-01", "2014-12-31"))) == {
        "in January 2013": "violated late",
        "in January 2014": "pending not_due",
        "without a year 2013": "violated missing",
        "without a year 2014": "compliant on_time",
        "on time 2013": "compliant on_time",
        "on time 2014": "pending not_due",
        "next year's early 2013": "violated missing",
        "next year's early 2014": "compliant on_time",
    }


def test_a_report_on_the_year_before() -> None:
    """The report on 2013 falls due on 2014-03-31: offset -1. One without a year belongs to the year of its date."""
    constraint = "{kind: fixed_date, do: a, by: 03-31, report_year: {attribute: year, offset: -1}}"
    records = [
        thing("on 2013", "a 2014-03-31 year=2013"),
        thing("on 2013, late", "a 2014-04-01 year=2013"),
        thing("on 2012, in 2014", "a 2014-03-01 year=2012"),
        thing("no year", "a 2014-03-01"),
    ]
    assert said(judge(constraint, records, "2014-12-31", force=("2014-01-01", "2014-12-31"))) == {
        "on 2013 2014": "compliant on_time",
        "on 2013, late 2014": "violated late",
        "on 2012, in 2014 2014": "violated missing",
        "no year 2014": "compliant on_time",
    }


def test_not_before() -> None:
    """Between 1 and 20 December: an act in November alone is too early, and is no excuse."""
    constraint = "{kind: fixed_date, do: a, by: 12-20, not_before: 12-01}"
    expected = {
        "first day": (["a 2013-12-01"], "compliant on_time"),
        "day before": (["a 2013-11-30"], "violated early"),
        "early and in time": (["a 2013-11-30", "a 2013-12-10"], "compliant on_time"),
        "early and late": (["a 2013-11-30", "a 2013-12-21"], "violated late"),
        "never": ([], "violated missing"),
    }
    by_year(constraint, "2014-01-01", expected)
    by_year(constraint, "2013-12-20", {"still time": (["a 2013-11-30"], "pending not_due")})
    once = "{kind: fixed_date, do: a, by: 2009-09-30, not_before: 2009-06-01}"
    expected_once = {
        "too early 2009": "violated early",
        "in time 2009": "compliant on_time",
    }
    records = [thing("too early", "a 2009-05-31"), thing("in time", "a 2009-06-01")]
    assert said(judge(once, records, "2010-01-01", force=("2009-01-01", None))) == expected_once


def test_inclusive_and_roll() -> None:
    """Sunday 2015-12-20: excluded, the 19th is the last day; moved, Monday the 21st."""
    records = [thing(f"{n}", f"a 2015-12-{n}") for n in (19, 20, 21, 22)]
    year = ("2015-01-01", "2015-12-31")
    excluded = "{kind: fixed_date, do: a, by: 12-20, inclusive: false}"
    rolled = "{kind: fixed_date, do: a, by: 12-20, roll: true}"
    verdicts = {}
    for name, constraint in (("plain", YEARLY), ("excluded", excluded), ("rolled", rolled)):
        found = judge(constraint, records, "2016-01-31", force=year)
        verdicts[name] = [a.detail for a in found]
        verdicts[name, "due"] = dates(found[0], "due_lo")
    assert verdicts == {
        "plain": ["on_time", "on_time", "late", "late"],
        ("plain", "due"): ["2015-12-20"],
        "excluded": ["on_time", "late", "late", "late"],
        ("excluded", "due"): ["2015-12-19"],
        "rolled": ["on_time", "on_time", "on_time", "late"],
        ("rolled", "due"): ["2015-12-21"],
    }


def test_the_move_of_a_year_not_yet_published() -> None:
    """No notice says yet who works on 31 December 2026: the limit is that day, or at the latest 2027-01-06."""
    constraint = "{kind: fixed_date, do: a, by: 12-31, roll: true}"
    unknown = "undetermined calendar_unpublished calendar:2027"
    force = ("2026-01-01", "2026-12-31")
    records = [thing(d, f"a {d} year=2026") for d in ("2026-12-31", "2027-01-06", "2027-01-07")]
    reported = "{kind: fixed_date, do: a, by: 12-31, roll: true, report_year: {attribute: year}}"
    assert said(judge(reported, records, "2027-02-01", force=force)) == {
        "2026-12-31 2026": "compliant on_time",
        "2027-01-06 2026": unknown,
        "2027-01-07 2026": "violated late",
    }
    assert said(judge(constraint, thing("t"), "2027-01-03", force=force)) == {"t 2026": unknown}
    assert said(judge(constraint, thing("t"), "2027-01-07", force=force)) == {"t 2026": "violated missing"}


def test_every_recipient_is_owed_its_own() -> None:
    constraint = "{kind: fixed_date, do: a, by: 12-20, recipients: {attribute: to, each: [r, s]}}"
    records = [
        thing("one", "a 2013-12-01 to=r"),
        thing("both", "a 2013-12-01 to=r", "a 2013-12-21 to=s"),
        thing("to whom", "a 2013-12-01"),
    ]
    found = judge(constraint, records, "2014-01-01", force=YEAR_2013)
    assert said(found) == {
        "one 2013/r": "compliant on_time",
        "one 2013/s": "violated missing",
        "both 2013/r": "compliant on_time",
        "both 2013/s": "violated late",
        "to whom 2013/r": "undetermined fact_missing a.to",
        "to whom 2013/s": "undetermined fact_missing a.to",
    }
    assert [a.measures["recipient"] for a in found[:2]] == [0, 1]
    only = constraint.replace("do: a", "do: {event: a, where: {x: u}}")
    found = judge(only, thing("t", "a 2013-12-01 to=r x=u", "a 2013-12-01 to=s x=v"), "2014-01-01", force=YEAR_2013)
    assert said(found) == {"t 2013/r": "compliant on_time", "t 2013/s": "violated missing"}


def test_an_event_that_may_be_meant_is_judged_both_ways() -> None:
    constraint = "{kind: fixed_date, do: {event: a, where: {x: u}}, by: 12-20}"
    expected = {
        "in time": (["a 2013-12-01"], "undetermined fact_missing a.x"),
        "late": (["a 2013-12-21"], "violated missing"),
        "another is sure": (["a 2013-12-01", "a 2013-12-05 x=u"], "compliant on_time"),
    }
    by_year(constraint, "2014-01-01", expected)


def test_only_the_doubts_of_the_year_matter() -> None:
    """The act in doubt belongs to 2013: 2014 is decided."""
    constraint = "{kind: fixed_date, do: {event: a, where: {x: u}}, by: 12-20}"
    found = judge(constraint, thing("t", "a 2013-12-01"), "2014-12-31", force=("2013-01-01", "2014-12-31"))
    assert said(found) == {"t 2013": "undetermined fact_missing a.x", "t 2014": "violated missing"}


def test_readings() -> None:
    readings = "{one: {}, two: {inclusive: false}}"
    expected = {
        "19th": (["a 2013-12-19"], "compliant on_time"),
        "20th": (["a 2013-12-20"], "arguable readings_differ one=compliant/two=violated"),
        "21st": (["a 2013-12-21"], "violated late"),
    }
    by_year(YEARLY, "2014-01-01", expected, readings=readings)


def test_unknown_applicability() -> None:
    found = judge(YEARLY, thing("t"), "2014-01-01", force=YEAR_2013, when="{flag: true}")
    assert said(found) == {"t 2013": "undetermined fact_missing flag"}
    table(YEARLY, "2014-01-01", {"t": (thing("", flag="false"), "not_applicable condition_false")}, when="{flag: true}")


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: fixed_date, do: a, by: 20 December}",
        "{kind: fixed_date, do: a, by: 02-30}",
        "{kind: fixed_date, do: a, by: 02-29}",  # not a day of every year
        "{kind: fixed_date, do: a, by: 2013-02-29}",
        "{kind: fixed_date, do: a, by: 12-20, not_before: 2013-12-01}",
        "{kind: fixed_date, do: a, by: 2012-12-20, not_before: 2012-12-21}",  # a window without a day
        "{kind: fixed_date, do: a, by: 2013-12-20, report_year: {attribute: year}}",
        "{kind: fixed_date, do: a, by: 12-20, report_year: {attribute: yeer}}",
        "{kind: fixed_date, do: a, by: 12-20, report_year: {attribute: x}}",  # a choice is no year
        "{kind: fixed_date, do: a, by: 12-20, recipients: {attribute: whom, each: [r]}}",
        "{kind: fixed_date, do: a, by: 12-20, recipients: {attribute: to, each: [z]}}",
        "{kind: fixed_date, do: a, by: 12-20, recipients: {attribute: to, each: []}}",  # owed to nobody
        "{kind: fixed_date, do: {any_of: [a, c]}, by: 12-20, recipients: {attribute: to, each: [r]}}",
        "{kind: fixed_date, do: {event: a, otherwise: c}, by: 12-20, recipients: {attribute: to, each: [r]}}",
        "{kind: fixed_date, do: {attribute: due}, by: 12-20}",
        "{kind: fixed_date, do: {event: a, pick: each}, by: 12-20}",
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    """A due day outside the time in force is no instance, so no governing date can put one out of force."""
    assert unreached("fixed_date", dated=False) == []


def test_a_window_that_begins_the_year_before() -> None:
    """From 1 October to 31 January: for 2013 from 2012-10-01 to 2013-01-31. An act of September counts for nothing."""
    constraint = "{kind: fixed_date, do: a, not_before: 10-01, by: 01-31}"
    acts = ("a 2012-10-01", "a 2014-01-31", "a 2014-09-30", "a 2016-02-01")
    found = said(judge(constraint, thing("t", *acts), "2016-03-01", force=("2013-01-01", "2016-12-31")))
    assert found == {
        "t 2013": "compliant on_time",
        "t 2014": "compliant on_time",
        "t 2015": "violated missing",
        "t 2016": "violated late",
    }


def test_a_date_on_record_stands_in_for_the_date() -> None:
    """By 9 March, or by the day that the record names."""
    constraint = "{kind: fixed_date, do: a, by: 2012-03-09, replaced_by: due}"
    expected = {
        "no other": (thing("", "a 2012-03-10"), "violated late"),
        "later": (thing("", "a 2012-03-10", due="2012-03-10"), "compliant on_time"),
        "earlier": (thing("", "a 2012-03-09", due="2012-03-08"), "violated late"),
        "not yet": (thing("", due="2012-03-30"), "pending not_due"),
    }
    expected = {f"{name} 2012": value for name, value in expected.items()}
    records = [{**r, "record": name[:-5]} for name, (r, _) in expected.items()]
    assert said(judge(constraint, records, "2012-03-30")) == {name: text for name, (_, text) in expected.items()}
    assert "`flag` is not a date of a thing" in " ".join(problems_of(constraint.replace("due", "flag")))
    assert "single date" in " ".join(problems_of("{kind: fixed_date, do: a, by: 03-09, replaced_by: due}"))

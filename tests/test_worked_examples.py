"""The verdict examples of the research on time limits, each by a kind with its parameters and readings.

Worked out there by hand (CALENDAR.md, table 2.3, and 1.4 for a year not yet published). `a` stands for the event that
starts a time, `b` for the one that ends it; `one` is the strict reading of a text and `two` the lenient one.
"""

from __future__ import annotations

from tests.kinds.build import dates, judge, said, thing

ARGUABLE = "arguable readings_differ one=violated/two=compliant"


def test_a_comment_period_of_at_least_30_days() -> None:
    """意见 2023-05-01 → 05-31 / 05-30 / 05-29, 不少于30日: met, a matter of reading (both ends counted), short."""
    records = [thing(end, "a 2023-05-01", f"b 2023-05-{end}") for end in ("31", "30", "29")]
    constraint = "{kind: minimum_gap, from: a, to: b, at_least: 30 days}"
    found = judge(constraint, records, "2023-07-01", readings="{one: {}, two: {start_day_counts: true}}")
    assert said(found) == {"31": "compliant enough", "30": ARGUABLE, "29": "violated short"}


def test_a_hearing_announced_seven_working_days_before() -> None:
    """听证 2022-06-10, 七日前 in working days: the limit is 05-31 (3 to 5 June are the Dragon Boat Festival).

    Seven working days back from Friday 10 June, that day not counted: 9, 8, 7, 6, 2, 1 June and 31 May. "Before" the
    seventh day strictly means that seven whole working days lie between, so at least eight to the hearing.
    """
    records = [thing(d, f"a 2022-{d}", "b 2022-06-10") for d in ("05-30", "05-31", "06-01")]
    constraint = "{kind: minimum_gap, from: a, to: b, at_least: 8 working days}"
    found = judge(constraint, records, "2022-07-01", readings="{one: {}, two: {at_least: 7 working days}}")
    assert said(found) == {"05-30": "compliant enough", "05-31": ARGUABLE, "06-01": "violated short"}
    assert dates(found[1], "due_lo") == ["2022-06-13"]  # the eighth working day is the Monday after


def test_a_rule_in_force_thirty_days_after_its_publication() -> None:
    """规章 2018-05-01, 30日后施行: 06-01 (31 days) is met, 05-31 (30) a matter of reading, 05-30 short."""
    records = [thing(d, "a 2018-05-01", f"b 2018-{d}") for d in ("06-01", "05-31", "05-30")]
    constraint = "{kind: minimum_gap, from: a, to: b, at_least: 31 days}"
    found = judge(constraint, records, "2018-07-01", readings="{one: {}, two: {at_least: 30 days}}")
    assert said(found) == {"06-01": "compliant enough", "05-31": ARGUABLE, "05-30": "violated short"}


def test_before_20_december_a_saturday() -> None:
    """2014年12月20日前 (Sat): 19 met; 20 if the day is included; 22 (Mon) if a rest day moves the limit; 23 missed."""
    records = [thing(n, f"a 2014-12-{n}") for n in ("19", "20", "22", "23")]
    readings = "{one: {inclusive: false}, two: {}, three: {roll: true}}"
    found = judge(
        "{kind: fixed_date, do: a, by: 12-20}",
        records,
        "2015-01-31",
        readings=readings,
        force=("2014-01-01", "2014-12-31"),
    )
    assert said(found) == {
        "19 2014": "compliant on_time",
        "20 2014": "arguable readings_differ one=violated/two=compliant/three=compliant",
        "22 2014": "arguable readings_differ one=violated/two=violated/three=compliant",
        "23 2014": "violated late",
    }


def test_once_a_quarter() -> None:
    """每季度: acts 2013-01-15, 06-30, 07-01, 2014-01-03, as of 2014-02-15: Q1 to Q3 met, Q4 missed, 2014-Q1 met."""
    record = thing("t", "a 2013-01-15", "a 2013-06-30", "a 2013-07-01", "a 2014-01-03")
    constraint = "{kind: quota, per: quarter, of: a, at_least: 1}"
    found = judge(constraint, record, "2014-02-15", force=("2013-01-01", None))
    assert said(found) == {
        "t 2013-Q1": "compliant enough",
        "t 2013-Q2": "compliant enough",
        "t 2013-Q3": "compliant enough",
        "t 2013-Q4": "violated missing",
        "t 2014-Q1": "compliant enough",
    }


def test_every_two_years() -> None:
    """每两年, duty 2012 to 2019, acts 2012-03, 2015-12, 2016-01, 2019-12: rolling, two gaps of 45 and 47 months fail;
    each of the blocks 2012-13, 2014-15, 2016-17, 2018-19 has its act. The tail cannot fall due before the duty ends.
    """
    record = thing("t", "a 2012-03-01", "a 2015-12-01", "a 2016-01-01", "a 2019-12-01")
    found = judge(
        "{kind: recurrence, of: a, every: 2 years}",
        record,
        "2020-06-30",
        readings="{one: {}, two: {blocks: true}}",
        force=("2012-01-01", "2019-12-31"),
    )
    assert said(found) == {
        "t 2011-12-31": "compliant on_time",
        "t 2012-03-01": ARGUABLE,
        "t 2015-12-01": "compliant on_time",
        "t 2016-01-01": ARGUABLE,
        "t 2019-12-01": "not_applicable part_period",
    }


def test_every_two_years_with_an_empty_block() -> None:
    """Without the acts of 2015 and 2016 the blocks 2014-15 and 2016-17 are empty: the gap fails under both readings."""
    found = judge(
        "{kind: recurrence, of: a, every: 2 years}",
        thing("t", "a 2012-03-01", "a 2019-12-01"),
        "2020-06-30",
        readings="{one: {}, two: {blocks: true}}",
        force=("2012-01-01", "2019-12-31"),
    )
    assert said(found)["t 2012-03-01"] == "violated late"


def test_forty_hours_for_one_who_joined_in_july() -> None:
    """40学时, joined 2014-07-15 with 40, 18 or 16 hours. No text says how a part year counts, and the research would
    call 40 met, 18 arguable and 16 short (pro rata 16.7); here a part year is not scored, unless a rule says pro rata.
    """
    constraint = "{kind: quota, per: year, of: a, sum: n, at_least: 40, service: {from: first_day}}"
    records = [thing(n, f"a 2014-10-01 n={n}", first_day="2014-07-15") for n in ("40", "18", "16")]
    records += [thing("next year", "a 2015-10-01 n=39.5", first_day="2014-07-15")]
    found = said(judge(constraint, records, "2016-01-01", force=("2010-01-01", "2015-12-31")))
    assert {name: text for name, text in found.items() if name.endswith(" 2014")} == {
        "40 2014": "not_applicable part_period",
        "18 2014": "not_applicable part_period",
        "16 2014": "not_applicable part_period",
        "next year 2014": "not_applicable part_period",
    }
    assert found["next year 2015"] == "violated short"


def test_thirty_days_into_a_year_not_yet_published() -> None:
    """30日 from 2026-12-10: Saturday 2027-01-09 moves to Monday the 11th, presumed from the weekday, at both ends."""
    constraint = "{kind: deadline, after: a, do: b, within: 30 days, roll: true}"
    records = [thing(d, "a 2026-12-10", f"b 2027-01-{d}") for d in ("09", "11", "12")]
    for slack in (0, 2):
        found = judge(constraint, records, "2027-02-01", slack=slack)
        assert dates(found[0], "due_lo", "due_hi") == ["2027-01-11", "2027-01-11"]
        assert said(found) == {"09": "compliant on_time", "11": "compliant on_time", "12": "violated late"}
    undone = thing("t", "a 2026-12-10")
    assert said(judge(constraint, undone, "2027-01-11")) == {"t": "pending not_due"}
    assert said(judge(constraint, undone, "2027-01-12")) == {"t": "violated missing"}


def test_seven_working_days_into_a_year_not_yet_published() -> None:
    """7 工作日 from 2026-12-24: undecided from 01-03 to 01-06 as notices have moved days so far (slack 0).

    The 3rd is the earliest due day, so an act on it is in time; the 6th is the latest. With a slack of two days more
    days are open (29 December to 5 January), and the latest due day is the 12th.
    """
    constraint = "{kind: deadline, after: a, do: b, within: 7 working days}"
    unknown = "undetermined calendar_unpublished calendar:2027"
    acts = ("03", "04", "06", "07", "12", "13")
    records = [thing(d, "a 2026-12-24", f"b 2027-01-{d}") for d in acts]
    narrow = judge(constraint, records, "2027-02-01", slack=0)
    assert dates(narrow[0], "due_lo", "due_hi") == ["2027-01-03", "2027-01-06"]
    late = "violated late"
    assert list(said(narrow).values()) == ["compliant on_time", unknown, unknown, late, late, late]
    wide = judge(constraint, records, "2027-02-01")
    assert dates(wide[0], "due_lo", "due_hi") == ["2027-01-03", "2027-01-12"]
    assert list(said(wide).values()) == ["compliant on_time", unknown, unknown, unknown, unknown, late]


def test_seven_working_days_into_a_year_not_yet_published_and_nothing_done() -> None:
    constraint = "{kind: deadline, after: a, do: b, within: 7 working days}"
    undone = thing("t", "a 2026-12-24")
    by_day = {d: said(judge(constraint, undone, d, slack=0))["t"] for d in ("2027-01-03", "2027-01-06", "2027-01-07")}
    assert by_day == {
        "2027-01-03": "pending not_due",
        "2027-01-06": "undetermined calendar_unpublished calendar:2027",
        "2027-01-07": "violated missing",
    }

"""Natural and working days: against two other calendars, against worked examples, and by their own laws.

The worked examples were counted by hand on the notices of the year; each id says what makes the case hard.
"""

from __future__ import annotations

import math
import shutil
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgov_rules.days import Calendar, Duration, Region, add_months, to_date, to_day
from lawgov_rules.errors import InputError
from tests import export_calendar

FOLDER = Path(__file__).parents[1] / "rulesets" / "calendar"
CALENDAR = Calendar.load(FOLDER)
NATIONAL = CALENDAR.region(None)
GUANGXI = CALENDAR.region("450821")
STRICT = Calendar.load(FOLDER, slack=0).region(None)
SETTLED = [date(2009, 1, 1) + timedelta(days=n) for n in range(6571)]  # 2009-01-01 to 2026-12-28


def day(text: str) -> int:
    return to_day(date.fromisoformat(text))


def shown(ends: tuple[int | None, int | None]) -> tuple[str | None, str | None]:
    lo, hi = (None if end is None else to_date(end).isoformat() for end in ends)
    return lo, hi


def due(region: Region, anchor: str, within: str, **how: bool) -> tuple[str | None, str | None]:
    return shown(region.due(day(anchor), Duration.parse(within), **how))


# --- the table ---------------------------------------------------------------------------------------------


def test_every_settled_day_since_2009_agrees_with_two_other_calendars() -> None:
    other = holidays.country_holidays("CN", years=range(2009, 2027))
    for d in SETTLED:
        works = NATIONAL.state(to_day(d)) == "work"
        assert works == other.is_working_day(d) == chinese_calendar.is_workday(d), d


def test_the_published_years_have_the_figures_counted_on_the_notices() -> None:
    """On a transcription of the notices: 118 weekend days worked, 323 weekdays off, 4,491 working days.

    The last three of those working days, 29 to 31 December 2026, are not settled before the notice for 2027.
    """
    work = [d for d in SETTLED if NATIONAL.state(to_day(d)) == "work"]
    assert len(work) == 4491 - 3
    assert sum(d.weekday() > 4 for d in work) == 118
    assert sum(d.weekday() < 5 for d in SETTLED) - sum(d.weekday() < 5 for d in work) == 323
    assert {NATIONAL.state(day(f"2026-12-{n}")) for n in (29, 30, 31)} == {"open"}


@pytest.mark.parametrize(
    ("month", "dom", "years"),
    [
        (12, 20, {2009, 2014, 2015, 2020, 2025, 2026}),
        (3, 31, {2013, 2018, 2019, 2024}),
        (6, 30, {2012, 2013, 2018, 2019, 2024}),
        (12, 31, {2016, 2017, 2018, 2022, 2023}),
    ],
)
def test_usual_closing_dates_are_rest_days_in_these_years(month: int, dom: int, years: set[int]) -> None:
    found = {y for y in range(2009, 2027) if NATIONAL.state(to_day(date(y, month, dom))) == "rest"}
    assert found == years


def test_the_metadata_come_from_the_notices() -> None:
    assert CALENDAR.version == "2025-11-04"  # 国办发明电〔2025〕7号, the notice for 2026
    assert CALENDAR.published_through == 2026
    assert to_date(CALENDAR.settled_through) == date(2026, 12, 28)
    assert (to_date(NATIONAL.first), to_date(NATIONAL.last)) == (date(2004, 1, 1), date(2045, 12, 28))
    assert CALENDAR.sha256 == Calendar.load(FOLDER).sha256 != Calendar.load(FOLDER).version


def test_the_files_are_what_the_export_writes() -> None:
    assert (FOLDER / "national.csv").read_text("utf-8") == export_calendar.national()
    assert (FOLDER / "statute.csv").read_text("utf-8") == export_calendar.statute()


# --- the years to come -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slack", "open_days", "weekdays"),
    [(0, 47, 26), (1, 57, 34), (2, 66, 41)],
)
def test_2027_has_as_many_open_days_as_the_notices_since_2009_allow(slack: int, open_days: int, weekdays: int) -> None:
    """47, 57 and 66 were computed once by another program from the notices of 2009 to 2026."""
    region = Calendar.load(FOLDER, slack=slack).region(None)
    found = [d for d in range(day("2027-01-01"), day("2028-01-01")) if region.state(d) == "open"]
    assert (len(found), sum(to_date(d).weekday() < 5 for d in found)) == (open_days, weekdays)


def test_statute_presumption_and_open_days_are_told_apart() -> None:
    assert [NATIONAL.state(day(d)) for d in ("2026-12-28", "2026-12-29", "2027-01-01")] == [
        "work",  # the last settled day, a Monday
        "open",  # within two days of the 31st, which the notice for 2019 gave off
        "rest",  # the statute
    ]
    assert not NATIONAL.is_presumed(day("2026-12-28"))
    assert not NATIONAL.is_presumed(day("2026-12-29"))
    assert not NATIONAL.is_presumed(day("2027-01-01"))
    assert NATIONAL.is_presumed(day("2027-03-01"))  # an ordinary Monday far from any holiday
    assert NATIONAL.is_presumed(day("2027-03-07"))  # an ordinary Sunday
    assert NATIONAL.state(day("2003-12-31")) == NATIONAL.state(day("2045-12-29")) == "open"


@pytest.mark.parametrize(
    ("anchor", "within", "roll", "earliest", "latest"),
    [
        pytest.param("2026-12-10", "5 working days", False, "2026-12-17", "2026-12-17", id="published"),
        pytest.param("2026-12-24", "7 working days", False, "2027-01-03", "2027-01-06", id="open days"),
        pytest.param("2026-12-24", "20 working days", False, "2027-01-20", "2027-01-25", id="more of them"),
        pytest.param("2027-03-01", "20 working days", False, "2027-03-29", "2027-03-29", id="presumed only"),
        pytest.param("2026-12-10", "30 days", True, "2027-01-11", "2027-01-11", id="9 January is a Saturday"),
        pytest.param("2027-01-08", "30 days", True, "2027-02-09", "2027-02-15", id="ends on 初二"),
    ],
)
def test_an_unpublished_year_gives_two_ends(anchor: str, within: str, roll: bool, earliest: str, latest: str) -> None:
    assert due(STRICT, anchor, within, roll=roll) == (earliest, latest)


def new_moon(k: int) -> float:
    """Julian day (UT) of the k-th new moon since January 2000, to some minutes: Meeus, chapter 49."""
    t = k / 1236.85
    sun, moon, node = (
        math.radians(a + b * k) for a, b in ((2.5534, 29.1053567), (201.5643, 385.81693528), (160.7108, 390.67050284))
    )
    terms = (
        (-0.40720, moon), (0.17241, sun), (0.01608, 2 * moon), (0.01039, 2 * node), (0.00739, moon - sun),
        (-0.00514, moon + sun), (0.00208, 2 * sun), (-0.00111, moon - 2 * node), (-0.00057, moon + 2 * node),
        (0.00056, 2 * moon + sun), (-0.00042, 3 * moon), (0.00042, sun + 2 * node), (0.00038, sun - 2 * node),
    )  # fmt: skip
    mean = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    return mean + sum(c * math.sin(angle) for c, angle in terms) - 75 / 86400


def test_the_lunar_holidays_to_come_fall_on_their_day_of_the_moon() -> None:
    """初一 is the day of the new moon in Beijing (UT+8); 3/3, 5/5 and 8/15 lie 2, 4 and 14 days after one."""
    moons = {math.floor(new_moon(k) + 8 / 24 + 0.5) - 2440588 for k in range(170, 580)}  # 2013-09 to 2046-10
    rows = [line.split(",") for line in (FOLDER / "statute.csv").read_text("utf-8").splitlines()[1:]]
    found = {(text[:4], name): day(text) for text, name in reversed(rows)}  # the first day of each holiday
    for (_, name), first in found.items():
        after = {"春节": -1, "端午节": 4, "中秋节": 14}.get(name)
        assert after is None or first - after in moons, (to_date(first), name)
    third_of_march = export_calendar.yaml.safe_load((FOLDER / "450000.yaml").read_text("utf-8"))["festival"]
    assert all(day(text) - 2 in moons for text in third_of_march["days"])
    assert len(third_of_march["days"]) == 2045 - 2014 + 1


def test_the_statute_to_come_has_thirteen_days_a_year() -> None:
    """清明: floor(0.2422 Y + 4.81) - floor(Y / 4), Y of two digits. The lunar ones lie in their range."""
    rows = [line.split(",") for line in (FOLDER / "statute.csv").read_text("utf-8").splitlines()[1:]]
    for year in range(2027, 2046):
        days = [(text[5:], name) for text, name in rows if text.startswith(str(year))]
        assert len(days) == 13
        y = year % 100
        assert (f"04-0{math.floor(y * 0.2422 + 4.81) - y // 4}", "清明节") in days
        assert {("01-01", "元旦"), ("05-01", "劳动节"), ("05-02", "劳动节")} < set(days)
        assert {("10-01", "国庆节"), ("10-02", "国庆节"), ("10-03", "国庆节")} < set(days)
        lunar = {name: text for text, name in reversed(days)}
        # 除夕 from 20 January to 19 February, 5/5 from 27 May to 25 June, 8/15 from 7 September to 8 October
        assert "01-20" <= lunar["春节"] <= "02-19" and [n for _, n in days].count("春节") == 4
        assert "05-27" <= lunar["端午节"] <= "06-25" and "09-07" <= lunar["中秋节"] <= "10-08"


# --- worked examples ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "within", "roll", "expected"),
    [
        pytest.param("2013-12-05", "15 days", True, "2013-12-20", id="ends on a Friday"),
        pytest.param("2013-09-20", "15 days", True, "2013-10-08", id="5 October lies in National Day week"),
        pytest.param("2013-09-01", "30 days", True, "2013-10-08", id="1 October opens National Day week"),
        pytest.param("2019-09-12", "30 days", True, "2019-10-12", id="a make-up Saturday is no rest day"),
        pytest.param("2023-12-12", "60 days", True, "2024-02-18", id="from 初一 to a make-up Sunday"),
        pytest.param("2020-01-10", "15 days", True, "2020-02-03", id="Spring Festival lengthened in 2020"),
        pytest.param("2013-09-27", "5 working days", False, "2013-10-10", id="make-up Sunday, then a week off"),
        pytest.param("2013-10-05", "5 working days", False, "2013-10-12", id="from a rest day to a Saturday"),
        pytest.param("2024-01-29", "5 working days", False, "2024-02-04", id="ends on a make-up Sunday"),
        pytest.param("2019-09-16", "20 working days", False, "2019-10-17", id="information request of 2019"),
        pytest.param("2019-10-17", "20 working days", False, "2019-11-14", id="and its extension"),
        pytest.param("2012-09-17", "15 working days", False, "2012-10-12", id="information request of 2012"),
        pytest.param("2021-06-30", "7 days", False, "2021-07-07", id="seven natural days, old penalty law"),
        pytest.param("2021-09-16", "7 working days", False, "2021-09-27", id="seven working days, new law"),
        pytest.param("2012-02-29", "2 years", False, "2014-02-28", id="no 29 February: month end"),
        pytest.param("2012-02-29", "4 years", False, "2016-02-29", id="29 February again"),
        pytest.param("2023-01-31", "1 month", False, "2023-02-28", id="month end"),
        pytest.param("2024-01-31", "1 month", False, "2024-02-29", id="month end of a leap year"),
        pytest.param("2023-02-28", "1 month", False, "2023-03-28", id="corresponding day, not month end"),
        pytest.param("2023-01-31", "2 months", False, "2023-03-31", id="from the anchor, not by way of February"),
        pytest.param("2013-08-31", "6 months", False, "2014-02-28", id="month end across the year"),
        pytest.param("2023-11-30", "3 months", False, "2024-02-29", id="month end in a leap year"),
        pytest.param("2023-05-01", "30 days", False, "2023-05-31", id="thirty days of comment"),
        pytest.param("2018-05-01", "30 days", False, "2018-05-31", id="thirty days before force"),
        pytest.param("2013-10-05", "0 days", True, "2013-10-08", id="no days, rolled out of the holiday"),
        pytest.param("2013-10-05", "0 working days", False, "2013-10-05", id="no working days end on the anchor"),
        pytest.param("1995-05-01", "15 days", False, "1995-05-16", id="natural days need no table"),
        pytest.param("2050-05-01", "1 year", False, "2051-05-01", id="nor do years"),
    ],
)
def test_a_settled_due_day(anchor: str, within: str, roll: bool, expected: str) -> None:
    assert due(NATIONAL, anchor, within, roll=roll) == (expected, expected)


@pytest.mark.parametrize(
    ("anchor", "within", "expected"),
    [
        pytest.param("2013-12-05", "15 days", "2013-12-19", id="one day less"),
        pytest.param("2013-12-05", "0 days", "2013-12-05", id="no days have no first day"),
        pytest.param("2013-10-08", "1 working day", "2013-10-08", id="a working anchor is day one"),
        pytest.param("2013-10-05", "1 working day", "2013-10-08", id="a rest day is not"),
        pytest.param("2013-12-05", "1 month", "2014-01-05", id="months have a corresponding day"),
    ],
)
def test_the_start_day_counts(anchor: str, within: str, expected: str) -> None:
    assert due(NATIONAL, anchor, within, start_day_counts=True) == (expected, expected)


def test_outside_the_table_only_what_needs_no_table_is_known() -> None:
    assert due(NATIONAL, "1995-05-01", "15 days", roll=True) == ("1995-05-16", None)
    assert due(NATIONAL, "1995-05-01", "5 working days") == (None, None)
    assert due(NATIONAL, "2045-12-20", "20 working days") == (None, None)
    assert due(NATIONAL, "9999-12-31", "15 days") == (None, None)
    assert due(NATIONAL, "9999-12-31", "2 years", roll=True) == (None, None)


def test_working_days_counted_backwards_are_ordinals_too() -> None:
    """A hearing on 2022-06-10, seven working days before: 9 8 7 6 2 1 June, 31 May (3-5 June are off)."""
    columns, nth = NATIONAL.columns(), NATIONAL.nth_columns()
    i = day("2022-06-10") - NATIONAL.first
    assert (ordinal := columns["ord_lo"][i]) is not None
    assert nth["day_lo"][nth["ord"].index(ordinal - 1 - 7 + 1)] == day("2022-05-31")


# --- regions -----------------------------------------------------------------------------------------------


def test_a_record_of_a_region_gets_its_calendar() -> None:
    assert CALENDAR.region_names == ("", "450000")
    for code in ("450000", "450800", "450821"):
        assert CALENDAR.region_name(code) == CALENDAR.region(code).name == "450000"
    for code in (None, "", "140581", "220200"):
        assert CALENDAR.region_name(code) == CALENDAR.region(code).name == ""
    assert CALENDAR.region("450821") is CALENDAR.region("450000")


@pytest.mark.parametrize(
    ("anchor", "within", "national", "guangxi"),
    [
        pytest.param("2017-03-16", "15 days", "2017-03-31", "2017-04-05", id="3/3 and the days after it"),
        pytest.param("2017-03-29", "5 working days", "2017-04-06", "2017-04-10", id="a make-up day cancelled"),
    ],
)
def test_guangxi_differs(anchor: str, within: str, national: str, guangxi: str) -> None:
    assert due(NATIONAL, anchor, within, roll=True) == (national, national)
    assert due(GUANGXI, anchor, within, roll=True) == (guangxi, guangxi)


def test_guangxi_follows_its_notices_and_is_open_where_none_is_known() -> None:
    off = "2014-04-02 2014-04-03 2015-04-20 2015-04-21 2016-04-08 2016-04-11 2017-03-30 2017-03-31 2017-04-01"
    for text in [*off.split(), "2023-04-21", "2023-04-22", "2023-04-23", "2024-04-11", "2024-04-12"]:
        assert GUANGXI.state(day(text)) == "rest", text
    assert (NATIONAL.state(day("2017-04-08")), GUANGXI.state(day("2017-04-08"))) == ("rest", "work")
    differing = {
        to_date(d).year: NATIONAL.state(d) + GUANGXI.state(d)
        for d in range(GUANGXI.first, GUANGXI.last + 1)
        if NATIONAL.state(d) != GUANGXI.state(d)
    }
    assert min(differing) == 2014
    assert {y for y, states in differing.items() if y < 2027 and "open" in states} == {
        *range(2018, 2023),
        2025,
        2026,
    }


def test_a_national_holiday_near_the_regional_one_stays_a_holiday() -> None:
    """2019: 3/3 is 7 April, so 3 to 11 April are open but for 清明, off nationally from 5 to 7 April."""
    days = range(day("2019-04-02"), day("2019-04-13"))
    assert [GUANGXI.state(d)[0] for d in days] == list("woo" + "rrr" + "oooo" + "w")


# --- the same by a join, and by law ------------------------------------------------------------------------

regions = st.sampled_from([NATIONAL, GUANGXI, STRICT])
dates = st.dates(date(2003, 12, 1), date(2046, 2, 1)).map(to_day)
near_dates = st.dates(date(2016, 12, 1), date(2029, 2, 1)).map(to_day)
numbers = st.integers(0, 60)
COLUMNS = {id(r): (r.columns(), r.nth_columns()) for r in (NATIONAL, GUANGXI, STRICT)}


def by_join(region: Region, anchor: int, n: int, start_day_counts: bool) -> tuple[int | None, int | None]:
    """What `LEFT JOIN columns ON day` and `LEFT JOIN nth_columns ON ord` give; a missing row is None."""
    columns, nth = COLUMNS[id(region)]
    row = {d: i for i, d in enumerate(columns["day"])}.get(anchor - start_day_counts)
    if row is None:
        return None, None
    at = {o: i for i, o in enumerate(nth["ord"])}
    ends = []
    for end in ("lo", "hi"):
        ordinal = columns[f"ord_{end}"][row]
        assert ordinal is not None
        place = at.get(ordinal + n)
        ends.append(None if place is None else nth[f"day_{end}"][place])
    return ends[0], ends[1]


@settings(deadline=None)
@given(regions, st.one_of(dates, near_dates), st.integers(1, 60), st.booleans())
def test_a_join_finds_the_same_working_days(region: Region, anchor: int, n: int, counts: bool) -> None:
    within = Duration(n, "working_days")
    assert region.due(anchor, within, start_day_counts=counts) == by_join(region, anchor, n, counts)


@settings(deadline=None)
@given(regions, dates)
def test_a_join_finds_the_same_roll(region: Region, anchor: int) -> None:
    columns, _ = COLUMNS[id(region)]
    i = anchor - region.first
    if 0 <= i < len(columns["day"]):
        assert (columns["roll_lo"][i], columns["roll_hi"][i]) == region.roll(anchor)
    else:
        assert region.roll(anchor) == (anchor, None)


@given(regions, near_dates, numbers)
def test_working_days_are_found_by_walking_too(region: Region, anchor: int, n: int) -> None:
    for rest, end in zip(({"rest"}, {"rest", "open"}), region.due(anchor, Duration(n, "working_days")), strict=True):
        walked, left = anchor, n
        while left:
            walked += 1
            left -= region.state(walked) not in rest
        assert end == walked


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(0, 1200))
def test_months_agree_with_dateutil(start: date, months: int) -> None:
    assert to_date(add_months(to_day(start), months)) == start + relativedelta(months=months)


@given(regions, dates)
def test_rolling_twice_is_rolling_once(region: Region, anchor: int) -> None:
    lo, hi = region.roll(anchor)
    assert lo is not None and region.roll(lo)[0] == lo
    assert hi is None or region.roll(hi)[1] == hi


@given(regions, dates, numbers, st.booleans())
def test_natural_days_are_monotone_in_the_anchor(region: Region, anchor: int, n: int, roll: bool) -> None:
    first = region.due(anchor, Duration(n, "days"), roll=roll)
    second = region.due(anchor + 1, Duration(n, "days"), roll=roll)
    for a, b in zip(first, second, strict=True):
        assert a is None or b is None or a <= b


@given(regions, dates, numbers, st.sampled_from(["days", "working_days", "months"]), st.booleans())
def test_the_earliest_is_never_after_the_latest(region: Region, anchor: int, n: int, unit: str, roll: bool) -> None:
    lo, hi = region.due(anchor, Duration(n, unit), roll=roll)
    assert lo is None or hi is None or anchor <= lo <= hi
    if hi is not None and hi <= CALENDAR.settled_through and region is not GUANGXI:
        assert lo == hi


# --- newer notices -----------------------------------------------------------------------------------------

# invented: no notice for 2027 was published when this was written
NEXT_YEAR = """
notices:
  - year: "2027"
    number: 国办发明电〔2026〕0号
    issued: "2026-11-23"
    rest: ["2027-01-01..2027-01-03", "2027-02-05..2027-02-12", "2027-04-03..2027-04-05",
           "2027-05-01..2027-05-05", "2027-06-09", "2027-09-15", "2027-10-01..2027-10-07"]
    work: ["2027-01-30", "2027-02-20", "2027-09-26"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "calendar"))


def test_a_file_with_a_newer_notice_settles_its_year(folder: Path) -> None:
    (folder / "2027.yaml").write_text(NEXT_YEAR, "utf-8")
    newer = Calendar.load(folder)
    region = newer.region(None)
    assert (newer.version, newer.published_through) == ("2026-11-23", 2027)
    assert newer.settled_through == day("2027-12-28")
    assert newer.sha256 != CALENDAR.sha256
    assert not any(region.state(d) == "open" for d in range(day("2026-12-29"), day("2027-12-29")))
    assert region.state(day("2027-12-31")) == "open"
    assert region.state(day("2027-01-30")) == "work" and region.state(day("2027-02-12")) == "rest"
    # 2027-01-08 + 30 days = 初二, in the invented holiday to the 12th; 13 and 14 February are a weekend
    assert due(region, "2027-01-08", "30 days", roll=True) == ("2027-02-15", "2027-02-15")
    # the region follows, but its own festival of 2027 is still open
    assert newer.region("450800").state(day("2027-02-12")) == "rest"
    assert newer.region("450800").state(day("2027-04-09")) == "open"


def test_a_file_with_a_regional_notice_closes_its_year(folder: Path) -> None:
    (folder / "450000-2026.yaml").write_text(
        'region: "450000"\nnotices: [{year: "2026", issued: "2026-02-27", rest: ["2026-04-20..2026-04-21"]}]',
        "utf-8",
    )
    newer = Calendar.load(folder)
    around = range(day("2026-04-15"), day("2026-04-24"))
    assert {newer.region("450800").state(d) for d in around} == {"work", "rest"}
    assert newer.region("450800").state(day("2026-04-20")) == "rest"
    assert newer.region(None).state(day("2026-04-20")) == "work"
    assert newer.version == "2026-02-27"


def test_a_later_notice_changes_an_earlier_one(folder: Path) -> None:
    """Before the change of 26 January 2020, 10 January + 15 days rolled to Friday 31 January."""
    (folder / "2020.yaml").write_text(
        'notices: [{year: "2020", issued: "2020-01-27", work: ["2020-01-31", "2020-02-01"]}]', "utf-8"
    )
    planned = Calendar.load(folder).region(None)
    assert due(planned, "2020-01-10", "15 days", roll=True) == ("2020-01-31", "2020-01-31")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(NEXT_YEAR.replace("2027-06-09", "2027-06-10"), "2027-06-09 (端午节)", id="a holiday left out"),
        pytest.param(NEXT_YEAR.replace('"2027"', '"2028"'), "does not belong to a notice of 2028", id="wrong year"),
        pytest.param(NEXT_YEAR.replace("2027", "2028"), "2027-01-01 (元旦)", id="a year between is missing"),
        pytest.param(NEXT_YEAR.replace("rest:", "rests:"), "no meaning is known for `rests`", id="unknown word"),
        pytest.param(NEXT_YEAR.replace("2027-09-26", "2027-02-30"), "day is out of range", id="no such day"),
        pytest.param(NEXT_YEAR.replace("2027-09-26", "2027-10-01"), "under `rest` and under `work`", id="both"),
        pytest.param("region: '45'\nnotices: []", "`45` is not a code of six digits", id="short region"),
        pytest.param("- year: 2027", "names and values", id="a list"),
        pytest.param("notices: [", "line 2, column 1", id="not YAML"),
        pytest.param("notices: [{rest: []}]", "(no year)", id="no year"),
    ],
)
def test_an_unusable_notice_is_refused(folder: Path, text: str, reason: str) -> None:
    (folder / "2027.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        Calendar.load(folder)
    assert reason in refused.value.problem.reason
    assert "calendar" in refused.value.problem.place.file


def test_a_folder_without_a_calendar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no `calendar\.yaml`"):
        Calendar.load(tmp_path / "nowhere")


# --- durations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "n", "unit", "zh"),
    [
        ("15 days", 15, "days", "15日"),
        ("1 day", 1, "days", "1日"),
        ("5 working days", 5, "working_days", "5个工作日"),
        ("1 working day", 1, "working_days", "1个工作日"),
        ("2 years", 2, "years", "2年"),
        ("24 months", 24, "months", "24个月"),
        ("0 days", 0, "days", "0日"),
    ],
)
def test_a_duration_is_read_and_written(text: str, n: int, unit: str, zh: str) -> None:
    found = Duration.parse(text)
    assert found == Duration(n, unit)
    assert (str(found), found.label("en"), found.label("zh")) == (text, text, zh)


@pytest.mark.parametrize(
    "text", ["15", "days", "15days", "-1 days", "1.5 days", "１５ days", "15 weeks", "15日", "two years", ""]
)
def test_anything_else_is_refused_with_the_forms_that_are_accepted(text: str) -> None:
    with pytest.raises(ValueError, match="is not like `15 days`, `5 working days`, `3 months`, `2 years`"):
        Duration.parse(text)


@pytest.mark.parametrize("text", ["99999 days", "1201 months", "101 years"])
def test_a_duration_of_more_than_a_hundred_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration between 0 and 100 years"):
        Duration.parse(text)

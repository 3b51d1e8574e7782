"""Days in every form that people write, each day of 1949 to 2100; what is no full date is refused, never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from lawgov_rules.dates import read_date, read_stamp, show_day
from lawgov_rules.days import to_day
from lawgov_rules.document_number import canonical

DIGITS = "〇一二三四五六七八九"
WIDE = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")


def chinese(number: int) -> str:
    """A number up to 39 as it is said: 三, 十, 十三, 二十, 三十一."""
    tens, units = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[units] if units else "")


def year(day: dt.date, zero: str = "〇") -> str:
    return "".join(DIGITS[int(c)] for c in str(day.year)).replace("〇", zero)


FORMS: dict[str, Callable[[dt.date], str]] = {
    "ISO": lambda d: d.isoformat(),
    "short": lambda d: f"{d.year}-{d.month}-{d.day}",
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "slashes": lambda d: f"{d.year}/{d.month:02}/{d.day:02}",
    "eight digits": lambda d: d.strftime("%Y%m%d"),
    "Chinese": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "号": lambda d: f"{d.year}年{d.month:02}月{d.day:02}号",
    "blanks": lambda d: f" {d.year} 年 {d.month} 月 {d.day} 日\u3000",
    "full width": lambda d: f"{d.year}.{d.month}.{d.day}".translate(WIDE),
    "full width Chinese": lambda d: f"{d.year}年{d.month}月{d.day}日".translate(WIDE),
    "numerals": lambda d: f"{year(d)}年{chinese(d.month)}月{chinese(d.day)}日",
    "numerals, round zero": lambda d: f"{year(d, '○')}年{chinese(d.month)}月{chinese(d.day)}日",
    "numerals, zero": lambda d: f"{year(d, '零')}年{chinese(d.month)}月{chinese(d.day)}日",
    "numerals, letter O": lambda d: f"{year(d, 'O')}年{chinese(d.month)}月{chinese(d.day)}日",
    "numerals, twenty in one": lambda d: f"{year(d)}年{chinese(d.month)}月{chinese(d.day).replace('二十', '廿')}日",
    "capitals": lambda d: f"{year(d)}年{chinese(d.month)}月{chinese(d.day)}日".translate(
        str.maketrans("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾")
    ),
}
DAYS = [dt.date(1949, 1, 1) + dt.timedelta(days=n) for n in range((dt.date(2101, 1, 1) - dt.date(1949, 1, 1)).days)]


@pytest.mark.parametrize("form", FORMS)
def test_every_day_reads_back(form: str) -> None:
    """All 55,517 days: 152 years of 365 and 37 leap days (1952 to 2096; 2100 is none)."""
    assert len(DAYS) == 152 * 365 + 37
    write = FORMS[form]
    assert [day for day in DAYS if read_date(write(day)) != to_day(day)] == []


REFUSED = {
    "names no day": ["2012年3月", "2012-03", "2012.3", "2012年", "二〇一二年三月"],
    "names no year": ["3月1日", "三月一日", "12月20日", "3.15", "12-20"],
    "has the year last, so day and month cannot be told apart": ["1/2/2012", "01-02-2012", "13.1.2012"],
    "has a year of two digits": ["12年3月1日", "18年8月1日", "12-3-1", "一二年三月一日"],
    "is not a day of the calendar": [
        "2012年2月30日",
        "2013-02-29",
        "20121301",
        "二〇一二年十三月一日",
        "2012年3月三十二日",
    ],
    "is a bare number, not a date; if a spreadsheet means 2013-12-20, format the cell as a date": ["41628", "41628.5"],
    "is not a full date such as `2012-03-01`": [
        *("2012", "201203", "第一季度", "2012年3月1日至5日", "2012-03-01至2012-03-05", "2012年正月初一"),
        *("昨天", "2012-3/1", "2O12-03-01", "二〇一二年三月一〇日", "3", "-1", "年月日", "一二三四"),
    ],
}


@pytest.mark.parametrize(("text", "reason"), [(text, reason) for reason, texts in REFUSED.items() for text in texts])
def test_never_a_guess(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as error:
        read_date(text)
    assert str(error.value) == reason


STAMPS = {
    "2012-03-01 08:30": ("2012-03-01", 8 * 3600 + 1800),
    "2012-03-01T08:30:15": ("2012-03-01", 8 * 3600 + 1800 + 15),
    "2012/3/1 8:30": ("2012-03-01", 8 * 3600 + 1800),
    "2012年3月1日 8:30": ("2012-03-01", 8 * 3600 + 1800),
    # eight hours later in Shanghai
    "2013-12-31T16:30Z": ("2014-01-01", 1800),
    "2012-03-01": ("2012-03-01", None),
}


@pytest.mark.parametrize("text", STAMPS)
def test_stamps(text: str) -> None:
    day, second = read_stamp(text)
    assert (show_day(day), second) == STAMPS[text]


@pytest.mark.parametrize("text", ["2012-03-01 25:00", "2012-03-01 08:61", "0001-01-01T00:00+09:00"])
def test_no_real_moment(text: str) -> None:
    with pytest.raises(ValueError, match="is not a real moment"):
        read_stamp(text)


# the brackets in use, blanks, 第, leading zeros, full width
BRACKETS = ("〔〕", "[]", "【】", "（）", "()", "﹝﹞", "［］", "《》", "〈〉")
NUMBERS = [f"甲政发{left}2012{right}3号" for left, right in BRACKETS]
NUMBERS += ["甲政发 〔 2012 〕 3 号", "甲政发〔2012〕第3号", "甲政发〔２０１２〕０３号", "甲政发2012-3号"]
CASES = ["（2016）甲行初字第5号", "(2016)甲行初字第5号", "〔２０１６〕甲行初字第 05 号"]
OTHERS = ["〔2012〕3号", "〔2012〕13号", "政府令第3号", "甲政发〔12〕3号", "a-1", "", "甲政发〔2012〕3号 附件"]


def test_a_document_number_is_one_identity() -> None:
    assert {canonical(text) for text in NUMBERS} == {"甲政发〔2012〕3号"}
    assert {canonical(text) for text in CASES} == {"（2016）甲行初字第5号"}
    assert [canonical(text) for text in OTHERS] == OTHERS

"""Days as people write them, as days since 1970-01-01. Never a guess: what is not a full, real date is refused.

Read are, with digits of either width and blanks around the marks:

==================  ===================================================================
2012-03-01          also with ``/`` or ``.``, also 2012-3-1; the same mark twice
20120301            eight digits
2012年3月1日        also ``号``
二〇一二年三月一日  zeros as 〇 ○ ◯ 零 O, 十 廿 卅, 元月, capitals (贰零壹贰年叁月壹日)
==================  ===================================================================
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from zoneinfo import ZoneInfo

from lawgov_rules.days import to_day

LOCAL = ZoneInfo("Asia/Shanghai")
_TIME = re.compile(r"(.*[\d日号])[T ]\s*(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?")

_MARKS = re.compile(r"\s*([年月日号./-])\s*")
_CAPITALS = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾", "一二二三三四五六六七八九十")
_ZEROS = str.maketrans(dict.fromkeys("零○◯OoΟοОо", "〇"))
_DIGITS = "〇一二三四五六七八九"
_YEAR = rf"(\d{{4}}|[{_DIGITS}]{{4}})"
_PART = r"(\d{1,2}|[〇一二三四五六七八九十廿卅元]{1,3})"
_FULL = (
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"),
    re.compile(rf"{_YEAR}(年){_PART}月{_PART}[日号]"),
    re.compile(r"(\d{4})()(\d{2})(\d{2})"),
)
_NUMERAL = re.compile(
    r"〇?([一二三四五六七八九])|([一二三]?)(十)([一二三四五六七八九]?)|([廿卅])([一二三四五六七八九]?)"
)
# what people write instead of a full date, and how to tell them so
_REFUSED = (
    (re.compile(r"(\d{4}|[〇一二三四五六七八九]{4})([年/.-][\d〇一二三四五六七八九十元]{1,3}月?|年)"), "names no day"),
    (re.compile(rf"{_PART}月{_PART}[日号]?|\d{{1,2}}[-/.]\d{{1,2}}"), "names no year"),
    (re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}"), "has the year last, so day and month cannot be told apart"),
    (re.compile(rf"(\d\d|[{_DIGITS}]{{2}})(年{_PART}月{_PART}[日号]|[-/.]\d{{1,2}}[-/.]\d{{1,2}})"),
     "has a year of two digits"),
)  # fmt: skip
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
# Excel counts days from here; only used to say what a bare number might mean
_EXCEL = dt.date(1899, 12, 30)


def read_date(text: str) -> int:
    """A day as days since 1970-01-01. ValueError says what is wrong with the text."""
    plain = _MARKS.sub(r"\1", unicodedata.normalize("NFKC", text).strip())
    chinese = plain.translate(_CAPITALS).translate(_ZEROS)
    for form in _FULL:
        if match := form.fullmatch(plain) or form.fullmatch(chinese):
            year, _, month, day = match.groups()
            parts = _year(year), _numeral(month, "元"), _numeral(day)
            if None not in parts:
                return _real(*parts)  # type: ignore[arg-type]
    for form, reason in _REFUSED:
        if form.fullmatch(chinese):
            raise ValueError(reason)
    if _SERIAL.fullmatch(plain):
        day = (_EXCEL + dt.timedelta(days=int(plain[:5]))).isoformat()
        raise ValueError(f"is a bare number, not a date; if a spreadsheet means {day}, format the cell as a date")
    raise ValueError("is not a full date such as `2012-03-01`")


def read_stamp(text: str) -> tuple[int, int | None]:
    """A day, and the second within it where a time of day follows. ValueError says what is wrong with the text.

    A moment with a zone is first converted to Asia/Shanghai, one without is taken as written.
    """
    match = _TIME.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return read_date(text), None
    day, time, zone = match.groups()
    written = dt.date(1970, 1, 1) + dt.timedelta(days=read_date(day))
    try:
        moment = dt.datetime.fromisoformat(f"{written}T{time.zfill(len(time) + (time[1] == ':'))}{zone or ''}")
        moment = moment.astimezone(LOCAL) if zone else moment
    except (ValueError, OverflowError):  # the latter before the year 1 or after the year 9999
        raise ValueError("is not a real moment") from None
    return to_day(moment.date()), moment.hour * 3600 + moment.minute * 60 + moment.second


@functools.lru_cache(maxsize=4096)
def show_day(day: int) -> str:
    """Days since 1970-01-01 as ``2012-03-01``."""
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()


def _real(year: int, month: int, day: int) -> int:
    try:
        return to_day(dt.date(year, month, day))
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def _year(text: str) -> int:
    return int("".join(str(_DIGITS.find(c)) if c in _DIGITS else c for c in text))


def _numeral(text: str, first: str = "") -> int | None:
    """A number up to 39 in digits or Chinese numerals; ``first`` is a word for 1. None for any other."""
    if text.isdecimal():
        return int(text)
    if first and text == first:
        return 1
    if not (match := _NUMERAL.fullmatch(text)):
        return None
    one, tens, ten, units, many, rest = match.groups()
    if one:
        return _DIGITS.index(one)
    if ten:
        return 10 * _DIGITS.index(tens or "一") + _DIGITS.index(units or "〇")
    return {"廿": 20, "卅": 30}[many] + _DIGITS.index(rest or "〇")

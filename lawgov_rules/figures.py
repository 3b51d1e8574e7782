"""The figures of a Chinese text: how much, how often, and the dates and numbers that are no limits.

`find` gives each figure with its place in the text. Its ``kind`` says what it is:

========  ================================================  ==================================================
kind      such as                                           value and unit
========  ================================================  ==================================================
quantity  15日, 两期, 40学时, 2名以上, 百分之百, 半年           15 日, 2 期, 40 学时, 2 人, 100 %, 0.5 年
period    每年, 每季度, 每两年, 每隔2年, 每半年                 1 年, 1 季度, 2 年, 2 年, 0.5 年
date      2017年底, 12月20日, 2009年下半年, 第一季度           20170000 年, 1220 日, 20090000 年, 1 季度
number    〔2012〕3号, 第十二条, （三）, 行首的 1.              what counts, orders or names: no limit
========  ================================================  ==================================================

Words that hold a numeral and no figure (统一, 一般, 一律, 一次性, 十二五, 年度) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["quantity", "period", "date", "number"]


class Figure(NamedTuple):
    """A figure of a text: ``text[start:end]``. A date's value is yyyymmdd, with zeros for the parts it leaves out."""

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    kind: Kind = "quantity"


# one character for one, so that places stay; the full-width comma separates clauses and not thousands
_HALF_WIDTH = {n + 0xFEE0: n for n in range(0x21, 0x7F) if chr(n) != ","}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "亿": 10**8}
# how a unit is written, and the unit it is
UNITS = {"个工作日": "个工作日", "工作日": "个工作日", "个自然日": "日", "日": "日", "天": "日"}
UNITS |= {"个月": "月", "月": "月", "年": "年", "个季度": "季度", "个星期": "周", "星期": "周", "周": "周"}
UNITS |= {"小时": "小时", "分钟": "分钟", "学时": "学时", "课时": "课时", "人次": "人次"}
UNITS |= {"人": "人", "名": "人", "位": "人", "个百分点": "%", "%": "%", "倍": "倍"}
UNITS |= {unit: unit for unit in "次期份件项个家起处部宗场批元岁"}
# the lone 一 that is a number; before other units it is a word (一个窗口, 一起部署)
_ONE_OF = frozenset({"个工作日", "日", "月", "年", "季度", "周", "小时", "学时", "课时", "人", "次", "期", "份", "倍"})

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?)"
_CHINESE = r"[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*"
_N = rf"(?:{_ARABIC}\s*[万亿]?|{_CHINESE})"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_YEAR = r"(?:\d{4}|[零〇○一二三四五六七八九]{4})"
_MONTH_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DAYS = rf"{_MONTH_DAY}\s*月(?:\s*{_MONTH_DAY}\s*[日号])?"
_PERIOD = r"(?P<half>半)?(?P<span>年|季|月|星期|周|工作日|日|天)度?"
_PATTERNS: dict[str, str] = {
    "act": r"[〔\[(【]\d{4}[〕\])】]\s*第?\d+\s*号|\d+\s*号",
    "item": rf"\(\s*(?:\d+|{_CHINESE})\s*\)|(?m:^[ \t　]*(?:\d+[.、](?!\d)|{_CHINESE}、))"
    r"|(?<=[。;:)])\s*\d+\.(?!\d)",
    "iso": r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
    "year": rf"{_YEAR}\s*年(?:\s*{_DAYS}|[上下]半年|第?[一二三四1-4]季度)?|\d{{4}}(?=\s*[-—–~至]+\s*\d{{4}}\s*年)",
    "each": rf"每隔?(?:(?P<count>{_N})\s*)?个?{_PERIOD}|按(?P<by>月|季)度?",
    "day": rf"(?<=每月){_MONTH_DAY}日|(?<=每月的){_MONTH_DAY}日|{_DAYS}(?!以?内|之内)",
    "part": r"第?(?P<quarter>[一二三四1-4])季度|(?P<which>[上下])半年",
    "ordinal": rf"第\s*(?:\d+|{_CHINESE})",
    "share": rf"百分之\s*(?P<hundredths>百|{_N})|(?P<below>{_N})分之(?P<above>{_N})",
    "fraction": r"(?<![大小多])半个?(?P<halved>年|月|日|天|小时|数)",
    "amount": rf"(?P<number>{_N})\s*[余多]?(?:(?P<and_half>个半)(?=月|小时|年))?"
    rf"(?P<unit>{_UNIT})(?P<half_more>半(?!年|数))?",
    "range": rf"(?P<low>{_N})(?=\s*[-—–~至到]+\s*{_N}\s*(?P<unit_of_both>{_UNIT}))",
    "bare": _ARABIC,
}
_FIGURE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()))
_NUMERAL = re.compile(rf"{_ARABIC}|[零〇○一二两三四五六七八九十百千万亿]+")


def find(text: str) -> list[Figure]:
    """Every figure of a text, in order; see the module for the kinds."""
    plain = text.translate(_HALF_WIDTH)
    found = []
    for match in _FIGURE.finditer(plain):
        read = _READ[str(next(name for name in _PATTERNS if match[name] is not None))]
        known = read(match)
        if known is not None:
            value, unit, kind = known
            blank = len(match[0]) - len(match[0].lstrip())
            start = match.start() + blank
            found.append(Figure(start, match.end(), text[start : match.end()], value, unit, kind))
    return found


def number(numeral: str) -> Decimal | None:
    """The value of a numeral such as ``1,117``, ``13.5万``, ``一百二十`` or ``二〇一四``; None where it is none."""
    numeral = re.sub(r"[\s,]", "", numeral.translate(_HALF_WIDTH))
    if numeral[:1].isascii():
        scale = _SCALES.get(numeral[-1], 1)
        return Decimal(numeral.rstrip("万亿")) * scale if numeral else None
    if all(c in _DIGITS for c in numeral):
        # 十五 is a number and 二〇一四 a year; 七八 is about seven or eight
        return Decimal("".join(str(_DIGITS[c]) for c in numeral)) if len(numeral) in (1, 4) else None
    return _chinese(numeral)


def _chinese(numeral: str) -> Decimal | None:
    total = section = 0
    digit: int | None = None
    for c in numeral:
        if c in _DIGITS:
            if digit:
                return None  # 十二五: two digits side by side are a name
            digit = _DIGITS[c]
        elif c in _TENS:
            section += (1 if digit is None else digit) * _TENS[c]
            digit = None
        else:
            total = (total + section + (digit or 0)) * _SCALES[c]
            section, digit = 0, None
    return Decimal(total + section + (digit or 0))


Known = tuple[Decimal, str, Kind] | None


def _name(match: re.Match[str]) -> Known:
    """What counts, orders or names something: its last number, and no unit."""
    numerals = _NUMERAL.findall(match[0])
    value = number(numerals[-1]) if numerals else None
    return None if value is None else (value, "", "number")


def _date(match: re.Match[str]) -> Known:
    """A date, or the parts of one: yyyymmdd."""
    whole = match[0]
    numbers = [n for numeral in _NUMERAL.findall(re.sub(r"[上下]半年|第?.季度", "", whole)) if (n := number(numeral))]
    if not numbers:
        return None
    places = [10000, 100, 1] if numbers[0] > 999 else [100, 1] if "月" in whole else [1]
    value = sum((n * place for n, place in zip(numbers, places, strict=False)), Decimal(0))
    finest = ("年" if numbers[0] > 999 else "月", "月", "日") if numbers[0] > 999 else ("月", "日")
    return value, "日" if "月" not in whole and places == [1] else finest[len(numbers) - 1], "date"


def _part(match: re.Match[str]) -> Known:
    """A quarter or half of a year that is named: the first, the second ..."""
    if match["quarter"]:
        return number(match["quarter"]) or Decimal(0), "季度", "date"
    return Decimal("上下".index(match["which"]) + 1), "半年", "date"


def _each(match: re.Match[str]) -> Known:
    if match["by"]:
        return Decimal(1), "季度" if match["by"] == "季" else "月", "period"
    count = number(match["count"]) if match["count"] else Decimal(1)
    unit = "季度" if match["span"] == "季" else UNITS[match["span"]]
    return None if count is None else (count / 2 if match["half"] else count, unit, "period")


def _share(match: re.Match[str]) -> Known:
    if match["hundredths"]:
        value = Decimal(100) if match["hundredths"] == "百" else number(match["hundredths"])
        return None if value is None else (value, "%", "quantity")
    below, above = number(match["below"]), number(match["above"])
    return None if not below or above is None else (above * 100 / below, "%", "quantity")


def _fraction(match: re.Match[str]) -> Known:
    if match["halved"] == "数":
        return Decimal(50), "%", "quantity"
    return Decimal("0.5"), UNITS[match["halved"]], "quantity"


def _amount(match: re.Match[str]) -> Known:
    """A number of something; a lone 一 only where it counts, and a numeral behind a quotation mark or 届 is a name."""
    value, unit, after = number(match["number"]), UNITS[match["unit"]], match.string[match.end() :]
    before = match.string[: match.start()]
    is_word = after.startswith(("度", "性", "一体")) and not match["number"][0].isascii()
    if value is None or is_word:
        return None
    if match["number"] == "一" and (unit not in _ONE_OF or before.endswith(tuple("上下后同这某那另统唯之"))):
        return None
    if match["and_half"] or match["half_more"]:
        value += Decimal("0.5")
    is_name = before.endswith(tuple('“‘"「届')) and not match["number"][0].isascii()
    is_plan = unit == "年" and after.startswith(("规划", "计划"))
    return value, unit, "number" if is_name or is_plan else "quantity"


def _range(match: re.Match[str]) -> Known:
    value = number(match["low"])
    return None if value is None else (value, UNITS[match["unit_of_both"]], "quantity")


def _bare(match: re.Match[str]) -> Known:
    limits = match.string[match.end() :].lstrip().startswith(("以上", "以下", "以内"))
    return number(match[0]) or Decimal(0), "", "quantity" if limits else "number"


_READ: dict[str, Callable[[re.Match[str]], Known]] = {
    "act": _name,
    "item": _name,
    "ordinal": _name,
    "iso": _date,
    "year": _date,
    "day": _date,
    "part": _part,
    "each": _each,
    "share": _share,
    "fraction": _fraction,
    "amount": _amount,
    "range": _range,
    "bare": _bare,
}

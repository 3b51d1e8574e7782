"""Figures of the text against those of the constraint, and limits where the text has none.

Codes: ``figure-differs``, ``soft-word-with-limit``.

The locator's figures are looked for among the figures of the constraint, its readings and the rule's condition. What
compares the record's own figures (`identity`) has none, and counts of things (件, 项, 个) are no limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from lawgov_rules.days import to_date
from lawgov_rules.figures import Figure, find
from lawgov_rules.lint._flaw import Flaw
from lawgov_rules.reach import breached_by_time
from lawgov_rules.rule import Rule

# but 规定期限 is a limit set elsewhere, and 经常务会议 is a meeting
SOFT = re.compile("及时|适时|尽快|(?<![规指约法限固不])定期(?![限间])|经常(?![务委])")
# units in which a limit is written; a length of time in its smallest exact unit
LENGTHS = {"年": (Decimal(12), "月"), "季度": (Decimal(3), "月"), "周": (Decimal(7), "日")}
LIMITS = {"日", "个工作日", "月", "年", "季度", "周", "小时", "分钟", "学时", "课时"}
LIMITS |= {"人", "人次", "次", "期", "份", "%", "倍", "岁", ""}
SPANS = {"day": "日", "working day": "个工作日", "week": "周", "month": "月", "year": "年", "hour": "小时"}
PERIODS = {"day": "日", "week": "周", "month": "月", "quarter": "季度", "half": "半年", "year": "年"}
_SPAN = re.compile(rf"(\d+(?:\.\d+)?) +({'|'.join(SPANS)})s?")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")


class Limits(NamedTuple):
    """The figures of a rule: numbers without a unit, lengths of time, and dates as (year, month, day), year 0: each."""

    numbers: set[Decimal]
    lengths: set[tuple[Decimal, str]]
    dates: set[tuple[int, int, int]]


def check(rule: Rule) -> Iterator[Flaw]:
    """The flaws of one rule's figures."""
    found = find(rule.locator)
    if rule.constraint.kind != "identity":
        limits = limits_of(rule)
        for figure in found:
            if not _agrees(figure, limits):
                reason = f"the locator says `{figure.text}`, and the constraint does not"
                advice = "mend the figure, or choose a locator that says what the constraint does"
                yield Flaw(rule.source.place("locator"), "figure-differs", rule.key, reason, advice)
    yield from _soft(rule, found)


def _soft(rule: Rule, found: list[Figure]) -> Iterator[Flaw]:
    """A limit of the rule's own where the text has only a soft word; the end of the document's force is no such."""
    word = SOFT.search(rule.locator) or SOFT.search(rule.requirement.zh)
    if not word or not breached_by_time(rule):
        return
    hard = any(figure.kind != "number" for figure in found)
    limits = limits_of(rule, "constraint", "readings")
    end = None if rule.force.last is None else to_date(rule.force.last)
    dates = limits.dates - ({(end.year, end.month, end.day)} if end else set())
    if not hard and (limits.lengths or dates):
        reason = f"`{word[0]}` sets no limit, and the rule finds a breach when a time has passed"
        yield Flaw(
            rule.source.place("constraint"),
            "soft-word-with-limit",
            rule.key,
            reason,
            "leave the limit out, or choose a locator with its figure",
        )


def limits_of(rule: Rule, *keys: str) -> Limits:
    """The figures below some keys of a rule, as the file writes them; those of the whole rule without keys."""
    limits = Limits(set(), set(), set())
    value = rule.source.value
    for key in keys or ("constraint", "readings", "when", "unless", "in_force"):
        for text in _scalars(value.get(key)):
            _read(text, limits)
    return limits


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _scalars(part)
    elif isinstance(value, list):
        for part in value:
            yield from _scalars(part)
    elif isinstance(value, str):
        yield value


def _read(text: str, limits: Limits) -> None:
    if span := _SPAN.fullmatch(text):
        limits.lengths.add(_length(Decimal(span[1]), SPANS[span[2]]))
    elif day := _DATE.fullmatch(text):
        limits.dates.add((int(day[1] or 0), int(day[2]), int(day[3])))
        if not day[1]:
            limits.lengths.add(_length(Decimal(1), "年"))
    elif text in PERIODS:
        limits.lengths.add(_length(Decimal(1), PERIODS[text]))
    else:
        try:
            limits.numbers.add(Decimal(text))
        except InvalidOperation:
            return


def _length(value: Decimal, unit: str) -> tuple[Decimal, str]:
    if unit == "半年":
        return value * 6, "月"
    factor, smaller = LENGTHS.get(unit, (Decimal(1), unit))
    return value * factor, smaller


def _agrees(figure: Figure, limits: Limits) -> bool:
    """Whether a figure of the text is one of the rule's, or is no limit."""
    if figure.kind == "number" or figure.unit not in LIMITS:
        return True
    if figure.kind == "date":
        return not limits.dates or any(_same_date(figure, date) for date in limits.dates)
    if figure.kind == "quantity" and (figure.value in limits.numbers or figure.value == 1):
        return True  # once in each period, or a gap of one
    return _length(figure.value, figure.unit) in limits.lengths


def _same_date(figure: Figure, date: tuple[int, int, int]) -> bool:
    """Whether the parts that the text names are those of a date; a quarter or half is that of its month."""
    year, month, day = date
    if figure.unit == "季度":
        return (month + 2) // 3 == figure.value
    if figure.unit == "半年":
        return (month + 5) // 6 == figure.value
    value = int(figure.value)
    named = (value // 10000, value // 100 % 100, value % 100)
    return all(0 in pair or pair[0] == pair[1] for pair in zip(named, (year, month, day), strict=True))

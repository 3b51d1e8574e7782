"""Cells of a table as columns of canonical values: what is written plainly, a database reads by itself.

Each cell is read twice over: as its canonical value (vocabulary.py), and as whether it is written so plainly that the
value is sure to be what `Attribute.read` or `records.read_moment` make of it. Nothing is decided about the others:
their records are read by those two, which also say what is wrong (importers/in_database.py). So this mirror only
has to be right about what it claims.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Collection
from typing import Any, NamedTuple

import ibis

from lawgov_rules.days import to_day
from lawgov_rules.frames import to_day as day_of
from lawgov_rules.importers._cells import BLANK
from lawgov_rules.importers._headings import key, words_of
from lawgov_rules.records import DAY, EARLIEST_YEAR, LATEST_YEAR
from lawgov_rules.vocabulary import BOOLEANS, LARGEST, MILLION, Attribute

Expr = Any
# what the ways in strip from a text; of the other blanks there are, Python decides
_EDGES = "^[" + BLANK + "]+|[" + BLANK + "]+$"
_OTHERS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c not in BLANK)
_ANY_BLANK = "[" + BLANK + _OTHERS + "]"
# a document number (发文字号) or case number (案号) in its one way of writing; see document_number.py
_NUMBERS = ("^[A-Za-z一-鿿、]{1,30}〔[0-9]{4}〕[1-9][0-9]{0,5}号$", "^（[0-9]{4}）[一-鿿]{1,30}[1-9][0-9]{0,5}号$")
# of these characters alone: no blanks, and no letters of another width
_SURE_TEXT = "^[!-~、-\ud7ff]+$"
_BETWEEN = "\x1f"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# China has kept +08:00 without summer time since 1992
_EIGHT_HOURS, _SINCE = 8 * 3600, 694_224_000
FIRST_DAY, LAST_DAY = to_day(dt.date(EARLIEST_YEAR, 1, 1)), to_day(dt.date(LATEST_YEAR, 12, 31))
_SURE = 10**9  # a float below it shows its six decimal places as they were written


class Cell(NamedTuple):
    """A canonical value, NULL where unknown; and whether it is plain. A blank cell is."""

    value: Expr
    plain: Expr


class Moment(NamedTuple):
    """The first and last second of an event, and whether both are plain."""

    low: Expr
    high: Expr
    plain: Expr


def text(column: Expr) -> Expr:
    """A cell as the stripped text that a user would have written; NULL where blank. One that `text_of` would write
    otherwise is not plain."""
    kind = column.type()
    if kind.is_string():
        blanks = ibis.literal(BLANK)
        edged = blanks.contains(column.left(1)) | blanks.contains(column.right(1))
        return ibis.ifelse(edged, column.re_replace(_EDGES, ""), column).nullif("")
    if kind.is_boolean():
        return ibis.cases((column, "true"), (~column, "false"), else_=ibis.null("string"))
    if kind.is_floating():
        whole = _within(column, 10**15)
        whole = ibis.ifelse(whole == whole.round(), whole, ibis.null("float64"))
        written = ibis.coalesce(whole.cast("int64").cast("string"), column.cast("string"))
        return ibis.ifelse(column.isnan(), ibis.null("string"), written)
    if kind.is_array():
        written = ibis.ifelse(column.length() == 0, "[]", column.join("; "))
        return text(ibis.ifelse(column.isnull(), ibis.null("string"), written))
    if kind.is_temporal():
        return _date_text(column)
    return text(column.cast("string")).nullif("NaN") if kind.is_decimal() else text(column.cast("string"))


def among(column: Expr, words: Collection[str]) -> Expr:
    """Whether a text is one of some words. As a search in one long text: of a long IN, a database may make a join, and
    a table of many columns would come to hundreds of them."""
    if len(words) < 5:
        return column.isin(sorted(words))
    joined = ibis.literal(_BETWEEN + _BETWEEN.join(sorted(words)) + _BETWEEN)
    return joined.contains(ibis.literal(_BETWEEN) + column + _BETWEEN) & ~column.contains(_BETWEEN)


def _date_text(column: Expr) -> Expr:
    """A date or moment as text; one that no calendar of ours has, as the database writes it."""
    kind = column.type()
    if kind.is_date():
        return ibis.ifelse(_real(column), column.strftime("%Y-%m-%d"), column.cast("string"))
    if not kind.is_timestamp():
        return column.cast("string")
    written = column.strftime("%Y-%m-%dT%H:%M:%S")
    if kind.timezone is not None:
        moment = ibis.ifelse(_real(column), column, ibis.null(kind)).truncate("s")
        written = moment.epoch_seconds().as_timestamp("s").strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        midnight = column == column.truncate("D")
        written = ibis.ifelse(midnight, column.strftime("%Y-%m-%d"), written)
    return ibis.ifelse(_real(column), written, column.cast("string"))


def _real(column: Expr) -> Expr:
    """Whether a date or moment has a year of four digits."""
    first, last = ("0001-01-02", "9999-12-30")
    if column.type().is_date():
        return column.between(ibis.date(first), ibis.date(last))
    return column.between(*(ibis.literal(f"{d} 00:00:00", type=column.type()) for d in (first, last)))


def is_plain(column: Expr, written: Expr) -> Expr:
    """Whether the text of a cell is the one that Python reads: a figure or a date shows itself in several ways, and
    there are blanks that only Python strips."""
    kind = column.type()
    if kind.is_floating():
        safe = _within(column, 10**15)  # a database rounds to a whole number, and fails where there is none so large
        return column.isnull() | column.isnan() | ibis.coalesce(safe == safe.round(), False)
    if kind.is_temporal() or kind.is_array():
        return column.isnull()
    others = ibis.literal(_OTHERS)
    edged = others.contains(written.left(1)) | others.contains(written.right(1))
    return ibis.coalesce(~edged, True)


def is_plain_text(column: Expr, written: Expr) -> Expr:
    """Whether a text attribute can take the cell as it is written."""
    return is_plain(column, written) & ~ibis.coalesce(may_be_number(written), False)


def may_be_number(written: Expr) -> Expr:
    """Whether a text may be a document or case number in another than its one way of writing."""
    one, other = (written.re_search(pattern) for pattern in _NUMBERS)
    return written.contains("号") & ~(one | other)


def may_be_other_id(written: Expr) -> Expr:
    """Whether an id may be one that Python writes otherwise: a document number, or one with blanks that only Python
    strips."""
    others = ibis.literal(_OTHERS)
    edged = others.contains(written.left(1)) | others.contains(written.right(1))
    return may_be_number(written) | edged | written.re_search("[Ａ-Ｚａ-ｚ]")


def is_sure(column: Expr) -> Expr:
    """Whether a text is seen at a glance to be the one that Python reads: no blanks, no number, no wide letters."""
    return column.re_search(_SURE_TEXT) & ~column.contains("号")


def is_itself(column: Expr) -> Expr:
    """Whether a cell of text is taken as it stands, also as a text attribute; NULL or empty is."""
    written = text(column)
    whole = written.identical_to(column.nullif("")) & is_plain_text(column, written)
    return ibis.ifelse(column.isnull() | is_sure(column), True, whole)


def is_among(written: Expr, words: Collection[str]) -> Expr:
    """Whether a text is one of some words, without regard to blanks and capital letters."""
    return ibis.coalesce(written.re_replace(_ANY_BLANK, "").lower().isin(sorted(words)), False)


def is_one_name(written: Expr) -> Expr:
    """Whether a name has no blanks, which Python takes out or refuses."""
    return ~written.re_search(_ANY_BLANK)


def cell(column: Expr, written: Expr, attribute: Attribute) -> Cell:
    """A cell as a value of an attribute; ``written`` is its text."""
    kind = column.type()
    if attribute.type == "date":
        return _date(column, written)
    if attribute.type in ("integer", "number") and kind.is_numeric():
        return _figure(column, attribute.type)
    if attribute.type == "boolean" and kind.is_boolean():
        return Cell(column, ibis.literal(True))
    if attribute.type == "text":
        return Cell(written, is_plain_text(column, written))
    if attribute.type == "choice":
        return _if(written, among(written, ids_of(attribute)), written)
    if attribute.type == "boolean":
        low = written.lower()
        words = {value: [w for w, v in BOOLEANS.items() if v is value] for value in (True, False)}
        value = ibis.cases(*((low.isin(w), v) for v, w in words.items()), else_=ibis.null("boolean"))
        return _if(written, value.notnull(), value)
    return _several(written, attribute) if attribute.type == "choices" else _number(written, attribute.type)


def ids_of(attribute: Attribute) -> list[str]:
    """The values of a choice that are read as themselves, and not as another whose label they are."""
    known = words_of(attribute.values, attribute.values)
    return [value for value in attribute.values if known[key(value)] == value]


def _if(written: Expr, fits: Expr, value: Expr) -> Cell:
    return Cell(ibis.ifelse(fits, value, ibis.null(value.type())), written.isnull() | fits)


def _within(column: Expr, limit: int) -> Expr:
    """The figure, NULL beyond a limit (and where it is no number)."""
    column = column.cast("float64") if column.type().is_floating() else column
    return ibis.ifelse((column > -limit) & (column < limit), column, ibis.null(column.type()))


def _figure(column: Expr, type_: str) -> Cell:
    """A figure that the database keeps as one."""
    safe = _within(column, _SURE if column.type().is_floating() else LARGEST)
    if column.type().is_integer():
        value, exact = safe.cast("int64") * (1 if type_ == "integer" else MILLION), safe.notnull()
    else:
        rounded = safe.cast("decimal(20, 6)")
        exact = rounded.cast(safe.type()) == safe
        if type_ == "integer":
            exact = exact & (safe == safe.round())
        value = (rounded * (1 if type_ == "integer" else MILLION)).cast("int64")
    blank = column.isnull() | column.isnan() if column.type().is_floating() else column.isnull()
    fits = ibis.coalesce(exact, False)
    return Cell(ibis.ifelse(fits, value, ibis.null("int64")), blank | fits)


def _number(written: Expr, type_: str) -> Cell:
    """A figure in plain digits."""
    fits = written.re_search("^-?[0-9]{1,12}$" if type_ == "integer" else "^-?[0-9]{1,12}([.][0-9]{1,6})?$")
    safe = ibis.ifelse(fits, written, ibis.null("string"))
    value = safe.cast("int64") if type_ == "integer" else (safe.cast("decimal(20, 6)") * MILLION).cast("int64")
    return Cell(value, written.isnull() | fits)


def _several(written: Expr, attribute: Attribute) -> Cell:
    """Values between separators: each bit of those found, if together they are all that is written."""
    inside = ibis.literal(";") + written.re_replace("[ \t]*[,;、，；][ \t]*", ";") + ";"
    found = {word: inside.contains(f";{word};") for word in ids_of(attribute)}
    mask = [ibis.ifelse(there, attribute.mask([word]), 0) for word, there in found.items()]
    size = [ibis.ifelse(there, len(word) + 1, 0) for word, there in found.items()]
    fits = functools.reduce(operator.add, size) + 1 == inside.length()
    return _if(written, fits, functools.reduce(operator.add, mask).cast("int64"))


def _day(written: Expr) -> Expr:
    """``2012-03-01``, the first ten characters of a text of that form, as a day; NULL: not in the calendar.

    Reckoned in whole numbers: a database may fail as a whole on one day that does not exist.
    """
    year, month, day = (written.substr(*part).cast("int64") for part in ((0, 4), (5, 2), (8, 2)))
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    length = ibis.cases(
        (month == 2, ibis.ifelse(leap, 29, 28)), (month.isin([4, 6, 9, 11]), 30), (month.between(1, 12), 31), else_=0
    )
    # days before the first of a month in a year that begins in March
    moved = ibis.ifelse(month <= 2, year - 1, year)
    before = (153 * ((month + 9) % 12) + 2) // 5
    number = moved * 365 + moved // 4 - moved // 100 + moved // 400 + before + day + (-719_469)
    real = day.between(1, length) & (year >= 1)
    return ibis.ifelse(real, number, ibis.null("int64"))


def _written_day(written: Expr) -> Expr:
    return _day(ibis.ifelse(written.re_search(f"^{_DAY}$"), written, ibis.null("string")))


def _date(column: Expr, written: Expr) -> Cell:
    """A date of an attribute."""
    kind = column.type()
    if kind.is_date() or (kind.is_timestamp() and kind.timezone is None):
        safe = ibis.ifelse(_real(column), column, ibis.null(kind))
        fits = safe.notnull() if kind.is_date() else ibis.coalesce(safe == safe.truncate("D"), False)
        return Cell(ibis.ifelse(fits, day_of(safe.cast("date")), ibis.null("int64")), column.isnull() | fits)
    value = _written_day(written)
    return Cell(value, written.isnull() | value.notnull())


def moment(column: Expr, written: Expr) -> Moment:
    """The date of an event, which is never blank; the mirror of `records.read_moment`."""
    kind = column.type()
    if kind.is_date():
        found = _date(column, written)
        return _whole_day(found.value)
    if kind.is_timestamp():
        return _native_moment(column)
    day = _written_day(written)
    stamped = written.re_search(f"^{_DAY}[T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$")
    safe = ibis.ifelse(stamped, written, ibis.null("string"))
    that_day = _day(safe)
    hour, minute = safe.substr(11, 2).cast("int64"), safe.substr(14, 2).cast("int64")
    second = ibis.coalesce(safe.substr(17, 2).nullif("").cast("int64"), 0)
    at = that_day * DAY + hour * 3600 + minute * 60 + second
    at = ibis.ifelse(hour < 24, at, ibis.null("int64"))
    return _either(_whole_day(day), at)


def _native_moment(column: Expr) -> Moment:
    """A moment that the database keeps as one; part of a second is for Python."""
    kind = column.type()
    safe = ibis.ifelse(_real(column), column, ibis.null(kind))
    safe = ibis.ifelse(safe == safe.truncate("s"), safe, ibis.null(kind))
    seconds = safe.epoch_seconds().cast("int64")
    if kind.timezone is not None:
        local = ibis.ifelse(seconds >= _SINCE, seconds + _EIGHT_HOURS, ibis.null("int64"))
        return _either(None, local)
    midnight = seconds % DAY == 0
    day = ibis.ifelse(midnight, seconds // DAY, ibis.null("int64"))
    return _either(_whole_day(day), ibis.ifelse(midnight, ibis.null("int64"), seconds))


def _whole_day(day: Expr) -> Moment:
    inside = day.between(FIRST_DAY, LAST_DAY)
    day = ibis.ifelse(inside, day, ibis.null("int64"))
    return Moment(day * DAY, day * DAY + (DAY - 1), day.notnull())


def _either(whole: Moment | None, second: Expr) -> Moment:
    """A whole day, or else a second of one."""
    inside = second.between(FIRST_DAY * DAY, LAST_DAY * DAY + (DAY - 1))
    second = ibis.ifelse(inside, second, ibis.null("int64"))
    low, high = (ibis.coalesce(end, second) for end in whole[:2]) if whole else (second, second)
    return Moment(low, high, low.notnull())


def sequence(written: Expr) -> Cell:
    """The place of an event among those of its day: a whole number from 1, less than the seconds of a day."""
    safe = ibis.ifelse(written.re_search("^[0-9]{1,5}$"), written, ibis.null("string")).cast("int64")
    return _if(written, ibis.coalesce(safe.between(1, DAY - 1), False), safe)

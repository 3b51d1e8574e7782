"""The cells of a foreign row as values: renamed, in our units, and dates brought to one zone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from zoneinfo import ZoneInfo

from lawgov_rules.importers._rows import Cells
from lawgov_rules.mapping import AS_WRITTEN, Cell, Mapping

Read = Callable[[Cells], str | None]
REMEMBERED = 10_000  # different texts of a column whose reading is kept, since logs repeat themselves
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?")


def reader(cell: Cell, turn: Callable[[str], str] | None = None) -> Read:
    """How a cell is read from a row: None where it is empty or left out."""
    if cell.constant is not None:
        constant = cell.constant
        return lambda _row: constant
    column, known = str(cell.column), dict[str, str | None](cell.values)
    keep, factor = cell.others == "keep", Fraction(cell.factor) if cell.factor else None
    remembered: dict[str, str | None] = {}

    def read(row: Cells) -> str | None:
        text = row.get(column)
        if not text:
            return None
        if text in remembered:
            return remembered[text]
        found = known.get(text, text if keep else None)
        if found and factor:
            found = times(found, factor)
        if found and turn:
            found = turn(found)
        if len(remembered) < REMEMBERED:
            remembered[text] = found
        return found

    return read


def times(text: str, factor: Fraction) -> str:
    """A number in another unit, exactly; what is no number stays, for the vocabulary to refuse."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    # the exponent is asked first: 1e999999999 as a fraction would fill the memory
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text
    exact = Fraction(number) * factor
    if exact.denominator == 1:
        return str(exact.numerator)
    return str(Decimal(exact.numerator) / Decimal(exact.denominator))


def moments(mapping: Mapping) -> Callable[[Cell, bool], Read]:
    """How dates are read: brought to the mapping's zone, or left as written; the day alone where asked for."""
    zone = None if mapping.zone == AS_WRITTEN else ZoneInfo(mapping.zone)
    unmarked = ZoneInfo(mapping.unmarked) if mapping.unmarked else None

    def local(text: str, form: str | None, day: bool) -> str:
        moment = _parse(text, form)
        if not isinstance(moment, dt.datetime):
            return moment.isoformat() if moment else text
        if moment.tzinfo is None and unmarked:
            moment = moment.replace(tzinfo=unmarked)
        if moment.tzinfo is not None and zone:
            try:
                moment = moment.astimezone(zone)
            except OverflowError:  # before the year 1 or after 9999: refused where dates are judged
                return text
        return moment.date().isoformat() if day else moment.replace(tzinfo=None).isoformat(timespec="seconds")

    return lambda cell, day: reader(cell, lambda text: local(text, cell.form, day))


def _parse(text: str, form: str | None) -> dt.date | dt.datetime | None:
    """A moment, or a day by the ``form`` of the mapping; None for what is left to the record's own reading."""
    try:
        if form:
            moment = dt.datetime.strptime(text, form)
            return moment if re.search(r"%[HIcXT]", form) else moment.date()
        if stamp := _STAMP.fullmatch(text):
            return dt.datetime.fromisoformat(f"{stamp[1]}T{stamp[2]}{stamp[3] or ''}")
    except ValueError:
        pass
    return None

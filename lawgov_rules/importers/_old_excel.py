"""Old workbooks (.xls): their values, and what `_package` finds of packed ones.

They are read in Python: a damaged one can make the reader of the others ask for more memory than there is, and that
ends the whole process.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem
from lawgov_rules.importers._package import DAMAGED, OPEN_AND_SAVE, Sheet, Values, extend
from lawgov_rules.importers._reading import Limits


def read(path: Path, file: str, limits: Limits) -> list[tuple[Values, Sheet]]:
    """The sheets of an old workbook. InputError for one that is damaged, protected or too large."""
    import xlrd

    try:
        book = xlrd.open_workbook(path, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        return [_sheet(book, sheet, f"{file}#{sheet.name}", limits) for sheet in book.sheets()]
    except (InputError, OSError):
        raise
    except Exception as error:  # whatever a damaged file makes of it: there is no common parent
        protected = "encrypted" in str(error)
        reason = "the workbook has a password" if protected else DAMAGED
        raise InputError(Problem(Place(file), reason, help="save it without" if protected else OPEN_AND_SAVE)) from None


def _sheet(book: Any, sheet: Any, file: str, limits: Limits) -> tuple[Values, Sheet]:
    import xlrd

    inside = Sheet()
    percents = {n for n, xf in enumerate(book.xf_list) if "%" in _format(book, xf)}
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            extend(inside, row, column, file, limits)
            if kind == xlrd.XL_CELL_ERROR:
                inside.errors[row, column] = xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#")
            elif kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in percents:
                inside.percents.add((row, column))
    rows, columns = sheet.rowinfo_map.values(), sheet.colinfo_map.values()
    inside.hidden = any(row.hidden for row in rows) or any(column.hidden for column in columns)
    merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells]
    values = list(_rows(book, sheet)) if inside.rows else []
    return Values(sheet.name, sheet.visibility == 0, (0, 0), values, merged), inside


def _format(book: Any, xf: Any) -> str:
    known = book.format_map.get(xf.format_key)
    return known.format_str if known else ""


def _rows(book: Any, sheet: Any) -> Iterator[list[Any]]:
    for row in range(sheet.nrows):
        yield [_value(book, cell) for cell in sheet.row(row)]


def _value(book: Any, cell: Any) -> Any:
    """A cell as its type: text, number, truth, day or moment; None for an error, which is told elsewhere."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype != xlrd.XL_CELL_DATE:
        return cell.value
    try:
        moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
    except (ValueError, OverflowError):
        return cell.value
    # below one, a number in a date format is a time of day
    return moment.time() if cell.value < 1 else moment.replace(microsecond=0) + _rounded(moment)


def _rounded(moment: dt.datetime) -> dt.timedelta:
    """A second more where the fraction of a day fell just short of it."""
    return dt.timedelta(seconds=moment.microsecond >= 500_000)

"""What an old workbook (.xls) holds that its reader does not tell: see `_package`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem
from lawgov_rules.importers._package import DAMAGED, OPEN_AND_SAVE, Sheet, extend
from lawgov_rules.importers._reading import Limits


def look_into(path: Path, file: str, limits: Limits) -> dict[str, Sheet]:
    """The sheets of an old workbook by name. InputError for one that is damaged, protected or too large."""
    import xlrd

    try:
        book = xlrd.open_workbook(path, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO())
        return {name: _sheet(book, book.sheet_by_name(name), f"{file}#{name}", limits) for name in book.sheet_names()}
    except InputError:
        raise
    except OSError:
        raise
    except Exception as error:  # whatever a damaged file makes of it: there is no common parent
        protected = "encrypted" in str(error)
        reason = "the workbook has a password" if protected else DAMAGED
        raise InputError(Problem(Place(file), reason, help="save it without" if protected else OPEN_AND_SAVE)) from None


def _sheet(book: Any, sheet: Any, file: str, limits: Limits) -> Sheet:
    import xlrd

    found = Sheet()
    percents = {n for n, xf in enumerate(book.xf_list) if "%" in _format(book, xf)}
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            extend(found, row, column, file, limits)
            if kind == xlrd.XL_CELL_ERROR:
                found.errors[row, column] = xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#")
            elif kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in percents:
                found.percents.add((row, column))
    rows, columns = sheet.rowinfo_map.values(), sheet.colinfo_map.values()
    found.hidden = any(row.hidden for row in rows) or any(column.hidden for column in columns)
    return found


def _format(book: Any, xf: Any) -> str:
    known = book.format_map.get(xf.format_key)
    return known.format_str if known else ""

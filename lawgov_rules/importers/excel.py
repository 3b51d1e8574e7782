"""Workbooks of Excel, WPS and LibreOffice: ``.xlsx``, ``.xlsm`` (its macros are never run), ``.xls``, ``.ods``.

A sheet is read if its name, or a column 类型, tells the type of its records, or if it is called 案卷, 事项 or 人员;
other sheets with anything in them are a problem. Hidden sheets, rows and columns are read like the rest. Of a formula
the value counts that was last computed. A merged cell fills the rows that it covers, except that an id merged over
several rows is a problem; to the right only its first column has the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._cells import text_of
from lawgov_rules.importers._grid import Grid, Row
from lawgov_rules.importers._headings import key, table_named, type_named
from lawgov_rules.importers._joined import documents
from lawgov_rules.importers._package import DAMAGED, OPEN_AND_SAVE, Sheet, Values, look_into
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._rows import Rows, of_texts
from lawgov_rules.yaml_file import Document, file_name, sha256_of

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
HELP = "a workbook (.xlsx, .xls, .ods)"
# what templates write for people and for us: the explanations, and the hidden sheet with type and version
EXPLANATION, MARKER = ("填写说明", "explanations"), "_lawgov"
NOTES = frozenset(map(key, (*EXPLANATION, "说明", "readme", MARKER)))
_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path, reading: Reading) -> Iterator[Document | Problem]:
    """A document for each record of the workbook; see the module."""
    file = file_name(path)
    try:
        grids = list(_grids(path, file, reading))
    except InputError as error:
        yield error.problem
        return
    except OSError as error:
        help = "check that it exists and is yours to read"
        yield Problem(Place(file), f"cannot be read: {error.strerror}", help=help)
        return
    yield from documents(grids, reading)


def rows(path: Path, reading: Reading) -> Rows:
    """The rows of the first sheet that has all columns of the mapping, else of the first one. For foreign workbooks."""
    file = file_name(path)
    try:
        grids = [(grid, list(grid.rows)) for grid in _grids(path, file, reading)]
    except OSError as error:
        help = "check that it exists and is yours to read"
        raise InputError(Problem(Place(file), f"cannot be read: {error.strerror}", help=help)) from None
    if not grids:
        raise InputError(Problem(Place(file), "the table is empty", help="write the headings into the first line"))
    wanted = set(reading.mapping.columns()) if reading.mapping else set()
    chosen, found = next(((g, sheet) for g, sheet in grids if wanted <= set(sheet[0].cells)), grids[0])
    for grid, _ in grids:
        if grid is not chosen:
            reading.advise(Place(grid.file), "the sheet was not read: the mapping is for another one")
    return of_texts(chosen.file, iter(found), even=False)


def _grids(path: Path, file: str, reading: Reading) -> Iterator[Grid]:
    reading.limits.file(path.stat().st_size, file)
    with path.open("rb") as raw:
        start = raw.read(8)
    if not start.startswith((_PACKED, _OLD)):
        raise InputError(Problem(Place(file), "not a workbook of Excel or LibreOffice", help=OPEN_AND_SAVE))
    reading.hashes[file] = sha256_of(path)
    if start.startswith(_PACKED):
        sheets = _packed(path, file, reading)
    else:
        from lawgov_rules.importers import _old_excel

        sheets = _old_excel.read(path, file, reading.limits)
    yield from _sheets(sheets, path, file, reading)


def _packed(path: Path, file: str, reading: Reading) -> list[tuple[Values, Sheet]]:
    """The sheets of an .xlsx or .ods. InputError for one that cannot be read."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    inside = look_into(path, file, reading.limits)
    found = []
    try:
        with path.open("rb") as raw:
            book = CalamineWorkbook.from_filelike(raw)
            for about in book.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet:
                    sheet, about_it = book.get_sheet_by_name(about.name), inside.get(about.name, Sheet())
                    rows = list(sheet.iter_rows()) if sheet.start else []
                    visible = about.visible == SheetVisibleEnum.Visible
                    values = Values(
                        about.name, visible, sheet.start or (0, 0), rows, sheet.merged_cell_ranges or about_it.merged
                    )
                    found.append((values, about_it))
    except OSError:
        raise
    except (CalamineError, ValueError, KeyError) as error:
        reason = f"not readable as a table: {shown(' '.join(str(error).split()), 120)}"
        raise InputError(Problem(Place(file), reason, help=OPEN_AND_SAVE)) from None
    except BaseException as error:  # what the reader, a program in Rust, raises where it did not expect the input
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(Problem(Place(file), DAMAGED, help=OPEN_AND_SAVE)) from None
    return found


def _sheets(sheets: list[tuple[Values, Sheet]], path: Path, file: str, reading: Reading) -> Iterator[Grid]:
    """The sheets that hold records, events or participants."""
    ours = [(values, inside) for values, inside in sheets if key(values.name) not in NOTES]
    found = [(values, inside, rows) for values, inside in ours if (rows := _rows(values, inside))]
    for values, inside, rows in found:
        place = f"{file}#{values.name}"
        kind, type_ = table_named(values.name), type_named(values.name, reading.vocabulary)
        if kind is None and type_ is None and len(found) == 1:
            type_ = _type_of_template(sheets) or type_named(path.stem, reading.vocabulary)
        if not values.visible:
            reading.advise(Place(place), "the sheet is hidden, and was read", "delete it if it should not count")
        if inside.hidden:
            reading.advise(Place(place), "hidden rows or columns were read too", "delete them if they should not count")
        yield Grid(place, rows, kind or "records", type_, sheet=True)


def _type_of_template(sheets: list[tuple[Values, Sheet]]) -> str | None:
    """The record type for which a template was written, whatever its sheet is called by now."""
    rows = [row for values, _ in sheets if values.name == MARKER for row in values.rows]
    return next((str(row[1]) for row in rows if len(row) > 1 and row[0] == "type"), None)


def _rows(values: Values, inside: Sheet) -> list[Row]:
    """The rows that hold anything, by their number in the sheet."""
    top, left = values.start
    fills = _merged(values)
    above: dict[int, str] = {}
    found: dict[int, Row] = {}
    for number, cells in enumerate(values.rows, top):
        texts = [""] * left + [text_of(value) for value in cells]
        for column, text in enumerate(texts):
            if (number, column) in inside.percents and text:
                texts[column] = _percent(cells[column - left], text)
        filled = set()
        for column, first in fills.get(number, ()):
            texts += [""] * (column + 1 - len(texts))
            if number == first:
                above[column] = texts[column]
            elif not texts[column] and above.get(column):
                texts[column] = above[column]
                filled.add(column)
        if any(texts):
            found[number] = Row(number + 1, texts, filled=frozenset(filled))
    return _faulty(found, inside)


def _faulty(rows: dict[int, Row], inside: Sheet) -> list[Row]:
    """The rows, with those that hold errors or formulas that were never computed, which the reader gives as empty."""
    wrong = {at: (f"the formula's result is `{shown(text)}`", "mend the formula, or write the value")
             for at, text in inside.errors.items()}  # fmt: skip
    wrong |= dict.fromkeys(inside.uncomputed, ("the formula was never computed", OPEN_AND_SAVE))
    for (number, column), (reason, help) in sorted(wrong.items()):
        row = rows.setdefault(number, Row(number + 1, []))
        row.cells += [""] * (column + 1 - len(row.cells))
        row.faults.append((column, reason, help))
    return [rows[number] for number in sorted(rows)]


def _merged(values: Values) -> dict[int, list[tuple[int, int]]]:
    """By row, the columns that a cell merged over several rows covers there, with its first row."""
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in values.merged:
        if bottom > top:
            for number in range(top, min(bottom, top + 10_000) + 1):
                found.setdefault(number, []).append((left, top))
    return found


def _percent(value: Any, text: str) -> str:
    """0.85 in a cell that shows 85%."""
    return f"{value * 100:.13g}%" if isinstance(value, (int, float)) and not isinstance(value, bool) else text

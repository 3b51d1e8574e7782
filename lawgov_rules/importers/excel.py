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
from lawgov_rules.importers._package import OPEN_AND_SAVE, Sheet, look_into
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
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if path.stat().st_size > reading.limits.file_bytes:
        reason = f"larger than {reading.limits.file_bytes // 2**20} MB"
        raise InputError(Problem(Place(file), reason, help="split the file"))
    with path.open("rb") as raw:
        start = raw.read(8)
    if not start.startswith((_PACKED, _OLD)):
        raise InputError(Problem(Place(file), "not a workbook of Excel or LibreOffice", help=OPEN_AND_SAVE))
    reading.hashes[file] = sha256_of(path)
    if start.startswith(_PACKED):
        inside = look_into(path, file, reading.limits)
    else:
        from lawgov_rules.importers._old_excel import look_into as look_into_old

        inside = look_into_old(path, file, reading.limits)
    try:
        with path.open("rb") as raw:
            book = CalamineWorkbook.from_filelike(raw)
            yield from _sheets(book, inside, path, file, reading)
    except PasswordError:
        raise InputError(Problem(Place(file), "the workbook has a password", help="save it without")) from None
    except (CalamineError, ValueError, KeyError) as error:
        reason = f"not readable as a table: {shown(' '.join(str(error).split()), 120)}"
        raise InputError(Problem(Place(file), reason, help=OPEN_AND_SAVE)) from None


def _sheets(book: Any, inside: dict[str, Sheet], path: Path, file: str, reading: Reading) -> Iterator[Grid]:
    """The sheets that hold records, events or participants."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    names = [m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet and key(m.name) not in NOTES]
    visible = {m.name: m.visible == SheetVisibleEnum.Visible for m in book.sheets_metadata}
    found = [(name, rows) for name in names if (rows := _rows(book.get_sheet_by_name(name), inside.get(name, Sheet())))]
    for name, rows in found:
        place = f"{file}#{name}"
        kind, type_ = table_named(name), type_named(name, reading.vocabulary)
        if kind is None and type_ is None and len(found) == 1:
            type_ = _type_of_template(book) or type_named(path.stem, reading.vocabulary)
        if not visible[name]:
            reading.advise(Place(place), "the sheet is hidden, and was read", "delete it if it should not count")
        if inside.get(name, Sheet()).hidden:
            reading.advise(Place(place), "hidden rows or columns were read too", "delete them if they should not count")
        yield Grid(place, rows, kind or "records", type_, sheet=True)


def _type_of_template(book: Any) -> str | None:
    """The record type for which a template was written, whatever its sheet is called by now."""
    if MARKER not in book.sheet_names:
        return None
    rows = book.get_sheet_by_name(MARKER).to_python()
    return next((str(row[1]) for row in rows if len(row) > 1 and row[0] == "type"), None)


def _rows(sheet: Any, inside: Sheet) -> list[Row]:
    """The rows that hold anything, by their number in the sheet."""
    if sheet.start is None:
        return _faulty({}, inside)
    top, left = sheet.start
    fills = _merged(sheet)
    above: dict[int, str] = {}
    found: dict[int, Row] = {}
    for offset, values in enumerate(sheet.iter_rows()):
        number = top + offset
        texts = [""] * left + [text_of(value) for value in values]
        for column, text in enumerate(texts):
            if (number, column) in inside.percents and text:
                texts[column] = _percent(values[column - left], text)
        filled = set()
        for column, first in fills.get(number, ()):
            if column < len(texts):
                if number == first:
                    above[column] = texts[column]
                elif not texts[column]:
                    texts[column] = above.get(column, "")
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


def _merged(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """By row, the columns that a cell merged over several rows covers there, with its first row."""
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            for number in range(top, min(bottom, top + 10_000) + 1):
                found.setdefault(number, []).append((left, top))
    return found


def _percent(value: Any, text: str) -> str:
    """0.85 in a cell that shows 85%."""
    return f"{value * 100:.13g}%" if isinstance(value, (int, float)) and not isinstance(value, bool) else text

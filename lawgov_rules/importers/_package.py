"""What a packed workbook (.xlsx, .ods) holds that its reader does not tell, found before the reader opens it.

The reader gives an empty cell for an error and for a formula that was never computed, says nothing of hidden rows, and
lays every sheet out as a full rectangle in memory. So each sheet is gone through once, piece by piece, bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from lawgov_rules.errors import InputError, Place, Problem
from lawgov_rules.importers._reading import RAISE, Limits

CHUNK = 2**18
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
PERCENT_FORMATS = frozenset((9, 10))
DAMAGED = "the workbook is damaged"
OPEN_AND_SAVE = "open it in Excel, WPS or LibreOffice and save it anew"


@dataclass
class Sheet:
    """What a sheet holds besides values; cells by row and column from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)
    hidden: bool = False
    rows: int = 0
    columns: int = 0
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


@dataclass
class Values:
    """The values of a sheet: ``rows`` from the row and column ``start`` on, cells merged (first and last, from 0)."""

    name: str
    visible: bool
    start: tuple[int, int]
    rows: Iterable[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]


def look_into(path: Path, file: str, limits: Limits) -> dict[str, Sheet]:
    """The sheets of a packed workbook by name. InputError for one that is damaged or too large."""
    try:
        with ZipFile(path) as package:
            _check_size(package, file, limits)
            names = set(package.namelist())
            if "xl/workbook.xml" in names:
                return dict(_xlsx(package, file, limits))
            if "content.xml" in names:
                return _ods(package, file, limits)
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, expat.ExpatError):
        raise InputError(Problem(Place(file), DAMAGED, help=OPEN_AND_SAVE)) from None
    except Exception as error:  # zlib.error and lzma.LZMAError have no common parent
        if type(error).__module__ in ("zlib", "_lzma", "lzma"):
            raise InputError(Problem(Place(file), DAMAGED, help=OPEN_AND_SAVE)) from None
        raise
    raise InputError(Problem(Place(file), "not a workbook of Excel or LibreOffice", help=OPEN_AND_SAVE))


def _check_size(package: ZipFile, file: str, limits: Limits) -> None:
    """Unpacks everything once and counts, since what a package says of its sizes may be wrong."""
    total = 0
    for item in package.infolist():
        with package.open(item) as part:
            while chunk := part.read(CHUNK):
                total += len(chunk)
                if total > limits.unpacked_bytes:
                    reason = f"unpacks to more than {limits.unpacked_bytes / 2**20:g} MB"
                    raise InputError(Problem(Place(file), reason, help=RAISE))


Attributes = dict[str, str]


def _parse(
    package: ZipFile,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Goes through an XML part; names come without their namespace's prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, found: start(tag.rpartition(":")[2], found)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    with package.open(name) as part:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _plain(found: Attributes) -> Attributes:
    return {name.rpartition(":")[2]: value for name, value in found.items()}


def _xlsx(package: ZipFile, file: str, limits: Limits) -> Iterator[tuple[str, Sheet]]:
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(tag: str, found: Attributes) -> None:
        if tag == "Relationship":
            targets[found["Id"]] = found["Target"]

    def sheet(tag: str, found: Attributes) -> None:
        if tag == "sheet":
            sheets.append((found["name"], next(v for k, v in found.items() if k.rpartition(":")[2] == "id")))

    _parse(package, "xl/_rels/workbook.xml.rels", relation)
    _parse(package, "xl/workbook.xml", sheet)
    percents = _percent_styles(package)
    for name, target in sheets:
        part = targets[target]
        part = part.lstrip("/") if part.startswith("/") else str(PurePosixPath("xl") / part)
        if part in package.namelist() and "worksheet" in part:
            yield name, _xlsx_sheet(package, part, percents, f"{file}#{name}", limits)


def _percent_styles(package: ZipFile) -> set[str]:
    """The numbers of the cell styles that show a number as a percentage."""
    formats, styles, inside = set(map(str, PERCENT_FORMATS)), list[str](), [False]

    def start(tag: str, found: Attributes) -> None:
        if tag == "numFmt" and "%" in found.get("formatCode", ""):
            formats.add(found["numFmtId"])
        elif tag == "cellXfs":
            inside[0] = True
        elif tag == "xf" and inside[0]:
            styles.append(found.get("numFmtId", "0"))

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside[0] = False

    if "xl/styles.xml" in package.namelist():
        _parse(package, "xl/styles.xml", start, end)
    return {str(number) for number, format in enumerate(styles) if format in formats}


def _xlsx_sheet(package: ZipFile, part: str, percents: set[str], file: str, limits: Limits) -> Sheet:
    sheet = Sheet()
    state: dict[str, Any] = {"at": (0, 0), "t": "", "formula": False, "value": "", "in": "", "row": -1, "column": -1}

    def start(tag: str, found: Attributes) -> None:
        if tag == "c":
            reference = _REFERENCE.fullmatch(found.get("r", ""))
            row, column = (int(reference[2]) - 1, _column(reference[1])) if reference else (
                state["row"], state["column"] + 1)  # fmt: skip
            state.update(at=(row, column), t=found.get("t", ""), formula=False, value="", column=column)
            if found.get("s") in percents:
                sheet.percents.add((row, column))
        elif tag == "row":
            number = found.get("r", "")
            state.update(row=int(number) - 1 if number else state["row"] + 1, column=-1)
            sheet.hidden = sheet.hidden or found.get("hidden") in ("1", "true")
        elif tag == "col":
            sheet.hidden = sheet.hidden or found.get("hidden") in ("1", "true")
        elif tag == "f":
            state["formula"] = True
        elif tag in ("v", "t"):
            state["in"] = tag

    def end(tag: str) -> None:
        if tag in ("v", "t"):
            state["in"] = ""
        elif tag == "c":
            row, column = state["at"]
            if state["value"] or state["formula"]:
                extend(sheet, row, column, file, limits)
            if state["t"] == "e":
                sheet.errors[state["at"]] = state["value"] or "#"
            elif state["formula"] and not state["value"] and state["t"] != "str":
                sheet.uncomputed.add(state["at"])

    def text(found: str) -> None:
        if state["in"]:
            state["value"] += found

    _parse(package, part, start, end, text)
    return sheet


def _column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found - 1


def extend(sheet: Sheet, row: int, column: int, file: str, limits: Limits) -> None:
    """Note a used cell. InputError where the rectangle of the used cells grows too large."""
    sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + 1)
    if sheet.rows * sheet.columns > limits.cells:
        reason = f"the used cells span more than {limits.cells}"
        raise InputError(
            Problem(Place(file, row + 1, column + 1), reason, help="delete what stands far from the table")
        )


def _ods(package: ZipFile, file: str, limits: Limits) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    state: dict[str, Any] = {"name": "", "row": 0, "column": 0, "repeat": 1, "cell": None, "text": ""}

    def start(tag: str, raw: Attributes) -> None:
        found = _plain(raw)
        if tag == "table":
            state.update(name=found.get("name", ""), row=0)
            sheets[state["name"]] = Sheet()
        elif tag == "table-row":
            state.update(column=0, repeat=int(found.get("number-rows-repeated", "1")))
            if found.get("visibility") in ("collapse", "filter") and state["repeat"] < limits.rows // 2:
                sheets[state["name"]].hidden = True
        elif tag in ("table-cell", "covered-table-cell") and state["name"]:
            state.update(cell=found, text="")

    def end(tag: str) -> None:
        if tag == "table-row":
            state["row"] += state["repeat"]
        elif tag in ("table-cell", "covered-table-cell") and state["cell"] is not None:
            _ods_cell(sheets[state["name"]], state, f"{file}#{state['name']}", limits)
            state["cell"] = None
        elif tag == "table":
            state["name"] = ""

    def text(found: str) -> None:
        if state["cell"] is not None:
            state["text"] += found

    _parse(package, "content.xml", start, end, text)
    return sheets


def _ods_cell(sheet: Sheet, state: dict[str, Any], file: str, limits: Limits) -> None:
    cell, text = state["cell"], state["text"].strip()
    repeat = int(cell.get("number-columns-repeated", "1"))
    if text or cell.get("value") or cell.get("formula"):
        at = state["row"], state["column"]
        extend(sheet, at[0] + state["repeat"] - 1, at[1] + repeat - 1, file, limits)
        if (down := int(cell.get("number-rows-spanned", "1"))) > 1:
            sheet.merged.append((at, (at[0] + down - 1, at[1])))
        if cell.get("value-type") == "percentage":
            sheet.percents |= {(at[0], at[1] + n) for n in range(repeat)}
        if (text.startswith("#") and (cell.get("value-type") == "error" or cell.get("formula"))) or text.startswith(
            "Err:"
        ):
            sheet.errors[at] = text
    state["column"] += repeat

"""A workbook whose cells are values only: what a user wrote never becomes a formula, a link or a broken page.

Everything that the sheets of the work-paper share: fonts and colours, how a cell is written by its type, how a text
that does not fit is cut, and how a table is laid out on the screen and on A4.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

from lawgov_rules.importers.own_reports import PROPERTY
from lawgov_rules.reports._plain import line

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value: TypeAlias = "str | int | float | dt.date | Quantity | None"
Look = Mapping[str, Any]

SIZE = 10  # of the letters, in points
FONTS = {"zh": "微软雅黑", "en": "Calibri"}
# Excel lets a row be 409 points high
LINE_HEIGHT, MOST_LINES = 14, 28
FORMULA = "=+-@＝＋－＠"  # what makes a formula of a text that somebody types
LOST = 1  # characters of a line that are lost where it is broken
ROWS = 1_000_000  # of a sheet, which ends at 1,048,576
# spreadsheets disagree about the days before (1900 has a 29 February in one of them)
FIRST_DAY = dt.date(1900, 3, 1)
LONGEST_LINE = 200  # of a text that runs on into the cells beside it
DAY = "yyyy-mm-dd"
LINE = "BFBFBF"
DARK, PALE, FILL_IN, ASIDE = "1F3864", "F2F2F2", "FFF9E5", "7F7F7F"
HEAD: Look = {"bold": True, "font_color": "FFFFFF", "align": "center", "valign": "vcenter", "text_wrap": True}
CELL: Look = {"valign": "top", "text_wrap": True, "border": 1, "border_color": LINE}
MIDDLE: Look = {**CELL, "align": "center"}
SMALL: Look = {**CELL, "font_size": 8, "font_color": "595959"}
NUMBER: Look = {**CELL, "num_format": '#,##0;-#,##0;"–"', "align": "right"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what stands behind it, such as ``天`` or `` days``."""

    number: int | float
    unit: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading in both languages, its width in characters, and how it looks.

    ``group`` is the colour of its heading: what was found, what is to be filled in, what stands aside. ``lines`` is the
    most that a text may take.
    """

    zh: str
    en: str
    width: float
    look: Look = field(default_factory=lambda: CELL)
    group: str = DARK
    lines: int = MOST_LINES


def width(text: str) -> int:
    """The half-width characters that a text takes; a Chinese font shows quotation marks and dashes full width too."""
    return len(text) + sum(unicodedata.east_asian_width(c) in "WFA" for c in text if c > "\x7f")


def cut(text: str, most: int, lang: str) -> str:
    """A text on one line, at most ``most`` half-width characters wide; where it was longer, it says so."""
    text = line(text)
    if width(text) <= most:
        return text
    mark = f"……（共{len(text)}字，此处略）" if lang == "zh" else f" … [cut; {len(text):,} characters in all]"
    room, kept = most - width(mark), 0
    while room > 0:
        room -= width(text[kept])
        kept += room >= 0
    return text[:kept] + mark


@lru_cache(maxsize=1 << 16)
def fit(text: str, wide: float, most: int, lang: str) -> tuple[str, int]:
    """A text as a cell of this width shows it in at most so many lines, and its lines; a width of 0 has no end."""
    if not wide:
        return cut(text, LONGEST_LINE, lang), 1
    shown = cut(text, int((wide - LOST) * most), lang)
    return shown, math.ceil(width(shown) / (wide - LOST))


class Book:
    """A workbook in the making, in one language; its only date is the given one: the same cells are the same bytes."""

    def __init__(
        self, lang: str, title: str, day: dt.date, header: str, footer: str, *, is_report: bool = True
    ) -> None:
        from xlsxwriter import Workbook

        self.lang, self.header, self.footer = lang, header, footer
        self._bytes = BytesIO()
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        font = {"font_name": FONTS[lang], "font_size": SIZE}
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": font,
        }
        self.workbook = Workbook(self._bytes, options)
        self.workbook.set_properties({"title": title, "created": dt.datetime.combine(day, dt.time())})
        if is_report:  # which is not read as case files
            self.workbook.set_custom_property(PROPERTY, lang)
        self.workbook.set_size(28_000, 16_000)

    def t(self, zh: str, en: str) -> str:
        """The one of the two that is in the language."""
        return zh if self.lang == "zh" else en

    def to_bytes(self) -> bytes:
        """The finished file."""
        self.workbook.close()
        return _growing(self._bytes)

    def format(self, look: Look) -> Format:
        """The format of a look; the same one for the same look."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(dict(look))
        return self._formats[key]

    def sheet(self, name: str, columns: Sequence[float]) -> Worksheet:
        """A sheet with columns of these widths, set up for A4."""
        sheet = self.workbook.add_worksheet(name)
        for number, wide in enumerate(columns):
            sheet.set_column(number, number, wide)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(self.header)
        sheet.set_footer(self.footer)
        sheet.hide_gridlines(2)
        return sheet

    def put(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: Value,
        look: Look = CELL,
        wide: float = 0,
        most: int = MOST_LINES,
    ) -> int:
        """Write one cell by the type of its value, and return its lines.

        Args:
            wide: the width of the cell in characters, by which a text is broken into lines, and cut where it has more
                than ``most``; 0 for a text that may run on into the cells beside it.
        """
        if isinstance(value, dt.date) and value < FIRST_DAY:
            value = value.isoformat()
        if isinstance(value, str) and value:
            text, lines = fit(value, wide * SIZE / look.get("font_size", SIZE), most, self.lang)
            # marked as text, it stays text when a reader edits the cell
            risky = {"quote_prefix": True} if text[0] in FORMULA else {}
            sheet.write_string(row, column, text, self.format({**look, **risky}))
            return lines
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.format(look))
        elif isinstance(value, Quantity):
            form = f'General"{value.unit}"' if value.unit else "General"
            number = {"num_format": form, "align": "right", "indent": 1}
            sheet.write_number(row, column, value.number, self.format({**look, **number}))
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, self.format({"align": "center", **look, "num_format": DAY}))
        elif not isinstance(value, str):
            sheet.write_number(row, column, value, self.format(look))
        return 1

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], frozen: int) -> Worksheet:
        """A sheet with one table: headings on every screen and page, a filter, the first columns fixed."""
        sheet = self.sheet(name, [column.width for column in columns])
        for n, column in enumerate(columns):
            look = {**HEAD, "bg_color": column.group, "border": 1, "border_color": LINE}
            sheet.write_string(0, n, self.t(column.zh, column.en), self.format(look))
        sheet.set_row(0, 32)
        last = 0
        for last, row in enumerate(rows, 1):
            cells = enumerate(zip(columns, row, strict=True))
            lines = [self.put(sheet, last, n, value, c.look, c.width, c.lines) for n, (c, value) in cells]
            sheet.set_row(last, self.height(max(lines)))
        if not last:
            sheet.write_string(1, 0, self.t("（没有）", "(none)"), self.format({"font_color": ASIDE}))
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.freeze_panes(1, frozen)
        sheet.repeat_rows(0)
        return sheet

    def height(self, lines: int) -> float:
        """The points that a row of so many lines takes."""
        return LINE_HEIGHT * min(lines, MOST_LINES) + 4


def _growing(file: BytesIO) -> bytes:
    """The same workbook, whose rows grow when a reader writes more into them.

    XlsxWriter marks every height that it is given as the user's own choice, which a spreadsheet then keeps.
    """
    grown = BytesIO()
    with ZipFile(file) as old, ZipFile(grown, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                content = content.replace(b' customHeight="1"', b"")
            new.writestr(part, content, ZIP_DEFLATED)
    return grown.getvalue()

"""Text on a terminal, where a Chinese character is two columns wide: rows that line up, and lines that fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len as width

GAP = "  "
# what may not begin a line in Chinese, and what may not end one
CLOSING = "，。；：、！？）〕》〉」』】”’％…·,.;:!?)]}"
OPENING = "（〔《〈「『【“‘([{"
# a word of Latin letters and figures, blanks, or one character; with what may not be parted from it
_UNIT = re.compile(rf"\s+|[{re.escape(OPENING)}]*(?:[!-~]+|.)[{re.escape(CLOSING)}]*")


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """Each row as a line, its cells aligned; the columns ``right`` (from 0) to the right."""
    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = []
        for n, (cell, wanted) in enumerate(zip(row, widths, strict=True)):
            pad = " " * (wanted - width(cell))
            cells.append(pad + cell if n in right else cell + pad)
        yield GAP.join(cells).rstrip()


def wrapped(text: str, columns: int) -> Iterator[str]:
    """The text in lines of at most so many columns, broken as Chinese and English are; one line if ``columns`` is 0."""
    if not columns or width(text) <= columns:
        yield text
        return
    line, used = "", 0
    for unit in _units(text, columns):
        needed = width(unit)
        if used and used + needed > columns:
            yield line.rstrip()
            line, used = "", 0
            unit = unit.lstrip()
            needed = width(unit)
        line, used = line + unit, used + needed
    if line:
        yield line.rstrip()


def _units(text: str, columns: int) -> Iterator[str]:
    """What stays together on a line; what is longer than a line is cut."""
    for unit in _UNIT.findall(text):
        if width(unit) <= columns:
            yield unit
        else:
            yield from unit

"""Rows as columns that line up on a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence

GAP = "  "


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """Each row as a line, its cells aligned; the columns ``right`` (from 0) to the right."""
    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = []
        for n, (cell, wanted) in enumerate(zip(row, widths, strict=True)):
            pad = " " * (wanted - width(cell))
            cells.append(pad + cell if n in right else cell + pad)
        yield GAP.join(cells).rstrip()

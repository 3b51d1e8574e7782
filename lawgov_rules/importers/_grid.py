"""A table as rows of text cells, whatever held it, and where its headings stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._headings import OWN, is_remark, key, own
from lawgov_rules.importers._reading import RAISE, Limits

TITLE_ROWS = 10  # among which the headings stand
_IDS = frozenset(text for text, name in own(OWN).items() if name == "record")


@dataclass(slots=True)
class Row:
    """A row: its line, its cells as text, what is wrong with some of them (column from 0, reason, help).

    ``filled`` are the columns whose value stands in a merged cell that began in a row above.
    """

    line: int
    cells: list[str]
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    filled: frozenset[int] = frozenset()


@dataclass
class Grid:
    """A sheet, a file or a frame.

    Args:
        file: as places name it. rows: from top to bottom. kind: which of the three tables. type: the record type of
            all its rows, where its name tells it. sheet: an empty one is passed over. even: a row must have as many
            cells as the headings, else something is out of place.
    """

    file: str
    rows: Iterable[Row]
    kind: str = "records"
    type: str | None = None
    sheet: bool = False
    even: bool = False


@dataclass
class Table:
    """A grid whose headings are known: they stand at ``line``, its rows come after."""

    file: str
    kind: str
    type: str | None
    line: int
    headings: list[str]
    rows: list[Row]

    @property
    def labelled(self) -> bool:
        """Whether its headings are in Chinese."""
        return any("\u4e00" <= letter <= "\u9fff" for heading in self.headings for letter in heading)

    @cached_property
    def head(self) -> str:
        """A sum of what decides how its rows are read."""
        return hashlib.sha256(repr((self.kind, self.type, self.headings)).encode()).hexdigest()

    def place(self, line: int, column: int = -1) -> Place:
        """A row, or a cell of it by its column counted from 0."""
        return Place(self.file, line, column + 1)

    def refuse(self, row: Row, column: int, reason: str, help: str = "") -> Problem:
        """What is wrong with a cell."""
        value = row.cells[column] if 0 <= column < len(row.cells) else ""
        return Problem(self.place(row.line, column), reason, shown(value), help)


def with_headings(grid: Grid, limits: Limits) -> Table | None:
    """The table of a grid; None for an empty sheet. The headings are the first row that names the record's id.

    Raises InputError where there are no headings, or two alike.
    """
    rows = iter(grid.rows)
    above: list[Row] = []
    for row in rows:
        if any(key(cell) in _IDS for cell in row.cells):
            headings = _headings(grid, row, limits)
            return Table(
                grid.file, grid.kind, grid.type, row.line, headings, _within(rows, grid, len(row.cells), limits)
            )
        above.append(row)
        if len(above) >= TITLE_ROWS:
            break
    if not above and grid.sheet:
        return None
    if not above:
        raise InputError(Problem(Place(grid.file), "the table is empty", help="write the headings into the first line"))
    word = next((cell for cell in above[0].cells if cell), "")
    help = f"head the column of ids with `案卷号` (or 文号, 案号), within the first {TITLE_ROWS} rows"
    raise InputError(Problem(Place(grid.file, above[0].line), "no column holds the ids of records", shown(word), help))


def _within(rows: Iterable[Row], grid: Grid, wide: int, limits: Limits) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        if len(found) >= limits.rows:
            raise InputError(Problem(Place(grid.file, row.line), f"more than {limits.rows} rows", help=RAISE))
        if grid.even and len(row.cells) < wide:
            reason = f"{len(row.cells)} cells where the headings have {wide}"
            row.faults.append((-1, reason, "fill in or take out cells, or quote commas"))
        found.append(row)
    return found


def _headings(grid: Grid, row: Row, limits: Limits) -> list[str]:
    headings = [" ".join(cell.split()) for cell in row.cells]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > limits.columns:
        reason = f"more than {limits.columns} columns"
        raise InputError(Problem(Place(grid.file, row.line), reason, help=RAISE))
    seen: set[str] = set()
    for column, heading in enumerate(headings):
        if heading and key(heading) in seen and not is_remark(heading):
            place, reason = Place(grid.file, row.line, column + 1), f"`{shown(heading)}` stands twice"
            raise InputError(Problem(place, reason, shown(heading), "keep one of the two"))
        seen.add(key(heading))
    return headings

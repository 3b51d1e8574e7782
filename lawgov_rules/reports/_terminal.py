"""Text for people: on a terminal in colour, in tables and in lines that fit; elsewhere plain and always the same.

Rich knows the terminal: its colours, its width, and how wide a Chinese character is. Lines are broken by
`_table.wrapped`, since Rich, which knows words by blanks, cuts `2012-03-16` in two and begins lines with `）》`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from lawgov_rules.reports._plain import line
from lawgov_rules.reports._table import table, wrapped

if TYPE_CHECKING:
    from rich.table import Table

# a text, or a text and its style in Rich's words; one line is several of them
Part = str | tuple[str, str]
Line = Sequence[Part]
NARROW = 20


class Screen:
    """Where a text goes. ``columns`` is the width of the terminal, 0 for anything else."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.columns = 0
        self._console = None
        if out.isatty():
            from rich.console import Console

            # colour as the terminal and NO_COLOR say; nothing in a text is markup
            self._console = Console(file=_Encoded(out), highlight=False, markup=False, emoji=False)  # type: ignore[arg-type]
            self.columns = self._console.width

    def put(self, lines: Iterable[Line]) -> None:
        """Write lines, each in its styles."""
        if self._console is None:
            for parts in lines:
                plain = "".join(part if isinstance(part, str) else part[0] for part in parts)
                self._out.write(plain.encode("utf-8", "backslashreplace") + b"\n")
            return
        from rich.text import Text

        for parts in lines:
            # lines that may be broken have been; others the terminal breaks, so that they can be copied whole
            self._console.print(Text.assemble(*parts), soft_wrap=True)

    def paragraph(self, text: str, indent: int) -> Iterator[Line]:
        """Somebody's words on one line, or on several that fit the terminal."""
        for part in wrapped(line(text), max(self.columns - indent, NARROW) if self.columns else 0):
            yield [" " * indent + part]

    def table(self, rows: Sequence[Sequence[str]], right: Collection[int] = (), styles: Sequence[str] = ()) -> None:
        """Write rows, the first of which are the headings; the columns ``right`` (from 0) to the right."""
        if self._console is None:
            self.put([text] for text in table(rows, right))
        elif rows:
            self._console.print()
            self._console.print(_drawn(rows, right, styles))


def _drawn(rows: Sequence[Sequence[str]], right: Collection[int], styles: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    found = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for number, heading in enumerate(rows[0]):
        style = styles[number] if number < len(styles) else ""
        found.add_column(Text(heading), justify="right" if number in right else "left", style=style, overflow="fold")
    for row in rows[1:]:
        found.add_row(*map(Text, row))
    return found


class _Encoded:
    """A file of bytes as Rich writes to it: text as UTF-8, whatever encoding the terminal names."""

    encoding = "utf-8"

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.flush, self.isatty, self.fileno = out.flush, out.isatty, out.fileno

    def write(self, text: str) -> int:
        return self._out.write(text.encode("utf-8", "backslashreplace"))

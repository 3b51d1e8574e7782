"""What was measured, as rows: pairs of runs, the table of them, how time grows with size."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

Row = dict[str, Any]


class Pair(NamedTuple):
    """A run of the one it is compared with, and its own just after."""

    base: Row
    own: Row


def row(name: str, records: int, against: str | None, pairs: list[Pair]) -> Row:
    """Medians over the pairs; ratios are of the two runs of a pair.

    Args:
        against: the other of each pair; None where the two are not alike and only their counts are compared.
    """
    found: Row = {"implementation": name, "records": records, "pairs": len(pairs), "against": against}
    for of in ("seconds", "cpu", "peak_mb"):
        found[of] = median(pair.own[of] for pair in pairs)
    found["records_per_second"] = records / found["seconds"]
    for of, ratio in (("seconds", "ratio"), ("cpu", "cpu_ratio"), ("peak_mb", "peak_ratio")):
        ratios = [pair.own[of] / pair.base[of] for pair in pairs]
        found[ratio] = median(ratios) if against else None
        found[f"{ratio}_range"] = [min(ratios), max(ratios)] if against else None
    found["runs"] = [pair._asdict() for pair in pairs]
    return found


HEADINGS = ("", "records", "pairs", "s", "CPU s", "records/s", "ratio of s", "ratio of CPU", "to", "peak MB", "ratio")


def table(rows: list[Row]) -> list[str]:
    """The results as a table that is also Markdown; ratios as median and range."""
    cells = [list(HEADINGS), *map(_cells, rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(HEADINGS))]
    words = ("", "to")
    marks = ["-" * w if heading in words else "-" * (w - 1) + ":" for w, heading in zip(widths, HEADINGS, strict=True)]

    def written(line: list[str]) -> str:
        parts = zip(line, widths, HEADINGS, strict=True)
        return " | ".join(cell.ljust(w) if heading in words else cell.rjust(w) for cell, w, heading in parts)

    return [f"| {written(line)} |" for line in (cells[0], marks, *cells[1:])]


def _cells(row: Row) -> list[str]:
    if "missing" in row:
        return [row["implementation"], f"{row['records']:,}", "not installed", *[""] * (len(HEADINGS) - 3)]
    return [
        row["implementation"],
        f"{row['records']:,}",
        str(row["pairs"]),
        f"{row['seconds']:.2f}",
        f"{row['cpu']:.2f}",
        f"{row['records_per_second']:,.0f}",
        _ratio(row, "ratio"),
        _ratio(row, "cpu_ratio"),
        row["against"] or "",
        f"{row['peak_mb']:,.0f}",
        f"{row['peak_ratio']:.2f}" if row["against"] else "",
    ]


def _ratio(row: Row, name: str) -> str:
    if row[name] is None:
        return ""
    low, high = row[f"{name}_range"]
    return f"{row[name]:.2f} [{low:.2f}-{high:.2f}]"


def exponents(rows: list[Row]) -> list[Row]:
    """How time grows with size, from each size to the next and from the smallest to the largest: 1 is in proportion."""
    found = []
    for name in dict.fromkeys(row["implementation"] for row in rows if "missing" not in row):
        mine = sorted((r for r in rows if r["implementation"] == name), key=lambda r: r["records"])
        steps = list(pairwise(mine))
        steps += [(mine[0], mine[-1])] if len(steps) > 1 else []
        for small, large in steps:
            grown = math.log(large["records"] / small["records"])
            both = {of: math.log(large[of] / small[of]) / grown for of in ("seconds", "cpu")}
            found.append({"implementation": name, "from": small["records"], "to": large["records"], **both})
    return found


def exponent_lines(found: list[Row]) -> list[str]:
    return [
        f"{each['implementation']}: from {each['from']:,} to {each['to']:,} records time grows with an exponent of"
        f" {each['seconds']:.2f}, processor time of {each['cpu']:.2f}"
        for each in found
    ]

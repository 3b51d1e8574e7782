"""The figures of the charts: bars per document, per organ and by lateness, and columns per month.

Places and widths are percentages of the drawing's width, so that a drawing fits any page and its words stay readable.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from lawgov_rules.report import Report
from lawgov_rules.reports._groups import ORDER
from lawgov_rules.reports.html._data import lateness, when
from lawgov_rules.reports.html._labels import LABELS
from lawgov_rules.verdict import Verdict

DRAWN = tuple(name for name in ORDER if name != "not_applicable")
MOST_BARS = 20
MOST_MONTHS, MOST_YEARS = 180, 120
HEIGHT = 150  # of the columns, in pixels
# how late, in days: the upper ends that a legal office thinks in
BINS = (7, 15, 30, 90, 180, 365)


@dataclass(frozen=True)
class Part:
    """A coloured part of a bar: the class that colours it, its share of the width, what a pointer reads."""

    name: str
    at: str
    size: str
    number: int
    label: tuple[str, str]


@dataclass(frozen=True)
class Bar:
    """A line of a bar chart. ``filter`` and ``value`` say what the list shows when it is chosen."""

    label: tuple[str, str]
    parts: tuple[Part, ...]
    first: int
    total: int
    filter: str = ""
    value: str = ""


@dataclass(frozen=True)
class Column:
    """A month (or year) of the column chart; ``parts`` stand on each other, in pixels from the top."""

    label: str
    at: str
    width: str
    parts: tuple[Part, ...]
    total: int


@dataclass(frozen=True)
class Columns:
    """The chart over time: its columns, the lines behind them (pixel, number), and the words below them."""

    unit: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[str, int], ...]
    ticks: tuple[tuple[str, str], ...]
    undated: int
    beyond: int


def charts(report: Report, titles: Mapping[str, str]) -> dict[str, Any]:
    """Every chart of a report. ``titles`` are those of the documents by their ids."""
    documents = [("document", id_, _twice(titles.get(id_, id_)), n) for id_, n in report.summary["documents"].items()]
    organs, others = _organs(report)
    return {
        "verdicts": [(name, (Verdict[name].zh, Verdict[name].en)) for name in DRAWN],
        "documents": list(_bars(documents)),
        "organs": organs if others is None else [*organs, others],
        "months": months(report),
        "lateness": _lateness(report),
        "height": HEIGHT,
    }


def _drawn(counts: Mapping[str, int]) -> int:
    return sum(counts.get(name, 0) for name in DRAWN)


def _twice(text: str) -> tuple[str, str]:
    return (text, text)


def _organs(report: Report) -> tuple[list[Bar], Bar | None]:
    """The organs with most violations, and one line without a bar for all others."""
    counted = report.summary["organs"].items()
    drawn = [(c.get("violated", 0), _drawn(c), name, c) for name, c in counted if _drawn(c)]
    drawn.sort(key=lambda item: (-item[0], -item[1], item[2]))
    rows = [("organ", name, _twice(name) if name else LABELS["no_organ"], c) for *_numbers, name, c in drawn]
    rest = drawn[MOST_BARS:]
    if not rest:
        return list(_bars(rows)), None
    label = (f"其余{len(rest)}个机关", f"{len(rest)} others")
    return list(_bars(rows[:MOST_BARS])), Bar(label, (), sum(r[0] for r in rest), sum(r[1] for r in rest))


def _bars(rows: Iterable[tuple[str, str, tuple[str, str], Mapping[str, int]]]) -> Iterator[Bar]:
    """A bar for each line, all to one scale."""
    found = [row for row in rows if _drawn(row[3])]
    longest = max((_drawn(counts) for *_rest, counts in found), default=1)
    for filter_, value, label, counts in found:
        numbers = [(name, counts.get(name, 0), (Verdict[name].zh, Verdict[name].en)) for name in DRAWN]
        yield Bar(label, _parts(numbers, longest), counts.get("violated", 0), _drawn(counts), filter_, value)


def _parts(numbers: Sequence[tuple[str, int, tuple[str, str]]], longest: int) -> tuple[Part, ...]:
    """Parts one after the other; ``longest`` is the number that fills the width."""
    starts = accumulate((number for _name, number, _label in numbers), initial=0)
    return tuple(
        Part(name, _percent(start / longest), _percent(number / longest), number, label)
        for (name, number, label), start in zip(numbers, starts, strict=False)
        if number
    )


def _percent(share: float) -> str:
    return f"{share * 100:.3f}".rstrip("0").rstrip(".") + "%"


def months(report: Report) -> Columns | None:
    """The findings by month, or by year where there are too many months; None where none has a date."""
    counts: dict[str, Counter[str]] = {}
    for finding in report.findings:
        if finding["verdict"] in DRAWN:
            counts.setdefault(when(finding)[:7], Counter())[finding["verdict"]] += 1
    undated = sum(counts.pop("", Counter()).values())
    if not counts:
        return None
    unit, span = "month", _months(min(counts), max(counts))
    beyond = 0
    if len(span) > MOST_MONTHS:
        unit, counts = "year", _by_year(counts)
        span = [str(year) for year in range(int(min(counts)), int(max(counts)) + 1)][-MOST_YEARS:]
        beyond = sum(sum(c.values()) for year, c in counts.items() if year not in span)
    return _columns(unit, span, counts, undated, beyond)


def _months(first: str, last: str) -> list[str]:
    """Every month from the first to the last: ``2012-01`` …"""
    start, end = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(start, end + 1)]


def _by_year(counts: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for month, counter in counts.items():
        found.setdefault(month[:4], Counter()).update(counter)
    return found


def _columns(unit: str, span: Sequence[str], counts: Mapping[str, Counter[str]], undated: int, beyond: int) -> Columns:
    top = _round(max(sum(counts[label].values()) for label in span if label in counts))
    width = 100 / max(len(span), 12)
    columns = []
    for number, label in enumerate(span):
        if label in counts:
            parts = _stack(counts[label], top)
            at, wide = f"{number * width:.3f}%", f"{width * 0.84:.3f}%"
            columns.append(Column(label, at, wide, parts, sum(counts[label].values())))
    lines = tuple((f"{HEIGHT - HEIGHT * n / top:.1f}", n) for n in (0, top // 2, top))
    return Columns(unit, tuple(columns), lines, tuple(_ticks(span, width)), undated, beyond)


def _stack(counts: Counter[str], top: int) -> tuple[Part, ...]:
    """The parts of a column, what is wrong at the bottom; places and sizes are pixels."""
    found, height = [], 0.0
    for name in DRAWN:
        if number := counts[name]:
            size = HEIGHT * number / top
            height += size
            label = (Verdict[name].zh, Verdict[name].en)
            found.append(Part(name, f"{HEIGHT - height:.1f}", f"{size:.1f}", number, label))
    return tuple(found)


def _round(number: int) -> int:
    """The even number from which on the scale is drawn: 2, 4, 6, 10, 20, 40, 60, 100 …"""
    scale = 1
    while True:
        for step in (2, 4, 6, 10):
            if step * scale >= number:
                return step * scale
        scale *= 10


def _ticks(span: Sequence[str], width: float) -> Iterator[tuple[str, str]]:
    """Six words at most under the columns, so that they do not touch on a telephone: years if there are several."""
    marks = [n for n, label in enumerate(span) if label.endswith("-01")] if len(span) > 24 and "-" in span[0] else []
    marks = marks or list(range(len(span)))
    step = -(-len(marks) // 6)
    years = len(span) > 24
    for n in marks[::step]:
        yield f"{n * width:.3f}%", span[n][:4] if years else span[n]


def _lateness(report: Report) -> dict[str, Any] | None:
    """Time limits violated by how many days, what is done and what is not apart; None where there are none."""
    late = [(days, finding["detail"]) for finding in report.findings if (days := lateness(finding))]
    if not late:
        return None
    counted = Counter((bisect_left(BINS, days), detail) for days, detail in late)
    longest = max(counted[n, "late"] + counted[n, "missing"] for n in range(len(BINS) + 1))
    bars = []
    for n, (low, high) in enumerate(zip((0, *BINS), (*BINS, 0), strict=True)):
        label = (f"{low + 1}–{high}天", f"{low + 1}–{high} days") if high else (f"超过{low}天", f"over {low} days")
        done, not_done = counted[n, "late"], counted[n, "missing"]
        parts = [("done-late", done, LABELS["done_late"]), ("not-done", not_done, LABELS["not_done"])]
        bars.append(Bar(label, _parts(parts, longest), done, done + not_done, "late", f"{low + 1}-{high or ''}"))
    middle, longest_delay = sorted(late)[(len(late) - 1) // 2][0], max(late)[0]
    return {"bars": bars, "median": middle, "longest": longest_delay}

"""When a judgement turns: the first day on which, with the same measures, the table would decide otherwise.

Only a comparison of the as-of day (or of a governing day that is the as-of day) with another day turns by itself.
Rows are walked as `Judgement.decide` does; behind a row that holds for good nothing can turn any more.
"""

from __future__ import annotations

from collections.abc import Iterable

from lawgov_rules.condition import COMPARISONS
from lawgov_rules.judgement import Judgement, Measures, Row

# the measures that are the as-of day where nothing else governs
GOVERNING = ("governs_from", "governs_to")


def earliest(days: Iterable[int | None]) -> int | None:
    """The first of several days; None where there is none."""
    return min((day for day in days if day is not None), default=None)


def turn(judgement: Judgement, measures: Measures) -> int | None:
    """The first day after ``as_of`` on which the decision over these measures may be another; None: never.

    ``measures`` hold ``as_of``, and ``force_from`` and ``force_to`` where the table compares with them.
    """
    found: list[int] = []
    for line in judgement.rows:
        days = _days(line, measures)
        if days is None:
            continue
        holds, later = days
        found += later
        if holds:
            break
    return min(found, default=None)


def _days(line: Row, measures: Measures) -> tuple[bool, list[int]] | None:
    """Whether a row holds now, and the later days on which one of its comparisons turns; None: it never holds again."""
    as_of, holds, later = measures["as_of"] or 0, True, []
    for left, op, right in line.when:
        value = measures.get(left)
        if op in ("absent", "present"):
            if (value is None) == (op == "present"):
                return None
            continue
        other = measures.get(right) if isinstance(right, str) else right
        if value is None or other is None:
            return None
        now = COMPARISONS[op](value, other)
        day = other + (op in ("lte", "gt"))
        moves = left == "as_of" or (left in GOVERNING and value == as_of)
        if moves and day > as_of:
            later.append(day)
        elif not now:
            return None
        holds = holds and now
    return holds, later

"""What is outstanding: the assessments of one check, reading by reading, become duties that fall due.

A rule with readings is judged under each of them alone, since every reading has a last day of its own and one verdict
for all of them keeps only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from lawgov_rules.days import Region
from lawgov_rules.kinds._contract import Constraint, Outstanding
from lawgov_rules.kinds._wording import shown_day
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict

STATUSES = {
    "overdue": ("逾期未办", "overdue"),
    "perhaps_overdue": ("可能逾期", "perhaps overdue"),
    "due": ("未到期", "due"),
    "open": ("期限未定", "no day set"),
    "lapsed": ("期间已过", "period over"),
}
CERTAINTIES = {
    "certain": ("日期确定", "the day is certain"),
    "presumed": ("放假安排尚未公布，按通常的工作日推算", "calendar not published, counted by ordinary working days"),
    "readings_differ": ("条文有不同读法", "the text can be read in several ways"),
    "calendar_unpublished": ("放假安排尚未公布", "calendar not published"),
}
# details of a day that has not been set, and may come to be
OPEN = ("open", "suspended")
NEVER = float("inf")


class Side(NamedTuple):
    """A duty under one reading; its status is empty where nothing is to be done, or nothing can be told."""

    reading: str
    rule: Rule
    assessment: Assessment
    left: Outstanding | None
    status: str

    @property
    def low(self) -> int | None:
        return self.left.low if self.left else None

    @property
    def is_unknown(self) -> bool:
        """A fact is missing that decides, and the rule sets a day."""
        (kind,) = self.rule.constraints.values()
        sets_a_day = type(kind).outstanding is not Constraint.outstanding
        return self.assessment.verdict == Verdict.undetermined and not self.status and sets_a_day


class Item(NamedTuple):
    """A duty under all readings of its rule."""

    sides: Sequence[Side]

    @property
    def left(self) -> list[Outstanding]:
        """What is to be done by a day, by reading."""
        return [side.left for side in self.sides if side.left and side.left.low is not None]

    @property
    def low(self) -> int | None:
        """The earliest last day."""
        return min((one.low for one in self.left if one.low is not None), default=None)

    @property
    def high(self) -> int | None:
        """The latest last day; None where it cannot be told."""
        return _latest(one.high for one in self.left)

    @property
    def counts_until(self) -> int | None:
        """The last day on which the act counts, late or not; None: always."""
        return _latest(one.counts_until for one in self.left)

    @property
    def status(self) -> str:
        found = {side.status for side in self.sides}
        if found <= {"lapsed", ""}:
            return "lapsed"
        if found & {"overdue", "perhaps_overdue", "lapsed"}:
            return "overdue" if found <= {"overdue", "lapsed"} else "perhaps_overdue"
        return "due" if "due" in found else "open"

    @property
    def told(self) -> Side:
        """The side that falls due first."""
        return min((side for side in self.sides if side.status), key=lambda side: _sorted(side.low))

    @property
    def assessment(self) -> Assessment:
        """What is told of it: the side that falls due first, or that the readings disagree."""
        told = self.told.assessment
        if self.status != "perhaps_overdue" or len(self.sides) == 1:
            return told
        verdicts = {side.reading: side.assessment.verdict.name for side in self.sides}
        return replace(told, verdict=Verdict.arguable, detail="readings_differ", readings=verdicts)

    def certainty(self, region: Region) -> str:
        """How sure the day is: the weightiest doubt where there are several, and nothing where there is no day."""
        if not self.left:
            return ""
        if any(one.low != one.high for one in self.left):
            return "calendar_unpublished"
        if self.low != self.high or not all(side.status for side in self.sides):
            return "readings_differ"
        guessed = (one.by_calendar and one.low is not None and region.is_presumed(one.low) for one in self.left)
        return "presumed" if any(guessed) else "certain"

    def readings(self) -> dict[str, dict[str, str]]:
        """The verdict and the days of each reading, where they differ."""
        found = {}
        for side in self.sides:
            days = side.left or Outstanding(None, None)
            told = {
                "verdict": side.assessment.verdict.name,
                "due": shown_day(days.low),
                "latest": shown_day(days.high),
            }
            found[side.reading] = {name: text for name, text in told.items() if text}
        return found if any(told != next(iter(found.values())) for told in found.values()) else {}

    def order(self) -> tuple[Any, ...]:
        """Overdue ones first, then by day."""
        rank = list(STATUSES).index(self.status)
        return (rank, _sorted(self.low), _sorted(self.high), self.told.assessment.key())


def _sorted(day: int | None) -> float:
    """A day that is not known stands last."""
    return NEVER if day is None else day


def _latest(days: Iterable[int | None]) -> int | None:
    """The last of several days; None, which is later than any, where one is None or there are none."""
    last = max(map(_sorted, days), default=NEVER)
    return None if last == NEVER else int(last)


def outstanding(
    judge: Callable[[Rulesets], Iterable[Assessment]], rules: Rulesets, as_of: int
) -> tuple[list[Item], int]:
    """Every duty that is not met, and the number of those of which a missing fact leaves open whether they are.

    ``judge`` gives the assessments of all records by rules that have one reading each.
    """
    several = {rule.key for rule in rules if len(rule.constraints) > 1}
    sides: dict[tuple[str, str, str, str], list[Side]] = {}
    for once in rules.by_reading():
        by_key = {rule.key: rule for rule in once}
        for assessment in judge(once):
            side = _side(assessment, by_key[assessment.rule], as_of)
            if side.status or assessment.rule in several or side.is_unknown:
                sides.setdefault(assessment.key(), []).append(side)
    items = [Item(own) for own in sides.values() if any(side.status for side in own)]
    unknown = (not any(s.status for s in own) and any(s.is_unknown for s in own) for own in sides.values())
    return sorted(items, key=Item.order), sum(unknown)


def _side(assessment: Assessment, rule: Rule, as_of: int) -> Side:
    ((reading, kind),) = rule.constraints.items()
    verdict, detail = assessment.verdict, assessment.detail
    waits = verdict == Verdict.undetermined and detail == "calendar_unpublished"
    asked = waits or verdict in (Verdict.pending, Verdict.violated)
    left = kind.outstanding(assessment.measures) if asked else None
    status = ""
    if left is not None and left.low is not None:
        status = {Verdict.pending: "due", Verdict.violated: "overdue"}.get(verdict, "perhaps_overdue")
        if left.counts_until is not None and left.counts_until < as_of:
            status = "lapsed"
    elif left is not None or (verdict == Verdict.pending and detail in OPEN):
        status = "open"
    return Side(reading, rule, assessment, left, status)

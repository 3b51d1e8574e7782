"""What the seven rules decide once everything is measured: each a function by hand, and a table for rules engines.

A case is what one reading of a rule needs, in whole numbers: days since 1970-01-01 (0: it has not happened), counts
(-1: not known), statements (0, 1). A row of a table is a conjunction and its verdict; the first row that holds decides.
"""

from __future__ import annotations

from typing import NamedTuple

NA, OK, BAD, OPEN, ASK, EXCUSED = "not_applicable", "compliant", "violated", "pending", "undetermined", "excused"
VERDICTS = (NA, OK, BAD, OPEN, ASK, EXCUSED)


class Within(NamedTuple):
    """An act within some days of its trigger."""

    outside: int
    trigger: int
    act: int
    early: int
    due: int
    today: int
    table = """
        outside = 1              : not_applicable
        trigger = 0, early = 1   : undetermined
        trigger = 0              : not_applicable
        act > 0, act <= due      : compliant
        act > 0                  : violated
        early = 1                : undetermined
        today <= due             : pending
                                 : violated
    """

    def verdict(self) -> str:
        if self.outside:
            return NA
        if not self.trigger:
            return ASK if self.early else NA
        if self.act:
            return OK if self.act <= self.due else BAD
        if self.early:
            return ASK
        return OPEN if self.today <= self.due else BAD


class AtLeast(NamedTuple):
    """Some days between two acts; fewer where there is a reason."""

    outside: int
    trigger: int
    act: int
    early: int
    reached: int
    reason: int
    today: int
    table = """
        outside = 1                         : not_applicable
        trigger = 0, early = 1              : undetermined
        trigger = 0                         : not_applicable
        act > 0, act >= reached             : compliant
        act > 0, reason = 1                 : excused
        act > 0                             : violated
        early = 1                           : undetermined
        today >= reached                    : compliant
                                            : pending
    """

    def verdict(self) -> str:
        if self.outside:
            return NA
        if not self.trigger:
            return ASK if self.early else NA
        if self.act:
            if self.act >= self.reached:
                return OK
            return EXCUSED if self.reason else BAD
        if self.early:
            return ASK
        return OK if self.today >= self.reached else OPEN


class Before(NamedTuple):
    """The last review before a gate was passed: ``surely``, or ``perhaps`` where a result is not known."""

    outside: int
    gate: int
    surely: int
    perhaps: int
    table = """
        outside = 1    : not_applicable
        gate = 0       : pending
        surely = -1    : violated
        surely = 1     : compliant
        perhaps = 0    : violated
                       : undetermined
    """

    def verdict(self) -> str:
        if self.outside:
            return NA
        if not self.gate:
            return OPEN
        if self.surely == 1:
            return OK
        return ASK if self.surely == 0 and self.perhaps else BAD


class People(NamedTuple):
    """Two persons at a gate."""

    outside: int
    gate: int
    persons: int
    table = """
        outside = 1    : not_applicable
        gate = 0       : pending
        persons = -1   : undetermined
        persons < 2    : violated
                       : compliant
    """

    def verdict(self) -> str:
        if self.outside:
            return NA
        if not self.gate:
            return OPEN
        if self.persons < 0:
            return ASK
        return OK if self.persons >= 2 else BAD


class Hours(NamedTuple):
    """Forty hours a year, in tenths."""

    part: int
    tenths: int
    unknown: int
    ending: int
    today: int
    table = """
        part = 1           : not_applicable
        tenths >= 400      : compliant
        unknown = 1        : undetermined
        today <= ending    : pending
                           : violated
    """

    def verdict(self) -> str:
        if self.part:
            return NA
        if self.tenths >= 400:
            return OK
        if self.unknown:
            return ASK
        return OPEN if self.today <= self.ending else BAD


class Again(NamedTuple):
    """The next of a row of acts is due by a day, unless the document ends before."""

    following: int
    due: int
    last: int
    today: int
    table = """
        following > 0, following <= due    : compliant
        due > last, today <= last          : pending
        due > last                         : not_applicable
        following > 0                      : violated
        today <= due                       : pending
                                           : violated
    """

    def verdict(self) -> str:
        if 0 < self.following <= self.due:
            return OK
        if self.due > self.last:
            return OPEN if self.today <= self.last else NA
        return OPEN if not self.following and self.today <= self.due else BAD


Case = Within | AtLeast | Before | People | Hours | Again
KINDS: tuple[type[Case], ...] = (Within, AtLeast, Before, People, Hours, Again)


class Comparison(NamedTuple):
    """A fact, how it is compared, and a number or another fact."""

    fact: str
    sign: str
    other: str


def rows(kind: type[Case]) -> list[tuple[list[Comparison], str]]:
    """A table, read: the comparisons of each row and its verdict."""
    found = []
    for line in kind.table.strip().splitlines():
        conditions, _, verdict = line.partition(":")
        parts = [part.split() for part in conditions.split(",") if part.strip()]
        found.append(([Comparison(*part) for part in parts], verdict.strip()))
    return found

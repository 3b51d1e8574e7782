"""The due list: what is still to be done, by which day, by whom, and how sure that day is.

A duty is on the list while its rule has set a day and the act is not on record: before the day it is ``due``, after it
``overdue``. Where the text can be read in several ways, or the calendar of the year is not published, there are two
days, the earliest and the latest; between them the duty is ``perhaps_overdue``. Listed only when asked for: duties for
which no day is set (``open``), and those whose time is over so that nothing done now would count (``lapsed``: the
lessons of last year). Which kinds set a day, their `outstanding` says.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict, Unpack

from lawgov_rules.checking import as_of_day
from lawgov_rules.counting import receipt
from lawgov_rules.days import add_months, to_date, to_day
from lawgov_rules.errors import Place, Problem, shown
from lawgov_rules.findings import finding
from lawgov_rules.importers._reading import Limits, Progress, silent
from lawgov_rules.input import Input, read_input
from lawgov_rules.judging import Engine, assess, quicker
from lawgov_rules.loading import load_rulesets
from lawgov_rules.outstanding import STATUSES, Item, outstanding
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets

COPIED = ("record", "type", "instance", "rule", "severity", "citation", "message", "fingerprint")
# why a duty is not listed: due after the time asked for, not asked for, or a fact is missing that would tell
LEFT_OUT = ("later", "open", "lapsed", "unknown")
WITHIN = re.compile(r"(\d{1,5}) *(d|w|m|y|days?|weeks?|months?|years?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the list.

    ``due`` and ``latest`` are the earliest and the latest last day, by all readings and calendars that are possible;
    ``latest`` is None where it cannot be told. ``days_left`` counts to ``due`` (negative: days overdue), and
    ``working_days_left`` the fewest working days among them. ``counts_until``: the last day on which the act counts
    at all, late or not; None: always. ``remind``: the last working day before ``due``, in the record's region.
    ``organ`` is the record's, ``bearer`` whom the rule obliges. ``readings``: what each reading of the text says, where
    they differ. ``message``, ``citation``, ``source``, ``fingerprint``: as in a finding.
    """

    status: str
    due: dt.date | None
    latest: dt.date | None
    days_left: int | None
    working_days_left: int | None
    certainty: str
    counts_until: dt.date | None
    remind: dt.date | None
    organ: str
    bearer: str
    record: str
    type: str
    instance: str
    rule: str
    detail: str
    severity: str
    title: Mapping[str, str]
    requirement: Mapping[str, str]
    readings: Mapping[str, Mapping[str, str]]
    citation: Mapping[str, str]
    message: Mapping[str, str]
    source: Mapping[str, Any] | None
    fingerprint: str

    def to_dict(self) -> dict[str, Any]:
        """The duty as plain values; keys without a value are left out."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in found.items()
            if value is not None and (value or name not in ("organ", "certainty", "readings"))
        }


@dataclass(frozen=True)
class DueList:
    """What is to be done. ``duties`` are in order: overdue ones first, then by their earliest day.

    ``skipped`` are reports of our own that lay among the input, ``advice`` what a user should know of input that was
    used; they are no part of the list as JSON.
    """

    receipt: Mapping[str, Any]
    summary: Mapping[str, Any]
    duties: Sequence[Duty]
    problems: Sequence[Problem]
    skipped: Sequence[str] = ()
    advice: Sequence[Problem] = ()

    def to_dict(self) -> dict[str, Any]:
        """The list as plain values, in the published order."""
        return {
            "receipt": self.receipt,
            "summary": self.summary,
            "duties": [duty.to_dict() for duty in self.duties],
            "problems": [problem.to_json() for problem in self.problems],
        }

    def to_json(self) -> str:
        """The list as JSON text; the same input gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)


class Options(TypedDict, total=False):
    """What to list; every word may be left out.

    Args:
        as_of, engine, mapping, progress, limits: see `lawgov_rules.checking.Options`.
        within: only what falls due in so many days, or in a time such as ``30d``, ``6w``, ``3m``, ``1y``; what is
            overdue is listed always.
        with_open: also the duties for which no day is set.
        with_lapsed: also those whose time is over, so that nothing done now would count.
    """

    as_of: dt.date | str | None
    within: int | str | None
    with_open: bool
    with_lapsed: bool
    engine: Engine
    mapping: Any
    progress: Progress
    limits: Limits | None


def due(source: Any, rules: Rulesets | None = None, **asked: Unpack[Options]) -> DueList:
    """What the records still have to do.

    Args:
        source, rules: see `lawgov_rules.check`. asked: see `Options`.

    Raises:
        ValueError: ``within`` is not such a time.
    """
    rules = rules if rules is not None else load_rulesets()
    day = as_of_day(asked.get("as_of"))
    last, engine = until(day, asked.get("within")), asked.get("engine", "auto")
    wanted = {"open": asked.get("with_open", False), "lapsed": asked.get("with_lapsed", False)}
    data = read_input(source, rules, asked.get("mapping"), asked.get("progress", silent), asked.get("limits"))
    executor = engine if engine != "auto" else quicker(data.records, rules)
    items, unknown = outstanding(lambda once: assess(executor, data.records, once, day, data.problems), rules, day)
    left_out = Counter(unknown=unknown)
    records = {(r.type, r.id): r for r in data.records}
    duties = []
    for item in items:
        if reason := left_out_as(item, last, wanted["open"], wanted["lapsed"]):
            left_out[reason] += 1
        else:
            key = (item.assessment.type, item.assessment.record)
            duties.append(duty(item, records[key], data.places[key], rules, day))
    options = {"level": rules.level, "within": None if last is None else last - day, **wanted}
    proof, summary = receipt(executor, rules, day, data.hashes, options), _summary(data, duties, left_out)
    return DueList(proof, summary, duties, sorted(data.problems), data.skipped, sorted(set(data.advice)))


def until(day: int, within: int | str | None) -> int | None:
    """The last day of a time from a day: ``30d``, ``6w``, ``3m``, ``1y`` or a number of days; ValueError else."""
    if within is None:
        return None
    found = WITHIN.fullmatch(str(within).strip())
    if found is None:
        raise ValueError(f"`{shown(within)}` is not a time such as 30d, 6w, 3m or 1y")
    number, unit = int(found[1]), (found[2] or "d")[0]
    days, months = {"d": (number, 0), "w": (7 * number, 0), "m": (0, number), "y": (0, 12 * number)}[unit]
    try:
        return to_day(to_date(add_months(day, months) + days))
    except (ValueError, OverflowError):
        raise ValueError(f"`{shown(within)}` leads beyond the year 9999") from None


def left_out_as(item: Item, last: int | None, with_open: bool = False, with_lapsed: bool = False) -> str:
    """Why an item is not listed, of `LEFT_OUT`; empty if it is."""
    if {"open": not with_open, "lapsed": not with_lapsed}.get(item.status):
        return item.status
    is_later = item.status == "due" and last is not None and item.low is not None and item.low > last
    return "later" if is_later else ""


def duty(item: Item, record: Record, place: Place, rules: Rulesets, day: int) -> Duty:
    """The line of an item of a record that stands at a place."""
    rule, a, low, high = item.told.rule, item.assessment, item.low, item.high
    region = rules.calendar.region(record.jurisdiction)
    found = finding(a, rule, rules.vocabulary, day, record.organ, place)
    return Duty(
        status=item.status,
        due=None if low is None else to_date(low),
        latest=None if high is None else to_date(high),
        days_left=None if low is None else low - day,
        working_days_left=None if low is None else region.working_days(day, low)[0],
        certainty=item.certainty(region),
        counts_until=None if item.counts_until is None else to_date(item.counts_until),
        remind=None if low is None else to_date(region.working_day_before(low)),
        organ=record.organ or "",
        bearer=rule.bearer,
        detail=a.detail,
        title=rule.title.model_dump(),
        requirement=rule.requirement.model_dump(),
        readings=item.readings(),
        source=found.get("source"),
        **{name: found[name] for name in COPIED},
    )


def _summary(data: Input, duties: Sequence[Duty], left_out: Mapping[str, int]) -> dict[str, Any]:
    organs: dict[str, Counter[str]] = {}
    for duty in duties:
        organs.setdefault(duty.organ, Counter())[duty.status] += 1
    checked = len(data.records)
    return {
        "read": data.read,
        "checked": checked,
        "rejected": data.read - checked,
        "duties": _counted(duty.status for duty in duties),
        "left_out": {reason: left_out.get(reason, 0) for reason in LEFT_OUT},
        "organs": {organ: _counted(counts.elements()) for organ, counts in sorted(organs.items())},
    }


def _counted(statuses: Iterable[str]) -> dict[str, int]:
    counts = Counter(statuses)
    return {status: counts[status] for status in STATUSES if counts[status]}

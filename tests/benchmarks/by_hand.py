"""The seven rules written by hand in plain Python: what each measures of a record; `engines` decides.

Neither zen-engine nor CLIPS finds the occurrence that counts, a working day, a sum by year or the next of a row by
itself, so all are given the same cases.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from lawgov_rules.days import to_date, to_day
from tests.benchmarks.decisions import ASK, EXCUSED, NA, OK, OPEN, Again, AtLeast, Before, Case, Hours, People, Within
from tests.benchmarks.engines import Decide

Term = tuple[int, int]


def day(text: str) -> int:
    return to_day(dt.date.fromisoformat(text))


GUIGANG = day("2011-11-21"), day("2015-12-31")
CHANGZHI = day("2017-06-30"), day("2020-12-31")
JINCHENG = day("2009-01-01"), day("2013-12-31")
ORGANS, LEVELS = ("government", "department", "enforcement_organ"), ("city", "county")


class Event(NamedTuple):
    event: str
    date: int
    result: str | None
    topic: str | None
    hours: float | None
    kind: str | None
    scope: str | None


@dataclass(slots=True)
class File:
    """A record with all that belongs to it."""

    row: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)

    def days(self, *names: str) -> list[int]:
        return [e.date for e in self.events if e.event in names]

    def first(self, *names: str) -> int:
        """0 where there is none."""
        return min(self.days(*names), default=0)


class Instance(NamedTuple):
    """One verdict to be given: the cases of each reading, which must agree unless the act is ``certain`` to count."""

    rule: str
    applies: bool | None
    readings: tuple[tuple[Case, ...], ...]
    certain: bool = True


class Office:
    """The day as of which facts are known, and the working days."""

    def __init__(self, as_of: str, rest_days: Any) -> None:
        self.today = day(as_of)
        dates = [rest_days[name].cast(pa.int32()).to_pylist() for name in ("day", "rolled")]
        self.rolled: dict[int, int] = dict(zip(*dates, strict=True))

    def outside(self, known: int, term: Term) -> int:
        return int(not term[0] <= (known or self.today) <= term[1])

    def _answered(
        self, rule: str, file: File, applies: bool | None, days: int, names: tuple[str, str], term: Term
    ) -> Iterator[Instance]:
        trigger, acts = file.first(names[0]), file.days(names[1])
        act = min((d for d in acts if d >= trigger), default=0) if trigger else 0
        start = (self.outside(trigger, term), trigger, act, int(bool(acts)))
        due = trigger + days
        readings = [(Within(*start, d, self.today),) for d in (due, self.rolled[due] if trigger else due)]
        yield Instance(rule, applies, tuple(readings))

    def normative_document(self, file: File) -> Iterator[Instance]:
        applies = both(inside(file, "4508"), among(file, "issuer_level", ("city", "county", "department")))
        rule = "guigang-2011/nd-filing-15-days"
        yield from self._answered(rule, file, applies, 15, ("published", "filed"), GUIGANG)

    def review_request(self, file: File) -> Iterator[Instance]:
        kinds = ("citizen", "legal_person", "other_organisation")
        applies = both(inside(file, "1404"), among(file, "applicant_kind", kinds))
        rule = "changzhi-2017/objection-reply-30d"
        yield from self._answered(rule, file, applies, 30, ("received", "answered"), CHANGZHI)

    def legislative_draft(self, file: File) -> Iterator[Instance]:
        secret = file.row["secret_by_law"]
        applies = both(inside(file, "1404"), None if secret is None else not secret)
        opened, names = file.first("comments_opened"), ("comments_closed", "collectively_discussed")
        ends = [min((d for d in file.days(name) if d >= opened), default=0) for name in names] if opened else [0]
        start = (self.outside(opened, CHANGZHI), opened, next(filter(None, ends), 0), int(bool(file.days(*names))))
        reason = int(file.row["shortening_reason"] is not None)
        readings = [(AtLeast(*start, opened + days, reason, self.today),) for days in (30, 29)]
        yield Instance("changzhi-2017/draft-comment-period-30d", applies, tuple(readings))

    def major_decision(self, file: File) -> Iterator[Instance]:
        gate = file.first("submitted_for_discussion") or file.first("collectively_discussed")
        reviews = [e for e in file.events if e.event == "legality_reviewed" and e.date <= gate]
        last = max((e.date for e in reviews), default=0)
        results = [e.result for e in reviews if e.date == last]
        surely = int(all(r == "lawful" for r in results)) if results else -1
        perhaps = int(any(r in ("lawful", None) for r in results))
        case = Before(self.outside(gate, CHANGZHI), gate, surely, perhaps)
        yield Instance("changzhi-2017/no-discussion-without-legality-review", inside(file, "1404"), ((case,),))

    def reconsideration_case(self, file: File) -> Iterator[Instance]:
        gate = file.first("decided", "mediated", "closed")
        persons = len({person for role, person in file.people if role == "handler"}) if file.people else -1
        case = People(self.outside(gate, GUIGANG), gate, persons)
        yield Instance("guigang-2011/recon-two-handlers", inside(file, "4508"), ((case,),))

    def staff_member(self, file: File) -> Iterator[Instance]:
        first = max(JINCHENG[0], file.row["service_from"] or 0)
        last = min(JINCHENG[1], file.row["service_to"] or JINCHENG[1])
        until = min(last, self.today)
        for year in range(to_date(first).year, to_date(until).year + 1) if first <= until else ():
            opening, ending = to_day(dt.date(year, 1, 1)), to_day(dt.date(year, 12, 31))
            counted = [
                (e, sure) for e in file.events if opening <= e.date <= ending and (sure := studied(e)) is not False
            ]
            worlds = []
            for unsure in (False, True):
                hours = [e.hours for e, sure in counted if sure or unsure]
                tenths = round(sum(10 * h for h in hours if h is not None))
                part = int(first > opening or last < ending)
                worlds.append(Hours(part, tenths, int(None in hours), ending, self.today))
            yield Instance("jincheng-2009/study-hours-40", inside(file, "1405"), (tuple(worlds),))

    def organ(self, file: File) -> Iterator[Instance]:
        kinds = both(among(file, "organ_kind", ORGANS), among(file, "level", LEVELS))
        acts: dict[int, bool] = {JINCHENG[0] - 1: True}
        for e in file.events:
            right = both(equal(e.kind, "normative_documents"), equal(e.scope, "full"))
            if e.event == "cleanup_done" and e.date >= JINCHENG[0] and right is not False:
                acts[e.date] = acts.get(e.date, False) or bool(right)
        for start, certain in sorted(acts.items()) if self.today >= JINCHENG[0] else ():
            if start > JINCHENG[1]:
                continue
            later = sorted(d for d in acts if d > start)
            following = next((d for d in later if acts[d]), 0), next(iter(later), 0)
            readings = tuple(
                tuple(Again(act, due, JINCHENG[1], self.today) for act in following) for due in every_two_years(start)
            )
            applies = both(inside(file, "1405"), kinds)
            yield Instance("jincheng-2009/nd-cleanup-2y", applies, readings, certain)

    def measured(self, files: Iterable[File]) -> Iterator[Instance]:
        """What is to be decided; nothing of records that no rule concerns."""
        measures: dict[str, Callable[[File], Iterator[Instance]]] = {
            of.__name__: of
            for of in (
                self.normative_document, self.review_request, self.legislative_draft, self.major_decision,
                self.reconsideration_case, self.staff_member, self.organ,
            )
        }  # fmt: skip
        for file in files:
            for instance in measures[file.row["type"]](file):
                if instance.applies is not False:
                    yield instance


def inside(file: File, place: str) -> bool | None:
    code = file.row["jurisdiction"]
    return None if code is None else code.startswith(place)


def among(file: File, name: str, values: tuple[str, ...]) -> bool | None:
    value = file.row[name]
    return None if value is None else value in values


def equal(value: str | None, other: str) -> bool | None:
    return None if value is None else value == other


def both(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def studied(e: Event) -> bool | None:
    """Whether the hours of an event count."""
    if e.event in ("law_study_day", "executive_meeting_law_study"):
        return True
    return e.event == "trained" and (None if e.topic is None else e.topic in ("law", "rule_of_law"))


def every_two_years(start: int) -> tuple[int, int]:
    """The last day for the next, from the last or by blocks of two years."""
    date = to_date(start)
    short = (date.month, date.day) == (2, 29)
    rolling = date.replace(year=date.year + 2, day=28 if short else date.day)
    block = 2009 + 2 * ((date.year - 2007) // 2 + 1) - 1
    return to_day(rolling), to_day(dt.date(block, 12, 31))


def concluded(instance: Instance, verdicts: list[list[str]]) -> str:
    """One verdict of those of all worlds and readings."""
    read = []
    for worlds in verdicts:
        agreed = len(set(worlds)) == 1 and (instance.certain or worlds[0] == NA)
        read.append(worlds[0] if agreed else ASK)
    found = _of_readings(set(read))
    return found if found == NA or instance.applies else ASK


def _of_readings(said: set[str]) -> str:
    if len(said) == 1:
        return next(iter(said))
    if ASK in said:
        return ASK
    if said == {EXCUSED, OK}:
        return EXCUSED
    return OPEN if said in ({OPEN, OK}, {OPEN, NA}) else "arguable"


def read(tables: dict[str, Path], today: int) -> list[File]:
    """The three tables as records; events that lie ahead are left out."""
    rows = pq.read_table(tables["records"])
    for number, column in enumerate(rows.schema):
        if column.type == pa.date32():
            rows = rows.set_column(number, column.name, rows[column.name].cast(pa.int32()))
    files = {row["record"]: File(row) for row in rows.to_pylist()}
    events = pq.read_table(tables["events"], columns=["record", *Event._fields])
    events = events.set_column(2, "date", events["date"].cast(pa.int32()))
    for id_, *values in zip(*(column.to_pylist() for column in events.columns), strict=True):
        event = Event(*values)
        if event.date <= today:
            files[id_].events.append(event)
    people = pq.read_table(tables["participants"], columns=["record", "role", "person"])
    for id_, role, person in zip(*(column.to_pylist() for column in people.columns), strict=True):
        files[id_].people.append((role, person))
    return list(files.values())


def run(tables: dict[str, Path], as_of: str, rest_days: Any, decide: Decide) -> dict[str, dict[str, int]]:
    """The number of assessments by rule and verdict; see `by_sql.run`."""
    office = Office(as_of, rest_days)
    instances = list(office.measured(read(tables, office.today)))
    cases: dict[type[Case], list[Case]] = defaultdict(list)
    for instance in instances:
        for worlds in instance.readings:
            cases[type(worlds[0])] += worlds
    decided = {kind: iter(decide(kind, found)) for kind, found in cases.items()}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for instance in instances:
        verdicts = [[next(decided[type(case)]) for case in worlds] for worlds in instance.readings]
        counts[instance.rule][concluded(instance, verdicts)] += 1
    return {rule: dict(counted) for rule, counted in counts.items()}

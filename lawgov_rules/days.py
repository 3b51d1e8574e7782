"""Natural and working days, for a date (`Region.due`) and for a column (`Region.columns`), from one table.

Every day is an epoch day (1970-01-01 = 0): work, rest, or open while no notice says what it will be. Answers
that meet open days have two ends: earliest takes them as work, latest as rest. Source: 民法典 200-204.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain, compress, zip_longest
from pathlib import Path
from typing import Any, Final

from lawgov_rules.errors import InputError, Place, Problem, did_you_mean, shown

Ends = tuple[int | None, int | None]
Column = list[int | None]
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = date.min.toordinal() - _EPOCH
_LAST_DAY: Final = date.max.toordinal() - _EPOCH
_STATES: Final = ("work", "rest", "open")
_WORK, _REST, _OPEN = range(3)
_AT_MOST: Final = {"days": 36_525, "working_days": 36_525, "months": 1_200, "years": 100}
_ZH: Final = {"days": "日", "working_days": "个工作日", "months": "个月", "years": "年"}
_DURATION: Final = re.compile(r"(\d{1,5}) +(day|working day|month|year)s?", re.ASCII)
_LAST_SETTLED: Final = (12, 28)


def to_day(d: date) -> int:
    """The epoch day of a date."""
    return d.toordinal() - _EPOCH


def to_date(day: int) -> date:
    """The date of an epoch day; ValueError outside the years 1-9999."""
    return date.fromordinal(day + _EPOCH)


def add_months(day: int, months: int) -> int:
    """The corresponding day ``months`` later, else that month's end (民法典 art. 202); ValueError past 9999.

    Count from the anchor, never from a result: 31 Jan + 2 months is 31 Mar, 31 Jan + 1 + 1 is 28 Mar.
    """
    start = to_date(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return to_day(date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1])))


def new_year(day: int) -> int:
    """The first day of the year after that of a day."""
    return to_day(date(to_date(day).year + 1, 1, 1))


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; ``unit`` is days, working_days, months or years; ValueError beyond 0 to 100 years."""

    n: int
    unit: str

    def __post_init__(self) -> None:
        if not 0 <= self.n <= _AT_MOST.get(self.unit, -1):
            raise ValueError(f"`{self.n} {self.unit}` is not a duration between 0 and 100 years")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """``15 days``, ``1 day``, ``5 working days``, ``3 months``, ``2 years``; ValueError for all else."""
        if (found := _DURATION.fullmatch(text.strip())) is None:
            raise ValueError(f"`{shown(text)}` is not like `15 days`, `5 working days`, `3 months`, `2 years`")
        return cls(int(found[1]), found[2].replace(" ", "_") + "s")

    def __str__(self) -> str:
        return f"{self.n} {self.unit.replace('_', ' ')[: -1 if self.n == 1 else None]}"

    def label(self, lang: str) -> str:
        """``15日``, ``15个工作日``, ``3个月``, ``2年`` in zh; in any other language as a rule writes it."""
        return f"{self.n}{_ZH[self.unit]}" if lang == "zh" else str(self)


class _Completion:
    """One way in which the open days may turn out: all working days, or all rest days."""

    def __init__(self, first: int, works: bytes) -> None:
        self.first, self.works = first, works
        self.ordinals = list(accumulate(works))  # per day of the table, the number of working days <= it
        self.days = list(compress(range(first, first + len(works)), works))

    def after(self, day: int, n: int) -> int | None:
        ordinal = self.ordinals[day - self.first] + n
        return self.days[ordinal - 1] if ordinal <= len(self.days) else None

    def roll(self, day: int) -> int | None:
        return day if self.works[day - self.first] else self.after(day, 1)


class Region:
    """The days of one region, ``first`` to ``last``; ``name`` is its code, "" for the national calendar."""

    def __init__(self, name: str, first: int, states: bytes, settled: int, named: frozenset[int]) -> None:
        self.name, self.first, self.last = name, first, first + len(states) - 1
        self._states, self._settled, self._named = states, settled, named
        self._earliest = _Completion(first, states.translate(b"\1\0\1" + bytes(253)))
        self._latest = _Completion(first, states.translate(b"\1" + bytes(255)))

    def state(self, day: int) -> str:
        """``work``, ``rest`` or ``open``; a day outside the table is ``open``."""
        return _STATES[self._states[day - self.first]] if self.first <= day <= self.last else "open"

    def is_presumed(self, day: int) -> bool:
        """Whether work or rest is only presumed from the weekday: no notice or statute names the day yet."""
        return day > self._settled and day not in self._named and self.state(day) != "open"

    def due(self, anchor: int, within: Duration, *, roll: bool = False, start_day_counts: bool = False) -> Ends:
        """The earliest and latest last day of a period from ``anchor``; None where the table cannot tell.

        The anchor is not counted unless ``start_day_counts`` (days and working days only). Working days: the
        n-th after the anchor, itself perhaps a rest day; 0 end on it. ``roll`` moves an end on a rest day to
        the next working day; natural days without it never need the table.
        """
        before = anchor - 1 if start_day_counts and within.n else anchor
        if within.unit == "working_days" and within.n:
            if not self.first <= before <= self.last:
                return None, None
            return self._earliest.after(before, within.n), self._latest.after(before, within.n)
        months = {"months": within.n, "years": within.n * 12}.get(within.unit)
        try:
            end = before + within.n if months is None else add_months(anchor, months)
        except (ValueError, OverflowError):
            return None, None
        if not _FIRST_DAY <= end <= _LAST_DAY:  # past the year 9999, which many registers write for "no end"
            return None, None
        return self.roll(end) if roll else (end, end)

    def roll(self, day: int) -> Ends:
        """The first day >= ``day`` that is no rest day, at both ends; (day, None) outside the table."""
        if not self.first <= day <= self.last:
            return day, None
        earliest = self._earliest.roll(day)
        return self.last + 1 if earliest is None else earliest, self._latest.roll(day)

    def working_days(self, after: int, until: int) -> Ends:
        """The fewest and the most working days after a day, up to and with another; None outside the table."""
        if not self.first <= after <= until <= self.last:
            return None, None
        few, most = (
            e.ordinals[until - self.first] - e.ordinals[after - self.first] for e in (self._latest, self._earliest)
        )
        return few, most

    def working_day_before(self, day: int) -> int:
        """The last day before it that is a working day whatever comes; outside the table, a weekday."""
        works, found = self._latest.works, day - 1
        while not (works[found - self.first] if self.first <= found <= self.last else (found + 3) % 7 < 5):
            found -= 1
        return found

    def columns(self) -> dict[str, Column]:
        """The table for a LEFT JOIN on ``day``, one row per day; lo: the earliest completion, hi: the latest.

        ``roll_lo``, ``roll_hi``: the ends of `roll`. ``ord_lo``, ``ord_hi``: number of working days <= day.
        The end of n >= 1 working days is the row ``ord + n`` of `nth_columns`, taking the ord of the anchor,
        or of the day before it if the start day counts.
        """
        lo, hi = self._earliest, self._latest
        days = range(self.first, self.last + 1)
        rolls = [self.roll(day) for day in days]
        found: dict[str, Column] = {"day": [*days], "ord_lo": [*lo.ordinals], "ord_hi": [*hi.ordinals]}
        return found | {"roll_lo": [end for end, _ in rolls], "roll_hi": [end for _, end in rolls]}

    def nth_columns(self) -> dict[str, Column]:
        """``ord`` from 1, ``day_lo``, ``day_hi``: the ord-th working day of either, None past its end."""
        lo, hi = self._earliest.days, self._latest.days
        latest = [day for day, _ in zip_longest(hi, lo)]
        return {"ord": [*range(1, len(lo) + 1)], "day_lo": [*lo], "day_hi": latest}


class Calendar:
    """The working days of a calendar folder: national, and per region where an overlay differs.

    ``version``: date of the latest notice applied; ``published_through``: last year with a national notice;
    ``settled_through``: 28 December of that year; the next notice may move later days (2011, 2018, 2022).
    """

    def __init__(self, folder: Path, slack: int) -> None:
        files = sorted(path for path in folder.glob("*") if path.suffix in (".csv", ".yaml", ".yml"))
        if missing := {"calendar.yaml", "national.csv", "statute.csv"} - {path.name for path in files}:
            raise _unusable(folder, f"no `{min(missing)}` in this calendar folder")
        self.sha256 = hashlib.sha256(repr([(p.name, p.read_bytes()) for p in files]).encode()).hexdigest()
        self._overlays = [_overlay(path) for path in files if path.suffix != ".csv"]
        self.region_names = tuple(sorted({overlay["region"] for overlay in self._overlays}))
        self.version: str = max(issued for name in self.region_names for issued, _, _ in self._notices(name))
        years = {year for _, year, _ in self._notices("")}
        self.published_through = max(years)
        self.settled_through = to_day(date(self.published_through, *_LAST_SETTLED))
        self._named = {day: _STATES.index(state) for day, state in _rows(folder / "national.csv")}
        for _, _, days in self._notices(""):
            self._named |= days
        self._slack, self._statute = slack, _rows(folder / "statute.csv")
        last = to_day(date(to_date(self._statute[-1][0]).year, *_LAST_SETTLED))
        self._days = range(to_day(date(min(years), 1, 1)), last + 1)
        self._regions: dict[str, Region] = {}
        for day, name in self._statute:  # a notice moves the days around them, never these
            if day <= self.settled_through and self.region(None).state(day) != "rest":
                raise _unusable(folder, f"no notice gives {to_date(day)} ({name}) off")

    @classmethod
    def load(cls, folder: Path, slack: int = 2) -> Calendar:
        """Read every CSV and YAML file of ``folder``; InputError, naming the file, if one cannot be used.

        ``slack``: by how many days a coming year may exceed every adjustment so far. Of the days of 2013 to
        2026, each year predicted from those before it, 2 presumed 0.1 % wrongly and 0 presumed 0.5 %.
        """
        return cls(Path(folder), slack)

    def region_name(self, code: str | None) -> str:
        """The smallest region with a calendar of its own that holds ``code`` (GB/T 2260), else ""."""
        nested = (code, f"{code[:4]}00", f"{code[:2]}0000") if code else ()
        return next((name for name in nested if name in self.region_names), "")

    def region(self, code: str | None) -> Region:
        """The calendar for a record of ``code``; the national one for None."""
        name = self.region_name(code)
        return self._regions.get(name) or self._regions.setdefault(name, self._build(name))

    def _notices(self, region: str) -> list[tuple[str, int, dict[int, int]]]:
        """Issued, year and days of each notice in the order of issue: a later one changes an earlier one."""
        found = [each["notices"] for each in self._overlays if each["region"] == region]
        return sorted(chain(*found), key=lambda notice: notice[0])

    def _build(self, name: str) -> Region:
        """Weekdays, then open days, statute and notices, then the region's own; what comes later wins."""
        states = bytearray((day + 3) % 7 > 4 for day in self._days)  # day 0 was a Thursday
        national = {day: _REST for day, _ in self._statute if day > self.settled_through} | self._named
        layers = [dict.fromkeys(self._near_statute(), _OPEN), national]
        if name:
            known = {year for _, year, _ in self._notices(name)}
            near = chain(*(each["near"] for each in self._overlays if each["region"] == name))
            # a national day off stays one; any other day near the festival may be moved
            days = {day for year, span in near if year not in known for day in span}
            layers += [{day: _OPEN for day in days if national.get(day) != _REST}]
            layers += [notice[2] for notice in self._notices(name)]
        for day, state in (item for layer in layers for item in layer.items() if item[0] in self._days):
            states[day - self._days[0]] = state
        settled, named = self.settled_through, frozenset(chain(*layers[1:]))
        return Region(name, self._days[0], bytes(states), settled, named)

    def _near_statute(self) -> Iterator[int]:
        """The days not yet settled that are as near to a statutory holiday as a notice ever moved one."""
        windows = next(overlay["windows"] for overlay in self._overlays if overlay["windows"])
        for holiday, name in self._statute:
            for kind, (least, most) in windows[name].items():
                first, last = holiday + int(least) - self._slack, holiday + int(most) + self._slack
                for day in range(first, last + 1):
                    if day > self.settled_through and ((day + 3) % 7 > 4) == (kind == "work"):
                        yield day


def _overlay(path: Path) -> dict[str, Any]:
    """A YAML file as ``region``, ``notices``, ``windows`` and ``near`` (years and days around a festival)."""
    import yaml

    try:  # the base loader: every value stays the text that was written
        found = yaml.load(path.read_text("utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        found = _words(found, "title region name basis provenance notices windows festival")
        festival = _words(found.get("festival", {}), "name around days")
        days, around = _days(festival.get("days", ())), int(festival.get("around", 0))
        if re.fullmatch(r"(\d{6})?", region := found.get("region", ""), re.ASCII) is None:
            raise ValueError(f"the region `{region}` is not a code of six digits")
        return {
            "region": region,
            "notices": [_notice(notice) for notice in found.get("notices", ())],
            "windows": found.get("windows"),
            "near": [(to_date(d).year, range(d - around, d + around + 1)) for d in days],
        }
    except (ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise _unusable(path, shown(" ".join(str(error).split()), 200), "see calendar.yaml") from error


def _notice(found: Any) -> tuple[str, int, dict[int, int]]:
    year_text = _words(found, "year notice number issued rest work").get("year", "(no year)")
    year = date.fromisoformat(f"{year_text}-01-01").year
    rest, work = _days(found.get("rest", ())), _days(found.get("work", ()))
    for day in rest + work:
        if day in rest and day in work:
            raise ValueError(f"{to_date(day)} stands under `rest` and under `work`")
        if not date(year - 1, 12, 1) <= to_date(day) <= date(year, 12, 31):
            raise ValueError(f"{to_date(day)} does not belong to a notice of {year}")
    issued = date.fromisoformat(found["issued"]).isoformat() if "issued" in found else ""
    return issued, year, dict.fromkeys(rest, _REST) | dict.fromkeys(work, _WORK)


def _days(texts: Iterable[str]) -> list[int]:
    """``2027-01-01`` or ``2027-01-01..2027-01-03`` (both included)."""
    spans = [[to_day(date.fromisoformat(end)) for end in text.split("..")] for text in texts]
    return [day for span in spans for day in range(min(span), max(span) + 1)]


def _words(found: Any, known: str) -> dict[str, Any]:
    """A mapping with known keys only: a mistyped one would lose days without a word."""
    if not isinstance(found, dict):
        raise ValueError(f"`{found}` stands where names and values belong")
    for key in found.keys() - set(known.split()):
        raise ValueError(f"no meaning is known for `{key}`; {did_you_mean(key, known.split())}")
    return found


def _rows(path: Path) -> list[tuple[int, str]]:
    """The first two columns of a CSV file of ours: a date, as an epoch day, and a word."""
    lines = path.read_text("utf-8").splitlines()[1:]
    return [(to_day(date.fromisoformat(line[:10])), line.split(",")[1]) for line in lines]


def _unusable(path: Path, reason: str, help: str = "") -> InputError:
    return InputError(Problem(Place(str(path)), reason, help=help))

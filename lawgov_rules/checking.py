"""One check from start to end: read the input, choose an executor, make the report.

This is what the command and `lawgov_rules.check` share. A database is asked where it is; see `columnar`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lawgov_rules import databases
from lawgov_rules.counting import Counts, options, receipt
from lawgov_rules.dates import LOCAL
from lawgov_rules.days import to_day
from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.findings import Finding, finding_of
from lawgov_rules.importers._reading import Limits, Progress, silent
from lawgov_rules.input import Input, read_input
from lawgov_rules.loading import load_rulesets
from lawgov_rules.mapping import Mapping as LogMapping
from lawgov_rules.records import Record
from lawgov_rules.report import Report
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.said import Told
from lawgov_rules.since import judge_since
from lawgov_rules.verdict import Assessment, Verdict

if TYPE_CHECKING:
    from lawgov_rules.table_files import Files

Engine = Literal["auto", "batch", "live", "durable"]
SHOWN = ("violated", "arguable", "undetermined", "pending", "excused")
# assessments a rule from which Ibis, with a quarter of a second to compile each, is done before plain Python
BATCH_FROM = 4_000
TOLD_EVERY = 500  # verdicts given


def check(
    source: Any,
    rules: Rulesets | None = None,
    *,
    as_of: dt.date | str | None = None,
    engine: Engine = "auto",
    show: Iterable[str] = SHOWN,
    note: str = "",
    mapping: LogMapping | str | Path | None = None,
    progress: Progress = silent,
    limits: Limits | None = None,
    temporary_tables: bool = False,
    since: str | Path | None = None,
) -> Report:
    """Check records against rules.

    Args:
        source: a path or several (YAML, JSON, Excel, CSV, folders; a folder with ``records.csv`` or
            ``records.parquet`` holds the three tables), or a mapping of the three tables ``records``, ``events``,
            ``participants`` to paths, Arrow tables or DataFrames, or `Record` objects. With ``mapping`` also foreign
            tables and logs: CSV, Parquet, XES, OCEL, an Arrow table, a DataFrame. Or a database: its address, its
            file, or an Ibis connection; with ``mapping`` the table of it that the mapping names.
        rules: see `load_rulesets`; all bundled ones by default.
        as_of: the day as of which facts are known; today in Asia/Shanghai by default.
        engine: ``live`` (plain Python), ``batch`` (Ibis on DuckDB), ``auto`` (by size), or ``durable``
            (durable-rules, extra ``[durable]``; `ExecutorError` where it cannot be used).
        show: the verdicts whose findings are listed; all are counted.
        note: a remark that the report carries, such as what the records are.
        mapping: how the columns of foreign tables and logs are records, or the file that says so.
        progress: is told, now and then, what is being done, a number done and a number in all (0: not known).
        limits: how large an input may be; see `Limits`.
        temporary_tables: whether a PostgreSQL server may keep temporary tables while it is asked.
        since: the file in which the run before left what it said, made at the first run and brought up to date by
            each: only records are judged whose content changed, or whose verdict time can have changed. The report is
            that of a whole run by ``live``; its receipt tells how many were judged, and how many taken over.

    Raises:
        MappingError: with every problem of the mapping. InputError: ``since`` is another file, or the source a
            database. ValueError: ``since`` with another engine than ``live``.
    """
    return begin(
        source,
        rules,
        as_of=as_of,
        engine=engine,
        show=show,
        note=note,
        mapping=mapping,
        progress=progress,
        limits=limits,
        temporary_tables=temporary_tables,
        since=since,
    ).report()


def begin(
    source: Any,
    rules: Rulesets | None = None,
    *,
    as_of: dt.date | str | None = None,
    engine: Engine = "auto",
    show: Iterable[str] = SHOWN,
    note: str = "",
    mapping: LogMapping | str | Path | None = None,
    progress: Progress = silent,
    limits: Limits | None = None,
    temporary_tables: bool = False,
    since: str | Path | None = None,
) -> Check:
    """A check whose findings are made when they are asked for; see `check` for what is given."""
    rules = rules if rules is not None else load_rulesets()
    day, wanted = as_of_day(as_of), {Verdict[name] for name in show}
    if since is not None:
        if engine not in ("auto", "live"):
            raise ValueError(f"`since` goes with `live`, and not with `{engine}`")
        data, told = judge_since(source, rules, day, Path(since), mapping, progress, limits)
        return SinceCheck(data, told, rules, day, wanted, note)
    if mapping is None and databases.is_database(source):
        found = databases.alone(source)
        opened = partial(databases.open_database, found, temporary=temporary_tables)
        name, hashes = databases.shown_name(found), databases.hashes(found)
        return DatabaseCheck(opened, rules, day, wanted, note, name, hashes)
    if mapping is None and engine in ("batch", "auto") and (files := _large_tables(source, rules, engine)):
        return DatabaseCheck(files.open, rules, day, wanted, note, files.name, files.hashes())
    data = read_input(source, rules, mapping, progress, limits)
    return RecordsCheck(data, rules, day, wanted, note, engine, progress)


class Check:
    """A check under way: ``findings`` are made when asked for, in the fixed order.

    It has what a `Report` has, so that a writer may take it for one if it takes the findings once, and the summary
    and the problems after that.

    Args:
        data: what was read so far; an executor adds the records on which it fails. hashes: SHA-256 by input.
    """

    def __init__(
        self,
        executor: str,
        data: Input,
        rules: Rulesets,
        day: int,
        wanted: set[Verdict],
        note: str,
        records: Mapping[tuple[str, str], Record],
    ) -> None:
        self._data, self._rules, self._day, self._wanted = data, rules, day, wanted
        self._counts = Counts(rules)
        self._by_key = {rule.key: rule for rule in rules}
        self._done = False
        self.records = records
        self.skipped: Sequence[str] = data.skipped
        self.advice: Sequence[Problem] = sorted(set(data.advice))
        self.receipt: Mapping[str, Any] = receipt(executor, rules, day, data.hashes, options(rules, wanted, note))
        self.findings: Iterator[Finding] = self._until_done()

    def _until_done(self) -> Iterator[Finding]:
        yield from self._findings()
        self._done = True

    def _findings(self) -> Iterator[Finding]:
        raise NotImplementedError

    def _checked(self) -> int:
        return len(self._data.records)

    @property
    def problems(self) -> Sequence[Problem]:
        """What could not be read, and the records at which an executor failed so far."""
        return sorted(self._data.problems)

    @property
    def summary(self) -> Mapping[str, Any]:
        """The counts of all verdicts; RuntimeError while findings are still to come."""
        if not self._done:
            raise RuntimeError("the summary is there when all findings have been taken")
        return self._counts.summary(self._data.read, self._checked())

    def report(self) -> Report:
        """The whole report, with all findings in memory."""
        findings = list(self.findings)
        return Report(self.receipt, self.summary, findings, self.problems, self.records, self.skipped, self.advice)


class RecordsCheck(Check):
    """Of records that were read. `live` judges a record when its turn comes, `durable` some at a time; `batch` judges
    all before the first finding."""

    def __init__(
        self,
        data: Input,
        rules: Rulesets,
        day: int,
        wanted: set[Verdict],
        note: str,
        engine: Engine,
        progress: Progress,
    ) -> None:
        data.records.sort(key=lambda record: (record.type, record.id))
        self._executor = engine if engine != "auto" else quicker(data.records, rules)
        if self._executor == "durable":
            from lawgov_rules import durable

            durable.require()  # before anything is written
        self._progress = progress
        super().__init__(self._executor, data, rules, day, wanted, note, {(r.type, r.id): r for r in data.records})

    def _findings(self) -> Iterator[Finding]:
        for a in self._in_order(self._counted()):
            key = (a.type, a.record)
            record, place = self.records[key], self._data.places[key]
            yield finding_of(a, self._by_key[a.rule], record, self._rules, self._day, place)

    def _counted(self) -> Iterator[Assessment]:
        """Every assessment is counted; those of the verdicts asked for go on."""
        self._progress("verdicts", 0, 0)
        found = assess(self._executor, self._data.records, self._rules, self._day, self._data.problems)
        for n, assessment in enumerate(found, 1):
            if n % TOLD_EVERY == 0:
                self._progress("verdicts", n, 0)
            organ = self.records[assessment.type, assessment.record].organ
            self._counts.add(assessment.verdict, self._by_key[assessment.rule], organ)
            if assessment.verdict in self._wanted:
                yield assessment

    def _in_order(self, kept: Iterator[Assessment]) -> Iterator[Assessment]:
        """By record and rule: executors of single records keep their order, `batch` has none."""
        if self._executor != "batch":
            for _record, own in groupby(kept, key=lambda a: (a.type, a.record)):
                yield from sorted(own, key=Assessment.key)
        else:
            yield from sorted(kept, key=Assessment.key)


class SinceCheck(Check):
    """Of records of which most were judged by an earlier run; those that had to be are judged already."""

    def __init__(self, data: Input, told: Told, rules: Rulesets, day: int, wanted: set[Verdict], note: str) -> None:
        self._told = told
        super().__init__("live", data, rules, day, wanted, note, told.records)
        self.receipt = {**self.receipt, "since": {"judged": told.judged, "taken_over": told.taken_over}}

    def _checked(self) -> int:
        return self._told.judged + self._told.taken_over

    def _findings(self) -> Iterator[Finding]:
        for verdict, rule, organ, number in self._told.counts():
            self._counts.add(verdict, rule, organ, number)
        for a in self._told.assessments(self._wanted):
            key = (a.type, a.record)
            yield finding_of(a, self._by_key[a.rule], self.records[key], self._rules, self._day, self._data.places[key])


class DatabaseCheck(Check):
    """Of a database, which evaluates by itself: the counts and the findings that are shown leave it."""

    def __init__(
        self,
        opened: Callable[[], Any],
        rules: Rulesets,
        day: int,
        wanted: set[Verdict],
        note: str,
        name: str,
        hashes: dict[str, str],
    ) -> None:
        from lawgov_rules import columnar

        self._name = name
        data = Input(hashes=hashes)
        self._judged = columnar.Judged(1, 0, [], [], [])
        try:
            self._judged = columnar.judge(opened, rules, day, wanted, name)
        except InputError as error:
            data.problems += error.problems
        data.read = self._judged.read
        data.problems += self._judged.problems
        data.advice += self._judged.advice
        super().__init__("batch", data, rules, day, wanted, note, self._judged.records)

    def _checked(self) -> int:
        return self._judged.checked

    def _findings(self) -> Iterator[Finding]:
        for rule, organ, verdict, number in self._judged.counts:
            self._counts.add(verdict, rule, organ, number)
        for assessment, _organ in self._judged.found:
            record = self.records[assessment.type, assessment.record]
            place = Place(f"{self._name}#records {record.id}")
            yield finding_of(assessment, self._by_key[assessment.rule], record, self._rules, self._day, place)


def _large_tables(source: Any, rules: Rulesets, engine: str) -> Files | None:
    """Three tables that a database reads quicker than Python does, or is told to read."""
    if not isinstance(source, (str, Path, list, tuple, Mapping)):
        return None
    from lawgov_rules.table_files import files_of

    found = files_of(source, rules)
    types = len({rule.record for rule in rules})
    return found if found and (engine == "batch" or found.records >= BATCH_FROM * types > 0) else None


def quicker(records: Sequence[Record], rules: Rulesets) -> str:
    """The executor that will be done first: Ibis takes its time over every rule, Python over every assessment."""
    by_type = Counter(record.type for record in records)
    asked = Counter(rule.record for rule in rules if rule.record in by_type)
    assessments = sum(by_type[type_] * number for type_, number in asked.items())
    return "batch" if assessments >= BATCH_FROM * sum(asked.values()) > 0 else "live"


def as_of_day(value: dt.date | str | None) -> int:
    """The day as of which facts are known; today in Asia/Shanghai by default."""
    if value is None:
        return to_day(dt.datetime.now(LOCAL).date())
    return to_day(dt.date.fromisoformat(value) if isinstance(value, str) else value)


def assess(
    executor: str, records: list[Record], rules: Rulesets, day: int, problems: list[Problem]
) -> Iterator[Assessment]:
    """Every assessment of the records, by the executor of that name; records on which it fails join the problems."""
    if executor == "durable":
        from lawgov_rules import durable

        def failed(record: Record, why: str) -> None:
            reason = f"`durable` failed on `{shown(record.id)}` ({why})"
            problem = Problem(record.source, reason, shown(record.id), "judge it with `--engine live`")
            if problem not in problems:
                problems.append(problem)

        return durable.assess(records, rules, day, failed=failed)
    if executor == "batch":
        from lawgov_rules import batch

        return batch.assess(records, rules, day)
    from lawgov_rules import live

    return live.assess(records, rules, day)

"""One check from start to end: read the input, choose an executor, make the report.

This is what the command and `lawgov_rules.check` share. Who judges, and where findings lie meanwhile, is in `judging`
(records that were read) and `columnar` (a database that is asked where it is).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypedDict, Unpack

from lawgov_rules import databases
from lawgov_rules.counting import Counts, options, receipt
from lawgov_rules.dates import LOCAL
from lawgov_rules.days import to_day
from lawgov_rules.errors import Problem
from lawgov_rules.findings import Finding
from lawgov_rules.found import Found
from lawgov_rules.importers._reading import Limits, Progress, silent
from lawgov_rules.input import Input, read_input
from lawgov_rules.judging import BATCH_FROM, Engine, Read, Since
from lawgov_rules.loading import load_rulesets
from lawgov_rules.mapping import Mapping as LogMapping
from lawgov_rules.records import Record
from lawgov_rules.report import Report
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.since import judge_since
from lawgov_rules.verdict import Verdict

SHOWN = ("violated", "arguable", "undetermined", "pending", "excused")


class Options(TypedDict, total=False):
    """How to check; every word may be left out.

    Args:
        as_of: the day as of which facts are known; today in Asia/Shanghai by default.
        engine: ``live`` (plain Python), ``batch`` (Ibis on DuckDB), ``auto`` (by size), or ``durable``
            (durable-rules, extra ``[durable]``; `ExecutorError` where it cannot be used).
        show: the verdicts whose findings are listed; all are counted.
        note: a remark that the report carries, such as what the records are.
        mapping: how the columns of foreign tables and logs are records, or the file that says so.
        progress: is told, now and then, what is being done, a number done and a number in all (0: not known).
        limits: how large an input may be, and how much memory and disk it may take; see `Limits`.
        temporary_tables: whether a PostgreSQL server may keep temporary tables while it is asked.
        since: the file in which the run before left what it said, made at the first run and brought up to date by
            each: only records are judged whose content changed, or whose verdict time can have changed. The report is
            that of a whole run by ``live``; its receipt tells how many were judged, and how many taken over.
    """

    as_of: dt.date | str | None
    engine: Engine
    show: Iterable[str]
    note: str
    mapping: LogMapping | str | Path | None
    progress: Progress
    limits: Limits | None
    temporary_tables: bool
    since: str | Path | None


def check(source: Any, rules: Rulesets | None = None, **asked: Unpack[Options]) -> Report:
    """Check records against rules.

    Args:
        source: a path or several (YAML, JSON, Excel, CSV, folders; a folder with ``records.csv`` or
            ``records.parquet`` holds the three tables), or a mapping of the three tables ``records``, ``events``,
            ``participants`` to paths, Arrow tables or DataFrames, or `Record` objects. With ``mapping`` also foreign
            tables and logs: CSV, Parquet, XES, OCEL, an Arrow table, a DataFrame. Or a database: its address, its
            file, or an Ibis connection; with ``mapping`` the table of it that the mapping names.
        rules: see `load_rulesets`; all bundled ones by default.
        asked: see `Options`.

    Raises:
        MappingError: with every problem of the mapping. InputError: ``since`` is another file, or the source a
            database. ValueError: ``since`` with another engine than ``live``.
    """
    return begin(source, rules, **asked).report()


def begin(source: Any, rules: Rulesets | None = None, **asked: Unpack[Options]) -> Check:
    """A check whose findings are made when they are asked for; see `check` for what is given."""
    rules = rules if rules is not None else load_rulesets()
    day, wanted = as_of_day(asked.get("as_of")), {Verdict[name] for name in asked.get("show", SHOWN)}
    mapping, engine, limits = asked.get("mapping"), asked.get("engine", "auto"), asked.get("limits") or Limits()
    said = options(rules, wanted, asked.get("note", ""))
    progress = asked.get("progress", silent)
    judging: Judging
    if (state := asked.get("since")) is not None:
        if engine not in ("auto", "live"):
            raise ValueError(f"`since` goes with `live`, and not with `{engine}`")
        data, told = judge_since(source, rules, day, Path(state), mapping, progress, limits)
        judging = Since(data, told, rules, day, wanted)
        more = {"since": {"judged": told.judged, "taken_over": told.taken_over}}
        return Check(judging, {**receipt(judging.executor, rules, day, data.hashes, said), **more})
    if mapping is None and (place := _in_database(source, rules, engine, asked.get("temporary_tables", False))):
        from lawgov_rules.columnar import InDatabase

        judging = InDatabase(place, rules, day, wanted, limits)
    else:
        judging = Read(read_input(source, rules, mapping, progress, limits), rules, day, wanted, engine, progress)
    return Check(judging, receipt(judging.executor, rules, day, judging.data.hashes, said))


class Judging(Protocol):
    """Records being judged: what was read of them, and what is found.

    ``counts`` are of all assessments once the findings have been taken; how often they can be, each says.
    """

    executor: str
    data: Input
    checked: int
    counts: Counts
    records: Mapping[tuple[str, str], Record]

    def findings(self) -> Iterator[Finding]:
        """The findings in the fixed order."""

    def batches(self) -> Iterator[Any]:
        """The same as Arrow record batches under `found.COLUMNS`."""

    def listed(self) -> Found:
        """The same, to be read again and again."""


class Check:
    """A check under way: ``findings``, or `batches`, are made when asked for, once, in the fixed order.

    It has what a `Report` has, so that a writer may take it for one if it takes the findings once, and the summary
    and the problems after that.
    """

    def __init__(self, judging: Judging, receipt: Mapping[str, Any]) -> None:
        self._judging, self._done = judging, False
        self.receipt = receipt
        self.records = judging.records
        self.skipped: Sequence[str] = judging.data.skipped
        self.advice: Sequence[Problem] = sorted(set(judging.data.advice))
        self.findings: Iterator[Finding] = self._until_done(judging.findings)

    def batches(self) -> Iterator[Any]:
        """The findings as Arrow record batches; see `Report.batches`."""
        return self._until_done(self._judging.batches)

    def _until_done(self, take: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        yield from take()
        self._done = True

    @property
    def problems(self) -> Sequence[Problem]:
        """What could not be read, and the records at which an executor failed so far."""
        return sorted(self._judging.data.problems)

    @property
    def summary(self) -> Mapping[str, Any]:
        """The counts of all verdicts; RuntimeError while findings are still to come."""
        if not self._done:
            raise RuntimeError("the summary is there when all findings have been taken")
        return self._judging.counts.summary(self._judging.data.read, self._judging.checked)

    def report(self) -> Report:
        """The whole report. Findings that a database made stay with it, and are read from there."""
        findings, self._done = self._judging.listed(), True
        self.findings = iter(findings)  # and not what waits to be taken, which would hold them for good
        return Report(self.receipt, self.summary, findings, self.problems, self.records, self.skipped, self.advice)


def _in_database(source: Any, rules: Rulesets, engine: Engine, temporary: bool) -> databases.Where | None:
    """The database that a source is; or one over three tables that it reads quicker than Python does, or is told to
    read."""
    if databases.is_database(source):
        return databases.where(databases.alone(source), temporary=temporary)
    if engine not in ("batch", "auto") or not isinstance(source, (str, Path, list, tuple, Mapping)):
        return None
    from lawgov_rules.table_files import files_of

    files, types = files_of(source, rules), len({rule.record for rule in rules})
    if files is None or (engine == "auto" and not files.records >= BATCH_FROM * types > 0):
        return None
    return databases.Where(files.name, files.hashes(), files.open, files.skipped)


def as_of_day(value: dt.date | str | None) -> int:
    """The day as of which facts are known; today in Asia/Shanghai by default."""
    if value is None:
        return to_day(dt.datetime.now(LOCAL).date())
    return to_day(dt.date.fromisoformat(value) if isinstance(value, str) else value)

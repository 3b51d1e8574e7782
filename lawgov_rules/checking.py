"""One check from start to end: read the input, choose an executor, make the report.

This is what the command and `lawgov_rules.check` share.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from lawgov_rules.dates import LOCAL
from lawgov_rules.days import to_date, to_day
from lawgov_rules.errors import Place, Problem, shown
from lawgov_rules.findings import Finding, finding_of
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Limits, Progress, Reading, silent
from lawgov_rules.loading import load_rulesets
from lawgov_rules.mapping import Mapping as LogMapping
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import Assessment, Verdict
from lawgov_rules.yaml_file import file_name, sha256_of

Engine = Literal["auto", "batch", "live", "durable"]
SHOWN = ("violated", "arguable", "undetermined", "pending", "excused")
# assessments a rule from which Ibis, with a quarter of a second to compile each, is done before plain Python
BATCH_FROM = 4_000
TOLD_EVERY = 500  # records read, verdicts given


@dataclass(frozen=True)
class Report:
    """What a check found. ``findings`` are those of the verdicts asked for, in a fixed order.

    ``records`` are the checked records by type and id, for writers who show more of a record than what decided;
    ``skipped`` the reports of our own that lay among the input; ``advice`` what a user should know of input that was
    used. None is part of the report as JSON.
    """

    receipt: Mapping[str, Any]
    summary: Mapping[str, Any]
    findings: Sequence[Finding]
    problems: Sequence[Problem]
    records: Mapping[tuple[str, str], Record] = field(default_factory=dict, repr=False)
    skipped: Sequence[str] = ()
    advice: Sequence[Problem] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, in the published order."""
        return {
            "receipt": self.receipt,
            "summary": self.summary,
            "findings": list(self.findings),
            "problems": [p.to_json() for p in self.problems],
        }

    def to_json(self) -> str:
        """The report as JSON text; the same input gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_arrow(self) -> Any:
        """The findings as an Arrow table; nested values (evidence, citation ...) as JSON text."""
        import pyarrow as pa

        flat = [
            {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in f.items()}
            for f in self.findings
        ]
        columns = (
            "rule",
            "record",
            "type",
            "organ",
            "instance",
            "verdict",
            "detail",
            "severity",
            "due",
            "actual",
            "required",
            "measured",
            "over_by",
            "evidence",
            "missing",
            "readings",
            "citation",
            "message",
            "source",
            "fingerprint",
        )
        return pa.table({c: pa.array([row.get(c) for row in flat], pa.string()) for c in columns})


@dataclass
class Input:
    """What was read: the good records, the problems of the others, and what was read from where."""

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    hashes: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    advice: list[Problem] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


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
) -> Report:
    """Check records against rules.

    Args:
        source: a path or several (YAML, JSON, Excel, CSV, folders; a folder with ``records.csv`` or
            ``records.parquet`` holds the three tables), or a mapping of the three tables ``records``, ``events``,
            ``participants`` to paths, Arrow tables or DataFrames, or `Record` objects. With ``mapping`` also foreign
            tables and logs: CSV, Parquet, XES, OCEL, an Arrow table, a DataFrame.
        rules: see `load_rulesets`; all bundled ones by default.
        as_of: the day as of which facts are known; today in Asia/Shanghai by default.
        engine: ``live`` (plain Python), ``batch`` (Ibis on DuckDB), ``auto`` (by size), or ``durable``
            (durable-rules, extra ``[durable]``; `ExecutorError` where it cannot be used).
        show: the verdicts whose findings are listed; all are counted.
        note: a remark that the report carries, such as what the records are.
        mapping: how the columns of foreign tables and logs are records, or the file that says so.
        progress: is told, now and then, what is being done, a number done and a number in all (0: not known).
        limits: how large an input may be; see `Limits`.

    Raises:
        MappingError: with every problem of the mapping.
    """
    more = {"mapping": mapping, "progress": progress, "limits": limits}
    return Check(source, rules, as_of=as_of, engine=engine, show=show, note=note, **more).report()  # type: ignore[arg-type]


class Check:
    """A check under way: the input is read, ``findings`` are made when asked for, in the fixed order.

    It has what a `Report` has, so that a writer may take it for one if it takes the findings once, and the summary
    and the problems after that. `live` judges a record when its turn comes, `durable` some at a time; `batch` judges
    all before the first finding.
    """

    def __init__(
        self,
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
    ) -> None:
        self._rules = rules = rules if rules is not None else load_rulesets()
        self._day = as_of_day(as_of)
        self._shown = {Verdict[name] for name in show}
        self._data = data = read_input(source, rules, mapping, progress, limits)
        self._progress = progress
        data.records.sort(key=lambda record: (record.type, record.id))
        self._executor = engine if engine != "auto" else quicker(data.records, rules)
        if self._executor == "durable":
            from lawgov_rules import durable

            durable.require()  # before anything is written
        self._counts = _Counts(data, rules)
        self._done = False
        self.records: Mapping[tuple[str, str], Record] = {(r.type, r.id): r for r in data.records}
        self.skipped: Sequence[str] = data.skipped
        self.advice: Sequence[Problem] = sorted(set(data.advice))
        options = {
            "level": rules.level,
            "show": sorted(v.name for v in self._shown),
            **({"note": note} if note else {}),
        }
        self.receipt: Mapping[str, Any] = receipt(self._executor, rules, self._day, data, options)
        self.findings: Iterator[Finding] = self._findings()

    @property
    def problems(self) -> Sequence[Problem]:
        """What could not be read, and the records at which an executor failed so far."""
        return sorted(self._data.problems)

    @property
    def summary(self) -> Mapping[str, Any]:
        """The counts of all verdicts; RuntimeError while findings are still to come."""
        if not self._done:
            raise RuntimeError("the summary is there when all findings have been taken")
        return self._counts.summary()

    def report(self) -> Report:
        """The whole report, with all findings in memory."""
        findings = list(self.findings)
        return Report(self.receipt, self.summary, findings, self.problems, self.records, self.skipped, self.advice)

    def _findings(self) -> Iterator[Finding]:
        by_key = {rule.key: rule for rule in self._rules}
        for a in self._in_order(self._counted(by_key)):
            key = (a.type, a.record)
            record, place = self.records[key], self._data.places[key]
            yield finding_of(a, by_key[a.rule], record, self._rules, self._day, place)
        self._done = True

    def _counted(self, by_key: Mapping[str, Rule]) -> Iterator[Assessment]:
        """Every assessment is counted; those of the verdicts asked for go on."""
        self._progress("verdicts", 0, 0)
        found = assess(self._executor, self._data.records, self._rules, self._day, self._data.problems)
        for n, assessment in enumerate(found, 1):
            if n % TOLD_EVERY == 0:
                self._progress("verdicts", n, 0)
            self._counts.add(assessment, by_key[assessment.rule])
            if assessment.verdict in self._shown:
                yield assessment

    def _in_order(self, kept: Iterator[Assessment]) -> Iterator[Assessment]:
        """By record and rule: executors of single records keep their order, `batch` has none."""
        if self._executor != "batch":
            for _record, own in groupby(kept, key=lambda a: (a.type, a.record)):
                yield from sorted(own, key=Assessment.key)
        else:
            yield from sorted(kept, key=Assessment.key)


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


def read_input(
    source: Any,
    rules: Rulesets,
    mapping: LogMapping | str | Path | None = None,
    progress: Progress = silent,
    limits: Limits | None = None,
) -> Input:
    """Read and check every record of the source; ids are unique within their type, and both places are named.

    Raises MappingError where the mapping is no good.
    """
    data = Input()
    if isinstance(mapping, (str, Path)):
        path = Path(mapping)
        mapping = LogMapping.load(path)
        data.hashes[file_name(path)] = sha256_of(path)
    elif mapping:
        data.hashes["(mapping)"] = hashlib.sha256(mapping.model_dump_json().encode()).hexdigest()
    if mapping:
        mapping.check(rules.vocabulary)
    if isinstance(source, (list, tuple)) and all(isinstance(item, Record) for item in source):
        data.read, data.records = len(source), list(source)
        data.places = {(r.type, r.id): r.source for r in data.records}
        return data
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)
    reading = Reading(rules.vocabulary, data.hashes, data.skipped, mapping, progress, limits or Limits(), data.advice)
    for number, item in enumerate(documents.read(source, reading)):
        data.read += item.records if isinstance(item, Problem) else 1
        if number % TOLD_EVERY == 0:
            progress("records", data.read, 0)
        record, problems = (None, [item]) if isinstance(item, Problem) else reader.read(item)
        if record is None:
            data.problems.extend(problems)
            continue
        key = (record.type, record.id)
        if key in data.places:
            reason = f"`{record.id}` stands at {data.places[key]} already"
            data.problems.append(Problem(record.source, reason, record.id, "ids are unique within a record type"))
            continue
        data.places[key] = record.source
        data.records.append(record)
    return data


class _Counts:
    """The summary: every assessment is counted, whether shown or not."""

    def __init__(self, data: Input, rules: Rulesets) -> None:
        self.data = data
        self.organs = {(r.type, r.id): r.organ for r in data.records}
        self.assessed = 0
        self.rules: dict[str, Counter[str]] = {rule.key: Counter() for rule in rules}
        self.by_organ: dict[str, Counter[str]] = {}
        self.documents: dict[str, Counter[str]] = {s.document.id: Counter() for s in rules.rulesets}
        self.verdicts: Counter[str] = Counter()
        self.fatal: Counter[str] = Counter()

    def add(self, assessment: Assessment, rule: Rule) -> None:
        name = assessment.verdict.name
        self.assessed += 1
        self.verdicts[name] += 1
        self.fatal[f"{name}:{rule.severity}"] += 1
        self.rules[assessment.rule][name] += 1
        self.documents[rule.document.id][name] += 1
        organ = self.organs[assessment.type, assessment.record] or ""
        self.by_organ.setdefault(organ, Counter())[name] += 1

    def summary(self) -> dict[str, Any]:
        checked = len(self.data.records)
        return {
            "read": self.data.read,
            "checked": checked,
            "rejected": self.data.read - checked,
            "assessed": self.assessed,
            "verdicts": _ordered(self.verdicts),
            "severities": dict(sorted(self.fatal.items())),
            "rules": {k: _ordered(v) for k, v in sorted(self.rules.items()) if v},
            "organs": {k: _ordered(v) for k, v in sorted(self.by_organ.items())},
            "documents": {k: _ordered(v) for k, v in sorted(self.documents.items()) if v},
        }


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {v.name: counts[v.name] for v in Verdict if counts[v.name]}


def receipt(executor: str, rules: Rulesets, day: int, data: Input, options: Mapping[str, Any]) -> dict[str, Any]:
    """What a report rests on: the same receipt, the same report."""
    calendar = rules.calendar
    return {
        "product": "lawgov_rules",
        "version": metadata.version("lawgov-rules"),
        "executor": executor,
        "as_of": to_date(day).isoformat(),
        "rulesets": [{"id": s.document.id, "version": s.document.version, "sha256": s.sha256} for s in rules.rulesets],
        "calendar": {
            "version": calendar.version,
            "published_through": calendar.published_through,
            "sha256": calendar.sha256,
        },
        "vocabulary": rules.vocabulary_sha256,
        "inputs": [{"file": name, "sha256": digest} for name, digest in sorted(data.hashes.items())],
        "options": dict(options),
    }

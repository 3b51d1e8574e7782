"""One check from start to end: read the input, choose an executor, make the report.

This is what the command and `lawgov_rules.check` share.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from typing import Any, Literal

from lawgov_rules import databases
from lawgov_rules.days import to_date, to_day
from lawgov_rules.errors import InputError, Place, Problem
from lawgov_rules.findings import Finding, finding
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Reading
from lawgov_rules.loading import load_rulesets
from lawgov_rules.records import LOCAL, Record, RecordReader
from lawgov_rules.ruleset import Rule, Rulesets
from lawgov_rules.verdict import Assessment, Verdict

Engine = Literal["auto", "batch", "live"]
SHOWN = ("violated", "arguable", "undetermined", "pending", "excused")
# assessments a rule from which Ibis, with a quarter of a second to compile each, is done before plain Python
BATCH_FROM = 4_000


@dataclass(frozen=True)
class Report:
    """What a check found. ``findings`` are those of the verdicts asked for, in a fixed order.

    ``records`` are the checked records by type and id, for writers who show more of a record than what decided; they
    are no part of the report as JSON.
    """

    receipt: Mapping[str, Any]
    summary: Mapping[str, Any]
    findings: Sequence[Finding]
    problems: Sequence[Problem]
    records: Mapping[tuple[str, str], Record] = field(default_factory=dict, repr=False)

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


def check(
    source: Any,
    rules: Rulesets | None = None,
    *,
    as_of: dt.date | str | None = None,
    engine: Engine = "auto",
    show: Iterable[str] = SHOWN,
    note: str = "",
    temporary_tables: bool = False,
) -> Report:
    """Check records against rules.

    Args:
        source: a path or several (YAML, JSON, folders; a folder with ``records.csv`` or ``records.parquet`` holds the
            three tables), or a mapping of the three tables ``records``, ``events``, ``participants`` to paths, Arrow
            tables or DataFrames, or `Record` objects.
        rules: see `load_rulesets`; all bundled ones by default.
        as_of: the day as of which facts are known; today in Asia/Shanghai by default.
        engine: ``live`` (plain Python), ``batch`` (Ibis on DuckDB) or ``auto`` (by size).
        show: the verdicts whose findings are listed; all are counted.
        note: a remark that the report carries, such as what the records are.
        temporary_tables: whether a PostgreSQL server may keep temporary tables while it is asked.
    """
    rules = rules if rules is not None else load_rulesets()
    day = as_of_day(as_of)
    if (found := database_of(source)) is not None:
        return _check_database(found, rules, day, {Verdict[name] for name in show}, note, temporary_tables)
    data = read_input(source, rules)
    executor = engine if engine != "auto" else quicker(data.records, rules)
    wanted = {Verdict[name] for name in show}
    by_key = {rule.key: rule for rule in rules}
    counts, organs = _Counts(rules), {(r.type, r.id): r.organ for r in data.records}
    kept = []
    for assessment in assess(executor, data.records, rules, day):
        counts.add(assessment.verdict, by_key[assessment.rule], organs[assessment.type, assessment.record])
        if assessment.verdict in wanted:
            kept.append(assessment)
    kept.sort(key=Assessment.key)
    records = {(r.type, r.id): r for r in data.records}
    findings = []
    for a in kept:
        place, organ = data.places[a.type, a.record], organs[a.type, a.record]
        rule = by_key[a.rule]
        reason = str(records[a.type, a.record].attributes.get(rule.excused_by, "")) if rule.excused_by else ""
        findings.append(finding(a, rule, rules.vocabulary, day, organ, place, reason))
    proof = receipt(executor, rules, day, data.hashes, options(rules, wanted, note))
    summary = counts.summary(data.read, len(data.records))
    return Report(proof, summary, findings, sorted(data.problems), records)


def options(rules: Rulesets, wanted: Iterable[Verdict], note: str) -> dict[str, Any]:
    """The options of a receipt."""
    return {"level": rules.level, "show": sorted(v.name for v in wanted), **({"note": note} if note else {})}


def database_of(source: Any) -> Any:
    """The database that a source is, or None: one that stands alone, or among paths."""
    if databases.is_connection(source) or databases.kind_of(source):
        return source
    if isinstance(source, (list, tuple)):
        return next((item for item in source if databases.kind_of(item)), None) if len(source) == 1 else None
    return None


def _check_database(source: Any, rules: Rulesets, day: int, wanted: set[Verdict], note: str, temporary: bool) -> Report:
    """The same report of a database, which evaluates by itself."""
    from lawgov_rules import columnar

    counts, name = _Counts(rules), databases.shown_name(source)
    proof = receipt("batch", rules, day, databases.hashes(source), options(rules, wanted, note))
    open_ = partial(databases.open_database, source, temporary=temporary)
    try:
        judged = columnar.judge(open_, rules, day, wanted, name)
    except InputError as error:
        return Report(proof, counts.summary(1, 0), [], [error.problem])
    for rule, organ, verdict, number in judged.counts:
        counts.add(verdict, rule, organ, number)
    by_key = {rule.key: rule for rule in rules}
    findings = []
    for a, organ in judged.found:
        rule, reason = by_key[a.rule], ""
        if rule.excused_by and a.verdict == Verdict.excused:
            reason = str(judged.records[a.type, a.record].attributes.get(rule.excused_by, ""))
        place = Place(f"{name}#records {a.record}")
        findings.append(finding(a, rule, rules.vocabulary, day, organ, place, reason))
    summary = counts.summary(judged.read, judged.checked)
    return Report(proof, summary, findings, judged.problems, judged.records)


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


def assess(executor: str, records: list[Record], rules: Rulesets, day: int) -> Iterator[Assessment]:
    """Every assessment of the records, by the executor of that name."""
    if executor == "batch":
        from lawgov_rules import batch

        return batch.assess(records, rules, day)
    from lawgov_rules import live

    return live.assess(records, rules, day)


def read_input(source: Any, rules: Rulesets) -> Input:
    """Read and check every record of the source; ids are unique within their type, and both places are named."""
    data = Input()
    if isinstance(source, (list, tuple)) and all(isinstance(item, Record) for item in source):
        data.read, data.records = len(source), list(source)
        data.places = {(r.type, r.id): r.source for r in data.records}
        return data
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)
    for item in documents.read(source, Reading(rules.vocabulary, data.hashes)):
        data.read += 1
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

    def __init__(self, rules: Rulesets) -> None:
        self.assessed = 0
        self.rules: dict[str, Counter[str]] = {rule.key: Counter() for rule in rules}
        self.by_organ: dict[str, Counter[str]] = {}
        self.documents: dict[str, Counter[str]] = {s.document.id: Counter() for s in rules.rulesets}
        self.verdicts: Counter[str] = Counter()
        self.fatal: Counter[str] = Counter()

    def add(self, verdict: Verdict, rule: Rule, organ: str | None, number: int = 1) -> None:
        """Count assessments of a rule on records of an organ."""
        name = verdict.name
        self.assessed += number
        self.verdicts[name] += number
        self.fatal[f"{name}:{rule.severity}"] += number
        self.rules[rule.key][name] += number
        self.documents[rule.document.id][name] += number
        self.by_organ.setdefault(organ or "", Counter())[name] += number

    def summary(self, read: int, checked: int) -> dict[str, Any]:
        return {
            "read": read,
            "checked": checked,
            "rejected": read - checked,
            "assessed": self.assessed,
            "verdicts": _ordered(self.verdicts),
            "severities": dict(sorted(self.fatal.items())),
            "rules": {k: _ordered(v) for k, v in sorted(self.rules.items()) if v},
            "organs": {k: _ordered(v) for k, v in sorted(self.by_organ.items())},
            "documents": {k: _ordered(v) for k, v in sorted(self.documents.items()) if v},
        }


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {v.name: counts[v.name] for v in Verdict if counts[v.name]}


def receipt(
    executor: str, rules: Rulesets, day: int, hashes: Mapping[str, str], options: Mapping[str, Any]
) -> dict[str, Any]:
    """What a report rests on: the same receipt, the same report. ``hashes``: SHA-256 by input; none of a server."""
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
        "inputs": [{"file": name, **({"sha256": digest} if digest else {})} for name, digest in sorted(hashes.items())],
        "options": dict(options),
    }

"""One record checked in process: what a case-handling system asks before it lets a record go on.

This is `lawgov_rules.check` for one record, without files, summary and receipt.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lawgov_rules.checking import SHOWN, as_of_day
from lawgov_rules.days import to_date
from lawgov_rules.errors import InputError
from lawgov_rules.findings import Finding, finding_of
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict
from lawgov_rules.yaml_file import document_of


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What the rules say of one record.

    ``findings`` are those of the verdicts asked for, in the order of rules and instances: the same that
    `lawgov_rules.check` gives for this record alone. ``verdicts`` counts all verdicts by name, shown or not.
    """

    record: Record
    as_of: dt.date
    verdicts: Mapping[str, int]
    findings: Sequence[Finding]


def check_record(
    record: Record | Mapping[str, Any],
    rules: Rulesets,
    as_of: dt.date | str | None = None,
    *,
    engine: Literal["live", "durable"] = "live",
    show: Iterable[str] = SHOWN,
) -> RecordReport:
    """Check one record against the rules of its type.

    Args:
        record: a `Record`, or a dictionary with the keys of a record file; its values are text as YAML has it, or
            numbers, booleans and dates. A rule that looks at other records finds this one alone.
        as_of: the day as of which facts are known; today in Asia/Shanghai by default.
        engine: ``live`` (plain Python) or ``durable`` (needs the extra of that name, and starts a process each time).
        show: the verdicts whose findings are listed; all are counted.

    Raises:
        InputError: the dictionary is no record; it carries every problem. (A result without findings would look like
            a record in order.)
        ExecutorError: ``durable`` cannot be used here; it says why.
    """
    day = as_of_day(as_of)
    known = record if isinstance(record, Record) else read_record(record, rules)
    wanted = {Verdict[name] for name in show}
    counts: Counter[Verdict] = Counter()
    kept = []
    for assessment in _assess(engine, known, rules, day):
        counts[assessment.verdict] += 1
        if assessment.verdict in wanted:
            kept.append(assessment)
    kept.sort(key=Assessment.key)
    by_key = {rule.key: rule for rule in rules}
    findings = [finding_of(a, by_key[a.rule], known, rules, day, known.source) for a in kept]
    return RecordReport(known, to_date(day), {v.name: counts[v] for v in Verdict if counts[v]}, findings)


def read_record(value: Mapping[str, Any], rules: Rulesets) -> Record:
    """The record that a dictionary holds; InputError, with every problem, if it is none."""
    record, problems = RecordReader(rules.vocabulary, rules.jurisdictions).read(document_of(value))
    if record is None:
        raise InputError(*problems)
    return record


def _assess(engine: str, record: Record, rules: Rulesets, day: int) -> Iterator[Assessment]:
    if engine == "live":
        from lawgov_rules import live

        return live.assess([record], rules, day)
    if engine != "durable":
        raise ValueError(f"`{engine}` is not an executor for one record; known: `live`, `durable`")
    from lawgov_rules import durable

    return durable.assess([record], rules, day)

"""One record checked in process: what a case-handling system asks before it lets a record go on.

This is `lawgov_rules.check` for one record, without files, summary and receipt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from lawgov_rules import live
from lawgov_rules.checking import SHOWN, as_of_day
from lawgov_rules.days import to_date
from lawgov_rules.errors import InputError, shown
from lawgov_rules.findings import Finding, finding_of
from lawgov_rules.judgement import SHIFT
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict
from lawgov_rules.yaml_file import document_of

NAMES = tuple(Verdict.__members__)


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
        engine: ``live`` (plain Python), or ``durable`` (durable-rules, extra ``[durable]``), which starts a worker
            process for the call.
        show: the verdicts whose findings are listed; all are counted.

    Raises:
        InputError: the dictionary is no record; it carries every problem. (A result without findings would look like
            a record in order.)
        ExecutorError: ``durable`` is asked for and cannot be used here.
    """
    day = as_of_day(as_of)
    known = record if isinstance(record, Record) else read_record(record, rules)
    if engine not in EXECUTORS:
        raise ValueError(f"`{shown(engine)}` is not an executor for one record; known: `live`, `durable`")
    counts, kept = EXECUTORS[engine](known, rules, day, _verdicts(tuple(show)))
    kept.sort(key=_in_order)
    findings = [finding_of(assessment, rule, known, rules, day, known.source) for assessment, rule in kept]
    verdicts = {name: counts[number] for number, name in enumerate(NAMES) if counts[number]}
    return RecordReport(known, to_date(day), verdicts, findings)


def read_record(value: Mapping[str, Any], rules: Rulesets) -> Record:
    """The record that a dictionary holds; InputError, with every problem, if it is none."""
    record, problems = RecordReader(rules.vocabulary, rules.jurisdictions).read(document_of(value))
    if record is None:
        raise InputError(*problems)
    return record


Kept = list[tuple[Assessment, Rule]]


def _in_order(kept: tuple[Assessment, Rule]) -> tuple[str, ...]:
    return kept[0].key()


@lru_cache(maxsize=64)
def _verdicts(names: tuple[str, ...]) -> frozenset[int]:
    return frozenset(Verdict[name] for name in names)


def _live(record: Record, rules: Rulesets, day: int, wanted: frozenset[int]) -> tuple[list[int], Kept]:
    """How often each verdict is given, and the assessments that are wanted: no others are made."""
    counts, kept = [0] * len(NAMES), []
    for judged in live.judge(record, rules, day):
        verdict = judged.answer.code // SHIFT
        counts[verdict] += 1
        if verdict in wanted:
            kept.append((judged.assessment(record, rules), judged.rule))
    return counts, kept


def _durable(record: Record, rules: Rulesets, day: int, wanted: frozenset[int]) -> tuple[list[int], Kept]:
    """The same by durable-rules; a record on which it fails is undetermined (``engine_failed``)."""
    from lawgov_rules import durable

    counts, kept = [0] * len(NAMES), []
    by_key = {rule.key: rule for rule in rules}
    for assessment in durable.assess([record], rules, day):
        counts[assessment.verdict] += 1
        if assessment.verdict in wanted:
            kept.append((assessment, by_key[assessment.rule]))
    return counts, kept


EXECUTORS = {"live": _live, "durable": _durable}

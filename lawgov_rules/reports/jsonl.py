"""The report as JSON lines, for programs that read a stream: a finding a line, as `lawgov schema finding` has it.

The receipt is the first line and the summary the last; these and problems say so in ``type`` (``receipt``,
``problem``, ``summary``), where a finding has its type of record. Findings are written as they come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from lawgov_rules.checking import Check
    from lawgov_rules.report import Report
    from lawgov_rules.ruleset import Rulesets

STREAMS = True
TYPES = ("receipt", "problem", "summary")


def write(report: Report | Check, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write receipt, findings, problems and summary, a line each."""
    import json

    for value in _values(report):
        out.write(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
        )


def _values(report: Report | Check) -> Iterator[Mapping[str, Any]]:
    receipt, problem, summary = TYPES
    yield {"type": receipt, **report.receipt}
    yield from report.findings
    for found in report.problems:
        yield {"type": problem, **found.to_json()}
    yield {"type": summary, **report.summary}

"""The report as JSON lines, for programs that read a stream: a finding a line, as `lawgov schema finding` has it.

The receipt is the first line and the summary the last; these and problems say so in ``type`` (``receipt``,
``problem``, ``summary``), where a finding has its type of record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from lawgov_rules.checking import Report
    from lawgov_rules.ruleset import Rulesets

TYPES = ("receipt", "problem", "summary")


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write receipt, findings, problems and summary, a line each."""
    import json
    from itertools import chain

    receipt, problem, summary = TYPES
    for value in chain(
        [{"type": receipt, **report.receipt}],
        report.findings,
        ({"type": problem, **found.to_json()} for found in report.problems),
        [{"type": summary, **report.summary}],
    ):
        out.write(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
        )

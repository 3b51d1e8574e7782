"""The whole report as one JSON object, for programs: receipt, summary, findings, problems.

A finding follows the schema that `lawgov schema finding` prints. Both languages are in it, whatever is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from lawgov_rules.report import Report
    from lawgov_rules.ruleset import Rulesets


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as JSON."""
    # half a pair of UTF-16, which UTF-8 does not know, as JSON's own \udc80
    out.write(report.to_json().encode("utf-8", "backslashreplace") + b"\n")

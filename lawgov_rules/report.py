"""What a check found: the report that every format writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lawgov_rules.errors import Problem
from lawgov_rules.findings import Finding
from lawgov_rules.records import Record


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

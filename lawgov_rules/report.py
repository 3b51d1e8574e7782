"""What a check found: the report that every format writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lawgov_rules.errors import Problem
from lawgov_rules.findings import Finding
from lawgov_rules.found import Found
from lawgov_rules.records import Record

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Report:
    """What a check found. ``findings`` are those of the verdicts asked for, in a fixed order.

    Those that a database made stay there, and are read some at a time; so there may be more than memory holds.
    ``records`` are the checked records by type and id, for writers who show more of a record than what decided;
    ``skipped`` the reports of our own that lay among the input; ``advice`` what a user should know of input that was
    used. None is part of the report as JSON. Of a report shortened by `gravest`, ``left_out`` is the number of
    findings that it does not list, and ``elsewhere`` the files in which all stand.
    """

    receipt: Mapping[str, Any]
    summary: Mapping[str, Any]
    findings: Sequence[Finding]
    problems: Sequence[Problem]
    records: Mapping[tuple[str, str], Record] = field(default_factory=dict, repr=False)
    skipped: Sequence[str] = ()
    advice: Sequence[Problem] = field(default=(), repr=False)
    left_out: int = 0
    elsewhere: Sequence[str] = ()

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

    def gravest(self, number: int, elsewhere: Sequence[str] = ()) -> Report:
        """The same report with so many findings at most: the gravest, in the fixed order.

        By verdict (violated, arguable, undetermined, pending, excused ...), by severity, then those that are late by
        most days; of equals the first.
        """
        if len(self.findings) <= number:
            return self
        kept = self._found.gravest(number)
        keys = {(finding["type"], finding["record"]) for finding in kept}
        records = narrow(keys) if (narrow := getattr(self.records, "only", None)) else self.records
        return replace(
            self, findings=kept, left_out=len(self.findings) - len(kept), elsewhere=elsewhere, records=records
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The findings as Arrow record batches under the columns of ``--format parquet`` (`found.COLUMNS`)."""
        return self._found.batches()

    @property
    def _found(self) -> Found:
        if not isinstance(self.findings, Found):
            raise TypeError("the findings are not those of a check")
        return self.findings

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

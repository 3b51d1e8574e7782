"""Findings as the rows of one table: its columns, what an assessment writes into them, and which findings come first.

The columns are those of ``--format parquet``. A database makes the same rows by itself (`stored`), so they hold what
is a constant of the rule, an integer that decided, or a name; the sentences in words are in the other formats. Rule,
type, record and instance together are met once.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from lawgov_rules.days import to_date
from lawgov_rules.findings import Finding
from lawgov_rules.rule import Rule
from lawgov_rules.verdict import Assessment, Verdict

if TYPE_CHECKING:
    import pyarrow as pa

# from what calls for a person to what calls for nobody
ORDER = ("violated", "arguable", "undetermined", "pending", "excused", "compliant", "not_applicable")
SEVERITIES = ("error", "warning", "note")
LATE = ("late", "missing")
TEXT, DAY, DAYS, TEXTS, PAIRS = "text", "date", "days", "texts", "texts by name"
# the columns that a rule gives to all its findings
OF_RULE = ("rule", "document", "clause", "locator", "title_zh", "title_en", "severity")
COLUMNS = {
    **dict.fromkeys(OF_RULE, TEXT),
    **dict.fromkeys(("type", "record", "organ", "jurisdiction", "instance", "verdict", "detail"), TEXT),
    **dict.fromkeys(("due", "due_latest", "done"), DAY),
    "days_late": DAYS,
    "missing": TEXTS,
    "readings": PAIRS,
}
BATCH = 50_000  # rows


class Row(NamedTuple):
    """A finding under `COLUMNS`; days count from 1970-01-01.

    ``due`` and ``due_latest`` are the earliest and the latest last day, ``done`` the day of the act, ``days_late`` by
    how many days the latest was, or is still, exceeded; None where there is none.
    """

    rule: Rule
    type: str
    record: str
    organ: str | None
    jurisdiction: str | None
    instance: str
    verdict: str
    detail: str
    due: int | None
    due_latest: int | None
    done: int | None
    days_late: int | None
    missing: tuple[str, ...]
    readings: tuple[tuple[str, str], ...]

    def values(self) -> tuple[Any, ...]:
        """What stands under `COLUMNS`."""
        return (*of_rule(self.rule), *self[1:])

    def gravity(self) -> tuple[int, int, int]:
        """The gravest first: by verdict as in `ORDER`, by severity, by the days late."""
        return ORDER.index(self.verdict), SEVERITIES.index(self.rule.severity), -(self.days_late or 0)


def of_rule(rule: Rule) -> tuple[str, ...]:
    """What stands under `OF_RULE`."""
    cited = rule.citation.to_json()
    names = (cited[name] for name in ("document", "clause", "locator"))
    return (rule.key, *names, rule.title.zh, rule.title.en, rule.severity)


def row_of(a: Assessment, rule: Rule, organ: str | None, jurisdiction: str | None, as_of: int) -> Row:
    """The row of an assessment of a record of an organ and a place."""
    kind = next(iter(rule.constraints.values()))
    due = tuple(a.measures.get(name) for name in kind.DUE) or (None, None)
    done = next((day for name in kind.acts() if (day := a.measures.get(name)) is not None), None)
    end = as_of if a.detail == "missing" else done
    is_late = kind.COUNTS_DAYS and a.verdict == Verdict.violated and a.detail in LATE
    return Row(
        rule=rule,
        type=a.type,
        record=a.record,
        organ=organ or None,
        jurisdiction=jurisdiction or None,
        instance=a.instance,
        verdict=a.verdict.name,
        detail=a.detail,
        due=due[0],
        due_latest=due[1],
        done=done,
        days_late=end - due[1] if is_late and end is not None and due[1] is not None else None,
        missing=a.missing,
        readings=tuple(a.readings.items()),
    )


def schema() -> pa.Schema:
    """The columns as Arrow types."""
    import pyarrow as pa

    types = {
        TEXT: pa.string(),
        DAY: pa.date32(),
        DAYS: pa.int32(),
        TEXTS: pa.list_(pa.field("element", pa.string())),
        PAIRS: pa.map_(pa.string(), pa.string()),
    }
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])


def batches(rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    """Rows as Arrow, some at a time."""
    import pyarrow as pa

    wanted, left = schema(), iter(rows)
    while part := [tuple(map(_written, row.values())) for row in islice(left, BATCH)]:
        columns = zip(*part, strict=True)
        arrays = [
            pa.array([None if v is None else to_date(v) for v in values] if kind == DAY else values, field.type)
            for values, kind, field in zip(columns, COLUMNS.values(), wanted, strict=True)
        ]
        yield pa.record_batch(arrays, schema=wanted)


def _written(value: Any) -> Any:
    """A text that has bytes: half a surrogate pair has none of its own."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


class Found(Sequence[Finding]):
    """The findings of a check in the fixed order, wherever they lie."""

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """Their rows as Arrow, some at a time."""

    @abstractmethod
    def gravest(self, number: int) -> Sequence[Finding]:
        """So many of them, the gravest (see `Row.gravity`), in the fixed order; of equals the first."""


class Listed(list[Finding], Found):
    """Findings in memory, with the row of each.

    Args:
        pairs: findings in the fixed order, and their rows.
    """

    def __init__(self, pairs: Iterable[tuple[Finding, Row]] = ()) -> None:
        super().__init__()
        self.rows: list[Row] = []
        for finding, row in pairs:
            self.append(finding)
            self.rows.append(row)

    def batches(self) -> Iterator[pa.RecordBatch]:
        return batches(self.rows)

    def gravest(self, number: int) -> Sequence[Finding]:
        first = sorted(range(len(self)), key=lambda n: self.rows[n].gravity())[:number]
        return [self[n] for n in sorted(first)]

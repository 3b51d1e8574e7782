"""Invented records of any number, the same for the same seed: three Parquet tables as an office would export them.

Seven rules of three documents are asked of them, one of each of the figures that everybody knows: filing within 15
days, replies within 30, comments for 30 days, review before discussion, two handlers, 40 hours of study a year, a
clean-up every two years. A share of the records is late, incomplete, repeated, early, outside the place or the time of
the document, or lacks a fact; about seven events a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

RULES = (
    "guigang-2011/nd-filing-15-days",
    "changzhi-2017/objection-reply-30d",
    "changzhi-2017/draft-comment-period-30d",
    "changzhi-2017/no-discussion-without-legality-review",
    "guigang-2011/recon-two-handlers",
    "jincheng-2009/study-hours-40",
    "jincheng-2009/nd-cleanup-2y",
)
AS_OF = "2019-06-30"
CHUNK = 100_000
# of a thousand records, how many are of a type
SHARES = {
    "normative_document": 260,
    "review_request": 170,
    "legislative_draft": 120,
    "major_decision": 180,
    "reconsideration_case": 170,
    "staff_member": 80,
    "organ": 20,
}
# the code of the place where the rules asked of a type hold, and the first and last day of their document
PLACES = {
    "normative_document": ("4508", "2011-11-21", "2015-12-31"),
    "reconsideration_case": ("4508", "2011-11-21", "2015-12-31"),
    "review_request": ("1404", "2017-06-30", "2020-12-31"),
    "legislative_draft": ("1404", "2017-06-30", "2020-12-31"),
    "major_decision": ("1404", "2017-06-30", "2020-12-31"),
    "staff_member": ("1405", "2009-01-01", "2013-12-31"),
    "organ": ("1405", "2009-01-01", "2013-12-31"),
}
PREFIXES = {
    "normative_document": "nd",
    "review_request": "rr",
    "legislative_draft": "ld",
    "major_decision": "md",
    "reconsideration_case": "rc",
    "staff_member": "sm",
    "organ": "or",
}
COUNTIES = {"4508": ["450800", "450821", "450881"], "1404": ["140400", "140423"], "1405": ["140500", "140581"]}
RECORDS = {
    "record": pa.string(),
    "type": pa.string(),
    "jurisdiction": pa.string(),
    "organ": pa.string(),
    "issuer_level": pa.string(),
    "applicant_kind": pa.string(),
    "secret_by_law": pa.bool_(),
    "shortening_reason": pa.string(),
    "organ_kind": pa.string(),
    "level": pa.string(),
    "service_from": pa.date32(),
    "service_to": pa.date32(),
}
EVENTS = {
    "record": pa.string(),
    "event": pa.string(),
    "date": pa.date32(),
    "result": pa.string(),
    "topic": pa.string(),
    "hours": pa.float64(),
    "kind": pa.string(),
    "scope": pa.string(),
}
PARTICIPANTS = {"record": pa.string(), "role": pa.string(), "person": pa.string()}


class Draw:
    """The records ``first`` to ``first + number`` of one type as columns of the three tables."""

    def __init__(self, type_: str, first: int, number: int, random: np.random.Generator) -> None:
        self.type, self.number, self.random = type_, number, random
        self.code, start, end = PLACES[type_]
        self.ids = np.char.add(f"{PREFIXES[type_]}-", np.char.zfill(np.arange(first, first + number).astype(str), 9))
        day = np.datetime64(start).astype(int) - 120
        # a few begin before the document is in force, a few after
        self.start = random.integers(day, np.datetime64(end).astype(int) + 60, number)
        self.records: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.participants: list[dict[str, Any]] = []

    def some(self, share: float) -> Any:
        """A mask of about that share of the records."""
        return self.random.random(self.number) < share

    def pick(self, values: list[Any], unknown: float = 0.0, size: int | None = None) -> Any:
        """A value for each record, None for the share that is unknown."""
        size = self.number if size is None else size
        drawn = np.array(values, dtype=object)[self.random.integers(0, len(values), size)]
        drawn[self.random.random(size) < unknown] = None
        return drawn

    def after(self, low: int, high: int) -> Any:
        """Days, that many after the start of each record."""
        return self.start + self.random.integers(low, high, self.number)

    def event(self, name: str, days: Any, where: Any = None, **attributes: Any) -> None:
        """An event for each record, or for those of a mask."""
        mask = np.ones(self.number, bool) if where is None else where
        kept = {k: v[mask] for k, v in attributes.items()}
        self.events.append({"record": self.ids[mask], "event": name, "date": days[mask], **kept})

    def person(self, role: str, where: Any, names: int) -> None:
        drawn = np.char.add("P", self.random.integers(0, names, self.number).astype(str))
        self.participants.append({"record": self.ids[where], "role": role, "person": drawn[where]})

    def filler(self, *names: str) -> None:
        """Events that no rule asks about, as every file has them."""
        for number, name in enumerate(names):
            self.event(name, self.after(-40 + 8 * number, 8 * number))


def _normative_document(draw: Draw) -> None:
    draw.records["issuer_level"] = draw.pick(["city", "county", "department", "department", "township"], 0.02)
    draw.event("published", draw.start, draw.some(0.97))
    draw.event("published", draw.after(1, 30), draw.some(0.03))
    draw.event("filed", draw.after(0, 20), draw.some(0.8))
    draw.event("filed", draw.after(-10, 60), draw.some(0.1))
    draw.filler("drafted", "opinions_heard", "signed", "numbered", "registered")


def _review_request(draw: Draw) -> None:
    draw.records["applicant_kind"] = draw.pick(["citizen", "legal_person", "other_organisation", "state_organ"], 0.03)
    for _ in range(2):
        draw.event("received", draw.after(0, 3), draw.some(0.7))
    for _ in range(6):
        draw.event("answered", draw.after(5, 60), draw.some(0.55))


def _legislative_draft(draw: Draw) -> None:
    draw.records["secret_by_law"] = draw.pick([False] * 19 + [True], 0.02)
    draw.records["shortening_reason"] = draw.pick(["urgent"], 0.8)
    draw.event("comments_opened", draw.start, draw.some(0.9))
    draw.event("comments_closed", draw.after(20, 45), draw.some(0.7))
    draw.event("collectively_discussed", draw.after(20, 90), draw.some(0.6))
    draw.filler("necessity_argued", "project_appraised", "drafted", "department_consulted", "opinions_heard")


def _major_decision(draw: Draw) -> None:
    results = ["lawful"] * 7 + ["unlawful"]
    draw.event("submitted_for_discussion", draw.start, draw.some(0.5))
    draw.event("collectively_discussed", draw.after(0, 10), draw.some(0.85))
    draw.event("legality_reviewed", draw.after(-30, 0), draw.some(0.85), result=draw.pick(results, 0.03))
    draw.event("legality_reviewed", draw.after(-30, 20), draw.some(0.2), result=draw.pick(results, 0.03))
    draw.filler("field_research_done", "opinions_heard", "expert_reviewed", "risk_assessed", "hearing_held")


def _reconsideration_case(draw: Draw) -> None:
    draw.event("decided", draw.after(20, 60), draw.some(0.7))
    draw.event("mediated", draw.after(10, 40), draw.some(0.2))
    draw.event("closed", draw.after(30, 90), draw.some(0.8))
    draw.filler("received", "accepted", "party_heard", "reconsideration_letter_sent")
    draw.person("handler", draw.some(0.97), 400)
    draw.person("handler", draw.some(0.85), 400)
    draw.person("clerk", draw.some(0.3), 90)


def _staff_member(draw: Draw) -> None:
    begin = np.datetime64("2009-01-01").astype(int)
    started = begin + draw.random.integers(0, 900, draw.number)
    draw.records["service_from"] = np.where(draw.some(0.6), None, started.astype(object))
    draw.records["service_to"] = np.where(draw.some(0.8), None, (started + 700).astype(object))
    for year in range(5):
        day = begin + 365 * year + draw.random.integers(0, 400, draw.number)
        hours = draw.pick([8.0, 16.0, 24.0, 39.5, 40.0, 44.0], 0.02)
        draw.event("trained", day, draw.some(0.85), topic=draw.pick(["law", "rule_of_law", "other"], 0.02), hours=hours)
        draw.event("law_study_day", day + 20, draw.some(0.5), hours=draw.pick([4.0, 8.0], 0.01))


def _organ(draw: Draw) -> None:
    draw.records["organ_kind"] = draw.pick(["government", "department", "enforcement_organ", "other"], 0.02)
    draw.records["level"] = draw.pick(["city", "county", "county", "township"], 0.02)
    begin = np.datetime64("2008-10-01").astype(int)
    for number in range(3):
        day = begin + 640 * number + draw.random.integers(0, 400, draw.number)
        kinds = draw.pick(["normative_documents"] * 6 + ["government_rules"], 0.02)
        draw.event("cleanup_done", day, draw.some(0.85), kind=kinds, scope=draw.pick(["full"] * 5 + ["partial"], 0.02))
    draw.filler("plan_issued", "work_deployed", "work_summarised", "briefing_given")


MAKERS: dict[str, Callable[[Draw], None]] = {
    "normative_document": _normative_document,
    "review_request": _review_request,
    "legislative_draft": _legislative_draft,
    "major_decision": _major_decision,
    "reconsideration_case": _reconsideration_case,
    "staff_member": _staff_member,
    "organ": _organ,
}


def _draws(records: int, seed: int) -> Iterator[Draw]:
    """The records type by type, in pieces that fit into memory."""
    counts = {type_: records * share // 1000 for type_, share in SHARES.items()}
    counts["normative_document"] += records - sum(counts.values())
    for number, (type_, count) in enumerate(counts.items()):
        for first in range(0, count, CHUNK):
            draw = Draw(type_, first, min(CHUNK, count - first), np.random.default_rng([seed, number, first]))
            MAKERS[type_](draw)
            codes = COUNTIES[draw.code]
            draw.records["jurisdiction"] = draw.pick(codes * 10 + ["110100"], 0.02)
            draw.records["organ"] = draw.pick([f"{draw.code}机关{n}" for n in range(200)])
            yield draw


def _table(columns: dict[str, Any], schema: dict[str, pa.DataType], size: int) -> pa.Table:
    arrays = {}
    for name, type_ in schema.items():
        value = columns.get(name)
        if value is None or isinstance(value, str):
            arrays[name] = pa.repeat(pa.scalar(value, type_), size)
        elif type_ == pa.date32():
            arrays[name] = pa.array(value, pa.int32()).cast(type_)
        else:
            arrays[name] = pa.array(value, type_)
    return pa.table(arrays)


def generate(folder: Path, records: int, seed: int = 1) -> dict[str, Path]:
    """Write the three tables and give their paths; nothing is written where they stand already."""
    folder.mkdir(parents=True, exist_ok=True)
    schemas = {"records": RECORDS, "events": EVENTS, "participants": PARTICIPANTS}
    paths = {name: folder / f"{name}.parquet" for name in schemas}
    done = folder / f".{records}-{seed}.done"  # a check of the folder passes over it
    if done.exists():
        return paths
    writers = {name: pq.ParquetWriter(paths[name], pa.schema(list(schema.items()))) for name, schema in schemas.items()}
    for draw in _draws(records, seed):
        whole = {"record": draw.ids, "type": draw.type, **draw.records}
        writers["records"].write_table(_table(whole, RECORDS, draw.number))
        for name, parts in (("events", draw.events), ("participants", draw.participants)):
            if parts:
                tables = [_table(part, schemas[name], len(part["record"])) for part in parts]
                writers[name].write_table(pa.concat_tables(tables))
    for writer in writers.values():
        writer.close()
    done.touch()
    return paths

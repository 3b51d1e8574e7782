"""The JSON Schema of one finding, for those who read a report by machine."""

from __future__ import annotations

from typing import Any

from lawgov_rules.findings import ALWAYS
from lawgov_rules.schema._shapes import DRAFT
from lawgov_rules.verdict import DETAILS, Verdict

FINDING_VERSION = "1.0"
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TEXT = {"type": "string", "minLength": 1}
_EVIDENCE = {"event": _TEXT, "attribute": _TEXT, "of": _TEXT, "date": _DAY}
_CITATION = {"document": _TEXT, "title": _TEXT, "clause": _TEXT, "locator": {**_TEXT, "maxLength": 20}}


def finding_schema() -> dict[str, Any]:
    """The schema of one finding of a report's ``findings``."""
    # in the order of the published schema
    properties = {**_which(), **_figures(), **_proof()}
    return {
        "$schema": DRAFT,
        "$id": f"lawgov_rules/finding/{FINDING_VERSION}",
        "title": "finding",
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name in {*ALWAYS, "fingerprint"}],
        "additionalProperties": False,
    }


def _which() -> dict[str, Any]:
    """Which rule says what of which record."""
    return {
        "rule": {"type": "string", "pattern": "^[a-z0-9-]+/[a-z0-9-]+$", "description": "ruleset and rule"},
        "record": {**_TEXT, "description": "the record's id, unique within its type"},
        "type": {**_TEXT, "description": "the record type"},
        "organ": _TEXT,
        "instance": {
            "type": "string",
            "description": "a period, a day or another label; empty if there is one only",
        },
        "verdict": {"enum": [v.name for v in Verdict]},
        "detail": {"enum": list(DETAILS)},
        "severity": {"enum": ["error", "warning", "note"], "description": "by the modality of the text"},
    }


def _figures() -> dict[str, Any]:
    """The days and figures that decided."""
    return {
        "due": {
            **_DAY,
            "description": "the (earliest) day by which it was to be done, under the first reading",
        },
        "actual": {**_DAY, "description": "the day on which it was done"},
        "required": {**_TEXT, "description": "what was required, such as `15 days`"},
        "measured": {**_TEXT, "description": "what was found, in the same terms"},
        "over_by": {**_TEXT, "description": "by how much it is off"},
    }


def _proof() -> dict[str, Any]:
    """What it rests on, where that is written, and where the record stands."""
    return {
        "evidence": {"type": "array", "items": _closed({**_EVIDENCE, "count": {"type": ["integer", "string"]}})},
        "missing": {"type": "array", "items": _TEXT, "description": "the facts that would decide"},
        "readings": {
            "type": "object",
            "description": "each reading's verdict, where they differ",
            "additionalProperties": {"enum": [v.name for v in Verdict]},
        },
        "citation": _closed(_CITATION, required=list(_CITATION)),
        "message": {"type": "object", "properties": {"zh": _TEXT, "en": _TEXT}, "required": ["zh", "en"]},
        "source": {
            "type": "object",
            "properties": {"file": _TEXT, "line": {"type": "integer", "minimum": 0}},
            "required": ["file"],
        },
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    }


def _closed(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An object that has no other keys."""
    return {"type": "object", "properties": properties, **more, "additionalProperties": False}

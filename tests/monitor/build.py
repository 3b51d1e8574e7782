"""A county document and its filing, as a case-handling system would post them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lawgov_rules.monitor import Change
from lawgov_rules.ruleset import Rulesets

FILING = "jincheng-2009/nd-county-filing-15d"
PUBLISHED = {"event": "published", "date": "2012-03-01"}
FILED = {"event": "filed", "date": "2012-03-20", "to": "city_government"}


def filing(rules: Rulesets) -> Rulesets:
    """The rule on filing within 15 days alone."""
    return rules.only({FILING})


def document(number: int = 3, *events: dict[str, Any]) -> dict[str, Any]:
    """A normative document of a county government."""
    return {
        "record": f"甲县政发〔2012〕{number}号",
        "type": "normative_document",
        "jurisdiction": "140581",
        "organ": "甲县人民政府",
        "attributes": {"issuer_level": "county", "issued_in_name_of": "government"},
        "events": list(events),
    }


def published(day: dt.date) -> dict[str, Any]:
    return {"event": "published", "date": day}


def told(changes: list[Change]) -> list[tuple[str, str, str, str, str]]:
    """What changed, without the names of record and rule."""
    return [(c.what, c.verdict, c.detail, c.was, c.was_detail) for c in changes]

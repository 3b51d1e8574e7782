"""Normative documents with ten events each, from three places, most of them in order.

Drawn from a seed, so that every run and every peer judges the same records.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.yaml_file import document_of

AS_OF = dt.date(2018, 12, 31)
# places of three documents, and a year in which each was in force
PLACES = (("140581", 2012), ("140421", 2018), ("450881", 2013))
# each step with the fewest and the most days after the one before; ten of them, some twice
STEPS: tuple[tuple[str, int, int, dict[str, list[Any]]], ...] = (
    ("drafted", 0, 30, {}),
    ("opinions_heard", 1, 20, {}),
    ("legality_reviewed", 1, 15, {"by": ["government_legal_office"], "result": ["lawful", "lawful", "unlawful", None]}),
    ("submitted_for_discussion", -3, 30, {}),
    ("collectively_discussed", 0, 3, {"forum": ["government_executive_meeting"]}),
    ("signed", 1, 9, {}),
    ("published", 1, 9, {}),
    ("filed", 2, 16, {"to": ["city_government"] * 9 + ["npc_standing_committee", None]}),
    ("filed", 1, 12, {"to": ["city_government", "npc_standing_committee"]}),
    ("cited_as_basis", -20, 60, {}),
)
ATTRIBUTES: dict[str, list[Any]] = {
    "document_kind": ["normative_document"],
    "issuer_level": ["county"] * 8 + ["city", "department"],
    "issued_in_name_of": ["government"] * 9 + [None],
    "affects_rights": [True, True, False, None],
    "powers_created": [[]],
    "disguised_licence_forms": [[]],
    "powers_have_basis": [True, False],
}


def values(number: int, seed: int = 0) -> list[dict[str, Any]]:
    """Records as plain values, as a program would hand them in."""
    random = Random(seed)
    return [_value(random, n) for n in range(number)]


def records(number: int, rules: Rulesets, seed: int = 0) -> list[Record]:
    """The same, read."""
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)
    found = []
    for value in values(number, seed):
        record, problems = reader.read(document_of(value))
        assert record is not None, problems
        found.append(record)
    return found


def _value(random: Random, number: int) -> dict[str, Any]:
    place, year = random.choice(PLACES)
    day = dt.date(year, random.randint(1, 9), 1)
    events = []
    for name, least, most, attributes in STEPS:
        day += dt.timedelta(days=random.randint(least, most))
        found = {key: random.choice(options) for key, options in attributes.items()}
        events.append({"event": name, "date": day, **found})
    return {
        "record": f"文件{number}",
        "type": "normative_document",
        "jurisdiction": place,
        "organ": "某县人民政府",
        "attributes": {key: random.choice(options) for key, options in ATTRIBUTES.items()},
        "events": events,
    }

"""A ruleset of one or two rules, written to a folder: a county document is filed within 15 days of publication."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DOCUMENT = """\
id: example-2009
title: 示例规划
issuer: 示例市人民政府
jurisdiction: "140500"
in_force: {from: "2009-01-01", to: "2013-12-31", basis: the plan names its years}
version: 1.0.0
"""
FILING: dict[str, Any] = {
    "id": "nd-filing",
    "clause": "二（三）2",
    "locator": "公布之日起15日内",
    "title": {"zh": "备案", "en": "Filing"},
    "requirement": {"zh": "公布后15日内报备案", "en": "It is filed within 15 days"},
    "modality": "must",
    "level": "core",
    "bearer": "县级人民政府",
    "record": "normative_document",
    "when": {"issuer_level": "county"},
    "constraint": {
        "kind": "deadline",
        "after": "published",
        "do": {"event": "filed", "where": {"to": "city_government"}},
        "within": "15 days",
    },
    "because": "natural days",
}


def filing(**changes: Any) -> dict[str, Any]:
    """The rule with other keys; a key of None is left out."""
    return {key: value for key, value in (FILING | changes).items() if value is not None}


def write_rules(folder: Path, *rules: dict[str, Any], document: str = DOCUMENT) -> Path:
    """A ruleset in a folder; JSON is YAML, and each key stands on a line of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "document.yaml").write_text(document, "utf-8")
    by_type: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        by_type.setdefault(rule["record"], []).append(rule)
    for name, mine in by_type.items():
        (folder / f"{name}.yaml").write_text(json.dumps(mine, ensure_ascii=False, indent=1), "utf-8")
    return folder


def document(record: str, published: str, filed: str | None = None, **keys: Any) -> dict[str, Any]:
    """A county document, published and perhaps filed with the city on a day."""
    events = [{"event": "published", "date": published}]
    events += [{"event": "filed", "date": filed, "to": "city_government"}] if filed else []
    found = {
        "record": record,
        "type": "normative_document",
        "jurisdiction": "140581",
        "attributes": {"issuer_level": "county"},
        "events": events,
    }
    return found | keys


def case(found: dict[str, Any], verdict: str, as_of: str = "2012-12-31", rule: str = "nd-filing") -> dict[str, Any]:
    """A record as a case of one rule."""
    return found | {"because": "b", "as_of": as_of, "expect": {f"example-2009/{rule}": verdict}}


def write_cases(folder: Path, *records: dict[str, Any], name: str = "a.yaml") -> Path:
    """Cases as the documents of one file."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [json.dumps(found, ensure_ascii=False, indent=1) for found in records]
    (folder / name).write_text("\n---\n".join(texts), "utf-8")
    return folder

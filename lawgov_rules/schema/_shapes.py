"""The shapes that schemas share, and pydantic's schemas brought into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lawgov_rules.vocabulary import Word

DRAFT = "https://json-schema.org/draft/2020-12/schema"
VERSION = "1.0"
Schema = dict[str, Any]

# every value of a file is read as text, so a text may look like a number or a boolean
TEXT: Schema = {"type": ["string", "number", "boolean"]}
# an id in kebab-case
NAME: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
WHOLE: Schema = {"type": ["integer", "string"], "pattern": r"^[-+]?\d+$"}
YES_OR_NO: Schema = {"enum": [True, False, "true", "false"]}
DATE: Schema = {"type": "string", "pattern": r"^\s*\d{4}-\d{1,2}-\d{1,2}\s*$"}


def shape(name: str) -> Schema:
    """A shape that the schema defines."""
    return {"$ref": f"#/$defs/{name}"}


def head(name: str, title: str) -> Schema:
    """What every schema begins with."""
    return {"$schema": DRAFT, "$id": f"lawgov_rules/{name}/{VERSION}", "title": title}


def one_of(words: Iterable[str]) -> Schema:
    """One of several words."""
    return {"enum": list(words)}


def labelled(words: Mapping[str, Word]) -> Schema:
    """One of several words, with the labels that an editor shows beside them."""
    told = [f"{word.zh} {word.en}. {word.definition}".rstrip(". ") for word in words.values()]
    return {"enum": list(words), "markdownEnumDescriptions": told}


def either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def items(schema: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": schema} | ({"minItems": least} if least else {})


def mapping(properties: Schema, required: tuple[str, ...] = (), **more: Any) -> Schema:
    """A mapping with no other keys than these."""
    found = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": list(required)} if required else {}) | more


def tidy(node: Any) -> Any:
    """A schema of pydantic's as one of files: texts that may look like numbers, conditions where it says anything.

    Titles that only repeat a name, and defaults that say nothing, are left out.
    """
    if isinstance(node, list):
        return [tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: value for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if found.get("default", "") in (None, "", [], {}):
        found.pop("default", None)
    kind = found.get("type")
    if kind == "string" and not found.keys() & {"enum", "const", "pattern", "format"}:
        found |= TEXT
    elif kind in ("integer", "boolean"):
        found.pop("type")
        found |= WHOLE if kind == "integer" else YES_OR_NO
    elif found.get("format") == "date":
        found = {key: value for key, value in found.items() if key != "format"} | DATE
    for name in ("properties", "$defs"):
        if name in found:
            found[name] = {key: _property(value) for key, value in found[name].items()}
    for name in ("items", "additionalProperties", "anyOf"):
        if name in found:
            found[name] = tidy(found[name])
    return found


def _property(schema: Schema) -> Schema:
    """A property; one of which pydantic knows nothing is a condition, bound where it is read."""
    return tidy(schema) if schema.keys() - {"title", "default"} else shape("condition")

"""The JSON Schema of a file of records (and of cases): its record types, events, attributes and roles."""

from __future__ import annotations

from lawgov_rules.schema._shapes import (
    DATE,
    TEXT,
    YES_OR_NO,
    Schema,
    either,
    head,
    items,
    labelled,
    mapping,
    one_of,
    shape,
)
from lawgov_rules.verdict import DETAILS, Verdict
from lawgov_rules.vocabulary import Attribute, RecordType, Vocabulary

_NULL: Schema = {"type": "null"}
# a day, or a moment of it
_WHEN: Schema = {"type": "string", "pattern": r"^\s*\d{4}-\d{1,2}-\d{1,2}([T ].*)?$"}


def record_schema(vocabulary: Vocabulary) -> Schema:
    """A file that holds one record, or a list of them."""
    shapes = {f"attribute.{name}": _value(attribute) for name, attribute in vocabulary.attributes.items()}
    shapes |= {f"event.{name}": _event(vocabulary, name) for name in vocabulary.events}
    shapes |= {f"role.{name}": _participant(vocabulary, name) for name in vocabulary.roles}
    shapes |= {f"type.{name}": _of_type(type_) for name, type_ in vocabulary.record_types.items()}
    shapes["record"], one = _record(vocabulary), shape("record")
    either_way = {"if": {"type": "array"}, "then": {"items": one}, "else": one}
    return head("record", "records, or cases with what they expect") | either_way | {"$defs": shapes}


def _record(vocabulary: Vocabulary) -> Schema:
    name = either(TEXT, _NULL)
    properties = {
        "record": TEXT,
        "type": labelled(vocabulary.record_types),
        "jurisdiction": name,
        "organ": name,
        "attributes": {"type": ["object", "null"]},
        "participants": {"type": ["array", "null"]},
        "events": {"type": ["array", "null"]},
        # of a case
        "because": TEXT,
        "as_of": DATE,
        "expect": {"type": "object", "additionalProperties": _expected()},
        "complete": YES_OR_NO,
    }
    by_type = [
        {"if": {"properties": {"type": {"const": type_}}}, "then": shape(f"type.{type_}")}
        for type_ in vocabulary.record_types
    ]
    return mapping(properties, ("record", "type"), allOf=by_type)


def _expected() -> Schema:
    verdicts, details = "|".join(v.name for v in Verdict), "|".join(filter(None, DETAILS))
    said = {"type": "string", "pattern": rf"^\s*({verdicts})(\s+({details}))?\s*$"}
    return either(said, {"type": "object", "additionalProperties": said})


def _of_type(type_: RecordType) -> Schema:
    """What a record of one type may carry."""
    attributes = {name: shape(f"attribute.{name}") for name in type_.attributes}
    return {
        "properties": {
            "attributes": {"properties": attributes, "additionalProperties": False},
            "events": {"items": _named("event", type_.events)},
            "participants": {"items": _named("role", type_.roles)},
        }
    }


def _named(key: str, names: tuple[str, ...]) -> Schema:
    """Items of a list, whose shape is that of the name under ``key``."""
    found: Schema = {"type": "object", "required": [key], "properties": {key: one_of(names)}}
    by_name = [{"if": {"properties": {key: {"const": name}}}, "then": shape(f"{key}.{name}")} for name in names]
    return found | ({"allOf": by_name} if by_name else {})


def _event(vocabulary: Vocabulary, name: str) -> Schema:
    own = {attribute: _value(vocabulary.of_event(name, attribute)) for attribute in vocabulary.events[name].attributes}
    order = {"type": ["integer", "string", "null"]}
    properties = {**own, "event": {"const": name}, "date": _WHEN, "sequence": order}
    return mapping(properties, ("event", "date"), description=vocabulary.events[name].definition)


def _participant(vocabulary: Vocabulary, name: str) -> Schema:
    role = vocabulary.roles[name]
    own = {attribute: shape(f"attribute.{attribute}") for attribute in role.attributes}
    return mapping({**own, "role": {"const": name}, "person": TEXT}, ("role", "person"), description=role.definition)


def _value(attribute: Attribute) -> Schema:
    """A value of an attribute; none is unknown."""
    said = f"{attribute.zh} {attribute.en}. {attribute.definition}"
    if attribute.type == "choice":
        return either(labelled(attribute.values), _NULL) | {"description": said}
    if attribute.type == "choices":
        listed = items(labelled(attribute.values))
        return either(listed, {"type": ["string", "null"]}) | {"description": said}
    if attribute.type == "boolean":
        return {"enum": [*YES_OR_NO["enum"], None], "description": said}
    if attribute.type == "date":
        return {**DATE, "type": ["string", "null"], "description": said}
    number = {"integer": "integer", "number": "number"}.get(attribute.type)
    plain = [number, "string", "null"] if number else [*TEXT["type"], "null"]
    return {"type": plain, "description": said}

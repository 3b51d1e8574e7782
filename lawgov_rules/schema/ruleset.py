"""The JSON Schemas of the files that a ruleset consists of: rules, document, ledger; and of the vocabulary."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from lawgov_rules.clauses import Ledger
from lawgov_rules.kinds import discover
from lawgov_rules.mapping import Mapping
from lawgov_rules.rule import Act, Rule
from lawgov_rules.schema._shapes import (
    NAME,
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
    tidy,
)
from lawgov_rules.vocabulary import Attribute, Vocabulary


def ruleset_schema(vocabulary: Vocabulary) -> Schema:
    """A file of rules: a list."""
    kinds = discover()
    models: list[type[BaseModel]] = [Rule, *kinds.values()]
    names, whole = models_json_schema([(model, "validation") for model in models])
    shapes: Schema = tidy(whole)["$defs"]
    shapes["Constraint"] = _constraint({kind: names[model, "validation"] for kind, model in kinds.items()})
    _name_words(shapes, vocabulary)
    shapes |= {f"asked.{name}": _asked(attribute) for name, attribute in vocabulary.attributes.items()}
    shapes["condition"] = _condition(vocabulary)
    return head("ruleset", "rules of one record type") | items(shape("Rule")) | {"$defs": shapes}


def _constraint(kinds: dict[str, Any]) -> Schema:
    """Its shape is that of its kind."""
    found = {"type": "object", "required": ["kind"], "properties": {"kind": one_of(kinds)}}
    by_kind = [{"if": {"properties": {"kind": {"const": kind}}}, "then": own} for kind, own in kinds.items()]
    return found | {"allOf": by_kind}


def _name_words(shapes: Schema, vocabulary: Vocabulary) -> None:
    """The words of the vocabulary, where a shape of pydantic's knows of any text only."""
    attributes = vocabulary.attributes
    dates = [name for name, attribute in attributes.items() if attribute.type == "date"]
    reasons = [name for name, attribute in attributes.items() if attribute.type in ("text", "boolean")]
    rule = shapes["Rule"]["properties"]
    rule |= {"id": NAME, "record": labelled(vocabulary.record_types), "excused_by": one_of(reasons)}
    rule["because"] = either(TEXT, shape("Text"))
    rule["jurisdiction"] = either(TEXT, items(TEXT))
    rule["readings"] |= {"propertyNames": one_of(vocabulary.readings), "minProperties": 2}
    shapes["Occurrence"]["properties"]["attribute"] = one_of(dates)
    shapes |= {"event": labelled(vocabulary.events), "role": labelled(vocabulary.roles)}
    for name, key in (("Occurrence", "event"), ("Step", "event"), ("People", "role")):
        shapes[name]["properties"][key] = shape(key)
        # the shortest form is the name alone
        shapes[name] = either(shape(key), shapes[name])
    # of another record type, and so bound only where it is read
    shapes["Coverage"]["properties"]["done"] = shape("Occurrence")


def _condition(vocabulary: Vocabulary) -> Schema:
    group = items(shape("condition"), least=1)
    whole = {"any": group, "all": group, "none": group, "happened": shape("Step")}
    return mapping(whole | {name: shape(f"asked.{name}") for name in vocabulary.attributes}, minProperties=1)


def _asked(attribute: Attribute) -> Schema:
    """What a condition may ask of an attribute: a value, one of several, or a comparison."""
    value = labelled(attribute.values) if attribute.values else YES_OR_NO if attribute.type == "boolean" else TEXT
    same: Schema = {"not": either(value, items(value)), "known": YES_OR_NO}
    order = ("gte", "gt", "lte", "lt") if attribute.type in ("integer", "number", "date") else ()
    compared = mapping(same | dict.fromkeys(order, value))
    return either(value, items(value), compared) | {"description": f"{attribute.zh} {attribute.en}"}


def document_schema() -> Schema:
    """``document.yaml``."""
    found: Schema = tidy(Act.model_json_schema())
    found["properties"]["id"] = NAME
    return head("document", "the document that a ruleset encodes") | found


def ledger_schema() -> Schema:
    """``ledger.yaml``."""
    found: Schema = tidy(Ledger.model_json_schema())
    return head("ledger", "what became of every clause of a document") | found


def vocabulary_schema() -> Schema:
    """A file of the vocabulary: any of its sections."""
    found: Schema = tidy(Vocabulary.model_json_schema())
    del found["required"]
    return head("vocabulary", "the known words") | found


def mapping_schema(vocabulary: Vocabulary) -> Schema:
    """A mapping file."""
    found: Schema = tidy(Mapping.model_json_schema())
    own, shapes = found["properties"], found["$defs"]
    own["type"] = either(labelled(vocabulary.record_types), shape("Cell"))
    own["attributes"]["propertyNames"] = one_of(vocabulary.attributes)
    for name, key, words in (("EventCells", "event", vocabulary.events), ("PersonCells", "role", vocabulary.roles)):
        shapes[name]["properties"][key] = either(labelled(words), shape("Cell"))
        shapes[name]["properties"]["attributes"]["propertyNames"] = one_of(vocabulary.attributes)
    return head("mapping", "how the columns of a table or a log are records") | found

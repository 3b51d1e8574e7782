"""Names in a constraint that are looked up in the vocabulary: dates of the record, and words of other record types."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from lawgov_rules.errors import a, did_you_mean, shown
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.step import Context
from lawgov_rules.validation import WordErrors, items_of, wrong
from lawgov_rules.yaml_file import Path_


def check_date(name: str, context: Context, *, alone: bool) -> None:
    """Refuse a ``replaced_by`` that is no date of the record, or that replaces nothing."""
    if alone:
        raise wrong(("replaced_by",), "`replaced_by` stands with a single date `by`", name)
    words = context.vocabulary
    dates = [n for n in words.record_types[context.record_type].attributes if words.attributes[n].type == "date"]
    if name not in dates:
        reason = f"`{shown(name)}` is not a date of {a(context.record_type)}"
        raise wrong(("replaced_by",), reason, name, did_you_mean(name, dates))


def check_type(name: str, context: Context, at: Path_) -> Context:
    """The words of the other record type."""
    known = context.vocabulary.record_types
    if name not in known:
        raise wrong(at, f"`{shown(name)}` is not a known record type", name, did_you_mean(name, known))
    return Context(context.vocabulary, name)


def bound_occurrence(raw: Any, context: Context, at: Path_) -> Occurrence:
    """An occurrence in the other record."""
    try:
        return Occurrence.model_validate(raw, context=context)
    except ValidationError as error:
        found = items_of(error, Occurrence, raw)
        raise WordErrors([((*at, *path), *rest) for path, *rest in found]) from None  # type: ignore[misc]


def prefixed(record_type: str, facts: frozenset[str]) -> frozenset[str]:
    """Facts of another record, told apart from the record's own: ``enforcement_officer/in_post``."""
    return frozenset(f"{record_type}/{fact}" for fact in facts)

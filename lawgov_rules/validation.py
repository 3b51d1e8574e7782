"""A document as a pydantic model, and what is wrong with it in the words of this product.

Pydantic finds; this module says it: the user's word in backticks, the line it stands at, and a way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lawgov_rules.errors import Problem, did_you_mean, shown
from lawgov_rules.yaml_file import Document, Path_

Model = TypeVar("Model", bound=BaseModel)


def read_as(model: type[Model], document: Document, context: Any = None) -> Model | list[Problem]:
    """A document as a pydantic model, or every problem in it, each with its line and a way out."""
    try:
        return model.model_validate(document.value, context=context)
    except ValidationError as error:
        found = items_of(error, model, document.value)
        return [Problem(document.place(*at), reason, shown(word), advice) for at, reason, word, advice in found]


Item = tuple[Path_, str, str, str]
"""A problem below a value: its path, the reason, the user's word, a way out."""


def items_of(error: ValidationError, model: type[BaseModel], value: Any) -> list[Item]:
    """Pydantic's findings in the words of this product. A validator hands on several by `WordErrors`."""
    found: list[Item] = []
    for item in error.errors(include_url=False):
        path = tuple(item["loc"])
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, WordErrors):
            found.extend(((*path, *at), reason, word, advice) for at, reason, word, advice in cause.items)
        elif item["type"] == "extra_forbidden":
            known = _fields_at(model, path[:-1], value)
            word = str(path[-1])
            found.append((path, f"`{shown(word)}` is not a known key", word, did_you_mean(word, known)))
        elif item["type"] == "missing":
            found.append((path[:-1], f"`{path[-1]}` is missing", "", f"add `{path[-1]}:`"))
        else:
            found.append((path, *_reason(dict(item), path)))
    return found


def _reason(item: dict[str, Any], path: Path_) -> tuple[str, str, str]:
    """Reason, word and way out of a finding of pydantic's own."""
    kind, context, given = item["type"], item.get("ctx", {}), item.get("input")
    name, word = f"`{path[-1]}`: " if path else "", shown(given) if isinstance(given, (str, int)) else ""
    said = f"{name}`{word}`" if word else name.removesuffix(": ") or "this"
    if kind == "value_error":
        return re.sub(r"^Value error, ", "", item["msg"]), word, ""
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return f"{said} is not known here", word, did_you_mean(word, known)
    for start, (reason, advice) in _PLAIN.items():
        if kind.startswith(start):
            limit = next((v for k, v in context.items() if k in ("max_length", "ge", "gt", "min_length")), "")
            return f"{said} {reason.format(limit)}", word, advice
    return f"{name}{item['msg'][:1].lower()}{item['msg'][1:]}", word, ""


_PLAIN = {
    "string_too_long": ("is longer than {} characters", "shorten it"),
    "string_too_short": ("is empty", "write something"),
    "too_short": ("is empty", "name at least one"),
    "int": ("is not a whole number", "write a number such as `1`"),
    "decimal": ("is not a number", "write a number such as `40` or `19.5`"),
    "bool": ("is neither `true` nor `false`", "write one of the two"),
    "greater_than": ("must be at least {}", "write a larger number"),
    "string_type": ("must be one word or sentence", "write it as text"),
    "list_type": ("must be a list", "begin each item with `- `"),
    "dict_type": ("must be a mapping", "write names and values"),
    "model_type": ("must be a mapping", "write names and values"),
    "model_attributes": ("must be a mapping", "write names and values"),
}


def _fields_at(model: type[BaseModel], path: Path_, value: Any) -> list[str]:
    """The keys that the model at ``path`` knows; none where the path leaves the models."""
    for step in path:
        value = value[step] if isinstance(value, (dict, list)) else None  # type: ignore[index]
        if isinstance(step, int):
            continue
        field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
        inner = list(_types_in(field.annotation if field else None))
        if not inner:
            return []
        # a constraint's keys are those of its kind
        model = getattr(inner[0], "model_for", lambda _value, found=inner[0]: found)(value)
    return [f.alias or name for name, f in model.model_fields.items()]


def _types_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _types_in(argument)


class WordErrors(ValueError):
    """Several problems below one value: (path below it, reason, the user's word, a way out)."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        super().__init__("; ".join(reason for _, reason, _, _ in items))


def wrong(at: Path_, reason: str, word: str = "", help: str = "") -> WordErrors:
    """The one problem below a value, to raise from a validator."""
    return WordErrors([(at, reason, word, help)])

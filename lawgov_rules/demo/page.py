"""Records as YAML text that reads as a person would have written it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# what YAML takes as it stands, and nobody can take for something else
_PLAIN = re.compile(r"[\w〔〕（《“][\w〔〕（）《》“”、，。；：.·/-]*")


def page(head: Sequence[str], records: Sequence[tuple[Sequence[str], Mapping[str, Any]]]) -> str:
    """A file: remarks on top, then the records as a list of documents, each with its own remarks."""
    lines = [f"# {line}" for line in head]
    for remarks, record in records:
        lines += ["---", *(f"# {remark}" for remark in remarks), *_record(record)]
    return "\n".join(lines) + "\n"


def _record(record: Mapping[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        if value in (None, [], {}):
            continue
        if isinstance(value, list):
            yield f"{key}:"
            yield from (f"  - {flow(item)}" for item in value)
        elif isinstance(value, dict):
            yield f"{key}:"
            yield from (f"  {name}: {flow(item)}" for name, item in value.items())
        else:
            # a code of figures is a text
            yield f"{key}: " + (f'"{value}"' if key == "jurisdiction" else flow(value))


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)

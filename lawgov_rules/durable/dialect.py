"""What a rule and a fact for durable-rules may look like; everything else is refused before the library sees it.

Outside this dialect durable-rules 2.0.28 crashes, hangs or answers wrongly without a sign: absent properties, `$or`,
`$div`, `none`, regular expressions, lists of facts, equal hashes. Within it single facts of integers meet rules of a
single pattern, and no fault has been seen in millions of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

MAX_RULES = 60  # in one ruleset: more than 64 matches at once overflow the library's stack
MAX_PATTERNS = 1  # the library's own limit is 16; one pattern needs no join, and joins are where it fails
MAX_CONDITIONS = 64
MAX_PROPERTIES = 250
LARGEST = 2**62  # beyond 64 bits integers saturate and sums overflow
COMPARISONS = frozenset({"$lt", "$lte", "$gt", "$gte"})
# names with a meaning of their own, whose hashes no property may share
RESERVED = ("id", "sid", "$s", "$m", "$forward", "$and", "$or", "$l", "$r", "pri", "count", "cap", "dist", "all", "any")
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
SID = re.compile(r"[A-Za-z0-9]{1,8}")


class DialectError(ValueError):
    """A ruleset or a fact leaves the dialect; every reason, one a line."""


def fnv32(name: str) -> int:
    """The hash by which the library knows a property: FNV-1a, 32 bits."""
    found = 0x811C9DC5
    for byte in name.encode():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


def is_integer(value: Any) -> bool:
    """A whole number that the library keeps as it is."""
    return type(value) is int and -LARGEST <= value <= LARGEST


def check_ruleset(name: str, rules: Mapping[str, Any]) -> frozenset[str]:
    """The properties that the rules read; `DialectError` where something is not allowed."""
    found = list(_flaws_of_ruleset(name, rules))
    names = {p for rule in rules.values() if isinstance(rule, Mapping) for p in _properties(rule.get("all"))}
    found += _flaws_of_names(names)
    if found:
        raise DialectError("\n".join(found))
    return frozenset(names)


def check_fact(fact: Mapping[str, Any], names: Collection[str]) -> None:
    """`DialectError` unless the fact has a short id and sid and an integer for every property of the rules."""
    if type(fact) is not dict:
        raise DialectError("a fact is one mapping, never a list")
    if not (type(fact.get("id")) is int and 0 < fact["id"] < 10**6):
        raise DialectError("the id is a whole number from 1 to 999999")
    if not (isinstance(fact.get("sid"), str) and SID.fullmatch(fact["sid"])):
        raise DialectError("the sid is one to eight letters and digits")
    if len(fact) != len(names) + 2 or not all(name in fact for name in names):
        raise DialectError("a fact has every property of the rules, and no other")
    if not all(is_integer(fact[name]) for name in names):
        raise DialectError("a property is a whole number within 2^62")


def _flaws_of_ruleset(name: str, rules: Mapping[str, Any]) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield f"ruleset `{name}`: a name is small letters and digits"
    if not 1 <= len(rules) <= MAX_RULES:
        yield f"ruleset `{name}`: 1 to {MAX_RULES} rules, not {len(rules)}"
    for key, rule in rules.items():
        if not NAME.fullmatch(key):
            yield f"rule `{key}`: a name is small letters and digits"
        if not isinstance(rule, Mapping) or set(rule) - {"run"} != {"all"}:
            yield f"rule `{key}`: `all` and nothing else, no `any`, `pri`, `count`, `cap`"
        elif not isinstance(rule["all"], list) or len(rule["all"]) != MAX_PATTERNS:
            yield f"rule `{key}`: {MAX_PATTERNS} pattern"
        elif set(rule["all"][0]) != {"m"}:
            yield f"rule `{key}`: the pattern is `m`, no `none`, `all` or `any`"
        else:
            yield from (f"rule `{key}`: {flaw}" for flaw in _flaws_of_pattern(rule["all"][0]["m"]))


def _flaws_of_pattern(pattern: Any) -> Iterator[str]:
    conditions = pattern["$and"] if isinstance(pattern, dict) and set(pattern) == {"$and"} else [pattern]
    if not isinstance(conditions, list) or not 1 <= len(conditions) <= MAX_CONDITIONS:
        yield f"1 to {MAX_CONDITIONS} conditions"
        return
    for condition in conditions:
        if not isinstance(condition, dict) or len(condition) != 1:
            yield f"`{condition}` is not one comparison"
            continue
        ((word, right),) = condition.items()
        if word in COMPARISONS:
            if not isinstance(right, dict) or len(right) != 1:
                yield f"`{word}` compares one property"
                continue
            ((word, right),) = right.items()
        if not isinstance(word, str) or not NAME.fullmatch(word):
            yield f"`{word}` is neither a comparison allowed here nor a property"
        elif word in RESERVED:
            yield f"`{word}` is no property"
        elif not is_integer(right) and not (set(condition) <= COMPARISONS and _is_property(right)):
            yield f"`{word}` is compared with a whole number within 2^62 or another property"


def _is_property(right: Any) -> bool:
    return isinstance(right, dict) and set(right) == {"$m"} and isinstance(right["$m"], str)


def _flaws_of_names(names: Collection[str]) -> Iterator[str]:
    if len(names) > MAX_PROPERTIES:
        yield f"at most {MAX_PROPERTIES} properties, not {len(names)}"
    by_hash = {fnv32(word): word for word in RESERVED}
    for name in sorted(names):
        if not NAME.fullmatch(name):
            yield f"property `{name}`: a name is small letters and digits"
        other = by_hash.setdefault(fnv32(name), name)
        if other != name or name in RESERVED:
            yield f"property `{name}` has the hash of `{other}`"


def _properties(value: Any) -> Iterator[str]:
    """Every name of a property in the patterns of a rule."""
    if isinstance(value, list):
        for item in value:
            yield from _properties(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "$m" and isinstance(item, str):
                yield item
            elif is_integer(item) or (isinstance(item, dict) and set(item) == {"$m"}):
                yield key
            yield from _properties(item)

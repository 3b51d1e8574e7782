"""The linter: what durable-rules must never be given is refused, each with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from lawgov_rules.durable import dialect
from lawgov_rules.durable.dialect import DialectError, check_fact, check_ruleset, fnv32
from lawgov_rules.durable.executor import tables
from lawgov_rules.durable.table import definition, properties
from lawgov_rules.durable.worker import SID

GOOD = {"$and": [{"k0": 1}, {"$lte": {"m0": {"$m": "m1"}}}, {"$gt": {"m1": -5}}]}


def rule(pattern: Any = GOOD, **more: Any) -> dict[str, Any]:
    return {"all": [{"m": pattern}], **more}


def test_the_dialect() -> None:
    assert check_ruleset("t0", {"r0": rule(run=print), "r1": rule({"p": 0})}) == {"k0", "m0", "m1", "p"}


def test_the_hash_is_the_librarys() -> None:
    """Figures of the constants in its source: HASH_NAME, HASH_COUNT, HASH_AND, HASH_M."""
    assert [fnv32(w) for w in ("name", "count", "$and", "$m")] == [2369371622, 967958004, 3746487396, 1690058490]


RULESETS: dict[str, tuple[dict[str, Any], str]] = {
    "no rule": ({}, "1 to 60 rules, not 0"),
    "61 rules": ({f"r{n}": rule() for n in range(61)}, "1 to 60 rules, not 61"),
    "name of a rule": ({"R 0": rule()}, "a name is small letters"),
    "pri": ({"r0": rule(pri=1)}, "no `any`, `pri`"),
    "count": ({"r0": rule(count=2)}, "no `any`, `pri`, `count`"),
    "cap": ({"r0": rule(cap=2)}, "`count`, `cap`"),
    "any": ({"r0": {"any": [{"m": GOOD}]}}, "no `any`"),
    "both": ({"r0": rule(any=[])}, "no `any`"),
    "no mapping": ({"r0": None}, "`all` and nothing else"),
    "two patterns": ({"r0": {"all": [{"m": GOOD}, {"n": GOOD}]}}, "1 pattern"),
    "17 patterns": ({"r0": {"all": [{"m": GOOD}] * 17}}, "1 pattern"),
    "no pattern": ({"r0": {"all": []}}, "1 pattern"),
    "none": ({"r0": {"all": [{"m$not": GOOD}]}}, "no `none`"),
    "nested all": ({"r0": {"all": [{"m$all": [{"m": GOOD}]}]}}, "no `none`, `all`"),
    "nested any": ({"r0": {"all": [{"m$any": [{"m": GOOD}]}]}}, "no `none`, `all` or `any`"),
    "alias": ({"r0": {"all": [{"host": GOOD}]}}, "the pattern is `m`"),
    "empty and": ({"r0": rule({"$and": []})}, "1 to 64 conditions"),
    "65 conditions": ({"r0": rule({"$and": [{"k0": 1}] * 65})}, "1 to 64 conditions"),
    "and in and": ({"r0": rule({"$and": [{"$and": [{"k0": 1}]}]})}, "`$and` is neither"),
    "or": ({"r0": rule({"$or": [{"k0": 1}, {"k1": 1}]})}, "`$or` is neither"),
    "div": ({"r0": rule({"$gt": {"m0": {"$div": {"$l": {"$m": "m1"}, "$r": {"$m": "m2"}}}}})}, "is compared with"),
    "add": ({"r0": rule({"$gt": {"m0": {"$add": {"$l": {"$m": "m1"}, "$r": 1}}}})}, "is compared with"),
    "join": ({"r0": rule({"$gt": {"m0": {"first": "m1"}}})}, "is compared with"),
    "not equal": ({"r0": rule({"$neq": {"m0": 1}})}, "`$neq` is neither"),
    "exists": ({"r0": rule({"$ex": {"m0": 1}})}, "`$ex` is neither"),
    "absent": ({"r0": rule({"$nex": {"m0": 1}})}, "`$nex` is neither"),
    "matches": ({"r0": rule({"$mt": {"m0": "[一-龥]+"}})}, "`$mt` is neither"),
    "imatches": ({"r0": rule({"$imt": {"m0": ".*"}})}, "`$imt` is neither"),
    "list, all": ({"r0": rule({"$iall": {"m0": {"m": 1}}})}, "`$iall` is neither"),
    "list, any": ({"r0": rule({"$iany": {"m0": {"m": 1}}})}, "`$iany` is neither"),
    "two in one": ({"r0": rule({"k0": 1, "k1": 1})}, "is not one comparison"),
    "nothing": ({"r0": rule({})}, "is not one comparison"),
    "no comparison": ({"r0": rule({"$gt": 5})}, "compares one property"),
    "equal properties": ({"r0": rule({"m0": {"$m": "m1"}})}, "is compared with"),
    "state": ({"r0": rule({"$s": 1})}, "`$s` is neither"),
    "id": ({"r0": rule({"id": 1})}, "`id` is no property"),
    "sid": ({"r0": rule({"$gt": {"sid": 1}})}, "`sid` is no property"),
    "text": ({"r0": rule({"m0": "1"})}, "is compared with"),
    "float": ({"r0": rule({"$gt": {"m0": 1.0}})}, "is compared with"),
    "true": ({"r0": rule({"m0": True})}, "is compared with"),
    "null": ({"r0": rule({"m0": None})}, "is compared with"),
    "beyond 2^62": ({"r0": rule({"$gt": {"m0": 2**62 + 1}})}, "within 2^62"),
    "below -2^62": ({"r0": rule({"$gt": {"m0": -(2**62) - 1}})}, "within 2^62"),
    "Chinese": ({"r0": rule({"事项": 1})}, "neither a comparison allowed here nor a property"),
    "bad name on the right": ({"r0": rule({"$gt": {"m0": {"$m": "A B"}}})}, "a name is small letters"),
    "id on the right": ({"r0": rule({"$gt": {"m0": {"$m": "sid"}}})}, "has the hash of `sid`"),
    # a known pair of words with the same FNV-1a hash of 32 bits
    "equal hashes": (
        {"r0": rule({"costarring": 1}), "r1": rule({"liquid": 1})},
        "`liquid` has the hash of `costarring`",
    ),
    "251 properties": (
        {f"r{n}": rule({"$and": [{f"x{n}_{i}": 1} for i in range(60)]}) for n in range(5)},
        "at most 250 properties, not 300",
    ),
}


@pytest.mark.parametrize("name", RULESETS)
def test_refused_rulesets(name: str) -> None:
    rules, reason = RULESETS[name]
    with pytest.raises(DialectError) as refused:
        check_ruleset("t0", rules)
    assert reason in str(refused.value)


@pytest.mark.parametrize("name", ["", "a$state", "a$flow", "规则", "x" * 40])
def test_refused_names_of_rulesets(name: str) -> None:
    with pytest.raises(DialectError, match="a name is small letters"):
        check_ruleset(name, {"r0": rule()})


def test_every_reason_is_told() -> None:
    with pytest.raises(DialectError) as refused:
        check_ruleset("t0", {"r0": rule({"$or": []}), "r1": rule(pri=1)})
    assert len(str(refused.value).splitlines()) == 2


FACT: dict[str, Any] = {"id": 1, "sid": SID, "m0": 2**62, "k0": 1}
FACTS: dict[str, tuple[Any, str]] = {
    "list": ([FACT], "never a list"),
    "no id": ({**FACT, "id": None}, "the id is"),
    "text id": ({**FACT, "id": "1"}, "the id is"),
    "long id": ({**FACT, "id": 10**6}, "the id is"),
    "true id": ({**FACT, "id": True}, "the id is"),
    "integer sid": ({**FACT, "sid": 1}, "the sid is"),
    "quoted sid": ({**FACT, "sid": 'a"'}, "the sid is"),
    "sid with a newline": ({**FACT, "sid": "a\n"}, "the sid is"),
    "long sid": ({**FACT, "sid": "a" * 9}, "the sid is"),
    "sid of a state": ({**FACT, "sid": "sid-1"}, "the sid is"),
    "absent property": ({"id": 1, "sid": "1", "m0": 1}, "every property"),
    "another property": ({**FACT, "m1": 1}, "and no other"),
    "one for another": ({"id": 1, "sid": "1", "m0": 1, "k1": 1}, "every property"),
    "null": ({**FACT, "m0": None}, "a whole number"),
    "true": ({**FACT, "m0": True}, "a whole number"),
    "float": ({**FACT, "m0": 1.0}, "a whole number"),
    "text": ({**FACT, "m0": "甲"}, "a whole number"),
    "nested": ({**FACT, "m0": {"a": 1}}, "a whole number"),
    "beyond 2^62": ({**FACT, "m0": 2**62 + 1}, "a whole number within 2^62"),
}


def test_a_fact_of_the_dialect() -> None:
    check_fact(FACT, {"m0", "k0"})


@pytest.mark.parametrize("name", FACTS)
def test_refused_facts(name: str) -> None:
    fact, reason = FACTS[name]
    with pytest.raises(DialectError) as refused:
        check_fact(fact, {"m0", "k0"})
    assert reason in str(refused.value)


@pytest.mark.parametrize("kind", tables())
def test_every_kind_keeps_to_it(kind: str) -> None:
    """With room to spare: the table of a new kind that does not fit is found here."""
    table = tables()[kind][1]
    names = check_ruleset("t0", definition(table.rows, lambda row: row))
    assert names <= properties(len(table.measures))
    assert len(properties(len(table.measures))) <= dialect.MAX_PROPERTIES

"""Conditions that can never hold, wholly or in part; two rules that say the same.

Codes: ``never-holds``, ``never-applies``, ``dead-part``, ``idle-unless``, ``same-rule``, ``same-readings``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from lawgov_rules.condition import Condition, Group
from lawgov_rules.lint._flaw import Flaw
from lawgov_rules.rule import Rule
from lawgov_rules.step import Happened
from lawgov_rules.ways import alternatives, can_hold, negation_of
from lawgov_rules.yaml_file import Path_

HELP = "mend the condition, or take it out"


def check(rule: Rule) -> Iterator[Flaw]:
    """The flaws of the conditions of one rule."""
    when, unless = rule.condition_columns()
    own = [(("when",), when), (("unless",), unless)]
    inner = list(_inner(rule))
    dead = [at for at, c in (*own, *inner) if c and not can_hold(c)]
    for at in dead:
        yield _flaw(rule, at, "never-holds", f"`{_name(at)}` can never hold", HELP)
    if not dead:
        yield from _applies(rule, when, unless)
        for at, condition in inner:
            yield from _dead_parts(rule, at, condition, ())


def _inner(rule: Rule) -> Iterator[tuple[Path_, Condition]]:
    """The conditions of the constraint, and those that a reading puts in their place."""
    seen: list[Condition] = []
    found = list(conditions_in(rule.constraint, ("constraint",)))
    for name, constraint in rule.constraints.items() if rule.readings else ():
        found += conditions_in(constraint, ("readings", name))
    for at, condition in found:
        if condition not in seen:
            yield at, condition
        seen.append(condition)


def _applies(rule: Rule, when: Condition | None, unless: Condition | None) -> Iterator[Flaw]:
    """What `when` and `unless` do to each other."""
    rest = () if unless is None else (negation_of(unless),)
    if rest and not can_hold(*rest, *([when] if when else [])):
        reason = "`unless` holds wherever `when` does" if when else "`unless` always holds"
        yield _flaw(rule, ("unless",), "never-applies", f"{reason}, so the rule never applies", HELP)
        return
    if when and unless and not can_hold(when, unless):
        reason = "`unless` never holds where `when` does"
        yield _flaw(rule, ("unless",), "idle-unless", reason, "take it out")
    if when:
        yield from _dead_parts(rule, ("when",), when, rest)


def _dead_parts(rule: Rule, at: Path_, condition: Condition, rest: tuple[Condition, ...]) -> Iterator[Flaw]:
    for said, alone in alternatives(condition):
        if not can_hold(alone, *rest):
            reason = f"`{said}` can never hold beside the rest of `{_name(at)}`"
            yield _flaw(rule, at, "dead-part", reason, "take it out")


def same_rules(rules: Iterable[Rule]) -> Iterator[Flaw]:
    """Rules of a document that ask the same of the same records; readings that are one."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        first = seen.setdefault(_meaning(rule), rule)
        if first is not rule and first.id not in rule.because.en:
            reason = f"asks the same of the same records as `{first.id}`"
            advice = f"keep one of the two, or name `{first.id}` in `because` where the text says it twice"
            yield _flaw(rule, ("id",), "same-rule", reason, advice)
        readings = list(rule.constraints.items())
        for number, (name, constraint) in enumerate(readings):
            twin = next((other for other, c in readings[:number] if c == constraint), None)
            if twin:
                reason = f"the reading `{name}` is the reading `{twin}` once more"
                yield _flaw(rule, ("readings", name), "same-readings", reason, "change a parameter, or take it out")


def _meaning(rule: Rule) -> str:
    """Everything that decides, as text."""
    readings = {name: constraint.model_dump(mode="json") for name, constraint in rule.constraints.items()}
    said = [rule.record, rule.places, str(rule.force), rule.when, rule.unless, rule.excused_by, readings]
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)


def conditions_in(model: BaseModel, at: Path_) -> Iterator[tuple[Path_, Condition]]:
    """Every condition below a constraint, with its path in the YAML."""
    for name, value in (model.__pydantic_private__ or {}).items():
        word = name.removeprefix("_")
        if isinstance(value, Condition):
            yield from _with_steps(value, (*at, word))
        elif word in type(model).model_fields and isinstance(value, BaseModel):
            yield from conditions_in(value, (*at, word))
        elif word == "steps" and getattr(model, "event", None):
            for step in value:
                yield from conditions_in(step, at)
    for name, field in type(model).model_fields.items():
        yield from _below(getattr(model, name), (*at, field.alias or name))


def _below(value: Any, at: Path_) -> Iterator[tuple[Path_, Condition]]:
    if isinstance(value, BaseModel):
        yield from conditions_in(value, at)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _below(item, (*at, number))


def _with_steps(condition: Condition, at: Path_) -> Iterator[tuple[Path_, Condition]]:
    """A condition, and those of the steps of which it asks whether they happened."""
    yield at, condition
    for part in _parts(condition):
        if isinstance(part, Happened):
            yield from conditions_in(part.step, at)


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    if isinstance(condition, Group):
        for part in condition.parts:
            yield from _parts(part)


def _name(at: Path_) -> str:
    return str(next((step for step in reversed(at) if isinstance(step, str)), ""))


def _flaw(rule: Rule, at: Path_, code: str, reason: str, help: str) -> Flaw:
    return Flaw(rule.source.place(*at), code, rule.key, reason, help)

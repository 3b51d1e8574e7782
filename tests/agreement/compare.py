"""What every executor says of the same records, and where they say different things."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from lawgov_rules import batch, live
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment

Assess = Callable[[Sequence[Record], Rulesets, int], Iterable[Assessment]]
Said = dict[tuple[Any, ...], Assessment]
FAILED = ("", "", "", "failed")


class Disagreement(NamedTuple):
    """One instance of one record, and what each executor says of it (None: nothing; a text: how it failed)."""

    key: tuple[Any, ...]
    said: dict[str, Assessment | str | None]

    def __str__(self) -> str:
        return "\n".join(f"  {name:8} {said}" for name, said in self.said.items())


@cache
def executors() -> dict[str, Assess]:
    """Those that are installed, by name: `durable` where the package has it and durable-rules is there."""
    found: dict[str, Assess] = {"live": live.assess, "batch": batch.assess}
    if importlib.util.find_spec("lawgov_rules.durable") and importlib.util.find_spec("durable"):
        durable = importlib.import_module("lawgov_rules.durable")
        found["durable"] = partial(durable.assess, cage=durable.open_cage())  # one worker for all comparisons
    return found


def say(name: str, records: Sequence[Record], rules: Rulesets, as_of: int) -> Said | str:
    """An executor's assessments by their keys, or how it failed."""
    found: Said = {}
    try:
        for a in executors()[name](records, rules, as_of):
            # two checks of an identity may have one label
            key = (*a.key(), a.measures.get("check"))
            if key in found:
                return f"the instance {key} stands twice"
            found[key] = a
    except Exception as error:  # whatever it is, it is a finding about the executor
        return f"{type(error).__name__}: {error}"
    return found


def compared(records: Sequence[Record], rules: Rulesets, as_of: int) -> tuple[Said, list[Disagreement]]:
    """What `live` says, and every instance of which another executor says anything else, in whatever field."""
    said = {name: say(name, records, rules, as_of) for name in executors()}
    if failed := {name: text for name, text in said.items() if isinstance(text, str)}:
        return {}, [Disagreement(FAILED, {name: failed.get(name) for name in said})]
    answers = {name: one for name, one in said.items() if not isinstance(one, str)}
    first = answers["live"]
    if all(other == first for other in answers.values()):
        return first, []
    keys = sorted({key for one in answers.values() for key in one}, key=repr)
    found = [Disagreement(key, {name: one.get(key) for name, one in answers.items()}) for key in keys]
    return first, [d for d in found if any(a != d.said["live"] for a in d.said.values())]


def disagreements(rules: Rulesets, records: Sequence[Record], as_of: int) -> list[Disagreement]:
    """What the executors say differently, in any field."""
    return compared(records, rules, as_of)[1]

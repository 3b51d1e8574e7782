"""What a step of a monitor changed: findings that are new, changed, or cleared."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lawgov_rules.checking import SHOWN
from lawgov_rules.rule import Rule
from lawgov_rules.verdict import Assessment, Verdict

FINDINGS = frozenset(Verdict[name] for name in SHOWN)
Slot = tuple[str, str, int]
"""A rule, an instance of it, and which of several with that label."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One finding that is ``new``, ``changed`` (another verdict, date, figure or missing fact), or ``cleared``.

    ``verdict`` and ``detail`` are what is said now; of a cleared finding that is a verdict that makes no finding
    (``compliant``, ``not_applicable``), or nothing at all where the record or the instance is gone. ``was`` and
    ``was_detail`` are what was said before. `Monitor.explain` gives the whole finding.
    """

    type: str
    record: str
    rule: str
    instance: str
    what: Literal["new", "changed", "cleared"]
    verdict: str
    detail: str
    was: str = ""
    was_detail: str = ""


def standing(assessments: Iterable[Assessment], rules: Mapping[str, Rule]) -> bytes:
    """The findings of a record as few bytes: what is needed to tell whether one has changed. Empty: no findings."""
    found = {place: told for place, told in _told(assessments, rules) if told[0] in FINDINGS}
    return marshal.dumps(found) if found else b""


def verdicts(kept: bytes) -> set[Verdict]:
    """The verdicts of the findings that `standing` holds."""
    return {Verdict(told[0]) for told in _loaded(kept).values()}


def changes(
    key: tuple[str, str], kept: bytes, assessments: Iterable[Assessment], rules: Mapping[str, Rule]
) -> Iterator[Change]:
    """What changed for a record, from its former `standing` to what is said of it now."""
    before, now = _loaded(kept), dict(_told(assessments, rules))
    for place in sorted(before.keys() | now.keys()):
        was, is_ = before.get(place), now.get(place)
        shown = is_ is not None and is_[0] in FINDINGS
        if was == is_ or (was is None and not shown):
            continue
        what: Literal["new", "changed", "cleared"] = "cleared" if not shown else "new" if was is None else "changed"
        yield Change(*key, place[0], place[1], what, *_words(is_), *_words(was))


def _told(assessments: Iterable[Assessment], rules: Mapping[str, Rule]) -> Iterator[tuple[Slot, tuple[Any, ...]]]:
    """Of each assessment what makes it another: all but what merely follows the day."""
    seen: dict[tuple[str, str], int] = {}
    for a in assessments:
        number = seen[a.rule, a.instance] = seen.get((a.rule, a.instance), -1) + 1
        daily = next(iter(rules[a.rule].constraints.values())).DAILY
        measures = tuple(value for name, value in a.measures.items() if name not in daily)
        yield (a.rule, a.instance, number), (int(a.verdict), a.detail, a.missing, tuple(a.readings.items()), measures)


def _loaded(kept: bytes) -> dict[Slot, tuple[Any, ...]]:
    found: dict[Slot, tuple[Any, ...]] = marshal.loads(kept) if kept else {}
    return found


def _words(told: tuple[Any, ...] | None) -> tuple[str, str]:
    return (Verdict(told[0]).name, told[1]) if told else ("", "")

"""A disagreement is made as small as it gets and kept as a file, which a test replays from then on."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lawgov_rules.errors import RulesetError
from tests.agreement.compare import FAILED, Disagreement, compared
from tests.agreement.trial import Plain, Trial

FOUND = Path(__file__).parent / "found"
MINUTES = 3.0  # to make one smaller
Path_ = tuple[str | int, ...]


def disagree(trial: Trial) -> list[Disagreement]:
    """Where the executors disagree; nothing where the trial cannot be read."""
    try:
        rules, records, as_of = trial.read()
    except RulesetError:
        return []
    return compared(records, rules, as_of)[1]


def shrink(trial: Trial, seconds: float = MINUTES * 60) -> Trial:
    """The smallest trial that is found in the time by leaving parts out, in which the executors disagree as before.

    As before: one of them fails where one failed, and says something else where it did.
    """
    first = disagree(trial)[0]
    failed, end = first.key == FAILED, time.monotonic() + seconds

    def still(smaller: Trial) -> bool:
        found = disagree(smaller)
        return bool(found) and (found[0].key == FAILED) == failed

    if not failed:
        _type, record, rule, *_ = first.key
        trial = _better(trial, still, "rules", [r for r in trial.rules if rule == f"{trial.act['id']}/{r['id']}"])
        trial = _better(trial, still, "records", [r for r in trial.records if r["record"] == record])
    trial = _halved(trial, still, "records", end)
    trial = _halved(trial, still, "rules", end)
    before = None
    while before != trial and time.monotonic() < end:
        before = trial
        for name in ("records", "rules"):
            trial = _pruned(trial, still, name, end)
    return _better(trial, still, "vocabulary", _used(trial))


def _better(trial: Trial, still: Callable[[Trial], bool], name: str, value: Any) -> Trial:
    smaller = trial.with_part(name, value)
    return smaller if value and still(smaller) else trial


def _halved(trial: Trial, still: Callable[[Trial], bool], name: str, end: float) -> Trial:
    """Leave out runs of a list, long ones first."""
    size = len(getattr(trial, name)) // 2
    while size and time.monotonic() < end:
        start = 0
        while start < len(values := getattr(trial, name)) and time.monotonic() < end:
            smaller = _better(trial, still, name, values[:start] + values[start + size :])
            start += size if smaller is trial else 0
            trial = smaller
        size //= 2
    return trial


def _pruned(trial: Trial, still: Callable[[Trial], bool], name: str, end: float) -> Trial:
    """Leave out every key and item that is not needed, the outer ones first."""
    tried: set[str] = set()
    while time.monotonic() < end:
        value = getattr(trial, name)
        path = next((p for p in _paths(value) if f"{p}{_at(value, p)}" not in tried), None)
        if path is None:
            break
        tried.add(f"{path}{_at(value, path)}")
        trial = _better(trial, still, name, _without(value, path))
    return trial


def _paths(value: Any) -> Iterator[Path_]:
    """The paths of all parts, breadth first."""
    queue: list[tuple[Path_, Any]] = [((), value)]
    for path, part in queue:
        if path:
            yield path
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        queue += [((*path, key), inner) for key, inner in items]


def _at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def _without(value: Any, path: Path_) -> Any:
    copy = json.loads(json.dumps(value))
    del _at(copy, path[:-1])[path[-1]]
    return copy


def _used(trial: Trial) -> Plain:
    """The vocabulary without the words that neither rules nor records name."""
    named = set(_words([trial.rules, trial.records]))

    def keep(value: Any, depth: int) -> Any:
        """Sections are kept, their entries if they are named; of lists of words those that are."""
        if isinstance(value, list):
            return [word for word in value if word in named]
        if isinstance(value, dict) and depth < 3:
            return {k: keep(v, depth + 1) for k, v in value.items() if depth != 1 or k in named}
        return value

    return {section: keep(entries, 1) for section, entries in trial.vocabulary.items()}


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from _words(part)
    if isinstance(value, str):
        yield from (value, value.removeprefix("-"))


def store(trial: Trial, found: Disagreement, folder: Path = FOUND) -> Path:
    """Keep a trial under a name that its content alone decides."""
    content = {key: value for key, value in trial.plain().items() if key != "about"}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:10]
    kinds = "-".join(sorted({rule["constraint"]["kind"] for rule in trial.rules}))
    path = folder / f"{kinds}-{digest}.yaml"
    folder.mkdir(exist_ok=True)
    path.write_text(trial.with_part("about", f"{found}").dump(), "utf-8")
    return path

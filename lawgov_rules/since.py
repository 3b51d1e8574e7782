"""A check that goes on from an earlier one: only records that changed, or whose verdict time can have changed, are
judged anew; what was said of the others is taken over.

What makes a verdict another is known to the kinds (`Constraint.wakes`, `looks_at`) and to `waking`, as the monitor
uses them: the record itself, a day that comes, or another record that a rule looks at. Where rules, words, places,
calendar or this product are others than they were, or the day is an earlier one, everything is judged anew.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from lawgov_rules import databases, links, state_file
from lawgov_rules.days import to_date
from lawgov_rules.errors import InputError, Place, Problem
from lawgov_rules.importers import documents
from lawgov_rules.importers._reading import Item, Limits, Progress, Reading
from lawgov_rules.input import Input, gathered, given_records, item_of, reading_of
from lawgov_rules.kept_records import Files, Kept
from lawgov_rules.kinds._contract import Link
from lawgov_rules.links import Index, Key
from lawgov_rules.mapping import Mapping as LogMapping
from lawgov_rules.records import RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.said import SAID, Said, Told
from lawgov_rules.view import Population
from lawgov_rules.waking import Judge

TOLD_EVERY = 500  # records judged


class Former(NamedTuple):
    """What the run before left. ``why``: what a user should know if it cannot be used."""

    files: Files
    as_of: int | None = None
    said: Mapping[Key, Said] = {}
    why: str = ""


def judge_since(
    source: Any,
    rules: Rulesets,
    as_of: int,
    state: Path,
    mapping: LogMapping | str | Path | None,
    progress: Progress,
    limits: Limits | None,
) -> tuple[Input, Told]:
    """Read the source, judge what must be judged, and bring the state up to date.

    A state that cannot be written is a problem among the others: what is told is right all the same.

    Raises:
        InputError: ``state`` is another file, or the source a database. MappingError.
    """
    if mapping is None and databases.is_database(source):
        place = Place(databases.shown_name(databases.alone(source)))
        reason = "a check with `--since` reads files and tables, or a table of a database through a mapping"
        raise InputError(Problem(place, reason, help="check the database without it"))
    if not state.resolve().parent.is_dir():
        raise state_file.refused(state, "there is no such folder", "make it first")
    data = Input()
    reading = reading_of(data, rules, mapping, progress, limits)
    # what the same bytes of a file are read as
    way = _sum([sorted(data.hashes.items()), repr(reading.limits)])
    former = _former(state, basis(rules), way, as_of)
    if former.why:
        data.advice.append(Problem(Place(str(state)), former.why))
    records = _read(source, rules, data, reading, former.files)
    records.sort(key=lambda one: one.key)
    told, lines = _judged(rules, records, former, as_of, progress)
    head = {"basis": basis(rules), "way": way, "as_of": to_date(as_of).isoformat()}
    try:
        state_file.write(state, {**head, "day": as_of}, itertools.chain(former.files.lines(), lines))
    except OSError as error:
        data.problems.append(Problem(Place(str(state)), f"cannot be written: {error.strerror}", help="write elsewhere"))
    return data, told


def basis(rules: Rulesets) -> str:
    """A sum of all that decides beside the records and the day."""
    known: str | None = rules.kept.get("basis")
    if known is None:
        known = rules.kept["basis"] = _sum(
            [
                metadata.version("lawgov-rules"),
                _code(),
                [ruleset.document.model_dump_json() for ruleset in rules.rulesets],
                [(rule.key, rule.source.value, list(rule.constraints)) for rule in rules],
                [rules.vocabulary.model_dump_json(), rules.jurisdictions.sha256, rules.calendar.sha256],
            ]
        )
    return known


@functools.cache
def _code() -> str:
    """A sum of this product's own code: a version may be worked on."""
    digest, folder = hashlib.sha256(), Path(__file__).parent
    for file in sorted(folder.rglob("*.py")):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _sum(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def _former(path: Path, basis: str, way: str, as_of: int) -> Former:
    """What the state says, as far as it can be used."""
    try:
        found = state_file.read(path)
    except state_file.Damaged as error:
        return Former(Files(), why=f"{error}; everything was judged anew")
    if found is None:
        return Former(Files())
    head, lines = found
    own: list[bytes] = []
    said: dict[Key, Said] = {}
    same = head["basis"] == basis
    for line in lines:
        if not same:
            continue
        if line.startswith(SAID):
            key, one = Said.read(line)
            said[key] = one
        else:
            own.append(line)
    if not same:
        why = "rules, words, places, calendar or version are others than before; everything was judged anew"
        return Former(Files(), why=why)
    files = Files(own if head["way"] == way else ())
    if head["day"] > as_of:
        why = f"its day is {head['as_of']}, after the as-of day; everything was judged anew"
        return Former(files, why=why)
    return Former(files, head["day"], said)


def _read(source: Any, rules: Rulesets, data: Input, reading: Reading, files: Files) -> list[Kept]:
    if (given := given_records(source)) is not None:
        data.read = len(given)
        data.places = {(record.type, record.id): record.source for record in given}
        return list(map(Kept.of, given))
    reader = RecordReader(rules.vocabulary, rules.jurisdictions)

    def found() -> Iterator[Item[Kept]]:
        for paths, stream in documents.parts(source, reading):
            yield from files.items(paths, stream, lambda document: item_of(document, reader), reading)

    return gathered(found(), data, reading)


def _judged(
    rules: Rulesets, records: list[Kept], former: Former, as_of: int, progress: Progress
) -> tuple[Told, Iterator[bytes]]:
    """What is said of every record, and the lines that keep it."""
    judge, said = Judge(rules), dict[Key, Said]()
    told = Told(tuple(rules), records, said)
    numbers = {rule.key: number for number, rule in enumerate(rules)}
    again = _again(judge, records, former, as_of)
    others = _population(judge, records, again)
    progress("verdicts", 0, len(again))
    for one in records:
        if one.key not in again:
            said[one.key] = former.said[one.key]
            continue
        told.judged += 1
        if told.judged % TOLD_EVERY == 0:
            progress("verdicts", told.judged, len(again))
        said[one.key] = _said(one, judge, numbers, as_of, others)
    return told, (one.line(key) for key, one in said.items())


def _again(judge: Judge, records: list[Kept], former: Former, as_of: int) -> set[Key]:
    """The records to judge: those that are new or changed, those that wake, and those that depend on one of these."""
    was = former.said
    changed = {one.key for one in records if one.key not in was or was[one.key].sum != one.sum}
    woken = [one for one in records if one.key not in changed and _is_woken(was[one.key], as_of)]
    found = changed | {one.key for one in woken}
    if not judge.looked_at or former.as_of is None:
        return found
    index: Index = {}
    for one in records:
        own = judge.links(one.record()) if one.key in changed else [Link(*link) for link in was[one.key].links]  # type: ignore[arg-type]
        links.put(index, own, one.key)
    here = {one.key: (one.organ, one.jurisdiction) for one in records}
    gone = {key: said for key, said in was.items() if key in changed or key not in here}
    told = [(*key, said.organ, said.jurisdiction) for key, said in gone.items()]
    told += [(*key, *here[key]) for key in changed]
    for one in woken:
        fact = judge.next_fact(one.record(), former.as_of)
        if fact is not None and fact <= as_of:
            told.append((*one.key, one.organ, one.jurisdiction))
    for type_, *rest in told:
        if type_ in judge.looked_at:
            found |= links.watchers(index, judge.rules.jurisdictions.contains, type_, *rest)  # type: ignore[arg-type]
    return found


def _is_woken(said: Said, as_of: int) -> bool:
    return said.wake is not None and said.wake <= as_of


def _population(judge: Judge, records: Iterable[Kept], again: set[Key]) -> Population:
    """The records that rules look at, if a rule that does is to judge one."""
    needed = judge.looked_at if any(type_ in judge.lookers for type_, _ in again) else frozenset()
    return Population((one.record() for one in records if one.type in needed), judge.rules.jurisdictions.contains)


def _said(one: Kept, judge: Judge, numbers: Mapping[str, int], as_of: int, others: Population) -> Said:
    """A record judged."""
    assessments, wake = judge(one.record(), as_of, others)
    told, tally = [], Counter[tuple[int, int]]()
    for a in assessments:
        number, verdict = numbers[a.rule], int(a.verdict)
        tally[number, verdict] += 1
        told.append((number, a.instance, verdict, a.detail, a.missing, dict(a.readings), dict(a.measures)))
        daily = next(iter(judge.by_key[a.rule].constraints.values())).DAILY
        # a figure that is the day itself is another tomorrow
        if any(a.measures.get(name) == as_of for name in daily):
            wake = as_of + 1
    often = [(*pair, number) for pair, number in tally.items()]
    own = judge.links(one.record())
    parts = (json.dumps(each, separators=(",", ":")).encode() for each in (sorted(often), told))
    return Said(one.sum, one.organ, one.jurisdiction, wake, own, *parts)

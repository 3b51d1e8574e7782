"""The executor on durable-rules: records are measured in Python, here; their worlds are judged in the cage.

Forward chaining runs in Python, since the library's own is outside the dialect. What follows the judgement (worlds,
readings, an applicability in doubt) is `conclude`, as for every executor: it takes any number of worlds and readings,
which a fact of a fixed number of properties cannot hold. A chain of duties (problem found, rectified, reported) needs
no derived facts: each is a rule of its own, whose trigger is measured from the record.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

from lawgov_rules.assessing import assessment
from lawgov_rules.durable.cage import Cage, Fact
from lawgov_rules.durable.table import Table, table_of
from lawgov_rules.judgement import UNFORESEEN, code
from lawgov_rules.kinds import discover
from lawgov_rules.measuring import Measurement, measure, views
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict

ENGINE_FAILED = code(Verdict.undetermined, "engine_failed")
# a batch ends with whichever comes first; a record is never divided
RECORDS, FACTS = 50, 2_000

Failed = Callable[[Record, str], None]
_Waiting = tuple[Record, list[Measurement | Assessment], list[Fact]]


@functools.cache
def tables() -> dict[str, tuple[int, Table]]:
    """The decision table of every kind, with its number in the cage."""
    return {name: (n, table_of(kind.JUDGEMENT, UNFORESEEN)) for n, (name, kind) in enumerate(discover().items())}


def open_cage() -> Cage:
    """A cage with the tables of every kind, for several calls of `assess`."""
    return Cage([table for _, table in tables().values()])


def require() -> None:
    """`ExecutorError`, saying what to do, where durable-rules cannot be used."""
    with open_cage() as cage:
        cage.start()


def assess(
    records: Iterable[Record],
    rules: Rulesets,
    as_of: int,
    cage: Cage | None = None,
    failed: Failed | None = None,
) -> Iterator[Assessment]:
    """Every assessment of every record by every rule of its type; the same as `live.assess`, in the same order.

    Where the engine fails on a record, all that it was asked of that record is ``undetermined``, ``engine_failed``, and
    ``failed`` is told why. `ExecutorError` where durable-rules cannot be used.
    """
    mine = cage or open_cage()
    try:
        mine.start()
        for batch in _batches(records, rules, as_of):
            answers = iter(mine.judge([facts for *_, facts in batch if facts]))
            for record, found, facts in batch:
                codes = next(answers) if facts else []
                if isinstance(codes, str) and failed:
                    failed(record, codes)
                yield from _answered(found, codes, rules)
    finally:
        if cage is None:
            mine.close()


def _batches(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[list[_Waiting]]:
    """Records with their facts, as many as go to the worker at once."""
    batch: list[_Waiting] = []
    number = 0
    for view, mine in views(records, rules, as_of):
        found = [measure(rule, view, rules) for rule in mine]
        facts = [fact for item in found if isinstance(item, Measurement) for fact in _facts(item)]
        batch.append((view.record, found, facts))
        number += len(facts)
        if len(batch) >= RECORDS or number >= FACTS:
            yield batch
            batch, number = [], 0
    if batch:
        yield batch


def _facts(of: Measurement) -> Iterator[Fact]:
    """A fact for each world of each reading of each instance."""
    for instance in of.instances:
        for kind, reading in zip(of.kinds, instance, strict=True):
            number, table = tables()[kind.kind]
            for world in reading.worlds:
                yield [number, *table.values(world)]


def _answered(
    found: Iterable[Measurement | Assessment], codes: list[int] | str, rules: Rulesets
) -> Iterator[Assessment]:
    """The assessments of a record, from the codes of its facts in the order of `_facts`; or all failed."""
    rest = iter(() if isinstance(codes, str) else codes)
    for item in found:
        if isinstance(item, Assessment):
            yield item
            continue
        for n, instance in enumerate(item.instances):
            if isinstance(codes, str):
                key, record = instance[0].key, item.view.record.id
                yield assessment(item.rule, record, key, ENGINE_FAILED, vocabulary=rules.vocabulary)
            else:
                judged = [[next(rest) for _ in reading.worlds] for reading in instance]
                yield item.answer(n, judged, rules)

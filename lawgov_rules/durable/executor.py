"""The executor on durable-rules: records are measured in Python, here, and judged in the cage, by forward chaining.

Every world of a record is a fact for the table of its kind; what these say is posted on until there is an answer for
each instance (`chain`). A chain of duties (problem found, rectified, reported) needs no more than that: each is a rule
of its own, whose trigger is measured from the record.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence

from lawgov_rules.durable import chain
from lawgov_rules.durable.cage import Cage, Fact
from lawgov_rules.durable.table import Table, table_of
from lawgov_rules.judgement import UNFORESEEN, Answer, code
from lawgov_rules.kinds import discover
from lawgov_rules.kinds._contract import Measured
from lawgov_rules.measuring import Judged, Measurement, Prepared
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict

ENGINE_FAILED = code(Verdict.undetermined, "engine_failed")
FAILED = Answer(ENGINE_FAILED, 0, (), in_worlds=False, in_condition=False)
# a batch ends with whichever comes first; a record is never divided
RECORDS, FACTS = 50, 2_000

Failed = Callable[[Record, str], None]
_Measured = list[Measurement | Judged]
"""Every rule of a record, measured; or judged already, where nothing is to be measured."""


@functools.cache
def tables() -> dict[str, tuple[int, Table]]:
    """The decision table of every kind, with its number in the cage."""
    kinds = enumerate(discover().items(), len(chain.UNITS))
    return {name: (n, table_of(kind.JUDGEMENT, UNFORESEEN)) for n, (name, kind) in kinds}


def all_tables() -> list[Table]:
    """What a cage is made of: the units that conclude, and the table of every kind."""
    return [*chain.UNITS, *(table for _, table in tables().values())]


def open_cage() -> Cage:
    """A cage with all tables, for several calls of `assess`."""
    return Cage(all_tables())


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
            first = chain.post([found for _, found in batch], _facts, _instances, mine.judge)
            answers = chain.conclude(first, mine.judge)
            for (record, found), answer in zip(batch, answers, strict=True):
                if isinstance(answer, str) and failed:
                    failed(record, answer)
                for judged in _judged(found, answer):
                    yield judged.assessment(record, rules)
    finally:
        if cage is None:
            mine.close()


def _batches(records: Iterable[Record], rules: Rulesets, as_of: int) -> Iterator[list[tuple[Record, _Measured]]]:
    """Records that were measured, as many as go to the worker at once."""
    batch: list[tuple[Record, _Measured]] = []
    number = 0
    for record, measured in Prepared.of(rules).measure_all(records, as_of):
        found = list(measured)
        batch.append((record, found))
        number += sum(len(reading.worlds) for _, instance in _asked(found) for reading in instance)
        if len(batch) >= RECORDS or number >= FACTS:
            yield batch
            batch, number = [], 0
    if batch:
        yield batch


def _asked(found: _Measured) -> Iterator[tuple[Measurement, Sequence[Measured]]]:
    """Every instance that is to be judged: what each of its readings measured."""
    return ((item, instance) for item in found if isinstance(item, Measurement) for instance in item.instances)


def _facts(found: _Measured) -> Iterator[Fact]:
    """A fact for each world of each reading of each instance."""
    for item, instance in _asked(found):
        for kind, known, reading in zip(item.of.kinds, item.of.constants, instance, strict=True):
            number, table = tables()[kind.kind]
            for world in reading.worlds:
                yield (number, *table.values({**world, **known}))


def _instances(found: _Measured, codes: Iterable[int]) -> list[chain.Instance]:
    """What is concluded from, by the codes of the facts in the order of `_facts`."""
    rest = iter(codes)
    asked = []
    for item, instance in _asked(found):
        readings = item.excused([[next(rest) for _ in reading.worlds] for reading in instance])
        asked.append(chain.Instance(readings, instance[0].certain, item.applies, item.if_not))
    return asked


def _judged(found: _Measured, answers: list[Answer] | str) -> Iterator[Judged]:
    """The verdicts on a record, by the answers to its instances; or all failed."""
    rest = iter(() if isinstance(answers, str) else answers)
    for item in found:
        if isinstance(item, Judged):
            yield item
            continue
        for instance in item.instances:
            if isinstance(answers, str):
                yield Judged(item.of.rule, instance[0].key, FAILED)
            else:
                yield item.judged(instance, next(rest))

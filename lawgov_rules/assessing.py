"""From an executor's integers to an assessment: the same for every executor, so that only integers can disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lawgov_rules.judgement import DOUBT, SHIFT, code, decode
from lawgov_rules.rule import Rule
from lawgov_rules.verdict import Assessment, Verdict
from lawgov_rules.vocabulary import Vocabulary

OUTSIDE = code(Verdict.not_applicable, "outside_jurisdiction")
CONDITION_FALSE = code(Verdict.not_applicable, "condition_false")


def excused(number: int) -> int:
    """A violated code as excused, with the same detail; any other code as it is."""
    violated = number // SHIFT == Verdict.violated
    return number + (Verdict.excused - Verdict.violated) * SHIFT if violated else number


def assessment(
    rule: Rule,
    record: str,
    key: int | None,
    number: int,
    *,
    reading: int = 0,
    verdicts: Sequence[int] = (),
    missing: frozenset[str] = frozenset(),
    in_doubt: bool = False,
    measures: Mapping[str, int | None] | None = None,
    vocabulary: Vocabulary,
) -> Assessment:
    """The assessment of one instance.

    Args:
        key: the instance's key, None where there is nothing to tell apart. number: the verdict and detail as a code.
        reading: the number of the reading whose ``measures`` these are. verdicts: by reading.
        missing: the facts in doubt of the condition and of the events. in_doubt: whether those are why the code is
            undetermined; else the kind names the fact that its measures lack.
    """
    verdict, detail = decode(number)
    kinds = list(rule.constraints.values())
    kind = kinds[reading]
    kept = {name: measures.get(name) for name in kind.MEASURES} if measures is not None else {}
    if verdict != Verdict.undetermined:
        missing = frozenset()
    elif measures is not None and not (in_doubt and number == DOUBT):
        missing |= frozenset(kind.facts(detail, measures, vocabulary))
    differ = len(set(verdicts)) > 1
    return Assessment(
        rule=rule.key,
        type=rule.record,
        record=record,
        instance="" if key is None else kind.label(key),
        verdict=verdict,
        detail=detail,
        missing=tuple(sorted(missing)),
        readings={n: Verdict(v).name for n, v in zip(rule.constraints, verdicts, strict=True)} if differ else {},
        measures=kept,
    )

"""From measures to a verdict: a decision table that reads like the documentation, and how several answers become one.

A kind of constraint measures integers (days since 1970-01-01, counts, sums; None: there is none) and judges them by a
table. Each row is a verdict, a detail, and comparisons that must all hold; the first row that holds decides. A
comparison with an absent measure does not hold. Behind the last row stands ``undetermined``, never ``compliant``.

The same table is run as Python for one record and as a column expression for many. So is what follows it: worlds (an
event in doubt counted and not counted), readings of the text, and an applicability that is itself unknown.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lawgov_rules.condition import COMPARISONS
from lawgov_rules.verdict import DETAIL_NUMBER, DETAIL_WORD, Verdict

if TYPE_CHECKING:
    from ibis.common.deferred import Deferred

Measures = Mapping[str, int | None]
Decide = Callable[[Measures], int]
Comparison = tuple[str, str, "str | int"]
# verdict and detail in one integer, so that a column can carry both
BITS = 6
SHIFT = 1 << BITS


def code(verdict: Verdict, detail: str) -> int:
    """A verdict and its detail as one integer."""
    return verdict * SHIFT + DETAIL_NUMBER[detail]


def decode(number: int) -> tuple[Verdict, str]:
    """The verdict and detail of a code."""
    return Verdict(number // SHIFT), DETAIL_WORD[number % SHIFT]


UNFORESEEN = code(Verdict.undetermined, "unforeseen")
DOUBT = code(Verdict.undetermined, "fact_missing")
DISAGREE = code(Verdict.arguable, "readings_differ")
# a reason on record settles readings of which none but the excused one would have been a breach
SETTLED = frozenset({Verdict.excused, Verdict.compliant, Verdict.not_applicable})
# nothing to argue about yet: done under one reading, still to be done under another, and in time
WAITING = frozenset({Verdict.pending, Verdict.compliant, Verdict.not_applicable})
# of readings that do not disagree, the one that is told
DECISIVE = (Verdict.undetermined, Verdict.excused, Verdict.pending)
NOT_APPLICABLE = int(Verdict.not_applicable)


def present(measure: str) -> Comparison:
    return (measure, "present", 0)


def absent(measure: str) -> Comparison:
    return (measure, "absent", 0)


def compare(text: str) -> Comparison:
    """``compare("response <= due_lo")``; the right side is a measure or a whole number."""
    left, sign, right = text.split()
    op = {"<=": "lte", "<": "lt", ">": "gt", ">=": "gte"}[sign]
    return (left, op, int(right) if right.lstrip("-").isdigit() else right)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a decision table."""

    verdict: Verdict
    detail: str
    when: tuple[Comparison, ...]

    @property
    def code(self) -> int:
        return code(self.verdict, self.detail)


def row(verdict: str, detail: str, *when: str | Comparison) -> Row:
    """A line of a decision table; a comparison may be written as text, see `compare`."""
    return Row(Verdict[verdict], detail, tuple(compare(c) if isinstance(c, str) else c for c in when))


# The law in force on the governing date decides first, whatever the kind.
FORCE = (
    row("not_applicable", "out_of_force", "governs_to < force_from"),
    row("not_applicable", "out_of_force", "governs_from > force_to"),
)


class Judgement:
    """A decision table with its two interpreters."""

    def __init__(self, *rows: Row) -> None:
        self.rows = FORCE + rows

    def possible(self, constants: Measures, counts: Collection[str] = (), there: Collection[str] = ()) -> list[Row]:
        """The rows that can decide, given the measures that are the same for every record (None: never there).

        ``counts`` are measures that are never negative where they are asked for; those ``there`` are never absent.
        """
        found: list[Row] = []
        before: list[set[Comparison]] = []
        for line in self.rows:
            truths = {comparison: _constant(comparison, constants, counts, there) for comparison in line.when}
            open_ = {comparison for comparison, truth in truths.items() if truth is None}
            # where this row holds, an earlier one that asks less has decided
            if False in truths.values() or any(earlier <= open_ for earlier in before):
                continue
            found.append(line)
            before.append(open_)
        return found

    @functools.cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures that its rows compare."""
        every = [name for line in self.rows for left, _op, right in line.when for name in (left, right)]
        return tuple(dict.fromkeys(name for name in every if isinstance(name, str)))

    def given(self, constants: Measures) -> Decide:
        """Its Python form: the code of the first row that holds, by the measures of one record.

        What the ``constants`` decide is decided here, once; `decide` need not look at it again.
        """
        rows = []
        for line in self.possible(constants):
            open_ = (c for c in line.when if _constant(c, constants, (), ()) is None)
            rows.append((line.code, tuple(_check(comparison, constants) for comparison in open_)))

        def decide(measures: Measures) -> int:
            for number, checks in rows:
                for check in checks:
                    if not check(measures):
                        break
                else:
                    return number
            return UNFORESEEN

        return decide

    def column(self, measures: Mapping[str, Any]) -> Deferred | int:
        """The same as a column expression. ``measures`` holds columns, integers and None."""
        import ibis

        branches: list[tuple[Any, int]] = []
        for line in self.rows:
            truth = _all(line.when, measures)
            if truth is True:
                if not branches:
                    return line.code
                return ibis.cases(*branches, else_=line.code)  # type: ignore[no-any-return]
            if truth is not False:
                branches.append((truth, line.code))
        if not branches:
            return UNFORESEEN
        return ibis.cases(*branches, else_=UNFORESEEN)  # type: ignore[no-any-return]


def _check(comparison: Comparison, constants: Measures) -> Callable[[Measures], bool]:
    """A comparison as a closure over the measures of one record."""
    left, op, right = comparison
    if op == "present":
        return lambda measures: measures.get(left) is not None
    if op == "absent":
        return lambda measures: measures.get(left) is None
    compare, fixed = COMPARISONS[op], constants.get(left)
    bound = right if isinstance(right, int) else constants.get(right)

    def check(measures: Measures) -> bool:
        value = measures.get(left) if fixed is None else fixed
        other = measures.get(right) if bound is None else bound  # type: ignore[arg-type]
        return value is not None and other is not None and compare(value, other)

    return check


def _constant(
    comparison: Comparison, constants: Measures, counts: Collection[str], there: Collection[str]
) -> bool | None:
    """Whether a comparison always or never holds; None where that depends on the record."""
    left, op, right = comparison
    if left in there and left not in constants and op in ("absent", "present"):
        return op == "present"
    value, known = constants.get(left), left in constants
    if known and (value is None or op in ("absent", "present")):
        return (value is None) == (op == "absent")
    other = right if isinstance(right, int) else constants.get(right)
    if other is None and right in constants:
        return False
    if left in counts and other is not None and other <= (0 if op in ("gte", "lt") else -1):
        return op in ("gte", "gt")
    return COMPARISONS[op](value, other) if known and other is not None else None


def _all(when: tuple[Comparison, ...], measures: Mapping[str, Any]) -> Any:
    """The conjunction as a column, or True or False where constants decide it."""
    truth: Any = True
    for left, op, right in when:
        value = measures.get(left)
        other = measures.get(right) if isinstance(right, str) else right
        part: Any
        if value is None:
            part = op == "absent"
        elif isinstance(value, int) and op in ("absent", "present"):
            part = op == "present"
        elif op in ("absent", "present"):
            part = value.isnull() if op == "absent" else value.notnull()
        elif other is None:
            part = False
        else:
            part = COMPARISONS[op](value, other)
        if part is False:
            return False
        if part is not True:
            truth = part if truth is True else truth & part
    return truth


class Answer(NamedTuple):
    """One instance judged: the code, which reading's measures explain it, the readings' verdicts, and why in doubt."""

    code: int
    reading: int
    verdicts: tuple[int, ...]
    in_worlds: bool
    in_condition: bool


def conclude(
    readings: Sequence[Sequence[int]], certain: bool, applies: bool | None, if_not: int = NOT_APPLICABLE
) -> Answer:
    """One answer of the codes by reading and world, an instance in doubt, and an applicability that may be unknown.

    An instance that may not exist has, in one more world, the verdict ``if_not``; a record to which the rule may not
    apply is, in one more, not applicable. If the verdict is the same either way, that is the verdict.
    """
    first = readings[0][0]
    if applies and certain:
        for worlds in readings:
            if worlds.count(first) != len(worlds):
                break
        else:
            return _agreed(first, len(readings))
    answers: list[int] = []
    doubts = False
    for worlds in readings:
        possible = {w // SHIFT for w in worlds} | (set() if certain else {if_not})
        answers.append(worlds[0] if len(possible) == 1 else DOUBT)
        doubts = doubts or len(possible) > 1
    verdicts = tuple(a // SHIFT for a in answers)
    known = {v for v in verdicts if v != Verdict.undetermined}
    settled = (Verdict.excused in known and known <= SETTLED) or (Verdict.pending in known and known <= WAITING)
    reading = next((verdicts.index(v) for v in DECISIVE if v in verdicts), 0)
    found = answers[reading]
    if len(known) > 1 and not settled:
        found, reading = DISAGREE, 0
    if applies is None and found // SHIFT != NOT_APPLICABLE:
        found = DOUBT
    return Answer(found, reading, verdicts, doubts, applies is None)


@functools.lru_cache(maxsize=1024)
def _agreed(code: int, readings: int) -> Answer:
    """The answer where every reading and every world says the same."""
    return Answer(code, 0, (code // SHIFT,) * readings, False, False)


def conclude_steps(
    readings: Sequence[Sequence[Any]], certain: Any, applies: Any, if_not: int = NOT_APPLICABLE
) -> list[dict[str, Any]]:
    """`conclude` as columns, step by step, each of which reads those before by name: ``code``, ``reading``,
    ``verdict_<n>``, ``in_worlds``, ``in_condition``.

    Args:
        readings: the codes of each reading's worlds as columns, worlds of the same code once. certain, applies:
            boolean columns or constants; a NULL in ``applies`` is unknown.
    """
    import ibis
    from ibis import _

    answers: dict[str, Any] = {}
    doubts: list[Any] = []
    for n, worlds in enumerate(readings):
        verdicts = [c >> BITS for c in worlds]
        # one flat comparison: a chain of them would nest as deep as there are worlds; not every database takes the
        # greatest of one
        agree: Any = ibis.greatest(*verdicts) == ibis.least(*verdicts) if len(worlds) > 1 else True
        if certain is not True:
            agree = (certain | (verdicts[0] == int(if_not))) & agree
        answers[f"answer_{n}"] = worlds[0] if agree is True else ibis.ifelse(agree, worlds[0], DOUBT)
        doubts += [] if agree is True else [~agree]
    in_worlds = functools.reduce(operator.or_, doubts) if doubts else ibis.literal(False)
    open_ = ibis.literal(False) if applies is True else applies.isnull()
    steps = [{**answers, "in_worlds": in_worlds, "in_condition": open_}]
    steps.append({f"verdict_{n}": _[name] >> BITS for n, name in enumerate(answers)})
    verdicts = [_[name] for name in steps[-1]]
    found, reading = _["answer_0"], ibis.literal(0)
    if len(answers) > 1:
        steps.append({"disagree": _disagree(verdicts)})
        decisive = [(v == int(w), n) for w in DECISIVE for n, v in enumerate(verdicts)]
        reading = ibis.cases((_.disagree, 0), *decisive, else_=0)
        told = ((c, _[f"answer_{n}"]) for c, n in decisive)
        steps.append({"reading": reading, "found": ibis.cases((_.disagree, DISAGREE), *told, else_=found)})
        found, reading = _.found, _.reading
    unknown = _.in_condition & (found >> BITS != NOT_APPLICABLE)
    steps.append({"code": ibis.ifelse(unknown, DOUBT, found), "reading": reading})
    return steps


def _disagree(verdicts: Sequence[Any]) -> Any:
    """Two readings that are known differ, and neither a reason on record nor the time that is left settles it."""
    known = [v != int(Verdict.undetermined) for v in verdicts]
    pairs = [known[n] & known[m] & (verdicts[n] != verdicts[m]) for n in range(len(verdicts)) for m in range(n)]
    settled = []
    for word, harmless in ((Verdict.excused, SETTLED), (Verdict.pending, WAITING)):
        there = functools.reduce(operator.or_, [v == int(word) for v in verdicts])
        only = [v.isin([*map(int, harmless), int(Verdict.undetermined)]) for v in verdicts]
        settled.append(there & functools.reduce(operator.and_, only))
    return functools.reduce(operator.or_, pairs) & ~functools.reduce(operator.or_, settled)

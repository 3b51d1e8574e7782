"""Who decides the cases of `decisions`: bare Python, zen-engine, CLIPS. None of them measures; see `by_hand`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.benchmarks.decisions import VERDICTS, Case, rows

Decide = Callable[[type[Case], Sequence[Case]], list[str]]
# facts that CLIPS is given at a time: each is matched with every row of its table
TOGETHER = 1_000


def closures() -> Decide:
    """Bare Python."""
    return lambda _kind, cases: [case.verdict() for case in cases]


def zen() -> Decide:
    """zen-engine: a table is one compiled expression. ImportError where it is not installed."""
    from zen import compile_expression

    compiled: dict[type[Case], Any] = {}

    def expression(kind: type[Case]) -> str:
        text = ""
        for comparisons, verdict in rows(kind):
            code = str(VERDICTS.index(verdict))
            signs = [f"{c.fact} {'==' if c.sign == '=' else c.sign} {c.other}" for c in comparisons]
            text += f"{' and '.join(signs)} ? {code} : " if signs else code
        return text

    def decide(kind: type[Case], cases: Sequence[Case]) -> list[str]:
        if kind not in compiled:
            compiled[kind] = compile_expression(expression(kind))
        evaluate = compiled[kind].evaluate
        return [VERDICTS[int(evaluate(case._asdict()))] for case in cases]

    return decide


def clips() -> Decide:
    """CLIPS: a case is a fact, a row a rule; the first row takes the fact away. ImportError where not installed."""
    from clips import Environment

    made: dict[type[Case], Any] = {}
    answers: dict[int, str] = {}

    def build(kind: type[Case]) -> Any:
        found = Environment()
        found.define_function(lambda number, verdict: answers.__setitem__(int(number), str(verdict)), "answer")
        found.build(f"(deftemplate case (slot number) {' '.join(f'(slot {name})' for name in kind._fields)})")
        slots = " ".join(f"({name} ?{name})" for name in kind._fields)
        table = rows(kind)
        for n, (comparisons, verdict) in enumerate(table):
            test = f"(test (and TRUE {' '.join(map(_prefix, comparisons))}))" if comparisons else ""
            found.build(
                f"(defrule row-{n} (declare (salience {len(table) - n})) ?case <- (case (number ?number) {slots})"
                f' {test} => (retract ?case) (answer ?number "{verdict}"))'
            )
        return found

    def decide(kind: type[Case], cases: Sequence[Case]) -> list[str]:
        environment = made.setdefault(kind, None) or build(kind)
        made[kind] = environment
        template = environment.find_template("case")
        answers.clear()
        for first in range(0, len(cases), TOGETHER):
            for number, case in enumerate(cases[first : first + TOGETHER], first):
                template.assert_fact(number=number, **case._asdict())
            environment.run()
        return [answers[number] for number in range(len(cases))]

    return decide


def _prefix(comparison: Any) -> str:
    other = comparison.other if comparison.other.lstrip("-").isdigit() else f"?{comparison.other}"
    return f"({comparison.sign} ?{comparison.fact} {other})"


ENGINES: dict[str, Callable[[], Decide]] = {"closures": closures, "zen-engine": zen, "CLIPS": clips}

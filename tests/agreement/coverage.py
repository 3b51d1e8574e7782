"""What has been compared: assessments by kind, verdict and executor, which of them can be reached, and what is rare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from lawgov_rules import reach
from lawgov_rules.kinds import discover
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict

WANTED = 10_000  # of each reachable verdict of each kind, by each executor
Cell = tuple[str, Verdict]


@dataclass
class Coverage:
    """Counts of compared assessments. ``reachable``: the verdicts that a drawn rule of the kind could have given."""

    counts: Counter[tuple[str, str, Verdict, str]] = field(default_factory=Counter)
    reachable: set[Cell] = field(default_factory=set)
    cases: int = 0
    rules: int = 0

    def promise(self, rules: Rulesets) -> None:
        """What a ruleset could say, by the rows of its judgements that its parameters leave possible."""
        self.reachable |= {(rule.constraint.kind, verdict) for rule in rules for verdict in reach.verdicts(rule)}

    def add(self, rules: Rulesets, said: Iterable[Assessment], executors: Iterable[str]) -> None:
        """Assessments on which the executors agree."""
        kinds = {rule.key: rule.constraint.kind for rule in rules}
        found = Counter((kinds[a.rule], a.verdict, a.detail) for a in said)
        for name in executors:
            for (kind, verdict, detail), number in found.items():
                self.counts[name, kind, verdict, detail] += number
        self.cases += sum(found.values())
        self.rules += len(kinds)
        self.promise(rules)

    def merge(self, other: Coverage) -> None:
        self.counts += other.counts
        self.reachable |= other.reachable
        self.cases += other.cases
        self.rules += other.rules

    def count(self, cell: Cell, executor: str = "live") -> int:
        return sum(n for (name, *mine, _), n in self.counts.items() if name == executor and tuple(mine) == cell)

    def rare(self, random: Random) -> Cell | None:
        """One of the reachable cells that want more, the rarer the likelier."""
        of = Counter[Cell]()
        for (name, kind, verdict, _), number in self.counts.items():
            of[kind, verdict] += number * (name == "live")
        lacking = sorted((of[cell], cell) for cell in self.reachable if of[cell] < WANTED)
        if not lacking:
            return None
        return random.choices([cell for _, cell in lacking], [1 / (n + 50) for n, _ in lacking])[0]

    def table(self) -> Iterator[str]:
        """Kind × verdict, a line for each executor; then what lies under `WANTED`, and why."""
        names = dict.fromkeys(name for name, *_ in self.counts)
        yield f"{'kind':12} {'executor':8}" + "".join(f"{v.name:>15}" for v in Verdict)
        for kind in sorted(discover()):
            for name in names:
                cells = [self.count((kind, v), name) for v in Verdict]
                shown = (
                    f"{n:>15,}" if (kind, v) in self.reachable or n else f"{'-':>15}"
                    for n, v in zip(cells, Verdict, strict=True)
                )
                yield f"{kind:12} {name:8}" + "".join(shown)
        for kind in sorted(discover()):
            for verdict in Verdict:
                number = min((self.count((kind, verdict), name) for name in names), default=0)
                if number < WANTED:
                    reason = (
                        "reachable, so more is wanted" if (kind, verdict) in self.reachable else why_not(kind, verdict)
                    )
                    yield f"under {WANTED:,}: {kind} {verdict.name} {number:,} ({reason})"

    def rows(self) -> Iterator[str]:
        """How often each row of each kind's judgement decided; a row that never did is a gap of the generators."""
        for kind, known in sorted(discover().items()):
            lines = dict.fromkeys((line.verdict, line.detail) for line in known.JUDGEMENT.rows)
            shown = (f"{v.name}/{d} {self.counts['live', kind, v, d]:,}" for v, d in lines)
            yield f"{kind}: " + ", ".join(shown)


def why_not(kind: str, verdict: Verdict) -> str:
    """Why no rule of a kind gives a verdict."""
    given = {line.verdict for line in discover()[kind].JUDGEMENT.rows}
    if verdict in given:
        return "no drawn rule leaves the row possible"
    return f"no row of its judgement is {verdict.name}"

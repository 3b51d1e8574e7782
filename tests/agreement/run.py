"""The long run: many records for each few rules, because a query takes a while to compile and records are cheap.

Most rules are drawn for a verdict that is still rare: of several candidates those that give it most often to a few
records, by `live`, are judged by all executors on all records.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random
from typing import Any

from lawgov_rules import live
from lawgov_rules.dates import read_date
from lawgov_rules.errors import RulesetError
from lawgov_rules.measuring import views
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict
from tests.agreement.compare import Disagreement, compared, executors
from tests.agreement.constraints import GENERATORS
from tests.agreement.counterexamples import disagree, shrink, store
from tests.agreement.coverage import Coverage
from tests.agreement.records import read_records
from tests.agreement.rules import read_rules
from tests.agreement.trial import Draw, Trial
from tests.agreement.vocabularies import draw_words

RECORDS, SAMPLE, CANDIDATES, RULES, SETS = 4000, 60, 24, 3, 4
FACTS = (
    50_000  # about so many worlds to judge at a time: an assessment has one for each thing in doubt and each reading
)
NEIGHBOURS = 200  # records, where each looks at all others of its place
PROMISED = 60  # rules of each kind that tell, before the run, which verdicts it can give

Chosen = tuple[list[dict[str, Any]], str]


@dataclass
class Run:
    """One run: what it has covered, and what it found (the file of each counterexample and what was said)."""

    random: Random
    coverage: Coverage = field(default_factory=Coverage)
    found: list[str] = field(default_factory=list)

    def promise(self) -> None:
        """Which verdicts can be reached, by some rules of each kind."""
        for kind in GENERATORS:
            self.coverage.promise(Draw(self.random, draw_words(self.random)).rules(kind, PROMISED))

    def step(self) -> None:
        """One vocabulary with its records, judged by a few sets of rules."""
        draw = Draw(self.random, draw_words(self.random))
        plain = [draw.record(n) for n in range(RECORDS)]
        records = read_records(plain, draw.words.vocabulary)
        for _ in range(SETS):
            try:
                self._judge(draw, plain, records)
            except RulesetError as error:  # what is drawn can be read, or the generator and the reader disagree
                self.found.append(f"nothing: a drawn rule was refused\n{error}")

    def _judge(self, draw: Draw, plain: list[dict[str, Any]], records: list[Record]) -> None:
        cell = self.coverage.rare(self.random) if self.random.random() < 0.8 else None
        act = draw.act(long=cell is not None)
        rules, as_of = self._best(draw, act, records, *cell) if cell else self._any(draw)
        bound, day = read_rules(act, rules, draw.words.vocabulary), read_date(as_of)
        most = self._affordable(bound, records, day)
        said, wrong = compared(records[:most], bound, day)
        if wrong:
            self._keep(Trial(draw.words.raw, act, rules, plain[:most], as_of), wrong[0])
        self.coverage.add(bound, said.values(), executors())

    def _any(self, draw: Draw) -> Chosen:
        """Rules of different kinds, and a day."""
        kinds = self.random.sample(list(GENERATORS), RULES)
        return [draw.rule(kind, n) for n, kind in enumerate(kinds)], draw.day(wide=draw.odds(0.4))

    def _best(self, draw: Draw, act: dict[str, Any], records: list[Record], kind: str, wish: Verdict) -> Chosen:
        """Rules of one kind, and a day on which they give a verdict often, to a few records by `live`."""
        candidates = [draw.rule(kind, n, wish) for n in range(CANDIDATES)]
        bound = read_rules(act, candidates, draw.words.vocabulary)
        tried: list[tuple[int, str, list[str]]] = []
        for as_of in {draw.day(wide=wide): 0 for wide in (False, False, True)}:
            said = live.assess(records[:SAMPLE], bound, read_date(as_of))
            # those that give it at all: one that misses it in a few records may still give it in many
            hits = Counter(a.rule for a in said if a.verdict == wish).most_common(RULES)
            tried.append((sum(n for _, n in hits), as_of, [rule for rule, _ in hits]))
        _, as_of, keys = max(tried)
        return [c for c in candidates if f"{act['id']}/{c['id']}" in keys] or candidates[:1], as_of

    def _affordable(self, rules: Rulesets, records: list[Record], as_of: int) -> int:
        """How many records have about as many worlds as are wanted at a time."""
        found = [
            len(instance.worlds)
            for view, mine in views(records[:SAMPLE], rules, as_of)
            for rule in mine
            for kind in rule.constraints.values()
            for instance in kind.measure(view, rule.force)
        ]
        place = any(getattr(rule.constraint, "same", "") == "jurisdiction" for rule in rules)
        each = max(1, sum(found)) / SAMPLE
        return max(SAMPLE, min(NEIGHBOURS if place else RECORDS, int(FACTS / each)))

    def _keep(self, trial: Trial, wrong: Disagreement) -> None:
        smaller = shrink(trial)
        said = next(iter(disagree(smaller)), wrong)
        self.found.append(f"{store(smaller, said).name}\n{said}")
        print(f"disagreement: {self.found[-1]}", file=sys.stderr, flush=True)


def run(seed: int, minutes: float, loud: bool = False) -> Run:
    """Run for some minutes; ``loud`` tells every minute how far it has come."""
    found, begun = Run(Random(seed)), time.monotonic()
    found.promise()
    told = 0
    while (spent := time.monotonic() - begun) < minutes * 60:
        found.step()
        if loud and spent // 60 > told:
            told = int(spent // 60)
            print(f"{told} min: {found.coverage.cases:,} cases", file=sys.stderr, flush=True)
    return found


def run_all(seed: int, minutes: float, processes: int) -> Run:
    """Several runs side by side, with seeds of their own, as one."""
    if processes == 1:
        return run(seed, minutes, loud=True)
    with get_context("spawn").Pool(processes) as pool:
        runs = pool.starmap(run, [(seed + n, minutes, n == 0) for n in range(processes)])
    whole = Run(Random(seed))
    for one in runs:
        whole.coverage.merge(one.coverage)
        whole.found += one.found
    return whole

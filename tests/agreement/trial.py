"""One trial: a vocabulary, rules and records as plain values, as they would stand in files, and an as-of day."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import yaml

from lawgov_rules.dates import read_date
from lawgov_rules.errors import Problem
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict
from lawgov_rules.yaml_file import read_documents
from tests.agreement.records import RecordDraw, read_records
from tests.agreement.rules import RuleDraw, read_rules
from tests.agreement.vocabularies import Words, draw_words, read_vocabulary

Plain = dict[str, Any]


class Draw(RuleDraw, RecordDraw):
    """Draws everything: `rules`, `records`, and the parts of both; in the small vocabulary unless another is given."""


@dataclass(frozen=True)
class Trial:
    """What is judged. ``about`` says how the executors once disagreed, and why."""

    vocabulary: Plain
    act: Plain
    rules: list[Plain]
    records: list[Plain]
    as_of: str
    about: str = ""

    def read(self) -> tuple[Rulesets, list[Record], int]:
        """As the product reads it; RulesetError with every problem."""
        words = read_vocabulary(self.vocabulary)
        return read_rules(self.act, self.rules, words), read_records(self.records, words), read_date(self.as_of)

    def plain(self) -> Plain:
        """As plain values, each an object of its own."""
        return json.loads(json.dumps(vars(self)))  # type: ignore[no-any-return]

    def with_part(self, name: str, value: Any) -> Trial:
        return replace(self, **{name: value})

    @classmethod
    def load(cls, path: Path) -> Trial:
        """A stored trial."""
        (document,) = read_documents(path)
        assert not isinstance(document, Problem), document
        return cls(**{**document.value, "about": document.value["about"] or ""})

    def dump(self) -> str:
        """As YAML, for `load`."""
        return yaml.safe_dump(self.plain(), allow_unicode=True, sort_keys=False, width=116)


def draw_trial(
    random: Random, kinds: list[str], records: int, words: Words | None = None, wish: Verdict | None = None
) -> Trial:
    """A rule of each of these kinds, records, and an as-of day among their dates."""
    draw = Draw(random, words or draw_words(random))
    rules = [draw.rule(kind, n, wish) for n, kind in enumerate(kinds)]
    drawn = [draw.record(n) for n in range(records)]
    return Trial(draw.words.raw, draw.act(), rules, drawn, draw.day(wide=draw.odds(0.4))[:10])


def draw(random: Random, kind: str, records: int = 12) -> tuple[Rulesets, list[Record], int]:
    """Two rules of a kind, records, and an as-of day, as they are read."""
    return draw_trial(random, [kind, kind], records).read()

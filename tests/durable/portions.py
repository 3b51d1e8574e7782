"""What the crash trial has judged: the bundled cases, random rules and records, and hostile records."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Sequence

from lawgov_rules.dates import read_date
from lawgov_rules.errors import RulesetError
from lawgov_rules.input import read_input
from lawgov_rules.loading import load_rulesets
from lawgov_rules.records import Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.vocabulary import LARGEST
from tests.agreement import KINDS, draw_trial
from tests.agreement.records import read_records
from tests.agreement.rules import read_rules
from tests.agreement.trial import Trial
from tests.agreement.vocabularies import read_vocabulary
from tests.conftest import CASES

Portion = tuple[Rulesets, Sequence[Record], int]
HOSTILE_TEXTS = ('"}]', "\\", "a" * 5000, "$m", "sid-1", "甲\u202e乙", "'; DROP TABLE t", "{}", "id")


class Bundled:
    """The records of the bundled cases, a hundred at a time, by all bundled rules."""

    def __init__(self) -> None:
        self.rules = load_rulesets().at("full")
        self.records = read_input([CASES], self.rules).records

    def draw(self, chance: random.Random) -> Portion:
        return self.rules, chance.sample(self.records, 100), chance.randint(13_000, 21_000)


def drawn(chance: random.Random) -> Trial:
    """Random rules of two kinds in a random vocabulary, and random records."""
    return draw_trial(chance, chance.sample(KINDS, 2), 50)


def hostile(trial: Trial, chance: random.Random) -> Trial:
    """The same with the largest numbers, thousands of events on one day, crowds, and texts made to break out."""
    records = []
    for record in trial.records:
        record = {**record, "record": f"{record['record']} {chance.choice(HOSTILE_TEXTS)}"}
        form = chance.randrange(4)
        if form == 0:
            numbers = [str(LARGEST), str(-LARGEST), "0.000001", "0"]
            numeric = {n: v for n, v in record["attributes"].items() if str(v).lstrip("-").replace(".", "").isdigit()}
            record["attributes"] = {**record["attributes"], **{n: chance.choice(numbers) for n in numeric}}
        elif form == 1 and record["events"]:
            record["events"] = record["events"] * chance.choice([5, 30])
        elif form == 2 and record["participants"]:
            record["participants"] = record["participants"] * 50
        elif record["events"]:
            days = ["1900-01-01", "2199-12-31", record["events"][0]["date"]]
            record["events"] = [{**event, "date": chance.choice(days)} for event in record["events"]]
        records.append(record)
    return trial.with_part("records", records)


def read(trial: Trial) -> Portion | None:
    """The trial with the records that can be read: a hostile one may be no record, and a random rule no rule (None)."""
    words = read_vocabulary(trial.vocabulary)
    try:
        rules = read_rules(trial.act, trial.rules, words)
    except RulesetError:
        return None
    good: list[Record] = []
    for record in trial.records:
        with contextlib.suppress(RulesetError):
            good += read_records([record], words)
    return rules, good, read_date(trial.as_of)

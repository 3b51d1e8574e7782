"""Random rules and records on which the executors must agree; `python -m tests.agreement --minutes N` runs on.

Everything is drawn from a `random.Random`: Hypothesis hands in one it can shrink, the long run a plain one. Dates lie
close together, so that repeated, same-day, out-of-order and future events are the rule and not the exception.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from lawgov_rules import batch, live
from lawgov_rules.days import to_day
from lawgov_rules.errors import Problem, RulesetError
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.loading import bundled, read_rule
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Act, Ruleset, Rulesets
from lawgov_rules.validation import read_as
from lawgov_rules.verdict import Assessment
from lawgov_rules.vocabulary import Vocabulary
from lawgov_rules.yaml_file import Document, parse_documents

KINDS = (
    "deadline",
    "minimum_gap",
    "precedence",
    "count",
    "quota",
    "recurrence",
    "fixed_date",
    "forbidden",
    "identity",
    "composition",
    "separation",
    "coverage",
    "reference",
)
WORD = {"zh": "词", "en": "word"}
PLAIN_RULE: dict[str, Any] = {
    "clause": "1",
    "locator": "l",
    "title": WORD,
    "requirement": WORD,
    "modality": "must",
    "level": "core",
    "bearer": "b",
    "record": "thing",
    "because": "b",
}
EVENTS = ("a", "b", "c", "d")
VOCABULARY: dict[str, Any] = {
    "record_types": {
        "thing": {
            **WORD,
            "attributes": [
                "flag",
                "level",
                "due",
                "first_day",
                "last_day",
                "f1",
                "f2",
                "f3",
                "year",
                "reason",
                "several",
            ],
            "events": list(EVENTS),
            "roles": ["p", "q"],
        }
    },
    "events": {e: {**WORD, "attributes": ["x", "n", "year", "until", "to", "set", "ref"]} for e in EVENTS},
    "attributes": {
        "flag": {**WORD, "type": "boolean"},
        "level": {**WORD, "type": "choice", "values": dict.fromkeys(("u", "v", "w"), WORD)},
        "x": {**WORD, "type": "choice", "values": dict.fromkeys(("u", "v", "w"), WORD)},
        "to": {**WORD, "type": "choice", "values": dict.fromkeys(("r", "s"), WORD)},
        "set": {**WORD, "type": "choices", "values": dict.fromkeys(("k", "l", "m"), WORD)},
        "several": {**WORD, "type": "choices", "values": dict.fromkeys(("k", "l", "m"), WORD)},
        "n": {**WORD, "type": "number"},
        "f1": {**WORD, "type": "integer"},
        "f2": {**WORD, "type": "number"},
        "f3": {**WORD, "type": "integer"},
        "year": {**WORD, "type": "integer"},
        "reason": {**WORD, "type": "text"},
        "ref": {**WORD, "type": "text"},
        **{name: {**WORD, "type": "date"} for name in ("due", "first_day", "last_day", "until", "since")},
        "ok": {**WORD, "type": "boolean"},
    },
    "readings": dict.fromkeys(("one", "two", "three"), WORD),
    "roles": {r: {**WORD, "attributes": ["ok", "since", "until"]} for r in ("p", "q")},
}


def document_of(value: Any) -> Document:
    """A value as if it had been read from a file."""
    found = next(parse_documents(json.dumps(value), "drawn.json", json=True))
    assert isinstance(found, Document)
    return found


@cache
def vocabulary() -> Vocabulary:
    found = read_as(Vocabulary, document_of(VOCABULARY))
    assert isinstance(found, Vocabulary), found
    return found


@cache
def jurisdictions() -> Jurisdictions:
    return Jurisdictions.load(bundled() / "jurisdictions.yaml")


class Draw:
    """Draws rules and records around one day. ``near`` is the window in which most dates lie."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.base = dt.date.fromisoformat(
            self.pick("2012-09-15", "2013-12-20", "2014-03-20", "2026-12-10", "2016-02-20")
        )

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def maybe(self, value: Any, odds: float = 0.5) -> Any:
        return value if self.random.random() < odds else None

    def day(self, wide: bool = False) -> str:
        span = self.pick(400, 1500) if wide else 40
        return (self.base + dt.timedelta(days=self.random.randint(-span // 4, span))).isoformat()

    # rules

    def rules(self, kind: str, number: int = 2) -> Rulesets:
        start = self.pick(
            self.base - dt.timedelta(days=800), self.base, self.base - dt.timedelta(days=self.base.day - 1)
        )
        act = read_as(
            Act,
            document_of(
                {
                    "id": "drawn",
                    "title": "t",
                    "issuer": "i",
                    "jurisdiction": self.pick("140500", "450800", "140000"),
                    "in_force": {
                        "from": start.isoformat(),
                        "basis": "b",
                        "to": self.maybe((start + dt.timedelta(days=self.pick(30, 900, 1460))).isoformat()),
                    },
                    "version": "1",
                }
            ),
        )
        assert isinstance(act, Act)
        found = []
        while len(found) < number:
            problems: list[Problem] = []
            rule = read_rule(document_of(self.rule(kind, len(found))), vocabulary(), "thing", problems)
            if problems:
                raise RulesetError(problems)
            assert rule is not None
            rule._document = act
            found.append(rule)
        ruleset = Ruleset(act, tuple(found), "")
        return Rulesets((ruleset,), vocabulary(), jurisdictions(), bundled() / "calendar", "")

    def rule(self, kind: str, number: int) -> dict[str, Any]:
        constraint: dict[str, Any] = {"kind": kind, **getattr(self, kind)()}
        constraint = {k: v for k, v in constraint.items() if v is not None}
        readings = self.maybe(self.readings(kind, constraint), 0.6)
        rule = {
            "id": f"r{number}",
            **PLAIN_RULE,
            "when": self.maybe(self.condition(), 0.5),
            "unless": self.maybe(self.condition(), 0.15),
            "excused_by": self.maybe("reason", 0.2),
            "constraint": constraint,
            "readings": readings or {},
        }
        return {k: v for k, v in rule.items() if v is not None}

    def condition(self, depth: int = 0) -> dict[str, Any]:
        leaf = self.pick(
            {"flag": "true"},
            {"level": ["u", "v"]},
            {"level": {"not": "w"}},
            {"f1": {"gte": "3"}},
            {"several": self.pick("k", ["l", "m"], {"not": "k"})},
            {"flag": {"known": "false"}},
            {"happened": "d"},
            {"happened": {"event": "c", "where": {"x": "u"}}},
            {"flag": "true", "level": "u"},
        )
        if depth < 2 and self.random.random() < 0.3:
            return {self.pick("any", "all", "none"): [self.condition(depth + 1) for _ in range(2)]}
        return dict(leaf)

    def where(self) -> dict[str, Any]:
        return dict(
            self.pick(
                {"x": "u"},
                {"x": ["u", "v"]},
                {"x": {"not": "w"}},
                {"n": {"gt": "2"}},
                {"set": self.pick("k", ["k", "l"], {"not": "m"})},
                {"x": "u", "to": "r"},
                {"any": [{"x": "u"}, {"flag": "true"}]},
                {"none": [{"to": "r"}, {"level": "u"}]},
            )
        )

    def step(self, names: tuple[str, ...] = EVENTS) -> Any:
        name = self.pick(*names)
        return {"event": name, "where": self.where()} if self.random.random() < 0.4 else name

    def two(self) -> list[Any]:
        """Steps of two different events."""
        first = self.random.randrange(3)
        return [self.step(EVENTS[: first + 1]), self.step(EVENTS[first + 1 :])]

    def occurrence(self, each: bool = False, many: bool = False) -> Any:
        form = self.random.random()
        if form < 0.2:
            return {"any_of": self.two(), **({"pick": "each"} if each and self.random.random() < 0.5 else {})}
        if many:
            return self.step()
        if form < 0.3:
            return {"all_of": [self.step(), self.step()]}
        if form < 0.4:
            step = self.step()
            return {**(step if isinstance(step, dict) else {"event": step}), "otherwise": self.step()}
        step = self.step()
        if each and self.random.random() < 0.5:
            return {**(step if isinstance(step, dict) else {"event": step}), "pick": "each"}
        return step

    def span(self) -> str:
        return str(
            self.pick(
                "0 days",
                "1 day",
                "15 days",
                "5 working days",
                "7 working days",
                "1 month",
                "1 year",
                "30 days",
            )
        )

    def deadline(self) -> dict[str, Any]:
        form = self.random.random()
        if form < 0.15:
            by = {"by": {"attribute": "due"}, "roll": self.maybe("true")} if form < 0.1 else {}
            return {"do": self.occurrence(), **by}
        limit = {"within": self.span()} if form < 0.85 else {} if form < 0.93 else {"by": {"attribute": "due"}}
        after = {"attribute": "due"} if form > 0.7 and "by" not in limit else self.occurrence(each=True)
        do = {"attribute": "last_day"} if self.random.random() < 0.1 else self.occurrence()
        return {
            "after": after,
            "do": do,
            **limit,
            **self.clock(limit.get("within")),
            "roll": self.maybe("true"),
            "start_day_counts": self.maybe("true", 0.2),
            "act_needs_trigger": self.maybe("false", 0.2),
        }

    def clock(self, within: str | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if within and self.random.random() < 0.3:
            working = "working" in within
            by = self.pick("3 working days", "10 working days") if working else self.pick("10 days", "1 month")
            found["extended"] = {"by": by, "when": self.occurrence()}
        if within and "working" not in within and self.random.random() < 0.3:
            found["suspended"] = {"from": self.occurrence(), "to": self.occurrence()}
        return found

    def minimum_gap(self) -> dict[str, Any]:
        start = {"attribute": "due"} if self.random.random() < 0.1 else self.occurrence(each=True)
        return {
            "from": start,
            "to": self.occurrence(),
            "at_least": self.span(),
            "start_day_counts": self.maybe("true", 0.2),
        }

    def precedence(self) -> dict[str, Any]:
        form = self.random.random()
        if form < 0.5:
            require: Any = (
                {"any_of": self.two()} if form < 0.15 else {"event": self.pick(*EVENTS), "where": self.where()}
            )
            gate = {"attribute": "due"} if self.random.random() < 0.1 else self.occurrence(each=True)
            if "event" in require and self.random.random() < 0.4:
                require = {**require, "among": self.where()}
            return {"before": gate, "require": {**require, "pick": "latest"}}
        return {
            "before": self.occurrence(each=True),
            "require": self.occurrence(),
            "valid_to": self.maybe("until", 0.4),
        }

    def people(self) -> Any:
        return self.pick(
            "p",
            {"role": "p", "where": {"ok": "true"}},
            {"role": "p", "where": {"any": [{"ok": "true"}, {"flag": "true"}]}, "valid": {"to": "until"}},
            {"role": "q", "valid": {"from": "since", "to": "until"}},
        )

    def count(self) -> dict[str, Any]:
        counted = {"people": self.people()} if self.random.random() < 0.6 else {"events": self.occurrence(many=True)}
        limits = self.pick({"at_least": "2"}, {"at_most": "1"}, {"at_least": "1", "at_most": "2"}, {"at_most": "0"})
        return {**counted, **limits, "at": self.maybe(self.occurrence(each=True), 0.8)}

    def quota(self) -> dict[str, Any]:
        form = self.random.random()
        more = (
            {"sum": "n", "at_least": self.pick("3", "4.5")}
            if form < 0.4
            else {"distinct_days": "true", "at_least": "2"}
            if form < 0.6
            else {"at_least": self.pick("1", "2")}
        )
        return {
            "per": self.pick("year", "half", "quarter", "month"),
            "of": self.occurrence(many=True),
            **more,
            "service": self.maybe({"from": "first_day", "to": "last_day"}, 0.4),
        }

    def recurrence(self) -> dict[str, Any]:
        return {
            "of": self.occurrence(many=True),
            "every": self.pick("10 days", "1 month", "2 years", "1 year"),
        }

    def fixed_date(self) -> dict[str, Any]:
        if self.random.random() < 0.3:
            first, last = sorted((self.day(wide=True), self.day()))
            return {
                "do": self.occurrence(),
                "by": last,
                "not_before": self.maybe(first, 0.3),
                "roll": self.maybe("true"),
                "replaced_by": self.maybe("due", 0.3),
            }
        do, recipients = self.occurrence(), None
        by = f"{self.base + dt.timedelta(days=10):%m-%d}"
        if self.random.random() < 0.4:
            do, recipients = self.step(), {"attribute": "to", "each": ["r", "s"]}
        return {
            "do": do,
            "by": by,
            "recipients": recipients,
            "not_before": self.maybe(self.pick(f"{by[:2]}-01", "12-31"), 0.4),
            "roll": self.maybe("true"),
            "report_year": self.maybe({"attribute": "year", "offset": self.pick("0", "-1")}),
        }

    def forbidden(self) -> dict[str, Any]:
        if self.random.random() < 0.15:
            return {"state": self.condition()}
        return {
            "what": self.occurrence(many=True),
            "after": self.maybe(self.occurrence(), 0.3),
            "unless": self.maybe(self.condition(), 0.4),
            "by_other_than": self.maybe(self.people(), 0.5),
        }

    def identity(self) -> dict[str, Any]:
        def check() -> dict[str, Any]:
            sign = self.pick("equal_to", "at_most", "at_least", "less_than", "more_than")
            form = self.random.random()
            if form < 0.15:
                return {"left": ["due"], "is": sign, "right": [self.pick("first_day", "last_day")]}
            if form < 0.4:
                divided = {"of": self.pick("f1", "f3"), "in": self.pick("f3", "f1")}
                more = {"tolerance": "0.5"} if self.random.random() < 0.3 else {}
                right = [self.pick("f2", "1.5", "100", "60")]
                return {self.pick("share", "per"): divided, "is": sign, "right": right, **more}
            return {
                "left": [self.pick("f1", "f2", "-f3")],
                "is": sign,
                "right": [
                    self.pick("f3", "f1", "2"),
                    *([self.pick("-f2", "1.5")] if self.random.random() < 0.4 else []),
                ],
            }

        return {
            "checks": [check() for _ in range(self.pick(1, 2, 3))],
            "tolerance": self.maybe("1", 0.3),
            "for_year": self.maybe("year", 0.4),
        }

    def elements(self) -> dict[str, Any]:
        return dict(self.pick({"x": ["u", "v"]}, {"set": ["k", "l"]}, {"set": ["m"]}, {"to": ["r", "s"]}))

    def composition(self) -> dict[str, Any]:
        form, more = self.random.random(), {}
        if form < 0.4:
            of = self.occurrence(many=True)
            of = of if isinstance(of, dict) else {"event": of}
            more = {"of": {**of, **({"pick": "each"} if form < 0.2 else {})}, "elements": self.elements()}
        elif form < 0.6:
            more = {"elements": {"several": self.pick(["k", "m"], ["l"])}}
        elif form < 0.8:
            more = {"steps": [self.step() for _ in range(self.pick(1, 2, 3))]}
        else:
            more = {"roles": [self.people() for _ in range(self.pick(1, 2))]}
        judged = self.random.random()
        if form < 0.2 or judged < 0.3:
            return more
        return {**more, **({"at": self.occurrence()} if judged < 0.7 else {"by": self.day()})}

    def separation(self) -> dict[str, Any]:
        return {"first": self.people(), "second": self.people(), "at": self.maybe(self.occurrence(), 0.6)}

    def coverage(self) -> dict[str, Any]:
        limit = self.pick({"per": "year"}, {"per": "year"}, {"by": self.day()}, {})
        return {
            "population": {"record": "thing", **({"where": self.condition()} if self.random.random() < 0.6 else {})},
            "same": self.pick("organ", "organ", "jurisdiction"),
            "done": self.occurrence(),
            **limit,
            "at_least": self.pick("100", "50", "33.3", "0"),
            "service": self.maybe({"from": "first_day", "to": "last_day"}, 0.4),
        }

    def reference(self) -> dict[str, Any]:
        return {"of": self.occurrence(many=True), "refers_by": "ref", "to": "thing", "meets": self.condition()}

    @staticmethod
    def natural(constraint: dict[str, Any]) -> bool:
        return "working" not in constraint.get("within", "working")

    def readings(self, kind: str, constraint: dict[str, Any]) -> dict[str, Any]:
        other: dict[str, Any] = {
            "deadline": {
                "roll": self.pick("true", "false"),
                **({"within": self.pick("3 days", "1 month")} if self.natural(constraint) else {}),
            },
            "minimum_gap": {"at_least": self.span(), "start_day_counts": "true"},
            "precedence": {"require": self.occurrence(), "valid_to": None},
            "count": {"at_least": "1"},
            "quota": {"at_least": self.pick("1", "0")},
            "recurrence": self.pick({"every": "2 years", "blocks": "true"}, {"every": "20 days"}),
            "fixed_date": {"inclusive": "false"},
            "forbidden": {"state" if "state" in constraint else "unless": self.condition()},
            "identity": {"tolerance": "2"},
            "composition": {"elements": {"several": ["k"]}}
            if "of" not in constraint
            else {"elements": self.elements()},
            "separation": {"first": self.people()},
            "coverage": {"at_least": self.pick("60", "100")},
            "reference": {"meets": self.condition()},
        }[kind]
        if kind == "composition" and "elements" not in constraint:
            other = {"steps": [self.step()]} if "steps" in constraint else {"roles": [self.people()]}
        third = {"deadline": {"start_day_counts": "true"}, "fixed_date": {"roll": "true"}}.get(kind)
        return {"one": {}, "two": other, **({"three": third} if third and self.random.random() < 0.5 else {})}

    # records

    def records(self, number: int) -> list[Record]:
        reader = RecordReader(vocabulary(), jurisdictions())
        found = []
        for n in range(number):
            value = self.record(n)
            record, problems = reader.read(document_of(value))
            assert record is not None, (value, problems)
            found.append(record)
        return found

    def record(self, number: int) -> dict[str, Any]:
        attributes = {
            "flag": self.pick("true", "false", None),
            "level": self.pick("u", "v", "w", None),
            "due": self.pick(self.day(), None),
            "first_day": self.pick(self.day(wide=True), None, None),
            "last_day": self.pick(self.day(wide=True), None, None),
            "f1": self.pick("1", "3", "5", "0", "-2", None),
            "f2": self.pick("1.5", "3", None),
            "f3": self.pick("2", "3", None),
            "year": self.pick(str(self.base.year), str(self.base.year - 1), None),
            "reason": self.pick("r", None),
            "several": self.pick(["k"], ["k", "l", "m"], [], ["m"], None),
        }
        people = [
            {
                "role": self.pick("p", "q"),
                "person": self.pick("m", "n"),
                "ok": self.pick("true", "false", None),
                "since": self.maybe(self.day(), 0.3),
                "until": self.maybe(self.day(), 0.3),
            }
            for _ in range(self.pick(0, 0, 1, 2, 3))
        ]
        return {
            "record": f"t{number}",
            "type": "thing",
            "organ": self.pick("甲", "甲", "乙", None),
            "attributes": attributes,
            "participants": people,
            "jurisdiction": self.pick("140581", "450821", "140581", "450800", "220200", None),
            "events": [self.event() for _ in range(self.random.randint(0, 7))],
        }

    def event(self) -> dict[str, Any]:
        wide = self.random.random() < 0.3
        return {
            "event": self.pick(*EVENTS),
            "date": self.day(wide),
            "x": self.pick("u", "v", "w", None),
            "n": self.pick("1", "2.5", "4.000001", None),
            "to": self.pick("r", "s", None),
            "set": self.pick(["k"], ["k", "l"], [], ["l", "m"], None, None),
            "year": self.pick(str(self.base.year), str(self.base.year - 1), None, None),
            "until": self.maybe(self.day(wide=True), 0.3),
            "sequence": self.pick("1", "2", None, None),
            "ref": self.pick("t0", "t1", "t2", "t3", "t3", "elsewhere", None),
        }


def disagreements(
    rules: Rulesets, records: list[Record], as_of: int
) -> list[tuple[Assessment | None, Assessment | None]]:
    """What `live` and `batch` say differently, in any field."""
    one = {a.key(): a for a in live.assess(records, rules, as_of)}
    many = {a.key(): a for a in batch.assess(records, rules, as_of)}
    return [(one.get(k), many.get(k)) for k in sorted({*one, *many}) if one.get(k) != many.get(k)]


def draw(random: Random, kind: str, records: int = 12) -> tuple[Rulesets, list[Record], int]:
    """Rules of a kind, records, and an as-of day among their dates."""
    d = Draw(random)
    return (
        d.rules(kind),
        d.records(records),
        to_day(dt.date.fromisoformat(d.day(wide=d.random.random() < 0.4))),
    )


def main() -> None:
    """Run for some minutes and print what was covered; stop at the first disagreement and store it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    end, seed, cases = time.monotonic() + arguments.minutes * 60, arguments.seed, 0
    covered: Counter[tuple[str, str, str]] = Counter()
    begun = time.monotonic()
    while time.monotonic() < end:
        kind = KINDS[seed % len(KINDS)]
        rules, records, as_of = draw(Random(seed), kind, 150)
        for pair in disagreements(rules, records, as_of):
            Path(f"disagreement-{seed}.txt").write_text(
                f"seed {seed}, {kind}\n{pair[0]}\n{pair[1]}\n", encoding="utf-8"
            )
            raise SystemExit(f"seed {seed}, {kind}:\n  live  {pair[0]}\n  batch {pair[1]}")
        for a in live.assess(records, rules, as_of):
            covered[kind, a.verdict.name, a.detail] += 1
            cases += 1
        seed += 1
    for (kind, verdict, detail), number in sorted(covered.items()):
        print(f"{kind:12} {verdict:15} {detail:22} {number:8}")
    speed = cases / (time.monotonic() - begun)
    print(f"{cases} assessments agree, {speed:.0f} a second, seeds {arguments.seed} to {seed - 1}")


if __name__ == "__main__":
    main()

"""Random rules: conditions, occurrences and what stands around a constraint (constraints.py draws those)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lawgov_rules.errors import Problem, RulesetError
from lawgov_rules.loading import bundled, read_rule
from lawgov_rules.rule import Act
from lawgov_rules.ruleset import Ruleset, Rulesets
from lawgov_rules.validation import read_as
from lawgov_rules.verdict import Verdict
from lawgov_rules.vocabulary import Attribute, Vocabulary
from lawgov_rules.yaml_file import Document
from tests.agreement.chance import Chance
from tests.agreement.vocabularies import WORD, calendar, jurisdictions

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
SPANS = ("0 days", "1 day", "15 days", "5 working days", "7 working days", "1 month", "1 year", "30 days")
ORDERED = ("integer", "number", "date")


class RuleDraw(Chance):
    """Draws conditions, occurrences and rules in the words of the vocabulary."""

    # conditions

    def condition(self, item: Mapping[str, Attribute] | None = None, depth: int = 0) -> dict[str, Any]:
        """On the record, or on an item (an event, a participant) with what it carries, and then on the record too."""
        if depth < 2 and self.odds(0.25):
            return {
                self.pick("any", "all", "none"): [self.condition(item, depth + 1) for _ in range(self.pick(1, 2, 3))]
            }
        if item is None and self.odds(0.2):
            return {"happened": self.step(depth=depth + 1)}
        known = item if item and self.odds(0.75) else self.words.own
        names = self.random.sample(list(known), min(len(known), self.pick(1, 1, 1, 2)))
        # an item hides an attribute of the record that has the same name
        return {name: self.test(item[name] if item and name in item else known[name]) for name in names}

    def test(self, attribute: Attribute) -> Any:
        """What a condition asks of one attribute."""
        if self.odds(0.1):
            return {"known": self.pick("true", "false")}
        several = [self.named_value(attribute) for _ in range(self.pick(1, 1, 2, 3))]
        plain = several[0] if len(several) == 1 else several
        if attribute.type in ORDERED and self.odds(0.6):
            signs = self.random.sample(("gte", "gt", "lte", "lt"), self.pick(1, 1, 2))
            return {sign: self.named_value(attribute) for sign in signs}
        return {"not": plain} if self.odds(0.3) else plain

    def named_value(self, attribute: Attribute) -> str:
        """A value that a condition may name: of a choice of several, one of them."""
        return str(self.pick(*attribute.values) if attribute.type == "choices" else self.value(attribute))

    # occurrences

    def step(self, names: tuple[str, ...] = (), depth: int = 0, odds: float = 0.4) -> Any:
        """An event, or those of it that meet a condition."""
        name = self.pick(*(names or self.words.events))
        if not self.odds(odds):
            return name
        return {"event": name, "where": self.condition(self.words.of_event(name), depth)}

    def several(self) -> list[Any]:
        """Steps of different events."""
        names = self.random.sample(self.words.events, min(len(self.words.events), self.pick(2, 2, 3)))
        return [self.step((name,)) for name in names]

    def whole(self, step: Any) -> dict[str, Any]:
        """A step with its key written out, so that others can stand beside it."""
        return dict(step) if isinstance(step, dict) else {"event": step}

    def occurrence(self, each: bool = False, many: bool = False) -> Any:
        """``each``: perhaps every day on which it happened; ``many``: an event or any of several, no more."""
        form = self.random.random()
        every = {"pick": "each"} if each and self.odds(0.5) else {}
        if form < 0.2:
            return {"any_of": self.several(), **every}
        if many or form >= 0.4:
            step = self.step()
            return {**self.whole(step), **every} if every else step
        if form < 0.3:
            return {"all_of": [self.step() for _ in range(self.pick(2, 2, 3))]}
        return {**self.whole(self.step()), "otherwise": self.occurrence() if self.odds(0.2) else self.step()}

    def date(self) -> dict[str, str]:
        """A date kept as an attribute, as an occurrence."""
        return {"attribute": self.pick(*self.words.named("date"))}

    def span(self) -> str:
        return str(self.pick(*SPANS))

    def people(self) -> Any:
        """Those of a role, perhaps only who meet a condition, or on whom a qualification holds that day."""
        role = self.pick(*self.words.roles)
        known = self.words.of_role(role)
        dates = [name for name, attribute in known.items() if attribute.type == "date"]
        where = {"where": self.condition(known)} if self.odds(0.4) else {}
        valid = {side: self.pick(*dates) for side in ("from", "to") if dates and self.odds(0.3)}
        return {"role": role, **where, **({"valid": valid} if valid else {})} if where or valid else role

    # rules

    def rule(self, kind: str, number: int = 0, wish: Verdict | None = None) -> dict[str, Any]:
        """A rule of a kind, without the keys of `PLAIN_RULE`; ``wish`` is a verdict that it should be able to give."""
        from tests.agreement.constraints import GENERATORS
        from tests.agreement.readings import READINGS

        constraint = without_none({"kind": kind, **GENERATORS[kind](self)})
        readings = None
        if self.odds(1 if wish == Verdict.arguable else 0 if wish == Verdict.violated else 0.4):
            others = [READINGS[kind](self, constraint) for _ in range(self.pick(1, 1, 2))]
            readings = dict(zip(("one", "two", "three"), [{}, *others], strict=False))
        reasons = self.words.named("text", "boolean")
        short, often = constraint.get("per") == "day", 0.1 if wish else 0.45
        return without_none(
            {
                "id": f"r{number}",
                "record": self.words.type,
                "jurisdiction": self.maybe(self.pick("140581", ["140500", "450821"], ["220200"]), often / 4),
                "in_force": self.force(short=True) if short else self.maybe(self.force(), often / 4),
                "when": self.maybe(self.condition(), often),
                "unless": self.maybe(self.condition(), often / 3),
                "excused_by": self.maybe(self.pick(*reasons), 1 if wish == Verdict.excused else 0.15),
                "constraint": constraint,
                "readings": readings,
            }
        )

    def force(self, short: bool = False) -> dict[str, str]:
        """From when to when; ``short`` for what would have an instance every day."""
        if short:
            first = self.base - dt.timedelta(days=self.pick(0, 5))
            return {"from": f"{first}", "to": f"{first + dt.timedelta(days=12)}", "basis": "b"}
        first = self.base - dt.timedelta(days=self.pick(800, 800, 1100, 0, self.base.day - 1))
        last = first + dt.timedelta(days=self.pick(30, 900, 1460))
        return {"from": f"{first}", "basis": "b", **({"to": f"{last}"} if self.odds(0.4) else {})}

    def act(self, long: bool = False) -> dict[str, Any]:
        """The document that the rules stand in; ``long`` in force, so that most dates lie within."""
        since = {"from": f"{self.base - dt.timedelta(days=800)}", "basis": "b"}
        return {
            "id": "drawn",
            "title": "t",
            "issuer": "i",
            "jurisdiction": self.pick("140500", "140500", "140000", "140000", "450000"),
            "in_force": since if long and self.odds(0.8) else self.force(),
            "version": "1",
        }

    def rules(self, kind: str, number: int = 2) -> Rulesets:
        """A ruleset of so many rules of a kind."""
        return read_rules(self.act(), [self.rule(kind, n) for n in range(number)], self.words.vocabulary)


def without_none(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if part is not None}


def read_rules(act: dict[str, Any], rules: list[dict[str, Any]], vocabulary: Vocabulary) -> Rulesets:
    """Plain values, and `PLAIN_RULE` where they say nothing, as a ruleset; RulesetError with every problem."""
    document = read_as(Act, Document("document.yaml", act, {}))
    problems: list[Problem] = document if isinstance(document, list) else []
    found = []
    for value in ({**PLAIN_RULE, **rule} for rule in rules):
        rule = read_rule(Document("drawn.yaml", value, {}), vocabulary, str(value.get("record")), problems)
        if rule is not None and isinstance(document, Act):
            rule._document, rule._source = document, Document("drawn.yaml", value, {})
            found.append(rule)
    if problems or not isinstance(document, Act):
        raise RulesetError(problems)
    made = Rulesets((Ruleset(document, tuple(found), ""),), vocabulary, jurisdictions(), bundled() / "calendar", "")
    made.__dict__["calendar"] = calendar()  # read once for all
    return made

"""The two headline filing deadlines, decided without our rules: by hand in bare Python, by zen-engine, by CLIPS.

What they share is measured once in Python, as none of the engines can: which filing answers the publication, and the
last day under each reading. So the engines only decide `Case` after `Case`. All must say what our rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from lawgov_rules.days import to_day
from lawgov_rules.records import DAY, Record
from lawgov_rules.ruleset import Rulesets

JINCHENG, GUIGANG = "jincheng-2009/nd-county-filing-15d", "guigang-2011/nd-filing-15-days"
RULES = frozenset({JINCHENG, GUIGANG})
# rule, first four digits of its place, first and last day in force
PLACES = (
    (JINCHENG, "1405", to_day(date(2009, 1, 1)), to_day(date(2013, 12, 31))),
    (GUIGANG, "4508", to_day(date(2011, 11, 21)), to_day(date(2015, 12, 31))),
)
COMPLIANT, VIOLATED, PENDING, UNDETERMINED = "compliant", "violated", "pending", "undetermined"


class Case(NamedTuple):
    """One way to count, for one reading: the answering filing (0: none), the last day, whether it came too early."""

    response: int
    due: int
    early: bool


Decide = Callable[[Case, int], str]
Judge = Callable[[Record], list[str]]


def by_hand(case: Case, as_of: int) -> str:
    """The deadline in bare Python."""
    if case.response:
        return COMPLIANT if case.response <= case.due else VIOLATED
    if case.early:
        return UNDETERMINED
    return PENDING if as_of <= case.due else VIOLATED


def zen() -> Decide:
    """zen-engine, a compiled expression. ImportError where it is not installed."""
    from zen import compile_expression

    expression = compile_expression(
        "response > 0 ? (response <= due ? 1 : 2) : (early ? 4 : (as_of <= due ? 3 : 2))",
    )
    words = ("", COMPLIANT, VIOLATED, PENDING, UNDETERMINED)

    def decide(case: Case, as_of: int) -> str:
        facts = {"response": case.response, "due": case.due, "early": case.early, "as_of": as_of}
        return words[int(expression.evaluate(facts))]

    return decide


def clips() -> Decide:
    """CLIPS, a fact and a rule for each outcome; a new environment every 500 cases, since one slows as it ages.
    ImportError where it is not installed."""
    from clips import Environment

    state: list[object] = []
    answers: list[str] = []

    def fresh() -> list[object]:
        found = Environment()
        found.define_function(lambda word: answers.append(str(word)), "answer")
        found.build("(deftemplate case (slot response) (slot due) (slot early) (slot as_of))")
        for word, test in (
            (COMPLIANT, "(and (> ?r 0) (<= ?r ?d))"),
            (VIOLATED, "(or (> ?r ?d) (and (= ?r 0) (eq ?e 0) (> ?a ?d)))"),
            (UNDETERMINED, "(and (= ?r 0) (eq ?e 1))"),
            (PENDING, "(and (= ?r 0) (eq ?e 0) (<= ?a ?d))"),
        ):
            slots = "(case (response ?r) (due ?d) (early ?e) (as_of ?a))"
            found.build(f'(defrule {word} {slots} (test {test}) => (answer "{word}"))')
        return [found, found.find_template("case"), 0]

    def decide(case: Case, as_of: int) -> str:
        if not state or state[2] == 500:
            state[:] = fresh()
        environment, template, used = state
        fact = template.assert_fact(  # type: ignore[attr-defined]
            response=case.response, due=case.due, early=int(case.early), as_of=as_of
        )
        environment.run()  # type: ignore[attr-defined]
        fact.retract()
        state[2] = int(str(used)) + 1
        return answers.pop()

    return decide


def judge(rules: Rulesets, as_of: int, decide: Decide) -> Judge:
    """The verdict of each of the two rules on a record, in the order of their keys."""
    calendar = rules.calendar

    def verdicts(record: Record) -> list[str]:
        return [found for _, found in sorted(_verdicts(record))]

    def _verdicts(record: Record) -> Iterator[tuple[str, str]]:
        for rule, place, first, last in PLACES:
            if not (record.jurisdiction or "").startswith(place):
                yield rule, "not_applicable"
                continue
            published = min((e.day for e in record.events if e.name == "published" and e.day <= as_of), default=None)
            applies = _applies(rule, record)
            if published is None or applies is False or not first <= published <= last:
                yield rule, "not_applicable"
                continue
            due = published + 15
            rolled = calendar.region(record.jurisdiction).roll(due)[0]
            counted = [_answer(rule, record, published, as_of, sure) for sure in (True, False)]
            readings = []
            for day in (due, rolled):
                found = {decide(Case(response, int(day or 0), early), as_of) for response, early in counted}
                readings.append(found.pop() if len(found) == 1 else UNDETERMINED)
            yield rule, UNDETERMINED if applies is None else _concluded(readings)

    return verdicts


def _concluded(readings: list[str]) -> str:
    """One verdict of two readings."""
    if readings[0] == readings[1]:
        return readings[0]
    if UNDETERMINED in readings:
        return UNDETERMINED
    return PENDING if set(readings) == {PENDING, COMPLIANT} else "arguable"


def _applies(rule: str, record: Record) -> bool | None:
    level = record.attributes.get("issuer_level")
    if rule == GUIGANG:
        return None if level is None else level in ("city", "county", "department")
    name = record.attributes.get("issued_in_name_of")
    if (level is not None and level != "county") or (name is not None and name != "government"):
        return False
    return None if level is None or name is None else True


def _answer(rule: str, record: Record, published: int, as_of: int, sure: bool) -> tuple[int, bool]:
    """The day of the filing that answers the publication (0: none), and whether there is only an earlier one."""
    wanted = ("city_government",) if sure else ("city_government", None)
    days = [
        event.low // DAY
        for event in record.events
        if event.name == "filed"
        and event.low // DAY <= as_of
        and (rule == GUIGANG or event.attributes.get("to") in wanted)
    ]
    response = min((day for day in days if day >= published), default=0)
    return response, bool(days) and not response

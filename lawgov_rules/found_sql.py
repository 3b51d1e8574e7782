"""The rows of found.py in SQL, over a table in which an executor's rows of one record type lie.

What only Python can say of a row stands in small tables beside it, and is joined: the constants of each rule, the label
of each instance that occurs, and the missing facts and readings of each combination of columns that decides them.
"""

from __future__ import annotations

from collections.abc import Callable

from lawgov_rules import found
from lawgov_rules.assessing import CONDITION_FALSE, OUTSIDE
from lawgov_rules.batch import Plan, Plans
from lawgov_rules.database import quoted
from lawgov_rules.judgement import SHIFT, code
from lawgov_rules.kinds._contract import Constraint
from lawgov_rules.rule_query import INTERNAL
from lawgov_rules.verdict import DETAILS, Verdict

UNPUBLISHED = code(Verdict.undetermined, "calendar_unpublished")
APART = f"code NOT IN ({OUTSIDE}, {CONDITION_FALSE})"  # only these have instances, readings and measures
VERDICT, DETAIL = f"(code // {SHIFT})", f"(code % {SHIFT})"
INSTANCE = "coalesce(labels.label, '')"
# the columns of the small tables
_RULE = ("address", *found.OF_RULE[1:])
RULES = {"number": "BIGINT", "rank": "BIGINT", **dict.fromkeys(_RULE, "VARCHAR")}
LABELS = {"number": "BIGINT", "of_reading": "BIGINT", "of_key": "BIGINT", "label": "VARCHAR"}
TOLD = {"about": "VARCHAR", **dict.fromkeys(("facts", "names", "answers"), "VARCHAR[]")}
ORDER = f"id, rank, {INSTANCE}"


def measure(rule_measures: list[str], name: str) -> str:
    """The column of a measure."""
    return f"m_{rule_measures.index(name)}"


def about(plans: Plans, most: int) -> tuple[str, list[str]]:
    """What tells apart the rows whose missing facts or readings differ, as text, NULL where there are neither; and the
    same as columns in the order of `batch.ROW` without what does not matter, then the measures."""
    measures = [
        f"m_{n}" if n < len(INTERNAL) else f"CASE WHEN code = {UNPUBLISHED} THEN m_{n} END" for n in range(most)
    ]
    row = ["rule", "NULL", "NULL", "0", "code", "reading", "verdicts", "missing", "in_doubt", *measures]
    text = ", ".join(f"coalesce(CAST({c} AS VARCHAR), '')" for c in row if c not in ("NULL", "0"))
    asked = f"{VERDICT} = {int(Verdict.undetermined)} OR {_differ(plans)}"
    return f"CASE WHEN {APART} AND ({asked}) THEN concat_ws(',', {text}) END", row


def _differ(plans: Plans) -> str:
    """Whether the readings of a row's rule disagree: the digits of ``verdicts`` are not all the same."""
    ones = {p.number: sum(8**n for n in range(len(p.rule.constraints))) for p in plans.plans}
    several = [f"rule = {n} AND verdicts <> verdicts % 8 * {one}" for n, one in ones.items() if one > 1]
    return f"({' OR '.join(several)})" if several else "FALSE"


def published(plans: Plans) -> dict[str, str]:
    """The expression of each of `found.COLUMNS`."""
    due, latest, done = (_by_rule(plans, day) for day in (_first_due, _last_due, _done))
    late, missing = (code(Verdict.violated, detail) for detail in found.LATE)
    counted = ", ".join(str(p.number) for p in plans.plans if _kind(p).COUNTS_DAYS) or "-1"
    return {
        **dict(zip(found.OF_RULE, _RULE, strict=True)),
        "type": quoted(plans.plans[0].rule.record, "'"),
        "record": "id",
        "organ": "nullif(organ, '')",
        "jurisdiction": "nullif(jurisdiction, '')",
        "instance": INSTANCE,
        "verdict": _word(VERDICT, [verdict.name for verdict in Verdict]),
        "detail": _word(DETAIL, list(DETAILS)),
        "due": _date(due),
        "due_latest": _date(latest),
        "done": _date(done),
        "days_late": f"CAST(CASE WHEN rule NOT IN ({counted}) THEN NULL WHEN code = {late} THEN {done} - {latest} "
        f"WHEN code = {missing} THEN as_of - {latest} END AS INTEGER)",
        "missing": "coalesce(told.facts, [])",
        "readings": "map(coalesce(told.names, []), coalesce(told.answers, []))",
    }


def gravity(plans: Plans) -> tuple[str, str, str]:
    """The row's place as `found.Row.gravity` has it."""
    verdicts = " ".join(f"WHEN {int(Verdict[name])} THEN {n}" for n, name in enumerate(found.ORDER))
    severities = " ".join(f"WHEN '{name}' THEN {n}" for n, name in enumerate(found.SEVERITIES))
    late = published(plans)["days_late"]
    return f"CASE {VERDICT} {verdicts} END", f"CASE severity {severities} END", f"-coalesce({late}, 0)"


def joined(named: Callable[..., str], type_: str, plans: Plans, most: int, as_of: int) -> str:
    """The rows of a type with what Python says of them; ``named`` gives the names of the tables."""
    text, _row = about(plans, most)
    rules, labels, told = (named(type_, beside) for beside in ("rules", "labels", "told"))
    return (
        f"(SELECT *, {as_of} AS as_of, {text} AS said FROM {named(type_)}) AS made "
        f"JOIN {rules} AS rules ON rules.number = rule "
        f"LEFT JOIN {labels} AS labels ON {APART} AND labels.number = rule AND of_reading = reading "
        f"AND of_key = key LEFT JOIN {told} AS told ON told.about = said"
    )


def _kind(plan: Plan) -> Constraint:
    return next(iter(plan.rule.constraints.values()))


def _by_rule(plans: Plans, expression: Callable[[Plan], str]) -> str:
    """What each rule has for a column; NULL where it has nothing, or does not concern the record."""
    said: dict[str, list[str]] = {}
    for plan in plans.plans:
        said.setdefault(expression(plan), []).append(str(plan.number))
    cases = [f"WHEN rule IN ({', '.join(numbers)}) THEN {text}" for text, numbers in said.items() if text]
    return f"(CASE WHEN NOT {APART} THEN NULL {' '.join(cases)} END)"


def _first_due(plan: Plan) -> str:
    return measure(plan.measures, _kind(plan).DUE[0]) if _kind(plan).DUE else ""


def _last_due(plan: Plan) -> str:
    return measure(plan.measures, _kind(plan).DUE[1]) if _kind(plan).DUE else ""


def _done(plan: Plan) -> str:
    names = [measure(plan.measures, name) for name in _kind(plan).acts()]
    return f"coalesce({', '.join(names)})" if names else ""


def _date(day: str) -> str:
    return f"(DATE '1970-01-01' + CAST({day} AS INTEGER))"


def _word(number: str, words: list[str]) -> str:
    return f"([{', '.join(quoted(word, chr(39)) for word in words)}])[{number} + 1]"

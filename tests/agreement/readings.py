"""What a random reading says otherwise than its constraint, by kind. A kind without an entry fails a test."""

from __future__ import annotations

from collections.abc import Callable

from tests.agreement.constraints import Plain, latest
from tests.agreement.rules import SPANS, RuleDraw


def _deadline_reading(d: RuleDraw, c: Plain) -> Plain:
    found: Plain = {"roll": d.pick("true", "false")}
    if "within" in c and "working" not in c["within"]:
        found["within"] = d.pick("3 days", "1 month", None if not {"extended", "suspended"} & c.keys() else "9 days")
    if d.odds(0.3):
        found["start_day_counts"] = "true"
    return found


def _composition_reading(d: RuleDraw, c: Plain) -> Plain:
    if "steps" in c:
        return {"steps": [d.step()]}
    if "roles" in c:
        return {"roles": [d.people()]}
    (name, values), *_ = c["elements"].items()
    return {"elements": {name: values[:1]}}


def _identity_reading(d: RuleDraw, c: Plain) -> Plain:
    return {"tolerance": d.pick("2", "1000")}


READINGS: dict[str, Callable[[RuleDraw, Plain], Plain]] = {
    "deadline": _deadline_reading,
    "minimum_gap": lambda d, c: d.pick({"at_least": d.pick(*SPANS)}, {"start_day_counts": "true"}),
    "precedence": lambda d, c: {"require": d.pick(latest(d), d.occurrence()), "valid_to": None},
    "count": lambda d, c: d.pick({"at_least": "1"}, {"at_most": "3"}),
    "quota": lambda d, c: {"at_least": d.pick("1", "0")},
    "recurrence": lambda d, c: d.pick({"every": "2 years", "blocks": "true"}, {"every": "20 days", "blocks": "false"}),
    "fixed_date": lambda d, c: d.pick({"inclusive": "false"}, {"roll": d.pick("true", "false")}),
    "forbidden": lambda d, c: {"state": d.condition()} if "state" in c else {"unless": d.condition()},
    "identity": _identity_reading,
    "composition": _composition_reading,
    "separation": lambda d, c: {"first": d.people()},
    "coverage": lambda d, c: {"at_least": d.pick("60", "100", "0")},
    "reference": lambda d, c: {"meets": type(d)(d.random, d.words.of(c["to"])).condition()},
}

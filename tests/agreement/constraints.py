"""A random constraint of every kind: one function each, by the kind's name. A kind without one fails a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.agreement.rules import RuleDraw

Plain = dict[str, Any]


def deadline(d: RuleDraw) -> Plain:
    form = d.random.random()
    if form < 0.15:
        by = {"by": d.date(), "roll": d.maybe("true")} if form < 0.1 else {}
        return {"do": d.occurrence(), **by}
    limit = {"within": d.span()} if form < 0.85 else {} if form < 0.93 else {"by": d.date()}
    return {
        "after": d.date() if form > 0.7 and "by" not in limit else d.occurrence(each=True),
        "do": d.date() if d.odds(0.1) else d.occurrence(),
        **limit,
        **_clock(d, limit.get("within")),
        "roll": d.maybe("true"),
        "start_day_counts": d.maybe("true", 0.2),
        "act_needs_trigger": d.maybe("false", 0.2),
    }


def _clock(d: RuleDraw, within: Any) -> Plain:
    found: Plain = {}
    if within and d.odds(0.3):
        by = ("3 working days", "10 working days") if "working" in within else ("10 days", "1 month")
        found["extended"] = {"by": d.pick(*by), "when": d.occurrence()}
    if within and "working" not in within and d.odds(0.3):
        found["suspended"] = {"from": d.occurrence(), "to": d.occurrence()}
    return found


def minimum_gap(d: RuleDraw) -> Plain:
    return {
        "from": d.date() if d.odds(0.1) else d.occurrence(each=True),
        "to": d.date() if d.odds(0.05) else d.occurrence(),
        "at_least": d.span(),
        "start_day_counts": d.maybe("true", 0.2),
    }


def precedence(d: RuleDraw) -> Plain:
    if d.odds(0.5):
        gate = d.date() if d.odds(0.1) else d.occurrence(each=True)
        return {"before": gate, "require": latest(d)}
    require = d.date() if d.odds(0.05) else d.occurrence()
    dates = _shared(d, require, "date")
    return {
        "before": d.occurrence(each=True),
        "require": require,
        "valid_to": d.pick(*dates) if dates and d.odds(0.5) else None,
    }


def latest(d: RuleDraw) -> Plain:
    """The last one on or before the gate, of all, or of those that meet ``among``."""

    def among(step: Any) -> Plain:
        step = d.whole(step)
        return {**step, "among": d.condition(d.words.of_event(step["event"]))} if d.odds(0.4) else step

    if d.odds(0.3):
        return {"any_of": [among(step) for step in d.several()], "pick": "latest"}
    return {**among(d.step(odds=0.9)), "pick": "latest"}


def _events_of(occurrence: Any) -> list[str]:
    """The events that an occurrence names, its stand-in included."""
    if isinstance(occurrence, str):
        return [occurrence]
    steps = [occurrence, *occurrence.get("any_of", ()), *occurrence.get("all_of", ()), occurrence.get("otherwise", {})]
    found = [s if isinstance(s, str) else s.get("event") for s in steps]
    further = occurrence.get("otherwise", {})
    return [e for e in found if e] + (_events_of(further) if isinstance(further, dict) and further else [])


def _shared(d: RuleDraw, occurrence: Any, *types: str) -> list[str]:
    """The attributes of these types that every event of an occurrence carries."""
    carried = d.words.carrying(*types)
    named = set(_events_of(occurrence))
    return [name for name, events in carried.items() if named and named <= set(events)]


def count(d: RuleDraw) -> Plain:
    counted = {"people": d.people()} if d.odds(0.6) else {"events": d.occurrence(many=True)}
    limits = d.pick({"at_least": "2"}, {"at_most": "1"}, {"at_least": "1", "at_most": "2"}, {"at_most": "0"})
    gate = d.date() if d.odds(0.1) else d.occurrence(each=True)
    return {**counted, **limits, "at": d.maybe(gate, 0.8)}


def quota(d: RuleDraw) -> Plain:
    of = d.occurrence(many=True)
    numbers = _shared(d, of, "integer", "number")
    form = d.random.random()
    more = {"at_least": d.pick("1", "2")}
    if numbers and form < 0.4:
        more = {"sum": d.pick(*numbers), "at_least": d.pick("3", "4.5", "2000")}
    elif form < 0.6:
        more = {"distinct_days": "true", "at_least": "2"}
    dates = d.words.named("date")
    return {
        "per": "day" if d.odds(0.05) else d.pick("year", "half", "quarter", "month"),
        "of": of,
        **more,
        "service": d.maybe({s: d.pick(*dates) for s in d.pick(("from", "to"), ("from",), ("to",))}, 0.4),
    }


def recurrence(d: RuleDraw) -> Plain:
    every = d.pick("10 days", "1 month", "2 years", "1 year", "1 year")
    blocks = d.maybe("true", 0.3) if every.endswith(("year", "years")) else None
    return {"of": d.occurrence(many=True), "every": every, "blocks": blocks}


def fixed_date(d: RuleDraw) -> Plain:
    if d.odds(0.3):
        first, last = sorted((d.day(wide=True), d.day()))
        return {
            "do": d.occurrence(),
            "by": last,
            "not_before": d.maybe(first, 0.3),
            "roll": d.maybe("true"),
            "inclusive": d.maybe("false", 0.1),
            "replaced_by": d.maybe(d.date()["attribute"], 0.3),
        }
    do, recipients = d.occurrence(), None
    by = f"{d.base + dt.timedelta(days=d.pick(10, 10, -20)):%m-%d}"
    if d.odds(0.3):
        attribute, events = d.pick(*d.words.carrying("choice").items())
        do = d.step(tuple(events))
        values = d.words.of_event(d.whole(do)["event"])[attribute].values
        recipients = {"attribute": attribute, "each": d.random.sample(list(values), min(len(values), 2))}
    years = _shared(d, do, "integer")
    return {
        "do": do,
        "by": by if by != "02-29" else "02-28",
        "recipients": recipients,
        "not_before": d.maybe(d.pick(f"{by[:2]}-01", "12-31", "01-15"), 0.4),
        "roll": d.maybe("true"),
        "inclusive": d.maybe("false", 0.1),
        "report_year": {"attribute": d.pick(*years), "offset": d.pick("0", "-1", "1")}
        if years and d.odds(0.5)
        else None,
    }


def forbidden(d: RuleDraw) -> Plain:
    if d.odds(0.15):
        return {"state": d.condition()}
    return {
        "what": d.occurrence(many=True, each=d.odds(0.2)),
        "after": d.maybe(d.date() if d.odds(0.15) else d.occurrence(), 0.35),
        "unless": d.maybe(d.condition(), 0.4),
        "by_other_than": d.maybe(d.people(), 0.4),
    }


def identity(d: RuleDraw) -> Plain:
    years = d.words.named("integer")
    return {
        "checks": [_check(d) for _ in range(d.pick(1, 2, 3))],
        "tolerance": d.maybe("1", 0.3),
        "for_year": d.maybe(d.pick(*years), 0.25),
    }


def _check(d: RuleDraw) -> Plain:
    sign = {"is": d.pick("equal_to", "at_most", "at_least", "less_than", "more_than")}
    when = {"when": d.condition()} if d.odds(0.25) else {}
    own = {"tolerance": d.pick("0", "0.5", "100")} if d.odds(0.25) else {}
    whole, numbers, dates = d.words.named("integer"), d.words.named("integer", "number"), d.words.named("date")
    form = d.random.random()
    if form < 0.15:
        return {"left": [d.pick(*dates)], **sign, "right": [d.pick(*dates)], **when, **own}
    if form < 0.4:
        divided = {"of": d.pick(*whole), "in": d.pick(*whole)}
        return {d.pick("share", "per"): divided, **sign, "right": [d.pick(*numbers, "1.5", "100", "60")], **when, **own}
    term = [d.pick("", "-") + d.pick(*numbers) for _ in range(d.pick(1, 1, 2))]
    right = [d.pick(*numbers, "2", "-1"), *([f"-{d.pick(*numbers)}", "1.5"][: d.pick(0, 0, 1, 2)])]
    return {"left": term, **sign, "right": right, **when, **own}


def composition(d: RuleDraw) -> Plain:
    form = d.random.random()
    more: Plain
    if form < 0.4:
        of = d.whole(d.occurrence(many=True))
        more = {"of": {**of, **({"pick": "each"} if form < 0.2 else {})}}
        shared = _shared(d, of, "choice", "choices", "boolean")
        more = {**more, "elements": _elements(d, of, shared)} if shared else {"steps": [d.step()]}
    elif form < 0.6:
        more = {"elements": _elements(d, None, d.words.named("choice", "choices"))}
    elif form < 0.8:
        steps = [
            d.date() if d.odds(0.1) else d.occurrence() if d.odds(0.3) else d.step() for _ in range(d.pick(1, 2, 3))
        ]
        more = {"steps": steps}
    else:
        more = {"roles": [d.people() for _ in range(d.pick(1, 2))]}
    judged = d.random.random()
    if more.get("of", {}).get("pick") == "each" or judged < 0.3:
        return more
    if judged < 0.65:
        return {**more, "at": d.date() if d.odds(0.1) else d.occurrence()}
    return {**more, "by": d.day(), "replaced_by": d.maybe(d.date()["attribute"], 0.3)}


def _elements(d: RuleDraw, of: Plain | None, names: list[str]) -> dict[str, list[str]]:
    """Values of one attribute: of the record, or such as every event of an occurrence admits."""
    name = d.pick(*names)
    admitted: list[str] | None = None
    for event in _events_of(of) if of else ():
        values = list(d.words.of_event(event)[name].values)
        admitted = values if admitted is None else [v for v in admitted if v in values]
    known = list(d.words.own[name].values) if admitted is None else admitted
    return {name: d.random.sample(known, d.random.randint(1, min(2, len(known))))} if known else {name: ["true"]}


def separation(d: RuleDraw) -> Plain:
    gate = d.date() if d.odds(0.1) else d.occurrence()
    return {"first": d.people(), "second": d.people(), "at": d.maybe(gate, 0.6)}


def coverage(d: RuleDraw) -> Plain:
    other = type(d)(d.random, d.words.of(d.pick(*d.words.types)))
    other.base, other.near = d.base, d.near
    dates = other.words.named("date")
    return {
        "population": {"record": other.words.type, **({"where": other.condition()} if d.odds(0.4) else {})},
        "same": d.pick("organ", "organ", "organ", "jurisdiction"),
        "done": other.date() if d.odds(0.05) else other.occurrence(),
        **d.pick({"per": "year"}, {"per": "year"}, {"by": d.day()}, {}),
        "at_least": d.pick("100", "50", "33.3", "0"),
        "service": d.maybe({s: d.pick(*dates) for s in d.pick(("from", "to"), ("from",), ("to",))}, 0.4),
    }


def reference(d: RuleDraw) -> Plain:
    other = type(d)(d.random, d.words.of(d.pick(*d.words.types)))
    other.base, other.near = d.base, d.near
    name, events = d.pick(*d.words.carrying("text").items())
    of = d.step(tuple(events))
    if len(events) > 1 and d.odds(0.25):
        of = {"any_of": [d.step((event,)) for event in events[:2]]}
    return {"of": of, "refers_by": name, "to": other.words.type, "meets": other.condition()}


GENERATORS: dict[str, Callable[[RuleDraw], Plain]] = {
    function.__name__: function
    for function in (
        deadline, minimum_gap, precedence, count, quota, recurrence, fixed_date, forbidden, identity, composition,
        separation, coverage, reference,
    )
}  # fmt: skip

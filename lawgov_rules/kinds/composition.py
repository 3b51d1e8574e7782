"""A set of required elements must be complete.

Requires: every element is on record. `elements` names one attribute and the values it must have: of the event `of`
(one event for each value, or events that list several), or of the record itself where `of` is left out. Or `steps`:
each of several steps has been taken. Or `roles`: somebody is on record for each. Judged `at` a step (pending before),
or `by` a date (or the one that the record names under `replaced_by`); without both it stays open.
`of: {event: e, pick: each}` judges every event by itself: what one report contains, not all of them together.

Verdicts: compliant `complete`; violated `incomplete`, `late` (complete only after `by`); pending `not_due`, `open`;
not applicable `not_triggered` (with `pick: each`, no event); undetermined `people_unrecorded`, `fact_missing`.

Readings: other `elements`, `steps` or `roles`.

Example:
    kind: composition
    of: {event: legality_reviewed, pick: each}
    elements: {aspects: [legality, appropriateness, coordination]}

Limits: participants are complete once one is recorded.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, ClassVar, Literal

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from lawgov_rules.condition import NO_ITEM, Condition, put
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    LACKING,
    Columns,
    Constraint,
    Day,
    Force,
    Measured,
    Outstanding,
    day_of,
    gather,
    gather_columns,
    step_columns,
    step_of,
)
from lawgov_rules.kinds._others import check_date
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, evidence, plain, shown_day
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.people import People
from lawgov_rules.records import DAY
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import wrong
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import show_day

MOST = 62  # elements: a bit each in a number of 64 bits
Element = Occurrence | People | Condition


class Composition(Constraint):
    kind: Literal["composition"]
    of: Occurrence | None = None
    elements: dict[str, list[str]] = Field(default={})
    steps: list[Occurrence] = Field(default=[])
    roles: list[People] = Field(default=[])
    at: Occurrence | None = None
    by: Day | None = None
    replaced_by: str | None = None
    _elements: tuple[Element, ...] = PrivateAttr(default=())

    MEASURES = ("gate", "gate_step", "absent", "late", "due")
    DUE = ("due", "due")
    DONE = ("gate",)
    INSTANCES: ClassVar = ("of", "at")
    FIRST = "gate"
    JUDGEMENT = Judgement(
        row("not_applicable", "not_triggered", present("each"), absent("gate")),
        LACKING,
        row("pending", "open", present("gated"), absent("gate")),
        row("compliant", "complete", "absent <= 0", "late <= 0"),
        row("violated", "late", "absent <= 0"),
        row("pending", "not_due", "as_of <= due"),
        row("undetermined", "people_unrecorded", "recorded <= 0"),
        row("pending", "open", absent("due"), absent("gated")),
        row("violated", "incomplete", "absent > 0"),
    )

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Composition:
        if sum(map(bool, (self.elements, self.steps, self.roles))) != 1:
            raise ValueError("a composition names one of `elements`, `steps`, `roles`")
        if len(self.elements) > 1:
            raise wrong(("elements",), "`elements` names one attribute and its values", "", "write a rule for each")
        if self.of and (not self.elements or self.of.attribute or self.of.all_of or self.of.otherwise):
            raise wrong(("of",), "`of` is an event, or any of several, that carries the attribute of `elements`")
        if self.at and (self.at.pick != "first" or (self.of and self.of.pick == "each")):
            raise wrong(("at",), "`at` is picked as `first`, and stands without `of: {pick: each}`")
        if self.by and (self.at or (self.of and self.of.pick == "each")):
            raise wrong(("by",), "`by` stands without `at` and without `of: {pick: each}`")
        context: Context = info.context  # type: ignore[assignment]
        if self.replaced_by:
            check_date(self.replaced_by, context, alone=self.by is None)
        self._elements = tuple(self._bound(context))
        if len(self._elements) > MOST:
            raise ValueError(f"more than {MOST} elements")
        return self

    def _bound(self, context: Context) -> Iterator[Element]:
        yield from self.steps
        yield from self.roles
        for attribute, values in self.elements.items():
            if not values:
                raise wrong(("elements", attribute), f"`{attribute}` names no values")
            for value in values:
                where = {attribute: value}
                yield self._carried(where, context) if self.of else parse(where, context, ("elements",))

    def _carried(self, where: dict[str, str], context: Context) -> Occurrence:
        """The occurrence of `of` that carries one element."""
        assert self.of is not None
        found = []
        for step in self.of.steps:
            inner = Context(context.vocabulary, context.record_type, context.vocabulary.events[step.event].attributes)
            parse(
                where,
                Context(inner.vocabulary, inner.record_type, inner.item, step.event, of_event=True),
                ("elements",),
            )
            both = {"all": [step.where, where]} if step.where else where
            found.append({"event": step.event, "where": both})
        return Occurrence.model_validate({"any_of": found}, context=context)

    @functools.cached_property
    def parts(self) -> tuple[Element, ...]:
        return self._elements

    @functools.cached_property
    def _each(self) -> bool:
        return self.of is not None and self.of.pick == "each"

    @functools.cached_property
    def _gate(self) -> Occurrence | None:
        return self.of if self._each else self.at

    def _occurrences(self) -> list[Occurrence]:
        return [part for part in self.parts if isinstance(part, Occurrence)]

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.at,) if self.at else ()

    def _worlds(self, view: View | None) -> list[tuple[bool, bool]]:
        doubtful = any(isinstance(p, Condition) or len(p.choices_in(view)) > 1 for p in self.parts)
        gates = self._gate.choices_in(view) if self._gate else (True,)
        return list(product(gates, (True, False) if doubtful else (True,)))

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        if self._gate is None:
            yield Measured(None, True, [self._world(view, None, c) for _, c in self._worlds(view)])
            return
        for anchor in self._gate.anchors(view):
            worlds = [self._world(view, anchor.moments[a], c) for a, c in self._worlds(view)]
            yield Measured(anchor.key, anchor.certain, worlds)

    def _world(self, view: View, gate: Moment | None, certain: bool) -> Measures:
        missing, late = 0, 0
        named = view.record.attributes.get(self.replaced_by) if self.replaced_by else None
        due = self.by if named is None else int(named)
        for n, part in enumerate(self.parts):
            day = self._covered(part, view, gate, certain)
            missing |= (day is None) << n
            late |= (day is not None and due is not None and day > due) << n
        governs = gate.day if gate else view.as_of if due is None else due
        return {
            "gate": day_of(gate),
            "gate_step": step_of(gate),
            "absent": missing,
            "late": late,
            "recorded": len(view.record.participants) if self.roles else None,
            **self.fixed(view),
            "due": due,
            "as_of": view.as_of,
            "governs_from": governs,
            "governs_to": governs,
        }

    def _covered(self, part: Element, view: View, gate: Moment | None, certain: bool) -> int | None:
        """The day from which an element is on record; None while it is not."""
        day = gate.day if gate else view.as_of
        if isinstance(part, Condition):
            truth = part.truth(NO_ITEM, view, day)
            return 0 if truth or (truth is None and not certain) else None
        if isinstance(part, People):
            return 0 if part.count(view, day, certain) else None
        since = Moment(day * DAY, day * DAY) if self._each and gate else None
        until = Moment(day * DAY + DAY - 1, day * DAY + DAY - 1) if self._each and gate else gate
        return day_of(part.first(view, certain, since=since, until=until))

    @functools.cached_property
    def constants(self) -> dict[str, int | None]:
        found = {"each": 1 if self._each else None, "gated": 1 if self._gate else None}
        never = ([] if self._gate else ["gate"]) + ([] if self.roles else ["recorded"])
        limit: dict[str, int | None] = {"due": None, "late": 0} if self.by is None else {"due": self.by}
        return super().constants | found | dict.fromkeys(never) | ({} if self.replaced_by else limit)

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        from lawgov_rules.columns import anchors

        frame, moments = anchors(records, self._gate) if self._gate else (records, {True: None})
        doubts = gather_columns(frame, self._gate, *self._occurrences())
        cases = [self._column_world(frame, moments[choice], certain) for choice, certain in self._worlds(None)]
        for gate in moments.values():
            self._put_doubts(doubts, frame, gate)
        return Columns(frame, cases, doubts)

    def _column_world(self, frame: Any, gate: Any, certain: bool) -> dict[str, Any]:
        import ibis
        from ibis import _

        as_of = frame.sources.as_of
        days = [self._covered_column(part, frame, gate, certain) for part in self.parts]
        late: Any = 0
        due: Any = ibis.coalesce(_[f"r_{self.replaced_by}"], self.by) if self.replaced_by else self.by
        if due is not None:
            late = _mask([ibis.coalesce(day > due, False) for day in days])
        governs = ibis.coalesce(gate.day, as_of) if gate else as_of if due is None else due
        return {
            "gate": gate.day if gate else None,
            **step_columns(gate=gate),
            "absent": _mask([day.isnull() for day in days]),
            "late": late,
            "recorded": frame.any_person() if self.roles else None,
            **self.constants,
            "due": due,
            **self.lacking_columns(),
            "as_of": as_of,
            "governs_from": governs,
            "governs_to": governs,
        }

    def _covered_column(self, part: Element, frame: Any, gate: Any, certain: bool) -> Any:
        """The mirror of `_covered`."""
        import ibis

        from lawgov_rules.columns import truth_of

        null, as_of = ibis.null("int64"), frame.sources.as_of
        if isinstance(part, Condition):
            truth, _missing = truth_of(part, frame, ibis.coalesce(gate.day, as_of) if gate else as_of)
            return ibis.ifelse(ibis.coalesce(truth, not certain), 0, null)
        if isinstance(part, People):
            sure, may, _absent, stage = part.columns(frame, gate)
            number = frame.count_people(sure if certain else may, role=part.role, distinct=True, stage=stage)
            return ibis.ifelse(number > 0, 0, null)
        since = type(gate)(gate.day * DAY, gate.day * DAY, gate.stage) if self._each else None
        end = gate.day * DAY + (DAY - 1) if self._each else None
        until = type(gate)(end, end, gate.stage) if self._each else gate
        day = frame.first(part, certain, since=since, until=until).day
        # without a gate everything until the as-of day counts, as for one record
        return (
            day if gate is None or self._each else ibis.ifelse(gate.low.isnull(), frame.first(part, certain).day, day)
        )

    def _put_doubts(self, doubts: dict[str, Any], frame: Any, gate: Any) -> None:
        import ibis

        from lawgov_rules.columns import truth_of

        as_of = frame.sources.as_of
        for part in self.parts:
            found: dict[str, Any] = {}
            if isinstance(part, Condition):
                truth, found = truth_of(part, frame, ibis.coalesce(gate.day, as_of) if gate else as_of)
                found = {name: truth.isnull() & gone for name, gone in found.items()}
            elif isinstance(part, People):
                found = part.doubt_columns(frame, gate)
            for name, gone in found.items():
                put(doubts, name, gone)

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        found = gather(view, self._gate, *self._occurrences())
        anchors = self._gate.anchors(view) if self._gate else []
        days = [m.day if m else view.as_of for a in anchors if a.key == key for m in a.moments.values()]
        for day in days or [view.as_of]:
            for part in self.parts:
                if isinstance(part, Condition):
                    found |= part.missing(NO_ITEM, view, day)
                elif isinstance(part, People):
                    found |= part.missing(view, day)
        return found

    def describe(self, prose: Prose) -> str:
        t = prose.t
        told = [prose.occurrence(step) for step in self.steps] or [prose.people(role) for role in self.roles]
        names = prose.all_of(told or [self._label(n, prose) for n in range(len(self.parts))])
        what = next((prose.attribute(name) for name in self.elements), "")
        if self.of:
            of = prose.occurrence(self.of)
            said = t(f"{of}的{what}应包括{names}", f"{what} of {of} must cover {names}")
        elif what:
            said = t(f"{what}应包括{names}", f"{what} must cover {names}")
        else:
            said = t(f"应有{names}", f"there must be {names}")
        if self.at:
            at = prose.occurrence(self.at)
            return t(f"到{at}时，{said}", f"by {at}, {said}")
        day = prose.date(shown_day(self.by)) if self.by is not None else ""
        if not day:
            return said
        other = prose.attribute(self.replaced_by) if self.replaced_by else ""
        moved = t(f"（记有“{other}”的，以该日为准）", f" (or by “{other}” where it is on record)") if other else ""
        return t(f"{day}前{moved}，{said}", f"by {day}{moved}, {said}")

    def outstanding(self, measures: Measures) -> Outstanding | None:
        due = measures["due"]
        return Outstanding(due, due) if due is not None and measures["absent"] else None

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        gate, missing = measures["gate"], int(measures["absent"] or 0)
        names = self.names
        return Explanation(
            due=shown_day(measures["due"]),
            actual=shown_day(gate),
            required=", ".join(names),
            measured=f"{len(names) - missing.bit_count()} of {len(names)}",
            over_by=", ".join(names[n] for n in range(len(names)) if missing >> n & 1),
            evidence=evidence(self._gate, gate, measures["gate_step"]),
        )

    @functools.cached_property
    def names(self) -> list[str]:
        """The elements as the rule writes them; of steps of one event ``body_established{members: expert}``."""
        if self.elements:
            return next(iter(self.elements.values()))
        if self.roles:
            return [role.role for role in self.roles]
        events = ["|".join(step.names()) for step in self.steps]
        asked: list[set[str]] = [
            {f"{key}: {value}" for s in step.steps for key, value in plain(s.where)} for step in self.steps
        ]
        alike = {name: [own for own, event in zip(asked, events, strict=True) if event == name] for name in events}
        apart = [
            sorted(own - functools.reduce(operator.and_, alike[name])) for own, name in zip(asked, events, strict=True)
        ]
        return [name + (f"{{{'; '.join(own)}}}" if own else "") for name, own in zip(events, apart, strict=True)]

    def labels(self, words: Words) -> dict[str, str]:
        """The elements in words, by their names."""
        return {name: self._label(n, words) for n, name in enumerate(self.names)}

    def _label(self, number: int, words: Words) -> str:
        part = self.parts[number]
        if isinstance(part, People):
            return words.role(part.role)
        if self.elements:
            attribute, values = next(iter(self.elements.items()))
            kind = words.vocabulary.attributes[attribute]
            return kind.values[values[number]].label(words.lang) if kind.values else values[number]
        return words.event(part) if isinstance(part, Occurrence) else ""

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        gate, missing, late = measures["gate"], int(measures["absent"] or 0), int(measures["late"] or 0)
        count = len(self.parts)
        joint = words.t("、", ", ")
        if self._each and gate is None:
            return words.t(f"没有{words.record(self.of)}", f"no {words.record(self.of)}") if self.of else ""
        lost = joint.join(self._label(n, words) for n in range(count) if missing >> n & 1)
        said = words.t(f"应有{count}项", f"{count} required")
        if missing and verdict == Verdict.undetermined:
            said += words.t(f"，是否都有尚不清楚：{lost}", f", not clear whether these are there: {lost}")
        elif missing:
            said += words.t(f"，缺{missing.bit_count()}项：{lost}", f", {missing.bit_count()} missing: {lost}")
        elif late:
            names = joint.join(self._label(n, words) for n in range(count) if late >> n & 1)
            due = shown_day(measures["due"])
            said += words.t(f"，{due}之后才有：{names}", f", only after {due}: {names}")
        else:
            said += words.t("，全部具备", ", all there")
        if self._gate is None:
            return said
        label = words.event(self._gate, measures["gate_step"])
        if gate is None:
            return words.t(f"尚无“{label}”；目前{said}", f"no “{label}” yet; so far {said}")
        return words.t(f"{label}：{show_day(gate)}；{said}", f"{label} {show_day(gate)}; {said}")


def _mask(truths: list[Any]) -> Any:
    """A bit for each that is true."""
    import ibis

    return functools.reduce(operator.add, (ibis.ifelse(truth, 1 << n, 0) for n, truth in enumerate(truths)))

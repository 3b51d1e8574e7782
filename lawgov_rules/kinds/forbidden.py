"""Something must not happen, or only under a condition, or only by qualified people.

Requires: no `what`, or the record never in the `state` that a condition describes; after `after` only, if that is
given; `unless` a condition holds on its day; with `by_other_than` only what is done while a person of that role is on
record who is not among those described counts. Every day on which it happened is an instance.

Verdicts: violated `happened`, `unqualified`; compliant `never_happened`, `excepted`, `qualified`; not applicable
`not_triggered` (before `after`); undetermined `people_unrecorded`, `fact_missing`.

Readings: another `unless` or `by_other_than`.

Example:
    kind: forbidden
    what: {any_of: [case_opened, investigated, decided]}
    by_other_than: {role: enforcement_officer, where: {certified: true}, valid: {to: certificate_valid_to}}

Limits: `happened` inside `unless` looks back from the day of the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import Any, ClassVar, Literal

from pydantic import PrivateAttr, ValidationInfo, model_validator

from lawgov_rules.condition import NO_ITEM, Condition, Truth, put
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import (
    LACKING,
    Columns,
    Constraint,
    Force,
    Measured,
    gather,
    gather_columns,
    step_columns,
    step_of,
)
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, evidence, shown_day
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.people import People
from lawgov_rules.step import parse
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import show_day


class Forbidden(Constraint):
    kind: Literal["forbidden"]
    what: Occurrence | None = None
    state: Any = None
    after: Occurrence | None = None
    unless: Any = None
    by_other_than: People | None = None
    _unless: Condition | None = PrivateAttr(default=None)
    _state: Condition | None = PrivateAttr(default=None)
    _each: Occurrence | None = PrivateAttr(default=None)

    MEASURES = ("act", "act_step", "excepted", "recorded", "bad")
    DONE = ("act",)
    INSTANCES: ClassVar = ("what",)
    # a state is one of the as-of day; an act is told by its instance
    DAILY: ClassVar = ("act",)
    IF_NOT: ClassVar = Verdict.compliant
    JUDGEMENT = Judgement(
        row("compliant", "never_happened", absent("act")),
        LACKING,
        row("not_applicable", "not_triggered", absent("engaged")),
        row("compliant", "excepted", present("excepted")),
        row("violated", "unqualified", "recorded <= 0", present("hopeless")),
        row("undetermined", "people_unrecorded", "recorded <= 0"),
        row("violated", "unqualified", "bad > 0"),
        row("compliant", "qualified", present("recorded")),
        row("violated", "happened", present("act")),
    )

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Forbidden:
        if (self.what is None) == (self.state is None):
            raise ValueError("name `what` must not happen, or the `state` that must not be, and not both")
        if self.state is not None and (self.after or self.by_other_than or self.unless is not None):
            raise ValueError("`state` stands alone: say the rest in the rule's `when` and `unless`")
        if self.what is None:
            self._state = parse(self.state, info.context, ("state",))  # type: ignore[arg-type]
            return self
        if self.what.attribute or self.what.all_of or self.what.otherwise or self.what.pick == "latest":
            raise ValueError("`what` must be an event, or any of several")
        if self.after and self.after.pick != "first":
            raise ValueError("`after` is picked as `first`")
        if self.unless is not None:
            self._unless = parse(self.unless, info.context, ("unless",))  # type: ignore[arg-type]
        each = self.what.model_dump(by_alias=True, exclude_none=True) | {"pick": "each"}
        self._each = Occurrence.model_validate({k: v for k, v in each.items() if v != []}, context=info.context)
        return self

    def acts(self) -> tuple[str, ...]:
        return self.DONE if self.what else ()

    def slots(self) -> tuple[Occurrence, ...]:
        return (self.after,) if self.after else ()

    @cached_property
    def constants(self) -> dict[str, int | None]:
        found: dict[str, int | None] = {} if self.after else {"engaged": 1}
        found |= {} if self._unless else {"excepted": None}
        return (
            super().constants | found | ({} if self.by_other_than else dict.fromkeys(("recorded", "bad", "hopeless")))
        )

    def _worlds(self, view: View | None, unless: Truth = None) -> list[tuple[bool, bool, bool]]:
        """By ``after``, ``unless`` (whose truth may be known of a record) and people."""
        people = self.by_other_than.choices_in(view) if self.by_other_than else (True,)
        after = self.after.choices_in(view) if self.after else (True,)
        return list(product(after, (True, False) if unless is None else (True,), people))

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        if self._each is None:
            yield Measured(None, True, [self._state_world(view, certain) for certain in (True, False)])
            return
        for anchor in self._each.anchors(view):
            act = anchor.moments[True]
            unless = self._unless.truth(NO_ITEM, view, act.day) if self._unless and act else False
            cases = [self._world(view, act, unless, *choice) for choice in self._worlds(view, unless)]
            yield Measured(anchor.key, anchor.certain, cases)

    def _state_world(self, view: View, certain: bool) -> Measures:
        truth = self._state.truth(NO_ITEM, view, view.as_of) if self._state else None
        held = truth or (truth is None and not certain)
        return {
            "act": view.as_of if held else None,
            "act_step": None,
            "engaged": 1,
            "as_of": view.as_of,
            "governs_from": view.as_of,
            "governs_to": view.as_of,
        }

    def _world(
        self, view: View, act: Moment | None, truth: Truth, after: bool, unless: bool, certain: bool
    ) -> Measures:
        day = act.day if act else view.as_of
        started = self.after.first(view, after, until=act) if self.after and act else None
        people = self.by_other_than if act else None
        return {
            "act": act.day if act else None,
            "act_step": step_of(act),
            "engaged": 1 if self.after is None or started else None,
            "excepted": 1 if truth or (truth is None and not unless) else None,
            "recorded": people.recorded(view) if people else None,
            "bad": people.count_outside(view, day, certain) if people else None,
            "hopeless": 1 if people and people.hopeless(view) else None,
            **self.fixed(view),
            "as_of": view.as_of,
            "governs_from": day,
            "governs_to": day,
        }

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis

        from lawgov_rules.columns import anchors, truth_of

        if self._each is None:
            return self._state_columns(records)
        frame, moments = anchors(records, self._each)
        act, as_of, null = moments[True], frame.sources.as_of, ibis.null("int64")
        day = ibis.coalesce(act.day, as_of)
        doubts = gather_columns(frame, self._each, self.after)
        truth: Any = None
        if self._unless:
            truth, missing = truth_of(self._unless, frame, day)
            for name, gone in missing.items():
                put(doubts, name, truth.isnull() & gone)
        if self.by_other_than:
            for name, gone in self.by_other_than.doubt_columns(frame, act).items():
                put(doubts, name, gone)
        cases = []
        for after, unless, certain in self._worlds(None, None if self._unless else False):
            started = frame.first(self.after, after, until=act).low.notnull() if self.after else None
            excepted = (
                ibis.ifelse(act.low.notnull() & ibis.coalesce(truth, not unless), 1, null)
                if truth is not None
                else None
            )
            bad, recorded = self._bad(frame, act, certain)
            cases.append(
                {
                    "act": act.day,
                    **step_columns(act=act),
                    "engaged": 1 if started is None else ibis.ifelse(started, 1, null),
                    "excepted": excepted,
                    "bad": bad,
                    "recorded": recorded,
                    "hopeless": self._hopeless(),
                    "as_of": as_of,
                    **self.lacking_columns(),
                    **self.constants,
                    "governs_from": day,
                    "governs_to": day,
                }
            )
        return Columns(frame, cases, doubts)

    def _state_columns(self, records: Any) -> Columns:
        import ibis

        from lawgov_rules.columns import truth_of

        as_of = records.sources.as_of
        assert self._state is not None
        truth, missing = truth_of(self._state, records, as_of)
        same = {"act_step": None, "engaged": 1, "as_of": as_of, "governs_from": as_of, "governs_to": as_of}
        acts = [ibis.ifelse(ibis.coalesce(truth, not c), as_of, ibis.null("int64")) for c in (True, False)]
        doubts = {name: truth.isnull() & gone for name, gone in missing.items()}
        return Columns(records, [{**same, "act": act} for act in acts], doubts)

    def _hopeless(self) -> Any:
        import ibis

        truth = self.by_other_than.hopeless_column() if self.by_other_than else None
        return None if truth is None else ibis.ifelse(truth, 1, ibis.null("int64"))

    def _bad(self, frame: Any, act: Any, certain: bool) -> tuple[Any, Any]:
        import ibis

        if self.by_other_than is None:
            return None, None
        role, null = self.by_other_than.role, ibis.null("int64")
        sure, may, _absent, stage = self.by_other_than.columns(frame, act)
        everybody = frame.count_people(None, role=role, distinct=True, stage=stage)
        bad = everybody - frame.count_people(sure if certain else may, role=role, distinct=True, stage=stage)
        here = act.low.notnull()
        return ibis.ifelse(here, bad, null), ibis.ifelse(here, frame.any_person(role), null)

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        if self._state:
            return self._state.missing(NO_ITEM, view, view.as_of)
        found = gather(view, self._each, self.after)
        if key is not None or self._unless or self.by_other_than:
            day = view.as_of if key is None else key
            found |= self._unless.missing(NO_ITEM, view, day) if self._unless else frozenset()
            found |= self.by_other_than.missing(view, day) if self.by_other_than else frozenset()
        return found

    def describe(self, prose: Prose) -> str:
        t = prose.t
        if self._state:
            state = prose.condition(self._state)
            return t(f"不得有此情形：{state}", f"it must not be that {state}")
        what = prose.occurrence(self.what) if self.what else ""
        said = t(f"不得有{what}", f"{what} must not happen")
        if self.by_other_than:
            who = prose.people(self.by_other_than)
            said = t(f"{what}只能由{who}进行", f"{what} only by {who}")
        if self.after:
            start = prose.occurrence(self.after)
            said = t(f"{start}之后，{said}", f"after {start}, {said}")
        unless = prose.condition(self._unless) if self._unless else ""
        return said + (t(f"，但以下情形除外：{unless}", f", unless {unless}") if unless else "")

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        act = measures["act"]
        if self.what is None:
            return Explanation()
        return Explanation(actual=shown_day(act), evidence=evidence(self.what, act, measures["act_step"]))

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        act, bad = measures["act"], measures["bad"]
        if self.what is None:
            return (
                words.t("不得有的情形存在", "what must not be is so") if act else words.t("没有该情形", "it is not so")
            )
        if act is None:
            return words.t(f"没有{words.record(self.what)}", f"no {words.record(self.what)}")
        label = words.event(self.what, measures["act_step"])
        said = words.t(f"{label}：{show_day(act)}", f"{label} {show_day(act)}")
        if measures["excepted"]:
            return said + words.t("，符合允许的条件", ", which was allowed")
        if self.by_other_than is None:
            return (
                said + words.t("，不符合允许的条件", ", which was not allowed") if verdict == Verdict.violated else said
            )
        who = words.role(self.by_other_than.role)
        if not measures["recorded"]:
            return said + words.t(f"，没有登记{who}", f", no {who} on record")
        if verdict == Verdict.undetermined:
            return said + words.t(f"，{who}是否具备资格尚不清楚", f", whether every {who} was qualified is not clear")
        if bad:
            return said + words.t(f"，当日有{bad}名{who}不具备资格", f", {bad} {who} not qualified on that day")
        return said + words.t(f"，{who}均具备资格", f", every {who} qualified")

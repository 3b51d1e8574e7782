"""What an event refers to must itself be in order.

Requires: the record of the type `to` whose id stands in the attribute `refers_by` of the event `of` meets the
condition `meets`, as it was on the day of the event (`happened` looks back from that day): a document cited as a basis
had been published. Every day on which the event happened is an instance.

Verdicts: compliant `sound`; violated `unsound`; not applicable `not_triggered` (no such event); undetermined
`record_missing` (the record it refers to was not given), `fact_missing`.

Readings: another `meets`.

Example:
    kind: reference
    of: decided
    refers_by: basis_document
    to: normative_document
    meets: {happened: published}

Limits: the other record is looked for among those given to the same check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from pydantic import PrivateAttr, ValidationInfo, model_validator

from lawgov_rules.condition import NO_ITEM, Condition
from lawgov_rules.errors import did_you_mean, shown
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import Columns, Constraint, Force, Link, Measured, gather, gather_columns
from lawgov_rules.kinds._others import check_type, prefixed
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, evidence, shown_day
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.records import DAY, Record
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import wrong
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import Vocabulary, show_day


class Reference(Constraint):
    kind: Literal["reference"]
    of: Occurrence
    refers_by: str
    to: str
    meets: Any
    _each: Occurrence = PrivateAttr()
    _meets: Condition = PrivateAttr()

    MEASURES = ("act", "act_step", "bad", "lost", "blank")
    DONE = ("act",)
    INSTANCES: ClassVar = ("of", "refers_by", "to")
    JUDGEMENT = Judgement(
        row("not_applicable", "not_triggered", absent("act")),
        row("violated", "unsound", "bad > 0"),
        row("undetermined", "record_missing", "lost > 0"),
        row("undetermined", "fact_missing", "blank > 0"),
        row("compliant", "sound", present("act")),
    )

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Reference:
        context: Context = info.context  # type: ignore[assignment]
        words = context.vocabulary
        if self.of.attribute or self.of.all_of or self.of.otherwise or self.of.pick == "latest":
            raise wrong(("of",), "`of` must be an event, or any of several")
        for event in self.of.names():
            known = [a for a in words.events[event].attributes if words.attributes[a].type == "text"]
            if self.refers_by not in known:
                reason = f"`{shown(self.refers_by)}` is not a text of `{event}`"
                raise wrong(("refers_by",), reason, self.refers_by, did_you_mean(self.refers_by, known))
        self._meets = parse(self.meets, check_type(self.to, context, ("to",)), ("meets",))
        each = self.of.model_dump(by_alias=True, exclude_none=True) | {"pick": "each"}
        self._each = Occurrence.model_validate({k: v for k, v in each.items() if v != []}, context=context)
        return self

    def others(self) -> frozenset[str]:
        return frozenset({self.to})

    def looks_at(self, record: Record) -> Iterable[Link]:
        named = (event.attributes.get(self.refers_by) for event in record.events if event.name in self.of.names())
        return [Link("id", self.to, str(id_)) for id_ in dict.fromkeys(named) if id_ is not None]

    # one record

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        for anchor in self._each.anchors(view):
            act = anchor.moments[True]
            day = act.day if act else None
            cases: list[Measures] = []
            for certain in (True, False):
                bad, lost, blank = self._count(view, day, certain)
                cases.append(
                    {
                        "act": day,
                        "act_step": act.step if act else None,
                        "bad": bad,
                        "lost": lost,
                        "blank": blank,
                        "as_of": view.as_of,
                        "governs_from": view.as_of if day is None else day,
                        "governs_to": view.as_of if day is None else day,
                    }
                )
            yield Measured(anchor.key, anchor.certain, cases)

    def _referred(self, view: View, day: int | None) -> Iterator[tuple[str | None, Record | None]]:
        """What the events of a day refer to: the id (None: not written down) and the record (None: not given)."""
        for event, _truth in self._each.events(view):
            if event.day == day:
                id_ = event.attributes.get(self.refers_by)
                known = view.population.record(self.to, str(id_)) if view.population and id_ is not None else None
                yield None if id_ is None else str(id_), known

    def _count(self, view: View, day: int | None, certain: bool) -> tuple[int, int, int]:
        """References that fail (those in doubt too if not ``certain``), that lead nowhere, that are not written."""
        bad = lost = blank = 0
        for id_, record in self._referred(view, day):
            truth = self._meets.truth(NO_ITEM, view.of(record), int(day or 0)) if record else True
            bad += truth is False or (truth is None and not certain)
            lost += id_ is not None and record is None
            blank += id_ is None
        return bad, lost, blank

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        found = gather(view, self._each)
        for _id, record in self._referred(view, key):
            if record:
                found |= prefixed(self.to, self._meets.missing(NO_ITEM, view.of(record), int(key or 0)))
        return found

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    # many records

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis
        from ibis import _

        from lawgov_rules.columns import each_day

        as_of = records.sources.as_of
        shown_ = repr((self._each, self.refers_by, self.to, self.meets))
        counts, names = records.ask(("reference", shown_), lambda: self._counted(records))
        key = ("reference", repr((self._each, self.refers_by, self.to)))
        frame = records.instances(key, lambda: each_day(records, self._each))
        # a reading may ask another condition of the same records: its counts are joined behind the others
        wanted = ("bad_sure", "bad_may", *COUNTS, *names.values())
        number = frame.ask(("reference", shown_), lambda: frame.joined(counts, ("_rid", "_day"), wanted))
        day = ibis.coalesce(_.at_low // DAY, as_of)
        act = ibis.ifelse(_.at_low.isnull(), ibis.null("int64"), _.at_low // DAY)
        same = {
            "act": act,
            "act_step": ibis.ifelse(_.at_low.isnull(), ibis.null("int64"), _.at_step),
            **{name: ibis.coalesce(number[name], 0) for name in COUNTS},
            "as_of": as_of,
            "governs_from": day,
            "governs_to": day,
        }
        cases = [{**same, "bad": ibis.coalesce(number[name], 0)} for name in ("bad_sure", "bad_may")]
        doubts = gather_columns(frame, self._each)
        doubts |= {fact: ibis.coalesce(number[column], False) for fact, column in names.items()}
        return Columns(frame, cases, doubts)

    def _counted(self, records: Any) -> tuple[Any, dict[str, str]]:
        """By record and day: how many references fail, lead nowhere, are not written; the doubts by column."""
        import ibis
        from ibis import _

        from lawgov_rules.columns import Frame, truth_of
        from lawgov_rules.frames import fields_read

        sources = records.sources
        others = sources.other(self.to)
        events = sources.events
        events = events.inner_join(sources.records, events.erid == sources.records.rid)
        events = events.filter(records.meant(self._each.steps, False))
        events = events.select(_rid=_.rid, _day=_.low // DAY, _id=_[f"e_{self.refers_by}"])
        asked = events.filter(_._id.notnull()).select("_id", "_day").distinct()
        base = others.records.inner_join(asked, others.records.id == asked._id).drop("_id").rename(key="_day")
        frame = Frame(others, base, ("rid", "key"))
        truth, lacking = truth_of(self._meets, frame, _.key)
        names = {fact: f"doubt_{n}" for n, fact in enumerate(sorted(lacking))}
        kept = {column: truth.isnull() & lacking[fact] for fact, column in names.items()}
        known = frame.build({"id", "key"} | fields_read([truth, kept])).mutate(_truth=truth, **kept)
        known = known.select("id", "key", "_truth", *names.values())
        joined = events.left_join(known, [events._id == known.id, events._day == known.key])
        found = joined.group_by(["_rid", "_day"]).agg(
            bad_sure=(~ibis.coalesce(_._truth, True)).sum(),
            bad_may=(_.id.notnull() & ~ibis.coalesce(_._truth, False)).sum(),
            lost=(_._id.notnull() & _.id.isnull()).sum(),
            blank=_._id.isnull().sum(),
            **{column: ibis.coalesce(_[column].any(), False) for column in names.values()},
        )
        facts = {next(iter(prefixed(self.to, frozenset({fact})))): column for fact, column in names.items()}
        return sources.materialise(found), facts

    # words

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        if detail == "record_missing":
            return (f"{self.to}/",)
        return tuple(f"{event}.{self.refers_by}" for event in self.of.names()) if detail == "fact_missing" else ()

    def describe(self, prose: Prose) -> str:
        of, label = prose.occurrence(self.of), prose.attribute(self.refers_by)
        type_, meets = prose.vocabulary.record_types[self.to].label(prose.lang), prose.condition(self._meets)
        return prose.t(
            f"{of}的“{label}”所指的{type_}，当日应当{meets}",
            f"the {type_} that “{label}” of {of} names must satisfy on that day: {meets}",
        )

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        act = measures["act"]
        return Explanation(
            actual=shown_day(act),
            measured=f"{measures['bad'] or 0} not in order",
            evidence=evidence(self.of, act, measures["act_step"]),
        )

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        act = measures["act"]
        if act is None:
            return words.t(f"没有{words.record(self.of)}", f"no {words.record(self.of)}")
        label = words.event(self.of, measures["act_step"])
        type_ = words.vocabulary.record_types[self.to].label(words.lang)
        said = words.t(f"{label}：{show_day(act)}", f"{label} {show_day(act)}")
        bad, lost, blank = (int(measures[n] or 0) for n in ("bad", "lost", "blank"))
        if bad:
            said += words.t(f"，所引{type_}{bad}件当日不符合要求", f", {bad} {type_} not in order on that day")
        if lost:
            said += words.t(f"，所引{type_}{lost}件未提供案卷", f", {lost} {type_} not at hand")
        if blank:
            said += words.t(f"，{blank}次没有写明所引{type_}", f", {blank} times no {type_} named")
        if not (bad or lost or blank):
            said += words.t(f"，所引{type_}符合要求", f", the {type_} was in order")
        return said


COUNTS = ("lost", "blank")

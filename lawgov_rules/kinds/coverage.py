"""A share of a population of records must have something done.

Requires: of the `population` (records of a type that meet its `where`), at least `at_least` percent have `done`: in
every whole calendar year in force (`per: year`), `by` a date, or without a limit. `same: organ` takes the records of
the record's own organ, `same: jurisdiction` those of its place. With `service` a member counts for a period only if
the dates of those two attributes of the member enclose its last day.

Verdicts: compliant `enough`; violated `short`, `missing` (none); pending `not_due`, `open` (no limit); not applicable
`no_population` (nobody to count), `part_period`, `no_period`; undetermined `record_missing` (no record of that type was
given), `fact_missing`.

Readings: another `at_least`; `at_least: 0` is the reading that the text names no share.

Example:
    kind: coverage
    population: {record: enforcement_officer, where: {in_post: true}}
    same: organ
    done: trained
    per: year
    at_least: 100

Limits: the population is what is given to the check; one that was never recorded cannot be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, model_validator

from lawgov_rules.condition import NO_ITEM, Condition
from lawgov_rules.days import new_year, to_date, to_day
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import Columns, Constraint, Day, Force, Link, Measured, Outstanding
from lawgov_rules.kinds._others import bound_occurrence, check_type, prefixed
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words, shown_day
from lawgov_rules.occurrence import Moment, Occurrence
from lawgov_rules.people import Valid
from lawgov_rules.records import DAY, Record
from lawgov_rules.step import Context, parse
from lawgov_rules.turning import earliest
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import MILLION, Vocabulary, show_number


class Members(BaseModel):
    """Which records of a type count."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    record: str
    where: Any = None


class Coverage(Constraint):
    kind: Literal["coverage"]
    population: Members
    same: Literal["organ", "jurisdiction"]
    done: Any
    per: Literal["year"] | None = None
    by: Day | None = None
    at_least: Decimal = Field(ge=0, le=100)
    service: Valid = Valid()
    _where: Condition | None = PrivateAttr(default=None)
    _done: Occurrence = PrivateAttr()

    MEASURES = ("start", "end", "total", "met", "target")
    DUE = ("end", "end")
    INSTANCES: ClassVar = ("population", "same", "per", "by")
    COUNTS: ClassVar = ("recorded", "total", "met", "share")
    JUDGEMENT = Judgement(
        row("not_applicable", "no_period", present("yearly"), absent("start")),
        row("undetermined", "record_missing", "recorded <= 0"),
        row("not_applicable", "no_population", "total <= 0"),
        # a reading that asks for nothing is not met before the time has come
        row("pending", "not_due", "target <= 0", "share <= 0", "as_of <= end"),
        row("compliant", "enough", "share >= target"),
        row("pending", "open", absent("end")),
        row("pending", "not_due", "as_of <= end"),
        row("violated", "missing", "met <= 0"),
        row("violated", "short", "share < target"),
    )

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Coverage:
        context: Context = info.context  # type: ignore[assignment]
        if self.per and self.by is not None:
            raise ValueError("`per` and `by` do not stand together")
        other = check_type(self.population.record, context, ("population", "record"))
        self._done = bound_occurrence(self.done, other, ("done",))
        if self._done.pick != "first":
            raise ValueError("`done` is picked as `first`")
        if self.population.where is not None:
            self._where = parse(self.population.where, other, ("population", "where"))
        return self

    def others(self) -> frozenset[str]:
        return frozenset({self.population.record})

    def instances(self, force: Force, as_of: int) -> list[dict[str, int]]:
        """Every whole calendar year in force that has begun: its first and last day."""
        found = []
        for year in range(to_date(force.first).year, to_date(as_of).year + 1):
            start, end = (
                to_day(to_date(force.first).replace(year=year, month=m, day=d)) for m, d in ((1, 1), (12, 31))
            )
            if force.first <= start and (force.last is None or end <= force.last):
                found.append({"key": start, "end": end})
        return found

    # one record

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        if self.per is None:
            yield Measured(None, True, [self._world(view, None, self.by, certain) for certain in (True, False)])
            return
        years = self.instances(force, view.as_of)
        for line in years:
            cases = [self._world(view, line["key"], line["end"], certain) for certain in (True, False)]
            yield Measured(line["key"], True, cases)
        if not years:
            yield Measured(None, True, [{"yearly": 1, "as_of": view.as_of}] * 2)

    def _members(self, view: View) -> list[Record]:
        if view.population is None:
            return []
        type_, record = self.population.record, view.record
        if self.same == "organ":
            return view.population.of_organ(type_, record.organ)
        return list(view.population.of_place(type_, record.jurisdiction))

    def _world(self, view: View, start: int | None, end: int | None, certain: bool) -> Measures:
        """Counted so that the share is the least (``certain``) or the greatest that the facts allow."""
        total = met = 0
        members = self._members(view)
        for member in members:
            counted, done = self._member(view.of(member), start, end)
            if certain:
                met += counted is True and done is True
                total += counted is True or (counted is None and done is not True)
            else:
                met += counted is not False and done is not False
                total += counted is True or (counted is None and done is not False)
        governs = (view.as_of, view.as_of) if end is None else (end if start is None else start, end)
        return {
            "start": start,
            "end": end,
            "total": total,
            "met": met,
            "recorded": len(members),
            **self.constants,
            "share": met * 100 * MILLION // total if total else 0,
            "as_of": view.as_of,
            "governs_from": governs[0],
            "governs_to": governs[1],
        }

    @cached_property
    def constants(self) -> dict[str, int | None]:
        found = {"yearly": 1 if self.per else None, "target": int(self.at_least * MILLION)}
        return super().constants | found | ({} if self.per else {"start": None, "end": self.by})

    def _member(self, member: View, start: int | None, end: int | None) -> tuple[bool | None, bool | None]:
        """Whether a member counts, and whether it has it done (None: in doubt)."""
        last = member.as_of if end is None else min(end, member.as_of)
        known = member.record.attributes
        begun, gone = (known.get(name) if name else None for name in (self.service.from_, self.service.to))
        if (begun is not None and int(begun) > last) or (gone is not None and int(gone) < last):
            return False, False
        counted = self._where.truth(NO_ITEM, member, member.as_of) if self._where else True
        since = None if start is None else Moment(start * DAY, start * DAY)
        until = None if end is None else Moment(end * DAY + DAY - 1, end * DAY + DAY - 1)
        if self._done.first(member, True, since=since, until=until):
            return counted, True
        possible = self._done.choices != (True,) and self._done.first(member, False, since=since, until=until)
        return counted, None if possible else False

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for member in map(view.of, self._members(view)):
            found |= self._where.missing(NO_ITEM, member, view.as_of) if self._where else frozenset()
            found |= self._done.missing(member)
        return prefixed(self.population.record, found)

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return earliest([self.turns(force, measured), new_year(as_of) if self.per else None])

    def looks_at(self, record: Record) -> Iterable[Link]:
        place = {"organ": record.organ, "jurisdiction": record.jurisdiction}[self.same]
        return [Link("organ" if self.same == "organ" else "place", self.population.record, place)] if place else []

    # many records

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis
        from ibis import _

        from lawgov_rules.columns import listed
        from lawgov_rules.frames import NO_INSTANCE

        as_of = records.sources.as_of
        years = self.instances(force, as_of) if self.per else []
        if self.per and not years:
            return Columns(records, [{"yearly": 1, "as_of": as_of}] * 2, {})
        shown = repr((self.population, self.same, self.done, self.per, self.by, self.service, years))
        counts, doubts = records.ask(("coverage", shown), lambda: self._counted(records, years))

        def base() -> Any:
            table = (listed(records, years) if self.per else records).base
            link = table.organ if self.same == "organ" else table.jurisdiction
            on = [link == counts.link, *([table.key == counts.k_key] if self.per else [])]
            joined = table.left_join(counts, on).drop("link", "k_key")
            return joined if self.per else joined.mutate(key=ibis.literal(NO_INSTANCE))

        frame = records.instances(("coverage", shown), base)
        cases = []
        for world in ("sure", "may"):
            total, met = (ibis.coalesce(_[f"{world}_{name}"], 0) for name in ("total", "met"))
            # the bounds of a floor division are the same integers as in Python: neither side is negative
            share = ibis.ifelse(total > 0, (met * (100 * MILLION)) // ibis.greatest(total, 1), 0)
            cases.append(self._case(_, total, met, share, as_of))
        return Columns(frame, cases, {name: ibis.coalesce(_[column], False) for name, column in doubts.items()})

    def _case(self, _: Any, total: Any, met: Any, share: Any, as_of: int) -> dict[str, Any]:
        import ibis

        start, end = (_.key, _.end) if self.per else (None, self.by)
        return {
            "start": start,
            "end": end,
            "total": total,
            "met": met,
            "recorded": ibis.coalesce(_.recorded, 0),
            **self.constants,
            "share": share,
            "as_of": as_of,
            "governs_from": (as_of if end is None else end) if start is None else start,
            "governs_to": as_of if end is None else end,
        }

    def _counted(self, records: Any, years: list[dict[str, int]]) -> tuple[Any, dict[str, str]]:
        """By link and year: members on record, and the least and greatest counts; the doubts by column."""
        import ibis
        from ibis import _

        from lawgov_rules.columns import Frame, listed, truth_of
        from lawgov_rules.frames import Moment as Moments
        from lawgov_rules.frames import fields_read

        sources = records.sources.other(self.population.record)
        members = Frame(sources, sources.records)
        frame = listed(members, years) if self.per else members
        since = Moments(_.key * DAY, _.key * DAY, 0) if self.per else None
        end = _.end if self.per else self.by
        until = None if end is None else Moments(ibis.literal(0), end * DAY + (DAY - 1), 0)
        truth, lacking = truth_of(self._where, frame, sources.as_of) if self._where else (ibis.literal(True), {})
        sure, may = (frame.first(self._done, c, since=since, until=until).low.notnull() for c in (True, False))
        doubts = {**{n: truth.isnull() & gone for n, gone in lacking.items()}}
        for name, gone in frame.doubts(self._done).items():
            doubts[name] = doubts[name] | gone if name in doubts else gone
        names = {fact: f"doubt_{n}" for n, fact in enumerate(sorted(doubts))}
        inside = self._in_service(_, sources.as_of if end is None else ibis.least(end, sources.as_of))
        counted = {"may_in": inside & ibis.coalesce(truth, True), "sure_in": inside & ibis.coalesce(truth, False)}
        counted |= {"sure_done": inside & sure, "may_done": inside & may}
        counted |= {column: ibis.coalesce(doubts[fact], False) for fact, column in names.items()}
        table = frame.build({"key", "organ", "jurisdiction"} | fields_read(counted)).mutate(**counted)
        return self._grouped(records, table, names)

    def _grouped(self, records: Any, table: Any, names: dict[str, str]) -> tuple[Any, dict[str, str]]:
        """The members of every link and year, counted."""
        import ibis
        from ibis import _

        from lawgov_rules.frames import NO_INSTANCE

        table = table.mutate(k_key=_.key) if self.per else table.mutate(k_key=ibis.literal(NO_INSTANCE))
        if self.same == "organ":
            table = table.mutate(link=_.organ)
        else:
            within = records.sources.within
            table = table.inner_join(within, table.jurisdiction == within.inner).mutate(link=_.outer)
        found = table.group_by(["link", "k_key"]).agg(
            recorded=_.count(),
            sure_met=(_.sure_in & _.sure_done).sum(),
            sure_total=(_.sure_in | (_.may_in & ~_.sure_done)).sum(),
            may_met=(_.may_in & _.may_done).sum(),
            may_total=(_.sure_in | (_.may_in & _.may_done)).sum(),
            **{column: _[column].any() for column in names.values()},
        )
        facts = {next(iter(prefixed(self.population.record, frozenset({fact})))): c for fact, c in names.items()}
        return records.sources.materialise(found), facts

    def _in_service(self, _: Any, last: Any) -> Any:
        import ibis

        inside: Any = ibis.literal(True)
        if self.service.from_:
            inside = inside & ibis.coalesce(_[f"r_{self.service.from_}"] <= last, True)
        if self.service.to:
            inside = inside & ibis.coalesce(_[f"r_{self.service.to}"] >= last, True)
        return inside

    # words

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        return (f"{self.population.record}/",) if detail == "record_missing" else ()

    def label(self, key: int) -> str:
        return f"{to_date(key).year}"

    def describe(self, prose: Prose) -> str:
        t, share = prose.t, f"{self.at_least.normalize():f}%"
        if not self.at_least:
            return t("文中没有规定时间和比例，不按比例考核", "the text names no time and share, so none is judged")
        members = prose.vocabulary.record_types[self.population.record].label(prose.lang)
        where = prose.condition(self._where) if self._where else ""
        whose = t("本机关的", " of the organ") if self.same == "organ" else t("本地域的", " of the place")
        day = prose.date(shown_day(self.by)) if self.by is not None else ""
        when = t("每年", "every year ") if self.per else t(f"{day}前", f"by {day} ") if day else ""
        who = t(
            f"{whose}{members}{f'（{where}）' if where else ''}", f"{members}{whose}{f' ({where})' if where else ''}"
        )
        done = prose.occurrence(self._done)
        return t(
            f"{who}中，{when}应有不少于{share}完成{done}", f"{when}at least {share} of the records of {who} have {done}"
        )

    def outstanding(self, measures: Measures) -> Outstanding | None:
        end, total, met, target = (measures[name] for name in ("end", "total", "met", "target"))
        if end is None or int(met or 0) * 100 * MILLION >= int(target or 0) * int(total or 0):
            return None
        return Outstanding(end, end, counts_until=end)

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        total, met = int(measures.get("total") or 0), int(measures.get("met") or 0)
        return Explanation(
            due=shown_day(measures.get("end")),
            required=f"at least {show_number(int(self.at_least * MILLION))}%",
            measured=f"{met} of {total}",
            over_by=str(total - met) if verdict == Verdict.violated else "",
            evidence=[{"count": met, "of": self.population.record}],
        )

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        total, met, end = int(measures.get("total") or 0), int(measures.get("met") or 0), measures.get("end")
        type_ = words.vocabulary.record_types[self.population.record].label(words.lang)
        wanted, done = show_number(int(self.at_least * MILLION)), words.event(self._done)
        when = "" if end is None else words.t(f"至{shown_day(end)}，", f"by {shown_day(end)}: ")
        return when + words.t(
            f"应统计的{type_}{total}个，有“{done}”记录的{met}个，应不少于{wanted}%",
            f"{met} of {total} {type_} with “{done}”, at least {wanted}% required",
        )

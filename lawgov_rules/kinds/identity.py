"""Figures of one record must fit together.

Requires: each of `checks`: the sum of `left` `is` equal_to, at_most or at_least the sum of `right`, within
`tolerance`. A term is an attribute, an attribute to subtract (`-closed`), or a number. With several checks each is an
instance, labelled by its first term. `for_year` names the attribute with the year reported on; the rule applies if
that year touches its time in force.

Verdicts: compliant `equal`; violated `unequal`; undetermined `fact_missing`, naming the figures.

Readings: another `tolerance`, or other terms.

Example:
    kind: identity
    checks:
      - {left: [recon_received_all], is: equal_to, right: [recon_accepted_all, recon_other_all]}
    for_year: report_year

Limits: sums are exact decimals of at most six places.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, model_validator

from lawgov_rules.condition import Context
from lawgov_rules.days import to_day as day_number
from lawgov_rules.errors import did_you_mean, shown
from lawgov_rules.judgement import Judgement, Measures, present, row
from lawgov_rules.kinds._contract import Columns, Constraint, Explanation, Force, Measured, Words
from lawgov_rules.records import View
from lawgov_rules.verdict import Verdict
from lawgov_rules.vocabulary import MILLION, Vocabulary, show_number
from lawgov_rules.yaml_file import WordErrors

SIGNS = {"equal_to": "=", "at_most": "≤", "at_least": "≥"}


class Check(BaseModel):
    """``left`` is equal to, at most or at least ``right``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    left: list[str] = Field(min_length=1)
    is_: Literal["equal_to", "at_most", "at_least"] = Field(alias="is")
    right: list[str] = Field(min_length=1)

    def names(self) -> list[str]:
        """The attributes it speaks of, in order."""
        terms = (t.removeprefix("-") for t in (*self.left, *self.right))
        return [t for t in dict.fromkeys(terms) if not _is_number(t)]


class Identity(Constraint):
    kind: Literal["identity"]
    checks: list[Check] = Field(min_length=1)
    tolerance: Decimal = Decimal(0)
    for_year: str | None = None
    _scale: dict[str, int] = PrivateAttr(default_factory=dict)

    MEASURES = ("left", "right", "difference", "unknown", "check")
    INSTANCES: ClassVar = ("checks",)
    JUDGEMENT = Judgement(
        row("undetermined", "fact_missing", "unknown > 0"),
        row("violated", "unequal", "difference < low"),
        row("violated", "unequal", "difference > high"),
        row("compliant", "equal", present("difference")),
    )

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Identity:
        context: Context = info.context
        words = context.vocabulary.attributes
        own = context.vocabulary.record_types[context.record_type].attributes
        numbers = [name for name in own if words[name].type in ("integer", "number")]
        for number, check in enumerate(self.checks):
            for name in check.names():
                if name not in numbers:
                    raise WordErrors(
                        [
                            (
                                ("checks", number),
                                f"`{shown(name)}` is not a figure of a {context.record_type}",
                                name,
                                did_you_mean(name, numbers),
                            )
                        ]
                    )
        if self.for_year and self.for_year not in numbers:
            raise WordErrors(
                [
                    (
                        ("for_year",),
                        f"`{shown(self.for_year)}` is not a year of a {context.record_type}",
                        self.for_year,
                        did_you_mean(self.for_year, numbers),
                    )
                ]
            )
        self._scale = {name: MILLION if words[name].type == "integer" else 1 for name in numbers}
        return self

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        own = view.record.attributes
        year = own.get(self.for_year) if self.for_year else None
        reported = year is not None and 1900 <= int(year) <= 2200
        starts, ends = _year(int(year or 0)) if reported else (view.as_of, view.as_of)
        for number, check in enumerate(self.checks):
            names = check.names()
            unknown = sum(1 << n for n, name in enumerate(names) if own.get(name) is None)
            sides = (None, None) if unknown else (self._sum(check.left, own), self._sum(check.right, own))
            difference = sides[0] - sides[1] if sides[0] is not None and sides[1] is not None else None
            measures = {
                "left": sides[0],
                "right": sides[1],
                "difference": difference,
                "unknown": unknown,
                "check": number,
                **self._bounds(check),
                "as_of": view.as_of,
                "governs_from": starts,
                "governs_to": ends,
            }
            yield Measured(number + 1 if len(self.checks) > 1 else None, True, [measures])

    def _bounds(self, check: Check) -> dict[str, int | None]:
        tolerance = int(self.tolerance * MILLION)
        return {
            "low": None if check.is_ == "at_most" else -tolerance,
            "high": None if check.is_ == "at_least" else tolerance,
        }

    def _sum(self, terms: list[str], values: Any) -> Any:
        """The sum in millionths; ``values`` are a record's attributes, or columns by the same names."""
        total: Any = 0
        for term in terms:
            name = term.removeprefix("-")
            value = int(Decimal(name) * MILLION) if _is_number(name) else values[name] * self._scale[name]
            total = total - value if term.startswith("-") else total + value
        return total

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis
        from ibis import _

        from lawgov_rules.columns import listed, to_day

        as_of, null = records.sources.as_of, ibis.null("int64")
        several = len(self.checks) > 1
        frame = listed(records, [{"key": n + 1} for n in range(len(self.checks))]) if several else records
        measures: dict[str, Any] = {}
        per_check = [self._check_columns(check, null) for check in self.checks]
        for name in ("left", "right", "difference", "unknown", "low", "high"):
            branches = [
                (_.key == n + 1, null if m[name] is None else m[name]) for n, m in enumerate(per_check)
            ]
            measures[name] = ibis.cases(*branches, else_=null) if several else per_check[0][name]
        governs = {"governs_from": as_of, "governs_to": as_of}
        if self.for_year:
            year = _[f"r_{self.for_year}"]
            sane = ibis.ifelse(year.between(1900, 2200), year, null)
            governs = {
                name: ibis.coalesce(to_day(ibis.date(sane, *day)), as_of)
                for name, day in (("governs_from", (1, 1)), ("governs_to", (12, 31)))
            }
        measures["check"] = _.key - 1 if several else 0
        return Columns(frame, [{**measures, **governs, "as_of": as_of}], {})

    def _check_columns(self, check: Check, null: Any) -> dict[str, Any]:
        import ibis
        from ibis import _

        columns = {name: _[f"r_{name}"] for name in check.names()}
        unknown = functools.reduce(
            operator.add, (ibis.ifelse(c.isnull(), 1 << n, 0) for n, c in enumerate(columns.values()))
        )
        left, right = (
            ibis.ifelse(unknown > 0, null, self._sum(side, columns)) for side in (check.left, check.right)
        )
        return {
            "left": left,
            "right": right,
            "difference": left - right,
            "unknown": unknown,
            **self._bounds(check),
        }

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        return frozenset()

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        names = self.checks[int(measures["check"] or 0)].names()
        return tuple(name for n, name in enumerate(names) if int(measures["unknown"] or 0) >> n & 1)

    def label(self, key: int) -> str:
        return self.checks[key - 1].left[0]

    def explain(self, measures: Measures, verdict: Verdict, detail: str, words: Words) -> Explanation:
        check = self.checks[int(measures["check"] or 0)]
        sides = {
            lang: [
                " + ".join(self._term(t, words, lang) for t in side).replace("+ -", "- ")
                for side in (check.left, check.right)
            ]
            for lang in ("zh", "en")
        }
        sign, missing = SIGNS[check.is_], self.facts(detail, measures, words.vocabulary)
        zh = f"{sides['zh'][0]} {sign} {sides['zh'][1]}"
        en = f"{sides['en'][0]} {sign} {sides['en'][1]}"
        if missing:
            return Explanation(
                f"{zh}；缺少{'、'.join(words.attribute(n, 'zh') for n in missing)}",
                f"{en}; unknown: {', '.join(words.attribute(n, 'en') for n in missing)}",
                required=sign,
            )
        left, right, gap = (show_number(int(measures[name] or 0)) for name in ("left", "right", "difference"))
        zh, en = f"{zh}；实际左边{left}，右边{right}", f"{en}; the left is {left}, the right {right}"
        over = gap.removeprefix("-") if verdict == Verdict.violated else ""
        if over:
            zh, en = f"{zh}，相差{over}", f"{en}, {over} apart"
        return Explanation(zh, en, required=f"{sign} {right}", measured=left, over_by=over)

    def _term(self, term: str, words: Words, lang: str) -> str:
        name = term.removeprefix("-")
        return term if _is_number(name) else term[: len(term) - len(name)] + words.attribute(name, lang)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _year(year: int) -> tuple[int, int]:
    """First and last day of a year."""
    return day_number(dt.date(year, 1, 1)), day_number(dt.date(year, 12, 31))


__all__ = ["Check", "Identity", "Vocabulary"]

"""Figures of one record must fit together.

Requires: each of `checks`: the sum of `left` `is` equal_to, at_most, at_least, less_than or more_than the sum of
`right`, within `tolerance` (of all checks, or the check's own). A term is an attribute, an attribute to subtract
(`-closed`), or a number; dates are compared with dates. In place of `left` stands `share: {of: a, in: b}` (a in percent
of b) or `per: {of: a, in: b}` (a for each b), exactly, before any rounding; a divisor of 0 is not concerned. A check
may have a `when` of its own. With several checks each is an instance, labelled by its first term. `for_year` names the
attribute with the year reported on; the rule applies if that year touches its time in force.

Verdicts: compliant `equal`; violated `unequal`; not applicable `not_concerned` (a check's `when` is false);
undetermined `fact_missing`, naming the figures, or the year.

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
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, model_validator

from lawgov_rules.condition import NO_ITEM, Condition, put
from lawgov_rules.days import to_day as day_number
from lawgov_rules.errors import a, did_you_mean, shown
from lawgov_rules.judgement import Judgement, Measures, absent, present, row
from lawgov_rules.kinds._contract import Columns, Constraint, Force, Measured
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.kinds._wording import Explanation, Words
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import wrong
from lawgov_rules.verdict import Verdict
from lawgov_rules.view import View
from lawgov_rules.vocabulary import MILLION, Vocabulary, show_day, show_number

FIRST_YEAR, LAST_YEAR = 1900, 2200
SIGNS = {"equal_to": "=", "at_most": "≤", "at_least": "≥", "less_than": "<", "more_than": ">"}


class Quotient(BaseModel):
    """One figure divided by another."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    of: str
    in_: str = Field(alias="in")


class Check(BaseModel):
    """``left`` is equal to, at most or at least ``right``; only of records for which ``when`` holds, if given."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    when: Any = None
    left: list[str] = []
    share: Quotient | None = None
    per: Quotient | None = None
    is_: Literal["equal_to", "at_most", "at_least", "less_than", "more_than"] = Field(alias="is")
    right: list[str] = Field(min_length=1)
    tolerance: Decimal | None = Field(default=None, ge=0)
    _when: Condition | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Check:
        if sum(map(bool, (self.left, self.share, self.per))) != 1:
            raise ValueError("a check has one of `left`, `share`, `per`")
        if self.when is not None:
            self._when = parse(self.when, info.context, ("when",))  # type: ignore[arg-type]
        return self

    @property
    def quotient(self) -> Quotient | None:
        return self.share or self.per

    @property
    def terms(self) -> list[str]:
        """What stands on the left."""
        return [self.quotient.of] if self.quotient else self.left

    @property
    def condition(self) -> Condition | None:
        return self._when

    def names(self) -> list[str]:
        """The attributes it speaks of, in order."""
        divisor = (self.quotient.in_,) if self.quotient else ()
        terms = (t.removeprefix("-") for t in (*self.terms, *divisor, *self.right))
        return [t for t in dict.fromkeys(terms) if not _is_number(t)]


class Identity(Constraint):
    kind: Literal["identity"]
    checks: list[Check] = Field(min_length=1)
    tolerance: Decimal = Decimal(0)
    for_year: str | None = None
    _scale: dict[str, int] = PrivateAttr(default_factory=dict)
    _dates: frozenset[str] = PrivateAttr(default=frozenset())

    MEASURES = ("left", "right", "divisor", "difference", "unknown", "check")
    INSTANCES: ClassVar = ("labels",)
    JUDGEMENT = Judgement(
        row("not_applicable", "not_concerned", absent("engaged")),
        row("undetermined", "fact_missing", "unknown > 0"),
        row("violated", "unequal", "difference < low"),
        row("violated", "unequal", "difference > high"),
        row("compliant", "equal", present("difference")),
    )

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> Identity:
        context: Context = info.context  # type: ignore[assignment]
        words = context.vocabulary.attributes
        own = context.vocabulary.record_types[context.record_type].attributes
        numbers = [name for name in own if words[name].type in ("integer", "number", "date")]
        if self.tolerance < 0:
            raise ValueError("`tolerance` must not be negative")
        for number, check in enumerate(self.checks):
            if not check.names():
                raise wrong(("checks", number), "compares numbers only", help="name a figure of the record")
            for name in check.names():
                if name not in numbers:
                    raise wrong(
                        ("checks", number),
                        f"`{shown(name)}` is not a figure of {a(context.record_type)}",
                        name,
                        did_you_mean(name, numbers),
                    )
            types = {words[name].type for name in check.names()}
            if "date" in types and (len(types) > 1 or check.quotient):
                raise wrong(("checks", number), "compares dates with figures", help="dates with dates")
            divided = (check.quotient.of, check.quotient.in_) if check.quotient else ()
            if any(words[name].type != "integer" for name in divided):
                raise wrong(("checks", number), "divides figures that are not whole", help="of whole numbers only")
        if self.for_year and self.for_year not in numbers:
            raise wrong(
                ("for_year",),
                f"`{shown(self.for_year)}` is not a year of {a(context.record_type)}",
                self.for_year,
                did_you_mean(self.for_year, numbers),
            )
        self._scale = {name: 1 if words[name].type == "number" else MILLION for name in numbers}
        self._dates = frozenset(name for name in numbers if words[name].type == "date")
        return self

    @cached_property
    def constants(self) -> dict[str, int | None]:
        return {} if any(check.condition or check.quotient for check in self.checks) else {"engaged": 1}

    @property
    def labels(self) -> tuple[str, ...]:
        """What tells the checks apart; a reading may compare otherwise, but not have other checks."""
        return tuple(check.terms[0] for check in self.checks)

    @property
    def _choices(self) -> tuple[bool, ...]:
        return (True, False) if any(check.condition for check in self.checks) else (True,)

    def _names(self, check: Check) -> list[str]:
        """The attributes without which a check cannot be judged."""
        return list(dict.fromkeys([*check.names(), *([self.for_year] if self.for_year else [])]))

    def measure(self, view: View, force: Force) -> Iterator[Measured]:
        own = view.record.attributes
        year = own.get(self.for_year) if self.for_year else view.as_of
        governs = (None, None) if year is None else _year(int(year)) if self.for_year else (view.as_of, view.as_of)
        for number, check in enumerate(self.checks):
            unknown = sum(1 << n for n, name in enumerate(self._names(check)) if own.get(name) is None)
            known = all(own.get(name) is not None for name in check.names())
            left, right = (self._sum(side, own) if known else None for side in (check.terms, check.right))
            divisor = own.get(check.quotient.in_) if check.quotient else None
            truth = check.condition.truth(NO_ITEM, view, view.as_of) if check.condition else True
            same: dict[str, int | None] = {
                "left": left,
                "right": right,
                "divisor": None if divisor is None else int(divisor),
                "difference": self._difference(check, left, right, divisor),
                "unknown": unknown,
                "check": number,
                **self._bounds(check),
                "as_of": view.as_of,
                "governs_from": governs[0],
                "governs_to": governs[1],
            }
            none = check.quotient is not None and divisor == 0
            engaged = [
                1 if (truth or (truth is None and not certain)) and not none else None for certain in self._choices
            ]
            cases: list[Measures] = [{**same, "engaged": here} for here in engaged]
            yield Measured(number + 1 if len(self.checks) > 1 else None, True, cases)

    def _tolerance(self, check: Check) -> int:
        return int((self.tolerance if check.tolerance is None else check.tolerance) * MILLION)

    def _bounds(self, check: Check) -> dict[str, int | None]:
        """Between which the difference must lie, in millionths (of a quotient: whether it is outside, -1, 0 or 1)."""
        within = 0 if check.quotient else self._tolerance(check)
        return {
            "low": {"at_most": None, "less_than": None, "more_than": 1}.get(check.is_, -within),
            "high": {"at_least": None, "more_than": None, "less_than": -1}.get(check.is_, within),
        }

    def _difference(self, check: Check, left: Any, right: Any, divisor: Any) -> int | None:
        if left is None or right is None:
            return None
        if not check.quotient:
            return int(left - right)
        if not divisor:
            return None
        # left / divisor against right, without dividing: the sides are multiplied, and the divisor may be negative
        sign = 1 if divisor > 0 else -1
        scaled, within = (100 if check.share else 1) * left * sign, self._tolerance(check)
        low, high = ((right + side * within) * divisor * sign for side in (-1, 1))
        if check.is_ in ("less_than", "more_than"):
            return int((scaled > right * divisor * sign) - (scaled < right * divisor * sign))
        return int((scaled > high) - (scaled < low))

    def _sum(self, terms: list[str], values: Any) -> Any:
        """The sum in millionths; ``values`` are a record's attributes, or columns by the same names."""
        total: Any = 0
        for term in terms:
            name = term.removeprefix("-")
            value = int(Decimal(name) * MILLION) if _is_number(name) else values[name] * self._scale[name]
            total = total - value if term.startswith("-") else total + value
        return total

    def wakes(self, as_of: int, force: Force, measured: Iterable[Measured]) -> int | None:
        return self.turns(force, measured)

    def columns(self, records: Any, force: Force) -> Columns:
        import ibis
        from ibis import _

        from lawgov_rules.columns import listed

        as_of, null = records.sources.as_of, ibis.null("int64")
        several = len(self.checks) > 1
        frame = listed(records, [{"key": n + 1} for n in range(len(self.checks))]) if several else records
        same: dict[str, Any] = {
            "check": _.key - 1 if several else 0,
            "as_of": as_of,
            **self._year_columns(as_of),
        }
        cases: list[dict[str, Any]] = []
        doubts: dict[str, Any] = {}
        for certain in self._choices:
            per_check = []
            for n, check in enumerate(self.checks):
                engaged, missing = self._engaged(check, frame, certain)
                per_check.append({**self._check_columns(check, null), "engaged": engaged})
                for name, gone in missing.items():
                    here = (_.key == n + 1) & gone if several else gone
                    put(doubts, name, here)
            measures = dict(same)
            for name in per_check[0]:
                branches = [(_.key == n + 1, null if m[name] is None else m[name]) for n, m in enumerate(per_check)]
                measures[name] = ibis.cases(*branches, else_=null) if several else per_check[0][name]
            cases.append(measures)
        return Columns(frame, cases, doubts)

    def _engaged(self, check: Check, frame: Any, certain: bool) -> tuple[Any, dict[str, Any]]:
        import ibis
        from ibis import _

        from lawgov_rules.columns import truth_of

        some: Any = ibis.coalesce(_[f"r_{check.quotient.in_}"] != 0, True) if check.quotient else True
        if check.condition is None:
            return 1 if some is True else ibis.ifelse(some, 1, ibis.null("int64")), {}
        truth, missing = truth_of(check.condition, frame, frame.sources.as_of)
        return (
            ibis.ifelse(ibis.coalesce(truth, not certain) & some, 1, ibis.null("int64")),
            {name: truth.isnull() & gone for name, gone in missing.items()},
        )

    def _year_columns(self, as_of: int) -> dict[str, Any]:
        import ibis
        from ibis import _

        from lawgov_rules.frames import to_day

        if not self.for_year:
            return {"governs_from": as_of, "governs_to": as_of}
        year = _[f"r_{self.for_year}"].clip(FIRST_YEAR, LAST_YEAR)
        return {"governs_from": to_day(ibis.date(year, 1, 1)), "governs_to": to_day(ibis.date(year, 12, 31))}

    def _check_columns(self, check: Check, null: Any) -> dict[str, Any]:
        import ibis
        from ibis import _

        columns = {name: _[f"r_{name}"] for name in self._names(check)}
        bits = [ibis.ifelse(column.isnull(), 1 << n, 0) for n, column in enumerate(columns.values())]
        # a sum of columns is NULL as soon as one of them is
        left, right = self._sum(check.terms, columns), self._sum(check.right, columns)
        known = functools.reduce(operator.and_, (columns[name].notnull() for name in check.names()))
        left, right = ibis.ifelse(known, left, null), ibis.ifelse(known, right, null)
        return {
            "left": left,
            "right": right,
            "divisor": columns[check.quotient.in_] if check.quotient else None,
            "difference": self._quotient_column(check, columns, right) if check.quotient else left - right,
            "unknown": functools.reduce(operator.add, bits),
            **self._bounds(check),
        }

    def _quotient_column(self, check: Check, columns: dict[str, Any], right: Any) -> Any:
        """The mirror of `_difference` for a quotient, in decimals: the products outgrow 64 bits."""
        import ibis

        assert check.quotient is not None
        divisor = columns[check.quotient.in_]
        sign = ibis.ifelse(divisor > 0, 1, -1)
        factor = ibis.literal((100 if check.share else 1) * MILLION).cast("decimal(9, 0)")
        # wider than its digits: DuckDB keeps the product of two decimals of up to 18 digits within 18
        scaled = (columns[check.quotient.of] * sign).cast("decimal(22, 0)") * factor
        within = 0 if check.is_ in ("less_than", "more_than") else self._tolerance(check)
        low, high = (
            (right + side * within).cast("decimal(19, 0)") * (divisor * sign).cast("decimal(13, 0)") for side in (-1, 1)
        )
        outside = ibis.cases((scaled > high, 1), (scaled < low, -1), else_=0)
        known = right.notnull() & columns[check.quotient.of].notnull() & (divisor != 0)
        return ibis.ifelse(known, outside, ibis.null("int64"))

    def doubts(self, view: View, key: int | None) -> frozenset[str]:
        condition = self.checks[0 if key is None else key - 1].condition
        return condition.missing(NO_ITEM, view, view.as_of) if condition else frozenset()

    def facts(self, detail: str, measures: Measures, vocabulary: Vocabulary) -> tuple[str, ...]:
        names = self._names(self.checks[int(measures["check"] or 0)])
        return tuple(name for n, name in enumerate(names) if int(measures["unknown"] or 0) >> n & 1)

    def label(self, key: int) -> str:
        first = self.labels[key - 1]
        alike = self.labels.count(first)
        return first if alike == 1 else f"{first} {key}"

    def describe(self, prose: Prose) -> str:
        said = []
        for check in self.checks:
            when = prose.condition(check.condition) if check.condition else ""
            formula = self._formula(check, prose)
            said.append(prose.t(f"{when}的，{formula}", f"where {when}, {formula}") if when else formula)
        off = show_number(int(self.tolerance * MILLION))
        return prose.joined(*said, prose.t(f"允许相差{off}", f"{off} apart at most") if self.tolerance else "")

    def explain(self, measures: Measures, verdict: Verdict) -> Explanation:
        check = self.checks[int(measures["check"] or 0)]
        if measures["left"] is None or measures["right"] is None:
            return Explanation()
        left, right, apart = self._shown(check, measures)
        off = apart if verdict == Verdict.violated else ""
        return Explanation(required=f"{SIGNS[check.is_]} {right}", measured=left, over_by=off)

    def _formula(self, check: Check, words: Words) -> str:
        """``受理 + 不予受理 = 收到``."""
        joint = words.t("＋", " + ")
        sides = [joint.join(self._term(t, words) for t in side) for side in (check.terms, check.right)]
        if check.quotient:
            divisor = self._term(check.quotient.in_, words)
            percent = words.t("（百分比）", " (percent)") if check.share else ""
            sides[0] += words.t(f"÷{divisor}{percent}", f" / {divisor}{percent}")
        sides = [side.replace(f"{joint}-", words.t("－", " - ")) for side in sides]
        return f"{sides[0]} {SIGNS[check.is_]} {sides[1]}"

    def say(self, measures: Measures, verdict: Verdict, words: Words) -> str:
        check = self.checks[int(measures["check"] or 0)]
        said = self._formula(check, words)
        if measures["left"] is None or measures["right"] is None:
            return said
        left, right, off = self._shown(check, measures)
        said += words.t(f"；前者{left}，后者{right}", f"; the former is {left}, the latter {right}")
        if verdict == Verdict.violated:
            said += words.t(f"，相差{off}", f", {off} apart")
        return said

    def _shown(self, check: Check, measures: Measures) -> tuple[str, str, str]:
        """Both sides, and how far they lie apart: figures, a quotient to four places, or dates and days."""
        left, right = int(measures["left"] or 0), int(measures["right"] or 0)
        if check.quotient:
            ratio = Decimal((100 if check.share else 1) * left) / Decimal(int(measures["divisor"] or 1))
            left = int((ratio / 100).to_integral_value()) * 100
        if self._dates.intersection(check.names()) and len(check.terms) == len(check.right) == 1:
            return show_day(left // MILLION), show_day(right // MILLION), str(abs(left - right) // MILLION)
        return show_number(left), show_number(right), show_number(abs(left - right))

    def _term(self, term: str, words: Words) -> str:
        name = term.removeprefix("-")
        return term if _is_number(name) else term[: len(term) - len(name)] + words.attribute(name)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _year(year: int) -> tuple[int, int]:
    """First and last day of a year; a year no calendar can have is as far away as one can."""
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    return day_number(dt.date(year, 1, 1)), day_number(dt.date(year, 12, 31))

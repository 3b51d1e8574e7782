"""One rule and the document it is from, as YAML has them, bound to the vocabulary."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from lawgov_rules.citation import LONGEST_LOCATOR, Citation
from lawgov_rules.condition import Condition
from lawgov_rules.dates import read_date
from lawgov_rules.days import to_day
from lawgov_rules.errors import a, did_you_mean, shown
from lawgov_rules.kinds import discover
from lawgov_rules.kinds._contract import Constraint, Force
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import WordErrors, items_of, wrong
from lawgov_rules.yaml_file import Document

SEVERITIES = {
    "must": "error",
    "must_not": "error",
    "effect": "error",
    "default": "warning",
    "encouraged": "note",
}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Text(BaseModel):
    """A sentence in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def _constraint(raw: Any, info: ValidationInfo) -> Constraint:
    kinds = discover()
    if not isinstance(raw, dict) or "kind" not in raw:
        raise wrong((), "a constraint is a mapping with a `kind`", "", did_you_mean("", kinds))
    kind = kinds.get(str(raw["kind"]))
    if kind is None:
        raise wrong(
            ("kind",),
            f"`{shown(raw['kind'])}` is not a kind of constraint",
            str(raw["kind"]),
            did_you_mean(str(raw["kind"]), kinds),
        )
    return kind.model_validate(raw, context=info.context)


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return dt.date(1970, 1, 1) + dt.timedelta(days=read_date(value))
    except ValueError as error:
        raise ValueError(f"`{shown(value)}` {error}") from None


class InForce(BaseModel):
    """From when to when a document is in force (both days included), and how that is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    from_: Annotated[dt.date, BeforeValidator(_date)] = Field(alias="from")
    to: Annotated[dt.date | None, BeforeValidator(_date)] = None
    basis: str

    @model_validator(mode="after")
    def _in_order(self) -> InForce:
        if self.to and self.to < self.from_:
            reason = f"`{self.to}` is before the first day in force, `{self.from_}`"
            raise wrong(("to",), reason, str(self.to), "exchange the two, or mend one")
        return self

    @cached_property
    def force(self) -> Force:
        return Force(to_day(self.from_), None if self.to is None else to_day(self.to))


def _in_both(value: Any) -> Any:
    """A reason written in one language serves for both."""
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _words(value: Any) -> Iterator[str]:
    """Every word in a plain value, keys and values; a figure to subtract is written with a sign."""
    if isinstance(value, dict):
        yield from value
        value = value.values()
    elif isinstance(value, str):
        yield value.removeprefix("-")
        return
    for part in value or ():
        yield from _words(part)


class Rule(BaseModel):
    """One rule: records of a type that meet a condition must satisfy a constraint, because a clause says so.

    ``jurisdiction`` and ``in_force`` stand only where a clause speaks of a narrower place or time than its document.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    id: str
    clause: str = Field(min_length=1)
    locator: str = Field(min_length=1, max_length=LONGEST_LOCATOR)
    title: Text
    requirement: Text
    modality: Literal["must", "must_not", "default", "encouraged", "effect"]
    level: Literal["core", "standard", "full"]
    bearer: str
    jurisdiction: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()
    in_force: InForce | None = None
    record: str
    when: Any = None
    unless: Any = None
    constraint: Annotated[Constraint, BeforeValidator(_constraint)]
    readings: dict[str, dict[str, Any]] = {}
    excused_by: str | None = None
    because: Annotated[Text, BeforeValidator(_in_both)]
    _when: Condition | None = PrivateAttr(default=None)
    _unless: Condition | None = PrivateAttr(default=None)
    _readings: dict[str, Constraint] = PrivateAttr(default_factory=dict)
    _document: Act = PrivateAttr()
    _source: Document = PrivateAttr()

    @model_validator(mode="wrap")
    @classmethod
    def _bind(cls, value: Any, handler: Any, info: ValidationInfo) -> Rule:
        rule: Rule = handler(value)
        context: Context = info.context  # type: ignore[assignment]
        if not _ID.fullmatch(rule.id):
            raise wrong(("id",), f"`{shown(rule.id)}` is not a name in kebab-case", rule.id, "such as `nd-filing`")
        if rule.when is not None:
            rule._when = parse(rule.when, context, ("when",))
        if rule.unless is not None:
            rule._unless = parse(rule.unless, context, ("unless",))
        words = context.vocabulary
        own = [
            a
            for a in words.record_types[context.record_type].attributes
            if words.attributes[a].type in ("text", "boolean")
        ]
        if rule.excused_by and rule.excused_by not in own:
            raise wrong(
                ("excused_by",),
                f"`{shown(rule.excused_by)}` is not a text or a yes-or-no of {a(rule.record)}",
                rule.excused_by,
                did_you_mean(rule.excused_by, own),
            )
        rule._readings = rule._bind_readings(value["constraint"], info)
        return rule

    def _bind_readings(self, raw: Mapping[str, Any], info: ValidationInfo) -> dict[str, Constraint]:
        if len(self.readings) == 1:
            raise wrong(("readings",), "one reading is none: name two, or leave `readings` out")
        found: dict[str, Constraint] = {}
        known = info.context.vocabulary.readings  # type: ignore[union-attr]
        for name, changes in self.readings.items():
            if name not in known:
                raise wrong(
                    ("readings", name),
                    f"`{shown(name)}` is not a known reading",
                    name,
                    did_you_mean(name, known) or "declare it under `readings` in the vocabulary",
                )
            try:
                reading = _constraint({**raw, **changes}, info)
            except ValidationError as error:
                kind = type(self.constraint)
                items = items_of(error, kind, {**raw, **changes})
                raise WordErrors([(("readings", name, *at), *rest) for at, *rest in items]) from None  # type: ignore[misc]
            for field in reading.INSTANCES:
                if getattr(reading, field) != getattr(self.constraint, field):
                    raise wrong(
                        ("readings", name, field),
                        f"a reading cannot change `{field.rstrip('_')}`, which decides what the instances are",
                        "",
                        "write a rule of its own",
                    )
            found[name] = reading
        return found or {"": self.constraint}

    @cached_property
    def document(self) -> Act:
        return self._document

    @property
    def source(self) -> Document:
        """What the rule's file says: its plain values, and the line of each."""
        return self._source

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of it as written: the keys and the values of its file."""
        return frozenset(_words(self._source.value))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The codes of the places for whose records it is: the clause's own, or the document's."""
        return self.jurisdiction or (self._document.jurisdiction,)

    @cached_property
    def force(self) -> Force:
        """The days on which it is in force: the clause's own, or the document's."""
        return (self.in_force or self._document.in_force).force

    @cached_property
    def key(self) -> str:
        """``jincheng-2009/nd-county-filing-15d``."""
        return f"{self._document.id}/{self.id}"

    @cached_property
    def citation(self) -> Citation:
        return Citation(self._document.id, self._document.title, self.clause, self.locator)

    @property
    def severity(self) -> str:
        return SEVERITIES[self.modality]

    @cached_property
    def constraints(self) -> dict[str, Constraint]:
        """The constraint under each declared reading; under ``""`` alone where there are none."""
        return self._readings

    @cached_property
    def others(self) -> frozenset[str]:
        """The types of other records that it looks at beside its own."""
        return frozenset().union(*(kind.others() for kind in self.constraints.values()))

    def under(self, reading: str) -> Rule:
        """The same under one of its readings alone."""
        found = self.model_copy()
        found._readings = {reading: self._readings[reading]}
        for cached in ("constraints", "others"):
            found.__dict__.pop(cached, None)
        return found

    def condition_columns(self) -> tuple[Condition | None, Condition | None]:
        """The bound ``when`` and ``unless``."""
        return self._when, self._unless


class Act(BaseModel):
    """The document that a ruleset encodes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_: str | None = Field(default=None, alias="$schema")
    id: str
    title: str
    issuer: str
    number: str | None = None
    jurisdiction: str
    in_force: InForce
    version: str

    @field_validator("id")
    @classmethod
    def _a_name(cls, value: str) -> str:
        if not _ID.fullmatch(value):
            raise wrong((), f"`{shown(value)}` is not a name in kebab-case", value, "such as `jincheng-2009`")
        return value

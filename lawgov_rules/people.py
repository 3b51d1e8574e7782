"""Which participants count: their role, a condition on them, and the days on which they are qualified.

``handler`` is everybody with that role; ``{role: r, where: {...}, valid: {from: a, to: b}}`` those who meet the
condition on a day that their own date attributes ``a`` and ``b`` enclose. A date that a participant does not carry is
no condition. One person with two entries counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, model_validator

from lawgov_rules.condition import NO_ITEM, Condition, Truth
from lawgov_rules.errors import a, did_you_mean, shown
from lawgov_rules.records import Participant
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import wrong
from lawgov_rules.view import View

if TYPE_CHECKING:
    from lawgov_rules.columns import Frame
    from lawgov_rules.frames import Moment


class Valid(BaseModel):
    """The date attributes of a participant between which a qualification holds (both days included)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class People(BaseModel):
    """Participants of a role, bound to the vocabulary when read."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    role: str
    where: Any = None
    valid: Valid = Valid()
    _where: Condition | None = PrivateAttr(default=None)
    _types: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"role": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _bind(self, info: ValidationInfo) -> People:
        context: Context = info.context  # type: ignore[assignment]
        vocabulary = context.vocabulary
        roles = vocabulary.record_types[context.record_type].roles
        if self.role not in roles:
            raise wrong(
                ("role",),
                f"`{shown(self.role)}` is not a role of {a(context.record_type)}",
                self.role,
                did_you_mean(self.role, roles),
            )
        item = vocabulary.roles[self.role].attributes
        dates = [name for name in item if vocabulary.attributes[name].type == "date"]
        for name in (self.valid.from_, self.valid.to):
            if name and name not in dates:
                raise wrong(
                    ("valid",),
                    f"`{shown(name)}` is not a date of {a(self.role)}",
                    name,
                    did_you_mean(name, dates),
                )
        self._types = {name: NULLS[vocabulary.attributes[name].type] for name in item}
        if self.where is not None:
            self._where = parse(self.where, Context(vocabulary, context.record_type, item, self.role), ("where",))
        return self

    @property
    def condition(self) -> Condition | None:
        return self._where

    @property
    def choices(self) -> tuple[bool, ...]:
        """The values of ``certain`` that can differ."""
        return (True, False) if self._where else (True,)

    def choices_in(self, view: View | None) -> tuple[bool, ...]:
        """Of `choices`, those that differ for this record; all of them for columns, which hold many."""
        where = self._where
        if view is None or where is None:
            return self.choices
        mine = (p for p in view.record.participants if p.role == self.role)
        doubtful = any(where.truth(p.attributes, view, view.as_of) is None for p in mine)
        return self.choices if doubtful else (True,)

    # one record

    def _each(self, view: View, day: int) -> Iterator[tuple[Participant, Truth]]:
        for person in view.record.participants:
            if person.role == self.role:
                start = person.attributes.get(self.valid.from_) if self.valid.from_ else None
                end = person.attributes.get(self.valid.to) if self.valid.to else None
                if (start is not None and int(start) > day) or (end is not None and int(end) < day):
                    yield person, False
                else:
                    yield (
                        person,
                        self._where.truth(person.attributes, view, view.as_of) if self._where else True,
                    )

    def persons(self, view: View, day: int, certain: bool) -> set[str]:
        """The persons who count on a day; those in doubt too unless ``certain``."""
        return {p.person for p, truth in self._each(view, day) if truth or (truth is None and not certain)}

    def count(self, view: View, day: int, certain: bool) -> int:
        """How many distinct persons count on a day."""
        return len(self.persons(view, day, certain))

    def count_outside(self, view: View, day: int, certain: bool) -> int:
        """Distinct persons of the role with no entry that counts on a day (entries in doubt count unless
        ``certain``)."""
        everybody = len({p.person for p in view.record.participants if p.role == self.role})
        return everybody - self.count(view, day, certain)

    def recorded(self, view: View) -> int:
        """Entries with the role."""
        return sum(p.role == self.role for p in view.record.participants)

    def hopeless(self, view: View) -> bool:
        """Whether nobody could count, whoever it were: what is known of the record fails the condition."""
        return self._where is not None and self._where.truth(NO_ITEM, view, view.as_of) is False

    def missing(self, view: View, day: int) -> frozenset[str]:
        """The facts that would tell, of those in doubt, whether they count."""
        found: frozenset[str] = frozenset()
        if self._where:
            for person, truth in self._each(view, day):
                if truth is None:
                    found |= self._where.missing(person.attributes, view, view.as_of)
        return found

    # many records

    def columns(self, frame: Frame, at: Moment | None) -> tuple[Any, Any, dict[str, Any], int]:
        """Over the participants: whether one counts surely, whether one may, the facts in doubt; and the stage."""
        import ibis
        from ibis import _

        from lawgov_rules.columns import truth_of_person

        day = ibis.coalesce(at.day, frame.sources.as_of) if at else frame.sources.as_of
        enclosed: Any = ibis.literal(True)
        if self.valid.from_:
            enclosed = enclosed & ibis.coalesce(_[f"p_{self.valid.from_}"] <= day, True)
        if self.valid.to:
            enclosed = enclosed & ibis.coalesce(_[f"p_{self.valid.to}"] >= day, True)
        truth, missing = truth_of_person(self._where, frame) if self._where else (ibis.literal(True), {})
        sure, may = enclosed & ibis.coalesce(truth, False), enclosed & ibis.coalesce(truth, True)
        absent = {name: enclosed & truth.isnull() & gone for name, gone in missing.items()}
        return sure, may, absent, 1 + (at.stage if at else 0)

    def hopeless_column(self) -> Any:
        """The mirror of `hopeless`; None where no condition is asked."""
        import ibis

        if self._where is None:
            return None
        truth, _missing = self._where.column(_Anyone(self._types))
        return ibis.coalesce(truth, True) == False  # noqa: E712

    def doubt_columns(self, frame: Frame, at: Moment | None) -> dict[str, Any]:
        """The mirror of `missing`."""
        _sure, _may, absent, stage = self.columns(frame, at)
        return {
            name: frame.count_people(gone, role=self.role, distinct=False, stage=stage) > 0
            for name, gone in absent.items()
        }


# a person of whom nothing is known, as columns: the null of each type of attribute
NULLS = {"boolean": "boolean", "text": "string", "choice": "string"} | dict.fromkeys(
    ("choices", "integer", "number", "date"), "int64"
)


class _Anyone:
    """The attributes of a person of whom nothing is known, and of the record."""

    def __init__(self, types: dict[str, str]) -> None:
        self.types = types

    def attribute(self, name: str, of_item: bool) -> Any:
        from ibis import _

        # a null that is a column: Ibis compares a null literal at once, in Python
        return _.rid.cast("string").nullif(_.rid.cast("string")).cast(self.types[name]) if of_item else _[f"r_{name}"]

    def happened(self, step: Any) -> Any:
        raise AssertionError("a ruleset with `happened` of a participant is refused")

"""Rules and rulesets: their YAML form, and loading them with every error at once.

A ruleset is a folder: ``document.yaml`` (the document, its force and place) and one ``<record_type>.yaml`` for each
type of record it speaks of. Beside the rulesets stand the vocabulary, the jurisdictions and the calendar they share.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from lawgov_rules.citation import LONGEST_LOCATOR, Citation
from lawgov_rules.condition import NO_ITEM, Condition, Context, Truth, parse
from lawgov_rules.days import Calendar, to_day
from lawgov_rules.errors import Place, Problem, RulesetError, did_you_mean, shown
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.kinds import discover
from lawgov_rules.kinds._contract import Constraint, Force
from lawgov_rules.records import View
from lawgov_rules.vocabulary import Vocabulary
from lawgov_rules.yaml_file import Document, read_as, read_documents, wrong

LEVELS = ("core", "standard", "full")
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


class Rule(BaseModel):
    """One rule: records of a type that meet a condition must satisfy a constraint, because a clause says so."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    id: str
    clause: str = Field(min_length=1)
    locator: str = Field(min_length=1, max_length=LONGEST_LOCATOR)
    title: Text
    requirement: Text
    modality: Literal["must", "must_not", "default", "encouraged", "effect"]
    level: Literal["core", "standard", "full"]
    bearer: str
    record: str
    when: Any = None
    unless: Any = None
    constraint: Annotated[Constraint, BeforeValidator(_constraint)]
    readings: dict[str, dict[str, Any]] = {}
    excused_by: str | None = None
    because: str = Field(min_length=1)
    _when: Condition | None = PrivateAttr(default=None)
    _unless: Condition | None = PrivateAttr(default=None)
    _readings: dict[str, Constraint] = PrivateAttr(default_factory=dict)
    _document: Act = PrivateAttr()

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
                f"`{shown(rule.excused_by)}` is not a text or a yes-or-no of a {rule.record}",
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
            reading = _constraint({**raw, **changes}, info)
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

    @property
    def document(self) -> Act:
        return self._document

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

    @property
    def constraints(self) -> dict[str, Constraint]:
        """The constraint under each declared reading; under ``""`` alone where there are none."""
        return self._readings

    def condition_columns(self) -> tuple[Condition | None, Condition | None]:
        """The bound ``when`` and ``unless``."""
        return self._when, self._unless

    def applies(self, view: View) -> tuple[Truth, frozenset[str]]:
        """Whether the condition holds of a record, and the facts that would tell."""
        truth: Truth = True
        missing: frozenset[str] = frozenset()
        for condition, wanted in ((self._when, True), (self._unless, False)):
            if condition is not None:
                found = condition.truth(NO_ITEM, view, view.as_of)
                if found is (not wanted):
                    return False, frozenset()
                if found is None:
                    truth, missing = None, missing | condition.missing(NO_ITEM, view, view.as_of)
        return truth, missing


class InForce(BaseModel):
    """From when to when a document is in force (both days included), and how that is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    from_: dt.date = Field(alias="from")
    to: dt.date | None = None
    basis: str


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

    @property
    def force(self) -> Force:
        to = self.in_force.to
        return Force(to_day(self.in_force.from_), None if to is None else to_day(to))


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A document and its rules. ``sha256`` is over its files."""

    document: Act
    rules: tuple[Rule, ...]
    sha256: str


@dataclass(frozen=True)
class Rulesets:
    """Everything a check needs: rulesets, the words they share, the places and the calendar."""

    rulesets: tuple[Ruleset, ...]
    vocabulary: Vocabulary
    jurisdictions: Jurisdictions
    calendar_folder: Path
    vocabulary_sha256: str
    level: str = "core"

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.load(self.calendar_folder)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules up to the chosen level, in order of their keys."""
        wanted = LEVELS[: LEVELS.index(self.level) + 1]
        return tuple(sorted((r for s in self.rulesets for r in s.rules if r.level in wanted), key=lambda r: r.key))

    def at(self, level: str) -> Rulesets:
        """The same up to another level (``core``, ``standard``, ``full``)."""
        return replace(self, level=level)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)


def bundled() -> Path:
    """The folder of the rulesets that come with the product: in the wheel, or beside the package in a checkout."""
    inside = Path(__file__).parent / "rulesets"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rulesets"


def load_rulesets(path: str | Path | None = None) -> Rulesets:
    """Load and validate rulesets.

    Args:
        path: a folder of rulesets, the folder of one, or the name of a bundled one; None for all bundled ones. Where
            the folder (or its parent) has no vocabulary, jurisdictions or calendar, the bundled ones serve.
    Raises:
        RulesetError: with every problem of every file, each with its place and a way out.
    """
    root = bundled() if path is None else Path(path)
    if not root.exists() and (bundled() / str(path) / "document.yaml").exists():
        root = bundled() / str(path)
    if not root.is_dir():
        names = [p.parent.name for p in bundled().glob("*/document.yaml")]
        raise RulesetError(
            [
                Problem(
                    Place(str(path)),
                    f"`{shown(str(path))}` is not a folder of rulesets",
                    str(path),
                    did_you_mean(str(path), names),
                )
            ]
        )
    vocabulary = Vocabulary.load(_shared(root, "vocabulary.yaml"))
    jurisdictions = Jurisdictions.load(_shared(root, "jurisdictions.yaml"))
    folders = [root] if (root / "document.yaml").exists() else sorted(p.parent for p in root.glob("*/document.yaml"))
    problems: list[Problem] = []
    found = [_load_one(folder, vocabulary, jurisdictions, problems) for folder in folders]
    if not folders:
        problems.append(
            Problem(Place(root.as_posix()), "no ruleset here", help="a ruleset is a folder with `document.yaml`")
        )
    if problems:
        raise RulesetError(problems)
    return Rulesets(
        tuple(r for r in found if r),
        vocabulary,
        jurisdictions,
        _shared(root, "calendar"),
        _sha256([_shared(root, "vocabulary.yaml")]),
    )


def _shared(root: Path, name: str) -> Path:
    return next((p / name for p in (root, root.parent) if (p / name).exists()), bundled() / name)


def _load_one(
    folder: Path, vocabulary: Vocabulary, jurisdictions: Jurisdictions, problems: list[Problem]
) -> Ruleset | None:
    act = _read_act(folder / "document.yaml", jurisdictions, problems)
    rules: list[Rule] = []
    places: dict[str, Place] = {}
    files = sorted(p for p in folder.glob("*.yaml") if p.name != "document.yaml")
    for file in files:
        for document in read_documents(file):
            if isinstance(document, Problem):
                problems.append(document)
                continue
            if not isinstance(document.value, list):
                problems.append(
                    Problem(document.place(), "a file of rules is a list", help="begin each rule with `- `")
                )
                continue
            for part in document.parts():
                rule = _read_rule(part, vocabulary, file.stem, problems)
                if rule and rule.id in places:
                    problems.append(
                        Problem(part.place("id"), f"`{rule.id}` stands at {places[rule.id]} already", rule.id)
                    )
                elif rule and act:
                    places[rule.id] = part.place("id")
                    rule._document = act
                    rules.append(rule)
    return Ruleset(act, tuple(rules), _sha256([folder / "document.yaml", *files])) if act else None


def _read_act(file: Path, jurisdictions: Jurisdictions, problems: list[Problem]) -> Act | None:
    for document in read_documents(file):
        act = read_as(Act, document) if isinstance(document, Document) else [document]
        if isinstance(act, list):
            problems.extend(act)
            return None
        if isinstance(document, Document) and (reason := jurisdictions.check(act.jurisdiction)):
            problems.append(Problem(document.place("jurisdiction"), f"`{act.jurisdiction}` {reason}", act.jurisdiction))
        return act
    problems.append(Problem(Place(file.as_posix()), "empty", help="describe the document here"))
    return None


def _read_rule(document: Document, vocabulary: Vocabulary, stem: str, problems: list[Problem]) -> Rule | None:
    value = document.value
    type_ = value.get("record") if isinstance(value, dict) else None
    if type_ not in vocabulary.record_types:
        word = shown(type_) if type_ else ""
        problems.append(
            Problem(
                document.place("record"),
                f"`{word}` is not a known record type",
                word,
                did_you_mean(word, vocabulary.record_types),
            )
        )
        return None
    if type_ != stem:
        problems.append(
            Problem(
                document.place("record"),
                f"a rule on `{type_}` stands in `{stem}.yaml`",
                type_,
                f"move it to `{type_}.yaml`",
            )
        )
    rule = read_as(Rule, document, Context(vocabulary, type_))
    if isinstance(rule, list):
        problems.extend(rule)
        return None
    return rule


def _sha256(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()

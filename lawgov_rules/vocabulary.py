"""The known words: record types, events, attributes, roles; one name for one thing in all documents.

A value is kept in one canonical form, the same for one record and for a column:

=========  =======================================================
type       canonical form
=========  =======================================================
text       the text, stripped; blank is unknown; a document number in its one way of writing
choice     one of ``values``
choices    several of ``values``: a bit for each, in the order of ``values``
boolean    True or False
integer    a whole number
number     millionths, so that 19.5 hours are exactly 19500000
date       days since 1970-01-01
=========  =======================================================
"""

from __future__ import annotations

import functools
import operator
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from lawgov_rules.dates import read_stamp
from lawgov_rules.dates import show_day as show_day
from lawgov_rules.document_number import canonical
from lawgov_rules.errors import Place, Problem, RulesetError, did_you_mean, shown
from lawgov_rules.validation import read_as
from lawgov_rules.yaml_file import Document, file_name, read_documents

Value = str | int | bool
MILLION = 1_000_000
LARGEST = 10**12  # of a number in a record; keeps every sum within 64 bits
BOOLEANS = {"true": True, "false": False, "是": True, "否": False}
MOST_CHOICES = 62  # a bit each in a number of 64 bits
_SEPARATORS = re.compile(r"\s*[,;、，；]\s*")


class Word(BaseModel):
    """A known word with its labels and a definition of one line; ``synonyms`` are what people head columns with."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str
    definition: str = ""
    synonyms: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class Attribute(Word):
    """An attribute of a record, an event or a participant. ``default`` stands in for an absent value; say why."""

    type: Literal["text", "choice", "choices", "boolean", "integer", "number", "date"]
    unit: str | None = None
    values: dict[str, Word] = {}
    default: str | None = None
    because: str | None = None

    @cached_property
    def absent(self) -> Value | None:
        """The canonical default, None where an absent value is simply unknown."""
        return None if self.default is None else self.read(self.default)

    def read(self, text: object, labelled: bool = False) -> Value | None:
        """The canonical form of a value as a user wrote it; None for an empty one.

        ValueError says what is wrong, and names values by their Chinese labels where ``labelled``.
        """
        if text is None:
            return None
        if self.type == "choices":
            return self._several(text, labelled)
        if not isinstance(text, str):
            raise ValueError("must be one value, not a list or a mapping")
        text = text.strip()
        if not text:
            return None
        if self.type == "text":
            return canonical(text)
        if self.type == "choice":
            return self._known(text, labelled)
        if self.type == "boolean":
            if text.lower() not in BOOLEANS:
                raise ValueError("must be `是` or `否`" if labelled else "must be `true` or `false`")
            return BOOLEANS[text.lower()]
        return read_stamp(text)[0] if self.type == "date" else self._number(text)

    def _known(self, text: str, labelled: bool) -> str:
        if text not in self.values:
            help = near(text, self.values, self.values, labelled)
            raise ValueError(f"is not a known value; {help}".rstrip("; "))
        return text

    def _several(self, value: object, labelled: bool) -> int | None:
        """A list of values, or a text that separates them, as a mask; an empty list is known to hold none."""
        # a table has no lists: `[]` is how a cell says that there is none
        words = [] if value == "[]" else _SEPARATORS.split(value.strip()) if isinstance(value, str) else value
        if words == [""]:
            return None
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError("must be a list of values")
        return self.mask(self._known(word.strip(), labelled) for word in words)

    @cached_property
    def _bits(self) -> dict[str, int]:
        return {word: 1 << n for n, word in enumerate(self.values)}

    def mask(self, words: Iterable[str]) -> int:
        """Several of the values as a number: the bit of each."""
        return functools.reduce(operator.or_, (self._bits[word] for word in words), 0)

    def chosen(self, mask: int) -> list[str]:
        """The values whose bits a number has, in the order of the vocabulary."""
        return [word for word, bit in self._bits.items() if mask & bit]

    def _number(self, text: str) -> int:
        try:
            number = Decimal(unicodedata.normalize("NFKC", text))
        except InvalidOperation:
            raise ValueError("must be a number such as `40` or `19.5`") from None
        # the exponent is asked first: arithmetic on 1e999999999 overflows
        if not number.is_finite() or number.adjusted() > 12 or abs(number) > LARGEST:
            raise ValueError(f"must be a number within ±{LARGEST}")
        whole = self.type == "integer"
        exact = number.quantize(Decimal(1 if whole else "0.000001"))
        if exact != number:
            kind = "a whole number" if whole else "a number of at most six decimal places"
            raise ValueError(f"must be {kind}")
        return int(exact if whole else exact * MILLION)

    def show(self, value: Value | None, lang: str = "zh") -> str:
        """A canonical value as a reader wants to see it."""
        if value is None:
            return ""
        if self.type == "choice":
            return self.values[str(value)].label(lang)
        if self.type == "choices":
            words = [self.values[word].label(lang) for word in self.chosen(int(value))]
            return ("、" if lang == "zh" else ", ").join(words)
        if self.type == "number":
            return show_number(int(value))
        if self.type == "date":
            return show_day(int(value))
        return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def show_number(millionths: int) -> str:
    """Millionths as ``19.5``."""
    return (
        f"{Decimal(millionths) / MILLION:f}".rstrip("0").rstrip(".")
        if millionths % MILLION
        else str(millionths // MILLION)
    )


def labels(words: Mapping[str, Word]) -> dict[str, str]:
    """From the Chinese label of each word to the word."""
    return {word.zh: name for name, word in words.items()}


def near(word: str, names: Iterable[str], words: Mapping[str, Word], labelled: bool) -> str:
    """`did_you_mean` for one who writes ids, or for one who writes Chinese labels, and is answered so."""
    known = {words[name].zh: name for name in names}
    if labelled:
        return did_you_mean(word, known, {label: label for label in known})
    return did_you_mean(word, known.values(), labels(words))


class EventWord(Word):
    """An event and the attributes that one occurrence of it may carry; ``values`` narrows a choice to some."""

    attributes: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}


class Role(Word):
    """A role that a participant has, and the attributes the participant may carry."""

    attributes: tuple[str, ...] = ()


class RecordType(Word):
    """A type of record: its attributes, the events that can happen to it, the roles people have in it."""

    attributes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Vocabulary(BaseModel):
    """Every known word of all documents. Loaded from a folder of files, or one file; see `load`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_: str | None = Field(default=None, alias="$schema")
    record_types: dict[str, RecordType]
    events: dict[str, EventWord]
    attributes: dict[str, Attribute]
    roles: dict[str, Role] = {}
    units: dict[str, Word] = {}
    readings: dict[str, Word] = {}
    _source: Document | None = PrivateAttr(default=None)

    def place(self, *path: str) -> Place:
        """Where an entry stands: ``place("events", "published")``."""
        return self._source.place(*path) if self._source else Place()

    def of_event(self, event: str, name: str) -> Attribute:
        """An attribute as one event knows it: a choice with the values that the event admits."""
        attribute, admitted = self.attributes[name], self.events[event].values.get(name)
        if admitted is None:
            return attribute
        narrowed = attribute.model_copy(update={"values": {v: attribute.values[v] for v in admitted}})
        narrowed.__dict__["_bits"] = attribute._bits  # a value has one bit, whichever event carries it
        return narrowed

    @classmethod
    def load(cls, *paths: Path) -> Vocabulary:
        """Read and cross-check the vocabulary: files, or folders of files, that each hold a part.

        Raises RulesetError with every problem.
        """
        files = [file for path in paths for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
        if not files:
            raise RulesetError([Problem(Place(file_name(paths[0])), "the vocabulary is empty")])
        document, problems = _joined(files)
        vocabulary = read_as(cls, document)
        if isinstance(vocabulary, list):
            raise RulesetError(problems + vocabulary)
        if problems := problems + vocabulary._cross_check(document):
            raise RulesetError(problems)
        vocabulary._source = document
        return vocabulary

    def _cross_check(self, document: Document) -> list[Problem]:
        """Words that one entry uses and no entry declares; defaults that are no value, or have no reason."""
        found: list[Problem] = []

        def check(path: tuple[str, ...], words: tuple[str, ...], known: Iterable[str]) -> None:
            for number, word in enumerate(words):
                if word not in known:
                    place = document.place(*path, number)
                    found.append(Problem(place, f"`{word}` is not declared", word, did_you_mean(word, known)))

        for name, type_ in self.record_types.items():
            for part, known in (
                ("attributes", self.attributes),
                ("events", self.events),
                ("roles", self.roles),
            ):
                check(("record_types", name, part), getattr(type_, part), known)
        for part, entries in (("events", self.events), ("roles", self.roles)):
            for name, entry in entries.items():
                check((part, name, "attributes"), entry.attributes, self.attributes)
                for attribute, values in getattr(entry, "values", {}).items():
                    check((part, name, "values"), (attribute,), entry.attributes)
                    declared = self.attributes.get(attribute)
                    check((part, name, "values", attribute), values, declared.values if declared else values)
        spelt: dict[str, str] = {}
        for name, attribute in self.attributes.items():
            place = document.place("attributes", name)
            if (other := spelt.setdefault(name.lower(), name)) != name:  # one column to a database
                reason = f"`{name}` and `{other}` differ in capital letters only"
                found.append(Problem(place, reason, name, "rename one"))
            if attribute.type.startswith("choice") != bool(attribute.values):
                reason = f"`{name}`: `values` belong to types `choice` and `choices`, and to no other"
                found.append(Problem(place, reason))
            if attribute.type == "choices" and len(attribute.values) > MOST_CHOICES:
                found.append(Problem(place, f"`{name}` has more than {MOST_CHOICES} values"))
            if attribute.default is not None:
                if not attribute.because:
                    found.append(Problem(place, f"`{name}` has a default and no `because`"))
                try:
                    attribute.read(attribute.default)
                except ValueError as error:
                    found.append(Problem(place, f"the default of `{name}` {error}", attribute.default))
        return found


class _Joined(Document):
    """Several files as one mapping of sections; every entry keeps the place it has in its own file."""

    __slots__ = ("parts_",)

    def __init__(self, file: str) -> None:
        super().__init__(file, {}, {})
        self.parts_: dict[tuple[str | int, ...], Document] = {}

    def place(self, *path: str | int) -> Place:
        part = self.parts_.get(path[:2]) or self.parts_.get(path[:1])
        return part.place(*path) if part else Place(self.file)


def _joined(files: list[Path]) -> tuple[Document, list[Problem]]:
    """The sections of all files together; a name that two files declare is a problem."""
    whole, problems = _Joined(file_name(files[0].parent if len(files) > 1 else files[0])), []
    for file in files:
        for document in read_documents(file):
            if isinstance(document, Problem):
                problems.append(document)
                continue
            if not isinstance(document.value, dict):
                problems.append(Problem(document.place(), "a vocabulary is a mapping of sections"))
                continue
            for section, entries in document.value.items():
                whole.parts_.setdefault((section,), document)
                if not isinstance(entries, dict):
                    whole.value[section] = entries
                    continue
                known = whole.value.setdefault(section, {})
                for name, entry in entries.items():
                    if name in known:
                        there = whole.place(section, name)
                        reason = f"`{shown(name)}` stands at {there} already"
                        problems.append(Problem(document.place(section, name), reason, name, "declare it once"))
                    known[name] = entry
                    whole.parts_[section, name] = document
    if not whole.value and not problems:
        problems.append(Problem(Place(whole.file), "the vocabulary is empty"))
    return whole, problems

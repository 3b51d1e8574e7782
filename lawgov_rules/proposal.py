"""A mapping proposed from a file's columns: guesses by names and contents, each with its reason in a comment.

What it proposes loads, and checks; what a person must decide is marked ``!``. It looks at the first `LOOKED_AT` rows.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from lawgov_rules.dates import read_stamp
from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._headings import key, words_of
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._rows import Row
from lawgov_rules.importers.documents import rows_of
from lawgov_rules.likeness import fits, match, plain
from lawgov_rules.proposal_words import KNOWN, SAID
from lawgov_rules.vocabulary import Attribute, RecordType, Vocabulary, Word, near
from lawgov_rules.yaml_file import NULLS, file_name

LOOKED_AT = 50_000
MOST_VALUES = 60  # different values that are listed; a column with more is no list of names
_OFFSET = re.compile(r"\d\d:\d\d\S*?\s*(Z|[+-]\d\d:?\d\d)$")
_PLAIN = re.compile(r"[A-Za-z_一-鿿][\w一-鿿]*(?:[ /:.-][\w一-鿿]+)*")
_TRUTH = {
    "yes": "true",
    "true": "true",
    "1": "true",
    "是": "true",
    "no": "false",
    "false": "false",
    "0": "false",
    "否": "false",
}


def propose(path: Path, vocabulary: Vocabulary, type_: str | None = None, lang: str = "en") -> str:
    """The text of a mapping file for a table or a log.

    Args:
        type_: the record type, by its id or label; by default the one whose words come nearest. lang: of the comments.
    Raises:
        InputError: where the file cannot be read, has no rows, or ``type_`` is not known.
    """
    if type_ is not None:
        type_ = words_of(vocabulary.record_types, vocabulary.record_types).get(key(type_), type_)
    if type_ is not None and type_ not in vocabulary.record_types:
        advice = near(type_, vocabulary.record_types, vocabulary.record_types, not type_.isascii())
        raise InputError(Problem(Place(), f"`{type_}` is not a known record type", type_, advice))
    name, give = file_name(path), rows_of(path)
    if give is None:
        advice = "give CSV, Parquet, XES or OCEL"
        raise InputError(Problem(Place(name), "no columns are read from this kind of file", help=advice))
    rows: list[Row] = []
    for row in itertools.islice(give(path, Reading(vocabulary)).rows, LOOKED_AT):
        if isinstance(row, Problem):
            raise InputError(row)
        rows.append(row)
    if not rows:
        raise InputError(Problem(Place(name), "there are no rows to look at", help="give a file with some"))
    return "\n".join(_Proposal(rows, vocabulary, type_, lang).lines(name)) + "\n"


class _Proposal:
    """The guesses about one file."""

    def __init__(self, rows: list[Row], vocabulary: Vocabulary, type_: str | None, lang: str) -> None:
        self.rows, self.vocabulary, self.lang = [row.cells for row in rows], vocabulary, lang
        self.columns = list(dict.fromkeys(column for row in self.rows for column in row))
        self.only: dict[str, tuple[str, str]] = {}
        self._narrow(type_)
        self.values = {column: Counter(r[column] for r in self.rows if column in r) for column in self.columns}
        self.used: set[str] = set(self.only)
        self.record, self.why_record = self._column("record", self._id_like())
        self.event, self.why_event = self._column("event", None)
        self.date, self.why_date = self._column("date", self._date_like() if self.event else None)
        if not self.date:
            self.event = None
        self.asked = type_ is not None
        self.type = type_ or max(sorted(vocabulary.record_types), key=self._score)

    def say(self, key: str, *words: object) -> str:
        return "  # " + SAID[key][self.lang != "zh"].format(*words)

    def _narrow(self, type_: str | None) -> None:
        """The rows that count where a log has several types of object, or several states of a step."""
        kinds = list(dict.fromkeys(r["ocel:type"] for r in self.rows if "ocel:type" in r))
        if len(kinds) > 1:
            words = self.vocabulary.record_types
            asked = {type_: words[type_]} if type_ else words
            fitting = (kind for kind in kinds if any(fits(kind, name, word) for name, word in asked.items()))
            best = next(fitting, kinds[0])
            others = ", ".join(_quoted(kind) for kind in kinds if kind != best)
            self.only["ocel:type"] = (best, self.say("several", others))
        states = {r["lifecycle:transition"] for r in self.rows if "lifecycle:transition" in r}
        if len(states) > 1 and "complete" in states:
            self.only["lifecycle:transition"] = ("complete", self.say("complete"))
        for column, (value, _) in self.only.items():
            self.rows = [row for row in self.rows if row.get(column) == value]

    def _column(self, what: str, otherwise: str | None) -> tuple[str | None, str]:
        """The column of that kind by its name, else by its contents; and how it was found."""
        named = {plain(column): column for column in reversed(self.columns) if column not in self.used}
        for known in KNOWN[what].split(" "):
            if plain(known) in named:
                found = named[plain(known)]
                self.used.add(found)
                return found, self.say("name")
        if otherwise:
            self.used.add(otherwise)
        return otherwise, self.say("content")

    def _id_like(self) -> str:
        """A column that is always filled and tells the most apart."""
        full = [c for c in self.columns if sum(self.values[c].values()) == len(self.rows) and not self._dates(c)]
        return max(full or self.columns, key=lambda c: len(self.values[c]))

    def _date_like(self) -> str | None:
        dates = [column for column in self.columns if column not in self.used and self._dates(column)]
        return max(dates, key=lambda c: (sum(self.values[c].values()), len(self.values[c])), default=None)

    def _dates(self, column: str) -> bool:
        return bool(self.values[column]) and all(map(_is_date, self.values[column]))

    def _score(self, name: str) -> int:
        """How many of the columns, and of the event names, are words of a record type."""
        type_ = self.vocabulary.record_types[name]
        words = self._events(type_) | {a: self.vocabulary.attributes[a] for a in type_.attributes}
        given = [*self.columns, *(self.values[self.event] if self.event else ())]
        return sum(match(word, words) is not None for word in given)

    def _events(self, type_: RecordType) -> dict[str, Word]:
        return {name: self.vocabulary.events[name] for name in type_.events}

    def lines(self, name: str) -> Iterator[str]:
        type_ = self.vocabulary.record_types[self.type]
        yield self.say("head", shown(name), len(self.rows)).strip()
        yield f"type: {self.type}" + self.say("asked" if self.asked else "type" if self._score(self.type) else "none")
        yield f"record: {_quoted(str(self.record))}" + self.why_record
        place, _ = self._column("jurisdiction", None)
        yield (
            f"jurisdiction: {{column: {_quoted(place)}}}" + self.say("name")
            if place
            else '# jurisdiction: "140581"' + self.say("place")
        )
        organ, _ = self._column("organ", None)
        if organ:
            yield f"organ: {{column: {_quoted(organ)}}}" + self.say("name")
        yield from self._zone()
        if self.only:
            yield "only:"
            yield from (f"  {_quoted(column)}: {_quoted(value)}" + why for column, (value, why) in self.only.items())
        yield from self._record_attributes(type_)
        yield from self._long(type_) if self.event else self._wide(type_)
        person, _ = self._column("person", None) if type_.roles else (None, "")
        if person:
            yield f"# participants: [{{role: {type_.roles[0]}, person: {_quoted(person)}}}]" + self.say("person")
        if unused := [column for column in self.columns if column not in self.used]:
            yield self.say("unused", ", ".join(map(_quoted, unused))).strip()

    def _zone(self) -> Iterator[str]:
        stamps = [text for column in self.columns if self._dates(column) for text in self.values[column] if ":" in text]
        offsets = sorted({found[1] for text in stamps if (found := _OFFSET.search(text))})
        if offsets and offsets not in (["+08:00"], ["+0800"]):
            yield "zone: as_written" + self.say("offsets", ", ".join(offsets))
        elif stamps and not offsets:
            yield "# unmarked: UTC" + self.say("naive")

    def _record_attributes(self, type_: RecordType) -> Iterator[str]:
        own = {name: self.vocabulary.attributes[name] for name in type_.attributes}
        told: list[str] = []
        for column in self.columns:
            name = match(column, own) if column not in self.used else None
            if name and self._suits(column, own[name]):
                several = self._differs(column)
                if several and self.event and not column.startswith(("case:", "object:")):
                    continue
                self.used.add(column)
                del own[name]
                told += self._attribute("  ", name, column, self.vocabulary.attributes[name], several)
        if told:
            yield "attributes:"
            yield from told

    def _suits(self, column: str, attribute: Attribute) -> bool:
        """Whether what a column holds can be an attribute at all: dates where it is one, some value that it knows."""
        if attribute.type == "date" and not self._dates(column):
            return False
        values = self._values(column, attribute)
        return not values or any(values.values())

    def _differs(self, column: str) -> bool:
        found: dict[str, str] = {}
        key = str(self.record)
        return any(column in r and found.setdefault(r.get(key, ""), r[column]) != r[column] for r in self.rows)

    def _attribute(self, indent: str, name: str, column: str, attribute: Attribute, several: bool) -> Iterator[str]:
        mapped = self._values(column, attribute)
        take = ", take: last" if several else ""
        why = self.say("take" if several else "attribute")
        if not mapped and not take:
            yield f"{indent}{name}: {_quoted(column)}" + why
        elif not mapped:
            yield f"{indent}{name}: {{column: {_quoted(column)}{take}}}" + why
        else:
            yield f"{indent}{name}:" + why
            yield f"{indent}  column: {_quoted(column)}"
            if several:
                yield f"{indent}  take: last"
            yield from self._mapped(f"{indent}  ", column, mapped, "value")

    def _values(self, column: str, attribute: Attribute) -> dict[str, str | None]:
        """What the values of a column are in the vocabulary; nothing where they need no renaming."""
        if attribute.type in ("choices", "date"):
            return {}
        found: dict[str, str | None] = {}
        for text in self.values[column]:
            if attribute.type == "choice":
                found[text] = text if text in attribute.values else match(text, attribute.values)
            elif attribute.type == "boolean":
                found[text] = _TRUTH.get(text.lower())
            else:
                try:
                    attribute.read(text)
                    found[text] = text
                except ValueError:
                    found[text] = None
        return {} if all(text == word for text, word in found.items()) else found

    def _mapped(self, indent: str, column: str, words: Mapping[str, str | None], reason: str) -> Iterator[str]:
        """A table of renames, the commonest first; what it does not list is left out."""
        counts = self.values[column]
        listed = sorted(words, key=lambda text: (words[text] is None, -counts[text], text))
        yield f"{indent}values:" if listed[:MOST_VALUES] else f"{indent}values: {{}}"
        for text in listed[:MOST_VALUES]:
            word = words[text]
            yield f"{indent}  {_quoted(text)}: {word or ''}".rstrip() + ("" if word else self.say(reason))
        if len(listed) > MOST_VALUES:
            yield f"{indent}others: leave_out" + self.say("others")

    def _long(self, type_: RecordType) -> Iterator[str]:
        events, column = self._events(type_), str(self.event)
        words = {text: text if text in events else match(text, events) for text in self.values[column]}
        yield "events:"
        yield "  - event:" + self.why_event
        yield f"      column: {_quoted(column)}"
        yield from self._mapped("      ", column, words, "unknown")
        yield f"    date: {_quoted(str(self.date))}" + self.why_date
        carried = {n for word in words.values() if word for n in self.vocabulary.events[word].attributes}
        own = {name: self.vocabulary.attributes[name] for name in sorted(carried)}
        told: list[str] = []
        for other in self.columns:
            name = match(other, own) if other not in self.used else None
            if name and self._suits(other, own[name]):
                self.used.add(other)
                told += self._attribute("      ", name, other, own.pop(name), False)
        if told:
            yield "    attributes:"
            yield from told

    def _wide(self, type_: RecordType) -> Iterator[str]:
        events = self._events(type_)
        found, others = [], []
        for column in self.columns:
            if column in self.used or not self._dates(column):
                continue
            if name := match(column, events):
                self.used.add(column)
                found.append(f"  - {{event: {name}, date: {_quoted(column)}}}" + self.say("attribute"))
            else:
                others.append(f"#  - {{event: , date: {_quoted(column)}}}" + self.say("unknown"))
        if found:
            yield "events:" + self.say("wide")
            yield from found
        yield from others


def _is_date(text: str) -> bool:
    """Whether a text is a day or a moment for sure: eight digits may be a number of something else."""
    try:
        return not text.isdigit() and bool(read_stamp(text))
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """A word as YAML writes it; characters that no file may have are written by their numbers."""
    if _PLAIN.fullmatch(text) and text not in NULLS:
        return text
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain)

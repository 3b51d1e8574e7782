"""The vocabulary: words that cannot be told apart, are not defined, or are not used.

Codes: ``same-label``, ``no-definition``, ``ambiguous-synonym``; as advice ``unused-word``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lawgov_rules.importers._headings import key
from lawgov_rules.lint._flaw import Flaw
from lawgov_rules.rule import Rule
from lawgov_rules.vocabulary import Vocabulary, Word

SECTIONS = ("record_types", "events", "attributes", "roles")


def check(vocabulary: Vocabulary) -> Iterator[Flaw]:
    """Words that cannot be told apart or are not defined."""
    for section in SECTIONS:
        words: Mapping[str, Word] = getattr(vocabulary, section)
        for name, word in words.items():
            if not word.definition.strip():
                reason, place = f"`{name}` has no `definition`", vocabulary.place(section, name)
                yield Flaw(place, "no-definition", "", reason, "say in a line what it means")
    yield from _same_labels(vocabulary)
    yield from _ambiguous(vocabulary)


def _ambiguous(vocabulary: Vocabulary) -> Iterator[Flaw]:
    """A synonym that heads a column of a form, and names two things there, or one of them by its label."""
    sections = {s: getattr(vocabulary, s) for s in SECTIONS}
    groups = [[("record_types", name) for name in vocabulary.record_types]]
    for record in vocabulary.record_types.values():
        names = (("attributes", record.attributes), ("events", record.events), ("roles", record.roles))
        groups.append([(section, name) for section, mine in names for name in mine])
    told = set()
    for group in groups:
        first: dict[str, tuple[str, str]] = {}
        for section, name in group:
            word = sections[section][name]
            for text in dict.fromkeys(map(key, (word.zh, word.en, *word.synonyms))):
                one = first.setdefault(text, (section, name))
                has_synonym = any(text in map(key, sections[s][n].synonyms) for s, n in (one, (section, name)))
                if one != (section, name) and has_synonym and (one, section, name) not in told:
                    told.add((one, section, name))
                    reason = f"`{name}` and `{one[1]}` can both be meant by {text}"
                    help = "take the synonym from one of them"
                    yield Flaw(vocabulary.place(section, name), "ambiguous-synonym", "", reason, help)


def _same_labels(vocabulary: Vocabulary) -> Iterator[Flaw]:
    """Two words of one thing with one Chinese label: a reader of a form or a report takes one for the other."""
    found: dict[tuple[str, str, str], str] = {}
    for type_, record in vocabulary.record_types.items():
        for section, names in (("events", record.events), ("attributes", record.attributes), ("roles", record.roles)):
            for one, other in _twins(names, getattr(vocabulary, section)):
                found.setdefault((section, one, other), f"in {type_}")
    for section in ("events", "roles"):
        for name, item in getattr(vocabulary, section).items():
            for one, other in _twins(item.attributes, vocabulary.attributes):
                found.setdefault(("attributes", one, other), f"in {name}")
    for (section, one, other), where in found.items():
        label = getattr(vocabulary, section)[one].zh
        reason = f"`{other}` and `{one}` are both called {label} {where}"
        yield Flaw(vocabulary.place(section, other), "same-label", "", reason, "give one of them another label")
    for name, attribute in vocabulary.attributes.items():
        for one, other in _twins(attribute.values, attribute.values):
            reason = f"the values `{other}` and `{one}` of `{name}` are both called {attribute.values[one].zh}"
            place = vocabulary.place("attributes", name, "values", other)
            yield Flaw(place, "same-label", "", reason, "give one of them another label")


def _twins(names: Iterable[str], words: Mapping[str, Word]) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for name in names:
        one = first.setdefault(words[name].zh, name)
        if one != name:
            yield one, name


def unused(vocabulary: Vocabulary, rules: Iterable[Rule]) -> Iterator[Flaw]:
    """Words that no rule uses: for the records' sake, or left over."""
    used = {word for rule in rules for word in rule.words}
    for section in SECTIONS:
        for name in getattr(vocabulary, section):
            if name not in used:
                reason, place = f"no rule uses `{name}`", vocabulary.place(section, name)
                yield Flaw(place, "unused-word", "", reason, "", "note")

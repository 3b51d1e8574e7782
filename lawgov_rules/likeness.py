"""Which word of the vocabulary a foreign heading or value means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from lawgov_rules.vocabulary import Word


def plain(text: str) -> str:
    """A heading without what people write differently: case, width, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def names(name: str, word: Word) -> list[str]:
    return [plain(name), plain(word.zh), plain(word.en)]


def fits(text: str, name: str, word: Word) -> bool:
    """Whether a text is a word's name or one of its labels."""
    return plain(text) in names(name, word)


def match(text: str, words: Mapping[str, Word]) -> str | None:
    """The word that a heading or a value means: by name or label, else by the same words in another form or order
    (Send Fine: fine sent), else the one that is nearly written so."""
    text = text.removeprefix("case:").removeprefix("object:")
    labels = {label: name for name, word in words.items() for label in names(name, word) if label}
    if (said := plain(text)) in labels:
        return labels[said]
    stems = _stems(text)
    for name, word in words.items():
        if len(stems) > 1 and stems in (_stems(name), _stems(word.en)):
            return name
    near = get_close_matches(said, labels, n=1, cutoff=0.9) if len(said) > 3 else []
    return labels[near[0]] if near else None


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the English words in a text, but for short ones."""
    return frozenset(word[:3].lower() for word in re.findall(r"[A-Za-z][a-z]*", text) if len(word) > 2)

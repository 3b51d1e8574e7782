"""A cell as the text a record would have: labels become words, 是 becomes true, ``1,200元`` becomes 1200.

What is not understood stays as it is, so that the reader of records says what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lawgov_rules.importers._headings import key, words_of
from lawgov_rules.vocabulary import Attribute, Vocabulary

YES = frozenset(("是", "√", "✓", "✔", "有", "对", "y", "yes", "true", "1"))
NO = frozenset(("否", "×", "✗", "✘", "无", "不", "没有", "n", "no", "false", "0", "x"))
NONE = frozenset(("无", "没有", "none", "[]"))
BETWEEN = re.compile(r"\s*[;；\n]+\s*")
BETWEEN_SHORT = re.compile(r"\s*[;；、，,\n]+\s*")
_THOUSANDS = re.compile(r"([-+]?\d{1,3}(?:,\d{3})+)(\.\d+)?")
_DIGITS = re.compile(r"[-+]?[\d.]+")
_PADDED = re.compile(r"([㐀-鿿])\s+([㐀-鿿])")
_BLANK_BETWEEN = re.compile(r"[㐀-鿿]\s+[㐀-鿿]")
MOST_DIGITS = 80  # of a decimal number that is written out
BLANK = " \t\r\n\u3000\u00a0\u200b\ufeff"


def stripped(text: str) -> str:
    """A text without the blanks around it that nobody sees."""
    return text.strip(BLANK)


def text_of(value: Any) -> str:
    """A value of a sheet, a table or a frame as the text that a user would have written."""
    if hasattr(value, "tolist"):  # several values in one cell, as Parquet keeps them
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return "; ".join(map(text_of, value)) if value else "[]"
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() and value.tzinfo is None else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float):
        # a sheet holds fifteen digits
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < MOST_DIGITS:
        return format(value, "f")  # not 0E-8
    return stripped(str(value))


def plain(attribute: Attribute, text: str, vocabulary: Vocabulary) -> str | list[str]:
    """A cell of a column that holds an attribute, as the reader of records wants it."""
    if attribute.type == "choice":
        return _choices(attribute).get(key(text), text)
    if attribute.type == "choices":
        known = _choices(attribute)
        if text in NONE and key(text) not in known:
            return []
        return [known.get(key(word), word) for word in BETWEEN_SHORT.split(text) if word]
    if attribute.type == "boolean":
        word = key(text)
        return "true" if word in YES else "false" if word in NO else text
    if attribute.type in ("integer", "number"):
        unit = vocabulary.units.get(attribute.unit or "")
        return _number(text, (unit.zh, unit.en) if unit else ())
    return text


def person(text: str) -> tuple[str, bool]:
    """A name without the blank that lines up short ones (张　三), and whether it can be told from several names."""
    if match := _PADDED.fullmatch(text):
        return match[1] + match[2], True
    return text, not _BLANK_BETWEEN.search(text)


@lru_cache(maxsize=4096)
def _known(values: tuple[tuple[str, str, str, tuple[str, ...]], ...]) -> dict[str, str]:
    from lawgov_rules.vocabulary import Word

    words = {name: Word(zh=zh, en=en, synonyms=synonyms) for name, zh, en, synonyms in values}
    return words_of(words, words)


def _choices(attribute: Attribute) -> dict[str, str]:
    return _known(tuple((name, word.zh, word.en, word.synonyms) for name, word in attribute.values.items()))


def _number(text: str, units: tuple[str, ...]) -> str:
    """Digits without thousands separators and without the unit of the column."""
    found = "".join(unicodedata.normalize("NFKC", text).split())
    for unit in units:
        if found.casefold().endswith(key(unit)):
            found = found[: -len(key(unit))]
            break
    if match := _THOUSANDS.fullmatch(found):
        return match[1].replace(",", "") + (match[2] or "")
    return found if _DIGITS.fullmatch(found) else text

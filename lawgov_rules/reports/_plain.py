"""A record's own words on one line: no line break, no control character, no mark that turns the writing direction.

What somebody wrote into a case file may be anything. It is shown whole; what would break a layout or steer a terminal
becomes a visible sign.
"""

from __future__ import annotations

import re
import unicodedata

CUT = "…"
BREAK = "⏎"
_BREAKS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SIGN = "\N{REPLACEMENT CHARACTER}"
# joins and variants of emoji and scripts: without effect on anything around them
_HARMLESS = frozenset("\u200c\u200d")


def line(text: str, limit: int = 0) -> str:
    """The text on one line; cut to ``limit`` characters with a mark at its end, if there is a limit."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c in _HARMLESS or c == "\u3000" else _sign(c) for c in _marked(text))
    return cut(text, limit)


def lines(text: str) -> str:
    """The same with its line breaks, for formats that have room for several lines."""
    return "\n".join(line(part) for part in _BREAKS.split(text))


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, the last of which says that there was more; all of it without a limit."""
    return text if not limit or len(text) <= limit else text[: limit - 1] + CUT


def _marked(text: str) -> str:
    return _BREAKS.sub(BREAK, text)


def _sign(character: str) -> str:
    """What stands for a character that is not shown: a blank for a kind of blank, else the sign of replacement."""
    return " " if character == "\t" or unicodedata.category(character) == "Zs" else _SIGN

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
# control and format characters, halves of pairs, private use; what is not assigned may be a newer emoji and stays, so
# that one report is the same on a newer Python
_UNSEEN = ("Cc", "Cf", "Cs", "Co")
# joins within emoji and some scripts, without effect on anything around them
_HARMLESS = "\u200c\u200d"


def line(text: str, limit: int = 0) -> str:
    """The text on one line; cut to ``limit`` characters with a mark at its end, if there is a limit."""
    if not text.isprintable():
        text = "".join(map(_seen, _BREAKS.sub(BREAK, text)))
    return text if not limit or len(text) <= limit else text[: limit - 1] + CUT


def _seen(character: str) -> str:
    if character == "\t":
        return " "
    if character in _HARMLESS:
        return character
    # the last two of every plane are no characters, and XML takes none of them
    unseen = unicodedata.category(character) in _UNSEEN or ord(character) & 0xFFFE == 0xFFFE
    return _SIGN if unseen else character

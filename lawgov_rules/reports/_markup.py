"""Somebody's own words within Markdown: shown as they are, without markup, HTML or links coming of them."""

from __future__ import annotations

import re

from lawgov_rules.reports._plain import line

# what marks something up, what makes a link of plain text, and what begins a list at the start of a line
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~!&$^]|:(?=//)|(?<=mailto):|(?<=www)\.|^[-+=]|^\d+(?=[.)])", re.IGNORECASE)


def escaped(text: str, limit: int = 0) -> str:
    """The text as Markdown: on one line, cut to ``limit`` characters with a mark."""
    return _MARKUP.sub(_escape, line(text, limit))


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    # a figure cannot be escaped, what follows it can: an entity is the way around
    return f"&#{ord(sign[0])};{sign[1:]}" if sign[0].isdigit() else "\\" + sign

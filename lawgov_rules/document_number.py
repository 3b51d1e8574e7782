"""Document numbers (发文字号) and case numbers (案号): one identity, however their brackets are written.

``甲政发[2012] 03号`` and ``甲政发【２０１２】第3号`` are 甲政发〔2012〕3号.
``(2016)甲行初字第5号`` is （2016）甲行初字第5号.
"""

from __future__ import annotations

import re
import unicodedata

_OPEN, _CLOSE = r"[\[〔(【〈《]", r"[\]〕)】〉》]"
_DOCUMENT = re.compile(
    rf"([^\d\[\]〔〕()【】〈〉《》]{{1,30}})(?:{_OPEN}(\d{{4}}){_CLOSE}|(\d{{4}})-)第?0*(\d{{1,6}})号"
)
_CASE = re.compile(rf"{_OPEN}(\d{{4}}){_CLOSE}(?!\d)([^\[\]〔〕()【】〈〉《》]{{1,30}}?)0*(\d{{1,6}})号")


def canonical(text: str) -> str:
    """The one way of writing a number that is wholly a document or case number; any other text as it is, stripped."""
    text = text.strip()
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if match := _DOCUMENT.fullmatch(plain):
        issuer, year, bare, number = match.groups()
        return f"{issuer}〔{year or bare}〕{number}号"
    if match := _CASE.fullmatch(plain):
        return f"（{match[1]}）{match[2]}{match[3]}号"
    return text

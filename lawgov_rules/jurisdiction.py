"""GB/T 2260 codes: whether one is well formed, what it is called, and which areas lie inside which.

A code has six digits, two each for province, prefecture and county: `140581` lies in `140500` and `140000`.
Where the digits mislead, a parent in `rulesets/jurisdictions.yaml` decides. Codes are text, never numbers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from lawgov_rules.errors import InputError, Place, Problem, shown

_CODE: Final = re.compile(r"[1-9]\d{5}", re.ASCII)


class Jurisdictions:
    """The codes in use with their names, and the parents that differ from what the digits say."""

    def __init__(self, names: Mapping[str, str], parents: Mapping[str, str]) -> None:
        """``names``: by code, in Chinese. ``parents``: by code, or by the first four digits of several."""
        self._names, self._parents = dict(names), dict(parents)

    @classmethod
    def load(cls, path: Path) -> Jurisdictions:
        """Read jurisdictions.yaml (``codes`` and ``parents``); InputError if it cannot be used."""
        import yaml

        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value stays the text that was written
        try:
            found = yaml.load(path.read_text("utf-8"), Loader=loader)
            names = {code: str(entry["name"]["zh"]) for code, entry in found["codes"].items()}
            parents = dict(found["parents"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise _unusable(path, f"cannot be read as a table of codes: {shown(str(error), 200)}") from error
        for code in [*names, *parents.values(), *(key for key in parents if len(key) != 4)]:
            if reason := cls(names, {}).check(code):
                raise _unusable(path, reason)
        found_here = cls(names, parents)
        for code in names.keys() | parents.keys():
            found_here._refuse_circle(code.ljust(6, "0"), path)
        return found_here

    @cached_property
    def sha256(self) -> str:
        """Of all names and parents."""
        known = sorted(self._names.items()), sorted(self._parents.items())
        return hashlib.sha256(repr(known).encode()).hexdigest()

    def contains(self, outer: str, inner: str) -> bool:
        """Whether a rule of ``outer`` reaches a record of ``inner``: the same code or one inside it."""
        return outer == inner or outer in self._parents_of(inner)

    def around(self, code: str) -> Iterator[str]:
        """The area itself, and every area that it lies in, from the nearest outwards."""
        yield code
        yield from self._parents_of(code)

    def check(self, code: str) -> str | None:
        """None for a well-formed code, else why it is not one. Whether the code is in use is not asked."""
        if not isinstance(code, str):
            return f"the code {shown(code)} is a number; write it as text: `{shown(str(code))}`"
        if _CODE.fullmatch(code) is None:
            plain = re.sub(r"\s", "", code)
            if plain.isdecimal() and len(plain) == 6 and plain != code:
                return f"`{shown(code)}` is not plain digits; write it without blanks"
            if re.fullmatch(r"\d{6}", code):
                return f"`{shown(code)}` is not written in the digits 0-9, or begins with 0"
            return f"`{shown(code)}` is not a code of six digits such as `140581`"
        if code[2:4] == "00" != code[4:]:
            return f"`{code}` names a county (`{code[4:]}`) without its prefecture"
        return None

    def name(self, code: str) -> str | None:
        """The Chinese name, also of a code no longer in use; None where it is not listed."""
        return self._names.get(code)

    def _parents_of(self, code: str) -> Iterator[str]:
        """Every area that ``code`` lies in, from the nearest outwards."""
        while (parent := self._parent(code)) is not None:
            yield parent
            code = parent

    def _parent(self, code: str) -> str | None:
        if code in self._parents:
            return self._parents[code]
        if code[4:] != "00":
            return self._parents.get(code[:4], code[:4] + "00")
        return code[:2] + "0000" if code[2:4] != "00" else None

    def _refuse_circle(self, code: str, path: Path) -> None:
        passed = {code}
        for parent in self._parents_of(code):
            if parent in passed:
                raise _unusable(path, f"`{code}` lies inside itself, by way of `{parent}`")
            passed.add(parent)


def _unusable(path: Path, reason: str) -> InputError:
    return InputError(Problem(Place(str(path)), reason, help="codes and parents are six digits in quotes"))

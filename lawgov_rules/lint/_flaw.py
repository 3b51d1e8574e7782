"""What is wrong with a rule or a word, though it can be loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lawgov_rules.errors import Place


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """One flaw: its place, the kebab-case ``code`` of the check, and a way out. ``rule`` is empty for a word.

    A ``note`` is advice and no reason to fail.
    """

    place: Place
    code: str
    rule: str
    reason: str
    help: str = ""
    level: Literal["warning", "note"] = "warning"

    def __str__(self) -> str:
        of = f" [{self.rule}]" if self.rule else ""
        advice = f" ({self.help})" if self.help else ""
        return f"{self.place}: {'note: ' * (self.level == 'note')}{self.code}{of}: {self.reason}{advice}"

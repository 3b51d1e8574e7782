"""The due list as one JSON object, for programs: receipt, summary, duties, problems.

A duty has the names of `lawgov_rules.Duty`; days are written as ``2012-03-16``, and keys that do not apply are left
out. Both languages are in it, whatever is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from lawgov_rules.duties import DueList
    from lawgov_rules.ruleset import Rulesets


def write(found: DueList, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the list as JSON."""
    out.write(found.to_json().encode("utf-8", "backslashreplace") + b"\n")

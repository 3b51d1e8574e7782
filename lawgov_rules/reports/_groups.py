"""Findings put together for those who read them one after the other: by record, and many of a kind as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from lawgov_rules.found import ORDER as ORDER
from lawgov_rules.reports._plain import line

if TYPE_CHECKING:
    from lawgov_rules.findings import Finding
    from lawgov_rules.reports._words import FindingWords

FEW = 3


def by_record(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """The findings of one record after those of another, as the report orders them."""
    for _record, found in groupby(findings, key=lambda f: (f["type"], f["record"])):
        yield list(found)


def alike(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Neighbouring findings of one rule with one verdict and detail: forty-eight empty months are one entry."""
    for _key, group in groupby(findings, key=lambda f: (f["rule"], f["verdict"], f["detail"])):
        found = list(group)
        yield from [found] if len(found) > FEW else ([f] for f in found)


def instances(found: list[Finding], words: FindingWords) -> str:
    """The instance of one finding, or of the first and the last of many; empty where there is one only."""
    first, last = (line(words.instance(f)) for f in (found[0], found[-1]))
    if len(found) == 1:
        return f"[{first}]" if first else ""
    times = words.t(f"：共{len(found)}次，以下为第一次", f": {len(found)} times, the first below")
    return f"[{first} … {last}{times}]"


def place(found: Finding) -> str:
    """``cases/a.yaml:12``; empty where the record stands in no file."""
    source = found.get("source", {})
    return line(":".join(str(part) for part in (source.get("file"), source.get("line")) if part))

"""The columns of the three tables of a database by our names, where their headings mean the same for every record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._headings import EVENT, OWN, PERSON, Column, Headings, is_remark, key, own, words_of
from lawgov_rules.vocabulary import Vocabulary


def headings_of(columns: Sequence[str], table: str, words: Vocabulary) -> dict[str, str]:
    """Our columns first, by their names, with the heading of each. A heading that means different things to different
    records stays as it is, for Python to read; columns for people's eyes are left out.

    Args:
        columns: the headings of a table. table: which of the three it is.

    Raises:
        InputError: two columns are the same one of ours.
    """
    ours = own(OWN) if table == "records" else own(EVENT if table == "events" else PERSON)
    ours |= own({name: OWN[name] for name in ("record", "type")})
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for heading in columns:
        name = ours.get(key(heading))
        if name in first:
            reason = f"`{shown(heading)}` means the same as `{shown(first[name])}`"
            place, help = Place(f"({table})"), "begin one of the two with 备注"
            raise InputError(Problem(place, reason, shown(heading), help))
        if name:
            first[name] = heading
        means = _attributes(heading, table, words)
        if means is None or (name and not means):
            continue
        attribute = next(iter(means)) if len(means) == 1 else ""
        taken = not attribute or attribute in (*columns, *found, *first)
        found[heading if taken else attribute] = heading
    return first | found


def _attributes(heading: str, table: str, words: Vocabulary) -> set[str] | None:
    """The attributes that a heading may mean; an event or role is one that nothing is called. None: it means nothing,
    and is for people's eyes."""
    if table == "records":
        columns = {Headings(words, type_).column(heading) for type_ in words.record_types}
        if columns <= {None, Column("remark")}:
            return None if Column("remark") in columns else set()
        return {c.name if c.part == "attribute" else "" for c in columns if c and c.part not in ("remark", *OWN)}
    if is_remark(heading):
        return None
    owners: Any = words.events if table == "events" else words.roles
    known = (words_of(owner.attributes, words.attributes).get(key(heading)) for owner in owners.values())
    return {name for name in known if name}

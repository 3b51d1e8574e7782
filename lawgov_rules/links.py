"""Which records depend on which, by what their links say."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lawgov_rules.kinds._contract import Link
from lawgov_rules.view import Within

Key = tuple[str, str]
"""Type and id of a record."""

Index = dict[tuple[str, str], dict[str, set[Key]]]
"""Keys by what a `Link` says: its ``by`` and type, then its name."""


def put(index: Index, links: Iterable[Link], key: Key) -> None:
    """Enter a key under links."""
    _change(index, links, lambda keys: keys.add(key))


def drop(index: Index, links: Iterable[Link], key: Key) -> None:
    """Take a key out again."""
    _change(index, links, lambda keys: keys.discard(key))


def _change(index: Index, links: Iterable[Link], change: Callable[[set[Key]], None]) -> None:
    for link in links:
        names = index.setdefault((link.by, link.type), {})
        change(names.setdefault(link.name, set()))
        if not names[link.name]:
            del names[link.name]


def watchers(
    index: Index, within: Within, type_: str, id_: str, organ: str | None, jurisdiction: str | None
) -> set[Key]:
    """The keys whose links mean a record of this type, id, organ and place."""
    found = [("id", id_), ("any", "")]
    if organ:
        found.append(("organ", organ))
    places = index.get(("place", type_), {})
    found += [("place", outer) for outer in places if jurisdiction and within(outer, jurisdiction)]
    return set[Key]().union(*(index.get((by, type_), {}).get(name, ()) for by, name in found))

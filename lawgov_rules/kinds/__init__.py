"""Kinds of constraint, one a file, found by discovery."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from lawgov_rules.kinds._contract import Constraint


@functools.cache
def discover() -> dict[str, type[Constraint]]:
    """Every kind by its name: the `Constraint` that each module of this folder defines."""
    found: dict[str, type[Constraint]] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")):
        loaded = importlib.import_module(f"{__name__}.{module}")
        for item in vars(loaded).values():
            if isinstance(item, type) and issubclass(item, Constraint) and item.__module__ == loaded.__name__:
                found[module] = item
    return found

"""The executor on durable-rules (extra ``[durable]``): its tables, the dialect they keep to, the worker, its cage.

The worker process loads this package too, so nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lawgov_rules.durable.cage import Cage
    from lawgov_rules.durable.executor import assess, open_cage, require

__all__ = ["Cage", "assess", "open_cage", "require"]


def __getattr__(name: str) -> Any:
    import importlib

    if name == "Cage":
        return importlib.import_module("lawgov_rules.durable.cage").Cage
    if name in __all__:
        return getattr(importlib.import_module("lawgov_rules.durable.executor"), name)
    raise AttributeError(f"module `lawgov_rules.durable` has no `{name}`")

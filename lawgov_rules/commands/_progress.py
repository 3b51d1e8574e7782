"""How far long work is: a line on stderr, on a terminal only, once the work has taken a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

AFTER = 1.0  # seconds
NAMES = {"records": "records 案卷", "verdicts": "verdicts 判定"}


class Bar:
    """A bar for what is being done; gone when the work is. It is called as `lawgov_rules.check` calls ``progress``."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = time.monotonic()
        self._bar: Any = None
        self._task: Any = None
        self._what = ""

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, _type: type[BaseException] | None, _value: object, _where: TracebackType | None) -> None:
        self._shown = False  # what is still to come goes to the same terminal
        if self._bar:
            self._bar.stop()

    def __call__(self, what: str, done: int, whole: int) -> None:
        if not self._shown or time.monotonic() - self._begun < AFTER:
            return
        from rich.markup import escape

        from lawgov_rules.errors import shown

        self._bar = self._bar or self._begin()
        total = whole or None
        if what != self._what:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._what = what
            self._task = self._bar.add_task(escape(NAMES.get(what, shown(what))), total=total, amount="")
        amount = f"{done / whole:.0%}" if whole else f"{done:,}"
        self._bar.update(self._task, completed=done, total=total, amount=amount)

    @staticmethod
    def _begin() -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[amount]}"))
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        bar.start()
        return bar

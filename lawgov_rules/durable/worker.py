"""The process in which durable-rules runs: ``python -m lawgov_rules.durable.worker MEMORY``, spoken to by `cage`.

Lines of JSON come in and go out. The first line brings the tables; the answer is 1, or a text saying why not. Each
further line is a list of facts, ``[table, measure, ...]``; the answer is the number of the first row that holds for
each, or `REFUSED`. Whatever goes wrong ends the process; its host knows what to do.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import IO, Any

from lawgov_rules.durable import dialect, table

REFUSED = -1
SID = "1"  # one live state in a ruleset at a time, always the same
SLOTS = 4  # states whose memory is set up by warming up; one would do
PROCESSOR_SECONDS = 3600  # a worker that hangs after its host was killed ends by itself
WRITTEN_BYTES = 1 << 24  # what the library may write to stderr


class Unit:
    """One table as a ruleset of durable-rules."""

    def __init__(self, host: Any, name: str, width: int, rows: table.Rows) -> None:
        self._host = host
        self._name = name
        self._width = width
        self._last = len(rows) - 1
        self._fired: list[int] = []
        rules = table.definition(rows, self._action)
        self._properties = table.properties(width)
        unknown = dialect.check_ruleset(name, rules) - self._properties
        if unknown:
            raise dialect.DialectError(f"facts have no property {sorted(unknown)}")
        host.register_rulesets({name: rules})
        self._prime(len(rows))

    def _action(self, row: int) -> Callable[[Any], None]:
        def run(_context: Any) -> None:
            self._fired.append(row)

        return run

    def _prime(self, prime: int) -> None:
        """Without this the library frees pointers that it never set."""
        sids = [str(n + 1) for n in range(SLOTS)]
        for sid in sids:
            self._fired.clear()
            self._host.assert_fact(
                self._name, {**table.fact([None] * self._width), table.PRIME: 1, "id": 1, "sid": sid}
            )
            if prime not in self._fired:
                raise RuntimeError("a ruleset does not answer")
        for sid in reversed(sids):
            self._host.delete_state(self._name, sid)

    def judge(self, values: Sequence[int | None]) -> int:
        """The number of the first row that holds."""
        fact = {"id": 1, "sid": SID, **table.fact(values)}
        try:
            dialect.check_fact(fact, self._properties)
        except dialect.DialectError:
            return REFUSED
        self._fired.clear()
        try:
            self._host.assert_fact(self._name, fact)
        finally:
            self._host.delete_state(self._name, SID)
        fired = self._fired
        # rows fire in their order, each once, and the last always does
        if not fired or fired[-1] != self._last or any(a >= b for a, b in itertools.pairwise(fired)):
            raise RuntimeError(f"rows {fired} fired")
        return fired[0]


def quiet_host() -> Any:
    """A host without the library's timer threads, which walk freed memory; and with a clock that does not step."""
    from durable import engine

    class QuietHost(engine.Host):  # type: ignore[misc]
        def _run(self) -> None:
            pass

    # a step of the wall clock would freeze the state silently
    engine._unix_now = time.monotonic
    return QuietHost()


def limit(memory: int) -> None:
    """Bound what the process may take, where the system can: memory in bytes, no core dump, processor time."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def why_not() -> str:
    """Why durable-rules cannot be used in this Python; empty if it can."""
    try:
        import durable.engine  # noqa: F401
    except ImportError as error:
        if sys.version_info >= (3, 13):
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            return f"durable-rules 2.0.28 installs on Python {version} but does not load there; use Python 3.11 or 3.12"
        if isinstance(error, ModuleNotFoundError):
            return f"{error}; durable-rules is an extra, built with a C compiler: pip install 'lawgov-rules[durable]'"
        return f"durable-rules does not load: {error}"
    return ""


def serve(lines: IO[bytes], out: IO[bytes]) -> None:
    """Build the tables of the first line, then answer line by line until there is no more."""

    def put(value: Any) -> None:
        out.write(json.dumps(value).encode() + b"\n")
        out.flush()

    tables = json.loads(lines.readline())
    if reason := why_not():
        put(reason)
        return
    host = quiet_host()
    units = [Unit(host, f"t{n}", width, rows) for n, (width, rows) in enumerate(tables)]
    put(1)
    for line in lines:
        put([units[number].judge(values) for number, *values in json.loads(line)])


def main() -> None:
    limit(int(sys.argv[1]))
    warnings.simplefilter("ignore")  # of the library's own calls
    # what the library prints must not stand among the answers
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, out)


if __name__ == "__main__":
    main()

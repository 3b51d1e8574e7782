"""A worker in plain Python that misbehaves when asked to: by the value of a fact's first measure."""

from __future__ import annotations

import json
import operator
import os
import signal
import sys
import time
from collections.abc import Sequence

from lawgov_rules.durable import worker
from lawgov_rules.durable.table import OPERATORS

DIES, HANGS, EXITS, TAKES_MEMORY, OUT_OF_TABLE, SHORT, NOT_JSON, LONG, PRINTS, STOPS = range(1001, 1011)
COMPARISONS = {"gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt}
FAULTS = (DIES, HANGS, EXITS, TAKES_MEMORY, OUT_OF_TABLE, SHORT, NOT_JSON, LONG, STOPS)


def holds(condition: Sequence[int], values: Sequence[int | None]) -> bool:
    place, left, is_measure, right = condition
    name, value = OPERATORS[place], values[left]
    if name in ("absent", "present"):
        return (value is None) == (name == "absent")
    other = values[right] if is_measure else right
    return value is not None and other is not None and COMPARISONS[name](value, other)


def misbehave(fault: int | None) -> None:
    """What happens before there is an answer."""
    if fault == DIES:
        print("the last words", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if fault == HANGS:
        time.sleep(1000)
    if fault == STOPS:
        os.kill(os.getpid(), signal.SIGSTOP)
    if fault == EXITS:
        raise SystemExit(0)
    if fault == TAKES_MEMORY:
        bytearray(1 << 40)


def main() -> None:
    worker.limit(int(sys.argv[1]))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    tables = json.loads(sys.stdin.buffer.readline())
    out.write(b"1\n")
    out.flush()
    for line in sys.stdin.buffer:
        rows, faults = [], set()
        for number, *values in json.loads(line):
            misbehave(values[0])
            faults.add(values[0])
            table = tables[number][1]
            rows.append(next(n for n, row in enumerate(table) if all(holds(c, values) for c in row)))
        if PRINTS in faults:
            os.write(1, b"not an answer\n")
        rows = [99 for _ in rows] if OUT_OF_TABLE in faults else rows[1:] if SHORT in faults else rows
        text = b"{" if NOT_JSON in faults else json.dumps(rows).encode()
        out.write(text + b" " * (1 << 20 if LONG in faults else 0) + b"\n")
        out.flush()


if __name__ == "__main__":
    main()

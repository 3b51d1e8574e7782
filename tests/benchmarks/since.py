"""What `--since` saves: ``python -m tests.benchmarks.since [--records 20000]``.

A whole check beside one that goes on from the day before, where one record in a hundred has changed; the processor's
time of both, in pairs, of records with ten events each: as YAML in files of ten, as three CSV tables, and as three
Parquet tables. The reports must be equal. Tables are read whole if a row of them changes, and then compared record by
record; files of YAML that are the same are not read.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import lawgov_rules as lr
from tests.benchmarks.records import AS_OF, values

FILE = 10  # records a file of YAML
CHANGED = 100  # one in so many


class Line(NamedTuple):
    """Seconds of the processor: whole checks by `auto` and by `live`, the first that leaves a state, and those that go
    on from it; and of these, how many records were judged."""

    form: str
    auto: float
    live: float
    first: float
    since: float
    judged: int
    state_mb: float


def write_yaml(found: list[dict[str, Any]], folder: Path) -> None:
    for start in range(0, len(found), FILE):
        lines = (json.dumps(value, default=str, ensure_ascii=False) for value in found[start : start + FILE])
        text = "\n".join(f"- {line}" for line in lines)
        file = folder / f"{start:08}.yaml"
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")


def tables(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    records = [
        {k: value[k] for k in ("record", "type", "jurisdiction", "organ")} | plain(value["attributes"])
        for value in found
    ]
    events = [{"record": value["record"], **event} for value in found for event in value["events"]]
    return {"records": records, "events": events}


def plain(attributes: dict[str, Any]) -> dict[str, Any]:
    """Lists of values that are known to be empty, as a table has them."""
    return {name: "[]" if value == [] else value for name, value in attributes.items()}


def write_csv(found: list[dict[str, Any]], folder: Path) -> None:
    for name, rows in tables(found).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows({k: str(v).lower() if isinstance(v, bool) else v for k, v in row.items()} for row in rows)


def write_parquet(found: list[dict[str, Any]], folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, rows in tables(found).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        made = pa.table({column: [row.get(column) for row in rows] for column in columns})
        pq.write_table(made, folder / f"{name}.parquet")


FORMS = {"yaml": write_yaml, "csv": write_csv, "parquet": write_parquet}


def changed(found: list[dict[str, Any]]) -> None:
    """Every hundredth record loses its last event, so one file of YAML in ten changes."""
    for value in found[::CHANGED]:
        value["events"] = value["events"][:-1]


def timed(folder: Path, rules: lr.Rulesets, **given: Any) -> tuple[float, lr.Report]:
    """A check, and the processor's time for it."""
    begun = time.process_time()
    report = lr.check(folder, rules, **given)
    return time.process_time() - begun, report


def same(whole: lr.Report, other: lr.Report) -> None:
    """AssertionError where two reports are not equal but for the receipt."""
    assert (whole.summary, whole.findings, whole.problems) == (other.summary, other.findings, other.problems)


def compare(form: str, number: int, pairs: int, rules: lr.Rulesets) -> Line:
    """Whole and not, in pairs, each a day later."""
    found, day, judged = values(number), AS_OF, 0
    auto: list[float] = []
    live: list[float] = []
    since: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder, state = Path(name) / "cases", Path(name) / "state"
        folder.mkdir()
        FORMS[form](found, folder)
        first, _ = timed(folder, rules, as_of=AS_OF, since=state)
        for _ in range(pairs):
            day += dt.timedelta(days=1)
            changed(found)
            FORMS[form](found, folder)
            seconds, whole = timed(folder, rules, as_of=day, engine="live")
            live.append(seconds)
            auto.append(timed(folder, rules, as_of=day)[0])
            seconds, report = timed(folder, rules, as_of=day, since=state)
            since.append(seconds)
            judged = report.receipt["since"]["judged"]
            same(whole, report)
        size = state.stat().st_size / 1e6
    return Line(form, *map(statistics.median, (auto, live)), first, statistics.median(since), judged, size)


def lines(number: int, pairs: int, forms: list[str]) -> Iterator[Line]:
    rules = lr.load_rulesets()
    for form in forms:
        yield compare(form, number, pairs, rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--of", nargs="+", choices=list(FORMS), default=list(FORMS))
    arguments = parser.parse_args()
    print(
        f"{arguments.records} records, one in {CHANGED} changed; seconds of the processor, medians of {arguments.pairs}"
    )
    heads = ("whole, auto", "whole, live", "first", "since", "auto/since", "live/since", "judged", "state MB")
    print(" " * 10 + "".join(f"{head:>12}" for head in heads))
    for line in lines(arguments.records, arguments.pairs, arguments.of):
        seconds = (line.auto, line.live, line.first, line.since)
        figures = (*seconds, line.auto / line.since, line.live / line.since, line.judged, line.state_mb)
        print(f"{line.form:10}" + "".join(f"{figure:>12.2f}" for figure in figures), flush=True)


if __name__ == "__main__":
    main()

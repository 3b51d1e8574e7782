"""Reads damaged files one after the other and tells what became of each; the process that may die."""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from lawgov_rules.input import read_input
from tests.fuzz.mutations import damaged
from tests.fuzz.seeds import Seed, load_seeds

MEMORY = 3 * 2**30


def one(seed: Seed, other: Seed, number: int, folder: Path) -> dict[str, object]:
    """Damage a file, read it, and say how many records and problems there are."""
    draw = random.Random(number)
    content = damaged(seed.path.read_bytes(), other.path.read_bytes(), draw)
    path = seed.place(folder, content)
    data = read_input(path, seed.loaded(), seed.mapping or None)
    problems = [p.to_json() for p in data.problems]
    assert all(p["reason"] and p["file"] for p in problems), problems
    return {"records": len(data.records), "problems": len(problems)}


def main(folder: str, first: str, last: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    seeds = load_seeds(Path(folder))
    for number in range(int(first), int(last)):
        seed, other = seeds[number % len(seeds)], seeds[random.Random(~number).randrange(len(seeds))]
        print(json.dumps({"number": number, "seed": seed.path.name}), flush=True)
        begun = time.perf_counter()
        with TemporaryDirectory() as place:
            try:
                said = one(seed, other, number, Path(place))
            except BaseException as error:
                said = {"error": f"{type(error).__name__}: {str(error)[:300]}"}
        print(json.dumps({**said, "seconds": time.perf_counter() - begun}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

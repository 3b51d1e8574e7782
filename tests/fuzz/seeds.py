"""Whole files of every kind that is read, of the cases and of real logs; `place` puts a damaged one among its like."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import CASES, ROOT
from tests.forms import drawn, filled, save

LOGS = ROOT / "tests" / "logs"
# a few cases of different shape: people, several values, states, time of day
CHOSEN = (
    "guigang-2011/nd-filing-15-days",
    "guigang-2011/recon-two-handlers",
    "jincheng-2009/study-hours-40",
    "changzhi-2017/no-discussion-without-legality-review",
)


@dataclass(frozen=True)
class Seed:
    """A whole file. ``beside``: files that lie beside it when it is read; ``alone``: whether it is read by itself, or
    as part of its folder; ``mapping`` and ``rules``: those of a foreign log."""

    name: str
    file: str
    beside: tuple[str, ...] = ()
    alone: bool = True
    mapping: str = ""
    rules: str = ""

    @property
    def path(self) -> Path:
        return Path(self.file)

    def place(self, folder: Path, content: bytes) -> Path:
        """Write the damaged file and its neighbours; the path to read."""
        for other in self.beside:
            shutil.copy(other, folder)
        target = folder / self.path.name
        target.write_bytes(content)
        return target if self.alone else folder

    def loaded(self) -> Any:
        """The rules whose words the file uses."""
        return _rules(self.rules)


@cache
def _rules(path: str) -> Any:
    from lawgov_rules import load_rulesets

    return load_rulesets(path) if path else load_rulesets()


def make_seeds(folder: Path, shared: Path | None) -> list[Seed]:
    """Write the whole files into a folder, and a list of them."""
    seeds = [*_plain(folder), *_tables(folder), *_sheets(folder)]
    if shared is not None:
        seeds += _logs(folder, shared / "data")
    (folder / "seeds.json").write_text(json.dumps([asdict(seed) for seed in seeds]), "utf-8")
    return seeds


def load_seeds(folder: Path) -> list[Seed]:
    found = json.loads((folder / "seeds.json").read_text("utf-8"))
    return [Seed(**{**seed, "beside": tuple(seed["beside"])}) for seed in found]


def _records() -> list[dict[str, Any]]:
    import yaml

    text = "\n---\n".join((CASES / f"{name}.yaml").read_text("utf-8") for name in CHOSEN)
    return [found for found in yaml.load_all(text, yaml.BaseLoader) if found]


def _plain(folder: Path) -> list[Seed]:
    records = folder / "案卷.yaml"
    records.write_text("\n---\n".join((CASES / f"{name}.yaml").read_text("utf-8") for name in CHOSEN), "utf-8")
    as_json = folder / "案卷.json"
    as_json.write_text(json.dumps(_records(), ensure_ascii=False, indent=1), "utf-8")
    return [Seed("YAML", str(records)), Seed("JSON", str(as_json))]


def _rows() -> dict[str, list[dict[str, str]]]:
    """The three tables of the chosen cases."""
    rows: dict[str, list[dict[str, str]]] = {"records": [], "events": [], "participants": []}
    for record in _records():
        base = {key: record[key] for key in ("record", "type", "jurisdiction", "organ") if record.get(key)}
        own = record.get("attributes") or {}
        rows["records"].append(base | {k: v if isinstance(v, str) else "; ".join(v) for k, v in own.items()})
        for name in ("events", "participants"):
            key = {"record": record["record"], "type": record["type"]}
            rows[name] += [
                key | {k: v for k, v in item.items() if isinstance(v, str)} for item in record.get(name) or []
            ]
    return rows


def _tables(folder: Path) -> list[Seed]:
    import csv

    import pyarrow as pa
    import pyarrow.parquet as pq

    seeds = []
    for suffix in ("csv", "parquet"):
        place = folder / suffix
        place.mkdir()
        for name, rows in _rows().items():
            headings = list(dict.fromkeys(key for row in rows for key in row))
            if suffix == "csv":
                with (place / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                    writer = csv.DictWriter(file, headings)
                    writer.writeheader()
                    writer.writerows(rows)
            else:
                columns = {key: pa.array([row.get(key) for row in rows], pa.string()) for key in headings}
                pq.write_table(pa.table(columns), place / f"{name}.parquet")
        files = sorted(place.iterdir())
        for path in files:
            beside = tuple(str(other) for other in files if other != path)
            seeds.append(Seed(f"three tables, {suffix}", str(path), beside, alone=False))
    return seeds


def _sheets(folder: Path) -> list[Seed]:
    """A filled-in template as workbooks of several programs, and as CSV in the encodings that offices use."""
    import random

    from lawgov_rules import load_rulesets

    rules = load_rulesets()
    values = drawn("major_decision", rules.vocabulary, 5, random.Random(1))
    book = filled("major_decision", rules, values, plain=True)
    path = save(book, folder / "重大决策.xlsx")
    found = [Seed("workbook, xlsx", str(path))]
    for suffix in ("xls", "ods"):
        if made := converted(path, suffix):
            found.append(Seed(f"workbook, {suffix}", str(made)))
    rows = [[str(cell or "") for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    text = "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\r\n" for row in rows)
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        target = folder / f"重大行政决策.{encoding}.csv"
        target.write_bytes(text.encode(encoding))
        found.append(Seed(f"CSV, {encoding}", str(target)))
    return found


def _logs(folder: Path, data: Path) -> list[Seed]:
    """The beginnings of real logs, each with its mapping."""

    def seed(name: str, file: str, content: bytes, mapping: str, rules: str) -> Seed:
        (folder / file).write_bytes(content)
        return Seed(name, str(folder / file), mapping=str(LOGS / mapping), rules=str(LOGS / "rules" / rules))

    def traces(text: str, number: int) -> str:
        return "</trace>".join(text.split("</trace>")[:number]) + "</trace>\n</log>\n"

    fines = (data / "road_fines_100.xes").read_text("utf-8")
    permits = gzip.decompress((data / "wabo_receipt.xes.gz").read_bytes()).decode("utf-8")
    table = b"".join((data / "wabo_receipt.csv").read_bytes().splitlines(keepends=True)[:60])
    found = [
        seed("mapped CSV", "permits.csv", table, "building-permits.yaml", "building-permits"),
        seed("XES", "fines.xes", traces(fines, 12).encode(), "road-fines-xes.yaml", "road-fines"),
        seed(
            "XES, gzip",
            "permits.xes.gz",
            gzip.compress(traces(permits, 6).encode(), mtime=0),
            "building-permits.yaml",
            "building-permits",
        ),
    ]
    for suffix in ("jsonocel", "xmlocel", "sqlite"):
        content = (data / f"ocel20_example.{suffix}").read_bytes()
        found.append(seed(f"OCEL, {suffix}", f"purchases.{suffix}", content, "purchases.yaml", "purchases"))
    return found


def converted(path: Path, suffix: str) -> Path | None:
    """A workbook in another format, by LibreOffice; None where there is none."""
    if not shutil.which("soffice"):
        return None
    command = ["soffice", "--headless", "--convert-to", suffix, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, capture_output=True, check=False, timeout=120)
    made = path.with_suffix(f".{suffix}")
    return made if made.exists() else None

"""Records in divided folders of Parquet, and the rules that the cluster is asked for."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets
from tests.benchmarks.workload import generate

AS_OF = "2019-06-30"
SHOWN = ("violated", "arguable", "undetermined", "excused")
# about events, and about participants
RULES = ("guigang-2011/nd-filing-15-days", "guigang-2011/recon-two-handlers")
TYPES = ("normative_document", "reconsideration_case")


def asked(number: int) -> Rulesets:
    """The rule of one check."""
    return load_rulesets().only(RULES[number : number + 1])


def tables(folder: Path, records: int = 300) -> dict[str, pa.Table]:
    """The invented records of three types; one of them with an event that nobody knows, and an event of no record."""
    found = {name: pq.read_table(path) for name, path in generate(folder, records).items()}
    kept = found["records"].filter(pa.compute.is_in(found["records"]["type"], pa.array(TYPES)))
    found = {n: t.filter(pa.compute.is_in(t["record"], kept["record"].combine_chunks())) for n, t in found.items()}
    first = kept["record"][0].as_py()
    odd = pa.table({"record": [first, "nobody"], "event": ["publishd", "published"]})
    days = pa.array([15_400, 15_400], pa.int32()).cast(pa.date32())
    odd = odd.append_column("date", days)
    found["events"] = pa.concat_tables([found["events"], odd], promote_options="default")
    return {**found, "records": kept}


def divided(found: dict[str, pa.Table], folder: Path) -> Path:
    """The tables as folders: the records by their type, each in several files."""
    parts = ds.partitioning(pa.schema([("type", pa.string())]), flavor="hive")
    for name, table in found.items():
        more = {"partitioning": parts} if name == "records" else {}
        ds.write_dataset(
            table, folder / name, format="parquet", max_rows_per_file=2000, max_rows_per_group=2000, **more
        )
    return folder

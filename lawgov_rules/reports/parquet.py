"""The findings as one Parquet table, for statistics and databases: a row each, of any number, under stable columns.

==================================================  ================================================================
``rule document clause locator title_zh title_en``  the rule, as its ruleset has it
``severity``                                        ``error``, ``warning`` or ``note``
``type record``                                     the record type and the record's id
``organ jurisdiction``                              of the record
``instance``                                        the period or other part that is judged; empty if there is one only
``verdict detail``                                  as in `lawgov schema finding`
``due due_latest``                                  the earliest and the latest last day, as dates
``done``                                            the day of the act
``days_late``                                       by how many days ``due_latest`` was, or is still, exceeded
``missing``                                         a list of the facts that would decide
``readings``                                        each reading's verdict where they differ, by its name
==================================================  ================================================================

``rule``, ``type``, ``record`` and ``instance`` together are met once: by them a row is found in the other formats,
which have the sentences, and the fingerprint that is made of these four. They are left out here because a database
writes the rest by itself. Receipt, summary and problems stand as JSON in the file's metadata, under ``lawgov_rules``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from lawgov_rules.checking import Check
    from lawgov_rules.report import Report
    from lawgov_rules.ruleset import Rulesets

BINARY = True
STREAMS = True


def write(report: Report | Check, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the findings as they come; both languages have the same table."""
    import json

    import pyarrow.parquet as pq

    from lawgov_rules.found import schema
    from lawgov_rules.importers.own_reports import OF_TABLE

    with pq.ParquetWriter(out, schema(), compression="zstd") as writer:
        for batch in report.batches():
            writer.write_batch(batch)
        problems = [problem.to_json() for problem in report.problems]
        about = {"receipt": report.receipt, "summary": report.summary, "problems": problems}
        text = json.dumps(about, ensure_ascii=False).encode("utf-8", "backslashreplace")
        writer.add_key_value_metadata({OF_TABLE: text})

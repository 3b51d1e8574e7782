"""Reports that this product wrote: somebody keeps them beside the case files, and they are not case files.

Each format begins in a way that no case file does; the names of files say nothing. The work-paper carries a property
that a spreadsheet keeps when the paper has been filled in, the Parquet table one in its metadata.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

# the longest beginning that is looked at: SARIF, whose product stands some lines down, and text with its rulesets
HEAD = 4096
PROPERTY = "lawgov_rules report"  # of a workbook
OF_TABLE = b"lawgov_rules"  # of a Parquet file
# the first columns of findings and of duties
_COLUMNS = (
    ("类别", "案卷", "案卷类型", "机关", "规则"),
    ("row", "record", "type", "organ", "rule"),
    ("类别", "状况", "到期日", "最晚到期日"),
    ("row", "status", "due", "due at the latest"),
)
_DAY = rb"\d{4}-\d\d-\d\d"
_REPORT = re.compile(
    rb"(\xef\xbb\xbf)?(?:"
    + rb"|".join(
        (
            rb'\{\s*"receipt":\s*\{\s*"product":\s*"lawgov_rules"',  # JSON
            rb'\{"type":"receipt","product":"lawgov_rules"',  # JSON lines
            rb'\{"lawgov_rules": "state of check --since"',  # no report, and no case file either
            rb'\{\s*"\$schema":[^{}]{1,300}"runs":\s*\[\s*\{\s*"tool":\s*\{\s*"driver":\s*\{\s*"name":\s*"lawgov_rules"',
            rb"<\?xml[^>]{1,80}\?>\s*<testsuites name=\"lawgov_rules\"",  # JUnit
            rb"<!doctype html>[^\0]{1,900}<meta name=\"generator\" content=\"lawgov_rules",  # HTML
            *(rb'"?' + rb'"?[,;\t]"?'.join(map(str.encode, names)) + rb'"?[,;\t]' for names in _COLUMNS),  # CSV
            "# (?:案卷核查报告|Check of case files) ".encode() + _DAY,  # Markdown
            "(?:核查截止日|截至|as of) ".encode()
            + _DAY
            + "[^\0]{1,3000}\n(?:核查凭据：|receipt: )lawgov_rules ".encode(),
            rb"BEGIN:VCALENDAR\r?\n(?:[^\r\n]*\r?\n){0,3}PRODID:-//lawgov_rules//",  # iCalendar
        )
    )
    + rb")",
    re.DOTALL | re.IGNORECASE,
)


def is_report(path: Path) -> bool:
    """Whether a file is a report of this product; no for one that cannot be read, which is said elsewhere."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if head.startswith(b"PAR1"):
            return _is_table(path)
        return _is_work_paper(path) if head.startswith(b"PK") else _REPORT.match(head) is not None
    except (OSError, BadZipFile, ValueError, RuntimeError, EOFError, KeyError, zlib.error):
        return False


def _is_table(path: Path) -> bool:
    """Whether a Parquet file carries our property; it stands at the end, where its length does too."""
    import pyarrow.parquet as pq

    return OF_TABLE in (pq.read_metadata(path).metadata or {})


def _is_work_paper(path: Path) -> bool:
    """Whether a workbook carries our property."""
    with ZipFile(path) as parts:
        name = "docProps/custom.xml"
        if name not in parts.namelist() or parts.getinfo(name).file_size > 1 << 20:
            return False
        return f'name="{PROPERTY}"'.encode() in parts.read(name)

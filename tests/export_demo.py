"""Writes the demonstration's reports that the README links: `python -m tests.export_demo`.

The picture is taken by Chromium, if there is one.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile

from lawgov_rules.cli import main
from tests.conftest import ROOT

OUT = ROOT / ".demo"
NOTE = "演示数据：机关、人员、案卷全部虚构。All organs, people and files are invented."


def export() -> None:
    """The HTML report and the Excel work-paper of `lawgov demo`, and a picture of the first."""
    OUT.mkdir(exist_ok=True)
    html, xlsx = OUT / "report.html", OUT / "work-paper.xlsx"
    # the report names the files that it read: from within, so that no machine's folders stand in it
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        main(["demo", "演示", "--lang", "zh"])
        words = ["--as-of", "2019-12-06", "--level", "standard", "--lang", "zh", "--note", NOTE]
        main(["check", "演示", *words, "--format", "html", "-o", str(html), "--format", "xlsx", "-o", str(xlsx)])
    if browser := shutil.which("chromium"):
        size, picture = "--window-size=1280,1500", f"--screenshot={OUT / 'report.png'}"
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        subprocess.run([browser, *quiet, size, picture, html.as_uri()], check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    export()

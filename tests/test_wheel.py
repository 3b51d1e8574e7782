"""What is installed works without the checkout: the wheel carries its rulesets, calendar and vocabulary."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

RECORD = """\
record: 甲政发〔2012〕3号
type: normative_document
jurisdiction: "140581"
attributes: {issuer_level: county, issued_in_name_of: government}
events:
  - {event: published, date: 2012-03-01}
  - {event: filed, date: 2012-03-20, to: city_government}
"""


def run(*words: str, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    env |= {"PYTHONPATH": str(path), "PYTHONUTF8": "1"} if path else {}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run("-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(folder), str(ROOT), cwd=folder)
    assert built.returncode == 0, built.stderr
    [found] = folder.glob("*.whl")
    return found


@pytest.mark.slow
def test_the_wheel_carries_what_it_needs_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [path for path in (ROOT / "rulesets").rglob("*") if path.is_file()]
    assert {f"lawgov_rules/{path.relative_to(ROOT).as_posix()}" for path in wanted} <= names
    templates = [path for path in (ROOT / "lawgov_rules").rglob("templates/*") if path.is_file()]
    assert {path.suffix for path in templates} == {".html", ".css", ".js"}
    assert {path.relative_to(ROOT).as_posix() for path in templates} <= names
    demo = [path for path in (ROOT / "lawgov_rules" / "demo").rglob("*") if path.suffix in (".yaml", ".txt")]
    assert len(demo) > 60 and {path.relative_to(ROOT).as_posix() for path in demo} <= names
    assert "lawgov_rules/py.typed" in names
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"lawgov_rules"}


@pytest.mark.slow
def test_the_wheel_checks_a_file_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Installed beside the same libraries; the checkout is out of reach."""
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = run("-m", "pip", "install", "--no-deps", "--quiet", "--target", str(target), str(wheel), cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    (elsewhere / "a.yaml").write_text(RECORD, "utf-8")
    where = (
        "import lawgov_rules as lr; from lawgov_rules.loading import bundled; print(lr.__file__, bundled(), sep='\\n')"
    )
    found = run("-c", where, cwd=elsewhere, path=target)
    assert found.stdout.splitlines() == [
        str(target / "lawgov_rules" / "__init__.py"),
        str(target / "lawgov_rules" / "rulesets"),
    ]
    words = ("-m", "lawgov_rules", "check", "a.yaml", "--as-of", "2012-12-31", "--format", "json")
    checked = run(*words, cwd=elsewhere, path=target)
    assert (checked.returncode, checked.stderr) == (1, "")
    [finding] = json.loads(checked.stdout)["findings"]
    assert (finding["rule"], finding["verdict"], finding["detail"]) == (
        "jincheng-2009/nd-county-filing-15d",
        "violated",
        "late",
    )

"""What holds of every format: found by its name, documented, the same bytes; no word of a user is lost or does harm."""

from __future__ import annotations

import inspect
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import lawgov_rules as lr
from lawgov_rules import reports
from lawgov_rules.checking import begin
from lawgov_rules.findings import Finding
from lawgov_rules.reports._plain import line
from lawgov_rules.reports._table import width, wrapped
from tests.reports.conftest import EVERY, HOSTILE, RECORDS, written

# read from the top down, known by the names of their test cases, or a table of what a fingerprint is made of
NAMELESS = ("text", "markdown", "junit", "parquet")
TEXTUAL = [name for name in reports.formats() if not reports.is_binary(name)]


def _plain_text(file: bytes) -> str:
    """The text of a file, or of the parts of a workbook."""
    if not file.startswith(b"PK"):
        return file.decode()
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def test_formats_are_found() -> None:
    assert {"text", "json", "jsonl", "csv", "markdown", "sarif", "junit"} <= set(reports.formats())


@pytest.mark.parametrize("name", reports.formats())
def test_a_format_has_the_one_function_and_says_what_it_is_for(name: str) -> None:
    module = reports.load(name)
    assert list(inspect.signature(module.write).parameters) == ["report", "out", "lang", "rules"]
    assert len((module.__doc__ or "").splitlines()[0]) > 20


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", reports.formats())
def test_the_same_report_gives_the_same_bytes(
    name: str, lang: str, check: Callable[..., lr.Report], small: lr.Rulesets
) -> None:
    assert written(name, check(), lang, small) == written(name, check(), lang, small)


@pytest.mark.parametrize("name", reports.formats())
def test_a_report_without_anything(name: str, small: lr.Rulesets) -> None:
    assert written(name, lr.check([], small, as_of="2012-12-31"), "zh", small)


@pytest.mark.parametrize("name", TEXTUAL)
def test_every_format_carries_the_receipt(name: str, check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    report = check()
    text = written(name, report, "en", small).decode().replace("\\_", "_")
    for said in ("2012-12-31", "live", "1.0.0", report.receipt["version"], report.receipt["calendar"]["version"]):
        assert said in text
    if name != "text":  # which gives it in short
        assert report.receipt["inputs"][0]["sha256"] in text


@pytest.mark.parametrize("name", reports.formats())
def test_fingerprints_stay(name: str, check: Callable[..., lr.Report], small: lr.Rulesets, world: Path) -> None:
    """When the case file gets another name in another folder, and its lines another number."""
    before = check()
    elsewhere = world / "elsewhere" / "2012"
    elsewhere.mkdir(parents=True, exist_ok=True)
    text = (world / "案卷" / "a.yaml").read_text("utf-8")
    (elsewhere / "b.yaml").write_text("# one\n# two\n" + text, "utf-8")
    after = lr.check("elsewhere", small, as_of="2012-12-31", show=EVERY)
    prints = [found["fingerprint"] for found in before.findings]
    assert [found["fingerprint"] for found in after.findings] == prints and len(set(prints)) == len(RECORDS)
    lines = [[found["source"]["line"] for found in report.findings] for report in (before, after)]
    assert lines[1] == [line + 2 for line in lines[0]]
    if name not in NAMELESS:
        for report in (before, after):
            text = _plain_text(written(name, report, "zh", small))
            assert [p for p in prints if p not in text] == []


@pytest.mark.parametrize("name", [name for name in TEXTUAL if reports.streams(name)])
def test_findings_are_written_as_they_come(name: str, small: lr.Rulesets, check: Callable[..., lr.Report]) -> None:
    """The same bytes as from the whole report, and the first finding before the second is made."""
    begun = begin("案卷", small, as_of="2012-12-31", show=EVERY)
    made, sizes, out = begun.findings, [], io.BytesIO()

    def watched() -> Iterator[Finding]:
        for found in made:
            sizes.append(len(out.getvalue()))
            yield found

    begun.findings = watched()
    reports.load(name).write(begun, out, "zh", small)
    assert out.getvalue() == written(name, check(), "zh", small)
    assert len(sizes) == len(RECORDS) and sizes == sorted(set(sizes))


@pytest.mark.usefixtures("check")
def test_no_summary_before_the_findings(small: lr.Rulesets) -> None:
    begun = begin("案卷", small, as_of="2012-12-31")
    with pytest.raises(RuntimeError, match="all findings"):
        begun.summary  # noqa: B018
    assert begun.report().summary["assessed"] == len(RECORDS)


@pytest.mark.parametrize("name", TEXTUAL)
def test_hostile_words_are_written(name: str, hostile: tuple[str, lr.Report], small: lr.Rulesets) -> None:
    """As UTF-8, without a control character, and in formats for people without marks of direction."""
    text = written(name, hostile[1], "zh", small).decode("utf-8-sig")
    assert [c for c in text if ord(c) < 32 and c not in "\r\n"] == []
    if name not in ("json", "jsonl", "sarif"):  # whose readers get what was written, as data
        assert {"\u202e", "\u2066", "\u200f", "\u2028"} & set(text) == set()


LINES = {
    "甲\n乙\r\n丙\u2028丁": "甲⏎乙⏎丙⏎丁",
    "a\tb\u3000c\u00a0d": "a b\u3000c\u00a0d",
    "甲\u202e乙\x1b[2J\x00": "甲�乙�[2J�",
    "👩‍👧 🇨🇳": "👩‍👧 🇨🇳",
    "\udc80\ufffe": "��",
}


@pytest.mark.parametrize("text", LINES, ids=range(len(LINES)))
def test_one_line(text: str) -> None:
    assert line(text) == LINES[text]


def test_what_is_cut_says_so() -> None:
    assert line(HOSTILE["long"], 5) == "长长长长…"
    assert line("长长长长长", 5) == "长长长长长"


def test_lines_that_fit() -> None:
    """Ten columns are five Chinese characters; no line begins with a comma or ends with an opening bracket."""
    assert list(wrapped("公布后十五日，报市政府（备案）。", 10)) == ["公布后十五", "日，报市政", "府（备", "案）。"]
    assert list(wrapped("filed within 15 days", 12)) == ["filed within", "15 days"]
    assert list(wrapped("x" * 25, 10)) == ["x" * 10, "x" * 10, "x" * 5]
    assert list(wrapped("as it is", 0)) == ["as it is"]
    assert max(map(width, wrapped("依据《规划》2012-03-01（“公布之日”）。" * 20, 31))) <= 31

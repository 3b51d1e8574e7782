"""Several formats in one run: which goes where, and what is refused before anything is checked."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lawgov_rules import reports
from lawgov_rules.cli import main
from lawgov_rules.reports import _due
from tests.conftest import ROOT
from tests.test_cli import LATE, check, folder  # noqa: F401 - each test stands in a folder of its own

Out = pytest.CaptureFixture[str]


def test_each_format_goes_to_its_file(folder: Path, capsys: Out) -> None:  # noqa: F811
    """And the one without a file to stdout."""
    words = ["--format", "sarif", "-o", "r.sarif", "--format", "text", "--format", "csv", "-o", "r.csv"]
    assert check(LATE, *words, "--lang", "en") == 1
    assert capsys.readouterr().out.startswith("as of 2018-12-31")
    assert json.loads((folder / "r.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert (folder / "r.csv").read_bytes().startswith('\ufeff"row"'.encode())


@pytest.mark.parametrize(
    "words",
    [
        ["-o", "r", "--format", "json"],
        ["--format", "json", "-o", "r"],
        ["--format=json", "--output=r"],
        ["--format", "text", "--format", "json", "-o", "r"],
    ],
)
def test_a_file_belongs_to_the_format_before_it(words: list[str], folder: Path) -> None:  # noqa: F811
    """One that stands before every format belongs to the first."""
    assert check(LATE, *words) == 1
    assert json.loads((folder / "r").read_text("utf-8"))["summary"]["read"] == 1


REFUSED = {
    ("--format", "text", "--format", "json"): "two formats go to stdout: give all but one an `-o FILE`",
    ("--format", "text", "-o", "-", "--format", "json"): "two formats go to stdout: give all but one an `-o FILE`",
    ("--format", "text", "-o", "r", "--format", "json", "-o", "./r"): "two formats go to `./r`",
    ("-o", "a.yaml"): "`a.yaml` is one of the files that were read; write elsewhere",
    ("--format", "json", "-o", "r", "-o", "s"): "`-o s` has no --format of its own: each -o follows its --format",
    ("-o", "r", "-o", "s"): "`-o s` has no --format of its own: each -o follows its --format",
    ("-o", "."): "`.` cannot be written: Is a directory",
}


@pytest.mark.parametrize("words", REFUSED)
def test_refused(words: tuple[str, ...], folder: Path, capsys: Out) -> None:  # noqa: F811
    assert check(LATE, *words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"lawgov: {REFUSED[words]}\n")
    assert [path.name for path in folder.iterdir()] == ["a.yaml"]
    assert (folder / "a.yaml").read_text("utf-8") == LATE


def test_a_file_before_a_format_that_has_its_own(folder: Path) -> None:  # noqa: F811
    """It takes the default format, and does not steal the other's."""
    assert check(LATE, "-o", "a.txt", "--format", "json", "-o", "b.json", "--lang", "en") == 1
    assert (folder / "a.txt").read_text("utf-8").startswith("as of 2018-12-31")
    assert json.loads((folder / "b.json").read_text("utf-8"))["summary"]["read"] == 1


def test_a_file_that_cannot_be_written_leaves_stdout_empty(capsys: Out) -> None:
    assert check(LATE, "--format", "text", "--format", "json", "-o", "no/such/folder") == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "lawgov: `no/such/folder` cannot be written: No such file or directory\n")


def test_binary_is_nothing_for_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    """Elsewhere, as in a pipe, it is written."""
    binary = SimpleNamespace(BINARY=True, write=lambda report, out, lang, rules: out.write(b"\xff\x00"))
    monkeypatch.setattr(reports, "load", lambda name: binary)
    monkeypatch.setattr("lawgov_rules.commands.check.load_format", lambda name: binary)
    buffer = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", buffer)
    assert check(LATE, "--format", "json") == 1
    assert buffer.buffer.getvalue() == b"\xff\x00"  # type: ignore[attr-defined]
    monkeypatch.setattr(buffer, "isatty", lambda: True, raising=False)
    assert check(LATE, "--format", "json") == 2
    assert capsys.readouterr().err == "lawgov: `json` is nothing for a terminal: give it an `-o FILE`\n"
    assert check(LATE, "--format", "json", "-o", "r") == 1


def test_stdout_that_takes_only_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a notebook."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert check(LATE, "--format", "json") == 1
    assert json.loads(out.getvalue())["summary"]["read"] == 1


def _on_a_terminal(columns: int, **env: str) -> str:
    """What the command writes to a terminal so many columns wide."""
    Path("a.yaml").write_text(LATE, "utf-8")
    ours, theirs = pty.openpty()
    words = ["check", "a.yaml", "--as-of", "2018-12-31", "--lang", "zh"]
    own = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "TERM": "xterm"} | env
    with subprocess.Popen([sys.executable, "-m", "lawgov_rules", *words], stdout=theirs, env=own) as process:
        os.close(theirs)
        found = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            found += part
        process.wait()
    os.close(ours)
    return found.decode().replace("\r\n", "\n")


def test_on_a_terminal_lines_fit_and_are_coloured() -> None:
    from lawgov_rules.reports._table import width

    coloured = _on_a_terminal(60)
    plain = re.sub(r"\x1b\[[\d;]+m", "", coloured)
    assert "\x1b[31m违反\x1b[0m" in coloured
    assert max(width(line) for line in plain.splitlines() if line.startswith("      ")) <= 60
    assert "迟4天" in re.sub(r"\n *", "", plain)
    assert re.findall(r"\x1b\[\d*[^01]\d*m", _on_a_terminal(60, NO_COLOR="1")) == []  # bold is no colour


def told(name: str, lang: str) -> str:
    """What is said of a file that is a report of our own."""
    words = {
        "zh": f"`{name}`是本工具写出的报告，不当作案卷读取",
        "en": f"`{name}` is a report of lawgov_rules and was not read as case files",
    }
    return f"lawgov: {words[lang]}\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", reports.formats())
def test_a_report_among_the_case_files_is_told_from_them(
    format: str,
    lang: str,
    folder: Path,  # noqa: F811
    capsys: Out,
) -> None:
    """Whatever its name; the case file beside it is checked as if it were not there, and the report says the same."""
    words = ["check", ".", "--as-of", "2018-12-31", "--lang", lang, "--format", format]
    (folder / "a.yaml").write_text(LATE, "utf-8")
    assert main([*words, "-o", "z.yaml"]) == 1
    assert capsys.readouterr().err == ""
    assert main([*words, "-o", "../again"]) == 1
    assert capsys.readouterr().err == told("z.yaml", lang)
    assert (folder / "z.yaml").read_bytes() == (folder.parent / "again").read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", _due.formats())
def test_a_due_list_is_told_too(format: str, lang: str, folder: Path, capsys: Out) -> None:  # noqa: F811
    (folder / "a.yaml").write_text(LATE, "utf-8")
    words = ["due", ".", "--as-of", "2018-12-31", "--lang", lang]
    assert main([*words, "--format", format, "-o", "z.json"]) == 0
    assert main(words) == 0
    assert capsys.readouterr().err == told("z.json", lang)


def test_a_record_that_speaks_of_reports_is_none(folder: Path, capsys: Out) -> None:  # noqa: F811
    """Only the beginning of a file tells, and only as our formats write it."""
    text = '{"receipt": {"product": "lawgov"}, "record": "甲", "type": "normative_document", "events": []}'
    (folder / "b.json").write_text(text, "utf-8")
    (folder / "c.yaml").write_text(LATE.replace("record: a", "record: as of 2012-12-31 lawgov_rules 0.1.0"), "utf-8")
    assert main(["check", ".", "--as-of", "2018-12-31", "--format", "json"]) == 2
    said = capsys.readouterr()
    summary = json.loads(said.out)["summary"]
    assert (summary["read"], summary["checked"], said.err) == (2, 1, "")


@pytest.mark.parametrize("format", [name for name in reports.formats() if name != "text"])
def test_every_format_from_the_command_line(format: str, folder: Path) -> None:  # noqa: F811
    assert check(LATE, "--format", format, "-o", "r") == 1
    assert (folder / "r").stat().st_size > 0


def test_help_names_the_formats(capsys: Out) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert ", ".join(reports.formats()) in said

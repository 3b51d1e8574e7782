"""The command: exit codes, streams, options, and a report that is the same bytes for the same input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import lawgov_rules as lr
from lawgov_rules.cli import main
from tests.conftest import CASES, ROOT

ND = """\
record: {0}
type: normative_document
jurisdiction: "140581"
organ: 甲县人民政府
attributes: {{issuer_level: county, issued_in_name_of: government}}
events:
  - {{event: published, date: 2012-03-01}}
  - {{event: filed, date: {1}, to: city_government}}
"""
# published on Thursday 1 March 2012, due on Friday the 16th
ON_TIME, LATE = ND.format("a", "2012-03-16"), ND.format("a", "2012-03-20")
# published on Friday 2 March, due on Saturday the 17th, filed on Monday: the two readings disagree
ARGUABLE = ND.format("a", "2012-03-19").replace("03-01", "03-02")
# filed on the last day, but to whom is not on record
UNDETERMINED = ON_TIME.replace(", to: city_government", "")
# a rule of the modality `default` (一般): 30 days for comments, eight given, no reason on record
WARNING = """\
record: a
type: legislative_draft
jurisdiction: "140400"
attributes: {secret_by_law: false}
events: [{event: comments_opened, date: 2018-03-01}, {event: comments_closed, date: 2018-03-09}]
"""
BAD = "record: b\ntype: organ\nattributes: {level: x}\n"
ALWAYS = ("rule", "record", "type", "instance", "verdict", "detail", "severity", "citation", "message")
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test stands in a folder of its own, in an English locale."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return tmp_path


def lawgov(*words: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    run = [sys.executable, "-m", "lawgov_rules", *words]
    return subprocess.run(run, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)} | env, check=False)


def check(text: str, *words: str) -> int:
    Path("a.yaml").write_text(text, "utf-8")
    return main(["check", "a.yaml", "--as-of", "2018-12-31", *words])


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (ON_TIME, "error", 0),
        (LATE, "error", 1),
        (LATE, "warning", 1),  # a level fails with what is more severe
        (LATE, "note", 1),
        (LATE, "never", 0),
        (WARNING, "error", 0),
        (WARNING, "warning", 1),
        (WARNING, "note", 1),
        (ARGUABLE, "error", 0),
        (ARGUABLE, "arguable", 3),
        (ARGUABLE, "undetermined", 0),
        (UNDETERMINED, "error", 0),
        (UNDETERMINED, "undetermined", 3),
        (UNDETERMINED, "error,undetermined,arguable", 3),
        # 3 says that there are only open questions, so it cannot be said here
        (LATE + "---\n" + ARGUABLE.replace("record: a", "record: c"), "error,arguable", 1),
        (LATE, "arguable", 1),
        (BAD, "error", 2),
        (LATE + "---\n" + BAD, "error", 2),  # 2 beats 1
        (ARGUABLE + "---\n" + BAD, "arguable", 2),  # and 3
        (ON_TIME + "---\n" + BAD, "never", 2),  # a rejected record is never fine
        ("# nothing\n", "error", 2),
    ],
)  # fmt: skip
def test_exit_code(text: str, fail_on: str, code: int, capsys: Out) -> None:
    assert check(text, "--fail-on", fail_on) == code
    unchecked = "lawgov: nothing was checked\n" if text in (BAD, "# nothing\n") else ""
    told = "lawgov: a.yaml: no record stands in it\n" if text == "# nothing\n" else ""
    assert capsys.readouterr().err == told + unchecked


REFUSED = {
    ("--show", "volated"): "--show: `volated` is not known; did you mean `violated`",
    ("--fail-on", "fatal"): "--fail-on: `fatal` is not known; known: "
    "`arguable`, `error`, `never`, `note`, `undetermined`, `warning`",
    ("--as-of", "2012-13-31"): "--as-of: `2012-13-31` is not a day such as 2013-12-31",
    ("--as-of", "last--year"): "--as-of: `last--year` is not a day such as 2013-12-31",
    ("--rules", "jincheng-2008"): "jincheng-2008: `jincheng-2008` is not a folder of rulesets "
    "(did you mean `jincheng-2009`)",
    ("-o", "no/such/folder.txt"): "`no/such/folder.txt` cannot be written: No such file or directory",
}


@pytest.mark.parametrize("words", REFUSED)
def test_refused_option(words: tuple[str, str], capsys: Out) -> None:
    """Nothing on stdout that a script could take for a report."""
    assert check(LATE, *words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"lawgov: {REFUSED[words]}\n")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["chek"],
        ["check"],
        ["check", "a.yaml", "--engine", "x"],
        ["check", "a.yaml", "--level", "x"],
        ["check", "a.yaml", "--format", "x"],
        ["check", "a.yaml", "--lang", "x"],
        ["check", "a.yaml", "--nosuch"],
        ["schema", "x"],
    ],
)
def test_usage_errors(words: list[str], capsys: Out) -> None:
    """The words are those of Python's own parser, and differ between its versions; the code and stream do not."""
    with pytest.raises(SystemExit) as stopped:
        main(words)
    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (2, "") and said.err.startswith("usage: lawgov")


def test_a_bad_ruleset_is_told_on_stderr(folder: Path, capsys: Out) -> None:
    """Every problem of it, a line each."""
    (folder / "rules").mkdir()
    (folder / "rules" / "document.yaml").write_text("id: x-2009\ntitel: x\n", "utf-8")
    assert check(LATE, "--rules", "rules") == 2
    said = capsys.readouterr()
    missing = ("title", "issuer", "jurisdiction", "in_force", "version")
    lines = [f"lawgov: rules/document.yaml:1:1: `{key}` is missing (add `{key}:`)" for key in sorted(missing)]
    lines.append("lawgov: rules/document.yaml:2:8: `titel` is not a known key (did you mean `title`)")
    assert (said.out, said.err.splitlines()) == ("", lines)


HEAD = {
    "zh": "核查截止日 2018-12-31  ·  案卷：读入 1，已核查 1，未能读取 0  ·  判定 10",
    "en": "as of 2018-12-31  ·  read 1, checked 1, rejected 0 (records)  ·  verdicts 10",
}


@pytest.mark.parametrize(
    ("env", "words", "lang"),
    [
        ({"LANG": "C.UTF-8"}, [], "en"),
        ({"LANG": "zh_CN.UTF-8"}, [], "zh"),
        ({"LANG": "C.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, [], "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, [], "en"),
        ({"LANG": "zh_CN.UTF-8"}, ["--lang", "en"], "en"),
        ({"LANG": "C.UTF-8"}, ["--lang", "zh"], "zh"),
    ],
)
def test_language(env: dict[str, str], words: list[str], lang: str, monkeypatch: Any, capsys: Out) -> None:
    """That of the option, else that of the locale, where LC_ALL beats LANG."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert check(LATE, *words) == 1
    assert capsys.readouterr().out.splitlines()[0] == HEAD[lang]


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_output_is_utf8_whatever_the_terminal_says(encoding: str) -> None:
    Path("a.yaml").write_text(LATE, "utf-8")
    words = ("check", "a.yaml", "--as-of", "2018-12-31", "--lang", "zh")
    done = lawgov(*words, PYTHONIOENCODING=encoding)
    assert done.stdout.decode("utf-8").splitlines()[0] == HEAD["zh"]


def test_output_to_a_file_is_that_of_stdout(folder: Path, capsys: Out) -> None:
    for form in ("text", "json"):
        assert check(LATE, "--format", form) == 1
        expected = capsys.readouterr().out
        assert check(LATE, "--format", form, "-o", "out.txt") == 1
        assert capsys.readouterr().out == ""
        assert (folder / "out.txt").read_text("utf-8") == expected


def test_show_chooses_what_is_listed_and_not_what_is_counted(capsys: Out) -> None:
    found = {}
    for show in ("violated", "not_applicable,compliant", "all", "pending"):
        assert check(LATE, "--format", "json", "--show", show) == 1
        report = json.loads(capsys.readouterr().out)
        assert report["summary"]["verdicts"] == {"not_applicable": 9, "violated": 1}
        found[show] = sorted(finding["verdict"] for finding in report["findings"])
    assert found == {
        "violated": ["violated"],
        "not_applicable,compliant": ["not_applicable"] * 9,
        "all": ["not_applicable"] * 9 + ["violated"],
        "pending": [],
    }


def test_a_name_of_a_file_that_is_not_utf8(folder: Path, capsys: Out) -> None:
    """Archives from Windows unpack to names in GBK; the report is written all the same."""
    (folder / os.fsdecode("甲.yaml".encode("gbk"))).write_text(LATE, "utf-8")
    for words in ([], ["-o", "out.json"]):
        assert main(["check", ".", "--as-of", "2018-12-31", "--format", "json", *words]) in (1, 2)


def test_a_reader_that_has_seen_enough() -> None:
    """`lawgov check ... | head -1` is no error of ours: nothing on stderr."""
    Path("a.yaml").write_text("---\n".join(ND.format(n, "2012-03-20") for n in range(2000)), "utf-8")
    run = [sys.executable, "-m", "lawgov_rules", "check", "a.yaml", "--as-of", "2018-12-31"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def _of_cases(*words: str, **env: str) -> bytes:
    """The report on one document's cases, which touch every kind of record."""
    return lawgov(
        "check",
        str(CASES / "guigang-2011"),
        "--as-of",
        "2013-12-31",
        "--format",
        "json",
        "--show",
        "all",
        *words,
        **env,
    ).stdout


def test_the_same_input_gives_the_same_bytes() -> None:
    """Whatever the seed of Python's hashes: no set decides an order."""
    assert _of_cases(PYTHONHASHSEED="1") == _of_cases(PYTHONHASHSEED="2")


@pytest.mark.slow
def test_another_executor_changes_only_its_name() -> None:
    live, batch = (_of_cases("--engine", name) for name in ("live", "batch"))
    assert len(json.loads(live)["findings"]) > 1000
    assert batch.count(b'"executor": "batch"') == 1
    assert live == batch.replace(b'"executor": "batch"', b'"executor": "live"')


def test_the_report_has_its_published_shape() -> None:
    report = json.loads(_of_cases())
    assert list(report) == ["receipt", "summary", "findings", "problems"]
    summary = report["summary"]
    assert summary["read"] == summary["checked"] + summary["rejected"]
    assert summary["assessed"] == sum(summary["verdicts"].values()) == len(report["findings"])
    assert [found for found in report["findings"] if not set(ALWAYS) <= set(found)] == []
    assert [found for found in report["findings"] if None in found.values()] == []


def test_every_finding_of_the_cases_meets_the_schema(capsys: Out) -> None:
    assert main(["schema", "finding"]) == 0
    schema = json.loads(capsys.readouterr().out)
    validator_of = jsonschema.validators.validator_for(schema)
    validator_of.check_schema(schema)
    validator = validator_of(schema)
    findings = lr.check(CASES / "guigang-2011", as_of="2013-12-31", show=[v.name for v in lr.Verdict]).findings
    assert [error.message for found in findings for error in validator.iter_errors(found)] == []
    assert set(schema["required"]) >= set(ALWAYS)
    # and it refuses what is no finding
    for wrong in ({"verdict": "maybe"}, {"severity": "fatal"}, {"citation": {}}, {"colour": "red"}):
        assert not validator.is_valid({**findings[0], **wrong}), wrong


def _modules_after(*words: str) -> set[str]:
    """The top modules that Python has loaded when the command is done."""
    script = (
        "import sys\nfrom lawgov_rules.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    run = [sys.executable, "-c", script, *words]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return set(subprocess.run(run, capture_output=True, env=env, check=True).stderr.decode().split())


def test_help_loads_nothing_heavy() -> None:
    assert _modules_after("--help") & {"ibis", "pydantic", "yaml", "pyarrow", "duckdb", "pandas"} == set()


def test_a_small_check_does_not_load_ibis() -> None:
    """Ten records are done before Ibis would have been imported."""
    Path("a.yaml").write_text("---\n".join(ND.format(n, "2012-03-20") for n in range(10)), "utf-8")
    assert _modules_after("check", "a.yaml") & {"ibis", "duckdb", "pandas", "pyarrow"} == set()

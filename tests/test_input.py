"""Whatever a folder holds: good records are checked, all else is reported, nothing crashes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.importers import importers
from lawgov_rules.yaml_file import Document, parse_documents
from tests.conftest import ROOT

RULES = lr.load_rulesets()
GOOD = "record: {0}\ntype: organ\n"
DAY_HELP = "(write the day the event happened as year-month-day)"
NESTED = "".join("  " * level + "a:\n" for level in range(200))
UTF8 = "not a text in UTF-8 (save it as UTF-8 text)"
DEEP = "nested deeper than 32 levels (a record needs at most six)"
ANCHORS = "anchors and aliases are not read (write the value out in full)"


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def said(report: lr.Report, folder: Path) -> list[str]:
    """The problems of a report, with places relative to the folder."""
    return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in report.problems]


def counts(report: lr.Report) -> tuple[int, int, int]:
    """Read, checked, rejected; their sum is checked wherever this is used."""
    read, checked, rejected = (report.summary[name] for name in ("read", "checked", "rejected"))
    assert read == checked + rejected
    return read, checked, rejected


def check(folder: Path) -> lr.Report:
    return lr.check(folder, RULES, as_of="2013-12-31")


ISSUE: dict[str, str | bytes] = {
    "good.yaml": GOOD.format("a"),
    "misspelt.yaml": "record: b\ntype: normative_document\nevents: [{event: publishd, date: 2013-01-01}]\n",
    "date.yaml": "record: c\ntype: normative_document\nevents: [{event: published, date: 2013-02-30}]\n",
    "binary.yaml": bytes(range(256)),
    "nested.yaml": NESTED,
}
ISSUE_SAID = [
    f"binary.yaml: {UTF8}",
    f"date.yaml:3:35: the date of `published`: `2013-02-30` is not a day of the calendar {DAY_HELP}",
    "misspelt.yaml:3:18: `publishd` is not an event of a normative_document (did you mean `published`)",
    f"nested.yaml:33:65: {DEEP}",
]


def test_the_folder_of_the_issue(tmp_path: Path) -> None:
    """One good record among four bad files: one checked, four reported."""
    report = check(put(tmp_path, ISSUE))
    assert counts(report) == (5, 1, 4)
    assert said(report, tmp_path) == ISSUE_SAID


def test_the_folder_of_the_issue_from_the_command_line(tmp_path: Path) -> None:
    """The same with the exit code, and without a traceback: what a script sees."""
    put(tmp_path, ISSUE)
    run = [sys.executable, "-m", "lawgov_rules", "check", str(tmp_path), "--format", "json"]
    done = subprocess.run([*run, "--as-of", "2013-12-31"], capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (2, b"")
    report = json.loads(done.stdout)
    assert [report["summary"][name] for name in ("read", "checked", "rejected")] == [5, 1, 4]
    assert [Path(problem["file"]).name for problem in report["problems"]] == [
        "binary.yaml",
        "date.yaml",
        "misspelt.yaml",
        "nested.yaml",
    ]


READABLE: dict[str, tuple[str, str | bytes, int]] = {
    "several documents": ("a.yaml", GOOD.format("a") + "---\n" + GOOD.format("b"), 2),
    "an empty document between two": ("a.yaml", GOOD.format("a") + "---\n---\n" + GOOD.format("b"), 2),
    "a list": ("a.yml", "- {record: a, type: organ}\n- {record: b, type: organ}\n", 2),
    "JSON": (
        "a.json",
        '{\n\t"record": "a",\n\t"type": "organ",\n\t"attributes": {"stationed": true}\n}\n',
        1,
    ),
    "a list in JSON": ("a.JSON", '[{"record": "a", "type": "organ"}, {"record": "b", "type": "organ"}]', 2),
    "an empty file": ("a.yaml", "", 0),
    "comments only": ("a.yaml", "# nothing yet\n", 0),
    "a byte order mark": ("a.yaml", b"\xef\xbb\xbf" + GOOD.format("a").encode(), 1),
    "line ends of Windows": ("a.yaml", GOOD.format("a").replace("\n", "\r\n"), 1),
    "in a folder of a folder": ("2013/01/a.yaml", GOOD.format("a"), 1),
    "hidden files": (".git/a.yaml", GOOD.format("a"), 0),
}


@pytest.mark.parametrize("name", READABLE)
def test_readable(name: str, tmp_path: Path) -> None:
    file, content, number = READABLE[name]
    report = check(put(tmp_path, {file: content}))
    assert (said(report, tmp_path), counts(report)) == ([], (number, number, 0))


# what a file holds, the records in it that are checked all the same, and the one problem
HELPS = [importer.HELP for importer in importers().values()]
UNREADABLE: dict[str, tuple[str, str | bytes, int, str]] = {
    "GBK": ("a.yaml", GOOD.format("甲").encode("gbk"), 0, f"a.yaml: {UTF8}"),
    "UTF-16": ("a.yaml", GOOD.format("甲").encode("utf-16"), 0, f"a.yaml: {UTF8}"),
    "a control character": (
        "a.yaml",
        "record: a\0b\ntype: organ\n",
        0,
        "a.yaml:1:10: not a text: the character U+0000 stands in it (is this a binary file)",
    ),
    "a list 200 levels deep": ("a.yaml", "[" * 200 + "]" * 200, 0, f"a.yaml:1:33: {DEEP}"),
    "an anchor": ("a.yaml", "record: &x a\n---\n" + GOOD.format("b"), 1, f"a.yaml:1:9: {ANCHORS}"),
    "an alias": ("a.yaml", "record: *x\n---\n" + GOOD.format("b"), 1, f"a.yaml:1:9: {ANCHORS}"),
    "a key twice": (
        "a.yaml",
        "record: a\nrecord: b\ntype: organ\n---\n" + GOOD.format("b"),
        1,
        "a.yaml:2:1: `record` stands twice (keep one of the two)",
    ),
    "a key that is no word": (
        "a.yaml",
        "? [a]\n: b\n---\n" + GOOD.format("b"),
        1,
        "a.yaml:1:3: a key must be a word (quote it, or check the indentation)",
    ),
    "a tab as indentation": (
        "a.yaml",
        GOOD.format("a") + "---\nrecord: b\n\ttype: organ\n",
        1,
        "a.yaml:5:1: not readable as YAML: found a tab character that violates indentation "
        "(check indentation, colons, quotes and brackets at this line)",
    ),
    "JSON cut short": (
        "a.json",
        '{"record": "a",\n "type": "organ"',
        0,
        "a.json:2:17: not readable as JSON: expecting ',' delimiter "
        "(check commas, quotes and brackets at this line)",
    ),
    "a number beyond all arithmetic": (
        "a.yaml",
        "record: a\ntype: statistics_report\nattributes: {report_year: 1e999999999}\n---\n"
        + GOOD.format("b"),
        1,
        "a.yaml:3:27: `report_year`: `1e999999999` must be a number within ±1000000000000",
    ),
    "another kind of file": (
        "a.docx",
        b"PK\3\4",
        0,
        f"a.docx: `.docx` is not a kind of file read here (give {', '.join(dict.fromkeys(HELPS))}, "
        "or a folder with records.csv and events.csv)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(name: str, tmp_path: Path) -> None:
    """A bad document costs itself only: those beside it are checked."""
    file, content, checked, problem = UNREADABLE[name]
    report = check(put(tmp_path, {file: content}))
    assert (said(report, tmp_path), counts(report)) == ([problem], (checked + 1, checked, 1))


def test_duplicate_ids_are_named_with_both_places(tmp_path: Path) -> None:
    """The first stands; the same id in another record type is no duplicate."""
    report = check(
        put(
            tmp_path,
            {
                "a.yaml": GOOD.format("x"),
                "b.yaml": "# again\n" + GOOD.format("x"),
                "c.yaml": "record: x\ntype: staff_member\n",
            },
        )
    )
    assert counts(report) == (3, 2, 1)
    assert said(report, tmp_path) == [
        "b.yaml:2:1: `x` stands at a.yaml:1:1 already (ids are unique within a record type)"
    ]


def test_a_note_beside_the_case_files_is_none_of_them(tmp_path: Path) -> None:
    """But one that is named is read, and refused."""
    notes = {"说明.txt": "看这里", "README": "x", "README.txt": "x", "a/README.md": "# x", "a/note.txt": "x"}
    put(tmp_path, {"a.yaml": GOOD.format("甲"), **notes})
    report = lr.check(tmp_path, RULES)
    [problem] = said(report, tmp_path)
    assert problem.startswith("a/note.txt: `.txt` is not a kind of file read here")
    assert lr.check(tmp_path / "说明.txt", RULES).summary["rejected"] == 1


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    """A folder and a file in it, or a link to it, are no duplicates of each other."""
    put(tmp_path, {"a.yaml": GOOD.format("x")})
    (tmp_path / "link.yaml").symlink_to(tmp_path / "a.yaml")
    report = lr.check([tmp_path, tmp_path / "a.yaml", str(tmp_path / "a.yaml")], RULES, as_of="2013-12-31")
    assert (report.problems, counts(report)) == ([], (1, 1, 0))


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    report = check(tmp_path / "no.yaml")
    assert counts(report) == (1, 0, 1)
    assert said(report, tmp_path) == ["no.yaml: there is no such file or folder (check the path)"]


def test_a_folder_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One closed folder on a shared drive does not stop the check of the others."""
    put(tmp_path, {"closed/a.yaml": GOOD.format("a"), "open/b.yaml": GOOD.format("b")})
    listed = Path.iterdir

    def iterdir(path: Path) -> Any:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    report = check(tmp_path)
    assert counts(report) == (2, 1, 1)
    assert said(report, tmp_path) == [
        "closed: cannot be read: Permission denied (check that it exists and is yours to read)"
    ]


def test_links_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    """Two links to their own folder double the paths at each level: 2 to the power of 40 of them."""
    put(tmp_path, {"z.yaml": GOOD.format("x")})
    for name in ("a", "b"):
        (tmp_path / name).symlink_to(tmp_path)
    run = [sys.executable, "-m", "lawgov_rules", "check", str(tmp_path), "--fail-on", "never"]
    done = subprocess.run(run, capture_output=True, cwd=ROOT, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def plain(value: Any) -> Any:
    """A JSON value as the reader gives it: every scalar the text that was written."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, str) else json.dumps(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@example(value={"甲": "😀"}, escaped=True, indent="\t")
@example(value={"a": "next\x85line"}, escaped=False, indent=None)
@given(value=JSON, escaped=st.booleans(), indent=st.sampled_from([None, 2, "\t"]))
def test_every_json_text_is_read_as_it_is_meant(value: Any, escaped: bool, indent: Any) -> None:
    """Tabs, escapes, emoji as two surrogates, line separators: the same text whichever way it was written."""
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    [document] = parse_documents(text, "a.json", json=True)
    assert isinstance(document, Document), document
    assert document.value == plain(value)

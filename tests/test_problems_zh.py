"""Who reads a Chinese report reads the problems in Chinese too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lawgov_rules.input import read_input
from lawgov_rules.loading import load_rulesets
from lawgov_rules.problems_zh import zh
from tests.conftest import ROOT

RECORDS = (ROOT / "tests" / "refused" / "records.txt").read_text("utf-8")
SENTENCES = sorted({line.split(": ", 1)[1] for line in RECORDS.splitlines() if re.match(r"\d+:\d+: ", line)})
# names of formats and of what the libraries say stay as they are
KEPT = re.compile(
    r"`[^`]*`|YAML|JSON|UTF-8|UTF-16|GB18030|Excel|WPS|LibreOffice|CSV|TSV|Parquet|XES|OCEL|XML|SQLite|gzip|Arrow"
    r"|DataFrame|NaN|MB"
)


def _parts(sentence: str) -> tuple[str, str]:
    """Reason and help of `reason (help)`."""
    match = re.fullmatch(
        r"(.*?)(?: \(((?:did you|known|add|begin|a record|name|the voc|write|check).*)\))?", sentence, re.S
    )
    assert match
    return match[1], match[2] or ""


def _is_chinese(text: str) -> bool:
    return not re.search("[A-Za-z]{2,}", KEPT.sub("", text))


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s[:60])
def test_every_refused_record_is_told_in_chinese(sentence: str) -> None:
    for part in _parts(sentence):
        assert _is_chinese(zh(part)), zh(part)


def test_what_is_wrong_with_files_is_told_in_chinese(tmp_path: Path) -> None:
    deep = "record: a\ntype: organ\nattributes: " + "[" * 200 + "]" * 200
    files = {
        "二进制.yaml": b"\x00\x01",
        "编码.yaml": "记录".encode("gb18030"),
        "深.yaml": deep.encode(),
        "坏.json": b'{"a": ',
        "别名.yaml": b"a: &x 1\nb: *x",
        "重复.yaml": b"record: a\nrecord: b",
        "表.xlsx": b"PK",
        "键.yaml": b"? [a]\n: b",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    table = tmp_path / "表"
    table.mkdir()
    (table / "records.csv").write_text("record,type\na,organ\nb\n", "utf-8")
    (table / "events.csv").write_text("record,event,date\nc,cleanup_done,2012-01-01\na,cleanup_done\n", "utf-8")
    data = read_input([tmp_path, tmp_path / "没有.yaml"], load_rulesets())
    assert len(data.problems) == len(files) + 1 + 3
    for problem in data.problems:
        for part in (problem.reason, problem.help):
            assert _is_chinese(zh(part)), zh(part)


def test_what_is_wrong_with_databases_is_told_in_chinese() -> None:
    """Every reason and help that the modules of databases give, as their source has them."""
    ways_in = ("databases.py", "importers/_database_rows.py", "importers/_naming.py", "importers/in_database.py")
    for name in (*ways_in, "spark/database.py", "spark/folder.py"):
        for node in ast.walk(ast.parse((ROOT / "lawgov_rules" / name).read_text("utf-8"))):
            if isinstance(node, ast.Assign):
                names, values = node.targets[0], node.value
                for target, value in zip(_each(names), _each(values), strict=False):
                    if isinstance(target, ast.Name) and target.id in ("reason", "help"):
                        text = _said(value)
                        assert not text or _is_chinese(zh(text)), text


def _each(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _said(node: ast.expr) -> str:
    """A text, or the text of an f-string with a word for each value; nothing of any other expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "词" for part in node.values)
    return ""

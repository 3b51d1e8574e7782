"""Every example of the README runs: consoles print what they show, Python runs, the rule loads."""

from __future__ import annotations

import http.client
import json
import re
import shlex
import threading
from pathlib import Path
from typing import Any

import pytest

from lawgov_rules.cli import main
from lawgov_rules.loading import load_rulesets
from lawgov_rules.rule import Rule
from lawgov_rules.step import Context
from lawgov_rules.validation import read_as
from lawgov_rules.yaml_file import Document, parse_documents
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.S)
YAML = [text for kind, text in BLOCKS if kind == "yaml"]
CSV = [text for kind, text in BLOCKS if kind == "csv"]
CONSOLES = [text for kind, text in BLOCKS if kind == "console"]


@pytest.mark.parametrize("console", CONSOLES, ids=lambda c: c.splitlines()[0])
def test_console(
    console: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(YAML[0], "utf-8")
    (tmp_path / "wrong.yaml").write_text(YAML[1], "utf-8")
    (tmp_path / "case.yaml").write_text(next(text for text in YAML if "expect:" in text), "utf-8")
    (tmp_path / "mapping.yaml").write_text(next(text for text in YAML if "  - event: {column:" in text), "utf-8")
    (tmp_path / "规范性文件.csv").write_text(CSV[0], "gb18030")
    (tmp_path / "台账.csv").write_text(CSV[1], "utf-8")
    command, _, shown = console.partition("\n")
    main(shlex.split(command.removeprefix("$ lawgov ")))
    assert capsys.readouterr().out == shown


def test_python(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    for kind, text in BLOCKS:
        if kind == "python":
            exec(compile(text, "README.md", "exec"), {})
    assert "依据《" in capsys.readouterr().out


def _asked(address: tuple[str, int], value: object) -> tuple[int, str]:
    connection = http.client.HTTPConnection(*address, timeout=60)
    connection.request("POST", "/", json.dumps(value))
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said


def test_web_handler() -> None:
    """A decision of 贵港市 that nobody has reviewed may not be submitted (三(二)4); once it is reviewed it may."""
    names: dict[str, Any] = {}
    exec(compile(next(t for k, t in BLOCKS if k == "python" and "do_POST" in t), "README.md", "exec"), names)
    names["Step"].log_message = lambda *_: None
    server = names["ThreadingHTTPServer"](("127.0.0.1", 0), names["Step"])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        record = {"record": "1", "type": "major_decision", "jurisdiction": "450821", "organ": "甲县人民政府"}
        step = {"event": "submitted_for_discussion", "date": "2012-03-20"}
        status, said = _asked(server.server_address, {"record": record, "step": step})
        assert status == 409
        assert "不能提交会议" in said
        assert "依据《贵港市依法行政“十二五”规划》三(二)4" in said
        reviewed = {"event": "legality_reviewed", "date": "2012-03-10", "result": "lawful"}
        assert _asked(server.server_address, {"record": {**record, "events": [reviewed]}, "step": step}) == (200, "[]")
        status, said = _asked(server.server_address, {"record": record, "step": {**step, "event": "submited"}})
        assert (status, "is not an event" in said) == (400, True)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_rule() -> None:
    document = next(parse_documents(next(text for text in YAML if "modality:" in text), "README.md"))
    assert isinstance(document, Document)
    rules = load_rulesets()
    rule = read_as(Rule, document.parts()[0], Context(rules.vocabulary, "normative_document"))
    assert isinstance(rule, Rule), rule
    bundled = next(r for r in rules if r.id == rule.id)
    assert (rule.constraint, rule.readings, rule.when) == (bundled.constraint, bundled.readings, bundled.when)


def test_files_that_the_readme_names_exist() -> None:
    for name in re.findall(r"`(lawgov_rules/[\w/]+\.py|rulesets/[\w/-]+\.yaml)`", README):
        assert (ROOT / name).exists() or name == "rulesets/calendar/2027.yaml", name


def test_commands_of_the_shell_blocks_are_those_that_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    for kind, text in BLOCKS:
        if kind == "sh":
            for part in text.strip().replace("pip install", "pip install -q").split(" && "):
                assert part in ci

"""The executor on durable-rules says what `live` says; and a record on which it fails is never in order."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

import lawgov_rules as lr
from lawgov_rules import durable, live
from lawgov_rules.cli import main
from lawgov_rules.durable.cage import Cage, Fact
from lawgov_rules.durable.executor import all_tables, tables
from lawgov_rules.input import read_input
from lawgov_rules.problems_zh import zh
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.testing import read_known_cases, run
from tests.agreement import KINDS, draw
from tests.conftest import CASES
from tests.test_cli import LATE, ND

needs_it = pytest.mark.usefixtures("durable_rules")
Out = pytest.CaptureFixture[str]


@needs_it
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_as_live(kind: str) -> None:
    """In every field and in the same order."""
    with durable.open_cage() as cage:
        for seed in range(4):
            rules, records, as_of = draw(Random(f"{kind} {seed}"), kind, 30)
            expected = list(live.assess(records, rules, as_of))
            assert list(durable.assess(records, rules, as_of, cage)) == expected


@needs_it
def test_the_same_on_the_cases(rules: Rulesets) -> None:
    """The records of one document's cases, by all rules; the crash trial takes them all."""
    rules = rules.at("full")
    records = read_input([CASES / "jincheng-2009"], rules).records
    day = 16_070  # 2013-12-31
    found = list(durable.assess(records, rules, day))
    assert len(found) > 10_000
    assert found == list(live.assess(records, rules, day))


@needs_it
def test_the_cases_get_what_they_expect(rules: Rulesets) -> None:
    rules = rules.at("full")
    cases, _ = read_known_cases([CASES / "jincheng-2009"], rules)
    assert cases
    assert [o.disagreements for o in run(cases, rules, "durable") if o.disagreements] == []


@needs_it
def test_the_receipt_alone_differs(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(LATE, "utf-8")
    one, two = (lr.check([tmp_path], as_of="2012-12-31", engine=e).to_dict() for e in ("live", "durable"))
    assert two["receipt"] == {**one["receipt"], "executor": "durable"}
    assert {k: v for k, v in one.items() if k != "receipt"} == {k: v for k, v in two.items() if k != "receipt"}
    assert [f["detail"] for f in two["findings"]] == ["late"]


@needs_it
def test_one_record(rules: Rulesets, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(LATE, "utf-8")
    (record,) = read_input([tmp_path], rules).records
    one, two = (lr.check_record(record, rules, "2012-12-31", engine=e) for e in ("live", "durable"))  # type: ignore[arg-type]
    assert one == two


@needs_it
def test_threads_share_a_cage_that_is_killed_now_and_then() -> None:
    wrong: list[int] = []
    with durable.open_cage() as cage:

        def judge(n: int) -> None:
            for seed in range(n * 10, n * 10 + 6):
                rules, records, as_of = draw(Random(seed), KINDS[seed % len(KINDS)], 60)
                if list(durable.assess(records, rules, as_of, cage)) != list(live.assess(records, rules, as_of)):
                    wrong.append(seed)

        threads = [threading.Thread(target=judge, args=[n]) for n in range(3)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(1)
            if pid := cage.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    assert wrong == []


class BrokenCage(Cage):
    """Fails on every record with a fact for one of the tables."""

    def __init__(self, table: int) -> None:
        super().__init__([])
        self.broken = table

    def start(self) -> None:
        pass

    def judge(self, groups: Sequence[Sequence[Fact]]) -> list[list[int] | str]:
        made = all_tables()
        failed = [any(fact[0] == self.broken for fact in group) for group in groups]
        codes = [[made[fact[0] or 0].codes[0] for fact in group] for group in groups]
        return ["died (SIGSEGV)" if f else mine for f, mine in zip(failed, codes, strict=True)]


@pytest.fixture(params=["deadline", "reading", "conclusion"])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it fails on a world or on what follows it: the record is lost as a whole."""
    table = {"deadline": tables()["deadline"][0], "reading": 0, "conclusion": 1}[request.param]
    monkeypatch.setattr("lawgov_rules.durable.executor.open_cage", lambda: BrokenCage(table))


def test_a_record_on_which_it_fails(broken: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    """It is undetermined wherever a rule was asked, the reason is told, and the job is not whole: exit code 2."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(LATE, "utf-8")
    report = lr.check(["a.yaml"], as_of="2012-12-31", engine="durable", show=[v.name for v in lr.Verdict])
    asked = [f for f in report.findings if f["detail"] not in ("outside_jurisdiction", "condition_false")]
    assert {(f["verdict"], f["detail"]) for f in asked} == {("undetermined", "engine_failed")}
    assert "jincheng-2009/nd-county-filing-15d" in {f["rule"] for f in asked}
    assert report.summary["verdicts"].keys() == {"not_applicable", "undetermined"}
    assert asked[0]["message"]["zh"].split("。")[1] == "规则引擎出错，未能判断"
    (problem,) = report.problems
    assert str(problem) == "a.yaml:1:1: `durable` failed on `a` (died (SIGSEGV)) (judge it with `--engine live`)"
    assert (zh(problem.reason), zh(problem.help)) == (
        "`durable`执行`a`时出错（`died (SIGSEGV)`）",
        "请改用`--engine live`核查",
    )
    assert main(["check", "a.yaml", "--as-of", "2012-12-31", "--engine", "durable", "--lang", "en"]) == 2
    assert "`durable` failed on `a` (died (SIGSEGV))" in capsys.readouterr().out


def test_due_tells_it_too(broken: None, tmp_path: Path) -> None:
    """Once, though each reading is judged for itself; the record counts among those of which nothing is known."""
    (tmp_path / "a.yaml").write_text(ND.format("a", "2012-03-20"), "utf-8")
    found = lr.due([tmp_path], as_of="2012-03-10", engine="durable")
    assert len(found.problems) == 1
    assert found.duties == []


@pytest.mark.parametrize("command", ["check", "due", "test"])
def test_without_durable_rules(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    """Exit code 2, what to do on stderr, and nothing written."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(
        LATE + "because: b\nas_of: 2012-12-31\nexpect: {jincheng-2009/nd-county-filing-15d: violated}\n"
    )
    Path("durable.py").write_text("raise ModuleNotFoundError('No module named `durable`')", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert main([command, "a.yaml", "--engine", "durable"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "pip install 'lawgov-rules[durable]'" in told.err or "use Python 3.11 or 3.12" in told.err

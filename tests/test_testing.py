"""`lawgov test` on one rule: published on Thursday 1 March 2012 and due 15 days later, on Friday the 16th."""

from __future__ import annotations

from pathlib import Path

import pytest

from lawgov_rules.cases import read_cases
from lawgov_rules.cli import main
from lawgov_rules.loading import load_rulesets
from tests.small import case, document, filing, write_cases, write_rules
from tests.test_problems_zh import _is_chinese

Out = pytest.CaptureFixture[str]
ON_TIME = case(document("a", "2012-03-01", "2012-03-16"), "compliant on_time")
LATE = case(document("b", "2012-03-01", "2012-03-17"), "violated late")
WRONG = case(document("c", "2012-03-01", "2012-03-20"), "compliant on_time")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test stands in a folder of its own, with the rule in `rules` and an English locale."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    write_rules(tmp_path / "rules", filing())
    return tmp_path


def run(*words: str) -> int:
    return main(["test", "--rules", "rules", *words])


def test_all_agree(folder: Path, capsys: Out) -> None:
    write_cases(folder / "cases", ON_TIME, LATE)
    assert run() == 0
    assert capsys.readouterr() == ("1 file, 2 cases, 1 rule (live): all agree\n", "")


def test_a_disagreement_names_file_line_record_and_reason(folder: Path, capsys: Out) -> None:
    write_cases(folder / "cases", ON_TIME, LATE, WRONG)
    assert run() == 1
    text = (folder / "cases" / "a.yaml").read_text("utf-8").splitlines()
    # the verdict stands twice, and the second time it is wrong
    line = max(n for n, words in enumerate(text, start=1) if "compliant on_time" in words)
    column = text[line - 1].index('"compliant') + 1
    assert capsys.readouterr().out.splitlines() == [
        f"cases/a.yaml:{line}:{column}: c",
        "  example-2009/nd-filing: expected compliant on_time, got violated late",
        "  because: b",
        "1 file, 3 cases, 1 rule (live): 1 case not as expected",
    ]


def test_chinese(folder: Path, capsys: Out) -> None:
    """An instance that does not exist: a rule without instances has the one with the empty label."""
    wrong = LATE | {"expect": {"example-2009/nd-filing": {"2012": "violated late"}}}
    write_cases(folder / "cases", ON_TIME, wrong)
    assert run("--lang", "zh") == 1
    out = capsys.readouterr().out.splitlines()
    assert out[1] == '  example-2009/nd-filing [2012]: 应为 violated late，实为 没有这一项（有：""）'
    assert out[2:] == ["  理由: b", "1个文件、2个用例、1条规则（live）：1个用例不符"]


UNREADABLE = {
    "verdict": (case(document("x", "2012-03-01"), "violeted late"), "`violeted late` is not a verdict and a detail"),
    "rule": (case(document("x", "2012-03-01"), "pending", rule="nd-fling"), "`example-2009/nd-fling` is not a rule"),
    "as_of": (case(document("x", "2012-03-01"), "pending", as_of="2012"), "`as_of` is not a full date"),
    "because": (LATE | {"because": None}, "`because` is missing"),
    "expect": (LATE | {"expect": ["violated"]}, "`expect` is a mapping of rules to verdicts"),
    "type": (
        case({"record": "o", "type": "organ"}, "pending"),
        "`example-2009/nd-filing` speaks of another type of record than `organ`",
    ),
    "twice": (ON_TIME, "`a` stands at cases/a.yaml:1:1 already"),
    "event": (case(document("x", "2012-13-01"), "pending"), "`2012-13-01` is not a day of the calendar"),
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_case_that_cannot_be_read(name: str, lang: str, folder: Path, capsys: Out) -> None:
    """The others are tried all the same; the job is not done, which beats a disagreement."""
    bad, reason = UNREADABLE[name]
    write_cases(folder / "cases", ON_TIME, WRONG, bad)
    assert run("--lang", lang) == 2
    out = capsys.readouterr().out
    if lang == "en":
        assert reason in out and "1 file, 2 cases, 1 rule (live): 1 case not as expected" in out
    else:
        told = out.partition("未能读取的内容")[2].splitlines()[1:-1]
        assert all(_is_chinese(line.partition(": ")[2].replace("cases/a.yaml", "")) for line in told), told


def test_no_cases(folder: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a folder, nor a case in it."""
    monkeypatch.setattr("lawgov_rules.testing.bundled", lambda: folder / "elsewhere" / "rulesets")
    assert run() == 2
    assert "no folder `cases` here" in capsys.readouterr().err
    write_cases(folder / "cases", document("a", "2012-03-01"))
    assert run() == 2
    assert "cases: no case of these rules here" in capsys.readouterr().out
    assert run("nowhere") == 2
    assert "there is no such file or folder" in capsys.readouterr().out


def test_a_bad_ruleset(folder: Path, capsys: Out) -> None:
    write_rules(folder / "rules", filing(level="high"))
    assert run() == 2
    assert "`high` is not known here" in capsys.readouterr().err


def test_level(folder: Path, capsys: Out) -> None:
    """What a case expects of a rule of a deeper level is passed over."""
    deep = filing(id="nd-filing-deep", level="standard")
    write_rules(folder / "rules", filing(), deep)
    both = {"example-2009/nd-filing": "violated late", "example-2009/nd-filing-deep": "compliant"}
    write_cases(folder / "cases", LATE | {"expect": both})
    assert run("--level", "core") == 0
    assert run("--level", "standard") == 1
    assert run() == 1
    assert capsys.readouterr().out.count("all agree") == 1


def test_cases_of_other_rulesets_are_passed_over(folder: Path, capsys: Out) -> None:
    """A folder with cases of all bundled rulesets serves for one of them."""
    other = {"jincheng-2009/nd-pre-review": "compliant"}
    write_cases(folder / "cases", ON_TIME, LATE | {"expect": other}, WRONG | {"expect": other | LATE["expect"]})
    assert run() == 0
    assert capsys.readouterr().out == "1 file, 2 cases, 1 rule (live): all agree\n"


def test_a_complete_case_expects_nothing_else(folder: Path, capsys: Out) -> None:
    write_rules(folder / "rules", filing(), filing(id="nd-filing-10d", within=None) | {"clause": "3"})
    write_cases(folder / "cases", LATE | {"complete": True})
    assert run() == 1
    assert "nd-filing-10d: expected nothing, got violated late" in capsys.readouterr().out


def test_the_records_of_a_file_are_one_world(folder: Path) -> None:
    """Those without `expect` too; a file without any case is none."""
    write_cases(folder / "cases", ON_TIME, document("other", "2012-03-01"), LATE)
    write_cases(folder / "cases", document("plain", "2012-13-01"), name="b.yaml")
    cases, problems = read_cases(folder / "cases", load_rulesets(folder / "rules"))
    assert problems == []
    assert [(c.record.id, [r.id for r in c.population]) for c in cases] == [
        ("a", ["a", "other", "b"]),
        ("b", ["a", "other", "b"]),
    ]


@pytest.mark.slow
def test_both_executors(folder: Path, capsys: Out) -> None:
    write_cases(folder / "cases", ON_TIME, LATE | {"as_of": "2013-01-31"}, WRONG)
    assert run("--engine", "both") == 1
    out = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2] for line in out if line.startswith("cases/")] == ["c  (live)", "c  (batch)"]
    assert out[-1] == "1 file, 3 cases, 1 rule (live, batch): 1 case not as expected"


# every verdict of the rule, and both edges of both ways to be judged
PENDING = case(document("d", "2012-03-01"), "pending not_due", as_of="2012-03-16")
MISSING = case(document("e", "2012-03-01"), "violated missing", as_of="2012-03-17")
ELSEWHERE = case(document("f", "2012-03-01", jurisdiction="450821"), "not_applicable")
NOWHERE = case(document("g", "2012-03-01", "2012-03-16", jurisdiction=None), "undetermined")


def test_coverage(folder: Path, capsys: Out) -> None:
    """Of five verdicts two are expected; of four edges the two of a filing are met."""
    write_rules(folder / "rules", filing(), filing(id="nd-deep", level="full", clause="3"))
    write_cases(folder / "cases", ON_TIME, LATE)
    assert run("--coverage") == 1
    assert capsys.readouterr().out.splitlines() == [
        "1 file, 2 cases, 1 rule (live): all agree",
        "",
        "verdicts that a rule can give and a case expects",
        "  example-2009  core  2 of 5  40 %",
        "  example-2009  full  0 of 5   0 %",
        "  all           core  2 of 5  40 %",
        "  all           full  0 of 5   0 %",
        "",
        "verdicts that no case expects",
        "  example-2009/nd-deep: not_applicable, compliant, violated, pending, undetermined",
        "  example-2009/nd-filing: not_applicable, pending, undetermined",
        "",
        "figures on whose edge no case stands (advice)",
        "  example-2009/nd-deep: response = due, response = due + 1, as_of = due, as_of = due + 1",
        "  example-2009/nd-filing: as_of = due, as_of = due + 1",
    ]


def test_coverage_of_core_rules_decides(folder: Path, capsys: Out) -> None:
    write_rules(folder / "rules", filing(), filing(id="nd-deep", level="full", clause="3"))
    write_cases(folder / "cases", ON_TIME, LATE, PENDING, MISSING, ELSEWHERE, NOWHERE)
    assert run("--coverage") == 0
    out = capsys.readouterr().out
    assert "  example-2009  core  5 of 5  100 %" in out
    assert "nd-filing: " not in out


def test_an_edge_counts_where_it_was_looked_at(folder: Path, capsys: Out) -> None:
    """Filed on 10 March and judged as of the due day: the as-of day did not decide, so its edge is not met."""
    early = case(document("h", "2012-03-01", "2012-03-10"), "compliant", as_of="2012-03-16")
    write_cases(folder / "cases", early)
    run("--coverage")
    missed = "response = due, response = due + 1, as_of = due, as_of = due + 1"
    assert capsys.readouterr().out.splitlines()[-1] == f"  example-2009/nd-filing: {missed}"


def test_the_bundled_cases(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them agree, beside the bundled rulesets without a word on where they are."""
    assert main(["test"]) == 0
    assert capsys.readouterr().out.endswith("all agree\n")


def test_a_rule_that_looks_at_the_other_records_of_the_file(folder: Path, capsys: Out) -> None:
    """All officers of the organ are certified by the end of 2012: of its two one is, of the other organ's one is.

    The file beside it has an organ of the same name; its officers are of another world.
    """
    rule = filing(
        record="organ",
        when=None,
        constraint={
            "kind": "coverage",
            "population": {"record": "enforcement_officer"},
            "same": "organ",
            "done": "certified",
            "by": "2012-12-31",
            "at_least": 100,
        },
    )
    write_rules(folder / "rules", rule)
    (folder / "rules" / "normative_document.yaml").unlink()

    def officer(name: str, organ: str, day: str) -> dict[str, object]:
        events = [{"event": "certified", "date": day}]
        return {"record": name, "type": "enforcement_officer", "organ": organ, "events": events}

    def organ(name: str, verdict: str) -> dict[str, object]:
        found = {"record": name, "type": "organ", "organ": name, "jurisdiction": "140581"}
        return case(found, verdict, as_of="2013-06-30")

    officers = [officer("m", "a", "2012-12-31"), officer("n", "a", "2013-01-01"), officer("o", "b", "2012-05-01")]
    write_cases(folder / "cases", organ("a", "violated short"), organ("b", "compliant enough"), *officers)
    write_cases(folder / "cases", organ("a", "compliant enough"), officer("p", "a", "2011-03-01"), name="b.yaml")
    assert run() == 0
    assert capsys.readouterr().out == "2 files, 3 cases, 1 rule (live): all agree\n"

"""A bad ruleset is refused with all that is wrong with it: where, which word, and a way out.

Each file in `refused/` is one bad ruleset. Its first comment says as which file it is read, the comments
below it are the problems that it must produce, word for word.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgov_rules.errors import RulesetError
from lawgov_rules.loading import load_rulesets
from tests.conftest import ROOT

REFUSED = ROOT / "tests" / "refused"
DOCUMENT = """\
id: example-2009
title: 示例规划
issuer: 示例市人民政府
jurisdiction: "140500"
in_force: {from: "2009-01-01", to: "2013-12-31", basis: the plan names its years}
version: 1.0.0
"""
RULE: dict[str, Any] = {
    "id": "nd-filing",
    "clause": "二（三）2",
    "locator": "公布之日起15日内",
    "title": {"zh": "备案", "en": "Filing"},
    "requirement": {"zh": "公布后15日内报备案", "en": "It is filed within 15 days"},
    "modality": "must",
    "level": "core",
    "bearer": "县级人民政府",
    "record": "normative_document",
    "when": {"issuer_level": "county"},
    "unless": {"any": [{"issued_in_name_of": {"not": "government"}}, {"happened": "signed"}]},
    "constraint": {
        "kind": "deadline",
        "after": {"event": "published", "pick": "each"},
        "do": {"event": "filed", "where": {"to": "city_government"}},
        "within": "15 days",
    },
    "readings": {"literal": {"roll": "false"}, "rest_day_rolls": {"roll": "true"}},
    "because": "natural days",
}


def _refusals(folder: Path) -> list[str]:
    """Every problem of the rulesets in a folder, with places relative to it; none if they are accepted."""
    try:
        load_rulesets(folder)
    except RulesetError as error:
        assert str(error) == "\n".join(map(str, error.problems))
        return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in error.problems]
    return []


def _expected(text: str) -> tuple[str, list[str]]:
    """The name of the file, and the problems it must produce."""
    comments = []
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        comments.append(line.removeprefix("# "))
    return comments[0].removeprefix("read as "), comments[1:]


@pytest.mark.parametrize("file", sorted(REFUSED.glob("*.yaml")), ids=lambda f: f.stem)
def test_refused(file: Path, tmp_path: Path) -> None:
    """The exact message: a reworded one is looked at by a person, not waved through by a substring."""
    text = file.read_text("utf-8")
    name, problems = _expected(text)
    (tmp_path / "document.yaml").write_text(DOCUMENT, "utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    assert _refusals(tmp_path) == problems


def _write(folder: Path, rule: Any, name: str = "normative_document.yaml") -> None:
    (folder / "document.yaml").write_text(DOCUMENT, "utf-8")
    (folder / name).write_text(yaml.safe_dump([rule], allow_unicode=True), "utf-8")


def test_the_good_rule_is_accepted(tmp_path: Path) -> None:
    """Otherwise the tests below would prove nothing."""
    _write(tmp_path, RULE)
    assert _refusals(tmp_path) == []
    assert [rule.key for rule in load_rulesets(tmp_path)] == ["example-2009/nd-filing"]


def test_every_refused_file_names_at_least_one_problem() -> None:
    """A file without expectations would pass by being accepted."""
    files = sorted(REFUSED.glob("*.yaml"))
    assert len(files) >= 20
    assert [file.stem for file in files if not _expected(file.read_text("utf-8"))[1]] == []


def test_the_problems_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    """A bad document.yaml does not hide the bad rules beside it, nor one ruleset those of another."""
    for name in ("a-2009", "b-2009"):
        folder = tmp_path / name
        folder.mkdir()
        _write(folder, {**RULE, "modality": "should"})
    (tmp_path / "a-2009" / "document.yaml").write_text(DOCUMENT.replace("issuer:", "isuer:"), "utf-8")
    known = "known: `default`, `effect`, `encouraged`, `must`, `must_not`"
    assert _refusals(tmp_path) == [
        "a-2009/document.yaml:1:1: `issuer` is missing (add `issuer:`)",
        "a-2009/document.yaml:3:8: `isuer` is not a known key (did you mean `issuer`)",
        f"a-2009/normative_document.yaml:17:13: `modality`: `should` is not known here ({known})",
        f"b-2009/normative_document.yaml:17:13: `modality`: `should` is not known here ({known})",
    ]


def test_a_name_of_no_ruleset_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(RulesetError) as caught:
        load_rulesets("jincheng-2008")
    said = "`jincheng-2008` is not a folder of rulesets (did you mean `jincheng-2009`)"
    assert str(caught.value) == f"jincheng-2008: {said}"


def test_a_folder_without_a_ruleset_is_refused(tmp_path: Path) -> None:
    """An empty set of rules would find every record clean."""
    with pytest.raises(RulesetError) as caught:
        load_rulesets(tmp_path)
    said = "no ruleset here (a ruleset is a folder with `document.yaml`)"
    assert str(caught.value) == f"{tmp_path.as_posix()}: {said}"


def test_an_empty_document_is_refused(tmp_path: Path) -> None:
    """A file of comments only is valid YAML and describes nothing."""
    _write(tmp_path, RULE)
    (tmp_path / "document.yaml").write_text("# to be written\n", "utf-8")
    assert _refusals(tmp_path) == ["document.yaml: empty (describe the document here)"]


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, part in inner for path in _paths(part, (*at, key)))]


WORDS = st.sampled_from(
    ["published", "filed", "issuer_level", "county", "any", "happened", "kind", "event", "15 days", "each"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(_paths(RULE)), value=VALUES)
def test_no_rule_crashes_the_loader(path: tuple[Any, ...], value: Any, tmp_path_factory: Any) -> None:
    """Whatever stands anywhere in a rule, the answer is a ruleset or problems with a place and a reason."""
    rule: Any = copy.deepcopy(RULE)
    if path:
        parent = rule
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = value
    else:
        rule = value
    folder = tmp_path_factory.mktemp("ruleset")
    _write(folder, rule)
    for problem in _refusals(folder):
        assert problem.startswith("normative_document.yaml:"), problem

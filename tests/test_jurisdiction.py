"""Codes: which area lies in which, and what is refused. All places are real ones of GB/T 2260."""

from __future__ import annotations

from pathlib import Path

import pytest

from lawgov_rules.errors import InputError
from lawgov_rules.jurisdiction import Jurisdictions

PATH = Path(__file__).parents[1] / "rulesets" / "jurisdictions.yaml"
CODES = Jurisdictions.load(PATH)


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        pytest.param("140500", "140581", True, id="Gaoping lies in Jincheng"),
        pytest.param("140000", "140581", True, id="and in Shanxi"),
        pytest.param("140000", "140500", True, id="Jincheng lies in Shanxi"),
        pytest.param("140581", "140581", True, id="a code contains itself"),
        pytest.param("140581", "140500", False, id="a county does not contain its prefecture"),
        pytest.param("140500", "140400", False, id="neighbours do not contain each other"),
        pytest.param("140400", "140481", True, id="a code that ended in 2018 still nests"),
        pytest.param("220000", "220200", True, id="Jilin city lies in Jilin province"),
        pytest.param("450800", "450821", True, id="a county that no test list names nests by its digits"),
        pytest.param("410000", "419001", True, id="Jiyuan lies directly in Henan"),
        pytest.param("419000", "419001", False, id="419000 is no prefecture"),
        pytest.param("110000", "110101", True, id="a Beijing district lies in Beijing"),
        pytest.param("110100", "110101", False, id="110100 is no prefecture"),
        pytest.param("500000", "500229", True, id="a Chongqing county lies in Chongqing"),
        pytest.param("650000", "659001", True, id="Shihezi lies directly in Xinjiang"),
    ],
)
def test_one_area_lies_inside_another(outer: str, inner: str, expected: bool) -> None:
    assert CODES.contains(outer, inner) is expected


def test_an_explicit_parent_replaces_the_one_that_the_digits_say() -> None:
    moved = Jurisdictions({}, {"140581": "140400"})
    assert moved.contains("140400", "140581")
    assert not moved.contains("140500", "140581")
    assert moved.contains("140000", "140581")  # 140400 itself still lies in 140000


@pytest.mark.parametrize("code", ["140581", "140500", "140000", "820000"])
def test_a_well_formed_code_is_accepted(code: str) -> None:
    assert CODES.check(code) is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("１４０５８１", "`１４０５８１` is not written in the digits 0-9, or begins with 0"),
        ("040581", "`040581` is not written in the digits 0-9, or begins with 0"),
        ("14058", "`14058` is not a code of six digits such as `140581`"),
        ("140581.0", "`140581.0` is not a code of six digits such as `140581`"),
        ("高平市", "`高平市` is not a code of six digits such as `140581`"),
        ("140 581", "`140 581` is not plain digits; write it without blanks"),
        ("140581\n", "`140581�` is not plain digits; write it without blanks"),
        ("140081", "`140081` names a county (`81`) without its prefecture"),
        (140581, "the code 140581 is a number; write it as text: `140581`"),
    ],
)
def test_an_ill_formed_code_is_refused_with_its_reason(code: str, reason: str) -> None:
    assert CODES.check(code) == reason


def test_names_are_given_in_chinese_and_only_where_listed() -> None:
    assert CODES.name("140581") == "高平市"
    assert CODES.name("140481") == "潞城市"  # 潞城区 (140406) since 2018
    assert CODES.name("419001") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("codes: [", "cannot be read as a table of codes", id="not YAML"),
        pytest.param("codes: {}", "cannot be read as a table of codes", id="no parents"),
        pytest.param("codes: {'1405': {name: {zh: x}}}\nparents: {}", "`1405` is not a code", id="short code"),
        pytest.param(
            "codes: {}\nparents: {'140500': '140581', '140581': '140500'}",
            "lies inside itself",
            id="a circle",
        ),
    ],
)
def test_an_unusable_table_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "jurisdictions.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        Jurisdictions.load(path)
    assert refused.value.problem.place.file == str(path)
    assert reason in refused.value.problem.reason


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Jurisdictions.load(tmp_path / "jurisdictions.yaml")

"""Figures of one record must fit together. `f1` and `f3` are whole numbers, `f2` a decimal, `year` the reported one."""

from __future__ import annotations

import pytest

from tests.kinds.build import judge, problems_of, said, table, thing, unreached

SUM = "{kind: identity, checks: [{left: [f1], is: equal_to, right: [f2, f3]}]}"


def check(text: str, more: str = "") -> str:
    return f"{{kind: identity, checks: [{{{text}}}]{more}}}"


def test_a_sum() -> None:
    expected = {
        "fits": (thing("", f1="5", f2="2", f3="3"), "compliant equal"),
        "too small": (thing("", f1="4", f2="2", f3="3"), "violated unequal"),
        "too large": (thing("", f1="6", f2="2", f3="3"), "violated unequal"),
        "one unknown": (thing("", f1="5", f2="2"), "undetermined fact_missing f3"),
        "all unknown": (thing(""), "undetermined fact_missing f1 f2 f3"),
        "zeros": (thing("", f1="0", f2="0", f3="0"), "compliant equal"),
    }
    table(SUM, "2012-03-30", expected)


def test_measures_are_millionths() -> None:
    (found,) = judge(SUM, thing("t", f1="5", f2="1.5", f3="3"), "2012-03-30")
    assert found.instance == ""
    assert [found.measures[m] for m in ("left", "right", "difference")] == [5_000_000, 4_500_000, 500_000]


def test_decimals_are_exact() -> None:
    """0.1 and 0.2 are 0.3, which floats deny; a millionth off is off."""
    constraint = check("left: [f2, '0.2'], is: equal_to, right: ['0.3']")
    expected = {
        "exact": (thing("", f2="0.1"), "compliant equal"),
        "a millionth off": (thing("", f2="0.100001"), "violated unequal"),
    }
    table(constraint, "2012-03-30", expected)


@pytest.mark.parametrize(
    ("sign", "details"),
    [
        ("equal_to", ["unequal", "equal", "unequal"]),
        ("at_most", ["equal", "equal", "unequal"]),
        ("at_least", ["unequal", "equal", "equal"]),
    ],
)
def test_order(sign: str, details: list[str]) -> None:
    """2, 3 and 4 against 3."""
    records = [thing(n, f1=n, f3="3") for n in ("2", "3", "4")]
    found = judge(check(f"left: [f1], is: {sign}, right: [f3]"), records, "2012-03-30")
    assert [a.detail for a in found] == details


@pytest.mark.parametrize(
    ("sign", "details"),
    [
        ("equal_to", ["unequal", "equal", "equal", "unequal"]),
        ("at_most", ["equal", "equal", "equal", "unequal"]),
        ("at_least", ["unequal", "equal", "equal", "equal"]),
    ],
)
def test_tolerance(sign: str, details: list[str]) -> None:
    """Within 1 of 5: 4 and 6 still are, 3 and 7 are not."""
    records = [thing(n, f1=n, f3="5") for n in ("3", "4", "6", "7")]
    constraint = check(f"left: [f1], is: {sign}, right: [f3]", ", tolerance: 1")
    assert [a.detail for a in judge(constraint, records, "2012-03-30")] == details
    half = check(f"left: [f1], is: {sign}, right: [f3]", ", tolerance: 0.5")
    assert judge(half, records[1], "2012-03-30")[0].detail == ("equal" if sign == "at_most" else "unequal")


def test_differences_and_numbers() -> None:
    """f1 - f3 is at least 2; f1 is at most 10."""
    constraint = check("left: [f1, -f3], is: at_least, right: ['2']")
    expected = {
        "5 - 3": (thing("", f1="5", f3="3"), "compliant equal"),
        "5 - 4": (thing("", f1="5", f3="4"), "violated unequal"),
        "negative": (thing("", f1="-5", f3="-8"), "compliant equal"),
    }
    table(constraint, "2012-03-30", expected)
    (found,) = judge(check("left: [f1], is: at_most, right: ['10', '-1.5']"), thing("t", f1="9"), "2012-03-30")
    assert (found.detail, found.measures["difference"]) == ("unequal", 500_000)


def test_several_checks() -> None:
    """Each is an instance of its own, labelled by its first term, and lacks only its own figures."""
    constraint = """
      kind: identity
      checks:
        - {left: [f1], is: at_least, right: [f2]}
        - {left: [f2], is: at_least, right: [f3]}
        - {left: [f3], is: at_least, right: ['1']}
    """
    records = [thing("t", f1="5", f2="2.5", f3="3"), thing("u", f1="5", f3="0")]
    found = judge(constraint, records, "2012-03-30")
    assert said(found) == {
        "t f1": "compliant equal",
        "t f2": "violated unequal",
        "t f3": "compliant equal",
        "u f1": "undetermined fact_missing f2",
        "u f2": "undetermined fact_missing f2",
        "u f3": "violated unequal",
    }
    assert [a.measures["check"] for a in found[:3]] == [0, 1, 2]


def test_two_checks_are_told_apart() -> None:
    """Both begin with f1: two instances need two labels (or the ruleset is refused)."""
    constraint = """
      kind: identity
      checks:
        - {left: [f1], is: at_least, right: [f2]}
        - {left: [f1], is: at_least, right: [f3]}
    """
    if not problems_of(constraint):
        found = judge(constraint, thing("t", f1="5", f2="2", f3="6"), "2012-03-30")
        assert len({a.key() for a in found}) == 2


def test_a_check_with_a_condition() -> None:
    """Of some records only one check holds; where that is not known, the figures that agree either way still do not."""
    constraint = """
      kind: identity
      checks:
        - {left: [f1], is: at_least, right: [f2]}
        - {left: [f3], is: at_least, right: [f2], when: {flag: true}}
    """
    records = [
        thing("yes", f1="5", f2="2", f3="1", flag="true"),
        thing("no", f1="5", f2="2", f3="1", flag="false"),
        thing("unknown", f1="5", f2="2", f3="1"),
    ]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "yes f1": "compliant equal",
        "yes f3": "violated unequal",
        "no f1": "compliant equal",
        "no f3": "not_applicable not_concerned",
        "unknown f1": "compliant equal",
        "unknown f3": "undetermined fact_missing flag",
    }
    single = check("left: [f1], is: at_least, right: [f2], when: {flag: true}")
    found = said(judge(single, [thing("t", f1="5", f2="2"), thing("u", flag="false")], "2012-03-30"))
    assert found == {"t": "undetermined fact_missing flag", "u": "not_applicable not_concerned"}


def test_the_year_reported_on_governs() -> None:
    """In force from 2012-07-01 to 2013-06-30: both years touch it, 2011 and 2014 do not."""
    constraint = check("left: [f1], is: equal_to, right: [f3]", ", for_year: year")
    force = ("2012-07-01", "2013-06-30")
    expected = {
        "2011": (thing("", f1="1", f3="2", year="2011"), "not_applicable out_of_force"),
        "2012": (thing("", f1="1", f3="2", year="2012"), "violated unequal"),
        "2013": (thing("", f1="1", f3="2", year="2013"), "violated unequal"),
        "2014": (thing("", f1="1", f3="2", year="2014"), "not_applicable out_of_force"),
        "unknown": (thing("", f1="1", f3="2"), "undetermined fact_missing year"),
        "no calendar has it": (thing("", f1="1", f3="2", year="99999"), "not_applicable out_of_force"),
    }
    table(constraint, "2013-01-01", expected, force=force)


def test_without_a_year_the_as_of_date_governs() -> None:
    record = thing("t", f1="1", f2="1", f3="1")
    found = judge(SUM, record, "2012-03-30", force=("2012-03-31", None))
    assert said(found) == {"t": "not_applicable out_of_force"}
    found = judge(SUM, record, "2012-03-31", force=("2012-03-31", None))
    assert said(found) == {"t": "violated unequal"}


def test_readings() -> None:
    readings = "{one: {}, two: {tolerance: 1}}"
    records = [thing(n, f1=n, f2="2", f3="3") for n in ("5", "6", "7")]
    assert said(judge(SUM, records, "2012-03-30", readings=readings)) == {
        "5": "compliant equal",
        "6": "arguable readings_differ one=violated/two=compliant",
        "7": "violated unequal",
    }


def test_unknown_applicability() -> None:
    expected = {
        "unknown": (thing("", f1="6", f2="2", f3="3"), "undetermined fact_missing flag"),
        "applies": (thing("", f1="6", f2="2", f3="3", flag="true"), "violated unequal"),
        "does not": (thing("", f1="6", f2="2", f3="3", flag="false"), "not_applicable condition_false"),
    }
    table(SUM, "2012-03-30", expected, when="{flag: true}")


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: identity, checks: []}",
        check("left: [], is: equal_to, right: [f1]"),
        check("left: [f1], is: unequal, right: [f3]"),
        check("left: [f9], is: equal_to, right: [f3]"),
        check("left: [level], is: equal_to, right: [f3]"),
        check("left: [f1], is: equal_to, right: [f3]", ", for_year: level"),
        check("left: [f1], is: equal_to, right: [f3]", ", tolerance: some"),
        check("left: [f1], is: equal_to, right: [f3]", ", tolerance: -1"),  # nothing could satisfy it
        check("left: ['1'], is: equal_to, right: ['1']"),  # says nothing of the record
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    assert unreached("identity") == []

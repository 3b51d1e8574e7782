"""Nobody may do two things that must be kept apart: here p and q."""

from __future__ import annotations

from tests.kinds.build import judge, problems_of, said, table, thing, unreached

APART = "{kind: separation, first: p, second: q, at: b}"


def test_one_person_in_both_roles() -> None:
    step = "b 2012-03-09"
    expected = {
        "two people": (thing("", step, people=["p 甲", "q 乙"]), "compliant separate"),
        "one person": (thing("", step, people=["p 甲", "q 甲"]), "violated same_person"),
        "one of three": (thing("", step, people=["p 甲", "p 乙", "q 乙"]), "violated same_person"),
        "one role only": (thing("", step, people=["p 甲"]), "compliant separate"),
        "nobody on record": (thing("", step), "undetermined people_unrecorded participants"),
        "not yet": (thing("", people=["p 甲", "q 甲"]), "pending open"),
    }
    table(APART, "2012-03-30", expected)


def test_how_many() -> None:
    """甲 and 乙 are in both, 丙 is not: 2."""
    record = thing("t", "b 2012-03-09", people=["p 甲", "p 乙", "p 丙", "q 甲", "q 乙"])
    (found,) = judge(APART, record, "2012-03-30")
    assert found.measures["both"] == 2


def test_who_counts() -> None:
    """A person who may not count is judged both ways; valid to 9 March, that day included."""
    constraint = "{kind: separation, first: {role: p, where: {ok: true}}, second: {role: q, valid: {to: until}}}"
    expected = {
        "both": (thing("", people=["p 甲 ok=true", "q 甲"]), "violated same_person"),
        "not the first": (thing("", people=["p 甲 ok=false", "q 甲"]), "compliant separate"),
        "in doubt": (thing("", people=["p 甲", "q 甲"]), "undetermined fact_missing p.ok"),
        "doubt does not matter": (thing("", people=["p 甲", "q 乙"]), "compliant separate"),
        "no longer the second": (thing("", people=["p 甲 ok=true", "q 甲 until=2012-03-08"]), "compliant separate"),
        "still the second": (thing("", people=["p 甲 ok=true", "q 甲 until=2012-03-09"]), "violated same_person"),
    }
    table(constraint, "2012-03-09", expected)


def test_force_and_unknown_dates() -> None:
    record = thing("t", "b 2012-03-09", people=["p 甲", "q 甲"])
    for force in (("2012-03-10", None), ("2000-01-01", "2012-03-08")):
        assert said(judge(APART, record, "2012-03-30", force=force)) == {"t": "not_applicable out_of_force"}
    dated = "{kind: separation, first: p, second: q, at: {attribute: due}}"
    assert said(judge(dated, record, "2012-03-30")) == {"t": "undetermined fact_missing due"}


def test_what_is_refused() -> None:
    assert "`at` is picked as `first`" in " ".join(
        problems_of("{kind: separation, first: p, second: q, at: {event: b, pick: each}}")
    )
    assert "`x` is not a role of a thing" in " ".join(problems_of("{kind: separation, first: x, second: q}"))


def test_every_row_is_reached(whole_file: None) -> None:
    assert unreached("separation") == []

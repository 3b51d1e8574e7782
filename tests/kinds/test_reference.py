"""What an event refers to must itself be in order: `a` names another thing that had to have `b` by then."""

from __future__ import annotations

import pytest

from tests.kinds.build import judge, problems_of, said, thing, unreached

CITED = "{kind: reference, of: a, refers_by: ref, to: thing, meets: {happened: b, level: u}}"


def other(name: str, *events: str, level: str | None = "u") -> dict[str, object]:
    return thing(name, *events, **({"level": level} if level else {}))


def of_t(*records: object, as_of: str = "2012-03-30", constraint: str = CITED) -> dict[str, str]:
    found = said(judge(constraint, list(records), as_of))  # type: ignore[arg-type]
    return {key: text for key, text in found.items() if key.split()[0] == "t"}


def test_the_other_record_on_the_day_of_the_event() -> None:
    """Cited on 9 March: published on the 9th is in time, on the 10th too late."""
    t = thing("t", "a 2012-03-09 ref=n")
    assert of_t(t, other("n", "b 2012-03-08")) == {"t 2012-03-09": "compliant sound"}
    assert of_t(t, other("n", "b 2012-03-09")) == {"t 2012-03-09": "compliant sound"}
    assert of_t(t, other("n", "b 2012-03-10")) == {"t 2012-03-09": "violated unsound"}
    assert of_t(t, other("n", "b 2012-03-01", level="v")) == {"t 2012-03-09": "violated unsound"}


def test_facts_that_are_missing() -> None:
    t = thing("t", "a 2012-03-09 ref=n")
    assert of_t(t, other("n", "b 2012-03-01", level=None)) == {"t 2012-03-09": "undetermined fact_missing thing/level"}
    assert of_t(t, other("x", "b 2012-03-01")) == {"t 2012-03-09": "undetermined record_missing thing/"}
    assert of_t(thing("t", "a 2012-03-09")) == {"t 2012-03-09": "undetermined fact_missing a.ref"}
    assert of_t(thing("t")) == {"t": "not_applicable not_triggered"}


def test_each_day_by_itself_and_all_of_a_day_together() -> None:
    good, bad = other("n", "b 2012-03-01"), other("m")
    t = thing("t", "a 2012-03-09 ref=n", "a 2012-03-10 ref=n", "a 2012-03-10 ref=m")
    assert of_t(t, good, bad) == {"t 2012-03-09": "compliant sound", "t 2012-03-10": "violated unsound"}
    found = {a.instance: a.measures for a in judge(CITED, [t, good, bad], "2012-03-30") if a.record == "t"}  # type: ignore[list-item]
    assert found["2012-03-10"]["bad"] == 1


def test_a_record_may_refer_to_itself() -> None:
    assert of_t(thing("t", "a 2012-03-09 ref=t", "b 2012-03-01", level="u")) == {"t 2012-03-09": "compliant sound"}


def test_force_and_readings() -> None:
    t, n = thing("t", "a 2012-03-09 ref=n"), other("n", level="u")
    for force in (("2012-03-10", None), ("2000-01-01", "2012-03-08")):
        found = said(judge(CITED, [t, n], "2012-03-30", force=force))  # type: ignore[list-item]
        assert found["t 2012-03-09"] == "not_applicable out_of_force"
    readings = "{one: {}, two: {meets: {level: u}}}"
    found = said(judge(CITED, [t, n], "2012-03-30", readings=readings))  # type: ignore[list-item]
    assert found["t 2012-03-09"] == "arguable readings_differ one=violated/two=compliant"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("refers_by: ref", "refers_by: x"), "`x` is not a text of `a`"),
        (("to: thing", "to: thong"), "`thong` is not a known record type"),
        (("happened: b", "happened: z"), "`z` is not an event of a thing"),
        (("of: a", "of: {attribute: due}"), "`of` must be an event"),
    ],
)
def test_what_is_refused(change: tuple[str, str], reason: str) -> None:
    assert reason in " ".join(problems_of(CITED.replace(*change)))


def test_every_row_is_reached(whole_file: None) -> None:
    assert unreached("reference") == []

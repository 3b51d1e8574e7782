"""A share of a population must have something done. The organ is the record `o`; the others are its people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kinds.build import judge, problems_of, thing, unreached
from tests.kinds.build import said as all_said

OF_ORGAN = "population: {record: thing, where: {level: u}}, same: organ, done: a"
YEARLY = f"{{kind: coverage, {OF_ORGAN}, per: year, at_least: 100}}"


def organ(**more: Any) -> dict[str, Any]:
    return thing("o", organ="甲", level="v", **more)


def member(name: str, *events: str, **more: Any) -> dict[str, Any]:
    return thing(name, *events, **{"organ": "甲", "level": "u", **more})


def said(constraint: str, records: list[dict[str, Any]], as_of: str, **more: Any) -> dict[str, str]:
    """What is said of the organ; of the members nothing is asked."""
    return {k: v for k, v in all_said(judge(constraint, records, as_of, **more)).items() if k.split()[0] == "o"}


def test_everybody_every_year() -> None:
    """Two of two in 2011, one of two in 2012, none in 2013, 2014 still running."""
    people = [
        member("m", "a 2011-05-01", "a 2012-12-31"),
        member("n", "a 2011-12-31", "a 2013-01-01", "a 2014-02-01"),
    ]
    people[1]["events"][1]["date"] = "2014-03-01"  # not in 2013
    found = said(YEARLY, [organ(), *people], "2014-06-30", force=("2010-06-01", None))
    assert found == {
        "o 2011": "compliant enough",
        "o 2012": "violated short",
        "o 2013": "violated missing",
        "o 2014": "pending not_due",
    }


def test_counts_and_who_is_counted() -> None:
    """Level v and the other organ are not counted: of m and n one, 50 %."""
    records = [organ(), member("m", "a 2012-05-01"), member("n"), member("x", level="v"), member("y", organ="乙")]
    half = YEARLY.replace("100", "50")
    found = [a for a in judge(half, records, "2013-01-01", force=("2012-01-01", "2012-12-31")) if a.record == "o"]
    assert [(a.instance, a.verdict.name) for a in found] == [("2012", "compliant")]
    assert (found[0].measures["total"], found[0].measures["met"]) == (2, 1)
    more = YEARLY.replace("100", "50.1")
    assert said(more, records, "2013-01-01", force=("2012-01-01", "2012-12-31")) == {"o 2012": "violated short"}


def test_a_third_is_not_a_third_of_a_hundred() -> None:
    """One of three is 33.333333...: at least 33.3 is reached, 33.4 is not."""
    records = [organ(), member("m", "a 2012-05-01"), member("n"), member("l")]
    for share, verdict in (("33.3", "compliant enough"), ("33.4", "violated short")):
        constraint = f"{{kind: coverage, {OF_ORGAN}, by: 2012-12-31, at_least: {share}}}"
        assert said(constraint, records, "2013-01-01") == {"o": verdict}


def test_doubts_are_judged_both_ways() -> None:
    """Whether n counts, or has it done, matters only where it decides."""
    population = OF_ORGAN.replace("done: a", "done: {event: a, where: {x: u}}")
    constraint = f"{{kind: coverage, {population}, by: 2012-12-31, at_least: 50}}"
    done, as_of = "a 2012-05-01 x=u", "2013-01-01"
    unknown = thing("n", organ="甲")
    assert said(constraint, [organ(), member("m", done), unknown], as_of) == {"o": "compliant enough"}
    assert said(constraint, [organ(), member("m"), unknown], as_of) == {"o": "violated missing"}
    full = constraint.replace("at_least: 50", "at_least: 100")
    assert said(full, [organ(), member("m", done), unknown], as_of) == {"o": "undetermined fact_missing thing/level"}
    maybe = member("n", "a 2012-06-01")
    assert said(full, [organ(), member("m", done), maybe], as_of) == {"o": "undetermined fact_missing thing/a.x"}
    assert said(constraint, [organ(), member("m", done), maybe], as_of) == {"o": "compliant enough"}


def test_by_a_date_and_without_one() -> None:
    """Due on 9 March: done on the 9th counts, on the 10th it does not."""
    by = f"{{kind: coverage, {OF_ORGAN}, by: 2012-03-09, at_least: 100}}"
    assert said(by, [organ(), member("m", "a 2012-03-09")], "2012-03-30") == {"o": "compliant enough"}
    assert said(by, [organ(), member("m", "a 2012-03-10")], "2012-03-30") == {"o": "violated missing"}
    assert said(by, [organ(), member("m")], "2012-03-09") == {"o": "pending not_due"}
    assert said(by, [organ(), member("m")], "2012-03-10") == {"o": "violated missing"}
    open_ = f"{{kind: coverage, {OF_ORGAN}, at_least: 100}}"
    assert said(open_, [organ(), member("m")], "2012-03-10") == {"o": "pending open"}
    assert said(open_, [organ(), member("m", "a 2012-03-10")], "2012-03-10") == {"o": "compliant enough"}


def test_a_reading_that_names_no_share() -> None:
    by = f"{{kind: coverage, {OF_ORGAN}, by: 2012-03-09, at_least: 0}}"
    assert said(by, [organ(), member("m")], "2012-03-09") == {"o": "pending not_due"}
    assert said(by, [organ(), member("m")], "2012-03-10") == {"o": "compliant enough"}


def test_nobody_to_count() -> None:
    constraint = f"{{kind: coverage, {OF_ORGAN}, by: 2012-03-09, at_least: 100}}"
    assert said(constraint, [organ()], "2012-03-30") == {"o": "not_applicable no_population"}
    alone = {**organ(), "organ": None}
    assert said(constraint, [alone, member("m")], "2012-03-30") == {"o": "undetermined record_missing thing/"}
    assert said(YEARLY, [organ()], "2012-03-30", force=("2012-02-01", None)) == {"o": "not_applicable no_period"}


def test_those_of_a_place() -> None:
    """140500 contains 140581 and 140521, not 140681; the organ itself is one of its place, of level v."""
    constraint = (
        f"{{kind: coverage, {OF_ORGAN.replace('same: organ', 'same: jurisdiction')}, by: 2012-03-09, at_least: 100}}"
    )
    city = organ(place="140500")
    inside = [member("m", "a 2012-03-01", organ="乙"), member("n", "a 2012-03-02", organ="丙", place="140521")]
    outside = member("x", organ="丁", place="140681")
    assert said(constraint, [city, *inside, outside], "2012-03-30") == {"o": "compliant enough"}
    assert said(constraint, [city, *inside, member("k", organ="丁")], "2012-03-30") == {"o": "violated short"}


def test_those_in_service_on_the_last_day() -> None:
    """n left on 30 December: not counted for 2012; counted if on the 31st."""
    constraint = YEARLY.replace("at_least", "service: {from: first_day, to: last_day}, at_least")
    force = ("2012-01-01", "2012-12-31")
    for left, verdict in (("2012-12-30", "compliant enough"), ("2012-12-31", "violated short")):
        records = [organ(), member("m", "a 2012-05-01"), member("n", last_day=left)]
        assert said(constraint, records, "2013-01-01", force=force) == {"o 2012": verdict}
    for came, verdict in (("2012-12-31", "violated short"), ("2013-01-01", "compliant enough")):
        records = [organ(), member("m", "a 2012-05-01"), member("n", first_day=came)]
        assert said(constraint, records, "2013-01-01", force=force) == {"o 2012": verdict}


def test_force() -> None:
    constraint = f"{{kind: coverage, {OF_ORGAN}, by: 2012-03-09, at_least: 100}}"
    for force in (("2012-03-10", None), ("2000-01-01", "2012-03-08")):
        assert said(constraint, [organ(), member("m")], "2012-03-30", force=force) == {
            "o": "not_applicable out_of_force"
        }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("record: thing", "record: thong"), "`thong` is not a known record type"),
        (("level: u", "levl: u"), "`levl` is not an attribute of a thing"),
        (("done: a", "done: z"), "`z` is not an event of a thing"),
        (("done: a", "done: {event: a, pick: each}"), "`done` is picked as `first`"),
        (("per: year", "per: year, by: 2012-12-31"), "`per` and `by` do not stand together"),
        (("at_least: 100", "at_least: 101"), "at_least"),
    ],
)
def test_what_is_refused(change: tuple[str, str], reason: str) -> None:
    assert reason in " ".join(problems_of(YEARLY.replace(*change)))


def test_every_row_is_reached(whole_file: None) -> None:
    assert unreached("coverage") == []

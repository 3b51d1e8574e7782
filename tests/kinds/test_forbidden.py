"""Something must not happen, or only under a condition, or only by qualified people. `a` is what must not happen."""

from __future__ import annotations

import pytest

from tests.kinds.build import dates, judge, problems_of, said, table, thing, unreached

NEVER = "{kind: forbidden, what: a}"
AFTER = "{kind: forbidden, what: a, after: b}"
BY_OTHERS = "{kind: forbidden, what: a, by_other_than: {role: p, where: {ok: true}, valid: {from: since, to: until}}}"


def test_every_day_on_which_it_happened_is_an_instance() -> None:
    """Two entries of one day are one instance; without any the label is empty."""
    records = [thing("twice", "a 2012-03-01", "a 2012-03-09", "a 2012-03-09"), thing("never")]
    found = judge(NEVER, records, "2012-03-30")
    assert said(found) == {
        "twice 2012-03-01": "violated happened",
        "twice 2012-03-09": "violated happened",
        "never": "compliant never_happened",
    }
    assert [dates(a, "act") for a in found] == [["2012-03-01"], ["2012-03-09"], [None]]


def test_an_event_after_the_as_of_date_is_invisible() -> None:
    assert said(judge(NEVER, thing("t", "a 2012-03-10"), "2012-03-09")) == {"t": "compliant never_happened"}
    assert said(judge(NEVER, thing("t", "a 2012-03-10"), "2012-03-10")) == {"t 2012-03-10": "violated happened"}


def test_any_of_several() -> None:
    constraint = "{kind: forbidden, what: {any_of: [a, {event: c, where: {x: u}}]}}"
    record = thing("t", "a 2012-03-01", "c 2012-03-05 x=u", "c 2012-03-07 x=v")
    assert said(judge(constraint, record, "2012-03-30")) == {
        "t 2012-03-01": "violated happened",
        "t 2012-03-05": "violated happened",
    }


def test_after_an_event() -> None:
    """Before `b`, or without it, `a` is free; on the same day it counts as after, unless the record says otherwise."""
    records = [
        thing("before", "a 2012-03-01", "b 2012-03-02"),
        thing("after", "b 2012-03-02", "a 2012-03-03"),
        thing("both", "a 2012-03-01", "b 2012-03-02", "a 2012-03-03"),
        thing("without", "a 2012-03-01"),
        thing("same day", "a 2012-03-02", "b 2012-03-02"),
        thing("first that day", "a 2012-03-02 sequence=1", "b 2012-03-02 sequence=2"),
        thing("then that day", "a 2012-03-02 sequence=2", "b 2012-03-02 sequence=1"),
        thing("not at all", "b 2012-03-02"),
    ]
    assert said(judge(AFTER, records, "2012-03-30")) == {
        "before 2012-03-01": "not_applicable not_triggered",
        "after 2012-03-03": "violated happened",
        "both 2012-03-01": "not_applicable not_triggered",
        "both 2012-03-03": "violated happened",
        "without 2012-03-01": "not_applicable not_triggered",
        "same day 2012-03-02": "violated happened",
        "first that day 2012-03-02": "not_applicable not_triggered",
        "then that day 2012-03-02": "violated happened",
        "not at all": "compliant never_happened",
    }


def test_after_a_date_kept_as_an_attribute() -> None:
    constraint = "{kind: forbidden, what: a, after: {attribute: due}}"
    records = [
        thing("before", "a 2012-03-01", due="2012-03-02"),
        thing("after", "a 2012-03-03", due="2012-03-02"),
        thing("unknown", "a 2012-03-03"),
        thing("never"),
    ]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "before 2012-03-01": "not_applicable not_triggered",
        "after 2012-03-03": "violated happened",
        "unknown 2012-03-03": "undetermined fact_missing due",
        "never": "compliant never_happened",
    }


def test_unless() -> None:
    """`happened` looks back from the day of the act, that day included."""
    constraint = "{kind: forbidden, what: a, unless: {happened: c}}"
    record = thing("t", "a 2012-03-01", "c 2012-03-05", "a 2012-03-05", "a 2012-03-09")
    assert said(judge(constraint, record, "2012-03-30")) == {
        "t 2012-03-01": "violated happened",
        "t 2012-03-05": "compliant excepted",
        "t 2012-03-09": "compliant excepted",
    }
    constraint = "{kind: forbidden, what: a, unless: {flag: true}}"
    records = [
        thing("excepted", "a 2012-03-01", flag="true"),
        thing("not", "a 2012-03-01", flag="false"),
        thing("unknown", "a 2012-03-01"),
        thing("never"),
    ]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "excepted 2012-03-01": "compliant excepted",
        "not 2012-03-01": "violated happened",
        "unknown 2012-03-01": "undetermined fact_missing flag",
        "never": "compliant never_happened",
    }


def test_an_exception_in_doubt_names_only_what_was_known_by_the_act() -> None:
    constraint = "{kind: forbidden, what: a, unless: {happened: {event: c, where: {x: u}}}}"
    record = thing("t", "a 2012-03-01", "c 2012-03-05", "a 2012-03-09")
    assert said(judge(constraint, record, "2012-03-30")) == {
        "t 2012-03-01": "violated happened",
        "t 2012-03-09": "undetermined fact_missing c.x",
    }


def test_by_qualified_people_only() -> None:
    """One of the role who does not count on the day is enough; another role is nothing to it."""
    act = "a 2012-03-09"
    expected = {
        "qualified": (["p 甲 ok=true"], "compliant qualified"),
        "not": (["p 甲 ok=false"], "violated unqualified"),
        "one of two": (["p 甲 ok=true", "p 乙 ok=false"], "violated unqualified"),
        "in doubt": (["p 甲 ok=true", "p 乙"], "undetermined fact_missing p.ok"),
        "one is not anyhow": (["p 甲 ok=false", "p 乙"], "violated unqualified"),
        "another role": (["p 甲 ok=true", "q 乙 ok=false"], "compliant qualified"),
        "nobody": ([], "undetermined people_unrecorded participants"),
        "last day": (["p 甲 ok=true until=2012-03-09"], "compliant qualified"),
        "expired": (["p 甲 ok=true until=2012-03-08"], "violated unqualified"),
        "expired in doubt": (["p 甲 until=2012-03-08"], "violated unqualified"),
        "first day": (["p 甲 ok=true since=2012-03-09"], "compliant qualified"),
        "not yet": (["p 甲 ok=true since=2012-03-10"], "violated unqualified"),
        "renewed": (
            ["p 甲 ok=true until=2012-03-08", "p 甲 ok=true since=2012-03-09"],
            "compliant qualified",
        ),
    }
    records = [thing(name, act, people=people) for name, (people, _text) in expected.items()]
    found = judge(BY_OTHERS, records, "2012-03-30")
    assert said(found) == {f"{name} 2012-03-09": text for name, (_people, text) in expected.items()}
    assert found[2].measures["bad"] == 1


def test_each_act_has_its_day() -> None:
    record = thing("t", "a 2012-03-01", "a 2012-03-09", people=["p 甲 ok=true until=2012-03-05"])
    assert said(judge(BY_OTHERS, record, "2012-03-30")) == {
        "t 2012-03-01": "compliant qualified",
        "t 2012-03-09": "violated unqualified",
    }
    assert said(judge(BY_OTHERS, thing("t"), "2012-03-30")) == {"t": "compliant never_happened"}


def test_an_exception_comes_before_the_people() -> None:
    constraint = "{kind: forbidden, what: a, unless: {flag: true}, by_other_than: p}"
    records = [thing("t", "a 2012-03-01", flag="true"), thing("u", "a 2012-03-01", flag="false", people=["p 甲"])]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "t 2012-03-01": "compliant excepted",
        "u 2012-03-01": "compliant qualified",
    }


def test_an_event_that_may_be_meant_is_judged_both_ways() -> None:
    constraint = "{kind: forbidden, what: {event: a, where: {x: u}}}"
    records = [
        thing("in doubt", "a 2012-03-01"),
        thing("meant", "a 2012-03-01 x=u"),
        thing("not meant", "a 2012-03-01 x=v"),
        thing("sure on that day", "a 2012-03-01", "a 2012-03-01 x=u"),
    ]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "in doubt 2012-03-01": "undetermined fact_missing a.x",
        "meant 2012-03-01": "violated happened",
        "not meant": "compliant never_happened",
        "sure on that day 2012-03-01": "violated happened",
    }
    after = "{kind: forbidden, what: a, after: {event: b, where: {x: u}}}"
    records = [
        thing("in doubt", "b 2012-03-01", "a 2012-03-05"),
        thing("before it anyhow", "b 2012-03-09", "a 2012-03-05"),
    ]
    assert said(judge(after, records, "2012-03-30")) == {
        "in doubt 2012-03-05": "undetermined fact_missing b.x",
        "before it anyhow 2012-03-05": "not_applicable not_triggered",
    }


def test_a_doubtful_act_that_is_excepted_is_compliant_either_way() -> None:
    """If it was meant it is excepted, if not it never happened."""
    constraint = "{kind: forbidden, what: {event: a, where: {x: u}}, unless: {flag: true}}"
    (found,) = judge(constraint, thing("t", "a 2012-03-01", flag="true"), "2012-03-30")
    assert found.verdict.name == "compliant"


def test_readings() -> None:
    readings = "{one: {}, two: {unless: {level: u}}}"
    records = [thing("u", "a 2012-03-01", level="u"), thing("v", "a 2012-03-01", level="v")]
    assert said(judge(NEVER, records, "2012-03-30", readings=readings)) == {
        "u 2012-03-01": "arguable readings_differ one=violated/two=compliant",
        "v 2012-03-01": "violated happened",
    }


def test_the_law_in_force_on_the_day_of_the_act() -> None:
    record = thing("t", "a 2012-02-29", "a 2012-03-01", "a 2012-03-31", "a 2012-04-01")
    found = judge(NEVER, record, "2012-05-01", force=("2012-03-01", "2012-03-31"))
    assert said(found) == {
        "t 2012-02-29": "not_applicable out_of_force",
        "t 2012-03-01": "violated happened",
        "t 2012-03-31": "violated happened",
        "t 2012-04-01": "not_applicable out_of_force",
    }


def test_applicability() -> None:
    expected = {
        "never": (thing(""), "undetermined fact_missing flag"),
        "never, applies": (thing("", flag="true"), "compliant never_happened"),
        "does not apply": (thing("", "a 2012-03-01", flag="false"), "not_applicable condition_false"),
    }
    table(NEVER, "2012-03-30", expected, when="{flag: true}")


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: forbidden, what: {attribute: due}}",
        "{kind: forbidden, what: {all_of: [a, c]}}",
        "{kind: forbidden, what: {event: a, otherwise: c}}",
        "{kind: forbidden, what: {event: a, pick: latest}}",
        "{kind: forbidden, what: a, unless: {flagg: true}}",
        "{kind: forbidden, what: a, by_other_than: nobody}",
        "{kind: forbidden, what: a, after: {event: b, pick: latest}}",  # the duty begins once
    ],
)
def test_refused(constraint: str) -> None:
    assert len(problems_of(constraint)) == 1


def test_nobody_on_record_where_nobody_could_be_qualified() -> None:
    """If the record itself fails the condition, it does not matter who did it."""
    constraint = "{kind: forbidden, what: a, by_other_than: {role: p, where: {ok: true, flag: true}}}"
    records = [thing(name, "a 2012-03-09", **({"flag": flag} if flag else {})) for name, flag in FLAGS.items()]
    assert said(judge(constraint, records, "2012-03-30")) == {
        "cannot 2012-03-09": "violated unqualified",
        "can 2012-03-09": "undetermined people_unrecorded participants",
        "may 2012-03-09": "undetermined people_unrecorded participants",
    }


FLAGS = {"cannot": "false", "can": "true", "may": ""}


def test_a_state_that_must_not_be() -> None:
    constraint = "{kind: forbidden, state: {flag: true, level: [u, v]}}"
    expected = {
        "it is so": (thing("", flag="true", level="u"), "violated happened"),
        "it is not": (thing("", flag="false", level="u"), "compliant never_happened"),
        "one part decides": (thing("", flag="false"), "compliant never_happened"),
        "unknown": (thing("", level="u"), "undetermined fact_missing flag"),
    }
    table(constraint, "2012-03-30", expected)
    assert "and not both" in " ".join(problems_of("{kind: forbidden}"))
    assert "and not both" in " ".join(problems_of("{kind: forbidden, what: a, state: {flag: true}}"))
    assert "`state` stands alone" in " ".join(problems_of("{kind: forbidden, state: {flag: true}, after: a}"))


@pytest.mark.usefixtures("whole_file")
def test_every_row_was_reached() -> None:
    assert unreached("forbidden") == []

"""Three-valued logic: truth tables by hand, the facts that are missing, and laws over random conditions."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lawgov_rules.condition import NO_ITEM, Condition, Truth
from lawgov_rules.occurrence import Occurrence
from lawgov_rules.people import People
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import WordErrors
from lawgov_rules.view import View
from tests.agreement import vocabulary
from tests.agreement.vocabularies import read_vocabulary
from tests.kinds.build import calendar, day, judge, problems_of, read_record, said, table, thing, yaml

AS_OF = day("2012-03-30")
CONTEXT = Context(vocabulary(), "thing")
NEVER = "{kind: forbidden, what: a}"  # says `compliant` of a record to which it applies
SAYS = {True: "compliant never_happened", False: "not_applicable condition_false", None: "undetermined fact_missing"}


def view(record: dict[str, Any]) -> View:
    read = read_record(record)
    return View(read, AS_OF, calendar().region(read.jurisdiction))


def truth(condition: Any, record: dict[str, Any]) -> Truth:
    raw = yaml(condition) if isinstance(condition, str) else condition
    return parse(raw, CONTEXT).truth(NO_ITEM, view(record), AS_OF)


def known(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def both(condition: str, expected: dict[str, tuple[dict[str, Any], str]]) -> None:
    """What both executors say of records where the rule applies under a condition."""
    table(NEVER, "2012-03-30", expected, when=condition)


FLAG = {"true": True, "false": False, None: None}
U = {"u": True, "v": False, None: None}


@pytest.mark.parametrize(
    ("how", "decisive", "then"),
    # one decisive part decides, whatever the other; else an unknown part leaves it unknown
    [("all", False, False), ("any", True, True), ("none", True, False)],
)
def test_truth_tables(how: str, decisive: bool, then: bool) -> None:
    """All nine pairs of `flag` and `level: u`, worked out by the sentence above, in both executors."""
    expected = {}
    for (flag, first), (level, second) in product(FLAG.items(), U.items()):
        answer = then if decisive in (first, second) else None if None in (first, second) else not then
        lost = [name for name, part in (("flag", first), ("level", second)) if part is None]
        words = " ".join([SAYS[answer], *(lost if answer is None else [])])
        expected[f"{flag} {level}"] = (thing("", **known(flag=flag, level=level)), words)
    assert len(expected) == 9
    both(f"{{{how}: [{{flag: true}}, {{level: u}}]}}", expected)


def test_a_mapping_is_all_of() -> None:
    both(
        "{flag: true, level: u}",
        {
            "both": (thing("", flag="true", level="u"), SAYS[True]),
            "one is false": (thing("", level="v"), SAYS[False]),
            "one is unknown": (thing("", level="u"), SAYS[None] + " flag"),
            "nothing known": (thing(""), SAYS[None] + " flag level"),
        },
    )


def test_one_of_several_values() -> None:
    both(
        "{level: [u, v]}",
        {
            "u": (thing("", level="u"), SAYS[True]),
            "v": (thing("", level="v"), SAYS[True]),
            "w": (thing("", level="w"), SAYS[False]),
            "?": (thing(""), SAYS[None] + " level"),
        },
    )


@pytest.mark.parametrize("condition", ["{level: {not: w}}", "{level: {not: [w]}}", "{none: [{level: w}]}"])
def test_not(condition: str) -> None:
    """Not w is not the same as known to be something else: of an unknown level it is unknown."""
    both(
        condition,
        {
            "u": (thing("", level="u"), SAYS[True]),
            "w": (thing("", level="w"), SAYS[False]),
            "?": (thing(""), SAYS[None] + " level"),
        },
    )


def test_not_one_of_several() -> None:
    found = {v: truth("{level: {not: [u, v]}}", thing("t", **known(level=v))) for v in ("u", "v", "w", None)}
    assert found == {"u": False, "v": False, "w": True, None: None}


def test_known_is_never_unknown() -> None:
    for written, when_absent in (("true", False), ("false", True)):
        both(
            f"{{flag: {{known: {written}}}}}",
            {
                "true": (thing("", flag="true"), SAYS[not when_absent]),
                "false": (thing("", flag="false"), SAYS[not when_absent]),
                "absent": (thing(""), SAYS[when_absent]),
            },
        )


@pytest.mark.parametrize(
    ("op", "answers"),
    [
        ("gte", [False, True, True, None]),
        ("gt", [False, False, True, None]),
        ("lte", [True, True, False, None]),
        ("lt", [True, False, False, None]),
    ],
)
def test_order(op: str, answers: list[Truth]) -> None:
    """2, 3 and 4 against 3, and nothing; decimals and dates alike."""
    for name, values, limit in (
        ("f1", ("2", "3", "4", None), "3"),
        ("f2", ("2.999999", "3", "3.000001", None), "3"),
        ("due", ("2012-02-29", "2012-03-01", "2012-03-02", None), "2012-03-01"),
    ):
        condition = f"{{{name}: {{{op}: {limit}}}}}"
        assert [truth(condition, thing("t", **known(**{name: v}))) for v in values] == answers
    lines = {str(v): (thing("", **known(f1=v)), a) for v, a in zip(("2", "3", "4", None), answers, strict=True)}
    both(f"{{f1: {{{op}: 3}}}}", {n: (r, SAYS[a] + (" f1" if a is None else "")) for n, (r, a) in lines.items()})


def test_a_range_is_all_of_its_bounds() -> None:
    found = [truth("{f1: {gte: 2, lt: 4}}", thing("t", f1=v)) for v in ("1", "2", "3", "4")]
    assert found == [False, True, True, False]


def test_happened() -> None:
    """Events are closed-world: none by the as-of date is false, not unknown. One in doubt may be the one."""
    both(
        "{happened: d}",
        {
            "yes": (thing("", "d 2012-03-30"), SAYS[True]),
            "no": (thing(""), SAYS[False]),
            "tomorrow": (thing("", "d 2012-03-31"), SAYS[False]),
        },
    )
    both(
        "{happened: {event: d, where: {x: u}}}",
        {
            "yes": (thing("", "d 2012-03-01 x=u"), SAYS[True]),
            "another": (thing("", "d 2012-03-01 x=v"), SAYS[False]),
            "in doubt": (thing("", "d 2012-03-01"), SAYS[None] + " d.x"),
            "in doubt and sure": (thing("", "d 2012-03-01", "d 2012-03-02 x=u"), SAYS[True]),
            "in doubt tomorrow": (thing("", "d 2012-03-31"), SAYS[False]),
        },
    )


def test_unless_is_the_opposite_of_when() -> None:
    expected = {
        "excepted": (thing("", flag="true"), SAYS[False]),
        "not": (thing("", flag="false"), SAYS[True]),
        "unknown": (thing(""), SAYS[None] + " flag"),
    }
    table(NEVER, "2012-03-30", expected, unless="{flag: true}")
    expected = {
        "neither known": (thing(""), SAYS[None] + " flag level"),
        "when is false": (thing("", level="v"), SAYS[False]),
        "unless is true": (thing("", flag="true"), SAYS[False]),
    }
    table(NEVER, "2012-03-30", expected, when="{level: u}", unless="{flag: true}")


def test_a_where_reads_the_event_first_and_then_the_record() -> None:
    """`x` is the event's, `flag` the record's; `year` is both, and the event's counts."""
    constraint = "{kind: forbidden, what: {event: a, where: {x: u, flag: true, year: 2012}}}"
    act = "a 2012-03-01 x=u"
    found = said(
        judge(
            constraint,
            [
                thing("all", f"{act} year=2012", flag="true", year="2011"),
                thing("the record's year", act, flag="true", year="2012"),
                thing("no flag", f"{act} year=2012"),
                thing("another year", f"{act} year=2011"),
            ],
            "2012-03-30",
        )
    )
    assert found == {
        "all 2012-03-01": "violated happened",
        "the record's year 2012-03-01": "undetermined fact_missing a.year",
        "no flag 2012-03-01": "undetermined fact_missing flag",
        "another year": "compliant never_happened",
    }


@pytest.mark.parametrize(
    "constraint",
    [
        "{kind: forbidden, what: {event: a, where: {happened: d}}}",
        "{kind: count, people: {role: p, where: {happened: d}}, at_least: 1}",
        "{kind: count, people: {role: p, where: {any: [{ok: true}, {happened: d}]}}, at_least: 1}",
    ],
)
def test_happened_is_asked_of_a_record_only(constraint: str) -> None:
    """Not of an event or a participant: refused when read, and not by one executor at run time."""
    assert len(problems_of(constraint)) == 1


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("{flagg: true}", 1),
        ("{flag: maybe, level: z}", 2),  # all at once
        ("{level: {gte: u}}", 1),
        ("{flag: {known: perhaps}}", 1),
        ("{any: []}", 1),
        ("{all: {flag: true}}", 1),
        ("{any: [{flagg: true}, {levle: u}]}", 2),
        ("{happened: z}", 1),
        ("{happened: {event: d, where: {xx: u}}}", 1),
        ("{f1: {gte: three}}", 1),
        ("{flag: }", 1),
        ("{}", 1),
        ("flag", 1),
    ],
)
def test_refused(raw: str, number: int) -> None:
    with pytest.raises(WordErrors) as caught:
        parse(yaml(raw), CONTEXT)
    assert len(caught.value.items) == number


# laws

VALUES: dict[str, list[str | None]] = {
    "flag": ["true", "false", None],
    "level": ["u", "v", "w", None],
    "f1": ["1", "3", "5", None],
}
leaves = st.sampled_from(
    [
        {"flag": "true"},
        {"level": ["u", "v"]},
        {"level": {"not": "w"}},
        {"f1": {"gte": "3"}},
        {"f1": {"gt": "1", "lt": "5"}},
        {"happened": {"event": "d", "where": {"x": "u"}}},
    ]
)
conditions = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda how, parts: {how: parts},
        st.sampled_from(["any", "all", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
facts = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
doubts = st.sampled_from(["d 2012-03-01 x=u", "d 2012-03-01 x=v", "d 2012-03-01", "d 2012-05-01 x=u"])
events = st.lists(doubts, max_size=2)


def negated(value: Truth) -> Truth:
    return None if value is None else not value


def made(raw: Any) -> Condition:
    return parse(raw, CONTEXT)


@given(st.lists(conditions, min_size=1, max_size=3), facts, events)
def test_de_morgan(parts: list[Any], values: dict[str, str | None], happened: list[str]) -> None:
    """None of them: not any of them, and all of them negated. Not all of them: any of them negated."""
    record = thing("t", *happened, **known(**values))
    none, any_of = truth({"none": parts}, record), truth({"any": parts}, record)
    every_negated = truth({"all": [{"none": [part]} for part in parts]}, record)
    assert none == negated(any_of) == every_negated
    some_negated = truth({"any": [{"none": [part]} for part in parts]}, record)
    assert truth({"none": [{"all": parts}]}, record) == some_negated


@given(conditions, facts, events, st.data())
def test_a_known_result_stays_whatever_the_unknown_is(
    raw: Any, values: dict[str, str | None], happened: list[str], data: st.DataObject
) -> None:
    """Filling in any of the unknown facts never contradicts what was known without it."""
    before = truth(raw, thing("t", *happened, **known(**values)))
    filled = {
        name: value if value is not None else data.draw(st.sampled_from(VALUES[name]), name)
        for name, value in values.items()
    }
    added = [e if "x=" in e else e + data.draw(st.sampled_from(["", " x=u", " x=w"])) for e in happened]
    after = truth(raw, thing("t", *added, **known(**filled)))
    assert before is None or after is before


@given(conditions, facts, events)
def test_the_missing_facts_are_those_that_are_unknown_and_none_where_it_is_known(
    raw: Any, values: dict[str, str | None], happened: list[str]
) -> None:
    seen = view(thing("t", *happened, **known(**values)))
    condition = made(raw)
    missing = condition.missing(NO_ITEM, seen, AS_OF)
    unknown = {name for name, value in values.items() if value is None} | {"d.x"}
    assert missing <= unknown
    assert bool(missing) == (condition.truth(NO_ITEM, seen, AS_OF) is None)


def test_a_role_may_have_the_name_of_an_event() -> None:
    """The event `both` admits only `u`; of a person in the role `both` every value of the choice may be asked."""
    word: dict[str, Any] = {"zh": "词", "en": "word"}
    words = read_vocabulary(
        {
            "record_types": {"thing": {**word, "events": ["both"], "roles": ["both"]}},
            "events": {"both": {**word, "attributes": ["x"], "values": {"x": ["u"]}}},
            "attributes": {"x": {**word, "type": "choice", "values": {"u": word, "v": word}}},
            "roles": {"both": {**word, "attributes": ["x"]}},
        }
    )
    context = Context(words, "thing")
    People.model_validate({"role": "both", "where": {"x": "v"}}, context=context)
    with pytest.raises(ValidationError, match="not a known value"):
        Occurrence.model_validate({"event": "both", "where": {"x": "v"}}, context=context)

"""Reading a record: every bad value is reported with its place, the user's word and a way out."""

from __future__ import annotations

import copy
import datetime as dt
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lawgov_rules.errors import Place, RulesetError
from lawgov_rules.loading import load_rulesets
from lawgov_rules.records import DAY, Event, Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.view import View
from lawgov_rules.vocabulary import MILLION, Vocabulary
from lawgov_rules.yaml_file import Document, parse_documents
from tests.conftest import ROOT

RULES: Rulesets = load_rulesets()
WORDS = Vocabulary.load(ROOT / "tests" / "words.yaml")
READER = RecordReader(WORDS, RULES.jurisdictions)
ND = "record: a\ntype: normative_document\n"
RECON = "record: a\ntype: reconsideration_case\n"
DAY_HELP = "(write the day the event happened as year-month-day)"


def read(text: str) -> tuple[Record | None, list[str]]:
    """The one record of a text, or its problems as a user sees them, without the name of the file."""
    [document] = parse_documents(text, "a.yaml")
    assert isinstance(document, Document), document
    record, problems = READER.read(document)
    return record, [str(problem).removeprefix("a.yaml:") for problem in problems]


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def dated(*events: str) -> str:
    return ND + "events:\n" + "".join(f"  - {{{event}}}\n" for event in events)


def _bad_records() -> dict[str, tuple[str, str]]:
    """By name: the text of the record, and the problem it must produce."""
    _, *blocks = (ROOT / "tests" / "refused" / "records.txt").read_text("utf-8").strip().split("\n\n")
    found = {}
    for block in blocks:
        name, *record, problem = block.split("\n")
        found[name] = (textwrap.dedent("\n".join(record)), problem)
    return found


BAD = _bad_records()


@pytest.mark.parametrize("name", BAD)
def test_bad_value(name: str) -> None:
    """Nothing is guessed and nothing passes in silence: one bad value, one problem, no record."""
    text, problem = BAD[name]
    assert read(text) == (None, [problem])


def test_all_problems_of_a_record_are_reported_at_once() -> None:
    """Who mends a file should not have to run the check once for each slip."""
    text = """\
type: normative_document
jurisdiction: "99"
organ: [x]
attributes: {issuer_level: z}
participants: x
events:
  - {event: publishd, date: 2013-01-01}
  - {event: filed, date: 2013-02-30, to: nobody}
"""
    assert read(text) == (
        None,
        [
            "1:1: `record` is missing (add `record:`)",
            "2:15: `99` is not a code of six digits such as `140581`",
            "3:8: `organ` must be one value",
            "4:28: `issuer_level`: `z` is not a known value; known: `city`, `county`, `department`, "
            "`province`, `township`",
            "5:15: `participants` must be a list (begin each item with `- `)",
            "7:13: `publishd` is not an event of a normative_document (did you mean `published`)",
            "8:42: `to`: `nobody` is not a known value; known: `city_government`, `county_government`, "
            "`npc_standing_committee`, `party_committee`, `provincial_government`, `same_level_government`, "
            "`superior_department`, `superior_government`",
            f"8:26: the date of `filed`: `2013-02-30` is not a day of the calendar {DAY_HELP}",
        ],
    )


def test_a_good_record() -> None:
    """Texts are stripped, numbers exact, dates days; what is not on record is absent."""
    record, problems = read("""\
record: " 甲 "
type: staff_member
jurisdiction: "140581"
attributes: {organ_kind: government, level: }
events:
  - {event: trained, date: 2013-1-5, hours: ４.5, topic: law}
""")
    assert problems == []
    assert record == Record(
        "甲",
        "staff_member",
        "140581",
        None,
        {"organ_kind": "government", "service_from": day("0001-01-01"), "service_to": day("9999-12-31")},
        (),
        (
            Event(
                "trained",
                day("2013-01-05") * DAY,
                day("2013-01-05") * DAY + DAY - 1,
                {"hours": 4 * MILLION + MILLION // 2, "topic": "law"},
            ),
        ),
    )
    assert record.source == Place("a.yaml", 1, 1)


def test_defaults_stand_in_for_what_is_absent_and_for_nothing_else() -> None:
    """`qualified` has a default with a reason; `complexity` has none, so silence about it stays unknown."""
    record, _ = read(
        RECON + "participants:\n  - {role: handler, person: x}\n  - {role: handler, person: y, qualified: false}\n"
    )
    assert record is not None
    assert [dict(p.attributes) for p in record.participants] == [{"qualified": True}, {"qualified": False}]
    assert dict(record.attributes) == {}


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2013-12-31", (day("2013-12-31"), 0), (day("2013-12-31"), DAY - 1)),
        # 16:30 in UTC is half past midnight in Shanghai, eight hours ahead: the next day, and the next year
        ("2013-12-31T16:30Z", (day("2014-01-01"), 1800), (day("2014-01-01"), 1800)),
        ("2013-12-31 16:30:00+00:00", (day("2014-01-01"), 1800), (day("2014-01-01"), 1800)),
        ("2013-12-31T15:59:59Z", (day("2013-12-31"), DAY - 1), (day("2013-12-31"), DAY - 1)),
        # without a zone the clock on the wall is meant
        ("2013-12-31T16:30", (day("2013-12-31"), 59_400), (day("2013-12-31"), 59_400)),
        # clocks in Shanghai stood one hour ahead in the summers of 1986 to 1991
        ("1988-07-01T15:30Z", (day("1988-07-02"), 1800), (day("1988-07-02"), 1800)),
    ],
)
def test_moments(date: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    """A bare date spans its day; a timestamp is brought to Asia/Shanghai, or taken as written."""
    record, problems = read(dated(f'event: published, date: "{date}"'))
    assert problems == [] and record is not None
    [event] = record.events
    assert (divmod(event.low, DAY), divmod(event.high, DAY)) == (first, last)


def test_sequence_orders_events_within_their_day() -> None:
    record, _ = read(
        dated(
            "event: signed, date: 2013-01-01, sequence: 2",
            "event: legality_reviewed, date: 2013-01-01, sequence: 1",
        )
    )
    assert record is not None
    signed, reviewed = record.events
    assert reviewed.high < signed.low and reviewed.day == signed.day == day("2013-01-01")


def test_events_after_the_as_of_day_are_invisible() -> None:
    record, _ = read(dated("event: published, date: 2013-01-01", "event: filed, date: 2013-01-02"))
    assert record is not None
    view = View(record, day("2013-01-01"), RULES.calendar.region(None))
    assert len(view.events("published")) == 1 and view.events("filed") == []


GOOD: dict[str, Any] = {
    "record": "a",
    "type": "reconsideration_case",
    "jurisdiction": "140581",
    "organ": "甲",
    "attributes": {"complexity": "ordinary"},
    "participants": [{"role": "handler", "person": "x", "qualified": "true"}],
    "events": [{"event": "accepted", "date": "2013-01-01", "sequence": "1"}],
}
WORDS = st.sampled_from(
    [
        *GOOD,
        "event",
        "date",
        "role",
        "person",
        "closed",
        "2013-02-30",
        "0001-01-01T00:00+14:00",
        "1e999999999",
        "140581",
    ]
)
MOMENTS = st.from_regex(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?", fullmatch=True)
VALUES = st.recursive(
    st.none() | WORDS | MOMENTS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


def _spots(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(spot for key, part in inner for spot in _spots(part, (*at, key)))]


@settings(max_examples=500, deadline=None)
@given(spot=st.sampled_from(_spots(GOOD)), value=VALUES)
@example(spot=("events", 0, "date"), value="0001-01-01T00:00+14:00")
@example(spot=("events", 0, "date"), value="9999-12-31T23:00-10:00")
def test_no_value_crashes_the_reader(spot: tuple[Any, ...], value: Any) -> None:
    """Whatever stands anywhere in a record, the answer is a record or at least one problem."""
    found = copy.deepcopy(GOOD) if spot else value
    parent = found
    for step in spot[:-1]:
        parent = parent[step]
    if spot:
        parent[spot[-1]] = value
    record, problems = READER.read(Document("a.yaml", found, {}))
    assert (record is None) == bool(problems)


def test_words_that_only_capital_letters_tell_apart_are_refused(tmp_path: Path) -> None:
    """A database takes them for one column."""
    word = "{zh: 词, en: word, type: boolean}"
    file = tmp_path / "words.yaml"
    file.write_text(f"record_types: {{}}\nevents: {{}}\nattributes:\n  flag: {word}\n  Flag: {word}\n", "utf-8")
    with pytest.raises(RulesetError) as refused:
        Vocabulary.load(file)
    (problem,) = refused.value.problems
    assert (problem.place.line, problem.reason) == (5, "`Flag` and `flag` differ in capital letters only")

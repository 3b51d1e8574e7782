"""Event logs in XES: what a row is, what is refused and where, and that memory stays bounded."""

from __future__ import annotations

import gzip
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.errors import Problem
from lawgov_rules.importers import _xml, xes
from lawgov_rules.importers._reading import Limits, Reading
from lawgov_rules.importers._rows import Row
from lawgov_rules.problems_zh import zh
from tests.conftest import ROOT
from tests.test_problems_zh import _is_chinese

LOGS = ROOT / "tests" / "logs"
RULES = lr.load_rulesets(LOGS / "rules" / "road-fines")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="2.0" xmlns="http://www.xes-standard.org/">\n'
ID = '<trace><string key="concept:name" value="{}"/>\n'
EVENT = '<event><string key="concept:name" value="{}"/><date key="time:timestamp" value="{}"/></event>\n'
CREATED = EVENT.format("Create Fine", "2012-03-01T00:00:00.000+01:00")


def rows(text: str | bytes, folder: Path, name: str = "a.xes", limits: Limits | None = None) -> list[Row | Problem]:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(xes.rows(file, Reading(RULES.vocabulary, limits=limits or Limits())).rows)


def log(*traces: str) -> str:
    return HEAD + "".join(traces) + "</log>\n"


def fine(id_: str, *events: str) -> str:
    return ID.format(id_) + "".join(events) + "</trace>\n"


def said(found: list[Row | Problem]) -> list[str]:
    """The problems, without their file; each is told in Chinese too."""
    problems = [item for item in found if isinstance(item, Problem)]
    assert all(_is_chinese(zh(part)) for p in problems for part in (p.reason, p.help)), problems
    return [f"{p.place.line}: {p.reason}" for p in problems]


def check(text: str, folder: Path) -> lr.Report:
    (folder / "a.xes").write_text(text, "utf-8")
    return lr.check(folder / "a.xes", RULES, mapping=LOGS / "road-fines-xes.yaml", as_of="2013-12-31")


def test_rows(tmp_path: Path) -> None:
    """A row an event; the trace's attributes have `case:`; what the log and its globals say is not read."""
    globals_ = '<global scope="event"><string key="x" value="UNKNOWN"/></global>\n<string key="source" value="s"/>\n'
    text = log(globals_, fine("1", '<int key="n" value="7"/>\n', CREATED), fine("2"))
    one, two = rows(text, tmp_path)
    assert isinstance(one, Row) and isinstance(two, Row)
    assert one.cells == {
        "case:concept:name": "1",
        "case:n": "7",
        "concept:name": "Create Fine",
        "time:timestamp": "2012-03-01T00:00:00.000+01:00",
    }
    assert (one.line, one.group, one.is_event) == (7, 1, True)
    assert (two.cells, two.group, two.is_event) == ({"case:concept:name": "2"}, 2, False)


def test_nested_attributes_and_lists(tmp_path: Path) -> None:
    """Both forms of a list: with `values` (XES 2.0) and without; what hangs on an attribute is under its key."""
    events = (
        '<event><string key="a" value="1"><int key="b" value="2"><int key="c" value="3"/></int></string>'
        '<list key="l"><values><string key="" value="x"/><string key="" value="y"/></values></list>'
        '<container key="k"><string key="p" value="q"/></container><string key="empty" value=" "/></event>'
    )
    (row,) = rows(log(fine("1", events)), tmp_path)
    assert isinstance(row, Row)
    own = {key: text for key, text in row.cells.items() if not key.startswith("case:")}
    assert own == {"a": "1", "a/b": "2", "a/b/c": "3", "l": "x; y", "k/p": "q"}


def test_names_with_a_prefix_and_gzip(tmp_path: Path) -> None:
    text = log(fine("1", CREATED))
    prefixed = re.sub(r"<(/?)(?=\w)", r"<\1x:", text.replace("xmlns=", "xmlns:x="))
    packed = gzip.compress(text.encode())
    plain = rows(text, tmp_path)
    assert plain == rows(prefixed, tmp_path) == rows(packed, tmp_path, "a.xes.gz") == rows(packed, tmp_path, "b.xes")
    assert len(plain) == 1
    utf16 = text.replace("UTF-8", "UTF-16").encode("utf-16")
    assert rows(utf16, tmp_path) == plain


def test_what_an_event_lacks(tmp_path: Path) -> None:
    """Each stops its own record, with the line of the event; the record beside them is checked."""
    nameless = '<event><date key="time:timestamp" value="2012-03-01T10:00:00Z"/></event>\n'
    undated = '<event><string key="concept:name" value="Send Fine"/></event>\n'
    empty = '<event><string key="x" value="y"/></event>\n'
    unknown = EVENT.format("Burn Fine", "2012-03-01T10:00:00Z")
    wrong = EVENT.format("Send Fine", "2012-02-30T10:00:00Z")
    bad = (nameless, undated, empty, unknown, wrong)
    text = log(*(fine(str(n), CREATED, event) for n, event in enumerate(bad)), fine("9", CREATED), CREATED)
    report = check(text, tmp_path)
    assert [(p.place.line, p.reason) for p in report.problems] == [
        (5, "`event` is missing"),
        (9, "the date of `sent`: a date is missing"),
        (13, "`event` is missing"),
        (17, "`Burn Fine` is not an event of a road_fine"),
        (21, "the date of `sent`: `2012-02-30T10:00:00Z` is not a day of the calendar"),
    ]
    assert (report.summary["read"], report.summary["checked"]) == (6, 1)
    assert [record for _, record in report.records] == ["9"]


def test_traces_without_a_name_and_twice(tmp_path: Path) -> None:
    nameless = f"<trace>{CREATED}</trace>\n"
    report = check(log(fine("1", CREATED), nameless, nameless, fine("1", CREATED)), tmp_path)
    assert [(p.place.line, p.reason.partition(" stands")[0]) for p in report.problems] == [
        (6, "`record` is missing"),
        (8, "`record` is missing"),
        (11, "`1`"),
    ]
    assert report.summary["checked"] == 1


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    name = '<string key="concept:name" value="{}"/>\n'
    day = '<date key="time:timestamp" value="2012-03-05"/>'
    twice = f"<event>{name.format('Send Fine')}{name.format('Payment')}{day}</event>\n"
    report = check(log(fine("1", CREATED, twice), fine("2", CREATED)), tmp_path)
    assert [(p.place.line, p.reason) for p in report.problems] == [(6, "`concept:name` stands twice")]
    assert report.summary["checked"] == 1


def test_local_days_survive(tmp_path: Path) -> None:
    """Midnight in Italy is 22:00 or 23:00 of the day before in UTC: the day that is written counts."""
    report = check(log(fine("1", CREATED, EVENT.format("Send Fine", "2012-07-20T00:00:00+02:00"))), tmp_path)
    (late,) = report.findings
    # 1 March + 90 days = 30 May; 20 July is 51 days later
    assert (late["due"], late["actual"], late["over_by"]) == ("2012-05-30", "2012-07-20", "51 days")


REFUSED = {
    "cut off": (log(fine("1", CREATED))[:-30], "4: not readable as XML: unclosed token"),
    "no XML": ("record: a\n", "1: not readable as XML: syntax error"),
    "another XML": ("<html><p/></html>", "1: not an event log: it has no `log` element"),
    "empty": ("", "1: not an event log: it has no `log` element"),
    "an entity": (
        '<!DOCTYPE log [<!ENTITY a "ha">]>\n' + log(fine("&a;", CREATED)).partition("\n")[2],
        "1: declares an entity: `a`",
    ),
    "a file from outside": (
        '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<log/>',
        "1: declares an entity: `a`",
    ),
    "too deep": (HEAD + "<trace><event>" + '<int key="a" value="1">' * 70, "3: nested deeper than 32 levels"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str, tmp_path: Path) -> None:
    text, expected = REFUSED[name]
    assert said(rows(text, tmp_path)) == [expected]


def test_many_entities_cost_nothing(tmp_path: Path) -> None:
    """The billion laughs: ten levels of ten would be 10^10 characters."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    text = f'<!DOCTYPE log [<!ENTITY a0 "ha">{levels}]><log><trace>&a10;</trace></log>'
    assert said(rows(text, tmp_path)) == ["1: declares an entity: `a0`"]


def test_what_stands_before_the_damage_is_read(tmp_path: Path) -> None:
    report = check(log(fine("1", CREATED), fine("2", CREATED))[:-40], tmp_path)
    assert [record for _, record in report.records] == ["1"]
    assert (report.summary["read"], report.summary["rejected"]) == (2, 1)


def test_damaged_gzip(tmp_path: Path) -> None:
    packed = gzip.compress(log(*(fine(str(n), CREATED) for n in range(300))).encode())
    for name, damaged in {"cut": packed[:-20], "wrong": packed[:60] + b"\xff\xff" + packed[62:]}.items():
        (problem,) = said(rows(damaged, tmp_path, "a.xes.gz"))
        assert "not readable as" in problem, name


def test_a_gzip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blanks unfold to about a thousand times their size; the allowance of every file is made small here."""
    monkeypatch.setattr(_xml, "FREE", 2**20)
    packed = gzip.compress(HEAD.encode() + b" " * 2**25)
    assert len(packed) * Limits().unfolding < 2**25
    assert said(rows(packed, tmp_path, "a.xes.gz")) == ["0: unfolds to more than 250 times its size"]


def test_limits(tmp_path: Path) -> None:
    def said_with(text: str, **limits: int) -> list[str]:
        return said(rows(text, tmp_path, limits=Limits(**limits)))

    one_line = log(fine("1", CREATED)) + "<!-- " + "x" * 2**19
    assert said_with(one_line, piece_bytes=2**17)[-1].endswith("an element is larger than 0.125 MB")
    long_value = log(fine("1", EVENT.format("x" * 2**19, "2012-03-01")))
    assert said_with(long_value, piece_bytes=2**17)[-1].endswith("an element is larger than 0.125 MB")
    assert said_with(log(fine("1", *[CREATED] * 9)), values=10) == ["8: a trace has more than 10 values"]
    assert said_with(log(fine("1", CREATED)), depth=3) == ["4: nested deeper than 3 levels"]


def test_without_a_mapping_a_log_is_no_records(tmp_path: Path) -> None:
    (tmp_path / "a.xes").write_text(log(), "utf-8")
    (problem,) = lr.check(tmp_path, RULES).problems
    assert (problem.reason, problem.help) == (
        "a log is read through a mapping",
        "give `--mapping`; `lawgov mapping` proposes one",
    )
    assert _is_chinese(zh(problem.reason)) and _is_chinese(zh(problem.help))


def test_a_column_that_no_event_has(tmp_path: Path) -> None:
    """A log shows its columns as it goes: nothing is judged where one of the mapping's never comes."""
    text = (LOGS / "road-fines-xes.yaml").read_text("utf-8").replace("date: time:timestamp", "date: time:stamp")
    (tmp_path / "m.yaml").write_text(text, "utf-8")
    (tmp_path / "a.xes").write_text(log(fine("1", CREATED), fine("2", CREATED)), "utf-8")
    report = lr.check(tmp_path / "a.xes", RULES, mapping=tmp_path / "m.yaml")
    assert [p.reason for p in report.problems] == ["`time:stamp` is not a column of what is read"]
    assert (report.summary["read"], report.summary["checked"]) == (2, 0)


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    """Rows are given one by one: ten times the log needs no more than the smaller one, and a bit."""
    peaks = []
    for size in (400, 4_000):
        (tmp_path / "a.xes").write_text(log(*(fine(str(n), CREATED * 5) for n in range(size))), "utf-8")
        tracemalloc.start()
        number = sum(1 for _ in xes.rows(tmp_path / "a.xes", Reading(RULES.vocabulary)).rows)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert number == 5 * size
    assert peaks[1] < 1.5 * peaks[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6), packed=st.booleans())
def test_damaged_bytes(damage: list[tuple[float, int]], packed: bool, tmp_path: Path) -> None:
    """Whatever stands in the file: records and problems, and nothing raises."""
    text = log(*(fine(str(n), CREATED, EVENT.format("Payment", "2012-03-05T10:00:00Z")) for n in range(3))).encode()
    raw = bytearray(gzip.compress(text, mtime=0) if packed else text)
    for where, byte in damage:
        raw[int(where * (len(raw) - 1))] = byte
    (tmp_path / "a.xes").write_bytes(raw)
    report = lr.check(tmp_path / "a.xes", RULES, mapping=LOGS / "road-fines-xes.yaml", as_of="2013-12-31")
    summary = report.summary
    assert summary["read"] == summary["checked"] + summary["rejected"]
    assert summary["checked"] == 3 or report.problems

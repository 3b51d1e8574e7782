"""Real logs of other people through mappings, against counts that plain Python makes of the same files."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lawgov_rules as lr
from tests.conftest import ROOT

LOGS = ROOT / "tests" / "logs"
Trace = list[dict[str, str]]
Counts = dict[str, dict[str, int]]


def checked(file: Path, rules: str, mapping: str, engine: Any = "auto", as_of: str = "2013-12-31") -> lr.Report:
    found = lr.load_rulesets(LOGS / "rules" / rules)
    return lr.check(file, found, mapping=LOGS / f"{mapping}.yaml", as_of=as_of, engine=engine)


def counts(report: lr.Report) -> Counts:
    assert report.problems == []
    return {key.partition("/")[2]: verdicts for key, verdicts in report.summary["rules"].items()}


def traces(file: Path, case: str) -> Iterator[Trace]:
    """The rows of each case, in the order of the file."""
    found: dict[str, Trace] = {}
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            found.setdefault(row[case], []).append(row)
    yield from found.values()


def day(text: str) -> dt.date:
    """The day as it is written."""
    return dt.date.fromisoformat(text[:10])


def first(trace: Trace, activity: str, name: str, date: str) -> dt.date | None:
    return min((day(row[date]) for row in trace if row[name] == activity), default=None)


def judged(found: list[str]) -> dict[str, int]:
    return dict(Counter(found))


def of_fines(cases: list[dict[str, list[str]]]) -> dict[str, list[str]]:
    """The verdicts of the road-fine rules over cases, each a list of days for each activity."""
    found: dict[str, list[str]] = {}

    def say(rule: str, applies: bool, good: bool) -> None:
        found.setdefault(rule, []).append("not_applicable" if not applies else "compliant" if good else "violated")

    for case in cases:
        days = {name: sorted(map(day, dates)) for name, dates in case.items()}
        created, sent, paid = (days.get(n, []) for n in ("Create Fine", "Send Fine", "Payment"))
        penalty, notified = days.get("Add penalty", []), days.get("Insert Fine Notification", [])
        late = created[0] >= dt.date(2010, 8, 13)
        for rule, within, holds in (("fine-sent-150d", 150, not late), ("fine-sent-90d", 90, late)):
            in_time = bool(sent) and (sent[0] - created[0]).days <= within
            say(rule, holds and not paid, in_time)
        say("penalty-after-60d", bool(penalty), bool(penalty) and (penalty[0] - notified[0]).days >= 60)
        say("penalty-once", True, len(penalty) <= 1)
        collected = days.get("Send for Credit Collection", [])
        say("penalty-before-collection", bool(collected), bool(penalty) and penalty[0] <= (collected or penalty)[0])
        appealed = days.get("Insert Date Appeal to Prefecture", [])
        say("appeal-60d", bool(appealed), bool(appealed) and bool(notified) and (appealed[0] - notified[0]).days <= 60)
    return found


@pytest.mark.parametrize("engine", ["live", "batch"])
def test_road_fines(shared: Path, engine: Any) -> None:
    """34,724 rows, 10,000 fines. One appeal (of 232) has no notification on record: nobody can say from when its 60
    days run, so it is undetermined where plain counting finds it not in time."""
    file = shared / "data" / "road_fines_10k.csv"
    report = checked(file, "road-fines", "road-fines-csv", engine)
    cases: list[dict[str, list[str]]] = []
    for trace in traces(file, "case"):
        case: dict[str, list[str]] = {}
        for row in trace:
            case.setdefault(row["activity"], []).append(row["date"])
        cases.append(case)
    expected = {rule: judged(verdicts) for rule, verdicts in of_fines(cases).items()}
    appealed = [case for case in cases if "Insert Date Appeal to Prefecture" in case]
    assert (len(appealed), sum("Insert Fine Notification" not in case for case in appealed)) == (232, 1)
    expected["appeal-60d"]["violated"] -= 1
    expected["appeal-60d"]["undetermined"] = 1
    assert counts(report) == expected
    # the figures themselves, so that both cannot drift together
    assert expected["fine-sent-150d"] == {"compliant": 5205, "violated": 169, "not_applicable": 4626}
    assert expected["penalty-after-60d"] == {"compliant": 4635, "not_applicable": 5365}
    assert (report.summary["read"], report.summary["rejected"]) == (10_000, 0)


def test_road_fines_in_xes(shared: Path) -> None:
    """The limit of 2010: of 100 fines, 5 unpaid ones were made under 90 days, one of them sent too late. A reader that
    turned midnight in Italy into UTC would put every event on the day before."""
    file = shared / "data" / "road_fines_100.xes"
    report = checked(file, "road-fines", "road-fines-xes")
    cases = []
    for trace in re.findall(r"<trace>(.*?)</trace>", file.read_text("utf-8"), re.S):
        case: dict[str, list[str]] = {}
        for event in re.findall(r"<event>(.*?)</event>", trace, re.S):
            values = dict(re.findall(r'key="([^"]+)" value="([^"]*)"', event))
            case.setdefault(values["concept:name"], []).append(values["time:timestamp"])
        cases.append(case)
    expected = {rule: judged(verdicts) for rule, verdicts in of_fines(cases).items()}
    assert counts(report) == expected
    assert expected["fine-sent-90d"] == {"not_applicable": 95, "compliant": 4, "violated": 1}
    assert len(cases) == report.summary["checked"] == 100
    (late,) = (f for f in report.findings if f["rule"].endswith("fine-sent-90d"))
    days = {e["event"]: e["date"] for e in late["evidence"]}
    text = file.read_text("utf-8")
    assert all(f"{date}T00:00:00.000+0" in text for date in days.values())


@pytest.mark.parametrize("engine", ["live", "batch"])
def test_building_permits(shared: Path, engine: Any) -> None:
    """1,434 cases: the deadline is each case's own; the limit for the confirmation changes with the day of receipt."""
    file = shared / "data" / "wabo_receipt.csv"
    report = checked(file, "building-permits", "building-permits", engine)
    found: dict[str, list[str]] = {}

    def say(rule: str, applies: bool, good: bool) -> None:
        found.setdefault(rule, []).append("not_applicable" if not applies else "compliant" if good else "violated")

    names = {
        "received": "Confirmation of receipt",
        "checked": "T02 Check confirmation of receipt",
        "determined": "T04 Determine confirmation of receipt",
        "sent": "T05 Print and send confirmation of receipt",
    }
    for trace in traces(file, "case:concept:name"):
        deadline, end = day(trace[0]["case:deadline"]), trace[0]["case:enddate"]
        say("closed-by-deadline", True, bool(end) and day(end) <= deadline)
        by = {short: [r for r in trace if r["concept:name"] == name] for short, name in names.items()}
        people = {short: {r["org:resource"] for r in rows} for short, rows in by.items()}
        say("four-eyes", bool(by["determined"]), not people["checked"] & people["determined"])
        say("sent-once", True, len(by["sent"]) <= 1)
        # moments with their offsets decide an order within the day; seconds are what is looked at
        moments = {s: min((r["time:timestamp"][:19] for r in rows), default="9") for s, rows in by.items()}
        say("determined-before-sent", bool(by["sent"]), moments["determined"] <= moments["sent"])
        for rule, within, holds in (
            ("sent-14d", 14, moments["received"] < "2011-07-01"),
            ("sent-7d", 7, moments["received"] >= "2011-07-01"),
        ):
            applies = holds and bool(by["sent"])
            say(rule, applies, applies and (day(moments["sent"]) - day(moments["received"])).days <= within)
    expected = {rule: judged(verdicts) for rule, verdicts in found.items()}
    assert counts(report) == expected
    assert expected["four-eyes"] == {"violated": 1042, "compliant": 261, "not_applicable": 131}
    assert expected["sent-7d"]["violated"] == 35 and expected["determined-before-sent"]["violated"] == 1


def test_the_table_and_the_log_give_the_same_findings(shared: Path) -> None:
    """The same cases as CSV and as XES packed with gzip, through the same mapping."""
    reports = [
        checked(shared / "data" / f"wabo_receipt.{ending}", "building-permits", "building-permits")
        for ending in ("csv", "xes.gz")
    ]
    one, two = ([{k: v for k, v in f.items() if k != "source"} for f in r.findings] for r in reports)
    assert one == two and len(one) == 1535
    assert reports[0].summary == reports[1].summary
    # a finding leads to the first event of its case
    for ending, report in zip(("csv", "xes.gz"), reports, strict=True):
        file = shared / "data" / f"wabo_receipt.{ending}"
        raw = gzip.decompress(file.read_bytes()) if ending == "xes.gz" else file.read_bytes()
        lines = raw.decode("utf-8").splitlines()
        for finding in report.findings[:50]:
            line = lines[finding["source"]["line"] - 1]
            assert finding["record"] in line if ending == "csv" else line.strip() == "<event>"


def test_a_ruleset_keeps_its_own_words() -> None:
    """Alone it knows no other words; loaded together the words of all are one vocabulary."""
    alone = lr.load_rulesets(LOGS / "rules" / "road-fines")
    assert set(alone.vocabulary.record_types) == {"road_fine"}
    together = lr.load_rulesets(LOGS / "rules")
    assert set(together.vocabulary.record_types) == {"road_fine", "permit_application", "invoice"}
    assert len({rules.vocabulary_sha256 for rules in (alone, together, lr.load_rulesets())}) == 3


def test_rulesets_with_and_without_their_own_words(tmp_path: Path) -> None:
    """One that keeps none has the bundled words beside those of the other; a word declared twice is refused."""
    import shutil

    shutil.copytree(LOGS / "rules" / "road-fines", tmp_path / "road-fines")
    shutil.copytree(ROOT / "rulesets" / "jincheng-2009", tmp_path / "jincheng-2009")
    rules = lr.load_rulesets(tmp_path)
    assert {"road_fine", "normative_document"} <= set(rules.vocabulary.record_types)
    words = tmp_path / "road-fines" / "vocabulary" / "road_fine.yaml"
    words.write_text(
        words.read_text("utf-8").replace("\n  sent: {", "\n  published: {").replace("sent,", "published,"), "utf-8"
    )
    with pytest.raises(lr.RulesetError, match=r"`published` stands at .*already"):
        lr.load_rulesets(tmp_path)
    shutil.rmtree(tmp_path / "road-fines" / "vocabulary")
    (tmp_path / "road-fines" / "vocabulary").mkdir()
    with pytest.raises(lr.RulesetError, match="the vocabulary is empty"):
        lr.load_rulesets(tmp_path / "road-fines")

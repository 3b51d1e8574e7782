"""`lawgov due`: the command, and the due list in each of its formats."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import icalendar
import pytest

import lawgov_rules as lr
from lawgov_rules.cli import main
from lawgov_rules.duties import DueList
from lawgov_rules.reports import _due
from tests.conftest import ROOT
from tests.reports.conftest import HOSTILE
from tests.small import document, filing, write_cases, write_rules

ORGAN = "甲县人民政府"
READINGS = {"literal": {"roll": False}, "rest_day_rolls": {"roll": True}}
OPEN = filing(id="nd-congress", constraint={"kind": "deadline", "after": "published", "do": "signed"})
# as of Monday 12 March 2012: due on Thursday 16 February, so 25 days late; on Saturday the 17th or Monday the 19th;
# on Tuesday 20 March (published on the 5th); done
RECORDS = [
    document("甲政发〔2012〕1号", "2012-02-01", organ=ORGAN),
    document("甲政发〔2012〕2号", "2012-03-02", organ=ORGAN),
    document("甲政发〔2012〕3号", "2012-03-05", organ=ORGAN),
    document("甲政发〔2012〕4号", "2012-03-01", "2012-03-05", organ=ORGAN),
]
AS_OF = "2012-03-12"
WRONG = {"record": "x", "type": "normative_document", "events": [{"event": "publishd", "date": "2012-02-30"}]}
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test stands in a folder with a ruleset and the records, in an English locale."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    write_rules(tmp_path / "rules", filing(readings=READINGS), OPEN)
    write_cases(tmp_path / "files", *RECORDS)
    return tmp_path


def due(as_of: str = AS_OF, **more: Any) -> DueList:
    return lr.due("files", lr.load_rulesets("rules"), as_of=as_of, **more)


def written(format: str, found: DueList, lang: str = "en") -> bytes:
    """The list in a format; written twice, since the same list gives the same bytes."""
    rules = lr.load_rulesets("rules")
    both = []
    for _ in range(2):
        out = io.BytesIO()
        _due.load(format).write(found, out, lang, rules)
        assert not out.closed
        both.append(out.getvalue())
    assert both[0] == both[1]
    return both[0]


def lawgov(*words: str) -> int:
    return main(["due", "files", "--rules", "rules", "--as-of", AS_OF, *words])


# --- the command --------------------------------------------------------------------------------------------


def test_formats_are_found() -> None:
    assert _due.formats() == ("csv", "ics", "json", "text")
    for name in _due.formats():
        assert _due.load(name).__doc__


TEXT = {
    "en": """\
as of 2012-03-12  ·  due within 7 days  ·  read 4, checked 4, rejected 0 (records)
overdue 1  due 1
rulesets: example-2009 1.0.0
receipt: lawgov_rules 0.1.0, executor live, level core, calendar 2025-11-04, input files 1

■ overdue (1)
  2012-02-16  25 days overdue  甲县人民政府  甲政发〔2012〕1号  example-2009/nd-filing
      It is filed within 15 days. Published 2012-02-01; due by 2012-02-16; no fitting record of “filed (city \
government)” by 2012-03-12, 25 days overdue. See example-2009 二（三）2 (“公布之日起15日内”).

■ due (1)
  2012-03-17 – 2012-03-19  in 5 days (4 working days)  甲县人民政府  甲政发〔2012〕2号  example-2009/nd-filing
      It is filed within 15 days. Published 2012-03-02; due by 2012-03-17; no fitting record of “filed (city \
government)” by 2012-03-12. See example-2009 二（三）2 (“公布之日起15日内”).
      the day: the text can be read in several ways. literal, no move: 2012-03-17; rest day moves to the next \
working day: 2012-03-19

not listed: 1 due later; 4 without a day (listed by --open)
""",
    "zh": """\
截至 2012-03-12  ·  7天内到期  ·  案卷：读入 4，已核查 4，未能读取 0
逾期未办 1  未到期 1
依据的规则集：example-2009 1.0.0
核查凭据：lawgov_rules 0.1.0，执行方式 live，规则级别 核心，工作日历 2025-11-04，输入文件 1

■ 逾期未办（1项）
  2012-02-16  已逾期25天  甲县人民政府  甲政发〔2012〕1号  example-2009/nd-filing
      公布后15日内报备案。公布：2012-02-01；应不迟于2012-02-16；至2012-03-12没有符合要求的“报送备案（市政府）”记录，\
已逾期25天。依据《示例规划》二（三）2（“公布之日起15日内”）。

■ 未到期（1项）
  2012-03-17 – 2012-03-19  还有5天（4个工作日）  甲县人民政府  甲政发〔2012〕2号  example-2009/nd-filing
      公布后15日内报备案。公布：2012-03-02；应不迟于2012-03-17；至2012-03-12没有符合要求的“报送备案（市政府）”记录。\
依据《示例规划》二（三）2（“公布之日起15日内”）。
      日期：条文有不同读法。按字面不顺延：2012-03-17；遇休息日顺延：2012-03-19

未列入：1项到期更晚；4项没有定下日期（用 --open 列出）
""",
}


@pytest.mark.parametrize("lang", TEXT)
def test_text(lang: str, capsys: Out) -> None:
    assert lawgov("--within", "7d", "--lang", lang) == 0
    assert capsys.readouterr().out == TEXT[lang]


def test_many_of_a_kind_are_one_entry(capsys: Out) -> None:
    """Four annual reports missing: the first stands for all."""
    constraint = {"kind": "fixed_date", "do": "signed", "by": "12-20"}
    rule = filing(id="nd-yearly", constraint=constraint, readings=None)
    write_rules(Path("rules"), rule)
    assert lawgov("--lapsed") == 0
    out = capsys.readouterr().out
    assert out.count("example-2009/nd-yearly [2009]") == 4 and "the first below" not in out  # three of each record
    assert main(["due", "files", "--rules", "rules", "--as-of", "2013-03-12", "--lapsed"]) == 0
    assert capsys.readouterr().out.count("example-2009/nd-yearly [2009 … 2012: 4 of them, the first below]") == 4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 0),
        (("--fail-on", "overdue"), 1),
        (("--fail-on", "never"), 0),
        (("--as-of", "2012-02-01", "--fail-on", "overdue"), 0),
    ],
)
def test_exit_code(words: tuple[str, ...], code: int, capsys: Out) -> None:
    """Overdue duties are no failure unless asked; the last --as-of counts."""
    assert lawgov(*words) == code


def test_what_could_not_be_read_is_told(folder: Path, capsys: Out) -> None:
    """2 beats 1; the others are listed all the same."""
    write_cases(folder / "files", WRONG, name="b.yaml")
    assert lawgov("--fail-on", "overdue") == 2
    said = capsys.readouterr().out
    assert "甲政发〔2012〕1号" in said and "what could not be read (1)" in said and "did you mean `published`" in said
    for format in ("csv", "json"):
        assert "publishd" in written(format, due()).decode()
    for path in folder.glob("files/*"):
        path.unlink()
    write_cases(folder / "files", WRONG)
    assert lawgov() == 2
    assert capsys.readouterr().err == "lawgov: nothing was checked\n"


REFUSED = {
    ("--within", "soon"): "--within: `soon` is not a time such as 30d, 6w, 3m or 1y",
    ("--within", "9999y"): "--within: `9999y` leads beyond the year 9999",
    ("--as-of", "2012-13-31"): "--as-of: `2012-13-31` is not a day such as 2013-12-31",
    ("--rules", "jincheng-2008"): "jincheng-2008: `jincheng-2008` is not a folder of rulesets "
    "(did you mean `jincheng-2009`)",
    ("-o", "no/such/folder.txt"): "`no/such/folder.txt` cannot be written: No such file or directory",
    ("-o", "files/a.yaml"): "`files/a.yaml` is one of the files that were read; write elsewhere",
}


@pytest.mark.parametrize("words", REFUSED)
def test_refused_option(words: tuple[str, str], capsys: Out) -> None:
    assert lawgov(*words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"lawgov: {REFUSED[words]}\n")


def test_several_formats_in_one_run(folder: Path, capsys: Out) -> None:
    words = [word for name in _due.formats() for word in ("--format", name, "-o", f"due.{name}")]
    assert lawgov(*words) == 0
    assert capsys.readouterr().out == ""
    for name in _due.formats():
        assert (folder / f"due.{name}").read_bytes() == written(name, due())


def _run(*words: str, **env: str) -> bytes:
    run = [sys.executable, "-m", "lawgov_rules", "due", "files", "--rules", "rules", "--as-of", AS_OF, *words]
    done = subprocess.run(run, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)} | env, check=True)
    return done.stdout


@pytest.mark.parametrize("format", _due.formats())
def test_the_same_input_gives_the_same_bytes(format: str) -> None:
    """Whatever the seed of Python's hashes and the encoding of the terminal."""
    first, second = (
        _run("--format", format, PYTHONHASHSEED=n, PYTHONIOENCODING=c) for n, c in (("1", "gbk"), ("2", "ascii"))
    )
    assert first == second == written(format, due())


def test_the_executors_give_the_same_list() -> None:
    one, many = due(engine="live").to_json(), due(engine="batch").to_json()
    assert one == many.replace('"executor": "batch"', '"executor": "live"')


# --- the formats --------------------------------------------------------------------------------------------


def test_json() -> None:
    found = json.loads(written("json", due()))
    assert list(found) == ["receipt", "summary", "duties", "problems"]
    assert found["receipt"]["options"] == {"level": "core", "within": None, "open": False, "lapsed": False}
    assert found["summary"] == {
        "read": 4,
        "checked": 4,
        "rejected": 0,
        "duties": {"overdue": 1, "due": 2},
        "left_out": {"later": 0, "open": 4, "lapsed": 0, "unknown": 0},
        "organs": {ORGAN: {"overdue": 1, "due": 2}},
    }
    second = found["duties"][1]
    assert second | {"message": 0, "fingerprint": 0, "title": 0} == {
        "status": "due",
        "due": "2012-03-17",
        "latest": "2012-03-19",
        "days_left": 5,
        "working_days_left": 4,
        "certainty": "readings_differ",
        "remind": "2012-03-16",
        "organ": ORGAN,
        "bearer": "县级人民政府",
        "record": "甲政发〔2012〕2号",
        "type": "normative_document",
        "instance": "",
        "rule": "example-2009/nd-filing",
        "detail": "not_due",
        "severity": "error",
        "title": 0,
        "requirement": {"zh": "公布后15日内报备案", "en": "It is filed within 15 days"},
        "readings": {
            "literal": {"verdict": "pending", "due": "2012-03-17", "latest": "2012-03-17"},
            "rest_day_rolls": {"verdict": "pending", "due": "2012-03-19", "latest": "2012-03-19"},
        },
        "citation": {
            "document": "example-2009",
            "title": "示例规划",
            "clause": "二（三）2",
            "locator": "公布之日起15日内",
        },
        "message": 0,
        "source": {"file": "files/a.yaml", "line": second["source"]["line"]},
        "fingerprint": 0,
    }


def test_a_duty_and_its_finding_have_one_fingerprint() -> None:
    report = lr.check("files", lr.load_rulesets("rules"), as_of=AS_OF, show=["violated", "pending"])
    by_finding = {f["fingerprint"]: f["record"] for f in report.findings}
    found = due(with_open=True)
    assert {d.fingerprint: d.record for d in found.duties} == by_finding


def _table(text: bytes) -> list[dict[str, str]]:
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True))


def test_csv() -> None:
    rows = _table(written("csv", due(with_open=True, within=7), "zh"))
    duties = [row for row in rows if row["类别"] == "应办事项"]
    assert [(r["状况"], r["到期日"], r["最晚到期日"], r["剩余天数"], r["剩余工作日"]) for r in duties] == [
        ("逾期未办", "2012-02-16", "2012-02-16", "-25", ""),
        ("未到期", "2012-03-17", "2012-03-19", "5", "4"),
        *[("期限未定", "", "", "", "")] * 4,
    ]
    assert duties[1]["各种读法"] == "按字面不顺延：2012-03-17；遇休息日顺延：2012-03-19"
    assert duties[1]["规则编号"] == "example-2009/nd-filing" and duties[1]["案卷文件"] == "files/a.yaml"
    assert [row["说明"] for row in rows if row["类别"] == "未列入"] == ["1项到期更晚"]
    proof = [row["说明"] for row in rows if row["类别"] == "核查凭据"]
    assert {"核查截止日：2012-03-12", "到期范围：7天", "列出期限未定的：是", "列出期间已过的：否"} <= set(proof)


def _events(text: bytes) -> list[Any]:
    """The events of a calendar, which has to be one that a strict reader takes."""
    assert text.count(b"\n") == text.count(b"\r\n") and max(map(len, text.split(b"\r\n"))) <= 75
    calendar = icalendar.Calendar.from_ical(text)
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    assert [c.name for c in calendar.subcomponents] == ["VEVENT"] * len(calendar.subcomponents)
    assert [error for c in calendar.walk() for error in c.errors] == []
    return list(calendar.walk("VEVENT"))


def test_calendar() -> None:
    """Saturday 17 March: the alarm is on Friday. Tuesday the 20th: on Monday. What is overdue has none."""
    events = _events(written("ics", due(), "zh"))
    alarms = [[a["trigger"].dt for a in e.walk("VALARM")] for e in events]
    nine = [
        [dt.datetime.combine(e["dtstart"].dt, dt.time()) + a for a in own]
        for e, own in zip(events, alarms, strict=True)
    ]
    assert [
        (str(e["dtstart"].dt), str(e["dtend"].dt), [str(a) for a in own]) for e, own in zip(events, nine, strict=True)
    ] == [
        ("2012-02-16", "2012-02-17", []),
        ("2012-03-17", "2012-03-18", ["2012-03-16 09:00:00"]),
        ("2012-03-20", "2012-03-21", ["2012-03-19 09:00:00"]),
    ]
    assert [str(e["summary"]) for e in events] == [
        "【逾期未办】甲县人民政府：备案（甲政发〔2012〕1号）",
        "甲县人民政府：备案（甲政发〔2012〕2号）",
        "甲县人民政府：备案（甲政发〔2012〕3号）",
    ]
    assert [str(e["status"]) for e in events] == ["CONFIRMED", "TENTATIVE", "CONFIRMED"]
    description = str(events[1]["description"]).split("\n")
    assert "到期日：2012-03-17 – 2012-03-19" in description and "状况截至2012-03-12。" in description
    assert "日期不确定的原因：条文有不同读法。按字面不顺延：2012-03-17；遇休息日顺延：2012-03-19" in description


def test_the_alarm_before_a_holiday_in_the_records_region() -> None:
    """Three working days from Friday 30 March 2012 end on 5 April; Sunday the 1st was worked for 2 to 4 April."""
    constraint = {"kind": "deadline", "after": "published", "do": "filed", "within": "3 working days"}
    write_rules(Path("rules"), filing(constraint=constraint))
    write_cases(Path("files"), document("r", "2012-03-30"))
    (event,) = _events(written("ics", due("2012-03-30")))
    (alarm,) = event.walk("VALARM")
    assert event["dtstart"].dt == dt.date(2012, 4, 5)
    assert alarm["trigger"].dt == dt.timedelta(days=-4, hours=9)
    assert b"TRIGGER:-P3DT15H" in written("ics", due("2012-03-30"))


def test_importing_again_updates_the_events(folder: Path) -> None:
    """The same duty has the same identity on another day, in another file, under another status and with another day;
    what is later has a higher number."""
    before = {str(e["uid"]): e for e in _events(written("ics", due("2012-03-12")))}
    (folder / "files" / "a.yaml").rename(folder / "files" / "moved.yaml")
    after = {str(e["uid"]): e for e in _events(written("ics", due("2012-03-20")))}
    assert before.keys() == after.keys() and len(before) == 3
    for uid, event in before.items():
        assert after[uid]["sequence"] == event["sequence"] + 8
        assert (after[uid]["dtstamp"].dt - event["dtstamp"].dt).days == 8
        assert event["dtstamp"].dt == event["last-modified"].dt == dt.datetime(2012, 3, 12, tzinfo=dt.UTC)
        assert after[uid]["dtstart"].dt == event["dtstart"].dt
    assert sorted(str(e["summary"])[:9] for e in after.values()) == ["[overdue]"] * 2 + [ORGAN + ": F"]


def test_a_calendar_has_no_event_without_a_day() -> None:
    assert len(_events(written("ics", due(with_open=True)))) == 3
    assert _events(written("ics", due("2012-01-01"))) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words(name: str) -> None:
    """In every place where a user's words can stand: no formula, no line, no event of theirs."""
    text = HOSTILE[name]
    found = due()
    duties = [
        dataclasses.replace(
            d,
            record=text,
            organ=text,
            instance=text,
            message={"zh": text, "en": text},
            source={"file": text, "line": 1},
        )
        for d in found.duties
    ]
    problems = [lr.Problem(lr.Place(text, 1, 1), f"`{text}` is not a record", text, text)]
    proof = {**found.receipt, "inputs": [{"file": text, "sha256": "0" * 64}]}
    spoilt = dataclasses.replace(found, duties=duties, problems=problems, receipt=proof)
    for lang in ("zh", "en"):
        shown = written("text", spoilt, lang).decode()
        plain = written("text", dataclasses.replace(found, problems=problems), lang).decode()
        assert [c for c in shown if not c.isprintable() and c not in "\n\u200c\u200d"] == []
        assert shown.count("\n") == plain.count("\n")
        rows = _table(written("csv", spoilt, lang))
        assert len(rows) == len(_table(written("csv", dataclasses.replace(spoilt, duties=found.duties), lang)))
        assert [c for row in rows for c in row.values() if c[:1] in tuple("=+@\t＝") and c] == []
        events = _events(written("ics", spoilt, lang))
        assert len(events) == 3 and all(len(str(e["summary"])) < 200 for e in events)
        words = "".join(str(e[key]) for e in events for key in ("summary", "description"))
        assert [c for c in words if not c.isprintable() and c not in "\n\u200c\u200d"] == []
        assert {str(e["description"]).count("\n") for e in events} <= {6, 7}
    back = json.loads(written("json", spoilt))
    assert {d["record"] for d in back["duties"]} == {text}


def test_a_hostile_record_from_the_file_to_the_calendar() -> None:
    """As a case file would bring it, with line breaks and commands of a calendar in its id and organ."""
    evil = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil;a,b\\n"
    write_cases(Path("files"), document(evil, "2012-03-05", organ="=1+1\u202e" + evil))
    (event,) = _events(written("ics", due()))
    assert str(event["uid"]).endswith("@lawgov-rules")
    assert "x⏎END:VEVENT⏎BEGIN:VEVENT⏎UID:evil;a,b\\n" in str(event["summary"])


def test_only_the_calendar_loads_a_calendar() -> None:
    script = (
        "import sys\nfrom lawgov_rules.cli import main\nmain(sys.argv[1:])\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    run = [sys.executable, "-c", script, "due", "files", "--rules", "rules", "--as-of", AS_OF]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    loaded = subprocess.run(run, capture_output=True, env=env, check=True).stderr.decode().split()
    assert set(loaded) & {"icalendar", "ibis", "duckdb", "pyarrow"} == set()

"""A proposed mapping loads and checks, says why, and marks what a person must decide."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lawgov_rules as lr
from lawgov_rules.cli import main
from lawgov_rules.likeness import match
from lawgov_rules.mapping import Mapping
from lawgov_rules.proposal import propose
from lawgov_rules.proposal_words import SAID
from lawgov_rules.vocabulary import Word
from tests.conftest import ROOT

RULES = lr.load_rulesets(ROOT / "tests" / "logs" / "rules")
BUNDLED = lr.load_rulesets()
LONG = """案号,事项,日期,经办人
甲1,公布,2012年3月1日,张三
甲1,报送备案,2012-03-20,张三
甲2,公布,2012-03-05,李四
甲2,归档,2012-03-06,李四
"""
WIDE = """文号,issuer_level,公布,备案日期,制定机关级别
甲政发〔2012〕3号,县,2012-03-01,2012-03-20,县级
"""


def proposed(text: str, folder: Path, type_: str | None = None, rules: lr.Rulesets = BUNDLED) -> str:
    (folder / "t.csv").write_text(text, "utf-8")
    return propose(folder / "t.csv", rules.vocabulary, type_)


def load(text: str, folder: Path, rules: lr.Rulesets = BUNDLED) -> Mapping:
    (folder / "m.yaml").write_text(text, "utf-8")
    mapping = Mapping.load(folder / "m.yaml")
    mapping.check(rules.vocabulary)
    return mapping


def test_a_long_table_in_chinese(tmp_path: Path) -> None:
    """公布 and 报送备案 are labels of the vocabulary; 归档 is not, and is marked."""
    text = proposed(LONG, tmp_path, "normative_document")
    mapping = load(text, tmp_path)
    (event,) = mapping.events
    assert (mapping.record.column, event.event.column, event.date.column) == ("案号", "事项", "日期")
    assert event.event.values == {"公布": "published", "报送备案": "filed", "归档": None}
    assert "归档:  # ! not a word of this type: left out, unless you name one" in text
    assert "columns not used: 经办人" in text and '# jurisdiction: "140581"' in text
    report = lr.check(tmp_path / "t.csv", BUNDLED, mapping=mapping)
    assert (report.summary["checked"], report.problems) == (2, [])


def test_a_wide_table(tmp_path: Path) -> None:
    mapping = load(proposed(WIDE, tmp_path, "normative_document"), tmp_path)
    assert [(e.event.constant, e.date.column) for e in mapping.events] == [("published", "公布")]
    assert mapping.record.column == "文号"
    report = lr.check(tmp_path / "t.csv", BUNDLED, mapping=mapping)
    assert (report.summary["checked"], report.problems) == (1, [])


SAMPLES = {
    "wabo_receipt.csv": ("permit_application", "case:concept:name", "concept:name", "time:timestamp", "as_written"),
    "wabo_receipt.xes.gz": ("permit_application", "case:concept:name", "concept:name", "time:timestamp", "as_written"),
    "road_fines_10k.csv": ("road_fine", "case", "activity", "date", "Asia/Shanghai"),
    "road_fines_100.xes": ("road_fine", "case:concept:name", "concept:name", "time:timestamp", "as_written"),
    "ocel20_example.jsonocel": ("invoice", "ocel:oid", "ocel:activity", "ocel:timestamp", "as_written"),
    "ocel20_example.xmlocel": ("invoice", "ocel:oid", "ocel:activity", "ocel:timestamp", "Asia/Shanghai"),
    "ocel20_example.sqlite": ("invoice", "ocel:oid", "ocel:activity", "ocel:timestamp", "Asia/Shanghai"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_real_logs(name: str, shared: Path, tmp_path: Path) -> None:
    """What is proposed loads and checks as it stands: every record, and no problem."""
    file = shared / "data" / name
    mapping = load(propose(file, RULES.vocabulary), tmp_path, RULES)
    (event,) = mapping.events
    found = (mapping.type.constant, mapping.record.column, event.event.column, event.date.column, mapping.zone)
    assert found == SAMPLES[name]
    if "ocel" in name:
        assert mapping.only == {"ocel:type": ["Invoice"]}
    if "fines" in name:
        assert event.event.values["Create Fine"] == "created" and event.event.values["Add penalty"] == "penalty_added"
    report = lr.check(file, RULES, mapping=mapping)
    assert report.problems == [] and report.summary["checked"] > 0


def test_what_cannot_be_proposed(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("record: a", "utf-8")
    cases = {
        (tmp_path / "t.yaml", None): "no columns are read from this kind of file",
        (tmp_path / "none.csv", None): "there is no such file or folder",
        (tmp_path / "t.csv", "road"): "`road` is not a known record type",
        (tmp_path / "t.csv", None): "there are no rows to look at",
    }
    (tmp_path / "t.csv").write_text("a,b\n", "utf-8")
    for (file, type_), reason in cases.items():
        with pytest.raises(lr.InputError) as error:
            propose(file, RULES.vocabulary, type_)
        assert error.value.problem.reason.startswith(reason)


def test_where_no_type_is_near_it_is_said(tmp_path: Path) -> None:
    """By its label a type is asked for as well as by its id."""
    (tmp_path / "t.csv").write_text("case,activity,date\n1,Wrap Gift,2012-03-01\n", "utf-8")
    first = propose(tmp_path / "t.csv", RULES.vocabulary, lang="zh").splitlines()[1]
    assert "没有一类案卷的词汇与此相近" in first
    asked = propose(tmp_path / "t.csv", RULES.vocabulary, "交通罚款案件", "zh").splitlines()[1]
    assert asked == "type: road_fine  # 按要求"


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(LONG, "utf-8")
    assert main(["mapping", "t.csv", "--type", "normative_document", "--lang", "zh", "-o", "m.yaml"]) == 0
    assert "lawgov check t.csv --mapping m.yaml" in capsys.readouterr().err
    assert "! 词汇中没有" in Path("m.yaml").read_text("utf-8")
    assert main(["check", "t.csv", "--mapping", "m.yaml", "--as-of", "2013-12-31"]) in (0, 1)
    assert main(["mapping", "t.csv", "-o", "m.yaml"]) == 2  # what a person has finished is not overwritten
    assert "`m.yaml` cannot be written" in capsys.readouterr().err
    assert main(["mapping", "t.csv", "--type", "normative_document", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("# Proposed from the columns of t.csv (4 rows looked at)")


def test_matching() -> None:
    words = {"fine_sent": Word(zh="寄出罚单", en="fine sent"), "paid": Word(zh="缴款", en="paid")}
    expected = {
        "Send Fine": "fine_sent",
        "FINE-SENT": "fine_sent",
        "寄出 罚单": "fine_sent",
        "Paid": "paid",
        "Pay": None,
    }
    assert {text: match(text, words) for text in expected} == expected
    assert match("Send Appeal", words) is None


def test_comments_in_both_languages() -> None:
    for zh, en in SAID.values():
        assert zh.startswith("!") == en.startswith("!") and zh.count("{") == en.count("{")


HEADING = st.one_of(
    st.sampled_from(["case", "activity", "date", "公布", "报送备案", "issuer_level", "级别", "ocel:type", "经办人"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
)
TEXT = st.one_of(
    st.sampled_from(["2012-03-01", "2012-03-01T10:00:00Z", "null", "是", "县", "a: #b"]), st.text(max_size=6)
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(columns=st.lists(HEADING, min_size=1, max_size=6, unique_by=str.strip), data=st.data())
def test_any_table(columns: list[str], data: st.DataObject, tmp_path: Path) -> None:
    """Whatever the headings and cells, what is proposed loads, and its words are those of the vocabulary."""
    rows = data.draw(st.lists(st.tuples(*[TEXT for _ in columns]), min_size=1, max_size=5))
    with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    for lang in ("zh", "en"):
        try:
            text = propose(tmp_path / "t.csv", BUNDLED.vocabulary, lang=lang)
        except lr.InputError:
            return
        load(text, tmp_path)

"""The HTML report as text: what it says, what it carries, and that no user's word becomes markup."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

import lawgov_rules as lr
from lawgov_rules.reports._plain import line
from lawgov_rules.reports.html._charts import Bar, charts, months
from lawgov_rules.reports.html._data import FIELDS, LANGS, lateness
from tests.conftest import ROOT
from tests.reports.conftest import written

TEMPLATES = ROOT / "lawgov_rules" / "reports" / "html" / "templates"
Check = Callable[..., lr.Report]


class Page(HTMLParser):
    """A page taken apart: its elements, attributes, the words that it shows in a language, what its scripts hold."""

    def __init__(self, text: str, lang: str = "zh") -> None:
        super().__init__()
        self.lang = lang
        self._hidden = False
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.raw: dict[str, str] = {}
        self.words: list[str] = []
        self._in = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._in = dict(attrs).get("id") or tag if tag in ("script", "style") else ""
        self._hidden = self._hidden or (tag == "span" and dict(attrs).get("class") in {"zh", "en"} - {self.lang})

    def handle_endtag(self, tag: str) -> None:
        self._in = ""
        self._hidden = self._hidden and tag != "span"

    def handle_data(self, data: str) -> None:
        if self._in:
            self.raw[self._in] = self.raw.get(self._in, "") + data
        elif not self._hidden:
            self.words.append(data)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw["data"])
        return found


def page(report: lr.Report, rules: lr.Rulesets, lang: str = "zh") -> Page:
    return Page(written("html", report, lang, rules).decode(), lang)


def rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(found["fields"], row, strict=True)) for row in found["rows"]]


def test_cover_and_summary(check: Check, small: lr.Rulesets) -> None:
    """Eight good records and a bad one. Of eight verdicts one is `not_applicable`; violated are 2号, four days late
    (20 March, due on the 16th), and 草案2, short of its 30 days."""
    zh, en = (page(check(), small, lang).said for lang in ("zh", "en"))
    for text in (
        "核查截止日 2012-12-31 事项发生期间 2012-03-01 至 2012-12-20 案卷 8 机关 2",
        "示例规划 example-2009 1.0.0",
        "核查8份案卷，作出7项判定（不适用的1项不计）。违反2项：逾期1项，不足1项；涉及2份案卷、2个机关。",
        "首先要看的 迟延最久的违反，每条规则一项 备案 甲县人民政府 甲政发〔2012〕2号 迟4天",
        "`published`的日期：`2012-02-30`不是日历上有的日子",
    ):
        assert text in zh, text
    for text in (
        "As of 2012-12-31 Events from – to 2012-03-01 to 2012-12-20 Records 8 Organs 2",
        "8 records checked, 7 verdicts given (not counting 1 where the rule does not apply). "
        "2 violations: 1 late, 1 short; in 2 records of 2 organs.",
        "Filing 甲县人民政府 甲政发〔2012〕2号 4 days late",
        "the date of `published`: `2012-02-30` is not a day of the calendar",
    ):
        assert text in en, text


def test_a_note_stands_on_the_cover_and_in_the_receipt(check: Check, small: lr.Rulesets) -> None:
    """Once above the question asked, once among the lines of the receipt (in one of two languages)."""
    note = "演示数据，<b>全部</b>虚构"
    found = page(check(note=note), small)
    assert found.said.index(note) < found.said.index("核查的问题")
    assert f"备注 {note}" in found.said and found.tags["b"] == page(check(), small).tags["b"]
    assert check().receipt["options"] == {"level": "core", "show": sorted(v.name for v in lr.Verdict)}


@pytest.mark.parametrize(("lang", "opens"), [("zh", ("zh-CN", "zh")), ("en", ("en", "en"))])
def test_language_it_opens_in(lang: str, opens: tuple[str, str], check: Check, small: lr.Rulesets) -> None:
    found = page(check(), small, lang)
    assert [v for tag, name, v in found.attributes if tag == "html" and name in ("lang", "data-lang")] == list(opens)
    # both languages are there, whichever it opens in
    assert [sum(v == name for _tag, key, v in found.attributes if key == "class") > 20 for name in ("zh", "en")] == [
        True
    ] * 2


def test_findings_travel_whole(check: Check, small: lr.Rulesets) -> None:
    """Every sentence is put together again from what its rule says and what happened."""
    report = check()
    found = page(report, small).data
    texts = found["texts"]
    for row, finding in zip(rows(found), report.findings, strict=True):
        rule = found["rules"][row["rule"]]
        record, type_, organ, file, _events = found["records"][row["record"]]
        assert (rule["key"], record, type_) == (finding["rule"], finding["record"], finding["type"])
        assert organ == finding.get("organ", "")
        assert (file, row["line"]) == (finding["source"]["file"], finding["source"]["line"])
        assert rule["cited"] == [finding["citation"][k] for k in ("title", "clause", "locator")]
        for n, lang in enumerate(LANGS):
            before, after = rule["frame"][n]
            assert before + row["happened"][n] + after == finding["message"][lang]
        assert [fact for fact, _label in row["missing"]] == finding.get("missing", [])
        assert [verdict for _name, verdict in row["readings"]] == list(finding.get("readings", {}).values())
        days = {"15 days": ["15天", "15 days"], "30 days": ["30天", "30 days"]}.get(
            finding.get("required", ""), ["", ""]
        )
        assert texts[row["figures"][0]] == days


def test_a_finding_of_an_unknown_rule_is_shown_whole(check: Check, small: lr.Rulesets) -> None:
    """A report read from elsewhere may speak of rules that are not at hand."""
    report = check(("violated",))
    found = page(dataclasses.replace(report), small.only(())).data
    first = rows(found)[0]
    assert first["happened"] == [[report.findings[0]["message"][lang]] for lang in LANGS]
    assert found["rules"][0]["title"] == ["example-2009/draft-comments"] * 2


def test_events_beside_those_that_decided(check: Check, small: lr.Rulesets) -> None:
    """The drawing shows the whole record, each event with the choices that stand with it."""
    found = page(check(("violated",)), small).data
    row = rows(found)[-1]
    [*_record, events] = found["records"][row["record"]]
    assert [[found["texts"][label][0], day, name] for label, day, name in events] == [
        ["公布", "2012-03-01", "published"],
        ["报送备案（市政府）", "2012-03-20", "filed"],
    ]
    assert row["late"] == 4


def test_instances_in_words(check: Check, rules: lr.Rulesets) -> None:
    """A recipient by the label that the rule's own attribute gives it; periods stay as they are."""
    rule = next(r for r in rules.at("standard") if "superior_department" in str(r.source.value))
    finding = {**check().findings[0], "rule": rule.key}
    found = [
        {**finding, "instance": text} for text in ("2019/superior_department", "2012-Q1", "recon_closed_all", "甲 乙")
    ]
    data = page(dataclasses.replace(check(), findings=found), rules.at("standard")).data
    assert [data["texts"][row["instance"]] for row in rows(data)] == [
        ["2019 / 上级主管部门", "2019 / superior department"],
        ["2012-Q1"] * 2,
        [rules.vocabulary.attributes["recon_closed_all"].zh, rules.vocabulary.attributes["recon_closed_all"].en],
        ["甲 乙"] * 2,
    ]


def test_nothing_from_outside_and_nothing_loose(check: Check, small: lr.Rulesets) -> None:
    """The policy names the one style and the one script; no style or script stands in an attribute."""
    found = page(check(), small)
    [policy] = [v for tag, name, v in found.attributes if tag == "meta" and "default-src" in v]
    for kind, text in (("style", found.raw["style"]), ("script", found.raw["script"])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert found.tags["script"] == 2 and found.tags["style"] == 1
    loose = [a for a in found.attributes if a[1] in ("style", "src", "srcset", "action") or a[1].startswith("on")]
    assert loose == []
    links = {value for _tag, name, value in found.attributes if name == "href"}
    assert {link for link in links if not link.startswith("#")} == {"data:,"}


def test_links_lead_somewhere(check: Check, small: lr.Rulesets) -> None:
    found = page(check(), small)
    ids = [value for _tag, name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    fingerprints = {f"#finding-{row['fingerprint']}" for row in rows(found.data)}
    links = {value for _tag, name, value in found.attributes if name == "href" and value != "data:,"}
    assert links <= {f"#{id}" for id in ids} | fingerprints


def test_hostile_texts_stay_texts(hostile: tuple[str, lr.Report], check: Check, small: lr.Rulesets) -> None:
    """The same elements as with harmless words; the text is there, and what cannot be seen of it can be."""
    text, report = hostile
    harmless = dataclasses.replace(
        report,
        receipt={**report.receipt, "inputs": [{"file": "甲", "sha256": "0" * 64}]},
        summary={**report.summary, "organs": {"甲": {"violated": 1}}},
        findings=[{**f, "record": "甲", "organ": "甲", "instance": "甲"} for f in report.findings],
        problems=[lr.Problem(lr.Place("甲", 1, 1), "甲", "甲", "甲")],
    )
    found = page(report, small)
    assert found.tags["script"] == 2 and found.tags["img"] == 0
    # a reason that is the same in both languages stands once, so spans may differ
    assert found.tags - Counter(span=found.tags["span"]) == (
        (other := page(harmless, small)).tags - Counter(span=other.tags["span"])
    )
    record, _type, organ, file, _events = found.data["records"][0]
    assert [record, organ, file] == [line(text)] * 3
    assert found.data["texts"][rows(found.data)[0]["instance"]] == [line(text)] * 2
    raw = written("html", report, "zh", small).decode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", raw)


def late(days: int, detail: str = "missing", **keys: Any) -> dict[str, Any]:
    return {"verdict": "violated", "detail": detail, "over_by": f"{days} day{'s'[: days != 1]}", **keys}


def test_lateness_is_of_time_limits() -> None:
    assert lateness(late(4, "late")) == 4
    assert lateness(late(1)) == 1
    # nine of ten days of study: short by a day, not late by one
    assert lateness(late(1, evidence=[{"event": "training_day", "count": "9"}])) is None
    assert lateness(late(22, "early")) is None
    assert lateness(late(4) | {"verdict": "excused"}) is None
    assert lateness(late(4) | {"over_by": "4 hours"}) is None


def test_distribution_of_lateness(check: Check) -> None:
    """1 to 7 and 8 to 15 days: the edges 1, 7, 8, 15, 16, 365, 366; the median of seven is the fourth."""
    found = [late(n, "late") for n in (1, 7, 8)] + [late(n) for n in (15, 16, 365, 366)]
    chart = charts(dataclasses.replace(check(), findings=found), {})["lateness"]
    bars: list[Bar] = chart["bars"]
    assert [(b.label[1], b.first, b.total, b.value) for b in bars] == [
        ("1–7 days", 2, 2, "1-7"),
        ("8–15 days", 1, 2, "8-15"),
        ("16–30 days", 0, 1, "16-30"),
        ("31–90 days", 0, 0, "31-90"),
        ("91–180 days", 0, 0, "91-180"),
        ("181–365 days", 0, 1, "181-365"),
        ("over 365 days", 0, 1, "366-"),
    ]
    assert (chart["median"], chart["longest"]) == (15, 366)
    # two fill the width; of the second bar one half is done late, the other not done
    assert [(p.name, p.at, p.size) for p in bars[1].parts] == [("done-late", "0%", "50%"), ("not-done", "50%", "50%")]


def test_months(check: Check) -> None:
    """Due in January, February twice, and April 2012; one without a day; what does not apply is not drawn."""
    days = ("2012-01-31", "2012-02-01", "2012-02-29", "2012-04-30", "")
    found = [{"verdict": "violated", "detail": "missing", "due": day} for day in days]
    found.append({"verdict": "not_applicable", "detail": "out_of_force", "due": "2019-01-01"})
    chart = months(dataclasses.replace(check(), findings=found))
    assert chart is not None and (chart.unit, chart.undated, chart.beyond) == ("month", 1, 0)
    assert [(c.label, c.total) for c in chart.columns] == [("2012-01", 1), ("2012-02", 2), ("2012-04", 1)]
    # the scale ends at 2, so a column of 1 is half of 150 pixels
    assert [(p.at, p.size) for c in chart.columns for p in c.parts] == [
        ("75.0", "75.0"),
        ("0.0", "150.0"),
        ("75.0", "75.0"),
    ]
    assert [n for _y, n in chart.lines] == [0, 1, 2]


def test_many_months_are_years(check: Check) -> None:
    """From 1949 to 2100 are 152 years; the last 120 are drawn (1981 to 2100), and the others counted."""
    found = [{"verdict": "violated", "detail": "missing", "due": f"{year}-07-01"} for year in (1949, 1980, 1981, 2100)]
    chart = months(dataclasses.replace(check(), findings=found))
    assert chart is not None and (chart.unit, chart.beyond) == ("year", 2)
    assert [c.label for c in chart.columns] == ["1981", "2100"]
    assert months(dataclasses.replace(check(), findings=[])) is None


def test_organs_beyond_twenty_are_one_line(check: Check) -> None:
    """Twenty-five organs with 25 to 1 violations: the five least have 1 + 2 + 3 + 4 + 5 = 15."""
    report = check()
    organs = {f"机关{n}": {"violated": n, "not_applicable": 100} for n in range(1, 26)}
    found = charts(dataclasses.replace(report, summary={**report.summary, "organs": organs}), {})["organs"]
    assert [(b.label[0], b.first) for b in found[:2]] == [("机关25", 25), ("机关24", 24)]
    assert (found[20].label, found[20].first, found[20].total, found[20].parts) == (
        ("其余5个机关", "5 others"),
        15,
        15,
        (),
    )


def test_a_report_without_records(small: lr.Rulesets) -> None:
    found = page(lr.check([], small, as_of="2012-12-31"), small)
    assert "没有核查任何案卷。" in found.said and "没有记载日期" in found.said
    assert found.data["rows"] == []


def test_every_label_is_used_and_every_use_has_a_label() -> None:
    from lawgov_rules.reports.html._labels import LABELS

    texts = {path.name: path.read_text("utf-8") for path in TEMPLATES.iterdir()}
    used = {
        name for text in texts.values() for name in re.findall(r'\bt\(["\'](\w+)["\']\)|["\'](\w+)["\']\|label', text)
    }
    plain = {a or b for a, b in used}
    assert plain <= set(LABELS)
    everything = "\n".join(texts.values()) + (TEMPLATES.parent / "_charts.py").read_text("utf-8")
    assert [name for name in LABELS if not re.search(rf"\b{name}\b", everything)] == []


def test_colours_can_be_read() -> None:
    """Every colour of words against white has a contrast of 4.5 to 1 or more (WCAG 2, level AA)."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    css = (TEMPLATES / "report.css").read_text("utf-8")
    colours = dict(re.findall(r"--(\w+): (#\w{6})", css))
    words = set(colours) - {"line", "ground"}
    assert words > {"ink", "quiet", "violated", "pending", "compliant"}
    assert {name: light(colours[name]) for name in words if 1.05 / (light(colours[name]) + 0.05) < 4.5} == {}


def test_fields_are_those_of_the_script() -> None:
    """The script knows a finding's values by their names."""
    scripts = "\n".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.js"))
    assert [name for name in FIELDS if not re.search(rf"\b{name}\b", scripts)] == []

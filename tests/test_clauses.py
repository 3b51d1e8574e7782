"""How a text is split into clauses: five documents, five ways to number."""

from __future__ import annotations

from lawgov_rules.clauses import Entry, headings, same, split, squeeze

# 一 has a part (一) with two items and is a heading; items begin again in 二, points run through
TEXT = """\
某市规划
  为了做好工作，制定本规划。
一、主要任务
（一）规范性文件
1．备案。公布后15日
内报送备案。
2. 清理。每两年清理一次。
  （1）目录。清理后公布目录。
二、保障
1．报告。于12月20日前报告。
(2)检查。每年3.5次。
各部门要落实本规划。
"""
ENTRIES = [
    Entry(clause="前言", begins="为了做好工作"),
    Entry(clause="一"),
    Entry(clause="一(一)"),
    Entry(clause="一（一）1"),
    Entry(clause="一（一）2."),
    Entry(clause="(1)"),
    Entry(clause="二"),
    Entry(clause="二1"),
    Entry(clause="（2）"),
    Entry(clause="尾段", begins="各部门要落实"),
]


def test_headings_are_named_by_their_way_or_alone_where_the_numbers_run_through() -> None:
    assert [sorted(heading.names) for heading in headings(TEXT)] == [
        ["一"],
        ["(一)", "一(一)"],
        ["一(一)1"],  # there are two items 1, so neither is called by its number alone
        ["2", "一(一)2"],
        ["(1)", "一(一)2(1)"],
        ["二"],
        ["二1"],
        ["(2)", "二1(2)"],
    ]


def test_no_heading_within_a_line_or_a_number() -> None:
    assert headings("本市有（一）和1．两项\n2017.5 是日期\n3.14\n一般情况\n（市政府）\n(1234)") == []


def test_spellings_of_one_clause() -> None:
    assert {same(name) for name in ("二（三）2", "二(三)2", "二（三） 2．")} == {"二(三)2"}
    assert same("(1)") != same("1.")


def test_a_clause_ends_where_the_next_begins() -> None:
    found = split(TEXT, ENTRIES)
    assert {name: squeeze(text) for name, text in found.texts.items()} == {
        "前言": "为了做好工作，制定本规划。",
        "一": "一、主要任务",
        "一(一)": "（一）规范性文件",
        "一(一)1": "1．备案。公布后15日内报送备案。",
        "一(一)2": "2.清理。每两年清理一次。",
        "(1)": "（1）目录。清理后公布目录。",
        "二": "二、保障",
        "二1": "1．报告。于12月20日前报告。",
        "(2)": "(2)检查。每年3.5次。",
        "尾段": "各部门要落实本规划。",
    }
    assert (squeeze(found.outside), found.absent, found.unlisted) == ("某市规划", (), ())


def test_what_the_ledger_misses_and_what_the_text_misses() -> None:
    entries = [e for e in ENTRIES if e.clause != "二1"] + [Entry(clause="三")]
    found = split(TEXT, entries)
    assert [entry.clause for entry in found.absent] == ["三"]
    assert [(heading.printed, line) for heading, line in found.unlisted] == [("1", 10)]
    assert squeeze(found.texts["二"]) == "二、保障1．报告。于12月20日前报告。"  # its text stays somewhere

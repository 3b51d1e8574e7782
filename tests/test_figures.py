"""Figures of Chinese texts. The texts are of the five documents or made up; the values are read by eye."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lawgov_rules.figures import Figure, find, number

QUANTITIES = {
    "公布之日起15日内报送": ["15 日"],
    "由２名以上复议人员办理": ["2 人"],
    "期限一般不少于三十天": ["30 日"],
    "5个工作日内": ["5 个工作日"],
    "三个工作日内": ["3 个工作日"],
    "一百二十日": ["120 日"],
    "6个月内": ["6 月"],
    "3月内": ["3 月"],
    "半年": ["0.5 年"],
    "一年半": ["1.5 年"],
    "两个半月": ["2.5 月"],
    "40学时": ["40 学时"],
    "3至5日": ["3 日", "5 日"],
    "七日至十日": ["7 日", "10 日"],
    "培训覆盖率达100%": ["100 %"],
    "满意率达98.9％": ["98.9 %"],
    "百分之百": ["100 %"],
    "百分之八十五": ["85 %"],
    "五分之四以上": ["80 %"],
    "半数以上": ["50 %"],
    "一倍": ["1 倍"],
    "受理1117件,作其他处理的44\u00a0件": ["1117 件", "44 件"],
    "1,117件，3人": ["1117 件", "3 人"],
    "公布裁量标准13.5万处": ["135000 处"],
    "5亿元": ["500000000 元"],
    "年满18岁": ["18 岁"],
    "10多次": ["10 次"],
    "得80以上": ["80 "],
    "一年内发生多起重大违法行政案件": ["1 年"],
    # in the law a day counted from an event, not a day of the month
    "会议召开5日前": ["5 日"],
}
PERIODS = {
    "每年": "1 年",
    "每年度": "1 年",
    "每季度至少": "1 季度",
    "每半年": "0.5 年",
    "每月的": "1 月",
    "每天": "1 日",
    "每个工作日": "1 个工作日",
    "每两年要对": "2 年",
    "一般每隔2年清理": "2 年",
    "每三个月": "3 月",
    "按季度报告": "1 季度",
}
DATES = {
    "2009年下半年启动并完成": "20090000 年",
    "2017年6月底前": "20170600 月",
    "二〇一四年十一月二十一日": "20141121 日",
    "2012-03-01": "20120301 日",
    "12月20日前": "1220 日",
    "2013年12月中旬": "20131200 月",
    "八月份": "800 月",
    "第一季度": "1 季度",
    "二季度": "2 季度",
    "下半年": "2 半年",
}
# what counts, orders or names
NUMBERS = [
    "〔2012〕3号",
    "第十二条",
    "（三）推进",
    "  1.强化",
    "一、总体",
    "２．进一步",
    "五年规划",
    "“三个代表”",
    "十届四次",
]
WORDS = ["进一步统一", "一般、一律、一些", "一次性告知", "“十二五”规划", "上一年度", "规划实施的最后一年", "四位一体"]
WORDS += ["一起部署", "一个窗口", "定期报告年度依法行政情况", "七八个", "每人", "两手硬", "十月革命"[2:], ""]


def said(figure: Figure) -> str:
    return f"{figure.value.normalize():f} {figure.unit}"


@pytest.mark.parametrize("text", QUANTITIES)
def test_quantities(text: str) -> None:
    assert [(said(f), f.kind) for f in find(text)] == [(q, "quantity") for q in QUANTITIES[text]]


@pytest.mark.parametrize(("known", "kind"), [(PERIODS, "period"), (DATES, "date")])
def test_periods_and_dates(known: dict[str, str], kind: str) -> None:
    assert {t: [(said(f), f.kind) for f in find(t)] for t in known} == {t: [(w, kind)] for t, w in known.items()}


def test_a_text_with_several() -> None:
    """每年, a date within it, and a day of each month; 二十 is a count."""
    text = "每年的12月20日前召开两次，每月5日前公布，2009-2013年共二十期"
    assert [(said(f), f.kind) for f in find(text)] == [
        ("1 年", "period"),
        ("1220 日", "date"),
        ("2 次", "quantity"),
        ("1 月", "period"),
        ("5 日", "date"),
        ("20090000 年", "date"),
        ("20130000 年", "date"),
        ("20 期", "quantity"),
    ]


@pytest.mark.parametrize("text", NUMBERS)
def test_what_is_no_limit(text: str) -> None:
    assert [f.kind for f in find(text)] == ["number"]


def test_words_that_hold_a_numeral() -> None:
    assert {text: found for text in WORDS if (found := find(text))} == {}


@pytest.mark.parametrize("text", [*QUANTITIES, *PERIODS, *DATES, *NUMBERS])
def test_places(text: str) -> None:
    """Each figure names the characters that it stands for, in order and without overlap."""
    end = 0
    for figure in find(text):
        assert text[figure.start : figure.end] == figure.text.strip() != ""
        assert figure.start >= end
        end = figure.end


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("十五", 15), ("两百", 200), ("一千零八", 1008), ("三万五千", 35000), ("二亿", 200000000)],
)
def test_chinese_numerals(numeral: str, value: int) -> None:
    assert number(numeral) == Decimal(value)


def test_what_is_no_numeral() -> None:
    assert [number(text) for text in ("十二五", "七八")] == [None, None]

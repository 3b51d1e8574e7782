"""The receipt and the figures of a report line by line, in the words of one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from lawgov_rules.explain import LEVELS
from lawgov_rules.problems_zh import zh
from lawgov_rules.reports._groups import ORDER
from lawgov_rules.verdict import Verdict

if TYPE_CHECKING:
    from lawgov_rules.checking import Check
    from lawgov_rules.duties import DueList
    from lawgov_rules.errors import Problem
    from lawgov_rules.report import Report

FIGURES = {
    "read": ("读入案卷", "records read"),
    "checked": ("已核查", "checked"),
    "rejected": ("未能读取", "rejected"),
    "assessed": ("判定", "verdicts given"),
}


class Item(NamedTuple):
    """A line of the receipt: what it is about, what it says, and the SHA-256 of the content, where there is one."""

    label: str
    value: str
    sha256: str = ""


def receipt(report: Report | Check | DueList, lang: str) -> Iterator[Item]:
    """What one needs to get the same report again."""
    found, n = report.receipt, 0 if lang == "zh" else 1
    calendar, options = found["calendar"], found["options"]
    through = (f"（公布至{calendar['published_through']}年）", f" (published through {calendar['published_through']})")[
        n
    ]
    yield Item(("软件", "product")[n], f"{found['product']} {found['version']}")
    yield Item(("执行方式", "executor")[n], found["executor"])
    yield Item(("核查截止日", "as of")[n], found["as_of"])
    yield Item(("规则级别", "level")[n], LEVELS[options["level"]][n])
    yield from _asked(options, lang)
    if note := options.get("note"):
        yield Item(("备注", "note")[n], note)
    if since := found.get("since"):
        said = (
            f"{since['judged']}，沿用上次 {since['taken_over']}",
            f"{since['judged']}, taken over {since['taken_over']}",
        )
        yield Item(("本次重新核查", "judged anew")[n], said[n])
    for ruleset in found["rulesets"]:
        yield Item(("规则集", "ruleset")[n], f"{ruleset['id']} {ruleset['version']}", ruleset["sha256"])
    yield Item(("工作日历", "calendar")[n], f"{calendar['version']}{through}", calendar["sha256"])
    yield Item(("词汇", "vocabulary")[n], "", found["vocabulary"])
    for item in found["inputs"]:
        yield Item(("输入文件", "input")[n], item["file"], item.get("sha256", ""))


def _asked(options: Mapping[str, Any], lang: str) -> Iterator[Item]:
    """What was asked to be listed: verdicts of a report, or duties of a due list."""
    n = 0 if lang == "zh" else 1
    if "show" in options:
        shown = ("、", ", ")[n].join(getattr(Verdict[name], lang) for name in options["show"])
        yield Item(("列出的结论", "verdicts listed")[n], shown)
    if (days := options.get("within")) is not None:
        yield Item(("到期范围", "due within")[n], (f"{days}天", f"{days} days")[n])
    for name, label in {
        "open": ("列出期限未定的", "without a day"),
        "lapsed": ("列出期间已过的", "period over"),
    }.items():
        if name in options:
            yield Item(label[n], (("否", "是"), ("no", "yes"))[n][options[name]])


def figures(report: Report | Check, lang: str) -> Iterator[tuple[str, int]]:
    """How many records were read, checked and rejected, how many verdicts given, and how many of each."""
    for name, labels in FIGURES.items():
        yield labels[0 if lang == "zh" else 1], report.summary[name]
    for name in ORDER:
        if number := report.summary["verdicts"].get(name):
            yield getattr(Verdict[name], lang), number


def left_out(report: Report, lang: str) -> str:
    """What a report that lists only the gravest findings leaves out, and where all are; empty where it lists all."""
    if not report.left_out:
        return ""
    listed, whole = len(report.findings), f"{len(report.findings) + report.left_out:,}"
    if lang == "zh":
        files = "、".join(report.elsewhere)
        said = f"全部见{files}" if files else "要全部结论，请加`--format parquet -o 结论.parquet`（或`jsonl`）"
        order = "先违反，再存疑、待查、未到期；再按违反程度；逾期久的在前"
        return f"结论共{whole}项，这里只列最重的{listed:,}项（{order}）；{said}。"
    files = ", ".join(report.elsewhere)
    said = f"all are in {files}" if files else "`--format parquet -o findings.parquet` (or `jsonl`) writes all"
    order = "by verdict, violated first; then by severity; then the longest late"
    return f"{whole} findings, of which the {listed:,} gravest are listed ({order}); {said}."


def told(problem: Problem, lang: str) -> tuple[str, str]:
    """A problem's reason and its way out."""
    return (zh(problem.reason), zh(problem.help)) if lang == "zh" else (problem.reason, problem.help)

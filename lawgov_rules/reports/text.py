"""The report for a terminal: what was checked, what was found, record by record, and what could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from lawgov_rules.reports._groups import alike, by_record, instances, place
from lawgov_rules.reports._plain import line
from lawgov_rules.reports._receipt import told
from lawgov_rules.reports._table import wrapped
from lawgov_rules.verdict import DETAILS, Verdict

if TYPE_CHECKING:
    from lawgov_rules.checking import Report
    from lawgov_rules.findings import Finding
    from lawgov_rules.ruleset import Rulesets

COLOURS = {
    "violated": "31",
    "arguable": "35",
    "undetermined": "33",
    "pending": "36",
    "excused": "34",
    "compliant": "32",
}
SAID = {
    "zh": {
        "as_of": "核查截止日",
        "read": "读入",
        "checked": "已核查",
        "rejected": "未能读取",
        "assessed": "判定",
        "records": "份案卷",
        "clean": "没有需要说明的事项。",
        "problems": "未能读取的内容",
        "help": "办法",
        "where": "所在",
        "rulesets": "依据的规则集",
        "receipt": "核查凭据",
        "executor": "执行方式",
        "level": "规则级别",
        "calendar": "工作日历",
        "inputs": "输入文件",
    },
    "en": {
        "as_of": "as of",
        "read": "read",
        "checked": "checked",
        "rejected": "rejected",
        "assessed": "verdicts",
        "records": "records",
        "clean": "nothing to report.",
        "problems": "what could not be read",
        "help": "what to do",
        "where": "at",
        "rulesets": "rulesets",
        "receipt": "receipt",
        "executor": "executor",
        "level": "level",
        "calendar": "calendar",
        "inputs": "input files",
    },
}


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as text in one language; on a terminal coloured, and in lines that fit it."""
    import shutil

    terminal = out.isatty()
    columns = shutil.get_terminal_size().columns if terminal else 0
    for text in _lines(report, lang, terminal and "NO_COLOR" not in os.environ, columns):
        out.write(text.encode() + b"\n")


def _lines(report: Report, lang: str, colour: bool, columns: int) -> Iterator[str]:
    said = SAID[lang]
    yield from _head(report, said, lang, colour)
    for found in by_record(report.findings):
        record, organ, where = line(found[0]["record"]), line(found[0].get("organ", "")), place(found[0])
        yield ""
        yield "  ".join(filter(None, (_paint(f"■ {record}", "1", colour), organ, where and f"[{where}]")))
        for same in alike(found):
            yield from _finding(same, lang, colour, columns)
    if not report.findings and report.summary["checked"]:
        yield ""
        yield said["clean"]
    if report.problems:
        yield ""
        yield _paint(f"{said['problems']} ({len(report.problems)})", "1", colour)
        for problem in report.problems:
            reason, help = told(problem, lang)
            yield from _paragraph(f"{problem.place}: {reason}", 2, columns)
            if help:
                yield from _paragraph(f"{said['help']}: {help}", 6, columns)


def _head(report: Report, said: dict[str, str], lang: str, colour: bool) -> Iterator[str]:
    summary, n = report.summary, 0 if lang == "zh" else 1
    joint = ("，", ", ")[n]
    counts = joint.join(f"{said[name]} {summary[name]}" for name in ("read", "checked", "rejected"))
    head = (
        f"{said['as_of']} {report.receipt['as_of']}",
        f"{counts} ({said['records']})",
        f"{said['assessed']} {summary['assessed']}",
    )
    yield "  ·  ".join(head)
    parts = []
    for verdict in Verdict:
        if number := summary["verdicts"].get(verdict.name):
            parts.append(_paint(f"{getattr(verdict, lang)} {number}", COLOURS.get(verdict.name, "0"), colour))
    yield "  ".join(parts)
    yield f"{said['rulesets']}: " + ", ".join(f"{r['id']} {r['version']}" for r in report.receipt["rulesets"])
    yield _receipt(report, said, joint)


def _receipt(report: Report, said: dict[str, str], joint: str) -> str:
    """The rest of the receipt in short; the other formats give the sums of every file."""
    found = report.receipt
    parts = (
        f"{found['product']} {found['version']}",
        f"{said['executor']} {found['executor']}",
        f"{said['level']} {found['options']['level']}",
        f"{said['calendar']} {found['calendar']['version']}",
        f"{said['inputs']} {len(found['inputs'])}",
    )
    return f"{said['receipt']}: {joint.join(parts)}"


def _finding(found: list[Finding], lang: str, colour: bool, columns: int) -> Iterator[str]:
    first = found[0]
    verdict = Verdict[first["verdict"]]
    label = _paint(getattr(verdict, lang), COLOURS.get(verdict.name, "0"), colour)
    detail = DETAILS[first["detail"]][0 if lang == "zh" else 1]
    which = instances(found, lang)
    yield f"  {label} {detail}  {first['rule']}" + (f" {which}" if which else "")
    yield from _paragraph(first["message"][lang], 6, columns)


def _paragraph(text: str, indent: int, columns: int) -> Iterator[str]:
    """One line, or several that fit the terminal."""
    for part in wrapped(line(text), max(columns - indent, 20) if columns else 0):
        yield " " * indent + part


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text

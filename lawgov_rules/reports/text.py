"""The report for a terminal: what was checked, what was found, record by record, and what could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from lawgov_rules.problems_zh import zh
from lawgov_rules.reports._plain import line
from lawgov_rules.verdict import DETAILS, Verdict

if TYPE_CHECKING:
    from lawgov_rules.checking import Report
    from lawgov_rules.ruleset import Rulesets

FEW = 3
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
    },
}


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as text in one language, coloured on a terminal."""
    colour = out.isatty() and "NO_COLOR" not in os.environ
    for text in _lines(report, lang, colour):
        out.write(text.encode() + b"\n")


def _lines(report: Report, lang: str, colour: bool) -> Iterator[str]:
    said, summary = SAID[lang], report.summary
    yield from _head(report, said, lang, colour)
    by_record = groupby(report.findings, key=lambda f: (f["type"], f["record"], f.get("organ", "")))
    for (_type, record, organ), findings in by_record:
        yield ""
        found = list(findings)
        source = found[0].get("source")
        place = line(f"  [{source['file']}:{source['line']}]") if source else ""
        yield _paint(f"■ {line(record)}", "1", colour) + (f"  {line(organ)}" if organ else "") + place
        for same in _alike(found):
            yield from _finding(same, lang, colour)
    if not report.findings and summary["checked"]:
        yield ""
        yield said["clean"]
    if report.problems:
        yield ""
        yield _paint(f"{said['problems']} ({len(report.problems)})", "1", colour)
        for problem in report.problems:
            reason, help = (zh(t) if lang == "zh" else t for t in (problem.reason, problem.help))
            yield line(f"  {problem.place}: {reason}")
            if help:
                yield line(f"      {said['help']}: {help}")


def _head(report: Report, said: dict[str, str], lang: str, colour: bool) -> Iterator[str]:
    summary, receipt = report.summary, report.receipt
    joint = "，" if lang == "zh" else ", "
    counts = joint.join(f"{said[name]} {summary[name]}" for name in ("read", "checked", "rejected"))
    head = (
        f"{said['as_of']} {receipt['as_of']}",
        f"{counts} ({said['records']})",
        f"{said['assessed']} {summary['assessed']}",
    )
    yield "  ·  ".join(head)
    parts = []
    for verdict in Verdict:
        if number := summary["verdicts"].get(verdict.name):
            parts.append(_paint(f"{getattr(verdict, lang)} {number}", COLOURS.get(verdict.name, "0"), colour))
    yield "  ".join(parts)
    yield f"{said['rulesets']}: " + ", ".join(f"{r['id']} {r['version']}" for r in receipt["rulesets"])


def _alike(findings: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Neighbouring findings of one rule with one verdict and detail: forty-eight empty months are one line."""
    for _key, group in groupby(findings, key=lambda f: (f["rule"], f["verdict"], f["detail"])):
        found = list(group)
        yield from [found] if len(found) > FEW else ([f] for f in found)


def _finding(found: list[dict[str, Any]], lang: str, colour: bool) -> Iterator[str]:
    first, last = found[0], found[-1]
    verdict = Verdict[first["verdict"]]
    label = _paint(getattr(verdict, lang), COLOURS.get(verdict.name, "0"), colour)
    detail = DETAILS[first["detail"]][0 if lang == "zh" else 1]
    instance = f" [{line(first['instance'])}]" if first["instance"] else ""
    if len(found) > 1:
        times = f"共{len(found)}次，以下为第一次" if lang == "zh" else f"{len(found)} times, the first below"
        instance = f" [{line(first['instance'])} … {line(last['instance'])}: {times}]"
    yield f"  {label} {detail}  {first['rule']}{instance}"
    yield f"      {line(first['message'][lang])}"


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text

"""The report for a terminal: what was checked, what was found, record by record, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from lawgov_rules.explain import LEVELS
from lawgov_rules.reports._groups import ORDER, alike, by_record, instances, place
from lawgov_rules.reports._plain import line
from lawgov_rules.reports._receipt import left_out, told
from lawgov_rules.reports._terminal import Line, Part, Screen
from lawgov_rules.reports._words import FindingWords
from lawgov_rules.verdict import Verdict

if TYPE_CHECKING:
    from lawgov_rules.findings import Finding
    from lawgov_rules.report import Report
    from lawgov_rules.ruleset import Rulesets

FOR_PEOPLE = True
FEW = 2  # lines of a table that say no more than the line above them
COLOURS = {
    "violated": "red",
    "arguable": "magenta",
    "undetermined": "yellow",
    "pending": "cyan",
    "excused": "blue",
    "compliant": "green",
}
SAID = {
    "zh": {
        "as_of": "核查截止日",
        "read": "读入",
        "checked": "已核查",
        "rejected": "未能读取",
        "assessed": "判定",
        "records": "案卷：{}",
        "clean": "没有需要说明的事项。",
        "problems": "未能读取的内容（{}处）",
        "help": "办法",
        "document": "文件",
        "rulesets": "依据的规则集",
        "receipt": "核查凭据",
        "executor": "执行方式",
        "level": "规则级别",
        "calendar": "工作日历",
        "inputs": "输入文件",
        "since": "本次重新核查 {judged}，沿用上次 {taken_over}",
    },
    "en": {
        "as_of": "as of",
        "read": "read",
        "checked": "checked",
        "rejected": "rejected",
        "assessed": "verdicts",
        "records": "{} (records)",
        "clean": "nothing to report.",
        "problems": "what could not be read ({})",
        "help": "what to do",
        "document": "document",
        "rulesets": "rulesets",
        "receipt": "receipt",
        "executor": "executor",
        "level": "level",
        "calendar": "calendar",
        "inputs": "input files",
        "since": "judged anew {judged}, taken over {taken_over}",
    },
}


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as text in one language; on a terminal coloured, and in lines that fit it."""
    screen = Screen(out)
    screen.put(_head(report, lang))
    documents = _documents(report, lang) if screen.columns else []
    if len(documents) > FEW:
        used = [name for name in ORDER if name in COLOURS]
        screen.table(documents, range(1, len(used) + 1), ["", *map(COLOURS.__getitem__, used)])
    screen.put(_rest(report, FindingWords(rules, lang), screen))


def _head(report: Report, lang: str) -> Iterator[Line]:
    said, summary, n = SAID[lang], report.summary, 0 if lang == "zh" else 1
    joint, colon = (("，", "："), (", ", ": "))[n]
    counts = joint.join(f"{said[name]} {summary[name]}" for name in ("read", "checked", "rejected"))
    head = (
        f"{said['as_of']} {report.receipt['as_of']}",
        said["records"].format(counts),
        f"{said['assessed']} {summary['assessed']}",
    )
    yield ["  ·  ".join(head)]
    parts: list[Part] = []
    for verdict in Verdict:
        if number := summary["verdicts"].get(verdict.name):
            label = f"{getattr(verdict, lang)} {number}"
            parts += ["  "] * bool(parts) + [(label, COLOURS.get(verdict.name, ""))]
    yield parts
    yield [said["rulesets"] + colon + ", ".join(f"{r['id']} {r['version']}" for r in report.receipt["rulesets"])]
    yield [_receipt(report, lang, joint, colon)]


def _receipt(report: Report, lang: str, joint: str, colon: str) -> str:
    """The rest of the receipt in short; the other formats give the sums of every file."""
    found, said = report.receipt, SAID[lang]
    level = LEVELS[found["options"]["level"]][0 if lang == "zh" else 1]
    parts = (
        f"{found['product']} {found['version']}",
        f"{said['executor']} {found['executor']}",
        f"{said['level']} {level}",
        f"{said['calendar']} {found['calendar']['version']}",
        f"{said['inputs']} {len(found['inputs'])}",
        *([said["since"].format(**found["since"])] if "since" in found else []),
    )
    return f"{said['receipt']}{colon}{joint.join(parts)}"


def _documents(report: Report, lang: str) -> list[list[str]]:
    """The verdicts by document that apply to something, under their headings."""
    used = [name for name in ORDER if name in COLOURS]
    rows = [[id, *(str(counts.get(name, "")) for name in used)] for id, counts in report.summary["documents"].items()]
    head = [SAID[lang]["document"], *(getattr(Verdict[name], lang) for name in used)]
    return [head, *(row for row in rows if any(row[1:]))]


def _rest(report: Report, words: FindingWords, screen: Screen) -> Iterator[Line]:
    said = SAID[words.lang]
    if rest := left_out(report, words.lang):
        yield from ([], *screen.paragraph(rest, 0))
    for found in by_record(report.findings):
        record, organ, where = line(found[0]["record"]), line(found[0].get("organ", "")), place(found[0])
        yield []
        yield [(f"■ {record}", "bold"), *(f"  {text}" for text in (organ, where and f"[{where}]") if text)]
        for same in alike(found):
            yield from _finding(same, words, screen)
    if not report.findings and report.summary["checked"]:
        yield from ([], [said["clean"]])
    if report.problems:
        yield from ([], [(said["problems"].format(len(report.problems)), "bold")])
        for problem in report.problems:
            reason, help = told(problem, words.lang)
            yield from screen.paragraph(f"{problem.place}: {reason}", 2)
            if help:
                yield from screen.paragraph(f"{said['help']}{words.t('：', ': ')}{help}", 6)


def _finding(found: list[Finding], words: FindingWords, screen: Screen) -> Iterator[Line]:
    first, which = found[0], instances(found, words)
    rest = f" {words.detail(first)}  {first['rule']}" + (f" {which}" if which else "")
    yield ["  ", (words.verdict(first), COLOURS.get(first["verdict"], "")), rest]
    yield from screen.paragraph(first["message"][words.lang], 6)

"""The report for a wiki, a ticket or a chat: figures, findings by record, problems and receipt as Markdown.

Whatever a case file says stays text: no markup, no HTML, no link comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from lawgov_rules.reports._markup import escaped

if TYPE_CHECKING:
    from lawgov_rules.findings import Finding
    from lawgov_rules.report import Report
    from lawgov_rules.reports._words import FindingWords
    from lawgov_rules.ruleset import Rulesets

SAID = {
    "zh": {
        "title": "案卷核查报告",
        "figures": "汇总",
        "document": "文件",
        "organ": "机关",
        "no_organ": "（未写机关）",
        "findings": "结论",
        "clean": "没有需要说明的事项。",
        "problems": "未能读取的内容",
        "help": "办法",
        "receipt": "核查凭据",
        "item": "项目",
        "value": "内容",
    },
    "en": {
        "title": "Check of case files",
        "figures": "Figures",
        "document": "document",
        "organ": "organ",
        "no_organ": "(no organ named)",
        "findings": "Findings",
        "clean": "Nothing to report.",
        "problems": "What could not be read",
        "help": "what to do",
        "receipt": "Receipt",
        "item": "item",
        "value": "value",
    },
}
FOR_PEOPLE = True
# a heading and a cell of a table have room for this much
SHORT = 200


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as Markdown (CommonMark with tables)."""
    for text in _lines(report, lang, rules):
        out.write(text.encode() + b"\n")


def _lines(report: Report, lang: str, rules: Rulesets) -> Iterator[str]:
    from lawgov_rules.reports._groups import by_record
    from lawgov_rules.reports._receipt import figures, left_out, receipt
    from lawgov_rules.reports._words import FindingWords

    said, words = SAID[lang], FindingWords(rules, lang)
    yield f"# {said['title']} {report.receipt['as_of']}"
    yield from ("", f"## {said['figures']}", "")
    yield " · ".join(f"{label} {number}" for label, number in figures(report, lang))
    documents = {words.document(id): counts for id, counts in report.summary["documents"].items()}
    yield from _table_of(documents, "document", words)
    yield from _table_of(report.summary["organs"], "organ", words)
    yield from ("", f"## {said['findings']}")
    if not report.findings:
        yield from ("", said["clean"])
    if rest := left_out(report, lang):
        yield from ("", escaped(rest))
    for found in by_record(report.findings):
        yield from _record(found, words)
    yield from _problems(report, lang)
    yield from ("", f"## {said['receipt']}", "")
    rows = [(item.label, escaped(item.value, SHORT), item.sha256) for item in receipt(report, lang)]
    yield from _table([(said["item"], said["value"], "SHA-256"), *rows])


def _table_of(counts: Mapping[str, Mapping[str, int]], name: str, words: FindingWords) -> Iterator[str]:
    """The verdicts by document or organ."""
    from lawgov_rules.reports._groups import ORDER

    said = SAID[words.lang]
    used = [v for v in ORDER if any(v in row for row in counts.values())]
    rows = [
        (escaped(key, SHORT) or said["no_organ"], *(str(row.get(v, "")) for v in used)) for key, row in counts.items()
    ]
    if rows:
        yield ""
        yield from _table([(said[name], *map(words.verdict_label, used)), *rows], figures=True)


def _table(rows: Sequence[Sequence[str]], *, figures: bool = False) -> Iterator[str]:
    head, *rest = rows
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{(' ---: |' if figures else ' --- |') * (len(head) - 1)}"
    for row in rest:
        yield f"| {' | '.join(row)} |"


def _record(found: list[Finding], words: FindingWords) -> Iterator[str]:
    from lawgov_rules.reports._groups import alike, instances, place

    first = found[0]
    type_ = words.record_type(first)
    about = " · ".join(escaped(text, SHORT) for text in (type_, first.get("organ", ""), place(first)) if text)
    yield from ("", f"### {escaped(first['record'], SHORT)}", "", about, "")
    for same in alike(found):
        f = same[0]
        verdict = " ".join(filter(None, (words.verdict(f), words.detail(f))))
        which = escaped(instances(same, words))
        yield f"- **{verdict}** {escaped(words.title(f))} (`{f['rule']}`)" + (f" {which}" if which else "") + "\\"
        yield f"  {escaped(f['message'][words.lang])}"


def _problems(report: Report, lang: str) -> Iterator[str]:
    from lawgov_rules.reports._receipt import told

    if report.problems:
        yield from ("", f"## {SAID[lang]['problems']} ({len(report.problems)})", "")
    for problem in report.problems:
        reason, help = told(problem, lang)
        yield f"- **{escaped(str(problem.place))}** {escaped(reason)}" + ("\\" if help else "")
        if help:
            yield f"  {SAID[lang]['help']}{'：' if lang == 'zh' else ': '}{escaped(help)}"

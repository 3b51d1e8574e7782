"""The report as one HTML file that a legal office can hand on: no network, both languages, prints on A4.

What was asked, a summary that reads in ten seconds, charts, every finding with filter, sort and search, a page for each
with its timeline and its rule in words, what could not be read, and the receipt. ``lang`` is the language it opens in.

Everything is inside the file, and its Content-Security-Policy forbids all else: the one style sheet and the one script
are named by their hashes, so a text in a record can be neither.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from lawgov_rules.explain import LEVELS
from lawgov_rules.findings import Finding
from lawgov_rules.report import Report
from lawgov_rules.reports._groups import ORDER
from lawgov_rules.reports._receipt import left_out, receipt, told
from lawgov_rules.reports.html._charts import charts
from lawgov_rules.reports.html._data import LANGS, Table, lateness, visible
from lawgov_rules.reports.html._labels import LABELS
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import DETAIL_NUMBER, DETAILS, Verdict
from lawgov_rules.vocabulary import show_day

if TYPE_CHECKING:
    from jinja2 import Environment

BINARY = True
FOR_PEOPLE = True
# the script in the order in which it is read; each file knows those above it
SCRIPTS = ("data.js", "timeline.js", "detail.js", "filter.js", "table.js", "main.js")
# how many the summary names: of what is late by most, and of the ways in which something is violated
FIRST, WAYS = 5, 4


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as HTML that opens in one language; the same report gives the same bytes."""
    templates = _environment()
    style = _source(templates, "report.css")
    script = '(() => {\n"use strict";\n' + "\n".join(_source(templates, name) for name in SCRIPTS) + "})();\n"
    page = templates.get_template("report.html").render(
        lang=lang,
        style=style,
        script=script,
        policy=_policy(style, script),
        data=Table(report, rules).data(),
        **_context(report, rules),
    )
    # half a surrogate pair has no bytes of its own
    out.write(page.encode("utf-8", "backslashreplace"))


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
    from markupsafe import Markup

    templates = Environment(
        loader=PackageLoader(__name__),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else visible(value),
    )
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    templates.filters["label"] = LABELS.__getitem__
    return templates


def _source(templates: Environment, name: str) -> str:
    """A style sheet or a script as its file has it."""
    assert templates.loader is not None
    return templates.loader.get_source(templates, name)[0]


def _policy(style: str, script: str) -> str:
    """Nothing from anywhere but this style sheet and this script; no text ever becomes markup."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _context(report: Report, rules: Rulesets) -> dict[str, Any]:
    summary, options = report.summary, report.receipt["options"]
    titles = {s.document.id: s.document.title for s in rules.rulesets}
    verdicts = {name: (Verdict[name].zh, Verdict[name].en) for name in ORDER}
    problems = [(str(problem.place), [told(problem, lang) for lang in LANGS]) for problem in report.problems]
    return {
        "summary": summary,
        "receipt": report.receipt,
        "receipt_lines": list(zip(*(receipt(report, lang) for lang in LANGS), strict=True)),
        # of a shortened report not all records are at hand
        "period": None if report.left_out else _period(report),
        "titles": titles,
        "organs": sum(1 for name in summary["organs"] if name),
        "level": LEVELS.get(options["level"], (options["level"],) * 2),
        "verdicts": verdicts,
        "shown": [verdicts[name] for name in ORDER if name in options["show"]],
        "told": _told(report),
        "left_out": tuple(left_out(report, lang) for lang in LANGS) if report.left_out else None,
        "first": _first(report),
        "titles_of_rules": {rule.key: (rule.title.zh, rule.title.en) for rule in rules},
        "details": DETAILS,
        "charts": charts(report, titles),
        "problems": [(place, tuple(zip(*both, strict=True))) for place, both in problems],
    }


def _period(report: Report) -> tuple[str, str] | None:
    """The first and the last day on which something happened by the as-of day; None where no record says."""
    days = {show_day(event.day) for record in report.records.values() for event in record.events}
    known = [day for day in days if day <= report.receipt["as_of"]]
    return (min(known), max(known)) if known else None


def _first(report: Report) -> list[dict[str, Any]]:
    """The violations that are late by most, one of each rule, so that a duty that all neglect is one line."""
    late = sorted(((lateness(f) or 0, n) for n, f in enumerate(report.findings)), key=lambda item: (-item[0], item[1]))
    found: dict[str, dict[str, Any]] = {}
    for days, number in late:
        if len(found) == FIRST or not days:
            break
        finding = report.findings[number]
        found.setdefault(finding["rule"], {**finding, "late": days})
    return list(found.values())


def _told(report: Report) -> tuple[str, str]:
    """The summary in two sentences, in both languages."""
    summary, n = report.summary, report.summary["verdicts"]
    violated, found = n.get("violated", 0), [f for f in report.findings if f["verdict"] == "violated"]
    aside = n.get("not_applicable", 0)
    given = summary["assessed"] - aside
    zh = f"核查{summary['checked']}份案卷，作出{given}项判定" + (f"（不适用的{aside}项不计）。" if aside else "。")
    en = f"{summary['checked']} records checked, {given} verdicts given"
    en += f" (not counting {aside} where the rule does not apply). " if aside else ". "
    if not violated:
        return f"{zh}没有发现违反。", f"{en}No violation was found."
    if not found:  # they are counted and not listed
        return f"{zh}违反{violated}项（未列出）。", f"{en}{violated} violations (not listed)."
    if report.left_out:  # of what is not listed, only the counts are known here
        guilty = sum("violated" in counts for name, counts in summary["organs"].items() if name)
        return (
            f"{zh}违反{violated}项，涉及{guilty}个机关。",
            f"{en}{violated} violations, of {guilty} organs.",
        )
    records, organs = len({(f["type"], f["record"]) for f in found}), len({f.get("organ") for f in found} - {None, ""})
    ways_zh, ways_en = _ways(found)
    return (
        f"{zh}违反{violated}项：{ways_zh}；涉及{records}份案卷、{organs}个机关。",
        f"{en}{violated} violations: {ways_en}; in {records} records of {organs} organs.",
    )


def _ways(found: Sequence[Finding]) -> tuple[str, str]:
    """In which ways findings are what they are, the commonest first, in both languages."""
    counted = Counter(finding["detail"] for finding in found)
    common = sorted(counted, key=lambda detail: (-counted[detail], DETAIL_NUMBER[detail]))[:WAYS]
    rest = len(found) - sum(counted[detail] for detail in common)
    zh = [f"{DETAILS[detail][0]}{counted[detail]}项" for detail in common] + [f"其他{rest}项"] * (rest > 0)
    en = [f"{counted[detail]} {DETAILS[detail][1]}" for detail in common] + [f"{rest} otherwise"] * (rest > 0)
    return "，".join(zh), ", ".join(en)

"""The report as JUnit XML, for build servers: a suite for each document, a test case for each rule and record.

A violation is a failure, whatever its severity (its ``type`` says which). What is pending, arguable, undetermined,
excused or not applicable is skipped, with the reason. Passed cases are there if the compliant verdict is listed
(``--show all``). The first suite is the input: its properties are the receipt, and what could not be read is an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from lawgov_rules.findings import Finding
    from lawgov_rules.report import Report
    from lawgov_rules.reports._words import FindingWords
    from lawgov_rules.ruleset import Rulesets

OUTCOMES = {"violated": "failure", "compliant": ""}


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as JUnit XML."""
    from xml.etree.ElementTree import ElementTree, indent

    from lawgov_rules.reports._words import FindingWords

    words = FindingWords(rules, lang)
    root = Element("testsuites", name="lawgov_rules")
    root.append(_input(report, lang))
    ordered = sorted(report.findings, key=lambda f: f["citation"]["document"])
    for document, findings in groupby(ordered, key=lambda f: f["citation"]["document"]):
        root.append(_suite(document, list(findings), words))
    total: Counter[str] = Counter()
    for suite in root:
        total.update({key: int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped")})
    root.attrib.update({key: str(number) for key, number in total.items()})
    indent(root)
    ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    out.write(b"\n")


def _counted(suite: Element) -> Element:
    """The suite with the numbers that build servers show."""
    outcomes = Counter(outcome.tag for case in suite.iter("testcase") for outcome in case)
    suite.set("tests", str(len(suite.findall("testcase"))))
    for key, tag in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        suite.set(key, str(outcomes[tag]))
    return suite


def _input(report: Report, lang: str) -> Element:
    """The suite of the input: the receipt, and an error for everything that could not be read."""
    from lawgov_rules.reports._plain import line
    from lawgov_rules.reports._receipt import figures, receipt, told

    suite = Element("testsuite", name="input")
    properties = SubElement(suite, "properties")
    for item in receipt(report, lang):
        value = " ".join(filter(None, (item.value, item.sha256 and f"sha256:{item.sha256}")))
        SubElement(properties, "property", name=item.label, value=line(value))
    for label, number in figures(report, lang):
        SubElement(properties, "property", name=label, value=str(number))
    for problem in report.problems:
        reason, help = told(problem, lang)
        case = SubElement(suite, "testcase", classname="input", name=line(str(problem.place)))
        error = SubElement(case, "error", type="problem", message=line(reason))
        error.text = line(help)
    return _counted(suite)


def _suite(document: str, findings: list[Finding], words: FindingWords) -> Element:
    suite = Element("testsuite", name=document)

    def key(found: Finding) -> tuple[str, str, str]:
        return found["rule"], found["type"], found["record"]

    for _key, several in groupby(sorted(findings, key=key), key=key):
        suite.append(_case(list(several), words))
    return _counted(suite)


def _case(found: list[Finding], words: FindingWords) -> Element:
    """One rule and one record; of several instances the worst verdict decides, and those that have it are told."""
    from lawgov_rules.reports._groups import ORDER
    from lawgov_rules.reports._plain import line

    worst = min((f["verdict"] for f in found), key=ORDER.index)
    telling = [f for f in found if f["verdict"] == worst]
    first = telling[0]
    case = Element("testcase", classname=first["rule"].replace("/", "."), name=line(first["record"]))
    if source := first.get("source"):
        case.set("file", line(source["file"]))
        if source.get("line"):
            case.set("line", str(source["line"]))
    outcome = OUTCOMES.get(worst, "skipped")
    if outcome:
        told = SubElement(case, outcome, message=_headline(telling, words))
        told.set("type", f"{first['severity']}:{first['detail']}" if outcome == "failure" else worst)
        told.text = "\n".join(_told(telling, words))
    return case


def _headline(telling: list[Finding], words: FindingWords) -> str:
    first = telling[0]
    verdict = " ".join(filter(None, (words.verdict(first), words.detail(first))))
    times = words.t(f"（{len(telling)}次）", f" ({len(telling)} times)") if len(telling) > 1 else ""
    return f"{words.title(first)}{words.t('：', ': ')}{verdict}{times}"


def _told(telling: list[Finding], words: FindingWords) -> Iterator[str]:
    """A line for each instance."""
    from lawgov_rules.reports._plain import line

    for f in telling:
        which = f"[{line(f['instance'])}] " if f["instance"] else ""
        yield which + line(f["message"][words.lang])

"""The report as SARIF 2.1.0, for code scanning and editors: rules with help, results with file, line and fingerprint.

``kind`` carries the verdict: violated is ``fail`` (the only one with a level: error, warning or note), compliant
``pass``, pending ``open``, arguable and undetermined ``review``, not applicable ``notApplicable``. An excused finding
is ``informational``: nothing for anybody to mend. The verdict itself, the citation and the figures are properties of
the result; receipt and summary are properties of the run; what could not be read is a notification of the invocation.

Plain dictionaries, held to the OASIS schema by a test: of the libraries that model SARIF, Microsoft's sarif-om has not
changed for years and checks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from lawgov_rules.errors import Problem
    from lawgov_rules.findings import Finding
    from lawgov_rules.report import Report
    from lawgov_rules.rule import Rule
    from lawgov_rules.ruleset import Rulesets

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
KINDS = {
    "violated": "fail",
    "compliant": "pass",
    "pending": "open",
    "arguable": "review",
    "undetermined": "review",
    "excused": "informational",
    "not_applicable": "notApplicable",
}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
# said of the result elsewhere; what is left of a finding are its properties
SAID_ELSEWHERE = ("rule", "message", "source", "fingerprint", "severity")


def write(report: Report, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the report as SARIF."""
    import json

    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, lang, rules)]}
    out.write(json.dumps(log, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n")


def _run(report: Report, lang: str, rules: Rulesets) -> dict[str, Any]:
    asked = report.summary["rules"]
    shown = [rule for rule in rules if rule.key in asked]
    numbers = {rule.key: n for n, rule in enumerate(shown)}
    files = {item["file"]: n for n, item in enumerate(report.receipt["inputs"])}
    return {
        "tool": {
            "driver": {
                "name": report.receipt["product"],
                "version": report.receipt["version"],
                "language": LANGUAGES[lang],
                "rules": [_rule(rule, rules, lang) for rule in shown],
            }
        },
        "language": LANGUAGES[lang],
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.problems,
                "toolExecutionNotifications": [_notification(problem, lang, files) for problem in report.problems],
            }
        ],
        "artifacts": [
            {"location": {"uri": uri(item["file"])}}
            | ({"hashes": {"sha-256": item["sha256"]}} if "sha256" in item else {})
            for item in report.receipt["inputs"]
        ],
        "results": [_result(found, lang, numbers[found["rule"]], files) for found in report.findings],
        "properties": {"receipt": report.receipt, "summary": report.summary},
    }


def _rule(rule: Rule, rules: Rulesets, lang: str) -> dict[str, Any]:
    """A rule in the language of the report, its help in both, that one first."""
    from lawgov_rules.explain import rows

    both = [list(rows(rule, rules, each)) for each in sorted(LANGUAGES, key=lambda each: each != lang)]
    return {
        "id": rule.key,
        "name": rule.id,
        "shortDescription": {"text": escaped(getattr(rule.title, lang))},
        "fullDescription": {"text": escaped(getattr(rule.requirement, lang))},
        "help": {
            "text": escaped("\n\n".join("\n".join(f"{label}: {said}" for label, said in told) for told in both)),
            "markdown": "\n\n---\n\n".join(map(_in_markdown, both)),
        },
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "tags": [rule.document.id, rule.record, rule.constraint.kind, rule.modality, rule.level],
            "citation": rule.citation.to_json(),
        },
    }


def _in_markdown(told: Iterable[tuple[str, str]]) -> str:
    from lawgov_rules.reports._markup import escaped as in_markdown

    return "\n".join(f"- **{label}** {_braces(in_markdown(said))}" for label, said in told)


def _result(found: Finding, lang: str, rule: int, files: dict[str, int]) -> dict[str, Any]:
    from lawgov_rules.reports._plain import line

    kind = KINDS[found["verdict"]]
    place: dict[str, Any] = {"logicalLocations": [_record(found)]}
    if source := found.get("source"):
        place["physicalLocation"] = _physical(source["file"], files, source.get("line", 0))
    return {
        "ruleId": found["rule"],
        "ruleIndex": rule,
        "kind": kind,
        "level": found["severity"] if kind == "fail" else "none",
        "message": {"text": escaped(line(found["message"][lang]))},
        "locations": [place],
        "fingerprints": {"lawgov/v1": found["fingerprint"]},
        # the one name by which GitHub follows an alert from run to run
        "partialFingerprints": {"primaryLocationLineHash": found["fingerprint"]},
        "properties": {key: value for key, value in found.items() if key not in SAID_ELSEWHERE},
    }


def _record(found: Finding) -> dict[str, str]:
    from lawgov_rules.reports._plain import line

    name = line(found["record"])
    return {"name": name, "fullyQualifiedName": f"{found['type']}/{name}", "kind": "record"}


def _physical(file: str, files: dict[str, int], line: int = 0, column: int = 0) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": uri(file)}
    if file in files:
        artifact["index"] = files[file]
    found: dict[str, Any] = {"artifactLocation": artifact}
    if line:
        found["region"] = {"startLine": line} | ({"startColumn": column} if column else {})
    return found


def _notification(problem: Problem, lang: str, files: dict[str, int]) -> dict[str, Any]:
    from lawgov_rules.reports._plain import line
    from lawgov_rules.reports._receipt import told

    place = problem.place
    said = ("；" if lang == "zh" else "; ").join(filter(None, told(problem, lang)))
    found: dict[str, Any] = {"level": "error", "message": {"text": escaped(line(said))}}
    if place.file:
        found["locations"] = [{"physicalLocation": _physical(place.file, files, place.line, place.column)}]
    return found


def uri(file: str) -> str:
    """A file as a URI reference: relative as it was given, absolute as ``file:///...``."""
    import re
    from urllib.parse import quote

    if file.startswith("/") or re.match(r"[A-Za-z]:/", file):
        return "file:///" + quote(file.lstrip("/"), safe="/:", errors="replace")
    return quote(file, errors="replace")


def escaped(text: str) -> str:
    """A text of a message: in SARIF braces are placeholders, and ``[words](place)`` is a link in plain text too."""
    text = _braces(text)
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")

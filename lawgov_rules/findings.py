"""Assessments become findings: citation, evidence, dates, and one sentence in Chinese and English.

The sentence reads *what was required – what happened – by how much – where it is written*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from lawgov_rules.errors import Place
from lawgov_rules.kinds._contract import Constraint
from lawgov_rules.kinds._wording import Explanation, Words
from lawgov_rules.records import Record
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import DETAILS, Assessment, Verdict
from lawgov_rules.vocabulary import Vocabulary

# in the order of the published schema
ALWAYS = dict.fromkeys(("rule", "record", "type", "instance", "verdict", "detail", "severity", "citation", "message"))

Finding = dict[str, Any]
"""A finding as JSON writes it; see `lawgov schema finding`. Absent keys are left out."""


def finding_of(
    assessment: Assessment, rule: Rule, record: Record, rules: Rulesets, as_of: int, source: Place
) -> Finding:
    """The finding that an assessment of a record makes, with the reason on record that excuses it."""
    reason = str(record.attributes.get(rule.excused_by, "")) if rule.excused_by else ""
    return finding(assessment, rule, rules.vocabulary, as_of, record.organ, source, reason)


def finding(
    assessment: Assessment,
    rule: Rule,
    vocabulary: Vocabulary,
    as_of: int,
    organ: str | None,
    source: Place | None = None,
    reason: str = "",
) -> Finding:
    """The finding that an assessment makes.

    Args:
        as_of: the day as of which it was judged. organ: of the record. source: where the record stands.
        reason: the reason on record that excuses it.
    """
    kind = _kind(assessment, rule)
    measures = {**assessment.measures, "as_of": as_of}
    told = kind.explain(measures, assessment.verdict) if assessment.measures else Explanation()
    found: Finding = {
        "rule": assessment.rule,
        "record": assessment.record,
        "type": assessment.type,
        "organ": organ or "",
        "instance": assessment.instance,
        "verdict": assessment.verdict.name,
        "detail": assessment.detail,
        "severity": rule.severity,
        "due": told.due,
        "actual": told.actual,
        "required": told.required,
        "measured": told.measured,
        "over_by": told.over_by,
        "evidence": told.evidence,
        "missing": list(assessment.missing),
        "readings": dict(assessment.readings),
        "citation": rule.citation.to_json(),
        "message": {
            lang: _sentence(assessment, rule, kind, Words(vocabulary, lang), measures, reason) for lang in ("zh", "en")
        },
        "source": {"file": source.file, "line": source.line} if source and source.file else None,
        "fingerprint": fingerprint(assessment),
    }
    return {key: value for key, value in found.items() if value or key in ALWAYS}


def fingerprint(assessment: Assessment) -> str:
    """The same for the same duty of the same record, wherever its file stands and whatever the verdict."""
    parts = (assessment.rule, assessment.type, assessment.record, assessment.instance)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _kind(assessment: Assessment, rule: Rule) -> Constraint:
    """The reading whose measures the assessment carries: the one that decided, or else the first."""
    if not assessment.readings:
        return next(iter(rule.constraints.values()))
    decisive = (Verdict.undetermined, Verdict.excused)
    named = {Verdict[v]: n for n, v in reversed(list(assessment.readings.items()))}
    name = named.get(assessment.verdict) if assessment.verdict in decisive else None
    return rule.constraints[name] if name else next(iter(rule.constraints.values()))


def _sentence(
    assessment: Assessment,
    rule: Rule,
    kind: Constraint,
    words: Words,
    measures: Mapping[str, int | None],
    reason: str,
) -> str:
    """One sentence that a legal officer can put into a letter."""
    verdict, t = assessment.verdict, words.t
    detail = DETAILS[assessment.detail][0 if words.lang == "zh" else 1]
    parts = []
    if verdict == Verdict.not_applicable:
        parts.append(detail)
    elif assessment.measures:
        parts.append(kind.say(measures, verdict, words))
    if verdict == Verdict.undetermined and assessment.detail not in ("fact_missing", "people_unrecorded"):
        parts.append(detail)
    if assessment.missing:
        names = t("、", ", ").join(words.fact(f) for f in assessment.missing)
        parts.append(t(f"待查：{names}", f"to be found out: {names}"))
    if reason and verdict == Verdict.excused:
        parts.append(t(f"理由：{reason}", f"reason: {reason}"))
    if assessment.readings:
        said = [
            f"{words.reading(n)}{t('：', ': ')}{t(Verdict[v].zh, Verdict[v].en)}"
            for n, v in assessment.readings.items()
        ]
        joined = t("，", ", ").join(said)
        parts.append(t(f"各种读法：{joined}", f"by reading: {joined}"))
    happened = t("；", "; ").join(part for part in parts if part)
    requirement, citation = getattr(rule.requirement, words.lang), rule.citation.label(words.lang)
    return t(
        f"{requirement}。{happened}。依据{citation}。",
        f"{requirement}. {_capital(happened)}. See {citation}.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

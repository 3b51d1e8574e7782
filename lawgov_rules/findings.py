"""Assessments become findings: citation, evidence, dates, and one sentence in Chinese and English.

The sentence reads *what was required – what happened – by how much – where it is written*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from lawgov_rules.errors import Place
from lawgov_rules.kinds._contract import Explanation, Words
from lawgov_rules.ruleset import Rule
from lawgov_rules.verdict import DETAILS, Assessment, Verdict

ALWAYS = ("rule", "record", "type", "instance", "verdict", "detail", "severity", "citation", "message")

Finding = dict[str, Any]
"""A finding as JSON writes it; see `lawgov schema finding`. Absent keys are left out."""


def finding(
    assessment: Assessment,
    rule: Rule,
    words: Words,
    as_of: int,
    organ: str | None,
    source: Place | None = None,
) -> Finding:
    """The finding that an assessment makes.

    Args:
        as_of: the day as of which it was judged. organ: of the record. source: where the record stands.
    """
    told = _explain(assessment, rule, words, as_of)
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
        "message": {lang: sentence(assessment, rule, words, told, lang) for lang in ("zh", "en")},
        "source": {"file": source.file, "line": source.line} if source and source.file else None,
        "fingerprint": fingerprint(assessment),
    }
    return {key: value for key, value in found.items() if key in ALWAYS or value}


def fingerprint(assessment: Assessment) -> str:
    """The same for the same duty of the same record, wherever its file stands and whatever the verdict."""
    parts = (assessment.rule, assessment.type, assessment.record, assessment.instance)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _explain(assessment: Assessment, rule: Rule, words: Words, as_of: int) -> Explanation:
    if not assessment.measures:
        return Explanation("", "")
    kinds = rule.constraints
    # the measures of an undetermined assessment are those of the first reading that is, of any other the first's
    name = next((n for n, v in assessment.readings.items() if v == Verdict.undetermined.name), None)
    kind = kinds[name] if name and assessment.verdict == Verdict.undetermined else next(iter(kinds.values()))
    return kind.explain({**assessment.measures, "as_of": as_of}, assessment.verdict, assessment.detail, words)


def sentence(assessment: Assessment, rule: Rule, words: Words, told: Explanation, lang: str) -> str:
    """One sentence that a legal officer can put into a letter."""
    zh = lang == "zh"
    verdict, detail = assessment.verdict, DETAILS[assessment.detail][0 if zh else 1]
    happened = told.happened_zh if zh else told.happened_en
    if verdict in (Verdict.not_applicable, Verdict.undetermined, Verdict.excused):
        happened = (
            f"{detail}；{happened}" if happened and zh else f"{detail}; {happened}" if happened else detail
        )
    if assessment.missing:
        names = [name_fact(f, words, lang) for f in assessment.missing]
        happened += f"；待查：{'、'.join(names)}" if zh else f"; to be found out: {', '.join(names)}"
    if assessment.readings:
        said = [f"{n} {getattr(Verdict[v], lang)}" for n, v in assessment.readings.items()]
        happened += f"；各读法：{'、'.join(said)}" if zh else f"; by reading: {', '.join(said)}"
    required = getattr(rule.requirement, lang)
    citation = rule.citation.label(lang)
    return (
        f"{required}。{happened}。依据{citation}。"
        if zh
        else f"{required}. {_capital(happened)}. See {citation}."
    )


def name_fact(fact: str, words: Words, lang: str) -> str:
    """The name of a missing fact in words: ``filed.to`` → 报送备案的报送对象."""
    vocabulary = words.vocabulary
    if fact.startswith("calendar:"):
        year = fact.removeprefix("calendar:")
        return f"{year}年放假安排" if lang == "zh" else f"the calendar of {year}"
    fixed = {"jurisdiction": ("所属地域", "jurisdiction"), "participants": ("参与人员", "participants")}
    if fact in fixed:
        return fixed[fact][0 if lang == "zh" else 1]
    owner, _, name = fact.rpartition(".")
    if name == "sequence":
        label = "同日先后顺序" if lang == "zh" else "order within the day"
    else:
        known: Mapping[str, Any] = (
            vocabulary.attributes if name in vocabulary.attributes else vocabulary.events
        )
        label = known[name].label(lang) if name in known else name
    if not owner:
        return str(label)
    whose: Any = vocabulary.events.get(owner) or vocabulary.roles.get(owner)
    return f"{whose.label(lang)}的{label}" if lang == "zh" else f"{label} of {whose.label(lang)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

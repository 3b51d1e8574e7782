"""A rule in words: who must do what, when, by which clause, how else it can be read, and what its cases say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

from lawgov_rules.cases import Case, read_cases
from lawgov_rules.clauses import same, split
from lawgov_rules.kinds._contract import Constraint
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.rule import Rule
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import DETAILS, Verdict

MODALITIES = {
    "must": ("必须", "must"),
    "must_not": ("不得", "must not"),
    "default": ("一般应当", "as a rule"),
    "encouraged": ("鼓励、争取", "encouraged"),
    "effect": ("法律后果", "effect"),
}
SEVERITIES = {"error": ("错误", "an error"), "warning": ("警告", "a warning"), "note": ("提示", "a note")}
LEVELS = {"core": ("核心", "core"), "standard": ("常规", "standard"), "full": ("全部", "full")}


def rows(rule: Rule, rules: Rulesets, lang: str) -> Iterator[tuple[str, str]]:
    """The rule in one language (``zh`` or ``en``): what each line is about, and what it says."""
    prose = Prose(rules.vocabulary, lang)
    t = prose.t
    yield t("规则", "rule"), f"{getattr(rule.title, lang)}  {rule.key}"
    yield t("出处", "clause"), rule.citation.label(lang)
    yield t("义务主体", "bearer"), rule.bearer
    yield t("要求", "requirement"), getattr(rule.requirement, lang)
    yield t("适用于", "applies to"), rules.vocabulary.record_types[rule.record].label(lang)
    for label, condition in zip((t("条件", "when"), t("除外", "unless")), rule.condition_columns(), strict=True):
        if condition:
            yield label, prose.condition(condition)
    plain = rule.constraint.describe(prose)
    yield t("判定", "test"), plain
    for name, reading in rule.constraints.items():
        if name:
            said = reading.describe(prose)
            told = t("同上", "as above") if said == plain else said
            yield t("读法", "reading"), f"{prose.reading(name)}{t('：', ': ')}{told}"
    if rule.excused_by:
        label = prose.attribute(rule.excused_by)
        yield t("可不计", "excused"), t(f"案卷记有“{label}”的", f"where “{label}” is on record")
    yield t("约束力", "force"), _force(rule, lang)
    yield t("施行期间", "in force"), _in_force(rule, lang)
    yield t("地域", "place"), _place(rule, rules, lang)
    yield t("说明", "because"), getattr(rule.because, lang)


def _force(rule: Rule, lang: str) -> str:
    n = 0 if lang == "zh" else 1
    modality, severity, level = MODALITIES[rule.modality][n], SEVERITIES[rule.severity][n], LEVELS[rule.level][n]
    if lang == "zh":
        return f"{modality}（违反的记为{severity}）；{level}规则"
    return f"{modality} (a violation is {severity}); level {level}"


def _in_force(rule: Rule, lang: str) -> str:
    in_force = rule.in_force or rule.document.in_force
    first, last = in_force.from_, in_force.to
    if lang == "zh":
        return f"{first} 至 {last}" if last else f"{first} 起"
    return f"{first} to {last}" if last else f"from {first}"


def _place(rule: Rule, rules: Rulesets, lang: str) -> str:
    shown = []
    for code in rule.places:
        name = rules.jurisdictions.name(code)
        shown.append(f"{name}（{code}）" if name and lang == "zh" else f"{name} ({code})" if name else code)
    return ("、" if lang == "zh" else ", ").join(shown)


def documentation(constraint: Constraint) -> list[str]:
    """What the kind's file says of itself."""
    return cleandoc(sys.modules[type(constraint).__module__].__doc__ or "").splitlines()


def clause_text(rule: Rule, rules: Rulesets, sources: Path) -> list[str]:
    """The lines of the rule's clause in the document's text; none where the ledger does not place it.

    Raises:
        OSError: the text cannot be read.
    """
    text = (sources / f"{rule.document.id}.txt").read_text("utf-8-sig")
    ledger = next((s.ledger() for s in rules.rulesets if s.document.id == rule.document.id), None)
    found = split(text, ledger.clauses).texts if ledger else {}
    lines = (line.strip() for line in found.get(same(rule.clause), "").splitlines())
    return [line for line in lines if line]


def cases_of(rule: Rule, rules: Rulesets, folder: Path) -> Iterator[tuple[Case, str]]:
    """The cases below a folder that expect something of a rule, each with what it expects in words."""
    for file in sorted(folder.rglob("*.yaml")):
        if rule.key in file.read_text("utf-8", errors="replace"):
            for case in read_cases(file, rules)[0]:
                if expected := _expected(case, rule):
                    yield case, expected


def _expected(case: Case, rule: Rule) -> str:
    """``合规 按期完成 (compliant on_time)``, by instance."""
    told = []
    for (key, instance), (verdict, detail) in case.expect.items():
        if key == rule.key:
            at = f"[{instance}] " if instance else ""
            words = " ".join(filter(None, (Verdict[verdict].zh, DETAILS[detail][0])))
            told.append(f"{at}{words} ({' '.join(filter(None, (verdict, detail)))})")
    return "; ".join(told)

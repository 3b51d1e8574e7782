"""What became of the cases, for a terminal: every disagreement, a line that sums up, and what no case tries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lawgov_rules.case_coverage import RuleCoverage, Share, shares
from lawgov_rules.errors import Problem
from lawgov_rules.problems_zh import zh
from lawgov_rules.reports._table import table
from lawgov_rules.testing import Outcome

SAID = {
    "zh": {
        "because": "理由",
        "expected": "应为",
        "nothing": "没有这一项",
        "got": "实为",
        "problems": "未能读取的内容",
        "help": "办法",
        "sum": "{files}、{cases}、{rules}（{executors}）：{verdict}",
        "agree": "全部相符",
        "differ": "{wrong}不符",
        "tried": "规则可能得出的结论中，有用例的",
        "all": "合计",
        "of": "{tried}/{reachable}",
        "gaps": "没有用例的结论",
        "edges": "没有用例落在界限上的数字（仅供参考）",
    },
    "en": {
        "because": "because",
        "expected": "expected",
        "nothing": "nothing",
        "got": "got",
        "problems": "what could not be read",
        "help": "what to do",
        "sum": "{files}, {cases}, {rules} ({executors}): {verdict}",
        "agree": "all agree",
        "differ": "{wrong} not as expected",
        "tried": "verdicts that a rule can give and a case expects",
        "all": "all",
        "of": "{tried} of {reachable}",
        "gaps": "verdicts that no case expects",
        "edges": "figures on whose edge no case stands (advice)",
    },
}


def disagreements(outcomes: Sequence[Outcome], lang: str) -> Iterator[str]:
    """Every disagreement, case by case: where, whose verdict, why, and what was found instead."""
    said = SAID[lang]
    several = len({outcome.executor for outcome in outcomes}) > 1
    for outcome in outcomes:
        by_place = groupby(outcome.disagreements, key=lambda d: d.place)
        for place, found in by_place:
            yield f"{place}: {outcome.case.record.id}" + (f"  ({outcome.executor})" if several else "")
            for d in found:
                at = f"{d.rule} [{d.instance}]" if d.instance else d.rule
                expected = d.expected or said["nothing"]
                joint, got = ("，", zh(d.got)) if lang == "zh" else (", ", d.got)
                yield f"  {at}: {said['expected']} {expected}{joint}{said['got']} {got}"
            yield f"  {said['because']}: {outcome.case.because}"


def problems(found: Sequence[Problem], lang: str) -> Iterator[str]:
    """What could not be read, each with the way out."""
    if found:
        yield f"{SAID[lang]['problems']} ({len(found)})"
    for problem in sorted(found):
        reason, help = (zh(t) if lang == "zh" else t for t in (problem.reason, problem.help))
        yield f"  {problem.place}: {reason}"
        if help:
            yield f"      {SAID[lang]['help']}: {help}"


def summary(outcomes: Sequence[Outcome], lang: str) -> str:
    """How many files, cases and rules were tried by which executor, and how many cases disagree."""
    said = SAID[lang]
    cases = {id(outcome.case): outcome.case for outcome in outcomes}
    wrong = len({id(outcome.case) for outcome in outcomes if outcome.disagreements})
    return said["sum"].format(
        files=_count(len({case.record.source.file for case in cases.values()}), "file", lang),
        cases=_count(len(cases), "case", lang),
        rules=_count(len({rule for case in cases.values() for rule in case.rules}), "rule", lang),
        executors=", ".join(dict.fromkeys(outcome.executor for outcome in outcomes)),
        verdict=said["differ"].format(wrong=_count(wrong, "case", lang)) if wrong else said["agree"],
    )


def _count(number: int, word: str, lang: str) -> str:
    """``1 file``, ``2 files``, ``2个文件``."""
    if lang == "zh":
        return str(number) + {"file": "个文件", "case": "个用例", "rule": "条规则"}[word]
    return f"{number} {word}" + ("" if number == 1 else "s")


def coverage(found: Sequence[RuleCoverage], lang: str) -> Iterator[str]:
    """The share of verdicts tried by document and level, then the gaps, then the edges."""
    said = SAID[lang]
    yield said["tried"]
    yield from (f"  {line}" for line in table([_share(s, lang) for s in shares(found)], right=(2, 3)))
    for head, parts in (
        ("gaps", [(own, ", ".join(v.name for v in own.missing)) for own in found]),
        ("edges", [(own, ", ".join(map(str, own.edges_missing))) for own in found]),
    ):
        if lines := [f"  {own.rule.key}: {text}" for own, text in parts if text]:
            yield ""
            yield said[head]
            yield from lines


def _share(share: Share, lang: str) -> list[str]:
    said = SAID[lang]
    of = said["of"].format(tried=share.tried, reachable=share.reachable)
    return [share.name or said["all"], share.level, of, f"{share.percent} %"]

"""``lawgov explain RULE``: a rule as prose, with its clause, the documentation of its kind, and its cases."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lawgov_rules.commands import RULES_HELP, SOURCES_HELP, load, put, refuse

if TYPE_CHECKING:
    from lawgov_rules.rule import Rule
    from lawgov_rules.ruleset import Rulesets


def add(commands: Any) -> None:
    explain = commands.add_parser(
        "explain",
        help="explain a rule 解释一条规则",
        description="A rule in words, with its clause, its kind and its cases. 用文字说明一条规则。",
    )
    explain.add_argument("rule", metavar="RULE", help="such as jincheng-2009/nd-county-filing-15d, or the id alone")
    explain.add_argument("--lang", choices=("zh", "en", "both"), default="both", help="language (default: both) 语言")
    explain.add_argument("--rules", metavar="PATH", help=RULES_HELP)
    explain.add_argument("--sources", metavar="DIR", type=Path, help=SOURCES_HELP)
    explain.add_argument("--cases", metavar="DIR", type=Path, help="the cases (default: those of a checkout) 案例")
    explain.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    rules = load(arguments.rules)
    if rules is None:
        return 2
    found = _find(arguments.rule, rules)
    if isinstance(found, str):
        return refuse(found)
    if arguments.cases and not arguments.cases.is_dir():
        return refuse(f"--cases: `{arguments.cases}` is not a folder")
    try:
        put(_lines(found, rules, arguments))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        return refuse(f"`{error.filename}` cannot be read: {error.strerror}")
    return 0


def _find(name: str, rules: Rulesets) -> Rule | str:
    """The rule of that key, or of that id where it is the only one; else the reason why there is none."""
    from lawgov_rules.errors import did_you_mean, shown

    found = [rule for rule in rules if name in (rule.key, rule.id)]
    if len(found) == 1:
        return found[0]
    if found:
        return f"`{shown(name)}` is the id of several rules: {', '.join(f'`{rule.key}`' for rule in found)}"
    near = did_you_mean(name, [rule.key for rule in rules] if "/" in name else [rule.id for rule in rules])
    return f"`{shown(name)}` is not a rule" + (f"; {near}" if near else "; `lawgov rules` lists them")


def _lines(rule: Rule, rules: Rulesets, arguments: argparse.Namespace) -> Iterator[str]:
    from lawgov_rules.explain import cases_of, clause_text, documentation, rows
    from lawgov_rules.loading import bundled
    from lawgov_rules.reports._table import table

    for lang in ("zh", "en") if arguments.lang == "both" else (arguments.lang,):
        yield from table(list(rows(rule, rules, lang)))
        yield ""
    if arguments.sources:
        yield f"条文 clause {rule.clause}"
        yield from (f"  {line}" for line in clause_text(rule, rules, arguments.sources))
        yield ""
    yield f"规则类型 kind {rule.constraint.kind}"
    yield from (f"  {line}".rstrip() for line in documentation(rule.constraint))
    folder = arguments.cases or bundled().parent / "cases"
    cases = list(cases_of(rule, rules, folder)) if folder.is_dir() else []
    if cases:
        yield ""
        yield f"案例 cases ({len(cases)})"
    for case, expected in cases:
        yield f"  {expected}  {case.record.id}"
        yield f"      {case.because}"

"""``lawgov rules``: a table of the rules, with filters."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lawgov_rules.commands import LEVELS, RULES_HELP, load, put, put_json, refuse

if TYPE_CHECKING:
    from lawgov_rules.rule import Rule
    from lawgov_rules.ruleset import Rulesets

MODALITIES = ("must", "must_not", "default", "encouraged", "effect")
COLUMNS = ("rule", "level", "record", "kind", "modality", "clause", "title_zh", "title_en")


def add(commands: Any) -> None:
    rules = commands.add_parser(
        "rules",
        help="list the rules 列出规则",
        description="A table of the rules that meet every filter. 列出规则。",
    )
    rules.add_argument("--rules", metavar="PATH", help=RULES_HELP)
    rules.add_argument("--document", metavar="D", help="of this document, such as jincheng-2009 文件")
    rules.add_argument("--record", metavar="T", help="on this type of record, such as normative_document 案卷类型")
    rules.add_argument("--kind", metavar="K", help="of this kind of constraint, such as deadline 规则类型")
    rules.add_argument("--level", choices=LEVELS, help="of this level alone 级别")
    rules.add_argument("--modality", choices=MODALITIES, help="of this force 约束力")
    rules.add_argument("--text", metavar="WORD", help="with this word in id, clause, locator or words 含有")
    rules.add_argument("--format", choices=("text", "json", "csv"), default="text", help="default: text 输出格式")
    rules.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    rules = load(arguments.rules)
    if rules is None:
        return 2
    if reason := _unknown(arguments, rules):
        return refuse(reason)
    found = [_row(rule) for rule in rules if _wanted(rule, arguments)]
    if not found:
        print("lawgov: no rule meets every filter", file=sys.stderr)
    if arguments.format == "json":
        put_json(found)
    elif found or arguments.format == "csv":
        put((_csv if arguments.format == "csv" else _text)(found))
    return 0


def _unknown(arguments: argparse.Namespace, rules: Rulesets) -> str:
    """Why a filter can never be met; empty where each names something that exists."""
    from lawgov_rules.errors import did_you_mean, shown
    from lawgov_rules.kinds import discover

    documents = [ruleset.document.id for ruleset in rules.rulesets]
    known = {"document": documents, "record": [*rules.vocabulary.record_types], "kind": [*discover()]}
    for option, words in known.items():
        word = getattr(arguments, option)
        if word is not None and word not in words:
            near = did_you_mean(word, words)
            return f"--{option}: `{shown(word)}` is not known" + (f"; {near}" if near else "")
    return ""


def _wanted(rule: Rule, arguments: argparse.Namespace) -> bool:
    own = {
        "document": rule.document.id,
        "record": rule.record,
        "kind": rule.constraint.kind,
        "level": rule.level,
        "modality": rule.modality,
    }
    title, requirement = rule.title, rule.requirement
    words = (rule.id, rule.clause, rule.locator, title.zh, title.en, requirement.zh, requirement.en)
    if arguments.text and not any(arguments.text.casefold() in text.casefold() for text in words):
        return False
    return all(getattr(arguments, option) in (None, value) for option, value in own.items())


def _row(rule: Rule) -> dict[str, str]:
    values = (rule.key, rule.level, rule.record, rule.constraint.kind, rule.modality, rule.clause)
    return dict(zip(COLUMNS, (*values, rule.title.zh, rule.title.en), strict=True))


def _text(found: list[dict[str, str]]) -> Iterator[str]:
    from lawgov_rules.reports._table import table

    head = [column.replace("_", " ") for column in COLUMNS]
    return table([head, *([row[column] for column in COLUMNS] for row in found)])


def _csv(found: list[dict[str, str]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    yield out.getvalue().removesuffix("\n")

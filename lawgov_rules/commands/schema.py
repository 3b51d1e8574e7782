"""``lawgov schema``: the JSON Schema of what the product reads and writes."""

from __future__ import annotations

import argparse
from typing import Any

from lawgov_rules.commands import RULES_HELP, load, put_json

NAMES = ("ruleset", "document", "ledger", "vocabulary", "record", "mapping", "finding")


def add(commands: Any) -> None:
    schema = commands.add_parser(
        "schema",
        help="print a JSON Schema 打印数据格式定义",
        description="The JSON Schema of a file of rules, a document.yaml, a ledger.yaml, a file of the vocabulary, a "
        "file of records, a mapping, or a finding. 打印数据格式定义。",
    )
    schema.add_argument("what", choices=NAMES, nargs="?", default="finding", help="default: finding")
    schema.add_argument("--rules", metavar="PATH", help=RULES_HELP)
    schema.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules.schema import SCHEMAS

    rules = load(arguments.rules)
    if rules is None:
        return 2
    put_json(SCHEMAS[arguments.what](rules))
    return 0

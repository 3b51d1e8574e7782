"""``lawgov schema``: the JSON Schema of what the product reads and writes."""

from __future__ import annotations

import argparse
from typing import Any

from lawgov_rules.commands import put_json


def add(commands: Any) -> None:
    schema = commands.add_parser("schema", help="print a JSON Schema 打印数据格式定义")
    schema.add_argument("what", choices=["finding"], nargs="?", default="finding")
    schema.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules.schema import SCHEMAS

    put_json(SCHEMAS[arguments.what]())
    return 0

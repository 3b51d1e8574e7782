"""``lawgov mapping``: a mapping proposed from the columns of a table or a log, for a person to finish."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from lawgov_rules.commands import RULES_HELP, language, load, put, refuse, refuse_all


def add(commands: Any) -> None:
    mapping = commands.add_parser(
        "mapping",
        help="propose a mapping for a foreign table or log 由文件的列推测对照文件",
        description="Propose how the columns of a table or a log (CSV, Parquet, XES, OCEL) are records, with the "
        "reason for each guess and a mark where a person must decide. 由文件的列推测对照文件。",
    )
    mapping.add_argument("file", metavar="FILE", help="CSV, Parquet, XES or OCEL 文件")
    mapping.add_argument(
        "--type", metavar="TYPE", help="the record type (default: the one that comes nearest) 案卷类型"
    )
    mapping.add_argument("--rules", metavar="PATH", help=RULES_HELP)
    mapping.add_argument(
        "--lang", choices=["zh", "en"], help="language of the comments (default: from the locale) 语言"
    )
    mapping.add_argument("-o", "--output", metavar="FILE", help="a new file (default: stdout) 写入新文件")
    mapping.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules.errors import InputError
    from lawgov_rules.proposal import propose

    lang = arguments.lang or language()
    rules = load(arguments.rules)
    if rules is None:
        return 2
    try:
        text = propose(Path(arguments.file), rules.vocabulary, arguments.type, lang)
    except InputError as error:
        return refuse_all(error.problems, lang)
    if not arguments.output:
        put(text.splitlines())
        return 0
    try:
        with Path(arguments.output).open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:  # an existing file may be one that a person has finished
        return refuse(f"`{arguments.output}` cannot be written: {error.strerror}", lang=lang)
    told = "改好后执行：" if lang == "zh" else "to check with it: "
    print(f"{told}lawgov check {arguments.file} --mapping {arguments.output}", file=sys.stderr)
    return 0

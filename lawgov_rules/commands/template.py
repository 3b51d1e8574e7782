"""``lawgov template``: a form to fill in, as a workbook."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from lawgov_rules.commands import RULES_HELP, language, load, put, refuse


def add(commands: Any) -> None:
    template = commands.add_parser(
        "template",
        help="write an Excel form to fill in 填写用的表格",
        description="Write an Excel form to fill in for one type of record; without TYPE, list the types. "
        "写出某类案卷的Excel填写表格；不写TYPE则列出各类型。",
    )
    template.add_argument("type", metavar="TYPE", nargs="?", help="its id or label, such as 规范性文件 案卷类型")
    template.add_argument("-o", "--output", metavar="FILE", help="default: the type's label with .xlsx 写入的文件")
    template.add_argument("--force", action="store_true", help="overwrite a file that is there 覆盖已有文件")
    template.add_argument("--lang", choices=("zh", "en"), help="language of the form (default: zh) 语言")
    template.add_argument("--rules", metavar="PATH", help=RULES_HELP)
    template.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules import template
    from lawgov_rules.errors import shown
    from lawgov_rules.vocabulary import near

    rules = load(arguments.rules)
    if rules is None:
        return 2
    lang, told = arguments.lang or "zh", arguments.lang or language()
    types = rules.vocabulary.record_types
    if not arguments.type:
        put(f"{name:<28}{word.zh}  {word.en}" for name, word in types.items())
        return 0
    type_ = template.type_of(arguments.type, rules.vocabulary)
    if type_ is None:
        is_id = arguments.type.isascii()
        help = near(arguments.type, types, types, not is_id) or "`lawgov template` lists the types"
        return refuse(f"`{shown(arguments.type)}` is not a known record type", help, told)
    path = Path(arguments.output or f"{types[type_].label(lang)}.xlsx")
    if path.suffix.lower() != ".xlsx":
        return refuse(f"`{shown(str(path))}` does not end in .xlsx", lang=told)
    if path.exists() and not arguments.force:
        return refuse(f"`{shown(str(path))}` is there already", "name another file, or add --force", told)
    try:
        path.write_bytes(template.write(type_, rules, lang))
    except OSError as error:
        return refuse(f"`{shown(str(path))}` cannot be written: {error.strerror}", lang=told)
    put([f"{types[type_].label(told)}{'：' if told == 'zh' else ': '}{path}"])
    return 0

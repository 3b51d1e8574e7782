"""``lawgov demo``: a demonstration data set of invented organs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from lawgov_rules.commands import language, put, refuse

SAID = {
    "zh": "{records}份案卷、{organs}个虚构机关，写入{files}个文件：{folder}\n"
    '核查：lawgov check {folder} --as-of {as_of} --level standard --note "{note}"',
    "en": "{records} records of {organs} invented organs, in {files} files: {folder}\n"
    'to check them: lawgov check {folder} --as-of {as_of} --level standard --note "{note}"',
}


NOTE = {"zh": "演示数据，全部虚构", "en": "demonstration data, all invented"}


def add(commands: Any) -> None:
    demo = commands.add_parser(
        "demo",
        help="write a sample data set of invented organs 演示数据",
        description="Write a sample data set: some 300 records of twenty invented organs. 写出一套虚构的演示案卷。",
    )
    demo.add_argument("folder", metavar="DIR", help="where to; made if need be 文件夹")
    demo.add_argument("--force", action="store_true", help="also into a folder that is not empty 文件夹非空也写入")
    demo.add_argument("--lang", choices=("zh", "en"), help="language of what is said (default: from the locale) 语言")
    demo.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules.demo import AS_OF, write
    from lawgov_rules.errors import shown

    folder = Path(arguments.folder)
    try:
        if folder.is_dir() and not arguments.force and any(folder.iterdir()):
            return refuse(f"`{shown(arguments.folder)}` is not empty; name another folder, or add --force")
        made = write(folder)
    except OSError as error:
        return refuse(f"`{shown(arguments.folder)}` cannot be written: {error.strerror}")
    lang = arguments.lang or language()
    values = {"records": made.records, "organs": made.organs, "files": len(made.files)}
    put([SAID[lang].format(folder=arguments.folder, as_of=AS_OF, note=NOTE[lang], **values)])
    return 0

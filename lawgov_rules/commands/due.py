"""``lawgov due``: what is still to be done, by which day and by whom.

Exit codes: 0; 1 where something is overdue, if ``--fail-on overdue`` asks; 2 the whole job could not be done.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from lawgov_rules.commands import (
    ENGINE_HELP,
    ENGINES,
    LEVELS,
    LIMIT_HELP,
    MAPPING_HELP,
    RULES_HELP,
    _outputs,
    _progress,
    day_of,
    language,
    limits_of,
    refuse,
    refuse_all,
    tell,
    tell_unchecked,
)
from lawgov_rules.reports import _due

if TYPE_CHECKING:
    from lawgov_rules.duties import DueList, Options


def add(commands: Any) -> None:
    due = commands.add_parser(
        "due",
        help="what falls due 到期清单",
        description="Every duty that is still to be done, with its last day; overdue ones first. 列出应办未办的事项。",
        epilog="exit codes: 0, 1 something is overdue (--fail-on overdue), 2 the whole job could not be done",
    )
    due.add_argument("paths", nargs="+", metavar="PATH", help="files or folders, as for `lawgov check` 文件或文件夹")
    due.add_argument("--rules", metavar="PATH", help=RULES_HELP)
    due.add_argument("--mapping", metavar="FILE", help=MAPPING_HELP)
    due.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER", help=LIMIT_HELP)
    due.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day as of which facts are known, such as 2013-12-31 (default: today in Asia/Shanghai) 截止日",
    )
    due.add_argument("--level", choices=LEVELS, default="core", help="which rules (default: core)")
    due.add_argument(
        "--within",
        metavar="TIME",
        help="only what falls due in this time, such as 30d, 6w, 3m, 1y; overdue ones always 多久之内到期",
    )
    due.add_argument("--open", action="store_true", help="also duties for which no day is set 没有定下日期的")
    due.add_argument(
        "--lapsed", action="store_true", help="also those whose period is over; nothing done now counts 期间已过的"
    )
    _outputs.add(due, _due.formats(), _due.DEFAULT)
    due.add_argument("--lang", choices=["zh", "en"], help="language of the text (default: from the locale) 语言")
    due.add_argument("--fail-on", choices=["overdue", "never"], default="never", help="default: never 何种情况视为失败")
    due.add_argument("--engine", choices=ENGINES, default="auto", help=ENGINE_HELP)
    due.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules.errors import MappingError, RulesetError

    lang = arguments.lang or language()
    try:
        outputs = _outputs.asked(arguments, _due.DEFAULT, lambda _format: False)
        options = _options(arguments)
    except ValueError as error:
        return refuse(str(error), lang=lang)
    try:
        return _run(arguments, options, outputs, lang)
    except (MappingError, RulesetError) as error:
        return refuse_all(error.problems, lang)


def _options(arguments: argparse.Namespace) -> Options:
    """What was asked for; ValueError for what cannot be."""
    from lawgov_rules.checking import as_of_day
    from lawgov_rules.duties import until

    as_of, limits = day_of("--as-of", arguments.as_of), limits_of(arguments.limit)
    try:
        until(as_of_day(as_of), arguments.within)
    except ValueError as error:
        raise ValueError(f"--within: {error}") from None
    return {
        "as_of": as_of,
        "within": arguments.within,
        "with_open": arguments.open,
        "with_lapsed": arguments.lapsed,
        "engine": arguments.engine,
        "mapping": arguments.mapping,
        "limits": limits,
    }


def _run(arguments: argparse.Namespace, options: Options, outputs: Sequence[tuple[str, str]], lang: str) -> int:
    from lawgov_rules.duties import due
    from lawgov_rules.loading import load_rulesets

    rules = load_rulesets(arguments.rules).at(arguments.level)
    with _progress.Bar() as bar:
        options["progress"] = bar
        found = due(arguments.paths, rules, **options)
    tell(found.skipped, found.advice, lang)

    def write(format: str, out: BinaryIO) -> None:
        _due.load(format).write(found, out, lang, rules)

    if reason := _outputs.put(outputs, write, [i["file"] for i in found.receipt["inputs"]]):
        return refuse(reason, lang=lang)
    if not found.summary["checked"]:
        tell_unchecked(lang)
    return exit_code(found, arguments.fail_on)


def exit_code(found: DueList, fail_on: str) -> int:
    """The exit code of a list; see the module."""
    if found.problems or not found.summary["checked"]:
        return 2
    return 1 if fail_on == "overdue" and found.summary["duties"].get("overdue") else 0

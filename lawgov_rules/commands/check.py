"""``lawgov check``: case files against rules, and a report in any format.

Exit codes: 0 clean; 1 findings at or above the fail level; 2 the whole job could not be done (usage, rulesets, nothing
checked, something rejected); 3 only undetermined or arguable ones, when asked by ``--fail-on``. 2 beats 1 beats 3.
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
from lawgov_rules.reports import DEFAULT, for_people, formats, is_binary, streams
from lawgov_rules.reports import load as load_format

if TYPE_CHECKING:
    from lawgov_rules.checking import Check, Options
    from lawgov_rules.report import Report

VERDICTS = ("violated", "arguable", "undetermined", "pending", "excused", "compliant", "not_applicable")
# what makes a run fail: violated rules of a severity, or verdicts that need a person
FAIL_ON = ("error", "warning", "note", "arguable", "undetermined", "never")


def add(commands: Any) -> None:
    check = commands.add_parser(
        "check", help="check case files 核查案卷", description="Check records against rules. 核查案卷。"
    )
    check.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="files or folders: Excel, CSV, YAML, JSON, or a folder with the three "
        "tables records, events, participants (CSV or Parquet); or one database, by its "
        "file or address (see the README) 文件、文件夹或数据库",
    )
    check.add_argument(
        "--rules",
        metavar="PATH",
        help=RULES_HELP,
    )
    check.add_argument("--mapping", metavar="FILE", help=MAPPING_HELP)
    check.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER", help=LIMIT_HELP)
    check.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day as of which facts are known, such as 2013-12-31 (default: today in Asia/Shanghai) 核查截止日",
    )
    check.add_argument("--level", choices=LEVELS, default="core", help="which rules (default: core)")
    _outputs.add(check, formats(), DEFAULT)
    check.add_argument("--lang", choices=["zh", "en"], help="language of the text (default: from the locale) 语言")
    check.add_argument(
        "--show",
        metavar="VERDICTS",
        help=f"verdicts to list, with commas, or `all`; of {', '.join(VERDICTS)} 列出哪些结论",
    )
    check.add_argument("--note", metavar="TEXT", default="", help="a remark that the report carries 报告的备注")
    check.add_argument(
        "--fail-on",
        metavar="LEVELS",
        default="error",
        help=f"what makes the exit code 1 or 3, with commas, of {', '.join(FAIL_ON)} (default: error) 何种情况视为失败",
    )
    check.add_argument("--engine", choices=ENGINES, default="auto", help=ENGINE_HELP)
    check.add_argument(
        "--temporary-tables",
        action="store_true",
        help="let a database server keep temporary tables meanwhile: quicker, and more than reading 允许数据库建临时表",
    )
    check.add_argument(
        "--since",
        metavar="STATE",
        help="judge only what changed since the run that left this file, or what time changed; the file is made at the "
        "first run and then brought up to date 只重新核查有变化的案卷，STATE 为上次核查留下的文件",
    )
    check.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules.errors import InputError, MappingError, RulesetError

    lang = arguments.lang or language()
    try:
        fail_on = words(arguments.fail_on, FAIL_ON, "--fail-on", ("error",))
        outputs = _outputs.asked(arguments, DEFAULT, is_binary)
        options = _options(arguments)
    except ValueError as error:
        return refuse(str(error), lang=lang)
    try:
        return _run(arguments, options, outputs, fail_on, lang)
    except (InputError, MappingError, RulesetError) as error:
        return refuse_all(error.problems, lang)


def _run(
    arguments: argparse.Namespace,
    options: Options,
    outputs: Sequence[tuple[str, str]],
    fail_on: Sequence[str],
    lang: str,
) -> int:
    from lawgov_rules.checking import begin
    from lawgov_rules.importers._reading import Limits
    from lawgov_rules.loading import load_rulesets
    from lawgov_rules.report import Report

    rules = load_rulesets(arguments.rules).at(arguments.level)
    # one format that takes the findings as they come needs no list of them
    at_once = len(outputs) == 1 and streams(outputs[0][0])
    with _progress.Bar() as bar:
        options["progress"] = bar
        begun = begin(arguments.paths, rules, **options)
        report = begun if at_once else begun.report()
    tell(begun.skipped, begun.advice, lang)
    complete = [file for format, file in outputs if file != _outputs.STDOUT and not for_people(format)]
    most = (options["limits"] or Limits()).findings

    def write(format: str, out: BinaryIO) -> None:
        shown = report.gravest(most, complete) if isinstance(report, Report) and for_people(format) else report
        load_format(format).write(shown, out, lang, rules)

    kept = [i["file"] for i in report.receipt["inputs"]] + [arguments.since] * bool(arguments.since)
    if reason := _outputs.put(outputs, write, kept):
        return refuse(reason, lang=lang)
    if not report.summary["checked"]:
        tell_unchecked(lang)
    return exit_code(report, fail_on)


def _options(arguments: argparse.Namespace) -> Options:
    """What was asked for; ValueError for what cannot be."""
    from lawgov_rules.checking import SHOWN

    if arguments.since and arguments.engine not in ("auto", "live"):
        raise ValueError(f"`--since` goes with `--engine live`, and not with `{arguments.engine}`")
    return {
        "as_of": day_of("--as-of", arguments.as_of),
        "engine": arguments.engine,
        "show": words(arguments.show, VERDICTS, "--show", SHOWN),
        "note": arguments.note,
        "mapping": arguments.mapping,
        "limits": limits_of(arguments.limit),
        "temporary_tables": arguments.temporary_tables,
        "since": arguments.since,
    }


def exit_code(report: Report | Check, fail_on: Sequence[str]) -> int:
    """The exit code of a report; see the module."""
    summary = report.summary
    if report.problems or not summary["checked"]:
        return 2
    severities = summary["severities"]
    # a level fails with everything more severe than it
    order = ("error", "warning", "note")
    levels = [order.index(word) for word in fail_on if word in order] or [0] * ("never" not in fail_on)
    if levels and any(severities.get(f"violated:{name}") for name in order[: max(levels) + 1]):
        return 1
    asked = [word for word in fail_on if word in ("arguable", "undetermined")]
    return 3 if any(summary["verdicts"].get(word) for word in asked) else 0


def words(text: str | None, known: Sequence[str], option: str, default: Sequence[str]) -> list[str]:
    """The words of an option, `all` of them or by default; ValueError for an unknown one."""
    if not text:
        return list(default)
    if text == "all":
        return list(known)
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word not in known:
            from lawgov_rules.errors import did_you_mean, shown

            raise ValueError(f"{option}: `{shown(word)}` is not known; {did_you_mean(word, known)}")
    return words

"""The command ``lawgov``: results on stdout, notes on stderr, and exit codes that scripts can rely on.

Exit codes: 0 clean; 1 findings at or above the fail level; 2 the whole job could not be done (usage, rulesets, nothing
checked, something rejected); 3 only undetermined or arguable ones, when asked by ``--fail-on``. 2 beats 1 beats 3.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from lawgov_rules.commands import demo, explain, language, ledger, lint, rules, schema, test

if TYPE_CHECKING:
    from lawgov_rules.checking import Report

VERDICTS = ("violated", "arguable", "undetermined", "pending", "excused", "compliant", "not_applicable")
FORMATS = ("text", "json")
# what makes a run fail: violated rules of a severity, or verdicts that need a person
FAIL_ON = ("error", "warning", "note", "arguable", "undetermined", "never")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except BrokenPipeError:
        # the reader of our output has seen enough; the interpreter must not complain about it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        print("lawgov: interrupted", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lawgov",
        description="Check dated case files against procedural rules. 用案卷核对程序规则。",
        epilog="exit codes: 0 clean, 1 findings, 2 the whole job could not be done, 3 open questions (--fail-on)",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_check(commands)
    for command in (test, lint, explain, rules, ledger, schema, demo):
        command.add(commands)
    return parser


def _add_check(commands: Any) -> None:
    check = commands.add_parser(
        "check", help="check case files 核查案卷", description="Check records against rules. 核查案卷。"
    )
    check.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="files or folders: YAML, JSON, or a folder with the three "
        "tables records, events, participants (CSV or Parquet) 文件或文件夹",
    )
    check.add_argument(
        "--rules",
        metavar="PATH",
        help="a ruleset, a folder of them, or a bundled name (default: all bundled) 规则集",
    )
    check.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day as of which facts are known, such as 2013-12-31 (default: today in Asia/Shanghai) 核查截止日",
    )
    check.add_argument(
        "--level", choices=["core", "standard", "full"], default="core", help="which rules (default: core)"
    )
    check.add_argument("--format", choices=FORMATS, default="text", help="text or json (default: text) 输出格式")
    check.add_argument("-o", "--output", metavar="FILE", help="write there instead of stdout 输出文件")
    check.add_argument("--lang", choices=["zh", "en"], help="language of the text (default: from the locale) 语言")
    check.add_argument(
        "--show",
        metavar="VERDICTS",
        help=f"verdicts to list, with commas, or `all`; of {', '.join(VERDICTS)} 列出哪些结论",
    )
    check.add_argument(
        "--fail-on",
        metavar="LEVELS",
        default="error",
        help=f"what makes the exit code 1 or 3, with commas, of {', '.join(FAIL_ON)} (default: error) 何种情况视为失败",
    )
    check.add_argument(
        "--engine", choices=["auto", "batch", "live"], default="auto", help="executor (default: by size)"
    )
    check.set_defaults(run=_check)


class _Version(argparse.Action):
    def __call__(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        from importlib import metadata

        print(f"lawgov_rules {metadata.version('lawgov-rules')}")
        raise SystemExit(0)


def _check(arguments: argparse.Namespace) -> int:
    import datetime as dt

    from lawgov_rules.checking import SHOWN, check
    from lawgov_rules.errors import RulesetError, shown
    from lawgov_rules.loading import load_rulesets

    try:
        show = _words(arguments.show, VERDICTS, "--show", SHOWN)
        fail_on = _words(arguments.fail_on, FAIL_ON, "--fail-on", ("error",))
    except ValueError as error:
        return _refuse(str(error))
    try:
        as_of = dt.date.fromisoformat(arguments.as_of) if arguments.as_of else None
    except ValueError:
        return _refuse(f"--as-of: `{shown(arguments.as_of)}` is not a day such as 2013-12-31")
    try:
        rules = load_rulesets(arguments.rules).at(arguments.level)
    except RulesetError as error:
        for problem in error.problems:
            print(f"lawgov: {problem}", file=sys.stderr)
        return 2
    report = check(arguments.paths, rules, as_of=as_of, engine=arguments.engine, show=show)
    try:
        _write(report, arguments)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _refuse(f"`{arguments.output}` cannot be written: {error.strerror}")
    if not report.summary["checked"]:
        print("lawgov: nothing was checked", file=sys.stderr)
    return exit_code(report, fail_on)


def exit_code(report: Report, fail_on: Sequence[str]) -> int:
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


def _write(report: Report, arguments: argparse.Namespace) -> None:
    from lawgov_rules.reports import text

    lang = arguments.lang or language()
    if arguments.output:
        with open(arguments.output, "w", encoding="utf-8") as out:  # noqa: PTH123 - a path as the user gave it
            out.write(report.to_json() + "\n") if arguments.format == "json" else text.write(report, out, lang)
        return
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if arguments.format == "json":
        sys.stdout.write(report.to_json() + "\n")
    else:
        text.write(report, sys.stdout, lang, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    sys.stdout.flush()


def _words(text: str | None, known: Sequence[str], option: str, default: Sequence[str]) -> list[str]:
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


def _refuse(reason: str) -> int:
    print(f"lawgov: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())

"""``lawgov test``: the cases, judged and compared with what they expect."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lawgov_rules.commands import LEVELS, RULES_HELP, language, load, put, refuse

if TYPE_CHECKING:
    from lawgov_rules.testing import Outcome

NO_CASES = "no folder `cases` here; name the files or folders of the cases, or make the folder and put a case there"


def add(commands: Any) -> None:
    test = commands.add_parser(
        "test",
        help="try the rules on their cases 用例测试",
        description="Judge cases and compare with what they expect. 核对用例的结论。",
        epilog="exit codes: 0 all agree, 1 a case disagrees, or with --coverage a core rule has a verdict that no case "
        "expects, 2 the whole job could not be done",
    )
    test.add_argument(
        "paths", nargs="*", metavar="PATH", help="files or folders of cases (default: the folder `cases`) 用例"
    )
    test.add_argument("--rules", metavar="DIR", help=RULES_HELP)
    test.add_argument("--level", choices=LEVELS, default="full", help="rules up to this level (default: full) 级别")
    test.add_argument(
        "--coverage", action="store_true", help="also list the verdicts that no case expects 没有用例的结论"
    )
    test.add_argument(
        "--engine",
        choices=["live", "batch", "durable", "both"],
        default="live",
        help="executor (default: live; both: live and batch) 执行器",
    )
    test.add_argument("--lang", choices=["zh", "en"], help="language of the text (default: from the locale) 语言")
    test.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules import testing
    from lawgov_rules.case_coverage import complete, coverage
    from lawgov_rules.reports import _cases as report

    rules = load(arguments.rules)
    if rules is None:
        return 2
    rules = rules.at(arguments.level)
    folder = None if arguments.paths else testing.find_cases(arguments.rules)
    if not arguments.paths and folder is None:
        return refuse(NO_CASES)
    cases, problems = testing.cases_at_level(arguments.paths or [folder], rules)
    number = len(cases) * (2 if arguments.engine == "both" else 1)
    outcomes = list(_with_progress(testing.run(cases, rules, arguments.engine), number))
    lang = arguments.lang or language()
    put(report.disagreements(outcomes, lang))
    put(report.problems(problems, lang))
    if outcomes:
        put([report.summary(outcomes, lang)])
    agree = not any(outcome.disagreements for outcome in outcomes)
    if arguments.coverage:
        found = coverage(outcomes, rules)
        put(["", *report.coverage(found, lang)])
        agree = agree and complete(found)
    return 2 if problems else 0 if agree else 1


def _with_progress(outcomes: Iterable[Outcome], number: int) -> Iterator[Outcome]:
    """The outcomes as they come, counted on a terminal."""
    shown = sys.stderr.isatty()
    for done, outcome in enumerate(outcomes, start=1):
        if shown:
            print(f"\r{done}/{number}", end="", file=sys.stderr, flush=True)
        yield outcome
    if shown:
        print("\r\033[K", end="", file=sys.stderr, flush=True)

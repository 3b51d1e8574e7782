"""The command ``lawgov``: results on stdout, notes on stderr, and exit codes that scripts can rely on.

Exit codes: 0 clean; 1 findings at or above the fail level; 2 the whole job could not be done (usage, rulesets, nothing
checked, something rejected); 3 only undetermined or arguable ones, when asked by ``--fail-on``. 2 beats 1 beats 3.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from lawgov_rules.commands import check, demo, due, explain, ledger, lint, mapping, rules, schema, template, test
from lawgov_rules.errors import ExecutorError


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
    except ExecutorError as error:
        print(f"lawgov: {error}", file=sys.stderr)
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
    for command in (check, due, template, mapping, test, lint, explain, rules, ledger, schema, demo):
        command.add(commands)
    return parser


class _Version(argparse.Action):
    def __call__(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        from importlib import metadata

        print(f"lawgov_rules {metadata.version('lawgov-rules')}")
        raise SystemExit(0)

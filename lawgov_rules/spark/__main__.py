"""``python -m lawgov_rules.spark``: three tables of Parquet against rules, on a cluster of Spark.

Prints the receipt, the counts and the problems as JSON. Exit codes as of ``lawgov check``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from lawgov_rules import spark
from lawgov_rules.checking import SHOWN
from lawgov_rules.commands import LEVELS, day_of, language, refuse, refuse_all
from lawgov_rules.commands.check import FAIL_ON, VERDICTS, exit_code, words
from lawgov_rules.errors import InputError, RulesetError
from lawgov_rules.loading import load_rulesets
from lawgov_rules.report import Report


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    arguments = _arguments(argv)
    lang = language()
    try:
        show = words(arguments.show, VERDICTS, "--show", SHOWN)
        fail_on = words(arguments.fail_on, FAIL_ON, "--fail-on", ("error",))
        as_of = day_of("--as-of", arguments.as_of)
    except ValueError as error:
        return refuse(str(error), lang=lang)
    try:
        rules = load_rulesets(arguments.rules).at(arguments.level)
        session = spark.session(arguments.master)
        done = spark.check(
            arguments.data,
            arguments.output,
            rules,
            session=session,
            as_of=as_of,
            show=show,
            note=arguments.note,
            progress=_tell,
        )
    except (RulesetError, InputError) as error:
        return refuse_all(error.problems, lang)
    except ImportError:
        return refuse("the extra for Spark is not installed; pip install 'lawgov-rules[spark]'", lang=lang)
    json.dump(done.to_dict(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write(os.linesep)
    return exit_code(Report(done.receipt, done.summary, (), done.problems), fail_on)


def _tell(what: str, done: int, of: int) -> None:
    sys.stderr.write(f"{what} {done}/{of}\n")
    sys.stderr.flush()


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m lawgov_rules.spark", description=__doc__.partition("\n\n")[0])
    parser.add_argument("data", help="the folder with the folders records, events, participants, as Spark names it")
    parser.add_argument("output", help="the folder for the findings; it must not be there")
    parser.add_argument("--master", help="of the cluster, such as spark://host:7077 (default: spark-submit's, or here)")
    parser.add_argument("--rules", metavar="PATH", help="a ruleset or a folder of them (default: all bundled)")
    parser.add_argument("--level", choices=LEVELS, default="core", help="which rules (default: core)")
    parser.add_argument("--as-of", metavar="DATE", help="the day as of which facts are known (default: today)")
    parser.add_argument("--show", metavar="VERDICTS", help="verdicts whose findings are written, with commas, or `all`")
    parser.add_argument("--fail-on", metavar="LEVELS", default="error", help="what makes the exit code 1 or 3")
    parser.add_argument("--note", metavar="TEXT", default="", help="a remark that the receipt carries")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())

"""``lawgov lint``: rules about rules."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lawgov_rules.commands import put

if TYPE_CHECKING:
    from lawgov_rules.lint._flaw import Flaw
    from lawgov_rules.ruleset import Rulesets

NO_CASES = "lawgov: no folder `cases` here, so rules without cases were not looked for"


def add(commands: Any) -> None:
    lint = commands.add_parser(
        "lint",
        help="look for flaws of the rules 检查规则的缺陷",
        description="What loads, and yet is not what its author meant. 检查规则、条件、数字和词语的缺陷。",
        epilog="exit codes: 0 clean (notes are advice), 1 flaws, 2 a ruleset cannot be loaded or a case not read",
    )
    lint.add_argument(
        "folders", nargs="*", metavar="DIR", help="a ruleset or a folder of them (default: all bundled) 规则集"
    )
    lint.add_argument("--cases", metavar="PATH", help="the cases (default: the folder `cases`) 用例")
    lint.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    found: list[Flaw] = []
    number, whole = 0, True
    for folder in arguments.folders or [None]:
        rules = _load(folder)
        whole = whole and rules is not None
        if rules:
            flaws, read = _lint(rules, folder, arguments.cases)
            found += flaws
            number += len(rules.rules)
            whole = whole and read
    put(map(str, found))
    flaws = [flaw for flaw in found if flaw.level != "note"]
    put([_summary(number, len(flaws), len(found) - len(flaws)) if whole else "not everything could be looked at"])
    return 2 if not whole else 1 if flaws else 0


def _load(folder: str | None) -> Rulesets | None:
    """The rulesets with the rules of all levels; None after their problems have been listed."""
    from lawgov_rules.errors import RulesetError
    from lawgov_rules.loading import load_rulesets

    try:
        return load_rulesets(folder).at("full")
    except RulesetError as error:
        put(f"{p.place}: not-loaded: {p.reason}" + (f" ({p.help})" if p.help else "") for p in error.problems)
    return None


def _lint(rules: Rulesets, folder: str | None, path: str | None) -> tuple[list[Flaw], bool]:
    """The flaws, and whether all cases could be read."""
    from lawgov_rules.lint import lint
    from lawgov_rules.testing import find_cases, read_known_cases

    source = path or find_cases(folder)
    cases, problems = read_known_cases([source], rules) if source else (None, [])
    if source is None:
        print(NO_CASES, file=sys.stderr)
    for problem in problems:
        print(f"lawgov: {problem}", file=sys.stderr)
    words = folder is None or any((Path(folder) / name).exists() for name in ("vocabulary", "vocabulary.yaml"))
    return lint(rules, cases, with_words=words), not problems


def _summary(rules: int, flaws: int, notes: int) -> str:
    """``33 rules: 2 flaws, 6 notes``."""
    said = [f"{n} {word}" + ("" if n == 1 else "s") for n, word in ((flaws, "flaw"), (notes, "note")) if n]
    return f"{rules} rule{'' if rules == 1 else 's'}: " + (", ".join(said) or "no flaws")

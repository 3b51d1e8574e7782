"""``lawgov ledger``: what became of every clause of each document, and what is missing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lawgov_rules.commands import RULES_HELP, SOURCES_HELP, load, put, put_json, refuse

if TYPE_CHECKING:
    from lawgov_rules.ledger import Account


def add(commands: Any) -> None:
    ledger = commands.add_parser(
        "ledger",
        help="what became of every clause 条款台账",
        description="Account for every clause: encoded by rules, only recorded, or declared not checkable. 条款台账。",
        epilog="exit codes: 0 every clause is accounted for, 1 there are gaps, 2 the job could not be done",
    )
    ledger.add_argument("--rules", metavar="PATH", help=RULES_HELP)
    ledger.add_argument("--sources", metavar="DIR", type=Path, help=SOURCES_HELP)
    ledger.add_argument("--format", choices=("text", "json"), default="text", help="text or json (default: text)")
    ledger.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from lawgov_rules.errors import RulesetError
    from lawgov_rules.ledger import account

    rules = load(arguments.rules)
    if rules is None:
        return 2
    accounts: list[Account] = []
    try:
        for ruleset in rules.rulesets:
            accounts.append(account(ruleset, arguments.sources))
    except RulesetError as error:
        return max(refuse(str(problem)) for problem in error.problems)
    except OSError as error:
        return refuse(f"`{error.filename}` cannot be read: {error.strerror}")
    if arguments.format == "json":
        put_json({"documents": [found.to_json() for found in accounts]})
    else:
        put(lines(accounts))
    return 1 if any(found.gaps for found in accounts) else 0


def lines(accounts: Sequence[Account]) -> Iterator[str]:
    """A table of the documents, then the gaps, then the figures that no rule names."""
    from lawgov_rules.ledger import DECLARED, ENCODED, RECORDED
    from lawgov_rules.reports._table import table

    head = ["document", "clauses", "encoded", "declared", "recorded only", "rules"]
    sources = any(found.sources for found in accounts)
    rows = [[*head, *(["locators", "figures", "covered"] if sources else []), "gaps"]]
    for found in accounts:
        counts = [len(found.clauses), *(found.count(status) for status in (ENCODED, DECLARED, RECORDED)), found.rules]
        counts += [found.locators, found.found, found.covered] if sources else []
        rows.append([found.document, *map(str, counts), str(len(found.gaps))])
    yield from table(rows, right=range(1, len(rows[0])))
    gaps = [gap for found in accounts for gap in found.gaps]
    if gaps:
        yield ""
        yield f"gaps ({len(gaps)})"
    for gap in gaps:
        yield f"  {gap}"
    unmatched = [(found.document, c) for found in accounts for c in found.clauses if c.unmatched]
    if unmatched:
        yield ""
        yield "figures that no rule of their clause names (for information)"
    for document, clause in unmatched:
        yield f"  {document} {clause.entry.clause}: {', '.join(clause.unmatched)}"

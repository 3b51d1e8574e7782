"""The commands, one a file: `add` declares its words, `run` does the work and returns the exit code.

What a command needs beyond the parser is imported when it runs, so that ``lawgov --help`` stays instant.
"""

from __future__ import annotations

import datetime as dt
import locale
import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lawgov_rules.errors import Problem
    from lawgov_rules.importers._reading import Limits
    from lawgov_rules.ruleset import Rulesets

RULES_HELP = "a ruleset, a folder of them, or a bundled name (default: all bundled) 规则集"
MAPPING_HELP = (
    "how the columns of foreign tables and logs (CSV, Parquet, XES, OCEL) are records; "
    "`lawgov mapping` proposes one 对照文件"
)
LIMIT_HELP = (
    "how large an input may be, and what large tables may take, such as `rows=2000000` or `memory=1GB`; may be given "
    "several times, for the limits that the README names 各项限制"
)
SOURCES_HELP = "a folder with the texts, named `<document id>.txt` 文件原文"


LEVELS = ("core", "standard", "full")
ENGINES = ("auto", "batch", "live", "durable")
ENGINE_HELP = "executor (default: by size; `durable` needs the extra `durable`) 执行器"


def load(path: str | None) -> Rulesets | None:
    """The rulesets with the rules of all levels; None after their problems have been told."""
    from lawgov_rules.errors import RulesetError
    from lawgov_rules.loading import load_rulesets

    try:
        return load_rulesets(path).at("full")
    except RulesetError as error:
        refuse_all(error.problems)
    return None


def refuse(reason: str, help: str = "", lang: str = "en") -> int:
    """Say on stderr why it cannot be done; the exit code."""
    print("lawgov: " + _sentence(reason, help, lang), file=sys.stderr)
    return 2


def refuse_all(problems: Iterable[Problem], lang: str = "en") -> int:
    """Say on stderr why something that was given cannot be used; the exit code."""
    for line in advice(problems, lang):
        print(line, file=sys.stderr)
    return 2


def tell(skipped: Iterable[str], advised: Iterable[Problem], lang: str) -> None:
    """Say on stderr which files were not read because they are reports, and what else a user should know of input."""
    for file in skipped:
        reason = f"`{file}` is a report of lawgov_rules and was not read as case files"
        print("lawgov: " + _sentence(reason, "", lang), file=sys.stderr)
    for line in advice(advised, lang):
        print(line, file=sys.stderr)


def tell_unchecked(lang: str) -> None:
    """Say on stderr that nothing was checked."""
    print("lawgov: " + _sentence("nothing was checked", "", lang), file=sys.stderr)


def language() -> str:
    """Chinese where the locale is Chinese, else English."""
    named = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    if not named:
        named = locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def advice(found: Iterable[Problem], lang: str) -> Iterator[str]:
    """What is wrong with input, or should be known of it, as lines."""
    for item in found:
        yield f"lawgov: {item.place}: {_sentence(item.reason, item.help, lang)}"


def _sentence(reason: str, help: str, lang: str) -> str:
    if lang != "zh":
        return f"{reason} ({help})" if help else reason
    from lawgov_rules.problems_zh import zh

    return f"{zh(reason)}（{zh(help)}）" if help else zh(reason)


def day_of(option: str, text: str | None) -> dt.date | None:
    """The day that an option names; ValueError for anything else."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        from lawgov_rules.errors import shown

        raise ValueError(f"{option}: `{shown(text)}` is not a day such as 2013-12-31") from None


def limits_of(texts: Iterable[str]) -> Limits:
    """The limits that an option names; ValueError for what is none."""
    from lawgov_rules.importers._reading import Limits

    try:
        return Limits.of(texts)
    except ValueError as error:
        raise ValueError(f"--limit: {error}") from None


def put(lines: Iterable[str]) -> None:
    """Lines to stdout, as UTF-8 whatever the terminal says."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def put_json(value: Any) -> None:
    """A value as JSON."""
    import json

    put([json.dumps(value, ensure_ascii=False, indent=2)])

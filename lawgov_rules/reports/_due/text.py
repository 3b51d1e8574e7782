"""The due list for a terminal: what is overdue, what falls due, and what is not on the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from lawgov_rules.explain import LEVELS
from lawgov_rules.outstanding import STATUSES
from lawgov_rules.reports._due._words import DutyWords
from lawgov_rules.reports._plain import line
from lawgov_rules.reports._receipt import told
from lawgov_rules.reports._terminal import Line, Screen

if TYPE_CHECKING:
    from lawgov_rules.duties import DueList, Duty
    from lawgov_rules.ruleset import Rulesets

FEW = 3
COLOURS = {"overdue": "red", "perhaps_overdue": "magenta", "due": "cyan", "open": "", "lapsed": "yellow"}
# a line has room for so much of an organ's name and of a record's
ORGAN, RECORD = 40, 80


def write(found: DueList, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the list as text in one language; on a terminal coloured, and in lines that fit it."""
    screen, words = Screen(out), DutyWords(rules, lang)
    screen.put(_lines(found, words, screen))


def _lines(found: DueList, words: DutyWords, screen: Screen) -> Iterator[Line]:
    yield from ([text] for text in _head(found, words))
    for status, own in groupby(found.duties, key=lambda duty: duty.status):
        duties = list(own)
        yield from (
            [],
            [
                (
                    f"■ {words.t(*STATUSES[status])}{words.t(f'（{len(duties)}项）', f' ({len(duties)})')}",
                    f"bold {COLOURS[status]}",
                )
            ],
        )
        for same in _alike(duties):
            yield from _duty(same, words, screen)
    if not found.duties and found.summary["checked"]:
        yield from ([], [words.t("没有应办事项。", "nothing is due.")])
    if left_out := list(words.left_out(found)):
        yield []
        yield from screen.paragraph(words.t("未列入：", "not listed: ") + words.t("；", "; ").join(left_out), 0)
    yield from _problems(found, words, screen)


def _head(found: DueList, words: DutyWords) -> Iterator[str]:
    receipt, summary, t = found.receipt, found.summary, words.t
    labels = {
        "read": t("读入", "read"),
        "checked": t("已核查", "checked"),
        "rejected": t("未能读取", "rejected"),
    }
    counts = t("，", ", ").join(f"{label} {summary[name]}" for name, label in labels.items())
    within = receipt["options"]["within"]
    span = () if within is None else (t(f"{within}天内到期", f"due within {within} days"),)
    yield "  ·  ".join((f"{t('截至', 'as of')} {receipt['as_of']}", *span, t(f"案卷：{counts}", f"{counts} (records)")))
    yield "  ".join(f"{t(*STATUSES[status])} {number}" for status, number in summary["duties"].items())
    rulesets = ", ".join(f"{r['id']} {r['version']}" for r in receipt["rulesets"])
    yield f"{t('依据的规则集：', 'rulesets: ')}{rulesets}"
    parts = (
        f"{receipt['product']} {receipt['version']}",
        f"{t('执行方式', 'executor')} {receipt['executor']}",
        f"{t('规则级别', 'level')} {t(*LEVELS[receipt['options']['level']])}",
        f"{t('工作日历', 'calendar')} {receipt['calendar']['version']}",
        f"{t('输入文件', 'input files')} {len(receipt['inputs'])}",
    )
    yield f"{t('核查凭据：', 'receipt: ')}{t('，', ', ').join(parts)}"


def _alike(duties: Sequence[Duty]) -> Iterator[list[Duty]]:
    """Duties of one rule and record together if there are more than a few, where the first of them stands."""
    groups: dict[tuple[str, str, str], list[Duty]] = {}
    for duty in duties:
        groups.setdefault((duty.rule, duty.type, duty.record), []).append(duty)
    for duty in duties:
        own = groups[duty.rule, duty.type, duty.record]
        if len(own) <= FEW:
            yield [duty]
        elif own[0] is duty:
            yield own


def _duty(same: Sequence[Duty], words: DutyWords, screen: Screen) -> Iterator[Line]:
    first, last, t = same[0], same[-1], words.t
    instance = f" [{words.instance(first)}]" if first.instance else ""
    if len(same) > 1:
        times = t(f"共{len(same)}项，以下为第一项", f"{len(same)} of them, the first below")
        instance = f" [{words.instance(first)} … {words.instance(last)}: {times}]"
    who, record = line(first.organ or first.bearer, ORGAN), line(first.record, RECORD)
    left = [("  " + words.left(first), COLOURS[first.status])] if words.left(first) else []
    yield [f"  {words.when(first)}", *left, *(f"  {text}" for text in (who, record, f"{first.rule}{instance}") if text)]
    yield from screen.paragraph(first.message[words.lang], 6)
    if doubt := words.doubt(first):
        yield from screen.paragraph(t(f"日期：{doubt}", f"the day: {doubt}"), 6)


def _problems(found: DueList, words: DutyWords, screen: Screen) -> Iterator[Line]:
    if found.problems:
        number = len(found.problems)
        label = words.t(f"未能读取的内容（{number}处）", f"what could not be read ({number})")
        yield from ([], [(label, "bold")])
    for problem in found.problems:
        reason, help = told(problem, words.lang)
        yield from screen.paragraph(f"{problem.place}: {reason}", 2)
        if help:
            yield from screen.paragraph(f"{words.t('办法：', 'what to do: ')}{help}", 6)

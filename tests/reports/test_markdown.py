"""Markdown, as a parser sees it: headings, tables and lists are ours alone, and a user's words stay text."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

import lawgov_rules as lr
from lawgov_rules.reports._markup import escaped
from lawgov_rules.reports._plain import line
from tests.reports.conftest import HOSTILE, written

PARSER = MarkdownIt("gfm-like")
OURS = {
    "paragraph_open", "paragraph_close", "inline", "heading_open", "heading_close", "bullet_list_open",
    "bullet_list_close", "list_item_open", "list_item_close", "table_open", "table_close", "thead_open", "thead_close",
    "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close", "text",
    "strong_open", "strong_close", "code_inline", "hardbreak",
}  # fmt: skip


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def shape(report: lr.Report, rules: lr.Rulesets) -> Counter[str]:
    """How many there are of each kind of token, text aside."""
    found = Counter(t.type for t in tokens(written("markdown", report, "zh", rules).decode()))
    del found["text"]
    return found


def test_headings_and_tables(check: Callable[..., lr.Report], small: lr.Rulesets) -> None:
    """A title, four parts and eight records; verdicts by document and organ, and the receipt."""
    found = shape(check(), small)
    assert (found["heading_open"], found["table_open"]) == (13, 3)
    assert set(found) <= OURS
    # a list for each record and one for the problem
    assert (found["bullet_list_open"], found["list_item_open"]) == (9, 9)


@pytest.mark.parametrize("name", HOSTILE)
def test_words_are_shown_as_they_are(name: str) -> None:
    """In a paragraph, an item, a cell and a heading, the text that is shown is the text that was there."""
    text = line(HOSTILE[name])
    sign = escaped(HOSTILE[name])
    for around in ("{}", "- {}", "- **a**\\\n  {}", "### {}", "| a |\n| --- |\n| {} |"):
        found = list(tokens(around.replace("{}", sign)))
        assert {t.type for t in found} <= OURS
        shown = "".join(t.content for t in found if t.type == "text").removeprefix("a")
        # a parser takes blanks at the edges and at the end away
        assert shown.split() == text.split()


def test_no_hostile_word_changes_the_shape(hostile: tuple[str, lr.Report], small: lr.Rulesets) -> None:
    """A title, four parts, and one record of each of two types, since all records have the same id now."""
    found = shape(hostile[1], small)
    assert set(found) <= OURS
    assert (found["heading_open"], found["table_open"]) == (7, 3)


def test_what_is_cut_says_so(small: lr.Rulesets, check: Callable[..., lr.Report]) -> None:
    """A heading has room for 200 characters."""
    report = check()
    long = dataclasses.replace(report, findings=[{**report.findings[0], "record": HOSTILE["long"]}])
    assert f"### {'长' * 199}…\n" in written("markdown", long, "zh", small).decode()

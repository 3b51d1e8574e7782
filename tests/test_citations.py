"""Each rule's locator stands verbatim in its document, and no sentence of a document stands in a rule."""

from __future__ import annotations

import re
from pathlib import Path

from lawgov_rules.ruleset import Rulesets
from tests.conftest import ROOT

LONGEST_SHARED = 24  # characters; a locator has at most 20


def _text(shared: Path, document: str) -> str:
    return re.sub(r"\s", "", (shared / "sources" / f"{document}.txt").read_text("utf-8"))


def test_every_locator_stands_in_its_document(shared: Path, rules: Rulesets) -> None:
    lost = [rule.key for rule in rules if re.sub(r"\s", "", rule.locator) not in _text(shared, rule.document.id)]
    assert lost == []


def test_no_sentence_of_a_document_stands_in_a_rule_or_case(shared: Path, rules: Rulesets) -> None:
    """The words of the rules are our own. Titles of the documents are names, not sentences."""
    documents = {s.document.id: _text(shared, s.document.id) for s in rules.rulesets}
    for file in sorted([*(ROOT / "rulesets").glob("*/*.yaml"), *(ROOT / "cases").rglob("*.yaml")]):
        if file.name != "document.yaml":
            ours = re.sub(r"\s", "", file.read_text("utf-8"))
            pieces = {ours[n : n + LONGEST_SHARED] for n in range(len(ours) - LONGEST_SHARED + 1)}
            for document, text in documents.items():
                theirs = {text[n : n + LONGEST_SHARED] for n in range(len(text) - LONGEST_SHARED + 1)}
                assert not pieces & theirs, (file, document, sorted(pieces & theirs)[0])

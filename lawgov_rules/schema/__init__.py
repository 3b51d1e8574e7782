"""JSON Schemas (draft 2020-12) of what the product reads and writes: for editors, and for those who write files by
machine.

A file of ours is YAML whose every value is read as text; an editor reads `40`, `true` and `34.` as a number, a boolean
and a number. So the schemas let a value be whatever YAML makes of what the loader accepts. They tell wrong words and
shapes; what only the loader can tell (an event of another record type, two keys that do not stand together) they let
pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lawgov_rules.ruleset import Rulesets
from lawgov_rules.schema.finding import finding_schema
from lawgov_rules.schema.record import record_schema
from lawgov_rules.schema.ruleset import (
    document_schema,
    ledger_schema,
    mapping_schema,
    ruleset_schema,
    vocabulary_schema,
)

# what each is called, and the files it is for
SCHEMAS: dict[str, Callable[[Rulesets], dict[str, Any]]] = {
    "ruleset": lambda rules: ruleset_schema(rules.vocabulary),  # <document>/<record_type>.yaml
    "document": lambda _rules: document_schema(),  # <document>/document.yaml
    "ledger": lambda _rules: ledger_schema(),  # <document>/ledger.yaml
    "vocabulary": lambda _rules: vocabulary_schema(),  # vocabulary/*.yaml
    "record": lambda rules: record_schema(rules.vocabulary),  # files of records, and cases
    "mapping": lambda rules: mapping_schema(rules.vocabulary),  # `--mapping`
    "finding": lambda _rules: finding_schema(),
}

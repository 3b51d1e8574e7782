"""The JSON Schemas of the files that people write: what is bundled meets them, what is wrong does not."""

from __future__ import annotations

import copy
import functools
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml

from lawgov_rules.cli import main
from lawgov_rules.loading import load_rulesets
from lawgov_rules.schema import SCHEMAS
from tests.conftest import CASES, ROOT
from tests.export_schemas import LINE, bundled_files, schemas, with_line

RULESETS = ROOT / "rulesets"
REFUSED = ROOT / "tests" / "refused"


class EditorLoader(yaml.SafeLoader):
    """YAML as an editor reads it (1.2, core schema): numbers and booleans, but days stay text and `on` is a word."""

    yaml_implicit_resolvers: ClassVar[Any] = {}


for tag, pattern, first in (
    ("bool", r"(true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"[-+]?\d+$", "-+0123456789"),
    ("float", r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$", "-+.0123456789"),
    ("null", r"(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def editor(text: str) -> list[Any]:
    """The documents of a file as an editor reads them, without empty ones."""
    return [found for found in yaml.load_all(text, Loader=EditorLoader) if found is not None]


@functools.cache
def validator(name: str) -> Any:
    schema = SCHEMAS[name](load_rulesets())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def complaints(name: str, value: Any) -> list[str]:
    """What a schema says of a value: path and message of the deepest error in each branch."""
    found = (jsonschema.exceptions.best_match([error]) for error in validator(name).iter_errors(value))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:160]}" for error in found]


@pytest.mark.parametrize(("file", "name"), [*bundled_files()], ids=lambda part: getattr(part, "stem", part))
def test_bundled_files_meet_their_schema(file: Path, name: str) -> None:
    assert [said for found in editor(file.read_text("utf-8")) for said in complaints(name, found)] == []


@pytest.mark.parametrize("folder", sorted(p.name for p in CASES.iterdir() if p.is_dir()))
def test_cases_meet_the_schema_of_records(folder: str) -> None:
    for file in sorted((CASES / folder).glob("*.yaml")):
        wrong = [said for found in editor(file.read_text("utf-8")) for said in complaints("record", found)]
        assert wrong == [], file.name


# what only the loader can tell: it knows which words belong to which record type, and reads values
PASSED = {
    "bad-date",
    "bad-force",
    "bad-jurisdiction",
    "bad-value-in-a-reading",
    "duplicate-id",
    "duplicate-key",  # an editor marks it by itself
    "event-twice",
    "force-backwards",
    "reading-changes-instances",
    "wrong-file",
}


def test_most_refused_rulesets_are_refused_in_the_editor_too() -> None:
    passed = set()
    for file in sorted(REFUSED.glob("*.yaml")):
        text = file.read_text("utf-8")
        name = "document" if "read as document.yaml" in text.partition("\n")[0] else "ruleset"
        if not any(complaints(name, found) for found in editor(text)):
            passed.add(file.stem)
    assert passed == PASSED


RECORD: dict[str, Any] = {
    "record": "甲政发〔2012〕3号",
    "type": "normative_document",
    "jurisdiction": 140581,  # a code without quotation marks is a number to an editor, and text to the loader
    "attributes": {"issuer_level": "county", "issued_in_name_of": None},
    "events": [
        {"event": "published", "date": "2012-03-01"},
        {"event": "filed", "date": "2012-03-20T09:30+08:00", "to": "city_government", "sequence": 2},
    ],
}


def changed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """A copy of a value with another one at a path."""
    value = copy.deepcopy(value)
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return value


def test_a_record_a_list_of_records_and_a_case() -> None:
    expect = {"jincheng-2009/nd-county-filing-15d": "violated late", "x/y": {"2012": "pending"}}
    case = {**RECORD, "because": "3月16日到期。", "as_of": "2012-12-31", "expect": expect, "complete": True}
    for value in (RECORD, [RECORD, case], case, {"record": 1, "type": "organ", "events": None}):
        assert complaints("record", value) == []


WRONG_RECORDS: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "an unknown type": (("type",), "normative_documents"),
    "an unknown key": (("organs",), "甲县人民政府"),
    "an attribute of another type": (("attributes", "complexity"), "ordinary"),
    "a value that is not in the list": (("attributes", "issuer_level"), "countty"),
    "an unknown event": (("events", 0, "event"), "publishd"),
    "an event without a date": (("events", 0), {"event": "published"}),
    "an attribute of another event": (("events", 0, "to"), "city_government"),
    "no day": (("events", 0, "date"), "last March"),
    "a day that is a number": (("events", 0, "date"), 20120301),
    "events that are no list": (("events",), {"event": "published"}),
    "an unknown role": (("participants",), [{"role": "handler", "person": "甲"}]),
    "a verdict that does not exist": (("expect",), {"x/y": "vioIated late"}),
    "a detail that does not exist": (("expect",), {"x/y": "violated lately"}),
}


@pytest.mark.parametrize("wrong", WRONG_RECORDS)
def test_wrong_records(wrong: str) -> None:
    assert complaints("record", changed(RECORD, *WRONG_RECORDS[wrong])) != []


def test_participants() -> None:
    case = {"record": "a", "type": "reconsideration_case"}
    for people, fine in (
        ([{"role": "handler", "person": "甲", "qualified": True}], True),
        ([{"role": "handler", "person": "甲", "qualified": "maybe"}], False),
        ([{"role": "handler"}], False),
        ([{"role": "handler", "person": "甲", "certified": True}], False),  # of another role
    ):
        assert (complaints("record", {**case, "participants": people}) == []) == fine, people


WRONG = {
    "document": [
        {"id": "x"},
        {"id": "X 2009", "title": "x", "issuer": "x", "jurisdiction": "140500", "version": 1, "in_force": {}},
    ],
    "ledger": [{}, {"clauses": []}, {"clauses": [{"clause": "一", "declraed": "x"}]}, {"clauses": [{"declared": "x"}]}],
    "vocabulary": [
        {"attribute": {}},
        {"attributes": {"x": {"zh": "x", "en": "x", "type": "string"}}},
        {"events": {"x": {"zh": "x"}}},
        {"events": {"x": {"zh": "x", "en": "x", "attributes": "to"}}},
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files(name: str) -> None:
    assert [value for value in WRONG[name] if not complaints(name, value)] == []


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    for name in SCHEMAS:
        assert main(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out) == validator(name).schema
    assert main(["schema", "record", "--rules", "nowhere"]) == 2


def test_words_come_with_their_labels() -> None:
    """What completion shows: 公布 published beside `published`."""
    event = validator("ruleset").schema["$defs"]["event"]
    told = dict(zip(event["enum"], event["markdownEnumDescriptions"], strict=True))
    assert told["published"] == "公布 published. It was published"


def test_written_schemas_are_up_to_date() -> None:
    """And every bundled file leads an editor to its own."""
    if not (RULESETS / "schema").is_dir():
        pytest.skip("no schemas are written; run python -m tests.export_schemas")
    written = {path.name: path.read_text("utf-8") for path in sorted((RULESETS / "schema").iterdir())}
    assert written == schemas(), "run python -m tests.export_schemas"
    bare = [file.name for file, name in bundled_files() if not file.read_text("utf-8").startswith(LINE.format(name))]
    assert bare == [], "run python -m tests.export_schemas"


def test_the_first_line_stands_once() -> None:
    once = with_line("- id: x\n", "ruleset")
    assert once == "# yaml-language-server: $schema=../schema/ruleset.json\n- id: x\n"
    assert with_line(once, "ruleset") == once

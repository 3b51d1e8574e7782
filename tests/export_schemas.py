"""Write rulesets/schema/*.json, and the first line of each bundled file. Run as `python -m tests.export_schemas`.

The first line leads an editor with a YAML language server to the schema of the file, for completion and for marks
under wrong words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from lawgov_rules.loading import load_rulesets
from lawgov_rules.schema import SCHEMAS

FOLDER = Path(__file__).parents[1] / "rulesets"
LINE = "# yaml-language-server: $schema=../schema/{}.json\n"


def schemas() -> dict[str, str]:
    """The text of each schema by its file."""
    rules = load_rulesets(FOLDER)
    return {
        f"{name}.json": json.dumps(make(rules), ensure_ascii=False, indent=1) + "\n" for name, make in SCHEMAS.items()
    }


def bundled_files() -> Iterator[tuple[Path, str]]:
    """Each bundled file that has a schema, and the schema's name."""
    for file in sorted(FOLDER.glob("vocabulary/*.yaml")):
        yield file, "vocabulary"
    for document in sorted(FOLDER.glob("*/document.yaml")):
        for file in sorted(document.parent.glob("*.yaml")):
            yield file, file.stem if file.stem in ("document", "ledger") else "ruleset"


def with_line(text: str, name: str) -> str:
    """A file's text with the line at its top, once."""
    first, _, rest = text.partition("\n")
    return LINE.format(name) + (rest if first.startswith("# yaml-language-server:") else text)


if __name__ == "__main__":
    (FOLDER / "schema").mkdir(exist_ok=True)
    for file_name, content in schemas().items():
        (FOLDER / "schema" / file_name).write_text(content, "utf-8")
    for file, schema in bundled_files():
        file.write_text(with_line(file.read_text("utf-8"), schema), "utf-8")

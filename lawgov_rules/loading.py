"""Loading rulesets from their folders, with every error of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lawgov_rules.errors import Place, Problem, RulesetError, did_you_mean, shown
from lawgov_rules.jurisdiction import Jurisdictions
from lawgov_rules.rule import Act, Rule
from lawgov_rules.ruleset import Ruleset, Rulesets
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import WordErrors, read_as
from lawgov_rules.vocabulary import Vocabulary
from lawgov_rules.yaml_file import Document, read_documents

VOCABULARY = ("vocabulary.yaml", "vocabulary")
# the files of a ruleset's folder that hold no rules
NO_RULES = ("document.yaml", "ledger.yaml", "vocabulary.yaml", "jurisdictions.yaml")


def bundled() -> Path:
    """The folder of the rulesets that come with the product: in the wheel, or beside the package in a checkout."""
    inside = Path(__file__).parent / "rulesets"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rulesets"


def load_rulesets(path: str | Path | None = None) -> Rulesets:
    """Load and validate rulesets.

    Args:
        path: a folder of rulesets, the folder of one, or the name of a bundled one; None for all bundled ones. Where
            the folder (or its parent) has no vocabulary, jurisdictions or calendar, the bundled ones serve. A ruleset
            may keep a vocabulary of its own in its folder; the words of rulesets that are loaded together are one
            vocabulary, so no two of them may declare the same word.
    Raises:
        RulesetError: with every problem of every file, each with its place and a way out.
    """
    root = bundled() if path is None else Path(path)
    if not root.exists() and (bundled() / str(path) / "document.yaml").exists():
        root = bundled() / str(path)
    if not root.is_dir():
        names = [p.parent.name for p in bundled().glob("*/document.yaml")]
        raise RulesetError(
            [
                Problem(
                    Place(str(path)),
                    f"`{shown(str(path))}` is not a folder of rulesets",
                    str(path),
                    did_you_mean(str(path), names),
                )
            ]
        )
    folders = [root] if (root / "document.yaml").exists() else sorted(p.parent for p in root.glob("*/document.yaml"))
    words = _words(root, folders)
    vocabulary = Vocabulary.load(*words)
    jurisdictions = Jurisdictions.load(_shared(root, "jurisdictions.yaml"))
    problems: list[Problem] = []
    found = [_load_one(folder, vocabulary, jurisdictions, problems) for folder in folders]
    if not folders:
        problems.append(
            Problem(Place(root.as_posix()), "no ruleset here", help="a ruleset is a folder with `document.yaml`")
        )
    if problems:
        raise RulesetError(problems)
    return Rulesets(
        tuple(r for r in found if r),
        vocabulary,
        jurisdictions,
        _shared(root, "calendar"),
        _sha256(file for path in words for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])),
    )


def _words(root: Path, folders: list[Path]) -> list[Path]:
    """The vocabularies: those that rulesets keep themselves, and the shared one if one keeps none or it stands here."""
    own = [found for folder in folders if (found := _here(folder, *VOCABULARY))]
    shared = _shared(root, *VOCABULARY)
    return list(dict.fromkeys([*([shared] if len(own) < len(folders) or shared.parent == root else []), *own])) or [
        shared
    ]


def _here(folder: Path, *names: str) -> Path | None:
    return next((folder / name for name in names if (folder / name).exists()), None)


def _shared(root: Path, *names: str) -> Path:
    """The file or folder of that name (or of another) in the folder or its parent, else the bundled one."""
    found = (_here(folder, *names) for folder in (root, root.parent, bundled()))
    return next(filter(None, found), bundled() / names[-1])


def _load_one(
    folder: Path, vocabulary: Vocabulary, jurisdictions: Jurisdictions, problems: list[Problem]
) -> Ruleset | None:
    act = _read_act(folder / "document.yaml", jurisdictions, problems)
    rules: list[Rule] = []
    places: dict[str, Place] = {}
    files = sorted(p for p in folder.glob("*.yaml") if p.name not in NO_RULES)
    for file in files:
        for document in read_documents(file):
            if isinstance(document, Problem):
                problems.append(document)
                continue
            if not isinstance(document.value, list):
                problems.append(
                    Problem(document.place(), "a file of rules is a list", help="begin each rule with `- `")
                )
                continue
            for part in document.parts():
                rule = read_rule(part, vocabulary, file.stem, problems)
                if rule and rule.id in places:
                    problems.append(
                        Problem(
                            part.place("id"),
                            f"`{rule.id}` stands at {places[rule.id]} already",
                            rule.id,
                            "give one of the two another id",
                        )
                    )
                elif rule and act:
                    places[rule.id] = part.place("id")
                    rule._document, rule._source = act, part
                    rules.append(rule)
                    problems.extend(_outside(rule, act, part, jurisdictions))
    sha256 = _sha256([folder / "document.yaml", *files])
    return Ruleset(act, tuple(rules), sha256, folder / "ledger.yaml") if act else None


def _outside(rule: Rule, act: Act, part: Document, jurisdictions: Jurisdictions) -> Iterator[Problem]:
    """A rule's own place that its document does not reach."""
    for code in rule.jurisdiction:
        reason = jurisdictions.check(code)
        if not reason and not jurisdictions.contains(act.jurisdiction, code):
            reason = f"`{code}` lies outside `{act.jurisdiction}`, the document's place"
        if reason:
            yield Problem(part.place("jurisdiction"), reason, code)


def _read_act(file: Path, jurisdictions: Jurisdictions, problems: list[Problem]) -> Act | None:
    for document in read_documents(file):
        act = read_as(Act, document) if isinstance(document, Document) else [document]
        if isinstance(act, list):
            problems.extend(act)
            return None
        if isinstance(document, Document) and (reason := jurisdictions.check(act.jurisdiction)):
            problems.append(Problem(document.place("jurisdiction"), reason, act.jurisdiction))
        return act
    problems.append(Problem(Place(file.as_posix()), "empty", help="describe the document here"))
    return None


def read_rule(document: Document, vocabulary: Vocabulary, stem: str, problems: list[Problem]) -> Rule | None:
    value = document.value
    if not isinstance(value, dict):
        advice = "a rule is a mapping with `id`, `record` and `constraint`"
        problems.append(Problem(document.place(), f"`{shown(value)}` is not a rule", shown(value), advice))
        return None
    type_ = value.get("record")
    if not isinstance(type_, str) or type_ not in vocabulary.record_types:
        problems.append(_unknown_type(document, type_, vocabulary))
        return None
    if type_ != stem:
        reason = f"a rule on `{type_}` stands in `{stem}.yaml`"
        problems.append(Problem(document.place("record"), reason, type_, f"move it to `{type_}.yaml`"))
    context = Context(vocabulary, type_)
    rule = read_as(Rule, document, context)
    if isinstance(rule, Rule):
        return rule
    # a bad constraint must not hide a bad condition
    found = dict.fromkeys(rule)
    for key in ("when", "unless"):
        try:
            if value.get(key) is not None:
                parse(value[key], context, (key,))
        except WordErrors as error:
            found |= dict.fromkeys(Problem(document.place(*at), r, shown(w), h) for at, r, w, h in error.items)
    problems.extend(found)
    return None


def _unknown_type(document: Document, type_: Any, vocabulary: Vocabulary) -> Problem:
    if type_ is None:
        return Problem(document.place("record"), "`record` is missing", help="add `record:`")
    if not isinstance(type_, str):
        return Problem(document.place("record"), "`record` must be one value", shown(type_))
    reason = f"`{shown(type_)}` is not a known record type"
    return Problem(document.place("record"), reason, shown(type_), did_you_mean(type_, vocabulary.record_types))


def _sha256(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()

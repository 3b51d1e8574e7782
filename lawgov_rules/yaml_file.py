"""YAML and JSON as plain strings with the line of every value.

PyYAML's own typing turns ``on`` into True, ``0101`` into 65 and ``2012-02-30`` into a crash. Here every scalar stays
the text that the user wrote; the vocabulary decides what it means. Values are built from parser events with a limit
on depth, so a hostile file costs a message and not the process. JSON is read by the same parser: after tabs (which
JSON allows only between tokens) become blanks, every JSON text is YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from lawgov_rules.errors import InputError, Place, Problem, did_you_mean, shown

MAX_DEPTH = 32
MAX_BYTES = 256 * 1024 * 1024
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
Path_ = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATES = re.compile("[\ud800-\udfff]")


class Document:
    """One document of a file: ``value`` (dicts, lists, strings, None) and the place of every value by its path."""

    __slots__ = ("_lines", "file", "value")

    def __init__(self, file: str, value: Any, lines: dict[Path_, tuple[int, int]]) -> None:
        self.file = file
        self.value = value
        self._lines = lines

    def place(self, *path: str | int) -> Place:
        """The place of the value at ``path``, or of the nearest one that contains it."""
        while path and path not in self._lines:
            path = path[:-1]
        return Place(self.file, *self._lines.get(path, (0, 0)))

    def part(self, *path: str | int) -> Document:
        """The value at ``path`` as a document of its own, with the places it has in this file."""
        value, size = self.value, len(path)
        for step in path:
            value = value[step]
        lines = {p[size:]: line for p, line in self._lines.items() if p[:size] == path}
        return Document(self.file, value, lines)

    def parts(self) -> list[Document]:
        """Each item of a list as a document of its own, in one pass over the places."""
        split: list[dict[Path_, tuple[int, int]]] = [{} for _ in self.value]
        for path, line in self._lines.items():
            if path:
                split[int(path[0])][path[1:]] = line
        return [Document(self.file, value, lines) for value, lines in zip(self.value, split, strict=True)]


def read_documents(path: Path, name: str | None = None) -> Iterator[Document | Problem]:
    """Each document of a YAML or JSON file; a problem, and nothing after it, where the file stops being readable.

    Args:
        path: the file. name: what to call it in messages (default: the path as given).
    """
    file = name or path.as_posix()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(Problem(Place(file), f"larger than {MAX_BYTES // 2**20} MB", help="split the file"))
        text = path.read_bytes().decode("utf-8-sig")
    except InputError as error:
        yield error.problem
        return
    except UnicodeDecodeError as error:
        yield Problem(Place(file), "not a text in UTF-8", f"byte {error.start}", "save it as UTF-8 text")
        return
    except OSError as error:
        yield Problem(
            Place(file), f"cannot be read: {error.strerror}", help="check that it exists and is yours to read"
        )
        return
    yield from parse_documents(text, file, json=path.suffix.lower() == ".json")


def parse_documents(text: str, file: str = "", *, json: bool = False) -> Iterator[Document | Problem]:
    """Each document of a YAML (or JSON) text; see `read_documents`."""
    if json:
        text = text.replace("\t", " ")
    try:
        events = yaml.parse(text, Loader=_Loader)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                lines: dict[Path_, tuple[int, int]] = {}
                try:
                    yield Document(file, _build(next(events), events, file, lines, ()), lines)
                except InputError as error:
                    yield error.problem
                    # the rest of this document is lost, the documents after it are not
                    while not isinstance(next(events), yaml.DocumentEndEvent):
                        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        yield Problem(
            place,
            f"not readable as {'JSON' if json else 'YAML'}: {error.problem or error.context}",
            help="check indentation, colons, quotes and brackets at this line",
        )
    except yaml.YAMLError as error:
        yield Problem(Place(file), f"not readable as text: {shown(str(error), 120)}", help="is this a binary file")


def _build(event: Any, events: Iterator[Any], file: str, lines: dict[Path_, tuple[int, int]], path: Path_) -> Any:
    """The value that starts at ``event``. Recursion is bounded by MAX_DEPTH, so it cannot exhaust the stack."""
    mark = event.start_mark
    place = Place(file, mark.line + 1, mark.column + 1)
    lines[path] = (place.line, place.column)
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise InputError(Problem(place, "anchors and aliases are not read", help="write the value out in full"))
    if isinstance(event, yaml.ScalarEvent):
        if event.value in NULLS and not event.style:
            return None
        value = event.value
        if _SURROGATES.search(value):  # JSON writes an emoji as two escapes
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    if len(path) >= MAX_DEPTH:
        raise InputError(Problem(place, f"nested deeper than {MAX_DEPTH} levels", help="a record needs at most six"))
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_build(event, events, file, lines, (*path, len(items))))
        return items
    return _mapping(events, file, lines, path)


def _mapping(events: Iterator[Any], file: str, lines: dict[Path_, tuple[int, int]], path: Path_) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        place = Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
        if not isinstance(event, yaml.ScalarEvent):
            raise InputError(Problem(place, "a key must be a word", help="quote it, or check the indentation"))
        key = event.value
        if key in found:
            raise InputError(Problem(place, f"`{shown(key)}` stands twice", shown(key), "keep one of the two"))
        found[key] = _build(next(events), events, file, lines, (*path, key))
    return found


def read_as(model: type[Model], document: Document, context: Any = None) -> Model | list[Problem]:
    """A document as a pydantic model, or every problem in it, each with its line and a way out."""
    try:
        return model.model_validate(document.value, context=context)
    except ValidationError as error:
        return problems_of(error, model, document)


def problems_of(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """Pydantic's findings in the words of this product. A validator hands on several by `WordErrors`."""
    found: list[Problem] = []
    for item in error.errors(include_url=False):
        path = tuple(item["loc"])
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, ValidationError):
            found.extend(problems_of(cause, _model_of(cause, model), document.part(*path)))
        elif isinstance(cause, WordErrors):
            for at, reason, value, advice in cause.items:
                found.append(Problem(document.place(*path, *at), reason, shown(value), advice))
        elif item["type"] == "extra_forbidden":
            known = _fields_at(model, path[:-1])
            found.append(
                Problem(
                    document.place(*path),
                    f"`{shown(path[-1])}` is not a known key",
                    shown(path[-1]),
                    did_you_mean(str(path[-1]), known),
                )
            )
        elif item["type"] == "missing":
            found.append(Problem(document.place(*path[:-1]), f"`{path[-1]}` is missing", help=f"add `{path[-1]}:`"))
        else:
            value = item.get("input")
            reason = re.sub(r"^(Value|Assertion) error, ", "", item["msg"])
            said = shown(value) if isinstance(value, str) else ""
            where = f"`{path[-1]}`: " if path and cause is None else ""
            help = (
                did_you_mean(said, item["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", "))
                if item["type"] == "literal_error"
                else ""
            )
            if help:
                reason = f"`{said}` is not known here"
            found.append(Problem(document.place(*path), f"{where}{reason[:1].lower()}{reason[1:]}", said, help))
    return found


def _model_of(error: ValidationError, model: type[BaseModel]) -> type[BaseModel]:
    """The model that a nested validation was of, by its title; for naming its known keys."""
    todo = [BaseModel]
    while todo:
        cls = todo.pop()
        if cls.__name__ == error.title:
            return cls
        todo.extend(cls.__subclasses__())
    return model


def _fields_at(model: type[BaseModel], path: Path_) -> list[str]:
    """The keys that the model at ``path`` knows; none where the path leaves the models."""
    for step in path:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step)
        inner = list(_types_in(field.annotation if field else None))
        if not inner:
            return []
        model = inner[0]
    return [f.alias or name for name, f in model.model_fields.items()]


def _types_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _types_in(argument)


class WordErrors(ValueError):
    """Several problems below one value: (path below it, reason, the user's word, a way out)."""

    def __init__(self, items: list[tuple[Path_, str, str, str]]) -> None:
        self.items = items
        super().__init__("; ".join(reason for _, reason, _, _ in items))


def wrong(at: Path_, reason: str, word: str = "", help: str = "") -> WordErrors:
    """The one problem below a value, to raise from a validator."""
    return WordErrors([(at, reason, word, help)])

"""XML as a stream of its elements, with lines and within limits.

Read by the standard library's expat through defusedxml: entities and external parts are refused, so a few lines of a
hostile file cannot become gigabytes. How far gzip may unfold, how long an element may be and how deep it may stand is
a matter of `Limits`. Memory is bounded by what one element needs.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from xml.sax.handler import ContentHandler

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._reading import Limits, Progress
from lawgov_rules.yaml_file import file_name

CHUNK = 64 * 1024
FREE = 64 * 2**20  # so much may come of any file, however small


class Element(NamedTuple):
    """The start of an element (with its attributes), or its end (``start`` false, with its text)."""

    start: bool
    name: str
    values: Mapping[str, str]
    text: str
    line: int


def elements(path: Path, progress: Progress, limits: Limits) -> Iterator[Element]:
    """The elements of a file, also of one packed with gzip. InputError where it stops being readable."""
    name = file_name(path)
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            chunks = _unfolded(raw, name, limits) if packed else iter(lambda: raw.read(CHUNK), b"")
            yield from _elements(_watched(chunks, raw, name, path.stat().st_size, progress), name, limits)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = f"not readable as gzip: {shown(str(error).lower(), 80)}"
        raise InputError(Problem(Place(name), reason, help="pack or fetch it anew")) from None
    except OSError as error:
        advice = "check that it exists and is yours to read"
        raise InputError(Problem(Place(name), f"cannot be read: {error.strerror}", help=advice)) from None


def _watched(chunks: Iterator[bytes], raw: BinaryIO, name: str, size: int, progress: Progress) -> Iterator[bytes]:
    for chunk in chunks:
        progress(name, raw.tell(), size)
        yield chunk


def _unfolded(raw: BinaryIO, name: str, limits: Limits) -> Iterator[bytes]:
    size = 0
    with gzip.open(raw) as unpacked:
        while chunk := unpacked.read(CHUNK):
            size += len(chunk)
            if size > FREE and size > limits.unfolding * raw.tell():
                reason = f"unfolds to more than {limits.unfolding} times its size"
                raise InputError(Problem(Place(name), reason, help="unpack it first, if it is what you expect"))
            yield chunk


def _elements(chunks: Iterator[bytes], name: str, limits: Limits) -> Iterator[Element]:
    from xml.sax import SAXParseException

    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import DefusedExpatParser

    parser = DefusedExpatParser()
    found = _Found(name, parser, limits)
    parser.setContentHandler(found)
    unseen = calls = 0
    try:
        for chunk in chunks:
            parser.feed(chunk)
            unseen = 0 if found.calls != calls else unseen + len(chunk)
            calls = found.calls
            if max(unseen, found.size) > limits.piece_bytes:
                place = Place(name, parser.getLineNumber())
                reason = f"an element is larger than {limits.piece_bytes / 2**20:g} MB"
                raise InputError(Problem(place, reason, help="is this the right file"))
            yield from found.elements
            found.elements.clear()
        parser.close()
        yield from found.elements
    except InputError:
        yield from found.elements  # what stands before it is sound
        raise
    except SAXParseException as error:
        yield from found.elements
        place = Place(name, error.getLineNumber() or 0, (error.getColumnNumber() or 0) + 1)
        advice = "the file is cut off or damaged at this line"
        raise InputError(Problem(place, f"not readable as XML: {error.getMessage()}", help=advice)) from None
    except DefusedXmlException as error:
        yield from found.elements
        place = Place(name, parser.getLineNumber() or 0)
        reason = f"declares an entity: `{shown(getattr(error, 'name', ''))}`"
        raise InputError(Problem(place, reason, help="logs need none; take the declaration out")) from None
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        reason = f"not readable as XML: {shown(str(error), 80)}"
        raise InputError(Problem(Place(name), reason, help="save it as UTF-8")) from None


class _Found(ContentHandler):
    """What the parser meets, kept until it is asked for."""

    def __init__(self, name: str, parser: Any, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.name, self.parser = name, parser
        self.elements: list[Element] = []
        self.texts: list[list[str]] = []
        self.size = 0  # of the text of the element that is open
        self.calls = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (the names are SAX's)
        line = self.parser.getLineNumber()
        if len(self.texts) >= self.limits.depth:
            reason = f"nested deeper than {self.limits.depth} levels"
            raise InputError(Problem(Place(self.name, line), reason, help="is this the right file"))
        self.texts.append([])
        self.size = 0
        self.calls += 1
        self.elements.append(Element(True, name.rpartition(":")[2], dict(attrs.items()), "", line))

    def endElement(self, name: str) -> None:  # noqa: N802
        text = "".join(self.texts.pop())
        self.size = 0
        self.calls += 1
        self.elements.append(Element(False, name.rpartition(":")[2], {}, text, self.parser.getLineNumber()))

    def characters(self, content: str) -> None:
        self.size += len(content)
        self.calls += 1
        self.texts[-1].append(content)

"""Text tables: ``.csv`` and ``.tsv`` in UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs.

The encoding is decided on the whole file: a byte order mark; else UTF-8 if every byte is; else, where more than half
of the bytes beyond ASCII form UTF-8 characters of three or four bytes, it is UTF-8 with a broken place, and a problem;
else GB18030 if every byte is. What decodes under several is thus read as UTF-8.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.importers._cells import stripped
from lawgov_rules.importers._grid import Grid, Row
from lawgov_rules.importers._headings import OWN, key, own, table_named, type_named
from lawgov_rules.importers._joined import documents
from lawgov_rules.importers._reading import CHANGED, RAISE, Limits, Reading
from lawgov_rules.yaml_file import Document, file_name, sha256_of

SUFFIXES = (".csv", ".tsv")
HELP = "CSV (.csv, .tsv)"
DELIMITERS = ",;\t"
CHUNK = 2**20
HEAD = 2**16  # characters among which the delimiter is looked for
_WIDE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ASCII = bytes(range(128))
SAVE_AS = "save it as CSV UTF-8"


def read(path: Path, reading: Reading) -> Iterator[Document | Problem]:
    """A document for each row of a wide table; the file's name, or a column, tells the type of record."""
    try:
        grid = grid_of(path, reading, table_named(path.stem) or "records")
        grid.type = type_named(path.stem, reading.vocabulary)
        yield from documents([grid], reading)
    except InputError as error:
        yield error.problem


def grid_of(path: Path, reading: Reading, kind: str) -> Grid:
    """The file as a table. InputError where it cannot be used."""
    file = file_name(path)
    try:
        reading.limits.file(path.stat().st_size, file)
        reading.hashes[file] = sha256_of(path)
        encoding = encoding_of(path, file)
        delimiter = delimiter_of(path, encoding)
    except OSError as error:
        raise InputError(_unreadable(file, error)) from None
    return Grid(file, rows_of(path, file, encoding, delimiter, reading.limits), kind, even=True)


def _unreadable(file: str, error: OSError) -> Problem:
    reason = f"cannot be read: {error.strerror}"
    return Problem(Place(file), reason, help="check that it exists and is yours to read")


class _Bad(NamedTuple):
    """The first byte that does not decode: its offset and its line."""

    offset: int
    line: int


def encoding_of(path: Path, file: str) -> str:
    """The encoding of a file, decided on all of it. InputError where it is in none."""
    with path.open("rb") as raw:
        start = raw.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    elif start.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    else:
        tried = ["utf-8", "gb18030"]
    bad = _undecodable(path, tried[0], file)
    if bad is None:
        return tried[0]
    if len(tried) == 2 and not _is_mostly_utf8(path):
        if _undecodable(path, "gb18030", file) is None:
            return "gb18030"
        reason = "not a text in UTF-8 or GB18030"
    else:
        reason = f"not a text in {tried[0].upper().removesuffix('-SIG')}"
    raise InputError(Problem(Place(file, bad.line), reason, f"byte {bad.offset}", SAVE_AS))


def _undecodable(path: Path, encoding: str, file: str) -> _Bad | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = lines = 0
    with path.open("rb") as raw:
        while True:
            chunk = raw.read(CHUNK)
            kept = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return _Bad(done - kept + error.start, lines + error.object[: error.start].count(b"\n") + 1)
            if (found := text.find("\0")) >= 0:
                place = Place(file, lines + text.count("\n", 0, found) + 1)
                reason = "not a text: the character U+0000 stands in it"
                raise InputError(Problem(place, reason, help="is this a binary file"))
            done, lines = done + len(chunk), lines + text.count("\n")
            if not chunk:
                return None


def _is_mostly_utf8(path: Path) -> bool:
    """Whether more than half of the bytes beyond ASCII form UTF-8 characters of three or four bytes."""
    good = beyond = 0
    with path.open("rb") as raw:
        while chunk := raw.read(CHUNK):
            good += sum(len(found) for found in _WIDE.findall(chunk))
            beyond += len(chunk.translate(None, _ASCII))
    return good * 2 > beyond


def delimiter_of(path: Path, encoding: str) -> str:
    """The one that parts the headings; where none does, the commonest of the first line."""
    with path.open(encoding=encoding, newline="") as text:
        head = text.read(HEAD)
    ids = {text for text, name in own(OWN).items() if name == "record"}

    def rank(delimiter: str) -> tuple[bool, int]:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            first = [row for row, _ in zip(rows, range(10), strict=False)]
        except csv.Error:
            first = []
        return any(key(cell) in ids for row in first for cell in row), max((len(row) for row in first), default=0)

    return max(DELIMITERS, key=rank)


def _lines(text: IO[str], file: str, limits: Limits) -> Iterator[str]:
    """The lines of a text. InputError at one that is too long to be held."""
    for number, line in enumerate(iter(lambda: text.readline(limits.piece_bytes), ""), 1):
        if len(line) >= limits.piece_bytes and line[-1] not in "\r\n":
            reason = f"a line is longer than {limits.piece_bytes} characters"
            raise InputError(Problem(Place(file, number), reason, help=RAISE))
        yield line


def rows_of(path: Path, file: str, encoding: str, delimiter: str, limits: Limits) -> Iterator[Row]:
    """The rows that hold anything, by the line of the file at which they begin."""
    try:
        with path.open(encoding=encoding, newline="") as text:
            reader = csv.reader(_lines(text, file, limits), strict=True, delimiter=delimiter)
            line = 0
            for cells in reader:
                start, line = line + 1, reader.line_num
                texts = [stripped(cell) for cell in cells]
                if any(texts):
                    yield Row(start, texts)
    except csv.Error as error:
        reason = f"not readable as a table: {shown(str(error), 120)}"
        help = "check the quotes at this line"
        raise InputError(Problem(Place(file, reader.line_num), reason, help=help)) from None
    except OSError as error:
        raise InputError(_unreadable(file, error)) from None
    except UnicodeError:  # the file has changed since its encoding was found
        raise InputError(Problem(Place(file), CHANGED, help="read it again")) from None

"""The file that a run of ``check --since`` leaves for the next one: lines of bytes between a head and their sum.

It is written beside itself and put in its place when it is whole, so a kill leaves the former one. The sum, of every
byte before it, is looked at before anything is taken from the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from lawgov_rules.errors import InputError, Place, Problem

FORM = 1
# how every one begins, whatever its form
MARK = b'{"lawgov_rules": "state of check --since", '
SUM = 64 + 1  # hexadecimal digits, and the end of the line
PIECE = 1 << 20


class Damaged(Exception):
    """It is one of ours, and cannot be used; the text says why."""


def read(path: Path) -> tuple[dict[str, Any], Iterator[bytes]] | None:
    """The head and the lines, without their ends; None where there is no such file.

    The lines are to be taken to the end, which closes the file.

    Raises:
        InputError: the file is something else, or is not to be read. Damaged: it was cut, changed, or has another form.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror}", "check that it exists and is yours to read") from None
    try:
        if file.read(len(MARK)) != MARK:
            raise refused(path, "is not the state of a check with `--since`", "name another file, or a new one")
        size = _whole(file) - SUM
        file.seek(0)
        head = json.loads(file.readline())
        if head["form"] != FORM:
            raise Damaged("it has the form of another version")
    except OSError as error:
        file.close()
        raise refused(path, f"cannot be read: {error.strerror}", "check that it exists and is yours to read") from None
    except BaseException:
        file.close()
        raise
    return head, _lines(file, size)


def _whole(file: BinaryIO) -> int:
    """The size of a file whose last line is the sum of the others."""
    size, digest = file.seek(0, os.SEEK_END), hashlib.sha256()
    file.seek(0)
    left = size - SUM
    while left > 0 and (piece := file.read(min(PIECE, left))):
        digest.update(piece)
        left -= len(piece)
    if file.read() != digest.hexdigest().encode() + b"\n":
        raise Damaged("it is damaged")
    return size


def _lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    with file:
        while file.tell() < size:
            yield file.readline()[:-1]


def write(path: Path, head: dict[str, Any], lines: Iterable[bytes]) -> None:
    """Write a head and lines, in the place of what was there. OSError: it cannot be done, and nothing has changed."""
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    digest = hashlib.sha256()
    try:
        with beside.open("xb") as file:
            for line in (MARK + json.dumps({"form": FORM, **head})[1:].encode(), *lines):
                whole = line + b"\n"
                digest.update(whole)
                file.write(whole)
            file.write(digest.hexdigest().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def refused(path: Path, reason: str, help: str) -> InputError:
    """A state that is not to be used."""
    return InputError(Problem(Place(str(path)), reason, help=help))

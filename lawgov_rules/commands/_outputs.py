"""Several outputs of one run, each format followed by its file: ``--format html -o r.html --format json -o r.json``."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from lawgov_rules.errors import shown

STDOUT = "-"


def add(parser: argparse.ArgumentParser, formats: Sequence[str], default: str) -> None:
    """Declare ``--format`` and ``-o``; what was asked for stands under ``outputs``."""
    parser.set_defaults(outputs=[])
    known = ", ".join(formats)
    parser.add_argument(
        "--format",
        action=_Add,
        choices=formats,
        metavar="F",
        help=f"of {known} (default: {default}); may be given several times, each with its own -o 输出格式，可多次使用",
    )
    parser.add_argument(
        "-o",
        "--output",
        action=_Add,
        metavar="FILE",
        help="write the format before it there instead of stdout 输出文件",
    )


class _Add(argparse.Action):
    """Keeps the order in which formats and files are named."""

    def __call__(self, _parser: Any, arguments: argparse.Namespace, value: Any, _option: str | None = None) -> None:
        arguments.outputs = [*arguments.outputs, (self.dest, value)]


def _paired(words: Sequence[tuple[str, str]], default: str) -> list[tuple[str, str]]:
    """Each format with the file after it; a file before all formats is the first one's, or else of the default format.

    Raises:
        ValueError: a file has no format of its own.
    """
    found: list[list[str]] = []
    words, early = (words[1:], [words[0][1]]) if words and words[0][0] == "output" else (words, [])
    for kind, value in words:
        if kind == "format":
            found.append([value])
        elif found and len(found[-1]) == 1:
            found[-1].append(value)
        else:
            raise ValueError(f"`-o {shown(value)}` has no --format of its own: each -o follows its --format")
    if early and found and len(found[0]) == 1:
        found[0] += early
    elif early or not found:
        found.insert(0, [default, *early])
    return [(format, file[0] if file else STDOUT) for format, *file in found]


def asked(arguments: argparse.Namespace, default: str, is_binary: Callable[[str], bool]) -> list[tuple[str, str]]:
    """What was asked for, as formats and files.

    Raises:
        ValueError: a file has no format, two outputs would end up in one place, or one on a terminal that cannot show
            it.
    """
    found = _paired(arguments.outputs, default)
    seen = set()
    for format, file in found:
        place = file if file == STDOUT else str(Path(file).resolve())
        if place in seen:
            where = "stdout: give all but one an `-o FILE`" if file == STDOUT else f"`{file}`"
            raise ValueError(f"two formats go to {where}")
        seen.add(place)
        if file == STDOUT and is_binary(format) and sys.stdout.isatty():
            raise ValueError(f"`{format}` is nothing for a terminal: give it an `-o FILE`")
    return found


def put(outputs: Iterable[tuple[str, str]], write: Callable[[str, BinaryIO], None], inputs: Iterable[str] = ()) -> str:
    """Write every output, files first; the reason why one cannot be written, or nothing.

    ``inputs`` are files that must not be written over.
    """
    kept = {Path(name).resolve() for name in inputs}
    for format, file in sorted(outputs, key=lambda output: output[1] == STDOUT):
        if file == STDOUT:
            _to_stdout(format, write)
        elif Path(file).resolve() in kept:
            return f"`{file}` is one of the files that were read; write elsewhere"
        else:
            try:
                with Path(file).open("wb") as out:
                    write(format, out)
            except OSError as error:
                return f"`{file}` cannot be written: {error.strerror}"
    return ""


def _to_stdout(format: str, write: Callable[[str, BinaryIO], None]) -> None:
    """Bytes, whatever encoding the terminal names; as text where stdout takes nothing else."""
    sys.stdout.flush()
    bytes_out = getattr(sys.stdout, "buffer", None)
    if bytes_out is None:
        out = io.BytesIO()
        write(format, out)
        sys.stdout.write(out.getvalue().decode("utf-8", "replace"))
    else:
        write(format, bytes_out)
    sys.stdout.flush()

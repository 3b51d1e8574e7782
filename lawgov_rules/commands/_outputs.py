"""Several outputs of one run, each format followed by its file: ``--format html -o r.html --format json -o r.json``."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

STDOUT = "-"


@dataclass
class Output:
    """A format, and the file it goes to; stdout where none is named."""

    format: str | None = None
    file: str = STDOUT


def add(parser: argparse.ArgumentParser, formats: Sequence[str], default: str) -> None:
    """Declare ``--format`` and ``-o``; what was asked for stands under ``outputs``."""
    parser.set_defaults(outputs=[])
    known = ", ".join(formats)
    parser.add_argument(
        "--format",
        action=_AddFormat,
        choices=formats,
        metavar="F",
        help=f"of {known} (default: {default}); may be given several times, each with its own -o 输出格式，可多次使用",
    )
    parser.add_argument(
        "-o",
        "--output",
        action=_AddFile,
        metavar="FILE",
        help="write the format before it there instead of stdout 输出文件",
    )


class _AddFormat(argparse.Action):
    def __call__(self, _parser: Any, arguments: argparse.Namespace, value: Any, _option: str | None = None) -> None:
        found = list(arguments.outputs)
        if found and found[-1].format is None:  # `-o report.json --format json`
            found[-1] = Output(value, found[-1].file)
        else:
            found.append(Output(value))
        arguments.outputs = found


class _AddFile(argparse.Action):
    def __call__(self, parser: Any, arguments: argparse.Namespace, value: Any, _option: str | None = None) -> None:
        found = list(arguments.outputs)
        if found and found[-1].file != STDOUT:
            parser.error(f"`-o {value}` has no --format of its own: each -o follows its --format")
        found[-1:] = [Output(found[-1].format if found else None, value)]
        arguments.outputs = found


def asked(arguments: argparse.Namespace, default: str, is_binary: Callable[[str], bool]) -> list[tuple[str, str]]:
    """What was asked for, as formats and files.

    Raises:
        ValueError: two outputs would end up in one place, or one on a terminal that cannot show it.
    """
    found = [(output.format or default, output.file) for output in arguments.outputs or [Output()]]
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

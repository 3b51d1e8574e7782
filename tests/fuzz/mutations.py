"""Ways to damage a file: its bytes, or the parts inside a zip or gzip, which random bytes hardly ever reach."""

from __future__ import annotations

import gzip
import io
import random
import zipfile

# what has broken readers of such files before
TOKENS = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x80",
    b"\xd6\xd0",  # 中 in GB18030
    b'"',
    b"'",
    b",,,,",
    b"\r",
    b"\n\n---\n",
    b"&a [*a]",
    b"<!DOCTYPE x [<!ENTITY e 'x'>]>",
    b"&e;",
    b"<x>",
    b"</trace>",
    b"]]>",
    b"{" * 200,
    b"[" * 200,
    b"9" * 400,
    b"-1",
    b"1e309",
    b"NaN",
    b"2012-02-30",
    b"1948-01-01",
    b"2201-12-31",
    b"0000-00-00",
    b"2012-03-01T25:61:00+99:00",
    "二〇一二年三月".encode(),
    "１２３".encode(),
    "\u202e\u2066😀".encode(),
    b"=cmd|' /C calc'!A0",
    b"A" * 70_000,
)
KINDS = ("flip", "cut", "insert", "drop", "repeat", "swap", "splice")


def damaged(data: bytes, other: bytes, draw: random.Random) -> bytes:
    """The file with one to four injuries; an archive is opened and one of its parts is injured, or it itself is."""
    if data[:2] == b"PK" and draw.random() < 0.85:
        return _zip(data, other, draw)
    if data[:2] == b"\x1f\x8b" and draw.random() < 0.85:
        return gzip.compress(damaged(gzip.decompress(data), other, draw), compresslevel=1, mtime=0)
    for _ in range(draw.randint(1, 4)):
        data = _injured(data, other, draw)
    return data


def _injured(data: bytes, other: bytes, draw: random.Random) -> bytes:
    at, end = sorted((draw.randint(0, len(data)), draw.randint(0, len(data))))
    end = min(end, at + draw.choice((1, 8, 200, 5_000)))
    kind = draw.choice(KINDS)
    if kind == "flip":
        return data[:at] + bytes(draw.randrange(256) for _ in data[at : min(end, at + 8)]) + data[min(end, at + 8) :]
    if kind == "cut":
        return data[:at]
    if kind == "insert":
        return data[:at] + draw.choice(TOKENS) + data[at:]
    if kind == "drop":
        return data[:at] + data[end:]
    if kind == "repeat":
        return data[:at] + data[at:end] * draw.randint(2, 20) + data[end:]
    if kind == "swap":
        return data[:at] + draw.choice(TOKENS) + data[end:]
    start = draw.randint(0, len(other))
    return data[:at] + other[start : start + 500] + data[end:]


def _zip(data: bytes, other: bytes, draw: random.Random) -> bytes:
    """The archive with one part injured, left out, or there twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
    except zipfile.BadZipFile:
        return _injured(data, other, draw)
    number = draw.randrange(len(parts))
    name, content = parts[number]
    kind = draw.randrange(10)
    if kind == 0:
        del parts[number]
    elif kind == 1:
        parts[number] = (name, other[:100_000])
    else:
        parts[number] = (name, damaged(content, other, draw))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts:
            archive.writestr(part, content)
    return made.getvalue()

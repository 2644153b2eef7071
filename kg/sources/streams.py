"""Streams of bytes: opened, looked into, and kept from being read twice."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any, BinaryIO, cast

__all__ = ["Unseekable", "opened", "peeked"]


class Unseekable(io.RawIOBase):
    """A zip member as a plain stream; seeking in it would unpack it again from its beginning."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def peeked(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream, and the stream from its beginning."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    return buffered.peek(4)[:4], cast(BinaryIO, buffered)


def opened(path: Path) -> BinaryIO:
    """A file, unpacked if its name says that it is gzipped."""
    return cast(BinaryIO, gzip.open(path) if path.suffix == ".gz" else path.open("rb"))

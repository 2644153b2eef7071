"""Writing a file in one step: readers see the old one or the whole new one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kg.errors import BadInput

__all__ = ["replacing"]


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A binary file to write to, which takes the place of `path` when the block ends without an error, and is removed otherwise.

    Raises:
        BadInput: the folder or the file cannot be written.
    Example:
        >>> from tempfile import mkdtemp
        >>> target = Path(mkdtemp()) / "new.txt"
        >>> with replacing(target) as file:
        ...     _ = file.write(b"whole")
        >>> target.read_text()
        'whole'
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise BadInput(f"{target}: cannot be written: {error.strerror}; name another file") from None
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        made.chmod(0o666 & ~_umask())  # mkstemp makes files that only their owner reads
        made.replace(target)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise BadInput(f"{target}: cannot be written: {error.strerror}; name another file, or free some space") from None
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask

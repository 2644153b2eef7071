"""The NCI Thesaurus as flat file: a concept a line, tab-separated, without a header.

Columns: code, concept IRI, parents, synonyms (the first is preferred), definition, display name, concept status, semantic type and, since
2019, concept in subset; several values of one column are separated by '|'.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import BadInput
from kg.records import Source
from kg.sources.vocabularies.records import Concept, Vocabulary

__all__ = ["is_flat", "read"]

_MEMBER = "Thesaurus.txt"
_CODE = re.compile(r"C\d+")
_VERSION = re.compile(r"(\d\d\.\d\d[a-z])")
_GONE = ("Obsolete_Concept", "Retired_Concept")
_CODE_NAME = re.compile(r"(?=[^ ]*\d)[A-Z]{2,}[- ]?\d[\w-]*")
_WIDTHS = (8, 9)
_FAR = 6
"""How many classes above a concept are named, nearest first."""


class _Line(NamedTuple):
    parents: tuple[str, ...]
    names: tuple[str, ...]


def is_flat(head: bytes) -> bool:
    """Whether a file that begins so is the flat file."""
    cells = head.split(b"\n")[0].split(b"\t")
    return len(cells) in _WIDTHS and bool(_CODE.fullmatch(cells[0].decode("ascii", "replace")))


def read(file: Path) -> Vocabulary:
    """The release in Thesaurus.txt or in the zip that holds it.

    Raises:
        BadInput: a zip without Thesaurus.txt, or a line that has not the format's columns.
    """
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            if not any(Path(name).name == _MEMBER for name in archive.namelist()):
                raise BadInput(f"{file}: a zip without {_MEMBER}; give Thesaurus.FLAT.zip of the NCI Thesaurus")
    found = _VERSION.search(file.name) or _VERSION.search(file.resolve().parent.name)
    version = found[1] if found else ""
    source = Source(
        f"ncit-{version.replace('.', '-') or 'unknown'}",
        f"NCI Thesaurus {version}".strip(),
        "https://evs.nci.nih.gov/ftp1/NCI_Thesaurus/",
        version,
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
    )
    return Vocabulary(source, _concepts(file))


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                member = next(name for name in archive.namelist() if Path(name).name == _MEMBER)
                with archive.open(member) as raw:
                    yield from _cells(io.TextIOWrapper(raw, encoding="utf-8", newline="\n"), f"{file}/{member}")
        else:
            with file.open(encoding="utf-8", newline="\n") as lines:
                yield from _cells(lines, str(file))
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: not UTF-8 (byte {error.start}); take the file as the NCI released it") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(f"{file}: cannot be read: {error}") from error


def _cells(lines: io.TextIOBase, place: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) not in _WIDTHS or not _CODE.fullmatch(cells[0]):
            raise BadInput(f"{place}:{number}: {len(cells)} columns beginning {cells[0][:20]!r}; this is no flat file of the NCI Thesaurus")
        yield number, cells


def _concepts(file: Path) -> Iterator[Concept]:
    known: dict[str, _Line] = {}
    for _, cells in _lines(file):
        if any(word in cells[6] for word in _GONE):
            continue
        # The preferred name stands first; older releases leave the synonyms empty where there is none besides it.
        stated = [name.strip() for name in cells[3].split("|") if name.strip()] or [cells[5].strip()]
        parents = tuple(code for code in cells[2].split("|") if _CODE.fullmatch(code))
        known[cells[0]] = _Line(parents, tuple(dict.fromkeys(filter(None, stated))))
    for code, line in known.items():
        if line.names:
            names = tuple((name, "code" if _CODE_NAME.fullmatch(name) else "synonym") for name in line.names)
            yield Concept((f"ncit:{code}",), names, tuple(filter(None, (_above(parent, known) for parent in line.parents))), code)


def _above(parent: str, known: dict[str, _Line]) -> tuple[str, ...]:
    """The names of a parent, then of what is above it, step by step."""
    names: list[str] = []
    step, seen = [parent], {parent}
    for _ in range(_FAR):
        following: list[str] = []
        for code in step:
            if code in known:
                names.extend(known[code].names)
                following.extend(above for above in known[code].parents if above not in seen)
                seen.update(following)
        step = following
    return tuple(dict.fromkeys(names))

"""Mappings in SSSOM's TSV form: metadata in lines that begin with '#', then a table. Only exact matches are taken."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import yaml

from kg.errors import BadInput
from kg.records import Source
from kg.sources.vocabularies.records import Mapping, Vocabulary

__all__ = ["is_table", "read"]

_NEEDED = ("subject_id", "predicate_id", "object_id")
_EXACT = ("skos:exactMatch", "http://www.w3.org/2004/02/skos/core#exactMatch")
_NOT = "Not"
"""The value of predicate_modifier that denies a mapping."""


def is_table(head: bytes) -> bool:
    """Whether a file that begins so is an SSSOM table."""
    lines = [line for line in head.decode("utf-8", "replace").splitlines() if line.strip()]
    header = next((line for line in lines if not line.startswith("#")), "")
    return all(column in header.split("\t") for column in _NEEDED) or (
        not header and any(re.match(r"# ?(curie_map|mapping_set_id)\s*:", line) for line in lines)
    )


def read(file: Path) -> Vocabulary:
    """The mappings in a file.

    Raises:
        BadInput: metadata that are no YAML, a column that is missing, or a row with too few cells.
    """
    metadata = _metadata(file)
    name = str(metadata.get("mapping_set_title") or metadata.get("mapping_set_id") or file.name)
    version = str(metadata.get("mapping_set_version") or metadata.get("mapping_date") or "")
    stem = re.sub(r"[^a-z0-9]+", "-", f"{file.name.removesuffix('.tsv').removesuffix('.sssom')} {version}".lower()).strip("-")
    source = Source(
        f"sssom-{stem}",
        f"Mappings: {name}",
        str(metadata.get("mapping_set_id") or ""),
        version,
        licence=str(metadata.get("license") or ""),
    )
    return Vocabulary(source, mappings=_mappings(file))


def _metadata(file: Path) -> dict[str, object]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        text = "".join(line[1:] for line in takewhile(lambda line: line.startswith("#"), lines))
    try:
        found = yaml.safe_load(text.replace("\t", " ")) if text.strip() else {}
    except yaml.YAMLError as error:
        raise BadInput(f"{file}: the lines that begin with '#' are no YAML ({error}); correct or remove them") from None
    return found if isinstance(found, dict) else {}


def _mappings(file: Path) -> Iterator[Mapping]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            number = 0
            for line in lines:
                number += 1
                if not line.startswith("#"):
                    break
            header = line.rstrip("\r\n").split("\t")
            missing = [column for column in _NEEDED if column not in header]
            if missing:
                raise BadInput(f"{file}:{number}: the column {missing[0]} is missing; an SSSOM table has {', '.join(_NEEDED)}")
            for row in csv.DictReader(lines, fieldnames=header, delimiter="\t", quoting=csv.QUOTE_NONE):
                number += 1
                if any(row[column] is None for column in _NEEDED):
                    raise BadInput(f"{file}:{number}: too few cells; the header has {len(header)}")
                if row["predicate_id"] in _EXACT and row.get("predicate_modifier") != _NOT:
                    yield Mapping(row["subject_id"].strip(), row["object_id"].strip(), f"line {number}")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: not UTF-8 (byte {error.start}); save it as UTF-8") from None

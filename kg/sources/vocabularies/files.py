"""Which format a vocabulary release has is told by its content, never by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kg.errors import BadInput
from kg.sources.vocabularies import chembl, ncit, rxnorm, sssom
from kg.sources.vocabularies.records import Vocabulary

__all__ = ["read_vocabulary"]

_KNOWN = (
    "give a RxNorm release (its folder or its rrf folder), a ChEMBL SQLite file, "
    "the NCI Thesaurus as flat file (Thesaurus.txt or its zip), or an SSSOM table"
)


def read_vocabulary(path: str | Path) -> Vocabulary:
    """A vocabulary release; its concepts are read as they are asked for.

    Arguments:
        path: a RxNorm folder that holds RXNCONSO.RRF (or rrf/RXNCONSO.RRF); a ChEMBL SQLite file; the NCI Thesaurus flat file, zipped or
            not; an SSSOM table.
    Raises:
        BadInput: there is nothing, or something else.
    """
    place = Path(path)
    if not place.exists():
        raise BadInput(f"{place}: there is no such file or folder; {_KNOWN}")
    try:
        if place.is_dir():
            return rxnorm.read(place)
        with place.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise BadInput(f"{place}: cannot be read: {error.strerror}") from error
    if head.startswith(chembl.MAGIC):
        return chembl.read(place)
    if zipfile.is_zipfile(place) or ncit.is_flat(head):
        return ncit.read(place)
    if sssom.is_table(head):
        return sssom.read(place)
    raise BadInput(f"{place}: this is no vocabulary release that is known here; {_KNOWN}")

"""ChEMBL as SQLite: parent molecules with their synonyms, salts, ATC codes and groups."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from kg.errors import BadInput
from kg.records import Source
from kg.sources.vocabularies.records import Concept, Vocabulary

__all__ = ["MAGIC", "read"]

MAGIC = b"SQLite format 3\x00"
_TABLES = ("molecule_dictionary", "molecule_synonyms", "molecule_hierarchy")
_KINDS = {"TRADE_NAME": "brand", "RESEARCH_CODE": "code"}
"""What `molecule_synonyms.syn_type` means here; any other is a synonym."""
_NUMBER = re.compile(r"chembl_(\d+)", re.IGNORECASE)

_MOLECULES = """
    SELECT d.molregno, d.chembl_id, d.pref_name
    FROM molecule_dictionary d LEFT JOIN molecule_hierarchy h ON h.molregno = d.molregno
    WHERE d.pref_name IS NOT NULL AND (h.parent_molregno IS NULL OR h.parent_molregno = d.molregno)
    ORDER BY d.molregno
"""
_SYNONYMS = "SELECT molregno, synonyms, syn_type FROM molecule_synonyms WHERE synonyms IS NOT NULL ORDER BY molregno, molsyn_id"
_SALTS = """
    SELECT h.parent_molregno, d.pref_name, d.chembl_id FROM molecule_hierarchy h JOIN molecule_dictionary d ON d.molregno = h.molregno
    WHERE h.molregno <> h.parent_molregno AND d.pref_name IS NOT NULL ORDER BY h.parent_molregno, d.molregno
"""
_ATC = """
    SELECT c.molregno, c.level5, a.level4_description, a.level3_description
    FROM molecule_atc_classification c JOIN atc_classification a ON a.level5 = c.level5 ORDER BY c.molregno, c.level5
"""


def read(file: Path) -> Vocabulary:
    """The release in a SQLite file.

    Raises:
        BadInput: no SQLite, or not the tables of ChEMBL.
    """
    with closing(_open(file)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        missing = [name for name in _TABLES if name not in tables]
        if missing:
            raise BadInput(f"{file}: a SQLite file without the table {missing[0]}; give the chembl_NN.db of a ChEMBL release")
        version = _version(database, file) if "version" in tables else _from_name(file)
    source = Source(
        f"chembl-{version or 'unknown'}",
        f"ChEMBL {version}".strip(),
        "https://www.ebi.ac.uk/chembl/",
        version,
        licence="CC BY-SA 3.0",
        licence_url="https://creativecommons.org/licenses/by-sa/3.0/",
    )
    return Vocabulary(source, _concepts(file, "atc_classification" in tables and "molecule_atc_classification" in tables))


def _open(file: Path) -> sqlite3.Connection:
    try:
        database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        database.execute("SELECT name FROM sqlite_master LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{file}: cannot be read as SQLite ({error}); unpack or download the file again") from error
    return database


def _version(database: sqlite3.Connection, file: Path) -> str:
    """The release's number: the table `version` names it ("ChEMBL_36")."""
    names = [str(name) for (name,) in database.execute("SELECT name FROM version")]
    found = next((match for name in names if (match := _NUMBER.search(name))), None)
    return found[1] if found else _from_name(file)


def _from_name(file: Path) -> str:
    found = _NUMBER.search(file.name)
    return found[1] if found else ""


def _concepts(file: Path, with_atc: bool) -> Iterator[Concept]:
    try:
        with closing(_open(file)) as database:
            synonyms, salts = _Beside(database, _SYNONYMS), _Beside(database, _SALTS)
            atc = _Beside(database, _ATC) if with_atc else None
            for number, chembl_id, name in database.execute(_MOLECULES):
                names = [(str(name), "synonym")]
                names += [(str(text), _KINDS.get(str(kind), "synonym")) for text, kind in synonyms.of(number)]
                forms = salts.of(number)
                names += [(str(salt), "salt") for salt, _ in forms]
                groups = atc.of(number) if atc else []
                yield Concept(
                    (f"chembl:{chembl_id}", *(f"chembl:{salt_id}" for _, salt_id in forms), *(f"atc:{code}" for code, *_ in groups)),
                    tuple(dict.fromkeys(names)),
                    tuple(dict.fromkeys(tuple(str(group) for group in above if group) for _, *above in groups)),
                    str(chembl_id),
                )
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{file}: a table has not the columns of ChEMBL ({error}); give the chembl_NN.db of a release") from error


class _Beside:
    """The rows of a query that begin with a molecule's number, read once beside the molecules: releases have no index to ask by."""

    def __init__(self, database: sqlite3.Connection, query: str) -> None:
        self._groups = groupby(database.execute(query), key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, number: int) -> list[tuple[object, ...]]:
        """The rest of each row of this molecule. To be asked in the order of the numbers."""
        while self._next and self._next[0] < number:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != number:
            return []
        return [row[1:] for row in self._next[1]]

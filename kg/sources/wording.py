"""The small tables of `data/registry`: how pages word the registry's codes, and how texts word routes and frequencies."""

from __future__ import annotations

import csv
import re
from functools import cache

from kg import bundle
from kg.errors import BadTable

__all__ = ["code", "known_code", "rows", "wordings"]


@cache
def rows(name: str, *columns: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `data/registry/<name>.csv`, cells in the order of `columns`.

    Raises:
        BadTable: the file's header differs.

    >>> ("route", "orally", "PO") in rows("dosing_words", "kind", "phrase", "value")
    True
    """
    path = bundle.path("data") / "registry" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        table = list(csv.reader(lines))
    if not table or tuple(table[0]) != columns:
        raise BadTable(f"data/registry/{name}.csv:1: the header is {table[:1]}; write {','.join(columns)}")
    for number, row in enumerate(table[1:], 2):
        if len(row) != len(columns):
            raise BadTable(f"data/registry/{name}.csv:{number}: {len(row)} cells; the header has {len(columns)}")
    return tuple(tuple(row) for row in table[1:])


@cache
def _codes() -> dict[tuple[str, str], str]:
    return {(field, words): value for field, words, value in rows("wording", "field", "words", "code")}


def known_code(field: str, words: str) -> str:
    """The API v2 code for a page's words, '' when the table has none.

    >>> known_code("model", "Parallel Assignment"), known_code("arm", "Drug")
    ('PARALLEL', '')
    """
    return _codes().get((field, " ".join(words.split()).casefold()), "")


def code(field: str, words: str) -> str:
    """The API v2 code for a page's words; most codes are the words themselves in capitals.

    >>> code("masking", "None (Open label)"), code("status", "Active, not recruiting")
    ('NONE', 'ACTIVE_NOT_RECRUITING')
    """
    return known_code(field, words) or re.sub(r"[^A-Z0-9]+", "_", words.upper()).strip("_")


def wordings(field: str) -> list[str]:
    """Every wording of a field that the table has, in lower case, the longest first.

    >>> wordings("age_group")
    ['older adult', 'adult', 'child']
    """
    return sorted((words for each, words in _codes() if each == field), key=lambda words: (-len(words), words))

"""Named regular expressions of `data/eligibility/patterns.csv`: what words stand around a therapy, a window or an exception."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kg import bundle
from kg.criteria.words.first_letters import quick
from kg.criteria.words.lexicon import read_phrases
from kg.criteria.words.needed_words import NeededWords
from kg.errors import BadTable

ANYWHERE = 1
"""The bit of what can be in any text."""


class Words:
    """A named pattern: the methods of a regular expression, and `bit`, the bits of the texts that it can match in (see `possible`).

    It is compiled when it is first used: few texts need all of the patterns, and to compile them is most of what the reader's start takes.
    """

    __slots__ = ("_alternatives", "bit", "finditer", "fullmatch", "match", "search", "sub")

    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]
    sub: Callable[..., str]

    def __init__(self, alternatives: Sequence[str], bit: int) -> None:
        self.bit = bit
        self._alternatives = alternatives

    def __getattr__(self, method: str) -> Any:
        """A method that has no value yet: from now on they have, so that this is asked once."""
        if method not in _METHODS:
            raise AttributeError(method)
        compiled = quick("|".join(self._alternatives))
        for name in _METHODS:
            setattr(self, name, getattr(compiled, name))
        return getattr(self, method)


_METHODS = ("search", "match", "fullmatch", "finditer", "sub")


@cache
def _words() -> dict[str, Words]:
    return {name: Words([part for _, part in rows], _needed().bits(name)) for name, rows in _table().items()}


@cache
def _table() -> dict[str, list[tuple[int, str]]]:
    """The rows of each pattern: their lines, and their alternatives."""
    rows: dict[str, list[tuple[int, str]]] = {}
    for line, (name, _, part) in read_phrases(_path(), ("name", "part", "pattern")):
        rows.setdefault(name, []).append((line, part))
    return rows


def _path() -> Path:
    return bundle.path("data") / "eligibility" / "patterns.csv"


def pattern(name: str) -> Words:
    """The pattern of this name; its rows are alternatives, tried in their order. It reads the lower-case normal form.

    Raises:
        BadTable: no row has the name, or a row is no regular expression.
    Example:
        >>> bool(pattern("stance: naive").match("-naive patients"))
        True
    """
    try:
        return _words()[name]
    except KeyError:
        raise BadTable(f"data/eligibility/patterns.csv: no pattern is named {name!r}; add its row") from None


@cache
def _needed() -> NeededWords:
    try:
        return NeededWords({name: [part for _, part in rows] for name, rows in _table().items()})
    except re.error:
        for name, rows in _table().items():  # each by itself only now, to name the row
            for line, part in rows:
                try:
                    re.compile(part)
                except re.error as error:
                    raise BadTable(f"{_path()}:{line}: the pattern of {name!r} is no regular expression: {error}") from error
        raise


def one_of(*names: str) -> int:
    """The bits of patterns of which one must match for something to hold: `possible` tells where that can be.

    Raises:
        BadTable: no row has one of the names.
    """
    bits = 0
    for name in names:
        bits |= pattern(name).bit
    return bits


def possible(lower: str) -> int:
    """The bits of the patterns whose words are in a text in lower case; the others match nowhere in it.

    Example:
        >>> bool(possible("patients with melanoma") & one_of("stance: naive"))
        False
    """
    return _needed().possible(lower)


@cache
def patterns_named(prefix: str) -> dict[str, Words]:
    """The patterns whose names begin so, by the rest of the name.

    Example:
        >>> "antihypertensive" in patterns_named("acts on: ")
        True
    """
    return {name.removeprefix(prefix): found for name, found in _words().items() if name.startswith(prefix)}

"""Therapies by the abbreviations that the text itself gives them: "sacituzumab govitecan (SG) …" and, elsewhere, "prior SG"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.criteria.words.normal import Normal
from kg.records import Mention

_TOLD = re.compile(r"\s?\((?P<abbreviation>[A-Z]{2,6})\)")
_WORD = re.compile(r"[a-z0-9]+", re.IGNORECASE)
_AT_LEAST = 3
"""An abbreviation of one word has so many letters, or more: "temozolomide (TMZ)"."""
_ANY = "investigational-agent"
"""What another trial gives is no therapy that an abbreviation would tell of again: "investigational product (IP)"."""


def may_tell(text: str) -> bool:
    """Whether a text may explain an abbreviation."""
    return "(" in text and _TOLD.search(text) is not None


def with_abbreviations(texts: Sequence[Normal], mentions: list[list[Mention]]) -> list[list[Mention]]:
    """The mentions of a trial's criteria with every abbreviation that one of them explains.

    Arguments:
        texts: the criteria.
        mentions: those that were found in each by their names.
    """
    told: dict[str, set[tuple[str, str]]] = {}
    for normal, named in zip(texts, mentions, strict=True):
        for m in named if "(" in normal.cased else ():
            found = _TOLD.match(normal.cased, m.end) if m.kind in ("drug", "class") and m.key not in ("", _ANY) else None
            if found and _abbreviates(found["abbreviation"], m.text) and not _is_named(named, *found.span("abbreviation")):
                told.setdefault(found["abbreviation"], set()).add((m.kind, m.key))
    meant = {abbreviation: next(iter(things)) for abbreviation, things in told.items() if len(things) == 1}
    if not meant:
        return mentions
    anywhere = re.compile(rf"(?<![\w(/-])(?:{'|'.join(meant)})(?![\w-])")
    return [_with(normal.cased, named, anywhere, meant) for normal, named in zip(texts, mentions, strict=True)]


def _with(text: str, named: list[Mention], anywhere: re.Pattern[str], meant: dict[str, tuple[str, str]]) -> list[Mention]:
    places = [(*found.span(), found.group()) for found in anywhere.finditer(text)]
    more = [Mention(start, end, *meant[words], words) for start, end, words in places if not _is_named(named, start, end)]
    return sorted(named + more, key=lambda m: m.start) if more else named


def _is_named(named: list[Mention], start: int, end: int) -> bool:
    """Whether something else is read at a place."""
    return any(m.start < end and start < m.end for m in named)


def _abbreviates(abbreviation: str, name: str) -> bool:
    """Whether letters are the first ones of a name's words, or of one word in order, as "TMZ" of "temozolomide"."""
    words = _WORD.findall(name.upper())
    if len(words) > 1 and "".join(word[0] for word in words).startswith(abbreviation):
        return True
    if len(abbreviation) < _AT_LEAST or len(words) != 1 or words[0][0] != abbreviation[0]:
        return False
    letters = iter(words[0])
    return all(letter in letters for letter in abbreviation)

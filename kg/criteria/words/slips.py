"""Decisive words with one letter wrong: "chemotheraphy", "inhibiters", "steriods" are read as what is meant."""

from __future__ import annotations

import re
from functools import cache
from string import ascii_lowercase

from kg import bundle
from kg.criteria.words.lexicon import read_phrases

_LETTERS = bytes(code if chr(code) in ascii_lowercase else ord(" ") for code in range(256))


def slips_in(lower: str) -> re.Pattern[str] | None:
    """What finds the misspelled words of a text in lower case, if it has any; the first and the last letter are always right.

    >>> slips_in("prior chemotheraphy, inhibiters").pattern, slips_in("inhibitory, inhibited")
    ('\\\\b(?:chemotheraphy|inhibiters)\\\\b', None)
    """
    words = lower.encode("latin-1", "replace").translate(_LETTERS).split()  # bytes: quicker than characters
    meant = _meant()
    if meant.keys().isdisjoint(words):
        return None
    return re.compile(rf"\b(?:{'|'.join(sorted({word.decode() for word in words if word in meant}))})\b")


def meant_by(slip: str) -> str:
    """The word that a slip stands for, in its letter case.

    >>> meant_by("Immunotheray"), meant_by("INHIBITERS")
    ('Immunotherapy', 'INHIBITORS')
    """
    word = _meant()[slip.lower().encode()]
    return word.upper() if slip.isupper() else slip[0] + word[1:]


@cache
def _meant() -> dict[bytes, str]:
    rows = read_phrases(bundle.path("data") / "eligibility" / "misspelled.csv", ("word", "not"))
    words = {word for _, (word, _) in rows}
    others = words.union(*(other.split("|") for _, (_, other) in rows))
    return {slip.encode(): word for word in sorted(words) for slip in _one_letter_off(word) if slip not in others}


def _one_letter_off(word: str) -> set[str]:
    """A word with one of its inner letters left out, doubled or other, one more, or two of them changed in order."""
    slips = set()
    for i in range(1, len(word)):
        before, behind = word[:i], word[i:]
        slips |= {before + letter + behind for letter in ascii_lowercase}
        if len(behind) > 1:
            slips |= {before + letter + behind[1:] for letter in ascii_lowercase}
            slips.add(before + behind[1:])
        if len(behind) > 2:
            slips.add(before + behind[1] + behind[0] + behind[2:])
    return slips - {word}

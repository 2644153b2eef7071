"""Names that mean something else in some texts: "ASA" beside "American Society of Anesthesiologists", "RT" in "RT-PCR"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kg.names.fold import Spelling, words_only

__all__ = ["Homonyms", "Sign"]

_WINDOW = 60
"""How many characters around a name a sign that holds the name is looked for."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that give the other meaning away. `around`: they hold the name itself, so only that place is another thing's.

    `word` is the most telling one of them: where it does not stand, which is soon seen, the sign does not show.
    """

    pattern: re.Pattern[str]
    around: bool
    word: str

    def shows(self, words: str, start: int, end: int) -> bool:
        """Whether the name at [start, end) of a text of blank-separated words means something else."""
        if not self.around:
            return self.word in words and self.pattern.search(words) is not None
        first, last = max(0, start - _WINDOW), end + _WINDOW
        if words.find(self.word, first, last) < 0:
            return False
        return any(match.start() <= start and end <= match.end() for match in self.pattern.finditer(words, first, last))


class Homonyms:
    """The `homonym` rows of the grammar: a name → the signs of its other meanings.

    Example:
        >>> homonyms = Homonyms({"RT": "RT-PCR", "ASA": "Anesthesiologists"}, Spelling({}))
        >>> [sign.shows("quantitative rt pcr and rt", 13, 15) for sign in homonyms.of("rt")]
        [True]
        >>> [sign.shows("quantitative rt pcr and rt", 24, 26) for sign in homonyms.of("rt")]
        [False]
    """

    def __init__(self, rows: Mapping[str, str], spelling: Spelling) -> None:
        self._signs: dict[str, tuple[Sign, ...]] = {}
        for name, phrases in rows.items():
            forms = spelling.variants(name)
            own = {tuple(words_only(form).split()) for form in forms}
            signs = tuple(_signs(phrases.split("|"), own, spelling))
            for form in forms:
                self._signs[" ".join(words_only(form).split())] = signs

    def of(self, words: str) -> tuple[Sign, ...]:
        """The signs for a folded name, its words separated by one blank."""
        return self._signs.get(words, ())


def _signs(phrases: Iterable[str], own: Collection[tuple[str, ...]], spelling: Spelling) -> Iterable[Sign]:
    for phrase in phrases:
        for form in sorted(spelling.variants(phrase)):
            words = words_only(form).split()
            around = any(tuple(words[at : at + len(name)]) == name for name in own for at in range(len(words)))
            telling = max((w for w in words if (w,) not in own), key=len, default="")
            yield Sign(re.compile(r"(?<!\w)" + " +".join(map(re.escape, words)) + r"s?(?!\w)"), around, telling)

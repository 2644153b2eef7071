"""A normal form of criterion text, in which phrases match whatever the white space, quotes, dashes or escapes; with the way back to offsets."""  # noqa: E501

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kg.criteria.words.slips import meant_by, slips_in
from kg.criteria.words.times_alike import BETWEEN, Put, times_alike

_SAME_LENGTH = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\ufe63": "-", "\uff0d": "-",
        "\uff1a": ":", "\uff1b": ";", "\uff0c": ",", "\u3001": ",", "\uff08": "(", "\uff09": ")", "\u2264": "\u2264", "\u2a7d": "\u2264", "\u2a7e": "\u2265",  # noqa: E501
        "\u2267": "\u2265", "\u2266": "\u2264", "\uff1e": ">", "\uff1c": "<",
    }
)  # fmt: skip
_ENTITIES = {"lt": "<", "gt": ">", "ge": "\u2265", "le": "\u2264", "amp": "&", "nbsp": " ", "quot": '"'}
# Runs to be replaced: an entity of HTML by its sign, a markdown escape before punctuation vanishes, a run of white space (or zero-width marks) becomes one space, as does the mark of a bullet that tears a sentence; "isn't" is spelled out, "need to have" is "must have", "can not" is "cannot"; one space stays.  # noqa: E501
_RUN = re.compile(
    r"\\?&(?P<entity>lt|gt|ge|le|amp|nbsp|quot);|\\(?=[^\w\s])|\n[^\S\n]*[*\u2022\u25cf-]\s+(?=\S)|[\s\u200b\ufeff\u00ad]{2,}"
    r"|[^\S ]|[\u200b\ufeff\u00ad]|(?P<contracted>(?<=[a-z])n't\b)"
    r"|(?P<must>\b(?<!\bno )(?<!\bnot )(?<!\bthe )(?<!\ba )(?<!\bany )(?<!\bwho )(?<!\bthat )(?<!\bwhich )(?<!\band )(?<!\bor )"
    r"(?:will (?:need|have) to|ha(?:s|ve) to|needs? to|(?:is|are) required to|shall)(?= (?:have|be)\b(?! able| willing)))"
    r"|(?P<cannot>\b[Cc]an not\b(?! only))"
)

_TORN = re.compile(
    _RUN.pattern
    + r"|\b(?P<front>(?i:anti|half|non|post|pre|co|drug|platinum|steroid)-)\s+"
    + r"(?!(?i:and|or|to|nor|versus|but|as|in|of|with|for|at|on|by)\b)(?=\w)"
)
"""`_RUN`, and the blank behind a hyphen that tears a word apart: "anti- PD-1", "5 half- lives"."""
_REPLACED = ("  ", "\\", "&", "- ", "n't", " to be ", " to have ", " shall ", "an not ")
"""A text of visible characters in which none of these stands is its own normal form."""
_ASIDE = re.compile(
    r"\((?:[^()]|\([^()]*\))*\)|(?P<open>(?<![^\s\\])[\[{])(?P<told>[^\[\]{}\s\\]+\s(?:[^\[\]{}]|[\[{][^\[\]{}]*[\]}])*)(?P<close>[\]}])"
)
"""Round brackets; and other ones, of several words, that stand in none: what is told in these is told aside, too."""
IN_BRACKETS = re.compile(r"\([^()]*\)")
"""What stands in round brackets, with them."""


@dataclass(slots=True)
class Normal:
    """Normalised text: `cased` keeps case, `lower` is its twin in lower case, equally long; `back(i)` is the original offset of position i.

    Like the other parts of a reading it is not to be changed once made; only what leaves the reader is frozen, which takes longer to make.
    """

    cased: str
    lower: str
    _positions: tuple[int, ...] = (0,)
    _shifts: tuple[int, ...] = (0,)

    @property
    def as_written(self) -> bool:
        """Whether every character stands where it stood."""
        return len(self._positions) == 1

    def back(self, position: int) -> int:
        """The offset in the original text of a start position in the normal form.

        >>> normalise("a  b").back(2)
        3
        """
        return position + self._shifts[bisect_right(self._positions, position) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of the normal form's span [start, end)."""
        return self.back(start), self.back(end - 1) + 1 if end > start else self.back(start)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def normalise(raw: str) -> Normal:
    """The normal form of a criterion's text.

    >>> normalise("Prior\\n  mTOR\\u00a0inhibitor").cased
    'Prior mTOR inhibitor'
    """
    return normalise_each([raw])[0]


def normalise_each(texts: Sequence[str], otherwise: Callable[[str], Sequence[Put]] | None = None) -> list[Normal]:
    """The normal forms of several texts, with one look for misspelled words over all of them.

    Arguments:
        texts: as they are written.
        otherwise: for which spans of a text other words are put, whatever stands in them.
    """
    slips = slips_in("\n".join(texts).lower())
    plain = [_ASIDE.sub(_round, t) if "[" in t or "{" in t else t for t in map(_plain, texts)]
    lower = [_lower(text) for text in plain]
    alike = _of_each(lower, times_alike(*("".join(BETWEEN + text for text in texts) for texts in (plain, lower))))
    return [
        _normal(text, low, slips, puts, otherwise(raw) if otherwise is not None else ())
        for raw, text, low, puts in zip(texts, plain, lower, alike, strict=True)
    ]


def _plain(raw: str) -> str:
    """A text with its quotes, dashes and signs made alike, each of one character."""
    return raw if raw.isascii() and "`" not in raw else raw.translate(_SAME_LENGTH)


def _of_each(texts: list[str], puts: Iterable[Put]) -> list[list[Put]]:
    """What is put into texts that stand one behind the other, for each text by itself."""
    starts = [*accumulate((len(BETWEEN) + len(text) for text in texts), initial=len(BETWEEN))]
    found: list[list[Put]] = [[] for _ in texts]
    for start, end, text in {*puts}:
        number = bisect_right(starts, start) - 1
        found[number].append(Put(start - starts[number], end - starts[number], text))
    return found


def _put_for(run: re.Match[str]) -> str:
    """What stands for a run in the normal form."""
    if run["entity"]:
        return _ENTITIES[run["entity"]]
    if run["contracted"]:
        return "n not" if run.string.endswith(("ca", "Ca"), 0, run.start()) else " not"
    if run["cannot"]:
        return run.group().replace(" ", "")
    if run["must"]:
        return "must"
    return "" if run.group().startswith("\\") else " "


def _round(brackets: re.Match[str]) -> str:
    """Brackets made round ones; round ones stay as they are, and an abbreviation in square ones, too ("interleukin [IL]-2")."""
    return f"({brackets['told']})" if brackets["open"] else brackets.group()


def _normal(text: str, lower: str, slips: re.Pattern[str] | None, puts: list[Put], otherwise: Sequence[Put]) -> Normal:
    """The normal form of a text; `slips` finds the misspelled words that it or a text beside it has."""
    if slips is not None and not slips.search(lower):
        slips = None
    if slips is None and not otherwise and not puts and text.isprintable() and not any(mark in text for mark in _REPLACED):
        return Normal(text, lower)  # no white space but single blanks, no mark that is not seen, no escape, nothing contracted
    torn = "- " in text or "-\n" in text
    puts += [Put(*r.span(), (torn and r["front"]) or _put_for(r)) for r in (_TORN if torn else _RUN).finditer(text)]
    if slips is not None:
        puts += [Put(*slip.span(), meant_by(text[slice(*slip.span())])) for slip in slips.finditer(lower)]
    if otherwise:
        puts = [*otherwise, *(p for p in puts if not any(o.start <= p.start < o.end for o in otherwise))]
    puts.sort()
    pieces: list[str] = []
    positions, shifts = [0], [0]
    done = length = 0
    for start, end, put in puts:
        if start < done:
            continue  # white space in what another word is put for
        pieces.append(text[done:start] + put)
        length += start - done + len(put)
        done = end
        if end - start != len(put):
            positions.append(length - (len(put) > 1))  # a word's last letter is its last letter
            shifts.append(end - length)
    pieces.append(text[done:])
    cased = "".join(pieces)
    return Normal(cased, _lower(cased), tuple(positions), tuple(shifts))

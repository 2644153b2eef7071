"""Lines that say who may take part, or may not, and nothing else: "The presence of any of the following will exclude a subject:"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kg import bundle
from kg.criteria.layout.scope import PART
from kg.criteria.words.lexicon import read_phrases
from kg.criteria.words.normal import IN_BRACKETS
from kg.records import Section

_WORD = re.compile(r"[^\W\d_][\w'-]*")
_SENTENCE_END = re.compile(r"[.;]\s+")
_OF_A_SECTION = re.compile(r"\b(?:in|ex)clusion criteri(?:a|on)\b")
"""The name of a list, which by itself lets in or keeps out nobody."""
_MOST_WORDS = 45


@cache
def _parts() -> dict[str, str]:
    """The part that each word plays in such a line."""
    rows = read_phrases(bundle.path("data") / "eligibility" / "heading_words.csv", ("word", "part"))
    return {word: part for _, (word, part) in rows}


def verdict(line: str) -> Section | None:
    """What becomes of those who meet what is listed below a line: taken or excluded; None where it says anything else, or neither.

    >>> verdict("The presence of any of the following will exclude a subject from enrolment:")
    <Section.EXCLUSION: 'exclusion'>
    >>> verdict("You may join this trial if all of these apply. You"), verdict("Patients with asthma are excluded if")
    (<Section.INCLUSION: 'inclusion'>, None)
    """
    lower = PART.sub(" ", IN_BRACKETS.sub(" ", line)).lower().replace("\u2019", "'")
    words = _WORD.findall(lower)
    if not 0 < len(words) <= _MOST_WORDS or not _parts().keys() >= set(words):
        return None
    sentences = (_WORD.findall(s) for s in _SENTENCE_END.split(_OF_A_SECTION.sub("criteria", lower)))
    said = {found for words in sentences if (found := _said(words, [_parts()[word] for word in words]))}
    return said.pop() if len(said) == 1 else None


def _said(words: Sequence[str], parts: Sequence[str]) -> Section | None:
    """What a sentence says of those who meet what is listed. Each denial turns it: "are excluded if they do not have"."""
    turns = parts.count("denies") + parts.count("excludes")
    asks = "who" in parts and (parts[-1] in ("asks", "denies") or ("has" in parts and ("asks" in parts or "denies" in parts)))
    terms = "term" in parts and "for" in words and "event" in parts
    if not (asks or terms or "takes" in parts or "excludes" in parts):
        return None
    if turns % 2:
        return Section.EXCLUSION
    return None if "limits" in parts else Section.INCLUSION  # who has one of these is not all that is asked


def only_asks(line: str) -> bool:
    """Whether a line with a verdict has no word of taking or excluding: "Patients must have:".

    >>> only_asks("Patients must not have:"), only_asks("Patients cannot be enrolled if they have:")
    (True, False)
    """
    return not {_parts().get(word) for word in _WORD.findall(line.lower())} & {"takes", "excludes"}


def words_that_say_who(text: str, start: int, end: int) -> int:
    """Where the words of such a line end that stand at the front of text[start:end].

    >>> text = "Patients are excluded if they are on warfarin"
    >>> text[: words_that_say_who(text, 0, len(text))]
    'Patients are excluded if they are on'
    """
    last = start
    for word in _WORD.finditer(text, start, end):
        if word[0].lower() not in _parts() or text[last : word.start()].strip():
            break
        last = word.end()
    return last

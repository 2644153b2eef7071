"""Which known things the words of a record stand for: therapies of an intervention, disease of a registered condition, biomarkers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.knowledge import Knowledge
from kg.names import Names
from kg.vocab import hashed_iri

__all__ = ["Composition", "RecordNames", "correction_iri", "names_for"]

_THERAPIES = ("drug", "regimen", "class")
_CONDITION = ("condition",)
_ONE_STAGE = r"(?:0|(?:IV|I{1,3})[A-D]?\d?|[1-4][A-D]?\d?)\b"
_STAGES = re.compile(rf"\bstages?\s+{_ONE_STAGE}(?:\s*(?:,|/|-|\band\b|\bor\b)\s*(?:stages?\s+)?{_ONE_STAGE})*", re.IGNORECASE)
_STAGE = re.compile(rf"\b{_ONE_STAGE}", re.IGNORECASE)
_EDITION = re.compile(r"\bAJCC\s+(?:cancer\s+staging\s+manual\s+)?v?\d+(?:th)?(?:\s+edition)?\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_MOST_NAMES = 100_000
"""Names whose meaning is kept; registry records repeat the same few thousand."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What a registered condition is composed of: condition keys, stages, and pairs of aspect (course, extent, age-group) and value."""

    conditions: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    qualifiers: tuple[tuple[str, str], ...] = ()


class RecordNames:
    """Reads the short names of records against one `Knowledge`; what was read once is kept."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.names = Names.of(knowledge)
        self._qualifiers = {row["word"].lower(): (row["aspect"], row["value"]) for row in knowledge.rows("condition_qualifiers")}
        longest_first = sorted(self._qualifiers, key=lambda word: (-len(word), word))
        self._qualifier = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})\b", re.IGNORECASE)
        self._corrections: dict[str, list[Mapping[str, str]]] = {}
        for row in knowledge.rows("corrections"):
            self._corrections.setdefault(row["scope"], []).append(row)
        self._marker_words: dict[str, list[frozenset[str]]] = {}
        for biomarker in knowledge.biomarkers.values():
            for name in (biomarker.label, *(other.text for other in biomarker.names)):
                words = _words(name)
                self._marker_words.setdefault(max(words, key=len, default=""), []).append(words)
        self.therapies = lru_cache(_MOST_NAMES)(self._therapies)
        self.composition = lru_cache(_MOST_NAMES)(self._composition)

    def _read(self, text: str, kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """(kind, key) of what a short name stands for: what is named in it, unless the name as a whole is another thing's."""
        named = tuple(dict.fromkeys((m.kind, m.key) for m in self.names.mentions(text) if m.kind in kinds and m.key))
        whole = [(match.kind, match.key) for match in self.names.lookup(text, kinds)[:1]]
        return tuple(whole) if whole and whole[0] not in named else named

    def _therapies(self, name: str, others: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """(kind, key) of the therapies that an intervention's name stands for, or else its other names."""
        return next(filter(None, (self._read(text, _THERAPIES) for text in (name, *others))), ())

    def _composition(self, name: str) -> Composition:
        """What a registered condition such as "Stage III Adult Soft Tissue Sarcoma" is composed of."""
        stages = tuple(dict.fromkeys(stage.upper() for run in _STAGES.findall(name) for stage in _STAGE.findall(run)))
        rest = _EDITION.sub(" ", _STAGES.sub(" ", name))
        qualifiers = tuple(dict.fromkeys(self._qualifiers[match.group().lower()] for match in self._qualifier.finditer(rest)))
        bare = " ".join(self._qualifier.sub(" ", rest).replace(",", " ").split())
        texts = (name,) if self.names.lookup(name, _CONDITION) else (bare, name)
        found = next(filter(None, (self._read(text, _CONDITION) for text in texts)), ())
        return Composition(tuple(key for _, key in found), stages, qualifiers)

    def components(self, regimen: str) -> tuple[str, ...]:
        """Keys of the drugs of a regimen."""
        found = self.names.knowledge.regimens.get(regimen)
        return found.drugs if found else ()

    def corrections(self, nct: str) -> list[Mapping[str, str]]:
        """The corrections for a trial, and those for any."""
        return self._corrections.get(nct, []) + self._corrections.get("*", [])

    def biomarkers(self, text: str) -> tuple[str, ...]:
        """Keys of the biomarkers that a text names.

        Most texts do not even hold the words of one, and to look is much cheaper than to read.
        """
        words = _words(text)
        if not any(name <= words for word in self._marker_words.keys() & words for name in self._marker_words[word]):
            return ()
        return tuple(dict.fromkeys(m.key for m in self.names.mentions(text) if m.kind == "biomarker"))


def _words(text: str) -> frozenset[str]:
    """Runs of letters and runs of digits, so that ERK1/2 and ERK 1/2 have the same words."""
    return frozenset(_WORD.findall(text.lower()))


def correction_iri(row: Mapping[str, str]) -> str:
    """The IRI of a correction, from what makes its row unique."""
    return hashed_iri("correction", row["scope"], row["field"], row["found"])


@lru_cache(maxsize=4)
def names_for(knowledge: Knowledge) -> RecordNames:
    """The reader for a `Knowledge`, made once."""
    return RecordNames(knowledge)

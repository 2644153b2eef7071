"""What every vocabulary gives, whichever format it came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.records import Source

__all__ = ["Concept", "Mapping", "Vocabulary"]


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing of a vocabulary.

    identifiers: CURIEs that all mean it, the vocabulary's own first.
    names: (text, kind) with kind as in `data/drug_names.csv` or "product", the preferred name first.
    classes: each a series of names, the nearest class first and what is above it behind; the first that is known counts.
    place: where in the release, as evidence rows cite it.
    substances: of a product, (CURIE, name) of each of its ingredients; empty for a substance.
    """

    identifiers: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    classes: tuple[tuple[str, ...], ...]
    place: str
    substances: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """That two identifiers of different vocabularies mean the same."""

    subject: str
    object: str
    place: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A release: what it is, and what it holds (read once)."""

    source: Source
    concepts: Iterable[Concept] = ()
    mappings: Iterable[Mapping] = ()

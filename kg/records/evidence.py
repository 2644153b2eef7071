"""Evidence: documents, and the steps of a proof that rest on them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Source", "Step"]


@dataclass(frozen=True, slots=True)
class Source:
    """A document that facts were read in; a row of `data/sources.csv`."""

    key: str
    title: str
    url: str = ""
    version: str = ""
    retrieved: str = ""
    licence: str = ""
    licence_url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof: what is claimed, and the key of the source that says so ('' where it follows from patient or protocol)."""

    text: str
    source: str = ""
    detail: str = ""

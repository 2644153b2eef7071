"""One family of errors. Each message says what went wrong, where (file, line or record), and the remedy."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "AmbiguousName",
    "BadInput",
    "BadPatient",
    "BadQuery",
    "BadRecord",
    "BadTable",
    "GraphBusy",
    "GraphNotFound",
    "KgError",
    "MissingTool",
    "UnknownDrug",
    "UnknownName",
    "UnknownQuery",
    "UnknownTrial",
]


class KgError(Exception):
    """Base of every error that trialkg raises on purpose."""


class BadInput(KgError, ValueError):
    """A file or argument that cannot be read as what it should be."""


class BadRecord(BadInput):
    """One registry record that cannot be used; the message names the file, its position and the reason."""


class BadTable(BadInput):
    """A row of a curated table that breaks the table's schema."""


class BadPatient(BadInput):
    """Patient data that contradict themselves or cannot be read."""


class BadQuery(KgError, ValueError):
    """A SPARQL text or a query parameter that cannot be used."""


class UnknownName(KgError, LookupError):
    """A name that the graph does not know; `suggestions` holds near matches."""

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


class UnknownDrug(UnknownName):
    """A drug name that the tables do not have."""


class UnknownTrial(UnknownName):
    """An NCT number that this graph does not hold."""


class UnknownQuery(UnknownName):
    """A name that is no query of the library."""


class AmbiguousName(UnknownName):
    """A name that stands for several things; `suggestions` lists them."""


class GraphNotFound(KgError, FileNotFoundError):
    """No built graph at the place given."""


class GraphBusy(KgError, RuntimeError):
    """Another build is writing to the same folder."""


class MissingTool(KgError, RuntimeError):
    """A program or optional package that this call needs is not installed."""

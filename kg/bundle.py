"""Where the bundled folders (data, ontology, queries, visuals) are: inside the installed package, or beside it in a source checkout."""

from __future__ import annotations

from pathlib import Path

from kg.errors import GraphNotFound

__all__ = ["path"]

_PACKAGE = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """The bundled folder or file `name`.

    An installed wheel carries the folders as `kg/_bundle/<name>`; a source checkout has them at its root.

    Arguments:
        name: for instance "data", "queries" or "data/README.md".
    Raises:
        GraphNotFound: neither place has it.
    Example:
        >>> path("data").is_dir()
        True
    """
    for root in (_PACKAGE / "_bundle", _PACKAGE.parent):
        found = root / name
        if found.exists():
            return found
    raise GraphNotFound(
        f"{name}: not found in {_PACKAGE / '_bundle'} nor in {_PACKAGE.parent}; install trialkg again, or run from a full checkout"
    )

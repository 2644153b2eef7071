"""What stands behind a graph that is open: its records, knowledge, names, store and compiled rules, each opened when it is first used."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import orjson

from kg import bundle, folder
from kg.errors import GraphNotFound, KgError
from kg.knowledge import Knowledge
from kg.names import Names
from kg.sidecar import Sidecar, Stored
from kg.version import __version__

if TYPE_CHECKING:
    from kg.checks.index import Index
    from kg.store import Store

__all__ = ["Opened"]


class Opened:
    """A graph's parts, open for reading; a context manager.

    Nothing is read before it is needed. A check needs the records and the tables; the RDF store is opened (for the bundled graph: made)
    when a query, an export or a picture first asks for it.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.manifest: dict[str, Any] = {}
        """What the build wrote down: version, sources, counts; empty for the bundled graph."""
        self._closed = False
        self._generation: Path | None = None
        if path is not None:
            self._generation = folder.live(path)
            try:
                self._take()
            except GraphNotFound:  # a build may have replaced the generation between the two steps
                if folder.live(path) == self._generation:
                    raise
                self._generation = folder.live(path)
                self._take()

    def _take(self) -> None:
        """Opens the records, whose lock keeps a later build from removing this generation."""
        assert self._generation is not None
        self.manifest = _manifest(self._generation)
        _ = self.records

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives up the files; using the graph afterwards is an error."""
        self._closed = True
        for part in ("records", "store"):
            opened = self.__dict__.pop(part, None)
            if isinstance(opened, Sidecar) and self.path is not None:
                opened.close()

    # --- parts ----------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def knowledge(self) -> Knowledge:
        """The drug knowledge that the graph was built with."""
        return Knowledge.load(None if self._generation is None else self._generation / "knowledge")

    @cached_property
    def names(self) -> Names:
        """Names → things of the knowledge."""
        return Names.of(self.knowledge)

    @cached_property
    def records(self) -> Sidecar:
        """The trials and their eligibility, as records."""
        self._must_be_open()
        return _bundled_records() if self._generation is None else Sidecar(self._generation / "records.sqlite")

    @cached_property
    def store(self) -> Store:
        """The RDF store."""
        from kg.store import Store

        self._must_be_open()
        return _bundled_store() if self._generation is None else Store.open(self._generation / "store")

    def _must_be_open(self) -> None:
        if self._closed:
            raise KgError("this graph is closed; open it again with kg.open()")

    @cached_property
    def index(self) -> Index:
        """The rules of all trials, compiled: by the build, or on first use where it left none that this version reads."""
        from kg.checks.compiled import compile_trials
        from kg.checks.index import Index
        from kg.checks.stored import load

        compiled = load(self._generation / folder.INDEX) if self._generation else None
        if compiled is None or len(compiled.ncts) != len(self.records):
            compiled = compile_trials(self.records.each(), self.knowledge, self.names)
        return Index(compiled, self.knowledge, self.names)


@cache
def _bundled_records() -> Sidecar:
    """The bundled trials, read once and shared by all that open the bundled graph."""
    from kg import criteria
    from kg.sources import read_trial

    names = Names.of(Knowledge.load())
    trials = map(read_trial, sorted(bundle.path("data/trials").glob("*.json")))
    return Sidecar.in_memory(Stored(trial, criteria.read(trial, names)) for trial in trials)


@cache
def _bundled_store() -> Store:
    """The bundled graph as RDF, made once."""
    from kg.building import quads
    from kg.store import Store

    store = Store.memory()
    store.load(quads(_bundled_records().each(), Knowledge.load()))
    store.materialise()
    return store


def _manifest(generation: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads((generation / "manifest.json").read_bytes())
        form = manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphNotFound(f"{generation}: its manifest.json cannot be read; build the graph again") from error
    if form != folder.FORMAT:
        raise KgError(f"{generation}: the graph has format {form}, and trialkg {__version__} reads {folder.FORMAT}; build the graph again")
    return manifest

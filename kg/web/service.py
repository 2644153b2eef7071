"""What the routes share: the graph, opened in the one thread that uses it, and the workers that answer SPARQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from kg import api, bundle
from kg.api import Graph
from kg.building import build
from kg.web.workers import Limits, Question, Reply, Workers

__all__ = ["Service", "opened"]

_T = TypeVar("_T")


class Service:
    """The graph and its workers, for code that must not wait."""

    def __init__(self, graph: Graph, thread: ThreadPoolExecutor, workers: Workers, limits: Limits) -> None:
        self._graph = graph
        self._thread = thread
        self._workers = workers
        self.limits = limits

    async def on_graph(self, work: Callable[[Graph], _T]) -> _T:
        """What some work on the graph gives; one after another, since SQLite and the tables are one thread's."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._graph)

    async def ask(self, question: Question) -> Reply:
        """See `Workers.ask`."""
        return await asyncio.to_thread(self._workers.ask, question)


@contextmanager
def opened(place: str | Path | None, workers: int, limits: Limits) -> Iterator[Service]:
    """A service over a graph: the bundled one for None, which is first built into a temporary folder, where the workers find its store.

    Raises:
        GraphNotFound: no graph there.
    """
    with TemporaryDirectory(prefix="kg-serve-") as folder, ThreadPoolExecutor(1) as thread:
        graph = thread.submit(api.open, _bundled(Path(folder)) if place is None else place).result()
        try:
            store = thread.submit(lambda: graph.store.path).result()
            assert store is not None, "the store of a built graph is a folder"
            with Workers(store, workers, limits) as answering:
                yield Service(graph, thread, answering, limits)
        finally:
            thread.submit(graph.close).result()


def _bundled(folder: Path) -> Path:
    """The bundled graph, built into a folder."""
    place = folder / "bundled.kg"
    build([str(bundle.path("data/trials"))], place, progress=True)
    return place

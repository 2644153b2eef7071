"""The bundled graph, opened once a test process."""

from __future__ import annotations

from functools import cache

import kg
from kg.graph import ontology_quads, trial_quads
from kg.store import Store


@cache
def graph() -> kg.Graph:
    """Both seed trials with the whole knowledge."""
    return kg.open()


@cache
def small_quads() -> tuple[str, ...]:
    """The ontology and one trial's record: enough of every kind of term, quick to write out."""
    stored = graph().stored("NCT01281865")
    return (*ontology_quads(), *trial_quads(stored.trial, stored.eligibility, graph().knowledge))


def small_store(backwards: bool = False) -> Store:
    """A store of the small quads, loaded in their order or backwards."""
    store = Store.memory()
    store.load(reversed(small_quads()) if backwards else small_quads())
    return store

"""The graph in other forms: RDF files in one stable order, tables, RDFLib and NetworkX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import networkx as nx
import pyoxigraph as ox
import rdflib
from oxrdflib import OxigraphStore

from kg import vocab
from kg.errors import BadInput, KgError
from kg.files import replacing
from kg.networks import to_networkx
from kg.store import Store, Term

__all__ = ["FORMATS", "export", "to_networkx", "to_rdflib"]

_curie = lru_cache(100_000)(vocab.curie)
_TYPE = f"{vocab.PREFIXES['rdf']}type"


def export(store: Store, out: str | Path | BinaryIO, form: str = "turtle") -> None:
    """Write the whole graph; the same graph gives the same bytes.

    turtle has the union of the named graphs; nquads, jsonld and csv tell the named graphs apart; graphml has things and
    the statements between them (see `to_networkx`).

    Arguments:
        out: a file's name (replaced in one step), or a binary file open for writing.
        form: one of `FORMATS`.
    Raises:
        BadInput: no such form, or the file cannot be written.
    """
    if form not in FORMATS:
        raise BadInput(f"{form!r} is not a form to export; use one of {', '.join(FORMATS)}")
    if isinstance(out, (str, Path)):
        with replacing(out) as file:
            FORMATS[form](store, file)
    else:
        FORMATS[form](store, out)


def _nquads(store: Store, file: BinaryIO) -> None:
    for line in store.lines():
        file.write(line.encode())


class _NoPrefixes(io.RawIOBase):
    """Passes Turtle on without its @prefix lines, which Oxigraph writes in no stable order."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = b""
        self._done = False

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        size = len(data)
        if not self._done:
            self._start += bytes(data)
            while b"\n" in self._start and self._start.startswith(b"@prefix "):
                self._start = self._start.partition(b"\n")[2]
            if not self._start or b"@prefix ".startswith(self._start[:8]):
                return size  # the rest of this line is still to come
            data, self._start, self._done = self._start, b"", True
        self._file.write(data)
        return size


def _turtle(store: Store, file: BinaryIO) -> None:
    prefixes = dict(sorted(vocab.PREFIXES.items()))
    file.write("".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items()).encode())
    # A statement in two named graphs is one statement of their union; in the stable order the two stand together.
    triples = (triple for triple, _ in groupby(quad.triple for quad in store.quads()))
    ox.serialize(triples, _NoPrefixes(file), ox.RdfFormat.TURTLE, prefixes=prefixes)  # type: ignore[arg-type]


def _jsonld(store: Store, file: BinaryIO) -> None:
    context = {prefix: {"@id": iri, "@prefix": True} for prefix, iri in sorted(vocab.PREFIXES.items())}
    file.write(f'{{"@context": {json.dumps(context, ensure_ascii=False)},\n"@graph": [\n'.encode())
    for number, graph in enumerate(store.counts()):
        file.write(f'{", " if number else ""}{{"@id": {json.dumps(_curie(graph))}, "@graph": [\n'.encode())
        for place, (_, quads) in enumerate(groupby(store.quads(graph), key=lambda quad: str(quad.subject))):
            file.write(f"{',' if place else ''}{json.dumps(_node(list(quads)), ensure_ascii=False)}\n".encode())
        file.write(b"]}\n")
    file.write(b"]}\n")


def _node(quads: list[ox.Quad]) -> dict[str, object]:
    node: dict[str, object] = {"@id": _id(quads[0].subject)}
    for predicate, group in groupby(quads, key=lambda quad: quad.predicate.value):
        values: list[object] = [_json(quad.object) for quad in group]
        if predicate == _TYPE:
            node["@type"] = [value["@id"] for value in values if isinstance(value, dict)]
        else:
            node[_curie(predicate)] = values if len(values) > 1 else values[0]
    return node


def _id(term: Term) -> str:
    return _curie(term.value) if isinstance(term, ox.NamedNode) else str(term)


def _json(term: Term) -> object:
    if not isinstance(term, ox.Literal):
        return {"@id": _id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    datatype = _curie(term.datatype.value)
    if datatype == "xsd:string":
        return term.value
    if datatype == "xsd:boolean" and term.value in ("true", "false"):
        return term.value == "true"
    return {"@value": term.value, "@type": datatype}


def _csv(store: Store, file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("subject", "predicate", "object", "kind", "datatype", "language", "graph"))
    for quad in store.quads():
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else _id(quad.graph_name)
        writer.writerow((_id(quad.subject), _curie(quad.predicate.value), *_cells(quad.object), graph))
    text.detach()  # the file stays open: it is the caller's


def _cells(term: Term) -> tuple[str, str, str, str]:
    if isinstance(term, ox.Literal):
        return term.value, "literal", _curie(term.datatype.value), term.language or ""
    return _id(term), "iri" if isinstance(term, ox.NamedNode) else "blank", "", ""


def _graphml(store: Store, file: BinaryIO) -> None:
    graph = nx.MultiDiGraph()
    whole = to_networkx(store)
    for node, data in sorted(whole.nodes(data=True)):
        graph.add_node(node, **_flat(data))
    for start, end, key, data in sorted(whole.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        graph.add_edge(start, end, key, **_flat(data))
    nx.write_graphml(graph, file, named_key_ids=True)


def _flat(data: Mapping[str, object]) -> dict[str, object]:
    """GraphML has no lists: several values are joined by `|`, and each attribute must have one type over all nodes, hence text."""
    return {key: "|".join(map(str, value)) if isinstance(value, tuple) else str(value) for key, value in sorted(data.items())}


FORMATS: Mapping[str, Callable[[Store, BinaryIO], None]] = {
    "turtle": _turtle,
    "nquads": _nquads,
    "jsonld": _jsonld,
    "graphml": _graphml,
    "csv": _csv,
}
"""The forms of `export`, by name."""


def to_rdflib(store: Store) -> rdflib.Dataset:
    """The graph as an RDFLib dataset whose default graph is the union of the named graphs, with the project's prefixes bound.

    It is a view of the store, not a copy, and only reads. Give queries as text: those run in Oxigraph. A query prepared with
    `rdflib.plugins.sparql.prepareQuery` runs in RDFLib's own evaluator, which is many times slower.
    """
    dataset = rdflib.Dataset(store=_ReadOnly(store=store.native), default_union=True)
    for prefix, iri in vocab.PREFIXES.items():
        dataset.bind(prefix, iri)
    return dataset


class _ReadOnly(OxigraphStore):
    """RDFLib's view of our store: an `add` there must not change the graph here."""

    def add(self, *_: object, **__: object) -> None:
        raise KgError("this dataset is a view of the graph and only reads; copy what you need into an rdflib.Graph of your own")

    addN = remove = update = add  # noqa: N815  (RDFLib's name)

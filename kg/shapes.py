"""Does a graph hold what every graph of ours must? SHACL shapes (`ontology/shapes.ttl`) checked by pySHACL, told in plain sentences."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from kg import bundle
from kg.errors import MissingTool
from kg.store import Store
from kg.vocab import curie

__all__ = ["validate"]


def validate(graph: Store | rdflib.Graph, shapes: Path | None = None) -> list[str]:
    """What is wrong with a graph, a sentence a violation, each naming the node and the remedy; empty if all holds.

    Arguments:
        graph: a store (the union of its named graphs is checked), or an RDFLib graph.
        shapes: a SHACL file; the bundled one if not given.
    Raises:
        MissingTool: pySHACL is not installed.
    Example:
        >>> graph = rdflib.Graph().parse(data='''
        ... @prefix kgo: <https://w3id.org/trialkg/ontology#> . @prefix kg: <https://w3id.org/trialkg/id/> .
        ... kg:source\\/x a kgo:EvidenceSource ; <http://purl.org/dc/terms/title> "X" .''')
        >>> validate(graph)
        ['kg:source/x: a source needs a licence (only what was recalled has none); complete its row in sources.csv']
    """
    try:
        import pyshacl
    except ImportError:
        raise MissingTool("checking shapes needs pySHACL; install it with `pip install trialkg[validate]`") from None
    data = graph if isinstance(graph, rdflib.Graph) else _union(graph)
    shape_graph = rdflib.Graph().parse(shapes or bundle.path("ontology/shapes.ttl"), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inplace=True)
    assert isinstance(report, rdflib.Graph)
    return sorted({_sentence(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)})


def _union(store: Store) -> rdflib.Graph:
    """All named graphs as one RDFLib graph."""
    union = rdflib.Graph()
    union.parse(data=store.native.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()), format="nt")
    for name in store.native.named_graphs():
        union.parse(data=store.native.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name), format="nt")
    return union


def _sentence(report: rdflib.Graph, result: Node) -> str:
    focus = str(report.value(result, SH.focusNode))
    message = str(report.value(result, SH.resultMessage))
    value = report.value(result, SH.value)
    shown = f" (found {curie(str(value))!r})" if value is not None and str(value) != focus else ""
    return f"{curie(focus)}: {message}{shown}"

"""The graph as a NetworkX graph, and what NetworkX is good at: the neighbourhood of a thing, and how two things hang together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import networkx as nx
import pyoxigraph as ox

from kg import vocab
from kg.errors import UnknownName, UnknownTrial
from kg.rows import Value, native
from kg.store import Store

__all__ = ["explain_path", "neighbourhood", "to_networkx"]

_curie = lru_cache(100_000)(vocab.curie)
_KGO = vocab.KGO_BASE
_TYPE = f"{vocab.PREFIXES['rdf']}type"
_DERIVED = f"{vocab.PREFIXES['prov']}wasDerivedFrom"
_SUBJECT, _OBJECT = ox.NamedNode(f"{_KGO}hasSubject"), ox.NamedNode(f"{_KGO}hasObject")
_DRUG, _FACT = f"{_KGO}Drug", f"{_KGO}Fact"
_NAMING = ("label", "text", "nctId", "name")
"""Attributes that a thing is called by, in this order."""

_ROLE = f"{_KGO}enzymeRole"
_ROLE_EDGES: Mapping[object, str] = {"inhibitor": "kgo:inhibitsEnzyme", "inducer": "kgo:inducesEnzyme", "substrate": "kgo:isSubstrateOf"}
"""A fact on an enzyme speaks of the edge of its role only."""

_PLAIN_WORDS = {
    _TYPE: "is a",
    f"{vocab.PREFIXES['rdfs']}subClassOf": "is a kind of",
    f"{vocab.PREFIXES['skos']}broader": "is a kind of",
    f"{vocab.PREFIXES['skos']}broaderTransitive": "is a kind of",
    _DERIVED: "was read in",
}
"""Words for predicates of other vocabularies."""

_UNSAID = {f"{_KGO}{name}" for name in ("sourceDetail", "documentToCheck", "key")}
_NCT = re.compile(r"NCT\d{8}")


def to_networkx(store: Store, roots: Sequence[str] | None = None) -> nx.MultiDiGraph:
    """The things of the graph and the statements between them.

    A node is a CURIE; it has `iri`, `type` (a class of the ontology, such as "Drug"), `label`, and its literal properties
    under their own names, as native values, several as a tuple. An edge's key is the predicate's CURIE; it has `label`,
    `inferred` (it follows from others), and, where the knowledge says where the statement was read, `sources` and
    `evidence`: the evidence nodes are folded into the edges that they speak of.

    Arguments:
        roots: NCT numbers, CURIEs or IRIs; then the graph holds only what their statements lead to, step by step (a trial's
            record and the knowledge that it names, but no other trial). Without it, everything.
    Raises:
        UnknownTrial, UnknownName: the graph does not hold a root.
    """
    reader = _Reader(store)
    return reader.network(reader.everything() if roots is None else reader.reachable(roots))


def neighbourhood(graph: nx.MultiDiGraph, node: str, radius: int = 1) -> nx.MultiDiGraph:
    """The part of the graph within `radius` statements of a node, whichever way they point.

    Raises:
        UnknownName: the graph has no such node.
    """
    if node not in graph:
        raise UnknownName(f"{node!r} is no node of this graph; nodes are CURIEs such as kg:drug/imatinib")
    return nx.ego_graph(graph, node, radius=radius, undirected=True)


_AHEAD = {
    **dict.fromkeys(("rdf:type", "rdfs:subClassOf", "skos:broader", "kgo:includesTarget", "kgo:hasMetabolite", "kgo:hasComponent"), 1.0),
    **dict.fromkeys(("kgo:hasPrimaryTarget", "kgo:isArguablyInClass", "kgo:isArguablySubclassOf", "kgo:measuresTarget"), 1.5),
    # whether a way over an enzyme matters hangs on strengths, so it explains less than one over a class
    **dict.fromkeys(_ROLE_EDGES.values(), 2.0),
}
"""Predicates that an explanation follows the way they point, from the special to the general, with the cost of a step."""

_BACK = frozenset(
    f"kgo:{name}"
    for name in (
        "concernsEnzyme", "concernsTarget", "givesDrug", "givesTherapy", "hasArm", "hasCarveOut", "hasCondition", "hasIntervention",
        "hasMention", "hasRule", "hasTreatment", "namesCondition", "refersTo",
    )
)  # fmt: skip
"""Predicates that it follows backwards, from a thing to the rule or arm that names it and on to the trial."""


def explain_path(graph: nx.MultiDiGraph, start: str, end: str) -> list[tuple[str, str, str]]:
    """How a drug bears on a trial: over its classes and mechanisms to the rule that names one, or over the arm that gives it.

    Arguments:
        start, end: nodes of the graph, such as `kg:drug/trametinib` and `clinicaltrials:NCT01206140`.
    Returns:
        The steps of the cheapest way as (label, word, label), the word "← …" where the statement points the other way; empty
        if there is no way.
    Raises:
        UnknownName: the graph has no such node.
    """
    for node in (start, end):
        if node not in graph:
            raise UnknownName(f"{node!r} is no node of this graph; nodes are CURIEs such as kg:drug/imatinib")
    ways = nx.DiGraph()
    for one, other, key in graph.edges(keys=True):
        if key in _AHEAD:
            # of two classes the narrower explains more, and fewer things are in it
            _offer(ways, one, other, _AHEAD[key] + graph.in_degree(other) / (10 * graph.number_of_edges()))
        elif key in _BACK:
            _offer(ways, other, one, 1.0)
    try:
        nodes = nx.shortest_path(ways, start, end, weight="cost")
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return []
    return [(graph.nodes[a]["label"], _word(graph, a, b), graph.nodes[b]["label"]) for a, b in nx.utils.pairwise(nodes)]


def _offer(ways: nx.DiGraph, start: str, end: str, cost: float) -> None:
    known = ways.get_edge_data(start, end)
    if known is None or cost < known["cost"]:
        ways.add_edge(start, end, cost=cost)


def _word(graph: nx.MultiDiGraph, one: str, other: str) -> str:
    """The word of the cheapest statement between two neighbours on a way."""
    ahead = sorted((_AHEAD[key], data["label"]) for key, data in (graph.get_edge_data(one, other) or {}).items() if key in _AHEAD)
    back = sorted(data["label"] for key, data in (graph.get_edge_data(other, one) or {}).items() if key in _BACK)
    return ahead[0][1] if ahead else f"← {back[0]}"


class _Reader:
    """Reads nodes and edges out of the store; what was read of a subject is kept."""

    def __init__(self, store: Store) -> None:
        self.native = store.native
        above = store.query("SELECT ?class ?above WHERE { ?class rdfs:subClassOf+ ?above . ?class a owl:Class }").rows
        self.above: dict[str, set[str]] = {}
        for lower, upper in above:
            if isinstance(lower, ox.NamedNode) and isinstance(upper, ox.NamedNode):
                self.above.setdefault(lower.value, set()).add(upper.value)
        labels = store.query(f"SELECT ?term ?label WHERE {{ GRAPH <{vocab.GRAPH_ONTOLOGY}> {{ ?term rdfs:label ?label }} }}").rows
        self.words = {term.value: str(native(label)) for term, label in labels if isinstance(term, ox.NamedNode)}
        self._quads: dict[ox.NamedNode, list[ox.Quad]] = {}
        self._kinds: dict[ox.NamedNode, str] = {}

    def about(self, subject: ox.NamedNode) -> list[ox.Quad]:
        """What is said of a subject, outside the ontology."""
        if subject not in self._quads:
            self._quads[subject] = [
                quad for quad in self.native.quads_for_pattern(subject, None, None, None) if not _in(quad, vocab.GRAPH_ONTOLOGY)
            ]
        return self._quads[subject]

    def everything(self) -> Iterator[ox.NamedNode]:
        """Every thing that has a class of the ontology, except evidence nodes."""
        seen: set[ox.NamedNode] = set()
        for quad in self.native.quads_for_pattern(None, ox.NamedNode(_TYPE), None, None):
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and subject not in seen and not _in(quad, vocab.GRAPH_ONTOLOGY):
                seen.add(subject)
                if self.kind(subject):
                    yield subject

    def reachable(self, roots: Iterable[str]) -> Iterator[ox.NamedNode]:
        """What the roots' statements lead to, step by step."""
        line = [self._root(root) for root in roots]
        seen = set(line)
        for thing in line:  # grows while it is walked
            yield thing
            for quad in self.about(thing):
                target = quad.object
                if isinstance(target, ox.NamedNode) and target not in seen and self.kind(target):
                    seen.add(target)
                    line.append(target)

    def _root(self, text: str) -> ox.NamedNode:
        nct = text.strip().upper()
        if _NCT.fullmatch(nct):
            trial = ox.NamedNode(vocab.trial_iri(nct))
            if not self.kind(trial):
                raise UnknownTrial(f"{nct} is not in this graph; `kg find` searches the trials that are")
            return trial
        thing = ox.NamedNode(text if "://" in text else vocab.iri(text))
        if not self.kind(thing):
            raise UnknownName(f"{text!r} is not in this graph; `kg find` searches the things that are")
        return thing

    def kind(self, subject: ox.NamedNode) -> str:
        """The narrowest class of the ontology that a thing has; '' for none, and for an evidence node. Drugs are not told apart further."""
        if subject not in self._kinds:
            types = {
                quad.object.value for quad in self.about(subject) if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode)
            }
            own = {iri for iri in types if iri.startswith(_KGO) and _DRUG not in self.above.get(iri, ())}
            narrow = own.difference(*(self.above.get(iri, ()) for iri in own))
            evidence = any(iri == _FACT or _FACT in self.above.get(iri, ()) for iri in own)
            self._kinds[subject] = "" if evidence or not narrow else min(narrow).removeprefix(_KGO)
        return self._kinds[subject]

    def network(self, things: Iterable[ox.NamedNode]) -> nx.MultiDiGraph:
        """Nodes and edges among the things given."""
        graph = nx.MultiDiGraph()
        kinds = {thing: self.kind(thing) for thing in things}
        for thing in kinds:
            name = _curie(thing.value)
            for predicate, target, inferred in self._add(graph, thing, kinds):
                key = _curie(predicate)
                words = _PLAIN_WORDS.get(predicate) or self.words.get(predicate) or _words(predicate)
                # stated and inferred as well: it is stated
                known = graph.get_edge_data(name, _curie(target.value), key)
                graph.add_edge(name, _curie(target.value), key=key, label=words, inferred=inferred and (not known or known["inferred"]))
        cited: set[str] = set()
        for thing in kinds:
            cited |= self._fold_evidence(graph, thing)
        for source in sorted(cited):
            if _curie(source) not in graph:
                self._add(graph, ox.NamedNode(source), kinds)
        return graph

    def _add(self, graph: nx.MultiDiGraph, thing: ox.NamedNode, kinds: Mapping[ox.NamedNode, str]) -> list[tuple[str, ox.NamedNode, bool]]:
        """A node for a thing; gives its statements about the other things."""
        data, links = self._split(thing, kinds)
        label = next((str(first) for key in _NAMING if (first := _first(data.get(key)))), _curie(thing.value))
        graph.add_node(_curie(thing.value), **{**data, "iri": thing.value, "type": self.kind(thing), "label": label})
        return links

    def _split(
        self, thing: ox.NamedNode, kinds: Mapping[ox.NamedNode, str]
    ) -> tuple[dict[str, object], list[tuple[str, ox.NamedNode, bool]]]:
        """A thing's properties as attributes, and its statements about other things of the graph."""
        values: dict[str, list[Value]] = {}
        links = []
        for quad in self.about(thing):
            predicate, target = quad.predicate.value, quad.object
            if isinstance(target, ox.NamedNode) and target in kinds:
                links.append((predicate, target, _in(quad, vocab.GRAPH_INFERRED)))
            elif isinstance(target, ox.NamedNode) and predicate != _TYPE:
                values.setdefault(_local(predicate), []).append(_curie(target.value))
            elif isinstance(target, ox.Literal):
                values.setdefault(_local(predicate), []).append(native(target))
        return {name: _several(found) for name, found in sorted(values.items())}, sorted(
            links, key=lambda link: (link[0], link[1].value, link[2])
        )

    def _fold_evidence(self, graph: nx.MultiDiGraph, thing: ox.NamedNode) -> set[str]:
        """Put what evidence nodes say of a thing on its edges; gives the IRIs of the sources that are cited there."""
        name = _curie(thing.value)
        cited: set[str] = set()
        for stated in self.native.quads_for_pattern(None, _SUBJECT, thing, None):
            fact = stated.subject
            if not isinstance(fact, ox.NamedNode):
                continue
            about = sorted(self.about(fact), key=str)
            derived = [q.object.value for q in about if q.predicate.value == _DERIVED and isinstance(q.object, ox.NamedNode)]
            source = ", ".join(map(_local, derived))
            said = [str(native(q.object)) for q in about if isinstance(q.object, ox.Literal) and q.predicate.value not in _UNSAID]
            role = next((_ROLE_EDGES[native(q.object)] for q in about if q.predicate.value == _ROLE), "")
            for quad in about:
                if quad.predicate == _OBJECT and isinstance(quad.object, ox.NamedNode):
                    edges = graph.get_edge_data(name, _curie(quad.object.value)) or {}
                    for key, data in edges.items():
                        if not role or key == role:
                            cited.update(derived)
                            data["sources"] = tuple(sorted({*data.get("sources", ()), source}))
                            data["evidence"] = tuple(sorted({*data.get("evidence", ()), f"{', '.join(said)} [{source}]".lstrip()}))
        return cited


def _in(quad: ox.Quad, graph: str) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == graph


def _several(values: list[Value]) -> object:
    found = sorted(set(values), key=str)
    return found[0] if len(found) == 1 else tuple(found)


def _first(value: object) -> object:
    return value[0] if isinstance(value, tuple) else value


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _words(iri: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _local(iri)).lower()

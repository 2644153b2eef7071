"""The shapes: the graph that we build is valid; a broken fact is found, named, and its remedy told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import bundled_world
import pytest
import rdflib
import tables_world
from rdf_reading import parse
from rdflib import RDF, RDFS, Literal, URIRef

from kg import criteria, vocab
from kg.graph import knowledge_quads, ontology_quads, trial_quads
from kg.records import Carveout
from kg.shapes import validate
from kg.store import Store
from kg.terms import KGO

ROOT = Path(__file__).parent.parent
NCT = "NCT01206140"
TRIAL = URIRef(vocab.trial_iri(NCT))


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The small tables and a seed trial as read with them."""
    knowledge, names = tables_world.load(tables_world.HERE)
    trial = bundled_world.graph().trial(NCT)
    eligibility = criteria.read(trial, names)
    assert len(eligibility.rules) > 4
    return [*ontology_quads(), *knowledge_quads(knowledge), *trial_quads(trial, eligibility, knowledge)]


@pytest.fixture
def graph(lines: list[str]) -> rdflib.Graph:
    return parse(lines)


def thing(kind: str, key: str) -> URIRef:
    return URIRef(vocab.thing_iri(kind, key))


def test_the_bundled_graph_is_valid() -> None:
    assert validate(bundled_world.graph().store) == []


def test_the_small_graph_is_valid_from_either_library(lines: list[str], graph: rdflib.Graph) -> None:
    store = Store.memory()
    store.load(lines)
    assert validate(graph) == validate(store) == []


def first(graph: rdflib.Graph, kind: URIRef) -> URIRef:
    found = min(graph.subjects(RDF.type, kind))
    assert isinstance(found, URIRef)
    return found


def change(graph: rdflib.Graph, subject: URIRef, predicate: URIRef, value: object) -> URIRef:
    """Replace (or with None remove) what is said, and give the subject."""
    graph.remove((subject, predicate, None))
    if value is not None:
        graph.add((subject, predicate, value if isinstance(value, URIRef) else Literal(value)))
    return subject


def broken(kind: str, predicate: URIRef, value: object) -> Callable[[rdflib.Graph], URIRef]:
    """Changes the first node of a class."""
    return lambda graph: change(graph, first(graph, KGO[kind]), predicate, value)


def of_trial(predicate: URIRef, value: object) -> Callable[[rdflib.Graph], URIRef]:
    return lambda graph: change(graph, TRIAL, predicate, value)


def of(node: URIRef, predicate: URIRef, value: object) -> Callable[[rdflib.Graph], URIRef]:
    return lambda graph: change(graph, node, predicate, value)


def unknown_mention(graph: rdflib.Graph) -> URIRef:
    mention = min(graph.subjects(KGO.refersTo))
    assert isinstance(mention, URIRef)
    return change(graph, mention, KGO.refersTo, thing("drug", "foozumab"))


def no_amount(graph: rdflib.Graph) -> URIRef:
    window = first(graph, KGO.Window)
    for predicate in (KGO.windowDays, KGO.windowMonths, KGO.windowHalfLives, KGO.windowCycles, KGO.text):
        change(graph, window, predicate, None)
    return window


def test_a_wash_out_of_which_the_length_is_not_told_is_valid(graph: rdflib.Graph) -> None:
    """“washout” of NCT06203210: its words stand, and no amount."""
    window = no_amount(graph)
    change(graph, window, KGO.text, Literal("washout"))
    assert [v for v in validate(graph) if "needs an amount" in str(v)] == []


def test_every_effect_of_a_carve_out_is_in_the_shapes() -> None:
    told = set(re.findall(r"`([a-z-]+)` \(", (Carveout.__doc__ or "").replace("\n    ", " ")))
    shapes = (ROOT / "ontology" / "shapes.ttl").read_text(encoding="utf-8")
    listed = re.search(r"carveOutEffect ;[^(]*\(([^)]*)\)", shapes)
    assert listed and set(re.findall(r'"([^"]+)"', listed[1])) == told


EVIDENCE = rdflib.PROV.wasDerivedFrom
NOWHERE = URIRef(vocab.source_iri("nowhere"))
AGAIN = "build the graph again"

BROKEN = {
    "a trial with a wrong number": (of_trial(KGO.nctId, "NCT123"), "a trial needs one NCT number", "correct the record's nctId"),
    "a trial without a title": (of_trial(KGO.briefTitle, None), "one brief title", "correct the record"),
    "a trial without a source": (of_trial(KGO.hasRecordSource, None), "one source of its record", AGAIN),
    "a record without a checksum": (broken("RecordSource", KGO.checksumSha256, None), "SHA-256", AGAIN),
    "a criterion without its words": (broken("EligibilityCriterion", KGO.text, None), "its text, verbatim", AGAIN),
    "a criterion in no section": (broken("EligibilityCriterion", KGO.section, "elsewhere"), "one section", AGAIN),
    "a criterion that ends before it starts": (broken("EligibilityCriterion", KGO.endOffset, -1), "a greater end", AGAIN),
    "a criterion with no clause": (broken("EligibilityCriterion", KGO.hasClause, None), "accounted for", AGAIN),
    "a clause of unknown status": (broken("Clause", KGO.clauseStatus, "lost"), "one status", AGAIN),
    "a rule read from nowhere": (broken("Rule", KGO.isReadFrom, None), "read from one criterion", AGAIN),
    "a rule without polarity": (broken("Rule", KGO.polarity, None), "one polarity", AGAIN),
    "a rule on nothing": (broken("Rule", KGO.hasMention, None), "something to hold for", AGAIN),
    "a mention of what is not known": (unknown_mention, "do not have", "add it to the tables"),
    "a window without an amount": (no_amount, "needs an amount", AGAIN),
    "a drug without a label": (of(thing("drug", "everolimus"), RDFS.label, None), "one label", "complete its row"),
    "a class without a label": (of(thing("class", "anthracycline"), RDFS.label, None), "one label", "complete its row"),
    "a fact without evidence": (broken("PharmacokineticRoleFact", EVIDENCE, None), "a fact needs a source", "sources.csv"),
    "a fact from an unlisted document": (broken("NameFact", EVIDENCE, NOWHERE), "is listed", "sources.csv"),
    "a fact about an unknown drug": (
        broken("HalfLifeFact", KGO.hasSubject, thing("drug", "foozumab")), "one thing of the tables", "correct the row"),
    "a half-life with its ends swapped": (broken("HalfLifeFact", KGO.halfLifeLowHours, 1e9), "low end first", "half_lives.csv"),
    "a source without a licence": (
        of(URIRef(vocab.source_iri("doc-1")), KGO.licenceName, None), "needs a licence", "sources.csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_fact_is_named_with_its_remedy(name: str, graph: rdflib.Graph) -> None:
    break_it, what, remedy = BROKEN[name]
    node = break_it(graph)
    messages = validate(graph)
    about = [message for message in messages if message.startswith(f"{vocab.curie(str(node))}: ")]
    assert any(what in message and remedy in message for message in about), messages


def test_what_was_found_is_shown(graph: rdflib.Graph) -> None:
    change(graph, TRIAL, KGO.nctId, "NCT123")
    assert (
        "clinicaltrials:NCT01206140: a trial needs one NCT number (NCT and eight digits); correct the record's nctId (found 'NCT123')"
        in validate(graph)
    )

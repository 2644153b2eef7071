"""Exports: every form says the same, always in the same bytes; RDFLib and NetworkX see the same graph."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from bundled_world import graph, small_store

from kg import export, vocab
from kg.errors import BadInput, KgError, UnknownName, UnknownTrial
from kg.files import replacing
from kg.networks import explain_path, neighbourhood, to_networkx


def written(form: str, backwards: bool = False) -> bytes:
    out = io.BytesIO()
    export.export(small_store(backwards), out, form)
    assert not out.closed, "the file is the caller's"
    return out.getvalue()


@pytest.mark.parametrize("form", export.FORMATS)
def test_equal_graphs_give_equal_bytes(form: str) -> None:
    first = written(form)
    assert first == written(form, backwards=True)
    assert first.endswith(b"\n") and first.decode("utf-8").isprintable() is False


@pytest.mark.parametrize(
    ("form", "syntax"), [("nquads", ox.RdfFormat.N_QUADS), ("jsonld", ox.RdfFormat.JSON_LD), ("turtle", ox.RdfFormat.TURTLE)]
)
def test_rdf_read_back_is_the_same_graph(form: str, syntax: ox.RdfFormat) -> None:
    back = ox.Store()
    back.load(written(form), syntax)

    def canonical(store: ox.Store, named: bool) -> set[str]:
        dataset = ox.Dataset(quad if named else ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return {str(quad) for quad in dataset}

    named = form != "turtle"
    assert canonical(back, named) == canonical(small_store().native, named)


def test_turtle_and_jsonld_are_short_and_readable() -> None:
    turtle = written("turtle").decode()
    prefixes = [line for line in turtle.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes) and len(prefixes) == len(vocab.PREFIXES)
    assert "clinicaltrials:NCT01281865 a kgo:ClinicalTrial ;" in turtle
    data = json.loads(written("jsonld"))
    trial = next(node for part in data["@graph"] for node in part["@graph"] if node.get("kgo:nctId"))
    assert trial["@id"] == "clinicaltrials:NCT01281865" and trial["@type"] == ["kgo:ClinicalTrial"] and trial["kgo:nctId"] == "NCT01281865"


def test_jsonld_is_understood_by_rdflib() -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written("jsonld"), format="json-ld")
    assert sum(1 for _ in dataset.quads()) == len(small_store())


def test_csv_has_a_row_a_quad() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv").decode())))
    assert len(rows) == len(small_store())
    enrolment = next(row for row in rows if row["predicate"] == "kgo:enrollmentCount")
    assert (enrolment["object"], enrolment["kind"], enrolment["datatype"]) == ("14", "literal", "xsd:integer")
    assert {row["kind"] for row in rows} >= {"iri", "literal"}


def test_graphml_is_read_by_networkx_again() -> None:
    back = nx.read_graphml(io.BytesIO(written("graphml")), force_multigraph=True)
    there = to_networkx(small_store())
    assert set(back) == set(there) and back.number_of_edges() == there.number_of_edges()
    assert back.nodes["clinicaltrials:NCT01281865"]["label"] == there.nodes["clinicaltrials:NCT01281865"]["label"]


def test_an_unknown_form_and_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'pdf' is not a form to export; use one of turtle, nquads, jsonld, graphml, csv"):
        export.export(small_store(), tmp_path / "x.pdf", "pdf")
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        export.export(small_store(), tmp_path / "file" / "x.ttl", "turtle")
    assert not (tmp_path / "x.pdf").exists()


def test_a_file_is_replaced_in_one_step_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "graph.nq"
    export.export(small_store(), target, "nquads")
    before = target.read_bytes()
    assert before == written("nquads")
    with pytest.raises(ZeroDivisionError), replacing(target) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["graph.nq"], "nothing is left behind"


# --- RDFLib ---------------------------------------------------------------------------------------------------------


def test_rdflib_sees_the_union_and_only_reads() -> None:
    dataset = graph().to_rdflib()
    assert isinstance(dataset, rdflib.Dataset)
    rows = list(dataset.query("SELECT ?nct { ?trial a kgo:ClinicalTrial ; kgo:nctId ?nct } ORDER BY ?nct"))
    assert [str(row[0]) for row in rows] == ["NCT01206140", "NCT01281865"]
    node = rdflib.URIRef("urn:new")
    for change in (
        lambda: dataset.add((node, node, node)),
        lambda: dataset.remove((None, None, None)),
        lambda: dataset.update("INSERT DATA { <urn:new> <urn:new> <urn:new> }"),
        lambda: dataset.parse(data="<urn:new> <urn:new> <urn:new> .", format="nt"),
    ):
        with pytest.raises(KgError, match="only reads"):
            change()
    assert not graph().query("ASK { <urn:new> ?p ?o }").answer


# --- NetworkX -------------------------------------------------------------------------------------------------------

NCT = "clinicaltrials:NCT01206140"


def test_things_are_nodes_with_native_values() -> None:
    network = to_networkx(graph().store, ["NCT01206140"])
    trial = network.nodes[NCT]
    assert (trial["type"], trial["nctId"], trial["enrollmentCount"]) == ("ClinicalTrial", "NCT01206140", 70)
    assert trial["iri"] == "https://clinicaltrials.gov/study/NCT01206140"
    drug = network.nodes["kg:drug/selumetinib"]
    assert (drug["type"], drug["label"]) == ("Drug", "selumetinib") and "AZD6244" in drug["altLabel"]
    assert network.nodes["kg:enzyme/cyp3a4"]["type"] == "Enzyme"
    assert network.nodes["kg:rule/NCT01206140/0"]["type"] == "PriorTherapyRule"
    types = {data["type"] for _, data in network.nodes(data=True)}
    assert not any(name.endswith("Fact") and name not in ("ClauseFact", "RecordFact") for name in types), "evidence is on the edges"
    assert "clinicaltrials:NCT01281865" not in network


def test_edges_tell_predicate_inference_and_evidence() -> None:
    network = to_networkx(graph().store, ["NCT01281865"])
    assert network.has_edge("kg:drug/imatinib", "kg:class/tyrosine-kinase-inhibitor", "rdf:type")
    substrate = network.edges["kg:drug/everolimus", "kg:enzyme/cyp3a4", "kgo:isSubstrateOf"]
    assert substrate["label"] == "is substrate of" and substrate["inferred"] is False
    assert substrate["sources"] and all("substrate" in line for line in substrate["evidence"])
    inhibitor = network.edges["kg:drug/imatinib", "kg:enzyme/cyp3a4", "kgo:inhibitsEnzyme"]
    assert any("inhibitor, moderate" in line for line in inhibitor["evidence"])
    assert not any("substrate" in line for line in inhibitor["evidence"])
    assert network.edges["clinicaltrials:NCT01281865", "kg:drug/imatinib", "kgo:testsDrug"]["inferred"] is True


def test_everything_holds_what_the_roots_hold() -> None:
    whole = graph().to_networkx()
    part = to_networkx(graph().store, ["NCT01281865", "kg:drug/trametinib"])
    assert set(part) < set(whole)
    assert "kg:drug/trametinib" in part and "kg:drug/itraconazole" in whole
    assert all(whole.has_edge(*edge) for edge in part.edges(keys=True))
    assert not {"DrugTargetFact", "NameFact", "DrugInteraction", "Fact"} & {data["type"] for _, data in whole.nodes(data=True)}


def test_a_root_that_is_not_there() -> None:
    with pytest.raises(UnknownTrial, match="NCT99999999 is not in this graph"):
        to_networkx(graph().store, ["NCT99999999"])
    with pytest.raises(UnknownName, match="is not in this graph"):
        to_networkx(graph().store, ["kg:drug/no-such-drug"])


def test_the_way_from_a_drug_to_a_trial_leads_over_class_and_rule() -> None:
    network = to_networkx(graph().store, ["NCT01206140", "kg:drug/trametinib", "kg:drug/itraconazole", "kg:drug/amoxicillin"])
    steps = explain_path(network, "kg:drug/trametinib", NCT)
    assert steps[0] == ("trametinib", "is a", "MEK inhibitor")
    assert steps[-1][1] == "← has rule" and steps[-1][0] == "Previous MEK inhibitor use"
    assert explain_path(network, "kg:drug/itraconazole", NCT)[0] == ("itraconazole", "inhibits enzyme", "CYP3A4")
    assert explain_path(network, "kg:drug/selumetinib", NCT)[0][1] == "← gives drug"
    assert explain_path(network, "kg:drug/amoxicillin", NCT) == [], "being an anti-infective too is no way to a rule on antiretrovirals"
    with pytest.raises(UnknownName, match="no node of this graph"):
        explain_path(network, "kg:drug/nothing", NCT)


def test_no_way_is_an_empty_way() -> None:
    network = nx.MultiDiGraph()
    network.add_node("a", type="Drug", label="a")
    network.add_node("b", type="ClinicalTrial", label="b")
    assert explain_path(network, "a", "b") == []


def test_a_neighbourhood_looks_both_ways() -> None:
    network = to_networkx(graph().store, ["NCT01281865"])
    near = neighbourhood(network, "kg:drug/imatinib")
    assert "kg:target/kit" in near and "clinicaltrials:NCT01281865" in near
    assert set(near) < set(neighbourhood(network, "kg:drug/imatinib", radius=2))
    with pytest.raises(UnknownName):
        neighbourhood(network, "imatinib")

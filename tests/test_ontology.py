"""The ontology: built from its tables, each term named and explained once, each alignment to something that exists."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import rdflib
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SDO, SKOS

from kg import bundle
from kg.graph import ontology_quads
from kg.graph.ontology import turtle
from kg.vocab import KGO_BASE, iri

ONTOLOGY = bundle.path("ontology")
REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "ontologies"
VERBS = (
    "allows",
    "applies",
    "binds",
    "concerns",
    "crosses",
    "excludes",
    "gives",
    "has",
    "includes",
    "induces",
    "inhibits",
    "is",
    "measures",
)
VERBS += ("names", "primarily", "refers", "requires", "restricts", "studies", "tests")


def rows(name: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (ONTOLOGY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("# ")), delimiter=delimiter))


TERMS = {row["term"]: row for row in rows("terms.csv")}
ALIGNMENTS = rows("alignments.sssom.tsv", "\t")


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "kg.ttl", format="turtle")


def test_kg_ttl_is_what_the_tables_say() -> None:
    assert (ONTOLOGY / "kg.ttl").read_text(encoding="utf-8") == turtle(), "run `python -m kg.graph` after changing a table of the ontology"


def test_the_tables_are_sorted_and_each_row_is_there_once() -> None:
    assert list(TERMS) == sorted(TERMS)
    assert len(TERMS) == len(rows("terms.csv"))
    keys = [(row["subject_id"], row["predicate_id"], row["object_id"]) for row in ALIGNMENTS]
    assert len(set(keys)) == len(keys)
    lines = [line for line in (ONTOLOGY / "alignments.sssom.tsv").read_text(encoding="utf-8").splitlines() if line.startswith("kgo:")]
    assert lines == sorted(lines)


def test_each_term_has_one_label_one_definition_one_example(graph: rdflib.Graph) -> None:
    for term in TERMS:
        subject = rdflib.URIRef(KGO_BASE + term)
        for predicate in (RDFS.label, SKOS.definition, SKOS.example):
            assert len(list(graph.objects(subject, predicate))) == 1, f"{term}: {predicate}"
    labels = [row["label"] for row in TERMS.values()]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_every_term_of_the_graph_is_in_the_table(graph: rdflib.Graph) -> None:
    used = {str(node).removeprefix(KGO_BASE) for triple in graph for node in triple if str(node).startswith(KGO_BASE)}
    assert used == set(TERMS)


@pytest.mark.parametrize("row", TERMS.values(), ids=TERMS)
def test_names_follow_the_style(row: dict[str, str]) -> None:
    words = re.findall(r"[A-Z]?[a-z0-9]+", row["term"])
    assert "".join(words) == row["term"], "acronyms are camel-cased"
    if row["type"] == "class":
        assert row["term"][0].isupper()
    else:
        assert row["term"][0].islower()
        assert (words[0] in VERBS) == (row["type"] == "object property"), "object properties, and only they, start with a verb"
    for parent in filter(None, row["parents"].split("|")):
        assert ":" in parent or TERMS[parent]["type"] == row["type"]
    for column in ("domain", "range"):
        assert not row[column] or ":" in row[column] or TERMS[row[column]]["type"] == "class"


def test_the_quads_are_the_file(graph: rdflib.Graph) -> None:
    loaded = rdflib.Dataset()
    loaded.parse(data="".join(ontology_quads()), format="nquads")
    assert len(loaded) == len(graph)
    assert {str(name) for name in (context.identifier for context in loaded.graphs()) if "trialkg" in str(name)} == {
        "https://w3id.org/trialkg/id/graph/ontology"
    }


def test_eligibility_criteria_are_aligned_to_obi(graph: rdflib.Graph) -> None:
    def aligned(term: str) -> set[rdflib.term.Node]:
        subject = rdflib.URIRef(KGO_BASE + term)
        return {match for kind in (SKOS.exactMatch, SKOS.closeMatch, SKOS.narrowMatch) for match in graph.objects(subject, kind)}

    for term, curie in (
        ("EligibilityCriterion", "obi:0500026"),
        ("InclusionCriterion", "obi:0500027"),
        ("ExclusionCriterion", "obi:0500028"),
        ("PriorTherapyRule", "obi:0002424"),
        ("ClinicalTrial", "schema:MedicalTrial"),
        ("ClinicalTrial", "biolink:ClinicalTrial"),
    ):
        assert rdflib.URIRef(iri(curie)) in aligned(term), f"{term} → {curie}"


@pytest.mark.parametrize("row", ALIGNMENTS, ids=lambda row: f"{row['subject_id']}-{row['object_id']}")
def test_alignments_are_well_formed(row: dict[str, str]) -> None:
    assert row["subject_label"] == TERMS[row["subject_id"].removeprefix("kgo:")]["label"]
    assert row["predicate_id"] in {f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
    assert iri(row["object_id"]).startswith("http")
    assert row["object_source"]


@pytest.mark.parametrize("prefix", ["prov", "skos", "dcterms", "schema"])
def test_aligned_terms_exist_in_the_vocabularies_that_rdflib_carries(prefix: str) -> None:
    namespace = {"prov": PROV, "skos": SKOS, "dcterms": DCTERMS, "schema": SDO}[prefix]
    known = {str(term).rpartition("/")[2].rpartition("#")[2] for term in dir(namespace)}
    for row in ALIGNMENTS:
        if row["object_id"].startswith(f"{prefix}:"):
            assert row["object_id"].partition(":")[2] in known, row["object_id"]


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference ontologies are not here")
@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("Biolink Model", "biolink-model.yaml"),
        ("Clinical Trials Ontology", "cto.owl"),
        ("Ontology for Biomedical Investigations, core", "obi_core.owl"),
    ],
)
def test_aligned_terms_exist_in_the_reference_ontologies(source: str, file: str) -> None:
    text = (REFERENCE / file).read_text(encoding="utf-8")
    found = [row for row in ALIGNMENTS if row["object_source"] == source]
    assert found
    for row in found:
        prefix, _, local = row["object_id"].partition(":")
        written = row["object_label"] + ":" if prefix == "biolink" else local if prefix == "obo" else f"{prefix.upper()}_{local}"
        assert written in text or f"{prefix.upper()}:{local}" in text, row["object_id"]
        assert row["object_label"] in text, row["object_label"]


def test_things_of_different_kinds_are_disjoint(graph: rdflib.Graph) -> None:
    members = next(graph.objects(next(graph.subjects(RDF.type, OWL.AllDisjointClasses)), OWL.members))
    apart = {str(item).removeprefix(KGO_BASE) for item in graph.items(members)}
    assert {"Drug", "Target", "ClinicalTrial", "Condition", "Rule"} <= apart

"""IRIs and CURIEs: the one home of both, and the terms of the ontology as checked names."""

from __future__ import annotations

import csv

import pytest

from kg import bundle, vocab
from kg.terms import KGO


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("chembl:CHEMBL3137343", "https://bioregistry.io/chembl:CHEMBL3137343"),
        ("rxnorm:282388", "https://bioregistry.io/rxnorm:282388"),
        ("unii:8A1O1M485B", "https://bioregistry.io/unii:8A1O1M485B"),
        ("ncit:C1687", "http://purl.obolibrary.org/obo/NCIT_C1687"),
        ("mesh:D012509", "https://bioregistry.io/mesh:D012509"),
        ("atc:L01EA01", "https://bioregistry.io/atc:L01EA01"),
        ("hgnc:6840", "https://bioregistry.io/hgnc:6840"),
        ("uniprot:Q02750", "https://bioregistry.io/uniprot:Q02750"),
        ("mondo:0005089", "http://purl.obolibrary.org/obo/MONDO_0005089"),
        ("doid:1115", "http://purl.obolibrary.org/obo/DOID_1115"),
        ("oncotree:SYNS", "https://bioregistry.io/oncotree:SYNS"),
        ("snomedct:414460008", "https://bioregistry.io/snomedct:414460008"),
        ("umls:C1261473", "https://bioregistry.io/umls:C1261473"),
        ("drugbank:DB00619", "https://bioregistry.io/drugbank:DB00619"),
        ("chebi:45783", "http://purl.obolibrary.org/obo/CHEBI_45783"),
        ("obi:0500026", "http://purl.obolibrary.org/obo/OBI_0500026"),
        ("clinicaltrials:NCT01206140", "https://clinicaltrials.gov/study/NCT01206140"),
        ("kg:drug/trametinib", "https://w3id.org/trialkg/id/drug/trametinib"),
        ("kgo:hasTarget", "https://w3id.org/trialkg/ontology#hasTarget"),
    ],
)
def test_curies_and_iris_are_each_other(curie: str, iri: str) -> None:
    assert vocab.iri(curie) == iri
    assert vocab.curie(iri) == curie


def test_what_is_no_curie_says_so() -> None:
    with pytest.raises(ValueError, match="no CURIE with a known prefix"):
        vocab.iri("nosuch:1")
    with pytest.raises(ValueError, match="no CURIE"):
        vocab.iri("imatinib")
    with pytest.raises(ValueError, match="a character that no IRI may have"):
        vocab.iri("chembl:CHEMBL1> <urn:x")


def test_a_slug_is_always_part_of_an_iri() -> None:
    assert vocab.slug("Hôpital Saint-Louis, AP-HP") == "h%C3%B4pital-saint-louis-ap-hp"
    assert vocab.slug("***") == "unknown"


def test_a_misspelt_term_raises() -> None:
    with pytest.raises(AttributeError, match="Durg"):
        _ = KGO.Durg
    with pytest.raises(AttributeError):
        _ = vocab.NoSuchName
    assert vocab.KGO is KGO


def test_the_checked_names_are_the_terms_of_the_ontology() -> None:
    with bundle.path("ontology/terms.csv").open(encoding="utf-8", newline="") as file:
        terms = {row["term"] for row in csv.DictReader(file)}
    assert {str(term).removeprefix(vocab.KGO_BASE) for term in dir(KGO) if str(term).startswith(vocab.KGO_BASE)} == terms

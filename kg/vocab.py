"""Every IRI of the graph: namespaces, prefixes, builders, and CURIE ↔ IRI. The one home of IRI strings.

Three spaces: `kgo:` the ontology, `kg:` our own instances, and public identifiers by their Bioregistry prefixes. A trial keeps its public
IRI.
The ontology's terms as checked names are `KGO` (rdflib is loaded only when it is asked for).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from kg.terms import KGO

__all__ = [
    "GRAPH_INFERRED",
    "GRAPH_KNOWLEDGE",
    "GRAPH_ONTOLOGY",
    "KGO",
    "KGO_BASE",
    "KG_BASE",
    "PREFIXES",
    "PUBLIC",
    "criterion_iri",
    "curie",
    "graph_iri",
    "hashed_iri",
    "iri",
    "part_iri",
    "rule_iri",
    "slug",
    "source_iri",
    "thing_iri",
    "trial_iri",
]

KGO_BASE = "https://w3id.org/trialkg/ontology#"
KG_BASE = "https://w3id.org/trialkg/id/"
_BIOREGISTRY = "https://bioregistry.io/"
_OBO = "http://purl.obolibrary.org/obo/"

PUBLIC: Mapping[str, str] = MappingProxyType(
    {
        **{prefix: f"{_OBO}{prefix.upper()}_" for prefix in ("chebi", "doid", "mondo", "ncit", "obi")},
        **{
            prefix: f"{_BIOREGISTRY}{prefix}:"
            for prefix in ("atc", "chembl", "drugbank", "hgnc", "mesh", "oncotree", "rxnorm", "snomedct", "umls", "unii", "uniprot")
        },
        "clinicaltrials": "https://clinicaltrials.gov/study/",
    }
)
"""Namespaces of public identifiers by Bioregistry prefix: OBO PURLs for OBO ontologies, Bioregistry's resolver for the others."""

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "kgo": KGO_BASE,
        "kg": KG_BASE,
        **PUBLIC,
        "biolink": "https://w3id.org/biolink/vocab/",
        "dcterms": "http://purl.org/dc/terms/",
        "obo": _OBO,
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""Every prefix that queries and Turtle may use without declaring it."""

GRAPH_ONTOLOGY = f"{KG_BASE}graph/ontology"
GRAPH_KNOWLEDGE = f"{KG_BASE}graph/knowledge"
GRAPH_INFERRED = f"{KG_BASE}graph/inferred"

_BY_LENGTH = sorted(((base, prefix) for prefix, base in PREFIXES.items()), key=lambda item: -len(item[0]))
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


def trial_iri(nct: str) -> str:
    """The public IRI of a trial.

    Example:
        >>> trial_iri("NCT01206140")
        'https://clinicaltrials.gov/study/NCT01206140'
    """
    return PUBLIC["clinicaltrials"] + nct


def thing_iri(kind: str, key: str) -> str:
    """The IRI of a thing of the tables.

    Arguments:
        kind: drug, class, target, enzyme, condition, regimen or biomarker.
        key: its key in the table.
    Example:
        >>> thing_iri("class", "mek-inhibitor")
        'https://w3id.org/trialkg/id/class/mek-inhibitor'
    """
    return f"{KG_BASE}{kind}/{key}"


def source_iri(key: str) -> str:
    """The IRI of a source of the knowledge, by its key in `data/sources.csv`.

    Example:
        >>> source_iri("recalled")
        'https://w3id.org/trialkg/id/source/recalled'
    """
    return f"{KG_BASE}source/{key}"


def part_iri(kind: str, nct: str, part: object) -> str:
    """The IRI of a part of a trial's record.

    Example:
        >>> part_iri("arm", "NCT01206140", 0)
        'https://w3id.org/trialkg/id/arm/NCT01206140/0'
    """
    return f"{KG_BASE}{kind}/{nct}/{part}"


def criterion_iri(nct: str, order: int) -> str:
    """The IRI of a criterion, by its place in the eligibility text.

    Example:
        >>> criterion_iri("NCT01206140", 12)
        'https://w3id.org/trialkg/id/criterion/NCT01206140/12'
    """
    return part_iri("criterion", nct, order)


def rule_iri(nct: str, number: int) -> str:
    """The IRI of a rule; numbers count through the trial.

    Example:
        >>> rule_iri("NCT01206140", 7)
        'https://w3id.org/trialkg/id/rule/NCT01206140/7'
    """
    return part_iri("rule", nct, number)


def graph_iri(dataset: str) -> str:
    """The named graph of the trials of a dataset.

    Example:
        >>> graph_iri("v2-json")
        'https://w3id.org/trialkg/id/graph/trials/v2-json'
    """
    return f"{KG_BASE}graph/trials/{slug(dataset)}"


def hashed_iri(kind: str, *parts: str) -> str:
    """A stable IRI for a node that is named by all of what it says.

    Example:
        >>> hashed_iri("fact", "drug_targets", "trametinib", "map2k1", "inhibitor")
        'https://w3id.org/trialkg/id/fact/...'
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{KG_BASE}{kind}/{digest[:20]}"


def slug(text: str) -> str:
    """A text as part of an IRI: lower case, other characters as hyphens; '' gives "unknown".

    Example:
        >>> slug("National Cancer Institute (NCI)")
        'national-cancer-institute-nci'
    """
    kept = re.sub(r"[^\w]+", "-", text.lower()).strip("-")
    return quote(kept) or "unknown"


def iri(curie: str) -> str:
    """The IRI that a CURIE stands for.

    Raises:
        ValueError: the prefix is not known, or the result would be no IRI.
    Example:
        >>> iri("mondo:0005090"), iri("HGNC:6840")
        ('http://purl.obolibrary.org/obo/MONDO_0005090', 'https://bioregistry.io/hgnc:6840')
    """
    prefix, colon, local = curie.partition(":")
    base = PREFIXES.get(prefix) or PUBLIC.get(prefix.lower())
    if not colon or base is None:
        raise ValueError(f"{curie!r} is no CURIE with a known prefix; the prefixes are {', '.join(sorted(PREFIXES))}")
    if _NOT_IN_IRI.search(local):
        raise ValueError(f"{curie!r} holds a character that no IRI may have; correct it")
    return base + local


def curie(iri: str) -> str:
    """The CURIE of an IRI; the IRI itself if no prefix is known for it.

    Example:
        >>> curie("http://purl.obolibrary.org/obo/MONDO_0005090"), curie("https://example.org/x")
        ('mondo:0005090', 'https://example.org/x')
    """
    for base, prefix in _BY_LENGTH:
        if iri.startswith(base) and len(iri) > len(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


def __getattr__(name: str) -> Any:
    if name == "KGO":
        from kg.terms import KGO

        return KGO
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

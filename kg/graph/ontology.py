"""The ontology: `ontology/terms.csv` and `ontology/alignments.sssom.tsv` → `ontology/kg.ttl`, in one stable order.

`python -m kg.graph` writes the file anew after a table was changed; a test holds that it is what the tables say.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg import bundle
from kg.vocab import GRAPH_ONTOLOGY, PREFIXES

__all__ = ["ontology_lines", "turtle"]

_TYPES = {"class": "owl:Class", "object property": "owl:ObjectProperty", "datatype property": "owl:DatatypeProperty"}
_PARENT = {"class": "rdfs:subClassOf", "object property": "rdfs:subPropertyOf", "datatype property": "rdfs:subPropertyOf"}
_USED = ("biolink", "dcterms", "kgo", "ncit", "obi", "obo", "owl", "prov", "rdfs", "schema", "skos", "xsd")
_ANNOTATIONS = ("dcterms:description", "dcterms:license", "dcterms:title")
_HEADER = """
<https://w3id.org/trialkg/ontology> a owl:Ontology ;
    dcterms:description "What trialkg says of trials, arms, drugs, targets, conditions and eligibility rules, and where it was read." ;
    dcterms:license <https://www.apache.org/licenses/LICENSE-2.0> ;
    dcterms:title "trialkg ontology" .
"""


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("# ")), delimiter=delimiter))


def _name(cell: str) -> str:
    """A term of ours by its bare name, any other as a CURIE."""
    return cell if ":" in cell else f"kgo:{cell}"


def _literal(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _term(row: dict[str, str], matches: list[tuple[str, str]]) -> str:
    said = [("a", _TYPES[row["type"]]), ("rdfs:label", _literal(row["label"]))]
    said += [("skos:definition", _literal(row["definition"])), ("skos:example", _literal(row["example"]))]
    said += [(_PARENT[row["type"]], _name(parent)) for parent in filter(None, row["parents"].split("|"))]
    said += [(f"rdfs:{column}", _name(row[column])) for column in ("domain", "range") if row[column]]
    said += matches
    return f"kgo:{row['term']} " + " ;\n    ".join(f"{predicate} {value}" for predicate, value in said) + " .\n"


def turtle(directory: Path | None = None) -> str:
    """The ontology as Turtle.

    Arguments:
        directory: where the tables are; the bundled ones if not given.
    Raises:
        KeyError: a term has a type that is not known.
    """
    directory = directory or bundle.path("ontology")
    terms = sorted(_rows(directory / "terms.csv"), key=lambda row: row["term"])
    matches: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(directory / "alignments.sssom.tsv", "\t"):
        matches.setdefault(row["subject_id"].removeprefix("kgo:"), []).append((row["predicate_id"], row["object_id"]))
    parts = ["".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in _USED), _HEADER.lstrip("\n")]
    parts.append("".join(f"{name} a owl:AnnotationProperty .\n" for name in (*_ANNOTATIONS, *_mappings(matches))))
    apart: dict[str, list[str]] = {}
    for row in terms:
        if row["disjoint"]:
            apart.setdefault(row["disjoint"], []).append(f"kgo:{row['term']}")
    for names in apart.values():
        parts.append(f"[] a owl:AllDisjointClasses ;\n    owl:members ( {' '.join(names)} ) .\n")
    parts += [_term(row, sorted(matches.get(row["term"], ()))) for row in terms]
    return "\n".join(parts)


def _mappings(matches: dict[str, list[tuple[str, str]]]) -> list[str]:
    used = {predicate for pairs in matches.values() for predicate, _ in pairs}
    return sorted(used | {"skos:definition", "skos:example"})


def ontology_lines() -> Iterator[str]:
    """`ontology/kg.ttl` as N-Quads lines."""
    graph = f"<{GRAPH_ONTOLOGY}>"
    for quad in ox.parse(path=str(bundle.path("ontology/kg.ttl")), format=ox.RdfFormat.TURTLE):
        yield f"{quad.subject} {quad.predicate} {quad.object} {graph} .\n"

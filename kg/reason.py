"""Is the knowledge consistent, and into which classes do the definitions put each drug? HermiT answers, through owlready2; it runs on Java.

The build needs no Java: it works memberships out itself (`kg.knowledge.membership`). This is the second opinion, by a reasoner that knows
nothing but OWL: not our code, not what was inferred before, only types, classes, their definitions, and object properties.

A class is given to the reasoner as "who fulfils the definition is a member". The converse half of a definition (a curated member fulfils it
in some way) puts no drug into a further class, but lets the search run for hours.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import owlready2
from owlready2.base import OwlReadyInconsistentOntologyError, OwlReadyJavaError

from kg.errors import KgError, MissingTool
from kg.graph import knowledge_quads, ontology_quads
from kg.graph.lines import A, node
from kg.graph.predicates import K
from kg.knowledge import Knowledge
from kg.vocab import GRAPH_INFERRED, KG_BASE, KGO_BASE, PREFIXES, thing_iri

__all__ = ["Opinion", "consult"]

_CLASS = thing_iri("class", "")
_GROUP = thing_iri("target-group", "")
_INDIVIDUALS = tuple(f"<{thing_iri(kind, '')}" for kind in ("drug", "target"))
_PUNNED = tuple(f"<{base}" for base in (_CLASS, _GROUP))
_META = (K.DrugClass, K.TargetGroup)
_EVIDENCE = (f"<{KG_BASE}fact/", f"<{KG_BASE}source/")
_STRUCTURE = tuple(f"<{PREFIXES[prefix]}" for prefix in ("owl", "rdf", "rdfs"))
_OURS = f"<{KGO_BASE}"
_INFERRED = node(GRAPH_INFERRED)
_SAME = node(f"{PREFIXES['owl']}equivalentClass")
_SUBCLASS = node(f"{PREFIXES['rdfs']}subClassOf")
_INDIVIDUAL = node(f"{PREFIXES['owl']}NamedIndividual")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the reasoner found. `classes`: by drug key, the keys of the classes that it is in; empty if nothing is consistent."""

    consistent: bool
    classes: Mapping[str, frozenset[str]] = field(default_factory=dict)


def _logic(lines: Iterable[str]) -> Iterator[str]:
    """What of N-Quads lines a reasoner can use, as N-Triples.

    Left aside: literals, evidence, what was inferred before, and what is said of a class as if it were a thing (to OWL that speaks of an
    individual of the same name).
    """
    named: set[str] = set()
    for line in lines:
        triple, _, graph = line.rstrip(" .\n").rpartition(" ")
        subject, predicate, term = triple.split(" ", 2)
        if graph == _INFERRED or term.startswith('"') or term in _META or subject.startswith(_EVIDENCE):
            continue
        if predicate == _SAME:
            yield f"{term} {_SUBCLASS} {subject} .\n"
        elif predicate.startswith(_STRUCTURE) or (
            predicate.startswith(_OURS) and not (subject.startswith(_PUNNED) or term.startswith(_PUNNED))
        ):
            yield f"{triple} .\n"
            if subject.startswith(_INDIVIDUALS) and subject not in named:
                named.add(subject)
                yield f"{subject} {A} {_INDIVIDUAL} .\n"


def consult(knowledge: Knowledge, more: Iterable[str] = ()) -> Opinion:
    """Ask HermiT about the ontology together with the knowledge.

    It takes some ten seconds for a thousand drugs.

    Arguments:
        knowledge: the tables.
        more: further N-Quads lines, of trials for instance.
    Raises:
        MissingTool: there is no Java.
        KgError: the reasoner stopped before it had an answer.
    Example:
        >>> opinion = consult(Knowledge.load())                # doctest: +SKIP
        >>> "mek-inhibitor" in opinion.classes["trametinib"]   # doctest: +SKIP
        True
    """
    if shutil.which(owlready2.JAVA_EXE) is None:
        raise MissingTool(
            "the reasoner HermiT runs on Java, and no `java` was found; install a Java runtime, 11 or later "
            "(Debian: apt-get install default-jre-headless)"
        )
    text = "".join(line for lines in (ontology_quads(), knowledge_quads(knowledge), more) for line in _logic(lines))
    world = owlready2.World()
    ontology = world.get_ontology(f"{KG_BASE}graph/knowledge#")
    ontology.load(fileobj=io.BytesIO(text.encode()), format="ntriples")
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, debug=0)
    except OwlReadyInconsistentOntologyError:
        return Opinion(False)
    except OwlReadyJavaError as error:
        raise KgError(f"the reasoner stopped: {str(error).strip()[:500]}; run it with more memory, or on fewer drugs") from None
    found = {}
    for key in knowledge.drugs:
        classes = (getattr(entity, "iri", "") for entity in world[thing_iri("drug", key)].INDIRECT_is_a)
        found[key] = frozenset(iri.removeprefix(_CLASS) for iri in classes if iri.startswith(_CLASS))
    return Opinion(True, found)

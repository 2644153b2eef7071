"""Records → RDF, one pure function a kind of record: N-Quads lines for the ontology, the knowledge and the trials.

What follows from the stated triples goes to `kg:graph/inferred`: class memberships and shortcuts such as "this trial excludes prior use of
that" are written here, a trial at a time; the closures of the trees are rules in `ontology/inference`, which the store runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.graph.eligibility import EligibilityWriter
from kg.graph.knowledge import inferred_lines, knowledge_lines, source_lines
from kg.graph.lines import Lines
from kg.graph.names import names_for
from kg.graph.ontology import ontology_lines
from kg.graph.shortcuts import shortcut_lines
from kg.graph.trials import TrialWriter
from kg.knowledge import Knowledge
from kg.records import Eligibility, Source, Trial
from kg.vocab import GRAPH_KNOWLEDGE, graph_iri

__all__ = ["knowledge_quads", "ontology_quads", "source_quads", "trial_quads"]


def ontology_quads() -> Iterator[str]:
    """The ontology with its alignments, in `kg:graph/ontology`.

    Example:
        >>> any("hasPrimaryTarget" in line for line in ontology_quads())
        True
    """
    return ontology_lines()


def knowledge_quads(knowledge: Knowledge) -> Iterator[str]:
    """The curated tables with their sources, in `kg:graph/knowledge`; the class memberships that follow, in `kg:graph/inferred`."""
    yield from knowledge_lines(knowledge)
    yield from inferred_lines(knowledge)


def source_quads(sources: Iterable[Source]) -> Iterator[str]:
    """Further sources, in `kg:graph/knowledge`; those of a `Knowledge` are among its own quads."""
    lines = Lines(GRAPH_KNOWLEDGE)
    source_lines(lines, sources)
    yield from lines.out


def trial_quads(trial: Trial, eligibility: Eligibility, knowledge: Knowledge) -> Iterator[str]:
    """A trial's record and its eligibility as read, in the graph of the format that the record came in; shortcuts in `kg:graph/inferred`.

    Arguments:
        trial: the record; every field is written.
        eligibility: what `kg.criteria.read` made of its eligibility text.
        knowledge: to which drugs, conditions and biomarkers the record's names are linked.
    Example:
        >>> from kg.records import RecordSource
        >>> trial = Trial("NCT00000000", "A trial", RecordSource("example", "v2-json", ""))
        >>> lines = list(trial_quads(trial, Eligibility(), Knowledge.load()))
        >>> "<https://w3id.org/trialkg/id/graph/trials/v2-json> .\\n" in lines[0]
        True
    """
    writer = TrialWriter(trial, Lines(graph_iri(trial.source.format)), names_for(knowledge))
    writer.write()
    EligibilityWriter(writer).write(eligibility)
    yield from writer.lines.out
    yield from shortcut_lines(trial.nct, writer.drugs, eligibility, knowledge)

"""What follows from a trial's own triples, as direct edges for queries: what it tests, excludes, requires, restricts.

"Which trials do not exclude…" is asked most, and is cheap over such edges (MINUS) and dear over rules and mentions. The edges say *that* a
rule names a thing; its windows, exceptions and limits stand at the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.graph.lines import A, Lines, node
from kg.graph.predicates import K
from kg.knowledge import Knowledge
from kg.records import Eligibility, Mention, Polarity, Role, Rule
from kg.vocab import GRAPH_INFERRED, criterion_iri, iri, thing_iri, trial_iri

__all__ = ["shortcut_lines"]

_THERAPY_EDGES = {
    (Polarity.EXCLUDES, Role.PRIOR_THERAPY): K.excludesPriorTherapy,
    (Polarity.REQUIRES, Role.PRIOR_THERAPY): K.requiresPriorTherapy,
    (Polarity.ALLOWS, Role.PRIOR_THERAPY): K.allowsPriorTherapy,
    (Polarity.EXCLUDES, Role.CONCOMITANT): K.excludesConcomitantTherapy,
    (Polarity.REQUIRES, Role.CONCOMITANT): K.requiresConcomitantTherapy,
    (Polarity.ALLOWS, Role.CONCOMITANT): K.allowsConcomitantTherapy,
}
_STATE_EDGES = {
    (Polarity.EXCLUDES, Role.CONDITION, "condition"): K.excludesCondition,
    (Polarity.REQUIRES, Role.CONDITION, "condition"): K.requiresCondition,
    (Polarity.EXCLUDES, Role.BIOMARKER, "biomarker"): K.excludesBiomarker,
    (Polarity.REQUIRES, Role.BIOMARKER, "biomarker"): K.requiresBiomarker,
}
_RESTRICTIONS = {"inhibitor": K.restrictsInhibitorsOf, "inducer": K.restrictsInducersOf, "substrate": K.restrictsSubstratesOf}
_THERAPY_KINDS = ("drug", "class", "regimen")
_OBI = {"chemotherapy": node(iri("obi:0002424")), "radiotherapy": node(iri("obi:0002425"))}
"""Classes of therapy → what OBI calls a criterion that excludes who had it."""


def _edges(rule: Rule, mention: Mention) -> Iterator[tuple[str, str]]:
    """Predicate and object of the trial's edges for one mention of a rule."""
    if mention.kind in _THERAPY_KINDS:
        edge = _THERAPY_EDGES.get((rule.polarity, rule.role))
        if edge and mention.key:
            yield edge, node(thing_iri(mention.kind, mention.key))
        elif edge == K.excludesPriorTherapy and mention.target:
            yield K.excludesPriorTargeting, node(thing_iri("target", mention.target))
    elif mention.kind == "pk":
        if rule.polarity is Polarity.EXCLUDES and mention.role in _RESTRICTIONS:
            yield _RESTRICTIONS[mention.role], node(thing_iri("enzyme", mention.enzyme))
    else:
        edge = _STATE_EDGES.get((rule.polarity, rule.role, mention.kind))
        if edge and mention.key:
            yield edge, node(thing_iri(mention.kind, mention.key))


def _obi_classes(rule: Rule, knowledge: Knowledge) -> set[str]:
    """OBI's class for a criterion that excludes prior chemotherapy or radiotherapy, of whichever sort (a limit on lines does not)."""
    if (rule.polarity, rule.role) != (Polarity.EXCLUDES, Role.PRIOR_THERAPY) or rule.lines is not None:
        return set()
    classes = {m.key for m in rule.mentions if m.kind == "class" and m.key in knowledge.classes}
    return {_OBI[above] for key in classes for above in (key, *knowledge.class_ancestors(key)) if above in _OBI}


def shortcut_lines(nct: str, drugs: tuple[str, ...], eligibility: Eligibility, knowledge: Knowledge) -> Iterator[str]:
    """The edges of one trial, in `kg:graph/inferred`.

    Arguments:
        nct: the trial.
        drugs: keys of the drugs that its interventions give.
        eligibility: its rules.
        knowledge: tells the classes of the drugs.
    """
    lines = Lines(GRAPH_INFERRED)
    trial = node(trial_iri(nct))
    edges: dict[tuple[str, str, str], None] = {}
    for drug in drugs:
        edges[trial, K.testsDrug, node(thing_iri("drug", drug))] = None
        for key, membership in knowledge.memberships(drug).items():
            if membership.plain:
                edges[trial, K.testsDrugClass, node(thing_iri("class", key))] = None
    for rule in eligibility.rules:
        for mention in rule.mentions:
            for edge, thing in _edges(rule, mention):
                edges[trial, edge, thing] = None
        for obi in _obi_classes(rule, knowledge):
            edges[node(criterion_iri(nct, rule.criterion)), A, obi] = None
    for triple in sorted(edges):
        lines.add(*triple)
    return iter(lines.out)

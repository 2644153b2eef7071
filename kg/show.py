"""What is known of one drug, as a flat list of facts with the source of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.knowledge import Drug, Evidence, Knowledge

__all__ = ["drug_facts"]


def drug_facts(drug: Drug, knowledge: Knowledge, trials: Iterable[str] = ()) -> dict[str, Any]:
    """The drug's names, identifiers, classes, targets, roles and half-life; each fact ends with its source in brackets.

    Arguments:
        trials: numbers of the trials that give it.

    Example:
        >>> knowledge = Knowledge.load()
        >>> facts = drug_facts(knowledge.drugs["trametinib"], knowledge)
        >>> [text.partition(" [")[0] for text in facts["classes"] if text.startswith("MEK")]
        ['MEK inhibitor']
    """
    names: dict[str, list[str]] = {}
    for name in drug.names:
        names.setdefault(f"names ({name.kind})", []).append(name.text)
    classes = sorted(knowledge.memberships(drug.key).values(), key=lambda m: knowledge.classes[m.drug_class].label.casefold())
    half_life = knowledge.half_life(drug.key)
    return {
        "drug": drug.label,
        "kind": drug.kind,
        **names,
        "identifiers": list(drug.identifiers),
        "primary targets": [
            _with(f"{knowledge.targets[t.target].label} ({t.action})", t.evidence) for t in knowledge.drug_targets(drug.key)
        ],
        "other targets": [
            _with(f"{knowledge.targets[t.target].label} ({t.action})", t.evidence) for t in knowledge.drug_targets(drug.key, "secondary")
        ],
        "classes": [knowledge.classes[m.drug_class].label + ("" if m.plain else " (arguable)") for m in classes],
        "enzymes and transporters": [
            _with(f"{role.strength} {knowledge.enzymes[role.enzyme].label} {role.role}{_of(role.metabolite)}", role.evidence)
            for role in knowledge.pk_roles(drug.key)
        ]
        or (["none of note"] if drug.pk_curated else ["not looked into: interactions are not assessed"]),
        "properties": [_with(f"{p.property}: {p.grade}{_of(p.metabolite)}", p.evidence) for p in knowledge.properties(drug.key)],
        "half-life": [
            *(_with(f"{half_life.low_hours:g}–{half_life.high_hours:g} h", evidence) for evidence in half_life.sources[:1]),
            *(_with(f"{m.name} {m.low_hours:g}–{m.high_hours:g} h", m.evidence) for m in half_life.metabolites),
        ]
        if half_life
        else [],
        "metabolites": [knowledge.drugs[key].label for key in knowledge.metabolites(drug.key)],
        "trials": list(trials),
    }


def _of(metabolite: str) -> str:
    return f" (its metabolite {metabolite})" if metabolite else ""


def _with(text: str, evidence: Evidence) -> str:
    return f"{text} [{evidence.source}]"

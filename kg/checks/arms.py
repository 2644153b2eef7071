"""Which drugs a trial's arms give."""

from __future__ import annotations

from collections.abc import Mapping

from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Intervention, Trial

__all__ = ["arm_drugs", "unresolved"]


def arm_drugs(trial: Trial, knowledge: Knowledge, names: Names) -> Mapping[str, tuple[str, ...]]:
    """The drugs of each arm, by its label; those of interventions that no arm lists stand under ''.

    An intervention's drugs are those that its name holds, else those of its other names.
    """
    by_name = {i.name: _intervention_drugs(i, knowledge, names) for i in trial.interventions}
    found: dict[str, tuple[str, ...]] = {}
    placed: set[str] = set()
    for arm in trial.arms:
        listed = [*arm.interventions, *(i.name for i in trial.interventions if arm.label in i.arms)]
        placed.update(listed)
        found[arm.label] = tuple(
            dict.fromkeys(d for name in listed for d in (by_name[name] if name in by_name else _named_drugs(name, knowledge, names)))
        )
    rest = tuple(dict.fromkeys(d for name, drugs in by_name.items() if name not in placed for d in drugs))
    if rest:
        found[""] = rest
    return found


_DRUG_KINDS = ("DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "DIETARY_SUPPLEMENT", "GENETIC")
_INERT = ("placebo", "sham")


def unresolved(trial: Trial, knowledge: Knowledge, names: Names) -> tuple[str, ...]:
    """Names of the trial's drugs that the tables do not have, so that nothing can be said on their interactions."""
    return tuple(
        i.name
        for i in trial.interventions
        if i.kind.upper() in _DRUG_KINDS
        and not any(word in i.name.casefold() for word in _INERT)
        and not _intervention_drugs(i, knowledge, names)
    )


def _intervention_drugs(intervention: Intervention, knowledge: Knowledge, names: Names) -> tuple[str, ...]:
    found = _named_drugs(intervention.name, knowledge, names)
    for other in intervention.other_names:
        if found:
            break
        found = _named_drugs(other, knowledge, names)
    return found


def _named_drugs(text: str, knowledge: Knowledge, names: Names) -> tuple[str, ...]:
    keys: list[str] = []
    for mention in names.mentions(text):
        if mention.kind == "drug":
            keys.append(mention.key)
        elif mention.kind == "regimen":
            keys.extend(knowledge.regimens[mention.key].drugs)
    return tuple(dict.fromkeys(keys))

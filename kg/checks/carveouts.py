"""The exceptions of a rule: does one speak of a patient's fact?"""

from __future__ import annotations

from kg.checks.dose_limits import low_dose, not_above, replaces_only
from kg.checks.facts import Fact
from kg.checks.limits import Holds, Limit, in_settings, on_routes
from kg.checks.matching import Grade, best_match, stronger
from kg.knowledge import Knowledge
from kg.records import Carveout

__all__ = ["carveout_applies"]


def carveout_applies(carveout: Carveout, fact: Fact, knowledge: Knowledge) -> Limit:
    """Whether an exception speaks of this fact: every part that it states (drugs, routes, settings, dose) must hold."""
    parts: list[Limit] = []
    if carveout.mentions:
        beyond = [(m, stronger(m, fact, knowledge)) for m in carveout.mentions]  # "except weak inhibitors" frees no strong one
        found = best_match([m for m, more in beyond if more is None or more.grade is not Grade.PLAIN], fact, knowledge)
        if found is None or found.grade is Grade.NEAR:
            return Limit(Holds.NO)
        unsure = [more for m, more in beyond if m is found.mention and more is not None and more.grade is Grade.ARGUABLE]
        plain = found.grade is Grade.PLAIN and not unsure
        parts.append(Limit(Holds.YES if plain else Holds.UNCLEAR, unsure[0].why if unsure else found.why, steps=found.steps))
    if carveout.routes:
        parts.append(on_routes(carveout.routes, fact, knowledge))
    if carveout.settings:
        parts.append(in_settings(carveout.settings, fact, knowledge))
    if carveout.max_dose_mg is not None and (fact.dose is not None or carveout.dose_level != "low"):
        parts.append(not_above(carveout.max_dose_mg, fact, knowledge))
    elif carveout.dose_level == "low":
        parts.append(low_dose(fact, knowledge))
    if carveout.dose_level == "physiologic":
        parts.append(replaces_only(fact, knowledge))
    steps = tuple(step for part in parts for step in part.steps)
    notes = tuple(note for part in parts for note in part.notes)
    for holds in (Holds.NO, Holds.UNCLEAR):
        found_part = next((part for part in parts if part.holds is holds), None)
        if found_part:
            return Limit(holds, found_part.why, steps=steps, notes=notes)
    return Limit(Holds.YES, parts[0].why if parts else "", steps=steps, notes=notes)

"""Read a text of eligibility criteria as the tests of the reader do, and name what came of it."""

from __future__ import annotations

from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Eligibility, Intervention, Polarity, RecordSource, Role, Rule, Trial

EXCLUDES, REQUIRES, ALLOWS = Polarity.EXCLUDES, Polarity.REQUIRES, Polarity.ALLOWS
PRIOR, CURRENT = Role.PRIOR_THERAPY, Role.CONCOMITANT
IN, OUT = "Inclusion Criteria", "Exclusion Criteria"


def eligibility(text: str, interventions: tuple[str, ...] = (), conditions: tuple[str, ...] = ()) -> Eligibility:
    """Read a whole eligibility text."""
    trial = Trial(
        "NCT00000000",
        "",
        RecordSource("test", "v2-json", ""),
        eligibility_text=text,
        conditions=conditions,
        interventions=tuple(Intervention(name, "DRUG") for name in interventions),
    )
    return read(trial, Names.of(Knowledge.load()))


def therapy_rules(text: str, interventions: tuple[str, ...] = ()) -> list[Rule]:
    """The rules on therapies of a text."""
    return [r for r in eligibility(text, interventions).rules if r.role in (PRIOR, CURRENT)]


def found_keys(rules: list[Rule]) -> set[str]:
    """Keys of the mentions, in the notation of `keys`."""
    found = set()
    for mention in (m for r in rules for m in r.mentions):
        found.add(f"{mention.enzyme}/{mention.role}/{'+'.join(mention.strengths)}" if mention.kind == "pk" else mention.key)
    return found

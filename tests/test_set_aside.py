"""Why a therapy that a sentence names is not ruled on."""

from __future__ import annotations

import pytest

from kg.criteria import read
from kg.criteria.therapies.set_aside import reason
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Intervention, RecordSource, Trial


def set_aside(sentence: str, gives: str = "everolimus", section: str = "Exclusion") -> dict[str, str]:
    """Drugs and classes named in a sentence that no rule speaks of, with the reason."""
    source = RecordSource("test", "v2-json", "")
    text = f"{section} Criteria:\n\n* {sentence}"
    trial = Trial("NCT00000000", "", source, eligibility_text=text, interventions=(Intervention(gives, "DRUG"),))
    return {m.text: m.set_aside for c in read(trial, Names.of(Knowledge.load())).clauses for m in c.mentions if m.set_aside}


@pytest.mark.parametrize(
    ("sentence", "named", "why"),
    [
        ("Allergy to lidocaine", "lidocaine", "allergy"),
        ("Active autoimmune disease requiring treatment with prednisone", "prednisone", "disease"),
        ("Unresolved toxicity from prior chemotherapy", "chemotherapy", "toxicity"),
        ("Not a candidate for cisplatin", "cisplatin", "candidacy"),
        ("Unable to swallow the everolimus tablets", "everolimus", "study drug"),
        ("Growth factors: growth factors must not have been given within the past 7 days", "Growth factors", "label"),
        ("The biopsy tissue must not have been exposed to any chemotherapy", "chemotherapy", "other subject"),
    ],
)
def test_the_reason_stands_on_the_mention(sentence: str, named: str, why: str) -> None:
    assert set_aside(sentence)[named] == why
    assert reason(why).meaning != why


def test_what_a_rule_speaks_of_was_not_set_aside() -> None:
    assert set_aside("Prior trametinib") == {}
    # an exception that the rule holds is part of it
    assert set_aside("Prior chemotherapy, except carboplatin") == {}


def test_a_reason_of_another_version_stands_for_itself() -> None:
    assert reason("moonshine").meaning == "moonshine"

"""What the words of a biomarker's result say; a result that is not understood to the last word says nothing."""

from __future__ import annotations

import pytest
from checks_world import AS_OF, KNOWLEDGE, rule, run, trial
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.checks import check
from kg.checks.results import compare_states, read_state
from kg.criteria import read
from kg.records import Mention, Polarity, Role, Verdict

MUTATED, NOT_MUTATED = ("mutation", "present"), ("mutation", "absent")
THERE, NOT_THERE = ("presence", "present"), ("presence", "absent")
EXCLUDED, REVIEW, NONE = Verdict.EXCLUDED, Verdict.REVIEW, Verdict.NO_CONFLICT


@pytest.mark.parametrize(
    "text",
    [
        "no mutation detected", "No mutations found", "mutation not detected", "mutation: not detected", "no evidence of mutation",
        "negative for mutation", "mutation negative", "mutation-negative", "mutation absent", "absence of mutation", "without mutation",
        "no pathogenic variant identified", "not mutated", "non-mutated", "non\u2011mutant", "unmutated", "wild type", "Wild-type", "WT",
        "wild type (no mutation detected)", "negative, wild type", "Not mutated.",
    ],
)  # fmt: skip
def test_a_mutation_that_was_not_found_is_absent(text: str) -> None:
    assert read_state(text, KNOWLEDGE) == NOT_MUTATED


@pytest.mark.parametrize(
    "text", ["mutated", "mutation detected", "positive for mutation", "V600E-mutant", "mutated (exon 19)", "activating mutation"]
)
def test_a_mutation_that_was_found(text: str) -> None:
    assert read_state(text, KNOWLEDGE) == MUTATED


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Not detected", NOT_THERE), ("undetected", NOT_THERE), ("none detected", NOT_THERE), ("not present", NOT_THERE),
        ("no expression", NOT_THERE), ("(-)", NOT_THERE), ("neg.", NOT_THERE), ("Positive (qualifier value)", THERE), ("+", THERE),
        ("high", THERE), ("no amplification detected", ("amplification", "absent")), ("non-amplified", ("amplification", "absent")),
        ("negative for fusion", ("rearrangement", "absent")), ("fusion-positive", ("rearrangement", "present")),
    ],
)  # fmt: skip
def test_other_results(text: str, state: tuple[str, str]) -> None:
    assert read_state(text, KNOWLEDGE) == state


@pytest.mark.parametrize(
    "text",
    [
        # not known, or not looked for
        "mutation status unknown", "mutation testing not done", "insufficient tissue for mutation testing", "cannot exclude mutation",
        "possible mutation", "mutation could not be detected", "test for mutation pending", "equivocal", "positive?", "not tested",
        # only a part of what was looked for is absent, or two things are said
        "no V600E mutation detected", "not mutated (exon 19)", "no activating mutation", "not high", "not overexpressed",
        "mutated, not amplified", "positive, wild type", "no mutation or amplification", "positive - mutation absent",
        # denied twice, or a grade
        "not wild type", "no loss of expression", "not undetectable", "low", "negative or low", "3+", "++",
        # words in words
        "below threshold", "highlighted", "opposite", "unidentified", "no", "none", "",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_no_state(text: str) -> None:
    assert read_state(text, KNOWLEDGE) is None


@given(st.sampled_from(["mutated", "positive", "negative", "wild type", "not detected"]), st.from_regex(r"\Azq[a-z]{3,9}\Z"), st.booleans())
def test_no_state_comes_of_a_result_with_an_unknown_word(state: str, word: str, first: bool) -> None:
    assert read_state(f"{word} {state}" if first else f"{state} {word}", KNOWLEDGE) is None


@pytest.mark.parametrize(
    ("marker", "text", "state"),
    [
        ("KRAS", "KRAS wild-type", NOT_MUTATED),
        ("EGFR mutation", "negative", NOT_MUTATED),
        ("EGFR mutation", "EGFR mutation not detected", NOT_MUTATED),
        ("KRAS wild-type", "present", NOT_MUTATED),
        ("KRAS wild-type", "negative", None),
        ("BRAF V600E", "positive", MUTATED),
        ("BRAF V600E", "V600E not detected", NOT_MUTATED),
        ("activating EGFR mutation", "negative", None),
        ("HER2 amplification", "detected", ("amplification", "present")),
        ("KRAS", "HER2 mutated", None),
    ],
)
def test_what_was_looked_for_says_of_what_a_result_speaks(marker: str, text: str, state: tuple[str, str] | None) -> None:
    assert read_state(text, KNOWLEDGE, marker) == state


def test_a_gene_that_is_not_mutated_may_have_its_protein() -> None:
    assert compare_states(["positive"], "not mutated", KNOWLEDGE).value == "unclear"
    assert compare_states(["mutated"], "positive", KNOWLEDGE).value == "unclear"
    assert compare_states(["mutated"], "negative", KNOWLEDGE).value == "no"


@pytest.mark.parametrize("polarity", [Polarity.EXCLUDES, Polarity.REQUIRES])
@pytest.mark.parametrize("result", ["mutation status unknown", "no V600E mutation detected", "pending", "zqx mutated"])
def test_a_result_that_is_not_understood_clears_no_trial(result: str, polarity: Polarity) -> None:
    asked = rule(Mention(0, 1, "biomarker", "kit", "KIT"), role=Role.BIOMARKER, polarity=polarity, states=("mutated",))
    assert run(asked, biomarkers={"KIT": result}).verdict is REVIEW


@pytest.mark.parametrize(
    ("sentence", "marker", "result", "verdict"),
    [
        ("EGFR mutations", "EGFR", "no mutation detected", NONE),
        ("EGFR mutations", "EGFR", "mutated", EXCLUDED),
        ("EGFR mutation", "EGFR mutation", "positive", EXCLUDED),
        ("EGFR mutations", "EGFR", "positive", REVIEW),
        ("PDGFRA positive tumor", "PDGFRA", "not mutated", REVIEW),
        ("PDGFRA positive tumor", "PDGFRA", "negative", NONE),
        ("KRAS wild-type tumor", "KRAS", "wild type", EXCLUDED),
        ("KRAS wild-type tumor", "KRAS", "mutation detected", NONE),
        # what one form of a gene says of the gene, and of another form
        ("BRAF mutation", "BRAF V600E", "positive", EXCLUDED),
        ("BRAF mutation", "BRAF V600E", "negative", REVIEW),
        ("BRAF V600E mutation", "BRAF", "wild type", NONE),
        ("BRAF V600E mutation", "BRAF", "mutated", REVIEW),
        ("EGFR T790M mutation", "EGFR L858R", "positive", REVIEW),
        ("EGFR T790M mutation", "EGFR L858R", "negative", REVIEW),
    ],
)
def test_a_result_against_a_sentence(sentence: str, marker: str, result: str, verdict: Verdict) -> None:
    knowledge, names = kg.open().knowledge, kg.open().names
    record = trial(eligibility_text=f"Exclusion Criteria:\n\n* Presence of {sentence}")
    patient = kg.Patient(as_of=AS_OF, biomarkers={marker: result})
    assert check(patient, [(record, read(record, names))], knowledge, names).trials[0].verdict is verdict

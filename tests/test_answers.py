"""The answers on the two seed trials, as a pharmacist would give them, and what becomes of them when the protocol's text is another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from kg import bundle
from kg.checks import Patient, arm_interactions, check, interactions
from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Exposure, Finding, FindingKind, Procedure, Trial, TrialResult, Verdict
from kg.sources import read_trial

SELUMETINIB, EVEROLIMUS = "NCT01206140", "NCT01281865"
AS_OF = date(2026, 11, 21)
EXCLUDED, REVIEW, UNKNOWN, NONE = Verdict.EXCLUDED, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.NO_CONFLICT
KNOWLEDGE = Knowledge.load()
NAMES = Names(KNOWLEDGE)


def ago(days: int) -> str:
    return (AS_OF - timedelta(days)).isoformat()


def in_days(days: int) -> date:
    return AS_OF + timedelta(days)


def had(drug: str, days: int = 730, **more: Any) -> dict[str, Any]:
    """A patient with this one prior therapy."""
    return {"prior": [Exposure(drug, last_dose=ago(days), **more)]}


def takes(*drugs: str | Exposure, **more: Any) -> dict[str, Any]:
    return {"taking": list(drugs), **more}


@cache
def record(nct: str) -> Trial:
    return read_trial(bundle.path(f"data/trials/{nct}.json"))


def ask(nct: str, patient: dict[str, Any], **changes: str) -> TrialResult:
    """The answer of a trial; `changes` replace words of its eligibility text."""
    return _ask(replace_words(record(nct), changes), patient)


def _ask(trial: Trial, patient: dict[str, Any]) -> TrialResult:
    return check(Patient(as_of=AS_OF, **patient), [(trial, read(trial, NAMES))], KNOWLEDGE, NAMES).trials[0]


def replace_words(trial: Trial, changes: dict[str, str]) -> Trial:
    text = trial.eligibility_text
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return replace(trial, eligibility_text=text)


def of(result: TrialResult, verdict: Verdict, kind: FindingKind = FindingKind.CRITERION) -> list[Finding]:
    return [f for f in result.findings if f.verdict is verdict and f.kind is kind]


# --- the table ----------------------------------------------------------------------------------------------------------------------------

LINES = [
    Exposure("doxorubicin", last_dose="2022-03-01", line=1, setting="metastatic"),
    Exposure("ifosfamide", last_dose="2023-03-01", line=2, setting="metastatic"),
    Exposure("gemcitabine", last_dose="2024-03-01", line=3, setting="metastatic"),
]
HIV = takes("lopinavir/ritonavir", "tenofovir/emtricitabine", conditions=["HIV infection"])
SURGERY = {"procedures": [Procedure("major surgery", ago(14))]}
RENAL = had("everolimus", condition="renal cell carcinoma")
STRONG = "Strong CYP1A2 or CYP3A4 inducers and/or inhibitors"
GRAFT = takes(Exposure("sirolimus", condition="kidney transplant"))

ANSWERS: list[tuple[str, dict[str, Any], str, Verdict, Verdict]] = [
    # patient, trial, verdict, the same from the trial's own text alone
    ("trametinib", had("trametinib") | takes("itraconazole"), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("trametinib", had("trametinib") | takes("itraconazole"), EVEROLIMUS, REVIEW, REVIEW),
    ("everolimus for RCC", RENAL, SELUMETINIB, NONE, NONE),
    ("everolimus for RCC", RENAL, EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("everolimus for STS", had("everolimus", condition="recurrent soft tissue sarcoma"), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("everolimus, setting", had("everolimus", condition="soft tissue sarcoma", setting="recurrent"), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("everolimus for STS", had("everolimus", condition="recurrent soft tissue sarcoma"), EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("everolimus for what", had("everolimus"), SELUMETINIB, REVIEW, REVIEW),
    ("everolimus for what", had("everolimus"), EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("takes trametinib", takes("trametinib"), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("takes trametinib", takes("trametinib"), EVEROLIMUS, REVIEW, REVIEW),
    ("sirolimus, transplant", GRAFT, SELUMETINIB, REVIEW, NONE),
    ("sirolimus, transplant", GRAFT, EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("topical ketoconazole", takes(Exposure("ketoconazole", route="topical")), SELUMETINIB, NONE, NONE),
    ("topical ketoconazole", takes(Exposure("ketoconazole", route="topical")), EVEROLIMUS, NONE, NONE),
    ("imatinib", had("imatinib"), SELUMETINIB, NONE, NONE),
    ("imatinib", had("imatinib"), EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("carmustine 5 weeks", had("carmustine", 35), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("carmustine 5 weeks", had("carmustine", 35), EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("lomustine 5 weeks", had("lomustine", 35), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("lomustine 5 weeks", had("lomustine", 35), EVEROLIMUS, NONE, NONE),
    ("cisplatin 10 days", had("cisplatin", 10), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("cisplatin 10 days", had("cisplatin", 10), EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("cisplatin with radiotherapy", had("cisplatin", 10, condition="concurrent chemoradiation"), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("cisplatin for surgery", had("cisplatin", 10, condition="surgery"), SELUMETINIB, REVIEW, REVIEW),
    ("cisplatin for an effusion", had("cisplatin", 10, condition="pleural effusion"), SELUMETINIB, REVIEW, REVIEW),
    ("methotrexate for arthritis", had("methotrexate", 10, condition="rheumatoid arthritis"), SELUMETINIB, NONE, NONE),
    ("three lines", {"prior": LINES}, SELUMETINIB, EXCLUDED, EXCLUDED),
    ("three lines", {"prior": LINES}, EVEROLIMUS, NONE, NONE),
    ("radiotherapy 10 days", {"procedures": [Procedure("radiotherapy", ago(10))]}, SELUMETINIB, EXCLUDED, EXCLUDED),
    ("surgery 14 days", SURGERY, EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("cisplatin in 2026", {"prior": [Exposure("cisplatin", last_dose="2026")]}, SELUMETINIB, UNKNOWN, UNKNOWN),
    ("cisplatin in 2026", {"prior": [Exposure("cisplatin", last_dose="2026")]}, EVEROLIMUS, UNKNOWN, UNKNOWN),
    ("fluconazole", takes("fluconazole"), SELUMETINIB, REVIEW, NONE),
    ("fluconazole", takes("fluconazole"), EVEROLIMUS, REVIEW, NONE),
    ("fluvoxamine", takes("fluvoxamine"), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("fluvoxamine", takes("fluvoxamine"), EVEROLIMUS, REVIEW, NONE),
    ("rifampicin", takes("rifampicin"), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("rifampicin", takes("rifampicin"), EVEROLIMUS, REVIEW, NONE),
    ("filgrastim 3 days", had("filgrastim", 3), SELUMETINIB, EXCLUDED, EXCLUDED),
    ("PDGFRA-negative", {"biomarkers": {"PDGFRA": "negative"}}, EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("HIV", HIV, SELUMETINIB, EXCLUDED, EXCLUDED),
    ("HIV", HIV, EVEROLIMUS, EXCLUDED, EXCLUDED),
    ("foozumab", had("foozumab"), SELUMETINIB, UNKNOWN, UNKNOWN),
    ("foozumab", had("foozumab"), EVEROLIMUS, UNKNOWN, UNKNOWN),
    ("amoxicillin", takes("amoxicillin"), SELUMETINIB, NONE, NONE),
    ("amoxicillin", takes("amoxicillin"), EVEROLIMUS, NONE, NONE),
]


@pytest.mark.parametrize(("name", "patient", "nct", "verdict", "criteria"), ANSWERS, ids=[f"{n} {t}" for n, _, t, _, _ in ANSWERS])
def test_the_table(name: str, patient: dict[str, Any], nct: str, verdict: Verdict, criteria: Verdict) -> None:
    result = ask(nct, patient)
    assert (result.verdict, result.criteria_verdict) == (verdict, criteria)


@pytest.mark.parametrize(("name", "patient", "nct", "verdict", "criteria"), ANSWERS, ids=[f"{n} {t}" for n, _, t, _, _ in ANSWERS])
def test_every_quote_is_verbatim(name: str, patient: dict[str, Any], nct: str, verdict: Verdict, criteria: Verdict) -> None:
    for finding in ask(nct, patient).findings:
        if finding.kind is FindingKind.CRITERION:
            assert record(nct).eligibility_text[finding.start : finding.end] == finding.quote


# --- what the findings say ----------------------------------------------------------------------------------------------------------------


def test_a_prior_mek_inhibitor_and_a_strong_inhibitor_are_two_exclusions() -> None:
    prior, current = of(ask(SELUMETINIB, had("trametinib") | takes("itraconazole")), EXCLUDED)
    assert (prior.quote, prior.recoverable) == ("Previous MEK inhibitor use", False)
    assert current.recoverable and "CYP3A4" in current.quote
    assert any("strong CYP3A4 inhibitor" in step.text and step.source for step in current.chain)


def test_an_arguable_class_is_for_review_and_what_no_sentence_covers_is_an_interaction() -> None:
    result = ask(EVEROLIMUS, had("trametinib") | takes("itraconazole"))
    (arguable,) = of(result, REVIEW)
    assert arguable.quote == "No prior tyrosine kinase inhibitors" and "arguable" in arguable.reason
    drugs = {f.drugs for f in of(result, REVIEW, FindingKind.INTERACTION)}
    assert {("itraconazole", "everolimus"), ("itraconazole", "imatinib")} <= drugs


@pytest.mark.parametrize(("condition", "verdict"), [("prostate cancer", NONE), ("multiple myeloma", REVIEW), (None, REVIEW)])
def test_lenalidomide_is_arguably_chemotherapy_in_a_blood_cancer_alone(condition: str | None, verdict: Verdict) -> None:
    trial = replace(record(EVEROLIMUS), eligibility_text="Exclusion Criteria:\n\n* Prior chemotherapy\n")
    assert _ask(trial, had("lenalidomide", condition=condition)).criteria_verdict is verdict


def test_a_current_mek_inhibitor_is_excluded_as_such_and_as_another_anticancer_drug() -> None:
    quotes = [f.quote for f in of(ask(SELUMETINIB, takes("trametinib")), EXCLUDED)]
    assert len(quotes) == 2 and any("MEK" in q for q in quotes) and any("other anti-cancer agents" in q for q in quotes)


@pytest.mark.parametrize(
    ("patient", "nct", "earliest"),
    [
        (had("carmustine", 35), SELUMETINIB, in_days(7)),
        (had("carmustine", 35), EVEROLIMUS, in_days(7)),
        (had("lomustine", 35), SELUMETINIB, in_days(7)),
        (had("cisplatin", 10), SELUMETINIB, in_days(11)),
        (had("cisplatin", 10), EVEROLIMUS, in_days(18)),
        ({"procedures": [Procedure("radiotherapy", ago(10))]}, SELUMETINIB, in_days(11)),
        (SURGERY, EVEROLIMUS, in_days(15)),  # "within the past 4 weeks": last + 28 + 1
        (had("filgrastim", 3), SELUMETINIB, in_days(5)),  # "within the past 7 days"
    ],
)
def test_until_when(patient: dict[str, Any], nct: str, earliest: date) -> None:
    result = ask(nct, patient)
    assert result.earliest_date == earliest
    later = check(Patient(as_of=earliest, **patient), [(record(nct), read(record(nct), NAMES))], KNOWLEDGE, NAMES).trials[0]
    assert later.criteria_verdict is NONE


def test_smoking_is_noted_and_does_not_exclude() -> None:
    result = ask(SELUMETINIB, {"habits": ["tobacco smoking"]})
    assert result.criteria_verdict is NONE
    assert any("CYP1A2" in note and "not strong" in note for note in result.notes)


def test_antiretrovirals_are_excluded_by_two_sentences() -> None:
    quotes = {f.quote for f in of(ask(SELUMETINIB, HIV), EXCLUDED)}
    assert len(quotes) == 2 and any("antiretroviral" in q for q in quotes) and any("Strong CYP" in q for q in quotes)


def test_sirolimus_for_a_transplant_interacts() -> None:
    assert of(ask(SELUMETINIB, GRAFT), REVIEW, FindingKind.INTERACTION)


def test_an_unrecognised_drug_is_named_loudly() -> None:
    report = check(Patient(as_of=AS_OF, **had("foozumab")), [(record(SELUMETINIB), read(record(SELUMETINIB), NAMES))], KNOWLEDGE, NAMES)
    assert report.unrecognised == ("foozumab",)
    assert "foozumab" in report.trials[0].findings[0].fact


def test_the_regimens_own_interaction_is_intended() -> None:
    found = {f.drugs: f for f in arm_interactions(record(EVEROLIMUS), KNOWLEDGE, NAMES)}
    raised = found["imatinib", "everolimus"]
    assert raised.intended and "raises" in raised.effect and "CYP3A4" in raised.mechanism
    assert any("moderate CYP3A4 inhibitor" in step.text for step in raised.chain)
    assert any("sensitive CYP3A4 substrate" in step.text for step in raised.chain)


def test_everyday_drugs_that_interact_with_nothing() -> None:
    assert interactions(["amoxicillin", "everolimus"], KNOWLEDGE, NAMES) == []


# --- the same rules on another text -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nct", "old", "new", "patient", "verdict"),
    [
        (SELUMETINIB, "Previous MEK inhibitor use", "Previous BRAF inhibitor use", had("trametinib"), NONE),
        (SELUMETINIB, "Previous MEK inhibitor use", "Previous BRAF inhibitor use", had("vemurafenib"), EXCLUDED),
        (SELUMETINIB, "at least 3 weeks must have elapsed", "at least 8 weeks must have elapsed", had("cisplatin", 50), EXCLUDED),
        (SELUMETINIB, "at least 3 weeks must have elapsed", "at least 1 week must have elapsed", had("cisplatin", 10), NONE),
        (SELUMETINIB, "6 weeks for mitomycin-C and nitrosureas", "6 weeks for mitomycin-C", had("lomustine", 35), NONE),
        (SELUMETINIB, "6 weeks for mitomycin-C and nitrosureas", "6 weeks for cisplatin", had("cisplatin", 35), EXCLUDED),
        (SELUMETINIB, "for recurrent soft-tissue sarcoma", "for renal cell carcinoma", RENAL, EXCLUDED),
        (SELUMETINIB, "for recurrent soft-tissue sarcoma", "", had("everolimus"), EXCLUDED),
        (SELUMETINIB, STRONG, "Strong or moderate CYP3A4 inhibitors", takes("fluconazole"), EXCLUDED),
        (SELUMETINIB, STRONG, "Strong CYP3A4 inhibitors", takes("rifampicin"), NONE),
        (SELUMETINIB, STRONG, "CYP1A2 inducers", {"habits": ["tobacco smoking"]}, EXCLUDED),
        (SELUMETINIB, "0-2 prior cytotoxic", "0-3 prior cytotoxic", {"prior": LINES}, NONE),
        (SELUMETINIB, "0-2 prior cytotoxic", "0-1 prior cytotoxic", {"prior": LINES[:2]}, EXCLUDED),
        (SELUMETINIB, "within the past 7 days\n", "within the past 2 days\n", had("filgrastim", 3), NONE),
        (EVEROLIMUS, "No prior tyrosine kinase inhibitors", "No prior MEK inhibitors", had("imatinib"), NONE),
        (EVEROLIMUS, "No prior tyrosine kinase inhibitors", "No prior MEK inhibitors", had("trametinib"), EXCLUDED),
        (EVEROLIMUS, "6 weeks for carmustine or mitomycin C", "6 weeks for nitrosoureas or mitomycin C", had("lomustine", 35), EXCLUDED),
        (EVEROLIMUS, "major surgery within the past 4 weeks", "major surgery within the past 1 week", SURGERY, NONE),
        (EVEROLIMUS, "No prior mTOR inhibitors", "Prior mTOR inhibitors are allowed", had("everolimus"), NONE),
    ],
)  # fmt: skip
def test_another_text_gives_another_answer(nct: str, old: str, new: str, patient: dict[str, Any], verdict: Verdict) -> None:
    assert ask(nct, patient, **{old: new}).criteria_verdict is verdict


@pytest.mark.parametrize(("disease", "verdict"), [("urothelial carcinoma", EXCLUDED), ("pancreatic cancer", NONE)])
def test_the_own_disease_of_a_trial_by_another_name_that_shares_its_forms(disease: str, verdict: Verdict) -> None:
    text = f"Inclusion Criteria:\n\n* No prior systemic chemotherapy for {disease}\n"
    trial = replace(record(SELUMETINIB), eligibility_text=text, conditions=("Bladder Cancer",), brief_title="", official_title="")
    result = _ask(trial, had("carboplatin", condition="Bladder Cancer", setting="metastatic"))
    assert result.criteria_verdict is verdict

"""What real sentences say of the drugs that a patient goes on taking: from the sentence to the verdict."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kg.checks import check
from kg.checks.patient import Patient
from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Exposure, RecordSource, Trial, Verdict

KNOWLEDGE = Knowledge.load()
NAMES = Names.of(KNOWLEDGE)
IN, OUT = "Inclusion Criteria", "Exclusion Criteria"
DOSES = {"prednisone": "20 mg/day", "hydrocortisone": "20 mg/day", "aspirin": "81 mg/day", "dexamethasone": "4 mg/day"}


def verdict(drug: str, section: str, sentence: str, condition: str = "Psoriasis") -> Verdict:
    """What the sentence alone says of a patient who takes the drug."""
    text = f"{section}:\n\n* {sentence}\n"
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), conditions=(condition,), eligibility_text=text)
    patient = Patient("2026-11-21", taking=[Exposure(drug, dose=DOSES.get(drug))])
    return check(patient, [(trial, read(trial, NAMES))], KNOWLEDGE, NAMES).trials[0].criteria_verdict


@dataclass(frozen=True)
class Case:
    """A sentence of a trial, which drugs it excludes, which it leaves to a person, and which it does not mean."""

    nct: str
    sentence: str
    excluded: str = ""
    review: str = ""
    free: str = ""
    section: str = OUT
    condition: str = "Psoriasis"


CASES = [
    # any medicine at all
    Case(
        "NCT05870670",
        "Use of prescription medicinal products or non-prescription drugs, except routine vitamins, occasional use of paracetamol, "
        "ibuprofen, or topical medication not reaching systemic circulation, within 14 days before screening.",
        excluded="metformin, warfarin, St John's wort",
    ),
    Case("NCT00258778", "Use any medication other than vitamins or oral contraceptives (for female).", excluded="metformin, omeprazole"),
    Case(
        "NCT05128409",
        "No prescription or non-prescription drug within 14 days prior to the study drug administration and throughout the study.",
        excluded="metformin, ibuprofen",
        section=IN,
    ),
    Case("NCT04361812", "Received any drug treatment (including prescription drugs, vitamins, etc.) within 14 days", excluded="warfarin"),
    Case("NCT01234567", "Has used any prescription or over-the-counter product for the treatment of acne within 14 days", free="warfarin"),
    Case("NCT03466931", "Treatment with any medication that might interfere the evaluation of the primary outcome.", free="warfarin"),
    Case("NCT05813925", "Treatment with any medication prescribed for the indication of obesity within 90 days", free="metformin"),
    Case("NCT05714891", "History of hypersensitivity to any drugs in any substudy", free="warfarin, metformin"),
    Case("NCT07390539", "Concomitant medications", free="warfarin, metformin"),
    # how strongly they act
    Case("NCT07181473", "Has received a strong or moderate CYP3A4 inhibitor", excluded="diltiazem, erythromycin", free="amiodarone"),
    Case(
        "NCT05830123",
        "Treatment with sensitive substrates of CYP3A4 with a narrow therapeutic range within 7 days",
        excluded="tacrolimus",
        review="simvastatin",
    ),
    Case("NCT05830123", "Treatment with sensitive or narrow therapeutic range substrates of CYP3A4", excluded="simvastatin"),
    # how much of them
    Case("NCT03937544", "Ongoing prednisolone > 1mg/kg daily or equivalent.", free="prednisone"),
    Case("NCT04387942", "High-dose steroid pulse therapy or intravenous injection of glucocorticoids in the last month", free="prednisone"),
    Case(
        "NCT04714372",
        "Systemic immunosuppressive therapy (> 5mg prednisone daily or equivalent) excluding pre-medications",
        excluded="prednisone",
    ),
    # what they act on
    Case(
        "NCT01634958",
        "Use of medication that may interfere with the immune system",
        excluded="ciclosporin, methotrexate, adalimumab",
        free="warfarin",
    ),
    Case("NCT03450434", "Indication for long-term administration of agents affecting the immune system", excluded="ciclosporin"),
    Case("NCT00356174", "Disease or medication that impair immune responses", excluded="mycophenolate mofetil", free="metformin"),
    Case("NCT06372184", "Antibiotics, PPI, probiotics, and other drugs that alter gut microbiota", excluded="rifampicin, omeprazole"),
    Case(
        "NCT01634958",
        "Use of tranquiliser or psychoactive drugs within 1 week prior to V1",
        excluded="sertraline",
        review="morphine, St John's wort",
        free="warfarin",
    ),
    # forms of cancer therapy
    Case(
        "NCT05500092",
        "Receipt of the last dose of therapy (chemotherapy, immunotherapy, endocrine therapy, targeted therapy, biologic therapy, "
        "monoclonal antibodies) within 30 days",
        review="adalimumab",
        free="denosumab",
        condition="Lung Cancer",
    ),
    Case(
        "NCT06422143",
        "Received prior systemic chemotherapy or other targeted or biological antineoplastic therapy for their metastatic NSCLC.",
        free="denosumab, adalimumab",
        condition="Non-small Cell Lung Cancer",
    ),
    Case(
        "NCT04995523",
        "Any concurrent chemotherapy, radiotherapy, investigational, biologic, or hormonal therapy for cancer treatment.",
        free="denosumab",
        condition="Lung Cancer",
    ),
    Case("NCT00000000", "Concurrent use of monoclonal antibodies", excluded="denosumab, adalimumab", condition="Lung Cancer"),
    # immunomodulators: any where no cancer is treated
    Case("NCT01489553", "Use of chronic immunomodulatory therapy.", excluded="ciclosporin, methotrexate"),
    Case(
        "NCT07076095",
        "Treatment with immunomodulatory agents, including but not limited to thymosin, interleukin-2 and interferon within 14 days",
        free="ciclosporin",
        condition="Lung cancer",
    ),
    Case("NCT04672356", "Received drugs used for immunoregulation within 2 weeks", review="ciclosporin", condition="Lung cancer"),
    # one class narrowed to another
    Case("NCT07262983", "Current treatment with immunosuppressive biologics", excluded="adalimumab", free="methotrexate, ciclosporin"),
    Case("NCT01955109", "Receiving any biologic immunomodulatory therapy.", excluded="adalimumab", free="methotrexate, ciclosporin"),
    Case("NCT03450434", "Use of systemic steroidal or non-steroidal anti-inflammatory agents", excluded="prednisone, ibuprofen"),
    Case("NCT02532179", "Have been treated with depot steroids within the last 12 months", free="prednisone"),
    Case("NCT07262983", "Disease-modifying antirheumatic drugs (DMARDs)", excluded="methotrexate, adalimumab, tofacitinib"),
    # counts that must be had without growth factors
    Case(
        "NCT06346197",
        "Absolute neutrophil count \u2265 1.5 109/L (without growth factor support within 14 d)",
        section=IN,
        condition="Lung cancer",
        excluded="filgrastim",
        free="warfarin",
    ),
    Case(
        "NCT05991583",
        "Hematologic system (no transfusion or hematopoietic-stimulating factor therapy within 14 days): ANC \u2265 1.5 \u00d7 109/L",
        section=IN,
        condition="Lung cancer",
        excluded="filgrastim, epoetin alfa",
    ),
    Case(
        "NCT05536349",
        "Absolute neutrophil count is independent of growth factor support within 7 days of screening assessment.",
        section=IN,
        condition="Leukemia",
        excluded="filgrastim",
    ),
    Case(
        "NCT06414135",
        "Blood transfusion and infusion of growth factors within 7 days of eligibility assessment are not allowed.",
        section=IN,
        condition="Leukemia",
        excluded="filgrastim",
    ),
    # what is allowed on terms, up to a dose
    Case(
        "NCT03708224",
        "Is receiving systemic steroid therapy or any other form of immunosuppressive therapy within 7 days prior to the first dose. "
        "Participants who have received acute and/or low-dose systemic immunosuppressive medications (e.g., a one-time dose of "
        "dexamethasone for nausea or chronic use of <=10 mg/day of prednisone or dose-equivalent corticosteroid) may be enrolled in the "
        "study after discussion with and approval by the Sponsor.",
        condition="Lung cancer",
        excluded="ciclosporin, prednisone",
        review="hydrocortisone",
    ),
    Case(
        "NCT04743661",
        "Corticosteroids - Patients who are receiving dexamethasone at a stable or decreasing dose for at least 7 days prior to study "
        "enrollment are eligible.",
        section=IN,
        condition="Glioma",
        free="prednisone",
        review="dexamethasone",
    ),
    Case(
        "NCT07390539",
        "Ineligible conditions:\n  * Current systemic corticosteroid therapy\n  * Note, physiologic corticosteroid replacement therapy for "
        "adrenal or pituitary insufficiency will be allowed.",
        condition="Glioma",
        excluded="prednisone",
        free="hydrocortisone",
    ),
    # what a disease needs, and what happens under a drug
    Case("NCT00932607", "Severe atopic dermatitis requiring systemic immuno-suppressive medication.", free="ciclosporin, methotrexate"),
    Case("NCT00932607", "Severe atopic dermatitis requiring ciclosporin.", excluded="ciclosporin", condition="Atopic dermatitis"),
    Case("NCT02365246", "Severe bleeding during anticoagulation .", free="warfarin"),
    Case("NCT00133146", "Concurrent use of any prohibited medication or inadequate washout of any medication", free="methotrexate"),
    Case("NCT05731219", "Those who have graft versus host reaction and need immunosuppressants;", free="mycophenolate mofetil"),
    Case("NCT05190185", "Those who need to use immunosuppressive agents;", excluded="mycophenolate mofetil", review="hydroxychloroquine"),
    # medicines of those who have another disease, and of all patients
    Case("NCT04630769", "History of severe asthma and currently on chronic systemic medications", free="warfarin"),
    Case("NCT04630769", "Patients with melanoma on any medication", excluded="warfarin", condition="Melanoma"),
    # a state is no therapy yet
    Case("NCT07372287", "Previous history of known or suspected immunosuppression", review="ciclosporin"),
    # the investigator judges the need, not the drug
    Case(
        "NCT05562024",
        "Patients who were judged by the investigator to require long-term immunosuppressive therapy at the time of screening",
        excluded="mycophenolate mofetil, prednisone",
        review="hydrocortisone",
    ),
    # enzymes
    Case("NCT06790706", "Other investigational agents prone to interact with outcomes of the trial", free="itraconazole, rifampicin"),
    Case("NCT05751044", "Moderate or strong inducers of CYP3A4 are not permitted.", excluded="phenytoin", review="dexamethasone"),
    Case(
        "NCT03319901",
        "Strong CYP3A inducers (such as rifampin, rifabutin, phenytoin, carbamazepine, and St. John's Wort) within 3 days of starting",
        excluded="carbamazepine, St John's wort",
        free="ginkgo",
    ),
    # what is no therapy
    Case("NCT03964051", "Alcohol abuse, abuse of opioids or other drugs", free="morphine"),
    Case("NCT05819398", "For biologic naïve, inadequate response to oral antibiotics.", section=IN, free="adalimumab"),
    # herbs
    Case("NCT07390539", "Ongoing use of dietary supplements, alternative therapies", excluded="ginkgo, St John's wort"),
    Case("NCT03468790", "Traditional Chinese medicine have been used 2 weeks prior.", excluded="ginkgo", free="St John's wort"),
    # what need not be stopped
    Case(
        "NCT05130177",
        "Note: Participants who are currently receiving steroids at a dose of ≤10 mg daily do not need to discontinue steroids prior to "
        "enrollment.",
        free="prednisone, hydrocortisone",
    ),
    Case("NCT05130177", "Patients who need to discontinue warfarin", excluded="warfarin"),
    # terms on which brain metastases are taken, in a sentence with a "but"
    Case(
        "NCT06426680",
        "Suffering from CNS metastasis. Except for CNS metastases that have been controlled but are stable, the following must also be met:"
        "\n\n  * Antiepileptic drugs have been discontinued at least 2 weeks prior",
        free="carbamazepine",
        condition="Solid tumor",
    ),
    # immunosuppressants by their dose, corticosteroids by a high one
    Case(
        "NCT03628677",
        "Immunosuppressive doses of systemic medications, such as corticosteroids (doses > 10 mg/day prednisone or equivalent)",
        excluded="mycophenolate mofetil, prednisone",
        free="hydrocortisone",
    ),
    Case("NCT03772899", "Current or recent exposure to high dose oral or IV corticosteroids", review="prednisone", free="hydrocortisone"),
    Case("NCT00156013", "Chronic use of oral high-dose corticosteroids.", review="prednisone", free="hydrocortisone"),
    # corticosteroids: forms, amounts and replacement are alternatives
    Case(
        "NCT06860815",
        "Immunosuppressive medication, with these exceptions: Intranasal, inhaled, topical steroid or local steroid injections; systemic "
        "corticosteroids at physiologic doses not to exceed 10 mg/day of prednisone or its equivalent",
        excluded="prednisone, mycophenolate mofetil",
        free="hydrocortisone",
    ),
    Case(
        "NCT06790706",
        "Medical condition that requires chronic systemic steroid therapy, or any other forms of immunosuppressive medication. Replacement "
        "therapy (eg., thyroxine, or physiologic corticosteroid replacement therapy for adrenal or pituitary insufficiency, etc.) is not "
        "considered a form of systemic treatment.",
        excluded="prednisone, dexamethasone",
        free="hydrocortisone",
    ),
    Case(
        "NCT04262856",
        "Requiring the use of supra-physiologic doses of corticosteroids (> 10 mg/day of oral prednisone or equivalent) or "
        "immunosuppressive medications",
        excluded="prednisone, ciclosporin",
        free="hydrocortisone",
    ),
    Case("NCT05991583", "Steroids for topical, intraarticular, inhaled or nasal administration are allowed.", free="prednisone"),
    Case(
        "NCT07390539",
        "Must not require concurrent systemic steroid therapy, although physiologic corticosteroid replacement therapy for management of "
        "pituitary/adrenal insufficiency is allowed.",
        section=IN,
        excluded="prednisone",
    ),
]


def _drugs(case: Case) -> dict[str, Verdict]:
    told = ((case.excluded, Verdict.EXCLUDED), (case.review, Verdict.REVIEW), (case.free, Verdict.NO_CONFLICT))
    return {drug: expected for names, expected in told for drug in names.split(", ") if drug}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.nct}: {case.sentence[:50]}")
def test_what_a_sentence_says_of_a_drug(case: Case) -> None:
    expected = _drugs(case)
    assert {drug: verdict(drug, case.section, case.sentence, case.condition) for drug in expected} == expected

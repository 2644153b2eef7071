"""Which therapies a sentence means that does not call them by one plain name: transplants, operations, T cells, targets, "other" ones."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, EXCLUDES, IN, OUT, PRIOR, found_keys, therapy_rules

from kg.records import Modality, Rule


def _excluded(sentence: str, section: str = OUT) -> list[Rule]:
    return [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Patients who were irradiated to ≥ 40% of bone marrow", {"wide-field-radiotherapy"}),  # NCT01852578
        ("Previously irradiated patients", {"radiotherapy"}),
        ("Has been irradiated within 2 weeks", {"radiotherapy"}),
        ("Patients who received chemotherapy or were irradiated within 4 weeks", {"chemotherapy", "radiotherapy"}),
        ("Disease in a previously irradiated area", set()),
        ("The target lesion must not have been irradiated", set()),
        ("Received irradiated blood products", {"blood-transfusion"}),
    ],
)
def test_patients_may_be_irradiated(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Received an investigational drug or biologic within 30 days", {"investigational-agent"}),
        ("Use of an investigational drug/biologic/device within 30 days", {"investigational-agent"}),
        ("Investigational chemotherapy/investigational immunotherapy within 4 weeks", {"investigational-agent"}),
        ("Investigational agents or biologic therapy within 4 weeks", {"investigational-agent", "biologic-therapy"}),
        ("Investigational drug or chemotherapy within 4 weeks", {"investigational-agent", "chemotherapy"}),
    ],
)
def test_what_shares_that_it_is_investigational(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Patients with prior allogeneic hematologic transplant", {"allogeneic-stem-cell-transplant"}),  # NCT03816345
        (
            "Previous history of allogeneic hematopoietic (HSCT), organ transplant.",  # NCT05680922
            {"allogeneic-stem-cell-transplant", "solid-organ-transplant"},
        ),
        (
            "Previous solid organ or allogeneic hematopoietic cell transplantation (HCT).",  # NCT04104776
            {"allogeneic-stem-cell-transplant", "solid-organ-transplant"},
        ),
        ("Prior allogeneic stem cell (SCT) transplant", {"allogeneic-stem-cell-transplant"}),
        (
            "Prior EGFR tyrosine kinase inhibitor \\[TKI\\] or anti-PD-1 monoclonal antibody \\[mAb\\]",
            {"egfr-tyrosine-kinase-inhibitor", "pd-1-inhibitor"},
        ),
        ("Hematologic malignancy, organ transplantation", {"solid-organ-transplant"}),
        (
            "Treatment with Epstein-Barr virus cytotoxic T lymphocytes or chimeric antigen receptor T cells within 8 weeks",  # NCT03394365
            {"virus-specific-t-cell-therapy", "car-t-cell-therapy"},
        ),
        ("History of prior adoptive cell and gene therapy", {"adoptive-cell-therapy", "gene-therapy"}),  # NCT05877599
        ("Prior cellular or gene therapy", {"cell-therapy", "gene-therapy"}),
        ("Impaired cellular or humoral immunity", set()),
        ("Prior treatment with any BTK or BMX inhibitors", {"btk-inhibitor"}),  # NCT04655118
        ("Prior checkpoint or mTOR blockade", {"immune-checkpoint-inhibitor", "mtor-inhibitor"}),
        ("Prior VEGF or immune checkpoint inhibitors", {"vegf-vegfr-inhibitor", "immune-checkpoint-inhibitor"}),
        ("Prior PARP, tyrosine kinase or proteasome inhibitors", {"parp-inhibitor", "tyrosine-kinase-inhibitor", "proteasome-inhibitor"}),
        ("Alkylating or platinum agents", {"alkylating-agent", "platinum-agent"}),
        ("Progression on hormone therapy or PARP inhibitors", {"endocrine-therapy", "parp-inhibitor"}),
        ("Proton pump or strong CYP3A4 inhibitors", {"proton-pump-inhibitor", "cyp3a4/inhibitor/strong"}),
        ("Treatment prior to day 1 with sunitinib", {"sunitinib"}),
        ("Surgery prior to day 1 of chemotherapy", {"surgery"}),
        ("Prior cytokine immunotherapy", {"cytokine-therapy"}),  # NCT03816345
        (
            "History of major surgical resection involving the stomach or small bowel",  # NCT05501704
            {"gastrointestinal-surgery"},
        ),
        ("Previous gastric resection or lap band surgery", {"gastrointestinal-surgery"}),  # NCT04104776
        ("Previous thoracic or abdominal surgery", {"thoracic-surgery", "abdominal-surgery"}),  # NCT05802355
        ("Prior surgery of the primary tumor", {"surgery"}),
        ("History of gastrectomy", {"gastrectomy"}),  # NCT03849378
        (
            "Was treated with any local or systemic antineoplastic therapy within 4 weeks prior to randomization",  # NCT06435429
            {"anticancer-therapy"},
        ),
        ("Prior treatment for glioblastoma at recurrence, except surgery", {"anticancer-therapy"}),  # NCT04573192
        ("Prior therapy for prostate cancer except hormonal therapy", {"systemic-anticancer-therapy"}),
        (
            "Anticoagulation therapy with P2Y12 antagonists (e.g., clopidogrel) and vitamin K antagonists (e.g., warfarin)",  # NCT04573192
            {"p2y12-inhibitor", "clopidogrel", "vitamin-k-antagonist", "warfarin"},
        ),
    ],
)
def test_what_is_meant_is_read_from_the_words_beside_a_name(sentence: str, keys: set[str]) -> None:
    assert found_keys(_excluded(sentence)) == keys


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (
            IN,
            "Patients on tamoxifen may enroll if switched to an aromatase inhibitor at least 21 days prior to study therapy",
            {"tamoxifen"},
        ),
        (OUT, "Progressed on imatinib and switched to sunitinib within 4 weeks", {"imatinib", "sunitinib"}),
        (OUT, "Uncontrolled bacterial infection at the time of the transplant preparative regimen", set()),  # NCT06001385
        (OUT, "Has any condition that would prevent treatment with the physician's choice of chemotherapy.", set()),  # NCT06435429
        (OUT, "ARPI's as a term includes both androgen synthesis inhibitors (abiraterone) and enzalutamide", set()),  # NCT05939414
        (OUT, "Have history of interstitial lung disease that received steroids", set()),  # NCT06607185
        (OUT, "Patients with brain metastases that received radiotherapy within 2 weeks", {"radiotherapy"}),
        (IN, "No history of severe allergic reaction to lenalidomide or other prior IMiD therapy.", set()),  # NCT06232044
        (OUT, "Hypersensitivity to any component of the study drug; or to carboplatin or paclitaxel", set()),  # NCT05680922
        (OUT, "Hypersensitivity to rituximab; prior chemotherapy within 4 weeks", {"chemotherapy"}),
        (OUT, "Hypersensitivity to rituximab, or prior chemotherapy within 4 weeks", {"chemotherapy"}),
    ],
)
def test_a_therapy_that_tells_of_something_else_is_not_ruled_on(section: str, sentence: str, keys: set[str]) -> None:
    assert found_keys(_excluded(sentence, section)) == keys


def test_use_as_a_therapy_of_a_class_forbids_the_drug_alone() -> None:
    """NCT04841148: the arm's own drug is not forbidden either."""
    sentence = "Use of tamoxifen as adjuvant endocrine therapy during study treatment is not allowed on hydroxychloroquine arms"
    assert found_keys(_excluded(sentence, IN)) == {"tamoxifen"}


def test_what_was_told_of_before_is_no_other_drug_of_its_class() -> None:
    """NCT04841148: 5 mg of prednisone, and letrozole, keep nobody out."""
    dosed = "Chronic treatment with prednisone >10mg or dexamethasone >1.5mg; or another immunosuppressive agent."
    (others,) = (r for r in _excluded(dosed) if found_keys([r]) == {"immunosuppressant"})
    assert {m.key for c in others.carveouts for m in c.mentions} >= {"prednisone", "dexamethasone"}
    listed = "Therapy:\n\n  * Patients may be receiving tamoxifen.\n  * Patients on any other endocrine therapy are ineligible."
    (others,) = _excluded(listed, IN)
    assert [(c.effect, {m.key for m in c.mentions}) for c in others.carveouts] == [("allows", {"tamoxifen"})]
    early = "Prior therapy with:\n\n  * Bicalutamide for biochemical recurrence\n  * Other hormonal therapy"
    others = next(r for r in _excluded(early) if found_keys([r]) == {"endocrine-therapy"})
    assert [c.effect for c in others.carveouts] == ["depends"]


def test_an_opinion_is_on_what_stands_beside_it() -> None:
    """NCT06497556"""
    judged = (
        "Any infection that, in the opinion of the investigator, could impact patient safety, or treatment with antibiotics within 14 days"
    )
    assert [(r.modality, r.doubts) for r in _excluded(judged)] == [(Modality.MUST_NOT, ())]
    drug = "Use of any drug that, in the opinion of the investigator, could interfere, such as strong CYP3A4 inhibitors"
    assert [r.modality for r in _excluded(drug)] == [Modality.DISCRETION]


def test_what_may_go_on_and_must_not_be_started_is_not_forbidden() -> None:
    """NCT04841148"""
    sentence = "Patients receiving bisphosphonates may continue this therapy. Bisphosphonates may not be initiated while receiving study treatment."
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == {ALLOWS}


@pytest.mark.parametrize(
    ("sentence", "conditions"),
    [
        ("Prior treatment for NSCLC with any of the following:\n\n  * Any anti-PD-1 agent", ("non-small-cell-lung-cancer",)),  # NCT05215340
        ("Prior treatment with any of the following:\n\n  * Any anti-PD-1 agent", ()),
        ("Prior chemotherapy directed to PCNSL", ("primary-cns-lymphoma",)),  # NCT06475235
    ],
)
def test_the_disease_that_was_treated_is_told_above_or_behind(sentence: str, conditions: tuple[str, ...]) -> None:
    (rule,) = _excluded(sentence)
    assert rule.conditions == conditions


def test_use_below_prior_therapy_was_had_before() -> None:
    """NCT05939414: all of the list count if used for the cancer."""
    sentence = (
        "Prior therapy with:\n\n  * Use of estrogens, finasteride, other steroidogenesis inhibitors (aminoglutethimide) if used for cancer."
    )
    assert {(r.role, r.binds_if) for r in _excluded(sentence)} == {(PRIOR, "if used for cancer")}
    assert {(r.role, r.outcomes) for r in _excluded("Participants who have discontinued ADT due to disease progression")} == {
        (PRIOR, ("progression",))
    }


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("H2-receptor antagonists should be held during the 2 weeks of concurrent dosing", None),  # NCT05687136
        ("H2-receptor antagonists during the 2 weeks before enrollment", 14),
        ("Treatment with antibiotics (usually 8 weeks duration) within 4 weeks", 28),  # NCT06232044
    ],
)
def test_a_time_that_something_lasts_is_no_washout(sentence: str, days: int | None) -> None:
    assert [r.window.days if r.window else None for r in _excluded(sentence)] == [days]


def test_the_time_of_a_second_subject_is_not_that_of_the_first() -> None:
    """NCT06106945"""
    sentence = (
        "Participants who have previously received CAR-T therapy, or the participant has received a bispecific antibody within 3 months"
    )
    windows = {key: r.window for r in _excluded(sentence) for key in found_keys([r])}
    assert windows["car-t-cell-therapy"] is None
    assert windows["bispecific-antibody"] is not None


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Has had any prior treatment for the present solid malignancy with GPER agonists (eg, tamoxifen)", {"tamoxifen"}),  # NCT04130516
        ("Prior therapy for melanoma with ABC2 antagonists", set()),
        ("Chemotherapy or immunotherapies (non-cell-based therapies) within three weeks", {"chemotherapy", "immunotherapy"}),  # NCT04282044
        ("Patients on warfarin who cannot be safely transitioned to an alternative systemic anticoagulant", {"warfarin"}),  # NCT04598009
    ],
)
def test_a_kind_told_behind_tells_which_is_meant(sentence: str, keys: set[str]) -> None:
    assert {m.key for r in _excluded(sentence) for m in r.mentions} == keys


def test_who_has_not_recovered_is_kept_out_where_that_is_joined() -> None:
    """NCT06879041, NCT06232044"""
    for section, sentence in (
        (OUT, "Radiation therapy within 28 days prior to the first dose and all RT-related events have not recovered to Grade 1"),
        (IN, "No patients who have received chemotherapy within 2 weeks and who have not recovered from side effects"),
    ):
        assert [r.doubts for r in _excluded(sentence, section)] == [("only those who have not recovered",)]
    assert [r.doubts for r in _excluded("Chemotherapy within 28 days, or toxicities that have not recovered to grade 1")] == [()]


def test_the_time_of_a_kind_is_not_that_of_what_it_is_without() -> None:
    """NCT06644755"""
    below = "Radiation therapy: <4 weeks (or <2 weeks if palliative radiation therapy without abdominal/pelvic radiation)"
    (rule,) = _excluded(f"Has an inadequate washout period prior to the start of treatment, defined as follows:\n\n  * {below}")
    assert [{m.key for m in c.mentions} for c in rule.carveouts] == [{"palliative-radiotherapy"}]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with oral anticoagulation therapy based on Vitamin K antagonist.",  # NCT06713798
        "Anticoagulant therapy in the form of vitamin K antagonists",
    ],
)
def test_what_a_therapy_is_based_on_says_which_is_meant(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"vitamin-k-antagonist"}

"""Which drugs a name, a class or a description means."""

from __future__ import annotations

import pytest
from criteria_world import CURRENT, EXCLUDES, IN, OUT, eligibility, found_keys, therapy_rules

from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import RecordSource, Trial


def test_other_drugs_of_a_kind_leave_out_those_named_before() -> None:
    """NCT05014815: a low dose of a steroid is no reason; "other immunosuppressive medications" are not the steroids again."""
    sentence = "corticosteroids at a dose greater than 10 mg of prednisone daily, or other immunosuppressive medications within 14 days"
    rules = {key: rule for rule in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for key in found_keys([rule])}
    assert rules["prednisone"].min_dose_mg == 10
    assert {m.key for c in rules["immunosuppressant"].carveouts for m in c.mentions} == {"corticosteroid", "prednisone"}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        (
            "Treatment with PD-1 and equivalent immune modulators prior to the first dose",
            {"pd-1-inhibitor", "immunomodulator"},
        ),  # NCT05669430
        ("Prior exposure to PD1, PD-L1 or equivalent drugs", {"pd-1-inhibitor", "pd-l1-inhibitor"}),
        ("Treatment with PD-1 or major surgery", {"pd-1-inhibitor", "major-surgery"}),
        ("Received PD-L1 testing", set()),
        ("Use of Ki-67 or other biomarkers", set()),
    ],
)
def test_a_target_that_was_given_stands_for_the_drugs_on_it(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


def test_the_study_drug_is_the_trials_own() -> None:
    """NCT02215720 speaks of "the two compounds of the study"; here with the trial's own drugs."""
    rules = therapy_rules(f"{OUT}:\n\n* Prior treatment with the study drug\n", ("Sunitinib",))
    assert found_keys(rules) == {"sunitinib"}


def test_biologics_with_an_intent_against_cancer_are_those_given_for_it() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Biologic agents (e.g., monoclonal antibodies) for anti-neoplastic intent within 30 days\n")
    assert rule.conditions == ("cancer",)


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Prior systemic antitumor chemotherapy or immunotherapy", {"chemotherapy", "immunotherapy"}),
        ("Prior systemic anti-tumor immunotherapy", {"immunotherapy"}),
        ("Immunologic agents directed at the malignancy within 3 weeks", {"immunotherapy"}),
    ],
)
def test_words_before_a_kind_of_therapy_are_no_other_therapy(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("therapy", "key", "settings"),
    [
        ("platinum-based cytotoxic chemotherapy", "platinum-agent", ()),
        ("platinum-containing cancer chemotherapy", "platinum-agent", ()),  # NCT05832827
        ("gemcitabine-based first-line chemotherapy", "gemcitabine", ()),
        ("taxane-containing systemic regimens", "taxane", ()),
        ("anthracycline-based antineoplastic therapy", "anthracycline", ()),
        ("platinum-based first- or second-line chemotherapy", "platinum-agent", ()),
        ("platinum-based adjuvant chemotherapy", "platinum-agent", ("adjuvant",)),  # NCT06479759
        ("chemotherapy based on platinum", "platinum-agent", ()),
    ],
)
def test_what_a_regimen_is_based_on_is_meant_whatever_else_is_said_of_it(therapy: str, key: str, settings: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior {therapy}\n")
    assert found_keys([rule]) == {key} and rule.settings == settings


def test_a_class_behind_drugs_of_a_type_are_others() -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Marcumar-type oral anticoagulation\n")) == {"phenprocoumon", "oral-anticoagulant"}


@pytest.mark.parametrize(
    ("therapy", "key"),
    [
        ("Myelosuppressive anti-cancer therapy", "myelosuppressive-anticancer-therapy"),
        ("Myelosuppressive antineoplastic agents", "myelosuppressive-anticancer-therapy"),
        ("Cancer-directed antibodies", "antibody-based-therapy"),
        ("High-dose cytotoxic chemotherapy", "high-dose-chemotherapy"),
        ("Lymphodepleting chemo", "lymphodepleting-chemotherapy"),
        ("Wide field radiotherapy", "wide-field-radiotherapy"),
        ("Palliative limited field radiation", "palliative-radiotherapy"),
    ],
)
def test_a_class_is_known_by_other_words_for_its_kind(therapy: str, key: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {therapy} within 21 days\n")) == {key}


def test_an_abbreviation_that_the_record_defines_means_what_it_says() -> None:
    """NCT05536349: RT is Richter transformation, not radiotherapy."""
    text = f"{IN}:\n\n* Patients with Richter Transformation (RT)\n\n{OUT}:\n\n* Known central nervous system involvement by CLL/SLL/RT\n"
    assert therapy_rules(text) == []


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Class Ia, Ib, or Ic antiarrhythmic drugs", {"class-i-antiarrhythmic"}),
        ("Class IA or III antiarrhythmics", {"class-i-antiarrhythmic", "class-iii-antiarrhythmic"}),
        ("Antiarrhythmic drugs", {"antiarrhythmic"}),
        ("Blood transfusion or hematopoietic stimulator treatment within 7 days", {"blood-transfusion", "growth-factor"}),
        ("Adenosine diphosphate receptor antagonists", {"p2y12-inhibitor"}),
    ],
)
def test_which_of_a_group_of_drugs_is_meant(sentence: str, keys: set[str]) -> None:
    """NCT00561418, NCT05706207, NCT01288261."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "key", "doubted"),
    [
        ("No concurrent use of complementary or alternative medicines that would confound the interpretation of toxicities and antitumor activity of vorinostat", "herbal-product", True),
        ("No complementary or alternative medicines", "herbal-product", False),
        ("No herbal medicine with antitumor effects", "herbal-anticancer-medicine", False),
    ],
)  # fmt: skip
def test_herbs_that_would_confound_the_results_are_not_named(sentence: str, key: str, doubted: bool) -> None:
    """NCT00561418."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {key} and bool(rule.doubts) == doubted


def test_biologics_among_cancer_therapies_are_those_against_cancer() -> None:
    """NCT02267967 gives biotherapy as an example of what acts on tumours; on their own, all are meant."""
    for words, beside in (
        ("Anti-tumor therapies including chemotherapy and biotherapy", "systemic-anticancer-therapy"),
        ("Biotherapy", ""),
    ):
        rules = therapy_rules(f"{OUT}:\n\n* {words} within 4 weeks\n")
        assert {m.also for r in rules for m in r.mentions if m.key == "biologic-therapy"} == {beside}


def test_what_is_investigational_is_not_all_therapy() -> None:
    """NCT07358260: the adjective holds for both that follow it."""
    rules = therapy_rules(f"{IN}:\n\n* At least 28 days from other investigational antineoplastic or disease-directed agents\n")
    assert found_keys(rules) == {"investigational-agent"}


@pytest.mark.parametrize(
    ("sentence", "key", "routes"),
    [
        ("Patients received inhaled or oral corticosteroids in previous 4 weeks", "corticosteroid", ("systemic", "inhaled")),  # NCT05888350
        ("Oral and topical corticosteroids (including inhaled agents)", "corticosteroid", ("systemic", "topical")),  # NCT00438022
        ("Systemic and intranasal antibiotics treatment within 4 weeks", "antibiotic", ("systemic", "intranasal")),  # NCT04706988
        ("Use of topical calcineurin inhibitors within 4 weeks of screening", "calcineurin-inhibitor", ("topical",)),  # NCT02317276
        ("Prior systemic or intravesical chemotherapy", "chemotherapy", ("systemic", "intravesical")),
        ("Prior intravenous, intraperitoneal or oral chemotherapy for this disease", "chemotherapy", ("systemic",)),
        ("Previous systemic, intra-arterial or intravitreal chemotherapy", "chemotherapy", ("systemic", "ophthalmic")),
        ("Any earlier intravenous or oral chemotherapy", "chemotherapy", ("systemic",)),
        ("Prior conventional or high-dose chemotherapy", "chemotherapy", ("systemic",)),
        ("Previous intravenous or subcutaneous immunotherapy for melanoma", "immunotherapy", ("intravenous",)),
        ("Injectable anticancer drugs within 3 weeks", "systemic-anticancer-therapy", ("intravenous",)),
        ("Oral anticancer drugs within 1 week", "systemic-anticancer-therapy", ("oral",)),
        ("Kinase inhibitors taken orally within 1 week", "kinase-inhibitor", ("oral",)),
        ("Systemic or local cytotoxic treatment", "chemotherapy", ("systemic", "local")),
        ("Systemic or intratumoral treatment with chemotherapy", "chemotherapy", ("systemic",)),
        ("Antibodies by infusion within 4 weeks", "antibody-based-therapy", ("intravenous",)),
        ("Any earlier antibody", "antibody-based-therapy", ("systemic",)),
        ("Any antibody, whether earlier or ongoing", "antibody-based-therapy", ("systemic",)),
    ],
)
def test_therapies_that_share_a_noun_are_meant_by_each_of_their_routes(sentence: str, key: str, routes: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.routes or ("systemic",)) == ({key}, routes)


def test_an_adjective_of_a_list_shares_its_noun() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Prior hormonal, immunologic, or targeted cancer therapy\n")
    assert found_keys(rules) == {"endocrine-therapy", "immunotherapy", "targeted-therapy"}


def test_what_shares_its_noun_with_investigational_therapy_is_meant_too() -> None:
    rules = therapy_rules(f"{IN}:\n\n* No intravenous, oral, or investigational anticancer treatment for metastatic disease\n")
    assert found_keys(rules) == {"investigational-agent", "systemic-anticancer-therapy"}


def test_immunotherapy_is_desensitisation_where_an_allergy_is_treated() -> None:
    """NCT00691873, NCT00807547."""
    for sentence in ("history of immunotherapy to any allergen within the past 3 years", "previous treatment with immunotherapy"):
        trial = Trial(
            "NCT00000000", "", RecordSource("t", "v2-json", ""), eligibility_text=f"{OUT}:\n\n* {sentence}\n", conditions=("Asthma",)
        )
        assert found_keys(read(trial, Names.of(Knowledge.load())).rules) == {"allergen-immunotherapy"}


def test_a_class_is_narrowed_by_what_it_is_given_with() -> None:
    """NCT04514484: anticoagulation with coumarins is none with all anticoagulants, and the one allowed, of all, is factor Xa inhibitors."""
    text = (
        f"{OUT}:\n\n* Concomitant anticoagulation with coumarin agents (e.g., warfarin). Allowed anticoagulants are the following:\n\n"
        "  * anticoagulation with direct factor Xa inhibitors\n"
    )
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert [found_keys([r]) for r in rules] == [{"vitamin-k-antagonist", "warfarin"}, {"anticoagulant"}]
    assert [[m.key for c in r.carveouts for m in c.mentions] for r in rules] == [["factor-xa-inhibitor"]] * 2


def test_immunosuppression_with_other_drugs_is_theirs() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Organ transplant under immunosuppression with mTOR inhibitor\n")
    assert found_keys(rules) == {"mtor-inhibitor", "solid-organ-transplant"}


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Prior chemotherapy, radiation, molecular targeted antibodies or immunotherapy", "antibody-based-therapy"),
        ("Treatment with any active anti-MF therapy, chemotherapy or immunomodulatory drug within 3 years", "anticancer-therapy"),
        ("Any anti-CLL treatment within 4 weeks", "anticancer-therapy"),
    ],
)
def test_names_that_protocols_shorten(sentence: str, key: str) -> None:
    assert key in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_medicines_in_immunosuppressive_doses_are_immunosuppressants() -> None:
    """NCT05514717; a steroid in such a dose is not all of them."""
    sentence = "Participant is receiving immunosuppressive doses of systemic medications, (doses >10 mg/day prednisone or equivalent)"
    assert "immunosuppressant" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))
    assert "immunosuppressant" not in found_keys(therapy_rules(f"{OUT}:\n\n* Receiving immunosuppressive doses of steroids\n"))


def test_an_article_is_no_part_of_a_name() -> None:
    """ "A RAF inhibitor" is none of A-RAF, and a list goes on behind an article."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior treatment with a RAF kinase inhibitor\n")) == {"raf-inhibitor"}
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Previously received a MEK or a RAF inhibitor\n")) == {"mek-inhibitor", "raf-inhibitor"}


def test_who_takes_antiretrovirals_has_hiv() -> None:
    """NCT00375245."""
    rules = therapy_rules(f"{OUT}:\n\n* HIV-positive patients receiving combination antiretroviral therapy are excluded.\n")
    assert [(r.role, r.polarity) for r in rules if found_keys([r]) == {"antiretroviral"}] == [(CURRENT, EXCLUDES)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with hepatitis C are eligible after a washout of 4 weeks from prior therapy",
        "HIV-positive patients: wash-out from prior therapy of 28 days",
    ],
)
def test_a_wash_out_told_of_those_with_another_ill_is_of_no_cancer_therapy(sentence: str) -> None:
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


def test_treatment_of_tuberculosis_may_be_with_other_drugs() -> None:
    """A time makes it one of drugs that have to be washed out (NCT05896748)."""
    (ill,) = therapy_rules(f"{OUT}:\n\n* Currently receiving tuberculosis treatment\n")
    (drugs,) = therapy_rules(f"{OUT}:\n\n* Tuberculosis treatment within 28 days\n")
    assert (ill.doubts, drugs.doubts) == (("treatment of an infection",), ())


def test_antivirals_told_of_with_hepatitis_are_those_against_it() -> None:
    """NCT03322267."""
    text = f"{OUT}:\n\n* Active hepatitis C\n\n  * Participants must have completed curative anti-viral therapy at least 4 weeks prior to randomization.\n"
    assert {k for r in therapy_rules(text) for k in found_keys([r])} == {"hcv-antiviral"}


def test_anticoagulants_dosed_by_inr_are_vitamin_k_antagonists() -> None:
    """NCT03321630."""
    text = f"{OUT}:\n\n* Use of anticoagulants, such as warfarin, requiring therapeutic international normalized ratio (INR) monitoring.\n"
    assert found_keys(therapy_rules(text)) == {"vitamin-k-antagonist", "warfarin"}
    # NCT07498478
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Anticoagulant therapy requiring INR monitoring\n")) == {"vitamin-k-antagonist"}


def test_prior_treatment_told_below_is_not_any() -> None:
    """NCT02955069."""
    text = f"{OUT}:\n\n* Prior treatment for study indication with:\n* Antibodies or immunotherapy within 6 weeks before the first dose\n"
    assert all(rule.window is not None for rule in therapy_rules(text))


def test_a_composed_name_ends_with_its_criterion() -> None:
    """NCT02625623."""
    text = (
        f"{OUT}:\n\n* Prior therapy with any antibody or drug targeting T-cell coregulatory proteins\n* Concurrent anticancer treatment\n"
    )
    assert "t-cell-pathway-therapy" in {k for r in therapy_rules(text) for k in found_keys([r])}


def test_other_medical_therapy_beside_cancer_therapy_is_any() -> None:
    """NCT01961713."""
    rules = therapy_rules(
        f"{IN}:\n\n* Patients must not have received prior hormone therapy or other medical therapy for prostate cancer\n"
    )
    assert {k for r in rules for k in found_keys([r])} == {"endocrine-therapy", "systemic-anticancer-therapy"}


def test_the_drug_that_will_be_chosen_may_be_another_of_its_class() -> None:
    """NCT02187302."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with the targeted agent intended for use as standard of care treatment\n")
    assert rule.doubts == ("the one that is chosen",)


def test_treatment_related_to_the_tumour_is_any_against_it() -> None:
    """NCT05742867."""
    text = f"{IN}:\n\n* Must not have received any treatment related to the tumor\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert found_keys([rule]) == {"anticancer-therapy"}


def test_all_that_one_would_change_to_is_not_forbidden() -> None:
    """NCT02923921."""
    text = f"{OUT}:\n\n* Participant on Coumadin and not willing to change to LMWH or oral Factor II or Xa inhibitor\n"
    assert found_keys(therapy_rules(text)) == {"warfarin"}


def test_cytotoxic_doses_are_of_what_is_dosed() -> None:
    """NCT02923921."""
    text = f"{IN}:\n\n* Participants having received cytotoxic doses of gemcitabine or any other chemotherapy in the adjuvant setting are not eligible\n"
    assert {r.settings for r in therapy_rules(text)} == {("adjuvant",)}


@pytest.mark.parametrize(
    "sentence",
    [
        "No previous or concurrent treatments for NSCLC.",  # NCT06284317
        "Must not have received treatment for lung cancer",
        "Has not received treatment for their breast cancer",
    ],
)
def test_treatment_for_the_disease_is_any_against_it(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.polarity) == ({"systemic-anticancer-therapy"}, EXCLUDES)


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        (
            "History of allogeneic bone marrow, stem cell, or solid organ transplant",
            {"allogeneic-stem-cell-transplant", "solid-organ-transplant"},
        ),
        (
            "A history of autologous or allogeneic stem cell transplantation",
            {"autologous-stem-cell-transplant", "allogeneic-stem-cell-transplant"},
        ),
        ("Prior organ or bone marrow transplant", {"solid-organ-transplant", "stem-cell-transplant"}),
        ("Received prior treatment with allogenic bone marrow or stem cell transplant", {"allogeneic-stem-cell-transplant"}),
        (
            "Prior autologous/allogeneic stem cell or tissue/solid organ transplant",
            {"autologous-stem-cell-transplant", "allogeneic-stem-cell-transplant", "solid-organ-transplant"},
        ),
    ],
)
def test_transplants_share_their_noun(sentence: str, keys: set[str]) -> None:
    """NCT02381314, NCT06382129, NCT06346197, NCT04811560, NCT05293496."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Platelet count ≥ 100 x 10^9/L (unsupported, defined as no platelet transfusion within 7 days prior to study enrollment)", 7),
        ("PLT ≥ 75,000/ul (without transfusion support within 14 days of initiation of therapy)", 14),
        ("Absolute neutrophil count ≥ 1,500/mcL without granulocyte colony-stimulating factor support", None),
    ],
)
def test_transfusions_have_their_window_or_support_the_counts_of_now(sentence: str, days: int | None) -> None:
    """NCT04743661, NCT04150965, NCT06328036."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.role is CURRENT
    assert (rule.window.days if rule.window else None) == days


@pytest.mark.parametrize(
    ("count", "key"),
    [
        ("Hemoglobin >= 9.0 g/dL", "erythropoiesis-stimulating-agent"),
        ("Platelet count >= 100,000 x 10^9/uL", "thrombopoietin-receptor-agonist"),
        ("Platelets >= 100, absolute neutrophil count >= 1.5", "growth-factor"),
    ],
)
def test_growth_factors_are_those_that_raise_the_count(count: str, key: str) -> None:
    """NCT04134260."""
    rules = therapy_rules(f"{IN}:\n\n* {count}, independent of transfusion and/or growth factors (within 90 days prior to registration)\n")
    assert key in found_keys(rules) and (key == "growth-factor" or "growth-factor" not in found_keys(rules))


@pytest.mark.parametrize(
    ("count", "keys"),
    [
        (
            "Absolute Neutrophil Count (ANC) \u2265 1 x 109/L (unsupported for 7 days, or 14 days if pegfilgrastim was administered)",  # NCT06208748
            {"growth-factor"},
        ),
        ("Platelets \u2265 100 x 109/L (unsupported for 14 days)", {"platelet-transfusion"}),  # NCT06208748
        ("Unsupported hemoglobin of 8 g/dL", {"red-cell-transfusion"}),
        ("Neutrophils \u2265 1,000 and platelets \u2265 75,000 without support", {"growth-factor", "platelet-transfusion"}),
        ("Platelets \u2265 50 (unsupported, defined as no platelet transfusion within 7 days)", {"platelet-transfusion"}),  # NCT05064306
        ("Able to walk unsupported", set()),
    ],
)
def test_unsupported_counts_are_of_those_whom_nothing_supports(count: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {count}\n")
    assert found_keys(rules) == keys and {r.polarity for r in rules} <= {EXCLUDES}


def test_no_antibodies_are_those_that_were_given() -> None:
    assert found_keys(therapy_rules(f"{IN}:\n\n* No chemotherapy; no antibodies\n")) == {"chemotherapy", "antibody-based-therapy"}
    for sentence in ("No antibodies to HIV", "No antibodies against factor VIII", "No hepatitis C antibodies"):
        assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


def test_vaccines_in_the_plural_are_these_vaccines() -> None:
    """NCT04323202."""
    text = (
        f"{OUT}:\n\n* Has received a live vaccine within 30 days. Seasonal influenza vaccines for injection are generally killed virus vaccines"
        " and are allowed; however, intranasal influenza vaccines (eg, FluMist) are live attenuated vaccines and are not allowed.\n"
    )
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert found_keys(rules) == {"live-vaccine", "live-attenuated-influenza-vaccine"}
    assert {m.key for r in rules for c in r.carveouts for m in c.mentions} == {"influenza-vaccine", "inactivated-vaccine"}


def test_kinds_of_therapy_that_others_may_join_are_any_therapy() -> None:
    """NCT05918328."""
    text = f"{OUT}:\n\n* Has received chemotherapy, endocrine therapy, targeted therapy, reflex therapy, etc. for this disease.\n"
    assert "systemic-anticancer-therapy" in found_keys(therapy_rules(text))


def test_compounds_are_drugs() -> None:
    """NCT01235897."""
    text = f"{OUT}:\n\n* Received any marketed or experimental compound in the last 4 weeks with known effects of QT prolongation\n"
    assert "qt-prolonging-drug" in found_keys(therapy_rules(text))


def test_chemotherapy_of_late_harm_is_some_kinds_of_it() -> None:
    """NCT02959619."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy regimens with delayed toxicity within the last 4 weeks\n")
    assert rule.doubts == ("kinds that it does not name",)


def test_a_treatment_drug_is_any_against_the_cancer() -> None:
    """NCT02610075."""
    sentence = "Use of a treatment drug 21 days or 5 half-lives (whichever is shorter) prior to AZD1775"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("AZD1775",))
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}
    assert rule.window is not None and rule.window.days == 21


def test_drugs_may_have_an_effect_on_the_interval() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Concomitant use of drugs with QT liability\n")
    assert found_keys(rules) == {"qt-prolonging-drug"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients must not have been treated for metastatic breast cancer",
        "Patients must not have been previously treated",
        "Prior treatment completed at least 4 weeks earlier",
        "At least 4 weeks have passed since the last therapy",
    ],
)
def test_any_therapy_of_the_cancer_without_a_name(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.polarity) == ({"systemic-anticancer-therapy"}, EXCLUDES)


@pytest.mark.parametrize("examples", ["", "(including radiotherapy, chemotherapy, immunotherapy, or investigational therapy) "])
def test_all_therapy_that_was_discontinued_is_any_of_the_cancer(examples: str) -> None:
    """NCT02242045."""
    sentence = f"Discontinuation of all therapy {examples}for the treatment of multiple myeloma ≥ 4 weeks prior to Day 1"
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert "systemic-anticancer-therapy" in found_keys(rules)
    assert {r.window and r.window.days for r in rules} == {28}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("No concurrent medications that alter QTc interval", "qt-prolonging-drug"),
        ("No drugs with an effect on the QT interval", "qt-prolonging-drug"),
        ("Must avoid agents that increase gastric-pH", "gastric-acid-reducer"),
    ],
)
def test_drugs_are_told_by_what_they_act_on_whatever_the_verb(words: str, key: str) -> None:
    """NCT00390117, NCT00324220."""
    assert key in found_keys([r for r in therapy_rules(f"{IN}:\n\n* {words}\n") if r.polarity is EXCLUDES])


def test_immuno_shares_the_noun_behind_it() -> None:
    """A list of the kind of "chemo- or immunotherapy"."""
    assert {"immunotherapy", "chemotherapy"} <= found_keys(therapy_rules(f"{OUT}:\n\n* Immuno- or chemotherapy within 4 weeks\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior exposure to any approved or investigational treatments directed against a clonal plasma cell disorder",  # NCT07393282
        "Prior treatments directed against multiple myeloma",
        # NCT06460298
        "Participants less than 14 days removed from most recent standard of care or experimental drug treatment for their tumor",
        "Any prior therapy for Monoclonal Gammopathy of Renal Significance (MGRS), or MM",  # NCT07428369
    ],
)
def test_therapy_against_the_disease_that_is_told_is_any(sentence: str) -> None:
    """Of the cancer that the trial takes, whoever approved it."""
    assert {"systemic-anticancer-therapy", "anticancer-therapy"} & found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_a_class_with_some_of_it_below_is_ruled_on_itself() -> None:
    """NCT00316953."""
    text = f"{IN}:\n\n* No concurrent antithrombotic or antiplatelet agents, including any of the following:\n\n  * Ibuprofen\n"
    assert {"antithrombotic", "antiplatelet", "ibuprofen"} <= found_keys(therapy_rules(text))


@pytest.mark.parametrize(
    ("sentence", "acting"),
    [
        ("Because XYZ-1 is primarily metabolized by CYP3A4 and CYP2C19, inhibitors and inducers of these enzymes should be avoided.",
         {"cyp3a4/inhibitor", "cyp3a4/inducer", "cyp2c19/inhibitor", "cyp2c19/inducer"}),  # NCT00610194
        ("As XYZ-1 is metabolized by CYP3A4, patients must not take inhibitors of that enzyme", {"cyp3a4/inhibitor"}),
        ("Use of specifically prohibited CYP3A4-active agents or substances", {"cyp3a4/inhibitor", "cyp3a4/inducer"}),  # NCT00513071
        ("CYP3A4-modulating drugs", {"cyp3a4/inhibitor", "cyp3a4/inducer"}),
    ],
)  # fmt: skip
def test_what_acts_on_an_enzyme_that_was_named_before_or_is_active_there(sentence: str, acting: set[str]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {f"{m.enzyme}/{m.role}" for m in rule.mentions} == acting
    assert bool(rule.doubts) is ("specifically prohibited" in sentence)


def test_a_biologic_equivalent_is_a_dose() -> None:
    """NCT04704154."""
    sentence = "Requiring > 4 mg of dexamethasone or biologic equivalent per day within 21 days of starting study treatment"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"dexamethasone", "systemic-corticosteroid"}


def test_investigational_drugs_biologics_or_devices_are_all_investigational() -> None:
    """NCT07036133."""
    listed = therapy_rules(f"{OUT}:\n\n* Any investigational drugs, biologics, or devices within 30 days prior to study treatment\n")
    assert "biologic-therapy" not in found_keys(listed)


def test_an_equivalent_may_be_told_by_its_effect() -> None:
    """NCT06854159."""
    text = f"{OUT}:\n\n* Corticosteroids with more than 10 mg per day of prednisone or anti-inflammatory equivalent\n"
    assert "systemic-corticosteroid" in found_keys(therapy_rules(text))


def test_a_definition_speaks_of_what_it_defines() -> None:
    """NCT00431054."""
    sentence = "History of high-dose chemotherapy, defined as the intensity of a chemotherapeutic agent beyond standard of care"
    assert "chemotherapy" not in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Current users of oral, intramuscular, or intravenous corticosteroids", "systemic-corticosteroid"),
        ("Oral, inhaled or intravenous corticosteroids within 4 weeks", "corticosteroid"),
        ("Previous nasal or sinus surgery", "sinonasal-surgery"),
        ("Recent eye surgery", "eye-surgery"),
        ("Previous thoracic or vascular surgery", "surgery"),
        ("Received live or attenuated vaccine within 3 months", "live-vaccine"),
        ("COVID-19 vaccination within 1 week of planned start", "covid-19-vaccine"),
    ],
)
def test_routes_parts_and_kinds_say_which(sentence: str, key: str) -> None:
    """NCT03181009, NCT02388997, NCT02836067, NCT05802355, NCT07372287, NCT05590585."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {key}


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Chemotherapy regimen containing an alkylating antineoplastic agent within 28 days", "alkylating-agent"),
        ("Systemic therapy containing a taxane", "taxane"),
        ("Previous treatment with any therapy that contains a TOP1 inhibitor", "topoisomerase-i-inhibitor"),
        ("Prior therapy that included a monoclonal antibody within 28 days", "monoclonal-antibody"),
        ("Platinum containing chemotherapy", "platinum-agent"),
        ("Prior chemotherapy containing regimens", "chemotherapy"),
    ],
)
def test_what_a_regimen_contains_says_which(sentence: str, key: str) -> None:
    """NCT04222413, NCT05123482, NCT04432649."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {key}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Current treatment with immune modulators such as systemic cyclosporine or tacrolimus", {"immunosuppressant"}),
        (
            "Treatment with immunomodulatory agents, including but not limited to thymosin, interleukin-2 and interferon within 14 days",
            {"systemic-immunostimulatory-agent", "cytokine-therapy"},
        ),
        ("Treatment with immune modulators within 30 days", {"immunomodulator"}),
    ],
)
def test_examples_tell_which_way_immunomodulators_act(sentence: str, keys: set[str]) -> None:
    """NCT01253681, NCT05991583."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert keys <= found_keys(rules) and ("immunomodulator" in keys or "immunomodulator" not in found_keys(rules))


@pytest.mark.parametrize(
    ("disease", "sentence", "keys"),
    [
        ("Multiple Myeloma", "Immunomodulatory agent, proteasome inhibitor or antibody", {"immunomodulatory-drug"}),
        ("Lymphoma", "Immunomodulatory agent (lenalidomide, thalidomide)", {"immunomodulatory-drug"}),
        ("Lymphoma", "Immunomodulatory drugs", {"immunomodulatory-drug"}),
        ("Lung Cancer", "Immunomodulatory drugs", {"immunomodulator"}),
        ("Lung Cancer", "Immunomodulatory drugs (including thymosin, interferon)", {"systemic-immunostimulatory-agent"}),  # NCT05120375
        ("Lung Cancer", "Prior IMiD", {"immunomodulatory-drug"}),
    ],
)
def test_the_disease_tells_which_immunomodulatory_drugs_are_meant(disease: str, sentence: str, keys: set[str]) -> None:
    rules = eligibility(f"{OUT}:\n\n* {sentence} within 4 weeks\n", conditions=(disease,)).rules
    found = {key for key in found_keys(list(rules)) if key.startswith(("immunomodul", "systemic-immuno"))}
    assert found == keys


@pytest.mark.parametrize(
    ("sentence", "against_cancer"),
    [
        ("Has had prior anti-cancer treatment with chemotherapeutic agents or immune modulating agents within 4 weeks", True),
        ("Use of immunomodulating drugs with anti-tumor indications within 2 weeks", True),
        ("Treatment with chemotherapy or immune modulating agents within 4 weeks", False),
    ],
)
def test_immunomodulators_of_a_cancer_therapy_are_drugs_against_cancer(sentence: str, against_cancer: bool) -> None:
    """NCT06425926, NCT06479759."""
    named = [m for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions if m.key == "immunomodulator"]
    assert [m.also for m in named] == ["systemic-anticancer-therapy" if against_cancer else ""]


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Participant has not received any prior treatment for their cancer", {"anticancer-therapy"}),  # NCT04952597
        ("Any therapy directed against the subject's underlying cancer within 28 days", {"anticancer-therapy"}),  # NCT05690581
        ("Prior treatment for their cancer", {"systemic-anticancer-therapy"}),
    ],
)
def test_any_therapy_of_the_cancer_is_radiotherapy_too(sentence: str, keys: set[str]) -> None:
    heading = IN if "not" in sentence else OUT
    assert found_keys(therapy_rules(f"{heading}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Radiation or other non-systemic therapy within 2 weeks", {"radiotherapy", "local-therapy"}),  # NCT04634825
        ("Ongoing prednisolone > 1mg/kg daily or equivalent.", {"prednisolone", "systemic-corticosteroid"}),  # NCT03937544
        ("CNS disease prophylaxis must be stopped > 1 week prior to infusion", {"intrathecal-chemotherapy"}),  # NCT04836507
        ("Alternative medications such as homeopathic treatment", {"herbal-product"}),  # NCT02856893
    ],
)
def test_names_of_therapies_at_large(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


def test_what_is_not_for_cancer_is_not_limited_to_cancer() -> None:
    """NCT05414032."""
    text = f"{OUT}:\n\n* Concurrent use of hormonal therapy for non-cancer-related conditions is allowed.\n"
    assert [r.conditions for r in therapy_rules(text)] == [()]


def test_an_abbreviation_in_brackets_is_the_kind_that_it_stands_behind() -> None:
    """NCT07213882, NCT05714891."""
    rules = therapy_rules(f"{OUT}:\n\n* Autologous Hematopoietic Stem Cell Transplantation (HSCT) within 100 days\n")
    assert found_keys(rules) == {"autologous-stem-cell-transplant"}
    rules = therapy_rules(f"{OUT}:\n\n* Prior allogenic bone marrow transplant or umbilical cord blood transplantation\n")
    assert found_keys(rules) == {"allogeneic-stem-cell-transplant"}


def test_examples_of_topical_therapy_are_topical() -> None:
    """NCT07213882."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Topical therapy (including steroids, retinoids) within 2 weeks\n")
    assert rule.routes == ("topical",)


def test_radiotherapy_of_a_part_that_has_no_class_is_doubted() -> None:
    """NCT03708224, NCT03955198."""
    for sentence in ("Previous total lymphoid irradiation", "Prior radiotherapy near the metastatic lesions precluding ablative SRT"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert rule.doubts == ("where it was given",)


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Systemic immnosuppressive treatment", "immunosuppressant"),  # NCT00820820
        ("Prior  chemotheraphy", "chemotherapy"),
        ("Prior checkpiont inhibtors", "immune-checkpoint-inhibitor"),
        ("Systemic STERIODS", "systemic-corticosteroid"),
    ],
)
def test_decisive_words_with_one_letter_wrong(sentence: str, key: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {key}
    assert rule.quote == sentence


def test_other_words_that_are_one_letter_off() -> None:
    assert not therapy_rules(f"{OUT}:\n\n* Practice of meditation\n")
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior therapy that induces cytochrome P450 3A4\n")) == {"cyp3a4/inducer/"}


def test_non_specific_immunomodulators_are_stimulants() -> None:
    """NCT07158840; NCT05816499 gives interleukin, interferon and thymosin as examples."""
    rules = therapy_rules(f"{OUT}:\n\n* Receipt of non-specific immunomodulatory therapy within 2 weeks prior to the first dose\n")
    assert found_keys(rules) == {"systemic-immunostimulatory-agent"}


def test_immunomodulators_of_which_steroids_are_an_example_suppress() -> None:
    """NCT05938270."""
    sentence = (
        "Receiving immune modulatory agents including but not limited to, continuous corticosteroids at a dose of > 10 mg prednisone/day"
    )
    keys = {m.key for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert "immunosuppressant" in keys and "immunomodulator" not in keys


def test_a_hyphen_with_a_blank_behind_it_tears_no_word() -> None:
    """NCT06644183, NCT03406949; what an "and" goes on behind is another matter."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any anticancer therapy within 5 half- lives before cycle 1\n")
    assert rule.window is not None and rule.window.half_lives == 5
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior anti- PD-1 or anti- CTLA-4 antibodies\n")) == {"pd-1-inhibitor", "ctla-4-inhibitor"}
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Pre- and post-operative steroids\n")) == {"corticosteroid"}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Standard or targeted treatment regimens within 14 days", True),  # NCT04134559
        ("Conventional and/or biologic therapies within 14 days", True),
        ("Standard or investigational treatment within 14 days", True),
        ("Standard or high-dose chemotherapy within 14 days", False),
        ("Standard or stereotactic radiotherapy within 14 days", False),
    ],
)
def test_what_is_standard_or_of_a_kind_is_any_therapy(sentence: str, told: bool) -> None:
    assert ("systemic-anticancer-therapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))) is told


def test_anti_inflammatory_drugs_share_the_noun_of_others_unless_a_disease_needs_them() -> None:
    """NCT04134559."""
    drugs = "anti-inflammatory or immunosuppressive medications"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Participants who are receiving {drugs}\n")) == {
        "anti-inflammatory-agent",
        "immunosuppressant",
    }
    assert therapy_rules(f"{OUT}:\n\n* Inflammatory bowel disease requiring {drugs}\n") == []


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("No concurrent antiinflammatory drugs", "anti-inflammatory-agent"),  # NCT00005862: steroids, too
        ("No concurrent non-steroidal antiinflammatory drugs", "nsaid"),
        ("No concurrent anti-inflammatory drugs (NSAIDs)", "nsaid"),
    ],
)
def test_anti_inflammatory_drugs_are_steroids_too_unless_told_to_be_none(sentence: str, key: str) -> None:
    assert found_keys(therapy_rules(f"{IN}:\n\n* {sentence}\n")) == {key}


def test_what_is_not_investigational_is_any_approved_therapy() -> None:
    """NCT07684456."""
    rules = therapy_rules(f"{OUT}:\n\n* Patients who have received non-investigational anti-tumor therapies within 4 weeks\n")
    assert found_keys(rules) == {"anticancer-therapy"}


def test_foods_beside_medicines_narrow_these_to_nothing() -> None:
    """NCT05010005, NCT05996107: medicines are named, too; herbs are meant as far as they act so."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of medications or consumption of foods that are strong inducers of CYP3A\n")
    assert [m.also for m in rule.mentions] == [""]
    fruits = "fruits (e.g. pummellos) and their juices that are known as strong inducers of CYP3A4/5."
    (rule,) = therapy_rules(f"{OUT}:\n\n* Concomitant medications, herbal supplements, and/or {fruits}\n")
    assert found_keys([rule]) == {"cyp3a4/inducer/strong"}


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("No prior immunotherapy targeting CTLA-4 or PD-1", {"ctla-4-inhibitor", "pd-1-inhibitor"}),  # as NCT06240143
        ("No prior immunotherapy that targets immune checkpoints", {"immune-checkpoint-inhibitor"}),  # NCT02622074
        ("No prior therapy with PD-1\u3001CTLA-4 inhibitors", {"pd-1-inhibitor", "ctla-4-inhibitor"}),
    ],
)
def test_what_a_therapy_is_aimed_at_says_which_is_meant(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{IN}:\n\n* {words}\n")) == keys


def test_the_place_that_radiation_is_aimed_at_makes_it_no_drug() -> None:
    """NCT05821933."""
    sentence = "Received palliative radiotherapy targeting bone metastases within 2 weeks"
    assert "palliative-radiotherapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Prior systemic anti-cancer (including investigational) therapy", "systemic-anticancer-therapy"),  # NCT02450903
        ("Prior systemic (or local) therapy for metastatic disease", "systemic-anticancer-therapy"),
        ("Prior hormonal (including investigational) therapy", "endocrine-therapy"),
    ],
)
def test_brackets_may_stand_before_the_noun_of_a_therapy(words: str, key: str) -> None:
    assert key in found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n"))


@pytest.mark.parametrize("words", ["Hormone (contraceptive) therapy", "Systemic (oral or intravenous) treatment of psoriasis"])
def test_brackets_that_tell_another_use_make_no_cancer_therapy(words: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")).isdisjoint({"endocrine-therapy", "systemic-anticancer-therapy"})


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Prior herbal product known to decrease prostate-specific antigen levels", "hormonal-herbal-product"),  # NCT00569153
        ("Other herbal products that may contain phytoestrogens", "hormonal-herbal-product"),  # NCT00337077
        ("Use of herbal products that may have hormonal anti-prostate cancer activity", "hormonal-herbal-product"),
        ("Herbal medications with estrogenic effects", "hormonal-herbal-product"),
        ("Herbal products or hormones", "herbal-product"),
    ],
)
def test_herbs_that_act_like_hormones_are_no_others(words: str, key: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {words}\n")
    assert key in found_keys(rules) and all(r.polarity is EXCLUDES for r in rules)


@pytest.mark.parametrize(
    ("words", "beside"),
    [
        ("Concurrently receiving other investigational agents, biological, chemical, or radiation therapies", True),  # NCT04634357
        ("No prior biologic therapy for metastatic breast cancer", True),  # NCT04468061
        ("Biologic therapy within 4 weeks", False),
    ],
)
def test_biologic_therapy_beside_others_of_cancer_is_that_of_cancer(words: str, beside: bool) -> None:
    rules = eligibility(f"{OUT}:\n\n* {words}\n", conditions=("Breast Cancer",)).rules
    assert {m.also == "systemic-anticancer-therapy" for r in rules for m in r.mentions if m.key == "biologic-therapy"} == {beside}


def test_therapy_that_is_not_investigational_is_any_other() -> None:
    """NCT06118086."""
    (rule,) = therapy_rules(f"{IN}:\n\n* At least 3 weeks since prior systemic non-investigational therapy\n")
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}
    assert rule.window is not None and rule.window.days == 21


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Patient did receive the prior therapy targeted to IDH1 mutation..", {"idh1-inhibitor"}),  # NCT05303519
        ("Prior treatment with agents known to target IDH1 or IDH2", {"idh1-inhibitor", "idh2-inhibitor"}),  # NCT05303519
        ("Drugs known to inhibit CYP3A4", {"cyp3a4/inhibitor/"}),
        (
            "Systemic use of drugs known to induce (e.g. rifampicin) or to inhibit (e.g. azole antimycotics) CYP3A4",
            {"cyp3a4/inducer/", "cyp3a4/inhibitor/", "rifampicin", "azole-antifungal"},
        ),  # NCT02751385
        # NCT04557449
        (
            "Prior treatment with any agent whose mechanism of action is to inhibit the PI3K-mTOR pathway",
            {"pi3k-akt-mtor-pathway-inhibitor"},
        ),
        ("Prior treatment with inhibitors of mTOR", {"mtor-inhibitor"}),
        ("Previous therapy with a CDK2/4/6 inhibitor or CDK2 inhibitor.", {"cdk2-4-6-inhibitor", "cdk2-inhibitor"}),  # NCT05735080
        ("Prior adjuvant treatment with a non-steroidal aromatase inhibitor", {"non-steroidal-aromatase-inhibitor"}),  # NCT04557449
        (
            "Prior CART-cell or other gene-modified immune-effector cell therapy",
            {"car-t-cell-therapy", "gene-modified-cell-therapy"},
        ),  # NCT06803875
    ],
)
def test_a_class_is_no_wider_and_no_narrower_than_its_words(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "keys", "days"),
    [
        # NCT05922501, NCT05065554, NCT05096715
        ("Platelet count ≥ 75,000/µL. Platelet transfusion is not permitted within 7 days of screening.", {"platelet-transfusion"}, 7),
        ("Absolute neutrophil count≥1,000/uL (no growth factor permitted within previous 7 days)", {"growth-factor"}, 7),
        ("Platelets ≥100,000/uL (no platelet transfusions permitted within previous 7 days)", {"platelet-transfusion"}, 7),
        ("platelets ≥75,000/mcL without transfusion", {"platelet-transfusion"}, None),
        (
            "Growth factors that support platelet or white cell number or function: at least 7 days since therapy with a growth factor",
            {"growth-factor"},
            7,
        ),
        ("Hemoglobin ≥ 9.0 g/dL without transfusion", {"red-cell-transfusion"}, None),
        ("Platelets ≥ 75,000/mcL and hemoglobin ≥ 9.0 g/dL without transfusion", {"blood-transfusion"}, None),
        ("No receipt of red blood cell or platelet transfusion within 7 days", {"blood-transfusion"}, 7),
        (
            "Have adequate bone marrow function within 7 days of the first dose (no use of any blood components and/or cell growth factors"
            " within 14 days prior to the start of the study treatment).",
            {"blood-transfusion", "growth-factor"},
            14,
        ),  # NCT07174583
    ],
)
def test_what_may_not_raise_a_blood_count(sentence: str, keys: set[str], days: int | None) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.window.days if rule.window else None) == (keys, days)
    assert rule.polarity is EXCLUDES


def test_the_time_of_the_values_makes_a_transfusion_no_earlier_therapy() -> None:
    """NCT05096715."""
    above = "Adequate organ function, based on laboratory values obtained within 7 days prior to registration:"
    (rule,) = therapy_rules(f"{IN}:\n\n* {above}\n\n  * platelets ≥75,000/mcL without transfusion\n")
    assert rule.role is CURRENT


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Live / attenuated vaccine within 30 days", "live-vaccine"),  # NCT05407441
        ("Live/attenuated or mRNA vaccine within 4 weeks", "live-vaccine inactivated-vaccine"),  # NCT05120375
        ("Live attenuated, mRNA or protein subunit vaccines within 4 weeks", "live-vaccine inactivated-vaccine"),
        ("Live, attenuated influenza vaccine within 4 weeks", "live-attenuated-influenza-vaccine"),  # NCT05798663
        ("Yellow fever vaccination within 30 days", "yellow-fever-vaccine"),  # NCT05937906
        ("Vaccination against pneumococcal infection", "pneumococcal-vaccine"),  # NCT02787863
        ("Use of a non-oncology vaccine therapy for prevention of infectious diseases within 4 weeks", "vaccine"),  # NCT04930783
        ("Prior vaccines for glioblastoma", "cancer-vaccine"),  # NCT05463848
    ],
)
def test_vaccines_by_their_kind(sentence: str, keys_found: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys(rules) == set(keys_found.split())
    assert not any(r.conditions for r in rules) or keys_found == "cancer-vaccine"


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Prior GnRH agonist or antagonist therapy", "gnrh-agonist gnrh-antagonist"),
        ("Prior BTK inhibitors or degraders", "btk-inhibitor btk-degrader"),
        ("Opioid agonist or antagonist therapy", "opioid"),
        ("P2Y12 inhibitors and H2 blockers", "p2y12-inhibitor h2-blocker"),
        ("Moderate and strong inhibitors CYP3A4/5.", "cyp3a4/inhibitor/moderate+strong"),
        ("P-gp inhibitors CYP3A4 inducers", "p-gp/inhibitor/ cyp3a4/inducer/"),
        ("Received anti-neoplastic intervention within 14 days", "anticancer-therapy"),
        ("Concurrent use of any other investigational or study agents", "investigational-agent"),
        ("Unmodified antibodies within 2 half-lives", "monoclonal-antibody"),
        ("A cumulative dose of more than 200 mg/m2 daunorubicin or equivalent", "daunorubicin anthracycline"),
    ],
)
def test_names_that_share_a_word_or_go_without_one(sentence: str, keys_found: str) -> None:
    """NCT05765500, NCT03595917, NCT06964958, NCT06533826, NCT06376162, NCT05554406."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == set(keys_found.split())


def test_an_abbreviation_that_a_heading_explains_is_read_everywhere() -> None:
    """NCT04724018; one that only another word bears is none ("EV" of "extracellular vesicles")."""
    heading = "Cohort A (dose expansion of Sacituzumab Govitecan (SG) and Enfortumab vedotin-ejfv (EV) combination)"
    rules = therapy_rules(f"{heading}\n\n{OUT}:\n\n* Have previously received topoisomerase 1 inhibitors, SG or EV\n")
    assert found_keys(rules) == {"topoisomerase-i-inhibitor", "sacituzumab-govitecan", "enfortumab-vedotin"}
    assert not therapy_rules(f"{IN}:\n\n* Isolation of extracellular vesicles (EV)\n\n{OUT}:\n\n* Prior isolation of EV\n")


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Use of an H2 blocking agent", "h2-blocker"),  # NCT07174583
        ("Exposure to anti-PD-1 and/or anti PD-L2 CPIs", "pd-1-inhibitor anti-pd-l2-agent"),  # NCT04198766
        ("Prior CPI therapy", "immune-checkpoint-inhibitor"),
        ("Prior CD47, signal regulatory protein (SIRP) alpha, or MSLN targeting agent", "cd47-sirpalpha-inhibitor mesothelin-directed-therapy"),  # NCT05403554
        ("Patients who have received CNS-directed prophylactic treatment", "intrathecal-chemotherapy prophylactic-cranial-irradiation"),  # NCT07744529
        ("Prior pan-RAS inhibitor", "pan-ras-inhibitor"),  # NCT07483983
        ("Prior organ or tissue allograft", "solid-organ-transplant"),  # NCT05403554
        ("Allogenic organ, bone marrow or double umbilical cord blood transplantation", "solid-organ-transplant allogeneic-stem-cell-transplant"),  # NCT05937906
        ("Prior RAS inhibitor", "ras-inhibitor"),
        (
            "Immunostimulatory agents, including interferon, immunosuppressive medications, and any herbal medicines within 1 month",
            "systemic-immunostimulatory-agent interferon immunosuppressant herbal-product",
        ),  # NCT06066138
        ("Anticancer therapy, including chemotherapy and herbal medicines", "anticancer-therapy chemotherapy herbal-anticancer-medicine"),
        ("Anti-tumor therapy (chemotherapy, antibody therapy, hormonal therapy) within 28 days", "systemic-anticancer-therapy chemotherapy antibody-based-therapy endocrine-therapy"),  # NCT07094113
        ("Anti-tumor therapy (e.g. chemotherapy, antibody therapy, hormonal therapy) within 28 days", "anticancer-therapy chemotherapy antibody-based-therapy endocrine-therapy"),
        ("Anti-tumor therapy (chemotherapy, radiotherapy, hormonal therapy) within 28 days", "anticancer-therapy chemotherapy radiotherapy endocrine-therapy"),
    ],
)  # fmt: skip
def test_classes_by_the_words_of_their_family(sentence: str, keys_found: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == set(keys_found.split())


def test_a_local_antacid_is_any() -> None:
    """NCT07174583."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of a local antacid\n")
    assert rule.routes == ()


@pytest.mark.parametrize(
    ("sentence", "closed"),
    [
        ("Patients must not receive any of the following potent CYP3A4 inhibitors: erythromycin, ketoconazole or itraconazole", True),
        ("Use of any of the following medications: strong CYP3A4 inhibitors, ketoconazole", False),
    ],
)
def test_drugs_listed_behind_any_of_the_following_are_all_that_is_meant(sentence: str, closed: bool) -> None:
    """NCT01141244: fluconazole is not in the list."""
    assert {r.closed_list for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {closed}


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients who used drugs to stimulate the production of bone marrow hematopoietic cells within 5 days before leucapheresis",  # NCT05309213
        "Received drugs that stimulated the production of hematopoietic cells in the bone marrow for 5 days before it",  # NCT05480501
        "Use drugs to stimulate bone marrow hematopoietic cell formation within 5 days before the blood collection",  # NCT05515185
        "Has taken agents that stimulate hematopoiesis within 2 weeks",
        "Use of drugs that promote hematopoiesis within 2 weeks",
        "Use of drugs to correct blood cell counts within 14 days",  # NCT05061628
    ],
)
def test_growth_factors_are_known_by_what_they_do(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES and found_keys([rule]) == {"growth-factor"}


def test_what_lowers_lipids_has_many_names() -> None:
    """NCT03986528."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Currently undergoing lipid-decreasing treament;\n")) == {"lipid-lowering-agent"}


def test_drugs_that_target_a_mutation_are_not_all_that_target_the_gene() -> None:
    """NCT06001671."""
    rules = therapy_rules(f"{OUT}:\n\n* Have used drugs that target EGFR 20 exon insertion mutants (e.g. Poziotinib)\n")
    assert {m.target for r in rules for m in r.mentions if m.kind == "class"} == {"egfr-exon-20-insertion"}


def test_a_prefix_with_its_hyphen_shares_the_noun_behind_it() -> None:
    """NCT02300298."""
    rules = therapy_rules(f"{OUT}:\n\n* Chemo-, hormone-, immunotherapy, or monoclonal antibody within 4 weeks\n")
    assert found_keys(rules) == {"chemotherapy", "endocrine-therapy", "immunotherapy", "monoclonal-antibody"}
    for words in ("Radio- or chemotherapy", "Radio/chemotherapy", "Radio- and/or chemotherapy"):
        assert found_keys(therapy_rules(f"{OUT}:\n\n* {words} within 4 weeks\n")) == {"radiotherapy", "chemotherapy"}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        (
            "No prior radiotherapy, chemotherapy or any targeting therapy for rectal cancer",
            {"radiotherapy", "chemotherapy", "targeted-therapy"},
        ),  # NCT01489332
        ("No previous targeting drugs or immunotherapy", {"targeted-therapy", "immunotherapy"}),
        ("No prior HER2 targeting therapy", {"her2-directed-therapy"}),
        ("No prior TIGIT antibodies or pathways targeting agents", {"tigit-inhibitor"}),  # NCT05645692
        (
            "Has not accepted the vascular endothelial growth inhibitor class targeted drug treatment",
            {"vegf-vegfr-inhibitor"},
        ),  # NCT02449343
        ("No prior use of PARP inhibitor class of targeted drugs", {"parp-inhibitor"}),
    ],
)
def test_targeted_therapy_by_other_words_and_of_a_class(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{IN}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Have received other immune suppressing therapy within the last year", "immunosuppressant"),  # NCT02349711
        ("Medications classified as QTc prolonging", "qt-prolonging-drug"),
        ("QT-interval prolonging compounds", "qt-prolonging-drug"),
        ("Therapy with QT prolonging effect", "qt-prolonging-drug"),
        ("QT-prolongers", "qt-prolonging-drug"),
        ("Drugs that thin the blood", "anticoagulant"),
        ("Thrombocyte aggregation inhibitors", "antiplatelet"),
        ("Tuberculostatics", "antimycobacterial"),
        ("Hydantoins", "hydantoin"),
        ("Warfarinised patients", "warfarin"),
        ("Strong inhibitors of glycoprotein P", "p-gp/inhibitor/strong"),
    ],
)
def test_classes_by_words_that_few_protocols_use(words: str, key: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == {key}


@pytest.mark.parametrize("words", ["non-systemic", "non-absorbed"])
def test_steroids_that_stay_where_they_are_given(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Immunosuppressants except {words} steroids\n")
    assert [c.routes for c in rule.carveouts] == [("local",)]


@pytest.mark.parametrize(
    ("therapy", "key", "routes"),
    [
        ("Oral anticancer agents", "systemic-anticancer-therapy", ("oral",)),
        ("Oral targeted agents", "targeted-therapy", ("oral",)),
        ("Targeted oral agents", "small-molecule-targeted-therapy", ()),
    ],
)
def test_agents_given_by_mouth_are_of_any_kind(therapy: str, key: str, routes: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {therapy} within 14 days\n")
    assert found_keys([rule]) == {key} and rule.routes == routes


@pytest.mark.parametrize(
    ("words", "of", "left"),
    [
        ("Therapeutic non-Coumadin anticoagulation", "anticoagulant", "warfarin"),  # NCT03511222
        ("Use of non-aspirin NSAIDs", "nsaid", "aspirin"),
        ("Prior non-docetaxel containing chemotherapy", "chemotherapy", "docetaxel"),
    ],
)
def test_non_before_a_drug_leaves_it_out_of_its_class(words: str, of: str, left: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words}\n")
    assert found_keys([rule]) == {of}
    assert left in {m.key for c in rule.carveouts for m in c.mentions}


def test_a_route_within_a_name_is_of_that_therapy_alone() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Oral or intravenous chemotherapy, or previous oral targeted therapy\n")
    assert [(found_keys([r]), r.routes) for r in rules] == [({"chemotherapy"}, ()), ({"targeted-therapy"}, ("oral",))]

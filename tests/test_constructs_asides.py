"""Therapies that are named without being ruled on."""

from __future__ import annotations

import pytest
from criteria_world import CURRENT, EXCLUDES, IN, OUT, PRIOR, eligibility, found_keys, therapy_rules

from kg.records import Polarity


@pytest.mark.parametrize(
    "words", ["Disease refractory to lenalidomide", "Documented refractoriness to lenalidomide", "Failure of lenalidomide"]
)
def test_who_is_refractory_to_the_study_drug_had_it(words: str) -> None:
    """NCT06192888."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words}\n", ("lenalidomide",))
    assert (found_keys([rule]), rule.outcomes) == ({"lenalidomide"}, ("progression",))


@pytest.mark.parametrize(
    "sentence",
    [
        "Previous anthracycline therapy that led to a symptomatic decline in LVEF",
        "Prior anthracycline with subsequent drop of LVEF below 50%",
        "Earlier anthracyclines which were stopped because of heart failure",
        "Prior anthracycline that was complicated by a fistula",
        "Patients whose prior anthracycline was discontinued for QT prolongation",
        "Prior anthracycline with grade \u2265 2 non-infectious pneumonitis",
        "Prior anthracycline requiring permanent discontinuation owing to hepatic failure",
        "Prior anthracycline accompanied by severe colitis",
        "Prior anthracycline with persistent endocrinopathy",
        "Past exposure to anthracyclines with signs of cardiotoxicity",
        "Prior anthracycline with cardiac toxicity",
        "Prior treatment with an anthracycline during which LVEF fell",
        "Any prior anthracycline therapy with subsequent heart failure",
        "Known history of receiving an anthracycline with the occurrence of grade \u22653 immune-related adverse events",  # NCT07280832
        "For subjects with prior anthracycline exposure, Grade 4 toxicity is deemed related to it",  # NCT06072781
        "Among patients with prior anthracyclines, those with heart failure",
    ],
)
def test_what_came_of_a_therapy_is_a_term_of_its_ban(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.outcomes) == ({"anthracycline"}, ("intolerance",))


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT03947385
        "If a patient is treatment naive, documentation is required why treatment with tebentafusp is not the ideal firstline approach",
        "The reason why prior platinum was not given must be documented",
        "Documentation of why docetaxel could not be administered is required",
    ],
)
def test_why_a_therapy_was_not_given_asks_for_none(sentence: str) -> None:
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "If no prior systemic therapy has been given, tumor tissue must be available",
        "If there was no prior platinum, creatinine clearance must be documented",
    ],
)
def test_what_is_asked_of_those_who_had_none_denies_nobody_the_therapy(sentence: str) -> None:
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []
    assert [r.polarity for r in therapy_rules(f"{IN}:\n\n* Patients are eligible if no prior platinum, radiotherapy or surgery\n")] == [
        EXCLUDES
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior platinum during which the disease progressed",
        "LVEF decreased or treatment with platinum",
        "Prior platinum within 3 weeks (or 6 weeks for agents with delayed toxicity)",
        "Prior platinum accompanied by radiotherapy",
        "Prior platinum at any dose or with cardiotoxicity",
    ],
)
def test_what_is_no_harm_leaves_the_ban_as_it_is(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert "platinum-agent" in found_keys(rules) and not any(r.outcomes for r in rules)


def test_who_stopped_for_progression_had_it() -> None:
    """An inclusion asks for it; another since then is another matter."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Discontinued prior VEGFR TKI due to progression or intolerance\n")
    assert (rule.polarity, rule.outcomes) == (Polarity.REQUIRES, ("progression",))
    (rule,) = therapy_rules(f"{IN}:\n\n* No systemic treatment between TKI discontinuation and study entry\n")
    assert (found_keys([rule]), rule.doubts) == ({"systemic-anticancer-therapy"}, ("given since another therapy",))


@pytest.mark.parametrize(
    "words",
    [
        "resulting in complete response",
        "that was discontinued because of lack of efficacy",
        "which was stopped due to disease progression",
        "discontinued for any reason",
        "with decrease of the tumor by 50%",
    ],
)
def test_what_is_no_harm_is_no_term_of_a_ban(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior trastuzumab {words}\n")
    assert rule.outcomes == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Previous interstitial pneumonitis with erlotinib or gefitinib",
        "History of ILD under an EGFR TKI",
        "History of pneumonitis that required steroids after prior immunotherapy",
        "History of congestive heart failure with anthracyclines",
        "Tumour flare after lenalidomide necessitating discontinuation",
        "LVEF decline to below 50% on prior trastuzumab",
        "Retinal vein occlusion on previous MEK inhibitors",
        "Asymptomatic LVEF decreases from prior HER2-directed therapy",
        "Cardiac dysfunction following anthracyclines",
        "Any previous IMiD-related DVT/PE while on anticoagulation",
    ],
)
def test_an_ill_that_came_under_a_therapy_is_banned_and_not_the_therapy(sentence: str) -> None:
    found = eligibility(f"{OUT}:\n\n* {sentence}\n", conditions=("Lung Cancer",)).rules
    assert [r for r in found if r.role in (PRIOR, CURRENT)] == []


def test_steroids_against_toxicities_of_radiotherapy_are_no_others() -> None:
    """NCT06677190."""
    sentence = "Participants must have recovered from all radiation-related toxicities and must not require steroids."
    rules = therapy_rules(f"{OUT}:\n\n* Prior radiation therapy within 2 weeks. {sentence}\n")
    assert found_keys(rules) == {"radiotherapy"}


@pytest.mark.parametrize(
    "words",
    [
        "Anti-angiogenic therapy for platinum-sensitive relapse",
        "Prior chemotherapy for platinum-resistant disease",
        "Prior bevacizumab in the platinum resistant setting",
    ],
)
def test_a_disease_by_what_it_answers_to_names_no_therapy(words: str) -> None:
    assert "platinum-agent" not in found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n"))
    assert "platinum-agent" in found_keys(therapy_rules(f"{OUT}:\n\n* Platinum-resistant disease\n"))


@pytest.mark.parametrize(
    ("section", "sentence", "keys_found"),
    [
        (IN, "Women must agree to use contraceptive measures through\n\n  * 9 months after the end of the treatment with oxaliplatin", ""),
        (OUT, "Pregnant, or planning pregnancy within 180 days after the end of CAR-T cells infusion", ""),
        (OUT, "Permanent sterilization methods include hysterectomy, bilateral salpingectomy, and bilateral oophorectomy", ""),
        (IN, "At least one tumor lesion has not been subjected to local treatment such as irradiation in the past", ""),
        (OUT, "Untreated brain metastases requiring concurrent treatment, including but not limited to surgery, radiation", ""),
        # NCT00316186
        (OUT, "Symptoms of spreading of the disease to the brain that requires treatment with drugs called steroids", ""),
        (OUT, "Inability or unwillingness to take folic acid, vitamin B12 supplementation or corticosteroids", ""),  # NCT00473486
        (OUT, "Major surgery within 28 days prior to the first dose of TAB006 or still recovering from prior surgery", "major-surgery"),
        (OUT, "Received carboplatin within 4 weeks prior to the scheduled BNCT", "carboplatin"),
        (OUT, "Lenalidomide is teratogenic with unknown potential for abortifacient effects.", ""),  # NCT01572480
        (OUT, "Doxorubicin, etoposide, vincristine and cyclophosphamide are teratogenic and may be excreted in milk.", ""),
        (OUT, "Use of thalidomide or other teratogenic drugs", "thalidomide"),
        (OUT, "Contraindication to any concomitant medication, including antivirals or anticoagulation prophylaxis", ""),  # NCT01572480
        (
            OUT,
            "Any contra-indication, to use of any of the combination chemotherapy or anti-EGFR therapy partners administered as part of this trial.",
            "",
        ),  # NCT05786924
        (OUT, "Any contraindication, relative or absolute, to the use of platinum", ""),
        (OUT, "Contraindication, or prior use of platinum", "platinum-agent"),
        (OUT, "Contraindication to aspirin, concomitant anticoagulants", "anticoagulant"),
        (OUT, "Patients with prior bevacizumab use for tumor treatment.", "bevacizumab"),  # NCT02942264
        (OUT, "Prior chemotherapy, and any drugs for cancer treatment", "chemotherapy anticancer-therapy"),
        # NCT02379416
        (IN, "Patient must not have received any intervening therapy for their cancer since the collection of the tumor sample.", ""),
        (IN, "The patient must not have received systemic therapy after the archival sample was taken.", ""),
        (IN, "No systemic therapy within 4 weeks before the biopsy", "systemic-anticancer-therapy"),
        (
            IN,
            "Agree to abstain from grapefruit juice for the duration of study treatment with olaparib.",
            "grapefruit-juice",
        ),  # NCT05286827
        (OUT, "Has donated blood or blood products in excess of 500 mL within 1 month", ""),
        (OUT, "Donation of blood or transfusion of blood products within 1 month", "blood-transfusion"),
        (OUT, "Patients with anlotinib contraindications", ""),
        (OUT, "Any condition that would compromise the patient's ability to undergo surgery", ""),
        (OUT, "Absence of sensitizing EGFR (epidermal growth factor) mutations", ""),
        (OUT, "Intranasal influenza vaccines are not allowed", "live-attenuated-influenza-vaccine"),
    ],
)
def test_what_another_matter_names_is_not_excluded(section: str, sentence: str, keys_found: str) -> None:
    """
    NCT06346197, NCT05309213, NCT06860815, NCT04871997, NCT06657144, NCT05253105, NCT05883007, NCT07268053, NCT04871997, NCT06778603,
    NCT06868277, NCT05130177.
    """
    found = found_keys([r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES])
    assert found == set(keys_found.split())


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Received immunosuppression post allogenic HSCT within one month of study entry", "immunosuppressant"),
        ("Patients receiving any agent to treat or prevent GvHD post bone marrow transplant are not eligible", "immunosuppressant"),
        ("Relapse after stem cell transplant", "stem-cell-transplant"),
        ("A live, attenuated vaccine within 4 weeks, or anticipation of need for such a vaccine during study treatment", "live-vaccine"),
        ("History of severe and unexpected reactions to fluoropyrimidine therapy", ""),
        ("Subjects must have complete wound healing from major surgery or minor surgery before first dose", ""),
        (
            "Stem cell transplantation (HSCT):\n\n  * Autologous HSCT within 2 months\n  * Allogeneic HSCT within 3 months",
            "autologous-stem-cell-transplant allogeneic-stem-cell-transplant",
        ),
    ],
)
def test_what_only_tells_when_or_what_came_of_it_is_not_excluded(sentence: str, keys_found: str) -> None:
    """NCT05740449, NCT05658640, NCT05743504, NCT05009069, NCT04514484."""
    found = found_keys([r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES])
    assert found == set(keys_found.split())


def test_study_therapy_before_and_during_which_another_is_forbidden_is_to_come() -> None:
    """NCT01553188."""
    sentence = "Use of ketoconazole, itraconazole within 2 weeks prior to and while on study therapy."
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("prednisone",))) == {"ketoconazole", "itraconazole"}


def test_harm_to_an_organ_during_a_therapy_is_no_use_of_it() -> None:
    """NCT01202032; beside "or" the therapy stands by itself."""
    assert not therapy_rules(f"{OUT}:\n\n* Patients with any liver injury grade 3-4 during prior systemic therapy regimens.\n")
    assert therapy_rules(f"{OUT}:\n\n* Renal impairment or prior systemic therapy\n")


def test_a_reason_repeats_and_rules_on_nothing() -> None:
    """NCT02456571: the window is that of the anthracycline, for the reason has none."""
    sentence = "Treatment with an anthracycline within 1 week of CTC collection, as anthracyclines cause auto-fluorescence of cells."
    assert all(r.window is not None for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_what_comes_of_a_therapy_holds_where_it_is_named_again() -> None:
    """NCT06330064: progression is meant both times."""
    sentence = "has not progressed during platinum treatment or within 4 weeks after the completion of platinum treatment."
    assert {r.outcomes for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == {("progression",)}


@pytest.mark.parametrize(
    ("sentence", "ruled"),
    [
        (
            "Deep venous thrombosis or pulmonary embolus within 6 months of study entry and/or ongoing need for full-dose oral or parenteral "
            "anticoagulation",
            True,
        ),
        ("Coagulopathy or a need for anticoagulants", True),
        ("Thrombosis that needs ongoing anticoagulation", False),
        ("Atrial fibrillation with need for anticoagulation", False),
    ],
)
def test_a_need_beside_a_disease_is_another_matter(sentence: str, ruled: bool) -> None:
    """NCT00563147."""
    assert ("anticoagulant" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))) == ruled


@pytest.mark.parametrize(
    "sentence",
    [
        "Current hypertension with systolic blood pressure \u2265150 mmHg after oral antihypertensive therapy.",  # NCT06805617
        "hypertension with a diastolic blood pressure of >100 mm Hg while on antihypertensive medication",  # NCT03586453
        "systolic BP \u2265160mmHg, in 2 out of the 3 recordings with optimized antihypertensive therapy",  # NCT06136650
        "Grade 3 nausea/vomiting or diarrhea despite adequate antiemetic and other supportive care",  # NCT05636618
        "Blood pressure is not well controlled (with 2 or fewer antihypertensive drugs* 2, systolic blood pressure is 150 mmHg or less) *Antihypertensive drugs are counted by the number of compounds",  # NCT05832827
        "Uncontrolled hypertension (SBP > 150 mmHg with two or fewer antihypertensive drugs)",
        "Hypertension that can not be well controlled through antihypertensive drugs",  # NCT06465238
        "High blood pressure that cannot be reduced to the normal range by antihypertensive drugs",
    ],
)
def test_what_is_bad_under_a_drug_forbids_no_drug(sentence: str) -> None:
    """The drug only tells how hard the ill was fought."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert therapy_rules(f"{OUT}:\n\n* Uncontrolled hypertension, or on calcium channel blockers\n")


@pytest.mark.parametrize(
    ("nct", "sentence"),
    [
        ("NCT02384746", "Visceral crisis or rapidly progressive disease for which chemotherapy would be indicated."),
        ("NCT01675882", "Any disorder in which rifampicin is contraindicated"),
        ("NCT03300609", "History of prior malignancy for which patient is receiving other specific treatment for their cancer"),
        ("NCT02094573", "The requirement for intravenous (IV) antibiotics is considered active infection."),
        ("NCT00049673", "Prior documented lupus anti-coagulant or anti-phospholipid antibody"),
        ("NCT02116582", "Progression within 6 months of the last treatment"),
    ],
)
def test_what_is_named_for_another_reason_is_not_ruled_on(nct: str, sentence: str) -> None:
    """What a disease would need, what another disease is treated with, what makes an infection, what bears the name of a drug."""
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []


def test_what_a_drug_is_said_to_be_is_not_ruled_on() -> None:
    """NCT02427893: a class in the singular behind a drug describes it; "or other" lists."""
    bullets = "  * St. John's wort or hyperforin (potent cytochrome P450 CYP3A4 enzyme inducer)\n  * Grapefruit juice (potent cytochrome P450 CYP3A4 enzyme inhibitor"
    rules = therapy_rules(f"{OUT}:\n\n* No consumption of the following within 7 days prior to start of treatment:\n\n{bullets}\n")
    assert not any("/" in key for key in found_keys(rules))
    assert "cyp3a4/inducer/strong" in found_keys(therapy_rules(f"{OUT}:\n\n* Use of phenytoin or another strong CYP3A4 inducer\n"))


def test_mutations_that_confer_resistance_are_no_therapy() -> None:
    """NCT05745714."""
    sentence = "Patients whose tumor present known mutations conferring resistance to JAK inhibitors: JAK1 Phe958 and Pro960 mutations"
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_therapy_that_another_is_given_beside_is_not_ruled_on() -> None:
    """NCT02251977: who needs radiotherapy meanwhile; NCT03407430: when drugs are started."""
    for sentence in (
        "Patients who need adjuvant or palliative radiotherapy during chemotherapy",
        "Currently receiving imatinib, or use of imatinib during cycle 1 of scheduled chemotherapy",
    ):
        rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert rules and "chemotherapy" not in found_keys(rules)


def test_a_menopause_that_no_therapy_brought_about_rules_on_none() -> None:
    """NCT05464810."""
    sentence = "Age < 55 and amenorrheic for 12 months or more in the absence of chemotherapy, endocrine therapy, or ovarian suppression"
    assert not therapy_rules(f"{IN}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Age < 60 years with intact uterus and amenorrhoeic for \u2265 12 consecutive months prior to chemotherapy and/or endocrine therapy "
        "exposure",  # NCT04569747
        "Last menstrual period more than 1 year before endocrine therapy",
    ],
)
def test_a_menopause_before_a_therapy_asks_for_no_time_since_it(sentence: str) -> None:
    assert not therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert therapy_rules(f"{OUT}:\n\n* Amenorrhea before study entry, or prior chemotherapy\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with a left ventricular ejection fraction less than 50 % (LVEF must be performed in patients with symptoms of CHF, abnormal "
        "cardiac exam or history of Adriamycin therapy total dose \\> 400 mg/m\\^2)",  # NCT00003199
        "LVEF < 45% (MUGA required for patients with prior anthracyclines)",
    ],
)
def test_in_whom_the_heart_is_tested_keeps_nobody_out(sentence: str) -> None:
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []
    assert therapy_rules(f"{OUT}:\n\n* Patients with scans performed in the last month, or with prior trastuzumab\n")


def test_a_history_of_risk_factors_is_of_diseases() -> None:
    """NCT06108479, which tells of medicines in another bullet."""
    assert not therapy_rules(f"{OUT}:\n\n* A history of risk factors for ventricular tachycardia, torsades de pointes or convulsions\n")
    sentence = "received a medication known to prolong the ECG QT interval within 14 days of the first dose of study drug(s)"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"qt-prolonging-drug"}


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "Women must agree to use contraception for the duration of treatment with study treatment and 5 months after"),  # NCT03878979
        (IN, "Willing to undergo treatment with the study drug"),
        (OUT, "Any condition that would jeopardize safety following exposure to the study drug"),
        (OUT, "Women not using contraception for the whole time of treatment with study drug"),
    ],
)
def test_treatment_with_the_study_drug_that_is_to_come_was_not_had(section: str, sentence: str) -> None:
    assert therapy_rules(f"{section}:\n\n* {sentence}\n", ("nivolumab",)) == []


def test_a_cancer_that_an_inclusion_names_needs_no_therapy_of_its_own() -> None:
    """NCT03391050: the therapy is asked for."""
    rules = therapy_rules(
        f"{IN}:\n\n* Patients with cutaneous melanoma treated with dabrafenib/trametinib first line combination therapy\n"
    )
    assert {r.polarity for r in rules} == {Polarity.REQUIRES, EXCLUDES}


@pytest.mark.parametrize(
    "sentence",
    [
        "Certain exclusions on prior therapy.",  # NCT01478581
        "Severe infection (such as intravenous drip of antibiotics, antifungal or antiviral drugs) occurred within 4 weeks",  # NCT06721286
        "Concurrent use of any vitamin, herb, or mineral supplements containing lycopene for at least 14 days",  # NCT01949519
    ],
)
def test_words_that_tell_too_little_or_of_another_thing_forbid_no_therapy(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_who_is_contraindicated_with_a_therapy_is_no_drug() -> None:
    """NCT05514717."""
    sentence = "Has progression after treatment, is intolerant to treatment, or is contraindicated with available anti-cancer therapies"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        (OUT, "IOP ≥ 25 mmHg at randomization (following steroid challenge)"),  # NCT05844982
        (IN, "Patients must be initiating new systemic therapy, either on or off a clinical trial"),  # NCT02279004
    ],
)
def test_a_challenge_is_a_test_and_off_a_trial_is_no_stop(heading: str, sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{heading}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_what_a_time_is_counted_to_is_no_earlier_therapy() -> None:
    """NCT04643574."""
    assert therapy_rules(f"{OUT}:\n\n* Active severe systemic infections within four weeks prior to beginning of NMA chemotherapy\n") == []


def test_what_a_disease_can_be_treated_with_was_not_given_yet() -> None:
    """NCT03511222."""
    sentence = "A solid tumor that can be treated with either pembrolizumab or nivolumab as part of standard of care"
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


def test_a_history_of_receiving_is_no_anchor() -> None:
    """NCT02923921."""
    rules = therapy_rules(f"{OUT}:\n\n* Prior history of receiving immune modulators including, but not limited to, anti-CTLA4\n")
    assert {r.role for r in rules} == {PRIOR}
    assert "immunomodulator" in found_keys(rules)


def test_what_premedication_holds_off_is_an_allergy() -> None:
    """NCT05776979."""
    text = f"{OUT}:\n\n* Hypersensitivity to any component of study therapy that is not amenable to premedication with steroids and H2 blockers\n"
    assert not therapy_rules(text)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Active infection or other medical condition that would make corticosteroid contraindicated"),
        (OUT, "Patients who cannot take prednisone"),
        (OUT, "Subject is not able to tolerate low-dose aspirin"),
        (OUT, "Would not accept blood transfusions or steroids"),
        (OUT, "QTc > 480 ms that persists despite discontinuation of concomitant medications that are known to prolong QTc interval"),
        (OUT, "QTc > 480 ms despite correcting electrolytes and discontinuing any drugs (e.g. X) known to prolong QTc"),
        (OUT, "Baseline QTcF > 470 msec despite correction of electrolytes and stopping QT prolonging medications"),
        (OUT, "QTc > 450 ms even after discontinuation of QT-prolonging drugs"),
        (IN, "If chemotherapy-naive, patient must be Cisplatin-ineligible (based on Galsky et al 2011) or refuse platinum AC"),
        (IN, "No toxic manifestations of previous treatment, except for certain grade 1 toxicities that would exclude the patient"),
        (IN, "No previously untreated nasopharyngeal cancer (any stage)"),
        (IN, "Previously untreated stage IV disease OR regionally recurrent disease after prior surgery and/or chemotherapy"),
        (OUT, "Symptomatic subjects who accept treatment with approved systemic therapies, including docetaxel"),
        (OUT, "CNS metastases which are not well controlled. Eligible patients must be asymptomatic, cannot be receiving steroids"),
    ],
)
def test_what_cannot_be_given_or_was_undone_is_not_ruled_on(section: str, sentence: str) -> None:
    """NCT06609005, NCT05181033, NCT03224104, NCT06682728, NCT01212887, NCT00629226, NCT02963051, NCT01306942."""
    assert not [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_drugs_that_are_used_are_not_those_that_were_stopped_in_vain() -> None:
    for use in ("or treatment with drugs known to prolong QTc", "and current use of QT-prolonging drugs"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* QTc > 480 ms despite electrolyte correction {use}\n")
        assert found_keys([rule]) == {"qt-prolonging-drug"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Any other disease or clinical laboratory finding that contraindicates the use of an investigational drug",  # NCT05394337
        "Medical conditions that will make the administration of Investigational Product(s) (IPs) hazardous",  # NCT05676931
        "Prior reaction to anti PD-1 therapy that would make treatment with pembrolizumab unadvisable.",  # NCT06624644
    ],
)
def test_conditions_that_forbid_a_treatment_exclude_nobody_on_it(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_surgery_for_diagnosis_is_no_diagnosis() -> None:
    """NCT03563716."""
    text = f"{OUT}:\n\n* Major surgical procedure other than for diagnosis within 4 weeks prior to randomization\n"
    (rule,) = therapy_rules(text)
    assert rule.window is not None
    assert rule.window.days == 28


@pytest.mark.parametrize(
    "sentence",
    [
        "History of interstitial lung disease and/or pneumonitis in patients who have previously received a PD-1 or PD-L1 inhibitor therapy.",  # NCT04752722
        "Any other medical condition, which in the opinion of the investigator places the patient at an unacceptable risk for participation in immunomodulatory therapy.",  # NCT05984602
    ],
)
def test_therapies_of_those_who_have_an_ill_besides(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_what_a_transplant_or_a_disease_needs_ends_where_another_use_begins() -> None:
    """NCT07500220."""
    text = "Liver transplant or other solid-organ transplant history, or current requirement for chronic immunosuppression."
    assert "immunosuppressant" in found_keys(therapy_rules(f"{OUT}:\n\n* {text}\n"))
    text = "Active autoimmune disease requiring systemic immunosuppressive therapy, or chronic systemic corticosteroids above protocol threshold."
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {text}\n")) == {"systemic-corticosteroid"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Evidence of abdominal free air not explained by paracentesis or recent surgical procedure",  # NCT05805501
        "A condition that would prevent the patient from being able to absorb flucytosine",  # NCT02576665
        "Please refer to Section 5.5 for information on COVID-19 vaccines",  # NCT05879653
    ],
)
def test_what_explains_or_is_absorbed_or_told_of_elsewhere_is_not_ruled_on(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Serum immunoglobulin G below 400 mg/dL",
        "Abnormal serum immunoglobulins",
        "Known allergy to carboplatin",
        "Allergy to any drug, including itraconazole",
    ],
)
def test_antibodies_of_the_blood_and_allergies_are_not_ruled_on(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Regular ongoing use of NSAIDs for a chronic condition (NSAIDs may act as a co-factor for asthma)",
        "NSAIDs for more than 15 days, hepatitis",
        "Patients on dupilumab for conditions other than eczema (eg, asthma, rhinosinusitis)",
    ],
)
def test_remarks_and_examples_are_not_what_a_drug_is_for(sentence: str) -> None:
    """NCT03648320, NCT04810572, NCT06369467."""
    assert [r.conditions for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [()]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "During prior lymphoma therapy, patients must not have experienced documented infections"),  # NCT06854159
        (IN, "INR ≤ 1.5. This applies only to patients who do not receive therapeutic anticoagulation"),  # NCT06854159
        (IN, "Patients with no prior systemic therapy are eligible provided they are not candidates for interleukin-2"),  # NCT00301067
        (IN, "Previously untreated patients are eligible provided they are ineligible for cisplatin"),
        (IN, "Patients who have not received prior chemotherapy are eligible if they are not suitable for it"),
        (OUT, "Primary refractory multiple myeloma (failed to generate at least a minimal response to any prior therapy)"),  # NCT07391657
        (OUT, "POEMS syndrome (polyneuropathy, organomegaly, endocrinopathy, monoclonal protein, and skin changes)"),  # NCT05730036
        (OUT, "Participants have had prior treatment with protocol-prohibited anticancer therapies"),  # NCT06130553
        (OUT, "Persistent toxicities (Grade ≥ 2; per NCI CTCAE version 5 from previous anticancer therapy"),  # NCT03592472
        (OUT, "Previous anti-tumor treatment AE did not return to CTCAE5.0 version grade 1 or below"),  # NCT06532799
        (  # NCT01075048
            OUT,
            "History of malignancy other than CRC, unless the malignancy has been cured and no tumor-specific treatment for the malignancy"
            " has been administered within 5 years",
        ),
        (IN, "The tumour board has approved the radiotherapy plan"),
        (OUT, "Pregnant or lactating women: The risks of radiation and chemotherapy to a fetus are well documented."),  # NCT01852890
        (OUT, "Pregnancy. Chemotherapy may harm the fetus."),
        (  # NCT00963872
            IN,
            "Multiple myeloma: patients with chemotherapy sensitive disease that has failed or who are ineligible for an autologous transplant",
        ),
        (
            OUT,
            "Any prior treatment-related (i.e., chemotherapy, immunotherapy) significant toxicities that have not resolved",
        ),  # NCT06805825
    ],
)
def test_a_therapy_that_only_tells_of_something_else_keeps_nobody_out(section: str, sentence: str) -> None:
    """An event under it, another way in, a disease that did not respond, a protein, a list that is not given."""
    assert not [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    "harm",
    [
        "lingering cytopenias from prior anti-cancer therapy or progressive disease",  # NCT06863402
        "lingering nausea, fatigue or hair loss after prior chemotherapy",
        "ongoing sequelae of earlier radiotherapy or chemotherapy",
        "cytopenias that persist after prior chemotherapy",
        "grade 3 autoimmune manifestations of previous immune checkpoint inhibitor treatments",  # NCT04752826
        "thrombocytopenia or other cytopenias after previous chemotherapy",
    ],
)
def test_what_lingers_from_a_therapy_is_not_the_therapy(harm: str) -> None:
    """What its responses are is told of those who had it."""
    sentence = "Participants who have {} may be eligible at the discretion of the principal investigator"
    assert not therapy_rules(f"{IN}:\n\n* {sentence.format(harm)}\n")
    assert therapy_rules(f"{IN}:\n\n* {sentence.format('lasting responses to prior immunotherapy')}\n")


def test_alterations_that_have_a_therapy_are_no_therapy() -> None:
    """NCT06130553."""
    sentence = "Tumor has no known actionable alterations for which locally approved/available targeted therapies exist"
    assert not therapy_rules(f"{IN}:\n\n* {sentence}\n")


def test_what_a_drug_is_said_to_be_is_not_ruled_on_beside_it() -> None:
    """NCT00314782."""
    sentence = "Dexamethasone is a known inducer of CYP2D6 and CYP3A4 but is not considered exclusionary"
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if any(m.kind == "pk" for m in r.mentions)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Diseases with a contraindication for the use of adrenaline (e.g. hyperthyroidism, glaucoma)",
        "Any disease that prohibits the use of adrenaline (e.g., hyperthyroidism)",
        "Post-bronchodilator FEV1 less than 50% predicted",
        "A greater than 18% increase in FEV1 after bronchodilator treatment",
        "Any condition that would interfere with evaluation of the investigational product",
        "Previous reaction to omalizumab",
        "Intolerance of or severe allergic reaction to previous immunotherapy (SCIT, oral immunotherapy)",
        "Inability or unwillingness to take folic acid or vitamin B12 supplementation",
        "Immunosuppressive states such as uncontrolled diabetes mellitus",
        "Has donated plasma within four weeks before vaccination",
    ],
)
def test_events_tests_and_the_study_itself_are_no_use_of_a_drug(sentence: str) -> None:
    """NCT04912076, NCT01634958, NCT02049294, NCT01968278, NCT01544348, NCT01781637, NCT01966224, NCT01742767, NCT02440009, NCT02996448."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "Tumor specimens, samples obtained before adjuvant / neoadjuvant chemotherapy are allowed only if biopsy cannot be done"),
        (
            IN,
            "Tumor tissue samples collected at radiotherapy-naïve sites (no systemic therapy was received since the sample). More follows.",
        ),
        (IN, 'Tumor designated as "measurable" for protocol purposes must not have received radiation within 12 weeks prior to enrollment'),
        (IN, "The requirements for target lesions are: measurable lesions that have not undergone local treatment such as irradiation"),
        (IN, "A region that has received prior local treatment may also be selected as a target lesion"),
        (OUT, "Any participant for whom the tumor is considered resectable by surgery or stereotactic body radiation therapy"),
        (OUT, "Willing and able to undergo allogeneic stem cell transplant (if clinically indicated)"),
        (OUT, "Patients with dropsy of serous cavity requiring surgical treatment (including hydrothorax and ascites)"),
        (OUT, "Spinal cord compression that could not be cured by surgery and/or radiotherapy"),
        (OUT, "Insufficient CAR T cells availability"),
        (OUT, "Unresolved toxicity from previous anti-cancer therapy, including major surgery"),
        (
            OUT,
            "Those who are allergic to the components or excipients of the experimental drug, antibody drugs or any other therapeutic "
            "proteins (such as fresh frozen plasma, human serum albumin, cytokines or interleukins, etc.)",
        ),
    ],
)
def test_samples_lesions_candidates_and_harm_keep_nobody_out_who_was_treated(section: str, sentence: str) -> None:
    """NCT05417321, NCT06825494, NCT04743661, NCT04870190, NCT06349980, NCT04952597, NCT04811560, NCT03416231, NCT06480136, NCT04432649,
    NCT05740449, NCT06773481.
    """
    assert not therapy_rules(f"{section}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Must take anticoagulants or antiplatelet agents that cannot be stopped for biopsy or surgery", {"anticoagulant", "antiplatelet"}),
        ("Prior use of any of the investigational agents being tested in the current study", {"dostarlimab"}),
        ("Prior anti-TIGIT therapy, or any of the investigational drugs used in combination with dostarlimab", {"tigit-inhibitor"}),
    ],
)
def test_a_reason_to_stop_and_the_drugs_of_the_trial_are_not_meant_at_large(sentence: str, keys: set[str]) -> None:
    """NCT02576665, NCT03739710, NCT05327530."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n", interventions=("dostarlimab",))
    assert found_keys([r for r in rules if not r.combined]) == keys


@pytest.mark.parametrize(
    "sentence",
    [
        "Patient has known or suspected allergic response and prior adverse drug reaction with proton pump inhibitors.",
        "Previous serious adverse drug reaction during treatment with macrolides",
        "Allergic response following prior use of aspirin",
        "History of previous drug-induced QT prolongation",
        "Prior medication-related QTc prolongation",
    ],
)
def test_what_a_drug_did_is_no_use_of_it(sentence: str) -> None:
    """NCT06120803, NCT07193394."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_a_use_behind_an_allergic_response_is_ruled_on() -> None:
    """The same words, of a use."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior allergic response, and current use of proton pump inhibitors\n"))
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Use of drugs associated with QT prolongation\n")) == {"qt-prolonging-drug"}


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        # NCT02595931
        (
            "Irinotecan and its active metabolite, SN-38, are metabolized by CYP3A4 and UGT1A1; strong inhibitors of CYP3A4 should be avoided",
            {"cyp3a4/inhibitor/strong"},
        ),
        ("The study drug is a substrate of CYP3A4, and strong CYP3A4 inducers are prohibited", {"cyp3a4/inducer/strong"}),
        ("Irinotecan inhibits CYP2C9", set()),
        ("Warfarin is metabolized by CYP2C9 and is prohibited", {"warfarin"}),
        ("Patients taking drugs that are metabolized by CYP2C9", {"cyp2c9/substrate/"}),
        ("Any medication that inhibits CYP2C9", {"cyp2c9/inhibitor/"}),
    ],
)
def test_what_is_told_of_a_drug_keeps_nobody_out(sentence: str, keys_found: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("irinotecan",))) == keys_found


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT06359860
        "Subjects with interstitial lung disease or radiation pneumonia in needs of corticosteroids therapy",
        "Subjects with acute bacterial, viral or fungal infections, and in needs of systemic antimicrobial therapy",
    ],
)
def test_what_a_disease_is_in_need_of(sentence: str) -> None:
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Is currently participating and receiving study therapy"),
        (OUT, "Cannot cooperate with the requirements of completing the experimental treatment and inspection procedures"),
        (OUT, "High blood pressure that antihypertensive drug treatment can not control"),
        (IN, "No uncontrolled infections (body temperature still above 38 ℃ after treatment with broad-spectrum antibiotics)"),
        (OUT, "Genetic alteration such as EGFR that has a targeted therapy in 1L as per local SoC"),
        (OUT, "Known intolerance to antiemetics administered in association with Folfiri"),
        (OUT, "Uncontrollable clinical third luminal effusion"),
        (OUT, "Luminal A breast cancer"),
    ],
)
def test_other_trials_cooperation_and_ills_that_drugs_do_not_control_are_no_use_of_a_drug(section: str, sentence: str) -> None:
    """NCT03708224, NCT05164042, NCT03634059, NCT03756675, NCT07115043, NCT07337447, NCT05518045."""
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n", interventions=("atezolizumab",))
    assert not [r for r in rules if not r.outcomes]


def test_what_is_given_on_the_day_that_a_time_is_counted_to_only_dates_it() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Steroids within 72 hours of the day of the CAR-T infusion\n")
    assert found_keys(rules) == {"corticosteroid"}
    (rule,) = therapy_rules(f"{IN}:\n\n* At least 4 weeks from the day of surgery\n")
    assert rule.window is not None and rule.window.days == 28


def test_the_first_fraction_of_radiotherapy_only_tells_when() -> None:
    """NCT03955198."""
    rules = therapy_rules(f"{OUT}:\n\n* Immunosuppressive medication within 7 days before the first fraction of RT\n")
    assert found_keys(rules) == {"immunosuppressant"}


@pytest.mark.parametrize("sentence", ["Expected radiation lung dose of > 30Gy", "Estimated radiation dose to the lungs > 30 Gy"])
def test_an_expected_dose_of_the_treatment_is_no_radiotherapy_that_was_had(sentence: str) -> None:
    """NCT06860815."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_an_immunosuppressive_intent_is_no_drug() -> None:
    """NCT06931717."""
    sentence = (
        "Physiologic replacement doses of prednisone are allowed, as long as they are not being administered for immunosuppressive intent"
    )
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_what_a_therapy_is_given_as() -> None:
    """NCT02897375."""
    sentence = "Patients receiving cytotoxic agent as immunomodulatory therapy for a non neoplastic indication (e.g. methotrexate for rheumatoid arthritis)"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"chemotherapy", "methotrexate"}
    assert "immunosuppressant" in found_keys(therapy_rules(f"{OUT}:\n\n* Chemotherapy as well as immunosuppressive therapy\n"))


def test_a_need_of_conditions_in_a_list_is_one_of_its_own() -> None:
    """NCT06342037."""
    sentence = "History of immunodeficiency, autoimmune disease, conditions requiring immunosuppression or chronic infections."
    assert "immunosuppressant" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))
    assert therapy_rules(f"{OUT}:\n\n* Autoimmune disease requiring immunosuppression\n") == []


@pytest.mark.parametrize(
    "words", ["under treatment with steroids", "for which steroids are required", "for which steroids have been given"]
)
def test_a_disease_that_is_told_with_its_treatment_rules_on_no_drug(words: str) -> None:
    assert therapy_rules(f"{OUT}:\n\n* Patients with interstitial lung disease {words}\n") == []
    others = therapy_rules(f"{OUT}:\n\n* Patients with autoimmune disease, or other patients who need steroids\n")
    assert found_keys(others) == {"corticosteroid"}


@pytest.mark.parametrize(
    "sentence",
    ["Rash after previous carboplatin", "Torsades de pointes with citalopram in the past", "Bleeding ulcer in spite of omeprazole"],
)
def test_what_an_ill_came_after_or_in_spite_of(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Other active malignancy either requiring palliative systemic therapy within 3 years, or likely to require treatment",  # NCT05920798
        "Any concurrent and/or other active malignancy that has required systemic treatment within 2 years",  # NCT05463224
        "Patients with other malignant tumors and need standard treatment or major surgery within 2 years",  # NCT06029816
        "NOTE: A wash-out period prior to registration will cause a gap of at least 5 weeks between the last anti-cancer treatment and "
        "protocol therapy",
        "Since patients will not receive therapy for cancer until 3-4 weeks after apheresis, those with ascites may progress",
        "Patients who received chemotherapy (e.g., cyclophosphamide) for another cancer",
        "Chemotherapy for a previous, different head and neck primary",
    ],
)
def test_therapies_of_another_cancer_or_told_to_explain(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT01274429
        "Active eosinophilic gastrointestinal disease which could be exacerbated by peanut oral immunotherapy",
        "Autoimmune disease worsened by checkpoint inhibitors",
        "Infection that may reactivate during immunotherapy",
        "Diseases in which immunotherapy could cause exacerbation",
        "Risk of bleeding with warfarin",
        "Cardiomyopathy from doxorubicin",
        "Any condition that makes chemotherapy unsafe",
    ],
)
def test_a_therapy_that_an_ill_is_made_worse_by(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_a_cancer_that_got_worse_under_a_therapy() -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Disease that worsened during prior nivolumab\n")) == {"nivolumab"}


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Drainage of ascites during the final 2 cycles of their last chemotherapy regimen", set()),  # NCT00753545
        ("Bevacizumab during the last 2 cycles of chemotherapy", {"bevacizumab"}),
        ("Any chemotherapy prior to EGFR TKIs is not allowed", {"chemotherapy"}),  # NCT03058094
    ],
)
def test_a_therapy_that_tells_when_something_was(sentence: str, keys_found: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys_found


def test_drugs_or_biologics_are_told_by_what_they_do() -> None:
    """NCT02484404: no biologic is meant that is not so."""
    sentence = "Arrhythmia, or requiring concurrent use of drugs or biologics with pro-arrhythmic potential"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"qt-prolonging-drug"}
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior treatment with drugs or biologics\n")) == {"biologic-therapy"}


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (
            IN,
            "Patients not suitable for local treatment, local treatment mainly refers to measures related to anti-tumor therapy, including surgery,"
            " radiofrequency ablation, transhepatic artery chemoembolization (TACE), radiotherapy",  # NCT05780294
        ),
        (
            OUT,
            "Patients who are candidates for curative treatment, including surgical resection, liver transplantation, radiofrequency ablation,"
            " percutaneous ethanol injection, radiotherapy or systemic chemotherapy",
        ),
    ],
)
def test_a_list_of_what_somebody_is_a_candidate_for(section: str, sentence: str) -> None:
    assert therapy_rules(f"{section}:\n\n* {sentence}\n") == []
    assert therapy_rules(f"{OUT}:\n\n* Suitable for local treatment, including surgery, or prior chemotherapy\n") != []


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Patients may not have previously received anti-lymphoma therapy with an HDAC inhibitor", "hdac-inhibitor"),  # NCT01120834
        ("Prior systemic treatment for cancer with a MEK inhibitor", "mek-inhibitor"),  # NCT05920798 names another class
        ("Any prior systemic therapy for advanced disease with doxorubicin", "doxorubicin"),
        ("Received anti-lymphoma therapy, including an HDAC inhibitor", "hdac-inhibitor systemic-anticancer-therapy"),
    ],
)
def test_with_tells_which_therapy_of_the_disease_is_meant(sentence: str, keys_found: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == set(keys_found.split())


@pytest.mark.parametrize(
    "sentence",
    [
        "Have used estrogen or progesterone systemic or topical therapy within 3 months prior to screening",  # NCT07401381
        "Any antibiotic systemic treatment within 14 days",
        "Corticosteroid systemic therapy within 2 weeks",
    ],
)
def test_systemic_therapy_behind_what_is_given_so_is_no_other(sentence: str) -> None:
    assert "systemic-anticancer-therapy" not in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_an_adverse_reaction_told_at_length_is_no_ban_of_the_drug_under_which_it_came() -> None:
    """NCT07310784."""
    reaction = "immune-related adverse reaction (irAE) with a severity level greater than grade 3 that has occurred"
    assert not therapy_rules(f"{OUT}:\n\n* Any {reaction} during any previous immunotherapy and has been permanently discontinued\n")


def test_adjuvant_treatment_of_a_disease_after_that_of_its_tumour() -> None:
    """NCT06932757: whoever is treated for metastases is none of these."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Previous adjuvant treatment for UM after definitive primary tumor therapy\n")
    assert rule.settings == ("adjuvant",)


def test_what_brain_metastases_did_not_respond_to_is_not_ruled_on() -> None:
    """NCT00117351."""
    sentence = "Have brain metastases that have not responded to radiation therapy or systemic chemotherapy"
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert therapy_rules(f"{OUT}:\n\n* Disease that has not responded to chemotherapy\n")


def test_or_patients_who_take_it_are_not_those_of_the_disease_before() -> None:
    """NCT06860477 writes "diagnosis of immunodeficiency or patient is receiving" a drug; here behind an ill that requires another."""
    sentence = "Heart failure requiring therapy, or the patient is taking warfarin"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"warfarin"}
    assert therapy_rules(f"{OUT}:\n\n* Thrombosis requiring treatment with warfarin\n") == []


@pytest.mark.parametrize(
    "words",
    [
        'Patients with a known "treatable driver mutation" with FDA approved targeted therapy (such as EGFR, ALK)',  # NCT06495125
        "Non small cell lung cancer harboring other driver gene alteration with approved targeted drugs",  # NCT06300424
        "Known concomitant second oncogenic driver with available targeted treatment",  # NCT06793215
    ],
)
def test_a_marker_with_an_approved_therapy_was_not_treated(words: str) -> None:
    assert therapy_rules(f"{OUT}:\n\n* {words}\n") == []


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("Subjects surviving a cancer that was curatively treated are allowed.", False),  # NCT02657551
        ("Any other malignancy, unless in complete remission.", False),
        ("No prior cancer treatment in the metastatic setting.", True),
    ],
)
def test_treatment_that_must_have_ended_years_ago_is_of_the_cancer_told_of_before(before: str, said: bool) -> None:
    sentence = "All cancer treatments must be completed at least 3 years prior to study entry."
    assert any(r.window for r in therapy_rules(f"{IN}:\n\n* {before} {sentence}\n")) is said


@pytest.mark.parametrize(
    "sentence",
    [
        "HIV antibody titer and anti HCV, (Note: May be performed within 3 months of the chemotherapy start date).",  # NCT00924326
        "No pericardial effusion as determined by an ECHO [performed after most recent anthracycline based treatment]",  # NCT03233854
        "LVEF below 45% by MUGA performed within 28 days of last chemotherapy",
        "CT scan within 4 weeks of the last radiotherapy",
        "Vaccination within 2 years of study drug initiation",
    ],
)
def test_a_therapy_that_dates_a_test_is_not_ruled_on(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("trametinib",))
    assert found_keys(rules) <= {"vaccine"}


def test_therapy_of_another_cancer_that_interferes_is_not_of_the_patients_drugs() -> None:
    """NCT06644183."""
    of_another = "Patients with a history of other primary malignancy who require therapy that will interfere with the study treatment"
    assert therapy_rules(f"{OUT}:\n\n* {of_another}\n") == []
    assert therapy_rules(f"{OUT}:\n\n* Patients who require therapy that will interfere with the study treatment\n")


@pytest.mark.parametrize(
    "text",
    [
        "History of Grade 3 or Grade 4 interstitial lung disease (ILD) on previous therapy.",
        "Those who are not suitable for using Corticosteroid.",
    ],
)
def test_harm_under_a_therapy_and_use_to_come_are_no_therapy(text: str) -> None:
    """NCT05696626, NCT05983094."""
    assert therapy_rules(f"{OUT}:\n\n* {text}\n") == []


@pytest.mark.parametrize("limit", ["no greater than 3.0", "no higher than 3.0"])
def test_a_limit_of_a_value_denies_no_drug(limit: str) -> None:
    """NCT00046839."""
    rules = therapy_rules(f"{IN}:\n\n* International Normalized Ratio (INR) {limit} if taking warfarin\n")
    assert EXCLUDES not in {r.polarity for r in rules}


def test_what_is_investigational_or_not_is_any() -> None:
    """NCT01258608."""
    text = "Received prior investigational or non-investigational cytotoxic chemotherapy"
    assert "chemotherapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {text}\n"))


def test_what_a_patient_is_planned_for_is_not_the_therapy_before_it() -> None:
    """NCT06500819."""
    sentence = "At least 2 weeks must have elapsed since any prior systemic therapy at the time the subject is planned for leukapheresis"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.window.days, rule.polarity) == (14, EXCLUDES)


def test_an_antibody_that_stains_is_no_therapy() -> None:
    """NCT03447678 so finds PD-L1."""
    text = "a CD20 positive tumor as determined by immunohistochemistry with an anti-CD20 antibody"
    assert therapy_rules(f"{OUT}:\n\n* Do not have {text}\n") == []


@pytest.mark.parametrize(
    ("sentence", "keys_found"),
    [
        ("Prior BITE antibodies for cancer therapy", "t-cell-engager"),
        ("Monoclonal antibody for anti-cancer therapy within 4 weeks of trial entry", "monoclonal-antibody"),
        ("Concurrent biologic, or hormonal therapy for cancer treatment", "biologic-therapy endocrine-therapy"),
        ("Any drugs for cancer treatment within 4 weeks", "anticancer-therapy"),
        ("Drugs that interfere with cyclophosphamide and/or thiotepa metabolism within 10 days", ""),
    ],
)
def test_what_a_therapy_is_for_and_what_becomes_of_a_drug_are_no_therapies_of_their_own(sentence: str, keys_found: str) -> None:
    """NCT04792489, NCT04704323, NCT06860815, NCT04678401."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == set(keys_found.split())


def test_the_alternative_to_a_drug_is_no_alternative_medicine() -> None:
    """NCT05996107."""
    text = "Concomitant medication(s) with a known risk to prolong the QT interval that cannot be discontinued or replaced by safe alternative medication"
    assert "herbal-product" not in found_keys(therapy_rules(f"{OUT}:\n\n* {text}\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Lesions that appear measurable, but have undergone palliative irradiation, cannot be target lesions",  # NCT05266846
        "One measurable lesion (lesions that have received radiotherapy or other local treatments cannot be used as target lesions)",  # NCT07348211
        "At least one measurable brain metastasis ≥ 1.0 cm in size (per RANO-BM) that has not been irradiated, or has progressed despite prior radiation therapy",  # NCT06176261
        "The following do not qualify as measurable disease:\n\n  * previously irradiated lesions that have not demonstrated progression post- radiation therapy",  # NCT05407441
        "At least one measurable lesion not previously treated with radiotherapy",
        "Subjects with locally untreated (radiotherapy or surgery) CNS metastasis",  # NCT07174583
    ],
)  # fmt: skip
def test_what_was_done_to_a_lesion_is_said_of_the_lesion(sentence: str) -> None:
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with at least one measurable lesion who have not received radiotherapy",
        "At least one measurable lesion and have not received radiotherapy",
        "Patients who received radiotherapy within 2 weeks are eligible if the treated lesion is not a target lesion",  # NCT06945705
    ],
)
def test_what_was_done_to_a_patient_is_said_of_the_patient(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{IN}:\n\n* {sentence}\n")) == {"radiotherapy"}


def test_what_is_not_counted_as_a_therapy_is_no_permission_of_that_therapy() -> None:
    """NCT05795101, NCT05386108, NCT06533826."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Immunosuppressive drugs. Replacement therapy (e.g. thyroxine) is not considered a form of systemic treatment.\n"
    )
    assert "systemic-anticancer-therapy" not in found_keys(rules)
    (rule,) = therapy_rules(f"{OUT}:\n\n* Live vaccine (mRNA vaccines are not considered live vaccines) within 30 days.\n")
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["inactivated-vaccine"]
    text = "Any other endocrine therapy within 14 days. Note: LHRH agonists should not be counted as endocrine therapy."
    rules = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"endocrine-therapy"}


def test_a_vaccination_that_the_trial_gives_is_what_a_time_is_counted_from() -> None:
    """NCT05269381."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Major surgery ≤ 4 weeks prior to C1D1 neoantigen vaccinations\n")
    assert [m.key for m in rule.mentions] == ["major-surgery"]


def test_an_advice_to_follow_the_label_keeps_nobody_out() -> None:
    """NCT05215340."""
    text = "Live vaccine within 30 days. For any participant receiving an approved SARS-CoV2 vaccine, please follow the vaccine label."
    assert found_keys([r for r in therapy_rules(f"{OUT}:\n\n* {text}\n") if r.polarity is EXCLUDES]) == {"live-vaccine"}


@pytest.mark.parametrize(
    ("section", "sentence", "keys_found"),
    [
        (
            OUT,
            "Systemic steroids for 4 weeks prior to NK cell infusion. The intent of this language is to ensure that systemic steroids are not "
            "administered to subjects within the specified window",
            "systemic-corticosteroid",
        ),
        (OUT, "Chemotherapy within 2 weeks prior to NK cell infusion, or immunotherapy within 6 weeks prior", "chemotherapy immunotherapy"),
        (OUT, "For patients with prior exposure to check point inhibitor therapy, those with a history of colitis are excluded", ""),
        (OUT, "For patients with prior exposure to PARP inhibitors, those who progressed on it are excluded", "parp-inhibitor"),
        (OUT, "Brain metastases will be excluded as intermittent hormonal therapy is not standard of care for this population", ""),
        (OUT, "Drugs such as ketoconazole may not be taken", "ketoconazole"),
        (IN, "At least 2 weeks between the last dose of chemotherapy and NK cell infusion", "chemotherapy"),
        (OUT, "ABL kinase mutation analysis is recommended for patients with CML progressed to blast phase on prior TKI", ""),
        (IN, "Relapsed or refractory ALL with dexamethasone run-in \\[5 days, dexamethasone 10mg/m2 (divided BID)\\];", ""),
        (OUT, "Endocrine therapy within 14 days. Note: LHRH agonists should not be counted as endocrine therapy.", "endocrine-therapy"),
        (OUT, "Herbal preparations (which are not strong or moderate inducers or inhibitors of CYP3A4)", "herbal-product"),
        (
            OUT,
            "Daily chronic use of any dose of corticosteroids (as distinct from intermittent exposure to steroids as part of cyclic chemotherapy)",
            "corticosteroid",
        ),  # NCT06168812
        (OUT, "Chemotherapy, as opposed to endocrine therapy, within 4 weeks", "chemotherapy"),
        (OUT, "Palliative as opposed to curative chemotherapy", "chemotherapy"),
        (
            OUT,
            "Participants will undergo a safety check in the 48h preceding lymphodepletion with Fludarabine and Cyclophosphamide.",
            "",
        ),  # NCT06916767
    ],
)
def test_why_whom_and_as_what_is_no_use(section: str, sentence: str, keys_found: str) -> None:
    """NCT06321484, NCT05765500, NCT03595917, NCT04771572, NCT05386108."""
    found = found_keys([r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES])
    assert found == set(keys_found.split())


def test_what_does_not_count_as_a_class_is_freed_and_nothing_else_of_it() -> None:
    """NCT03113643."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy within 4 weeks (hydroxyurea is not considered chemotherapy)\n")
    assert [[m.key for m in c.mentions] for c in rule.carveouts] == [["hydroxycarbamide"]]


def test_what_is_not_counted_as_a_line_is_read_on() -> None:
    """NCT06976944."""
    sentence = "(Those with prior paclitaxel are excluded.) However, prior olaparib for recurrence is allowed (not counted as 1 regimen)."
    excluding, allowing = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (excluding.polarity, found_keys([excluding])) == (EXCLUDES, {"paclitaxel"})
    assert found_keys([allowing]) == {"olaparib"}


@pytest.mark.parametrize(
    "pointer",
    [
        ". See Table 14 for representative lists of CYP inhibitors and inducers.",  # NCT05512208
        " (see Appendix 2 for a list of CYP inhibitors).",
        ". A complete list of CYP3A inhibitors can be found in Appendix 3.",
        ". For a list of inhibitors of CYP2D6, see the appendix.",
    ],
)
def test_where_a_list_stands_bans_nothing_that_was_not_banned_before(pointer: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Strong inhibitors of CYP3A4{pointer}\n")
    assert [m.strengths for m in rule.mentions] == [("strong",)]
    assert therapy_rules(f"{OUT}:\n\n* Prohibited drugs: refer to Table 2 for a list of CYP3A4 inhibitors\n") != []


def test_or_if_they_are_on_a_drug_keeps_others_out() -> None:
    """NCT05755113."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Any coagulopathy that would make a biopsy unsafe, or if they are on therapeutic warfarin therapy\n"
    )
    assert found_keys([rule]) == {"warfarin"}
    assert therapy_rules(f"{OUT}:\n\n* Echocardiogram is required if age is above 60, or if anthracyclines were given\n") == []


def test_an_ill_in_the_absence_of_a_drug_rules_on_no_drug() -> None:
    """NCT05096715."""
    sentence = "Evidence of bleeding diathesis or significant coagulopathy (in the absence of therapeutic anticoagulation)."
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    ("section", "sentence", "keys_found"),
    [
        (OUT, "Exclusion Criteria Related to Medications: Prior treatment with bevacizumab", "bevacizumab"),  # NCT05266846
        (OUT, "Toxicity related to prior treatment with bevacizumab", ""),
        (OUT, "Infections that increase the risk of complications during chemotherapy-induced lymphodepletion", ""),  # NCT04119024
        (
            OUT,
            "Active infections that would interfere with the assessment of safety or efficacy of dabrafenib and trametinib",
            "",
        ),  # NCT07440290
        (IN, "Residual disease of at least 1 cm on imaging for patients who have not had surgery", ""),  # NCT05269381
        (IN, "For patients who have not received bevacizumab, normal blood pressure", ""),
        (IN, "Eligible only for patients who have not had chemotherapy", "chemotherapy"),
        (OUT, "Untolerable toxicity in previous anti-PD-1/PD-L1 treatments", ""),  # NCT04691388
        (OUT, "WBC count >50,000/\u00b5L (uncontrollable with cytoreductive therapy).", ""),  # NCT05918692
        (OUT, "Leukocyte count above 30,000 that is not controlled by hydroxyurea or cytarabine", ""),
        (
            OUT,
            "Have received the following anti-tumor treatment before screening: Have received chemotherapy or targeted therapy within 4 weeks",
            "chemotherapy targeted-therapy",
        ),  # NCT04272125
        (
            OUT,
            "It is necessary to use systemic therapy to achieve the purpose of immunosuppression within 2 weeks of the first dose",
            "immunosuppressant",
        ),  # NCT04691388
        (OUT, "Immunosuppressive drugs, or systemic hormone therapy for immunosuppression", "immunosuppressant systemic-corticosteroid"),
        (OUT, "Systemic hormone therapy (dose >10mg/day of prednisone)", "systemic-corticosteroid prednisone"),  # NCT06703398
        (
            OUT,
            "Active brain metastases. Those with stable ones who stopped hormone therapy (> 10mg/day prednisone) for 4 weeks can be included",
            "",
        ),
    ],
)
def test_labels_reasons_and_those_without(section: str, sentence: str, keys_found: str) -> None:
    assert found_keys(therapy_rules(f"{section}:\n\n* {sentence}\n")) == set(keys_found.split())


@pytest.mark.parametrize(
    "sentence",
    [
        "Hematological criteria cannot be met with recent blood transfusions or require growth factor support within 21 days",  # NCT05414032
        "Absolute neutrophil count \u2265 1500/mm3 (stable off any growth factor prior to registration)",  # NCT07226856
    ],
)
def test_counts_that_must_be_met_without_help_keep_out_who_has_it(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "growth-factor" in found_keys([r])]
    assert [(r.polarity, r.doubts) for r in rules] == [(EXCLUDES, ())]


@pytest.mark.parametrize(
    ("section", "sentence", "found"),
    [
        (OUT, "Cardiac ventricular arrhythmias requiring anti-arrhythmic therapy", "antiarrhythmic"),  # NCT00473486
        (OUT, "Patients with seizure disorder requiring medication (such as steroids or antiepileptics)", "anticonvulsant"),  # NCT00473486
        (IN, "No seizures requiring anticonvulsants", "anticonvulsant"),
        (OUT, "Seizure disorder requiring medication", "anticonvulsant"),  # NCT04462471
        (OUT, "Myocardial infarction, serious arrhythmias requiring medication for treatment", "antiarrhythmic"),  # NCT03002623
        (OUT, "Atrial or ventricular arrhythmia requiring pharmacological treatment", "antiarrhythmic"),  # NCT01764087
        (
            OUT,
            "Arrhythmia (bigeminy, trigeminy), which is symptomatic or requires treatment (CTCAE grade 3)",
            "antiarrhythmic",
        ),  # NCT00537095
        (OUT, "Arrhythmia not controlled by medical treatment", ""),
        (OUT, "Seizure disorder unless controlled and requiring no medication", ""),
        (OUT, "Uncontrolled seizures despite anticonvulsants", ""),
        (OUT, "Hypertension requiring antihypertensives", ""),
    ],
)
def test_who_takes_a_drug_has_the_disease_for_which_nearly_all_take_it(section: str, sentence: str, found: str) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert found_keys(rules) == set(found.split())
    assert all((r.polarity, r.doubts) == (EXCLUDES, ("the disease that needs it",)) for r in rules)


@pytest.mark.parametrize("need", ["requirement for anti-seizure medication", "currently requiring anticonvulsants"])
def test_who_needs_a_drug_is_kept_out_beside_those_with_the_disease(need: str) -> None:
    """NCT02561988."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* History of a seizure disorder or {need}\n")
    assert (rule.polarity, rule.doubts) == (EXCLUDES, ())


def test_a_drug_that_is_told_of_beside_a_disease_is_no_sign_of_it() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Seizure disorder or patients requiring anticonvulsants\n")
    assert rule.doubts == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "QTcF \u2265 470 ms per ECG in any individual with any history of any cardiac disease or medication which can impact QTcF.",  # NCT06632977
        "QTcF > 480 ms in participants on drugs that prolong QT",
        "QTc (Fridericia) >470 msec or >450 msec if history of additional risk factors for Torsade de Pointe (e.g. heart failure, hypokalemia) or "
        "use of concomitant medications that prolong the QT/QTc interval.",  # NCT04918186
    ],
)
def test_a_limit_of_those_on_a_drug_does_not_keep_them_out(sentence: str) -> None:
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []
    assert therapy_rules(f"{OUT}:\n\n* QTcF > 480 ms, or patients on drugs that prolong QT\n") != []


def test_of_whom_the_criteria_below_are_keeps_nobody_out() -> None:
    """NCT03959085."""
    sentence = "For stage I/II patients with steroid pretreatment, the following additional exclusion criteria apply:"
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []


def test_grafts_versus_host_disease_is_what_needs_a_drug() -> None:
    """NCT05289687."""
    sentence = "Patient may not have Grafts Versus Host Disease (GVHD) that requires ongoing immunosuppressive therapy."
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "History of erythema multiforme, Grade >= 3 rash, or blistering following prior treatment with immunomodulatory derivatives such as "
        "thalidomide and lenalidomide",  # NCT02631577
        "Development of erythema nodosum characterized by a desquamating rash while taking thalidomide",
        "Severe cutaneous reactions during prior immunotherapy",
    ],
)
def test_what_a_therapy_did_to_the_skin_keeps_out_nobody_else_who_had_it(sentence: str) -> None:
    assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (OUT, "Chemotherapy within 14 days of investigational product administration", {"chemotherapy"}),
        (OUT, "Chemotherapy within 14 days before starting treatment with the investigational product", {"chemotherapy"}),
        (OUT, "Use of warfarin while receiving the IMP", {"warfarin"}),
        (OUT, "Any condition that contraindicates the use of an investigational drug", set()),  # NCT05102214
        (OUT, "Disease that may interfere with the investigational product", set()),
        (OUT, "Treatment with an investigational product within 30 days before enrollment", {"investigational-agent"}),
        (OUT, "Use of any investigational product while receiving study drug", {"investigational-agent"}),
        (OUT, "Last dose of an investigational agent less than 4 weeks before day 1", {"investigational-agent"}),
    ],
)
def test_the_product_that_dates_something_is_the_trials_own(section: str, sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{section}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize("date", ["day 1", "randomization", "the first dose of study drug"])
def test_what_use_before_a_date_is_of_dates_nothing(date: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use within 14 days prior to {date} of live vaccines\n")
    assert found_keys([rule]) == {"live-vaccine"} and rule.window is not None


def test_what_is_listed_with_abused_drugs_is_abused() -> None:
    """NCT05607563."""
    assert therapy_rules(f"{OUT}:\n\n* History of alcohol, psychotropic substance, or drug abuse\n") == []

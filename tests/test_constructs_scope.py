"""Whom a clause binds: arms, cohorts, parts, and patients with another disease or condition."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, found_keys, therapy_rules

from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Modality, RecordSource, Trial


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("Prior PD-1 inhibitor (Arms A and C; allowed in Arm B)", "Arms A and C"),
        ("[Randomized Phase 2 only] prior exposure to PD-1 antibodies", "Randomized Phase 2 only"),
        ("Main part: prior everolimus", "Main part"),
        ("In the randomised part: prior everolimus", "In the randomised part"),
        ("First-line expansion: any prior systemic therapy", "First-line expansion"),
        ("Stage 2: prior PD-1 inhibitor", "Stage 2"),
        ("Simon stage 1 only: prior PD-1 inhibitor", "Simon stage 1 only"),
        ("Prior PD-1 inhibitor - pembrolizumab cohort only", "pembrolizumab cohort only"),
        ("Prior PD-1 inhibitor (Cohorts 1 and 3), except Cohort 2 where one line is allowed", "Cohorts 1 and 3"),
    ],
)
def test_parts_in_brackets_and_labels(sentence: str, part: str) -> None:
    rule = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[0]
    assert (rule.polarity, rule.scope.texts) == (EXCLUDES, (part,))


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("X1 + Fulvestrant + ribociclib combination cohort patients with HR-positive, HER2-negative aBC: no prior everolimus", "X1 + Fulvestrant + ribociclib combination cohort"),
        ("Monotherapy Cohort patients with HR-positive aBC: no prior everolimus", "Monotherapy Cohort"),
        ("Fulvestrant arm subjects must not have received prior everolimus", "Fulvestrant arm"),
        ("All cohort patients must not have received prior everolimus", ""),
    ],
)  # fmt: skip
def test_those_of_a_part_are_told_by_what_it_gives(sentence: str, part: str) -> None:
    """NCT06625775."""
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if found_keys([r]) == {"everolimus"}]
    assert rule.scope.texts == ((part,) if part else ())


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("Crizotinib Combination Additional Exclusion Criteria:", "Crizotinib Combination"),
        ("PK Substudy (optional) with Pravastatin Additional Exclusion Criteria:", "PK Substudy (optional) with Pravastatin"),
        ("Monotherapy and combination Exclusion Criteria:", ""),
        ("Common Exclusion Criteria Applicable to all 3 cohorts", ""),  # NCT06999980
    ],
)
def test_a_heading_tells_a_part_by_what_it_gives(heading: str, scope: str) -> None:
    """NCT03947385."""
    rules = therapy_rules(f"{IN}:\n\n* Adults\n\n{heading}\n\n* Itraconazole within 7 days\n")
    assert [(r.polarity, found_keys([r]), r.scope.texts) for r in rules] == [(EXCLUDES, {"itraconazole"}, (scope,) if scope else ())]


@pytest.mark.parametrize(
    ("section", "sentence", "bound"),
    [
        (IN, "Lines: Part A, second line or later; Part B, no previous systemic therapy", {"systemic-anticancer-therapy": "Part B"}),
        (IN, "BRAF-mutant: prior BRAF inhibitor; BRAF wild type: no prior systemic therapy", {"systemic-anticancer-therapy": "BRAF wild type"}),
        (OUT, "Arms with drug B: PPIs. Arms with drug C: anticoagulants", {"proton-pump-inhibitor": "Arms with drug B", "anticoagulant": "Arms with drug C"}),
        (OUT, "Subjects receiving X + docetaxel: prior taxane", {"taxane": "Subjects receiving X + docetaxel"}),
        (OUT, "If assigned to the taxane combination: prior everolimus", {"everolimus": "If assigned to the taxane combination"}),
        (OUT, "Arm B exclusions: prior everolimus. Exclusions for all arms: warfarin", {"everolimus": "Arm B", "warfarin": ""}),
        (IN, "Cohort A is limited to treatment-naive patients; Cohort B is open to others", {"systemic-anticancer-therapy": "Cohort A"}),
        (IN, "Patients without prior systemic therapy will enter Cohort 1, others Cohort 2", {"systemic-anticancer-therapy": "Cohort 1"}),
        (IN, "Cohort 1: 0-1 prior chemotherapy lines; Cohort 3: no prior chemotherapy", {"chemotherapy": "cohort 3"}),
        (IN, "Prior PARP inhibitor: Cohort 1 - not allowed; Cohort 2 - required", {"parp-inhibitor": "Cohort 1"}),
        (IN, "Prior PARP inhibitor: Cohort 1, required; Cohort 2, none", {"parp-inhibitor": "Cohort 2"}),
        (IN, "Prior PARP inhibitor - Cohort A: none; Cohort B: at least one", {"parp-inhibitor": "Cohort A"}),
        (IN, "Part 2A: no prior taxane, Part 2B: prior taxane", {"taxane": "Part 2A"}),
        (OUT, "Stage 1: prior taxane; Stage 2: prior everolimus", {"taxane": "Stage 1", "everolimus": "Stage 2"}),
        (IN, "Stage III: no prior taxane", {"taxane": ""}),
        (OUT, "Previous PARP inhibitor (Part 1: allowed; Part 2: not allowed)", {"parp-inhibitor": "Part 1"}),
        (OUT, "Prior everolimus (cohort with X only), a PARP inhibitor (arm 2)", {"everolimus": "cohort with X only", "parp-inhibitor": "arm 2"}),
        (OUT, "Warfarin (Arm 1), everolimus (all arms)", {"warfarin": "arm 1", "everolimus": ""}),
        (OUT, "Prior everolimus, only in the first-line expansion", {"everolimus": "only in the first-line expansion"}),
        (OUT, "Anticoagulants (patients with planned biopsies only)", {"anticoagulant": "patients with planned biopsies only"}),
        (IN, "1L cohort\n  * No prior systemic therapy\n* 2L cohort\n  * One prior line", {"systemic-anticancer-therapy": "1L cohort"}),
    ],
)  # fmt: skip
def test_a_part_that_is_named_in_a_criterion_limits_what_it_reaches(section: str, sentence: str, bound: dict[str, str]) -> None:
    """NCT05536141, NCT05702229, NCT04910022."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {r.mentions[0].key: "".join(r.scope.texts[:1]) for r in rules} == bound


def test_a_disease_phase_and_both_steps_are_no_part() -> None:
    sentences = "Chronic phase: prior imatinib\n* Prior everolimus (for escalation as well as expansion)\n* 1L: no prior systemic therapy"
    assert {r.scope.texts for r in therapy_rules(f"{OUT}:\n\n* {sentences}\n")} == {()}


@pytest.mark.parametrize(
    ("sentence", "bound"),
    [
        (
            "Participants must not have prior radiotherapy ≤ 4 weeks, systemic anticancer treatment ≤ 5 half-lives or 4 weeks, allogeneic SCT"
            " ≤ 6 months (only applicable to single agent or rituximab combination cohorts), or autologous SCT ≤ 3 months prior to initiation",
            {"allogeneic-stem-cell-transplant"},
        ),
        ("Prior bevacizumab, prior docetaxel (Arm B only), or chemotherapy within 3 weeks", {"docetaxel"}),
        ("Prior irinotecan (this applies only to Cohort 2), prior PARP inhibitor, chemotherapy within 2 weeks", {"irinotecan"}),
    ],
)
def test_brackets_in_a_list_limit_the_therapy_before_them(sentence: str, bound: set[str]) -> None:
    """NCT06090539."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([r for r in rules if r.scope.texts]) == bound
    assert "rituximab" not in found_keys(rules) and len(found_keys([r for r in rules if not r.scope.texts])) >= 2


def test_phases_that_are_all_named_bind_everybody() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* In Phase II, more than one prior line; in phases I and II, prior MEK inhibitors\n")
    assert [r.scope.texts for r in rules] == [("In Phase II",), ()]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Prior mTOR inhibitors are allowed only in Part B."),
        (IN, "Prior everolimus is allowed in Cohort 2 only"),
        (OUT, "Prior sunitinib is only allowed for patients enrolling into the biopsy cohort"),
        (IN, "In Cohort 1 only, prior multitargeted VEGFR TKI or systemic therapy is permitted."),
        (IN, "Only for Part B: prior PD-1 inhibitors are allowed"),
    ],
)
def test_what_is_allowed_in_one_part_alone_may_keep_out(section: str, sentence: str) -> None:
    """NCT05774899."""
    (rule,) = (r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert [c.effect for c in rule.carveouts] == ["conditional"]


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Prior radiation therapy to the target lesion", True),
        ("Patients that have previously received radiation to the site of planned surgery", True),
        ("Prior radiotherapy to head and neck, chest, or abdomen", True),
        ("Radiotherapy within 2 weeks", False),
        ("Prior radiotherapy for any indication", False),
    ],
)
def test_radiotherapy_of_a_place_is_doubted(sentence: str, doubted: bool) -> None:
    """NCT06778603, NCT06338657, NCT05743504."""
    assert [bool(r.doubts) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [doubted]


def test_a_disease_named_in_part_is_the_trials_own() -> None:
    """NCT05702229: of "gastric or gastroesophageal junction adenocarcinoma" only the second is whole; a patient with the first is meant too."""
    sentence = "Previously untreated for unresectable or metastatic gastric or gastroesophageal junction adenocarcinoma."
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.conditions, rule.own_disease) == ((), True)


def test_arms_and_cohorts_bind_a_rule() -> None:
    """NCT02124148: the bullet speaks of part E."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Part E: Prior treatment with a PI3K/mTOR inhibitor\n")
    assert rule.scope.texts == ("Part E",)


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("Additional Inclusion Criteria for OVC Participants", "Additional Inclusion Criteria for OVC Participants"),  # NCT06330064
        ("Cohort C (1L Esophageal Squamous Cell Carcinoma \\[ESCC\\]) - Specific Inclusion Criteria:", "Cohort C"),  # NCT06657144
        ("Inclusion Criteria for Sub Study 2:", "for Sub Study 2"),  # NCT06996782
        ("Part C Abbreviated Inclusion Criteria:", "Part C"),  # NCT04374877
        ("Cohort-specific inclusion criteria:", "Cohort-specific"),  # NCT05142189
        ("Common Inclusion Criteria for All Participants", ""),  # NCT06330064
        ("Additional inclusion criteria:", ""),
    ],
)
def test_a_heading_binds_the_rules_below_it(heading: str, scope: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* ECOG performance status 0-1\n\n{heading}\n\n* No prior taxane\n")
    assert rule.scope.texts == ((scope,) if scope else ())


def test_a_disease_with_criteria_of_its_own_binds_them_where_another_has_its_own() -> None:
    """NCT05690581; where no other disease has its own, all patients have this one."""
    one = "Solid tumor Exclusion Criteria:\n\n1. Prior taxane\n\n"
    two = "Hematologic Malignancies Exclusion Criteria:\n\n1. Previous treatment with immune checkpoint inhibitors\n"
    assert [r.scope.texts for r in therapy_rules(f"{OUT}:\n\n{one}{two}")] == [("Solid tumor",), ("Hematologic Malignancies",)]
    assert [r.scope.texts for r in therapy_rules(one)] == [()]


def test_a_bullet_that_speaks_of_some_patients_binds_those_below_it() -> None:
    """NCT05768880: a patient whose cells were collected before need not have stopped."""
    text = f"{IN}:\n\n* If patient does not have previously obtained apheresis product, patient must discontinue the following prior to enrollment:\n  * ≥ 7 days post last chemotherapy\n"
    (rule,) = therapy_rules(text)
    assert rule.scope.texts == ("If patient does not have previously obtained apheresis product",)


@pytest.mark.parametrize(
    ("nct", "section", "sentence", "scope"),
    [
        ("NCT05483400", OUT, "Prior immune checkpoint inhibitor treatment (only for cohort 1, 2 and 4).", "cohort 1, 2 and 4"),
        ("NCT06699576", IN, "Dose expansion part will enroll patients who have not received prior treatment for metastatic disease.", "dose expansion part"),
        ("NCT06699576", OUT, "Previous or current treatment with PD-L1 inhibitor (Cohort2 )", "cohort2"),
        ("NCT04354246", OUT, "For Triplet combination expansion cohorts (MSS-CRC and PROC): Prior treatment with an anti-PD-1", "triplet combination expansion cohorts"),
        ("NCT07098338", OUT, "Receipt of prior systemic chemotherapy for advanced NSCLC for sub-study 1 and sub-study 2.\n* Measurable disease in sub-study 3", "sub-study 1 and sub-study 2"),
        ("NCT05914116", IN, "Taxane-naive CRPC subjects (Phase 2a Cohort 12, 16, 17 ONLY)", "phase 2a cohort 12, 16, 17 only"),
        ("NCT05086315", IN, "Pediatric arm only: no prior FLT3 inhibitor", "pediatric arm"),
        ("", OUT, "Prior MEK inhibitor (Phase 1 and Phase 2)", ""),
        ("", OUT, "Prior MEK inhibitor in a phase 2 trial", ""),
        ("", OUT, "MEK inhibitor within 28 days prior to enrollment in Part B", ""),
    ],
)  # fmt: skip
def test_a_clause_says_which_part_of_the_trial_it_binds(nct: str, section: str, sentence: str, scope: str) -> None:
    """A cohort or part told anywhere in the sentence limits its rules; another trial's phase and the place of an event do not."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules
    for rule in rules:
        assert scope in " ".join(rule.scope.texts).lower()
        assert bool(rule.scope.texts) is bool(scope)


def test_those_who_need_it_are_let_in_on_terms() -> None:
    """NCT05914116: the second sentence softens the first."""
    text = "Use of concomitant medications known to prolong the QT interval. If the use is deemed necessary, they should be administered with caution"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}, after discussed with the Sponsor.\n")
    assert rule.modality is Modality.APPROVAL


def test_terms_of_patients_with_another_disease_bind_only_them() -> None:
    """NCT06328036: what is asked of patients with eczema is asked of no other."""
    text = (
        "* Autoimmune disease, with the exceptions listed below:\n\n"
        "  * Patients with eczema or psoriasis are eligible for the study provided all of following conditions are met:\n\n"
        "    * No acute exacerbations of the underlying condition requiring methotrexate, biologic agents, or oral corticosteroids within 12 months\n"
    )
    assert therapy_rules(f"{OUT}:\n\n{text}") == []


def test_terms_of_all_patients_bind() -> None:
    """Under "eligible if:" a bullet that denies a therapy, or wants weeks since it, rules on it."""
    bullets = "  * No prior chemotherapy\n  * At least 4 weeks since radiotherapy\n"
    rules = therapy_rules(f"{IN}:\n\n* Patients with solid tumors are eligible if all of the following are met:\n\n{bullets}")
    assert [r.polarity for r in rules] == [EXCLUDES, EXCLUDES]


def test_steroids_in_a_list_on_brain_metastases_are_those_of_patients_who_have_some() -> None:
    """NCT07408063: the bullets say on what terms brain metastases are accepted."""
    text = (
        f"{OUT}:\n\n* Evidence of brain metastasis unless all the following criteria are met:\n\n"
        "  * No steroid treatment required for at least 2 weeks prior to initial dosing.\n"
    )
    assert therapy_rules(text) == []


def some_patients(conditions: tuple[str, ...], text: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(scope, conditions) of the exclusions of a trial of these diseases."""
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=conditions)
    rules = read(trial, Names.of(Knowledge.load())).rules
    return [(r.scope.texts, r.conditions) for r in rules if r.polarity is EXCLUDES and r.role in (PRIOR, CURRENT)]


@pytest.mark.parametrize(
    ("sentence", "scope", "condition"),
    [
        ("For ATLL, must not have received mogamulizumab", "for atll", "adult-t-cell-leukemia-lymphoma"),  # NCT05321940
        ("Participants with CRPC who have received prior Lu-177-PSMA radioligand therapy.", "participants with crpc", "castration-resistant-prostate-cancer"),  # NCT07189871
        ("Triple Negative Breast Cancer (TNBC) - Progressed and treatment na\u00efve to immunotherapy", "triple negative breast cancer (tnbc)", "triple-negative-breast-cancer"),  # NCT05005403
        ("Patients with HIV must not be taking strong CYP3A4 inhibitors", "patients with hiv", ""),
        ("Prior anthracycline (breast cancer patients only)", "breast cancer patients", "breast-cancer"),
    ],
)  # fmt: skip
def test_a_disease_tells_whom_a_clause_binds(sentence: str, scope: str, condition: str) -> None:
    """In a trial that takes others too."""
    found = some_patients(("Castration-Resistant Prostate Cancer", "Leukemia", "Melanoma"), f"{IN}:\n\n* {sentence}\n")
    found = found or some_patients(("Castration-Resistant Prostate Cancer", "Leukemia", "Melanoma"), f"{OUT}:\n\n* {sentence}\n")
    assert found == [((scope,), (condition,) if condition else ())]


def test_the_trials_own_disease_is_no_part_of_its_patients() -> None:
    """NCT05832827."""
    text = f"{IN}:\n\n* Patients with unresectable thymic carcinoma, who have not been treated with systemic chemotherapy.\n"
    assert [scope for scope, _ in some_patients(("Thymic Carcinoma",), text)] == [()]


def test_what_each_part_states_binds_all() -> None:
    """NCT04743661: both strata ask for the same; of three parts two are not all."""
    bullet = "* Patients must not be taking enzyme-inducing antiepileptic medicines within 1 week prior to study enrollment.\n"
    text = f"INCLUSION CRITERIA: Stratum 1\n\n{bullet}\nINCLUSION CRITERIA: Stratum 2\n\n{bullet}"
    assert [r.scope.texts for r in therapy_rules(text)] == [(), ()]
    third = f"{text}\nINCLUSION CRITERIA: Stratum 3\n\n* Adults\n"
    assert [r.scope.texts for r in therapy_rules(third)] == [("Stratum 1",), ("Stratum 2",)]


def test_a_part_that_asks_for_more_binds_with_the_others() -> None:
    """NCT06387628: who had eribulin has had a line, so that neither cohort takes them."""
    first = "* Cohort 1: Previous use of eribulin\n"
    rules = therapy_rules(f"{OUT}:\n\n{first}* Cohort 2: any prior systemic anticancer therapy\n")
    assert [(found_keys([r]), r.scope.texts) for r in rules] == [
        ({"eribulin"}, ()),
        ({"systemic-anticancer-therapy"}, ("Cohort 2",)),
    ]


def test_a_clause_tells_another_part_than_the_front_of_its_criterion() -> None:
    """NCT06479759."""
    text = f"{IN}:\n\n* Cohort 1: adults; Cohort 2: Patients who have not received any systemic anti-tumor treatment before\n"
    assert [r.scope.texts for r in therapy_rules(text)] == [("cohort 2",)]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("* Psoriatic group only: biologic treatment", "Psoriatic group only"),  # NCT03084146
        ("* (Part B CRC cohorts only) prior anti-PD-1", "Part B CRC cohorts only"),  # NCT05101070
        ("* Pediatric participants: prior anthracycline", "Pediatric participants"),
        ("Cohort 2 - NSCLC\n\n* HIV\n\nCohort 1 - Melanoma\n\n* Prior anti-PD-1", "Cohort 1"),
        ("* Except for Cohort B, prior anti-PD-1", "Except for Cohort B"),
    ],
)
def test_words_that_name_some_of_the_patients(text: str, scope: str) -> None:
    """By their group, age or place, before a criterion or above it; an exception at the front ends where the sentence goes on."""
    (rule,) = therapy_rules(f"{OUT}:\n\n{text}\n")
    assert (rule.polarity, rule.scope.texts or tuple(c.text for c in rule.carveouts)) == (EXCLUDES, (scope,))


def test_what_is_asked_of_donors_keeps_no_patient_out() -> None:
    """NCT05507827: the headings tell patients and donors apart."""
    text = f"Patient {OUT}:\n\n* Prior anti-PD-1 therapy\n\nDonor {OUT}\n\n* Systemic corticosteroids\n"
    assert found_keys(therapy_rules(text)) == {"pd-1-inhibitor"}


def test_the_only_part_of_a_record_is_the_whole() -> None:
    """NCT02381314: all criteria are those of the expansion, so that there is no way around them."""
    asked = "* At least 21 days since the last dose of chemotherapy"
    whole = f"Inclusion Criteria - Cohort Expansion Phase:\n\n{asked}\n\nExclusion Criteria - Cohort Expansion Phase:\n\n* Prior MEK inhibitor\n"
    assert {r.scope.texts for r in therapy_rules(whole)} == {()}
    partly = whole.replace("Inclusion Criteria - Cohort Expansion Phase", IN)
    assert {r.scope.texts for r in therapy_rules(partly)} == {(), ("Expansion Phase",)}


@pytest.mark.parametrize(("parts", "scope"), [("1, 2 and 3", ()), ("1 and 2", ("for Parts 1 and 2",))])
def test_a_heading_that_names_all_parts_limits_nothing(parts: str, scope: tuple[str, ...]) -> None:
    """NCT03342417 has three parts, and exclusions of all three."""
    text = f"{IN} for Part 3:\n\n* Age 18\n\nExclusion Criteria for Parts {parts}:\n\n* Prior MEK inhibitor\n"
    assert {r.scope.texts for r in therapy_rules(text)} == {scope}


@pytest.mark.parametrize(
    ("arms", "scoped"), [("Arms 1 and 2", False), ("Arms 2 and 3", True), ("Arms B and C", True), ("Phases 2 and 3", False)]
)
def test_later_parts_tell_of_a_first_one(arms: str, scoped: bool) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior everolimus ({arms})\n")
    assert bool(rule.scope.texts) is scoped


def test_parts_that_one_heading_names_are_bound_together() -> None:
    """NCT05739942 has two groups, and criteria of each and of both."""
    both = "Key Exclusion Criteria/Common Criteria (Group 1 - Newly diagnosed, Group 2 - Recurrent)"
    one = "Key Exclusion Criteria/Recurrent (Group 2)"
    text = f"{both}:\n\n* Prior MEK inhibitor\n\n{one}:\n\n* Prior everolimus\n"
    assert {m.key: r.scope.texts for r in therapy_rules(text) for m in r.mentions} == {"mek-inhibitor": (), "everolimus": ("Group 2",)}


def test_harm_that_a_therapy_did_is_told_of_those_alone_who_had_it() -> None:
    """NCT05537051 and, of a list, NCT06332170."""
    sentence = "Previously received immunotherapy and have experienced \u2265 Grade 3 immunotherapy-related adverse events"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.outcomes == ("intolerance",)
    # NCT04777994
    sentence = "If treated with immune-oncology agents in the past, excluded if had prior pneumonitis, prior Grade 3 or higher immune mediated toxicity"
    assert [r.outcomes for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [("intolerance",)]
    sentence = "Intolerable for any PD-L1 inhibitor, cetuximab, enzalutamide and cisplatin/ carboplatin"
    assert {r.outcomes for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {("intolerance",)}


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("AFT-50A Specific Exclusion Criteria:", ("AFT-50A Specific Exclusion",)),  # NCT04486352
        ("Disease-specific exclusion criteria:", ()),  # NCT05851924
        ("Specifics for group C", ("for group C",)),  # NCT03224104
        ("Requirements for cohort 3", ("for cohort 3",)),
    ],
)
def test_criteria_that_are_specific_to_a_part(heading: str, scope: tuple[str, ...]) -> None:
    """A heading stays whole; the disease is that of all patients."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Active tuberculosis\n\n{heading}\n\n* Prior treatment with a PD-1 inhibitor\n")
    assert rule.scope.texts == scope


def test_a_label_of_dose_expansion_is_a_part() -> None:
    """NCT06699576 names its parts so; only those who enter there are bound."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Age 18\n* Dose expansion: patients who have not received prior systemic therapy\n")
    assert rule.scope.texts == ("Dose expansion",)


@pytest.mark.parametrize(
    "label",
    [
        "ICI treatment-naive subjects must meet the following criteria",  # NCT05877430
        "Patients who are PD-1 naive must meet all of the following",
        "Platinum-refractory patients should fulfil these",
    ],
)
def test_what_those_must_meet_whom_a_label_names_binds_them_alone(label: str) -> None:
    text = f"{IN}:\n\n* {label}:\n\n  1. Has not received prior systemic treatment\n"
    assert {r.scope.texts for r in therapy_rules(text)} == {(label,)}


def test_other_people_begin_another_matter() -> None:
    """NCT02545504: steroids keep out whoever takes them; those that brain metastases need are those of patients who have some."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Brain metastases or individuals requiring chronic daily treatment with oral corticosteroids\n")
    assert (rule.role, found_keys([rule])) == (CURRENT, {"systemic-corticosteroid"})
    assert not therapy_rules(f"{OUT}:\n\n* Brain metastases requiring corticosteroids\n")


def test_cohorts_told_behind_a_therapy_are_its_scope() -> None:
    """NCT02903914."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior anti-PD-1 treatment for combination dose expansion cohorts 1c, 3e - 3h\n")
    assert rule.scope.texts
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior anti-PD-1 treatment for extensive stage 3 disease\n")
    assert not rule.scope.texts


@pytest.mark.parametrize("label", ["NSCLC (1L) Cohort C2", "NSCLC Cohort C2", "Cohort C2 (NSCLC)", "NSCLC first-line cohort"])
def test_a_cohort_named_with_its_disease_binds_those_who_have_it(label: str) -> None:
    """NCT06447662."""
    conditions = ("Carcinoma, Pancreatic Ductal", "Colorectal Neoplasms", "Carcinoma, Non-Small-Cell Lung")
    text = f"{IN}:\n\n* {label}: Participants must not have received prior systemic treatment\n"
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=conditions)
    rules = read(trial, Names.of(Knowledge.load())).rules
    assert {r.conditions for r in rules if r.role is PRIOR} == {("non-small-cell-lung-cancer",)}


def test_a_subprotocol_is_a_part() -> None:
    """NCT05503797."""
    text = f"{OUT}:\n\nSubprotocol A:\n\n* Prior treatment with a MEK inhibitor.\n\nSubprotocol B:\n\n* CNS metastases\n"
    assert [r.scope.texts for r in therapy_rules(text)] == [("Subprotocol A",)]


def test_a_part_that_takes_one_disease_binds_those_who_have_it() -> None:
    """NCT06219941; where a disease of the part is not known by name, all are bound."""
    own = ("Gastric Cancer", "Pancreatic Ductal Adenocarcinoma")
    first = f"{IN}:\n\n* Age 18\n\nSub study 1 Specific Inclusion criteria:\n\n* Gastric cancer\n\n"
    for disease, conditions in (
        ("metastatic or advanced PDAC", ("pancreatic-adenocarcinoma",)),
        ("adenocarcinoma of the pancreas or ampulla", ()),
        ("PDAC or other solid tumours", ()),
    ):
        told = f"* Participants diagnosed with histologically confirmed {disease}.\n* No prior treatments\n"
        text = f"{first}Sub study 2 Specific Inclusion criteria:\n\n{told}"
        trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=own)
        (rule,) = (r for r in read(trial, Names.of(Knowledge.load())).rules if r.role is PRIOR)
        assert (rule.scope.texts, rule.conditions) == (("Sub study 2",), conditions)


def test_a_sentence_behind_brain_metastases_that_tell_no_terms_is_of_all() -> None:
    """NCT00375245."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Uncontrolled brain metastases or malignancy. Cannot be receiving enzyme-inducing anticonvulsants.\n"
    )
    assert {k for r in rules for k in found_keys([r])} == {"enzyme-inducing-anticonvulsant"}


def test_two_cohorts_in_one_criterion_contradict_each_other() -> None:
    """NCT06943820."""
    denied = "No prior systemic therapy for metastatic NSCLC"
    asked = "must have received a platinum-based combination therapy for the treatment of metastatic disease"
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* {denied};{asked}\n") if r.polarity is EXCLUDES)
    assert rule.doubts == ("the trial takes patients who were treated",)


@pytest.mark.parametrize(
    "sentence",
    [
        "Subjects will be excluded from the treatment with irinotecan or paclitaxel monotherapy if it would be inconsistent with its label",
        "Active GVHD or patients which necessitated the addition of another agent for the treatment of GVHD beyond corticosteroids",
    ],
)
def test_one_arm_is_shut_and_not_the_trial_and_more_than_steroids_is_needed(sentence: str) -> None:
    """NCT02625623, NCT01398501."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_a_bullet_opens_a_list_of_terms_without_a_colon() -> None:
    """NCT05911295."""
    lead = (
        "Central nervous system (CNS) metastasis. Participants with treated CNS metastases are permitted if all of the following are met."
    )
    below = "  * CNS metastases have been stable for at least 4 weeks.\n  * Participant is on a stable dose of ≤ 10 mg/day of prednisone."
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {lead}\n\n{below}\n") if r.polarity is EXCLUDES]


def test_those_who_meet_what_stands_below_are_not_to_be_enrolled() -> None:
    """NCT01045421."""
    text = f"""{OUT}:

* Patients meeting any of the following exclusion criteria are not to be enrolled in the study:

  * Receipt of more than 2 previous cytotoxic regimens. There is no limit on the number of prior noncytotoxic therapies
  * Prior treatment with high-dose chemotherapy
  * Patients requiring full systemic anticoagulation
"""
    rules = therapy_rules(text)
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"chemotherapy", "high-dose-chemotherapy", "anticoagulant"}
    assert found_keys([r for r in rules if r.polarity is ALLOWS]) == {"targeted-therapy"}


def test_bowel_surgery_whose_extent_is_told_is_a_doubt() -> None:
    """NCT02856893: nobody knows how much was resected of who had some resected."""
    text = f"{OUT}:\n\n* Previous significant bowel resection that would preclude adequate absorption of Osimertinib\n"
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"gastrointestinal-surgery"}
    assert rule.doubts == ("how much was resected, or what that did to absorption",)


@pytest.mark.parametrize(
    "sentence",
    [
        "For Part 1, progression on trastuzumab For Part 2, previously untreated for metastatic adenocarcinoma of the stomach",
        "For Part 1, any number of prior therapies is allowed. For Part 2, no prior systemic therapy",
    ],
)
def test_parts_told_in_one_bullet_have_their_own_rules(sentence: str) -> None:
    """NCT04379596."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {t.lower() for r in rules for t in r.scope.texts or ("all",)} == {"part 2"}


def test_patients_on_a_drug_are_all_of_them_behind_terms_of_brain_metastases() -> None:
    """NCT02963610."""
    terms = "Untreated brain metastases. Patients with treated brain metastases will be allowed if stable."
    own = "Patients on steroids doses higher than 10 mg of prednisone (or its equivalent) are excluded."
    assert {r.min_dose_mg for r in therapy_rules(f"{OUT}:\n\n* {terms} {own}\n")} == {10.0}
    assert not therapy_rules(f"{OUT}:\n\n* {terms} Such patients on steroids are excluded.\n")


@pytest.mark.parametrize(
    ("sentence", "binds"),
    [
        ("Prior irinotecan. This criterion applies only to the Phase I PK expansion stage.", "the Phase I PK expansion stage"),
        (
            "Prior irinotecan. Note: This exclusion applies to participants in the first-line cohorts.",
            "participants in the first-line cohorts",
        ),
        ("Prior irinotecan (only applicable to HCC patients)", "HCC patients"),
    ],
)
def test_a_remark_tells_whom_a_criterion_binds(sentence: str, binds: str) -> None:
    """NCT07415863, NCT06892548."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert binds in rule.scope.texts


@pytest.mark.parametrize(
    ("sentence", "ruled"),
    [
        (
            "Serious autoimmune disease Note: At the discretion of the investigator, these patients may be included if their disease is well "
            "controlled without the use of immunosuppressive agents.",
            False,
        ),
        ("Active autoimmune disease. Such patients may be included if they are not receiving immunosuppressants.", False),
        ("Patients with autoimmune disease are eligible if well controlled without immunosuppressive agents", False),
        ("Patients are eligible if they are not receiving immunosuppressants", True),
    ],
)
def test_what_is_asked_of_the_ill_alone_binds_no_others(sentence: str, ruled: bool) -> None:
    """NCT03686124."""
    assert bool([r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == ruled


@pytest.mark.parametrize(
    ("section", "sentence", "doubted"),
    [
        (OUT, "Immunocompromised patients (other than that related to the use of corticosteroids)", True),
        (IN, "Not immunocompromised except if related to the use of corticosteroids", True),
        (OUT, "Immunocompromised status due to HIV infection", False),
        (OUT, "Close contact with immunocompromised persons", False),
        (IN, "HIV patients who are immunocompromised may be included", False),
    ],
)
def test_who_is_immunocompromised_may_be_so_by_drugs(section: str, sentence: str, doubted: bool) -> None:
    """NCT00329719, NCT00238303."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert found_keys(rules) == ({"immunosuppressant"} if doubted else set()) and all(r.doubts for r in rules)


@pytest.mark.parametrize(
    "sentence",
    [
        "Participants with prior adjuvant or neoadjuvant systemic therapy within 12 months of randomization",  # NCT05327530
        "Prior neoadjuvant or adjuvant chemotherapy in the 12 months preceding study enrollment",  # NCT05209256
    ],
)
def test_one_therapy_of_two_settings_is_of_both(sentence: str) -> None:
    assert [set(r.settings) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [{"adjuvant", "neoadjuvant"}]


@pytest.mark.parametrize(
    "sentence",
    [
        "Less than six months since last platinum dose if given as adjuvant therapy",
        "Platinum within 6 months, if it was given in the adjuvant setting",
        "Platinum within 6 months when used as adjuvant treatment",
    ],
)
def test_a_setting_is_told_behind_the_time_too(sentence: str) -> None:
    assert [r.settings for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [("adjuvant",)]


def test_a_heading_of_a_combination_binds_those_who_get_it_though_it_names_their_disease() -> None:
    """NCT04354246."""
    text = "Inclusion Criteria:\n\nFor Triplet combination MSS-CRC:\n\n* Disease progression with no more than 3 prior lines of treatment\n"
    assert all(r.scope.texts == ("For Triplet combination MSS-CRC",) for r in therapy_rules(text))


@pytest.mark.parametrize(
    ("sentence", "combined"),
    [
        # NCT02823990
        ("Patients who received weekly low dose chemotherapy with radiation only are not eligible", True),
        ("Patients who received chemotherapy as a radiosensitizer are not eligible", True),
        ("Patients who received chemotherapy with or without radiation are not eligible", False),
    ],
)
def test_chemotherapy_with_radiation_is_a_combination(sentence: str, combined: bool) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [r.combined for r in rules if "chemotherapy" in found_keys([r])] == [combined]


@pytest.mark.parametrize(
    ("sentence", "combined"),
    [
        ("Patients who were treated with both olaparib and cediranib, either in combination or sequentially", True),  # NCT02484404
        ("Prior treatment with both anti-PD-1 and anti-CTLA-4", True),
        ("Received both docetaxel or cetuximab", False),
        ("Treatment with both chemotherapy and immunotherapy within 4 weeks", False),
    ],
)
def test_who_had_both_is_not_who_had_one(sentence: str, combined: bool) -> None:
    assert {r.combined for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {combined}


@pytest.mark.parametrize(
    "remark",
    ["(Cohorts A and B, not applicable for Cohort C)", "(does not apply to Cohort C)", ", not applicable to Arm B", "(N/A for Cohort C)"],
)
def test_a_criterion_that_is_not_applied_to_some_is_in_question(remark: str) -> None:
    """NCT06829173: not permitted there, and no exclusion of all."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy {remark}\n")
    assert (rule.polarity, [c.effect for c in rule.carveouts]) == (EXCLUDES, ["conditional"])


def test_a_criterion_is_applicable_to_the_parts_in_its_brackets() -> None:
    (rule, *_) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy (applicable to Cohorts A and B)\n* Cohort C: no MEK inhibitors\n")
    assert rule.scope.texts == ("applicable to Cohorts A and B",)


@pytest.mark.parametrize(
    "sentence",
    [
        "Appropriate studies will be undertaken in participants receiving combination antiretroviral therapy when indicated.",  # NCT03661047
        "Tests should be carried out for patients on warfarin",
    ],
)
def test_whom_tests_are_done_in_is_not_kept_out(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    ("below", "kept_out"),
    [
        ("Must not have experienced a toxicity that led to permanent discontinuation", False),
        ("All AEs must have completely resolved", False),
        ("Grade 3 toxicity", True),
    ],
)
def test_what_must_be_so_of_those_who_had_a_therapy_lets_the_others_in(below: str, kept_out: bool) -> None:
    """NCT05582538."""
    rules = therapy_rules(f"{OUT}:\n\n* Patients, who have received prior anti-PD-1 therapy:\n\n  * {below}\n* Pregnancy\n")
    assert bool(rules) is kept_out


def test_a_bracket_that_says_whom_it_applies_to() -> None:
    """NCT05938270: the drugs by which arms are named are not ruled on."""
    sentence = "Strong CYP3A4 inducers/inhibitors (applies for Saruparib (AZD5305) and Saruparib (AZD5305) + darolutamide arms)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("Saruparib", "Darolutamide"))
    assert {m.kind for r in rules for m in r.mentions} == {"pk"}
    assert all(r.scope.texts for r in rules)
    (rule,) = therapy_rules(f"{OUT}:\n\n* Strong CYP3A4 inhibitors (applies to all arms)\n")
    assert not rule.scope.texts


@pytest.mark.parametrize(
    ("section", "sentence", "scope"),
    [
        (
            OUT,
            "For patients in the pazopanib cohort, no prior systemic therapy for mRCC is allowed",
            "For patients in the pazopanib cohort",
        ),
        (IN, "Group 1, patients with treatment-naive recurrent or advanced metastatic gastric cancer including the upper part", "Group 1"),
        (IN, "STEP 1: Patients must not have received any prior therapy for their CNS malignancy", ""),
        (IN, "STEP 2: Patients must not have received any prior chemotherapy", "STEP 2"),
        (OUT, "In this cohort, prior chemotherapy is not allowed", ""),
    ],
)
def test_a_part_before_a_comma_is_bound_and_the_first_step_is_taken_by_all(section: str, sentence: str, scope: str) -> None:
    """NCT02406521, NCT04725994, NCT05099003."""
    scopes = {r.scope.texts for r in therapy_rules(f"{section}:\n\n* {sentence}\n")}
    assert scopes == {(scope,) if scope else ()}


def test_a_label_of_those_who_receive_some_therapies_of_the_trial_limits_what_stands_behind_it() -> None:
    """NCT07227597."""
    label = "For participants receiving gocatamig + I-DXd in induction, or carboplatin + etoposide in induction"
    text = f"{IN}:\n\n* {label}: No prior systemic ES-SCLC treatment allowed\n"
    rules = [r for r in therapy_rules(text, ("gocatamig", "I-DXd", "carboplatin", "etoposide")) if r.polarity is EXCLUDES]
    assert [r.scope.texts for r in rules] == [(label,)]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Prior PD-1 inhibitors. This applies to Part 2 only.", ("Part 2 only",)),
        ("Prior PD-1 inhibitors; this applies to Cohort 2", ("Cohort 2",)),
        ("Prior PD-1 inhibitors. This criterion does not apply to Cohort 2.", ("does not apply to Cohort 2",)),
        ("Prior PD-1 inhibitors, required only for Phase 2", ("Phase 2",)),
        ("Prior PD-1 inhibitors, Phase 2 only", ("phase 2 only",)),
        ("Prior PD-1 inhibitors. This does not apply to patients with a cured second cancer.", ()),
    ],
)
def test_a_remark_on_the_parts_that_an_exclusion_binds(words: str, parts: tuple[str, ...]) -> None:
    """As NCT07415863, in other words."""
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n* {words}\n") if r.polarity is EXCLUDES]
    assert rule.scope.texts == parts


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        (
            "Participants enrolled to STK-012 + pembrolizumab combination dose expansion must have selected tumor types and may not have "
            "received treatment for metastatic disease",
            "Participants enrolled to STK-012 + pembrolizumab combination dose expansion",
        ),
        ("Patients enrolled on this combination study must not have received prior immunotherapy", ""),
    ],
)
def test_those_enrolled_in_a_part_told_by_what_it_gives_are_some_of_the_patients(sentence: str, scope: str) -> None:
    """NCT05098132."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n", ("STK-012", "pembrolizumab")) if r.polarity is EXCLUDES]
    assert {r.scope.texts for r in rules} == {(scope,) if scope else ()}


def test_a_part_whose_patients_stand_in_brackets() -> None:
    for words in ("Cohort A (treatment-naive); Cohort B (progressed after platinum)", "Cohort A (no prior chemotherapy)"):
        rules = [r for r in therapy_rules(f"{IN}:\n\n* {words}\n") if r.polarity is EXCLUDES]
        assert rules and all(r.scope.texts for r in rules)


def test_a_dose_is_expanded_once_for_each_therapy_of_the_trial() -> None:
    """NCT05098132."""
    first, second = (f"Participants enrolled to STK-012 dose {part} combination" for part in ("escalation", "expansion"))
    rest = "must have NSCLC and may not have received treatment for metastatic disease"
    rules = therapy_rules(f"{IN}:\n\n* {first} {rest}\n* {second} {rest}\n", ("STK-012",))
    assert {r.scope.texts for r in rules if r.polarity is EXCLUDES} == {(first,), (second,)}


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("Prior treatment with a topoisomerase I inhibitor (dose escalation only)", "dose escalation only"),  # NCT03260491
        ("\\[Cohorts B and C\\] Patients on strong CYP3A inducers within 7 days.\n* \\[Cohort A\\] Infection", "Cohorts B and C"),  # NCT03113643
        ("Phase II cohort 1, intolerance to treatment with a PD-1 inhibitor", "Phase II cohort 1"),  # NCT05024214
        ("Patients with prior chemotherapies will not be included in this part of the study", "this part of the study"),  # NCT00268385
        ("No prior lonafarnib (for patients receiving sorafenib and tipifarnib)", "for patients receiving sorafenib and tipifarnib"),  # NCT00335764
        ("For participants enrolling to receive the combination with tipifarnib:\n\n  * Administration of PPIs", "For participants enrolling to receive the combination with tipifarnib"),  # NCT07174583
        ("For patients receiving tipifarnib, prior intolerance to platinum-based chemotherapy", "For patients receiving tipifarnib"),  # NCT07174583
        ("CRC participants in Part D (tipifarnib) must have metastatic disease. No prior taxane.\n* Part E", "Part D"),  # NCT06131840
        ("Prior taxane for those assigned to tipifarnib", "for those assigned to tipifarnib"),
        ("Prior taxane - Phase 2 only", "Phase 2 only"),
        ("If enrolled in Part B, prior anti-PD-1.\n* Part A", "enrolled in Part B"),
        ("In the tipifarnib combination cohort, prior anti-PD-1 is not permitted", "tipifarnib combination cohort"),
        ("Prior anti-PD-1 (for all cohorts)", ""),
        ("Prior lonafarnib for patients receiving anticoagulants", ""),
        ("Prior lonafarnib except for participants enrolling to receive tipifarnib", ""),
        ("Prior lonafarnib (for patients receiving anticoagulants)", ""),
        ("All patients in Part A must have measurable disease. No prior taxane.", ""),
    ],
)  # fmt: skip
def test_whom_a_criterion_binds_is_told_in_many_ways(sentence: str, scope: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("sorafenib", "tipifarnib"))
    assert rules and all(" ".join(r.scope.texts) == scope for r in rules)
    assert found_keys(rules).isdisjoint({"sorafenib", "tipifarnib"})


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("Newly Diagnosed Exclusion Criteria:", "Newly Diagnosed"),  # NCT03970447
        ("Main Exclusion Criteria for the Single Agent Dose Escalation and the Combination with Pembrolizumab:", "Criteria for the Single Agent Dose Escalation and the Combination with Pembrolizumab"),  # NCT05403554
        ("Cohort 5\n\nKey Exclusion Criteria:", "Cohort 5"),  # NCT04655118
        ("Key Exclusion Criteria PHASE 1 and PHASE 2", ""),  # NCT03093116
        ("Exclusion Criteria Part A", "Part A"),
        ("Phase II Study Cohort B (assessing sacituzumab govitecan and pembrolizumab)\n\nExclusion Criteria:", "Phase II Cohort B"),  # NCT04724018
        ("Criteria for Dose Escalation and Dose Expansion\n\nExclusion Criteria:", ""),
        ("Exclusion Criteria:\n\n1. Infection\n\n    Module 2 all Parts and Module 1A Crossover Participants Only", "Module 2 Module 1A"),  # NCT06923761
    ],
)  # fmt: skip
def test_a_heading_tells_whose_criteria_it_heads(heading: str, scope: str) -> None:
    text = f"{IN}:\n\n* ECOG performance status 0-1\n\n{heading}\n\n1. Prior avapritinib\n"
    (rule,) = therapy_rules(text, ("pembrolizumab",))
    assert (rule.polarity, " ".join(rule.scope.texts)) == (EXCLUDES, scope)


def test_all_below_the_label_of_a_part_are_all_of_that_part() -> None:
    """NCT05417594: all participants of module 4, which others do not enter."""
    text = f"{OUT}:\n\n* Prior imatinib\n\nModule 4:\n\nAll participants:\n\n* Prior doxorubicin\n"
    assert [r.scope.texts for r in therapy_rules(text)] == [(), ("Module 4",)]


def test_bullets_below_those_who_will_be_given_something_in_addition_bind_these() -> None:
    """NCT05677490: chemotherapy alone is given, too."""
    lead = "Patients who will receive nivolumab in addition to chemotherapy must not have any contraindications to immune checkpoint inhibitors"
    below = "Patients must not have a condition requiring systemic corticosteroids within 14 days prior to registration"
    (rule,) = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * {below}\n", ("nivolumab", "fluorouracil"))
    assert rule.scope.texts == ("Patients who will receive nivolumab in addition to chemotherapy",)


def test_labels_of_parts_need_no_empty_lines_between_them() -> None:
    text = (
        f"{IN}:\n\nGroup 1 (treatment-naive)\n1. No prior systemic therapy\nGroup 2 (pretreated)\n1. Progression after platinum therapy\n"
    )
    assert [(r.polarity, r.scope.texts) for r in therapy_rules(text)] == [(EXCLUDES, ("Group 1",)), (REQUIRES, ("Group 2",))]


def test_what_is_denied_ends_where_a_semicolon_goes_over_to_another_part() -> None:
    sentence = "First-line cohort: no prior systemic therapy; second-line cohort: one prior platinum-based therapy"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [(r.polarity, r.scope.texts) for r in rules] == [(EXCLUDES, ("First-line cohort",)), (REQUIRES, ("second-line cohort",))]


def test_a_part_above_section_headings_is_that_of_both() -> None:
    """NCT04655118."""
    one = f"Cohorts 1-3\n\n{IN}:\n\n* Age\n\n{OUT}:\n\n* Prior ruxolitinib\n"
    two = f"Cohort 5\n\n{IN}:\n\n* Age\n\n{OUT}:\n\n* Prior avapritinib\n\nGeneral {OUT}:\n\n* Prior imatinib\n"
    assert [r.scope.texts for r in therapy_rules(f"{one}\n{two}")] == [("Cohorts 1-3",), ("Cohort 5",), ()]


@pytest.mark.parametrize(
    ("label", "scope"),
    [("All Tumor Types:", ("Phase 2a Expansion Cohort",)), ("Prior therapy:", ("Phase 2a Expansion Cohort",)), ("All patients:", ())],
)
def test_what_stands_below_labels_is_of_the_part_whose_criteria_they_are(label: str, scope: tuple[str, ...]) -> None:
    """NCT04752826: all tumour types, but of phase 2a only; the exclusions are of all again."""
    heading = f"{IN}:\n\n1. Age\n\nPhase 2a Expansion Cohort-Specific Inclusion Criteria:"
    below = "Ovarian Cancer:\n\nRecurrent disease.\n\n{}\n\n1. Immune checkpoint inhibitor-naive.\n\n{}:\n\nOthers:\n\n1. Prior imatinib\n"
    rules = therapy_rules(f"{heading}\n\n{below.format(label, OUT)}")
    assert [r.scope.texts for r in rules] == [scope, ()]


def test_the_sentences_of_a_paragraph_are_of_whom_its_first_is() -> None:
    """NCT06131840."""
    first = "PDAC participants in Part E (oxaliplatin) must have metastatic pancreatic ductal adenocarcinoma that was confirmed by histology or cytology"
    text = f"{IN}:\n\n* Age\n\n{first}. One or more metastatic lesions measurable by RECIST version 1.1 criteria. No prior taxane. All patients: no prior imatinib.\n"
    rules = therapy_rules(text, ("oxaliplatin",))
    assert [(m.key, r.scope.texts) for r in rules for m in r.mentions] == [("taxane", ("Part E",)), ("imatinib", ())]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior exposure to a SMARCA2 inhibitor (prior exposure may be permitted for dose escalation)",  # NCT06561685
        "Prior SMARCA2 inhibitor (prior use is allowed in Part A)",
        "Prior SMARCA2 inhibitor (prior SMARCA2 inhibitors may be allowed for Cohort 2)",
        "Prior SMARCA2 inhibitor except for participants enrolling to receive the tipifarnib combination",  # NCT07174583
    ],
)
def test_what_one_part_permits_is_no_permission_for_all(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("tipifarnib",))
    assert [c.effect for c in rule.carveouts] == ["conditional"]


def test_an_exception_for_part_2_only_in_brackets_of_the_whole_is_that_of_the_whole() -> None:
    """NCT00706030."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Prior treatment with ErbB-2 targeted agents except trastuzumab (part 2 only).\n* Part 1: infection\n"
    )
    assert ([c.effect for c in rule.carveouts], rule.scope.texts) == (["allows"], ("part 2 only",))


def test_the_therapy_that_a_cohort_is_named_by_was_not_given_before() -> None:
    """NCT06533826."""
    text = "ADC1 T-DXd cohorts: Participants must have progressed on 0-1 prior lines in the metastatic setting."
    rules = therapy_rules(f"{IN}:\n\n* {text}\n", ("trastuzumab deruxtecan",))
    assert found_keys(rules) == {"systemic-anticancer-therapy"} and all(not r.doubts for r in rules)


def test_the_part_before_a_dash_is_whom_a_criterion_binds() -> None:
    """NCT02012231"""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Extension Cohorts (except 1b) - Previous treatment with a selective MEK/ABCD1 inhibitor\n")
    assert rule.scope.texts == ("Extension Cohorts (except 1b)",)


def test_a_bullet_that_names_a_part_heads_those_beside_it() -> None:
    """NCT02393209: up to the next bullet of a part."""
    beside = "  * For Phase 2 of the study:\n  * Prior paclitaxel\n  * For Phase 1b of the study: no prior docetaxel\n"
    rules = therapy_rules(f"{IN}:\n\n* Failed at least one prior regimen:\n\n{beside}")
    scopes = {m.key: r.scope.texts[:1] for r in rules for m in r.mentions}
    assert scopes["paclitaxel"] == ("For Phase 2",) and scopes["docetaxel"] == ("For Phase 1b",)


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("Newly Diagnosed Participants:", ("Newly Diagnosed Participants",)),  # NCT05465174
        ("For relapsed or refractory patients:", ("For relapsed or refractory patients",)),
        ("All Participants:", ()),
    ],
)
def test_a_heading_of_patients_by_what_they_had_binds_those(heading: str, scope: tuple[str, ...]) -> None:
    below = f"{heading}\n\n* Participants should not have undergone any previous tumor-directed therapy.\n\n"
    (rule,) = therapy_rules(f"{OUT}:\n\n{below}Participants with hypertension:\n\n* Uncontrolled hypertension\n")
    assert rule.scope.texts == scope


def test_what_the_new_and_the_recurrent_both_may_not_have_had_binds_all() -> None:
    """NCT05465174."""
    new = "Newly Diagnosed Participants:\n\n* Any previous anticancer therapy\n\n"
    recurrent = "Recurrent Participants:\n\n* Chemotherapy within 3 weeks before entering the study\n"
    whom = {key: r.scope.texts for r in therapy_rules(f"{OUT}:\n\n{new}{recurrent}") for key in found_keys([r])}
    assert whom == {"anticancer-therapy": ("Newly Diagnosed Participants",), "chemotherapy": ()}

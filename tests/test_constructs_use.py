"""Had before, taken now, or to come: what a sentence says of use, and how strongly."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, eligibility, found_keys, therapy_rules

from kg.criteria.bounds.doubts import UNNAMED_EXCEPTIONS
from kg.criteria.times.durations import HOW_LONG
from kg.records import Modality, Polarity, Role


def test_a_later_sentence_softens_the_rules_before_it() -> None:
    """NCT05498272: topical, intra-articular and inhaled steroids are permitted in a sentence of their own."""
    text = f"{OUT}:\n\n* Long-term corticosteroid use greater than the equivalent of 10 mg prednisone daily. Topical, intra-articular or inhaled corticosteroids are permitted.\n"
    rule = next(r for r in therapy_rules(text) if r.polarity is EXCLUDES)
    assert rule.min_dose_mg == 10
    assert any({"topical", "intra-articular"} <= set(c.routes) for c in rule.carveouts)


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("Enrollment of such patients requires approval by the sponsor.", Modality.APPROVAL),
        ("Inclusion of these patients will require discussion with the sponsor.", Modality.APPROVAL),
        ("Inclusion of these patients is not allowed.", Modality.MUST_NOT),
    ],
)
def test_whose_enrolment_needs_approval_may_come(sentence: str, modality: Modality) -> None:
    """NCT06932757 lets in so who takes warfarin."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients receiving warfarin. {sentence}\n")
    assert rule.modality is modality


def test_what_stands_behind_two_labels_is_what_has_to_end() -> None:
    """NCT02124148: who has had it is not kept out, who has it is."""
    sentence = "Prior Therapies: Systemic treatments: must have discontinued previous systemic treatments for cancer and recovered"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence} from the acute effects of therapy.\n")
    assert (rule.role, rule.polarity) == (CURRENT, EXCLUDES)


def test_what_patients_must_not_require_is_excluded() -> None:
    """NCT02253277 says so among its exclusions; "do not require" there tells of no such patient."""
    for verb, polarity in (("must not", EXCLUDES), ("do not", ALLOWS)):
        rules = therapy_rules(f"{OUT}:\n\n* Patients {verb} require treatment with any strong CYP3A4 inhibitor\n")
        assert {r.polarity for r in rules} == {polarity}


def test_typed_clauses_carry_their_values() -> None:
    found = {c.kind: dict(c.facts) for c in eligibility(f"{IN}:\n\n* ECOG performance status 0-1\n* Platelets ≥ 100,000/mm3\n").clauses}
    assert found["performance_status"] == {"scale": "ECOG", "value": "0-1"}
    assert (found["laboratory"]["analyte"], found["laboratory"]["comparator"], found["laboratory"]["value"]) == ("platelets", "≥", "100000")


@pytest.mark.parametrize(
    ("sentence", "routes"),
    [
        ("Prior intratumoral chemotherapy (e.g., Gliadel), or stereotactic radiosurgery", {("intratumoral",)}),
        ("Prior intratumoral injection of chemotherapy", {("intratumoral",)}),
        ("Prior systemic or intratumoral chemotherapy", {("systemic", "intratumoral")}),
    ],
)
def test_chemotherapy_into_the_tumour_is_another_than_systemic(sentence: str, routes: set[tuple[str, ...]]) -> None:
    """NCT00329719."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {r.routes for r in rules if "chemotherapy" in found_keys([r])} == routes


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (OUT, "Taking a double antiplatelet aggregation", {"antiplatelet"}),  # NCT05420935
        (OUT, "Exposure to more than 1 tumor necrosis factor (TNF)-antagonist", {"tnf-inhibitor"}),  # NCT02552212
        (OUT, "Dual antiplatelet therapy (aspirin plus a P2Y12 inhibitor)", {"antiplatelet", "aspirin", "p2y12-inhibitor"}),
        (OUT, "Combined anticoagulant plus antiplatelet treatment", {"anticoagulant", "antiplatelet"}),
        (OUT, "Concurrent use of both a PPI and an H2-receptor antagonist", {"proton-pump-inhibitor", "h2-blocker"}),
        (OUT, "Taking both warfarin and aspirin", {"warfarin", "aspirin"}),
        (OUT, "Use of both strong CYP3A4 inhibitors and inducers", set()),
        (OUT, "Patients requiring > 1 anti-epileptic agent", {"anticonvulsant"}),
        (OUT, "More than one course of systemic corticosteroids within 6 months", set()),
        (IN, "Background triple therapy (inhaled steroids plus beta-agonists) on a stable dose", set()),
    ],
)
def test_several_drugs_at_once(section: str, sentence: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert found_keys([r for r in rules if r.combined]) == keys and rules


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "Anticonvulsants are restricted to non-EIAEDs"),
        (IN, "Anti-seizure drugs must be non-enzyme-inducing (e.g., levetiracetam)"),
        (IN, "If antiepileptic treatment is needed, a non-enzyme inducing drug must be used"),
        (OUT, "Patients on anticonvulsants should be converted to a non-enzyme inducing agent"),
    ],
)
def test_anticonvulsants_that_must_not_induce_enzymes(section: str, sentence: str) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"enzyme-inducing-anticonvulsant"})
    assert therapy_rules(f"{IN}:\n\n* Non-enzyme-inducing anticonvulsants are allowed\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Prophylactic use of colony-stimulating factors is not permitted",
        "No routine prophylactic use of G-CSF",
        "G-CSF as primary prophylaxis",
        "Prophylactic antibiotics",
    ],
)
def test_what_is_taken_to_prevent_may_be_taken_to_treat(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT if sentence[0] in 'GP' else IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.doubts) == (EXCLUDES, ("what it is given for",))


@pytest.mark.parametrize(
    ("section", "sentence", "key"),
    [
        (IN, "If taking a PPI: switch to famotidine at least 3 days before day 1", "proton-pump-inhibitor"),
        (IN, "If on amiodarone, discontinue at least 28 days prior", "amiodarone"),
        (OUT, "Drugs classified as QTc prolonging", "qt-prolonging-drug"),
        (OUT, "QT-prolongers", "qt-prolonging-drug"),
    ],
)
def test_drugs_that_are_to_end(section: str, sentence: str, key: str) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, CURRENT, {key})


@pytest.mark.parametrize(
    ("sentence", "keys", "modality"),
    [
        (
            "Strong CYP3A4 inhibitors - not permitted; moderate CYP3A4 inhibitors - use with caution",
            {"cyp3a4/inhibitor/moderate"},
            "caution",
        ),
        ("Inducers of CYP3A4 are discouraged, and strong ones are prohibited", {"cyp3a4/inducer/"}, "should_avoid"),
        ("Although PPIs are not prohibited, they should be avoided if possible", {"proton-pump-inhibitor"}, "should_avoid"),
        (  # NCT04659616
            "Use of CYP3A4 inhibitors should be avoided but, if medically necessary, is permitted with a dose reduction of study drug",
            {"cyp3a4/inhibitor/"},
            "should_avoid",
        ),
        (
            "Inhibitors of CYP3A4 are not excluded per se, but strong inhibitors must be discontinued; moderate inhibitors may be continued with caution",
            {"cyp3a4/inhibitor/moderate"},
            "caution",
        ),
        ("Agents known to impact QTc should have a risk assessment before enrolment", {"qt-prolonging-drug"}, "should_avoid"),
    ],
)
def test_soft_words_beside_a_ban(sentence: str, keys: set[str], modality: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    rules = [r for r in rules if r.polarity is EXCLUDES]
    assert found_keys([r for r in rules if r.modality.value == modality]) == keys
    assert all("strong" in m.strengths for r in rules if r.modality.value == "must_not" for m in r.mentions)


@pytest.mark.parametrize(
    ("sentence", "out"),
    [
        ("Prohibited - azoles, macrolides. Permitted - statins, PPIs", {"azole-antifungal", "macrolide"}),
        ("Moderate CYP3A4 inhibitors may be used, strong inhibitors may not", {"cyp3a4/inhibitor/strong"}),
        ("Whereas LMWH can be used, warfarin cannot", {"warfarin"}),
        ("Current aspirin use or contraindication to aspirin, current anticoagulants", {"aspirin", "anticoagulant"}),
        ("Class Ia (quinidine, procainamide) or class III (amiodarone) antiarrhythmics", {"quinidine", "procainamide", "amiodarone", "class-i-antiarrhythmic", "class-iii-antiarrhythmic"}),
        ("Antiarrhythmics of class IA or III", {"class-i-antiarrhythmic", "class-iii-antiarrhythmic"}),
        ("Drugs acting on CYP 3A4 (strong inhibitors)", {"cyp3a4/inhibitor/strong"}),
        ("Strong CYP3A4 inhib/inducers", {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}),
    ],
)  # fmt: skip
def test_which_drugs_are_out(sentence: str, out: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == out


def test_all_others_than_what_was_permitted_before() -> None:
    """The sentence that forbids the rest of the class leaves what the one before it permits."""
    rules = therapy_rules(f"{OUT}:\n\n* Low-dose aspirin is permitted; all other antithrombotic agents are prohibited\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("allows", ["aspirin"])]


def test_an_exception_by_the_hour_is_to_be_asked_about() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of PPIs except if taken 10 h before the study drug\n")
    assert [c.effect for c in rule.carveouts] == ["conditional"]


def test_what_can_be_withheld_is_not_to_go_on() -> None:
    """NCT05914116: "able to withhold" forbids, in the part that the label behind an escaped number names."""
    text = "27\\. Written consent\n\n  28\\. Additional inclusion criteria for DDI cohort: life expectancy. Able to withhold CYP3A inhibitors for a certain period."
    (rule,) = therapy_rules(f"{IN}:\n\n{text}\n")
    assert (rule.polarity, rule.scope.texts) == (EXCLUDES, ("Additional inclusion criteria for DDI cohort",))


def test_who_is_on_a_therapy_takes_it_now() -> None:
    """NCT06334406, NCT05809050: what was stopped is not meant."""
    for sentence in ("Patients under immunotherapy or chemotherapy", "Leukemic phase of lymphoma or patients on chemotherapy."):
        assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {CURRENT}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients on prior anti-PD-1 therapy\n")
    assert rule.role is PRIOR


def test_the_infusion_before_which_others_end_is_the_trials_own() -> None:
    """NCT05309213: earlier cells count, those to be infused do not."""
    rules = therapy_rules(f"{OUT}:\n\n* Patient received allogeneic cell therapy within 6 weeks before CAR-T cell infusion\n")
    assert found_keys(rules) == {"cell-therapy"}


@pytest.mark.parametrize("modal", ["may not", "must not", "should not"])
def test_with_what_patients_must_not_be_treated_on_study_is_had_now(modal: str) -> None:
    """Nobody is kept out by what he had before; "must not have been treated with" looks back."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients {modal} be treated with any other anticancer agents while on study\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, CURRENT)
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients {modal} have been treated with any anticancer agents\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, PRIOR)


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients must have discontinued warfarin",
        "Patients must have stopped taking warfarin before enrollment",
        "Warfarin must have been discontinued before enrollment",
        "Warfarin must have been permanently stopped",
        "Not being treated with warfarin",
        "Warfarin is not to be used during the study",
        "Warfarin will not be given",
        "Warfarin must never be administered",
    ],
)
def test_what_must_have_ended_or_is_not_to_be_given_keeps_out_who_takes_it(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, CURRENT)


@pytest.mark.parametrize("modal", ["must", "should"])
def test_whose_prior_therapy_must_have_ended_had_it(modal: str) -> None:
    """NCT06492616: only who is still on it is kept out."""
    sentence = f"Participants who received a prior CDK4/6 inhibitor {modal} have already completed or discontinued this treatment"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, CURRENT)


@pytest.mark.parametrize("modal", ["must", "should", "have to", "need to", "are required to", "shall", "will need to"])
@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Patients {} have received trastuzumab", Polarity.REQUIRES),
        ("At least 14 days {} have elapsed since trastuzumab", EXCLUDES),
        ("Patients {} be off trastuzumab for at least 14 days", EXCLUDES),
    ],
)
def test_what_is_asked_for_is_so_by_any_modal_verb(modal: str, sentence: str, polarity: Polarity) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence.format(modal)}\n")
    assert (rule.polarity, rule.window is None) == (polarity, polarity is Polarity.REQUIRES)


@pytest.mark.parametrize("modal", ["must", "should"])
def test_times_of_two_therapies_are_told_apart_by_any_modal_verb(modal: str) -> None:
    """NCT03826992."""
    sentence = f"6 months {modal} have elapsed since prior docetaxel, and at least 6 weeks {modal} have elapsed since other chemotherapy"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [(r.window.months, r.window.days) for r in rules if r.window] == [(6, None), (None, 42)]


@pytest.mark.parametrize("modal", ["must", "should"])
def test_what_else_is_asked_for_permits_nothing(modal: str) -> None:
    """NCT06130254."""
    sentence = (
        f"Participants {modal} have progressed on at least 1 prior line of systemic therapy and {modal} be eligible by their mutation"
    )
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.polarity is Polarity.REQUIRES


@pytest.mark.parametrize(
    "words", ["Receives", "Persons being given", "Patients who are treated with", "Co-administration of", "Is being administered"]
)
def test_what_is_told_in_the_present_is_had_now(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words} other cytotoxic therapy\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, CURRENT)


def test_what_must_have_ended_for_a_reason_was_had() -> None:
    for sentence in ("Must have discontinued imatinib due to intolerance", "Must have received imatinib and have discontinued it"):
        (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
        assert (rule.polarity, rule.role) == (Polarity.REQUIRES, PRIOR)


@pytest.mark.parametrize(
    ("section", "sentence", "polarity"),
    [
        (OUT, "Patients in whom bevacizumab has been used", EXCLUDES),
        (IN, "Patients unexposed to bevacizumab", EXCLUDES),
        (IN, "Prior therapy with bevacizumab is mandatory", Polarity.REQUIRES),
    ],
)
def test_use_that_is_told_in_the_passive_was_before(section: str, sentence: str, polarity: Polarity) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.role) == (polarity, PRIOR)


@pytest.mark.parametrize("words", ["Patients exposed to", "Has been exposed to", "Patients who have been given"])
def test_who_was_exposed_to_the_study_drug_had_it(words: str) -> None:
    """NCT01688999 says so of prior treatment."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words} cabozantinib\n", ("cabozantinib",))
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, PRIOR, {"cabozantinib"})


def test_what_is_had_while_in_the_trial_is_had_now() -> None:
    """NCT02253459: earlier chemotherapy is another matter."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Received chemotherapy 4 weeks prior to enrollment, or received other chemotherapies while participating in this trial\n"
    )
    assert [(r.role, r.window is None) for r in rules] == [(PRIOR, False), (CURRENT, True)]


def test_drugs_that_are_contraindicated_beside_the_study_drug_interact_with_it() -> None:
    """NCT02311569; those of NCT00719901 interact by CYP enzymes."""
    sentence = "Any concomitant drugs contraindicated for use with the trial drug according to the approved product information."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.doubts == ("known to interact",)
    assert found_keys(therapy_rules(f"{IN}:\n\n* No concurrent CYP interactive medications\n")) == {"cyp/inhibitor/", "cyp/inducer/"}


def test_drugs_with_interactions_are_those_with_the_drugs_of_the_trial() -> None:
    """NCT04599634."""
    sentence = "Requirement to continue on any of the medications that have significant potential for drug-drug interactions with {}."
    for own in ("the study regimen", "dasatinib"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence.format(own)}\n", ("dasatinib",))
        assert rule.doubts == ("known to interact",)
    assert therapy_rules(f"{OUT}:\n\n* {sentence.format('contraceptives')}\n", ("dasatinib",)) == []


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Patients who are on CYP3A4 substrates and inducers qualify for enrollment for this study.", ALLOWS),  # NCT00088374
        ("Patients who are on CYP3A4 inducers do not qualify for the study.", EXCLUDES),
    ],
)
def test_who_qualifies_comes(sentence: str, polarity: Polarity) -> None:
    assert {r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {polarity}


def test_who_is_off_all_other_therapies_has_ended_them() -> None:
    """The time is that since their end, not for how long they were given."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Must be off all other therapies for at least 4 weeks\n")
    assert rule.window is not None and (rule.window.days, rule.doubts) == (28, ())


def test_prior_or_other_concurrent_therapy_was_had_or_is() -> None:
    """As "prior or concurrent" does."""
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior or other concurrent chemotherapy\n")
    assert rule.role is PRIOR


def test_medication_that_goes_on_is_not_forbidden() -> None:
    """NCT04256018."""
    sentence = "Those receiving prophylaxis for herpes may enter the study, and should continue to take the prescribed medication"
    assert not therapy_rules(f"{OUT}:\n\n* Active herpes zoster. {sentence} for the duration of the study.\n")
    assert therapy_rules(f"{OUT}:\n\n* Taking any medication\n")


def test_what_is_not_permissible_is_forbidden() -> None:
    """NCT00375245."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Concurrent use of ketoconazole, tacrolimus, and rifampin with rapamycin is not permissible.\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior systemic therapy must be limited to one regimen",
        "Treatment of disease limited to the liver with chemotherapy",
        "Patients whose only prior therapy is hydroxyurea are eligible",
    ],
)
def test_a_limit_of_something_else_limits_prior_therapy_to_none(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and r.lines is None]


def test_examples_of_prohibited_medications_are_prohibited() -> None:
    """NCT07276373."""
    rules = therapy_rules(f"{OUT}:\n\n* Requirement for prohibited medications, including but not limited to systemic corticosteroids\n")
    assert [r.doubts for r in rules] == [()]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Have used any CAR-T cell products or other genetically modified T cell therapies before"),  # NCT05143151
        (OUT, "Has received any of the comparators used in this study or any topoisomerase I inhibitor"),  # NCT06203210
        (IN, "EGFR TKI treatment-naive, eligible to receive chemotherapy"),  # NCT02856893
    ],
)
def test_what_was_had_before_is_prior_therapy_beside_words_of_use(section: str, sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {r.role for r in rules} == {PRIOR}


def test_what_is_not_given_during_the_study_was_not_given_before() -> None:
    """NCT05086315."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Radiotherapy, even if palliative in intent, may not be given during the study.\n")
    assert (rule.polarity, rule.role, rule.binds_if) == (EXCLUDES, CURRENT, "")


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Any prior therapy within 21 days prior to lapatinib", "anticancer-therapy"),
        ("Prior treatment before the first dose of lapatinib", "systemic-anticancer-therapy"),
    ],
)
def test_the_study_drug_behind_prior_therapy_only_tells_when(sentence: str, key: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("lapatinib",))
    assert found_keys([rule]) == {key}


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Prior MEK inhibitor use is an exclusion", EXCLUDES),
        ("Prior MEK inhibitor use precludes enrollment", EXCLUDES),
        ("Prior MEK inhibitor use disqualifies", EXCLUDES),
        ("Prior MEK inhibitor use is considered an exclusion", EXCLUDES),
        ("Prior MEK inhibitor use results in exclusion", EXCLUDES),
        ("Patients who had a MEK inhibitor are disqualified", EXCLUDES),
        ("Prior MEK inhibitor use is a criterion for exclusion", EXCLUDES),
        ("Prior MEK inhibitor use does not constitute an exclusion", ALLOWS),
        ("Prior MEK inhibitor use will not result in exclusion", ALLOWS),
        ("Patients previously treated with a MEK inhibitor cannot enroll", EXCLUDES),
        ("Prior MEK inhibitor use does not preclude enrollment", ALLOWS),
        ("Prior MEK inhibitor use is not a reason for exclusion", ALLOWS),
    ],
)
def test_words_that_keep_out_among_the_inclusions(sentence: str, polarity: Polarity) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.polarity is polarity


@pytest.mark.parametrize(
    ("sentence", "window"),
    [
        ("Current use of Xolair", None),
        ("Use of omalizumab during the 4 months prior to the screening visit.", 4),
        ("Previous treatment with omalizumab within one year prior to signing the informed consent.", 12),
        ("Regular use of probiotics, prebiotics, or omalizumab within 6 months prior to screening.", 6),
    ],
)
def test_users_of_the_trials_own_drug_are_excluded(sentence: str, window: int | None) -> None:
    """NCT00162773, NCT01912872, NCT04944602, NCT07115342."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("omalizumab",))
    assert [(r.polarity, r.window and r.window.months) for r in rules if "omalizumab" in found_keys([r])] == [(EXCLUDES, window)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Have received immuno-suppressive treatment.",
        "Immunosuppressants taken at any time in the past",
        "Patients who have ever been treated with immunosuppressants",
    ],
)
def test_what_was_ever_received_is_prior_therapy(sentence: str) -> None:
    """NCT00258778, NCT02676765."""
    assert [r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [PRIOR]


@pytest.mark.parametrize(
    "sentence",
    [
        "Are willing to forego other forms of experimental treatment during the study.",
        "Have been instructed and agreed to not take any probiotic containing products",
        "Parents do not plan to give probiotics to the subject during the trial",
        "Not having received immunotherapy in the previous 5 years.",
    ],
)
def test_what_is_given_up_for_the_trial_is_not_asked_for(sentence: str) -> None:
    """NCT03669861, NCT01653652, NCT05003804, NCT06782217."""
    assert [r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")] == [EXCLUDES]


def test_eligible_patients_who_must_not_have_what_follows_are_kept_out_by_it() -> None:
    """A heading of the kind of "Patients must not have any of the following:"."""
    rules = therapy_rules("Eligible patients must not have any of the following:\n\n1. Prior doxorubicin\n2. Warfarin\n")
    assert {r.polarity for r in rules} == {EXCLUDES}


@pytest.mark.parametrize("words", ["must be modified to", "should be switched to", "should transition to"])
def test_a_drug_that_is_to_be_exchanged_keeps_out_who_goes_on_with_it(words: str) -> None:
    """NCT03481920."""
    (rule,) = therapy_rules(f"{IN}:\n\n* If a subject requires anticoagulation, treatment {words} enoxaparin.\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"anticoagulant"})


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        (
            "Requires use of anti-platelet or anti-coagulant therapy that cannot be safely suspended for per protocol biopsies or intra-tumoral injections.",
            True,
        ),  # NCT06444815
        (
            "Receiving chronic anti-coagulation therapy that cannot be safely discontinued temporarily for the required biopsies",
            True,
        ),  # NCT05635643
        ("Use of anticoagulants that cannot be discontinued", False),
    ],
)
def test_a_pause_for_a_procedure_may_be_possible(sentence: str, doubted: bool) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert ("a pause that may be possible" in rule.doubts) is doubted


def test_a_pause_is_not_asked_of_what_is_not_permitted_at_all() -> None:
    sentence = "Oral anticoagulants which cannot be held for procedures; in particular warfarin and apixaban are not permitted"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [found_keys([r]) for r in rules if not r.doubts] == [{"warfarin", "apixaban"}]


@pytest.mark.parametrize(
    ("words", "modality"),
    [
        ("close monitoring is required and switching should be considered", Modality.CAUTION),
        ("INR must be checked weekly, and alternative anticoagulants should be considered", Modality.SHOULD_AVOID),
        ("INR must be checked weekly, and consideration should be given to a change", Modality.SHOULD_AVOID),
        ("consider LMWH instead", Modality.SHOULD_AVOID),
        ("close monitoring is required", None),
    ],
)
def test_what_is_better_exchanged_is_for_review(words: str, modality: Modality | None) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* If warfarin is used, {words}\n")
    assert [r.modality for r in rules if r.polarity is EXCLUDES and "warfarin" in found_keys([r])] == ([modality] if modality else [])


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (OUT, "Patients who are anticoagulated", {"anticoagulant"}),
        (OUT, "Bleeding disorder or anticoagulated", {"anticoagulant"}),
        (IN, "Patients must not be anticoagulated", {"anticoagulant"}),
        (OUT, "Currently anticoagulated with warfarin or heparins", {"warfarin", "heparin-group"}),
        (OUT, "Is fully anticoagulated", {"anticoagulant"}),
        (OUT, "Use of heparins within 7 days", {"heparin-group"}),
        (OUT, "INR > 1.5 unless anticoagulated", set()),
        (IN, "Patients who are anticoagulated must have a stable INR", set()),
    ],
)
def test_who_is_anticoagulated_takes_anticoagulants(section: str, sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{section}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Current use of warfarin for therapeutic anticoagulation", {"warfarin"}),  # NCT02240212
        ("Patients who need warfarin or phenprocoumon for anticoagulation", {"warfarin", "phenprocoumon"}),
        ("Warfarin or other anticoagulants for which the INR has to be monitored", {"warfarin", "vitamin-k-antagonist"}),
        ("Anticoagulation with agents that need INR monitoring", {"vitamin-k-antagonist"}),
    ],
)
def test_anticoagulants_are_told_by_their_names_or_by_what_they_need(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


def test_immunosuppression_among_therapies_is_no_state() -> None:
    """NCT06334406 and NCT06034002, with drugs or therapy."""
    for text in ("Chemotherapy, immunotherapy or other immunosuppression", "Chemotherapy, immunosuppression, biological therapy"):
        assert all(r.doubts == () for r in therapy_rules(f"{OUT}:\n\n* {text} within 28 days\n"))


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        # NCT03310879
        ("EIAEDs who cannot be transferred to a non-EIAED (e.g., levetiracetam, lacosamide)", {"enzyme-inducing-anticonvulsant"}),
        ("Patients on warfarin who cannot be switched to other anticoagulants (e.g. heparin, apixaban)", {"warfarin"}),
        ("Omeprazole which cannot be replaced by safer drugs such as famotidine", {"omeprazole"}),
    ],
)
def test_examples_of_what_is_taken_instead_are_free(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


def test_examples_of_the_others_that_non_leaves_are_meant() -> None:
    text = "Minimum elapsed time: cytotoxic agents, at least 21 d; non-cytotoxic (e.g. small-molecule inhibitors), at least 14 d"
    assert "small-molecule-targeted-therapy" in found_keys(therapy_rules(f"{IN}:\n\n* {text}\n"))


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Anticoagulants or antiplatelet agents which could not be stopped in case platelets fall below 50,000"),
        (OUT, "Anticoagulants or antiplatelet agents that cannot be interrupted should platelets drop below 50,000"),
        (OUT, "Unable to stop anticoagulants or antiplatelet agents when the platelet count is less than 50,000"),
        (IN, "Patients on anticoagulants or antiplatelet agents must be able to discontinue them if platelets fall below 50,000"),
    ],
)
def test_what_has_to_be_stopped_in_a_case_binds_the_whole_list_then(section: str, sentence: str) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert found_keys(rules) == {"anticoagulant", "antiplatelet"} and all(r.binds_if for r in rules)


@pytest.mark.parametrize(
    "sentence",
    [
        "Growth factors as prophylaxis (G-CSF, GM-CSF)",
        "Primary prophylaxis with growth factors such as G-CSF or GM-CSF",
        "G-CSF or GM-CSF for prophylaxis",
    ],
)
def test_all_of_a_list_is_given_to_prevent(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {"g-csf", "gm-csf"} <= found_keys(rules) and all(r.doubts == ("what it is given for",) for r in rules)


def test_behind_a_comma_only_the_last_is_given_to_prevent() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Systemic steroids, or G-CSF for prophylaxis\n")
    assert [found_keys([r]) for r in rules if r.doubts] == [{"g-csf"}]


def test_immunosuppression_that_must_have_ended_is_no_state() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Immunosuppression must have been discontinued at least 14 days before registration\n")
    assert (rule.polarity, rule.doubts) == (EXCLUDES, ())


def test_patients_with_an_immunocompromised_state_are_not_said_to_be_given_it() -> None:
    """NCT05984602: "with" belongs to the patient."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patient with suspected or proven immunocompromised state\n")
    assert rule.doubts


@pytest.mark.parametrize(
    "sentence", ["Has received or is expected to receive chemotherapy", "Have received, or are planned to receive, chemotherapy"]
)
def test_what_was_received_or_will_be_was_received(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.role is Role.PRIOR_THERAPY


@pytest.mark.parametrize(
    ("section", "sentence", "key"),
    [
        (OUT, "Patients with allergy symptoms can be included if patients can manage without antihistamines", "antihistamine"),
        (OUT, "Conditions rendering the treatment of anaphylactic reactions difficult (treatment with β-blockers)", "beta-blocker"),
        (OUT, "Medications that may reduce the effectiveness of rescue treatments for anaphylaxis (e.g. beta-blockers)", "beta-blocker"),
        (
            OUT,
            "Taking systemic interferon (local interferon α for the treatment of HPV is allowed) or treated with systemic chemotherapy",
            "chemotherapy",
        ),
        (
            IN,
            "Exclusion Criteria:The presence of severe asthma, previously received allergen immunotherapy and other contraindications of it",
            "allergen-immunotherapy",
        ),
        (IN, "HIV-1 infected antiretroviral therapy (ART)-naive men or women aged 18 years or greater", "antiretroviral"),
        (IN, "No chemotherapy is allowed within 4 weeks before enrollment", "chemotherapy"),
        (OUT, "Patients who did not respond favorably to previous dupilumab treatment", "dupilumab"),
        (OUT, "Patients who have been systematically treated with hormones or immunosuppressants within two weeks", "corticosteroid"),
        (OUT, "Hormone therapy at a dose of 20 mg prednisone within 2 weeks", "systemic-corticosteroid"),
        (OUT, "Administration of immunoglobulins and/or any blood products within the three months", "immunoglobulin-product"),
        (OUT, "Nasal vasoconstrictors within 1 week", "decongestant"),
    ],
)
def test_therapies_that_other_words_hid_are_excluded(section: str, sentence: str, key: str) -> None:
    """
    NCT02017626, NCT02423707, NCT03682965, NCT03599908, NCT01795846, NCT05896748, NCT01238263, NCT04783389, NCT05529836, NCT06480136,
    NCT03999970, NCT01485523.
    """
    assert key in found_keys([r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES])


def test_what_came_of_a_drug_is_not_that_of_its_use_before() -> None:
    """NCT04684524."""
    text = f"{OUT}:\n\n* Treatment with dupilumab within 12 months, or discontinued dupilumab use due to adverse event.\n"
    assert [r.outcomes for r in therapy_rules(text)] == [(), ("intolerance",)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients already treated with omalizumab",
        "Patients who had been treated with omalizumab",
        "Receiving or received omalizumab",
        "Treatment with omalizumab at any time.",
    ],
)
def test_what_was_had_whenever_is_prior_therapy(sentence: str) -> None:
    """NCT00454051, NCT06035328, NCT02676765, NCT05850520."""
    assert [r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [PRIOR]


def test_use_or_abuse_of_a_drug_is_use_of_it() -> None:
    """NCT05093478."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Use or abuse of nasal decongestants.\n")) == {"decongestant"}
    assert not therapy_rules(f"{OUT}:\n\n* Abuse of opioids.\n")


@pytest.mark.parametrize("sentence", ["Unwilling to discontinue omeprazole", "Unable to switch from omeprazole"])
def test_who_will_not_stop_a_drug_is_on_it(sentence: str) -> None:
    """NCT05138757."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"omeprazole"}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Platelet count >= 100,000/mm3 without platelet transfusion within 14 days.", {"platelet-transfusion"}),  # NCT05390528
        (
            "No blood transfusion or hematopoietic stimulator treatment within 14 days",
            {"blood-transfusion", "growth-factor"},
        ),  # NCT05706207
        ("Patients should not have received any blood component within two weeks", {"blood-transfusion"}),  # NCT05417321
    ],
)
def test_counts_without_support_are_those_of_who_had_none(sentence: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (found_keys(rules), [r.doubts for r in rules], [r.window and r.window.days for r in rules]) == (keys, [()], [14])


@pytest.mark.parametrize(
    "sentence",
    [
        "Any concurrent systemic treatment to prevent GVHD",  # NCT05406817
        "Patients receiving any agent to treat or prevent GvHD post bone marrow transplant are not eligible",  # NCT05740449
        "Ongoing requirement for systemic graft-versus-host therapy",  # NCT05886491
    ],
)
def test_what_is_given_against_gvhd_is_an_immunosuppressant(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), bool(rule.doubts)) == ({"immunosuppressant"}, True)


def test_lines_and_progression_are_not_those_of_whom_a_therapy_is_new_to() -> None:
    """NCT04728893."""
    text = f"{IN}:\n\n* Relapsed or refractory following at least 1 line of prior therapy and BTKi treatment naive\n"
    (rule,) = [r for r in therapy_rules(text) if "btk-inhibitor" in found_keys([r])]
    assert (rule.polarity, rule.lines, rule.outcomes) == (EXCLUDES, None, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "History or planned organ or allogeneic stem cell transplantation.",  # NCT07115043
        "History of or planned solid organ transplant",
        "Prior/planned use of chemotherapy",
    ],
)
def test_what_was_had_or_is_planned_was_had(sentence: str) -> None:
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {PRIOR}


@pytest.mark.parametrize(
    "sentence",
    [
        "Treatment with systemic immunosuppressants (azathioprine, cyclophosphamide)",
        "Treatment with immunosuppressive medication (including, but not limited to, prednisone, thalidomide and cyclophosphamide)",
        "Treatment with immunosuppressants such as cyclophosphamide",
    ],
)
def test_examples_of_what_is_not_given_for_cancer_are_taken_as_that_is(sentence: str) -> None:
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {Role.CONCOMITANT}


def test_for_how_long_the_study_drug_was_given_is_a_doubt() -> None:
    """NCT06111625."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* administration of blinatumomab therapy for more than 14 days\n", ("blinatumomab",))
    assert (found_keys([rule]), rule.doubts) == ({"blinatumomab"}, (HOW_LONG,))


def test_a_relapse_is_not_one_on_a_therapy_that_was_not_had() -> None:
    """NCT05497310."""
    text = f"{IN}:\n\n* Diagnosis of relapsed APL who have not been previously treated with arsenic trioxide\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert (found_keys([rule]), rule.outcomes) == ({"arsenic-trioxide"}, ())


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        # NCT07769047
        ("Use of chemotherapy, radiation therapy, or immunotherapy for breast cancer treatment", PRIOR),
        ("Use of systemic anticancer therapy for metastatic disease", PRIOR),
        ("Concurrent use of chemotherapy for breast cancer", CURRENT),
        ("Use of other anticancer agents for breast cancer during the study", CURRENT),
        ("Use of methotrexate for rheumatoid arthritis", CURRENT),
    ],
)
def test_a_use_that_is_told_with_its_disease_is_a_history(sentence: str, role: Role) -> None:
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {role}


@pytest.mark.parametrize(
    ("section", "sentence", "window"),
    [
        (OUT, "Participation in another clinical trial within 30 days", 30),  # NCT02810535
        (OUT, "Patients who have participated in other interventional clinical studies within 30 days", 30),  # NCT05739409
        (OUT, "Received other clinical trial drugs within 30 days prior to first dose", 30),  # NCT05690581
        (OUT, "Patient who has participated in other clinical studies and received study drugs within 30 days", 30),  # NCT05706207
        (OUT, "Received other unmarketed investigational drug or treatment within 30 days", 30),  # NCT06382129
        (OUT, "Any other investigational biological agents within 30 days prior to initiation of study therapy", 30),  # NCT05321940
        (IN, "At least 30 days from participation in other investigational trials", 30),  # NCT04747912
        (OUT, "Currently participating in another clinical trial", None),
    ],
)
def test_what_was_given_in_another_trial_is_investigational(section: str, sentence: str, window: int | None) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n", ("lapatinib",))
    assert (rule.polarity, found_keys([rule]), rule.window and rule.window.days) == (EXCLUDES, {"investigational-agent"}, window)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Participation in another observational study"),
        (OUT, "Unwilling to participate in another study"),
        (IN, "Agrees not to participate in another clinical trial during the study"),
        (OUT, "These risks may also apply to other agents used in this study"),
    ],
)
def test_taking_part_that_is_no_use_of_a_drug(section: str, sentence: str) -> None:
    assert not therapy_rules(f"{section}:\n\n* {sentence}\n", ("lapatinib",))


def test_herbs_of_some_properties_leave_a_doubt() -> None:
    """NCT05595499 speaks of senolytic ones."""
    rules = therapy_rules(f"{OUT}:\n\n* Herbal products with possible senolytic properties (i.e., curcumin)\n")
    assert {r.doubts for r in rules if "herbal-product" in found_keys([r])} == {("kinds that it does not name",)}


@pytest.mark.parametrize(
    "sentence",
    [
        "Strong CYP3A4 inhibitors are only allowed after consultation with the medical monitor",
        "Strong CYP3A4 inhibitors may be given with the sponsor's consent",
        "Use of strong CYP3A4 inhibitors must be discussed with the principal investigator",
    ],
)
def test_what_is_permitted_on_approval_is_for_somebody_to_decide(sentence: str) -> None:
    assert [r.modality for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES] == [Modality.APPROVAL]


def test_the_approval_of_a_drug_is_none_of_its_use() -> None:
    """NCT05228041."""
    sentence = "Patients of over 18-year old requiring a biologic treatment for CRswNP in accordance with its marketing approval"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    "sentence", ["Patients on warfarin have to switch to heparin", "Warfarin must be replaced by heparin before inclusion"]
)
def test_what_must_be_replaced_may_not_go_on(sentence: str) -> None:
    assert found_keys([r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == {"warfarin"}


@pytest.mark.parametrize(
    "sentence",
    [
        "If on omeprazole, discontinue at least 7 days before day 1",
        "If taking omeprazole: switch to famotidine at least 3 days before day 1",
        "Patients on omeprazole: to be replaced by famotidine",
        "Patients taking omeprazole are eligible once switched to famotidine",
        "Patients on omeprazole can be enrolled only after switching to famotidine",
        "Omeprazole is permitted up to 7 days before day 1",
        "Omeprazole may be continued until the day before day 1",
        "Participants cannot receive omeprazole while on study",
        "Cannot take omeprazole within 7 days",
    ],
)
def test_those_on_a_drug_that_has_to_end_are_kept_out(sentence: str) -> None:
    assert found_keys([r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == {"omeprazole"}


def test_to_what_somebody_cannot_be_switched_is_not_forbidden() -> None:
    """NCT01083602."""
    sentence = (
        "Patients who will need valproic acid for any medical condition during the study or within 5 days prior to the first administration of "
        "study drug / treatment or who cannot be switch to safely to alternative anti-epileptic medication"
    )
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"valproic-acid"}


def test_drugs_that_alter_conduction_are_antiarrhythmics() -> None:
    """NCT00003782."""
    sentence = "No concurrent medications that alter cardiac conduction (e.g., digitalis, beta blockers, or calcium-channel blockers)"
    assert "antiarrhythmic" in found_keys(therapy_rules(f"{IN}:\n\n* {sentence}\n"))
    assert therapy_rules(f"{OUT}:\n\n* Conditions that alter cardiac conduction\n") == []


@pytest.mark.parametrize(
    "sentence", ["PPIs if not stopped at C1D1", "PPIs, if they are not discontinued before enrolment", "PPIs unless stopped before day 1"]
)
def test_what_is_meant_unless_stopped_is_what_is_taken_still(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.carveouts, rule.binds_if) == ({"proton-pump-inhibitor"}, (), "")


def test_one_dose_frees_nobody_who_takes_it_day_by_day() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Systemic steroids at a dose over 10 mg prednisone, except single-dose\n")
    assert [c.effect for c in rule.carveouts] == ["purpose"]


def test_immunosuppressants_for_a_transplant_are_those_of_who_had_one() -> None:
    sentence = "Immunosuppressive agents (e.g. mycophenolate, prednisone > 15 mg) for solid-organ or bone marrow allograft"
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "solid-organ-transplant" not in found_keys([r])]
    assert rules and all(r.doubts == ("after a transplant",) for r in rules)


def test_what_patients_used_was_had_if_it_is_against_cancer() -> None:
    """NCT02526537."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients used HER2 pathways involved drugs such as erlotinib or trastuzumab\n")
    assert rule.role is Role.PRIOR_THERAPY
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients who used steroids within 2 weeks\n")
    assert rule.role is Role.CONCOMITANT


def test_if_they_take_what_must_be_stopped_limits_no_part() -> None:
    text = "* If the patient takes any of the following, it must be stopped 1 week before treatment:\n  * itraconazole\n"
    (rule,) = therapy_rules(f"{IN}:\n\n{text}")
    assert (rule.polarity, rule.scope.texts) == (EXCLUDES, ())


def test_what_cannot_be_replaced_is_no_condition() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Warfarin if it cannot be replaced by another drug\n")
    assert rule.binds_if == ""


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Inability to replace concomitant strong CYP3A inhibitors by an alternative treatment before enrollment"),
        (OUT, "Need for strong CYP3A inhibitors for which no alternative can be substituted"),
        (OUT, "Strong CYP3A inhibitors cannot be avoided during the study"),
        (OUT, "Treatment with strong CYP3A inhibitors if no substitution is possible"),
        (IN, "Able to interrupt concomitant treatment with strong CYP3A inhibitors"),
        (IN, "Willingness and ability to interrupt strong CYP3A inhibitors"),
    ],
)
def test_what_cannot_be_replaced_or_must_be_interrupted_keeps_out_who_goes_on(section: str, sentence: str) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.modality, rule.binds_if) == (EXCLUDES, Modality.MUST_NOT, "")
    assert found_keys([rule]) == {"cyp3a4/inhibitor/strong"}


@pytest.mark.parametrize(
    ("sentence", "polarities"),
    [
        ("HIV-infected participants must have well-controlled HIV on anti-retroviral therapy (ART), defined as:", {ALLOWS}),  # NCT05920798
        ("Participants on ART must have achieved and maintained virologic suppression", {ALLOWS}),  # NCT05920798
        ("To enroll, the participants should be on the protocol accepted ART", {ALLOWS}),  # NCT04514484
        ("Patients must have received prior vinorelbine", {ALLOWS}),
        ("Patients on rivaroxaban must be able to switch to low molecular weight heparin", {EXCLUDES}),
        ("Patients who must be on digoxin", {EXCLUDES}),
        ("Patients receiving tacrolimus must have discontinued it", {EXCLUDES}),
    ],
)
def test_what_is_asked_of_patients_among_exclusions(sentence: str, polarities: set[Polarity]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {r.polarity for r in rules if "low-molecular-weight-heparin" not in found_keys([r])} == polarities


@pytest.mark.parametrize(
    "sentence",
    ["Treatment with chemotherapy is not allowed during the study", "Treatment with chemotherapy during the study is prohibited"],
)
def test_what_is_not_allowed_during_the_study_was_not_had_before(sentence: str) -> None:
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {CURRENT}


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("Therapy with vemurafenib or other BRAF inhibitors", PRIOR),
        ("Treatment with BRAF inhibitors", PRIOR),
        ("Therapy with warfarin", CURRENT),
        ("Treatment with chemotherapy during the study", CURRENT),
        ("Patients who require treatment with chemotherapy", CURRENT),
        (  # NCT06751849
            "Subjects expected to require any form of antitumor treatment during the study, including maintenance therapy with other drugs,"
            " chemotherapy, and/or surgical resection.",
            CURRENT,
        ),
    ],
)
def test_treatment_with_a_drug_leaves_it_to_other_words_when_it_is_had(sentence: str, role: Role) -> None:
    """Where there are none, a drug against cancer counts when it is over, too."""
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {role}


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("No scheduled radiotherapy, chemotherapy, or surgery before the scheduled response evaluation", CURRENT),  # NCT06173349
        ("No upcoming chemotherapy or immunotherapy", CURRENT),
        ("No prior or scheduled chemotherapy", PRIOR),
        ("No cytotoxic chemotherapy within 14 days prior to the first scheduled dose", PRIOR),  # NCT05276609
    ],
)
def test_what_is_scheduled_was_not_had(sentence: str, role: Role) -> None:
    assert {r.role for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == {role}


@pytest.mark.parametrize(
    ("section", "sentence", "modality"),
    [
        (
            IN,
            "Subjects taking glucocorticoids before and during the study will be included per the discretion of the investigator",
            "discretion",
        ),
        (IN, "Patients on warfarin may be enrolled only with approval of the sponsor", "approval"),
        (
            OUT,
            "Immunosuppressive agents are required, and the investigator evaluates that it has an impact on the study treatment",
            "discretion",
        ),
        (OUT, "Use of immunosuppressants that the investigator considers would affect the study treatment", "discretion"),
        (OUT, "Long-term use of immunosuppressive agents that the investigator considers would affect the study treatment", "discretion"),
        (OUT, "Immunosuppressive agents, or treatments that the investigator believes may affect the study", "must_not"),
    ],
)
def test_what_somebody_has_to_judge(section: str, sentence: str, modality: str) -> None:
    """NCT06829173, NCT05488353; NCT07342803 tells of other treatments, behind "or"."""
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.modality) == (EXCLUDES, Modality(modality))


def test_maintenance_of_what_is_no_cancer_therapy_is_but_its_use() -> None:
    """NCT00199342: it is no setting, in which a therapy of the cancer is given."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients requiring maintenance systemic steroid therapy for any condition\n")
    assert (rule.polarity, rule.settings) == (EXCLUDES, ())


@pytest.mark.parametrize(
    "words", ["no potential curative therapy exists (e.g., surgery, radiotherapy, or systemic chemotherapy)", "no known effective therapy"]
)
def test_that_no_therapy_is_left_denies_none(words: str) -> None:
    """NCT00023790."""
    assert EXCLUDES not in {r.polarity for r in therapy_rules(f"{IN}:\n\n* Histologically confirmed tumor for which {words}\n")}


@pytest.mark.parametrize(
    "text", ["Earlier use of a BRAF inhibitor, alone or combined with others", "Use of a BRAF inhibitor at any time in the past"]
)
def test_earlier_use_was_in_the_past(text: str) -> None:
    """Both made up; NCT03351543 writes "earlier vaccine"."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert (rule.role, found_keys([rule])) == (PRIOR, {"braf-inhibitor"})


def test_a_sentence_ends_behind_a_day_before_the_first() -> None:
    """NCT04678401: the alternatives that are acceptable are told of in a sentence of their own."""
    sentence = "Inability to withhold strong CYP3A4 inhibitors during day -10 through day -5"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}. It is acceptable to use alternative non-interacting medications\n")
    assert [r.polarity for r in rules if found_keys([r]) == {"cyp3a4/inhibitor/strong"}] == [EXCLUDES]


def test_the_end_of_the_study_drug_ends_nothing_else() -> None:
    """NCT01126450."""
    taken = "Must agree to take low dose aspirin or other anticoagulation while receiving study drug"
    assert not [
        r for r in therapy_rules(f"{IN}:\n\n* {taken} and for 30 days after study drug is discontinued\n") if r.polarity is EXCLUDES
    ]
    assert [r for r in therapy_rules(f"{IN}:\n\n* Warfarin must be discontinued before study drug is started\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Requires ongoing need for corticosteroid treatment", True),  # NCT06849713
        ("Has a persistent need for systemic corticosteroids", True),
        ("Persistent requirement for systemic corticosteroids", True),
        ("Asthma with persistent need for systemic corticosteroids", False),
    ],
)
def test_a_need_that_persists_is_no_ill_that_needs_it(sentence: str, told: bool) -> None:
    """It is an ill that persists only where one is named."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(r.polarity, r.role) for r in rules] == [(EXCLUDES, CURRENT)] * told


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Systemic corticosteroids must be fully tapered off/stopped before first study drug", EXCLUDES),  # NCT06849713
        ("Warfarin must be permanently discontinued before the first dose", EXCLUDES),
        ("Warfarin must be closely monitored", ALLOWS),
    ],
)
def test_what_must_be_fully_stopped_keeps_out_who_goes_on(sentence: str, polarity: object) -> None:
    """Among exclusions, where "X must be …" else tells of what is permitted."""
    assert [r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [polarity]


def test_more_of_what_is_taken_is_a_recent_start() -> None:
    """NCT04349436."""
    sentence = "Condition requiring an increase in the patient's usual immunosuppressive medications within 60 days of study treatment"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.doubts == ("a recent start",)
    (rule,) = therapy_rules(f"{OUT}:\n\n* Condition requiring current immunosuppressive medications within 60 days\n")
    assert rule.doubts == ()


@pytest.mark.parametrize(
    ("section", "sentence", "role"),
    [
        (OUT, "Anti-cancer therapy, including chemotherapy and radiation therapy, planned in the next 6 months", CURRENT),
        (OUT, "Have a planned administration of chemotherapy or immunotherapy", CURRENT),  # NCT03888534
        (OUT, "Prior or planned concurrent treatment with enzalutamide", PRIOR),
        (OUT, "Have had or are planned to have radiotherapy within 2 weeks", PRIOR),
        (IN, "Participants must not have received or be currently receiving any prior therapy for acute myeloid leukemia", PRIOR),
        (OUT, "Receiving additional, concurrent, active therapy for glioblastoma outside of the trial", CURRENT),
    ],
)
def test_when_a_use_is_told_behind_it_or_beside_another_time(section: str, sentence: str, role: Role) -> None:
    """NCT06802146, NCT05765500, NCT05554406, NCT03970447."""
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rules and {(r.polarity, r.role) for r in rules} == {(EXCLUDES, role)} and not any(r.carveouts for r in rules)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        (
            "Use of QT-prolonging drugs. In the event a prohibited medication is needed, discuss it on a case-by-case basis.",
            Modality.DISCRETION,
        ),
        ("If the patient is on systemic anticoagulation, this should be discussed with the overall PI", Modality.APPROVAL),
        ("Prior allogeneic transplant. Exceptions may be made with sponsor approval.", Modality.APPROVAL),
        ("Use of systemic steroids. Such patients should be discussed with the medical monitor.", Modality.APPROVAL),
        (
            "Use of strong CYP3A4 inhibitors. Some of these medications may be allowed at the investigator's discretion after written approval "
            "by the medical monitor.",
            Modality.APPROVAL,
        ),
        ("Use of warfarin. Certain of these drugs may be permitted after discussion with the sponsor.", Modality.APPROVAL),
        ("Use of warfarin; some of these agents may be used on a case-by-case basis", Modality.DISCRETION),
        ("Use of warfarin. In exceptional cases, these drugs may be continued after discussion with the sponsor.", Modality.APPROVAL),
        ("Use of warfarin. Other agents may be used at the investigator's discretion.", Modality.MUST_NOT),
        ("Use of warfarin. No exceptions may be made, even with approval of the sponsor.", Modality.MUST_NOT),
        ("Use of warfarin. Patients with brain metastases may be eligible at the discretion of the PI.", Modality.MUST_NOT),
        ("Use of strong CYP3A4 inducers. Use may be permitted after consultation with the sponsor.", Modality.APPROVAL),
        ("Chronic use of NSAIDs. The investigator should contact the medical monitor to discuss eligibility.", Modality.APPROVAL),
        ("Chronic use of NSAIDs. Contact the medical monitor with any questions.", Modality.MUST_NOT),
        ("Patients requiring warfarin will be considered on a case-by-case basis.", Modality.DISCRETION),
        (
            "It is suggested that participants receiving medications that meet one of the following criteria discontinue them before the start "
            "of treatment and for the duration of the study. If the medication is medically necessary, review with PI before enrollment.\n\n"
            "  * Strong inducers of CYP3A4/5.",
            Modality.APPROVAL,
        ),
    ],
)
def test_who_decides_is_told_in_a_sentence_of_its_own(text: str, modality: Modality) -> None:
    """NCT04771572, NCT05553782, NCT03595917, NCT05815173."""
    rules = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert [(r.polarity, r.modality) for r in rules] == [(EXCLUDES, modality)]


def test_exceptions_that_are_not_told_leave_a_ban_open() -> None:
    for sentence in ("Exceptions to this may be granted by the principal investigator.", "Some medications may be allowed."):
        (rule,) = therapy_rules(f"{OUT}:\n\n* Use of strong CYP3A4 inhibitors. {sentence}\n")
        assert (rule.polarity, rule.doubts) == (EXCLUDES, (UNNAMED_EXCEPTIONS,))


def test_exceptions_for_one_therapy_are_those_that_are_told() -> None:
    """NCT04918186."""
    text = "Radiation or endocrine therapy is permitted if 28 days have passed. Exceptions may be made for low-dose radiotherapy."
    (rule,) = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert (rule.doubts, [m.key for c in rule.carveouts for m in c.mentions]) == ((), ["radiotherapy"])


@pytest.mark.parametrize(
    ("brackets", "effect"),
    [
        ("some of these may be permitted after agreement with the sponsor", "depends"),
        ("certain drugs may be permitted after discussion with the sponsor", "depends"),
        ("some of these may be allowed", "conditional"),
    ],
)
def test_brackets_that_permit_some_leave_it_open_which(brackets: str, effect: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Strong CYP3A4 inhibitors ({brackets})\n")
    assert (rule.polarity, [c.effect for c in rule.carveouts]) == (EXCLUDES, [effect])


def test_who_did_not_have_one_therapy_or_had_another() -> None:
    """NCT04322318: an exclusion of those without frontline chemotherapy, and of those with one agent alone."""
    sentence = "Patients who did not receive frontline chemotherapy or received only one chemotherapy agent for frontline therapy"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(r.polarity, bool(r.doubts)) for r in rules] == [(Polarity.REQUIRES, False), (EXCLUDES, True)]
    rules = therapy_rules(f"{OUT}:\n\n* Patients who have not received radiotherapy or received chemotherapy within 4 weeks\n")
    assert [(r.polarity, r.mentions[0].key) for r in rules] == [(Polarity.REQUIRES, "radiotherapy"), (EXCLUDES, "chemotherapy")]


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (
            OUT,
            "Participants with IDH mutations who are planned to receive targeted agent maintenance therapy to prevent relapse are excluded.",
            {"targeted-therapy"},
        ),  # NCT06138587
        (OUT, "Patients scheduled to receive stem cell transplant are ineligible", {"stem-cell-transplant"}),
        (IN, "Patients planned to receive chemotherapy", set()),
        (
            IN,
            "Any surgery, radiation, hormonal therapy is left up to the treating provider but should not occur concurrently with study therapy",
            {"surgery", "radiotherapy", "endocrine-therapy"},
        ),  # NCT06042569
        (
            IN,
            "Any patient who received pre-operative hormonal therapy and who is then recommended for neo/adjuvant chemotherapy is eligible,"
            " though hormonal therapy should be held during study treatment administration",
            {"endocrine-therapy"},
        ),  # NCT06042569
        (
            OUT,
            "This syndrome has been most closely associated with the use of MAOIs, meriperidine, linezolid, or methylene blue; all of these"
            " agents are prohibited during the study",
            {"mao-inhibitor", "pethidine", "linezolid", "methylthioninium-chloride"},
        ),  # NCT03516708
        (OUT, "Bleeding that has been associated with the use of ibrutinib", set()),
        (OUT, "If radiotherapy is required due to disease progression, patient will be considered off study.", set()),  # NCT04890613
    ],
)
def test_what_may_not_be_given_beside_the_trial(section: str, sentence: str, keys: set[str]) -> None:
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert found_keys(rules) == keys
    assert all(r.role is CURRENT for r in rules)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (
            OUT,
            "Subjects with evidence of prior HBV but who are PCR-negative are permitted in the trial but should receive prophylactic antiviral"
            " therapy.",
        ),  # NCT05783609
        (
            IN,
            "For participants with active HBV, HBV DNA <500 IU/mL, and Anti-HBV treatment (per local standard of care; e.g., entecavir) for a"
            " minimum of 14 days prior to study entry and willingness to continue treatment for the length of the study.",
        ),  # NCT05096715
        (
            OUT,
            "Patients receiving antibiotic, antifungal or antiviral treatment must be afebrile and hemodynamically stable for >72 hours prior"
            " to treatment",
        ),  # NCT06533761
        (
            OUT,
            "A short course of steroids (up to 14 days) for symptom palliation is allowed, in which case patients should be off steroids prior"
            " to treatment start.",
        ),  # NCT05783609
        (IN, "There is no minimum or maximum number of lines of prior therapy and prior PARP inhibitor therapy is allowed."),  # NCT04890613
        (
            IN,
            "Patients who have no evidence of disease (NED) for 60 months or less, which means that they are <60 months from their last"
            " treatment (chemotherapy and/or radiation therapy) will be included.",
        ),  # NCT04301765
        (
            IN,
            "May have received adjuvant or neoadjuvant chemotherapy, with a disease-free interval (DFI) from completion of the systemic"
            " treatment (excluding hormonal therapy) to metastatic diagnosis of at least 12 months.",
        ),  # NCT06172127
        (IN, "Prior bevacizumab treatment, or ineligible or intolerant to bevacizumab"),  # NCT06084416
        (IN, "Adjuvant pembrolizumab may be administered for up to 6 weeks post-surgery"),  # NCT05812807
    ],
)
def test_what_is_permitted_or_asked_for_keeps_nobody_out(section: str, sentence: str) -> None:
    assert [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES] == []


@pytest.mark.parametrize(
    ("sentence", "routes"),
    [
        ("If anti-tumor drugs have been used locally during drainage, at least 21 days must be eluted", ("local",)),  # NCT04870190
        ("Chemotherapy given locally within 4 weeks", ("local",)),
        ("Steroids administered intravenously or topically", ()),
    ],
)
def test_the_route_may_be_told_behind_a_therapy(sentence: str, routes: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.routes == routes


@pytest.mark.parametrize(
    ("section", "sentence", "modality"),
    [
        (OUT, "Concomitant amiodarone is not advised", Modality.SHOULD_AVOID),
        (OUT, "Preferably no proton pump inhibitors", Modality.SHOULD_AVOID),
        (OUT, "Ideally, strong inducers of CYP3A would be stopped 2 weeks before starting", Modality.SHOULD_AVOID),
        (OUT, "Where possible, patients should switch from PPIs to H2 blockers", Modality.SHOULD_AVOID),
        (IN, "Attempts must be made to wean patients off prednisone prior to starting therapy", Modality.SHOULD_AVOID),  # NCT04363164
        (OUT, "An attempt should be made to stop warfarin", Modality.SHOULD_AVOID),
        (OUT, "Warfarin must be switched to heparin", Modality.MUST_NOT),
        (IN, "Patients are encouraged to discontinue herbal supplements", Modality.SHOULD_AVOID),
        (IN, "Consider alternatives to strong CYP3A4 inducers", Modality.SHOULD_AVOID),
        (OUT, "Care must be exercised with strong CYP3A4 inhibitors", Modality.CAUTION),
        (OUT, "Statins should be used with care", Modality.CAUTION),
        (OUT, "Alternatives to strong CYP3A4 inhibitors should be considered", Modality.SHOULD_AVOID),
        (OUT, "It is recommended to replace proton pump inhibitors", Modality.SHOULD_AVOID),
        (OUT, "Caution when giving phenytoin or warfarin", Modality.CAUTION),
        (OUT, "P-gp inhibitors - use with caution", Modality.CAUTION),
        (IN, "Moderate CYP3A4 inhibitors may be used with caution", Modality.CAUTION),
        (OUT, "At the discretion of the treating physician, patients on anticoagulants may be included", Modality.DISCRETION),
        (OUT, "Metformin is permitted after discussion with the sponsor", Modality.APPROVAL),
        (IN, "PPI therapy to be replaced by antacids before day 1", Modality.MUST_NOT),
    ],
)
def test_how_strongly_a_drug_is_advised_against(section: str, sentence: str, modality: Modality) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.modality) == (EXCLUDES, modality)


@pytest.mark.parametrize(
    "sentence",
    ["Subjects on phenytoin - levels must be followed", "Pts. on coumadin - monitor PT/INR weekly", "Warfarin: monitor the INR"],
)
def test_what_is_only_watched_is_allowed(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.polarity is ALLOWS


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Has undergone orchiectomy or is expected to continue receiving GnRH analogue therapy", True),  # NCT00569153
        ("Currently receiving LHRH-agonist therapy for greater than 6 months", True),  # NCT00593853
        ("Androgen deprivation therapy must be continued throughout the study", True),
        ("Must have received LHRH-agonist therapy", False),
        ("Progression while still receiving LHRH-agonist therapy", False),
    ],
)
def test_a_therapy_that_has_to_go_on_and_has_ended_is_for_review(sentence: str, asked: bool) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(r.role, r.doubts, [c.effect for c in r.carveouts]) for r in rules] == [(PRIOR, ("whether it goes on",), ["recent"])] * asked


def test_what_has_to_go_on_waits_for_nothing() -> None:
    """NCT00337077."""
    bullets = ("must continue LHRH-agonist therapy while on study", "More than 4 weeks since prior estrogen, or any other hormonal therapy")
    rules = therapy_rules(f"{IN}:\n\n" + "".join(f"* {b}\n" for b in bullets))
    (waits,) = [r for r in rules if r.window is not None and any(m.key == "endocrine-therapy" for m in r.mentions)]
    assert [(c.effect, [m.key for m in c.mentions]) for c in waits.carveouts] == [("allows", ["gnrh-agonist"])]


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Prophylactic use of hematopoietic growth factors (eg, G-CSF) during the DLT observation period", {"growth-factor", "g-csf"}),  # NCT05086315
        ("Use of clarithromycin for MAC prophylaxis", {"clarithromycin"}),
        ("G-CSF is not authorised in primary prophylaxis", {"g-csf"}),
        ("Primary prophylaxis with fluconazole is not allowed", {"fluconazole"}),
        ("Steroids as antiemetics are not permitted", {"corticosteroid"}),
        ("Steroid therapy for anti-neoplastic intent", {"corticosteroid"}),
        ("Aspirin for primary prevention is not allowed", {"aspirin"}),
    ],
)  # fmt: skip
def test_what_a_drug_is_forbidden_to_be_given_for_is_not_told_of_a_patient(sentence: str, keys: set[str]) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert found_keys(rules) == keys and all(r.doubts == ("what it is given for",) for r in rules)


@pytest.mark.parametrize(
    "sentence",
    [
        "Prophylactic aspirin therapy",  # NCT05042830
        "Currently taking prophylactic aspirin, and NSAID use",  # NCT02836067
    ],
)
def test_what_is_always_taken_to_prevent_is_meant_so(sentence: str) -> None:
    assert all(r.doubts == () for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_growth_factors_that_have_to_end_keep_out() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* If on G-CSF, discontinue at least 7 days prior to CBC\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"g-csf"})


@pytest.mark.parametrize(
    "sentence",
    [
        "Concomitant fluconazole needs a dose reduction of study drug by 50%",
        "Dose modification of study drug is required with fluconazole",
        "Patients on fluconazole will receive a lower starting dose",
        "A starting dose of 10 mg will be used in patients on fluconazole",
        "Fluconazole dose may need adjustment",
        "Simultaneous warfarin needs closer INR control",
        "Patients on warfarin require more frequent monitoring of the INR",
        "Leuprolide, triptorelin and degarelix must be continued",
        "Low-dose aspirin is not cytoreductive and may go on",
        "Contraindication to required concomitant drugs including antivirals and prophylactic anticoagulation",
        "Refuses or cannot take prophylactic G-CSF, folic acid, or steroid premedication",
        "Patients on fluconazole should have their levels measured",
        "Fluconazole may be taken 2 h after the study drug",
        "Monitor INR more often in patients taking warfarin",
        "Closer INR monitoring is needed with warfarin",
        "Patients taking phenytoin need monitoring of phenytoin levels",
        "Warfarin: INR monitoring weekly",
        "If warfarin is used, monitor INR",
        "Patients taking amiodarone need ECG monitoring",
        "Endocrine therapy may be continued up to the day before the first dose",
    ],
)
def test_how_those_on_a_drug_are_treated_keeps_none_of_them_out(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Participants on anticoagulant therapy should have these indices closely monitored", ALLOWS),  # NCT06627712
        ("Patients on warfarin must have their INR checked weekly", ALLOWS),
        ("Warfarin should be used with caution and the INR closely monitored", EXCLUDES),
        ("If warfarin is used, INR must be checked weekly and alternatives should be considered", EXCLUDES),
    ],
)
def test_how_those_on_a_drug_are_watched_asks_for_none(sentence: str, polarity: object) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.polarity is polarity


@pytest.mark.parametrize(
    "sentence",
    [
        "Women must commit to receive goserelin for two years starting from the commencement of the study medications",  # NCT04771871
        "Women must receive goserelin for at least 2 years from the start of study treatment",
    ],
)
def test_for_how_long_it_is_to_come_is_no_wash_out(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.window) == (REQUIRES, None)


def test_hours_apart_from_the_study_drug_are_no_wash_out() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Antacids may be taken at least 2 hours before or after the study drug\n")
    assert (rule.polarity, rule.window) == (ALLOWS, None)

"""Ways in beside a way, and what a sentence tells of other patients, other drugs, another cancer: each is of its own."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, REQUIRES, found_keys, therapy_rules

from kg.records import Modality, Polarity, Role


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients who have not received prior systemic therapy, or those with metastasis or recurrence occurring at least 12 months after "
        "completion of adjuvant therapy",  # NCT07398326
        "No prior systemic treatment for metastatic disease, or relapse more than 12 months after adjuvant therapy",
        "Treatment-naive, or relapsed more than 6 months after completion of adjuvant therapy",
    ],
)
def test_a_time_from_adjuvant_therapy_to_relapse_is_of_the_other_way_in(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules and all(r.window is None and "adjuvant" not in r.settings for r in rules)


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        # NCT06902272
        (
            "Previous exposure to anti-cancer therapy, including chemotherapy, and previous exposure to immunosuppressive drugs within 3 weeks",
            {None},
        ),
        ("Patients who have received prior chemotherapy, or use of systemic steroids within 3 weeks", {None}),
        ("Chemotherapy, or use of systemic steroids within 3 weeks", {21}),
        ("Prior chemotherapy, or prior use of endocrine therapy within 3 weeks", {21}),
    ],
)
def test_a_time_of_another_use_of_drugs_of_another_kind(sentence: str, days: set[int | None]) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])]
    assert {r.window.days if r.window else None for r in rules} == days


@pytest.mark.parametrize("verb", ["interrupted", "paused", "suspended", "stopped"])
def test_what_must_be_interrupted_may_not_go_on(verb: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Proton pump inhibitors must be {verb} at least 1 week before the first dose\n")
    assert (rule.polarity, rule.role, rule.window and rule.window.days) == (EXCLUDES, CURRENT, 7)


def test_the_naive_come_beside_the_treated_of_whom_examples_are_given() -> None:
    sentence = "Previously treated with a rituximab-containing regimen (e.g. R-bendamustine, DRC), or treatment naive and unsuitable for it"
    assert EXCLUDES not in {r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")}


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        # NCT00716794
        ("Patient has failed at least 1 taxane regimen; or Patient has symptomatic or asymptomatic CRPC and is chemotherapy-naive", ALLOWS),
        ("Patients have progressed on a taxane or are chemotherapy naive", ALLOWS),
        ("Chemotherapy-pretreated, or chemotherapy-naive with a contraindication", ALLOWS),
        ("Prior chemotherapy: 1-2 regimens, or chemotherapy-naive and unfit", ALLOWS),
        ("Patients who have progressed on or after surgery and are chemotherapy naive", EXCLUDES),
        ("Patients who have not received docetaxel or are chemotherapy naive", EXCLUDES),
        ("Both chemotherapy-naive and -pretreated patients may be enrolled", ALLOWS),
        ("Chemotherapy-naive and treated with one prior antibody", EXCLUDES),
    ],
)
def test_those_who_were_treated_or_are_naive(sentence: str, polarity: Polarity) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])]
    assert {r.polarity for r in rules} - {REQUIRES} == {polarity}


@pytest.mark.parametrize(
    ("sentence", "bans"),
    [
        ("Treated with at least one rituximab regimen (e.g. R-bendamustine), or treatment naive and unsuitable for it", False),
        ("FL: at least 2 lines; previously untreated MCL is permitted", False),
        ("At least one anthracycline-containing regimen has failed (for ASPS no prior therapy needed)", False),
        ("A line of systemic therapy, of which one anthracycline-based (patients with ASPS may be treatment-naive)", False),
        ("Progression after an anthracycline; subjects with liposarcoma may be enrolled with no previous treatment", False),
        ("Prior gemcitabine; patients refusing chemotherapy may be included without prior treatment", False),
        ("Disease progressing after standard therapy, or previously untreated if no effective therapy exists", False),
        ("R/R mantle cell lymphoma after 1-3 lines, or untreated TP53-mutated mantle cell lymphoma", False),
        ("No prior platinum for metastatic disease needed when patients are cisplatin-ineligible", False),
        ("Patients may have received no prior chemotherapy for recurrent disease", True),
        ("Patients may be enrolled if they have had no prior systemic therapy", True),
        ("No prior chemotherapy regimen is allowed", True),
        ("Previously untreated disease is required", True),
    ],
)
def test_that_the_untreated_are_let_in_keeps_nobody_out(sentence: str, bans: bool) -> None:
    assert any(r.polarity is EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")) == bans


@pytest.mark.parametrize(
    "sentence",
    [
        "Subjects without targetable alterations must have received a platinum agent",
        "Subjects with alterations must have received TKIs; subjects without must have received a platinum agent",
        "Patients with no actionable mutation should have received a platinum agent",
    ],
)
def test_what_those_without_an_alteration_must_have_had_is_asked_for(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "platinum-agent" in found_keys([r])]
    assert {r.polarity for r in rules} == {REQUIRES}


@pytest.mark.parametrize(
    "exception",
    [
        "physiologic replacement doses or permitted local, inhaled, or prophylactic use",
        "permitted doses",
        "inhaled or permitted topical use",
    ],
)
def test_what_is_permitted_in_an_exception_permits_nothing_else(exception: str) -> None:
    """NCT07472647."""
    rules = therapy_rules(f"{OUT}:\n\n* Use of systemic corticosteroids within 14 days prior to the first dose, except for {exception}\n")
    assert {r.polarity for r in rules} == {EXCLUDES} and all(r.carveouts for r in rules)


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("Any other efficacious cancer treatment except protocol specified treatment at study start", Role.CONCOMITANT),  # NCT06860477
        ("Any other anticancer treatment, other than the study treatment", Role.CONCOMITANT),
        ("Prior anticancer treatment other than this regimen", Role.PRIOR_THERAPY),
        ("Previous treatment to cancer other than this regimen", Role.PRIOR_THERAPY),  # NCT06300424
    ],
)
def test_what_the_trial_itself_gives_is_no_exception_for_others(sentence: str, role: Role) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.role, rule.carveouts) == (EXCLUDES, role, ())


def test_exceptions_that_the_protocol_tells_are_left_open() -> None:
    """NCT07076095."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Systemic corticosteroid therapy with exceptions defined in the protocol\n")
    assert [c.effect for c in rule.carveouts] == ["conditional"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with a history of other tumors who have received chemotherapy and abdominal radiation therapy",  # NCT06933394
        "History of another cancer for which chemotherapy was given",
        "Any chemotherapy within the past 3 years for any other malignancy",
        "Chemotherapy or radiotherapy for an unrelated malignancy within 2 years",
        "Any prior radiation or chemotherapy to treat another cancer in the past 2 years",
        "Systemic treatment within 2 years for cancers other than the study disease",
        "Prior chemotherapy, targeted therapy, or radiotherapy to head and neck area for other malignancies",  # NCT02761070
        "Prior chemotherapy, immunotherapy, or radiation therapy to the chest for other cancers",
        "Developed immune-mediated colitis with immunotherapy unless resolved to grade 1 or lower",  # NCT04461600
        "Symptomatic, progressive or corticosteroids-requiring documented brain metastases",  # NCT05101265
        "History of known Human Anti-Chimeric Antibody positivity",  # NCT02200848
    ],
)
def test_therapies_that_tell_of_an_ill_a_test_or_another_cancer(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior chemotherapy, unless for a different malignancy and > 3 years ago",
        "Prior chemotherapy (chemotherapy for other cancers > 3 years ago is allowed)",
        "Prior chemotherapy, except chemotherapy given for a different cancer",
        "Prior chemotherapy or history of other malignancy",
        "Prior chemotherapy, or systemic therapy for another malignancy",
    ],
)
def test_what_was_given_for_another_cancer_frees_nothing_of_what_was_given_for_this(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES and rule.carveouts == ()


@pytest.mark.parametrize(
    "event", ["resulting in grade 3 or higher adverse events", "complicated by pneumonitis", "that led to grade 3 toxicity"]
)
def test_what_harm_a_therapy_brought_about(event: str) -> None:
    """NCT06842472."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Previous immune therapy {event}\n")
    assert rule.outcomes == ("intolerance",)
    (rule,) = therapy_rules(f"{OUT}:\n\n* Previous immune therapy resulting in a complete response\n")
    assert rule.outcomes == ()


def test_patients_who_take_a_drug_beside_those_with_a_disease() -> None:
    """NCT06860477."""
    sentence = "Diagnosis of immunodeficiency or patient is receiving chronic systemic steroid therapy within 7 days before treatment"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"systemic-corticosteroid"}


@pytest.mark.parametrize(
    ("sentence", "hit"),
    [
        ("Medication that is known to interfere with any of the agents applied in the trial", True),  # NCT05057052
        ("Drugs that may interfere with the study medication", True),
        ("Any condition or medication that may interfere with the results of the trial", False),
        ("Any condition that may interfere with the study treatment", False),
    ],
)
def test_what_interferes_with_the_drugs_of_the_trial(sentence: str, hit: bool) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.role for r in rules for m in r.mentions} == ({"inhibitor", "inducer"} if hit else set())


def test_neoplasic_drugs() -> None:
    """NCT05398094."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior treatment with anti-neoplasic drugs\n")) == {"systemic-anticancer-therapy"}


@pytest.mark.parametrize(
    ("sentence", "kept_out"),
    [
        ("Untreated AML patients are eligible if age > 75", False),
        ("Newly diagnosed, untreated AML patients are also eligible when they are not candidates for induction", False),
        ("Only untreated AML patients are eligible if they are fit", True),
        ("Untreated AML patients are eligible if they have measurable disease", True),
    ],
)
def test_the_untreated_may_come_if_they_are_old_or_unfit(sentence: str, kept_out: bool) -> None:
    assert any(r.polarity is EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")) is kept_out


@pytest.mark.parametrize(
    ("sentence", "polarities"),
    [
        ("Patients taking an anticoagulant must use warfarin", {ALLOWS}),  # NCT02202993
        ("Patients who must use warfarin", {EXCLUDES}),
        ("Patients must not use warfarin", {EXCLUDES}),
    ],
)
def test_what_must_be_used_among_exclusions(sentence: str, polarities: set[Polarity]) -> None:
    assert {r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == polarities


def test_the_newly_diagnosed_beside_those_with_a_recurrence_after_radiotherapy() -> None:
    """NCT00006474."""
    newly = "Histologically confirmed, newly diagnosed glioblastoma"
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {newly}\n* Recurrent or progressive after radiotherapy\n")} == {ALLOWS}
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {newly}\n")} == {EXCLUDES}


@pytest.mark.parametrize(
    ("sentence", "kept_out"),
    [
        ("Previously received anti-PD-1 antibodies with or without anti-CTLA4 therapy", {"pd-1-inhibitor"}),  # NCT07130032
        ("Patients who previously received docetaxel (with or without gemcitabine)", {"docetaxel"}),
        ("Chemotherapy with/without prednisone, or cetuximab", {"chemotherapy", "cetuximab"}),
    ],
)
def test_what_may_have_been_given_beside_an_excluded_therapy_keeps_nobody_out(sentence: str, kept_out: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == kept_out
    assert not any(r.carveouts for r in rules)


def test_a_therapy_that_is_asked_for_with_or_without_another() -> None:
    """NCT07783477."""
    rules = therapy_rules(f"{IN}:\n\n* Prior treatment should include a platinum-based regimen with/without ICI therapy\n")
    assert {key: r.polarity for r in rules for key in found_keys([r])} == {
        "platinum-agent": Polarity.REQUIRES,
        "immune-checkpoint-inhibitor": ALLOWS,
    }


def test_with_or_without_a_prescription_permits_nothing() -> None:
    """NCT06495125, where the sentence before it tells of other patients."""
    text = (
        "Patients on warfarin for deep vein thrombosis should be converted to heparin. Exposure to medications (with or without "
        "prescriptions), supplements, or foods with potential for interactions within 14 days, including:\n\n  * Strong CYP3A4 inhibitors"
    )
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n* {text}\n") if "cyp3a4/inhibitor/strong" in found_keys([r])]
    assert (rule.polarity, rule.scope.texts) == (EXCLUDES, ())


@pytest.mark.parametrize(
    ("other", "doubts"), [("relapse more than 6 months after adjuvant chemotherapy", True), ("relapsed disease", False)]
)
def test_a_relapse_after_adjuvant_therapy_takes_none_who_were_treated_since(other: str, doubts: bool) -> None:
    """Made up after the sentences in which the two ways stand side by side."""
    rules = therapy_rules(
        f"{IN}:\n\n* Patients are eligible if one of the following applies:\n\n  * no prior systemic therapy\n  * {other}\n"
    )
    naive = next(r for r in rules if "systemic-anticancer-therapy" in found_keys([r]))
    assert (naive.polarity is EXCLUDES and "one of several alternatives" in naive.doubts) is doubts


@pytest.mark.parametrize(
    ("sentence", "excludes"),
    [
        ("No prior treatment is required (i.e., previously untreated patients are eligible).", False),  # NCT06176261
        ("No prior chemotherapy is required", False),
        ("No prior chemotherapy is allowed", True),
        ("Prior hormonal therapy is allowed (no washout period is required after hormonal therapy).", False),  # NCT06518564
        ("No washout is required for endocrine therapy (e.g. aromatase inhibitors, tamoxifen, fulvestrant)", False),  # NCT06176261
        ("Palliative radiation of 10 fractions or less is permitted and a four week interval is not necessary", False),  # NCT00726583
        ("Therapy in the perioperative setting is allowed with no time restrictions on platinum dosing.", False),  # NCT04724018
        ("At least 4 weeks since chemotherapy", True),
    ],
)
def test_what_need_not_have_been_had_or_waited_for(sentence: str, excludes: bool) -> None:
    assert any(r.polarity is EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")) is excludes


@pytest.mark.parametrize(
    "of_what",
    [
        "for therapy on this protocol",
        "for treatment under this study",
        "for registration",
        "for the current study",
        "for therapy in this trial",
    ],
)
def test_who_is_not_eligible_for_therapy_in_the_trial_is_kept_out(of_what: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients with prior doxorubicin are not eligible {of_what}\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, Role.PRIOR_THERAPY)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        # NCT06351332
        ("excluding measurements obtained within 7 days after administration of short-acting hematopoietic growth factors", 7),
        ("may not be obtained within 14 days of G-CSF", 14),
        ("measured at least 7 days after the last dose of G-CSF", 7),
    ],
)
def test_counts_are_taken_some_time_after_growth_factors(words: str, days: int) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* ANC \u2265 1,500/mcL ({words})\n")
    assert (rule.polarity, rule.window and rule.window.days) == (EXCLUDES, days)


@pytest.mark.parametrize(
    "denied",
    [
        "(may not be supported with G-CSF)",
        "(cannot be supported by G-CSF)",
        "(not supported with G-CSF)",
        "(not being corrected with G-CSF)",
        "that is not G-CSF-supported",
        "(not G-CSF stimulated)",
        ", not using G-CSF",
    ],
)
def test_counts_that_growth_factors_may_not_support(denied: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* ANC \u2265 1.5 x 10^9/L {denied}\n")
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, Role.CONCOMITANT, {"g-csf"})


@pytest.mark.parametrize(
    "words", ["Anti-PD-1/PD-L1 naive or must have progressed on treatment", "PD-1 inhibitor-naive, or must have progressed"]
)
def test_the_naive_beside_those_who_progressed_are_one_way_in(words: str) -> None:
    """NCT04585750."""
    assert all(r.polarity is not EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {words}\n"))


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        ("Progressive disease on sorafenib or no prior systemic therapy", {"sorafenib"}),
        ("Progressed on sorafenib or lenvatinib or, for countries with no access, no prior systemic therapy", {"sorafenib", "lenvatinib"}),
        ("Prior platinum-based chemotherapy, or no prior systemic therapy", {"platinum-agent"}),
    ],
)
def test_the_untreated_beside_those_who_had_a_therapy_are_one_way_in(sentence: str, freed: set[str]) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules and all("one of several alternatives" in r.doubts for r in rules)
    assert all({m.key for c in r.carveouts for m in c.mentions} == freed for r in rules)


def test_a_therapy_that_is_not_available_is_not_asked_about() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Prior anti-PD-1 therapy, or no prior therapy where anti-PD-1 is not available\n")
    assert [r.polarity for r in rules] == [REQUIRES]
    rules = therapy_rules(f"{IN}:\n\n* Progressed on sorafenib or, for countries with no access, treatment-naive\n")
    assert [r.polarity for r in rules] == [REQUIRES]


def test_what_is_given_in_case_of_a_contraindication_is_asked_for_too() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Prior cisplatin or, in case of contraindication, carboplatin\n")
    assert (rule.polarity, found_keys([rule])) == (REQUIRES, {"cisplatin", "carboplatin"})


@pytest.mark.parametrize(
    ("sentence", "denied", "permitted"),
    [
        (
            "Either have not started a prior EGFR TKI therapy or may have started osimertinib within 3 weeks of confirming eligibility",
            "egfr-tyrosine-kinase-inhibitor",
            "osimertinib",
        ),  # NCT04410796
        (
            "Patients must not have received prior chemotherapy for metastatic disease or may have received carboplatin",
            "chemotherapy",
            "carboplatin",
        ),
        ("No prior chemotherapy, or may have received adjuvant tamoxifen", "chemotherapy", "tamoxifen"),
    ],
)
def test_what_may_have_been_stands_beside_what_was_not(sentence: str, denied: str, permitted: str) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    (kept_out,) = [r for r in rules if r.polarity is EXCLUDES]
    assert found_keys([kept_out]) == {denied} and kept_out.window is None
    assert {m.key for c in kept_out.carveouts for m in c.mentions} == {permitted}


def test_approval_of_what_may_have_been_softens_nothing_that_is_denied_behind_it() -> None:
    """NCT04410796."""
    sentence = "Patients may have received prior hormonal therapy with approval of the sponsor, with no prior chemotherapy"
    how = {key: r.modality for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") for key in found_keys([r])}
    assert how == {"endocrine-therapy": Modality.APPROVAL, "chemotherapy": Modality.MUST_NOT}

"""What one word tells of one therapy and not of its neighbours, and sentences that tell of therapies without keeping anybody out."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, eligibility, found_keys, therapy_rules

from kg.records import Polarity


def excluded(text: str, **known: tuple[str, ...]) -> set[str]:
    return found_keys([r for r in eligibility(text, **known).rules if r.polarity is EXCLUDES and r.role in (PRIOR, CURRENT)])


@pytest.mark.parametrize(
    "sentence",
    [
        "Medications that will put the subject at greater risk from vedolizumab plus brief course of steroids",  # NCT06841705
        "Checkpoint inhibitor hepatitis or ICI colitis",
        "autoimmune disorders of Grade 4 while on prior immunotherapy",  # NCT04139902
        "Note that these participants are eligible but will not be treated with gemtuzumab ozogamicin.",  # NCT05183035
    ],
)
def test_what_harmed_or_will_not_be_given(sentence: str) -> None:
    assert not excluded(f"{OUT}:\n\n* {sentence}\n", interventions=("gemtuzumab ozogamicin", "vedolizumab"))


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT05463848
        "If the patient had a surgical resection and no anti-cancer therapy was instituted for up to 12 weeks, this is considered to "
        "constitute 1 relapse.",
        # NCT03260491
        "No EGFR mutation testing is required if treated with osimertinib.",
        "Demonstrates absence of EGFR T790M mutation if treated with erlotinib, gefitinib, or afatinib.",
    ],
)
def test_how_it_is_counted_or_tested_where_a_therapy_was_given(sentence: str) -> None:
    assert not excluded(f"{IN}:\n\n* {sentence}\n")


def test_the_antiemetic_that_is_acceptable_frees_no_others() -> None:
    """NCT05687110."""
    (rule, allowed) = therapy_rules(f"{OUT}:\n\n* Use of QT-prolonging drugs. Granisetron is an acceptable antiemetic on this study.\n")
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("allows", ["granisetron"])]
    assert allowed.polarity is ALLOWS and found_keys([allowed]) == {"granisetron"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Anti-retroviral therapy must not have a non-acceptable drug interaction with protocol treatment.",  # NCT05796570
        # NCT05407441
        "Corticosteroids: If used to modify immune adverse events, at least 14 days must have elapsed since last dose of corticosteroid.",
        "At least 3 half-lives must have elapsed after the last dose of GVHD or anti-rejection medications",  # NCT02981628
        "For every 3 weekly regimens, > 3 weeks from chemotherapy.",  # NCT06176261
    ],
)
def test_a_use_or_a_schedule_that_no_fact_tells(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules and all(r.doubts for r in rules)


def test_a_time_of_its_own_in_an_exception_frees_nobody_sooner() -> None:
    """NCT05463848."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy within 4 weeks (except within 2 weeks for capecitabine)\n")
    told = {(c.effect, m.key, c.window and c.window.days) for c in rule.carveouts for m in c.mentions}
    assert told == {("window", "capecitabine", 14)}


def test_low_dose_is_said_of_the_drug_behind_it() -> None:
    """NCT05183035."""
    sentence = "Chemotherapy within 14 days, except for corticosteroids, low dose cytarabine or hydroxyurea"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    told = {(c.effect, c.dose_level, m.key) for c in rule.carveouts for m in c.mentions}
    assert told == {("allows", "", "corticosteroid"), ("allows", "low", "cytarabine"), ("depends", "", "hydroxycarbamide")}


def test_a_label_that_its_time_follows_at_once() -> None:
    """NCT05407441."""
    sentence = "Monoclonal antibody: \u226521 days after the last dose, and toxicity related to prior antibody therapy must be recovered."
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"monoclonal-antibody"} and rule.window is not None and rule.window.days == 21


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("No known curative or survival-prolonging palliative therapy exists OR failed these prior therapies", REQUIRES),  # NCT00098514
        ("PSA progression with no evidence of metastatic disease after androgen deprivation", REQUIRES),  # NCT00006371
        ("No progression during or after platinum-based chemotherapy", EXCLUDES),
    ],
)
def test_what_there_is_none_of_is_not_the_therapy_behind_it(sentence: str, polarity: Polarity) -> None:
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == {polarity}


def test_a_first_line_that_has_been_applied_makes_nobody_untreated() -> None:
    """NCT01350258."""
    sentence = "Any patient with a high-risk hematologic diagnosis in whom front-line therapy has already been applied"
    assert therapy_rules(f"{IN}:\n\n* {sentence}.\n") == []
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients in whom front-line therapy has not yet been applied\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    ("sentence", "drugs"),
    [
        ("No intervening systemic therapy between cessation of gefitinib or erlotinib and initiation of the treatment in the study",
         {"systemic-anticancer-therapy"}),  # NCT01090011
        ("No intervening chemotherapy since progression on letrozole", {"chemotherapy"}),
        ("No other anticancer therapy between discontinuation of trastuzumab and enrollment", {"anticancer-therapy"}),
    ],
)  # fmt: skip
def test_what_may_not_follow_a_therapy_is_doubted_if_it_was_given_lately(sentence: str, drugs: set[str]) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, found_keys([rule]), rule.doubts) == (EXCLUDES, drugs, ("given since another therapy",))
    assert rule.window is not None and rule.window.months == 3


@pytest.mark.parametrize(
    "sentence",
    [
        "Following antihypertensive medication initiation or adjustment, blood pressure (BP) must be re-assessed three times",  # NCT02138526
        "At least 24 hours must have elapsed between anti-hypertensive medication initiation or adjustment and BP measurement.",
        "Known unsuitability for treatment with carboplatin including renal disease",  # NCT02941523
        "It is not necessary to discontinue everolimus before study entry",
        "There is no need for patients to stop imatinib",
    ],
)
def test_what_is_measured_around_a_therapy_and_what_need_not_stop_keep_nobody_out(sentence: str) -> None:
    assert excluded(f"{OUT}:\n\n* {sentence}\n") == set()


def test_no_progression_since_a_therapy_began_tells_that_it_was_given() -> None:
    """NCT01090011."""
    sentence = "Stable disease >= 6 months in absence of radiographic progression after initiation of gefitinib or erlotinib"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.outcomes) == (REQUIRES, ())


def test_no_dose_modification_for_a_time_is_a_stable_dose() -> None:
    """NCT02138526."""
    sentence = (
        "Patients, who are adjusted to proton pump inhibitors and had no dose modifications for over two weeks, are allowed to participate"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is None and "stable dose" in rule.doubts


def test_a_stable_dose_is_asked_of_those_whom_an_exception_leaves() -> None:
    """NCT00703807."""
    first = "Patients receiving chronic treatment with corticosteroids, except with a daily dosage equivalent to prednisone ≤ 20 mg."
    second = "However, patients receiving corticosteroids must have been on a stable dosage regimen for a minimum of 4 weeks"
    _, stable = therapy_rules(f"{OUT}:\n\n* {first} {second}\n")
    assert (stable.polarity, found_keys([stable])) == (EXCLUDES, {"corticosteroid"}) and "stable dose" in stable.doubts


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [("Must have platinum-resistant disease", REQUIRES), ("Must have HER2-positive disease", EXCLUDES)],  # NCT00183794, and another way
)
def test_an_exclusion_of_those_without_what_is_asked_for_asks_for_it(sentence: str, denied: Polarity) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n\n{OUT}:\n\n* No prior tx with cisplatin or carboplatin\n")
    assert [r.polarity for r in rules if "cisplatin" in found_keys([r])] == [denied]


def test_a_wash_out_behind_the_harm_of_a_therapy_is_of_all_therapy() -> None:
    """NCT00606879."""
    wash_out = "undergo a washout period of at least 5 half-lives from the time of administration of the previous therapy"
    (rule,) = therapy_rules(f"{IN}:\n\n* Have no residual toxic effects of previous therapy, and {wash_out}.\n")
    assert (found_keys([rule]), rule.window and rule.window.half_lives) == ({"systemic-anticancer-therapy"}, 5)


def test_counts_that_may_be_supported_ask_for_no_transfusion() -> None:
    """NCT01042704; NCT04432649 asks for counts without it."""
    read = eligibility(f"{IN}:\n\n* Hgb > 9 g/dL (which may be supported by transfusion or growth factors)\n")
    assert [c.kind for c in read.clauses] == ["therapy_mentioned"]
    (rule,) = therapy_rules(f"{IN}:\n\n* Platelet count ≥ 25,000/ul (not achieved by transfusion)\n")
    assert rule.polarity is EXCLUDES


def test_a_value_in_the_absence_of_ongoing_treatment_forbids_no_treatment() -> None:
    """NCT00376948."""
    sentence = "INR (international normalized ratio) < 1.3 (in the absence of ongoing treatment with warfarin)"
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (f"{IN}:\n\n* Prior allogeneic stem cell transplant is not allowable.\n", {"allogeneic-stem-cell-transplant"}),  # NCT05407441
        # NCT02981628
        (
            f"{OUT}:\n\n* Patients who are currently receiving or plan to receive other anti-cancer agents\n",
            {"systemic-anticancer-therapy"},
        ),
        (f"{OUT}:\n\n* Previous therapies\n* Pregnancy\n", set()),  # NCT05463848
        (f"{OUT}:\n\n* Prior viral therapy or vaccines for glioblastoma.\n", {"oncolytic-virus", "cancer-vaccine"}),  # NCT05463848
    ],
)
def test_who_is_kept_out(text: str, keys: set[str]) -> None:
    assert excluded(text) == keys


def test_a_wash_out_below_those_eligible_for_a_part() -> None:
    """NCT02981628."""
    text = f"{IN}:\n\n* Patients are eligible only for cohort 1 with:\n  * At least 30 days must have elapsed from the last CAR-T cell infusion\n"
    assert excluded(text) == {"car-t-cell-therapy"}


def test_what_is_permitted_within_the_wash_out() -> None:
    """NCT04554914."""
    text = (
        f"{OUT}:\n\n* Antibody therapy within 4 weeks. Note: prior anti-CD20 antibody use is permitted within the washout period if a "
        "subsequent assessment indicates disease progression.\n"
    )
    rule, _ = therapy_rules(text)
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("conditional", ["anti-cd20-antibody"])]


def test_a_study_drug_with_a_time_of_its_own_in_an_exception() -> None:
    """NCT05463848."""
    text = f"{IN}:\n\n* 4 weeks from cytotoxic therapy (except 23 days for temozolomide; 6 weeks from nitrosoureas)\n"
    rules = therapy_rules(text, interventions=("Temozolomide",))
    assert {(c.effect, m.key) for r in rules for c in r.carveouts for m in c.mentions} == {("window", "temozolomide")}


def test_what_only_those_without_a_relapse_must_not_have_had() -> None:
    """NCT05407441."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Subjects without prior progression/relapse may not have received any prior EZH2 inhibitors.\n")
    assert rule.polarity is EXCLUDES and not rule.outcomes and rule.doubts


def test_what_a_therapy_did_without_is_not_what_a_time_is_of() -> None:
    """NCT06644755."""
    sentence = "Radiation therapy: <4 weeks (or <2 weeks if palliative radiation therapy without abdominal/pelvic radiation)"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["palliative-radiotherapy"]


def test_what_must_have_been_had_is_no_other_therapy_of_its_class() -> None:
    """NCT04691388; who has to wait waits after what was asked for, too."""
    asked = f"{IN}:\n\n* The disease has progressed after receiving PD-1 antibody treatment\n\n{OUT}:\n\n"
    required, other = therapy_rules(asked + "* Previously received anlotinib and other immunotherapy\n")
    assert (required.polarity, required.role, found_keys([required])) == (REQUIRES, PRIOR, {"pd-1-inhibitor"})
    assert [(c.effect, [m.key for m in c.mentions]) for c in other.carveouts] == [("allows", ["pd-1-inhibitor"])]
    *_, timed = therapy_rules(asked + "* Other immunotherapy within 4 weeks before the first dose\n")
    assert timed.carveouts == ()


def test_a_label_beside_its_bullets_rules_on_nothing() -> None:
    """NCT05142189: the bullets of the label are not indented."""
    steroids = "* Current use of chronic systemic steroid medication\n"
    (rule,) = therapy_rules(f"{OUT}:\n\n* Systemic immune suppression:\n{steroids}")
    assert found_keys([rule]) == {"systemic-corticosteroid"}
    label, other = therapy_rules(f"{OUT}:\n\n* Systemic immune suppression:\n* Prior chemotherapy\n")
    assert (found_keys([label]), found_keys([other])) == ({"immunosuppressant"}, {"chemotherapy"})


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("No prior first-line chemotherapy for metastatic disease without bevacizumab", {"chemotherapy"}),  # NCT00720512
        ("Patients must not have received docetaxel without prednisone", {"docetaxel"}),
        ("No prior antivascular endothelial growth factor therapy", {"vegf-vegfr-inhibitor"}),  # NCT00303732
    ],
)
def test_what_another_therapy_should_have_been_given_with(sentence: str, keys: set[str]) -> None:
    assert excluded(f"{IN}:\n\n* {sentence}\n") == keys


def test_drugs_of_a_list_that_the_protocol_excludes_are_doubted() -> None:
    """NCT02393209."""
    sentence = (
        "Has a condition that requires the concomitant use of any of the protocol-excluded medications, supplements, or food products"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.doubts == ("a list that the record does not give",)


def test_what_is_no_kinase_inhibitor_is_named_behind_it() -> None:
    """NCT06632977: investigational agents, not all therapy but kinase inhibitors."""
    sentence = "Cytotoxic or other non-kinase inhibitor investigational agent within 4 weeks"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"chemotherapy", "investigational-agent"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Factors such as chronic hypokalemia not correctable with supplements, or congenital long QT syndrome",  # NCT03598244
        "Diarrhea not manageable with loperamide",
        "Hypothyroidism that is not corrected by levothyroxine",
    ],
)
def test_what_corrects_no_ill_is_not_forbidden(sentence: str) -> None:
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_what_leaves_an_ill_after_it_is_not_forbidden() -> None:
    """NCT06805617."""
    assert not therapy_rules(f"{OUT}:\n\n* Systolic blood pressure \u2265150 mmHg after oral antihypertensive therapy\n")

"""Limits of doses, of corticosteroids above all."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, EXCLUDES, IN, OUT, found_keys, therapy_rules

from kg.records import Polarity


def test_a_limit_in_another_steroid_is_held_as_prednisone() -> None:
    """NCT06773481: 3 mg of dexamethasone act like 20 mg of prednisone, so the rule is one on steroids above 20 mg a day."""
    sentence = (
        "have received systemic treatment with a daily dose higher than 3 mg of dexamethasone or an equivalent dose of other hormones;"
    )
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "dexamethasone" in found_keys([r])]
    assert [r.min_dose_mg for r in rules] == [pytest.approx(20)]


def test_other_uses_of_steroids_than_those_excepted_from_hormonal_therapy_are_in_doubt() -> None:
    """NCT00033553: who takes steroids for something else may be on hormonal therapy."""
    sentence = "No concurrent hormonal therapy except steroids for adrenal failure or septic shock"
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "systemic-corticosteroid" in found_keys([r]))
    assert (rule.polarity, rule.doubts) == (EXCLUDES, ("uses that it does not name",))


@pytest.mark.parametrize(
    ("sentence", "limits"),
    [
        ("Corticosteroids (> 20 mg/day prednisone, or > 10 mg/day for more than 2 weeks)", {"corticosteroid": 10.0, "prednisone": 10.0}),
        ("Corticosteroids > 20 mg/day, or any chronic steroid use", {"corticosteroid": 20.0, "systemic-corticosteroid": None}),
        ("Prednisone > 20 mg/day, or chronic steroids at any dose", {"prednisone": 20.0, "systemic-corticosteroid": None}),
        ("Prednisone > 20 mg/day or dexamethasone > 2 mg/day", {"prednisone": 20.0}),
    ],
)
def test_a_second_limb_of_steroids_has_a_limit_of_its_own(sentence: str, limits: dict[str, float | None]) -> None:
    found = {m.key: r.min_dose_mg for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert {key: found[key] for key in limits} == limits


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        ("Full-dose anticoagulation, or use of antiplatelets including aspirin", {"anticoagulant"}),
        ("Therapeutic anticoagulation or antiplatelet therapy", {"anticoagulant"}),
    ],
)
def test_a_full_dose_of_anticoagulants_is_none_of_antiplatelets(sentence: str, freed: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([r for r in rules if r.carveouts]) == freed
    assert "antiplatelet" in found_keys([r for r in rules if not r.carveouts])


@pytest.mark.parametrize(
    "sentence",
    [
        "Fixed or decreasing dose of corticosteroids (or no corticosteroids) >= 1 week prior to registration",
        "No corticosteroids, or on a fixed dose for >= 1 week before registration",
    ],
)
def test_a_fixed_dose_is_a_stable_one(sentence: str) -> None:
    """NCT00329719."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rules and all("stable dose" in r.doubts for r in rules)


@pytest.mark.parametrize(
    "words",
    ["the dose has not changed", "dosing has been constant", "without dose change", "the dose was not modified", "no increase in dose"],
)
def test_a_dose_that_has_not_changed_is_stable(words: str) -> None:
    rules = therapy_rules(f"{IN}:\n\n* Corticosteroids are allowed provided that {words} for 2 weeks\n")
    assert rules and all("stable dose" in r.doubts for r in rules)


def test_a_dose_that_has_changed_lately_is_a_recent_start() -> None:
    for words in (
        "whose dose has been modified in the last 2 weeks",
        "with a dose increase within 2 weeks",
        "with dose changes within 14 days",
    ):
        (rule,) = therapy_rules(f"{OUT}:\n\n* Corticosteroids {words}\n")
        assert rule.doubts == ("a recent start",)


def test_a_dose_for_premedication_frees_nobody_who_takes_it_daily() -> None:
    for words in ("up to 100 mg of hydrocortisone or equivalent as premedication", "premedication with up to 20 mg dexamethasone"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* Corticosteroids within 2 weeks, except {words}\n")
        assert [c.effect for c in rule.carveouts] == ["purpose"]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Immunosuppressants except prednisone ≤ 10 mg/day or steroids as premedication\n")
    assert [c.effect for c in rule.carveouts] == ["allows"]


def test_examples_of_physiologic_doses_limit_these_to_no_drug() -> None:
    """NCT03971799."""
    text = "Steroids: not allowed unless at or below physiologic doses (eg, hydrocortisone replacement for prior adrenal insufficiency)"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"corticosteroid"}


def test_steroids_above_a_physiologic_dose() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Steroids above physiologic dose\n")
    assert rule.min_dose_mg == 7.5


def test_the_dose_of_what_is_swallowed_is_none_of_what_is_inhaled() -> None:
    text = "Systemic steroids within 14 days. Inhaled steroids and prednisone up to 10 mg/day are permitted."
    rules = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert [found_keys([r]) for r in rules if r.min_dose_mg is not None] == [{"prednisone"}]


def test_a_stable_dose_helps_up_to_the_highest_one_allowed() -> None:
    """NCT04514484: 20 mg of prednisone are excluded however stable; of 5 mg it is to be asked."""
    sentence = (
        "Subjects must be either off corticosteroids, or on a stable or decreasing dose of =\\< 10 mg daily prednisone (or equivalent)"
    )
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(r.min_dose_mg, r.doubts) for r in rules} == {(None, ("stable dose",)), (10.0, ())}


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [
        ("Low-dose aspirin ≤ 100 mg is permitted, higher doses are prohibited", 100.0),
        ("Warfarin up to 1 mg/day is allowed; higher doses are not", 1.0),
    ],
)
def test_higher_doses_of_any_drug_may_be_said_to_be_out(sentence: str, limit: float) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(r.min_dose_mg, r.doubts) for r in rules] == [(limit, ())]


def test_an_example_with_a_dose_limits_its_class() -> None:
    """NCT07115043: of immunosuppressants, steroids count from the dose on that their example has."""
    sentence = "Participant requires chronic immunosuppressive therapy (including steroids > 10 mg prednisone/day or equivalent)."
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if found_keys([r]) == {"immunosuppressant"})
    assert [(c.effect, [m.key for m in c.mentions], c.max_dose_mg) for c in rule.carveouts] == [
        ("allows", ["systemic-corticosteroid"], 10.0)
    ]


def test_an_exception_of_a_form_or_of_a_dose_frees_either() -> None:
    """Inhaled steroids at any dose, others up to 10 mg a day."""
    sentence = "Immunosuppressive medication, except for inhaled steroids, or systemic corticosteroids at 10 mg/day of prednisone or less"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(c.routes, c.max_dose_mg) for c in rule.carveouts] == [(("inhaled",), None), ((), 10.0)]


@pytest.mark.parametrize(
    ("section", "sentence", "above"),
    [
        (IN, "All supportive medications are allowed except steroids above 10 mg prednisone", 10),
        (IN, "Maximum dose of corticosteroids: 10 mg prednisone", 10),
        (IN, "The maximum allowed dose of prednisone is 10 mg/day", 10),
        (IN, "No more than 10 mg of prednisone per day is allowed", 10),
        (OUT, "Use of corticosteroids up to 10 mg/day prednisone does not exclude; higher doses do.", 10),
        (OUT, "Patients on replacement doses (prednisone ≤ 7.5 mg/day) for adrenal insufficiency are eligible, those on higher doses are not", 7.5),
    ],
)  # fmt: skip
def test_the_highest_dose_that_is_let_in(section: str, sentence: str, above: float) -> None:
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(r.min_dose_mg, r.doubts) for r in rules] == [(above, ())]


def test_an_excepted_dose_by_the_bodys_size_frees_no_more_than_the_largest_may_have() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Immunosuppressants, except prednisone ≤ 0.1 mg/kg/day\n")
    assert [(c.effect, c.max_dose_mg) for c in rule.carveouts] == [("allows", 12)]
    (inhibitors,) = therapy_rules(f"{OUT}:\n\n* Patients taking CYP3A4 inhibitors should have their study drug dose lowered to 100 mg\n")
    assert (inhibitors.polarity, inhibitors.min_dose_mg) == (ALLOWS, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Low-dose anticoagulants are acceptable, therapeutic doses are not",
        "Preventive anticoagulation is authorised, curative is not",
        "Prophylactic anticoagulants are allowed; full-dose anticoagulation is prohibited",
    ],
)
def test_full_doses_that_are_out_beside_low_ones(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {c.dose_level for r in rules for c in r.carveouts} == {"low"}


def test_a_dose_above_the_one_that_is_permitted_is_doubted() -> None:
    """NCT00719901: of 20 mg a day the sentence says nothing."""
    sentence = "Prednisone (\u2264 10 mg per day) allowed provided there has been no dose increase within the past 2 weeks"
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and r.min_dose_mg is not None]
    assert (rule.min_dose_mg, rule.doubts) == (10, ("a higher dose than it permits",))
    of_some = "Patients with autoimmune disease on \u2264 10 mg prednisone a day are eligible"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {of_some}\n") if r.polarity is EXCLUDES]


def test_a_list_of_low_doses_that_are_permitted_forbids_nothing() -> None:
    """NCT02260531."""
    text = f"{OUT}:\n\n* Low dose aspirin (≤ 81 mg/day), low-dose warfarin (≤ 1 mg/day), and prophylactic LMWH are permitted.\n"
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


def test_uses_of_steroids_that_hormonal_therapy_leaves_may_be_listed_below_it() -> None:
    """NCT00293371, which also speaks of antiretrovirals: who takes these has HIV."""
    text = f"{IN}:\n\n* No other concurrent hormonal therapy except for the following:\n\n  * Steroids for adrenal failure\n  * Intermittent dexamethasone\n"
    assert any(r.doubts == ("uses that it does not name",) and found_keys([r]) == {"systemic-corticosteroid"} for r in therapy_rules(text))
    (rule,) = therapy_rules(f"{IN}:\n\n* No concurrent combination antiretroviral therapy for HIV-positive patients\n")
    assert rule.conditions == ()


def test_a_dose_that_steroids_are_limited_to() -> None:
    """NCT05474378."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Use of steroids must be limited to 10 mg of prednisone daily\n")
    assert (rule.polarity, rule.min_dose_mg) == (EXCLUDES, 10.0)


def test_a_high_dose_that_is_told_is_no_doubt() -> None:
    """NCT00338494."""
    rules = therapy_rules(f"{OUT}:\n\n* Chronic use of oral high-dose corticosteroids greater than 20 mg/day prednisone\n")
    assert {(r.min_dose_mg, r.doubts) for r in rules} == {(20.0, ())}


def test_a_dose_behind_the_noun_of_a_therapy_is_that_ones() -> None:
    """NCT04743661."""
    text = f"{OUT}:\n\n* Patients must not be currently taking NSAIDS, dipyridamole, or aspirin therapy > 81 mg/day.\n"
    above = {m.key: r.min_dose_mg for r in therapy_rules(text) for m in r.mentions}
    assert above == {"nsaid": None, "dipyridamole": None, "aspirin": 81}


def test_a_dose_that_has_to_be_below_an_amount_is_a_limit() -> None:
    """NCT06646627, NCT04150965."""
    text = "Systemic corticosteroids at doses higher than physiologic maintenance dosing (must be < 5 mg/day of prednisone)"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert rule.min_dose_mg is not None and 4.9 < rule.min_dose_mg < 5
    text = "Corticosteroids within 2 weeks. Prednisone up to but no more than 10 mg q.d. is permitted"
    steroids = therapy_rules(f"{OUT}:\n\n* {text}\n")[0]
    assert steroids.carveouts[0].max_dose_mg == 10


def test_therapy_that_is_permitted_within_a_time_is_not_excluded_in_it() -> None:
    """NCT05253105."""
    text = "Prior radiotherapy within 28 days. Limited palliative radiotherapy is permitted within 28 days provided there is no toxicity"
    rule = therapy_rules(f"{OUT}:\n\n* {text}\n")[0]
    assert [c.effect for c in rule.carveouts] == ["conditional"]


def test_a_dose_of_one_of_its_drugs_is_a_limit_of_the_class_too() -> None:
    """NCT05164042."""
    rules = therapy_rules(f"{OUT}:\n\n* Antiplatelet treatment (aspirin, dose > 300 mg/d; clopidogrel, dose > 75 mg/d)\n")
    (wide,) = [r for r in rules if found_keys([r]) == {"antiplatelet"}]
    assert {c.mentions[0].key: c.max_dose_mg for c in wide.carveouts} == {"aspirin": 300, "clopidogrel": 75}


def test_a_high_dose_is_not_that_of_another_therapy_behind_it() -> None:
    """NCT02418624."""
    rules = therapy_rules(f"{OUT}:\n\n* Patients who have received high dose alkylating agents, a PARP inhibitor or carboplatin\n")
    assert {m.key: r.doubts for r in rules for m in r.mentions} == {
        "alkylating-agent": ("high dose",),
        "parp-inhibitor": (),
        "carboplatin": (),
    }


@pytest.mark.parametrize(
    ("sentence", "high"),
    [
        ("Vitamins in high dose, herbal remedies, CYP3A4 strong inducers, warfarin", {"vitamin-supplement"}),
        ("Aspirin at high doses, clopidogrel, or warfarin", {"aspirin"}),
        ("High-dose vitamins, strong CYP3A4 inducers", {"vitamin-supplement"}),
        ("Treatment at high doses of methotrexate or cytarabine", {"methotrexate", "cytarabine"}),
    ],
)
def test_a_high_dose_that_is_told_behind_its_drug_is_not_that_of_the_next(sentence: str, high: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.doubts == ("high dose",)]) == high


@pytest.mark.parametrize(
    ("section", "sentence", "doubts"),
    [
        (OUT, "Bisphosphonates or RANKL inhibitors initiated, or dose changed <1 month prior to first dose", {("a recent start",)}),
        (OUT, "PPIs, or other prohibited medications within 7 days", {()}),
        (IN, "At least 84 days post HSCT and without evidence of GVHD, except stable steroid doses are permitted", {()}),
        (IN, "Must not receive ciclosporin, tacrolimus or other agents to prevent GVHD post BM transplant", {("after a transplant",)}),
        (IN, "Completed beam radiation therapy for head and neck cancer at least 3 years prior to the visit", {()}),
        (
            IN,
            "Patients receiving corticosteroids must be on a stable dose for 7 days and not receiving doses higher than 4 mg of dexamethasone per day",
            {("stable dose",), ()},
        ),
    ],
)
def test_what_leaves_a_doubt_and_what_does_not(section: str, sentence: str, doubts: set[tuple[str, ...]]) -> None:
    """NCT05386108, NCT06518564, NCT06376162, NCT05926765."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {r.doubts for r in rules} == doubts


@pytest.mark.parametrize(
    ("section", "sentence", "low"),
    [
        # NCT05096715, NCT04841148, NCT00357318
        (
            OUT,
            "Current or recent (within 10 days prior to study treatment start) use of full-dose oral or parenteral anticoagulants for"
            " therapeutic (as opposed to prophylactic) purpose.",
            True,
        ),
        (OUT, "Patients receiving therapeutic anticoagulation are not eligible for study participation.", True),
        (IN, "No concurrent full-dose anticoagulants (e.g., warfarin)", True),
        (OUT, "Current use of anticoagulants at therapeutic levels", True),
        (OUT, "Therapeutic or prophylactic anticoagulation", False),
        (OUT, "Investigational therapeutic antibodies or warfarin", False),
        (OUT, "Use of anticoagulants", False),
    ],
)
def test_low_doses_of_anticoagulants_are_left_where_full_ones_are_kept_out(section: str, sentence: str, low: bool) -> None:
    (rule,) = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if found_keys([r]) & {"anticoagulant", "warfarin"}]
    assert [(c.effect, c.dose_level) for c in rule.carveouts] == ([("allows", "low")] if low else [])


@pytest.mark.parametrize(
    "sentence",
    [
        "If taking corticosteroids, must be on a stable or decreasing dose for the 14 days prior to randomization.",  # NCT05303519
        "If receiving allergy immunotherapy, must be on stable dose for 3 months.",  # NCT01544348
        "Patients taking corticosteroids must be on a stable dose for 14 days",
    ],
)
def test_what_must_be_stable_if_taken_leaves_a_doubt(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.polarity, set(rule.doubts)) == (EXCLUDES, {"stable dose"})


@pytest.mark.parametrize(
    ("words", "polarity"),
    [
        ("The subject must have an in-range INR (usually between 2 and 3), be on a stable dose of warfarin", ALLOWS),  # NCT00321685
        ("Patients receiving anticoagulation must be on a stable regimen, with INR within the expected range", ALLOWS),  # NCT06784947
        ("The subject must have an in-range INR on a stable dose of warfarin for 4 weeks", EXCLUDES),
    ],
)
def test_a_dose_that_keeps_the_inr_in_range_is_a_laboratory_limit(words: str, polarity: Polarity) -> None:
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {words}\n")} == {polarity}


def test_a_permitted_low_dose_tells_which_dose_is_high() -> None:
    """NCT05922501."""
    text = (
        "Concomitant high dose corticosteroids. Low dose corticosteroids (maximum dose prednisone 10 mg/day or equivalent) are permitted if"
        " given for disorders other than myeloma."
    )
    (rule, *_) = [r for r in therapy_rules(f"{OUT}:\n\n* {text}\n") if r.polarity is EXCLUDES]
    assert (rule.min_dose_mg, rule.doubts) == (10, ())


@pytest.mark.parametrize(
    ("sentence", "limits"),
    [
        ("Ongoing prednisolone > 1mg/kg daily or equivalent.", {(40, True), (120, False)}),  # NCT03937544
        (
            "Systemic steroid treatment (greater than or equal to 0.5 mg prednisone equivalent/kg/day)",
            {(20, True), (60, False)},
        ),  # NCT04842812
        ("Hydrocortisone more than 12 mg/m2/day", {(3.9, True), (7.5, False)}),
    ],
)
def test_a_dose_by_the_bodys_size_is_surely_passed_by_what_is_more_in_the_largest(sentence: str, limits: set[tuple[float, bool]]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(round(r.min_dose_mg or 0, 2), bool(r.doubts)) for r in rules} == limits


@pytest.mark.parametrize(
    ("sentence", "least"),
    [
        ("high-dose steroid pulse therapy in the last 1 month", 249),  # NCT04387942
        ("Treatment with pulse methylprednisolone within 1 month", 249),
        ("pulse oximetry < 92% or steroids", None),
        ("One-time pulse dose of chemotherapy, corticosteroids", None),
    ],
)
def test_pulses_of_steroids_are_no_daily_doses(sentence: str, least: float | None) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "chemotherapy" not in found_keys([r])]
    assert [r.min_dose_mg for r in rules] == [least]


def test_a_dose_told_at_the_end_is_one_of_the_steroids_told_at_the_start() -> None:
    """NCT06773481."""
    text = (
        "Those who have used corticosteroids within 1 month before participating in the trial and have received systemic treatment with a"
        " daily dose higher than 3 mg of dexamethasone or an equivalent dose of other hormones"
    )
    assert {round(r.min_dose_mg or 0, 6) for r in therapy_rules(f"{OUT}:\n\n* {text}\n")} == {20}


def test_steroids_permitted_up_to_what_the_body_makes_leave_higher_doses_in_doubt() -> None:
    """NCT07358260."""
    text = "Corticosteroids at or below physiologic doses (replacement for adrenal insufficiency) is allowed."
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {text}\n") if r.polarity is EXCLUDES]
    assert (rule.min_dose_mg, rule.doubts) == (7.5, ("a higher dose than it permits",))


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "Steroids must be at no more than physiologic doses"),
        (OUT, "Systemic steroids exceeding physiologic replacement doses"),
    ],
)
def test_steroids_above_what_the_body_makes_are_kept_out(section: str, sentence: str) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.min_dose_mg, rule.doubts) == (EXCLUDES, 7.5, ())


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Prior anthracycline exposure which would inhibit the delivery of study anthracyclines", "anthracycline"),  # NCT02724163
        ("Prior chemotherapy that would prevent administration of full dose docetaxel", "chemotherapy"),
        ("Previous platinum treatment which would not allow cisplatin to be given", "platinum-agent"),
    ],
)
def test_what_would_bar_the_study_treatment_was_given_in_an_amount_that_is_not_told(sentence: str, key: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [m.key for m in rule.mentions] == [key] and rule.doubts == ("how much of it was given",)


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Prior anthracycline exposure: Patients must have less than 300mg/m2 lifetime exposure of anthracycline chemotherapy.", True),
        ("Cumulative anthracycline dose < 300 mg/m2", True),
        ("Prior doxorubicin allowed if total dose ≤ 350 mg/m2", True),
        ("Patients who tolerated prior doxorubicin at up to 60 mg/m2 every 3 weeks", False),
    ],
)
def test_the_largest_dose_that_may_have_been_had(sentence: str, doubted: bool) -> None:
    """NCT00439296: who had the drug has to tell how much of it."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [r.doubts for r in rules] == [("cumulative dose",)] * doubted


@pytest.mark.parametrize(
    "dose",
    [
        "exceeding a lifetime dose of 450 mg/m2",
        "at a doxorubicin-equivalent dose >= 300 mg/m2",
        "beyond 300 mg/m2",
        "with a total dose of 300 mg/m2 or more",
    ],
)
def test_a_dose_that_was_had_in_all_is_not_known(dose: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Any prior anthracycline {dose}\n")
    assert {r.doubts for r in rules} == {("cumulative dose",)}


@pytest.mark.parametrize(
    ("section", "sentence", "limit"),
    [
        (OUT, "Corticosteroid doses of more than the equivalent of prednisone 10 mg per day", 10),
        (OUT, "Steroids \u2265 prednisone 20 mg/day", 19.999),
        # NCT05465174 has a dose by weight beside it.
        (IN, "The steroid dose should be no more than a steroid-equivalent of dexamethasone 3 mg/day at enrollment.", 20),
    ],
)
def test_a_dose_may_stand_behind_its_drug(section: str, sentence: str, limit: float) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rules and all((r.polarity, r.min_dose_mg) == (EXCLUDES, pytest.approx(limit)) for r in rules)


@pytest.mark.parametrize(
    ("sentence", "limits"),
    [
        ("Aspirin > 325 mg/day or warfarin", {"aspirin": 325.0, "warfarin": None}),
        ("More than 325 mg aspirin daily or anticoagulants", {"aspirin": 325.0, "anticoagulant": None}),
        ("Daily aspirin use at > 325 mg, or use of NSAIDs", {"aspirin": 325.0, "nsaid": None}),
        ("> 10 mg/day or equivalent of prednisone", {"prednisone": 10.0}),
        ("Hydrocortisone > 25 mg or prednisone > 6 mg daily", {"hydrocortisone": 6.25, "prednisone": 6.25}),
    ],
)
def test_a_dose_is_not_that_of_what_follows_behind_or(sentence: str, limits: dict[str, float | None]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key: r.min_dose_mg for r in rules for m in r.mentions} == limits


def test_a_high_dose_of_a_drug_is_not_that_of_other_classes() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* High-dose aspirin or oral anticoagulants\n")
    assert {m.key: r.doubts for r in rules for m in r.mentions} == {"aspirin": ("high dose",), "oral-anticoagulant": ()}


@pytest.mark.parametrize(
    ("sentence", "sure"),
    [
        ("Prednisone up to 10 mg daily is permitted", False),
        ("Corticosteroids are permitted only at doses ≤ 10 mg/day of prednisone", True),
        ("Steroids can be continued provided that the dose is ≤ 10 mg prednisone", True),
        ("Steroids are acceptable as long as the dose does not exceed 1.5 mg dexamethasone", True),
        ("Prednisone ≤ 10 mg/day is allowed; higher doses are not", True),
        ("Steroids are allowed if needed (≤ 10 mg prednisone daily)", False),
    ],
)
def test_a_dose_above_the_one_permitted_is_out_where_no_more_may_be_given(sentence: str, sure: bool) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(r.min_dose_mg, not r.doubts) for r in rules] == [(10.0, sure)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Steroid medication given for supportive or prophylactic reasons during CRT for participants in one of the cohorts needs to be tapered to"
        " <= 5 mg/day prednisolone equivalent",
        "Patients on steroids after radiotherapy must be tapered down to no more than 5 mg prednisone daily",
    ],
)
def test_what_steroids_were_given_with_has_not_to_be_tapered(sentence: str) -> None:
    """NCT05142189: who had chemoradiotherapy is kept out by no dose, and steroids only by theirs."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {r.min_dose_mg for r in rules} == {5.0}
    assert not found_keys(rules) & {"chemoradiotherapy", "radiotherapy"}


@pytest.mark.parametrize(
    "steroids",
    [
        "systemic, or absorbable local corticosteroid therapy to achieve immunosuppressive purposes (dose >10 mg/day prednisone or equivalent)",
        "systemic hormone therapy for the purpose of immunosuppression (> 10 mg/day prednisone or other equivalent hormones)",
    ],
)
def test_what_steroids_are_to_achieve_parts_them_from_no_dose(steroids: str) -> None:
    """NCT06532539: replacement doses are below the one that is told behind the purpose."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Subjects currently using immunosuppressive agents or {steroids} within 2 weeks prior to enrollment\n"
    )
    told = [r for r in rules if found_keys([r]) & {"corticosteroid", "systemic-corticosteroid"}]
    assert told and {r.min_dose_mg for r in told} == {10.0}


@pytest.mark.parametrize("sentence", ["Systemic medications at immunosuppressive doses", "Any medication in an immunosuppressive dose"])
def test_medicines_in_an_immunosuppressive_dose_are_immunosuppressants(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"immunosuppressant"}


@pytest.mark.parametrize(
    "sentence",
    [
        "History of poorly regulated anticoagulation with warfarin",
        "Uncontrolled INR on warfarin",
        "Patients on warfarin with unstable INR",
        "Anticoagulation with warfarin that is not well controlled",
        "Inadequate anticoagulation control on warfarin",
        "Warfarin with INR not within therapeutic range",
    ],
)
def test_how_well_it_works_is_not_known_of_an_anticoagulant(sentence: str) -> None:
    """NCT02127372: not all who take warfarin are kept out."""
    assert [bool(r.doubts) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [True]


def test_a_dose_that_must_not_exceed_some_is_no_ban() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Corticosteroid dose must not exceed 10 mg prednisone\n")
    assert (rule.polarity, rule.min_dose_mg) == (EXCLUDES, 10.0)


@pytest.mark.parametrize("dose", ["only at 1 mg/day", "only at a dose of no more than 1 mg daily", "only up to 1 mg per day"])
def test_only_up_to_a_dose_keeps_out_who_takes_more(dose: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Warfarin is allowed {dose}\n")
    assert (rule.polarity, [(c.effect, c.max_dose_mg) for c in rule.carveouts]) == (EXCLUDES, [("allows", 1.0)])

"""On what terms a therapy is permitted, what its permission leaves out, and what only seems to be a term of it."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, found_keys, therapy_rules

from kg.records import Modality, Polarity, Rule


def rules_of(section: str, text: str, polarity: Polarity = EXCLUDES) -> list[Rule]:
    return [r for r in therapy_rules(f"{section}:\n\n* {text}\n") if r.polarity is polarity]


@pytest.mark.parametrize(
    ("sentence", "outcomes", "doubted"),
    [
        ("Prior bortezomib treatment permitted if the patient achieved a documented response", (), True),  # NCT00536575
        ("Prior bortezomib is allowed provided the patient did not progress on it", ("progression",), False),
        ("Prior bortezomib is allowed if the patient did not relapse within 60 days of the last dose of it", (), True),
        ("Patients with prior lenalidomide are eligible as long as they are not lenalidomide-refractory", ("progression",), False),
        ("Prior therapy with decitabine will be allowed unless the patient experienced progression while on it", ("progression",), False),
        ("Subjects who have been exposed to lapatinib but are not refractory to lapatinib may be enrolled", ("progression",), False),
    ],
)
def test_what_must_have_come_of_a_permitted_therapy(sentence: str, outcomes: tuple[str, ...], doubted: bool) -> None:
    """NCT01515527, NCT00706030."""
    (rule,) = rules_of(IN, sentence)
    assert (rule.outcomes, bool(rule.doubts)) == (outcomes, doubted)


def test_that_it_did_not_come_back_is_asked_of_those_alone_who_are_let_in() -> None:
    """NCT04561206."""
    sentence = (
        "Patients who received BV or an anti-PD-1/PD-L1 agent as part of frontline therapy are eligible if they achieved a CMR with frontline "
        "therapy and have not relapsed within 6 months from the end of frontline therapy"
    )
    (rule,) = rules_of(IN, sentence)
    assert found_keys([rule]) == {"pd-1-pd-l1-inhibitor"} and rule.doubts
    (rule,) = rules_of(IN, "Patients are eligible if they have not progressed within 6 months of platinum")
    assert found_keys([rule]) == {"platinum-agent"}


@pytest.mark.parametrize(
    "sentence", ["Prior gemcitabine is allowed if no response was seen", "Prior gemcitabine is permitted if it was well tolerated"]
)
def test_other_terms_ask_for_no_response(sentence: str) -> None:
    assert rules_of(IN, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Previous radiation therapy is permitted provided last dose is given 14 days prior to initiation of treatment", 14),  # NCT00504101
        (
            "Prior ErbB inhibitors will be allowed, but a disease-free interval of at least 6 months must be demonstrated after therapy",
            None,
        ),
    ],
)
def test_a_permission_that_counts_from_the_last_dose_is_a_wash_out(sentence: str, days: int | None) -> None:
    """NCT00251433 gives months."""
    (rule,) = rules_of(IN, sentence)
    assert rule.window is not None and not rule.window.within
    assert (rule.window.days, rule.window.months) == (days, None if days else 6)


def test_terms_on_which_those_with_an_ill_come_forbid_nothing() -> None:
    """NCT01083368: the days are those of the steroids; NCT00453154: "provided" leaves nobody out."""
    text = (
        "patients with history of cord compression are eligible provided they had either palliative radiation therapy or surgery, and "
        "are off any steroids prior to initiating study drug (at least 7 days)"
    )
    assert rules_of(OUT, text) == []
    text = (
        "patients with a history of class II NYHA are eligible, provided they meet the following criteria:\n\n"
        "  * Patients with prior anthracycline exposure\n  * Patients who have received central thoracic radiation"
    )
    assert rules_of(IN, text) == [] and found_keys(rules_of(IN, text, ALLOWS)) == {"anthracycline", "thoracic-radiotherapy"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior contralateral breast malignancy allowed provided not previously treated with chemotherapy",  # NCT00346229
        "Prior DCIS is allowed provided it was treated without chemotherapy or radiotherapy",
        "patients who had not undergone surgical orchiectomy must have continued on gonadotropin-releasing hormone analogs",  # NCT00439270
        "Patients who have not received prior bisphosphonates must start zoledronic acid",
    ],
)
def test_what_another_cancer_or_other_patients_had_is_forbidden_to_nobody(sentence: str) -> None:
    assert rules_of(IN, sentence) == []


def test_regimens_that_do_not_hold_a_drug() -> None:
    """NCT00478946."""
    text = (
        "Prior adjuvant chemotherapy with a 5-FU-based treatment regimen not containing oxaliplatin or irinotecan is acceptable after a "
        "treatment-free interval of at least 6 months"
    )
    windows = {key: r.window for r in rules_of(IN, text) for key in found_keys([r])}
    assert windows["fluorouracil"] is not None and windows["oxaliplatin"] is None and windows["irinotecan"] is None


def test_a_sentence_in_brackets_permits_for_itself() -> None:
    """NCT01063478."""
    (rule,) = rules_of(IN, "INR and PTT \u2264 1.5. (Anticoagulation is allowed if on a stable dose of warfarin for > 2 weeks.)")
    assert "stable dose" in rule.doubts and found_keys([rule]) == {"anticoagulant", "warfarin"}
    assert rules_of(OUT, "(Maternal antibiotics during delivery should not be considered exclusionary.)") == []


@pytest.mark.parametrize(
    ("sentence", "excepted"),
    [
        ("Prior HDAC inhibitors (use of valproic acid is allowed with a 30-day washout)", [("window", "valproic-acid", 30)]),  # NCT00702962
        ("No lenalidomide, unless the dose was equal or less than one cycle", [("conditional", "", None)]),  # NCT01202890
        ("28 days from cytotoxic therapy except 23 days from temozolomide", [("window", "temozolomide", 23)]),  # NCT00268385
        (
            "Prior chemotherapy for NSCLC (surgery only is allowed if lung function would allow for chemoradiation)",
            [("allows", "surgery", None)],
        ),
    ],
)
def test_exceptions_with_a_time_of_their_own(sentence: str, excepted: list[tuple[str, str, int | None]]) -> None:
    """NCT01063478 for the last: what is still to be given frees nobody who had it."""
    (rule,) = rules_of(IN if sentence[0] in "N2" else OUT, sentence)
    found = [(c.effect, c.mentions[0].key if c.mentions else "", c.window.days if c.window else None) for c in rule.carveouts]
    assert found == excepted


def test_what_is_excepted_and_must_end_sooner() -> None:
    """NCT00852709: imatinib is no chemotherapy, so that its three days are a rule of their own."""
    text = "No chemotherapy within 2 weeks, except for hydroxyurea or imatinib, which must be discontinued at least 3 days before entry"
    windows = {key: r.window and r.window.days for r in rules_of(IN, text) for key in found_keys([r])}
    assert windows == {"chemotherapy": 14, "imatinib": 3}


def test_a_field_of_treatment_is_no_exception() -> None:
    """NCT00516165."""
    text = (
        "Prior chemoembolization is allowed if more than 4 weeks ago and there is measurable disease outside of the chemoembolization field"
    )
    (rule,) = rules_of(IN, text)
    assert rule.carveouts == () and rule.window is not None and rule.window.days == 28


def test_another_therapy_than_the_one_that_is_required() -> None:
    """NCT01083368."""
    text = "Must be receiving LHRH agonist therapy\n* Patients receiving any other hormonal therapy must discontinue it at least 4 weeks before"
    (rule,) = rules_of(IN, text)
    assert [(c.effect, c.mentions[0].key) for c in rule.carveouts] == [("allows", "gnrh-agonist")]


@pytest.mark.parametrize(
    ("section", "sentence", "role", "doubts"),
    [
        (IN, "Patients are not allowed to initiate bisphosphonate therapy within 4 weeks", CURRENT, True),  # NCT01083368
        (OUT, "Systemic steroids with doses that have not been stabilized to < 10 mg/day prednisone", CURRENT, True),  # NCT00702962
        (OUT, "No concurrent preventative IV antibiotics", CURRENT, True),  # NCT00066443
        (OUT, "Progressive disease on their last therapy", PRIOR, False),  # NCT00504101
    ],
)
def test_what_is_left_open(section: str, sentence: str, role: object, doubts: bool) -> None:
    rules = rules_of(section, sentence)
    assert rules and rules[0].role is role and bool(rules[0].doubts) is doubts


# --- times ------------------------------------------------------------------------------------------------------------------------------


def test_a_time_in_brackets_without_its_unit() -> None:
    """NCT00003194."""
    (rule,) = therapy_rules(f"{IN}:\n\n* At least 3 weeks (6 for nitrosourea) since prior chemotherapy\n")
    assert [(c.effect, c.mentions[0].key, c.window and c.window.days) for c in rule.carveouts] == [("window", "nitrosourea", 42)]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy within 3 weeks (2 for weekly regimens)\n")
    assert rule.lines is None and rule.carveouts == ()


def test_a_time_of_a_kind_is_that_of_the_therapy_which_takes_it_in() -> None:
    """NCT00095940: nitrosoureas are no biologics."""
    text = "No chemotherapy within 3 weeks and no biological therapy =< 7 days prior to registration (6 weeks if a nitrosourea)"
    rules = {key: r for r in therapy_rules(f"{IN}:\n\n* {text}\n") for key in found_keys([r])}
    assert rules["biologic-therapy"].carveouts == ()
    assert [c.window and c.window.days for c in rules["chemotherapy"].carveouts] == [42]


def test_a_list_of_times_behind_what_one_must_have_recovered_from() -> None:
    """NCT00268385."""
    text = (
        "Recovered from the toxic effects of prior therapy: 28 days from any investigational agent, 28 days from cytotoxic therapy except "
        "23 days from temozolomide, 14 days from vincristine, 42 days from nitrosoureas"
    )
    rules = {key: r.window and r.window.days for r in therapy_rules(f"{IN}:\n\n* {text}\n") for key in found_keys([r])}
    assert rules == {"investigational-agent": 28, "chemotherapy": 28, "vincristine": 14, "nitrosourea": 42}


def test_either_of_two_least_times_will_do() -> None:
    """NCT01278810."""
    (rule,) = therapy_rules(f"{IN}:\n\n* At least four weeks or more than 5 half-lives since the last anticancer therapy\n")
    assert rule.window is not None and rule.window.combine == "shorter"
    (rule,) = therapy_rules(f"{IN}:\n\n* At least four weeks or 5 half-lives since the last anticancer therapy\n")
    assert rule.window is not None and rule.window.combine == ""


# --- what is meant ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Allergy to drugs chemically related to lapatinib. These include other aminoquinazolines, such as gefitinib"),  # NCT00251433
        (IN, "Bisphosphonates should be held at least 1 week prior to the transplant"),  # NCT00504101
        (
            OUT,
            "Illness which would jeopardize the ability of the patient to receive the chemotherapy outlined in this protocol",
        ),  # NCT00949026
        (
            IN,
            "Untreated acute myeloid leukemia, should not be a candidate for standard therapy, or have acute AML that is relapsed",
        ),  # NCT01214655
    ],
)
def test_what_is_named_and_not_ruled_on(section: str, sentence: str) -> None:
    assert therapy_rules(f"{section}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    ("sentence", "ruled"),
    [
        ("No concurrent oral contraception", True),  # NCT00066443
        ("Women must use effective contraception (oral contraception, IUD)", False),
        ("Women not using hormonal contraception", False),
    ],
)
def test_contraception_that_may_not_be_taken(sentence: str, ruled: bool) -> None:
    assert bool(therapy_rules(f"{IN}:\n\n* {sentence}\n")) is ruled


def test_no_time_after_which_a_woman_may_nurse_is_one_of_prior_therapy() -> None:
    """NCT06362252."""
    sentence = (
        "Does not breastfeed during treatment and for at least 8/5/6 months after last dose of I-DXd/atezolizumab/carboplatin, respectively"
    )
    assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


@pytest.mark.parametrize(
    ("text", "key", "role"),
    [
        ("Restrictions on prior therapy:\n\n  * QTc prolonging agents", "qt-prolonging-drug", CURRENT),  # NCT00439270
        ("Treatment at start of study treatment with warfarin, LHRH agonists", "gnrh-agonist", CURRENT),  # NCT01471847
        ("Treatment with LHRH agonists before the start of study treatment", "gnrh-agonist", PRIOR),
    ],
)
def test_what_is_taken_at_the_start_is_no_prior_therapy(text: str, key: str, role: object) -> None:
    assert {k: r.role for r in therapy_rules(f"{OUT}:\n\n* {text}\n") for k in found_keys([r])}[key] is role


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("a drug that has not received regulatory approval for any indication", {"investigational-agent"}),  # NCT01214655
        ("an experimental agent for non cancer indications that has not received regulatory approval", {"investigational-agent"}),
        ("radioactive bone targeting agents, such as strontium", {"bone-targeted-radionuclide"}),  # NCT00439270
        ("coumadin analogues", {"vitamin-k-antagonist"}),  # NCT01471847
        ("cytokines", {"cytokine-therapy"}),  # NCT00003194
        ("cytokine inhibitors", {"interleukin-inhibitor"}),
        ("agents specifically designed to inhibit the epidermal growth factor receptor (EGFR)", {"egfr-inhibitor"}),  # NCT00467077
        ("routine CSFs", {"colony-stimulating-factor"}),
        ("alternative or complementary therapy", {"herbal-product"}),
        ("supplements or botanicals", {"dietary-supplement", "herbal-product"}),  # NCT01083368
        ("St.John's Wort", {"st-johns-wort"}),  # NCT00707707
        ("medications that are known to cause certain changes in electrocardiogram readings", {"qt-prolonging-drug"}),  # NCT01432951
    ],
)
def test_classes_in_other_words(words: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Treatment within 28 days with {words}\n")
    assert found_keys(rules) == keys and all(r.polarity is EXCLUDES for r in rules)


def test_a_route_behind_a_drug_and_a_part_that_its_place_tells() -> None:
    """NCT00346229, NCT00268385."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Concurrent amphotericin B by injection\n")
    assert rule.routes == ("intravenous",)
    (rule,) = rules_of(IN, "Patients with prior chemotherapy will not be included in this part of the study")
    assert rule.scope.texts == ("this part of the study",)


# --- lists, brackets and sentences of their own -----------------------------------------------------------------------------------------


def test_exceptions_that_stand_beside_the_sentence_that_opens_them() -> None:
    """NCT05937906."""
    text = (
        "Use of immunosuppressive medication within 14 days. The following are exceptions to this criterion:\n"
        "* Intranasal, inhaled or topical steroids\n* Steroids as premedication for hypersensitivity reactions\n"
        "* Prior allogeneic transplant"
    )
    rules = rules_of(OUT, text)
    assert [sorted(found_keys([r])) for r in rules] == [["immunosuppressant"], ["allogeneic-stem-cell-transplant"]]
    assert {m.key for c in rules[0].carveouts for m in c.mentions} == {"topical-corticosteroid", "corticosteroid"}


def test_what_slips_among_exceptions_or_is_permitted_among_them() -> None:
    """NCT04293562, NCT04322318."""
    text = "Prior anti-cancer therapy except as outlined below:\n\n  * Hydroxyurea\n  * Strong inducers of CYP3A4 should be avoided"
    rules = {key: r for r in rules_of(OUT, text) for key in found_keys([r])}
    assert rules["cyp3a4/inducer/strong"].modality is Modality.SHOULD_AVOID
    assert [m.key for c in rules["anticancer-therapy"].carveouts for m in c.mentions] == ["hydroxycarbamide"]
    text = (
        "Patients must have had no prior systemic therapy, except in the following situations:\n\n"
        "  * Treatment consisting of vincristine initiated on an emergent basis and within allowed timing as described"
    )
    assert all(found_keys([r]) == {"systemic-anticancer-therapy"} for r in rules_of(IN, text))


@pytest.mark.parametrize(
    "sentence",
    [
        "Immunosuppressive medication within 7 days. Certain exceptions as defined in protocol apply.",  # NCT04198766
        "Immunosuppressive medication within 7 days, with the exceptions.",  # NCT07106827
    ],
)
def test_exceptions_that_are_not_told(sentence: str) -> None:
    (rule,) = rules_of(OUT, sentence)
    assert rule.doubts == ("exceptions that it does not name",)


def test_an_exception_of_one_member_of_a_list() -> None:
    """NCT00707707."""
    text = "Any chemotherapy, radiotherapy (except for palliative reasons) or investigational product within 2 weeks"
    excepted = {key: bool(r.carveouts) for r in rules_of(OUT, text) for key in found_keys([r])}
    assert excepted == {"chemotherapy": False, "radiotherapy": True, "investigational-agent": False}


def test_a_dose_that_is_permitted_in_the_same_sentence() -> None:
    """NCT00453154, NCT05592015."""
    (rule,) = rules_of(OUT, "Use of warfarin, although doses of up to 2 mg daily are permitted")
    assert [(c.effect, c.max_dose_mg) for c in rule.carveouts] == [("allows", 2)]
    (rule,) = rules_of(OUT, "Immunosuppressants (prednisone up to 20 mg permitted, but must be weaned within one month)")
    assert [(c.effect, c.max_dose_mg) for c in rule.carveouts] == [("depends", 20)]


def test_what_one_bullet_times_is_none_of_the_others_of_the_next() -> None:
    """NCT00516828."""
    rule = rules_of(IN, "At least 2 days since prior hydroxyurea\n* No other prior chemotherapy")[-1]
    assert [(c.effect, c.mentions[0].key, c.window and c.window.days) for c in rule.carveouts] == [("window", "hydroxycarbamide", 2)]


@pytest.mark.parametrize(
    ("section", "text"),
    [
        (OUT, "Active brain metastasis (must be stable after radiation for at least one month)"),  # NCT01400451
        (OUT, "Oxaliplatin, fludarabine, cytarabine or rituximab intolerance"),  # NCT00472849
        (
            IN,
            "Each of the following is considered 1 relapse:\n\n  * Received no anticancer therapy for 12 weeks after surgery",
        ),  # NCT00335764
        (IN, "NSCLC (stage IIIB / stage IV) documented before first line therapy"),  # NCT00171834
        (IN, "Prior gemcitabine given as a radiosensitizer during and up to 4 weeks after radiation therapy is allowed"),  # NCT00398086
        (OUT, "Participants who received a PD-1 inhibitor immediately prior to enrollment must have documented progression"),  # NCT07174583
        (OUT, "Those with prior HBV are permitted in the trial but should receive prophylactic antiviral therapy"),  # NCT05783609
    ],
)
def test_what_forbids_nothing(section: str, text: str) -> None:
    assert rules_of(section, text) == []


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Patients who are planned to receive the following medication: G-CSF, bevacizumab", {"g-csf", "bevacizumab"}),  # NCT01222572
        (
            "Lenalidomide either concurrently with rituximab or within 8 weeks following a dose of rituximab",
            {"lenalidomide"},
        ),  # NCT01045928
        ("Radiotherapy: <4 weeks (or <2 weeks if palliative without pelvic radiation)", {"radiotherapy"}),  # NCT06644755
    ],
)
def test_which_of_those_named_are_forbidden(sentence: str, keys: set[str]) -> None:
    assert found_keys(rules_of(OUT, sentence)) == keys


def test_any_other_therapy_is_not_counted_with_the_first() -> None:
    """NCT00171834; stages III and IV of NCT00327600."""
    text = "Patients who have received more than one prior chemotherapy regimen or any other systemic antineoplastic treatment"
    counted = {key: r.lines is not None for r in rules_of(OUT, text) for key in found_keys([r])}
    assert counted == {"chemotherapy": True, "systemic-anticancer-therapy": False}
    (rule,) = rules_of(OUT, "Prior chemotherapy for stage III or IV disease")
    assert set(rule.settings) == {"locally-advanced", "metastatic"}


@pytest.mark.parametrize(
    ("disease", "settings"),
    [
        ("unresectable disease", {"locally-advanced", "metastatic"}),
        ("locally advanced, unresectable disease", {"locally-advanced"}),
        ("unresectable stage III disease", {"locally-advanced"}),
    ],
)
def test_what_has_spread_cannot_be_resected_either(disease: str, settings: set[str]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior chemotherapy for {disease}\n")
    assert set(rule.settings) == settings


def test_a_setting_in_the_brackets_of_one_therapy_is_none_of_the_next() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Prior PARP inhibitors (as treatment or maintenance) or bevacizumab\n")
    assert [r.settings for r in rules if "bevacizumab" in found_keys([r])] == [()]


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Prior standard or investigational anti-cancer therapy as specified in protocol", True),  # NCT02631577
        ("Prior systemic therapy (as defined in the study protocol)", True),
        ("Prior treatment with immune checkpoint inhibitors as defined in the protocol", False),
        ("Prior systemic therapy, as well as major surgery", False),
    ],
)
def test_which_of_all_therapies_the_protocol_tells_is_left_open(sentence: str, doubted: bool) -> None:
    rules = [r for r in rules_of(OUT, sentence) if found_keys([r]) & {"systemic-anticancer-therapy", "immune-checkpoint-inhibitor"}]
    assert [r.doubts for r in rules] == [("kinds that it does not name",) if doubted else ()]

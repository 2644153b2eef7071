"""What a sentence excepts, permits or leaves."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, eligibility, found_keys, therapy_rules


@pytest.mark.parametrize(
    ("lead", "row"),
    [
        ("Systemic chemotherapy ≤ 14 days with the exception of", "Hydroxyurea: 1 day"),  # NCT03971799
        (
            "Any anti-cancer therapy within 4 weeks of the first dose, with the following exceptions",
            "Hydroxyurea within 1 day of first dose",
        ),
        ("At least 4 weeks since prior systemic therapy, with these exceptions", "1 day from the last dose of hydroxyurea"),
    ],
)
def test_a_time_below_an_exception_is_the_one_that_it_has_instead(lead: str, row: str) -> None:
    section = IN if "since" in lead else OUT
    rule = next(r for r in therapy_rules(f"{section}:\n\n* {lead}:\n\n  * {row}\n") if r.polarity is EXCLUDES)
    (own,) = rule.carveouts
    assert (own.effect, {m.key for m in own.mentions}, own.window and own.window.days) == ("window", {"hydroxycarbamide"}, 1)


@pytest.mark.parametrize(
    ("words", "closed"),
    [
        ("including but not limited to", False),
        ("which includes, but is not limited to,", False),  # NCT05862064
        ("these include, but are not necessarily limited to,", False),
        ("limited to", True),
    ],
)
def test_only_a_list_that_is_limited_is_closed(words: str, closed: bool) -> None:
    """NCT05483400: "including but not limited to" gives examples; other members of the class are meant too."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior immune checkpoint inhibitor treatment, {words} anti-PD1 and anti-PD-L1 antibodies\n")
    assert rule.closed_list is closed


@pytest.mark.parametrize(
    "sentence",
    [
        "TKIs other than imatinib not previously used",
        "TKIs other than imatinib have not been given",
        "Imatinib allowed; other TKIs not used",
        "TKIs other than imatinib never given for metastatic disease",
    ],
)
def test_what_was_not_given_is_told_behind_its_exception(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if found_keys([r]) == {"tyrosine-kinase-inhibitor"}]
    assert [(r.polarity, r.role, {m.key for c in r.carveouts for m in c.mentions}) for r in rules] == [(EXCLUDES, PRIOR, {"imatinib"})]


@pytest.mark.parametrize(
    "words",
    [
        "excluding treatments specifically targeting intracranial metastases",  # NCT07396454
        "other than therapy directed at liver metastases",
        "except treatment for brain metastases",
    ],
)
def test_treatment_of_metastases_in_one_organ_is_given_there(words: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* No anti-tumor therapy ({words}) within 2 weeks\n")
    assert [(c.effect, c.mentions, c.routes, c.settings) for c in rule.carveouts] == [("allows", (), ("local",), ())]


def test_what_is_planned_under_the_study_is_its_own() -> None:
    """NCT05862064."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior chemotherapy, except for treatments planned under this study condition\n")
    assert rule.carveouts == ()


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT07396454
        "Patients who have received anti-angiogenic TKI (Note: Patients who received anti-angiogenic TKI without subsequent progression are eligible)",
        "Prior VEGFR TKI (patients who did not progress on a VEGFR TKI are eligible)",
        "Prior VEGFR TKI, except patients who stopped a VEGFR TKI for reasons other than progression",
        # NCT06551324
        "Prior chemotherapy. Docetaxel treatment is allowed for mCSPC, as long as no signs of failure, or disease progression occurred during "
        "treatment or within 3 months of treatment completion.",
    ],
)
def test_whom_it_did_not_fail_may_be_this_patient(sentence: str) -> None:
    rule = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[0]
    assert [c.effect for c in rule.carveouts] == ["conditional"]


@pytest.mark.parametrize(
    ("sentence", "permitted", "kept_out"),
    [
        # NCT01935934
        (
            "prior targeted therapy not directed against cMET or vascular endothelial growth factor (VEGF) pathways is allowed",
            {"targeted-therapy"},
            {"met-inhibitor", "vegf-vegfr-inhibitor"},
        ),
        ("Prior immunotherapy not targeting PD-1 is allowed", {"immunotherapy"}, {"pd-1-inhibitor"}),
    ],
)
def test_what_a_therapy_is_not_directed_against_is_left_out_of_it(sentence: str, permitted: set[str], kept_out: set[str]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [(r.polarity, found_keys([r])) for r in rules] == [(ALLOWS, permitted), (EXCLUDES, kept_out)]


@pytest.mark.parametrize(
    ("sentence", "key", "freed"),
    [
        ("No other TKI than imatinib", "tyrosine-kinase-inhibitor", {"imatinib"}),
        ("No other systemic therapy than endocrine therapy", "systemic-anticancer-therapy", {"endocrine-therapy"}),
        ("No different EGFR inhibitor than erlotinib", "egfr-inhibitor", {"erlotinib"}),
        ("No other investigational agents less than 4 weeks ago", "investigational-agent", set()),
        ("Have received nothing but endocrine therapy", "systemic-anticancer-therapy", {"endocrine-therapy"}),
        ("Must not have received anything but endocrine therapy", "systemic-anticancer-therapy", {"endocrine-therapy"}),
    ],
)
def test_the_words_of_other_than_may_stand_apart(sentence: str, key: str, freed: set[str]) -> None:
    """NCT01562210 excludes chemotherapy "for other indications than NSCLC"."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.mentions[0].key == key and {m.key for c in rule.carveouts for m in c.mentions} == freed
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy for other indications than NSCLC within the last 5 years\n")
    assert [c.text.strip() for c in rule.carveouts] == ["than NSCLC"]


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Hormonal therapy except GnRH within 4 weeks", 28),
        ("Hormonal therapy (LHRH allowed) within 4 weeks", 28),
        ("Anticancer hormonal treatment (except luteinizing hormone-releasing hormone [LHRH]) within 4 weeks", 28),  # NCT06780137
        ("Prior hormonal therapy except GnRH agonists within 4 weeks", None),
    ],
)
def test_a_hormone_stands_for_its_drugs(sentence: str, days: int | None) -> None:
    """A time at the end of an exclusion is that of what it excludes, where this is not told to be any prior use."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.window and rule.window.days) == ({"endocrine-therapy"}, days)
    assert {m.target or m.key for c in rule.carveouts for m in c.mentions} <= {"gnrhr", "gnrh-agonist"} and rule.carveouts


def test_the_last_dose_behind_a_semicolon_is_a_wash_out_of_its_own() -> None:
    rules = therapy_rules(f"{IN}:\n\n* No prior TKI except imatinib; last imatinib dose at least 8 days before day 1\n")
    assert [(found_keys([r]), r.window and r.window.days) for r in rules] == [({"tyrosine-kinase-inhibitor"}, None), ({"imatinib"}, 8)]
    rules = therapy_rules(f"{IN}:\n\n* No TKI other than EGFR TKIs; at least one prior platinum agent\n")
    assert [r.polarity for r in rules] == [EXCLUDES, REQUIRES]


@pytest.mark.parametrize(
    "words",
    [
        "except if they can be interrupted",
        "except if a switch to another drug is possible",
        "unless these can be paused",
        "unless treatment is interrupted",
        "unless emergency",
        "unless there is an emergency",
        "(except emergencies)",
        "other than for emergency use",
    ],
)
def test_what_is_stopped_or_given_in_an_emergency_frees_nobody_who_stays_on_it(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of systemic corticosteroids {words}\n")
    assert (rule.polarity, rule.carveouts) == (EXCLUDES, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Cytotoxic agents not considered lymphotoxic, within 1 week of leukapheresis",
        "Cytotoxic agents (that are not considered lymphotoxic) within 1 week",
    ],
)
def test_drugs_that_are_not_considered_toxic_are_none_that_are_permitted(sentence: str) -> None:
    """NCT02153580: such drugs have a time of their own."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.window and rule.window.days, rule.carveouts) == (EXCLUDES, 7, ())


@pytest.mark.parametrize(
    ("sentence", "kept_out"),
    [
        ("Chemotherapy within 14 days, except hydroxyurea, or 6-mercaptopurine, methotrexate, vincristine and steroids", {"chemotherapy"}),
        ("Potent CYP3A4 inhibitors (fluconazole excluded from this rule)", {"cyp3a4/inhibitor/strong"}),
        ("Interferon or interleukin-2, except when used locally, within 2 weeks", {"interferon", "interleukin-2-therapy"}),
    ],
)
def test_how_far_an_exception_reaches(sentence: str, kept_out: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys(rules) == kept_out and all(r.carveouts for r in rules)
    assert all(r.window is None or r.window.within for r in rules)
    assert {r.window is not None for r in rules} == {"within" in sentence}


@pytest.mark.parametrize(
    "sentences",
    [
        "No prior chemotherapy for metastatic disease. Patients are eligible if 4 weeks or more have elapsed since prior chemotherapy.",
        "No prior systemic therapy for metastatic disease. Prior chemotherapy is permitted if it ended at least 6 months before.",
        "No prior systemic therapy. Patients are eligible if at least 4 weeks have passed since prior chemotherapy.",
        "No prior rituximab; rituximab for rheumatoid arthritis more than a year ago is permissible",
        "No prior PARP inhibitors. Patients must be off olaparib for at least 14 days (steroids are permitted).",
    ],
)
def test_a_time_that_must_have_passed_frees_nobody_whom_no_time_frees(sentences: str) -> None:
    untimed = [r for r in therapy_rules(f"{IN}:\n\n* {sentences}\n") if r.window is None and r.polarity is EXCLUDES]
    assert untimed and not any(c.effect == "window" for r in untimed for c in r.carveouts)


def test_what_is_excepted_behind_a_semicolon_is_excepted_from_what_stands_before_it() -> None:
    """NCT05253105."""
    sentence = (
        "Systemic anticancer therapy within 28 days before the first dose; except for nitrosoureas and mitomycin which may not have been"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence} given within 6 weeks before the first dose of XYZ unless harmed by chemotherapy\n")
    (own,) = rule.carveouts
    assert ({m.key for m in own.mentions}, own.window and own.window.days) == ({"nitrosourea", "mitomycin"}, 42)
    sentence = "Prior VEGFR inhibitors (apatinib, sorafenib); except bevacizumab, which must have been stopped > 4 weeks before"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key: r.window and r.window.days for r in rules for m in r.mentions}["bevacizumab"] == 28


def test_other_types_are_those_that_were_not_permitted_before() -> None:
    """NCT06568562."""
    text = "Megestrol and androgen-deprivation therapy are permitted. Other types of hormonal therapies require prior approval."
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {text}\n") if r.polarity is EXCLUDES)
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"megestrol", "androgen-deprivation-therapy"}


@pytest.mark.parametrize(
    ("sentence", "settings"),
    [
        ("No prior systemic therapy for this cancer other than pre-operative endocrine therapy", ("neoadjuvant",)),  # NCT06085742
        ("No prior trastuzumab except for trastuzumab in the (new) adjuvant stage", ("adjuvant", "neoadjuvant")),  # NCT06770296
        ("No prior anti-HER2 therapy, except trastuzumab as new adjuvant therapy", ("neoadjuvant",)),
    ],
)
def test_what_was_given_before_an_operation_is_excepted_as_that(sentence: str, settings: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [c.settings for c in rule.carveouts] == [settings]


def test_drugs_against_no_cancer_are_meant_whatever_is_said_of_an_operation() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Pre-operative anticoagulants\n* Preoperative or post-operative chemotherapy\n")
    assert [r.settings for r in rules] == [(), ("neoadjuvant", "adjuvant")]


def test_an_exception_may_name_a_route_and_a_setting_side_by_side() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* No chemotherapy other than intravesical or perioperative\n")
    assert [(c.routes, c.settings) for c in rule.carveouts] == [(("intravesical",), ()), ((), ("adjuvant", "neoadjuvant"))]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy; prior intravesical gemcitabine is allowed\n")[:1]
    assert [c.routes for c in rule.carveouts] == [("intravesical",)]


@pytest.mark.parametrize("words", ["is permitted", "is permitted if performed > 4 weeks before"])
def test_what_was_given_to_one_place_frees_no_drug_that_is_told_with_it(words: str) -> None:
    wide, procedure, drugs = therapy_rules(f"{OUT}:\n\n* Prior systemic chemotherapy. TACE with doxorubicin or cisplatin {words}\n")
    assert [m.key for c in wide.carveouts for m in c.mentions] == ["transarterial-chemoembolization"] == [m.key for m in procedure.mentions]
    assert ([m.key for m in drugs.mentions], drugs.routes) == (["doxorubicin", "cisplatin"], ("local",))


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior mTOR inhibitor; prior exposure to mTOR inhibitors when used as an immunosuppressant is allowed",
        "Prior mTOR inhibitor, except as immunosuppressant after transplant",
        "Prior endocrine therapy; letrozole given for ovulation induction is acceptable",
        "Prior chemotherapy, except methotrexate for rheumatoid arthritis",
        "Prior rituximab, except for autoimmune disease",
    ],
)
def test_what_was_given_for_no_cancer_frees_nobody_who_had_it_for_one(sentence: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [c.effect for c in rule.carveouts] == ["no-cancer"]


@pytest.mark.parametrize("words", ["unless given as maintenance following response to platinum", "except as maintenance after platinum"])
def test_the_therapy_after_which_one_was_given_is_not_freed(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with a PARP inhibitor {words}\n")
    assert [(c.mentions, c.settings) for c in rule.carveouts] == [((), ("maintenance",))]


@pytest.mark.parametrize(
    "exception",
    [
        "within 5 half-lives before day 1 except monoclonal antibody treatment must be discontinued a minimum of 4 weeks prior to day 1",
        "within 14 days, except monoclonal antibodies must be stopped at least 4 weeks before day 1",
    ],
)
def test_what_is_excepted_may_have_a_verb_and_a_time_of_its_own(exception: str) -> None:
    """NCT06192888."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Anticancer therapy {exception}\n")
    assert [(c.effect, c.window and c.window.days, [m.key for m in c.mentions]) for c in rule.carveouts] == [
        ("window", 28, ["monoclonal-antibody"])
    ]


def test_the_suppression_of_tsh_is_thyroid_hormone() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Anticancer treatment (excluding TSH suppression) within 21 days\n")
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("allows", ["thyroid-hormone"])]


@pytest.mark.parametrize(
    ("sentence", "effect"),
    [
        ("Anti-platelet therapy with the exception of general cardiovascular prophylaxis with aspirin", "allows"),
        ("Anticoagulation with the exception of prophylaxis with low molecular weight heparin", "purpose"),
    ],
)
def test_prevention_is_what_aspirin_is_taken_for(sentence: str, effect: str) -> None:
    """NCT01288261."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [c.effect for c in rule.carveouts] == [effect]


def test_the_following_therapies_are_those_below_and_no_others() -> None:
    """NCT01005199: what is permitted in the list frees no systemic therapy."""
    lead = "The following prior therapies are allowed provided lesions remain and prior treatment is completed within the past 4 weeks"
    text = f"PRIOR CONCURRENT THERAPY:\n\n* No prior systemic anticancer treatment for this disease\n\n  * {lead}\n\n    * Surgery\n"
    rule = therapy_rules(text)[0]
    assert rule.polarity is EXCLUDES and [m.key for c in rule.carveouts for m in c.mentions] == ["surgery"]


def test_an_ill_that_only_an_exception_tells_of_is_no_reason_for_the_need() -> None:
    """NCT01005199."""
    sentence = "No requirement for anticoagulant therapy except for low-dose anticoagulants for prevention of deep vein thrombosis"
    (rule,) = therapy_rules(f"PATIENT CHARACTERISTICS:\n\n* {sentence}\n")
    assert (rule.polarity, [c.dose_level for c in rule.carveouts]) == (EXCLUDES, ["low"])


def test_so_many_lines_that_are_excepted_are_free() -> None:
    """More are not known of who had one."""
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior chemotherapy for metastatic disease except one regimen\n")
    assert [c.effect for c in rule.carveouts] == ["allows"]


@pytest.mark.parametrize(
    ("sentence", "effects"),
    [
        # NCT00003276
        (
            "No concurrent medication for other medical conditions except for: Analgesics, chronic treatments for preexisting conditions",
            ["allows", "conditional"],
        ),
        ("No other concurrent medications except acetaminophen", ["allows"]),
        ("No other concomitant medication", []),
    ],
)
def test_any_other_medication_is_out_but_for_what_is_excepted(sentence: str, effects: list[str]) -> None:
    """What treats other ills is freed, too, as far as anybody can tell."""
    (rule,) = therapy_rules(f"PRIOR CONCURRENT THERAPY:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.role, [c.effect for c in rule.carveouts]) == ({"medicine"}, CURRENT, effects)


def test_what_an_exception_is_told_to_lack_is_not_excepted() -> None:
    """NCT00563147."""
    sentence = "Herbal preparations/supplements (except for a daily multivitamin/mineral supplement not containing herbal components)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert "herbal-product" in found_keys(rules)
    assert "herbal-product" not in {m.key for r in rules for c in r.carveouts for m in c.mentions}


def test_what_all_others_but_the_excepted_have_to_do_is_no_part_of_the_exception() -> None:
    text = f"{IN}:\n\n* Other antineoplastics except hydroxyurea and anagrelide stopped >=7 days before\n"
    (rule,) = therapy_rules(text)
    assert rule.window is not None and (rule.window.days, rule.window.within) == (7, False)
    assert [(c.effect, len(c.mentions)) for c in rule.carveouts] == [("allows", 2)]


def test_an_exception_has_a_verb_of_its_own_behind_that() -> None:
    """NCT04569747, where hormones may have been given for some weeks as adjuvant therapy."""
    sentence = (
        "Patients may have received up to 8 weeks of hormonal therapy as adjuvant treatment for this cancer. Patients should otherwise not have "
        "received prior hormonal therapy with the exception that hormonal therapy administered for less than 8-week duration at least 15 years "
        "ago is allowed."
    )
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(r.settings, [(c.effect, c.settings) for c in r.carveouts]) for r in rules] == [
        (("adjuvant",), []),
        ((), [("window", ()), ("depends", ("adjuvant",))]),
    ]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior TKI, except that prior imatinib is permitted\n")
    assert (rule.polarity, [m.key for c in rule.carveouts for m in c.mentions]) == (EXCLUDES, ["imatinib"])


def test_what_is_excepted_in_a_part_leaves_the_rule_to_all() -> None:
    """NCT06362252: only the exception is for a cohort."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has received prior treatment with ICIs, except for atezolizumab for Cohort 1.\n")
    assert rule.scope.texts == ()


def test_any_treatment_but_one_is_any_against_the_cancer() -> None:
    """NCT05519449; what stands behind the exception with a verb of its own is no part of it."""
    sentence = "Prior receipt of any treatment other than an anti-androgen therapy or prior receipt of a taxane"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys(rules) == {"systemic-anticancer-therapy", "taxane"}
    assert all("taxane" not in found_keys([r]) or not r.carveouts for r in rules)


def test_an_exception_of_a_disease_frees_no_treated_patient() -> None:
    """NCT02785900: those with APL are left out, whatever they had."""
    sentence = "Newly diagnosed, previously untreated, confirmed de novo or secondary AML (except for acute promyelocytic leukemia (APL))"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.carveouts, rule.doubts) == ((), ())


def test_a_list_of_exceptions_ends_with_its_last() -> None:
    """NCT05576896."""
    sentence = "Biologic therapy except bevacizumab or aflibercept, continuous or intermittent small molecule therapeutics, within 28 days"
    assert "small-molecule-targeted-therapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence} prior to starting study treatment\n"))


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        (
            "Prior to signing ICF, anti-cancer therapy for the treatment of PCNSL must be limited to HD-MTX based standard of care regimens",
            "methotrexate",
        ),
        ("The only prior systemic therapy permitted is imatinib", "imatinib"),
    ],
)
def test_prior_therapy_is_limited_to_some(sentence: str, freed: str) -> None:
    """NCT07015242."""
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert (rule.role, {m.key for c in rule.carveouts for m in c.mentions}) == (PRIOR, {freed})


def test_an_exception_of_what_is_considered_essential_depends() -> None:
    """NCT02181660."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Strong CYP3A4 inhibitors with such exceptions of antifungals that are considered absolutely essential\n"
    )
    assert [c.effect for c in rule.carveouts] == ["depends"]


def test_what_to_do_where_a_drug_is_essential_leaves_it_in_doubt() -> None:
    """NCT06930755."""
    text = f"{OUT}:\n\n* Medications known to prolong the QTc interval are prohibited. If concomitant use of anti-emetics is considered essential for the care of the patients, follow instruction in this protocol.\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert [(c.effect, m.key) for c in rule.carveouts for m in c.mentions] == [("depends", "antiemetic")]


def test_examples_behind_an_exception_are_not_of_what_is_excepted() -> None:
    """NCT05861271."""
    text = f"{OUT}:\n\n* Any form of systemic therapy or local therapy other than surgery, including chemotherapy or endocrine therapy\n"
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert {"chemotherapy", "endocrine-therapy", "systemic-anticancer-therapy"} <= found_keys(rules)
    assert all("chemotherapy" not in {m.key for c in r.carveouts for m in c.mentions} for r in rules)


def test_examples_of_what_was_stopped_for_toxicity() -> None:
    """NCT05280470."""
    text = (
        f"{OUT}:\n\n* Prior discontinuation of an antibody drug conjugate (ADC) that consists of an exatecan derivative"
        " (eg, trastuzumab deruxtecan) due to treatment-related toxicities.\n"
    )
    (rule,) = therapy_rules(text)
    assert (rule.role, rule.outcomes) == (PRIOR, ("intolerance",))
    assert "trastuzumab-deruxtecan" in found_keys([rule])


@pytest.mark.parametrize(
    ("words", "effect"), [("except corticosteroids for COPD or asthma", "conditional"), ("except corticosteroids", "allows")]
)
def test_a_drug_that_is_excepted_for_an_illness_frees_who_has_it(words: str, effect: str) -> None:
    """NCT04486352."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Systemic immunosuppressive medications within 2 weeks, {words}\n")
    assert [c.effect for c in rule.carveouts] == [effect]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior treatment with any systemic anti-cancer therapy for metastatic NSCLC including chemotherapy or immunotherapy",  # NCT02856893
        "Any prior therapy for metastatic NSCLC, including immunotherapy, chemotherapy, or radiotherapy",  # NCT05394337
        "Any prior systemic treatment for metastatic NSCLC, including but not limited to chemotherapy, anti-PD-1, anti-CTLA-4.",  # NCT04995523
    ],
)
def test_examples_are_limited_to_what_their_therapy_was_for(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(r.conditions, r.settings) for r in rules} == {(("non-small-cell-lung-cancer",), ("metastatic",))}
    assert "chemotherapy" in found_keys(rules)


def test_what_patients_do_not_have_says_nothing_of_the_terms_that_follow() -> None:
    """NCT01158885."""
    sentence = "Patients with prostate cancer with no evidence of progressive disease are eligible if hormonal therapy has been initiated"
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_what_is_excepted_of_reasons_ends_before_the_next_therapy() -> None:
    """NCT00079937."""
    text = f"{OUT}:\n\n* Patients who received systemic corticosteroids for reasons other than asthma, methotrexate, gold salts or cyclosporin\n"
    assert {"methotrexate", "gold-compound", "ciclosporin"} <= found_keys([r for r in therapy_rules(text) if r.polarity is EXCLUDES])


def test_a_list_that_is_not_only_limited_to_a_drug_is_open() -> None:
    """NCT04413942."""
    assert not therapy_rules(f"{OUT}:\n\n* Any cell-depleting agents, not only limited to rituximab\n")[0].closed_list


def test_words_of_an_exception_in_front_say_nothing_of_what_is_forbidden() -> None:
    """NCT03803553: "standard of care" tells of the adjuvant therapy alone."""
    sentence = (
        "With the exception of standard of care adjuvant therapy, patient received anticancer therapy including chemotherapy or"
        " immunotherapy, within 30 days prior to start of study treatment"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"anticancer-therapy", "chemotherapy", "immunotherapy"}


def test_whom_a_sentence_lets_in_who_never_had_a_therapy_frees_nobody_who_had() -> None:
    """NCT04166409: the bullet below lets in more of those who were not treated."""
    below = "Patients with residual tumor after resection who have not received treatment (chemotherapy and/or radiation) are eligible"
    text = f"{IN}:\n\n* Low-grade glioma that has not been treated with any modality besides surgery\n\n  * {below}\n"
    (rule,) = (r for r in therapy_rules(text) if r.polarity is EXCLUDES)
    assert [m.key for m in rule.mentions] == ["systemic-anticancer-therapy"]
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["surgery"]


def test_what_is_had_besides_is_not_denied() -> None:
    """NCT06130553."""
    for sentence in (
        "Tumor has no EGFR alteration, and the participant has received prior systemic therapy",
        "No mutation and has received X",
    ):
        assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [
        r for r in therapy_rules(f"{IN}:\n\n* Must not have metastases or have received prior chemotherapy\n") if r.polarity is EXCLUDES
    ]


def test_what_is_excepted_may_have_a_time_of_its_own() -> None:
    """Sentences of the kind of NCT05253105."""
    sentence = "Systemic anticancer therapy within 28 days, except for nitrosoureas which may not have been administered within 6 weeks"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence} prior to the first dose\n")
    assert [(c.effect, c.window and c.window.days) for c in rule.carveouts] == [("window", 42)]


def test_what_is_given_by_a_route_and_a_drug_beside_it_are_two_exceptions() -> None:
    """NCT03826992."""
    sentence = "Currently receiving anti-cancer agents (with the exception of intrathecal (IT) agents or hydroxyurea)"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(c.routes, [m.key for m in c.mentions]) for c in rule.carveouts] == [(("intrathecal",), []), ((), ["hydroxycarbamide"])]


@pytest.mark.parametrize(
    ("sentence", "drug"),
    [
        ("Previous radiation therapy with anything other than standard radiation therapy (such as previous stereotactic radiosurgery) "
         "or previous treatment with an immune checkpoint inhibitor", "immune-checkpoint-inhibitor"),  # NCT02529072
        ("Chemotherapy other than cisplatin or any prior use of cetuximab", "cetuximab"),
    ],
)  # fmt: skip
def test_an_exception_ends_where_another_use_is_told_of(sentence: str, drug: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert drug in found_keys(rules)
    assert drug not in {m.key for r in rules for c in r.carveouts for m in c.mentions}


def test_what_stands_behind_beyond_is_excepted() -> None:
    """NCT05665595."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Has not received any prior systemic therapy for melanoma beyond surgical resection\n")
    assert found_keys([rule]) == {"systemic-anticancer-therapy"} and rule.carveouts[0].mentions[0].key == "surgery"


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        (
            "Except for pembrolizumab as neoadjuvant therapy for early-stage TNBC: received prior therapy with an anti-programmed cell "
            "death 1 protein (anti-PD-1), anti-PD-L1 or anti-PD-L2 agent",
            {"pembrolizumab"},
        ),  # NCT06393374
        (
            "Except for chemotherapy as neoadjuvant therapy for early-stage TNBC: Received prior systemic anticancer therapy within 4 weeks",
            {"chemotherapy"},
        ),  # NCT06393374
        ("Except for hormonal therapy, anticancer therapy within 4 weeks before randomization", {"endocrine-therapy"}),
        ("With the exception of surgery: any prior treatment for metastatic disease", {"surgery"}),
    ],
)
def test_an_exception_may_open_the_sentence(sentence: str, freed: set[str]) -> None:
    """Sentences of the kind of NCT06393374."""
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules
    assert all({m.key for c in r.carveouts for m in c.mentions} == freed for r in rules)


@pytest.mark.parametrize(
    "sentence", ["Except for the following therapies: inhaled steroids, topical steroids", "Exceptions: prior radiotherapy"]
)
def test_a_colon_may_open_what_is_excepted(sentence: str) -> None:
    """Sentences of the kind of NCT06393374, and others."""
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_metastases_that_must_be_absent_are_no_setting_of_an_exception() -> None:
    """NCT06163820."""
    sentence = (
        "Prior systemic therapy for melanoma, unless given in the neoadjuvant or adjuvant setting for extracranial disease only, completed "
        "more than 6 months prior to enrolment and if administered with radiological proof of the absence of brain metastases"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(c.effect, c.settings) for c in rule.carveouts] == [("window", ("neoadjuvant", "adjuvant"))]


def test_treatment_of_adrenal_insufficiency_is_replacement() -> None:
    """NCT07063875."""
    sentence = (
        "Immunosuppressive drug use within 2 weeks, with the following exceptions: treatment for well-controlled adrenal insufficiency"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(c.effect, c.dose_level) for c in rule.carveouts] == [("purpose", ""), ("allows", "physiologic")]


def test_any_other_form_of_a_class_leaves_out_what_is_named() -> None:
    """NCT07586904."""
    sentence = "Systemic steroid therapy (>10 mg/kg prednisone) within two weeks, or any other form of immunosuppressive medication"
    wide = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "immunosuppressant" in found_keys([r])]
    assert [{m.key for c in r.carveouts for m in c.mentions} for r in wide] == [{"systemic-corticosteroid", "prednisone"}]


@pytest.mark.parametrize(
    "sentence", ["Systemic chemotherapy. Intravesical gemcitabine is allowed", "Chemotherapy other than intravesical gemcitabine"]
)
def test_what_went_into_the_bladder_is_free_by_that_route_alone(sentence: str) -> None:
    rule = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[0]
    assert [({m.key for m in c.mentions}, c.routes) for c in rule.carveouts] == [({"gemcitabine"}, ("intravesical",))]


def test_an_exception_of_an_unknown_target_frees_some_of_its_class() -> None:
    """NCT07158840: of what AGA is the tables know nothing; what is no TKI is no exception."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior receipt of any systemic anti-tumor therapy other than AGA-targeted TKIs\n")
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("conditional", ["tyrosine-kinase-inhibitor"])]


@pytest.mark.parametrize(
    "bullet",
    [
        "For patients who have received systemic chemotherapy in the past, a treatment-free interval of at least 12 months from the last "
        "treatment to the start of neoadjuvant drug therapy",
        "For patients who had chemotherapy, at least 12 months have passed since the last dose",
        "Chemotherapy, if the treatment-free interval is at least 12 months",
    ],
)
def test_the_time_of_a_bullet_is_that_of_the_exception(bullet: str) -> None:
    """NCT05488353: chemotherapy of last month keeps out."""
    rules = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy, except for the following:\n\n  * {bullet}\n")
    (carveout,) = next(r for r in rules if r.polarity is EXCLUDES).carveouts
    assert (carveout.effect, [m.key for m in carveout.mentions], carveout.settings) == ("window", ["chemotherapy"], ())
    assert carveout.window is not None and carveout.window.months == 12


def test_a_dose_that_must_stay_below_frees_none_that_reaches_it() -> None:
    """NCT05734495."""
    text = "Concurrent systemic immunosuppressant therapy. System steroids at doses \\<20mg prednisone per day are permitted."
    rule = therapy_rules(f"{OUT}:\n\n* {text}\n")[0]
    assert [c.max_dose_mg is not None and 19.9 < c.max_dose_mg < 20 for c in rule.carveouts] == [True]


def test_cancers_that_an_exception_names_free_no_therapy_of_the_trials_own() -> None:
    """NCT05983094."""
    exception = "excluding cured cervical Carcinoma in situ, skin Basal-cell carcinoma and squamous cell carcinoma."
    text = f"{OUT}:\n\n* Previous anti-cancer treatment or radiotherapy for any malignant tumor, {exception}\n"
    (rule,) = [r for r in eligibility(text, conditions=("Breast Cancer",)).rules if r.role is PRIOR]
    assert rule.carveouts == ()


@pytest.mark.parametrize(
    "text",
    [
        "corticosteroids less than 2 weeks prior to registration. Patients may be receiving chronic corticosteroids if they are being given for disorders other than myeloma.",
        "Systemic steroids within 1 week before enrollment except maintenance-dose steroids for non-cancerous disease.",
    ],
)
def test_steroids_for_another_disease_are_freed_in_that_case(text: str) -> None:
    """NCT00483262, NCT01258608: for what they are taken is not known."""
    rule = therapy_rules(f"{OUT}:\n\n* {text}\n")[0]
    assert [c.effect for c in rule.carveouts] == ["conditional"]


@pytest.mark.parametrize(
    "text",
    [
        "Other anti-tumor treatments outside of this research protocol are currently underway or planned",
        "Any anticancer therapy other than the study drugs is ongoing",
    ],
)
def test_what_is_done_with_all_stands_behind_what_is_excepted(text: str) -> None:
    """NCT06097962."""
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {text}\n")} == {CURRENT}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any prior chemotherapy except hydroxyurea that is given to lower counts\n")
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["hydroxycarbamide"]


@pytest.mark.parametrize(
    ("text", "freed"),
    [
        (  # NCT02229981
            "Patients who are receiving drugs other than highly active antiretroviral therapy (HAART) or trimethoprim-sulfamethoxazole that are"
            " sensitive substrates of CYP450 1A2, 3A4, or 2C19, or strong inhibitors or inducers of these isozymes",
            {"antiretroviral", "trimethoprim-sulfamethoxazole"},
        ),
        ("Taking medications, except aprepitant, that are moderate inhibitors of CYP3A4", {"aprepitant"}),
        ("Receiving agents other than dexamethasone known to induce CYP3A4", {"dexamethasone"}),
    ],
)
def test_what_all_drugs_are_of_which_some_are_excepted_is_no_exception(text: str, freed: set[str]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert (rule.polarity, rule.role, {m.kind for m in rule.mentions}) == (EXCLUDES, CURRENT, {"pk"})
    assert {m.key for c in rule.carveouts for m in c.mentions} == freed
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any drug except itraconazole, which is a strong inhibitor of CYP3A4\n")
    assert found_keys([rule]) == {"medicine"}


def test_an_exception_of_what_is_not_known_frees_no_setting() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic treatment other than supportive measures for metastatic breast cancer\n")
    assert [(c.effect, c.settings) for c in rule.carveouts] == [("conditional", ())]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic treatment other than for metastatic disease\n")
    assert [(c.effect, c.settings) for c in rule.carveouts] == [("allows", ("metastatic",))]


@pytest.mark.parametrize("words", ["(other than those listed below)", "(except for the following)", "other than the drugs specified below"])
def test_exceptions_below_may_be_told_of_before_the_time(words: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Received anticancer treatment {words} within 4 weeks:\n  * LHRH agonists\n  * Bisphosphonates\n")
    assert [(r.polarity, [m.key for c in r.carveouts for m in c.mentions]) for r in rules] == [
        (EXCLUDES, ["gnrh-agonist", "bisphosphonate"]),
        (ALLOWS, []),
        (ALLOWS, []),
    ]


def test_what_needs_no_wash_out_is_free_of_the_time_of_all() -> None:
    rule = therapy_rules(f"{OUT}:\n\n* Systemic therapy within 4 weeks (LHRH analogues: no washout)\n")[0]
    assert [(c.effect, m.key) for c in rule.carveouts for m in c.mentions] == [("allows", "gnrh-agonist")]


def test_what_is_banned_by_itself_need_not_be_left_out_of_the_others() -> None:
    """Where it is open whether a drug is chemotherapy, either rule keeps it out."""
    rules = therapy_rules(f"{IN}:\n\n* No prior chemo-, radio- or other treatment for lymphoma (steroids < 8 days OK)\n")
    assert {m.key for r in rules for c in r.carveouts for m in c.mentions} == {"corticosteroid"}


def test_no_exception_frees_all_that_a_sentence_excludes() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy for metastatic disease, other than resection or ablation of metastases\n")
    assert (found_keys([rule]), rule.carveouts) == ({"systemic-anticancer-therapy"}, ())


@pytest.mark.parametrize("excepted", [", biopsy excepted", ", except H. pylori eradication", " (except supportive care)"])
def test_what_is_no_drug_is_no_exception_from_one(excepted: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any prior systemic therapy for lymphoma{excepted}\n")
    assert rule.carveouts == ()


@pytest.mark.parametrize("joint", ["aside from", "apart from", "other than"])
def test_any_therapy_but_one_frees_that_one(joint: str) -> None:
    """NCT02450903 says "aside from"."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior therapy {joint} alectinib\n")
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["alectinib"]


def test_locally_advanced_tells_no_route_of_what_is_excepted() -> None:
    """NCT02450903."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy other than one regimen of chemotherapy for locally advanced NSCLC\n")
    (carveout,) = rule.carveouts
    assert (carveout.routes, carveout.settings) == ((), ("locally-advanced",))


def test_when_a_therapy_that_is_not_known_was_given_frees_no_other() -> None:
    """NCT06380751."""
    sentence = "Prior treatment with systemic anti-cancer therapy for metastatic disease is not permitted"
    excepted = "apart from treatment with ET up to 28 days before randomisation"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}, {excepted}\n")
    assert rule.carveouts == ()
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}, except treatment completed more than 12 months before randomisation\n")
    assert [c.effect for c in rule.carveouts] == ["window"]


@pytest.mark.parametrize(
    ("sentence", "excepted"),
    [
        ("Could consider shorter interval for kinase inhibitors or other short half-life drugs", {"kinase-inhibitor"}),
        ("A shorter period may be allowed after discussion with the sponsor", set()),
        ("For drugs with a short half-life, a shorter interval may be considered", set()),
    ],
)
def test_a_shorter_time_that_may_be_considered_excepts_from_what_is_timed(sentence: str, excepted: set[str]) -> None:
    """NCT05313243."""
    text = f"{OUT}:\n\n* Prior PD-1 inhibitor. Systemic anti-cancer therapy within 4 weeks. {sentence}.\n"
    for rule in therapy_rules(text):
        assert {m.key for c in rule.carveouts for m in c.mentions} == (excepted if rule.window else set())
        assert bool(rule.carveouts) == (rule.window is not None)


@pytest.mark.parametrize(
    "words", ["other than current treatment", "except for ongoing first-line therapy", "excluding the current regimen"]
)
def test_an_exception_of_what_is_going_on(words: str) -> None:
    """NCT03087708 says "other than current treatment"."""
    rules = therapy_rules(f"{IN}:\n\n* No prior systemic therapy for advanced NSCLC ({words})\n")
    assert {c.effect for r in rules for c in r.carveouts} == {"ongoing"}


@pytest.mark.parametrize(
    "sentence", ["Prior docetaxel, unless stopped because of an allergic reaction", "Prior docetaxel, unless discontinued due to toxicity"]
)
def test_an_exception_of_what_was_stopped_for_its_harm_leaves_all_others_excluded(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.outcomes, [c.effect for c in rule.carveouts]) == (EXCLUDES, (), ["conditional"])


def test_an_exception_frees_nothing_that_is_ruled_on_by_itself() -> None:
    """NCT04890613."""
    sentence = (
        "Treatment with an investigational (non-registered - other than PARP inhibitor) agent within 30 days and treatment with PARP inhibitor"
        " within 14 days prior to the first dose of study medication."
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.window and rule.window.days, rule.carveouts) == ({"parp-inhibitor"}, 14, ())


def test_what_is_given_in_the_trial_itself_is_no_exception() -> None:
    """NCT06138587."""
    sentence = (
        "Prior history of allogeneic stem cell transplant other than SOC alloHSCT referred to in this study taking place 7 days prior to CIML"
        " NK infusion."
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.carveouts) == ({"allogeneic-stem-cell-transplant"}, ())


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Immunosuppressants within 7 days. Certain exceptions as defined in protocol apply.", True),  # NCT04198766
        (
            "Prior anticancer therapy within 4 weeks before the first dose of pembrolizumab (C1D1), with the exceptions.",
            True,
        ),  # NCT07106827
        ("Prior anticancer therapy within 4 weeks. Exceptions are specified in the protocol.", True),
        ("Prior anticancer therapy within 4 weeks. There are no exceptions to this criterion.", False),
    ],
)
def test_exceptions_that_are_not_named_may_be_of_anybody(sentence: str, doubted: bool) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("pembrolizumab",))
    assert ("exceptions that it does not name" in rule.doubts) == doubted


def test_a_clause_behind_a_semicolon_that_only_leaves_out_is_an_exception() -> None:
    """NCT04119024."""
    text = "Systemic steroids within 2 weeks; not including patients who require physiologic replacement with steroids, or patients on inhaled or topical steroids"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert {c.dose_level for c in rule.carveouts} == {"", "physiologic"} and {r for c in rule.carveouts for r in c.routes} == {
        "inhaled",
        "topical",
    }


def test_hormones_for_no_cancer_are_freed_by_what_they_were_given_for() -> None:
    """NCT05061628: what was given for the cancer is not freed, insulin and replacement are."""
    permitted = (
        "Hormone therapy, such as insulin for diabetes, hormone replacement therapy, etc., is acceptable for non-tumor-related diseases."
    )
    rule, *_ = therapy_rules(f"{OUT}:\n\n* Received systemic anti-tumor therapy within 4 weeks before the first dose. {permitted}\n")
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [
        ("no-cancer", ["endocrine-therapy"]),
        ("allows", ["insulin", "hormone-replacement-therapy"]),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "ANC \u2265 1.5 (without growth factor support within 14 d) Serum total bilirubin \u2264 1.5 x ULN (except for patients with Gilbert disease"
        " for whom a total serum bilirubin \u2264 3 x ULN is acceptable)",  # NCT06346197
        "ANC \u2265 1.5 (no G-CSF within 7 days), bilirubin < 1.5 ULN (unless due to Gilbert's syndrome), AST < 3 ULN",
    ],
)
def test_an_exception_from_a_laboratory_limit_frees_no_therapy_told_before_it(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.carveouts) == (EXCLUDES, ())


def test_local_guidelines_tell_no_route() -> None:
    """NCT05127824."""
    text = "Platelet inhibitors. Allowed are the following: prophylactic low-dose aspirin (per local applicable guidelines)"
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n* {text}\n") if r.polarity is EXCLUDES]
    assert [(c.effect, c.routes, c.dose_level) for c in rule.carveouts] == [("allows", (), "low")]


@pytest.mark.parametrize(
    "therapy",
    [
        "multiple myeloma (MM) -directed therapy",
        "multiple myeloma (MM)-directed therapy",
        "myeloma (MM) therapy",
        "anti-multiple myeloma (MM) treatment",
    ],
)
def test_the_short_name_of_a_cancer_may_stand_before_its_therapy(therapy: str) -> None:
    """NCT04240054."""
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior {therapy} except for dexamethasone\n")
    assert (rule.polarity, [m.key for m in rule.mentions]) == (EXCLUDES, ["systemic-anticancer-therapy"])
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["dexamethasone"]


def test_an_excepted_first_line_of_several_drugs_may_have_been_that_of_the_patient() -> None:
    """NCT07428993: the surgery was local, the drugs were not."""
    text = "Prior disease-directed therapy other than 1st line therapy with methotrexate, an anthracycline, and a platinum and local control surgery"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert [(c.effect, c.routes) for c in rule.carveouts] == [("conditional", ())]


@pytest.mark.parametrize(
    ("section", "sentence", "keys", "freed"),
    [
        (OUT, "With the exception of fluconazole, azole antifungals are prohibited", {"azole-antifungal"}, {"fluconazole"}),
        (
            OUT,
            "Other than fluconazole, isavuconazole and posaconazole, azole antifungals and macrolides are forbidden",
            {"azole-antifungal", "macrolide"},
            {"fluconazole", "isavuconazole", "posaconazole"},
        ),
        (
            IN,
            "With the exception of LHRH agonists, no hormonal therapy in the 28 days before entry",
            {"endocrine-therapy"},
            {"gnrh-agonist"},
        ),
        (IN, "Except for low-dose warfarin, anticoagulants are prohibited", {"anticoagulant"}, {"warfarin"}),
        (OUT, "Unless used topically, azole antifungals must be withdrawn 7 days before dosing", {"azole-antifungal"}, set()),
        (OUT, "Antiplatelet agents beyond low-dose aspirin", {"antiplatelet"}, {"aspirin"}),
    ],
)
def test_an_exception_may_open_its_sentence(section: str, sentence: str, keys: set[str], freed: set[str]) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, found_keys([rule]), rule.routes) == (EXCLUDES, keys, ())
    assert {m.key for c in rule.carveouts for m in c.mentions} == freed and rule.carveouts


def test_a_substudy_that_may_say_otherwise_times_no_operation() -> None:
    """NCT05714891."""
    text = "Unless otherwise specified in specific substudies, surgery must be performed between 2 to 4 weeks following the last dose of neoadjuvant therapy"
    assert therapy_rules(f"{IN}:\n\n* {text}\n") == []


@pytest.mark.parametrize(
    "amount",
    [
        "the 1 cycle of R-chemotherapy",  # NCT05605899
        "two cycles of chemotherapy",
        "one (1) prior cycle of chemotherapy",
        "the first cycle of chemotherapy",
        "chemotherapy (up to 2 cycles)",
        "chemotherapy x 1 cycle",
    ],
)
def test_who_had_more_cycles_than_are_excepted_is_not_freed(amount: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any prior treatment for LBCL other than {amount}.\n")
    assert [(m.key, c.effect) for c in rule.carveouts for m in c.mentions] == [("chemotherapy", "depends")]


@pytest.mark.parametrize("words", ["for thick primary melanomas", "for stage II melanoma", "for early-stage melanoma"])
def test_an_exception_for_early_disease_frees_no_later_use(words: str) -> None:
    """NCT03897881."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic anti-cancer treatment, except interferon {words}\n")
    assert [(m.key, c.settings) for c in rule.carveouts for m in c.mentions] == [("interferon", ("adjuvant", "neoadjuvant"))]


def test_an_exception_for_an_earlier_stage_frees_no_later_use_whatever_is_told_of_recurrence() -> None:
    """NCT05845814."""
    text = "PD-1 inhibitors for an earlier disease stage with recurrence >12 months from completion of therapy"
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy, except {text}\n")
    assert [c.settings for c in rule.carveouts] == [("adjuvant", "neoadjuvant")]


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        ("Treatment with any TKI at any time, imatinib excepted, or interferon-alpha", {"imatinib"}),
        ("Prior therapy with any TKI, imatinib not counted, or interferon-alpha", {"imatinib"}),
        ("Hormonal treatment within 4 weeks (LHRH analogues excluded)", {"gnrh-agonist"}),
        ("Prior systemic therapy (intravesical BCG or chemotherapy is not counted)", {"intravesical-therapy"}),
        ("Prior systemic chemotherapy (hepatic arterial chemotherapy is not considered as such)", {"hepatic-arterial-infusion-chemotherapy"}),
        ("Systemic anti-cancer therapy within 4 weeks. Exceptions: LHRH agonists or antagonists, denosumab, which are allowed to continue.", {"gnrh-agonist", "gnrh-antagonist", "denosumab"}),
    ],
)  # fmt: skip
def test_what_is_excepted_in_rarer_places(sentence: str, freed: set[str]) -> None:
    (rule, *_) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key for c in rule.carveouts for m in c.mentions if c.effect == "allows"} == freed
    assert not {m.key for m in rule.mentions} & freed


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (OUT, "Strong, but not moderate or weak, inhibitors of CYP3A4", {"cyp3a4/inhibitor/strong"}),
        (OUT, "Strong inhibitors - but not inducers - of CYP3A4", {"cyp3a4/inhibitor/strong"}),
        (OUT, "Moderate or strong (but not weak) CYP3A4 inducers", {"cyp3a4/inducer/moderate+strong"}),
        (OUT, "Systemic, not inhaled or topical, steroids", {"systemic-corticosteroid"}),
        (OUT, "Oral, but not inhaled, corticosteroids", {"systemic-corticosteroid"}),
        (OUT, "Therapeutic, but not prophylactic, anticoagulation", {"anticoagulant"}),
        (IN, "Patients may receive moderate but not strong CYP3A4 inhibitors", {"cyp3a4/inhibitor/strong"}),
        (IN, "Weak, but not moderate or strong, CYP3A4 inhibitors are allowed", {"cyp3a4/inhibitor/moderate+strong"}),
    ],
)
def test_one_form_or_strength_but_not_the_other_before_the_noun(section: str, sentence: str, keys: set[str]) -> None:
    (rule,) = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert found_keys([rule]) == keys
    assert not {"topical", "inhaled"} & set(rule.routes)
    assert not any(c.effect == "conditional" for c in rule.carveouts)


@pytest.mark.parametrize(
    ("sentence", "effect"),
    [
        ("QT-prolonging drugs, exceptions: amiodarone, if on stable dose > 3 months", "depends"),
        ("Azoles, exceptions: fluconazole (if on stable dose)", "depends"),
        ("Antiplatelet drugs, except aspirin if taken for > 3 months", "conditional"),
        ("Strong inducers of CYP3A4, except phenytoin in patients with brain metastases", "conditional"),
        ("Prior taxane, except docetaxel for hormone-sensitive disease", "conditional"),
    ],
)
def test_terms_of_an_exception_are_of_what_it_frees_alone(sentence: str, effect: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.doubts, [c.effect for c in rule.carveouts]) == ((), [effect])


@pytest.mark.parametrize(
    ("text", "out", "freed"),
    [
        ("* Azole antifungals are prohibited.\n\n  * Exception: fluconazole", {"azole-antifungal"}, {"fluconazole"}),
        ("* Azole antifungals are prohibited.\n* Exceptions: fluconazole", {"azole-antifungal"}, {"fluconazole"}),
        ("* No concurrent use of any of the following:\n\n  * Warfarin\n  * NSAIDs\n\n* Concurrent low-dose aspirin allowed", {"warfarin", "nsaid"}, {"aspirin"}),
    ],
)  # fmt: skip
def test_exceptions_in_bullets_of_their_own(text: str, out: set[str], freed: set[str]) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n{text}\n") if r.polarity is EXCLUDES]
    assert (found_keys(rules), {m.key for r in rules for c in r.carveouts for m in c.mentions}) == (out, freed)


@pytest.mark.parametrize(
    "words",
    [
        "Prior everolimus, unless withdrawn within 4 weeks because of pneumonitis",
        "Any prior lenalidomide unless discontinued early (< 2 months) for toxicity",
        "Prior chemotherapy, except gemcitabine or 5-FU given as a radiosensitizer",
    ],
)
def test_an_exception_for_a_reason_frees_on_terms(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words}\n")
    assert [c.effect for c in rule.carveouts] == ["conditional"]


@pytest.mark.parametrize(
    "words", ["barring adjuvant chemotherapy concluded over 6 months earlier", "save adjuvant chemotherapy > 6 months ago"]
)
def test_other_words_for_except_with_a_time(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior anticancer treatment {words}\n")
    assert rule.window is None
    assert [(c.effect, c.settings, c.window and c.window.within) for c in rule.carveouts] == [("window", ("adjuvant",), False)]


def test_therapy_for_a_tumour_other_than_the_own_is_for_another() -> None:
    """A sentence of the Gynecologic Oncology Group."""
    sentence = "Prior chemotherapy for any abdominal or pelvic tumor {} within the last three years"
    for words, own, ruled in (
        ("OTHER THAN for the treatment of ovarian cancer", "Ovarian Cancer", False),
        ("(other than for ovarian cancer)", "Ovarian Cancer", False),
        ("other than skin cancer", "Ovarian Cancer", True),
    ):
        found = eligibility(f"{OUT}:\n\n* {sentence.format(words)}\n", conditions=(own,)).rules
        assert any(r.role is PRIOR for r in found) == ruled


@pytest.mark.parametrize(
    "operation",
    ["complete EMR/ESD", "EMR or ESD", "complete endoscopic resection", "endoscopic mucosal resection (EMR)", "TURBT", "polypectomy"],
)
def test_an_operation_that_is_excepted_frees_no_drug(operation: str) -> None:
    """The wording of the Japan Clinical Oncology Group."""
    rules = therapy_rules(f"{IN}:\n\n* No prior treatment for esophageal cancer including chemotherapy, except {operation}\n")
    assert found_keys(rules) == {"chemotherapy", "systemic-anticancer-therapy"}
    assert not any(r.carveouts for r in rules)


def test_an_exception_by_the_start_of_a_drug_and_its_dose_asks_for_both() -> None:
    """The wording of the German Breast Group: who takes more than the dose is not freed, whenever it was begun."""
    sentence = "chronic corticosteroids unless initiated > 6 months prior to study entry and at low dose (10 mg or less methylprednisolone)"
    (rule,) = therapy_rules(f"{OUT}:\n\n* Concurrent treatment with {sentence}\n")
    assert [(c.effect, c.max_dose_mg) for c in rule.carveouts] == [("conditional", 12.5)]
    assert not rule.doubts


def test_settings_that_are_all_of_a_disease_limit_nothing() -> None:
    for words in ("castration-resistant or hormone-sensitive", "hormone-naive or castration-resistant"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* Prior chemotherapy in the {words} setting\n")
        assert rule.settings == ()


def test_brain_metastases_are_no_setting_of_what_an_exception_frees() -> None:
    """NCT05941507."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Systemic steroids at a dose of >10 mg of prednisone per day (exception for brain metastases)\n")
    assert [c.settings for c in rule.carveouts] == [()]


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT02942264
        "Patients with prior bevacizumab use for tumor treatment. Patients who received bevacizumab for symptom management, including but "
        "not limited to cerebral edema, pseudoprogression can be included (there have been no effective regimens for recurrent gliomas)",
        "Prior anti-VEGF therapy (bevacizumab for cerebral edema is permitted)",
        "Prior bevacizumab unless given for radiation necrosis",
        "Prior chemotherapy, other than methotrexate for non-malignant conditions",
        "Prior chemotherapy, except low-dose oral methotrexate or cyclophosphamide for autoimmune disease",
    ],
)
def test_a_drug_excepted_for_another_ill_than_the_cancer_frees_nobody_who_had_it_for_that(sentence: str) -> None:
    (rule,) = (r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert [c.effect for c in rule.carveouts] == ["no-cancer"]


def test_steroids_for_the_swelling_leave_a_doubt() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Corticosteroids, except for treatment of cerebral edema\n")
    assert [c.effect for c in rule.carveouts] == ["conditional"]


@pytest.mark.parametrize("words", ["with the exception of", "except", "other than"])
def test_an_exception_that_ended_long_ago_is_one_behind_any_word(words: str) -> None:
    text = f"{IN}:\n\n* No prior anti-PD-1 therapy, {words} adjuvant therapy completed more than 6 months before enrollment\n"
    (rule,) = therapy_rules(text)
    assert [(c.settings, c.window.months) for c in rule.carveouts if c.window] == [(("adjuvant",), 6)]

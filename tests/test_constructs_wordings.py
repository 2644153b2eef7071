"""Prior therapy in rarer wordings: negations behind it, elided verbs, counted lines, naive populations and settings."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, found_keys, therapy_rules

from kg.records import Polarity, Role


def _polarities(section: str, sentence: str) -> dict[str, set[Polarity]]:
    found: dict[str, set[Polarity]] = {}
    for rule in therapy_rules(f"{section}:\n\n* {sentence}\n"):
        for mention in rule.mentions:
            found.setdefault(mention.key, set()).add(rule.polarity)
    return found


def test_a_setting_behind_the_time_is_that_of_the_therapy() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Last dose of platinum < 6 months for adjuvant therapy\n")
    assert rule.window is not None and (rule.settings, rule.window.months) == (("adjuvant",), 6)


@pytest.mark.parametrize(
    ("section", "sentence", "key", "polarity"),
    [
        (IN, "Systemic therapy for metastatic disease has not been started", "systemic-anticancer-therapy", EXCLUDES),
        (IN, "Platinum-sensitive relapse, bevacizumab not given before", "bevacizumab", EXCLUDES),
        (OUT, "Platinum has not been given", "platinum-agent", REQUIRES),
        (IN, "Not pretreated with immune checkpoint inhibitors", "immune-checkpoint-inhibitor", EXCLUDES),
        (IN, "Patients may join as long as they had no immunotherapy", "immunotherapy", EXCLUDES),
        (IN, "Must have received chemotherapy but not anti-PD-1", "pd-1-inhibitor", EXCLUDES),
        # NCT06790602
        (
            IN,
            "One previous line of therapy for pancreatic ductal adenocarcinoma (NOT immunotherapy or cellular therapy)",
            "immunotherapy",
            EXCLUDES,
        ),
        (IN, "Prior immunotherapy is allowed; chemotherapy is not", "chemotherapy", EXCLUDES),
        (IN, "Prior everolimus is not allowed, prior sunitinib is", "sunitinib", ALLOWS),
        (OUT, "Absence of prior systemic treatment", "systemic-anticancer-therapy", REQUIRES),
        (OUT, "Prior anti-PD-1 therapy, regardless of line", "pd-1-inhibitor", EXCLUDES),
        # NCT04303169
        (OUT, "Is not naïve to Talimogene laherparepvec (TVEC) and other oncolytic viruses", "talimogene-laherparepvec", EXCLUDES),
        (OUT, "Patients who are not treatment-naive", "systemic-anticancer-therapy", EXCLUDES),
        (IN, "Chemotherapy and radiotherapy naïve", "chemotherapy", EXCLUDES),
        (IN, "Patients naive of systemic treatment", "systemic-anticancer-therapy", EXCLUDES),
        (IN, "Disease untreated to date", "systemic-anticancer-therapy", EXCLUDES),
        (OUT, "Previous treatment of the disease under study other than surgery", "anticancer-therapy", EXCLUDES),
        (OUT, "Prior therapy with any agent besides imatinib", "systemic-anticancer-therapy", EXCLUDES),
    ],
)
def test_who_had_a_therapy(section: str, sentence: str, key: str, polarity: Polarity) -> None:
    assert _polarities(section, sentence)[key] == {polarity}


@pytest.mark.parametrize(
    ("section", "sentence", "most"),
    [
        (OUT, "More than one earlier systemic therapy for metastatic disease", 1),
        (OUT, "More than one prior immunotherapy", 1),
        (OUT, "Two previous lines of chemotherapy", 1),
        (OUT, "Multiple (>3) previous regimens", 3),
        (OUT, "Prior systemic therapy beyond 1st line", 1),
        (OUT, "Second-line chemotherapy or later", 1),
        (IN, "No second-line chemotherapy allowed", 1),
        (IN, "Received no chemotherapy beyond first line", 1),
    ],
)
def test_lines_told_by_place_or_number(section: str, sentence: str, most: int) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES and rule.lines is not None and rule.lines.maximum == most


def test_hours_are_no_lines() -> None:
    """Nor are the numbers of a list."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* (2) prior chemotherapy\n")
    assert rule.lines is None
    (rule,) = therapy_rules(f"{OUT}:\n\n* Vaccination within 48 hours prior to the first study drug\n")
    assert rule.lines is None


def test_a_setting_that_is_included_does_not_limit() -> None:
    """NCT06825494: what is told behind the brackets does."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic chemotherapy (including adjuvant) for this malignancy\n")
    assert rule.settings == ()
    text = "No prior systemic therapy (including anti-HER-2 therapy) for advanced or metastatic GC/GEJC."
    assert {r.settings for r in therapy_rules(f"{IN}:\n\n* {text}\n")} == {("locally-advanced", "metastatic")}


def test_what_is_allowed_in_one_setting_only_is_excluded_in_others() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Prior chemotherapy is only allowed in the (neo)adjuvant setting\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert rule.role is PRIOR and [c.settings for c in rule.carveouts] == [("adjuvant", "neoadjuvant")]


def test_a_class_by_its_target_beside_the_kind_of_drug() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior ALK-directed TKI\n")
    assert [(m.key, m.also) for m in rule.mentions] == [("tyrosine-kinase-inhibitor", "alk-inhibitor")]


@pytest.mark.parametrize(
    ("section", "sentence", "settings"),
    [
        (OUT, "Radiation with curative intent < 30 days before randomization.", ("adjuvant", "neoadjuvant")),  # NCT00576225
        (OUT, "Chemotherapy for non-metastatic disease", ("adjuvant", "neoadjuvant")),
        (OUT, "Systemic treatment in non-adjuvant setting", ()),
    ],
)
def test_settings_told_by_intent_or_denied(section: str, sentence: str, settings: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.settings == settings


def test_nothing_came_of_what_was_not_had() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Must have progressed after TKI (no prior mTOR inhibitor)\n")
    assert [(r.polarity, r.outcomes) for r in rules] == [(REQUIRES, ("progression",)), (EXCLUDES, ())]


def test_the_time_of_another_therapy_behind_a_semicolon() -> None:
    rules = therapy_rules(f"{IN}:\n\n* No prior immunotherapy; targeted therapy stopped at least 2 weeks before\n")
    assert [(r.mentions[0].key, r.window is not None) for r in rules] == [("immunotherapy", False), ("targeted-therapy", True)]


def test_an_exception_is_narrowed_by_its_target() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Prior treatment other than with VEGF-targeting TKIs is permitted\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert [(m.key, m.also) for m in rule.mentions] == [("tyrosine-kinase-inhibitor", "vegf-vegfr-inhibitor")]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Targeted agents (VEGFR inhibitors excepted)\n")
    assert [m.key for m in rule.mentions] == ["targeted-therapy"]


def test_other_drugs_of_the_class_of_one_that_is_required() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Progression on fulvestrant required; no other prior SERD\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["fulvestrant"]


def test_none_behind_a_setting() -> None:
    for sentence in ("Prior treatment: none for advanced disease", "Number of previous systemic regimens for advanced disease: 0"):
        rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
        assert [r.polarity for r in rules] == [EXCLUDES]


def test_the_use_of_a_therapy_before_the_trial_is_prior() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of mTOR inhibitors prior to this trial\n")
    assert rule.role is PRIOR and rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    "sentence",
    [
        "Previously untreated, or treated with surgery alone",
        "Patients must have been treated only with surgery and/or radiation",
        "Patients whose only prior treatment was surgery",
        "Surgery is the only treatment received so far",
        "Only surgery and radiotherapy are allowed as prior treatment",
        "Prior therapy: surgery only",
    ],
)
def test_an_operation_as_the_only_treatment_so_far(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {m.key for r in rules for m in r.mentions} == {"systemic-anticancer-therapy"}
    assert "surgery" in {m.key for r in rules for c in r.carveouts for m in c.mentions}


@pytest.mark.parametrize(
    "sentence",
    [
        "Brain metastases treated with surgery alone",
        "Patients treated with radiation alone are eligible",
        "Only prior surgery is allowed",
        "Surgery is the only treatment option",
        "Patients whose only prior therapy was surgery are eligible",
    ],
)
def test_an_operation_that_limits_nothing(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


def test_those_who_are_yet_to_receive_a_therapy() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients yet to receive chemotherapy\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, PRIOR)
    assert not [r for r in therapy_rules(f"{OUT}:\n\n* Patients yet to receive chemotherapy\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        ("locally advanced disease", {"locally-advanced"}),
        ("locoregionally advanced SCCHN", {"locally-advanced"}),  # NCT04634825
        ("locally advanced or metastatic disease", {"locally-advanced", "metastatic"}),
        ("advanced disease", {"locally-advanced", "metastatic"}),
    ],
)
def test_what_is_locally_advanced_is_not_metastatic(words: str, settings: set[str]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy for {words}\n")
    assert set(rule.settings) == settings


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "No pretreatment for metastatic breast cancer"),
        (IN, "Patients without any pretreatment of metastatic disease"),
        (IN, "No systemic pre-treatment of any kind for ovarian cancer"),
        (IN, "Non-pretreated metastatic colorectal cancer"),
        (IN, "Transplant-ineligible, hitherto untreated"),
        (IN, "Untreated (except for steroids), stage III-IV"),
        (IN, "Not having received any system treatment for extensive-stage SCLC before"),
        (OUT, "Any prior therapy used for treatment of lymphoma"),
        (OUT, "Any prior therapy (systemic) for advanced RCC"),
        (OUT, "Patient has been previously treated (other than with splenectomy or radiotherapy to one site) for lymphoma"),
        (IN, "No prior chemotherapy, radiotherapy or other therapy for Hodgkin lymphoma"),
        (IN, "Patients who have not been treated with any medication other than hydroxyurea"),
        (IN, "Systemic treatment: none before (locoregional therapy such as TACE is OK)"),
        (IN, "Naïve for systemic treatment in the metastatic stage"),
        (
            OUT,
            "Use of any systemic agents to treat advanced RCC before, aside from adjuvant therapy completed > 12 months before recurrence",
        ),
        (OUT, "Treatment against stage IV lung cancer with systemic drugs"),
        (OUT, "Pre-treatment for metastatic disease, other than resection of metastases"),
    ],
)
def test_words_for_having_had_a_therapy(section: str, sentence: str) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    found = [r for r in rules if found_keys([r]) & {"systemic-anticancer-therapy", "anticancer-therapy"}]
    assert [(r.polarity, r.role) for r in found] == [(EXCLUDES, PRIOR)]


def test_untreated_locally_advanced_cancer_had_no_therapy_at_all() -> None:
    """NCT02622074."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Has previously untreated, locally advanced TNBC\n")
    assert (rule.polarity, rule.settings) == (EXCLUDES, ())


@pytest.mark.parametrize(
    "sentence", ["No durable response to prior anti-PD-1 therapy", "Without response to prior immunotherapy", "No benefit from nivolumab"]
)
def test_what_brought_no_response_was_had(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("Any parallel anti-cancer therapy", CURRENT),
        ("Systemic anticancer therapy in parallel with the study treatment", CURRENT),
        ("Co-treatment with chemotherapy", CURRENT),
        ("Chemotherapy alongside the study", CURRENT),
        ("No other therapies for NET are allowed along with study drug (e.g., everolimus, sunitinib)", CURRENT),  # NCT07640737
        ("No other therapies are allowed together with the study treatment (everolimus, sunitinib)", CURRENT),
        ("Additional anticancer agents", CURRENT),
        ("Prior chemotherapy in parallel with radiation", PRIOR),
        ("Received chemotherapy in parallel with radiation", PRIOR),
    ],
)
def test_words_for_what_goes_on_beside_the_trial(sentence: str, role: Role) -> None:
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {role}


@pytest.mark.parametrize(
    "sentence",
    [
        "Previous chemotherapy for locally advanced, metastatic or recurrent disease has not been performed",  # NCT02759614
        "Systemic therapy was not performed for metastatic disease",
    ],
)
def test_what_was_not_performed_for_a_disease_was_not_had(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    "sentence",
    [
        "Refractory disease is defined as no CR to first-line therapy: evaluation of PD after standard first-line treatment",  # NCT07009002
        "Patients with no objective response to previous chemotherapy",
        "No partial or complete remission following first-line systemic therapy",
        "Refractory disease is defined as never having achieved a response to chemotherapy",
    ],
)
def test_what_a_therapy_did_not_bring_is_no_therapy_denied(sentence: str) -> None:
    assert EXCLUDES not in {p for found in _polarities(IN, sentence).values() for p in found}


def test_treatment_for_tumours_is_any_therapy_against_the_cancer() -> None:
    """NCT05488353; NCT02469688 says it of one malignant tumour."""
    for sentence in ("Received drug treatment for tumors in the past", "Has received treatment for malignant tumor within 5 years"):
        assert _polarities(OUT, sentence) == {"systemic-anticancer-therapy": {EXCLUDES}}
    assert _polarities(OUT, "Drug treatment for tumor lysis syndrome") == {}


@pytest.mark.parametrize(
    ("asked", "doubted"),
    [
        ("are eligible if they have received Hepatitis B virus (HBV) antiviral therapy for at least 4 weeks", False),  # NCT06797635
        ("have received antiretroviral therapy for 4 weeks", False),
        ("have received platinum-based therapy", True),
    ],
)
def test_only_therapy_of_the_cancer_tells_that_treated_patients_are_taken(asked: str, doubted: bool) -> None:
    text = f"{IN}:\n\n* Participants {asked}\n\n{OUT}:\n\n* Has received any prior systemic therapy\n"
    assert [bool(r.doubts) for r in therapy_rules(text) if r.polarity is EXCLUDES] == [doubted]


@pytest.mark.parametrize(
    ("sentence", "settings"),
    [
        ("Have received neoadjuvant therapy, including chemotherapy, radiotherapy and endocrine therapy", {"neoadjuvant"}),  # NCT05883852
        ("Prior adjuvant treatment, such as endocrine therapy", {"adjuvant"}),
        ("Prior systemic therapy, including chemotherapy", set()),
    ],
)
def test_examples_of_a_therapy_were_given_in_its_setting(sentence: str, settings: set[str]) -> None:
    assert {s for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for s in r.settings} == settings


@pytest.mark.parametrize(
    "words",
    [
        "Any treatment specific for systemic tumor control",
        "Therapy aimed at systemic tumour control",
        "Any medication for the treatment of cancer",
        "Medicines with anticancer activity",
        "Anticancer medicinal products",
        "Antileukemic drugs",
        "Antilymphoma agents",
        "Agents directed against the tumour",
    ],
)
def test_drugs_against_the_cancer_in_other_words(words: str) -> None:
    """NCT05120375 has "proprietary Chinese medicines with anti-tumor effects"."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words} within 21 days before first dose\n")
    assert {m.key for m in rule.mentions} <= {"systemic-anticancer-therapy", "anticancer-therapy"}
    assert rule.window is not None and (rule.polarity, rule.role, rule.window.days) == (EXCLUDES, PRIOR, 21)


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Prior PD-1, PD-L1 or CTLA-4", {"pd-1-inhibitor", "pd-l1-inhibitor", "ctla-4-inhibitor"}),
        ("Patients who are PD-1/PD-L1-experienced or CTLA-4 pretreated", {"pd-1-pd-l1-inhibitor", "ctla-4-inhibitor"}),
        ("Prior PARP or camptothecins; BRCA mutation", {"parp-inhibitor", "camptothecin"}),
        ("Prior EGFR or KRAS testing", set()),
        ("Any previous TKI, any previous mTOR (everolimus, temsirolimus)", {"tyrosine-kinase-inhibitor", "mtor-inhibitor", "everolimus", "temsirolimus"}),
        ("Prior PD-L1 test", set()),
        ("Prior HER2, ER status known", set()),
    ],
)  # fmt: skip
def test_a_target_alone_behind_prior_stands_for_the_drugs_on_it(sentence: str, keys: set[str]) -> None:
    assert {key for key, polarities in _polarities(OUT, sentence).items() if EXCLUDES in polarities} == keys


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("1-3 prior regimens, none of which may have contained everolimus", "everolimus"),
        ("Progression after one or two prior lines, neither of which included a taxane", "taxane"),
        ("At most 1 prior systemic regimen, which may not have contained a PD-1/PD-L1 blocker", "pd-1-pd-l1-inhibitor"),
        ("Any number of prior therapies, but these may not include an mTOR inhibitor", "mtor-inhibitor"),
        ("Recurrent disease treated with no more than 3 lines and without previous use of a PARP inhibitor", "parp-inhibitor"),
    ],
)
def test_what_the_lines_before_must_not_hold_was_not_had_at_all(sentence: str, key: str) -> None:
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if key in {m.key for m in r.mentions})
    assert (rule.polarity, rule.lines) == (EXCLUDES, None)


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        ("Sorafenib as only prior systemic drug therapy.", {"sorafenib"}),
        ("The only allowed prior therapy for metastatic disease is an aromatase inhibitor", {"aromatase-inhibitor"}),
        ("Tamoxifen is the sole permitted systemic pretreatment for metastatic disease", {"tamoxifen"}),
        ("Only hydroxyurea and imatinib are permissible as previous treatments", {"hydroxycarbamide", "imatinib"}),
        ("Not treated before with anything other than bisphosphonates", {"bisphosphonate"}),
    ],
)
def test_all_but_the_only_one_keeps_out(sentence: str, freed: set[str]) -> None:
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert {m.key for c in rule.carveouts for m in c.mentions} == freed


@pytest.mark.parametrize("words", ["to both EGFR- and VEGF-directed agents", "to EGFR-directed and to VEGF-directed agents"])
def test_the_naive_to_two_kinds_had_neither(words: str) -> None:
    assert _polarities(IN, f"Naive {words}") == {"egfr-inhibitor": {EXCLUDES}, "vegf-vegfr-inhibitor": {EXCLUDES}}


def test_any_use_is_of_the_past_too() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any use of sunitinib\n")
    assert rule.role is PRIOR


def test_r_m_is_recurrent_or_metastatic() -> None:
    """NCT07408063."""
    (rule,) = therapy_rules(f"{IN}:\n\n* R/M HNSCC in the first-line setting, systemic therapy-na\u00efve in the R/M setting.\n")[:1]
    assert set(rule.settings) == {"recurrent", "metastatic"}

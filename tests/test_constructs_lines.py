"""Prior therapy by its place: the untreated, first lines, numbers of lines, settings, populations and alternatives."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, found_keys, therapy_rules

from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Intervention, Polarity, RecordSource, Role, Rule, Trial


@pytest.mark.parametrize(
    "words",
    ["followed by progression", ", followed by documented disease progression", "with subsequent relapse", "and subsequent progression"],
)
def test_progression_that_followed_is_what_came_of_it(words: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Prior treatment with an EGFR TKI {words}\n".replace(" ,", ","))
    assert (rule.polarity, rule.outcomes) == (REQUIRES, ("progression",))


def test_what_is_asked_for_another_disease_is_not_kept_out() -> None:
    """Small cell lung cancer that came of another one: all of its patients have had the kinase inhibitor."""
    text = (
        f"{IN}:\n\n* Prior treatment with an EGFR TKI for EGFR-mutant NSCLC\n\n* No prior systemic treatment for small cell lung cancer\n"
    )
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("allows", ["egfr-tyrosine-kinase-inhibitor"])]


@pytest.mark.parametrize(
    ("sentence", "banned"),
    [
        ("1 prior line of EGFR TKI (no chemotherapy, no immunotherapy)", {"chemotherapy", "immunotherapy"}),
        ("One prior platinum-based regimen (but no other prior systemic therapy) for metastatic disease", {"systemic-anticancer-therapy"}),
        ("Up to one prior line of endocrine therapy (no chemotherapy) for metastatic disease", {"chemotherapy"}),
        ("1-2 prior lines (platinum-based only; no other cytotoxic drugs)", {"chemotherapy"}),
        ("One previous line (platinum-based; not containing docetaxel or a PD-1 antibody)", {"docetaxel", "pd-1-inhibitor"}),
        (
            "Prior CDK4/6 inhibitor with AI as initial endocrine-based therapy for MBC, no other systemic therapy for MBC",
            {"systemic-anticancer-therapy"},
        ),
        ("Prior regimens not containing a taxane", set()),
        ("One prior line of chemotherapy, without a taxane", {"taxane"}),
    ],
)
def test_a_ban_behind_a_number_of_lines_counts_none(sentence: str, banned: set[str]) -> None:
    """In brackets, too; what the number is of is left by "no other"."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and r.lines is None]
    assert (found_keys(rules), [r.doubts for r in rules]) == (banned, [()] * len(rules))


def test_an_exclusion_of_all_treated_patients_is_doubted_where_the_trial_takes_them() -> None:
    """NCT07423117: what was meant had a time that the record does not give."""
    asked = "* Patients who have received standard therapies and have no remaining approved treatment options."
    kept_out = f"{OUT}:\n\n* Patients with a prior history of anticancer therapy before the first dose\n"
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n{asked}\n\n{kept_out}") if r.polarity is EXCLUDES]
    assert rule.doubts == ("the trial takes patients who were treated",)
    (rule,) = therapy_rules(kept_out)
    assert rule.doubts == ()


@pytest.mark.parametrize("words", ["Non previously treated", "Non pretreated", "No history of CLL-directed therapy"])
def test_who_was_never_treated_for_it(words: str) -> None:
    """NCT00169130, NCT03219450."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {words}\n")
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, PRIOR, {"systemic-anticancer-therapy"})


@pytest.mark.parametrize("kinds", [", including chemotherapy,", " including chemotherapy or immunotherapy", ", radiotherapy,"])
def test_none_within_a_time_says_nothing_of_what_was_before(kinds: str) -> None:
    """NCT02160015."""
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior systemic therapy{kinds} within 4 weeks of enrollment\n")
    assert rule.window is not None and rule.window.days == 28


def test_none_in_one_part_is_said_beside_a_few_in_another() -> None:
    """NCT07046923."""
    few, none = therapy_rules(
        f"{IN}:\n\n* \u22642 prior lines of systemic therapy in safety lead-in; no prior systemic therapy in expansion\n"
    )
    assert few.lines is not None and none.lines is None
    assert (none.polarity, none.scope.texts) == (EXCLUDES, ("expansion",))
    assert (
        len(therapy_rules(f"{IN}:\n\n* One to two prior lines of therapy; treatment-naive subjects with visceral crisis may be included\n"))
        == 1
    )


@pytest.mark.parametrize(
    ("asked", "doubts"),
    [
        # NCT06518837
        (
            "Have had definitive treatment with curative intent, including surgery and chemotherapy",
            ("the trial takes patients who were treated",),
        ),
        ("Must have undergone definitive surgery", ()),
        ("Eligible for definitive chemoradiotherapy", ()),
    ],
)
def test_untreated_patients_who_had_definitive_therapy_are_untreated_since(asked: str, doubts: tuple[str, ...]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* Previously untreated stage II breast cancer\n* {asked}\n")
    assert [r.doubts for r in rules if r.polarity is EXCLUDES] == [doubts]


def test_a_permitted_adjuvant_therapy_frees_that_setting_only() -> None:
    """NCT06989112: the recurrence tells when the adjuvant chemotherapy must have ended; what was given for one is not freed."""
    text = "Naïve to first-line systemic anticancer therapy. Participants may have received one prior line of adjuvant/neoadjuvant chemotherapy if disease recurrence occurred ≥ 6 months after last dose of chemotherapy."
    rule = therapy_rules(f"{IN}:\n\n* {text}\n")[0]
    assert [c.settings for c in rule.carveouts] == [("adjuvant", "neoadjuvant")]


@pytest.mark.parametrize(
    ("sentence", "polarities"),
    [
        # NCT02096042
        ("Newly-diagnosed AML patients who have refused standard chemotherapy are also eligible for this trial.", set()),
        ("Previously untreated patients are also eligible for enrollment", set()),
        # NCT01849276
        ("Patients with previously untreated AML are candidates if they are unable to receive anthracyclines", set()),
        ("Chemotherapy-naïve patient is eligible", {ALLOWS}),  # NCT00830245
        ("Previously untreated patients may be enrolled", set()),
        ("Patients with no prior systemic therapy can be included", {ALLOWS}),
        ("Only chemotherapy-naive patients are eligible", {EXCLUDES}),
        ("No prior systemic therapy is allowed", {EXCLUDES}),
        ("Only patients with newly diagnosed AML are eligible for this study", {EXCLUDES}),
        ("Patients must be treatment-naive to be eligible for this trial", {EXCLUDES}),
        # NCT02253277
        ("CML receiving nilotinib first-line therapy or receiving second-line or subsequent-line treatment with nilotinib", {REQUIRES}),
    ],
)
def test_untreated_patients_beside_others(sentence: str, polarities: set[Polarity]) -> None:
    """Who may come too is no condition; who alone may come is one."""
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == polarities


def test_the_latest_line_is_the_last_one() -> None:
    """NCT06425926: to be eligible to restart a therapy lets nobody in."""
    sentence = "Must have received the anti-PD-1 therapy containing regimen as the latest line of treatment and be eligible to restart anti-PD-1 therapy"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [r.position for r in rules if r.polarity is EXCLUDES] == ["last"]


@pytest.mark.parametrize(
    ("sentence", "lines"),
    [
        (
            "The patients who received \u22653 chemotherapies\uff08Do not include endocrine therapy\uff09after recurrence",
            (None, 2),
        ),  # NCT03535961
        ("Failure of more than one systemic therapy", (None, 1)),
    ],
)
def test_therapies_counted_one_by_one_are_lines(sentence: str, lines: tuple[int | None, int | None]) -> None:
    """Full-width brackets are brackets."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.lines is not None and (rule.lines.minimum, rule.lines.maximum) == lines


def test_the_number_of_a_day_or_course_counts_no_lines() -> None:
    """NCT00305812."""
    (rule,) = therapy_rules("PRIOR CONCURRENT THERAPY:\n\n* No concurrent filgrastim (G-CSF) on day 1 of course 1\n")
    assert rule.lines is None


def test_digits_of_a_name_count_no_lines() -> None:
    """NCT05123482: the number of lines is that behind the drug's."""
    sentence = "Patients have received prior therapy with AZD9574 or more than 1 prior line of any other PARPi-based regimen"
    lines = {m.key: r.lines for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert lines["parp-inhibitor"] is not None and lines["parp-inhibitor"].maximum == 1 and lines["palacaparib"] is None


def test_the_one_line_that_is_allowed_is_that_of_the_therapy_required() -> None:
    """NCT06644781: another drug as the one line contradicts the sentence by implication only."""
    sentence = "Has disease progression post a platinum-based chemotherapy and an ICI treatment, with a maximum of 1 prior line of systemic therapy"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [r.lines.maximum for r in rules if r.lines is not None] == [1]
    assert [r.doubts for r in rules if r.doubts] == [("another therapy is required as the one prior line",)]


def test_intolerance_told_behind_the_drug() -> None:
    """NCT05993949: dasatinib itself keeps nobody out."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* History of dasatinib intolerance\n")
    assert rule.outcomes == ("intolerance",)


def test_what_is_permitted_keeps_its_own_setting() -> None:
    """NCT06479759: the advanced disease is that of the radiotherapy; only (neo)adjuvant chemotherapy is freed."""
    sentence = (
        "Patients who have not received any systemic anti-tumor treatment for advanced/metastatic disease before; patients who have previously "
        "received adjuvant chemotherapy, or curative radiotherapy for advanced disease, can participate in this study"
    )
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    freed = [c.settings for c in rule.carveouts if "chemotherapy" in {m.key for m in c.mentions}]
    assert freed == [("adjuvant",)]


@pytest.mark.parametrize(
    ("lead", "other", "polarity", "doubts"),
    [
        ("Meets one of the following:", "Has relapsed after at least one prior line of therapy", ALLOWS, ()),
        ("Meets one of the following:", "Age 60 years or older", EXCLUDES, ("one of several alternatives",)),
        ("Meets all of the following:", "Age 60 years or older", EXCLUDES, ()),
    ],
)
def test_one_of_several_alternatives_alone_keeps_nobody_out(lead: str, other: str, polarity: Polarity, doubts: tuple[str, ...]) -> None:
    """Untreated patients are one group of those taken; treated ones come in by the other where it names them."""
    rules = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * No prior systemic therapy\n  * {other}\n")
    assert {(r.polarity, r.doubts) for r in rules if r.quote == "No prior systemic therapy"} == {(polarity, doubts)}


def test_alternatives_on_both_sides_of_a_line_that_says_or() -> None:
    """NCT03319901: older untreated patients, or patients of any age who relapsed; the first alternative has several bullets."""
    relapsed = (
        "Patients with relapsed or refractory acute lymphoblastic leukemia defined as receiving one or more cytotoxic containing regimens"
    )
    rules = therapy_rules(
        f"{IN}:\n\n* Patients with previously untreated acute lymphoblastic leukemia\n* Age ≥ 60 Years\n\nOR\n\n* {relapsed}\n"
    )
    assert not [r for r in rules if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    "sentences",
    [
        "First-line therapy must be completed >= 28 days before registration",  # NCT00698815
        "Progression of urothelial cancer following a first-line platinum-containing regimen\n* No more than 2 prior lines of systemic chemotherapy",
        "Systemic therapy is limited to one chemotherapy regimen that is clearly administered contiguously",  # NCT00507429
    ],
)
def test_a_first_line_that_lies_behind_or_is_one_of_several_leaves_no_doubt(sentences: str) -> None:
    """The second is NCT02256436. Only the numbers of lines and times are left to keep somebody out."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentences}\n") if r.polarity is EXCLUDES]
    assert rules and all(r.window is not None or r.lines is not None for r in rules)
    assert not any(r.doubts for r in rules)


@pytest.mark.parametrize(
    ("sentence", "doubts"),
    [
        ("Patient to be treated with a first line therapy for locally advanced/metastatic disease.", [()]),
        ("Patients receiving first-line therapy for metastatic disease", [("first-line population",)]),
        (
            "Cancer in the adjuvant or metastatic setting requiring initial therapy with capecitabine",
            [("first-line population",)],
        ),  # NCT07158164
        ("Patients who refuse first-line therapy for metastatic disease", []),
    ],
)
def test_first_line_patients_are_a_population_in_doubt(sentence: str, doubts: list[tuple[str, ...]]) -> None:
    """NCT06346197: who is to have a first line has had none; who is receiving one, as it seems; who refused it can have had anything."""
    assert [r.doubts for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES] == doubts


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Patients with newly diagnoised diseases including MDS/AML/CMML", True),  # NCT03873311
        ("New diagnosis of acute myeloid leukemia (AML)", True),  # NCT05458258
        ("Newly diagnosed intracranial ependymoma of WHO grade II-III", True),  # NCT02265770
        ("Newly diagnosed primary central nervous system lymphoma", True),
        ("Newly diagnosed intracranial metastases of breast cancer", False),
        (
            "Paediatric patients (1-17 years inclusive) with de-novo Acute Lymphoblastic Leukaemia treated on ALLTogether-1",
            True,
        ),  # NCT04678869
        ("Patients receiving first-line chemotherapy for metastatic disease", True),
        ("Newly diagnosed multiple myeloma not eligible for autologous transplant", True),
        ("Isolated myeloid sarcoma (either de novo or secondary).", False),  # NCT02724163
        ("co-occurrence of de novo T790M is allowed", False),  # NCT04811001
        ("A tumor tissue sample obtained at any time from the initial diagnosis of metastatic NSCLC", False),  # NCT03739710
        ("Primary caregiver of an adult patient who is newly diagnosed with acute leukemia", False),  # NCT05236296
        ("Measurable disease at the start of first line chemotherapy", False),  # NCT05327530
        ("Treatment-naive patients, or for patients with at least one prior CLL therapy as monotherapy", False),  # NCT05645172
    ],
)
def test_new_disease_is_a_population_in_doubt(sentence: str, doubted: bool) -> None:
    """Who is newly diagnosed has had no therapy, as it seems, unless the words only tell when or of which onset the disease was."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [bool(r.doubts) for r in rules] == [True] * doubted


def test_new_disease_in_an_early_stage_bears_on_therapy_of_that_stage() -> None:
    """NCT00664482."""
    (rule,) = therapy_rules(f"{IN}:\n\n* A male subject with newly diagnosed resectable pancreatic cancer\n")
    assert rule.settings == ("adjuvant", "neoadjuvant")


def test_new_disease_beside_disease_that_was_treated_keeps_nobody_out() -> None:
    """NCT05497310: the trial takes both."""
    rules = therapy_rules(f"{IN}:\n\n* new diagnosis of APL\n* Diagnosis of relapsed APL who have not been previously treated with ATO\n")
    assert not any("diagnosis" in m.text for r in rules if r.polarity is EXCLUDES for m in r.mentions)


def test_no_prior_therapy_among_exclusions_of_treated_patients() -> None:
    """NCT04374877: who had none is kept out; where the trial does not ask for a therapy, "no" is taken for what may not be."""
    denied = f"{OUT}:\n\n* No prior systemic therapy for unresectable or metastatic disease\n"
    treated = f"{IN}:\n\n* Metastatic solid tumor that has progressed during or after standard therapy\n\n"
    assert [r.polarity for r in therapy_rules(treated + denied) if r.section.value == "exclusion"] == [REQUIRES]
    assert [r.polarity for r in therapy_rules(denied)] == [EXCLUDES]


def test_an_earlier_use_of_a_study_drug_counts() -> None:
    """NCT06387628: eribulin is the trial's own, and what was used before."""
    rules = therapy_rules(f"{OUT}:\n\n* Cohort 1: previous use of eribulin and CCR8- targeting drugs\n", ("Eribulin",))
    assert found_keys(rules) >= {"eribulin", "ccr8-directed-therapy"}


def test_patients_who_have_had_therapy_may_come_beside_the_untreated() -> None:
    """NCT01910181."""
    rules = therapy_rules(f"{IN}:\n\n* Treatment-naïve or having received prior systemic treatments for metastatic melanoma\n")
    assert not [r for r in rules if r.polarity is EXCLUDES]


def test_sequential_therapy_counts_only_with_what_comes_next() -> None:
    """NCT06117774."""
    sentence = "Received sequential chemotherapy and thoracic radiotherapy during chemoradiation"
    assert {r.combined for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])} == {True}


def test_a_therapy_that_some_may_have_had_is_not_required() -> None:
    """NCT02116582: who had no chemotherapy had no first one."""
    sentence = (
        "If the subject has received previous treatment with chemotherapy, this must be limited to no more than one prior line of docetaxel"
    )
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "another therapy is required as the one prior line" in r.doubts]


def _titled(title: str, text: str) -> list[Rule]:
    trial = Trial(
        "NCT00000000", title, RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=("Triple Negative Breast Cancer",)
    )
    return [r for r in read(trial, Names.of(Knowledge.load())).rules if r.role in (PRIOR, CURRENT)]


def test_a_first_line_that_the_title_alone_names_is_a_doubt() -> None:
    """NCT05809895: no criterion asks for the untreated; the rule stands on the clause that names the disease."""
    title = (
        "Ociperlimab in Combination With Tislelizumab and Chemotherapy as First-line Treatment for Advanced Triple Negative Breast Cancer"
    )
    text = (
        f"{IN}:\n\n* Age 18\n* Histologically confirmed diagnosis of advanced TNBC\n"
        "* Has completed systemic treatment for Stage I-III breast cancer, if indicated\n"
    )
    (rule,) = [r for r in _titled(title, text) if r.polarity is EXCLUDES]
    assert (rule.quote, rule.doubts) == ("Histologically confirmed diagnosis of advanced TNBC", ("the title tells of a first line",))
    assert (found_keys([rule]), rule.settings) == ({"systemic-anticancer-therapy"}, ("locally-advanced", "metastatic"))


@pytest.mark.parametrize(
    ("title", "criterion"),
    [
        ("X as First-line Treatment for Triple Negative Breast Cancer", "No more than one prior line of chemotherapy"),
        ("X as First-line Treatment for Triple Negative Breast Cancer", "Patients who have progressed on standard therapy"),
        ("X After Failure of First-line Treatment for Triple Negative Breast Cancer", "Age 18"),
        ("X in Newly Diagnosed Triple Negative Breast Cancer", "Age 18"),
        ("X as First-Line Treatment, or Y as Second-line Treatment, for Triple Negative Breast Cancer", "Age 18"),  # as NCT06667076
        ("X in Relapsed/Refractory and Treatment-na\u00efve Triple Negative Breast Cancer", "Age 18"),  # as NCT02337829
    ],
)
def test_a_title_adds_nothing_where_the_treated_are_taken(title: str, criterion: str) -> None:
    text = f"{IN}:\n\n* Triple negative breast cancer\n* {criterion}\n"
    assert not [r for r in _titled(title, text) if "the title tells of a first line" in r.doubts]


def test_what_is_given_ahead_of_the_treatment_frees_no_therapy_of_the_disease() -> None:
    """NCT05071482."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Previous or ongoing systemic therapy (including TKI, except for appropriate pre-treatment)\n")
    assert [(c.effect, c.settings) for c in rule.carveouts] == [("allows", ("neoadjuvant",))]


def test_a_number_of_regimens_in_brackets_is_what_may_have_been_had() -> None:
    """NCT02114658."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior chemotherapy for thyroid cancer (only one regimen is allowed)\n")
    assert rule.lines is not None and rule.lines.maximum == 1


def test_a_disease_needs_all_therapies_of_its_list() -> None:
    """NCT06447662: the amount in brackets and "any other form of" are of the same list."""
    sentence = (
        "active autoimmune disease that require systemic treatment with chronic systemic steroid therapy (in dosing exceeding 10 mg daily"
        " of prednisone equivalent) or any other form of immunosuppressive therapy in the past 2 years"
    )
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


@pytest.mark.parametrize(
    ("sentence", "together"),
    [
        ("Concomitant aspirin plus anticoagulants", True),
        ("Combination antiplatelet and anticoagulant therapy", True),
        ("Concurrent use of aspirin and anticoagulants", False),
    ],
)
def test_of_two_drugs_taken_together_neither_counts_alone(sentence: str, together: bool) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {r.combined for r in rules} == {together} and len({k for r in rules for k in found_keys([r])}) == 2


def test_two_therapies_named_as_a_combination_count_together() -> None:
    """NCT06712875."""
    rules = therapy_rules(f"{OUT}:\n\n* Patients who have received MAPK inhibitor and checkpoint blockade combination therapy.\n")
    assert rules and all(r.combined for r in rules)
    assert not any(r.combined for r in therapy_rules(f"{OUT}:\n\n* Prior MEK inhibitor or checkpoint blockade combination therapy\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior bevacizumab plus interferon",
        "Prior combined BRAF plus MEK inhibition",
        "Prior combination BRAF/MEK inhibitor therapy",
        "Prior daratumumab-lenalidomide or daratumumab-bortezomib combinations",
        "Prior pembrolizumab/axitinib doublet",
        "Prior docetaxel and cabazitaxel (both)",
        "Exposure to all of lenalidomide, bortezomib and daratumumab",
        "Prior concomitant anthracycline and trastuzumab",
        "Prior lenvatinib/everolimus; either drug alone is not an exclusion",
        "Prior TKI/IO combination",
        "Combination checkpoint blockade (anti-CTLA-4 plus anti-PD-1)",
    ],
)
def test_drugs_that_are_joined_count_together_only(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rules and all(r.combined for r in rules)


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior gefitinib/erlotinib",
        "Prior BRAF/MEK inhibitors",
        "Prior docetaxel plus prednisone",
        "Prior chemotherapy +/- radiotherapy",
        "No concurrent chemotherapy and radiotherapy",
    ],
)
def test_drugs_that_are_listed_count_each_for_itself(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rules and not any(r.combined for r in rules)


def test_either_of_two_that_are_the_one_line_is_asked_for() -> None:
    sentence = "One and only one prior line of systemic therapy for metastatic disease, either gemcitabine-based or fluorouracil-based"
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "gemcitabine" in found_keys([r])]
    assert (rule.polarity, rule.lines, found_keys([rule])) == (REQUIRES, None, {"gemcitabine", "fluorouracil"})


def test_the_therapy_with_which_another_was_given_only_tells_when() -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Bevacizumab with the most recent platinum-based regimen\n")) == {"bevacizumab"}


@pytest.mark.parametrize(
    ("sentence", "most"),
    [
        (
            "Prior treatment with more than 2 Androgen receptor pathway inhibitors (ARPIs) and/or more than 1 taxane-based therapy in the mCRPC setting",
            {"androgen-receptor-pathway-inhibitor": 2, "taxane": 1},
        ),  # NCT07581184
        ("Prior exposure to three or more different kinase inhibitors", {"kinase-inhibitor": 2}),
        ("Prior treatment with more than 1 taxane and/or a MEK inhibitor", {"taxane": 1, "mek-inhibitor": None}),
        ("Prior treatment with at least one MEK inhibitor", {"mek-inhibitor": None}),
    ],
)
def test_so_many_of_a_class_keep_nobody_out_yet(sentence: str, most: dict[str, int | None]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key: r.lines and r.lines.maximum for r in rules for m in r.mentions} == most


def test_the_way_in_for_the_untreated_is_shut_to_who_had_another_therapy_than_the_others_ask_for() -> None:
    """NCT02422615: who had endocrine therapy may come, who had something else perhaps."""
    bullets = (
        "  * newly diagnosed metastatic breast cancer, treatment naive\n  * relapsed with progression after one line of endocrine therapy"
    )
    rules = [r for r in therapy_rules(f"{IN}:\n\n* Patients may be:\n\n{bullets}\n") if r.polarity is EXCLUDES and r.carveouts]
    rule = rules[0]
    assert rule.doubts[-1] == "one of several alternatives"
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"endocrine-therapy"}


@pytest.mark.parametrize(
    ("brackets", "doubted"), [("institutional FOXO1 fusion results are acceptable", True), ("prior treatment is permitted", False)]
)
def test_brackets_on_another_matter_permit_no_therapy(brackets: str, doubted: bool) -> None:
    """NCT05304585."""
    rules = therapy_rules(f"{IN}:\n\n* Patients must have newly diagnosed embryonal rhabdomyosarcoma ({brackets})\n")
    assert [r.doubts for r in rules if r.polarity is EXCLUDES] == [("newly diagnosed population",)] * doubted


def test_of_several_lines_that_are_asked_for_another_therapy_may_be_one() -> None:
    """NCT06090539."""
    sentence = "Following at least 2 prior lines of therapy (eg, first-line combination chemotherapy regimen containing rituximab)"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "months"),
    [
        ("Must be receiving BTKi monotherapy for at least 12 months", 12),
        ("Must be on osimertinib as a single agent for more than 3 months", 3),
        ("Must have received ibrutinib monotherapy for at least 6 months", None),
        ("Must be on ibrutinib for at least 6 months", None),
        ("Must be on prednisone alone for at least 2 months", None),
    ],
)
def test_what_is_long_given_alone_leaves_no_time_for_another(sentence: str, months: int | None) -> None:
    """NCT06104566: by implication only."""
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "systemic-anticancer-therapy" in found_keys([r])]
    assert [r.window and r.window.months for r in rules] == ([] if months is None else [months])
    assert all(r.doubts == ("another therapy is required as the most recent one",) for r in rules)


def test_any_other_therapy_may_have_stood_in_the_place_of_a_required_first_line() -> None:
    """NCT00006356: it contradicts the sentence by implication only."""
    sentence = "Must have received prior first line chemotherapy consisting of at least 4 courses of either cisplatin or carboplatin"
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert (found_keys([rule]), rule.doubts) == ({"systemic-anticancer-therapy"}, ("another first-line therapy is required",))
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"cisplatin", "carboplatin"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with PD-L1 positive breast cancer should have received pembrolizumab with chemotherapy in the first line setting",  # NCT06099769
        "Prior radiotherapy or first-line chemotherapy",
        "Must have received first-line therapy with surgery followed by temozolomide and radiation",  # NCT02414165
        "Had prior treatment with radiotherapy and/or first-line chemotherapy or concurrent chemoradiation therapy",  # NCT05503797
        "Cohort A: progressed on first-line docetaxel",
    ],
)
def test_a_first_line_asked_of_some_says_nothing_of_another(sentence: str) -> None:
    """Where a procedure would do, or only some patients or a part of the trial are meant, other therapies are not even in doubt."""
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n* Cohort B: age 18\n") if r.polarity is EXCLUDES]
    assert [r for r in therapy_rules(f"{IN}:\n\n* Progressed on first-line docetaxel\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Tyrosine Kinase Inhibitor (TKI) treatment naïve.", {"tyrosine-kinase-inhibitor"}),  # NCT06620835
        ("osimertinib treatment-naïve for NSCLC.", {"osimertinib"}),  # NCT05693090
        ("systemic treatment-naive", {"systemic-anticancer-therapy"}),  # NCT05942456
        ("PD-1/PD-L1 naive", {"pd-1-pd-l1-inhibitor"}),
        ("IO-na\u00efve", {"immunotherapy"}),  # NCT04570839
    ],
)
def test_naive_to_the_treatment_that_is_named_before_it(sentence: str, found: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == found


def test_a_regimen_that_a_disease_needs_is_read() -> None:
    """NCT00784485, in short: a combination is no drug of the tables, and lies in a class where all its drugs do."""
    assert therapy_rules(f"{OUT}:\n\n* Severe asthma requiring fluticasone/salmeterol\n") == []


def test_a_setting_under_an_exception_is_not_that_of_the_untreated() -> None:
    """NCT06961006."""
    rules = therapy_rules(f"{IN}:\n\n* Has been untreated for melanoma except if participant received prior adjuvant therapy\n")
    assert [r.settings for r in rules if r.polarity is EXCLUDES] == [()]


def test_no_treatment_since_is_none_at_all_and_has_no_time_of_another() -> None:
    """NCT02437318."""
    text = f"{IN}:\n\n* Relapsed within 12 months from completion of adjuvant endocrine therapy with no treatment for metastatic disease\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert (rule.role, rule.window, rule.settings) == (Role.PRIOR_THERAPY, None, ("metastatic",))


def test_two_therapies_after_a_transplant_are_both_in_doubt() -> None:
    """NCT01286077."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Received another antimyeloma or experimental therapy following autologous stem cell transplantation\n"
    )
    assert [r.doubts for r in rules if "systemic-anticancer-therapy" in found_keys([r])] == [("after a transplant",)]


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("No chemotherapy after first transplantation", {"chemotherapy"}),  # NCT00075608
        ("No anticancer treatment since surgery", {"anticancer-therapy"}),
        ("No systemic therapy after completion of radiotherapy", {"systemic-anticancer-therapy"}),
        ("No chemotherapy or TKI following progression on immunotherapy", {"chemotherapy", "tyrosine-kinase-inhibitor"}),
        ("No maintenance therapy after ASCT", set()),
    ],
)
def test_what_came_behind_another_therapy_is_in_doubt_and_that_one_is_free(sentence: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert found_keys(rules) == keys and all(r.doubts for r in rules)


def test_after_which_therapy_another_is_asked_for_must_have_been_had() -> None:
    assert found_keys(therapy_rules(f"{IN}:\n\n* Must have received chemotherapy after surgery\n")) == {"chemotherapy", "surgery"}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Adjuvant chemotherapy after surgery\n")
    assert (found_keys([rule]), rule.doubts) == ({"chemotherapy"}, ())


def test_an_exclusion_of_patients_with_no_treatment_is_of_those_who_had_none() -> None:
    """NCT02437318."""
    text = f"{OUT}:\n\n* Patient who relapsed after adjuvant endocrine therapy with no treatment for metastatic disease\n"
    rules = [r for r in therapy_rules(text) if "systemic-anticancer-therapy" in found_keys([r])]
    assert all(r.polarity is Polarity.REQUIRES for r in rules)


@pytest.mark.parametrize(
    ("sentence", "most"),
    [
        ("Subjects with prior lines of treatment are not eligible.", None),  # NCT04752826
        ("Patients with prior lines of therapy will be excluded", None),
        ("Prior lines of therapy are not allowed", None),
        ("Patients treated with prior lines of treatment cannot be enrolled", None),
        ("Patients who received prior therapy are ineligible", None),
        ("Patients with more than two prior lines of therapy are not eligible", 2),
    ],
)
def test_prior_lines_that_make_ineligible_are_of_any_therapy(sentence: str, most: int | None) -> None:
    """Whoever lacks them is kept out by no such sentence."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, PRIOR, {"systemic-anticancer-therapy"})
    assert (rule.lines.maximum if rule.lines else None) == most
    assert not therapy_rules(f"{IN}:\n\n* Patients without prior therapy are not eligible\n")


def test_any_prior_therapy_is_not_only_the_one_told_of_before() -> None:
    """NCT00122876."""
    text = f"{IN}:\n\n* Patients who were not candidates for cryoablation may be eligible, but at least 4 weeks must have elapsed since the completion of any prior therapy and the subject must have recovered from acute side effects\n"
    (rule,) = [r for r in therapy_rules(text) if r.window]
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"anticancer-therapy"})


@pytest.mark.parametrize(
    ("sentence", "most"),
    [
        ("Has not received more than 3 lines of therapy for their advanced melanoma", 3),
        ("Patients must not have had more than 5 prior systemic regimens for metastatic disease", 5),
        ("No more than 1 line of therapy in advanced or metastatic setting is permitted", 1),
    ],
)
def test_a_number_of_lines_that_is_denied_is_the_highest(sentence: str, most: int) -> None:
    """NCT04305041, NCT02381314, NCT07205718."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES
    assert rule.lines is not None
    assert (rule.lines.minimum, rule.lines.maximum) == (None, most)


@pytest.mark.parametrize(
    ("section", "sentence", "months"),
    [
        (
            OUT,
            "Any prior systemic therapy received for advanced NSCLC. Prior systemic therapy in the neoadjuvant or adjuvant setting is allowed,"
            " provided that recurrence or progression has occurred > 12 months after the end of treatment.",
            12,
        ),
        (
            IN,
            "Adjuvant chemotherapy is allowed providing that 6 months have elapsed between completion of adjuvant chemotherapy and recurrence",
            6,
        ),
        (
            IN,
            "Patients who received adjuvant or neoadjuvant therapy (chemotherapy and/or radiotherapy) are eligible if there has been no disease"
            " progression within 6 months of treatment completion",
            6,
        ),
    ],
)
def test_adjuvant_therapy_that_recurrence_followed_too_soon_keeps_out(section: str, sentence: str, months: int) -> None:
    """NCT06627647, NCT06346197, NCT06945705."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if "adjuvant" in r.settings or "neoadjuvant" in r.settings]
    assert rules
    assert {(r.polarity, r.window.months if r.window else None) for r in rules} == {(EXCLUDES, months)}


def test_newly_diagnosed_patients_may_have_had_their_induction() -> None:
    """NCT02655458."""
    text = f"""{IN}:

* Subjects who are receiving or have completed induction chemotherapy, who have achieved at least a PR

* Documented evidence of newly diagnosed, symptomatic multiple myeloma
"""
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


def test_a_first_line_in_a_list_that_takes_the_treated_keeps_nobody_out() -> None:
    """NCT00923507."""
    text = f"{IN}:\n\n* Diagnosis of CLL/SLL\n\n  * on treatment or previously treated\n  * requiring or nearing first-line treatment\n"
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "excluded"),
    [
        ("Have not discontinued warfarin at least 7 days before the start", {"warfarin"}),
        ("Have not completed chemotherapy at least 4 weeks before study start", {"chemotherapy"}),
        ("Has not been off chemotherapy for at least 4 weeks", {"chemotherapy"}),
        ("Have not completed at least 2 cycles of chemotherapy", set()),
        ("Have not received chemotherapy", set()),
    ],
)
def test_who_has_not_stopped_a_therapy_is_kept_out_and_not_who_has_had_none(sentence: str, excluded: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]) == excluded


def test_one_course_is_not_counted_as_the_courses_before_it() -> None:
    """NCT07170540."""
    text = (
        f"{OUT}:\n\n* 2 or more systemic corticosteroid courses within 6 months or one course of systemic corticosteroids within 3 months\n"
    )
    assert [r.lines and r.lines.maximum for r in therapy_rules(text)] == [1, None]


@pytest.mark.parametrize(
    "lead",
    [
        "Subjects must meet all of the following to be eligible:",
        "Patients with all of the following are eligible for the study:",
        "Eligible patients have:",
    ],
)
def test_what_is_asked_of_all_who_are_eligible_is_not_permitted(lead: str) -> None:
    """Leads of the kind of "patients are eligible if they meet all of the following:"."""
    rules = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * No prior doxorubicin\n  * Not taking warfarin\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"doxorubicin", "warfarin"}


def test_newly_diagnosed_or_recurrent_disease_may_have_been_treated() -> None:
    """A sentence of the kind of "previously untreated or relapsed disease"."""
    assert not [r for r in therapy_rules(f"{IN}:\n\n* Newly diagnosed or recurrent glioblastoma\n") if r.polarity is EXCLUDES]
    assert [r for r in therapy_rules(f"{IN}:\n\n* Untreated recurrent or metastatic melanoma\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    "sentence",
    [
        "Heart failure after anthracyclines",
        "Myelodysplastic syndrome following prior chemotherapy",
        "Refusal of chemotherapy",
    ],
)
def test_a_disease_after_a_therapy_and_its_refusal_are_not_the_therapy(sentence: str) -> None:
    text = f"{OUT}:\n\n* {sentence}\n"
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=("Melanoma",))
    rules = read(trial, Names.of(Knowledge.load())).rules
    assert not [r for r in rules if r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Recent major surgery where the participant has not fully recovered",
        "Major surgery within 4 weeks prior to Cycle 1 Day 1 with unadequately recovered AEs from the intervention",
        "Chemotherapy within 4 weeks from which the patient has not yet recovered",
        "Failure to recover from any adverse events related to any of the following therapies:\n  * Major surgical procedure",
    ],
)
def test_an_exclusion_of_those_who_have_not_recovered_is_doubted(sentence: str) -> None:
    """NCT07205718, NCT06819735, NCT07226856."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rules and all("only those who have not recovered" in r.doubts for r in rules)


def test_what_was_treated_limits_the_therapies_behind_it() -> None:
    """NCT07226856, NCT05805501, NCT02856893."""
    text = "Prior treatment of pancreatic cancer in the metastatic setting with surgery, radiotherapy or investigational therapy"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert rule.conditions == ("pancreatic-cancer",) and rule.settings == ("metastatic",)
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment for RCC with systemic therapy, including immune checkpoint blockade therapies\n")
    assert rule.conditions == ("renal-cell-carcinoma",)
    text = "Prior adjuvant therapy is permitted (chemotherapy, radiotherapy) if performed more than 12 months before registration"
    (rule,) = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert rule.settings == ("adjuvant",) and rule.window is not None


def test_a_wafer_is_not_the_infused_drug() -> None:
    """NCT05366179, NCT05241392."""
    for sentence in ("Previously implanted carmustine wafers", "Placement of a carmustine slow-release wafer within 6 months"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert rule.doubts == ("implanted, not infused",)


@pytest.mark.parametrize(
    ("section", "sentence", "most"),
    [
        # NCT06885840
        (OUT, "Have previously received systemic anti-tumor therapy beyond the fourth line (excluding maintenance therapy).", 4),
        (OUT, "Fourth-line or later systemic therapy", 3),
        (OUT, "Received chemotherapy in the third line or beyond", 2),
        (OUT, "Previously received more than first-line systemic therapy for metastatic disease", 1),
        (OUT, "First-line or later systemic therapy for metastatic disease", None),
        (OUT, "Prior first-line chemotherapy for metastatic disease", None),
        (OUT, "Prior second-line hormonal therapy with enzalutamide", None),
        (IN, "No systemic therapy beyond second line", 2),
        (IN, "No more than second-line systemic therapy", 2),
    ],
)
def test_lines_are_limited_by_the_place_of_one(section: str, sentence: str, most: int | None) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.lines and rule.lines.maximum) == (EXCLUDES, most)


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients are on treatment with a first line platinum-based regimen for metastatic pancreas cancer",  # NCT02184195
        "Receiving first-line chemotherapy with gemcitabine for metastatic disease without progression",
    ],
)
def test_any_other_therapy_contradicts_a_first_line_that_is_given_now_by_implication(sentence: str) -> None:
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert (found_keys([rule]), rule.doubts) == ({"systemic-anticancer-therapy"}, ("another first-line therapy is required",))


def test_a_response_to_a_first_line_asks_for_it() -> None:
    """NCT00472771."""
    rules = therapy_rules(f"{IN}:\n\n* Have responded to first-line platinum-based chemotherapy\n")
    assert [(r.polarity, r.doubts) for r in rules] == [(REQUIRES, ()), (EXCLUDES, ("another first-line therapy is required",))]


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT06414590
        "Treatment naïve primary uveal melanoma with T3 or T4 category tumor size that are surgically unresectable (other than complete enucleation of eye).",
        "Previously untreated, metastatic solid tumor (except brain metastases)",
    ],
)
def test_an_exception_from_a_stage_frees_no_therapy(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.carveouts) == (EXCLUDES, ())


def test_a_permission_of_therapy_with_curative_intent_frees_the_early_setting_only() -> None:
    """NCT04253964."""
    asked = "No prior systemic treatment with either chemotherapy or immunotherapy for non-curative intent."
    more = "Patients may have previously received cancer treatment with curative intent for prior early stage disease."
    rule = therapy_rules(f"{IN}:\n\n* {asked} {more}\n")[0]
    assert (rule.polarity, [c.settings for c in rule.carveouts]) == (EXCLUDES, [("adjuvant", "neoadjuvant")])
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior chemotherapy with curative intent\n")
    assert rule.settings == ("adjuvant", "neoadjuvant")


@pytest.mark.parametrize(
    ("asked", "polarity"),
    [
        ("Participants must have received or refused to receive two lines of standard systemic therapy", ALLOWS),
        ("Histologically confirmed disease", EXCLUDES),
    ],
)
def test_those_who_relapsed_after_adjuvant_therapy_are_another_way_in(asked: str, polarity: Polarity) -> None:
    """NCT06149481."""
    more = "Participants who had progressive disease following standard adjuvant therapy are eligible if they have not received systemic therapy for metastatic disease."
    rules = therapy_rules(f"{IN}:\n\n* {asked}\n* {more}\n")
    assert polarity in {r.polarity for r in rules if r.quote.startswith("Participants who")}
    assert (EXCLUDES in {r.polarity for r in rules}) is (polarity is EXCLUDES)


def test_a_first_line_of_chemotherapy_asks_for_no_chemotherapy_before() -> None:
    """NCT07071337: the endocrine therapy before it was none."""
    rules = therapy_rules(f"{IN}:\n\n* Patients whose endocrine therapy has ended and who are to receive first-line chemotherapy\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"chemotherapy"}


@pytest.mark.parametrize(
    ("text", "keeps_out"),
    [
        (  # NCT04585815
            "* Previously untreated for advanced lung cancer (Arms B1 and B2), or\n* One or 2 prior lines of therapy including pembrolizumab\n",
            False,
        ),
        (  # NCT07115043
            "* At least one prior regimen; targeted therapy if available OR\n* Have not received systemic therapy and have PD-L1 expression\n",
            False,
        ),
        (  # NCT04969835
            "* Soft-tissue sarcoma who: i. is treatment na\u00efve in the metastatic setting; OR ii. has received doxorubicin below 150 mg/m2\n",
            False,
        ),
        ("* Has not received systemic therapy, and\n* Has received adjuvant doxorubicin\n", True),
    ],
)
def test_bullets_that_end_with_or_are_alternatives(text: str, keeps_out: bool) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n{text}") if r.polarity is EXCLUDES and r.lines is None]
    assert any(not r.doubts for r in rules) is keeps_out


@pytest.mark.parametrize(
    "sentence",
    [
        "If platinum was not administered as first line therapy, it is required in a later line",  # NCT07154290
        "Completed at least 4.5-6 years of adjuvant aromatase inhibitor as initial therapy or after tamoxifen",  # NCT00003140
        "Received docetaxel as first-line treatment or later",
        "Progression after first-line treatment with osimertinib; or T790M mutation and progression after second-line osimertinib",  # NCT06394674
    ],
)
def test_a_first_line_or_a_later_one_asks_for_none(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        (
            "Only patients who received 1 prior line of therapy containing an anti-CD20 antibody and anthracycline are allowed",
            True,
        ),  # NCT06230224
        ("Relapse after 1 prior line of systemic therapy including a fluoropyrimidine plus oxaliplatin", True),  # NCT06330064
        ("Received at least 1 prior line of therapy containing docetaxel", False),
        ("Received one or two prior lines of therapy including docetaxel", False),
    ],
)
def test_what_the_one_prior_line_held_is_asked_of_it(sentence: str, doubted: bool) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert any(r.position == "only" and r.doubts for r in rules) is doubted


def test_the_last_therapy_in_whichever_line() -> None:
    """NCT05261399: another therapy given lately was not followed by the one that is required."""
    sentence = (
        "Documented radiologic progression on first- or second-line treatment with osimertinib as the most recent anti-cancer therapy."
    )
    (other,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert other.position == "last" and other.window is not None and other.doubts


def test_a_therapy_that_does_before_or_in_the_first_line_leaves_other_first_lines_open() -> None:
    """NCT00674206."""
    either = "Patients must have either received a taxane in the adjuvant setting or received a taxane as first-line treatment"
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {either}\n")} == {REQUIRES}
    first = "Patients must have received a taxane as first-line treatment for metastatic breast cancer"
    assert EXCLUDES in {r.polarity for r in therapy_rules(f"{IN}:\n\n* {first}\n")}


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        (
            "Previously treated with three or more FDA-approved androgen/AR signaling inhibitors (ASI) (e.g., abiraterone, enzalutamide)",
            {"androgen-receptor-pathway-inhibitor": 2, "abiraterone": 2, "enzalutamide": 2},
        ),
        ("Two or more prior ALK inhibitors (i.e., crizotinib, alectinib)", {"alk-inhibitor": 1, "crizotinib": 1, "alectinib": 1}),
        ("One or more prior ALK inhibitors (e.g., crizotinib)", {"alk-inhibitor": 0, "crizotinib": 0}),
        ("Treatment with more than one MEK inhibitor (or any EGFR inhibitor)", {"mek-inhibitor": 1, "egfr-inhibitor": None}),
        (
            "More than one systemic therapy, or any mTOR inhibitor or TKI",
            {"systemic-anticancer-therapy": 1, "mtor-inhibitor": None, "tyrosine-kinase-inhibitor": None},
        ),
        (
            "More than two prior lines of chemotherapy, or any sunitinib or imatinib",
            {"chemotherapy": 2, "sunitinib": None, "imatinib": None},
        ),
    ],
)
def test_therapies_of_a_class_are_counted_with_their_examples(sentence: str, counted: dict[str, int | None]) -> None:
    """NCT06100705: who had one such drug had not three."""
    found = {m.key: r.lines.maximum if r.lines else None for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert {key: found.get(key) for key in counted} == counted


def test_naive_to_a_therapy_behind_a_comma_is_not_of_the_one_before() -> None:
    """NCT06128551."""
    rules = therapy_rules(f"{IN}:\n\n* NSCLC, previously treated with immunotherapy and chemotherapy, naïve to KRAS inhibitors\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) <= {"kras-inhibitor"}


def test_a_number_of_regimens_denies_nothing_below_it() -> None:
    """NCT01558167, whose lines are wrapped."""
    text = "Relapsed after no more than 3 prior regimens.\n    Patients who received bendamustine must have had a response"
    assert not any("bendamustine" in found_keys([r]) for r in therapy_rules(f"{IN}:\n\n* {text}\n") if r.polarity is EXCLUDES)


def test_an_early_stage_of_a_lymphoma_is_no_setting_of_its_own() -> None:
    """NCT01321008."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients with newly diagnosed stage I and II nasal Natural Killer (NK) cell lymphoma.\n")
    assert (rule.settings, rule.doubts) == ((), ("newly diagnosed population",))


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "Must not have received treatment in the recurrent or metastatic setting"),
        (IN, "Have not had any treatment in the locally advanced setting"),
        (OUT, "Have been treated in the metastatic setting"),
        (OUT, "Any therapy for recurrence other than surgery"),
        (OUT, "Any treatment of recurrent disease with the exception of surgery"),
        (OUT, "Any prior treatment of relapsed disease"),
        (OUT, "Treatment for relapsed disease"),
        (IN, "No therapy for recurrence other than surgery"),
    ],
)
def test_treatment_in_a_setting_is_any_against_the_disease(section: str, sentence: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert found_keys([rule]) <= {"systemic-anticancer-therapy", "anticancer-therapy"}


@pytest.mark.parametrize(
    ("disease", "settings"),
    [
        ("mUC", ("metastatic",)),
        ("la/mUC", ("locally-advanced", "metastatic")),
        ("LA/M UC", ("locally-advanced", "metastatic")),
        ("mRCC", ("metastatic",)),
        ("aRCC", ("locally-advanced", "metastatic")),
        ("mCRPC", ("metastatic",)),
        ("mNSCLC (metastatic non-small cell lung cancer)", ("metastatic",)),  # NCT06868277
        ("R/R AML", ("recurrent",)),
        ("RRMM", ("recurrent",)),
    ],
)
def test_letters_before_the_abbreviation_of_a_cancer_tell_the_setting(disease: str, settings: tuple[str, ...]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy for {disease}\n")
    assert rule.settings == settings and len(rule.conditions) == len(set(rule.conditions))


def test_benefit_from_treatment_in_a_setting_is_no_treatment() -> None:
    for sentence in ("No benefit from treatment in the metastatic setting", "Without oxalipatin-based therapy in the metastatic setting"):
        assert therapy_rules(f"{IN}:\n\n* {sentence}\n") == []


def test_what_came_of_a_first_line_asks_for_it() -> None:
    """NCT06607796, NCT07411144: a disease that is stable after a therapy was treated with it."""
    text = "persistently stable (SD evaluated after two courses) after standard treatment with first-line chemoimmunotherapy"
    asked, others = therapy_rules(f"{IN}:\n\n* Patients with localized lesions present and {text}\n")
    assert (asked.polarity, found_keys([asked])) == (REQUIRES, {"chemotherapy", "immunotherapy"})
    assert (others.doubts, [c.effect for c in others.carveouts]) == (("another first-line therapy is required",), ["together"])
    text = "Complete response, partial response, or stable disease after 4-6 cycles of first-line platinum-based chemotherapy"
    assert [r.polarity for r in therapy_rules(f"{IN}:\n\n* {text}\n")] == [REQUIRES, EXCLUDES]
    assert therapy_rules(f"{IN}:\n\n* On a stable dose of warfarin\n")[0].polarity is EXCLUDES


def test_no_other_chemotherapy_than_the_one_that_is_asked_for() -> None:
    """NCT06495125 asks for a first line of chemotherapy and allows no other lines of it; here the one that is asked for is of a class."""
    text = "Must have received one line of platinum chemotherapy. No other lines of chemotherapy are allowed"
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {text}\n") if r.polarity is EXCLUDES and "chemotherapy" in found_keys([r])]
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["platinum-agent"]


def test_the_number_of_a_phase_counts_no_lines() -> None:
    """Patients of one phase of the trial may have had no line at all."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients in phase 2 must not have received prior immunotherapy\n")
    assert rule.lines is None
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients in phase 2 must not have received more than 2 prior lines of chemotherapy\n")
    assert rule.lines is not None and rule.lines.maximum == 2


@pytest.mark.parametrize(
    "words",
    [
        "Multiple myeloma that has relapsed following primary therapy",  # NCT02181413
        "Smoldering myeloma, or multiple myeloma that is not responsive to primary therapy",  # as NCT05827016
        "Disease that has progressed on initial treatment",
    ],
)
def test_whom_the_first_therapy_failed(words: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {words}\n")
    (rule,) = (r for r in rules if "systemic-anticancer-therapy" in found_keys([r]))
    assert rule.outcomes == ("progression",)


def test_an_ill_that_withstood_its_first_therapy_is_no_cancer() -> None:
    assert therapy_rules(f"{OUT}:\n\n* Infection refractory to initial therapy\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Must have received prior PD-1 immunotherapy either in the adjuvant, first-line or recurrent setting",
        "High-risk relapse: patients who received three chemotherapy agents for frontline therapy are eligible",
        "Eligible after one (1) prior line of therapy if they have either:\n\n  * 17p deletion\n  * Received both a Bruton's Tyrosine "
        "Kinase (BTK) inhibitor AND a B-cell lymphoma 2 (BCL2) inhibitor as first line therapy",
    ],
)
def test_a_first_line_that_was_given_leaves_room_for_others(sentence: str) -> None:
    """NCT06518564, NCT04322318, NCT04599634."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert not [r for r in rules if r.polarity is EXCLUDES and (r.lines is None or r.lines.minimum is None)]


def test_examples_are_counted_with_what_they_are_examples_of() -> None:
    """NCT00381173: one antibody is no three targeted therapies."""
    sentence = "Have received three or more biologic/targeted therapies, such as monoclonal antibodies and tyrosine kinase inhibitors"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert "monoclonal-antibody" in found_keys(rules)
    assert {r.lines and r.lines.maximum for r in rules} == {2}


@pytest.mark.parametrize(
    ("sentence", "lately"),
    [
        # NCT02381314
        (
            "A patient who previously received systemic therapy must have had progression on a PD-1 inhibitor as the most recent therapy.",
            False,
        ),
        ("If previously treated, the most recent therapy must have been a PD-1 inhibitor.", False),
        ("Previously treated patients must have received a PD-1 inhibitor as their most recent therapy.", False),
        ("Participants must have progressed on a PD-1 inhibitor as the most recent therapy.", True),
    ],
)
def test_where_the_untreated_come_nothing_tells_that_the_last_therapy_followed_another(sentence: str, lately: bool) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(r.window is not None, r.position) for r in rules] == [(lately, "last")]


def test_what_follows_the_study_treatment_asks_for_no_treated_patients() -> None:
    """NCT05832827: "post-completion of the study intervention" is behind it, so that the title's first line stays a doubt."""
    followed = "Participants should follow guidelines for HBV anti-viral therapy post-completion of the study intervention"
    trial = Trial(
        "NCT00000000",
        "X as First-line Treatment for Triple Negative Breast Cancer",
        RecordSource("test", "v2-json", ""),
        eligibility_text=f"{IN}:\n\n* Triple negative breast cancer\n* {followed}\n",
        conditions=("Triple Negative Breast Cancer",),
        interventions=(Intervention("pembrolizumab", "DRUG"),),
    )
    rules = [r for r in read(trial, Names.of(Knowledge.load())).rules if r.role is PRIOR]
    assert [(r.polarity, r.doubts) for r in rules] == [(EXCLUDES, ("the title tells of a first line",))]


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ("Platinum Resistant: is defined as disease that recurs in less than 6 months", False),  # NCT04630769
        ("Measurable disease", True),
    ],
)
def test_what_one_of_two_kinds_of_patients_means_is_no_wash_out(other: str, kept: bool) -> None:
    sensitive = "Platinum Sensitive: is defined as recurrence after platinum-based treatment in a patient who has been off therapy for \u2265 6 months"
    rules = therapy_rules(f"{IN}:\n\n* {other}\n* {sensitive}\n")
    assert any(r.polarity is EXCLUDES for r in rules) == kept


@pytest.mark.parametrize(
    "sentence",
    [
        "No prior doxorubicin HCl liposome, melphalan, and bortezomib as combination therapy",
        "Prior treatment with cetuximab and irinotecan given as combination therapy",
        "Prior gemcitabine and docetaxel as a combination regimen",
    ],
)
def test_drugs_told_to_be_given_as_a_combination_count_only_together(sentence: str) -> None:
    """NCT00334932."""
    assert [r.combined for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [True]


@pytest.mark.parametrize(
    ("sentence", "combined"),
    [
        ("Previous treatment with the combination of lenalidomide, bortezomib and dexamethasone (RVd)", True),
        ("Previous R-squared (lenalidomide + rituximab)", True),
        ("Prior ipilimumab/nivolumab doublet or pembrolizumab/axitinib doublet", True),
        ("Prior quadruplet regimens (e.g. Dara-VRd)", True),
        ("Previous docetaxel/carboplatin (TCH)", True),
        ("Prior dabrafenib/trametinib", False),
    ],
)
def test_a_regimen_that_is_told_to_be_one_counts_as_a_whole(sentence: str, combined: bool) -> None:
    assert [r.combined for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [combined]


def test_what_is_required_behind_a_semicolon_is_not_denied() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Prior erlotinib + ramucirumab not permitted; single-agent EGFR TKI required\n")
    assert [(r.polarity, found_keys([r])) for r in rules][1:] == [(REQUIRES, {"egfr-tyrosine-kinase-inhibitor"})]


@pytest.mark.parametrize(
    ("asked", "doubted"),
    [
        ("Patients must not have received any prior anti-cancer chemotherapy.", False),  # NCT04655404
        ("Patients must not previously have received systemic treatment.", False),
        ("Patients should have received no prior systemic therapy.", False),
        ("Patients who have received prior systemic therapy are not eligible.", False),
        ("Patients must have received no more than 2 prior therapies.", True),
    ],
)
def test_who_must_not_have_been_treated_contradicts_no_exclusion_of_the_treated(asked: str, doubted: bool) -> None:
    kept_out = "Patients who have previously received other anti-cancer agents, including chemotherapy or targeted therapy"
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {asked}\n\n{OUT}:\n\n* {kept_out}\n") if "targeted-therapy" in found_keys([r])]
    assert [bool(r.doubts) for r in rules] == [doubted]


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        (
            "Had received two prior systemic lines of therapy, which must have included one line of platinum-based chemotherapy and one line "
            "of crizotinib",
            True,
        ),  # NCT02604342
        ("Received two prior regimens, one with a PD-1 inhibitor and one with a VEGFR inhibitor", True),
        ("Received at least two prior lines of therapy, including one platinum and one crizotinib", False),
        ("Measurable disease at first radiographic relapse after initial standard therapy including temozolomide", True),  # NCT04910022
        ("Patients in first relapse after rituximab-based chemotherapy", True),
        ("First relapse after autologous transplant", False),
        (
            "Must have received up to 3 prior lines of endocrine therapy (one of which must be in combination with CDK4/6 inhibitor) and up "
            "to 1 prior line of chemotherapy or an antibody-drug conjugate",
            False,
        ),  # NCT06784193
        ("Must have received a CDK4/6 inhibitor and up to 1 prior line of chemotherapy", False),
    ],
)
def test_all_that_was_had_is_told_by_its_number_or_by_the_first_relapse(sentence: str, doubted: bool) -> None:
    assert any(r.position == "only" and r.doubts for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")) is doubted


@pytest.mark.parametrize(
    ("more", "doubted"),
    [("There is no limit on prior number of chemotherapy regimens.", False), ("Measurable disease is required.", True)],
)
def test_where_any_number_of_lines_may_be_had_a_first_one_rules_out_no_other(more: str, doubted: bool) -> None:
    """NCT02083536."""
    first = "Patients must have progressed on first-line platinum-based chemotherapy for metastatic disease."
    assert any(r.position == "first" for r in therapy_rules(f"{IN}:\n\n* {first} {more}\n")) is doubted


@pytest.mark.parametrize(
    ("sentence", "kept_out"),
    [
        (
            "Original diagnosis of de novo low-grade serous carcinoma or original diagnosis of serous borderline tumor with subsequent "
            "diagnosis of low-grade serous carcinoma.",
            False,
        ),  # NCT03675893
        ("De novo AML or AML secondary to MDS", False),
        ("De novo DLBCL or DLBCL arising from follicular lymphoma", False),
        ("Diagnosis of de novo AML", True),
        ("Women greater than or equal to age 65 years with de novo invasive carcinoma of breast", False),  # NCT05472792
    ],
)
def test_a_disease_that_is_de_novo_or_came_of_another_may_be_treated(sentence: str, kept_out: bool) -> None:
    assert bool(therapy_rules(f"{IN}:\n\n* {sentence}\n")) is kept_out


@pytest.mark.parametrize(
    "sentence",
    [
        "Have received only first-line osimertinib as a prior line of therapy in the non curative advanced or metastatic NSCLC setting",
        "Patients who have had only osimertinib as prior treatment",
    ],
)
def test_who_had_one_therapy_only_had_no_other(sentence: str) -> None:
    """NCT03940703."""
    others = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [found_keys([r]) for r in others] == [{"systemic-anticancer-therapy"}]
    assert not others[0].doubts and [m.key for c in others[0].carveouts for m in c.mentions] == ["osimertinib"]


@pytest.mark.parametrize(
    ("sentence", "kept_out"),
    [
        (
            "Prior SRS is permitted, however the lesions targeted for treatment on trial need to be previously untreated by SRS",
            set[str](),
        ),  # NCT03449238
        ("Brain metastases previously untreated by stereotactic radiosurgery", {"stereotactic-radiosurgery"}),
    ],
)
def test_what_was_not_treated_by_one_means_is_not_untreated(sentence: str, kept_out: set[str]) -> None:
    assert found_keys(r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES) == kept_out


@pytest.mark.parametrize(
    "sentence",
    [
        "Among any patients enrolled in the first line treatment setting, tumors should not be PD-L1+ by 22C3 assays",  # NCT05029999
        "For patients enrolled in the first-line setting, PD-L1 must be negative",
    ],
)
def test_what_is_asked_of_those_in_first_line_is_asked_of_no_others(sentence: str) -> None:
    assert not [therapy_rules(f"{head}:\n\n* {sentence}\n") for head in (IN, OUT) if therapy_rules(f"{head}:\n\n* {sentence}\n")]


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("No prior treatment within 4 weeks of enrollment", {28}),
        ("No prior systemic therapy within 28 days", {28}),
        ("Have not received any treatment for lymphoma in the past 21 days", {21}),
        ("Have not received any treatment", {None}),
        ("No prior therapy, and recovery from surgery within 4 weeks", {None}),
        ("Has not received any treatment in another trial", set[int]()),
    ],
)
def test_no_therapy_in_a_time_is_none_in_that_time_alone(sentence: str, days: set[int | None]) -> None:
    assert {r.window.days if r.window else None for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == days


@pytest.mark.parametrize(
    ("sentence", "kept_out"),
    [
        ("Previous treatment of the sarcoma", True),
        ("Prior therapy of sarcoma", True),
        ("History of treatment for sarcoma", True),
        ("Prior treatment of brain metastases", False),
        ("Received brain metastasis treatment", False),  # NCT07310784
        ("Received sarcoma treatment within 4 weeks", True),
        ("Prior treatment of a second sarcoma within 5 years", False),
        ("Toxicity of prior treatment of sarcoma", False),
    ],
)
def test_treatment_of_the_disease_by_its_name_is_any(sentence: str, kept_out: bool) -> None:
    text = f"{OUT}:\n\n* {sentence}\n"
    trial = Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text, conditions=("Sarcoma",))
    rules = [r for r in read(trial, Names.of(Knowledge.load())).rules if r.role is PRIOR]
    assert bool(rules) is kept_out


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Participants can have received an unlimited number of prior therapies.", ALLOWS),  # NCT03675893
        ("Patients can have had prior chemotherapy", ALLOWS),
        ("Patients can have been treated with up to one prior regimen", EXCLUDES),
    ],
)
def test_what_patients_can_have_had_is_permitted(sentence: str, polarity: Polarity) -> None:
    assert [r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")] == [polarity]


@pytest.mark.parametrize(
    "sentence",
    [
        "FL 3b: at least 2 prior lines of therapy, including first-line chemotherapy",
        "For R/R DLBCL (de novo) and FL 3b: following at least 2 prior lines of therapy, including first-line chemotherapy",
    ],
)
def test_a_first_line_among_prior_ones_is_none_to_come(sentence: str) -> None:
    """NCT06090539."""
    assert [r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")] == [REQUIRES]

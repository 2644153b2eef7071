"""Sentences on whole populations: the untreated and the treated, wash-outs of any therapy, and what such sentences only seem to say."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, PRIOR, eligibility, found_keys, therapy_rules

from kg.knowledge import Knowledge
from kg.names import Names


def test_no_response_to_a_first_line_is_no_absence_of_it() -> None:
    """NCT07009002, NCT03516617: what came of a therapy, or what it is good for, is denied, not the therapy."""
    text = "Refractory disease is defined as no CR to first-line therapy: progression after standard first-line treatment"
    assert all(r.polarity is not EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {text}\n"))
    text = "Note: nutraceutical treatments with no established benefit (such as EGCG, found in green tea) will not be considered prior treatment"
    assert all(r.polarity is not EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {text}\n"))


def test_relapse_after_adjuvant_therapy_times_no_other_therapy() -> None:
    """NCT07398326: the 12 months are those of another way in."""
    more = "or those with metastasis or recurrence occurring \u226512 months after completion of adjuvant therapy"
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients who have not received prior systemic therapy, {more}.\n")
    assert (rule.polarity, rule.window) == (EXCLUDES, None)


def test_who_was_treated_for_metastases_is_not_naive_with_stage_iii_disease() -> None:
    """NCT06563999."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Subjects must have treatment-naive unresectable stage III NSCLC\n")
    assert rule.settings == ()


def test_examples_in_brackets_leave_any_therapy() -> None:
    """NCT05563922, NCT05488353."""
    more = "(including endoscopic resection, transanal local resection, radiotherapy, chemotherapy, etc.) before enrollment"
    rules = therapy_rules(f"{OUT}:\n\n* Have received previous treatment {more}\n")
    assert "systemic-anticancer-therapy" in found_keys(rules)
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Received drug treatment for tumors in the past\n")) == {"systemic-anticancer-therapy"}


@pytest.mark.parametrize(
    ("text", "kept_out"),
    [
        ("Participants who are newly diagnosed and not considered for high-dose chemotherapy", True),
        ("Patients with prostate cancer must have had approved first-line chemotherapy", False),
    ],
)
def test_who_is_newly_diagnosed_or_had_a_first_line(text: str, kept_out: bool) -> None:
    """NCT02252172, NCT03745326: no candidate for one therapy is newly diagnosed still, who had a first line is not at it."""
    told = [d for r in therapy_rules(f"{IN}:\n\n* {text}\n") if r.polarity is EXCLUDES for d in r.doubts]
    assert any(d.endswith("population") for d in told) is kept_out


def test_progression_on_what_may_have_been_given_keeps_out() -> None:
    """NCT04741997, NCT03972488: whenever that was, and for the disease that the patient has now."""
    first = "Patients may have received prior therapy with a MEK inhibitor if it was completed at least 6 months prior to enrollment."
    rules = therapy_rules(f"{OUT}:\n\n* {first} Patients who had disease progression while on MEK inhibitor therapy are not eligible.\n")
    assert [r.outcomes for r in rules if r.polarity is EXCLUDES and r.window is None] == [("progression",)]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Documented progression to previous treatments for the current GEP-NET at any time\n")
    assert (rule.role, rule.outcomes) == (PRIOR, ("progression",))


@pytest.mark.parametrize(
    ("words", "combine"),
    [
        ("within four weeks or, if shorter, within five half-lives", "shorter"),
        ("within 28 days (or, if longer, 5 half-lives)", "longer"),
    ],
)
def test_a_choice_can_stand_between_its_times(words: str, combine: str) -> None:
    """NCT07027488."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic anticancer therapy {words} prior to first dose of study treatment.\n")
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives, rule.window.combine) == (28, 5.0, combine)


def test_what_is_planned_within_weeks_before_enrolment_was_given() -> None:
    """NCT04007835."""
    first = "Patients participated in clinical trials of other antineoplastic drugs within four weeks prior to enrollment"
    rules = therapy_rules(f"{OUT}:\n\n* {first}, or planned systemic anti-tumor therapy within four weeks prior to enrollment\n")
    assert found_keys([r for r in rules if r.role is PRIOR]) == {"systemic-anticancer-therapy"}
    rules = therapy_rules(f"{OUT}:\n\n* {first}\n")
    assert found_keys(rules) <= {"investigational-agent"}


def test_an_exception_of_unknown_target_frees_no_other_kinds() -> None:
    """NCT07158840: chemotherapy is no kinase inhibitor, whatever "AGA" is."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior receipt of any systemic anti-tumor therapy other than AGA-targeted TKIs.\n")
    (exception,) = rule.carveouts
    assert (exception.effect, [m.key for m in exception.mentions]) == ("conditional", ["tyrosine-kinase-inhibitor"])


def test_a_shorter_interval_may_be_considered_for_some() -> None:
    """NCT05086692: no rule of its own on kinase inhibitors."""
    aside = "(could consider shorter interval for kinase inhibitors or other short half-life drugs)"
    rules = therapy_rules(f"{OUT}:\n\n* Prior systemic anti-cancer therapy within 4 weeks {aside} prior to start of treatment.\n")
    assert [(sorted(found_keys([r])), r.window is not None) for r in rules] == [(["systemic-anticancer-therapy"], True)]
    assert [c.effect for c in rules[0].carveouts] == ["conditional"]


def test_brackets_tell_which_parts_are_not_bound_too() -> None:
    """NCT06829173."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic therapy (Cohorts A and B, not applicable for Cohort C)\n")
    assert rule.scope.texts == ("Cohorts A and B",)


def test_adjuvant_therapy_for_advanced_disease_was_given_before_metastases() -> None:
    """NCT06769698."""
    words = "completion of curatively intended systemic treatment for locoregionally advanced HNSCC"
    (rule,) = therapy_rules(f"{OUT}:\n\n* Progressive disease within 6 months of {words}\n")
    assert set(rule.settings) == {"adjuvant", "neoadjuvant"}


def test_a_registered_condition_may_begin_with_its_noun() -> None:
    """NCT04603807: "Carcinoma, Non-Small-Cell Lung" is what trametinib was given for."""
    names = Names.of(Knowledge.load())
    assert names.diseases("Carcinoma, Non-Small-Cell Lung") == ["non-small-cell-lung-cancer"]
    assert names.resolve_condition("Leukemia, Myeloid, Acute").key == "acute-myeloid-leukemia"
    assert names.diseases("Melanoma, Lung Cancer") == ["melanoma", "lung-cancer"]


def test_brackets_tell_the_forms_of_drugs_on_a_target() -> None:
    """NCT03586453."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior EGFR targeted therapy (TKI or antibody)\n")) == {"egfr-inhibitor"}


def test_what_befell_in_the_last_cycles_of_a_therapy() -> None:
    """NCT00753545."""
    words = "drainage of their ascites during the final 2 cycles of their last chemotherapy regimen"
    assert therapy_rules(f"{OUT}:\n\n* Patients who have had {words} prior to enrolment\n") == []


def test_what_was_given_for_another_cancer_frees_nothing_given_for_this_one() -> None:
    """NCT01333085, NCT06418204."""
    more = "unless received for treatment of another primary tumor considered in remission"
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior chemotherapy {more}\n")
    assert (rule.own_disease, rule.carveouts) == (True, ())
    text = "Participant received systemic therapy treatment for prior cancer(s) including chemotherapy, immunotherapy and targeted therapy"
    assert therapy_rules(f"{OUT}:\n\n* {text}\n") == []


def test_a_time_within_which_of_the_study_drug() -> None:
    """NCT01910181: the weeks are counted from the study drug."""
    rules = therapy_rules(f"{OUT}:\n\n* Received any investigational treatment within 4 weeks of study drug start\n", ("vemurafenib",))
    assert found_keys(rules) == {"investigational-agent"}


def test_a_later_line_where_a_first_was_not_given() -> None:
    """NCT07154290: what was not administered as first line tells nobody at it."""
    text = "If platinum doublet chemotherapy was not administered as first line therapy, it is required in a later line of therapy"
    assert all(r.polarity is not EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {text}\n"))


def test_newly_diagnosed_with_early_or_late_stages() -> None:
    """NCT01253681."""
    text = "Newly diagnosed high-risk FIGO Stage I (grade 3, or aneuploid grade 1 or 2) or Stages II-IV ovarian cancer"
    (rule,) = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert rule.settings == ()


def test_no_treatment_of_the_disease_by_some_kinds() -> None:
    """NCT06259929."""
    text = "No previous treatment of the disease by chemotherapy, hormone therapy or radiotherapy"
    assert "systemic-anticancer-therapy" not in found_keys(therapy_rules(f"{IN}:\n\n* {text}\n"))


def test_antibodies_that_target_something_are_antibodies() -> None:
    """NCT02114658: no kinase inhibitors."""
    text = "Prior treatment with monoclonal antibodies (licensed or investigational) that target VEGF"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert [(m.key, m.also) for m in rule.mentions] == [("vegf-vegfr-inhibitor", "monoclonal-antibody")]


def test_a_therapy_that_is_approved_for_an_alteration_was_not_given() -> None:
    """NCT05920356."""
    text = "Tumors known to harbor molecular alterations for which targeted therapy is locally approved as a front-line therapy"
    assert therapy_rules(f"{OUT}:\n\n* {text}\n") == []


def test_permitted_uses_are_excepted() -> None:
    """NCT07472647: "permitted" tells of the exception."""
    more = "except for physiologic replacement doses or permitted local, inhaled, or prophylactic use"
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of systemic corticosteroids within 14 days, {more}.\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    ("sentence", "conditions"),
    [
        ("No prior sunitinib or bevacizumab for patients with metastatic renal cell carcinoma", ("renal-cell-carcinoma",)),  # NCT00357318
        ("Any prior radioligand therapy (except for NEPC patients in expansion)", ()),  # NCT07006727
    ],
)
def test_patients_are_told_by_their_disease_behind_the_therapy(sentence: str, conditions: tuple[str, ...]) -> None:
    rules = [r for r in eligibility(f"{OUT}:\n\n* {sentence}\n", (), ("Solid Tumor",)).rules if r.role is PRIOR]
    assert rules and all((r.conditions, bool(r.scope.texts)) == (conditions, bool(conditions)) for r in rules)


@pytest.mark.parametrize(
    ("first", "keys_found"),
    [
        ("Has no evidence of brain or leptomeningeal disease based on physical examination.", {"corticosteroid", "anticonvulsant"}),
        ("Has no evidence of brain metastases, or treated brain metastases.", set()),
        ("Has no evidence of active brain metastases.", set()),
    ],
)
def test_where_nobody_with_brain_metastases_comes_all_are_asked(first: str, keys_found: set[str]) -> None:
    """NCT06203210."""
    asked = "Subjects must require no treatment with steroids or anticonvulsants and have a stable neurologic status for at least 2 weeks."
    assert found_keys(therapy_rules(f"{IN}:\n\n* {first} {asked}\n")) == keys_found


@pytest.mark.parametrize(
    ("sentences", "patients"),
    [
        (  # NCT01709292
            "Patients deemed inoperable are eligible for this trial, as they could be operated on later. Inoperable patients must be naive to"
            " BRAF inhibitors.",
            "patients deemed inoperable",
        ),
        ("Patients with CNS disease are also eligible. They must not have received bevacizumab.", "patients with cns disease"),
        ("Patients with metastatic disease are eligible. They must not have received bevacizumab.", ""),
    ],
)
def test_terms_of_those_who_are_taken_beside_others_bind_only_them(sentences: str, patients: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentences}\n")
    assert rule.polarity is EXCLUDES and " ".join(rule.scope.texts) == patients


@pytest.mark.parametrize("verb", ["are excluded", "are not eligible", "will be excluded", "cannot enroll", "should be excluded"])
def test_who_is_kept_out_is_not_whom_a_clause_binds(verb: str) -> None:
    """NCT07231081: nor does it bind what stands below."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Subjects requiring medical intervention for asthma (e.g., bronchodilators) {verb}.\n")
    assert (found_keys([rule]), rule.scope.texts) == ({"bronchodilator"}, ())

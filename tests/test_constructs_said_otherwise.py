"""Criteria on prior therapy and the same criteria in the words of other protocols: passive, turned round, in another order."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, eligibility

from kg.records import Rule

_SYSTEMIC, _ANY = "systemic-anticancer-therapy", "anticancer-therapy"


def _rules(section: str, sentence: str, condition: str = "Breast Cancer") -> list[Rule]:
    return [r for r in eligibility(f"{section}:\n\n* {sentence}\n", (), (condition,)).rules if r.role in (PRIOR, CURRENT)]


def _keys(section: str, sentence: str) -> set[str]:
    """The keys of the prior therapies that a sentence excludes."""
    return {m.key for r in _rules(section, sentence) if (r.polarity, r.role) == (EXCLUDES, PRIOR) for m in r.mentions}


@pytest.mark.parametrize(
    ("section", "sentence", "settings"),
    [
        (IN, "Breast cancer must be untreated", ()),
        (IN, "Metastatic breast cancer must be untreated", ("metastatic",)),
        (IN, "Metastatic breast cancer, previously untreated", ("metastatic",)),
        (IN, "Patients with early breast cancer must not have received any treatment for their disease", ()),
        (IN, "Patients with breast cancer who have received no treatment for it", ()),
        (IN, "Not yet treated breast cancer, in patients who are not candidates for neoadjuvant therapy", ()),
        (IN, "No treatment may have been given for metastatic disease", ("metastatic",)),
        (IN, "Breast cancer for which no therapy has yet been given", ()),
        (IN, "No therapy for metastatic breast cancer prior to enrolment", ("metastatic",)),
        (IN, "Patients have not been treated systemically for metastatic breast cancer", ("metastatic",)),
        (OUT, "Patients treated systemically for metastatic breast cancer", ("metastatic",)),
        (OUT, "Metastatic breast cancer that has already been treated", ("metastatic",)),
        (OUT, "Previously treated locally advanced or metastatic breast cancer", ("locally-advanced", "metastatic")),
        (OUT, "Breast cancer for which treatment has already been given", ()),
        (OUT, "Systemic therapy previously given for metastatic breast cancer", ("metastatic",)),
    ],
)
def test_the_disease_itself_is_said_to_be_treated_or_not(section: str, sentence: str, settings: tuple[str, ...]) -> None:
    (rule,) = _rules(section, sentence)
    assert (rule.polarity, rule.role, rule.settings, [m.key for m in rule.mentions]) == (EXCLUDES, PRIOR, settings, [_SYSTEMIC])


@pytest.mark.parametrize(
    "sentence",
    [
        "Previously treated brain metastases",
        "Malignancy that was cervical cancer in situ and has been treated",
        "Another malignancy that was previously treated",
        "Breast cancer that has not been treated",
    ],
)
def test_another_disease_may_have_been_treated(sentence: str) -> None:
    assert not [r for r in _rules(OUT, sentence) if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    "sentence",
    [
        "Apart from potentially curative surgery, breast cancer must be untreated",
        "Potentially curative surgery is the only prior therapy for breast cancer allowed",
    ],
)
def test_all_but_an_operation(sentence: str) -> None:
    (rule,) = [r for r in _rules(IN, sentence) if r.polarity is not ALLOWS]
    assert (rule.polarity, [m.key for m in rule.mentions]) == (EXCLUDES, [_SYSTEMIC])
    assert [[m.key for m in c.mentions] for c in rule.carveouts] == [["surgery"]]


@pytest.mark.parametrize(
    ("section", "sentence", "keys"),
    [
        (IN, "Chemotherapy, targeted agents such as bevacizumab, and immunotherapy may not have been given", "chemotherapy targeted-therapy bevacizumab immunotherapy"),
        (IN, "Chemotherapy or targeted agents (e.g. bevacizumab) must not have been used before", "chemotherapy targeted-therapy bevacizumab"),
        (IN, "Naïve to systemic therapy, including sorafenib", f"{_SYSTEMIC} sorafenib"),
        (IN, "Must be naïve to checkpoint blockade (incl. anti-PD-1 antibodies) and CD137 agonists", "immune-checkpoint-inhibitor pd-1-inhibitor 4-1bb-agonist"),
        (OUT, "Patients in whom a MAPK-pathway directed agent has been used before", "mapk-pathway-inhibitor"),
        (OUT, "Any immune checkpoint blocking antibody in the past", "immune-checkpoint-inhibitor"),
        (OUT, "Patients in whom trametinib was used", "trametinib"),
        (IN, "Patients must neither have received in the past nor be receiving any chemotherapy", "chemotherapy"),
        (OUT, "Prior FOLFOX chemotherapy", "folfox"),
        (OUT, "Prior chemotherapy containing an anthracycline", "anthracycline"),
        (OUT, "PCV (procarbazine, lomustine and vincristine) or any of its components", "pcv procarbazine lomustine vincristine"),
        (OUT, "Any inhibitor of MEK or of BRAF", "mek-inhibitor braf-inhibitor"),
        (OUT, "Prior radiation therapy with anything other than standard radiation therapy", "radiotherapy"),
        (OUT, "Another anticancer therapy directed at regulatory receptors", ""),
        (OUT, "Prior pembrolizumab given after 4 cycles of carboplatin", "pembrolizumab"),
        (OUT, "Patients previously treated with ketoconazole", "ketoconazole"),
        (IN, "No prior therapy for breast cancer before surgery", _SYSTEMIC),
        (IN, "Metastatic breast cancer, systemically untreated", _SYSTEMIC),
        (IN, "Apart from surgery, no treatment of the breast cancer has been given", _SYSTEMIC),
        (IN, "Patients may not have had ketoconazole", "ketoconazole"),
        (OUT, "Patients who have had breast cancer treatment of any kind before", _SYSTEMIC),
        (IN, "Gene therapy, including CAR-T cells, must never have been administered", "gene-therapy car-t-cell-therapy"),
        (IN, "Prior chemotherapy may not have included oxaliplatin or irinotecan", "oxaliplatin irinotecan"),
    ],
)  # fmt: skip
def test_what_was_had_before(section: str, sentence: str, keys: str) -> None:
    assert _keys(section, sentence) == set(keys.split())


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "No previous treatment in the present study"),
        (IN, "No prior therapy on this trial"),
        (IN, "No previous treatment on the current protocol"),
        (OUT, "Prior therapy within this trial"),
    ],
)
def test_what_this_trial_gave_before_is_no_other_therapy(section: str, sentence: str) -> None:
    assert not _rules(section, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Neoadjuvant chemotherapy, radiotherapy (RT) or immunotherapy",
        "Adjuvant radiotherapy (RT) or chemotherapy",
        "Prior adjuvant chemotherapy treatment or targeted treatment",
        "Prior chemotherapy (CT), radiotherapy (RT) or targeted therapy as adjuvant treatment",
    ],
)
def test_an_abbreviation_or_a_noun_parts_no_list(sentence: str) -> None:
    (rule,) = _rules(OUT, sentence)
    assert len(rule.settings) == 1


@pytest.mark.parametrize(
    "sentence",
    ["Prior adjuvant therapy with osimertinib or pemetrexed", "Neoadjuvant or adjuvant treatment with nivolumab and/or docetaxel"],
)
def test_a_setting_is_of_all_that_a_therapy_was_made_of(sentence: str) -> None:
    assert all("adjuvant" in r.settings for r in _rules(OUT, sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior chemotherapy must have ended no later than 4 weeks before enrollment",
        "Chemotherapy should be finished at the latest 4 weeks before start of treatment",
        "At least 28 days must have passed between the final dose of chemotherapy and the start of lymphodepletion",
        "The last dose of chemotherapy must be at least 4 weeks before lymphodepletion",
        "A minimum of 4 weeks must separate chemotherapy from the start of study therapy",
        "Four weeks free of chemotherapy before study entry",
        "Any chemotherapy must date back at least 4 weeks",
    ],
)
def test_the_least_time_that_must_have_passed(sentence: str) -> None:
    (rule,) = _rules(IN, sentence)
    assert (rule.polarity, [m.key for m in rule.mentions]) == (EXCLUDES, ["chemotherapy"])
    assert rule.window is not None and rule.window.days == 28


def test_the_most_time_that_may_have_passed_is_no_time_to_wait() -> None:
    assert not [r for r in _rules(IN, "Chemotherapy was started no later than 4 weeks after surgery") if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    "sentence",
    ["Patients who have had no prior trastuzumab", "Fewer than two previous therapies, or no exposure to trastuzumab"],
)
def test_an_exclusion_of_those_who_had_none_asks_for_it(sentence: str) -> None:
    (rule,) = [r for r in _rules(OUT, sentence) if any(m.key == "trastuzumab" for m in r.mentions)]
    assert rule.polarity is REQUIRES


@pytest.mark.parametrize(
    ("section", "sentence", "least", "most"),
    [
        (IN, "Previously treated with at least one but no more than two regimens in the metastatic setting", 1, 2),
        (IN, "Treatment of metastatic disease with one, or at most two, taxane-containing regimens", 1, 2),
        (IN, "One or two previous lines of treatment for metastatic disease are required", 1, 2),
        (OUT, "Treated with more than two regimens for metastatic disease", None, 2),
        (IN, "Patients must have failed at least two lines", 2, None),
        (OUT, "Prior chemotherapy for locally advanced or metastatic disease in more than 2 lines", None, 2),
        (IN, "Metastatic disease treated with two lines of chemotherapy at most", None, 2),
        (IN, "Progressed after receiving a minimum of one line of treatment in the metastatic setting", 1, None),
        (IN, "At least one line of therapy given for metastatic disease, followed by progression", 1, None),
    ],
)
def test_lines_are_counted_of_whom_only_their_number_is_told(section: str, sentence: str, least: int | None, most: int | None) -> None:
    (rule,) = _rules(section, sentence)
    assert rule.role is PRIOR and rule.lines is not None
    assert (rule.lines.minimum, rule.lines.maximum) == (least, most)


def test_times_of_a_list_share_what_they_are_counted_to() -> None:
    text = "Biologics in the 4 weeks, chemotherapy or radiotherapy in the 3 weeks, or hormonal therapy in the 2 weeks prior to study entry"
    windows = {m.key: r.window and r.window.days for r in _rules(OUT, text) for m in r.mentions}
    assert windows == {"biologic-therapy": 28, "chemotherapy": 21, "radiotherapy": 21, "endocrine-therapy": 14}


@pytest.mark.parametrize(
    "sentence",
    [
        "Any monoclonal or bispecific antibody, small molecule or cell product against CCR8",
        "CCR8-directed antibody, small molecule or cell therapy",
    ],
)
def test_forms_of_one_list_are_on_one_target(sentence: str) -> None:
    assert {m.target for r in _rules(OUT, sentence, "Solid Tumor") for m in r.mentions} == {"ccr8"}


def test_none_or_too_many_are_kept_out() -> None:
    rules = _rules(OUT, "No prior taxane, or more than two prior taxane regimens")
    assert {(r.polarity, r.lines is not None) for r in rules} == {(REQUIRES, False), (EXCLUDES, True)}


def test_harm_that_stopped_a_therapy_may_be_told_in_other_words() -> None:
    (rule,) = _rules(IN, "Patients must not have discontinued checkpoint inhibitors on account of immune-related toxicity")
    assert (rule.polarity, rule.outcomes) == (EXCLUDES, ("intolerance",))


def test_what_patients_must_not_have_may_be_no_therapy() -> None:
    assert not [r for r in _rules(IN, "Patients who received chemotherapy must not have residual toxicity") if r.polarity is EXCLUDES]

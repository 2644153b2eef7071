"""Wash-outs and other times: whose they are, how long, and which are none."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, PRIOR, REQUIRES, found_keys, therapy_rules

from kg.criteria.times.durations import HOW_LONG
from kg.criteria.words.normal import normalise
from kg.records import Modality, Polarity, Role


def test_a_time_between_two_assessments_is_no_wash_out() -> None:
    """NCT05130177."""
    text = (
        f"{IN}:\n\n* Has demonstrated disease progression after anti-PD-1/L1 as defined by RECIST v1.1. The initial evidence of PD is to "
        "be confirmed by a second assessment no less than 4 weeks from the date of the first documented PD\n"
    )
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("within 5 half-lives (maximum 4 weeks)", (28, 5, "shorter")),
        ("within 5 half-lives, not to exceed 28 days", (28, 5, "shorter")),
        ("within 28 days or 5 half-lives, up to a maximum of 28 days", (28, None, "")),
        ("within 5 half-lives, but not longer than 30 days", (30, 5, "shorter")),
        ("within 5 half-lives or 28 days, whichever comes sooner", (28, 5, "shorter")),
        ("within 5 half-lives or 28 days (the lesser of both)", (28, 5, "shorter")),
        ("within 5 half-lives if half-life known, or 28 days if not known", (28, 5, "half-life")),
        ("within a time period equal to 5 half-lives or 21 days, whichever is lower", (21, 5, "shorter")),
        (  # NCT05554328
            "within 4 weeks before registration, or within a period during which it has not been cleared from the body "
            "(e.g., a period of 5 'half-lives'), whichever is longer",
            (28, 5, "longer"),
        ),
    ],
)
def test_half_lives_have_a_longest_time(words: str, window: tuple[int, int | None, str]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Targeted therapy {words}\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives, rule.window.combine) == window


def test_what_was_given_for_so_long_counts_whenever_and_what_was_given_lately_anyhow() -> None:
    sentence = "Any previous therapy with everolimus, chemotherapy or other systemic therapies administered for more than 1 month or within 12 weeks"
    long, lately = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([long]) == found_keys([lately]) == {"everolimus", "chemotherapy", "systemic-anticancer-therapy"}
    assert long.window is None and long.doubts and not long.carveouts
    assert lately.window is not None and lately.window.days == 84 and not lately.doubts and not lately.carveouts


def test_the_time_of_a_list_is_that_of_a_therapy_without_a_name() -> None:
    head = "Received any of the following within the last 14 days: plasmapheresis; major surgery"
    rules = therapy_rules(f"{OUT}:\n\n* {head}; use of any systemic anti-myeloma drug therapy\n")
    assert "systemic-anticancer-therapy" in found_keys(rules)
    assert {r.window.days for r in rules if r.window} == {14} and all(r.window for r in rules)


def test_drugs_that_are_not_considered_toxic_are_not_permitted_by_that() -> None:
    text = "Cytotoxic agents that are not considered lymphotoxic within 1 week of leukapheresis; lymphotoxic agents (e.g., gemcitabine) within 2 weeks"
    rules = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert {r.polarity for r in rules} == {EXCLUDES} and {r.window.days for r in rules if r.window} == {7, 14}


def test_examples_of_any_therapy_leave_hormones_their_own_time() -> None:
    text = "At least 3 weeks since prior therapy directed at the malignant tumor, including immunologic agents"
    rules = therapy_rules(f"{IN}:\n\n* {text}\n* At least 1 week since prior hormonal therapy directed at the malignant tumor\n")
    wide = [r for r in rules if "systemic-anticancer-therapy" in found_keys([r])]
    assert wide and all(any(m.key == "endocrine-therapy" for c in r.carveouts for m in c.mentions) for r in wide)


@pytest.mark.parametrize(
    ("sentence", "window"),
    [
        ("Systemic chemotherapy from D-28 to D0", (28, None, None, "")),
        ("Chemotherapy between Day -14 and Day 1", (14, None, None, "")),
        ("Chemotherapy later than Day -14", (14, None, None, "")),
        ("Chemotherapy within the longer of 4 weeks or 1 cycle", (28, None, 1, "longer")),
        ("Chemotherapy within the lesser of 14 days or 5 half-lives", (14, 5.0, None, "shorter")),
        ("Chemotherapy within one treatment cycle before randomization", (None, None, 1, "")),
        ("Chemotherapy within 30 days prior to Day -14", (30, None, None, "")),
    ],
)
def test_windows_told_by_days_of_the_trial_by_cycles_or_a_choice(
    sentence: str, window: tuple[int | None, float | None, int | None, str]
) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives, rule.window.cycles, rule.window.combine) == window


@pytest.mark.parametrize("sentence", ["Chemotherapy prior to Day -14", "Received at least 2 cycles of prior chemotherapy"])
def test_days_and_cycles_that_are_no_window(sentence: str) -> None:
    assert [r.window for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [None]


def test_a_drug_that_was_adjusted_lately_is_doubted() -> None:
    """NCT07268053."""
    text = f"{OUT}:\n\n* Adjustment of antihypertensive medications due to poor blood pressure control within 2 weeks\n"
    assert all(r.doubts for r in therapy_rules(text))


def test_a_choice_of_amounts_ends_a_window() -> None:
    """NCT04150965: what is told behind "whichever is longer" is another window."""
    sentence = (
        "targeted therapy within 2 weeks or 5 half-lives, whichever is longer, or monoclonal antibody within 4 weeks of the first dose"
    )
    targeted, antibody = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert targeted.window is not None and (targeted.window.days, targeted.window.half_lives, targeted.window.combine) == (14, 5, "longer")
    assert antibody.window is not None and (antibody.window.days, antibody.window.half_lives) == (28, None)


def test_a_choice_at_the_end_is_that_of_all_amounts() -> None:
    """NCT01023880, where which anticancer drugs are called chemotherapy is not told."""
    sentence = (
        "received chemotherapy with approved anticancer therapeutics within 2 weeks, or within 5 drug half-lives (t1/2), or investigative "
        "anticancer therapeutics within 4 weeks, or within 5 drug half-lives (t1/2), before the first dose of study drug, whichever time is "
        "greater."
    )
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(r.mentions[0].key, bool(r.doubts), r.window and (r.window.days, r.window.combine)) for r in rules] == [
        ("chemotherapy", False, (14, "longer")),
        ("systemic-anticancer-therapy", True, (14, "longer")),
        ("investigational-agent", False, (28, "longer")),
    ]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy with docetaxel\n")
    assert not rule.doubts


@pytest.mark.parametrize(
    ("sentence", "effect"),
    [
        (
            "Chemotherapy or immunotherapy within 3 weeks prior to the first dose of the study drugs, unless patients have rapidly "
            "progressive disease, in which case, washout will be 3 drug half-lives",
            "conditional",
        ),
        ("Chemotherapy within 3 weeks before enrollment unless at least 5 half-lives have passed", "window"),
    ],
)
def test_a_shorter_time_may_hold_in_some_circumstance_only(sentence: str, effect: str) -> None:
    """NCT04169737."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and rule.window.days == 21
    assert [(c.effect, c.window is not None) for c in rule.carveouts] == [(effect, True)]


def test_a_wash_out_without_a_length_introduces_those_that_have_one() -> None:
    """NCT07386002: the bullets below say how long the wash-outs are."""
    text = f"{IN}:\n\n* Has adequate treatment washout period before IP treatment, defined as:\n  * Chemotherapy: ≥3 weeks\n"
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"chemotherapy"} and rule.window is not None and rule.window.days == 21


def test_examples_have_the_time_of_what_is_counted_from_the_study_treatment() -> None:
    """NCT02267967: the treatment that is investigated is named between the therapies and their examples."""
    sentence = (
        "Anti-tumor therapies within 4 weeks prior to the initiation of investigational treatment, including chemotherapy and immunotherapy"
    )
    assert {r.window.days if r.window else None for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {28}


def test_how_long_a_therapy_was_given_is_no_wash_out() -> None:
    """NCT01026844 asks for twelve weeks of it; weeks without it are a wash-out."""
    (rule,) = therapy_rules(f"{IN}:\n\n* At least 12 weeks of prior treatment with erlotinib, gefitinib, or another EGFR TKI agent.\n")
    assert (rule.polarity, rule.window) == (REQUIRES, None)
    (rule,) = therapy_rules(f"{IN}:\n\n* At least 4 weeks of chemotherapy-free interval before study entry\n")
    assert (rule.polarity, rule.window and rule.window.days) == (EXCLUDES, 28)


@pytest.mark.parametrize(
    ("sentence", "doubts"),
    [
        # NCT01887717, NCT06108479
        ("Initiation of anti-tumor therapy including chemotherapy within 30 days before beginning study", {("a recent start",)}),
        ("Bisphosphonate or denosumab initiated within 14 days of the first dose of study drug(s)", {("a recent start",)}),
        ("Bone-modifying agents (e.g. denosumab) started less than 28 days before randomization", {("a recent start",)}),
        ("Denosumab within 28 days before study drug is started", {()}),
    ],
)
def test_a_start_within_a_time_leaves_open_when_it_began(sentence: str, doubts: set[tuple[str, ...]]) -> None:
    """When a therapy that is taken or was had began, the patient's data do not say."""
    assert {r.doubts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == doubts


@pytest.mark.parametrize(
    "sentence",
    [
        "Those who have received anti-tumor traditional Chinese medicine are allowed, but must be discontinued at least 14 days prior to enrollment.",
        "Prior chemotherapy is allowed. It must have been completed at least 14 days before enrollment",
        "Prior chemotherapy is permitted; a washout of at least 14 days is required",
        "Prior chemotherapy is allowed, but at least 14 days must have elapsed since the last dose",
        "Any number of prior therapies is allowed; these must have been completed at least 14 days before registration",
    ],
)
def test_a_later_clause_says_when_the_therapy_must_have_ended(sentence: str) -> None:
    """NCT06825494: what is permitted keeps out within the time, and is permitted else."""
    windows = [r.window.days for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and r.window]
    assert windows == [14]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior MEK inhibitor, must be \u2265 12 years of age",
        "Other malignancy treated with chemotherapy; treatment must have been completed at least 24 months ago",
    ],
)
def test_a_later_clause_on_something_else_times_nothing(sentence: str) -> None:
    """NCT06500819 tells an age there."""
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.window is not None]


@pytest.mark.parametrize(
    ("freed", "sentence"),
    [
        (True, "No washout period is required for prior treatment with anti-PD-(L)1 antibodies."),
        (True, "For prior anti-PD-(L)1 antibodies a washout is not required."),
        (True, "Patients who had anti-PD-(L)1 antibodies do not need a washout."),
        (False, "Chemotherapy within 4 weeks of randomization, hormonal therapy does not need a washout."),
        (False, "No washout is required for hormonal therapy, but chemotherapy within 3 weeks is prohibited."),
    ],
)
def test_no_wash_out_is_required(freed: bool, sentence: str) -> None:
    """NCT07205718; what else the sentence times keeps out."""
    asked = {m.key for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES for m in r.mentions}
    assert bool(asked) is not freed and "endocrine-therapy" not in asked


def test_a_number_of_cycles_is_told_of_no_therapy_by_its_name() -> None:
    """How many cycles were given, the patient's data do not say; NCT06203210 asks for some, which leaves no doubt about a wash-out."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Received more than 2 cycles of prior platinum-based chemotherapy\n")
    assert rule.doubts == ("a number of cycles",)
    for words in ("Prior rituximab beyond 4 weekly doses", "Previous rituximab (more than 8 infusions)"):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {words}\n")
        assert rule.doubts == ("a number of cycles",)
    sentence = "Has received at least 2 cycles of therapy and a chemotherapy free-interval of \u226530 days."
    assert {r.doubts for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.window is not None} == {()}


def test_few_cycles_that_are_allowed_leave_a_doubt() -> None:
    """Who had more is kept out; a number that tells when the therapy failed limits nothing."""
    (rule,) = therapy_rules(f"{IN}:\n\n* One cycle of chemotherapy is permitted\n")
    assert (rule.polarity, rule.doubts) == (EXCLUDES, ("a number of cycles",))
    (rule,) = therapy_rules(f"{IN}:\n\n* Relapse after one cycle of chemotherapy\n")
    assert (rule.polarity, rule.lines) == (REQUIRES, None)


def test_a_wash_out_that_was_not_completed_keeps_out() -> None:
    """What "not" denies is the wash-out, not the therapy (NCT06203210 speaks of an inadequate one)."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has not completed the required washout for prior chemotherapy\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"chemotherapy"})
    assert rule.window is not None and rule.window.days is None


def test_a_therapy_that_only_tells_what_another_came_after_has_no_window() -> None:
    """NCT02435433: the 28 days are those of the local therapy."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Hepatic locoregional therapy following prior systemic therapy or within 28 days prior to randomization.\n"
    )
    assert found_keys([rule]) == {"local-therapy"}


def test_a_label_has_the_longer_of_two_times_up_to_a_longest() -> None:
    """NCT06492954: an antibody's half-lives hold for 30 days at most."""
    rules = therapy_rules(f"{IN}:\n\n* Antibodies: 7 days or 3 half-lives (whichever is longer) but not longer than 30 days\n")
    assert [(r.window.days, r.window.half_lives) for r in rules if r.window and r.polarity is EXCLUDES] == [(7, None), (30, 3)]


def test_the_treatment_that_is_told_stands_beside_no_other() -> None:
    """NCT03138161: radiotherapy is one of the treatments, not what another was given with."""
    sentence = "Anticancer treatment with radiation therapy, chemotherapy or other antitumor treatment within 2 weeks prior to study entry"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"radiotherapy", "chemotherapy", "anticancer-therapy"}


def test_what_a_treatment_is_with_stands_behind_its_time() -> None:
    """NCT02384746: the inhibitors are no part of the anchor, and say which treatment is meant."""
    sentence = (
        "Systemic treatment, within 14 days before the first dose of MLN9708, with strong inhibitors of CYP3A, or strong inducers of CYP3A."
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("MLN9708",))
    assert found_keys([rule]) == {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}
    assert rule.window is not None and rule.window.days == 14


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Last treatment for multiple myeloma not within 21 days prior to study treatment initiation", 21),  # NCT00560352
        (
            "A minimum of two weeks since last dose of most recent renal cell cancer therapy assuming resolution of toxicities",
            14,
        ),  # NCT02579811
        ("At least 3 weeks since last therapy", 21),
        ("Must be 21 days out from their last standard-of-care therapy", 21),
        ("Prior chemotherapy allowed, but not within 4 weeks of registration", 28),
        (  # NCT04995003
            "At least 4 weeks from and having recovered from acute toxic effects of all prior cytotoxic chemotherapy",
            28,
        ),
        ("Patients must be at least 3 weeks from and have fully recovered from prior chemotherapy", 21),
        ("Antibodies: 21 days, and toxicity related to prior antibody therapy must be recovered to Grade \u2264 1", 21),
    ],
)
def test_a_time_since_the_last_therapy_is_asked_for(sentence: str, days: int) -> None:
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert rule.window is not None and rule.window.days == days


@pytest.mark.parametrize(
    "sentence",
    [
        "Standard therapy within 14 days",
        "Prior standard treatment within 14 days of the first dose",
        "Any standard of care treatment < 14 days before day 1",
        "Received any therapy within 14 days",
    ],
)
def test_any_therapy_is_meant_where_its_time_alone_is_told(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) <= {"systemic-anticancer-therapy", "anticancer-therapy"}
    assert rule.window is not None and rule.window.days == 14


def test_standard_therapy_of_another_disease_is_none_of_the_cancer() -> None:
    for sentence in (
        "Heart failure not controlled on standard therapy within 6 months",
        "Standard treatment for hypertension within 6 months",
    ):
        assert therapy_rules(f"{OUT}:\n\n* {sentence}\n") == []


def test_an_untreated_relapse_asks_for_no_therapy_since_then() -> None:
    """NCT00583102: what was given before it is not spoken of."""
    for sentence in ("Their current relapse must be untreated.", "No prior therapy for the current relapse"):
        (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
        assert rule.doubts == ("given for the last progression",) and rule.window is not None


def test_what_is_denied_or_timed_goes_on_behind_semicolons() -> None:
    """NCT02091531, NCT05743621: a list of therapies is one, however its items are parted; what says more is a clause of its own."""
    assert {
        r.window.days
        for r in therapy_rules(f"{IN}:\n\n* At least 4 weeks must have elapsed from the use of estrogens; chemotherapy\n")
        if r.window
    } == {28}
    rules = therapy_rules(f"{IN}:\n\n* No prior MEK inhibitors; mTOR inhibitors; or PD-1 inhibitors\n")
    assert {k for r in rules if r.polarity is EXCLUDES for k in found_keys([r])} == {"mek-inhibitor", "mtor-inhibitor", "pd-1-inhibitor"}
    rules = therapy_rules(f"{IN}:\n\n* No prior MEK inhibitors; prior platinum is required\n")
    assert {r.polarity for r in rules} == {EXCLUDES, Polarity.REQUIRES}


@pytest.mark.parametrize(
    ("time", "combine"),
    [
        ("three weeks or five half-lives of longer (in time)", "longer"),  # NCT05120375
        ("2 weeks or 5 half-lives (the longer one)", "longer"),
        ("2 weeks or 5 half-lives, depending on which is shorter, before day 1", "shorter"),
        ("2 weeks or within 5 half-lives of the agent(s), whichever period is shortest", "shorter"),
        ("5 half-lives or 2 weeks before dosing (shorter of the two)", "shorter"),
        ("2 weeks (or 5 drug half-lives, if less) of dosing", "shorter"),
        ("2 weeks (or 5 half-lives, if this is longer) of dosing", "longer"),
        ("2 weeks or 5 half-lives of longer acting drugs", ""),
        ("2 weeks or 5 half-lives if less than half a year", ""),
        ("2 weeks or 5 half-lives or longer", ""),
    ],
)
def test_which_of_two_amounts_holds_is_told_in_few_words(time: str, combine: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior targeted therapy within {time}\n")
    assert rule.window is not None and (rule.window.half_lives, rule.window.combine) == (5, combine)


@pytest.mark.parametrize(
    ("section", "sentence", "days"),
    [
        (IN, "An interval of >=4 weeks after the last administration of any investigational agent or any other treatment prior to first dose", 28),  # NCT04656535
        (IN, "At least 4 weeks must have elapsed since any other therapy", 28),
        (  # NCT00001498
            IN,
            "At least 6 weeks since any treatments and recovered from all acute toxic effects from time in which immunotherapy will be"
            " started for this study.",
            42,
        ),
        (IN, "Must have recovered from all toxicities and be at least 4 weeks from any therapy", 28),
        (OUT, "Chemotherapy within 4 weeks of first dose; other agents (e.g., biologics) within 2 weeks; radiation within 2 weeks", 14),  # NCT02982941
        (OUT, "Radiotherapy within 4 weeks or any other treatment within 2 weeks of the first dose", 14),
        (OUT, "Antibiotics, PPIs, and other drugs within 2 weeks", None),
        (OUT, "Participation in clinical trials of other drugs within one month", None),
    ],
)  # fmt: skip
def test_any_other_treatment_in_its_time(section: str, sentence: str, days: int | None) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    found = [r for r in rules if found_keys([r]) & {"systemic-anticancer-therapy", "anticancer-therapy"}]
    assert [r.window and r.window.days for r in found] == ([days] if days else [])


@pytest.mark.parametrize("lately", ["Concurrent (less than four weeks or planned)", "Concomitant (ongoing or within 4 weeks)"])
def test_brackets_tell_how_lately_a_concurrent_therapy_was_given(lately: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {lately} chemotherapy\n")
    assert rule.window is not None and (rule.window.days, rule.window.within) == (28, True)


def test_non_cytotoxic_chemotherapy_has_a_time_of_its_own() -> None:
    text = f"{IN}:\n\n* The following washout periods apply:\n  * Cytotoxic chemotherapy: at least 21 days\n  * Non-cytotoxic chemotherapy - at least 14 days\n"
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert [(r.mentions[0].key, r.window and r.window.days) for r in rules] == [("chemotherapy", 21), ("targeted-therapy", 14)]


@pytest.mark.parametrize("cells", ["NK cell", "the first NK cell", "CAR T-cell"])
def test_what_is_given_on_a_day_only_dates_it(cells: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Patients receiving systemic corticosteroids on the day of {cells} infusion\n")
    assert found_keys(rules) == {"systemic-corticosteroid"}


def test_what_ended_too_long_ago_has_no_window_in_an_exclusion() -> None:
    """NCT03867175: recent therapy meets it no more than therapy of old, of which it must be asked."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* More than 180 days has elapsed since day 1 of cycle 1 of standard of care systemic therapy.\n")
    assert (rule.window, rule.doubts) == (None, ("ended longer ago",))
    (rule,) = therapy_rules(f"{OUT}:\n\n* At least 4 weeks since prior chemotherapy\n")
    assert rule.window is not None and not rule.doubts


def test_the_length_of_a_cycle_is_not_stated() -> None:
    """NCT05576896."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Cyclical chemotherapy within a period of time that was shorter than the cycle length for that treatment\n"
    )
    assert rule.window is not None and rule.window.days is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Off all therapy for at least 4 weeks",
        "Treatment-free interval of at least 4 weeks",
        "The interval between the last treatment and study entry must be at least 4 weeks",
        "Patients may have received prior therapy provided it was completed at least 4 weeks ago",
        "Have recovered from prior chemotherapy, with at least 4 weeks since the last dose",
        "Chemotherapy: none within 4 weeks",
        "No cancer treatment other than surgery within 28 days",
    ],
)
def test_a_time_without_therapy_is_one_since_it(sentence: str) -> None:
    """Ways to ask for a wash-out of what is not named, or is named elsewhere in the sentence."""
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert rule.window is not None and rule.window.days == 28
    of_others = (
        "Patients with prior malignancies are eligible if they have been off treatment for 3 years",
        "Relapse after a treatment-free interval of 6 months",
    )
    assert not [r for s in of_others for r in therapy_rules(f"{IN}:\n\n* {s}\n") if r.polarity is EXCLUDES]


def test_a_time_for_local_therapy_is_of_no_other() -> None:
    """NCT02187302."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Chemotherapy or radiotherapy within 2 weeks (local) or 4 weeks (systemic) prior to entering the study\n"
    )
    assert {r.window.days for r in rules if r.window and "chemotherapy" in found_keys([r])} == {28}


def test_modifiers_of_a_response_are_no_response_that_a_time_counts_from() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any chemotherapy, or biological response modifiers such as interferon, within 3 weeks\n")
    assert rule.window is not None
    assert rule.window.days == 21


def test_half_lives_may_be_pharmacokinetic() -> None:
    """NCT02136134."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has received anti-myeloma treatment within 2 weeks or 5 pharmacokinetic half-lives\n")
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives) == (14, 5)


@pytest.mark.parametrize(
    "sentence",
    ["4 weeks or greater since last treatment", "Three weeks or longer since the last therapy", "4 or more weeks since last treatment"],
)
def test_a_time_may_be_longer_than_the_amount(sentence: str) -> None:
    """NCT02608437."""
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}
    assert rule.window is not None and not rule.window.within


def test_an_amount_may_be_written_together_with_the_word_before_it() -> None:
    """NCT02963610."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy within14 days prior to entering the study\n")
    assert rule.window is not None and rule.window.days == 14


@pytest.mark.parametrize(
    ("section", "sentence", "key"),
    [
        (IN, "4 weeks must have elapsed since the patient has received any anti cancer treatment", "anticancer-therapy"),
        (
            OUT,
            "Patients that have had any treatment specific for tumor control within 3 weeks of study drug treatment",
            "anticancer-therapy",
        ),
    ],
)
def test_any_treatment_of_the_tumour_has_its_time(section: str, sentence: str, key: str) -> None:
    """NCT02655952, NCT01200004."""
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.window is not None
    assert (rule.polarity, found_keys([rule]), rule.window.days is not None) == (EXCLUDES, {key}, True)


def test_a_high_dose_whose_amount_is_told_leaves_no_doubt() -> None:
    """NCT06682728."""
    text = f"{OUT}:\n\n* Treatment with systemic high-dose corticosteroids (e.g. prednisone dose of ≥ 10 mg) within 14 days\n"
    assert [r.doubts for r in therapy_rules(text)] == [()]


def test_a_drug_is_recommended_to_be_changed() -> None:
    """NCT00543842."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients on Coumadin are recommended to be changed to LMWH at least 1 week before\n")
    assert rule.modality is Modality.SHOULD_AVOID


def test_the_half_lives_of_drug_elimination_are_half_lives() -> None:
    """NCT04933227."""
    text = f"{OUT}:\n\n* Any investigational therapy within 4 weeks or 5 drug-elimination half-lives (whichever is longer) prior to day 1\n"
    (rule,) = therapy_rules(text)
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives, rule.window.combine) == (28, 5, "longer")


@pytest.mark.parametrize(
    ("section", "sentence", "days"),
    [
        (
            IN,
            "For patients with refractory disease they must be at least 4 weeks out from most recent therapeutic intervention.",
            28,
        ),  # NCT03113071
        (
            OUT,
            "Treatment with last therapeutic agent (including intravesical chemotherapy post-TURBT) within 30 days of Screening",
            30,
        ),  # NCT04752722
        (IN, "Patients with recurrent disease must be at least 4 weeks from last chemotherapy.", 28),
    ],
)
def test_times_since_the_last_therapy(section: str, sentence: str, days: int) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert {(r.polarity, r.window.days if r.window else None) for r in rules} == {(EXCLUDES, days)}


def test_what_is_permitted_in_time_is_excepted_from_what_was_excluded_before() -> None:
    """NCT05378763."""
    text = f"{OUT}:\n\n* Prior treatment with docetaxel. Docetaxel in the adjuvant setting is allowed if completed \u22656 months before enrolment\n"
    ever = next(r for r in therapy_rules(text) if r.window is None)
    (freed,) = ever.carveouts
    assert (freed.effect, freed.settings, freed.window and freed.window.months) == ("window", ("adjuvant",), 6)


@pytest.mark.parametrize(
    ("sentence", "timed"),
    [
        ("Within 28 days before enrolment: chemotherapy; tyrosine kinase inhibitors", True),
        ("Within 28 days before enrolment: serious infection; tyrosine kinase inhibitors", True),
        ("Within 28 days before enrolment: chemotherapy; prior tyrosine kinase inhibitors at any time", False),
    ],
)
def test_a_time_before_a_colon_is_that_of_all_behind_semicolons(sentence: str, timed: bool) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "tyrosine-kinase-inhibitor" in found_keys([r])]
    assert [r.window is not None for r in rules] == [timed]


def test_an_amount_or_more_before_entry_is_a_wash_out() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Last chemotherapy dose 28 days or more before enrollment\n")
    assert (rule.polarity, rule.window is not None and not rule.window.within) == (EXCLUDES, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Current or recent (within 28 days prior to initiation of study treatment) use of systemic chemotherapy",
        "Prior (within 28 days) chemotherapy",
    ],
)
def test_brackets_behind_recent_tell_the_time_of_what_comes(sentence: str) -> None:
    """NCT06784947."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.role is PRIOR
    assert rule.window is not None
    assert (rule.window.days, rule.window.within) == (28, True)


@pytest.mark.parametrize(
    ("section", "sentence", "within"),
    [
        (IN, "Chemotherapy must be completed no later than 21 days before enrolment", False),
        (IN, "Last chemotherapy given not later than 21 days prior to registration", False),
        (OUT, "Screening visit < 21 days after chemotherapy", True),
        (IN, "ANC of 1500 in the absence of colony stimulating factors for 21 days", False),
    ],
)
def test_times_that_have_to_pass(section: str, sentence: str, within: bool) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 21, within)


def test_a_last_therapy_longer_ago_than_a_time() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Last dose of chemotherapy > 4 weeks\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


def test_the_end_of_the_last_therapy_has_a_time() -> None:
    """A sentence of the kind of "the interval since the last therapy is at least 4 weeks"."""
    (rule,) = therapy_rules(f"{IN}:\n\n* The end of the last systemic therapy ≥ 4 weeks\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


@pytest.mark.parametrize("words", ["radiotherapy, chemotherapy, or immunotherapy", "chemotherapy"])
def test_more_than_a_time_since_prior_and_no_concurrent_therapy_times_all_of_it(words: str) -> None:
    """NCT00301067."""
    (rule,) = therapy_rules(f"{IN}:\n\n* More than 4 weeks since prior and no concurrent {words}\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


@pytest.mark.parametrize(
    ("section", "sentence", "days", "cycles"),
    [
        (IN, "At least 21 days must have elapsed prior to Day 1 Cycle 1 since immunotherapy or following major surgery", 21, None),  # NCT02941523
        (IN, "At least 28 days before Day 1 of Cycle 1 since prior antibody therapy", 28, None),
        (OUT, "Chemotherapy within period of time equivalent to the usual cycle length of the regimen.", None, 1),  # NCT02178956
    ],
)  # fmt: skip
def test_a_day_of_a_cycle_is_no_time_and_the_length_of_a_cycle_is(
    section: str, sentence: str, days: int | None, cycles: int | None
) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.window.days, rule.window.cycles, rule.lines) == (days, cycles, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "For subjects who received chemotherapy, at least 21 days must have elapsed since the last dose",
        "For patients who received chemotherapy, a washout period of at least 21 days is required before the first dose of study drug",
    ],
)
def test_a_therapy_that_tells_of_whom_a_time_is_asked_has_that_time(sentence: str) -> None:
    """Sentences of the kind of NCT03556228."""
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rule.window is not None
    assert (found_keys([rule]), rule.window.days, rule.window.within) == ({"chemotherapy"}, 21, False)


@pytest.mark.parametrize(
    ("sentence", "soonest", "latest"),
    [
        ("3 to 8 weeks after completion of radiotherapy", 21, 56),
        ("Patients must be enrolled 4-10 weeks after the last dose of radiotherapy", 28, 70),
        ("Completed radiotherapy from 21 to 56 days before randomization", 21, 56),
        ("More than 4 weeks but less than 12 weeks since radiotherapy", 28, 84),
        ("Radiotherapy must have been completed > 21 days but ≤ 56 days prior to enrollment", 21, 56),
        ("Radiotherapy completed at least 4 weeks but within 12 weeks prior to enrollment", 28, 84),
    ],
)
def test_a_range_behind_the_end_of_a_therapy_has_two_ends(sentence: str, soonest: int, latest: int) -> None:
    (soon, late) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert soon.window is not None and (soon.polarity, soon.window.days, soon.window.within) == (Polarity.EXCLUDES, soonest, False)
    assert late.doubts == ("ended longer ago",)
    assert [c.window.days for c in late.carveouts if c.window is not None] == [latest]


def test_one_end_of_a_range_of_wash_outs_holds() -> None:
    shorter, longer = therapy_rules(f"{IN}:\n\n* At least 4-6 weeks after the last dose of chemotherapy\n")
    assert [r.window and r.window.days for r in (shorter, longer)] == [28, 42]
    assert longer.doubts == ("which end of the range of its time holds",)


@pytest.mark.parametrize(
    ("sentence", "excludes"),
    [
        ("Received LABA/LAMA combination therapy for at least 3 months prior to enrollment", False),
        ("Participants treated with emicizumab according to the label for at least 8 weeks prior to screening", False),
        ("Consistent (daily) use of an intranasal steroid for at least 4 weeks prior to screening", False),
        ("No use of corticosteroids for at least 4 weeks prior to screening", True),
        ("Patients must not have received corticosteroids for at least 4 weeks prior to enrollment", True),
        ("Patients receiving prednisone must have discontinued it for at least 4 weeks before screening", True),
    ],
)
def test_for_how_long_a_required_drug_was_had_is_no_washout(sentence: str, excludes: bool) -> None:
    """NCT07160322, NCT05878938, NCT05575037."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rules and {r.polarity is Polarity.EXCLUDES for r in rules} == {excludes}


def test_brackets_give_the_times_of_a_period_that_is_not_told() -> None:
    """A case of the wording of NCT04222413."""
    sentence = "Anticancer treatment within the designated period (14 days for chemotherapy, 28 days for antibodies)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == {
        ("chemotherapy", 14),
        ("antibody-based-therapy", 28),
    }


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        (
            "At least 1 week post any small port radiation therapy; at least 6 weeks from large field or other substantial bone marrow "
            "irradiation",
            {"radiotherapy": 7, "bone-marrow-directed-radiotherapy": 42},
        ),
        (
            "At least 7 days from most recent myeloid growth factor, at least 14 days must have elapsed after receipt of pegfilgrastim.",
            {"growth-factor": 7, "pegfilgrastim": 14},
        ),
        ("At least 14 days after receiving pegfilgrastim.", {"pegfilgrastim": 14}),
    ],
)
def test_a_time_is_that_of_the_therapy_it_is_counted_from(sentence: str, days: dict[str, int]) -> None:
    """NCT07358260, NCT07172958."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {key: r.window and r.window.days for r in rules for key in found_keys([r])} == days


@pytest.mark.parametrize(
    "sentence",
    [
        "Current or recent (within 10 days of first dose of bevacizumab) use of aspirin",  # NCT02759614
        "Patients currently receiving (or unable to stop use at least 10 days prior to receiving the first dose) aspirin",  # NCT02856893
    ],
)
def test_brackets_tell_how_lately_a_drug_was_taken(sentence: str) -> None:
    assert [r.window and r.window.days for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [10]


def test_patients_with_these_treatments_should_have_stopped_them() -> None:
    """NCT07337447."""
    sentence = "Concomitant CYP3A4 inducers; patients with these treatments should have stopped them, for at least 7 days before inclusion"
    assert {r.window and r.window.days for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {None, 7}


def test_radiotherapy_to_a_place_has_the_time_of_its_bullet() -> None:
    """NCT04514484: the bullet above rules on nothing by itself."""
    text = (
        f"{OUT}:\n\n* The subject has received radiation therapy:\n\n  * To the thoracic cavity, abdomen, or pelvis within 4 weeks before "
        "the first dose\n  * To any other site(s) within 21 days before the first dose\n"
    )
    assert [(r.window and r.window.days, bool(r.doubts)) for r in therapy_rules(text)] == [(28, True), (21, False)]


def test_at_least_but_no_more_than_tells_two_bounds() -> None:
    """NCT05063357: radiotherapy must be over for four weeks."""
    rule, _ = therapy_rules(f"{IN}:\n\n* Prior radiotherapy, at least 4 weeks but no more than 14 weeks prior to signing of ICF\n")
    assert (rule.polarity, rule.window and rule.window.days) == (EXCLUDES, 28)


def test_a_relapse_after_a_transplant_provided_that_it_is_over() -> None:
    """NCT05993949."""
    sentence = "Refractory disease after allogeneic transplant provided individual is at least 100 days from transplant at enrollment"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.window and rule.window.days) == (EXCLUDES, 100)


def test_those_whose_adjuvant_therapy_ended_lately_are_excluded() -> None:
    """NCT04933227."""
    sentence = (
        "For patients receiving prior chemotherapy in the adjuvant or neoadjuvant setting, with an interval of at least 6 months "
        "between the final treatment and the diagnosis of advanced disease"
    )
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.window and rule.window.months) == (EXCLUDES, 6)


def test_a_long_label_before_a_time_is_a_label() -> None:
    """NCT07172958."""
    kinds = "a biologic agent, tyrosine kinase inhibitor, targeted agent, or metronomic non-myelosuppressive regimen"
    label = "Biological agent, tyrosine kinase inhibitor, targeted agent, metronomic chemotherapy"
    (rule,) = therapy_rules(f"{IN}:\n\n* {label}: At least 7 days since the completion of therapy with {kinds}.\n")
    assert (rule.polarity, "metronomic-chemotherapy" in found_keys([rule])) == (EXCLUDES, True)


def test_times_in_which_a_therapy_has_to_lie_exclude_no_recent_one() -> None:
    """NCT05665595, NCT05645172."""
    text = "Has had no more than 12 weeks between final surgical resection and randomization"
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {text}\n") if r.polarity is EXCLUDES]
    of_old, rule = therapy_rules(f"{OUT}:\n\n* Start of acalabrutinib therapy more than 28 days prior to enrolment\n")
    assert [c.effect for c in of_old.carveouts] == ["recent"]
    assert rule.window is None and rule.doubts == ("ended longer ago",)


def test_wide_and_small_fields_keep_their_times() -> None:
    """NCT07358260."""
    text = "At least 1 week post small port radiation therapy; at least 6 weeks from large field or total body irradiation"
    rules = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert {m.key: r.window.days for r in rules for m in r.mentions if r.window} == {"radiotherapy": 7, "total-body-irradiation": 42}


@pytest.mark.parametrize(
    "sentence",
    [
        "Coronary stenting or myocardial infarction ≤1 year prior to registration",  # NCT07226856
        "Major surgical treatment, incisional biopsy, or significant traumatic injury within 1 year before enrolment",  # NCT07247227
    ],
)
def test_an_operation_in_a_list_of_events_has_their_time(sentence: str) -> None:
    assert [r.window and r.window.months for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [12]


def test_a_transplant_must_lie_so_far_back() -> None:
    """NCT02650414."""
    text = f"{IN}:\n\n* Any marrow relapse after allogeneic HSCT and >= 6 months from SCT at infusion\n"
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert (found_keys([rule]), rule.window and rule.window.months) == ({"stem-cell-transplant"}, 6)


def test_a_permission_of_what_ended_long_ago_excludes_nobody_by_that() -> None:
    text = f"{OUT}:\n\n* Prior chemotherapy. Adjuvant chemotherapy completed more than 6 months before enrollment is allowed\n"
    first, second = therapy_rules(text)
    assert [c.window.months for c in first.carveouts if c.window] == [6]
    assert second.window is not None
    assert (second.window.months, second.doubts) == (6, ())


def test_who_must_wait_has_had_it_longer_ago() -> None:
    for sentence in ("Patients treated with bevacizumab must wait 4 weeks before the first dose", "Must wait 4 weeks after bevacizumab"):
        (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
        assert rule.window is not None
        assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


def test_who_ended_a_therapy_longer_ago_began_it_longer_ago() -> None:
    """NCT05327686."""
    sentence = "Any systemic therapy for metastatic renal cell carcinoma (RCC) that was initiated > 90 days before registration"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [[(c.effect, c.window and c.window.days) for c in r.carveouts] for r in rules if not r.doubts] == [[("recent", 90)]]
    assert len([r for r in rules if r.doubts]) == 1


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("No prior chemotherapy, or at least 4 weeks since the last chemotherapy", [28]),
        ("Patients must be at least 4 weeks beyond their last chemotherapy", [28]),
        ("Chemotherapy-free for at least 4 weeks", [28]),
        ("Prior chemotherapy must have ended not more than 6 weeks ago", []),
        ("Progression-free for at least 4 weeks after chemotherapy", []),
    ],
)
def test_how_long_ago_at_least_and_at_most(sentence: str, days: list[int]) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and r.window and not r.window.within]
    assert [r.window.days for r in rules if r.window] == days


def test_a_choice_told_before_its_amounts() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Kinase inhibitors within the shorter of 4 weeks or 5 half-lives before dosing\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives, rule.window.combine) == (28, 5, "shorter")


@pytest.mark.parametrize(
    ("sentence", "lately"),
    [
        ("Current or recent (as defined in the protocol) treatment with systemic biologic therapy or immunotherapy", True),  # NCT04590326
        ("Recent use of systemic corticosteroids or immunosuppressive treatment", True),  # NCT00439621
        ("Recently received chemotherapy", True),
        ("Recent or prior use of chemotherapy", False),
        ("Recent myocardial infarction or prior chemotherapy", False),
    ],
)
def test_recent_is_a_time_that_is_not_stated(sentence: str, lately: bool) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rules and all((r.window is not None and r.window.days is None) is lately for r in rules)


@pytest.mark.parametrize(
    "sentence",
    ["Disease progression within 12 weeks of starting anti-PD-1 therapy", "Progressed within 6 months of the first dose of anti-PD-1"],
)
def test_progression_since_the_start_of_a_therapy_came_under_it(sentence: str) -> None:
    """NCT07154290."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.outcomes, rule.window) == ({"pd-1-inhibitor"}, ("progression",), None)


@pytest.mark.parametrize(
    ("sentence", "half_lives"),
    [
        (
            "Has received an anti-EGFR antibody within the following drug-specific window prior to first dose (approximately 5 half-lives)",
            5,
        ),
        ("Anti-EGFR antibody within the time frame defined in the protocol", None),
        ("Anti-EGFR antibody within the time window as outlined in the protocol", None),
        ("Anti-EGFR antibody within a drug-specific window before the first dose", None),
        ("Other prior anti-EGFR antibody within specified periods as defined in the protocol", None),
        ("Anti-EGFR antibody within a defined period of time before enrollment", None),
        ("Anti-EGFR antibody within the timelines specified per protocol", None),
        ("Anti-EGFR antibody in the time window given in the protocol", None),
        ("Any anti-EGFR antibody within the exclusionary time frame", None),
        ("Anti-EGFR antibody within time periods per protocol", None),
        ("Anti-EGFR antibody within an interval too short for recovery", None),
        ("Not enough time has elapsed since the last dose of an anti-EGFR antibody", None),
    ],
)
def test_a_window_that_the_protocol_defines(sentence: str, half_lives: int | None) -> None:
    """NCT07154290, NCT05277051."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives) == (None, half_lives)


def test_since_prior_and_no_concurrent_asks_for_a_washout() -> None:
    """NCT00467116: whose list of exclusions tells what must not be."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* More than 5 years since prior and no other concurrent chemotherapy\n")
    assert rule.polarity is EXCLUDES
    assert rule.window is not None
    assert not rule.doubts


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Chemotherapy within the screening period (28 days)", 28),
        ("Chemotherapy during screening (21 days before the first dose)", 21),
        ("Chemotherapy during the screening period (within 14 days of the first dose)", 14),
    ],
)
def test_brackets_behind_screening_tell_how_long_it_is(sentence: str, days: int) -> None:
    """NCT06362252 tells of a screening "(within 3 days prior to enrollment)"; here of a therapy."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.window.days, rule.window.within) == (days, True)


def test_modified_anticoagulation_is_a_recent_start() -> None:
    """NCT05836324."""
    sentence = "Participants that have been initiated on or had modifications in anticoagulation therapies within the last 3 months"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.doubts == ("a recent start",)


@pytest.mark.parametrize("least", ["greater than or equal to", "greater or equal to", "more than or equal to", "≥ or = to"])
def test_an_amount_that_may_be_reached_is_the_least(least: str) -> None:
    """NCT00450502."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Patients must have completed any chemotherapy {least} 4 weeks prior to entering the study\n")
    assert (rule.polarity, rule.window and (rule.window.days, rule.window.within)) == (EXCLUDES, (28, False))


def test_systemic_anticancer_without_its_noun() -> None:
    """NCT07229313."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Major surgery, radiation therapy, or systemic anti-cancer within 3 weeks of study treatment start.\n"
    )
    assert "systemic-anticancer-therapy" in found_keys([r for r in rules if r.window is not None and r.window.days == 21])


def test_half_lives_behind_the_day_that_days_are_counted_to_are_of_the_same_window() -> None:
    """NCT06426680."""
    text = "Small molecule targeted drugs within 2 weeks prior to the first use of the investigational drug or within 5 half-lives of the drug (whichever is longer)."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives, rule.window.combine) == (14, 5, "longer")


def test_what_came_of_one_therapy_in_brackets_came_of_no_other() -> None:
    """NCT06426680."""
    brackets = "(not allowed for measurable lesions unless the lesion has progressed after radiotherapy)"
    text = f"Within 3 weeks prior to the first administration, has received radiotherapy {brackets}, biological therapy, immunotherapy"
    assert {r.outcomes for r in therapy_rules(f"{OUT}:\n\n* {text}\n") if "immunotherapy" in found_keys([r])} == {()}


@pytest.mark.parametrize("less", ["less than", "shorter than", "of fewer than"])
def test_an_interval_that_falls_short_is_a_time_within(less: str) -> None:
    """Made up: other texts write "less than 3 weeks since"."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Interval since last systemic treatment {less} 3 weeks\n")
    assert rule.window is not None and (rule.window.days, rule.window.within) == (21, True)


@pytest.mark.parametrize(
    ("section", "text", "windows"),
    [
        (
            IN,
            "Growth factors: \u2265 14 days after a long-acting growth factor (e.g., peg-filgrastim) or 7 days for short-acting growth factor",
            {("long-acting-growth-factor", 14), ("pegfilgrastim", 14), ("short-acting-growth-factor", 7)},
        ),
        (
            OUT,
            "Herbal products. These include kava, ginkgo and ginseng within 7 days",
            {(k, 7) for k in ("herbal-product", "kava", "ginkgo", "ginseng")},
        ),
        (
            IN,
            "Strong CYP3A4 inducers are not allowed. Patients must discontinue the drug 5 days prior to the start of treatment",
            {("cyp3a4", None), ("cyp3a4", 5)},
        ),
        (
            OUT,
            "Received any of the following therapies within 14 days, or has not recovered to Grade 2 AEs of it (excluding neuropathy):\n\n"
            "  * Chemotherapy",
            {("chemotherapy", 14)},
        ),
    ],
)
def test_a_time_told_apart_from_its_therapy(section: str, text: str, windows: set[tuple[str, int | None]]) -> None:
    """NCT06376162, NCT05386108, NCT05111574, NCT04771572."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {text}\n") if r.polarity is EXCLUDES]
    assert {(m.key or m.enzyme, r.window and r.window.days) for r in rules for m in r.mentions} == windows


@pytest.mark.parametrize(
    "sentence",
    [
        "No systemic therapy for metastatic disease, and adjuvant chemotherapy completed at least 6 months before",
        "No prior systemic therapy for metastatic disease, with any adjuvant chemotherapy (if given) ended > 6 months before",
        "1L: no systemic therapy for metastatic disease and adjuvant chemotherapy must have been stopped more than 6 months before",
    ],
)
def test_what_ended_behind_what_was_never_had_has_its_own_time(sentence: str) -> None:
    rules = {(m.key, r.settings, r.window and r.window.months) for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") for m in r.mentions}
    assert rules == {("systemic-anticancer-therapy", ("metastatic",), None), ("chemotherapy", ("adjuvant",), 6)}


def test_the_time_after_treatment_with_curative_intent_is_that_of_its_setting() -> None:
    """NCT05726370."""
    sentence = "At least 6 months from completion of curative intent treatment for HNSCC (surgery, platinum or cetuximab) to recurrence"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert set(rule.settings) == {"adjuvant", "neoadjuvant"}


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        (
            "Participants may have received transarterial chemoembolization (TACE). A 2 week (14 day) washout period is required prior to"
            " initiating study treatment.",
            14,
        ),  # NCT05096715
        ("Prior radiotherapy is allowed. A 4-week washout is required.", 28),
    ],
)
def test_a_wash_out_of_its_own_length_goes_on_with_the_therapy_before(sentence: str, days: int) -> None:
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rule.window and rule.window.days == days


def test_the_first_days_after_a_transplant_look_forward() -> None:
    """NCT06138587."""
    sentence = (
        "Addition of sirolimus to the GVHD prophylaxis regimen within the first 100 days after transplant must be reviewed with the PI."
    )
    assert [r.window for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [None]


@pytest.mark.parametrize(
    ("section", "sentence", "days"),
    [
        (OUT, "Participation in another clinical trial (<30 days or <5 half-lives, whichever is longer) evaluating an experimental drug", 30),  # NCT07483983
        (OUT, "Prior anti-CTLA-4 and anti-PD-1 antibodies; (including atezolizumab) within 28 days prior to study treatment", 28),  # NCT06066138
        (OUT, "Other malignancy within 3 years\n\n  * Note: must not be receiving other specific treatment for cancer", None),  # NCT05269381
    ],
)  # fmt: skip
def test_a_time_in_brackets_behind_a_semicolon_or_of_another_cancer(section: str, sentence: str, days: int | None) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rules and all((r.window.days if r.window else None) == days for r in rules)


def test_months_of_induction_chemotherapy_are_how_long_it_was_given() -> None:
    """NCT04789486."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Completion of at least 3 months of standard induction chemotherapy\n")
    assert (rule.polarity, rule.window) == (REQUIRES, None)


@pytest.mark.parametrize(
    ("section", "sentence", "months"),
    [
        (IN, "Previous adjuvant therapy is allowed if > 12 months from the last injection", 12),  # NCT05937906
        (IN, "Prior neoadjuvant or adjuvant treatment is permitted if completed ≥ 6 months before randomization", 6),  # NCT02759614
        (OUT, "Prior adjuvant therapy within 12 months", 12),
    ],
)
def test_adjuvant_therapy_is_any_that_was_given_so(section: str, sentence: str, months: int) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.polarity, rule.window.months) == (EXCLUDES, months)
    assert "adjuvant" in rule.settings and found_keys([rule]) == {"systemic-anticancer-therapy"}


def test_a_time_that_opens_brackets_is_that_of_all_in_them() -> None:
    """NCT07744529."""
    text = "Adequate organ function, with no severe cardiac, pulmonary, hepatic or renal dysfunction or immunodeficiency"
    inside = "within 14 days before use of study drug, no blood transfusion, granulocyte colony-stimulating factor or other medical support"
    rules = therapy_rules(f"{IN}:\n\n* {text} ({inside})\n")
    assert found_keys(rules) == {"blood-transfusion", "g-csf"} and all(r.window is not None and r.window.days == 14 for r in rules)


def test_the_number_of_a_day_is_no_part_of_the_amount_behind_it() -> None:
    """NCT04714372: not "1 or 5 half-lives"; the exception before them has no time of its own."""
    within = "within 2 weeks prior to Day 1 or five half-lives, whichever is shorter"
    (rule,) = therapy_rules(f"{OUT}:\n\n* Receipt of any chemotherapy, except for palliative purposes, {within}\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives, rule.window.combine) == (14, 5, "shorter")
    assert [c.window for c in rule.carveouts] == [None]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Anticancer therapy within 14 days prior to C1D1 or 5 half-lives, whichever is longer\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives, rule.window.combine) == (14, 5, "longer")


@pytest.mark.parametrize("since", ["from last end of therapy", "since the last dose", "from end of treatment"])
def test_brackets_behind_each_therapy_tell_the_time_since_it(since: str) -> None:
    """NCT07064018."""
    times = f"prior chemotherapy (at least 3 weeks {since}), radiotherapy (at least 4 weeks {since}), or surgery (at least 4 weeks)"
    three, four = therapy_rules(f"{IN}:\n\n* Patient must have washed out of {times}\n")
    assert (found_keys([three]), three.window and three.window.days) == ({"chemotherapy"}, 21)
    assert (found_keys([four]), four.window and four.window.days) == ({"radiotherapy", "surgery"}, 28)


def test_a_diagnosis_behind_a_lost_line_break_has_its_own_exception() -> None:
    """NCT07285382."""
    text = (
        "Chemotherapy or investigational drug within 2 weeks before entering the study Diagnosed with another tumor, except for skin cancer"
    )
    assert {rule.carveouts for rule in therapy_rules(f"{OUT}:\n\n* {text}\n")} == {()}


@pytest.mark.parametrize(
    "sentence",
    [
        "The last dose of chemotherapy must have been received no less than 4 weeks, and no more than 10 weeks, prior to randomization",
        "The last dose of chemotherapy must have been received at least 4 weeks but not more than 10 weeks prior to randomization",
        "At least 4 and no more than 10 weeks since the last dose of chemotherapy",
        "Patients must be randomized between 4 and 10 weeks after the last dose of chemotherapy",
        "The last dose of chemotherapy was between 4 weeks and 10 weeks before randomization",
    ],
)
def test_what_ended_too_long_ago_is_told_beside_what_ended_too_lately(sentence: str) -> None:
    """NCT05327530."""
    lately, old = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert lately.window is not None and (lately.window.days, lately.window.within, lately.carveouts) == (28, False, ())
    assert (old.polarity, old.window, old.doubts) == (EXCLUDES, None, ("ended longer ago",))
    assert [(c.effect, c.window.days) for c in old.carveouts if c.window is not None] == [("recent", 70)]


def test_what_may_have_ended_between_two_times_may_have_ended_longer_ago() -> None:
    sentence = "Initial chemotherapy may have been stopped between 2 weeks and 2 months prior to study start"
    assert all(not r.doubts for r in therapy_rules(f"{IN}:\n\n* {sentence}\n"))


def test_an_exclusion_between_two_times_reaches_back_to_the_longer_one() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Surgery between 2 and 4 weeks before enrolment\n")
    assert rule.window is not None and (rule.window.days, rule.window.within) == (28, True)


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("Patients who previously received endocrine therapy within 5 years prior to diagnosis of the current malignancy", True),
        ("Chemotherapy within 5 years prior to enrolment", False),
    ],
)
def test_a_time_that_ended_with_the_diagnosis_is_open(sentence: str, counted: bool) -> None:
    """NCT02513394: how long ago the diagnosis was, the date of a therapy does not tell."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}.\n")
    assert rule.role is Role.PRIOR_THERAPY
    assert (rule.window is None, rule.doubts) == (counted, ("counted back from the diagnosis",) * counted)


@pytest.mark.parametrize(
    "sentence",
    [
        "Antitumor treatments within 2-4 weeks (depending on the specific anticancer drug) prior to the first dose",  # NCT07362186
        "Chemotherapy within two to four weeks of enrollment",
        "Less than 2 to 4 weeks since the last chemotherapy",
    ],
)
def test_of_a_range_the_smaller_end_is_sure(sentence: str) -> None:
    told = [(r.window.days if r.window else None, bool(r.doubts)) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")]
    assert told == [(14, False), (28, True)]


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT07362186
        "Received anti-PD-1 antibodies and experienced disease progression confirmed by RECIST 1.1 assessment within ≤2 months after treatment initiation",
        "Disease progression within 3 months of starting prior anti-PD-1 therapy",
        "Prior anti-PD-1 therapy with progression within the first 12 weeks of treatment",
    ],
)
def test_how_soon_a_therapy_failed_is_no_window_and_is_not_known(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is None and rule.doubts == ("how soon after its start it failed",)
    (rule,) = therapy_rules(f"{OUT}:\n\n* Progression within 3 months of the last dose of anti-PD-1 therapy\n")
    assert not rule.doubts


@pytest.mark.parametrize(
    ("sentence", "combine"),
    [
        # NCT07205718
        ("Monoclonal antibodies less than 4 weeks or the time period equal to the dosing interval, whichever is shorter", "shorter"),
        ("Anticancer therapy within 28 days or one dosing interval, whichever is shorter", "shorter"),
        ("Checkpoint inhibitors within 4 weeks or within a time interval less than the cycle length (whichever is longer)", "longer"),
    ],
)
def test_a_dosing_interval_is_a_length_that_is_not_told(sentence: str, combine: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.window.days, rule.window.cycles, rule.window.combine) == (28, 1, combine)


def test_no_wash_out_that_is_required_is_no_exception_with_a_time() -> None:
    """NCT07205718."""
    text = "* Anti-PD-1 antibodies within 4 weeks. No washout period is required for prior treatment with hormonal therapy."
    permission = next(r for r in therapy_rules(f"{OUT}:\n\n{text}\n") if r.polarity is Polarity.ALLOWS)
    assert permission.window is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Received more than 30 days of LHRHa prior to registration",  # NCT04812366
        "Prior androgen deprivation therapy for > 6 months",
        "Patients who have had more than 2 weeks of chemotherapy",
    ],
)
def test_so_many_weeks_of_a_therapy_tell_how_long_it_was_given(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.window, rule.doubts) == (None, (HOW_LONG,))


@pytest.mark.parametrize("permitted", ["Up to 30 days of LHRHa is allowable prior to treatment", "up to 3 months of prior ADT is allowed"])
def test_up_to_so_many_weeks_are_free_on_terms(permitted: str) -> None:
    """NCT04812366."""
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* No prior hormonal therapy. {permitted}.\n") if r.polarity is EXCLUDES)
    assert [(c.effect, c.window) for c in rule.carveouts] == [("depends", None)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Participants who discontinued adjuvant endocrine therapy more than 6 months prior to randomization",  # NCT06492616
        "Endocrine therapy that was stopped more than 6 months ago",
    ],
)
def test_what_ended_too_long_ago_is_no_wash_out(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.window, rule.doubts) == (None, ("ended longer ago",))


@pytest.mark.parametrize("mark", ["", "* "])
def test_the_agent_is_the_one_that_a_label_names(mark: str) -> None:
    """NCT03598244."""
    label = f"{mark}Monoclonal antibody treatment and agents with known prolonged half-lives:"
    item = "Patients must have received their last dose of the agent \u2265 28 days prior to study enrollment"
    (rule,) = therapy_rules(f"{IN}:\n\n{label}\n\n  * {item}\n")
    assert (rule.mentions[0].key, rule.window and rule.window.days) == ("monoclonal-antibody", 28)


@pytest.mark.parametrize(
    "words", ["No prior therapy within 4 weeks", "No prior anticancer therapy in the last 28 days", "No previous treatment for 4 weeks"]
)
def test_no_prior_therapy_in_a_time_leaves_what_was_before(words: str) -> None:
    assert {r.window and r.window.days for r in therapy_rules(f"{IN}:\n\n* {words}\n") if r.polarity is EXCLUDES} == {28}


@pytest.mark.parametrize(
    "words", ["Previous treatment stopped less than 4 weeks before inclusion", "Prior therapy completed less than 4 weeks ago"]
)
def test_prior_therapy_that_stopped_lately(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words}\n")
    assert (rule.mentions[0].key, rule.window and rule.window.days) == ("systemic-anticancer-therapy", 28)


@pytest.mark.parametrize(
    ("written", "alike"),
    [
        ("four (4) weeks", "4 weeks"),
        ("4 (four) weeks", "4 weeks"),
        ("four-weeks", "4 weeks"),
        ("4wks", "4 weeks"),
        ("28 d", "28 days"),
        ("28day(s)", "28 days"),
        ("\u2265 six mos", "at least 6 months"),
        (r"\>= 2 to four weeks", "at least 2 to 4 weeks"),
        ("a minimum of twenty-eight (28) days", "at least 28 days"),
        (r"\< 3 months", "less than 3 months"),
        (">14 days", "more than 14 days"),
        ("within14 days", "within 14 days"),
        ("5 x t1/2", "5 half-lives"),
        ("five half lives (t\u00bd)", "5 half-lives"),
        ("5 times the half-life", "5 half-life"),
        ("two (2) lines", "two lines"),
        ("3 (three) lines", "3 lines"),
        ("part 2D", "part 2d"),
        ("a 2D echocardiogram", "a 2d echocardiogram"),
        ("5-24-years-old", "5-24-years-old"),
    ],
)
def test_amounts_of_time_are_written_alike(written: str, alike: str) -> None:
    normal = normalise(f"or {written} of")
    assert normal.lower == f"or {alike} of"
    start, end = normal.span(len("or "), len("or ") + len(alike))
    assert f"or {written} of"[start:end] == written.removeprefix("\\")


@pytest.mark.parametrize("amount", ["4 weeks", "4 wks", "four weeks", "four (4) weeks", "4 (four) weeks", "4-weeks", "4 wk", "4 week(s)"])
def test_a_time_is_the_same_however_its_number_and_unit_are_written(amount: str) -> None:
    texts = [
        f"{OUT}:\n\n* Treatment with therapeutic oral or IV antibiotics within {amount} prior to initiation of study treatment\n",  # NCT05009069
        f"{OUT}:\n\n* Major surgery <{amount} before day 1, or need of it during the study\n",
        f"{IN}:\n\n* At least {amount} following completion of front-line radiation therapy.\n",  # NCT05474378
    ]
    for text in texts:
        rules = therapy_rules(text)
        assert rules and all(r.lines is None for r in rules)
        assert {r.window.days for r in rules if r.window} == {28} and all(r.polarity is EXCLUDES for r in rules)


@pytest.mark.parametrize("least", ["at least", "more than", ">", ">=", "\u2265", "a minimum of", "no less than", "greater than"])
def test_least_times_are_the_same_in_all_words(least: str) -> None:
    """NCT04836507, NCT01764087, NCT01005199, NCT04752826."""
    bullets = (
        f"If chemotherapy was given, {least} 3 weeks should have passed from the last treatment date (However, for mitomycin, {least} 6 weeks)",
        f"No prior allogeneic transplant; {least} 90 days since autologous transplant; {least} 4 weeks since chemotherapy",
        f"Measurable disease and {least} 2 weeks have elapsed since the last chemotherapy",
    )
    mitomycin, transplants, last = (therapy_rules(f"{IN}:\n\n* {bullet}\n") for bullet in bullets)
    assert [(r.window.days, [c.window.days for c in r.carveouts if c.window]) for r in mitomycin if r.window] == [(21, [42])]
    assert {(tuple(sorted(found_keys([r]))), r.window.days if r.window else None) for r in transplants} == {
        (("allogeneic-stem-cell-transplant",), None),
        (("autologous-stem-cell-transplant",), 90),
        (("chemotherapy",), 28),
    }
    assert [r.window.days for r in last if r.window] == [14]
    antacid = f"{OUT}:\n\n* Concurrent antacids, unless {least} 2 hours before or {least} 2 hours after the study drug\n"
    assert all(r.window is None for r in therapy_rules(antacid))


def test_a_condition_before_a_time_is_not_cut_off() -> None:
    """NCT04851119."""
    text = f"{OUT}:\n\n* Corticosteroids: If used to modify adverse events related to prior therapy, at least 14 days must have elapsed since the last dose\n"
    assert not [r for r in therapy_rules(text) if r.polarity is REQUIRES]


@pytest.mark.parametrize(
    "must",
    ["must have elapsed", "need to have elapsed", "must elapse", "have to have passed", "should pass", "are required", "have elapsed"],
)
def test_times_must_have_passed_in_all_words(must: str) -> None:
    """NCT05740449, NCT04928677, NCT05474378."""
    for bullet, window in (
        (f"CHEMOTHERAPY: At least 7 days {must} since the completion of cytotoxic therapy", (7, None)),
        (f"Chemotherapy: 3 weeks or 5 half-lives {must} from the last dose", (21, 5)),
    ):
        (rule,) = therapy_rules(f"{IN}:\n\n* {bullet}\n")
        assert rule.polarity is EXCLUDES and rule.role is PRIOR
        assert rule.window is not None and (rule.window.days, rule.window.half_lives) == window


@pytest.mark.parametrize("times", ["4 weeks have not elapsed", "At least 28 days has not passed", "Four weeks have not yet elapsed"])
def test_a_time_that_has_not_passed_keeps_out(times: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {times} since the last dose of chemotherapy\n")
    assert rule.polarity is EXCLUDES and rule.window is not None and (rule.window.days, rule.window.within) == (28, True)


@pytest.mark.parametrize(
    ("time", "combine"),
    [
        ("30 days/5 half-lives of the drug (which ever longest)", "longer"),  # NCT02596321
        ("30 days/5 half-lives (whichever is shorter)", "shorter"),
        ("30 days or 5 half-lives, the shorter of which applies,", "shorter"),
        ("5 half-lives/30 days, whichever is longer", "longer"),
    ],
)
def test_a_slash_parts_days_and_half_lives(time: str, combine: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Chemotherapy within {time} before screening\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives, rule.window.combine) == (30, 5, combine)


@pytest.mark.parametrize("half_lives", ["5 half-lives", "five half-lives", "5 x t1/2", "5 half lives (t\u00bd)", "5 times the half-life"])
def test_half_lives_are_the_same_in_all_words(half_lives: str) -> None:
    """NCT00405743, NCT05327010."""
    each = f"The interval from prior treatment should be at least 2 weeks for cytotoxic agents, or at least {half_lives} for noncytotoxic agents"
    assert {(r.window.days, r.window.half_lives) for r in therapy_rules(f"{IN}:\n\n* {each}\n") if r.window} == {(14, None), (None, 5)}
    some = f"> 4 weeks beyond any chemotherapy or targeted agents; or at least {half_lives} from targeted agents, whichever is shorter"
    own = [c.window for r in therapy_rules(f"{IN}:\n\n* {some}\n") for c in r.carveouts if c.window is not None]
    assert own and all((w.days, w.half_lives, w.combine) == (28, 5, "shorter") for w in own)


@pytest.mark.parametrize("time", ["within 3 weeks prior to day 1", "in the last 3 weeks", "less than 3 weeks before entry"])
def test_a_time_behind_a_dash_is_that_of_what_stands_before(time: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Subjects who have received chemotherapy or radiotherapy - {time}\n")
    assert rules and all(r.window is not None and r.window.days == 21 for r in rules)

"""Wash-outs and other times: whose they are, how long, and which are none."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, PRIOR, REQUIRES, found_keys, therapy_rules

from kg.records import Modality, Polarity


def test_a_time_between_two_assessments_is_no_wash_out() -> None:
    """NCT05130177."""
    text = (
        f"{IN}:\n\n* Has demonstrated disease progression after anti-PD-1/L1 as defined by RECIST v1.1. The initial evidence of PD is to "
        "be confirmed by a second assessment no less than 4 weeks from the date of the first documented PD\n"
    )
    assert not [r for r in therapy_rules(text) if r.polarity is EXCLUDES]


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
def test_windows_told_by_days_of_the_trial_by_cycles_or_a_choice(sentence: str, window: tuple[int | None, float | None, int | None, str]) -> None:
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


def test_what_no_other_therapy_takes_in_has_its_window_alone() -> None:
    """NCT07390539: growth factors are no exception from pegfilgrastim."""
    sentence = "At least 14 days after peg-filgrastim and 7 days for hematopoietic growth factor support"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [(m.key, r.window and r.window.days) for r in rules for m in r.mentions] == [("filgrastim", 14), ("growth-factor", 7)]


def test_other_therapies_leave_those_named_beside_them_their_windows() -> None:
    """NCT06951243: chemotherapy has 3 weeks of its own; "prior anticancer therapies" is but the list's label."""
    text = f"{OUT}:\n\n* Prior anticancer therapies:\n  * Received chemotherapy within 3 weeks before the first dose\n  * Received immunotherapy, or other anticancer therapies within 4 weeks prior to the first dose\n"
    chemotherapy, others = therapy_rules(text)
    assert found_keys([chemotherapy]) == {"chemotherapy"} and others.window is not None and others.window.days == 28
    assert [(c.effect, c.mentions[0].key, c.window and c.window.days) for c in others.carveouts] == [("window", "chemotherapy", 21)]


@pytest.mark.parametrize(
    ("sentence", "windows"),
    [
        ("Prior chemotherapy at any time, and radiation therapy within 4 weeks", {("chemotherapy", None), ("radiotherapy", 28)}),
        ("Chemotherapy within 2 weeks or bevacizumab at any time", {("chemotherapy", 14), ("bevacizumab", None)}),
        ("Chemotherapy at any time within 4 weeks before enrolment", {("chemotherapy", 28)}),
    ],
)
def test_what_counts_at_any_time_has_none_of_the_times_beside_it(sentence: str, windows: set[tuple[str, int | None]]) -> None:
    """NCT04572451, NCT03739710."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == windows


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


@pytest.mark.parametrize(
    "text",
    [
        f"{OUT}:\n\n* Prior sorafenib; patients receiving prior agents inhibiting VEGF are eligible but: 1) must be at least four weeks from last "
        "treatment with the agent(s); and 2) must have recovered from any clinically relevant toxicities\n",
        f"{IN}:\n\n* Patients with prior anti-VEGF agents are eligible provided:\n\n  * at least 4 weeks have elapsed since the last dose\n",
        f"{IN}:\n\n* Prior anti-VEGF therapy is permitted if:\n\n  * it was stopped at least 4 weeks before registration\n",
    ],
)
def test_terms_below_a_permission_time_what_it_permits(text: str) -> None:
    """NCT00329719."""
    timed = [r for r in therapy_rules(text) if r.window is not None and r.polarity is EXCLUDES]
    assert found_keys(timed) == {"vegf-vegfr-inhibitor"} and {r.window.days for r in timed if r.window} == {28}


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


def test_a_window_behind_an_exception_is_the_whole_sentences() -> None:
    """NCT04836507: "other than lymphodepleting chemotherapy within 2 weeks of leukapheresis" frees that chemotherapy at any time."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Anti-neoplastic therapies other than lymphodepleting chemotherapy within 2 weeks of leukapheresis\n"
    )
    assert rule.window is not None and rule.window.days == 14
    assert [(c.effect, c.window) for c in rule.carveouts] == [("allows", None)]


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


def test_a_window_before_the_study_drug_is_none_of_its_own() -> None:
    """NCT02576665."""
    sentence = (
        "received investigational treatment within 2 weeks or immunotherapy within 28 days prior to initiation of treatment with Toca 511"
    )
    rules = therapy_rules(f"{OUT}:\n\n* Patient {sentence}\n", ("Toca 511",))
    assert {r.window.days for r in rules if r.window and found_keys([r]) == {"immunotherapy"}} == {28}


def test_exceptions_in_bullets_have_times_of_their_own() -> None:
    """NCT05991583, where each bullet is indented deeper than the last."""
    text = (
        f"{OUT}:\n\n* History of targeted therapy within 4 weeks prior to the first dose, with the following exceptions:\n\n"
        "   * Nitrosourea or mitomycin C should be within 6 weeks prior to the first dose.\n\n"
        "     * Oral fluoropyrimidines and small molecule targeted drugs should be within 2 weeks prior to the first dose.\n"
    )
    rule = next(r for r in therapy_rules(text) if found_keys([r]) == {"targeted-therapy"})
    days = {m.key: c.window.days for c in rule.carveouts for m in c.mentions if c.effect == "window" and c.window}
    assert (days["mitomycin"], days["small-molecule-targeted-therapy"]) == (42, 14)


def test_a_number_of_cycles_and_unnamed_kinds_leave_a_doubt() -> None:
    """How many cycles a patient had, and which kinds of a therapy are meant, a person has to say."""
    for sentence, doubt in (
        ("Received more than 1 cycle of chemotherapy", "a number of cycles"),
        ("Major surgery or certain types of cancer therapy within 21 days of starting treatment", "kinds that it does not name"),
    ):
        assert (doubt,) in [r.doubts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")]


def test_half_lives_for_some_leave_the_days_to_the_others() -> None:
    """Without brackets as with them (NCT07189871): whatever is shorter for small molecules, chemotherapy keeps its 28 days."""
    sentence = "Anticancer therapy within 28 days or 5 half-lives for small molecules, whichever is shorter, prior to the first dose"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives) == (28, None)
    own = {m.key: c.window for c in rule.carveouts for m in c.mentions}["small-molecule-targeted-therapy"]
    assert own is not None and (own.days, own.half_lives, own.combine) == (28, 5.0, "shorter")


def test_kinds_with_times_of_their_own_need_no_stated_time() -> None:
    """NCT05007782: what the protocol specifies is told for each kind, and left open for any other."""
    sentence = (
        "Any anti-cancer therapy, whether investigational or approved, within protocol specified time prior to initiation of study including: "
        "immunotherapy or biologic therapy (\\< 28 days), chemotherapy (\\< 21 days), targeted small molecule therapy (\\< 14 days)"
    )
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    days = {m.key: r.window.days for r in rules for m in r.mentions if r.window is not None}
    assert (days["anticancer-therapy"], days["chemotherapy"], days["biologic-therapy"]) == (None, 21, 28)
    wide = next(r for r in rules if "anticancer-therapy" in found_keys([r]))
    assert {(m.key, c.window.days) for c in wide.carveouts for m in c.mentions if c.window} >= {
        ("chemotherapy", 21),
        ("biologic-therapy", 28),
    }


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        (
            "Prior treatments must be completed: chemotherapy \u2265 3 weeks, antibodies \u2265 4 weeks, TKI \u2265 2 weeks before day 1",
            (21, 28, 14),
        ),
        ("Minimum wash-out: chemotherapy - 3 weeks; antibodies - 4 weeks; TKI - 2 weeks", (21, 28, 14)),
        ("Chemotherapy (21 days), antibodies (28 days) or TKI (14 days) before C1D1", (21, 28, 14)),
        ("Less than 3 weeks from chemotherapy, 4 weeks from antibodies, or 2 weeks from TKI", (21, 28, 14)),
    ],
)
def test_rows_of_therapies_and_times_share_what_one_of_them_says(sentence: str, days: tuple[int, int, int]) -> None:
    """The rows of NCT05835687 and NCT05007782, as they stand in one line."""
    rules = therapy_rules(f"{OUT if sentence[0] in 'CL' else IN}:\n\n* {sentence}\n")
    found = {m.key: r.window.days for r in rules for m in r.mentions if r.window is not None and r.polarity is EXCLUDES}
    assert (found["chemotherapy"], found["antibody-based-therapy"], found["tyrosine-kinase-inhibitor"]) == days


def test_a_number_of_cycles_is_told_of_no_therapy_by_its_name() -> None:
    """How many cycles were given, the patient's data do not say; NCT06203210 asks for some, which leaves no doubt about a wash-out."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Received more than 2 cycles of prior platinum-based chemotherapy\n")
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
        ("Prior chemotherapy allowed, but not within 4 weeks of registration", 28),
    ],
)
def test_a_time_since_the_last_therapy_is_asked_for(sentence: str, days: int) -> None:
    (rule,) = (r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert rule.window is not None and rule.window.days == days


def test_an_untreated_relapse_asks_for_no_therapy_since_then() -> None:
    """NCT00583102: what was given before it is not spoken of."""
    for sentence in ("Their current relapse must be untreated.", "No prior therapy for the current relapse"):
        (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
        assert rule.doubts == ("given for the last progression",) and rule.window is not None


def test_two_times_of_one_therapy_are_both_kept() -> None:
    """NCT05326516: with no other therapy beside them, neither is an exception."""
    sentence = (
        "Growth factors: within 7 days since therapy with short-acting growth factors and within 14 days with long-acting growth factors"
    )
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {r.window.days for r in rules if r.window is not None and r.polarity is EXCLUDES} == {7, 14}


def test_other_therapies_leave_the_neighbouring_bullet_its_time() -> None:
    """NCT06001671: neighbours at the margin stand together as do bullets of one list."""
    text = (
        f"{OUT}:\n\n* Genetic testing was not done\n* From the last treatment of EGFR-TKI the interval is less than 14 days\n"
        "* In the 4 weeks prior to the first administration participants had used other anticancer drugs\n"
    )
    (wide,) = [r for r in therapy_rules(text) if "other anticancer" in r.quote]
    assert [({m.key for m in c.mentions}, c.window.days) for c in wide.carveouts if c.window] == [({"egfr-tyrosine-kinase-inhibitor"}, 14)]


def test_the_time_of_the_following_therapies_is_theirs() -> None:
    """NCT06108479; a time beside a therapy of its own is not."""
    lead = "Patients receiving any of the following concurrent anticancer treatments within 28 days before the start"
    assert [r.window and r.window.days for r in therapy_rules(f"{OUT}:\n\n* {lead}:\n\n  * Immune therapy\n")] == [28]
    lead = "Chemotherapy within 28 days, or any of the following"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}:\n\n  * Immune therapy\n")
    assert [r.window for r in rules if "immunotherapy" in found_keys([r])] == [None]


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


def test_half_lives_may_be_pharmacokinetic() -> None:
    """NCT02136134."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has received anti-myeloma treatment within 2 weeks or 5 pharmacokinetic half-lives\n")
    assert rule.window is not None
    assert (rule.window.days, rule.window.half_lives) == (14, 5)


def test_the_time_behind_an_exception_is_of_all_that_was_to_stop() -> None:
    """NCT02675231."""
    text = f"{IN}:\n\n* discontinued all previous therapies for cancer, except trastuzumab, for at least 21 days for myelosuppressive agents or 14 days for nonmyelosuppressive agents prior to receiving study drug\n"
    rule = therapy_rules(text)[0]
    assert rule.window is not None
    assert rule.window.days == 14
    assert {(c.effect, m.key, c.window.days if c.window else None) for c in rule.carveouts for m in c.mentions} == {
        ("allows", "trastuzumab", None),
        ("window", "myelosuppressive-anticancer-therapy", 21),
    }


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


def test_a_bullet_that_leaves_times_to_those_below_excepts_none_of_them() -> None:
    """NCT02611908."""
    lead = "CLL therapy, with the exception of ibrutinib within the following timeframes:"
    below = "  * Chemotherapy within 30 days prior to the first dose\n  * Corticosteroids within 1 week"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}\n\n{below}\n")
    assert {key: r.polarity for r in rules for key in found_keys([r])} == {"chemotherapy": EXCLUDES, "corticosteroid": EXCLUDES}


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
        (IN, "For patients with refractory disease they must be at least 4 weeks out from most recent therapeutic intervention.", 28),  # NCT03113071
        (OUT, "Treatment with last therapeutic agent (including intravesical chemotherapy post-TURBT) within 30 days of Screening", 30),  # NCT04752722
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
    ("sentence", "doubted"),
    [
        (
            "Have received chemotherapy less than two weeks prior to first dose and have not recovered from all acute toxicities",
            True,
        ),  # NCT00658671
        ("Chemotherapy within 4 weeks prior to entering the study, and with unresolved toxicities", True),
        ("Chemotherapy within 4 weeks prior to entering the study or those who have not recovered from adverse events", False),
        ("Chemotherapy within 4 weeks, or radiotherapy within 2 weeks and have not recovered from its effects", False),
    ],
)
def test_recovery_beside_a_time_decides_too(sentence: str, doubted: bool) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])]
    assert [r.doubts for r in rules] == [("only those who have not recovered",) if doubted else ()]


def test_exceptions_listed_below_do_not_inherit_the_time_before_them() -> None:
    """NCT01158885."""
    lead = "Another malignancy, unless the patient has been disease-free for at least 3 years after therapy, with the following exceptions:"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * Prostate cancer is eligible if hormonal therapy has been initiated\n")
    assert not [r for r in rules if r.polarity is EXCLUDES]


@pytest.mark.parametrize(
    ("lead", "rows", "days"),
    [
        ("Minimum distance to the following asthma medications:", ("Short-acting beta 2-agonists: 8 hours", "steroids: 4 weeks"), [1, 28]),
        ("No following treatment of", ("systemic corticosteroid 4 weeks", "oral antihistamine 1 week"), [28, 7]),
        (
            "Fulfillment of washout criteria by not using any of the medications listed below for the specified times prior to Day 0:",
            ("Parenteral corticosteroids for 4 weeks;", "Cetirizine (Zyrtec) for 6 days;"),
            [28, 6],
        ),
    ],
)
def test_rows_of_a_therapy_and_a_time_stand_below_the_bullet_before_them(lead: str, rows: tuple[str, ...], days: list[int]) -> None:
    """NCT01449435, NCT02271620, NCT00001909."""
    rules = therapy_rules(f"{IN}:\n\n" + "".join(f"* {line}\n" for line in (lead, *rows, "Age over 6 years")))
    assert [(r.polarity, r.window and r.window.days) for r in rules] == [(EXCLUDES, d) for d in days]


@pytest.mark.parametrize(
    ("section", "sentence", "window"),
    [
        (OUT, "Intake of glucocorticoids for more than three weeks in the preceding six months", (None, 6)),
        (OUT, "Allergen specific immunotherapy treatment for a period longer than 3 months within the last 5 years.", (None, 60)),
        (OUT, "Have received antibiotics lasting over 1 week within 28 days prior to first dose", (28, None)),
        (OUT, "Current or recent (within previous 6 months) use of omalizumab or dupilumab.", (None, 6)),
        (OUT, "Patients currently or recently (in the preceding 4 weeks) treated with systemic immunosuppressive agents", (28, None)),
        (OUT, "Any immunosuppressive drug use within 3 months prior to screening (azathioprine, rituximab)", (None, 3)),
        (
            OUT,
            "Received any of the following treatments within 4 weeks before baseline: Treatment with ciclosporin, azathioprine",
            (28, None),
        ),
        (OUT, "Antibiotic use, systemic/oral/intramuscular, for any cause/diagnosis within 2 weeks of baseline", (14, None)),
        (OUT, "Patients who have received Gram-negative bacteria antimicrobials within 14 days of randomization.", (14, None)),
        (OUT, "Recipient of blood transfusion in 3 months prior to blood drawing.", (None, 3)),
        (
            OUT,
            "Received any biological agent within 16 weeks prior to administration (or 5 half-lives, selecting the longer time)",
            (112, None),
        ),
        (
            OUT,
            "Biologic treatments within the past five half-lives (if known) or within the past 12 weeks, whichever is longer.",
            (84, None),
        ),
        (OUT, "Steroids (IV) of more than two days for an indication other than asthma within 30 days of screening.", (30, None)),
    ],
)
def test_windows_beside_other_times(section: str, sentence: str, window: tuple[int | None, int | None]) -> None:
    """
    NCT01621321, NCT00932607, NCT05417321, NCT03835767, NCT01803763, NCT02194530, NCT05641558, NCT06437171, NCT04191148, NCT04774484,
    NCT06294288, NCT06492902, NCT06934200.
    """
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert rules
    assert all(r.window is not None and (r.window.days, r.window.months) == window for r in rules)


def test_a_use_after_or_needs_no_time_of_the_ill_before_it() -> None:
    """NCT06852573."""
    text = f"{OUT}:\n\n* History of bleeding within 30 days prior to screening or need for long-term treatment with anticoagulants\n"
    assert [(found_keys([r]), r.window) for r in therapy_rules(text)] == [({"anticoagulant"}, None)]


@pytest.mark.parametrize("lead", ["Treatment within 4 weeks with:", "In the last 4 weeks:"])
def test_a_time_alone_introduces_what_stands_below(lead: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * chemotherapy\n")
    assert rule.window is not None and rule.window.days == 28


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


def test_a_time_right_before_a_therapy_is_its_own() -> None:
    sentence = "Prior therapy is allowed with the following washouts: ≥3 weeks chemotherapy, ≥2 weeks TKI"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {(key, r.window.days) for r in rules if r.window for key in found_keys([r])} >= {
        ("chemotherapy", 21),
        ("tyrosine-kinase-inhibitor", 14),
    }


def test_a_last_therapy_longer_ago_than_a_time() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Last dose of chemotherapy > 4 weeks\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


def test_the_end_of_the_last_therapy_has_a_time() -> None:
    """A sentence of the kind of "the interval since the last therapy is at least 4 weeks"."""
    (rule,) = therapy_rules(f"{IN}:\n\n* The end of the last systemic therapy ≥ 4 weeks\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


def test_an_exception_with_a_condition_leaves_the_time_to_the_whole() -> None:
    """NCT03280537."""
    text = (
        f"{OUT}:\n\n* Treatment with systemic corticosteroids, except when used for nasal polyposis, within 2 months prior to screening\n"
    )
    assert [r.window and r.window.months for r in therapy_rules(text)] == [2]


def test_rows_behind_a_label_in_one_line_have_their_times() -> None:
    """NCT00784485."""
    text = f"{OUT}:\n\n* The use of the following medications will exclude subjects: Oral steroids- 6 months; Theophylline- 2 weeks\n"
    assert [r.window and (r.window.days, r.window.months) for r in therapy_rules(text)] == [(None, 6), (14, None)]


def test_times_of_kinds_without_a_name() -> None:
    """NCT00949078."""
    text = f"{OUT}:\n\n* Use of antihistamines (within 3 days for short acting and 5 days for long acting) prior to the screening\n"
    assert [r.window and r.window.days for r in therapy_rules(text)] == [5]


def test_a_length_of_use_behind_an_exception_is_not_its_time() -> None:
    """NCT03907397."""
    text = f"{OUT}:\n\n* Use of systemic steroids for indications other than asthma for > 3 weeks within the past 6 months\n"
    assert [r.window and r.window.months for r in therapy_rules(text)] == [6]


@pytest.mark.parametrize("words", ["radiotherapy, chemotherapy, or immunotherapy", "chemotherapy"])
def test_more_than_a_time_since_prior_and_no_concurrent_therapy_times_all_of_it(words: str) -> None:
    """NCT00301067."""
    (rule,) = therapy_rules(f"{IN}:\n\n* More than 4 weeks since prior and no concurrent {words}\n")
    assert rule.window is not None
    assert (rule.polarity, rule.window.days, rule.window.within) == (EXCLUDES, 28, False)


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


@pytest.mark.parametrize(
    "lead",
    [
        "Anticancer treatment within designated period before treatment initiation including:",
        "Received anticancer therapy prior to the start of study treatment, including:",
    ],
)
def test_a_lead_whose_examples_all_have_their_times_has_none_of_its_own(lead: str) -> None:
    """NCT04222413."""
    text = f"{OUT}:\n\n* {lead}\n\n  * palliative radiation treatment within 14 days;\n  * chemotherapy within 28 days\n"
    rules = therapy_rules(text)
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == {
        ("palliative-radiotherapy", 14),
        ("chemotherapy", 28),
    }
    untimed = therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * chemotherapy within 28 days\n  * monoclonal antibodies\n")
    assert "anticancer-therapy" in found_keys(untimed) or "designated" in lead


def test_brackets_give_the_times_of_a_period_that_is_not_told() -> None:
    """A case of the wording of NCT04222413."""
    sentence = "Anticancer treatment within the designated period (14 days for chemotherapy, 28 days for antibodies)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == {("chemotherapy", 14), ("antibody-based-therapy", 28)}


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


def test_the_end_of_the_trials_own_drug_is_waited_for() -> None:
    """NCT04077866: temozolomide is given in the other arm."""
    (rule,) = therapy_rules(f"{IN}:\n\n* >= 14 days after completion of Temozolomide or other chemotherapy\n", ("temozolomide",))
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"temozolomide", "chemotherapy"})


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


def test_below_the_last_fraction_of_a_time_is_how_long_it_is_over() -> None:
    """NCT04743661."""
    text = (
        f"{IN}:\n\n* Patients must have had their last fraction of:\n\n  1. Total body irradiation 24 weeks prior to study enrollment.\n"
        "  2. Focal radiation 14 days prior to study enrollment.\n"
    )
    assert [(r.polarity, r.window and r.window.days) for r in therapy_rules(text)] == [(EXCLUDES, 168), (EXCLUDES, 14)]


def test_radiotherapy_to_a_place_has_the_time_of_its_bullet() -> None:
    """NCT04514484: the bullet above rules on nothing by itself."""
    text = (
        f"{OUT}:\n\n* The subject has received radiation therapy:\n\n  * To the thoracic cavity, abdomen, or pelvis within 4 weeks before "
        "the first dose\n  * To any other site(s) within 21 days before the first dose\n"
    )
    assert [(r.window and r.window.days, bool(r.doubts)) for r in therapy_rules(text)] == [(28, True), (21, False)]


def test_at_least_but_no_more_than_is_one_time() -> None:
    """NCT05063357: radiotherapy must be over for four weeks."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Prior radiotherapy, at least 4 weeks but no more than 14 weeks prior to signing of ICF\n")
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


@pytest.mark.parametrize(
    ("section", "sentence", "days"),
    [
        (OUT, "Monoclonal antibodies within 4 weeks, CAR-T within 4 weeks post infusion", {28}),
        (OUT, "If a patient is post allogeneic stem cell transplant, he/she must be > 60 days from day of donor cell infusion", {60}),
        (OUT, "Coronary stenting or myocardial infarction ≤ 180 days prior to registration", {180}),
        (OUT, "Current or recent (< 10 days prior to initiation) use of aspirin (> 325 mg/day), or clopidogrel (> 75 mg/day), or recent "
              "(< 21 days prior to initiation) use of therapeutic thrombolytic agents", {10, 21}),
        (IN, "At least 1 week post any small port radiation therapy", {7}),
        (OUT, "Two weeks or fewer of palliative radiotherapy for non-CNS disease, with a 1-week washout, is permitted", {7}),
    ],
)  # fmt: skip
def test_each_therapy_has_the_time_that_is_told_of_it(section: str, sentence: str, days: set[int]) -> None:
    """NCT04150965, NCT03974217, NCT07226856, NCT06784947, NCT07358260, NCT05879653."""
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {None if r.window is None else r.window.days for r in rules} == days


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
def test_a_longer_time_of_some_therapies_frees_none_of_them() -> None:
    """NCT06885840."""
    sentence = "Antitumor drug treatment within 14 days before the first dose (for chemotherapy, such as mitomycin C, it shall be 6 weeks)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [c.effect for r in rules for c in r.carveouts] == []


@pytest.mark.parametrize(("words", "which"), [("(the longer time taken as final)", "longer"), ("(the shorter shall prevail)", "shorter")])
def test_which_of_two_times_prevails(words: str, which: str) -> None:
    """NCT06359860."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Targeted therapy within 2 weeks or 5 half-lives {words}\n")
    assert rule.window is not None
    assert rule.window.combine == which


def test_who_ended_a_therapy_longer_ago_began_it_longer_ago() -> None:
    """NCT05327686."""
    sentence = "Any systemic therapy for metastatic renal cell carcinoma (RCC) that was initiated > 90 days before registration"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [[(c.effect, c.window and c.window.days) for c in r.carveouts] for r in rules if not r.doubts] == [[("recent", 90)]]
    assert len([r for r in rules if r.doubts]) == 1


def test_rows_below_restricted_timeframes_have_their_own_times() -> None:
    """NCT07341737."""
    text = (
        f"{OUT}:\n\n* Prior therapies within restricted timeframes:\n* Immune checkpoint inhibitors within 28 days\n"
        "* Antineoplastic therapies within 21 days\n"
    )
    assert {r.window.days for r in therapy_rules(text) if r.window} == {28, 21}
    assert all(r.window for r in therapy_rules(text))
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


@pytest.mark.parametrize(
    "sentence",
    [
        "Washout of less than 28 days (chemotherapy) or less than 14 days (kinase inhibitors)",
        "Chemotherapy within 28 days prior to day 1, or 14 days in case of kinase inhibitors",
    ],
)
def test_each_of_two_times_has_its_therapy(sentence: str) -> None:
    found = {(m.key, r.window and r.window.days) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert found == {("chemotherapy", 28), ("kinase-inhibitor", 14)}


def test_two_times_are_counted_to_one_day() -> None:
    """NCT01506843."""
    sentence = "Use of antihistamines 1 week or topical corticosteroid up to 3 weeks prior to skin prick test"
    found = {(m.key, r.window and r.window.days) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert found == {("antihistamine", 7), ("topical-corticosteroid", 21)}


def test_a_choice_told_before_its_amounts() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Kinase inhibitors within the shorter of 4 weeks or 5 half-lives before dosing\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives, rule.window.combine) == (28, 5, "shorter")


def test_rows_of_times_behind_the_day_that_they_are_counted_to() -> None:
    sentence = "Prior anti-tumor treatment before first dose: chemotherapy or antibody therapy (4 weeks), kinase inhibitors (2 weeks)"
    found = {(m.key, r.window and r.window.days) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert {days for _, days in found} == {28, 14} and ("chemotherapy", 28) in found and ("kinase-inhibitor", 14) in found


@pytest.mark.parametrize(
    "time",
    [
        "within 5 half-lives or 4 weeks (if prior therapy was a monoclonal antibody) before randomization",
        "within 5 half-lives (4 weeks for monoclonal antibodies) before randomization",
    ],
)
def test_days_behind_half_lives_are_of_some_therapies(time: str) -> None:
    """NCT05947851: what is no antibody has half-lives only."""
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n* Prior systemic anticancer therapy {time}\n") if r.polarity is EXCLUDES]
    assert rule.window is not None and (rule.window.days, rule.window.half_lives) == (None, 5)
    (of_some,) = rule.carveouts
    assert of_some.window is not None and (of_some.effect, of_some.window.days, of_some.window.half_lives) == ("window", 28, None)
    assert [m.key for m in of_some.mentions] == ["monoclonal-antibody"]


@pytest.mark.parametrize("time", ["28 days (if antibody)", "(or 28 days if the therapy was an antibody)", "28 days (in case of antibodies)"])
def test_a_time_in_case_of_antibodies(time: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Systemic anticancer therapy within 14 days{'' if '(or' in time else ' or'} {time} prior to day 1\n")
    assert rule.window is not None and rule.window.days == 14
    assert [(m.key, c.window and c.window.days) for c in rule.carveouts for m in c.mentions] == [("antibody-based-therapy", 28)]


def test_each_route_has_its_time() -> None:
    """NCT05920798."""
    sentence = "Treatment with IV anti-cancer therapy within 3 weeks prior to registration or with oral anti-cancer therapy within 1 week"
    found = {(r.routes, r.window and r.window.days) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")}
    assert found == {(("intravenous",), 21), (("oral",), 7)}
    (either,) = therapy_rules(f"{OUT}:\n\n* IV chemotherapy or oral chemotherapy within 3 weeks\n")
    assert either.routes == ()


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
    "sentence", ["Disease progression within 12 weeks of starting anti-PD-1 therapy", "Progressed within 6 months of the first dose of anti-PD-1"]
)
def test_progression_since_the_start_of_a_therapy_came_under_it(sentence: str) -> None:
    """NCT07154290."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.outcomes, rule.window) == ({"pd-1-inhibitor"}, ("progression",), None)


@pytest.mark.parametrize(
    ("sentence", "half_lives"),
    [
        ("Has received an anti-EGFR antibody within the following drug-specific window prior to first dose (approximately 5 half-lives)", 5),
        ("Anti-EGFR antibody within the time frame defined in the protocol", None),
        ("Anti-EGFR antibody within the time window as outlined in the protocol", None),
        ("Anti-EGFR antibody within a drug-specific window before the first dose", None),
    ],
)
def test_a_window_that_the_protocol_defines(sentence: str, half_lives: int | None) -> None:
    """NCT07154290."""
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

"""Times of some of the therapies that a sentence names: rows, kinds, exceptions and examples with windows of their own."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, PRIOR, found_keys, therapy_rules


@pytest.mark.parametrize(
    "sentence",
    [
        "If the patient received prior bevacizumab, at least 28 days must have passed since the last infusion; in case of prior chemotherapy,"
        " at least 21 days",
        "If prior bevacizumab, at least 28 days must have passed since the last infusion; if prior chemotherapy, at least 21 days",
        "For patients previously treated with bevacizumab, at least 28 days since the last dose; for chemotherapy, at least 21 days",
    ],
)
def test_a_time_before_a_semicolon_is_of_what_stands_before_it(sentence: str) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == {("bevacizumab", 28), ("chemotherapy", 21)}


def test_brackets_tell_a_time_before_entry_of_some() -> None:
    """NCT04939610: antibodies have 28 days, whatever else has 14."""
    sentence = "Anticancer treatment \u2264 14 days prior (\u2264 28 days prior in case of antibody therapies) to the first dose"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and rule.window.days == 14
    assert [(c.mentions[0].key, c.window and c.window.days) for c in rule.carveouts] == [("antibody-based-therapy", 28)]


def test_what_no_other_therapy_takes_in_has_its_window_alone() -> None:
    """NCT07390539: growth factors are no exception from pegfilgrastim."""
    sentence = "At least 14 days after peg-filgrastim and 7 days for hematopoietic growth factor support"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [(m.key, r.window and r.window.days) for r in rules for m in r.mentions] == [("pegfilgrastim", 14), ("growth-factor", 7)]


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
        ("Prior chemotherapy for mCRPC and/or radiotherapy within 4 weeks", {("chemotherapy", None), ("radiotherapy", 28)}),
        ("PARP inhibitors [ever], or chemotherapy [within 3 weeks]", {("parp-inhibitor", None), ("chemotherapy", 21)}),
        (
            "Prior PARP inhibitors (as treatment or maintenance) or bevacizumab (within 3 weeks)",
            {("parp-inhibitor", None), ("bevacizumab", 21)},
        ),
    ],
)
def test_what_counts_at_any_time_has_none_of_the_times_beside_it(sentence: str, windows: set[tuple[str, int | None]]) -> None:
    """NCT04572451, NCT03739710."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == windows


@pytest.mark.parametrize(
    ("sentence", "windows"),
    [
        (
            "Has received prior chemotherapy for metastatic disease, has received a BRAF inhibitor, or has had surgery within 3 weeks",
            {("chemotherapy", None), ("braf-inhibitor", None), ("surgery", 21)},
        ),
        ("Prior everolimus, prior trametinib, or surgery within 3 weeks", {("everolimus", None), ("trametinib", None), ("surgery", 21)}),
        ("Prior fulvestrant in the metastatic setting or chemotherapy within 4 weeks", {("fulvestrant", None), ("chemotherapy", 28)}),
        ("Prior chemotherapy, or has undergone surgery, within 3 weeks", {("chemotherapy", 21), ("surgery", 21)}),
        ("Prior chemotherapy or radiotherapy within 3 weeks", {("chemotherapy", 21), ("radiotherapy", 21)}),
        (
            "Previously received olaparib, or received more than 5 lines, or chemotherapy within 3 weeks",
            {("olaparib", None), ("chemotherapy", 21)},
        ),
        ("Received a PD-1 inhibitor or, within 4 weeks of start, any antibody", {("pd-1-inhibitor", None), ("antibody-based-therapy", 28)}),
        (
            "Prior taxane for metastatic breast cancer or palliative irradiation within 14 days",
            {("taxane", None), ("palliative-radiotherapy", 14)},
        ),
        ("Prior anthracycline for MBC and/or chemotherapy within 4 weeks", {("anthracycline", None), ("chemotherapy", 28)}),
        ("Use of everolimus at any time, or chemotherapy within 3 weeks", {("everolimus", None), ("chemotherapy", 21)}),
    ],
)
def test_the_time_of_what_is_said_last_is_not_that_of_what_counts_whenever_it_was(
    sentence: str, windows: set[tuple[str, int | None]]
) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.role is PRIOR]
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == windows


def test_what_brackets_behind_a_time_list_has_that_time() -> None:
    """One of the list has to be of the kind before the time."""
    rules = therapy_rules(f"{OUT}:\n\n* Biologic therapy within 4 weeks (immunotherapy, vaccines, cytokines)\n")
    assert rules and all(r.window is not None and r.window.days == 28 for r in rules)


def test_classes_told_by_their_targets_have_times_of_their_own() -> None:
    """NCT06712927, whose record could not be read."""
    adjuvant = "Prior CTLA-4, PD-1, and/or LAG-3 therapy in the adjuvant setting is acceptable if >6 months since last treatment"
    metastatic = "Participants may have had prior BRAF+MEK inhibitors for metastatic melanoma if >2 weeks have elapsed since last treatment"
    rules = therapy_rules(f"{IN}:\n\n* {adjuvant}. {metastatic}.\n")
    assert {(rule.window.months, rule.window.days) for rule in rules if rule.window is not None} == {(6, None), (None, 14)}


def test_what_is_excepted_behind_a_time_has_it_not_for_its_own() -> None:
    """NCT01534702."""
    text = "investigational agents within 30 days or any anticancer therapy within 2 weeks before study entry with the exception of hydroxyurea"
    rules = therapy_rules(f"{OUT}:\n\n* Use of {text}\n")
    assert [(rule.mentions[0].key, rule.window and rule.window.days) for rule in rules] == [
        ("investigational-agent", 30),
        ("anticancer-therapy", 14),
    ]


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


def test_a_window_behind_an_exception_is_the_whole_sentences() -> None:
    """NCT04836507: "other than lymphodepleting chemotherapy within 2 weeks of leukapheresis" frees that chemotherapy at any time."""
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Anti-neoplastic therapies other than lymphodepleting chemotherapy within 2 weeks of leukapheresis\n"
    )
    assert rule.window is not None and rule.window.days == 14
    assert [(c.effect, c.window) for c in rule.carveouts] == [("allows", None)]


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
        ("Four or more cycles of any prior chemotherapy", "a number of cycles"),
        ("Major surgery or certain types of cancer therapy within 21 days of starting treatment", "kinds that it does not name"),
    ):
        assert (doubt,) in [r.doubts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Less than 6 months of response to prior PD-L1 inhibitor or PD-1 inhibitor",  # NCT05934448
        "Fewer than 6 months of clinical benefit from prior PD-1 inhibitor",
        "Best response of less than 6 months to a PD-1 inhibitor",
    ],
)
def test_how_long_a_therapy_was_answered_to_is_no_window(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.window, rule.doubts) == (None, ("for how long it was given",))


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


def test_a_time_in_the_brackets_of_one_kind_spells_out_no_other() -> None:
    """NCT00473486: the 30 days explain what experimental therapy is."""
    experimental = "experimental therapy (treatment within the last 30 days with a drug that has not received regulatory approval)"
    sentence = f"Any prior systemic anticancer therapy including cytotoxic therapy, targeted agents, {experimental}, or adjuvant therapy"
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "systemic-anticancer-therapy" in found_keys([r]))
    assert rule.window is None and "chemotherapy" in found_keys([rule])


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


def test_a_bullet_that_leaves_times_to_those_below_excepts_none_of_them() -> None:
    """NCT02611908."""
    lead = "CLL therapy, with the exception of ibrutinib within the following timeframes:"
    below = "  * Chemotherapy within 30 days prior to the first dose\n  * Corticosteroids within 1 week"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}\n\n{below}\n")
    assert {key: r.polarity for r in rules for key in found_keys([r])} == {"chemotherapy": EXCLUDES, "corticosteroid": EXCLUDES}


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


def test_intervals_required_of_the_eligible_are_wash_outs_not_permissions() -> None:
    """NCT03973918."""
    lead = "The following intervals from previous treatments are required to be eligible:"
    rows = ("16 weeks from an anti-VEGF therapy", "3 weeks from a non-nitrosourea chemotherapy")
    rules = therapy_rules(f"{IN}:\n\n1. {lead}\n\n" + "".join(f"   * {row}\n" for row in rows))
    assert [(r.polarity, r.window and r.window.days) for r in rules] == [(EXCLUDES, 112), (EXCLUDES, 21)]


def test_times_for_recovery_from_prior_therapy_are_wash_outs() -> None:
    """NCT01434602."""
    lead = "Patients must have recovered from the toxic effects of prior therapy"
    rows = ">3 weeks for biologic therapies or non-cytotoxic therapies, >4 weeks for cytotoxic therapies, and >6 weeks for nitrosoureas."
    rules = therapy_rules(f"{IN}:\n\n* {lead}: {rows}\n")
    assert [(r.polarity, r.window and r.window.days) for r in rules] == [(EXCLUDES, 21), (EXCLUDES, 28), (EXCLUDES, 42)]


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


def test_a_time_right_before_a_therapy_is_its_own() -> None:
    sentence = "Prior therapy is allowed with the following washouts: ≥3 weeks chemotherapy, ≥2 weeks TKI"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {(key, r.window.days) for r in rules if r.window for key in found_keys([r])} >= {
        ("chemotherapy", 21),
        ("tyrosine-kinase-inhibitor", 14),
    }


def test_an_exception_with_a_condition_leaves_the_time_to_the_whole() -> None:
    """NCT03280537."""
    text = (
        f"{OUT}:\n\n* Treatment with systemic corticosteroids, except when used for nasal polyposis, within 2 months prior to screening\n"
    )
    assert [r.window and r.window.months for r in therapy_rules(text)] == [2]


@pytest.mark.parametrize(
    ("section", "sentence", "windows"),
    [
        (OUT, "Pembrolizumab within 6 weeks; other drugs within 3 weeks", {("pembrolizumab", 42), ("systemic-anticancer-therapy", 21)}),
        (OUT, "Chemotherapy within 2 weeks, all others within 4 weeks", {("chemotherapy", 14), ("systemic-anticancer-therapy", 28)}),
        (
            IN,
            "At least 6 weeks since nitrosoureas and mitomycin, 3 weeks since all other agents",
            {("nitrosourea", 42), ("mitomycin", 42), ("systemic-anticancer-therapy", 21)},
        ),
        (IN, "Prior therapy must be completed: 6 weeks for mitomycin, 2 weeks for all others", {("systemic-anticancer-therapy", 14)}),
        # NCT01084655
        (OUT, "Antiandrogen therapy within 4 weeks for flutamide and 6 weeks for all others", {("androgen-receptor-antagonist", 42)}),
    ],
)
def test_all_others_have_their_time(section: str, sentence: str, windows: set[tuple[str, int | None]]) -> None:
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == windows


@pytest.mark.parametrize(
    ("section", "sentence", "days"),
    [
        (OUT, "Chemotherapy [3 weeks], antibodies [4 weeks], kinase inhibitors [2 weeks]", [14, 21, 28]),
        (OUT, "Last therapy for lymphoma: antibody < 4 weeks; chemotherapy < 3 weeks; kinase inhibitors < 2 weeks", [14, 21, 28]),
        (OUT, "Cytotoxics: 3 weeks. Kinase inhibitors: 2 weeks. Other antibodies 4 weeks.", [14, 21, 28]),
        (OUT, "Chemotherapy in 21 days, TKI in 14 days, or antibody in 28 days before first dose", [14, 21, 28]),
        (OUT, "Prior treatment with insufficient time since last dose (chemotherapy 3 weeks, antibody 4 weeks, TKI 2 weeks)", [14, 21, 28]),
        (
            IN,
            "A 4-week interval from antibodies, a 3-week interval from chemotherapy and a 2-week interval from TKIs is needed",
            [14, 21, 28],
        ),
        (IN, "Sufficient wash-out:\n  >= 3 weeks: chemotherapy\n  >= 4 weeks: antibodies\n  >= 2 weeks: kinase inhibitors", [14, 21, 28]),
        (
            IN,
            "Off chemotherapy for 3 weeks or longer, off kinase inhibitors for 2 weeks or longer and off antibodies for 4 weeks",
            [14, 21, 28],
        ),
        (IN, "Prior chemotherapy (>= 21 days), immunotherapy (>= 28 days), TKI (>= 14 days) permitted", [14, 21, 28]),
        (IN, "Patients may have had chemotherapy up to 3 weeks, and antibodies up to 4 weeks, before start of treatment", [21, 28]),
        (IN, "Prior treatment must be completed: 4 or more weeks for antibodies, 3 or more weeks for chemotherapy", [21, 28]),
        (IN, "Patients pretreated with antibodies must observe a wash-out of 4 weeks, those pretreated with TKIs one of 2 weeks", [14, 28]),
        (IN, "If the patient received prior bevacizumab, at least 28 days must have passed since the last infusion", [28]),
        (OUT, "Less than 4 weeks (antibodies), 3 weeks (cytotoxics) or 2 weeks (TKIs) since last treatment", [14, 21, 28]),
        (IN, "At least 4 weeks for antibodies, 3 weeks for chemo and 2 weeks for TKIs since last dose", [14, 21, 28]),
        (IN, "Last dose: > 28 days for antibodies / > 21 days for chemotherapy / > 14 days for TKIs", [14, 21, 28]),
        (IN, "At least 4 weeks since monoclonal antibodies, 3 since chemotherapy and 2 since kinase inhibitors", [14, 21, 28]),
        (OUT, "Anticancer therapy given less than 21 days ago for chemotherapy or less than 28 days ago for antibodies", [21, 28]),
        (OUT, "Anti-cancer therapy within (i) 4 weeks for antibodies, (ii) 3 weeks for chemotherapy, prior to Day 1", [21, 28]),
        (OUT, "Systemic therapy for which the washout (chemotherapy 3 weeks, antibodies 4 weeks) has not been completed", [21, 28]),
        (OUT, "Antibodies, cytotoxic drugs and tyrosine kinase inhibitors within 28, 21 and 14 days, respectively", [14, 21, 28]),
        (OUT, "Chemotherapy/radiotherapy/immunotherapy within 4/2/6 weeks, respectively, of enrolment", [14, 28, 42]),
        (OUT, "Prior chemotherapy, antibody or TKI within a) 3 weeks, b) 4 weeks or c) 2 weeks, respectively", [14, 21, 28]),
        (OUT, "Chemotherapy or TKI therapy within 3 and 2 weeks, respectively, or exposure to antibodies within 4 weeks", [14, 21, 28]),
        (OUT, "Treatment within 3/4/2 weeks of chemotherapy/antibody/TKI", [14, 21, 28]),
        (OUT, "Received chemotherapy/monoclonal antibody/TKI within 3/4/2 weeks before the first dose", [14, 21, 28]),
        (OUT, "Chemotherapy, antibodies and small molecules within 3, 4 and 2 weeks of day 1", [14, 21, 28]),
        (OUT, "Chemotherapy and antibodies within 3 and 4 weeks of enrolment", [21, 28]),
        (OUT, "Prior treatment washouts: cytotoxic/3 weeks, mAb/4 weeks, TKI/2 weeks", [14, 21, 28]),
        (IN, "Last cytotoxic dose more than 3 weeks ago, last antibody dose more than 4 weeks ago", [21, 28]),
        (IN, "Washout: cytotoxics/biologics/TKIs/hormonals - 3/4/2/2 weeks", [14, 14, 21, 28]),
        (IN, "At least 21 and 28 days must have passed since the last chemotherapy and the last antibody, respectively", [21, 28]),
        (OUT, "Prior treatment, within:\n  * 4 weeks: chemotherapy, antibodies\n  * 2 weeks: kinase inhibitors", [14, 28]),
        (OUT, "Prior therapy, unless the following time has passed:\n  * Antibody: 4 weeks\n  * Chemotherapy: 3 weeks", [21, 28]),
        (OUT, "Prior therapy - within 4 weeks: immunotherapy, chemotherapy; within 2 weeks: BRAF inhibitors", [14, 28]),
        (OUT, "Last antibody dose less than 4 weeks ago", [28]),
        (IN, "Last dose of chemotherapy was more than 3 weeks ago, last dose of an antibody was more than 4 weeks ago", [21, 28]),
        (OUT, "Has not recovered from, or has received, prior chemotherapy (<= 3 weeks), TKI (<= 2 weeks) before day 1", [14, 21]),
        (OUT, "Chemo < 21 days, IO < 28 days, before C1D1", [21, 28]),
    ],
)
def test_each_of_several_therapies_has_its_time(section: str, sentence: str, days: list[int]) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert {r.polarity for r in rules} == {EXCLUDES} and not any(r.carveouts for r in rules)
    assert sorted(r.window.days for r in rules if r.window and r.window.days) == days and all(r.window for r in rules)


@pytest.mark.parametrize(
    "sentence",
    [
        "Progression after antiandrogen withdrawal (4 weeks since flutamide, 6 weeks since bicalutamide or nilutamide)",
        "Evidence of disease progression at least 4 weeks after stopping flutamide and 6 weeks after stopping bicalutamide or nilutamide",
        "Antiandrogen withdrawal: must have progressed >= 28 days after flutamide or >= 42 days after bicalutamide or nilutamide",
    ],
)
def test_progression_so_long_after_withdrawal_asks_that_it_was_so_long_ago(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if found_keys([r]) != {"androgen-receptor-antagonist"}]
    found = {m.key: (r.polarity, r.window and r.window.days) for r in rules for m in r.mentions}
    assert found == {"flutamide": (EXCLUDES, 28), "bicalutamide": (EXCLUDES, 42), "nilutamide": (EXCLUDES, 42)}


def test_a_withdrawal_response_is_no_therapy() -> None:
    assert therapy_rules(f"{OUT}:\n\n* Evidence of an antiandrogen withdrawal response\n") == []


@pytest.mark.parametrize(
    ("sentence", "time", "own"),
    [
        ("Cancer-directed therapy within 21 days (TKIs: 14 d)", 21, {"tyrosine-kinase-inhibitor": 14}),
        ("Any systemic therapy within 28 days, except kinase inhibitors, for which 14 days are sufficient", 28, {"kinase-inhibitor": 14}),
        (
            "Less than 28 days since anticancer therapy, except for TKIs (14 days) and chemotherapy (21 days)",
            28,
            {"tyrosine-kinase-inhibitor": 14, "chemotherapy": 21},
        ),
        (
            "Systemic therapy, with the exception of hormonal therapy (1 week) and TKIs (2 weeks), within 4 weeks before day 1",
            28,
            {"endocrine-therapy": 7, "tyrosine-kinase-inhibitor": 14},
        ),
        ("Anticancer agents within 2 weeks; 4 weeks for monoclonal antibodies", 14, {"monoclonal-antibody": 28}),
        ("Anticancer therapy in the past 4 weeks (2 weeks suffice for TKIs)", 28, {"tyrosine-kinase-inhibitor": 14}),
        ("Recent (within 21 days, or within 42 days for nitrosourea) chemotherapy", 21, {"nitrosourea": 42}),
        ("Anticancer therapy within 14 days, except antibodies, for which it is 28 days", 14, {"antibody-based-therapy": 28}),
        ("Systemic therapy within 4 weeks; for TKIs, 2 weeks", 28, {"tyrosine-kinase-inhibitor": 14}),
        ("Last systemic therapy at least 3 weeks before day 1, whereby for bevacizumab 4 weeks apply", 21, {"bevacizumab": 28}),
        (
            "Therapy for cancer within 21 days (28 days in case of antibodies, 14 days in case of TKIs)",
            21,
            {"antibody-based-therapy": 28, "tyrosine-kinase-inhibitor": 14},
        ),
        ("Anticancer agents within 4 weeks; this period is 2 weeks for TKIs", 28, {"tyrosine-kinase-inhibitor": 14}),
        (
            "Anticancer treatment within 3 weeks (hormones: 1 week; TKIs: 2 weeks)",
            21,
            {"endocrine-therapy": 7, "tyrosine-kinase-inhibitor": 14},
        ),
        (
            "Anticancer treatment < 4 weeks (or < 2 weeks for TKIs or hormones)",
            28,
            {"endocrine-therapy": 14, "tyrosine-kinase-inhibitor": 14},
        ),
        ("Anticancer therapy within 21 days (endocrine 7 days)", 21, {"endocrine-therapy": 7}),
        # NCT03729596
        ("Systemic cancer therapy within 4 weeks, kinase inhibitors within 14 days", 28, {"kinase-inhibitor": 14}),
        # the larger class leaves to the smaller one the drugs that are in both
        ("Targeted therapy within 5 half-lives, and antibodies within 4 weeks, of treatment start", None, {"antibody-based-therapy": 28}),
    ],
)
def test_a_time_of_all_leaves_to_some_their_own(sentence: str, time: int | None, own: dict[str, int]) -> None:
    rule = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[0]
    assert rule.window is not None and rule.window.days == time
    assert {m.key: c.window and c.window.days for c in rule.carveouts for m in c.mentions} == own


@pytest.mark.parametrize("last", ["Last treatment", "Prior therapy must have", "Last line of therapy"])
def test_a_row_in_brackets_leaves_the_time_of_all_to_the_others(last: str) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {last} ended at least 2 weeks before day 1 (antibodies: 4 weeks)\n")
    assert {(m.key, r.window and r.window.days) for r in rules for m in r.mentions} == {
        ("systemic-anticancer-therapy", 14),
        ("antibody-based-therapy", 28),
    }


@pytest.mark.parametrize("others", ["other anticancer drugs", "all remaining anticancer drugs"])
def test_others_behind_a_semicolon_leave_those_before_it_their_time(others: str) -> None:
    rule = therapy_rules(f"{OUT}:\n\n* Osimertinib or erlotinib within 8 days; {others} within 3 weeks\n")[-1]
    assert [(c.effect, c.window and c.window.days, [m.key for m in c.mentions]) for c in rule.carveouts] == [
        ("window", 8, ["osimertinib", "erlotinib"])
    ]


def test_others_leave_no_doubt_on_those_before_them() -> None:
    sentence = "Antibodies within 28 days, TKIs within 14 days, other anticancer drugs within 21 days"
    rule = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[-1]
    assert {(c.effect, m.key) for c in rule.carveouts for m in c.mentions} == {
        ("allows", "antibody-based-therapy"),
        ("allows", "tyrosine-kinase-inhibitor"),
    }


def test_which_time_holds_of_another_ban_behind_a_semicolon_a_person_has_to_say() -> None:
    """NCT01877382."""
    sentence = "Anticancer therapy within 3 weeks before day 1; or treatment with kinase inhibitors within 2 weeks before day 1"
    rule = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[0]
    assert [(c.effect, c.window) for c in rule.carveouts] == [("depends", None)]


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT04071223
        "Treatment with any kinase inhibitor within 2 weeks of registration or receipt of any anti-cancer therapy within 3 weeks of registration",
        "Anticancer treatment within 21 days, or any TKI within 10 days",
        "TKIs within 7 days of the first dose; in general any anticancer therapy within 21 days",
        # NCT04323202
        "Radiotherapy within 21 days of start. A 1-week washout is permitted for palliative radiation (up to 2 weeks of it) to non-CNS disease.",
    ],
)
def test_nor_which_holds_of_two_bans(sentence: str) -> None:
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.window and r.window.days == 21)
    assert [c.effect for c in rule.carveouts] == ["depends"]


def test_nor_which_holds_of_two_kinds_that_share_drugs() -> None:
    sentence = "At least 28 days since any immunotherapy (cytokines, vaccines), 3 half-lives for antibodies"
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.window and r.window.half_lives == 3)
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("depends", ["immunotherapy"])]


@pytest.mark.parametrize(
    ("sentence", "wide"),
    [
        ("Antitumour therapy within 21 days; hormonal within 1 week", "anticancer-therapy"),
        ("Received endocrine therapy within 7 days, chemotherapy, targeted therapy or immunotherapy within 4 weeks", "chemotherapy"),
        ("Any systemic cancer treatment within 4 weeks. Endocrine therapy within 1 week.", "systemic-anticancer-therapy"),
    ],
)
def test_a_kind_that_is_told_with_its_time_in_the_same_breath_has_that_time(sentence: str, wide: str) -> None:
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if wide in found_keys([r]))
    assert [(c.effect, c.window and c.window.days, [m.key for m in c.mentions]) for c in rule.carveouts] == [
        ("window", 7, ["endocrine-therapy"])
    ]


def test_a_kind_that_needs_no_wash_out_is_left_out_of_the_time_of_the_others() -> None:
    for words in ("not subject to washout", "needs no washout"):
        rules = therapy_rules(f"{OUT}:\n\n* Chemotherapy or other anticancer therapy within 3 weeks, endocrine therapy {words}\n")
        wide = next(r for r in rules if r.polarity is EXCLUDES)
        assert [(c.effect, [m.key for m in c.mentions]) for c in wide.carveouts] == [("allows", ["endocrine-therapy"])]


def test_a_therapy_behind_the_times_of_its_kinds_has_them() -> None:
    sentence = "Within 28 days (large molecules) or 14 days (small molecules) of first dose: any prior anticancer treatment"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and rule.window.days == 14
    assert {m.key: c.window and c.window.days for c in rule.carveouts for m in c.mentions} == {
        "biologic-therapy": 28,
        "small-molecule-targeted-therapy": 14,
    }
    sentence = "Within 4 weeks (antibodies) or 2 weeks (chemotherapy) of day 1: any cancer therapy"
    assert all(r.window for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_what_waits_less_than_all_prior_therapy_has_the_time_of_its_bullet() -> None:
    bullets = (
        "At least 3 weeks since prior therapy directed at the tumor",
        "At least 1 week since prior hormonal therapy directed at the tumor",
    )
    rules = therapy_rules(f"{IN}:\n\n" + "".join(f"* {b}\n" for b in bullets))
    wide = [r for r in rules if r.window and r.window.days == 21]
    assert wide and all([c.window and c.window.days for c in r.carveouts] == [7] for r in wide)
    (rule, _) = therapy_rules(f"{OUT}:\n\n* Anticancer therapy within 28 days\n* TKIs within 14 days\n")
    assert rule.carveouts == ()


def test_other_agents_have_the_time_of_their_row() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Prior therapy, minimal intervals not met: cytotoxics 21 d, antibodies 28 d, other agents 14 d\n")
    assert [r.window and r.window.days for r in rules] == [21, 28, 14]
    rules = therapy_rules(f"{OUT}:\n\n* Any anticancer therapy in the 14 days (28 days if an antibody) leading up to day 1\n")
    assert [r.window and r.window.days for r in rules] == [14]


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Cytotoxic chemotherapy: at least 21 days (42 days for nitrosoureas). Biologics: at least 7 days.", [21, 7]),
        (
            "Anti-cancer agents known to be myelosuppressive: >= 21 days; interferons and cytokines (other than growth factors): >= 14 days",
            [21, 14],
        ),
        ("Chemotherapy, >= 21 days prior to study treatment; trastuzumab or other antibody, >= 28 days", [21, 28]),
        ("Bevacizumab last given >= 36 days before; chemotherapy 3 weeks", [36, 21]),
        ("Systemic treatment held >= 14 days", [14]),
        ("Antibodies: >= 21 days must have elapsed from infusion of last dose; cellular therapy (e.g. NK cells): >= 42 days", [21, 42]),
        ("The interval since the last treatment is at least 3 weeks (antibodies at least 4 weeks)", [21, 28]),
        ("Sorafenib; no more than one line; last dose at least 3 weeks before enrolment", [21]),
        ("Stable dose of prednisone: at least 14 days", []),
    ],
)
def test_a_therapy_with_the_least_time_that_it_must_be_over_is_asked_to_be_over(sentence: str, days: list[int]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    timed = [r.window for r in rules if r.polarity is EXCLUDES and r.window is not None]
    assert {w.days: w.within for w in timed} == dict.fromkeys(days, False)


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


def test_the_end_of_the_trials_own_drug_is_waited_for() -> None:
    """NCT04077866: temozolomide is given in the other arm."""
    (rule,) = therapy_rules(f"{IN}:\n\n* >= 14 days after completion of Temozolomide or other chemotherapy\n", ("temozolomide",))
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"temozolomide", "chemotherapy"})


def test_below_the_last_fraction_of_a_time_is_how_long_it_is_over() -> None:
    """NCT04743661."""
    text = (
        f"{IN}:\n\n* Patients must have had their last fraction of:\n\n  1. Total body irradiation 24 weeks prior to study enrollment.\n"
        "  2. Focal radiation 14 days prior to study enrollment.\n"
    )
    assert [(r.polarity, r.window and r.window.days) for r in therapy_rules(text)] == [(EXCLUDES, 168), (EXCLUDES, 14)]


@pytest.mark.parametrize(
    "words",
    [
        "Insufficient washout (4 weeks) from prior chemotherapy",
        "Inadequate washout period (< 4 weeks) after prior chemotherapy",
        "Inadequate interval (less than 28 days) since chemotherapy",
        "Insufficient time (4 weeks) since prior chemotherapy",
    ],
)
def test_brackets_behind_a_wash_out_tell_how_long_it_is(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words}\n")
    assert (rule.polarity, rule.role, rule.window and rule.window.days, found_keys([rule])) == (EXCLUDES, PRIOR, 28, {"chemotherapy"})


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


def test_a_longer_time_of_some_therapies_frees_none_of_them() -> None:
    """NCT06885840."""
    sentence = "Antitumor drug treatment within 14 days before the first dose (for chemotherapy, such as mitomycin C, it shall be 6 weeks)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [c.effect for r in rules for c in r.carveouts] == []


@pytest.mark.parametrize(
    "cap",
    [" (at most 4 weeks)", ", but no more than 4 weeks", " (not to exceed 4 weeks)", ", up to a maximum of 4 weeks", " (maximum 4 weeks)"],
)
def test_the_longer_of_two_times_may_be_capped(cap: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Targeted therapy within 2 weeks or 5 half-lives, whichever is longer{cap}\n")
    assert [(r.window and (r.window.days, r.window.half_lives, r.window.combine)) for r in rules] == [(14, None, ""), (28, 5, "shorter")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Chemotherapy within 2 weeks (oral) or 4 weeks (intravenous)",
        "Chemotherapy within 2 weeks oral, 4 weeks intravenous",
        "Chemotherapy within 4 weeks (2 weeks if oral)",
        "Chemotherapy within 4 weeks (oral: 2 weeks)",
        "Chemotherapy (oral: within 2 weeks; intravenous: within 4 weeks)",
        "Any chemotherapy within 2 weeks for oral or 4 weeks for intravenous agents",
    ],
)
def test_a_route_may_have_its_time(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.window is not None and rule.window.days == 28
    assert [(c.effect, c.routes, c.window and c.window.days) for c in rule.carveouts] == [("window", ("oral",), 14)]


def test_the_time_of_what_is_not_considered_so_is_no_exception() -> None:
    sentence = "At least 3 weeks since myelosuppressive therapy; at least 1 week since therapy not considered myelosuppressive"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.window and rule.window.days, rule.carveouts) == (21, ())


@pytest.mark.parametrize(("words", "which"), [("(the longer time taken as final)", "longer"), ("(the shorter shall prevail)", "shorter")])
def test_which_of_two_times_prevails(words: str, which: str) -> None:
    """NCT06359860."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Targeted therapy within 2 weeks or 5 half-lives {words}\n")
    assert rule.window is not None
    assert rule.window.combine == which


def test_rows_below_restricted_timeframes_have_their_own_times() -> None:
    """NCT07341737."""
    text = (
        f"{OUT}:\n\n* Prior therapies within restricted timeframes:\n* Immune checkpoint inhibitors within 28 days\n"
        "* Antineoplastic therapies within 21 days\n"
    )
    assert {r.window.days for r in therapy_rules(text) if r.window} == {28, 21}
    assert all(r.window for r in therapy_rules(text))


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


@pytest.mark.parametrize(
    "time", ["28 days (if antibody)", "(or 28 days if the therapy was an antibody)", "28 days (in case of antibodies)"]
)
def test_a_time_in_case_of_antibodies(time: str) -> None:
    (rule,) = therapy_rules(
        f"{OUT}:\n\n* Systemic anticancer therapy within 14 days{'' if '(or' in time else ' or'} {time} prior to day 1\n"
    )
    assert rule.window is not None and rule.window.days == 14
    assert [(m.key, c.window and c.window.days) for c in rule.carveouts for m in c.mentions] == [("antibody-based-therapy", 28)]


@pytest.mark.parametrize(
    ("times", "at_large", "of_antibodies"),
    [
        (
            "within 5 half-lives or 4 weeks (if prior therapy was a monoclonal antibody) or 2 weeks (if prior therapy was small molecules"
            " like kinase inhibitors) prior to the first dose",
            (14, 5.0),
            (28, 5.0),
        ),
        ("within 4 weeks for monoclonal antibodies or 2 weeks for small molecules before first dose", (14, None), (28, None)),
        ("less than 14 days (small molecule) or 28 days (monoclonal antibody) before day 1", (14, None), (28, None)),
    ],
)
def test_beside_antibodies_any_other_therapy_is_of_small_molecules(
    times: str, at_large: tuple[int, float | None], of_antibodies: tuple[int, float | None]
) -> None:
    """NCT05458297."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has received prior systemic anticancer therapy {times}\n")
    assert rule.window is not None and (rule.window.days, rule.window.half_lives) == at_large
    own = {m.key: c.window for c in rule.carveouts for m in c.mentions}["monoclonal-antibody"]
    assert own is not None and (own.days, own.half_lives) == of_antibodies


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ("within 2 weeks (TKIs) or 4 weeks (chemotherapy)", {("tyrosine-kinase-inhibitor", 14, None), ("chemotherapy", 28, None)}),
        (
            "within 14 days (kinase inhibitors), 21 days (chemotherapy) and 28 days (antibodies) prior to randomization",
            {("kinase-inhibitor", 14, None), ("chemotherapy", 21, None), ("antibody-based-therapy", 28, None)},
        ),
        (
            "within 3 weeks (chemotherapy) or 5 half-lives (targeted therapy)",
            {("chemotherapy", 21, None), ("targeted-therapy", None, 5.0)},
        ),
    ],
)
def test_brackets_behind_each_time_tell_of_what_it_is(times: str, found: set[tuple[str, int | None, float | None]]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Prior anticancer therapy {times}\n")
    assert {(m.key, r.window and r.window.days, r.window and r.window.half_lives) for r in rules for m in r.mentions} == found


@pytest.mark.parametrize(
    "times",
    [
        "\u2265 3 weeks ago (chemo), \u2265 4 weeks (biologic), \u2265 2 weeks or 5 half-lives - the shorter (TKI)",
        "at least 3 weeks (chemotherapy), 4 weeks (biologics), or 2 weeks (TKI) before day 1",
        "\u2265 3 weeks ago (chemotherapy), \u2265 4 weeks ago (biologics), \u2265 2 weeks ago (TKIs)",
    ],
)
def test_what_must_have_ended_has_the_time_that_stands_before_its_brackets(times: str) -> None:
    rules = therapy_rules(f"{IN}:\n\n* Prior systemic treatment must have ended {times}\n")
    found = {m.key: (r.polarity, r.window and (r.window.days, r.window.within)) for r in rules for m in r.mentions}
    days = {"chemotherapy": 21, "biologic-therapy": 28, "tyrosine-kinase-inhibitor": 14}
    assert {key: found[key] for key in days} == {key: (EXCLUDES, (least, False)) for key, least in days.items()}


@pytest.mark.parametrize(
    ("sentence", "untimed"),
    [
        ("Received prior treatment with tebentafusp or who have not completed adequate washout from prior medications", "tebentafusp"),
        ("Has received prior tebentafusp, or who has not completed an adequate washout from prior anticancer therapy", "tebentafusp"),
        ("Prior BTK inhibitor or inadequate washout from prior therapy", "btk-inhibitor"),
        ("Participants who have not completed adequate washout from prior medications", None),
    ],
)
def test_a_wash_out_of_any_therapy_is_none_of_the_one_named_before(sentence: str, untimed: str | None) -> None:
    """NCT05549297."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {r.polarity for r in rules} == {EXCLUDES}
    of_any = [r for r in rules if "anticancer-therapy" in " ".join(found_keys([r]))]
    assert len(of_any) == 1 and of_any[0].window is not None and of_any[0].window.days is None
    assert [(found_keys([r]), r.window) for r in rules if r not in of_any] == ([({untimed}, None)] if untimed else [])


def test_prior_therapy_that_a_time_is_counted_from_is_that_named_before() -> None:
    """NCT05703542."""
    sentence = (
        "Chemotherapy, immunotherapy, or radiotherapy within 2 weeks or 5 half-lives from prior therapy, whichever is longer, before day 1"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"chemotherapy", "immunotherapy", "radiotherapy"}
    assert rule.window is not None and (rule.window.days, rule.window.combine) == (14, "longer")


def test_each_route_has_its_time() -> None:
    """NCT05920798."""
    sentence = "Treatment with IV anti-cancer therapy within 3 weeks prior to registration or with oral anti-cancer therapy within 1 week"
    found = {(r.routes, r.window and r.window.days) for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")}
    assert found == {(("intravenous",), 21), (("oral",), 7)}
    (either,) = therapy_rules(f"{OUT}:\n\n* IV chemotherapy or oral chemotherapy within 3 weeks\n")
    assert either.routes == ()


@pytest.mark.parametrize(
    ("sentence", "at_large", "apart"),
    [
        (
            "Anticancer therapy within 4 weeks (6 weeks for nitrosoureas) or 5 half-lives, whichever is shorter, before C1D1",
            (28, 5.0, "shorter"),
            (42, 5.0, "shorter"),
        ),
        (
            "Systemic anticancer therapy within 28 days or 5 half-lives before starting study treatment (14 days or 5 half-lives for"
            " small molecule inhibitors), whichever is less",
            (28, 5.0, "shorter"),
            (14, 5.0, "shorter"),
        ),
        (
            "Systemic anticancer therapy within 28 days or 5 half-lives (14 days for sunitinib), whichever is longer",
            (28, 5.0, "longer"),
            (14, None, ""),
        ),
    ],
)
def test_a_choice_behind_brackets_is_for_what_stands_before_them_too(
    sentence: str, at_large: tuple[int, float, str], apart: tuple[int, float | None, str]
) -> None:
    """NCT06657222, NCT05377996: the brackets are no end of the choice."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    (carveout,) = rule.carveouts
    assert rule.window is not None and carveout.window is not None
    assert (rule.window.days, rule.window.half_lives, rule.window.combine) == at_large
    assert (carveout.window.days, carveout.window.half_lives, carveout.window.combine) == apart


@pytest.mark.parametrize(
    ("sentence", "times"),
    [
        # NCT00229203
        (
            "Other previous treatments should have been completed 3 weeks before inclusion, and in case of high dose chemotherapy, 8 weeks.",
            (21, "high-dose-chemotherapy", 56),
        ),
        (
            "Prior therapy must have been completed 4 weeks before entry (in case of antibodies: 6 weeks)",
            (28, "antibody-based-therapy", 42),
        ),
        ("Previous treatments must have been completed 3 weeks before inclusion, or 6 weeks for nitrosoureas", (21, "nitrosourea", 42)),
        ("Less than 4 weeks since prior therapy (6 weeks for nitrosoureas)", (28, "nitrosourea", 42)),
    ],
)
def test_prior_therapy_at_large_has_its_time_beside_that_of_some(sentence: str, times: tuple[int, str, int]) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    (own,) = rule.carveouts
    assert rule.mentions[0].key == "systemic-anticancer-therapy"
    assert (rule.window and rule.window.days, own.mentions[0].key, own.window and own.window.days) == times


@pytest.mark.parametrize(
    ("sentence", "windows"),
    [
        # NCT02047747
        (
            "less than 28 days from prior cytotoxic therapy (except 42 days from nitrosoureas), and less than 7 days for non-cytotoxic agents",
            [28, 7],
        ),
        ("less than 4 weeks from radiotherapy, less than 3 weeks from chemotherapy, and less than 2 weeks for TKIs", [28, 21, 14]),
    ],
)
def test_less_than_a_time_behind_another_such_is_the_time_of_what_follows(sentence: str, windows: list[int]) -> None:
    assert [r.window and r.window.days for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == windows


def test_the_last_treatment_date_is_that_of_the_therapy_before_it_though_others_have_their_time() -> None:
    """NCT01764087."""
    time = "at least 3 weeks should have passed from the last treatment date and the patient should have recovered from the toxicity"
    text = f"{IN}:\n\n* If chemotherapy was given, {time} (However, for nitrosourea or mitomycin, at least 6 weeks)\n"
    (rule,) = therapy_rules(text)
    (own,) = rule.carveouts
    assert (found_keys([rule]), rule.window and rule.window.days) == ({"chemotherapy"}, 21)
    assert ({m.key for m in own.mentions}, own.window and own.window.days) == ({"nitrosourea", "mitomycin"}, 42)


def test_what_a_drug_is_used_for_is_no_therapy_with_that_time() -> None:
    """NCT05009992: the 21 days are bevacizumab's alone."""
    sentence = "6 weeks must have elapsed since antibodies (21 days for bevacizumab when used for tumor-directed therapy)"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert [[m.key for m in c.mentions] for c in rule.carveouts] == [["bevacizumab"]]


def test_a_wash_out_whose_times_stand_below_leaves_them_to_the_rows() -> None:
    """NCT05985161."""
    text = (
        f"{IN}:\n\n* Patients must meet minimum washout durations (shown below) from prior therapy.\n\n  1. Chemotherapy: \u2265 21 days\n"
    )
    assert [(r.mentions[0].key, r.window and r.window.days) for r in therapy_rules(text)] == [("chemotherapy", 21)]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (" (whichever is less; but not less than 14 days)", (14, 5, "")),
        (" (whichever is less)", (28, 5, "shorter")),
        (", whichever is longer,", (28, 5, "longer")),
    ],
)
def test_a_choice_behind_a_time_that_follows_a_semicolon(choice: str, expected: tuple[int, int, str]) -> None:
    """NCT04541082: past the least time that the shorter of two stands for, the half-lives decide."""
    chemotherapy = "Patients must not have received prior cytotoxic chemotherapy within 28 days prior to the first dose of study drug"
    targeted = f"28 days or 5 half-lives{choice} in case of investigational or approved molecularly targeted agent"
    rules = therapy_rules(
        f"{IN}:\n\n* {chemotherapy}; 42 days in the case of bevacizumab; {targeted}; 14 days in the case of radiotherapy.\n"
    )
    told = {m.key: r.window for r in rules for m in r.mentions}
    assert {key: w.days for key, w in told.items() if w} == {
        "chemotherapy": 28,
        "bevacizumab": 42,
        "targeted-therapy": expected[0],
        "radiotherapy": 14,
    }
    window = told["targeted-therapy"]
    assert window is not None and (window.days, window.half_lives, window.combine) == expected
    assert not any(c.effect == "conditional" for r in rules for c in r.carveouts)


def test_half_lives_behind_a_semicolon_stand_in_the_place_of_the_time_before_it() -> None:
    """NCT05327010: "beyond" behind brackets with a time tells what the time is since, and excepts nothing."""
    first = "Patients must be greater than 4 weeks (6 weeks for nitrosoureas or mitomycin C) beyond treatment with any chemotherapy"
    kinds = "biological agents, or targeted agents"
    second = f"or at least 5 half-lives from {kinds}, whichever is shorter at the time of treatment initiation"
    (rule,) = therapy_rules(f"{IN}:\n\n* {first} or {kinds}; {second}.\n")
    assert rule.window is not None and (rule.polarity, rule.window.days, rule.window.half_lives) == (EXCLUDES, 28, None)
    own = {m.key: c.window for c in rule.carveouts for m in c.mentions}
    assert all(c.effect == "window" for c in rule.carveouts) and {k: w and w.days for k, w in own.items()} == {
        "nitrosourea": 42,
        "mitomycin": 42,
        "biologic-therapy": 28,
        "targeted-therapy": 28,
    }
    shorter = own["targeted-therapy"]
    assert shorter is not None and (shorter.half_lives, shorter.combine, shorter.within) == (5, "shorter", False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Receipt of an investigational agent within 28 days (or 56 days for an antibody-based therapy) before the first dose.",  # NCT03315871
        # NCT01553188
        "Has not yet completed at least 28 days (30 days for prior monoclonal antibody therapy) since receiving other investigational drugs.",
    ],
)
def test_a_form_that_has_its_time_in_brackets_is_of_the_drugs_before_them(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"investigational-agent"} and rule.window is not None and rule.window.days == 28
    assert "monoclonal-antibody" in found_keys(
        therapy_rules(f"{OUT}:\n\n* Chemotherapy within 4 weeks (6 weeks for monoclonal antibodies)\n")
    )


def test_therapy_that_is_considered_to_be_of_a_kind_is_none_that_is_considered() -> None:
    """NCT02203526."""
    sentence = "At least 2 weeks have passed since prior chemotherapy, other investigational or anti-cancer therapy that is considered {}."
    assert "anticancer-therapy" in found_keys(therapy_rules(f"{IN}:\n\n* {sentence.format('disease-directed')}\n"))
    assert "anticancer-therapy" not in found_keys(therapy_rules(f"{IN}:\n\n* {sentence.format('appropriate')}\n"))


def test_what_a_therapy_is_given_as_is_no_other_one() -> None:
    """NCT06738966."""
    antibodies = "Monoclonal antibodies ≤ 28 days for anticancer therapy"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {antibodies}\n")) == {"monoclonal-antibody"}
    both = "A washout of 6 weeks for antibodies, 28 days for anticancer therapy is required"
    assert "anticancer-therapy" in found_keys(therapy_rules(f"{IN}:\n\n* {both}\n"))


@pytest.mark.parametrize("until", ["", " before day 1"])
def test_what_therapies_with_times_of_their_own_are_for_is_none_of_them(until: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Biologics within 28 days and chemotherapy within 14 days{until} for anticancer treatment\n")
    assert [(found_keys([r]), r.window and r.window.days) for r in rules] == [({"biologic-therapy"}, 28), ({"chemotherapy"}, 14)]


def test_a_systemic_intervention_for_a_cancer_is_a_therapy() -> None:
    """NCT06121180."""
    sentence = "Treatment with another investigational drug or other systemic intervention for uveal melanoma within 4 weeks"
    assert "systemic-anticancer-therapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "A washout period of 4 weeks after prior treatment is required",
        "Washout from prior therapy of 28 days",
        "Washout of prior therapies: 4 weeks",
        "Prior therapy requires 4 weeks of washout",
    ],
)
def test_a_wash_out_of_prior_therapy_is_of_any(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"systemic-anticancer-therapy"} and rule.polarity is EXCLUDES
    assert rule.window is not None and rule.window.days == 28

"""Headings, bullets, lists, brackets and line breaks."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, eligibility, found_keys, therapy_rules

from kg.records import Modality


def test_two_rules_in_one_bullet_keep_their_own_limits() -> None:
    """NCT01206140: the second half is limited to recurrent soft tissue sarcoma, the first is not."""
    enzymes, mtor = therapy_rules(
        f"{OUT}:\n\n* Concomitant Strong CYP1A2 or CYP3A4 inducers and/or inhibitors; prior treatment with an mTOR inhibitor for recurrent soft-tissue sarcoma\n"
    )
    assert (enzymes.role, enzymes.conditions, enzymes.settings) == (CURRENT, (), ())
    assert (mtor.role, mtor.conditions, mtor.settings) == (PRIOR, ("soft-tissue-sarcoma",), ("recurrent",))
    assert mtor.quote == "prior treatment with an mTOR inhibitor for recurrent soft-tissue sarcoma"


def test_bullets_inherit_from_the_bullet_above() -> None:
    """NCT07213882: the amounts stand in a list of wash-outs."""
    text = f"{IN}:\n\n* Required washout from prior therapies:\n  * 4 weeks for monoclonal antibodies\n  * Nitrosoureas and mitomycin C: ≥6 weeks\n"
    antibodies, others = therapy_rules(text)
    assert antibodies.window is not None and (antibodies.window.days, antibodies.polarity) == (28, EXCLUDES)
    assert others.window is not None and (others.window.days, found_keys([others])) == (42, {"nitrosourea", "mitomycin"})


def test_a_list_that_lost_its_line_breaks_is_read_item_by_item() -> None:
    """NCT06112704: the items run on, each with a capital."""
    text = "Previous or current treatment with B7-H3 targeted therapy Any cytotoxic chemotherapy within 14 days prior to the first dose of HS-20093 Prior treatment with a monoclonal antibody within 28 days"
    rules = therapy_rules(f"{OUT}:\n\n* {text}\n")
    days = [(found_keys([r]), r.window and r.window.days) for r in rules]
    assert days == [({"b7-h3-directed-therapy"}, None), ({"chemotherapy"}, 14), ({"monoclonal-antibody"}, 28)]


def test_numbers_of_a_second_level_and_entities_of_html_are_read() -> None:
    """NCT06221553: 8.1, 8.2 and 8.3 stand in one line."""
    text = "8. Prior therapy wash-out before planned leukapheresis 8.1 \\&gt;= 7 days post last chemotherapy 8.2 30 days after the last dose of antitumor antibody therapy"
    chemotherapy, antibodies = therapy_rules(f"{IN}:\n\n{text}\n")
    assert found_keys([chemotherapy]) == {"chemotherapy"} and chemotherapy.window is not None and chemotherapy.window.days == 7
    assert found_keys([antibodies]) == {"antibody-based-therapy"} and antibodies.window is not None and antibodies.window.days == 30


def test_an_introduction_rules_on_nothing_itself() -> None:
    """NCT05994131: what counts are the bullets under "the following"."""
    text = f"{OUT}:\n\n* Have received the following prior systemic antitumor therapy:\n  * Chemotherapy within 28 days before the first dose\n"
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"chemotherapy"} and rule.window is not None and rule.window.days == 28


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        # NCT01348503
        ("All previous cancer therapy, including radiation, hormonal therapy and surgery, must have been discontinued at least 28 days prior to treatment", 28),
        ("The last dose of chemotherapy, including oral chemotherapy, must be at least 28 days before registration", 28),
        ("Previous antineoplastic therapies, with the exception of hormonal therapy, must have ended at least 4 weeks before day 1", 28),
    ],
)  # fmt: skip
def test_a_phrase_between_commas_parts_no_therapy_from_its_verb(sentence: str, days: int) -> None:
    """What must have been stopped is the therapy before the comma."""
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rules and {(r.polarity, r.window.days if r.window else None) for r in rules} == {(EXCLUDES, days)}


def test_a_bullet_that_is_defined_by_those_below_it_rules_on_nothing_itself() -> None:
    """NCT04462471."""
    lead = "No receipt of treatment for thyroid cancer, defined as:"
    (rule,) = eligibility(f"{IN}:\n\n* {lead}\n\n  * No chemotherapy <4 weeks before initiation\n", (), ("Thyroid Cancer",)).rules
    assert found_keys([rule]) == {"chemotherapy"} and rule.window


def test_the_drugs_that_are_tested_under_an_introduction() -> None:
    """NCT03739710: the bullet above says that what was received before counts."""
    text = f"{OUT}:\n\n* Received prior treatment with the following therapies:\n\n  1. Any of the investigational agents being tested in the current study.\n"
    rule = next(r for r in therapy_rules(text, ("Ipilimumab",)) if found_keys([r]) & {"ipilimumab"})
    assert (rule.polarity, rule.role) == (EXCLUDES, PRIOR)


def test_who_is_eligible_among_some_is_no_heading() -> None:
    """NCT05507827: the exclusion criteria go on behind the sentence on donors."""
    line = "Donors determined to be ineligible based on the results of Zika virus screening may be determined to be eligible if:"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {line}\n\n* Prior chemotherapy\n")
    assert rule.polarity is EXCLUDES


def test_a_bullet_that_introduces_a_list_opens_no_section() -> None:
    """NCT05507827: what follows the list on some donors is still excluded."""
    text = (
        f"{OUT}:\n\n* Donors determined to be ineligible based on the results of Zika virus screening may be determined to be eligible if:\n\n"
        "  * Urgent medical need\n* Concomitant use of strong CYP3A4 inhibitors\n"
    )
    (rule,) = therapy_rules(text)
    assert rule.polarity is EXCLUDES


def test_numbers_that_run_on_in_a_line_are_criteria_of_their_own() -> None:
    """NCT06052423: the steroids of number 15 are not those of the brain metastases before them."""
    text = (
        f"{OUT}:\n\n2\\. Spinal cord compression or brain metastases. 3. History of other primary malignancies. "
        "4. Patients who need long-term steroid treatment.\n"
    )
    (rule,) = therapy_rules(text)
    assert found_keys([rule]) == {"corticosteroid"}


def test_numbers_run_on_behind_a_sentence_without_a_full_stop() -> None:
    """NCT06293898."""
    text = (
        f"{OUT}:\n\n11\\. Steroids > 10 mg; topical use is permitted 12. Subjects who have received anthracyclines > 360 mg/m2 13.Subjects"
        " with HIV\n"
    )
    assert found_keys([r for r in therapy_rules(text) if r.polarity is EXCLUDES]) == {"corticosteroid", "anthracycline"}


def test_a_label_for_one_of_the_therapies_limits_what_it_heads() -> None:
    """NCT07408063: not where it is the trial's only one, or tells what is taken."""
    sentence = "Patients requiring chronic systemic immunosuppressive therapy are excluded"
    given = ("GSK5764227", "Dostarlimab")
    assert therapy_rules(f"{OUT}:\n\n* For dostarlimab: {sentence}\n", given)[0].scope.texts == ("For dostarlimab",)
    assert therapy_rules(f"{OUT}:\n\n* For dostarlimab: {sentence}\n", given[1:])[0].scope.texts == ()
    assert therapy_rules(f"{OUT}:\n\n* For participants on steroids: {sentence}\n", given)[0].scope.texts == ()


@pytest.mark.parametrize(
    "heading",
    [
        "Exlusion Critera",
        "Exclusion Criteria\uff1a",
        "Criteria for non-inclusion:",  # NCT04643704
        "The volunteer may not enter the study if any of the following apply:",  # NCT03999970
        "Patients will be excluded if they",
        "4.2 Ineligibility",
        "EXC CRITERIA (AZD6244 cohorts)",  # NCT01160926
        "Excl. criteria:",
        "Eligibility Criteria\uff1a",  # NCT04353830, which has no heading of exclusions
    ],
)
def test_headings_of_exclusions(heading: str) -> None:
    """Mistyped, in other words, without its colon, or neutral behind the inclusion criteria."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Adults\n\n{heading}\n\n* Previous exposure to any anti-TIGIT antibody.\n")
    assert rule.polarity is EXCLUDES


@pytest.mark.parametrize(
    ("taken", "kept_out"),
    [
        ("Participants are eligible to be included in the study only if all of the following criteria apply:", "Patients with any of the following are not eligible:"),  # NCT07099898
        ("Patients meeting all of the following are eligible:", "The presence of any of the following will exclude a Participant from enrollment:"),  # NCT04789655
        ("You may be able to join this trial if all of the following apply. You:", "You cannot join this trial if any of these apply. You:"),
        ("Eligible patients:", "Patients are not allowed to enter into the study:"),  # NCT01976208
        ("Criteria for participation:", "Participants will be enrolled if they have none of the following:"),
        ("Who can take part?", "Who cannot take part?"),
        ("Include criteria", "Exclude criteria"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "form",
    [
        "{0}\n\n* {1}\n* {2}",
        "* {0}\n\n  * {1}\n  * {2}",
        "* {0}\n* {1}\n* {2}",
        "{0}\n{1}\n{2}",
        "{0} 1) {1}; 2) {2}.",
        "{0} {1}; {2}; ECOG 0-1; consent.",
    ],
)
def test_words_that_say_who_takes_part_head_a_section(taken: str, kept_out: str, form: str) -> None:
    """Whatever marks the list has, or none, and in one line."""
    if "teria" in taken and ":" not in taken and form.startswith(("* ", "{0} ")):
        return  # a name without a colon heads lines
    asked = form.format(taken, "Prior platinum-based chemotherapy", "Adults")
    text = f"{asked}\n\n{form.format(kept_out, 'Platinum-based chemotherapy within 14 days', 'Prior MEK inhibitors')}"
    read = eligibility(text)
    assert {c.section.value for c in read.criteria if "Prior platinum" in c.text or "Adults" in c.text} == {"inclusion"}
    excluded = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert [(found_keys([r]), r.window and r.window.days) for r in excluded] == [({"platinum-agent"}, 14), ({"mek-inhibitor"}, None)]


@pytest.mark.parametrize(
    "line",
    ["* Patients with brain metastases may be enrolled if they have:", "* Participants must have:"],
)  # fmt: skip
def test_terms_of_some_patients_head_no_section(line: str) -> None:
    """NCT06157892: what follows is excluded still."""
    rules = therapy_rules(f"{OUT}:\n\n* HIV\n{line}\n* Prior treatment with a MEK inhibitor\n")
    assert [r.polarity for r in rules if found_keys([r]) == {"mek-inhibitor"}] == [EXCLUDES]


def test_a_list_of_exclusions_in_a_line_ends_with_it() -> None:
    """What follows stands in the section that was before."""
    lines = "Patients must not have any of the following: a) prior taxanes, b) HIV.\nPrior chemotherapy for metastatic disease."
    criteria = eligibility(f"{IN}:\nAdults\n{lines}").criteria
    assert [c.section.value for c in criteria] == ["inclusion", "exclusion", "exclusion", "inclusion"]


@pytest.mark.parametrize(
    "line",
    [
        "* Subjects are ineligible if any of the following apply: prior MEK inhibitor; current warfarin; chemotherapy within 3 weeks.",
        "* Patients are excluded if they have had prior MEK inhibitors; are on warfarin; or received chemotherapy within 3 weeks.",
        "* Patients must not have: (1) prior MEK inhibitors, (2) current warfarin, (3) chemotherapy within 3 weeks.",
        "* No prior treatment with (1) MEK inhibitors, (2) warfarin, (3) chemotherapy within 3 weeks.",
    ],
)
def test_a_bullet_that_excludes_a_list_excludes_all_of_it(line: str) -> None:
    """And nothing else of the inclusion criteria that it stands among."""
    rules = therapy_rules(f"{IN}:\n\n* Adults\n{line}\n* Prior platinum-based therapy\n")
    assert [(r.polarity, found_keys([r]), r.window and r.window.days) for r in rules] == [
        (EXCLUDES, {"mek-inhibitor"}, None),
        (EXCLUDES, {"warfarin"}, None),
        (EXCLUDES, {"chemotherapy"}, 21),
        (REQUIRES, {"platinum-agent"}, None),
    ]


def test_what_includes_the_bullets_below_rules_on_nothing_itself() -> None:
    """NCT05131022."""
    head = "Prior treatment for the indication under study for anti-cancer intent that includes"
    text = f"{OUT}:\n\n* {head}:\n\n  1. Radiotherapy within 2 weeks\n  2. Previously treated with a BTK degrader\n"
    assert [rule.mentions[0].key for rule in therapy_rules(text)] == ["radiotherapy", "btk-degrader"]


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion: adults, ECOG 0-1. Exclusion: prior MEK inhibitors, HIV.",
        "Inclusion: Adults\nECOG 0-1\nExclusion: HIV\nPrior MEK inhibitors",
        "INCLUSION - adults; ECOG 0-1; consent. EXCLUSION - HIV; prior MEK inhibitors; pregnancy.",
    ],
)
def test_sections_may_be_headed_by_a_word_each(text: str) -> None:
    (rule,) = therapy_rules(text)
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"mek-inhibitor"})


def test_criteria_applied_to_all_patients_are_of_no_part() -> None:
    """NCT07386002."""
    heading = "A patient meeting any of the following criteria is not eligible (applied to all patients screened in safety run-in and dose expansion stages):"
    (rule,) = therapy_rules(f"{IN}:\n\n* Adults\n\n{heading}\n\n1. Previously received Carmustine\n")
    assert rule.scope.texts == ()


@pytest.mark.parametrize(
    "line",
    ["Treatment by biotherapy within the 12 months after inclusion", "* Inclusion in another trial", "* Pregnancy test before inclusion"],
)
def test_inclusion_as_an_event_is_no_heading(line: str) -> None:
    """NCT05364957, NCT01480427: what follows is excluded still."""
    rules = therapy_rules(f"{OUT}:\n\n* HIV\n{line}\n* Prior treatment with a MEK inhibitor\n")
    assert [r.polarity for r in rules if found_keys([r]) == {"mek-inhibitor"}] == [EXCLUDES]


def test_a_label_is_ruled_on_where_only_a_condition_names_another() -> None:
    """NCT07172958: "if prior nitrosourea" takes the window of its own, not the label's place."""
    lead = "The following time frames must have elapsed between prior therapy completion and apheresis cell collection:"
    rules = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * Myelosuppressive chemotherapy: At least 3 weeks, or 6 weeks if prior nitrosourea.\n")
    rule = next(r for r in rules if r.window is not None and r.window.days == 21)
    assert any(c.effect == "window" and {m.key for m in c.mentions} == {"nitrosourea"} for c in rule.carveouts)


def test_long_words_before_a_dash_are_read_in_bounded_time() -> None:
    """NCT04684524 took 20 seconds; with words as long as these a pattern that can cut words anywhere never ends."""
    words = " ".join(["antineoplastictherapies"] * 12)
    (rule,) = therapy_rules(f"{OUT}:\n\n* {words} 100% - patients must not have received a MEK inhibitor\n")
    assert found_keys([rule]) == {"mek-inhibitor"}


def test_bullets_within_a_line_are_bullets() -> None:
    """NCT02530476; one mark alone may be a sign that was lost (NCT04670068)."""
    line = "Unstable cardiovascular function: • Symptomatic ischemia, or • Hypertension with or without antihypertensive therapy. • Angina"
    assert [c.parent for c in eligibility(f"{OUT}:\n\n10. {line}\n").criteria] == [None, 0, 0, 0]
    assert len(eligibility(f"{OUT}:\n\n4. Left ventricular ejection fraction (LVEF) • 40%, as measured by ECHO.\n").criteria) == 1


@pytest.mark.parametrize(
    "mark", ["{} ", "#{} ", "No. {} ", "{}\u3001", "\uff08{}\uff09", "[{}] ", "{}/ ", "{}.- ", "{}\t", "\u25c6", "\u2713 ", "\u25a1 "]
)
def test_numbers_that_count_up_and_any_signs_are_marks(mark: str) -> None:
    """The number of a criterion is none of lines of therapy."""
    lines = [
        mark.format(n) + words for n, words in enumerate(("Pregnancy", "Prior systemic therapy", "For patients after a transplant: HIV"), 1)
    ]
    (rule,) = therapy_rules("\n".join([f"{OUT}:", *lines]))
    assert (rule.polarity, rule.lines, rule.quote) == (EXCLUDES, None, "Prior systemic therapy")


def test_numbers_in_circles_are_bullets_below_plain_ones() -> None:
    """NCT01764087."""
    lines = ["1. Based on screening,", "① If hormones were given, at least 2 weeks should have passed.", "②Age of 20 years", "2. ECOG 0-2"]
    criteria = eligibility("\n".join([f"{IN}:", *lines])).criteria
    assert [(c.parent, c.text.split()[0]) for c in criteria] == [(None, "Based"), (0, "If"), (0, "Age"), (None, "ECOG")]


def test_brackets_that_begin_with_an_example_end_no_sentence() -> None:
    """NCT02761070."""
    sentence = "No prior stereotactic radiotherapy (ex. Gamma-knife/Cyberknife), proton beam irradiation, and chemotherapies"
    assert "chemotherapy" in found_keys(therapy_rules(f"{IN}:\n\n* {sentence}\n"))


def test_a_full_stop_may_lack_its_blank() -> None:
    """NCT02178956."""
    exception = (
        "A minimum of 10 days since the last dose of capecitabine must be observed prior to the first planned dose of BBI608/placebo."
    )
    sentence = "Radiotherapy, immunotherapy, or investigational agents within four weeks of first planned dose of BBI608/placebo"
    text = f"{OUT}:\n\n* Chemotherapy within 3 weeks. An exception is made for capecitabine. {exception}{sentence}\n"
    assert {"radiotherapy", "immunotherapy"} <= found_keys(therapy_rules(text, interventions=("BBI608",)))


def test_a_continuation_in_the_midst_of_a_line_is_a_sentence_of_its_own() -> None:
    """NCT00006371."""
    text = "No prior ketoconazole for prostate cancer Continuation of primary testicular androgen suppression (i.e., LHRH analog) required"
    denied, asked = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert (denied.polarity, found_keys([denied]), asked.polarity) == (EXCLUDES, {"ketoconazole"}, REQUIRES)


def test_a_semicolon_in_brackets_ends_what_a_time_is_of() -> None:
    """NCT06620822: the two weeks are those of herbs."""
    sentence = "antitumor therapy (e.g., radiotherapy, chemotherapy, etc.; antitumor herbal therapies require a 2-week washout period)"
    windows = {m.key: r.window for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert windows["anticancer-therapy"] is None and windows["chemotherapy"] is None


def test_prior_and_ongoing_are_both_told_of_what_stands_below() -> None:
    """NCT03586453: who had it is kept out, too; of another therapy's "prior" nothing below is told."""
    below = f"{OUT}:\n\n* Prior or ongoing treatment with any of the following:\n\n  * Any cytotoxic chemotherapy\n"
    assert {r.role for r in therapy_rules(below)} == {PRIOR}
    other = below.replace("Prior or ongoing treatment with", "Prior transplant or current use of")
    assert {r.role for r in therapy_rules(other)} == {CURRENT}
    assert {r.role for r in therapy_rules(f"{OUT}:\n\n* Have received or are receiving anti-PD-1 antibodies\n")} == {PRIOR}


def test_what_is_told_beside_the_following_is_ruled_on_itself() -> None:
    """Only what says no more than that bullets follow is left to them, and what the bullets give times for."""
    for lead, below, found in (
        ("Prior docetaxel or any of the following", "Prior immunotherapy", {"docetaxel", "immunotherapy"}),
        ("Chemotherapy or any of the following anticancer treatments", "Cetuximab", {"chemotherapy", "cetuximab"}),
        ("Prior chemotherapy consisting of one or more of the following", "Docetaxel", {"docetaxel"}),
        ("Immunosuppressants including, but not limited to the following", "Steroids within 2 weeks", {"corticosteroid"}),
    ):
        rules = therapy_rules(f"{OUT}:\n\n* {lead}:\n\n  * {below}\n")
        assert found_keys(rules) == found, lead


def test_what_is_allowed_begins_an_item_of_a_register_whatever_its_first_word() -> None:
    """As old texts of PDQ list them in one line; what says nothing without its label stays with it."""
    line = (
        "PROTOCOL ENTRY CRITERIA: --Prior/Concurrent Therapy-- Biologic therapy: None Chemotherapy: None within 4 weeks "
        "Endocrine therapy: Corticosteroids not allowed Other: Bisphosphonates allowed Warfarin not allowed Heparin allowed"
    )
    rules = therapy_rules(line)
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"biologic-therapy", "chemotherapy", "corticosteroid", "warfarin"}
    assert found_keys([r for r in rules if r.polarity is ALLOWS]) == {"bisphosphonate", "heparin"}
    assert [r.window.days for r in rules if r.window is not None] == [28]


@pytest.mark.parametrize(
    "text",
    ["Inclusion Criteria:\n\n* Chemotherapy: no prior therapy\n", "PRIOR CONCURRENT THERAPY:\n\nChemotherapy:\n\n  -  No prior therapy\n"],
)
def test_prior_therapy_behind_a_label_is_of_its_kind(text: str) -> None:
    """Any other had nothing that it tells of."""
    (rule,) = therapy_rules(text)
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"chemotherapy"})


def test_a_heading_of_prior_and_of_concurrent_therapy_tells_no_time() -> None:
    """NCT01005199: steroids below it are those taken now, chemotherapy is any that was had."""
    text = "PRIOR CONCURRENT THERAPY:\n\n* No chronic systemic steroids\n* No chemotherapy\n* No prior corticosteroids\n"
    assert [r.role for r in therapy_rules(text)] == [CURRENT, PRIOR, PRIOR]


def test_enzymes_in_brackets_are_those_meant_by_cytochrome() -> None:
    """NCT05498428."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Receiving medications known to be potent Cytochrome (CYP3A4/5) inducers\n")
    assert {(m.enzyme, m.strengths) for m in rule.mentions} >= {("cyp3a4", ("strong",))}
    assert not any(m.enzyme == "cyp" for m in rule.mentions)


@pytest.mark.parametrize(
    ("section", "lead", "modality"),
    [
        (OUT, "The following are permitted but should be used with caution and other agents used if possible:", Modality.CAUTION),
        (IN, "The following medications should be avoided if possible:", Modality.SHOULD_AVOID),
        (OUT, "Patients who cannot avoid the following drugs:", Modality.MUST_NOT),
        (OUT, "Use of the following medications requires approval by the sponsor:", Modality.APPROVAL),
    ],
)
def test_the_bullet_above_tells_how_strongly_those_below_it_exclude(section: str, lead: str, modality: Modality) -> None:
    """NCT00728793; the others are of its kind."""
    (rule,) = therapy_rules(f"{section}:\n\n* {lead}\n\n  * CYP3A4 inducers\n")
    assert (rule.polarity, rule.modality) == (EXCLUDES, modality)


@pytest.mark.parametrize(
    ("lead", "modality", "effects", "dose"),
    [
        ("Strong CYP3A4 inhibitors should be avoided, including:", Modality.SHOULD_AVOID, [], None),
        ("Concomitant CYP3A4 inhibitors without approval of the sponsor, including but not limited to:", Modality.APPROVAL, [], None),
        ("CYP3A4 inhibitors, unless medically necessary, including any of the following:", Modality.MUST_NOT, ["conditional"], None),
        ("CYP3A4 inhibitors (unless approved by the sponsor), such as:", Modality.MUST_NOT, ["depends"], None),
        ("Systemic corticosteroids > 10 mg/day, e.g.:", Modality.MUST_NOT, [], 10),
        ("Systemic corticosteroids > 10 mg/day:", Modality.MUST_NOT, [], 10),
        ("Strong CYP3A4 inhibitors (should be avoided if possible):", Modality.SHOULD_AVOID, [], None),
        ("Use of any of the following CYP3A4 inhibitors, unless medically necessary:", Modality.MUST_NOT, ["conditional"], None),
        ("CYP3A4 inhibitors, unless all of these are met:", Modality.MUST_NOT, [], None),
        ("CYP3A4 inhibitors should be avoided, or any of the following:", Modality.MUST_NOT, [], None),
    ],
)
def test_examples_in_bullets_keep_out_on_the_terms_told_above(lead: str, modality: Modality, effects: list[str], dose: int | None) -> None:
    """NCT01005199 lists inhibitors so, with "unless the drugs are medically necessary"; what is no example has its own terms."""
    drug = "Prednisone" if dose else "Itraconazole"
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * {drug}\n") if r.quote == drug)
    assert (rule.modality, [c.effect for c in rule.carveouts], rule.min_dose_mg) == (modality, effects, dose)


def test_examples_of_what_an_inclusion_avoids_or_denies_are_excluded() -> None:
    """An exception before the examples is no turn to another thing; what a bullet permits itself is not denied above it (NCT01005199)."""
    avoid = therapy_rules(f"{IN}:\n\n* Avoid strong CYP3A4 inhibitors such as the following:\n\n  * Itraconazole\n")
    assert [(r.polarity, r.modality) for r in avoid] == [(EXCLUDES, Modality.SHOULD_AVOID)] * 2
    lead = "No concurrent strong CYP3A4 inducers, unless medically necessary, including any of the following:"
    rules = therapy_rules(f"{IN}:\n\n* {lead}\n\n  * Rifampicin\n\n  * Phenytoin. Concurrent antacids are allowed\n")
    assert [(r.polarity, found_keys([r])) for r in rules[1:]] == [
        (EXCLUDES, {"rifampicin"}),
        (EXCLUDES, {"phenytoin"}),
        (ALLOWS, {"antacid"}),
    ]
    assert {c.effect for c in rules[1].carveouts} == {"conditional"}


def test_a_list_that_breaks_off_behind_a_comma_goes_on_behind_an_empty_line() -> None:
    """NCT01553188."""
    text = "Treatment within 30 days with the following: cyclosporine, azathioprine, abatacept,\n\netanercept, infliximab, or rituximab."
    rules = therapy_rules(f"{OUT}:\n\n* {text}\n\n* Large field radiotherapy must wait 2 weeks\n")
    timed = {r.window.days for r in rules if r.window is not None and "rituximab" in found_keys([r])}
    assert timed == {30}


def test_a_sentence_that_breaks_off_goes_on_behind_an_empty_line() -> None:
    """NCT01650727."""
    text = f"""{IN}:

          -  Must have received at least one prior therapy that includes either

        fludarabine or an alternative regimen

{OUT}:

          -  Active autoimmune anemia or idiopathic thrombocytopenic purpura unless

        stable, defined as being responsive to corticosteroids
"""
    read_text = eligibility(text)
    assert len(read_text.criteria) == 2
    assert {r.polarity for r in read_text.rules if r.role in (PRIOR, CURRENT)} == {REQUIRES}


def test_a_line_above_all_criteria_limits_none() -> None:
    """NCT01085331."""
    above = "For Safety Run-in and Part 2 or Phase 2 Randomised Part"
    text = f"{IN}:\n\n{above}\n\n  - Age over 18 years\n\n{OUT}:\n\n{above}\n\n  - Has received chemotherapy within the past 4 weeks\n"
    (rule,) = therapy_rules(text)
    assert rule.scope.texts == ()


@pytest.mark.parametrize(
    "sentence", ["Prior chemotherapy: none", "Prior chemotherapy - none", "Previous treatment: none with chemotherapy"]
)
def test_none_behind_a_label_denies_it(sentence: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if "chemotherapy" in found_keys([r])]
    assert rule.polarity is EXCLUDES


def test_a_list_that_is_not_exhaustive_is_not_turned_round() -> None:
    """A lead whose negation is of the list."""
    rules = therapy_rules(f"{OUT}:\n\n* The following is not an exhaustive list of exclusions:\n\n  * Prior doxorubicin\n  * Warfarin\n")
    assert {r.polarity for r in rules} == {EXCLUDES}


@pytest.mark.parametrize("label", ["{} criterion {}: ", "{} Criterion #{} - ", "{} criteria {}: ", "{} {}: "])
@pytest.mark.parametrize("bullet", ["", "* "])
def test_a_number_before_a_criterion_may_name_its_section(label: str, bullet: str) -> None:
    told = [
        ("Inclusion", 1, "No prior taxanes"),
        ("Inclusion", 2, "At least 4 weeks since radiotherapy"),
        ("Exclusion", 1, "Prior imatinib"),
    ]
    rules = therapy_rules("\n".join(bullet + label.format(section, number) + words for section, number, words in told))
    assert [(r.polarity, found_keys([r])) for r in rules] == [
        (EXCLUDES, {"taxane"}),
        (EXCLUDES, {"radiotherapy"}),
        (EXCLUDES, {"imatinib"}),
    ]


def test_a_heading_may_run_into_its_first_criterion_without_a_colon() -> None:
    """NCT06130553."""
    text = "Inclusion Criteria (All Modules) Participants are adults.\n\nExclusion Criteria (All Modules) Participants have anaemia.\n\n"
    (rule,) = therapy_rules(text + "Prior pembrolizumab\n")
    assert rule.polarity is EXCLUDES
    (*_, last) = eligibility("Additional Exclusion Criteria (Cohort B only): Patients have anaemia\n\n* Prior pembrolizumab\n").criteria
    assert last.scope == ("Cohort B only",)


def test_what_a_bullet_introduces_as_follows_has_its_times_below() -> None:
    """NCT02595931: that some have not recovered denies no therapy."""
    lead = "Patients who have had chemotherapy or radiotherapy or patients who have not recovered from adverse events as follows:"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * Chemotherapy < 4 weeks prior to entering the study\n")
    assert [(r.polarity, r.window and r.window.days) for r in rules] == [(EXCLUDES, 28)]


def test_what_is_not_limited_excepts_nothing_below() -> None:
    """NCT06359860."""
    lead = "Subjects with one of the following conditions prior to first dose, including, but not limiting to:"
    rules = therapy_rules(f"{OUT}:\n\n* {lead}\n\n  * A history of antitumor therapy within 4 weeks, including chemotherapy\n")
    assert [(r.polarity, r.window and r.window.days) for r in rules] == [(EXCLUDES, 28)]


def test_a_list_of_ills_without_bullets_ends_before_a_sentence_on_patients() -> None:
    """NCT02484404."""
    lead = "Patients with any history of the following conditions within 1 year are excluded from the study:"
    text = f"{IN}:\n\n{lead}\n\nUnstable angina.\n\nPatients who have had prior immune checkpoint inhibitors are eligible.\n\nPrior docetaxel.\n"
    assert [c.section.value for c in eligibility(text).criteria] == ["exclusion", "inclusion", "inclusion"]


def test_a_paragraph_of_the_register_is_one_line_however_it_was_wrapped() -> None:
    """NCT00003625: the items of "PRIOR CONCURRENT THERAPY" go on over line breaks."""
    text = (
        "PRIOR CONCURRENT THERAPY: Biologic therapy: No prior biologic therapy Chemotherapy: No\n"
        "        prior chemotherapy No other concurrent chemotherapy Endocrine therapy: Prior steroids at\n"
        "        stable or decreasing doses allowed Radiotherapy: No prior radiotherapy Surgery: Not\n        specified\n"
    )
    rules = therapy_rules(text)
    assert [(r.quote, r.doubts) for r in rules if "chemotherapy" in found_keys([r])] == [
        ("No\n        prior chemotherapy", ()),
        ("No other concurrent chemotherapy", ()),
    ]


def test_a_heading_within_a_bullet_ends_where_the_bullets_of_the_list_go_on() -> None:
    """NCT06805825: the parts are told below the second item, and the third is asked of all."""
    text = (
        f"{IN}:\n\n1. Advanced tumor.\n2. Must have received:\n\n   Part A (Dose Escalation):\n\n   i. Treatment with imatinib\n\n"
        "   Part B (Dose Expansion):\n\n   i. Treatment with imatinib\n3. Time since prior therapy:\n\n   1. Cytotoxic chemotherapy - At least 21 days\n"
    )
    required = [r for r in therapy_rules(text) if r.polarity is REQUIRES]
    (washout,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert [r.scope.texts for r in required] == [("Part A",), ("Part B",)]
    assert washout.scope.texts == () and found_keys([washout]) == {"chemotherapy"}


def test_a_sentence_that_two_bullets_tear_apart_is_one() -> None:
    """NCT02513394; what opens a list of rows is no such sentence."""
    torn = (
        f"{OUT}:\n\n* Patients receiving substances that are potent inhibitors or inducers of\n* CYP3A isoenzymes within 7 days.\n* Age\n"
    )
    assert found_keys(therapy_rules(torn)) >= {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}
    assert [c.text for c in eligibility(torn).criteria][1:] == ["Age"]
    rows = f"{OUT}:\n\n* No following treatment of\n* systemic corticosteroid 4 weeks\n* oral antihistamine 1 week\n"
    assert [c.depth for c in eligibility(rows).criteria] == [0, 1, 1]


def test_what_a_bracket_rules_before_a_list_stays_beside_the_rules_of_the_list() -> None:
    """NCT05061628."""
    text = (
        "* The function of organs meets the following requirements (no hematopoietic stimulating factors within 14 days):\n"
        "  * Those who receive anticoagulants must be on a stable dose\n"
    )
    assert found_keys(therapy_rules(f"{IN}:\n\n{text}")) == {"growth-factor", "anticoagulant"}


def test_rows_of_therapies_and_times_that_lost_their_line_breaks_are_parts() -> None:
    """NCT07386002: the time of a row is that of no other, and one that is told of one kind is of that alone."""
    rows = "Chemotherapy :≥ 23 days for TMZ ; ≥ 6 weeks for Nitrosoureas or Mitomycin C (such as: Carmustine and so on) Biologic agents (such as: PD1/PD-L1 antibodies) : ≥ 4 weeks Small molecule targeted drugs : ≥ 3 weeks or 5 half-lives (including toxic metabolites), whichever is longer Other antitumor therapies :≥ 2 weeks"
    rules = therapy_rules(f"{IN}:\n\n* Has adequate treatment washout period before IP treatment, defined as: {rows}\n")
    days = {m.key: r.window.days for r in rules for m in r.mentions if r.window is not None}
    assert (days["temozolomide"], days["nitrosourea"], days["biologic-therapy"]) == (23, 42, 28) and "chemotherapy" not in days
    assert days["small-molecule-targeted-therapy"] == 21 and days["anticancer-therapy"] == 14


def test_a_bullet_that_only_names_a_part_heads_those_behind_it() -> None:
    """NCT05060432; a label of all parts ends what it heads, and what is asked of all before it stays so."""
    bullets = ["Prior irinotecan", "Part 2 (H\\&N cancer):", "Prior nivolumab", "Prior docetaxel", "All parts:", "Prior everolimus"]
    rules = therapy_rules(f"{OUT}:\n\n" + "".join(f"* {bullet}\n" for bullet in bullets))
    assert [(r.mentions[0].key, r.scope.texts) for r in rules] == [
        ("irinotecan", ()),
        ("nivolumab", ("Part 2",)),
        ("docetaxel", ("Part 2",)),
        ("everolimus", ()),
    ]
    nested = therapy_rules(f"{OUT}:\n\n* Dose expansion:\n  * Prior nivolumab\n* Prior everolimus\n")
    assert [r.scope.texts for r in nested] == [("Dose expansion",), ()]


def test_an_enumeration_is_introduced_without_a_colon() -> None:
    """NCT05073484: off steroids are those whose metastases are controlled."""
    told = "CNS metastases are eligible if clinically controlled, which is defined as 1) stable for 4 weeks, 2) no progression, 3) {}"
    text = f"{OUT}:\n\n* Symptomatic CNS metastases. Participants with asymptomatic {told}\n"
    assert not therapy_rules(text.format("\u2265 2 weeks from discontinuation of anti-seizure and steroid therapies prior to Screening."))


def test_a_wrapped_line_that_ends_a_bullet_is_no_heading() -> None:
    """NCT02214147: what stands below "(… per / eligibility criteria)." stays among the exclusions."""
    text = (
        f"        {OUT}:\n\n          5. Inadequate organ function (excluding hepatic impairment per\n             eligibility criteria).\n\n"
        "          6. Treatment with any anticancer therapy within 3 weeks before the first dose of study drug.\n"
    )
    assert [(r.polarity, r.role) for r in therapy_rules(text)] == [(EXCLUDES, PRIOR)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients who have received following treatments within 4 weeks prior to start of study therapy 1) Immunotherapy 2) Chemotherapy.",
        "Treatment with any of the following within 4 weeks before the first dose (a) chemotherapy (b) immunotherapy",
    ],
)
def test_a_list_in_one_line_takes_its_time_from_a_lead_without_a_colon(sentence: str) -> None:
    """NCT02300298."""
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys(rules) == {"chemotherapy", "immunotherapy"}
    assert {r.window.days for r in rules if r.window} == {28} and all(r.window for r in rules)


@pytest.mark.parametrize(
    ("note", "found"),
    [
        (
            "Note: Patients with stable CNS metastases may be eligible if all of the following criteria are met: 1) treated at least 4 weeks"
            " before 2) without need for steroids 3) stable for 1 month.",
            {"systemic-anticancer-therapy"},
        ),
        ("Patients with stable CNS metastases may be eligible if all of the following criteria are met:", set()),
    ],
)
def test_bullets_stand_below_no_note_that_holds_its_list(note: str, found: set[str]) -> None:
    """NCT05941507: the exclusions behind a note are none of its terms."""
    text = f"{OUT}:\n\n* Active CNS metastases\n\n{note}\n\n* Persistent toxicities\n* Systemic antineoplastic therapy within 4 weeks\n"
    assert found_keys([r for r in therapy_rules(text) if r.polarity is EXCLUDES]) == found


def test_a_line_that_names_all_cohorts_ends_the_criteria_of_one() -> None:
    """NCT05009992."""
    text = f"{IN}:\n\nCohort 5 (participants with progression):\n\n* No prior nivolumab\n\nAll Cohorts\n\n* No prior everolimus\n"
    assert [(r.mentions[0].key, r.scope.texts) for r in therapy_rules(text)] == [("nivolumab", ("Cohort 5",)), ("everolimus", ())]


def test_times_shown_below_are_those_of_the_rows() -> None:
    """NCT05985161."""
    lead = (
        "Prior Therapy: Patients must have recovered from all acute toxic effects and meet the minimum washout durations (shown below) {}."
    )
    rows = "\n".join(("  1. Anti-cancer agents known to be myelosuppressive: \u2265 21 days", "  2. Immunotherapies: \u2265 28 days"))
    rules = therapy_rules(f"{IN}:\n\n* {lead.format('from all of their prior anti-cancer therapies')}\n\n{rows}\n")
    timed = {(r.mentions[0].key, r.window.days) for r in rules if r.window and r.window.days}
    assert timed == {("myelosuppressive-anticancer-therapy", 21), ("immunotherapy", 28)}


@pytest.mark.parametrize(
    "sentence",
    [
        "In certain cases, local therapy is allowed. See Inclusion Criteria for details.",  # NCT00619541
        "Prior antibodies as told in the\n  Inclusion Criteria.",
    ],
)
def test_a_sentence_that_refers_to_other_criteria_opens_no_section(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n* Prior use of MEK inhibitors.\n")
    assert [r.polarity for r in rules if found_keys([r]) == {"mek-inhibitor"}] == [EXCLUDES]


def test_criteria_for_exclusion_from_a_part_are_its_exclusions() -> None:
    """NCT04585750."""
    heading = "Additional Criteria for Exclusion from Phase 1b (XYZ-1) + pembrolizumab combination)"
    (rule,) = therapy_rules(f"{IN}:\n\n* ECOG 0\n\n{heading}\n\n* Prior ipilimumab\n")
    assert (rule.polarity, rule.mentions[0].key, rule.scope.texts) == (EXCLUDES, "ipilimumab", ("Phase 1b",))


def test_a_criterion_that_says_it_is_one_is_no_heading() -> None:
    """What follows it stays where it stood."""
    for verb in ("is", "constitutes", "represents"):
        rules = therapy_rules(f"{IN}:\n\n* Prior bevacizumab {verb} an exclusion criterion\n\n* Prior docetaxel\n")
        assert [r.polarity for r in rules] == [EXCLUDES, REQUIRES]


@pytest.mark.parametrize(
    "sentence",
    [
        "At least 4 weeks must have elapsed since (1) chemotherapy, (2) radiotherapy or (3) biologic therapy",
        "Any of the following: (a) chemotherapy, (b) radiotherapy, or (c) biologic therapy within 28 days of day 1",
        "Received (i) chemotherapy; (ii) radiotherapy; or (iii) biologic therapy within 28 days of day 1",
        "Any chemotherapy; radiotherapy; or biologic therapy within 28 days",
    ],
)
def test_members_of_a_list_that_runs_in_a_sentence_share_its_time(sentence: str) -> None:
    """NCT02941523 and NCT05061628 have such lists, with commas."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"chemotherapy", "radiotherapy", "biologic-therapy"}
    assert rule.window is not None and rule.window.days == 28


def test_members_of_a_list_that_tell_their_own_times_stand_alone() -> None:
    rules = therapy_rules(
        f"{OUT}:\n\n* (a) chemotherapy within 3 weeks; (b) radiotherapy within 2 weeks; or (c) biologic therapy within 28 days\n"
    )
    assert [r.window.days for r in rules if r.window] == [21, 14, 28]


def test_what_ends_in_since_opens_the_list_behind_it() -> None:
    """NCT01012362."""
    members = "1) previous systemic therapy before the 1st dose of study drug, 2) last dose of radiation therapy or surgery"
    rules = therapy_rules(f"{IN}:\n\n* At least 14 days must have elapsed since {members}\n")
    assert {r.window.days for r in rules if r.window is not None} == {14} and all(r.window for r in rules)

"""What sentences forbid or leave by what they say of other therapies: lines without a drug, the only therapy, what goes on, lists of times."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, EXCLUDES, IN, OUT, REQUIRES, found_keys, therapy_rules

from kg.records import Polarity


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("1-3 prior regimens, none of which may have contained everolimus", "everolimus"),
        ("At most 1 prior systemic regimen, which may not have contained a PD-1/PD-L1 blocker", "pd-1-pd-l1-inhibitor"),
        ("Patients may have received any number of prior therapies, but these may not include an mTOR inhibitor", "mtor-inhibitor"),
        ("Progression after one or two prior lines, neither of which included a taxane", "taxane"),
        ("Up to two prior lines of chemotherapy; none must have included a taxane", "taxane"),
        ("Recurrent disease treated with no more than 3 lines and without previous use of a PARP inhibitor", "parp-inhibitor"),
        ("Prior therapy may not have consisted of everolimus", "everolimus"),
    ],
)
def test_lines_of_which_none_held_a_therapy_count_no_lines_of_it(sentence: str, key: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if key in found_keys([r])]
    assert [(r.polarity, r.lines) for r in rules] == [(EXCLUDES, None)]


def test_what_a_required_regimen_must_not_have_held_is_none_of_it() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Prior platinum-containing regimen (must not have included a checkpoint inhibitor)\n")
    assert {m.key: r.polarity for r in rules for m in r.mentions} == {"platinum-agent": REQUIRES, "immune-checkpoint-inhibitor": EXCLUDES}


@pytest.mark.parametrize(
    ("sentence", "most"),
    [
        (">= 1 prior mTOR inhibitor or >= 2 prior VEGF inhibitors", {"mtor-inhibitor": 0, "vegf-vegfr-inhibitor": 1}),
        (
            "More than 2 prior lines of chemotherapy, or more than 1 prior line of an EGFR inhibitor",
            {"chemotherapy": 2, "egfr-inhibitor": 1},
        ),
        ("At least 3 lines of chemotherapy or any (\u2265 1) line with a PARP inhibitor", {"chemotherapy": 2, "parp-inhibitor": 0}),
    ],
)
def test_each_number_of_lines_is_of_the_therapy_behind_it(sentence: str, most: dict[str, int]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key: r.lines.maximum if r.lines else None for r in rules for m in r.mentions} == most


@pytest.mark.parametrize(
    ("sentence", "settings"),
    [
        (
            "Adjuvant BRAF inhibitors are allowed > 6 months ago, while in the metastatic setting it is not",
            {(), ("adjuvant",), ("metastatic",)},
        ),
        ("Prior chemotherapy in the adjuvant setting is allowed but not in the metastatic setting", {("adjuvant",), ("metastatic",)}),
        ("PD-1 inhibitors in the adjuvant setting are allowed; not allowed for metastatic disease", {("adjuvant",), ("metastatic",)}),
        ("Perioperative chemotherapy is acceptable, palliative is not.", {("adjuvant", "neoadjuvant"), ("metastatic",)}),
        ("Prior everolimus is OK unless given for metastatic disease", {(), ("metastatic",)}),
        ("Chemotherapy for early disease is allowed; for metastatic disease it is not", {(), ("metastatic",)}),
    ],
)
def test_what_is_permitted_in_one_setting_is_denied_in_another(sentence: str, settings: set[tuple[str, ...]]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {r.settings for r in rules} <= settings
    assert [r.settings for r in rules if r.polarity is EXCLUDES and r.window is None] == [("metastatic",)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior PD-1 inhibitors may have been given as adjuvant therapy only",
        "Prior PD-1 inhibitors allowed in the adjuvant setting only",
        "Prior PD-1 inhibitors only in the adjuvant setting",
    ],
)
def test_a_therapy_in_one_setting_only_keeps_out_who_had_it_in_another(sentence: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [(c.effect, c.settings) for c in rule.carveouts] == [("allows", ("adjuvant",))]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Prior interferon isn't a reason for exclusion. Prior PD-1 inhibitors are.", EXCLUDES),
        ("Prior chemotherapy is not exclusionary, but prior PD-1 inhibitors are", EXCLUDES),
        ("Prior chemotherapy is not allowed, but prior PD-1 inhibitors are", ALLOWS),
        ("Prior chemotherapy is permitted, but prior PD-1 inhibitors are not", EXCLUDES),
    ],
)
def test_what_is_said_of_one_therapy_is_left_unsaid_of_the_next(sentence: str, polarity: Polarity) -> None:
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if "pd-1-inhibitor" in found_keys([r])]
    assert {r.polarity for r in rules} == {polarity}


@pytest.mark.parametrize(
    "sentence",
    [
        "BRAF inhibitors and interferon may have been given before but not in the 4 weeks before first dose",
        "Prior BRAF inhibitors or interferon are not excluded unless last dose < 28 days",
    ],
)
def test_a_time_that_a_permission_leaves_out_is_that_of_all_it_permits(sentence: str) -> None:
    rules = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert found_keys(rules) == {"braf-inhibitor", "interferon"} and {r.window.days for r in rules if r.window} == {28}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Prior treatment with other drugs against PD-1 or CTLA-4", {"pd-1-inhibitor", "ctla-4-inhibitor"}),
        ("Prior treatment with other PD-1/PD-L1 or immune checkpoint drugs", {"immune-checkpoint-inhibitor"}),
        ("Prior immunotherapy (i.e. anti-PD-1 or anti-CTLA-4 antibodies)", {"pd-1-inhibitor", "ctla-4-inhibitor"}),
        ("Prior exposure to any other immunomodulatory agent (IMiD)", {"immunomodulatory-drug"}),
        ("Current use of anticoagulants (vitamin K antagonists)", {"vitamin-k-antagonist"}),
        ("Current use of anticoagulants (vitamin K antagonists or heparin)", {"anticoagulant", "vitamin-k-antagonist", "heparin"}),
        ("Prior EGFR inhibitors, small molecule or antibody", {"egfr-inhibitor"}),
        ("Prior EGFR inhibitors, be they antibodies, TKIs or ADC", {"egfr-inhibitor"}),
        (
            "Chemotherapy, EGFR inhibitors, small molecules or antibodies",
            {"chemotherapy", "egfr-inhibitor", "small-molecule-targeted-therapy"},
        ),
        (
            "Has received > 2 prior systemic regimens or any of: sunitinib, pembrolizumab",
            {"systemic-anticancer-therapy", "sunitinib", "pembrolizumab"},
        ),
        (">= 2 lines of VEGFR-TKI, >= 1 line mTOR", {"vegfr-tyrosine-kinase-inhibitor", "mtor-inhibitor"}),
    ],
)
def test_what_is_meant_by_a_class_or_a_target(sentence: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys(rules) == keys
    assert not any(r.lines and r.lines.maximum for r in rules if not found_keys([r]).isdisjoint({"sunitinib", "mtor-inhibitor"}))


@pytest.mark.parametrize(
    "sentence", ["On GnRH agonists; no other hormonal therapy", "Castrate with GnRH agonists. No additional hormonal agents."]
)
def test_other_therapies_leave_those_that_nobody_is_asked_for(sentence: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["gnrh-agonist"]


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Naive to EGFR-directed and to VEGF-directed agents", {"egfr-inhibitor", "vegf-vegfr-inhibitor"}),
        ("Naive to both PD-1 inhibitors and BTK inhibitors", {"pd-1-inhibitor", "btk-inhibitor"}),
        ("Patients must be na\u00efve to therapies targeting the MAPK pathway.", {"mapk-pathway-inhibitor"}),  # NCT01709292
        ("Naive to agents which specifically target HER2", {"her2-directed-therapy"}),
    ],
)
def test_who_is_naive_to_several_therapies_had_none(sentence: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert found_keys(rules) == keys and {r.polarity for r in rules} == {EXCLUDES}


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        ("Sorafenib as only prior systemic drug therapy.", {"sorafenib"}),
        (
            "The only allowed prior therapy for metastatic disease is an aromatase inhibitor or tamoxifen.",
            {"aromatase-inhibitor", "tamoxifen"},
        ),
        ("Tamoxifen is the sole permitted systemic pretreatment for metastatic disease", {"tamoxifen"}),
        ("The only permitted pretreatment is cytokine therapy", {"cytokine-therapy"}),
        ("Only hydroxyurea and imatinib are permissible as previous treatments.", {"hydroxycarbamide", "imatinib"}),
        ("Prior treatment may consist only of an aromatase inhibitor", {"aromatase-inhibitor"}),
    ],
)
def test_the_only_therapy_that_patients_may_have_had_keeps_all_others_out(sentence: str, freed: set[str]) -> None:
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert found_keys([rule]) == {"systemic-anticancer-therapy"}
    assert {m.key for c in rule.carveouts for m in c.mentions} == freed


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        (
            "Within 6 weeks: nitrosoureas, mitomycin C; within 4 weeks: any antibody; within 2 weeks: any other anticancer treatment",
            {"nitrosourea": 42, "mitomycin": 42, "antibody-based-therapy": 28, "anticancer-therapy": 14},
        ),
        (
            "In the 4 weeks before first dose: chemotherapy, antibody therapy; in the 2 weeks before first dose: TKIs",
            {"chemotherapy": 28, "antibody-based-therapy": 28, "tyrosine-kinase-inhibitor": 14},
        ),
        (
            "Fewer than 3 weeks have passed since the last chemotherapy, or fewer than 4 weeks since the last antibody.",
            {"chemotherapy": 21, "antibody-based-therapy": 28},
        ),
        (
            "It has been less than 21 days since the patient's last chemotherapy or less than 30 days since the last biologic.",
            {"chemotherapy": 21, "biologic-therapy": 30},
        ),
        (
            "Patients who are within 3 weeks of their last chemotherapy or 2 weeks of their last kinase inhibitor",
            {"chemotherapy": 21, "kinase-inhibitor": 14},
        ),
        ("Less than a fortnight since the last hormonal drug or TKI", {"endocrine-therapy": 14, "tyrosine-kinase-inhibitor": 14}),
        ("Targeted agents with a half-life exceeding 4 days within 4 weeks", {"targeted-therapy": 28}),
        ("Therapy aimed at systemic tumour control within 4 weeks prior to first dose", {"systemic-anticancer-therapy": 28}),
        ("Any anticancer medicinal product within 14 days", {"systemic-anticancer-therapy": 14}),
    ],
)
def test_times_ahead_of_their_therapies_are_of_those_behind_them(sentence: str, days: dict[str, int]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key: r.window.days if r.window else None for r in rules for m in r.mentions} == days


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        (
            "Disease progression after standard second-line therapy, and more than 2 weeks since the end of the last antitumor treatment",
            14,
        ),  # NCT06751849
        ("One prior platinum-based regimen, completed no less than 4 weeks before first dose", 28),
    ],
)
def test_the_last_of_the_lines_that_are_asked_for_must_have_ended(sentence: str, days: int) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {(r.polarity, r.window.days if r.window else None, r.lines is None) for r in rules} == {
        (REQUIRES, None, False),
        (EXCLUDES, days, True),
    }


def test_recurrent_or_metastatic_disease_is_abbreviated() -> None:
    """NCT07408063."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any prior systemic therapy in the R/M setting\n")
    assert set(rule.settings) == {"metastatic", "recurrent"}


@pytest.mark.parametrize(
    "disease", ["newly diagnosed (cohort 1) or recurrent (cohort 2)", "primary or metastatic", "relapsed or newly diagnosed"]
)
def test_whatever_a_disease_is_a_first_one_or_not_limits_no_therapy(disease: str) -> None:
    """NCT03878979, whose two cohorts are all that there are."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Patients who have had prior chemotherapy for {disease} head and neck cancer.\n")
    assert (rule.settings, rule.scope.texts) == ((), ())


@pytest.mark.parametrize(
    ("section", "sentence", "key"),
    [
        (OUT, "LHRH agonists/antagonists must be continued.", "gnrh-agonist"),
        (OUT, "Continuation of an LHRH agonist is mandatory for those not surgically castrated", "gnrh-agonist"),
        (OUT, "Stopping of the LHRH agonist is not allowed.", "gnrh-agonist"),
        (OUT, "Patients without orchiectomy should continue their LHRH analogue throughout the trial.", "gnrh-agonist"),
        (OUT, "Patients not orchiectomized must remain on LHRH agonist therapy", "gnrh-agonist"),
        (IN, "Those who have not had an orchiectomy stay on their LHRH agonist.", "gnrh-agonist"),
        (OUT, "These patients must remain on antiviral therapy as per institutional practice", "antiviral"),  # NCT05414032
    ],
)
def test_what_has_to_go_on_keeps_nobody_out(section: str, sentence: str, key: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if key in found_keys([r])]
    assert rule.polarity is ALLOWS


@pytest.mark.parametrize("sentence", ["Patients who must remain on warfarin", "Use of anticoagulants that must be continued"])
def test_who_has_to_go_on_with_a_drug_is_kept_out_where_it_says_who(sentence: str) -> None:
    assert {r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {EXCLUDES}


@pytest.mark.parametrize(
    ("section", "sentence", "wide", "freed"),
    [
        (
            OUT,
            "Any anti-cancer therapy within 28 days; continuation of an LHRH agonist is mandatory for those not surgically castrated",
            "anticancer-therapy",
            "gnrh-agonist",
        ),
        (IN, "Ongoing ADT with a GnRH analogue. No other concurrent hormonal agents within 4 weeks", "endocrine-therapy", "gnrh-agonist"),
        (
            IN,
            "LHRH analogs not to be interrupted; other antineoplastics stopped >= 4 weeks before",
            "systemic-anticancer-therapy",
            "gnrh-agonist",
        ),
        (
            IN,
            "Less than 2 weeks of prior imatinib is acceptable, but no other prior systemic therapy",
            "systemic-anticancer-therapy",
            "imatinib",
        ),
        (
            IN,
            "Patients with imatinib treatment of 14 days or less are permitted; otherwise no prior TKI",
            "tyrosine-kinase-inhibitor",
            "imatinib",
        ),
        (IN, "Only prior endocrine therapy is allowed; no other systemic treatment", "systemic-anticancer-therapy", "endocrine-therapy"),
    ],
)
def test_other_therapies_are_others_than_those_told_of_before(section: str, sentence: str, wide: str, freed: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if wide in found_keys([r]) and r.polarity is EXCLUDES]
    assert ("allows", freed) in [(c.effect, m.key) for c in rule.carveouts for m in c.mentions]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Prior immunotherapy allowed, prior TKI not allowed.", {"immunotherapy": ALLOWS, "tyrosine-kinase-inhibitor": EXCLUDES}),
        ("Prior TKI not allowed, prior immunotherapy allowed.", {"immunotherapy": ALLOWS, "tyrosine-kinase-inhibitor": EXCLUDES}),
        ("Anti-angiogenic therapy for platinum-sensitive relapse", {"antiangiogenic-therapy": EXCLUDES}),
        ("Bevacizumab for platinum-resistant disease", {"bevacizumab": EXCLUDES}),
        ("Prior platinum for platinum-resistant disease", {"platinum-agent": EXCLUDES}),
    ],
)
def test_each_therapy_has_its_own_verb_and_a_disease_named_by_a_drug_none(sentence: str, polarity: dict[str, str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key: r.polarity for r in rules for m in r.mentions} == polarity

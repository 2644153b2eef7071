"""Which drugs are meant by their target, and what an antibody or a conjugate is made of."""

from __future__ import annotations

import pytest
from criteria_world import IN, OUT, found_keys, therapy_rules

from kg.knowledge import Knowledge


def test_a_target_that_is_not_known_narrows_too() -> None:
    """NCT07268053 runs two words together, so that its target is none that the tables hold."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Enoblituzumab, I-Dxd, or otherB7-H3 targeted agents.\n")
    assert found_keys([rule]) == {"enoblituzumab", "ifinatamab-deruxtecan"}
    assert therapy_rules(f"{OUT}:\n\n* Prior anti-XYZ9 monoclonal antibodies\n") == []
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with WEE1-, ATR- or XYZ9-targeted agents\n")
    assert {m.target for m in rule.mentions} == {"wee1", "atr"}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with WEE1 or some unknown protein (XYZQ) targeting agent\n")
    assert {m.target for m in rule.mentions} == {"wee1"}


def test_targets_by_their_long_names_with_the_short_ones_in_brackets() -> None:
    """NCT04599634: agents on CD47 or SIRP, not any targeted therapy."""
    targets = "a cluster of differentiation 47 (CD47) or signal regulatory protein (SIRP)"
    (rule,) = therapy_rules(f"{IN}:\n\n* Participants must not have received prior treatment with {targets} targeting agent\n")
    assert found_keys([rule]) == {"cd47-sirpalpha-inhibitor"}


def test_specific_inhibitors_of_a_target_are_no_unnamed_kinds() -> None:
    """NCT02183870: those that inhibit ALK, not some of them."""
    for words, doubts in (("specific ALK or ROS1 inhibitors", ()), ("certain ALK inhibitors", ("kinds that it does not name",))):
        (rule,) = therapy_rules(f"{OUT}:\n\n* Previous treatment with {words}\n")
        assert rule.doubts == doubts


@pytest.mark.parametrize("words", ["multikinase inhibitors such as sunitinib", "multi-targeted TKIs (e.g. sunitinib)"])
def test_inhibitors_of_many_kinases_are_not_those_of_one(words: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Prior {words}\n")
    assert found_keys(rules) == {"multikinase-inhibitor", "sunitinib"}
    members = Knowledge.load().members("multikinase-inhibitor")
    assert {"sorafenib", "lenvatinib"} <= set(members) and not {"everolimus", "trametinib", "erlotinib"} & set(members)


def test_forms_of_a_targeted_class_are_not_classes_of_their_own() -> None:
    """NCT05466149: antibodies and TKIs against EGFR are meant, not all of them."""
    sentence = "Prior treatment with any EGFR-targeting agents (e.g., EGFR tyrosine kinase inhibitors [TKIs], monoclonal antibodies)."
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"egfr-inhibitor", "egfr-tyrosine-kinase-inhibitor"}


def test_a_therapy_is_told_by_what_it_targets() -> None:
    """NCT00381706: not any therapy, and where the target is no name that is known, none."""
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior therapy which specifically and directly targets the EGFR pathway.\n")
    assert found_keys([rule]) == {"egfr/targeted"} or {m.target for m in rule.mentions} == {"egfr"}
    (rule,) = therapy_rules(f"{IN}:\n\n* No prior therapy which specifically and directly targets the EGF(R) pathway.\n")
    assert {m.target for m in rule.mentions} == {"egfr"}
    assert therapy_rules(f"{IN}:\n\n* No prior therapy which specifically and directly targets the XQZ(R) pathway.\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior therapy targeting same pathway (antibody/ADC/cell therapy)",
        "Prior ADC targeting the same antigen",
        "Prior therapy against the same target (including antibodies, ADC, CAR-T)",
    ],
)
def test_therapy_on_the_same_target_is_not_any_of_its_kind(sentence: str) -> None:
    """NCT07004647."""
    assert not therapy_rules(f"{OUT}:\n\n* {sentence}\n")


def test_antibodies_against_cancer_are_no_others() -> None:
    """NCT02939651, NCT03321630: denosumab is an antibody, and none against cancer."""
    for sentence in (
        "Prior anti-cancer therapy with a monoclonal antibody (mAb) within 4 weeks",
        "A prior anti-cancer monoclonal antibody within 4 weeks",
    ):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert {(m.key, m.also) for m in rule.mentions} == {("monoclonal-antibody", "systemic-anticancer-therapy")}


def test_conjugated_antibodies_are_not_all_antibodies() -> None:
    """NCT02611908."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Radio- or toxin-conjugated antibody therapy within 10 weeks prior to first dose\n")
    assert found_keys([rule]) == {"antibody-drug-conjugate"}


def test_one_generation_of_a_class_is_not_all_of_it() -> None:
    """NCT02468661."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with 3rd generation TKI\n")
    assert rule.doubts == ("kinds that it does not name",)


def test_antibodies_told_by_their_origin_are_not_all_antibodies() -> None:
    """NCT02465983."""
    rules = therapy_rules(f"{OUT}:\n\n* Previous experimental therapy with SS1 moiety, murine or chimeric antibodies\n")
    assert [r.doubts for r in rules if "monoclonal-antibody" in found_keys([r])] == [("kinds that it does not name",)]


def test_drugs_are_told_by_the_targets_that_they_inhibit() -> None:
    """NCT00730821, NCT03592472."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Treatment with an EGFR- or HER2 inhibiting drug within 4 weeks\n"))
    text = f"{IN}:\n\n* No prior vascular endothelial growth factor (VEGF) tyrosine kinase inhibitor\n"
    assert found_keys(therapy_rules(text)) == {"vegfr-tyrosine-kinase-inhibitor"}


@pytest.mark.parametrize(
    ("sentence", "targets"),
    [
        ("Treatment with PD-L1 or TIGIT monoclonal/bispecific antibody, or targeting TGF-β drugs", {"cd274", "tigit"}),  # NCT05537051
        ("Prior agent(s) targeting components of the TIGIT/CD226 pathway", {"tigit-inhibitor"}),  # NCT05130177
        ("Selective inhibitor of the fibroblast growth factor (FGF)-FGFR pathway", {"fgfr-inhibitor"}),  # NCT05913115
        ("Prior anti-Cluster of Differentiation 19 (CD19) therapy", {"cd19-directed-therapy"}),  # NCT03708224
    ],
)
def test_targets_told_at_length(sentence: str, targets: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert targets <= {m.key or m.target for r in rules for m in r.mentions}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Prior anti-CD19/anti-CD3 therapy or any other anti-CD19 therapy", {"cd19-directed-therapy"}),
        ("Prior anti-CD20/CD3 bispecific antibodies", {"cd20-bispecific-antibody"}),
        ("Bispecific antibody therapy directed against CD20 and CD3", {"cd20-bispecific-antibody", "t-cell-engager"}),  # NCT06192888
        ("Prior CD20-directed bispecific therapy", {"cd20-bispecific-antibody"}),
        ("Prior anti-BCMA bispecific", {"bcma-bispecific-antibody"}),
        ("Prior anti-PD-1/VEGF bispecific antibody", {""}),
        ("Previous treatment with T-cell-engager (TcE) or cell therapies targeting DLL3", {"dll3-directed-therapy"}),
        ("Prior CD19-directed T cells", {"cd19-directed-therapy"}),
        ("Prior topoisomerase inhibitor antibody-drug conjugates", {"topoisomerase-i-adc"}),
        ("Treatment with known strong UGTs of UGT1A1, 1A4, 1A9 and 2B4 inhibitors (e.g., atazanavir)", {"ugt1a1/inhibitor/", "atazanavir"}),
        ("Concurrent use of corticosteroid hormones", {"corticosteroid"}),
        ("Hormone anti-tumor treatment within 2 weeks", {"endocrine-therapy"}),
    ],
)
def test_what_engages_carries_or_stands_before_a_name_says_what_is_meant(sentence: str, keys: set[str]) -> None:
    """NCT04836507, NCT05879978, NCT07415863, NCT04791839, NCT07205718, NCT05816499."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Prior treatment with antibodies", {"antibody-based-therapy"}),
        ("Patients who have received antibodies or small molecules", {"antibody-based-therapy", "small-molecule-targeted-therapy"}),
        ("Prior treatment with antibody-toxin conjugates", {"immunotoxin"}),
        ("Patients treated for antibodies to the thyroid", set()),
    ],
)
def test_antibodies_that_were_given_are_a_therapy(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("antibodies against PD-1", "pd-1-inhibitor"),
        ("PD-1-based immunotherapy", "pd-1-inhibitor"),
        ("therapy against CTLA-4", "ctla-4-inhibitor"),
        ("HER2-based regimens", "her2-directed-therapy"),
        ("agents interfering with VEGF signaling", "vegf-vegfr-inhibitor"),
        ("mTOR-inhibitory agents", "mtor-inhibitor"),
        ("immune checkpoint blocking antibodies", "immune-checkpoint-inhibitor"),
    ],
)
def test_what_a_therapy_acts_on_narrows_it(words: str, key: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior treatment with {words}\n")) == {key}


def test_therapy_against_a_tumor_with_a_target_is_none_of_its_drugs() -> None:
    assert therapy_rules(f"{OUT}:\n\n* Prior treatment against EGFR-mutated NSCLC\n") == []


def test_an_abbreviation_in_brackets_does_not_part_a_target_from_its_antibody() -> None:
    """NCT03739710."""
    sentence = "No more than 1 line of Programmed cell death ligand 1 (PD-L1) monoclonal antibody containing regimen"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert rule.mentions[0].target == "cd274"


def test_an_engager_that_is_directed_at_a_target_is_one_of_those_against_it() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior BCMA-directed T-cell engagers\n")
    assert [(m.key, m.also) for m in rule.mentions] == [("bcma-bispecific-antibody", "")]


def test_conjugates_named_by_an_abbreviated_load() -> None:
    """NCT07181473."""
    text = f"{OUT}:\n\n* Topoisomerase 1 inhibitors (TOP1i), including topotecan and TOP1i-based antibody-drug conjugates\n"
    assert "topoisomerase-i-adc" in found_keys(therapy_rules(text))


def test_the_pathway_of_a_growth_factor() -> None:
    """NCT00444678."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior therapy that targets the EGF ( epidermal growth factor) pathway\n")
    assert {m.target for m in rule.mentions} == {"egfr"}


def test_a_protein_may_be_of_a_targets_name() -> None:
    """NCT06393374: unlike "monoclonal protein"."""
    rules = therapy_rules(
        f"{OUT}:\n\n* Received prior therapy with an anti-programmed cell death 1 protein (anti-PD-1) or anti-PD-L2 agent\n"
    )
    assert "pd-1-inhibitor" in found_keys(rules)


@pytest.mark.parametrize("name", ["anti-Programmed Cell Death (PD)-(L) 1 therapy", "anti-PD1/-L1 agents", "PD-1 or L1 inhibitors"])
def test_both_targets_of_a_checkpoint_in_one_name(name: str) -> None:
    """NCT07154290."""
    (mention,) = therapy_rules(f"{OUT}:\n\n* Prior {name}\n")[0].mentions
    assert (mention.key or mention.target).startswith("pd-1-pd-l1")


def test_therapies_specific_for_targets_of_a_list_are_those_alone() -> None:
    """NCT02425306."""
    rules = therapy_rules(f"{OUT}:\n\n* Targeted therapies specific for mutated BRAF or for MEK\n")
    assert {(m.key, m.target) for r in rules for m in r.mentions} == {("", "braf"), ("", "mek")}


def test_checkpoints_of_the_cell_cycle_are_none_of_t_cells() -> None:
    """NCT06369155."""
    text = "Participants may not have had prior receipt of a cell cycle checkpoint inhibitor (e.g., Chek1, Wee1, or ATR inhibition)"
    assert "immune-checkpoint-inhibitor" not in found_keys(therapy_rules(f"{OUT}:\n\n* {text}\n"))


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        # NCT04434040, NCT05215340, NCT06131840, NCT07670312
        ("Prior therapy with any topoisomerase I-containing antibody-drug conjugates", {"topoisomerase-i-adc"}),
        ("Prior treatment with camptothecin-containing antibody drug conjugates", {"topoisomerase-i-adc"}),
        (
            "Any agent, including an antibody-drug conjugate, containing a chemotherapeutic agent targeting topoisomerase I.",
            {"topoisomerase-i-adc", "topoisomerase-i-inhibitor"},
        ),
        (
            "Prior treatment with a TOPO1-targeting ADC (CPT payload), such as Enhertu (trastuzumab deruxtecan)",
            {"topoisomerase-i-adc", "trastuzumab-deruxtecan"},
        ),
        ("Previous treatment with a topoisomerase 1 (TOP1) inhibitor antibody-drug conjugate", {"topoisomerase-i-adc"}),
        # NCT07679360
        ("Antibody coupled drug (ADC) therapy with topoisomerase inhibitors as effective payloads", {"topoisomerase-i-adc"}),
        (
            "Prior treatment with topoisomerase I inhibitors or antibody-drug conjugates",
            {"topoisomerase-i-inhibitor", "antibody-drug-conjugate"},
        ),
        ("Any chemotherapy, including an antibody-drug conjugate, within 4 weeks", {"chemotherapy", "antibody-drug-conjugate"}),
    ],
)
def test_conjugates_are_told_by_their_load(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


def test_a_load_narrows_conjugates_of_one_target() -> None:
    """NCT07174583."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Have prior treatment with DLL3 ADC with a Topo1 inhibitor payload\n")
    assert [(m.target, m.also) for m in rule.mentions] == [("dll3", "topoisomerase-i-adc")]


@pytest.mark.parametrize(
    ("words", "generations"),
    [
        ("first- or second-generation EGFR TKI", "first second"),
        ("first, second or third generation EGFR-TKIs", "first second third"),
        ("1st/2nd generation EGFR TKI", "first second"),
        ("first to third generation EGFR tyrosine kinase inhibitors", "first second third"),
        ("third-generation EGFR TKI", "third"),
    ],
)
def test_generations_share_their_noun(words: str, generations: str) -> None:
    found = found_keys(therapy_rules(f"{OUT}:\n\n* Prior treatment with {words}\n"))
    assert found == {f"{generation}-generation-egfr-tki" for generation in generations.split()}


def test_a_range_of_generations_is_excepted() -> None:
    """NCT06685718."""
    text = f"{OUT}:\n\n* Prior drugs targeting EGFR resistance mutations (except for the first- to third-generation EGFR-TKIs)\n"
    freed = {m.key for r in therapy_rules(text) for c in r.carveouts for m in c.mentions}
    assert freed == {"first-generation-egfr-tki", "second-generation-egfr-tki", "third-generation-egfr-tki"}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Anti-cancer agents known to be myelosuppressive must have been stopped", "myelosuppressive-anticancer-therapy"),
        ("Anti-cancer agents not known to be myelosuppressive must have been stopped", "systemic-anticancer-therapy"),
    ],
)
def test_agents_are_told_by_what_they_do_to_the_marrow(words: str, key: str) -> None:
    """NCT05985161."""
    assert found_keys(therapy_rules(f"{IN}:\n\n* {words} at least 21 days before enrollment\n")) == {key}


@pytest.mark.parametrize(
    ("sentence", "ruled"),
    [
        ("Chemotherapy, or other therapy that is or may be active against myeloma within 2 weeks prior to Cycle 1 Day 1", True),
        ("Use of any drugs with known activity against the tumor within 3 weeks", True),
        ("Patients for whom there is no other therapy known to be active against their cancer", False),
        ("Lack of therapy known to be active against the cancer", False),
    ],
)
def test_what_is_active_against_the_cancer_is_cancer_therapy(sentence: str, ruled: bool) -> None:
    """NCT00401011."""
    assert ("systemic-anticancer-therapy" in found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))) is ruled


def test_an_indication_in_brackets_hides_no_other_therapy() -> None:
    """NCT00401011."""
    sentence = (
        "Corticosteroids (except as indicated for other conditions), or other therapy that may be active against myeloma within 2 weeks"
    )
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"corticosteroid", "systemic-anticancer-therapy"}

"""What follows from the tables: class membership with proof, half-lives, roles through metabolites, the condition tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from tables_world import add_row, load, write_world

from kg.knowledge import Knowledge


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return load(write_world(tmp_path_factory.mktemp("world")))[0]


def changed(tmp_path: Path, table: str, **cells: str) -> Knowledge:
    directory = write_world(tmp_path)
    add_row(directory, table, **cells)
    return Knowledge.load(directory)


def test_primary_target_makes_a_class_and_its_parents(world: Knowledge) -> None:
    memberships = world.memberships("trametinib")
    assert {"mek-inhibitor", "kinase-inhibitor", "targeted-therapy", "systemic-anticancer-therapy", "anticancer-therapy"} <= set(
        memberships
    )
    assert memberships["mek-inhibitor"].grade == "plain"


def test_proof_names_each_step_with_its_source(world: Knowledge) -> None:
    path = world.memberships("trametinib")["kinase-inhibitor"].path
    assert [step.text for step in path] == ["trametinib → primary target MEK1/2 (inhibitor)", "→ MEK inhibitor", "→ kinase inhibitor"]
    assert [step.source for step in path] == ["doc-1", "doc-1", "recalled"]


def test_part_of_the_class_target_counts(world: Knowledge) -> None:
    membership = world.memberships("selumetinib")["mek-inhibitor"]
    assert membership.grade == "plain"
    assert [step.text for step in membership.path][:2] == ["selumetinib → primary target MAP2K1 (inhibitor)", "→ part of MEK1/2"]


def test_family_target_makes_classes_of_its_parts(world: Knowledge) -> None:
    assert world.memberships("trametinib")["mek1-inhibitor"].plain


def test_secondary_target_makes_no_class(world: Knowledge) -> None:
    assert "mek-inhibitor" not in world.memberships("bosutinib")
    assert "bcr-abl-inhibitor" in world.memberships("bosutinib")


def test_who_inhibits_a_mutant_inhibits_the_gene_but_not_the_other_way_round(world: Knowledge) -> None:
    assert "egfr-tyrosine-kinase-inhibitor" in world.memberships("osimertinib")
    assert "egfr-t790m-inhibitor" not in world.memberships("gefitinib")


def test_antibody_is_no_kinase_inhibitor(world: Knowledge) -> None:
    memberships = world.memberships("cetuximab")
    assert "anti-egfr-antibody" in memberships
    assert "egfr-inhibitor" in memberships
    assert "egfr-tyrosine-kinase-inhibitor" not in memberships


def test_loosely_fitting_action_is_arguable(world: Knowledge) -> None:
    assert world.memberships("degraderol")["egfr-tyrosine-kinase-inhibitor"].grade == "arguable"
    assert world.memberships("degraderol")["targeted-therapy"].grade == "arguable"


def test_arguable_edge_makes_what_follows_arguable(world: Knowledge) -> None:
    assert world.memberships("trametinib")["tyrosine-kinase-inhibitor"].grade == "arguable"
    assert world.memberships("gefitinib")["tyrosine-kinase-inhibitor"].grade == "plain"


def test_two_arguable_steps_lead_nowhere() -> None:
    """G-CSF is arguably a cytokine therapy, and biologics arguably therapy of cancer; filgrastim is no anticancer drug for that."""
    filgrastim = Knowledge.load().memberships("filgrastim")
    assert filgrastim["biologic-therapy"].grade == "arguable"
    assert "systemic-anticancer-therapy" not in filgrastim


def test_plain_path_wins_over_an_arguable_one(world: Knowledge) -> None:
    everolimus = world.memberships("everolimus")
    assert everolimus["kinase-inhibitor"].grade == "arguable"
    assert everolimus["targeted-therapy"].grade == "plain"


def test_a_row_that_calls_a_membership_arguable_outweighs_the_tree(tmp_path: Path) -> None:
    row = {"drug": "everolimus", "class": "targeted-therapy", "membership": "arguable", "reason": "it is given after transplants too"}
    memberships = changed(tmp_path, "drug_classes", **row, source="recalled", to_check="a label").memberships("everolimus")
    assert memberships["targeted-therapy"].grade == memberships["systemic-anticancer-therapy"].grade == "arguable"


def test_denied_class_is_not_entered_and_other_paths_stay(world: Knowledge) -> None:
    sirolimus = world.memberships("sirolimus")
    assert "mtor-inhibitor" in sirolimus
    assert "immunosuppressant" in sirolimus
    assert not {"targeted-therapy", "systemic-anticancer-therapy", "anticancer-therapy"} & set(sirolimus)


def test_denial_of_one_path_leaves_the_class_reached_by_another(tmp_path: Path) -> None:
    knowledge = changed(
        tmp_path, "drug_classes", drug="trametinib", **{"class": "kinase-inhibitor"}, membership="not", reason="for this test"
    )
    memberships = knowledge.memberships("trametinib")
    assert "kinase-inhibitor" not in memberships
    assert "targeted-therapy" not in memberships
    assert "mek-inhibitor" in memberships


def test_members_are_the_inverse_of_memberships(world: Knowledge) -> None:
    assert set(world.members("mek-inhibitor")) == {"trametinib", "selumetinib"}
    for drug in world.drugs:
        for drug_class in world.memberships(drug):
            assert drug in world.members(drug_class)


def test_unknown_drug_and_class_raise(world: Knowledge) -> None:
    with pytest.raises(KeyError):
        world.memberships("nothing")
    with pytest.raises(KeyError):
        world.members("nothing")


def test_members_by_target_without_a_class(world: Knowledge) -> None:
    assert set(world.members_by_target("parp", "blocker")) == {"rucaparib"}
    assert set(world.members_by_target("egfr", "antibody")) == {"cetuximab"}
    assert world.members_by_target("egfr", "blocker")["degraderol"].grade == "arguable"
    assert set(world.members_by_target("egfr", "targeted")) == {"cetuximab", "degraderol", "gefitinib", "osimertinib"}
    assert world.members_by_target("dll3", "targeted") == {}


def test_class_tree(world: Knowledge) -> None:
    assert "anticancer-therapy" in world.class_ancestors("mek1-inhibitor")
    assert "mek1-inhibitor" in world.class_descendants("anticancer-therapy")
    assert "mek-inhibitor" not in world.class_ancestors("mek-inhibitor")


def test_roles_keep_sources_that_differ_and_come_through_metabolites(world: Knowledge) -> None:
    assert sorted((r.strength, r.evidence.source) for r in world.pk_roles("itraconazole")) == [("moderate", "doc-2"), ("strong", "doc-1")]
    roles = world.pk_roles("temsirolimus")
    assert [(r.strength, r.metabolite) for r in roles] == [("moderate", ""), ("sensitive", "sirolimus")]
    assert all(r.drug == "temsirolimus" for r in roles)
    assert len(world.pk_roles("temsirolimus", include_metabolites=False)) == 1


def test_half_life_spans_sources_and_keeps_metabolites_apart(world: Knowledge) -> None:
    temsirolimus = world.half_life("temsirolimus")
    assert temsirolimus is not None
    assert (temsirolimus.low_hours, temsirolimus.high_hours) == (9, 27)
    assert [(m.name, m.high_hours) for m in temsirolimus.metabolites] == [("sirolimus", 78)]
    assert temsirolimus.longest_hours == 78
    imatinib = world.half_life("imatinib")
    assert imatinib is not None
    assert imatinib.longest_hours == 40
    assert world.half_life("rucaparib") is None


def test_properties_of_metabolites_count(world: Knowledge) -> None:
    assert [(p.property, p.metabolite) for p in world.properties("temsirolimus")] == [("immunosuppressive", "sirolimus")]


def test_conditions_cover_what_is_below_them(world: Knowledge) -> None:
    assert world.covers("sarcoma", "synovial-sarcoma")
    assert world.covers("solid-tumor", "synovial-sarcoma")
    assert world.covers("sarcoma", "sarcoma")
    assert not world.covers("synovial-sarcoma", "sarcoma")
    assert not world.covers("solid-tumor", "acute-lymphoblastic-leukemia")
    assert "synovial-sarcoma" in world.condition_descendants("cancer")


# --- the bundled tables ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drug", "drug_class", "grade"),
    [
        ("trametinib", "mek-inhibitor", "plain"),
        ("trametinib", "targeted-therapy", "plain"),
        ("trametinib", "tyrosine-kinase-inhibitor", "arguable"),
        ("vemurafenib", "braf-inhibitor", "plain"),
        ("vemurafenib", "tyrosine-kinase-inhibitor", "arguable"),
        ("everolimus", "mtor-inhibitor", "plain"),
        ("everolimus", "immunosuppressant", "plain"),
        ("imatinib", "tyrosine-kinase-inhibitor", "plain"),
        ("pembrolizumab", "pd-1-inhibitor", "plain"),
        ("pembrolizumab", "immunotherapy", "plain"),
        ("carboplatin", "platinum-agent", "plain"),
        ("doxorubicin", "anthracycline", "plain"),
        ("doxorubicin", "chemotherapy", "plain"),
        ("lomustine", "nitrosourea", "plain"),
        ("sunitinib", "vegfr-tyrosine-kinase-inhibitor", "plain"),
        ("prednisone", "corticosteroid", "plain"),
    ],
)
def test_mainstream_memberships(drug: str, drug_class: str, grade: str) -> None:
    membership = Knowledge.load().memberships(drug).get(drug_class)
    assert membership is not None
    assert membership.grade == grade
    assert membership.path


@pytest.mark.parametrize(
    ("drug", "drug_class"),
    [
        ("bosutinib", "mek-inhibitor"),
        ("imatinib", "chemotherapy"),
        ("pembrolizumab", "chemotherapy"),
        ("pembrolizumab", "tyrosine-kinase-inhibitor"),
        ("everolimus", "tyrosine-kinase-inhibitor"),
        ("cetuximab", "tyrosine-kinase-inhibitor"),
        ("amoxicillin", "anticancer-therapy"),
        ("omeprazole", "anticancer-therapy"),
    ],
)
def test_mainstream_non_memberships(drug: str, drug_class: str) -> None:
    assert drug_class not in Knowledge.load().memberships(drug)


def test_cancer_tree() -> None:
    knowledge = Knowledge.load()
    for general in ("sarcoma", "soft-tissue-sarcoma", "solid-tumor", "cancer"):
        assert knowledge.covers(general, "synovial-sarcoma")
    assert knowledge.covers("hematologic-malignancy", "acute-myeloid-leukemia")
    assert not knowledge.covers("solid-tumor", "acute-myeloid-leukemia")
    assert knowledge.covers("lung-cancer", "lung-adenocarcinoma")
    assert knowledge.covers("infection", "hiv-infection")
    assert len([c for c in knowledge.conditions.values() if c.kind == "neoplasm"]) >= 300


def test_regimens_are_made_of_known_drugs() -> None:
    knowledge = Knowledge.load()
    assert len(knowledge.regimens) >= 80
    assert set(knowledge.regimens["maid"].drugs) == {"mesna", "doxorubicin", "ifosfamide", "dacarbazine"}
    for regimen in knowledge.regimens.values():
        assert len(regimen.drugs) >= 2, regimen.key
        assert set(regimen.drugs) <= set(knowledge.drugs)

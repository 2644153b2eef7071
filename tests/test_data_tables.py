"""The bundled tables hold what they promise: how much, from where, and the pharmacology that nobody disputes."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from kg import tables
from kg.knowledge import Knowledge
from kg.names import Names

EVIDENCED = [name for name, table in tables.SCHEMA.items() if table.evidence]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


def anticancer(knowledge: Knowledge) -> set[str]:
    return {drug for drug in knowledge.drugs if "anticancer-therapy" in knowledge.memberships(drug)}


# --- how much -------------------------------------------------------------------------------------------------------------------------


def test_anticancer_agents(knowledge: Knowledge) -> None:
    assert len(anticancer(knowledge)) >= 800


def test_classes(knowledge: Knowledge) -> None:
    assert len(knowledge.classes) >= 250


def test_other_drugs_of_patients(knowledge: Knowledge) -> None:
    assert len(set(knowledge.drugs) - anticancer(knowledge)) >= 600


def test_roles_at_enzymes_and_transporters() -> None:
    rows = tables.read("pk_roles")
    assert len(rows) >= 700
    assert {row["enzyme"] for row in rows} >= set(
        "cyp1a2 cyp2b6 cyp2c8 cyp2c9 cyp2c19 cyp2d6 cyp3a4 p-gp bcrp oatp1b1 oatp1b3 ugt1a1".split()
    )


def test_half_lives(knowledge: Knowledge) -> None:
    assert sum(knowledge.half_life(drug) is not None for drug in knowledge.drugs) >= 400


@pytest.mark.parametrize("drug", ["goserelin", "leuprorelin", "octreotide", "triptorelin"])
def test_a_depot_goes_on_after_its_drug_would_be_gone(knowledge: Knowledge, drug: str) -> None:
    """Whether five half-lives are over three weeks after an injection, which no date of it tells, is left open."""
    half_life = knowledge.half_life(drug)
    assert half_life is not None and 5 * half_life.low_hours < 21 * 24 < 5 * half_life.longest_hours


@pytest.mark.parametrize(
    "kinds",
    [
        "azole-antifungal macrolide rifamycin anticonvulsant antiretroviral calcium-channel-blocker statin anticoagulant antiplatelet",
        "corticosteroid immunosuppressant proton-pump-inhibitor h2-blocker antacid opioid antidepressant antiemetic qt-prolonging-drug",
        "growth-factor antibiotic analgesic antihistamine antihypertensive antidiabetic thyroid-hormone stimulant bronchodilator",
        "muscle-relaxant herbal-product grapefruit-product live-vaccine sex-hormone",
    ],
)
def test_each_group_of_common_drugs_has_members(knowledge: Knowledge, kinds: str) -> None:
    assert {kind: len(knowledge.members(kind)) for kind in kinds.split() if len(knowledge.members(kind)) < 2} == {}


def test_targeted_agents_have_a_primary_target(knowledge: Knowledge) -> None:
    """Of the drugs in a mechanism that a target defines, nearly all say by which target."""
    members = {drug for key in knowledge.defined_classes if knowledge.classes[key].kind == "mechanism" for drug in knowledge.members(key)}
    without = [drug for drug in members if not knowledge.drug_targets(drug)]
    assert len(without) <= len(members) // 20


def test_a_class_says_which_memberships_are_arguable(knowledge: Knowledge) -> None:
    grades = Counter(row["membership"] for row in tables.read("drug_classes"))
    assert all(grades[grade] > 50 for grade in ("plain", "arguable", "not"))
    assert [row for row in tables.read("drug_classes") if row["membership"] != "plain" and not row["reason"]] == []


# --- from where -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVIDENCED)
def test_every_row_names_its_source(name: str) -> None:
    known = {row["source"] for row in tables.read("sources")}
    for line, row in enumerate(tables.read(name), 2):
        assert row["source"] in known, f"{name}:{line}"
        assert (row["source"] == "recalled") == bool(row["to_check"]), f"{name}:{line}"


def test_every_source_is_cited_and_stands_once() -> None:
    sources = tables.read("sources")
    cited = {row["source"] for name in EVIDENCED for row in tables.read(name)}
    assert [row["source"] for row in sources if row["source"] not in cited] == []
    places = Counter((row["url"] or row["title"]).rstrip("/") for row in sources)
    assert [place for place, number in places.items() if number > 1] == []


def test_identifiers_are_read_not_recalled() -> None:
    for name in ("drug_identifiers", "condition_identifiers", "class_identifiers"):
        assert [row for row in tables.read(name) if row["source"] == "recalled"] == []


def test_genes_have_their_public_identifiers() -> None:
    genes = [row for row in tables.read("targets") if row["kind"] == "gene"]
    assert [row["target"] for row in genes if not (row["hgnc"] and row["uniprot"]) or row["source"] == "recalled"] == []


@pytest.mark.parametrize(("prefix", "at_least"), [("unii", 0.8), ("mesh", 0.6), ("drugbank", 0.6), ("chembl", 0.44), ("ncit", 0.2)])
def test_most_drugs_have_public_identifiers(knowledge: Knowledge, prefix: str, at_least: float) -> None:
    have = {row["drug"] for row in tables.read("drug_identifiers") if row["curie"].startswith(f"{prefix}:")}
    assert len(have) / len(knowledge.drugs) >= at_least


@pytest.mark.parametrize(
    ("drug", "curie"),
    [
        ("selumetinib", "unii:6UH91I579U"),
        ("trametinib", "unii:33E86K87QN"),
        ("imatinib", "chebi:45783"),
        ("abiraterone", "rxnorm:1100072"),
    ],
)
def test_known_identifiers(drug: str, curie: str) -> None:
    assert curie in {row["curie"] for row in tables.read("drug_identifiers") if row["drug"] == drug}


@pytest.mark.parametrize(
    ("table", "at_least"),
    [
        ("drugs", 0.95),
        ("drug_names", 0.8),
        ("classes", 0.85),
        ("drug_classes", 0.7),
        ("half_lives", 0.5),
        ("pk_roles", 0.55),
        ("targets", 0.8),
        ("drug_targets", 0.6),
    ],
)
def test_share_of_rows_that_were_read(table: str, at_least: float) -> None:
    rows = tables.read(table)
    assert sum(row["source"] != "recalled" for row in rows) / len(rows) >= at_least


def test_an_identifier_belongs_to_one_thing() -> None:
    """ATC groups combinations and forms, and so may be shared; a substance's own number may not."""
    for name, column in (("drug_identifiers", "drug"), ("condition_identifiers", "condition")):
        owners: dict[str, set[str]] = {}
        for row in tables.read(name):
            if not row["curie"].startswith("atc:"):
                owners.setdefault(row["curie"], set()).add(row[column])
        assert {curie: things for curie, things in owners.items() if len(things) > 1} == {}


def test_a_group_of_a_class_holds_only_drugs_of_the_class(knowledge: Knowledge) -> None:
    """Who takes something of an ATC group takes something of the class, whichever drug of the group it is."""
    groups = {curie: key for key, group in knowledge.classes.items() for curie in group.identifiers if curie.startswith("atc:")}
    outside = [
        (curie, drug.key, groups[group])
        for drug in knowledge.drugs.values()
        for curie in drug.identifiers
        for group in groups
        if curie.startswith(group)
        if not ((found := knowledge.memberships(drug.key).get(groups[group])) and found.plain)
    ]
    assert len(groups) >= 140 and outside == []


def test_genes_of_targets_belong_to_one_target() -> None:
    owners: dict[str, set[str]] = {}
    for row in tables.read("targets"):
        if row["kind"] == "gene" and row["hgnc"]:
            owners.setdefault(row["hgnc"], set()).add(row["target"])
    assert {number: targets for number, targets in owners.items() if len(targets) > 1} == {}


def test_no_text_of_the_tables_holds_a_place_on_a_machine() -> None:
    for name in tables.SCHEMA:
        for line, row in enumerate(tables.read(name), 2):
            assert not re.search(r"(?<![\w.])/(?:home|root|tmp|work|usr)/|C:\\\\", "".join(row.values())), f"{name}:{line}"


# --- pharmacology ---------------------------------------------------------------------------------------------------------------------

PLAIN = {
    "trametinib": "mek-inhibitor kinase-inhibitor serine-threonine-kinase-inhibitor mapk-pathway-inhibitor targeted-therapy",
    "selumetinib": "mek-inhibitor kinase-inhibitor targeted-therapy",
    "vemurafenib": "braf-inhibitor raf-inhibitor mapk-pathway-inhibitor kinase-inhibitor targeted-therapy",
    "everolimus": "mtor-inhibitor rapalog pi3k-akt-mtor-pathway-inhibitor kinase-inhibitor targeted-therapy immunosuppressant",
    "temsirolimus": "mtor-inhibitor rapalog",
    "imatinib": "bcr-abl-inhibitor kit-inhibitor pdgfr-inhibitor tyrosine-kinase-inhibitor targeted-therapy",
    "sunitinib": "vegfr-inhibitor pdgfr-inhibitor kit-inhibitor tyrosine-kinase-inhibitor antiangiogenic-therapy targeted-therapy",
    "pembrolizumab": "pd-1-inhibitor monoclonal-antibody immune-checkpoint-inhibitor immunotherapy biologic-therapy",
    "doxorubicin": "anthracycline chemotherapy topoisomerase-ii-inhibitor",
    "carboplatin": "platinum-agent chemotherapy",
    "itraconazole": "azole-antifungal triazole-antifungal antifungal anti-infective",
    "fluconazole": "azole-antifungal triazole-antifungal antifungal anti-infective",
    "rifampicin": "rifamycin antibiotic antimycobacterial anti-infective",
    "omeprazole": "proton-pump-inhibitor gastric-acid-reducer",
    "warfarin": "vitamin-k-antagonist anticoagulant oral-anticoagulant antithrombotic",
    "prednisone": "corticosteroid systemic-corticosteroid glucocorticoid immunosuppressant",
    "st-johns-wort": "herbal-product",
    "olaparib": "parp-inhibitor targeted-therapy",
    "osimertinib": "third-generation-egfr-tki egfr-inhibitor tyrosine-kinase-inhibitor",
    "trastuzumab-deruxtecan": "antibody-drug-conjugate her2-directed-adc her2-directed-therapy",
    "ipilimumab": "ctla-4-inhibitor immune-checkpoint-inhibitor",
    "atezolizumab": "pd-l1-inhibitor pd-1-pd-l1-inhibitor",
    "lenalidomide": "immunomodulatory-drug",
    "bortezomib": "proteasome-inhibitor",
    "venetoclax": "bcl2-inhibitor",
    "ibrutinib": "btk-inhibitor covalent-btk-inhibitor",
    "rituximab": "anti-cd20-antibody monoclonal-antibody",
    "bevacizumab": "antiangiogenic-therapy vegf-vegfr-inhibitor monoclonal-antibody",
    "tamoxifen": "serm endocrine-therapy",
    "enzalutamide": "androgen-receptor-pathway-inhibitor endocrine-therapy",
    "tisagenlecleucel": "car-t-cell-therapy cd19-car-t cell-therapy",
    "lutetium-lu-177-vipivotide-tetraxetan": "psma-directed-radioligand radiopharmaceutical",
}  # fmt: skip


@pytest.mark.parametrize(("drug", "classes"), PLAIN.items())
def test_plain_memberships(knowledge: Knowledge, drug: str, classes: str) -> None:
    memberships = knowledge.memberships(drug)
    assert [key for key in classes.split() if key not in memberships or not memberships[key].plain] == []


@pytest.mark.parametrize(
    "drug", "trametinib vemurafenib everolimus imatinib pembrolizumab doxorubicin carboplatin sunitinib emzadirib zotatifin omo-103".split()
)
def test_all_of_these_are_systemic_anticancer_therapy(knowledge: Knowledge, drug: str) -> None:
    assert knowledge.memberships(drug)["systemic-anticancer-therapy"].plain


@pytest.mark.parametrize(
    ("drug", "drug_class"),
    [
        *((drug, "chemotherapy") for drug in ("trametinib", "vemurafenib", "everolimus", "imatinib", "sunitinib", "pembrolizumab")),
        ("everolimus", "tyrosine-kinase-inhibitor"),
        ("imatinib", "vegfr-inhibitor"),
        ("imatinib", "egfr-inhibitor"),
        ("imatinib", "met-inhibitor"),
        ("bosutinib", "mek-inhibitor"),
        ("carboplatin", "targeted-therapy"),
        ("denosumab", "systemic-anticancer-therapy"),
        ("adalimumab", "systemic-anticancer-therapy"),
        ("prednisone", "chemotherapy"),
        ("warfarin", "anticancer-therapy"),
    ],
)
def test_not_a_member(knowledge: Knowledge, drug: str, drug_class: str) -> None:
    assert drug_class not in knowledge.memberships(drug)


STEMS = {
    "parib": "parp-inhibitor", "ciclib": "cdk-inhibitor", "lisib": "pi3k-inhibitor", "degib": "hedgehog-inhibitor",
    "zomib": "proteasome-inhibitor", "rasib": "ras-inhibitor", "menib": "menin-inhibitor", "domide": "immunomodulatory-drug",
    "platin": "platinum-agent", "taxel": "taxane", "tecan": "topoisomerase-i-inhibitor", "vedotin": "mmae-adc",
    "tansine": "maytansinoid-adc", "vastatin": "statin", "xaban": "factor-xa-inhibitor",
}  # fmt: skip
NOT_BY_STEM = {"iniparib", "deruxtecan", "maytansine", "laventatug-tivedotin"}
"""Iniparib turned out not to inhibit PARP, deruxtecan and maytansine are payloads, tivedotin is another payload than vedotin."""


@pytest.mark.parametrize(("stem", "drug_class"), STEMS.items())
def test_the_stem_of_a_name_says_the_class(knowledge: Knowledge, stem: str, drug_class: str) -> None:
    drugs = [drug for drug in knowledge.drugs if drug.endswith(stem) and drug not in NOT_BY_STEM]
    assert drugs
    assert [drug for drug in drugs if drug_class not in knowledge.memberships(drug)] == []


@pytest.mark.parametrize("drug", ["trametinib", "vemurafenib"])
def test_tyrosine_kinase_inhibitor_is_arguable_for_serine_kinase_inhibitors(knowledge: Knowledge, drug: str) -> None:
    assert knowledge.memberships(drug)["tyrosine-kinase-inhibitor"].grade == "arguable"


@pytest.mark.parametrize(
    ("drug", "enzyme", "role", "strength"),
    [
        ("itraconazole", "cyp3a4", "inhibitor", "strong"),
        ("itraconazole", "p-gp", "inhibitor", ""),
        ("fluconazole", "cyp3a4", "inhibitor", "moderate"),
        ("fluconazole", "cyp2c9", "inhibitor", "moderate"),
        ("fluconazole", "cyp2c19", "inhibitor", "strong"),
        ("rifampicin", "cyp3a4", "inducer", "strong"),
        *(("rifampicin", enzyme, "inducer", "") for enzyme in ("cyp2c9", "cyp2c19", "cyp2c8", "cyp2b6", "p-gp")),
        ("rifampicin", "cyp1a2", "inducer", "moderate"),
        ("omeprazole", "cyp2c19", "inhibitor", ""),
        ("warfarin", "cyp2c9", "substrate", ""),
        ("st-johns-wort", "cyp3a4", "inducer", ""),
        ("st-johns-wort", "p-gp", "inducer", ""),
        ("everolimus", "cyp3a4", "substrate", "sensitive"),
        ("ketoconazole", "cyp3a4", "inhibitor", "strong"),
        ("gemfibrozil", "cyp2c8", "inhibitor", "strong"),
        ("fluvoxamine", "cyp1a2", "inhibitor", "strong"),
        ("paroxetine", "cyp2d6", "inhibitor", "strong"),
        ("digoxin", "p-gp", "substrate", ""),
        ("rosuvastatin", "bcrp", "substrate", ""),
        ("irinotecan", "ugt1a1", "substrate", ""),
    ],
)
def test_roles_that_nobody_disputes(knowledge: Knowledge, drug: str, enzyme: str, role: str, strength: str) -> None:
    found = {row.strength for row in knowledge.pk_roles(drug) if (row.enzyme, row.role) == (enzyme, role)}
    assert found
    assert not strength or strength in found


@pytest.mark.parametrize("role", ["inhibitor", "inducer"])
@pytest.mark.parametrize("drug", ["omeprazole", "warfarin"])
def test_no_strong_or_moderate_role_at_cyp3a4(knowledge: Knowledge, drug: str, role: str) -> None:
    found = {row.strength for row in knowledge.pk_roles(drug) if (row.enzyme, row.role) == ("cyp3a4", role)}
    assert not found & {"strong", "moderate"}


@pytest.mark.parametrize("drug", ["erythromycin", "st-johns-wort", "phenobarbital", "ribociclib"])
def test_sources_that_differ_are_all_kept(knowledge: Knowledge, drug: str) -> None:
    roles = [r for r in knowledge.pk_roles(drug) if r.enzyme == "cyp3a4" and r.role != "substrate" and r.strength != "unspecified"]
    assert len({row.strength for row in roles}) > 1


@pytest.mark.parametrize(
    ("drug", "low", "high"),
    [
        ("sunitinib", 40, 60),
        ("imatinib", 18, 20),
        ("everolimus", 26, 38),
        ("trametinib", 90, 130),
        ("pembrolizumab", 400, 700),
        ("amiodarone", 300, 3000),
        ("itraconazole", 15, 64),
        ("warfarin", 20, 60),
        ("prednisone", 1, 4),
        ("carboplatin", 1, 24),
    ],
)
def test_half_lives_lie_where_they_should(knowledge: Knowledge, drug: str, low: float, high: float) -> None:
    half_life = knowledge.half_life(drug)
    assert half_life is not None
    assert half_life.low_hours <= high
    assert low <= half_life.high_hours


def test_active_metabolite_counts_in_the_half_life(knowledge: Knowledge) -> None:
    half_life = knowledge.half_life("sunitinib")
    assert half_life is not None
    assert half_life.high_hours <= 60 < 80 <= half_life.longest_hours <= 110


def test_qt_grades(knowledge: Knowledge) -> None:
    def grades(drug: str) -> set[str]:
        return {row.grade for row in knowledge.properties(drug) if row.property == "qt-prolonging"}

    assert "known" in grades("fluconazole") | grades("ondansetron") | grades("amiodarone")
    assert "known" in grades("fluconazole")
    assert grades("amoxicillin") == set()


@pytest.mark.parametrize(
    ("general", "special"),
    [("solid-tumor", "synovial-sarcoma"), ("sarcoma", "synovial-sarcoma"), ("soft-tissue-sarcoma", "leiomyosarcoma")],
)
def test_the_cancer_tree(knowledge: Knowledge, general: str, special: str) -> None:
    names = Names.of(knowledge)
    assert knowledge.covers(names.resolve_condition(general.replace("-", " ")).key, special)


def test_a_benign_tumour_is_no_cancer(knowledge: Knowledge) -> None:
    assert not knowledge.covers("cancer", "benign-neoplasm")


@pytest.mark.parametrize(
    ("regimen", "drugs"),
    [
        ("MAID", "mesna doxorubicin ifosfamide dacarbazine"),
        ("AIM", "doxorubicin ifosfamide mesna"),
        ("R-CHOP", "rituximab cyclophosphamide doxorubicin vincristine prednisone"),
        ("FOLFOX", "leucovorin fluorouracil oxaliplatin"),
        ("FOLFIRINOX", "leucovorin fluorouracil irinotecan oxaliplatin"),
        ("ABVD", "doxorubicin bleomycin vinblastine dacarbazine"),
    ],
)
def test_regimens_have_their_components(knowledge: Knowledge, regimen: str, drugs: str) -> None:
    key = Names.of(knowledge).resolve_therapy(regimen).key
    assert set(knowledge.regimens[key].drugs) == set(drugs.split())

"""Classes and roles that the words beside them narrow: by a target, an alteration, a strength told before, a family of transporters."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, found_keys, therapy_rules


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        # NCT05687110
        (
            "Substrates of breast cancer resistance protein (BCRP/ABCG2) and/or organic anion transporting polypeptides (OATP1B1, OATP1B3 "
            "and OATP2B1) and/or organic anion transporters (OAT1 and OAT3)",
            {f"{t}/substrate/" for t in ("bcrp", "oatp1b1", "oatp1b3", "oatp2b1", "oat1", "oat3")},
        ),
        # NCT07174583
        ("Inhibitors of P-gp, BCRP, and OATPIB1/OATP1B3", {f"{t}/inhibitor/" for t in ("p-gp", "bcrp", "oatp1b1", "oatp1b3")}),
        # NCT06232044
        ("Strong inhibitors of OATP", {f"{t}/inhibitor/strong" for t in ("oatp1b1", "oatp1b3", "oatp2b1")}),
        # NCT05687136: a comma that slipped in twice
        ("Substrates of CYP3A4/5, , P-gp, BCRP", {f"{t}/substrate/" for t in ("cyp3a4", "p-gp", "bcrp")}),
        # NCT03595917: "of" is missing
        ("Moderate and strong inhibitors CYP3A4/5", {"cyp3a4/inhibitor/moderate+strong"}),
    ],
)
def test_transporters_by_family_and_spelled_out(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


def test_a_narrow_index_told_before_what_the_drugs_are_substrates_of() -> None:
    """NCT01432951."""
    sentence = "Drugs with narrow therapeutic windows that are also known substrates of CYP2C9, CYP2C19, and CYP3A are excluded"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert len(rule.mentions) == 3 and all(m.narrow_index for m in rule.mentions)


def test_a_narrow_index_told_before_of_one_drug() -> None:
    for text in (
        "Medication with a narrow therapeutic window that is a CYP3A4 substrate",
        "Sensitive, narrow therapeutic index CYP3A4 substrates",
    ):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {text}\n")
        assert all(m.narrow_index for m in rule.mentions)


def test_such_inhibitors_are_as_strong_as_those_told_of_before() -> None:
    """NCT05407441."""
    text = "Subjects receiving strong inhibitors of CYP3A4 are not eligible. Such inhibitors of CYP3A4 are prohibited from 14 days prior."
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {text}\n")) == {"cyp3a4/inhibitor/strong"}


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Patients on medications for epilepsy", "anticonvulsant"),
        ("Use of drugs to control heart rhythm", "antiarrhythmic"),
        ("Heart failure, or on medication for arrhythmia", "antiarrhythmic"),
        ("Hypertension not controlled by medication for high blood pressure", None),
        ("Blood pressure ≥ 150/90 mmHg on medication for hypertension", None),
        ("Change in medication for diabetes within 4 weeks", None),
    ],
)
def test_medicines_may_be_told_by_what_they_are_for(sentence: str, key: str | None) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == ({key} if key else set())


@pytest.mark.parametrize(
    ("sentence", "named", "alike"),
    [
        # NCT03416231
        ("Treated with anticoagulants such as Warfarin, heparin, or other similar drugs", {"anticoagulant", "warfarin", "heparin"}, "anticoagulant"),
        ("Patients taking itraconazole, ketoconazole or similar agents", {"itraconazole", "ketoconazole"}, "azole-antifungal"),
        # NCT06046391
        ("Subjects who have been treated by Omalizumab or other similar drugs", {"omalizumab"}, "anti-ige-antibody"),
        ("Use of phenytoin, carbamazepine, and agents like these", {"phenytoin", "carbamazepine"}, "enzyme-inducing-anticonvulsant"),
        ("Hypersensitivity to omalizumab or related drugs", set(), None),  # NCT00377572
    ],
)  # fmt: skip
def test_drugs_like_those_named_are_left_open(sentence: str, named: set[str], alike: str | None) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([r for r in rules if not r.doubts]) == named
    open_ones = [r for r in rules if r.doubts]
    assert found_keys(open_ones) == ({alike} if alike else set()) and {r.doubts for r in open_ones} <= {("kinds that it does not name",)}


@pytest.mark.parametrize(
    "others", ["or another agent of the same class", "or other drugs in its class", "or other agents with the same mechanism of action"]
)
def test_drugs_of_the_class_of_one_that_is_named(others: str) -> None:
    """Of which class a drug in several is meant, a person has to say."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior trametinib {others}\n")
    assert (found_keys([rule]), rule.doubts) == ({"trametinib", "mek-inhibitor"}, ())
    named, alike = therapy_rules(f"{OUT}:\n\n* Prior imatinib {others}\n")
    assert (found_keys([named]), named.doubts, alike.doubts) == ({"imatinib"}, (), ("kinds that it does not name",))
    assert {"bcr-abl-inhibitor", "kit-inhibitor"} <= found_keys([alike])


def test_a_drug_of_the_same_class_as_one_that_is_named() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Prior therapy with a drug of the same class as trametinib\n")
    assert found_keys(rules) == {"trametinib", "mek-inhibitor"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Drugs with QTc effect",
        "QT-affecting medications",
        "Any drug with QTc-prolonging properties",
        "QT-interval modifying medications",
        "Drugs with a torsadogenic risk",
        "Drugs on the known risk list at crediblemeds.org",
    ],
)
def test_drugs_are_told_by_what_they_do_to_qt(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"qt-prolonging-drug"}


@pytest.mark.parametrize("words", ["VEGFR active multikinase inhibitor", "VEGFR-active tyrosine kinase inhibitors"])
def test_kinase_inhibitors_by_what_they_act_on(words: str) -> None:
    """NCT02973997."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Prior {words}\n")) == {"vegfr-inhibitor"}


@pytest.mark.parametrize(
    ("words", "key", "left"),
    [
        ("BRAF- or non-VEGFR-targeted therapies", "targeted-therapy", "vegfr-inhibitor"),  # NCT01811212
        ("non-EGFR targeted therapy", "targeted-therapy", "egfr-inhibitor"),
        ("non-PD-1 immunotherapy", "immunotherapy", "pd-1-inhibitor"),
        ("non-BTK inhibitor therapy", "systemic-anticancer-therapy", "btk-inhibitor"),
        ("checkpoint inhibitors or any non-checkpoint inhibitors", "systemic-anticancer-therapy", ""),  # NCT06823401
    ],
)
def test_therapy_that_is_not_against_a_target_leaves_that_against_it(words: str, key: str, left: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior {words} within 4 weeks\n")
    assert key in found_keys([rule])
    assert {m.key for c in rule.carveouts for m in c.mentions} == set(left.split())


def test_what_no_drug_of_a_class_is_is_not_left_out_of_it() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with non-steroidal anti-androgens\n")
    assert rule.carveouts == ()


@pytest.mark.parametrize(
    ("sentence", "targets"),
    [
        (
            "Prior treatment with an AURKA specific-targeted or pan-Aurora-targeted agent",
            {"aurka", "aurora"},
        ),  # NCT06095505
        ("Prior treatment with a vascular endothelial growth factor (VEGF) receptor-mediated targeted agent", {"vegf", "vegfr"}),
        ("Patient did receive the prior therapy targeted to IDH1 mutation", {"idh1"}),  # NCT05303519
        ("Previous treatment with another agent targeting the IL-2, IL-7, or IL-15 receptors", {"il2rb", "il7r", "il15r"}),  # NCT05653882
    ],
)
def test_a_target_narrows_what_is_aimed_at_it(sentence: str, targets: set[str]) -> None:
    found = {m.target or m.key for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions}
    assert found and found <= targets


def test_targeted_therapy_for_an_alteration_is_no_checkpoint_inhibitor() -> None:
    """NCT03260491."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Has received a targeted therapy for an actionable genomic alteration\n")
    assert rule.polarity is EXCLUDES and [m.key for c in rule.carveouts for m in c.mentions] == ["immune-checkpoint-inhibitor"]


def test_antibodies_of_a_cancer_are_cancer_therapy() -> None:
    """NCT05922501."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Other multiple myeloma monoclonal antibody therapy within 30 days\n")
    assert [m.also for m in rule.mentions] == ["systemic-anticancer-therapy"]


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("Patients using herbal/dietary supplements with known hepatotoxicity risk are ineligible", True),  # NCT05687110
        ("Herbal products that may decrease prostate-specific antigen (PSA) levels within 4 weeks", True),  # NCT04104776
        ("Herbal or dietary supplements", False),
    ],
)
def test_only_some_herbs_do_harm(sentence: str, doubted: bool) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rules and all(bool(r.doubts) is doubted for r in rules)


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("Prior treatment with small-molecule EGFR inhibitors", [("egfr-inhibitor", "small-molecule-targeted-therapy")]),
        ("Small molecule anti-angiogenic agents", [("antiangiogenic-therapy", "small-molecule-targeted-therapy")]),
        ("Anti-angiogenic small molecule drugs", [("small-molecule-targeted-therapy", "antiangiogenic-therapy")]),
        ("Prior small molecule or antibody EGFR inhibitors", [("egfr-inhibitor", "")]),
        ("Prior anti-angiogenic monoclonal antibodies", [("monoclonal-antibody", "antiangiogenic-therapy")]),
        ("Small molecule kinase inhibitors or antibodies within 4 weeks", [("kinase-inhibitor", ""), ("antibody-based-therapy", "")]),
    ],
)
def test_a_form_of_drug_and_what_it_acts_on_limit_each_other(sentence: str, meant: list[tuple[str, str]]) -> None:
    """NCT04691388 asks for small molecules among the inhibitors of VEGFR."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(m.key, m.also) for m in rule.mentions] == meant


@pytest.mark.parametrize(
    ("sentence", "freed"),
    [
        ("No antibody other than trastuzumab may have been given", ["trastuzumab"]),
        ("Antibodies: none except rituximab, and no antibodies (except rituximab)", ["rituximab"]),
        ("Apart from rituximab, no antibodies have been given", ["rituximab"]),
        ("No chemotherapy, antibodies or radiotherapy", []),
        ("No antibodies", []),
    ],
)
def test_antibodies_are_a_therapy_where_one_is_left_out_and_in_lists_of_these(sentence: str, freed: list[str]) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert "antibody-based-therapy" in found_keys(rules) and {m.key for r in rules for c in r.carveouts for m in c.mentions} == set(freed)
    assert not therapy_rules(f"{IN}:\n\n* No antibodies were detected\n* Neutralizing antibodies, other than those after vaccination\n")


def test_what_a_regimen_is_made_of_is_not_banned_by_itself() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior treatment with RVd (lenalidomide, bortezomib, dexamethasone)\n")
    assert found_keys([rule]) == {"vrd"}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior R-CHOP (or other anthracycline, e.g. doxorubicin)\n")
    assert "doxorubicin" in found_keys([rule])

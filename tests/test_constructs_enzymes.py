"""Which drugs are meant by what they do to an enzyme or transporter, and how strongly."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, found_keys, therapy_rules


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("CYP3A4 inhibitors (strong or moderate) or inducers (strong)", {"cyp3a4/inhibitor/strong+moderate", "cyp3a4/inducer/strong"}),
        ("Inhibitors (strong) and inducers of CYP3A4", {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/"}),
        ("Drugs that inhibit or induce (strongly) CYP3A4", {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}),
        ("Strong inducers or CYP3A4 inhibitors", {"cyp3a4/inhibitor/", "cyp3a4/inducer/strong"}),
        ("Patients receiving inhibitors and/or strong CYP3A4 inducers", {"cyp3a4/inhibitor/", "cyp3a4/inducer/strong"}),
        ("Inhibitors or strong inducers of CYP3A4", {"cyp3a4/inhibitor/", "cyp3a4/inducer/strong"}),
    ],
)
def test_strengths_in_brackets_behind_a_role(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Moderate and strong inhibitors of CYP2A4/5 or P-gp", {"p-gp/inhibitor/moderate+strong"}),  # NCT03947385
        ("Inhibitors of CYP4F2 or CYP3A4", {"cyp3a4/inhibitor/"}),
        ("Inhibitors of CYP3A4, CYP2J2 and CYP2C8", {"cyp3a4/inhibitor/", "cyp2c8/inhibitor/"}),
    ],
)
def test_an_isoform_that_is_not_known_hides_none_of_its_list(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Since HAART agents are metabolized by CYP3A4, HIV positive patients will be excluded from this trial", set()),  # NCT05660083
        ("As anlotinib is metabolized by CYP3A4, patients with hepatic impairment are excluded", set()),
        ("Because anlotinib is metabolized by CYP3A4, strong inhibitors of this enzyme are prohibited", {"cyp3a4/inhibitor/strong"}),
        ("Ritonavir, because it is a strong CYP3A4 inhibitor", {"ritonavir"}),
    ],
)
def test_an_enzyme_may_be_named_as_the_reason_alone(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Receiving antiretroviral therapy that may interfere with study drug", {"antiretroviral"}),  # NCT07145255
        ("Treatment with antifungals that might interact with study treatment", {"antifungal"}),
        ("Concurrent use of medications that interact with nitrate/nitrite levels", set()),  # NCT05660083
        ("Use of drugs that interact with alcohol", set()),
        ("Antibiotics or other drugs that may interact with the study drug", {"antibiotic", "any/inhibitor/", "any/inducer/"}),
    ],
)  # fmt: skip
def test_what_interacts_is_no_other_drug_than_its_class_and_nothing_where_no_drug_is_acted_on(sentence: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == keys


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        # NCT00293371
        ("No concurrent therapeutic warfarin or similar oral anticoagulant that is metabolized by the cytochrome p450 system", "oral-anticoagulant"),
        ("No oral anticoagulants metabolized by CYP3A4", "oral-anticoagulant"),
        ("No drugs or herbal products that induce CYP3A4", ""),
    ],
)  # fmt: skip
def test_a_role_at_an_enzyme_says_which_of_a_class_are_meant(sentence: str, kind: str) -> None:
    """Neither the whole class nor all that has the role."""
    roles = [m for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") for m in r.mentions if m.kind != "drug"]
    assert {(m.kind, m.also) for m in roles} == {("pk", kind)}


@pytest.mark.parametrize(
    "sentence",
    [
        "Strong CYP3A inhibitors, or enzyme-inducing antiepileptics",
        "Use of strong CYP3A4 inhibitors or enzyme-inducing antiseizure medications",
        "Strong CYP3A4 inhibitors or enzyme-inducing anticonvulsants (EIAEDs) within 2 weeks",
    ],
)
def test_inhibitors_stand_beside_enzyme_inducing_anticonvulsants(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"cyp3a4/inhibitor/strong", "enzyme-inducing-anticonvulsant"}


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT01876784
        "Current therapy with any medication known to be associated with Torsades de pointes or potent inducers of cytochrome CYP3A4",
        "Taking drugs that are associated with torsades de pointes or strong CYP3A4 inducers",
        # NCT07579221
        "Ongoing need for a medication with a known risk of Torsade's de Pointes or known as a strong inducer of CYP3A4 that cannot be switched",
    ],
)
def test_what_stands_beside_drugs_with_a_risk_is_no_cause_of_it(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"qt-prolonging-drug", "cyp3a4/inducer/strong"}


def test_drugs_that_lower_the_seizure_threshold() -> None:
    """NCT02138383."""
    rules = therapy_rules(f"{OUT}:\n\n* Concomitant medications that lower seizure threshold\n")
    assert "seizure-threshold-lowering-drug" in found_keys(rules)


def test_a_narrow_index_may_be_spelled_out() -> None:
    """NCT05892068."""
    sentence = "CYP3A or P-gp substrates where minimal concentration changes may lead to serious or life-threatening toxicities"
    assert all(m.narrow_index for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for m in r.mentions)


def test_roles_at_an_enzyme_may_be_told_by_what_they_do() -> None:
    """A second role has the strength of the first; an adverb stands between a verb and its enzyme."""
    rules = therapy_rules(f"{OUT}:\n\n* Strong CYP3A4 inducers within 2 weeks or inhibitors within 1 week\n")
    assert found_keys(rules) == {"cyp3a4/inducer/strong", "cyp3a4/inhibitor/strong"}
    rules = therapy_rules(f"{OUT}:\n\n* Medications with CYP3A4 inhibitory activity or metabolized primarily by CYP2C9\n")
    assert found_keys(rules) == {"cyp3a4/inhibitor/", "cyp2c9/substrate/"}


def test_whose_half_lives_are_counted_is_no_other_inhibitor() -> None:
    """NCT05136196: strong ones alone."""
    sentence = "Strong CYP3A4 inhibitors, such as but not limited to clarithromycin, within 5 times the half-life of the CYP3A inhibitor"
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.strengths for m in rule.mentions if m.kind == "pk"} == {("strong",)}


def test_roles_with_an_enzyme_are_roles_at_it() -> None:
    """NCT02588170."""
    rules = therapy_rules(f"{OUT}:\n\n* Other strong inducers with CYP3A4 or strong inhibitors taken within two weeks\n")
    assert {(m.enzyme, m.role) for r in rules for m in r.mentions} == {("cyp3a4", "inducer"), ("cyp3a4", "inhibitor")}


def test_modifiers_of_an_enzyme_inhibit_or_induce_it_and_receptors_have_a_hyphen() -> None:
    """NCT01013506, NCT00728390."""
    text = f"{IN}:\n\n* No concurrent CYP3A4 or CYP1A2 modifiers\n\n{OUT}:\n\n* Prior IGF1-R targeted therapy\n"
    rules = therapy_rules(text)
    assert {m.role for m in rules[0].mentions} == {"inhibitor", "inducer"}
    assert found_keys(rules[1:]) == {"igf1r-inhibitor"}


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        (
            "Unable or unwilling to avoid over-the-counter medications, dietary/herbal supplements, and/or foods that are moderate/strong inhibitors of CYP3A4 activity",
            {"grapefruit-product", "herbal-product", "dietary-supplement"},
        ),  # NCT05512364
        (
            "Use of herbal drugs and supplements known to be moderate or strong CYP3A4 inhibitors",
            {"herbal-product", "dietary-supplement"},
        ),  # NCT05815173
        ("Consumption of foods or beverages that are strong CYP3A4 inhibitors", {"grapefruit-product"}),
        ("Medications or herbal supplements known to be potent inhibitors of CYP3A4", {""}),  # NCT05693090
        ("Grapefruit juice, strong or moderate CYP3A4 inhibitors, St. John's wort", {""}),
        ("Herbal preparations, strong CYP3A4/P-gp inducers, anticoagulants", {""}),
        ("Grapefruit or strong CYP3A inhibitors within 7 days", {""}),
    ],
)
def test_foods_and_supplements_that_act_on_an_enzyme_are_no_drugs(sentence: str, kinds: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.also for r in rules for m in r.mentions if m.kind == "pk"} == kinds


@pytest.mark.parametrize(
    "time", ["within 14 days before the first dose of ixazomib", ", within 14 days before the first dose of ixazomib,"]
)
def test_systemic_treatment_with_what_acts_on_an_enzyme_is_none_of_the_cancer(time: str) -> None:
    """NCT06518551."""
    sentence = f"Systemic treatment {time} with strong CYP3A inducers (rifampin), or use of St. John's wort".replace(" ,", ",")
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n", ("Ixazomib",))
    assert found_keys(rules) == {"cyp3a4/inducer/strong", "rifampicin", "st-johns-wort"}


def test_simultaneous_treatment_is_that_with_the_trials_drugs() -> None:
    sentence = "Simultaneous treatment necessary with drugs inhibiting or inducing CYP3A4 (moderate or strong)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rules and not any(r.combined for r in rules)


def test_combined_inhibitors_act_on_both() -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Combined P-gp and strong CYP3A4 inhibitors, or combined P-gp and strong CYP3A4 inducers\n")
    assert found_keys(rules) == {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of dual P-gp and strong CYP3A inhibitors\n")
    assert found_keys([rule]) == {"cyp3a4/inhibitor/strong"} and not rule.combined
    for words, key in (
        ("strong dual CYP3A/P-gp inhibitors", "cyp3a4/inhibitor/strong"),
        ("agents that are both P-gp inhibitors and strong CYP3A4 inhibitors", "cyp3a4/inhibitor/strong"),
        ("moderate dual inhibitors of CYP2C9 and CYP3A4", "cyp2c9/inhibitor/moderate"),
        ("combined strong CYP2C8 and CYP3A4 inhibitors", "cyp2c8/inhibitor/strong"),
        ("inhibitors of both CYP3A4 and P-gp", "cyp3a4/inhibitor/"),
    ):
        assert found_keys(therapy_rules(f"{OUT}:\n\n* Concomitant use of {words}\n")) == {key}
    rules = therapy_rules(f"{OUT}:\n\n* Both strong CYP3A4 and P-gp inhibitors are prohibited\n")
    assert {m.enzyme for r in rules for m in r.mentions} == {"cyp3a4", "p-gp"}
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of 2 or more CYP3A4 inhibitors\n")
    assert rule.combined


def test_herbs_that_inhibit_are_not_all_herbs() -> None:
    """NCT06840483."""
    rules = therapy_rules(f"{OUT}:\n\n* Inhibitors of P-glycoprotein (P-gp) including herbal- or food-based inhibitors\n")
    assert found_keys(rules) == {"p-gp/inhibitor/"}


def test_enzyme_inducers_are_those_of_any_enzyme() -> None:
    """NCT01045421."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Treatment with clinically significant enzyme inducers within 14 days prior to the first dose\n")
    assert [(m.enzyme, m.role) for m in rule.mentions] == [("cyp", "inducer")]
    assert not therapy_rules(f"{OUT}:\n\n* Use of non-enzyme-inducing drugs\n")


def test_a_narrow_index_told_in_brackets() -> None:
    """NCT04841811."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use drugs that are CYP3A4 substrates (with a narrow therapeutic index) within 2 weeks\n")
    assert [m.narrow_index for m in rule.mentions] == [True]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (
            "Strong inducers of CYP3A4, CYP2B6 (e.g. rifampicin) and CYP1A2",
            {"cyp3a4/inducer/strong", "cyp2b6/inducer/strong", "rifampicin", "cyp1a2/inducer/strong"},
        ),
        ("Inhibitors of CYP3A (see Appendix 1) and UGT1A1", {"cyp3a4/inhibitor/", "ugt1a1/inhibitor/"}),
        (
            "Strong CYP3A4 (itraconazole) or CYP2D6 (quinidine) inhibitors",
            {"cyp3a4/inhibitor/strong", "itraconazole", "cyp2d6/inhibitor/strong", "quinidine"},
        ),
        (
            "Inhibitors of CYP3A4 (itraconazole), P-gp inhibitors (verapamil), or CYP2C9 substrates",
            {"cyp3a4/inhibitor/", "itraconazole", "p-gp/inhibitor/", "verapamil", "cyp2c9/substrate/"},
        ),
        # NCT05438420: an isoform of which nothing is known interrupts none, either
        ("Strong inhibitors of CYP1A2, 2J2, 2C19, and 3A4/5", {f"cyp{isoform}/inhibitor/strong" for isoform in ("1a2", "2c19", "3a4")}),
        ("Drugs metabolized by CYP4F2, 2C9 or 3A4", {"cyp2c9/substrate/", "cyp3a4/substrate/"}),
    ],
)
def test_brackets_interrupt_no_list_of_enzymes(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


@pytest.mark.parametrize(
    "sentence",
    [
        # NCT02897375
        "Use of strong cytochrome P450, family 3, subfamily A (CYP3A) inhibitors",
        "Strong cytochrome P450 family 3 subfamily A member 4 (CYP3A4) inhibitors",
    ],
)
def test_enzymes_by_family_and_subfamily(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"cyp3a4/inhibitor/strong"}


def test_strong_inhibitors_are_of_the_enzyme_named_before() -> None:
    """As protocols that tell first what breaks the study drug down; no record at hand has the sentence."""
    rules = therapy_rules(f"{OUT}:\n\n* AZD9496 is metabolized by CYP3A4; use of strong inhibitors or inducers is prohibited\n")
    assert found_keys(rules) == {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}


@pytest.mark.parametrize(
    ("sentence", "strengths"),
    [
        ("CYP3A4 inhibitors, strong", ("strong",)),
        ("CYP3A4 inhibitors (strong or moderate)", ("strong", "moderate")),
        ("CYP3A4 inhibitors that are classified as strong", ("strong",)),
        ("CYP3A4 inhibitors rated as strong in the Flockhart table", ("strong",)),
        ("Agents which inhibit CYP3A4 to a strong degree", ("strong",)),
        ("CYP3A4 inhibitors (strong only)", ("strong",)),
        ("Inhibitors, strong or moderate, of the CYP3A family", ("strong", "moderate")),
        ("CYP3A4 inhibitors, strong inducers of CYP3A4", ()),
        ("CYP3A4 inhibitors - strong (within 14 days), moderate (within 7 days)", ()),
        ("Potent CYP 3A4/5 blockers", ("strong",)),
        ("Strong 3A4 inhibitors", ("strong",)),
    ],
)
def test_a_strength_behind_its_enzyme(sentence: str, strengths: tuple[str, ...]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert strengths in {m.strengths for r in rules for m in r.mentions if m.role == "inhibitor"}


def test_a_strength_between_role_and_family_stays() -> None:
    """NCT05123482."""
    sentence = "Concomitant use of medications or herbal supplements known to be strong cytochrome P (CYP) 3A4 inducers/inhibitors"
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"cyp3a4/inducer/strong", "cyp3a4/inhibitor/strong"}


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Inhibitors or inducers of the enzyme (CYP3A4)", {"cyp3a4/inhibitor/", "cyp3a4/inducer/"}),
        ("Strong inhibitors (CYP3A4)", {"cyp3a4/inhibitor/strong"}),
        ("Strong inhibitors of the liver enzyme (cytochrome P450 3A4)", {"cyp3a4/inhibitor/strong"}),
        ("Strong organic anion transporter 3 inhibitors (OAT3)", {"oat3/inhibitor/strong"}),
    ],
)
def test_the_enzyme_in_brackets_behind_its_role(words: str, keys: set[str]) -> None:
    """NCT07262983 names OAT3 so; the others say the same of CYP3A4."""
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


def test_a_role_before_a_class_says_which_of_it_are_meant() -> None:
    """NCT00074308."""
    text = "No concurrent cytochrome P450 enzyme-inducing antiepileptic drugs (e.g., phenytoin, carbamazepine, or phenobarbital)"
    (rule,) = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert found_keys([rule]) == {"cyp/inducer/", "phenytoin", "carbamazepine", "phenobarbital"}
    assert rule.mentions[0].also == "anticonvulsant"


@pytest.mark.parametrize(
    ("above", "below", "keys"),
    [
        ("Inhibitors or inducers of:", "CYP3A4", {"cyp3a4/inhibitor/", "cyp3a4/inducer/"}),
        ("Concomitant use of strong inhibitors of the following enzymes:", "CYP2C8 or CYP3A4", {"cyp2c8/inhibitor/strong", "cyp3a4/inhibitor/strong"}),
        ("Prior therapy with inhibitors of any of the following:", "mTOR", {"mtor-inhibitor"}),
        ("Patients with a mutation of:", "mTOR", set()),
    ],
)  # fmt: skip
def test_the_role_of_enzymes_and_targets_in_bullets_stands_above_them(above: str, below: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {above}\n\n  * {below}\n")) == keys


@pytest.mark.parametrize(
    ("section", "words", "keys"),
    [
        (OUT, "All CYP3A4 inhibitors save for weak ones", {"cyp3a4/inhibitor/"}),
        (IN, "No CYP3A4 inhibitors (except weak), no inducers (any)", {"cyp3a4/inhibitor/", "cyp3a4/inducer/"}),
        (OUT, "Weak CYP3A inhibitors may be used. Moderate ones need approval. Strong ones are forbidden", {"cyp3a4/inhibitor/moderate", "cyp3a4/inhibitor/strong"}),
        (IN, "Moderate CYP3A inhibitors are allowed; strong ones are not", {"cyp3a4/inhibitor/strong"}),
        (OUT, "Strong CYP3A inhibitors. NB: moderate inhibitors may be given with caution", {"cyp3a4/inhibitor/strong", "cyp3a4/inhibitor/moderate"}),
    ],
)  # fmt: skip
def test_a_strength_may_stand_for_the_inhibitors_named_before(section: str, words: str, keys: set[str]) -> None:
    assert found_keys([r for r in therapy_rules(f"{section}:\n\n* {words}\n") if r.polarity is EXCLUDES]) == keys


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("CYP3A4: current use of strong inhibitors/inducers", {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}),
        ("CYP3A4/5: strong inhibitors or inducers within 5 half-lives", {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}),
        ("Strong inducers within 3 weeks, moderate inhibitors within 1 week (CYP3A4)", {"cyp3a4/inducer/strong", "cyp3a4/inhibitor/moderate"}),
        ("CYP3A4 inhibitors: weak ones permitted, moderate not permitted", {"cyp3a4/inhibitor/moderate"}),
        ("No weak CYP3A4 inhibitors, no inducers", {"cyp3a4/inhibitor/weak", "cyp3a4/inducer/weak"}),
    ],
)  # fmt: skip
def test_roles_apart_from_their_enzyme(words: str, keys: set[str]) -> None:
    section = IN if words.startswith("No ") else OUT
    assert found_keys([r for r in therapy_rules(f"{section}:\n\n* {words}\n") if r.polarity is EXCLUDES]) == keys


@pytest.mark.parametrize("words", ["unless weak", "unless it's weak", "(except weak)", "save for weak ones"])
def test_a_strength_may_be_what_is_excepted(words: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Any CYP3A4 inhibitor {words}\n")
    assert [(c.effect, [m.strengths for m in c.mentions]) for c in rule.carveouts] == [("allows", [("weak",)])]


def test_a_fruit_that_inhibits_an_enzyme_is_no_drug() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Consumption of CYP3A4-inhibiting fruit\n")
    assert {m.also for m in rule.mentions} == {"grapefruit-product"}


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        (
            "Systemic treatment within 14 days with strong CYP3A or inducers (rifampin)",
            {"cyp3a4/inducer/strong", "rifampicin"},
        ),  # NCT06518551
        ("Concomitant use of strong CYP3A4 or inducers", {"cyp3a4/inducer/strong"}),
        ("Use of P-gp or inhibitors", {"p-gp/inhibitor/"}),
    ],
)
def test_a_role_that_the_text_has_lost_is_left_open(sentence: str, keys: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([r for r in rules if not r.doubts]) == keys
    (doubted,) = [r for r in rules if r.doubts]
    assert found_keys([doubted]) in ({"cyp3a4/inhibitor/strong"}, {"p-gp/inducer/"})


@pytest.mark.parametrize(
    ("sentence", "open_"),
    [
        ("Strong CYP3A4 inhibitors: ketoconazole, itraconazole, etc.", True),
        ("Strong CYP3A4 inhibitors: ketoconazole, itraconazole and others", True),
        ("Strong CYP3A4 inhibitors: ketoconazole, itraconazole and the like", True),
        ("Strong CYP3A4 inhibitors: ketoconazole, itraconazole", False),
    ],
)
def test_a_list_behind_a_colon_that_goes_on_names_examples(sentence: str, open_: bool) -> None:
    keys = found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n"))
    assert keys == {"ketoconazole", "itraconazole"} | ({"cyp3a4/inhibitor/strong"} if open_ else set())


@pytest.mark.parametrize(
    "sentence",
    [
        "Any class of strong CYP3A4 inhibitor, whether antifungal, antibiotic or antiretroviral, within 14 days",
        "Strong inhibitors of CYP3A4 (whether antifungals, antibiotics or antiretrovirals)",
    ],
)
def test_kinds_behind_whether_only_divide_the_inhibitors(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"cyp3a4/inhibitor/strong"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Strong CYP3A4 inhibitors (medications or herbal supplements)",
        "Strong CYP3A4 inhibitors, including herbal supplements, within 14 days",
        "Strong CYP3A4 inhibitors, including those in herbal products or foods",
        "Herbal supplements or drugs known to strongly inhibit CYP3A4",
        "Medications or herbal supplements known to be strong CYP3A4 inhibitors",  # NCT05123482
        "Concomitant medication (including herbal supplements) that strongly inhibits CYP3A4",
    ],
)
def test_herbs_are_but_forms_of_what_acts_at_an_enzyme(sentence: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys(rules) == {"cyp3a4/inhibitor/strong"} and not any(m.also for r in rules for m in r.mentions)


def test_herbs_in_a_list_with_inhibitors_are_meant_themselves() -> None:
    assert "herbal-product" in found_keys(therapy_rules(f"{OUT}:\n\n* Strong CYP3A4 inhibitors (e.g. ketoconazole), herbal supplements\n"))


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (
            "Strong inhibitors of UGT1A1 and inhibitors or inducers of CYP3A4",
            {"ugt1a1/inhibitor/strong", "cyp3a4/inhibitor/", "cyp3a4/inducer/"},
        ),
        (
            "BCRP inhibitors, and strong inhibitors or inducers of CYP3A4",
            {"bcrp/inhibitor/", "cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"},
        ),
        ("CYP3A4 inhibitors or inducers or inhibitors of P-gp", {"cyp3a4/inhibitor/", "cyp3a4/inducer/", "p-gp/inhibitor/"}),
    ],
)
def test_roles_of_which_the_first_goes_on_to_another_enzyme(words: str, keys: set[str]) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {words}\n")) == keys


def test_a_role_that_stands_before_its_enzyme_is_not_lost() -> None:
    for sentence in ("Drugs metabolized by CYP3A4 or inhibitors of P-gp", "Strong inhibitors of CYP3A4 or inducers"):
        assert not any(r.doubts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_inducers_behind_a_semicolon_are_of_the_enzyme_before_it() -> None:
    inhibitors, inducers = therapy_rules(f"{OUT}:\n\n* Strong CYP3A4 inhibitors within 5 half-lives; inducers within 14 d\n")
    assert inducers.window is not None and inducers.window.days == 14
    assert [(m.enzyme, m.role, m.strengths) for m in inducers.mentions] == [("cyp3a4", "inducer", ("strong",))]
    assert [m.role for m in inhibitors.mentions] == ["inhibitor"]


@pytest.mark.parametrize(
    "words",
    [
        "medication that prolongs, or has the potential to prolong, the QTc interval",
        "medicines that lengthen or might lengthen the QT interval",
    ],
)
def test_what_drugs_do_or_may_do(words: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* Concurrent {words}\n")) == {"qt-prolonging-drug"}


def test_drugs_with_an_effect_on_the_qt_interval() -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* MAOIs; drugs with QTc effect\n")) >= {"qt-prolonging-drug"}

"""Pairs of drugs over the bundled tables: what everyone knows comes out, what nobody fears does not, and the rules hold for any pair."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.checks.effects import Engine
from kg.checks.interactions import interactions
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Finding, Verdict

KNOWN = """
    warfarin + fluconazole: monitor
    simvastatin + itraconazole: avoid
    everolimus + ketoconazole: avoid
    everolimus + rifampicin: avoid
    temsirolimus + ketoconazole: avoid
    methotrexate + trimethoprim: avoid
    methotrexate + ibuprofen: monitor
    venetoclax + posaconazole: avoid
    ibrutinib + voriconazole: avoid
    olaparib + itraconazole: avoid
    axitinib + ketoconazole: avoid
    docetaxel + ketoconazole: avoid
    vincristine + itraconazole: avoid
    irinotecan + phenytoin: avoid
    imatinib + rifampicin: avoid
    imatinib + St John's wort: avoid
    sunitinib + rifampicin: avoid
    erlotinib + omeprazole: avoid
    gefitinib + omeprazole: avoid
    dasatinib + famotidine: avoid
    pazopanib + esomeprazole: avoid
    nilotinib + ondansetron: avoid
    vandetanib + amiodarone: avoid
    arsenic trioxide + amiodarone: avoid
    sotalol + ondansetron: avoid
    prednisone + live attenuated influenza vaccine: avoid
    doxorubicin + yellow fever vaccine: avoid
    tacrolimus + clarithromycin: avoid
    ciclosporin + simvastatin: adjust
    ciclosporin + rosuvastatin: adjust
    capecitabine + warfarin: monitor
    mercaptopurine + allopurinol: avoid
    azathioprine + febuxostat: avoid
    tamoxifen + paroxetine: avoid
    clopidogrel + omeprazole: avoid
    digoxin + verapamil: monitor
    dabigatran etexilate + rifampicin: avoid
    rivaroxaban + carbamazepine: avoid
    warfarin + aspirin: monitor
    grapefruit juice + simvastatin: avoid
    theophylline + ciprofloxacin: avoid
    tizanidine + fluvoxamine: avoid
    linezolid + sertraline: avoid
    lithium + ibuprofen: monitor
    spironolactone + lisinopril: monitor
    sildenafil + ritonavir: avoid
    repaglinide + gemfibrozil: avoid
    enzalutamide + warfarin: avoid
    lorazepam + oxycodone: monitor
    cisplatin + gentamicin: monitor
"""

HARMLESS = """
    amoxicillin + paracetamol
    amoxicillin + imatinib
    amoxicillin + doxorubicin
    amoxicillin + sunitinib
    paracetamol + everolimus
    paracetamol + doxorubicin
    paracetamol + capecitabine
    paracetamol + ondansetron
    metformin + pembrolizumab
    metformin + imatinib
    metformin + trametinib
    metformin + letrozole
    levothyroxine + trametinib
    levothyroxine + bevacizumab
    amlodipine + pembrolizumab
    lisinopril + imatinib
    lisinopril + nivolumab
    lisinopril + anastrozole
    omeprazole + everolimus
    omeprazole + imatinib
    pantoprazole + sunitinib
    pantoprazole + trametinib
    esomeprazole + vemurafenib
    famotidine + imatinib
    famotidine + trametinib
    famotidine + pembrolizumab
    calcium carbonate + trametinib
    cetirizine + erlotinib
    cetirizine + vemurafenib
    montelukast + pembrolizumab
    aspirin + pembrolizumab
    atorvastatin + pembrolizumab
    rosuvastatin + imatinib
    gabapentin + vemurafenib
    levetiracetam + temozolomide
    levetiracetam + dabrafenib
    pregabalin + pazopanib
    insulin + carboplatin
    furosemide + nivolumab
    hydrochlorothiazide + everolimus
    aciclovir + imatinib
    cefalexin + sunitinib
    zoledronic acid + imatinib
    denosumab + everolimus
    filgrastim + imatinib
    lactulose + imatinib
    influenza vaccine + pembrolizumab
    trastuzumab + metformin
    tamsulosin + nivolumab
    loperamide + capecitabine
"""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


def found(*drugs: str) -> list[Finding]:
    knowledge = Knowledge.load()
    return interactions(drugs, knowledge, Names.of(knowledge))


def pairs(text: str) -> list[list[str]]:
    return [[name.strip() for name in line.replace(":", "+").split("+")] for line in text.strip().splitlines()]


@pytest.mark.parametrize(("one", "other", "action"), pairs(KNOWN))
def test_well_known_pairs_come_out(one: str, other: str, action: str) -> None:
    worst = found(one, other)[0]
    assert worst.verdict is Verdict.REVIEW
    assert worst.action == action
    assert worst.effect
    assert worst.mechanism
    assert worst.severity
    assert worst.evidence
    assert worst.sources


@pytest.mark.parametrize(("one", "other"), pairs(HARMLESS))
def test_well_known_harmless_pairs_ask_for_nothing(one: str, other: str) -> None:
    assert [f.reason for f in found(one, other) if f.verdict is not Verdict.NO_CONFLICT or f.action not in ("", "none")] == []


def test_the_two_lists_are_long_enough() -> None:
    assert len(pairs(KNOWN)) >= 40
    assert len(pairs(HARMLESS)) >= 40


# --- any pair -------------------------------------------------------------------------------------------------------------------------

DRUGS = st.sampled_from(sorted(Knowledge.load().drugs))


@settings(max_examples=300, deadline=None)
@given(DRUGS, DRUGS)
def test_order_does_not_matter_and_no_drug_meets_itself(one: str, other: str) -> None:
    engine = Engine(Knowledge.load())
    assert engine.between(one, one) == ()
    assert engine.between(one, other) == engine.between(other, one)
    assert {frozenset((e.perpetrator, e.victim)) for e in engine.between(one, other)} <= {frozenset((one, other))}


@settings(max_examples=150, deadline=None)
@given(DRUGS, DRUGS)
def test_an_answer_is_whole(one: str, other: str) -> None:
    knowledge = Knowledge.load()
    labels = knowledge.drugs[one].label, knowledge.drugs[other].label
    findings = found(*labels)
    assert found(*reversed(labels)) == findings
    if one == other:
        assert findings == []
        return
    unknown = {f.drugs[0] for f in findings if f.verdict is Verdict.UNKNOWN}
    assert unknown == {drug for drug in (one, other) if not knowledge.drugs[drug].pk_curated}
    for finding in findings:
        if finding.verdict is not Verdict.UNKNOWN:
            assert finding.chain
            assert finding.effect
            assert (finding.verdict is Verdict.REVIEW) == (finding.action not in ("", "none"))


PARENTS = st.sampled_from(sorted((drug, m) for drug in Knowledge.load().drugs for m in Knowledge.load().metabolites(drug)))


@settings(max_examples=300, deadline=None)
@example(("fosphenytoin", "phenytoin"), "afatinib")
@given(PARENTS, DRUGS)
def test_what_a_metabolite_meets_its_drug_meets(pair: tuple[str, str], other: str) -> None:
    """With any other drug: each effect of the metabolite that asks for action is an effect of the drug that is given, one way or mutual."""
    drug, metabolite = pair
    knowledge = Knowledge.load()
    engine = Engine.of(knowledge)
    family = {drug, metabolite, *knowledge.metabolites(drug)}
    if other in family or family & set(knowledge.metabolites(other)):
        return

    def met(one: str) -> set[tuple[str, str]]:
        asking = [e for e in engine.between(one, other) if e.asks_for_action]
        return {(e.enzyme, "both" if e.mutual else "acts" if e.perpetrator == one else "suffers") for e in asking}

    assert met(metabolite) <= met(drug)


@settings(max_examples=100, deadline=None)
@given(PARENTS)
def test_a_drug_does_nothing_to_the_kinetics_of_its_own_metabolite(pair: tuple[str, str]) -> None:
    assert [e for e in Engine.of(Knowledge.load()).between(*pair) if e.enzyme] == []


@settings(max_examples=25, deadline=None)
@given(st.lists(DRUGS, min_size=2, max_size=4))
def test_the_public_answer_does_not_hang_on_order_or_repetition(drugs: list[str]) -> None:
    labels = [Knowledge.load().drugs[drug].label for drug in drugs]
    assert found(*labels) == found(*reversed(labels)) == found(*labels, labels[0])


def test_what_a_metabolite_does_the_drug_does(knowledge: Knowledge) -> None:
    engine = Engine.of(knowledge)
    by_enzyme: dict[tuple[str, str], list[str]] = {}
    for drug in knowledge.drugs:
        for row in knowledge.pk_roles(drug, include_metabolites=False):
            if row.role == "substrate" and row.strength == "sensitive":
                by_enzyme.setdefault((row.enzyme, "substrate"), []).append(drug)
    tested = 0
    for drug in sorted(knowledge.drugs):
        for metabolite in knowledge.metabolites(drug):
            for row in knowledge.pk_roles(metabolite, include_metabolites=False):
                victims = by_enzyme.get((row.enzyme, "substrate"), ())
                if row.role in ("inhibitor", "inducer") and row.strength in ("strong", "moderate"):
                    for victim in victims[:3]:
                        if victim not in (drug, metabolite) and engine.between(metabolite, victim):
                            assert any(e.perpetrator == drug for e in engine.between(drug, victim)), (drug, metabolite, victim)
                            tested += 1
    assert tested >= 3


def test_no_drug_is_everyones_enemy(knowledge: Knowledge) -> None:
    """Of random pairs of small molecules that were looked into, few ask for action: an alarm that always rings is not heard."""
    engine = Engine.of(knowledge)
    curated = sorted(key for key, drug in knowledge.drugs.items() if drug.pk_curated and drug.kind == "small-molecule")
    cancer = [key for key in curated if "anticancer-therapy" in knowledge.memberships(key)]
    others = [key for key in curated if "anticancer-therapy" not in knowledge.memberships(key)]
    dice = random.Random(7)

    def share(first: list[str], second: list[str]) -> float:
        drawn = [(dice.choice(first), dice.choice(second)) for _ in range(2000)]
        return sum(any(e.asks_for_action for e in engine.between(*pair)) for pair in drawn) / len(drawn)

    assert share(others, others) < 0.12
    assert share(cancer, others) < 0.15


@pytest.mark.parametrize("drug", ["amoxicillin", "paracetamol", "cetirizine", "metformin", "pembrolizumab", "lactulose"])
def test_drugs_with_few_interactions_have_few(knowledge: Knowledge, drug: str) -> None:
    engine = Engine.of(knowledge)
    others = [key for key, other in knowledge.drugs.items() if other.pk_curated and key != drug]
    with_action = [key for key in others if any(e.asks_for_action for e in engine.between(drug, key))]
    assert len(with_action) < len(others) * 0.05

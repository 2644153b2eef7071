"""Drugs × drugs: directions, metabolites, measured pairs, what is covered by a sentence, and what was not looked into."""

from __future__ import annotations

from itertools import permutations

import pytest
from checks_world import KNOWLEDGE, NAMES, concomitant, drug, pk, report, rule, run, trial
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.checks import arm_interactions, interactions
from kg.errors import UnknownDrug
from kg.records import Exposure, Finding, FindingKind, Verdict

DRUGS = sorted(KNOWLEDGE.drugs)


def between(*drugs: str) -> list[Finding]:
    return interactions(drugs, KNOWLEDGE, NAMES)


def test_an_inhibitor_raises_a_sensitive_substrate() -> None:
    (finding,) = between("mtorimus", "conazole")
    assert finding.drugs == ("conazole", "mtorimus")
    assert (finding.severity, finding.action, finding.effect) == ("major", "avoid", "raises exposure")
    assert finding.mechanism == "enzyme-inhibition (CYP3A4)"
    assert (finding.kind, finding.verdict, finding.intended) == (FindingKind.INTERACTION, Verdict.REVIEW, False)
    assert [step.text for step in finding.chain][:2] == ["conazole → strong CYP3A4 inhibitor", "mtorimus → sensitive CYP3A4 substrate"]
    assert finding.sources == ("fda", "label")


def test_a_measured_pair_comes_in_its_own_words_with_the_mechanism_as_note() -> None:
    (finding,) = between("halfconazole", "mtorimus")
    assert (finding.effect, finding.evidence) == ("AUC x3.5", "measured")
    assert any("enzyme-inhibition (CYP3A4)" in note for note in finding.notes)


def test_metabolites_count() -> None:
    found = {f.drugs: f for f in between("conazole", "prodrug")}
    assert found["conazole", "prodrug"].action == "avoid"
    assert any("metabolite" in step.text for step in found["conazole", "prodrug"].chain)
    measured = {f.drugs: f for f in between("halfconazole", "prodrug")}
    assert "measured on mtorimus" in " ".join(measured["halfconazole", "prodrug"].notes)


def test_minor_ones_ask_for_nothing() -> None:
    (finding,) = between("weakling", "mtorimus")
    assert (finding.verdict, finding.action) == (Verdict.NO_CONFLICT, "none")


def test_effects_that_add_up_are_one_finding_and_stand_beside_directions() -> None:
    found = between("mekinib", "conazole")
    assert [(f.drugs, f.mechanism) for f in found] == [
        (("conazole", "mekinib"), "enzyme-inhibition (CYP3A4)"),
        (("conazole", "mekinib"), "additive-qt"),
    ]


def test_a_narrow_index_matters_only_at_an_enzyme_that_the_drug_passes_through_for_good() -> None:
    assert between("warfarin", "conazole") == []  # a minor pathway


def test_sources_that_differ_are_said() -> None:
    (finding,) = between("wort", "mtorimus")
    assert finding.action == "avoid"
    assert "sources differ on wort as inducer of CYP3A4: moderate (other), strong (fda)" in finding.notes
    finding = between("halfconazole", "both")[0]  # one source states a strength, the other none: no difference
    assert finding.drugs == ("halfconazole", "both") and not any("sources differ" in note for note in finding.notes)


def test_nothing_known_is_an_empty_list_but_not_looked_into_is_said() -> None:
    assert between("quiet", "platin") == []
    (finding,) = between("newdrug", "platin")
    assert finding.verdict is Verdict.UNKNOWN and "not assessed" in finding.reason


def test_a_dose_or_a_route_beside_a_name_is_no_part_of_it() -> None:
    assert between("mtorimus 10 mg daily", "oral conazole") == between("mtorimus", "conazole")
    assert between("mtorimus 10 mg + conazole") == between("mtorimus", "conazole")


@pytest.mark.parametrize("name", ["foozumab", "MEK inhibitor"])
def test_what_is_no_drug_raises(name: str) -> None:
    with pytest.raises(UnknownDrug):
        between(name, "platin")


def test_a_trial_among_drugs_is_told_what_to_ask() -> None:
    with pytest.raises(UnknownDrug, match=r"is a trial, not a drug; ask arm_interactions\('NCT01281865'\)"):
        kg.open().interactions(["NCT01281865", "itraconazole"])


def test_a_regimen_stands_for_its_components_and_none_interacts_with_itself() -> None:
    assert between("conazole", "conazole", "Virtab") == []


@given(st.lists(st.sampled_from(DRUGS), min_size=2, max_size=4, unique=True))
def test_the_order_in_which_drugs_are_named_does_not_matter(drugs: list[str]) -> None:
    first = between(*drugs)
    for other in list(permutations(drugs))[:6]:
        assert between(*other) == first


@given(st.lists(st.sampled_from(DRUGS), min_size=2, max_size=5, unique=True))
def test_the_whole_is_the_union_of_its_pairs(drugs: list[str]) -> None:
    pairs = {(f.drugs, f.mechanism) for a in drugs for b in drugs if a < b for f in between(a, b)}
    assert {(f.drugs, f.mechanism) for f in between(*drugs)} == pairs


# --- in a trial ---------------------------------------------------------------------------------------------------------------------------


def test_an_interaction_that_no_sentence_covers_is_a_finding_and_changes_the_verdict_alone() -> None:
    result = run(taking=["conazole"], on=trial("mtorimus"))
    assert (result.verdict, result.criteria_verdict) == (Verdict.REVIEW, Verdict.NO_CONFLICT)
    (finding,) = result.findings
    assert finding.fact == "takes conazole × mtorimus" and "no sentence of the protocol covers it" in finding.notes


@pytest.mark.parametrize("mention", [pk("cyp3a4", "inhibitor", "strong"), drug("conazole")])
def test_an_interaction_that_a_sentence_covers_is_joined_to_it(mention: object) -> None:
    result = run(concomitant(mention), taking=["conazole"], on=trial("mtorimus"))  # type: ignore[arg-type]
    (finding,) = result.findings
    assert finding.kind is FindingKind.CRITERION
    assert any("interaction that this sentence covers" in note for note in finding.notes)


def test_a_sentence_on_another_enzyme_covers_nothing() -> None:
    result = run(concomitant(pk("p-gp", "inhibitor")), taking=["conazole"], on=trial("mtorimus"))
    assert [f.kind for f in result.findings] == [FindingKind.CRITERION, FindingKind.INTERACTION]


def test_minor_interactions_are_folded() -> None:
    result = run(taking=["weakling"], on=trial("mtorimus"))
    assert (result.verdict, result.findings) == (Verdict.NO_CONFLICT, ())
    assert any("raises exposure a little" in note for note in result.notes)


def test_interactions_name_the_arms_that_they_concern() -> None:
    two = trial(arms={"Arm A": ("mtorimus",), "Arm B": ("quiet",)})
    result = run(taking=["conazole"], on=two)
    assert result.findings[0].arms == ("Arm A",)
    assert result.arms == {"Arm A": Verdict.REVIEW, "Arm B": Verdict.NO_CONFLICT}


def test_prior_and_topical_drugs_do_not_interact() -> None:
    assert run(prior=["conazole"], on=trial("mtorimus")).verdict is Verdict.NO_CONFLICT
    result = run(taking=[Exposure("conazole", route="topical")], on=trial("mtorimus"))
    assert result.verdict is Verdict.NO_CONFLICT and "no systemic exposure" in " ".join(result.notes)


def test_a_drug_that_was_not_looked_into_is_not_assessed() -> None:
    assert "interactions not assessed" in " ".join(run(taking=["newdrug"], on=trial("mtorimus")).notes)
    assert "interactions not assessed with newdrug" in " ".join(run(taking=["conazole"], on=trial("newdrug")).notes)


def test_a_trials_drug_that_is_not_known_is_not_assessed() -> None:
    notes = " ".join(run(taking=["conazole"], on=trial("XYZ-123", "Placebo", "mtorimus")).notes)
    assert "interactions not assessed with XYZ-123" in notes and "Placebo" not in notes


def test_the_arms_own_drug_is_no_interaction() -> None:
    assert run(taking=["both"], on=trial("both")).verdict is Verdict.NO_CONFLICT


def test_inside_a_regimen_interactions_are_intended() -> None:
    two = trial(arms={"Arm A": ("mtorimus", "halfconazole"), "Arm B": ("mtorimus",), "Arm C": ("mtorimus", "halfconazole", "quiet")})
    (finding,) = arm_interactions(two, KNOWLEDGE, NAMES)
    assert finding.intended and finding.drugs == ("halfconazole", "mtorimus")
    assert finding.arms == ("Arm A", "Arm C")
    assert any("intended by protocol" in note for note in finding.notes)


# --- properties of a check ----------------------------------------------------------------------------------------------------------------


@given(taking=st.lists(st.sampled_from(DRUGS), max_size=3, unique=True), prior=st.lists(st.sampled_from(DRUGS), max_size=3, unique=True))
def test_an_unrelated_rule_changes_nothing(taking: list[str], prior: list[str]) -> None:
    named, unrelated = concomitant(pk("cyp3a4", "inhibitor", "strong")), rule(drug("virone"), number=7)
    taking, prior = ([d for d in group if d != "virone"] for group in (taking, prior))
    given_trial = trial("mtorimus")
    assert run(named, on=given_trial, taking=taking, prior=prior) == run(named, unrelated, on=given_trial, taking=taking, prior=prior)


@given(taking=st.lists(st.sampled_from(DRUGS), max_size=3, unique=True), more=st.sampled_from(DRUGS))
def test_another_drug_never_makes_a_verdict_better(taking: list[str], more: str) -> None:
    named = concomitant(pk("cyp3a4", "inhibitor", "moderate"))
    without, with_it = (run(named, on=trial("mtorimus"), taking=drugs).verdict for drugs in (taking, [*taking, more]))
    assert with_it.rank <= without.rank


@given(name=st.text(max_size=12))
def test_whatever_is_typed_as_a_drug_is_recognised_or_unknown(name: str) -> None:
    if not name.strip():
        return
    found = report(prior=[name])
    assert found.unrecognised == () or found.trials[0].verdict is Verdict.UNKNOWN
    if name.strip().casefold() not in {n.casefold() for n in DRUGS} and found.trials[0].verdict is not Verdict.UNKNOWN:
        assert found.unrecognised == ()

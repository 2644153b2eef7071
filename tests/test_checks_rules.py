"""Rules × facts: each part of a rule, on hand-made rules in a small world."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from checks_world import AS_OF, KNOWLEDGE, NAMES, allows, clause, cls, concomitant, drug, pk, report, rule, run, trial

from kg.checks import Patient, rules
from kg.checks.reader import understand
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import (
    Carveout,
    ClauseStatus,
    Exposure,
    FindingKind,
    LineLimit,
    Mention,
    Modality,
    Polarity,
    Procedure,
    Role,
    Scope,
    TrialResult,
    Verdict,
    Window,
)

EXCLUDED, REVIEW, UNKNOWN, NONE = Verdict.EXCLUDED, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.NO_CONFLICT
OLD = "2024-11-20"


def said(result: TrialResult) -> str:
    """All that a reader is told."""
    return " ".join([*(f"{f.reason} {f.remedy} {' '.join(f.notes)}" for f in result.findings), *result.notes, *result.open_questions])


# --- who is named -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mention", "name", "verdict"),
    [
        (drug("mekinib"), "mekinib", EXCLUDED),
        (drug("mekinib"), "MEK-001", EXCLUDED),
        (drug("mekinib"), "mtorimus", NONE),
        (cls("mek-inhibitor"), "Mekirex", EXCLUDED),
        (cls("systemic-anticancer-therapy"), "mekinib", EXCLUDED),
        (cls("tyrosine-kinase-inhibitor"), "mekinib", REVIEW),  # arguable
        (cls("mtor-inhibitor"), "mekinib", NONE),
        (cls("mek-inhibitor"), "MEK inhibitor", EXCLUDED),  # only the class is known
        (cls("systemic-anticancer-therapy"), "MEK inhibitor", EXCLUDED),
        (cls("mek-inhibitor"), "kinase inhibitor", REVIEW),  # given more broadly than named
        (drug("mekinib"), "kinase inhibitor", REVIEW),
        (cls("nitrosourea"), "DUO", EXCLUDED),  # a regimen stands for its components
        (drug("mtorimus"), "prodrug", NONE),  # a metabolite is not the drug
        (Mention(0, 1, "regimen", "duo", "DUO"), "DUO", EXCLUDED),
        (Mention(0, 1, "regimen", "duo", "DUO"), "platin", REVIEW),
    ],
)
def test_who_is_named(mention: Mention, name: str, verdict: Verdict) -> None:
    assert run(rule(mention), prior=[Exposure(name, last_dose=OLD)]).verdict is verdict


def test_the_proof_goes_from_the_name_to_the_quote() -> None:
    finding = run(rule(cls("systemic-anticancer-therapy"), quote="No prior systemic therapy"), prior=["Mekirex"]).findings[0]
    texts = [step.text for step in finding.chain]
    assert texts[0] == "Mekirex is mekinib"
    assert texts[1] == "mekinib → MEK inhibitor"
    assert texts[-1] == "→ exclusion: “No prior systemic therapy”"
    assert finding.sources == ("label",)
    assert (finding.start, finding.end) == (0, len(finding.quote))
    assert finding.rule.endswith("/rule/NCT00000001/0") and finding.criterion.endswith("/criterion/NCT00000001/0")


def test_a_metabolite_is_said_not_counted() -> None:
    assert "converted to mtorimus" in said(run(rule(drug("mtorimus")), prior=["prodrug"]))


def test_a_closed_list_means_the_drugs_that_it_names() -> None:
    listed = concomitant(cls("antifungal"), drug("halfconazole"), closed_list=True)
    assert run(listed, taking=["conazole"]).verdict is NONE
    assert run(listed, taking=["halfconazole"]).verdict is EXCLUDED


def test_a_combination_is_not_met_by_one_of_its_parts() -> None:
    """Given in one line it is; given both at some time, a person has to say."""
    together = rule(drug("mekinib"), drug("platin"), combined=True)
    assert run(together, prior=["mekinib"]).verdict is NONE
    assert "speaks of a combination" in said(run(together, prior=["mekinib"]))
    assert run(together, prior=["mekinib", "platin"]).verdict is REVIEW
    assert run(together, prior=[Exposure("mekinib", line=1), Exposure("platin", line=1)]).verdict is EXCLUDED
    regimens = rule(Mention(0, 1, "regimen", "duo", "DUO"), drug("mekinib"), combined=True)
    assert run(regimens, prior=["platin"]).verdict is NONE
    assert run(regimens, prior=["platin", "mustine"]).verdict is REVIEW
    with_any = rule(drug("mekinib"), combined=True)
    assert run(with_any, prior=["mekinib", "platin"]).verdict is REVIEW
    assert run(with_any, prior=["mekinib"], taking=["conazole"]).verdict is NONE
    two_of_a_kind = concomitant(pk("cyp3a4", "inhibitor", "moderate"), combined=True)
    assert run(two_of_a_kind, taking=["conazole"]).criteria_verdict is NONE
    assert run(two_of_a_kind, taking=["conazole", "halfconazole"]).criteria_verdict is EXCLUDED


MEKINIB_2 = Exposure("mekinib", line=2, last_dose="2025-01")


@pytest.mark.parametrize(
    ("prior", "verdict"),
    [
        ([Exposure("mekinib", line=1)], REVIEW),
        ([MEKINIB_2], NONE),
        ([Exposure("mekinib")], REVIEW),
        ([Exposure("mekinib"), Exposure("platin", line=1)], NONE),
        ([Exposure("mekinib", line=1), Exposure("platin", line=2)], REVIEW),
        ([Exposure("mekinib", line=1), Exposure("platin", line=1)], NONE),
        ([Exposure("mekinib", last_dose="2025-01"), Exposure("platin", last_dose="2023")], NONE),
        ([Exposure("mekinib", last_dose="2023"), Exposure("platin", last_dose="2025-01")], REVIEW),
        ([Exposure("mekinib"), Exposure("platin", last_dose="2025-01")], REVIEW),
        ([Exposure("mekinib"), Exposure("mtorimus", line=1)], REVIEW),
    ],
)
def test_a_first_line_that_is_required_says_nothing_of_later_lines(prior: list[Exposure], verdict: Verdict) -> None:
    """Progressed on first-line platin: what else was given may have come after it."""
    other = rule(
        cls("anticancer-therapy"), carveouts=(Carveout("allows", (drug("platin"),)),), position="first", doubts=("another first line",)
    )
    others = rule(drug("mekinib"), carveouts=other.carveouts, position="first", doubts=other.doubts)
    assert run(others, prior=prior).verdict is verdict
    assert run(other, prior=["platin"]).verdict is NONE


def test_the_last_therapy_is_told_by_lines_and_dates() -> None:
    last = rule(drug("mekinib"), carveouts=(Carveout("allows", (drug("platin"),)),), position="last", doubts=("another is the last",))
    assert run(last, prior=[MEKINIB_2, Exposure("platin", line=3)]).verdict is NONE
    assert run(last, prior=[MEKINIB_2, Exposure("platin", line=1)]).verdict is REVIEW
    assert run(last, prior=[MEKINIB_2, Exposure("platin", last_dose="2026-01")]).verdict is NONE
    assert "was given after mekinib" in said(run(last, prior=[MEKINIB_2, Exposure("platin", line=3)]))


def test_a_combination_that_is_required_is_freed_as_a_whole() -> None:
    freed = Carveout("together", (drug("mekinib"), drug("platin")))
    only = rule(cls("anticancer-therapy"), carveouts=(freed,), position="only", doubts=("another is the only line",))
    assert run(only, prior=[Exposure("mekinib", line=1), Exposure("platin", line=1)]).verdict is NONE
    assert run(only, prior=[Exposure("mekinib", line=1), Exposure("platin", line=2)]).verdict is REVIEW
    assert run(only, prior=["platin"]).verdict is REVIEW


@pytest.mark.parametrize(
    ("mention", "name", "verdict"),
    [
        (pk("cyp3a4", "inhibitor", "strong"), "conazole", EXCLUDED),
        (pk("cyp3a4", "inhibitor", "strong"), "halfconazole", NONE),
        (pk("cyp3a4", "inhibitor", "strong", "moderate"), "halfconazole", EXCLUDED),
        (pk("cyp3a4", "inhibitor", "moderate"), "conazole", EXCLUDED),  # more than asked
        (pk("cyp3a4", "inhibitor"), "halfconazole", EXCLUDED),
        (pk("cyp3a4", "inhibitor"), "weakling", NONE),
        (pk("cyp3a4", "inhibitor", "weak"), "weakling", EXCLUDED),
        (pk("cyp3a4", "inducer", "strong"), "conazole", NONE),
        (pk("cyp1a2", "inhibitor", "strong"), "conazole", NONE),
        (pk("cyp3a4", "inducer", "strong"), "wort", REVIEW),  # sources disagree
        (pk("cyp3a4", "inducer", "strong", "moderate"), "wort", EXCLUDED),
        (pk("cyp3a4", "inhibitor", "strong"), "pump", EXCLUDED),  # three sources against one
        (pk("cyp3a4", "inhibitor", "strong"), "hearsay", NONE),  # what was only recalled does not stand against what was read
        (pk("p-gp", "inhibitor"), "conazole", EXCLUDED),
        (pk("p-gp", "inhibitor", "strong"), "conazole", REVIEW),  # no source says how strong
        (pk("cyp", "inhibitor", "strong"), "conazole", EXCLUDED),  # any CYP enzyme
        (pk("cyp1a2", "substrate"), "quiet", EXCLUDED),
        (pk("cyp3a4", "substrate"), "mekinib", REVIEW),  # not known to be a sensitive one
        (pk("cyp3a4", "substrate", "sensitive"), "mekinib", NONE),
        (pk("cyp2c9", "substrate", narrow=True), "warfarin", EXCLUDED),
        (pk("cyp3a4", "substrate", narrow=True), "warfarin", REVIEW),  # a minor pathway
        (pk("cyp1a2", "substrate", narrow=True), "quiet", NONE),
        (pk("cyp3a4", "substrate", "sensitive"), "prodrug", EXCLUDED),  # through its metabolite
        (pk("any", "inhibitor"), "conazole", EXCLUDED),
        (pk("any", "inhibitor"), "weakling", NONE),
    ],
)
def test_roles_and_strengths(mention: Mention, name: str, verdict: Verdict) -> None:
    assert run(concomitant(mention), taking=[name]).criteria_verdict is verdict


@pytest.mark.parametrize(
    ("freed", "name", "verdict"),
    [
        ([pk("cyp3a4", "inhibitor", "weak")], "conazole", EXCLUDED),
        ([pk("cyp3a4", "inhibitor", "weak")], "halfconazole", EXCLUDED),
        ([pk("cyp3a4", "inhibitor", "moderate")], "halfconazole", NONE),
        ([pk("cyp3a4", "inhibitor", "weak"), pk("cyp3a4", "inhibitor", "moderate")], "halfconazole", NONE),
        ([pk("cyp3a4", "inhibitor", "strong")], "conazole", NONE),
        ([pk("cyp3a4", "inhibitor", "moderate")], "pump", EXCLUDED),
    ],
)
def test_an_exception_of_a_strength_frees_none_that_is_stronger(freed: list[Mention], name: str, verdict: Verdict) -> None:
    all_but = concomitant(pk("cyp3a4", "inhibitor"), carveouts=(Carveout("allows", tuple(freed)),))
    assert run(all_but, taking=[name]).criteria_verdict is verdict


def test_a_habit_meets_a_role_by_its_strength_else_a_note_says_why() -> None:
    strong, moderate = concomitant(pk("cyp1a2", "inducer", "strong")), concomitant(pk("cyp1a2", "inducer", "moderate"))
    assert run(moderate, habits=["smoke"]).criteria_verdict is EXCLUDED
    result = run(strong, habits=["smoke"])
    assert result.criteria_verdict is NONE
    assert "moderate (fda), not strong" in said(result)


# --- when ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "verdict", "earliest"),
    [
        ("2026-11-11", EXCLUDED, "2026-12-02"),
        ("2026-10-31", NONE, None),
        ("2026", UNKNOWN, None),
        (None, UNKNOWN, None),
        ("2025", NONE, None),
    ],
)
def test_a_wash_out(last: str | None, verdict: Verdict, earliest: str | None) -> None:
    result = run(
        rule(cls("chemotherapy"), window=Window(days=21, within=False, text="3 weeks")), prior=[Exposure("platin", last_dose=last)]
    )
    assert result.verdict is verdict
    assert result.earliest_date == (date.fromisoformat(earliest) if earliest else None)
    if verdict is EXCLUDED:
        assert result.findings[0].recoverable
        assert result.findings[0].remedy == "wait until 2026-12-02"


def test_a_start_bounds_a_last_dose_that_is_not_given() -> None:
    washout = rule(cls("chemotherapy"), window=Window(days=21))
    assert run(washout, prior=[Exposure("platin", start="2026-11-15")]).verdict is EXCLUDED


def test_half_lives_that_do_not_decide_are_for_review() -> None:
    washout = rule(cls("kinase-inhibitor"), window=Window(days=28, half_lives=5, combine="shorter"))
    result = run(washout, prior=[Exposure("mekinib", last_dose="2026-11-03")])
    assert result.verdict is REVIEW
    assert "5 half-lives are 9 to 23 days" in said(result)


def test_stopped_drugs_meet_rules_on_current_ones_only_inside_a_window() -> None:
    now, before = concomitant(pk("cyp3a4", "inhibitor", "strong")), concomitant(pk("cyp3a4", "inhibitor", "strong"), window=Window(days=14))
    stopped = [Exposure("conazole", last_dose="2026-11-15")]
    assert run(now, prior=stopped).verdict is NONE
    assert run(before, prior=stopped).verdict is EXCLUDED
    assert run(before, prior=[Exposure("conazole", last_dose="2026-11-01")]).verdict is NONE


def test_a_current_drug_meets_rules_on_prior_therapy() -> None:
    assert run(rule(cls("mek-inhibitor")), taking=["mekinib"]).verdict is EXCLUDED


@pytest.mark.parametrize(
    ("window", "stops", "earliest"),
    [
        (None, None, None),
        (Window(days=14, within=False), None, "2026-12-05"),
        (Window(days=14, within=False), "2026-12-01", "2026-12-15"),
        (None, "2026-12-01", "2026-12-02"),
    ],
)
def test_a_current_drug_can_be_stopped(window: Window | None, stops: str | None, earliest: str | None) -> None:
    result = run(concomitant(drug("conazole"), window=window), taking=[Exposure("conazole", last_dose=stops)])
    finding = result.findings[0]
    assert (finding.verdict, finding.recoverable) == (EXCLUDED, True)
    assert "stop" in finding.remedy
    assert finding.earliest_date == result.earliest_date == (date.fromisoformat(earliest) if earliest else None)


def test_what_cannot_be_undone_is_not_recoverable_and_comes_first() -> None:
    result = run(concomitant(drug("conazole"), number=1), rule(cls("mek-inhibitor"), number=2), prior=["mekinib"], taking=["conazole"])
    assert [f.recoverable for f in result.findings if f.verdict is EXCLUDED] == [False, True]
    assert result.earliest_date is None


# --- exceptions ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("carveout", "exposure", "verdict"),
    [
        (allows(drug("platin")), Exposure("platin"), NONE),
        (allows(drug("mustine")), Exposure("platin"), EXCLUDED),
        (allows(cls("tyrosine-kinase-inhibitor")), Exposure("mekinib"), REVIEW),  # whether it is one is arguable
        (allows(settings=("adjuvant",)), Exposure("platin", setting="adjuvant"), NONE),
        (allows(settings=("adjuvant",)), Exposure("platin", setting="metastatic"), EXCLUDED),
        (allows(settings=("adjuvant",)), Exposure("platin"), REVIEW),
        (Carveout("depends", text="unless approved"), Exposure("platin"), REVIEW),
        (Carveout("conditional", text="unless progressing"), Exposure("platin"), REVIEW),
        (Carveout("conditional", (drug("mustine"),), text="unless progressing"), Exposure("platin"), EXCLUDED),
        (Carveout("purpose", text="except as premedication"), Exposure("platin"), EXCLUDED),
        (Carveout("purpose", text="except as premedication"), Exposure("platin", condition="sarcoma"), REVIEW),
        (Carveout("no-cancer", text="for non-malignant diseases"), Exposure("platin", condition="sarcoma"), EXCLUDED),
        (Carveout("no-cancer", text="for non-malignant diseases"), Exposure("platin"), REVIEW),
    ],
)
def test_exceptions(carveout: Carveout, exposure: Exposure, verdict: Verdict) -> None:
    named = rule(cls("systemic-anticancer-therapy"), carveouts=(carveout,))
    assert run(named, prior=[exposure]).verdict is verdict


def test_only_the_last_of_several_has_ended_too_long_ago() -> None:
    lately = Carveout("recent", window=Window(days=70, within=True))
    named = rule(cls("chemotherapy"), carveouts=(lately,), doubts=("ended longer ago",))
    old, later = Exposure("platin", last_dose=OLD), Exposure("mustine", last_dose="2026-10-20")
    assert run(named, prior=[old]).verdict is REVIEW
    assert run(named, prior=[old, later]).verdict is NONE


def test_what_has_ended_is_none_that_goes_on() -> None:
    named = rule(cls("chemotherapy"), carveouts=(Carveout("ongoing", text="other than current treatment"),))
    assert run(named, prior=[Exposure("platin")]).verdict is EXCLUDED
    assert run(named, taking=[Exposure("platin")]).verdict is REVIEW


@pytest.mark.parametrize(
    ("name", "last", "verdict", "earliest"),
    [
        ("platin", "2026-10-27", NONE, None),  # 25 days: over its 3 weeks
        ("mustine", "2026-10-27", EXCLUDED, "2026-12-08"),  # its own 6 weeks
        ("mustine", "2026-10-01", NONE, None),
        ("DUO", "2026-10-27", EXCLUDED, "2026-12-08"),
    ],
)
def test_an_exception_with_its_own_window(name: str, last: str, verdict: Verdict, earliest: str | None) -> None:
    longer = Carveout("window", (cls("nitrosourea"),), Window(days=42, within=False), text="6 weeks for nitrosoureas")
    washout = rule(cls("chemotherapy"), window=Window(days=21, within=False), carveouts=(longer,))
    result = run(washout, prior=[Exposure(name, last_dose=last)])
    assert result.verdict is verdict
    assert result.earliest_date == (date.fromisoformat(earliest) if earliest else None)


@pytest.mark.parametrize(
    ("effect", "last", "verdict"),
    [
        ("window", "2026-11-19", EXCLUDED),  # 2 days: inside both
        ("window", "2026-11-08", NONE),  # 13 days: past the shorter one
        ("conditional", "2026-11-19", EXCLUDED),
        ("conditional", "2026-11-08", REVIEW),  # whether the circumstance holds is not known
        ("conditional", "2026-10-27", NONE),  # past the one that holds for all
    ],
)
def test_an_exception_that_is_but_a_time_only_frees(effect: str, last: str, verdict: Verdict) -> None:
    sooner = Carveout(effect, window=Window(days=7, within=False), text="unless progressing, in which case 7 days")
    washout = rule(cls("chemotherapy"), window=Window(days=21), carveouts=(sooner,))
    assert run(washout, prior=[Exposure("platin", last_dose=last)]).verdict is verdict


def test_a_permission_of_a_class_frees_none_that_is_forbidden_by_name() -> None:
    permitted = allows(cls("chemotherapy"))
    assert run(rule(drug("platin"), carveouts=(permitted,)), prior=[Exposure("platin")]).verdict is EXCLUDED
    assert run(rule(cls("systemic-anticancer-therapy"), carveouts=(permitted,)), prior=[Exposure("platin")]).verdict is NONE


# --- routes and doses ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "asked", "verdict"),
    [
        ("topical", (), NONE),
        ("topical", ("systemic",), NONE),
        ("topical", ("topical",), EXCLUDED),
        ("vaginal", (), REVIEW),
        ("oral", (), EXCLUDED),
        (None, (), EXCLUDED),
        (None, ("topical",), NONE),
        (None, ("oral",), EXCLUDED),
        ("by drone", (), EXCLUDED),  # not known: taken as systemic
    ],
)
def test_routes(route: str | None, asked: tuple[str, ...], verdict: Verdict) -> None:
    result = run(concomitant(drug("conazole"), routes=asked), taking=[Exposure("conazole", route=route)])
    assert result.verdict is verdict


@pytest.mark.parametrize(
    ("given", "asked", "verdict"),
    [
        ("slowmab", ("oral",), NONE),  # NCT02897375: no antibody is swallowed
        ("slowmab", ("oral", "intravenous"), EXCLUDED),  # … but injected
        ("platin", ("oral",), REVIEW),
        ("platin", ("intravenous",), REVIEW),
        ("mekinib", ("oral",), EXCLUDED),
        ("mekinib", ("intravenous",), NONE),  # NCT05920798: kinase inhibitors are not infused
    ],
)
def test_what_is_never_swallowed_and_what_always_is(given: str, asked: tuple[str, ...], verdict: Verdict) -> None:
    assert run(rule(drug(given), routes=asked), prior=[Exposure(given)]).verdict is verdict


@pytest.mark.parametrize(("route", "verdict"), [("topical", EXCLUDED), ("oral", NONE), (None, EXCLUDED)])
def test_a_class_that_names_a_local_route_means_that_route(route: str | None, verdict: Verdict) -> None:
    assert run(concomitant(cls("topical-antifungal")), taking=[Exposure("conazole", route=route)]).verdict is verdict


def test_a_procedure_has_no_route() -> None:
    """Local radiotherapy within 2 weeks."""
    assert run(rule(cls("radiotherapy"), routes=("local",)), prior=[Exposure("radiotherapy", last_dose=OLD)]).verdict is EXCLUDED


def test_what_was_assumed_is_said() -> None:
    assert "usual adult dose" in said(run(concomitant(drug("conazole")), taking=["conazole"]))
    assert "no systemic exposure" in said(run(concomitant(drug("conazole")), taking=[Exposure("conazole", route="topical")]))
    assert "not known here" in said(run(concomitant(drug("conazole")), taking=[Exposure("conazole", route="by drone")]))


@pytest.mark.parametrize(
    ("name", "dose", "verdict"),
    [
        ("prednisone", "20 mg/day", EXCLUDED),
        ("prednisone", "10 mg/day", NONE),
        ("prednisone", None, REVIEW),  # usual doses lie on both sides
        ("dexamethasone", "2 mg/day", EXCLUDED),  # 13 mg of prednisone
        ("dexamethasone", "1 mg/day", NONE),
        ("prednisone", "1 mg/kg", REVIEW),
    ],
)
def test_a_limit_on_the_dose_is_in_prednisone_equivalents(name: str, dose: str | None, verdict: Verdict) -> None:
    exposure = [Exposure(name, dose=dose)]
    assert run(concomitant(cls("corticosteroid"), min_dose_mg=10), taking=exposure).verdict is verdict
    below = Carveout("allows", max_dose_mg=10, text="except ≤10 mg")
    assert run(concomitant(cls("corticosteroid"), carveouts=(below,)), taking=exposure).verdict is verdict


@pytest.mark.parametrize(("dose", "verdict"), [(None, EXCLUDED), ("1 mg/day", NONE), ("8 mg/day", EXCLUDED), ("2 mg/day", REVIEW)])
def test_only_low_doses_are_freed(dose: str | None, verdict: Verdict) -> None:
    low = Carveout("allows", (drug("warfarin"),), dose_level="low", text="low-dose warfarin is allowed")
    assert run(concomitant(drug("warfarin"), carveouts=(low,)), taking=[Exposure("warfarin", dose=dose)]).verdict is verdict


# --- what it was given for ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("sarcoma", EXCLUDED),
        ("synovial sarcoma", EXCLUDED),
        ("neoplasm", REVIEW),
        ("kidney cancer", NONE),
        (None, REVIEW),
        ("gout", REVIEW),
        ("arthritis", NONE),
    ],
)
def test_an_indication(condition: str | None, verdict: Verdict) -> None:
    result = run(
        rule(cls("mtor-inhibitor"), conditions=("sarcoma",)),
        on=trial(conditions=(), brief_title="A trial"),
        prior=[Exposure("mtorimus", condition=condition)],
    )
    assert result.verdict is verdict


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [("synovial sarcoma", EXCLUDED), ("neoplasm", EXCLUDED), ("kidney cancer", NONE), (None, REVIEW), ("gout", REVIEW)],
)
def test_the_trials_own_disease(condition: str | None, verdict: Verdict) -> None:
    own = rule(cls("chemotherapy"), own_disease=True)
    assert run(own, prior=[Exposure("platin", condition=condition)], on=trial(conditions=("Synovial sarcoma",))).verdict is verdict


@pytest.mark.parametrize(
    ("registered", "condition", "verdict"),
    [
        (("Leukemia", "Myelodysplasia"), "leukemia", REVIEW),
        (("Leukemia", "Myelodysplasia"), "acute leukemia", NONE),  # told apart
        (("Myelodysplasia",), "leukemia", NONE),
        (("Sarcoma", "Myelodysplasia"), "sarcoma", NONE),
    ],
)
def test_a_wide_name_that_the_trial_registers_may_mean_the_disease_asked_for(
    registered: tuple[str, ...], condition: str, verdict: Verdict
) -> None:
    """NCT00398047: a trial of myelodysplastic syndromes, "no prior therapy for MDS", is registered under leukemia, too."""
    kept_out = rule(cls("chemotherapy"), conditions=("myelodysplasia",))
    on = trial(conditions=registered, brief_title="A trial")
    assert run(kept_out, prior=[Exposure("platin", condition=condition)], on=on).verdict is verdict


def test_a_condition_of_the_patient_stands_in_for_the_indication_of_a_current_drug() -> None:
    together = concomitant(cls("antiretroviral"), conditions=("hiv-infection",))
    assert run(together, taking=["Virtab"], conditions=["HIV infection"]).criteria_verdict is EXCLUDED
    assert run(together, taking=["Virtab"]).verdict is REVIEW


def test_words_for_cancer_treatment_at_large_do_not_meet_another_use() -> None:
    other, graft = concomitant(cls("anticancer-therapy")), [Exposure("mtorimus", condition="transplant")]
    assert run(other, taking=graft).verdict is NONE
    assert run(other, taking=[Exposure("mtorimus", condition="sarcoma")]).verdict is EXCLUDED
    assert run(other, taking=["mtorimus"]).verdict is EXCLUDED
    for unsettled in ("a rare thing", "pain"):  # not known here; may come of anything
        assert run(other, taking=[Exposure("mtorimus", condition=unsettled)]).verdict is REVIEW
    assert run(rule(cls("mtor-inhibitor")), taking=graft).verdict is EXCLUDED  # a class by mechanism is met whatever the use


@pytest.mark.parametrize(
    ("setting", "condition", "asked", "verdict"),
    [
        ("metastatic", None, ("metastatic",), EXCLUDED),
        ("recurrent", None, ("metastatic", "recurrent"), EXCLUDED),
        ("adjuvant", None, ("metastatic",), NONE),
        ("metastatic", None, ("adjuvant",), NONE),
        ("locally-advanced", None, ("metastatic",), REVIEW),
        (None, None, ("metastatic",), REVIEW),
        (None, "recurrent sarcoma", ("recurrent",), EXCLUDED),
    ],
)
def test_settings(setting: str | None, condition: str | None, asked: tuple[str, ...], verdict: Verdict) -> None:
    exposure = Exposure("platin", setting=setting, condition=condition, last_dose=OLD)
    assert run(rule(cls("chemotherapy"), settings=asked), prior=[exposure]).verdict is verdict


@pytest.mark.parametrize(
    ("setting", "verdict"), [("metastatic", EXCLUDED), ("recurrent", EXCLUDED), ("locally-advanced", NONE), (None, REVIEW)]
)
def test_an_exception_is_of_no_setting_that_the_sentence_sets_apart_from_its_own(setting: str | None, verdict: Verdict) -> None:
    """NCT04129320: none in the recurrent or metastatic setting, except what ended 6 months ago, given for locally advanced disease."""
    ended = Carveout("window", (cls("chemotherapy"),), Window(months=6, within=False), settings=("locally-advanced",))
    sentence = rule(cls("chemotherapy"), settings=("recurrent", "metastatic"), carveouts=(ended,))
    assert run(sentence, prior=[Exposure("platin", setting=setting, last_dose=OLD)]).verdict is verdict


def test_a_recent_therapy_is_taken_to_be_for_the_present_disease() -> None:
    washout = rule(cls("chemotherapy"), settings=("metastatic",), window=Window(days=28))
    result = run(washout, prior=[Exposure("platin", last_dose="2026-11-11")])
    assert result.verdict is EXCLUDED
    assert "taken to be for the present disease" in said(result)
    assert run(washout, prior=[Exposure("platin", last_dose="2026-11-11", setting="adjuvant")]).verdict is NONE


@pytest.mark.parametrize(
    ("response", "verdict"),
    [("PD", EXCLUDED), ("progressive disease", EXCLUDED), ("partial response", NONE), (None, REVIEW), ("unclear", REVIEW)],
)
def test_what_came_of_it(response: str | None, verdict: Verdict) -> None:
    assert run(rule(cls("chemotherapy"), outcomes=("progression",)), prior=[Exposure("platin", response=response)]).verdict is verdict


# --- lines --------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exposures", "maximum", "verdict"),
    [
        ([Exposure("platin")], 0, EXCLUDED),
        ([Exposure("platin")], 1, NONE),
        ([Exposure("platin", line=1), Exposure("mustine", line=1)], 1, NONE),  # one line
        ([Exposure("platin", regimen="A"), Exposure("mustine", regimen="a")], 1, NONE),
        ([Exposure("DUO")], 1, NONE),
        ([Exposure("platin", line=1), Exposure("mustine", line=2)], 1, EXCLUDED),
        ([Exposure("platin"), Exposure("mustine")], 1, EXCLUDED),
        ([Exposure("platin"), Exposure("mtorimus")], 1, NONE),  # not of the class that is counted
        ([Exposure("platin", line=4)], 2, REVIEW),  # what the lines before it were is not given
        ([], 0, NONE),
    ],
)
def test_lines_are_counted_over_what_the_rule_covers(exposures: list[Exposure], maximum: int, verdict: Verdict) -> None:
    assert run(rule(cls("chemotherapy"), lines=LineLimit(maximum=maximum)), prior=exposures).verdict is verdict


def test_lines_that_may_count_are_for_review() -> None:
    limit = rule(cls("chemotherapy"), lines=LineLimit(maximum=1), settings=("metastatic",))
    assert run(limit, prior=[Exposure("platin", setting="metastatic"), Exposure("mustine")]).verdict is REVIEW
    assert run(limit, prior=[Exposure("platin", setting="metastatic"), Exposure("mustine", setting="adjuvant")]).verdict is NONE


def test_lines_that_are_required_and_not_shown_are_an_open_question() -> None:
    result = run(rule(cls("chemotherapy"), polarity=Polarity.REQUIRES, lines=LineLimit(minimum=2)), prior=["platin"])
    assert result.verdict is NONE
    assert "at least 2" in result.open_questions[0]


# --- softness and scope -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "soft",
    [
        {"modality": Modality.SHOULD_AVOID},
        {"modality": Modality.CAUTION},
        {"modality": Modality.DISCRETION},
        {"modality": Modality.APPROVAL},
        {"doubts": ("stable dose",)},
        {"binds_if": "if symptomatic"},
        {"scope": Scope(texts=("Phase 2",))},
        {"scope": Scope(arms=("Arm A",))},
    ],
)
def test_soft_sentences_are_for_review(soft: dict[str, Any]) -> None:
    two = trial(arms={"Arm A": ("mekinib",), "Arm B": ("mekinib",)})
    result = run(concomitant(drug("warfarin"), **soft), taking=["warfarin"], on=two)
    assert result.criteria_verdict is REVIEW


def test_a_rule_that_binds_every_arm_binds() -> None:
    two = trial(arms={"Arm A": ("quiet",), "Arm B": ("quiet",)})
    assert run(rule(drug("platin"), scope=Scope(arms=("Arm A", "Arm B"))), prior=["platin"], on=two).verdict is EXCLUDED


def test_each_arm_has_its_verdict() -> None:
    two = trial(arms={"Arm A": ("quiet",), "Arm B": ("quiet",)})
    result = run(rule(drug("platin"), scope=Scope(arms=("Arm B",))), prior=["platin"], on=two)
    assert result.arms == {"Arm A": NONE, "Arm B": EXCLUDED}
    assert result.findings[0].arms == ("Arm B",)


def test_what_is_allowed_never_conflicts() -> None:
    assert run(rule(drug("platin"), polarity=Polarity.ALLOWS, window=Window(days=28)), prior=["platin"]).verdict is NONE


def test_a_required_therapy_is_an_open_question_until_shown() -> None:
    required = rule(cls("chemotherapy"), polarity=Polarity.REQUIRES, quote="Prior chemotherapy required")
    assert run(required, prior=["platin"]).open_questions == ()
    for prior in ([], None, ["mekinib"]):
        result = run(required, prior=prior)
        assert result.verdict is NONE
        assert "Prior chemotherapy required" in result.open_questions[0]


# --- conditions and biomarkers ------------------------------------------------------------------------------------------------------------


def condition(key: str, polarity: Polarity = Polarity.EXCLUDES, **more: Any) -> Any:
    return rule(Mention(0, 1, "condition", key, key), role=Role.CONDITION, polarity=polarity, **more)


@pytest.mark.parametrize(
    ("asked", "has", "verdict"),
    [
        ("infection", "HIV infection", EXCLUDED),
        ("hiv-infection", "infection", REVIEW),
        ("hiv-infection", "arthritis", NONE),
        ("sarcoma", "HIV infection", NONE),
    ],
)
def test_an_excluded_condition(asked: str, has: str, verdict: Verdict) -> None:
    assert run(condition(asked), conditions=[has]).verdict is verdict


@pytest.mark.parametrize(
    ("has", "verdict", "asks"),
    [
        (["synovial sarcoma"], NONE, False),
        (["HIV infection"], NONE, True),
        (["kidney cancer"], EXCLUDED, False),
        (["neoplasm"], NONE, True),
        ([], NONE, True),
        (None, NONE, True),
    ],
)
def test_a_required_condition(has: list[str] | None, verdict: Verdict, asks: bool) -> None:
    result = run(condition("sarcoma", Polarity.REQUIRES), conditions=has)
    assert (result.verdict, bool(result.open_questions)) == (verdict, asks)


@pytest.mark.parametrize(
    ("polarity", "states", "has", "verdict"),
    [
        (Polarity.REQUIRES, ("positive",), "negative", EXCLUDED),
        (Polarity.REQUIRES, ("positive",), "positive", NONE),
        (Polarity.REQUIRES, ("mutated",), "wild-type", EXCLUDED),
        (Polarity.REQUIRES, ("mutated",), "negative", EXCLUDED),
        (Polarity.REQUIRES, ("mutated",), "amplified", REVIEW),
        (Polarity.REQUIRES, ("mutated", "amplified"), "amplified", NONE),
        (Polarity.EXCLUDES, ("mutated",), "mutated", EXCLUDED),
        (Polarity.EXCLUDES, ("mutated",), "wild type", NONE),
        (Polarity.EXCLUDES, ("mutated",), "equivocal", REVIEW),
    ],
)
def test_biomarkers(polarity: Polarity, states: tuple[str, ...], has: str, verdict: Verdict) -> None:
    asked = rule(Mention(0, 1, "biomarker", "pdgfra", "PDGFRA"), role=Role.BIOMARKER, polarity=polarity, states=states)
    assert run(asked, biomarkers={"PDGFRA": has}).verdict is verdict


def test_one_of_several_biomarkers_is_enough() -> None:
    either = (Mention(0, 1, "biomarker", "kit", "KIT"), Mention(0, 1, "biomarker", "pdgfra", "PDGFRA"))
    asked = rule(*either, role=Role.BIOMARKER, polarity=Polarity.REQUIRES, states=("positive",))
    assert run(asked, biomarkers={"PDGFRA": "positive", "KIT": "negative"}).verdict is NONE
    assert run(asked, biomarkers={"PDGFRA": "negative", "KIT": "negative"}).verdict is EXCLUDED


def test_a_biomarker_that_was_not_measured_is_an_open_question() -> None:
    asked = rule(
        Mention(0, 1, "biomarker", "pdgfra", "PDGFRA"),
        role=Role.BIOMARKER,
        polarity=Polarity.REQUIRES,
        states=("positive",),
        quote="PDGFRA-positive tumour",
    )
    result = run(asked)
    assert result.verdict is NONE and "PDGFRA" in result.open_questions[0]


# --- what cannot be evaluated -------------------------------------------------------------------------------------------------------------


def test_an_unrecognised_name_is_unknown_on_every_trial_and_named() -> None:
    found = report(prior=["mekinip"], habits=["juggling"])
    result = found.trials[0]
    assert (result.verdict, result.criteria_verdict) == (UNKNOWN, UNKNOWN)
    assert {f.kind for f in result.findings} == {FindingKind.INPUT}
    assert found.unrecognised == ("mekinip", "juggling")
    assert "mekinib" in found.suggestions["mekinip"]
    assert any("mekinib" in f.remedy for f in result.findings)


@pytest.mark.parametrize(
    ("name", "dose", "route"),
    [
        ("Mekinib 5 mg/day", "5 mg/day", ""),
        ("mekinib 200mg q3w", "200mg q3w", ""),
        ("mekinib (200 mg)", "200 mg", ""),
        ("mekinib, Topical", "", "topical"),
        ("topical mekinib, 2 mg twice daily", "2 mg twice daily", "topical"),
        ("weekly mekinib", "", ""),
        ("mekinib 75 mg/m2 d1-5 x 6 cycles", "75 mg/m2", ""),
        ("mekinib 5 mg tablet", "", ""),
        ("mekinib 5 mg tablets twice daily", "5 mg tablets twice daily", ""),
    ],
)
def test_a_dose_or_a_route_in_a_name_is_put_in_its_place_and_told(name: str, dose: str, route: str) -> None:
    facts = understand(Patient(AS_OF, taking=[name]), KNOWLEDGE, NAMES)
    (fact,) = facts.facts
    assert (fact.key, fact.dose.text if fact.dose else "", fact.route) == ("mekinib", dose, route) and not facts.unrecognised
    assert facts.remarks[0].startswith(f"taking 1: {name!r} was read as mekinib")


def test_each_part_of_a_combination_keeps_its_dose() -> None:
    facts = understand(Patient(AS_OF, taking=["mekinib 5 mg/m2 + platin AUC 5"]), KNOWLEDGE, NAMES).facts
    assert [(fact.key, fact.dose and fact.dose.text) for fact in facts] == [("mekinib", "5 mg/m2"), ("platin", None)]


@pytest.mark.parametrize(
    "name", ["mekinib taper", "mekinib -5 mg", "mekinib 20", "no mekinib 5 mg", "mekinib 5 mg until May", "mekinib 10 mg, then 5 mg"]
)
def test_a_name_with_words_that_are_not_understood_is_none(name: str) -> None:
    found = report(taking=[name])
    assert (found.trials[0].verdict, found.unrecognised, found.suggestions[name]) == (UNKNOWN, (name,), ("mekinib",))


@pytest.mark.parametrize(
    ("given", "read"), [("Herceptin SC", ("trastuzumab", "subcutaneous")), ("5-FU bolus", ("fluorouracil", "intravenous"))]
)
def test_routes_are_known_in_capitals(given: str, read: tuple[str, str]) -> None:
    known = Knowledge.load()
    (fact,) = understand(Patient(AS_OF, taking=[given]), known, Names.of(known)).facts
    assert (fact.key, fact.route) == read


@pytest.mark.parametrize(
    "patient", [{"conditions": ["grumpiness"]}, {"biomarkers": {"ZZZ9": "negative"}}, {"procedures": [Procedure("polishing")]}]
)
def test_other_unrecognised_names_too(patient: dict[str, Any]) -> None:
    assert run(**patient).verdict is UNKNOWN


def test_a_clause_that_names_the_drug_and_was_not_understood_is_unknown() -> None:
    text = "Special provisions apply to chemotherapy"
    result = run(prior=["platin"], clauses=(clause(text, cls("chemotherapy")),))
    assert (result.verdict, result.findings[0].quote) == (UNKNOWN, text)
    assert run(prior=["mekinib"], clauses=(clause(text, cls("chemotherapy")),)).verdict is NONE
    assert run(prior=["platin"], clauses=(clause(text, cls("chemotherapy"), kind="allergy"),)).verdict is NONE
    assert run(prior=["platin"], clauses=(clause(text, cls("chemotherapy"), status=ClauseStatus.OUT_OF_SCOPE),)).verdict is NONE


def test_an_internal_error_is_unknown_never_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(rules, "therapy_rule", broken)
    result = run(rule(drug("platin"), quote="No platin"), prior=["platin"])
    assert (result.verdict, result.findings[0].quote) == (UNKNOWN, "No platin")
    assert "ZeroDivisionError" in result.findings[0].reason


# --- merging ------------------------------------------------------------------------------------------------------------------------------


def test_one_sentence_and_one_entry_make_one_finding() -> None:
    result = run(concomitant(cls("antiretroviral")), taking=["Virtab"])
    assert len(result.findings) == 1
    assert result.findings[0].fact == "takes Virtab"


def test_a_trial_is_open_again_when_its_last_exclusion_ends() -> None:
    result = run(
        rule(drug("platin"), number=1, window=Window(days=14, within=False)),
        rule(drug("mustine"), number=2, window=Window(days=42, within=False)),
        prior=[Exposure("platin", last_dose="2026-11-20"), Exposure("mustine", last_dose="2026-11-10")],
    )
    assert [f.earliest_date for f in result.findings] == [date(2026, 12, 4), date(2026, 12, 22)]
    assert result.earliest_date == date(2026, 12, 22)


def test_findings_are_worst_first() -> None:
    result = run(
        concomitant(drug("warfarin"), number=1, modality=Modality.CAUTION),
        rule(cls("chemotherapy"), number=2, window=Window(days=28)),
        rule(drug("mekinib"), number=3),
        prior=["platin", "mekinib"],
        taking=["warfarin"],
    )
    assert [f.verdict for f in result.findings] == [EXCLUDED, UNKNOWN, REVIEW]

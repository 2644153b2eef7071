"""All trials at once: the index says what a check of each trial says, and stays silent about none."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from checks_world import AS_OF, KNOWLEDGE, NAMES, clause, cls, concomitant, drug, pk, rule, trial
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.checks import check_trial, understand
from kg.checks.everything import AllTrials
from kg.checks.index import CODES, Index, compile_index
from kg.checks.screen import screen
from kg.checks.stored import load, save
from kg.errors import BadPatient
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Carveout, Eligibility, LineLimit, Mention, Polarity, Role, Rule, Scope, Trial, Verdict, Window

STUDIES = Path(__file__).parents[2] / "shared/studies/studies.jsonl.gz"
World = tuple[list[tuple[Trial, Eligibility]], Index]


def compiled(*trials: tuple[Trial, Eligibility]) -> World:
    return list(trials), compile_index(trials, KNOWLEDGE, NAMES)


def assert_same(world: World, patient: kg.Patient) -> None:
    trials, index = world
    facts = understand(patient, index.knowledge, index.names)
    verdicts = index.verdicts(facts)
    checked = [check_trial(facts, *one, index.knowledge, index.names) for one in trials]
    assert dict(verdicts) == {result.nct: result.verdict for result in checked}
    assert {nct: verdicts.criteria_verdict(nct) for nct in verdicts} == {result.nct: result.criteria_verdict for result in checked}
    assert [CODES[code] for code in verdicts.codes] == list(verdicts.values())


# --- a small world, every kind of rule --------------------------------------------------------------------------------------------------


def condition(key: str) -> Mention:
    return Mention(0, 1, "condition", key, key)


def biomarker(key: str) -> Mention:
    return Mention(0, 1, "biomarker", key, key)


RULES: list[Rule] = [
    rule(drug("mekinib")),
    rule(cls("kinase-inhibitor"), own_disease=True),
    rule(cls("anticancer-therapy"), window=Window(days=28, text="28 days")),
    rule(cls("chemotherapy"), conditions=("sarcoma",)),
    rule(cls("systemic-anticancer-therapy"), settings=("metastatic",), scope=Scope(("Arm A",), ("Arm A",))),
    rule(cls("anticancer-therapy"), lines=LineLimit(maximum=1)),
    rule(cls("tyrosine-kinase-inhibitor"), doubts=("extensive",)),
    concomitant(pk("cyp3a4", "inhibitor", "strong")),
    concomitant(pk("cyp3a4", "inducer", "strong", "moderate"), window=Window(days=14)),
    concomitant(cls("corticosteroid"), min_dose_mg=10.0),
    rule(condition("hiv-infection"), role=Role.CONDITION),
    rule(condition("synovial-sarcoma"), role=Role.CONDITION, polarity=Polarity.REQUIRES),
    rule(biomarker("pdgfra"), role=Role.BIOMARKER, polarity=Polarity.REQUIRES, states=("positive",)),
    rule(drug("platin"), polarity=Polarity.ALLOWS),
    rule(drug("mtorimus"), polarity=Polarity.REQUIRES),
    rule(drug("mekinib"), drug("platin"), combined=True),
    rule(cls("kinase-inhibitor"), combined=True),
    rule(cls("anticancer-therapy"), carveouts=(Carveout("allows", (drug("platin"),)),), position="first"),
    rule(cls("anticancer-therapy"), carveouts=(Carveout("together", (drug("platin"), drug("mekinib"))),), position="only"),
    rule(cls("anticancer-therapy"), carveouts=(Carveout("allows", (cls("kinase-inhibitor"),)),), position="last"),
    concomitant(cls("corticosteroid"), conditions=("sarcoma",)),
    rule(cls("kinase-inhibitor"), carveouts=(Carveout("window", (drug("mekinib"),), window=Window(days=60, text="60 days")),)),
]
CLAUSES = [clause("CYP3A4 inhibitors and the like", pk("cyp3a4", "inhibitor")), clause("something about mustine", drug("mustine"))]


@cache
def small() -> World:
    out = []
    for number in range(60):
        rules = tuple(one for place, one in enumerate(RULES) if (number * 7 + place * 5) % 3 == 0)
        disease = [("Sarcoma",), ("Kidney cancer",), ("Synovial sarcoma", "HIV infection"), ()][number % 4]
        one = trial(
            *[("mtorimus",), ("mekinib", "platin"), ()][number % 3], conditions=disease, brief_title=f"A study in pain {number % 5}"
        )
        out.append((replace(one, nct=f"NCT{number:08}"), Eligibility((), tuple(CLAUSES[number % 2 :]) if number % 3 else (), rules)))
    return compiled(*out)


def patients(drugs: list[str], conditions: list[str], biomarkers: list[str]) -> st.SearchStrategy[kg.Patient]:
    """Random patients, sensible or not."""

    def maybe(values: list[Any]) -> st.SearchStrategy[Any]:
        return st.none() | st.sampled_from(values)

    def exposures(current: bool) -> st.SearchStrategy[Any]:
        ends = ["2027-01", "2027-03-01"] if current else ["2019", "2025-11", "2026-10-30", "2026-11-10", "2026-11-21"]
        return st.lists(
            st.builds(
                kg.Exposure,
                st.sampled_from(drugs),
                last_dose=maybe(ends),
                dose=maybe(["4 mg/day", "40 mg/day"]),
                route=maybe(["oral", "topical", "vaginal", "intravenous"]),
                condition=maybe([*conditions, "no such thing"]),
                setting=maybe(["adjuvant", "metastatic"]),
                line=maybe([1, 2, 3]),
                response=maybe(["progression", "toxicity"]),
            ),
            max_size=3,
        )

    return st.builds(
        kg.Patient,
        as_of=st.sampled_from([AS_OF, "2026-12-24"]),
        prior=st.none() | exposures(False),
        taking=st.none() | exposures(True),
        conditions=st.none() | st.lists(st.sampled_from([*conditions, "no such thing"]), max_size=2, unique=True),
        biomarkers=st.none()
        | st.dictionaries(st.sampled_from(biomarkers), st.sampled_from(["positive", "negative", "mutated"]), max_size=2),
    )


SMALL = patients(
    [*KNOWLEDGE.drugs, "kinase inhibitor", "corticosteroid", "DUO", "foozumab"],
    ["sarcoma", "HIV infection", "pain", "kidney cancer"],
    ["PDGFRA"],
)


@given(SMALL)
@settings(max_examples=120, deadline=None)
def test_the_index_says_what_a_check_of_each_trial_says(patient: kg.Patient) -> None:
    assert_same(small(), patient)


# --- real trials ------------------------------------------------------------------------------------------------------------------------


@cache
def bundled() -> World:
    graph = kg.open()
    return [tuple(one) for one in graph.records.each()], graph.index


@cache
def real() -> World:
    from kg.criteria import read
    from kg.sources import read_trials

    names = Names.of(Knowledge.load())
    trials = [one for one in read_trials([STUDIES]) if isinstance(one, Trial)][::12]
    read_ones = [(one, read(one, names)) for one in trials]
    return read_ones, compile_index(read_ones, names.knowledge, names)


_ALL = Knowledge.load()
REAL = patients(
    [drug_.label for drug_ in _ALL.drugs.values()] + [one.label for one in _ALL.classes.values()],
    [one.label for one in _ALL.conditions.values()],
    [one.label for one in _ALL.biomarkers.values()],
)


@given(REAL)
@settings(max_examples=60, deadline=None)
def test_so_it_does_on_the_bundled_trials(patient: kg.Patient) -> None:
    assert_same(bundled(), patient)


@pytest.mark.skipif(not STUDIES.exists(), reason="the registry sample is not here")
@given(REAL)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_so_it_does_on_a_sample_of_the_registry(patient: kg.Patient) -> None:
    assert_same(real(), patient)


# --- what users notice ------------------------------------------------------------------------------------------------------------------


def test_verdicts_are_a_mapping_with_counts() -> None:
    patient = kg.Patient(as_of=AS_OF, prior=["trametinib"], taking=[])
    verdicts = kg.open().verdicts(patient)
    assert dict(verdicts) == {result.nct: result.verdict for result in kg.open().check(patient)}
    assert verdicts["NCT01206140"] is verdicts.criteria_verdict("NCT01206140") is Verdict.EXCLUDED
    assert verdicts.counts()[Verdict.EXCLUDED] == 1
    assert verdicts.having(Verdict.EXCLUDED) == ["NCT01206140"]


def test_an_unrecognised_drug_leaves_no_trial_without_conflict() -> None:
    verdicts = kg.open().verdicts(kg.Patient(as_of=AS_OF, taking=["foozumab"]))
    assert set(verdicts.values()) == {Verdict.UNKNOWN}


def test_a_rule_that_breaks_makes_its_trials_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    world = small.__wrapped__()  # a fresh index, which has no answers yet
    facts = understand(kg.Patient(as_of=AS_OF, prior=["mekinib"]), KNOWLEDGE, NAMES)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kg.checks.therapies._timing", broken)
    found = world[1].verdicts(facts)
    holders = [nct for (one, read), nct in zip(world[0], found.ncts, strict=True) if RULES[0] in read.rules]
    assert holders
    assert {found[nct] for nct in holders} == {Verdict.UNKNOWN}


def test_a_large_graph_is_checked_at_once_and_its_findings_come_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.api._FEW_TRIALS", 1)
    graph = kg.open()
    patient = kg.Patient(as_of=AS_OF, prior=["trametinib"], taking=["itraconazole"])
    report = graph.check(patient)
    assert isinstance(report, AllTrials)
    assert report.verdicts is not None
    assert report["nct01206140"] == graph.check(patient, "NCT01206140")["NCT01206140"]
    assert report.to_dict() == graph.check(patient, ["NCT01206140", "NCT01281865"]).to_dict()
    assert len(report) == 2
    with pytest.raises(kg.UnknownTrial):
        report["NCT99999999"]


def test_a_cohort_has_the_verdicts_of_each_patient_and_hands_errors_on() -> None:
    graph = kg.open()
    cohort = {"A": kg.Patient(as_of=AS_OF, prior=["trametinib"]), "B": kg.Patient(as_of=AS_OF, taking=["foozumab"])}
    first, second = graph.screen(cohort)
    assert {row["nct"]: row["verdict"] for row in first.rows()} == {nct: v.value for nct, v in graph.verdicts(cohort["A"]).items()}
    assert second.unrecognised == ("foozumab",)
    assert list(first.rows(Verdict.EXCLUDED)) == [
        {"patient": "A", "nct": "NCT01206140", "verdict": "excluded", "criteria_verdict": "excluded", "unrecognised": ""}
    ]
    (broken,) = screen([("C", BadPatient("no date"))], graph.index)
    assert (broken.error, list(broken.rows())) == ("no date", [])
    with pytest.raises(kg.BadInput, match="no date"):
        broken.codes()


def test_a_built_graph_carries_its_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the build compiled is what is asked: no rule is compiled again, and the verdicts are those of a check."""
    kg.build(Path(__file__).parent.parent / "data/trials", tmp_path / "my.kg")

    def compiled_again(*_: object) -> None:
        raise AssertionError("compiled again")

    patient = kg.Patient(AS_OF, ["trametinib"], ["itraconazole"], ["synovial sarcoma"], {"PDGFRA": "negative"})
    with monkeypatch.context() as patched, kg.open(tmp_path / "my.kg") as graph:
        patched.setattr("kg.checks.compiled.compile_trials", compiled_again)
        verdicts = graph.verdicts(patient)
        assert dict(verdicts) == {result.nct: result.verdict for result in graph.check(patient)}
        assert graph.choose(["synovial sarcoma"], status=["COMPLETED"]) == list(verdicts)
    (index,) = (tmp_path / "my.kg").glob("gen-*/index/index.json")
    index.write_text("{}")  # of another version: compiled anew
    with kg.open(tmp_path / "my.kg") as graph:
        assert dict(graph.verdicts(patient)) == dict(verdicts)


@given(SMALL)
@settings(max_examples=40, deadline=None)
def test_an_index_out_of_files_says_the_same(patient: kg.Patient) -> None:
    assert_same((small()[0], out_of_files()), patient)


@cache
def out_of_files() -> Index:
    with tempfile.TemporaryDirectory() as place:
        save(small()[1].compiled, Path(place) / "index")
        compiled = load(Path(place) / "index")
    assert compiled is not None
    return Index(compiled, KNOWLEDGE, NAMES)

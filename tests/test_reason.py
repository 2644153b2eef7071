"""The second opinion: HermiT finds the knowledge consistent, and puts every drug where the build puts it without a line of our code."""

from __future__ import annotations

import shutil

import bundled_world
import owlready2
import pytest
import tables_world

from kg import vocab
from kg.errors import MissingTool
from kg.graph import trial_quads
from kg.knowledge import Knowledge
from kg.reason import Opinion, consult

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT runs on Java, which is not installed here")

TYPE = f"<{vocab.PREFIXES['rdf']}type>"


def plain(knowledge: Knowledge, drug: str) -> set[str]:
    return {key for key, membership in knowledge.memberships(drug).items() if membership.plain}


def _argued(knowledge: Knowledge, drug: str) -> set[str]:
    """Classes of which a row of the drug, or what follows from it, makes it an arguable member: OWL knows members only."""
    rows = {row["class"] for row in knowledge.rows("drug_classes") if (row["drug"], row["membership"]) == (drug, "arguable")}
    above = rows.union(*map(knowledge.class_ancestors, rows))
    return {key for key, membership in knowledge.memberships(drug).items() if not membership.plain and key in above}


@pytest.fixture(scope="module")
def opinion() -> Opinion:
    """On the ontology, the whole knowledge and both seed trials."""
    graph = bundled_world.graph()
    trials = (graph.stored(nct) for nct in ("NCT01206140", "NCT01281865"))
    return consult(graph.knowledge, (line for s in trials for line in trial_quads(s.trial, s.eligibility, graph.knowledge)))


@needs_java
def test_the_bundled_graph_is_consistent(opinion: Opinion) -> None:
    assert opinion.consistent


@needs_java
def test_the_reasoner_and_the_build_agree_on_every_drug(opinion: Opinion) -> None:
    knowledge = Knowledge.load()
    denied = {row["drug"] for row in knowledge.rows("drug_classes") if row["membership"] == "not"}
    wrong = {
        drug: found ^ plain(knowledge, drug)
        for drug, found in opinion.classes.items()
        if drug not in denied and found - _argued(knowledge, drug) != plain(knowledge, drug)
    }
    assert wrong == {}
    for drug in denied:  # OWL knows no exceptions: it may say more, never less
        assert plain(knowledge, drug) <= opinion.classes[drug]


@needs_java
def test_a_mechanism_makes_a_member(opinion: Opinion) -> None:
    knowledge = Knowledge.load()
    stated = {(row["drug"], row["class"]) for row in knowledge.rows("drug_classes")}
    for drug, drug_class in (("trametinib", "mek-inhibitor"), ("selumetinib", "mek-inhibitor"), ("everolimus", "mtor-inhibitor")):
        assert (drug, drug_class) not in stated, "worked out, not stated"
        assert drug_class in opinion.classes[drug]
    assert "mek-inhibitor" not in opinion.classes["bosutinib"], "measured binding makes no class"


@needs_java
def test_on_a_small_world_too() -> None:
    knowledge, _ = tables_world.load(tables_world.HERE)
    opinion = consult(knowledge)
    denied = {row["drug"] for row in knowledge.rows("drug_classes") if row["membership"] == "not"}
    assert opinion.consistent
    assert {d: set(c) for d, c in opinion.classes.items() if d not in denied} == {
        d: plain(knowledge, d) for d in knowledge.drugs if d not in denied
    }


@needs_java
@pytest.mark.parametrize(
    ("kind", "key", "also"),
    [("drug", "everolimus", "Target"), ("target", "mtor", "ClinicalTrial"), ("condition", "sarcoma", "Drug")],
)
def test_a_contradiction_is_found(kind: str, key: str, also: str) -> None:
    knowledge, _ = tables_world.load(tables_world.HERE)
    wrong = f"<{vocab.thing_iri(kind, key)}> {TYPE} <{vocab.KGO_BASE}{also}> <{vocab.GRAPH_KNOWLEDGE}> .\n"
    assert consult(knowledge, [wrong]) == Opinion(consistent=False)


@needs_java
def test_a_drug_as_the_target_of_a_drug_is_a_contradiction() -> None:
    knowledge, _ = tables_world.load(tables_world.HERE)
    drug, other = (vocab.thing_iri("drug", key) for key in ("everolimus", "itraconazole"))
    wrong = f"<{drug}> <{vocab.KGO_BASE}hasPrimaryTarget> <{other}> <{vocab.GRAPH_KNOWLEDGE}> .\n"
    assert not consult(knowledge, [wrong]).consistent


def test_without_java_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owlready2, "JAVA_EXE", "no-such-java")
    with pytest.raises(MissingTool, match=r"runs on Java.*install a Java runtime"):
        consult(tables_world.load(tables_world.HERE)[0])

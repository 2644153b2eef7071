"""Records → RDF: nothing lost, names linked, and what follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import bundled_world
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdf_reading import Reader, canonical, parse
from rdflib import OWL, RDF, RDFS, SKOS

from kg import records, tables, vocab
from kg.graph import knowledge_quads, source_quads, trial_quads
from kg.graph.definitions import ACTIONS, KINDS
from kg.graph.knowledge import LEFT_OUT
from kg.graph.lines import double, escape
from kg.graph.names import names_for
from kg.graph.predicates import FIELDS
from kg.graph.trials import years
from kg.knowledge import Knowledge
from kg.records import (
    Arm,
    Carveout,
    Clause,
    ClauseStatus,
    Criterion,
    Eligibility,
    Identifier,
    Intervention,
    LineLimit,
    Mention,
    Modality,
    Polarity,
    RecordSource,
    Role,
    Rule,
    Scope,
    Section,
    Source,
    Trial,
    Window,
)
from kg.terms import KGO

NCTS = ("NCT01206140", "NCT01281865")
SOURCE = RecordSource("made.json", "v2-json", "0" * 64)


def thing(kind: str, key: str) -> rdflib.URIRef:
    return rdflib.URIRef(vocab.thing_iri(kind, key))


def trial_node(nct: str) -> rdflib.URIRef:
    return rdflib.URIRef(vocab.trial_iri(nct))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture(scope="module")
def known(knowledge: Knowledge) -> rdflib.Graph:
    return parse(list(knowledge_quads(knowledge)))


@pytest.fixture(scope="module", params=NCTS)
def stored(request: pytest.FixtureRequest) -> Any:
    return bundled_world.graph().stored(request.param)


@pytest.fixture(scope="module")
def lines(stored: Any, knowledge: Knowledge) -> list[str]:
    return list(trial_quads(stored.trial, stored.eligibility, knowledge))


@pytest.fixture(scope="module")
def graph(lines: list[str]) -> rdflib.Graph:
    return parse(lines)


# --- nothing is lost ----------------------------------------------------------------------------------------------------------------------


def scalars(value: Any) -> Iterator[str | int | float | bool]:
    """Every scalar of a record, however deep."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from scalars(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from scalars(item)
    elif value is not None and value != "":
        yield value


def test_every_scalar_of_a_trial_is_in_its_graph(stored: Any, graph: rdflib.Graph) -> None:
    literals = {node.toPython() for node in graph.objects() if isinstance(node, rdflib.Literal)}
    texts = {str(node) for node in graph.objects() if isinstance(node, rdflib.Literal)}
    trial = dataclasses.replace(stored.trial, mesh=())
    missing = [value for value in scalars(trial) if value not in literals and str(value) not in texts]
    # a party's role and a dated event's kind are words too: all are literals
    assert missing == []
    headings = {str(label) for term in graph.subjects(RDF.type, KGO.MeshTerm) for label in graph.objects(term, RDFS.label)}
    assert {term.term for term in stored.trial.mesh} <= headings


BY_HAND = {
    "Trial": {
        "source", "identifiers", "dates", "parties", "objectives", "conditions", "arms", "interventions", "dosing", "outcomes", "sites",
        "mesh", "other", "dropped",
    },
    "Party": {"name"},
    "Arm": {"interventions"},
    "Criterion": {"parent"},
    "Clause": {"criterion", "facts", "rules", "mentions"},
    "Rule": {"criterion", "mentions", "window", "carveouts", "conditions", "lines", "scope"},
    "Carveout": {"mentions", "window"},
    "Mention": {"key", "target", "enzyme", "narrow_index", "also"},
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_of_a_record_has_its_predicate(name: str) -> None:
    fields = {field.name for field in dataclasses.fields(getattr(records, name))}
    assert fields == set(FIELDS[name]) | BY_HAND.get(name, set()), "a new field of a record must be written to the graph"


def test_every_part_of_a_trial_has_a_writer() -> None:
    kinds = {"Identifier", "DatedEvent", "Party", "Objective", "Arm", "Intervention", "Dosing", "Outcome", "Site", "RecordSource"}
    assert kinds <= set(FIELDS)


def test_each_criterion_is_verbatim_with_its_place(stored: Any, graph: rdflib.Graph) -> None:
    text = stored.trial.eligibility_text
    assert len(list(graph.objects(trial_node(stored.trial.nct), KGO.hasCriterion))) == len(stored.eligibility.criteria) > 30
    for criterion in stored.eligibility.criteria:
        node = rdflib.URIRef(vocab.criterion_iri(stored.trial.nct, criterion.order))
        start, end = (graph.value(node, predicate, any=False).toPython() for predicate in (KGO.startOffset, KGO.endOffset))
        assert str(graph.value(node, KGO.text)) == text[start:end] == criterion.text
        assert str(graph.value(node, KGO.section)) == criterion.section
        assert graph.value(node, KGO.order).toPython() == criterion.order
        parent = graph.value(node, KGO.hasParentCriterion)
        assert (parent is None) == (criterion.parent is None)
        if parent is not None:
            assert str(parent) == vocab.criterion_iri(stored.trial.nct, criterion.parent)


def test_each_clause_has_status_kind_and_typed_values(stored: Any, graph: rdflib.Graph) -> None:
    nodes = list(graph.subjects(RDF.type, KGO.Clause))
    assert len(nodes) == len(stored.eligibility.clauses)
    facts = 0
    for clause in stored.eligibility.clauses:
        node = rdflib.URIRef(vocab.part_iri("clause", stored.trial.nct, f"{clause.criterion}-{clause.number}"))
        assert str(graph.value(node, KGO.clauseStatus)) == clause.status
        assert str(graph.value(node, KGO.clauseKind)) == clause.kind
        assert str(graph.value(node, KGO.text)) == clause.text
        said = {
            (str(graph.value(fact, KGO.factName)), str(graph.value(fact, KGO.factValue))) for fact in graph.objects(node, KGO.hasClauseFact)
        }
        assert said == set(clause.facts)
        facts += len(said)
        assert {str(rule) for rule in graph.objects(node, KGO.givesRule)} == {vocab.rule_iri(stored.trial.nct, n) for n in clause.rules}
    assert facts > 0


def test_every_rule_can_be_rebuilt(stored: Any, graph: rdflib.Graph) -> None:
    reader = Reader(graph, stored.trial.nct)
    assert len(stored.eligibility.rules) >= 10
    for rule in stored.eligibility.rules:
        assert canonical(reader.rule(rule.number)) == canonical(rule)


# --- any rule comes back ------------------------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
MANY = st.lists(WORDS, max_size=3).map(tuple)
KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
NUMBERS = st.none() | st.integers(0, 400)
AMOUNTS = st.none() | st.floats(0, 1e6, allow_nan=False)
OFFSETS = st.integers(0, 5000)
MENTIONS = st.builds(
    Mention,
    start=OFFSETS,
    end=OFFSETS,
    kind=st.sampled_from(["drug", "class", "target", "enzyme", "condition", "regimen", "biomarker", "pk"]),
    key=st.just("") | KEYS,
    text=WORDS,
    target=st.just("") | KEYS,
    action=st.just("") | WORDS,
    enzyme=st.just("") | KEYS,
    role=st.just("") | WORDS,
    strengths=MANY,
    narrow_index=st.booleans(),
)
WINDOWS = st.builds(
    Window,
    days=NUMBERS,
    months=NUMBERS,
    half_lives=AMOUNTS,
    cycles=NUMBERS,
    combine=st.sampled_from(["", "shorter", "longer"]),
    within=st.booleans(),
    anchor=st.just("") | WORDS,
    text=st.just("") | WORDS,
)
CARVEOUTS = st.builds(
    Carveout,
    effect=st.sampled_from(["allows", "window", "depends", "conditional", "purpose"]),
    mentions=st.lists(MENTIONS, max_size=2).map(tuple),
    window=st.none() | WINDOWS,
    routes=MANY,
    settings=MANY,
    max_dose_mg=AMOUNTS,
    dose_level=st.sampled_from(["", "low"]),
    text=st.just("") | WORDS,
    start=OFFSETS,
    end=OFFSETS,
)
RULES = st.builds(
    Rule,
    criterion=st.integers(0, 99),
    number=st.integers(0, 99),
    start=OFFSETS,
    end=OFFSETS,
    quote=WORDS,
    section=st.sampled_from(Section),
    polarity=st.sampled_from(Polarity),
    role=st.sampled_from(Role),
    mentions=st.lists(MENTIONS, max_size=3).map(tuple),
    window=st.none() | WINDOWS,
    carveouts=st.lists(CARVEOUTS, max_size=2).map(tuple),
    conditions=st.lists(KEYS, max_size=2).map(tuple),
    own_disease=st.booleans(),
    settings=MANY,
    lines=st.none() | st.builds(LineLimit, NUMBERS, NUMBERS),
    min_dose_mg=AMOUNTS,
    routes=MANY,
    outcomes=MANY,
    states=MANY,
    closed_list=st.booleans(),
    combined=st.booleans(),
    position=st.sampled_from(["", "first", "only", "last"]),
    modality=st.sampled_from(Modality),
    scope=st.builds(Scope, MANY, MANY),
    binds_if=st.just("") | WORDS,
    doubts=MANY,
    cues=MANY,
)


@given(RULES)
@settings(max_examples=60, deadline=None)
def test_record_to_triples_to_record(rule: Rule) -> None:
    trial = Trial("NCT00000001", "A made trial", SOURCE)
    graph = parse(list(trial_quads(trial, Eligibility(rules=(rule,)), Knowledge.load())))
    assert canonical(Reader(graph, trial.nct).rule(rule.number)) == canonical(rule)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_any_text_survives(text: str) -> None:
    (literal,) = parse([f'<urn:a> <urn:b> "{escape(text)}" <urn:g> .\n']).objects()
    assert str(literal) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives(number: float) -> None:
    (literal,) = parse([f"<urn:a> <urn:b> {double(number)} <urn:g> .\n"]).objects()
    assert literal.toPython() == number  # type: ignore[attr-defined]


# --- the record's names are linked --------------------------------------------------------------------------------------------------------


def test_arms_give_known_drugs(knowledge: Knowledge) -> None:
    stored = bundled_world.graph().stored("NCT01206140")
    graph = parse(list(trial_quads(stored.trial, stored.eligibility, knowledge)))
    given = {}
    for arm in graph.objects(trial_node("NCT01206140"), KGO.hasArm):
        given[str(graph.value(arm, RDFS.label))] = {
            drug for t in graph.objects(arm, KGO.hasTreatment) for drug in graph.objects(t, KGO.givesDrug)
        }
    assert given == {
        "Arm I (selumetinib and temsirolimus)": {thing("drug", "selumetinib"), thing("drug", "temsirolimus")},
        "Arm II (selumetinib)": {thing("drug", "selumetinib")},
    }
    second = next(arm for arm in graph.subjects(RDFS.label, rdflib.Literal("Arm II (selumetinib)")))
    assert str(graph.value(graph.value(second, KGO.crossesOverTo), RDFS.label)) == "Arm I (selumetinib and temsirolimus)"


def test_conditions_are_composed(knowledge: Knowledge) -> None:
    stored = bundled_world.graph().stored("NCT01206140")
    graph = parse(list(trial_quads(stored.trial, stored.eligibility, knowledge)))

    def said(label: str, predicate: rdflib.URIRef) -> set[str]:
        node = next(n for n in graph.subjects(RDFS.label, rdflib.Literal(label)) if (n, RDF.type, KGO.TrialCondition) in graph)
        return {str(value) for value in graph.objects(node, predicate)}

    sarcoma = {str(thing("condition", "soft-tissue-sarcoma"))}
    for label, stage, course in (
        ("Recurrent Adult Soft Tissue Sarcoma", set(), {"recurrent"}),
        ("Stage III Adult Soft Tissue Sarcoma", {"III"}, set()),
        ("Stage IV Adult Soft Tissue Sarcoma", {"IV"}, set()),
    ):
        assert said(label, KGO.namesCondition) == sarcoma
        assert said(label, KGO.ageGroup) == {"adult"}
        assert (said(label, KGO.stage), said(label, KGO.course)) == (stage, course)


@pytest.mark.parametrize(
    ("name", "stages", "qualifiers"),
    [
        ("Stage IIIA, IIIB and Stage IV Lung Cancer AJCC v8", ("IIIA", "IIIB", "IV"), ()),
        ("Metastatic Childhood Soft Tissue Sarcoma", (), (("extent", "metastatic"), ("age-group", "child"))),
        ("Locally Advanced Unresectable Sarcoma", (), (("extent", "locally advanced"), ("extent", "unresectable"))),
        ("HIV Infection", (), ()),
    ],
)
def test_the_words_of_a_condition(
    knowledge: Knowledge, name: str, stages: tuple[str, ...], qualifiers: tuple[tuple[str, str], ...]
) -> None:
    found = names_for(knowledge).composition(name)
    assert found.stages == stages
    assert found.qualifiers == qualifiers
    assert found.conditions, "the disease itself is known"


def test_an_unknown_intervention_stays_as_text(knowledge: Knowledge) -> None:
    trial = Trial(
        "NCT00000001", "T", SOURCE, arms=(Arm("A", interventions=("foozumab",)),), interventions=(Intervention("foozumab", "DRUG"),)
    )
    graph = parse(list(trial_quads(trial, Eligibility(), knowledge)))
    assert rdflib.Literal("foozumab") in set(graph.objects(None, RDFS.label))
    assert list(graph.objects(None, KGO.givesDrug)) == []


def test_another_name_of_an_intervention_is_enough(knowledge: Knowledge) -> None:
    trial = Trial("NCT00000001", "T", SOURCE, interventions=(Intervention("study drug", "DRUG", other_names=("AZD6244",)),))
    graph = parse(list(trial_quads(trial, Eligibility(), knowledge)))
    assert (trial_node("NCT00000001"), KGO.testsDrug, thing("drug", "selumetinib")) in graph


def test_biomarkers_of_objectives_are_linked_with_slips_corrected(knowledge: Knowledge, known: rdflib.Graph) -> None:
    graph = parse(bundled_lines("NCT01206140", knowledge))
    measured = {str(node).rpartition("/")[2] for node in graph.objects(trial_node("NCT01206140"), KGO.measuresBiomarker)}
    assert {"akt", "4e-bp1", "eif-4g", "s6k", "erk1-2"} <= measured
    assert "5E-BP1" in str(graph.value(trial_node("NCT01206140"), KGO.detailedDescription)), "the record's words stay as they are"
    corrections = list(graph.objects(trial_node("NCT01206140"), KGO.hasCorrection))
    assert [str(known.value(c, KGO.correctedText)) for c in corrections if str(known.value(c, KGO.foundText)) == "5E-BP1"] == ["4E-BP1"]
    assert all(known.value(c, KGO.reason) for c in corrections)


def bundled_lines(nct: str, knowledge: Knowledge) -> list[str]:
    stored = bundled_world.graph().stored(nct)
    return list(trial_quads(stored.trial, stored.eligibility, knowledge))


def test_ages_are_numbers_too() -> None:
    assert years("18 Years") == 18
    assert years("2 Weeks") == pytest.approx(0.0383, abs=1e-4)
    assert years("") is None


def test_identifiers_with_odd_characters_do_no_harm(knowledge: Knowledge) -> None:
    party = records.Party('A "quoted" <Sponsor> \\ Co.', "LEAD")
    mesh = records.MeshTerm("Odd term", "D00<1")
    trial = Trial("NCT00000001", "T", SOURCE, identifiers=(Identifier('x"\n\\'),), parties=(party,), mesh=(mesh,))
    graph = parse(list(trial_quads(trial, Eligibility(), knowledge)))
    assert rdflib.Literal('x"\n\\') in set(graph.objects(None, KGO.identifierValue))
    assert rdflib.Literal(party.name) in set(graph.objects(None, RDFS.label))


# --- shortcuts ----------------------------------------------------------------------------------------------------------------------------


def edges(nct: str, knowledge: Knowledge, predicate: rdflib.URIRef) -> set[str]:
    graph = parse(bundled_lines(nct, knowledge))
    return {str(node).removeprefix(vocab.KG_BASE) for node in graph.objects(trial_node(nct), predicate)}


def test_what_the_seeds_exclude_and_restrict(knowledge: Knowledge) -> None:
    assert {"class/mek-inhibitor", "class/mtor-inhibitor"} <= edges("NCT01206140", knowledge, KGO.excludesPriorTherapy)
    assert "class/mtor-inhibitor" in edges("NCT01281865", knowledge, KGO.excludesPriorTherapy)
    assert edges("NCT01206140", knowledge, KGO.restrictsInhibitorsOf) == {"enzyme/cyp1a2", "enzyme/cyp3a4"}
    assert edges("NCT01206140", knowledge, KGO.restrictsInducersOf) == {"enzyme/cyp1a2", "enzyme/cyp3a4"}
    assert edges("NCT01281865", knowledge, KGO.restrictsInhibitorsOf) == set()
    assert "class/mek-inhibitor" in edges("NCT01206140", knowledge, KGO.testsDrugClass)
    assert edges("NCT01281865", knowledge, KGO.testsDrug) == {"drug/everolimus", "drug/imatinib"}


def test_a_shortcut_stands_only_where_a_rule_says_so(knowledge: Knowledge) -> None:
    def rule(polarity: Polarity, role: Role, mention: Mention) -> Rule:
        return Rule(0, 0, 0, 5, "quote", Section.EXCLUSION, polarity, role, (mention,))

    drug = Mention(0, 5, "drug", "imatinib", "imatinib")
    target = Mention(0, 5, "class", "", "DLL3-targeted", target="dll3", action="targeted")
    inhibitor = Mention(0, 5, "pk", "", "CYP3A4 inhibitors", enzyme="cyp3a4", role="inhibitor")
    for polarity, role, mention, expected in (
        (Polarity.EXCLUDES, Role.PRIOR_THERAPY, drug, {(KGO.excludesPriorTherapy, "drug/imatinib")}),
        (Polarity.REQUIRES, Role.PRIOR_THERAPY, drug, {(KGO.requiresPriorTherapy, "drug/imatinib")}),
        (Polarity.ALLOWS, Role.CONCOMITANT, drug, {(KGO.allowsConcomitantTherapy, "drug/imatinib")}),
        (Polarity.EXCLUDES, Role.PRIOR_THERAPY, target, {(KGO.excludesPriorTargeting, "target/dll3")}),
        (Polarity.EXCLUDES, Role.CONCOMITANT, inhibitor, {(KGO.restrictsInhibitorsOf, "enzyme/cyp3a4")}),
        (Polarity.ALLOWS, Role.CONCOMITANT, inhibitor, set()),
        (Polarity.EXCLUDES, Role.CONDITION, drug, set()),
    ):
        made = Eligibility(rules=(rule(polarity, role, mention),))
        lines = trial_quads(Trial("NCT00000001", "T", SOURCE), made, knowledge)
        graph = parse([line for line in lines if f"<{vocab.GRAPH_INFERRED}>" in line])
        assert {(p, str(o).removeprefix(vocab.KG_BASE)) for p, o in graph.predicate_objects(trial_node("NCT00000001"))} == expected


def test_obi_calls_a_chemotherapy_exclusion_by_its_name(knowledge: Knowledge) -> None:
    def typed(key: str, lines: LineLimit | None = None) -> bool:
        mention = Mention(0, 5, "class", key, "words")
        rule = Rule(3, 0, 0, 5, "q", Section.EXCLUSION, Polarity.EXCLUDES, Role.PRIOR_THERAPY, (mention,), lines=lines)
        graph = parse(list(trial_quads(Trial("NCT00000001", "T", SOURCE), Eligibility(rules=(rule,)), knowledge)))
        criterion = rdflib.URIRef(vocab.criterion_iri("NCT00000001", 3))
        return (criterion, RDF.type, rdflib.URIRef(vocab.iri("obi:0002424"))) in graph

    assert typed("chemotherapy")
    assert typed("nitrosourea"), "a class of chemotherapy"
    assert not typed("mek-inhibitor")
    assert not typed("chemotherapy", LineLimit(maximum=2)), "a limit on lines excludes nobody for having had it"


# --- knowledge ----------------------------------------------------------------------------------------------------------------------------


def test_each_cell_of_each_table_is_in_the_graph(knowledge: Knowledge, known: rdflib.Graph) -> None:
    said = {str(node) for triple in known for node in triple}
    said |= {node.rpartition("/")[2].rpartition("#")[2].lower() for node in said if node.startswith(vocab.KGO_BASE)}
    said |= {node.rpartition("/")[2] for node in said if node.startswith(vocab.KG_BASE)}
    numbers = {node.toPython() for node in known.objects() if isinstance(node, rdflib.Literal) and node.datatype}
    lost = [
        f"{name}.{column}: {value}"
        for name in tables.SCHEMA
        if "/" not in name and name not in LEFT_OUT
        for row in knowledge.rows(name)
        for column, cell in row.items()
        if cell and cell not in said
        for value in cell.split("|")
        if value not in said
        and not is_number(value, numbers)
        and not {expand(value), expand(f"{column}:{value}")} & said
        and value not in ("yes", "no")
    ]
    assert lost == []


def is_number(text: str, numbers: set[Any]) -> bool:
    return text.replace(".", "", 1).isdigit() and float(text) in numbers


def expand(curie: str) -> str:
    try:
        return vocab.iri(curie)
    except ValueError:
        return ""


def test_left_out_tables_exist_and_have_a_reason() -> None:
    assert set(LEFT_OUT) <= set(tables.SCHEMA)
    assert all(LEFT_OUT.values())


def test_every_action_and_kind_of_the_tables_has_its_term(knowledge: Knowledge) -> None:
    assert {row["action"] for row in knowledge.rows("drug_targets")} <= set(ACTIONS)
    assert {drug.kind for drug in knowledge.drugs.values()} <= {*KINDS, "other"}


def test_drugs_are_instances_of_their_classes(knowledge: Knowledge, known: rdflib.Graph) -> None:
    prefix = vocab.thing_iri("class", "")
    for key in knowledge.drugs:
        memberships = knowledge.memberships(key)
        typed = {str(c).removeprefix(prefix) for c in known.objects(thing("drug", key), RDF.type) if str(c).startswith(prefix)}
        arguable = {str(c).removeprefix(prefix) for c in known.objects(thing("drug", key), KGO.isArguablyInClass)}
        assert typed == {c for c, m in memberships.items() if m.plain}
        assert arguable >= {c for c, m in memberships.items() if not m.plain}


def test_drug_classes_are_owl_classes_with_definitions(knowledge: Knowledge, known: rdflib.Graph) -> None:
    for key in knowledge.classes:
        assert (thing("class", key), RDF.type, OWL.Class) in known
        assert (thing("class", key), RDF.type, KGO.DrugClass) in known
    defined = {str(c).removeprefix(vocab.thing_iri("class", "")) for c in known.subjects(OWL.equivalentClass)}
    assert {"mek-inhibitor", "mtor-inhibitor"} <= defined <= knowledge.defined_classes


def test_each_fact_says_where_it_was_read(knowledge: Knowledge, known: rdflib.Graph) -> None:
    fact = next(
        f
        for f in known.subjects(KGO.hasObject, thing("enzyme", "cyp3a4"))
        if (f, KGO.hasSubject, thing("drug", "itraconazole")) in known and (f, KGO.enzymeRole, rdflib.Literal("inhibitor")) in known
    )
    source = known.value(fact, rdflib.PROV.wasDerivedFrom)
    assert (source, RDF.type, KGO.EvidenceSource) in known
    assert known.value(source, rdflib.DCTERMS.title)


def test_public_identifiers_are_linked(knowledge: Knowledge, known: rdflib.Graph) -> None:
    for kind, things in (("drug", knowledge.drugs), ("condition", knowledge.conditions)):
        for key, item in things.items():
            public = {str(node) for node in known.objects(thing(kind, key), SKOS.exactMatch)}
            assert public >= {vocab.iri(curie) for curie in item.identifiers}


def test_two_writings_are_the_same(knowledge: Knowledge) -> None:
    assert list(knowledge_quads(knowledge)) == list(knowledge_quads(knowledge))
    assert bundled_lines("NCT01281865", knowledge) == bundled_lines("NCT01281865", knowledge)


def test_few_named_graphs(knowledge: Knowledge) -> None:
    lines = [*knowledge_quads(knowledge), *(line for nct in NCTS for line in bundled_lines(nct, knowledge))]
    graphs = {line.rstrip(" .\n").rpartition(" ")[2].strip("<>").removeprefix(vocab.KG_BASE) for line in lines}
    assert graphs == {"graph/knowledge", "graph/inferred", "graph/trials/v2-json"}


def test_the_trees_are_closed_by_the_rules(knowledge: Knowledge) -> None:
    store = bundled_world.graph().store
    rows = store.query("SELECT ?above { GRAPH kg:graph\\/inferred { kg:class\\/nitrosourea rdfs:subClassOf ?above } }").rows
    inferred = {row[0].value.rpartition("/")[2] for row in rows}  # type: ignore[union-attr]
    assert "systemic-anticancer-therapy" in inferred, "several steps above"
    assert "alkylating-agent" not in inferred, "one step above: stated, not inferred"
    rows = store.query("SELECT ?above { kg:condition\\/synovial-sarcoma skos:broaderTransitive ?above }").rows
    assert {row[0].value.rpartition("/")[2] for row in rows} == knowledge.condition_ancestors("synovial-sarcoma")  # type: ignore[union-attr]


def test_further_sources_can_be_stated() -> None:
    graph = parse(list(source_quads([Source("x", "A document", licence="CC0")])))
    assert str(graph.value(rdflib.URIRef(vocab.source_iri("x")), KGO.licenceName)) == "CC0"


def test_a_clause_without_a_rule_is_still_there(knowledge: Knowledge) -> None:
    criterion = Criterion(0, 0, 4, "text", Section.UNSTATED)
    clause = Clause(0, 0, 0, 4, "text", ClauseStatus.OUT_OF_SCOPE, "other")
    graph = parse(list(trial_quads(Trial("NCT00000001", "T", SOURCE), Eligibility((criterion,), (clause,)), knowledge)))
    node = rdflib.URIRef(vocab.criterion_iri("NCT00000001", 0))
    assert set(graph.objects(node, RDF.type)) == {KGO.EligibilityCriterion}
    assert str(graph.value(graph.value(node, KGO.hasClause), KGO.clauseStatus)) == "out_of_scope"

"""The question library: every file is whole and answers, parameters are terms, errors help, and rows are native values."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from bundled_world import graph

from kg import queries
from kg.errors import BadQuery, KgError, UnknownDrug, UnknownName, UnknownQuery
from kg.queries import Query
from kg.rows import Iri, Rows, native
from kg.vocab import PREFIXES

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "queries").glob("*.rq"))
XSD = PREFIXES["xsd"]


def dicts(name: str, **parameters: object) -> list[dict[str, object]]:
    return [dict(row) for row in graph().query(name, **parameters).to_dicts()]


# --- every file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_question_is_whole_and_answers(path: Path) -> None:
    query = queries.read(path)
    assert query.title and query.question.endswith((".", "?")), "title and question are said"
    assert all(parameter.meaning for parameter in query.parameters)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", path.stem), "the name is the question in short"
    assert "\n\n" in query.text and not re.search(r"NOT\s+EXISTS", query.text, re.IGNORECASE), "MINUS, which every engine does fast"

    # It stands alone: without our prefixes, and with its parameters open, any engine takes it.
    found = graph().store.native.query(query.text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    columns = [variable.value for variable in found.variables]
    assert set(columns) == {*query.returns, *(parameter.name for parameter in query.parameters)} | (set(columns) & {"clause", "fact"})
    assert [column for column in columns if column in query.returns] == list(query.returns), "columns come in the order of `returns`"

    rows = graph().query(path.stem)
    assert rows.columns == query.returns
    assert (not rows.rows) == bool(query.empty), "rows on the bundled graph, or a reason why there are none"
    assert len(set(rows)) == len(rows), "no row twice"


def test_there_are_many_and_the_promised_ones_among_them() -> None:
    names = {query.name for query in queries.catalogue()}
    promised = """trials_by_drug trials_by_class trials_by_target trials_by_condition combinations_in_one_arm drugs_sharing_target
        trials_excluding_prior_class trials_not_excluding_prior_class enzyme_restrictions washout_windows biomarkers_required enzyme_gaps
        evidence_behind_fact criteria_of_trial clauses_by_status identifiers_of_trial outcomes_of_trial drugs_of_class arms_and_schedule
        criteria_with_words"""
    assert names >= set(promised.split())
    assert len(names) >= 18


def test_the_catalogue_page_is_made_from_the_headers() -> None:
    page = ROOT / "docs" / "queries.md"
    if not page.exists():
        pytest.skip("docs/ is not part of this installation")
    assert page.read_text(encoding="utf-8") == queries.document(), "run `python -m kg.queries > docs/queries.md`"


# --- answers on the two trials --------------------------------------------------------------------------------------


def column(name: str, key: str, **parameters: object) -> list[object]:
    return sorted({row[key] for row in dicts(name, **parameters)}, key=str)


@pytest.mark.parametrize(
    ("name", "parameters", "key", "expected"),
    [
        ("trials_by_drug", {"drug": "everolimus"}, "nct", ["NCT01281865"]),
        ("trials_by_drug", {"drug": "amoxicillin"}, "nct", []),
        ("trials_by_class", {"drug_class": "mTOR inhibitor"}, "drug", ["everolimus", "temsirolimus"]),
        ("trials_by_class", {"drug_class": "MEK inhibitor"}, "nct", ["NCT01206140"]),
        ("trials_by_target", {"target": "KIT"}, "drug", ["imatinib"]),
        ("trials_by_condition", {"condition": "synovial sarcoma"}, "nct", ["NCT01281865"]),
        ("trials_by_condition", {"condition": "sarcoma"}, "nct", ["NCT01206140", "NCT01281865"]),
        ("combinations_in_one_arm", {"drug": "temsirolimus"}, "drug_a", ["selumetinib"]),
        ("combinations_in_one_arm", {}, "nct", ["NCT01206140", "NCT01281865"]),
        ("trials_excluding_prior_class", {"drug_class": "MEK inhibitor"}, "nct", ["NCT01206140"]),
        ("trials_excluding_prior_class", {"drug_class": "mTOR inhibitor"}, "nct", ["NCT01206140", "NCT01281865"]),
        ("trials_excluding_prior_class", {"drug_class": "nitrosourea"}, "nct", ["NCT01206140", "NCT01281865"]),
        ("trials_not_excluding_prior_class", {"drug_class": "MEK inhibitor"}, "nct", ["NCT01281865"]),
        ("trials_not_excluding_prior_class", {"drug_class": "mTOR inhibitor"}, "nct", []),
        ("trials_not_excluding_prior_class", {"drug_class": "tyrosine kinase inhibitor"}, "nct", ["NCT01206140"]),
        ("trials_excluding_concomitant_class", {"drug_class": "antiretroviral"}, "nct", ["NCT01206140", "NCT01281865"]),
        ("enzyme_restrictions", {"enzyme": "CYP1A2"}, "role", ["inducer", "inhibitor"]),
        ("enzyme_restrictions", {"enzyme": "CYP3A4"}, "strengths", ["strong"]),
        ("enzyme_restrictions", {}, "nct", ["NCT01206140"]),
        ("enzyme_gaps", {"enzyme": "CYP3A4"}, "nct", ["NCT01281865"]),
        ("enzyme_gaps", {"enzyme": "CYP3A4"}, "drug", ["everolimus", "imatinib"]),
        ("biomarkers_required", {}, "biomarker", ["PDGFRA"]),
        ("washout_windows", {"trial": "NCT01281865"}, "days", [28, 42]),
        ("clauses_by_status", {"trial": "NCT01281865"}, "nct", ["NCT01281865"]),
        ("outcomes_of_trial", {"trial": "NCT01281865"}, "time_frame", ["At 8 weeks"]),
        ("criteria_with_words", {"words": "qtc INTERVAL"}, "nct", ["NCT01206140"]),
        ("trials_started_between", {"first": "2011-01-01", "last": "2011-01-01"}, "nct", ["NCT01281865"]),
        ("trials_started_between", {"first": date(2011, 1, 2), "last": date(2011, 12, 31)}, "nct", []),
        ("trials_by_sponsor", {"words": "national cancer"}, "nct", ["NCT01206140", "NCT01281865"]),
    ],
)
def test_answers(name: str, parameters: dict[str, object], key: str, expected: list[object]) -> None:
    assert column(name, key, **parameters) == expected


def test_windows_tell_the_exception_from_the_rule() -> None:
    rows = {(row["therapy"], row["exception"]): row["days"] for row in dicts("washout_windows", trial="NCT01206140")}
    assert rows["chemotherapy", False] == 21 and rows["mitomycin", True] == 42 and rows["nitrosourea", True] == 42


def test_criteria_come_verbatim_with_nesting() -> None:
    rows = graph().query("criteria_of_trial", trial="NCT01206140").to_dicts()
    text = graph().trial("NCT01206140").eligibility_text
    assert [row["order"] for row in rows] == list(range(len(rows)))
    assert all(text[row["start"] : row["end"]] == row["text"] for row in rows)  # type: ignore[misc]
    nested = next(row for row in rows if str(row["text"]).startswith("Steroids"))
    assert rows[nested["parent"]]["text"] == "Concomitant Medications"  # type: ignore[index]


def test_evidence_of_one_fact() -> None:
    rows = dicts("evidence_behind_fact", about="kg:drug/everolimus", related_to="kg:enzyme/cyp3a4")
    assert rows and {row["object"] for row in rows} == {"CYP3A4"}
    assert all(row["source"] for row in rows)
    assert any("substrate" in str(row["says"]) for row in rows)
    assert len(rows) < len(dicts("evidence_behind_fact", about="kg:drug/everolimus"))


# --- parameters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "drug", ["selumetinib", "AZD6244", "azd 6244", "kg:drug/selumetinib", "https://w3id.org/trialkg/id/drug/selumetinib"]
)
def test_a_thing_may_be_given_by_any_name_or_identifier(drug: str) -> None:
    assert column("trials_by_drug", "nct", drug=drug) == ["NCT01206140"]


@pytest.mark.parametrize(
    "trial", ["NCT01206140", "nct01206140", "clinicaltrials:NCT01206140", "https://clinicaltrials.gov/study/NCT01206140"]
)
def test_a_trial_may_be_given_in_any_form(trial: str) -> None:
    assert len(graph().query("identifiers_of_trial", trial=trial)) >= 8


def test_what_the_parameters_stood_for_is_told() -> None:
    assert graph().query("trials_by_drug").parameters == {"drug": "selumetinib"}
    assert graph().query("enzyme_gaps", enzyme="CYP3A4").parameters == {"enzyme": "CYP3A4"}


@pytest.mark.parametrize(
    ("name", "parameters", "error", "says"),
    [
        (
            "trials_by_drug",
            {"drugs": "imatinib"},
            BadQuery,
            r"no parameter 'drugs'; its parameters are\n  drug \(drug, selumetinib if not given\)",
        ),
        ("sources", {"drug": "imatinib"}, BadQuery, "no parameter 'drug'; it has none"),
        ("trials_by_drug", {"drug": "imatinob"}, UnknownDrug, "did you mean imatinib"),
        ("trials_by_class", {"drug_class": "MEK inhibiter"}, UnknownName, "not a known drug class"),
        ("trials_by_target", {"target": "no such gene at all"}, UnknownName, "not a known target"),
        ("enzyme_gaps", {"enzyme": "CYP3A44"}, UnknownName, "'CYP3A44' is not a known enzyme; did you mean .*CYP3A4"),
        ("trials_started_between", {"first": "21/11/2026"}, BadQuery, "first '21/11/2026' is not a date; write for instance 2026-11-21"),
        ("criteria_of_trial", {"trial": "1206140"}, BadQuery, "trial '1206140' is not a trial; write for instance NCT01206140"),
        ("evidence_behind_fact", {"about": "everolimus"}, BadQuery, "is not a iri; write for instance kg:drug/imatinib"),
        ("evidence_behind_fact", {"about": "kg:drug/x> ?y"}, BadQuery, "is not a iri"),
        ("trials_by_drg", {}, UnknownQuery, "did you mean trials_by_drug"),
        ("zzzz", {}, UnknownQuery, "kg query --list"),
    ],
)
def test_a_wrong_parameter_or_name_is_explained(name: str, parameters: dict[str, object], error: type[KgError], says: str) -> None:
    with pytest.raises(error, match=says):
        graph().query(name, **parameters)


HEADER = '# title: T\n# question: Q?\n{}# returns: s, n\n\nSELECT ?s ?n WHERE {{ BIND("x" AS ?s) }}\n'


def test_a_missing_parameter_is_listed() -> None:
    text = HEADER.format("# param: n | integer | | how many\n")
    with pytest.raises(BadQuery, match=r"the parameter 'n' is missing; its parameters are\n  n \(integer\): how many"):
        graph().query(text)
    assert graph().query(text, n="21").to_dicts() == [{"s": "x", "n": 21}]
    turned = text.replace("# title: T\n", "").replace("# returns:", "# title: T\n# returns:")
    assert graph().query(turned, n=21).columns == ("s", "n"), "the header's lines may come in any order"
    with pytest.raises(BadQuery, match="n 'many' is not a integer; write for instance 21"):
        graph().query(text, n="many")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("# title: T\n# returns: s\n\nSELECT ?s {}", "no `# question:` line"),
        ("# title: T\n# question: Q?\n# returns: s\n# tags: x\n\nSELECT ?s {}", "x:4: not a header line"),
        (HEADER.format("# param: n | number | | how many\n"), "unknown type 'number'; use one of"),
        (HEADER.format("# param: n | integer\n"), "has 2 cells, not 4"),
    ],
)
def test_a_header_that_is_not_whole_is_refused(header: str, says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        Query.parse(header, "x")


def test_a_column_that_the_query_does_not_give_is_refused() -> None:
    with pytest.raises(BadQuery, match="names t, which the SELECT does not give"):
        graph().query("# title: T\n# question: Q?\n# returns: s, t\n\nSELECT ?s WHERE { ?s ?p ?o } LIMIT 1")


@pytest.mark.parametrize("words", ['"', '" } # ', "\\", "?nct", "'))"])
def test_a_string_parameter_is_never_part_of_the_query(words: str) -> None:
    rows = graph().query("criteria_with_words", words=words)
    assert all(words.lower() in str(row[3]).lower() for row in rows)


# --- SPARQL text ----------------------------------------------------------------------------------------------------


def test_sparql_text_with_and_without_values() -> None:
    rows = graph().query("SELECT ?nct ?n WHERE { ?trial kgo:nctId ?nct ; kgo:enrollmentCount ?n }", n=14)
    assert rows.to_dicts() == [{"nct": "NCT01281865", "n": 14}]
    rows = graph().query("SELECT ?drug ?label WHERE { ?drug rdfs:label ?label }", drug="kg:drug/imatinib")
    assert rows.column("label") == ["imatinib"]
    rows = graph().query("SELECT ?drug ?label WHERE { ?drug a kgo:Drug ; rdfs:label ?label }", label="imatinib")
    assert rows.column("drug") == ["https://w3id.org/trialkg/id/drug/imatinib"]


def test_ask_and_construct() -> None:
    ask = graph().query("ASK { kg:drug\\/imatinib a kg:class\\/tyrosine-kinase-inhibitor }")
    assert ask.answer is True and ask.to_dicts() == [{"answer": True}]
    construct = graph().query("CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a kgo:ClinicalTrial ; rdfs:label ?l }")
    assert construct.kind == "construct" and len(construct) == 2
    with pytest.raises(KgError, match="write ASK"):
        _ = construct.answer


def test_a_slip_in_the_text_is_placed() -> None:
    with pytest.raises(BadQuery, match=r"query:1:\d+: not SPARQL"):
        graph().query("SELECT ?x WHERE { ?x ?p")


# --- rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("literal", "datatype", "expected"),
    [
        ("7", "integer", 7),
        ("0.5", "decimal", 0.5),
        ("1e3", "double", 1000.0),
        ("true", "boolean", True),
        ("2011-01-24", "date", date(2011, 1, 24)),
        ("2011-01-24T10:00:00", "dateTime", datetime(2011, 1, 24, 10)),
        ("2011-01", "gYearMonth", "2011-01"),
        ("many", "integer", "many"),
        ("maybe", "boolean", "maybe"),
        ("words", "string", "words"),
    ],
)
def test_literals_become_native_values(literal: str, datatype: str, expected: object) -> None:
    found = native(ox.Literal(literal, datatype=ox.NamedNode(XSD + datatype)))
    assert found == expected and type(found) is type(expected)


def test_iris_are_strings_that_know_their_short_form() -> None:
    iri = native(ox.NamedNode("https://clinicaltrials.gov/study/NCT01206140"))
    assert isinstance(iri, Iri) and iri == "https://clinicaltrials.gov/study/NCT01206140"
    assert iri.curie == "clinicaltrials:NCT01206140"
    assert native(None) is None


ROWS = Rows(
    ("who", "what", "when"), ((Iri("https://w3id.org/trialkg/id/drug/x"), '<script>"a", b</script>', date(2026, 11, 21)), (None, "é\nè", 3))
)


def test_rows_in_other_forms() -> None:
    assert list(ROWS)[1] == ROWS[1] == (None, "é\nè", 3)
    assert len(ROWS) == 2 and ROWS.column("when") == [date(2026, 11, 21), 3]
    read = list(csv.reader(io.StringIO(ROWS.to_csv())))
    assert read[1] == ["https://w3id.org/trialkg/id/drug/x", '<script>"a", b</script>', "2026-11-21"]
    assert read[2] == ["", "é\nè", "3"]
    assert json.loads(ROWS.to_json())[1] == {"who": None, "what": "é\nè", "when": 3}
    frame = ROWS.to_pandas()
    assert list(frame.columns) == ["who", "what", "when"] and len(frame) == 2
    with pytest.raises(KgError, match="no column 'where'; the columns are who, what, when"):
        ROWS.column("where")


def test_rows_in_a_notebook_and_as_text() -> None:
    shown = ROWS._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert "kg:drug/x" in shown and 'title="https://w3id.org/trialkg/id/drug/x"' in shown
    text = str(ROWS).splitlines()
    assert text[0].split() == ["who", "what", "when"] and text[2].startswith("kg:drug/x")
    many = Rows(("n",), tuple((number,) for number in range(60)))
    assert str(many).endswith("… and 10 more") and many._repr_html_().endswith("… and 10 more")

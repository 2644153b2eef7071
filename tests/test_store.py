"""The store: what goes in, what follows, what queries may and may not do, and the one order in which everything comes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from bundled_world import graph, small_quads, small_store

from kg.errors import BadInput, BadQuery, GraphNotFound
from kg.store import Store, _sorted_lines, rules
from kg.vocab import GRAPH_INFERRED

G = "<urn:g>"


def store_of(*triples: str) -> Store:
    store = Store.memory()
    store.load(f"{triple} {G} ." for triple in triples)
    return store


def answers(store: Store, text: str) -> list[tuple[str, ...]]:
    return sorted(tuple("" if term is None else term.value for term in row) for row in store.query(text).rows)  # type: ignore[union-attr]


# --- in -------------------------------------------------------------------------------------------------------------


def test_queries_see_the_union_and_can_still_tell_the_graphs_apart() -> None:
    store = Store.memory()
    store.load(["<urn:a> <urn:p> <urn:b> <urn:one> .", "<urn:b> <urn:p> <urn:c> <urn:two> ."])
    assert answers(store, "SELECT ?x { <urn:a> <urn:p>/<urn:p> ?x }") == [("urn:c",)]
    assert answers(store, "SELECT ?g { GRAPH ?g { ?s <urn:p> <urn:c> } }") == [("urn:two",)]
    assert store.counts() == {"urn:one": 1, "urn:two": 1}


def test_lines_may_come_with_or_without_line_ends_and_as_bytes() -> None:
    store = Store.memory()
    store.load(iter(["<urn:a> <urn:p> <urn:b> <urn:g> .", "<urn:a> <urn:p> <urn:c> <urn:g> .\n"]))
    store.load(b"<urn:a> <urn:p> <urn:d> <urn:g> .\n")
    assert len(store) == 3


def test_a_bad_line_is_named() -> None:
    with pytest.raises(BadInput, match=r"things\.nq:3: not an N-Quad: .*; correct the line"):
        Store.memory().load(["<urn:a> <urn:p> <urn:b> .", "<urn:a> <urn:p> <urn:c> .", "<urn:a> <urn:p> oh ."], "things.nq")


def test_an_error_while_lines_are_made_comes_through() -> None:
    def lines() -> Iterator[str]:
        yield "<urn:a> <urn:p> <urn:b> ."
        raise BadInput("the record is cut off")

    with pytest.raises(BadInput, match="cut off"):
        Store.memory().load(lines())


def test_a_blank_node_stays_one_node_through_a_long_load() -> None:
    filler = (f"<urn:{number}> <urn:p> <urn:x> ." for number in range(20_000))
    store = Store.memory()
    store.load(line for part in (["_:b <urn:first> <urn:x> ."], filler, ["_:b <urn:last> <urn:x> ."]) for line in part)
    assert answers(store, "SELECT (COUNT(*) AS ?n) { ?b <urn:first> ?x ; <urn:last> ?x }") == [("1",)]


def test_a_store_on_disk_is_read_by_others_and_never_written_by_them(tmp_path: Path) -> None:
    place = tmp_path / "store"
    store = Store.create(place)
    store.load(small_quads())
    store.finish()
    expected = len(store)
    del store
    one, two = Store.open(place), Store.open(place)
    assert len(one) == len(two) == expected
    assert list(one.lines()) == list(small_store().lines())
    with pytest.raises((OSError, ValueError, RuntimeError)):
        one.native.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.NamedNode("urn:b")))


def test_no_store_and_no_room_for_one(tmp_path: Path) -> None:
    with pytest.raises(GraphNotFound, match="no store here; build one"):
        Store.open(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(BadInput, match="not empty"):
        Store.create(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput):
        Store.create(tmp_path / "file" / "below")


# --- what follows ---------------------------------------------------------------------------------------------------


def test_rules_build_on_each_other_and_say_nothing_twice() -> None:
    texts = {
        "2": "CONSTRUCT { ?a <urn:reaches> ?c } WHERE { ?a <urn:above>+ ?c }",
        "1": "CONSTRUCT { ?b <urn:above> ?a } WHERE { ?a <urn:below> ?b }",
    }
    store = store_of("<urn:a> <urn:below> <urn:b>", "<urn:b> <urn:below> <urn:c>", "<urn:b> <urn:above> <urn:a>")
    assert store.materialise(texts) == 1 + 3, "one `above` is stated already"
    assert answers(store, f"SELECT ?s ?o {{ GRAPH <{GRAPH_INFERRED}> {{ ?s <urn:above> ?o }} }}") == [("urn:c", "urn:b")]
    assert answers(store, "SELECT ?o { <urn:c> <urn:reaches> ?o }") == [("urn:a",), ("urn:b",)]
    assert store.materialise(texts) == 0


def test_the_bundled_graph_is_closed_upward() -> None:
    assert rules()
    store = graph().store
    for text in (
        "?a a kgo:DrugClass ; rdfs:subClassOf/rdfs:subClassOf ?c . ?c a kgo:DrugClass . MINUS { ?a rdfs:subClassOf ?c } FILTER(?a != ?c)",
        "?a skos:broader ?b . ?b skos:broader ?c . MINUS { ?a skos:broaderTransitive ?c }",
        "?drug a ?class . ?class rdfs:subClassOf ?up . ?up a kgo:DrugClass . MINUS { ?drug a ?up }"
        " MINUS { ?drug kgo:isNotInClass/rdfs:subClassOf* ?up } MINUS { ?drug kgo:isArguablyInClass ?up }",
    ):
        assert not answers(store, f"SELECT * {{ {text} }} LIMIT 5"), text
    assert store.materialise() == 0


# --- queries --------------------------------------------------------------------------------------------------------


def test_select_ask_and_construct() -> None:
    store = store_of('<urn:a> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>')
    select = store.query("SELECT ?o ?nothing { <urn:a> <urn:p> ?o }")
    assert (select.kind, select.columns) == ("select", ("o", "nothing"))
    assert [row[1] for row in select.rows] == [None]
    ask = store.query("ASK { <urn:a> ?p ?o }")
    assert (ask.kind, [str(row[0].value) for row in ask.rows]) == ("ask", ["true"])  # type: ignore[union-attr]
    construct = store.query("CONSTRUCT { ?o <urn:of> ?s } { ?s <urn:p> ?o }")
    assert construct.columns == ("subject", "predicate", "object")
    describe = store.query("DESCRIBE <urn:a>")
    assert len(list(describe.rows)) == 1


def test_known_prefixes_need_no_declaration_and_can_be_overruled() -> None:
    store = store_of("<urn:a> <https://w3id.org/trialkg/ontology#hasArm> <urn:b>")
    assert answers(store, "SELECT ?o { ?s kgo:hasArm ?o }") == [("urn:b",)]
    assert answers(store, "PREFIX kgo: <urn:other#> SELECT ?o { ?s kgo:hasArm ?o }") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT ?x WHERE {\n  ?x rdfs:label ?y . ?x\n}", r"query:3:2: not SPARQL.*correct it here or just before\n  }\n   \^"),
        (
            "SELECT ?x\nWHERE { ?x nope:label ?y }",
            r"query:2:\d+: the prefix nope: is not known; declare it with PREFIX, or use one of .*kgo:",
        ),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", r"SELECT \* is not authorized with GROUP BY"),
        ("", "the query is empty; write a SELECT"),
        ("# only a remark", "the query is empty"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "query:1:1: INSERT is an update, and queries only read"),
        ("PREFIX a: <urn:a>\nBASE <urn:b>\n# SELECT\ndelete where { ?s ?p ?o }", "query:4:1: DELETE is an update"),
        ("DROP ALL", "DROP is an update"),
        ("LOAD <file:///etc/passwd>", "LOAD is an update"),
    ],
)
def test_what_is_no_query_is_refused_with_place_and_remedy(text: str, says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        store_of().query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o .service silent <http://127.0.0.1:9/>{ ?a ?b ?c } }",
        r"SELECT * { ?s kg:a\#b ?o . SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }",
        r"SELECT * { ?s kg:a\'b ?o . SERVICE <http://127.0.0.1:9/> { ?a ?b kg:c\' } }",
        "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
        "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
        "SELECT * { ?s ?p kg:.SERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
        "SELECT * { { SELECT * { ?s ?p '#' . SERVICE?x { ?a ?b ?c } } } }",
    ],
)
def test_a_query_opens_no_connection(text: str) -> None:
    with pytest.raises(BadQuery, match="SERVICE asks another server"):
        store_of("<urn:a> <urn:p> <urn:b>").query(text)


def test_the_word_service_is_no_crime() -> None:
    store = store_of('<urn:service> <urn:p> "SERVICE"')
    assert answers(store, 'SELECT ?service { ?service ?p "SERVICE" } # SERVICE') == [("urn:service",)]


@pytest.mark.parametrize("value", ['"', 'x" } INSERT', "\\", "'''", "?x", "a\nb"])
def test_a_bound_value_stays_a_value(value: str) -> None:
    store = store_of(f"<urn:a> <urn:name> {ox.Literal(value)}", '<urn:b> <urn:name> "another"')
    found = store.query("SELECT ?who ?name { ?who <urn:name> ?name }", {"name": ox.Literal(value)})
    assert [row[0] for row in found.rows] == [ox.NamedNode("urn:a")]


def test_a_binding_reaches_filters_unions_and_minus() -> None:
    store = store_of("<urn:a> <urn:has> <urn:x>", "<urn:b> <urn:has> <urn:y>", "<urn:c> <urn:had> <urn:x>")
    for text, expected in {
        "SELECT ?who ?it { ?who <urn:has> ?any FILTER(?any = ?it) }": ["urn:a"],
        "SELECT ?who ?it { { ?who <urn:has> ?it } UNION { ?who <urn:had> ?it } }": ["urn:a", "urn:c"],
        "SELECT ?who ?it { ?who <urn:has> ?any MINUS { ?who <urn:has> ?it } }": ["urn:b"],
        "SELECT ?who ?it { ?who <urn:has> ?any OPTIONAL { ?who <urn:has> ?it } FILTER(BOUND(?it)) } GROUP BY ?who ?it": ["urn:a", "urn:b"],
    }.items():
        found = store.query(text, {"it": ox.NamedNode("urn:x")}).rows
        assert sorted(row[0].value for row in found) == expected, text  # type: ignore[union-attr]


def test_a_binding_that_the_query_does_not_show_is_an_error() -> None:
    with pytest.raises(BadQuery, match="query: no parameter 'elsewhere'; it takes the columns of its SELECT: s"):
        store_of().query("SELECT ?s { ?s ?p ?o }", {"elsewhere": ox.Literal("x")})


# --- out ------------------------------------------------------------------------------------------------------------


def test_the_order_does_not_hang_on_how_the_quads_came_in() -> None:
    forth, back = (list(small_store(backwards).lines()) for backwards in (False, True))
    assert forth == back == sorted(forth)
    assert set(forth) == set(small_quads()) or any("_:" in line for line in forth)


def test_blank_nodes_get_canonical_names() -> None:
    one = store_of("<urn:a> <urn:p> _:first", "_:first <urn:p> _:second", '_:second <urn:p> "end"')
    other = store_of('_:x <urn:p> "end"', "_:y <urn:p> _:x", "<urn:a> <urn:p> _:y")
    assert list(one.lines()) == list(other.lines())


def test_a_named_graph_alone() -> None:
    store = Store.memory()
    store.load(["<urn:a> <urn:p> <urn:b> <urn:one> .", "<urn:b> <urn:p> <urn:c> <urn:two> ."])
    assert list(store.lines("urn:two")) == ["<urn:b> <urn:p> <urn:c> <urn:two> .\n"]
    assert [str(quad.graph_name) for quad in store.quads("urn:one")] == ["<urn:one>"]


def test_sorting_in_runs_is_sorting() -> None:
    lines = [f"{(number * 7919) % 1009:04d} é\n" for number in range(1009)]
    assert list(_sorted_lines(iter(lines), at_once=100)) == sorted(lines)
    assert list(_sorted_lines(iter(lines[:100]), at_once=100)) == sorted(lines[:100])

"""`--graph URL`: a running `kg serve`, asked over its socket, gives what the graph's folder gives; what it cannot give says what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from bundled_world import graph
from local_server import Answering, serving
from web_world import Site, command

import kg
from kg import bundle, queries
from kg.cli import main
from kg.errors import BadInput, BadQuery, KgError, UnknownTrial
from kg.portable import portable
from kg.remote import Remote
from kg.rows import Rows
from kg.store import Store

PATIENT = {"as_of": "2026-11-21", "prior": [{"drug": "trametinib", "last_dose": "2024-11-20"}], "taking": ["itraconazole"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("served") / "my.kg"
    kg.build([str(bundle.path("data/trials"))], place)
    with command("--graph", str(place)) as (running, _):
        yield running


@pytest.fixture
def remote(site: Site) -> Remote:
    return Remote(site.address)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return ran


# --- the same answers ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", queries.catalogue(), ids=lambda query: query.name)
def test_every_question_of_the_library_has_the_same_answer(remote: Remote, query: queries.Query) -> None:
    given = {
        p.name: {"trial": "NCT01206140", "drug": "selumetinib"}.get(p.type) for p in query.parameters if p.default in ("", queries.ANY)
    }
    if any(value is None for value in given.values()):
        given = {name: value for name, value in given.items() if value}
    try:
        wanted = graph().query(query.name, **given)
    except BadQuery:
        with pytest.raises(BadQuery):
            remote.query(query.name, **given)
        return
    found = remote.query(query.name, **given)
    assert (found.columns, unordered(found)) == (wanted.columns, unordered(wanted))


def unordered(rows: Rows) -> list[list[object]]:
    """Rows, and what a cell lists, in an order that is not that of a store."""
    cells = [[sorted(re.split(r" ; |\|", cell)) if isinstance(cell, str) else cell for cell in row] for row in rows]
    return sorted(cells, key=str)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?nct { ?trial kgo:nctId ?nct } ORDER BY ?nct",
        "ASK { ?trial kgo:nctId 'NCT01206140' }",
        "CONSTRUCT { ?t kgo:nctId ?n } WHERE { ?t kgo:nctId ?n }",
    ],
)
def test_sparql_of_each_kind(remote: Remote, text: str) -> None:
    found, wanted = remote.query(text), graph().query(text)
    assert (found.kind, found.columns, sorted(found.rows)) == (wanted.kind, wanted.columns, sorted(wanted.rows))


def test_a_report_is_the_whole_report(remote: Remote) -> None:
    patient = kg.Patient.from_dict(PATIENT)
    for trials in (None, "NCT01206140", ["NCT01281865"]):
        found, wanted = remote.check(patient, trials), graph().check(patient, trials)
        assert found.to_dict() == wanted.to_dict()
        assert (found.to_html(), found.why()) == (wanted.to_html(), wanted.why())


def test_records_matches_and_interactions(remote: Remote) -> None:
    assert remote.stored("nct01206140") == graph().stored("NCT01206140")
    assert remote.find("mTor inhibitor") == graph().find("mTor inhibitor")
    assert remote.find("NCT01281865") == graph().find("NCT01281865")
    assert remote.drug_facts("AZD6244") == graph().drug_facts("AZD6244")
    assert remote.arm_interactions("NCT01281865") == graph().arm_interactions("NCT01281865")
    assert len(remote.records) == 2


def test_commands_print_what_they_print_of_a_folder(site: Site, run: Run, tmp_path: Path) -> None:
    for arguments in (
        ("check", "--as-of", "2026-11-21", "--prior", "trametinib@2024-11-20", "--trial", "NCT01206140"),
        ("check", "--as-of", "2026-11-21", "--no-prior", "--taking", "itraconazole", "--format", "json"),
        ("query", "trials_excluding_prior_class", "--param", "drug_class=MEK inhibitor", "--format", "csv"),
        ("show", "NCT01206140"),
        ("show", "AZD6244"),
        ("find", "synovial"),
        ("explain", "NCT01206140", "--criterion", "23"),
        ("interactions", "NCT01281865"),
    ):
        assert run(*arguments, "--graph", site.address) == run(*arguments), arguments
    code, _, err = run("draw", "NCT01206140", "-o", str(tmp_path / "trial.html"), "--graph", site.address)
    assert (code, (tmp_path / "trial.html").read_text().startswith("<!DOCTYPE html>")) == (0, True), err
    code, out, _ = run("info", "--graph", site.address, "--format", "json")
    assert (code, json.loads(out)["trials"]) == (0, 2)
    ended = run("check", "--no-taking", "--prior", "trametinib", "--trial", "NCT01206140", "--fail-on", "excluded", "--graph", site.address)
    assert ended[0] == 10


def test_the_address_of_the_endpoint_does_as_well(site: Site) -> None:
    remote = Remote(f"{site.address}sparql")
    assert remote.query("SELECT ?nct { ?trial kgo:nctId ?nct }").rows
    assert remote.check(kg.Patient(taking=[]), "NCT01206140")["NCT01206140"].nct == "NCT01206140"


# --- what it cannot do --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["check", "--all", "--taking", "itraconazole"],
            "needs the graph itself, not a service; run it where the graph's folder is, or check",
        ),
        (["export"], "needs the graph itself, not a service; run it where the graph's folder is, or ask for a part with kg query"),
        (["validate"], "validating needs the graph itself"),
        (["draw", "NCT01206140", "NCT01281865", "-o", "x.html"], "draws one trial, by its number"),
        (["show", "NCT99999999"], "no trial NCT99999999"),
        (["check", "--taking", "itraconazole", "--trial", "NCT99999999"], "NCT99999999"),
        (["query", "SELECT ?x WHERE { ?x"], "query:1:"),
        (["query", "DELETE WHERE { ?s ?p ?o }"], "read"),
        (["query", "SELECT ?nct { ?t kgo:nctId ?nct }", "-p", "colour=red"], "no parameter 'colour'"),
        (["query", "trials_excluding_prior_klass"], "trials_excluding_prior_class"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_remedy(
    site: Site, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments, "--graph", site.address)
    assert (code, out, words in err, "internal error" in err) == (1, "", True, False), err
    assert list(tmp_path.iterdir()) == []


def test_serve_wants_a_folder(run: Run) -> None:
    code, _, err = run("serve", "--graph", "http://127.0.0.1:9")
    assert (code, "is no folder" in err) == (1, True)


class Other(Answering):
    """An endpoint that is not ours: it takes the query alone, declares no prefix, and knows no other path."""

    store = Store.memory()

    def do_POST(self) -> None:  # noqa: N802 - as http.server calls it
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path == "/page":
            self.say(200, b"<html>a page</html>", "text/html")
        elif self.path != "/sparql":
            self.say(404, b"<html>not here</html>", "text/html")
        else:
            try:
                found = self.store.native.query(parse_qs(body)["query"][0])
                self.say(200, found.serialize(format=ox.QueryResultsFormat.JSON) or b"", "application/sparql-results+json")
            except SyntaxError as error:
                self.say(400, str(error).encode(), "text/plain")

    def do_GET(self) -> None:  # noqa: N802 - as http.server calls it
        self.say(404, b"no", "text/plain")


@pytest.fixture
def other() -> Iterator[str]:
    Other.store.load(['<urn:t> <https://w3id.org/trialkg/ontology#nctId> "NCT00000001" .'])
    with serving(Other) as address:
        yield address


def test_an_endpoint_of_another_kind_answers_queries_and_the_rest_says_so(other: str) -> None:
    remote = Remote(f"{other}/sparql")
    assert remote.query("SELECT ?nct { ?trial kgo:nctId ?nct }", nct="NCT00000001").rows == (("NCT00000001",),)
    with pytest.raises(BadQuery, match="query: "):
        remote.query("SELECT ?nct {")
    with pytest.raises(BadInput, match="as no `kg serve` does; an endpoint of another kind answers `kg query` alone"):
        remote.check(kg.Patient(taking=[]))
    with pytest.raises(KgError, match="as no `kg serve` does"):
        remote.trial("NCT00000001")
    with pytest.raises(BadQuery, match="status 404; give the address"):
        Remote(f"{other}/nowhere").query("ASK {}")
    with pytest.raises(BadInput, match="answers in text/html, as no SPARQL endpoint does"):
        Remote(f"{other}/page").query("ASK {}")


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(BadInput, match=r"http://127.0.0.1:9/sparql: no answer .*check the address"):
        Remote("http://127.0.0.1:9").query("ASK {}")
    with pytest.raises(UnknownTrial):
        graph().stored("NCT99999999")


# --- the text of a query ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("PREFIX kgo: <urn:x> SELECT ?a { ?a a kgo:B }", "PREFIX kgo: <urn:x> SELECT ?a { VALUES ?a { <urn:v> } ?a a kgo:B }"),
        (
            "SELECT ?a (COUNT(?b) AS ?n) { ?a ?b ?c } GROUP BY ?a",
            "SELECT ?a (COUNT(?b) AS ?n) { VALUES ?a { <urn:v> } ?a ?b ?c } GROUP BY ?a",
        ),
        ("# { kgo:x\nSELECT ?a { ?a ?b 'kgo:{' }", "# { kgo:x\nSELECT ?a { VALUES ?a { <urn:v> } ?a ?b 'kgo:{' }"),
        ("CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }"),
    ],
)
def test_parameters_are_stated_in_the_group_of_a_select(text: str, sent: str) -> None:
    assert portable(text, {"a": ox.NamedNode("urn:v")}) == sent

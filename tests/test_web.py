"""The web service, asked over its socket: pages, checks, queries, limits, and what it does with requests that are none."""

from __future__ import annotations

import csv
import io
import json
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from bundled_world import graph
from hypothesis import given
from hypothesis import strategies as st
from web_world import Site, command, on_thread

import kg
from kg import bundle
from kg.cli import main
from kg.web.accept import best
from kg.web.service import opened
from kg.web.sparql import TABLES, TRIPLES, Refused, question
from kg.web.workers import Limits

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENT = {"as_of": "2026-11-21", "prior": [{"drug": "trametinib", "last_dose": "2024-11-20"}], "taking": ["itraconazole"]}
TRIALS = "SELECT ?nct { ?trial kgo:nctId ?nct } ORDER BY ?nct"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of the bundled trials."""
    place = tmp_path_factory.mktemp("served") / "my.kg"
    kg.build([str(bundle.path("data/trials"))], place)
    return place


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[Site]:
    with command("--graph", str(built), "--limit", "2") as (running, _):
        yield running


# --- patients -------------------------------------------------------------------------------------------------------------------------


def test_a_check_answers_as_the_library_does(site: Site) -> None:
    answer = site.post("/check", json.dumps(PATIENT), "application/json")
    wanted = graph().check(kg.Patient.from_dict(PATIENT))
    assert (answer.status, answer.media) == (200, "application/json")
    assert json.loads(answer.text) == json.loads(wanted.to_json())
    assert {result.nct: result.verdict.value for result in wanted} == {"NCT01206140": "excluded", "NCT01281865": "review"}


def test_a_check_of_chosen_trials_leaves_the_others_out(site: Site) -> None:
    answer = site.post("/check", json.dumps({**PATIENT, "trials": ["NCT01281865"]}), "application/json")
    assert [trial["nct"] for trial in json.loads(answer.text)["trials"]] == ["NCT01281865"]


def test_the_form_of_the_page_gives_the_report_as_a_page(site: Site) -> None:
    body = "prior=trametinib%402024-11-20%0D%0A&taking=itraconazole&conditions=&as_of=2026-11-21&trials=nct01206140"
    answer = site.post("/check", body, FORM, "text/html")
    assert (answer.status, answer.media) == (200, "text/html")
    assert "Previous MEK inhibitor use" in answer.text
    assert "NCT01281865" not in answer.text


def test_what_the_form_leaves_empty_is_not_given_and_what_it_denies_is_none(site: Site) -> None:
    asked = "taking=itraconazole&prior=%20&{}conditions="
    left, denied = (json.loads(site.post("/check", asked.format(more), FORM, "application/json").text) for more in ("", "no_prior=1&"))
    assert "prior" in left["not_assessed"]
    assert "prior" not in denied["not_assessed"]


@pytest.mark.parametrize(
    ("body", "media", "status", "says"),
    [
        ("{", "application/json", 400, "no JSON"),
        ('{"prior": [], "prior": ["imatinib"]}', "application/json", 400, "twice"),
        ("[]", "application/json", 400, "object"),
        ('{"prio": []}', "application/json", 400, "prio"),
        ('{"taking": ["itraconazole"], "trials": "NCT01206140"}', "application/json", 400, "list"),
        ('{"taking": ["itraconazole"], "trials": ["NCT00000001"]}', "application/json", 404, "NCT00000001"),
        ('{"taking": [{"drug": "itraconazole", "last_dose": "2020-13-01"}]}', "application/json", 400, "2020-13-01"),
        ("taking: [itraconazole]", "text/yaml", 415, "application/json"),
        ("prior=imatinib&no_prior=1", FORM, 400, "none known"),
        ("prior=&taking=", FORM, 400, "nothing was given"),
        ("prior=%FF", FORM, 400, "UTF-8"),
        ("x" * (2**20 + 1), "application/json", 413, "1 MB"),
    ],
)
def test_what_is_no_patient_is_refused_in_plain_words(site: Site, body: str, media: str, status: int, says: str) -> None:
    answer = site.post("/check", body, media, "application/json")
    assert answer.status == status
    assert says in json.loads(answer.text)["error"]
    assert "Traceback" not in answer.text


def test_ctrl_c_ends_it_quietly_and_what_was_told_of_a_patient_is_in_no_log(built: Path) -> None:
    with command("--graph", str(built)) as (site, process):
        assert site.post("/check", json.dumps(PATIENT), "application/json").status == 200
        assert site.post("/check", '{"prior": ["trametinib"], "as_of": "x"}', "application/json").status == 400
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert (out, err) == ("", "")


# --- pages ----------------------------------------------------------------------------------------------------------------------------


def test_the_page_finds_trials_and_shows_their_pictures(site: Site) -> None:
    found = site.get("/", "text/html", find="selumetinib soft tissue")
    assert 'href="/trial/NCT01206140"' in found.text
    picture = site.get("/trial/NCT01206140", "text/html")
    assert (picture.status, picture.media) == (200, "text/html")
    assert "Previous MEK inhibitor use" in picture.text
    assert site.get("/trial/NCT00000001", "text/html").status == 404


def test_the_page_takes_no_markup_from_a_request(site: Site) -> None:
    for answer in (
        site.get("/", "text/html", find="<script>alert(1)</script>"),
        site.get("/", "text/html", question="<script>alert(1)</script>"),
        site.post("/sparql", 'SELECT ("<script>alert(1)</script>" AS ?x) {}', "application/sparql-query", "text/html"),
        site.post("/check", json.dumps({"taking": ["<script>alert(1)</script>"]}), "application/json", "text/html"),
    ):
        assert "<script>" not in answer.text
        assert "&lt;script&gt;" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_question_of_the_library_can_be_asked_from_the_page(site: Site) -> None:
    page = site.get("/", "text/html", question="trials_excluding_prior_class")
    assert "kgo:nctId ?nct ; kgo:briefTitle" in page.text
    assert site.get("/", "text/html", question="trials_excluding_prior_clas").status == 404


def test_in_a_browser_a_patient_is_checked_and_a_query_asked(site: Site, browser: Browser) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site.address)
    page.get_by_label("Earlier therapies").fill("trametinib@2024-11-20")
    page.get_by_label("Current drugs").fill("itraconazole")
    page.get_by_role("button", name="Check").click()
    page.get_by_text("Previous MEK inhibitor use").first.wait_for()
    page.goto(site.address)
    page.get_by_text("Questions of the library").click()
    page.get_by_role("link", name="Trials that exclude prior use of a class").click()
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("cell", name="Previous MEK inhibitor use").first.wait_for()
    assert complaints == []
    assert {url.split("/")[2] for url in requests} == {site.address.split("/")[2]}, "nothing is asked of another machine"


# --- queries --------------------------------------------------------------------------------------------------------------------------


def test_a_table_comes_in_every_form_that_is_accepted(site: Site) -> None:
    wanted = [["NCT01206140"], ["NCT01281865"]]
    found = site.get("/sparql", query=TRIALS)
    assert found.media == TABLES[0]
    assert [[row["nct"]["value"]] for row in json.loads(found.text)["results"]["bindings"]] == wanted
    assert list(csv.reader(io.StringIO(site.ask(TRIALS, "text/csv").text)))[1:] == wanted
    for media in TABLES[:2]:
        answer = site.ask(TRIALS, media)
        assert answer.media == media
        form = ox.QueryResultsFormat.from_media_type(media)
        read = ox.parse_query_results(answer.body, form)
        assert isinstance(read, ox.QuerySolutions)
        assert [[row["nct"].value] for row in read] == wanted  # type: ignore[union-attr]


@pytest.mark.parametrize("media", TRIPLES)
def test_triples_come_in_every_form_that_is_accepted(site: Site, media: str) -> None:
    answer = site.ask("CONSTRUCT { ?trial kgo:nctId ?nct } WHERE { ?trial kgo:nctId ?nct }", media)
    assert answer.media == media
    triples = list(ox.parse(answer.body, ox.RdfFormat.from_media_type(media)))
    assert sorted(triple.object.value for triple in triples) == ["NCT01206140", "NCT01281865"]  # type: ignore[union-attr]


def test_what_cannot_be_given_is_said(site: Site) -> None:
    assert site.ask("ASK {}", "image/png").status == 406
    refused = site.ask("ASK {}", "text/turtle")
    assert refused.status == 400
    assert "accept another" in refused.text
    wrong = site.ask("SELECT ?x WHERE { ?x ")
    assert wrong.status == 400
    assert "query:1:" in wrong.text, "the place of the error"


def test_the_endpoint_says_what_it_is(site: Site) -> None:
    triples = list(ox.parse(site.get("/sparql").body, ox.RdfFormat.TURTLE, base_iri="http://example.org/sparql"))
    assert "http://www.w3.org/ns/sparql-service-description#Service" in {str(getattr(t.object, "value", "")) for t in triples}


def test_nothing_that_is_sent_changes_the_graph_or_calls_another_server(site: Site) -> None:
    before = site.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    answers = [
        site.ask(update),
        site.post("/sparql", update, "application/sparql-update"),
        site.post("/sparql", f"update={update}", FORM),
        site.ask("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
    ]
    assert [answer.status for answer in answers] == [400, 403, 403, 400]
    assert site.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text == before


def test_other_sites_may_ask_the_graph_and_not_for_a_check(site: Site) -> None:
    origin = {"origin": "https://example.org"}
    assert site.send("GET", "/sparql?query=ASK%20%7B%7D", None, origin).headers["access-control-allow-origin"] == "*"
    told = {**origin, "content-type": "application/json"}
    assert "access-control-allow-origin" not in site.send("POST", "/check", json.dumps(PATIENT).encode(), told).headers


# --- limits ---------------------------------------------------------------------------------------------------------------------------


def test_a_query_that_takes_too_long_is_stopped_and_keeps_nobody_else_waiting(built: Path) -> None:
    with on_thread(opened(built, 2, Limits(seconds=3))) as site, ThreadPoolExecutor() as threads:
        assert [site.ask(TRIALS).status for _ in range(2)] == [200] * 2, "both workers are up"
        slow = threads.submit(site.ask, ENDLESS)
        time.sleep(0.3)
        others = [site.ask(TRIALS) for _ in range(10)]
        assert not slow.done(), "the others were answered while it ran"
        assert [answer.status for answer in others] == [200] * 10
        stopped = slow.result()
        assert stopped.status == 503
        assert "3 s" in stopped.text
        assert [site.ask(TRIALS).status for _ in range(3)] == [200] * 3, "another worker took its place"


def test_who_finds_no_free_worker_is_told_when_to_come_back(built: Path) -> None:
    with on_thread(opened(built, 1, Limits(seconds=4, waiting=0.2))) as site, ThreadPoolExecutor() as threads:
        assert site.ask(TRIALS).status == 200, "the worker is up"
        slow = threads.submit(site.ask, ENDLESS)
        time.sleep(1)
        turned_away = site.ask(TRIALS)
        assert (turned_away.status, turned_away.headers["retry-after"]) == (503, "5")
        assert slow.result().status == 503


def test_an_answer_that_is_too_large_is_refused_whole(built: Path) -> None:
    with on_thread(opened(built, 1, Limits(answer=10_000))) as site:
        large = site.ask("SELECT * { ?s ?p ?o } LIMIT 1000")
        assert large.status == 413
        assert "LIMIT" in large.text
        assert site.ask(TRIALS).status == 200


def test_many_at_once_are_all_answered(site: Site) -> None:
    def asked(number: int) -> int:
        return len(site.ask(f"SELECT * {{ ?s ?p ?o }} LIMIT {number}", "text/tab-separated-values").text.splitlines())

    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(asked, range(1, 41))) == list(range(2, 42))


# --- the command ----------------------------------------------------------------------------------------------------------------------


def test_a_port_in_use_is_said_in_one_line(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    port = site.address.rstrip("/").rpartition(":")[2]
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", port])
    assert ended.value.code == 1
    assert f":{port}: cannot listen here" in capsys.readouterr().err


def test_without_a_graph_the_bundled_one_is_served() -> None:
    with command() as (site, _):
        assert site.ask(TRIALS, "text/csv").text.split() == ["nct", "NCT01206140", "NCT01281865"]
        assert "2 trials" in site.get("/").text


# --- properties -----------------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60), st.text(max_size=40), st.binary(max_size=60), st.text(max_size=60))
def test_whatever_is_sent_is_a_question_or_refused(url_query: str, media: str, body: bytes, accept: str) -> None:
    for method, content_type in (("GET", ""), ("POST", media), ("POST", FORM), ("POST", "application/sparql-query")):
        try:
            asked = question(method, f"http://localhost/sparql?{url_query}", content_type, body, accept)
        except Refused as refused:
            assert 400 <= refused.status < 500
            assert str(refused)
        else:
            assert asked is None or set(asked.forms.values()) <= {*TABLES, *TRIPLES}


@given(st.text(max_size=80))
def test_what_is_chosen_was_offered(accept: str) -> None:
    assert best(accept, TABLES) in (*TABLES, None)

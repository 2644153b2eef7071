"""The W3C's tests of the SPARQL 1.1 Protocol for queries, against the running endpoint.

Those for updates are left out but for the requests that must fail: the endpoint only reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import rdflib
from rdflib.collection import Collection
from web_world import Site, on_thread

import kg
from kg.store import Store
from kg.web.service import Service
from kg.web.sparql import TABLES, TRIPLES
from kg.web.workers import Limits, Workers

SUITE = Path(__file__).parents[2] / "shared" / "reference" / "sparql11_protocol"
DATA = "http://kasei.us/2009/09/sparql/data/"
MF, HT, CNT = (
    rdflib.Namespace(text)
    for text in (
        "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
        "http://www.w3.org/2011/http#",
        "http://www.w3.org/2011/content#",
    )
)
MEDIA = {"tabular": TABLES, "boolean": TABLES, "RDF": TRIPLES}

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="../shared/reference is not there")


def manifest() -> rdflib.Graph:
    found = rdflib.Graph()
    if SUITE.is_dir():
        found.parse(SUITE / "manifest.ttl")
    return found


MANIFEST = manifest()
TESTS = [
    test
    for test in sorted(MANIFEST.subjects(rdflib.RDF.type, MF.ProtocolTest))
    if "#query_" in test or "#bad_" in test  # the others change the graph
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("protocol") / "store"
    store = Store.create(folder)
    for name in ("data1", "data2", "data3"):
        lines = (SUITE / f"{name}.nt").read_text(encoding="utf-8").splitlines()
        store.load(f"{line.rstrip().removesuffix('.')} <{DATA}{name}.rdf> ." for line in lines if line.strip())
    store.finish()

    @contextmanager
    def service() -> Iterator[Service]:
        with ThreadPoolExecutor(1) as thread, Workers(folder, 1, Limits()) as workers:
            yield Service(kg.open(), thread, workers, Limits())

    with on_thread(service()) as running:
        yield running


@pytest.mark.parametrize("test", TESTS, ids=lambda test: str(test).partition("#")[2])
def test_protocol(site: Site, test: rdflib.term.Node) -> None:
    connection = MANIFEST.value(test, MF.action)
    requests = list(Collection(MANIFEST, MANIFEST.value(connection, HT.requests)))
    assert requests
    for request in requests:
        headers = {
            str(MANIFEST.value(header, HT.fieldName)): str(MANIFEST.value(header, HT.fieldValue))
            for header in Collection(MANIFEST, MANIFEST.value(request, HT.headers) or rdflib.RDF.nil)
        }
        body = MANIFEST.value(request, HT.body)
        encoding = str(MANIFEST.value(body, CNT.characterEncoding) or "UTF-8")
        sent = None if body is None else str(MANIFEST.value(body, CNT.chars)).encode(encoding)
        path = str(MANIFEST.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
        answer = site.send(str(MANIFEST.value(request, HT.methodName)), path, sent, headers)
        response = MANIFEST.value(request, HT.resp)
        wanted = {str(status).rpartition("StatusCode")[2][0] for status in MANIFEST.objects(response, MF.expectedStatus)}
        assert str(answer.status)[0] in wanted, answer.text
        form = MANIFEST.value(response, MF.expectedFormat)
        if form is not None:
            assert answer.media in MEDIA[str(form)]
        truth = MANIFEST.value(response, MF.expectedBoolean)
        if truth is not None:
            assert json.loads(answer.text)["boolean"] is truth.toPython()  # type: ignore[union-attr]

"""The routes: `/` and `/trial/NCT…` for people, `/check` for patients, `/sparql` for queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kg import networks, visuals
from kg.api import Graph
from kg.checks import Patient
from kg.codec import dumps, to_plain
from kg.errors import BadInput, KgError, UnknownName
from kg.patients import file as words
from kg.picture import picture
from kg.remote import REPORT
from kg.web import pages, sparql
from kg.web.accept import best
from kg.web.service import Service
from kg.web.workers import Busy, TookTooLong, TooLarge

__all__ = ["application"]

_HTML = "text/html"
_JSON = "application/json"
_MOST_BODY = 2**20
"""A request with more bytes than this is no query and no patient."""
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_STATUSES = ((UnknownName, 404), (TookTooLong, 503), (Busy, 503), (TooLarge, 413))


def application(service: Service) -> Starlette:
    """The web application over a service."""
    app = Starlette(
        routes=[
            Route("/", _home),
            Route("/check", _check, methods=["GET", "POST"]),
            Route("/trial/{nct}", _trial),
            # a page of another site may ask the graph, which is public, and nothing else
            Route(
                "/sparql",
                _sparql,
                methods=["GET", "POST"],
                middleware=[Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"])],
            ),
        ],
        exception_handlers={KgError: _failed},
    )
    app.state.service = service
    return app


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _home(request: Request) -> Response:
    """The page with the forms; `?find=` lists what a text may mean, `?question=` puts a question of the library into its form."""
    find, question = request.query_params.get("find", ""), request.query_params.get("question", "")
    text = await _service(request).on_graph(lambda graph: pages.home(graph, find, question))
    return HTMLResponse(text, headers=_PAGE_HEADERS)


async def _trial(request: Request) -> Response:
    """A trial's picture; to a program its record, with its eligibility as read."""
    nct = request.path_params["nct"]
    if best(request.headers.get("accept", ""), (_HTML, _JSON)) == _JSON:
        stored = await _service(request).on_graph(lambda graph: graph.stored(nct))
        return JSONResponse({"trial": to_plain(stored.trial), "eligibility": to_plain(stored.eligibility)})

    def drawn(graph: Graph) -> str:
        chosen = [graph.trial(nct).nct]
        return visuals.html(picture(networks.to_networkx(graph.store, chosen), chosen))

    return HTMLResponse(await _service(request).on_graph(drawn))


# --- patients -------------------------------------------------------------------------------------------------------------------------


async def _check(request: Request) -> Response:
    """A patient, as JSON by docs/patient.md (its `trials` choose some) or out of the page's form, against the graph's trials."""
    if request.method != "POST":
        return RedirectResponse("/")
    body = await _body(request)
    media = sparql.media_type(request.headers.get("content-type", ""))
    if media == sparql.FORM:
        data, offered = _of_form(body), (_HTML, _JSON)
    elif media == _JSON:
        data, offered = _of_json(body), (_JSON, _HTML)
    else:
        raise sparql.Refused(415, f"a patient is sent as {_JSON}, and this is {media or 'of no type'}; see docs/patient.md")
    trials = data.pop("trials", None)
    if trials is not None and not (isinstance(trials, list) and all(isinstance(nct, str) for nct in trials)):
        raise BadInput("trials is a list of NCT numbers; leave it out for all trials of the graph")
    form = best(request.headers.get("accept", ""), (*offered, REPORT))
    if form is None:
        raise sparql.Refused(406, f"accept {_JSON} or {_HTML}")

    def answered(graph: Graph) -> str:
        report = graph.check(Patient.from_dict(data), trials or None)
        return report.to_html() if form == _HTML else dumps(report).decode() if form == REPORT else report.to_json()

    text = await _service(request).on_graph(answered)
    return HTMLResponse(text, headers=_PAGE_HEADERS) if form == _HTML else Response(text, media_type=form)


def _of_json(body: bytes) -> dict[str, Any]:
    try:
        data = words.from_json(body.decode("utf-8-sig"))
    except ValueError as error:  # also what is not UTF-8
        raise BadInput(f"the body is no JSON: {error}; see docs/patient.md") from None
    if not isinstance(data, Mapping):
        raise BadInput("a patient is an object with keys such as prior and taking; see docs/patient.md")
    return dict(data)


def _of_form(body: bytes) -> dict[str, Any]:
    """The facts of the page's form: a line each, as the command line takes them."""
    try:
        given = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError:
        raise BadInput("the form cannot be read; send it as UTF-8") from None
    lines = {name: [line.strip() for line in text.splitlines() if line.strip()] for name, text in given.items()}
    none_known = {name for name in ("prior", "taking") if given.get(f"no_{name}")}
    contradicted = sorted(name for name in none_known if lines.get(name))
    if contradicted:
        raise BadInput(f"{' and '.join(contradicted)}: “none known” is marked, and some are named; leave out one of the two")
    data: dict[str, Any] = {
        "prior": [words.ended(line) for line in lines.get("prior", ())],
        "taking": [words.going_on(line) for line in lines.get("taking", ())],
        "conditions": lines.get("conditions", []),
    }
    data = {name: values for name, values in data.items() if values or name in none_known}
    if not data:
        raise BadInput("nothing was given; name an earlier therapy, a current drug or a condition")
    if given.get("as_of", "").strip():
        data["as_of"] = given["as_of"].strip()
    trials = given.get("trials", "").upper().replace(",", " ").split()
    return {**data, "trials": trials} if trials else data


# --- queries --------------------------------------------------------------------------------------------------------------------------


async def _sparql(request: Request) -> Response:
    """The endpoint, by the SPARQL 1.1 Protocol; a browser gets the answer as a page."""
    accept = request.headers.get("accept", "")
    for_people = best(accept, (*sparql.TABLES, *sparql.TRIPLES, _HTML)) == _HTML
    body = await _body(request) if request.method == "POST" else b""
    content_type = request.headers.get("content-type", "")
    asked = sparql.question(request.method, str(request.url), content_type, body, "" if for_people else accept)
    if asked is None:
        return RedirectResponse("/#sparql") if for_people else Response(sparql.DESCRIPTION, media_type=sparql.TRIPLES[0])
    reply = await _service(request).ask(asked)
    if for_people:
        return HTMLResponse(pages.answer(asked.text, reply), headers=_PAGE_HEADERS)
    return Response(reply.body, media_type=reply.media)


# --- what all do ----------------------------------------------------------------------------------------------------------------------


async def _body(request: Request) -> bytes:
    """The body of a request.

    Raises:
        Refused: it is too large.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            raise sparql.Refused(413, f"more than {_MOST_BODY // 2**20} MB were sent; send less")
    return body


async def _failed(request: Request, error: Exception) -> Response:
    """An error in plain words: as a page to a browser, as JSON about a patient or a trial, as text about a query."""
    status = error.status if isinstance(error, sparql.Refused) else next((n for kind, n in _STATUSES if isinstance(error, kind)), 400)
    headers = {"retry-after": "5"} if isinstance(error, Busy) else {}
    form = best(request.headers.get("accept", ""), ("text/plain" if request.url.path in ("/", "/sparql") else _JSON, _HTML))
    if form == _HTML:
        return HTMLResponse(pages.failed(str(error)), status, {**_PAGE_HEADERS, **headers})
    if form == _JSON:
        return JSONResponse({"error": str(error)}, status, headers)
    return Response(f"{error}\n", status, headers, "text/plain")

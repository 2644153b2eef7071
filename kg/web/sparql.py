"""The SPARQL 1.1 Protocol: what a request asks, and in which form it is answered. Queries only; the graph is changed by `kg build`.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from kg.errors import KgError
from kg.web.accept import best
from kg.web.workers import Question

__all__ = ["DESCRIPTION", "FORM", "TABLES", "TRIPLES", "Refused", "media_type", "question"]

TABLES = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
"""The forms of the answers of SELECT and ASK; the first is given where a client does not care."""

TRIPLES = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
"""The forms of the answers of CONSTRUCT and DESCRIBE."""

DESCRIPTION = """@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .

<> a sd:Service ;
    sd:endpoint <> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_JSON>, <http://www.w3.org/ns/formats/SPARQL_Results_XML> ,
        <http://www.w3.org/ns/formats/SPARQL_Results_CSV>, <http://www.w3.org/ns/formats/SPARQL_Results_TSV> ,
        <http://www.w3.org/ns/formats/Turtle>, <http://www.w3.org/ns/formats/N-Triples> ,
        <http://www.w3.org/ns/formats/RDF_XML>, <http://www.w3.org/ns/formats/JSON-LD> .
"""
"""What the endpoint says of itself (https://www.w3.org/TR/sparql11-service-description/)."""

FORM = "application/x-www-form-urlencoded"
"""How a browser's form is sent."""
_DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_SHORT_NAMES = {"application/json": TABLES[0], "application/xml": TABLES[1], "text/plain": "application/n-triples"}
"""What clients say for a form that has a name of its own."""


@dataclass
class Refused(KgError):
    """A request that is none of the protocol's, with the HTTP status that says so."""

    status: int
    message: str

    def __str__(self) -> str:
        return self.message


def question(method: str, url: str, content_type: str, body: bytes, accept: str) -> Question | None:
    """What a request asks; None where it asks nothing and wants to know what the endpoint is.

    Arguments:
        method: GET or POST.
        url: all of it; IRIs of the query may be relative to it.
        content_type, accept: headers; empty where not given.
        body: of a POST.
    Raises:
        Refused: it is none of the protocol's, or takes no form that can be given.
    Example:
        >>> question("GET", "http://localhost/sparql?query=ASK%20%7B%7D", "", b"", "text/csv").text
        'ASK {}'
    """
    base, _, url_query = url.partition("?")
    pairs = _pairs(url_query)
    text: str | None = None
    media = ""
    if method == "POST":
        media = media_type(content_type)
        charset = content_type.partition(";")[2].partition("charset=")[2].strip(' "').lower()
        if charset not in ("", "utf-8", "utf8"):
            raise Refused(415, f"the body is in {charset}; send UTF-8")
        if media == FORM:
            pairs += _pairs(_text(body))
        elif media == _DIRECT:
            text = _text(body)
        elif media != _UPDATE:
            raise Refused(415, f"a POST is {FORM} or {_DIRECT}, and this is {media or 'of no type'}")
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "update" in given or media == _UPDATE:
        raise Refused(403, "updates are refused: the graph is changed by `kg build`")
    queries = [*given.get("query", ()), *([] if text is None else [text])]
    if len(queries) > 1:
        raise Refused(400, f"{len(queries)} queries were sent; send one")
    if not queries:
        if method == "POST":
            raise Refused(400, f"no query was sent: give it as the parameter query, or as a body of the type {_DIRECT}")
        return None
    graphs, named = (tuple(given.get(name, ())) for name in ("default-graph-uri", "named-graph-uri"))
    return Question(queries[0], forms(accept), graphs, named, base)


def media_type(content_type: str) -> str:
    """The media type that a header `Content-Type` names, without its parameters; "" for none.

    Example:
        >>> media_type("Application/JSON; charset=utf-8")
        'application/json'
    """
    return content_type.partition(";")[0].strip().lower()


def forms(accept: str) -> dict[str, str]:
    """For each kind of answer the media type in which a client takes it.

    Raises:
        Refused: it takes none.
    """
    parts = (item.partition(";") for item in accept.lower().split(","))
    told = ",".join(f"{_SHORT_NAMES.get(media.strip(), media)}{mark}{weight}" for media, mark, weight in parts)
    table, triples = best(told, TABLES), best(told, TRIPLES)
    found = {kind: media for kind, media in (("select", table), ("ask", table), ("construct", triples)) if media is not None}
    if not found:
        raise Refused(406, f"accept one of {', '.join((*TABLES, *TRIPLES))}")
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise Refused(400, "a parameter is not UTF-8; encode it as UTF-8, then in % signs") from None
    except ValueError:
        raise Refused(400, "more than 1,000 parameters were sent") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "the body is not UTF-8") from None

"""The service's pages: templates of visuals/, in which every text is escaped; no scripts, and nothing is loaded from elsewhere."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kg import bundle, queries
from kg.api import Graph
from kg.version import __version__
from kg.vocab import curie
from kg.web.workers import Reply

__all__ = ["answer", "failed", "home"]

_MOST_FOUND = 20
_MOST_ROWS = 1000
"""So many rows of an answer are shown; a program takes them all."""
_EXAMPLE = """SELECT ?nct ?title WHERE {
  ?trial kgo:nctId ?nct ; kgo:briefTitle ?title .
}
ORDER BY ?nct
LIMIT 20"""


@cache
def _templates() -> Environment:
    environment = Environment(loader=FileSystemLoader(bundle.path("visuals")), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    style = (bundle.path("visuals/report.css"), bundle.path("visuals/service.css"))
    environment.globals.update(style=Markup("".join(part.read_text(encoding="utf-8") for part in style)), version=__version__)
    return environment


def _page(name: str, **values: Any) -> str:
    return _templates().get_template(name).render(**values)


def home(graph: Graph, find: str, question: str) -> str:
    """The page with the forms.

    Arguments:
        graph: what is served.
        find: a name to look for; empty for none.
        question: a question of the library to show; empty for a query that lists trials.
    Raises:
        UnknownQuery: the library has no such question.
    """
    return _page(
        "service.html",
        trials=len(graph.records),
        drugs=len(graph.knowledge.drugs),
        find=find,
        found=graph.find(find, _MOST_FOUND) if find else [],
        questions=queries.catalogue(),
        query=queries.find(question).text if question else _EXAMPLE,
    )


def answer(query: str, reply: Reply) -> str:
    """The answer of a query.

    Arguments:
        query: its text.
        reply: the answer, as SPARQL results in JSON or as triples in text.
    """
    if reply.kind == "construct":
        return _page("service_answer.html", query=query, text=reply.body.decode())
    found = json.loads(reply.body)
    if reply.kind == "ask":
        return _page("service_answer.html", query=query, text="yes" if found["boolean"] else "no")
    columns, rows = found["head"]["vars"], found["results"]["bindings"]
    cells = [[_cell(row.get(column)) for column in columns] for row in rows[:_MOST_ROWS]]
    return _page("service_answer.html", query=query, columns=columns, rows=cells, number=len(rows))


def _cell(term: dict[str, Any] | None) -> dict[str, str]:
    """A term as it is shown, and where it leads."""
    if term is None:
        return {"text": "", "link": ""}
    value = term["value"] if isinstance(term["value"], str) else str(term["value"])
    if term["type"] != "uri":
        return {"text": value, "link": ""}
    return {"text": curie(value), "link": value if value.startswith(("http://", "https://")) else ""}


def failed(message: str) -> str:
    """What went wrong, and what to do."""
    return _page("service_answer.html", query="", text=message, failed=True)

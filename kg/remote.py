"""A graph on another machine: `kg serve`, which answers checks and gives records, or any SPARQL 1.1 endpoint, which answers queries.

What a question needs is asked of the service each time. Names of drugs and classes are understood by the tables of this installation.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from kg.api import Graph
from kg.checks import Patient, Report
from kg.checks.index import Index
from kg.codec import from_plain, loads
from kg.errors import BadInput, BadQuery, KgError, UnknownTrial
from kg.files import replacing
from kg.portable import portable
from kg.records import Eligibility, Trial
from kg.sidecar import Sidecar, Stored
from kg.store import Answer, Store, Term
from kg.version import __version__

__all__ = ["REPORT", "Remote"]

REPORT = "application/vnd.trialkg.report+json"
"""A report with all that it holds, as `kg.codec` writes it."""
_SECONDS = 600
_TITLES = """SELECT ?nct ?title ?status
WHERE { ?trial a kgo:ClinicalTrial ; kgo:nctId ?nct ; kgo:briefTitle ?title OPTIONAL { ?trial kgo:overallStatus ?status } } ORDER BY ?nct"""
_ANSWERS = "application/sparql-results+json, application/n-triples;q=0.9, text/turtle;q=0.8"


class Remote(Graph):
    """A graph that a service holds. Checks go to `kg serve`, with the patient's data; queries to it or to any other endpoint.

    Arguments:
        url: of `kg serve` (http://127.0.0.1:8000), or of a SPARQL endpoint (https://example.org/sparql).
    Example:
        >>> Remote("http://127.0.0.1:8000").query("trials_by_drug", drug="imatinib")  # doctest: +SKIP
    """

    def __init__(self, url: str) -> None:
        super().__init__(None)
        self._service = _Service(url)

    def __repr__(self) -> str:
        return f"<kg.remote.Remote {self._service.url!r}>"

    @cached_property
    def records(self) -> Sidecar:
        """The trials, each fetched when it is asked for."""
        return _Records(self._service)

    @cached_property
    def store(self) -> Store:
        """The endpoint."""
        return _Endpoint(self._service)

    @cached_property
    def index(self) -> Index:
        """Not to be had.

        Raises:
            BadInput: always, with what to do instead.
        """
        self._service.refuse("choosing and screening trials (check --all, screen)", "or check trials by their numbers with --trial")

    def check(self, patient: Patient, trials: Iterable[str] | str | None = None) -> Report:
        """See `Graph.check`; the service checks, by the knowledge that its graph was built with.

        Raises:
            UnknownTrial: the graph does not hold one of the trials.
            BadInput: the service cannot be reached, or is none that checks.
        """
        chosen = [trials] if isinstance(trials, str) else None if trials is None else list(trials)
        data = patient.to_dict() | ({} if chosen is None else {"trials": chosen})
        body = json.dumps(data, default=str).encode()
        return loads(Report, self._service.ask("check", f"{REPORT}, application/json;q=0.1", body, "application/json"))

    def draw(self, trials: str | Sequence[str], out: str | Path) -> Path:
        """See `Graph.draw`; one trial at a time.

        Raises:
            BadInput: several trials, or something else than a trial.
        """
        chosen = [trials] if isinstance(trials, str) else list(trials)
        if len(chosen) != 1 or not re.fullmatch(r"\s*NCT\d{8}\s*", chosen[0], re.IGNORECASE):
            raise BadInput(f"{self._service.url}: a service draws one trial, by its number; draw others where the graph is")
        page = self._service.ask(f"trial/{self.trial(chosen[0]).nct}", "text/html")
        with replacing(out) as file:
            file.write(page)
        return Path(out)

    def export(self, out: str | Path | BinaryIO, form: str = "turtle") -> None:
        """Not to be had.

        Raises:
            BadInput: always.
        """
        self._service.refuse("writing the whole graph", "or ask for a part with kg query and CONSTRUCT")

    def validate(self, shapes: bool = True) -> list[str]:
        """Not to be had.

        Raises:
            BadInput: always.
        """
        self._service.refuse("validating")

    def info(self) -> dict[str, Any]:
        """What the graph holds, as far as an endpoint tells it."""
        counts = self.store.counts()
        triples = {"all": sum(counts.values()), **counts}
        return {"graph": self._service.url, "version": __version__, "trials": len(self.records), "triples": triples}


class _Service:
    """Where it is, and how it is asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        path = urlsplit(url).path.rstrip("/")
        whole = url.split("?")[0].rstrip("/")
        self.endpoint = url if path else f"{whole}/sparql"
        self.base = whole.removesuffix("/sparql")

    def refuse(self, what: str, otherwise: str = "") -> NoReturn:
        """Raises the error that says that a command needs the graph itself."""
        remedy = ", ".join(filter(None, ("run it where the graph's folder is", otherwise)))
        raise BadInput(f"{self.url}: {what} needs the graph itself, not a service; {remedy}")

    def ask(self, path: str, accept: str, body: bytes | None = None, media: str = "") -> bytes:
        """What `kg serve` answers at a path.

        Raises:
            UnknownTrial, KgError: it says what is wrong.
            BadInput: it cannot be reached, or does not know the path.
        """
        try:
            return self.send(f"{self.base}/{path}", accept, body, media)[1]
        except urllib.error.HTTPError as error:
            told = error.read().decode("utf-8", "replace").strip()
            try:
                message = str(json.loads(told)["error"])
            except (ValueError, KeyError, TypeError):
                problem = f"{self.base}/{path}: it answers with status {error.code}, as no `kg serve` does"
                raise BadInput(f"{problem}; an endpoint of another kind answers `kg query` alone") from None
            raise (UnknownTrial if error.code == 404 else KgError)(message) from None

    def send(self, url: str, accept: str, body: bytes | None, media: str) -> tuple[str, bytes]:
        """A request; gives the answer's media type and body.

        Raises:
            HTTPError: the service refuses it.
            BadInput: it cannot be reached.
        """
        headers = {"accept": accept, "user-agent": f"trialkg/{__version__}"} | ({"content-type": media} if media else {})
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=_SECONDS) as answer:
                return answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError:
            raise
        except (OSError, ValueError) as error:
            raise BadInput(f"{url}: no answer ({getattr(error, 'reason', None) or error}); check the address, and that it runs") from None


class _Records(Sidecar):
    """The records of a service: of `kg serve` whole, of another endpoint what the graph says."""

    def __init__(self, service: _Service) -> None:
        self._service = service
        self._endpoint = _Endpoint(service)

    def close(self) -> None:
        """Nothing is open."""

    def __len__(self) -> int:
        ((number,),) = self._endpoint.query("SELECT (COUNT(DISTINCT ?trial) AS ?n) WHERE { ?trial a kgo:ClinicalTrial }").rows
        return int(number.value)  # type: ignore[union-attr]

    def __contains__(self, nct: object) -> bool:
        return nct in self.ncts()

    def ncts(self) -> list[str]:
        return [nct for nct, _, _ in self.titles()]

    def titles(self) -> Iterator[tuple[str, str, str]]:
        for row in self._endpoint.query(_TITLES).rows:
            nct, title, status = ("" if term is None else str(term.value) for term in row)  # type: ignore[union-attr]
            yield nct, title, status

    def get(self, nct: str) -> Stored:
        data = json.loads(self._service.ask(f"trial/{nct.strip().upper()}", "application/json"))
        return Stored(from_plain(Trial, data["trial"]), from_plain(Eligibility, data["eligibility"]))


class _Endpoint(Store):
    """A SPARQL endpoint, as far as it is like a store."""

    def __init__(self, service: _Service) -> None:
        self._service = service
        self.path = None

    @property
    def native(self) -> ox.Store:  # type: ignore[override]
        self._service.refuse("this", "or ask for a part with kg query and CONSTRUCT")

    def query(self, text: str, bindings: Mapping[str, Term] | None = None, name: str = "query") -> Answer:
        """See `Store.query`."""
        body = urlencode({"query": portable(text, bindings or {})}).encode()
        try:
            media, found = self._service.send(self._service.endpoint, _ANSWERS, body, "application/x-www-form-urlencoded")
        except urllib.error.HTTPError as error:
            told = " ".join(error.read(2000).decode("utf-8", "replace").split())
            if error.code == 404 or not told or told.startswith("<"):
                told = f"{self._service.endpoint} answers with status {error.code}; give the address of `kg serve` or of a SPARQL endpoint"
            raise BadQuery(told if told.startswith(name) else f"{name}: {told}") from None
        otherwise = f"{self._service.endpoint}: it answers in {media}, as no SPARQL endpoint does; give the address of one"
        answer = _answer(media, found, otherwise)
        if missing := [parameter for parameter in bindings or () if parameter not in answer.columns]:
            raise BadQuery(f"{name}: no parameter {missing[0]!r}; it takes the columns of its SELECT: {', '.join(answer.columns)}")
        return answer


def _answer(media: str, body: bytes, otherwise: str) -> Answer:
    """The answer that a body of this media type holds."""
    try:
        if form := ox.QueryResultsFormat.from_media_type(media):
            found = ox.parse_query_results(body, format=form)
            if isinstance(found, ox.QueryBoolean):
                return Answer("ask", ("answer",), iter([(ox.Literal(bool(found)),)]))
            return Answer("select", tuple(v.value for v in found.variables), iter([tuple(row) for row in found]))
        if triples := ox.RdfFormat.from_media_type(media):
            rows = [(quad.subject, quad.predicate, quad.object) for quad in ox.parse(body, format=triples)]
            return Answer("construct", ("subject", "predicate", "object"), iter(rows))
    except (SyntaxError, ValueError) as error:
        raise BadInput(f"{otherwise} ({error})") from None
    raise BadInput(otherwise)

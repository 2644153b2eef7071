"""The RDF store: load N-Quads, materialise what follows from them, query the union of all named graphs, and write
everything out in one stable order.
"""

from __future__ import annotations

import heapq
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg import bundle
from kg.errors import BadInput, BadQuery, GraphNotFound, KgError
from kg.vocab import GRAPH_INFERRED, PREFIXES

__all__ = ["Answer", "AnswerForm", "Store", "Term", "blanked", "rules"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
"""An RDF term as Oxigraph gives it."""

AnswerForm = ox.QueryResultsFormat | ox.RdfFormat
"""A form in which an answer is written: that of a table or a yes or no, or that of triples."""

_UNION = {"use_default_graph_as_union": True}
_LINES_AT_ONCE = 4096
_LINES_IN_MEMORY = 1_000_000
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"))
_SKIPPED = re.compile(r'\\.|<[^<>"{}|^`\\\s]*>|"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*')
_TOKEN = re.compile(r"[?$]\w+|@[\w-]+|(?:[^\W\d_][\w.-]*)?:(?:[\w:%-](?:[\w.:%-]*[\w:%-])?)?|\d+|([A-Za-z]+)")
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: `kind` is select, ask or construct; an ask has one row with a boolean, a construct rows of three terms.

    `rows` is read once: it runs through the engine's own cursor.
    """

    kind: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[Term | None, ...]]


class _Reader:
    """Gives an iterable of lines to Oxigraph as a binary file, so that a load holds a few thousand lines at a time, and
    blank nodes of one load stay one.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._chunk = b""
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        if self._at >= len(self._chunk):
            self._chunk = "".join(line if line.endswith("\n") else f"{line}\n" for line in islice(self._lines, _LINES_AT_ONCE)).encode()
            self._at = 0
        end = len(self._chunk) if size < 0 else self._at + size
        part = self._chunk[self._at : end]
        self._at += len(part)
        return part


class Store:
    """An Oxigraph dataset, in memory or in a folder.

    Queries see the union of all named graphs; `GRAPH ?g { … }` still tells them apart. `query` only reads: nothing that
    it is given can change the store or open a connection.

    Example:
        >>> store = Store.memory()
        >>> store.load(['<urn:a> <urn:knows> <urn:b> <urn:graph> .'])
        >>> [str(row[0]) for row in store.query("SELECT ?who WHERE { <urn:a> <urn:knows> ?who }").rows]
        ['<urn:b>']
    """

    def __init__(self, native: ox.Store, path: Path | None = None) -> None:
        self.native = native
        """The pyoxigraph store."""
        self.path = path
        """The folder of a store on disk (another process can open it with `Store.open`), else None."""

    @classmethod
    def memory(cls) -> Store:
        """An empty store in memory."""
        return cls(ox.Store())

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, writable store in the folder `path`, which is made.

        Raises:
            BadInput: the folder holds something already, or cannot be written.
        """
        if path.exists() and any(path.iterdir()):
            raise BadInput(f"{path}: the folder for a new store is not empty; name another")
        try:
            path.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(path)), path)
        except OSError as error:
            raise BadInput(f"{path}: no store can be made here ({error}); check the folder's rights and the space left") from None

    @classmethod
    def open(cls, path: Path) -> Store:
        """A read-only view of the store in the folder `path`, as it is now; others may have it open too.

        Raises:
            GraphNotFound: the folder is absent or holds no store.
        """
        if not (path / "CURRENT").is_file():  # RocksDB's own marker
            raise GraphNotFound(f"{path}: no store here; build one with `kg build SOURCE… -o DIR`")
        try:
            return cls(ox.Store.read_only(str(path)), path)
        except OSError as error:
            raise GraphNotFound(f"{path}: the store cannot be opened ({error}); build it again with `kg build SOURCE… -o DIR`") from None

    def __len__(self) -> int:
        """The number of quads."""
        return len(self.native)

    # --- in ---------------------------------------------------------------------------------------------------------

    def load(self, quads: Iterable[str] | bytes, name: str = "N-Quads") -> None:
        """Add N-Quads, given as lines or as one bytes object; they are streamed.

        Arguments:
            name: what to call the input in an error.
        Raises:
            BadInput: a line is no N-Quad; what stood before it may have been loaded.
        """
        try:
            # the stub asks for IO, Oxigraph only for read()
            self.native.bulk_load(quads if isinstance(quads, bytes) else _Reader(quads), ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
        except SyntaxError as error:
            line = f":{error.lineno}" if error.lineno else ""
            raise BadInput(f"{name}{line}: not an N-Quad: {error.msg}; correct the line") from None

    def materialise(self, texts: Mapping[str, str] | None = None) -> int:
        """Add to the inferred graph what the rules say; gives the number of triples added.

        A rule is a CONSTRUCT query over the union of all graphs; rules run in the order of their names and see what
        earlier ones gave. What is stated already is not inferred again, so a second run adds nothing.

        Arguments:
            texts: rules by name; without it, the bundled `ontology/inference/*.rq`.
        """
        inferred = ox.NamedNode(GRAPH_INFERRED)
        added = 0
        for name, text in sorted((rules() if texts is None else texts).items()):
            found = self.query(text, name=name).rows
            # A rule reads the store while it runs, so its triples are collected before any is written.
            triples = [ox.Triple(*row) for row in found]  # type: ignore[arg-type]
            new = [t for t in triples if next(self.native.quads_for_pattern(t.subject, t.predicate, t.object, None), None) is None]
            self.native.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, inferred) for t in new)
            added += len(new)
        return added

    def finish(self) -> None:
        """After loading: compact the store on disk, and wait until all is written."""
        self.native.optimize()
        if self.path is not None:
            self.native.flush()

    # --- out --------------------------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """The number of triples in each named graph, by IRI, in the order of the IRIs."""
        rows = self.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").rows
        return {graph.value: int(number.value) for graph, number in sorted(rows, key=str)}  # type: ignore[union-attr]

    def query(self, text: str, bindings: Mapping[str, Term] | None = None, name: str = "query") -> Answer:
        """Run a SELECT, ASK, CONSTRUCT or DESCRIBE over the union of all named graphs.

        The prefixes of `kg.vocab.PREFIXES` need no declaration.

        Arguments:
            text: SPARQL 1.1.
            bindings: terms to put in place of variables; each variable must be among the SELECT's columns (it may be hidden afterwards).
            name: what to call the query in an error.
        Raises:
            BadQuery: the text is not SPARQL, is an update, or asks another server (SERVICE).
        """
        result = self._result(text, bindings or {}, name, _UNION)
        if isinstance(result, ox.QuerySolutions):
            return Answer("select", tuple(v.value for v in result.variables), _guarded(map(tuple, result), name))
        if isinstance(result, ox.QueryTriples):
            triples = ((t.subject, t.predicate, t.object) for t in result)
            return Answer("construct", ("subject", "predicate", "object"), _guarded(triples, name))
        return Answer("ask", ("answer",), iter([(ox.Literal(bool(result)),)]))

    def write_answer(
        self,
        text: str,
        out: BinaryIO,
        forms: Mapping[str, AnswerForm],
        graphs: Sequence[str] = (),
        named: Sequence[str] = (),
        base: str | None = None,
        name: str = "query",
    ) -> str:
        """Run a query and write its answer in one of the standard forms, as a server sends it.

        Arguments:
            text: SPARQL 1.1.
            out: where to; an error that it raises ends the writing.
            forms: for each kind of answer (select, ask, construct) the form to write; a kind that is not in it is refused.
            graphs: the named graphs whose union is asked, and
            named: those that `GRAPH` tells apart; with neither, all graphs are both.
            base: what relative IRIs of the query are relative to.
            name: what to call the query in an error.
        Returns:
            The kind of the answer.
        Raises:
            BadQuery: as `query` does, or the answer's kind has no form.
        Example:
            >>> import io
            >>> out = io.BytesIO()
            >>> Store.memory().write_answer("ASK {}", out, {"ask": ox.QueryResultsFormat.JSON})
            'ask'
            >>> out.getvalue()
            b'{"head":{},"boolean":true}'
        """
        chosen = {"default_graph": [ox.NamedNode(g) for g in graphs], "named_graphs": [ox.NamedNode(g) for g in named]}
        result = self._result(text, {}, name, {"base_iri": base, **(chosen if graphs or named else _UNION)})
        kind = "select" if isinstance(result, ox.QuerySolutions) else "construct" if isinstance(result, ox.QueryTriples) else "ask"
        if kind not in forms:
            raise BadQuery(f"{name}: none of the forms that are accepted can hold the answer of this query ({kind}); accept another")
        result.serialize(out, forms[kind])  # type: ignore[arg-type]  # the kind says which of the two sorts of forms it takes
        return kind

    def _result(
        self, text: str, bindings: Mapping[str, Term], name: str, dataset: Mapping[str, Any]
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """What Oxigraph gives for a query.

        Arguments:
            dataset: its arguments on the graphs that are asked, and on what IRIs are relative to.
        """
        _refuse(text, name)
        terms = {ox.Variable(variable): term for variable, term in bindings.items()}
        try:
            return self.native.query(text, prefixes=dict(PREFIXES), substitutions=terms, **dataset)
        except SyntaxError as error:
            raise BadQuery(_explain(text, str(error), name)) from None
        except (RuntimeError, ValueError, OSError) as error:
            if bindings:
                self._refuse_parameters(bindings, self.query(text, name=name), name)
            raise BadQuery(f"{name}: {error}; correct the query") from None

    @staticmethod
    def _refuse_parameters(bindings: Mapping[str, Term], answer: Answer, name: str) -> None:
        """Says which parameter the query does not take, and which it does."""
        columns = answer.columns if answer.kind == "select" else ()
        for parameter in bindings:
            if parameter not in columns:
                taken = f"it takes the columns of its SELECT: {', '.join(columns)}" if columns else "only a SELECT takes some, its columns"
                raise BadQuery(f"{name}: no parameter {parameter!r}; {taken}") from None

    def lines(self, graph: str | None = None) -> Iterator[str]:
        """Every quad (or those of one named graph) as an N-Quads line, sorted; blank nodes get canonical names, so
        equal datasets give equal lines.

        Past a million lines, sorted runs are kept in temporary files and merged.
        """
        return _sorted_lines(self._raw_lines(graph))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """The same as terms, in the same order."""
        return iter(ox.parse(_Reader(self.lines(graph)), ox.RdfFormat.N_QUADS))  # type: ignore[arg-type]

    def _raw_lines(self, graph: str | None) -> Iterator[str]:
        blank: list[ox.Quad] = []
        for quad in self.native.quads_for_pattern(None, None, None, ox.NamedNode(graph) if graph else None):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                blank.append(quad)
            else:
                yield f"{quad} .\n"
        # RDFC-1.0 names a blank node by the quads around it that hold blank nodes, hence the others are not needed.
        named = ox.Dataset(blank)
        named.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        for quad in named:
            yield f"{quad} .\n"


def rules() -> dict[str, str]:
    """The bundled inference rules: CONSTRUCT queries by file name.

    Example:
        >>> all("CONSTRUCT" in text for text in rules().values())
        True
    """
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(bundle.path("ontology/inference").glob("*.rq"))}


def _sorted_lines(lines: Iterator[str], at_once: int = _LINES_IN_MEMORY) -> Iterator[str]:
    first = sorted(islice(lines, at_once))
    if len(first) < at_once:
        yield from first
        return
    with ExitStack() as stack:
        runs: list[Iterable[str]] = []
        while first:
            run = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            run.writelines(first)
            run.seek(0)
            runs.append(run)
            first = sorted(islice(lines, at_once))
        yield from heapq.merge(*runs)


def _guarded(rows: Iterator[tuple[Term | None, ...]], name: str) -> Iterator[tuple[Term | None, ...]]:
    try:
        yield from rows
    except (OSError, RuntimeError) as error:
        raise KgError(f"{name}: the store failed while answering: {error}; `kg validate` tells whether the graph is whole") from None


def blanked(text: str) -> str:
    """The query with IRIs, strings and comments overwritten by blanks: what is left are keywords, names and punctuation,
    at the same places.
    """
    hide: Callable[[re.Match[str]], str] = lambda match: re.sub(r"[^\n]", " ", match.group())  # noqa: E731
    return _SKIPPED.sub(hide, text)


def _refuse(text: str, name: str) -> None:
    """Raise for what is SPARQL but not a local read: an update, or a SERVICE call (which would send parts of the graph
    to another machine).
    """
    plain = re.sub(r"\b(?:PREFIX\s+[^\s:]*:|BASE)\s", lambda m: " " * len(m.group()), blanked(text), flags=re.IGNORECASE)
    first = re.search(r"\S+", plain)
    word = re.match(r"[A-Za-z]+", first.group()) if first else None
    if first is None:
        raise BadQuery(f"{name}: the query is empty; write a SELECT, ASK, CONSTRUCT or DESCRIBE")
    if word and word.group().upper() in _UPDATES:
        raise BadQuery(
            f"{_place(text, first.start(), name)}: {word.group().upper()} is an update, and queries only read; "
            "write a SELECT, ASK, CONSTRUCT or DESCRIBE (a graph is changed by `kg build`)"
        )
    for match in _TOKEN.finditer(plain):
        if "SERVICE" in (match.group(1) or "").upper():  # keywords may stand without blanks between them
            raise BadQuery(
                f"{_place(text, match.start(), name)}: SERVICE asks another server, and queries stay here; ask it yourself, then join"
            )


def _place(text: str, offset: int, name: str) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"{name}:{line}:{offset - text.rfind(chr(10), 0, offset)}"


def _explain(text: str, message: str, name: str) -> str:
    """Oxigraph's syntax error as place, reason, the line with a mark under the place, and a remedy."""
    match = _PLACE.match(message)
    if not match:
        return f"{name}: not SPARQL: {message}; correct the query"
    line, column = int(match[1]), int(match[2])
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    if "Prefix not found" in match[3]:
        declared = {*PREFIXES, *re.findall(r"(?i)\bPREFIX\s+([^\s:]*):", text)}
        used = re.findall(r"(?<![\w<])([A-Za-z][\w.-]*):(?!//)", blanked(text).split("\n")[line - 1])
        unknown = next((prefix for prefix in used if prefix not in declared), "")
        reason = f"the prefix {unknown}: is not known" if unknown else "a prefix is not known"
        remedy = f"declare it with PREFIX, or use one of {', '.join(f'{p}:' for p in sorted(PREFIXES))}"
    else:
        reason, remedy = f"not SPARQL{_expected(match[3])}", "correct it here or just before"
    return f"{name}:{line}:{column}: {reason}; {remedy}\n  {shown}\n  {' ' * (column - 1)}^"


def _expected(reason: str) -> str:
    """Of the grammar's long list of expectations: a plain sentence if it holds one, else the marks."""
    plain = re.sub(r"\[[^\]]*\]( \|\s*)?|'\\S+'\.\.=\S+", " ", reason.removeprefix("expected").removeprefix(" one of"))
    parts = [part.strip() for part in re.split(r", ", plain)]
    sentences = [part for part in parts if re.search(r"[a-z]{3,} \w", part)]
    if sentences:
        return f": {sentences[0]}"
    marks = [part for part in parts if re.fullmatch(r'"[^"\w]{1,2}"', part)]
    return f": expected {' or '.join(marks[:8])}" if marks else ""

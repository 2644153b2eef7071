"""The question library: `queries/*.rq`, one question a file, found by name and run with its parameters bound as terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rapidfuzz import process

from kg import bundle, vocab
from kg.errors import BadQuery, UnknownName, UnknownQuery
from kg.names import Names
from kg.rows import Rows, native
from kg.store import Store, Term

__all__ = ["Parameter", "Query", "catalogue", "document", "find", "run"]

ANY = "any"
"""A parameter whose default is this word is left open when it is not given."""

NAMED_KINDS = ("drug", "class", "target", "condition", "enzyme", "biomarker")
"""Parameter types whose value is a name, resolved as `kg find` would; an IRI or CURIE is taken as it is."""

_EXACT = 0.9
"""`Names.find` scores whole names from here on, parts of names and near spellings below."""

TYPES = ("iri", "trial", "string", "integer", "date", *NAMED_KINDS)

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NCT = re.compile(r"NCT\d{8}")
_WITH_HEADER = re.compile(r"(?:#.*\n)*?#\s*returns:")
_HEADER = re.compile(r"#\s*(\w+):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A question's parameter. `default` is used when no value is given: empty, a value must be given; "any", the parameter is left open."""

    name: str
    type: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question of the library: its header, and its SPARQL text as it stands in the file."""

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    returns: tuple[str, ...]
    text: str
    empty: str = ""
    """Why it gives no rows on the bundled graph, where that is so by design."""

    @classmethod
    def parse(cls, text: str, name: str) -> Query:
        """Read a query with its header (see docs/queries.md): `# key: value` lines, up to the first line that is no comment.

        Raises:
            BadQuery: the header is not complete or has an unknown key or type.
        """
        header: dict[str, list[str]] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if not line.startswith("#"):
                break
            found = _HEADER.fullmatch(line.rstrip())
            if not found or found[1] not in ("title", "question", "param", "returns", "empty"):
                raise BadQuery(
                    f"{name}:{number}: not a header line: {line!r}; write `# title:`, `# question:`, `# param:`, `# returns:` or `# empty:`"
                )
            header.setdefault(found[1], []).append(found[2])
        for key in ("title", "question", "returns"):
            if not header.get(key):
                raise BadQuery(f"{name}: the header has no `# {key}:` line; add it")
        return cls(
            name=name,
            title=" ".join(header["title"]),
            question=" ".join(header["question"]),
            parameters=tuple(_parameter(line, name) for line in header.get("param", ())),
            returns=tuple(column.strip() for line in header["returns"] for column in line.split(",")),
            text=text,
            empty=" ".join(header.get("empty", ())),
        )

    def bindings(self, values: Mapping[str, object], names: Names) -> tuple[dict[str, Term], dict[str, str]]:
        """The terms that the parameters stand for, and the same as text; those left open are in neither.

        Raises:
            BadQuery: a parameter is unknown, missing, or has a value of another type.
            UnknownName: a name that is not known, with suggestions.
        """
        known = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise BadQuery(f"{self.name}: no parameter {name!r}; {self._listing()}")
        terms: dict[str, Term] = {}
        shown: dict[str, str] = {}
        for parameter in self.parameters:
            value = values.get(parameter.name)
            if value is None:
                if not parameter.default:
                    raise BadQuery(f"{self.name}: the parameter {parameter.name!r} is missing; {self._listing()}")
                if parameter.default == ANY:
                    continue
                value = parameter.default
            terms[parameter.name] = _term(self.name, parameter, value, names)
            shown[parameter.name] = str(value)
        return terms, shown

    def _listing(self) -> str:
        if not self.parameters:
            return "it has none"
        lines = (f"{p.name} ({p.type}{f', {p.default} if not given' if p.default else ''}): {p.meaning}" for p in self.parameters)
        return "its parameters are\n  " + "\n  ".join(lines)


def _parameter(line: str, query: str) -> Parameter:
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != 4:
        raise BadQuery(f"{query}: `# param: {line}` has {len(cells)} cells, not 4; write name | type | default | meaning")
    if cells[1] not in TYPES:
        raise BadQuery(f"{query}: parameter {cells[0]!r} has the unknown type {cells[1]!r}; use one of {', '.join(TYPES)}")
    return Parameter(*cells)


def _term(query: str, parameter: Parameter, value: object, names: Names) -> Term:
    text = str(value).strip()

    def wrong(example: str) -> BadQuery:
        return BadQuery(f"{query}: {parameter.name} {text!r} is not a {parameter.type}; write for instance {example}")

    match parameter.type:
        case "string":
            return ox.Literal(str(value))
        case "integer":
            if not re.fullmatch(r"[+-]?\d+", text):
                raise wrong("21")
            return ox.Literal(int(text))
        case "date":
            try:
                return _date(date.fromisoformat(text))
            except ValueError:
                raise wrong("2026-11-21") from None
        case "trial":
            nct = text.rpartition("/")[2].rpartition(":")[2].upper()
            if not _NCT.fullmatch(nct):
                raise wrong("NCT01206140")
            return ox.NamedNode(vocab.trial_iri(nct))
        case "iri":
            iri = _iri(text)
            if iri is None:
                raise wrong("kg:drug/imatinib, or an IRI")
            return ox.NamedNode(iri)
        case kind:
            return ox.NamedNode(_iri(text) or vocab.thing_iri(kind, _key(kind, text, names)))


def _date(value: date) -> ox.Literal:
    return ox.Literal(value.isoformat(), datatype=ox.NamedNode(f"{vocab.PREFIXES['xsd']}date"))


def _key(kind: str, text: str, names: Names) -> str:
    """The key of the thing of this kind that a text names exactly.

    Raises:
        UnknownName: nothing has this name; suggestions are near ones.
    """
    resolvers = {
        "drug": names.resolve,
        "class": names.resolve_class,
        "condition": names.resolve_condition,
        "biomarker": names.resolve_biomarker,
    }
    if kind in resolvers:
        return resolvers[kind](text).key
    near = [match for match in names.find(text, 50) if match.kind == kind]
    if near and near[0].score >= _EXACT:
        return near[0].key
    labels = [match.label for match in near[:5]]
    remedy = f"did you mean {', '.join(labels)}?" if labels else "check the spelling, or search with `kg find`"
    raise UnknownName(f"{text!r} is not a known {kind}; {remedy}", labels)


def _iri(text: str) -> str | None:
    """The IRI that a text is, or that it abbreviates; None when it is neither."""
    text = text.removeprefix("<").removesuffix(">")
    if re.fullmatch(r"(https?|urn):[^\s<>\"{}|\\^`]+", text):
        return text
    prefix, colon, _ = text.partition(":")
    return vocab.iri(text) if colon and prefix in vocab.PREFIXES and not re.search(r"[\s<>\"{}|\\^`]", text) else None


# --- the library ----------------------------------------------------------------------------------------------------


def read(path: Path) -> Query:
    """One library file.

    Raises:
        BadQuery: its header is wrong.
    """
    return Query.parse(path.read_text(encoding="utf-8"), path.stem)


@cache
def catalogue() -> tuple[Query, ...]:
    """Every question of the bundled library, by name.

    Example:
        >>> "trials_excluding_prior_class" in [query.name for query in catalogue()]
        True
    """
    return tuple(read(path) for path in sorted(bundle.path("queries").glob("*.rq")))


def find(name: str) -> Query:
    """The library question of this name.

    Raises:
        UnknownQuery: there is none; suggestions are near names.
    """
    known = {query.name: query for query in catalogue()}
    if name not in known:
        near = [match for match, score, _ in process.extract(name, list(known), limit=3) if score >= 50]
        hint = f"did you mean {' or '.join(near)}?" if near else "`kg query --list` names them all"
        raise UnknownQuery(f"no question {name!r} in the library; {hint}", near)
    return known[name]


def run(store: Store, query: str, names: Names, parameters: Mapping[str, object] | None = None) -> Rows:
    """Answer a library question by name, or a SPARQL text (with or without a library header).

    Arguments:
        names: resolves parameters that are names of drugs, classes and so on.
        parameters: values by parameter name. For a SPARQL text without a header they replace variables among the SELECT's
            columns: an IRI or CURIE as such, numbers, booleans and dates as typed literals, all else as a string.
    Raises:
        UnknownQuery, BadQuery, UnknownName: see `find`, `kg.store.Store.query`, `Query.bindings`.
    """
    given = parameters or {}
    if _NAME.fullmatch(query.strip()):
        return _answer(store, find(query.strip()), names, given)
    if _WITH_HEADER.match(query):
        return _answer(store, Query.parse(query, "query"), names, given)
    found = store.query(query, {name: _guess(value) for name, value in given.items()})
    return Rows(
        found.columns, tuple(tuple(map(native, row)) for row in found.rows), found.kind, parameters={k: str(v) for k, v in given.items()}
    )


def _answer(store: Store, query: Query, names: Names, values: Mapping[str, object]) -> Rows:
    terms, shown = query.bindings(values, names)
    found = store.query(query.text, terms, f"{query.name}.rq")
    missing = [column for column in query.returns if column not in found.columns]
    if missing:
        raise BadQuery(f"{query.name}: `# returns:` names {', '.join(missing)}, which the SELECT does not give; correct one of them")
    # Parameters have to be selected to be bound; they are shown only where the header says so, and rows that differ in
    # nothing else are one.
    keep = [found.columns.index(column) for column in query.returns]
    rows = dict.fromkeys(tuple(native(row[at]) for at in keep) for row in found.rows)
    return Rows(query.returns, tuple(rows), found.kind, query.title, shown)


def _guess(value: object) -> Term:
    match value:
        case bool() | int() | float():
            return ox.Literal(value)
        case date():
            return _date(value)
        case _:
            iri = _iri(str(value))
            return ox.NamedNode(iri) if iri else ox.Literal(str(value))


# --- the catalogue page ---------------------------------------------------------------------------------------------


def document() -> str:
    """The Markdown text of docs/queries.md, made from the headers."""
    parts = [_PREFACE]
    for query in catalogue():
        parts.append(f"## `{query.name}`\n\n{query.title}. {query.question}\n")
        if query.parameters:
            lines = (f"| `{p.name}` | {p.type} | {_default(p)} | {p.meaning} |" for p in query.parameters)
            parts.append("| parameter | type | when not given | meaning |\n|---|---|---|---|\n" + "\n".join(lines) + "\n")
        parts.append(f"Columns: {', '.join(f'`{column}`' for column in query.returns)}.\n")
        if query.empty:
            parts.append(f"Gives no rows on the bundled graph: {query.empty}.\n")
    return "\n".join(parts)


def _default(parameter: Parameter) -> str:
    return {"": "must be given", ANY: "left open"}.get(parameter.default, f"`{parameter.default}`")


_PREFACE = """# The question library

Ask one with `kg query NAME --param name=value`, or with `graph.query("name", name="value")`.
(This page is made from the headers of `queries/*.rq`; after changing one, run `python -m kg.queries > docs/queries.md`.)

Each file is one question, and runs as it is in any SPARQL 1.1 engine whose default graph is the union of the named graphs.
Its header holds:

    # title: Trials that exclude prior use of a class
    # question: Which trials exclude a patient who has had a drug of this class?
    # param: drug_class | class | MEK inhibitor | class of the earlier drug
    # returns: nct, title, quote

A parameter is a variable of the query; its value is bound as an RDF term and never pasted into the text. `drug`, `class`,
`target`, `condition`, `enzyme` and `biomarker` take a name as `kg find` does (or an IRI, or a CURIE), `trial` takes an NCT
number, `iri` an IRI or CURIE, `string`, `integer` and `date` (2026-11-21) what they say. The third cell is the value used when
none is given; `any` leaves the parameter open; an empty cell means that it must be given.
"""


if __name__ == "__main__":
    print(document(), end="")

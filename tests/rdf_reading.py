"""Reading records back from RDF, to show that nothing was lost on the way: the table of predicates, read the other way round."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_type_hints

import rdflib
from rdflib.term import Node

from kg.graph.predicates import FIELDS, K
from kg.records import Carveout, LineLimit, Mention, Rule, Scope, Window
from kg.vocab import rule_iri

T = TypeVar("T")


def parse(lines: list[str]) -> rdflib.Graph:
    """N-Quads lines as one graph."""
    union = rdflib.Graph()
    union.parse(data="".join(f"{line.rstrip(' .' + chr(10)).rpartition(' ')[0]} .\n" for line in lines), format="nt")
    return union


def _uri(node: str) -> rdflib.URIRef:
    return rdflib.URIRef(node.strip("<>"))


class Reader:
    """Rebuilds the rules of one trial. Texts of a tuple come back in alphabetical order: RDF has none, and the records' means nothing."""

    def __init__(self, graph: rdflib.Graph, nct: str) -> None:
        self.graph = graph
        self.nct = nct

    def one(self, subject: Node, predicate: str) -> Node | None:
        return self.graph.value(subject, _uri(predicate), any=False)

    def many(self, subject: Node, predicate: str) -> list[Node]:
        return sorted(self.graph.objects(subject, _uri(predicate)))

    def record(self, cls: type[T], subject: Node, **others: Any) -> T:
        """A record whose literal fields are read by the table, and whose other fields are given."""
        hints: Mapping[str, Any] = get_type_hints(cls)
        values: dict[str, Any] = dict(others)
        for name, predicate in FIELDS[cls.__name__].items():
            hint = hints[name]
            found = self.many(subject, predicate)
            if get_args(hint)[-1:] == (Ellipsis,):
                values[name] = tuple(str(item) for item in found)
            elif found:
                assert len(found) == 1, f"{subject} has {len(found)} values of {name}"
                kind = hint if isinstance(hint, type) else get_args(hint)[0]
                python = found[0].toPython()  # type: ignore[attr-defined]
                values[name] = kind(python)
        return cls(**values)

    def rule(self, number: int) -> Rule:
        subject = rdflib.URIRef(rule_iri(self.nct, number))
        limit = self.one(subject, K.hasLineLimit)
        return self.record(
            Rule,
            subject,
            criterion=int(str(self.one(subject, K.isReadFrom)).rpartition("/")[2]),
            mentions=self.mentions(subject),
            window=self.window(subject),
            carveouts=tuple(self.carveout(part) for part in self.ordered(subject, K.hasCarveOut)),
            conditions=tuple(str(c).rpartition("/")[2] for c in self.many(subject, K.isLimitedToCondition)),
            lines=self.record(LineLimit, limit) if limit else None,
            scope=self.record(Scope, subject),
        )

    def ordered(self, subject: Node, predicate: str) -> list[Node]:
        return sorted(self.many(subject, predicate), key=lambda part: self.one(part, K.order).toPython())  # type: ignore[union-attr]

    def window(self, subject: Node) -> Window | None:
        part = self.one(subject, K.hasWindow)
        return self.record(Window, part) if part else None

    def carveout(self, part: Node) -> Carveout:
        return self.record(Carveout, part, mentions=self.mentions(part), window=self.window(part))

    def mentions(self, subject: Node) -> tuple[Mention, ...]:
        return tuple(sorted((self.mention(part) for part in self.many(subject, K.hasMention)), key=mention_order))

    def mention(self, part: Node) -> Mention:
        def key(predicate: str) -> str:
            found = self.one(part, predicate)
            return str(found).rpartition("/")[2] if found else ""

        narrow = self.one(part, K.narrowTherapeuticIndex) is not None
        return self.record(
            Mention, part, key=key(K.refersTo), target=key(K.concernsTarget), enzyme=key(K.concernsEnzyme), narrow_index=narrow
        )


def mention_order(mention: Mention) -> tuple[Any, ...]:
    return dataclasses.astuple(mention)


def canonical(record: Any) -> Any:
    """A record with the tuples in which order means nothing sorted, and said once."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if dataclasses.is_dataclass(value):
            changes[field.name] = canonical(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            changes[field.name] = tuple(sorted(set(value)))
        elif isinstance(value, tuple) and value and isinstance(value[0], Mention):
            changes[field.name] = tuple(sorted({canonical(item) for item in value}, key=mention_order))
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            changes[field.name] = tuple(canonical(item) for item in value)
    return dataclasses.replace(record, **changes)


__all__ = ["Reader", "canonical", "parse"]

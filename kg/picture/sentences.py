"""Criteria and their rules in words, as the page's panel tells them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import networkx as nx

from kg.picture.records import Facts, Sentence

__all__ = ["Reader", "plain"]


def plain(word: object) -> str:
    """A registry's word as people write it.

    Example:
        >>> plain("PHASE2"), plain("prior_therapy")
        ('phase 2', 'prior therapy')
    """
    return re.sub(r"(?<=[a-z])(?=\d)", " ", str(word).replace("_", " ").replace("-", " ").lower())


class Reader:
    """Reads a graph that `kg.networks.to_networkx` gives."""

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        self.graph = graph

    def get(self, node: str, name: str, default: Any = "") -> Any:
        """An attribute of a node."""
        return self.graph.nodes[node].get(name, default)

    def values(self, node: str, name: str) -> tuple[Any, ...]:
        """All values of an attribute of a node."""
        found = self.get(node, name, ())
        return found if isinstance(found, tuple) else (found,)

    def joined(self, node: str, name: str) -> str:
        """All values of an attribute of a node, as one text."""
        return ", ".join(str(value) for value in self.values(node, name))

    def to(self, node: str, predicate: str) -> list[str]:
        """What a node leads to by a predicate, in the order of their `order` where they have one."""
        found = [end for _, end, key in self.graph.out_edges(node, keys=True) if key == predicate]
        return sorted(found, key=lambda end: (self.get(end, "order", 0), end))

    def labels(self, node: str, predicate: str) -> str:
        """What a node leads to by a predicate, as one text."""
        return ", ".join(str(self.get(end, "label")) for end in self.to(node, predicate))

    def statement(self, start: str, end: str, predicate: str) -> dict[str, Any]:
        """The data of an edge."""
        data: dict[str, Any] = self.graph.edges[start, end, predicate]
        return data

    def sentence(self, criterion: str, box: str, nct: str, rules: Iterable[str], tone: str = "") -> Sentence:
        """A criterion with what became of its clauses and what its rules mean."""
        section, heading = str(self.get(criterion, "section")), str(self.get(criterion, "heading"))
        facts = [("heading", heading)] if heading and not heading.lower().startswith(section) else []
        for clause in sorted(self.to(criterion, "kgo:hasClause"), key=lambda clause: self.get(clause, "clauseNumber", 0)):
            told = (f"{self.get(fact, 'factName')} {self.get(fact, 'factValue')}" for fact in self.to(clause, "kgo:hasClauseFact"))
            facts.append((plain(self.get(clause, "clauseStatus")), ", ".join([plain(self.get(clause, "clauseKind")), *told])))
        start, end = (int(self.get(criterion, name, 0)) for name in ("startOffset", "endOffset"))
        depth = int(self.get(criterion, "depth", 0))
        told_rules = tuple(self.rule(rule) for rule in rules)
        text = str(self.get(criterion, "text"))
        return Sentence(criterion, box, nct, text, section, tone or section, depth, start, end, tuple(facts), told_rules)

    def rule(self, rule: str) -> Facts:
        """What a rule means, as names and values."""
        mentions = self.to(rule, "kgo:hasMention")
        found = [
            ("reading", f"{self.get(rule, 'polarity')} · {plain(self.get(rule, 'ruleRole'))}"),
            ("words", str(self.get(rule, "quote"))),
            ("about", ", ".join(dict.fromkeys(self.mention(mention) for mention in mentions))),
            ("state", self.joined(rule, "biomarkerState")),
            ("window", self.window(rule)),
            ("only for", self.labels(rule, "kgo:isLimitedToCondition")),
            ("setting", self.joined(rule, "setting")),
            ("binds if", str(self.get(rule, "bindingCircumstance"))),
        ]
        for limit in self.to(rule, "kgo:hasLineLimit"):
            for word, name in (("at least", "minimumLines"), ("at most", "maximumLines")):
                if self.get(limit, name) != "":
                    found.append(("prior lines", f"{word} {self.get(limit, name)}"))
        for out in self.to(rule, "kgo:hasCarveOut"):
            whom = ", ".join(self.mention(mention) for mention in self.to(out, "kgo:hasMention"))
            what = self.window(out) or plain(self.get(out, "carveOutEffect"))
            found.append(("exception", f"{what} for {whom}" if whom else f"{what}: {self.get(out, 'text')}"))
        found += [("how strongly", plain(self.get(rule, "modality"))), ("in doubt", self.joined(rule, "doubt"))]
        return tuple((name, value) for name, value in found if value)

    def mention(self, mention: str) -> str:
        """What a mention names, in words: "strong inhibitor of CYP3A4", "MEK inhibitor"."""
        for enzyme in self.to(mention, "kgo:concernsEnzyme"):
            strengths = "/".join(str(one) for one in self.values(mention, "roleStrength"))
            return f"{strengths} {self.get(mention, 'enzymeRole')} of {self.get(enzyme, 'label')}".strip()
        known = [self.get(one, "label") for one in self.to(mention, "kgo:refersTo")]
        return str(known[0] if known else self.get(mention, "text"))

    def window(self, owner: str) -> str:
        """The windows of a rule or an exception, as stated."""
        return ", ".join(
            str(self.get(window, "text")) or f"{self.get(window, 'windowDays')} days" for window in self.to(owner, "kgo:hasWindow")
        )

"""Why a therapy that a clause names is not ruled on, in the words of `set_aside.csv`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from kg import bundle
from kg.criteria.words.lexicon import read_phrases
from kg.records import Mention, Rule

__all__ = ["Reason", "reason", "with_reasons"]


class Reason(NamedTuple):
    """The kind of clause that names therapies for this reason only, and the reason in plain words."""

    kind: str
    meaning: str


@cache
def _reasons() -> Mapping[str, Reason]:
    rows = read_phrases(bundle.path("data") / "eligibility" / "set_aside.csv", ("reason", "kind", "meaning"))
    return {key: Reason(kind, meaning) for _, (key, kind, meaning) in rows}


def reason(key: str) -> Reason:
    """A reason by its key; one that the table does not hold, as in a graph of another version, stands for itself.

    Example:
        >>> reason("disease").meaning
        'what a disease needs'
    """
    return _reasons().get(key) or Reason("therapy_mentioned", key)


def with_reasons(mentions: tuple[Mention, ...], masked: Iterable[tuple[Mention, str]], rules: Iterable[Rule]) -> tuple[Mention, ...]:
    """Mentions of a clause, each with the first reason why it was set aside; one that a rule speaks of after all has none.

    Arguments:
        mentions: those of the clause.
        masked: therapies that were set aside, with the key of the reason.
        rules: what the clause gave.
    """
    why: dict[tuple[int, str], str] = {}
    for mention, key in masked:
        why.setdefault((mention.start, mention.kind), key)
    if not why:
        return mentions
    for rule in rules:
        for mention in (*rule.mentions, *(m for carveout in rule.carveouts for m in carveout.mentions)):
            why.pop((mention.start, mention.kind), None)
    return tuple([replace(m, set_aside=why[m.start, m.kind]) if (m.start, m.kind) in why else m for m in mentions])

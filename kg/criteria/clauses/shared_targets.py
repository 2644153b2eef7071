"""Drugs that act otherwise on the target named before: "GnRH agonists or antagonists", "BTK inhibitors and degraders"."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.words.patterns import pattern
from kg.names import Names
from kg.records import Mention

_OTHERWISE = pattern("reading: acts otherwise")


def with_shared_targets(lower: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with every class that shares the target of the one before it.

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
        names: the matcher that knows what acts so on the target.
    """
    found = []
    classes = [m for m in mentions if m.kind == "class"]
    for words in _OTHERWISE.finditer(lower, classes[0].start) if classes else ():
        start, end = words.span("other")
        before = next((m for m in classes if m.start < words.start() and words.end("one") <= m.end <= start), None)
        if before is None or any(m.start < end and start < m.end for m in mentions):
            continue
        head = lower[before.start : words.start("one")]
        alike = names.mentions(f"{head}{words['other']}")
        found += [replace(m, start=start, end=end, text=words["other"]) for m in alike if m.kind == "class" and m.end > len(head)]
    return sorted(mentions + found, key=lambda m: m.start) if found else mentions

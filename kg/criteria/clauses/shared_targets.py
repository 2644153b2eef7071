"""Drugs on the target named beside them: "GnRH agonists or antagonists", "BTK inhibitors and degraders", "first- to third-generation EGFR TKI"."""  # noqa: E501

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.words.patterns import pattern
from kg.names import Names
from kg.records import Mention

_OTHERWISE = pattern("reading: acts otherwise")
_ORDINALS = ("first", "second", "third", "fourth")
_ORDINAL = r"(?:first|second|third|fourth|1st|2nd|3rd|4th)"
_GENERATION = re.compile(rf"({_ORDINAL})[\s-]+generation\b")
_GENERATIONS = re.compile(
    rf"\b(?:{_ORDINAL}(?:[\s-]+generation)?-?\s?(?:,\s?(?:(?:and|or|and/or)\s)?|/\s?|(?:and/or|and|or|to|through)\s|[-\u2013]\s?)){{1,3}}$"
)
"""The generations before the one that has the noun: "first-, second- or", "1st to"."""
_ONE_OR_RANGE = re.compile(rf"({_ORDINAL})(?:[\s-]+generation)?-?\s?(to|through|[-\u2013]\s?$)?")
_LONGEST_LIST = 80


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


def with_generations(lower: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with every generation that shares the noun of the one before it: "first- or second-generation EGFR TKI".

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
        names: the matcher that knows the drugs of a generation.
    """
    if "generation" not in lower:
        return mentions
    found = []
    for mention in (m for m in mentions if m.kind == "class"):
        last = _GENERATION.match(lower, mention.start, mention.end)
        from_ = max(0, mention.start - _LONGEST_LIST)
        listed = _GENERATIONS.search(lower[from_ : mention.start]) if last else None
        if last is None or listed is None:
            continue
        for one in _ONE_OR_RANGE.finditer(listed.group()):
            number = _number(one[1])
            start, end = (from_ + listed.start() + at for at in one.span(1))
            for shared in range(number, _number(last[1]) if one[2] else number + 1):
                meant = names.mentions(f"{_ORDINALS[shared]}-generation{lower[last.end() : mention.end]}")
                found += [replace(m, start=start, end=end, text=one[1]) for m in meant[:1]]
    return sorted(mentions + found, key=lambda m: m.start) if found else mentions


def _number(ordinal: str) -> int:
    """How far along the generations an ordinal is, from 0."""
    return _ORDINALS.index(ordinal) if ordinal in _ORDINALS else int(ordinal[0]) - 1

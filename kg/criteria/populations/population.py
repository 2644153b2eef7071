"""The patients whom a clause binds, where it tells them by a disease: "For ATLL, must not …", "Participants with CRPC who have …"."""

from __future__ import annotations

import re

from kg.criteria.clauses.own import Background
from kg.criteria.clauses.reading import Reading
from kg.criteria.words.first_letters import quick
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_BEFORE = pattern("population: before")
_AFTER = pattern("population: after")
_FOR_THOSE_WITH = pattern("population: for those with")
_NAMES_PATIENTS = pattern("population: patients")
_ASIDE = pattern("population: aside")
_PART_BEFORE = pattern("population: part before")
_PART_AFTER = pattern("population: part after")
_LISTED = pattern("subjects: listed")
_ABBREVIATED = re.compile(r"\s*(?:\([^()]{1,40})?\)")
_EXCEPTED = quick(r"\b(?:except(?:ing|ion)?|excluding|unless|other than|apart from|aside from)\b[^,;:]*$")
_ENDS = re.compile(r"\s*(?P<who>)(?P<label>)(?:[.;]|$)")
_SITE = "metastatic-cancer"
"""Where a cancer has spread to tells of no other disease."""
_BROAD = frozenset({"cancer", "solid-tumor", "hematologic-malignancy"})
"""Diseases of trials that take many: those with one of these are some of the patients."""
_ONE_DISEASE = frozenset({"ovarian-cancer", "fallopian-tube-cancer", "peritoneal-cancer"})
"""Named apart, staged and treated as one."""


def population(reading: Reading, start: int, end: int, own: frozenset[str], known: Background) -> tuple[str, tuple[str, ...]]:
    """(the words that tell whom a clause at [start, end) binds, the neoplasms that they name); empty where it binds all.

    Arguments:
        reading: the criterion, or what stands above it.
        start, end: the clause.
        own: the conditions that the trial treats: who has them all is no part of its patients.
        known: which conditions are neoplasms, and how they stand to each other.
    """
    lower = reading.lower
    opened = _opening(lower, start)
    named = [m for m in reading.mentions if m.kind == "condition" and opened <= m.start < end]
    for number, first in enumerate(named):
        listed = _coordinated(lower, named[number:])
        behind = _behind(lower, listed[-1].end)
        paren = reading.paren_of(first.start)
        if _EXCEPTED.search(lower, opened if paren is None else paren[0], first.start):
            continue  # "(except for NEPC patients)": those are whom it does not bind
        if paren is None:
            tail = _AFTER.match(lower, behind) if _BEFORE.fullmatch(lower, _opening(lower, first.start), first.start) else None
            at = _opening(lower, first.start)
            if tail is None and (whom := _FOR_THOSE_WITH.search(lower, opened, first.start)):  # "no prior X for patients with melanoma"
                tail, at = _ENDS.match(lower, behind), whom.start()
        else:
            part = _PART_BEFORE.search(lower, opened, paren[0]) and _BEFORE.fullmatch(lower, paren[0] + 1, first.start)
            tail, at = _ASIDE.match(lower, behind), paren[0] + 1
            tail = tail or (_PART_AFTER.match(lower, behind) if part else None)  # "Cohort C2 (NSCLC): …"
        if paren is not None and lower.startswith(("i.e", "e.g"), at):
            continue  # says again, or gives examples of, whom the words before it tell
        if tail is None or not are_some(listed, own, known):
            continue
        found = lower[at : max(behind, tail.end("who"))].strip()
        neoplasms = tuple(dict.fromkeys(m.key for m in listed if m.key in known.neoplasms))
        if _NAMES_PATIENTS.search(found) or (neoplasms and tail["label"] is not None):
            return found, neoplasms
    return "", ()


def _opening(lower: str, position: int) -> int:
    """Where the sentence begins that holds a position."""
    ends = max(lower.rfind(". ", 0, position), lower.rfind("; ", 0, position))
    return ends + 2 if ends >= 0 else 0


def _coordinated(lower: str, named: list[Mention]) -> list[Mention]:
    """The first of some mentions, and those that stand in one list with it."""
    listed = named[:1]
    for mention in named[1:]:
        if not _LISTED.fullmatch(lower, listed[-1].end, mention.start):
            break
        listed.append(mention)
    return listed


def _behind(lower: str, end: int) -> int:
    """Where a name ends with the abbreviation behind it."""
    found = _ABBREVIATED.match(lower, end)
    return found.end() if found else end


def are_some(listed: list[Mention], own: frozenset[str], known: Background) -> bool:
    """Whether those with these diseases are only some of the trial's patients."""
    knowledge = known.names.knowledge
    keys = {m.key for m in listed}
    if not keys <= known.neoplasms:
        return not keys & own
    if any(knowledge.covers(_SITE, key) for key in keys) or keys & _BROAD or keys & _ONE_DISEASE:
        return False
    kin = frozenset[str]().union(*(knowledge.condition_kin(key) for key in keys))
    return any(o in _BROAD or (o in known.neoplasms and o not in kin and not knowledge.covers(_SITE, o)) for o in own)

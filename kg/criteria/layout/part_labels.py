"""Names of parts of the trial inside a criterion, by position: as a label or subject of what follows, or in brackets behind an item."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.criteria.layout.scope import DISEASE_STAGE, NAMED, STAGE_OF_TRIAL, part_names, parts_named
from kg.criteria.words.normal import IN_BRACKETS

_WHO = r"(?:participants|patients|subjects|individuals|those)"
_KIND = r"(?:cohort|arm|group|stratum|strata|sub-?stud(?:y|ie)|expansion|escalation|part|portion|phase)s?"
_ANY_WORD = r"(?!(?:for|in|of|to|on|and|or|with|the|an?|prior|previous|no|not|this|that|any|either|age|blood|control|ethnic|other|another|chronic|accelerated|acute|blast\w*)\b)[\w/+-]+"  # noqa: E501
_TOLD = rf"(?:(?!(?:all|both|each|every)\b){_ANY_WORD}(?:\s+and\s+{_ANY_WORD})?\s+){{1,4}}?{_KIND}"
"""A part told by whom it takes or what it gives: "cis-ineligible cohort", "PD-1 naive expansion"."""
_GIVING = (
    r"(?:(?:cohorts?|arms?|combo|combinations?)\s+(?:with|receiving|containing|giving)\s+[^:;.()]{2,50}?"
    rf"|{_WHO}\s+(?:who\s+)?(?:receiv\w+|treated with|on|getting)\s+[^:;.(),]{{1,40}}?(?:\s\+\s|\bcombin|\bmono-?therapy|\balone)[^:;.(),]{{0,40}}(?=:))"  # noqa: E501
)
"""Parts told by what they give: "arms with X", "subjects receiving X + Y"."""
_ASSIGNED = (
    rf"(?:(?:if|when)\s+(?:(?:they|the|patients?|participants?|subjects?|are|is)\s+)*|{_WHO}\s+(?:who\s+are\s+)?)"
    r"(?:being\s+)?(?:assigned|randomi[sz]ed|allocated|enrol\w+|enter\w*)\s+(?:(?:in|into|on|to|for)\s+)?(?:the\s+)?"
    r"(?!(?:in|into|on|to|for|the|this|that|all|both|each|any|our|study|trial)\b)[^:;.,()]{2,60}?"
)
_PARTS = rf"(?:(?:{_ANY_WORD}\s+){{0,3}}?{NAMED}(?:,?\s+{NAMED})?|{_TOLD}|{_GIVING})"
_NAME = (
    rf"(?:(?:only\s+)?(?:for|in|on|to)\s+)?(?:the\s+)?(?:{_WHO}\s+(?:(?:enrolled|entering|treated)\s+)?(?:in|into|on|of)\s+(?:the\s+)?)?{_PARTS}"
    rf"(?:\s+(?:exclusions?|inclusions?|criteria|{_WHO}))?(?:\s+only)?"
)
_MARKER = r"(?:[a-z]{2,5}\d{0,2}[a-z]?|[a-z]+\d+)[\s-]+(?:wild[\s-]?type|mutant|mutated|mutation|positive|negative|amplified|altered)"
"""Patients by a marker of their tumour: "BRAF wild type", beside whom others have terms of their own."""
_LINE = r"(?:[\w/-]+\s+){0,3}(?:\d(?:st|nd|rd)?\s?l|(?:first|second|third|1st|2nd|3rd)[\s-]line)(?:\s+(?:cohort|setting|patients|participants|subjects))?"  # noqa: E501
_OPENED = r"(?:^|(?<=[.;:/]\s)|(?<=\()|(?<=\d\)\s)|(?<=,\s)(?=[^,:;.]{3,40}:\s)|(?<=\w\s)(?=(?-i:For (?:the )?(?:Part|Cohort|Arm|Phase|Group)s?)\s))"  # noqa: E501
"""Where a name may be a label; a list that lost its line breaks has a capital in its midst."""
_ALL = rf"(?:(?:(?:exclusions?|inclusions?|criteria)\s+)?(?:for\s+)?(?:all|both|each|every|any)\s+(?:of\s+)?(?:the\s+)?(?:{_KIND}|{_WHO})\b[^.;:()]{{0,20}}(?=:))"  # noqa: E501
_LABEL = re.compile(
    rf"{_OPENED}(?:{_ALL}|(?P<part>(?P<strong>{_NAME}|{_ASSIGNED})|{_MARKER}|{_LINE}))"
    rf"(?:\s*\([^()]{{1,60}}\))?(?P<end>\W*$|\s*:(?=\s)|(?(strong)\s-\s|:)|(?(strong),\s+(?!and\b|or\b|[\da-z]\b)|:)"
    rf"|(?(strong)\s+(?=(?:is|are|will|must|may|should|cannot|requires?|includes?|enrols?|enrolls?|takes?|accepts?|allows?|permits?)\b)|:))",
    re.IGNORECASE,
)
"""What opens a clause and tells of whom it is: "Arms 1-2 (maintenance): …", "; Part B, no …", "Cohort A is limited to …"."""
_BRACKETS = re.compile(
    rf"\(\s*(?:(?:(?:for\s+|in\s+)?(?:all|both|each|every)\s+(?:the\s+)?(?:{_KIND}|{_WHO}))"
    rf"|(?P<part>(?:only\s+)?{_NAME}(?:,\s*(?:[\w/-]+\s+){{0,2}}(?:type|{_KIND})\s+[\da-z]{{1,2}})?|{_WHO}\s+(?:with|in|who|\w+ing)\s[^()]{{3,60}}\sonly))\s*\)",
    re.IGNORECASE,
)
"""A part in brackets alone: "(Arm 1)", "(cohort with X only)"."""
_TAIL = re.compile(
    rf",\s+(?P<part>(?:only\s+(?:for|in)|(?:for|in)(?!\s[^,]*\b(?:expansion|escalation)\W*$))\s+(?:the\s+)?{_NAME})\W*$", re.IGNORECASE
)
"""What a criterion ends with: ", only in the first-line expansion"."""
_ANSWERED = re.compile(
    rf"(?P<part>{_NAME})(?:\s*\([^()]*\))?(?:\s*:\s|\s[-\u2013\u2014]\s|,\s)"
    r"(?P<answer>(?P<denied>no|not|none|nil|never|zero|0|prohibited|excluded)|any|\d|at least|at most|more than|up to|allowed|permitted|required|[<>\u2264\u2265])",  # noqa: E501
    re.IGNORECASE,
)
_TOPIC = re.compile(r"[^:;.()]{3,90}?(?::|\s[-\u2013\u2014])\s+")
"""A therapy before what each part asks of it: "prior X: Cohort 1 - not allowed; Cohort 2 - required"."""
_ENTERS = re.compile(
    rf"\b(?:will|would|may|can|are to)\s+(?:enter|join|enrol\w*|be\s+\w+(?:ed|led)|go)\s+(?:(?:in|into|on|to|for)\s+)?(?P<part>(?:the\s+)?{_PARTS})\b",  # noqa: E501
    re.IGNORECASE,
)
"""Who is allotted to a part: "patients without prior therapy will enter Cohort 1"."""
_ENDS_ITEM = re.compile(r"[,;/]\s")
_ENDS_CLAUSE = re.compile(r"[,;.:]\s")
_NAMED = re.compile(NAMED, re.IGNORECASE)
_SENTENCE = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!incl)(?<!\bvs)\.\s")
_NOUNS = (
    "cohort",
    "arm",
    "part",
    "phase",
    "group",
    "strat",
    "stud",
    "expansion",
    "escalation",
    "combo",
    "combination",
    "assigned",
    "only)",
)
_OTHERS = (
    "receiving",
    "randomi",
    "allocated",
    "wild",
    "mutant",
    "mutat",
    "tive:",
    "line",
    "1l",
    "2l",
    "3l",
    "optimi",
    "module",
    "step",
    "stage",
    "regimen",
)


class Reach(NamedTuple):
    """How far the name of a part reaches in a criterion."""

    start: int
    end: int
    words: str
    """The name; "" where all parts are named."""
    in_brackets: bool = False


@lru_cache(maxsize=64)  # asked for each clause of a criterion
def reaches(text: str) -> tuple[Reach, ...]:
    """What each name of a part reaches in a criterion, by position.

    >>> [r.words for r in reaches("part a, second line; part b, no previous therapy")]
    ['part a', 'part b']
    >>> [r.words for r in reaches("warfarin (arm 1), azoles (arm 2), rifampicin (both arms)")]
    ['arm 1', 'arm 2', '']
    """
    lower = text.lower()
    if not any(noun in lower for noun in _NOUNS) and not (":" in lower and any(word in lower for word in _OTHERS)):
        return ()  # to look for these is quicker
    tail = _TAIL.search(text) if "," in text else None
    last = _name(tail["part"]) if tail else None
    return _labels(text) + _items(text) + ((Reach(0, len(text), last, in_brackets=True),) if last else ())


def answer_label(text: str) -> tuple[int, int, str] | None:
    """What stands between a therapy and the first denial, as (start, end, part), where each part asks something else of it.

    >>> answer_label("Prior X: Cohort 1 - not allowed; Cohort 2 - required")
    (9, 20, 'Cohort 1')
    """
    topic = _TOPIC.match(text) if (":" in text or " - " in text) and ("; " in text or " / " in text) else None
    first = _ANSWERED.match(text, topic.end()) if topic else None
    if topic is None or first is None:
        return None
    told = [
        m for m in _ANSWERED.finditer(text, topic.end()) if m.start() == first.start() or text[: m.start()].rstrip().endswith((";", "/"))
    ]
    shown = next((m for m in told if m["denied"]), first)
    return (topic.end(), shown.start("answer"), shown["part"]) if len(told) > 1 and _name(shown["part"]) else None


def _labels(text: str) -> tuple[Reach, ...]:
    named = [(m, words) for m in _LABEL.finditer(text) if (words := _name(m["part"])) is not None]
    # Patients by a marker or a line are some of those that the trial takes where others are told of beside them.
    found = [(m, words) for m, words in named if len(named) > 1 or not m["part"] or m["strong"]]
    reach = []
    for number, (match, words) in enumerate(found):
        end = found[number + 1][0].start() if number + 1 < len(found) else len(text)
        if text.startswith("(", match.start() - 1):
            end = min(end, text.find(")", match.end()) % (len(text) + 1))
        elif match.start() or not match["end"].strip().startswith(":"):
            stop = _SENTENCE.search(text, match.end(), end)
            end = stop.start() if stop else end
        reach.append(Reach(match.start(), end, words))
    for match in _ENTERS.finditer(text):
        if words := _name(match["part"]):
            first = max((m.end() for m in _ENDS_CLAUSE.finditer(text, 0, match.start())), default=0)
            reach.append(Reach(first, match.end(), words))
    return tuple(reach)


def _items(text: str) -> tuple[Reach, ...]:
    """The items of a list that have each its part behind it in brackets, or of which one has; one at the end may be of the whole."""
    found = [(m, words) for m in _BRACKETS.finditer(text) if (words := _name(m["part"])) is not None] if "(" in text else []
    whole = len(found) == 1 and (not found[0][0].start() or found[0][0].end() >= len(text) - 1)
    masked = IN_BRACKETS.sub(lambda m: " " * len(m.group()), text)
    reach = []
    for match, words in found:
        first = max((m.end() for m in _ENDS_ITEM.finditer(masked, 0, match.start())), default=0)
        end = match.end()
        if whole:
            first, end = 0, len(text)
        elif match.start() == first:
            end = next((m.start() for m in _ENDS_ITEM.finditer(masked, match.end())), len(text))
        reach.append(Reach(first, end, words, in_brackets=True))
    return tuple(reach)


def _name(words: str | None) -> str | None:
    """What a match names: some parts; "" for all that there are, as where none is told, None for a stage of the disease."""
    if words is None:
        return ""
    if STAGE_OF_TRIAL.fullmatch(words):
        return words
    if DISEASE_STAGE.search(words):
        return None
    every = {name for kind, name in part_names(words) if kind == "dose"} >= {"escalation", "expansion"}
    return "" if every or (_NAMED.search(words) and not parts_named(words)) else words.strip()

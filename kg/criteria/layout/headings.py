"""Lines that open a section of the text: "Key Exclusion Criteria (Cohort B):", "Patients will be excluded if:"."""

from __future__ import annotations

import difflib
import re
from functools import cache, lru_cache

from kg import bundle
from kg.criteria.layout.heading_scope import qualifies
from kg.criteria.layout.verdicts import only_asks, verdict
from kg.criteria.words.lexicon import read_phrases
from kg.criteria.words.normal import IN_BRACKETS
from kg.records import Section

_HEADING_END = re.compile(r"[\s*_#:\uff1a.?\-\]\u3011]+$")
_FRAME = "*-#_ [\u3010"
COLONS = (":", ": *", ":*", "\uff1a")
_LONGEST_HEADING = 200
_MOST_IN_A_SENTENCE = 22
_MOST_WORDS = 20
"""A heading whose front is known holds at most so many."""
_OF_SOME = re.compile(r"\b(?:with|who|whose|having|donors?)\b|[.(]")
"""Before "are eligible if:", words that make it the terms of some patients, no heading."""
_LISTS_ILLS = re.compile(r"\bwith\b.*\b(?:following|these|below)\b", re.IGNORECASE)
_OF_ALL_PATIENTS = re.compile(
    r"(?:(?:all|the|any)\s+)?(?:patients?|participants?|subjects?|individuals?|persons?|volunteers?)\s+"
    r"(?:are|is|were|will|must|may|should|shall|can|cannot|who\s+meet|meeting|meet|fulfil\w*)\b",
    re.IGNORECASE,
)
"""The front of a line that speaks of all who may take part, not of those with some disease."""
_NOT_TO_HAVE = re.compile(r"\b(?:must|should|may|can|will|shall|do|does) ?not (?:have|meet|fulfil\w*|satisfy|present)\b")
"""Behind "eligible patients", words that make what stands below it exclusions."""
_SAYS_MORE = re.compile(r"\b(?:not|meet\w*|fulfil\w*|apply|applies|as defined)\b")
_IS_ONE = re.compile(r"\b(?:is|are|was|were|be|constitutes?|represents?|considered|remains?|as)\s+(?:(?:an?|the|also|absolute)\s+){0,2}$")
"""Before "exclusion criterion", words that make the line a criterion itself: "prior X is an exclusion criterion"."""
_GOES_ON = re.compile(
    r"\s*(?:for|from (?:the )?(?:phase|part|cohort|arm|group|stage)|in|of|as follows|includes?|are|\(|-|:|\uff1a|\d|all|none"
    r"|patients|participants|part|cohort|applicable\b|applying\b|valid\b|that apply\b|eligibility criteria\b)"
)
"""What may stand behind "Exclusion criteria" in a heading."""
_OF_AN_EVENT = re.compile(r"\b(?:an?|after|any|at|before|by|for|from|in|into|no|of|on|prior|since|the|to|until|with)\b")
"""Words before "inclusion" that make it an event, and the line no heading: "pregnancy test before inclusion"."""
_BREAKS_OFF = re.compile(r"\b(?:if|when|who|they|you|have|has|had|must|with|be|are|on)$")
_MISTYPED = re.compile(
    r"[\W_]*(?:(?:key|main|major|other|general|patient|subject)\s+)?(?P<section>[ei]\w{5,10})\s+(?P<criteria>c\w{5,10})[\W_]*"
)
_ALIKE = 0.78
"""How alike a word has to be to "exclusion", "inclusion" or "criteria" to be one mistyped, from 0 to 1."""


@cache
def _headings(*, named: bool) -> tuple[tuple[str, Section], ...]:
    """(phrase, section), the longest first, of the phrases that name criteria by themselves and need no colon, or of the others."""
    rows = read_phrases(bundle.path("data") / "eligibility" / "headings.csv", ("phrase", "section"))
    return tuple(sorted(((p, Section(s)) for _, (p, s) in rows if ("criteri" in p or p in _BARE) is named), key=lambda x: -len(x[0])))


def _place(phrase: str, text: str) -> int:
    """Where a text holds a phrase as whole words first; -1 for nowhere."""
    at = text.find(phrase)
    end = at + len(phrase)
    return -1 if (at > 0 and text[at - 1].isalnum()) or (end < len(text) and text[end].isalnum()) else at


_BARE = ("inclusion", "exclusion", "exclusions")
"""Headings of one word, which in a sentence is an event."""
_NEUTRAL = ("eligibility criteria", "criteria", "eligibility", "other criteria", "other eligibility criteria")


@lru_cache(maxsize=1024)
def heading_section(line: str) -> tuple[Section, bool] | None:
    """The section that a heading line opens, and whether it names criteria by itself; None for a line that is no heading.

    >>> heading_section("Key Exclusion Criteria (Cohort B):")
    (<Section.EXCLUSION: 'exclusion'>, True)
    >>> heading_section("Exlusion Critera")
    (<Section.EXCLUSION: 'exclusion'>, True)
    >>> heading_section("Acute illness at the time of inclusion")
    """
    if len(line) > _LONGEST_HEADING:
        return None
    colon = line.rstrip().endswith((*COLONS, "?"))
    lower = line.lower()
    if not colon and "criteri" not in lower and "clusion" not in lower and "ineligib" not in lower:
        return _mistyped(lower)
    text = _HEADING_END.sub("", lower.strip().lstrip(_FRAME))
    if text == "ineligibility":
        return Section.EXCLUSION, True
    words = len(IN_BRACKETS.sub(" ", text).split())
    for phrase, section in _headings(named=True):
        at = _place(phrase, text) if phrase in text else -1
        end = at + len(phrase)
        if at < 0 or (not colon and _IS_ONE.search(text, 0, at)):
            continue
        if phrase in _BARE and not ((colon or end == len(text)) and not _OF_AN_EVENT.search(text, 0, at)):
            continue
        if "inclusion" in text and "exclusion" in text and "non" not in text:
            continue  # "Other protocol-defined inclusion/exclusion criteria may apply"
        known = at == 0 or words <= 9 or (words <= _MOST_WORDS and qualifies(text[:at]))
        if (colon or end == len(text)) and known and not _SAYS_MORE.search(text):
            return section, True
        if (at == 0 or qualifies(text[:at])) and words <= 12 and (_GOES_ON.match(text[end:] or ":") or qualifies(text[end:])):
            return section, True
    if colon and (told := verdict(text)):
        return told, False
    for phrase, section in _headings(named=False) if colon and words <= _MOST_IN_A_SENTENCE else ():
        at = _place(phrase, text) if phrase in text else -1
        if at >= 0 and not (section is Section.INCLUSION and _OF_SOME.search(text, 0, at)):
            return Section.EXCLUSION if _NOT_TO_HAVE.search(text, at + len(phrase)) else section, False
    return _mistyped(lower)


def opens_list(line: str) -> tuple[Section, bool] | None:
    """What `heading_section` says of a line that lacks its colon, with bullets below it: "Patients will be excluded if they"."""
    opened = heading_section(line + ":")
    return opened if opened and not opened[1] else None


def breaks_off(line: str) -> bool:
    """Whether a line ends in the midst of its sentence: "Participants are ineligible if they"."""
    return _BREAKS_OFF.search(line) is not None


def names_section(heading: str) -> bool:
    """Whether a heading says in which section its criteria stand, with or without its colon, and nothing that is to be read with them."""
    return heading_section(heading) is not None or opens_list(heading) is not None


def _mistyped(lower: str) -> tuple[Section, bool] | None:
    """The section of "Exlusion Critera:"."""
    found = _MISTYPED.fullmatch(lower)
    if found is None or not difflib.get_close_matches(found["criteria"], ("criteria",), 1, _ALIKE):
        return None
    meant = difflib.get_close_matches(found["section"], ("exclusion", "inclusion"), 1, _ALIKE)
    return (Section(meant[0]), True) if meant and meant[0][0] == found["section"][0] else None


def lists_ills(line: str) -> bool:
    """Whether a line that opens exclusions opens a list of ills only: "Patients with a history of the following are excluded:".

    Behind the list, where no bullets tell its end, a sentence on patients goes on with what stood before it.
    """
    return _LISTS_ILLS.search(line) is not None and verdict(line) is None


@lru_cache(maxsize=1024)
def is_neutral(heading: str) -> bool:
    """Whether a heading says of its criteria only that they are some: "Eligibility Criteria:"."""
    return _HEADING_END.sub("", heading.lower().lstrip(_FRAME)) in _NEUTRAL


def heads_a_section(text: str, mark: str, opened: tuple[Section, bool], below: bool, section: Section, *, in_part: bool) -> bool:
    """Whether a line that `heading_section` knows opens a section of the text, rather than a list below a bullet.

    "* Patients with brain metastases are eligible if:" is a bullet with conditions of its own: those after it are what they were before.

    Arguments:
        text: the line.
        mark: the mark of its bullet, if any.
        opened: what `heading_section` says of it.
        below: whether what stands below it is indented deeper.
        section: the section that it stands in.
        in_part: whether it stands below the name of a part of the trial.
    """
    if opened[1]:
        return True
    told = verdict(text)
    asks = told is not None and only_asks(text)
    if not mark or (asks and in_part):
        return not (asks and in_part)
    if told is Section.INCLUSION and section is Section.EXCLUSION and (below or asks):
        return False
    return told is not None or (not below and _OF_ALL_PATIENTS.match(text) is not None)

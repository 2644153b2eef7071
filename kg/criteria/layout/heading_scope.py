"""Whose criteria a heading says that it heads: those of an arm, of one population, of donors, of all."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.criteria.layout.scope import BY_THERAPY, DOSE_PART, PART, POPULATION, parts_named
from kg.criteria.words.normal import IN_BRACKETS

_QUALIFIERS = frozenset(
    "additional|specific|common|general|abbreviated|key|main|other|cohort|donor|donors|patient|patients|recipient|recipients|and|for".split(
        "|"
    )
)
_POPULATIONS = re.compile(rf"{POPULATION}|pa?ediatric|adolescent|adult", re.IGNORECASE)
"""Words before "Inclusion Criteria" for some of the patients, where others have criteria of their own."""
_OF_SOME = re.compile(
    rf"\W*((?:{_POPULATIONS.pattern})(?:(?:[/-]|\s+or\s+)(?:{_POPULATIONS.pattern}))*)\s+"
    r"(?:\w+\s+)?(?:inclusion|exclusion|eligibility) criteria\b",
    re.IGNORECASE,
)
_BY_THERAPY = re.compile(rf"\W*(?P<who>{BY_THERAPY})\W*", re.IGNORECASE)
_DISEASE = (
    r"(?:(?!(?:patients?|and|or|for|with|prior|previous|other|second|active|another)\b)[\w/-]+\s+){0,3}"
    r"(?:tumou?r|cancer|malignanc(?:y|ie)|neoplasm|carcinoma|lymphoma|leuka?emia|myeloma|melanoma|sarcoma|glioma|\w*blastoma|mesothelioma"
    r"|nsclc|sclc|dlbcl|nhl|cll|[ac]ml|mds|mcl|hcc|rcc|crpc|tnbc)s?"
)
_WHO = r"(?:patients?|participants?|subjects?)"
_CRITERIA = r"(?:(?:key|main)\s+)?(?:inclusion|exclusion|eligibility) criteria"
_DISEASE_HEADING = re.compile(
    rf"\W*(?:(?P<front>{_DISEASE})(?:[\s-]+{_WHO})?\s+{_CRITERIA}"
    rf"|{_CRITERIA}(?:\s*[-:\u2013\u2014(]\s*|\s+)(?:(?:for|in|specific to)\s+(?:{_WHO}\s+with\s+)?)?(?P<end>{_DISEASE})(?:\s+{_WHO})?)\W*",
    re.IGNORECASE,
)
"""Criteria of those with one disease, where others have their own: "Solid tumor Exclusion Criteria:", "Inclusion criteria for lymphoma"."""
_LONGEST_QUALIFIER = 160
_SPECIFIC_TO = re.compile(r"\W*(?:[\w/-]+\s+){0,3}[\w/-]*\bspecific\W*", re.IGNORECASE)
"""Words before "Exclusion Criteria" that tell whose they are: "Module 2-specific", "Breast cancer specific"."""
_OF_A_PART = re.compile(
    r"\W*(?P<part>(?:(?!(?:all|both|each|every|any|and|or|no|not|prior|previous|history|of|on|in|with|patients?|drug)\b)[\w/+-]+\s+){0,5}?"
    r"(?:combination|mono-?therapy|sub-?study|arm|cohort)(?:\s*\([^()]{1,40}\))?(?:\s+with\s+[\w-]+)?)\W+"
    r"(?:(?:additional|specific|key|main|only)\W+)*(?P<criteria>(?:inclusion|exclusion|eligibility) criteria\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
"""A part that is told by what it gives, before "Exclusion Criteria": "PK Substudy (optional) with X Additional"."""
_BOTH = 2
"""A heading of the escalation and the expansion is one of all that there is."""
_DOSE_HEADING = re.compile(r"\W*((?:dose[- ])?(?:escalation|expansion))\W*", re.IGNORECASE)
_OF_ALL_HEADING = re.compile(r"\b(?:all|general|common|both|every|each|overall)\b", re.IGNORECASE)
_APPLIES_TO_ALL = re.compile(rf"\bappl\w+ to all {_WHO}\b", re.IGNORECASE)
_DONORS = re.compile(r"\bdonors?\b", re.IGNORECASE)
_PATIENTS = re.compile(r"\b(?:patients?|recipients?|participants?|subjects?)\b", re.IGNORECASE)
_SUBGROUP = re.compile(
    r"\b(?:cohort|arm|part|module|sub-?study|country|indication|tumou?r(?: type)?|treatment [a-z])[- ]specific\b"
    r"|\b(?=[a-z-]*\d)[a-z][\w-]+[- ]specific (?:(?:key|main) )?(?:inclusion|exclusion|eligibility)\b"
    r"|\bcriteri(?:a|on) (?:for|of) (?!(?:the )?(?:all|each|every|both|any|this|our|study|trial|treatment arms)\b)[^:]{2,100}?"
    r"\b(?:arms?|cohorts?|escalation|expansion|optimi[sz]ation|monotherapy|combination|run-in|lead-in|sub-?stud(?:y|ies))\b[^:]*"
    r"|\bcriteri(?:a|on) specific (?:to|for)\s+(?!all\b|each\b|the (?:study|trial)\b)[^:]{2,60}"
    r"|\b(?:additional|specific) (?:(?:key|main) )?(?:inclusion|exclusion|eligibility) criteri(?:a|on) (?:for|to) (?!all\b|each\b|every\b)[^:]{2,60}\b(?:participants|patients|subjects|cohorts?)\b",  # noqa: E501
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def scope_of_heading(heading: str) -> tuple[str, ...]:
    """What a heading limits the criteria below it to: parts of the trial, or some of its patients.

    >>> scope_of_heading("Additional Inclusion Criteria for OVC Participants"), scope_of_heading("Inclusion Criteria for All Participants")
    (('Additional Inclusion Criteria for OVC Participants',), ())
    """
    if _APPLIES_TO_ALL.search(heading):
        return ()
    if parts := parts_named(heading):
        return parts
    if disease := disease_of(heading):
        return (disease,)
    if some := _DOSE_HEADING.fullmatch(heading) or _OF_SOME.match(heading):
        return (some[1],)
    if people := _BY_THERAPY.fullmatch(heading):
        return (people["who"],)
    found = tuple(m.group() for m in _SUBGROUP.finditer(heading) if len({d[1].lower() for d in DOSE_PART.finditer(m.group())}) < _BOTH)
    part = None if found or "criteria" not in heading.lower() else _OF_A_PART.fullmatch(heading)
    return (part["part"],) if part and part["criteria"] else found


@lru_cache(maxsize=1024)
def disease_of(heading: str) -> str:
    """The disease whose criteria a heading says that it heads; "" for none.

    >>> disease_of("Solid tumor Exclusion Criteria:"), disease_of("Inclusion criteria for patients with lymphoma"), disease_of("Criteria:")
    ('Solid tumor', 'lymphoma', '')
    """
    found = _DISEASE_HEADING.fullmatch(heading)
    return (found["front"] or found["end"]) if found else ""


@lru_cache(maxsize=1024)
def by_therapy(label: str) -> frozenset[tuple[str, str]]:
    """Which patients a label names by what therapy they had, as (kind, name).

    >>> sorted(by_therapy("Relapsed or refractory patients:")), by_therapy("Patients:")
    ([('population', 'refractory'), ('population', 'relapsed')], frozenset())
    """
    found = _BY_THERAPY.fullmatch(label)
    named = re.findall(POPULATION, found["who"].lower()) if found else ()
    return frozenset(("population", name.replace("-", " ")) for name in named)


@lru_cache(maxsize=1024)
def of_donors(heading: str) -> bool:
    """Whether the criteria below a heading are asked of those who give cells or organs, not of the patients.

    >>> of_donors("Donor Exclusion Criteria:"), of_donors("Patient and donor criteria"), of_donors("Exclusion Criteria:")
    (True, False, False)
    """
    return _DONORS.search(heading) is not None and not _PATIENTS.search(heading)


@lru_cache(maxsize=1024)
def is_of_all(heading: str) -> bool:
    """Whether a heading says that its criteria are those of all patients: "General Exclusion Criteria:"."""
    return _OF_ALL_HEADING.search(heading) is not None


def qualifies(words: str) -> bool:
    """Whether words before "Exclusion Criteria" belong to the heading.

    >>> qualifies("Cohort C (untreated patients) - Specific "), qualifies("HIV infection ")
    (True, False)
    """
    if len(words) > _LONGEST_QUALIFIER:
        return False
    if _SPECIFIC_TO.fullmatch(words) or _OF_A_PART.fullmatch(words) or disease_of(words + "inclusion criteria"):
        return True
    return _QUALIFIERS.issuperset(re.findall(r"\w+", _POPULATIONS.sub(" ", PART.sub(" ", IN_BRACKETS.sub(" ", words))).lower()))

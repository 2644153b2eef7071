"""Scope words: the arms, cohorts, parts and phases of a trial that a heading, a criterion or a clause is limited to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_NOUN = r"(?:cohort|part|arm|phase|group|stage|stratum|strata|module|dose[- ]escalation|dose[- ]expansion|dose[- ]finding|safety run-in|safety lead-in|expansion|escalation|sub[- ]?stud(?:y|ies)|sub[- ]?protocol|regimen|step|segment|portion|segments|tier|schedule)"  # noqa: E501
_ID = r"(?:\d{1,2}[a-zA-Z]?(?:/\d[a-zA-Z]?)?|[A-Z]\d{0,2}|I{1,3}V?[ab]?|IV|[A-Z]-\d)"
NAMED = rf"{_NOUN}s?(?:\s+{_ID}|\d[a-z]?)\b(?:(?:\s*(?:,|and|or|&|/|and/or|to|-|\+|,\s*and|,\s*or)\s*)(?:{_NOUN}s?\s+)?{_ID}\b)*"
"""Parts by their names: "Cohort A", "Parts 1 and 2", "Cohort2"."""
_WHO = r"(?:participants|patients|subjects|individuals)"
PART = re.compile(
    rf"(?:for\s+|in\s+|to\s+)?(?:(?:the|{_WHO}|those|enrolled|enrolling|only)\s+(?:in|of|on|into)?\s*)*"
    rf"(?:{NAMED}(?:\s+{NAMED})?(?:\s*(?:dose[- ]?)?(?:escalation|expansion|only|portion|cohorts?|part|participants|patients|subjects))*"
    rf"|(?:dose[- ](?:escalation|expansion|finding|optimi[sz]ation)|safety (?:run|lead)-in|expansion|escalation|extension)\s+(?:cohorts?|phase|part|arm|portion|stage)s?(?:\s+only)?|\b{_ID}\s+(?:cohort|arm|group)s?\s+only)",  # noqa: E501
    re.IGNORECASE,
)  # fmt: skip
_ALL = re.compile(r"^\s*(?:for\s+)?(?:all|both|each|every|any)\b(?!.*\bexcept\b)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]{0,60})\)|\[([^\[\]]{0,60})\]")
DISEASE_STAGE = re.compile(r"\bstage\s+(?:I{1,3}|IV|[0-4])", re.IGNORECASE)
STAGE_OF_TRIAL = re.compile(
    r"(?:for\s+|in\s+)?(?:simon(?:'s)?\s+)?stage\s+[12](?:\s+(?:only|patients|participants|subjects))?", re.IGNORECASE
)
"""A stage by an Arabic number, where a label names nothing else, is one of the trial's two, not of the disease."""
_FRONT = re.compile(r"([^:;.()]{2,70}(?:\([^:;.()]{2,40}\)\s*)?):(?:\s|$)")
_DASH_FRONT = re.compile(rf"(?P<part>(?:{PART.pattern})(?:\s*\([^:;.()]{{2,40}}\))?)\s+-\s", re.IGNORECASE)
"""The same before a dash: "Extension cohorts (except 1b) - …"."""
_NAMED_FRONT = re.compile(
    r"\b(?:cohorts?|arms?|sub[- ]?stud(?:y|ies)|strat(?:um|a))(?:\s+only)?\s*(?:\([^()]*\)\s*)?$"
    r"|^(?:mono-?therapy|combination)(?:\s+(?:therapy|treatment))?(?:\s+only)?$"
    r"|\bdose[- ](?:escalation|expansion|finding|optimi[sz]ation)\s*(?:\([^()]*\)\s*)?$"
    r"|^(?:in\s+)?(?:the\s+)?(?:main|randomi[sz]ed|run-in|lead-in|single-arm)\s+(?:part|portion|phase|stage)$",
    re.IGNORECASE,
)
"""The end of a label that names a cohort by its disease or treatment: "Melanoma cohort:", "Combination arm only:"."""
_COMMA_FRONT = re.compile(
    rf"(?P<part>(?:(?:if|when)\s+(?:enrolled|enrolling|assigned|randomi[sz]ed)\s+(?:in|into|on|to)\s+)?(?:(?:for|in)\s+)?(?:(?:the\s+)?(?:{_WHO}|those)\s+(?:enrolled\s+)?(?:in|on|into|of)\s+)?(?:the\s+)?(?:{NAMED}(?:\s+{NAMED})?"
    r"|(?P<named>(?!(?:this|that|all|both|each|any|either|every|other|another|same|an?|which|prior|previous)\b)[\w/+-]+\s+(?:cohort|arm|stratum)s?))(?:\s+only)?)\s*,\s+"
    rf"(?!(?:{_ID}|and|or)\b)",
    re.IGNORECASE,
)  # fmt: skip
"""A part before a comma, of which what follows is said: "Group 1, patients with …", "For patients in the pazopanib cohort, no …"."""
_ALL_PARTS = re.compile(
    r"(?:for\s+)?(?:(?:all|both|each|every)\s+(?:the\s+)?(?:cohorts?|arms?|parts?|phases?|groups?|strata)\b[^.;]{0,20}:"
    r"|(?:all|both|any)\s+(?:patients|participants|subjects)\b)",
    re.IGNORECASE,
)
_NAMED_COHORT = re.compile(
    r"(?!(?:(?:applie[sd]|applicable|apply) )?(?:(?:to|for|in|of) )?"
    r"(?:all|any|each|every|both|either|this|that|see|per|prior|another|other)\b)"
    r"(?:[\w/+-]+\s+){1,3}(?:cohorts?|arms?|sub-?stud(?:y|ies))(?:\s+only)?",
    re.IGNORECASE,
)
POPULATION = (
    r"(?:newly[\s-]diagnosed|(?:first|1st|second|2nd|later)[\s-]line|treatment[\s-]na(?:i|\u00ef)ve|previously (?:un)?treated"
    r"|relapsed|refractory|recurrent)"
)
"""Patients by what therapy they had: where some are named so, others have criteria of their own."""
BY_THERAPY = rf"(?:for\s+)?{POPULATION}(?:[\s/,-]+(?:(?:and|or)\s+)?{POPULATION})*\s+(?:{_WHO}|cohorts?|expansions?)"
"""A label of such patients: "Newly diagnosed participants"."""
_MEET_THESE = (
    r"(?:must|should|need\s+to|have\s+to|will)\s+(?:also\s+)?(?:meet|fulfil+|satisfy|comply\s+with)\s+"
    r"(?:(?:all|any|one|each|of|the|these|following|below|additional)\s+)*(?:these|following|below|criteria|conditions|requirements)"
)
_BY_ANSWER = r"(?:na(?:i|\u00ef)ve|experienced|refractory|resistant|pre-?treated)"
_SOME_PEOPLE = re.compile(
    r"(?!(?:all|each|every|both|any|prior|previous|history)\b)[\w\s/-]{2,40}\bonly"
    r"|(?:pa?ediatric|adolescent|adult|elderly|older|younger|female|male|japanese|chinese|asian|korean|healthy)s?(?:\s+(?:participants?|patients?|subjects?|volunteers?|cohorts?))?"
    rf"|{BY_THERAPY}"
    rf"|(?:(?!(?:all|prior|previous)\b)[\w/()+-]+\s+){{0,3}}(?:[\w/()+-]+-)?{_BY_ANSWER}\s+{_WHO}\s+{_MEET_THESE}"
    rf"|{_WHO}\s+(?:(?:who|that)\s+are\s+)?"
    rf"(?:[\w/+-]+[\s-](?:(?:therapy|treatment)[\s-])?{_BY_ANSWER}|na(?:i|\u00ef)ve\s+to\s+[\w\s/+-]{{2,40}})\s+{_MEET_THESE}"
    r"|children|women|men|(?:participants?|patients?|subjects?)\s+(?:in|from|enrolled in)\s+[A-Z][\w ]{2,30}",
    re.IGNORECASE,
)
"""A label that names some of the patients by age, sex, place or what they had: "Japan only:", "PD-1 naive patients must meet these:"."""
_TAIL = re.compile(rf"\s[-\u2013\u2014]\s*(?P<part>(?:{NAMED}|(?:[\w/+-]+\s+){{1,4}}(?:cohort|arm)s?)\s+only)\W*$", re.IGNORECASE)
"""The end of a criterion that names whom it binds: "Prior taxane - Phase 2 only"."""
_SUBJECT = re.compile(rf"\s*{PART.pattern}\s+(?:will|must|may|should|participants|patients|subjects|enrol|includes?)\b", re.IGNORECASE)
_SOME_IN = re.compile(
    rf"\s*(?!(?:all|each|every|both|any)\b)(?:[\w/+<>\u2264\u2265-]+\s+){{0,4}}?{_WHO}\s+(?:(?:enrolled|treated|included)\s+)?(?:in|of|on|into)\s+(?:the\s+)?"
    rf"(?P<part>{NAMED})\s*(?:\([^()]*\)\s*)?(?:will|must|may|should|cannot|can|are|have|who|with)\b",
    re.IGNORECASE,
)
"""Some of those in a part, of whom a whole criterion is: "PDAC participants in Part E (X combination) must have …"."""
_ENROLLED = re.compile(
    rf"\s*(?P<part>{_WHO}\s+(?:who\s+(?:are|will be)\s+)?(?:enrol\w+|randomi[sz]ed|assigned|allocated)\s+(?:in|into|on|to)\s+(?:the\s+)?"
    r"(?!(?:the|this|that|all|both|each|any|either|every|our|study|trial|protocol|another)\b)"
    r"(?:(?!(?:must|may|should|will|stud(?:y|ies)|trials?|protocol|phase)\b)[\w+/&-]+\s+){0,9}"
    r"(?:expansion|escalation|optimi[sz]ation|combination|monotherapy|arms?|cohorts?|parts?|portion|therapy|treatment)"
    r"(?:\s+with\s+[\w+/&,\s-]{3,80}?)?)\s+(?:must|may|should|will|cannot|are)\b",
    re.IGNORECASE,
)
"""Those who are enrolled in a part that is told by what it gives: "Participants enrolled to X + Y dose expansion must …"."""
_PEOPLE_OF_A_PART = re.compile(
    rf"(?P<part>(?!(?:all|each|every|both|any|prior|previous|no|not)\b)[^:;.()]{{2,80}}?\b(?:cohort|arm|stratum|sub-?study|expansion|escalation)s?)\s+{_WHO}"
    r"(?:\s+(?:with|who|whose|having)\s[^:;.()]{2,120}?)?(?::\s|\s+(?:who|must|should|may|will|cannot)\s)",
    re.IGNORECASE,
)
"""Those of a part that is told by what it gives: "X + Y combination cohort patients with Z: …", "monotherapy arm patients must …"."""
_WHOLE = re.compile(
    rf"\s*(?:only\s+)?(?:(?:applicable|applies)\s+(?:to|for|in)\s+)?(?:(?:experimental|control|randomi[sz]ed|combination)\s+)?(?:(?:{PART.pattern})(?:\s+(?:{PART.pattern}))?(?:\s+only)?"
    r"|(?:(?:for|in|during)\s+)?(?:the\s+)?"
    r"(?:(?:dose[- ])?(?:escalation|expansion|finding|optimi[sz]ation)|(?:safety )?(?:run|lead)-in)\s+only)\s*",
    re.IGNORECASE,
)
_BUT_NOT_OTHERS = re.compile(r"\s*[,;]\s*(?:not|does not|n/a|(?:is\s+)?(?:allowed|permitted)\s+(?:in|for))\b.*$", re.IGNORECASE)
"""Behind the parts that are bound, those that are not: "(Cohorts A and B, not applicable for Cohort C)"."""
_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)
_LONGEST_FRONT = 60
_NOUNS = (
    *("cohort", "phase", "group", "stage", "strat", "module", "expansion", "escalation", "extension", "dose finding", "dose-finding"),
    *("optimi", "run-in", "lead-in", "substud", "sub-stud", "sub stud", "subprotocol", "sub-protocol", "sub protocol", "regimen", "step"),
    *("segment", "portion", "tier", "schedule", "enrol", "randomi", "assigned", "allocated"),
)
_PART_OR_ARM = re.compile(r"(?:part|arm)s?(?:[\W\d]|$)")
"""One of these is, in lower case, in all that names a part: looking for them is much quicker."""
_INSIDE = re.compile(
    rf"\b(?:in|for|on|into|during|of|to)\s+(?:the\s+)?(?:(?:{_WHO}|those)\s+(?:\w+\s+){{0,2}}?(?:in|on|of|into|to)\s+(?:the\s+)?)?"
    rf"(?P<part>(?:(?!(?:for|in|of|to|on|and|or|with|the|an?|prior|previous|another|other|any|all|both|each)\b)[\w/+-]+\s+){{0,3}}{NAMED}"
    r"|(?:dose[- ](?:escalation|expansion|finding)|safety (?:run|lead)-in|expansion|(?:randomi[sz]ed|main)\s+(?:part|portion))\b"
    r"(?!\s+of\b)(?:\s+(?:cohort|phase|part|stage)s?)?"
    r"|(?!this\b|that\b|all\b|both\b|each\b|any\b|either\b|respective\b)(?:(?!(?:for|in|of|to|on|and|or|with|the)\b)[\w/+-]+\s+){1,3}(?:cohorts?|arms?|strat(?:um|a)|sub-?stud(?:y|ies))\b(?!\s+(?:stud|trial))"
    rf"|this\s+(?:part|phase|portion|stage|cohort|arm)\s+of\s+(?:the|this)\s+(?:study|trial)"
    rf")|(?:\s-|,|;)\s(?P<tail>{NAMED}\s+only)|(?:^|[,(]\s*)(?P<head>{NAMED})(?:\s+only)?\s*(?:[):]|\((?=[^()]*\)\W*$))",
    re.IGNORECASE,
)  # fmt: skip
_NO_SCOPE_BEFORE = re.compile(
    rf"(?:prior|before|start\w*|begin\w*|entry|entering|enrol\w+|random\w+|assign\w+|dos(?:e|ing)|screening|treatment|participat\w+|another|other|an?|any|previous|different|tumou?rs?|weeks?|days?|months?|diagnos\w+|stage|end|completion|all\s+{_WHO}(?:\s+\w+)?)\s+$",
    re.IGNORECASE,
)
"""Words that make what follows the place of an event ("prior to Part B", "of treatment in Cohort A") or another trial's phase."""
_THIS_PART = re.compile(
    r"\b(?:for|(?:enrol\w+|includ\w+|participat\w+|eligible|enter\w*|enrol)\s+(?:in|into|for|to))\s+"
    r"(?P<part>this\s+(?:part|portion|cohort|arm|stratum|phase)\s+of\s+(?:the|this)\s+(?:stud(?:y|ies)|trial|protocol))\b",
    re.IGNORECASE,
)
"""A part that only its place tells: "will not be included in this part of the study"."""
_OF_A_STUDY = re.compile(r"\s*(?:clinical\s+)?(?:stud(?:y|ies)|trials?)\b", re.IGNORECASE)
_WORD = re.compile(r"\b(?!(?:and|or|for|only|the|criteria|patients|participants)\b)[a-z]{2,}", re.IGNORECASE)
"""A word that says something, beside the name of a part."""
_OF_THESE = re.compile(
    r"\b(?:all (?:parts|cohorts|arms)|crossover|specific(?:s|ally|ations?)?|(?:further|additional)(?=\s+\w*\s*criteri)|requirements?)\b",
    re.IGNORECASE,
)
"""Beside the name of a part: "Module 2 all parts", "Arm B crossover patients", "Specifics for group A"."""
_FIRST_STEP = re.compile(r"(?:for\s+|in\s+|to\s+|at\s+)?step\s+(?:0|1|i)", re.IGNORECASE)
_LEAD = re.compile(
    rf"(?:if|when)\s+(?:(?:the|an?)\s+)?(?:participants?|patients?|subjects?|individuals?)\b"
    rf"(?!\s+(?:(?:is|are|currently)\s+)*(?:on|takes?|taking|uses?|using|receives?|receiving)\b)[^,:;]{{5,160}}(?=,)|{_WHO}\s+(?:who|receiving|with)\b[^:]{{3,100}}(?=\badditional\b)"
    rf"|{_WHO}\s+(?:who\s+)?(?:will|are\s+to)\s+(?:receive|be\s+(?:given|treated\s+with))\s+[^,:;.]{{2,60}}?\b(?:in\s+addition\s+to|on\s+top\s+of|without|instead\s+of|alone)\b[^,:;.]{{0,60}}?(?=\s+(?:must|should|may|can)\s?(?:not\b|also\b|have\b|be\b))",
    re.IGNORECASE,
)
_EACH_ITS_OWN = re.compile(
    r"(?:cohort|arm|part|combination|indication|sub-?study|tumou?r)(?:[\s-]type)?[\s-](?:specific|dependent)\b[^:.;]{0,60}(?=:\W*$)",
    re.IGNORECASE,
)
"""Above bullets that each tell of another part: "Cohort-dependent:"."""
DOSE_PART = re.compile(r"\b(?:dose[- ])?(escalation|expansion|finding)\b", re.IGNORECASE)
_PART_HEADING = re.compile(rf"{NAMED}(?:\s+{NAMED})?(?:\s+only)?\s*(?:-|\u2013|\u2014|\()\s*\w[^.;:]{{1,60}}$", re.IGNORECASE)
_PART_ID = r"(?:\d{1,2}[a-z]?|[a-z]\d{0,2}|i{1,3}v?[ab]?|iv)\b"
_PARTS_NAMED = re.compile(
    rf"\b(?P<kind>cohort|part|arm|phase|group|strat(?=um|a)|module|segment|tier|step|sub[- ]?stud(?=y|ies)|sub[- ]?protocol)(?:um|a|s|y|ies)?\s+"  # noqa: E501
    rf"({_PART_ID}(?:(?:\s*(?:,|and\b|or\b|to\b|&|/|-|\+))+\s*(?:(?P=kind)(?:um|a|s)?\s+)?{_PART_ID})*)",
    re.IGNORECASE,
)
_NAME_OR_TO = re.compile(rf"\bto\b|-|\b{_PART_ID}", re.IGNORECASE)
_ROMAN = re.compile(r"(iv|i{1,3})([ab]?)")
_ARABIC = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_APPLIED_TO = re.compile(
    r"(?:\bthis\s+(?:(?:\w+\s+)?(?:criterion|exclusion|requirement|restriction)\s+)?(?:only\s+)?(?:applies|is\s+(?:only\s+)?applicable)(?:\s+(?:only|solely))?"
    r"|(?P<not>(?<!, )\b(?:do(?:es)?\s+not\s+apply|not\s+applicable|n/a))"
    r"|\brequired\s+only|\bonly\s+(?:applicable|applies|required)|\b(?:applicable|applies)\s+(?:only|solely)|[(\[]\s*(?:applicable|applies|apply))\s+(?:to|for|in)\s+"
    r"(?P<who>(?!(?:all|each|every|any|both)\b)(?:[^.;()]|\([^()]{1,30}\)){3,120})",
    re.IGNORECASE,
)
"""A remark behind a criterion on whom it binds: "This criterion applies only to the expansion cohorts"."""
_IN_A_PART = (
    rf"(?:{_WHO}|those)\s+(?:who\s+)?(?:(?:are|will|may)\s+(?:be\s+)?)?"
    r"(?:receiving|receive|getting|get|assigned|allocated|enrol\w+|entering|randomi[sz]ed)\b"
)
_LABEL_FOR = re.compile(
    rf"(For\s+(?:[^:;.,()]{{3,60}}|{_IN_A_PART}[^:;.()]{{3,240}}))"
    r"(?:\s*\([^()]{1,40}\))?:(?:\s|$)",
    re.IGNORECASE,
)
_FRONT_FOR = re.compile(rf"(For\s+{_IN_A_PART}[^:;.(),]{{3,120}}),\s", re.IGNORECASE)
_BRACKETS_FOR = re.compile(rf"(?<!except)(?<!than)(?<!exception)[(\s](for\s+{_IN_A_PART}[^().;:]{{3,120}})\)?[\s.;]*$", re.IGNORECASE)
_FOR_NO_PART = re.compile(
    r"For\s+(?:(?:the|this|our|a|an)\s+)*(?:all|each|every|both|any|study|trial|purposes?|enrol\w*|inclusion|exclusion|participation"
    r"|eligibility|registration|randomi[sz]ation|example|instance|reference|entry|treatment|at least|\d)\b",
    re.IGNORECASE,
)
"""What stands behind "for" where a label speaks of all who take part."""


def lead_scope(text: str) -> tuple[str, ...]:
    """What a bullet says of the patients that the bullets below it bind.

    >>> lead_scope("If patient has no apheresis product, patient must have discontinued:"), lead_scope("Patients must have discontinued:")
    (('If patient has no apheresis product',), ())
    """
    found = _LEAD.match(text) or _EACH_ITS_OWN.match(text)
    return (found.group(),) if found else ()


@lru_cache(maxsize=1024)
def part_names(text: str) -> frozenset[tuple[str, str]]:
    """The parts that a text names, as (kind, name).

    >>> sorted(part_names("Cohorts A to C")), sorted(part_names("dose escalation"))
    ([('cohort', 'a'), ('cohort', 'b'), ('cohort', 'c')], [('dose', 'escalation')])
    """
    found = {("dose", match[1].lower()) for match in DOSE_PART.finditer(text)}
    for match in _PARTS_NAMED.finditer(text):
        last, ranged = "", False
        for name in map(str.lower, _NAME_OR_TO.findall(match[2])):
            if name in ("to", "-"):
                ranged = True
                continue
            roman = _ROMAN.fullmatch(name)
            name = _ARABIC[roman[1]] + roman[2] if roman else name
            between = range(ord(last), ord(name)) if ranged and len(last) == len(name) == 1 else ()
            found |= {(match[1].lower(), n) for n in (*map(chr, between), name)}
            last, ranged = name, False
    return frozenset(found)


def is_another(front: str, inside: Iterable[str], clause: str = "") -> bool:
    """Whether the part at the front of a criterion is not that of a clause in its midst: "Cohort 1: no X; cohort 2: no Y".

    >>> is_another("Cohort 1", ["cohort 2"]), is_another("Phase 2", ["cohort 2"]), is_another("Cohort 1", [], "all cohorts: no z")
    (True, False, True)
    """
    opened = PART.match(clause)
    if _ALL_PARTS.match(clause) or (opened is not None and _of_all(opened.group())):
        return True
    names = part_names(front)
    said = frozenset[tuple[str, str]]().union(*map(part_names, inside))
    return not names & said and bool({kind for kind, _ in names} & {kind for kind, _ in said})


def label_scope(text: str) -> str:
    """The label of a heading or criterion, or what it ends with, that limit it to some patients or to one of the therapies; "" for none.

    >>> label_scope("For dostarlimab: chronic steroids are excluded"), label_scope("For all patients: no steroids")
    ('For dostarlimab', '')
    """
    opened = (_LABEL_FOR.match(text) or _FRONT_FOR.match(text)) if text[:3] in ("For", "for", "FOR") else None
    found = opened or (_BRACKETS_FOR.search(text) if "for " in text else None)
    return found[1].strip() if found and not _FOR_NO_PART.match(found[1]) else ""


def applied_to(text: str) -> tuple[str, ...]:
    """Whom a remark in a criterion says that it binds.

    >>> applied_to("Prior irinotecan. This criterion applies only to the expansion stages."), applied_to("This applies to all patients.")
    (('the expansion stages',), ())
    >>> applied_to("Prior irinotecan. This does not apply to Cohort 2."), applied_to("Second cancer; not applicable to cured ones.")
    (('does not apply to Cohort 2',), ())
    """
    if "appl" not in text and "required" not in text:
        return ()
    # Whom it does not bind is told of patients with a disease, too; those are no part of the trial.
    found = (m for m in _APPLIED_TO.finditer(text) if not m["not"] or parts_named(m["who"]))
    return tuple(m.group().strip() if m["not"] else m["who"].strip() for m in found)


@lru_cache(maxsize=1024)
def parts_named(text: str) -> tuple[str, ...]:
    """Arm, cohort, part and phase words of a heading or of the front of a criterion; none where it speaks of all.

    >>> parts_named("Exclusion Criteria (Cohorts A and B)"), parts_named("For all cohorts")
    (('Cohorts A and B',), ())
    """
    if _ALL.match(text):
        return ()
    return tuple(m.group().strip() for m in PART.finditer(text) if not DISEASE_STAGE.match(m.group()) and not _of_all(m.group()))


@lru_cache(maxsize=8)  # asked several times of each criterion
def _may_name_part(text: str) -> bool:
    lower = text.lower()
    for noun in _NOUNS:
        if noun in lower:
            return True
    return ("part" in lower or "arm" in lower) and _PART_OR_ARM.search(lower) is not None


def front_scope(text: str) -> tuple[str, ...]:
    """What a criterion is limited to, as its front says: a label, its subject.

    >>> front_scope("Phase 2 only: no prior MEK inhibitor"), front_scope("PDAC participants in Part E (X + Y) must have …")
    (('Phase 2 only',), ('Part E',))
    """
    front = _FRONT.match(text) if ":" in text else None
    labelled = front is not None and not _ALL.match(front[1])
    found: tuple[str, ...] = ()
    if front and labelled:
        if PART.search(front[1]):
            found = (front[1],) if STAGE_OF_TRIAL.fullmatch(front[1]) else parts_named(front[1])
        elif _NAMED_FRONT.search(front[1]) or _SOME_PEOPLE.fullmatch(front[1]):
            found = (front[1],)
    if found or not _may_name_part(text):
        return found
    if not labelled and " - " in text and (dashed := _DASH_FRONT.match(text)) and not _ALL.match(text):
        return (dashed["part"],)
    if lead := _SUBJECT.match(text):
        return parts_named(lead.group())
    if people := _PEOPLE_OF_A_PART.match(text):
        return (people["part"],)
    if enrolled := _SOME_IN.match(text) or _ENROLLED.match(text):
        return (enrolled["part"],)
    before = _COMMA_FRONT.match(text) if "," in text and ". " not in text and not _ALL.match(text) else None
    return () if before is None else parts_named(before["part"]) or (() if before["named"] is None else (before["part"],))


def criterion_scope(text: str) -> tuple[str, ...]:
    """What a criterion is limited to, as its front or its brackets say.

    >>> criterion_scope("Phase 2 only: no prior MEK inhibitor"), criterion_scope("Prior MEK inhibitor (only for cohorts 1 and 2).")
    (('Phase 2 only',), ('only for cohorts 1 and 2',))
    """
    text = text.replace("\\", "")
    found = front_scope(text)
    if not _may_name_part(text):
        return found
    for bracket in _BRACKETS.finditer(text) if "(" in text or "[" in text else ():
        inside = _BUT_NOT_OTHERS.sub("", bracket[1] or bracket[2] or "")
        if inside.lower().startswith(("i.e", "e.g")):
            continue  # says again, or gives examples, whom the words before it mean
        last = bracket.end() >= len(text) - 1
        part = (last or not bracket.start() or _ONLY.search(inside)) and _WHOLE.fullmatch(inside) and not _of_all(inside)
        if part or ((last or not bracket.start()) and _NAMED_COHORT.fullmatch(inside)):
            found += (inside.strip(),)
    tail = None if found else _TAIL.search(text)
    if tail:
        found = (tail["part"],)
    return found or (parts_named(text) if len(text) < _LONGEST_FRONT and PART.match(text) else ())


@lru_cache(maxsize=1024)
def clause_scope(text: str) -> tuple[str, ...]:
    """What a clause says in its midst of the parts of the trial that it binds.

    >>> clause_scope("prior mek inhibitor is not allowed for patients in arm b"), clause_scope("mek inhibitor in a phase 2 trial")
    (('arm b',), ())
    """
    if not _may_name_part(text):
        return ()
    subject = _SUBJECT.match(text)
    found = list(parts_named(subject.group())) if subject else []
    for match in _INSIDE.finditer(text):
        words = match["part"] or match["tail"] or match["head"]
        event = _NO_SCOPE_BEFORE.search(text, 0, match.start())
        if event and not (event.group().startswith("treatment") and text.startswith("for", match.start())):
            continue  # "treatment in Cohort A" is an event, "treatment, for Cohort A" is not
        if _OF_A_STUDY.match(text, match.end()) or DISEASE_STAGE.search(words):
            continue
        if not _of_all(words):
            found.append(words.strip())
    found += [match["part"] for match in _THIS_PART.finditer(text)]
    return tuple(found)


def heads_part(text: str) -> bool:
    """Whether a line names a part of the trial and says what it is: "Cohort 1 - Melanoma", "Arm A (Breast Cancer)"."""
    return _PART_HEADING.match(text) is not None


def labels_part(text: str) -> bool:
    """Whether a label names a part of the trial, or all, and says no more of them than what they are.

    >>> labels_part("Part 2 (H&N cancer):"), labels_part("All cohorts:"), labels_part("Cohort A patients with lung cancer:")
    (True, True, False)
    """
    label = text.rstrip(" :*\uff1a")
    named = is_part(label) or heads_part(label) or _NAMED_FRONT.search(label) is not None
    return named or any(_ALL_PARTS.fullmatch(of_all) for of_all in (label, label + ":"))


def opens_with_part(text: str) -> bool:
    """Whether a text begins with the name of a part of the trial: "Cohort A …"."""
    return PART.match(text) is not None


def is_part(text: str) -> bool:
    """Whether a line holds the name of a part of the trial, and beside it at most filler words ("Cohort A", "Criteria for Part 2")."""
    return PART.search(text) is not None and not _WORD.search(_OF_THESE.sub("", PART.sub("", text)))


def _of_all(words: str) -> bool:
    """Whether words name a first and a second phase, so all that there is, or the first step of enrolment, which all must take."""
    if _FIRST_STEP.fullmatch(words.strip()):
        return True
    phases = [name for kind, name in part_names(words) if kind == "phase"]
    return any(p.startswith("1") for p in phases) and any(p.startswith("2") for p in phases)

"""Limits on the number of lines of therapy: "no more than two prior regimens". They are read in the lower-case normal form."""

from __future__ import annotations

import re
from functools import cache

from kg.criteria.words.first_letters import quick
from kg.criteria.words.quantities import Span, value
from kg.criteria.words.times_alike import number_words
from kg.records import LineLimit

_OF_BEFORE = ("prior", "previous", "earlier", "line", "regimen")
_LINES = ("line", "regimen", "course", "round")
_COUNTED = quick(
    r"\b(?:lines?|regimens?|courses?|rounds?|prior|previous|earlier|chemotherapies|systemic (?:therap(?:y|ies)|treatments?))\b"
)
_NUMBERED = ("grade", "phase", "cohort", "arm", "part", "group", "stage", "step", "stratum", "day", "cycle", "course")
"""Before a number, its name: "patients in phase 2 must not have received prior X", "on day 1 of course 1"."""
_ONE_EACH = re.compile(r"(?:.*\b)?systemic (?:therap(?:y|ies)|treatments?)|.*\bchemotherapies")
"""Therapies that are counted one by one are lines: "three or more chemotherapies"."""

_AT_MOST = re.compile(r"(?:\s+of\s+(?:[\w/-]+\s+){0,4}[\w/-]+)?\s+at\s+(?:the\s+)?most\b")
"""Behind a number of lines: "two lines of cytotoxic chemotherapy at most"."""
_DENIED = re.compile(
    r"\b(?:not|never|cannot|can't|without)"
    r"(?:\s+(?:have|be|been|had|received?|undergone|experienced|prior|previous(?:ly)?|any|of|treated|with)){0,4}\s*$"
)
"""Before a number of lines: it is denied. "Must not have had more than 5" tells who is taken, in an exclusion who is not."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A number of therapies, and that with the words before it that make it a limit."""
    words = number_words()
    count = rf"(?P<n>(?<![a-z\d])\d+|\b(?:{words})\b)"
    kind = r"(?P<kind>(?:(?!(?:or|and|for)\b)[\w/-]+[ -]){0,6}?)(?P<noun>lines?|regimens?|courses?|rounds?|therap(?:y|ies)|treatments?|(?:chemo|immuno|chemoimmuno)therap(?:y|ies)(?!\s+(?:regimen|line|course))|agents?|drugs?|antibod(?:y|ies)|[mt]kis?|inhibitors?|cycles?)\b"  # noqa: E501
    counted = rf"{count}(?! and only)(?:\s*\(\s*\d+\s*\)|(?:(?<=[<>\u2265\u2264=]\d)|(?<=[<>\u2265\u2264=] \d))\))?(?P<ormore>\s*(?:or|and)\s*(?:more|greater|above)|\s*\+)?(?P<orless>\s*or\s*(?:fewer|less))?(?:(?:\s*(?:-|to|or|\u2013)|,?\s*(?:but|and|or)\s+(?:no\s+more\s+than|not\s+more\s+than|at\s+most|up\s+to|(?:a\s+)?maximum(?:\s+of)?))\s*(?P<n2>\d+|\b(?:{words})\b),?)?\s+{kind}"  # noqa: E501
    limit = rf"(?:(?P<gt>more than|greater than|>|over|exceeding|in excess of|beyond)|(?P<ge>at least|(?:no|not) (?:less|fewer) than|\u2265|>=|>/=|a minimum of|minimum of|minimum)|(?P<le>no more (?:than )?(?:(?:or|and|nor) (?:no )?(?:less|fewer) )?than|not more than|at most|up to|\u2264|<=|=<|</=|a maximum of|maximum of|maximum|not exceed(?:ing)?|limited to|(?:one and )?only(?: a)?|exactly|just)|(?P<lt>fewer than|less than|<))?\s*(?:\([<>\u2264\u2265=]+\)\s*)?{counted}"  # noqa: E501
    return quick(counted), re.compile(limit)


def line_limits(lower: str, excluding: bool) -> list[Span[LineLimit]]:
    """Limits on the number of prior lines or regimens.

    Arguments:
        lower: lower-case normal form.
        excluding: the sentence tells who is kept out ("more than 2 prior lines"), rather than who is taken.

    >>> line_limits("no more than two prior lines of chemotherapy", excluding=False)[0].value
    LineLimit(minimum=None, maximum=2)
    """
    found: list[Span[LineLimit]] = []
    counted, more = _patterns()
    if not _COUNTED.search(lower) or not counted.search(lower):  # quicker than what holds the words before the number
        return found
    for m in more.finditer(lower):
        kind, noun = m["kind"], m["noun"]
        of_other_things = re.search(
            r"\b(?:on|with|after|before|since|who|and|or|in|within|hours?|weeks?|days?|months?|years?|grade)\b", kind
        )
        if of_other_things or lower[max(0, m.start() - 8) : m.start()].rstrip().endswith(_NUMBERED):
            continue
        about = f"{kind} {noun} {lower[m.end() : m.end() + 40]}"
        lines = noun.startswith(_LINES) or lower.startswith(_LINES, m.end() + 1)  # "1 treatment regimen"
        counts_lines = lines or any(word in kind for word in _OF_BEFORE) or _ONE_EACH.match(f"{kind}{noun}")
        if not counts_lines or noun.startswith("cycle") or re.match(r"\s*(?:week|day|month|year|half|mg)", kind + noun):
            continue
        if lower[max(0, m.start() - 1) : m.start()] in {"-", ".", "/"}:
            continue
        said = about + lower[max(0, m.start() - 60) : m.start()]
        lines_of = noun.startswith("line") and lower.startswith(" of ", m.end())
        if not lines_of and not re.search(r"prior|previous|earlier|line|regimen|receiv|treat|given|course|round|fail|after", said):
            continue
        n = int(value(m["n"]))
        n2 = int(value(m["n2"])) if m["n2"] else None
        denied = _DENIED.search(lower, max(0, m.start() - 60), m.start()) is not None
        limit = _limit(m, n, n2, excluding != denied)
        if limit:
            found.append(Span(m.start(), m.end(), limit))
    return found


def _limit(m: re.Match[str], n: int, n2: int | None, excluding: bool) -> LineLimit | None:
    if n == 0 and n2 is None:
        return None if m["ge"] or m["ormore"] else LineLimit(maximum=0)
    if n2 is not None and (n2 > n or not excluding):  # "0-2 prior regimens"; not "before visit 1 or 1 course"
        return LineLimit(minimum=n or None, maximum=n2)
    more, less = bool(m["ge"] or m["ormore"]), bool(m["le"] or m["orless"] or _AT_MOST.match(m.string, m.end()))
    if m["gt"]:
        return LineLimit(maximum=n) if excluding else LineLimit(minimum=n + 1)
    if more:
        return LineLimit(maximum=n - 1) if excluding else LineLimit(minimum=n)
    if less:
        return LineLimit(minimum=n + 1) if excluding else LineLimit(maximum=n)
    if m["lt"]:
        return LineLimit(minimum=n) if excluding else LineLimit(maximum=n - 1)
    if excluding:
        return LineLimit(maximum=n - 1) if n > 1 else None  # who has had more has had "two prior lines", too
    return LineLimit(minimum=n)

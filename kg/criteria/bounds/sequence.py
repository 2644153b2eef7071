"""The place that a sentence gives a required therapy: "progressed on first-line X", "X must be the last therapy", "X as the only one".

Such a sentence says of any other therapy only by implication that it stood in that place, so that what comes of it is always a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.criteria.clauses.clause import EARLY, GENERIC, ClauseReading
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import LineLimit, Mention, Rule, Section, Window

_FIRST = pattern("sequence: first line")
_NOT_ASKED = pattern("sequence: not asked")
_OR_LATER = re.compile(r"or\b[^.;]*\b(?:second|third|2nd|3rd|later|subsequent)[- ]line\b")
"""The next clause, where it takes those whom a later line failed: "progression on first-line X; or … progression on second-line X"."""
_A_FIRST = re.compile(r"\b(?:first|1st|front|initial)")
_LAST = pattern("sequence: last therapy")
_ONLY = pattern("sequence: only therapy")
_IF = pattern("subjects: conditional")
_AND = pattern("sequence: and")
_OR = pattern("sequence: or")
_FOLLOWED_BY = re.compile(r"\s+followed\s+by\b")
_SOME = pattern("sequence: of some")
_IF_TREATED = pattern("sequence: if treated")
_ANY_NUMBER = re.compile(
    r"\b(?:no\s+(?:upper\s+)?limit(?:s|ation)?|unlimited|any\s+number)\b[^.;]{0,50}\b(?:lines?|regimens?|courses?|\w*therap(?:y|ies)|treatments?)\b",
    re.IGNORECASE,
)
"""Of a rule's sentence: as many lines as may be were had."""
_ALONE_FOR = pattern("sequence: alone for")
_GOES_ON = re.compile(r"\b(?:receiving|taking|on|treated with|treatment with|continuing)\s+(?:[\w-]+\s+){0,3}$")
"""Before a therapy that is given now."""
_LINES = re.compile(r"\b(?:[2-9]|two|three|four|five)\)?\s+(?:or\s+more\s+)?(?:[\w-]+\s+){0,2}(?:lines?|regimens?)\b", re.IGNORECASE)
"""Of a rule's sentence: what it counts are lines, not courses."""
_MARKERS = frozenset({"biomarker", "target"})
_EITHER = re.compile(r"\bor\b")
_REACH = 60
_REACH_OF_ALL = 90
"""Words further from the therapy than so many characters do not tell its place, or before it how many there were in all."""
_COUNTED_WITHIN = 20
"""Behind a number of lines, so many characters at most before what they are of: "1 prior line of chemotherapy"."""
LATELY = Window(months=3, within=True, text="the most recent therapy")
"""What ended longer ago was followed by something else: a progression, the therapy that a sentence requires."""

FIRST_LINE = "another first-line therapy is required"
ONLY_LINE = "another therapy is required as the one prior line"
LAST = "another therapy is required as the most recent one"
_PLACES = (
    (_ONLY, "only", ONLY_LINE, None, _REACH_OF_ALL),
    (_FIRST, "first", FIRST_LINE, None, _REACH),
    (_LAST, "last", LAST, LATELY, _REACH),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A required therapy's place among those before: the words at [start, end) that tell it, which therapies hold it (any of them, or all
    together), its position (first, only, last), and the doubt that it leaves about all others."""

    start: int
    end: int
    holders: tuple[Mention, ...]
    together: bool
    position: str
    doubt: str
    window: Window | None = None


def place_of(clause: ClauseReading, required: Sequence[Mention], limits: Sequence[Span[LineLimit]]) -> Place | None:
    """The place that the clause gives the therapies that it requires; None where it gives none.

    Arguments:
        clause: one that requires therapies.
        required: these therapies.
        limits: the numbers of prior lines that the clause allows, placed from the clause's start.
    """
    named = _of_a_kind(clause, required)
    # "If they had chemotherapy, …" requires none.
    named = [m for m in named if not _IF.search(clause.lower, clause.part.start, m.start)]
    if not named or clause.context.section is Section.EXCLUSION:
        return None
    if _of_some(clause, named[0]) or _or_after_a_procedure(clause, required) or _or_earlier(clause):
        return None
    # Of "X and Y", no single therapy is the whole.
    joined = any(a.key != b.key and _AND.fullmatch(clause.lower, a.end, b.start) for a, b in pairwise(named))
    heads = [m.start for m, why in clause.masked if why == "restricted" and m.start < named[0].start]  # "chemotherapy consisting of X"
    first, last = min([named[0].start, *heads]), named[-1].end
    for told, position, doubt, window, reach in _PLACES:
        found = told.search(clause.lower, max(clause.part.start, first - reach), min(clause.part.end, last + _REACH))
        if found and not _not_asked(clause, position) and not clause.in_exception(found.start()):
            # "X as the only chemotherapy": the place is that of X.
            within = tuple(m for m in named if not found.start() <= m.start < found.end())
            # Where untreated patients come, too, nothing tells that another therapy, however long ago, was followed by the required one.
            since = None if _IF_TREATED.search(clause.lower, clause.sentence(first), first) else window
            return Place(found.start(), found.end(), within or tuple(named), joined, position, doubt, since)
    for span in limits:
        start, end = clause.part.start + span.start, clause.part.start + span.end
        if span.value.maximum == 1 and not _of_others(clause, named, end):
            return Place(start, end, tuple(named), joined, "only", ONLY_LINE)
    return None


def in_first_line(clause: ClauseReading, required: Sequence[Mention]) -> Place | None:
    """The place of what is given as the first line now: "are receiving first-line X for metastatic disease".

    Arguments:
        clause: one that requires therapies that go on.
        required: these therapies.
    """
    place = place_of(clause, required, ())
    if place is None or place.position != "first" or not _GOES_ON.search(clause.before(place.holders[0].start)):
        return None
    return None if _OR_LATER.search(clause.lower, place.end, clause.part.end) else place


def alone_for(clause: ClauseReading, required: Sequence[Mention]) -> Place | None:
    """The place of what is and was long given alone: "must be receiving X monotherapy for at least 12 months".

    Arguments:
        clause: one that requires therapies.
        required: these therapies.
    """
    if clause.context.section is Section.EXCLUSION or not clause.possible & _ALONE_FOR.bit:
        return None
    named = _of_a_kind(clause, required)
    for therapy, span in ((m, span) for span in clause.part.windows for m in [m for m in named if m.end <= span.start][-1:]):
        told = _ALONE_FOR.search(clause.lower, therapy.start, span.start)
        if told and _GOES_ON.search(clause.before(therapy.start, _REACH)):
            return Place(therapy.start, span.end, (therapy,), False, "last", LAST, replace(span.value, within=True))
    return None


def _of_a_kind(clause: ClauseReading, required: Sequence[Mention]) -> list[Mention]:
    """Of required therapies those of the cancer that are told by name or kind, as they stand."""
    known = clause.context.known
    unfit = GENERIC | known.procedures
    return sorted((m for m in required if m.key not in unfit and known.is_anticancer(m)), key=lambda m: m.start)


def _of_others(clause: ClauseReading, required: Sequence[Mention], end: int) -> bool:
    """Whether the lines counted up to `end` are of other therapies: "X, and up to 1 prior line of chemotherapy"."""
    counted = next((m for m in clause.part.therapies if 0 <= m.start - end <= _COUNTED_WITHIN), None)
    if counted is None or counted.key in GENERIC:
        return False
    return not any(m.key == counted.key or clause.context.known.covers(counted, m) for m in required)


def _not_asked(clause: ClauseReading, position: str) -> bool:
    """Whether no place is asked for: "in first or later lines" asks for no first one, but X may have to be the last all the same."""
    found = clause.find(_NOT_ASKED)
    behind = (p for p in clause.reading.parts if p.start > clause.part.start)
    if position == "first" and any(_OR_LATER.match(clause.lower, p.start, p.end) for p in behind):
        return True
    return found is not None and (position == "first" or _A_FIRST.search(found.group()) is None)


def settled_elsewhere(rules: Sequence[Rule]) -> set[int]:
    """Numbers of the rules on another first line whose doubt the trial settles: they bind some of its parts, or it takes or asks for more.

    Arguments:
        rules: all of the trial.
    """
    several = any((r.lines is not None and (r.lines.maximum or 0) > 1) or _ANY_NUMBER.search(r.quote) for r in rules)
    several = several or any(r.lines is not None and (r.lines.minimum or 0) > 1 and _LINES.search(r.quote) for r in rules)
    return {r.number for r in rules if (r.scope.texts or several) and FIRST_LINE in r.doubts}


def _of_some(clause: ClauseReading, therapy: Mention) -> bool:
    """Whether the therapy is asked of some patients only: "patients with EGFR mutations must have received X as first-line therapy"."""
    found = _SOME.search(clause.lower, clause.part.start, therapy.start)
    return found is not None and any(m.kind in _MARKERS and found.start() <= m.start < found.end() for m in clause.part.mentions)


def _or_after_a_procedure(clause: ClauseReading, required: Sequence[Mention]) -> bool:
    """Whether a procedure would do instead, or came first: "prior radiotherapy or first-line chemotherapy", "surgery followed by X".

    What follows surgery is the treatment of a disease that was taken out: any other therapy came when it was back.
    """
    procedures = clause.context.known.procedures
    if any(m.key in procedures and _FOLLOWED_BY.match(clause.lower, m.end) for m in required):
        return True
    for one, other in pairwise(sorted(required, key=lambda m: m.start)):
        if (one.key in procedures) != (other.key in procedures) and _OR.fullmatch(clause.lower, one.end, other.start):
            return True
    return False


def _or_earlier(clause: ClauseReading) -> bool:
    """Whether the therapy would do as well before the disease came back: "X in the adjuvant setting or as first-line treatment"."""
    if clause.part.tagged("progress"):
        return False  # "progressed within 6 months of adjuvant X or on first-line X": what came after that is told, too
    told = [c for c in clause.part.tagged("setting") if c.value in EARLY]
    firsts = [c for c in clause.part.tagged("naive") if c.value == "population"]
    pairs = [(min(a.end, b.end), max(a.start, b.start)) for a in told for b in firsts]
    return any(_EITHER.search(clause.lower, end, start) for end, start in pairs)

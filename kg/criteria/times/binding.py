"""Which of the windows of a clause binds a therapy."""

from __future__ import annotations

import re
from itertools import pairwise

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.own import identity
from kg.criteria.times.durations import (
    free_of_recurrence,
    of_another_predicate,
    of_another_use,
    of_another_way_in,
)
from kg.criteria.times.rows import ROW_GAP
from kg.criteria.times.timing import COLON, IN_CASE_OF, MOST_TO_AMOUNT, usable_windows
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Mention, Window

_LEADING = pattern("timing: leading")
_FROM_IT = pattern("timing: from it")
_WITH = pattern("timing: with")
"""Between a time and what was given in it: "treatment, within 14 days before the first dose, with X"."""
_FOR_IT = re.compile(
    r"[\s)-]*(?:\b(?:wash-?\s?out|interval|break|gap|pause)(?:\s+period)?\s+)?(?:for|from|since|after|of(?=\s+(?:the|their)\s+last\b))\s+(?:(?:any|all|the|their|last|prior|previous|other|systemic)\s+){0,3}|:\s"
)
_USE_OF = re.compile(r"\s*(?:use|usage|treatment|therapy|administration|intake|receipt|exposure)\s+(?:of|with|to)\b")
_LIST_FOLLOWS = re.compile(r"(?:(?!\b(?:or|and)\b)[^,;.:]){0,80}(?::\s|\b(?:such as|including)\b)")
_OF_A_KIND = re.compile(r"\s+(?:for|if)\s+(?:short|long|intermediate|first|second|non|sedat|rapid|slow)")
_OR_WITHIN = re.compile(r"\b(?:or|and),\s+(?:within|in|during|for|at least|less than)\s[^,;:]*$")
_AT_ANY_TIME = pattern("timing: at any time")
_MOST_TO_BRACKET = 3
_OR_NEED = re.compile(r"[^(),;.]*?\bor\s+(?:need|requir|receiv|tak|us(?:e|ing)\b)")
_OTHER_PREDICATE = pattern("timing: other predicate")
_FOR_LOCAL = pattern("timing: for local therapy")
_WITH_NO = re.compile(r"\b(?:with|and|but)\s+$")
_BETWEEN = re.compile(r"[\s),]*(?:\w+\s+){0,2}between\b")
_GOES_ON = pattern("timing: goes on")
_OTHERS_RELAPSED = pattern("timing: others relapsed")
_LOOKS_BACK = re.compile(r"\bwithin\s+(?:the\s+)?(?:(?:last|past|previous)\s+)?$")
_OFF_ANOTHER = pattern("timing: off another")
GIVEN_AROUND = pattern("subjects: given around")
"""Before a therapy: words that count from it when another was given."""
_LATELY = pattern("timing: lately")
_FOR_OTHERS = re.compile(r"[\s,]*(?:for|if|in case|in the case|when|since|after|from)\b")
_REACH = 80
"""Examples further behind what they explain than this many characters are read by themselves."""


def window_of(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The window that binds a mention: the nearest that leads it ("4 weeks since …") or trails it ("… within 4 weeks").

    Where none does it is that of the therapy of which the mention is an example, or the one that stands above.
    """
    kinds = _of_its_kinds(clause, mention, usable)
    if kinds is not None or _at_any_time(clause, mention):
        return kinds
    if not usable:
        return _above(clause)
    own = [span for span in usable if _can_be_its_own(clause, mention, span, usable)]
    around = next((span.value for span in own if is_its_row(clause, mention, span)), None)
    around = around or next((span.value for span in own if _stands_at(clause, mention, span)), None)
    if around is not None:
        return around
    binding = [span for span in own if _binds(clause, mention, span, usable)]
    if binding:
        return min(binding, key=lambda span: max(span.start - mention.end, mention.start - span.end)).value
    return _of_what_it_explains(clause, mention, usable)


def _above(clause: ClauseReading) -> Window | None:
    """The last window of the bullet above, unless it is of another cancer: "other malignancy within 3 years:"."""
    lead = clause.context.lead
    if lead is None or lead.has("kind", "second_malignancy") or clause.context.excepts_below:
        return None
    above = usable_windows(clause, lead, clause.context.lead_lower)
    return above[-1].value if above else None


def _can_be_its_own(clause: ClauseReading, mention: Mention, span: Span[Window], usable: list[Span[Window]]) -> bool:
    """Whether nothing between a window and a mention tells that it is of another thing."""
    paren, inside = clause.reading.paren_of(span.start), clause.reading.paren_of(mention.start)
    if clause.in_exception(span.start) or (inside is not None and _is_of_what_is_around(clause, inside, span, usable)):
        return False
    if paren is not None and (paren == inside or inside is None) and ";" in clause.lower[max(paren[0], mention.end) : span.start]:
        return False  # in brackets, a semicolon parts one therapy's time from the others
    if _of_another_thing(clause, mention, span):
        return False
    if len(usable) > 1 and _FOR_LOCAL.match(clause.lower, span.end) and mention.key not in clause.context.known.procedures:
        return False  # "chemotherapy or radiotherapy within 2 weeks (local) or 4 weeks (systemic)"
    return paren is None or not _is_of_others_in_brackets(clause, mention, span, paren, alone=len(usable) == 1)


def _is_of_what_is_around(clause: ClauseReading, inside: tuple[int, int], span: Span[Window], usable: list[Span[Window]]) -> bool:
    """Whether what stands in brackets has a time of its own there: "adequate function within 7 days (no use of X or Y within 14 days)"."""
    return span.end <= inside[0] and any(
        inside[0] < other.start < inside[1] and _LOOKS_BACK.search(clause.before(other.start, 40)) for other in usable
    )


def _is_of_others_in_brackets(clause: ClauseReading, mention: Mention, span: Span[Window], paren: tuple[int, int], *, alone: bool) -> bool:
    """Whether a window in brackets is of what they name, or of what stands around them, and not of a mention elsewhere."""
    if mention.end <= paren[0] and _of_a_later_use(clause, paren):
        return True  # "aspirin, or recent (within 21 days) use of X"
    own = clause.reading.paren_of(mention.end + 2)
    if own is not None and own[0] == mention.end + 1 and own != paren and clause.part.settings_in(*own) and not names_therapy(clause, own):
        return True  # "PARP inhibitors (as treatment or maintenance) or bevacizumab (within 6 months)"
    heads = alone and 0 <= paren[0] - mention.end <= _MOST_TO_BRACKET
    if heads or paren == clause.reading.paren_of(mention.start) or _tells_how_lately(clause, paren, mention, span):
        return False
    return paren[0] < mention.start or _for_others(clause, span) or names_therapy(clause, paren)


def is_its_row(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether brackets give a time right behind a therapy: "within 2 weeks (small molecules: 5 half-lives; antibodies: 4 weeks)"."""
    paren = clause.reading.paren_of(mention.start)
    if paren is None or not mention.end <= span.start < paren[1] or "," in clause.lower[mention.end : span.start]:
        return False
    return ROW_GAP.fullmatch(clause.lower, mention.end, span.start) is not None


def _stands_at(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a window holds a mention or stands right before it, or its list: "3 weeks from X or Y, 2 weeks TKI"."""
    if span.start <= mention.start < span.end or clause.lower[span.end : mention.start] == " ":
        return True
    first = max(span.end, clause.list_start(mention))
    listed = "(" not in clause.lower[first : mention.start]  # "2 weeks from targeted therapy (bevacizumab 6 weeks)"
    return _FOR_IT.fullmatch(clause.lower, span.end, first if listed else mention.start) is not None


def _binds(clause: ClauseReading, mention: Mention, span: Span[Window], usable: list[Span[Window]]) -> bool:
    """Whether a window before a mention leads on to it, or one behind it reaches back."""
    leading = _leads(clause, mention, span)
    if span.start < mention.end:
        return leading
    return not leading or not (any(other.end <= mention.start for other in usable) or _names_own(clause, span, mention))


def _leads(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a window tells of the therapies behind it: "within 4 weeks of …", "4 weeks since …", or opens its clause."""
    behind = [m.start for m in clause.part.therapies if m.start >= span.end]
    told = not clause.part.therapies or (bool(behind) and ";" not in clause.lower[span.end : behind[0]])
    if told and clause.found_behind(_LEADING, span.end):
        return True
    if not clause.lower[clause.part.start : span.start].strip(" ,(") or _counts_from(clause, span) or _is_put_between(clause, span):
        return True
    if mention.start >= span.end and (
        _opens(clause, span) or span.end <= clause.reading.label_end or _WITH.fullmatch(clause.lower, span.end, mention.start)
    ):
        return True
    paren = clause.reading.paren_of(span.start)
    if paren is None:
        return False
    if paren == clause.reading.paren_of(mention.start):
        return _LOOKS_BACK.fullmatch(clause.lower, paren[0] + 1, span.start) is not None
    return _tells_how_lately(clause, paren, mention, span)


def _is_put_between(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a time stands between commas behind "or", and is of what follows: "prior X or, within 4 weeks before day 1, any Y"."""
    return _OR_WITHIN.search(clause.before(span.start, 40)) is not None and "," in clause.after(span.end)


def _at_any_time(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy counts whenever it was, so that the times of others are not its own: "X at any time, or Y within 4 weeks"."""
    found = clause.found_behind(_AT_ANY_TIME, mention.end, 120)
    return found is not None and not any(mention.end <= w.start < mention.end + found.end() for w in clause.part.windows)


def _of_its_kinds(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The longest time where brackets give those of kinds without a name: "antihistamines (3 days for short, 5 days for long acting)"."""
    paren = clause.reading.paren_of(usable[0].start) if len(usable) > 1 else None
    if paren is None or not 0 <= paren[0] - mention.end <= _MOST_TO_BRACKET or names_therapy(clause, paren):
        return None
    if not all(span.end <= paren[1] and _OF_A_KIND.match(clause.lower, span.end) for span in usable):
        return None
    return max((span.value for span in usable), key=lambda w: (w.months or 0) * 31 + (w.days or 0))


def _of_a_later_use(clause: ClauseReading, paren: tuple[int, int]) -> bool:
    """Whether brackets say how lately the use behind them was: "recent (within 21 days) use of X"."""
    lately = clause.found_before(_LATELY, paren[0], 40) is not None and _USE_OF.match(clause.lower, paren[1]) is not None
    return lately and not names_therapy(clause, paren)


def _tells_how_lately(clause: ClauseReading, paren: tuple[int, int], mention: Mention, span: Span[Window]) -> bool:
    """Whether brackets say what the word before them means: "recent (within 14 days) treatment with X", "previous use (…) of X".

    Their first time does even where others follow: "recent (within 21 days, or within 42 days for nitrosoureas) chemotherapy".
    """
    if mention.start < paren[1] or clause.found_before(_LATELY, paren[0], 40) is None:
        return False
    first = all(span.start <= w.start for w in clause.part.windows if paren[0] < w.start < paren[1])
    named = [m for m in clause.part.therapies if paren[0] < m.start < span.start]
    return not names_therapy(clause, paren) or (first and not named and not _for_others(clause, span))


def _of_another_thing(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a window is of something else: "not on immunosuppression, have had other cancers in the last two years".

    Before a therapy it is of the one that it stands before: "within 12 months from completion of X with no Y".
    """
    others = clause.possible & _OTHERS_RELAPSED.bit and span.start >= mention.end
    others = others and _OTHERS_RELAPSED.search(clause.lower, mention.end, span.start) is not None
    if others and free_of_recurrence(clause.part, clause.lower, span):
        return True  # "no prior systemic therapy, or relapse at least 12 months after adjuvant therapy"
    if span.end <= mention.start:
        none = [c.start for c in clause.part.tagged("neg") if span.end <= c.start < mention.start]
        denied = [at for at in none if _WITH_NO.search(clause.before(at))]
        return bool(denied) and any(span.end <= m.start < denied[-1] for m in clause.part.therapies)
    if span.start < mention.end:
        return False
    if of_another_way_in(clause, mention, span) or of_another_predicate(clause, mention, span):
        return True
    if clause.possible & GIVEN_AROUND.bit and _around_another(clause, span):
        return True
    if clause.possible & _OFF_ANOTHER.bit and _off_another(clause, mention, span):
        return True
    if ", " not in clause.lower[mention.end : span.start]:
        return False
    if of_another_use(clause, mention, span):
        return True
    turns = [m.start() for m in _OTHER_PREDICATE.finditer(clause.lower, mention.end, span.start)]
    named = [m.start for m in clause.part.therapies]
    return not all(any(start <= at < end for at in named) for start, end in pairwise([*turns, span.start]))


def _around_another(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a time is counted from another therapy: "gemcitabine given up to 4 weeks after radiotherapy is allowed"."""
    behind = next((m for m in clause.part.therapies if m.start >= span.end), None)
    if behind is None or not any(m is behind and why == "anchor" for m, why in clause.masked):
        return False
    if not any(c.start >= behind.end for c in clause.part.tagged("permit")):
        return False
    found = GIVEN_AROUND.search(clause.lower, clause.part.start, behind.start)
    return found is not None and found.start() <= span.start


def _off_another(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a time tells since when another therapy has ended: "had radiotherapy, and are off steroids for at least 7 days"."""
    found = _OFF_ANOTHER.search(clause.lower, mention.end, span.start)
    return found is not None and any(found.end() <= m.start < span.start for m in clause.part.therapies)


def _of_what_it_explains(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The window of the therapy of which a mention is an example: "anticancer therapy within 4 weeks, such as chemotherapy or …".

    A list behind a colon is read like examples.
    """
    openers = [(c.start, c.end) for c in clause.part.tagged("example")]
    anchors = [m for m, why in clause.masked if why in ("anchor", "study drug")]
    prior = max((c.start for c in clause.part.tagged("prior") if c.start < mention.start), default=0)
    openers += [(m.start(), m.end()) for m in COLON.finditer(clause.lower, clause.part.start, mention.start) if m.start() > prior]
    inside = clause.reading.paren_of(mention.start)
    if inside is not None and _examples_in(clause, inside) and all(span.value.within for span in usable if span.end <= inside[0]):
        openers.append((inside[0], inside[0] + 1))
    for start, end in sorted(openers, reverse=True):
        if end > mention.start:
            continue
        if _GOES_ON.search(clause.lower, end, mention.start):
            return None
        before = [span for span in usable if span.end <= start and not clause.in_exception(span.start)]
        head = next((m for m in reversed(clause.part.therapies) if m.end <= start and m not in anchors), None)
        if before and head is not None and start - max(head.end, before[-1].end) <= _REACH:
            return window_of(clause, head, before)
    return None


def _examples_in(clause: ClauseReading, paren: tuple[int, int]) -> bool:
    """Whether brackets list examples of the therapy named last before them: "immunosuppressants within 3 months (methotrexate, …)"."""
    named = list(clause.part.therapies)
    head = next((m for m in reversed(named) if m.end <= paren[0]), None)
    return head is not None and any(paren[0] < m.start < paren[1] and clause.context.known.covers(head, m) for m in named)


def names_therapy(clause: ClauseReading, paren: tuple[int, int]) -> bool:
    """Whether a therapy is named in brackets, other than one from which a time is counted."""
    anchors = [m for m, why in clause.masked if why == "anchor"]
    return any(paren[0] < m.start < paren[1] and m not in anchors for m in clause.part.therapies)


def _opens(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether the window stands before every therapy of the clause ("Within 4 weeks before dosing, received …")."""
    if _of_a_disease_before(clause, span):
        return False
    if span.start - clause.part.start > (MOST_TO_AMOUNT if _LIST_FOLLOWS.match(clause.after(span.end, 100)) else 60):
        return False
    return all(m.start >= span.end for m in clause.part.therapies)


def _of_a_disease_before(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a window is that of an ill that stands before it, and "or" with a need follows: "bleeding within 30 days or need for X"."""
    told = any(c.end <= span.start for c in clause.part.tagged("disease"))
    return told and _OR_NEED.match(clause.after(span.end, 60)) is not None


def _for_others(clause: ClauseReading, span: Span[Window]) -> bool:
    return bool(_FOR_OTHERS.match(clause.after(span.end)))


def _counts_from(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a time is counted from the therapy that stands behind it: "6 weeks from large field irradiation"."""
    first = next((m for m in clause.part.therapies if m.start >= span.end), None)
    if first is None or any(m is first and why in ("anchor", "study drug") for m, why in clause.masked):
        return False
    return _FROM_IT.fullmatch(clause.lower, span.end, first.start) is not None


def _names_own(clause: ClauseReading, span: Span[Window], mention: Mention) -> bool:
    """Whether a leading window has therapies of its own to its right, so that it does not reach back to this mention.

    "Chemotherapy is allowed if 6 months have passed between the end of chemotherapy and recurrence" speaks of the same one.
    """
    following = min((w.start for w in clause.part.windows if w.start >= span.end), default=clause.part.end)
    others = IN_CASE_OF.search(clause.lower, span.end, following)
    following = others.start() if others else following  # "at least 3 weeks since the last dose (but for X, 6 weeks)"
    covers = clause.context.known.covers
    harmed = [m for m, why in clause.masked if why in ("toxicity", "reason")]  # "…, and toxicity related to prior X must be over"
    again = {m.start for m in harmed if identity(m) == identity(mention) or covers(m, mention) or covers(mention, m)}
    named = [m for m in clause.part.therapies if span.end <= m.start < following and m.start not in again]
    between = _BETWEEN.match(clause.lower, span.end) is not None
    return any(not between or identity(m) != identity(mention) for m in named)

"""Lists whose items stand beside the bullet that opens them: "No treatment with the following: / * antihistamines 1 week / * …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.criteria.layout.scope import front_scope, labels_part
from kg.records import Criterion

_OPENS = re.compile(
    r"\b(?:following|below|listed|these|wash-?\s?out|intervals?|distance|time[- ]?(?:frames?|periods?|windows?|limits?))\b[^.;]{0,200}"
    r"(?::|\b(?:of|to|for|with))\s*$",
    re.IGNORECASE,
)
_ENDS = (":", "of", "to", "for", "with", "OF", "TO", "FOR", "WITH")
"""What `_OPENS` ends with: looking for these is quicker."""
_ROW = re.compile(
    r"[^.;:]{3,120}?(?:[-:(,\u2013]|\bfor\b|\s)\s*(?:(?:at least|minimum|within|[<>\u2264\u2265=]+)\s*)?\(?\d{1,3}(?:\.\d)?\s*"
    r"(?:hours?|days?|weeks?|months?|half[- ]?li(?:fe|ves))\b(?!\s+(?:of age|old|or older|prior|before|ago|history))",
    re.IGNORECASE,
)
"""A therapy with its time: "Ipratropium bromide: 24 hours", "antihistamines (3 days) except hydroxyzine (10 days)"."""


_OPENS_EXCEPTIONS = re.compile(
    r"\b(?:following|these|below)\b[^.;:]{0,40}\bexceptions?\b[^.;:]{0,40}:\s*$"
    r"|\bexceptions?\s+(?:to\s+[^.;:]{3,60}|are|include)\s*:\s*$",
    re.IGNORECASE,
)
_FREED = re.compile(
    r"\W*(?:the\s+|use\s+of\s+|any\s+)?(?=[^.;:]{0,80}?(?:steroid|cortico|prednison|immunosuppress|contrast|inject))"
    r"[^.;:]{0,80}?\b(?:intra-?nasal|nasal|inhaled|topical|local|ocular|ophthalmic|intra-?articular|physiologic\w*|replacement|pre-?medication"
    r"|prophyla\w+|low[- ]dose|not\s+(?:to\s+)?exceed\w*|up\s+to|equivalent|hypersensitivity)\b",
    re.IGNORECASE,
)
"""A form, a low dose or a use of what was forbidden that an exception leaves: "Steroids as premedication for hypersensitivity"."""

_LABEL = re.compile(r"(?!.*\b(?:must|has|have|is|are|will|may)\b)[^:;.]{3,60}:\s*", re.IGNORECASE)
"""Words that only name what follows."""


def opens_rows(bullet: str) -> bool:
    """Whether a bullet opens a list of therapies with their times, which may stand beside it: "Time since the last use of:"."""
    return _OPENS.search(bullet) is not None


def with_rows_below(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria, with two or more rows of a therapy and a time put below the bullet beside them that opens their list.

    >>> from kg.criteria.layout.segments import segment
    >>> [c.parent for c in segment("* Time since the following:\\n* Salmeterol: 8 hours\\n* Cetirizine: 4 weeks\\n* Age over 3")]
    [None, 0, 0, None]
    """
    result = _below_parts(criteria)
    for lead in criteria:
        if not lead.text.rstrip().endswith(_ENDS):
            continue
        excepts = _OPENS_EXCEPTIONS.search(lead.text) is not None
        if not excepts and not opens_rows(lead.text):
            continue
        rows = []
        for row in criteria[lead.order + 1 :]:
            beside = (row.parent, row.depth, row.section, row.heading) == (lead.parent, lead.depth, lead.section, lead.heading)
            if not beside or not (_FREED if excepts else _ROW).match(row.text):
                break
            rows.append(row)
        if len(rows) > 1 or (excepts and rows):
            result[rows[0].order : rows[-1].order + 1] = [replace(row, parent=lead.order, depth=row.depth + 1) for row in rows]
    return tuple(result)


def _below_parts(criteria: Sequence[Criterion]) -> list[Criterion]:
    """The criteria, with those beside a bullet that only names a part put below it, up to the next such: "For Phase 2:".

    In the main list of a section a label that says more, "Dose escalation phase requirements:", heads nothing.

    >>> from kg.criteria.layout.segments import segment
    >>> [c.parent for c in segment("* Failed X:\\n\\n  * For Phase 2:\\n  * one line\\n  * For Phase 1: two lines")]
    [None, 0, 1, 0]
    """
    result = list(criteria)
    for lead in criteria:
        if (
            not lead.text.rstrip().endswith(":")
            or not _LABEL.fullmatch(lead.text)
            or not front_scope(lead.text)
            or (lead.parent is None and not labels_part(lead.text))
        ):
            continue
        for row in criteria[lead.order + 1 :]:
            if row.parent == lead.order or row.depth < lead.depth or (row.section, row.heading) != (lead.section, lead.heading):
                break
            if row.depth == lead.depth and (front_scope(row.text) or labels_part(row.text)):
                break
            beside = row.parent == lead.parent
            result[row.order] = replace(result[row.order], parent=lead.order if beside else row.parent, depth=row.depth + 1)
    return result

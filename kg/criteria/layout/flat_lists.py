"""Lists whose items stand beside the bullet that opens them: "No treatment with the following: / * antihistamines 1 week / * …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

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


def opens_rows(bullet: str) -> bool:
    """Whether a bullet opens a list of therapies with their times, which may stand beside it: "Time since the last use of:"."""
    return _OPENS.search(bullet) is not None


def with_rows_below(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria, with two or more rows of a therapy and a time put below the bullet beside them that opens their list.

    >>> from kg.criteria.layout.segments import segment
    >>> [c.parent for c in segment("* Time since the following:\\n* Salmeterol: 8 hours\\n* Cetirizine: 4 weeks\\n* Age over 3")]
    [None, 0, 0, None]
    """
    result = list(criteria)
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

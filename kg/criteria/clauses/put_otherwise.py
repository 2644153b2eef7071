"""Words of a criterion that are read as others, which say the same in one clause: "X within 4 weeks. This includes Y"."""

from __future__ import annotations

import re

from kg.criteria.layout.enumerations import marks_run_in
from kg.criteria.layout.part_labels import answer_label
from kg.criteria.words.times_alike import Put

_EXAMPLES = re.compile(
    r"(?<=[\w)\]])[.;]\s+(?:(?:(?:some|other)\s+)?examples?(?:\s+of\s+[^.,;:()]{3,60}?)?\s*(?:\s(?:(?:may\s+)?include|are)|:)"
    r"|(?:(?:this|these|such|they|it)\s+(?:(?:drugs?|agents?|medications?|medicines?|treatments?|therap(?:y|ies)|products?|inhibitors?"
    r"|inducers?)\s+)?(?:(?:may|can|would|also)\s+){0,2})?includes?|for\s+(?:example|instance))"
    r"(?:,?\s*but\s+(?:(?:are|is)\s+)?not\s+(?:limited|restricted)\s+to)?(?![\w-])[,:]?(?=\s)",
    re.IGNORECASE,
)
"""A sentence of examples, up to the first of them."""
_MAY_BE = re.compile(r"include|example|instance", re.IGNORECASE)
_INCLUDING = ", including"


def put_otherwise(text: str) -> list[Put]:
    """What is put otherwise in a text as it is read.

    The marks of a list that runs in a sentence are left out, as is the label of an answer, which stands between a therapy and what the
    first part asks of it: "prior X: Cohort 1 - not allowed" is read as "prior X: not allowed". A sentence of examples goes on with the
    one before it.

    >>> text = "MEK inhibitors within 4 weeks. These include trametinib"
    >>> [(text[start:end], put) for start, end, put in put_otherwise(text)]
    [('. These include', ', including')]
    """
    label = answer_label(text)
    if label is not None:
        return [Put(*label[:2], "")]
    examples = (Put(*m.span(), _INCLUDING) for m in _EXAMPLES.finditer(text)) if _MAY_BE.search(text) else ()
    return sorted([*(Put(*mark, "") for mark in marks_run_in(text)), *examples])

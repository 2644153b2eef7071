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
    r"(?:,?\s*but\s+(?:(?:are|is)\s+)?not\s+(?:limited|restricted)\s+to)?(?![\w-])[,:]?(?=\s)"
    r"(?!\s+(?:the\s+)?(?:receipt|use)\s+of\s[^.;]{3,60}?\bwithin\b)",
    re.IGNORECASE,
)
"""A sentence of examples, up to the first of them; what has a time of its own is no example."""
_SHORT = re.compile(r"\b(?P<what>in|ex)cl(?:\.|(?=\s))", re.IGNORECASE)
_WHOLE = {"in": "including", "ex": "excluding"}
_AMOUNT = r"(?=(?:at\s+least\s+|>=?\s*|\u2265\s*)?(?:\d+|one|two|three|four|six|eight)[\s-]*(?:days?|weeks?|months?|half)"
_INTERVAL = (
    r"(?:(?:the|this)\s+)?(?:(?:required|minimum|respective|corresponding)\s+)?"
    r"(?:interval|period|time(?:[\s-]*(?:window|limit|frame|interval|period))?|window|wash-?\s?out(?:\s+(?:period|interval|time))?|it)\s+"
)
_IS = r"(?:is|was|(?:should|must|shall|will)\s+be)(?:\s+(?:extended|prolonged|increased|reduced|shortened)\s+to)?\s+"
_FOR_SOME = r"(?:for|in\s+(?:the\s+)?case\s+of|if)\s"
_TIME_OF_SOME = re.compile(
    rf"(?:(?<=[\w)])(?P<stop>\.)\s+|[(;]\s*)(?:{_FOR_SOME}[^.;:()\d]{{3,80}}?\s+(?P<told>{_INTERVAL}{_IS})"
    rf"|(?P<what>(?!(?:(?:the|this)\s+)?wash[^.;]{{2,12}}\sfor\s){_INTERVAL})(?:{_FOR_SOME}[^.;:()\d]{{3,80}}?\s+(?P<is>{_IS})|(?P<then>{_IS})(?=[^.;]{{5,20}}\s{_FOR_SOME}))){_AMOUNT})",
    re.IGNORECASE,
)
"""The time of some therapies told by itself: ". For X the interval is 6 weeks", ". It is 6 weeks for X", "(the interval for X is …)"."""
_AS_ONE = {"stop": ";", "told": "", "what": "", "is": "", "then": ""}
"""What is put for the parts of it, so that it goes on with the time of all: "; for X 6 weeks", "; 6 weeks for X"."""
_MAY_BE_TIMED = re.compile(r"\b(?:is|was|be|to)\s+(?:at\s+least\s+|[>\u2265]=?\s*)?(?:\d|one|two|three|four|six|eight)")
_SINCE_THAT = re.compile(
    r"(?<=\w )\((?:(?:at\s+least|within|minimum\s+of|more\s+than|less\s+than|[<>=\u2264\u2265]+)\s*)?\d+\s*-?(?:day|week|month)s?"
    r"(?P<since>(?:\s+(?:have\s+|has\s+)?(?:elapsed|passed|washout))?\s+(?:from|since|after|of(?=\s+(?:the\s+)?(?:end|last|final)))(?=\s)"
    r"(?:\s+(?:the|their|its|last|final|most|recent|end|completion|doses?|administration|treatment|therapy|cycle|date|of|any|prior|previous|such|this"
    r"|day|fraction|stopping|procedure|chemotherapy|radiotherapy|radiation|immunotherapy|surgery))+)\)",
    re.IGNORECASE,
)
"""Brackets that tell the time since the end of what stands before them: "chemotherapy (3 weeks since the last dose), antibodies (…)"."""
_SINCE_WHAT = ("dose)", "therapy)", "treatment)", "completion)", "administration)", "surgery)", "procedure)", "radiation)", "fraction)")
_MAY_BE = ("include", "example", "instance", "incl", "excl")
"""One of these is, in lower case, in all sentences of examples: looking for them is quicker."""
_INCLUDING = ", including"


def put_otherwise(text: str) -> list[Put]:
    """What is put otherwise in a text as it is read.

    The marks of a list that runs in a sentence are left out, as is the label of an answer, which stands between a therapy and what the
    first part asks of it: "prior X: Cohort 1 - not allowed" is read as "prior X: not allowed". A sentence of examples goes on with the
    one before it, as does one on the time of some therapies; "incl." is spelled out. Of several brackets with a time the words are left out
    that only say that it is counted since what stands before them.

    >>> text = "MEK inhibitors within 4 weeks. These include trametinib"
    >>> [(text[start:end], put) for start, end, put in put_otherwise(text)]
    [('. These include', ', including')]
    """
    label = answer_label(text)
    if label is not None:
        return [Put(*label[:2], "")]
    found = [Put(*mark, "") for mark in marks_run_in(text)]
    lower = text.lower()
    if any(word in lower for word in _MAY_BE):
        found += [Put(*m.span(), _INCLUDING) for m in _EXAMPLES.finditer(text)]
        found += [Put(*m.span(), _WHOLE[m["what"].lower()]) for m in _SHORT.finditer(text)]
    if _MAY_BE_TIMED.search(lower):
        for told in _TIME_OF_SOME.finditer(text):
            found += [Put(*told.span(group), put) for group, put in _AS_ONE.items() if told[group]]
    if lower.count("(") > 1 and any(words in lower for words in _SINCE_WHAT):
        since = list(_SINCE_THAT.finditer(text))
        found += [Put(*told.span("since"), "") for told in since] if len(since) > 1 else []
    return sorted(found)

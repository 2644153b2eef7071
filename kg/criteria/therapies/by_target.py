"""What a general class is narrowed to by the target beside it: "mAbs targeting TIGIT", "antibodies, bispecifics or cells against CCR8"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.therapies.loads import told_by_its_load
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.knowledge.general import general_classes
from kg.records import Mention

_ASIDE = pattern("subjects: aside")
_LISTED = pattern("subjects: listed")
_NARROWS_AFTER = pattern("subjects: narrows after")
_NARROWS_BEFORE = pattern("subjects: narrows before")
_TARGETING = pattern("subjects: targeting")
_SAME_AFTER = pattern("narrowing: same target after")
_SAME_BEFORE = pattern("narrowing: same target before")
_UNKNOWN_AFTER = pattern("narrowing: unknown after")
_UNKNOWN_BEFORE = pattern("narrowing: unknown before")
_ENDS_LIST = re.compile(r"[;)]|\b(?:within|prior|other)\b")
_TARGETS = frozenset({"target", "biomarker"})
_CLASS_OF = re.compile(r"[\s-]*(?:class|type|kind|category)(?:\s+of)?\s+")
_ANTIBODY = re.compile(r"\b(?:monoclonal\s+)?antibod(?:y|ies)\b")
_WHOLE_NAME = re.compile(r"\b(?:(?!or\b|and\b)[\w-]+\s+)+\($")
"""Before the brackets that hold the short name of a target: "signal regulatory protein (SIRP)"."""
_AT = re.compile(r"\b(?:for|to|at|against)\b")
_AIMED = ("targeted", "targeting", "directed")
_FORMS = frozenset(
    {
        "antibody-based-therapy",
        "antibody-drug-conjugate",
        "bispecific-antibody",
        "cell-therapy",
        "monoclonal-antibody",
        "small-molecule-targeted-therapy",
    }
)
"""Forms of drug that are listed as those on one target."""
_AIMED_FORM = pattern("narrowing: aimed form")
_JOINT = re.compile(r"^[\s,/]*(?:(?:and|or|and/or)\s+)?[\s,/]*(?:(?:and|or|and/or)\b)?")
_BY_TARGET = frozenset({"kinase-inhibitor", "tyrosine-kinase-inhibitor"})
"""Classes that a target names without a word for it: "CDH99 kinase inhibitors"."""
ANTIBODIES = "monoclonal-antibody"
_TARGETED = "targeted-therapy"
_FORMS_OF_IT = pattern("narrowing: forms of it")
_MOST_TO_TARGET = 40
"""A target stands at most this many characters before what is aimed at it."""
_MOST_TO_EXAMPLES = 4
"""Between a class and "e.g." stand at most this many characters: a comma, a bracket."""


def by_its_target(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """A general class as the targets beside it narrow it; nothing where these are read by themselves or none of them is known.

    Arguments:
        clause: the clause that names it.
        mention: the class.
    """
    if _is_example_of_targeted(clause, mention) or told_by_its_load(clause, mention) or _on_the_same_target(clause, mention):
        return []
    others = [m for m in clause.part.mentions if m is not mention and (m.kind in _TARGETS or (m.kind == "class" and m.key != mention.key))]
    others = [m for m in others if clause.in_exception(m.start) == clause.in_exception(mention.start)]  # "(VEGFR inhibitors excepted)"
    head = _of_one_adjective(clause, mention)
    if head is not None:
        return [replace(mention, key="", target=head.target, action="targeted")]
    before = [m for m in others if m.end <= mention.start and _NARROWS_BEFORE.fullmatch(clause.lower[m.end : mention.start])]
    if _is_told_beside(clause, mention, others, before):
        return []
    after = [m for m in others if m.start >= mention.end and _NARROWS_AFTER.fullmatch(_between(clause, mention, m))]
    beside = [m for m in before + after if m.kind in _TARGETS]
    named = {m.start for m in beside if m.kind == "target"}
    first = [m for m in beside if m.kind == "target" or m.start not in named]
    chain = _coordinated(clause, others, first) or _of_another_target(clause, mention, others)
    return [mention] if chain is None else [replace(mention, key="", target=m.target or m.key, action="targeted") for m in chain]


def _between(clause: ClauseReading, mention: Mention, other: Mention) -> str:
    """The words between a class and what may narrow it; of forms in one list those behind the last: "antibodies or cells against X"."""
    words = clause.lower[mention.end : other.start]
    if mention.key not in _FORMS:
        return words
    bare = _without_general(clause, mention.end, other.start)
    return words if len(bare) == len(words) else _JOINT.sub("", bare)


def _of_one_adjective(clause: ClauseReading, mention: Mention) -> Mention | None:
    """The form before it in a list whose adjective is of both: the "CCR8-directed antibody" before "small molecule or cell therapy"."""
    if mention.key not in _FORMS:
        return None
    heads = (m for m in clause.part.mentions if m.kind == "class" and m.end < mention.start and m.target)
    head = next((m for m in heads if _AIMED_FORM.search(m.text.lower())), None)
    if head is None or any(head.end <= m.start < mention.start and m.key not in _FORMS for m in clause.part.therapies):
        return None
    between = _ANTIBODY.sub("", _JOINT.sub("", _without_general(clause, head.end, mention.start)))
    return head if _LISTED.fullmatch(between) else None


def _is_told_beside(clause: ClauseReading, mention: Mention, others: list[Mention], before: list[Mention]) -> bool:
    """Whether a class that is read by itself tells the target: "anti-TIGIT antibodies", "antibodies (TIGIT inhibitors)"."""
    if any(m.kind == "class" and m.text.lower().startswith("anti") for m in before):
        return True
    if any(m.kind == "class" and m.end <= mention.start and _CLASS_OF.fullmatch(clause.lower, m.end, mention.start) for m in others):
        return True  # "VEGFR inhibitor class of targeted drugs"
    if any(m.kind in _TARGETS for m in before):
        return False
    for m in others:
        if m.kind != "class" or m.start < mention.end:
            continue
        gap = _without_general(clause, mention.end, m.start)
        if _ASIDE.fullmatch(IN_BRACKETS.sub(" ", gap)) and (_TARGETING.match(m.text.lower()) or gap.strip() == "("):
            return True
    return False


def _of_another_target(clause: ClauseReading, mention: Mention, others: list[Mention]) -> list[Mention] | None:
    """The known targets beside one that the tables do not hold ("ATR- or CDH99-targeted agents"); None where no such one stands there."""
    cased = clause.reading.normal.cased
    found = _UNKNOWN_BEFORE.search(cased, max(clause.part.start, mention.start - _MOST_TO_TARGET), mention.start)
    by_name = found is not None and (found["anti"] or found["how"] or mention.text.lower().startswith(_AIMED) or mention.key in _BY_TARGET)
    if not by_name:
        found = _UNKNOWN_AFTER.match(cased, mention.end)
    if found is None or any(m.start < found.end("target") and found.start("target") < m.end for m in clause.part.mentions):
        return None
    at = found.start("target")
    known = [m for m in others if m.kind in _TARGETS and m.end <= at]
    listed = [m for m in known if _LISTED.fullmatch(_WHOLE_NAME.sub("", clause.lower[m.end : at]))]
    return _coordinated(clause, others, listed[-1:])


def _is_example_of_targeted(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a general class only tells the forms of drugs on a target: "EGFR-targeting agents (e.g. mAbs)", "EGFR therapy (TKI)"."""
    inside = clause.reading.brackets_of(mention)
    heads = [m for m in clause.part.mentions if inside is not None and m.kind == "class" and 0 <= inside[0] - m.end <= 1]
    if any((m.key in clause.context.known.of_one_target and m.key not in general_classes()) or (m.target and not m.key) for m in heads):
        return True
    if clause.possible & _FORMS_OF_IT.bit and _is_a_form(clause, mention):
        return True
    for cue in clause.part.tagged("example"):
        paren = clause.reading.paren_of(cue.start)
        if cue.start > mention.start or (paren and mention.start > paren[1]) or _ENDS_LIST.search(clause.lower, cue.end, mention.start):
            continue
        named = [m for m in clause.part.mentions if m.kind == "class" and 0 <= cue.start - m.end <= _MOST_TO_EXAMPLES]
        if any(m.key in clause.context.known.of_one_target and m.key not in general_classes() for m in named):
            return True
    return False


def _is_a_form(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a general class is a form that is told behind drugs on a target: "EGFR inhibitors, be they TKIs or antibodies"."""
    heads = [m for m in clause.part.mentions if m.kind == "class" and m.end < mention.start and m.key not in general_classes()]
    found = _FORMS_OF_IT.match(clause.lower, heads[-1].end, clause.part.end) if heads else None
    if found is None:
        return False
    listed = [m for m in clause.part.therapies if clause.list_start(heads[-1]) <= m.start < heads[-1].end]
    if not all(clause.context.known.covers(replace(m, kind="class", key=_TARGETED), m) for m in listed):
        return False  # "chemotherapy, EGFR inhibitors, small molecules or antibodies" lists four
    between = _without_general(clause, found.end(), mention.start) if found.end() <= mention.start else ""
    return _ENDS_LIST.search(between) is None and _LISTED.fullmatch(_ANTIBODY.sub(" ", between)) is not None


def _on_the_same_target(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is only meant as far as it shares the study drug's target: "on the same pathway (antibody, ADC, cell therapy)"."""
    if _SAME_AFTER.match(clause.lower, mention.end, clause.part.end):
        return True
    return _SAME_BEFORE.search(clause.lower, clause.part.start, mention.start) is not None


def _without_general(clause: ClauseReading, start: int, end: int) -> str:
    """The words between two places, less the names of general classes: of "antibodies, bispecific antibodies and cells targeting CCR8"."""
    words = clause.lower[start:end]
    for m in reversed(clause.part.mentions):
        if start <= m.start and m.end <= end and m.key in general_classes():
            words = words[: m.start - start] + words[m.end - start :]
    return words


def _coordinated(clause: ClauseReading, others: list[Mention], first: list[Mention]) -> list[Mention]:
    """The targets that stand in one list with those of `first`: "EGFR or HER2"."""
    chain = list(first)
    for other in reversed(others) if chain else ():
        start = min(m.start for m in chain)
        if other.kind == "target" and other.end <= start and other not in chain and _LISTED.fullmatch(clause.lower[other.end : start]):
            chain.append(other)
    for other in others if chain else ():
        behind = max(m.end for m in chain)
        if other.kind == "target" and other.start >= behind and _LISTED.fullmatch(_AT.sub(" ", clause.lower[behind : other.start])):
            chain.append(other)  # "specific for BRAF or for MEK"
    return chain


def of_antibodies(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only antibodies are meant by words for a target: "monoclonal antibodies (approved or not) that target VEGF"."""
    if mention.also or _TARGETING.match(mention.text.lower()) is None:
        return False
    heads = [m for m in clause.part.mentions if m.kind == "class" and m.end <= mention.start]
    return bool(heads) and heads[-1].key == ANTIBODIES and IN_BRACKETS.sub("", clause.lower[heads[-1].end : mention.start]).strip() == ""

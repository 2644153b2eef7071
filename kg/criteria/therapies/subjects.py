"""Which therapies a clause is about: those it names, without those that stand for something else."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.therapies.above import kinds_of_label
from kg.criteria.therapies.asides import why_aside
from kg.criteria.therapies.fields import of_a_field
from kg.criteria.therapies.narrowing import narrowed
from kg.criteria.therapies.other_trials import INVESTIGATIONAL
from kg.criteria.therapies.told_before import as_strong_as_before
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_LISTED = pattern("subjects: listed")
_AT_LARGE = GENERIC | {"biologic-therapy"}
_SPREADS = frozenset({"allergy", "toxicity", "anchor", "study drug", "reason", "disease", "instead"})
_HARMS = frozenset({"allergy", "toxicity"})
_HARM_OF = ("-related", "-induced", "-associated")
"""Before brackets these tell that the harm of what they hold is meant: "treatment-related (chemotherapy, radiotherapy) toxicities"."""
_EXAMPLES = re.compile(r"\bincluding(?:,? but not limited to)?\b")
"""Examples of what has harmed are no other therapies: "toxicity of anticancer therapy, including surgery"."""
_INCLUDING = re.compile(r"[^;.]{0,60}\bincluding(?:,? but not limited to)?[\s:]*")
_NOUN = r"(?:therap(?:y|ies)|treatments?|drugs?|agents?|medications?|supplement(?:s|ation)?)"
_ITS_NOUN = re.compile(rf"^\s*{_NOUN}\b|\b(?:forms?|types?|kinds?|classes) of\b|\b(?:such as|e\.g\.)")
"""Words that a list of therapies may hold beside its joints: the noun of the one before, "any other form of", "such as"."""
_OF_ITS_OWN = pattern("timing: of its own")
_EXPLAINED = re.compile(
    rf"\W{{0,3}}(?:{_NOUN}\W{{0,3}})?(?:(?:within|in|over|during)\s+[^,;.()]{{0,30}}\b(?:days?|weeks?|months?|years?)\b\s*)?"
)
"""What may stand between a therapy and the brackets that explain it: its noun, a time."""
_IF_HAD = pattern("subjects: if had")
_TO_TIME = 12
"""Behind a label its time stands at most this many characters further, "at least" between them."""
_ONLY = re.compile(r"\s*only\b")
"""Behind a label it tells which of its kind are left: "statins: only pravastatin"."""
_CAPITALS = 2
"""An abbreviation has so many capital letters, or more."""
_WITH = pattern("subjects: anchor with")
"""Behind a time the sentence goes on with what it is about: "treatment, within 14 days before the first dose of X, with Y"."""


_MOST_TO_TIME = 20
"""Behind a therapy its own time begins within so many characters: "antibodies within the last 6 weeks"."""


def subjects_of(clause: ClauseReading) -> list[Mention]:
    """Therapy mentions that the clause speaks of, without those that stand for something else (an anchor, an allergy, a reason…)."""
    therapy = list(clause.part.therapies)
    label_end = clause.reading.label_end
    beyond_label = (
        label_end > 0
        and not _ONLY.match(clause.lower, label_end)
        and any(
            label_end <= m.start < _first_time_alone(clause, label_end) and not clause.found_before(_IF_HAD, m.start, 40)
            for m in therapy
            if not clause.in_exception(m.start) and clause.reading.paren_of(m.start) is None
        )
    )
    untold = [c.start for c in clause.part.tagged("naive", "untold") if c.start >= label_end] if label_end else []
    beyond_label = beyond_label or (bool(untold) and bool(kinds_of_label(clause, untold[0])))
    kept: list[Mention] = []
    for mention in therapy:
        if clause.in_exception(mention.start):
            clause.masked.append((mention, "exception"))
            continue
        if any(w == "population" and (m.kind, m.key) == (mention.kind, mention.key) for m, w in clause.masked):
            clause.masked.append((mention, "population"))
            continue
        why = "label" if mention.start < label_end and beyond_label and clause.part.start < label_end else why_aside(clause, mention)
        why = why or _shared(clause, mention)
        meant = [] if why else [of_a_field(clause, as_strong_as_before(clause, m)) for m in narrowed(clause, mention)]
        if why == "investigational" and mention.key in _AT_LARGE and clause.part.windows:
            told = any(m.key == INVESTIGATIONAL for m in (*clause.part.mentions, *kept))
            meant = [] if told else [replace(mention, key=INVESTIGATIONAL)]  # "investigational antibodies" are none that is approved
        if not meant:
            clause.masked.append((mention, why or "other target"))
        kept += meant
    instead = any(why == "instead" for _, why in clause.masked)  # "if on a PPI: switch to famotidine"
    if not kept and beyond_label and (instead or _timed_at_once(clause, label_end)):
        heads = [m for m, why in clause.masked if why == "label"]
        clause.masked = [(m, why) for m, why in clause.masked if why != "label"]
        kept = [n for m in heads for n in narrowed(clause, m)]
    return kept


def _timed_at_once(clause: ClauseReading, label_end: int) -> bool:
    """Whether a time stands right behind a label: "Antibodies: 21 days after the last dose; toxicity of antibodies must be recovered"."""
    return any(0 <= w.start - label_end <= _TO_TIME for w in clause.part.windows)


def _first_time_alone(clause: ClauseReading, start: int) -> int:
    """Where the time of a label ends that has one: in "Chemotherapy: 3 weeks, 6 weeks if nitrosoureas" the 3 weeks are chemotherapy's."""
    times = [w for w in clause.part.windows if w.start >= start]
    if len(times) < 2 or clause.found_behind(_OF_ITS_OWN, times[0].end, 120) or not clause.found_behind(_OF_ITS_OWN, times[1].end, 120):
        return clause.part.end
    return times[1].start


def _shared(clause: ClauseReading, mention: Mention) -> str:
    """Why a mention is not ruled on that shares what is told of others; not the need of a disease that all who take it have."""
    why = _listed(clause, mention) or _spread(clause, mention)
    return "" if why == "disease" and clause.tells_what_it_is_for(mention) else why


def _listed(clause: ClauseReading, mention: Mention) -> str:
    """Why a mention is not ruled on that goes on with a list of those that are not."""
    why = clause.masked[-1][1] if clause.masked else ""
    if why not in _SPREADS and why != "other disease":
        return ""
    between = clause.lower[_list_so_far(clause).end : mention.start]
    if why == "other disease" and _INCLUDING.fullmatch(between):
        return why  # "systemic therapy for prior cancers, including X"
    joints = _ITS_NOUN.sub(" ", IN_BRACKETS.sub(" ", between))
    listed = _LISTED.fullmatch(_EXAMPLES.sub(" ", joints) if why in _HARMS else joints)
    if why == "anchor" and listed:
        # "Within 2 weeks before the infusion, or antibodies within 6 weeks before it": the latter have a time of their own.
        timed = between.endswith(" or ") and any(0 <= w.start - mention.end <= _MOST_TO_TIME for w in clause.part.windows)
        acting = mention.kind == "pk" and between.startswith(" with ")  # "before the first dose of X with strong CYP3A inducers"
        return "" if timed or acting or _WITH.match(between) else why
    return why if listed else ""


def _list_so_far(clause: ClauseReading) -> Mention:
    """The last mention set aside that stands in no bracket of its own: where a list goes on from."""
    last = clause.masked[-1][0]
    return next((m for m, _ in reversed(clause.masked) if clause.reading.paren_of(m.start) is None), last)


def _spread(clause: ClauseReading, mention: Mention) -> str:
    """Why a mention in parentheses is not ruled on: because what it explains is not ("toxicity of immunotherapy (e.g. anti-PD-1)")."""
    paren = clause.reading.paren_of(mention.start)
    if paren is None:
        return ""
    if clause.lower[: paren[0]].rstrip().endswith(_HARM_OF):
        return "toxicity"
    for other, why in reversed(clause.masked):
        if why in _SPREADS and (_EXPLAINED.fullmatch(clause.lower, other.end, paren[0]) or paren[0] < other.start < paren[1]):
            return why
    return ""


def _abbreviates(clause: ClauseReading, mention: Mention, paren: tuple[int, int]) -> bool:
    """Whether brackets only abbreviate the class before them, which is one kind of theirs: "autologous stem cell transplant (SCT)"."""
    if sum(c.isupper() for c in mention.text) < _CAPITALS or (paren[0] + 1, paren[1] - 1) != (mention.start, mention.end):
        return False
    heads = (m for m in clause.part.mentions if 0 <= paren[0] - m.end <= 1 and not any(m is aside for aside, _ in clause.masked))
    return any(m.key != mention.key and clause.context.known.covers(mention, m) for m in heads)


def says_again(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a mention in parentheses only repeats one before it: "regimens (single-agent or combination chemotherapy)"."""
    paren = clause.reading.brackets_of(mention)
    if paren is not None and _abbreviates(clause, mention, paren):
        return True
    return paren is not None and any(
        m.end <= paren[0]
        and (m.kind, m.key, m.target, m.enzyme, m.role) == (mention.kind, mention.key, mention.target, mention.enzyme, mention.role)
        for m in clause.part.mentions
    )

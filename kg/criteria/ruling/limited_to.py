"""What prior therapy is limited to: "prior therapy must be limited to X", "the only prior therapy allowed is X"; others keep out."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.bounds.purposes import diseases
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.layout.part_labels import reaches
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.words.patterns import pattern
from kg.records import Carveout, Mention, Polarity, Role, Section

_LIMITED = pattern("limited to: limited")
_ONLY_ONE = pattern("limited to: only one")
_ONLY_IN = pattern("limited to: only in a setting")
_ONLY_IN_A_PART = pattern("limited to: only in a part")
_TREATED_ONLY_WITH = pattern("limited to: treated with only")
_WHOSE_ONLY = pattern("limited to: whose only")
_LABELLED = pattern("limited to: labelled")
_WAS_THE_ONLY_ONE = pattern("limited to: was the only one")
_ALLOWED_BEFORE = pattern("limited to: only these before")
_ALONE = re.compile(r"\W*(?:alone|only)\b")
_OF_IT = re.compile(r"(?:(?!\b(?:who|whom|patients?|participants?|subjects?|those)\b)[^.,;:()]){0,80}")
"""Between a therapy and a permission nothing else begins."""
_ONLY_WORD = re.compile(r"\bonly\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\W*(?:(?:(?:patients?|participants?|subjects?|who|must)\s+){0,3}ha(?:ve|s|ving|d)\s+(?:received\s+|had\s+|been\s+treated\s+with\s+)?)?"
    r"only\s+(?:prior\s+|previous\s+|(?:first|1st)[-\s]line\s+)?"
)
_WORDS = ("limited", "restricted", "confined", "only", "sole ", "alone", "solely", "exclusively")
"""One of these is in all sentences that limit prior therapy."""
_A_NUMBER = re.compile(r"\b(?:an?(?!\s*$)|single|one|two|three|\d+)\b")
_TO_SETTING = 4
"""The setting stands at once behind "only allowed in"."""
_BESIDE = 20
"""So near stand the therapies that alone were given."""
_QUALIFIED = 30
"""So near to its start a clause names what it is about: "potentially curative surgery is …"."""
_NAMED = 60
"""Within so many characters behind "limited to" it is told what to."""


def limited_to(clause: ClauseReading) -> list[Draft]:
    """The rule on any other therapy than those that a clause limits prior therapy to.

    Arguments:
        clause: one that may say so.
    """
    part, lower = clause.part, clause.lower
    if not clause.context.may_treat_cancer or not any(word in lower for word in _WORDS):  # looking for these is quicker
        return []
    if clause.context.section is Section.EXCLUSION:
        return _only_in_a_setting(clause) or _only_in_a_part(clause)
    found = _LIMITED.search(lower, part.start, part.end) or _ONLY_ONE.search(lower, part.start, part.end)
    if found is None:
        return _these_only(clause) or _only_in_a_setting(clause) or _only_in_a_part(clause)
    if clause.in_exception(found.start()):
        return _only_in_a_setting(clause)
    left = [m for m in part.therapies if m.start >= found.end()]
    if not left or left[0].start - found.end() > _NAMED or _A_NUMBER.search(lower, found.end(), left[0].start):
        return []  # "limited to one chemotherapy regimen" counts lines
    return _limit(clause, found.span("noun"), left, found.end())


def _these_only(clause: ClauseReading) -> list[Draft]:
    """The rule of "treated with surgery alone", "prior therapy: surgery only", "surgery is the only prior therapy"."""
    part, lower, above = clause.part, clause.lower, clause.context.lead
    named = list(part.therapies)
    of_some = (p.has("disease") or p.has("kind", "brain_metastases") or (p is above and p.has("permit")) for p in (part, above) if p)
    if not named or any(of_some):
        return []  # "brain metastases treated with surgery alone"
    for words in (_WHOSE_ONLY, _TREATED_ONLY_WITH, _LABELLED):
        found = words.match(lower, part.start, part.end)
        left = [m for m in named if m.start >= found.end()] if found is not None else []
        if found is None or part.has("permit") or not left or left[0].start - found.end() > _BESIDE:
            continue  # "patients treated with surgery alone are eligible": others are, too
        if words is _WHOSE_ONLY or found["ahead"] or _ALONE.match(lower, left[-1].end, part.end):
            return _limit(clause, found.span("noun"), left, found.end())
    first, last = named[0], named[-1]
    for mention in named:
        found = _WAS_THE_ONLY_ONE.match(lower, mention.end, part.end)
        if found is not None and first.start - part.start < _QUALIFIED:
            return _limit(clause, found.span("noun"), [m for m in named if m.end <= found.start()], found.end())
    found = _ALLOWED_BEFORE.match(lower, last.end, part.end)
    if found is not None and _ONLY.fullmatch(lower, part.start, first.start):
        return _limit(clause, found.span("noun"), named, found.end())
    return []


def _limit(clause: ClauseReading, noun: tuple[int, int], left: list[Mention], told: int) -> list[Draft]:
    """The rule on any other therapy than those that are left.

    Arguments:
        clause: what limits prior therapy.
        noun: where its word for a therapy stands.
        left: the therapies that patients may have had.
        told: where the words end that limit.
    """
    part, lower = clause.part, clause.lower
    start, end = noun
    known = clause.context.known
    wide = next((m for m in part.mentions if m.kind == "class" and m.start < end and start < m.end), None)
    wide = wide or Mention(start, end, "class", "systemic-anticancer-therapy", lower[start:end])
    if not known.is_anticancer(wide) or not all(known.is_anticancer(m) for m in left):
        return []  # "bridging therapy must be limited to steroids": of a time that is yet to come, or of other drugs
    settings = part.settings_in(end, told)
    conditions, own = diseases(clause, end, told)
    freed_in = part.settings_in(told, part.end)
    freed = Carveout("allows", tuple(left), None, settings=freed_in, text=lower[left[0].start : left[-1].end])
    return [
        Draft(
            part.start, part.end, Polarity.EXCLUDES, Role.PRIOR_THERAPY, [wide], None, [freed],
            conditions, own, settings, cues=cue_words(clause),
        )
    ]  # fmt: skip


def _only_in_a_setting(clause: ClauseReading) -> list[Draft]:
    """The rule on a therapy in any other setting than the one it is allowed in: "prior chemotherapy is only allowed as adjuvant"."""
    for mention in clause.part.therapies:
        words = clause.found_behind(_ONLY_IN, mention.end, 120)
        if words is None or not clause.context.known.is_anticancer(mention):
            continue
        end = mention.end + words.end()
        settings = clause.part.settings_in(end, end + _TO_SETTING)
        whole = next((m for m in clause.part.therapies if m.start == end and " part of " in words.group()), None)
        if settings or whole is not None:
            freed = Carveout("allows", settings=settings, text=clause.lower[mention.end : end])
            if not settings and whole is not None:  # "only as part of FLOT", which tells all that it held, "only as part of chemoradiation"
                told = (whole,) if whole.kind == "regimen" else ()
                freed = replace(
                    freed, effect="allows" if told else "conditional", mentions=told, text=clause.lower[mention.end : whole.end]
                )
            place = clause.part.start, clause.part.end
            return [Draft(*place, Polarity.EXCLUDES, Role.PRIOR_THERAPY, [mention], None, [freed], cues=cue_words(clause))]
    return []


def _only_in_a_part(clause: ClauseReading) -> list[Draft]:
    """The rule on a therapy that is allowed in one part of the trial alone, which the patient may enter: "only allowed in Cohort 2"."""
    named = [m for m in clause.part.therapies if clause.context.known.is_anticancer(m)]
    words = clause.found_behind(_ONLY_IN_A_PART, named[-1].end, 120) if named else None
    text = words.group().strip() if words is not None else _only_part_over(clause, named)
    if not text:
        return []
    freed = Carveout("conditional", text=text)
    return [Draft(clause.part.start, clause.part.end, Polarity.EXCLUDES, Role.PRIOR_THERAPY, named, None, [freed], cues=cue_words(clause))]


def _only_part_over(clause: ClauseReading, named: list[Mention]) -> str:
    """The part that alone permits therapies, told before them; "" for none: "in Cohort 1 only, prior X is permitted"."""
    permits = [c for c in clause.part.tagged("permit") if named and c.start >= named[-1].end and "eligible" not in c.text]
    if not permits or clause.part.tagged("neg", "prohibit") or not _OF_IT.fullmatch(clause.lower, named[-1].end, permits[0].start):
        return ""
    over = (r.words for r in reaches(clause.reading.normal.cased) if not r.in_brackets and r.start <= named[0].start < r.end)
    return next((words for words in over if _ONLY_WORD.search(words)), "")

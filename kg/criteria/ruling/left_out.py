"""What a permission leaves out: "prior immunotherapy is permitted, except ipilimumab", "allowed unless given within 4 weeks"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kg.criteria.bounds.doses import clause_doses, is_of
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.elsewhere import ELSEWHERE
from kg.criteria.clauses.exceptions import NOT_THESE
from kg.criteria.clauses.own import identity
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.ruling.one_therapy import Terms
from kg.criteria.stances.roles import role_of
from kg.criteria.stances.stable import STABLE_DOSE
from kg.criteria.therapies.narrowing import narrowed
from kg.criteria.times.timing import usable_windows
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Carveout, Mention, Polarity, Role, Rule, Section, Window

_MEDICINES = pattern("subjects: medicines")
_WHOEVER = pattern("rules: whoever was treated")
_NAMES_AT_ONCE = pattern("rules: names at once")
_TIMED_ONLY = pattern("rules: timed only")
_STRENGTH = re.compile(r"\b(?:strong|potent|moderate|weak)\b")
_NOT_SO_STRONG = re.compile(rf"\bnot\s+(?:{_STRENGTH.pattern}(?:,?\s+(?:or|and)\s+|\s*/\s*|,\s+)?)+")
_NOT_OF_IT = re.compile(r"not (?!including\b|counting\b)")
_EXCLUDED = (" excluded", " excepted")
"""The end of brackets that leave out of a permission what they name; what is "not counted" is permitted, too."""


def left_out_of(clause: ClauseReading, drafts: list[Draft], terms: Terms) -> list[Draft]:
    """The rules on what a permission of this clause leaves out.

    Arguments:
        clause: the clause.
        drafts: the rules on its therapies so far.
        terms: what it says of all of them.
    """
    permission = next((d for d in drafts if _permits(clause, d)), None) or _medicines_permitted(clause, drafts)
    if permission is None:
        permission = next((d for d in drafts if d.polarity is Polarity.REQUIRES and _denies_of_what_is_asked(clause, d)), None)
    found = _elsewhere(clause, drafts) if clause.possible & ELSEWHERE.bit else []
    if permission is None:
        return found
    permitted = [d for d in drafts if _permits(clause, d)]
    return [*_excepted(clause, permission, permitted, terms.times.at_large, terms.doses), *_of_denied_strengths(permission), *found]


def _denies_of_what_is_asked(clause: ClauseReading, draft: Draft) -> bool:
    """Whether a part of a therapy that is asked for is denied: "received X but not Y", "one line of therapy (not Y)"."""
    if any(c.text == "but not" for c in clause.part.tagged("except")):
        return True
    denied = [(start, end) for start, end, _ in clause.exceptions if _NOT_OF_IT.match(clause.lower, start)]
    named = [m for start, end in denied for m in clause.part.therapies if start <= m.start < end]
    return bool(named) and _of_the_same(clause, draft, named)


def _elsewhere(clause: ClauseReading, drafts: list[Draft]) -> list[Draft]:
    """The rules on what is permitted in one setting, in another that denies it: "adjuvant X is allowed, but not for metastatic disease"."""
    found = []
    for start, end, _ in clause.exceptions:
        settings = clause.part.settings_in(start, end)
        if settings and ELSEWHERE.fullmatch(clause.lower, start, end):
            ended = (d for d in drafts if d.polarity is Polarity.ALLOWS or (d.window is not None and not d.window.within))
            permitted = (d for d in ended if d.role is Role.PRIOR_THERAPY and d.mentions[0].end <= start)
            found += [replace(d, polarity=Polarity.EXCLUDES, settings=settings, window=None, carveouts=[]) for d in permitted]
    return found


def left_out_apart(clause: ClauseReading, permission: Rule) -> list[Draft]:
    """What a sentence of its own leaves out of a permission before it: "Any prior therapy is allowed. Exception: MEK inhibitors."."""
    part = clause.part
    draft = Draft(part.start, part.end, Polarity.ALLOWS, permission.role, list(permission.mentions), cues=cue_words(clause))
    return _excepted(clause, draft, [draft], usable_windows(clause, part, clause.lower), clause_doses(clause))


def _excepted(
    clause: ClauseReading, permission: Draft, permitted: list[Draft], usable: list[Span[Window]], doses: list[Span[tuple[str, float]]]
) -> list[Draft]:
    """The rules on what a clause excepts from a permission: on therapies, or on a time of all that are permitted."""
    found = []
    told = [m for m, why in clause.masked if why in ("told before", "anchor")]
    for start, end, kind in clause.exceptions:
        told_at = _told_at(clause, start, end)
        if told_at is None:
            continue
        window = next((w.value for w in usable if start <= w.start < end and w.value.within), None)
        therapies = [m for m in clause.part.therapies if start <= m.start < end]
        left_out = replace(permission, polarity=Polarity.EXCLUDES, window=window, carveouts=[], doubts=(), lines=None)
        above = [d for d in doses if d.value[0] == ">" and start <= clause.part.start + d.start < end]
        if above and permission.mentions and _of_the_same(clause, permission, therapies):
            found.append(replace(left_out, min_dose_mg=above[0].value[1]))  # "allowed unless > 10 mg of prednisone"
            continue
        if not therapies:
            if window is not None and _TIMED_ONLY.match(clause.lower, told_at, end):
                timed = (d for d in permitted if d.mentions)
                found += [replace(d, polarity=Polarity.EXCLUDES, window=window, carveouts=[], doubts=()) for d in timed]
            continue
        ahead = [m for m in clause.part.therapies if m.end <= start]
        if ahead and ahead[-1] in told:
            continue  # "an interval since completion of the systemic treatment (excluding hormonal therapy)" only says how to count
        if kind == "unless" and (therapies[0].kind != "pk" or clause.lower[therapies[-1].end : end].strip(" .,;)")):
            continue  # "allowed unless they are strong CYP3A4 inhibitors" tells which are not, "unless X is given, too" tells a case
        first = therapies[0].start  # "not targeting PD-1" names it in the words that except it
        if not _NAMES_AT_ONCE.fullmatch(clause.lower, min(told_at, first), first):
            continue
        settings = clause.part.settings_in(therapies[-1].end, end)
        if settings and any(start <= c.start < end for c in clause.part.tagged("permit")):
            # "… except X, which is only allowed in the adjuvant setting"
            left_out.carveouts = [Carveout("allows", settings=settings, text=clause.lower[start:end])]
        elif settings:
            left_out.settings = settings
        kinds = (n for m in therapies for n in narrowed(clause, m))
        for mention in kinds if kind == "except" else _of_what_is_permitted(kinds, permission):
            least = next((d.value[1] for d in above if is_of(clause, d, mention)), None)
            role = left_out.role if permission.mentions else role_of(clause, mention)
            found.append(replace(left_out, mentions=[mention], role=role, min_dose_mg=least))
    return found


def _of_denied_strengths(permission: Draft) -> list[Draft]:
    """The rules on inhibitors or inducers of a strength that is denied: "moderate but not strong CYP3A4 inhibitors are allowed"."""
    found = []
    for mention in permission.mentions:
        denied = _NOT_SO_STRONG.search(mention.text.lower()) if mention.strengths else None
        grades = tuple("strong" if grade == "potent" else grade for grade in _STRENGTH.findall(denied.group())) if denied else ()
        if grades:
            excludes = replace(
                permission, polarity=Polarity.EXCLUDES, mentions=[replace(mention, strengths=grades)], carveouts=[], doubts=()
            )
            found.append(excludes)
    return found


def _permits(clause: ClauseReading, draft: Draft) -> bool:
    """Whether a rule permits a therapy, if only at a stable dose."""
    stable = STABLE_DOSE in draft.doubts and (clause.context.section is not Section.EXCLUSION or clause.part.has("permit"))
    return draft.polarity is Polarity.ALLOWS or stable


def _of_the_same(clause: ClauseReading, permission: Draft, named: list[Mention]) -> bool:
    """Whether what an exception names, if anything, is what is permitted, or of it."""
    return all(any(identity(p) == identity(m) or clause.context.known.covers(p, m) for p in permission.mentions) for m in named)


def _of_what_is_permitted(roles: Iterable[Mention], permission: Draft) -> list[Mention]:
    """Roles at enzymes as far as drugs of the classes that are permitted have them: "statins are allowed unless metabolised by CYP3A4"."""
    classes = [m.key for m in permission.mentions if m.kind == "class" and m.key]
    return [replace(role, also=key) for role in roles for key in classes] if classes else list(roles)


def _told_at(clause: ClauseReading, start: int, end: int) -> int | None:
    """Where what is excepted at [start, end) can be named: behind "except", or in brackets, "(X excluded)", "(not X)"."""
    cue = next((c for c in clause.part.tagged("except", "unless") if c.start == start), None)
    if cue is not None:
        return cue.end
    denied = NOT_THESE.match(clause.lower, start, end)
    if denied is not None:
        return denied.end()
    return start if clause.lower.endswith(_EXCLUDED, start, end) else None


def _medicines_permitted(clause: ClauseReading, drafts: list[Draft]) -> Draft | None:
    """A permission of medicines at large, "other concomitant medications are allowed, except …", or of whoever had some: "pretreated
    patients may enter, except …"."""
    part = clause.part
    if drafts or clause.context.section is Section.EXCLUSION or part.tagged("neg", "prohibit", "if"):
        return None
    first = next((c for c in part.tagged("permit") if not clause.in_exception(c.start)), None)
    if first is None:
        return None
    if not (clause.found_before(_MEDICINES, first.start, 20) or clause.found_before(_WHOEVER, first.start)):
        return None
    return Draft(part.start, part.end, Polarity.ALLOWS, Role.CONCOMITANT, [], cues=cue_words(clause))

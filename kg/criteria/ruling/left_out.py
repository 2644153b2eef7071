"""What a permission leaves out: "prior immunotherapy is permitted, except ipilimumab", "allowed unless given within 4 weeks"."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.bounds.doses import clause_doses
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.ruling.one_therapy import Terms
from kg.criteria.stances.roles import role_of
from kg.criteria.therapies.narrowing import narrowed
from kg.criteria.times.timing import usable_windows
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Carveout, Polarity, Role, Rule, Section, Window

_MEDICINES = pattern("subjects: medicines")
_NAMES_AT_ONCE = pattern("rules: names at once")
_TIMED_ONLY = pattern("rules: timed only")


def left_out_of(clause: ClauseReading, drafts: list[Draft], terms: Terms) -> list[Draft]:
    """The rules on what a permission of this clause leaves out.

    Arguments:
        clause: the clause.
        drafts: the rules on its therapies so far.
        terms: what it says of all of them.
    """
    permission = next((d for d in drafts if d.polarity is Polarity.ALLOWS), None) or _medicines_permitted(clause, drafts)
    if permission is None and any(c.text == "but not" for c in clause.part.tagged("except")):
        permission = next((d for d in drafts if d.polarity is Polarity.REQUIRES), None)  # "received X but not Y"
    return [] if permission is None else _excepted(clause, permission, terms.times.at_large, terms.doses)


def left_out_apart(clause: ClauseReading, permission: Rule) -> list[Draft]:
    """What a sentence of its own leaves out of a permission before it: "Any prior therapy is allowed. Exception: MEK inhibitors."."""
    part = clause.part
    draft = Draft(part.start, part.end, Polarity.ALLOWS, permission.role, list(permission.mentions), cues=cue_words(clause))
    return _excepted(clause, draft, usable_windows(clause, part, clause.lower), clause_doses(clause))


def _excepted(clause: ClauseReading, permission: Draft, usable: list[Span[Window]], doses: list[Span[tuple[str, float]]]) -> list[Draft]:
    """The rules on what a clause excepts from a permission."""
    found = []
    told = [m for m, why in clause.masked if why in ("told before", "anchor")]
    for start, end, kind in clause.exceptions:
        cue = next((c for c in clause.part.tagged("except", "unless") if c.start == start), None)
        if cue is None:
            continue
        window = next((w.value for w in usable if start <= w.start < end and w.value.within), None)
        therapies = [m for m in clause.part.therapies if start <= m.start < end]
        left_out = replace(permission, polarity=Polarity.EXCLUDES, window=window, carveouts=[])
        if not therapies:
            if permission.mentions and window is not None and _TIMED_ONLY.match(clause.lower, cue.end, end):
                found.append(left_out)
            continue
        ahead = [m for m in clause.part.therapies if m.end <= start]
        if ahead and ahead[-1] in told:
            continue  # "an interval since completion of the systemic treatment (excluding hormonal therapy)" only says how to count
        if kind != "except" or not _NAMES_AT_ONCE.fullmatch(clause.lower, cue.end, therapies[0].start):
            continue
        settings = tuple(dict.fromkeys(c.value for c in clause.part.tagged("setting") if therapies[-1].end <= c.start < end))
        if settings and any(start <= c.start < end for c in clause.part.tagged("permit")):
            # "… except X, which is only allowed in the adjuvant setting"
            left_out.carveouts = [Carveout("allows", settings=settings, text=clause.lower[start:end])]
        elif settings:
            left_out.settings = settings
        left_out.min_dose_mg = next((d.value[1] for d in doses if d.value[0] == ">" and start <= clause.part.start + d.start < end), None)
        for mention in (n for m in therapies for n in narrowed(clause, m)):
            found.append(replace(left_out, mentions=[mention], role=left_out.role if permission.mentions else role_of(clause, mention)))
    return found


def _medicines_permitted(clause: ClauseReading, drafts: list[Draft]) -> Draft | None:
    """A permission of medicines at large: "other concomitant medications are allowed, except …"."""
    part = clause.part
    if drafts or clause.context.section is Section.EXCLUSION or part.tagged("neg", "prohibit", "if"):
        return None
    first = next((c for c in part.tagged("permit") if not clause.in_exception(c.start)), None)
    if first is None:
        return None
    if not clause.found_before(_MEDICINES, first.start, 20):
        return None
    return Draft(part.start, part.end, Polarity.ALLOWS, Role.CONCOMITANT, [], cues=cue_words(clause))

""" "Other" drugs of a class, ruled on behind some of it: those told of before, in the same criterion or list, are not meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC
from kg.criteria.clauses.own import Background, identity
from kg.records import Carveout, Clause, Criterion, Mention, Polarity, Role, Rule, Section

_OTHER = re.compile(
    r"\b(?:other|another|otherwise no|additional|further|remaining)\s+"
    r"(?:(?:types?|kinds?|forms?|classes)\s+of\s+)?(?:(?:prior|previous|concomitant|concurrent|systemic|adjuvant|neoadjuvant)\s+){0,2}$",
    re.IGNORECASE,
)
_REACH = 50
_NOT_ASKED = "not asked"
_SYSTEMIC = "systemic-corticosteroid"


def others_meant(text: str, criteria: Sequence[Criterion], rules: list[Rule], clauses: Sequence[Clause], known: Background) -> None:
    """What is told of before "other X" in the same criterion, or in a bullet of the same list, is left out of X.

    "Prednisone above 10 mg; or another immunosuppressive agent" leaves 5 mg of prednisone alone, as "patients on any other endocrine
    therapy are ineligible" leaves that which the bullet before permits. What was only told of in a setting, or when it failed, can
    be meant.

    Arguments:
        text: the record's text.
        criteria: its criteria.
        rules: all rules of the trial, changed in place.
        clauses: its clauses, of which some only name a therapy: "on GnRH agonists; no other hormonal therapy".
        known: how classes of therapies stand to each other.
    """
    for rule in rules:
        if rule.polarity is not Polarity.EXCLUDES or rule.role not in (Role.PRIOR_THERAPY, Role.CONCOMITANT):
            continue
        wide = [m for m in rule.mentions if m.kind == "class"]
        wide = [m for m in wide if _OTHER.search(text, max(rule.start, m.start - _REACH), m.start)]
        for clause in clauses if wide else ():
            if clause.criterion == rule.criterion and clause.end <= rule.start:
                only_named = tuple(m for m in clause.mentions if m.set_aside == _NOT_ASKED and any(_is_kind(w, m, known) for w in wide))
                if only_named:
                    own = Carveout("allows", only_named, text=clause.text, start=clause.start, end=clause.end)
                    rules[rule.number] = rules[rule.number].with_carveouts(own)
        for before in rules[: rule.number] if wide else ():
            if before.role not in (Role.PRIOR_THERAPY, Role.CONCOMITANT) or not _leads(criteria, before, rule):
                continue
            here = before.criterion == rule.criterion and (before.polarity is not Polarity.EXCLUDES or rule.section is Section.INCLUSION)
            named = tuple(m for m in before.mentions if any(_is_kind(w, m, known) and (here or w.key not in GENERIC) for w in wide))
            itself = {identity(m) for m in (*rule.mentions, *(m for c in rule.carveouts for m in c.mentions))}
            named = tuple(m for m in named if identity(m) not in itself)
            if named and not before.routes:
                limited = before.settings or before.conditions or before.outcomes or before.lines is not None
                told = before.settings if before.polarity is Polarity.ALLOWS else ()
                effect = "depends" if limited and not told and not _asks_before(before, rule) else "allows"
                own = Carveout(effect, named, settings=told, text=before.quote, start=before.start, end=before.end)
                rules[rule.number] = rules[rule.number].with_carveouts(own)


def _leads(criteria: Sequence[Criterion], before: Rule, rule: Rule) -> bool:
    """Whether a rule comes from words before those of another, in its criterion or in a bullet of its list below a bullet."""
    if before.criterion == rule.criterion:
        return before.end <= rule.start or _asks_before(before, rule)
    above = criteria[rule.criterion].parent
    return above is not None and above == criteria[before.criterion].parent and before.polarity is not Polarity.REQUIRES


def _asks_before(before: Rule, rule: Rule) -> bool:
    """Whether a clause asks for a therapy before it forbids others: "one prior platinum-based regimen (but no other systemic therapy)"."""
    asks = before.polarity is Polarity.REQUIRES and before.start == rule.start
    return asks and max(m.end for m in before.mentions) <= min(m.start for m in rule.mentions)


def _is_kind(wide: Mention, mention: Mention, known: Background) -> bool:
    """Whether a therapy is of a class, and not the class itself."""
    steroids = mention.kind == "class" and mention.key in known.steroids
    narrow = replace(mention, key=_SYSTEMIC) if steroids else mention  # what is only inhaled suppresses nothing
    return identity(wide) != identity(narrow) and known.covers(wide, narrow)

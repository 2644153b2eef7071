"""Which drugs are meant by a role at an enzyme, where a class before it says so: "oral anticoagulants that are metabolised by CYP3A4"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.words.lexicon import swallowed
from kg.criteria.words.patterns import pattern
from kg.records import ANY_MEDICINE, Mention

_RESTRICTED = pattern("subjects: restricted")
_AND_FOODS = pattern("narrowing: and foods")
_SMALL_CHANGES = pattern("narrowing: small changes")
_OF_FOODS = pattern("narrowing: of foods")
_ONE_OF_MORE = re.compile(r"\b(?:drugs?|medic\w+|agents?|substances?|products?|foods?|compounds?)\s*(?:,|/|\(|\bor\b|\band\b)[^.;]{0,20}$")
"""Before a class, what stands in one list with it and is limited by no class: "drugs or herbal products that induce CYP3A4"."""
_AND_MORE = re.compile(r"\s*(?:and/or|and|or|/)\s*(?:[\w-]+\s+){0,2}?(?:drugs?|medic\w+|agents?|substances?|compounds?)\b")
"""Behind a class, such things: "herbal supplements or drugs that induce CYP3A4"."""
_PARTICIPLE = re.compile(r"(?:metaboli[sz]ed|eliminated|cleared|transported|inhibiting|inducing)\b")
_THE_FOOD = re.compile(r"\s(?P<food>\w+?)s?\b(?!\s*(?:[,/]|or\b|and\b))")
_ACTING = ("inducing", "inhibiting")


def of_a_role(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """What acts so at an enzyme as far as it is of the classes, or the foods, before it; all of it where none limits it.

    Arguments:
        clause: the clause that names it.
        mention: the role.
    """
    if mention.role == "substrate" and clause.found_behind(_SMALL_CHANGES, mention.end, 200):
        # What a narrow index means may be spelled out: "substrates where minimal concentration changes may lead to serious toxicities".
        mention = replace(mention, narrow_index=True)
    foods = clause.found_before(_OF_FOODS, mention.start, 200)
    if foods is not None and not _ONE_OF_MORE.search(foods.string, 0, foods.start()):
        return [replace(mention, also=key) for key in dict.fromkeys(key for word, key in swallowed().items() if word in foods["foods"])]
    fruit = _THE_FOOD.match(clause.lower, mention.end) if mention.text.lower().endswith(_ACTING) else None
    if fruit is not None and fruit["food"] in swallowed():
        return [replace(mention, also=swallowed()[fruit["food"]])]  # "CYP3A4-inhibiting fruit"
    heads = [
        m
        for m in clause.part.mentions
        if says_which(clause, mention, m)
        and not _ONE_OF_MORE.search(clause.before(m.start))
        and not _AND_MORE.match(clause.lower, m.end, mention.start)
    ]
    return [replace(mention, also=m.key) for m in heads] or [mention]


def says_which(clause: ClauseReading, role: Mention, head: Mention) -> bool:
    """Whether a role at an enzyme says which drugs of a class are meant: "oral anticoagulants that are metabolised by CYP3A4"."""
    if head.kind != "class" or not head.key or head.key in (ANY_MEDICINE, *GENERIC):
        return False
    if head.start == role.end + 1:
        return role.text.lower().endswith(_ACTING)  # "CYP3A4-inducing anticonvulsants"
    if head.end >= role.start:
        return False
    gap = clause.lower[head.end : role.start]
    if gap == " ":
        return _PARTICIPLE.match(role.text.lower()) is not None
    joined = any(m.kind == "class" and head.end < m.start < role.start for m in clause.part.mentions)
    if head.key in swallowed().values() and _AND_FOODS.match(gap):
        return True  # "herbal supplements or foods that inhibit CYP3A4"
    return _RESTRICTED.match(gap) is not None and (joined or not gap.startswith(" or "))

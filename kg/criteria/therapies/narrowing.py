"""What a name is narrowed or widened to by the words beside it: a class by its target, a form by others, herbs by their use."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ANY_MEDICINE, GENERIC, SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.therapies.immune import on_the_immune_system
from kg.criteria.therapies.like import with_like
from kg.criteria.therapies.loads import is_adjective, is_load, of_a_load, told_by_its_load
from kg.criteria.therapies.operations import of_organs
from kg.criteria.therapies.routes import OF_ONE_ROUTE, is_of_either_kind, routes_before
from kg.criteria.therapies.told_in_brackets import SYSTEMIC, is_systemic
from kg.criteria.therapies.vaccines import AGAINST_CANCER, is_against_a_tumour
from kg.criteria.words.lexicon import general_classes, swallowed
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_ANTICANCER = pattern("subjects: aside herbal")
_ASIDE = pattern("subjects: aside")
_LISTED = pattern("subjects: listed")
_NARROWS_AFTER = pattern("subjects: narrows after")
_NARROWS_BEFORE = pattern("subjects: narrows before")
_RESTRICTED = pattern("subjects: restricted")
_AND_FOODS = pattern("narrowing: and foods")
_TARGETING = pattern("subjects: targeting")
_SMALL_CHANGES = pattern("narrowing: small changes")
_SAME_AFTER = pattern("narrowing: same target after")
_SAME_BEFORE = pattern("narrowing: same target before")
_UNKNOWN_AFTER = pattern("narrowing: unknown after")
_UNKNOWN_BEFORE = pattern("narrowing: unknown before")
_ONE_OF_MORE = re.compile(r"\b(?:drugs?|medic\w+|agents?|substances?|products?|foods?|compounds?)\s*(?:,|/|\bor\b|\band\b)[^.;]{0,20}$")
"""Before a class, what stands in one list with it and is limited by no class: "drugs or herbal products that induce CYP3A4"."""
_PARTICIPLE = re.compile(r"(?:metaboli[sz]ed|eliminated|cleared|transported|inhibiting|inducing)\b")
_ACTING = ("inducing", "inhibiting")
_AGAINST_CANCER = frozenset({"systemic-anticancer-therapy", "anticancer-therapy"})
_EXAMPLES = re.compile(r"\b(?:including|includes?|such as|like|e\.g|i\.e)\b|[(:]")
_OTHER = re.compile(r"\bother\s+$")
_ENDS_LIST = re.compile(r"[;)]|\b(?:within|prior|other)\b")
_NON = pattern("subjects: non")
_WORD = re.compile(r"[\w-]+")
_HERBAL = {"herbal-product": "herbal-anticancer-medicine", "traditional-chinese-medicine": "herbal-anticancer-medicine"}
_OF_ANY_USE = frozenset({"biologic-therapy", "monoclonal-antibody", "antibody-based-therapy", "immunomodulator"})
"""Kinds of drug that are given for other ends, too."""
_AGAINST = re.compile(r"anti-?\s?(?:cancer|tumou?r|neoplastic)\b")
_WITH_ONE = re.compile(r"\s+(?:with|by|using)\s+(?:(?!\b(?:within|prior|previous|us(?:e|ing)|receiving|treatment)\b)[^.;()])*")
_FOR_CANCER = pattern("narrowing: for cancer")
_ANTIVIRAL = "antiviral"
_VIRUSES = {"hepatitis-b": "hbv-antiviral", "hepatitis-c": "hcv-antiviral", "hiv-infection": "antiretroviral"}
_ANTICOAGULANTS = frozenset({"anticoagulant", "oral-anticoagulant", "antithrombotic"})
_BY_INR = "vitamin-k-antagonist"
_MONITORED = pattern("narrowing: dosed by INR")
_LIKE, _STEROIDS = "systemic-corticosteroid", "corticosteroid"
_PLATELETS, _RED_CELLS, _ANY_TRANSFUSION = "platelet-transfusion", "red-cell-transfusion", "blood-transfusion"
_OF_A_PART = {_PLATELETS: _ANY_TRANSFUSION, _RED_CELLS: _ANY_TRANSFUSION}
"""Classes of one part, with what is meant where a part that shares their noun stands before them."""
_COUNTS_PLATELETS = re.compile(r"\b(?:platelets?|plt|thrombocyte)\b")
_COUNTS_RED_CELLS = re.compile(r"\b(?:ha?emoglobin|hgb|hb|ha?ematocrit)\b")
_OTHER_COUNTS = re.compile(r"\b(?:neutrophils?|anc|leu[ck]ocytes?|wbc|counts)\b")
_AND_ANOTHER_PART = pattern("narrowing: and another part")
_THROUGHOUT = SYSTEMIC_ROUTES | {"intramuscular"}
_CHEMOTHERAPY = "chemotherapy"
_ANTIARRHYTHMIC = "antiarrhythmic"
_BY_GRADE = {
    **dict.fromkeys(("i", "1"), "class-i-antiarrhythmic"),
    **dict.fromkeys(("ii", "2"), "beta-blocker"),
    **dict.fromkeys(("iii", "3"), "class-iii-antiarrhythmic"),
}
_OF_FOODS = pattern("narrowing: of foods")
_GRADES = pattern("narrowing: antiarrhythmic grades")
_GRADE = re.compile(r"\b(i{1,3}|iv|[1-4])[abc]?\b")
_IMMUNOTHERAPY = "immunotherapy"
_ALLERGIC = frozenset({"hypersensitivity", "asthma", "eczema"})
_ALLERGENS = pattern("narrowing: allergens")
_OF_HORMONES = frozenset({"sex-hormone", "endocrine-therapy"})
_TO_SUPPRESS_IMMUNITY = pattern("narrowing: to suppress immunity")
_STEROID_HORMONES = pattern("narrowing: steroid hormones")
_STEROID_HORMONES_BEFORE = pattern("narrowing: steroid hormones before")
_TARGETS = frozenset({"target", "biomarker"})
_T_CELL_ARM = frozenset({"cd3", "t-cell-engager"})
_AT = re.compile(r"\b(?:for|to|at|against)\b")
_JOINED = re.compile(r"[/\u00d7]\s?(?:anti-?\s?)?\w+|\dx\s?CD3", re.IGNORECASE)
_AIMED = ("targeted", "targeting", "directed")
_BY_TARGET = frozenset({"kinase-inhibitor", "tyrosine-kinase-inhibitor"})
"""Classes that a target names without a word for it: "CDH99 kinase inhibitors"."""
_ANTIBODIES = "monoclonal-antibody"
_MOST_TO_TARGET = 40
"""A target stands at most this many characters before what is aimed at it."""
_MOST_TO_EXAMPLES = 4
"""Between a class and "e.g." stand at most this many characters: a comma, a bracket."""
_MOST_TO_HERB = 160
"""Further behind "including" than this many characters no herb is an example of cancer therapy."""


def narrowed(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """A general class as the target beside it narrows it: "mAbs targeting TIGIT" are drugs against TIGIT, not all antibodies.

    Nothing is left where a class beside it is read by itself, or its target is none that is known.
    """
    if mention.kind == "pk":
        # What a narrow index means may be spelled out: "substrates where minimal concentration changes may lead to serious toxicities".
        if mention.role == "substrate" and clause.found_behind(_SMALL_CHANGES, mention.end, 200):
            mention = replace(mention, narrow_index=True)
        foods = clause.found_before(_OF_FOODS, mention.start, 200)
        if foods is not None and not _ONE_OF_MORE.search(foods.string, 0, foods.start()):
            return [replace(mention, also=key) for key in dict.fromkeys(key for word, key in swallowed().items() if word in foods["foods"])]
        heads = [m for m in clause.part.mentions if says_which(clause, mention, m) and not _ONE_OF_MORE.search(clause.before(m.start))]
        return [replace(mention, also=m.key) for m in heads] or [mention]
    if mention.key in GENERIC and clause.found_behind(_TO_SUPPRESS_IMMUNITY, mention.end, 120):
        return [replace(mention, key="immunosuppressant")]
    if is_systemic(clause, mention):
        return [replace(mention, key=SYSTEMIC)]
    if is_against_a_tumour(clause, mention):
        return [replace(mention, key=AGAINST_CANCER)]
    if mention.kind == "class" and clause.found_before(_NON, mention.start, 8):
        return _all_but(clause, mention)
    if mention.key in _OF_ANY_USE and _of_cancer_therapy(clause, mention):
        return [replace(mention, also="systemic-anticancer-therapy")]
    if mention.key == _ANTIVIRAL:
        return [replace(mention, key=_VIRUSES[key]) for key in _viruses(clause)] or [mention]
    if mention.key in _ANTICOAGULANTS and clause.found_behind(_MONITORED, mention.end, 120):
        return [replace(mention, key=_BY_INR)]
    if mention.key in _HERBAL and _against_cancer(clause, mention):
        return [replace(mention, key=_HERBAL[mention.key])]
    if mention.key in OF_ONE_ROUTE and _of_more_forms(clause, mention, systemic=True):
        return [replace(mention, key=_CHEMOTHERAPY if mention.text.lower().endswith(_CHEMOTHERAPY) else OF_ONE_ROUTE[mention.key])]
    if mention.key == _LIKE and _of_more_forms(clause, mention, systemic=False):
        return [replace(mention, key=_STEROIDS)]
    if mention.key == "systemic-anticancer-therapy" and is_of_either_kind(clause, mention):
        return [replace(mention, key="anticancer-therapy")]
    if operated := of_organs(clause, mention):
        return operated
    if mention.key in _OF_A_PART and clause.found_before(_AND_ANOTHER_PART, mention.start, 40):
        # "Red cell or platelet transfusion": a part that shares the noun is not passed over.
        return [replace(mention, key=_OF_A_PART[mention.key])]
    if mention.key == _ANY_TRANSFUSION:
        return [replace(mention, key=_of_its_count(clause, mention))]
    if mention.key == _STEROIDS and _by_the_whole_body(clause, mention):
        return [replace(mention, key=_LIKE)]
    if mention.key in _OF_HORMONES and _of_steroid_hormones(clause, mention):
        return [replace(mention, key=_STEROIDS if mention.key == "sex-hormone" else _LIKE)]
    if _only_engages(clause, mention):
        return []
    graded = _of_grades(clause, mention)
    if graded:
        return graded
    like = with_like(clause, mention)
    if len(like) > 1:
        return like
    if is_adjective(clause, mention) or is_load(clause, mention):
        return []
    adjective = next((m for m in clause.part.mentions if m.end == mention.start - 1 and is_adjective(clause, m)), None)
    if adjective is not None:
        mention = replace(mention, also=adjective.key)
    if mention.key == _IMMUNOTHERAPY and _of_allergens(clause):
        return [replace(mention, key="allergen-immunotherapy")]
    immune = on_the_immune_system(clause, mention)
    if immune:
        return immune
    loaded = of_a_load(clause, mention)
    if loaded is not None:
        return [loaded]
    if mention.kind != "class" or mention.key not in general_classes():
        return [replace(mention, also=_ANTIBODIES)] if _of_antibodies(clause, mention) else [mention]
    if _is_example_of_targeted(clause, mention) or told_by_its_load(clause, mention) or _on_the_same_target(clause, mention):
        return []
    others = [m for m in clause.part.mentions if m is not mention and (m.kind in _TARGETS or (m.kind == "class" and m.key != mention.key))]
    others = [m for m in others if clause.in_exception(m.start) == clause.in_exception(mention.start)]  # "(VEGFR inhibitors excepted)"
    before = [m for m in others if m.end <= mention.start and _NARROWS_BEFORE.fullmatch(clause.lower[m.end : mention.start])]
    after = [m for m in others if m.start >= mention.end and _NARROWS_AFTER.fullmatch(clause.lower[mention.end : m.start])]
    against = [m for m in before if m.kind == "class" and m.text.lower().startswith("anti")]
    for m in others if not any(b.kind in _TARGETS for b in before) else ():
        gap = _without_general(clause, mention.end, m.start) if m.kind == "class" and m.start >= mention.end else "-"
        if _ASIDE.fullmatch(IN_BRACKETS.sub(" ", gap)) and (_TARGETING.match(m.text.lower()) or gap.strip() == "("):
            against.append(m)
    if against:
        return []  # the class beside it is read by itself
    beside = [m for m in before + after if m.kind in _TARGETS]
    named = {m.start for m in beside if m.kind == "target"}
    chain = _coordinated(clause, others, [m for m in beside if m.kind == "target" or m.start not in named])
    if not chain:
        known = _of_another_target(clause, mention, others)
        if known is None:
            return [mention]
        chain = known
    return [replace(mention, key="", target=m.target or m.key, action="targeted") for m in chain]


def _of_its_count(clause: ClauseReading, mention: Mention) -> str:
    """What is transfused to raise the one blood count that a clause tells of: "platelets of 75,000 without transfusion"."""
    if not mention.text.lower().startswith("transfus"):
        return mention.key
    told = clause.lower[max(clause.part.start, clause.sentence(mention.start)) : mention.start]
    platelets, red_cells = _COUNTS_PLATELETS.search(told) is not None, _COUNTS_RED_CELLS.search(told) is not None
    if platelets == red_cells or _OTHER_COUNTS.search(told):
        return mention.key
    return _PLATELETS if platelets else _RED_CELLS


def _of_antibodies(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only antibodies are meant by words for a target: "monoclonal antibodies (approved or not) that target VEGF"."""
    if mention.also or _TARGETING.match(mention.text.lower()) is None:
        return False
    heads = [m for m in clause.part.mentions if m.kind == "class" and m.end <= mention.start]
    return bool(heads) and heads[-1].key == _ANTIBODIES and IN_BRACKETS.sub("", clause.lower[heads[-1].end : mention.start]).strip() == ""


def _only_engages(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is the arm of a bispecific that holds the T cell: the CD3 of "anti-CD19/anti-CD3 therapy", "CD20/CD3 antibodies"."""
    if mention.kind != "class" or _T_CELL_ARM.isdisjoint((mention.key, mention.target)) or not _JOINED.search(mention.text):
        return False
    return any((m.start, m.end) == (mention.start, mention.end) and m.key != mention.key for m in clause.part.mentions)


def _of_steroid_hormones(clause: ClauseReading, mention: Mention) -> bool:
    """Whether "hormones" are corticosteroids: beside immunosuppressants, or with a dose of prednisone."""
    if not re.fullmatch(r"(?:\w+ )?hormon\w*(?: \w+)?", mention.text.lower()):
        return False
    after = clause.found_behind(_STEROID_HORMONES, mention.end, 120)
    return after is not None or clause.found_before(_STEROID_HORMONES_BEFORE, mention.start, 120) is not None


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


def _all_but(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """What "non-" before a class speaks of: chemotherapy in "non-platinum chemotherapy", any against cancer in "non-hormonal therapy"."""
    known = clause.context.known
    words = list(_WORD.finditer(mention.text))
    for word in words[1:]:
        for match in known.names.lookup(mention.text[word.start() :], ("class",)):
            rest = replace(mention, start=mention.start + word.start(), key=match.key, text=mention.text[word.start() :])
            if known.covers(rest, mention):
                return [rest]
    if len(words) > 1 and known.is_anticancer(mention):
        last = words[-1].start()
        return [replace(mention, start=mention.start + last, key="systemic-anticancer-therapy", text=mention.text[last:])]
    return []


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
    listed = [m for m in others if m.kind in _TARGETS and m.end <= at and _LISTED.fullmatch(clause.lower, m.end, at)]
    return _coordinated(clause, others, listed[-1:])


def _against_cancer(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a herb is told of as cancer therapy: "herbs for cancer", "anti-cancer therapy, including chemotherapy, herbs"."""
    if _ANTICANCER.search(clause.before(mention.start, 30) + " " + clause.after(mention.end, 90)):
        return True
    return any(
        c.end <= mention.start < c.end + _MOST_TO_HERB
        and any(0 <= c.start - m.end <= 3 and clause.context.known.is_anticancer(m) for m in clause.part.mentions)
        and not any(
            c.end <= m.start < mention.start and m.kind == "class" and not clause.context.known.is_anticancer(m)
            for m in clause.part.mentions
        )
        for c in clause.part.tagged("example")
    )


def _viruses(clause: ClauseReading) -> list[str]:
    """The infections that a clause or the bullet above names, whose antivirals it means by "antiviral therapy"."""
    above = clause.context.lead.mentions if clause.context.lead else ()
    named = [m.key for m in clause.reading.mentions if m.key in _VIRUSES] or [m.key for m in above if m.key in _VIRUSES]
    return list(dict.fromkeys(named))


def _of_cancer_therapy(clause: ClauseReading, mention: Mention) -> bool:
    """Whether biologics are named as cancer therapy: "anticancer therapy, including biologics", "anti-cancer antibodies"."""
    if _AGAINST.match(mention.text.lower()) or clause.found_behind(_FOR_CANCER, mention.end):
        return True
    neoplasms = clause.context.known.neoplasms
    if any(m.end == mention.start - 1 and m.kind == "condition" and m.key in neoplasms for m in clause.part.mentions):
        return True  # "multiple myeloma monoclonal antibody therapy"
    for m in clause.part.mentions:
        if m.key not in _AGAINST_CANCER or abs(m.start - mention.start) > _MOST_TO_HERB:
            continue
        if m.end <= mention.start and (
            _EXAMPLES.search(clause.lower, m.end, mention.start) or _WITH_ONE.fullmatch(clause.lower, m.end, mention.start)
        ):
            return True
        if m.start >= mention.end and _OTHER.search(clause.lower, mention.end, m.start):
            return True
    return False


def _of_more_forms(clause: ClauseReading, mention: Mention, *, systemic: bool) -> bool:
    """Whether a form's name shares its noun with one before it, systemic or local: "systemic or inhaled steroids"."""
    return any((route in SYSTEMIC_ROUTES) == systemic for route in routes_before(clause, mention))


def _by_the_whole_body(clause: ClauseReading, mention: Mention) -> bool:
    """Whether steroids are named by routes to the whole body alone: "oral, intramuscular or intravenous corticosteroids"."""
    before = routes_before(clause, mention)
    return bool(before) and _THROUGHOUT.issuperset(before)


def _of_grades(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """Antiarrhythmics by the classes that share their noun: "class Ia, Ic or III antiarrhythmic drugs"."""
    found = clause.found_before(_GRADES, mention.start) if mention.key == _ANTIARRHYTHMIC else None
    grades = [] if found is None else _GRADE.findall(found["grades"])
    return [replace(mention, key=key) for key in dict.fromkeys(_BY_GRADE.get(grade, _ANTIARRHYTHMIC) for grade in grades)]


def _of_allergens(clause: ClauseReading) -> bool:
    """Whether "immunotherapy" is desensitisation: where no cancer is treated, but an allergy is or allergens are named."""
    if clause.context.may_treat_cancer:
        return False
    return not _ALLERGIC.isdisjoint(clause.context.own_conditions) or _ALLERGENS.search(clause.lower) is not None


def _is_example_of_targeted(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a general class only tells the forms of drugs on a target: "EGFR-targeting agents (e.g. mAbs)", "EGFR therapy (TKI)"."""
    inside = clause.reading.paren_of(mention.start)
    heads = [m for m in clause.part.mentions if inside is not None and m.kind == "class" and 0 <= inside[0] - m.end <= 1]
    if any(m.key in clause.context.known.of_one_target and m.key not in general_classes() for m in heads):
        return True
    for cue in clause.part.tagged("example"):
        paren = clause.reading.paren_of(cue.start)
        if cue.start > mention.start or (paren and mention.start > paren[1]) or _ENDS_LIST.search(clause.lower, cue.end, mention.start):
            continue
        named = [m for m in clause.part.mentions if m.kind == "class" and 0 <= cue.start - m.end <= _MOST_TO_EXAMPLES]
        if any(m.key in clause.context.known.of_one_target and m.key not in general_classes() for m in named):
            return True
    return False


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
    for other in reversed(others):
        if (
            other.kind == "target"
            and other not in chain
            and chain
            and _LISTED.fullmatch(
                clause.lower[other.end : min(m.start for m in chain)] if other.end <= min(m.start for m in chain) else "x"
            )
        ):
            chain.append(other)
    for other in others if chain else ():
        behind = max(m.end for m in chain)
        if other.kind == "target" and other.start >= behind and _LISTED.fullmatch(_AT.sub(" ", clause.lower[behind : other.start])):
            chain.append(other)  # "specific for BRAF or for MEK"
    return chain

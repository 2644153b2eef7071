"""What a name is narrowed or widened to by the words beside it: a class by its target, a form by others, herbs by their use."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC, SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.therapies.at_an_enzyme import of_a_role
from kg.criteria.therapies.by_target import ANTIBODIES, by_its_target, of_antibodies
from kg.criteria.therapies.immune import on_the_immune_system
from kg.criteria.therapies.like import with_like
from kg.criteria.therapies.loads import is_adjective, is_load, of_a_load
from kg.criteria.therapies.operations import of_organs
from kg.criteria.therapies.routes import OF_ONE_ROUTE, is_of_either_kind, routes_before
from kg.criteria.therapies.told_in_brackets import IMMUNOTHERAPY, SYSTEMIC, is_systemic, is_told_to_mean, spells_out_a_regimen
from kg.criteria.therapies.vaccines import AGAINST_CANCER, is_against_a_tumour
from kg.criteria.words.patterns import pattern
from kg.knowledge.general import general_classes
from kg.records import Mention

_ANTICANCER = pattern("subjects: aside herbal")
_AGAINST_CANCER = frozenset({"systemic-anticancer-therapy", "anticancer-therapy"})
_EXAMPLES = re.compile(r"\b(?:including|includes?|such as|like|e\.g|i\.e)\b|[(:]")
_OTHER = re.compile(r"\bother\s+$")
_NON = pattern("subjects: non")
_WORD = re.compile(r"[\w-]+")
_NEXT_WORD = re.compile(r"(?<=[\s-])\w")
_HERBAL = {"herbal-product": "herbal-anticancer-medicine", "traditional-chinese-medicine": "herbal-anticancer-medicine"}
_LIKE_A_HORMONE = pattern("narrowing: like a hormone")
_OF_ANY_USE = frozenset({"biologic-therapy", "monoclonal-antibody", "antibody-based-therapy", "immunomodulator"})
"""Kinds of drug that are given for other ends, too."""
_BIOLOGIC = "biologic-therapy"
_KINDS_OF_CANCER_THERAPY = frozenset(
    {"chemotherapy", "radiotherapy", "endocrine-therapy", "targeted-therapy", "systemic-anticancer-therapy", "anticancer-therapy"}
)
_THERAPY_FOR = re.compile(r"\btherap(?:y|ies)\s+for\s+(?:\w+\s+){0,2}$")
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
_FOR_A_COUNT = {
    _ANY_TRANSFUSION: (_PLATELETS, _RED_CELLS),
    "growth-factor": ("thrombopoietin-receptor-agonist", "erythropoiesis-stimulating-agent"),
}
"""What raises platelets, and what raises hemoglobin, where a class has both."""
_TO_RAISE_IT = ("transfus", "growth factor")
"""How their names begin where nothing else tells which of them are meant."""
_COUNTS_PLATELETS = re.compile(r"\b(?:platelets?|plt|thrombocyte)\b")
_COUNTS_RED_CELLS = re.compile(r"\b(?:ha?emoglobin|hgb|hb|ha?ematocrit)\b")
_OTHER_COUNTS = re.compile(r"\b(?:neutrophils?|anc|leu[ck]ocytes?|white (?:blood )?cells?|wbc|counts)\b")
_AND_ANOTHER_PART = pattern("narrowing: and another part")
_THROUGHOUT = SYSTEMIC_ROUTES | {"intramuscular"}
_CHEMOTHERAPY, _HIGH_DOSE = "chemotherapy", "high-dose-chemotherapy"
_OR_HIGH_DOSE = pattern("narrowing: or in a high dose")
_INVESTIGATIONAL = "investigational-agent"
_BY_ANY_ROUTE = frozenset({"systemic", "intravenous"})
"""What is given so is most of cancer therapy."""
_ALLERGENS_GIVEN = "allergen-immunotherapy"
_OF_IMMUNOTHERAPY = re.compile(r"(?:subcutaneous|oral) immunotherap(?:y|ies)")
"""Names of desensitisation that tell a route alone."""
_ANTIARRHYTHMIC = "antiarrhythmic"
_BY_GRADE = {
    **dict.fromkeys(("i", "1"), "class-i-antiarrhythmic"),
    **dict.fromkeys(("ii", "2"), "beta-blocker"),
    **dict.fromkeys(("iii", "3"), "class-iii-antiarrhythmic"),
}
_GRADES = pattern("narrowing: antiarrhythmic grades")
_GRADES_BEHIND = pattern("narrowing: antiarrhythmic grades behind")
_GRADE = re.compile(r"\b(i{1,3}|iv|[1-4])[abc]?\b")
_ALLERGIC = frozenset({"hypersensitivity", "asthma", "eczema"})
_ALLERGENS = pattern("narrowing: allergens")
_HORMONE, _ENDOCRINE = "sex-hormone", "endocrine-therapy"
_OF_HORMONES = frozenset({_HORMONE, _ENDOCRINE})
_TO_SUPPRESS_IMMUNITY = pattern("narrowing: to suppress immunity")
_MYELOSUPPRESSIVE = pattern("narrowing: myelosuppressive")
_STEROID_HORMONES = pattern("narrowing: steroid hormones")
_STEROID_HORMONES_BEFORE = pattern("narrowing: steroid hormones before")
_T_CELL_ARM = frozenset({"cd3", "t-cell-engager"})
_JOINED = re.compile(r"[/\u00d7]\s?(?:anti-?\s?)?\w+|\dx\s?CD3", re.IGNORECASE)
_MOST_TO_HERB = 160
"""Further behind "including" than this many characters no herb is an example of cancer therapy."""


def narrowed(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """What is meant by a name beside the words of its clause: by "mAbs targeting TIGIT" drugs against TIGIT, not all antibodies.

    Nothing is left where a class beside it is read by itself, or its target is none that is known.
    """
    if mention.kind == "pk":
        return of_a_role(clause, mention)
    key = _by_what_it_treats(clause, mention)
    if key is not None:
        return [replace(mention, key=key)]
    if mention.kind == "class" and clause.found_before(_NON, mention.start, 8):
        return _all_but(clause, mention)
    told = _by_its_use(clause, mention) or of_organs(clause, mention) or _of_grades(clause, mention)
    if told:
        return told
    key = _by_its_count(clause, mention) or _by_its_form(clause, mention)
    if key is not None:
        return [replace(mention, key=key)]
    if _only_engages(clause, mention):
        return []
    if spells_out_a_regimen(clause, mention):
        return []
    like = with_like(clause, mention)
    if len(like) > 1:
        return like
    if is_adjective(clause, mention) or is_load(clause, mention):
        return []
    return _as_a_class(clause, _with_its_adjective(clause, mention))


def _by_what_it_treats(clause: ClauseReading, mention: Mention) -> str | None:
    """The class that is meant where words at large are said to be of one use, or to harm so: "therapy to suppress the immune system"."""
    if mention.key in GENERIC and clause.found_behind(_TO_SUPPRESS_IMMUNITY, mention.end, 120):
        return "immunosuppressant"
    if mention.key in _AGAINST_CANCER and clause.found_behind(_MYELOSUPPRESSIVE, mention.end, 120):
        return "myelosuppressive-anticancer-therapy"
    if is_systemic(clause, mention):
        return SYSTEMIC
    return AGAINST_CANCER if is_against_a_tumour(clause, mention) else None


def _by_its_use(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """Drugs that are given for more than one end as those for the one that is told of; none where none is."""
    key = mention.key
    if key in _OF_ANY_USE and _of_cancer_therapy(clause, mention):
        return [replace(mention, also="systemic-anticancer-therapy")]
    if key == _INVESTIGATIONAL and _AGAINST.search(mention.text.lower()) and _BY_ANY_ROUTE & set(routes_before(clause, mention)):
        return [mention, replace(mention, key=SYSTEMIC)]  # "systemic or investigational anticancer agents"
    if key == _ANTIVIRAL:
        return [replace(mention, key=_VIRUSES[virus]) for virus in _viruses(clause)] or [mention]
    if key in _ANTICOAGULANTS and clause.found_behind(_MONITORED, mention.end, 120):
        return [replace(mention, key=_BY_INR)]
    if key in _HERBAL and _against_cancer(clause, mention):
        return [replace(mention, key=_HERBAL[key])]
    if key in _HERBAL and clause.found_behind(_LIKE_A_HORMONE, mention.end, 160):
        return [replace(mention, key="hormonal-herbal-product")]
    return []


def _by_its_count(clause: ClauseReading, mention: Mention) -> str | None:
    """The part of the blood that is meant, or what raises its count: "red cell or platelet transfusion" has two parts."""
    if mention.key in _OF_A_PART and clause.found_before(_AND_ANOTHER_PART, mention.start, 40):
        return _OF_A_PART[mention.key]
    return _raising_it(clause, mention) if mention.key in _FOR_A_COUNT else None


def _by_its_form(clause: ClauseReading, mention: Mention) -> str | None:
    """The class that is meant where the routes beside a name, or its neighbours, tell more than itself: "systemic or inhaled steroids"."""
    key = mention.key
    if key in OF_ONE_ROUTE and _of_more_forms(clause, mention, systemic=True):
        return _CHEMOTHERAPY if mention.text.lower().endswith(_CHEMOTHERAPY) else OF_ONE_ROUTE[key]
    if key == _HIGH_DOSE and clause.found_before(_OR_HIGH_DOSE, mention.start, 40):
        return _CHEMOTHERAPY
    if key == _ALLERGENS_GIVEN and _OF_IMMUNOTHERAPY.fullmatch(mention.text.lower()) and _of_more_forms(clause, mention, systemic=True):
        return IMMUNOTHERAPY  # "intravenous or subcutaneous immunotherapy for melanoma"
    if key == _LIKE and _of_more_forms(clause, mention, systemic=False):
        return _STEROIDS
    if key == "systemic-anticancer-therapy" and is_of_either_kind(clause, mention):
        return "anticancer-therapy"
    if key == _STEROIDS and _by_the_whole_body(clause, mention):
        return _LIKE
    if key in _OF_HORMONES and of_steroid_hormones(clause, mention):
        return _STEROIDS if key == _HORMONE else _LIKE
    if key == _HORMONE and mention.text.lower() == "hormones":
        beside = clause.reading.mentions if clause.part.windows else clause.part.mentions
        if any(m.key in _KINDS_OF_CANCER_THERAPY for m in beside):
            return _ENDOCRINE  # "anticancer therapy within 4 weeks (hormones: 2 weeks)"
    return None


def _with_its_adjective(clause: ClauseReading, mention: Mention) -> Mention:
    """A class limited to the other one that is its adjective: "immunosuppressive biologics"."""
    adjective = next((m for m in clause.part.mentions if m.end == mention.start - 1 and is_adjective(clause, m)), None)
    return mention if adjective is None else replace(mention, also=adjective.key)


def _as_a_class(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """A class by which way it acts, by its load or its target, where the clause tells of these."""
    if mention.key == IMMUNOTHERAPY and _of_allergens(clause):
        return [replace(mention, key="allergen-immunotherapy")]
    if is_told_to_mean(clause, mention):
        return []
    immune = on_the_immune_system(clause, mention)
    if immune:
        return immune
    loaded = of_a_load(clause, mention)
    if loaded is not None:
        return [loaded]
    if mention.kind == "class" and mention.key in general_classes() and not mention.also:
        return by_its_target(clause, mention)
    return [replace(mention, also=ANTIBODIES)] if of_antibodies(clause, mention) else [mention]


def _raising_it(clause: ClauseReading, mention: Mention) -> str:
    """What raises the one blood count that a clause tells of: "platelets of 75,000 without transfusion", "… or growth factors"."""
    if not mention.text.lower().startswith(_TO_RAISE_IT):
        return mention.key
    told = clause.lower[max(clause.part.start, clause.sentence(mention.start)) : mention.start]
    platelets, red_cells = _COUNTS_PLATELETS.search(told) is not None, _COUNTS_RED_CELLS.search(told) is not None
    if platelets == red_cells or _OTHER_COUNTS.search(told):
        return mention.key
    return _FOR_A_COUNT[mention.key][0 if platelets else 1]


def _only_engages(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is the arm of a bispecific that holds the T cell: the CD3 of "anti-CD19/anti-CD3 therapy", "CD20/CD3 antibodies"."""
    if mention.kind != "class" or _T_CELL_ARM.isdisjoint((mention.key, mention.target)) or not _JOINED.search(mention.text):
        return False
    return any((m.start, m.end) == (mention.start, mention.end) and m.key != mention.key for m in clause.part.mentions)


def of_steroid_hormones(clause: ClauseReading, mention: Mention) -> bool:
    """Whether "hormones" are corticosteroids: beside immunosuppressants, or with a dose of prednisone."""
    if not re.fullmatch(r"(?:\w+ )?hormon\w*(?: \w+)?", mention.text.lower()):
        return False
    after = clause.found_behind(_STEROID_HORMONES, mention.end, 120)
    return after is not None or clause.found_before(_STEROID_HORMONES_BEFORE, mention.start, 120) is not None


def _all_but(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """What "non-" before a class speaks of: chemotherapy in "non-platinum chemotherapy", any against cancer in "non-hormonal therapy".

    Nothing where that is named behind it by itself, or in front of brackets: "other non-kinase inhibitor investigational agents".
    """
    known = clause.context.known
    paren = clause.reading.paren_of(mention.start)
    explains = paren is not None and not clause.lower[paren[0] + 1 : mention.start].strip(" -no")  # "immunotherapy (non-cell therapies)"
    if explains or any(m.start == mention.end + 1 for m in clause.part.therapies):
        return []
    for word in _NEXT_WORD.finditer(mention.text):
        for match in known.names.lookup(mention.text[word.start() :], ("class",)):
            rest = replace(mention, start=mention.start + word.start(), key=match.key, text=mention.text[word.start() :])
            if known.covers(rest, mention) or (known.is_anticancer(mention) and not known.are_apart(rest, mention)):
                return [rest]
    words = list(_WORD.finditer(mention.text))
    if len(words) > 1 and known.is_anticancer(mention):
        last = words[-1].start()
        return [replace(mention, start=mention.start + last, key="systemic-anticancer-therapy", text=mention.text[last:])]
    return []


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
    if mention.key == _BIOLOGIC and clause.context.of_cancer and _beside_cancer_therapy(clause):
        return True
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


def _beside_cancer_therapy(clause: ClauseReading) -> bool:
    """Whether a criterion tells of other kinds of cancer therapy, or for what cancer: growth factors are no biologics of such a list."""
    mentions, neoplasms = clause.reading.mentions, clause.context.known.neoplasms
    ills = (m for m in mentions if m.kind == "condition" and m.key in neoplasms)
    return any(m.key in _KINDS_OF_CANCER_THERAPY for m in mentions) or any(
        _THERAPY_FOR.search(clause.lower, max(0, m.start - 60), m.start) for m in ills
    )


def _of_more_forms(clause: ClauseReading, mention: Mention, *, systemic: bool) -> bool:
    """Whether a form's name shares its noun with one before it, systemic or local: "systemic or inhaled steroids"."""
    return any((route in SYSTEMIC_ROUTES) == systemic for route in routes_before(clause, mention))


def _by_the_whole_body(clause: ClauseReading, mention: Mention) -> bool:
    """Whether steroids are named by routes to the whole body alone: "oral, intramuscular or intravenous corticosteroids"."""
    before = routes_before(clause, mention)
    return bool(before) and _THROUGHOUT.issuperset(before)


def _of_grades(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """Antiarrhythmics by the classes that share their noun, or behind it: "class Ia, Ic or III antiarrhythmics", "… of class III"."""
    if mention.key != _ANTIARRHYTHMIC:
        return []
    found = clause.found_before(_GRADES, mention.start, 160) or clause.found_behind(_GRADES_BEHIND, mention.end, 160)
    grades = [] if found is None else _GRADE.findall(found["grades"])
    return [replace(mention, key=key) for key in dict.fromkeys(_BY_GRADE.get(grade, _ANTIARRHYTHMIC) for grade in grades)]


def _of_allergens(clause: ClauseReading) -> bool:
    """Whether "immunotherapy" is desensitisation: where no cancer is treated, but an allergy is or allergens are named."""
    if clause.context.may_treat_cancer or any(m.key == _CHEMOTHERAPY for m in clause.part.therapies):
        return False
    return not _ALLERGIC.isdisjoint(clause.context.own_conditions) or _ALLERGENS.search(clause.lower) is not None

"""Therapies whose sentence tells in other words which of them it means, or only tells by them when others were given."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.clauses.named import Named
from kg.criteria.clauses.reading import WITH_OR_WITHOUT
from kg.criteria.therapies.at_an_enzyme import says_which
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Section

_AS_A_LINE = pattern("subjects: as a line")
_DURING = pattern("subjects: during")
_TREATMENT_WITH = pattern("subjects: treatment with")
_WITH_A_KIND = re.compile(
    r"(?:\s+for\s+[^,;:.()]{1,60}?)?\s+with\s+(?:(?:an?|any|other)\s+){0,2}(?:(?!(?:or|and|the|intent|no)\b)[\w/+-]+\s+){1,3}?"
    r"(?:agonist|antagonist|inhibitor|modulator|degrader|blocker|activator|analog(?:ue)?)s?\b"
)
"""Behind words for a therapy: which was given, a kind of drugs that need not be known: "for the malignancy with GPER agonists"."""
_CONTENTS = pattern("subjects: contents")
_THAT_INHIBIT = re.compile(r"(?:[\s-]+(?:or|and|food|dietary|based))*[\s-]+inhibitors?\b(?!\s*(?:or|and|/|and/or)\s*inducers?\b)")
_BY_CONTENTS = frozenset({"herbal-product", "dietary-supplement", "vitamin-supplement", "mineral-supplement"})
"""Classes whose members are told by what is in them."""
_IN_PRIOR = pattern("subjects: in prior")
_FOLLOWING = pattern("subjects: the following")
_FOLLOWING_PRIOR = pattern("subjects: following prior")
_PROTOCOL_BEFORE = pattern("subjects: left to the protocol before")
_AT_A_TARGET = pattern("subjects: at a target")
_TO_DISEASE = 40
"""Behind "directed at" the name of a disease begins within so many characters: "directed at the underlying lymphoma"."""
_PROTOCOL = pattern("subjects: left to the protocol")
_OWN_EXAMPLES = pattern("subjects: own examples")
_OF_ANY_FORM = pattern("subjects: of any form")
_WHICH_ACT_SO = pattern("subjects: which act so")
_CHEMOTHERAPY = "chemotherapy"
_BIOLOGICS = "biologic-therapy"
_BY_USE = frozenset({"anticoagulant", "antithrombotic", "antiplatelet", "immunosuppressant"})
"""Classes whose names are used for what a drug is given for."""
_POST = re.compile(r"\s+(?:post|after|following)[\s-]+(?:(?:an?|the|their|prior|previous|allogen\w+)[\s-]+){0,2}$")
_GVHD = re.compile(r"\b(?:gvhd|graft[\s-]versus[\s-]host(?:[\s-]disease)?)$")
_AIMED_AT = re.compile(r" (?:(?:that|which) )?(?:target(?:s|ing|ed)?|(?:directed |aimed )?(?:against|at|towards?)) ")
_COMBINED = ("combined ", "dual ")
_ON_BOTH = re.compile(r"\b(?:dual|combined)\b|\b(?:inhibit\w*|induc\w*|of)\s+both\b")
_ARE_BOTH = re.compile(r"\b(?:that|which)\s+are\s+both\s+$")
_AND = re.compile(r"\s+and\s+")
_COMMONEST = "cyp3a4"
_WITH_LATER = re.compile(
    r",?\s+(?:within|in|during)\s+[^,;.()]{1,90}\s(?:with|using)\s+(?:(?:any|an?|known|strong|potent|moderate|weak|or|and|to)\s+){0,4}"
)
"""Between therapy at large and what acts on enzymes: "systemic treatment within 14 days before the first dose of X with strong …"."""
_JOINED = re.compile(r"\s+(?:[\w-]+\s+){0,2}")
_BESIDE_IT = re.compile(r"(?:\s+(?:therapy|treatment|regimen)s?)?\W*")
_WHETHER = "whether "
_KINDS = re.compile(r"(?:[\w-]+(?:,\s*|\s+|/))*")
"""Between "whether" and the last of the kinds that it lists."""
_FORMS = re.compile(
    r"[\s,:]*(?:(?:but|not|limited|to|any|all|those|that|are|in|found|present|contained|both|prescription|over-the-counter|otc"
    r"|drugs?|medic\w+|foods?|products?|dietary|natural|grapefruit|and|or|and/or)[\s,/]+)*"
)
"""Between "including" and herbs, what else may act so: "including those in foods or herbal products"."""
_FORMS_IN_BRACKETS = re.compile(
    r"\s*\((?:(?:any|prescription|over-the-counter|otc|drugs?|medic\w+|foods?|products?|and|or|and/or)[\s,/]+)*"
)
_AIMS_AT = re.compile(r"\)?\s+(?:(?!(?:and|or|since|after|from)\b)[\w\u2264<=-]+\s+){0,9}for\s+(?:use\s+as\s+)?(?:an?\s+)?")
"""Between a therapy and therapy at large, which it is given as: "antibodies within 4 weeks for anticancer therapy"."""
_NEAR = 3
"""From a role at an enzyme to what leads to its examples are at most this many characters."""
_MOST_TO_OUTCOME = 60
"""Between a therapy and "during front-line treatment" stand at most this many characters."""


def restricted(named: Named) -> bool:
    """Whether something else of the sentence is ruled on in place of a therapy that it names.

    Arguments:
        named: the therapy among the words of its clause.
    """
    ways = _WAYS + _WAYS_AT_LARGE if named.mention.key in GENERIC else _WAYS
    for holds in ways:  # noqa: SIM110 - asked of each therapy, so that a generator is felt
        if holds(named):
            return True
    return False


def _by_enzyme(named: Named) -> bool:
    """Whether the words behind a class say which of it are meant, by an enzyme: "anticonvulsants that induce CYP3A4"."""
    return any(m.kind == "pk" and says_which(named.clause, m, named.mention) for m in named.clause.part.mentions)


def _acts_on_both(named: Named) -> bool:
    """Whether only drugs that act on another enzyme, too, are meant: "combined P-gp and strong CYP3A4 inhibitors" are strong ones.

    What few drugs act on is kept for both: another enzyme rather than CYP3A4, an enzyme rather than a transporter.
    """
    mention = named.mention
    if mention.kind != "pk":
        return False
    if named.near.endswith(_COMBINED) or _ON_BOTH.search(mention.text.lower()):
        others = [m for m in named.clause.part.mentions if m.start == mention.start and m.role == mention.role]
    elif _ARE_BOTH.search(named.near):
        behind = (m for m in named.clause.part.mentions if m.kind == "pk" and m.start > mention.end)
        others = [m for m in behind if m.role == mention.role and _AND.fullmatch(named.clause.lower, mention.end, m.start)]
    else:
        return False
    return any(_acting_on(m) < _acting_on(mention) for m in others)


def _acting_on(role: Mention) -> int:
    """How common it is for a drug to act so."""
    return 1 if role.enzyme == _COMMONEST else 0 if role.enzyme.startswith("cyp") else 2


def _says_when(named: Named) -> bool:
    """Whether therapy at large only tells when another one failed: "platinum-refractory during front-line treatment"."""
    mention = named.mention
    if named.found_near(_AS_A_LINE):
        return True
    if named.found_near(_IN_PRIOR) and any(m.end < mention.start for m in named.clause.part.therapies):
        return True  # "received anti-PD-1 antibodies in prior antitumour therapy"
    if not named.clause.part.tagged("progress") or not named.found_near(_DURING):
        return False
    near = [m for m in named.clause.part.therapies if 0 <= mention.start - m.end <= _MOST_TO_OUTCOME]
    return any(m.key not in GENERIC for m in near)


def _after_another(named: Named) -> bool:
    """Whether therapy at large only tells what another one came after: "locoregional therapy following prior systemic therapy"."""
    if named.clause.context.section is not Section.EXCLUSION:
        return False
    found = named.found_near(_FOLLOWING_PRIOR)
    return found is not None and named.goes_with_another(found)


def _is_the_aim(named: Named) -> bool:
    """Whether therapy at large only tells what another one is given as: "antibodies within 4 weeks for anticancer therapy"."""
    start = named.mention.start
    last = next((m for m in reversed(named.clause.part.therapies) if m.end <= start), None) if named.near.endswith("for ") else None
    return last is not None and _AIMS_AT.fullmatch(named.clause.lower, last.end, start) is not None


def _after_a_transplant(named: Named) -> bool:
    """Whether a transplant only tells when another therapy is given: "immunosuppressants post HSCT", "agents against GvHD after HSCT"."""
    found = _POST.search(named.near) if "transplant" in named.mention.key else None
    if found is None:
        return False
    before = named.clause.before(named.mention.start - len(found.group()))
    return named.goes_with_another(found) or _GVHD.search(before) is not None


def _told_with(clause: ClauseReading, end: int) -> list[Mention]:
    """The therapies that "with" or the like joins to words that end at a place: "treatment with X", "therapy for lymphoma with X"."""
    if not (clause.possible & _TREATMENT_WITH.bit and _TREATMENT_WITH.match(clause.lower, end)):
        return []
    behind = (m for m in clause.part.therapies if m.start > end and not clause.in_exception(m.start))
    return [m for m in behind if _TREATMENT_WITH.fullmatch(clause.lower, end, m.start)]  # "with the exception of X" leaves X out


def says_with_which(clause: ClauseReading, end: int) -> bool:
    """Whether "with" behind words for a therapy, which end at a place, tells which was given: "treatment for their cancer with X"."""
    if any(m.key not in GENERIC for m in _told_with(clause, end)):
        return True
    return bool(clause.possible & _TREATMENT_WITH.bit) and _WITH_A_KIND.match(clause.lower, end, clause.part.end) is not None


def _narrowed_behind(named: Named) -> bool:
    """Whether a mention behind says which of it is meant: "systemic treatment with X", "immunotherapy targeting CTLA-4"."""
    clause, mention = named.clause, named.mention
    if _AIMED_AT.match(named.after) and mention.key not in clause.context.known.procedures:
        return any(m.start == mention.end + 1 for m in clause.part.mentions if m.kind == "class")
    told = _told_with(clause, mention.end)
    if mention.key in GENERIC and any(
        m.kind == "pk" and _WITH_LATER.fullmatch(clause.lower, mention.end, m.start) for m in clause.part.mentions
    ):
        return True
    if mention.key in _BY_USE and told:
        return True  # "anticoagulation with clopidogrel": what it is called decides nothing
    for other in told:
        if mention.key in GENERIC:
            if other.key not in GENERIC:
                return True
        elif clause.context.known.covers(mention, other) and not any(
            mention.end <= c.start < other.start for c in clause.part.tagged("example")
        ):
            return True
    return False


def _or_without(named: Named) -> bool:
    """Whether it may have been given beside another therapy that an exclusion is of: "chemotherapy with or without immunotherapy"."""
    clause, mention = named.clause, named.mention
    if clause.context.section is not Section.EXCLUSION:
        return False
    joining = (c for c in clause.part.tagged("permit") if c.text in WITH_OR_WITHOUT and c.end < mention.start)
    return any(
        _JOINED.fullmatch(clause.lower, c.end, mention.start)
        and any(_BESIDE_IT.fullmatch(clause.lower, m.end, c.start) for m in clause.part.therapies)
        for c in joining
    )


def _told_before(named: Named) -> bool:
    """Whether a narrower name right before it says which of it are meant: "anti-PD-1 checkpoint inhibitors", "FOLFOX chemotherapy"."""
    clause, mention = named.clause, named.mention
    if mention.kind != "class" or mention.key in GENERIC:
        return False
    before = [m for m in clause.part.mentions if m.end == mention.start - 1 and m.key != mention.key and clause.lower[m.end] == " "]
    if mention.key == _CHEMOTHERAPY and any(m.kind in ("drug", "regimen") for m in before):
        return True
    return any(m.text.lower().startswith("anti") and clause.context.known.covers(mention, m) for m in before)


def _told_by_contents(named: Named) -> bool:
    """Whether what is in them, or that they inhibit what was named, tells which herbs or supplements are meant.

    "Herb or mineral supplements containing lycopene", "inhibitors of P-gp, including herbal- or food-based inhibitors".
    """
    if named.mention.key not in _BY_CONTENTS:
        return False
    words = named.mention.text.rsplit(maxsplit=1)[-1] + named.after
    return _CONTENTS.match(f" {words}") is not None or _THAT_INHIBIT.match(named.after) is not None


def _of_any_form(named: Named) -> bool:
    """Whether the words behind tell which drugs, of any form, are meant: "drugs or biologics that prolong the QT interval"."""
    return named.mention.key == _BIOLOGICS and bool(named.found_behind(_WHICH_ACT_SO) and named.found_near(_OF_ANY_FORM))


def _lists_all(named: Named) -> bool:
    """Whether the drugs that are meant are all named behind a colon: "use of the following CYP3A4 inhibitors is prohibited: X, Y"."""
    clause, mention = named.clause, named.mention
    if mention.kind not in ("class", "pk") or not named.found_near(_FOLLOWING):
        return False
    colon = clause.lower.find(":", mention.end, min(mention.end + 60, clause.part.end))
    if colon < 0 or any(mention.end <= c.start <= colon + 20 for c in clause.part.tagged("example")):
        return False
    behind = [m for m in clause.part.therapies if m.start > colon]
    return bool(behind) and behind[0].kind == "drug" and behind[0].start - colon < 12


def _told_by_examples(named: Named) -> bool:
    """Whether a class is but an example of what acts at an enzyme: "strong inducers, including herbal products such as St John's wort".

    Herbs and supplements need no examples of their own: "strong CYP3A inducers (medications or herbal supplements)".
    """
    clause, mention = named.clause, named.mention
    if mention.kind != "class":
        return False
    cue = next((c for c in reversed(clause.part.tagged("example")) if c.end <= mention.start), None)
    head = next((m for m in reversed(clause.part.therapies) if m.end <= (cue.start if cue else mention.start)), None)
    if head is None or head.kind != "pk":
        return False
    if mention.key in _BY_CONTENTS:
        forms = _FORMS if cue and cue.start - head.end <= _NEAR else _FORMS_IN_BRACKETS
        return forms.fullmatch(clause.lower, cue.end if forms is _FORMS and cue else head.end, mention.start) is not None
    own = next((m for m in clause.part.mentions if m.kind == "drug" and _OWN_EXAMPLES.fullmatch(clause.lower, mention.end, m.start)), None)
    return cue is not None and own is not None and cue.start - head.end <= _NEAR


def _divides_them(named: Named) -> bool:
    """Whether a class only divides what acts at an enzyme: "CYP3A4 inhibitors, whether antifungals or antibiotics"."""
    clause, mention = named.clause, named.mention
    whether = clause.lower.rfind(_WHETHER, clause.part.start, mention.start) if mention.kind == "class" else -1
    if whether < 0 or not _KINDS.fullmatch(clause.lower, whether + len(_WHETHER), mention.start):
        return False
    head = next((m for m in reversed(clause.part.therapies) if m.end <= whether), None)
    return head is not None and head.kind == "pk" and whether - head.end <= 2


def _at_an_unknown_target(named: Named) -> bool:
    """Whether it is aimed at what is no known target, and no disease: "anticancer therapy directed at regulatory receptors"."""
    found = named.found_behind(_AT_A_TARGET)
    if found is None:
        return False
    aimed = named.mention.end + found.end()
    return not any(m.start <= aimed + _TO_DISEASE and aimed < m.end for m in named.clause.part.mentions if m.kind == "condition")


def _left_to_the_protocol(named: Named) -> bool:
    """Whether a list that the text does not give says which: "protocol-prohibited anticancer therapies"."""
    return named.found_near(_PROTOCOL_BEFORE) is not None or named.found_behind(_PROTOCOL) is not None


_WAYS = (
    _by_enzyme,
    _acts_on_both,
    _after_a_transplant,
    _narrowed_behind,
    _or_without,
    _told_before,
    _told_by_contents,
    _of_any_form,
    _lists_all,
    _told_by_examples,
    _divides_them,
)
_WAYS_AT_LARGE = (_says_when, _after_another, _is_the_aim, _left_to_the_protocol, _at_an_unknown_target)
"""Those of words for therapy at large: "prior treatment", "anticancer therapy"."""

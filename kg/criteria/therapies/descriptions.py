"""Whether a therapy that a clause names only tells what another is, what becomes of it or what a word means."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import GENERIC
from kg.criteria.clauses.named import Named
from kg.criteria.words.patterns import pattern

_ANSWERED_BY_IT = pattern("subjects: a disease by its answer")
_FOR_A_DISEASE = pattern("subjects: for a disease")
_AS_A_TERM = pattern("subjects: as a term")
_DESCRIPTION_ENDS = pattern("subjects: description ends")
_DESCRIBED = pattern("subjects: described")
_SAID_OF_A_DRUG = pattern("subjects: said of a drug")
_OF_ANY_DRUG = pattern("subjects: of any drug")
_IS_SUCH_A_DRUG = pattern("subjects: is such a drug")
_ACCEPTABLE = re.compile(r"\b(?:acceptable|allowed|permitted|preferred|recommended)\s+$")
_DOES = ("inhibits", "induces")
_FOR_SUCH = re.compile(r"(?P<noun>\bantibod(?:y|ies))?(?:\s+(?:use|exposure|given|used|administered))?\s+for\s+(?:(?:an?|the|any)\s+)?$")
_AS = re.compile(r"(?:\s+(?:therapy|treatment|agents?|drugs?|given|used|administered|taken)){0,2}\s+as\s+(?:an?\s+)?")
_FOR_IT = re.compile(
    r"(?:\s+(?:therapy|treatment|agents?|drugs?|given|used|administered|taken|needed|required)){0,2}"
    r"\s+for\s+(?:(?:the|purpose|of|systemic|therapeutic|full|oral|chronic|long-term)\s+){0,4}"
)
_DOER = re.compile(r"(?<!\bthat)(?<!\bwhich)(?<!\bwho)(?<!\bit)(?<!\band)(?<!\bor)\s+(?:(?:also|\w+ly)\s+)?$")
_SETTING = re.compile(r"\s(?:(?:neo-?)?adjuvant|maintenance|first-line|standard|chronic|long-term)\s+$")


def describes(named: Named) -> bool:
    """Whether it only tells what the drug before it is: "grapefruit juice (a CYP3A4 inhibitor)"."""
    clause, mention = named.clause, named.mention
    if mention.kind not in ("pk", "class") or (clause.lower[mention.end - 1] == "s" and not _ACCEPTABLE.search(named.near)):
        return False
    for other in clause.part.mentions:
        told = _DESCRIBED.fullmatch(clause.lower, other.end, mention.start) if other.kind in ("drug", "class") else None
        if told is not None and told["kind"]:
            return mention.kind == "class"  # "granisetron is an acceptable antiemetic"
        if told is not None and told["beside"]:
            return other.kind == "drug" and named.found_behind(_DESCRIPTION_ENDS) is not None
        if told is not None:
            return mention.kind == "pk" or (other.kind == "drug" and told["one"] is not None)
    return False


def is_its_use(named: Named) -> bool:
    """Whether a class only tells what the therapy before it is given as or for: "methotrexate as immunosuppressive therapy"."""
    clause, mention = named.clause, named.mention
    if mention.kind != "class":
        return False
    if any(
        _FOR_IT.fullmatch(clause.lower, m.end, mention.start) and clause.context.known.covers(mention, m) for m in clause.part.therapies
    ):
        return True  # "warfarin for anticoagulation"
    if mention.key in GENERIC and named.anticancer and (purpose := _FOR_SUCH.search(named.near)):
        # "Hormonal therapy for cancer treatment"; "drugs for cancer treatment" are any.
        return purpose["noun"] is not None or named.goes_with_another(purpose)
    if mention.key in GENERIC and mention.text.lower().startswith("systemic"):
        told = next((m for m in clause.part.therapies if m.end == mention.start - 1), None)
        if told is not None and not clause.context.known.is_anticancer(told):
            return True  # "any antibiotic systemic treatment"
    before = _SETTING.sub(" ", named.near)
    if not before.endswith((" as ", " as an ", " as a ")):
        return False
    ahead = (m for m in clause.part.therapies if m.end < mention.start)
    return any(_AS.fullmatch(_SETTING.sub(" ", clause.lower[m.end : mention.start])) for m in ahead)


def tells_what_a_drug_is(named: Named) -> bool:
    """Whether a sentence only tells what becomes of a drug or what it does: "X is metabolized by CYP3A4", "X inhibits CYP2C9"."""
    clause, mention = named.clause, named.mention
    if mention.kind != "pk":
        # The drug of such a sentence, if nothing is asked there.
        told = mention.kind == "drug" and (named.own or named.anticancer) and not clause.part.tagged("prohibit", "avoid", "caution")
        return told and clause.found_behind(_IS_SUCH_A_DRUG, mention.end, 160) is not None
    before = clause.before(mention.start, 160)
    if mention.text.lower().startswith(_DOES):
        found = _DOER.search(before)
        return found is not None and bool(before[: found.start()])
    said = _SAID_OF_A_DRUG.search(before)
    if said is None or _OF_ANY_DRUG.search(before[: said.start()]):
        return False
    start = mention.start - len(before) + said.start()
    return not said["many"] or any(m.kind == "drug" and m.end <= start for m in clause.part.mentions)


def is_defined(named: Named) -> bool:
    """Whether a clause only says what a word means: "ARPI as a term includes X and Y", "the term immunotherapy refers to …"."""
    return named.clause.opens_with(_AS_A_TERM) is not None


def tells_the_disease(named: Named) -> bool:
    """Whether a drug only tells which disease another was given for: "bevacizumab for platinum-resistant relapse"."""
    if named.found_behind(_ANSWERED_BY_IT) is None or named.found_near(_FOR_A_DISEASE) is None:
        return False
    return any(m.end <= named.mention.start and m.key != named.mention.key for m in named.clause.part.therapies)

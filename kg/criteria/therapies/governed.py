"""What a word before a therapy makes of it: an allergy to it, a candidate for it, a reason, its toxicity, a disease that needs it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Section

_OTHER_DISEASES = pattern("subjects: other diseases")
_LEFT_BY = pattern("subjects: left by")
_OTHER_PEOPLE = pattern("subjects: other people")
_SECOND_THING = pattern("subjects: second thing")
_HAD_OR = pattern("subjects: had or")
_HAS_OR = pattern("subjects: has or")
_FORBIDDEN_MEDICINES = pattern("subjects: forbidden medicines")
_DISEASE_OR = pattern("subjects: disease or")
_NO_ALLERGY_TO_IT = pattern("subjects: no allergy to it")
_ALLERGY_TREATED = pattern("subjects: allergy treated")
_AS_LONG = re.compile(r"\b(?:as|so)\s+(?:long|far|soon)\s+$")
_ALL_FORBIDDEN = re.compile(
    r"[;.]\s+(?:all\s+(?:of\s+)?)?(?:these|such)\s+(?:agents|drugs|medications|medicines|substances)\s+are\s+(?:prohibited|forbidden|excluded"
    r"|not\s+(?:allowed|permitted))\b"
)
_A_TIME = re.compile(r"\b(?:days?|weeks?|months?|years?)\s+$")
_SINCE_A_TIME = pattern("subjects: since a time")
_OR_RECEIVED = re.compile(r"(?:\s*from)?,?\s+or\s+(?:(?:who\s+)?(?:has|have|having)\s+)?received\b")
"""Behind "recovered": what stands there was received, too, "has not recovered from, or has received, prior chemotherapy within 3 weeks"."""
_RECOVERED_SINCE = pattern("subjects: recovered since")
_SINCE_AND_RECOVERED = pattern("subjects: since and recovered")
"""Before a therapy that a time is counted from beside the harm that it did: "at least 4 weeks from and having recovered from"."""
_WHAT_IS_REQUIRED = re.compile(
    r"\s*(?:(?:to|any|the|of|one|all)\s+)*(?:required|mandatory|mandated|recommended|necessary|obligatory|protocol-[\w-]+)\s"
)
"""Behind "contraindication to": what patients would have to take, "required concomitant drugs", and take not yet."""
_REACTION_TO = pattern("subjects: reaction to")
_DRUGS_WHICH = pattern("subjects: drugs which are")
_OR_ANOTHER = re.compile(r"\s*\w.*\s(?:and/or|or|and)\s+$")
_MOST_DISTANCE = 160
"""Words further apart than this many characters are not taken to speak of each other."""
_MOST_IN_LIST = 220
"""Lists of what somebody is allergic to, or a candidate for, are long."""
_LISTS = frozenset({"allergy", "candidate"})
_USE_TO_COME = re.compile(r"\s*(?:(?:the\s+)?(?:using|use of)|receiving|taking)\s+(?:\w+\s+){0,2}")
"""Between "not suitable for" and the therapy."""
_OTHER = re.compile(r"\bother\s+$")
"""Before "prior": the last of a list, "allergy to X or other prior therapy of its class"."""
_OF_ANY_MEDICINE = re.compile(
    r"(?:\s+(?:to|of|any|all|the|use|required|necessary|mandatory|planned|protocol|study))*\s+(?=(?:concomitant|concurrent)\s+"
    r"(?:and\s+\w+\s+)?(?:medica\w+|drugs?|agents?|therap(?:y|ies)|treatments?)\b)"
)
"""Between an allergy, or whom it suits, and the adjective of what it is of: "contraindication to any concomitant medication"."""
_TO_BE_GIVEN = frozenset(
    {"planned to receive", "plan to receive", "scheduled for", "scheduled to receive", "going to receive", "will receive"}
)
_LIST_OF = re.compile(r"\b(?:including|such as|e\.g|i\.e|namely|mainly|refers? to)\b|[:(]")
"""Behind these what somebody is a candidate for is told in a list."""
_THE_FOLLOWING = re.compile(r"\s*(?:any\s+(?:one\s+)?of\s+)?the\s+following\b")
_GIVEN = frozenset({"had", "given", "administered", "treated with", "treatment with", "received", "used"})
"""Cues that only say how a therapy that has harmed was had."""
_HAD = "that received"
"""Pneumonitis "that received steroids" needed them; brain metastases that received radiotherapy tell of what was had."""
_HARM_OF = re.compile(r"\b(?:from|of|in|on|to|while|during|under|related|due|attributed|caused|associated|by|with|after|any)\b")
_TIMED = re.compile(r"\b(?:within|since|weeks|days)\b|\((?:however|but)\b")
_USED_NOW = re.compile(r",\s+(?:(?:or|and)\s+)?(?:current|concurrent|concomitant|ongoing)\s+$")
_IN_CASE_OF = re.compile(r"\bin\s+(?:the\s+)?(?:case|event)\s+of\s+(?:an?\s+)?$")
_USE_OF_ITS_OWN = re.compile(
    r"\bprior\b|\w\s+(?:concomitant|concurrent)\b"
    r"|\w,\s+(?:and/or|or)\s+(?:an?\s+)?(?:(?:\w+\s+)?use\s+of|chronic|current|ongoing|continuous|long-?term|daily|regular)\b"
    r"|\bor\s+(?:the\s+)?(?:patients?|subjects?|participants?)\s+(?:(?:who|is|are)\s+){0,2}(?:taking|receiving|using|on)\b"
)
"""Words of a use of its own; what is required at once, "requiring concurrent treatment", is the disease's."""


def governed(clause: ClauseReading, mention: Mention) -> str:
    """What a word before a therapy makes of it, as a key of `set_aside.csv`: the nearest that reaches it; "" if none does.

    Arguments:
        clause: the clause that names it.
        mention: the therapy, one of the clause's mentions.
    """
    if clause.found_before(_SINCE_AND_RECOVERED, mention.start, 140):
        return ""
    for cue in reversed(clause.part.tagged(*_READERS)):
        if cue.end > mention.start or mention.start - cue.end > (_MOST_IN_LIST if cue.tag in _LISTS else _MOST_DISTANCE):
            continue
        if clause.in_exception(cue.start) and not clause.in_exception(mention.start):
            continue  # "with the exception of standard of care adjuvant therapy, has received chemotherapy"
        why = _READERS[cue.tag](Reach(clause, mention, cue, clause.lower[cue.end : mention.start]))
        if why is not None:
            return why
    return ""


@dataclass(frozen=True, slots=True)
class Reach:
    """A cue before a therapy, and the words between them."""

    clause: ClauseReading
    mention: Mention
    cue: Cue
    gap: str

    @property
    def words(self) -> int:
        """How many words stand between."""
        return len(self.gap.split())

    @property
    def times_follow(self) -> bool:
        """Whether a colon between opens a list of times: "recovered from the effects of prior therapy: 28 days from X"."""
        colon = self.gap.find(": ") + self.cue.end
        return colon >= self.cue.end and any(colon < w.start < self.mention.start for w in self.clause.part.windows)

    @property
    def uses(self) -> list[Cue]:
        """Cues between that tell of a use of its own: "prior", "currently"; not those of how it was given."""
        start, end = self.cue.end, self.mention.start
        cues = self.clause.part.tagged("prior", "current", "stop")
        cues = [c for c in cues if start <= c.start < end and c.text not in _GIVEN]
        cues = [c for c in cues if not ((found := _OF_ANY_MEDICINE.match(self.clause.lower, start)) and c.start <= found.end())]
        return [c for c in cues if c.tag != "prior" or not _OTHER.search(self.clause.lower, start, c.start)]


def _allergy(reach: Reach) -> str | None:
    """ "Allergy to X"; not "allergy, or use of X"."""
    uses = [] if _WHAT_IS_REQUIRED.match(reach.gap) else reach.uses
    if _FORBIDDEN_MEDICINES.match(reach.gap) or any(c.tag == "stop" for c in uses):
        return None
    if _NO_ALLERGY_TO_IT.match(reach.gap) or reach.clause.found_before(_ALLERGY_TREATED, reach.cue.start):
        return None
    if reach.gap.startswith(";"):
        return None  # "X intolerance; prior Y"
    if reach.gap.startswith(",") and _IN_CASE_OF.search(reach.clause.before(reach.cue.start, 30)):
        return None  # "X or, in case of contraindications, Y"
    if _USED_NOW.search(reach.gap):
        return None  # "contraindication to aspirin, current anticoagulants"
    text = reach.cue.text
    if text not in ("contraindicated", "sensitivity to") and uses and reach.words >= 4 and not _REACTION_TO.fullmatch(reach.gap):
        return None
    return "allergy" if reach.words <= 32 and not (text == "intolerance" and reach.clause.part.has("require")) else ""


def _candidate(reach: Reach) -> str | None:
    """ "Candidates for X"."""
    clause, mention, cue = reach.clause, reach.mention, reach.cue
    if cue.text == "indicated for" and any(m.end == cue.start - 1 for m in clause.part.therapies):
        return None  # "herbal medicine indicated for cancer" tells what it is for, and of no patient
    if cue.value != "no" and clause.found_before(_HAD_OR, cue.start):
        return None  # "have received, or are planned to receive, X"
    if cue.text in _TO_BE_GIVEN and any(c.start >= mention.end for c in clause.part.tagged("prohibit")):
        return None  # "who are planned to receive X are excluded"
    if cue.text.startswith("planned") and clause.context.section is Section.EXCLUSION and _THE_FOLLOWING.match(reach.gap):
        return None  # "who are planned to receive the following: X, Y"
    if clause.context.section is Section.EXCLUSION and clause.found_before(_HAS_OR, cue.start):
        return None  # "are currently receiving or plan to receive X"
    # "Any standard of care chemotherapy" is one that was given.
    adjective = cue.text == "standard of care" and any(m.start == cue.end + 1 for m in clause.part.mentions)
    said = reach.gap if cue.text == "standard of care" else _LIST_OF.split(reach.gap, maxsplit=1)[0]
    if len(said.split()) > 8 or ";" in reach.gap or adjective:
        return None
    if reach.uses and not (cue.value == "no" and _USE_TO_COME.fullmatch(reach.gap)):
        return None
    return "candidacy" if cue.value == "no" or clause.context.known.is_anticancer(mention) else None


def _reason(reach: Reach) -> str | None:
    """ "Because of X"."""
    if reach.cue.text == "since the" and (_SINCE_A_TIME.match(reach.gap) or _A_TIME.search(reach.clause.before(reach.cue.start, 20))):
        return None  # "since the last dose", "less than 21 days since the patient's last chemotherapy"
    if reach.cue.end <= reach.clause.reading.label_end <= reach.mention.start and not reach.clause.part.tagged("toxicity", "disease"):
        return None  # "criteria related to medications: prior treatment with X" is a label
    if _AS_LONG.search(reach.clause.before(reach.cue.start, 12)):
        return None  # "as long as they had no X" tells a term
    if _ALL_FORBIDDEN.search(reach.clause.lower, reach.mention.end, reach.mention.end + _MOST_DISTANCE):
        return None  # "associated with X, Y or Z; all of these agents are prohibited"
    if "," in reach.gap or ";" in reach.gap or reach.times_follow:
        return None
    if _OR_ANOTHER.match(reach.gap) and reach.clause.found_before(_DRUGS_WHICH, reach.cue.start):
        return None  # "drugs associated with torsades de pointes or strong inducers of CYP3A4"
    return None if reach.cue.text in ("associated with", "related to") and reach.words > 8 else "reason"


def _toxicity(reach: Reach) -> str | None:
    """ "Toxicity of X"."""
    if not _HARM_OF.search(reach.gap) or _TIMED.search(reach.gap) or _OR_RECEIVED.match(reach.gap):
        return None
    if reach.cue.text.startswith("recover") and reach.clause.found_behind(_RECOVERED_SINCE, reach.mention.end, 160):
        return None  # "recovered from chemotherapy, with at least 4 weeks since the last dose"
    return "toxicity" if reach.words <= 12 or reach.clause.found_before(_LEFT_BY, reach.mention.start, 90) else None


def _need(reach: Reach) -> str | None:
    """ "A disease requiring X"."""
    clause, cue = reach.clause, reach.cue
    if of_all_who_take_it(clause, reach.mention) or clause.tells_what_it_is_for(reach.mention):
        return None
    if cue.text == _HAD and clause.context.known.is_anticancer(reach.mention):
        return None
    if _OTHER_DISEASES.search(clause.lower, max(clause.part.start, cue.start - 40), reach.mention.start) or _is_second_thing(clause, cue):
        return ""
    ills = [c for c in clause.part.tagged("disease", "toxicity") if c.end <= cue.start + 2 and cue.start - c.end < 220]
    disease = any(_beside(clause, c.start, cue) for c in ills)
    near = [m for m in clause.part.mentions if 0 <= cue.start - m.end < 60 and _beside(clause, m.start, cue)]
    disease = disease or any(_is_what_needs(clause, m, cue) for m in near)
    return "disease" if disease and reach.words <= 12 and not _USE_OF_ITS_OWN.search(reach.gap) else None


def _beside(clause: ClauseReading, position: int, cue: Cue) -> bool:
    """Whether something stands in no brackets that were closed before a cue: what needs is not what was told aside."""
    paren = clause.reading.paren_of(position)
    return paren is None or paren[1] > cue.start


def of_all_who_take_it(clause: ClauseReading, mention: Mention) -> bool:
    """Whether all who take a drug have the disease that is told: "HIV-positive patients receiving antiretroviral therapy"."""
    antiretroviral = replace(mention, kind="class", key="antiretroviral")
    takes = mention.key == antiretroviral.key or clause.context.known.covers(antiretroviral, mention)
    return takes and any(m.key == "hiv-infection" for m in clause.part.mentions)


def _is_what_needs(clause: ClauseReading, mention: Mention, cue: Cue) -> bool:
    """Whether a mention is a disease, or a transplant, whose need is told of: not "coagulopathy or requiring anticoagulants"."""
    # A cancer that an inclusion names is one of those that the trial takes: "cutaneous melanoma treated with X".
    taken = clause.context.section is Section.INCLUSION and mention.key in clause.context.known.neoplasms
    other = not taken and clause.context.of_another_disease(mention)
    other = other and _DISEASE_OR.fullmatch(clause.lower, mention.end, cue.start) is None
    return other or "transplant" in mention.key


def _is_second_thing(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a need is not that of the disease before it: "bleeding tendency or are receiving X", "coagulopathy or requiring X".

    "Infection that is uncontrolled or requiring antibiotics" is one thing: there the disease's adjectives go on.
    """
    before = clause.before(cue.start)
    if not _SECOND_THING.search(before):
        return False
    if _OTHER_PEOPLE.search(before):
        return True
    ills = [c.end for c in clause.part.tagged("disease")]
    ills += [m.end for m in clause.part.mentions if m.kind == "condition" or "transplant" in m.key]
    last = max((end for end in ills if end <= cue.start), default=cue.start)
    return cue.text == "receiving" or _DISEASE_OR.fullmatch(clause.lower, last, cue.start) is not None


_READERS: dict[str, Callable[[Reach], str | None]] = {
    "allergy": _allergy,
    "candidate": _candidate,
    "reason": _reason,
    "toxicity": _toxicity,
    "needing": _need,
}

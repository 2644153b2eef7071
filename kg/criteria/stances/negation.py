"""Which negation governs a therapy, before it, behind it or in the bullet above: "no prior X", "X must not have been given"."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.criteria.clauses.clause import LISTED_OR_EXAMPLE, ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import one_of, pattern
from kg.records import Mention, Section

_LATELY_BEFORE = re.compile(r"\s+(?:of|before|prior\s+to|preceding)\b")
_TELLS_MORE = ("neg", "permit", "prohibit", "require", "stop", "if", "except", "unless", "dose")
"""Tags of words by which a sentence tells more of a therapy than its time."""
_MUST_NOT_HAVE = pattern("stance: must not have")
_NOT_WITHIN = pattern("stance: not within")
_NO_WASHOUT = pattern("stance: no washout")
_MAY_NEED_NONE = one_of("stance: no washout", "stance: needs no washout")
_TELLS_NEED = ("wash", "need not", "not need", "not have to", "not required", "not necessary", "interval", "waiting", "restriction")
"""One of these is in all that `_NEEDS_NO_WASHOUT` finds, as blanks are single."""
_NEEDS_NO_WASHOUT = pattern("stance: needs no washout")
_NONE_ASKED = pattern("stance: none is asked for")
_NONE_ASKED_BEHIND = pattern("stance: none is asked for behind")
_NEITHER = pattern("stance: neither asked for nor denied")
_NEED_NOT = pattern("stance: need not have had")
_STATE = pattern("limits: a state")
_NOT_SO = re.compile(r"\b(?:not|non)[\s-]+(?:\w+\s+)?$")
_HELPED = pattern("stance: helped by it")
TO_ANOTHER_THING = re.compile(r",\s*(?!(?:including|such|with|within|except|unless|other than|e\.?g|i\.?e|and|or)\b)\w")
"""Between a negation and what stands below it, a turn to another thing: "for which there is no therapy, defined by:"."""
_ON_TERMS = pattern("stance: on terms")
_AT_ONCE = 2
"""So near behind a therapy begins what is excepted from it."""
_NOT_STOPPED = pattern("stance: not stopped")
_USES = re.compile(r"\s*(?:receiving|taking|using|on|currently|being|to receive|allowed)")
_NO_LIMIT = re.compile(
    r"\s*(?:time\s+)?(?:more|less|fewer|greater|higher|lower|later|longer|limits?|limitations?|restrictions?|upper|minimum|maximum|cap\b|set\b"
    r"|evidence of disease)\b"
)
_EXCEED = re.compile(r"\s*exceed")
_NOTHING_LEFT = pattern("stance: nothing left")
_IN_THE = re.compile(r"\bin (?:the )?$")
_PROGRESSION = re.compile(r"\s+(?:[\w-]+\s+)?progress\w+\s+(?:after|following|since)\b")
WASH_OUT = re.compile(r"\bwash(?:ed)?[- ]?out\b")
_NONE_OF_IT = pattern("stance: none of it")
_NOT_GIVEN = pattern("stance: not given")
_IF = pattern("subjects: conditional")
_NONE_OR_MORE = re.compile(r"[^.;]{0,40}?,?\s+or\s+(?:more|greater)\s+than\b")
"""Behind "no prior X" in an exclusion, too many: "no prior taxane, or more than two"."""
_WITH_NONE = re.compile(r"(?:\w\s+(?:with|(?<!must have )(?<!should have )(?:had|received|undergone))|(?:^|\W)or)\s+$")
_HAD_BESIDES = re.compile(
    r"\band\s+(?:(?:the\s+)?(?:patients?|participants?|subjects?|they)\s+)?(?:has|have|(?:must|should)\s+have)\s+(?:previously\s+|already\s+)?"
    r"(?:received|been\s+(?:previously\s+)?treated|progressed|undergone|completed|failed)\b"
)
_WHAT_THESE_DO = re.compile(
    r"(?:^|\s)(?:(?:must|should|(?:have|has|need|needs|are|is)\s+(?:required\s+)?to)\s+(?:(?:also|first|already)\s+)?(?:have|be|receive)"
    r"|who\s+(?:have|has|had|received|progressed|failed|were|are))\s"
)
"""Behind "patients without an ill" it is told what these must have had, or had."""
_OR_HAD = re.compile(
    r"\bor\s+(?:(?:who\s+)?(?:(?:has|have|had)\s+)?(?:previously\s+|already\s+)?(?:received|undergone)"
    r"|who\s+(?:(?:has|have|had)\s+)?(?:progressed|relapsed|failed))\b"
)
"""Behind "who have not received X" these begin those who had something else; those of whom an inclusion says so had neither."""
_JUST_NOT = ("not", "not yet", "not been", "not currently")
_NOT_APPROVED = re.compile(r"\s+(?:yet\s+|been\s+|currently\s+)*(?:approved|licen[cs]ed|registered|marketed|authori[sz]ed)\b")
_IN_VAIN = pattern("stance: in vain")
_NONE_LEFT_AFTER = pattern("stance: none left after")

_WHO_LACK_IT = pattern("stance: who lack it")
_NOT_CONTAINING = pattern("stance: not containing")
_HAD_WITHOUT = re.compile(
    r"(?:\b(?:one|two|three|single|\d)\s+(?:or\s+\w+\s+)?(?:prior|previous)|\b(?:prior|previous)(?:ly)?\s+(?:line|regimen|therap|treat))"
    r"[^.]*?[,;(]\s*not\s+containing\s+(?:(?:an?|any|the)\s+)?$"
)
_ONE_LIST = re.compile(r"(?:(?!\b(?:is|are|was|were|may|must|allowed|permitted|acceptable|with|but)\b)[^.;:()]){0,80}")
_NOT_HAD = ("not ", "may not ", "have not ", "has not ")
_OR_HAD_IT = re.compile(r"\b(?:may|can|could|have|has|received|had|given|treated|undergone|been),?\s+or,?\s+$")
"""Before "not received X" it is told of those who did: "may have received or not received X", "who have or have not had X"."""
_CONSENT = re.compile(r"\s+(?:[\w']+\s+){0,4}(?:approval|consent|consultation|permission|agreement|discussi(?:on|ng)|authori[sz]ation)\b")
_RECOVERED = re.compile(r"\s+(?:(?:yet|fully|completely|adequately|sufficiently|been)\s+){0,2}(?:recovered|resolved|returned)\b")


def negation(clause: ClauseReading, mention: Mention) -> str:
    """ "determiner", "predicate" or "": the negation that governs a mention, from its left."""
    cues = [c for c in clause.part.tagged("neg") if c.end <= mention.start and not clause.in_exception(c.start)]
    cues = [c for c in cues if not any(o.start < c.start and c.end <= o.end for o in cues)]  # the "not receive" of "did not receive"
    above = clause.context.lead
    lead = (
        []
        if above is None or clause.context.excepts_below
        else [c for c in above.tagged("neg") if _governs_below(clause.context.lead_lower, c, above.end)]
    )
    if clause.context.section is Section.EXCLUSION:
        lead = [c for c in lead if not _not_stopped(clause, c, clause.context.lead_lower)]  # "has not discontinued: / * X"
    for cue in reversed(cues):
        paren = clause.reading.paren_of(cue.start)
        if paren and not paren[0] < mention.start < paren[1]:
            continue
        rest = clause.lower[cue.end : mention.start]
        if cue.text.startswith(_NOT_HAD) and _OR_HAD_IT.search(clause.before(cue.start, 20)):
            continue
        if "; if " in rest or (cue.text in ("no", "not be") and _NO_LIMIT.match(rest)):
            continue  # "…, or did not receive X; if mutated, treated with Y"
        if cue.text in ("no", "not be", "without", "lack of") and _NOTHING_LEFT.match(rest):
            continue
        if _of_a_state(cue, rest):
            continue
        if clause.context.section is not Section.EXCLUSION and _EXCEED.match(rest):
            continue  # "the dose must not exceed 10 mg of X"
        if cue.text in ("without", "lack of") and len(rest) > 60:
            continue
        if _HAD_BESIDES.search(rest):
            continue  # "has no mutation, and has received X"
        of_some = cue.text == "without" or (cue.text == "no" and _WITH_NONE.search(clause.before(cue.start, 40)))
        if of_some and _WHAT_THESE_DO.search(rest):
            continue  # "patients without mutations must have received X"
        if clause.context.section is Section.EXCLUSION and cue.value == "predicate" and _OR_HAD.search(rest):
            continue
        if cue.text.endswith(_JUST_NOT) and _NOT_APPROVED.match(rest):
            continue  # "investigational drugs (not yet approved, including herbal products)"
        if _IN_VAIN.match(rest):
            continue  # "did not respond to X", "no durable response to X", "no remission after X" had it; "with no proven benefit"
        if clause.context.section is not Section.EXCLUSION and _NONE_LEFT_AFTER.match(rest):
            continue  # "no evidence of disease after X" had it
        if (lacking := who_lack_it(clause)) and cue.end <= lacking <= mention.start:
            continue  # "patients who have not had X must receive Y"
        taken = next((c for c in clause.part.tagged("permit") if cue.end <= c.start and c.end <= mention.start), None)
        if taken is not None and _ON_TERMS.match(clause.lower, taken.end):
            continue  # "with no evidence of disease are eligible if X was given"
        if clause.context.section is Section.EXCLUSION and (
            WASH_OUT.search(clause.lower, cue.end, mention.end) or _not_stopped(clause, cue, clause.lower)
        ):
            continue  # "has not completed the wash-out of X"
        if cue.text == "absence of" and clause.context.section is Section.EXCLUSION and not _IN_THE.search(clause.before(cue.start, 8)):
            return "predicate"  # who never had it
        if cue.text == "absence of" and _IN_THE.search(clause.before(cue.start, 8)) and ("," in rest or _PROGRESSION.match(rest)):
            continue  # "in the absence of progression, X is …" tells when, "in the absence of progression after X" what came of it
        without = cue.text == "no" and clause.context.section is Section.EXCLUSION
        with_none = _WITH_NONE.search(clause.lower, max(0, cue.start - 40), cue.start) or _NONE_OR_MORE.match(clause.lower, mention.end)
        if without and with_none and not any(w.start > cue.start for w in clause.part.windows):
            return "predicate"  # "patients with no prior X" are those who had none
        return cue.value
    if _must_not_be(clause, mention) or not_within(clause, mention):
        return "determiner"
    if clause.context.section is not Section.EXCLUSION and clause.found_behind(_NONE_OF_IT, mention.end):
        return "determiner"  # "prior chemotherapy: none"
    if clause.context.section is not Section.EXCLUSION and _in_a_regimen_without(clause, mention):
        return "determiner"
    if was_not_given(clause, mention) and not clause.found_before(_IF, mention.start):
        return "predicate" if clause.context.section is Section.EXCLUSION else "determiner"  # "bevacizumab has not been given before"
    if (is_state(mention) or clause.found_behind(_HELPED, mention.end, 14)) and _NOT_SO.search(clause.before(mention.start, 20)):
        return "predicate"  # "not immunocompromised", "neutrophils not G-CSF-supported"
    return lead[-1].value if lead else _of_the_sentence_before(clause)


def _must_not_be(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy or its list may not have been had: "chemotherapy, drugs such as X, and Y must not have been used"."""
    if not clause.possible & _MUST_NOT_HAVE.bit:
        return False
    return any(clause.found_behind(_MUST_NOT_HAVE, at, 60) for at in {mention.end, clause.list_end(mention, LISTED_OR_EXAMPLE)})


def _of_the_sentence_before(clause: ClauseReading) -> str:
    """What negates a sentence of an inclusion that only tells a therapy and its time, as those before it do, of which the first is negated.

    "No chemotherapy within 4 weeks of registration. Treatment with any kinase inhibitor within 2 weeks of registration."
    """
    if clause.context.section is Section.EXCLUSION or not _only_timed(clause.part, clause.lower):
        return ""
    for before in reversed([p for p in clause.reading.parts if p.start < clause.part.start]):
        denied = before.tagged("neg")
        if denied and _in_a_time(before, clause.lower) and not before.tagged("permit"):
            return denied[0].value
        if denied or not _only_timed(before, clause.lower):
            return ""
    return ""


def _only_timed(part: Part, lower: str) -> bool:
    """Whether a sentence names therapies and the time of them, and tells nothing else."""
    return _in_a_time(part, lower) and not part.tagged(*_TELLS_MORE)


def _in_a_time(part: Part, lower: str) -> bool:
    """Whether a sentence names therapies within a time before something in the trial."""
    timed = any(_LATELY_BEFORE.match(lower, w.end, part.end) and lower.endswith("within ", part.start, w.start) for w in part.windows)
    return timed and bool(part.therapies)


def left_out_of_it(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a regimen is told of that does not hold a therapy: "regimens not containing X or Y are permitted"."""
    if not clause.possible & _NOT_CONTAINING.bit:
        return False
    found = next(iter(_NOT_CONTAINING.finditer(clause.lower, clause.part.start, mention.start)), None)
    return found is not None and _ONE_LIST.fullmatch(clause.lower, found.end(), mention.start) is not None


def _in_a_regimen_without(clause: ClauseReading, mention: Mention) -> bool:
    """Whether what patients had must not have held a therapy: "one prior line (platinum-based; not containing docetaxel)"."""
    if not clause.possible & _NOT_CONTAINING.bit or clause.part.has("permit"):
        return False
    found = next(iter(_NOT_CONTAINING.finditer(clause.lower, clause.part.start, mention.start)), None)
    return (
        found is not None
        and _HAD_WITHOUT.search(clause.lower, clause.part.start, found.end()) is not None
        and _ONE_LIST.fullmatch(clause.lower, found.end(), mention.start) is not None
    )


def who_lack_it(clause: ClauseReading) -> int:
    """Where an inclusion ends to tell of those who never had a therapy, and says what they have to do; 0 for none.

    "Patients who have not undergone orchiectomy must continue GnRH agonists" keeps nobody out who had one.
    """
    if clause.context.section is Section.EXCLUSION or not clause.possible & _WHO_LACK_IT.bit:
        return 0
    found = clause.opens_with(_WHO_LACK_IT)
    return found.end() if found else 0


def is_state(mention: Mention) -> bool:
    """Whether words tell how a patient is, and mean the drugs that can bring it about: "immunocompromised"."""
    return _names_state(mention.text)


@lru_cache(maxsize=1024)  # names of therapies come again and again
def _names_state(text: str) -> bool:
    return _STATE.fullmatch(text.lower()) is not None


def _not_stopped(clause: ClauseReading, cue: Cue, lower: str) -> bool:
    """Whether what is denied is that a therapy has ended: "have not discontinued X", "have not completed X at least 4 weeks before".

    Arguments:
        clause: the clause.
        cue: the negation.
        lower: the words that it stands in: those of the clause, or of the bullet above.
    """
    found = _NOT_STOPPED.match(lower, cue.end)
    if found is None:
        return False
    timed = any(w.value.cycles is None and (lower is not clause.lower or w.start > cue.end) for w in clause.part.windows)
    return timed or found["given_up"] is not None


def _of_a_state(cue: Cue, rest: str) -> bool:
    """Whether "is not" is followed by how something is, and by no use: "the list is not exhaustive"."""
    return cue.text in ("are not", "is not") and _USES.match(rest) is None


def _governs_below(lower: str, cue: Cue, end: int) -> bool:
    """Whether a negation of the bullet above holds for what stands below it."""
    rest = lower[cue.end : end]
    if cue.text in ("no", "not be") and _NO_LIMIT.match(rest):
        return False  # "no more than 3 prior regimens."
    if cue.text == "without" and _CONSENT.match(rest):
        return False  # "X without approval of the sponsor, including:"
    if _RECOVERED.match(rest):
        return False  # "who had X, or have not recovered from it, as follows:" denies no therapy
    return not TO_ANOTHER_THING.search(rest) and not (rest.strip(" :") and _of_a_state(cue, rest))


def not_within(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a time is told in which it may not have been given: "chemotherapy, not within 4 weeks"."""
    found = clause.found_behind(_NOT_WITHIN, mention.end)
    return found is not None and not clause.in_exception(mention.end + found.end() - 1)


def was_not_given(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is said behind a therapy, its list or what is excepted from it that it was not had: "TKIs other than X not yet used"."""
    if not clause.possible & _NOT_GIVEN.bit:
        return False
    end = clause.list_end(mention)
    excepted = next((last for start, last, _ in clause.exceptions if 0 < start - end <= _AT_ONCE), end)
    return any(clause.found_behind(_NOT_GIVEN, at) for at in {mention.end, end, excepted})


def needs_no_washout(clause: ClauseReading, mention: Mention) -> bool:
    """ "No wash-out is required for X", "X need not be stopped"; not X of "X within 4 weeks, but Y does not need a wash-out"."""
    if not clause.possible & _MAY_NEED_NONE:
        return False
    if clause.found_before(_NO_WASHOUT, mention.start, 160):
        return True
    after = clause.after(mention.end, 120)
    told = any(word in after for word in _TELLS_NEED)  # looking for these is quicker
    found = _NEEDS_NO_WASHOUT.match(after) if told else None
    if found is None:
        return False
    end = found.start("own") if found["own"] else found.end()  # "allowed, and a 4-week interval is not necessary"
    return not any(mention.end <= w.start < mention.end + end for w in clause.part.windows)


def none_is_asked_for(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it may have been had, or not: "no prior X is required", "X is neither required nor excluded", "need not have had X"."""
    if clause.found_behind(_NEITHER, mention.end) or clause.found_before(_NEED_NOT, mention.start, 120):
        return True
    if not clause.possible & _NONE_ASKED_BEHIND.bit or clause.context.section is Section.EXCLUSION:
        return False
    starts = {mention.start, clause.list_start(mention)}
    return bool(clause.found_behind(_NONE_ASKED_BEHIND, mention.end)) and any(clause.found_before(_NONE_ASKED, at) for at in starts)

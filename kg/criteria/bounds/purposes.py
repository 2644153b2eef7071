"""What a therapy is given for, as a limit of its rule: the diseases and settings told before it, behind it, or of what it explains."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import EARLY, LISTED_OR_EXAMPLE, ClauseReading
from kg.criteria.therapies.of_the_disease import TREATED
from kg.criteria.therapies.other_trials import INVESTIGATIONAL
from kg.criteria.words.first_letters import quick
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_FOR = pattern("limits: for")
_IF_GIVEN_SO = pattern("limits: if given so")
_FIRST_OR_AGAIN = pattern("limits: first or again")
_TREATS_TUBERCULOSIS = re.compile(r"(?:tuberculosis|tb)\b.*(?:treatment|therapy)", re.IGNORECASE)
_OWN_ALTERNATIVE = pattern("limits: own alternative")
_BESIDE_NAME = re.compile(r"[\s,/]*(?:(?:or|and|and/or)\s+)?")
_LISTED_DISEASE = pattern("limits: listed disease")
_FOR_A_TIME = re.compile(r"\s*(?:\w+\s+)?for\s+(?:(?:more|longer|greater) than|at least|over|>|\u2265|a period|\d)")
_TREATMENT_OF = pattern("limits: treatment of")
_NOUN = re.compile(
    r"\b(?:therap(?:y|ies)|treatments?|regimens?)[\s,]*(?:(?:is|are)\s+(?:permitted|allowed|acceptable)\s*|(?:for|of)\s+(?:[\w-]+\s+){1,4})?$"
)
_THERAPY_WITH = re.compile(r"\b(?:therap(?:y|ies)|treatments?|regimens?|setting)\s+(?:with|of|using)\s+$")
_LIST_FOR = re.compile(
    r"\b(?:treatments?|therap(?:y|ies)|treated|agents?|drugs?|regimens?)\s+for\s+(?P<for>[^.;:,()]{3,80}?)(?:\s+with\b|\s+including\b|[,(:])"
)
_HIV = "hiv-infection"
_OF_ANY_KIND = "metastatic-cancer"
"""The name of a setting, not of a disease: "chemotherapy for metastatic cancer"."""
_ANY_OTHER = re.compile(r"\b(?:conditions?|indications?|diseases?|disorders?)\s+other\s+than\b")
_REMARK = re.compile(r"\b(?:may|might|can|could|would)\b")
_FOR_THE = re.compile(r"[^,;()]{0,30}\b(?:for|in) (?:the |this |their )")
_STOP = quick(
    r"\b(?:within|prior to|before|unless|except|who|which|if|with(?!\s+(?:an?\s+|non-?)?curative)|at least|that)\b|[;:]|,\s+including\b"
    r"|\bor\s+(?:relapsed?|recurrence|progress(?:ion|ed))\s+(?:(?:that|which)\s+)?(?:occurr\w+|more|at least|after|over)"
)
_ENDS_EXAMPLES = re.compile(r"[;]|\b(?:unless|except|within|for|who|prior|previous|history|use)\b")
"""Behind "including" these begin another matter."""
_MOST_TO_NOUN = 40
"""So many characters at most stand between the word for a setting and the therapy given in it."""
_ADJECTIVES = re.compile(
    r"(?:[\s/,()-]|or|and|systemic|anticancer|anti-cancer|cytotoxic|(?:chemotherapy|radiation|radiotherapy|endocrine|hormonal)"
    r"(?:\s+(?:treatment|therapy)(?=\s))?(?:\s+\([a-z]{2,5}\))?|setting"
    r"|(?:treatment|therapy|use|exposure) (?:with|of|to)(?: an?| any)?|off-protocol|other|(?:neo-?\s?)?adjuvant|maintenance"
    r"|(?:pre|peri|post)-?(?:operative|surgical))*"
)
_ALSO_IN = re.compile(
    r"[\s:,]*(?:(?:in|the|for|as|any|an?|either|both|prior|previous|and|or|[\w()/-]*adjuvant|setting|treatment|therapy)[\s,/]+)*"
)
"""Between "including" and a setting, which then is but one of those meant: "chemotherapy (including adjuvant)"."""
_VACCINE, _INFECTION = "vaccine", "infection"
_CANCER = "cancer"
_ANY_VACCINE = Mention(0, 0, "class", _VACCINE, "")
_NOT_IN = ("non-", "non ")
_PROPHYLACTIC = pattern("limits: prophylactic")
_BY_INTENT = pattern("limits: against cancer by intent")
_AS_PROPHYLAXIS = pattern("limits: as prophylaxis")
_OF_ITS_OWN = re.compile(r"[^,]*,\s*(?:or|and)\s[^,]*")
"""Between two therapies, of which what is told behind the second is of that alone: "steroids, or G-CSF for prophylaxis"."""
_FOR_PREVENTION = pattern("limits: for prevention")
_PREVENTS = tuple(Mention(0, 0, "class", key, "") for key in ("anticoagulant", "antiplatelet", _VACCINE))
"""Classes of what is always taken to prevent."""
_PRIMARY = re.compile(r"\b(?:primary|secondary|valves?)\b")
_OR_ELSE = re.compile(r"\bor\s+(?:(?:an?|the|any|currently?|ongoing|chronic|who|patients?|is|are)\s+)*$")
_WHICH_IS_OR = re.compile(r"\b(?:which|that)\s+(?:is|are)\s+[\w-]+\s+or\s+$")
_REACH = 150
"""So many characters at most stand between a therapy, "including", and an example."""


def purpose(clause: ClauseReading, mention: Mention, last: int) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """(conditions, own disease, settings) that the therapy is limited to: adjectives before it, "for …" and "in the … setting" after it.

    Arguments:
        mention: the therapy.
        last: where the list of therapies that it belongs to ends.
    """
    conditions: tuple[str, ...] = ()
    own = False
    settings: list[str] = []
    start = _noun_explained(clause, mention)
    adjectives = [
        c
        for c in clause.part.tagged("setting")
        if not clause.lower.endswith(_NOT_IN, 0, c.start)
        and not clause.in_exception(c.start)
        and (_of_its_words(mention, c) or _before_it(clause, c, start))
    ]
    if mention.key == INVESTIGATIONAL or clause.context.known.is_anticancer(mention):  # "preoperative anticoagulants" are stopped, too
        settings += [c.value for c in adjectives if c.value in (*EARLY, "maintenance")]
    behind: tuple[str, ...] = ()
    tail = clause.after(last, _REACH)
    if _tells_purpose(tail):
        stop = _STOP.search(IN_BRACKETS.sub(_blank, tail))
        conditions, own, behind = _told_behind(clause, mention, last, last + (stop.start() if stop else len(tail)))
    if not (settings or conditions or own or behind):
        behind = _if_given_so(clause, last)
    if not (settings or conditions or own or behind):
        head = _explained_before(clause, mention)
        if head is not None:
            conditions, own, behind = _told_behind(clause, mention, *head)
    if not (settings or conditions or own or behind):
        treated = _treatment_of(clause, mention)
        if treated is not None:
            conditions, own, behind = _told_behind(clause, mention, *treated)
    if not (settings or conditions or own or behind) and clause.context.known.is_anticancer(mention):
        conditions, own, behind = _told_above(clause)
    if not (settings or conditions or own or behind) and mention.text == TREATED:
        conditions, own, behind = _of_disease_treated(clause, mention)
    if not (settings or conditions or own or behind) and clause.possible & _BY_INTENT.bit and clause.context.known.is_anticancer(mention):
        conditions = (_CANCER,) if _BY_INTENT.match(IN_BRACKETS.sub(_blank, tail)) else ()  # "biologic agents for antineoplastic intent"
    if settings and set(settings).issubset(EARLY):
        behind = tuple(s for s in behind if s in EARLY)  # "adjuvant therapy for locally advanced disease" is none for metastases
    return conditions, own, tuple(dict.fromkeys((*settings, *behind)))


def _of_its_words(mention: Mention, cue: Cue) -> bool:
    """Whether a setting is told within the words that name a therapy: "platinum-based adjuvant chemotherapy"."""
    return mention.start < cue.start and cue.end < mention.end


def _before_it(clause: ClauseReading, cue: Cue, start: int) -> bool:
    """Whether a setting is told before a therapy that begins at a place: "adjuvant or neoadjuvant systemic chemotherapy"."""
    near = 0 <= start - cue.end <= _MOST_TO_NOUN and _ADJECTIVES.fullmatch(clause.lower, cue.end, start) is not None
    return near and not _of_the_one_before(clause, cue, start)


def _of_the_one_before(clause: ClauseReading, cue: Cue, start: int) -> bool:
    """Whether a setting stands in brackets right behind another therapy: "PARP inhibitors (as maintenance) or bevacizumab"."""
    paren = clause.reading.paren_of(cue.start)
    if paren is None or not cue.end < paren[1] <= start:
        return False
    return any(0 <= paren[0] - m.end <= 1 for m in clause.part.therapies)


def _told_above(clause: ClauseReading) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """What the bullet above says that the therapies of its list were given for: "prior treatment for NSCLC with any of the following:"."""
    above, lower = clause.context.lead, clause.context.lead_lower
    found = _LIST_FOR.search(lower, above.start, above.end) if above is not None and lower.rstrip().endswith(":") else None
    if above is None or found is None:
        return (), False, ()
    start, end = found.span("for")
    conditions = [m.key for m in above.mentions if m.kind == "condition" and start <= m.start < end and m.key != _OF_ANY_KIND]
    cues = [c for c in above.tagged("setting", "own") if start <= c.start < end]
    settings = dict.fromkeys(c.value for c in cues if c.tag == "setting")
    return tuple(dict.fromkeys(conditions)), any(c.tag == "own" for c in cues), tuple(settings)


def _if_given_so(clause: ClauseReading, last: int) -> tuple[str, ...]:
    """The settings in which alone a therapy counts, told behind its time: "platinum within 6 months, if given as adjuvant therapy"."""
    told = clause.found_behind(_IF_GIVEN_SO, last, _REACH)
    if told is None or clause.in_exception(last + told.end()):
        return ()
    settings = (c for c in clause.part.tagged("setting") if last + told.end() <= c.start < last + _REACH)
    return tuple(dict.fromkeys(c.value for c in settings))


def _blank(words: re.Match[str]) -> str:
    return " " * len(words.group())


def _tells_purpose(tail: str) -> bool:
    """Whether the words behind a therapy begin like those that say what it is for."""
    return _FOR.match(tail) is not None or _FOR_THE.match(tail) is not None


def _told_behind(clause: ClauseReading, mention: Mention, last: int, reach: int) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """What the words at [last, reach), behind a therapy, limit it to: "… for advanced disease", "… in the adjuvant setting"."""
    tail = clause.lower[last:reach]
    if _FOR_A_TIME.match(tail) or not _tells_purpose(tail):
        return (), False, ()
    cues = [c for c in clause.part.tagged("setting", "own") if last <= c.start < reach and not clause.in_exception(c.start)]
    early = [c for c in cues if clause.lower.endswith(_NOT_IN, 0, c.start)]
    cues = [c for c in cues if c not in early] + [c._replace(value=v) for c in early if c.value == "metastatic" for v in EARLY]
    if clause.possible & _FIRST_OR_AGAIN.bit and (whenever := _FIRST_OR_AGAIN.search(clause.lower, last, reach)):
        cues = [c for c in cues if not whenever.start() <= c.start < whenever.end()]  # "for newly diagnosed or recurrent disease"
    examples = [c.end for c in clause.part.tagged("example") if last <= c.start < reach]
    cues = [c for c in cues if c.tag == "own" or not any(_ALSO_IN.fullmatch(clause.lower, end, c.start) for end in examples)]
    conditions, listed = diseases(clause, last, reach)
    if mention.key in clause.context.known.anti_infectives:
        conditions = tuple(c for c in conditions if c != _HIV)  # who takes antiretrovirals has it
    if mention.key == _VACCINE or clause.context.known.covers(_ANY_VACCINE, mention):
        conditions = () if _INFECTION in conditions else conditions  # "vaccines against infectious diseases" are all that prevent
    own = listed or any(c.tag == "own" for c in cues)
    return conditions, own, tuple(dict.fromkeys(c.value for c in cues if c.tag == "setting"))


def _explained_before(clause: ClauseReading, mention: Mention) -> tuple[int, int] | None:
    """[start, end) of the words between a therapy and "including", of which a mention is an example.

    "Any therapy for metastatic disease, including chemotherapy" speaks of chemotherapy for metastatic disease.
    """
    cue = next((c for c in reversed(clause.part.tagged("example")) if c.end <= mention.start), None)
    if (
        cue is None
        or clause.in_exception(cue.start)
        or mention.start - cue.end > _REACH
        or _ENDS_EXAMPLES.search(clause.lower, cue.end, mention.start)
    ):
        return None
    ends = [m.end for m in clause.part.therapies if m.end <= cue.start]
    ends += [c.end for c in clause.part.tagged("untold") if c.end <= cue.start]
    return (max(ends), cue.start) if ends and cue.start - max(ends) <= _REACH else None


def _treatment_of(clause: ClauseReading, mention: Mention) -> tuple[int, int] | None:
    """[start, end) of what was treated with a therapy against cancer: "treatment of pancreatic cancer with radiotherapy or a mention"."""
    if not clause.context.known.is_anticancer(mention) and mention.key != INVESTIGATIONAL:
        return None
    cue = next((c for c in reversed(clause.part.tagged("example")) if c.end <= mention.start <= c.end + _REACH), None)
    heads = (m for m in clause.part.therapies if cue is not None and 0 <= cue.start - m.end <= 3)
    found = _TREATMENT_OF.search(clause.lower, clause.part.start, clause.list_start(next(heads, mention)))
    return None if found is None else found.span("of")


def _noun_explained(clause: ClauseReading, mention: Mention) -> int:
    """Where the noun begins that a mention explains, else the mention: "adjuvant therapy (X or …)", "adjuvant therapy, including X"."""
    paren = clause.reading.paren_of(mention.start)
    if paren is not None:
        end = paren[0]
    else:
        cue = next((c for c in reversed(clause.part.tagged("example")) if c.end <= mention.start <= c.end + _REACH), None)
        if cue is None or _ENDS_EXAMPLES.search(clause.lower, cue.end, mention.start):
            first = clause.list_start(mention)
            return first if _THERAPY_WITH.search(clause.before(first, 30)) else mention.start
        end = cue.start
    noun = _NOUN.search(clause.lower, max(clause.part.start, end - _MOST_TO_NOUN), end)
    return noun.start() if noun else mention.start


def diseases(clause: ClauseReading, start: int, reach: int) -> tuple[tuple[str, ...], bool]:
    """The conditions named at [start, reach), or True for the trial's own where only the last one has its whole name.

    "For gastric, GEJ or esophageal adenocarcinoma" speaks of three.
    """
    if _ANY_OTHER.search(clause.lower, start, reach):
        return (), False  # those in brackets behind it are but examples
    named = [m for m in clause.part.mentions if m.kind == "condition" and start <= m.start < reach and not clause.in_exception(m.start)]
    named = [m for m in named if not clause.before(m.start, 4).endswith(("non-", "non "))]  # "for non-cancer-related conditions"
    named = [m for m in named if not ((paren := clause.reading.paren_of(m.start)) and _REMARK.search(clause.lower, *paren))]
    if named and _LISTED_DISEASE.search(clause.lower, start, named[0].start):
        return (), True
    return tuple(dict.fromkeys(m.key for m in named if m.key != _OF_ANY_KIND)), False


def settings_of_name(clause: ClauseReading, disease: Mention) -> tuple[str, ...]:
    """The settings that stand before the name of a disease: "locally advanced or metastatic breast cancer"."""
    start, found = disease.start, []
    for cue in reversed(clause.part.tagged("setting")):
        if cue.start < disease.end and (cue.end > start or _BESIDE_NAME.fullmatch(clause.lower, cue.end, start)):
            start = cue.start
            found.append(cue.value)
    return tuple(dict.fromkeys(reversed(found)))


def _of_disease_treated(clause: ClauseReading, mention: Mention) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """What a therapy is of that is told by what it was given for: "metastatic breast cancer that has been treated"."""
    known = clause.context.known
    near = [m for m in clause.part.mentions if m.kind == "condition" and m.key in known.neoplasms and m.key != _OF_ANY_KIND]
    behind = (m for m in near if 0 <= m.start - mention.end <= _MOST_TO_NOUN)
    before = (m for m in reversed(near) if 0 <= mention.start - m.end <= _MOST_TO_NOUN)
    disease = next(before, None) or next(behind, None)
    return ((), False, ()) if disease is None else ((disease.key,), False, settings_of_name(clause, disease))


def of_an_infection(clause: ClauseReading, mention: Mention) -> bool:
    """Whether anti-infectives are told of as treating an infection; "infection, or use of antibiotics" is another matter."""
    if mention.key not in clause.context.known.anti_infectives:
        return False
    start = clause.part.start if any(c.end <= mention.start for c in clause.part.tagged("prior", "current")) else 0
    own = [m.end() for m in _OWN_ALTERNATIVE.finditer(clause.lower, start, mention.start)]
    told = clause.lower[own[-1] if own else start : mention.end] + clause.after(mention.end, 60)
    return "infection" in told or _of_tuberculosis(clause, mention)


def _of_tuberculosis(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the ill is told of that is treated, with whatever drugs: "tuberculosis treatment", if nothing has to be washed out."""
    timed = (p.windows for p in (clause.part, clause.context.lead) if p is not None)
    return mention.kind == "class" and _TREATS_TUBERCULOSIS.fullmatch(mention.text) is not None and not any(timed)


def of_those_who_need_it(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the disease is told for which a drug is taken, which may be milder in whom it helps: "serious arrhythmia requiring X".

    Of "a seizure disorder or requirement for X" either keeps out; an arrhythmia "which is symptomatic or requires X" is one.
    """
    needs = [c for c in clause.part.tagged("needing") if c.end <= mention.start]
    if not needs or not clause.tells_what_it_is_for(mention):
        return False
    before = clause.before(needs[-1].start)
    return _OR_ELSE.search(before) is None or _WHICH_IS_OR.search(before) is not None


def only_to_prevent(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only its use to prevent is forbidden, or with other drugs: "prophylactic antibiotics", "steroids as antiemetics"."""
    known = clause.context.known
    if known.is_anticancer(mention) and mention.key not in known.count_support:
        return clause.found_behind(_FOR_PREVENTION, mention.end, _REACH) is not None
    if mention.kind == "pk" or mention.key in known.procedures:
        return False
    paren = clause.reading.paren_of(mention.start)  # "prophylactic use of growth factors (G-CSF)"
    head = next((m for m in reversed(clause.part.therapies) if paren is not None and m.end <= paren[0]), mention)
    if paren is not None and paren[0] - head.end > 1 and not _AS_PROPHYLAXIS.match(clause.lower[head.end : paren[0]]):
        head = mention
    start = clause.list_start(head, LISTED_OR_EXAMPLE)
    last = clause.list_end(mention)  # "G-CSF or erythropoietin for prophylaxis"
    ends = {mention.end, head.end, mention.end if _OF_ITS_OWN.fullmatch(clause.lower, mention.end, last) else last}
    told = clause.found_before(_PROPHYLACTIC, start) or next(
        (t for at in ends if (t := clause.found_behind(_AS_PROPHYLAXIS, at, _REACH))), None
    )
    first = next((m for m in clause.part.therapies if m.start == start), mention)  # "prophylactic aspirin, and NSAIDs"
    prevents = any(k.key == m.key or known.covers(k, m) for k in _PREVENTS for m in (first, mention))
    return told is not None and (not prevents or _PRIMARY.search(told.group()) is not None)

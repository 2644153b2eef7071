"""One exception: which drugs, routes, settings and doses it names, and whom it frees: all who had them, or some."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.criteria.bounds.doses import BY_SIZE, clause_doses, most
from kg.criteria.clauses.clause import EARLY, SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.clauses.exception_ends import TIME_OF_EXCEPTION
from kg.criteria.layout.scope import clause_scope
from kg.criteria.therapies.like import with_like
from kg.criteria.therapies.narrowing import narrowed
from kg.criteria.therapies.non_inducers import is_left_out
from kg.criteria.therapies.routes import by_mouth, given_to_one_place
from kg.criteria.times.rows import ROW_GAP
from kg.criteria.times.timing import usable_windows
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Carveout, Mention, Window

_FOR_NO_CANCER = pattern("exceptions: for no cancer")
_FOR_A_REASON = pattern("carveouts: for a reason")
_STOPPED_FOR = pattern("carveouts: stopped for a reason")
_DID_NOT_FAIL = pattern("carveouts: did not fail")
_ON_TERMS = pattern("carveouts: on terms")
_NOW_AND_THEN = pattern("carveouts: now and then")
"""Words that leave it open whether an exception is of this patient: "as needed", "considered essential"."""
_TO_END = re.compile(
    r"\b(?:must|should|to|if|being|when|provided)\s+(?:it\s+|they\s+|doses?\s+)?(?:is\s+|are\s+|will\s+)?(?:be\s+)?(?:weaned|tapered|reduced)\b"
)
"""What is permitted, and has to end, is permitted on terms: "prednisone is permitted, but must be weaned within a month"."""
_SHORT = re.compile(r"\b(?:short|brief|limited)[- ](?:courses?|duration|bursts?)\s+(?:of|with)\b")
"""What is excepted for a short time may have been given for longer."""
_SUCH_A_DOSE = re.compile(r"\bdos(?:es?|ages?|ing)[\s,(]*(?:e\.?g\.?|such as|including|for example|like)[\s,]*$")
_AS_PREMEDICATION = pattern("exceptions: as premedication")
_IS_NO_SUCH_THING = pattern("subjects: is no such thing")
_NOT_IN_IT = re.compile(r"\b(?:not\s+contain\w*|contain\w*\s+no|without|free\s+of)\s+(?:any\s+)?$")
_ALLOWS_FOR = re.compile(r"\b(?:allow|permit|tolerate)s?\s+(?:for\s+)?(?:(?:concurrent|planned|protocol|study|definitive|the)\s+)*$")
"""Before what is to be given: "(… if lung function would allow for chemoradiotherapy)" frees nobody who had it."""
_AS_SUCH = re.compile(r"\b(?<!such )as\s+(?:an?\s+)?(?:\w+\s+)?$")
_GIVEN_AFTER = re.compile(
    r"\b(?:given|used|received|administered|as)\s[^.;,]*\b(?:after|following|upon)\s+"
    r"(?:(?:an?|the|complete|partial|objective|or|response|to|prior|previous|last|first-line|completion|of)\s+)*$"
)
"""Before a therapy that only tells when what is excepted was given: "unless given as maintenance after response to platinum"."""
_OF_WHAT_KIND = re.compile(r"\b(?:is|are)\s+(?:an?\s+|the\s+)?(?:acceptable|allowed|permitted|preferred|recommended)\s+$")
_ADRENAL_FAILURE = "adrenal-insufficiency"
_FOR_IT = re.compile(r"\b(?:for|of|to treat|to manage)\s+(?:[\w-]+\s+){0,5}$")
_IS_FOR = re.compile(r"\s+(?:(?:therapy|treatment|used?|given|taken|administered)\s+)?for\s+(?:[\w-]+\s+){0,3}")
FOR_OTHER_ILLS = re.compile(
    r"\b(?:for|in)\s+(?:(?:an?|the|other|any|chronic|treatment|of)\s+){0,3}(?:non-?\s?(?:disease|malignan\w+|cancer\w*|neoplas\w+|oncolog\w+|tumou?r)"
    r"|(?:disorders?|diseases?|conditions?|indications?|illness(?:es)?)\s+other\s+than)\b"
)
_SOME_LINES = re.compile(
    r"\W*(?:except(?:ing)?(?:\s+for)?|other than|with the exception of|apart from)\s+(?:up to\s+)?(?:an?\s+single|one|two|three|[123])\s+"
    r"(?:\(\d\)\s+)?(?:(?:prior|previous|earlier)\s+)?(?:regimens?|lines?)(?:\s+of\s+(?:prior\s+)?(?:therapy|treatment))?\W*"
)
"""Who had so many lines is freed: "no prior chemotherapy for metastatic disease except one regimen"."""
_ONE_DOSE = re.compile(
    r"\W*(?:except(?:ing)?(?:\s+(?:for|as))?|other than|with the exception of|apart from)\s+"
    r"(?:an?\s+)?(?:single|one)[\s-](?:time\s+)?doses?\W*"
)
"""Who takes it day by day is not freed: "systemic steroids, except a single dose"."""
_PREVENT = ("antiplatelet", "vaccine")
_BY_THE_WORDS_AROUND = frozenset({"kinase-inhibitor", "tyrosine-kinase-inhibitor", "sex-hormone"})
_EVENTS = frozenset({"recurrence", "relapse", "relapsed"})
"""Beside a setting these tell when, not where: "adjuvant therapy that ended 6 months before recurrence"."""
_FOR_EARLY_DISEASE = re.compile(
    r"\b(?:for|in)\s+(?:(?:the|their|an?|prior|previous|completely|high-risk)\s+){0,3}"
    r"(?:earlier\s+(?:disease\s+)?(?:stages?|settings?)\b|(?:thick\s+)?primary\s+melanomas?|(?:early(?:[- ]stage)?"
    r"|resected|non-?\s?metastatic|node-negative|in[- ]situ|thick"
    r"|stages?\s+(?:0|i{1,2})[abc]?(?:\s*(?:-|/|to|or|and)\s*i{1,2}[abc]?)?(?!\s*(?:-|/|to|or|and)\s*i))\s+[a-z])"
)
_HOURS = re.compile(r"(?:\d|1\d|2[0-3])\s*(?:h|hrs?|hours?)\b")
_HAS_TO_END = re.compile(r"\b(?:must|should)\s+be\s+(?:weaned|tapered|stopped|discontinued|reduced)\b")
_OF_THE_UNKNOWN = pattern("exceptions: of the unknown")
_OF_A_PART = pattern("exceptions: of a part")
_AT_ONE_ORGAN = pattern("exceptions: at one organ")
_THAT_BEGINS = re.compile(r"\s+(?:of\s+)?(?:(?:the|study|trial|planned|protocol)\s+){0,2}")
_TIMED = pattern("exceptions: timed")
_SINCE_ITS_LAST = re.compile(
    r"\s+(?:from|since|after|following|for|off|without)\s+(?:(?:the|last|any|prior|previous|final|dose|doses|infusion|of|an?|treatment|therapy|with|completion)\s+)*"
)
"""Between a time and the therapy that it is counted from."""
_PERMITTED_WITHIN = re.compile(r"\b(?<!not )(?:permitted|allowed|acceptable)\s+within\s")
_BEGUN = re.compile(r"\b(?:initiated|started|begun|commenced)\b")
_IN_A_CASE = pattern("exceptions: in a case")
_DONE_LOCALLY = re.compile(r"\s+(?:control\b|resection|excision|surg|radi(?:o|ation)|irradiation|ablati)")
_ONLY_WEAK = re.compile(r"unless\s+(?:(?:only|it'?s|it\s+is|they'?re|they\s+are)\s+){0,2}")
"""Before a strength: "CYP3A4 inhibitors, unless weak" frees those."""
_OF_FIRST_LINE = re.compile(r"\b(?:1st|first|front)[- ]?line\b.*\b(?:with|of|containing|consisting|using)\b")


@dataclass(slots=True)
class _Told:
    """The words of an exception, and what is found in them."""

    start: int
    end: int
    kind: str
    text: str
    cues: list[Cue]
    named: list[Mention]
    """The therapies that it frees."""
    of_a_part: bool
    """Whether it is one of a part of the trial only."""

    def values(self, tag: str) -> set[str]:
        """The values of its cues of a tag."""
        return {c.value for c in self.cues if c.tag == tag}


def exception_at(clause: ClauseReading, start: int, end: int, kind: str, doses: Iterable[Span[tuple[str, float]]]) -> Carveout:
    """What stands at [start, end) as one exception: drugs, routes, settings, a dose, a window, or a circumstance.

    Arguments:
        clause: the clause.
        start: where it begins.
        end: where it ends.
        kind: the words that make it one: "except", "unless" or "permit".
        doses: the doses that the clause tells.
    """
    told = _told(clause, start, end, kind)
    meant = tuple(n for m in told.named for n in _meant(clause, m))
    untold = bool(told.named) and not meant  # "other than AGA-targeted TKIs" frees some TKI or other, and nothing else
    maximum = _highest(clause, start, end, doses)
    if maximum is None and BY_SIZE.search(clause.lower, start, end):
        maximum = _highest(clause, start, end, clause_doses(clause, 1))  # of "≤ 0.1 mg/kg" what the largest adult may have
    level = "low" if "low" in told.values("dose") else ""
    mentions = tuple(told.named) if untold else meant
    found = Carveout("allows", mentions, None, _routes(clause, told), _settings(clause, told), maximum, level, told.text, start, end)
    if not told.named and clause.possible & _AT_ONE_ORGAN.bit and _AT_ONE_ORGAN.search(told.text):
        found = replace(found, routes=("local",), settings=())  # "excluding treatment directed at liver metastases", which is given there
    if _is_on_terms(told):
        return replace(found, effect="depends")
    if untold or told.of_a_part:
        return replace(found, effect="conditional")
    if level and maximum is None:
        return replace(found, effect="no-cancer") if _for_no_cancer(clause, told) else found
    timed = _by_its_time(clause, told, found)
    if timed is not None:
        return timed
    if maximum is not None and kind == "permit" and _HAS_TO_END.search(told.text):
        return replace(found, effect="depends")  # "up to 20 mg permitted, but must be weaned within one month"
    if maximum is not None and not found.routes and _AS_PREMEDICATION.search(told.text):
        return replace(found, effect="purpose")  # "up to 100 mg of hydrocortisone as premedication" is no daily dose
    if maximum is not None or found.routes:
        return found
    swallowed = by_mouth(clause, told.named) if kind != "permit" else ()
    return replace(found, effect=_by_circumstance(clause, told, found), routes=swallowed)


def _highest(clause: ClauseReading, start: int, end: int, doses: Iterable[Span[tuple[str, float]]]) -> float | None:
    """The highest dose that the words at [start, end) tell of."""
    told = (d for d in doses if start <= clause.part.start + d.start < end and d.value[0] in ("\u2264", "<", ""))
    return next((most(*d.value) for d in told), None)


def _told(clause: ClauseReading, start: int, end: int, kind: str) -> _Told:
    """What is found in the words at [start, end), less the therapies that they do not free."""
    text = clause.lower[start:end].strip(" .,;")
    named = [m for m in clause.part.therapies if start <= m.start < end]
    # "Vitamins that contain no herbs" are no herbs.
    named = [m for m in named if not any(p.search(clause.before(m.start, 90)) for p in (_NOT_IN_IT, _IS_NO_SUCH_THING, _ALLOWS_FOR))]
    named = [m for m in named if not _GIVEN_AFTER.search(clause.lower, start, m.start)]
    # "mTOR inhibitors, except as immunosuppressants" tells what for.
    named = [m for m in named if not (_AS_SUCH.search(clause.before(m.start, 20)) and _FOR_NO_CANCER.search(clause.lower, start, m.end))]
    named = [m for m in named if not given_to_one_place(clause, m)]
    named = [m for m in named if not is_left_out(m)]  # "anticonvulsants that induce no enzymes" are told by what others do
    of_steroids = any(m.key in clause.context.known.steroids and m.end <= start for m in clause.part.therapies)
    if named and of_steroids and _SUCH_A_DOSE.search(clause.lower, start, named[0].start):
        named = []  # "steroids, unless at physiologic doses (e.g. hydrocortisone replacement)"
    of_a_part = _of_a_part(clause, text)
    if of_a_part is not None:  # "for those who receive the combination with X" tells of no earlier use of X
        named = [m for m in named if m.start < start + of_a_part or m.key not in clause.context.study_drugs]
    kinds = [m for m in named[1:] if _OF_WHAT_KIND.search(clause.before(m.start, 40))]  # "X is an acceptable antiemetic"
    cues = [c for c in clause.part.cues if start <= c.start < end and not any(m.start <= c.start < m.end for m in kinds)]
    return _Told(start, end, kind, text, cues, [m for m in named if m not in kinds], of_a_part is not None)


def _routes(clause: ClauseReading, told: _Told) -> tuple[str, ...]:
    """The routes that are freed, other than those to the whole body."""
    stages = [c for c in told.cues if c.tag == "setting"]  # "locally" tells no route in "locally advanced"
    by = [c for c in told.cues if c.tag == "route" and not any(s.start <= c.start < s.end for s in stages)]
    drugs = [m.end for m in told.named if m.key not in clause.context.known.procedures]
    if drugs:  # of "X and local surgery" X was not given locally
        operated = {c.value for c in by if min(drugs) <= c.start and _DONE_LOCALLY.match(clause.lower, c.end)}
        by = [c for c in by if c.value not in operated]
    return tuple(dict.fromkeys(c.value for c in by if c.value not in SYSTEMIC_ROUTES))


def _settings(clause: ClauseReading, told: _Told) -> tuple[str, ...]:
    """The settings in which it was given."""
    if not told.named and told.kind == "except" and _OF_THE_UNKNOWN.match(told.text):
        return ()  # "other than X for metastatic disease", whatever X is: not all that was given for that
    # "Up to the start of neoadjuvant therapy" tells of what the trial gives, not of when the excepted therapy was given.
    begins = [c.end for c in told.cues if c.tag == "anchor"]
    given = [c for c in told.cues if c.tag == "setting" and not any(_THAT_BEGINS.fullmatch(clause.lower, at, c.start) for at in begins)]
    # "Adjuvant therapy, with proof of the absence of brain metastases" was given in one setting.
    diseases = [c for c in told.cues if c.tag == "disease" or c.value == "brain_metastases"]
    given = [c for c in given if not any(d.value == "brain_metastases" and d.start <= c.start < d.end for d in diseases)]
    one = [c for c in given if c.text not in _EVENTS and not any(d.start <= c.start < d.end for d in diseases)]
    if not one and told.named and _FOR_EARLY_DISEASE.search(told.text):
        return EARLY  # whatever is told of its recurrence
    return tuple(dict.fromkeys(c.value for c in one or given))


def _is_on_terms(told: _Told) -> bool:
    """Whether it is left open if it is one of this patient: where somebody must approve, the dose be stable, the use be short
    or with caution."""
    if any(c.tag in ("approval", "discretion") or "caution" in c.text for c in told.cues) or "stable" in told.values("dose"):
        return True
    if told.kind == "permit" and _TO_END.search(told.text):
        return True
    if not told.named:
        return False
    return _NOW_AND_THEN.search(told.text) is not None or (told.kind == "except" and _SHORT.search(told.text) is not None)


def _by_its_time(clause: ClauseReading, told: _Told, found: Carveout) -> Carveout | None:
    """An exception as the time that it tells limits it; None where it tells none of its own."""
    start, end, text = told.start, told.end, told.text
    if told.kind == "unless" and _STOPPED_FOR.search(text):
        return replace(found, effect="conditional")  # "unless stopped within 4 weeks because of toxicity"
    own = (w for w in clause.part.windows if told.kind == "except" and found.mentions and start <= w.start < end)
    instead = next(own, None)
    if instead is not None and TIME_OF_EXCEPTION.fullmatch(clause.lower, start, instead.start):
        return replace(found, effect="window", window=replace(instead.value, within=False))
    timed = next((w for w in usable_windows(clause, clause.part, clause.lower) if start <= w.start < end), None)
    window = None if timed is None else timed.value
    if (window.within if window is not None else " if " in text) and _PERMITTED_WITHIN.search(text):
        return replace(found, effect="conditional")  # "palliative radiotherapy is permitted within 28 days provided …"
    if window is not None and told.kind == "unless" and _BEGUN.search(text):
        return replace(found, effect="conditional")  # "unless initiated > 6 months ago": for how long it was taken
    if window is None or timed is None:
        return None
    if not (told.kind == "unless" or not found.mentions or _TIMED.search(text) or _is_its_row(clause, told, timed)):
        return None
    if window.days is window.months is window.half_lives is None:
        return replace(found, effect="conditional")  # "unless the dose was at most one cycle" counts what was given
    if _HOURS.fullmatch(window.text) and not any(clause.context.known.is_anticancer(m) for m in found.mentions):
        return replace(found, effect="conditional")  # "except if taken 10 h before the study drug"
    case = "conditional" if not found.mentions and not found.settings and _IN_A_CASE.search(text) else "window"
    # "Except nitrosoureas, which need 6 weeks before X" frees no X.
    ahead = tuple([m for m in found.mentions if timed is not None and told.kind == "except" and m.start < timed.start])
    return replace(found, effect=case, mentions=ahead or found.mentions, window=replace(window, within=False))


def _is_its_row(clause: ClauseReading, told: _Told, time: Span[Window]) -> bool:
    """Whether an exception is a therapy and the time that it has instead: "except SBRT within 2 weeks", "hydroxyurea: 1 day"."""
    if told.kind != "except" or sum(told.start <= w.start < told.end for w in clause.part.windows) > 1:
        return False  # of several each may have its own
    before = [m.end for m in told.named if m.end <= time.start]
    behind = [m.start for m in told.named if m.start >= time.end]
    return bool(
        (before and ROW_GAP.fullmatch(clause.lower, before[-1], time.start))
        or (behind and _SINCE_ITS_LAST.fullmatch(clause.lower, time.end, behind[0]))
    )


def _by_circumstance(clause: ClauseReading, told: _Told, found: Carveout) -> str:
    """The effect of an exception that limits neither the dose nor the route nor the time."""
    if told.named and told.named[0].key in clause.context.known.steroids and FOR_OTHER_ILLS.search(told.text):
        return "conditional"  # "corticosteroids for disorders other than myeloma"
    if _for_no_cancer(clause, told):
        return "no-cancer"
    purposes = told.values("purpose")
    if purposes - {"palliative"} or replaces(clause, told.start, told.end):
        # To prevent is what aspirin and vaccines are given for, so that whoever has them is freed.
        prevents = found.mentions and all(_prevents(clause, m) for m in found.mentions)
        return "allows" if prevents and purposes == {"prophylaxis"} else "purpose"
    if not found.mentions and not found.settings:
        one_dose = _ONE_DOSE.fullmatch(told.text) and not any(clause.context.known.is_anticancer(m) for m in clause.part.therapies)
        return "allows" if _SOME_LINES.fullmatch(told.text) else "purpose" if one_dose else "conditional"
    if found.mentions and (
        _FOR_A_REASON.search(told.text) or _STOPPED_FOR.search(told.text) or _for_an_illness(clause, told.named, told.end)
    ):
        return "conditional"
    # Of early therapy a time tells enough: "adjuvant X is allowed if no relapse occurred within 6 months of its end".
    timed = set(found.settings) & set(EARLY) and any(told.start <= w.start < told.end for w in clause.part.windows)
    if found.mentions and not timed and clause.possible & _DID_NOT_FAIL.bit and _DID_NOT_FAIL.search(told.text):
        return "conditional"  # "those who had X without progression are eligible"
    if told.kind == "except" and told.named and _ON_TERMS.search(clause.lower, told.named[-1].end, told.end):
        return "conditional"  # "except phenytoin in patients with brain metastases"
    if len(found.mentions) > 1 and _OF_FIRST_LINE.search(told.text):
        return "conditional"  # "other than first-line therapy with X, Y and Z": these together
    if told.kind == "unless" and _ONLY_WEAK.fullmatch(clause.lower[told.start : told.named[0].start] if told.named else ""):
        return "allows" if clause.lower[told.named[-1].end : told.end].strip(" .,;") == "" else "conditional"
    return "conditional" if told.kind == "unless" or "palliative" in purposes else "allows"


def _for_no_cancer(clause: ClauseReading, told: _Told) -> bool:
    """Whether drugs against cancer are excepted as given for something else: "except methotrexate for rheumatoid arthritis"."""
    against_cancer = not told.named or any(clause.context.known.is_anticancer(m) for m in told.named)
    return against_cancer and bool(clause.possible & _FOR_NO_CANCER.bit) and _FOR_NO_CANCER.search(told.text) is not None


def _meant(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """What an excepted therapy stands for: of "except MEK-directed TKIs" not all TKIs, of "hormones allowed" those against cancer."""
    return narrowed(clause, mention) if mention.key in _BY_THE_WORDS_AROUND else with_like(clause, mention)


def replaces(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether an exception is of the body's own steroids, replaced: "replacement therapy", "treatment for adrenal insufficiency".

    Arguments:
        clause: the clause.
        start: where the exception begins.
        end: where it ends.
    """
    if any(start <= c.start < end and c.value == "replacement" for c in clause.part.tagged("purpose")):
        return True
    ills = [m for m in clause.part.mentions if m.kind == "condition" and start <= m.start < end]
    if clause.lower.startswith(";", end):
        return False  # "except for adrenal failure; septic shock; …": a list of ills goes on
    return bool(ills) and all(m.key == _ADRENAL_FAILURE and _FOR_IT.search(clause.lower, start, m.start) for m in ills)


def _for_an_illness(clause: ClauseReading, named: list[Mention], end: int) -> bool:
    """Whether excepted drugs, none of them against the cancer, are told with what they are for: "corticosteroids for asthma"."""
    last = named[-1].end
    own = {m.start for m in clause.part.mentions if m.kind == "condition" and clause.context.is_own(m)}
    ills = {m.start for m in clause.part.mentions if m.kind == "condition"} | {c.start for c in clause.part.tagged("disease")}
    ills -= own  # all patients have what the trial treats
    told = any(last < start < end and _IS_FOR.fullmatch(clause.lower, last, start) for start in ills)
    return told and not any(clause.context.known.is_anticancer(m) for m in named)


def _prevents(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a drug is one that is given to prevent."""
    return mention.key in _PREVENT or any(clause.context.known.covers(replace(mention, kind="class", key=k), mention) for k in _PREVENT)


def _of_a_part(clause: ClauseReading, text: str) -> int | None:
    """Where an exception tells that it is one of a part of the trial only: "permitted for Cohort 2", "except for those assigned to X"."""
    found = _OF_A_PART.search(text)
    if found is not None:
        return found.start() if any(m.key in clause.context.study_drugs for m in clause.part.mentions) else None
    parts = clause_scope(IN_BRACKETS.sub(" ", text))  # in brackets of its own a part is that of the whole criterion
    return text.find(parts[0]) if parts else None

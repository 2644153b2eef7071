"""Exceptions: what stands under "except", "unless", "other than" or a permission, as carve-outs of a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from kg.criteria.bounds.doses import most
from kg.criteria.clauses.clause import GOES_ON, LISTED_BELOW, SYSTEMIC_ROUTES, TIME_OF_EXCEPTION, ClauseReading
from kg.criteria.clauses.own import identity
from kg.criteria.layout.scope import clause_scope
from kg.criteria.therapies.like import with_like
from kg.criteria.therapies.narrowing import narrowed
from kg.criteria.times.timing import usable_windows
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Carveout, Mention

_FOR_A_REASON = pattern("carveouts: for a reason")
_GOES_ON = pattern("carveouts: goes on")

_OWN = pattern("clause: the trial's own")
_OF_THIS_TRIAL = re.compile(
    r"\b(?:(?:referred\s+to|described|planned|mandated|required|specified|given|performed|administered)\s+(?:in|by|for|on|during)"
    r"|(?:as\s+)?part\s+of)\s+(?:this|the\s+(?:present|current))\s+(?:study|trial|protocol)\b"
)
_TOLD_APART = pattern("carveouts: told apart")
_PERMITTED_DOSE = pattern("carveouts: permitted dose")
_NOW_AND_THEN = pattern("carveouts: now and then")
"""Words that leave it open whether an exception is of this patient: "as needed", "considered essential"."""
_TO_END = re.compile(
    r"\b(?:must|should|to|if|being|when|provided)\s+(?:it\s+|they\s+|doses?\s+)?(?:is\s+|are\s+|will\s+)?(?:be\s+)?(?:weaned|tapered|reduced)\b"
)
"""What is permitted, and has to end, is permitted on terms: "prednisone is permitted, but must be weaned within a month"."""
_SHORT = re.compile(r"\b(?:short|brief|limited)[- ](?:courses?|duration|bursts?)\s+(?:of|with)\b")
"""What is excepted for a short time may have been given for longer."""
_ONGOING = pattern("carveouts: ongoing")
_STEROIDS = "corticosteroid"
_IS_NO_SUCH_THING = pattern("subjects: is no such thing")
_NOT_IN_IT = re.compile(r"\b(?:not\s+contain\w*|contain\w*\s+no|without|free\s+of)\s+(?:any\s+)?$")
_ALLOWS_FOR = re.compile(r"\b(?:allow|permit|tolerate)s?\s+(?:for\s+)?(?:(?:concurrent|planned|protocol|study|definitive|the)\s+)*$")
"""Before what is to be given: "(… if lung function would allow for chemoradiotherapy)" frees nobody who had it."""
_OF_WHAT_KIND = re.compile(r"\b(?:is|are)\s+(?:an?\s+|the\s+)?(?:acceptable|allowed|permitted|preferred|recommended)\s+$")
_ADRENAL_FAILURE = "adrenal-insufficiency"
_FOR_IT = re.compile(r"\b(?:for|of|to treat|to manage)\s+(?:[\w-]+\s+){0,5}$")
_IS_FOR = re.compile(r"\s+(?:(?:therapy|treatment|used?|given|taken|administered)\s+)?for\s+(?:[\w-]+\s+){0,3}")
_FOR_OTHER_ILLS = re.compile(
    r"\b(?:for|in)\s+(?:(?:an?|the|other|any|chronic|treatment|of)\s+){0,3}(?:non-?\s?(?:malignan\w+|cancer\w*|neoplas\w+|oncolog\w+|tumou?r)"
    r"|(?:disorders?|diseases?|conditions?|indications?|illness(?:es)?)\s+other\s+than)\b"
)
_PREVENT = ("antiplatelet", "vaccine")
_HORMONAL = "endocrine-therapy"
_BY_TARGET = frozenset({"kinase-inhibitor", "tyrosine-kinase-inhibitor"})
_EVENTS = frozenset({"recurrence", "relapse", "relapsed"})
"""Beside a setting these tell when, not where: "adjuvant therapy that ended 6 months before recurrence"."""

_HAS_TO_END = re.compile(r"\bmust\s+be\s+(?:weaned|tapered|stopped|discontinued|reduced)\b")
_LIST_GOES_ON = re.compile(r"\s*,?\s*(?:or|and|and/or)\s+(?:any\s+|other\s+)?")
_OPERATION = pattern("carveouts: operation")
_CAN_BE_STOPPED = pattern("exceptions: can be stopped")
_OF_ANOTHER_DISEASE = pattern("exceptions: of another disease")
_NOT_HAD = pattern("exceptions: not had")
_OF_IT = pattern("exceptions: of it")
_OF_OTHERS = pattern("exceptions: of others")
_OF_A_PART = pattern("exceptions: of a part")
_THAT_BEGINS = re.compile(r"\s+(?:of\s+)?(?:(?:the|study|trial|planned|protocol)\s+){0,2}")
_TIMED = pattern("exceptions: timed")
_PERMITTED_WITHIN = re.compile(r"\b(?<!not )(?:permitted|allowed|acceptable)\s+within\s")
_IN_A_CASE = pattern("exceptions: in a case")
_OPERABLE = re.compile(r"(?:resect|oper)able,?\s*\(?$")
_OF_THE_UNKNOWN = re.compile(
    r"\W*(?:apart from|except(?:ing)?(?: for)?|other than|with the exception of|excluding|aside from)\s+(?:(?:prior|previous|the)\s+)?"
    r"(?:treatment|therapy|use|exposure|receipt|administration)\s+(?:with|of|to)\s+(?!th(?:is|at|ese|ose|em)\b|it\b|any\b|such\b)[a-z][\w-]+"
    r"\s+(?:up to|until|within|during|in|for|more|less|at least|at most|no later|that|which|if|completed|stopped|given|administered"
    r"|[<>\u2264\u2265\d])"
)
"""An exception of one therapy by a word that no name is read from, and when it was given."""
_AT_LARGE = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:agents?|drugs?|therap(?:y|ies)|treatments?|medications?)\s*(?:,|\bor\b|\band\b)")
"""Behind a route, what is given by it at large, and something else: "intrathecal agents or X"."""
_GIVEN_FOR_IT = re.compile(
    r"\b(?:\w*therap|treatments?\b|receiv|surg|resections?\b|irradiat|transplant|metasta|patients?\b|participants?\b|subjects?\b|those\b)"
)
"""Words of what was done for a disease, or of whom that is said, where "adequately treated skin cancer" only tells which it was."""
_TREATS = re.compile(r"\b(?:\w*therap|treat|receiv|surg|resect|irradiat|transplant)")
_DONE_LOCALLY = re.compile(r"\s+(?:control\b|resection|excision|surg|radi(?:o|ation)|irradiation|ablati)")
_OF_FIRST_LINE = re.compile(r"\b(?:1st|first|front)[- ]?line\b.*\b(?:with|of|containing|consisting|using)\b")


def carveouts_of(clause: ClauseReading, doses: list[Span[tuple[str, float]]]) -> list[Carveout]:
    made = []
    spans = clause.exceptions
    if not spans and clause.opens_with(_PERMITTED_DOSE):
        spans = [(clause.part.start, clause.part.end, "permit")]  # "(warfarin, although) doses of up to 1 mg daily are permitted"
    for start, end, kind in spans:
        if LISTED_BELOW.fullmatch(clause.lower, start, end):
            continue  # "Exceptions:" whose exceptions are bullets of their own
        for found in exceptions_in(clause, start, end, kind, doses):
            bare = not found.mentions and not found.routes and not found.settings and found.max_dose_mg is None
            if bare and kind == "except" and _OWN.fullmatch(clause.lower, start, end):
                continue  # "other than this regimen": nobody else had it
            if kind == "except" and _OF_THIS_TRIAL.search(clause.lower, start, end):
                continue  # "other than the transplant referred to in this study"
            if bare and kind == "except" and found.window is not None and _OF_THE_UNKNOWN.match(clause.lower, start, end):
                continue  # "apart from treatment with ET up to 28 days before": an ET that is not known
            if (
                kind == "permit"
                and bare
                and not any(
                    c.tag == "permit" and (c.start <= start + 1 or _OF_IT.fullmatch(clause.lower, start, c.start)) for c in clause.part.cues
                )
            ):
                continue  # "(X is permitted …)" of an X that is not known frees nothing else
            ongoing = kind == "except" and _ONGOING.fullmatch(clause.lower, start, end)
            made.append(replace(found, effect="ongoing") if ongoing else found)
    return made


def told_apart(clause: ClauseReading) -> bool:
    """Whether a sentence only lists what is excepted from those before it: "The following are exceptions to this criterion: …"."""
    return clause.opens_with(_TOLD_APART) is not None or clause.opens_with(_PERMITTED_DOSE) is not None


def of_a_disease(clause: ClauseReading, exception: Carveout) -> bool:
    """Whether an exception is of a disease, or of how it could be removed: "untreated AML (except APL)", "unresectable (except by …)"."""
    if _OPERABLE.search(clause.before(exception.start, 30)) and exception.effect == "conditional" and not exception.window:
        return True
    cues = [c for c in clause.part.cues if exception.start <= c.start < exception.end]
    if any(c.value == "brain_metastases" for c in cues) and not exception.mentions and not _TREATS.search(exception.text):
        return True
    if exception.effect != "conditional" or exception.mentions or exception.settings or _TREATS.search(exception.text):
        return False
    neoplasms = clause.context.known.neoplasms
    return any(m.key in neoplasms and exception.start <= m.start < exception.end for m in clause.part.mentions)


def of_another_disease(clause: ClauseReading, exception: Carveout) -> bool:
    """Whether an exception only frees what was given for another disease: "unless given for another tumor", "except skin cancer"."""
    if exception.mentions or exception.settings or exception.window or exception.effect != "conditional":
        return False
    if _OF_ANOTHER_DISEASE.search(exception.text):
        return True
    named = [m for m in clause.part.mentions if m.kind == "condition" and exception.start <= m.start < exception.end]
    others = bool(named) and all(m.key in clause.context.known.neoplasms and not clause.context.takes(m) for m in named)
    return others and not _GIVEN_FOR_IT.search(exception.text)


def excepts_from(clause: ClauseReading, exception: Carveout, mention: Mention) -> bool:
    """Whether an exception can be one of this therapy: "surgery (except biopsies) or chemotherapy" excepts nothing of chemotherapy.

    Arguments:
        exception: one of the clause's exceptions.
        mention: a therapy that the clause rules on.
    """
    if exception.effect == "conditional" and any(mention.end <= c.start < exception.start for c in clause.part.tagged("toxicity")):
        return False  # "chemotherapy within 3 weeks, or toxicities that have not resolved, except for alopecia"
    if mention.start >= exception.end and _is_named_again(exception, mention):
        return False  # "any agent (other than a PARP inhibitor) within 30 days and PARP inhibitors within 14 days"
    unnamed = exception.effect == "conditional" and not exception.mentions
    if unnamed and _of_a_laboratory_value(clause, exception, mention):
        return False
    if unnamed and mention.key not in clause.context.known.procedures and _OPERATION.search(exception.text):
        return False  # "surgery, radiotherapy or chemotherapy (other than core-needle biopsy)"
    if _OF_OTHERS.match(clause.lower, exception.start) and mention.end <= exception.start:
        return False  # "anti-PD-1 therapy (other immunotherapies are permitted)"
    if _NOT_HAD.match(clause.lower, exception.start) and clause.context.known.is_anticancer(mention):
        return False  # "unless it is known that they were given placebo": who is known to have had it was not
    if exception.effect == "conditional" and _CAN_BE_STOPPED.match(clause.lower, exception.start):
        return clause.context.known.is_anticancer(mention)  # who goes on with a drug is not freed by "unless it can be discontinued"
    paren = clause.reading.paren_of(exception.start)
    if paren is None:
        # "Any therapy other than X or prior receipt of Y": X is no exception from the second of them.
        another = GOES_ON.match(clause.lower, exception.end) if mention.start > exception.end else None
        return another is None or another.group().startswith(",")
    ahead = [m for m in clause.part.therapies if m.end <= paren[0]]
    if mention.start >= paren[1]:
        return not ahead or not _GOES_ON.match(clause.lower, paren[1])
    going = _LIST_GOES_ON.match(clause.lower, paren[1]) if unnamed and not exception.routes and ahead else None
    if going is not None and ahead[-1].key != mention.key and any(m.start == going.end() for m in clause.part.mentions):
        return False  # "chemotherapy, radiotherapy (except for palliative reasons) or investigational drugs": of radiotherapy alone
    # What is no operation ("biopsies", "port placement") is excepted from operations only.
    return not ahead or ahead[-1].start == mention.start or "surgery" not in ahead[-1].key or paren[0] - ahead[-1].end > 1


def _of_a_laboratory_value(clause: ClauseReading, exception: Carveout, mention: Mention) -> bool:
    """Whether an exception is one from a limit behind the therapy: "ANC (no G-CSF), bilirubin ≤ 1.5 × ULN (except for Gilbert's)"."""
    paren = clause.reading.paren_of(mention.start)
    if paren is None or paren[1] > exception.start:
        return False
    return any(c.value == "laboratory" and paren[1] <= c.start < exception.start for c in clause.part.tagged("kind"))


def _is_named_again(exception: Carveout, mention: Mention) -> bool:
    """Whether an exception names nothing but a therapy that the sentence rules on by itself."""
    told = (exception.window, exception.routes, exception.settings, exception.max_dose_mg, exception.dose_level)
    return exception.effect == "allows" and not any(told) and any(identity(m) == identity(mention) for m in exception.mentions)


def exceptions_in(clause: ClauseReading, start: int, end: int, kind: str, doses: Iterable[Span[tuple[str, float]]]) -> list[Carveout]:
    """The exceptions that stand at [start, end): one, or more where forms, amounts and replacement are told side by side.

    "Inhaled steroids, or systemic ones up to 10 mg of prednisone a day" frees either.
    """
    found = _exception(clause, start, end, kind, doses)
    hormonal = tuple(m for m in found.mentions if _is_hormonal(clause, m)) if _FOR_OTHER_ILLS.search(found.text) else ()
    if hormonal:  # "hormone therapy for diseases other than cancer", beside which insulin is for no cancer anyway
        others = tuple(m for m in found.mentions if m not in hormonal)
        return [
            replace(found, mentions=hormonal, effect="no-cancer"),
            *([replace(found, mentions=others, effect="allows")] if others else []),
        ]
    made = [found]
    lowest = _told_low(clause, found) if found.dose_level == "low" and len(found.mentions) > 1 else None
    if lowest is not None:
        made = _each_by_its_dose(found, lowest)
    elif found.routes and found.max_dose_mg is not None:
        made = [replace(found, max_dose_mg=None), replace(found, routes=())]
    elif (
        found.routes
        and found.mentions
        and any(start <= c.start < end and _AT_LARGE.match(clause.lower, c.end) for c in clause.part.tagged("route"))
    ):
        made = [replace(found, mentions=()), replace(found, routes=())]  # "intrathecal agents or hydroxyurea"
    if found.max_dose_mg is None and _replaces(clause, start, end):
        steroids = tuple(m for m in found.mentions if m.key in clause.context.known.steroids)
        meant = steroids or (Mention(start, end, "class", _STEROIDS, clause.lower[start:end]),)
        replaced = replace(found, mentions=meant, routes=(), dose_level="physiologic")
        # "Physiologic doses may be approved" lets no higher dose through.
        made = [replaced] if found.effect == "depends" and steroids else [*made, replace(replaced, effect="allows")]
    return made


def _told_low(clause: ClauseReading, exception: Carveout) -> Mention | None:
    """The drug against cancer before which "low-dose" stands, in an exception that tells nothing else of its drugs."""
    told = next(c for c in clause.part.tagged("dose") if c.value == "low" and exception.start <= c.start < exception.end)
    low = next((m for m in exception.mentions if m.end > told.end), exception.mentions[-1])
    else_told = exception.routes or exception.settings or exception.max_dose_mg is not None or exception.effect != "allows"
    return low if low.kind == "drug" and clause.context.known.is_anticancer(low) and not else_told else None


def _each_by_its_dose(exception: Carveout, low: Mention) -> list[Carveout]:
    """An exception of drugs of which "low-dose" stands before one: "except steroids, low-dose cytarabine or hydroxyurea".

    What stands before it is freed at any dose; of what follows it is not said whether a low dose is meant, too.
    """
    before = tuple([m for m in exception.mentions if m.end <= low.start])
    behind = tuple([m for m in exception.mentions if m.start > low.start])
    free = replace(exception, dose_level="", mentions=before)
    unsure = replace(exception, dose_level="", mentions=behind, effect="depends")
    return [e for e in (free, replace(exception, mentions=(low,)), unsure) if e.mentions]


def _meant(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """What an excepted therapy stands for: of "except MEK-directed TKIs" not all TKIs."""
    return narrowed(clause, mention) if mention.key in _BY_TARGET else with_like(clause, mention)


def _replaces(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether an exception is of the body's own steroids, replaced: "replacement therapy", "treatment for adrenal insufficiency"."""
    if any(start <= c.start < end and c.value == "replacement" for c in clause.part.tagged("purpose")):
        return True
    ills = [m for m in clause.part.mentions if m.kind == "condition" and start <= m.start < end]
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


def _is_hormonal(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy is a hormonal one against cancer."""
    return mention.key == _HORMONAL or clause.context.known.covers(replace(mention, kind="class", key=_HORMONAL), mention)


def _of_a_part(clause: ClauseReading, text: str) -> int | None:
    """Where an exception tells that it is one of a part of the trial only: "permitted for Cohort 2", "except for those assigned to X"."""
    found = _OF_A_PART.search(text)
    if found is not None:
        return found.start() if any(m.key in clause.context.study_drugs for m in clause.part.mentions) else None
    parts = clause_scope(IN_BRACKETS.sub(" ", text))  # in brackets of its own a part is that of the whole criterion
    return text.find(parts[0]) if parts else None


def _exception(clause: ClauseReading, start: int, end: int, kind: str, doses: Iterable[Span[tuple[str, float]]]) -> Carveout:
    """What stands at [start, end) as one exception: drugs, routes, settings, a dose, a window, or a circumstance."""
    text = clause.lower[start:end].strip(" .,;")
    cues = [c for c in clause.part.cues if start <= c.start < end]
    values: Callable[[str], tuple[str, ...]] = lambda tag: tuple(dict.fromkeys(c.value for c in cues if c.tag == tag))  # noqa: E731
    named = [m for m in clause.part.therapies if start <= m.start < end]
    # "Vitamins that contain no herbs" are no herbs.
    named = [m for m in named if not any(p.search(clause.before(m.start, 90)) for p in (_NOT_IN_IT, _IS_NO_SUCH_THING, _ALLOWS_FOR))]
    of_a_part = _of_a_part(clause, text)
    if of_a_part is not None:  # "for those who receive the combination with X" tells of no earlier use of X
        named = [m for m in named if m.start < start + of_a_part or m.key not in clause.context.study_drugs]
    kinds = [m for m in named[1:] if _OF_WHAT_KIND.search(clause.before(m.start, 40))]  # "X is an acceptable antiemetic"
    named = [m for m in named if m not in kinds]
    cues = [c for c in cues if not any(m.start <= c.start < m.end for m in kinds)]
    mentions = tuple(n for m in named for n in _meant(clause, m))
    untold = bool(named) and not mentions  # "other than AGA-targeted TKIs" frees some TKI or other, and nothing else
    mentions = tuple(named) if untold else mentions
    stages = [c for c in cues if c.tag == "setting"]  # "locally" tells no route in "locally advanced"
    told_routes = [c.value for c in cues if c.tag == "route" and not any(s.start <= c.start < s.end for s in stages)]
    drugs = [m.end for m in named if m.key not in clause.context.known.procedures]
    if drugs:  # of "X and local surgery" X was not given locally
        operated = [c.value for c in cues if c.tag == "route" and min(drugs) <= c.start and _DONE_LOCALLY.match(clause.lower, c.end)]
        told_routes = [r for r in told_routes if r not in operated]
    routes = tuple(r for r in dict.fromkeys(told_routes) if r not in SYSTEMIC_ROUTES)
    levels = [c for c in cues if c.tag == "dose"]
    maximum = next(
        (most(*v.value) for v in doses if start <= clause.part.start + v.start < end and v.value[0] in ("\u2264", "<", "")), None
    )
    window = next((w.value for w in usable_windows(clause, clause.part, clause.lower) if start <= w.start < end), None)
    approval = any(c.tag in ("approval", "discretion") for c in cues)
    purposes = values("purpose")
    # "Up to the start of neoadjuvant therapy" tells of what the trial gives, not of when the excepted therapy was given.
    begins = [c.end for c in cues if c.tag == "anchor"]
    set_in = [c for c in cues if c.tag == "setting" and not any(_THAT_BEGINS.fullmatch(clause.lower, at, c.start) for at in begins)]
    # "Adjuvant therapy, with proof of the absence of brain metastases" was given in one setting.
    told = [c for c in set_in if c.text not in _EVENTS and not any(t.tag == "disease" and t.start <= c.start < t.end for t in cues)]
    settings = tuple(dict.fromkeys(c.value for c in told or set_in))
    low = any(c.value == "low" for c in levels)
    base = Carveout("allows", mentions, None, routes, settings, maximum, "low" if low else "", text, start, end)
    on_terms = bool(mentions) and _NOW_AND_THEN.search(text) is not None
    on_terms = on_terms or (kind == "permit" and _TO_END.search(text) is not None)
    on_terms = on_terms or (kind == "except" and bool(mentions) and _SHORT.search(text) is not None)
    if approval or any(c.tag == "dose" and c.value == "stable" for c in levels) or on_terms:
        return replace(base, effect="depends")
    if untold or of_a_part is not None:
        return replace(base, effect="conditional")
    if low and maximum is None:
        return base
    timed = kind == "unless" or not mentions or _TIMED.search(text)
    own_time = next((w for w in clause.part.windows if start <= w.start < end), None) if kind == "except" and mentions else None
    if own_time is not None and TIME_OF_EXCEPTION.fullmatch(clause.lower, start, own_time.start):
        return replace(base, effect="window", window=replace(own_time.value, within=False))
    if (window.within if window is not None else " if " in text) and _PERMITTED_WITHIN.search(text):
        return replace(base, effect="conditional")  # "palliative radiotherapy is permitted within 28 days provided …"
    if window is not None and timed and window.days is window.months is window.half_lives is None:
        return replace(base, effect="conditional")  # "unless the dose was at most one cycle" counts what was given
    if window is not None and timed:
        case = "conditional" if not mentions and not base.settings and _IN_A_CASE.search(text) else "window"
        return replace(base, effect=case, window=replace(window, within=False))
    if maximum is not None and kind == "permit" and _HAS_TO_END.search(text):
        return replace(base, effect="depends")  # "up to 20 mg permitted, but must be weaned within one month"
    if maximum is not None or routes:
        return base
    if named and named[0].key in clause.context.known.steroids and _FOR_OTHER_ILLS.search(text):
        return replace(base, effect="conditional")  # "corticosteroids for disorders other than myeloma"
    if set(purposes) - {"palliative"} or _replaces(clause, start, end):
        # To prevent is what aspirin and vaccines are given for, so that whoever has them is freed.
        prevents = mentions and all(_prevents(clause, m) for m in mentions)
        return replace(base, effect="allows" if prevents and set(purposes) == {"prophylaxis"} else "purpose")
    if mentions and (_FOR_A_REASON.search(text) or _for_an_illness(clause, named, end)):
        return replace(base, effect="conditional")
    if len(mentions) > 1 and _OF_FIRST_LINE.search(text):
        return replace(base, effect="conditional")  # "other than first-line therapy with X, Y and Z": these together
    if mentions or base.settings:
        return replace(base, effect="conditional") if kind == "unless" or "palliative" in purposes else base
    return replace(base, effect="conditional")

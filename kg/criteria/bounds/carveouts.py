"""Exceptions: what stands under "except", "unless", "other than" or a permission, as carve-outs of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from kg.criteria.bounds.one_exception import FOR_OTHER_ILLS, exception_at, replaces
from kg.criteria.clauses.clause import LISTED_BELOW, ClauseReading
from kg.criteria.clauses.exception_ends import GOES_ON
from kg.criteria.clauses.own import identity
from kg.criteria.therapies.routes import OF_ONE_ROUTE
from kg.criteria.times.durations import had_for
from kg.criteria.times.rows import ROW_GAP
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Carveout, Mention

_GOES_ON = pattern("carveouts: goes on")

_OWN = pattern("clause: the trial's own")
_OF_THIS_TRIAL = re.compile(
    r"\b(?:(?:referred\s+to|described|planned|mandated|required|specified|given|performed|administered)\s+(?:in|by|for|on|during)"
    r"|(?:as\s+)?part\s+of)\s+(?:this|the\s+(?:present|current))\s+(?:study|trial|protocol)\b"
)
_TOLD_APART = pattern("carveouts: told apart")
_NOT_APPLIED = pattern("carveouts: not applied")
_PERMITTED_DOSE = pattern("carveouts: permitted dose")
_ONGOING = pattern("carveouts: ongoing")
_STEROIDS = "corticosteroid"

_LIST_GOES_ON = re.compile(r"\s*,?\s*(?:or|and|and/or)\s+(?:any\s+|other\s+)?")
_OPERATION = pattern("carveouts: operation")
_CAN_BE_STOPPED = pattern("exceptions: can be stopped")
_BESIDE_RADIATION = pattern("carveouts: beside radiation")
_SENSITIZING = pattern("carveouts: sensitizing")
_SO_MUCH_OF = pattern("exceptions: so much of")
_SO_OFTEN = pattern("limits: cycles behind")
_FOR_ITS_SWELLING = pattern("carveouts: for its swelling")
"""What is given for the harm that a tumour, or its irradiation, does to what is around it, and not against the tumour."""
_OF_ANOTHER_DISEASE = pattern("exceptions: of another disease")
_NOT_HAD = pattern("exceptions: not had")
_OF_IT = pattern("exceptions: of it")
_OF_OTHERS = pattern("exceptions: of others")
_OPERABLE = re.compile(r"(?:resect|oper)able,?\s*\(?$")
_OF_THE_UNKNOWN = re.compile(
    r"\W*(?:apart from|except(?:ing)?(?: for)?|other than|with the exception of|excluding|aside from)\s+(?:(?:prior|previous|the)\s+)?"
    r"(?:treatment|therapy|use|exposure|receipt|administration)\s+(?:with|of|to)\s+(?!th(?:is|at|ese|ose|em)\b|it\b|any\b|such\b)[a-z][\w-]+"
    r"\s+(?:up to|until|within|during|in|for|more|less|at least|at most|no later|that|which|if|completed|stopped|given|administered"
    r"|[<>\u2264\u2265\d])"
)
"""An exception of one therapy by a word that no name is read from, and when it was given."""
_OR = re.compile(r"\s*(?:,\s*)?(?:or|and|/)\s*(?:(?:in\s+)?(?:the|an?)\s+)?")
_AT_LARGE = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:agents?|drugs?|therap(?:y|ies)|treatments?|medications?)\s*(?:,|\bor\b|\band\b)")
"""Behind a route, what is given by it at large, and something else: "intrathecal agents or X"."""
_GIVEN_FOR_IT = re.compile(
    r"\b(?:\w*therap|treatments?\b|receiv|surg|resections?\b|irradiat|transplant|metasta|patients?\b|participants?\b|subjects?\b|those\b)"
)
"""Words of what was done for a disease, or of whom that is said, where "adequately treated skin cancer" only tells which it was."""
_FOR_AN_ILL = re.compile(
    r"\b(?:treatments?|therap(?:y|ies)|agents?|drugs?|medications?|medicines?)\s+(?:(?:(?:that|which)\s+(?:is|are)\s+)?"
    r"(?:required|needed|necessary|prescribed|given|used)\s+)?for\s+(?:(?:the|their|other|stable|any)\s+)*"
    r"(?:pre-?existing|chronic|co-?existing|concurrent|concomitant|underlying|life-threatening|intercurrent)\s+"
    r"(?:\w+\s+)?(?:conditions?|diseases?|illness(?:es)?|disorders?)\b"
)
"""Beside what an exception names, others that are told by what they are for: "except analgesics and treatments for chronic conditions"."""
_TREATS = re.compile(r"\b(?:\w*therap|treat|receiv|surg|resect|irradiat|transplant)")


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
    if clause.opens_with(_TOLD_APART) is not None or clause.opens_with(_PERMITTED_DOSE) is not None:
        return True
    return bool(clause.part.therapies) and clause.opens_with(_NOT_APPLIED) is not None  # "This criterion does not apply to X."


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
    if exception.settings or any(not clause.context.known.is_anticancer(m) for m in exception.mentions):
        return False
    if _OF_ANOTHER_DISEASE.search(exception.text):
        return True
    if exception.mentions or exception.window or exception.effect != "conditional":
        return False
    named = [m for m in clause.part.mentions if m.kind == "condition" and exception.start <= m.start < exception.end]
    others = bool(named) and all(m.key in clause.context.known.neoplasms and not clause.context.takes(m) for m in named)
    return others and not _GIVEN_FOR_IT.search(exception.text)


def of_an_operation(clause: ClauseReading, exception: Carveout, mention: Mention) -> bool:
    """Whether an exception is one of operations, and a therapy is none: "no prior treatment, except endoscopic resection".

    Arguments:
        exception: one of the clause's exceptions.
        mention: a therapy that the clause rules on.
    """
    if exception.effect != "conditional" or exception.mentions or mention.key in clause.context.known.procedures:
        return False
    return _OPERATION.search(exception.text) is not None


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
    if of_an_operation(clause, exception, mention):
        return False  # "surgery, radiotherapy or chemotherapy (other than core-needle biopsy)"
    if _OF_OTHERS.match(clause.lower, exception.start) and mention.end <= exception.start:
        return False  # "anti-PD-1 therapy (other immunotherapies are permitted)"
    if _NOT_HAD.match(clause.lower, exception.start) and clause.context.known.is_anticancer(mention):
        return False  # "unless it is known that they were given placebo": who is known to have had it was not
    if exception.effect == "conditional" and _CAN_BE_STOPPED.match(clause.lower, exception.start):
        # Who goes on with a drug is not freed by "unless it can be discontinued", "unless switched to X before" frees X.
        return clause.context.known.is_anticancer(mention) or any(clause.context.known.covers(mention, m) for m in exception.mentions)
    paren = clause.reading.paren_of(exception.start)
    if paren is None:
        # "Any therapy other than X or prior receipt of Y": X is no exception from the second of them.
        another = GOES_ON.match(clause.lower, exception.end) if mention.start > exception.end else None
        return another is None or another.group().startswith(",")
    ahead = [m for m in clause.part.therapies if m.end <= paren[0]]
    if mention.start >= paren[1]:
        return not ahead or not _GOES_ON.match(clause.lower, paren[1])
    last = next((m for m in reversed(ahead) if clause.reading.paren_of(m.start) is None), mention)
    if not exception.mentions and "(" in clause.lower[mention.end : last.start]:
        return False  # "aspirin (up to 325 mg allowed), steroids (inhaled ones allowed)": each has brackets of its own
    if not exception.mentions and last.start != mention.start and _except_in_brackets(clause, exception.start, mention.start):
        return False  # "radiotherapy (except palliative), targeted therapy, or immunotherapy (except for melanoma)": of immunotherapy alone
    going = _LIST_GOES_ON.match(clause.lower, paren[1]) if unnamed and not exception.routes and ahead else None
    if going is not None and ahead[-1].key != mention.key and any(m.start == going.end() for m in clause.part.mentions):
        return False  # "chemotherapy, radiotherapy (except for palliative reasons) or investigational drugs": of radiotherapy alone
    # What is no operation ("biopsies", "port placement") is excepted from operations only.
    return not ahead or ahead[-1].start == mention.start or "surgery" not in ahead[-1].key or paren[0] - ahead[-1].end > 1


def _except_in_brackets(clause: ClauseReading, here: int, before: int) -> bool:
    """Whether brackets except something at a place, and others did so of what stands before another place."""
    excepted = [start for start, _, kind in clause.exceptions if kind == "except" and clause.reading.paren_of(start) is not None]
    return here in excepted and any(start < before for start in excepted)


def of_others(clause: ClauseReading, exception: Carveout, mention: Mention) -> Carveout | None:
    """A permission among exceptions without the classes that take in a therapy that is kept out by name: those of "warfarin (alternative
    anticoagulants are allowed)" are the others of them. None where nothing is left of it.

    Arguments:
        clause: the clause.
        exception: one of its exceptions.
        mention: the therapy that is kept out.
    """
    told = (exception.routes, exception.settings, exception.window, exception.max_dose_mg, exception.dose_level)
    if exception.effect != "allows" or any(told) or any(c.start == exception.start for c in clause.part.tagged("except", "unless")):
        return exception
    left = tuple([m for m in exception.mentions if not clause.context.known.covers(m, mention)])
    if len(left) == len(exception.mentions):
        return exception
    return replace(exception, mentions=left) if left else None


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
    found = exception_at(clause, start, end, kind, doses)
    if FOR_OTHER_ILLS.search(found.text) and any(clause.context.known.is_anticancer(m) for m in found.mentions):
        drugs = tuple(m for m in found.mentions if clause.context.known.is_anticancer(m))
        others = tuple(m for m in found.mentions if m not in drugs)  # "hormones for diseases other than cancer", insulin is for none anyway
        return [replace(found, mentions=drugs, effect="no-cancer"), *([replace(found, mentions=others, effect="allows")] if others else [])]
    if found.effect in ("allows", "conditional") and _FOR_ITS_SWELLING.search(found.text):
        drugs = tuple(m for m in found.mentions if m.key not in clause.context.known.procedures)  # "unless given for radiation necrosis"
        if any(clause.context.known.is_anticancer(m) for m in drugs or clause.part.therapies):
            return [replace(found, mentions=drugs, settings=(), effect="no-cancer")]
    some = (
        tuple(m for m in found.mentions if _so_much_of_it(clause, m, start, end)) if found.effect == "allows" and not found.routes else ()
    )
    if some:  # "except hydroxyurea or one dose of cytarabine": how much of the latter was given has to be looked up
        others = tuple(m for m in found.mentions if identity(m) not in {identity(s) for s in some})
        return [*([replace(found, mentions=others)] if others else []), replace(found, mentions=some, effect="depends")]
    made = _each_in_its_time(clause, found) if kind == "except" and found.mentions else [found]
    unnamed = found.effect == "allows" and _FOR_AN_ILL.search(found.text) is not None
    if unnamed and not any(clause.context.known.is_anticancer(m) for m in found.mentions):
        return [*made, replace(found, mentions=(), effect="conditional")]
    lowest = _told_low(clause, found) if found.dose_level == "low" and len(found.mentions) > 1 else None
    if lowest is not None:
        made = _each_by_its_dose(found, lowest)
    elif found.routes and found.max_dose_mg is not None:
        made = [replace(found, max_dose_mg=None), replace(found, routes=())]
    elif found.routes and found.settings and _side_by_side(clause, start, end):
        made = [replace(found, settings=()), replace(found, routes=())]  # "other than intravesical or perioperative"
    elif (
        found.routes
        and found.mentions
        and any(start <= c.start < end and _AT_LARGE.match(clause.lower, c.end) for c in clause.part.tagged("route"))
    ):
        made = [replace(found, mentions=()), replace(found, routes=())]  # "intrathecal agents or hydroxyurea"
    if found.max_dose_mg is None and replaces(clause, start, end):
        # "inhaled steroids or physiologic doses": these are no doses of the former
        steroids = tuple(m for m in found.mentions if m.key in clause.context.known.steroids and m.key not in OF_ONE_ROUTE)
        meant = steroids or (Mention(start, end, "class", _STEROIDS, clause.lower[start:end]),)
        replaced = replace(found, mentions=meant, routes=(), dose_level="physiologic")
        # "Physiologic doses may be approved" lets no higher dose through.
        made = [replaced] if found.effect == "depends" and steroids else [*made, replace(replaced, effect="allows")]
    return made


def _side_by_side(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether a route and a setting are two things that the words at [start, end) except: "other than intrathecal or adjuvant"."""
    told = sorted((c for c in clause.part.tagged("route", "setting") if start <= c.start < end), key=lambda c: c.start)
    return any(one.tag != other.tag and _OR.fullmatch(clause.lower, one.end, other.start) for one, other in pairwise(told))


def _each_in_its_time(clause: ClauseReading, exception: Carveout) -> list[Carveout]:
    """An exception from a time, of therapies that have others: "28 days, except for TKIs (14 days) and chemotherapy (21 days)"."""
    times = [w for w in clause.part.windows if exception.start <= w.start < exception.end]
    limited = exception.effect not in ("allows", "window") or exception.routes or exception.settings
    if limited or not times or len(times) == len(clause.part.windows):
        return [exception]
    made, at = [], exception.start
    for time in times:
        named = tuple(m for m in exception.mentions if at <= m.start < time.start)
        if named and ROW_GAP.fullmatch(clause.lower, named[-1].end, time.start):
            made.append(replace(exception, effect="window", mentions=named, window=replace(time.value, within=False)))
        at = time.end
    if not made:
        return [exception]
    rest = tuple(m for m in exception.mentions if not any(m in e.mentions for e in made))
    return [*made, *([replace(exception, mentions=rest, effect="allows", window=None)] if rest else [])]


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


def _so_much_of_it(clause: ClauseReading, mention: Mention, start: int, end: int) -> bool:
    """Whether an exception at [start, end) is of a therapy given for so long, so often, or beside radiation: "up to 5 days of X"."""
    told = had_for(clause, mention)
    if told is not None and start <= told.start < end:
        return True
    if clause.context.known.is_anticancer(mention):
        beside = mention.key not in clause.context.known.procedures and clause.found_behind(_BESIDE_RADIATION, mention.end, 120)
        if beside or clause.found_before(_SENSITIZING, mention.start, 30) or clause.found_behind(_SO_OFTEN, mention.end):
            return True
    return clause.found_before(_SO_MUCH_OF, clause.list_start(mention)) is not None

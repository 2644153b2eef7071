"""Where the words of an exception end: with its brackets or its clause, or before what is none of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.criteria.clauses.reading import BRACKET, WITH_OR_WITHOUT
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Section, Window

if TYPE_CHECKING:
    from kg.criteria.clauses.clause import ClauseReading

_IS_DONE = pattern("clause: is done")
_IN_CASE = re.compile(r"\b(?:if|when|where|whose|unless|for which|in which|as long as)\b|:")
_RELATIVE = re.compile(r"\b(?:which|that|who)\s+$")
_IN_WHICH = re.compile(r"\b(?:where|(?:in|for|of|to) (?:which|whom))\s[^,;.]*$")
"""Before a verb that is said of what is excepted: "except Cohort 2, where one prior line is allowed"."""
_THOSE = pattern("clause: those")
"""Between "other than" and "allowed per protocol"."""
_WITHIN = pattern("timing: within")
_TIME_OF_ALL = re.compile(r",\s+(?:for\s+)?(?:at least|more than)\s*$")
_OF_ENTRY = pattern("timing: before after")
_BEFORE = re.compile(r"\b(?:prior to|before|preceding)\b")
GOES_ON = pattern("clause: goes on")
_ADJECTIVE = re.compile(r"\b(?:or|and|for|of|than)\s+permitted\s+(?!(?:if|when|as|with|in|on|at|for|during|to|unless|provided|only|by)\b)")
"""Where "permitted" tells of what is excepted, and permits nothing itself: "except for replacement or permitted local use"."""
_HAD_OR_USED = pattern("clause: had or used")
"""An exception that itself says so may list another such: "except prior X or prior treatment with Y"."""
_SO_LONG = re.compile(r"\bfor\s+(?:(?:up to|at most|(?:less|fewer|no more|not more|no longer) than|[<\u2264]=?)\s*)?$")
"""Before an amount that tells how long what is excepted was given: "other than steroids for < 1 week"."""
_OWN_TIME = re.compile(r"\b(?:which|that|who)\s+(?:(?:may|must|can|should)\s+not\s+have|requires?|needs?)\b")
"""What is excepted has a time of its own: "except nitrosoureas, which may not have been given within 6 weeks"."""
_NAMES_KINDS = re.compile(r"\s+(?:(?:the|any|prior|previous|other|therapy|treatment|with)\s+){0,4}")
"""Between "other than" and what is excepted."""
_LAST_OF_LIST = re.compile(r"(?:\s+\w+)?,?\s+(?:or|and)\s+(?:\w+\s+)?")
_NEXT_ITEM = re.compile(r",\s+(?!(?:or|and|which|that|if|as|including|such)\b)")
_REASONS = pattern("clause: reasons")
_ILLNESS = pattern("clause: illness")
TIME_OF_EXCEPTION = re.compile(
    r"(?:except(?:ing)?|with the exception of|apart from|excluding)(?:\s+(?:for|at least|more than|a period of|that))*"
    r"[\s:]*"
)
"""What leads to the time that what is excepted has instead: "except 6 weeks for nitrosoureas"."""
_NEXT_TIME = re.compile(r"[,;]\s+(?:(?:and|or)\s+)?(?:(?:at least|more than)\s+)?$")
_OF_A_THERAPY = re.compile(r"\s+(?:from|for|since|after|if|of)\b")
_ITS_OWN = (":", " that ")
"""Behind "except" these open what is excepted with its verb: "with the exception that X for less than 8 weeks is allowed"."""
_RELATES = re.compile(r",\s+(?:which|that|who|in|if|as|such|including|e\.?g|i\.?e)\b")
_MAIN_CLAUSE = pattern("clause: main clause")
_COMMA = re.compile(r",\s+(?!(?:or|and|which|that|who|if|when|as|where|given|used|including|such|provided)\b)")
_LAST_BEFORE_MAIN = re.compile(r"\s(?:or|and|and/or)\s+(?:[^\s,]+\s+){0,3}[^\s,]+(?=,)")
"""The last item of a list, before a comma."""
_LIST_FOLLOWS = re.compile(r"\b(?:following|below|these|include[sd]?|including|criteri\w+|rule)\b|(?<!\w)\s*:$")
"""Behind "except" a colon may open the list of what is excepted: "except for the following therapies: …"."""
_ONLY_COMMA = re.compile(r"([^,;:.()]+),\s+(?!(?:or|and|including|such|if|when|as|which|who|that|given|within|completed)\b)[^,;:.()]+$")
"""Up to the time of a sentence that an exception opens: "except for hormonal therapy, anticancer therapy within …"."""
_DRUGS_OTHER = pattern("clause: drugs other than")
"""Before an exception from no more than drugs."""
_THAT_ARE = pattern("clause: that are")
"""Where it begins what such drugs are: "drugs other than X that are inhibitors of CYP3A4"."""
_OF_ILLS = re.compile(r"\bfor\s[^,;()]{0,40}\b(?:conditions?|diseases?|disorders?|illness(?:es)?|reasons?|indications?|purposes?)\s*\($")


def end_of(clause: ClauseReading, cue: Cue) -> int:
    """Where an exception ends: with its brackets or the clause, or before what is none of it."""
    paren = clause.reading.paren_of(cue.start)
    end = clause.part.end if paren is None else min(_closed(clause.lower, cue.end, paren[1]), clause.part.end)
    if cue.tag == "except":
        end = _before_a_verb(clause, cue, end, paren)
    if paren is not None:
        end = _before_another_matter(clause, cue, end)
    elif cue.tag == "except":
        end = _before_its_use(clause, cue, end)
        end = _before_another_use(clause, cue, end)
        end = _illness_closed(clause, cue, end)
        end = _before_examples(clause, cue, end)
        end = _list_closed(clause, cue, end)
        end = _before_what_all_are(clause, cue, end)
    if paren is None and cue.start == clause.part.start:
        end = _main_clause(clause, cue, end)
    elif paren is None and cue.text == "unless":
        end = _label_closed(clause, cue, end)
    if cue.tag == "except" and end > cue.end:
        end = _time_closed(clause, cue, end)
    if paren is None and clause.found_before(_REASONS, cue.start):
        end = _before_bracketed_examples(clause, cue, end)
    return _before_window(clause, cue, end)


def _closed(lower: str, start: int, end: int) -> int:
    """Where the brackets are closed in which `start` stands, of the brackets in brackets the inner ones."""
    opened = 0
    for bracket in BRACKET.finditer(lower, start, end):
        opened += 1 if bracket.group() == "(" else -1
        if opened < 0:
            return bracket.start()
    return end - 1


def _before_a_verb(clause: ClauseReading, cue: Cue, end: int, paren: tuple[int, int] | None) -> int:
    """Where a verb follows that is of the whole sentence: "patients on X other than Y are allowed", in brackets, too."""
    if clause.lower.startswith(_ITS_OWN, cue.end):
        return end
    if paren is not None and not any(paren[0] < m.start < cue.start for m in clause.part.therapies):
        return end
    waited_for = clause.context.section is Section.INCLUSION and not clause.part.tagged("neg", "permit", "prohibit")
    verbs = ("prohibit", "permit", "stop") if waited_for else ("prohibit", "permit")  # "others except X stopped at least 7 days before"
    told = (c for c in clause.part.tagged(*verbs) if cue.end < c.start < end and c.text not in WITH_OR_WITHOUT)
    told = (c for c in told if not (c.text == "permitted" and _ADJECTIVE.search(clause.lower, max(0, c.start - 8), c.end + 12)))
    # "Other than X, which is permitted", "other than those permitted by the protocol": the verb is of the exception.
    own = (c for c in told if not (_RELATIVE.search(clause.before(c.start, 12)) or _THOSE.fullmatch(clause.lower, cue.end, c.start)))
    own = (c for c in own if _IN_WHICH.search(clause.lower, cue.end, c.start) is None)
    # So it is where both have their time: "X within 2 weeks except Y must be discontinued 4 weeks before".
    starts = [w.start for w in clause.part.windows]
    timed = any(at < cue.start for at in starts)
    return next((c.start for c in own if not (timed and "must be" in c.text and any(c.end <= at < end for at in starts))), end)


def _before_another_matter(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where a semicolon in brackets begins another matter, if no colon lists: "(X other than those studied; use of Y)"."""
    matter = clause.lower.find("; ", cue.end, end)
    return matter if matter >= 0 and ":" not in clause.lower[cue.end : matter] else end


def _before_another_use(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where the list goes on with a verb of its own: "any therapy other than X or prior receipt of Y".

    What says of what it frees that it was had or used may list another such; what brackets tell of it does not count.
    """
    going = GOES_ON.search(clause.lower, cue.end, end)
    if going is None:
        return end
    used = not going.group().startswith(",") and _HAD_OR_USED.search(IN_BRACKETS.sub(" ", clause.lower[cue.end : going.start()]))
    return end if used else going.start()


def _before_bracketed_examples(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where examples in brackets begin that are none of the reasons excepted: "for reasons other than malignancy (e.g. steroids)"."""
    examples = (c.start - 1 for c in clause.part.tagged("example") if cue.end < c.start < end)
    return next((at for at in examples if clause.lower[at] == "("), end)


def _time_closed(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where the next time of a list stands: "except 23 days from X, 14 days from Y" excepts X alone, in its own time."""
    spans = [w for w in clause.part.windows if cue.end <= w.start < end]
    if len(spans) < 2 or not TIME_OF_EXCEPTION.fullmatch(clause.lower, cue.start, spans[0].start):
        return end
    found = (_NEXT_TIME.search(clause.lower, spans[0].end, w.start) for w in spans[1:] if _OF_A_THERAPY.match(clause.lower, w.end))
    return next((m.start() for m in found if m), end)


def _label_closed(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where a label ends that tells who may come in spite of what it heads: "prohibited unless agreed with the sponsor: X, Y"."""
    colon = clause.lower.find(": ", cue.end, end)
    named = any(m.start < colon for m in clause.part.therapies)
    return end if colon < 0 or named else colon


def _main_clause(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where the sentence goes on that an exception opens: "Except for cohort B, prior therapy with …", "Except for X: received …"."""
    if clause.lower.startswith(":", cue.end):
        return end  # "Exceptions: X, Y, which are allowed to go on"
    main = _MAIN_CLAUSE.search(clause.lower, cue.end, end)
    colon = clause.lower.find(": ", cue.end, main.start() if main else end)
    if colon >= 0 and not cue.text.startswith("exception") and not _LIST_FOLLOWS.search(clause.lower, cue.end, colon + 1):
        return colon
    if main is None:
        main = _ruled_on_behind(clause, cue)
    if main is None and cue.tag == "except" and clause.part.windows:
        main = _ONLY_COMMA.match(clause.lower, cue.end, max(cue.end, clause.part.windows[0].start))
        return main.end(1) if main else end
    return main.start() if main else end


def _ruled_on_behind(clause: ClauseReading, cue: Cue) -> re.Match[str] | None:
    """The comma behind which a sentence rules on a therapy, that an exception opens: "with the exception of X, Y are prohibited"."""
    ruled = next((c for c in clause.part.tagged("prohibit", "permit") if c.start > cue.end), None)
    if ruled is None:
        return None
    listed = _LAST_BEFORE_MAIN.search(clause.lower, cue.end, ruled.start)
    commas = _COMMA.finditer(clause.lower, listed.end() if listed else cue.end, ruled.start)
    comma = next((m for m in commas if clause.reading.paren_of(m.start()) is None), None)
    named = comma is not None and any(comma.end() <= m.start < ruled.start for m in clause.part.therapies)
    return comma if named else None


def _before_its_use(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where the sentence says what is done with that from which something is excepted: "any therapy other than X is ongoing"."""
    done = _IS_DONE.search(clause.lower, cue.end, end)
    if done is None or _IN_CASE.search(clause.lower, cue.end, done.start()) or _RELATIVE.search(clause.before(done.start() + 1, 12)):
        return end
    return done.start()


def _list_closed(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where the list of what is excepted has had its last: in "X except A or B, C within 4 weeks" C is no exception."""
    if clause.lower.startswith(":", cue.end):
        return end
    named = [m for m in clause.part.therapies if cue.end <= m.start < end]
    goes_on = len(named) > 2 and _LAST_OF_LIST.fullmatch(clause.lower, named[-2].end, named[-1].start)
    if goes_on and not clause.lower[named[-1].end : end].strip(" .;"):
        return end  # "except A or B, C and D"
    for before, last, following in zip(named, named[1:], named[2:], strict=False):
        if _LAST_OF_LIST.fullmatch(clause.lower, before.end, last.start) and _NEXT_ITEM.match(clause.lower, last.end, following.start):
            return last.end
    return end


def _before_what_all_are(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where it is told what those drugs are from which some are excepted: "drugs other than X that are inhibitors of CYP3A4"."""
    if not clause.possible & _THAT_ARE.bit or not clause.found_before(_DRUGS_OTHER, cue.start, 40):
        return end
    named = [m for m in clause.part.therapies if cue.end <= m.start < end]
    first = next((m for m in named if m.kind == "pk"), None)
    if first is None or first is named[0]:
        return end
    told = _THAT_ARE.search(clause.lower, named[0].end, first.end)
    return told.start() if told else end


def _illness_closed(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where what is excepted from ills or reasons ends before a therapy: "for reasons other than asthma, methotrexate, gold salts"."""
    first = next((m for m in clause.part.therapies if cue.end <= m.start < end), None)
    if first is None or not clause.found_before(_ILLNESS, cue.start):
        return end
    comma = clause.lower.rfind(", ", cue.end, first.start)
    return comma if comma >= 0 and not _RELATES.match(clause.lower, comma) else end


def _before_examples(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where examples begin that are none of what is excepted: "any therapy other than surgery, including chemotherapy"."""
    for example in clause.part.tagged("example"):
        if cue.end < example.start < end and clause.lower[: example.start].endswith((", ", "; ", " ", "(")):
            named = [m for m in clause.part.therapies if cue.end <= m.start < end]
            excepted = [m for m in named if m.start < example.start]
            examples = [m for m in named if m.start >= example.end]
            bracketed = clause.lower.startswith("(", example.start - 1)
            if bracketed and not (named and _NAMES_KINDS.fullmatch(clause.lower, cue.end, named[0].start)):
                return end  # "except for transplants not requiring immunosuppression (e.g. of the cornea)"
            if bracketed and excepted and _OF_ILLS.search(clause.lower, excepted[-1].end, example.start):
                continue  # "except hormones for non-cancer-related conditions (e.g. insulin for diabetes)"
            foreign = examples and not any(e.key == examples[0].key or clause.context.known.covers(e, examples[0]) for e in excepted)
            return example.start if excepted and foreign else end
    return end


def _before_window(clause: ClauseReading, cue: Cue, end: int) -> int:
    """Where an exception ends that the windows of the whole clause follow: "any drug other than X within 2 weeks of …"."""
    told_in_it = [w for w in clause.part.windows if cue.end < w.start < end]
    spans = [w for w in told_in_it if not _SO_LONG.search(clause.before(w.start, 30))]
    if not spans or any(_looks_back(clause, w) for w in clause.part.windows if w.end <= cue.start):
        return end
    if _OWN_TIME.search(clause.lower, cue.end, spans[0].start):
        return end
    if clause.reading.paren_of(spans[-1].start) is None and all(clause.reading.paren_of(w.start) for w in spans[:-1]):
        spans = spans[-1:]  # "except TKIs (2 weeks), within 4 weeks before day 1": brackets hold those of what is excepted
    closed = _TIME_OF_ALL.search(clause.lower, cue.end, spans[0].start)
    if closed and any(c.end <= cue.start for c in clause.part.tagged("stop")):
        return closed.start()  # "discontinued all therapies, except X, for at least 21 days": the time of all that was to stop
    named = [m.start for m in clause.part.therapies if m.key not in clause.context.study_drugs]
    if any(spans[0].end <= start < spans[-1].start for start in named):
        return end
    told = next((w for w in spans if _WITHIN.search(clause.lower, cue.end, w.start)), spans[0])  # not "for 3 weeks"
    within = _WITHIN.search(clause.lower, cue.end, told.start)
    if cue.tag != "except" and not (within and clause.lower[: within.start()].endswith((", ", ","))):
        return end  # not "unless used for X, within 2 months before screening", whose time is that of the whole
    after = clause.after(told.end)
    entry = _OF_ENTRY.match(after) or _BEFORE.search(clause.lower, told.start, told.end)  # "2 weeks before day 1 or 5 half-lives"
    # "X, except if used locally, within 2 weeks"; whom an exclusion excepts had that longer ago: "X except Y within 4 weeks"
    apart = within is not None and (
        cue.text == "other than"
        or clause.lower.endswith(", ", cue.end, within.start())
        or (clause.context.section is Section.EXCLUSION and not clause.part.tagged("neg", "prior"))
    )
    if within is None or not (entry or (apart and not after.strip(" .;"))):
        return end
    if not entry and spans != told_in_it:
        return end  # "other than X for up to 2 weeks, or Y < 7 days"
    # "Allowed, but not within 4 weeks": the time itself is what is excepted.
    return within.start() if clause.lower[cue.end : within.start()].strip() else end


def _looks_back(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a time tells how long ago, not how long: "within 2 weeks", "2 weeks before enrolment"."""
    return bool(_WITHIN.search(clause.lower, clause.part.start, span.start) or clause.found_behind(_OF_ENTRY, span.end))

"""What a rule is limited to: the disease, setting, number of lines, dose, route and outcome of a therapy, and circumstances."""

from __future__ import annotations

import re
from bisect import bisect_left

from kg.criteria.bounds.joined import joined_to_another
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.line_limits import line_limits
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import one_of, pattern
from kg.criteria.words.quantities import Span
from kg.records import LineLimit, Mention, Polarity, Section

_WITH_EVENT = pattern("limits: with an event")
_AMONG = pattern("subjects: those among")
_EVENT_AMONG = pattern("limits: with an event among")
_OF_SOME_DRUGS = re.compile(r"[,(][^(),]{0,30}\b(?:for|if)\s+(?:\w+\s+)?(?:agents?|drugs?|therap(?:y|ies)|medications?|regimens?|those)\b")
"""What follows is told of some of them: "within 3 weeks (6 weeks for agents with delayed toxicity)"."""
_OF_THE_THERAPY = re.compile(
    r"\b(?:on|after|during|to|following|from|with|of|under|prior|while receiving|while taking|tolerate|intolerable for)\b"
)
_ORGAN = pattern("limits: organ")
_NONE_CAME = re.compile(
    r"\b(?:without|with no|in (?:the )?absence of)\s+(?:(?:any|prior|previous|documented|evidence of|radio\w+|clinical|disease)\s+){0,2}$"
)
_STOPPED_FOR_TOXICITY = pattern("limits: stopped for toxicity")
_STOPPING = pattern("limits: stopping")
_FOR_TOXICITY = pattern("limits: for toxicity")
_FOR_PROGRESSION = re.compile(
    r"[^;.,]{0,30}\b(?:due to|because of|owing to|for|as a result of|secondary to|on account of)\s+(?:[\w-]+\s+){0,3}"
    r"(?:progress|relaps|recurren)"
)
_STOPPED = pattern("clause: stopped already")
_IF_USED = re.compile(r"if\s+(?:they\s+(?:are|were)\s+)?(?:used|given|taken|prescribed|administered)\b")
_TO_ITS_CASE = 40
"""Within so many characters behind "cannot be stopped" it is told in which case."""
_AT_ONCE = 20
"""So near behind the last of the drugs that cannot be stopped it is told in which case."""
_ABLE_TO = re.compile(r"\b(?:able|willing|ability|willingness)\s+to\s+$")
_NEVER_HAD = re.compile(r"\b(?:not|never)\s+(?:(?:been|yet|previously|prior|ever)\s+){0,3}(?:received|treated|exposed|had)\b")
"""What came of a disease is not what came of a therapy that was not had: "relapsed APL, not previously treated with X"."""
_NONE = ("no", "without")
_HAD_NONE = re.compile(r"\s+(?:any\s+)?(?:prior|previous|earlier)\b")
_MAY_HAVE_STOPPED = one_of("limits: stopped for toxicity", "limits: stopping")
_OR_STOPPED = re.compile(r",\s+or\s+(?:\w+\s+){0,2}(?:stopp|discontinu)\w*\s+(?:\w+\s+){0,2}$")
"""Before a therapy that is named again, another matter: "treatment with X within 12 months, or discontinued X for an adverse event"."""
_IN_COMBINATION = pattern("limits: in combination")
_PARTNER = pattern("limits: partner")
_MAY_BE_COMBINED = one_of(
    "limits: several at once",
    "limits: the first of both",
    "limits: partner",
    "limits: named together",
    "limits: both of",
    "limits: in combination",
    "limits: combination of",
    "joined: by themselves",
    "joined: coordinated",
    "joined: half of one",
)
_SEVERAL = pattern("limits: several at once")
_FIRST_OF_BOTH = pattern("limits: the first of both")
_NAMED_TOGETHER = pattern("limits: named together")
_AND_BEFORE = pattern("limits: and before")
_COMBINATION_OF = pattern("limits: combination of")
_BEFORE_OTHER = "chemo-"
_BOTH_IN_ONE = f"{_BEFORE_OTHER}immunotherap"
_ALONE = pattern("limits: alone")
_BOTH_OF = pattern("limits: both of")
_BANNED = ("prohibited", "disallowed", "permitted", "allowed")
_COUNT_ALLOWED = pattern("limits: count allowed")
_SO_MANY = pattern("limits: so many")
_UNCOUNTED = re.compile(r"\b(?:an?|any|prior|previous)\s+(?:other\s+)?$")
"""Before the second of two therapies, words that begin what is not counted: "more than one MEK inhibitor or a taxane"."""
_OR_ELSE = re.compile(r"\s*(?:or|and|any)\b")
"""In brackets behind what is counted it begins another therapy, no example: "more than one MEK inhibitor (or any RAF inhibitor)"."""
_IN_ONE_DRUG = ("dual ", "combined ")
"""Before roles at enzymes that one drug has: "combined P-gp and strong CYP3A4 inhibitors"."""
_ANOTHER_COUNT = pattern("limits: another count")
"""Behind a number of lines begins what is not counted: "more than one TKI or prior treatment with X"."""
_SAYS_AGAIN = pattern("timing: says again")
_DENIED = pattern("limits: denied behind a count")
_REFRACTORY_TO_IT = pattern("limits: refractory to it")
_PROGRESSION_FOLLOWED = pattern("limits: followed by progression")
_MAY_HAVE_FAILED = one_of(
    "limits: refractory to it",
    "limits: followed by progression",
    "limits: intolerance of it",
    "limits: with an event",
    "limits: with an event among",
    "limits: stopped for toxicity",
    "limits: stopping",
)
_SAME_AGAIN = pattern("limits: same again")
_INTOLERANCE_OF_IT = pattern("limits: intolerance of it")
_IN_LINES = 80
"""So far behind a therapy it may be told in how many lines it was given: "chemotherapy for metastatic disease in more than 2 lines"."""
_COUNTED_AHEAD = 60
"""How far behind "no more than 2 lines" the therapy stands that it counts, in characters."""
_COORDINATED = re.compile(
    r"(?:-(?:based|containing)\b|\s\([a-z]{2,4}\))?[\s,/()]*(?:(?:and|or|any|other|prior|previous|with|without|a|an|the|systemic|\+|plus|therapy|treatment|agents?|drugs?)[\s,/()]*)*"
)
_CLOSES = re.compile(r"[^(),;.]{0,3}\)")


def list_ends(clause: ClauseReading, subjects: list[Mention]) -> dict[int, int]:
    """Where the list of coordinated therapies ends that a therapy stands in, by the end of that therapy."""
    ordered = sorted(subjects, key=lambda m: m.start)
    starts = [m.start for m in ordered]
    ends: dict[int, int] = {}
    for end in sorted({m.end for m in ordered}, reverse=True):
        following = bisect_left(starts, end)
        if following < len(starts) and _COORDINATED.fullmatch(clause.lower, end, starts[following]):
            ends[end] = ends[ordered[following].end]
        else:
            closing = _CLOSES.match(clause.after(end, 5))
            ends[end] = end + (closing.end() if closing else 0)
    return ends


def line_limit(clause: ClauseReading, mention: Mention, limits: list[Span[LineLimit]]) -> LineLimit | None:
    """The number of lines that a therapy is limited to: "2 lines of X", or "X, at most 2 lines" where the lines are of nothing else."""
    told = [(clause.part.start + s.start, clause.part.start + s.end, s.value) for s in limits]
    told = [t for t in told if not clause.in_exception(t[0])]
    ahead = [t for t in told if t[0] <= mention.start < t[1] + _COUNTED_AHEAD]
    ahead = [t for t in ahead if not _counts_another(clause, t[1], mention)]
    if ahead:
        first, last = min(ahead, key=lambda t: t[0]), max(ahead, key=lambda t: t[0])
        again = any(first[1] <= m.start < last[0] and m.key == mention.key for m in clause.part.therapies)
        return first[2] if again else last[2]  # "at least 1 prior X or at least 2 prior Y"
    for start, end, value in told:
        reach = _IN_LINES if clause.lower[mention.end : start].rstrip().endswith(" in") else 30
        if 0 <= start - mention.end < reach and not any(start <= m.start < end + _COUNTED_AHEAD for m in clause.part.therapies):
            return value
    if clause.context.section is Section.EXCLUSION and clause.possible & _COUNT_ALLOWED.bit:
        allowed = _COUNT_ALLOWED.match(clause.lower, mention.end)
        named = (m for m in clause.reading.mentions if m.kind in THERAPY_KINDS)
        of_another = allowed and any(allowed.start("count") <= m.start < allowed.end() for m in named)
        few = line_limits(f"no more than {allowed['count']}", excluding=False) if allowed and not of_another else []
        if few:
            return few[0].value
    head = exemplified(clause, mention) if limits else None
    return line_limit(clause, head, limits) if head is not None else None


def _counts_another(clause: ClauseReading, end: int, mention: Mention) -> bool:
    """Whether a number of lines that ends before a therapy counts another: "one or two prior lines, none of which included X"."""
    first = clause.list_start(mention)
    listed = [m.start for m in clause.part.therapies if max(first, end) <= m.start <= mention.start]  # "or any X or Y" begins with the X
    turns = [p for p in (_ANOTHER_COUNT, _SAYS_AGAIN) if clause.possible & p.bit]
    if any(p.search(clause.lower, end, at) for p in turns for at in listed):
        return True
    return bool(clause.possible & _DENIED.bit) and _DENIED.match(clause.lower, end, mention.start) is not None


def exemplified(clause: ClauseReading, mention: Mention) -> Mention | None:
    """The therapy of which one only gives an example: that of "3 or more targeted therapies, such as antibodies and TKIs"."""
    start = clause.list_start(mention)
    examples = clause.part.tagged("example")
    cue = next((c for c in examples if c.end <= start and not clause.lower[c.end : start].strip()), None)
    before = [m for m in clause.part.therapies if cue is not None and m.end <= cue.start]
    return before[-1] if cue is not None and before and not clause.lower[before[-1].end : cue.start].strip(" ,(") else None


def most_of(clause: ClauseReading, mention: Mention) -> LineLimit | None:
    """How many therapies of a class keep nobody out yet: one for "treatment with more than one MEK inhibitor", and for its examples."""
    named = mention if mention.kind == "class" else None
    paren = clause.reading.paren_of(mention.start)
    if paren is not None and not _OR_ELSE.match(clause.lower, paren[0] + 1):
        heads = [m for m in clause.part.mentions if m.kind == "class" and m.end <= paren[0]]
        named = heads[-1] if heads and not IN_BRACKETS.sub("", clause.lower[heads[-1].end : paren[0]]).strip() else named
    if named is None:
        return None
    start = clause.list_start(named)
    counted = clause.found_before(_SO_MANY, start)
    if counted is None:
        head = exemplified(clause, mention)
        return most_of(clause, head) if head is not None else None
    if any(_UNCOUNTED.search(clause.before(m.start, 12)) for m in clause.part.therapies if start < m.start <= named.start):
        return None
    limits = line_limits(f"{counted['count']} prior lines", excluding=True)
    return next((span.value for span in limits if span.value.maximum), None)


def outcomes(clause: ClauseReading, mention: Mention, polarity: Polarity) -> tuple[str, ...]:
    """What must have come of the therapy: "progressed on X", "intolerant to X", "X that was stopped for toxicity"."""
    if polarity is Polarity.ALLOWS:
        return ()
    found = []
    told = next((m for m in clause.part.mentions if m.end <= mention.start and (m.kind, m.key) == (mention.kind, mention.key)), None)
    if told is not None and _SAME_AGAIN.fullmatch(clause.lower, told.end, mention.start):
        return outcomes(clause, told, polarity)
    cues = clause.part.tagged("progress", "intolerant")
    first = clause.list_start(mention) if cues else mention.start
    for cue in cues:
        if _NONE_CAME.search(clause.before(cue.start, 30)):
            continue  # "subjects without prior progression"
        if clause.found_before(_ORGAN, cue.start, 20) or _NEVER_HAD.search(clause.lower, cue.end, max(cue.end, first)):
            continue
        if any(cue.end <= c.start and _denied_since(clause, c, first) for c in clause.part.tagged("neg")):
            continue  # "progressed on X, no prior Y"
        paren = clause.reading.paren_of(cue.start)
        if paren is not None and paren[1] <= mention.start and clause.lower.startswith(",", paren[1]):
            continue  # "radiotherapy (unless the lesion has progressed after it), immunotherapy"
        near = cue.end <= first and len(IN_BRACKETS.sub("", clause.lower[cue.end : first])) <= 60
        if near and _OF_THE_THERAPY.search(clause.lower, cue.start, first):
            found.append("progression" if cue.tag == "progress" else "intolerance")
    if not clause.possible & _MAY_HAVE_FAILED:
        return tuple(dict.fromkeys(found))
    followed = clause.possible & _PROGRESSION_FOLLOWED.bit
    if followed and any(clause.found_behind(_PROGRESSION_FOLLOWED, at) for at in {mention.end, clause.list_end(mention)}):
        found.append("progression")
    if clause.found_behind(_REFRACTORY_TO_IT, mention.end, 40):
        found.append("progression")
    if clause.found_behind(_INTOLERANCE_OF_IT, mention.end, 40):
        found.append("intolerance")
    harm = clause.found_behind(_WITH_EVENT, mention.end, 120)
    harmed = (harm is not None and not _OF_SOME_DRUGS.search(harm.group())) or _stopped_for_toxicity(clause, mention)
    harmed = harmed or _harmed_among(clause, mention)
    if clause.found_before(_STOPPING, mention.start) and _FOR_PROGRESSION.match(clause.after(mention.end)):
        found.append("progression")
    if polarity is Polarity.EXCLUDES and harmed:
        found.append("intolerance")
    return tuple(dict.fromkeys(found))


def _harmed_among(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only whom it harmed is told of: "for patients with prior X, any grade 3 toxicity"."""
    if _AMONG.search(clause.lower, clause.part.start, mention.start) is None:
        return False
    return clause.found_behind(_EVENT_AMONG, clause.list_end(mention), 160) is not None


def _denied_since(clause: ClauseReading, cue: Cue, first: int) -> bool:
    """Whether "no prior" between a progression and a therapy says that the therapy was never had."""
    paren = clause.reading.paren_of(cue.start)
    beside = paren is None or paren[1] > first
    return cue.end <= first and cue.text in _NONE and beside and _HAD_NONE.match(clause.lower, cue.end) is not None


def _stopped_for_toxicity(clause: ClauseReading, mention: Mention) -> bool:
    """ "X that was stopped for toxicity", "discontinuation of X (e.g. Y) due to toxicity"."""
    if not clause.possible & _MAY_HAVE_STOPPED:
        return False
    for told in (mention, _explained(clause, mention)):
        named = (m.start for m in clause.part.mentions if m.start >= told.end and (m.kind, m.key) == (told.kind, told.key))
        again = next((at for at in named if _OR_STOPPED.search(clause.lower, told.end, at)), clause.part.end)
        # "Prior X, unless stopped for an allergy" is of all others.
        again = min([again, *(start for start, _, _ in clause.exceptions if start >= told.end)])
        after = clause.after(told.end, min(600, again - told.end))
        if _STOPPED_FOR_TOXICITY.search(IN_BRACKETS.sub(" ", after)):
            return True
        if clause.found_before(_STOPPING, told.start) and _FOR_TOXICITY.match(after):
            return True
    return False


def _explained(clause: ClauseReading, mention: Mention) -> Mention:
    """The therapy that a mention in brackets explains, else itself: the class of "discontinuation of a class (e.g. mention)"."""
    paren = clause.reading.paren_of(mention.start)
    heads = (m for m in clause.part.therapies if paren is not None and 0 <= paren[0] - m.end <= 2)
    return next(heads, mention)


def binds_if(clause: ClauseReading, mention: Mention, polarity: Polarity, last: int) -> str:
    """The circumstance on which a therapy is excluded; "if used for …" is of all of its list.

    Arguments:
        last: where the list of therapies that it belongs to ends.
    """
    if polarity is not Polarity.EXCLUDES:
        return ""
    for cue in clause.part.tagged("if"):
        kept_on = _kept_on(clause, cue)
        end = last if kept_on or _IF_USED.match(clause.lower, cue.start) else mention.end
        if clause.in_exception(cue.start) or not (kept_on or 0 <= cue.start - end <= 40) or clause.lower.endswith("even ", 0, cue.start):
            continue
        if any(c.start > cue.start for c in clause.part.tagged("cannotstop")):
            continue  # "if it cannot be replaced" holds of a drug that is meant to go on
        stopped = _STOPPED.match(clause.lower, cue.end, clause.part.end)
        if stopped is not None and stopped["not"] and not clause.context.known.is_anticancer(mention):
            continue  # "PPIs, if not stopped at enrolment" are those that are taken still
        rest = clause.lower[cue.start : clause.part.end]
        if (kept_on or cue.text != "when") and not clause.part.windows:
            return rest.strip(" .")
    return _and_who(clause)


def _kept_on(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "if" tells when none of the drugs could be stopped: "anticoagulants who cannot discontinue use if platelets fall"."""
    cannot = [c for c in clause.part.tagged("cannotstop") if c.end <= cue.start]
    can = [c for c in clause.part.tagged("stop") if c.end <= cue.start and _ABLE_TO.search(clause.before(c.start, 20))]
    if any(cue.start - c.end <= _TO_ITS_CASE for c in cannot + can):
        return True
    listed = [m.end for m in clause.part.therapies if cannot and cannot[0].end <= m.start and m.end <= cue.start]
    return bool(listed) and cue.start - listed[-1] <= _AT_ONCE  # "unable to stop X or Y if platelets fall"


def _and_who(clause: ClauseReading) -> str:
    """The words before "and who …", by which an exclusion tells of the same patients: "transplant in the last year and who take X"."""
    start, lower = clause.part.start, clause.lower
    if clause.context.section is not Section.EXCLUSION or not (lower.startswith("who ", start) and lower.endswith(" and ", 0, start)):
        return ""
    opened = clause.sentence(start)
    told = any(m.kind in THERAPY_KINDS and opened <= m.start < start for m in clause.reading.mentions)
    return lower[opened:start].removesuffix(" and ") if told else ""


def in_combination(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy counts only together with another: "the combination of X and Y", the Y of "X, alone or in combination with Y"."""
    if not clause.possible & _MAY_BE_COMBINED:
        return False
    if not clause.part.windows and not clause.find(_ALONE) and joined_to_another(clause, mention):
        return True
    if mention.kind == "pk" and clause.before(mention.start, 10).endswith(_IN_ONE_DRUG):
        return False  # "dual P-gp and CYP3A4 inhibitors" are single drugs
    if clause.found_before(_PARTNER, mention.start):
        return True
    if _one_of_several(clause, mention):
        return True
    if not clause.part.windows and any(clause.lower.startswith(_BOTH_IN_ONE, max(0, mention.start - n)) for n in (0, len(_BEFORE_OTHER))):
        return True
    together = clause.found_behind(_NAMED_TOGETHER, mention.end, 120)
    if together is not None and (together["other"] or clause.found_before(_AND_BEFORE, mention.start, 40)):
        return True  # "MEK inhibitor and checkpoint blockade combination therapy"
    if _of_both(clause, mention):
        return True
    if not (clause.found_behind(_IN_COMBINATION, mention.end, 120) or clause.found_before(_COMBINATION_OF, mention.start, 80)):
        return False
    return not clause.find(_ALONE)


def _one_of_several(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is one of several drugs taken at once: "dual antiplatelet therapy", "more than one drug that prolongs QT"."""
    if clause.context.section is not Section.EXCLUSION and not clause.part.tagged("neg", "prohibit"):
        return False  # "background triple therapy (X + Y + Z)" is asked for
    if clause.part.windows or clause.context.known.is_anticancer(mention):
        return False  # "more than one course of steroids in the last year" counts how often
    first = clause.found_before(_FIRST_OF_BOTH, mention.start, 40)
    joined = first is not None and clause.lower.startswith((" plus ", " and ", " with ") if first["combined"] else " plus ", mention.end)
    return joined or clause.found_before(_SEVERAL, mention.start, 90) is not None


def _of_both(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is one of those that were all had: "prior treatment with both X and Y"; a time, or a ban, is of each."""
    part = clause.part
    if not clause.possible & _BOTH_OF.bit or part.windows or any(c.text.endswith(_BANNED) for c in part.tagged("prohibit")):
        return False
    # "Both CYP3A4 inhibitors and inducers" are each meant, two drugs that are not against the cancer together.
    may_be = clause.context.known.is_anticancer(mention) or all(m.kind == "drug" for m in part.therapies)
    found = _BOTH_OF.search(clause.lower, part.start, mention.start) if may_be else None
    words = clause.lower[found.start() : max(m.end for m in part.mentions)] if found else ""
    return " and " in words and " or " not in words

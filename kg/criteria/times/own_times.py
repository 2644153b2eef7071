"""Times of some kinds of a therapy: "3 weeks (6 weeks for nitrosoureas)", "4 weeks for antibodies or 2 for TKIs"; times not stated."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.criteria.clauses.breaks import OR_HALF_LIVES
from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.clauses.exception_ends import TIME_OF_EXCEPTION
from kg.criteria.times.binding import is_its_row, names_therapy, window_of
from kg.criteria.times.rows import ROW_GAP, UNSTATED, respective, tells_what_for
from kg.criteria.times.timing import COLON, HALF_LIVES_FOR, IN_CASE_OF, usable_windows
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Mention, Section, Window

OwnTime = tuple[Window, tuple[Mention, ...]]
"""A time, and the therapies that alone it is of."""

_WASHOUT = frozenset({"washout", "wash-out", "wash out", "washed out"})
_OF_ITS_OWN = pattern("timing: of its own")
_FOR_THESE = re.compile(r"\b(?:for|in (?:the )?case of)\s+(?:[\w.-]+[\s,/]+){0,6}$")
_IN_BRACKETS = re.compile(r"\s*(?:(?:ago|earlier|before)\s+)?\((?:for\s+)?(?=[a-z])[^()\d]{2,80}\)")
"""Behind each of several times: brackets that tell of what it is, "28 days (chemotherapy) or 14 days (kinase inhibitors)"."""
_FOR_NON = re.compile(r"\s+(?:for|if)\s+(?:\w+\s+){0,2}?non-?\s?(?P<what>[a-z]+)\b")
_COUNTS_TO = re.compile(r"\b(?:before|prior|preceding|until|first|start\w*|initiat\w+|begin\w*|treatment with|dosing|administration)\b")
"""Between a time and the study drug: the time is counted back from that."""
_ENDS_KINDS = re.compile(r",?\s+\(?which|[;.()]|,\s+(?:or|and)\s|\s(?:prior to|before|within|from|since)\b")
"""Behind "5 half-lives for", the end of the kinds of drugs that these are for."""
_DAYS_LAST = re.compile(r"half[- ]?li.*\b(?:days?|weeks?|months?)\W*$")
_OF_SOME_KIND = re.compile(r"[\s,(]*(?:for|if|in (?:the )?case of|when|with)\s")
_SMALL_MOLECULES = re.compile(r"small[- ]molecules?(?:\s+(?:agents?|drugs?|compounds?|therap(?:y|ies)|medicines?))?")
_BIOLOGICS = Mention(0, 0, "class", "biologic-therapy", "")
_MADE_UP_OF = pattern("timing: made up of")
_WASHOUT_OF = pattern("timing: wash-out of")
_RECENT_USE = pattern("timing: recent use")
_NONE_NEEDED = re.compile(r"\b(?:no|without(?:\s+an?)?)\s+(?:(?:minimum|specific|prior|required|mandatory|additional|formal)\s+)?$")
"""Before "wash-out", that there is none: "no washout period is required for prior X"."""
_TOO_SOON = re.compile(
    r"\s+(?:with\s+)?(?:an?\s+)?(?:insufficient|inadequate)\s+(?:time|interval|wash-?\s?out)(?:\s+(?:since|from)\s+(?:the\s+)?last\s+\w+)?"
    r"|\s+(?:for\s+which|whose|without)\s+(?:(?:the|an?|its|required|necessary|minimum|completed)\s+)*(?:wash-?\s?out|interval)(?:\s+periods?)?"
)
"""Behind a therapy: that it was too lately, of which brackets tell the times."""
_MOST = re.compile(r"\bmost\s+$")
_RECENT = ("recent", "recently")
_WITHOUT = re.compile(r"\bwithout\s+(?:[\w-]+[\s/]+){0,3}$")
"""Before what is not among the kinds: "2 weeks if palliative radiotherapy without pelvic radiation"."""
_NO_WAY_IN = ("local", "systemic")
"""Words for routes that tell how far a drug goes."""
_TO_ROUTE = re.compile(r"[\s(]*(?:(?:if|for|when|as|in|case|of|given|taken|administered)\s+)*")
_ENDS_ROUTE = re.compile(
    r"(?:\s+(?:agents?|drugs?|medications?|therap(?:y|ies)|treatments?|formulations?|route|use|administration))?"
    r"(?:\s*[),;.]|\s*$|\s+(?:or|and|prior|before|since|from)\b)"
)
"""Behind a time, a route, and what follows that names no therapy."""
_OPENS_ROUTE = re.compile(r"(?:[(,;]\s*|\bor\s+)(?:if\s+|for\s+)?$")
_FROM_ROUTE = re.compile(r"(?:\s+(?:agents?|drugs?))?[\s:,=-]*(?:(?:at least|within|[<\u2264\u2265>]=?)\s*)?")
"""Before a time in brackets or of a list, a route."""
_TO_KINDS = 6
"""Behind "5 half-lives" that end a window, "for" stands at most this many characters further."""


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a clause, sorted by what they are of."""

    at_large: list[Span[Window]]
    """Times of whatever therapy they stand with."""
    of_some: list[OwnTime]
    """Times of kinds that a wider therapy of the clause takes in, and so exceptions from its time: "3 weeks (6 weeks for nitrosoureas)"."""
    alone: dict[Mention, Window]
    """Times of therapies that no other of the clause takes in."""

    def of(self, clause: ClauseReading, mention: Mention) -> Window | None:
        """In which time a therapy counts, where the clause tells of one."""
        own = self.alone.get(mention) or _unstated_before(clause, mention) or window_of(clause, mention, self.at_large)
        if own is None and self.of_some and len(self.at_large) == 1 and COLON.search(clause.lower, self.at_large[0].end, mention.start):
            own = self.at_large[0].value  # "within 28 days (antibodies) or 14 days (small molecules) of day 1: any anticancer treatment"
        return own or _unstated_window(clause, self.at_large) or _recently(clause, mention)


def times_of(clause: ClauseReading, subjects: list[Mention]) -> tuple[list[Mention], Times]:
    """The therapies that a clause rules on at large, and its times.

    Not those that head a list of kinds with their times, which are masked as labels, nor kinds whose time is an exception from a wider one.

    Arguments:
        clause: the clause.
        subjects: all therapies that it speaks of.
    """
    others, usable = _windows_of_others(clause, usable_windows(clause, clause.part, clause.lower))
    others = [(window, tuple([n for m in mentions for n in _as_subjects(m, subjects)])) for window, mentions in others]
    apart = [m for _, mentions in others for m in mentions]
    heads = [m for m in subjects if m not in apart and _spelled_out(clause, m, usable, others)] if clause.part.windows else []
    clause.masked += [(m, "label") for m in heads]
    subjects = [m for m in subjects if m not in heads]
    alone = _timed_alone(clause, others, subjects)
    of_some = [(w, tuple([m for m in mentions if m not in alone])) for w, mentions in others]
    return [m for m in subjects if m not in apart or m in alone], Times(usable, of_some, alone)


def timed_apart(clause: ClauseReading) -> frozenset[int]:
    """Where the therapies stand that have times of their own beside one that holds at large: "3 weeks before day 1, or 6 for nitrosoureas".

    Arguments:
        clause: the clause.
    """
    if len(clause.part.windows) < 2:
        return frozenset()
    others, at_large = _windows_of_others(clause, usable_windows(clause, clause.part, clause.lower))
    timed = [m for _, mentions in others for m in mentions]
    timed += [m for m in clause.part.therapies if any(is_its_row(clause, m, span) for span in at_large)]
    return frozenset(m.start for m in timed if any(span.end <= m.start for span in at_large))


def _as_subjects(mention: Mention, subjects: list[Mention]) -> list[Mention]:
    """The subjects that a mention became, narrowed by the words around it; itself where it is none."""
    return [s for s in subjects if s.start == mention.start] or [mention]


def _windows_of_others(clause: ClauseReading, usable: list[Span[Window]]) -> tuple[list[OwnTime], list[Span[Window]]]:
    """Windows of their own for named drugs: "(6 weeks for mitomycin C or nitrosoureas)", "6 weeks if the last regimen held BCNU"."""
    others: list[OwnTime] = []
    kept: list[Span[Window]] = []
    bracketed = len(usable) > 1 and all(_IN_BRACKETS.match(clause.lower, span.end) for span in usable)
    aside = {m.start for m, _ in clause.masked}
    in_order = {w.start: tuple(m for m in mentions if m.start not in aside) for w, mentions in respective(clause.part, clause.lower)}
    for number, span in enumerate(usable):
        taken = {m for _, mentions in others for m in mentions}  # "28 days in case of antibodies, 14 days in case of TKIs"
        if span.start in in_order:
            others.append((span.value, in_order[span.start]))
            continue
        if any(TIME_OF_EXCEPTION.fullmatch(clause.lower, start, span.start) for start, _, kind in clause.exceptions if kind == "except"):
            continue  # "except 6 weeks for nitrosoureas": told with the exception
        after = clause.after(span.end, 120)
        match = _IN_BRACKETS.match(after) if bracketed else _OF_ITS_OWN.match(after)
        paren = clause.reading.paren_of(span.start)
        inside = _half_lives_of_some(clause, span, number)
        instead = _half_lives_instead(clause, kept[-1], span) if kept and not inside else None
        if instead:
            others.append(instead)
            continue
        if inside:
            # Without "whichever is …" the half-lives stand in the place of the days.
            others.append((replace(span.value, combine=span.value.combine or "half-life"), inside))
            if span.value.days is not None:
                kept.append(replace(span, value=replace(span.value, half_lives=None, combine="")))
            continue
        before = max(paren[0], usable[number - 1].end if number else 0) if paren else 0
        told = _WASHOUT_OF.search(clause.lower, before, span.start) if paren else None
        told = told or (IN_CASE_OF.search(clause.lower, kept[-1].end, span.start) if kept else None)
        if told:
            # "(the wash-out period for mitomycin is 6 weeks)", "in case of nitrosoureas, 6 weeks"
            timed = tuple(m for m in clause.part.therapies if told.start() <= m.start < span.start and m not in taken)
            if timed:
                others.append((span.value, timed))
                continue
        if number and kept and not paren and _opposite_of(clause, kept[-1], span):
            # "21 days for myelosuppressive agents or 14 days for non-myelosuppressive ones": the latter holds at large
            first = tuple(m for m in clause.part.therapies if kept[-1].end <= m.start < span.start)
            if first:
                others.append((kept[-1].value, first))
                kept[-1] = span
                continue
        # "4 weeks for antibodies or 2 weeks for small molecules": the first is of some, too.
        beside = len(usable) > 1 and clause.found_behind(_OF_ITS_OWN, usable[1].end, 120) is not None
        if match and (number or paren or bracketed or beside or _of_one_of_its_label(clause, span)):
            following = usable[number + 1].start if number + 1 < len(usable) else clause.part.end
            paren = paren or clause.reading.paren_of(span.end + match.end() - 1)  # "28 days (if antibody) before day 1"
            end = min(paren[1], following) if paren else following
            mentions = () if tells_what_for(clause, span) else _named_between(clause, span.end, end)
            if mentions and _are_all_but_biologics(clause, mentions, usable[0]):
                span = _sharing_half_lives(span, usable[0])
                kept.append(span)
            if mentions:
                others.append((span.value, mentions))
                continue
        apart = _days_of_some(clause, span)
        if apart:
            others.append((replace(span.value, half_lives=None), apart))
            span = replace(span, value=replace(span.value, days=None, months=None))
        kept.append(span)
    return others, kept


def _are_all_but_biologics(clause: ClauseReading, kinds: tuple[Mention, ...], first: Span[Window]) -> bool:
    """Whether small molecules, which have their time beside that of antibodies or biologics, are all other therapies."""
    if not any(_SMALL_MOLECULES.fullmatch(clause.lower, m.start, m.end) for m in kinds):
        return False
    known = clause.context.known
    beside = (m for m in clause.part.therapies if m.start > first.end and m not in kinds)
    return any(m.key == _BIOLOGICS.key or known.covers(_BIOLOGICS, m) for m in beside)


def _sharing_half_lives(span: Span[Window], first: Span[Window]) -> Span[Window]:
    """A time with the half-lives that stand before all: "5 half-lives or 4 weeks (if an antibody) or 2 weeks (if a small molecule)"."""
    shared = first.value.half_lives if _DAYS_LAST.search(first.value.text) and not first.value.combine else None
    return span if shared is None or span.value.half_lives else replace(span, value=replace(span.value, half_lives=shared))


def _of_one_of_its_label(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a row's only time is of one of the therapies that its label takes in: "chemotherapy: 23 days for temozolomide"."""
    heads = [m for m in clause.part.therapies if m.end <= span.start and ":" in clause.lower[m.end : span.start]]
    behind = [m for m in clause.part.therapies if m.start >= span.end]
    covers = clause.context.known.covers
    return bool(heads and behind) and all(any(covers(h, m) and h.key != m.key for h in heads) for m in behind)


def _named_between(clause: ClauseReading, start: int, end: int) -> tuple[Mention, ...]:
    """The therapies that a time is told to be of, in what stands behind it."""
    # "Within 2 weeks, with the exception of X" is no time of X.
    freed = [(at, stop) for at, stop, kind in clause.exceptions if kind == "except" and at >= start]
    named = [m for m in clause.part.therapies if start <= m.start < end and not any(at <= m.start < stop for at, stop in freed)]
    reasons = [m for m, why in clause.masked if why == "reason" and m.key in GENERIC]  # "X when used for anticancer therapy"
    named = [m for m in named if m not in reasons and not _WITHOUT.search(clause.before(m.start, 40))]
    own = clause.context.study_drugs  # "28 days before treatment with the study drug" is no time of its own for that drug
    named = [m for m in named if m.key not in own or not _COUNTS_TO.search(clause.lower, start, m.start)]
    # "6 weeks for chemotherapy with mitomycin" is of mitomycin.
    return tuple(m for m in named if not any(_MADE_UP_OF.fullmatch(clause.lower, m.end, n.start) for n in named))


def _days_of_some(clause: ClauseReading, span: Span[Window]) -> tuple[Mention, ...]:
    """The therapies whose time the days behind half-lives are: "5 half-lives or 4 weeks (if the prior therapy was an antibody)"."""
    value = span.value
    if value.half_lives is None or value.combine or not _DAYS_LAST.search(value.text):
        return ()
    told = _OF_SOME_KIND.match(clause.lower, span.end)
    if told is None:
        return ()
    ends = _ENDS_KINDS.search(clause.lower, told.end(), clause.part.end)
    return _named_between(clause, told.end(), ends.start() if ends else clause.part.end)


def _opposite_of(clause: ClauseReading, one: Span[Window], other: Span[Window]) -> bool:
    """Whether a time is for those that another one is not for: "2 weeks for cytotoxic agents, 4 weeks for non-cytotoxic ones"."""
    negated = _FOR_NON.match(clause.after(other.end))
    return negated is not None and re.match(rf"\s+(?:for|if)\s+(?:\w+\s+){{0,2}}{negated['what']}\b", clause.after(one.end)) is not None


def _half_lives_of_some(clause: ClauseReading, span: Span[Window], number: int) -> tuple[Mention, ...]:
    """The therapies for which alone a window, or the one before it, puts half-lives beside its days.

    "28 days (or 5 half-lives for small molecules)", "28 days or 5 half-lives for targeted agents, whichever is shorter".
    """
    if span.value.half_lives is None or (span.value.days is None and number == 0):
        return ()
    told = HALF_LIVES_FOR.search(clause.lower, span.start, min(clause.part.end, span.end + _TO_KINDS))
    if told is None:
        return ()
    ends = _ENDS_KINDS.search(clause.lower, told.end(), clause.part.end)
    end = ends.start() if ends else clause.part.end
    named = [m for m in clause.part.therapies if told.end() <= m.start < end]
    # "Half-lives of X" may be those of the drug that the window is counted from.
    return () if told["how"] == "of" and any(m.kind == "drug" for m in named) else tuple(named)


def _half_lives_instead(clause: ClauseReading, first: Span[Window], span: Span[Window]) -> OwnTime | None:
    """Half-lives that may stand for some therapies in the place of the time of all: "4 weeks from …; or 5 half-lives from antibodies"."""
    if span.value.half_lives is None or not span.value.combine or ";" not in clause.lower[first.end : span.start]:
        return None
    told = OR_HALF_LIVES.search(clause.lower, first.end, span.end)
    named = tuple(m for m in clause.part.therapies if told.end("of") <= m.start < span.end) if told else ()
    return (replace(span.value, days=first.value.days, months=first.value.months), named) if named else None


def _timed_alone(clause: ClauseReading, others: list[OwnTime], subjects: list[Mention]) -> dict[Mention, Window]:
    """Of the therapies that have a window of their own those that no other subject takes in, so that they are subjects themselves.

    "6 weeks since nitrosoureas, 3 weeks for other chemotherapy": the latter is no exception from the former. Where there is no other
    subject, all are: "7 days since short-acting growth factors and 14 days with long-acting ones".
    """
    apart = [m for _, mentions in others for m in mentions]
    in_order = {m.start for _, mentions in respective(clause.part, clause.lower) for m in mentions}
    wide = [m for m in subjects if m not in apart]
    covers = clause.context.known.covers
    return {
        m: window
        for window, mentions in others
        for m in mentions
        if m in subjects
        and (not wide or m.start in in_order or _FOR_THESE.search(clause.before(m.start)))
        and not any(covers(o, m) or o.key == m.key for o in wide)
    }


def _spelled_out(clause: ClauseReading, mention: Mention, usable: list[Span[Window]], others: list[OwnTime]) -> bool:
    """Whether what stands behind a therapy says of which kinds in which times.

    "Anticancer therapy (chemotherapy within 3 weeks, …)", "prior therapy within 4 weeks for antibodies or 2 weeks for small molecules",
    "therapy within the specified time frames: chemotherapy within 3 weeks, …".
    """
    if _specified_below(clause, mention, usable) or _heads_rows(clause, mention, usable):
        return True
    if window_of(clause, mention, usable) is not None:
        return False
    timed = [m.start for _, mentions in others for m in mentions]
    if timed and not usable and mention.end <= min(timed):
        return not _in_brackets_of_another(clause, mention, min(timed))
    if timed and not usable and mention.key in GENERIC and COLON.search(clause.lower, max(timed), mention.start):
        return True  # "within 28 days (antibodies) or 14 days (small molecules) of the first dose: any anticancer treatment"
    row = next((w for w in clause.part.windows if w.start >= mention.end), None)
    if row is not None and row.start not in {span.start for span in usable} and ROW_GAP.fullmatch(clause.lower, mention.end, row.start):
        return any(row.end <= start for start in timed)
    told = UNSTATED.match(clause.lower, mention.end + 1) or _TOO_SOON.match(clause.lower, mention.end)
    end = told.end() if told else mention.end
    paren = clause.reading.paren_of(end + 2) if clause.lower.startswith(" (", end) else None
    if paren is None or clause.in_exception(paren[0] + 1):
        return False
    first = next((span.start for span in usable if paren[0] < span.start < paren[1]), None)
    return first is not None and ";" not in clause.lower[paren[0] : first] and names_therapy(clause, paren)


def _heads_rows(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> bool:
    """Whether a therapy stands in the label of several others with their times: "last therapy: antibodies < 4 weeks, TKIs < 2 weeks"."""
    rows = [span for span in usable if span.start >= mention.end]
    if len(rows) < 2 or len(rows) < len(usable):
        return False
    colon = COLON.search(clause.lower, mention.end, rows[0].start)
    if (
        colon is None
        or clause.reading.paren_of(colon.start()) is not None
        or any(c.start <= colon.start() for c in clause.part.tagged("example", "except", "unless"))
    ):
        return False
    ends = [colon.end(), *(span.end for span in rows[:-1])]
    return all(any(end <= m.start < span.start for m in clause.part.therapies) for end, span in zip(ends, rows, strict=True))


def _in_brackets_of_another(clause: ClauseReading, mention: Mention, position: int) -> bool:
    """Whether brackets that hold a position explain a later therapy: "chemotherapy, experimental therapy (in the last 30 days, …)"."""
    paren = clause.reading.paren_of(position)
    return paren is not None and any(mention.end <= m.start and m.end <= paren[0] for m in clause.part.therapies)


def _specified_below(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> bool:
    """Whether a colon follows that lists all kinds with their times; behind "including:" there are others."""
    first = next((span.start for span in usable if span.start >= mention.end), None)
    if first is None or _unstated_before(clause, mention) is None:
        return False
    colon = COLON.search(clause.lower, mention.end, first)
    return colon is not None and not any(mention.end <= c.start and c.end <= colon.start() + 1 for c in clause.part.tagged("example"))


def _unstated_window(clause: ClauseReading, usable: list[Span[Window]]) -> Window | None:
    """A wash-out that the clause speaks of without saying how long: "within protocol-specified intervals"."""
    found = clause.find(UNSTATED)
    if found:
        return Window(within=True, text=found.group())
    told = () if usable else clause.part.tagged("stop")
    words = [c.text for c in told if c.text in _WASHOUT and not _NONE_NEEDED.search(clause.before(c.start, 30))]
    return Window(within=False, text=words[0]) if words else None


def _unstated_before(clause: ClauseReading, mention: Mention) -> Window | None:
    """Such a wash-out right behind a therapy whose kinds follow with times of their own: "within protocol-specified time, including …"."""
    if not clause.possible & UNSTATED.bit:
        return None
    following = min((m.start for m in clause.part.therapies if m.start >= mention.end), default=mention.end)
    found = UNSTATED.search(clause.lower, mention.end, following)
    return Window(within=True, text=found.group()) if found else None


def _recently(clause: ClauseReading, mention: Mention) -> Window | None:
    """How long ago a use was that is only told as recent: "current or recent (as defined in the protocol) treatment with X"."""
    if clause.part.windows or (clause.context.section is not Section.EXCLUSION and not clause.part.has("neg")):
        return None
    told = (c for c in clause.part.tagged("prior") if c.text in _RECENT and not _MOST.search(clause.before(c.start)))
    cue = next((c for c in told if _RECENT_USE.fullmatch(clause.lower, c.end, mention.start)), None)
    return Window(within=True, text=cue.text) if cue else None


def times_by_route(clause: ClauseReading) -> list[tuple[Window, str]]:
    """The times of a clause with the routes that they are told for, "" for none: "2 weeks (oral) or 4 weeks (intravenous)", "4 weeks (oral: 2 weeks)".

    Nothing where no route is told, or more than one time of none.
    """  # noqa: E501
    if len(clause.part.windows) < 2 or not clause.part.tagged("route"):
        return []
    told = [(span.value, _route_beside(clause, span)) for span in clause.part.windows]
    return told if 0 < sum(bool(route) for _, route in told) >= len(told) - 1 else []


def _route_beside(clause: ClauseReading, span: Span[Window]) -> str:
    """The route that stands right behind a time, or before it."""
    for cue in clause.part.tagged("route"):
        if cue.value in _NO_WAY_IN:
            continue
        if _TO_ROUTE.fullmatch(clause.lower, span.end, cue.start) and _ENDS_ROUTE.match(clause.lower, cue.end, clause.part.end):
            return cue.value
        if _OPENS_ROUTE.search(clause.before(cue.start, 6)) and _FROM_ROUTE.fullmatch(clause.lower, cue.end, span.start):
            return cue.value
    return ""


def unstated(window: Window) -> bool:
    """Whether the sentence does not say how long a window is."""
    return (window.days, window.months, window.half_lives, window.cycles) == (None, None, None, None)

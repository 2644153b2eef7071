"""A clause under reading: its words, what it inherits from the bullets above it, and where its exceptions reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.criteria.clauses.own import Background
from kg.criteria.clauses.reading import WITH_OR_WITHOUT, Part, Reading
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import Words, pattern
from kg.criteria.words.quantities import Span
from kg.records import Mention, Section, Window

ANY_PERPETRATOR = "any"
"""Enzyme of the pk mention that "drugs known to interact with the study drug" gives: any strong or moderate inhibitor or inducer."""

ANY_MEDICINE = "medicine"
"""Class of the mention that "any medication" gives: every drug is in it, so that no table lists its members."""

GENERIC = frozenset({"systemic-anticancer-therapy", "anticancer-therapy", "local-therapy", "treatment"})
"""Classes so wide that another therapy of the sentence says what is meant."""

EARLY = ("adjuvant", "neoadjuvant")
"""Settings in which a disease is treated that is not metastatic."""

SYSTEMIC_ROUTES = frozenset({"systemic", "oral", "intravenous"})
"""Routes by which a drug reaches the whole body."""

_IS_DONE = re.compile(
    r"\s(?:is|are)\s+(?:(?:currently|still|being|now|already)\s+){0,2}"
    r"(?:underway|under way|ongoing|given|used|planned|needed|anticipated|taken|administered|required|scheduled)\b"
)
_IN_CASE = re.compile(r"\b(?:if|when|where|whose|unless|for which|in which|as long as)\b|:")
_RELATIVE = re.compile(r"\b(?:which|that|who)\s+$")
_CONDITIONS = ("provid", "so long as", "as long as", "on condition that", "only if")
_ENDED_AGO = pattern("clause: ended ago")
_PROVIDED_IN = pattern("clause: provided in")
_WITHIN = pattern("timing: within")
_TIME_OF_ALL = re.compile(r",\s+(?:for\s+)?(?:at least|a minimum of|\u2265|>)\s*$")
_OF_ENTRY = pattern("timing: before after")
_THAN = (" more than ", " longer than ", " later than ", " greater than ")
_BEFORE = re.compile(r"\b(?:prior to|before|preceding)\b")
GOES_ON = pattern("clause: goes on")
_ADJECTIVE = re.compile(r"\b(?:or|and|for|of|than)\s+permitted\s+(?!(?:if|when|as|with|in|on|at|for|during|to|unless|provided|only|by)\b)")
"""Where "permitted" tells of what is excepted, and permits nothing itself: "except for replacement or permitted local use"."""
_NONE_PERMITTED = re.compile(r"\s*no\s+(?!more\b|less\b|restrict|limit)[^,;]*\b(?:permitted|allowed|acceptable)\b[^,;]*")
"""In brackets these forbid: "(no growth factors permitted within 7 days)"."""
_HAD_OR_USED = pattern("clause: had or used")
"""An exception that itself says so may list another such: "except prior X or prior treatment with Y"."""
_OWN_TIME = re.compile(r"\b(?:which|that|who)\s+(?:(?:may|must|can|should)\s+not\s+have|requires?|needs?)\b")
"""What is excepted has a time of its own: "except nitrosoureas, which may not have been given within 6 weeks"."""
_NAMES_KINDS = re.compile(r"\s+(?:(?:the|any|prior|previous|other|therapy|treatment|with)\s+){0,4}")
"""Between "other than" and what is excepted."""
_FOR_A_PART = re.compile(r"\s+(?:(?:for|in|of)\s+)?(?:part|cohort|arm|phase|group|module)\b")
_OUTSIDE_THE_TRIAL = re.compile(r"\s+(?:the|this|our)\s+(?:(?:current|present|clinical|research)\s+){0,2}(?:trial|study|protocol)\b")
_OF_PERSONS = re.compile(r"\W*(?:patients|subjects|participants|individuals|those)\b")
_LAST_OF_LIST = re.compile(r"(?:\s+\w+)?,?\s+(?:or|and)\s+(?:\w+\s+)?")
_NEXT_ITEM = re.compile(r",\s+(?!(?:or|and|which|that|if|as|including|such)\b)")
_LEFT_OUT = pattern("clause: left out")
_SPECIAL_FORM = pattern("clause: special form")
LISTED_BELOW = pattern("clause: exceptions listed below")
_REASONS = pattern("clause: reasons")
_ILLNESS = pattern("clause: illness")
TIME_OF_EXCEPTION = re.compile(
    r"(?:except(?:ing)?|with the exception of|apart from|excluding)(?:\s+(?:for|at least|a minimum of|a period of|that))*"
    r"[\s:]*(?:\u2265|>=?)?\s*"
)
"""What leads to the time that what is excepted has instead: "except 6 weeks for nitrosoureas"."""
_A_LESION = re.compile(
    r"\b(?:disease|lesions?|tumou?rs?|metastas[ei]s|recurrence|sites?)\s+"
    r"(?:(?:is|are|was|exists?|present|located|lies?|lying|completely|entirely)\s+){0,3}$"
)
_NEXT_TIME = re.compile(r"[,;]\s+(?:(?:and|or)\s+)?(?:(?:at least|a minimum of)\s+|\u2265\s*|>=?\s*)?$")
_OF_A_THERAPY = re.compile(r"\s+(?:from|for|since|after|if|of)\b")
_RELATES = re.compile(r",\s+(?:which|that|who|in|if|as|such|including|e\.?g|i\.?e)\b")
_MAIN_CLAUSE = pattern("clause: main clause")
_LIST_FOLLOWS = re.compile(r"\b(?:following|below|these|include[sd]?|including|criteri\w+|rule)\b|(?<!\w)\s*:$")
"""Behind "except" a colon may open the list of what is excepted: "except for the following therapies: …"."""
_ONLY_COMMA = re.compile(r"([^,;:.()]+),\s+(?!(?:or|and|including|such|if|when|as|which|who|that|given|within|completed)\b)[^,;:.()]+$")
"""Up to the time of a sentence that an exception opens: "except for hormonal therapy, anticancer therapy within …"."""
_BEYOND_USE = re.compile(r"\s+(?:the\s+)?(?:use|treatment)")
_TIME_BEFORE = re.compile(r"\b(?:days?|weeks?|months?|years?|half[- ]li(?:fe|ves))\s*$")


@dataclass(frozen=True, slots=True)
class Context:
    """What a clause inherits: its section, what is known at large, the words above it, and what the trial gives and treats."""

    section: Section
    known: Background
    lead: Part | None = None
    """The heading or bullet above."""
    lead_lower: str = ""
    study_drugs: tuple[str, ...] = ()
    own_conditions: frozenset[str] = frozenset()

    @property
    def of_cancer(self) -> bool:
        """Whether the trial treats a cancer, as is taken where its disease is not known."""
        return not self.own_conditions or not self.own_conditions.isdisjoint(self.known.neoplasms)

    @property
    def may_treat_cancer(self) -> bool:
        """Whether "prior therapy" can be one against a cancer: that of the trial, or one that its drugs are given for."""
        return self.of_cancer or any(self.known.is_anticancer(Mention(0, 0, "drug", key, "")) for key in self.study_drugs)

    def of_another_disease(self, mention: Mention) -> bool:
        """Whether a mention is a disease other than the trial's own, which all of its patients have."""
        return mention.kind == "condition" and not self.is_own(mention)

    def is_own(self, mention: Mention) -> bool:
        """Whether a disease is what the trial treats, or takes it in."""
        return mention.key in self.own_conditions or any(self.known.names.knowledge.covers(mention.key, own) for own in self.own_conditions)

    def takes(self, mention: Mention) -> bool:
        """Whether patients with a disease can come: the trial's own, or a form of it, as lung cancer is of solid tumours."""
        if not self.own_conditions:
            return True  # what is not told can be any
        return self.is_own(mention) or any(self.known.names.knowledge.covers(own, mention.key) for own in self.own_conditions)

    @property
    def excepts_below(self) -> bool:
        """Whether what stands above ends in words that make exceptions of what stands below: "… with the exception of the following:"."""
        lead = self.lead
        return lead is not None and any(LISTED_BELOW.fullmatch(self.lead_lower, c.start, lead.end) for c in lead.tagged("except", "unless"))


class ClauseReading:
    """A `Part` of a `Reading` in its `Context`; positions are those of the criterion's normal form."""

    def __init__(self, reading: Reading, part: Part, context: Context) -> None:
        self.reading = reading
        self.part = part
        self.context = context
        self.lower = reading.lower
        self.possible = reading.possible
        """The bits of the patterns that can match in its criterion."""
        self.masked: list[tuple[Mention, str]] = []
        """Therapies that are named but not ruled on, with the reason."""

    def before(self, position: int, size: int = 60) -> str:
        """The clause's words before a position."""
        return self.lower[max(self.part.start, position - size) : position]

    def after(self, position: int, size: int = 80) -> str:
        """The clause's words after a position."""
        return self.lower[position : min(self.part.end, position + size)]

    def find(self, words: Words) -> re.Match[str] | None:
        """Where words first stand in the clause."""
        return words.search(self.lower, self.part.start, self.part.end) if self.possible & words.bit else None

    def opens_with(self, words: Words) -> re.Match[str] | None:
        """The words that the clause begins with."""
        return words.match(self.lower, self.part.start, self.part.end) if self.possible & words.bit else None

    def found_before(self, words: Words, position: int, size: int = 60) -> re.Match[str] | None:
        """Where words stand among the clause's last characters before a position; places are those in `before`."""
        return words.search(self.lower[max(self.part.start, position - size) : position]) if self.possible & words.bit else None

    def found_behind(self, words: Words, position: int, size: int = 80) -> re.Match[str] | None:
        """The words that stand right behind a position, among the clause's next characters; places are those in `after`."""
        return words.match(self.lower[position : min(self.part.end, position + size)]) if self.possible & words.bit else None

    def sentence(self, position: int) -> int:
        """Where the sentence that holds a position begins; a clause may be the end of one."""
        before = max(position - 1, 0)
        ends = max(self.lower.rfind(". ", 0, before), self.lower.rfind("; ", 0, before))
        return ends + 2 if ends >= 0 else 0

    def in_exception(self, position: int) -> bool:
        """Whether a position stands under an exception."""
        for start, end, _ in self.exceptions:  # noqa: SIM110 - asked so often that a generator is felt
            if start <= position < end:
                return True
        return False

    def outside_exceptions(self, start: int | None = None) -> str:
        """The clause's words, or those from a position on, without those under an exception."""
        words, at = "", self.part.start if start is None else start
        for start, end, _ in sorted(self.exceptions):
            words += self.lower[at:start] + " "
            at = max(at, end)
        return words + self.lower[at : self.part.end]

    @cached_property
    def exceptions(self) -> list[tuple[int, int, str]]:
        """[start, end, kind) of what stands under "except", "other than", "unless"…"""
        spans: list[tuple[int, int, str]] = []
        for cue in self.part.tagged("except", "unless"):
            if spans and cue.start < spans[-1][1]:
                continue
            if cue.text.startswith("provid") and _PROVIDED_IN.match(self.lower, cue.end):
                continue
            if cue.text.startswith(_CONDITIONS) and any(c.tag == "permit" and c.end <= cue.start for c in self.part.cues):
                continue  # "permitted provided that 4 weeks have elapsed" says on what terms, and excepts nothing
            if cue.text.startswith("provid") and self._takes_after(cue):
                continue
            if cue.text == "excluding" and self.part.start == cue.start:
                continue
            if cue.text == "but not" and self.lower.startswith(_THAN, cue.end):
                continue  # "at least 3 weeks but not more than 8 weeks before"
            if cue.text == "outside of" and _OUTSIDE_THE_TRIAL.match(self.lower, cue.end):
                continue  # "concurrent treatment outside of this trial"
            if cue.text == "if not" and self.lower.startswith((",", " within"), cue.end):
                continue  # "a sample must be available; if not, a new biopsy" asks for the new one, "if not within 4 weeks" tells a term
            if cue.text == "outside of" and _A_LESION.search(self.before(cue.start, 40)):
                continue  # "measurable disease outside of the irradiated field"
            if cue.text == "beyond" and (not self._beyond_use(cue) or _TIME_BEFORE.search(self.before(cue.start, 20))):
                continue
            paren = self.reading.paren_of(cue.start)
            if paren and self._shuts_out(cue, paren):
                continue
            end = min(paren[1] - 1, self.part.end) if paren else self.part.end
            told = (c for c in self.part.cues if c.tag in ("prohibit", "permit") and c.text not in WITH_OR_WITHOUT)
            told = (c for c in told if not (c.text == "permitted" and _ADJECTIVE.search(self.lower, max(0, c.start - 8), c.end + 12)))
            verbs = (c.start for c in told if cue.end < c.start < end)
            # "Other than X, which is permitted": the verb is of the exception.
            verb = next((at for at in verbs if not _RELATIVE.search(self.before(at, 12))), None)
            apart = paren and any(paren[0] < m.start < cue.start for m in self.part.therapies)
            if verb is not None and (not paren or apart) and cue.tag == "except" and not self.lower.startswith(":", cue.end):
                end = verb  # "(patients on X other than Y are allowed)" has a verb of its own
            if not paren and cue.tag == "except":
                end = self._before_its_use(cue, end)
            if not paren:
                # An exception in the middle ends where the list goes on with a verb of its own, or the sentence with its verb.
                going = GOES_ON.search(self.lower, cue.end, end)
                joined = going and going.group().startswith(",")
                if going and cue.tag == "except" and (joined or not self._had_or_used(cue.end, going.start())):
                    end = going.start()
                end = self._list_closed(cue, self._before_examples(cue, self._illness_closed(cue, end)))
            else:
                # In brackets a semicolon begins another matter, if no colon lists: "(X other than those studied; use of Y)".
                matter = self.lower.find("; ", cue.end, end)
                end = matter if matter >= 0 and ":" not in self.lower[cue.end : matter] else end
            if cue.start == self.part.start and cue.tag == "except":
                end = self._main_clause(cue, end)
            if cue.tag == "except" and end > cue.end:
                end = self._time_closed(cue, end)
            if not paren and self.found_before(_REASONS, cue.start):
                # "for reasons other than malignancy (e.g. steroids)": the examples are not of what is excepted.
                examples = (c.start - 1 for c in self.part.tagged("example") if cue.end < c.start < end)
                end = next((at for at in examples if self.lower[at] == "("), end)
            spans.append((cue.start, self._before_window(cue, end), cue.tag))
        spans += self._permitted_tail(spans)
        for start, end in self.reading.parens:
            # A parenthesis that permits part of what stands before it: "(topical use is allowed)".
            inside = [c for c in self.part.cues if start < c.start < end]
            if (
                self.part.start <= start < self.part.end
                and not _NONE_PERMITTED.fullmatch(self.lower, start + 1, end - 1)
                and not self._speaks_for_itself(start, end)
                and any(c.tag == "permit" and c.text not in WITH_OR_WITHOUT for c in inside)
                and not any(s < end and start < e for s, e, _ in spans)
            ):
                spans.append((start + 1, end - 1, "permit"))
            elif self.possible & _LEFT_OUT.bit and self.part.start <= start < self.part.end and _LEFT_OUT.search(self.lower, start, end):
                spans.append((start + 1, end - 1, "except"))
        return spans

    def _had_or_used(self, start: int, end: int) -> bool:
        """Whether an exception says of what it frees that it was had or used; what brackets tell of it does not count."""
        return _HAD_OR_USED.search(IN_BRACKETS.sub(" ", self.lower[start:end])) is not None

    def _speaks_for_itself(self, start: int, end: int) -> bool:
        """Whether what stands in brackets is a sentence of its own, of which nothing was said before: "INR ≤ 1.5. (Warfarin is allowed if …)"."""  # noqa: E501
        if self.context.section is Section.EXCLUSION or not self.part.end - 1 <= end <= self.part.end + 1:
            return False
        opens = start == self.part.start or self.lower[self.part.start : start].rstrip().endswith(".")
        return opens and not any(m.end <= start for m in self.part.therapies)

    def _time_closed(self, cue: Cue, end: int) -> int:
        """Where the next time of a list stands: "except 23 days from X, 14 days from Y" excepts X alone, in its own time."""
        spans = [w for w in self.part.windows if cue.end <= w.start < end]
        if len(spans) < 2 or not TIME_OF_EXCEPTION.fullmatch(self.lower, cue.start, spans[0].start):
            return end
        found = (_NEXT_TIME.search(self.lower, spans[0].end, w.start) for w in spans[1:] if _OF_A_THERAPY.match(self.lower, w.end))
        return next((m.start() for m in found if m), end)

    def _main_clause(self, cue: Cue, end: int) -> int:
        """Where the sentence goes on that an exception opens: "Except for cohort B, prior therapy with …", "Except for X: received …"."""
        main = _MAIN_CLAUSE.search(self.lower, cue.end, end)
        colon = self.lower.find(": ", cue.end, main.start() if main else end)
        if colon >= 0 and not cue.text.startswith("exception") and not _LIST_FOLLOWS.search(self.lower, cue.end, colon + 1):
            return colon
        if main is None and self.part.windows:
            main = _ONLY_COMMA.match(self.lower, cue.end, max(cue.end, self.part.windows[0].start))
            return main.end(1) if main else end
        return main.start() if main else end

    def _shuts_out(self, cue: Cue, paren: tuple[int, int]) -> bool:
        """Whether brackets of an inclusion tell whom one part excludes: "(except for part B, where patients with X are excluded)"."""
        if self.context.section is not Section.INCLUSION or not _FOR_A_PART.match(self.lower, cue.end):
            return False
        return any(paren[0] < c.start < paren[1] for c in self.part.tagged("prohibit"))

    def _takes_after(self, cue: Cue) -> bool:
        """Whether an inclusion says when a therapy must have ended: "relapse after transplant, provided it was at least 100 days ago"."""
        if self.context.section is not Section.INCLUSION or self.part.tagged("neg", "prohibit"):
            return False
        had = any(m.end <= cue.start for m in self.part.therapies)
        return had and _ENDED_AGO.match(self.lower, cue.end) is not None

    def _before_its_use(self, cue: Cue, end: int) -> int:
        """Where the sentence says what is done with that from which something is excepted: "any therapy other than X is ongoing"."""
        done = _IS_DONE.search(self.lower, cue.end, end)
        if done is None or _IN_CASE.search(self.lower, cue.end, done.start()) or _RELATIVE.search(self.before(done.start() + 1, 12)):
            return end
        return done.start()

    def _beyond_use(self, cue: Cue) -> bool:
        """Whether "beyond" stands before a therapy, not a time or an event: "beyond the use of X", "therapy beyond surgical resection"."""
        return _BEYOND_USE.match(self.lower, cue.end) is not None or any(m.start == cue.end + 1 for m in self.part.therapies)

    def _list_closed(self, cue: Cue, end: int) -> int:
        """Where the list of what is excepted has had its last: in "X except A or B, C within 4 weeks" C is no exception."""
        named = [m for m in self.part.therapies if cue.end <= m.start < end]
        for before, last, following in zip(named, named[1:], named[2:], strict=False):
            if _LAST_OF_LIST.fullmatch(self.lower, before.end, last.start) and _NEXT_ITEM.match(self.lower, last.end, following.start):
                return last.end if cue.tag == "except" else end
        return end

    def _illness_closed(self, cue: Cue, end: int) -> int:
        """Where what is excepted from ills or reasons ends before a therapy: "for reasons other than asthma, methotrexate, gold salts"."""
        first = next((m for m in self.part.therapies if cue.end <= m.start < end), None)
        if first is None or cue.tag != "except" or not self.found_before(_ILLNESS, cue.start):
            return end
        comma = self.lower.rfind(", ", cue.end, first.start)
        return comma if comma >= 0 and not _RELATES.match(self.lower, comma) else end

    def _before_examples(self, cue: Cue, end: int) -> int:
        """Where examples begin that are none of what is excepted: "any therapy other than surgery, including chemotherapy"."""
        for example in self.part.tagged("example") if cue.tag == "except" else ():
            if cue.end < example.start < end and self.lower[: example.start].endswith((", ", "; ", " ", "(")):
                named = [m for m in self.part.therapies if cue.end <= m.start < end]
                excepted = [m for m in named if m.start < example.start]
                examples = [m for m in named if m.start >= example.end]
                bracketed = self.lower.startswith("(", example.start - 1)
                if bracketed and not (named and _NAMES_KINDS.fullmatch(self.lower, cue.end, named[0].start)):
                    return end  # "except for transplants not requiring immunosuppression (e.g. of the cornea)"
                foreign = examples and not any(e.key == examples[0].key or self.context.known.covers(e, examples[0]) for e in excepted)
                return example.start if excepted and foreign else end
        return end

    def _before_window(self, cue: Cue, end: int) -> int:
        """Where an exception ends that the windows of the whole clause follow: "any drug other than X within 2 weeks of …"."""
        spans = [w for w in self.part.windows if cue.end < w.start < end]
        if not spans or any(self._looks_back(w) for w in self.part.windows if w.end <= cue.start):
            return end
        if _OWN_TIME.search(self.lower, cue.end, spans[0].start):
            return end
        closed = _TIME_OF_ALL.search(self.lower, cue.end, spans[0].start)
        if closed and any(c.end <= cue.start for c in self.part.tagged("stop")):
            return closed.start()  # "discontinued all therapies, except X, for at least 21 days": the time of all that was to stop
        named = [m.start for m in self.part.therapies if m.key not in self.context.study_drugs]
        if any(spans[0].end <= start < spans[-1].start for start in named):
            return end
        told = next((w for w in spans if _WITHIN.search(self.lower, cue.end, w.start)), spans[0])  # not "for 3 weeks"
        within = _WITHIN.search(self.lower, cue.end, told.start)
        if cue.tag != "except" and not (within and self.lower[: within.start()].endswith((", ", ","))):
            return end  # not "unless used for X, within 2 months before screening", whose time is that of the whole
        after = self.after(told.end)
        entry = _OF_ENTRY.match(after) or _BEFORE.search(self.lower, told.start, told.end)  # "2 weeks before day 1 or 5 half-lives"
        if within is None or not (entry or (cue.text == "other than" and not after.strip(" .;"))):
            return end
        # "Allowed, but not within 4 weeks": the time itself is what is excepted.
        return within.start() if self.lower[cue.end : within.start()].strip() else end

    def _looks_back(self, span: Span[Window]) -> bool:
        """Whether a time tells how long ago, not how long: "within 2 weeks", "2 weeks before enrolment"."""
        return bool(_WITHIN.search(self.lower, self.part.start, span.start) or self.found_behind(_OF_ENTRY, span.end))

    def _permitted_tail(self, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """The end of a sentence that permits a form of what it forbids before: "systemic steroids, topical or inhaled ones are allowed"."""
        if self.context.section is not Section.EXCLUSION:
            return []
        for cue in self.part.tagged("permit"):
            if any(s <= cue.start < e for s, e, _ in spans) or self.reading.paren_of(cue.start):
                continue
            if "exclude" in cue.text and _OF_PERSONS.match(self.lower, self.part.start):
                continue  # "subjects who use bronchodilators or inhaled steroids will not be excluded" forbids nothing
            listed = {c.end for c in self.part.tagged("route")}  # "steroids for topical, ocular or nasal use are allowed" forbids nothing
            tails = [t for t in _SPECIAL_FORM.finditer(self.lower, self.part.start, cue.start) if t.start() not in listed]
            if _SPECIAL_FORM.match(f", {self.lower[self.part.start : cue.start]}"):
                continue  # "low-dose aspirin, low-dose warfarin and … are permitted" forbids nothing either
            first = next((t for t in tails if any(m.end <= t.start() for m in self.part.therapies)), None)
            if first and not self.reading.paren_of(first.start() + 1):
                return [(first.start(), self.part.end, "permit")]
        return []

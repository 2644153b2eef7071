"""A clause under reading: its words, what it inherits from the bullets above it, and where its exceptions reach."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.criteria.clauses.exceptions import exceptions_of
from kg.criteria.clauses.own import Background
from kg.criteria.clauses.reading import Part, Reading
from kg.criteria.words.patterns import Words, pattern, patterns_named
from kg.records import Mention, Section

GENERIC = frozenset({"systemic-anticancer-therapy", "anticancer-therapy", "local-therapy", "treatment"})
"""Classes so wide that another therapy of the sentence says what is meant."""

EARLY = ("adjuvant", "neoadjuvant")
"""Settings in which a disease is treated that is not metastatic."""

SYSTEMIC_ROUTES = frozenset({"systemic", "oral", "intravenous"})
"""Routes by which a drug reaches the whole body."""

TAKEN_BY_THE_ILL = patterns_named("taken by the ill: ")
"""For classes of drugs that are taken for one disease, the words for that."""
_TO_OTHERS = re.compile(r";|\bor\s+(?:(?:the\s+)?use|patients?|participants?|subjects?|those|are|is|taking|receiving|on)\b")
"""Between a disease and a drug, a turn to others than those who have it."""
_LISTED = pattern("subjects: listed")
LISTED_OR_EXAMPLE = pattern("subjects: listed or example")
"""Between the therapies of a list that gives examples of some: "X, drugs on Y such as Z, and W"."""
LISTED_BELOW = pattern("clause: exceptions listed below")


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
        self.exceptions = exceptions_of(self)
        """[start, end, kind) of what stands under "except", "other than", "unless"…"""

    def without_lead(self) -> ClauseReading:
        """The clause as if nothing stood above it."""
        return ClauseReading(self.reading, self.part, replace(self.context, lead=None, lead_lower=""))

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

    def tells_what_it_is_for(self, mention: Mention) -> bool:
        """Whether the disease is told before a drug for which nearly all who are on it take it: "arrhythmia requiring antiarrhythmics"."""
        for key, disease in TAKEN_BY_THE_ILL.items():
            if self.possible & disease.bit and (mention.key == key or self.context.known.covers(Mention(0, 0, "class", key, ""), mention)):
                told = disease.search(self.lower, self.part.start, mention.start)
                return told is not None and _TO_OTHERS.search(self.lower, told.end(), mention.start) is None
        return False

    def sentence(self, position: int) -> int:
        """Where the sentence that holds a position begins; a clause may be the end of one."""
        before = max(position - 1, 0)
        ends = max(self.lower.rfind(". ", 0, before), self.lower.rfind("; ", 0, before))
        return ends + 2 if ends >= 0 else 0

    def list_start(self, mention: Mention, joint: Words = _LISTED) -> int:
        """Where the list of coordinated therapies begins that ends in a mention; `LISTED_OR_EXAMPLE` joins examples, too."""
        start = mention.start
        for other in reversed(self.part.therapies):
            if other.end <= start and joint.fullmatch(self.lower, other.end, start):
                start = other.start
        return start

    def list_end(self, mention: Mention, joint: Words = _LISTED) -> int:
        """Where the list of coordinated therapies ends that begins in a mention; `LISTED_OR_EXAMPLE` joins examples, too."""
        end = mention.end
        for other in self.part.therapies:
            if other.start >= end and joint.fullmatch(self.lower, end, other.start) and not self.in_exception(other.start):
                end = other.end
        return end

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

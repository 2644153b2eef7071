"""Clauses → rules: for every therapy that a clause names, which facts it looks at, what it does, in which window, with which exceptions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from kg.criteria.lexicon import Cue
from kg.criteria.quantities import Span, daily_doses, line_limits
from kg.criteria.reading import Part, Reading
from kg.records import Carveout, LineLimit, Mention, Modality, Polarity, Role, Section, Window

THERAPY_KINDS = frozenset({"drug", "class", "regimen", "pk"})
ANY_PERPETRATOR = "any"
"""Enzyme of the pk mention that "drugs known to interact with the study drug" gives: any strong or moderate inhibitor or inducer."""

_ANCHOR_BEFORE = re.compile(
    r"(?:\b(?:first|initial|planned|last|start(?:ing)?|initiation|initiating|initiate|commencement|commencing|beginning|begin|receiving|dosing|administration|infusion|dose|cycle \d+,? day \d+|c\d+d\d+|day -?\d+)"
    r"(?:\s+(?:of|with|on))?(?:\s+(?:the|study|protocol|trial|treatment|therapy|dose|doses|day|planned|drug|administration|infusion|combination))*\s*|\b(?:prior to|before|until|upon)\s+(?:the\s+)?(?:study\s+)?)$"
)
_ANCHOR_LEAD = re.compile(r"\b(?:prior to|before|preceding|of|to|from|until|after|and)\s+(?:the\s+|their\s+)?(?:first|initial|planned|start|initiation|initiating|commenc|beginning|begin|receiving|dosing|administration|infusion|cycle|c\d+d\d+|day)[^,;.()]{0,50}$")
_REQUIRES_PRIOR = re.compile(r"\b(?:must|should|need(?:s|ed)? to|required to)\s+(?:have|be|had)\b")
_FOR = re.compile(r"^\s*(?:\([^)]*\)\s*)?(?:therap(?:y|ies)|treatments?|regimens?|agents?|drugs?|use|lines?|exposure|medications?|inhibitors?|chemotherap(?:y|ies)|\s)*\s*(?:\([^)]*\)\s*)?(?:given\s+|administered\s+|received\s+|used\s+|as\s+)?(?:for|in|as|of|against|to treat|in the treatment of|for the treatment of)\b")
_PROGRESS_WINDOW = re.compile(r"\b(?:stable|stability|progress\w*|relaps\w*|recurr\w*|diagnos\w*|contracept\w*|surviv\w*|expectancy|biops\w*|scan\w*|imag\w*|test\w*|obtained|measured|infarct\w*|stroke|angina|remission|respon\w*|follow(?:ed|-up)|negative|abstain|abstinence|lasting|duration of|half-life of|echocardiogram|ecg|muga|mri|ct|screening|transfus\w*)\W+(?:\w+\W+){0,4}$")
_WITHIN = re.compile(r"(?:\b(?:with ?in|in|during|over|for|throughout|less than|fewer than|under)|<|\u2264|<=|=<)\s*(?:or equal to\s+)?(?:the|a|about|approximately|approx\.?)?\s*(?:time ?frame of|period of|a minimum of|at least)?\s*(?:last|past|previous|preceding|prior)?\s*(?:the\s+)?$")
_WITHIN_WORD = re.compile(r"(?:\bwith ?in\b|\blast\b|\bpast\b|\bprevious\b|\bpreceding\b|\bprior\b|<|\u2264|less than|during the|fewer than)\W*(?:\w+\W+){0,3}$")
_LAST = re.compile(r"\b(?:last|past|previous|preceding|prior)\s+$")
_AT_LEAST = re.compile(r"(?:at least|\u2265|>=|>/=|>|more than|greater than|minimum(?: of)?|longer than|not less than|exceeding|a full|over)\s*(?:approximately\s+|about\s+)?\(?\s*$")
_SINCE_AFTER = re.compile(r"^[\s)]*(?:\([^)]*\)\s*)?(?:\w+[\s-]+){0,7}?(?:since|elapsed|from|after|following|post|between|have passed|has passed|beyond|wash-?\s?out|interval)\b")
_BEFORE_AFTER = re.compile(r"^[\s),]*(?:\([^)]*\)\s*)?(?:\w+[\s-]+){0,3}?(?:prior|before|preceding|earlier|ago|previous|of (?:the )?(?:first|start|study|enrol|regist|random|initi|planned|day|cycle|c1|baseline|inclusion|entry|treatment|signing|screening|leuk|trial|dosing|screen|therapy|admin)|to (?:the )?(?:first|start|study|enrol|regist|random|initi|day|cycle)|from (?:the )?(?:first|start|study|enrol|regist|random|initi|day|cycle|screening)|pre-)")
_LEADING = re.compile(r"^[\s),:]*(?:\([^)]*\)\s*)?(?:must have |must |have |has |should have |to )?(?:elapsed |passed |lapsed )?(?:\w+\s+){0,3}?(?:since|from (?:the )?(?:last|prior|previous|completion|end|date|time|any|their)|after (?:the )?(?:last|prior|previous|completion|end|any|receiving|their|stopping)|following|between|beyond|post|off)\b")
_TREATED_WITH = re.compile(r"\b(?:prior|previous|previously|received|treated|exposure|treatment|therapy)\b[^,;.]{0,50}$")
_TREATED_TOO = re.compile(r"\b(?:or|and|/)\s+(?:\w+\s+){0,3}(?:previously treated|relapsed|refractory|progressed|treated|pretreated|experienced)|\b(?:previously treated|pretreated|pre-treated)\s+or\b|(?<!/)\brelapsed\s+or\b")
_NEOPLASM_WORDS = re.compile(r"\b(?:advanced|metastatic|locally|disease|cancer|tumou?r|malignan\w+|sarcoma|carcinoma|lymphoma|leuk\w+|melanoma|myeloma|unresectable|recurrent|for)\b")
_AFTER = re.compile(r"\b(?:after|following|failed|failure|received|completed|prior|previous|during|on|to)\b[^,;]{0,25}$")
_WASHOUT = frozenset({"washout", "wash-out", "wash out", "washed out"})
_INTERACTING = frozenset({"known to interact", "interact with", "interacting with"})
_MEDICINES = re.compile(r"\b(?:drugs?|medications?|medicines?|agents?|substances?|therap(?:y|ies)|products?|treatments?)\b")
_ABOUT_STUDY = frozenset({"pregnancy", "contraception", "consent", "tissue", "compliance"})
_ORGAN = re.compile(r"\b(?:heart|cardiac|renal|kidney|liver|hepatic|respiratory|organ|bone marrow|graft|pulmonary)\s+$")
_POPULATION = re.compile(
    r"(?:^|[,;(:]\s*)(?:for|in|if|when|unless|among|while)\s+(?:the\s+|an?\s+)?(?:subjects?|patients?|participants?|those|women|men|they|he|she|individuals|people)?\s*(?:is|are|were|was|who|who are|who have|not)?\s*(?:currently\s+)?(?:receiving|on|taking|treated with|received|using|already on|requiring)\b[^,;]*$"
)
_CANDIDATE_AFTER = re.compile(r"^[^,;.]{0,60}\b(?:is|are)\s+(?:indicated|available|planned|standard|considered|appropriate|an option|recommended|approved)\b")
_RESTRICTED = re.compile(r"^\s*(?:or\s+\w+\s+)?(?:(?:that|which|who|known|with|as|are|is|considered|to|be|have|has|potential|act|acting|may|can|could)\s+){1,5}(?:as\s+|to be\s+|a\s+|an\s+|the\s+|any\s+)*$")
_SEROLOGY = re.compile(r"^\W*(?:positiv\w*|negativ\w*|antibod\w*|test\w*|serolog\w*|titers?|igg|igm|ab\b)")
_NURSING = re.compile(r"\b(?:conceive|mother|fetus|foetus|fetal|infants?|embryo|breast-?\s?feeding)\b")
_REQUIRED_BY_DISEASE = re.compile(r"\b(?:disease|diseases|disorders?|conditions?|syndromes?|illness(?:es)?|infections?|metastas[ei]s|obstruction|history|fractures?|bleeding|\w+itis|\w+osis)\b[^;.]{0,60}\b(?:requir(?:ing|es?|ed)|needing|necessitating|warranting|in need of)\b[^;,.]{0,40}$")
_GENERIC = frozenset({"systemic-anticancer-therapy", "anticancer-therapy", "local-therapy", "treatment"})
_SPECIAL_FORM = re.compile(r"[,;.]\s*(?:but |the |use of |the use of )*(?:topical|inhaled|ocular|intra-?nasal|intra-?articular|ophthalmic|low[- ]dose|short[- ]course|physiologic\w*|replacement|premedication|prophylactic|local)\b")
_OTHER_THING = re.compile(r"^\s*(?:-\s*)?(?:induced|dependent|related|associated)\b|^\s+(?:pneumonitis|pneumonia|enteritis|necrosis|proctitis|dermatitis|o?esophagitis|fields?|ports?|injury|safety|fibrosis|cystitis|level|levels|receptors?)\b")
_MUST_BE = re.compile(r"\b(?:must|should) (?:be|have been) (?:on|at|receiving|taking|stable|well|adequately|controlled|able|willing|monitored|started)\b")
_LISTED = re.compile(r"[\s,/()+&-]*(?:(?:and|or|and/or|any|other|plus|with|a|an|the)[\s,/()]*){0,3}")
_FOR_CANCER = re.compile(r"^(?:\s+(?:given|received|administered|lines?|regimens?|is|are|allowed|permitted|was))*(?:\s*[.,;)]|\s*$|\s+(?:for|in|within|at least|must|of any|other than|except|unless|including)\b)")
_INTERVAL = re.compile(r"\binterval|\btime (?:since|from|between)|\bwash|\belapsed|\bminimum time|\bperiods?\b")
_ROW_BEFORE = re.compile(r"(?:^|:|[-=,(])\s*(?:at least|\u2265|>=|>|minimum(?: of)?|a minimum of)?\s*\(?$")
_ROW_AFTER = re.compile(r"^\s*(?:[.;,)]|$|for\b|or\b|\()")
_NAIVE = re.compile(r"^[\s-]{0,2}na[i\u00ef]ve\b")
_MOST_DISTANCE = 160
"""Words further apart than this many characters are not taken to speak of each other."""


@dataclass(slots=True)
class Draft:
    """A rule in the making; positions are those of the normal form."""

    start: int
    end: int
    polarity: Polarity
    role: Role
    mentions: list[Mention]
    window: Window | None = None
    carveouts: list[Carveout] = field(default_factory=list)
    conditions: tuple[str, ...] = ()
    own_disease: bool = False
    settings: tuple[str, ...] = ()
    lines: LineLimit | None = None
    min_dose_mg: float | None = None
    routes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    closed_list: bool = False
    modality: Modality = Modality.MUST_NOT
    binds_if: str = ""
    doubts: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    def key(self) -> tuple[object, ...]:
        """Drafts that agree in this are one rule with several mentions."""
        return (self.polarity, self.role, self.window, self.conditions, self.own_disease, self.settings, self.lines, self.min_dose_mg,
                self.routes, self.outcomes, self.modality, self.binds_if, self.doubts)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a clause inherits: its section, the words of the heading or bullet above it, and what the trial gives and treats."""

    section: Section
    lead: Part | None = None
    lead_lower: str = ""
    is_anticancer: Callable[[Mention], bool] = lambda mention: False
    study_drugs: tuple[str, ...] = ()
    own_conditions: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()


class ClauseReader:
    """Reads one clause (a `Part` of a `Reading`) into drafts."""

    def __init__(self, reading: Reading, part: Part, context: Context) -> None:
        self.reading = reading
        self.part = part
        self.context = context
        self.lower = reading.lower
        self.exceptions = self._exception_spans()
        self.masked: list[tuple[Mention, str]] = []

    # --- where the clause's words reach -----------------------------------------------------------------------------------------------------

    def _exception_spans(self) -> list[tuple[int, int, str]]:
        """[start, end, kind) of what stands under "except", "other than", "unless"…"""
        spans: list[tuple[int, int, str]] = []
        for cue in self.part.tagged("except", "unless"):
            if spans and cue.start < spans[-1][1]:
                continue
            if cue.text == "excluding" and self.part.start == cue.start or cue.text == "but not" and self.lower.startswith(" limited", cue.end):
                continue
            if cue.text == "beyond" and not re.match(r"\s+(?:the\s+)?(?:use|treatment)", self.lower[cue.end :]):
                continue
            paren = self.reading.paren_of(cue.start)
            end = min(paren[1] - 1, self.part.end) if paren else self.part.end
            if not paren:
                # An exception in the middle of a list ends where the list goes on with a verb of its own.
                going = re.search(r",\s+(?:or|and)\s+(?:any|other|have|has|prior|previous|received|use|treatment)\b", self.lower[cue.end : end])
                if going and cue.tag == "except":
                    end = cue.end + going.start()
            spans.append((cue.start, end, cue.tag))
        spans += self._permitted_tail(spans)
        for start, end in self.reading.parens:
            # A parenthesis that permits part of what stands before it: "(topical use is allowed)".
            inside = [c for c in self.part.cues if start < c.start < end]
            if self.part.start <= start < self.part.end and any(c.tag == "permit" for c in inside) and not any(s < end and start < e for s, e, _ in spans):
                spans.append((start + 1, end - 1, "permit"))
        return spans

    def _permitted_tail(self, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """The end of a sentence that permits a special form of what it forbids before: "systemic steroids, topical or inhaled ones are allowed"."""
        if self.context.section is not Section.EXCLUSION:
            return []
        for cue in self.part.tagged("permit"):
            if any(s <= cue.start < e for s, e, _ in spans) or self.reading.paren_of(cue.start):
                continue
            tails = list(_SPECIAL_FORM.finditer(self.lower, self.part.start, cue.start))
            first = next((t for t in tails if any(m.kind in THERAPY_KINDS and m.end <= t.start() for m in self.part.mentions)), None)
            if first and not self.reading.paren_of(first.start() + 1):
                return [(first.start(), self.part.end, "permit")]
        return []

    def in_exception(self, position: int) -> bool:
        """Whether a position stands under an exception."""
        return any(s <= position < e for s, e, _ in self.exceptions)

    def before(self, position: int, size: int = 60) -> str:
        """The clause's words before a position."""
        return self.lower[max(self.part.start, position - size) : position]

    def after(self, position: int, size: int = 80) -> str:
        """The clause's words after a position."""
        return self.lower[position : min(self.part.end, position + size)]

    # --- which mentions are therapies that the clause is about ------------------------------------------------------------------------------

    def subjects(self) -> list[Mention]:
        """Therapy mentions that the clause speaks of, without those that stand for something else (an anchor, an allergy, a reason…)."""
        therapy = [m for m in self.part.mentions if m.kind in THERAPY_KINDS]
        label_end = self.reading.label_end
        beyond_label = any(m.start >= label_end for m in therapy if not self.in_exception(m.start))
        kept = []
        for mention in therapy:
            if self.in_exception(mention.start):
                self.masked.append((mention, "exception"))
                continue
            if any(w == "population" and (m.kind, m.key) == (mention.kind, mention.key) for m, w in self.masked):
                continue
            why = "label" if mention.start < label_end and beyond_label and self.part.start < label_end else self._mask(mention)
            if not why and self.masked and self.masked[-1][1] in ("anchor", "study drug", "allergy") and _LISTED.fullmatch(self.lower[self.masked[-1][0].end : mention.start]):
                why = self.masked[-1][1]
            if why:
                self.masked.append((mention, why))
            else:
                kept.append(mention)
        return kept

    def _mask(self, mention: Mention) -> str:
        """Why a mention is not what the clause rules on; "" if it is."""
        before = self.before(mention.start, 90)
        near = before[-60:]
        own = mention.kind == "drug" and mention.key in self.context.study_drugs
        if _OTHER_THING.match(self.after(mention.end, 30)):
            return "toxicity"
        if any(c.tag == "kind" and c.value == "contraception" for c in self.part.cues) and not self.part.has("prohibit"):
            return "contraception"
        if own and any(c.tag == "kind" and c.value in _ABOUT_STUDY for c in self.part.cues):
            return "study drug"
        if _ANCHOR_BEFORE.search(near) and (own or _ANCHOR_LEAD.search(near)):
            return "anchor"
        if own and re.search(r"(?:to|with|of|by|for|receive|receiving|than)\s+(?:the\s+)?(?:\w+\s+){0,2}$", near) and not re.search(r"prior|previous|received|treated|treatment|exposure|therapy|history", self.lower[self.part.start : mention.start]):
            return "study drug"
        if _POPULATION.search(before) and re.search(r",", self.after(mention.end, 200)) and not self.part.has("prohibit"):
            return "population"
        if self.context.is_anticancer(mention) and _CANDIDATE_AFTER.match(self.after(mention.end, 60)):
            return "candidacy"
        if mention.kind == "class" and any(m.kind == "pk" and m.start > mention.end and _RESTRICTED.match(self.lower[mention.end : m.start]) for m in self.part.mentions):
            return "restricted"
        if mention.text.lower().startswith("anti") and _SEROLOGY.match(self.after(mention.end, 40)):
            return "serology"
        if _NURSING.search(self.lower[self.part.start : mention.start]) and any(c.tag == "kind" and c.value == "pregnancy" for c in self.part.cues):
            return "pregnancy"
        generic = mention.key in _GENERIC or mention.kind == "class" and mention.key in self.context.procedures
        if generic and _REQUIRED_BY_DISEASE.search(before):
            return "disease"
        between = ("prior", "current", "stop")
        for cue in reversed(self.part.tagged("allergy", "candidate", "reason", "toxicity", "needing", "disease")):
            if cue.end > mention.start or mention.start - cue.end > _MOST_DISTANCE:
                continue
            gap = self.lower[cue.end : mention.start]
            words = len(gap.split())
            other = [c for c in self.part.cues if c.tag in between and cue.end <= c.start < mention.start and c.text not in ("had", "given", "treated with", "treatment with", "received", "used")]
            if cue.tag == "allergy":
                if cue.text in ("contraindicated", "sensitivity to") or not other or words < 4:
                    return "allergy" if words <= 25 and not (cue.text == "intolerance" and self.part.has("require")) else ""
            elif cue.tag == "candidate":
                if words <= 8 and not other and self.context.is_anticancer(mention):
                    return "candidacy"
            elif cue.tag == "reason":
                if not re.search(r"[,;]", gap) and not (cue.text in ("associated with", "related to") and words > 8):
                    return "reason"
            elif cue.tag == "toxicity":
                if re.search(r"\b(?:from|of|to|related|due|attributed|caused|associated|by|with|after|any)\b", gap) and words <= 12 and not re.search(r"\b(?:within|since|weeks|days)\b", gap):
                    return "toxicity"
            elif cue.tag == "needing":
                disease = [c for c in self.part.tagged("disease") if c.end <= cue.start + 2 and cue.start - c.end < 220]
                if disease and words <= 12 and not re.search(r"\b(?:prior|concomitant|concurrent)\b", gap):
                    return "disease"
        return ""

    # --- polarity -----------------------------------------------------------------------------------------------------------------------------

    def negation(self, mention: Mention) -> str:
        """"determiner", "predicate" or "": the negation that governs a mention, from its left."""
        cues = [c for c in self.part.tagged("neg") if c.end <= mention.start and not self.in_exception(c.start)]
        lead = [] if self.context.lead is None else [c for c in self.context.lead.tagged("neg")]
        for cue in reversed(cues):
            paren = self.reading.paren_of(cue.start)
            if paren and not paren[0] < mention.start < paren[1]:
                continue
            rest = self.lower[cue.end : mention.start]
            if cue.text in ("no", "not be") and re.match(r"\s*(?:more|less|fewer|later|longer|limit|restriction|curative|standard|effective|alternative|satisfactory|available|evidence of disease)\b", rest):
                continue
            if cue.text == "are not" or cue.text == "is not":
                if not re.match(r"\s*(?:receiving|taking|using|on|currently|being|to receive|allowed)", rest):
                    continue
            if cue.text in ("without", "lack of") and len(rest) > 60:
                continue
            return cue.value
        return lead[-1].value if lead else ""

    def polarity(self, mention: Mention, window: Window | None, lines: LineLimit | None) -> tuple[Polarity, tuple[str, ...]]:
        """What the clause does with patients on this therapy, and the doubts that its wording leaves."""
        section = self.context.section
        if _NAIVE.match(self.after(mention.end, 12)):
            return (Polarity.REQUIRES if section is Section.EXCLUSION else Polarity.EXCLUDES), ()
        outside = [c for c in self.part.cues if not self.in_exception(c.start)]
        permits = [c for c in outside if c.tag == "permit" and not self._elsewhere(c, mention)]
        prohibits = [c for c in outside if c.tag == "prohibit" and not self._elsewhere(c, mention)]
        neg = self.negation(mention)
        if not permits and not prohibits and self.context.lead is not None:
            if self.context.lead.has("prohibit"):
                return Polarity.EXCLUDES, ()
            if self.context.lead.has("permit") or self.context.lead.has("except") and section is Section.EXCLUSION:
                return Polarity.ALLOWS, ()
        if prohibits and not (permits and permits[-1].start > prohibits[-1].start and not neg):
            cue = prohibits[-1]
            if neg == "predicate" and cue.start > mention.end:
                return Polarity.REQUIRES, ()  # "patients who have not received X are excluded"
            return Polarity.EXCLUDES, ()
        if permits:
            cue = permits[-1]
            if neg and cue.end <= mention.start and not cue.text.startswith("not"):
                return Polarity.EXCLUDES, ()  # "eligible if they have not received X"
            if lines is not None or (window is not None and not window.within):
                return Polarity.EXCLUDES, ()
            if self.part.has("dose", "stable") and not self.context.is_anticancer(mention) and not self.part.has("disease") and mention.kind != "pk":
                return Polarity.EXCLUDES, ("stable dose",)
            return Polarity.ALLOWS, ()
        if section is Section.EXCLUSION:
            if neg == "predicate":
                return Polarity.REQUIRES, ()
            if neg and self.part.has("dose", "stable") or window is None and _MUST_BE.search(self.after(mention.end, 120)):
                return Polarity.ALLOWS, ()
            return Polarity.EXCLUDES, ()
        if neg:
            return Polarity.EXCLUDES, ()
        if lines is not None and lines.maximum is not None:
            return Polarity.EXCLUDES, ()
        if window is not None and not window.within:
            return Polarity.EXCLUDES, ()
        if self.part.has("stop") and not self.part.has("cannotstop") and (window is not None or not self.part.has("require")):
            return Polarity.EXCLUDES, ()
        if self.part.has("avoid") or self.part.has("caution"):
            return Polarity.EXCLUDES, ()
        return Polarity.REQUIRES, ()

    def _elsewhere(self, cue: Cue, mention: Mention) -> bool:
        """Whether a permit or prohibit cue stands in a parenthesis that does not hold the mention."""
        paren = self.reading.paren_of(cue.start)
        return paren is not None and not paren[0] < mention.start < paren[1]

    # --- role ---------------------------------------------------------------------------------------------------------------------------------

    def role(self, mention: Mention) -> Role:
        """Whether the clause looks at what the patient had or at what the patient takes."""
        strong = {"prior", "previous", "previously", "history of", "concomitant", "concomitantly", "concurrent", "concurrently", "current", "currently", "ongoing", "past"}
        anticancer = self.context.is_anticancer(mention)
        cues = [c for c in self.part.tagged("prior", "current", "cannotstop") if not self.in_exception(c.start) and not self._is_anchor_word(c)]
        left = [c for c in cues if c.end <= mention.start + 1]
        right = [c for c in cues if c.start >= mention.end]
        for group in (left[::-1], right):
            decisive = [c for c in group if c.text in strong] or group
            if decisive:
                first = decisive[0]
                others = [c for c in decisive[1:] if c.tag != first.tag and abs(c.start - first.start) < 28]
                if others and first.text in strong and others[0].text in strong:
                    return Role.PRIOR_THERAPY
                if first.tag != "prior":
                    return Role.CONCOMITANT
                if first.text in strong or anticancer:
                    return Role.PRIOR_THERAPY
                break
        if self.context.lead is not None and not cues:
            above = self.context.lead.tagged("prior", "current")
            decisive = [c for c in above if c.text in strong] or above
            if decisive:
                return Role.PRIOR_THERAPY if decisive[-1].tag == "prior" and (anticancer or decisive[-1].text in strong) else Role.CONCOMITANT
        return Role.PRIOR_THERAPY if anticancer else Role.CONCOMITANT

    def _is_anchor_word(self, cue: Cue) -> bool:
        """Words such as "prior" in "prior to registration" or "since" in a reason tell no role."""
        rest = self.lower[cue.end : cue.end + 30]
        if cue.text in ("prior", "previous", "earlier", "before enrollment"):
            return bool(re.match(r"\s+(?:to|\d+|(?:two|three|four|six)\s)\b", rest)) or bool(re.search(r"\b(?:days?|weeks?|months?|years?)\s*\)?\s*$", self.before(cue.start, 20)))
        if cue.text == "past":
            return bool(re.match(r"\s+(?:\d+|\w+\s+(?:days|weeks|months|years))", rest))
        if cue.text in ("during treatment", "required", "requires", "require"):
            return bool(re.match(r"\s+(?:to|that|by|for)\b", rest))
        return False

    # --- windows ------------------------------------------------------------------------------------------------------------------------------

    def usable_windows(self, part: Part, lower: str) -> list[Span[Window]]:
        """The clause's windows that look back from enrolment, marked within / at least."""
        usable = []
        stops = part.has("stop") or "elapsed" in lower[part.start : part.end] or "wash" in lower[part.start : part.end]
        above = self.context.lead
        listed = above is not None and part is not above and (above.has("stop") or above.has("prior") or _INTERVAL.search(self.context.lead_lower) is not None)
        for number, span in enumerate(part.windows):
            following = part.windows[number + 1].start if number + 1 < len(part.windows) else part.end
            before, after = lower[max(part.start, span.start - 60) : span.start], lower[span.end : min(following, span.end + 80)]
            if _PROGRESS_WINDOW.search(re.sub(r"(?:for|within|at least|in|of|the|\u2265|>=|>|a minimum|more than|over|last|past|\s)+$", " ", before) + " "):
                continue
            within = bool(_WITHIN.search(before)) and not re.search(r"(?:at least|minimum of)\s*$", before)
            last = bool(_LAST.search(before))
            least = bool(_AT_LEAST.search(before))
            inside = lower[span.start : span.end]
            since = bool(_SINCE_AFTER.match(after) or re.search(r"\b(?:since|after|from|post|following)\b", inside))
            prior = bool(_BEFORE_AFTER.match(after) or re.search(r"\b(?:prior|before|preceding)\b", inside))
            starts_for = bool(re.search(r"\bfor\s+(?:at least\s+|a minimum of\s+|more than\s+|\u2265\s*|>\s*|over\s+)?$", before))
            if re.match(r"[\s)]*(?:\([^)]*\)\s*)?(?:after|following|post)\b", after) and re.search(r"contracep|agree|abstain|donat|breast|pregnan|use", lower[part.start : span.start]):
                continue
            if span.value.cycles is not None and not (since or last):
                continue
            if starts_for and not (prior or since or last or stops):
                continue
            if last and not within:
                usable.append(Span(span.start, span.end, replace(span.value, within=True, anchor=_anchor(after))))
            elif within and _WITHIN_WORD.search(before):
                usable.append(Span(span.start, span.end, replace(span.value, within=True, anchor=_anchor(after))))
            elif least and (since or prior or stops):
                usable.append(Span(span.start, span.end, replace(span.value, within=False, anchor=_anchor(after))))
            elif since or stops:
                usable.append(Span(span.start, span.end, replace(span.value, within=False, anchor=_anchor(after))))
            elif prior:
                usable.append(Span(span.start, span.end, replace(span.value, within=True, anchor=_anchor(after))))
            elif listed and _ROW_BEFORE.search(lower[part.start : span.start]) and _ROW_AFTER.match(after):
                usable.append(Span(span.start, span.end, replace(span.value, within=False)))
            elif usable and re.match(r"[\s,]*(?:for|if|in case|in the case|when|with)\b", after):
                usable.append(Span(span.start, span.end, replace(span.value, within=usable[-1].value.within, anchor=usable[-1].value.anchor)))
        return usable

    def window_of(self, mention: Mention, usable: list[Span[Window]]) -> Window | None:
        """The window that binds a mention: the nearest that leads it ("4 weeks since …") or trails it ("… within 4 weeks")."""
        best: tuple[int, Window] | None = None
        inside = self.reading.paren_of(mention.start)
        for span in usable:
            if self.in_exception(span.start):
                continue
            paren = self.reading.paren_of(span.start)
            if paren and paren != inside and (paren[0] < mention.start or self._for_others(span) or self._names_therapy(paren)):
                continue
            if span.start <= mention.start < span.end:
                return span.value
            leading = bool(_LEADING.match(self.after(span.end))) or not self.lower[self.part.start : span.start].strip(" ,(") or self._opens(span)
            distance = span.start - mention.end if span.start >= mention.end else mention.start - span.end
            if span.start >= mention.end:
                if leading and any(other.end <= mention.start for other in usable):
                    continue
                if leading and self._names_own(span, mention):
                    continue
            elif not leading:
                continue
            if best is None or distance < best[0]:
                best = distance, span.value
        if best is not None:
            return best[1]
        if not usable and self.context.lead is not None:
            above = self.usable_windows(self.context.lead, self.context.lead_lower)
            if above:
                return above[-1].value
        return None

    def _names_therapy(self, paren: tuple[int, int]) -> bool:
        return any(m.kind in THERAPY_KINDS and paren[0] < m.start < paren[1] for m in self.part.mentions)

    def _opens(self, span: Span[Window]) -> bool:
        """Whether the window stands before every therapy of the clause ("Within 4 weeks before dosing, received …")."""
        return all(m.start >= span.end for m in self.part.mentions if m.kind in THERAPY_KINDS)

    def _for_others(self, span: Span[Window]) -> bool:
        return bool(re.match(r"[\s,]*(?:for|if|in case|in the case|when|since|after|from)\b", self.after(span.end)))

    def _names_own(self, span: Span[Window], mention: Mention) -> bool:
        """Whether a leading window has therapies of its own to its right, so that it does not reach back to this mention."""
        return any(m.start >= span.end and m.kind in THERAPY_KINDS for m in self.part.mentions)

    # --- limits on what the therapy was for ---------------------------------------------------------------------------------------------------

    def purpose(self, mention: Mention, last: int) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
        """(conditions, own disease, settings) that the therapy is limited to: adjectives before it, "for …" and "in the … setting" after it.

        Arguments:
            mention: the therapy.
            last: where the list of therapies that it belongs to ends.
        """
        conditions: tuple[str, ...] = ()
        own = False
        settings: list[str] = []
        adjectives = [c for c in self.part.tagged("setting") if c.end <= mention.start and mention.start - c.end <= 24 and re.fullmatch(r"(?:[\s/,()-]|or|and|and/or|systemic|anticancer|anti-cancer|cytotoxic|chemotherapy|radiation|endocrine|hormonal|setting)*", self.lower[c.end : mention.start])]
        for cue in adjectives:
            if cue.value in ("adjuvant", "neoadjuvant", "maintenance"):
                settings.append(cue.value)
        tail = self.after(last, 150)
        stop = re.search(r"\b(?:within|prior to|before|unless|except|who|which|if|with|at least|that)\b|[;:]", tail)
        reach = last + (stop.start() if stop else len(tail))
        if _FOR.match(tail) or re.match(r"[^,;()]{0,30}\b(?:for|in) (?:the |this |their )", tail):
            for cue in self.part.tagged("setting", "own"):
                if last <= cue.start < reach and not self.in_exception(cue.start):
                    if cue.tag == "own":
                        own = True
                    elif cue.value not in settings:
                        settings.append(cue.value)
            conditions = tuple(m.key for m in self.part.mentions if m.kind == "condition" and last <= m.start < reach and not self.in_exception(m.start))
        return conditions, own, tuple(settings)

    # --- the whole ----------------------------------------------------------------------------------------------------------------------------

    def drafts(self) -> list[Draft]:
        """The rules of the clause."""
        if not any(m.kind in THERAPY_KINDS for m in self.part.mentions) and not self.part.tagged("naive", "study", "interact", "implied", "untold"):
            return []
        subjects = self.subjects()
        subjects += self._implied()
        usable = self.usable_windows(self.part, self.lower)
        others, usable = self._windows_of_others(usable)
        apart = [m for _, mentions in others for m in mentions]
        subjects = [m for m in subjects if m not in apart and not self._says_again(m, subjects)]
        drafts: list[Draft] = []
        excluding = self.context.section is Section.EXCLUSION or any(c.tag == "prohibit" and not self.in_exception(c.start) for c in self.part.cues)
        limits = line_limits(self.lower[self.part.start : self.part.end], excluding)
        doses = daily_doses(self.lower[self.part.start : self.part.end])
        for mention in subjects:
            window = self.window_of(mention, usable)
            lines = self._lines(mention, limits)
            polarity, doubts = self.polarity(mention, window, lines)
            if polarity is Polarity.REQUIRES and not self._asks(mention):
                self.masked.append((mention, "not asked"))
                continue
            role = self.role(mention)
            if window is not None and not self.context.is_anticancer(mention):
                role = Role.CONCOMITANT
            conditions, own, settings = self.purpose(mention, self._list_end(mention, subjects))
            draft = Draft(
                self.part.start, self.part.end, polarity, role, [mention], window, [], conditions, own, settings, lines,
                self._dose(mention, doses), self._routes(mention), self._outcomes(mention, polarity), (), self.part.has("closed"),
                self._modality(polarity), self._binds_if(mention, polarity), doubts + self._doubts(mention, polarity, window), self._cue_words(),
            )  # fmt: skip
            drafts.append(draft)
        merged: dict[tuple[object, ...], Draft] = {}
        for draft in drafts:
            known = merged.get(draft.key())
            if known is None:
                merged[draft.key()] = draft
            else:
                known.mentions += draft.mentions
        result = list(merged.values()) + self._untreated()
        for draft in result:
            draft.carveouts += self._carveouts(doses)
            for window, mentions in others:
                if draft.window is not None:
                    draft.carveouts.append(Carveout("window", mentions, window, text=window.text))
        return result

    def _says_again(self, mention: Mention, subjects: list[Mention]) -> bool:
        """Whether a mention in parentheses only repeats one before it: "regimens (single-agent or combination chemotherapy)"."""
        paren = self.reading.paren_of(mention.start)
        return paren is not None and any(m.end <= paren[0] and (m.kind, m.key, m.target) == (mention.kind, mention.key, mention.target) and m.key for m in subjects)

    def _asks(self, mention: Mention) -> bool:
        """Whether a clause that would require a therapy really speaks of patients on it, and of more than a stable dose."""
        if self.part.has("dose", "stable") or not (self.part.has("require") or self.part.has("prior") or self.part.has("current")):
            return False
        return any(c.start < mention.start or c.start - mention.end < 40 for c in self.part.tagged("require", "prior", "current") if not self._is_anchor_word(c))

    def _windows_of_others(self, usable: list[Span[Window]]) -> tuple[list[tuple[Window, tuple[Mention, ...]]], list[Span[Window]]]:
        """Windows of their own for named drugs: "(6 weeks for mitomycin C or nitrosoureas)", "6 weeks if the last regimen held BCNU"."""
        others: list[tuple[Window, tuple[Mention, ...]]] = []
        kept: list[Span[Window]] = []
        for number, span in enumerate(usable):
            after = self.after(span.end, 120)
            match = re.match(r"[\s,]*(?:for|if|in case of|in the case of|when|with)\b", after)
            paren = self.reading.paren_of(span.start)
            if number and match or paren and match:
                end = paren[1] if paren else (usable[number + 1].start if number + 1 < len(usable) else self.part.end)
                mentions = tuple(m for m in self.part.mentions if m.kind in THERAPY_KINDS and span.end <= m.start < end)
                if mentions:
                    others.append((span.value, mentions))
                    continue
            kept.append(span)
        return others, kept

    def _implied(self) -> list[Mention]:
        """Mentions that "study drug" (the trial's own) and "known to interact with the study drug" stand for."""
        found: list[Mention] = []
        for cue in self.part.tagged("study"):
            before = self.before(cue.start, 70)
            if self.in_exception(cue.start) or _ANCHOR_BEFORE.search(before) or _ANCHOR_LEAD.search(before) or self.part.tagged("allergy"):
                continue
            if _TREATED_WITH.search(before):
                found += [Mention(cue.start, cue.end, "drug", key, cue.text) for key in self.context.study_drugs]
        for cue in self.part.tagged("implied"):
            if _MEDICINES.search(self.before(cue.start, 80)) and not self.in_exception(cue.start) and not self.part.tagged("allergy"):
                found.append(Mention(cue.start, cue.end, "class", cue.value, cue.text))
                break
        for cue in self.part.tagged("untold"):
            if self._of_nothing_else(cue) and not self.in_exception(cue.start) and not self.part.tagged("allergy", "toxicity", "naive"):
                found.append(Mention(cue.start, cue.end, "class", cue.value, cue.text))
                break
        if any(c.text in _INTERACTING for c in self.part.tagged("interact")) and not any(m.kind == "pk" for m in self.part.mentions):
            cue = self.part.tagged("interact")[0]
            if _MEDICINES.search(self.before(cue.start, 80)) and not self.in_exception(cue.start):
                found += [Mention(cue.start, cue.end, "pk", "", cue.text, enzyme=ANY_PERPETRATOR, role=role) for role in ("inhibitor", "inducer")]
        return found

    def _of_nothing_else(self, cue: Cue) -> bool:
        """Whether "prior therapy" names no therapy of its own, so that any counts, and speaks of the cancer's."""
        near = [m for m in self.part.mentions if m.kind in THERAPY_KINDS and -60 < m.start - cue.end < 90]
        return not near and bool(_FOR_CANCER.match(self.after(cue.end)))

    def _untreated(self) -> list[Draft]:
        """Rules of words that mean "has had no therapy": treatment-naive, previously untreated, first-line as the stated population."""
        drafts = []
        for cue in self.part.tagged("naive"):
            after, before = self.after(cue.end, 60), self.before(cue.start, 60)
            if self.in_exception(cue.start) or self.negation(Mention(cue.start, cue.end, "class", "", "")) and cue.value == "population":
                continue
            if any(c.tag == "disease" and -2 <= c.start - cue.end <= 28 for c in self.part.cues) or re.match(r"\s+with\b", after):
                continue
            if self.context.section is Section.EXCLUSION and not self.part.has("permit"):
                continue
            if _TREATED_TOO.search(self.lower[self.part.start : cue.start]) or _TREATED_TOO.search(self.lower[cue.end : self.part.end]):
                continue
            if cue.text == "untreated" and not (_NEOPLASM_WORDS.search(after) or any(m.kind == "condition" and 0 <= m.start - cue.end < 60 for m in self.part.mentions)):
                continue
            if cue.value == "population" and (self.part.tagged("progress") or _AFTER.search(before) or self.part.has("permit")):
                continue
            drug_class = "chemotherapy" if cue.value == "chemotherapy" else "systemic-anticancer-therapy"
            settings = tuple(dict.fromkeys(c.value for c in self.part.tagged("setting") if 0 <= c.start - cue.end < 60))
            conditions = tuple(m.key for m in self.part.mentions if m.kind == "condition" and 0 <= m.start - cue.end < 90)
            doubts = ("first-line population",) if cue.value == "population" else ()
            mention = Mention(cue.start, cue.end, "class", drug_class, cue.text)
            drafts.append(
                Draft(self.part.start, self.part.end, Polarity.EXCLUDES, Role.PRIOR_THERAPY, [mention], conditions=conditions, settings=settings, doubts=doubts, cues=self._cue_words())
            )
        return drafts[:1]

    def _lines(self, mention: Mention, limits: list[Span[LineLimit]]) -> LineLimit | None:
        for span in limits:
            start, end = self.part.start + span.start, self.part.start + span.end
            if self.in_exception(start):
                continue
            if start <= mention.start < end + 60 or 0 <= start - mention.end < 30:
                return span.value
        return None

    def _list_end(self, mention: Mention, subjects: list[Mention]) -> int:
        """Where the list of coordinated therapies around a mention ends."""
        end = mention.end
        for other in sorted(subjects, key=lambda m: m.start):
            if other.start >= end and re.fullmatch(r"[\s,/()]*(?:(?:and|or|and/or|any|other|prior|previous|with|without|a|an|the|systemic|\+|plus|therapy|treatment|agents?|drugs?)[\s,/()]*)*", self.lower[end : other.start]):
                end = other.end
        closing = re.match(r"[^(),;.]{0,3}\)", self.after(end, 5))
        return end + (closing.end() if closing else 0)

    def _dose(self, mention: Mention, doses: list[Span[tuple[str, float]]]) -> float | None:
        for span in doses:
            start = self.part.start + span.start
            if self.in_exception(start) or abs(start - mention.end) > 80 and abs(mention.start - start) > 80:
                continue
            sign, value = span.value
            if sign in (">", "\u2265") or sign == "" and re.search(r"(?:high|exceed|dose)", self.before(start, 25)):
                return value if sign != "\u2265" else value - 0.001
        return None

    def _routes(self, mention: Mention) -> tuple[str, ...]:
        near = [c for c in self.part.tagged("route") if 0 <= mention.start - c.end <= 30 and re.fullmatch(r"(?:[\s,/-]|or|and|and/or|\w+ed)*", self.lower[c.end : mention.start])]
        routes = tuple(dict.fromkeys(c.value for c in near))
        if "intravenous" in routes and self.part.has("route", "oral") or "oral" in routes and self.part.has("route", "intravenous"):
            routes = tuple(r for r in routes if r not in ("oral", "intravenous"))
        return routes

    def _outcomes(self, mention: Mention, polarity: Polarity) -> tuple[str, ...]:
        found = []
        for cue in self.part.tagged("progress", "intolerant"):
            if _ORGAN.search(self.before(cue.start, 20)):
                continue
            if cue.end <= mention.start and mention.start - cue.end <= 60 and re.search(r"\b(?:on|after|during|to|following|from|with|of|under|prior)\b", self.lower[cue.end : mention.start]):
                found.append("progression" if cue.tag == "progress" else "intolerance")
        return tuple(dict.fromkeys(found)) if polarity is not Polarity.ALLOWS else ()

    def _modality(self, polarity: Polarity) -> Modality:
        if polarity is not Polarity.EXCLUDES:
            return Modality.MUST_NOT
        hard = any(c.tag == "prohibit" and not self.in_exception(c.start) for c in self.part.cues)
        for tag, modality in (("approval", Modality.APPROVAL), ("caution", Modality.CAUTION), ("avoid", Modality.SHOULD_AVOID), ("discretion", Modality.DISCRETION)):
            cues = [c for c in self.part.tagged(tag) if not self.in_exception(c.start)]
            if tag == "approval":
                cues = [c for c in cues if re.search(r"without|unless|require", self.before(c.start, 40) + c.text)]
            if cues and not (hard and tag == "avoid"):
                return modality
        return Modality.MUST_NOT

    def _binds_if(self, mention: Mention, polarity: Polarity) -> str:
        if polarity is not Polarity.EXCLUDES:
            return ""
        for cue in self.part.tagged("if"):
            if self.in_exception(cue.start) or not 0 <= cue.start - mention.end <= 40:
                continue
            rest = self.lower[cue.start : self.part.end]
            if cue.text in ("if", "in case of", "in the case of", "in the event") and not self.part.windows:
                return rest.strip(" .")
        return ""

    def _doubts(self, mention: Mention, polarity: Polarity, window: Window | None) -> tuple[str, ...]:
        if polarity is not Polarity.EXCLUDES:
            return ()
        found = []
        if mention.kind == "pk" and mention.enzyme == ANY_PERPETRATOR:
            found.append("known to interact")
        if any(c.tag == "kind" and c.value == "laboratory" for c in self.part.cues if c.end <= mention.start) and self.part.has("neg", "predicate"):
            found.append("support behind a laboratory value")
        if window is None and any(c.text in _WASHOUT for c in self.part.tagged("stop")):
            found.append("wash-out of unstated length")
        return tuple(found)

    def _carveouts(self, doses: list[Span[tuple[str, float]]]) -> list[Carveout]:
        made = []
        for start, end, kind in self.exceptions:
            carveout = self.carveout(start, end, kind, doses)
            bare = not carveout.mentions and not carveout.routes and not carveout.settings and carveout.max_dose_mg is None
            if not any(c.isalnum() for c in self.lower[start:end].split(maxsplit=1)[-1]) or re.fullmatch(r"(?:with the )?(?:following )?exceptions?\W*(?:are|include|is)?\W*(?:the following)?\W*", self.lower[start:end]):
                continue  # "Exceptions:" whose exceptions are bullets of their own
            if kind == "permit" and bare and not any(c.tag == "permit" and c.start <= start + 1 for c in self.part.cues):
                continue  # "(X is permitted …)" of an X that is not known frees nothing else
            made.append(carveout)
        return made

    def carveout(self, start: int, end: int, kind: str, doses: Iterable[Span[tuple[str, float]]]) -> Carveout:
        """The exception that stands at [start, end): drugs, routes, settings, a dose, a window, or a circumstance."""
        text = self.lower[start:end].strip(" .,;")
        cues = [c for c in self.part.cues if start <= c.start < end]
        values: Callable[[str], tuple[str, ...]] = lambda tag: tuple(dict.fromkeys(c.value for c in cues if c.tag == tag))  # noqa: E731
        mentions = tuple(m for m in self.part.mentions if m.kind in THERAPY_KINDS and start <= m.start < end)
        routes = tuple(r for r in values("route") if r not in ("systemic", "oral", "intravenous"))
        levels = [c for c in cues if c.tag == "dose"]
        maximum = next((v.value[1] for v in doses if start <= self.part.start + v.start < end and v.value[0] in ("\u2264", "<", "")), None)
        window = next((w.value for w in self.usable_windows(self.part, self.lower) if start <= w.start < end), None)
        approval = any(c.tag in ("approval", "discretion") for c in cues)
        purposes = values("purpose")
        base = Carveout("allows", mentions, None, routes, values("setting"), maximum, "", text, start, end)
        if approval or any(c.tag == "dose" and c.value == "stable" for c in levels):
            return replace(base, effect="depends")
        if any(c.value == "low" for c in levels):
            return replace(base, dose_level="low")
        if window is not None and (kind == "unless" or not mentions or re.search(r"\b(?:completed|ended|stopped|discontinued|ago|elapsed|prior|before|since)\b", text)):
            return replace(base, effect="window", window=replace(window, within=False))
        if maximum is not None or routes:
            return base
        if purposes and set(purposes) - {"palliative"}:
            return replace(base, effect="purpose")
        if mentions or base.settings:
            return replace(base, effect="conditional") if kind == "unless" or "palliative" in purposes else base
        return replace(base, effect="conditional")

    def _cue_words(self) -> tuple[str, ...]:
        return tuple(f"{c.tag}: {c.text}" for c in self.part.cues if c.tag not in ("kind", "anchor"))


def _anchor(after: str) -> str:
    match = re.search(r"(?:prior to|before|of|from|preceding|to)\s+(?:the\s+)?([a-z0-9 ,/-]{3,60})", after)
    return match[1].strip(" ,") if match else ""

"""One criterion as it is read: its normal form, mentions and cues, and the clauses it falls into. Positions are those of the normal form."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kg.criteria.clauses.abbreviations import may_tell, with_abbreviations
from kg.criteria.clauses.bare_roles import with_bare_roles, with_roles_above
from kg.criteria.clauses.breaks import cut_sentence, may_break, trim
from kg.criteria.clauses.grafts import with_grafts, with_live_vaccines
from kg.criteria.clauses.put_otherwise import put_otherwise
from kg.criteria.clauses.semicolons import with_commas
from kg.criteria.clauses.shared_actions import with_shared_actions, with_shared_nouns
from kg.criteria.clauses.shared_targets import with_generations, with_shared_targets
from kg.criteria.layout.segments import sentences
from kg.criteria.words.lexicon import Cue, lexicon
from kg.criteria.words.normal import Normal, normalise_each
from kg.criteria.words.patterns import pattern, possible
from kg.criteria.words.quantities import Span
from kg.criteria.words.time_windows import windows
from kg.names import Names
from kg.records import Mention, Window

THERAPY_KINDS = frozenset({"drug", "class", "regimen", "pk"})
"""Kinds of mentions that name a therapy."""
BRACKET = re.compile(r"[()]")
_LABEL = re.compile(
    r"^[^:.;()]{2,70}(?:\([^)]*\)[^:.;()]{0,30})?:(?:\s[^:.;(),]{2,40}:)?(?=\s)"
    r"|^[^:.;()]{2,140}:(?=\s+(?:at least|more than|within)\s*\d+\b)"
)
"""A leading label, or two: "Prior therapies: Systemic treatments:".

A longer one where a time follows: "biological agent, kinase inhibitor, targeted agent: at least 7 days …".
"""
_DASH_LABEL = re.compile(r"^[^.:;]{2,50}\s-\s(?=(?:patients?|participants?|subjects?)\b)")
_MUST_END = pattern("subjects: must end")
_AND_SO_ON = re.compile(
    r"(?:(?!\b(?:have|has|must|should|may|including|includes?|such|since|from|within)\b)[^.;:\d])*?[,\s]\s*"
    r"(?:etc\b|and\s+(?:so\s+(?:on|forth)|(?:the\s+)?(?:like|others?|similar))\b(?=\s*(?:[.,;)]|$)))"
)
_LIMITED = frozenset({"but not", "are not", "is not", "not"})
"""Before "limited to" these negate and except nothing."""
_OF_NO_LIMIT = (" limited", " limiting", " restricted", " confined", " exclusively")
_NEITHER = re.compile(r"(?:^|[.;:,]\s*|\b(?:and|but)\s+)neither\s[^.;:]*\snor\s[^.;:]*$")
"""Before a permission that is denied: "neither X nor Y is allowed"."""
_BARE = frozenset({"may not", "cannot"})
"""These deny a permission that follows, and forbid nothing alone."""
_MEANS_ELSE = pattern("reading: means else")
"""Words that look like cues: "stable" of the patient, and of no dose, "that are not considered toxic" of drugs, which permits none."""
_MAY_MEAN_ELSE = ("e-resistant", "n-resistant", "ically stable", "stable off", "local ", "pulse ", " not considered")
_FITNESS = frozenset({"eligible", "ineligible"})
_OR_UNFIT = (" or intoleran", " or unsuitable", " or unfit", " or refractory", " or resistant", " or refuse")
_SOFT_TAGS = frozenset({"permitnot"})
_SETTLED = frozenset({"permit", "permitnot", "prohibit", "neg", "closed"})
"""Tags whose cues can be overruled."""
WITH_OR_WITHOUT = ("with or without", "with/without", "with or w/o")
"""The cues of permission that are no verb of their sentence."""
_MOST_TO_JOINED = 60
"""Within so many characters behind them stands the therapy that may have been given, too."""
_ENDS_JOINED = re.compile(r"[,;.]|\)\W")
_OF_THE_TRIAL = re.compile(
    r"\s+(?:(?:treatment|therapy)\s+(?:on|in|under|within|with|per|by|through|according\s+to)\s+)?(?:the\s+|this\s+|our\s+)?"
    r"(?:(?:clinical|current|present|proposed|research)\s+){0,2}"
    r"(?:study|trial|enrol\w*|entry|inclusion|participation|protocol|random\w*|regist(?:ration|ry|er)|accrual|part|cohort|arm)\b"
)
_GIVEN_AFTER = pattern("reading: given after")
_GIVEN_BEFORE = pattern("reading: given before")
_ALONE_BEFORE = pattern("reading: alone before")
_ALONE_EXCEPTED = re.compile(r"\s*(?:[().,;]|$|\b(?:for|within|in\s+the)\b)")
_ALONE_TOLD = re.compile(
    r"\s*(?:[:,-]\s*)?(?:(?:within|at least|more than|less than|last)\s+|\u2264\s?)?\d+\s*-?(?:day|week|month|hour)"
    r"|\s+(?:(?:is|are)\s+)?(?:allowed|permitted|acceptable|excepted|excluded)\b"
)
"""Around an adjective that stands for a therapy: an exception from what is told at large, or a time or permission of its own."""
_OTHER_APART = pattern("reading: other apart")
"""The words of "other than", with what it is told of between them ("no other antibody than trastuzumab"), or "but": "nothing but X"."""
_BUT_ONE = pattern("reading: given but one")
_KINDS_OF_THERAPY = frozenset(
    {"chemotherapy", "radiotherapy", "immunotherapy", "targeted-therapy", "endocrine-therapy", "biologic-therapy"}
)
_JOINS = re.compile(r"\s*(?:[,/]|,?\s*\b(?:and/or|or|and)\b)\s*(?:(?:any|other|prior|previous)\s+)?")
_ENDS_LIST = re.compile(r"\s*(?:[.;)]|$)")
_TIMED_AFTER = pattern("reading: timed after")
_TIMED_BEFORE = pattern("reading: timed before")
_OF_A_TEST = pattern("reading: of a test")


@dataclass(slots=True)
class Part:
    """A clause of a criterion: [start, end) and what lies in it. Not to be changed once made: `replace` it."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
    cues: tuple[Cue, ...]
    windows: tuple[Span[Window], ...]
    _by_tag: dict[str, list[Cue]] | None = field(default=None, init=False, repr=False, compare=False)
    _therapies: tuple[Mention, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def therapies(self) -> tuple[Mention, ...]:
        """Those of its mentions that are therapies."""
        if self._therapies is None:
            self._therapies = tuple([m for m in self.mentions if m.kind in THERAPY_KINDS])
        return self._therapies

    def tagged(self, tag: str, *more: str) -> Sequence[Cue]:
        """The part's cues of these tags, by position."""
        by_tag = self._tag() if self._by_tag is None else self._by_tag
        found = by_tag.get(tag, ())
        if not more or by_tag.keys().isdisjoint(more):
            return found
        return [c for c in self.cues if c.tag == tag or c.tag in more]

    def has(self, tag: str, value: str | None = None) -> bool:
        """Whether a cue of this tag (and value) is in the part."""
        found = (self._tag() if self._by_tag is None else self._by_tag).get(tag)
        return found is not None and (value is None or any(c.value == value for c in found))

    def settings_in(self, start: int, end: int) -> tuple[str, ...]:
        """The settings that are told at [start, end)."""
        return tuple(dict.fromkeys(c.value for c in self.tagged("setting") if start <= c.start < end))

    def _tag(self) -> dict[str, list[Cue]]:
        by_tag: dict[str, list[Cue]] = {}
        for cue in self.cues:
            by_tag.setdefault(cue.tag, []).append(cue)
        self._by_tag = by_tag
        return by_tag


@dataclass(slots=True)
class Reading:
    """A criterion's text with everything found in it. `lower` is its lower-case normal form."""

    normal: Normal
    lower: str
    parts: tuple[Part, ...]
    parens: tuple[tuple[int, int], ...]
    label_end: int
    """Where a leading label ("Prior therapy:") ends; 0 for none."""
    _possible: int = field(default=0, init=False, repr=False, compare=False)

    @property
    def possible(self) -> int:
        """The bits of the patterns that can match in it; to look at them first is quicker than to try each."""
        if not self._possible:  # not of every criterion is it asked
            self._possible = possible(self.lower)
        return self._possible

    @property
    def mentions(self) -> list[Mention]:
        """All mentions, by position."""
        return [m for p in self.parts for m in p.mentions]

    def brackets_of(self, mention: Mention) -> tuple[int, int] | None:
        """The brackets that hold a mention: square ones that hold nothing else, or the parenthesis."""
        square = (mention.start - 1, mention.end + 1)
        return square if self.lower[slice(*square)] == f"[{self.lower[mention.start : mention.end]}]" else self.paren_of(mention.start)

    def paren_of(self, position: int) -> tuple[int, int] | None:
        """The parenthesis that holds a position."""
        for start, end in self.parens:
            if start < position < end:
                return start, end
        return None


def _parentheses(lower: str) -> tuple[tuple[int, int], ...]:
    """The outermost parentheses that are closed."""
    if lower.count("(") == 1 == lower.count(")"):  # most have no more: finding these is quicker
        start, end = lower.find("("), lower.find(")")
        return ((start, end + 1),) if start < end else ()
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in BRACKET.finditer(lower):
        if match.group() == "(":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            while found and found[-1][0] > start:
                found.pop()
            found.append((start, match.end()))
    return tuple(found)


def _settle(cues: list[Cue], lower: str) -> list[Cue]:
    """Drop cues that a longer one overrules: "not permitted" holds neither "permitted" nor "not", "not limited to" no limit."""
    for cue in cues:
        if cue.tag in _SETTLED or cue.text in _LIMITED:
            break
    else:
        return cues
    examples = [(c.start, c.end) for c in cues if c.tag == "example"]
    denied = [(c.start, c.end) for c in cues if c.tag == "permitnot"]
    permits = [
        c for c in cues if c.tag == "permit" and not any(s < c.end and c.start < e and not c.start < s < e <= c.end for s, e in denied)
    ]
    # "Ineligible for chemotherapy" keeps nobody out of the trial.
    over = permits + [c for c in cues if c.tag == "candidate" and not _OF_THE_TRIAL.match(lower, c.end)]
    able = [c for c in over if c.tag == "candidate" and c.text.startswith("eligible to ")]
    permits = [c for c in permits if not any(a.start <= c.start and c.end <= a.end for a in able)]  # "must be eligible to restart X"
    prohibits = [c for c in cues if c.tag == "prohibit" and not any(o.start <= c.start and c.end <= o.end for o in over)]
    neither = "neither " in lower
    kept = []
    verbs = [(c.start, c.end) for c in permits + prohibits if " " in c.text or c.text in WITH_OR_WITHOUT]
    verbs += [(c.start + 1, c.end) for c in cues if c.tag == "neg" and c.value == "determiner" and " " in c.text]
    for cue in cues:
        if (cue.tag == "permit" and cue not in permits) or (cue.tag == "prohibit" and cue not in prohibits):
            continue
        if cue.tag == "candidate" and _OF_THE_TRIAL.match(lower, cue.end):
            continue  # "eligible for this trial"
        if cue.tag == "permit" and neither and _NEITHER.search(lower, 0, cue.start):
            cue = cue._replace(tag="prohibit")  # "neither X nor Y is allowed"
        if cue.text in _FITNESS and (lower.startswith("-", cue.start - 1) or lower.startswith(_OR_UNFIT, cue.end)):
            continue  # "cisplatin-ineligible", "ineligible or intolerant to X" tell of a therapy, not of the trial
        if cue.tag == "closed" and any(s <= cue.start and cue.end <= e for s, e in examples):
            continue
        if cue.text in _LIMITED and lower.startswith(_OF_NO_LIMIT, cue.end):
            continue
        if cue.tag == "neg" and any(s <= cue.start < e and (cue.end <= e or (s, e) not in denied) for s, e in verbs + denied):
            continue
        if cue.tag == "neg" and any(cue.start < s < cue.end <= e for s, e in denied):
            continue  # "are not to" of "are not to be enrolled"
        if cue.tag == "permitnot" and cue.text not in _BARE and not any(p.start < cue.end and cue.start < p.end for p in prohibits):
            if not any(o.start <= cue.start and cue.end <= o.end for o in over):
                kept.append(cue._replace(tag="prohibit"))
            continue
        if cue.tag not in _SOFT_TAGS:
            kept.append(cue)
    return kept


def read_criterion(text: str, names: Names) -> Reading:
    """Find everything in a criterion's text and cut it into clauses.

    Arguments:
        text: the criterion, verbatim.
        names: the matcher that finds drugs, classes, conditions…
    """
    return read_criteria([text], names)[0]


def read_criteria(
    texts: Sequence[str],
    names: Names,
    keeps: Callable[[Mention], bool] | None = None,
    beside: Sequence[str] = (),
    above: Sequence[str] = (),
) -> list[Reading]:
    """`read_criterion` of many texts, with one look for names over all of them.

    Arguments:
        texts: the criteria, verbatim.
        names: the matcher that finds drugs, classes, conditions…
        keeps: which mentions count; None: all.
        beside: headings and titles, which may tell what an abbreviation of the criteria means.
        above: for each criterion the text of the bullet above it; "" for none.
    """
    normals = normalise_each([*texts, *filter(may_tell, beside)], put_otherwise)
    found = with_abbreviations(normals, names.mentions_each([normal.cased for normal in normals]))[: len(texts)]
    normals = normals[: len(texts)]
    mentions = [
        with_bare_roles(n.lower, with_live_vaccines(n.lower, with_grafts(n.lower, named, names)), names)
        for n, named in zip(normals, found, strict=True)
    ]
    for number, words in enumerate(above):
        mentions[number] = with_roles_above(normals[number], words, mentions[number], names)
    mentions = [with_shared_actions(n.cased, named, names) for n, named in zip(normals, mentions, strict=True)]
    mentions = [with_shared_nouns(n.lower, named, names) for n, named in zip(normals, mentions, strict=True)]
    mentions = [with_shared_targets(n.lower, named, names) for n, named in zip(normals, mentions, strict=True)]
    mentions = [with_generations(n.lower, named, names) for n, named in zip(normals, mentions, strict=True)]
    if keeps is not None:
        mentions = [[m for m in named if keeps(m)] for named in mentions]
    normals = [
        with_commas(n, [m for m in named if m.kind in THERAPY_KINDS]) if ";" in n.lower else n
        for n, named in zip(normals, mentions, strict=True)
    ]
    cues = [lexicon().find(normal.lower) for normal in normals]
    return [_reading(*read) for read in zip(normals, mentions, cues, strict=True)]


def _reading(normal: Normal, mentions: list[Mention], found: list[Cue]) -> Reading:
    lower = normal.lower
    parens = _parentheses(lower) if "(" in lower else ()
    cues = [c for c in _settle(found, lower) if c.text not in WITH_OR_WITHOUT or _joins_a_therapy(lower, c, found, mentions)]
    if any(words in lower for words in _MAY_MEAN_ELSE):  # looking for these is quicker
        else_meant = {m.start() for m in _MEANS_ELSE.finditer(lower)}
        cues = [c for c in cues if c.start not in else_meant]
    if (" than " in lower and ("other " in lower or "different " in lower)) or "thing but " in lower:  # looking for these is quicker
        cues = sorted(cues + [Cue(*m.span(m.lastgroup or 0), "except", "", "other than") for m in _OTHER_APART.finditer(lower)])
    spans = windows(lower)
    half_named = _half_named(lower, cues, mentions, bool(spans))
    if half_named:
        mentions = sorted(mentions + half_named, key=lambda m: m.start)
    label = (_LABEL.match(lower) if ":" in lower else None) or (_DASH_LABEL.match(lower) if " - " in lower else None)
    asked = label is not None and " following " not in label.group()  # "have received the following therapies: X within 4 weeks"
    if label and any(c.end <= label.end() and (c.tag in ("neg", "prohibit", "permit") or (asked and c.tag == "require")) for c in cues):
        label = None
    elif label and any(c.tag == "example" and c.end == label.end() - 1 for c in cues):
        label = None  # "anticoagulants including but not limited to:" names what follows as examples only
    elif label and _AND_SO_ON.match(lower, label.end()):
        label = None  # so does "strong inhibitors of CYP3A4: ketoconazole, itraconazole, etc."
    elif label and _MUST_END.match(lower, label.end() - 1):
        label = None  # "patients on X: switch to Y" is no label of what follows
    therapies = [m.start for m in mentions if m.kind in THERAPY_KINDS] if ";" in lower else ()
    breaks = may_break(lower)
    cuts: list[tuple[int, int]] = []
    for start, end in sentences(normal.cased, 0, len(lower)):
        for cut in cut_sentence(lower, start, end, parens, therapies) if breaks else ((start, end),):
            at, stop = trim(lower, *cut)
            if at < stop:
                cuts.append((at, stop))
    if len(cuts) == 1:
        at, stop = cuts[0]
        if not at and (stop == len(lower) or not lower[stop:].strip(" ,;.")):
            parts: tuple[Part, ...] = (Part(at, stop, tuple(mentions), tuple(cues), tuple(spans)),)
            return Reading(normal, lower, parts, parens, label.end() if label else 0)
    parts = tuple(
        [
            Part(
                at,
                stop,
                tuple([m for m in mentions if at <= m.start < stop]),
                tuple([c for c in cues if at <= c.start < stop]),
                tuple([w for w in spans if at <= w.start < stop]),
            )
            for at, stop in cuts
        ]
    )
    return Reading(normal, lower, parts, parens, label.end() if label else 0)


def _joins_a_therapy(lower: str, cue: Cue, cues: list[Cue], mentions: list[Mention]) -> bool:
    """Whether "with or without" stands beside a therapy: "medicines (with or without prescription)" permits nothing."""
    if any(m.kind in THERAPY_KINDS and m.end <= cue.start and ". " not in lower[m.end : cue.start] for m in mentions):
        return True
    behind = [m.start for m in mentions if m.kind in THERAPY_KINDS] + [c.start for c in cues if c.tag in ("untold", "elided", "study")]
    near = (start for start in behind if 0 <= start - cue.end <= _MOST_TO_JOINED)
    return any(_ENDS_JOINED.search(lower, cue.end, start) is None for start in near)


def _half_named(lower: str, cues: list[Cue], mentions: list[Mention], timed: bool) -> list[Mention]:
    """Words that are a therapy where they have a time or were given: "antibodies within 4 weeks", "treated with antibodies"."""
    return [
        Mention(cue.start, cue.end, "class", cue.value, cue.text)
        for cue in cues
        if (
            (cue.tag == "timed" and (_is_given(lower, cue, mentions) or (timed and _has_its_time(lower, cue))))
            or (cue.tag in ("elided", "timed") and _stands_alone(lower, cue))
        )
        and not any(m.start < cue.end and cue.start < m.end and not _is_within(m, cue) for m in mentions)
        and not (cue.tag == "timed" and any(m.start == cue.end + 1 and m.kind in THERAPY_KINDS for m in mentions) and lower[cue.end] == " ")
        and not _OF_A_TEST.search(lower)
    ]


def _has_its_time(lower: str, cue: Cue) -> bool:
    """Whether a time may be counted from it: "the last dose of antibody", "antibodies within 4 weeks"."""
    return _TIMED_BEFORE.search(lower, max(0, cue.start - 30), cue.start) is not None and _TIMED_AFTER.match(lower, cue.end) is not None


def _is_given(lower: str, cue: Cue, mentions: list[Mention]) -> bool:
    """Whether it is what someone was treated with: "exposure to antibodies against TIGIT", "no antibodies other than rituximab"."""
    if _GIVEN_AFTER.match(lower, cue.end) is None:
        return False
    if _GIVEN_BEFORE.search(lower, max(0, cue.start - 80), cue.start) is not None:
        return True
    told = _BUT_ONE.match(lower, cue.end)
    if told and not (told["but"] and not any(m.start == told.end() and m.kind in THERAPY_KINDS for m in mentions)):
        return True
    return _is_listed(lower, cue, mentions)


def _is_listed(lower: str, cue: Cue, mentions: list[Mention]) -> bool:
    """Whether it stands behind a kind of cancer therapy, in a list of these: "chemotherapy, antibodies or radiotherapy"."""
    kinds = [m for m in mentions if m.key in _KINDS_OF_THERAPY]
    if not any(m.end < cue.start and _JOINS.fullmatch(lower, m.end, cue.start) for m in kinds):
        return False
    return _ENDS_LIST.match(lower, cue.end) is not None or any(
        m.start > cue.end and _JOINS.fullmatch(lower, cue.end, m.start) for m in kinds
    )


def _stands_alone(lower: str, cue: Cue) -> bool:
    """Whether an adjective is a therapy without its noun: "therapy within 4 weeks (endocrine: 2 weeks)", "other than endocrine"."""
    before = _ALONE_BEFORE.search(lower, max(0, cue.start - 30), cue.start)
    if before is None:
        return False
    return (_ALONE_EXCEPTED if before["but"] else _ALONE_TOLD).match(lower, cue.end) is not None


def _is_within(mention: Mention, cue: Cue) -> bool:
    """Whether a disease is part of the words for a therapy: the cancer of "systemic anti-cancer within 3 weeks"."""
    return mention.kind == "condition" and cue.start <= mention.start and mention.end <= cue.end
